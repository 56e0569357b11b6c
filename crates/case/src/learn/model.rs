//! Answers with reasons.

use super::grams::{Gram, Token, grams, tokens, weight_at};
use super::num::count;
use super::space::{Index, Space};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most pieces of text that are shown as reasons.
const WORDS: usize = 5;
/// Longest piece in characters.
const PIECE: usize = 10;

/// A trained recommender. It cannot be changed; training makes a new one.
#[derive(Debug, Clone)]
pub struct Model {
    pub(super) head: Head,
    pub(super) space: Space,
    pub(super) index: Index,
    /// Weights in 16-bit steps: for each fragment one a class.
    pub(super) weights: Vec<i16>,
}

/// Everything but the table of weights. Numbers that decide are kept as bits, not in the JSON: there the last digit may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    pub labels: Vec<String>,
    /// Size of one step of a class's weights.
    #[serde(skip)]
    pub steps: Vec<f64>,
    /// Constant of a class.
    #[serde(skip)]
    pub constants: Vec<f64>,
    /// Factor on scores before they become shares.
    #[serde(skip)]
    pub heat: f64,
    /// Margin below which the model abstains.
    #[serde(skip)]
    pub threshold: f64,
    /// Characters of a text that are read.
    pub chars: usize,
    pub facts: Facts,
}

/// Where a model comes from and what it was worth on samples that it had not seen (cross-validation).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Samples that were given.
    pub given: usize,
    /// Samples that were learnt.
    pub learnt: usize,
    /// Learnt samples of each class.
    pub classes: BTreeMap<String, usize>,
    /// Fragments in the vocabulary.
    pub fragments: usize,
    /// Cost of an error in the support vector machine.
    pub cost: f64,
    /// Share of naive Bayes in the score, 0 to 1.
    pub bayes: f64,
    /// Mean F1 over classes, by cross-validation.
    pub macro_f1: f64,
    /// Share of right first guesses, by cross-validation.
    pub accuracy: f64,
    /// Share of right advice that was asked for.
    pub precision: f64,
    /// Share of texts on which it does not abstain, by cross-validation.
    pub sure: f64,
    /// Share of right first guesses among these.
    pub sure_accuracy: f64,
    /// Seed.
    pub seed: u64,
}

