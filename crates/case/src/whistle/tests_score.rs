//! D§B.2: the items of both sheets and their points, what is computed and what is judged.

use super::model::{Arrival, Call, Dispute, Met, Ruling};
use super::score::{computed, fill, settle, so_far};
use super::testing::{at, call as ask, playbook, remark, slug, unit};
use super::vocab::{Outcome, Sheet};
use kernel::money::Decimal;
use kernel::{DutyId, PostCode, Slug};
use kernel::{Refuse, score};
use std::collections::BTreeMap;

fn points(list: &[(&str, &str)]) -> BTreeMap<Slug, Decimal> {
    list.iter().map(|(item, n)| (slug(item), Decimal::parse(n).unwrap())).collect()
}

fn post() -> PostCode {
    PostCode::parse("post", "swu.duty").unwrap()
}

fn call(ack: Option<bool>, came: &[bool], arrival: Option<bool>) -> Call {
    let met = |in_time| Met { by: post(), at: at(13, 23, 0), in_time: Some(in_time) };
    let asked = ask("swu", "S-020");
    Call {
        unit: asked.unit,
        duty: DutyId::parse("id", "0198a000-0000-7000-8000-000000000001").unwrap(),
        lead: true,
        entry: asked.entry,
        ask: None,
        called: at(13, 22, 40),
        ack: ack.map(met),
        arrivals: came
            .iter()
            .map(|decides| Arrival { post: post(), at: at(13, 23, 0), decides: *decides, authority: None })
            .collect(),
        muster: arrival.map(met),
        dispute: None,
        misses: Vec::new(),
        done: None,
        released: None,
        score: None,
        back: None,
    }
}

#[test]
fn the_sheets_of_b2_add_up_to_a_hundred() {
    let book = playbook();
    let rules = book.whistle_rules().unwrap();
    let list =
        |sheet| super::score::items(rules, sheet).iter().map(|item| item.points.text(0)).collect::<Vec<_>>();
    assert_eq!(list(Sheet::Department), ["20", "20", "10", "40", "10"]);
    assert_eq!(list(Sheet::Street), ["40", "30", "20", "10"]);
}

/// The table of what the record gives: acknowledged, who came first, arrived in time → of 50.
#[test]
fn what_the_record_shows_is_computed() {
    let book = playbook();
    let rules = book.whistle_rules().unwrap();
    let table: [(Call, &str, &str); 5] = [
        (call(Some(true), &[true], Some(true)), "50", "50"),
        (call(Some(false), &[true], Some(true)), "30", "50"),
        (call(Some(true), &[false, true], Some(false)), "20", "50"),
        (call(Some(true), &[false], None), "20", "50"),
        (call(None, &[], None), "0", "0"),
    ];
    for (n, (call, have, of)) in table.iter().enumerate() {
        let (_, now, most) = so_far(rules, call, Sheet::Department);
        assert_eq!((now.text(0).as_str(), most.text(0).as_str()), (*have, *of), "row {n}");
    }
}

#[test]
fn sheets_are_filled_whole_and_only_by_hand_where_judgment_is_needed() {
    let book = playbook();
    let rules = book.whistle_rules().unwrap();
    let call = call(Some(true), &[true], Some(true));
    let good = fill(rules, &call, Sheet::Department, &points(&[("done", "32.5"), ("manner", "8")])).unwrap();
    let total: Decimal = good.0.values().copied().sum();
    assert_eq!(total.text(1), "90.5");
    assert_eq!(good.1, [slug("ack"), slug("arrival"), slug("mandate")]);
    // The same by the kernel's sheet, whose marks are shares of the full points.
    let marks: BTreeMap<Slug, Decimal> =
        [("ack", "1"), ("arrival", "1"), ("mandate", "1"), ("done", "0.8125"), ("manner", "0.8")]
            .iter()
            .map(|(item, n)| (slug(item), Decimal::parse(n).unwrap()))
            .collect();
    assert_eq!(score::sheet(&rules.department, &marks), total);
    let no =
        |given: &[(&str, &str)]| fill(rules, &call, Sheet::Department, &points(given)).unwrap_err().code();
    assert_eq!(no(&[("done", "40")]), "whistle.item_missing");
    assert_eq!(no(&[("done", "41"), ("manner", "8")]), "whistle.points_outside");
    assert_eq!(no(&[("done", "40"), ("manner", "8"), ("ack", "20")]), "whistle.computed_item");
    assert_eq!(no(&[("done", "40"), ("manner", "8"), ("zeal", "1")]), "whistle.unknown_item");
    // Who settles may find the record wrong.
    assert!(settle(rules, Sheet::Department, &points(&[("ack", "20")])).is_ok());
    assert!(settle(rules, Sheet::Department, &points(&[("ack", "21")])).is_err());
}

#[test]
fn a_ruling_decides_whether_it_was_the_departments_duty() {
    let mut call = call(Some(true), &[true], Some(true));
    assert_eq!(computed(&call, Sheet::Street, "duty"), None, "without a dispute the department judges");
    for (outcome, full) in [(Outcome::Keep, true), (Outcome::Move, true), (Outcome::Misuse, false)] {
        call.dispute = Some(Dispute {
            unit: unit("swu"),
            cited: slug("S-019"),
            ground: remark("x"),
            by: post(),
            at: at(13, 23, 0),
            due: at(14, 12, 0),
            ruling: Some(Ruling {
                outcome,
                to: unit("swu"),
                ground: remark("y"),
                by: post(),
                at: at(14, 10, 0),
                in_time: true,
            }),
        });
        assert_eq!(computed(&call, Sheet::Street, "duty"), Some(full));
    }
}
