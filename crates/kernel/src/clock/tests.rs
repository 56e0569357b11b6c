//! Known answers of D§7.1–7.2 and B.10, and the life of one clock.

use super::*;
use crate::calendar::{Calendar, Calendars};
use crate::refusal::Refuse;
use crate::text::Lang;
use crate::time::{Day, Instant};

pub(super) fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}
pub(super) fn at(text: &str) -> Instant {
    Instant::parse("at", text).unwrap()
}
pub(super) fn cal() -> Calendar {
    Calendars::builtin().latest()
}
pub(super) fn slug(text: &str) -> crate::id::Slug {
    text.parse().unwrap()
}

/// A rule with a sign limit of two hours, a contact limit and the given main limit.
pub(super) fn rule(limit: &str, rest: &str) -> ClockRule {
    let text = format!(
        r#"
        code = "case"
        version = "2019"
        from = "2019-01-01"
        title = {{ zh = "接诉即办", en = "Swift response" }}
        warn = "1wd"
        ladder = "usual"
        source = "example"
        extension = {{ max_count = 1, max_len = "5wd" }}
        [[limits]]
        name = "sign"
        title = {{ zh = "签收", en = "Sign" }}
        limit = "2h"
        starts = "assign"
        stops = "accept"
        warn = "1h"
        [[limits]]
        name = "reply"
        title = {{ zh = "答复", en = "Reply" }}
        limit = "{limit}"
        starts = "assign"
        stops = "submit"
        main = true
        {rest}
        "#
    );
    let rule: ClockRule = toml::from_str(&text).unwrap();
    assert_eq!(rule.check(), []);
    rule
}

/// A clock assigned at `start`, and signed at once.
pub(super) fn running(rule: &ClockRule, start: Instant) -> Clock {
    let mut clock = Clock::new(rule);
    clock.on(ClockEvent::Assign, start, rule, &cal());
    clock.on(ClockEvent::Accept, start, rule, &cal());
    clock
}

fn due_text(start: &str, limit: &str) -> String {
    due(at(start), limit.parse().unwrap(), &cal()).at.minute_text()
}

#[test]
fn limits_read_back_as_written() {
    for text in ["2h", "4oh", "7d", "3wd", "3mo", "0d"] {
        assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
    }
    for bad in ["", "h", "3", "3 wd", "-1d", "1.5h", "3x", "100000d", "99999999999h"] {
        assert!(bad.parse::<Limit>().is_err(), "{bad}");
    }
    assert_eq!(Limit::new(3, Unit::WorkDays).words().zh, "3个工作日");
    assert_eq!(Limit::new(1, Unit::Months).words().en, "1 month");
    assert_eq!(Limit::new(0, Unit::Days).words().zh, "当日");
    assert_eq!(serde_json::to_string(&Limit::new(2, Unit::Hours)).unwrap(), "\"2h\"");
}

#[test]
fn known_due_moments() {
    assert_eq!(due_text("2019-08-13T22:40", "2h"), "2019-08-14 00:40");
    assert_eq!(due_text("2019-09-16T10:00", "20wd"), "2019-10-17 17:00");
    assert_eq!(due_text("2019-03-15T10:00", "3mo"), "2019-06-15 17:00");
    assert_eq!(due_text("2019-08-12T10:00", "3mo"), "2019-11-12 17:00");
    assert_eq!(due_text("2019-11-12T10:00", "3mo"), "2020-02-12 17:00");
    assert_eq!(due_text("2020-02-12T10:00", "3mo"), "2020-05-12 17:00");
    assert_eq!(due_text("2019-11-30T10:00", "3mo"), "2020-02-29 17:00");
    assert_eq!(due_text("2018-03-01T10:00", "12mo"), "2019-03-01 17:00");
    assert_eq!(due_text("2018-03-01T10:00", "24mo"), "2020-03-01 17:00");
    assert_eq!(due_text("2019-08-05T09:10", "7d"), "2019-08-12 17:00");
    assert_eq!(due_text("2019-08-05T11:30", "4oh"), "2019-08-05 16:30");
    assert_eq!(due_text("2019-08-05T09:10", "0d"), "2019-08-05 17:00");
    assert_eq!(
        due_text("2019-08-05T17:30", "0d"),
        "2019-08-05 23:59",
        "the office is closed: until midnight"
    );
}

