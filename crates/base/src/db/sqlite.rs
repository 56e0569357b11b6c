//! SQLite: one writer thread with group commit, a few read connections.

use super::roll::{Roll, Seat};
use super::{Arg, Row, Tx, WriteStats};
use crate::fault::{DbFault, Fault, Outcome};
use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tokio::sync::oneshot;

/// Writes that may wait; past it a write is refused at once instead of piling up memory.
const QUEUE: usize = 8192;
/// Most writes that share one transaction: bounds the wait of the first one.
const BATCH: usize = 256;
/// Read connections kept open; each holds its own page cache.
const READERS: usize = 6;

/// What the writer calls after the outcome of the commit is known.
type Done = Box<dyn FnOnce(Result<(), DbFault>) + Send>;
/// A write that waits: runs in the open transaction and says whether its savepoint stays.
type Job = Box<dyn FnOnce(&mut Tx<'_>) -> (bool, Done) + Send>;

enum Msg {
    Job(Job),
    Stop(SyncSender<()>),
}

pub(super) struct Lite {
    path: PathBuf,
    queue: SyncSender<Msg>,
    readers: Mutex<Vec<Connection>>,
    stats: Arc<Stats>,
}

#[derive(Default)]
struct Stats {
    commits: AtomicU64,
    writes: AtomicU64,
}

/// A SQLite transaction or savepoint that is open.
pub struct LiteTx<'c> {
    conn: &'c Connection,
    /// None for reads.
    roll: Option<&'c Arc<Roll>>,
}

impl Lite {
    pub(super) fn open(path: &Path) -> Outcome<Lite> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let writer = connect(path, true)?;
        let (queue, jobs) = sync_channel(QUEUE);
        let stats = Arc::new(Stats::default());
        let counted = stats.clone();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || write_loop(&writer, &jobs, &counted))?;
        Ok(Lite { path: path.to_path_buf(), queue, readers: Mutex::new(Vec::new()), stats })
    }

    pub(super) async fn write<T, F>(&self, mut f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        let (answer, wait) = oneshot::channel::<Outcome<T>>();
        let job: Job = Box::new(move |tx| {
            let ran = catch_unwind(AssertUnwindSafe(|| f(tx)));
            let result = ran.unwrap_or_else(|_| Err(Fault::broken("a write panicked")));
            let keep = result.is_ok();
            let done: Done = Box::new(move |committed| {
                let outcome = match committed {
                    Ok(()) => result,
                    Err(db) => Err(Fault::Db(db)),
                };
                // The asker may have gone away; the write stands all the same.
                let _gone = answer.send(outcome);
            });
            (keep, done)
        });
        match self.queue.try_send(Msg::Job(job)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Fault::Db(DbFault::Overloaded)),
            Err(TrySendError::Disconnected(_)) => {
                return Err(Fault::Db(DbFault::Away("writer stopped".to_owned())));
            }
        }
        wait.await.unwrap_or_else(|_| Err(Fault::Db(DbFault::Away("writer stopped".to_owned()))))
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Outcome<T>) -> Outcome<T> {
        let pooled = self.readers.lock().pop();
        let conn = match pooled {
            Some(conn) => conn,
            None => connect(&self.path, false)?,
        };
        conn.prepare_cached("begin").and_then(|mut s| s.execute([])).map_err(|e| fault(&e))?;
        let result = f(&mut Tx::Lite(LiteTx { conn: &conn, roll: None }));
        let ended = conn.prepare_cached("commit").and_then(|mut s| s.execute([]));
        if ended.is_ok() {
            let mut readers = self.readers.lock();
            if readers.len() < READERS {
                readers.push(conn);
            }
        }
        result
    }

    pub(super) fn backup_to(&self, target: &Path) -> Outcome<()> {
        let from = connect(&self.path, false)?;
        let mut to = Connection::open(target).map_err(|e| fault(&e))?;
        let backup = rusqlite::backup::Backup::new(&from, &mut to).map_err(|e| fault(&e))?;
        // Without a pause between steps: a pause lets the source change and restarts the copy.
        backup.run_to_completion(4096, std::time::Duration::ZERO, None).map_err(|e| fault(&e))
    }

    pub(super) fn stats(&self) -> WriteStats {
        WriteStats {
            commits: self.stats.commits.load(Ordering::Relaxed),
            writes: self.stats.writes.load(Ordering::Relaxed),
        }
    }

    pub(super) fn close(&self) {
        self.readers.lock().clear();
        let (stopped, wait) = sync_channel(1);
        if self.queue.send(Msg::Stop(stopped)).is_ok() {
            let _stopped = wait.recv();
        }
    }
}

fn connect(path: &Path, writer: bool) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| fault(&e))?;
    // KiB as negative numbers: the writer keeps hot index pages, readers stay small (DESIGN §11: 200 MB in all).
    let cache = if writer { -48_000 } else { -8_000 };
    let pragmas = format!(
        "pragma busy_timeout = 10000; pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full;
         pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = {cache};
         pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 4000; pragma query_only = {};",
        if writer { "off" } else { "on" }
    );
    conn.execute_batch(&pragmas).map_err(|e| fault(&e))?;
    // Plans must not depend on bound values. Otherwise SQLite throws a kept statement away whenever a value that its
    // planner looked at is bound anew, and prepares it again: the look-up of a session cost a third of a request so.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| fault(&e))?;
    conn.set_prepared_statement_cache_capacity(512);
    Ok(conn)
}

