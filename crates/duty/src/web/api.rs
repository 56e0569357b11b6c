//! The API of duties. Every act of the pages is here too; refusals are problem details with the same words.

use super::api_view::{
    Acted, CommandBody, Done, DutyFull, DutyPage, DutySummary, EventList, EventView, RegisterBody, SignBody,
    SignDone, Unsigned,
};
use super::detail::{history, id_of, load};
use super::inbox::{self, judged, sign_all};
use super::{files, list as listed, new, parse, search as found};
use crate::act::{self, With};
use crate::model::{Cursor, Summary};
use crate::store;
use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::core::{Key, Reply};
use base::op::Op;
use base::sealer::promise;
use base::web::form::{Fields, Upload};
use base::web::problem::Problem;
use base::web::query::Params;
use base::web::{Call, Ctx, Form};
use kernel::access::Action;
use kernel::duty::{Act, Command, Duty};
use kernel::ledger::Receipt;
use kernel::{DutyId, Malformed, Slug, UnitCode, Words};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(list, register, read, command, events, upload, inbox, sign, search, files::api),
    components(schemas(DutyPage, DutyFull, Done, EventList, CommandBody, RegisterBody, SignBody, SignDone, Problem)),
    tags((name = "duties", description = "责任事项 · duties"), (name = "inbox", description = "待办 · the inbox of a post"),
        (name = "files", description = "佐证 · evidence files"))
)]
struct Doc;

/// The description of this area's API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Rows of a page.
const PAGE: u32 = 50;
/// Most rows of a page.
const MOST: u32 = 200;

/// Answers with receipts for what was recorded. They are signed here, after the commit and off the writer's thread, once
/// for all of a commit. Those of a call with an idempotency key are signed one by one: Ed25519 is deterministic, so a
/// repeated call gets the same ones.
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
        response
            .headers_mut()
            .insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn done(op: &Op<'_, '_>, status: u16, seen: &Summary) -> Outcome<Reply> {
    Reply::json(status, &Acted { duty: DutySummary::at(seen, op.now()) })
}

/// For acts that give back the duty without its columns.
fn looked(op: &mut Op<'_, '_>, duty: &Duty) -> Outcome<Summary> {
    store::glance(op.tx, op.district(), duty.id)?.ok_or_else(|| store::absent(duty.id))
}

fn paged(ctx: &Ctx, (rows, next): (Vec<Summary>, Option<Cursor>)) -> Json<DutyPage> {
    let now = ctx.now();
    let items = rows.iter().map(|s| DutySummary::at(s, now)).collect();
    Json(DutyPage { items, next: next.map(Cursor::text) })
}

/// Lists duties in the order of their due moments; only open ones unless `all=1` or a closed state is asked for.
#[utoipa::path(get, path = "/api/v1/duties", tag = "duties", params(
    ("kind" = Option<String>, Query, description = "Kind of the playbook"),
    ("state" = Option<String>, Query, description = "State, such as in_progress"),
    ("lead" = Option<String>, Query, description = "Lead unit"),
    ("holder" = Option<String>, Query, description = "Unit that holds it"),
    ("light" = Option<String>, Query, description = "overdue or warn"),
    ("registrar" = Option<String>, Query, description = "Registrar's post"),
    ("patron" = Option<String>, Query, description = "Patron's post"),
    ("place" = Option<String>, Query, description = "Street or community"),
    ("list" = Option<String>, Query, description = "137 or 21"),
    ("all" = Option<String>, Query, description = "1 for closed ones too"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200"),
), responses((status = 200, body = DutyPage), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<DutyPage>> {
    let params = Params::api(query, &listed::PARAMS)?;
    let limit = params.limit(PAGE, MOST)?;
    let found = ctx.app.read(&ctx.who, move |op| listed::load(op, &params, limit)).await?;
    Ok(paged(&ctx, found))
}

/// Registers a duty (or writes a draft), and gives it to its lead when one is named.
#[utoipa::path(post, path = "/api/v1/duties", tag = "duties", request_body = RegisterBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing")),
    responses((status = 201, body = Done), (status = 400, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn register(Call { ctx, body, key }: Call<RegisterBody>) -> Outcome<Response> {
    let lead = body.lead.as_deref().map(|lead| UnitCode::parse("lead", lead)).transpose()?;
    let mandate = body.mandate.as_deref().map(|entry| Slug::parse("mandate", entry)).transpose()?;
    let form = Box::new(body.form);
    let command = if body.draft { Command::Draft { form } } else { Command::Register { form } };
    let drafted = body.draft;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            let mut seen = act::register_seen(op, &command, &With::default())?;
            if let (Some(lead), false) = (&lead, drafted) {
                let duty = new::assign(op, seen.id, lead.clone(), mandate.clone())?;
                seen = looked(op, &duty)?;
            }
            done(op, 201, &seen)
        })
        .await?;
    answer(&ctx, reply)
}

/// Reads a duty whole: its limits explained, whose time it was, what this post may do.
#[utoipa::path(get, path = "/api/v1/duties/{id}", tag = "duties", params(("id" = String, Path, description = "Duty id")),
    responses((status = 200, body = DutyFull), (status = 404, body = Problem)))]
