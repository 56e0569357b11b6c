//! Proves that the rows are what the events say: the part of `guandu rebuild --check` for cases.
//!
//! The contact, the query code and the sample are not in events and are left out on purpose.

pub mod rebuild;

use crate::event::{Event, subject};
use crate::model::{Case, CaseId, Meta, fold};
use crate::rules::{self, counters};
use crate::store;
use base::journal;
use base::{Fault, Outcome, Tx};
use kernel::duty::Duty;
use kernel::{DistrictCode, PostCode};
use std::collections::BTreeMap;

/// What the check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Cases that were replayed.
    pub cases: u64,
    /// Events that were replayed.
    pub events: u64,
    /// Rows that differ from their events, named.
    pub faults: Vec<String>,
}

/// Counters by scope, unit and month.
type Counts = BTreeMap<(String, String, i64), i64>;

/// Replays every case's events and compares the result with its row, its marks and the kept counts; `progress` hears
/// how many are done.
///
/// # Errors
/// Faults of the machinery; a row that differs is no error but a named fault in the answer.
pub fn check(tx: &mut Tx<'_>, district: DistrictCode, progress: &mut dyn FnMut(u64)) -> Outcome<Checked> {
    let mut found = Checked::default();
    let mut real = Counts::new();
    let mut marks: Vec<(CaseId, u32, String, String)> = Vec::new();
    let mut after = String::new();
    loop {
        let sql = "select id, body, stage, unit, open, rev from case_item where district = $1 and id > $2 order by id limit 500";
        let rows = tx.query(sql, &[district.into(), (&after).into()], |row| {
            let unit = row.text_opt(3)?;
            Ok((row.text(0)?, row.text(1)?, (row.text(2)?, unit, row.flag(4)?, row.count(5)?)))
        })?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.0);
        for (id, body, columns) in rows {
            found.cases += 1;
            let case_id: CaseId = id.parse()?;
            let case = match replay(tx, district, case_id, &mut found.events) {
                Ok(case) => case,
                Err(e) => {
                    found.faults.push(format!("case {id}: its events do not replay: {e}"));
                    continue;
                }
            };
            let duty = duty::store::find(tx, district, case_id)?;
            compare(&mut found, &case, duty.as_ref(), &body, &columns);
            gather(&case, duty.as_ref(), &mut real, &mut marks);
        }
        progress(found.cases);
    }
    check_marks(tx, district, &mut found, marks)?;
    check_counts(tx, district, &mut found, &real)?;
    Ok(found)
}

fn replay(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId, count: &mut u64) -> Outcome<Case> {
    let history = journal::history(tx, district, &subject(id))?;
    let mut events: Vec<(Event, Meta)> = Vec::with_capacity(history.len());
    for (i, stored) in history.iter().enumerate() {
        if stored.rev != u64::try_from(i + 1).unwrap_or(0) {
            return Err(Fault::broken(format!("event number {} is missing", i + 1)));
        }
        let actor = PostCode::parse("actor", &stored.actor)?;
        events.push((serde_json::from_str(&stored.body)?, Meta { at: stored.at, actor }));
    }
    *count += u64::try_from(events.len()).unwrap_or(0);
    fold(events.iter().map(|(event, meta)| (event, meta))).map_err(|e| Fault::broken(e.to_string()))
}

fn compare(
    found: &mut Checked,
    case: &Case,
    duty: Option<&Duty>,
    body: &str,
    columns: &(String, Option<String>, bool, u64),
) {
    let (id, no) = (case.id, &case.no);
    let stored: Result<Case, _> = serde_json::from_str(body);
    if stored.as_ref().ok() != Some(case) {
        found.faults.push(format!("case {id} ({no}): the row differs from its events"));
        return;
    }
    let Some(duty) = duty else {
        found.faults.push(format!("case {id} ({no}): its duty is missing"));
        return;
    };
    let stage = rules::stage(case, duty).code().to_owned();
    let unit = duty.lead.as_ref().map(ToString::to_string);
    let expected = (stage, unit, duty.is_open(), case.rev);
    if expected != *columns {
        found.faults.push(format!("case {id} ({no}): columns {columns:?} differ from {expected:?}"));
    }
    if case.round != duty.round {
        found.faults.push(format!("case {id} ({no}): round {} beside the duty's {}", case.round, duty.round));
    }
}

/// What marks and counts should be.
fn gather(
    case: &Case,
    duty: Option<&Duty>,
    real: &mut Counts,
    marks: &mut Vec<(CaseId, u32, String, String)>,
) {
    let mut add = |scope: String, unit: &str, bucket: i64| {
        *real.entry((scope, unit.to_owned(), bucket)).or_default() += 1;
    };
    for mark in &case.marks {
        let category = mark.category.as_ref().map_or("", |c| c.as_str());
        for name in counters(mark) {
            add(format!("case.sum:{name}"), mark.unit.as_str(), i64::from(mark.month));
            add(format!("case.cat:{category}:{name}"), mark.unit.as_str(), i64::from(mark.month));
        }
        marks.push((case.id, mark.round, mark.unit.to_string(), category.to_owned()));
    }
    if let Some(duty) = duty.filter(|duty| duty.is_open())
        && let Some(lead) = &duty.lead
    {
        add(crate::follow::OPEN.to_owned(), lead.as_str(), 0);
        if matches!(duty.state, kernel::duty::State::Suspended { .. }) {
            add(crate::follow::DEFERRED.to_owned(), lead.as_str(), 0);
        }
    }
}

fn check_marks(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    found: &mut Checked,
    mut marks: Vec<(CaseId, u32, String, String)>,
) -> Outcome<()> {
    let mut stored = Vec::new();
    store::mark_rows(tx, district, &mut |id, round, unit, category| {
        stored.push((id, round, unit.to_owned(), category.to_owned()));
        Ok(())
    })?;
    marks.sort();
    stored.sort();
    if marks != stored {
        found.faults.push(format!(
            "marks: {} rows, {} in the cases, or they differ",
            stored.len(),
            marks.len()
        ));
    }
    Ok(())
}

fn check_counts(tx: &mut Tx<'_>, district: DistrictCode, found: &mut Checked, real: &Counts) -> Outcome<()> {
    let sql = "select scope, unit, bucket, n from tally where district = $1 and scope >= 'case.' and scope < 'case/' \
               and n <> 0 order by scope, unit, bucket";
    let mut kept = Counts::new();
    tx.each(sql, &[district.into()], |row| {
        let scope = row.text(0)?;
        // Filings by day and reveals by post are not derived from cases that are kept.
        if scope != "case.in" && scope != "case.reveal" {
            kept.insert((scope, row.text(1)?, row.int(2)?), row.int(3)?);
        }
        Ok(())
    })?;
    if kept != *real {
        let odd =
            kept.iter().find(|(key, n)| real.get(*key) != Some(*n)).map(|(key, n)| format!("{key:?} {n}"));
        let lost =
            real.iter().find(|(key, n)| kept.get(*key) != Some(*n)).map(|(key, n)| format!("{key:?} {n}"));
        found.faults.push(format!("kept counts differ: kept {odd:?}, real {lost:?}"));
    }
    Ok(())
}
