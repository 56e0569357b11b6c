//! The one door to the database, and the only place that names a backend.
//!
//! An area writes plain SQL that both SQLite and PostgreSQL take, with `$1, $2 …` numbered in the order of first
//! use, and gets a [`Tx`]:
//!
//! ```ignore
//! let title = db.read(move |tx| tx.one("select title from duty where district = $1 and id = $2",
//!     &[district.into(), id.into()], |row| row.text(0))).await?;
//! ```
//!
//! On SQLite, [`Db::write`] hands the closure to one writer thread: writes that are waiting share one transaction
//! (each in its own savepoint, one flush to disk for all), which is what makes `synchronous=FULL` affordable. On
//! PostgreSQL it runs on a pooled connection and is retried when the server reports a race.

pub(crate) mod index;
mod pg;
pub mod record;
mod roll;
mod sqlite;
mod val;

pub use roll::Seat;
pub use val::{Arg, Row};

use crate::fault::{DbFault, Fault, Outcome};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A database: cheap to clone.
#[derive(Clone)]
pub struct Db {
    kind: Arc<Backend>,
}

enum Backend {
    Lite(sqlite::Lite),
    Pg(pg::Pg),
}

/// Where the data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// One SQLite file.
    File(PathBuf),
    /// A PostgreSQL connection string.
    Url(String),
}

/// A transaction that is open: what store functions take.
pub enum Tx<'c> {
    #[doc(hidden)]
    Lite(sqlite::LiteTx<'c>),
    #[doc(hidden)]
    Pg(pg::PgTx<'c>),
}

/// Figures of the group commit, for metrics and benches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteStats {
    /// Transactions committed.
    pub commits: u64,
    /// Writes that they carried.
    pub writes: u64,
}

impl Db {
    /// Opens (and creates, for a file) the database; the schema is `migrate`'s business.
    pub async fn open(place: &Place) -> Outcome<Db> {
        let kind = match place {
            Place::File(path) => Backend::Lite(sqlite::Lite::open(path)?),
            Place::Url(url) => Backend::Pg(pg::Pg::open(url).await?),
        };
        Ok(Db { kind: Arc::new(kind) })
    }

    /// Runs a writing transaction; the answer arrives only after it is durable. The closure may run more than once
    /// (PostgreSQL retries races), so it must not carry effects outside the transaction.
    pub async fn write<T, F>(&self, f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        match &*self.kind {
            Backend::Lite(lite) => lite.write(f).await,
            Backend::Pg(pg) => pg.write(f).await,
        }
    }

    /// Runs a short read (a point or one page) in one snapshot.
    pub async fn read<T, F>(&self, f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        match &*self.kind {
            Backend::Lite(lite) => lite.read(f),
            Backend::Pg(pg) => pg.read(f).await,
        }
    }

    /// Runs a long read (a report, a whole year) off the request threads.
    pub async fn report<T, F>(&self, f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        match &*self.kind {
            Backend::Pg(pg) => pg.read(f).await,
            Backend::Lite(_) => {
                let db = self.clone();
                let run = move || match &*db.kind {
                    Backend::Lite(lite) => lite.read(f),
                    Backend::Pg(_) => Err(Fault::broken("backend changed")),
                };
                tokio::task::spawn_blocking(run).await.map_err(|e| Fault::broken(format!("report: {e}")))?
            }
        }
    }

    /// True on PostgreSQL, where several nodes may share the database.
    pub fn is_shared(&self) -> bool {
        matches!(&*self.kind, Backend::Pg(_))
    }

    /// Copies the whole database to a new file while writes go on (SQLite only).
    pub async fn backup_to(&self, target: &Path) -> Outcome<()> {
        let target = target.to_path_buf();
        let db = self.clone();
        let run = move || match &*db.kind {
            Backend::Lite(lite) => lite.backup_to(&target),
            Backend::Pg(_) => Err(Fault::Db(DbFault::Other("use pg_dump for PostgreSQL".to_owned()))),
        };
        tokio::task::spawn_blocking(run).await.map_err(|e| Fault::broken(format!("backup: {e}")))?
    }

    /// Group-commit figures since start.
    pub fn write_stats(&self) -> WriteStats {
        match &*self.kind {
            Backend::Lite(lite) => lite.stats(),
            Backend::Pg(pg) => pg.stats(),
        }
    }

    /// Writes everything that is waiting, moves the log into the file and stops the writer. Idempotent.
    pub async fn close(&self) {
        if let Backend::Lite(lite) = &*self.kind {
            lite.close();
        }
    }
}

impl Tx<'_> {
    /// Runs a statement and returns the number of rows it touched.
    pub fn exec(&mut self, sql: &str, args: &[Arg<'_>]) -> Outcome<u64> {
        val::check_order(sql);
        match self {
            Tx::Lite(tx) => tx.exec(sql, args),
            Tx::Pg(tx) => tx.exec(sql, args),
        }
    }

    /// Runs a query and maps every row.
    pub fn query<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut map: impl FnMut(&Row<'_>) -> Outcome<T>,
    ) -> Outcome<Vec<T>> {
        let mut out = Vec::new();
        self.each(sql, args, |row| {
            out.push(map(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// Runs a query and visits every row as it arrives, without gathering them.
    pub fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        visit: impl FnMut(&Row<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        val::check_order(sql);
        match self {
            Tx::Lite(tx) => tx.each(sql, args, visit),
            Tx::Pg(tx) => tx.each(sql, args, visit),
        }
    }

    /// The first row of a query, mapped, or `None`.
    pub fn one<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        map: impl FnMut(&Row<'_>) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        Ok(self.query(sql, args, map)?.into_iter().next())
    }

    /// Like [`Tx::one`], holding the row until the transaction ends. On SQLite the one writer holds everything.
    pub fn one_locked<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        map: impl FnMut(&Row<'_>) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        match self {
            Tx::Lite(_) => self.one(sql, args, map),
            Tx::Pg(_) => self.one(&format!("{sql} for update"), args, map),
        }
    }

    /// Like [`Tx::query`], skipping rows that another worker holds and holding those returned (claiming of jobs).
    pub fn query_claim<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        map: impl FnMut(&Row<'_>) -> Outcome<T>,
    ) -> Outcome<Vec<T>> {
        match self {
            Tx::Lite(_) => self.query(sql, args, map),
            Tx::Pg(_) => self.query(&format!("{sql} for update skip locked"), args, map),
        }
    }

    /// Leaves a mark among those of all writes that commit together; `None` where each write commits alone.
    pub(crate) fn take_seat(&mut self, mark: kernel::ledger::Hash) -> Option<Seat> {
        match self {
            Tx::Lite(tx) => tx.take_seat(mark),
            Tx::Pg(_) => None,
        }
    }

    /// Prepares a statement without running it: the guard test asks this of every statement on both backends.
    pub fn prepare_only(&mut self, sql: &str) -> Outcome<()> {
        match self {
            Tx::Lite(tx) => tx.prepare_only(sql),
            Tx::Pg(tx) => tx.prepare_only(sql),
        }
    }

    /// Runs one statement of a migration, as text, without parameters or caching.
    pub(crate) fn script(&mut self, sql: &str) -> Outcome<()> {
        match self {
            Tx::Lite(tx) => tx.script(sql),
            Tx::Pg(tx) => tx.script(sql),
        }
    }

    /// True on PostgreSQL.
    pub(crate) fn is_pg(&self) -> bool {
        matches!(self, Tx::Pg(_))
    }
}
