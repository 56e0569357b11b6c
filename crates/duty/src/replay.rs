//! Proves that the rows are what the events say: `guandu rebuild --check`; and puts them right: [`rebuild`].

pub mod rebuild;

use crate::store;
use base::journal;
use base::{Fault, Outcome, Tx};
use kernel::DistrictCode;
use kernel::duty::{Duty, Event, Meta, fold};

/// What the check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Duties that were replayed.
    pub duties: u64,
    /// Events that were replayed.
    pub events: u64,
    /// Rows that differ from their events, named.
    pub faults: Vec<String>,
}

/// Replays every duty's events and compares the result with its row; `progress` hears how many are done.
pub fn check(tx: &mut Tx<'_>, district: DistrictCode, progress: &mut dyn FnMut(u64)) -> Outcome<Checked> {
    let mut found = Checked::default();
    let mut after = String::new();
    loop {
        let sql = "select id, body, due, open, holder_unit, rev from duty where district = $1 and id > $2 order by id limit 500";
        let rows = tx.query(sql, &[district.into(), (&after).into()], |row| {
            Ok((row.text(0)?, row.text(1)?, row.int(2)?, row.flag(3)?, row.text(4)?, row.count(5)?))
        })?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.0);
        for (id, body, due, open, unit, rev) in rows {
            found.duties += 1;
            let replayed = match replay(tx, district, &id, &mut found.events) {
                Ok(duty) => duty,
                Err(e) => {
                    found.faults.push(format!("duty {id}: its events do not replay: {e}"));
                    continue;
                }
            };
            compare(&mut found, &id, &replayed, &body, (due, open, &unit, rev))?;
        }
        progress(found.duties);
    }
    check_rows(tx, district, &mut found)?;
    check_tallies(tx, district, &mut found)?;
    Ok(found)
}

/// Duties that have events and no row.
fn check_rows(tx: &mut Tx<'_>, district: DistrictCode, found: &mut Checked) -> Outcome<()> {
    let sql = "select subject from event e where district = $1 and subject_kind = 'duty' and rev = 1 and not exists \
               (select 1 from duty d where d.district = e.district and d.id = e.subject) order by subject";
    tx.each(sql, &[district.into()], |row| {
        found.faults.push(format!("duty {}: it has events and no row", row.str(0)?));
        Ok(())
    })
}

/// The duty as its events say. Text that was erased by law is a mark in events and row alike, so both still agree.
fn replay(tx: &mut Tx<'_>, district: DistrictCode, id: &str, count: &mut u64) -> Outcome<Duty> {
    let history = journal::history(tx, district, id)?;
    let mut events: Vec<(Event, Meta)> = Vec::with_capacity(history.len());
    for (i, stored) in history.iter().enumerate() {
        if stored.rev != u64::try_from(i + 1).unwrap_or(0) {
            return Err(Fault::broken(format!("event number {} is missing", i + 1)));
        }
        let actor = kernel::PostCode::parse("actor", &stored.actor)?;
        events.push((serde_json::from_str(&stored.body)?, Meta { at: stored.at, actor }));
    }
    *count += u64::try_from(events.len()).unwrap_or(0);
    fold(events.iter().map(|(event, meta)| (event, meta))).map_err(|e| Fault::broken(format!("{e:?}")))
}

fn compare(
    found: &mut Checked,
    id: &str,
    duty: &Duty,
    body: &str,
    columns: (i64, bool, &str, u64),
) -> Outcome<()> {
    let stored: Result<Duty, _> = serde_json::from_str(body);
    if stored.as_ref().ok() != Some(duty) {
        found.faults.push(format!("duty {id} ({}): the row differs from its events", duty.no));
        return Ok(());
    }
    let expected = (store::due_column(duty), duty.is_open(), duty.holder.hold.unit.as_str(), duty.rev);
    if expected != columns {
        found.faults.push(format!("duty {id} ({}): columns {columns:?} differ from {expected:?}", duty.no));
    }
    Ok(())
}

/// The kept counts against the rows.
fn check_tallies(tx: &mut Tx<'_>, district: DistrictCode, found: &mut Checked) -> Outcome<()> {
    let kept = "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1 and scope = 'due'";
    let counted = "select count(*) from duty where district = $1 and open = 1";
    let kept = tx.one(kept, &[district.into()], |row| row.int(0))?;
    let counted = tx.one(counted, &[district.into()], |row| row.int(0))?;
    if kept != counted {
        found.faults.push(format!("open duties: kept count {kept:?}, rows {counted:?}"));
    }
    let (real, stored) = counts(tx, district)?;
    if real != stored {
        found.faults.push("kept counts by unit and due day differ from the rows".to_owned());
    }
    Ok(())
}

/// Open duties by holding unit and due day.
type Counts = std::collections::BTreeMap<(String, i64), i64>;

/// The counts as the rows give them, and as they are kept.
fn counts(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<(Counts, Counts)> {
    let sql = "select holder_unit, due, count(*) from duty where district = $1 and open = 1 group by holder_unit, due";
    let mut real = Counts::new();
    tx.each(sql, &[district.into()], |row| {
        *real.entry((row.text(0)?, rebuild::day(row.int(1)?))).or_insert(0) += row.int(2)?;
        Ok(())
    })?;
    let sql = "select unit, bucket, n from tally where district = $1 and scope = 'due' and n <> 0";
    let mut stored = Counts::new();
    tx.each(sql, &[district.into()], |row| {
        stored.insert((row.text(0)?, row.int(1)?), row.int(2)?);
        Ok(())
    })?;
    Ok((real, stored))
}
