//! The API of whistles. Every act of the pages is here too; refusals are problem details with the same words.

use super::detail::{What, history};
use super::query::id_of;
use super::shape::{
    Acted, BoardOut, CommandBody, EventOut, EventsOut, MeasureOut, NoShowOut, OfferOut, RaiseBody, SoundBody,
    WhistleFull, WhistleLine, WhistlePage,
};
use super::{board as boards, list as listed};
use crate::whistle::act::{self, NewNeed, NewSound};
use crate::whistle::model::{Need, Whistle};
use crate::whistle::vocab::{Act, Found, How, Level, Outcome as Ruled, Sheet, Side, Stage};
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::core::Reply;
use base::sealer::promise;
use base::web::problem::Problem;
use base::web::query::Params;
use base::web::{Call, Ctx};
use kernel::ledger::Receipt;
use std::collections::BTreeSet;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(list, raise, read, command, events, board),
    components(schemas(
        WhistlePage, WhistleLine, WhistleFull, OfferOut, Acted, RaiseBody, SoundBody, CommandBody, EventsOut, EventOut,
        BoardOut, MeasureOut, NoShowOut, Stage, Found, How, Level, Ruled, Sheet, Side, Act, Problem
    )),
    tags((name = "whistles", description = "吹哨报到 · whistles"))
)]
struct Doc;

/// The description of this area's API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Answers with receipts for what was recorded, signed after the commit.
fn answer(ctx: &Ctx, mut reply: Reply) -> Outcome<Response> {
    let signer = ctx.app.signer.of(ctx.district())?;
    let receipts: Vec<Receipt> = reply.stubs.iter().map(|s| promise(&signer, ctx.district(), s)).collect();
    if reply.body.ends_with('}') {
        reply.body.truncate(reply.body.len() - 1);
        reply.body.push_str(&format!(",\"receipts\":{}}}", serde_json::to_string(&receipts)?));
    }
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = (status, [(CONTENT_TYPE, "application/json")], reply.body).into_response();
    if reply.replayed {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn done(status: u16, whistle: &Whistle) -> Outcome<Reply> {
    Reply::json(status, &Acted::from(whistle))
}

/// Lists whistles, the newest first; only open ones unless `all=1` or a closed stage is asked for.
#[utoipa::path(get, path = "/api/v1/whistles", tag = "whistles", params(
    ("stage" = Option<String>, Query, description = "Stage, such as mustered"),
    ("street" = Option<String>, Query, description = "Street"),
    ("unit" = Option<String>, Query, description = "A department that was called"),
    ("kind" = Option<String>, Query, description = "Type of the playbook"),
    ("all" = Option<String>, Query, description = "1 for closed ones too"),
    ("missed" = Option<String>, Query, description = "1 for those of which a department let a limit pass"),
    ("escalated" = Option<String>, Query, description = "1 for those with the leader in charge"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200"),
), responses((status = 200, body = WhistlePage), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<WhistlePage>> {
    let params = Params::page(query, &listed::PARAMS)?;
    let filter = listed::filter(&params)?;
    let (rows, next) = ctx.app.read(&ctx.who, move |op| listed::load(op, &filter, &params, 50)).await?;
    let items = rows.iter().map(WhistleLine::from).collect();
    Ok(Json(WhistlePage { items, next: next.map(|id| id.to_string()) }))
}

/// Raises a need; with `sound` the street's secretary whistles in the same breath.
#[utoipa::path(post, path = "/api/v1/whistles", tag = "whistles", request_body = RaiseBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing")),
    responses((status = 201, body = Acted), (status = 400, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn raise(Call { ctx, body, key }: Call<RaiseBody>) -> Outcome<Response> {
    let RaiseBody { title, place, spot, text, tried, found, case, sound } = body;
    let need = Need { text, tried, found, spot, photos: Vec::new(), case };
    let new = NewNeed { title, place, need, marks: BTreeSet::new() };
    let sound = sound.map(|sound| NewSound { kind: sound.kind, ask: sound.ask, calls: sound.calls });
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| done(201, &act::raise(op, &new, sound.as_ref())?))
        .await?;
    answer(&ctx, reply)
}

/// Reads a whistle whole, with what the asking post may do.
#[utoipa::path(get, path = "/api/v1/whistles/{id}", tag = "whistles", params(("id" = String, Path, description = "Whistle id")),
    responses((status = 200, body = WhistleFull), (status = 404, body = Problem)))]
pub(super) async fn read(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome<Json<WhistleFull>> {
    Params::page(query, &[])?;
    let id = id_of(&id)?;
    let full = ctx
        .app
        .read(&ctx.who, move |op| {
            let (whistle, duty, loaded) = act::read(op, id)?;
            let offers = act::offers(op, &whistle, &duty, &loaded)?;
            Ok(WhistleFull::of(&whistle, &offers)?)
        })
        .await?;
    Ok(Json(full))
}

/// Does an act on a whistle.
#[utoipa::path(post, path = "/api/v1/whistles/{id}/commands", tag = "whistles", request_body = CommandBody, params(
    ("id" = String, Path, description = "Whistle id"),
    ("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing"),
), responses((status = 200, body = Acted), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn command(
    Path(id): Path<String>,
    Call { ctx, body, key }: Call<CommandBody>,
) -> Outcome<Response> {
    let id = id_of(&id)?;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| done(200, &act::perform(op, id, &body.command, body.rev, &[])?))
        .await?;
    answer(&ctx, reply)
}

/// Lists a whistle's own events, oldest first, as the ledger has them.
#[utoipa::path(get, path = "/api/v1/whistles/{id}/events", tag = "whistles", params(("id" = String, Path, description = "Whistle id")),
    responses((status = 200, body = EventsOut), (status = 404, body = Problem)))]
pub(super) async fn events(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome<Json<EventsOut>> {
    Params::page(query, &[])?;
    let id = id_of(&id)?;
    let entries = ctx
        .app
        .read(&ctx.who, move |op| {
            let (whistle, ..) = act::read(op, id)?;
            history(op, &whistle)
        })
        .await?;
    let own = entries.into_iter().filter(|entry| matches!(entry.what, What::Own(_)));
    let items = own
        .map(|entry| {
            let stored = entry.stored;
            Ok(EventOut {
                id: stored.id.to_string(),
                kind: stored.kind,
                at: stored.at.rfc3339(),
                actor: stored.actor,
                body: serde_json::from_str(&stored.body)?,
                commitment: base::hex(&stored.commitment),
            })
        })
        .collect::<Outcome<Vec<_>>>()?;
    Ok(Json(EventsOut { items }))
}

/// The measures of a month: the band of each street, who did not come, what goes before the quarterly session.
#[utoipa::path(get, path = "/api/v1/whistles/board", tag = "whistles", params(
    ("month" = Option<String>, Query, description = "2019-08; the running month when absent"),
), responses((status = 200, body = BoardOut), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn board(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<BoardOut>> {
    let params = Params::page(query, &["month"])?;
    let day = boards::month(&params, ctx.now().day())?;
    let board = ctx.app.read(&ctx.who, move |op| crate::whistle::board::load(op, day)).await?;
    Ok(Json(BoardOut::from(&board)))
}
