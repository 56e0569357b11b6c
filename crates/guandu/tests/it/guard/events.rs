//! The forms of events: a recorded one must be readable for as long as the ledger is kept.
//!
//! `snapshots/…events.snap` holds a line for each sample: kind, version, body. A line that changes or goes means that a form
//! was changed under its old version: give it a new one, and let the area keep a sample of the old form
//! (`Sample::old`, or a line of its `event_samples.txt`) and a reader for it. New lines are what a new event looks like.

use super::demo;
use super::source::root;
use kernel::sample::{Recorded, Sample};
use std::collections::{BTreeMap, BTreeSet};

fn line(sample: &Sample) -> String {
    format!("{} {} {}", sample.kind, sample.version, sample.body)
}

fn areas() -> Vec<(Recorded, Vec<Sample>)> {
    guandu::areas::recorded().into_iter().map(|area| (area, (area.samples)())).collect()
}

#[test]
fn the_forms_are_the_snapshot() {
    let mut lines: Vec<String> = areas().iter().flat_map(|(_, samples)| samples.iter().map(line)).collect();
    lines.sort();
    insta::assert_snapshot!("events", lines.join("\n"));
}

#[test]
fn every_kind_has_a_sample_and_only_its_own() {
    let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
    for (area, samples) in areas() {
        let kinds: BTreeSet<&str> = area.kinds.iter().copied().collect();
        assert_eq!(kinds.len(), area.kinds.len(), "{}: a kind is listed twice", area.area);
        for kind in &kinds {
            assert_eq!(owner.insert(kind, area.area), None, "{kind} belongs to two areas");
        }
        let shown: BTreeSet<&str> = samples.iter().map(|s| s.kind).collect();
        let lost: Vec<_> = kinds.difference(&shown).collect();
        assert!(lost.is_empty(), "{}: recorded without a sample: {lost:?}", area.area);
        let stray: Vec<_> = shown.difference(&kinds).collect();
        assert!(stray.is_empty(), "{}: a sample of a kind that is not its own: {stray:?}", area.area);
    }
}

#[test]
fn every_form_that_was_ever_snapped_is_read() {
    let readers: BTreeMap<&str, Recorded> =
        areas().iter().flat_map(|(area, _)| area.kinds.iter().map(|kind| (*kind, *area))).collect();
    let path = "crates/guandu/tests/it/guard/snapshots/it__guard__events__events.snap";
    let kept = std::fs::read_to_string(root().join(path)).unwrap();
    let kept = kept.splitn(3, "---").nth(2).unwrap();
    let mut read = 0;
    for text in kept.lines().filter(|l| !l.is_empty()) {
        let mut words = text.splitn(3, ' ');
        let (kind, version, body) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let area =
            readers.get(kind).unwrap_or_else(|| panic!("{kind} was recorded once and nobody reads it"));
        let version: u16 = version.parse().unwrap();
        let back =
            (area.reads)(kind, version, body).unwrap_or_else(|no| panic!("{kind} {version}: {no}\n{body}"));
        // What is read twice is the same: nothing is lost on the way through the type.
        assert_eq!((area.reads)(kind, version, &back).unwrap(), back, "{kind} {version}");
        read += 1;
    }
    assert!(read >= 55, "only {read} samples were read");
}

#[test]
fn a_form_that_changed_is_noticed() {
    let (area, samples) = areas().into_iter().find(|(area, _)| area.area == "duty").unwrap();
    let sample = samples.iter().find(|s| s.kind == "duty.progressed").unwrap();
    let renamed = sample.body.replace("percent", "per_cent");
    assert_ne!(renamed, sample.body);
    assert!(
        (area.reads)(sample.kind, sample.version, &renamed).is_err(),
        "an unknown field must not be dropped"
    );
}

#[test]
fn what_a_district_records_is_on_the_lists() {
    let known: BTreeSet<(String, u16)> = areas()
        .iter()
        .flat_map(|(_, samples)| samples.iter().map(|s| (s.kind.to_owned(), s.version)))
        .collect();
    demo::with(async |w| {
        let sql = "select distinct kind, version from event where district = $1 order by kind";
        let seen = w
            .app
            .db
            .report(move |tx| tx.query(sql, &[crate::world::D.into()], |row| Ok((row.text(0)?, row.int(1)?))))
            .await
            .unwrap();
        assert!(seen.len() > 20, "{seen:?}");
        for (kind, version) in seen {
            let version = u16::try_from(version).unwrap();
            assert!(
                known.contains(&(kind.clone(), version)),
                "{kind} {version} was recorded and is on no list"
            );
        }
    });
}
