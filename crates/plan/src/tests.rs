//! Known answers of the arithmetic (D§6.1, 6.3) and the rules of figures and changes.

use crate::board::Mark;
use crate::check::{Below, Decomposition, check, is_open};
use crate::event::Event;
use crate::model::{Change, ChangeState, Decision, Value, What};
use crate::progress::*;
use crate::refusal::PlanRefusal as No;
use crate::rules::{self, AskFacts, Entry, ReportFacts, Ruling, Wish};
use crate::testing::{at, sources};
use kernel::access::List;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::playbook::{Playbook, UnitKind};
use kernel::text::Remark;
use kernel::{Day, PostCode, Refuse, Slug, UnitCode};

fn day(m: i8, d: i8) -> Day {
    Day::new(2019, m, d).unwrap()
}
fn dec(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}
fn book() -> Playbook {
    kernel::playbook::load(&sources()).unwrap()
}
fn unit(code: &str) -> UnitCode {
    UnitCode::parse("unit", code).unwrap()
}
fn post(code: &str) -> PostCode {
    PostCode::parse("post", code).unwrap()
}
fn slug(code: &str) -> Slug {
    Slug::parse("code", code).unwrap()
}
fn remark(text: &str) -> Remark {
    Remark::parse("reason", text).unwrap()
}

#[test]
fn time_runs_by_days_and_published_figures_by_months() {
    assert_eq!(time_percent(day(1, 1), day(12, 31), day(8, 12)).text(1), "61.4");
    assert_eq!(time_percent(day(7, 1), day(12, 31), day(8, 12)).text(1), "23.4");
    assert_eq!(time_percent(day(7, 1), day(12, 31), day(6, 30)), Decimal::ZERO);
    assert_eq!(time_percent(day(1, 1), day(7, 15), day(8, 12)), FULL);
    // 江门: 629.0 of 647.4 by October is 97.2 %, 13.8 points ahead; 攀枝花: 125.64 % is 42.31 ahead, 70.41 % is 12.92 behind.
    let october = month_percent(10);
    let done = Decimal::percent(6290, 6474).unwrap();
    assert_eq!((done.text(1), (done - october).text(1)), ("97.2".into(), "13.8".into()));
    assert_eq!((dec("125.64") - october).text(2), "42.31");
    assert_eq!((october - dec("70.41")).text(2), "12.92");
}

#[test]
fn amounts_are_compared_with_time_and_levels_with_their_target() {
    let book = book();
    let given = |code: &str, value: &str| {
        let item = book.item(code).unwrap();
        progress(&Given {
            measure: item.measure.as_ref(),
            target: item.measure.as_ref().and_then(|m| m.target),
            value: Some(dec(value)),
            noted: Some(90),
            nodes_done: Decimal::ZERO,
            done: false,
            from: slice_start(item.measure.as_ref(), 2019),
            due: item.due,
            on: day(8, 12),
        })
    };
    let invest = given("Q-01", "58.6");
    assert_eq!(invest.percent.unwrap().text(1), "19.5");
    assert_eq!((invest.mark.text(1), invest.against), ("23.4".into(), Mark::Time));
    assert_eq!(invest.difference().unwrap().text(1), "−3.8");
    let reserve = given("Q-02", "43.5");
    assert_eq!(
        (reserve.percent, reserve.mark, reserve.against),
        (Some(dec("43.5")), dec("50"), Mark::Target)
    );
    assert_eq!(
        (reserve.difference().unwrap().text(1), reserve.completion.unwrap().text(0)),
        ("−6.5".into(), "87".into())
    );
    let air = given("M-099", "6");
    assert_eq!((air.percent, air.mark, air.completion), (Some(FULL), FULL, Some(FULL)));
    // A rank without a target says nothing about how far it is, so the note does.
    assert_eq!(given("M-078", "3").origin, Origin::Noted);
}

#[test]
fn without_a_measure_the_note_counts_then_finished_nodes_then_nothing() {
    let with = |noted, nodes: &str, done| {
        progress(&Given {
            measure: None,
            target: None,
            value: None,
            noted,
            nodes_done: dec(nodes),
            done,
            from: day(1, 1),
            due: day(12, 31),
            on: day(8, 12),
        })
    };
    assert_eq!(
        (with(Some(54), "45", false).percent, with(Some(54), "45", false).origin),
        (Some(dec("54")), Origin::Noted)
    );
    assert_eq!(
        (with(None, "45", false).percent, with(None, "45", false).origin),
        (Some(dec("45")), Origin::Nodes)
    );
    assert_eq!((with(None, "0", false).percent, with(None, "0", false).completion), (None, None));
    assert_eq!(with(None, "0", true).completion, Some(FULL));
}

