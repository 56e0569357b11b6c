//! The queue, the move into the index, and the look at both.

use super::token::{Query, Space, tokens};
use crate::db::index::{Doc, Indexed};
use crate::db::{Db, Tx};
use crate::fault::{Fault, Outcome};
use kernel::{DistrictCode, Instant, Malformed, Words};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// Most waiting rows that one search looks through, the newest first: 5,000 short texts take about 10 ms.
const TAIL: u32 = 5_000;
/// Most documents of the index that one call checks against their texts before it says that there may be more.
const CHECKED: usize = 500;

/// A document that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The document.
    pub id: String,
    /// When it was made searchable first.
    pub at: Instant,
    /// Where the list goes on after it.
    pub cursor: Cursor,
}

/// Hits, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// At most as many as were asked for.
    pub hits: Vec<Hit>,
    /// Where the next page begins; none at the end. There may be one although `hits` is short of the limit: so many
    /// candidates had to be looked at that the rest is left to the next call.
    pub next: Option<Cursor>,
    /// False when so much waits for the index that older waiting documents were not looked at.
    pub complete: bool,
}

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// After a document that was waiting: its moment and id.
    Waiting(i64, String),
    /// After a document of the index: its number.
    Indexed(i64),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cursor::Waiting(at, id) => write!(f, "w{at}.{id}"),
            Cursor::Indexed(n) => write!(f, "n{n}"),
        }
    }
}

impl FromStr for Cursor {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Cursor, Malformed> {
        let number = |digits: &str| digits.parse::<i64>().ok().filter(|n| *n >= 0);
        let read = match text.split_at_checked(1) {
            Some(("n", n)) => number(n).map(Cursor::Indexed),
            Some(("w", rest)) => {
                rest.split_once('.').and_then(|(at, id)| Some(Cursor::Waiting(number(at)?, id.to_owned())))
            }
            _ => None,
        };
        read.ok_or_else(|| {
            Malformed::new(
                "search.cursor",
                "before",
                text,
                Words::new("翻页位置无法识别", "The place in the list is not recognised"),
                Words::new("请从第一页重新查找", "Search again from the first page"),
            )
        })
    }
}

/// Puts a document into the queue: what `Op::index` does, for loads that say themselves when a document is from.
pub fn put(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    kind: &str,
    id: &str,
    at: Instant,
    text: &str,
) -> Outcome<()> {
    let sql = "insert into search_queue (district, at, kind, id, text) values ($1, $2, $3, $4, $5) \
               on conflict (district, at, kind, id) do update set text = excluded.text";
    // PostgreSQL takes no zero character in a text.
    let clean;
    let text = if text.contains('\0') {
        clean = text.replace('\0', " ");
        &clean
    } else {
        text
    };
    tx.exec(sql, &[district.into(), at.into(), kind.into(), id.into(), text.into()]).map(|_| ())
}

/// Documents that [`flush_all`] moves in one write: about 30 ms of SQLite's writer.
const BATCH: u32 = 256;

/// Moves what waits in batches, at most so many: the body of the job, every second or two. What is left then waits for the
/// next run, so that a flood of writes is not slowed by its own indexing; [`find`] looks through it meanwhile.
pub async fn flush_all(db: &Db, district: DistrictCode, batches: u32) -> Outcome<usize> {
    let mut moved = 0;
    for _ in 0..batches {
        let done = db.write(move |tx| flush(tx, district, BATCH)).await?;
        moved += done.indexed;
        if u32::try_from(done.taken).is_ok_and(|taken| taken < BATCH) {
            break;
        }
    }
    Ok(moved)
}

struct Waiting {
    at: i64,
    kind: String,
    id: String,
    text: String,
}

/// What one call of [`flush`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flushed {
    /// Rows taken from the queue; as many as `limit` means that there may be more.
    pub taken: usize,
    /// Documents written into the index.
    pub indexed: usize,
}

