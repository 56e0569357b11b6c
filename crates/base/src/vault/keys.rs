//! The file of keys: made at the first start with access for its owner only, never made anew beside values of a lost one.
//!
//! One key a line, 64 hexadecimal digits, the newest first. Which keys the database was used with is noted in
//! `setting` under the installation's own row, so that a start with the wrong file is refused instead of a page that
//! fails later.

use super::{Vault, VaultFault};
use crate::config::Secret;
use crate::db::{Db, Tx};
use crate::fault::Outcome;
use crate::keyfile::{self, write_private};
use std::path::Path;

/// The row of `setting` that belongs to the installation and to no district.
const INSTALLATION: i64 = 0;
const NAME: &str = "vault.keys";

/// The keys of this installation: from `given` (configuration or environment) when it is set, else from the file,
/// which is made of `fresh` at the first start.
///
/// Refused: no file although the database knows keys, keys of another database, lines that are no keys.
pub async fn held(db: &Db, given: &Secret, path: &Path, fresh: [u8; 32]) -> Outcome<Vault> {
    let known = db.read(known).await?;
    let shown = path.display().to_string();
    let vault = if !given.is_empty() {
        parsed(given.expose(), "vault.key")?
    } else {
        match std::fs::read_to_string(path) {
            Ok(text) => parsed(&text, &shown)?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && known.is_empty() => {
                write_private(path, &format!("{}\n", crate::hex(&fresh)))
                    .map_err(|e| VaultFault::Unreadable { path: shown.clone(), cause: e.to_string() })?;
                Vault::of(fresh, &[])
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(VaultFault::KeyMissing { path: shown, known }.into());
            }
            Err(e) => return Err(VaultFault::Unreadable { path: shown, cause: e.to_string() }.into()),
        }
    };
    let ids = vault.key_ids().join(" ");
    // Every key that was ever used must still be there: one that is missing means values that nobody can open.
    if known.split_whitespace().any(|id| !vault.key_ids().contains(&id)) {
        return Err(VaultFault::OtherKey { path: shown, known }.into());
    }
    if ids != known {
        db.write(move |tx| note(tx, &ids)).await?;
    }
    Ok(vault)
}

/// Puts a new key before the others in the file; what is sealed from the next start on uses it.
pub fn rotate(path: &Path, fresh: [u8; 32]) -> Outcome<Vault> {
    let shown = path.display().to_string();
    let unreadable = |e: std::io::Error| VaultFault::Unreadable { path: shown.clone(), cause: e.to_string() };
    let old = std::fs::read_to_string(path).map_err(unreadable)?;
    parsed(&old, &shown)?;
    let text = format!("{}\n{}", crate::hex(&fresh), old);
    let next = path.with_extension("new");
    // A leftover of an interrupted turn holds a key that sealed nothing.
    let _absent = std::fs::remove_file(&next);
    write_private(&next, &text).map_err(unreadable)?;
    std::fs::rename(&next, path).map_err(unreadable)?;
    Ok(parsed(&text, &shown)?)
}

fn known(tx: &mut Tx<'_>) -> Outcome<String> {
    let sql = "select value from setting where district = $1 and name = $2";
    Ok(tx.one(sql, &[INSTALLATION.into(), NAME.into()], |row| row.text(0))?.unwrap_or_default())
}

fn note(tx: &mut Tx<'_>, ids: &str) -> Outcome<()> {
    let sql = "insert into setting (district, name, value) values ($1, $2, $3) \
               on conflict (district, name) do update set value = excluded.value";
    tx.exec(sql, &[INSTALLATION.into(), NAME.into(), ids.into()]).map(|_| ())
}

fn parsed(text: &str, path: &str) -> Result<Vault, VaultFault> {
    let mut keys = Vec::new();
    for (i, word) in text.split_whitespace().enumerate() {
        keys.push(
            keyfile::parse(word).ok_or_else(|| VaultFault::BadKey { path: path.to_owned(), line: i + 1 })?,
        );
    }
    let (newest, older) =
        keys.split_first().ok_or_else(|| VaultFault::BadKey { path: path.to_owned(), line: 0 })?;
    Ok(Vault::of(*newest, older))
}
