//! 内核 (kernel): the pure part of Guandu.
//!
//! Nothing here does I/O, reads a clock, draws a random number or knows a database; everything is a value that
//! the caller passes in. That is why a rule of the business can be tested by calling it, and why replaying a
//! district's events gives the same rows on every machine.
//!
//! | module | owns |
//! |---|---|
//! | [`text`], [`id`], [`money`], [`time`] | values parsed at the door; inside, types are true |
//! | [`refusal`] | how a "no" is said: field, value, reason, next step, in two languages |
//! | [`calendar`], [`clock`], [`light`] | working days of the State Council, limits and pauses, lights (D§6.3, D§7) |
//! | [`duty`] | the one lifecycle of everything that somebody owes (D§2.2) |
//! | [`cases`], [`score`] | what residents ask for, and the arithmetic of rates and ranks (D§4.27) |
//! | [`access`] | who may do what to what: one readable table of data |
//! | [`ledger`] | canonical encoding, RFC 6962 tree and proofs, C2SP checkpoints and tiles |
//! | [`code`] | identity codes and their check digits (D§10) |
//! | [`sample`] | what each area writes into the ledger, with a sample of each event |
//! | [`playbook`] | a district's local rules as data, and every check on them |
//!
//! A change of a rule goes into the module that names it; a change of how something is stored never goes here.

pub mod access;
pub mod calendar;
pub mod cases;
pub mod clock;
pub mod code;
pub mod duty;
pub mod id;
pub mod ledger;
pub mod light;
pub mod money;
pub mod playbook;
pub mod refusal;
pub mod sample;
pub mod score;
pub mod text;
pub mod time;
mod vocab;

pub use id::{DistrictCode, DutyId, EventId, FileId, PersonId, PostCode, SessionId, Slug, UnitCode};
pub use refusal::{Kind, Malformed, Refuse, Refused};
pub use text::{Lang, Words};
pub use time::{Day, Instant};
