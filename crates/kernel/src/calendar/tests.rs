use super::notice::FILES;
use super::*;
use crate::refusal::Refuse;
use proptest::prelude::*;

const AGREED: &str = include_str!("../../data/calendar/agreed_days.csv");

fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}
fn latest() -> Calendar {
    Calendars::builtin().latest()
}

#[test]
fn builtin_has_every_notice() {
    for (name, text) in FILES {
        let notice = Notice::parse(name, text).unwrap();
        assert!(
            notice.published.year() == notice.year || notice.published.year() + 1 == notice.year,
            "{name}"
        );
    }
    let all = Calendars::builtin();
    assert_eq!(all.notices().len(), FILES.len());
    for year in 2004..=2026 {
        assert!(all.notices().iter().any(|n| n.year == year), "{year}");
    }
    assert_eq!(all.latest().version(), "cn-2025-11-04");
}

#[test]
fn agrees_with_every_day_on_which_the_public_data_agree() {
    let calendar = latest();
    let (mut days, mut doubtful) = (0, 0);
    for line in AGREED.lines().skip(1) {
        let field: Vec<&str> = line.split(',').collect();
        let work = calendar.is_workday(day(field[0]));
        assert_eq!(work, field[1] == "1", "{line}");
        assert_eq!(work, calendar.day_kind(day(field[0])).work, "{line}");
        days += 1;
        doubtful += i32::from(field[3] == "0");
    }
    assert_eq!((days, doubtful), (8401, 20));
}

