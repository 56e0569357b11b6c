//! What may happen to a case and what follows: pure functions of the case, its duty and facts that were loaded before.
//!
//! The table of D§B.1 is split between two lifecycles. The duty's (`kernel::duty`) has rows 6 to 18 as far as they
//! concern lead, states and clocks; the rows about the petitioner are here, in [`decide`]. [`stage`] reads both and
//! gives the one word that lists and pages show.

mod command;
mod decide;
mod guard;
mod judge;
mod mark;
mod when;

pub use command::Command;
pub use decide::decide;
pub use guard::open;
pub(crate) use judge::{reduce, rescore, score};
pub use mark::{counters, counts_well, mark};
pub(crate) use when::next_look;
pub use when::{call_at, look_back_due, look_day, rated_at, score_at};

use crate::model::{Case, CaseId, End, Stage};
use kernel::access::Actor;
use kernel::calendar::Calendar;
use kernel::duty::{Duty, Solved, State};
use kernel::playbook::{CaseRules, Category, Routed};
use kernel::{Instant, UnitCode};

/// The case that another is to be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub no: String,
    /// Whether it is being handled and stands by itself.
    pub takes: bool,
}

/// Everything beside case, duty and command that a decision may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Now.
    pub now: Instant,
    /// Who acts.
    pub actor: &'a Actor,
    /// The actor's unit with those above it, the district left out.
    pub own_line: &'a [UnitCode],
    /// The handler's unit first, then those above it.
    pub handler_line: &'a [UnitCode],
    /// The district's rules.
    pub rules: &'a CaseRules,
    /// The calendar in force.
    pub calendar: &'a Calendar,
    /// The category that the command names, else the case's.
    pub category: Option<&'a Category>,
    /// Where the playbook sends it.
    pub route: Option<&'a Routed>,
    /// The line of the unit that the command or the route names: it and those above.
    pub target_line: &'a [UnitCode],
    /// Facts of the case to link to.
    pub target: Option<&'a Target>,
    /// Whether the case was drawn for a blind second call.
    pub sampled: bool,
    /// Whether a case with the same category, place and words was counted for the same unit this month.
    pub twin: bool,
    /// The revision that the person saw; a different one now is refused.
    pub expected_rev: Option<u64>,
}

impl Context<'_> {
    /// Whether the actor works in the handler's unit, above it, or below it.
    pub(super) fn in_handler_line(&self) -> bool {
        let actor = self.actor;
        self.handler_line.contains(&actor.unit)
            || self
                .handler_line
                .first()
                .is_some_and(|unit| self.own_line.contains(unit) || actor.line.contains(unit))
    }
}

/// The stage, from both lifecycles. There is no other place that says it.
pub fn stage(case: &Case, duty: &Duty) -> Stage {
    if let Some(stage) = aside(case, duty) {
        return stage;
    }
    match &duty.state {
        State::Draft | State::Registered { .. } => Stage::Received,
        State::Assigned { .. } => Stage::Dispatched,
        State::Accepted { .. } => Stage::Signed,
        State::InProgress { .. } => {
            // The first step after the contact is still “contacted”; any trace of work makes it “being handled”.
            let worked = duty.noted_at.is_some() || !duty.children.is_empty() || duty.rework > 0;
            if worked || duty.round > 1 || !duty.evidence.is_empty() {
                Stage::Handling
            } else {
                Stage::Contacted
            }
        }
        State::SuspendAsked { .. } => Stage::DeferralAsked,
        State::Suspended { .. } => Stage::Deferred,
        State::Arbitrating { .. } => Stage::Arbitrating,
        State::Submitted { .. } => submitted(case),
        State::Verified { .. } => verified(case, duty),
        State::Closed { .. } => Stage::Closed,
        State::Archived { .. } => Stage::Archived,
        State::Merged { .. } => Stage::Linked,
        State::Split { .. } | State::Cancelled { .. } => Stage::Cancelled,
    }
}

/// Where it left the road. A case that others are linked to goes on for them although its own petitioner withdrew.
fn aside(case: &Case, duty: &Duty) -> Option<Stage> {
    Some(match case.end.as_ref()? {
        End::Answered { .. } => Stage::Answered,
        End::HandedOver { .. } => Stage::HandedOver,
        End::Refused { .. } => Stage::Refused,
        End::Withdrawn { .. } if duty.is_open() && !case.links.is_empty() => return None,
        End::Withdrawn { .. } => Stage::Withdrawn,
    })
}

fn submitted(case: &Case) -> Stage {
    if case.exclusion.as_ref().is_some_and(crate::model::Exclusion::pending) {
        return Stage::Exclusion;
    }
    match case.audit() {
        Some(audit) if audit.passed && case.rating().is_some() => Stage::Rated,
        Some(audit) if audit.passed => Stage::Audited,
        _ => Stage::Replied,
    }
}

fn verified(case: &Case, duty: &Duty) -> Stage {
    if case.exclusion.as_ref().is_some_and(crate::model::Exclusion::pending) {
        return Stage::Exclusion;
    }
    if case.mark().is_some() {
        return Stage::Scored;
    }
    let unreached = matches!(duty.solved(), Some(Solved::Unreached | Solved::NotAsked));
    if unreached && case.rating().is_none() { Stage::Unreached } else { Stage::Rated }
}

/// Whether the case belongs to the sample of its month: drawn by a keyed hash, so that nobody without the key can tell
/// beforehand, and everybody with it can tell afterwards that nothing was picked by hand (D§15.6).
pub fn sampled(print: [u8; 32], percent: u32) -> bool {
    let [a, b, c, d, ..] = print;
    u64::from(u32::from_be_bytes([a, b, c, d])) * 100 < u64::from(percent) << 32
}
