//! Pauses, extensions, freezing and changed calendars.

use super::tests::{at, cal, day, rule, running, slug};
use super::*;
use crate::calendar::Calendars;
use crate::refusal::Refuse;
use crate::text::Lang;

#[test]
fn expert_review_is_excluded_from_a_permit() {
    let rule = rule("20wd", "");
    // However the five days are booked: from morning to evening, or from mid-morning to afternoon.
    for (from, to) in [
        ("2019-09-23T09:00", "2019-09-27T17:00"),
        ("2019-09-23T10:00", "2019-09-27T16:00"),
        ("2019-09-23T00:00", "2019-09-28T00:00"),
        ("2019-09-20T18:00", "2019-09-27T23:00"),
    ] {
        let mut clock = running(&rule, at("2019-09-16T10:00"));
        assert_eq!(clock.main_due(), Some(at("2019-10-17T17:00")));
        clock.pause(at(from), "专家评审");
        assert!(clock.is_paused());
        assert_eq!((clock.due(), clock.warn_at(&rule, &cal())), (None, None));
        clock.resume(at(to), &rule, &cal());
        assert_eq!(clock.due(), Some(at("2019-10-24T17:00")), "{from} {to}");
        assert_eq!(clock.main_original_due(), Some(at("2019-10-17T17:00")));
        let tally = clock.tally(&slug("reply"), at("2019-10-24T17:00"), &cal()).unwrap();
        assert_eq!((tally.elapsed, tally.paused, tally.total), (20, 5, 25));
    }
}

#[test]
fn hours_are_paused_exactly() {
    let hours = rule("24h", "");
    let mut clock = running(&hours, at("2019-08-05T09:00"));
    clock.pause(at("2019-08-05T12:00"), "等待补正");
    clock.resume(at("2019-08-05T15:30"), &hours, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-06T12:30")));
    let office = rule("7oh", "");
    let mut clock = running(&office, at("2019-08-05T09:00"));
    clock.pause(at("2019-08-05T11:00"), "等待补正");
    clock.resume(at("2019-08-05T14:00"), &office, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-06T11:00")), "one hour before and one after lunch");
}

#[test]
fn short_pauses_do_not_buy_days() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:00"));
    for day in ["2019-08-06", "2019-08-07"] {
        clock.pause(at(&format!("{day}T10:00")), "等待补正");
        clock.resume(at(&format!("{day}T11:00")), &rule, &cal());
    }
    assert_eq!(clock.due(), Some(at("2019-08-08T17:00")));
}

#[test]
fn nothing_falls_due_while_the_clock_stands() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:00"));
    clock.pause(at("2019-08-08T16:00"), "听证");
    clock.resume(at("2019-08-13T10:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-13T17:00")), "the interrupted last day is finished on resuming");
    let mut clock = running(&rule, at("2019-08-05T09:00"));
    clock.pause(at("2019-08-08T18:00"), "听证");
    clock.resume(at("2019-08-13T10:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-08T17:00")), "a pause after the due moment changes nothing");
}

#[test]
fn a_pause_is_open_once() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:00"));
    clock.pause(at("2019-08-06T09:00"), "听证");
    clock.pause(at("2019-08-06T10:00"), "评审");
    assert_eq!(clock.pauses().len(), 1);
    let told = clock.explain(&rule, &cal(), at("2019-08-06T11:00"));
    assert_eq!(told[1].state, StoryState::Paused);
    assert!(told[1].text.zh.ends_with("自8月6日09:00起暂停计时(听证),恢复后重新计算。"));
    clock.resume(at("2019-08-06T17:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-09T17:00")));
    let told = clock.explain(&rule, &cal(), at("2019-08-07T11:00"));
    assert_eq!(
        told[1].text.zh,
        "8月5日09:00交办,3个工作日,次日起算:8月7日、8日、9日,应于8月9日17:00前完成。8月6日09:00至8月6日17:00暂停计时(听证)。距到期还有2天6小时。"
    );
}

#[test]
fn an_extension_keeps_the_original() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:10"));
    let now = at("2019-08-07T10:00");
    let no =
        |clock: &Clock, to: &str, now| clock.clone().extend(day(to), now, "x", &rule, &cal()).unwrap_err();
    assert_eq!(no(&clock, "2019-08-08", now).code(), "clock.extension_not_later");
    let long = no(&clock, "2019-08-16", now);
    assert_eq!(long, ClockRefusal::Length { to: day("2019-08-16"), latest: day("2019-08-15") });
    assert_eq!(long.value().as_deref(), Some("2019-08-16"));
    assert_eq!(long.next(Lang::Zh), "请选择2019-08-15或更早的日期");
    assert_eq!(no(&clock, "2019-08-15", at("2019-08-08T17:01")).code(), "clock.late");
    clock.extend(day("2019-08-15"), now, "等待材料", &rule, &cal()).unwrap();
    assert_eq!(clock.due(), Some(at("2019-08-15T17:00")));
    assert_eq!(clock.main_original_due(), Some(at("2019-08-08T17:00")));
    assert_eq!(no(&clock, "2019-08-16", now), ClockRefusal::Count { max: 1 });
    let told = clock.explain(&rule, &cal(), at("2019-08-15T16:00"));
    assert_eq!(
        told[1].text.zh,
        "8月5日09:10交办,3个工作日,原应于8月8日17:00前完成。8月7日10:00批准延期,由8月8日17:00延至8月15日。理由:等待材料。现应于8月15日17:00前完成。距到期还有1小时。"
    );
    clock.pause(at("2019-08-12T09:00"), "听证");
    assert_eq!(no(&clock, "2019-08-16", now), ClockRefusal::Paused);
    clock.resume(at("2019-08-13T17:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-19T17:00")), "two working days after the extended day");
    clock.freeze(at("2019-08-14T10:00"));
    assert_eq!(no(&clock, "2019-08-20", now), ClockRefusal::Frozen);
    assert_eq!(no(&Clock::new(&rule), "2019-08-20", now), ClockRefusal::NotRunning);
}

