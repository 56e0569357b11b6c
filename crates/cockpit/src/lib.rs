//! 驾驶舱 (cockpit): what a leader, a department and the supervision office must see first. It reads and never writes.
//!
//! Every figure is a projection of what other areas have stored: the plan's board, the kept counts of open duties, the
//! ledger. Nothing is counted over all duties, so the page costs the same with a thousand and with a million; and no
//! figure stands without the list that proves it (rule 5 of the design).
//!
//! | file | owns |
//! |---|---|
//! | `model.rs` | what one look at the district holds |
//! | `rules.rs`, `rules/` | pure: year, changes, ranks, the headline |
//! | `event.rs` | facts of the jobs page |
//! | `store.rs` | SQL over kept counts, rungs and the ledger |
//! | `act.rs`, `act/` | one look at a moment; events that a post may see |
//! | `web/` | cockpit, big screen, methods, public ledger, jobs, API |

pub mod act;
pub mod event;
pub mod model;
pub mod rules;
pub mod store;
pub mod web;

#[cfg(test)]
mod tests;

pub use event::RECORDED;

/// Texts of this area, Chinese first.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));
