//! 责任 (duty): the one table of everything that somebody owes, its inbox, its pages and its escalation.
//!
//! The lifecycle itself is pure and lives in [`kernel::duty`]; this crate stores duties, loads the facts that a decision
//! needs, records what follows, and shows it. Other areas make duties through [`act::register`] and act on them through
//! [`act::perform`]; they never touch the table.
//!
//! | file | owns |
//! |---|---|
//! | `model.rs` | rows of lists, filters, cursors |
//! | `store.rs` | SQL over `duty` and `duty_rung` |
//! | `facts.rs` | what a decision needs, loaded before it is made |
//! | `act.rs` | register, perform, read, offers |
//! | `effects.rs`, `outside.rs` | notices, mails and webhooks that follow from an act |
//! | `sweep.rs` | the escalation job |
//! | `replay.rs` | rows against events |
//! | `web/` | inbox, duty page, forms, API |

pub mod act;
pub mod effects;
pub mod facts;
pub mod follow;
pub mod model;
pub mod outside;
pub mod replay;
pub mod store;
pub mod sweep;
pub mod web;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_web;
#[cfg(test)]
mod tests_world;

pub use kernel::duty::RECORDED;

use base::migrate::Migration;

/// Steps of the schema.
pub const MIGRATIONS: &[Migration] =
    &[Migration { number: 201, name: "duty", sql: include_str!("../migrations/0201_duty.sql") }];

/// Texts of pages and refusals, Chinese first.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));
