//! Parts of decisions that need the playbook: who may be called on which entry, and when a limit counts as missed.

use super::model::{Call, CallAsk, Whistle};
use super::refusal::WhistleRefusal as No;
use super::rules::{Dues, Facts};
use super::vocab::MissKind;
use kernel::clock::{Limit, due_at};
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Instant, Slug, UnitCode};

/// Most departments of one whistle: more would be a meeting.
pub(super) const MAX_CALLS: usize = 12;

/// Whether a unit may be whistled to: a body of the district that has duties, never the grassroots or a firm.
pub(super) fn callable(kind: UnitKind) -> bool {
    matches!(
        kind,
        UnitKind::CommitteeOffice
            | UnitKind::Department
            | UnitKind::LeadingGroup
            | UnitKind::TaskForce
            | UnitKind::Platform
    )
}

/// Whether a department may be called on an entry: by it the department leads (D§4.26 guard, D§4.28). What was taken
/// back belongs to a department, what is supporting is led by one; a basic duty is the street's own and calls nobody.
///
/// # Errors
/// An unknown unit or entry, a unit that cannot be called, or an entry by which somebody else leads.
pub(super) fn may_call(book: &Playbook, unit: &UnitCode, entry: &Slug, now: Instant) -> Result<(), No> {
    let found = book.unit(unit).filter(|found| callable(found.kind));
    found.ok_or_else(|| No::NotADepartment { unit: unit.clone() })?;
    let today = now.day();
    let valid =
        |m: &&kernel::playbook::Mandate| m.from <= today && m.until.is_none_or(|until| today <= until);
    let mandate = book.mandate(entry.as_str()).filter(valid);
    let mandate = mandate.ok_or_else(|| No::UnknownEntry { given: entry.clone() })?;
    if mandate.lead.as_ref() == Some(unit) {
        return Ok(());
    }
    let (entry, unit, owner) = (entry.clone(), unit.clone(), mandate.lead.clone());
    Err(No::EntryElsewhere { entry, unit, owner })
}

/// Whether all calls of a new whistle may be made.
pub(super) fn calls(list: &[CallAsk], facts: &Facts<'_>) -> Result<(), No> {
    if list.is_empty() {
        return Err(No::NoCalls {});
    }
    if list.len() > MAX_CALLS {
        return Err(No::TooManyCalls { n: list.len(), max: MAX_CALLS });
    }
    for (n, call) in list.iter().enumerate() {
        may_call(facts.book, &call.unit, &call.entry, facts.now)?;
        if list.iter().take(n).any(|earlier| earlier.unit == call.unit) {
            return Err(No::CalledTwice { unit: call.unit.clone() });
        }
    }
    Ok(())
}

/// The next moment at which a department misses something, and what.
///
/// The limit of arrival first; after a no-show the same length again from the moment that passed. Once somebody came who
/// may decide, the main limit, and after a stall the warning time of the rule again. Nothing is missed while a dispute
/// waits for its ruling, nor after the department reported; and three are enough: the third stands before the quarterly
/// session already.
pub(super) fn watch(
    whistle: &Whistle,
    call: &Call,
    dues: &Dues,
    max: u32,
    cal: &kernel::calendar::Calendar,
) -> Option<(MissKind, Instant)> {
    let over = whistle.end.is_some() || whistle.is_confirmed() || !call.is_active() || call.done.is_some();
    let enough = usize::try_from(max).unwrap_or(usize::MAX).saturating_add(1);
    if over || call.is_disputed() || call.misses.len() >= enough {
        return None;
    }
    let (kind, due, again) = match call.muster {
        None => (MissKind::NoShow, dues.arrival?, dues.arrival_length),
        Some(_) => (MissKind::Stall, dues.main?, dues.warn),
    };
    let ruled = call.dispute.as_ref().and_then(|dispute| dispute.ruling.as_ref()).map(|ruling| ruling.at);
    let later = |at: Instant, length: Option<Limit>| length.map_or(at, |length| due_at(at, length, cal));
    let last = call.misses.iter().rfind(|miss| miss.kind == kind).map(|miss| miss.due);
    let next = match (last, ruled) {
        (Some(last), _) => later(last, again),
        // Who was told by a ruling that it stays has the length of arrival anew, not less.
        (None, Some(ruled)) if kind == MissKind::NoShow => due.max(later(ruled, again)),
        (None, _) => due,
    };
    Some((kind, next))
}
