//! The API's door: tokens, and what a caller is told of itself.
//!
//! A token is the value that browsers carry as a cookie; a program sends it as `Authorization: Bearer …`. It lives as
//! long as a browser's session and ends with the same acts.

use super::account::{self, Change};
use super::caller::{self, Caller};
use super::door::{self, Step};
use super::sign_in::switch;
use super::words;
use crate::model::OrgRefusal;
use crate::names;
use axum::Router;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::core::{App, Reply};
use base::same;
use base::web::Call;
use base::web::ctx::{Ctx, Via};
use base::web::form::{WrongType, read_json, whole};
use base::{Common, Fault, Outcome};
use kernel::{Lang, PostCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/session", post(begin).delete(finish))
        .route("/api/v1/session/post", post(act_as))
        .route("/api/v1/me", get(me))
        .route("/api/v1/me/password", post(password))
        .route("/api/v1/me/second-factor", post(set_factor))
        .route("/api/v1/me/second-factor/remove", post(remove_factor))
        .route("/api/v1/me/sessions", get(sessions))
        .route("/api/v1/me/sessions/{id}", axum::routing::delete(end_session))
}

/// A stored or fresh answer as a response.
pub(super) fn replied(reply: Reply) -> Response {
    let code = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = (code, [(CONTENT_TYPE, "application/json")], reply.body).into_response();
    if reply.replayed {
        response.headers_mut().insert("idempotency-replayed", axum::http::HeaderValue::from_static("true"));
    }
    response
}

/// A value as a JSON answer.
pub(super) fn json<T: Serialize>(code: u16, value: &T) -> Outcome<Response> {
    Ok(replied(Reply::json(code, value)?))
}

/// One page of a list: the rows, and what to send as `after` for the next page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Items<T: Serialize> {
    /// Rows.
    pub(super) items: Vec<T>,
    /// Key of the next page; none on the last.
    pub(super) next: Option<String>,
}

impl<T: Serialize> Items<T> {
    /// Cuts a list that was read with one row too many; `key` is what the next page begins after.
    pub(super) fn cut(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Items<T> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(key);
        Items { items, next }
    }
}

/// A body that needs no session.
struct DoorCall<T> {
    caller: Caller,
    body: T,
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for DoorCall<T> {
    type Rejection = Fault;
    async fn from_request(req: Request, app: &App) -> Outcome<Self> {
        let (mut parts, body) = req.into_parts();
        let Ok(caller) = Caller::from_request_parts(&mut parts, app).await;
        let sent = parts.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let sent = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if sent != "application/json" {
            return Err(WrongType { sent, takes: "application/json" }.into());
        }
        let bytes = whole(Request::from_parts(parts, body), app.config.server.body_limit).await?;
        Ok(DoorCall { caller, body: read_json(&bytes)? })
    }
}

/// What signing in takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginBody {
    /// Six-digit division code; may be left out where one district is served.
    #[serde(default)]
    district: String,
    /// Login.
    login: String,
    /// Password.
    password: String,
    /// The code of the second factor, or a recovery code, when the account has one.
    #[serde(default)]
    code: Option<String>,
    /// The post to act as; the first by code when it is left out.
    #[serde(default)]
    post: String,
}

/// A token and what it acts as.
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    /// Send it as `Authorization: Bearer …`.
    token: String,
    /// The post that it acts as.
    post: String,
}

/// Signs a program in.
#[utoipa::path(post, path = "/api/v1/session", tag = "org", request_body = BeginBody,
    responses((status = 201, body = Token), (status = 401, description = "wrong login, password or code"), (status = 429, description = "too many wrong tries")))]
async fn begin(DoorCall { caller, body }: DoorCall<BeginBody>) -> Outcome<Response> {
    let app = &caller.app;
    let whom = caller.tried(&body.login);
    let district = caller::district(app, body.district.trim())?;
    let proved = door::prove(app, district, &body.login, &body.password, &whom).await?;
    let mut coded = false;
    let mut wanted = door::next_step(app, &proved.person, &proved.secrets, false);
    if wanted == Some(Step::Code)
        && let Some(code) = &body.code
    {
        door::check_code(app, &proved, code, &whom).await?;
        coded = true;
        wanted = door::next_step(app, &proved.person, &proved.secrets, true);
    }
    match wanted {
        Some(Step::Code) => Err(OrgRefusal::CodeWanted.into()),
        Some(Step::Enrol) => Err(OrgRefusal::SecondFactorWanted.into()),
        Some(Step::Password) => Err(OrgRefusal::PasswordChangeFirst.into()),
        None => {
            let opened = door::open(app, &proved, coded, body.post.trim()).await?;
            json(201, &Token { token: opened.cookie, post: opened.post.to_string() })
        }
    }
}

/// An unsafe call without a body proves itself as [`Call`] does.
fn unsafe_call(ctx: &Ctx, headers: &HeaderMap) -> Outcome<()> {
    let token = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if ctx.via == Via::Cookie && !same(token, &ctx.session.csrf) {
        return Err(Common::BadToken.into());
    }
    Ok(())
}

