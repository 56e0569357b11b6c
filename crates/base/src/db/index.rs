//! The full-text index: the one thing that the two backends do in different words.
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | index | FTS5 without content or positions, `search_fts` | column `tokens bigint[]` of `search_doc`, GIN |
//! | row number | district in the upper 20 bits, the document's number in the lower 43 | the row of `search_doc` itself |
//! | newest first | the index yields row numbers downwards | the index is asked for one stretch of documents after another |
//!
//! Tokens are eight letters of `a-z2-7` ([`crate::search`]), so nothing that a person types reaches either query
//! language.
//!
//! GIN has no order: asked for two common words it gathers every document that has them before the newest can be taken.
//! So a token's number carries in its upper bits the *stretch* of 16,384 documents in which its document lies, and a search
//! asks for the newest stretch, then for the four before it, then sixteen, and ends when the page is full. A search for
//! what is common looks at one stretch; a search for what is rare gathers little from each. (`tsvector` was measured: half
//! as much again on disk, and 70 ms for phrases of common words in 200,000 documents.)

use super::{Arg, Row, Tx, pg};
use crate::fault::Outcome;
use kernel::DistrictCode;

/// Bits of a document's number in SQLite's row number.
const NUMBER_BITS: u32 = 43;

/// A document that the index names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// Its number: the place in the order.
    pub(crate) n: i64,
    /// Its id.
    pub(crate) id: String,
    /// Its moment.
    pub(crate) at: i64,
}

/// A document on its way into the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doc<'a> {
    /// The tenant.
    pub(crate) district: DistrictCode,
    /// Its number.
    pub(crate) n: i64,
    /// What sort of document it is.
    pub(crate) kind: &'a str,
    /// Its id within the kind.
    pub(crate) id: &'a str,
    /// Its moment.
    pub(crate) at: i64,
}

/// Documents to a stretch, as a power of two.
const STRETCH_BITS: u32 = 14;
/// Stretches that one statement asks for: few at first, then more.
const WIDTHS: [i64; 4] = [1, 4, 16, 64];

fn stretch(n: i64) -> i64 {
    n >> STRETCH_BITS
}

/// A token within a stretch as a number: the stretch above, 36 bits of the token's 40 below.
fn token_number(stretch: i64, token: &str) -> i64 {
    let bits = token.bytes().fold(0_i64, |bits, b| {
        let letter = if b >= b'a' { b - b'a' } else { b - b'2' + 26 };
        (bits << 5) | i64::from(letter & 31)
    });
    (stretch << 36) | (bits >> 4)
}

/// Tokens as PostgreSQL writes an array.
fn array<'t>(stretch: i64, tokens: impl Iterator<Item = &'t str>) -> String {
    let list: Vec<String> = tokens.map(|token| token_number(stretch, token).to_string()).collect();
    format!("{{{}}}", list.join(","))
}

fn read(row: &Row<'_>) -> Outcome<Indexed> {
    Ok(Indexed { n: row.int(0)?, id: row.text(1)?, at: row.int(2)? })
}

fn row_number(district: DistrictCode, n: i64) -> i64 {
    (i64::from(district.number()) << NUMBER_BITS) | n
}

