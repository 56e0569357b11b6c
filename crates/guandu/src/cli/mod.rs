//! The command line. One file a command; exit codes are documented in `--help` and in README.

mod admin;
mod backup;
mod check;
mod dedup;
pub mod demo;
mod dispatch;
mod doctor;
mod erase;
mod keys;
mod ledger;
mod out;
mod receipt;
mod serve;
mod time;
mod user;
mod webhook;

use crate::assemble::{How, Where, assemble, configure};
use base::core::App;
use base::op::Time;
use base::{Fault, Outcome};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

pub use out::line;

/// All is well.
pub const OK: u8 = 0;
/// The command ran and found faults: in a playbook, a ledger, a configuration, a machine.
pub const FOUND: u8 = 1;
/// The command line itself is wrong (clap's own code).
pub const USAGE: u8 = 2;
/// Something that is needed is away or broken: database, disk, port.
pub const BROKEN: u8 = 3;
/// A rule said no.
pub const REFUSED: u8 = 4;

const AFTER: &str =
    "Exit codes: 0 all is well; 1 faults were found; 2 the command line is wrong; 3 something needed is \
away or broken; 4 a rule said no.

Start here:
  guandu demo                       a living district of August 2019 on http://127.0.0.1:8080
  guandu check playbooks/mine       every fault of a playbook with file:line:column
  guandu load playbooks/mine        puts it into force
  guandu user add --login lin --name 督查科 --post zfb.supervision
  guandu serve                      the service";

/// 数字官渡: every promise of a district has an owner, a clock, evidence and a score that explains itself.
#[derive(Debug, Parser)]
#[command(name = "guandu", version, about, after_help = AFTER, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub struct Data {
    /// Data folder: database, evidence, key, guandu.toml
    #[arg(long, value_name = "DIR", env = "GUANDU_DIR")]
    dir: Option<PathBuf>,
    /// PostgreSQL address instead of the SQLite file in the folder
    #[arg(long, value_name = "URL", env = "GUANDU_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Configuration file [default: guandu.toml in the data folder]
    #[arg(long, value_name = "FILE", env = "GUANDU_CONFIG")]
    config: Option<PathBuf>,
}

