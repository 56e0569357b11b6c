//! 模拟 (sim): a district's days, run through the same public use-cases that people's requests go through.
//!
//! Posts register, assign, sign, return, ask for time, hand in evidence, report, verify and close; the escalation sweep
//! and the sealer run every evening; weekends and holidays are quiet. Everything random comes from one seeded stream, ids
//! and salts from [`base::op::Ids`], the time from a clock that is set by hand: the same seed and playbook give the same
//! ledger root on every machine. After every day the invariants of D§2.3 are checked on what the day touched; a broken
//! one stops the run and names day, duty and event.
//!
//! | file | owns |
//! |---|---|
//! | `people.rs` | one working person per post, the accounts of the demo's sign-in page |
//! | `yearly.rs` | the plan's lines and the picture that they move towards |
//! | `figures.rs` | reported figures and requests to change items |
//! | `work.rs` | new duties of a day: sessions, supervision, requests between units |
//! | `story.rs` | the life of a duty: from steps to commands, and what follows |
//! | `deed.rs` | acts of one moment, in order, each as its own post |
//! | `world.rs` | what the simulator remembers |
//! | `cases.rs`, `cases/` | the hotline: requests of residents and what becomes of them |
//! | `storm.rs` | a night of heavy rain |
//! | `faults.rs` | acts that must be refused and leave no trace |
//! | `invariants.rs` | what must hold after every day |
//! | `load.rs` | open and overdue duties by the hundred thousand, for benches |
//! | `dice.rs`, `words.rs`, `picture.rs` | chance, word lists, evidence bytes |
//!
//! Nothing that it makes is a fact about the district: its duties carry the mark `simulated`.

mod cases;
mod days;
mod deed;
mod dice;
mod faults;
mod figures;
pub mod invariants;
pub mod load;
mod people;
mod picture;
mod storm;
mod story;
mod words;
mod work;
mod world;
mod yearly;

#[cfg(test)]
mod tests;

pub use days::run;
pub use people::{ACCOUNTS, Account};

use kernel::Day;
use std::collections::BTreeMap;
use std::fmt;

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Seed of everything random in the story. Ids and salts are seeded by whoever makes the core.
    pub seed: u64,
    /// First day; its holidays and working days follow the notices known then.
    pub from: Day,
    /// Last day. It is played only until 09:40, so that a demo can go on from there at its own pace.
    pub to: Day,
    /// How much work is made, in per cent of an ordinary year (100: about twenty new duties on a working day).
    pub intensity: u32,
    /// Whether acts that must be refused are tried as well.
    pub faults: bool,
}

impl Plan {
    /// A plan with ordinary work and faults.
    pub fn new(seed: u64, from: Day, to: Day) -> Plan {
        Plan { seed, from, to, intensity: 100, faults: true }
    }
}

/// What one day brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayReport {
    /// The day.
    pub day: Day,
    /// Whether offices were open.
    pub works: bool,
    /// Events recorded on it.
    pub events: u64,
    /// Duties that the day touched.
    pub touched: u64,
    /// Rungs climbed in the evening.
    pub climbed: u64,
    /// Days of the run so far, and in all.
    pub done: (u32, u32),
}

/// What the run brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Days played.
    pub days: u32,
    /// Duties made, requests among them.
    pub duties: u64,
    /// Requests of residents.
    pub requests: u64,
    /// Events of the ledger.
    pub events: u64,
    /// Acts that were done.
    pub deeds: u64,
    /// Acts that were refused on purpose and left no trace.
    pub faults: u64,
    /// Acts that the rules refused in the course of the story, by code of the refusal.
    pub refused: BTreeMap<String, u64>,
    /// Acts of the story that the access table refused, by kind and step. Everybody in the story does what is theirs to
    /// do, so each entry is a gap of that table or somebody wrongly chosen by the simulator. Nothing is done past the
    /// table: what it refuses does not happen.
    pub denied: BTreeMap<String, u64>,
    /// Root of the sealed ledger, in base64 as the checkpoint states it.
    pub root: String,
    /// Events that the newest checkpoint covers.
    pub sealed: u64,
    /// The accounts of the sign-in page.
    pub accounts: Vec<Account>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { days, duties, requests, events, faults, root, .. } = self;
        let refused: u64 = self.refused.values().sum();
        write!(
            f,
            "{days} days, {duties} duties ({requests} requests), {events} events; {faults} acts refused on purpose without a trace, {refused} by \
             the rules; all invariants hold; ledger root {root}"
        )?;
        // Each entry is a gap of the access table: said aloud, so that nobody takes the run for a proof of it.
        for (what, n) in &self.denied {
            write!(f, "\n  the access table lets nobody do: {what} ({n} times)")?;
        }
        Ok(())
    }
}