impl Tx<'_> {
    /// Puts a new document into the index. On SQLite a batch goes in the order of numbers, or FTS5 writes a segment for
    /// each.
    pub(crate) fn index_add(&mut self, doc: &Doc<'_>, tokens: &str) -> Outcome<()> {
        let key: [Arg<'_>; 5] =
            [doc.district.into(), doc.n.into(), doc.kind.into(), doc.id.into(), doc.at.into()];
        match self {
            Tx::Lite(tx) => {
                tx.exec(
                    "insert into search_doc (district, n, kind, id, at) values ($1, $2, $3, $4, $5)",
                    &key,
                )?;
                self.index_again(doc, tokens)
            }
            Tx::Pg(tx) => {
                let [district, n, kind, id, at] = key;
                let sql = "insert into search_doc (district, n, kind, id, at, tokens) \
                           values ($1, $2, $3, $4, $5, $6::text::bigint[])";
                let tokens = array(stretch(doc.n), tokens.split_whitespace());
                tx.exec(sql, &[district, n, kind, id, at, tokens.into()]).map(|_| ())
            }
        }
    }

    /// Puts new tokens for a document whose row is there and whose old tokens are gone.
    pub(crate) fn index_again(&mut self, doc: &Doc<'_>, tokens: &str) -> Outcome<()> {
        match self {
            Tx::Lite(tx) => tx.exec(
                "insert into search_fts (rowid, tokens) values ($1, $2)",
                &[row_number(doc.district, doc.n).into(), tokens.into()],
            ),
            Tx::Pg(tx) => tx.exec(
                "update search_doc set tokens = $1::text::bigint[] where district = $2 and n = $3",
                &[array(stretch(doc.n), tokens.split_whitespace()).into(), doc.district.into(), doc.n.into()],
            ),
        }
        .map(|_| ())
    }

    /// Takes a document out of the index. On PostgreSQL its row carried the tokens.
    pub(crate) fn index_drop(&mut self, district: DistrictCode, n: i64) -> Outcome<()> {
        match self {
            Tx::Lite(tx) => tx
                .exec("delete from search_fts where rowid = $1", &[row_number(district, n).into()])
                .map(|_| ()),
            Tx::Pg(tx) => tx
                .exec(
                    "update search_doc set tokens = null where district = $1 and n = $2",
                    &[district.into(), n.into()],
                )
                .map(|_| ()),
        }
    }

    /// Documents that have all tokens and a number below `before`, the newest first.
    pub(crate) fn index_find(
        &mut self,
        district: DistrictCode,
        tokens: &[&str],
        before: i64,
        limit: u32,
    ) -> Outcome<Vec<Indexed>> {
        match self {
            Tx::Lite(tx) => {
                let mut out = Vec::new();
                // `cross join` fixes the order: the index first, downwards, so that `limit` ends it early.
                let sql = "select d.n, d.id, d.at from search_fts f cross join search_doc d \
                           where f.search_fts match $1 and f.rowid < $2 and f.rowid >= $3 \
                           and d.district = $4 and d.n = f.rowid - $5 order by f.rowid desc limit $6";
                let base = row_number(district, 0);
                let args: [Arg<'_>; 6] = [
                    tokens.join(" ").into(),
                    row_number(district, before).into(),
                    base.into(),
                    district.into(),
                    base.into(),
                    limit.into(),
                ];
                tx.each(sql, &args, |row| {
                    out.push(read(row)?);
                    Ok(())
                })?;
                Ok(out)
            }
            Tx::Pg(tx) => by_stretches(tx, district, tokens, before, limit),
        }
    }

    /// Ends a batch: PostgreSQL gathers new entries in a list that every search would walk through, and sorts them into
    /// the index here, all at once, which is four times faster than one by one.
    pub(crate) fn index_settle(&mut self) -> Outcome<()> {
        match self {
            Tx::Lite(_) => Ok(()),
            Tx::Pg(tx) => {
                tx.each("select gin_clean_pending_list('search_doc_tokens'::regclass)", &[], |_| Ok(()))
            }
        }
    }

    /// One step of merging segments, of so many pages; a negative number first marks the whole index for merging.
    /// PostgreSQL's vacuum does the same by itself.
    pub(crate) fn index_merge(&mut self, pages: i32) -> Outcome<()> {
        match self {
            Tx::Lite(tx) => tx
                .exec("insert into search_fts (search_fts, rank) values ('merge', $1)", &[pages.into()])
                .map(|_| ()),
            Tx::Pg(_) => Ok(()),
        }
    }
}

/// For the rest of a searching transaction. The planner takes sixty-four conditions for a large query, and then spends a
/// hundred times what the index needs on compiling it and on starting workers.
const PLAIN_PLANS: &str =
    "set local jit = off; set local max_parallel_workers_per_gather = 0; set local enable_seqscan = off";

/// Stretch after stretch downwards, until the page is full.
fn by_stretches(
    tx: &mut pg::PgTx<'_>,
    district: DistrictCode,
    tokens: &[&str],
    before: i64,
    limit: u32,
) -> Outcome<Vec<Indexed>> {
    tx.script(PLAIN_PLANS)?;
    let mut newest = 0;
    let sql = "select n from counter where district = $1 and name = 'search'";
    tx.each(sql, &[district.into()], |row| {
        newest = row.int(0)?;
        Ok(())
    })?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut out: Vec<Indexed> = Vec::new();
    let mut top = stretch(newest.min(before - 1));
    let mut widths = WIDTHS.iter().copied();
    let mut width = 1;
    while top >= 0 && out.len() < wanted {
        width = widths.next().unwrap_or(width);
        let low = (top - width + 1).max(0);
        // Always as many conditions as the width says, so that there are four statements to prepare and not sixty.
        let mut args: Vec<Arg<'_>> = vec![district.into()];
        args.extend((0..width).map(|i| array((top - i).max(low), tokens.iter().copied()).into()));
        args.push(before.into());
        args.push((wanted - out.len()).into());
        tx.each(&stretches_sql(width), &args, |row| {
            out.push(read(row)?);
            Ok(())
        })?;
        top = low - 1;
    }
    Ok(out)
}

/// `offset 0` and `n + 0` keep the planner from walking the key instead of asking the index.
fn stretches_sql(width: i64) -> String {
    let any: Vec<String> = (2..width + 2).map(|i| format!("tokens @> ${i}::text::bigint[]")).collect();
    let (before, limit) = (width + 2, width + 3);
    format!(
        "select n, id, at from (select n, id, at from search_doc where district = $1 and ({}) and n + 0 < ${before} \
         offset 0) d order by n desc limit ${limit}",
        any.join(" or ")
    )
}