/// Moves up to `limit` waiting documents into the index, the oldest first. A job; two at once do not disturb each other.
///
/// On SQLite this holds the one writer (about 0.1 ms a document), so a job takes a few hundred at a time.
pub fn flush(tx: &mut Tx<'_>, district: DistrictCode, limit: u32) -> Outcome<Flushed> {
    let sql =
        "select at, kind, id, text from search_queue where district = $1 order by at, kind, id limit $2";
    let rows = tx.query_claim(sql, &[district.into(), limit.into()], |row| {
        Ok(Waiting { at: row.int(0)?, kind: row.text(1)?, id: row.text(2)?, text: row.text(3)? })
    })?;
    let taken = rows.len();
    let mut newest: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        newest.insert((&row.kind, &row.id), i);
        let sql = "delete from search_queue where district = $1 and at = $2 and kind = $3 and id = $4";
        tx.exec(sql, &[district.into(), row.at.into(), (&row.kind).into(), (&row.id).into()])?;
    }
    let keep: BTreeSet<usize> = newest.into_values().collect();
    let mut fresh = Vec::new();
    let mut writes = Vec::new();
    for row in rows.iter().enumerate().filter(|(i, _)| keep.contains(i)).map(|(_, row)| row) {
        let known = number_of(tx, district, &row.kind, &row.id)?;
        if let Some(n) = known {
            tx.index_drop(district, n)?;
        }
        match (row.text.trim().is_empty(), known) {
            (true, Some(n)) => delete_doc(tx, district, n)?,
            (true, None) => {}
            (false, Some(n)) => writes.push((n, false, row)),
            (false, None) => fresh.push(row),
        }
    }
    let first = take_numbers(tx, district, fresh.len())?;
    writes.extend((first..).zip(fresh).map(|(n, row)| (n, true, row)));
    // Upwards, or FTS5 writes a segment at every step back.
    writes.sort_by_key(|(n, ..)| *n);
    for (n, new, row) in &writes {
        let tokens = letters(Space::new(district.number(), &row.kind), &row.text);
        let doc = Doc { district, n: *n, kind: &row.kind, id: &row.id, at: row.at };
        if *new { tx.index_add(&doc, &tokens)? } else { tx.index_again(&doc, &tokens)? }
    }
    if !writes.is_empty() {
        tx.index_settle()?;
    }
    Ok(Flushed { taken, indexed: writes.len() })
}

fn letters(space: Space, text: &str) -> String {
    let list = tokens(space, text);
    let mut out = String::with_capacity(list.len() * 9);
    for token in list {
        token.push_to(&mut out);
        out.push(' ');
    }
    out
}

fn number_of(tx: &mut Tx<'_>, district: DistrictCode, kind: &str, id: &str) -> Outcome<Option<i64>> {
    let sql = "select n from search_doc where district = $1 and kind = $2 and id = $3";
    tx.one(sql, &[district.into(), kind.into(), id.into()], |row| row.int(0))
}

fn delete_doc(tx: &mut Tx<'_>, district: DistrictCode, n: i64) -> Outcome<()> {
    let sql = "delete from search_doc where district = $1 and n = $2";
    tx.exec(sql, &[district.into(), n.into()]).map(|_| ())
}

/// The first of so many numbers that are now this transaction's.
fn take_numbers(tx: &mut Tx<'_>, district: DistrictCode, count: usize) -> Outcome<i64> {
    if count == 0 {
        return Ok(0);
    }
    let sql = "insert into counter (district, name, n) values ($1, 'search', $2) \
               on conflict (district, name) do update set n = counter.n + excluded.n returning n";
    let last = tx.one(sql, &[district.into(), count.into()], |row| row.int(0))?;
    let last = last.ok_or_else(|| Fault::broken("a counter gave no number"))?;
    Ok(last - i64::try_from(count).unwrap_or(0) + 1)
}

/// Takes a document out of queue and index in this transaction, as erasure by law wants it; true when it was there.
/// What FTS5 keeps of it until segments are merged are hashes of pairs under a bare number; [`compact`] removes those.
pub fn forget(tx: &mut Tx<'_>, district: DistrictCode, kind: &str, id: &str) -> Outcome<bool> {
    let sql = "delete from search_queue where district = $1 and kind = $2 and id = $3";
    let waited = tx.exec(sql, &[district.into(), kind.into(), id.into()])?;
    let known = number_of(tx, district, kind, id)?;
    if let Some(n) = known {
        tx.index_drop(district, n)?;
        delete_doc(tx, district, n)?;
    }
    Ok(waited > 0 || known.is_some())
}

/// Takes up to `limit` documents of a kind out of the index; returns how many. Reindexing is this until 0, then [`put`]
/// for every document that the area has.
pub fn clear(tx: &mut Tx<'_>, district: DistrictCode, kind: &str, limit: u32) -> Outcome<usize> {
    let sql = "select id from search_doc where district = $1 and kind = $2 limit $3";
    let ids = tx.query(sql, &[district.into(), kind.into(), limit.into()], |row| row.text(0))?;
    for id in &ids {
        forget(tx, district, kind, id)?;
    }
    Ok(ids.len())
}

/// One bounded step of merging the index's segments (SQLite; nothing elsewhere): fewer segments answer faster. With a
/// negative number the whole index is marked first and then merged by so many pages a step, which is what removes the
/// last traces of [`forget`]: once `-500`, then `500` until the job's time is over.
pub fn compact(tx: &mut Tx<'_>, pages: i32) -> Outcome<()> {
    tx.index_merge(pages)
}

/// How many documents wait, counted up to `cap`: for a gauge.
pub fn waiting(tx: &mut Tx<'_>, district: DistrictCode, cap: u32) -> Outcome<u64> {
    let sql = "select count(*) from (select 1 from search_queue where district = $1 limit $2) n";
    Ok(tx.one(sql, &[district.into(), cap.into()], |row| row.count(0))?.unwrap_or(0))
}

/// Documents with all words of the query, the newest first; exact for words of one or two characters, of letters or of
/// digits, and very nearly so for longer ones. See [`find_checked`].
pub fn find(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    kind: &str,
    query: &Query,
    before: Option<&Cursor>,
    limit: u32,
) -> Outcome<Found> {
    look(tx, district, kind, query, before, limit, None)
}

