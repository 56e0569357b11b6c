//! 目标 (plan): three punches, 137 and 21 items, their nodes and parts; how far each is, and who may change it.
//!
//! The plan itself is a playbook's; what is owed is a duty. This crate loads the one into the other, takes reported
//! figures (调度数), keeps requests to change an item (申请调整), checks how targets were handed down (分解检查), and
//! answers what the plan looked like at any moment.
//!
//! | file | owns |
//! |---|---|
//! | `model.rs` | reported figures, requests to change |
//! | `progress.rs` | pure: percentages, time, lights |
//! | `check.rs` | pure: checks of a decomposition |
//! | `rules.rs`, `refusal.rs`, `event.rs` | pure: what may be reported, asked and decided; the words of every no; facts in the ledger |
//! | `act.rs`, `load.rs` | use-cases: load the plan, report, ask, decide, carry out |
//! | `store.rs` | SQL over `plan_value`, `plan_change` and the plan's duties |
//! | `detail.rs` | one item in full, with what this post may do |
//! | `web/` | pages, forms, API, export |
//! | `facts.rs`, `look.rs`, `view.rs`, `board.rs` | the read model: facts of a moment, one item, all items |

pub mod act;
pub mod board;
pub mod check;
pub mod detail;
pub mod event;
pub mod facts;
pub mod load;
pub mod look;
pub mod model;
pub mod progress;
pub mod refusal;
pub mod rules;
pub mod store;
pub mod view;
pub mod web;

pub use event::RECORDED;

use base::migrate::Migration;

/// Steps of the schema.
pub const MIGRATIONS: &[Migration] =
    &[Migration { number: 301, name: "plan", sql: include_str!("../migrations/0301_plan.sql") }];

/// Texts: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_store;
#[cfg(test)]
mod tests_web;
