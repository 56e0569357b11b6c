//! SQL over `plan_value` and `plan_change`, and the plan's part of the duty table.

use crate::model::{Change, ChangeState, Decision, Value, What};
use base::{Fault, Outcome, Row, Tx};
use kernel::duty::{Duty, Event, Meta};
use kernel::money::Decimal;
use kernel::{DistrictCode, DutyId, Instant, PostCode};
use std::collections::BTreeMap;

/// Ids of the plan's items: they alone have a list, which is what the index is over.
macro_rules! item_ids {
    ($n:literal) => {
        concat!("select id from duty where district = $", $n, " and kind = 'plan_item' and list is not null")
    };
}

const ITEMS: &str =
    "select body from duty where district = $1 and kind = 'plan_item' and list is not null order by no";
const TASKS: &str = concat!(
    "select body from duty where district = $1 and kind = 'plan_task' and parent in (",
    item_ids!("2"),
    ") order by no"
);
const ITEM_EVENTS: &str = concat!(
    "select subject, at, actor, body from event where district = $1 and at <= $2 and subject in (",
    item_ids!("3"),
    ") order by subject, rev"
);
const TASK_EVENTS: &str = concat!(
    "select subject, at, actor, body from event where district = $1 and at <= $2 and subject in (select id from duty \
     where district = $3 and kind = 'plan_task' and parent in (",
    item_ids!("4"),
    ")) order by subject, rev"
);
const NOTES: &str = concat!(
    "select subject, at, body from event where district = $1 and at <= $2 and kind = 'duty.progressed' and subject in (",
    item_ids!("3"),
    ") order by subject, rev"
);
const ITEMS_STAMP: &str = "select count(*), cast(coalesce(sum(rev), 0) as bigint), coalesce(max(updated_at), 0) from duty \
     where district = $1 and kind = 'plan_item' and list is not null";
const TASKS_STAMP: &str = concat!(
    "select count(*), cast(coalesce(sum(rev), 0) as bigint), coalesce(max(updated_at), 0) from duty where district = $1 \
     and kind = 'plan_task' and parent in (",
    item_ids!("2"),
    ")"
);

/// Duties of items and of their nodes and parts, as they stand.
pub fn duties(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Vec<Duty>> {
    let mut all: Vec<Duty> = tx.query(ITEMS, &[district.into()], |row| row.json(0))?;
    all.extend(tx.query(TASKS, &[district.into(), district.into()], |row| row.json(0))?);
    Ok(all)
}

/// Duties of items, nodes and parts as they stood at `at`: their events up to that moment, folded.
pub fn duties_at(tx: &mut Tx<'_>, district: DistrictCode, at: Instant) -> Outcome<Vec<Duty>> {
    let mut out: BTreeMap<String, Duty> = BTreeMap::new();
    let mut fold = |row: &Row<'_>| {
        let meta = Meta { at: row.instant(1)?, actor: PostCode::parse("actor", row.str(2)?)? };
        let event: Event = row.json(3)?;
        match out.get_mut(row.str(0)?) {
            Some(duty) => duty.apply(&event, &meta),
            None => {
                let born = Duty::born(&event, &meta).map_err(|e| Fault::broken(format!("plan: {e}")))?;
                out.insert(row.text(0)?, born);
            }
        }
        Ok(())
    };
    tx.each(ITEM_EVENTS, &[district.into(), at.into(), district.into()], &mut fold)?;
    tx.each(TASK_EVENTS, &[district.into(), at.into(), district.into(), district.into()], &mut fold)?;
    Ok(out.into_values().collect())
}

/// The latest progress note of each item up to `at`.
pub fn notes(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    at: Instant,
) -> Outcome<BTreeMap<DutyId, (Instant, String)>> {
    let mut out = BTreeMap::new();
    tx.each(NOTES, &[district.into(), at.into(), district.into()], |row| {
        if let Event::Progressed { text, .. } = row.json(2)? {
            out.insert(row.parsed(0)?, (row.instant(1)?, text.as_str().to_owned()));
        }
        Ok(())
    })?;
    Ok(out)
}

/// Changes whenever anything that a board shows has changed.
pub fn stamp(tx: &mut Tx<'_>, district: DistrictCode, year: i16) -> Outcome<String> {
    let three = |row: &Row<'_>| Ok(format!("{}.{}.{}", row.int(0)?, row.int(1)?, row.int(2)?));
    let items = tx.one(ITEMS_STAMP, &[district.into()], three)?;
    let tasks = tx.one(TASKS_STAMP, &[district.into(), district.into()], three)?;
    let year = i64::from(year);
    let sql = "select count(*) from plan_value where district = $1 and year = $2";
    let values = tx.one(sql, &[district.into(), year.into()], |row| row.int(0))?;
    // Counts, not moments: two acts may share one moment.
    let sql = "select count(*), count(decided_at), count(applied_at) from plan_change where district = $1 and year = $2";
    let changes = tx.one(sql, &[district.into(), year.into()], three)?;
    Ok(format!("{items:?}/{tasks:?}/{values:?}/{changes:?}"))
}

