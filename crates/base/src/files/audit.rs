//! Reading every stored file through: what `guandu verify` says of the evidence.

use super::{Check, Files, fault, page};
use crate::db::Db;
use crate::fault::Outcome;
use futures_util::TryStreamExt;
use kernel::DistrictCode;
use object_store::path::Path as Key;
use std::collections::BTreeSet;

/// Rows read at a time.
const CHUNK: u32 = 500;

/// What a look at all evidence of a district found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audited {
    /// Files (originals and shown copies) that rows name and that were read through.
    pub read: u64,
    /// Files that rows name and that are not there, with the row.
    pub missing: Vec<String>,
    /// Files whose bytes have another hash than the one that they were admitted under, with the row.
    pub changed: Vec<String>,
    /// Files that no row names. A file lies in its place before its row is committed, so one of this very day may be
    /// on its way; the daily sweep removes older ones.
    pub extra: Vec<String>,
}

impl Files {
    /// Reads through every file that a row of the district names, and lists those that none names. `progress` hears
    /// how many files are done.
    pub async fn audit(
        &self,
        db: &Db,
        district: DistrictCode,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Outcome<Audited> {
        let mut found = Audited::default();
        let mut named = BTreeSet::new();
        let mut after = None;
        loop {
            let from = after;
            let rows = db.read(move |tx| page(tx, district, from, CHUNK)).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                for sha256 in [&row.sha256, &row.shown_sha256] {
                    if !named.insert(sha256.clone()) {
                        continue;
                    }
                    found.read += 1;
                    let which = if *sha256 == row.sha256 { "original" } else { "shown copy" };
                    let text = format!("file {} ({}), {which} {sha256}", row.id, row.name);
                    match self.verify(district, sha256).await? {
                        Check::Good => {}
                        Check::Missing => found.missing.push(text),
                        Check::Differs { found: hash } => {
                            found.changed.push(format!("{text}: its bytes have {hash}"));
                        }
                    }
                }
            }
            progress(found.read);
        }
        let folder = Key::from(format!("evidence/{district}"));
        let mut list = self.store.list(Some(&folder));
        while let Some(meta) = list.try_next().await.map_err(|e| fault(&e))? {
            if !named.contains(meta.location.filename().unwrap_or_default()) {
                found.extra.push(meta.location.to_string());
            }
        }
        found.extra.sort();
        Ok(found)
    }
}