fn write_loop(conn: &Connection, jobs: &Receiver<Msg>, stats: &Stats) {
    while let Ok(first) = jobs.recv() {
        let mut batch = Vec::with_capacity(64);
        let roll = Arc::new(Roll::default());
        let mut stop = None;
        let mut next = Some(first);
        if let Err(e) = run(conn, "begin immediate") {
            refuse(next.take(), &e, &mut stop);
        }
        let mut open = next.is_some();
        while let Some(msg) = next.take() {
            match msg {
                Msg::Stop(stopped) => {
                    stop = Some(stopped);
                    break;
                }
                Msg::Job(job) => batch.push(step(conn, job, &roll, &mut open)),
            }
            if batch.len() >= BATCH || !open {
                break;
            }
            next = jobs.try_recv().ok();
        }
        let committed =
            if open { run(conn, "commit") } else { Err(DbFault::Other("rolled back".to_owned())) };
        if committed.is_err() {
            let _rolled = run(conn, "rollback");
        } else {
            roll.close();
            stats.commits.fetch_add(1, Ordering::Relaxed);
            stats.writes.fetch_add(u64::try_from(batch.len()).unwrap_or(0), Ordering::Relaxed);
        }
        for done in batch {
            done(committed.clone());
        }
        if let Some(stopped) = stop {
            let _moved = conn.execute_batch("pragma wal_checkpoint(truncate)");
            let _told = stopped.send(());
            return;
        }
    }
}

/// Runs one write in its own savepoint, so that its failure takes back nothing of its neighbours'.
fn step(conn: &Connection, job: Job, roll: &Arc<Roll>, open: &mut bool) -> Done {
    let seats = roll.len();
    let marked = run(conn, "savepoint w");
    super::record::note("savepoint w", &[]);
    let (keep, done) = job(&mut Tx::Lite(LiteTx { conn, roll: Some(roll) }));
    let ended = if keep {
        run(conn, "release w")
    } else {
        roll.truncate(seats);
        run(conn, "rollback to w").and_then(|()| run(conn, "release w"))
    };
    // A full disk or an I/O error may end the whole transaction under us; then nothing of the batch stands.
    if marked.is_err() || ended.is_err() || conn.is_autocommit() {
        *open = false;
    }
    done
}

fn refuse(msg: Option<Msg>, e: &DbFault, stop: &mut Option<SyncSender<()>>) {
    match msg {
        Some(Msg::Stop(stopped)) => *stop = Some(stopped),
        // The job is dropped unrun; its asker sees the channel close and is told that the writer is away.
        Some(Msg::Job(_)) | None => tracing::error!(error = ?e, "cannot begin a transaction"),
    }
}

fn run(conn: &Connection, sql: &str) -> Result<(), DbFault> {
    conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map(|_| ()).map_err(|e| db_fault(&e))
}

impl LiteTx<'_> {
    pub(super) fn exec(&mut self, sql: &str, args: &[Arg<'_>]) -> Outcome<u64> {
        super::record::note(sql, args);
        let mut stmt = self.conn.prepare_cached(sql).map_err(|e| at(&e, sql))?;
        bind(&mut stmt, args).map_err(|e| at(&e, sql))?;
        let n = stmt.raw_execute().map_err(|e| at(&e, sql))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        super::record::note(sql, args);
        let mut stmt = self.conn.prepare_cached(sql).map_err(|e| at(&e, sql))?;
        bind(&mut stmt, args).map_err(|e| at(&e, sql))?;
        let mut rows = stmt.raw_query();
        while let Some(row) = rows.next().map_err(|e| at(&e, sql))? {
            visit(&Row::Lite(row))?;
        }
        Ok(())
    }

    pub(super) fn take_seat(&mut self, mark: kernel::ledger::Hash) -> Option<Seat> {
        Some(self.roll?.take_seat(mark))
    }

    pub(super) fn prepare_only(&mut self, sql: &str) -> Outcome<()> {
        self.conn.prepare(sql).map(|_| ()).map_err(|e| at(&e, sql))
    }

    pub(super) fn script(&mut self, sql: &str) -> Outcome<()> {
        self.conn.execute_batch(sql).map_err(|e| at(&e, sql))
    }
}

fn bind(stmt: &mut rusqlite::CachedStatement<'_>, args: &[Arg<'_>]) -> rusqlite::Result<()> {
    for (i, arg) in args.iter().enumerate() {
        stmt.raw_bind_parameter(i + 1, arg)?;
    }
    Ok(())
}

fn at(e: &rusqlite::Error, sql: &str) -> Fault {
    match db_fault(e) {
        DbFault::Other(text) => Fault::Db(DbFault::Other(format!("{text} in: {sql}"))),
        other => Fault::Db(other),
    }
}

fn fault(e: &rusqlite::Error) -> Fault {
    Fault::Db(db_fault(e))
}

fn db_fault(e: &rusqlite::Error) -> DbFault {
    let text = e.to_string();
    match e {
        rusqlite::Error::SqliteFailure(code, _) => match code.code {
            ErrorCode::ConstraintViolation
                if code.extended_code & 0xff00 == 0x0600 || matches!(code.extended_code, 1555 | 2067) =>
            {
                DbFault::Duplicate(text)
            }
            ErrorCode::ConstraintViolation => DbFault::Constraint(text),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbFault::Raced(text),
            ErrorCode::DiskFull => DbFault::Full(text),
            ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => DbFault::Away(text),
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => DbFault::Damaged(text),
            _ => DbFault::Other(text),
        },
        _ => DbFault::Other(text),
    }
}
