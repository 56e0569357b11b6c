//! What happened to a duty: versioned, in the past tense, each with only the facts that replay needs.
//!
//! A clock that an act changed travels as the new value, and so does the new holder. Replay therefore needs neither
//! calendar nor playbook, and a later change of either cannot alter what was.

use super::command::NewDuty;
use super::model::{Hold, Relation, Sha256Hex};
use super::vocab::{
    BlockKind, DeferralReason, EvidenceKind, OutcomeClass, ReopenReason, ResumeTrigger, Retention,
    ReturnReason, Solved, VerificationKind,
};
use crate::clock::Clock;
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::sample::{Recorded, lines, read_as};
use crate::text::{Body, Remark, Title, Words};
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// What duties record, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "duty",
    kinds: Event::KINDS,
    samples: || lines::<Event>(include_str!("event_samples.txt"), VERSION),
    reads: |_, _, body| read_as::<Event>(body),
};

/// When and by whom: carried by the ledger beside the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: PostCode,
}

/// One part of a split, with its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitChild {
    /// The new duty.
    pub id: DutyId,
    /// Its title.
    pub title: Title,
    /// What counts as done for it.
    pub criterion: Remark,
    /// Positions of the grounds that it answers.
    pub grounds: BTreeSet<u32>,
}

/// A fact about a duty. `clock` is the clock after the event, absent for a duty without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields repeat those of Duty, State and Command, where they are explained"
)]
pub enum Event {
    /// Written down.
    Drafted { id: DutyId, unit: UnitCode, form: Box<NewDuty> },
    /// The draft's text was replaced.
    Redrafted { form: Box<NewDuty> },
    /// Numbered; the text is the one that counts from here on.
    Registered { id: DutyId, no: String, unit: UnitCode, form: Box<NewDuty>, clock: Option<Box<Clock>> },
    /// Given to its lead.
    Assigned {
        lead: UnitCode,
        handler: Option<PostCode>,
        superintendent: Option<PostCode>,
        patron: Option<PostCode>,
        due: Option<Day>,
        entry: Option<Slug>,
        clock: Option<Box<Clock>>,
    },
    /// Signed for.
    Accepted { handler: PostCode, clock: Option<Box<Clock>> },
    /// Sent back; waits for a ruling at `hold`.
    Returned { reason: ReturnReason, ground: Remark, hold: Hold },
    /// Ruled: `lead` has it, and is bound when `binds`.
    Ruled { lead: UnitCode, moved: bool, binds: bool, entry: Option<Slug>, ground: Remark },
    /// The lead asked another unit to take over.
    LeadOffered { to: UnitCode, reason: Remark },
    /// The asked unit agreed and is bound.
    LeadTaken { lead: UnitCode, handler: PostCode, entry: Option<Slug>, clock: Option<Box<Clock>> },
    /// The asked unit declined.
    LeadDeclined { by: UnitCode, why: Remark },
    /// Work began.
    Started { handler: PostCode, note: Remark, clock: Option<Box<Clock>> },
    /// Progress was noted.
    Progressed { percent: Option<u8>, text: Remark },
    /// A supporting unit was given a duty of its own.
    SupportAdded { child: DutyId, unit: UnitCode, ask: Remark, due: Option<Day> },
    /// Deferral was asked.
    SuspendAsked { reason: DeferralReason, review: Day, plan: Remark },
    /// Deferral was granted.
    Suspended { asked_by: PostCode, reason: DeferralReason, review: Day, clock: Option<Box<Clock>> },
    /// Deferral was refused.
    SuspendRefused { why: Remark },
    /// Taken up again after deferral.
    Resumed { trigger: ResumeTrigger, note: Remark, clock: Option<Box<Clock>> },
    /// More time was asked.
    ExtendAsked { to: Day, reason: Remark },
    /// More time was granted.
    Extended { to: Day, clock: Option<Box<Clock>> },
    /// More time was refused.
    ExtendRefused { to: Day, why: Remark },
    /// A file of evidence was added.
    EvidenceAdded { file: FileId, kind: EvidenceKind, note: Option<Remark>, sha256: Sha256Hex },
    /// A file of evidence was checked.
    EvidenceVerified { file: FileId, good: bool, note: Remark },
    /// The result was reported; `in_time` was judged here and is never judged again.
    Submitted {
        outcome: OutcomeClass,
        reply: Body,
        planned: Option<Day>,
        legal: Option<Remark>,
        in_time: Option<bool>,
        hold: Hold,
        clock: Option<Box<Clock>>,
    },
    /// The result was rejected.
    Rejected { defects: Vec<Remark>, clock: Option<Box<Clock>> },
    /// The result was verified.
    Verified {
        kind: VerificationKind,
        solved: Solved,
        note: Remark,
        unit: UnitCode,
        submitter: PostCode,
        hold: Hold,
    },
    /// A finished duty was looked back at.
    LookedBack { solved: Solved, note: Remark, unit: UnitCode, submitter: PostCode },
    /// Closed.
    Closed { clock: Option<Box<Clock>> },
    /// Struck off the list and filed.
    Archived { retention: Retention },
    /// Taken up again: the next round.
    Reopened { why: ReopenReason, note: Remark, due: Option<Day>, clock: Option<Box<Clock>> },
    /// Became several duties.
    Split { parts: Vec<SplitChild> },
    /// Went into another duty.
    Merged { into: DutyId, reason: Remark },
    /// Withdrawn.
    Cancelled { reason: Remark },
    /// Handed to another post, which has not taken it yet.
    HandOverAsked { to: PostCode, note: Remark },
    /// Taken over by the other post.
    HandedOver { to: PostCode },
    /// Urged.
    Urged { note: Remark },
    /// Reached a rung of the ladder.
    Escalated { rung: u8, asked: Option<PostCode>, note: Remark },
    /// Limits were recomputed after a change of calendar.
    Recomputed { why: Vec<Words>, clock: Option<Box<Clock>> },
    /// The patron was set or relieved.
    PatronSet { patron: Option<PostCode> },
    /// Help from above was asked.
    Raised { block: BlockKind, ask: Remark },
    /// Tied to another duty.
    Linked { relation: Relation },
}