pub(super) async fn read(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome<Json<DutyFull>> {
    Params::api(query, &[])?;
    let id = id_of(&id)?;
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id, None)).await?;
    let now = ctx.now();
    let (book, cal) =
        (ctx.app.book(ctx.district(), now.day())?, ctx.app.calendar(ctx.district(), now.day())?);
    Ok(Json(DutyFull::at(&seen, &book, &cal, now)))
}

/// Does an act on a duty. Evidence has its own address, because its file comes with it.
#[utoipa::path(post, path = "/api/v1/duties/{id}/commands", tag = "duties", request_body = CommandBody, params(
    ("id" = String, Path, description = "Duty id"),
    ("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing"),
), responses((status = 200, body = Done), (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn command(
    Path(id): Path<String>,
    Call { ctx, body, key }: Call<CommandBody>,
) -> Outcome<Response> {
    let id = id_of(&id)?;
    let mandate = body.mandate.as_deref().map(|entry| Slug::parse("mandate", entry)).transpose()?;
    if body.command.act() == Act::AddEvidence {
        return Err(use_upload().into());
    }
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            let with = With { expected_rev: body.rev, mandate: mandate.clone(), ..With::default() };
            let seen = act::perform_seen(op, id, &body.command, &with)?;
            done(op, 200, &seen)
        })
        .await?;
    answer(&ctx, reply)
}

fn use_upload() -> Malformed {
    Malformed::new(
        "duty.use_upload",
        "act",
        "add_evidence",
        Words::new("佐证须连同文件一并提交", "Evidence comes together with its file"),
        Words::new("请使用/api/v1/duties/{id}/files", "Use /api/v1/duties/{id}/files"),
    )
}

/// Lists a duty's events, oldest first, as the ledger has them.
#[utoipa::path(get, path = "/api/v1/duties/{id}/events", tag = "duties", params(("id" = String, Path, description = "Duty id")),
    responses((status = 200, body = EventList), (status = 404, body = Problem)))]
pub(super) async fn events(
    ctx: Ctx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Outcome<Json<EventList>> {
    Params::api(query, &[])?;
    let id = id_of(&id)?;
    let entries = ctx
        .app
        .read(&ctx.who, move |op| {
            act::read(op, id)?;
            history(op, id)
        })
        .await?;
    Ok(Json(EventList { items: entries.iter().map(EventView::from).collect() }))
}

/// Adds evidence: a multipart form with `file`, `kind`, and optional `note` and `rev`.
#[utoipa::path(post, path = "/api/v1/duties/{id}/files", tag = "files", params(
    ("id" = String, Path, description = "Duty id"),
    ("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing"),
), request_body(content_type = "multipart/form-data", description = "file, kind, note, rev"),
    responses((status = 201, body = Done), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn upload(
    Path(id): Path<String>,
    headers: HeaderMap,
    Form { ctx, fields }: Form,
) -> Outcome<Response> {
    let id = id_of(&id)?;
    fields.only(&["kind", "note", "rev"])?;
    let given = files::evidence(&ctx, &as_on_page(&fields))?;
    let key = upload_key(&headers, id, &fields, &given.file.sha256)?;
    files::put(&ctx, id, &given).await?;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            let (duty, _) = files::record(op, id, &given)?;
            let seen = looked(op, &duty)?;
            done(op, 201, &seen)
        })
        .await?;
    answer(&ctx, reply)
}

