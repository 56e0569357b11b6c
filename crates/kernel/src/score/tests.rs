//! Known answers of D§4.27 and D§B.2, and what must hold of any counts.

use super::*;
use crate::playbook::{Playbook, load};
use proptest::prelude::*;
use std::sync::LazyLock;

static BOOK: LazyLock<Playbook> = LazyLock::new(|| {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/guandu-2019");
    let mut files = Vec::new();
    for folder in [root.to_owned(), format!("{root}/data")] {
        for path in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    load(&files).unwrap()
});

fn rules() -> &'static CaseRules {
    BOOK.case_rules().unwrap()
}
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap()
}
fn slug(code: &str) -> Slug {
    code.parse().unwrap()
}
fn dec(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// 200 valid, 198 contacted in time, 170 solved, 160 satisfied.
fn example() -> Counts {
    let grades = BTreeMap::from([(Grade::Satisfied, 160), (Grade::Dissatisfied, 40)]);
    Counts { base: 200, in_time: 198, valid: 200, solved: 170, partly: 0, grades }
}

#[test]
fn the_three_rates_of_the_sources() {
    let rates = rates(&example(), rules());
    let text = |rate: Option<Rate>| rate.unwrap().percent.text(1);
    assert_eq!(
        (text(rates.response), text(rates.solved), text(rates.satisfied)),
        ("99.0".into(), "85.0".into(), "80.0".into())
    );
    assert_eq!(rates.composite.unwrap().value, dec("87.45"));
    let whole = |n| Decimal::whole(n);
    assert_eq!(composite(whole(99), whole(85), whole(80), &rules().weights), dec("87.45"));
}

#[test]
fn intervals_of_the_sources() {
    let text = |(low, high): (Decimal, Decimal)| (low.text(1), high.text(1));
    assert_eq!(text(wilson(3, 3, Z95)), ("43.8".into(), "100.0".into()));
    assert_eq!(text(wilson(950, 1000, Z95)), ("93.5".into(), "96.2".into()));
    assert_eq!(text(wilson(0, 3, Z95)), ("0.0".into(), "56.2".into()));
    assert_eq!(text(wilson(0, 0, Z95)), ("0.0".into(), "100.0".into()));
    // 170 of 200 by the textbook: 79.4 to 89.3.
    assert_eq!(text(wilson(170, 200, Z95)), ("79.4".into(), "89.3".into()));
    // No count is too large: the interval closes on the rate.
    assert_eq!(text(wilson(u64::MAX / 2, u64::MAX, Z95)), ("50.0".into(), "50.0".into()));
    assert_eq!(text(wilson(9, 3, Z95)), text(wilson(3, 3, Z95)));
    // Against plain floating point for every small count.
    for n in 1..=60_u32 {
        for s in 0..=n {
            let (p, m, z) = (f64::from(s) / f64::from(n), f64::from(n), 1.96_f64);
            let centre = (p + z * z / (2.0 * m)) / (1.0 + z * z / m);
            let half = z / (1.0 + z * z / m) * (p * (1.0 - p) / m + z * z / (4.0 * m * m)).sqrt();
            let (low, high) = wilson(u64::from(s), u64::from(n), Z95);
            let near = |d: Decimal, f: f64| {
                (f64::from(i32::try_from(d.raw()).unwrap()) / 10_000.0 - f * 100.0).abs() < 0.0002
            };
            assert!(near(low, centre - half) && near(high, centre + half), "{s}/{n}: {low} {high}");
        }
    }
}

#[test]
fn three_of_three_does_not_outrank_nine_hundred_and_fifty_of_a_thousand() {
    let score = |s, n| {
        let (low, high) = wilson(s, n, Z95);
        Composite { value: Decimal::percent(signed(s), signed(n)).unwrap(), low, high }
    };
    let list = ranks(vec![("tiny", score(3, 3)), ("large", score(950, 1000)), ("poor", score(600, 1000))]);
    let told: Vec<(&str, usize, usize)> = list.iter().map(|r| (r.key, r.rank.best, r.rank.worst)).collect();
    // The tiny street may be anywhere; the large one is surely better than the poor one.
    assert_eq!(told, [("large", 1, 2), ("poor", 2, 3), ("tiny", 1, 3)]);
    assert!(list.iter().all(|r| r.rank.is_tied()));
}

#[test]
fn a_rate_without_cases_is_absent_and_not_zero() {
    let none = rates(&Counts::default(), rules());
    assert_eq!((none.response, none.solved, none.satisfied, none.composite), (None, None, None, None));
    // Contacted but never reached at call-back: a response rate and nothing else.
    let unreached = rates(&Counts::one(true, None), rules());
    assert_eq!(unreached.response.unwrap().percent, Decimal::whole(100));
    assert_eq!((unreached.solved, unreached.composite), (None, None));
}

#[test]
fn partly_solved_and_fairly_satisfied_count_in_part() {
    let mut counts = Counts::one(true, Some((Solved::Partly, Grade::Basic)));
    counts += &Counts::one(false, Some((Solved::Yes, Grade::VerySatisfied)));
    let rates = rates(&counts, rules());
    assert_eq!(rates.response.unwrap().percent, dec("50"));
    assert_eq!(rates.solved.unwrap().percent, dec("75"));
    assert_eq!(rates.satisfied.unwrap().percent, dec("90"));
    assert_eq!(rates.satisfied.unwrap().points, dec("1.8"));
}

#[test]
fn exclusions_are_shown_with_and_without() {
    let mut tally = Tally { counted: example(), excluded: Counts::default() };
    for _ in 0..50 {
        tally.excluded += &Counts::one(true, Some((Solved::No, Grade::VeryDissatisfied)));
    }
    assert_eq!(tally.rates(rules()).solved.unwrap().percent, dec("85"));
    assert_eq!(tally.rates_of_all(rules()).solved.unwrap().percent, dec("68"));
    assert_eq!(tally.rates_of_all(rules()).solved.unwrap().of, 250);
}

#[test]
fn what_is_out_of_the_base_changes_neither_rate() {
    // Fifty easy questions (D§15(8)): contacted, without a solved or satisfied of their own.
    let mut counts = example();
    for _ in 0..50 {
        counts += &Counts::one(true, None);
    }
    let (before, after) = (rates(&example(), rules()), rates(&counts, rules()));
    assert_eq!((before.solved, before.satisfied), (after.solved, after.satisfied));
    assert_eq!(after.response.unwrap().of, 250);
}

#[test]
fn whistles_are_scored_in_both_directions() {
    let rules = BOOK.whistle_rules().unwrap();
    let one = Decimal::whole(1);
    let marks = |items: &[ScoreItem]| -> BTreeMap<Slug, Decimal> {
        items.iter().map(|i| (i.code.clone(), one)).collect()
    };
    assert_eq!(sheet(&rules.department, &marks(&rules.department)), Decimal::whole(100));
    assert_eq!(sheet(&rules.street, &marks(&rules.street)), Decimal::whole(100));
    // Late to acknowledge, half of the task, the rest well: 0 + 20 + 10 + 20 + 10.
    let mut given = marks(&rules.department);
    given.insert(slug("ack"), Decimal::ZERO);
    given.insert(slug("done"), dec("0.5"));
    assert_eq!(sheet(&rules.department, &given), Decimal::whole(60));
    // Not within the department's duty: the street loses 40. What nobody judged gives nothing, what is no item neither.
    let mut given = marks(&rules.street);
    given.remove(&slug("duty"));
    given.insert(slug("bonus"), one);
    assert_eq!(sheet(&rules.street, &given), Decimal::whole(60));
    given.insert(slug("tried"), dec("7"));
    assert_eq!(sheet(&rules.street, &given), Decimal::whole(60));
}

fn arb_counts() -> impl Strategy<Value = Counts> {
    let grades = proptest::collection::vec(0..400_u64, 5);
    (0..50_u64, 0..=100_u64, 0..=100_u64, 0..=100_u64, grades).prop_map(
        |(more, timely, solved, partly, grades)| {
            let grades: BTreeMap<Grade, u64> = Grade::ALL.iter().copied().zip(grades).collect();
            let valid: u64 = grades.values().sum();
            let base = valid + more;
            let solved = valid * solved / 100;
            let partly = (valid - solved) * partly / 100;
            Counts { base, in_time: base * timely / 100, valid, solved, partly, grades }
        },
    )
}

proptest! {
    #[test]
    fn an_interval_holds_its_rate_and_lies_within_bounds(n in 1..2_000_000_u64, part in 0..=1000_u64) {
        let s = n * part / 1000;
        let (low, high) = wilson(s, n, Z95);
        let rate = Rate::new(Decimal::whole(signed(s)), n).unwrap();
        prop_assert!(Decimal::ZERO <= low && high <= Decimal::whole(100));
        prop_assert!(low <= rate.percent && rate.percent <= high, "{low} {} {high}", rate.percent);
        prop_assert_eq!((rate.low, rate.high), (low, high));
    }

    #[test]
    fn an_interval_rises_with_its_successes_and_narrows_with_its_number(n in 1..5_000_u64, part in 0..1000_u64) {
        let s = (n * part / 1000).min(n - 1);
        let (low, high) = wilson(s, n, Z95);
        let (more_low, more_high) = wilson(s + 1, n, Z95);
        prop_assert!(low <= more_low && high <= more_high);
        let (ten_low, ten_high) = wilson(s * 10, n * 10, Z95);
        prop_assert!(ten_high - ten_low <= high - low);
    }

    #[test]
    fn rates_lie_within_bounds_and_rise_with_each_answer(counts in arb_counts()) {
        let rates = rates(&counts, rules());
        for rate in [rates.response, rates.solved, rates.satisfied].into_iter().flatten() {
            prop_assert!(rate.low <= rate.percent && rate.percent <= rate.high);
            prop_assert!(rate.percent <= Decimal::whole(100));
        }
        if let Some(composite) = rates.composite {
            prop_assert!(composite.low <= composite.value && composite.value <= composite.high);
            let better = Counts { in_time: (counts.in_time + 1).min(counts.base), ..counts.clone() };
            prop_assert!(super::rates(&better, rules()).composite.unwrap().value >= composite.value);
            if counts.solved + counts.partly < counts.valid {
                let better = Counts { solved: counts.solved + 1, ..counts.clone() };
                prop_assert!(super::rates(&better, rules()).composite.unwrap().value >= composite.value);
            }
        }
    }

    #[test]
    fn counts_add_up_in_any_order(a in arb_counts(), b in arb_counts(), c in arb_counts()) {
        prop_assert_eq!(&(&a + &b) + &c, &a + &(&c + &b));
        prop_assert_eq!(&a + &Counts::default(), a);
    }

    #[test]
    fn ranks_do_not_depend_on_the_order_of_the_list(
        marks in proptest::collection::vec((0..=100_u64, 1..500_u64), 1..20),
        turn in 0..20_usize,
    ) {
        let score = |(part, n): (u64, u64)| {
            let (low, high) = wilson(n * part / 100, n, Z95);
            Composite { value: Decimal::percent(signed(n * part / 100), signed(n)).unwrap(), low, high }
        };
        let scores: Vec<(usize, Composite)> = marks.iter().map(|m| score(*m)).enumerate().collect();
        let list = ranks(scores.clone());
        let mut turned = scores.clone();
        turned.rotate_left(turn % scores.len());
        turned.reverse();
        prop_assert_eq!(&list, &ranks(turned));
        for a in &list {
            prop_assert!(1 <= a.rank.best && a.rank.best <= a.rank.worst && a.rank.worst <= list.len());
            // Surely better means a better best place, surely worse a worse worst place, counted one by one.
            let better = list.iter().filter(|b| b.score.low > a.score.high).count();
            let worse = list.iter().filter(|b| b.score.high < a.score.low).count();
            prop_assert_eq!((a.rank.best, a.rank.worst), (1 + better, list.len() - worse));
        }
    }
}