/// Gives the texts of documents by id; ids that it leaves out do not match.
pub type Texts<'f> = &'f mut dyn FnMut(&mut Tx<'_>, &[String]) -> Outcome<Vec<(String, String)>>;

/// The same, with every hit of the index checked against the text that `texts` gives for its id, when the query needs it.
/// `texts` must give what was indexed, or more hits are dropped than should be.
pub fn find_checked(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    kind: &str,
    query: &Query,
    before: Option<&Cursor>,
    limit: u32,
    texts: Texts<'_>,
) -> Outcome<Found> {
    let texts = if query.needs_check() { Some(texts) } else { None };
    look(tx, district, kind, query, before, limit, texts)
}

/// Above every document's number.
const NEWEST: i64 = (1 << 43) - 1;

/// What waits: the newest row of each document, newest first, and whether that is all.
fn waiting_rows(tx: &mut Tx<'_>, district: DistrictCode, kind: &str) -> Outcome<(Vec<Waiting>, bool)> {
    let sql = "select at, id, text from search_queue where district = $1 and kind = $2 \
               order by at desc, kind desc, id desc limit $3";
    let mut rows = tx.query(sql, &[district.into(), kind.into(), (TAIL + 1).into()], |row| {
        Ok(Waiting { at: row.int(0)?, kind: String::new(), id: row.text(1)?, text: row.text(2)? })
    })?;
    let complete = u32::try_from(rows.len()).is_ok_and(|n| n <= TAIL);
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.id.clone()));
    Ok((rows, complete))
}

fn look(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    kind: &str,
    query: &Query,
    before: Option<&Cursor>,
    limit: u32,
    mut texts: Option<Texts<'_>>,
) -> Outcome<Found> {
    let limit = usize::try_from(limit.clamp(1, 500)).unwrap_or(1);
    let (rows, complete) = waiting_rows(tx, district, kind)?;
    let mut found = Found { hits: Vec::new(), next: None, complete };
    if !matches!(before, Some(Cursor::Indexed(_))) {
        let later = |row: &&Waiting| match before {
            Some(Cursor::Waiting(at, id)) => (row.at, row.id.as_str()) < (*at, id.as_str()),
            _ => true,
        };
        for row in rows.iter().filter(later).filter(|row| query.matches(&row.text)).take(limit + 1) {
            let cursor = Cursor::Waiting(row.at, row.id.clone());
            found.hits.push(Hit { id: row.id.clone(), at: Instant::from_micros(row.at), cursor });
        }
    }
    // What waits again has a newer text than the index: the queue has spoken for it.
    let waits: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut at = match before {
        Some(Cursor::Indexed(n)) => *n,
        _ => NEWEST,
    };
    let strings = query_tokens(query, Space::new(district.number(), kind));
    let list: Vec<&str> = strings.iter().map(String::as_str).collect();
    let mut looked = 0;
    while found.hits.len() <= limit {
        let want = u32::try_from(limit + 1 - found.hits.len()).unwrap_or(1).max(16);
        let candidates = tx.index_find(district, &list, at, want)?;
        let Some(last) = candidates.last().map(|c| c.n) else { break };
        let full = u32::try_from(candidates.len()).is_ok_and(|n| n >= want);
        looked += candidates.len();
        let mut left: Vec<Indexed> = candidates;
        left.retain(|c| !waits.contains(c.id.as_str()) && !shown(before, c));
        if let Some(texts) = texts.as_deref_mut() {
            let ids: Vec<String> = left.iter().map(|c| c.id.clone()).collect();
            let given: BTreeMap<String, String> = texts(tx, &ids)?.into_iter().collect();
            left.retain(|c| given.get(&c.id).is_some_and(|text| query.matches(text)));
        }
        found.hits.extend(left.into_iter().map(|c| Hit {
            id: c.id,
            at: Instant::from_micros(c.at),
            cursor: Cursor::Indexed(c.n),
        }));
        at = last;
        if !full {
            break;
        }
        if looked >= CHECKED && found.hits.len() <= limit {
            found.next = Some(Cursor::Indexed(at));
            return Ok(found);
        }
    }
    if found.hits.len() > limit {
        found.hits.truncate(limit);
        found.next = found.hits.last().map(|hit| hit.cursor.clone());
    }
    Ok(found)
}

/// Whether the page before showed it while it still waited, or it is newer than that page.
fn shown(before: Option<&Cursor>, doc: &Indexed) -> bool {
    match before {
        Some(Cursor::Waiting(at, id)) => (doc.at, doc.id.as_str()) >= (*at, id.as_str()),
        _ => false,
    }
}

fn query_tokens(query: &Query, space: Space) -> Vec<String> {
    query
        .tokens(space)
        .into_iter()
        .map(|token| {
            let mut out = String::with_capacity(8);
            token.push_to(&mut out);
            out
        })
        .collect()
}