/// Reported figures of the year up to `at`, by code and in the order in which they came.
pub fn values(tx: &mut Tx<'_>, district: DistrictCode, year: i16, at: Instant) -> Outcome<Vec<Value>> {
    let sql = "select code, rev, day, at, value, by_post, note from plan_value \
               where district = $1 and year = $2 and at <= $3 order by code, rev";
    tx.query(sql, &[district.into(), i64::from(year).into(), at.into()], |row| {
        Ok(Value {
            code: row.parsed(0)?,
            rev: row.count(1)?,
            day: row.day(2)?,
            at: row.instant(3)?,
            value: Decimal::from_raw(row.int(4)?),
            by: row.parsed(5)?,
            note: row.text(6)?,
        })
    })
}

/// Puts a reported figure; nothing ever changes one.
pub fn insert_value(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    year: i16,
    item: &str,
    value: &Value,
) -> Outcome<()> {
    let sql = "insert into plan_value (district, year, code, rev, item, at, day, value, by_post, note) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let args = [
        district.into(),
        i64::from(year).into(),
        value.code.as_str().into(),
        value.rev.into(),
        item.into(),
        value.at.into(),
        value.day.into(),
        value.value.raw().into(),
        (&value.by).into(),
        (&value.note).into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

const CHANGE: &str = "no, item, what, was, wish, reason, asked_by, asked_at, state, decided_by, decided_at, document, why, \
                      applied_by, applied_at";

fn change(row: &Row<'_>) -> Outcome<Change> {
    let state = row.text(8)?;
    let decided: Option<PostCode> = row.parsed_opt(9)?;
    let decision = match (decided, row.instant_opt(10)?) {
        (Some(by), Some(at)) => Some(Decision {
            approved: state != ChangeState::Refused.code(),
            by,
            at,
            document: row.text_opt(11)?.unwrap_or_default(),
            why: row.text_opt(12)?.unwrap_or_default(),
        }),
        _ => None,
    };
    let applied: Option<PostCode> = row.parsed_opt(13)?;
    Ok(Change {
        no: row.parsed(0)?,
        item: row.parsed(1)?,
        what: What::parse("what", row.str(2)?)?,
        was: row.text(3)?,
        wish: row.text(4)?,
        reason: row.text(5)?,
        asked_by: row.parsed(6)?,
        asked_at: row.instant(7)?,
        decision,
        applied: applied.zip(row.instant_opt(14)?),
    })
}

/// Requests of the year, oldest first.
pub fn changes(tx: &mut Tx<'_>, district: DistrictCode, year: i16) -> Outcome<Vec<Change>> {
    let sql =
        format!("select {CHANGE} from plan_change where district = $1 and year = $2 order by asked_at, no");
    tx.query(&sql, &[district.into(), i64::from(year).into()], change)
}

/// A request, held until the transaction ends.
pub fn locked_change(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    year: i16,
    no: &str,
) -> Outcome<Option<Change>> {
    let sql = format!("select {CHANGE} from plan_change where district = $1 and year = $2 and no = $3");
    tx.one_locked(&sql, &[district.into(), i64::from(year).into(), no.into()], change)
}

/// Puts a new request.
pub fn insert_change(tx: &mut Tx<'_>, district: DistrictCode, year: i16, new: &Change) -> Outcome<()> {
    let sql = "insert into plan_change (district, year, no, item, what, was, wish, reason, asked_by, asked_at, state) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let args = [
        district.into(),
        i64::from(year).into(),
        new.no.as_str().into(),
        new.item.as_str().into(),
        new.what.code().into(),
        (&new.was).into(),
        (&new.wish).into(),
        (&new.reason).into(),
        (&new.asked_by).into(),
        new.asked_at.into(),
        new.state().code().into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// Saves what was decided on a request and whether it was carried out.
pub fn update_change(tx: &mut Tx<'_>, district: DistrictCode, year: i16, new: &Change) -> Outcome<()> {
    let sql = "update plan_change set state = $1, decided_by = $2, decided_at = $3, document = $4, why = $5, applied_by = $6, \
               applied_at = $7 where district = $8 and year = $9 and no = $10";
    let decision = new.decision.as_ref();
    let applied = new.applied.as_ref();
    let args = [
        new.state().code().into(),
        decision.map(|d| &d.by).into(),
        decision.map(|d| d.at.micros()).into(),
        decision.map(|d| d.document.as_str()).into(),
        decision.map(|d| d.why.as_str()).into(),
        applied.map(|(by, _)| by).into(),
        applied.map(|(_, at)| at.micros()).into(),
        district.into(),
        i64::from(year).into(),
        new.no.as_str().into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// The number of the last event of a subject; 0 when there is none.
pub fn last_rev(tx: &mut Tx<'_>, district: DistrictCode, subject: &str) -> Outcome<u64> {
    let sql = "select coalesce(max(rev), 0) from event where district = $1 and subject = $2";
    Ok(tx.one(sql, &[district.into(), subject.into()], |row| row.count(0))?.unwrap_or(0))
}