crate::event_kinds! {
    Event;
    Drafted = "duty.drafted";
    Redrafted = "duty.redrafted";
    Registered = "duty.registered";
    Assigned = "duty.assigned";
    Accepted = "duty.accepted";
    Returned = "duty.returned";
    Ruled = "duty.ruled";
    LeadOffered = "duty.lead_offered";
    LeadTaken = "duty.lead_taken";
    LeadDeclined = "duty.lead_declined";
    Started = "duty.started";
    Progressed = "duty.progressed";
    SupportAdded = "duty.support_added";
    SuspendAsked = "duty.suspend_asked";
    Suspended = "duty.suspended";
    SuspendRefused = "duty.suspend_refused";
    Resumed = "duty.resumed";
    ExtendAsked = "duty.extend_asked";
    Extended = "duty.extended";
    ExtendRefused = "duty.extend_refused";
    EvidenceAdded = "duty.evidence_added";
    EvidenceVerified = "duty.evidence_verified";
    Submitted = "duty.submitted";
    Rejected = "duty.rejected";
    Verified = "duty.verified";
    LookedBack = "duty.looked_back";
    Closed = "duty.closed";
    Archived = "duty.archived";
    Reopened = "duty.reopened";
    Split = "duty.split";
    Merged = "duty.merged";
    Cancelled = "duty.cancelled";
    HandOverAsked = "duty.hand_over_asked";
    HandedOver = "duty.handed_over";
    Urged = "duty.urged";
    Escalated = "duty.escalated";
    Recomputed = "duty.recomputed";
    PatronSet = "duty.patron_set";
    Raised = "duty.raised";
    Linked = "duty.linked";
}

impl Event {
    /// The clock after the event, for the events that change it.
    pub fn clock(&self) -> Option<&Clock> {
        match self {
            Event::Registered { clock, .. }
            | Event::Assigned { clock, .. }
            | Event::Accepted { clock, .. }
            | Event::LeadTaken { clock, .. }
            | Event::Started { clock, .. }
            | Event::Suspended { clock, .. }
            | Event::Resumed { clock, .. }
            | Event::Extended { clock, .. }
            | Event::Submitted { clock, .. }
            | Event::Rejected { clock, .. }
            | Event::Closed { clock }
            | Event::Reopened { clock, .. }
            | Event::Recomputed { clock, .. } => clock.as_deref(),
            _ => None,
        }
    }
}
