//! What the pages of signing in look like.

use super::caller::Caller;
use super::door::Step;
use crate::model::{Login, Seat};
use crate::names;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::core::App;
use base::i18n::T;
use base::qr::qr;
use base::totp::Secret;
use base::web::form::Fields;
use base::web::page::bare;
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::form::{self, Choice, Field, Input};
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use kernel::access::Role;
use kernel::playbook::Playbook;
use kernel::{Lang, Refuse};

/// The password of every account of the demonstration. It opens nothing else: the page offers it only when the program
/// runs on simulated data, and a real installation makes its accounts with passwords of their own.
pub const DEMO_PASSWORD: &str = "guandu-demo-2019";

/// What the first page shows.
#[derive(Default)]
pub(super) struct First<'a> {
    /// Where to go afterwards.
    pub(super) next: &'a str,
    /// Why the try before was refused.
    pub(super) no: Option<&'a dyn Refuse>,
    /// What was typed.
    pub(super) typed: Fields,
    /// Posts of the demonstration: all that the page lists, and what was searched for.
    pub(super) demo: Option<(Vec<DemoPost>, String)>,
}

/// A post of the demonstration.
pub(super) struct DemoPost {
    unit: String,
    post: String,
    role: String,
    login: String,
}

/// The posts that the demonstration names (one for each role when it names none), or those that a search finds, at
/// most 60.
pub(super) fn demo_posts(
    book: &Playbook,
    seats: &[Seat],
    named: &[Login],
    query: &str,
    lang: Lang,
) -> Vec<DemoPost> {
    let row = |seat: &Seat| {
        let post = book.post(&seat.post)?;
        let role = post.role_set().iter().next().map(|role| role.name(lang).to_owned()).unwrap_or_default();
        let unit = names::unit(book, &post.unit, lang);
        Some(DemoPost { unit, post: post.title.get(lang).to_owned(), role, login: seat.login.to_string() })
    };
    if !query.is_empty() {
        let wanted = query.to_lowercase();
        let fits = |row: &DemoPost| {
            [&row.unit, &row.post, &row.role, &row.login]
                .iter()
                .any(|text| text.to_lowercase().contains(&wanted))
        };
        return seats.iter().filter_map(row).filter(fits).take(60).collect();
    }
    if !named.is_empty() {
        let seat = |login: &Login| seats.iter().find(|seat| seat.login == *login);
        return named.iter().filter_map(seat).filter_map(row).collect();
    }
    let mut chosen: Vec<&Seat> = Vec::new();
    for role in Role::ALL {
        let has = |seat: &&Seat| book.post(&seat.post).is_some_and(|p| p.role_set().contains(*role));
        if let Some(seat) = seats.iter().find(has)
            && !chosen.iter().any(|known| known.post == seat.post)
        {
            chosen.push(seat);
        }
    }
    chosen.into_iter().filter_map(row).collect()
}

/// The first page: district where there are several, login, password.
pub(super) fn first(caller: &Caller, page: &First) -> Response {
    let app = &caller.app;
    let t = app.texts.t(caller.visitor.lang);
    let title = t.s("org.sign_in.title");
    let body = html! {
        div.stack {
            section.card aria-label=(title) {
                div.card-body {
                    h1 { (title) }
                    p.lead { (t.s("org.sign_in.lead")) }
                    form.frm.w method="post" action="/sign-in" {
                        @if let Some(no) = page.no { (feedback::refusal(t, no, None)) }
                        @else if caller.asked("ok") == "org.signed_out" { (feedback::note(Tone::Good, html! { (t.s("done.org.signed_out")) })) }
                        (form::hidden("next", page.next))
                        (district_field(app, t, &page.typed))
                        (form::field(t, &Field::new("login", t.s("org.word.login")).value(page.typed.text("login")).error(marked(t, page.no)), &Input::Text(32)))
                        (form::field(t, &Field::new("password", t.s("org.word.password")), &Input::Password(false)))
                        (Button::new(t.s("act.sign_in")).primary().icon("login-2").submit())
                    }
                }
                footer.card-footer { span.muted { (t.s("org.sign_in.forgot")) } }
            }
            @if let Some((posts, query)) = &page.demo { (demo(t, posts, query, page.next)) }
        }
    };
    let class = if page.demo.is_some() { "p-sign w" } else { "p-sign" };
    let code = page.no.map_or(StatusCode::OK, |no| status(no.kind()));
    let mut response = (code, bare(app, &caller.visitor, title, class, body)).into_response();
    if let Some(wait) = page.no.filter(|no| no.kind() == kernel::Kind::TooMany).and_then(Refuse::value)
        && let Ok(value) = wait.parse()
    {
        response.headers_mut().insert(axum::http::header::RETRY_AFTER, value);
    }
    response
}

/// The login field is marked when the pair was refused, without saying which half was wrong.
fn marked(t: T, no: Option<&dyn Refuse>) -> Option<String> {
    no.filter(|no| no.code() == "org.sign_in").map(|no| t.say(&no.reason(t.lang())).into_owned())
}

fn district_field(app: &App, t: T, typed: &Fields) -> Markup {
    let served = app.districts();
    let name = |code: kernel::DistrictCode| {
        let book = app.book(code, app.now().day());
        book.map_or_else(|_| code.to_string(), |book| book.head.name.get(t.lang()).to_owned())
    };
    let choices: Vec<Choice> = served.iter().map(|code| Choice::new(code.to_string(), name(*code))).collect();
    html! {
        @if choices.len() > 1 {
            (form::field(t, &Field::new("district", t.s("org.word.district")).value(typed.text("district")), &Input::Select(&choices)))
        }
    }
}

