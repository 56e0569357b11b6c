//! 人员与账号: the list, a new account.

use super::door;
use super::reading::{self, Listed};
use super::sign_in::refused;
use super::words;
use crate::act::{self, NewPerson};
use crate::model::Login;
use crate::names;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::web::form::Fields;
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{self, Field, Input};
use base::web::ui::list::{Col, Pager, Table, filtered, pager, table, title_cell};
use base::web::ui::{Markup, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, encode};
use kernel::PersonId;
use kernel::playbook::Playbook;
use kernel::text::Title;
use kernel::{Malformed, Refuse, Words};

/// Rows of a page of the list.
const ROWS: u32 = 50;

pub(super) async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["q", "after"])?;
    let (text, after) = (fields.text("q").trim().to_owned(), fields.text("after").to_owned());
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (known, asked) = (book.clone(), text.clone());
    let read = ctx.app.read(&ctx.who, move |op| {
        let may = (reading::may_create(op), reading::may_integrate(op));
        Ok((reading::people(op, &known, &after, &asked, ROWS + 1)?, may))
    });
    let (mut found, (may_create, may_integrate)) = read.await?;
    let more = found.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| more).map(|l| l.person.login.to_string());
    let next = last.map(|login| format!("/people?q={}&after={}", encode(&text), encode(&login)));
    let t = ctx.t();
    let title = t.s("org.people.title");
    let names = if text.is_empty() { Vec::new() } else { vec![text.as_str()] };
    let acts = html! {
        (Button::link(t.s("nav.people"), "/units").icon("sitemap"))
        @if may_integrate { (Button::link(t.s("org.hook.title"), "/integrations").icon("link")) }
        @if may_create { (Button::link(t.s("org.people.new"), "/people/new").primary().icon("users-plus")) }
    };
    let search = html! {
        form.filters role="search" method="get" action="/people" {
            input.form-control.form-control-sm.w-auto name="q" type="search" value=(text) maxlength="40" aria-label=(t.s("org.people.find")) placeholder=(t.s("org.people.find"));
            (Button::new(t.s("act.search")).small().submit())
        }
    };
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.people.sub"), acts: Some(acts), ..PageHead::default() }))
        (Card::new(t.s("org.people.list")).measure(t.s("org.people.list_sub")).tools(search).flush(html! {
            (filtered(t, &names, "/people"))
            @if found.is_empty() { (feedback::empty("users", t.s("org.people.none"), t.s("org.people.none_text"), false, None)) }
            @else { (rows(&ctx, &book, &found)) (pager(t, &Pager { next, ..Pager::default() })) }
        }))
    };
    Ok(Page::new(title, body).draw(&ctx))
}

fn rows(ctx: &Ctx, book: &Playbook, found: &[Listed]) -> Markup {
    let t = ctx.t();
    let row = |l: &Listed| {
        let posts: Vec<String> = l.posts.iter().map(|p| names::unit_and_post(book, p, ctx.lang())).collect();
        let held = html! {
            @if posts.is_empty() { span.muted { (t.s("org.people.no_post")) } }
            @for post in &posts { div { (post) } }
        };
        vec![
            title_cell(&format!("/people/{}", l.person.id), l.person.login.as_str(), &l.person.name),
            held,
            state(ctx, &l.person),
            html! { (t.s(if l.person.second_factor { "word.yes" } else { "word.no" })) },
            html! { span.nowrap { (when::day_full(ctx.lang(), l.person.created_at.day())) } },
        ]
    };
    table(&Table {
        caption: t.s("org.people.title"),
        cols: vec![
            Col::text(t.s("org.word.account")),
            Col::text(t.s("org.word.posts")),
            Col::text(t.s("org.word.state")),
            Col::text(t.s("org.word.second_factor")).secondary(),
            Col::text(t.s("org.word.since")).secondary(),
        ],
        rows: found.iter().map(row).collect(),
        stacked: true,
        ..Table::default()
    })
}

/// The state of an account in a tag.
pub(super) fn state(ctx: &Ctx, person: &crate::model::Person) -> Markup {
    let t = ctx.t();
    html! {
        span.row-f {
            @if person.active { (mark::tag(t.s("org.state.active"))) } @else { (mark::tag_outline(t.s("org.state.disabled"))) }
            @if person.must_change { (mark::tag_outline(t.s("org.state.must_change"))) }
        }
    }
}