/// The same fields under the names that the page's form gives them.
fn as_on_page(fields: &Fields) -> Fields {
    let name = |plain: &str| parse::on_page(Act::AddEvidence, plain);
    let mut list: Vec<(String, String)> = Vec::new();
    for plain in ["kind", "note"] {
        if let Some(given) = fields.given(plain) {
            list.push((name(plain), given.to_owned()));
        }
    }
    if let Some(rev) = fields.given(parse::REV) {
        list.push((parse::REV.to_owned(), rev.to_owned()));
    }
    let mut renamed = Fields::from_pairs(list);
    renamed.files = fields.files.iter().map(|f| Upload { field: name(&f.field), ..f.clone() }).collect();
    renamed
}

fn upload_key(headers: &HeaderMap, id: DutyId, fields: &Fields, sha256: &str) -> Outcome<Option<Key>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let name = value.to_str().unwrap_or_default();
    let digest = format!("files {id} {sha256} {} {}", fields.text("kind"), fields.text("note"));
    Ok(Some(base::web::form::key(name, digest)?))
}

/// Lists what waits for the post that acts.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "inbox", params(
    ("kind" = Option<String>, Query, description = "Kind of the playbook"),
    ("part" = Option<String>, Query, description = "lead or support"),
    ("unsigned" = Option<String>, Query, description = "1 for what waits to be signed for"),
    ("from" = Option<String>, Query, description = "Registrar's post"),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200"),
), responses((status = 200, body = DutyPage), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn inbox(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<DutyPage>> {
    let params = Params::api(query, &inbox::PARAMS)?;
    let limit = params.limit(PAGE, MOST)?;
    let found = ctx
        .app
        .read(&ctx.who, move |op| {
            judged(op)?;
            let filter = inbox::filter(op, &params)?;
            let scope = op.scope(Action::DutyRead);
            store::page(op.tx, op.district(), &scope, &filter, params.after(Cursor::parse)?, limit)
        })
        .await?;
    Ok(paged(&ctx, found))
}

/// Signs for several duties at once; a refused one leaves the others alone.
#[utoipa::path(post, path = "/api/v1/inbox/sign", tag = "inbox", request_body = SignBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repeating the call with it changes nothing")),
    responses((status = 200, body = SignDone), (status = 400, body = Problem)))]
pub(super) async fn sign(Call { ctx, body, key }: Call<SignBody>) -> Outcome<Response> {
    let ids = inbox::ids(&body.ids)?;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            let signed = sign_all(op, &ids)?;
            let answer = SignDone {
                signed: signed.done.iter().map(ToString::to_string).collect(),
                refused: signed.refused.iter().map(|(no, why)| Unsigned::of(no, &**why)).collect(),
                receipts: Vec::new(),
            };
            Reply::json(200, &answer)
        })
        .await?;
    answer(&ctx, reply)
}

/// Finds duties by number or words of the title, within what this post may see.
#[utoipa::path(get, path = "/api/v1/search", tag = "duties", params(("q" = String, Query, description = "1 to 120 characters")),
    responses((status = 200, body = DutyPage), (status = 400, body = Problem)))]
pub(super) async fn search(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Json<DutyPage>> {
    let params = Params::api(query, &["q"])?;
    let text = params.owned("q").unwrap_or_default();
    let rows = ctx.app.read(&ctx.who, move |op| found::find(op, &text)).await?;
    Ok(paged(&ctx, (rows, None)))
}