#[test]
fn lag_gives_the_light_of_the_policy_and_memory_makes_it_worse() {
    let book = book();
    let policy = book.light("plan.progress");
    let lag = |percent: &str, history: &[Light]| {
        let p = Progress {
            percent: Some(dec(percent)),
            mark: dec("61.4"),
            against: Mark::Time,
            time: dec("61.4"),
            origin: Origin::Noted,
            completion: None,
        };
        progress_light(&p, policy, history)
    };
    assert_eq!(lag("51.5", &[]).0, Light::Green);
    assert_eq!(lag("51.4", &[]).0, Light::Yellow);
    assert_eq!(lag("31.4", &[]).0, Light::Yellow);
    assert_eq!(lag("31.3", &[]).0, Light::Red);
    assert_eq!(lag("45", &[Light::Yellow, Light::Yellow]).0, Light::Red);
    assert_eq!(lag("45", &[Light::Green, Light::Yellow]).0, Light::Yellow);
    assert!(lag("31.3", &[]).1.zh.contains("30.1"), "{}", lag("31.3", &[]).1.zh);
    assert_eq!(progress_light(&Progress { percent: None, ..given_nothing() }, policy, &[]).0, Light::Grey);
}

fn given_nothing() -> Progress {
    Progress {
        percent: None,
        mark: dec("61.4"),
        against: Mark::Time,
        time: dec("61.4"),
        origin: Origin::Nothing,
        completion: None,
    }
}

fn below(code: &str, lead: Option<&str>, due: Option<Day>, entry: Option<&str>) -> Below {
    Below { code: slug(code), lead: lead.map(unit), due, entry: entry.map(slug), is_part: true }
}

#[test]
fn decomposition_says_what_is_wrong_in_words() {
    let mut book = book();
    book.plan.terms.pressure_line = dec("1.05");
    let item = book.item("Q-01").unwrap().clone();
    let good: Vec<Below> =
        item.parts.iter().map(|p| below(p.code.as_str(), Some(p.lead.as_str()), Some(p.due), None)).collect();
    let run = |item, target: &str, below: &[Below], own: Option<&str>| {
        check(
            &Decomposition {
                item,
                target: Some(dec(target)),
                due: day(12, 31),
                line: dec("1.05"),
                below,
                value: own.map(dec),
                parts_value: Some(dec("58.6")),
            },
            &book,
        )
    };
    let codes = |found: &[crate::check::Finding]| found.iter().map(|f| (f.code, f.light)).collect::<Vec<_>>();
    let found = run(&item, "300", &good, Some("58.6"));
    assert_eq!(
        codes(&found),
        [
            ("plan.parts_over", Light::Yellow),
            ("plan.carried", Light::Green),
            ("plan.not_pressed", Light::Green)
        ]
    );
    assert_eq!(found[0].words.zh, "合计比上级多9亿元，加码3.0%，压力系数1.03，警戒线1.05");
    assert!(is_open(&found));
    assert_eq!(codes(&run(&item, "290", &good, None))[0], ("plan.parts_over", Light::Red));
    assert_eq!(codes(&run(&item, "320", &good, None))[0], ("plan.parts_short", Light::Red));
    assert!(!is_open(&run(&item, "309", &good, Some("58.6"))));
    assert!(codes(&run(&item, "309", &good, Some("60"))).contains(&("plan.figures_differ", Light::Yellow)));

    let respondent = book.org.units.values().find(|u| u.kind.is_respondent()).unwrap().code.clone();
    let street = book.org.units.values().find(|u| u.kind == UnitKind::Street).unwrap().code.clone();
    let taken_back = book.mandates.values().find(|m| m.list == kernel::duty::MandateList::TakenBack).unwrap();
    let bad = [
        below("Q-01-1", Some(respondent.as_str()), Some(day(12, 31)), None),
        below("Q-01-2", None, None, None),
        below("Q-01-3", Some(street.as_str()), Some(day(12, 31)), Some(taken_back.code.as_str())),
    ];
    let found = codes(&run(&item, "309", &bad, None));
    for code in ["plan.on_enterprise", "plan.no_lead", "plan.no_due", "plan.pressed_down"] {
        assert!(found.iter().any(|(c, _)| *c == code), "{code} in {found:?}");
    }
    let mut rate = item.clone();
    rate.measure.as_mut().unwrap().additive = false;
    assert_eq!(codes(&run(&rate, "300", &good, None))[0], ("plan.not_additive", Light::Red));
}

