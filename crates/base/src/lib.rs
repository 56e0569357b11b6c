//! 底座 (base): the I/O that every area uses, knowing no area.
//!
//! | module | owns |
//! |---|---|
//! | [`db`] | the door to SQLite or PostgreSQL: [`db::Db`], [`db::Tx`] |
//! | [`migrate`] | one linear history of the schema |
//! | [`op`] | a use-case in flight: who acts, when, in which transaction; ids and the clock |
//! | [`journal`], [`sealer`] | the ledger: append, seal into a Merkle tree, receipts, verification |
//! | [`erase`] | erasing text from the ledger by law, so that the tree still verifies |
//! | [`outbox`], [`ticker`] | effects outside the database, periodic jobs with leases |
//! | [`session`], [`files`], [`config`] | sign-in sessions, evidence files, configuration |
//! | [`vault`] | secrets and personal data, sealed at rest |
//! | [`search`] | full-text search in Chinese |
//! | [`sheet`], [`qr`] | XLSX and CSV in and out, codes for cameras |
//! | [`feed`] | pages that are open hear of changes |
//! | [`i18n`], [`web`] | texts, pages, forms, errors |
//!
//! A change that concerns one area's business never goes here.

pub mod books;
pub mod config;
pub mod core;
pub mod db;
pub mod erase;
pub mod fault;
pub mod feed;
pub mod files;
pub mod i18n;
pub mod journal;
pub mod keyfile;
pub mod limits;
pub mod logs;
pub mod metrics;
pub mod migrate;
pub mod notice;
pub mod op;
pub mod outbox;
pub mod password;
pub mod qr;
pub mod scope;
pub mod sealer;
pub mod search;
pub mod session;
pub mod sheet;
pub mod ticker;
pub mod totp;
pub mod vault;
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
