//! The states, each with the facts that are true only in it (D§2.2). Lateness is never one of them.

use super::vocab::{DeferralReason, OutcomeClass, Retention, ReturnReason, StateName, VerificationKind};
use crate::id::{DutyId, PostCode};
use crate::text::Remark;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Where a duty stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    /// Written down, not yet numbered.
    Draft,
    /// Numbered, waiting for a lead.
    Registered {
        /// When it was registered.
        at: Instant,
    },
    /// Given to its lead, not yet signed for.
    Assigned {
        /// When it reached this lead.
        at: Instant,
        /// Who gave it.
        by: PostCode,
    },
    /// Signed for by the handler.
    Accepted {
        /// When.
        at: Instant,
        /// Who signed.
        by: PostCode,
    },
    /// Being worked on.
    InProgress {
        /// Since when, in this stretch of work.
        since: Instant,
    },
    /// The lead asked to defer; the clock still runs.
    SuspendAsked {
        /// Who asked.
        by: PostCode,
        /// When.
        at: Instant,
        /// Class of reason.
        reason: DeferralReason,
        /// Day of review.
        review: Day,
        /// What will be done until then.
        plan: Remark,
    },
    /// Deferred (挂账); the clock is paused and the duty comes back on its review day.
    Suspended {
        /// Who granted it; never who asked (D§2.2).
        by: PostCode,
        /// Since when.
        since: Instant,
        /// Class of reason.
        reason: DeferralReason,
        /// Day of review, at most the profile's number of days ahead.
        review: Day,
    },
    /// Sent back by its lead and waiting for a ruling; limits keep running (D§4.27).
    Arbitrating {
        /// Who sent it back.
        by: PostCode,
        /// When.
        at: Instant,
        /// Class of reason.
        reason: ReturnReason,
        /// The legal ground that was cited.
        ground: Remark,
    },
    /// Reported by the handler; the lead's clock is frozen here.
    Submitted {
        /// Who reported.
        by: PostCode,
        /// When; lateness is judged by this moment (D§7.3).
        at: Instant,
        /// What is claimed.
        outcome: OutcomeClass,
    },
    /// Checked by somebody outside the handler's line.
    Verified {
        /// Who checked.
        by: PostCode,
        /// When.
        at: Instant,
        /// How.
        kind: VerificationKind,
    },
    /// Closed by the closing authority of its kind.
    Closed {
        /// Who closed.
        by: PostCode,
        /// When.
        at: Instant,
    },
    /// Struck off the list (销号) and filed.
    Archived {
        /// Who filed.
        by: PostCode,
        /// When.
        at: Instant,
        /// When it was closed; the reopening window counts from here.
        closed: Instant,
        /// How long the record is kept.
        retention: Retention,
    },
    /// Went into another duty; its petitioner keeps an own reply (D§2.3.11).
    Merged {
        /// The duty that took it in.
        into: DutyId,
        /// Who decided.
        by: PostCode,
        /// When.
        at: Instant,
    },
    /// Became several duties that together cover it.
    Split {
        /// The parts.
        into: Vec<DutyId>,
        /// Who decided.
        by: PostCode,
        /// When.
        at: Instant,
    },
    /// Withdrawn by its registrar; stays in statistics as cancelled.
    Cancelled {
        /// Who withdrew it.
        by: PostCode,
        /// When.
        at: Instant,
        /// Why.
        reason: Remark,
    },
}

impl State {
    /// The bare name, for columns, filters and words.
    pub fn name(&self) -> StateName {
        match self {
            State::Draft => StateName::Draft,
            State::Registered { .. } => StateName::Registered,
            State::Assigned { .. } => StateName::Assigned,
            State::Accepted { .. } => StateName::Accepted,
            State::InProgress { .. } => StateName::InProgress,
            State::SuspendAsked { .. } => StateName::SuspendAsked,
            State::Suspended { .. } => StateName::Suspended,
            State::Arbitrating { .. } => StateName::Arbitrating,
            State::Submitted { .. } => StateName::Submitted,
            State::Verified { .. } => StateName::Verified,
            State::Closed { .. } => StateName::Closed,
            State::Archived { .. } => StateName::Archived,
            State::Merged { .. } => StateName::Merged,
            State::Split { .. } => StateName::Split,
            State::Cancelled { .. } => StateName::Cancelled,
        }
    }
}

impl StateName {
    /// The step of the eight-step stepper, 1 to 8; `None` for a duty that left the road (merged, split, cancelled).
    pub fn stage(self) -> Option<u8> {
        match self {
            StateName::Draft | StateName::Registered => Some(1),
            StateName::Assigned | StateName::Arbitrating => Some(2),
            StateName::Accepted => Some(3),
            StateName::InProgress | StateName::SuspendAsked | StateName::Suspended => Some(4),
            StateName::Submitted => Some(5),
            StateName::Verified => Some(6),
            StateName::Closed => Some(7),
            StateName::Archived => Some(8),
            StateName::Merged | StateName::Split | StateName::Cancelled => None,
        }
    }
    /// True while somebody still owes something.
    pub fn is_open(self) -> bool {
        !matches!(
            self,
            StateName::Closed
                | StateName::Archived
                | StateName::Merged
                | StateName::Split
                | StateName::Cancelled
        )
    }
    /// The stable name of columns and APIs, such as `in_progress`.
    pub fn code(self) -> &'static str {
        match self {
            StateName::Draft => "draft",
            StateName::Registered => "registered",
            StateName::Assigned => "assigned",
            StateName::Accepted => "accepted",
            StateName::InProgress => "in_progress",
            StateName::SuspendAsked => "suspend_asked",
            StateName::Suspended => "suspended",
            StateName::Arbitrating => "arbitrating",
            StateName::Submitted => "submitted",
            StateName::Verified => "verified",
            StateName::Closed => "closed",
            StateName::Archived => "archived",
            StateName::Merged => "merged",
            StateName::Split => "split",
            StateName::Cancelled => "cancelled",
        }
    }
}
