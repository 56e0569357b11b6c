//! What an effect says, and when it says nothing.

use super::*;

fn effect(before: u64, after: Option<(u64, i64)>) -> Effect {
    let after = after.map(|(cases, days)| Stretch { cases, days });
    Effect { before: Stretch { cases: before, days: 90 }, after, months: Vec::new() }
}

#[test]
fn a_drop_is_told_after_thirty_days_and_per_thirty_days() {
    let text = |e: Effect| e.drop().map(|d| d.text(1));
    assert_eq!(text(effect(90, Some((15, 30)))), Some("50.0".into()), "30 a month to 15");
    assert_eq!(
        text(effect(90, Some((135, 90)))).map(|d| d.replace('\u{2212}', "-")),
        Some("-50.0".into()),
        "it may rise"
    );
    assert_eq!(text(effect(90, Some((0, 29)))), None, "too early");
    assert_eq!(text(effect(90, None)), None, "still open");
    assert_eq!(text(effect(0, Some((3, 60)))), None, "nothing to fall from");
}

#[test]
fn events_have_samples() {
    let kinds: Vec<&str> = (RECORDED.samples)().iter().map(|s| s.kind).collect();
    assert_eq!(kinds, Event::KINDS);
    for sample in (RECORDED.samples)() {
        assert!((RECORDED.reads)(sample.kind, sample.version, &sample.body).is_ok(), "{sample:?}");
    }
}
