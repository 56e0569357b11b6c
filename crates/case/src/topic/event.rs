//! Facts of a topic in the ledger. The subject is `topic:{no}`.

use kernel::sample::{Recorded, lines, read_as};
use kernel::text::{Remark, Title};
use kernel::{DutyId, Slug, UnitCode};
use serde::{Deserialize, Serialize};

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// What topics record, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "topic",
    kinds: Event::KINDS,
    samples: || lines::<Event>(include_str!("event_samples.txt"), VERSION),
    reads: |_, _, body| read_as::<Event>(body),
};

/// A fact about a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// Opened, with the duties that it became.
    Opened {
        /// Number.
        no: String,
        /// Title.
        title: Title,
        /// Why.
        why: Remark,
        /// Category.
        category: Slug,
        /// Place; none for the whole district.
        place: Option<UnitCode>,
        /// Month: 201908.
        month: u32,
        /// Duties of the owners.
        duties: Vec<DutyId>,
    },
    /// Closed.
    Closed {
        /// What was changed.
        note: Remark,
    },
}

kernel::event_kinds! {
    Event;
    Opened = "topic.opened";
    Closed = "topic.closed";
}
