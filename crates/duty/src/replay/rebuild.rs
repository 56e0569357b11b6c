//! Makes the rows anew from the events: `guandu rebuild`. Run it while no service writes: the kept counts are made in
//! one go at the end.

use super::replay;
use crate::act::{NO_DAY, With, derive};
use crate::facts::Loaded;

use crate::store;
use base::Outcome;
use base::op::Op;
use kernel::Instant;
use kernel::duty::Command;
use std::collections::BTreeMap;

/// What becomes of the columns that the playbook and the calendar decide: when to warn and when the next rung is climbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// They are computed anew, with what was known at the moment of the operation: set the clock to the duty's last
    /// event, because a date that was given then may rightly differ from one given today.
    Anew,
    /// They stay as they are.
    Keep,
}

/// Compares one duty's row with its events and puts it right; returns what was wrong, or none when nothing was.
pub fn one(op: &mut Op<'_, '_>, id: &str, moments: Moments) -> Outcome<Option<String>> {
    let district = op.district();
    let sql = "select rev, body, due, open, holder_unit, warn_at, rung_at from duty where district = $1 and id = $2";
    let held = op.tx.one_locked(sql, &[district.into(), id.into()], |row| {
        Ok((
            row.count(0)?,
            row.text(1)?,
            (row.int(2)?, row.flag(3)?, row.text(4)?),
            (row.int(5)?, row.int_opt(6)?),
        ))
    })?;
    let duty = replay(op.tx, district, id, &mut 0)?;
    let loaded = Loaded::new(op, Some(&duty), &duty.kind, &Command::Recompute, &With::default())?;
    let mut derived = derive(&duty, &loaded.book, loaded.rule(&duty), &loaded);
    let Some((rev, body, columns, clocks)) = held else {
        store::insert(op.tx, district, &duty, &derived)?;
        let sql = "update duty set created_at = (select at from event where district = $1 and subject = $2 and rev = 1) \
                   where district = $3 and id = $4";
        op.tx.exec(sql, &[district.into(), id.into(), district.into(), id.into()])?;
        return Ok(Some(format!("duty {id} ({}): its row was gone", duty.no)));
    };
    if moments == Moments::Keep {
        derived.warn_at = (clocks.0 != store::NEVER).then(|| Instant::from_micros(clocks.0));
        derived.rung_at = clocks.1.map(Instant::from_micros);
    }
    let expected = (store::due_column(&duty), duty.is_open(), duty.holder.hold.unit.to_string());
    let timed = (derived.warn_at.map_or(store::NEVER, Instant::micros), derived.rung_at.map(Instant::micros));
    let mut wrong = Vec::new();
    if serde_json::from_str(&body).ok().as_ref() != Some(&duty) || rev != duty.rev {
        wrong.push("its text");
    }
    if columns != expected {
        wrong.push("its list columns");
    }
    if clocks != timed {
        wrong.push("its warning and escalation moments");
    }
    if wrong.is_empty() {
        return Ok(None);
    }
    store::update(op.tx, district, &duty, &derived, rev)?;
    Ok(Some(format!("duty {id} ({}): {} differed from its events", duty.no, wrong.join(", "))))
}

/// Counts the open duties anew by holding unit and due day; returns how many counts were wrong.
pub fn tallies(op: &mut Op<'_, '_>) -> Outcome<u64> {
    let district = op.district();
    let (real, kept) = super::counts(op.tx, district)?;
    let mut wrong = BTreeMap::new();
    for (key, n) in &real {
        if kept.get(key) != Some(n) {
            wrong.insert(key.clone(), n - kept.get(key).copied().unwrap_or(0));
        }
    }
    for (key, n) in kept.iter().filter(|(key, _)| !real.contains_key(*key)) {
        wrong.insert(key.clone(), -n);
    }
    for ((unit, day), delta) in &wrong {
        op.tally("due", unit, *day, *delta)?;
    }
    Ok(u64::try_from(wrong.len()).unwrap_or(u64::MAX))
}

/// The bucket of a due column.
pub(super) fn day(due: i64) -> i64 {
    if due == store::NEVER { NO_DAY } else { i64::from(Instant::from_micros(due).day().number()) }
}
