//! Headlines of three boards word for word in both languages, the year, ties, changes, and stories over a database.

mod stories;

use crate::TEXTS;
use crate::model::{Changes, Item, Measured, UnitRow};
use crate::rules::headline::{Clause, Facts, Proof, Value, clauses};
use crate::rules::{changes, ranked, year};
use base::i18n::{Catalogue, keys_in};
use kernel::calendar::Calendars;
use kernel::light::Counts;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::{Day, Lang, PostCode, UnitCode, Words};
use std::fmt::Display;

fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}

fn dec(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn texts() -> Catalogue {
    Catalogue::with(&[TEXTS]).unwrap()
}

fn spoken(facts: &Facts<'_>, lang: Lang) -> String {
    let texts = texts();
    let t = texts.t(lang);
    let said = |clause: &Clause| {
        let values: Vec<(&str, String)> = clause
            .values
            .iter()
            .map(|(name, value)| match value {
                Value::Figure(text) => (*name, text.clone()),
                Value::Words(words) => (*name, words.get(lang).to_owned()),
            })
            .collect();
        let shown: Vec<(&str, &dyn Display)> =
            values.iter().map(|(n, v)| -> (&str, &dyn Display) { (*n, v) }).collect();
        t.f(clause.key, &shown)
    };
    clauses(facts).iter().map(said).collect()
}

fn investment(value: Option<&str>) -> Measured {
    let (value, target) = (value.map(dec), dec("300"));
    Measured {
        code: "Q-01".to_owned(),
        name: Words::new("下半年完成投资", "Investment in the second half"),
        unit: Words::new("亿元", "100 million yuan"),
        target,
        value,
        percent: value.and_then(|v| Decimal::percent(v.raw(), target.raw())),
        time_percent: dec("23.3696"),
        parts: Vec::new(),
    }
}

#[test]
fn headline_of_a_board_with_red() {
    let measured = investment(Some("58.6"));
    let list = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let moved = Changes { red: list(&["M-097"]), done: list(&["M-001", "M-002"]), ..Changes::default() };
    let facts = Facts {
        year: 2019,
        counts: Counts { red: 11, yellow: 22, green: 115, done: 10, paused: 0, grey: 0 },
        behind: 4,
        measured: Some(&measured),
        changes: Some(&moved),
    };
    assert_eq!(
        spoken(&facts, Lang::Zh),
        "158项年度任务中，115项正常、22项预警、11项红灯（逾期7项、滞后4项）、10项办结。\
         下半年完成投资调度数58.6亿元，为目标300亿元的19.5%，低于时间进度3.8个百分点（时间进度23.4%）。\
         与前一日相比，新增红灯1项、办结2项。"
    );
    assert_eq!(
        spoken(&facts, Lang::En),
        "Of 158 yearly items, 115 are on track, 22 are at risk, 11 are red (7 overdue, 4 behind) and 10 are done. \
         Investment in the second half: 58.6 reported of 300 (100 million yuan), 19.5%, 3.8 points behind time (23.4%). \
         Since the day before, 1 turned red and 2 were done. "
    );
    let late = Facts { behind: 0, measured: None, changes: None, ..facts };
    assert_eq!(spoken(&late, Lang::Zh), "158项年度任务中，115项正常、22项预警、11项逾期、10项办结。");
    let behind = Facts { behind: 11, ..late };
    assert_eq!(spoken(&behind, Lang::Zh), "158项年度任务中，115项正常、22项预警、11项滞后、10项办结。");
}

#[test]
fn headline_of_a_good_board() {
    let measured = investment(Some("72"));
    let still = Changes::default();
    let facts = Facts {
        year: 2019,
        counts: Counts { green: 157, done: 1, ..Counts::default() },
        behind: 0,
        measured: Some(&measured),
        changes: Some(&still),
    };
    assert_eq!(
        spoken(&facts, Lang::Zh),
        "158项年度任务中，157项正常、1项办结，没有预警和逾期。\
         下半年完成投资调度数72亿元，为目标300亿元的24.0%，高于时间进度0.6个百分点（时间进度23.4%）。\
         与前一日相比没有变化。"
    );
    assert_eq!(
        spoken(&facts, Lang::En),
        "Of 158 yearly items, 157 are on track and 1 is done; none is at risk or overdue. \
         Investment in the second half: 72 reported of 300 (100 million yuan), 24.0%, 0.6 points ahead of time (23.4%). \
         Nothing changed since the day before."
    );
    let silent = investment(None);
    let none = Facts { measured: Some(&silent), changes: None, ..facts };
    assert!(spoken(&none, Lang::Zh).ends_with("下半年完成投资目标300亿元，尚无调度数。"));
}

#[test]
fn headline_of_an_empty_board() {
    let facts = Facts { year: 2019, counts: Counts::default(), behind: 0, measured: None, changes: None };
    assert_eq!(spoken(&facts, Lang::Zh), "2019年度计划尚未载入，没有可研判的事项。");
    assert_eq!(spoken(&facts, Lang::En), "The plan of 2019 is not loaded yet; there is nothing to read.");
}

#[test]
fn every_count_leads_to_its_list() {
    let counts = Counts { red: 2, yellow: 1, green: 1, done: 1, paused: 1, grey: 1 };
    let facts = Facts { year: 2019, counts, behind: 1, measured: None, changes: None };
    let lights: Vec<Proof> = clauses(&facts).into_iter().filter_map(|c| c.proof).collect();
    let all = [Light::Green, Light::Yellow, Light::Red, Light::Paused, Light::Grey, Light::Done];
    assert!(all.iter().all(|light| lights.contains(&Proof::Plan(*light))), "{lights:?}");
}

/// D§6.1 by calendar days: day 224 of 365, day 43 of 184; 250 working days, of which 97 lie after 12 August.
#[test]
fn the_year_on_12_august() {
    let calendar = Calendars::builtin().as_known(day("2019-08-12"));
    let y = year(day("2019-08-12"), &calendar);
    assert_eq!((y.elapsed.text(1).as_str(), y.half, y.half_elapsed.text(1).as_str()), ("61.4", 2, "23.4"));
    assert_eq!((y.workdays_left, y.workdays), (97, 250));
    let first = year(day("2019-01-01"), &calendar);
    assert_eq!((first.elapsed.text(1).as_str(), first.half, first.workdays_left), ("0.3", 1, 250));
    let last = year(day("2019-12-31"), &calendar);
    assert_eq!(
        (last.elapsed.text(1).as_str(), last.half_elapsed.text(1).as_str(), last.workdays_left),
        ("100.0", "100.0", 0)
    );
}

fn row(unit: &str, red: u32, yellow: u32, overdue: i64) -> UnitRow {
    let counts = Counts { red, yellow, green: 1, ..Counts::default() };
    UnitRow { unit: UnitCode::parse("unit", unit).unwrap(), counts, open: 9, overdue }
}

#[test]
fn equal_units_share_a_rank() {
    let list = ranked(vec![
        row("aa", 0, 1, 0),
        row("bb", 2, 0, 0),
        row("cc", 0, 1, 0),
        row("dd", 0, 1, 3),
        row("ee", 0, 0, 0),
    ]);
    let said: Vec<(&str, usize, usize)> =
        list.iter().map(|r| (r.row.unit.as_str(), r.rank, r.last)).collect();
    assert_eq!(said, [("bb", 1, 1), ("dd", 2, 2), ("aa", 3, 4), ("cc", 3, 4), ("ee", 5, 5)]);
}

fn item(code: &str, light: Light) -> Item {
    Item {
        code: code.to_owned(),
        title: Words::new("题", "t"),
        punch: "economy".to_owned(),
        list: "city".to_owned(),
        lead: UnitCode::parse("lead", "fgj").unwrap(),
        patron: PostCode::parse("patron", "ld.economy").unwrap(),
        due: day("2019-12-31"),
        duty: None,
        light,
        why: Words::default(),
        behind: false,
        percent: None,
        time_percent: Decimal::ZERO,
        overdue: 0,
        article: true,
    }
}

#[test]
fn changes_name_what_moved_and_how() {
    use Light::{Done, Green, Grey, Red, Yellow};
    let before = [
        item("a", Green),
        item("b", Red),
        item("c", Yellow),
        item("d", Red),
        item("e", Green),
        item("f", Grey),
    ];
    let now = [
        item("a", Red),
        item("b", Done),
        item("c", Green),
        item("d", Yellow),
        item("e", Yellow),
        item("g", Red),
    ];
    let moved = changes(&before, &now);
    assert_eq!(moved.red, ["a"]);
    assert_eq!(moved.done, ["b"]);
    assert_eq!(moved.better, ["d"]);
    assert_eq!(moved.yellow, ["e"]);
    assert!(changes(&now, &now).is_empty());
}

#[test]
fn ranges_read_as_inequalities() {
    use crate::web::methods::span;
    let said: Vec<String> = ["(,10)", "[10,30]", "(30,)", "(0,3)"].iter().map(|r| span(r)).collect();
    assert_eq!(said, ["x < 10", "10 ≤ x ≤ 30", "x > 30", "0 < x < 3"]);
}

#[test]
fn every_key_in_the_source_exists() {
    let texts = texts();
    let sources = [
        include_str!("web/api.rs"),
        include_str!("web/cards.rs"),
        include_str!("web/home.rs"),
        include_str!("web/jobs.rs"),
        include_str!("web/ledger.rs"),
        include_str!("web/methods.rs"),
        include_str!("web/screen.rs"),
        include_str!("web/tables.rs"),
    ];
    let missing: Vec<&str> = sources.iter().flat_map(|s| keys_in(s)).filter(|key| !texts.has(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let headline = include_str!("rules/headline.rs");
    let named = headline.split('"').filter(|part| part.starts_with("cockpit.hl."));
    assert!(named.clone().count() > 15 && named.clone().all(|key| texts.has(key)), "a clause without words");
    for key in crate::web::methods::DEFINED {
        assert!(
            texts.has(&format!("methods.name.{key}")) && texts.has(&format!("methods.def.{key}")),
            "{key}"
        );
    }
    assert!(texts.has("done.jobs.run") && texts.has("done.jobs.replay"));
}
