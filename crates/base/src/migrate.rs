//! The schema: one linear history of small SQL files, one text for both backends.
//!
//! A file is split into statements at `;` before a line's end, and each is sent by itself (Citus forwards the text of DDL, so several
//! in one call fail there). Three words differ by backend and are put in here: `BYTES` is `blob` or `bytea`,
//! `CLUSTERED` is `without rowid` or nothing, and `select app_distribute(…)` is skipped on SQLite and is a no-op on
//! PostgreSQL without Citus. A statement that begins with `ONLY_PG` or `ONLY_SQLITE` is sent to that backend alone;
//! the full-text index is what it is for, because neither backend knows the other's.

use crate::db::{Db, Tx};
use crate::fault::{DbFault, Fault, Outcome};
use kernel::Instant;
use sha2::{Digest, Sha256};

/// One step of the history; the numbers of all crates form one line.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Position in the line.
    pub number: i64,
    /// Short name for the list.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// The base's own steps.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "base", sql: include_str!("../migrations/0001_base.sql") },
    Migration { number: 2, name: "deliveries", sql: include_str!("../migrations/0002_deliveries.sql") },
    Migration { number: 11, name: "search", sql: include_str!("../migrations/0011_search.sql") },
    Migration { number: 12, name: "feed", sql: include_str!("../migrations/0012_feed.sql") },
];

/// Defines the helper that distributes a table when Citus is installed and does nothing otherwise.
const APP_DISTRIBUTE: &str = r"
create or replace function app_distribute(t regclass, col text default null, near regclass default null, shards int default 32)
returns text language plpgsql as $f$
begin
  if not exists (select 1 from pg_extension where extname = 'citus') then return 'local'; end if;
  if exists (select 1 from pg_dist_partition where logicalrelid = t and (partmethod = 'h' or (partmethod = 'n' and repmodel = 't'))) then
    return 'already';
  end if;
  perform set_config('citus.enable_local_reference_table_foreign_keys', 'off', true);
  if col is null then
    perform create_reference_table(t);
    return 'reference';
  end if;
  if near is null then
    perform create_distributed_table(t, col, shard_count => shards);
  else
    perform create_distributed_table(t, col, colocate_with => near::text);
  end if;
  return 'distributed';
end $f$";

/// What a run of the migrations did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps applied now.
    pub applied: Vec<String>,
    /// Steps that were there already.
    pub present: usize,
}

/// Brings the schema to the newest step. Refuses a database whose history differs from the program's.
pub async fn run(db: &Db, steps: &[Migration], now: Instant) -> Outcome<Report> {
    let mut steps = steps.to_vec();
    steps.sort_by_key(|step| step.number);
    if steps.windows(2).any(|pair| pair.first().map(|a| a.number) == pair.get(1).map(|b| b.number)) {
        return Err(Fault::broken("two migrations share a number"));
    }
    db.write(prepare).await?;
    let mut report = Report::default();
    for step in steps {
        if db.write(move |tx| apply(tx, step, now)).await? {
            report.applied.push(format!("{:04} {}", step.number, step.name));
        } else {
            report.present += 1;
        }
    }
    Ok(report)
}

/// The newest step that the database has; 0 for an empty one.
pub fn newest(tx: &mut Tx<'_>) -> Outcome<i64> {
    Ok(tx.one("select max(number) from migration", &[], |row| row.int_opt(0))?.flatten().unwrap_or(0))
}

fn prepare(tx: &mut Tx<'_>) -> Outcome<()> {
    if tx.is_pg() {
        // Two nodes that start together: the second waits for the first one's transaction to end.
        tx.script("select pg_advisory_xact_lock(530111)")?;
        tx.script("set local citus.multi_shard_modify_mode to 'sequential'")?;
        tx.script(APP_DISTRIBUTE)?;
    }
    tx.script(
        "create table if not exists migration (number bigint not null primary key, name text not null, \
         digest text not null, at bigint not null)",
    )
}

fn apply(tx: &mut Tx<'_>, step: Migration, now: Instant) -> Outcome<bool> {
    if tx.is_pg() {
        tx.script("select pg_advisory_xact_lock(530111)")?;
        tx.script("set local citus.multi_shard_modify_mode to 'sequential'")?;
    }
    let digest = crate::hex(&Sha256::digest(step.sql.as_bytes()));
    let known =
        tx.one("select digest from migration where number = $1", &[step.number.into()], |row| row.text(0))?;
    match known {
        Some(found) if found == digest => return Ok(false),
        Some(_) => {
            let text = format!(
                "migration {:04} {} differs from what this database was made with",
                step.number, step.name
            );
            return Err(Fault::Db(DbFault::Damaged(text)));
        }
        None => {}
    }
    for statement in statements(step.sql, tx.is_pg()) {
        tx.script(&statement)?;
    }
    tx.exec(
        "insert into migration (number, name, digest, at) values ($1, $2, $3, $4)",
        &[step.number.into(), step.name.into(), (&digest).into(), now.into()],
    )?;
    Ok(true)
}

/// The statements of a file for one backend.
pub fn statements(sql: &str, pg: bool) -> Vec<String> {
    let bare: String =
        sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    let (bytes, clustered) = if pg { ("bytea", "") } else { ("blob", "without rowid") };
    let (own, others) = if pg { ("ONLY_PG", "ONLY_SQLITE") } else { ("ONLY_SQLITE", "ONLY_PG") };
    bare.split(";\n")
        .map(|part| part.trim().trim_end_matches(';').replace("BYTES", bytes).replace("CLUSTERED", clustered))
        .filter(|part| !part.is_empty() && !part.starts_with(others))
        .map(|part| part.strip_prefix(own).map(|rest| rest.trim().to_owned()).unwrap_or(part))
        .filter(|part| pg || !part.starts_with("select app_distribute"))
        .collect()
}
