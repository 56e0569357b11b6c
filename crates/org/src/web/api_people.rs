//! People in the API: what the pages under `/people` can do.

use super::api::{Items, Named, PostBody, json, replied};
use super::door;
use super::reading::{self, Listed};
use super::{people, words};
use crate::act;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use axum::routing::{get, post};
use base::Outcome;
use base::core::{App, Key, Reply};
use base::op::Op;
use base::web::{Call, Ctx};
use kernel::playbook::Playbook;
use kernel::{PersonId, PostCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/people", get(list).post(create))
        .route("/api/v1/people/{id}", get(show))
        .route("/api/v1/people/{id}/appoint", post(appoint))
        .route("/api/v1/people/{id}/relieve", post(relieve))
        .route("/api/v1/people/{id}/disable", post(disable))
        .route("/api/v1/people/{id}/enable", post(enable))
        .route("/api/v1/people/{id}/reset-password", post(reset))
        .route("/api/v1/people/{id}/unlock", post(unlock))
        .route("/api/v1/people/{id}/sign-out", post(sign_out))
}

/// An account with the posts held now.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonRow {
    /// Id.
    id: String,
    /// Login.
    login: String,
    /// Working name.
    name: String,
    /// Whether it may sign in.
    active: bool,
    /// Whether a new password is wanted at the next sign-in.
    must_change: bool,
    /// Whether it has a second factor.
    second_factor: bool,
    /// When it was made.
    created_at: String,
    /// Posts held now.
    posts: Vec<Named>,
}

/// A post held from when to when.
#[derive(Serialize, ToSchema)]
pub(super) struct Held {
    /// The post.
    post: Named,
    /// Since when.
    since: String,
    /// Until when; none while it is held.
    until: Option<String>,
}

/// An event of an account.
#[derive(Serialize, ToSchema)]
pub(super) struct Happened {
    /// Id of the event; its receipt is at `/log/{district}/receipt/{id}`.
    id: String,
    /// Kind, such as `person.appointed`.
    kind: String,
    /// When.
    at: String,
    /// The post that acted.
    by: String,
}

/// An account in full.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonFull {
    /// The account.
    #[serde(flatten)]
    row: PersonRow,
    /// Mail address; empty for none.
    email: String,
    /// Every holding, newest first.
    holdings: Vec<Held>,
    /// Sessions now.
    sessions: usize,
    /// Seconds until a locked login may try again; 0 when it is not locked.
    locked_seconds: i64,
    /// The account's life; none when the log is closed to the post.
    history: Option<Vec<Happened>>,
}

fn row(book: &Playbook, l: &Listed) -> PersonRow {
    PersonRow {
        id: l.person.id.to_string(),
        login: l.person.login.to_string(),
        name: l.person.name.clone(),
        active: l.person.active,
        must_change: l.person.must_change,
        second_factor: l.person.second_factor,
        created_at: l.person.created_at.rfc3339(),
        posts: l.posts.iter().map(|p| Named::post(book, p)).collect(),
    }
}

/// Accounts by login.
#[utoipa::path(get, path = "/api/v1/people", tag = "org",
    params(("after" = Option<String>, Query, description = "login that the page begins after"), ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"), ("q" = Option<String>, Query, description = "part of login or name")),
    responses((status = 200, body = Items<PersonRow>), (status = 403, description = "neither accounts, nor people, nor the log are the post's business")))]
async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["after", "limit", "q"])?;
    let limit = words::limit(&fields)?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (known, after, text) = (book.clone(), fields.text("after").to_owned(), fields.text("q").to_owned());
    let found =
        ctx.app.read(&ctx.who, move |op| reading::people(op, &known, &after, &text, limit + 1)).await?;
    let rows = found.iter().map(|l| row(&book, l)).collect();
    json(200, &Items::cut(rows, limit, |row: &PersonRow| row.login.clone()))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "org", params(("id" = String, Path, description = "id of the account")),
    responses((status = 200, body = PersonFull), (status = 404, description = "absent, or outside what the post may see")))]
