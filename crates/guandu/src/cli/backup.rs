//! `backup` and `restore`: a consistent copy of one machine's data while the service runs.
//!
//! The keys are not in the copy unless they are asked for by name: whoever holds a copy with the keys could sign another
//! past and read what is sealed. `--keys FILE` writes them into one file of their own, for another place.

use super::{Data, OK, out};
use crate::assemble::{configure, in_dir};
use base::config::Config;
use base::db::{Db, Place};
use base::keyfile::write_private;
use base::{Fault, Outcome};
use std::path::{Path, PathBuf};

/// Names of the two keys in the file of keys.
const LEDGER: &str = "ledger";
const VAULT: &str = "vault";

/// Copies database, evidence and configuration; the keys only to `keys`. The database is copied first: a file of evidence
/// lies in its place before the row that names it is committed, so whatever the copied rows name is in the files copied after.
pub(super) async fn backup(data: Data, to: PathBuf, keys: Option<PathBuf>) -> Outcome<u8> {
    let config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
    let Place::File(file) = config.storage.place() else {
        return Err(Fault::broken(
            "this copies the SQLite file; for PostgreSQL use pg_dump and copy the evidence folder",
        ));
    };
    if !file.exists() {
        return Err(Fault::broken(format!("{}: there is no database to copy", file.display())));
    }
    if keys.as_ref().is_some_and(|keys| keys.starts_with(&to)) {
        return Err(Fault::broken("--keys must lie outside the copy: that is what it is for"));
    }
    must_be_empty(&to)?;
    std::fs::create_dir_all(&to)?;
    let db = Db::open(&config.storage.place()).await?;
    db.backup_to(&to.join("guandu.db")).await?;
    db.close().await;
    let files = copy_tree(&config.storage.evidence.join("evidence"), &to.join("evidence"))?;
    let own = config.storage.dir.join(base::config::FILE_NAME);
    if own.exists() {
        std::fs::copy(&own, to.join(base::config::FILE_NAME))?;
    }
    out::line(format!("copied the database and {files} files of evidence to {}", to.display()));
    match keys {
        Some(path) => {
            write_keys(&config, &path)?;
            out::line(format!("wrote the keys to {}; keep it apart from the copy", path.display()));
        }
        None => out::note(format!(
            "The keys are not in the copy. Without them it can be neither signed on nor its secrets opened: copy {} and {} to another \
             place, or run `guandu backup --keys FILE`.",
            in_dir(&config, &config.ledger.key_file).display(),
            in_dir(&config, &config.vault.key_file).display()
        )),
    }
    Ok(OK)
}

fn write_keys(config: &Config, path: &Path) -> Outcome<()> {
    let mut text = String::from(
        "# Keys of a Guandu installation. Whoever reads this file can sign its ledger and open its secrets.\n",
    );
    for (name, file) in files_of(config) {
        match std::fs::read_to_string(&file) {
            Ok(keys) => keys.split_whitespace().for_each(|key| text.push_str(&format!("{name} {key}\n"))),
            // A key that comes from the environment has no file, and its owner has it already.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                out::note(format!("{}: no such file, so the {name} key is not among them", file.display()));
            }
            Err(e) => return Err(e.into()),
        }
    }
    Ok(write_private(path, &text)?)
}

fn files_of(config: &Config) -> [(&'static str, PathBuf); 2] {
    [(LEDGER, in_dir(config, &config.ledger.key_file)), (VAULT, in_dir(config, &config.vault.key_file))]
}

/// Puts a copy into an empty data folder, evidence to where the configuration says, and the keys to their files.
pub(super) fn restore(data: &Data, from: &Path, keys: Option<&Path>) -> Outcome<u8> {
    if !from.join("guandu.db").exists() {
        return Err(Fault::broken(format!(
            "{}: no guandu.db in it, so this is no copy made by `guandu backup`",
            from.display()
        )));
    }
    let place = data.place();
    let dir = place.dir.clone().unwrap_or_else(|| PathBuf::from("data"));
    must_be_empty(&dir)?;
    std::fs::create_dir_all(&dir)?;
    // The copied configuration decides where the evidence belongs, so it comes first.
    let own = from.join(base::config::FILE_NAME);
    if own.exists() && place.config.is_none() {
        std::fs::copy(&own, dir.join(base::config::FILE_NAME))?;
    }
    let config = configure(&place).map_err(|f| Fault::broken(f.join("\n")))?;
    let Place::File(file) = config.storage.place() else {
        return Err(Fault::broken("this restores the SQLite file; the configuration names PostgreSQL"));
    };
    let evidence = config.storage.evidence.join("evidence");
    must_be_empty(&evidence)?;
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::copy(from.join("guandu.db"), &file)?;
    let files = copy_tree(&from.join("evidence"), &evidence)?;
    out::line(format!("put the database to {} and {files} files to {}", file.display(), evidence.display()));
    match keys {
        Some(path) => {
            read_keys(&config, path)?;
            out::line("put the keys into their places; run `guandu verify` next");
        }
        None => out::note(format!(
            "Now put the keys back, {} and {}, or run again with --keys FILE; then run `guandu verify`.",
            in_dir(&config, &config.ledger.key_file).display(),
            in_dir(&config, &config.vault.key_file).display()
        )),
    }
    Ok(OK)
}

fn read_keys(config: &Config, path: &Path) -> Outcome<()> {
    let text = std::fs::read_to_string(path)?;
    for (name, file) in files_of(config) {
        let keys: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(of, key)| (of == name).then_some(key.trim()))
            .collect();
        if !keys.is_empty() {
            write_private(&file, &format!("{}\n", keys.join("\n")))?;
        }
    }
    Ok(())
}

fn must_be_empty(dir: &Path) -> Outcome<()> {
    let used = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        return Err(Fault::broken(format!("{}: the folder is not empty; name a new one", dir.display())));
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Outcome<u64> {
    if !from.exists() {
        return Ok(0);
    }
    std::fs::create_dir_all(to)?;
    let mut n = 0;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            n += copy_tree(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name))?;
            n += 1;
        }
    }
    Ok(n)
}
