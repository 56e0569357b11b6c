//! Webhooks in the API: what the page 对外接口 can do.

use super::api::{Items, json, replied};
use super::words;
use crate::act::hooks as act;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::core::{App, Key, Reply};
use base::op::Op;
use base::outbox::hooks::Hook;
use base::outbox::{Delivery, Stand};
use base::web::ctx::Via;
use base::web::form::TOKEN_HEADER;
use base::web::{Call, Ctx};
use base::{Common, Outcome, same};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/webhooks", get(list).post(create))
        .route("/api/v1/webhooks/{id}", get(show).delete(remove))
        .route("/api/v1/webhooks/{id}/enable", post(enable))
        .route("/api/v1/webhooks/{id}/disable", post(disable))
        .route("/api/v1/webhooks/{id}/rotate", post(rotate))
        .route("/api/v1/webhooks/{id}/test", post(test))
        .route("/api/v1/webhooks/{id}/deliveries/{message}/retry", post(retry))
}

/// A receiver. Its secret is in the answer that made it and in no other.
#[derive(Serialize, ToSchema)]
pub(super) struct HookRow {
    /// Id.
    id: String,
    /// Address.
    url: String,
    /// Kinds wanted: `duty.notice`, `duty.*` or `*`.
    kinds: Vec<String>,
    /// Whether messages are sent.
    enabled: bool,
    /// When it was made.
    created_at: String,
    /// Since when every try has failed; none when the last one went well.
    failing_since: Option<String>,
}

impl HookRow {
    fn of(hook: &Hook) -> HookRow {
        HookRow {
            id: hook.id.to_string(),
            url: hook.url.clone(),
            kinds: hook.kinds.clone(),
            enabled: hook.enabled,
            created_at: hook.created_at.rfc3339(),
            failing_since: hook.failing_since.map(kernel::Instant::rfc3339),
        }
    }
}

/// A message to a receiver.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryRow {
    /// Id: the header `webhook-id` of every try.
    id: String,
    /// Kind of event.
    kind: String,
    /// When it was caused.
    created_at: String,
    /// `waiting`, `sent` or `failed`.
    state: &'static str,
    /// When it was sent or given up, or when it is tried next.
    at: String,
    /// Tries begun.
    attempts: u32,
    /// What the last try that failed was told, such as `HTTP 503`; empty for none.
    last_error: String,
}

impl DeliveryRow {
    fn of(d: &Delivery) -> DeliveryRow {
        let (state, at) = match d.stand {
            Stand::Waiting(at) => ("waiting", at),
            Stand::Sent(at) => ("sent", at),
            Stand::Failed(at) => ("failed", at),
        };
        DeliveryRow {
            id: d.item.id.to_string(),
            kind: d.item.kind.clone(),
            created_at: d.item.created_at.rfc3339(),
            state,
            at: at.rfc3339(),
            attempts: d.item.attempts,
            last_error: d.item.last_error.clone(),
        }
    }
}

/// A receiver with its newest deliveries.
#[derive(Serialize, ToSchema)]
pub(super) struct HookFull {
    /// The receiver.
    #[serde(flatten)]
    row: HookRow,
    /// Deliveries, newest first, at most 50.
    deliveries: Vec<DeliveryRow>,
}

/// A receiver to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHook {
    /// An https address in the public internet.
    url: String,
    /// Kinds wanted: `duty.notice`, `duty.*` or `*`.
    kinds: Vec<String>,
}

/// An empty object.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// A receiver's secret.
#[derive(Serialize, ToSchema)]
pub(super) struct WithSecret {
    /// Id of the receiver.
    id: String,
    /// Secret of Standard Webhooks, in the first answer only: it is stored nowhere in the clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A message that was enqueued.
#[derive(Serialize, ToSchema)]
pub(super) struct Sent {
    /// Id of the receiver.
    id: String,
    /// Id of the message.
    message: String,
}

/// That it was done.
#[derive(Serialize, ToSchema)]
pub(super) struct Acted {
    /// Id of the receiver.
    id: String,
}

/// Every receiver.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", responses((status = 200, body = Items<HookRow>)))]
async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    words::query(raw, &[])?;
    let found = ctx.app.read(&ctx.who, act::list).await?;
    json(200, &Items { items: found.iter().map(HookRow::of).collect(), next: None })
}

/// One receiver with its newest deliveries.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), responses((status = 200, body = HookFull)))]
async fn show(ctx: Ctx, Path(id): Path<String>) -> Outcome<Response> {
    let id = act::id(&id)?;
    let (hook, deliveries) = ctx.app.read(&ctx.who, move |op| act::one(op, id)).await?;
    let deliveries = deliveries.iter().map(DeliveryRow::of).collect();
    json(200, &HookFull { row: HookRow::of(&hook), deliveries })
}

