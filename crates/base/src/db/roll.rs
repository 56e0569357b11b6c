//! What commits together: the marks that the writes of one group commit leave, so that they can be signed for at once.
//!
//! The writer's thread only gathers marks. The tree over them is grown, and signed, by whoever answers first, after the
//! commit and off that thread; the others of the same commit find both ready.

use kernel::ledger::{Group, Hash, Place};
use parking_lot::Mutex;
use std::fmt;
use std::sync::{Arc, OnceLock};

#[cfg(test)]
mod tests;

/// The marks of one commit.
#[derive(Default)]
pub(super) struct Roll {
    open: Mutex<Vec<Hash>>,
    /// Set once the commit is durable.
    closed: OnceLock<Vec<Hash>>,
    group: OnceLock<Group>,
    /// Signature lines by the name of the log.
    lines: Mutex<Vec<(String, Arc<str>)>>,
}

/// A mark's seat in the roll of its commit.
#[derive(Clone)]
pub struct Seat {
    roll: Arc<Roll>,
    index: usize,
}

impl Roll {
    pub(super) fn len(&self) -> usize {
        self.open.lock().len()
    }
    /// Takes back the marks of a write that did not stay.
    pub(super) fn truncate(&self, len: usize) {
        self.open.lock().truncate(len);
    }
    pub(super) fn take_seat(self: &Arc<Roll>, mark: Hash) -> Seat {
        let mut open = self.open.lock();
        open.push(mark);
        Seat { roll: self.clone(), index: open.len() - 1 }
    }
    /// To be called when the commit is durable and before anybody is answered.
    pub(super) fn close(&self) {
        let marks = std::mem::take(&mut *self.open.lock());
        let _closed_once = self.closed.set(marks);
    }
}

impl Seat {
    /// The place among the marks of the commit; `None` as long as the commit is not durable.
    pub fn place(&self) -> Option<Place> {
        let marks = self.roll.closed.get()?;
        self.roll.group.get_or_init(|| Group::new(marks.clone())).place(self.index)
    }
    /// The signature line of the log named `origin` for this commit, made by `sign` when there is none yet.
    pub fn line(&self, origin: &str, sign: impl FnOnce() -> String) -> Arc<str> {
        let mut lines = self.roll.lines.lock();
        if let Some((_, line)) = lines.iter().find(|(name, _)| name == origin) {
            return line.clone();
        }
        let line: Arc<str> = sign().into();
        lines.push((origin.to_owned(), line.clone()));
        line
    }
}

impl PartialEq for Seat {
    fn eq(&self, other: &Seat) -> bool {
        Arc::ptr_eq(&self.roll, &other.roll) && self.index == other.index
    }
}
impl Eq for Seat {}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seat({})", self.index)
    }
}
