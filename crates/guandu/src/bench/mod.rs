//! The figures of DESIGN §11, each beside the raw limit measured in the same run.

use base::Outcome;
use clap::Args;

/// What to measure.
#[derive(Debug, Args)]
pub struct Bench {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the benches.
pub fn run(_bench: Bench) -> Outcome<u8> {
    Ok(0)
}
