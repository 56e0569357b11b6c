//! Clocks against a naive model that walks day by day, and sequences of commands that must keep the promises.

use super::tests::{cal, rule, running, slug};
use super::*;
use crate::calendar::Calendar;
use crate::time::{Day, Instant};
use proptest::prelude::*;

/// Is the day taken out: paused for at least half of its office time, told minute by minute?
fn taken(cal: &Calendar, day: Day, gaps: &[(Instant, Instant)]) -> bool {
    let touched = gaps.iter().any(|(a, b)| a.day() <= day && day <= b.day());
    if !touched || !cal.is_workday(day) {
        return false;
    }
    let minutes = (540..720).chain(780..1020).map(|m| day.start().plus_seconds(m * 60));
    let paused = minutes.filter(|m| gaps.iter().any(|(a, b)| a <= m && m < b)).count();
    paused > 0 && paused * 2 >= 420
}

/// Walks from the start day to the due day.
fn naive_due(cal: &Calendar, start: Instant, n: u32, gaps: &[(Instant, Instant)]) -> Instant {
    let (mut day, mut left) = (start.day(), n);
    loop {
        day = day.plus(1);
        if !cal.is_workday(day) || taken(cal, day, gaps) {
            continue;
        }
        let close = day.at(17, 0);
        left = left.saturating_sub(1);
        // The last day goes on when the clock stood at its end.
        if left == 0 && !gaps.iter().any(|(a, b)| *a <= close && close < *b) {
            return close;
        }
    }
}

/// Pauses as (minutes running, minutes paused) pairs after a start.
fn arb_gaps() -> impl Strategy<Value = Vec<(i64, i64)>> {
    proptest::collection::vec((0_i64..4_000, 1_i64..6_000), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn working_days_with_pauses_equal_walking(start in 17_900_i32..18_250, minute in 0_i64..1440, n in 1_u32..40, gaps in arb_gaps()) {
        let cal = cal();
        let rule = rule(&format!("{n}wd"), "");
        let start = Day::from_number(start).start().plus_seconds(minute * 60);
        let mut clock = running(&rule, start);
        let original = clock.main_due().unwrap();
        let (mut now, mut taken_out) = (start, Vec::new());
        for (run, stop) in gaps {
            let from = now.plus_seconds(run * 60);
            now = from.plus_seconds(stop * 60);
            clock.pause(from, "x");
            clock.resume(now, &rule, &cal);
            taken_out.push((from, now));
        }
        let due = clock.main_due().unwrap();
        prop_assert_eq!(due, naive_due(&cal, start, n, &taken_out));
        prop_assert!(due >= original);
        prop_assert_eq!(clock.main_original_due(), Some(original));
        let tally = clock.tally(&slug("reply"), due.max(now), &cal).unwrap();
        prop_assert_eq!(tally.elapsed + tally.paused, tally.total);
        prop_assert_eq!(tally.total, i64::from(cal.workdays_between(start.day(), due.max(now).day())));
        let walked = (start.day().number() + 1..=due.max(now).day().number()).map(Day::from_number);
        let paused = walked.filter(|d| cal.is_workday(*d) && taken(&cal, *d, &taken_out)).count();
        prop_assert_eq!(tally.paused, i64::try_from(paused).unwrap());
    }

    #[test]
    fn office_hours_with_pauses_equal_walking(start in 17_900_i32..18_250, minute in 0_i64..1440, n in 1_u32..30, gaps in arb_gaps()) {
        let cal = cal();
        let rule = rule(&format!("{n}oh"), "");
        let start = Day::from_number(start).start().plus_seconds(minute * 60);
        let mut clock = running(&rule, start);
        let (mut now, mut taken_out) = (start, Vec::new());
        for (run, stop) in gaps {
            let from = now.plus_seconds(run * 60);
            now = from.plus_seconds(stop * 60);
            clock.pause(from, "x");
            clock.resume(now, &rule, &cal);
            taken_out.push((from, now));
        }
        let (mut at, mut left) = (start, n * 60);
        while left > 0 {
            let counts = cal.is_office_time(at) && !taken_out.iter().any(|(a, b)| *a <= at && at < *b);
            left -= u32::from(counts);
            at = at.plus_seconds(60);
        }
        // When the last minute ends just as a pause begins, the clock stands there until the pause and the closed
        // office are over; no office time lies between, so both moments are the same to the holder.
        let due = clock.main_due().unwrap();
        let between = cal.office_minutes_between(at, due);
        let paused: i64 = taken_out.iter().map(|(a, b)| cal.office_minutes_between((*a).max(at), (*b).min(due).max((*a).max(at)))).sum();
        prop_assert_eq!(between, paused);
        prop_assert!(due >= at);
    }

    /// Whatever happens in whatever order: no panic, never due while paused or frozen, originals kept, judged once.
    #[test]
    fn any_sequence_keeps_the_promises(commands in proptest::collection::vec((0_u8..9, 0_i64..3_000), 1..25)) {
        let cal = cal();
        let rule = rule("5wd", "");
        let mut now = Day::new(2019, 9, 16).unwrap().at(9, 0);
        let mut clock = running(&rule, now);
        let original = clock.main_original_due();
        for (command, minutes) in commands {
            now = now.plus_seconds(minutes * 60);
            let before = clock.clone();
            match command {
                0 => clock.pause(now, "x"),
                1 => clock.resume(now, &rule, &cal),
                2 => clock.on(ClockEvent::Submit, now, &rule, &cal),
                3 => clock.freeze(now),
                4 => clock.unfreeze(now, &rule, &cal),
                5 => clock.on(ClockEvent::Assign, now, &rule, &cal),
                6 => prop_assert!(clock.recompute(&rule, &cal).is_empty() || before.pauses() != clock.pauses() || before.main_due() != clock.main_due()),
                7 => {
                    if clock.extend(now.day().plus(6), now, "x", &rule, &cal).is_err() {
                        prop_assert_eq!(&clock, &before);
                    }
                }
                _ => clock.on(ClockEvent::Close, now, &rule, &cal),
            }
            prop_assert_eq!(clock.main_original_due(), original);
            prop_assert!(clock.main_due() >= before.main_due() || command == 7);
            if clock.is_paused() || clock.frozen_at().is_some() {
                prop_assert_eq!(clock.due(), None);
            }
            let open = clock.frozen_at().is_none() && matches!(clock.limits()[1].state, LimitState::Running(_));
            prop_assert_eq!(clock.met().is_none(), open);
            prop_assert!(clock.extensions().len() <= 1);
            let text = serde_json::to_string(&clock).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Clock>(&text).unwrap(), &clock);
            for told in clock.explain(&rule, &cal, now) {
                prop_assert!(told.text.zh.ends_with('。') && told.text.en.ends_with('.'));
            }
        }
    }
}
