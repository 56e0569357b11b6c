//! `/cases/hot`: hot issues as the last look found them, and the cases behind each. The page reads what was kept; a look
//! is taken by the periodic job, or here by who may open topics.

#[cfg(test)]
pub(in crate::web) mod tests;

use super::boards::place_cases;
use super::boards::rows::{Rows, case_table};
use crate::act;
use crate::hot::{self, Issue};
use crate::model::{Cursor, Filter, Order};
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use base::Outcome;
use base::core::App;
use base::web::form::{Fields, pairs};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Pager, Table, pager, table};
use base::web::ui::{Markup, feedback, form, html, mark, when};
use base::web::{Ctx, Form, Page, RouteInfo, after, encode};
use kernel::UnitCode;
use kernel::access::{Action, Resource};
use kernel::money::Decimal;

/// Cases on a page.
const PAGE: u32 = 50;

/// Routes of hot issues.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/cases/hot", get(page))
        .route("/cases/hot/cases", get(cases))
        .route("/cases/hot/look", post(look))
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] = &[
    RouteInfo { method: "GET", path: "/cases/hot", needs: "case.boards" },
    RouteInfo { method: "GET", path: "/cases/hot/cases", needs: "case.list" },
    RouteInfo { method: "POST", path: "/cases/hot/look", needs: "topic.open" },
];

async fn page(ctx: Ctx) -> Outcome<Response> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (found, may) = ctx
        .app
        .read(&ctx.who, |op| {
            op.judge(Action::CaseBoards, &Resource::new())?;
            let may = op.judge(Action::TopicOpen, &Resource::new()).is_ok();
            Ok((hot::found(op.tx, op.district())?, may))
        })
        .await?;
    let (at, issues) = found;
    let look = Rows::new(&ctx, &book)?;
    let t = ctx.t();
    let rules = book.case_rules().map(|rules| rules.hot);
    let (people, days) = rules.map_or((0, 0), |hot| (hot.people, hot.days));
    let sub = t.f("hot.sub", &[("people", &people), ("days", &days)]);
    let acts = html! {
        @if may { (form::act("/cases/hot/look", &ctx.session.csrf, Button::new(t.s("hot.look")).icon("refresh").submit())) }
        (Button::link(t.s("topics.title"), "/topics").icon("bulb"))
    };
    let meta = at.map(|at| html! { span.muted { (t.f("hot.as_of", &[("at", &when::moment(t.lang(), at, ctx.now().day()))])) } });
    let head = PageHead { title: t.s("hot.title"), sub: &sub, acts: Some(acts), meta, ..PageHead::default() };
    let body = html! {
        (page_head(&head))
        @if issues.is_empty() {
            section.card { (feedback::empty("trending-up", t.s("hot.none"), t.s("hot.none_text"), false, None)) }
        } @else { (Card::new(t.s("hot.list")).measure(t.s("hot.measure")).flush(issue_table(&look, &issues, may))) }
        (Card::new(t.s("hot.how")).body(html! { ul.dots { li { (t.s("hot.how_group")) } li { (t.s("hot.how_growth")) } li { (t.s("hot.how_words")) } } }))
    };
    Ok(Page::new(t.s("hot.title"), body).class("p-hot").marks(false, false, true).draw(&ctx))
}

fn issue_table(look: &Rows<'_>, issues: &[Issue], may: bool) -> Markup {
    let t = look.t;
    let mut cols = vec![
        Col::text(t.s("hot.matter")),
        Col::number(t.s("hot.people")),
        Col::number(t.s("hot.cases")),
        Col::number(t.s("hot.week")),
        Col::text(t.s("hot.causes")),
        Col::text(t.s("hot.since")),
    ];
    if may {
        cols.push(Col::text(t.s("hot.topic")));
    }
    let rows = issues.iter().map(|issue| line(look, issue, may)).collect();
    table(&Table { caption: t.s("hot.list"), cols, rows, tight: false, stacked: true })
}

