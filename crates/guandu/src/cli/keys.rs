//! `keys`: what keys this installation has, and turning the vault's.

use super::{Data, OK, open, out};
use crate::assemble::{configure, in_dir, random};
use base::{Fault, Outcome};
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Print where the keys lie, their public halves and ids; never a key itself
    Show {
        #[command(flatten)]
        data: Data,
    },
    /// Put a new vault key before the old ones; stop the service first. Secrets are sealed anew at once
    Rotate {
        #[command(flatten)]
        data: Data,
    },
}

/// Runs one of them.
pub(super) async fn run(act: Keys) -> Outcome<u8> {
    match act {
        Keys::Show { data } => show(&data).await,
        Keys::Rotate { data } => {
            let config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
            if !config.vault.key.is_empty() {
                return Err(Fault::broken(
                    "the vault keys come from the configuration (vault.key): put a new one before them there",
                ));
            }
            let path = in_dir(&config, &config.vault.key_file);
            // Opened once before: a file that is not this database's must not get a key of ours.
            open(&data).await?.db.close().await;
            base::vault::rotate(&path, random()?)?;
            out::line(format!("{}: a new key is in front; copy the file again", path.display()));
            show(&data).await
        }
    }
}

async fn show(data: &Data) -> Outcome<u8> {
    let app = open(data).await?;
    let config = &app.config;
    out::line(format!("ledger key file {}", in_dir(config, &config.ledger.key_file).display()));
    for district in app.districts() {
        out::line(format!("  {district} {}", app.signer.of(district)?.verifier()));
    }
    let from = if config.vault.key.is_empty() {
        format!("file {}", in_dir(config, &config.vault.key_file).display())
    } else {
        "from the configuration".to_owned()
    };
    out::line(format!("vault key {from}"));
    out::line(format!("  ids, the newest first: {}", app.vault().key_ids().join(" ")));
    app.db.close().await;
    Ok(OK)
}
