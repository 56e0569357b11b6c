//! The table: what a write leaves, what a look finds that it has not found before.

use super::{Batch, Topic};
use crate::db::Tx;
use crate::fault::Outcome;
use kernel::{DistrictCode, Instant};
use std::collections::BTreeSet;

/// A write carries the moment at which it began and is seen when it ends: a look goes back this far behind the newest
/// moment that it knows. It also bridges nodes whose clocks differ.
const OVERLAP: i64 = 10_000_000;
/// Rows that one look reads; more than that in so short a time is told as "everything".
const ROWS: u32 = 2_000;
/// How long rows are kept, in microseconds: a page that was away for longer fetches everything.
pub(super) const KEPT: i64 = 600_000_000;

/// Leaves word of a change.
pub(super) fn put(tx: &mut Tx<'_>, district: DistrictCode, at: Instant, topic: &Topic) -> Outcome<()> {
    let sql = "insert into feed (district, at, topic) values ($1, $2, $3) on conflict (district, at, topic) do nothing";
    tx.exec(sql, &[district.into(), at.into(), topic.to_string().into()]).map(|_| ())
}

/// Deletes what is too old to be read; returns how many rows. A periodic job.
pub fn sweep(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<u64> {
    let sql = "delete from feed where district = $1 and at < $2";
    tx.exec(sql, &[district.into(), now.plus_micros(-KEPT).into()])
}

/// How far a node has read.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    /// The newest moment that was found.
    newest: i64,
    /// What was found within the overlap behind it.
    seen: BTreeSet<(i64, String)>,
}

impl Tail {
    /// From now on.
    pub(super) fn from(now: Instant) -> Tail {
        Tail { newest: now.micros(), seen: BTreeSet::new() }
    }

    /// Reads what is new.
    pub(super) fn read(mut self, tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<(Tail, Option<Batch>)> {
        let rows = since(tx, district, self.newest - OVERLAP)?;
        let full = u32::try_from(rows.len()).is_ok_and(|n| n >= ROWS);
        let fresh: Vec<(i64, String)> = rows.into_iter().filter(|row| !self.seen.contains(row)).collect();
        if full {
            // The rest of the window is skipped and told as a whole.
            let sql = "select coalesce(max(at), 0) from feed where district = $1";
            let newest = tx.one(sql, &[district.into()], |row| row.int(0))?.unwrap_or(0);
            self.newest = self.newest.max(newest) + OVERLAP;
            self.seen.clear();
            return Ok((self, Some(Batch::Everything(newest))));
        }
        let Some(last) = fresh.iter().map(|(at, _)| *at).max() else { return Ok((self, None)) };
        self.newest = self.newest.max(last);
        let topics = fresh.iter().filter_map(|(_, topic)| topic.parse().ok()).collect();
        self.seen.extend(fresh);
        let floor = self.newest - OVERLAP;
        self.seen.retain(|(at, _)| *at > floor);
        Ok((self, Some(Batch::Changed(topics, last))))
    }
}

fn since(tx: &mut Tx<'_>, district: DistrictCode, after: i64) -> Outcome<Vec<(i64, String)>> {
    let sql = "select at, topic from feed where district = $1 and at > $2 order by at, topic limit $3";
    tx.query(sql, &[district.into(), after.into(), ROWS.into()], |row| Ok((row.int(0)?, row.text(1)?)))
}

/// What changed since a page was made; "everything" when that is too long ago to know.
pub(super) fn missed(tx: &mut Tx<'_>, district: DistrictCode, since_at: i64, now: Instant) -> Outcome<Batch> {
    if since_at < now.micros() - KEPT {
        return Ok(Batch::Everything(now.micros()));
    }
    let rows = since(tx, district, since_at - OVERLAP)?;
    if u32::try_from(rows.len()).is_ok_and(|n| n >= ROWS) {
        return Ok(Batch::Everything(now.micros()));
    }
    let newest = rows.iter().map(|(at, _)| *at).max().unwrap_or(since_at);
    // Without the overlap for what the page can have seen: a row that was there when it was made is not news.
    Ok(Batch::Changed(rows.into_iter().filter_map(|(_, topic)| topic.parse().ok()).collect(), newest))
}
