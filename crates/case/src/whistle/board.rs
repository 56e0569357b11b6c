//! The measures of all streets: how many whistles, as a band; who did not come; what goes before the quarterly session.

use super::band::{self, Measure};
use super::event::Event;
use super::model::{Whistle, WhistleId};
use super::refusal::WhistleRefusal as No;
use super::store::{self, Summary};
use base::Outcome;
use base::op::Op;
use kernel::access::{Action, Resource};
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Day, Instant, UnitCode};
use std::collections::BTreeMap;

/// Kept count of whistles sounded, by street and month.
pub const SOUNDED: &str = "whistle.sounded";
/// Kept count of misses, by department and month.
pub const MISSED: &str = "whistle.missed";
/// Kept count of whistles that should not have been sounded, by street and month.
pub const MISUSED: &str = "whistle.misused";

/// The bucket of a month: `201908`.
pub fn month_of(day: Day) -> i64 {
    i64::from(day.year()) * 100 + i64::from(day.month())
}

/// Keeps the counts in the transaction of the act.
pub(super) fn count(op: &mut Op<'_, '_>, whistle: &Whistle, events: &[Event]) -> Outcome<()> {
    let month = month_of(op.today());
    for event in events {
        match event {
            Event::Sounded { .. } => op.tally(SOUNDED, whistle.street.as_str(), month, 1)?,
            Event::Missed { unit, .. } => op.tally(MISSED, unit.as_str(), month, 1)?,
            Event::Ruled { outcome: super::vocab::Outcome::Misuse, .. } => {
                op.tally(MISUSED, whistle.street.as_str(), month, 1)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A part that let a limit pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoShow {
    /// The whistle.
    pub whistle: Summary,
    /// The department.
    pub unit: UnitCode,
    /// How often in this whistle.
    pub misses: i64,
    /// The last time.
    pub at: Instant,
}

/// Everything on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The first day of the month shown.
    pub month: Day,
    /// The month is not over.
    pub running: bool,
    /// Streets in the order of their codes.
    pub streets: Vec<Measure>,
    /// Departments that did not come or stalled in the month, the latest first.
    pub no_shows: Vec<NoShow>,
    /// The first day of the quarter.
    pub quarter: Day,
    /// What goes before the quarterly session.
    pub quarterly: Vec<Summary>,
}

/// Most lines of each list.
const MOST: u32 = 200;

/// The first day of the month and of the quarter of a day, and of those after them.
fn spans(day: Day) -> (Day, Day, Day, Day) {
    let first = |month: i8| Day::new(day.year(), month, 1).unwrap_or(day);
    let month = first(day.month());
    let quarter = first((day.month() - 1) / 3 * 3 + 1);
    (month, month.plus_months(1), quarter, quarter.plus_months(3))
}

/// The board of the month that `day` lies in. Streets are judged by whoever may see all whistles; a street sees its own
/// line and the limits of the band, a department what concerns it.
///
/// # Errors
/// The policy, or a district without whistles.
pub fn load(op: &mut Op<'_, '_>, day: Day) -> Outcome<Board> {
    let actor = op.actor();
    op.judge(Action::WhistleList, &Resource::new().unit(&actor.unit).lead(&actor.unit).place(&actor.unit))?;
    let book = op.core().book(op.district(), op.today())?;
    let rules = book.whistle_rules().ok_or(No::NoRules {})?;
    let (month, next_month, quarter, next_quarter) = spans(day);
    let all = streets(&book);
    let sounded = store::sounded(op.tx, op.district(), month_of(month))?;
    let counts: BTreeMap<UnitCode, u32> = all
        .into_iter()
        .map(|street| {
            let n = sounded.get(street.as_str()).copied().unwrap_or(0);
            (street, u32::try_from(n).unwrap_or(0))
        })
        .collect();
    let mut measures = band::measures(&counts, &BTreeMap::new(), rules.band);
    // Who may see whistles of which nothing is known may see all.
    let whole = op.judge(Action::WhistleList, &Resource::new()).is_ok();
    if !whole {
        measures.retain(|measure| measure.street == actor.unit || actor.line.contains(&measure.street));
    }
    let mut no_shows = Vec::new();
    for (id, unit, misses, at) in
        store::no_shows(op.tx, op.district(), month.start(), next_month.start(), MOST)?
    {
        if let Some(whistle) = seen(op, id)? {
            no_shows.push(NoShow { whistle, unit, misses, at });
        }
    }
    let mut quarterly = Vec::new();
    for row in store::quarterly(op.tx, op.district(), quarter.start(), next_quarter.start(), MOST)? {
        quarterly.extend(seen(op, row.id)?);
    }
    let running = op.today() < next_month;
    Ok(Board { month, running, streets: measures, no_shows, quarter, quarterly })
}

/// A whistle's line, when the post may see the whistle.
fn seen(op: &mut Op<'_, '_>, id: WhistleId) -> Outcome<Option<Summary>> {
    match super::act::read(op, id) {
        Ok(_) => store::glance(op.tx, op.district(), id),
        Err(base::Fault::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The streets of the district.
pub fn streets(book: &Playbook) -> Vec<UnitCode> {
    let all = book.org.units.values().filter(|unit| unit.kind == UnitKind::Street);
    all.map(|unit| unit.code.clone()).collect()
}
