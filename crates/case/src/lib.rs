//! 诉求 (case): a resident's, a firm's or a grid worker's need from the first word to a verified answer.
//!
//! A case is a duty of kind `case` and one row of `case_item` under the same id. The duty carries lead, states, clocks,
//! holder timeline, evidence, returns and rulings, more time, deferral and escalation; this crate adds who asked and by
//! which channel, category and place, the words, replies and their audit, call-backs and ratings, exclusions, links
//! between cases, look-backs, and the three rates. An act of the case does what it must on the duty in the same
//! transaction; an act on the duty's own page reaches the case through [`follow::FOLLOWER`].
//!
//! | file | owns |
//! |---|---|
//! | `model/` | the case, its parts, what comes through the door, what the petitioner is told |
//! | `event.rs` | facts in the ledger; no contact data is ever in them |
//! | `rules/` | pure: which act is open to whom and what follows (D§B.1), stages, marks, samples |
//! | `facts.rs` | what a decision needs, loaded before it is made |
//! | `store/` | SQL over `case_item` and `case_mark` |
//! | `act/` | use-cases: file, perform, track, reveal, export, erase, and the periodic jobs |
//! | `follow.rs` | what follows in the case from an act on its duty |
//! | `advise.rs` | the recommender at work: taught by the district's own dispatches |
//! | `rates/` | the three rates: counters, marks, boards (D§4.27) |
//! | `learn/` | pure: the recommender of categories, learnt from the district's own history |
//! | `same/` | pure: which requests may be about one matter |
//! | `hot.rs`, `hot/` | hot issues: many people, one matter |
//! | `topic.rs`, `topic/` | causes of the month: topics that become duties of policy owners, and their effect |
//! | `replay.rs` | rows against events |
//! | `refusal.rs`, `refusal_words.rs` | how this area says no |
//!
//! ```ignore
//! let new = NewCase::new(Channel::Portal, "金江路下穿隧道积水，车辆无法通行");
//! let ready = new.prepare(&app, district)?;                      // outside the transaction: seals, hashes
//! let filed = app.write(&who, move |op| intake::file_prepared(op, &ready)).await?;
//! println!("{} {:?}: {}", filed.no, filed.code, filed.promise.unit_name.zh);
//! ```

pub mod act;
pub mod advise;
pub mod event;
pub mod facts;
pub mod follow;
pub mod hot;
pub mod learn;
pub mod model;
pub mod rates;
pub mod refusal;
mod refusal_words;
pub mod replay;
pub mod rules;
pub mod same;
pub mod store;
pub mod topic;
pub mod web;
pub mod whistle;

#[cfg(test)]
mod tests;

use base::migrate::Migration;

pub use act::offers;

/// Steps of the schema.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 401, name: "case", sql: include_str!("../migrations/0401_case.sql") },
    whistle::MIGRATION,
    Migration { number: 421, name: "topic", sql: include_str!("../migrations/0421_topic.sql") },
];

/// Texts of pages, Chinese first.
pub const TEXTS: (&str, &str) = (
    concat!(
        include_str!("../i18n/zh.toml"),
        "\n",
        include_str!("../i18n/whistle.zh.toml"),
        include_str!("../i18n/portal.zh.toml"),
        "\n",
        include_str!("../i18n/board.zh.toml"),
        "\n",
        include_str!("../i18n/desk.zh.toml")
    ),
    concat!(
        include_str!("../i18n/en.toml"),
        "\n",
        include_str!("../i18n/whistle.en.toml"),
        include_str!("../i18n/portal.en.toml"),
        "\n",
        include_str!("../i18n/board.en.toml"),
        "\n",
        include_str!("../i18n/desk.en.toml")
    ),
);

/// The kind of duty that a case is.
pub const KIND: &str = "case";
