//! One binary for everything that needs the whole program: guards over the source tree and stories through the router.
//!
//! A story is a promise to a user, told with named posts over public routes, on SQLite and, when `GUANDU_TEST_PG` names
//! a server, on PostgreSQL. Nothing here sleeps, reads the machine's clock or uses the network.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test ends at its first surprise; the helpers here are only for tests"
)]

mod cli_dispatch;
mod crash;
mod guard;
mod nodes;
mod story;
mod world;