async fn show(ctx: Ctx, Path(id): Path<String>) -> Outcome<Response> {
    let id = reading::person_id(&id)?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let known = book.clone();
    let seen = ctx.app.read(&ctx.who, move |op| reading::person(op, &known, id)).await?;
    let now = seen.holdings.iter().filter(|h| h.until.is_none()).map(|h| h.post.clone()).collect();
    let email = seen.person.email.clone();
    let holdings = seen.holdings.iter().map(|h| Held {
        post: Named::post(&book, &h.post),
        since: h.since.rfc3339(),
        until: h.until.map(kernel::Instant::rfc3339),
    });
    let happened = |e: &base::journal::Stored| Happened {
        id: e.id.to_string(),
        kind: e.kind.clone(),
        at: e.at.rfc3339(),
        by: e.actor.clone(),
    };
    let holdings = holdings.collect();
    let history = seen.history.as_ref().map(|all| all.iter().map(happened).collect());
    let (sessions, locked_seconds) = (seen.sessions, seen.locked);
    let row = row(&book, &Listed { person: seen.person, posts: now });
    json(200, &PersonFull { row, email, holdings, sessions, locked_seconds, history })
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBody {
    /// Login.
    login: String,
    /// Working name.
    name: String,
    /// Mail address; may be left out.
    #[serde(default)]
    email: String,
}

/// An account with the password that was made up for it.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    /// Id of the account.
    id: String,
    /// The password, in the first answer only: it is stored nowhere in the clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// Does something that makes up a password, once for a caller's key. The stored answer leaves the password out, so a
/// repetition gets the account without it.
async fn once<F>(ctx: &Ctx, key: Option<Key>, code: u16, made: String, mut act: F) -> Outcome<Response>
where
    F: FnMut(&mut Op<'_, '_>) -> Outcome<PersonId> + Send + 'static,
{
    let kept =
        move |op: &mut Op<'_, '_>| Reply::json(code, &Made { id: act(op)?.to_string(), password: None });
    let mut reply = ctx.app.write_once(&ctx.who, key, kept).await?;
    if !reply.replayed {
        let mut value: serde_json::Value = serde_json::from_str(&reply.body)?;
        if let Some(object) = value.as_object_mut() {
            object.insert("password".to_owned(), made.into());
        }
        reply.body = value.to_string();
    }
    Ok(replied(reply))
}

/// Makes an account with a made-up password.
#[utoipa::path(post, path = "/api/v1/people", tag = "org", request_body = NewBody, responses((status = 201, body = Made), (status = 409, description = "the login is taken")))]
async fn create(Call { ctx, body, key }: Call<NewBody>) -> Outcome<Response> {
    let (new, made) = people::prepared(&ctx, &body.login, &body.name, &body.email).await?;
    once(&ctx, key, 201, made, move |op| act::add(op, &new)).await
}

/// Replaces the password by a made-up one; sessions end and the second factor is taken off.
#[utoipa::path(post, path = "/api/v1/people/{id}/reset-password", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = NoBody, responses((status = 200, body = Made)))]
async fn reset(Path(id): Path<String>, Call { ctx, key, .. }: Call<NoBody>) -> Outcome<Response> {
    let id = reading::person_id(&id)?;
    let made = door::made_up(&ctx.app);
    let hash = door::hashed(&ctx.app, "", &made).await?;
    once(&ctx, key, 200, made, move |op| act::reset_password(op, id, &hash).map(|()| id)).await
}

/// An empty object.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoBody {}

/// That it was done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// Id of the account.
    id: String,
}

async fn done<F>(ctx: &Ctx, given: &str, key: Option<Key>, act: F) -> Outcome<Response>
where
    F: Fn(&mut Op<'_, '_>, PersonId) -> Outcome<()> + Send + 'static,
{
    let id = reading::person_id(given)?;
    let reply = ctx.app.write_once(&ctx.who, key, move |op| {
        act(op, id)?;
        Reply::json(200, &Done { id: id.to_string() })
    });
    Ok(replied(reply.await?))
}

/// Gives a post.
#[utoipa::path(post, path = "/api/v1/people/{id}/appoint", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = PostBody, responses((status = 200, body = Done)))]
async fn appoint(Path(id): Path<String>, Call { ctx, body, key }: Call<PostBody>) -> Outcome<Response> {
    let post = PostCode::parse("post", &body.post)?;
    done(&ctx, &id, key, move |op, person| act::appoint(op, person, &post)).await
}

/// Takes a post.
#[utoipa::path(post, path = "/api/v1/people/{id}/relieve", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = PostBody, responses((status = 200, body = Done)))]
async fn relieve(Path(id): Path<String>, Call { ctx, body, key }: Call<PostBody>) -> Outcome<Response> {
    let post = PostCode::parse("post", &body.post)?;
    done(&ctx, &id, key, move |op, person| act::relieve(op, person, &post)).await
}

/// Stops an account from signing in.
#[utoipa::path(post, path = "/api/v1/people/{id}/disable", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = NoBody, responses((status = 200, body = Done)))]
async fn disable(Path(id): Path<String>, Call { ctx, key, .. }: Call<NoBody>) -> Outcome<Response> {
    done(&ctx, &id, key, act::disable).await
}

/// Lets an account sign in again.
#[utoipa::path(post, path = "/api/v1/people/{id}/enable", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = NoBody, responses((status = 200, body = Done)))]
async fn enable(Path(id): Path<String>, Call { ctx, key, .. }: Call<NoBody>) -> Outcome<Response> {
    done(&ctx, &id, key, act::enable).await
}

/// Lifts the lock after wrong passwords.
#[utoipa::path(post, path = "/api/v1/people/{id}/unlock", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = NoBody, responses((status = 200, body = Done)))]
async fn unlock(Path(id): Path<String>, Call { ctx, key, .. }: Call<NoBody>) -> Outcome<Response> {
    done(&ctx, &id, key, act::unlock).await
}

/// Ends every session of an account.
#[utoipa::path(post, path = "/api/v1/people/{id}/sign-out", tag = "org", params(("id" = String, Path, description = "id of the account")), request_body = NoBody, responses((status = 200, body = Done)))]
async fn sign_out(Path(id): Path<String>, Call { ctx, key, .. }: Call<NoBody>) -> Outcome<Response> {
    done(&ctx, &id, key, |op, person| act::sign_out_everywhere(op, person, None)).await
}

/// Paths and schemas of this file.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, show, create, appoint, relieve, disable, enable, reset, unlock, sign_out))]
pub(super) struct Doc;