fn value(n: &str, day: Day) -> Value {
    Value {
        code: slug("Q-01"),
        rev: 2,
        day,
        at: at(8, 1, 9),
        value: dec(n),
        by: post("fgj.handler"),
        note: String::new(),
    }
}

fn entry(n: &str) -> Entry {
    Entry { value: dec(n), day: None, note: None, grade: None }
}

#[test]
fn a_figure_is_a_reported_one_by_a_lead_that_is_no_firm() {
    let book = book();
    let item = book.item("Q-01").unwrap();
    let last = value("50", day(7, 31));
    let (code, lead) = (slug("Q-01"), unit("fgj"));
    let facts = ReportFacts {
        code: &code,
        measure: item.measure.as_ref(),
        lead: &lead,
        lead_kind: Some(UnitKind::Department),
        open: Some(true),
        from: day(7, 1),
        today: day(8, 12),
        last: Some(&last),
    };
    let event = rules::report(&facts, &entry("58.6")).unwrap();
    assert!(matches!(event, Event::Reported { rev: 3, value, .. } if value == dec("58.6")));
    let no = |facts: &ReportFacts<'_>, entry: &Entry| rules::report(facts, entry).unwrap_err().code();
    assert_eq!(no(&facts, &Entry { grade: Some("S".into()), ..entry("58.6") }), "plan.statistical");
    assert!(rules::report(&facts, &Entry { grade: Some("R".into()), ..entry("58.6") }).is_ok());
    assert_eq!(
        no(&ReportFacts { lead_kind: Some(UnitKind::Enterprise), ..facts }, &entry("1")),
        "plan.on_enterprise"
    );
    assert_eq!(no(&ReportFacts { measure: None, ..facts }, &entry("1")), "plan.not_measured");
    assert_eq!(no(&ReportFacts { open: None, ..facts }, &entry("60")), "plan.not_loaded");
    assert_eq!(no(&ReportFacts { open: Some(false), ..facts }, &entry("60")), "plan.closed");
    assert_eq!(no(&facts, &Entry { day: Some(day(8, 13)), ..entry("60") }), "plan.future_day");
    assert_eq!(no(&facts, &Entry { day: Some(day(6, 30)), ..entry("60") }), "plan.before_slice");
    assert_eq!(no(&facts, &Entry { day: Some(day(7, 30)), ..entry("60") }), "plan.before_last");
    assert_eq!(no(&facts, &entry("-1")), "plan.negative");
    assert_eq!(no(&facts, &entry("49.9")), "plan.fall_unexplained");
    assert!(rules::report(&facts, &Entry { note: Some(remark("核减一个项目")), ..entry("49.9") }).is_ok());
}

fn change(what: What, asked_by: &str) -> Change {
    Change {
        no: slug("Q-01-C1"),
        item: slug("Q-01"),
        what,
        was: "300".into(),
        wish: "280".into(),
        reason: "口径调整".into(),
        asked_by: post(asked_by),
        asked_at: at(8, 12, 9),
        decision: None,
        applied: None,
    }
}

