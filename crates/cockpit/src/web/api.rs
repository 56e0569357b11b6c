//! The API: the cockpit, coming dates, the newest checkpoint, receipts checked.

use super::{home, json, query};
use crate::act::{self, chain};
use axum::Json;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::web::{Call, Ctx};
use kernel::ledger::Receipt;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(cockpit, next_dates, checkpoint, verify),
    components(schemas(json::Cockpit, json::Dates, json::Point, json::Good, base::web::problem::Problem)),
    tags((name = "cockpit", description = "驾驶舱 What must be seen first"), (name = "ledger", description = "台账 The public ledger"))
)]
struct Api;

/// The description of this area's part of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The cockpit now, or at the end of a past day.
#[utoipa::path(
    get, path = "/api/v1/cockpit", tag = "cockpit", operation_id = "cockpit_read",
    params(("as_of" = Option<String>, Query, description = "A past day, YYYY-MM-DD; needs cockpit.as_of")),
    responses(
        (status = 200, description = "The cockpit", body = json::Cockpit),
        (status = 400, description = "The day is in the future or before the playbook", body = base::web::problem::Problem),
        (status = 403, description = "Not for this post", body = base::web::problem::Problem)
    ),
    security(("bearer" = []))
)]
pub(super) async fn cockpit(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &["as_of"])?;
    let (sight, _) = home::look(&ctx, ctx.as_of).await?;
    Ok(Json(json::cockpit(&sight, &ctx.app.texts)).into_response())
}

/// Sessions of the cadences and items that fall due within 30 days.
#[utoipa::path(
    get, path = "/api/v1/next-dates", tag = "cockpit", operation_id = "cockpit_next_dates",
    params(("as_of" = Option<String>, Query, description = "A past day, YYYY-MM-DD; needs cockpit.as_of")),
    responses(
        (status = 200, description = "Coming dates, nearest first", body = json::Dates),
        (status = 403, description = "Not for this post", body = base::web::problem::Problem)
    ),
    security(("bearer" = []))
)]
pub(super) async fn next_dates(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &["as_of"])?;
    let day = ctx.as_of;
    let list = ctx.app.read(&ctx.who, move |op| act::next_dates(op, day)).await?;
    Ok(Json(json::dates(&list)).into_response())
}

/// The newest signed checkpoint, with the key that checks it.
#[utoipa::path(
    get, path = "/api/v1/ledger/checkpoint", tag = "ledger", operation_id = "ledger_checkpoint",
    responses((status = 200, description = "The checkpoint", body = json::Point)),
    security(("bearer" = []))
)]
pub(super) async fn checkpoint(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &[])?;
    let known = ctx.app.read(&ctx.who, chain::chain).await?;
    Ok(Json(json::point(&known)).into_response())
}

/// Checks a receipt; nothing is stored, so an idempotency key changes nothing.
#[utoipa::path(
    post, path = "/api/v1/receipts/verify", tag = "ledger", operation_id = "receipts_verify",
    request_body(content = Object, description = "The receipt's JSON, as it was given"),
    responses(
        (status = 200, description = "The receipt holds", body = json::Good),
        (status = 400, description = "Not a receipt", body = base::web::problem::Problem),
        (status = 422, description = "The receipt proves nothing; says which part fails", body = base::web::problem::Problem)
    ),
    security(("bearer" = []))
)]
pub(super) async fn verify(Call { ctx, body, .. }: Call<Receipt>) -> Outcome<Response> {
    let text = body.to_json();
    let verdict = ctx.app.read(&ctx.who, move |op| chain::verify(op, &text)).await?;
    Ok((StatusCode::OK, Json(json::good(&verdict))).into_response())
}
