//! The playbook that ships: it loads without a single finding and holds what the article promises.

use super::*;
use crate::money::Decimal;

/// The files of playbooks/guandu-2019, by name.
pub(super) fn guandu() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/guandu-2019");
    let mut files = Vec::new();
    for folder in [root.to_owned(), format!("{root}/data")] {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn book() -> Playbook {
    match load(&guandu()) {
        Ok(book) => book,
        Err(faults) => {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    }
}

fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}

#[test]
fn guandu_2019_loads_without_a_finding() {
    let book = book();
    assert_eq!(book.warnings, []);
    assert_eq!(book.head.district, DistrictCode::GUANDU);
    assert_eq!(book.digest.len(), 64);
    let counts = |punch| (book.plan.of(punch, "city").count(), book.plan.of(punch, "district").count());
    assert_eq!(counts("economy"), (53, 9));
    assert_eq!(counts("environment"), (51, 7));
    assert_eq!(counts("spirit"), (33, 5));
    assert_eq!(book.plan.items.len(), 158);
    assert_eq!(book.plan.items.values().filter(|i| i.code.as_str().starts_with("M-")).count(), 137);
}

#[test]
fn units_are_the_districts() {
    let book = book();
    let of = |kind| book.org.units.values().filter(|u| u.kind == kind).count();
    assert_eq!(of(UnitKind::Community), 133);
    assert_eq!(of(UnitKind::Street), 13);
    let changshui = book.unit(&"530111011".parse().unwrap()).unwrap();
    assert_eq!(changshui.managed_by, Some("kg".parse().unwrap()));
    let community: UnitCode = "530111001001".parse().unwrap();
    let above: Vec<&str> = book.org.above(&community).iter().map(|u| u.code.as_str()).collect();
    assert_eq!(above, ["530111001", "gd"]);
    let secretary = book.org.post_with_role(&community, "community_secretary").unwrap();
    assert_eq!(secretary.code.as_str(), "530111001001.secretary");
    assert_eq!(
        book.org.post_with_role(&"fgj".parse().unwrap(), "unit_chief").unwrap().code.as_str(),
        "fgj.chief"
    );
    assert!(book.org.units.values().all(|u| u.kind != UnitKind::Enterprise || u.source.is_example()));
}

#[test]
fn the_investment_target_is_split_with_three_per_cent_on_top() {
    let book = book();
    let item = book.item("Q-01").unwrap();
    assert_eq!(item.parts_sum(), Decimal::whole(309));
    assert_eq!(item.pressure().unwrap().text(2), "1.03");
    assert!(item.source.is_article());
    assert!(item.parts.iter().all(|p| p.source.is_example()));
    assert_eq!(book.item("M-088").unwrap().parts_sum(), Decimal::whole(13));
    assert_eq!(
        book.item("M-095").unwrap().parts_sum() + book.item("M-096").unwrap().parts_sum(),
        Decimal::whole(9)
    );
}

#[test]
fn articles_and_examples_are_told_apart() {
    let book = book();
    assert!(book.item("M-117").unwrap().source.is_article());
    assert!(book.item("M-097").unwrap().source.is_example());
    assert!(book.plan.terms.detail_source.is_example());
    assert!(book.mandates.values().all(|m| m.source.is_example()));
    assert!(!book.taxonomies.values().find(|t| t.code.as_str() == "9-1").unwrap().known);
    assert_eq!(book.industries.values().filter(|i| i.tier == Tier::Pillar).count(), 4);
    let node = &book.item("M-061").unwrap().nodes[0];
    assert_eq!(book.item("M-061").unwrap().node_title(node).zh, "健全考核方案细则和绩效评价体系:完成调研");
}

#[test]
fn the_rule_of_a_day_is_the_version_of_that_day() {
    let book = book();
    assert_eq!(book.clock("supervision", day("2018-06-01")).unwrap().version, "2018.1");
    assert_eq!(book.clock("supervision", day("2019-08-12")).unwrap().version, "2019.1");
    assert!(book.clock("supervision", day("2017-12-31")).is_none());
    assert_eq!(book.clock_version("supervision", "2018.1").unwrap().limits[1].limit.to_string(), "15wd");
    assert_eq!(book.mandates.len(), 83);
    assert_eq!(book.kinds.len(), 11);
}

#[test]
fn forums_meet_on_working_days() {
    let book = book();
    let calendar = Calendars::builtin().latest();
    let next = |code: &str, from: &str| {
        book.cadence(code).unwrap().next(day(from), |d| calendar.is_workday(d)).to_string()
    };
    assert_eq!(next("week", "2019-08-12"), "2019-08-13");
    assert_eq!(next("month", "2019-08-12"), "2019-08-15");
    assert_eq!(next("quarter", "2019-08-12"), "2019-10-10");
    assert_eq!(next("half", "2019-08-12"), "2020-01-09");
    // Tuesday 1 October is a holiday until the 7th: the session moves to the 8th, which is a Tuesday of its own.
    assert_eq!(next("week", "2019-10-01"), "2019-10-08");
    // 15 June 2019 is a Saturday.
    assert_eq!(next("month", "2019-06-15"), "2019-06-17");
    assert_eq!(next("month", "2019-06-17"), "2019-06-17");
}

#[test]
fn quiet_hours_run_over_midnight() {
    let notices = book().notices;
    assert!(!notices.is_quiet(19, 59));
    assert!(notices.is_quiet(20, 0));
    assert!(notices.is_quiet(0, 0));
    assert!(notices.is_quiet(7, 29));
    assert!(!notices.is_quiet(7, 30));
}

#[test]
fn documents_are_numbered_in_the_official_form() {
    assert_eq!(book().document("general").unwrap().number(2019, 12), "官政办发〔2019〕12号");
}

#[test]
fn the_calendar_carries_the_office_hours() {
    let book = book();
    let calendar = book.calendar(&Calendars::builtin().latest());
    assert_eq!(calendar.office(day("2019-08-12")).closes(day("2019-08-12")), day("2019-08-12").at(17, 0));
}

#[test]
fn the_digest_follows_the_text_and_not_the_order() {
    let mut files = guandu();
    let digest = load(&files).unwrap().digest;
    files.reverse();
    assert_eq!(load(&files).unwrap().digest, digest);
    files[0].1.push('\n');
    assert_ne!(load(&files).unwrap().digest, digest);
}
