//! Recording events of a case and saving its row.

use crate::event::{Event, SUBJECT_KIND, VERSION, subject};
use crate::facts::Loaded;
use crate::model::{Case, Mark, Meta};
use crate::rates;
use crate::store;
use base::Outcome;
use base::journal::Fact;
use base::op::Op;
use kernel::duty::Duty;

/// Records an event and takes it into the case; a mark moves the counters with it. The row is saved by `save`.
pub fn note(op: &mut Op<'_, '_>, case: &mut Case, event: &Event, sig: &str) -> Outcome<()> {
    let body = serde_json::to_string(event)?;
    op.record(Fact {
        subject_kind: SUBJECT_KIND,
        subject: &subject(case.id),
        rev: case.rev.saturating_add(1),
        kind: event.kind(),
        version: VERSION,
        body: &body,
    })?;
    if let Event::Scored { mark, .. } = event {
        recount(op, case, mark, sig)?;
    }
    let meta = Meta { at: op.now(), actor: op.actor().post.clone() };
    case.apply(event, &meta);
    Ok(())
}

fn recount(op: &mut Op<'_, '_>, case: &Case, mark: &Mark, sig: &str) -> Outcome<()> {
    if let Some(old) = case.marks.iter().find(|old| old.round == mark.round) {
        rates::count(op, old, -1)?;
    }
    rates::count(op, mark, 1)?;
    store::put_mark(op.tx, op.district(), case.id, sig, mark)
}

/// Saves the row as case and duty are now.
pub(crate) fn save(
    op: &mut Op<'_, '_>,
    case: &Case,
    duty: &Duty,
    loaded: &Loaded,
    from_rev: u64,
) -> Outcome<()> {
    let derived = loaded.derive(case, duty)?;
    store::update(op.tx, op.district(), case, duty, &derived, from_rev)
}