/// Does something that makes a secret, once for a caller's key. The stored answer leaves the secret out, so a
/// repetition gets the receiver without it.
async fn once<F>(ctx: &Ctx, key: Option<Key>, code: u16, mut run: F) -> Outcome<Response>
where
    F: FnMut(&mut Op<'_, '_>) -> Outcome<(Uuid, String)> + Send + 'static,
{
    let made = std::sync::Arc::new(parking_lot::Mutex::new(None));
    let told = made.clone();
    let kept = move |op: &mut Op<'_, '_>| {
        let (id, secret) = run(op)?;
        // A transaction that ran again after a race made another one: the last one is what was committed.
        *told.lock() = Some(secret);
        Reply::json(code, &WithSecret { id: id.to_string(), secret: None })
    };
    let mut reply = ctx.app.write_once(&ctx.who, key, kept).await?;
    let secret = made.lock().take();
    if let (false, Some(secret)) = (reply.replayed, secret) {
        let mut value: serde_json::Value = serde_json::from_str(&reply.body)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("secret".to_owned(), secret.into());
        }
        reply.body = value.to_string();
    }
    Ok(replied(reply))
}

/// Registers a receiver; the answer holds its secret.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewHook, responses((status = 201, body = WithSecret), (status = 422, description = "the address lies in a private network")))]
async fn create(Call { ctx, body, key }: Call<NewHook>) -> Outcome<Response> {
    once(&ctx, key, 201, move |op| act::add(op, body.url.trim(), &body.kinds)).await
}

/// Gives a receiver a new secret; until the next one messages are signed with the old one too.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), request_body = Nothing, responses((status = 200, body = WithSecret)))]
async fn rotate(Path(id): Path<String>, Call { ctx, key, .. }: Call<Nothing>) -> Outcome<Response> {
    let id = act::id(&id)?;
    once(&ctx, key, 200, move |op| act::rotate(op, id).map(|secret| (id, secret))).await
}

/// Sends a message of the kind `webhook.test`.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), request_body = Nothing, responses((status = 202, body = Sent)))]
async fn test(Path(id): Path<String>, Call { ctx, key, .. }: Call<Nothing>) -> Outcome<Response> {
    let id = act::id(&id)?;
    let reply = ctx.app.write_once(&ctx.who, key, move |op| {
        let message = act::test(op, id)?;
        Reply::json(202, &Sent { id: id.to_string(), message: message.to_string() })
    });
    Ok(replied(reply.await?))
}

async fn acted<F>(ctx: &Ctx, given: &str, key: Option<Key>, run: F) -> Outcome<Response>
where
    F: Fn(&mut Op<'_, '_>, Uuid) -> Outcome<()> + Send + 'static,
{
    let id = act::id(given)?;
    let reply = ctx.app.write_once(&ctx.who, key, move |op| {
        run(op, id)?;
        Reply::json(200, &Acted { id: id.to_string() })
    });
    Ok(replied(reply.await?))
}

/// Switches a receiver on.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/enable", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), request_body = Nothing, responses((status = 200, body = Acted)))]
async fn enable(Path(id): Path<String>, Call { ctx, key, .. }: Call<Nothing>) -> Outcome<Response> {
    acted(&ctx, &id, key, |op, id| act::set_enabled(op, id, true)).await
}

/// Switches a receiver off.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/disable", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), request_body = Nothing, responses((status = 200, body = Acted)))]
async fn disable(Path(id): Path<String>, Call { ctx, key, .. }: Call<Nothing>) -> Outcome<Response> {
    acted(&ctx, &id, key, |op, id| act::set_enabled(op, id, false)).await
}

/// Sends a message that was given up again.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{message}/retry", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver"), ("message" = String, Path, description = "id of the message")), request_body = Nothing, responses((status = 200, body = Acted)))]
async fn retry(
    Path((id, message)): Path<(String, String)>,
    Call { ctx, key, .. }: Call<Nothing>,
) -> Outcome<Response> {
    let message: Uuid =
        message.parse().map_err(|_| Common::NotFound { what: "message", given: message.clone() })?;
    acted(&ctx, &id, key, move |op, id| act::retry(op, id, message)).await
}

/// Removes a receiver.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = String, Path, description = "id of the receiver")), responses((status = 204)))]
async fn remove(ctx: Ctx, headers: HeaderMap, Path(id): Path<String>) -> Outcome<Response> {
    let token = headers.get(TOKEN_HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if ctx.via == Via::Cookie && !same(token, &ctx.session.csrf) {
        return Err(Common::BadToken.into());
    }
    let id = act::id(&id)?;
    ctx.app.write(&ctx.who, move |op| act::remove(op, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Paths and schemas of this file.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, show, create, rotate, test, enable, disable, retry, remove))]
pub(super) struct Doc;