#[test]
fn a_rule_chooses_how_its_last_day_ends() {
    let count = |day_end, roll| {
        let counting = Counting { day_end, roll };
        due_with(at("2019-03-15T10:00"), "3mo".parse().unwrap(), counting, &cal()).at
    };
    assert_eq!(count(DayEnd::OfficeClose, Roll::None), at("2019-06-15T17:00"));
    assert_eq!(count(DayEnd::OfficeClose, Roll::NextWorkday), at("2019-06-17T17:00"));
    assert_eq!(count(DayEnd::Midnight, Roll::None), at("2019-06-15T23:59:59"));
}

#[test]
fn dates_in_unpublished_years_are_provisional() {
    let late = |limit: &str| due(at("2026-12-20T10:00"), limit.parse().unwrap(), &cal());
    assert!(late("20wd").provisional && !late("3wd").provisional);
    assert!(!late("20d").provisional, "calendar days need no notice");
    assert!(late("20wd").steps.last().unwrap().zh.contains("暂定"));
    let rolled = Counting { roll: Roll::NextWorkday, ..Counting::default() };
    assert!(due_with(at("2026-12-20T10:00"), "20d".parse().unwrap(), rolled, &cal()).provisional);
}

#[test]
fn limits_start_and_stop_by_events_and_never_reset() {
    let rule = rule("3wd", "");
    let mut clock = Clock::new(&rule);
    assert_eq!((clock.due(), clock.met()), (None, None));
    let start = at("2019-08-05T09:10");
    clock.on(ClockEvent::Assign, start, &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-05T11:10")), "sign comes first");
    assert_eq!(clock.warn_at(&rule, &cal()), Some(at("2019-08-05T10:10")));
    clock.on(ClockEvent::Accept, at("2019-08-05T09:30"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-08T17:00")));
    assert_eq!(clock.warn_at(&rule, &cal()), Some(at("2019-08-07T17:00")));
    let before = clock.clone();
    clock.on(ClockEvent::Assign, at("2019-08-07T09:00"), &rule, &cal());
    clock.on(ClockEvent::Accept, at("2019-08-07T09:05"), &rule, &cal());
    assert_eq!(clock, before);
    clock.on(ClockEvent::Submit, at("2019-08-08T17:00"), &rule, &cal());
    assert_eq!((clock.due(), clock.met()), (None, Some(true)));
    assert_eq!(clock.main_due(), Some(at("2019-08-08T17:00")));
    let text = serde_json::to_string(&clock).unwrap();
    assert_eq!(serde_json::from_str::<Clock>(&text).unwrap(), clock);
    assert_eq!(clock.rule().1, "2019");
    assert_eq!(clock.calendar_version(), "cn-2025-11-04");
}

#[test]
fn a_set_date_is_due_at_office_close() {
    let rule = rule("30d", "");
    let mut clock = Clock::fixed(&rule, day("2019-12-20"));
    assert_eq!(clock.due(), Some(at("2019-12-20T17:00")));
    let later = cal().with_office("09:00-12:00,13:00-18:00".parse().unwrap());
    clock.on(ClockEvent::Assign, at("2019-03-01T10:00"), &rule, &later);
    assert_eq!(clock.main_due(), Some(at("2019-12-20T18:00")));
    assert_eq!(clock.main_original_due(), Some(at("2019-12-20T18:00")));
    clock.on(ClockEvent::Accept, at("2019-03-01T10:00"), &rule, &later);
    clock.pause(at("2019-12-18T09:00"), "等待验收");
    clock.resume(at("2019-12-19T23:00"), &rule, &later);
    assert_eq!(clock.main_due(), Some(at("2019-12-22T18:00")), "two calendar days");
    clock.on(ClockEvent::Submit, at("2019-12-22T19:00"), &rule, &later);
    assert_eq!(clock.met(), Some(false));
}

#[test]
fn rules_are_checked() {
    let faulty = |change: fn(&mut ClockRule)| {
        let mut rule = rule("3wd", "");
        change(&mut rule);
        rule.check().iter().map(Refuse::code).collect::<Vec<_>>()
    };
    assert_eq!(faulty(|r| r.limits[1].main = false), ["clock.no_main"]);
    assert_eq!(faulty(|r| r.limits[0].main = true), ["clock.many_main"]);
    assert_eq!(faulty(|r| r.until = Some(day("2018-01-01"))), ["clock.backwards"]);
    assert_eq!(faulty(|r| r.limits[0].name = slug("reply")), ["clock.twice"]);
    assert_eq!(faulty(|r| r.limits[0].stops = ClockEvent::Assign), ["clock.no_span"]);
    assert_eq!(faulty(|r| r.limits[0].limit = Limit::new(0, Unit::Hours)), ["clock.no_length"]);
    assert_eq!(faulty(|r| r.limits[0].roll = Roll::NextWorkday), ["clock.roll_of_hours"]);
    assert_eq!(faulty(|r| r.limits[0].limit = Limit::new(0, Unit::Minutes)), ["clock.no_length"]);
    let minutes = |r: &mut ClockRule| {
        r.limits[0].limit = Limit::new(10, Unit::Minutes);
        r.limits[0].roll = Roll::NextWorkday;
    };
    assert_eq!(faulty(minutes), ["clock.roll_of_hours"]);
    let mut bad = rule("3wd", "");
    bad.limits[1].main = false;
    assert!(bad.check()[0].reason(Lang::Zh).contains("主时限"));
    assert!(bad.applies_on(day("2019-01-01")) && !bad.applies_on(day("2018-12-31")));
    assert!(toml::from_str::<ClockRule>("code = \"a\"\nextra = 1").is_err());
}

fn story(clock: &Clock, rule: &ClockRule, now: &str) -> Vec<LimitStory> {
    let office = cal().with_office("09:00-12:00,13:00-18:00".parse().unwrap());
    clock.explain(rule, &office, at(now))
}

#[test]
fn a_clock_explains_itself() {
    let rule = rule("3wd", "");
    let office = cal().with_office("09:00-12:00,13:00-18:00".parse().unwrap());
    let mut clock = Clock::new(&rule);
    let waiting = story(&clock, &rule, "2019-08-05T09:00");
    assert_eq!(waiting[0].text.zh, "尚未起算,交办后2小时。");
    assert_eq!(waiting[0].text.en, "Not started: 2 hours once assigned.");
    assert_eq!((waiting[0].state, waiting[0].due), (StoryState::Waiting, None));
    clock.on(ClockEvent::Assign, at("2019-08-05T09:10"), &rule, &office);
    clock.on(ClockEvent::Accept, at("2019-08-05T12:00"), &rule, &office);
    let told = story(&clock, &rule, "2019-08-08T16:55");
    assert_eq!(
        told[0].text.zh,
        "8月5日09:10交办,2小时,连续计算,应于8月5日11:10前完成。8月5日12:00完成,逾期50分钟。"
    );
    assert_eq!(told[0].state, StoryState::Late);
    assert_eq!(told[1].title.zh, "答复");
    assert_eq!(
        told[1].text.zh,
        "8月5日09:10交办,3个工作日,次日起算:8月6日、7日、8日,应于8月8日18:00前完成。距到期还有1小时5分。"
    );
    assert_eq!(
        told[1].text.en,
        "Assigned 5 August 09:10. 3 working days, counted from the next day: 6, 7, 8 August. Due by 8 August 18:00. 1 h 5 min left."
    );
    let late = story(&clock, &rule, "2019-08-10T20:00");
    assert!(late[1].text.zh.ends_with("已逾期2天2小时。"), "{}", late[1].text.zh);
    assert_eq!(late[1].state, StoryState::Overdue);
    clock.on(ClockEvent::Submit, at("2019-08-07T15:20"), &rule, &office);
    clock.freeze(at("2019-08-07T15:20"));
    let done = story(&clock, &rule, "2019-08-10T20:00");
    assert!(done[1].text.zh.ends_with("8月7日15:20完成,按时。"), "{}", done[1].text.zh);
    assert_eq!(done[1].state, StoryState::Met);
}

#[test]
fn steps_name_holidays_and_rest_days() {
    let steps = |start: &str, limit: &str, roll| {
        let counting = Counting { roll, ..Counting::default() };
        let due = due_with(at(start), limit.parse().unwrap(), counting, &cal());
        due.steps.iter().map(|w| w.zh.clone()).collect::<String>()
    };
    assert_eq!(
        steps("2019-09-27T10:00", "3wd", Roll::None),
        "9月27日10:00起,3个工作日,次日起算:9月29日、30日、10月8日,应于10月8日17:00前完成。9月29日国庆节调休上班,计入。10月1日至7日国庆节放假,不计。"
    );
    assert_eq!(
        steps("2019-03-15T10:00", "3mo", Roll::NextWorkday),
        "3月15日10:00起,3个月,期满日为6月15日。6月15日为周六,顺延至6月17日。应于6月17日17:00前完成。"
    );
    assert_eq!(
        steps("2019-03-15T10:00", "3mo", Roll::None),
        "3月15日10:00起,3个月,期满日为6月15日。6月15日为周六,规则不顺延。应于6月15日17:00前完成。"
    );
    assert_eq!(
        steps("2019-12-30T10:00", "7d", Roll::None),
        "12月30日10:00起,7天,次日起算,含休息日,第7天为2020年1月6日,应于2020年1月6日17:00前完成。"
    );
    assert_eq!(
        steps("2019-08-05T11:30", "4oh", Roll::None),
        "8月5日11:30起,4个办公小时,只计办公时间(09:00-12:00、13:00-17:00),应于8月5日16:30前完成。"
    );
    assert_eq!(steps("2019-08-05T09:10", "0d", Roll::None), "8月5日09:10起,当日,应于8月5日17:00前完成。");
    assert!(steps("2019-08-05T09:10", "20wd", Roll::None).contains("第20个工作日为9月2日"));
    let due = due(at("2019-09-27T10:00"), "3wd".parse().unwrap(), &cal());
    assert_eq!(due.steps[2].en, "1 to 7 October not counted: National Day.");
}

#[test]
fn minutes_run_through_the_night() {
    let limit = Limit::parse("limit", "10min").unwrap();
    assert_eq!((limit.to_string(), limit.words().zh), ("10min".to_owned(), "10分钟".to_owned()));
    assert_eq!(Limit::new(1, Unit::Minutes).words().en, "1 minute");
    assert!(Limit::parse("limit", "10m").is_err());
    assert_eq!(due_text("2019-08-13T23:55", "10min"), "2019-08-14 00:05");
    // A pause moves it by exactly the time excluded; yellow comes the stated minutes before.
    let rule = rule("90min", "warn = \"20min\"");
    let mut clock = running(&rule, at("2019-08-13T23:00"));
    assert_eq!(clock.warn_at(&rule, &cal()), Some(at("2019-08-14T00:10")));
    clock.pause(at("2019-08-13T23:30"), "道路封闭");
    clock.resume(at("2019-08-13T23:37"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-14T00:37")));
}
