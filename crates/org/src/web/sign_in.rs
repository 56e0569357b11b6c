//! Signing in and out, and acting as another post.

use super::caller::{self, Caller, DoorForm};
use super::door::{self, Proved, Step, Waiting};
use super::sign_in_page::{self as page, First};
use crate::model::OrgRefusal;
use crate::store;
use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::core::App;
use base::same;
use base::totp::Secret;
use base::web::form::TOKEN_FIELD;
use base::web::page::inside;
use base::web::ui::button::Button;
use base::web::ui::{form, html};
use base::web::{Ctx, Form, Page, after, encode};
use base::{Common, Fault, Outcome, session};
use kernel::{PostCode, Refused};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(submit))
        .route("/sign-in/code", get(show_code).post(submit_code))
        .route("/sign-in/enrol", get(show_enrol).post(submit_enrol))
        .route("/sign-out", post(sign_out))
        .route("/act-as/{post}", get(ask_act_as).post(act_as))
}

/// Takes the refusal out of a fault; a fault of the machinery goes on to the error page.
pub(super) fn refused(fault: Fault) -> Outcome<Refused> {
    match fault {
        Fault::Refused(no) => Ok(no),
        other => Err(other),
    }
}

async fn show(caller: Caller, signed_in: Outcome<Ctx>) -> Outcome<Response> {
    let next = caller.asked("next");
    if signed_in.is_ok() && caller.asked("again").is_empty() {
        return Ok(Redirect::to(inside(&next)).into_response());
    }
    draw_first(&caller, &next, None, base::web::form::Fields::default()).await
}

async fn draw_first(
    caller: &Caller,
    next: &str,
    no: Option<Refused>,
    typed: base::web::form::Fields,
) -> Outcome<Response> {
    let mut demo = None;
    if caller.app.simulated
        && let Ok(district) = caller::district(&caller.app, typed.text("district"))
    {
        let book = caller.app.book(district, caller.app.now().day())?;
        let read = |tx: &mut base::Tx<'_>, d| Ok((store::seats(tx, d)?, store::demo_logins(tx, d)?));
        let (seats, named) = caller.app.db.read(move |tx| read(tx, district)).await?;
        let query = caller.asked("q").trim().to_owned();
        demo = Some((page::demo_posts(&book, &seats, &named, &query, caller.visitor.lang), query));
    }
    Ok(page::first(caller, &First { next, no: no.as_deref(), typed, demo }))
}

async fn submit(DoorForm { caller, fields }: DoorForm) -> Outcome<Response> {
    fields.only(&["district", "login", "password", "next"])?;
    let next = fields.text("next").to_owned();
    let whom = caller.tried(fields.text("login"));
    let tried = async {
        let district = caller::district(&caller.app, fields.text("district"))?;
        let proved =
            door::prove(&caller.app, district, fields.text("login"), fields.text("password"), &whom).await?;
        go_on(&caller, &proved, false, &next).await
    };
    match tried.await {
        Ok(response) => Ok(response),
        Err(fault) => draw_first(&caller, &next, Some(refused(fault)?), fields).await,
    }
}

/// Leads to the next step that is wanted, or begins the session.
pub(super) async fn go_on(caller: &Caller, proved: &Proved, coded: bool, next: &str) -> Outcome<Response> {
    let app = &caller.app;
    if let Some(step) = door::next_step(app, &proved.person, &proved.secrets, coded) {
        let cookie = door::begin(app, proved, step, coded).await?;
        let to = Redirect::to(&format!("{}?next={}", step.path(), encode(inside(next)))).into_response();
        return Ok(caller::with_pending(app, to, &cookie, door::PENDING_SECONDS));
    }
    let opened = door::open(app, proved, coded, "").await?;
    let to = Redirect::to(inside(next)).into_response();
    Ok(caller::with_pending(app, caller::with_session(app, to, &opened.cookie), "", 0))
}

/// The waiting sign-in of a step's form, with its token.
pub(super) async fn waiting_form(form: &DoorForm, wanted: Step) -> Outcome<Waiting> {
    let waiting = door::waiting(&form.caller).await?;
    if waiting.step != wanted {
        return Err(Common::SignInFirst.into());
    }
    if !same(form.fields.text(TOKEN_FIELD), &waiting.session.csrf) {
        return Err(Common::BadToken.into());
    }
    Ok(waiting)
}

/// Somebody whose password was right goes on to the next step; the row of this step ends.
pub(super) async fn passed(form: &DoorForm, waiting: &Waiting, coded: bool) -> Outcome<Response> {
    passed_to(form, waiting, coded, form.fields.text("next")).await
}

/// The same, to another page than the one that was asked for.
async fn passed_to(form: &DoorForm, waiting: &Waiting, coded: bool, next: &str) -> Outcome<Response> {
    door::end(&form.caller.app, &waiting.session).await?;
    let (district, id) = (waiting.proved.district, waiting.proved.person.id);
    let fresh = form
        .caller
        .app
        .db
        .read(move |tx| Ok((store::by_id(tx, district, id)?, store::secrets(tx, district, id)?)));
    let (person, secrets) = fresh.await?;
    let person = person.ok_or(Common::SignInFirst)?;
    go_on(&form.caller, &Proved { district, person, secrets }, coded, next).await
}

async fn show_code(caller: Caller) -> Outcome<Response> {
    let Ok(waiting) = door::waiting(&caller).await else { return Ok(start_again(&caller)) };
    let t = caller.app.texts.t(caller.visitor.lang);
    let fields = page::code_or_recovery(t, None);
    Ok(page::step(&caller, Step::Code, &waiting.session.csrf, &caller.asked("next"), &fields, None))
}

