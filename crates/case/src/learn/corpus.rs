//! Which part of a long history is learnt.
//!
//! Twice as many potholes teach little more about potholes, and old dispatches follow old rules. When there are more samples
//! than can be learnt, a class keeps a number in proportion to the square root of its size; half of that are its newest, the other
//! half is drawn from the rest.

use super::num::{Dice, count, floor};
use super::{LearnRefusal, Model, Sample, Settings, train};
use std::collections::BTreeMap;

/// The district's own dispatched history, held in bounded memory and ready to be learnt in a job.
///
/// ```
/// use case::learn::{Corpus, Sample};
/// let mut corpus = Corpus::new(20_000, 7);
/// corpus.add(Sample::new("路灯不亮", "照明"));
/// corpus.words("水环境", &["河道黑臭".to_owned(), "污水直排".to_owned()]);
/// assert_eq!(corpus.counts()["水环境"], 1);
/// ```
#[derive(Debug, Clone)]
pub struct Corpus {
    rows: Vec<Sample>,
    counts: BTreeMap<String, usize>,
    most: usize,
    seed: u64,
}

impl Corpus {
    /// An empty corpus that will hold up to twice `most` samples.
    pub fn new(most: usize, seed: u64) -> Corpus {
        Corpus { rows: Vec::new(), counts: BTreeMap::new(), most: most.max(2), seed }
    }
    /// Adds one dispatched text.
    pub fn add(&mut self, sample: Sample) {
        *self.counts.entry(sample.label.clone()).or_insert(0) += 1;
        self.rows.push(sample);
        if self.rows.len() > self.most.saturating_mul(2) {
            let kept = thin(&self.rows, self.most, self.seed);
            let rows = std::mem::take(&mut self.rows);
            let mut kept = kept.into_iter().peekable();
            self.rows = rows
                .into_iter()
                .enumerate()
                .filter_map(|(i, row)| kept.next_if_eq(&i).map(|_| row))
                .collect();
        }
    }
    /// Adds the words that the playbook gives to a category as one sample: a district without history starts from them.
    pub fn words(&mut self, label: &str, words: &[String]) {
        if !words.is_empty() {
            self.add(Sample::new(&words.join(","), label));
        }
    }
    /// How many samples were ever added to each class, whether they are still held or not.
    pub fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }
    /// The samples that are held.
    pub fn rows(&self) -> &[Sample] {
        &self.rows
    }
    /// Whether enough has come since a model of `learnt` samples to train again: a tenth, and at least fifty.
    pub fn grown(&self, learnt: usize) -> bool {
        let all: usize = self.counts.values().sum();
        all.saturating_sub(learnt) >= (learnt / 10).max(50)
    }
    /// Trains on what is held.
    pub fn train(&self, settings: &Settings) -> Result<Model, LearnRefusal> {
        train(&self.rows, settings)
    }
}

/// Indexes, ascending, of at most `most` samples.
pub(super) fn thin(samples: &[Sample], most: usize, seed: u64) -> Vec<usize> {
    let useful = (0..samples.len()).filter(|i| samples.get(*i).is_some_and(|s| !s.text.trim().is_empty()));
    let useful: Vec<usize> = useful.collect();
    if useful.len() <= most {
        return useful;
    }
    let mut by_label: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for i in useful {
        if let Some(sample) = samples.get(i) {
            by_label.entry(&sample.label).or_default().push(i);
        }
    }
    let share = share(&by_label.values().map(Vec::len).collect::<Vec<_>>(), most);
    let mut dice = Dice::new(seed);
    let mut out = Vec::with_capacity(most);
    for mut mine in by_label.into_values() {
        let keep = allot(mine.len(), share);
        // Newest last; samples without a day count as oldest, and among equals the later line as newer.
        mine.sort_by_key(|i| (samples.get(*i).and_then(|s| s.when), *i));
        let newest = mine.split_off(mine.len() - keep.div_ceil(2).min(mine.len()));
        dice.shuffle(&mut mine);
        out.extend(newest.iter().copied());
        out.extend(mine.into_iter().take(keep / 2));
    }
    out.sort_unstable();
    out.truncate(most);
    out
}

fn allot(size: usize, share: f64) -> usize {
    floor(count(size).sqrt() * share).clamp(2, size.max(2)).min(size)
}

/// The factor on the square roots that fills `most`.
fn share(sizes: &[usize], most: usize) -> f64 {
    let (mut low, mut high) = (0.0, count(most));
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let sum: usize = sizes.iter().map(|size| allot(*size, middle)).sum();
        if sum > most { high = middle } else { low = middle }
    }
    low
}
