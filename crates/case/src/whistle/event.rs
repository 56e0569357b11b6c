//! What happened to a whistle beside its duties: versioned, in the past tense, with only the facts that replay needs.

use super::model::{CallAsk, Need, Task};
use super::vocab::{How, MissKind, Outcome, Sheet, Side};
use kernel::money::Decimal;
use kernel::sample::{Recorded, lines, read_as};
use kernel::text::{Body, Remark, Title};
use kernel::{DutyId, Instant, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// Kind of thing in the ledger.
pub const SUBJECT_KIND: &str = "whistle";

/// The subject under which a whistle's own events stand: its duty's are under the bare id.
pub fn subject(id: DutyId) -> String {
    format!("whistle:{id}")
}

/// What whistles record, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "whistle",
    kinds: Event::KINDS,
    samples: || lines::<Event>(include_str!("event_samples.txt"), VERSION),
    reads: |_, _, body| read_as::<Event>(body),
};

/// When and by whom: carried by the ledger beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: PostCode,
}

/// A fact about a whistle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields repeat those of the model, where they are explained")]
pub enum Event {
    /// A need was raised.
    Raised { id: DutyId, no: String, title: Title, street: UnitCode, place: UnitCode, need: Box<Need> },
    /// It was solved on the spot, and the resident said so.
    SolvedLocally { text: Remark, resident: Remark },
    /// The street secretary whistled.
    Sounded { kind: Slug, ask: Remark },
    /// A department was called.
    Called { call: CallAsk, duty: DutyId, lead: bool },
    /// A department acknowledged.
    Acked { unit: UnitCode, in_time: Option<bool> },
    /// A department disputed that the matter is its own.
    Disputed { unit: UnitCode, cited: Slug, ground: Remark, due: Instant },
    /// The dispute was ruled on.
    Ruled { unit: UnitCode, outcome: Outcome, to: UnitCode, entry: Slug, ground: Remark, in_time: bool },
    /// The lead or a part went to another department by agreement.
    Moved { from: UnitCode, to: UnitCode, entry: Option<Slug> },
    /// Somebody came who may decide.
    Mustered { unit: UnitCode, post: PostCode, authority: Option<Remark>, in_time: Option<bool> },
    /// Somebody came who may not decide.
    Watched { unit: UnitCode, post: PostCode },
    /// The joint plan was made.
    Planned { tasks: Vec<Task>, note: Option<Remark> },
    /// A department reported its part as done.
    Done { unit: UnitCode, text: Body, in_time: Option<bool> },
    /// A department was released before the end.
    Released { unit: UnitCode, why: Remark },
    /// A department let a limit pass.
    Missed { unit: UnitCode, kind: MissKind, due: Instant },
    /// Two misses: it went to the leader in charge.
    Escalated { unit: UnitCode, kind: MissKind, leader: Option<PostCode> },
    /// Missed again: it stands on the list of the quarterly session.
    Listed { unit: UnitCode },
    /// Street or resident confirmed that it is done.
    Confirmed { side: Side, note: Remark, how: Option<How> },
    /// Street or resident said that it is not done.
    NotDone { side: Side, note: Remark, how: Option<How>, units: Vec<UnitCode> },
    /// A score sheet was filled in.
    Scored {
        unit: UnitCode,
        sheet: Sheet,
        points: BTreeMap<Slug, Decimal>,
        computed: Vec<Slug>,
        note: Option<Remark>,
    },
    /// A score was contested.
    Contested { unit: UnitCode, sheet: Sheet, why: Remark },
    /// A contest was settled.
    Settled { unit: UnitCode, sheet: Sheet, points: BTreeMap<Slug, Decimal>, ground: Remark },
    /// It was closed.
    Closed {},
    /// It was withdrawn.
    Cancelled { why: Remark },
}

kernel::event_kinds! {
    Event;
    Raised = "whistle.raised";
    SolvedLocally = "whistle.solved_locally";
    Sounded = "whistle.sounded";
    Called = "whistle.called";
    Acked = "whistle.acked";
    Disputed = "whistle.disputed";
    Ruled = "whistle.ruled";
    Moved = "whistle.moved";
    Mustered = "whistle.mustered";
    Watched = "whistle.watched";
    Planned = "whistle.planned";
    Done = "whistle.done";
    Released = "whistle.released";
    Missed = "whistle.missed";
    Escalated = "whistle.escalated";
    Listed = "whistle.listed";
    Confirmed = "whistle.confirmed";
    NotDone = "whistle.not_done";
    Scored = "whistle.scored";
    Contested = "whistle.contested";
    Settled = "whistle.settled";
    Closed = "whistle.closed";
    Cancelled = "whistle.cancelled";
}
