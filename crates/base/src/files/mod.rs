//! Evidence files: what is taken in, where it lies, and how it is proved unchanged.
//!
//! [`admit`] judges the bytes (by content, not by what the browser says), reads place and time from a photograph and
//! makes the copy that is shown, without them: a photograph of a complaint must not tell where the complainant lives.
//! The original is kept untouched, because it is the evidence. [`Files::put`] stores both under their SHA-256; the row
//! comes after, in the transaction of the act, so that a row never points at nothing. What is put and never gets its
//! row is removed by [`Files::sweep`].
//!
//! ```ignore
//! let admitted = files::admit(bytes, "现场.jpg", "image/jpeg", cap)?;
//! app.files.put(district, &admitted).await?;
//! app.db.write(move |tx| files::insert(tx, district, id, &admitted, &post, now)).await?;
//! ```
//!
//! The bytes lie in a folder. An S3-compatible store would be another value of the same trait; it is not compiled in.

mod admit;
mod audit;
mod office;
mod picture;
mod refusal;
mod row;
#[cfg(test)]
mod tests;

pub use admit::{Admitted, FileType, admit};
pub use audit::Audited;
pub use picture::Spot;
pub use refusal::FileRefusal;
pub use row::{FileRow, insert, load, page};

use crate::db::Db;
use crate::fault::{Common, DbFault, Fault, Outcome};
use bytes::Bytes;
use futures_util::TryStreamExt;
use kernel::{DistrictCode, Instant};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::RwLock;

/// Where evidence lies: cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Held for reading by a put, for writing by the removal of one orphan: in one program the two never overlap.
    gate: Arc<RwLock<()>>,
}

/// What a look at a stored file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// The bytes have the hash that they should have.
    Good,
    /// There are none.
    Missing,
    /// The bytes have another hash.
    Differs {
        /// The hash found, in hexadecimal.
        found: String,
    },
}

impl Files {
    /// Files in a folder, which is made when absent. Each write reaches the disk before it is answered.
    pub fn folder(path: &Path) -> Outcome<Files> {
        std::fs::create_dir_all(path)?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|e| fault(&e))?;
        Ok(Files::over(Arc::new(store.with_fsync(true).with_automatic_cleanup(false))))
    }
    /// Files in memory: tests and the simulator.
    pub fn memory() -> Files {
        Files::over(Arc::new(InMemory::new()))
    }
    fn over(store: Arc<dyn ObjectStore>) -> Files {
        Files { store, gate: Arc::new(RwLock::new(())) }
    }

    /// Stores original and shown copy. Idempotent; call it before the row is committed.
    pub async fn put(&self, district: DistrictCode, admitted: &Admitted) -> Outcome<()> {
        let _held = self.gate.read().await;
        // Written even when it is there: that renews its age, so that a sweep under way leaves it alone.
        self.put_one(district, &admitted.sha256, &admitted.original).await?;
        if admitted.shown_sha256 != admitted.sha256 {
            self.put_one(district, &admitted.shown_sha256, &admitted.shown).await?;
        }
        metrics::counter!("guandu_files_admitted_total", "type" => admitted.kind.extension()).increment(1);
        let size = u64::try_from(admitted.original.len()).unwrap_or(u64::MAX);
        metrics::counter!("guandu_files_bytes_total").increment(size);
        Ok(())
    }
    async fn put_one(&self, district: DistrictCode, sha256: &str, bytes: &Bytes) -> Outcome<()> {
        self.store.put(&key(district, sha256), bytes.clone().into()).await.map(|_| ()).map_err(|e| fault(&e))
    }

    /// The bytes with this hash.
    pub async fn get(&self, district: DistrictCode, sha256: &str) -> Outcome<Bytes> {
        match self.store.get(&key(district, sha256)).await {
            Ok(found) => found.bytes().await.map_err(|e| fault(&e)),
            Err(object_store::Error::NotFound { .. }) => {
                Err(Common::NotFound { what: "file", given: sha256.to_owned() }.into())
            }
            Err(e) => Err(fault(&e)),
        }
    }

    /// Reads a stored file through and compares its hash with its name: `guandu verify` asks this of every row.
    pub async fn verify(&self, district: DistrictCode, sha256: &str) -> Outcome<Check> {
        match self.get(district, sha256).await {
            Ok(bytes) => {
                let found = sha256_of(&bytes);
                Ok(if found == sha256 { Check::Good } else { Check::Differs { found } })
            }
            Err(Fault::Refused(_)) => Ok(Check::Missing),
            Err(e) => Err(e),
        }
    }

    /// Removes files older than `before` that no row names; returns how many. A periodic job, with `before` a day ago:
    /// between putting a file and committing its row there are seconds, not hours.
    pub async fn sweep(&self, db: &Db, district: DistrictCode, before: Instant) -> Outcome<u64> {
        let folder = Key::from(format!("evidence/{district}"));
        let mut removed = 0;
        let mut list = self.store.list(Some(&folder));
        while let Some(meta) = list.try_next().await.map_err(|e| fault(&e))? {
            if meta.last_modified.timestamp_micros() >= before.micros() {
                continue;
            }
            let sha256 = meta.location.filename().unwrap_or_default().to_owned();
            let _held = self.gate.write().await;
            let named = db.read(move |tx| row::is_named(tx, district, &sha256)).await?;
            let renewed = match self.store.head(&meta.location).await {
                Ok(now) => now.last_modified != meta.last_modified,
                Err(_) => true,
            };
            if !named && !renewed {
                self.store.delete(&meta.location).await.map_err(|e| fault(&e))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn key(district: DistrictCode, sha256: &str) -> Key {
    let two = sha256.get(..2).unwrap_or("__");
    Key::from(format!("evidence/{district}/{two}/{sha256}"))
}

fn sha256_of(bytes: &[u8]) -> String {
    crate::hex(&Sha256::digest(bytes))
}

fn fault(e: &object_store::Error) -> Fault {
    let mut cause: Option<&dyn std::error::Error> = Some(e);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::StorageFull
        {
            return Fault::Db(DbFault::Full(e.to_string()));
        }
        cause = inner.source();
    }
    Fault::broken(format!("evidence: {e}"))
}
