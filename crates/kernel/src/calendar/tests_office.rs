use super::*;
use crate::time::Instant;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}
fn latest() -> Calendar {
    Calendars::builtin().latest()
}

#[test]
fn office_hours_read_back_as_written() {
    assert_eq!(OfficeHours::default().to_string(), "09:00-12:00,13:00-17:00");
    assert_eq!(OfficeHours::default().minutes(), 420);
    for good in ["09:00-12:00,13:00-18:00", "08:30-17:30"] {
        assert_eq!(good.parse::<OfficeHours>().unwrap().to_string(), good);
    }
    for bad in
        ["", "9-12", "12:00-09:00", "09:00-12:00,11:00-17:00", "09:00-12:00,12:00-17:00", "09:00-24:00"]
    {
        assert!(bad.parse::<OfficeHours>().is_err(), "{bad}");
    }
}

#[test]
fn office_minutes_skip_lunch_nights_and_holidays() {
    let calendar = latest();
    let add = |at: Instant, n| calendar.add_office_minutes(at, n).minute_text();
    let monday = day("2019-08-05");
    assert_eq!(add(monday.at(9, 10), 60), "2019-08-05 10:10");
    assert_eq!(add(monday.at(11, 30), 60), "2019-08-05 13:30");
    assert_eq!(add(monday.at(16, 30), 30), "2019-08-05 17:00");
    assert_eq!(add(monday.at(16, 30), 31), "2019-08-06 09:01");
    assert_eq!(add(monday.at(20, 0), 420), "2019-08-06 17:00");
    assert_eq!(add(day("2019-09-30").at(16, 0), 120), "2019-10-08 10:00");
    assert_eq!(add(day("2019-10-11").at(16, 0), 120), "2019-10-12 10:00");
    assert_eq!(add(monday.at(3, 0), 0), "2019-08-05 03:00");
    assert!(calendar.is_office_time(monday.at(9, 0)) && !calendar.is_office_time(monday.at(17, 0)));
    assert!(!calendar.is_office_time(day("2019-08-04").at(10, 0)));
}

#[test]
fn shifts_change_the_hours_of_their_days() {
    let summer = "09:00-12:00,14:00-18:00".parse::<OfficeHours>().unwrap();
    let calendar = latest().with_shift(day("2019-06-01"), day("2019-08-31"), summer);
    assert_eq!(
        calendar.office(day("2019-08-31")).closes(day("2019-08-31")).minute_text(),
        "2019-08-31 18:00"
    );
    assert_eq!(calendar.office(day("2019-09-02")).to_string(), "09:00-12:00,13:00-17:00");
    let end = calendar.add_office_minutes(day("2019-08-30").at(17, 0), 600);
    assert_eq!(end.minute_text(), "2019-09-03 11:00");
    assert_eq!(calendar.office_minutes_between(day("2019-08-30").at(17, 0), end), 600);
    let other = latest().with_office("08:30-17:30".parse().unwrap());
    assert_eq!(other.office(day("2019-08-05")).opens(day("2019-08-05")).minute_text(), "2019-08-05 08:30");
}

/// Walks minute by minute.
fn naive_add(calendar: &Calendar, at: Instant, minutes: u32) -> Instant {
    let (mut at, mut left) = (at, minutes);
    while left > 0 {
        left -= u32::from(calendar.is_office_time(at));
        at = at.plus_seconds(60);
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn office_time_equals_walking(start in 17_800_i32..18_300, minute in 0_i64..1440, n in 1_u32..2_000, shifted in any::<bool>()) {
        let mut calendar = latest();
        if shifted {
            let hours = "08:00-11:30,14:30-18:00".parse().unwrap();
            calendar = calendar.with_shift(day("2019-05-01"), day("2019-10-10"), hours);
        }
        let at = Day::from_number(start).start().plus_seconds(minute * 60);
        let end = calendar.add_office_minutes(at, n);
        prop_assert_eq!(end, naive_add(&calendar, at, n));
        prop_assert_eq!(calendar.office_minutes_between(at, end), i64::from(n));
        prop_assert_eq!(calendar.office_minutes_between(end, at), -i64::from(n));
        let back = calendar.sub_office_minutes(end, n);
        prop_assert!(back >= at, "the last moment, so never before the start");
        prop_assert_eq!(calendar.office_minutes_between(back, end), i64::from(n));
    }
}