#[test]
fn a_request_is_the_leads_and_asks_for_something_new() {
    let book = book();
    let item = book.item("Q-01").unwrap();
    let (lead, other) = (unit("fgj"), unit("swj"));
    let pending = [change(What::Target, "fgj.chief")];
    let facts = AskFacts {
        item,
        lead: &lead,
        due: day(12, 31),
        target: Some(dec("300")),
        criterion: "原标准",
        open: Some(true),
        unit: &lead,
        planner: false,
        earlier: &[],
    };
    let run = |f: &AskFacts<'_>, wish: Wish| rules::ask(f, slug("Q-01-C1"), &wish, &remark("因故"));
    let no = |f: &AskFacts<'_>, wish: Wish| run(f, wish).unwrap_err().code();
    let event = run(&facts, Wish::Target(dec("280"))).unwrap();
    assert!(matches!(event, Event::ChangeAsked { was, wish, .. } if was == "300" && wish == "280"));
    assert_eq!(no(&AskFacts { unit: &other, ..facts }, Wish::Cancel), "plan.outside_lead");
    let planner = AskFacts { unit: &other, planner: true, ..facts };
    assert!(run(&planner, Wish::Cancel).is_ok());
    assert_eq!(no(&planner, Wish::Due(Day::new(2020, 1, 15).unwrap())), "plan.lead_asks");
    assert_eq!(no(&facts, Wish::Due(day(12, 31))), "plan.earlier_due");
    assert_eq!(no(&facts, Wish::Target(dec("300"))), "plan.same");
    assert_eq!(no(&facts, Wish::Target(dec("0"))), "plan.bad_target");
    assert_eq!(no(&AskFacts { target: None, ..facts }, Wish::Target(dec("1"))), "plan.no_target");
    assert_eq!(no(&AskFacts { earlier: &pending, ..facts }, Wish::Target(dec("280"))), "plan.pending");
    assert!(run(&AskFacts { earlier: &pending, ..facts }, Wish::Cancel).is_ok());
    assert_eq!(no(&AskFacts { open: Some(false), ..facts }, Wish::Cancel), "plan.closed");
}

#[test]
fn the_citys_items_need_a_document_and_who_asks_does_not_decide() {
    let yes = |document: &str| Ruling { approve: true, document: document.into(), why: String::new() };
    let asked = change(What::Target, "fgj.chief");
    let by = post("zfb.supervision");
    let no = |list, by: &PostCode, ruling: &Ruling| rules::decide(&asked, list, by, ruling).unwrap_err();
    assert_eq!(no(List::City, &by, &yes(" ")), No::DocumentNeeded(slug("Q-01-C1")));
    assert!(rules::decide(&asked, List::City, &by, &yes("昆督〔2019〕9号")).is_ok());
    assert!(rules::decide(&asked, List::District, &by, &yes("")).is_ok());
    assert_eq!(no(List::District, &post("fgj.chief"), &yes("")).code(), "plan.own_request");
    let refuse = Ruling { approve: false, document: String::new(), why: " ".into() };
    assert_eq!(no(List::District, &by, &refuse), No::WhyNeeded);
    let mut decided = asked.clone();
    let decision = Decision {
        approved: true,
        by: by.clone(),
        at: at(8, 13, 9),
        document: String::new(),
        why: String::new(),
    };
    decided.decision = Some(decision.clone());
    assert_eq!(rules::decide(&decided, List::District, &by, &yes("")).unwrap_err().code(), "plan.decided");
    assert_eq!(rules::apply(&decided).unwrap_err().code(), "plan.not_to_apply");
    let cancel = Change { what: What::Cancel, decision: Some(decision), ..asked.clone() };
    assert!(rules::apply(&cancel).is_ok());
    assert_eq!(decided.as_of(at(8, 12, 10)).unwrap().state(), ChangeState::Asked);
    assert_eq!(decided.as_of(at(8, 12, 8)), None);
    assert_eq!((decided.granted(What::Target), decided.granted(What::Due)), (Some("280"), None));
}

#[test]
fn every_key_in_the_source_exists() {
    let all = base::i18n::Catalogue::with(&[crate::TEXTS]).unwrap();
    let sources = [
        include_str!("web/tree.rs"),
        include_str!("web/panel.rs"),
        include_str!("web/item.rs"),
        include_str!("web/changes.rs"),
        include_str!("web/words.rs"),
        include_str!("web/export.rs"),
    ];
    for key in sources.iter().flat_map(|s| base::i18n::keys_in(s)) {
        assert!(all.has(key), "{key}");
    }
    for key in [
        "behind_time",
        "ahead_time",
        "behind_target",
        "ahead_target",
        "bar_label",
        "bar_label_target",
        "fold",
        "unfold",
    ] {
        assert!(all.has(&format!("plan.{key}")), "{key}");
    }
    for key in ["value", "change", "decide", "apply"] {
        assert!(all.has(&format!("done.plan.{key}")), "{key}");
    }
}
