//! SQL of hot issues: what was said at a place, how often, and what the last look kept.

use super::Issue;
use crate::model::Case;
use crate::store::id_floor;
use base::{Arg, Outcome, Tx};
use kernel::{DistrictCode, Instant, UnitCode};

/// One filing, as far as a hot issue needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// Its id.
    pub id: String,
    /// When it was received.
    pub at: Instant,
    /// Keyed hash of the petitioner's phone.
    pub person: Option<String>,
    /// What was said, numbers masked.
    pub text: String,
    /// The address as written.
    pub address: String,
    /// A confidential petitioner.
    pub confidential: bool,
}

/// What residents said of one category at one place since a moment, newest first.
pub(super) fn voices(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    spot: (&UnitCode, &str),
    since: Instant,
    limit: u32,
) -> Outcome<Vec<Voice>> {
    let sql = "select id, received_at, contact_hash, confidential, body from case_item where district = $1 and place = $2 \
               and category = $3 and id >= $4 and staff = 0 order by id desc limit $5";
    let args = [district.into(), spot.0.into(), spot.1.into(), id_floor(since).into(), limit.into()];
    tx.query(sql, &args, |row| {
        let case: Case = row.json(4)?;
        Ok(Voice {
            id: row.text(0)?,
            at: row.instant(1)?,
            person: row.text_opt(2)?,
            confidential: row.flag(3)?,
            text: case.filing.text.as_str().to_owned(),
            address: case.filing.place.address.as_ref().map(|a| a.as_str().to_owned()).unwrap_or_default(),
        })
    })
}

/// Cases of exactly this category at these places within a time. It reads an index only.
pub fn counted(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    places: &[UnitCode],
    category: &str,
    within: (Instant, Instant),
) -> Outcome<u64> {
    if places.is_empty() {
        return Ok(0);
    }
    let mut args: Vec<Arg<'static>> = vec![
        district.into(),
        category.to_owned().into(),
        id_floor(within.0).into(),
        id_floor(within.1).into(),
    ];
    let list: Vec<String> = places
        .iter()
        .map(|place| {
            args.push(place.to_string().into());
            format!("${}", args.len())
        })
        .collect();
    let sql = format!(
        "select count(*) from case_item where district = $1 and category = $2 and id >= $3 and id < $4 and place in ({})",
        list.join(", ")
    );
    Ok(tx.one(&sql, &args, |row| row.count(0))?.unwrap_or(0))
}

/// Keeps what a look found, in place of what was.
pub(super) fn keep(tx: &mut Tx<'_>, district: DistrictCode, at: Instant, issues: &[Issue]) -> Outcome<()> {
    tx.exec("delete from case_issue where district = $1", &[district.into()])?;
    let sql = "insert into case_issue (district, no, at, place, category, people, body) values ($1, $2, $3, $4, $5, $6, $7)";
    for (no, issue) in issues.iter().enumerate() {
        let body = serde_json::to_string(issue)?;
        let args = [
            district.into(),
            no.into(),
            at.into(),
            (&issue.place).into(),
            issue.category.as_str().into(),
            issue.people.into(),
            body.into(),
        ];
        tx.exec(sql, &args)?;
    }
    Ok(())
}

/// What the last look kept, most people first, and when that was; none when there was no look or it found nothing.
pub fn found(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<(Option<Instant>, Vec<Issue>)> {
    let sql = "select at, body from case_issue where district = $1 order by no";
    let rows = tx.query(sql, &[district.into()], |row| Ok((row.instant(0)?, row.json::<Issue>(1)?)))?;
    Ok((rows.first().map(|(at, _)| *at), rows.into_iter().map(|(_, issue)| issue).collect()))
}

/// A place that comes back: several cases of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Community or street.
    pub place: UnitCode,
    /// Category's code.
    pub category: String,
    /// Cases.
    pub cases: u64,
    /// Of these, open.
    pub open: u64,
}

fn repeated_row(row: &base::Row<'_>) -> Outcome<Repeated> {
    Ok(Repeated { place: row.parsed(0)?, category: row.text(1)?, cases: row.count(2)?, open: row.count(3)? })
}

/// Places where a unit had the same category more than once since a moment, the most first.
pub fn repeated(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    unit: &UnitCode,
    since: Instant,
    limit: u32,
) -> Outcome<Vec<Repeated>> {
    let sql = "select place, category, count(*) as n, cast(sum(open) as bigint) from case_item where district = $1 \
               and unit = $2 and id >= $3 and place is not null and category is not null and staff = 0 \
               group by place, category having count(*) > 1 order by n desc, place, category limit $4";
    tx.query(sql, &[district.into(), unit.into(), id_floor(since).into(), limit.into()], repeated_row)
}

/// What a street has on its ground, whoever handles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Community, or the street itself.
    pub place: UnitCode,
    /// Cases since the moment.
    pub cases: u64,
    /// Of these, open.
    pub open: u64,
    /// Of these, past what the holder must meet.
    pub late: u64,
}

/// Cases by place since a moment, for the board of a street.
pub fn grounds(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    places: &[UnitCode],
    times: (Instant, Instant),
) -> Outcome<Vec<Ground>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let (since, now) = times;
    let mut args: Vec<Arg<'static>> = vec![now.into(), district.into(), id_floor(since).into()];
    let list: Vec<String> = places
        .iter()
        .map(|place| {
            args.push(place.to_string().into());
            format!("${}", args.len())
        })
        .collect();
    let sql = format!(
        "select place, count(*), cast(sum(open) as bigint), cast(sum(case when open = 1 and due < $1 then 1 else 0 end) as bigint) \
         from case_item where district = $2 and id >= $3 and place in ({}) group by place order by place",
        list.join(", ")
    );
    tx.query(&sql, &args, |row| {
        Ok(Ground { place: row.parsed(0)?, cases: row.count(1)?, open: row.count(2)?, late: row.count(3)? })
    })
}
