//! Limits: when something must be done, why that moment, and whether it was met (D§7.2, D§7.3).
//!
//! A [`ClockRule`] is data of the playbook; a [`Clock`] is the state of one duty's limits under it. Several limits
//! run at once (sign, contact, reply), each started and stopped by an event. What the rules promise:
//!
//! * A limit starts once. Assigning again, returning or editing never resets it.
//! * The day of the start is not counted; a date is met until the office closes on it, or until midnight if the rule
//!   says so.
//! * Legally excluded time moves the due moment, see [`Clock::pause`]. Time under verification is charged to the
//!   verifier, see [`Clock::freeze`].
//! * Lateness is computed from what is stored here and never stored itself.
//! * A change of calendar moves nothing silently: [`Clock::recompute`] says what moved and why.
//!
//! ```
//! use kernel::{Day, calendar::Calendars, clock};
//! let calendar = Calendars::builtin().latest();
//! let start = Day::parse("day", "2019-09-16").unwrap().at(10, 0);
//! let due = clock::due(start, "20wd".parse().unwrap(), &calendar);
//! assert_eq!(due.at.minute_text(), "2019-10-17 17:00");
//! assert!(!due.provisional);
//! ```

mod charge;
mod limit;
mod reckon;
mod refusal;
mod rule;
mod running;
mod state;
mod story;
mod wording;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_change;
#[cfg(test)]
mod tests_oracle;

pub use limit::{Counting, DayEnd, Limit, Roll, Unit};
pub use reckon::{Due, due, due_at, due_with};
pub use refusal::ClockRefusal;
pub use rule::{ClockEvent, ClockRule, ExtensionRule, LimitRule, RuleFault};
pub use running::Clock;
pub use state::{DueChange, Extension, LimitState, Pause, PauseKind, Run, RunningLimit, Tally};
pub use story::{LimitStory, StoryState};
