//! `migrate` and `config`.

use super::{Data, FOUND, OK, out};
use crate::areas;
use crate::assemble::configure;
use base::db::Db;
use base::{Fault, Outcome};
use clap::Subcommand;

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigAct {
    /// Print every fault of the configuration
    Check {
        #[command(flatten)]
        data: Data,
    },
    /// Print the documented default file
    Default,
    /// Print what is in force; secrets are hidden
    Dump {
        #[command(flatten)]
        data: Data,
    },
}

/// Applies the schema's new steps.
pub(super) async fn migrate(data: Data) -> Outcome<u8> {
    let config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
    std::fs::create_dir_all(&config.storage.dir)?;
    let db = Db::open(&config.storage.place()).await?;
    let report = base::migrate::run(&db, &areas::migrations(), base::op::machine_now()).await?;
    report.applied.iter().for_each(|step| out::line(format!("applied {step}")));
    out::line(format!("{} applied, {} present", report.applied.len(), report.present));
    db.close().await;
    Ok(OK)
}

/// Checks or prints the configuration.
pub(super) fn config(act: ConfigAct) -> Outcome<u8> {
    match act {
        ConfigAct::Default => {
            out::line(base::config::DEFAULT_TOML.trim_end());
            Ok(OK)
        }
        ConfigAct::Check { data } => match configure(&data.place()) {
            Ok(_) => {
                out::line("ok");
                Ok(OK)
            }
            Err(faults) => {
                faults.iter().for_each(out::line);
                Ok(FOUND)
            }
        },
        ConfigAct::Dump { data } => match configure(&data.place()) {
            Ok(config) => {
                config.effective.iter().for_each(|(key, value)| out::line(format!("{key} = {value}")));
                Ok(OK)
            }
            Err(faults) => {
                faults.iter().for_each(out::line);
                Ok(FOUND)
            }
        },
    }
}
