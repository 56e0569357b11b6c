//! Proves that the rows are what the events say: `guandu rebuild --check`.

use super::apply::fold;
use super::event::{Event, Meta, subject};
use super::model::Whistle;
use super::store;
use base::{Fault, Outcome, Tx, journal};
use kernel::{DistrictCode, PostCode};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whistles compared.
    pub whistles: u64,
    /// Events that were replayed.
    pub events: u64,
    /// Rows that differ from their events, named.
    pub faults: Vec<String>,
}

/// Rows in one batch.
const BATCH: u32 = 500;

/// Folds every whistle of a district and compares.
///
/// # Errors
/// Faults of the machinery; a difference is no error but a line of the answer.
pub fn check(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Checked> {
    let mut found = Checked::default();
    let mut after = String::new();
    loop {
        let rows = store::rows(tx, district, &after, BATCH)?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.0);
        for (id, body, stage, open, rev) in rows {
            found.whistles += 1;
            match replay(tx, district, &id, &mut found.events) {
                Ok(whistle) => {
                    let stored: Result<Whistle, _> = serde_json::from_str(&body);
                    if stored.as_ref().ok() != Some(&whistle) {
                        found
                            .faults
                            .push(format!("whistle {id} ({}): the row differs from its events", whistle.no));
                    }
                    let now = whistle.stage();
                    if (now.code(), now.is_open(), whistle.rev) != (stage.as_str(), open, rev) {
                        found.faults.push(format!("whistle {id} ({}): its columns differ", whistle.no));
                    }
                }
                Err(e) => found.faults.push(format!("whistle {id}: its events do not replay: {e}")),
            }
        }
    }
    orphans(tx, district, &mut found)?;
    Ok(found)
}

fn replay(tx: &mut Tx<'_>, district: DistrictCode, id: &str, count: &mut u64) -> Outcome<Whistle> {
    let id = kernel::DutyId::parse("id", id)?;
    let mut events: Vec<(Event, Meta)> = Vec::new();
    for stored in journal::history(tx, district, &subject(id))? {
        let actor = PostCode::parse("actor", &stored.actor)?;
        events.push((serde_json::from_str(&stored.body)?, Meta { at: stored.at, actor }));
    }
    *count += u64::try_from(events.len()).unwrap_or(0);
    fold(events.iter().map(|(event, meta)| (event, meta))).map_err(|e| Fault::broken(format!("{e:?}")))
}

/// Whistles that have events and no row.
fn orphans(tx: &mut Tx<'_>, district: DistrictCode, found: &mut Checked) -> Outcome<()> {
    let sql = "select e.body from event e where e.district = $1 and e.subject_kind = 'whistle' and e.rev = 1";
    let bodies = tx.query(sql, &[district.into()], |row| row.text(0))?;
    for body in bodies {
        let Ok(Event::Raised { id, no, .. }) = serde_json::from_str(&body) else { continue };
        if store::find(tx, district, id)?.is_none() {
            found.faults.push(format!("whistle {id} ({no}): it has events and no row"));
        }
    }
    Ok(())
}
