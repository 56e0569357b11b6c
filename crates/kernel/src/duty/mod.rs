//! 责任事项: the one lifecycle of everything that somebody owes (D§2.1–2.3).
//!
//! A key item, a meeting's decision, a resident's request, a whistle, a finding of an inspection: each is a
//! [`Duty`]. One pure function, [`decide`], says which [`Event`]s a [`Command`] causes or why not
//! ([`DutyRefusal`]); [`Duty::apply`] turns events into state and needs no calendar, because every clock that an
//! act changes travels inside its event. So `fold(events)` is the state, on every machine, in any year.
//!
//! ```text
//! Draft → Registered → Assigned → Accepted → InProgress → Submitted → Verified → Closed → Archived
//!                        │  ⇅ return/rule      ⇅ suspend      ↩ reject              ↩ reopen (next round)
//!                        Arbitrating        SuspendAsked/Suspended      aside: Merged, Split, Cancelled
//! ```
//!
//! Five things hold whatever the kind of duty:
//!
//! * exactly one lead; it changes by agreement of both units or by a ruling, never by a second assignment;
//! * lateness is never a state: it is computed from the clock and the moment that asks;
//! * who handled does not verify, nor does anybody in that line;
//! * "answered in time" and "solved" are stored apart ([`Outcome`], [`Verification`]);
//! * time is charged to the unit that holds the duty, and the shares add up to the whole ([`Duty::held`]).
//!
//! | file | owns |
//! |---|---|
//! | `model`, `state`, `vocab` | what a duty is, its states with their facts, the fixed lists of D§11 |
//! | `profile` | what a playbook may set per kind: roles, caps, windows, acts that are off |
//! | `command`, `context`, `guard`, `decide` | what may be asked, with which facts, who may, and what follows |
//! | `event`, `apply` | versioned facts in the past tense, and the fold |
//! | `offer` | which buttons a page shows, and why one is off |
//! | `timeline`, `invariants` | whose time it was; what must never be seen |
//! | `refusal`, `words` | every "no" and every sentence of the history, in two languages |

mod apply;
mod command;
mod context;
mod decide;
mod event;
mod guard;
mod invariants;
mod model;
mod offer;
mod profile;
mod refusal;
mod state;
mod timeline;
mod vocab;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_guard;
#[cfg(test)]
mod tests_property;
#[cfg(test)]
mod tests_world;

pub use apply::{FoldFault, fold};
pub use command::{Command, NewDuty, SplitPart};
pub use context::{Actor, Children, Context, LeadFacts, MandateAnswer, MandateList, MergeTarget, UnitKind};
pub use decide::{child_forms, decide};
pub use event::{Event, Meta, RECORDED, SplitChild, VERSION};
pub use invariants::{Broken, check};
pub use model::{
    Asked, Child, Duty, EvidenceCheck, EvidenceRef, Extension, ExtensionAsk, Ground, Held, Hold, Outcome,
    Raise, Relation, ReturnSlip, Round, Sha256Hex, Suspension, Urging, Verification,
};
pub use offer::{Offer, actions};
pub use profile::{ChildrenRule, EvidenceRule, Profile, ProfileFault, ReturnRule, SuspendRule, VerifierRule};
pub use refusal::DutyRefusal;
pub use state::State;
pub use timeline::{HeldShare, Span};
pub use vocab::{
    Act, BlockKind, DeferralReason, DueOwner, EvidenceKind, Fact, GroundKind, HoldWhy, Mark, OutcomeClass,
    Priority, RelationKind, ReopenReason, ResumeTrigger, Retention, ReturnReason, Solved, StateName,
    VerificationKind, Visibility, Who,
};
