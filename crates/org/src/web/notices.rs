//! 通知: what the program told the acting post, newest first.

use super::reading;
use super::words;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form;
use base::web::ui::list::{Col, Pager, Table, pager, table};
use base::web::ui::{feedback, html, mark, when};
use base::web::{Ctx, Form, Page, after};

/// Rows of a page.
const ROWS: usize = 50;

pub(super) async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["before"])?;
    let before = fields.text("before").to_owned();
    let first = before.is_empty();
    let limit = u32::try_from(ROWS + 1).unwrap_or(51);
    let mut given = ctx.app.read(&ctx.who, move |op| reading::notices(op, &before, limit)).await?;
    let next = (given.len() > ROWS)
        .then(|| given.get(ROWS - 1).map(|n| format!("/notices?before={}", n.id)))
        .flatten();
    given.truncate(ROWS);
    let (t, today) = (ctx.t(), ctx.now().day());
    let title = t.s("org.notices.title");
    let rows = given.iter().map(|n| {
        let words = t.words(&n.words);
        vec![
            html! { span.t { @if n.link.is_empty() { (words) } @else { a href=(base::web::page::inside(&n.link)) { (words) } } } },
            html! { @if n.read_at.is_none() { (mark::tag_strong(t.s("org.notices.unread"))) } },
            html! { span.nowrap { (when::moment(ctx.lang(), n.at, today)) } },
        ]
    });
    let listed = Table {
        caption: title,
        cols: vec![
            Col::text(t.s("org.notices.what")),
            Col::text(t.s("org.word.state")),
            Col::text(t.s("word.time")),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    let unread = given.iter().any(|n| n.read_at.is_none());
    let acts = unread.then(|| {
        form::act(
            "/notices/read",
            &ctx.session.csrf,
            html! { (Button::new(t.s("org.notices.read_all")).icon("checks").submit()) },
        )
    });
    let prev = (!first).then(|| "/notices".to_owned());
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.notices.sub"), acts, ..PageHead::default() }))
        (Card::new(t.s("org.notices.list")).flush(html! {
            @if given.is_empty() { (feedback::empty("bell", t.s("org.notices.none"), t.s("org.notices.none_text"), false, None)) }
            @else { (table(&listed)) (pager(t, &Pager { prev, next, ..Pager::default() })) }
        }))
    };
    Ok(Page::new(title, body).draw(&ctx))
}

pub(super) async fn read(Form { ctx, .. }: Form) -> Outcome<Response> {
    ctx.app.write(&ctx.who, reading::read_notices).await?;
    Ok(after("/notices", "org.notices_read"))
}
