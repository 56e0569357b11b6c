//! 吹哨报到 (whistle): the people need, the secretary whistles, departments report (D§4.26, D§B.2).
//!
//! A whistle is a duty of kind `whistle` and one row of `whistle_item` under the same id. The first department that is
//! called leads the duty; every further one holds a supporting duty under it, with clocks of its own; a task of the joint
//! plan is a duty of kind `whistle_task`. The duties carry leads, states, limits, evidence and the holder timeline. The
//! whistle adds what was tried before, who was called on which entry of the duty lists, who came and whether that person
//! could decide, disputes and rulings, two confirmations, two-way scores, misses and their escalation.
//!
//! ```text
//! Need ─ solved locally, resident confirms ─▶ Solved
//!  └ sound ▶ Sounded ─ ack ▶ Acked ─ muster ▶ Mustered ─ plan ▶ Working ─ done ▶ Checking ─ both confirm ▶ Scored ▶ Closed
//!               ⇅ dispute / ruling                              ▲──────── not done ────────┘
//! ```
//!
//! Three things hold whatever happens:
//!
//! * a department is called on an entry that makes the matter its own; without one the call is refused (D§4.26 guard);
//! * who comes without a mandate to decide is written down as an onlooker and stops no limit (D§15.16);
//! * the number of whistles is shown as a band and never as a rank or a reward (D§15.17).
//!
//! | file | owns |
//! |---|---|
//! | `model.rs`, `vocab.rs` | the whistle and its parts; fixed lists with their words |
//! | `event.rs`, `apply.rs`, `words.rs` | facts in the ledger, the fold, the sentences of the history |
//! | `command.rs`, `rules.rs`, `judge.rs` | pure: what may be asked, and what follows or why not |
//! | `score.rs`, `band.rs` | pure: two-way scores; too low, usual, too high |
//! | `refusal.rs` | how this area says no |
//! | `store.rs` | SQL over `whistle_item` and `whistle_call` |
//! | `act.rs`, `facts.rs`, `effect.rs`, `tell.rs` | use-cases, what they need, what they do to duties, who hears |
//! | `follow.rs` | what follows here from an act on a duty's own page |
//! | `jobs.rs` | misses, escalation, winding up |
//! | `board.rs` | the measures of all streets |
//! | `replay.rs` | rows against events |

pub mod act;
pub mod apply;
pub mod band;
pub mod board;
pub mod command;
mod effect;
pub mod event;
pub mod facts;
pub mod follow;
pub mod jobs;
mod judge;
pub mod model;
pub mod refusal;
pub mod replay;
pub mod rules;
pub mod score;
pub mod store;
mod tell;
pub mod vocab;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests_rules;
#[cfg(test)]
mod tests_score;
#[cfg(test)]
mod tests_story;
#[cfg(test)]
mod tests_web;

pub use event::RECORDED;
pub use follow::FOLLOWER;

use base::migrate::Migration;

/// The kind of duty that a whistle is, and that a supporting department's part of it is.
pub const KIND: &str = "whistle";

/// The kind of duty that a task of a joint plan is.
pub const TASK_KIND: &str = "whistle_task";

/// The step of the schema.
pub const MIGRATION: Migration =
    Migration { number: 411, name: "whistle", sql: include_str!("../../migrations/0411_whistle.sql") };

/// Texts of pages, Chinese first.
pub const TEXTS: (&str, &str) =
    (include_str!("../../i18n/whistle.zh.toml"), include_str!("../../i18n/whistle.en.toml"));
