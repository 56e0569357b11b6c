//! Groups and cause words, without a database.

use super::*;
use kernel::Day;

fn voice(n: u32, text: &str) -> Voice {
    Voice {
        id: n.to_string(),
        at: Day::new(2019, 8, 12).unwrap().at(9, 0),
        person: Some(format!("p{n}")),
        text: text.to_owned(),
        address: "关上中路18号".to_owned(),
        confidential: false,
    }
}

#[test]
fn nobody_is_a_crowd_alone() {
    let mut voices: Vec<Voice> = (0..9).map(|n| voice(n, "烧烤店油烟直排，开窗呛人")).collect();
    assert_eq!(group(&voices, 5, 30).len(), 1);
    for voice in &mut voices {
        voice.person = Some("one".to_owned());
    }
    assert!(group(&voices, 5, 30).is_empty(), "one person nine times");
    for voice in &mut voices {
        voice.person = None;
    }
    assert!(group(&voices, 2, 30).is_empty(), "filings without a contact count once together");
}

#[test]
fn words_come_from_many_and_from_no_confidential_petitioner() {
    let mut voices: Vec<Voice> = ["烧烤店油烟直排", "楼下烧烤店油烟直排", "油烟直排呛人", "关上中路油烟直排"]
        .iter()
        .zip(0..)
        .map(|(text, n)| voice(n, text))
        .collect();
    let all: Vec<&Voice> = voices.iter().collect();
    let found = causes(&all, &["路灯不亮", "垃圾没有清运"], "关上街道");
    assert_eq!(found.first().map(|c| (c.word.as_str(), c.people)), Some(("油烟直排", 4)), "{found:?}");
    assert!(found.iter().all(|c| !c.word.contains("关上")), "{found:?}");
    voices[0].confidential = true;
    voices[1].confidential = true;
    let all: Vec<&Voice> = voices.iter().collect();
    assert!(causes(&all, &[], "关上街道").is_empty(), "two are too few to hide in");
}

#[test]
fn growth_is_told_only_against_something() {
    let issue = |week, usual| Issue {
        place: UnitCode::parse("u", "530111001001").unwrap(),
        category: "020103".to_owned(),
        cases: 9,
        people: 6,
        alike: true,
        first: Instant::from_micros(0),
        last: Instant::from_micros(0),
        week,
        usual,
        causes: Vec::new(),
    };
    assert_eq!(issue(9, Decimal::whole(3)).growth(), Some(Decimal::whole(3)));
    assert_eq!(issue(9, Decimal::ZERO).growth(), None);
}
