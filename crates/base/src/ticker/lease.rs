//! Claiming, holding and ending one run: conditional updates of one row.

use crate::db::Tx;
use crate::fault::Outcome;
use kernel::{DistrictCode, Instant};

/// A run that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Who holds it.
    pub(super) owner: String,
    /// When it was claimed.
    pub(super) at: Instant,
    /// When it was due.
    pub(super) planned: Instant,
}

/// Whether the job is due and free; none when it has no row yet.
pub(super) fn is_due(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    name: &str,
    now: Instant,
) -> Outcome<Option<bool>> {
    let sql = "select next_at, lease_until from tick where district = $1 and name = $2";
    tx.one(sql, &[district.into(), name.into()], |row| Ok(row.instant(0)? <= now && row.instant(1)? <= now))
}

/// Makes the row of a job that has none.
pub(super) fn ensure(tx: &mut Tx<'_>, district: DistrictCode, name: &str, first: Instant) -> Outcome<()> {
    let sql = "insert into tick (district, name, next_at, lease_until, lease_by, runs, last_ok, last_error) \
               values ($1, $2, $3, 0, '', 0, null, '') on conflict (district, name) do nothing";
    tx.exec(sql, &[district.into(), name.into(), first.into()]).map(|_| ())
}

/// Takes the row when it is due and nobody holds it.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    name: &str,
    owner: &str,
    now: Instant,
    seconds: u32,
) -> Outcome<Option<Claim>> {
    let until = now.plus_seconds(i64::from(seconds));
    let update = "update tick set lease_until = $1, lease_by = $2, runs = runs + 1 \
                  where district = $3 and name = $4 and next_at <= $5 and lease_until <= $6";
    let args = [until.into(), owner.into(), district.into(), name.into(), now.into(), now.into()];
    if tx.exec(update, &args)? == 0 {
        return Ok(None);
    }
    let select = "select next_at from tick where district = $1 and name = $2";
    let planned = tx.one(select, &[district.into(), name.into()], |row| row.instant(0))?.unwrap_or(now);
    Ok(Some(Claim { owner: owner.to_owned(), at: now, planned }))
}

/// Holds the row longer; false when it is no longer ours.
pub(super) fn renew(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    name: &str,
    owner: &str,
    until: Instant,
) -> Outcome<bool> {
    let sql = "update tick set lease_until = $1 where district = $2 and name = $3 and lease_by = $4";
    Ok(tx.exec(sql, &[until.into(), district.into(), name.into(), owner.into()])? > 0)
}

/// Ends our run: notes the next one and how this one went. Does nothing when the lease was lost.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    name: &str,
    claim: &Claim,
    next: Instant,
    ended: Instant,
    error: Option<&str>,
) -> Outcome<()> {
    let owner = claim.owner.as_str();
    let (next, key) = (next.into(), [district.into(), name.into(), owner.into()]);
    let [d, n, o] = key;
    match error {
        None => {
            let sql = "update tick set next_at = $1, last_ok = $2, last_error = '', lease_until = 0, lease_by = '' \
                       where district = $3 and name = $4 and lease_by = $5";
            tx.exec(sql, &[next, ended.into(), d, n, o])?;
        }
        Some(error) => {
            let text: String = error.chars().take(500).collect();
            let sql = "update tick set next_at = $1, last_error = $2, lease_until = 0, lease_by = '' \
                       where district = $3 and name = $4 and lease_by = $5";
            tx.exec(sql, &[next, text.into(), d, n, o])?;
        }
    }
    Ok(())
}

/// Frees what this node still holds, so that another need not wait for the lease to run out.
pub(super) fn give_back(tx: &mut Tx<'_>, district: DistrictCode, name: &str, node: &str) -> Outcome<()> {
    let sql = "select lease_by from tick where district = $1 and name = $2";
    let held = tx.one_locked(sql, &[district.into(), name.into()], |row| row.text(0))?.unwrap_or_default();
    if held.rsplit_once('#').is_some_and(|(by, _)| by == node) {
        let sql = "update tick set lease_until = 0, lease_by = '' where district = $1 and name = $2";
        tx.exec(sql, &[district.into(), name.into()])?;
    }
    Ok(())
}