pub(super) async fn show_new(ctx: Ctx) -> Outcome<Response> {
    ctx.app
        .read(&ctx.who, |op| {
            op.judge(kernel::access::Action::AccountCreate, &kernel::access::Resource::new())
        })
        .await?;
    Ok(new_page(&ctx, &Fields::default(), None))
}

fn new_page(ctx: &Ctx, typed: &Fields, no: Option<&dyn Refuse>) -> Response {
    let t = ctx.t();
    let title = t.s("org.people.new");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.people.new_sub"), ..PageHead::default() }))
        (Card::new(title).body(form::post("/people/new", &ctx.session.csrf, false, html! {
            @if let Some(no) = no { (feedback::refusals(t, &[no])) }
            (form::pair(
                form::field(t, &Field::new("login", t.s("org.word.login")).hint(t.s("org.people.login_hint")).value(typed.text("login")).refused(t, no), &Input::Text(32)),
                form::field(t, &Field::new("name", t.s("org.word.name")).hint(t.s("org.people.name_hint")).value(typed.text("name")).refused(t, no), &Input::Text(40)),
            ))
            (form::field(t, &Field::new("email", t.s("org.word.email")).optional().value(typed.text("email")).refused(t, no), &Input::Text(120)))
            (form::acts(html! { (Button::new(t.s("org.people.create")).primary().submit()) (Button::link(t.s("act.cancel"), "/people")) }))
        })))
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    (code, Page::new(title, body).crumb(t.s("org.people.title"), "/people").draw(ctx)).into_response()
}

/// The address of a new account: none, or something with one `@` and a dot behind it.
fn email(given: &str) -> Result<String, Malformed> {
    let text = given.trim();
    let well = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control()) && text.chars().count() <= 120;
    if text.is_empty() || (well && plain) {
        return Ok(text.to_owned());
    }
    Err(Malformed::new(
        "org.email",
        "email",
        given,
        Words::new("不是有效的邮箱地址", "This is not a mail address"),
        Words::new("请核对后重填，或留空", "Check it, or leave it empty"),
    ))
}

/// The name of a new account: 1 to 40 characters.
fn name(given: &str) -> Result<String, Malformed> {
    let title = Title::parse("name", given)?;
    if title.as_str().chars().count() > 40 {
        return Err(Malformed::new(
            "text.too_long",
            "name",
            given,
            Words::new("姓名或称谓超过40个字", "The name has more than 40 characters"),
            Words::new("请缩短后重新提交", "Shorten it and submit again"),
        ));
    }
    Ok(title.as_str().to_owned())
}

/// A new account ready to be stored, and the password that was made up for it: shown once, kept nowhere in the clear.
pub(super) async fn prepared(
    ctx: &Ctx,
    login: &str,
    given: &str,
    mail: &str,
) -> Outcome<(NewPerson, String)> {
    let (login, name, email) = (Login::parse("login", login)?, name(given)?, email(mail)?);
    let made = door::made_up(&ctx.app);
    let password_hash = door::hashed(&ctx.app, login.as_str(), &made).await?;
    Ok((NewPerson { login, name, email, password_hash, must_change: true }, made))
}

async fn create(ctx: &Ctx, fields: &Fields) -> Outcome<(PersonId, String)> {
    let (new, made) = prepared(ctx, fields.text("login"), fields.text("name"), fields.text("email")).await?;
    Ok((ctx.app.write(&ctx.who, move |op| act::add(op, &new)).await?, made))
}

pub(super) async fn submit_new(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["login", "name", "email"])?;
    match create(&ctx, &fields).await {
        Ok((id, made)) => super::person::draw(&ctx, id, None, Some(&made)).await,
        Err(fault) => Ok(new_page(&ctx, &fields, Some(&*refused(fault)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_parsed_at_the_door() {
        for good in ["", "  ", "fgj@guandu.example", "a.b-c@x.y.z"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["fgj", "@x.y", "a@b", "a b@x.y", "a@x.y.", "a@@x.y"] {
            assert_eq!(email(bad).unwrap_err().code(), "org.email", "{bad}");
        }
        assert!(name("区发改局承办人").is_ok());
        assert!(name("").is_err());
        assert!(name(&"长".repeat(41)).is_err());
    }
}
