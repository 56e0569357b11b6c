//! 人员: one account with its posts, its life, and what the acting post may do to it.

use super::door;
use super::people::state;
use super::reading::{self, Seen};
use super::sign_in::refused;
use super::words;
use crate::{act, names};
use axum::extract::Path;
use axum::response::Response;
use base::op::Op;
use base::web::problem::status;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::form;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::playbook::Playbook;
use kernel::{PersonId, PostCode, Refused};
use std::collections::BTreeSet;

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Outcome<Response> {
    draw(&ctx, reading::person_id(&id)?, None, None).await
}

/// Draws the page; `made` is a password that is shown this once.
pub(super) async fn draw(
    ctx: &Ctx,
    id: PersonId,
    no: Option<Refused>,
    made: Option<&str>,
) -> Outcome<Response> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let known = book.clone();
    let seen = ctx.app.read(&ctx.who, move |op| reading::person(op, &known, id)).await?;
    let t = ctx.t();
    let title = seen.person.name.clone();
    let body = html! {
        (page_head(&PageHead {
            title: &title,
            eyebrow: Some(html! { (t.s("org.word.account")) " " span.mono { (seen.person.login) } }),
            meta: Some(state(ctx, &seen.person)),
            ..PageHead::default()
        }))
        @if let Some(no) = &no { (feedback::refusal(t, &**no, None)) }
        @if let Some(made) = made { (once(ctx, made)) }
        div.g.g75 {
            div.stack { (posts_card(ctx, &book, &seen)) (history_card(ctx, &book, &seen)) }
            div.stack { (account_card(ctx, &seen)) (acts_card(ctx, &seen)) }
        }
    };
    let mut response = Page::new(title, body).crumb(t.s("org.people.title"), "/people").draw(ctx);
    if let Some(no) = no {
        *response.status_mut() = status(no.kind());
    }
    Ok(response)
}

/// The made-up password: shown once, never stored in the clear, never in an address.
fn once(ctx: &Ctx, made: &str) -> Markup {
    let t = ctx.t();
    feedback::note(
        Tone::Warn,
        html! {
            b { (t.s("org.once.title")) } " "
            code.mono { (made) }
            p { (t.s("org.once.text")) }
        },
    )
}

fn account_card(ctx: &Ctx, seen: &Seen) -> Markup {
    let (t, p) = (ctx.t(), &seen.person);
    let locked = html! {
        @if seen.locked > 0 { b.c-r { (t.f("org.state.locked", &[("n", &minutes(seen.locked))])) } }
        @else { (t.s("word.no")) }
    };
    let lines = [
        (t.s("org.word.login"), html! { span.mono { (p.login) } }),
        (t.s("org.word.name"), html! { (p.name) }),
        (t.s("org.word.email"), html! { @if p.email.is_empty() { (t.s("word.none")) } @else { (p.email) } }),
        (
            t.s("org.word.second_factor"),
            html! { (t.s(if p.second_factor { "org.factor.is_on" } else { "org.factor.is_off" })) },
        ),
        (t.s("org.word.locked"), locked),
        (t.s("org.word.sessions"), html! { (seen.sessions) }),
        (t.s("org.word.since"), html! { (when::day_full(ctx.lang(), p.created_at.day())) }),
    ];
    Card::new(t.s("org.word.account")).body(facts(&lines)).into()
}

/// Seconds in whole minutes, rounded up.
fn minutes(seconds: i64) -> i64 {
    (seconds + 59) / 60
}

