//! `/topics`: causes of the month: the list, opening one, one with its duties and its effect, closing it.

mod form;
mod one;
#[cfg(test)]
mod tests;

use super::boards::rows::Rows;
use crate::topic::{self, Topic};
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use base::Outcome;
use base::core::App;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::{Markup, feedback, html, when};
use base::web::{Ctx, Page, RouteInfo};
use kernel::access::{Action, Resource};

/// Routes of topics.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/topics", get(page).post(form::open))
        .route("/topics/new", get(form::page))
        .route("/topics/{no}", get(one::page))
        .route("/topics/{no}/close", post(one::close))
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] = &[
    route("GET", "/topics", "topic.read"),
    route("POST", "/topics", "topic.open"),
    route("GET", "/topics/new", "topic.open"),
    route("GET", "/topics/{no}", "topic.read"),
    route("POST", "/topics/{no}/close", "topic.open"),
];

async fn page(ctx: Ctx) -> Outcome<Response> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (topics, may) = ctx
        .app
        .read(&ctx.who, |op| {
            op.judge(Action::TopicRead, &Resource::new())?;
            let may = op.judge(Action::TopicOpen, &Resource::new()).is_ok();
            Ok((topic::list(op.tx, op.district(), 200)?, may))
        })
        .await?;
    let look = Rows::new(&ctx, &book)?;
    let t = ctx.t();
    let acts = html! {
        @if may { (Button::link(t.s("topics.new"), "/topics/new").primary().icon("plus")) }
        (Button::link(t.s("hot.title"), "/cases/hot").icon("trending-up"))
    };
    let head = PageHead {
        title: t.s("topics.title"),
        sub: t.s("topics.sub"),
        acts: Some(acts),
        ..PageHead::default()
    };
    let body = html! {
        (page_head(&head))
        @if topics.is_empty() {
            section.card { (feedback::empty("bulb", t.s("topics.none"), t.s("topics.none_text"), false, None)) }
        } @else { (Card::new(t.s("topics.title")).flush(listing(&look, &topics))) }
    };
    Ok(Page::new(t.s("topics.title"), body).class("p-topics").draw(&ctx))
}

fn listing(look: &Rows<'_>, topics: &[Topic]) -> Markup {
    let t = look.t;
    let line = |topic: &Topic| {
        vec![
            title_cell(&format!("/topics/{}", topic.no), topic.title.as_str(), &topic.no),
            html! { (look.category(topic.category.as_str())) br; small.sub { (scope(look, topic)) } },
            html! { (topic.duties.len()) },
            html! { (when::day_full(t.lang(), topic.opened_at.day())) },
            html! { @match &topic.closing {
                Some(closing) => (t.f("topics.closed_on", &[("day", &when::day_full(t.lang(), closing.at.day()))])),
                None => b { (t.s("topics.open")) },
            } },
        ]
    };
    let cols = vec![
        Col::text(t.s("topics.topic")),
        Col::text(t.s("boards.category")),
        Col::number(t.s("topics.duties")),
        Col::text(t.s("topics.opened")),
        Col::text(t.s("topics.state")),
    ];
    let rows = topics.iter().map(line).collect();
    table(&Table { caption: t.s("topics.title"), cols, rows, tight: false, stacked: true })
}

/// The place, or the whole district.
fn scope(look: &Rows<'_>, topic: &Topic) -> String {
    topic.place.as_ref().map_or_else(|| look.t.s("topics.district").to_owned(), |place| look.unit(place))
}
