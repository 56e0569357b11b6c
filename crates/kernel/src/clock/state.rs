//! What a clock is made of: limits and their runs, pauses, extensions.

use super::limit::{Counting, Limit, Unit};
use super::reckon::{Found, Gap, Goal, reckon};
use crate::calendar::Calendar;
use crate::id::Slug;
use crate::text::Words;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// A limit that runs or has run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// When its start event came; `None` for a set date whose event has not come yet.
    pub started: Option<Instant>,
    pub(super) goal: Goal,
    /// The last moment at which it is met, as things stand.
    pub due: Instant,
    /// What it was at first, before pauses, extensions and changes of calendar.
    pub due_original: Instant,
    /// Whether a notice that is not out yet may move it.
    pub provisional: bool,
}

/// Where a limit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitState {
    /// Its start event has not come.
    Waiting,
    /// It runs.
    Running(Run),
    /// Its stop event came.
    Stopped {
        /// As it ran.
        run: Run,
        /// When it stopped.
        at: Instant,
    },
}

/// One limit of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningLimit {
    /// Its name in the rule.
    pub name: Slug,
    /// How long.
    pub limit: Limit,
    /// Whether timeliness is judged by it.
    pub main: bool,
    /// How its last day is treated.
    pub counting: Counting,
    /// Where it stands.
    pub state: LimitState,
}

impl RunningLimit {
    /// Its run, unless it waits.
    pub fn run(&self) -> Option<&Run> {
        match &self.state {
            LimitState::Waiting => None,
            LimitState::Running(run) | LimitState::Stopped { run, .. } => Some(run),
        }
    }
    fn find(&self, goal: &Goal, gaps: &[Gap], cal: &Calendar) -> Found {
        reckon(goal, self.limit.unit, self.counting, gaps, cal)
    }
    /// Reckons the due moment of a running limit anew.
    pub(super) fn settle(&mut self, gaps: &[Gap], cal: &Calendar) {
        if let LimitState::Running(run) = &self.state {
            let found = self.find(&run.goal, gaps, cal);
            let run = Run { due: found.at, provisional: found.provisional, ..run.clone() };
            self.state = LimitState::Running(run);
        }
    }
    pub(super) fn start(&mut self, at: Instant, cal: &Calendar) {
        match &self.state {
            LimitState::Waiting => {
                let goal = Goal::Count { limit: self.limit, from: at };
                let found = self.find(&goal, &[], cal);
                let (due, provisional) = (found.at, found.provisional);
                self.state =
                    LimitState::Running(Run { started: Some(at), goal, due, due_original: due, provisional });
            }
            // A set date: the event is noted, and the office hours of the district replace the usual ones.
            LimitState::Running(run) if run.started.is_none() => {
                let found = self.find(&run.goal, &[], cal);
                let due_original = if run.due == run.due_original { found.at } else { run.due_original };
                let (due, provisional) = (found.at, found.provisional);
                let run = Run { started: Some(at), due, due_original, provisional, goal: run.goal.clone() };
                self.state = LimitState::Running(run);
            }
            LimitState::Running(_) | LimitState::Stopped { .. } => {}
        }
    }
}

/// Why time was excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseKind {
    /// Excluded on a stated ground: expert review, correction of materials, court (D§7.3).
    Ground,
    /// The verifier had it.
    Verifying,
}

/// A stretch of time that is charged to nobody who holds the duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Begin.
    pub from: Instant,
    /// End; open while it lasts.
    pub to: Option<Instant>,
    /// Sort.
    pub kind: PauseKind,
    /// The ground in the words of whoever paused; empty for verification.
    pub reason: String,
}

/// An extension that was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The day granted.
    pub to: Day,
    /// The due moment that it moved.
    pub was: Instant,
    /// When it was granted.
    pub at: Instant,
    /// The ground.
    pub reason: String,
}

/// A due moment that a recomputation moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueChange {
    /// The limit's name in the rule.
    pub limit: Slug,
    /// Before.
    pub old: Instant,
    /// After.
    pub new: Instant,
    /// Which days changed and what that did.
    pub why: Words,
}

/// Time of a limit, split by who was charged: `elapsed + paused = total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// What is counted: working days, calendar days, or minutes for limits in hours and office hours.
    pub unit: Unit,
    /// Charged to the holder.
    pub elapsed: i64,
    /// Excluded.
    pub paused: i64,
    /// Both.
    pub total: i64,
}
