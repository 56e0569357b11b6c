//! The figures of DESIGN §11, each beside the raw limit that was measured in the same run on the same disk.
//!
//! Every bench makes its data in a temporary folder (or in `--dir`), talks over loopback only and ends by itself.

mod bed;
mod client;
mod commands;
mod escalate;
mod inbox;
mod raw;
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
            What::Escalate { duties } => escalate::run(&place, duties).await,
            What::EscalateChild => escalate::child(&place).await,
            What::Verify { events } => verify::run(&place, events).await,
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
