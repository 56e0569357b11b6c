//! 全文检索 (search): Chinese full-text search over what an area says is searchable.
//!
//! ```ignore
//! op.index("case", &id.to_string(), &text)?;                          // in the write: one insert, nothing else
//! search::flush(tx, district, 256)?;                                  // a job moves what waits into the index
//! let query = Query::parse("道路 积水").ok_or(...)?;
//! let found = search::find(tx, district, "case", &query, None, 50)?;  // newest first, one's own writes included
//! ```
//!
//! The write pays for one row in `search_queue`. A job moves rows in batches into the index, because FTS5 writes a segment
//! at every savepoint and the group commit has one for each write. [`find`] asks the index and looks through what still
//! waits, so a document is found as soon as its write is answered.
//!
//! The index knows which documents have a pair of characters, not where. For words of more than two characters an area
//! hands [`find_checked`] a function that gives texts, and hits whose text does not have the words side by side are
//! dropped. Texts stay in the area's own table; the index holds hashes of pairs.
//!
//! An area must judge and narrow the hits by its own scope: search knows no access.

mod store;
mod token;

#[cfg(test)]
mod tests;

pub use store::{
    Cursor, Flushed, Found, Hit, Texts, clear, compact, find, find_checked, flush, flush_all, forget, put,
    waiting,
};
pub use token::{QUERY_CAP, Query, TEXT_CAP};

use crate::fault::Outcome;
use crate::op::Op;

impl Op<'_, '_> {
    /// Makes a document searchable, or replaces its text: one insert in this transaction. `kind` names the sort of
    /// document (`case`, `duty`), `id` the document within it. Empty text is the same as [`forget`] once it is flushed.
    pub fn index(&mut self, kind: &str, id: &str, text: &str) -> Outcome<()> {
        let (district, now) = (self.district(), self.now());
        put(self.tx, district, kind, id, now, text)
    }
}
