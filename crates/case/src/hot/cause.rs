//! Words that tell the cause: what many different people say here and hardly anybody says elsewhere. Pure.
//!
//! Chinese has no blanks between words; runs of two to six characters stand in for words. A run that is nearly always part
//! of a longer one gives way to it. Names of the place say where, not why, and are left out.

use super::Voice;
use crate::learn::plain;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Shortest and longest run.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;
/// Least number of people behind a word: fewer could point to one of them.
const LEAST: u64 = 3;
/// Words of one issue.
const MOST: usize = 5;

/// A word with how many people used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The word.
    pub word: String,
    /// Different petitioners who used it.
    pub people: u64,
}

/// The words of a group against those of others; none of a confidential petitioner.
pub fn causes(group: &[&Voice], elsewhere: &[&str], place: &str) -> Vec<Cause> {
    let open: Vec<&&Voice> = group.iter().filter(|voice| !voice.confidential).collect();
    let mut users: BTreeMap<String, BTreeSet<Option<&str>>> = BTreeMap::new();
    let mut where_from: BTreeSet<String> = runs(place);
    for voice in &open {
        where_from.extend(runs(&voice.address));
        for run in runs(&voice.text) {
            users.entry(run).or_default().insert(voice.person.as_deref());
        }
    }
    let all: BTreeSet<Option<&str>> = open.iter().map(|voice| voice.person.as_deref()).collect();
    let people = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let floor = LEAST.max(people.div_ceil(4));
    let mut kept: Vec<(String, u64)> = users
        .into_iter()
        .map(|(run, users)| (run, u64::try_from(users.len()).unwrap_or(u64::MAX)))
        .filter(|(run, n)| *n >= floor && !where_from.contains(run))
        .collect();
    let outside = seen(elsewhere, &kept);
    // Longest first, so that a part of a longer run can be told by it.
    kept.sort_by(|a, b| {
        b.0.chars().count().cmp(&a.0.chars().count()).then(b.1.cmp(&a.1)).then(a.0.cmp(&b.0))
    });
    let mut whole: Vec<(String, u64)> = Vec::new();
    for (run, n) in kept {
        let covered = whole
            .iter()
            .any(|(longer, m)| longer.contains(&run) && m.saturating_mul(5) >= n.saturating_mul(4));
        if !covered {
            whole.push((run, n));
        }
    }
    let total = u64::try_from(elsewhere.len()).unwrap_or(u64::MAX);
    whole.sort_by(|a, b| {
        let score = |of: &(String, u64)| told(of.1, people, outside.get(&of.0).copied().unwrap_or(0), total);
        score(b).cmp(&score(a)).then(b.0.chars().count().cmp(&a.0.chars().count())).then(a.0.cmp(&b.0))
    });
    let mut out: Vec<Cause> = Vec::new();
    for (word, n) in whole {
        let common = outside.get(&word).copied().unwrap_or(0).saturating_mul(4) > total;
        let known = out.iter().any(|c| c.word.contains(&word) || word.contains(&c.word));
        if !common && !known && out.len() < MOST {
            out.push(Cause { word, people: n });
        }
    }
    out
}

/// How much a word tells, in thousandths: its share here less its share elsewhere.
fn told(n: u64, of: u64, outside: u64, total: u64) -> i64 {
    let share = |n: u64, of: u64| i64::try_from(n.saturating_mul(1_000) / of.max(1)).unwrap_or(i64::MAX);
    share(n, of) - share(outside, total)
}

/// In how many texts elsewhere each of these runs stands.
fn seen(elsewhere: &[&str], kept: &[(String, u64)]) -> BTreeMap<String, u64> {
    let wanted: BTreeSet<&str> = kept.iter().map(|(run, _)| run.as_str()).collect();
    let mut out: BTreeMap<String, u64> = BTreeMap::new();
    for text in elsewhere {
        for run in runs(text).into_iter().filter(|run| wanted.contains(run.as_str())) {
            *out.entry(run).or_default() += 1;
        }
    }
    out
}

/// Runs of Han characters of a text; digits and Latin are numbers and names, not causes.
fn runs(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let folded = plain(text);
    for part in folded.split(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c)) {
        let letters: Vec<char> = part.chars().collect();
        for length in LENGTHS {
            out.extend(letters.windows(length).map(|run| run.iter().collect::<String>()));
        }
    }
    out
}
