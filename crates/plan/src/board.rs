//! The board of the plan: every item with its light and the reason, every punch with its counts, at any moment.
//!
//! ```text
//! let board = plan::board::load(op, op.now())?;
//! let red = board.items.iter().filter(|i| i.light == Light::Red);
//! ```
//!
//! The same function answers for any past moment: then the duties are folded from their events up to it (see
//! `facts`), figures and changes are those that had been entered, and the calendar is the one known on that day.

pub use crate::progress::{Mark, Origin};
pub use crate::view::{Board, ItemView, PunchView, TaskKind, TaskView};

use crate::check::is_open;
use crate::facts::{self, Facts};
use crate::look::{Look, count};
use base::Outcome;
use base::op::Op;
use kernel::access::{Action, Resource};
use kernel::duty::StateName;
use kernel::light::{Counts, Light};
use kernel::money::Decimal;
use kernel::playbook::{Playbook, Punch};
use kernel::{Day, Instant, Slug};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The board at `at`; a moment that is not past means now. Judges `plan.read`.
pub fn load(op: &mut Op<'_, '_>, at: Instant) -> Outcome<Board> {
    op.judge(Action::PlanRead, &Resource::new())?;
    let at = at.min(op.now());
    let (board, _) = load_with_facts(op, at)?;
    Ok(board)
}

/// The board with the facts that it was made of, for pages that show one item in full. Whoever calls has judged.
pub(crate) fn load_with_facts(op: &mut Op<'_, '_>, at: Instant) -> Outcome<(Board, Arc<Facts>)> {
    let book = op.core().book(op.district(), at.day())?;
    let cal = op.core().calendar(op.district(), at.day())?;
    let facts = facts::load(op, &book, at)?;
    let history = history(op, &book, at)?;
    let look = Look::new(&book, &cal, &facts, at);
    let none: &[Light] = &[];
    let items: Vec<ItemView> = book
        .plan
        .items
        .values()
        .map(|item| look.item(item, history.get(item.code.as_str()).map_or(none, Vec::as_slice)))
        .collect();
    Ok((assemble(at, book, items), facts))
}

/// Lights of progress at the ends of the two months before, for rules that count periods running. A month before the
/// plan was loaded has no data, which neither counts nor breaks a run.
fn history(op: &mut Op<'_, '_>, book: &Playbook, at: Instant) -> Outcome<BTreeMap<String, Vec<Light>>> {
    let mut out: BTreeMap<String, Vec<Light>> = BTreeMap::new();
    let remembers = book.light(book.plan.terms.light.as_str()).is_some_and(|p| !p.memory.is_empty());
    let first = Day::new(at.day().year(), at.day().month(), 1).filter(|_| remembers);
    for back in [-1, 0] {
        let Some(end) = first.map(|f| f.plus_months(back).start().plus_micros(-1)) else { continue };
        if end.day().year() != book.head.year {
            continue;
        }
        let cal = op.core().calendar(op.district(), end.day())?;
        let facts = facts::load(op, book, end)?;
        let look = Look::new(book, &cal, &facts, end);
        for item in book.plan.items.values() {
            let light = look.band(item);
            out.entry(item.code.to_string()).or_default().push(light);
        }
    }
    Ok(out)
}

fn assemble(at: Instant, book: Arc<Playbook>, items: Vec<ItemView>) -> Board {
    let mut lights = Counts::default();
    let mut lists: BTreeMap<Slug, u32> = BTreeMap::new();
    for item in &items {
        lights.add(item.light);
        *lists.entry(item.list.clone()).or_default() += 1;
    }
    let punches: Vec<PunchView> = book.plan.punches.iter().map(|p| punch(p, &items)).collect();
    // Weights are points of a punch and punches share 100, so the sum over all items is the plan's.
    let all: Vec<&ItemView> = items.iter().collect();
    let (percent, time_percent) = weighted(&all);
    Board {
        at,
        year: book.head.year,
        lights,
        lists,
        percent,
        time_percent,
        findings: count(items.iter().filter(|i| is_open(&i.findings)).count()),
        asked: items.iter().map(|i| i.asked).sum(),
        no_data: count(items.iter().filter(|i| !left(i.stage) && i.completion.is_none()).count()),
        punches,
        items,
        book,
    }
}

fn punch(punch: &Punch, items: &[ItemView]) -> PunchView {
    let mut lights = Counts::default();
    let mut lists: BTreeMap<Slug, u32> = BTreeMap::new();
    let own: Vec<&ItemView> = items.iter().filter(|i| i.punch == punch.code).collect();
    for item in &own {
        lights.add(item.light);
        *lists.entry(item.list.clone()).or_default() += 1;
    }
    let (percent, time_percent) = weighted(&own);
    let ill = items
        .iter()
        .enumerate()
        .filter(|(_, i)| i.punch == punch.code)
        .filter(|(_, i)| severity(i.light) > 0);
    let worst = ill.max_by_key(|(place, i)| {
        let behind = i.difference.map_or(0, |d| d.raw().saturating_neg());
        (severity(i.light), i.overdue_workdays, behind, std::cmp::Reverse(*place))
    });
    PunchView {
        code: punch.code.clone(),
        mark: punch.mark.clone(),
        title: punch.title.clone(),
        slogan: punch.slogan.clone(),
        lights,
        lists,
        percent,
        time_percent,
        worst: worst.map(|(place, _)| place),
        evidence: own.iter().map(|i| i.evidence).sum(),
        source: punch.source.clone(),
    }
}

/// Red before yellow; the others are nobody's worry.
pub(crate) fn severity(light: Light) -> u8 {
    match light {
        Light::Red => 2,
        Light::Yellow => 1,
        _ => 0,
    }
}

/// Left the plan: counts neither for nor against it.
fn left(state: StateName) -> bool {
    matches!(state, StateName::Cancelled | StateName::Merged | StateName::Split)
}

/// Completion and time of items by their weights. Missing data count as nothing done; with no data at all there is no
/// percentage.
fn weighted(items: &[&ItemView]) -> (Option<Decimal>, Decimal) {
    let counted: Vec<&&ItemView> = items.iter().filter(|i| !left(i.stage)).collect();
    let weight: i64 = counted.iter().map(|i| i.weight.raw()).sum();
    let mean = |of: &dyn Fn(&ItemView) -> Decimal| {
        let sum: Decimal = counted.iter().map(|i| i.weight.times(of(i))).sum();
        Decimal::ratio(sum.raw(), weight).unwrap_or_default()
    };
    let told = counted.iter().any(|i| i.completion.is_some());
    let percent = told.then(|| mean(&|i| i.completion.unwrap_or_default()));
    (percent, mean(&|i| i.time_percent))
}
