//! What the page of jobs shows.

use crate::db::Tx;
use crate::fault::Outcome;
use kernel::{DistrictCode, Instant};

/// State of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickRow {
    /// Name.
    pub name: String,
    /// When it is due next.
    pub next_at: Instant,
    /// Who runs it now; empty for nobody.
    pub lease_by: String,
    /// Runs begun so far.
    pub runs: u64,
    /// When it last ended well.
    pub last_ok: Option<Instant>,
    /// The last run's error; empty when it ended well.
    pub last_error: String,
}

/// Every job of a district that has run at least once, by name.
pub fn list(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Vec<TickRow>> {
    let sql = "select name, next_at, lease_by, runs, last_ok, last_error from tick where district = $1 order by name";
    tx.query(sql, &[district.into()], |row| {
        Ok(TickRow {
            name: row.text(0)?,
            next_at: row.instant(1)?,
            lease_by: row.text(2)?,
            runs: row.count(3)?,
            last_ok: row.instant_opt(4)?,
            last_error: row.text(5)?,
        })
    })
}

/// Makes a job due at once; false when there is no such job.
pub fn run_now(tx: &mut Tx<'_>, district: DistrictCode, name: &str, now: Instant) -> Outcome<bool> {
    let sql = "update tick set next_at = $1 where district = $2 and name = $3";
    Ok(tx.exec(sql, &[now.into(), district.into(), name.into()])? > 0)
}
