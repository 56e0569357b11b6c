//! SQL over recovery codes, and the numbers of events of things that have no row of their own.

use base::{Outcome, Tx};
use kernel::{DistrictCode, Instant, PersonId};

/// Replaces every code of a person.
pub fn replace(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    person: PersonId,
    prints: &[String],
    now: Instant,
) -> Outcome<()> {
    clear(tx, district, person)?;
    for print in prints {
        let sql = "insert into recovery_code (district, person, print, made_at) values ($1, $2, $3, $4)";
        tx.exec(sql, &[district.into(), person.into(), print.into(), now.into()])?;
    }
    Ok(())
}

/// Removes every code of a person.
pub fn clear(tx: &mut Tx<'_>, district: DistrictCode, person: PersonId) -> Outcome<()> {
    let sql = "delete from recovery_code where district = $1 and person = $2";
    tx.exec(sql, &[district.into(), person.into()]).map(|_| ())
}

/// Uses a code up; false when there is none or it was used before. Of two tries at once only one gets true.
pub fn spend(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    person: PersonId,
    print: &str,
    now: Instant,
) -> Outcome<bool> {
    let sql = "update recovery_code set used_at = $1 where district = $2 and person = $3 and print = $4 and used_at is null";
    Ok(tx.exec(sql, &[now.into(), district.into(), person.into(), print.into()])? == 1)
}

/// Codes that are still good, and when they were made.
pub fn left(tx: &mut Tx<'_>, district: DistrictCode, person: PersonId) -> Outcome<(u64, Option<Instant>)> {
    let sql = "select count(*), max(made_at) from recovery_code where district = $1 and person = $2 and used_at is null";
    let found =
        tx.one(sql, &[district.into(), person.into()], |row| Ok((row.count(0)?, row.instant_opt(1)?)))?;
    Ok(found.unwrap_or((0, None)))
}

/// The number of the next event of a thing. Of two writers that read the same number one is refused by the ledger's key.
pub fn next_rev(tx: &mut Tx<'_>, district: DistrictCode, subject: &str) -> Outcome<u64> {
    let sql = "select max(rev) from event where district = $1 and subject = $2";
    let last = tx.one(sql, &[district.into(), subject.into()], |row| row.int_opt(0))?.flatten();
    Ok(u64::try_from(last.unwrap_or(0)).unwrap_or(0) + 1)
}