/// Ends the session of this token.
#[utoipa::path(delete, path = "/api/v1/session", tag = "org", responses((status = 204)))]
async fn finish(ctx: Ctx, headers: HeaderMap) -> Outcome<Response> {
    unsafe_call(&ctx, &headers)?;
    let own = ctx.session.clone();
    ctx.app.write(&ctx.who, move |op| crate::act::sessions::sign_out(op, &own)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A post by code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostBody {
    /// Code of the post.
    pub(super) post: String,
}

/// Acts as another post of the same person under a new token; the old one ends.
#[utoipa::path(post, path = "/api/v1/session/post", tag = "org", request_body = PostBody, responses((status = 200, body = Token)))]
async fn act_as(Call { ctx, body, .. }: Call<PostBody>) -> Outcome<Response> {
    let post = PostCode::parse("post", &body.post)?;
    let token = switch(&ctx, &post).await?;
    json(200, &Token { token, post: post.to_string() })
}

/// Names in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Named {
    /// Code.
    pub(super) code: String,
    /// Chinese.
    pub(super) zh: String,
    /// English.
    pub(super) en: String,
}

impl Named {
    /// A post with its unit.
    pub(super) fn post(book: &kernel::playbook::Playbook, code: &PostCode) -> Named {
        let name = |lang| names::unit_and_post(book, code, lang);
        Named { code: code.to_string(), zh: name(Lang::Zh), en: name(Lang::En) }
    }
    /// A unit.
    pub(super) fn unit(book: &kernel::playbook::Playbook, code: &kernel::UnitCode) -> Named {
        let name = |lang| names::unit(book, code, lang);
        Named { code: code.to_string(), zh: name(Lang::Zh), en: name(Lang::En) }
    }
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// Id of the account.
    id: String,
    /// Login.
    login: String,
    /// Working name.
    name: String,
    /// Six-digit division code.
    district: String,
    /// The post acted as.
    post: Named,
    /// Its unit.
    unit: Named,
    /// Its roles.
    roles: Vec<String>,
    /// Every post held now.
    posts: Vec<Named>,
    /// Whether the account has a second factor.
    second_factor: bool,
}

/// Tells who the caller is and as which post it acts.
#[utoipa::path(get, path = "/api/v1/me", tag = "org", responses((status = 200, body = Me)))]
async fn me(ctx: Ctx) -> Outcome<Response> {
    let own = account::own(&ctx).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let held = own.holdings.iter().filter(|h| h.until.is_none());
    json(
        200,
        &Me {
            id: own.person.id.to_string(),
            login: own.person.login.to_string(),
            name: own.person.name.clone(),
            district: ctx.district().to_string(),
            post: Named::post(&book, &ctx.who.actor.post),
            unit: Named::unit(&book, &ctx.who.actor.unit),
            roles: ctx.who.actor.roles.iter().map(|r| r.code().to_owned()).collect(),
            posts: held.map(|h| Named::post(&book, &h.post)).collect(),
            second_factor: own.person.second_factor,
        },
    )
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordBody {
    /// The present one.
    old: String,
    /// The new one.
    new: String,
}

/// Changes the caller's own password; its other sessions end.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "org", request_body = PasswordBody, responses((status = 204)))]
async fn password(from: Caller, Call { ctx, body, .. }: Call<PasswordBody>) -> Outcome<Response> {
    account::change_own(&ctx, &from, &Change { old: &body.old, new: &body.new, repeat: &body.new }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A second factor to set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorBody {
    /// 20 random bytes in base32, chosen by the caller.
    secret: String,
    /// The present code of that secret.
    code: String,
}

/// Sets the caller's own second factor up and answers with a new token; every other session ends.
#[utoipa::path(post, path = "/api/v1/me/second-factor", tag = "org", request_body = FactorBody, responses((status = 200, body = Token)))]
async fn set_factor(Call { ctx, body, .. }: Call<FactorBody>) -> Outcome<Response> {
    let token = account::set_factor(&ctx, &body.secret, &body.code).await?;
    json(200, &Token { token, post: ctx.session.post.to_string() })
}

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProofBody {
    /// The caller's password.
    password: String,
}

/// Takes the caller's own second factor off.
#[utoipa::path(post, path = "/api/v1/me/second-factor/remove", tag = "org", request_body = ProofBody, responses((status = 204)))]
async fn remove_factor(from: Caller, Call { ctx, body, .. }: Call<ProofBody>) -> Outcome<Response> {
    account::clear_factor(&ctx, &from, &body.password).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A session of the caller.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnSession {
    /// Id.
    id: String,
    /// The post acted as.
    post: String,
    /// Began at.
    created_at: String,
    /// Last request, to a minute.
    seen_at: String,
    /// Ends without another request.
    expires_at: String,
    /// Whether it is the one of this call.
    current: bool,
}

/// The caller's own sessions, newest first.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "org", responses((status = 200, body = Items<OwnSession>)))]
async fn sessions(ctx: Ctx, axum::extract::RawQuery(raw): axum::extract::RawQuery) -> Outcome<Response> {
    words::query(raw, &[])?;
    let own = account::own(&ctx).await?;
    let items = own.sessions.iter().map(|s| OwnSession {
        id: s.id.clone(),
        post: s.post.to_string(),
        created_at: s.created_at.rfc3339(),
        seen_at: s.seen_at.rfc3339(),
        expires_at: s.expires_at.rfc3339(),
        current: s.id == ctx.session.id,
    });
    json(200, &Items { items: items.collect(), next: None })
}

/// Ends one of the caller's own sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "org", params(("id" = String, Path, description = "id of the session")), responses((status = 204)))]
async fn end_session(ctx: Ctx, headers: HeaderMap, Path(id): Path<String>) -> Outcome<Response> {
    unsafe_call(&ctx, &headers)?;
    ctx.app.write(&ctx.who, move |op| crate::act::end_session(op, &id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Paths and schemas of this file.
#[derive(utoipa::OpenApi)]
#[openapi(paths(begin, finish, act_as, me, password, set_factor, remove_factor, sessions, end_session))]
pub(super) struct Doc;
