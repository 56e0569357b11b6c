//! `/cases/unit`: what a unit has in hand, by clock; what came back; what waits for others; places that come back. Of a
//! street also what lies on its ground, whoever handles it. It refreshes itself when the unit's cases change.

pub(super) mod rows;
#[cfg(test)]
pub(in crate::web) mod tests;

use crate::act;
use crate::hot::{self, Ground, Repeated};
use crate::model::{Filter, Order, Stage, Summary};
use crate::store;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::get;
use base::core::App;
use base::feed::{Topic, region};
use base::i18n::T;
use base::op::Op;
use base::web::form::pairs;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, Stat, page_head, stats};
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, Tone, feedback, html};
use base::web::{Ctx, Page, RouteInfo, encode};
use base::{Fault, Outcome};
use kernel::access::{Action, Denied, Resource};
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Instant, UnitCode};
use rows::{Rows, case_table};

/// Cases of one part of the board.
const PAGE: u32 = 50;
/// Days that repeated places are looked for.
const DAYS: i64 = 90;

/// Routes of units' boards.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/cases/unit", get(page))
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] =
    &[RouteInfo { method: "GET", path: "/cases/unit", needs: "case.boards" }];

/// What the board shows.
struct Board {
    stages: Vec<(Stage, u64)>,
    open: Vec<Summary>,
    more: bool,
    disputed: Vec<Summary>,
    waiting: Vec<Summary>,
    repeated: Vec<Repeated>,
    grounds: Vec<Ground>,
}

impl Board {
    fn load(op: &mut Op<'_, '_>, unit: &UnitCode) -> Outcome<Board> {
        op.judge(Action::CaseBoards, &Resource::new())?;
        let (district, now) = (op.district(), op.now());
        let book = op.core().book(district, op.today())?;
        let since = now.plus_micros(-DAYS * 86_400_000_000);
        let mut part = |stages: Vec<Stage>| {
            let filter = Filter { unit: Some(unit.clone()), open_only: true, stages, ..Filter::default() };
            act::list(op, &filter, Order::Due, None, PAGE)
        };
        let (open, next) = part(Vec::new())?;
        let disputed = part(vec![Stage::Arbitrating, Stage::DeferralAsked, Stage::Exclusion])?.0;
        let waiting = part(vec![Stage::Replied, Stage::Audited, Stage::Unreached])?.0;
        let places = ground(&book, unit);
        Ok(Board {
            stages: store::count_by_stage(op.tx, district, Some(unit))?,
            open,
            more: next.is_some(),
            disputed,
            waiting,
            repeated: hot::repeated(op.tx, district, unit, since, 20)?,
            grounds: hot::grounds(op.tx, district, &places, (since, now))?,
        })
    }
    fn count(&self, of: &[Stage]) -> u64 {
        self.stages.iter().filter(|(stage, _)| of.contains(stage)).map(|(_, n)| n).sum()
    }
}

/// A street with its communities; nothing for other units.
fn ground(book: &Playbook, unit: &UnitCode) -> Vec<UnitCode> {
    if book.unit(unit).is_none_or(|u| u.kind != UnitKind::Street) {
        return Vec::new();
    }
    let inside = book.org.units.values().filter(|u| u.code == *unit || u.parent.as_ref() == Some(unit));
    inside.map(|u| u.code.clone()).collect()
}

async fn page(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let asked = pairs(&query.unwrap_or_default()).into_iter().find(|(k, v)| k == "unit" && !v.is_empty());
    let unit = match asked {
        Some((_, code)) => UnitCode::parse("unit", &code)?,
        None => ctx.who.actor.unit.clone(),
    };
    if book.unit(&unit).is_none() {
        return Err(Fault::from(Denied::absent(&ctx.who.actor, Action::CaseBoards)));
    }
    let wanted = unit.clone();
    let board = ctx.app.read(&ctx.who, move |op| Board::load(op, &wanted)).await?;
    let look = Rows::new(&ctx, &book)?;
    let t = ctx.t();
    let title = t.f("boards.title", &[("unit", &look.unit(&unit))]);
    let acts = html! {
        (Button::link(t.s("boards.rates"), &format!("/rates?unit={}", encode(unit.as_str()))).icon("chart-bar"))
        (Button::link(t.s("boards.hot"), "/cases/hot").icon("trending-up"))
    };
    let head = PageHead { title: &title, sub: t.s("boards.sub"), acts: Some(acts), ..PageHead::default() };
    let inner = inner(&look, &board, ctx.now());
    let body = html! {
        (page_head(&head))
        (region("unit-board", &[Topic::Unit(unit)], None, ctx.now(), &inner))
    };
    Ok(Page::new(title.clone(), body).class("p-boards").draw(&ctx))
}

