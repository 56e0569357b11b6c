//! `doctor`: what would keep the program from running well, and what to do about it.

use super::{Data, FOUND, OK, out};
use crate::areas;
use crate::assemble::configure;
use base::Outcome;
use base::db::{Db, Place};
use std::io::Write;

/// Runs every check and prints one line for each.
pub(super) async fn doctor(data: Data) -> Outcome<u8> {
    let config = match configure(&data.place()) {
        Ok(config) => config,
        Err(faults) => {
            faults.iter().for_each(|fault| out::line(format!("FAULT config: {fault}")));
            return Ok(FOUND);
        }
    };
    let mut faults = 0;
    let mut tell = |good: bool, what: &str, text: String| {
        faults += u32::from(!good);
        out::line(format!("{} {what}: {text}", if good { "ok   " } else { "FAULT" }));
    };
    let dir = &config.storage.dir;
    match probe(dir) {
        Ok(micros) => {
            tell(true, "data folder", format!("{} is writable, a flush takes {micros} µs", dir.display()));
        }
        Err(e) => tell(
            false,
            "data folder",
            format!("{}: {e}; make it writable or name another with --dir", dir.display()),
        ),
    }
    match Db::open(&config.storage.place()).await {
        Ok(db) => {
            let newest = db.read(base::migrate::newest).await.unwrap_or(0);
            let wanted = areas::migrations().iter().map(|m| m.number).max().unwrap_or(0);
            let advice = if newest == wanted { "is current" } else { "is older: run `guandu migrate`" };
            tell(newest == wanted, "schema", format!("step {newest} of {wanted} {advice}"));
            db.close().await;
        }
        Err(e) => tell(false, "database", format!("{e}")),
    }
    if let Place::File(file) = config.storage.place() {
        let size = std::fs::metadata(&file).map_or(0, |m| m.len());
        tell(true, "database", format!("{} has {} MiB", file.display(), size / 1_048_576));
    }
    let public = config.server.public_url.starts_with("https://");
    let local = config.server.listen.ip().is_loopback();
    tell(public || local, "address", format!("{} on {}", config.server.public_url, config.server.listen));
    let key = dir.join(&config.ledger.key_file);
    let text = if key.exists() {
        "is there; keep a copy apart from the database"
    } else {
        "is made at the first start"
    };
    tell(true, "ledger key", format!("{} {text}", key.display()));
    Ok(if faults == 0 { OK } else { FOUND })
}

/// Writes and flushes a small file; microseconds of the flush.
fn probe(dir: &std::path::Path) -> std::io::Result<u128> {
    std::fs::create_dir_all(dir)?;
    let path = dir.join(".probe");
    let mut file = std::fs::File::create(&path)?;
    file.write_all(b"guandu")?;
    let began = std::time::Instant::now();
    file.sync_all()?;
    let took = began.elapsed().as_micros();
    std::fs::remove_file(path)?;
    Ok(took)
}
