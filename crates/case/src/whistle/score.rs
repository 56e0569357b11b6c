//! Two-way scores (D§B.2): the street on each department, each department on the whistle. What the record shows is
//! computed and cannot be typed (D§2.3.12); judgment is given by hand.

use super::model::{Call, Whistle};
use super::refusal::WhistleRefusal as No;
use super::vocab::{Outcome, Sheet};
use kernel::Slug;
use kernel::money::Decimal;
use kernel::playbook::{ScoreItem, WhistleRules};
use std::collections::BTreeMap;

/// The items of a sheet.
pub fn items(rules: &WhistleRules, sheet: Sheet) -> &[ScoreItem] {
    match sheet {
        Sheet::Department => &rules.department,
        Sheet::Street => &rules.street,
    }
}

/// Whether the record answers an item, and how: `Some(true)` full points, `Some(false)` none, `None` when somebody must
/// judge.
///
/// `ack` and `arrival` are whether the limits were met, `mandate` whether the first who came could decide, and `duty`
/// whether a dispute about the department's duty was upheld. The codes are the playbook's; items of other codes are
/// judged by hand.
pub fn computed(call: &Call, sheet: Sheet, item: &str) -> Option<bool> {
    match (sheet, item) {
        (Sheet::Department, "ack") => call.ack.as_ref().map_or(Some(false), |ack| ack.in_time),
        (Sheet::Department, "arrival") => call.muster.as_ref().map_or(Some(false), |muster| muster.in_time),
        (Sheet::Department, "mandate") => Some(call.arrivals.first().is_some_and(|first| first.decides)),
        (Sheet::Street, "duty") => {
            let ruling = call.dispute.as_ref().and_then(|dispute| dispute.ruling.as_ref())?;
            // A part that was moved here was rightly somebody's duty, and a dispute that fell shows the same.
            Some(ruling.outcome != Outcome::Misuse)
        }
        _ => None,
    }
}

/// Points of all items: computed ones from the record, the others as given.
///
/// # Errors
/// An item that is not on the sheet, computed, missing, or with points outside nought and the full points.
pub fn fill(
    rules: &WhistleRules,
    call: &Call,
    sheet: Sheet,
    given: &BTreeMap<Slug, Decimal>,
) -> Result<(BTreeMap<Slug, Decimal>, Vec<Slug>), No> {
    let items = items(rules, sheet);
    if let Some(stray) = given.keys().find(|code| !items.iter().any(|item| item.code == **code)) {
        return Err(No::UnknownItem { given: stray.clone() });
    }
    let mut points = BTreeMap::new();
    let mut known = Vec::new();
    for item in items {
        let code = item.code.clone();
        match (computed(call, sheet, code.as_str()), given.get(&code)) {
            (Some(_), Some(_)) => return Err(No::ComputedItem { item: code }),
            (Some(good), None) => {
                points.insert(code.clone(), if good { item.points } else { Decimal::ZERO });
                known.push(code);
            }
            (None, Some(n)) => {
                points.insert(code, inside(item, *n)?);
            }
            (None, None) => return Err(No::ItemMissing { item: code }),
        }
    }
    Ok((points, known))
}

/// Points that a settlement changes, computed items included: whoever settles may find the record wrong.
///
/// # Errors
/// As [`fill`], but for computed items.
pub fn settle(
    rules: &WhistleRules,
    sheet: Sheet,
    given: &BTreeMap<Slug, Decimal>,
) -> Result<BTreeMap<Slug, Decimal>, No> {
    given
        .iter()
        .map(|(code, n)| {
            let item = items(rules, sheet).iter().find(|item| item.code == *code);
            let item = item.ok_or_else(|| No::UnknownItem { given: code.clone() })?;
            Ok((code.clone(), inside(item, *n)?))
        })
        .collect()
}

fn inside(item: &ScoreItem, n: Decimal) -> Result<Decimal, No> {
    if n < Decimal::ZERO || n > item.points {
        return Err(No::PointsOutside { item: item.code.clone(), most: item.points });
    }
    Ok(n)
}

/// One row of a sheet: the item, its points so far, whether the record gives them.
pub type SheetRow<'r> = (&'r ScoreItem, Option<Decimal>, bool);

/// What a sheet holds so far, for pages: each item with its points, none where nobody judged yet, and the sum of both
/// columns over the items that have points.
pub fn so_far<'r>(
    rules: &'r WhistleRules,
    call: &Call,
    sheet: Sheet,
) -> (Vec<SheetRow<'r>>, Decimal, Decimal) {
    let filled = call.sheet(sheet);
    let rows: Vec<SheetRow<'_>> = items(rules, sheet)
        .iter()
        .map(|item| {
            let by_record = computed(call, sheet, item.code.as_str());
            let now = match filled {
                Some(scores) => scores.points.get(&item.code).copied(),
                // Before the sheet is filled in, only what has happened is shown.
                None if happened(call, sheet, item.code.as_str()) => {
                    by_record.map(|good| if good { item.points } else { Decimal::ZERO })
                }
                None => None,
            };
            (item, now, by_record.is_some())
        })
        .collect();
    let have = rows.iter().filter_map(|(_, n, _)| *n).sum();
    let of = rows.iter().filter(|(_, n, _)| n.is_some()).map(|(item, _, _)| item.points).sum();
    (rows, have, of)
}

fn happened(call: &Call, sheet: Sheet, item: &str) -> bool {
    match (sheet, item) {
        (Sheet::Department, "ack") => call.ack.is_some(),
        (Sheet::Department, "arrival" | "mandate") => !call.arrivals.is_empty(),
        (Sheet::Street, "duty") => true,
        _ => false,
    }
}

/// Whether every sheet is filled in: then the whistle closes.
pub fn is_complete(whistle: &Whistle) -> bool {
    whistle.is_confirmed() && whistle.is_scored()
}
