//! Search by words, within what the post may see.

use super::intake::words_of;
use crate::model::{Case, CaseId, Filter, Order, Summary};
use crate::store;
use base::Outcome;
use base::op::Op;
use base::search::{self, Cursor, Query};
use kernel::access::Action;

/// Pages of hits that one search looks through before it answers with what it has: a post that may see little must not
/// make the search walk through a whole city's words.
const PAGES: u32 = 4;

/// Cases whose number, address or words contain every typed word, newest first; and where the next page begins. Hits
/// outside the post's scope are left out, so a page may be short although there is a next one.
///
/// # Errors
/// Faults of the machinery; nothing typed is an empty page.
pub fn search(
    op: &mut Op<'_, '_>,
    typed: &str,
    before: Option<Cursor>,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<Cursor>)> {
    let Some(query) = Query::parse(typed) else { return Ok((Vec::new(), None)) };
    let (scope, actor, district) = (op.scope(Action::CaseList), op.actor(), op.district());
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut out: Vec<Summary> = Vec::new();
    let mut at = before;
    for _ in 0..PAGES {
        let left = u32::try_from(wanted.saturating_sub(out.len())).unwrap_or(limit).max(1);
        let mut texts = |tx: &mut base::Tx<'_>, ids: &[String]| {
            let said = |case: &Case| words_of(case);
            store::words(tx, district, ids, &said)
        };
        let found = search::find_checked(op.tx, district, "case", &query, at.as_ref(), left, &mut texts)?;
        let ids: Vec<CaseId> = found.hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
        if !ids.is_empty() {
            let filter = Filter { ids, ..Filter::default() };
            let page = store::list(op.tx, district, (actor, &scope), &filter, Order::Newest, None, left)?;
            out.extend(page.0);
        }
        at = found.next;
        if at.is_none() || out.len() >= wanted {
            break;
        }
    }
    Ok((out, at))
}
