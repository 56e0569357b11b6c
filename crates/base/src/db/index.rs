//! The full-text index: the one thing that the two backends do in different words.
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | index | FTS5 without content or positions, `search_fts` | column `tokens tsvector` of `search_doc`, GIN |
//! | row number | district in the upper 20 bits, the document's number in the lower 43 | the row of `search_doc` itself |
//! | newest first | the index yields row numbers downwards | the planner chooses: walk the key, or sort the hits |
//!
//! Tokens are eight letters of `a-z2-7` ([`crate::search`]), so nothing that a person types reaches either query
//! language.

use super::{Arg, Tx};
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
                           values ($1, $2, $3, $4, $5, $6::text::tsvector)";
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
                "update search_doc set tokens = $1::text::tsvector where district = $2 and n = $3",
                &[tokens.into(), doc.district.into(), doc.n.into()],
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
        let mut out = Vec::new();
        let visit = |row: &super::Row<'_>| {
            out.push(Indexed { n: row.int(0)?, id: row.text(1)?, at: row.int(2)? });
            Ok(())
        };
        match self {
            Tx::Lite(tx) => {
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
                tx.each(sql, &args, visit)?;
            }
            Tx::Pg(tx) => {
                // A plan for the words at hand: common ones are found by walking the key, rare ones by the index.
                tx.script("set local plan_cache_mode = force_custom_plan")?;
                let sql = "select n, id, at from search_doc where district = $1 and tokens @@ $2::text::tsquery \
                           and n < $3 order by n desc limit $4";
                tx.each(
                    sql,
                    &[district.into(), tokens.join(" & ").into(), before.into(), limit.into()],
                    visit,
                )?;
            }
        }
        Ok(out)
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
