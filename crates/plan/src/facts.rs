//! Everything that a board of one moment is made of, loaded once and kept in memory until something changes.
//!
//! For now: the duty rows as they stand. For a past moment: the events of items, nodes and parts up to it, folded, so
//! that any past day is answered from what is stored. The past does not change, so a past day is folded once.

use crate::model::{Change, Value};
use crate::store;
use base::Outcome;
use base::op::Op;
use kernel::duty::Duty;
use kernel::playbook::Playbook;
use kernel::{DistrictCode, DutyId, Instant, Slug};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What is known of the plan at one moment.
#[derive(Debug, Default)]
pub struct Facts {
    /// Duties of items, nodes and parts by their code.
    pub duties: BTreeMap<String, Duty>,
    /// The latest progress note of each item.
    pub notes: BTreeMap<DutyId, (Instant, String)>,
    /// Reported figures by code of item or part, oldest first.
    pub values: BTreeMap<Slug, Vec<Value>>,
    /// Requests to change an item, as they stood, oldest first.
    pub changes: Vec<Change>,
}

impl Facts {
    /// The duty of an item, node or part.
    pub fn duty(&self, code: &Slug) -> Option<&Duty> {
        self.duties.get(code.as_str())
    }
    /// The latest reported figure of an item or part.
    pub fn latest(&self, code: &Slug) -> Option<&Value> {
        self.values.get(code).and_then(|all| all.last())
    }
    /// The requests of an item.
    pub fn changes_of<'a>(&'a self, item: &'a Slug) -> impl DoubleEndedIterator<Item = &'a Change> {
        self.changes.iter().filter(move |c| c.item == *item)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    node: String,
    district: DistrictCode,
    year: i16,
    stamp: String,
}

/// The newest boards' facts; the present one and the few past days that people compare with.
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
type Kept = Vec<(Key, Arc<Facts>)>;
const KEEP: usize = 24;

/// The facts at `at`; a moment that is not past means now.
pub fn load(op: &mut Op<'_, '_>, book: &Playbook, at: Instant) -> Outcome<Arc<Facts>> {
    let past = at < op.now();
    let (district, year) = (op.district(), book.head.year);
    let stamp = if past { format!("at {}", at.micros()) } else { store::stamp(op.tx, district, year)? };
    let key = Key { node: op.core().node.clone(), district, year, stamp };
    if let Some((_, facts)) = KEPT.lock().iter().find(|(kept, _)| *kept == key) {
        return Ok(facts.clone());
    }
    let facts = Arc::new(read(op, year, at, past)?);
    let mut kept = KEPT.lock();
    if !past {
        // The present replaces what was present before: it cannot come back.
        kept.retain(|(k, _)| k.stamp.starts_with("at ") || k.node != key.node || k.district != district);
    }
    if kept.len() >= KEEP {
        kept.remove(0);
    }
    kept.push((key, facts.clone()));
    Ok(facts)
}

fn read(op: &mut Op<'_, '_>, year: i16, at: Instant, past: bool) -> Outcome<Facts> {
    let district = op.district();
    let duties = if past { store::duties_at(op.tx, district, at)? } else { store::duties(op.tx, district)? };
    let mut values: BTreeMap<Slug, Vec<Value>> = BTreeMap::new();
    for value in store::values(op.tx, district, year, at)? {
        values.entry(value.code.clone()).or_default().push(value);
    }
    Ok(Facts {
        duties: duties.into_iter().map(|d| (d.no.clone(), d)).collect(),
        notes: store::notes(op.tx, district, at)?,
        values,
        changes: store::changes(op.tx, district, year)?.iter().filter_map(|c| c.as_of(at)).collect(),
    })
}
