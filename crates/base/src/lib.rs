//! 底座 (base): the I/O that every area uses, knowing no area.
//!
//! | module | owns |
//! |---|---|
//! | [`db`] | the door to SQLite or PostgreSQL: [`db::Db`], [`db::Tx`] |
//! | [`migrate`] | one linear history of the schema |
//! | [`op`] | a use-case in flight: who acts, when, in which transaction; ids and the clock |
//! | [`journal`], [`sealer`] | the ledger: append, seal into a Merkle tree, receipts, verification |
//! | [`outbox`], [`ticker`] | effects outside the database, periodic jobs with leases |
//! | [`session`], [`files`], [`config`] | sign-in sessions, evidence files, configuration |
//! | [`i18n`], [`web`] | texts, pages, forms, errors |
//!
//! A change that concerns one area's business never goes here.

pub mod books;
pub mod config;
pub mod core;
pub mod db;
pub mod fault;
pub mod files;
pub mod i18n;
pub mod journal;
pub mod limits;
pub mod logs;
pub mod metrics;
pub mod migrate;
pub mod notice;
pub mod op;
pub mod outbox;
pub mod password;
pub mod scope;
pub mod sealer;
pub mod session;
pub mod ticker;
pub mod totp;
pub mod web;

#[cfg(test)]
mod testdb;

pub use db::{Arg, Db, Row, Tx};
pub use fault::{Common, DbFault, Fault, Outcome};

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _written = write!(out, "{b:02x}");
        out
    })
}

/// Compares without telling by time where the texts differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}