fn inner(look: &Rows<'_>, board: &Board, now: Instant) -> Markup {
    let t = look.t;
    let all: u64 = board.stages.iter().map(|(_, n)| n).sum();
    let late = board.open.iter().filter(|row| row.is_late(now)).count();
    let late = if board.more && late == board.open.len() { format!("{late}+") } else { late.to_string() };
    let (total, signed) = (all.to_string(), board.count(&[Stage::Dispatched]).to_string());
    let (audit, calls) =
        (board.count(&[Stage::Replied]).to_string(), board.count(&[Stage::Audited]).to_string());
    let deferred = board.count(&[Stage::Deferred]).to_string();
    let unit = t.s("unit.pieces");
    let tone = if late == "0" { Tone::Plain } else { Tone::Bad };
    let stat = |label, value| Stat { label, value, unit, tone: Tone::Plain };
    let figures = [
        stat(t.s("boards.open"), total.as_str()),
        Stat { tone, ..stat(t.s("boards.late"), late.as_str()) },
        stat(t.s("boards.unsigned"), signed.as_str()),
        stat(t.s("boards.audit"), audit.as_str()),
        stat(t.s("boards.calls"), calls.as_str()),
        stat(t.s("boards.deferred"), deferred.as_str()),
    ];
    html! {
        section.card { div.card-body { (stats(&figures)) } }
        @if board.open.is_empty() {
            section.card { (feedback::empty("circle-check", t.s("boards.none"), t.s("boards.none_text"), true, None)) }
        } @else { (part(look, t.s("boards.by_clock"), if board.more { t.s("boards.first_fifty") } else { "" }, &board.open)) }
        @if !board.disputed.is_empty() { (part(look, t.s("boards.disputed"), t.s("boards.disputed_text"), &board.disputed)) }
        @if !board.waiting.is_empty() { (part(look, t.s("boards.waiting"), t.s("boards.waiting_text"), &board.waiting)) }
        (repeated(look, &board.repeated))
        @if !board.grounds.is_empty() { (grounds(look, &board.grounds)) }
    }
}

fn part(look: &Rows<'_>, title: &str, measure: &str, rows: &[Summary]) -> Markup {
    Card::new(title).measure(measure).flush(case_table(look, title, rows)).into()
}

/// The address of the cases of a place and category.
pub(super) fn place_cases(place: &UnitCode, category: &str) -> String {
    format!("/cases/hot/cases?place={}&category={}", encode(place.as_str()), encode(category))
}

fn repeated(look: &Rows<'_>, all: &[Repeated]) -> Markup {
    let t = look.t;
    let line = |r: &Repeated| {
        vec![
            html! { a href=(place_cases(&r.place, &r.category)) { (look.unit(&r.place)) } },
            html! { (look.category(&r.category)) },
            html! { b { (r.cases) } },
            html! { (r.open) },
        ]
    };
    let cols = vec![
        Col::text(t.s("boards.place")),
        Col::text(t.s("boards.category")),
        Col::number(t.s("boards.times")),
        Col::number(t.s("boards.open")),
    ];
    let caption = t.s("boards.repeated");
    let shown = Table { caption, cols, rows: all.iter().map(line).collect(), tight: true, stacked: false };
    let card = Card::new(caption).measure(t.s("boards.repeated_text"));
    if all.is_empty() {
        card.body(html! { p.muted { (t.s("boards.repeated_none")) } }).into()
    } else {
        card.flush(table(&shown)).into()
    }
}

fn grounds(look: &Rows<'_>, all: &[Ground]) -> Markup {
    let t: T<'_> = look.t;
    let line = |g: &Ground| {
        vec![
            html! { (look.unit(&g.place)) },
            html! { (g.cases) },
            html! { b { (g.open) } },
            html! { @if g.late > 0 { b.c-r { (g.late) } } @else { "0" } },
        ]
    };
    let cols = vec![
        Col::text(t.s("boards.place")),
        Col::number(t.s("boards.times")),
        Col::number(t.s("boards.open")),
        Col::number(t.s("boards.late")),
    ];
    let caption = t.s("boards.ground");
    let shown = Table { caption, cols, rows: all.iter().map(line).collect(), tight: true, stacked: false };
    Card::new(caption).measure(t.s("boards.ground_text")).flush(table(&shown)).into()
}
