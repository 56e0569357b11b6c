use super::*;
use crate::refusal::Refuse;
use crate::time::Day;

fn policy(quantity: &str, bands: &str, rest: &str) -> LightPolicy {
    let text = format!(
        "code = \"p\"\ntitle = {{ zh = \"进度灯\", en = \"Progress\" }}\nquantity = \"{quantity}\"\nsource = \"D§6.3\"\nbands = [{bands}]\n{rest}"
    );
    toml::from_str(&text).unwrap()
}

const YINCHUAN: &str = r#"{ light = "green", range = "(,0]" }, { light = "yellow", range = "[10,30]" }, { light = "red", range = "(30,)" }"#;
const REPAIRED: &str = r#"{ light = "green", range = "(,0]" }, { light = "yellow", range = "(0,30]" }, { light = "red", range = "(30,)" }"#;
const SANYA: &str = r#"{ light = "green", range = "(,0]" }, { light = "yellow", range = "(0,50]" }, { light = "red", range = "(50,)" }"#;
const START: &str = r#"{ light = "green", range = "(,0]" }, { light = "yellow", range = "(0,)" }"#;

fn codes(policy: &LightPolicy) -> Vec<&'static str> {
    policy.check().iter().map(Refuse::code).collect()
}

#[test]
fn the_published_yinchuan_rule_has_a_hole() {
    let published = policy("lag_points", YINCHUAN, "");
    assert_eq!(codes(&published), ["light.hole"]);
    assert_eq!(published.check()[0].value().as_deref(), Some("(,0] [10,30]"));
    let six = lag_points(Decimal::whole(50), Decimal::whole(44));
    let verdict = published.judge(Some(six), &[], false);
    assert_eq!(verdict.light, Light::Grey);
    assert_eq!(verdict.rule.zh, "进度灯:落后计划6个百分点,规则未规定。");
}

#[test]
fn the_repaired_yinchuan_rule_gives_the_known_lights() {
    let repaired = policy("lag_points", REPAIRED, "");
    assert!(repaired.check().is_empty());
    let light = |actual: i64| {
        repaired.judge(Some(lag_points(Decimal::whole(50), Decimal::whole(actual))), &[], false).light
    };
    assert_eq!(light(50), Light::Green);
    assert_eq!(light(44), Light::Yellow);
    assert_eq!(light(36), Light::Yellow);
    assert_eq!(light(20), Light::Yellow, "30 points inclusive");
    assert_eq!(light(19), Light::Red);
    let verdict = repaired.judge(Some(Decimal::whole(14)), &[], false);
    assert_eq!(verdict.rule.zh, "进度灯:落后计划14个百分点,0至30个百分点(不含0,含30)为黄灯。");
    assert_eq!(verdict.rule.en, "Progress: behind plan by 14 points; over 0 up to 30 points is yellow.");
}

#[test]
fn sanya_counts_relative_per_cent() {
    let sanya = policy("shortfall_percent", SANYA, "");
    assert!(sanya.check().is_empty());
    let light = |actual| sanya.judge(shortfall_percent(200, actual), &[], false).light;
    assert_eq!(light(200), Light::Green);
    assert_eq!(light(120), Light::Yellow);
    assert_eq!(light(100), Light::Yellow, "50 % is not more than 50 %");
    assert_eq!(light(90), Light::Red);
    assert_eq!(shortfall_percent(0, 5), None);
}

#[test]
fn three_months_running_turn_red_and_a_gap_in_reporting_does_not_help() {
    let rest = "memory = [{ seen = [\"yellow\"], periods = 3, light = \"red\", consequence = { zh = \"约谈\" } }]\nexcuse = { from = [\"yellow\", \"red\"], to = \"green\" }";
    let start = policy("months_late", START, rest);
    assert!(start.check().is_empty(), "{:?}", start.check());
    let late = Some(Decimal::whole(1));
    use Light::*;
    let judge = |history: &[Light], excused| start.judge(late, history, excused);
    assert_eq!(judge(&[], false).light, Yellow);
    assert_eq!(judge(&[Yellow], false).light, Yellow);
    assert_eq!(judge(&[Yellow, Yellow], false).light, Red);
    assert_eq!(judge(&[Yellow, Grey, Yellow], false).light, Red);
    assert_eq!(judge(&[Yellow, Yellow, Green], false).light, Yellow);
    assert_eq!(judge(&[Yellow, Green, Yellow], false).light, Yellow);
    assert_eq!(judge(&[Yellow, Yellow, Red], false).light, Red, "a red of the same rule goes on");
    let red = judge(&[Yellow, Yellow], false);
    assert!(red.rule.zh.ends_with(";连续3期,为红灯。"), "{}", red.rule.zh);
    assert_eq!(red.consequence.unwrap().zh, "约谈");
    let excused = judge(&[Yellow, Yellow], true);
    assert_eq!(excused.light, Green);
    assert_eq!(excused.consequence, None);
    assert!(excused.rule.zh.contains("正当理由已批准"));
}

