//! 组织 (org): who there is and who may act as whom.
//!
//! Units, posts, dated relations, patronage (包保) and duty lists (履职清单) come from the playbook in force; this crate
//! adds the people with accounts and the posts that they hold, signs them in (password and second factor), and answers
//! [`base::core::Directory`] for every request. Roles stand on posts, so a handover changes one row.
//!
//! | file | owns |
//! |---|---|
//! | `model.rs` | people, holdings, refusals of this area |
//! | `rules.rs` | pure: what may change about a person or a holding |
//! | `event.rs` | facts in the ledger; secrets are never in them |
//! | `store.rs` | SQL |
//! | `act.rs`, `act/` | use-cases: add, appoint, relieve, disable, reset, sign in and out; recovery codes, webhooks |
//! | `directory.rs` | the actor of a request |
//! | `web/` | sign-in, people, units, sessions, policy; the API |

pub mod act;
pub mod directory;
pub mod event;
pub mod model;
pub mod names;
pub mod rules;
pub mod store;
pub mod web;

pub use event::{RECORDED, RECORDED_HOOKS, RECORDED_SESSIONS};
pub use web::{DEMO_PASSWORD, ROUTES, openapi, routes};

use base::migrate::Migration;

/// Steps of the schema.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 101, name: "org", sql: include_str!("../migrations/0101_org.sql") },
    Migration { number: 102, name: "recovery", sql: include_str!("../migrations/0102_recovery.sql") },
];

/// Texts of the pages: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));
