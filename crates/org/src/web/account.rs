//! 我的账号: one's own password, second factor, sessions, posts, language and theme.

use super::caller::{self, Caller, DoorForm};
use super::door::{self, Step};
use super::sign_in::{passed, refused, start_again, waiting_form};
use super::sign_in_page::{enrol_fields, new_password_fields, step};
use super::words;
use crate::model::{Holding, OrgRefusal, Person};
use crate::{act, names, store};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::core::App;
use base::limits::Tried;
use base::session::{self, Session};
use base::totp::Secret;
use base::web::problem::status;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::form::{self, Field, Input};
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, after};
use base::{Common, Outcome};
use kernel::playbook::Playbook;
use kernel::{Refuse, Refused};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(show))
        .route("/sign-in/password", get(show_first_password).post(submit_first_password))
        .route("/account/password", get(show_password).post(submit_password))
        .route("/account/second-factor", get(show_factor).post(submit_factor))
        .route("/account/second-factor/remove", post(remove_factor))
        .route("/account/sessions/end", post(end_session))
        .route("/account/sessions/end-others", post(end_others))
}

/// What the page shows of oneself.
pub(super) struct Own {
    /// The account.
    pub(super) person: Person,
    /// Posts, newest first.
    pub(super) holdings: Vec<Holding>,
    /// Sessions, newest first; steps of signing in are none.
    pub(super) sessions: Vec<Session>,
    /// Recovery codes that are still good.
    pub(super) recovery: u64,
}

/// Reads one's own account.
pub(super) async fn own(ctx: &Ctx) -> Outcome<Own> {
    let id = ctx.person;
    ctx.app
        .read(&ctx.who, move |op| {
            let district = op.district();
            let person = store::by_id(op.tx, district, id)?.ok_or(Common::SignInFirst)?;
            let holdings = store::holdings(op.tx, district, id)?;
            let mut sessions = session::of_person(op.tx, district, id, op.now())?;
            sessions.retain(|s| !door::is_pending(s));
            let (recovery, _) = store::recovery::left(op.tx, district, id)?;
            Ok(Own { person, holdings, sessions, recovery })
        })
        .await
}

async fn show(ctx: Ctx) -> Outcome<Response> {
    draw(&ctx, None).await
}

async fn draw(ctx: &Ctx, no: Option<Refused>) -> Outcome<Response> {
    let (t, own) = (ctx.t(), own(ctx).await?);
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let title = t.s("org.account.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.account.sub"), ..PageHead::default() }))
        @if let Some(no) = &no { (feedback::refusal(t, &**no, None)) }
        div.g.g2 { div.stack { (who_card(ctx, &own, &book)) (sessions_card(ctx, &own, &book)) } div.stack { (safety_card(ctx, &own)) (looks_card(ctx)) } }
    };
    let mut response = Page::new(title, body).draw(ctx);
    if let Some(no) = no {
        *response.status_mut() = status(no.kind());
    }
    Ok(response)
}

fn who_card(ctx: &Ctx, own: &Own, book: &Playbook) -> Markup {
    let t = ctx.t();
    let rows = own.holdings.iter().map(|h| {
        let name = names::unit_and_post(book, &h.post, ctx.lang());
        let current = h.until.is_none() && h.post == ctx.session.post;
        let act = html! {
            @if current { (mark::tag_strong(t.s("org.account.acting"))) }
            @else if h.until.is_none() {
                (form::act(&format!("/act-as/{}", h.post), &ctx.session.csrf, html! { (Button::new(t.s("org.act_as.verb")).small().submit()) }))
            }
        };
        vec![html! { span.t { (name) } span.s.mono { (h.post) } }, words::span(t, h.since, h.until), act]
    });
    let posts = Table {
        caption: t.s("org.word.posts"),
        cols: vec![Col::text(t.s("org.word.post")), Col::text(t.s("org.word.held")), Col::text("")],
        rows: rows.collect(),
        stacked: true,
        ..Table::default()
    };
    let p = &own.person;
    let lines = [
        (t.s("org.word.login"), html! { span.mono { (p.login) } }),
        (t.s("org.word.name"), html! { (p.name) }),
        (t.s("org.word.email"), html! { @if p.email.is_empty() { (t.s("word.none")) } @else { (p.email) } }),
        (t.s("org.word.since"), html! { (when::day_full(ctx.lang(), p.created_at.day())) }),
    ];
    html! {
        (Card::new(t.s("org.account.who")).measure(t.s("org.account.who_sub")).body(facts(&lines)))
        (Card::new(t.s("org.account.posts")).measure(t.s("org.account.posts_sub")).flush(table(&posts)))
    }
}