impl Data {
    /// The same for [`crate::assemble`].
    pub fn place(&self) -> Where {
        Where { dir: self.dir.clone(), database: self.database.clone(), config: self.config.clone() }
    }
    /// A folder of its own when none was named.
    fn or_dir(mut self, dir: &str) -> Data {
        self.dir = self.dir.or_else(|| Some(PathBuf::from(dir)));
        self
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fill a district with a simulated year up to 12 August 2019 and serve it
    Demo {
        #[command(flatten)]
        data: Data,
        /// Address to listen on
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Stop after filling
        #[arg(long)]
        no_serve: bool,
        /// Same seed and playbook, same ledger root
        #[arg(long, default_value_t = 2019)]
        seed: u64,
        /// Last simulated day
        #[arg(long, value_name = "DAY", default_value = "2019-08-12")]
        until: String,
    },
    /// Serve the district in the data folder
    Serve {
        #[command(flatten)]
        data: Data,
        /// Address to listen on [default: from the configuration]
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// Move the program's clock to this moment at start (a demo's data need it)
        #[arg(long, value_name = "TIME")]
        now: Option<String>,
    },
    /// Print every fault of a playbook with file:line:column and a hint
    Check {
        /// Playbook folder
        playbook: PathBuf,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Load a playbook: all of it or nothing
    Load {
        #[command(flatten)]
        data: Data,
        /// Playbook folder
        playbook: PathBuf,
    },
    /// Bring the schema to this program's version
    Migrate {
        #[command(flatten)]
        data: Data,
    },
    /// Check the whole ledger and read every file of evidence through; name what is broken
    Verify {
        #[command(flatten)]
        data: Data,
        /// Leave the files of evidence out
        #[arg(long)]
        no_files: bool,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a receipt offline
    VerifyReceipt {
        /// The receipt's JSON file
        file: PathBuf,
        /// The log's public key in vkey form, or a file that holds it; without one no signature is checked
        #[arg(long)]
        key: Option<String>,
    },
    /// Make every duty's row anew from its events and say what changed; stop the service first
    Rebuild {
        #[command(flatten)]
        data: Data,
        /// Compare only; nothing is written
        #[arg(long)]
        check: bool,
    },
    /// Copy the data to a folder while the service runs
    Backup {
        #[command(flatten)]
        data: Data,
        /// New folder for the copy
        to: PathBuf,
        /// Write the keys of ledger and vault into this file, outside the copy
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Put a copy back into an empty data folder
    Restore {
        #[command(flatten)]
        data: Data,
        /// Folder of the copy
        from: PathBuf,
        /// File of keys that `backup --keys` wrote
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
    /// Make and manage accounts
    User {
        #[command(subcommand)]
        act: user::User,
    },
    /// Erase personal text by law, for good; the ledger still verifies
    Erase(erase::Erase),
    /// Register and manage receivers of webhooks
    Webhook {
        #[command(subcommand)]
        act: webhook::Webhook,
    },
    /// Show which keys there are, or turn the vault's
    Keys {
        #[command(subcommand)]
        act: keys::Keys,
    },
    /// Look for what would keep the program from running well
    Doctor {
        #[command(flatten)]
        data: Data,
    },
    /// Measure this machine: the program's figures beside the raw limits
    Bench(crate::bench::Bench),
    /// Learn which category a text belongs to from a table with columns text,label
    TrainDispatch {
        /// CSV in UTF-8, UTF-16 or GB18030
        file: PathBuf,
        /// Where to write the model [default: beside the table, ending .model]
        #[arg(long, value_name = "OUT")]
        model: Option<PathBuf>,
        #[command(flatten)]
        how: dispatch::How,
    },
    /// Judge the recommender on a table: F1 by class, abstentions, time
    EvalDispatch {
        /// CSV with columns text,label
        file: PathBuf,
        /// Learn this table first [default: five-fold cross-validation on FILE]
        #[arg(long, value_name = "FILE", conflicts_with = "model")]
        train: Option<PathBuf>,
        /// Judge this model
        #[arg(long, value_name = "M")]
        model: Option<PathBuf>,
        #[command(flatten)]
        how: dispatch::How,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print which requests of a table may be one matter; columns id,time,text,place
    Dedup {
        /// CSV in UTF-8, UTF-16 or GB18030
        file: PathBuf,
        /// Most days between two requests of one matter
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// Least score of a suggestion, 0 to 1
        #[arg(long, default_value_t = 0.5)]
        bar: f64,
        /// Print as JSON, one group a line
        #[arg(long)]
        json: bool,
    },
    /// Working days: date,0|1,provisional
    Workdays {
        /// First day
        #[arg(long, value_name = "DAY")]
        from: String,
        /// Last day
        #[arg(long, value_name = "DAY")]
        to: String,
        /// Use only what was published by this day
        #[arg(long, value_name = "DAY")]
        known: Option<String>,
    },
    /// When is it due, and why: `guandu due 2019-09-27T09:00 3wd`
    Due {
        /// Start
        start: String,
        /// Limit: 2h, 4oh (office hours), 3wd (working days), 7d, 3mo
        limit: String,
        /// Use only what was published by this day
        #[arg(long, value_name = "DAY")]
        known: Option<String>,
    },
    /// Check or print the configuration
    Config {
        #[command(subcommand)]
        act: admin::ConfigAct,
    },
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(fault) => {
            out::error(&fault);
            ExitCode::from(match fault {
                Fault::Refused(_) => REFUSED,
                Fault::Db(_) | Fault::Broken(_) => BROKEN,
            })
        }
    }
}

fn dispatch(command: Command) -> Outcome<u8> {
    match command {
        Command::Demo { data, listen, no_serve, seed, until } => {
            block_on(demo::demo(data.or_dir("data/demo"), listen, no_serve, seed, until))
        }
        Command::Serve { data, listen, now } => block_on(serve::serve(data, listen, now)),
        Command::Check { playbook, json } => check::check(&playbook, json),
        Command::Load { data, playbook } => block_on(check::load(data, playbook)),
        Command::Migrate { data } => block_on(admin::migrate(data)),
        Command::Verify { data, no_files, json } => block_on(ledger::verify(data, !no_files, json)),
        Command::VerifyReceipt { file, key } => receipt::verify(&file, key.as_deref()),
        Command::Rebuild { data, check } => block_on(ledger::rebuild(data, check)),
        Command::Backup { data, to, keys } => block_on(backup::backup(data, to, keys)),
        Command::Restore { data, from, keys } => backup::restore(&data, &from, keys.as_deref()),
        Command::Erase(erase) => block_on(erase::run(erase)),
        Command::Webhook { act } => block_on(webhook::run(act)),
        Command::Keys { act } => block_on(keys::run(act)),
        Command::User { act } => block_on(user::run(act)),
        Command::Doctor { data } => block_on(doctor::doctor(data)),
        Command::Bench(bench) => crate::bench::run(bench),
        Command::TrainDispatch { file, model, how } => dispatch::learn(&file, model, how),
        Command::EvalDispatch { file, train, model, how, json } => {
            dispatch::eval(&file, dispatch::From { train, model, how }, json)
        }
        Command::Dedup { file, days, bar, json } => dedup::dedup(&file, days, bar, json),
        Command::Workdays { from, to, known } => time::workdays(&from, &to, known.as_deref()),
        Command::Due { start, limit, known } => time::due(&start, &limit, known.as_deref()),
        Command::Config { act } => admin::config(act),
    }
}

/// Opens the data for a command that does its work and ends.
async fn open(data: &Data) -> Outcome<App> {
    open_at(data, Time::real()).await
}

/// The same with a clock of one's own.
async fn open_at(data: &Data, time: Time) -> Outcome<App> {
    let config = configure(&data.place()).map_err(|faults| Fault::broken(faults.join("\n")))?;
    let scrape = base::metrics::recorder()?.1;
    assemble(config, How { time, seed: None, simulated: false, scrape }).await
}

/// Runs a command on the program's runtime.
pub fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(work)
}
