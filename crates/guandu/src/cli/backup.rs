//! `backup` and `restore`: a consistent copy of one machine's data while the service runs.

use super::{Data, OK, out};
use crate::assemble::configure;
use base::db::{Db, Place};
use base::{Fault, Outcome};
use std::path::{Path, PathBuf};

/// Copies database, evidence and key. The database is copied first: a file of evidence lies in its place before the
/// row that names it is committed, so whatever the copied rows name is in the files copied after.
pub(super) async fn backup(data: Data, to: PathBuf) -> Outcome<u8> {
    let config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
    let Place::File(file) = config.storage.place() else {
        return Err(Fault::broken(
            "this copies the SQLite file; for PostgreSQL use pg_dump and copy the evidence folder",
        ));
    };
    if !file.exists() {
        return Err(Fault::broken(format!("{}: there is no database to copy", file.display())));
    }
    must_be_empty(&to)?;
    std::fs::create_dir_all(&to)?;
    let db = Db::open(&config.storage.place()).await?;
    db.backup_to(&to.join("guandu.db")).await?;
    db.close().await;
    let files = copy_tree(&config.storage.evidence.join("evidence"), &to.join("evidence"))?;
    for name in ["ledger.key", base::config::FILE_NAME] {
        let from = config.storage.dir.join(name);
        if from.exists() {
            std::fs::copy(&from, to.join(name))?;
        }
    }
    out::line(format!("copied the database and {files} files of evidence to {}", to.display()));
    Ok(OK)
}

/// Puts a copy into an empty data folder.
pub(super) fn restore(data: &Data, from: &Path) -> Outcome<u8> {
    let config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
    if !from.join("guandu.db").exists() {
        return Err(Fault::broken(format!(
            "{}: no guandu.db in it, so this is no copy made by `guandu backup`",
            from.display()
        )));
    }
    let dir = &config.storage.dir;
    must_be_empty(dir)?;
    let files = copy_tree(from, dir)?;
    out::line(format!("put {files} files into {}; run `guandu verify` next", dir.display()));
    Ok(OK)
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