fn sessions_card(ctx: &Ctx, own: &Own, book: &Playbook) -> Markup {
    let (t, today) = (ctx.t(), ctx.now().day());
    let rows = own.sessions.iter().map(|s| {
        let mine = s.id == ctx.session.id;
        let end = html! {
            @if mine { (mark::tag_strong(t.s("org.session.this"))) }
            @else {
                form.ctx-act method="post" action="/account/sessions/end" {
                    (form::token(&ctx.session.csrf)) (form::hidden("session", &s.id))
                    (Button::new(t.s("org.session.end")).small().submit())
                }
            }
        };
        vec![
            html! { span.t { (when::moment(ctx.lang(), s.created_at, today)) } span.s { (names::unit_and_post(book, &s.post, ctx.lang())) } },
            html! { (when::moment(ctx.lang(), s.seen_at, today)) },
            html! { (t.s(if s.second_factor { "word.yes" } else { "word.no" })) },
            end,
        ]
    });
    let list = Table {
        caption: t.s("org.session.title"),
        cols: vec![
            Col::text(t.s("org.session.began")),
            Col::text(t.s("org.session.seen")).secondary(),
            Col::text(t.s("org.word.second_factor")).secondary(),
            Col::text(""),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    let others = html! {
        @if own.sessions.len() > 1 {
            (form::act("/account/sessions/end-others", &ctx.session.csrf, html! { (Button::new(t.s("org.session.end_others")).small().submit()) }))
        }
    };
    Card::new(t.s("org.session.title"))
        .measure(t.s("org.session.sub"))
        .tools(others)
        .flush(table(&list))
        .into()
}

fn safety_card(ctx: &Ctx, own: &Own) -> Markup {
    let t = ctx.t();
    let required = ctx.app.config.security.second_factor == base::config::SecondFactor::Required;
    let off = ctx.app.config.security.second_factor == base::config::SecondFactor::Off;
    html! {
        (Card::new(t.s("org.password.title")).measure(t.s("org.password.sub")).body(html! {
            (Button::link(t.s("org.password.verb"), "/account/password").icon("key"))
        }))
        (Card::new(t.s("org.word.second_factor")).measure(t.s("org.factor.sub")).body(html! {
            @if own.person.second_factor {
                (feedback::note(Tone::Good, html! { (t.s("org.factor.on")) }))
                (super::recovery::line(ctx, own.recovery))
                @if required { p.muted.sm { (t.s("org.factor.required")) } }
                @else {
                    details {
                        summary { (t.s("org.factor.remove_open")) }
                        (form::post("/account/second-factor/remove", &ctx.session.csrf, false, html! {
                            (form::field(t, &Field::new("password", t.s("org.word.password")).hint(t.s("org.factor.remove_hint")), &Input::Password(false)))
                            (form::acts(html! { (Button::new(t.s("org.factor.remove")).weight(Weight::Danger).submit()) }))
                        }))
                    }
                }
            } @else if off { p.muted.sm { (t.s("org.factor.not_here")) } }
            @else {
                (feedback::note(Tone::Warn, html! { (t.s("org.factor.off")) }))
                div.frm-a { (Button::link(t.s("org.factor.verb"), "/account/second-factor").icon("shield-lock")) }
            }
        }))
    }
}

fn looks_card(ctx: &Ctx) -> Markup {
    let t = ctx.t();
    let current = |on: bool| on.then_some("true");
    let theme = ctx.visitor.theme;
    use base::web::ctx::Theme;
    Card::new(t.s("org.looks.title"))
        .measure(t.s("org.looks.sub"))
        .body(html! {
            dl.gd-dl {
                dt { (t.s("org.looks.language")) }
                dd { div.seg role="group" aria-label=(t.s("org.looks.language")) {
                    a href="/language/zh-CN?next=/account" lang="zh-CN" aria-current=[current(t.is_zh())] { "中文" }
                    a href="/language/en?next=/account" lang="en" aria-current=[current(!t.is_zh())] { "English" }
                } }
                dt { (t.s("org.looks.theme")) }
                dd { div.seg role="group" aria-label=(t.s("org.looks.theme")) {
                    a href="/theme/auto?next=/account" aria-current=[current(theme == Theme::Auto)] { (t.s("org.looks.auto")) }
                    a href="/theme/light?next=/account" aria-current=[current(theme == Theme::Light)] { (t.s("org.looks.light")) }
                    a href="/theme/dark?next=/account" aria-current=[current(theme == Theme::Dark)] { (t.s("org.looks.dark")) }
                } }
            }
        })
        .into()
}

async fn show_password(ctx: Ctx) -> Outcome<Response> {
    Ok(password_page(&ctx, None))
}

fn password_page(ctx: &Ctx, no: Option<&dyn Refuse>) -> Response {
    let t = ctx.t();
    let title = t.s("org.password.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.password.sub"), ..PageHead::default() }))
        (Card::new(title).body(form::post("/account/password", &ctx.session.csrf, false, html! {
            @if let Some(no) = no { (feedback::refusals(t, &[no])) }
            (form::field(t, &Field::new("old", t.s("org.password.old")).error(no.filter(|no| no.code() == "org.old_password").map(|no| form::message(t, no))), &Input::Password(false)))
            (new_password_fields(t, no.filter(|no| no.code() != "org.old_password")))
            (form::acts(html! { (Button::new(t.s("org.password.verb")).primary().submit()) (Button::link(t.s("act.cancel"), "/account")) }))
        })))
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    let page = Page::new(title, body).crumb(t.s("org.account.title"), "/account").draw(ctx);
    (code, page).into_response()
}