#[test]
fn known_additions() {
    let calendar = latest();
    for (start, n, end) in [
        ("2019-09-27", 3, "2019-10-08"),
        ("2019-09-30", 5, "2019-10-12"),
        ("2019-02-01", 5, "2019-02-13"),
        ("2019-04-26", 3, "2019-04-30"),
        ("2019-10-11", 2, "2019-10-14"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 3, "2026-09-30"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2019-09-16", 20, "2019-10-17"),
    ] {
        assert_eq!(calendar.add_workdays(day(start), n), day(end), "{start} + {n}");
        assert_eq!(calendar.workdays_between(day(start), day(end)), i32::try_from(n).unwrap());
    }
}

#[test]
fn working_days_of_a_year() {
    let calendar = latest();
    assert_eq!(calendar.workdays_between(day("2018-12-31"), day("2019-12-31")), 250);
    assert_eq!(calendar.workdays_between(day("2025-12-31"), day("2026-12-31")), 248);
    assert_eq!(calendar.workdays_between(day("2019-06-30"), day("2019-12-31")), 128);
    assert_eq!(calendar.workdays_between(day("2019-12-31"), day("2019-06-30")), -128);
}

#[test]
fn the_calendar_of_2019_changed_after_publication() {
    let all = Calendars::builtin();
    let (first, second) = (all.as_known(day("2019-03-21")), all.as_known(day("2019-03-22")));
    assert_eq!(first.version(), "cn-2018-12-06");
    assert_eq!(second.version(), "cn-2019-03-22");
    let start = day("2019-03-20");
    assert_eq!(first.add_workdays(start, 28), day("2019-04-30"));
    assert_eq!(second.add_workdays(start, 28), day("2019-04-29"));
    assert_eq!(first.add_workdays(start, 30), day("2019-05-03"));
    assert_eq!(second.add_workdays(start, 30), day("2019-05-05"));
    assert_eq!(all.by_version("cn-2018-12-06+dehong").unwrap().add_workdays(start, 28), day("2019-04-30"));
    assert!(all.by_version("cn-1999-01-01").is_none());
}

#[test]
fn the_spring_festival_of_2020_was_extended() {
    let all = Calendars::builtin();
    let (before, after) = (all.as_known(day("2020-01-20")), all.as_known(day("2020-02-10")));
    assert!(before.is_workday(day("2020-01-31")) && before.is_workday(day("2020-02-01")));
    assert!(!after.is_workday(day("2020-01-31")) && !after.is_workday(day("2020-02-01")));
    assert_eq!(after.next_workday(day("2020-01-24")), day("2020-02-03"));
}

#[test]
fn days_of_unpublished_years_are_provisional() {
    let calendar = latest();
    assert!(!calendar.is_provisional(day("2026-12-28")));
    assert!(calendar.is_provisional(day("2026-12-31")), "the notice for 2027 may move New Year's Eve");
    assert!(calendar.is_provisional(day("2027-01-01")) && calendar.is_workday(day("2027-01-01")));
    let before = Calendars::builtin().as_known(day("2025-11-03"));
    assert!(before.is_provisional(day("2026-02-15")) && !before.is_workday(day("2026-02-15")));
    let after = Calendars::builtin().as_known(day("2025-11-04"));
    assert!(!after.is_provisional(day("2026-02-15")));
    let none = Calendars::builtin().as_known(day("1999-01-01"));
    assert!(none.is_provisional(day("1999-01-04")) && none.is_workday(day("1999-01-04")));
    assert_eq!(none.version(), "cn-none");
}

#[test]
fn days_say_why() {
    let calendar = latest();
    let words = |text: &str, lang| calendar.day_kind(day(text)).words(lang);
    assert_eq!(words("2019-10-01", Lang::Zh), "国庆节放假");
    assert_eq!(words("2019-10-12", Lang::Zh), "国庆节调休上班");
    assert_eq!(words("2019-10-12", Lang::En), "make-up working day for National Day");
    assert_eq!(words("2019-10-13", Lang::Zh), "周日");
    assert_eq!(words("2019-10-14", Lang::En), "Monday, working day");
    assert_eq!(words("2027-01-01", Lang::Zh), "周五,工作日(放假安排未公布,暂定)");
    let list = calendar.exceptions(day("2019-09-29"), day("2019-10-01"));
    assert_eq!(list.iter().map(|(d, k)| (d.day(), k.work)).collect::<Vec<_>>(), [(29, true), (1, false)]);
    assert!(calendar.exceptions(day("2019-10-01"), day("2019-09-01")).is_empty());
}

#[test]
fn an_area_has_holidays_of_its_own() {
    let local =
        LocalDay { day: day("2019-04-15"), work: false, name: Words::new("泼水节", "Water Festival") };
    let area = latest().with_area("dehong", &[local]);
    assert_eq!(area.version(), "cn-2025-11-04+dehong");
    assert!(latest().is_workday(day("2019-04-15")) && !area.is_workday(day("2019-04-15")));
    assert_eq!(area.add_workdays(day("2019-04-12"), 1), day("2019-04-16"));
    assert_eq!(area.day_kind(day("2019-04-15")).words(Lang::Zh), "泼水节放假(地方规定)");
}

#[test]
fn a_new_notice_extends_the_calendars() {
    let text = "year = 2027\nversion = \"2027-1\"\npublished = \"2026-11-10\"\npublished_known = false\nnotice = \"示例\"\nnumber_known = false\nsource = \"example\"\noff = [{ zh = \"元旦\", en = \"New Year's Day\", from = \"2026-12-31\", to = \"2027-01-01\" }]\nwork = []";
    let all = Calendars::builtin().extended(&[Notice::parse("2027", text).unwrap()]);
    assert_eq!(all.latest().version(), "cn-2026-11-10");
    assert!(!all.latest().is_workday(day("2026-12-31")) && !all.latest().is_provisional(day("2026-12-31")));
    assert!(all.as_known(day("2026-11-09")).is_workday(day("2026-12-31")));
}

#[test]
fn impossible_notices_are_refused() {
    let with = |off: &str, work: &str| {
        let head = "year = 2027\nversion = \"2027-1\"\npublished = \"2026-11-10\"\npublished_known = false\nnotice = \"示例\"\nnumber_known = false\nsource = \"example\"";
        Notice::parse("2027", &format!("{head}\noff = [{off}]\nwork = [{work}]"))
    };
    let off = |a: &str, b: &str| format!("{{ zh = \"元旦\", en = \"x\", from = \"{a}\", to = \"{b}\" }}");
    let work = |a: &str| format!("{{ zh = \"元旦\", en = \"x\", day = \"{a}\" }}");
    assert!(with(&off("2027-01-01", "2027-01-03"), &work("2027-01-09")).is_ok());
    for (o, w) in [
        (off("2027-01-03", "2027-01-01"), String::new()),
        (off("2027-01-01", "2027-05-01"), String::new()),
        (off("2028-01-01", "2028-01-01"), String::new()),
        (String::new(), work("2028-01-01")),
        (String::new(), work("2027-01-04")),
        (off("2027-01-01", "2027-01-03"), work("2027-01-03")),
    ] {
        let fault = with(&o, &w).unwrap_err();
        assert_eq!(fault.code(), "calendar.day", "{o}{w}");
        assert!(fault.reason(Lang::Zh).contains("2027") && !fault.next(Lang::En).is_empty());
    }
    assert_eq!(Notice::parse("x", "year = 1").unwrap_err().code(), "calendar.malformed");
}

/// Counts day by day.
fn naive_add(calendar: &Calendar, start: Day, n: u32, step: i32) -> Day {
    let (mut day, mut left) = (start, n);
    while left > 0 {
        day = day.plus(step);
        left -= u32::from(calendar.day_kind(day).work);
    }
    day
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// From before the first notice to after the last.
    #[test]
    fn counting_equals_walking(start in 12_000_i32..21_500, n in 0_u32..400) {
        let calendar = latest();
        let start = Day::from_number(start);
        let end = calendar.add_workdays(start, n);
        prop_assert_eq!(end, naive_add(&calendar, start, n, 1));
        prop_assert_eq!(calendar.workdays_between(start, end), i32::try_from(n).unwrap());
        prop_assert_eq!(calendar.workdays_between(end, start), -i32::try_from(n).unwrap());
        prop_assert!(n == 0 || calendar.is_workday(end));
        prop_assert!(calendar.add_workdays(start, n + 1) > end);
        let back = calendar.sub_workdays(start, n);
        prop_assert_eq!(back, naive_add(&calendar, start, n, -1));
        prop_assert!(calendar.is_workday(calendar.next_workday(start)));
    }
}

#[test]
fn far_days_do_not_break() {
    let calendar = latest();
    let last = Day::from_number(i32::MAX);
    assert!(calendar.add_workdays(last, 5) <= last);
    assert!(calendar.sub_workdays(Day::from_number(i32::MIN), 5) <= Day::from_number(i32::MIN));
    assert!(calendar.add_workdays(day("2019-01-01"), u32::MAX) <= last);
    let noon = last.at(12, 0);
    assert!(calendar.add_office_minutes(noon, u32::MAX) >= noon);
}