#[test]
fn no_data_is_grey() {
    let verdict = policy("lag_points", REPAIRED, "").judge(None, &[Light::Green], true);
    assert_eq!(verdict.light, Light::Grey);
}

#[test]
fn faults_are_named() {
    let bands = |b: &str| codes(&policy("count", b, ""));
    assert_eq!(bands(""), ["light.empty"]);
    assert_eq!(bands(r#"{ light = "green", range = "[0,1)" }"#), ["light.low_end", "light.high_end"]);
    assert_eq!(
        bands(r#"{ light = "green", range = "(,1]" }, { light = "red", range = "[1,)" }"#),
        ["light.overlap"]
    );
    assert_eq!(
        bands(r#"{ light = "green", range = "(,1)" }, { light = "red", range = "(1,)" }"#),
        ["light.hole"]
    );
    assert_eq!(
        bands(r#"{ light = "green", range = "(,)" }, { light = "red", range = "(1,)" }"#),
        ["light.overlap"]
    );
    assert_eq!(bands(r#"{ light = "grey", range = "(,)" }"#), ["light.not_a_colour"]);
    let rest = "memory = [{ seen = [\"red\"], periods = 1, light = \"yellow\" }]\nexcuse = { from = [\"green\"], to = \"red\" }";
    assert_eq!(
        codes(&policy("count", START, rest)),
        ["light.short_memory", "light.soft_memory", "light.harsh_excuse"]
    );
    for fault in policy("count", START, rest).check() {
        assert!(!fault.reason(Lang::Zh).is_empty() && !fault.next(Lang::En).is_empty());
    }
}

#[test]
fn ranges_read_back_as_written() {
    for text in ["(,0]", "(0,30]", "[10.5,30)", "(-3,)", "(,)", "[1,1]"] {
        assert_eq!(text.parse::<Range>().unwrap().to_string(), text);
    }
    for bad in ["", "0,1", "[,0]", "(0,]", "(1,0)", "(1,1]", "(a,b)", "(1)", "[0.00001,1]"] {
        assert!(bad.parse::<Range>().is_err(), "{bad}");
    }
}

proptest::proptest! {
    /// A policy that passes its check gives every value exactly one band.
    #[test]
    fn checked_policies_are_total(cuts in proptest::collection::btree_set(-500_i64..500, 0..5), closed in 0_u8..32, value in -600_i64..600) {
        let mut bands = Vec::new();
        let mut low = "(".to_owned();
        for (i, cut) in cuts.iter().enumerate() {
            let left = closed >> i & 1 == 1;
            bands.push(format!("{{ light = \"green\", range = \"{low},{cut}{}\" }}", if left { ']' } else { ')' }));
            low = format!("{}{cut}", if left { '(' } else { '[' });
        }
        bands.push(format!("{{ light = \"red\", range = \"{low},)\" }}"));
        let policy = policy("count", &bands.join(","), "");
        proptest::prop_assert!(policy.check().is_empty());
        let value = Decimal::whole(value);
        proptest::prop_assert_eq!(policy.bands.iter().filter(|b| b.range.holds(value)).count(), 1);
    }
}

#[test]
fn deadlines_have_lights() {
    let day = Day::new(2019, 8, 8).unwrap();
    let (due, warn) = (Some(day.at(17, 0)), Some(day.at(9, 0)));
    let light = |now, paused, done| deadline_light(now, due, warn, paused, done);
    assert_eq!(light(day.at(8, 59), false, false), Light::Green);
    assert_eq!(light(day.at(9, 0), false, false), Light::Yellow);
    assert_eq!(light(day.at(17, 0), false, false), Light::Yellow, "the due moment itself is in time");
    assert_eq!(light(day.at(17, 1), false, false), Light::Red);
    assert_eq!(light(day.at(17, 1), true, false), Light::Paused);
    assert_eq!(light(day.at(17, 1), true, true), Light::Done);
    assert_eq!(deadline_light(day.at(9, 0), None, None, false, false), Light::Grey);
}

#[test]
fn a_sentence_rounds_for_reading_and_never_contradicts_its_band() {
    let repaired = policy("lag_points", REPAIRED, "");
    let says = |raw: i64| {
        let verdict = repaired.judge(Some(Decimal::from_raw(raw)), &[], false);
        (verdict.rule.en, verdict.exact, verdict.light)
    };
    let (en, exact, light) = says(142_357);
    assert_eq!(en, "Progress: behind plan by 14.2 points; over 0 up to 30 points is yellow.");
    assert_eq!((exact, light), (Some(Decimal::from_raw(142_357)), Light::Yellow));
    // 30.04 is red; "30 points, over 30 is red" would be nonsense.
    assert_eq!(says(300_400).0, "Progress: behind plan by 30.04 points; over 30 points is red.");
    assert_eq!(says(300_001).0, "Progress: behind plan by 30.0001 points; over 30 points is red.");
    assert_eq!(says(-1_250).0, "Progress: behind plan by -0.1 points; 0 points or less is green.");
    assert_eq!(says(140_000).0, "Progress: behind plan by 14 points; over 0 up to 30 points is yellow.");
}