#[test]
fn a_slow_verifier_makes_nobody_late() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:10"));
    let submit = at("2019-08-08T16:30");
    clock.on(ClockEvent::Submit, submit, &rule, &cal());
    clock.freeze(submit);
    assert_eq!((clock.due(), clock.met()), (None, Some(true)));
    clock.on(ClockEvent::Close, at("2019-09-30T10:00"), &rule, &cal());
    assert_eq!(clock.met(), Some(true));
    // Rejected instead, weeks later: the interrupted last day is finished on the day of the rejection.
    clock.unfreeze(at("2019-08-26T09:30"), &rule, &cal());
    assert_eq!((clock.due(), clock.met()), (Some(at("2019-08-26T17:00")), None));
    let told = clock.explain(&rule, &cal(), at("2019-08-26T10:00"));
    assert!(told[1].text.zh.contains("8月8日16:30至8月26日09:30核实期间不计时。"), "{}", told[1].text.zh);
    clock.on(ClockEvent::Submit, at("2019-08-26T18:00"), &rule, &cal());
    clock.freeze(at("2019-08-26T18:00"));
    assert_eq!(clock.met(), Some(false));
}

#[test]
fn freezing_works_in_either_order_and_out_of_a_pause() {
    let rule = rule("3wd", "");
    let mut clock = running(&rule, at("2019-08-05T09:10"));
    clock.freeze(at("2019-08-09T10:00"));
    clock.on(ClockEvent::Submit, at("2019-08-09T10:00"), &rule, &cal());
    assert_eq!(clock.met(), Some(false));
    assert_eq!(clock.explain(&rule, &cal(), at("2019-08-12T10:00"))[1].state, StoryState::Late);
    clock.unfreeze(at("2019-08-12T10:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-08T17:00")), "late stays late");
    let mut clock = running(&rule, at("2019-08-05T09:10"));
    clock.pause(at("2019-08-07T09:00"), "听证");
    clock.freeze(at("2019-08-20T10:00"));
    assert!(!clock.is_paused());
    assert_eq!(clock.met(), Some(true), "the pause began in time and lasted until the submission");
    clock.unfreeze(at("2019-08-21T09:00"), &rule, &cal());
    assert_eq!(clock.due(), Some(at("2019-08-22T17:00")));
}

#[test]
fn a_changed_calendar_moves_open_limits_and_says_why() {
    let all = Calendars::builtin();
    let (first, second) = (all.as_known(day("2019-03-20")), all.as_known(day("2019-03-22")));
    let rule = rule("28wd", "");
    let mut clock = Clock::new(&rule);
    clock.on(ClockEvent::Assign, at("2019-03-20T10:00"), &rule, &first);
    clock.on(ClockEvent::Accept, at("2019-03-20T10:30"), &rule, &first);
    assert_eq!(clock.due(), Some(at("2019-04-30T17:00")));
    let done = {
        let mut done = clock.clone();
        done.freeze(at("2019-03-21T10:00"));
        done
    };
    assert!(done.clone().recompute(&rule, &second).is_empty(), "what was judged stays judged");
    let changes = clock.recompute(&rule, &second);
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].old, changes[0].new), (at("2019-04-30T17:00"), at("2019-04-29T17:00")));
    assert_eq!(
        changes[0].why.zh,
        "答复:放假安排由cn-2018-12-06更新为cn-2019-03-22:4月28日改为上班。应完成时间由4月30日17:00改为4月29日17:00。"
    );
    assert_eq!(clock.main_original_due(), Some(at("2019-04-30T17:00")));
    assert_eq!(clock.calendar_version(), "cn-2019-03-22");
    assert!(clock.recompute(&rule, &second).is_empty());
    let later = second.with_office("09:00-12:00,13:00-18:00".parse().unwrap());
    let changes = clock.recompute(&rule, &later);
    assert!(changes[0].why.en.contains("office hours"), "{}", changes[0].why.en);
}

#[test]
fn thirty_days_fall_later_under_the_second_notice() {
    let all = Calendars::builtin();
    let due = |known: &str| {
        due(at("2019-03-20T10:00"), "30wd".parse().unwrap(), &all.as_known(day(known))).at.day()
    };
    assert_eq!((due("2019-03-20"), due("2019-03-22")), (day("2019-05-03"), day("2019-05-05")));
}

#[test]
fn provisional_dates_become_firm() {
    let rule = rule("20wd", "");
    let all = Calendars::builtin();
    let mut clock = Clock::new(&rule);
    let early = all.as_known(day("2025-10-20"));
    clock.on(ClockEvent::Assign, at("2025-12-15T10:00"), &rule, &early);
    assert!(clock.provisional());
    assert!(clock.explain(&rule, &early, at("2025-12-15T11:00"))[1].text.zh.contains("暂定"));
    clock.recompute(&rule, &all.latest());
    assert!(!clock.provisional());
}
