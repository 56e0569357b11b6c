//! Facts of the plan in the ledger. The subject of an item's facts is `plan:{year}:{item}`, of the plan `plan:{year}`.

use crate::model::What;
use kernel::money::Decimal;
use kernel::sample::{Recorded, lines, read_as};
use kernel::{Day, Slug};
use serde::{Deserialize, Serialize};

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// What the plan records, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "plan",
    kinds: Event::KINDS,
    samples: || lines::<Event>(include_str!("event_samples.txt"), VERSION),
    reads: |_, _, body| read_as::<Event>(body),
};

/// A fact about the plan or one of its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A batch of the plan became duties.
    Loaded {
        /// Digest of the playbook that it came from.
        digest: String,
        /// Codes of the items that became duties now.
        items: Vec<String>,
        /// Nodes and parts that became duties now.
        tasks: u64,
    },
    /// A figure was reported (调度数, grade R).
    Reported {
        /// Item or part.
        code: Slug,
        /// Number among the figures of its code.
        rev: u64,
        /// The day up to which it counts.
        day: Day,
        /// The figure.
        value: Decimal,
        /// Where it comes from.
        note: String,
    },
    /// A change was asked for.
    ChangeAsked {
        /// Number of the request.
        no: Slug,
        /// What it is about.
        what: What,
        /// What stood before.
        was: String,
        /// What is asked for.
        wish: String,
        /// Why.
        reason: String,
    },
    /// A change was approved.
    ChangeApproved {
        /// Number of the request.
        no: Slug,
        /// Number of the approving document.
        document: String,
        /// In words.
        why: String,
    },
    /// A change was refused.
    ChangeRefused {
        /// Number of the request.
        no: Slug,
        /// Why.
        why: String,
    },
    /// An approved cancellation was carried out.
    ChangeApplied {
        /// Number of the request.
        no: Slug,
    },
}

kernel::event_kinds! {
    Event;
    Loaded = "plan.loaded";
    Reported = "plan.reported";
    ChangeAsked = "plan.change_asked";
    ChangeApproved = "plan.change_approved";
    ChangeRefused = "plan.change_refused";
    ChangeApplied = "plan.change_applied";
}
