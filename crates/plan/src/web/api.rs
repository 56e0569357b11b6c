//! The plan's API: everything that its pages can do.

use super::changes::parse_state;
use super::query::{View, parse_light, unknown};
use super::shape::{
    AskBody, ChangeOut, ChangesOut, DecideBody, DetailOut, EmptyBody, ItemsOut, ValueBody, ValueOut,
    change_out, detail_out, item_out, value_out,
};
use crate::act::{self, Entry, Ruling, Wish};
use crate::rules::decimal;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::core::Reply;
use base::web::form::pairs;
use base::web::{Call, Ctx};
use kernel::text::Remark;
use kernel::{Day, Malformed, Words};
/// Where a page begins and how long it is.
struct Span {
    after: Option<String>,
    limit: usize,
}

fn limit(given: &str) -> Result<usize, Malformed> {
    given.parse().ok().filter(|n| (1..=200).contains(n)).ok_or_else(|| {
        Malformed::new(
            "query.limit",
            "limit",
            given,
            Words::new("limit须为1至200", "limit is 1 to 200"),
            Words::new("请改正limit", "Correct the limit"),
        )
    })
}

/// Filters of the list: those of the page, and where it begins.
fn items_query(query: &str) -> Result<(View, Span), Malformed> {
    let (mut view, mut span) = (View::default(), Span { after: None, limit: 50 });
    for (key, value) in pairs(query).into_iter().filter(|(_, v)| !v.is_empty()) {
        match key.as_str() {
            "list" => view.list = Some(value),
            "light" => view.light = Some(parse_light(&value)?),
            "punch" => view.punch = Some(value),
            "unit" => view.unit = Some(value),
            "issues" => view.issues = value == "1",
            "as_of" => view.as_of = Some(Day::parse("as_of", &value)?),
            "after" => span.after = Some(value),
            "limit" => span.limit = limit(&value)?,
            other => return Err(unknown(other)),
        }
    }
    Ok((view, span))
}

#[utoipa::path(get, path = "/api/v1/plan", tag = "plan", security(("bearer" = [])),
    params(
        ("list" = Option<String>, Query, description = "`city` or `district`"),
        ("light" = Option<String>, Query, description = "red, yellow, green, done, paused or grey"),
        ("punch" = Option<String>, Query, description = "Punch code"),
        ("unit" = Option<String>, Query, description = "Lead or supporting unit"),
        ("issues" = Option<String>, Query, description = "`1`: only items whose decomposition asks for something"),
        ("as_of" = Option<String>, Query, description = "A past day"),
        ("after" = Option<String>, Query, description = "Code that the page begins after"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 when absent"),
    ),
    responses((status = 200, description = "Items in the order of their codes", body = ItemsOut)))]
pub(super) async fn items(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<ItemsOut>> {
    let (view, span) = items_query(&query.unwrap_or_default())?;
    let at = ctx.shown_at();
    let board = ctx.app.read(&ctx.who, move |op| crate::board::load(op, at)).await?;
    let mut kept = view.pick(&board);
    kept.sort_by(|a, b| a.code.cmp(&b.code));
    kept.retain(|i| span.after.as_deref().is_none_or(|after| i.code.as_str() > after));
    let next = kept.get(span.limit).and_then(|_| kept.get(span.limit - 1)).map(|i| i.code.clone());
    Ok(Json(ItemsOut { items: kept.into_iter().take(span.limit).map(item_out).collect(), next }))
}

#[utoipa::path(get, path = "/api/v1/plan/{code}", tag = "plan", security(("bearer" = [])),
    params(("code" = String, Path, description = "Item"), ("as_of" = Option<String>, Query, description = "A past day")),
    responses((status = 200, description = "The item in full", body = DetailOut), (status = 404, description = "No such item")))]
pub(super) async fn item(
    ctx: Ctx,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome<Json<DetailOut>> {
    let query = query.unwrap_or_default();
    if let Some((key, _)) = pairs(&query).into_iter().find(|(key, _)| key != "as_of") {
        return Err(unknown(&key).into());
    }
    let at = ctx.shown_at();
    let detail = ctx.app.read(&ctx.who, move |op| crate::detail::load(op, &code, at)).await?;
    Ok(Json(detail_out(&detail)?))
}

fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let replayed = if reply.replayed { "true" } else { "false" };
    let heads =
        [(CONTENT_TYPE, "application/json"), (HeaderName::from_static("idempotency-replayed"), replayed)];
    (status, heads, reply.body).into_response()
}

