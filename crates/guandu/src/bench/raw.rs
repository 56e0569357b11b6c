//! The raw limit: the very statements that the program ran, run again on a copy of the same file through rusqlite, with
//! the same savepoints and as many writes to a commit.

use base::db::record::Statement;
use base::{Arg, Fault, Outcome};
use rusqlite::Connection;
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

/// Writes a second that rusqlite alone reaches.
pub(super) fn rate(file: &Path, writes: &[Vec<Statement>], batch: usize) -> Outcome<f64> {
    let conn = Connection::open(file).map_err(|e| broken(&e))?;
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -48000; \
         pragma temp_store = memory; pragma wal_autocheckpoint = 4000;",
    )
    .map_err(|e| broken(&e))?;
    conn.set_prepared_statement_cache_capacity(512);
    let began = Instant::now();
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
    Ok(super::bed::number(writes.len()) / began.elapsed().as_secs_f64())
}

fn run(conn: &Connection, sql: &str, args: &[Arg<'static>]) -> Outcome<()> {
    let mut stmt = conn.prepare_cached(sql).map_err(|e| broken(&e))?;
    for (i, arg) in args.iter().enumerate() {
        stmt.raw_bind_parameter(i + 1, arg).map_err(|e| broken(&e))?;
    }
    let mut rows = stmt.raw_query();
    while rows.next().map_err(|e| broken(&e))?.is_some() {}
    Ok(())
}

fn broken(e: &rusqlite::Error) -> Fault {
    Fault::broken(format!("raw: {e}"))
}
