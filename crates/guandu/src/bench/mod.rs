//! The figures of DESIGN §11, each beside the raw limit that was measured in the same run on the same disk.
//!
//! Every bench makes its data in a temporary folder (or in `--dir`), talks over loopback only and ends by itself.

mod bed;
mod client;
mod cockpit;
mod commands;
mod cpu;
mod escalate;
mod inbox;
mod raw;
mod search;
mod start;
mod verify;

use crate::cli::{OK, block_on};
use base::Outcome;
use clap::{Args, Subcommand};
use serde_json::Value;
use std::path::PathBuf;

/// What to measure.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
    /// Print as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Folder for the data [default: a temporary one, removed afterwards]
    #[arg(long, global = true, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// PostgreSQL address instead of SQLite (an empty database; its tables are left behind)
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Durable commands over HTTP: register, assign, accept, note progress
    Commands {
        /// Clients that each keep one request in flight
        #[arg(long, default_value_t = 64)]
        clients: usize,
        /// Seconds of measuring
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Inbox page with many duties in the file
    Inbox {
        /// Open duties
        #[arg(long, default_value_t = 500_000)]
        duties: u64,
        /// Pages read
        #[arg(long, default_value_t = 1_000)]
        pages: usize,
    },
    /// Cockpit with few and with many duties in the file
    Cockpit {
        /// Open duties at first
        #[arg(long, default_value_t = 10_000)]
        few: u64,
        /// Open duties at last
        #[arg(long, default_value_t = 1_000_000)]
        many: u64,
        /// Pages read at each size
        #[arg(long, default_value_t = 400)]
        pages: usize,
    },
    /// Escalation of overdue duties, killed in the middle and started again
    Escalate {
        /// Overdue duties
        #[arg(long, default_value_t = 100_000)]
        duties: u64,
    },
    /// The sweep of `escalate`, in a process of its own
    #[command(hide = true)]
    EscalateChild,
    /// Check of a whole ledger
    Verify {
        /// Events
        #[arg(long, default_value_t = 1_000_000)]
        events: u64,
    },
    /// Full-text search over many messages
    Search {
        /// Messages
        #[arg(long, default_value_t = 1_000_000)]
        messages: u64,
        /// Queries asked
        #[arg(long, default_value_t = 200)]
        queries: usize,
    },
    /// Start of the service on an existing file, its memory, its size
    Start {
        /// Open duties in the file
        #[arg(long, default_value_t = 100_000)]
        duties: u64,
    },
}

/// Runs one bench and prints its figures.
pub fn run(bench: Bench) -> Outcome<u8> {
    let place = bed::Place::new(bench.dir, bench.database)?;
    let figures: Value = block_on(async {
        match bench.what {
            What::Commands { clients, seconds } => commands::run(&place, clients, seconds).await,
            What::Inbox { duties, pages } => inbox::run(&place, duties, pages).await,
            What::Cockpit { few, many, pages } => cockpit::run(&place, few, many, pages).await,
            What::Escalate { duties } => escalate::run(&place, duties).await,
            What::EscalateChild => escalate::child(&place).await,
            What::Verify { events } => verify::run(&place, events).await,
            What::Search { messages, queries } => search::run(&place, messages, queries).await,
            What::Start { duties } => start::run(&place, duties).await,
        }
    })?;
    print(&figures, bench.json);
    Ok(OK)
}

fn print(figures: &Value, json: bool) {
    if json {
        crate::cli::line(figures.to_string());
        return;
    }
    let Some(map) = figures.as_object() else { return };
    for (name, value) in map {
        crate::cli::line(format!("{name:32} {value}"));
    }
}