async fn submit_password(from: Caller, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["old", "new", "repeat"])?;
    let change = Change { old: fields.text("old"), new: fields.text("new"), repeat: fields.text("repeat") };
    match change_own(&ctx, &from, &change).await {
        Ok(()) => Ok(after("/account", "org.password_changed")),
        Err(fault) => Ok(password_page(&ctx, Some(&*refused(fault)?))),
    }
}

/// What is typed to change one's own password.
pub(super) struct Change<'a> {
    /// The present one.
    pub(super) old: &'a str,
    /// The new one.
    pub(super) new: &'a str,
    /// The new one again.
    pub(super) repeat: &'a str,
}

/// Changes one's own password; every other session ends.
pub(super) async fn change_own(ctx: &Ctx, from: &Caller, change: &Change<'_>) -> Outcome<()> {
    agreed(change.new, change.repeat, Some(change.old))?;
    let login = own(ctx).await?.person.login;
    door::prove_own(ctx, ctx.person, change.old, &from.tried(login.as_str())).await?;
    let hash = door::hashed(&ctx.app, login.as_str(), change.new).await?;
    let (person, keep) = (ctx.person, ctx.session.id.clone());
    ctx.app.write(&ctx.who, move |op| act::change_password(op, person, &hash, Some(&keep))).await
}

async fn show_first_password(caller: Caller) -> Outcome<Response> {
    let Ok(waiting) = door::waiting(&caller).await else { return Ok(start_again(&caller)) };
    let fields = new_password_fields(caller.app.texts.t(caller.visitor.lang), None);
    Ok(step(&caller, Step::Password, &waiting.session.csrf, &caller.asked("next"), &fields, None))
}

/// The last step of a sign-in with a made-up password: no session before there is a password of one's own.
async fn submit_first_password(form: DoorForm) -> Outcome<Response> {
    form.fields.only(&["new", "repeat", "next"])?;
    let Ok(waiting) = waiting_form(&form, Step::Password).await else { return Ok(start_again(&form.caller)) };
    let app = form.caller.app.clone();
    let person = &waiting.proved.person;
    let changed = async {
        agreed(form.fields.text("new"), form.fields.text("repeat"), None)?;
        let (new, old) = (form.fields.text("new").to_owned(), waiting.proved.secrets.password.clone());
        if door::blocking(move || base::password::verify(&new, &old)).await? {
            return Err(OrgRefusal::SamePassword.into());
        }
        let hash = door::hashed(&app, person.login.as_str(), form.fields.text("new")).await?;
        let who = door::own_op(&waiting.session, form.caller.visitor.trace.clone())?;
        let (id, keep) = (person.id, waiting.session.id.clone());
        app.write(&who, move |op| act::change_password(op, id, &hash, Some(&keep))).await
    };
    match changed.await {
        Ok(()) => passed(&form, &waiting, waiting.session.second_factor).await,
        Err(fault) => {
            let no = refused(fault)?;
            let fields = new_password_fields(app.texts.t(form.caller.visitor.lang), Some(&*no));
            let (csrf, next) = (&waiting.session.csrf, form.fields.text("next"));
            Ok(step(&form.caller, Step::Password, csrf, next, &fields, Some(&*no)))
        }
    }
}