/// The step has ended or another browser asks: back to the first page.
pub(super) fn start_again(caller: &Caller) -> Response {
    Redirect::to(&format!("/sign-in?next={}", encode(inside(&caller.asked("next"))))).into_response()
}

async fn submit_code(form: DoorForm) -> Outcome<Response> {
    form.fields.only(&["code", "recovery", "next"])?;
    let Ok(waiting) = waiting_form(&form, Step::Code).await else { return Ok(start_again(&form.caller)) };
    let (app, proved) = (&form.caller.app, &waiting.proved);
    let whom = form.caller.tried(proved.person.login.as_str());
    let given = form.fields.given("recovery").unwrap_or(form.fields.text("code"));
    match door::check_code(app, proved, given, &whom).await {
        Ok(()) => passed(&form, &waiting, true).await,
        Err(fault) => {
            let no = refused(fault)?;
            let t = app.texts.t(form.caller.visitor.lang);
            let (csrf, next) = (&waiting.session.csrf, form.fields.text("next"));
            Ok(page::step(
                &form.caller,
                Step::Code,
                csrf,
                next,
                &page::code_or_recovery(t, Some(&*no)),
                Some(&*no),
            ))
        }
    }
}

async fn show_enrol(caller: Caller) -> Outcome<Response> {
    let Ok(waiting) = door::waiting(&caller).await else { return Ok(start_again(&caller)) };
    let t = caller.app.texts.t(caller.visitor.lang);
    let fields =
        page::enrol_fields(t, &door::new_secret(&caller.app), waiting.proved.person.login.as_str(), None);
    Ok(page::step(&caller, Step::Enrol, &waiting.session.csrf, &caller.asked("next"), &fields, None))
}

async fn submit_enrol(form: DoorForm) -> Outcome<Response> {
    form.fields.only(&["secret", "code", "next"])?;
    let Ok(waiting) = waiting_form(&form, Step::Enrol).await else { return Ok(start_again(&form.caller)) };
    let app = form.caller.app.clone();
    let who = door::own_op(&waiting.session, form.caller.visitor.trace.clone())?;
    let secret = Secret::from_base32(form.fields.text("secret")).ok_or(OrgRefusal::SecondFactor)?;
    let (code, person, kept) =
        (form.fields.text("code").to_owned(), waiting.proved.person.id, secret.clone());
    let set = app.write(&who, move |op| crate::act::set_second_factor(op, person, &secret, &code)).await;
    match set {
        Ok(()) => passed_to(&form, &waiting, true, super::recovery::PATH).await,
        Err(fault) => {
            let no = refused(fault)?;
            let t = app.texts.t(form.caller.visitor.lang);
            let fields = page::enrol_fields(t, &kept, waiting.proved.person.login.as_str(), Some(&*no));
            let (csrf, next) = (&waiting.session.csrf, form.fields.text("next"));
            Ok(page::step(&form.caller, Step::Enrol, csrf, next, &fields, Some(&*no)))
        }
    }
}

async fn sign_out(Form { ctx, .. }: Form) -> Outcome<Response> {
    let own = ctx.session.clone();
    ctx.app.write(&ctx.who, move |op| crate::act::sessions::sign_out(op, &own)).await?;
    Ok(caller::without_session(&ctx.app, after("/sign-in", "org.signed_out")))
}

/// The link of the post menu. A browser that vouches that a person followed a link of our own page changes the post at
/// once; anything else (a link in a mail, a browser that says nothing, a prefetch) gets a page with a button.
async fn ask_act_as(ctx: Ctx, headers: HeaderMap, Path(given): Path<String>) -> Outcome<Response> {
    let post = PostCode::parse("post", &given)?;
    if caller::followed_own_link(&headers) {
        return change_post(&ctx, &post).await;
    }
    let t = ctx.t();
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let name = crate::names::unit_and_post(&book, &post, ctx.lang());
    let body = html! {
        section.card {
            div.card-body {
                h1 { (t.f("org.act_as.title", &[("post", &name)])) }
                p.muted { (t.s("org.act_as.text")) }
                (form::post(&format!("/act-as/{post}"), &ctx.session.csrf, false, form::acts(html! {
                    (Button::new(t.s("org.act_as.verb")).primary().submit())
                    (Button::link(t.s("act.cancel"), "/"))
                })))
            }
        }
    };
    Ok(Page::new(t.s("org.act_as.short"), body).draw(&ctx))
}

async fn act_as(Path(given): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let post = PostCode::parse("post", &given)?;
    change_post(&ctx, &post).await
}

/// Changes the post of this session; the old cookie stops working, so a page left open cannot act as the new post.
async fn change_post(ctx: &Ctx, post: &PostCode) -> Outcome<Response> {
    let cookie = switch(ctx, post).await?;
    Ok(caller::with_session(&ctx.app, after("/", "org.acting"), &cookie))
}

/// The new cookie of the session as another post of the same person; refused when the person does not hold it.
pub(super) async fn switch(ctx: &Ctx, post: &PostCode) -> Outcome<String> {
    let (tokens, old, post, person) =
        ((ctx.app.ids.bytes(), ctx.app.ids.bytes()), ctx.session.clone(), post.clone(), ctx.person);
    ctx.app
        .write(&ctx.who, move |op| {
            if !store::holds(op.tx, old.district, person, &post)? {
                return Err(OrgRefusal::NotHeld(post.clone()).into());
            }
            let (new, cookie) = session::switch_post(op.tx, &old, &post, &tokens.0, &tokens.1)?;
            crate::act::sessions::switched(op, &new, &old.post)?;
            Ok(cookie)
        })
        .await
}
