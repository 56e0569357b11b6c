//! The raw limit: the very statements that the program ran, run again on a copy of the same file through rusqlite, with
//! the same savepoints and as many writes to a commit.

use base::db::record::Statement;
use base::{Arg, Fault, Outcome};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::Path;
use std::time::Instant;

/// The tape cut into writes.
pub(super) fn writes(tape: Vec<Statement>) -> Vec<Vec<Statement>> {
    let mut list: Vec<Vec<Statement>> = Vec::new();
    for statement in tape {
        if statement.sql == "savepoint w" {
            list.push(Vec::new());
        } else if let Some(last) = list.last_mut() {
            last.push(statement);
        }
    }
    list.retain(|write| !write.is_empty());
    list
}

/// What rusqlite alone reaches.
pub(super) struct Raw {
    /// Writes a second.
    pub(super) rate: f64,
    /// Nanoseconds of processor time for all of them.
    pub(super) cpu: u64,
    /// How many there were.
    pub(super) writes: usize,
    /// Statements in one of them.
    pub(super) statements: f64,
}

/// Runs the writes as fast as rusqlite alone can, with every setting that the program's own writer has.
pub(super) fn rate(file: &Path, writes: &[Vec<Statement>], batch: usize) -> Outcome<Raw> {
    let conn = Connection::open(file).map_err(|e| broken(&e))?;
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -48000; \
         pragma temp_store = memory; pragma wal_autocheckpoint = 4000;",
    )
    .map_err(|e| broken(&e))?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| broken(&e))?;
    conn.set_prepared_statement_cache_capacity(512);
    let (cpu, began) = (super::cpu::of_this_thread(), Instant::now());
    for group in writes.chunks(batch.max(1)) {
        run(&conn, "begin immediate", &[])?;
        for write in group {
            run(&conn, "savepoint w", &[])?;
            for statement in write {
                run(&conn, &statement.sql, &statement.args)?;
            }
            run(&conn, "release w", &[])?;
        }
        run(&conn, "commit", &[])?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let n = super::bed::number(writes.len());
    let statements = super::bed::number(writes.iter().map(Vec::len).sum()) / n.max(1.0);
    let cpu = super::cpu::of_this_thread().saturating_sub(cpu);
    Ok(Raw { rate: n / seconds, cpu, writes: writes.len(), statements })
}

pub(super) fn run(conn: &Connection, sql: &str, args: &[Arg<'static>]) -> Outcome<()> {
    let mut stmt = conn.prepare_cached(sql).map_err(|e| broken(&e))?;
    for (i, arg) in args.iter().enumerate() {
        stmt.raw_bind_parameter(i + 1, arg).map_err(|e| broken(&e))?;
    }
    let mut rows = stmt.raw_query();
    while rows.next().map_err(|e| broken(&e))?.is_some() {}
    Ok(())
}

pub(super) fn broken(e: &rusqlite::Error) -> Fault {
    Fault::broken(format!("raw: {e}"))
}