fn line(look: &Rows<'_>, issue: &Issue, may: bool) -> Vec<Markup> {
    let t = look.t;
    let (place, category) = (look.unit(&issue.place), look.category(&issue.category));
    let says: Vec<String> =
        issue.causes.iter().map(|c| t.f("hot.word", &[("word", &c.word), ("n", &c.people)])).collect();
    let title = t.f("hot.topic_title", &[("place", &place), ("category", &category)]);
    let words: Vec<&str> = issue.causes.iter().map(|c| c.word.as_str()).collect();
    let why = t.f(
        "hot.topic_why",
        &[("people", &issue.people), ("cases", &issue.cases), ("words", &words.join(t.s("word.list")))],
    );
    let open = format!(
        "/topics/new?category={}&place={}&title={}&why={}",
        encode(&issue.category),
        encode(issue.place.as_str()),
        encode(&title),
        encode(&why)
    );
    vec![
        html! {
            b { a href=(place_cases(&issue.place, &issue.category)) { (place) } } br; (category) " "
            @if issue.alike { (mark::tag(t.s("hot.alike"))) } @else { (mark::tag_outline(t.s("hot.mixed"))) }
        },
        html! { b { (issue.people) } },
        html! { (issue.cases) },
        html! {
            (issue.week) br;
            small.sub { (t.f("hot.usual", &[("n", &issue.usual.text(1))])) @if let Some(times) = rising(issue) { " " b { (times) } } }
        },
        html! { (says.join(t.s("word.list"))) },
        html! { (when::day_short(t.lang(), issue.first.day())) "—" (when::day_short(t.lang(), issue.last.day())) },
        html! { @if may { a href=(open) { (t.s("hot.open_topic")) } } },
    ]
}

/// `×3.2`, when it is more than usual.
fn rising(issue: &Issue) -> Option<String> {
    issue.growth().filter(|times| *times > Decimal::whole(1)).map(|times| format!("×{}", times.text(1)))
}

async fn cases(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let fields = Fields::from_pairs(pairs(&query.unwrap_or_default()));
    let place = fields.given("place").map(|code| UnitCode::parse("place", code)).transpose()?;
    let category = fields.given("category").map(ToOwned::to_owned);
    let after = fields.given("after").map(Cursor::parse).transpose()?;
    let filter = Filter { place: place.clone(), category: category.clone(), ..Filter::default() };
    let (rows, next) =
        ctx.app.read(&ctx.who, move |op| act::list(op, &filter, Order::Newest, after, PAGE)).await?;
    let look = Rows::new(&ctx, &book)?;
    let t = ctx.t();
    let names: Vec<String> =
        [place.as_ref().map(|p| look.unit(p)), category.as_deref().map(|c| look.category(c))]
            .into_iter()
            .flatten()
            .collect();
    let sub = names.join(t.s("word.list"));
    let here = match (&place, &category) {
        (Some(place), Some(category)) => place_cases(place, category),
        _ => "/cases/hot/cases?".to_owned(),
    };
    let foot = Pager { next: next.map(|c| format!("{here}&after={}", c.text())), ..Pager::default() };
    let title = t.s("hot.cases_title");
    let body = html! {
        (page_head(&PageHead { title, sub: &sub, ..PageHead::default() }))
        p.muted { (t.s("rates.cases_note")) }
        @if rows.is_empty() {
            section.card { (feedback::empty("clipboard-search", t.s("rates.cases_none"), t.s("rates.cases_none_text"), false, None)) }
        } @else { (Card::new(t.s("hot.cases")).flush(case_table(&look, title, &rows)).foot(pager(t, &foot))) }
    };
    Ok(Page::new(title, body).class("p-hot").crumb(t.s("hot.title"), "/cases/hot").draw(&ctx))
}

async fn look(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&[])?;
    ctx.app.write(&ctx.who, hot::look).await?;
    Ok(after("/cases/hot", "hot.look"))
}