#[utoipa::path(post, path = "/api/v1/plan/{code}/values", tag = "plan", security(("bearer" = [])),
    params(("code" = String, Path, description = "Item or part")), request_body = ValueBody,
    responses((status = 201, description = "The figure was taken (grade R)", body = ValueOut),
        (status = 422, description = "A rule says no")))]
pub(super) async fn value(
    Path(code): Path<String>,
    Call { ctx, body, key }: Call<ValueBody>,
) -> Outcome<Response> {
    let entry = Entry {
        value: decimal("value", &body.value)?,
        day: body.day.as_deref().map(|d| Day::parse("day", d)).transpose()?,
        note: body.note.as_deref().map(|n| Remark::parse("note", n)).transpose()?,
        grade: body.grade,
    };
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| Reply::json(201, &value_out(&act::report(op, &code, &entry)?)))
        .await?;
    Ok(answer(reply))
}

#[utoipa::path(post, path = "/api/v1/plan/{code}/changes", tag = "plan", security(("bearer" = [])),
    params(("code" = String, Path, description = "Item")), request_body = AskBody,
    responses((status = 201, description = "The request waits for an answer", body = ChangeOut),
        (status = 422, description = "A rule says no")))]
pub(super) async fn ask(
    Path(code): Path<String>,
    Call { ctx, body, key }: Call<AskBody>,
) -> Outcome<Response> {
    let wish = Wish::parse(body.what, &body.wish)?;
    let reason = Remark::parse("reason", &body.reason)?;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            Reply::json(201, &change_out(&act::propose(op, &code, &wish, &reason)?))
        })
        .await?;
    Ok(answer(reply))
}

#[utoipa::path(get, path = "/api/v1/plan/changes", tag = "plan", security(("bearer" = [])),
    params(
        ("state" = Option<String>, Query, description = "asked, approved, refused or applied"),
        ("after" = Option<String>, Query, description = "Number that the page begins after"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 when absent"),
    ),
    responses((status = 200, description = "Requests, newest first", body = ChangesOut)))]
pub(super) async fn changes(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<ChangesOut>> {
    let (mut state, mut span) = (None, Span { after: None, limit: 50 });
    for (key, value) in pairs(&query.unwrap_or_default()).into_iter().filter(|(_, v)| !v.is_empty()) {
        match key.as_str() {
            "state" => state = Some(parse_state(&value)?),
            "after" => span.after = Some(value),
            "limit" => span.limit = limit(&value)?,
            other => return Err(unknown(other).into()),
        }
    }
    let mut all = ctx.app.read(&ctx.who, act::changes).await?;
    all.reverse();
    if let Some(after) = &span.after {
        all = all.into_iter().skip_while(|c| c.no.as_str() != after).skip(1).collect();
    }
    all.retain(|c| state.is_none_or(|s| c.state() == s));
    let next = all.get(span.limit).and_then(|_| all.get(span.limit - 1)).map(|c| c.no.to_string());
    Ok(Json(ChangesOut { items: all.iter().take(span.limit).map(change_out).collect(), next }))
}

#[utoipa::path(post, path = "/api/v1/plan/changes/{no}/decide", tag = "plan", security(("bearer" = [])),
    params(("no" = String, Path, description = "Number of the request")), request_body = DecideBody,
    responses((status = 200, description = "The request with its answer", body = ChangeOut),
        (status = 403, description = "Not for this post to decide")))]
pub(super) async fn decide(
    Path(no): Path<String>,
    Call { ctx, body, key }: Call<DecideBody>,
) -> Outcome<Response> {
    let ruling = Ruling { approve: body.approve, document: body.document, why: body.why };
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| Reply::json(200, &change_out(&act::decide(op, &no, &ruling)?)))
        .await?;
    Ok(answer(reply))
}

#[utoipa::path(post, path = "/api/v1/plan/changes/{no}/apply", tag = "plan", security(("bearer" = [])),
    params(("no" = String, Path, description = "Number of an approved cancellation")), request_body = EmptyBody,
    responses((status = 200, description = "The item was struck off", body = ChangeOut)))]
pub(super) async fn apply(
    Path(no): Path<String>,
    Call { ctx, body, key }: Call<EmptyBody>,
) -> Outcome<Response> {
    let EmptyBody {} = body;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| Reply::json(200, &change_out(&act::apply(op, &no)?)))
        .await?;
    Ok(answer(reply))
}
