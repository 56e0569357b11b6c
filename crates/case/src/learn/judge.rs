//! How good a recommender is: precision, recall and F1 of each class, their mean, and what abstaining buys.

use super::num::count;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One judged text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The right class.
    pub truth: String,
    /// First guess.
    pub guess: String,
    /// Whether the right class is among the first three.
    pub in_three: bool,
    /// Whether the model would have advised, not abstained.
    pub sure: bool,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassReport {
    /// Class.
    pub label: String,
    /// Whether the model knows it; a class that it never saw has recall 0.
    pub known: bool,
    /// Texts of this class.
    pub support: usize,
    /// Texts that were guessed to be of this class.
    pub guessed: usize,
    /// Texts of this class that were guessed right.
    pub right: usize,
    /// Right among guessed; 0 when nothing was guessed.
    pub precision: f64,
    /// Right among support; 0 when there is none.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// All classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Texts judged.
    pub texts: usize,
    /// Mean F1 over the classes that occur as truth or as guess. Every text counts; nothing is abstained from.
    pub macro_f1: f64,
    /// Share of first guesses that are right.
    pub accuracy: f64,
    /// Share of texts with the right class among the first three.
    pub top_three: f64,
    /// Texts on which the model abstains.
    pub abstained: usize,
    /// Share of right first guesses among those it does not abstain from.
    pub sure_accuracy: f64,
    /// Classes of the truth that the model does not know.
    pub unseen: Vec<String>,
    /// By class, in the order of their names.
    pub classes: Vec<ClassReport>,
}

/// Judges guesses. `known` are the classes of the model.
pub fn judge(verdicts: &[Verdict], known: &[String]) -> Report {
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let mut cells: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for v in verdicts {
        let hit = usize::from(v.truth == v.guess);
        let truth = cells.entry(&v.truth).or_default();
        truth.0 += 1;
        truth.2 += hit;
        cells.entry(&v.guess).or_default().1 += 1;
    }
    let class = |(label, (support, guessed, right)): (&&str, &(usize, usize, usize))| {
        let precision = ratio(*right, *guessed);
        let recall = ratio(*right, *support);
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        let (support, guessed, right) = (*support, *guessed, *right);
        ClassReport {
            label: (*label).to_owned(),
            known: known.contains(*label),
            support,
            guessed,
            right,
            precision,
            recall,
            f1,
        }
    };
    let classes: Vec<ClassReport> = cells.iter().map(class).collect();
    let sure: Vec<&Verdict> = verdicts.iter().filter(|v| v.sure).collect();
    let hits = |list: &[&Verdict]| list.iter().filter(|v| v.truth == v.guess).count();
    Report {
        texts: verdicts.len(),
        macro_f1: classes.iter().map(|c| c.f1).sum::<f64>() / count(classes.len().max(1)),
        accuracy: ratio(hits(&verdicts.iter().collect::<Vec<_>>()), verdicts.len()),
        top_three: ratio(verdicts.iter().filter(|v| v.in_three).count(), verdicts.len()),
        abstained: verdicts.len() - sure.len(),
        sure_accuracy: ratio(hits(&sure), sure.len()),
        unseen: classes.iter().filter(|c| !c.known).map(|c| c.label.clone()).collect(),
        classes,
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { count(part) / count(whole) }
}
