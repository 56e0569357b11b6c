//! Cases and whistles of the playbook: what ships, how it routes, and every fault once.

use super::tests::guandu;
use super::tests_faults::{MINI, mini};
use super::*;
use crate::cases::{CaseKind, RoutedBy, Urgency};
use crate::clock::ClockEvent;
use crate::duty::MandateList;
use crate::money::Decimal;
use std::collections::BTreeSet;

fn book() -> Playbook {
    load(&guandu()).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn unit(code: &str) -> UnitCode {
    code.parse().unwrap()
}

/// The unit that takes `category` at `place`, and why.
fn to(book: &Playbook, category: &str, place: Option<&str>) -> Option<(String, RoutedBy)> {
    let place = place.map(unit);
    let routed = book.route(book.category(category).unwrap(), place.as_ref())?;
    Some((routed.unit.to_string(), routed.by))
}

#[test]
fn the_tree_has_three_levels_and_every_leaf_a_taker() {
    let book = book();
    let leaves: Vec<&Category> = book.categories.values().filter(|c| c.leaf).collect();
    assert!(leaves.len() >= 80, "{}", leaves.len());
    assert!(leaves.iter().all(|c| c.level == 3 && !c.words.is_empty()));
    assert!(book.categories.values().all(|c| c.source.is_example()));
    assert!(leaves.iter().any(|c| c.auto) && leaves.iter().filter(|c| c.auto).count() < leaves.len() / 10);
    let path: Vec<&str> = book.category_path("020102").iter().map(|c| c.name.zh.as_str()).collect();
    assert_eq!(path, ["市政道路和排水", "道路桥梁", "井盖缺失破损"]);
    assert_eq!(book.categories_below(None).count(), 20);
    assert!(book.category_path("999999").is_empty());
    let place = unit("530111001001");
    for leaf in leaves {
        assert!(book.route(leaf, Some(&place)).is_some(), "{}", leaf.code);
    }
}

#[test]
fn routes_go_by_place_by_department_and_by_manager() {
    let book = book();
    let (place, zone) = (Some("530111001001"), Some("530111011"));
    // Rubbish: the street of the community. Without a place nobody knows whose it is.
    assert_eq!(to(&book, "030101", place), Some(("530111001".into(), RoutedBy::Place)));
    assert_eq!(to(&book, "030101", None), None);
    // A street that the airport zone runs stays the street for its own duties (D§1.2) …
    assert_eq!(to(&book, "030101", zone), Some(("530111011".into(), RoutedBy::Place)));
    // … and a department's matter there goes to the zone; the police stay the police.
    assert_eq!(to(&book, "020101", place), Some(("cgj".into(), RoutedBy::Department)));
    assert_eq!(to(&book, "020101", zone), Some(("kg".into(), RoutedBy::Manager)));
    assert_eq!(to(&book, "020101", Some("530111010")), Some(("jk".into(), RoutedBy::Manager)));
    assert_eq!(to(&book, "130101", zone), Some(("gaj".into(), RoutedBy::Department)));
    let routed = book.route(book.category("010201").unwrap(), None).unwrap();
    assert_eq!((routed.unit.as_str(), routed.mandate.unwrap().as_str()), ("zjj", "T-007"));
}

#[test]
fn no_route_contradicts_the_duty_lists() {
    let book = book();
    let streets: Vec<UnitCode> =
        book.org.units.values().filter(|u| u.kind == UnitKind::Street).map(|u| u.code.clone()).collect();
    for category in book.categories.values() {
        let Some(mandate) = category.mandate.as_ref().and_then(|m| book.mandate(m.as_str())) else {
            continue;
        };
        for routed in streets.iter().filter_map(|street| book.route(category, Some(street))) {
            let to_street = book.unit(&routed.unit).unwrap().kind.is_grassroots();
            assert_eq!(to_street, mandate.list == MandateList::Basic, "{} {}", category.code, routed.unit);
        }
    }
}

#[test]
fn what_a_row_does_not_say_comes_from_above() {
    let book = book();
    let burst = book.category("010102").unwrap();
    assert_eq!((burst.urgency, book.category("010103").unwrap().urgency), (Urgency::Urgent, Urgency::Quick));
    assert_eq!(burst.mandate, Some("S-014".parse().unwrap()));
    // A route of its own takes no mandate from above.
    assert_eq!(book.category("030103").unwrap().mandate, None);
    let wages: Vec<&str> =
        book.category("090102").unwrap().attributes.iter().map(|a| a.code.as_str()).collect();
    assert_eq!(wages, ["people", "amount"]);
    assert_eq!(book.category("190102").unwrap().kinds, BTreeSet::from([CaseKind::Praise]));
    assert!(!book.category("190102").unwrap().counts);
    assert!(book.category("010201").unwrap().emergency.as_ref().unwrap().zh.contains("119"));
    assert!(book.category("010202").unwrap().emergency.is_none());
}

#[test]
fn the_rules_are_those_of_the_sources() {
    let book = book();
    let rules = book.case_rules().unwrap();
    let weights = [rules.weights.response, rules.weights.solved, rules.weights.satisfied];
    assert_eq!(weights, [30, 35, 35].map(Decimal::whole));
    let day = Day::parse("day", "2019-08-13").unwrap();
    let main = |urgency: Urgency| {
        let rule = book.clock(rules.clocks[&urgency].as_str(), day).unwrap();
        assert!(
            rule.limits.iter().any(|l| l.name.as_str() == "dispatch" && l.starts == ClockEvent::Register)
        );
        rule.limits.iter().find(|l| l.main).unwrap().limit.to_string()
    };
    let limits: Vec<String> = Urgency::ALL.iter().map(|u| main(*u)).collect();
    assert_eq!(limits, ["2h", "24h", "7d", "15d"]);
    assert_eq!(rules.exclusions.len(), 7);
    assert_eq!(rules.audit_elements.len(), 4);
    let limit = |code: &str, name: &str| {
        let clock = &book.whistle(code).unwrap().clock;
        book.clock(clock.as_str(), day).unwrap().limit(&name.parse().unwrap()).unwrap().limit.to_string()
    };
    assert_eq!((limit("emergency", "ack"), limit("emergency", "onsite")), ("10min".into(), "1h".into()));
    assert_eq!((limit("enforcement", "ack"), limit("enforcement", "onsite")), ("4oh".into(), "1wd".into()));
    assert_eq!((limit("hard", "ack"), limit("hard", "meet")), ("1wd".into(), "3wd".into()));
    assert_eq!(book.whistle("hard").unwrap().plan_within.unwrap().to_string(), "10wd");
    assert!(!book.whistle("emergency").unwrap().dispute_before_arrival);
    // Who is whistled to has a duty officer, and so has the hotline its dispatcher and caller.
    for post in ["swu.duty", "cgj.duty", "gaj.110", "xfd.duty", "zwj.dispatcher", "zwj.callback"] {
        assert!(book.post(&post.parse().unwrap()).is_some(), "{post}");
    }
    // The first handler by code is still the handler, not the duty officer.
    assert_eq!(book.org.post_with_role(&unit("cgj"), "handler").unwrap().code.as_str(), "cgj.handler");
}

/// Sections for MINI, so that it takes cases and whistles.
const CASES: &str = r#"[[unit]]
code = "jie"
kind = "street"
name = { zh = "街", en = "Street" }
parent = "gd"
source = "example"
[[post]]
code = "fgj.handler"
unit = "fgj"
title = { zh = "承办", en = "Handler" }
roles = ["handler"]
source = "example"
[[mandate]]
code = "B-001"
list = "basic"
domain = { zh = "城乡", en = "Works" }
title = { zh = "保洁", en = "Cleaning" }
from = "2019-01-01"
source = "example"
[[clock]]
code = "case"
version = "1"
from = "2019-01-01"
title = { zh = "诉求", en = "Case" }
limits = [
    { name = "sign", limit = "10min", starts = "assign", stops = "accept" },
    { name = "contact", limit = "24h", starts = "assign", stops = "contact" },
    { name = "reply", limit = "7d", starts = "assign", stops = "submit", main = true },
]
warn = "1h"
ladder = "plan"
source = "example"
[case_rules]
callback_attempts = 3
callback_within = "3d"
duplicate_days = 30
duplicate_similarity = "0.8"
hot = { people = 5, days = 30 }
look_back_days = [30, 90]
recurrence_days = 90
weights = { response = "30", solved = "35", satisfied = "35" }
counted_kinds = ["help"]
partly = "0.5"
exclusion_within = "2wd"
appeal_within = "3wd"
deferral_cap_percent = 5
sample_percent = 10
retention_years = 3
recommender = { min_margin = "0.1", top = 3, min_rows = 9 }
audit_elements = [{ zh = "措施", en = "Measures" }]
clocks = { urgent = "case", quick = "case", general = "case", complex = "case" }
grades = { very_satisfied = "1", satisfied = "1", basic = "0.8", dissatisfied = "0", very_dissatisfied = "0" }
reveal_reasons = { contact = { zh = "联系", en = "Contact" } }
managed_places = { jie = "fgj" }
source = "example"
[case_rules.exclusions.merit]
class = "merit"
name = { zh = "政策", en = "Policy" }
evidence_needed = { zh = "条款", en = "The clause" }
source = "example"
[[category]]
code = "01"
name = { zh = "市政", en = "Works" }
source = "example"
[[category]]
code = "0101"
name = { zh = "道路", en = "Roads" }
parent = "01"
mandate = "T-001"
route = { unit = "fgj" }
source = "example"
[[category]]
code = "010101"
name = { zh = "井盖", en = "Manholes" }
parent = "0101"
attributes = [{ code = "cover", name = { zh = "类型", en = "Kind" }, datatype = "singlevaluelist", values = [{ key = "rain", name = { zh = "雨水", en = "Rain" } }] }]
source = "example"
[[category]]
code = "0102"
name = { zh = "保洁", en = "Cleaning" }
parent = "01"
mandate = "B-001"
route = { by_place = true }
source = "example"
[[whistle]]
code = "emergency"
name = { zh = "应急哨", en = "Emergency" }
when = { zh = "险情", en = "Danger" }
card = "blue"
clock = "case"
dispute_before_arrival = false
source = "example"
[whistle_rules]
department = [{ code = "ack", name = { zh = "应哨", en = "Ack" }, points = "60" }, { code = "done", name = { zh = "办成", en = "Done" }, points = "40" }]
street = [{ code = "duty", name = { zh = "职责", en = "Duty" }, points = "100" }]
ruling = "4oh"
street_confirms = "1wd"
resident_confirms = "3d"
no_show_max = 2
band = { low = "0.5", high = "6" }
source = "example"
"#;

/// The findings after `from` became `to` at its first place: `line: [code] message — hint`, the line counted within
/// [`CASES`]. No text may be empty in either language.
pub(super) fn told(from: &str, to: &str) -> Vec<String> {
    assert!(CASES.contains(from), "{from}");
    let before = MINI.lines().count();
    let faults = load(&mini(format!("{MINI}{}", CASES.replacen(from, to, 1)))).err().unwrap_or_default();
    let say = |f: &Fault| {
        let (zh, en) = (crate::Lang::Zh, crate::Lang::En);
        assert!(f.message.get(zh) != f.message.get(en) && f.hint.get(zh) != f.hint.get(en), "{f}");
        let line = i64::try_from(f.line).unwrap() - i64::try_from(before).unwrap();
        format!("{line}: [{}] {} — {}", f.code, f.message.get(en), f.hint.get(en))
    };
    faults.iter().map(say).collect()
}

#[test]
fn the_small_playbook_with_cases_is_sound() {
    let book = load(&mini(format!("{MINI}{CASES}"))).unwrap();
    assert_eq!(book.warnings, []);
    assert_eq!(to(&book, "010101", Some("jie")), Some(("fgj".into(), RoutedBy::Department)));
    assert_eq!(to(&book, "0102", Some("jie")), Some(("jie".into(), RoutedBy::Place)));
    assert!(load(&mini(MINI.to_owned())).unwrap().case_rules().is_none());
}