async fn show_factor(ctx: Ctx) -> Outcome<Response> {
    let login = own(&ctx).await?.person.login;
    Ok(factor_page(&ctx, login.as_str(), &door::new_secret(&ctx.app), None))
}

fn factor_page(ctx: &Ctx, login: &str, secret: &Secret, no: Option<&dyn Refuse>) -> Response {
    let t = ctx.t();
    let title = t.s("org.factor.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.factor.sub"), ..PageHead::default() }))
        (Card::new(title).body(form::post("/account/second-factor", &ctx.session.csrf, false, html! {
            @if let Some(no) = no { (feedback::refusals(t, &[no])) }
            (enrol_fields(t, secret, login, no))
            (form::acts(html! { (Button::new(t.s("org.factor.verb")).primary().submit()) (Button::link(t.s("act.cancel"), "/account")) }))
        })))
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    let page = Page::new(title, body).crumb(t.s("org.account.title"), "/account").draw(ctx);
    (code, page).into_response()
}

async fn submit_factor(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["secret", "code"])?;
    match set_factor(&ctx, fields.text("secret"), fields.text("code")).await {
        Ok(cookie) => {
            Ok(caller::with_session(&ctx.app, after(super::recovery::PATH, "org.factor_set"), &cookie))
        }
        Err(fault) => {
            let no = refused(fault)?;
            let secret =
                Secret::from_base32(fields.text("secret")).unwrap_or_else(|| door::new_secret(&ctx.app));
            let login = own(&ctx).await?.person.login;
            Ok(factor_page(&ctx, login.as_str(), &secret, Some(&*no)))
        }
    }
}

/// Sets one's own second factor up: this session counts as proved by it from now on under a new cookie, which is
/// returned, and every other session ends.
pub(super) async fn set_factor(ctx: &Ctx, secret: &str, code: &str) -> Outcome<String> {
    let secret = Secret::from_base32(secret).ok_or(OrgRefusal::SecondFactor)?;
    let (person, code, old) = (ctx.person, code.to_owned(), ctx.session.clone());
    let tokens = (ctx.app.ids.bytes(), ctx.app.ids.bytes());
    ctx.app
        .write(&ctx.who, move |op| {
            act::set_second_factor(op, person, &secret, &code)?;
            let (new, cookie) = session::pass_second_factor(op.tx, &old, &tokens.0, &tokens.1)?;
            act::sessions::revoke_all(op, person, Some(&new.id), "second_factor_set")?;
            Ok(cookie)
        })
        .await
}

async fn remove_factor(from: Caller, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["password"])?;
    match clear_factor(&ctx, &from, fields.text("password")).await {
        Ok(()) => Ok(after("/account", "org.factor_removed")),
        Err(fault) => draw(&ctx, Some(refused(fault)?)).await,
    }
}

/// Takes one's own second factor off after the password.
pub(super) async fn clear_factor(ctx: &Ctx, from: &Caller, password: &str) -> Outcome<()> {
    let login = own(ctx).await?.person.login;
    let whom: Vec<Tried> = from.tried(login.as_str());
    door::prove_own(ctx, ctx.person, password, &whom).await?;
    let person = ctx.person;
    ctx.app.write(&ctx.who, move |op| act::clear_second_factor(op, person)).await
}

async fn end_session(Form { ctx, fields }: Form) -> Outcome<Response> {
    let id = fields.text("session").to_owned();
    ctx.app.write(&ctx.who, move |op| act::end_session(op, &id)).await?;
    Ok(after("/account", "org.session_ended"))
}

async fn end_others(Form { ctx, .. }: Form) -> Outcome<Response> {
    let (person, keep) = (ctx.person, ctx.session.id.clone());
    ctx.app.write(&ctx.who, move |op| act::sign_out_everywhere(op, person, Some(&keep))).await?;
    Ok(after("/account", "org.sessions_ended"))
}

/// Checks the pair of new passwords against each other and against the old one.
pub(super) fn agreed(new: &str, repeat: &str, old: Option<&str>) -> Result<(), OrgRefusal> {
    if new != repeat {
        return Err(OrgRefusal::Repeat);
    }
    if old == Some(new) {
        return Err(OrgRefusal::SamePassword);
    }
    Ok(())
}
