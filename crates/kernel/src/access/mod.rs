//! 权限 (access): who may do what to what.
//!
//! One table of data, `data/policy.toml`, that an auditor can read; each row says which roles may do which acts to
//! which things under which conditions, why, and where the rule comes from. Everything that no row allows is
//! refused, and a row that denies beats every row that allows. Acts are done as one post at a time.
//!
//! The same row answers two questions that agree on every thing: [`Policy::judge`] about one thing that is loaded,
//! [`Policy::scope`] about a list that a store narrows in SQL.
//!
//! ```
//! use kernel::access::{Action, Actor, Policy, Resource, Role, RoleSet, Scope};
//! use kernel::{Kind, PostCode, Refuse, UnitCode};
//!
//! let (fgj, zjj) = (UnitCode::parse("unit", "fgj")?, UnitCode::parse("unit", "zjj")?);
//! let lin = Actor::new(PostCode::parse("post", "fgj.handler")?, fgj.clone(), RoleSet::of(&[Role::Handler]));
//! let policy = Policy::builtin();
//!
//! // Its own unit leads the duty: it may be read.
//! assert!(policy.judge(&lin, Action::DutyRead, &Resource::new().lead(&fgj)).is_ok());
//! // Another unit's duty does not exist for this post, as the list would not have shown it either.
//! let other = Resource::new().unit(&zjj).lead(&zjj);
//! assert_eq!(policy.judge(&lin, Action::DutyRead, &other).unwrap_err().kind(), Kind::NotFound);
//! assert!(!policy.scope(&lin, Action::DutyList).admits(&other));
//! // Nobody types in a statutory figure.
//! assert_eq!(policy.scope(&lin, Action::MeasureWriteS), Scope::Nothing);
//! # Ok::<(), kernel::Malformed>(())
//! ```
//!
//! | to change | go to |
//! |---|---|
//! | who may do something | `data/policy.toml`, then review the golden matrix |
//! | an act | `action.rs`, one line, and rows of the policy |
//! | a condition | `condition.rs`: what it looks at, and the [`Term`] that says the same of a list |

mod action;
mod condition;
mod denied;
mod file;
mod matrix;
mod policy;
mod role;
mod scope;
mod subject;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_agree;
#[cfg(test)]
mod tests_case;
#[cfg(test)]
mod tests_file;

pub use action::{Action, Nature};
pub use condition::Condition;
pub use denied::{Cause, Denied};
pub use file::Fault;
pub use matrix::{Cell, matrix};
pub use policy::{Effect, Grant, Policy, Reach, Row};
pub use role::{AdministratorsClash, Role, RoleSet};
pub use scope::{Scope, Term};
pub use subject::{Actor, Compartment, CompartmentSet, List, Resource};
