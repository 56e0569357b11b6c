//! SQL of the cockpit: kept counts, rungs of a week, events of the ledger. Every statement reads a bounded number of rows.

use crate::model::{Load, Rungs, Sum};
use base::db::Row;
use base::scope::{Columns, narrow};
use base::{Arg, Outcome, Tx};
use kernel::access::Scope;
use kernel::{Day, DistrictCode, Instant};

/// Rungs of a week that are counted at most.
const RUNG_CAP: i64 = 2000;
/// Events that one page of the ledger looks through at most.
pub const WINDOW: i64 = 2000;

/// Kept counts of open duties by holding unit: open, overdue before `today`, due from `today` to `until`.
pub fn by_unit(tx: &mut Tx<'_>, district: DistrictCode, today: Day, until: Day) -> Outcome<Vec<Load>> {
    let sql = "select unit, cast(sum(n) as bigint), cast(sum(case when bucket < $1 then n else 0 end) as bigint), \
               cast(sum(case when bucket >= $2 and bucket <= $3 then n else 0 end) as bigint), \
               min(case when bucket < $4 then bucket end) \
               from tally where district = $5 and scope = 'due' and n <> 0 group by unit order by unit";
    let now = i64::from(today.number());
    let args = [now.into(), now.into(), i64::from(until.number()).into(), now.into(), district.into()];
    tx.query(sql, &args, |row| {
        let oldest = row.int_opt(4)?.and_then(|n| i32::try_from(n).ok()).map(Day::from_number);
        Ok(Load {
            unit: row.parsed(0)?,
            sum: Sum { open: row.int(1)?, overdue: row.int(2)?, week: row.int(3)?, oldest },
        })
    })
}

/// Open duties of the district by due day, from `from` to `to`, both included.
pub fn by_day(tx: &mut Tx<'_>, district: DistrictCode, from: Day, to: Day) -> Outcome<Vec<(Day, i64)>> {
    let sql = "select bucket, cast(sum(n) as bigint) from tally where district = $1 and scope = 'due' \
               and bucket >= $2 and bucket <= $3 group by bucket order by bucket";
    let args = [district.into(), i64::from(from.number()).into(), i64::from(to.number()).into()];
    tx.query(sql, &args, |row| {
        let day = i32::try_from(row.int(0)?).unwrap_or_default();
        Ok((Day::from_number(day), row.int(1)?))
    })
}

/// Rungs climbed from `from` up to `until`.
pub fn rungs(tx: &mut Tx<'_>, district: DistrictCode, from: Day, until: Instant) -> Outcome<Rungs> {
    let sql = "select rung, count(*) from (select rung from duty_rung where district = $1 and at >= $2 and at <= $3 limit $4) r \
               group by rung order by rung";
    let args = [district.into(), from.start().into(), until.into(), RUNG_CAP.into()];
    let by_rung = tx.query(sql, &args, |row| Ok((row.int(0)?, row.count(1)?)))?;
    let mut rungs = Rungs { from: Some(from), by_rung, capped: false };
    rungs.capped = i64::try_from(rungs.total()).unwrap_or(i64::MAX) >= RUNG_CAP;
    Ok(rungs)
}

/// The newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Events in the tree.
    pub size: u64,
    /// When it was signed.
    pub at: Instant,
    /// The signed note.
    pub note: String,
}

/// The newest checkpoint; none before the first event was sealed.
pub fn newest_point(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Option<Point>> {
    let sql = "select size, at, note from checkpoint where district = $1 order by size desc limit 1";
    tx.one(sql, &[district.into()], |row| {
        Ok(Point { size: row.count(0)?, at: row.instant(1)?, note: row.text(2)? })
    })
}

/// Events that wait to be sealed, up to a cap that keeps the count cheap.
pub fn unsealed(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<u64> {
    let sql = "select count(*) from (select 1 from event where district = $1 and seq is null limit 10000) e";
    Ok(tx.one(sql, &[district.into()], |row| row.count(0))?.unwrap_or(0))
}

/// An event as the ledger's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Id.
    pub id: String,
    /// Place in the tree; none before it is sealed.
    pub seq: Option<u64>,
    /// When.
    pub at: Instant,
    /// Post that acted.
    pub actor: String,
    /// Sort of thing.
    pub subject_kind: String,
    /// The thing.
    pub subject: String,
    /// Kind of event.
    pub kind: String,
    /// JSON text.
    pub body: String,
    /// Commitment, in hexadecimal.
    pub digest: String,
}

/// What the list of events keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineFilter {
    /// Sort of thing, such as `duty`.
    pub subject_kind: Option<String>,
    /// Kind of event, such as `duty.escalated`.
    pub kind: Option<String>,
    /// Post that acted.
    pub actor: Option<String>,
    /// The day on which it was recorded.
    pub day: Option<Day>,
    /// Only events before this id.
    pub before: Option<String>,
}