fn demo(t: T, posts: &[DemoPost], query: &str, next: &str) -> Markup {
    let title = t.s("org.demo.title");
    let rows = posts.iter().map(|row| {
        let enter = html! {
            form.ctx-act method="post" action="/sign-in" {
                (form::hidden("login", &row.login)) (form::hidden("password", DEMO_PASSWORD)) (form::hidden("next", next))
                (Button::new(t.s("org.demo.enter")).small().submit())
            }
        };
        vec![
            html! { span.t { (row.unit) } span.s { (row.post) } },
            html! { (row.role) },
            html! { span.mono { (row.login) } },
            enter,
        ]
    });
    let shown = Table {
        caption: title,
        cols: vec![
            Col::text(t.s("org.demo.who")),
            Col::text(t.s("org.word.role")),
            Col::text(t.s("org.word.login")).secondary(),
            Col::text(""),
        ],
        rows: rows.collect(),
        tight: true,
        stacked: false,
    };
    html! {
        section.card aria-label=(title) {
            header.card-header {
                div.gd-ch { h2.card-title { (title) } p.gd-csub { (t.f("org.demo.sub", &[("password", &DEMO_PASSWORD)])) } }
                div.gd-ctools { (mark::sim(t, Some(t.s("shell.demo")))) }
            }
            div.card-body.p-0 {
                form.fct method="get" action="/sign-in" role="search" {
                    (form::hidden("next", next))
                    label for="demo-q" { (t.s("org.demo.find")) }
                    input #demo-q.form-control.form-control-sm.w-auto name="q" type="search" value=(query) maxlength="40";
                    (Button::new(t.s("act.search")).small().submit())
                    @if !query.is_empty() { a href="/sign-in" { (t.s("filter.clear")) } }
                }
                @if posts.is_empty() { (feedback::empty("search", t.s("org.demo.none"), t.s("org.demo.none_text"), false, None)) }
                @else { (table(&shown)) }
            }
        }
    }
}

/// The page of a step between password and session.
pub(super) fn step(
    caller: &Caller,
    step: Step,
    csrf: &str,
    next: &str,
    inner: &Markup,
    no: Option<&dyn Refuse>,
) -> Response {
    let t = caller.app.texts.t(caller.visitor.lang);
    let (title, lead, verb) = match step {
        Step::Code => (t.s("org.code.title"), t.s("org.code.lead"), t.s("org.code.verb")),
        Step::Enrol => (t.s("org.factor.title"), t.s("org.factor.wanted"), t.s("org.factor.verb")),
        Step::Password => (t.s("org.password.title"), t.s("org.password.wanted"), t.s("org.password.verb")),
    };
    let body = html! {
        section.card aria-label=(title) {
            div.card-body {
                h1 { (title) }
                p.lead { (lead) }
                form.frm.w method="post" action=(step.path()) {
                    (form::token(csrf)) (form::hidden("next", next))
                    @if let Some(no) = no { (feedback::refusal(t, no, None)) }
                    (inner)
                    (Button::new(verb).primary().submit())
                }
            }
            footer.card-footer { a href="/sign-in" { (t.s("org.sign_in.other")) } }
        }
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    (code, bare(&caller.app, &caller.visitor, title, "p-sign", body)).into_response()
}

/// The field for a code.
pub(super) fn code_field(t: T, no: Option<&dyn Refuse>) -> Markup {
    let bad = no.is_some_and(|no| no.field() == Some("code"));
    html! {
        div.fld.err[bad] {
            label for="code" { (t.s("org.word.code")) }
            input #code.form-control name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="9"
                required aria-describedby="code-h" aria-invalid=[bad.then_some("true")];
            span.hint #code-h { (t.s("org.code.hint")) }
        }
    }
}

/// The code of the phone or, folded away, a recovery code in its place.
pub(super) fn code_or_recovery(t: T, no: Option<&dyn Refuse>) -> Markup {
    let lost = no.filter(|no| no.code() == "org.recovery_code");
    html! {
        (code_field(t, no.filter(|_| lost.is_none())))
        details open[lost.is_some()] {
            summary { (t.s("org.recovery.lost")) }
            (form::field(t, &Field::new("recovery", t.s("org.recovery.code")).optional().hint(t.s("org.recovery.code_hint")).error(lost.map(|no| form::message(t, no))), &Input::Text(20)))
        }
    }
}

/// Picture and text of a new secret, and the field that proves that the phone has it.
pub(super) fn enrol_fields(t: T, secret: &Secret, login: &str, no: Option<&dyn Refuse>) -> Markup {
    let text = secret.base32();
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    html! {
        div.rcw {
            (qr(&secret.uri(t.s("shell.name"), login), t.s("org.factor.picture")))
            div.stack {
                ol.sm { li { "1 " (t.s("org.factor.one")) } li { "2 " (t.s("org.factor.two")) } li { "3 " (t.s("org.factor.three")) } }
                p.xs { span.muted { (t.s("org.factor.by_hand")) } br; code.mono { (groups.join(" ")) } }
            }
        }
        (form::hidden("secret", &text))
        (code_field(t, no))
    }
}

/// The fields of a new password.
pub(super) fn new_password_fields(t: T, no: Option<&dyn Refuse>) -> Markup {
    let weak = no.filter(|no| no.code().starts_with("password.") || no.field() == Some("new"));
    html! {
        (form::field(t, &Field::new("new", t.s("org.password.new")).hint(t.s("org.password.hint")).error(weak.map(|no| form::message(t, no))), &Input::Password(true)))
        (form::field(t, &Field::new("repeat", t.s("org.password.repeat")).refused(t, no), &Input::Password(true)))
    }
}