fn posts_card(ctx: &Ctx, book: &Playbook, seen: &Seen) -> Markup {
    let t = ctx.t();
    let path = format!("/people/{}", seen.person.id);
    let rows = seen.holdings.iter().map(|h| {
        let unit = book.post(&h.post).map(|p| p.unit.clone());
        let name = html! {
            span.t {
                @match &unit { Some(unit) => a href={ "/units/" (unit) } { (names::unit_and_post(book, &h.post, ctx.lang())) }, None => (h.post) }
            }
            span.s.mono { (h.post) }
        };
        let act = html! {
            @if h.until.is_none() && seen.may.appoint {
                form.ctx-act method="post" action={ (path) "/relieve" } {
                    (form::token(&ctx.session.csrf)) (form::hidden("post", h.post.as_str()))
                    (Button::new(t.s("org.person.relieve")).small().weight(Weight::Danger).submit())
                }
            } @else if h.until.is_none() { (mark::tag(t.s("org.word.now"))) }
        };
        let roles = book.post(&h.post).map(|p| words::roles(t, p.role_set()));
        vec![name, html! { @if let Some(roles) = roles { (roles) } }, words::span(t, h.since, h.until), act]
    });
    let list = Table {
        caption: t.s("org.word.posts"),
        cols: vec![
            Col::text(t.s("org.word.post")),
            Col::text(t.s("org.word.roles")).secondary(),
            Col::text(t.s("org.word.held")),
            Col::text(""),
        ],
        rows: rows.collect(),
        stacked: true,
        ..Table::default()
    };
    let body = html! {
        @if seen.holdings.is_empty() { (feedback::empty("id-badge-2", t.s("org.people.no_post"), t.s("org.person.no_post_text"), false, None)) }
        @else { (table(&list)) }
        @if seen.may.appoint { (appoint_form(ctx, book, seen, &path)) }
    };
    Card::new(t.s("org.word.posts")).measure(t.s("org.person.posts_sub")).flush(body).into()
}

/// Vacant posts first, then those that somebody holds (a post may have several holders).
fn appoint_form(ctx: &Ctx, book: &Playbook, seen: &Seen, path: &str) -> Markup {
    let t = ctx.t();
    let vacant: BTreeSet<&PostCode> = seen.vacant.iter().collect();
    let (free, taken): (Vec<&PostCode>, Vec<&PostCode>) =
        book.org.posts.keys().partition(|code| vacant.contains(code));
    let group = |label: &str, codes: &[&PostCode]| {
        html! {
            optgroup label=(label) {
                @for code in codes { option value=(code) { (names::unit_and_post(book, code, ctx.lang())) } }
            }
        }
    };
    html! {
        form.fct method="post" action={ (path) "/appoint" } {
            (form::token(&ctx.session.csrf))
            label for="post" { (t.s("org.person.appoint_to")) }
            select #post.form-select.form-select-sm.w-auto.mw-100 name="post" required {
                option value="" { (t.s("form.choose")) }
                (group(t.s("org.person.vacant"), &free))
                (group(t.s("org.person.taken"), &taken))
            }
            (Button::new(t.s("org.person.appoint")).small().submit())
        }
    }
}

fn acts_card(ctx: &Ctx, seen: &Seen) -> Markup {
    let (t, may) = (ctx.t(), seen.may);
    let path = format!("/people/{}", seen.person.id);
    if !(may.disable || may.reset || may.unlock || may.revoke) {
        return html! {};
    }
    let one = |verb: &str, word: &str, why: &str, weight: Weight| {
        html! {
            div {
                (form::act(&format!("{path}/{verb}"), &ctx.session.csrf, html! { (Button::new(word).weight(weight).submit()) }))
                p.muted.xs { (why) }
            }
        }
    };
    let body = html! {
        div.stack {
            @if may.reset { (one("reset-password", t.s("org.person.reset"), t.s("org.person.reset_why"), Weight::Plain)) }
            @if may.unlock && seen.locked > 0 { (one("unlock", t.s("org.person.unlock"), t.s("org.person.unlock_why"), Weight::Plain)) }
            @if may.revoke && seen.sessions > 0 { (one("sign-out", t.s("org.person.sign_out"), t.s("org.person.sign_out_why"), Weight::Plain)) }
            @if may.disable && seen.person.active { (one("disable", t.s("org.person.disable"), t.s("org.person.disable_why"), Weight::Danger)) }
            @if may.disable && !seen.person.active { (one("enable", t.s("org.person.enable"), t.s("org.person.enable_why"), Weight::Plain)) }
        }
    };
    Card::new(t.s("org.person.acts")).measure(t.s("org.person.acts_sub")).body(body).into()
}