/// What the model says about a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// Classes, best first.
    pub guesses: Vec<Guess>,
    /// Distance of the first score to the second, 0 to 1.
    pub margin: f64,
    /// False: the model abstains, and the guesses are only where a person may begin to look.
    pub sure: bool,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guess {
    /// Class.
    pub label: String,
    /// Share of belief, 0 to 1; all classes add up to 1. Fitted so that of guesses with 0.8 about eight in ten are right.
    pub score: f64,
    /// Pieces of the text that spoke for this class, strongest first.
    pub words: Vec<Word>,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Word {
    /// As it stands in the text.
    pub text: String,
    /// Its part of everything that spoke for the class, 0 to 1.
    pub weight: f64,
}

impl Model {
    /// The `k` likeliest classes with reasons.
    pub fn predict(&self, text: &str, k: usize) -> Advice {
        let tokens = tokens(text, self.head.chars);
        let known = self.look_up(&tokens);
        let scores = self.scores(&known.found);
        let shares = shares(&scores, self.head.heat);
        let mut order: Vec<(usize, f64)> = shares.into_iter().enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let margin = match order.as_slice() {
            [first, second, ..] => first.1 - second.1,
            _ => 0.0,
        };
        let guess = |(class, score): &(usize, f64)| {
            let label = self.head.labels.get(*class).cloned().unwrap_or_default();
            Guess { label, score: *score, words: self.words(text, &tokens, &known, *class) }
        };
        let guesses = order.iter().take(k).map(guess).collect();
        // A text of which no fragment is known says nothing; the constants alone are no ground.
        Advice { guesses, margin, sure: !known.found.is_empty() && margin >= self.head.threshold }
    }

    /// Classes in the order of their names.
    pub fn labels(&self) -> &[String] {
        &self.head.labels
    }
    /// Where it comes from.
    pub fn facts(&self) -> &Facts {
        &self.head.facts
    }
    /// Margin below which it abstains.
    pub fn threshold(&self) -> f64 {
        self.head.threshold
    }
    /// The same model with the playbook's own margin (`CaseRules.recommender`).
    pub fn with_threshold(mut self, threshold: f64) -> Model {
        self.head.threshold = threshold;
        self
    }

    /// Known fragments of a text with their values in the vector of length one.
    fn look_up(&self, tokens: &[Token]) -> Known {
        let known = grams(tokens).into_iter().filter_map(|gram| Some((*self.index.get(&gram.hash)?, gram)));
        let mut places: Vec<(u32, Gram)> = known.collect();
        places.sort_unstable_by_key(|(row, gram)| (*row, gram.at));
        let mut found: Vec<Found> = Vec::with_capacity(places.len());
        for (row, gram) in &places {
            let more = f64::from(weight_at(tokens, *gram));
            match found.last_mut() {
                Some(last) if last.row == *row => {
                    last.value += more;
                    last.places += 1;
                }
                _ => found.push(Found { row: *row, value: more, mean: 0.0, places: 1 }),
            }
        }
        let classes = count(self.head.labels.len().max(1));
        let mut square = 0.0;
        for one in &mut found {
            one.value = (1.0 + one.value.ln()) * self.space.idf(one.row);
            square += one.value * one.value;
            let real = self.row(one.row).iter().zip(&self.head.steps).map(|(w, step)| f64::from(*w) * step);
            one.mean = real.sum::<f64>() / classes;
        }
        let length = f64::sqrt(square).max(f64::MIN_POSITIVE);
        found.iter_mut().for_each(|f| f.value /= length);
        Known { found, places: places.into_iter().map(|(_, gram)| gram).collect() }
    }

    /// Steps of a fragment, one a class.
    fn row(&self, row: u32) -> &[i16] {
        let classes = self.head.labels.len();
        let from = usize::try_from(row).unwrap_or(usize::MAX).saturating_mul(classes);
        self.weights.get(from..from.saturating_add(classes)).unwrap_or_default()
    }

    fn scores(&self, found: &[Found]) -> Vec<f64> {
        let mut sums = vec![0.0_f64; self.head.labels.len()];
        for one in found {
            sums.iter_mut().zip(self.row(one.row)).for_each(|(sum, w)| *sum += one.value * f64::from(*w));
        }
        let scale = self.head.steps.iter().zip(&self.head.constants);
        sums.iter().zip(scale).map(|(sum, (step, constant))| sum * step + constant).collect()
    }

    /// What spoke for a class against the mean of all: fragments give their part to their characters, neighbours join to pieces.
    fn words(&self, text: &str, tokens: &[Token], known: &Known, class: usize) -> Vec<Word> {
        let mut heat = vec![0.0_f64; tokens.len()];
        let step = self.head.steps.get(class).copied().unwrap_or(0.0);
        let mut places = known.places.iter();
        for one in &known.found {
            let own = self.row(one.row).get(class).map_or(0.0, |w| f64::from(*w)) * step;
            let part = one.value * (own - one.mean) / count(one.places);
            for gram in places.by_ref().take(one.places) {
                let each = part / f64::from(gram.len);
                let from = usize::try_from(gram.at).unwrap_or(usize::MAX);
                let to = from.saturating_add(usize::try_from(gram.len).unwrap_or(0));
                heat.get_mut(from..to).into_iter().flatten().for_each(|h| *h += each);
            }
        }
        pieces(text, tokens, &heat)
    }
}

/// What a model knows of a text.
struct Known {
    found: Vec<Found>,
    /// Where the found fragments stand, in their order.
    places: Vec<Gram>,
}

/// A known fragment of a text.
struct Found {
    row: u32,
    /// Its value in the vector of length one.
    value: f64,
    /// Mean of its weights over all classes.
    mean: f64,
    /// How many of the places are its own.
    places: usize,
}

/// Joins warm neighbours into pieces and names the strongest.
fn pieces(text: &str, tokens: &[Token], heat: &[f64]) -> Vec<Word> {
    let total: f64 = heat.iter().filter(|h| **h > 0.0).sum();
    let floor = heat.iter().copied().fold(0.0, f64::max) * 0.25;
    let mut spans: Vec<(usize, usize, f64, usize)> = Vec::new();
    let mut open = false;
    for (token, h) in tokens.iter().zip(heat) {
        let warm = *h > floor;
        match spans.last_mut() {
            Some(span) if warm && open && !token.first && span.3 < PIECE => {
                *span = (span.0, token.to, span.2 + h, span.3 + 1);
            }
            _ if warm => spans.push((token.from, token.to, *h, 1)),
            _ => {}
        }
        open = warm;
    }
    let mut by_text: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (from, to, h, len) in spans {
        let entry = by_text.entry(text.get(from..to).unwrap_or_default()).or_insert((0.0, len));
        entry.0 += h;
    }
    let mut list: Vec<(&str, (f64, usize))> = by_text.into_iter().collect();
    // A single character is rarely a word: it is shown only where nothing longer spoke.
    if list.iter().any(|(_, (_, len))| *len > 1) {
        list.retain(|(_, (_, len))| *len > 1);
    }
    list.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(b.0)));
    let word = |(piece, (h, _)): (&str, (f64, usize))| Word { text: piece.to_owned(), weight: h / total };
    list.into_iter().take(WORDS).map(word).collect()
}

/// Scores to shares that add up to one.
pub(super) fn shares(scores: &[f64], heat: f64) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scores.iter().map(|s| ((s - top) * heat).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|p| p / sum).collect()
}
