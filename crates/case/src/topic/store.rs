//! SQL over `case_topic`: one row a topic, the whole as JSON in `body`.

use super::Topic;
use base::{Outcome, Tx};
use kernel::DistrictCode;

/// A topic; none when there is none of this number.
pub fn find(tx: &mut Tx<'_>, district: DistrictCode, no: &str) -> Outcome<Option<Topic>> {
    let sql = "select body from case_topic where district = $1 and no = $2";
    tx.one(sql, &[district.into(), no.into()], |row| row.json(0))
}

/// The same with the lock that a change needs.
pub(super) fn locked(tx: &mut Tx<'_>, district: DistrictCode, no: &str) -> Outcome<Option<Topic>> {
    let sql = "select body from case_topic where district = $1 and no = $2";
    tx.one_locked(sql, &[district.into(), no.into()], |row| row.json(0))
}

/// Topics, the newest first.
pub fn list(tx: &mut Tx<'_>, district: DistrictCode, limit: u32) -> Outcome<Vec<Topic>> {
    let sql = "select body from case_topic where district = $1 order by no desc limit $2";
    tx.query(sql, &[district.into(), limit.into()], |row| row.json(0))
}

pub(super) fn insert(tx: &mut Tx<'_>, district: DistrictCode, topic: &Topic) -> Outcome<()> {
    let sql = "insert into case_topic (district, no, month, category, place, open, opened_at, rev, body) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let body = serde_json::to_string(topic)?;
    let args = [
        district.into(),
        topic.no.as_str().into(),
        topic.month.into(),
        (&topic.category).into(),
        topic.place.as_ref().into(),
        topic.closing.is_none().into(),
        topic.opened_at.into(),
        topic.rev.into(),
        body.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

pub(super) fn update(tx: &mut Tx<'_>, district: DistrictCode, topic: &Topic) -> Outcome<()> {
    let sql = "update case_topic set open = $1, rev = $2, body = $3 where district = $4 and no = $5";
    let body = serde_json::to_string(topic)?;
    let args = [
        topic.closing.is_none().into(),
        topic.rev.into(),
        body.into(),
        district.into(),
        topic.no.as_str().into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}