fn history_card(ctx: &Ctx, book: &Playbook, seen: &Seen) -> Markup {
    let (t, today) = (ctx.t(), ctx.now().day());
    let card = Card::new(t.s("org.person.history")).measure(t.s("org.person.history_sub"));
    let Some(history) = &seen.history else {
        return card.body(feedback::note(Tone::Plain, html! { (t.s("org.person.history_closed")) })).into();
    };
    let rows = history.iter().rev().map(|e| {
        let hash = base::hex(&e.commitment);
        vec![
            html! { (words::event(t, book, e)) },
            html! { (words::actor(t, book, &e.actor)) },
            html! { span.nowrap { (when::moment(ctx.lang(), e.at, today)) } },
            html! { a href={ "/log/" (ctx.district()) "/receipt/" (e.id) } { (mark::hash(&hash)) } },
        ]
    });
    let list = Table {
        caption: t.s("org.person.history"),
        cols: vec![
            Col::text(t.s("org.word.what")),
            Col::text(t.s("org.word.by")),
            Col::text(t.s("word.time")),
            Col::text(t.s("org.word.receipt")).secondary(),
        ],
        rows: rows.collect(),
        tight: true,
        stacked: true,
    };
    card.flush(table(&list)).into()
}

/// Does an act on an account and goes back to its page, which says that it was done.
async fn done<F>(ctx: &Ctx, given: &str, word: &str, act: F) -> Outcome<Response>
where
    F: FnMut(&mut Op<'_, '_>) -> Outcome<()> + Send + 'static,
{
    let id = reading::person_id(given)?;
    match ctx.app.write(&ctx.who, act).await {
        Ok(()) => Ok(after(&format!("/people/{id}"), word)),
        Err(fault) => again(ctx, id, fault).await,
    }
}

/// The page with the refusal on it; when the page itself may not be seen, the refusal alone.
async fn again(ctx: &Ctx, id: PersonId, fault: Fault) -> Outcome<Response> {
    draw(ctx, id, Some(refused(fault)?), None).await
}

pub(super) async fn appoint(Path(id): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["post"])?;
    let (person, post) = (reading::person_id(&id)?, PostCode::parse("post", fields.text("post")));
    match post {
        Ok(post) => done(&ctx, &id, "org.appointed", move |op| act::appoint(op, person, &post)).await,
        Err(no) => again(&ctx, person, no.into()).await,
    }
}

pub(super) async fn relieve(Path(id): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["post"])?;
    let (person, post) = (reading::person_id(&id)?, PostCode::parse("post", fields.text("post"))?);
    done(&ctx, &id, "org.relieved", move |op| act::relieve(op, person, &post)).await
}

pub(super) async fn disable(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let person = reading::person_id(&id)?;
    done(&ctx, &id, "org.disabled", move |op| act::disable(op, person)).await
}

pub(super) async fn enable(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let person = reading::person_id(&id)?;
    done(&ctx, &id, "org.enabled", move |op| act::enable(op, person)).await
}

pub(super) async fn unlock(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let person = reading::person_id(&id)?;
    done(&ctx, &id, "org.unlocked", move |op| act::unlock(op, person)).await
}

pub(super) async fn sign_out(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let person = reading::person_id(&id)?;
    done(&ctx, &id, "org.sessions_ended", move |op| act::sign_out_everywhere(op, person, None)).await
}

pub(super) async fn reset(Path(id): Path<String>, Form { ctx, .. }: Form) -> Outcome<Response> {
    let id = reading::person_id(&id)?;
    match reset_to_made_up(&ctx, id).await {
        Ok(made) => draw(&ctx, id, None, Some(&made)).await,
        Err(fault) => again(&ctx, id, fault).await,
    }
}

/// Replaces a password by a made-up one, which is returned once.
pub(super) async fn reset_to_made_up(ctx: &Ctx, id: PersonId) -> Outcome<String> {
    let made = door::made_up(&ctx.app);
    let hash = door::hashed(&ctx.app, "", &made).await?;
    ctx.app.write(&ctx.who, move |op| act::reset_password(op, id, &hash)).await?;
    Ok(made)
}
