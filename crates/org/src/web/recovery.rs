//! 恢复码: making a set of recovery codes, which are shown once.

use super::account;
use super::api::json;
use super::caller::Caller;
use super::door;
use super::sign_in::refused;
use crate::act::recovery;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::Outcome;
use base::core::App;
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{self, Field, Input};
use base::web::ui::{Markup, Tone, feedback, html};
use base::web::{Call, Ctx, Form, Page};
use kernel::Refuse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The page, to which setting a second factor up leads.
pub(super) const PATH: &str = "/account/recovery-codes";

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(submit)).route("/api/v1/me/recovery-codes", post(make_api))
}

/// How many codes are left, for the account's page.
pub(super) fn line(ctx: &Ctx, left: u64) -> Markup {
    let t = ctx.t();
    html! {
        p.sm {
            @if left == 0 { b { (t.s("org.recovery.none")) } } @else { (t.f("org.recovery.left", &[("n", &left.to_string())])) }
            " "
            a href=(PATH) { (t.s("org.recovery.verb")) }
        }
    }
}

async fn show(ctx: Ctx) -> Outcome<Response> {
    page(&ctx, None).await
}

async fn page(ctx: &Ctx, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let (t, own) = (ctx.t(), account::own(ctx).await?);
    let title = t.s("org.recovery.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.recovery.sub"), ..PageHead::default() }))
        @if own.person.second_factor {
            (Card::new(title).body(form::post(PATH, &ctx.session.csrf, false, html! {
                @if let Some(no) = no { (feedback::refusals(t, &[no])) }
                p { @if own.recovery == 0 { (t.s("org.recovery.none")) } @else { (t.f("org.recovery.left", &[("n", &own.recovery.to_string())])) " " (t.s("org.recovery.replaces")) } }
                (form::field(t, &Field::new("password", t.s("org.word.password")).hint(t.s("org.recovery.password_hint")).error(no.map(|no| form::message(t, no))), &Input::Password(false)))
                (form::acts(html! { (Button::new(t.s("org.recovery.make")).primary().submit()) (Button::link(t.s("act.cancel"), "/account")) }))
            })))
        } @else {
            (feedback::empty("shield-lock", t.s("org.recovery.no_factor"), t.s("org.recovery.no_factor_text"), false, Some(&html! { (Button::link(t.s("org.factor.verb"), "/account/second-factor")) })))
        }
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    let page = Page::new(title, body).crumb(t.s("org.account.title"), "/account").draw(ctx);
    Ok((code, page).into_response())
}

/// Makes a set after the password: a session left open at a desk must not be enough.
async fn make(ctx: &Ctx, from: &Caller, password: &str) -> Outcome<Vec<String>> {
    let login = account::own(ctx).await?.person.login;
    door::prove_own(ctx, ctx.person, password, &from.tried(login.as_str())).await?;
    let person = ctx.person;
    ctx.app.write(&ctx.who, move |op| recovery::make(op, person)).await
}

async fn submit(from: Caller, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["password"])?;
    match make(&ctx, &from, fields.text("password")).await {
        Ok(codes) => Ok(made(&ctx, &codes)),
        Err(fault) => page(&ctx, Some(&*refused(fault)?)).await,
    }
}

/// The codes: in this answer only, never in an address and never stored in the clear.
fn made(ctx: &Ctx, codes: &[String]) -> Response {
    let t = ctx.t();
    let title = t.s("org.recovery.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.recovery.sub"), ..PageHead::default() }))
        (Card::new(t.s("org.recovery.made")).body(html! { div.stack {
            (feedback::note(Tone::Warn, html! { (t.s("org.recovery.once")) }))
            ul.g.g2.mono { @for code in codes { li { code { (code) } } } }
            p.muted.sm { (t.s("org.recovery.how")) }
            (form::acts(html! { (Button::link(t.s("org.recovery.kept"), "/account").primary()) }))
        } }))
    };
    Page::new(title, body).crumb(t.s("org.account.title"), "/account").draw(ctx)
}

/// The password again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MakeBody {
    /// The caller's password.
    password: String,
}

/// A set of codes.
#[derive(Serialize, ToSchema)]
pub(super) struct Codes {
    /// Ten codes, each good once; no answer shows them again.
    codes: Vec<String>,
}

/// Makes the caller a new set of recovery codes; the old set ends.
#[utoipa::path(post, path = "/api/v1/me/recovery-codes", tag = "org", request_body = MakeBody, responses((status = 201, body = Codes)))]
async fn make_api(from: Caller, Call { ctx, body, .. }: Call<MakeBody>) -> Outcome<Response> {
    json(201, &Codes { codes: make(&ctx, &from, &body.password).await? })
}

/// Paths and schemas of this file.
#[derive(utoipa::OpenApi)]
#[openapi(paths(make_api))]
pub(super) struct Doc;
