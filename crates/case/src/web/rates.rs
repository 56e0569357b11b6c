//! `/rates`: the three rates and their composite by unit, category and month, each opened to its formula, its counts and
//! its cases.
//!
//! Everything on the page comes from counters that are kept in the write, so it costs the same at any number of cases.
//! Units are compared with units of their kind only (D§15.10). Figures per 10,000 people are not shown: the playbook has
//! no population.
//!
//! | file | owns |
//! |---|---|
//! | `ask.rs` | what the address asks for |
//! | `view.rs` | the page |
//! | `explain.rs` | one rate with its numbers substituted |
//! | `cases.rs` | the cases behind a figure |
//! | `export.rs` | the same board as CSV and XLSX |

mod ask;
mod cases;
mod explain;
mod export;
#[cfg(test)]
mod tests;
mod view;

use ask::Ask;
pub(super) use ask::month_text;

use crate::rates::{Board, RateRow, board};
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::get;
use base::Outcome;
use base::core::App;
use base::op::Op;
use base::web::{Ctx, Page, RouteInfo};
use kernel::UnitCode;
use kernel::playbook::{Playbook, UnitKind};
use kernel::score::ranks;
use std::collections::BTreeMap;

/// Routes of the rates.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rates", get(page))
        .route("/rates/cases", get(cases::list))
        .route("/rates/export.csv", get(export::csv))
        .route("/rates/export.xlsx", get(export::xlsx))
}

const fn reads(path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method: "GET", path, needs }
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] = &[
    reads("/rates", "case.boards"),
    reads("/rates/cases", "case.list"),
    reads("/rates/export.csv", "case.boards"),
    reads("/rates/export.xlsx", "case.boards"),
];

/// Everything that the page shows.
pub(super) struct Shown {
    /// The board that was asked for.
    board: Board,
    /// Its rows by kind of unit, ranked within the kind; one group without a kind for categories and months.
    groups: Vec<(Option<UnitKind>, Vec<RateRow>)>,
    /// Of one unit: its categories and its months.
    inside: Option<(Board, Board)>,
}

impl Shown {
    /// Loads it: one range of counters, three for one unit.
    fn load(op: &mut Op<'_, '_>, ask: &Ask) -> Outcome<Shown> {
        let board = board(op, &ask.query())?;
        let inside = match ask.unit {
            Some(_) => Some((self::board(op, &ask.inside(false))?, self::board(op, &ask.inside(true))?)),
            None => None,
        };
        let book = op.core().book(op.district(), op.today())?;
        Ok(Shown { groups: groups(ask, &board, &book), board, inside })
    }
}

/// Rows by kind of unit, so that like stands beside like, each group with ranks of its own.
fn groups(ask: &Ask, board: &Board, book: &Playbook) -> Vec<(Option<UnitKind>, Vec<RateRow>)> {
    if !ask.is_by_unit() {
        return vec![(None, board.rows.clone())];
    }
    let kind = |row: &RateRow| {
        UnitCode::parse("unit", &row.key).ok().and_then(|code| book.unit(&code)).map(|unit| unit.kind)
    };
    let mut kinds: BTreeMap<Option<&'static str>, (Option<UnitKind>, Vec<RateRow>)> = BTreeMap::new();
    for row in board.rows.iter().filter(|row| row.all > 0) {
        let of = kind(row);
        let slot = kinds.entry(of.map(ask::kind_code)).or_insert_with(|| (of, Vec::new()));
        slot.1.push(row.clone());
    }
    let mut out: Vec<_> = kinds.into_values().collect();
    for (_, rows) in &mut out {
        rank(rows);
    }
    // Streets first: residents know them; then by how much they did.
    out.sort_by_key(|(kind, rows)| {
        (*kind != Some(UnitKind::Street), std::cmp::Reverse(rows.iter().map(|row| row.all).sum::<u64>()))
    });
    out
}

/// Ranks the rows of one group; what has no composite stands last without a place.
fn rank(rows: &mut [RateRow]) {
    let scored = rows.iter().filter_map(|row| Some((row.key.clone(), row.rates.composite?))).collect();
    let places: BTreeMap<String, _> =
        ranks(scored).into_iter().enumerate().map(|(i, ranked)| (ranked.key, (i, ranked.rank))).collect();
    for row in rows.iter_mut() {
        row.rank = places.get(&row.key).map(|(_, rank)| *rank);
    }
    rows.sort_by_key(|row| places.get(&row.key).map_or(usize::MAX, |(i, _)| *i));
}

async fn page(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let today = ctx.now().day();
    let book = ctx.app.book(ctx.district(), today)?;
    let ask = Ask::parse(&query.unwrap_or_default(), today, &book)?;
    let wish = ask.clone();
    let shown = ctx.app.read(&ctx.who, move |op| Shown::load(op, &wish)).await?;
    let t = ctx.t();
    let body = view::body(t, &book, &ask, &shown);
    let title = match &ask.unit {
        Some(_) => t.f("rates.title_of", &[("unit", &ask.unit_name(t, &book))]),
        None => t.s("rates.title").to_owned(),
    };
    let mut page = Page::new(title, body).class("p-rates").marks(false, false, true);
    if ask.unit.is_some() {
        page = page.crumb(t.s("rates.title"), "/rates");
    }
    Ok(page.draw(&ctx))
}