/// Whose events a post may see: what either scope admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Of `ledger.read`.
    pub ledger: Scope,
    /// Of `audit.read`.
    pub audit: Scope,
}

/// The event's own columns, as a scope of the log reads them.
const EVENT: Columns = Columns {
    unit: None,
    lead: None,
    support: None,
    holder: None,
    handler: None,
    patron: None,
    registrar: None,
    superintendent: None,
    post: Some("actor"),
    place: None,
    list: None,
    kind: Some("subject_kind"),
    compartment: None,
    public: None,
};
/// The duty that an event is about. The sort of thing is `duty` whatever the duty's own kind.
const DUTY: Columns = Columns { kind: Some("'duty'"), post: None, ..duty::store::COLUMNS };

/// The newest events that the filter and the post's scope keep, among the newest [`WINDOW`] before the cursor; and
/// the id with which the next page goes on.
pub fn lines(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    seen: &Seen,
    filter: &LineFilter,
    limit: u32,
) -> Outcome<(Vec<Line>, Option<String>)> {
    let last = window_end(tx, district, filter)?;
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut sql =
        "select id, seq, at, actor, subject_kind, subject, kind, body, leaf from event where district = $1"
            .to_owned();
    bounds(&mut sql, filter, last.as_deref(), &mut args);
    let kept = [("subject_kind", &filter.subject_kind), ("kind", &filter.kind), ("actor", &filter.actor)];
    for (column, value) in kept {
        if let Some(value) = value {
            args.push(value.clone().into());
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    if seen.ledger != Scope::All {
        let whole = narrow(&seen.ledger, &EVENT, &mut args);
        let own = narrow(&seen.audit, &EVENT, &mut args);
        let about = narrow(&seen.audit, &DUTY, &mut args);
        sql.push_str(&format!(
            " and ({whole} or {own} or (subject_kind = 'duty' and exists (select 1 from duty where duty.district = event.district \
             and duty.id = event.subject and {about})))"
        ));
    }
    args.push((limit + 1).into());
    sql.push_str(&format!(" order by id desc limit ${}", args.len()));
    let mut found = tx.query(&sql, &args, line)?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > full;
    found.truncate(full);
    let next = if more { found.last().map(|l| l.id.clone()) } else { last };
    Ok((found, next))
}

fn bounds(sql: &mut String, filter: &LineFilter, last: Option<&str>, args: &mut Vec<Arg<'static>>) {
    if let Some(before) = &filter.before {
        args.push(before.clone().into());
        sql.push_str(&format!(" and id < ${}", args.len()));
    }
    if let Some(last) = last {
        args.push(last.to_owned().into());
        sql.push_str(&format!(" and id >= ${}", args.len()));
    }
    if let Some(day) = filter.day {
        args.push(first_id(day.start()).into());
        args.push(first_id(day.plus(1).start()).into());
        sql.push_str(&format!(" and id >= ${} and id < ${}", args.len() - 1, args.len()));
    }
}

/// What every id made from `at` on sorts after: ids are UUIDv7 and begin with the milliseconds since 1970.
fn first_id(at: Instant) -> String {
    let hex = format!("{:012x}", at.micros().div_euclid(1000).max(0));
    let (high, low) = hex.split_at(8.min(hex.len()));
    format!("{high}-{low}")
}

/// The oldest id of the window; none when the ledger ends within it. Ids grow with time, so a chosen day moves the
/// window to the end of that day.
fn window_end(tx: &mut Tx<'_>, district: DistrictCode, filter: &LineFilter) -> Outcome<Option<String>> {
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut sql = "select id from event where district = $1".to_owned();
    bounds(&mut sql, filter, None, &mut args);
    args.push(WINDOW.into());
    sql.push_str(&format!(" order by id desc limit 1 offset ${}", args.len()));
    tx.one(&sql, &args, |row| row.text(0))
}

fn line(row: &Row<'_>) -> Outcome<Line> {
    Ok(Line {
        id: row.text(0)?,
        seq: row.int_opt(1)?.and_then(|n| u64::try_from(n).ok()),
        at: row.instant(2)?,
        actor: row.text(3)?,
        subject_kind: row.text(4)?,
        subject: row.text(5)?,
        kind: row.text(6)?,
        body: row.text(7)?,
        digest: base::hex(row.blob(8)?),
    })
}
