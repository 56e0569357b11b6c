//! Vocabulary and weighted vectors: `(1 + ln tf) · idf`, scaled to length one.

use super::grams::{LONGEST, counts, length};
use super::num::{count, narrow};
use std::collections::HashMap;

/// Fragments that are known, with how much each tells texts apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Space {
    /// Hashes in ascending order; the position is the fragment's number.
    pub hashes: Vec<u32>,
    /// Inverse document frequency: `ln((1 + n) / (1 + df)) + 1`.
    pub idf: Vec<f32>,
}

/// A vector: fragment number and value, ascending.
pub(super) type Row = Vec<(u32, f32)>;

/// Texts counted once, so that folds of a cross-validation do not read them again.
pub(super) struct Counted {
    /// All fragments of all texts, ascending; the position is what `texts` name.
    hashes: Vec<u32>,
    /// Of each text its fragments and how often they occur, ascending.
    texts: Vec<Vec<(u32, u32)>>,
}

/// A vocabulary of some texts, and where it has the fragments of all texts.
pub(super) struct Chosen {
    /// The vocabulary.
    pub space: Space,
    number: Vec<Option<u32>>,
}

impl Counted {
    /// Counts the fragments of every text.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Counted {
        let mut texts: Vec<Vec<(u32, u32)>> = texts.map(|text| counts(text, most)).collect();
        let mut hashes: Vec<u32> = texts.iter().flatten().map(|(hash, _)| *hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let index: Index = hashes.iter().zip(0_u32..).map(|(hash, at)| (*hash, at)).collect();
        for (hash, _) in texts.iter_mut().flatten() {
            *hash = index.get(hash).copied().unwrap_or_default();
        }
        Counted { hashes, texts }
    }
    /// Fragments in the first texts: how much work they are.
    pub(super) fn values(&self, most: usize) -> usize {
        self.texts.iter().take(most).map(Vec::len).sum()
    }
    /// Learns the vocabulary from the texts in `chosen`: pairs that occur in at least `least` of them, longer fragments in at least two (a
    /// long one that occurs once only repeats what its parts say), the `cap` most frequent.
    pub(super) fn choose(&self, chosen: &[usize], least: u32, cap: usize) -> Chosen {
        let mut seen = vec![0_u32; self.hashes.len()];
        for (at, _) in chosen.iter().filter_map(|i| self.texts.get(*i)).flatten() {
            if let Some(seen) = spot(&mut seen, *at) {
                *seen += 1;
            }
        }
        let long = |hash: u32| usize::try_from(length(hash)) == Ok(LONGEST);
        let bound = |hash: u32| if long(hash) { least.max(2) } else { least };
        let all = self.hashes.iter().zip(seen).zip(0_u32..);
        let mut kept: Vec<(u32, u32, u32)> = all
            .filter(|((hash, df), _)| *df >= bound(**hash))
            .map(|((hash, df), at)| (*hash, df, at))
            .collect();
        if kept.len() > cap {
            kept.sort_unstable_by_key(|(hash, df, _)| (std::cmp::Reverse(*df), *hash));
            kept.truncate(cap);
            kept.sort_unstable();
        }
        let n = count(chosen.len());
        let idf = |df: u32| narrow(((1.0 + n) / (1.0 + f64::from(df))).ln() + 1.0);
        let mut number = vec![None; self.hashes.len()];
        for ((_, _, at), new) in kept.iter().zip(0_u32..) {
            if let Some(number) = spot(&mut number, *at) {
                *number = Some(new);
            }
        }
        let space = Space {
            idf: kept.iter().map(|k| idf(k.1)).collect(),
            hashes: kept.iter().map(|k| k.0).collect(),
        };
        Chosen { space, number }
    }
    /// The vectors of the texts in `chosen`.
    pub(super) fn rows(&self, vocabulary: &Chosen, chosen: &[usize]) -> Vec<Row> {
        chosen.iter().filter_map(|i| self.texts.get(*i)).map(|counts| vocabulary.row(counts)).collect()
    }
}

fn spot<T>(list: &mut [T], at: u32) -> Option<&mut T> {
    usize::try_from(at).ok().and_then(|at| list.get_mut(at))
}

impl Chosen {
    fn row(&self, counts: &[(u32, u32)]) -> Row {
        let mut row: Row = Vec::with_capacity(counts.len());
        let mut square = 0.0;
        for (at, n) in counts {
            let number = usize::try_from(*at).ok().and_then(|at| self.number.get(at));
            let Some(at) = number.copied().flatten() else {
                continue;
            };
            let value = (1.0 + f64::from(*n).ln()) * self.space.idf(at);
            square += value * value;
            row.push((at, narrow(value)));
        }
        let scale = narrow(if square > 0.0 { 1.0 / f64::sqrt(square) } else { 0.0 });
        row.iter_mut().for_each(|(_, value)| *value *= scale);
        row
    }
}

impl Space {
    /// From hash to number.
    pub(super) fn index(&self) -> Index {
        self.hashes.iter().zip(0_u32..).map(|(hash, at)| (*hash, at)).collect()
    }
    /// Idf of a fragment.
    pub(super) fn idf(&self, at: u32) -> f64 {
        usize::try_from(at).ok().and_then(|at| self.idf.get(at)).copied().map_or(0.0, f64::from)
    }
}

/// From a fragment's hash to its number. Nothing is ever read in this map's order.
pub(super) type Index = HashMap<u32, u32, Plain>;

/// The hashes are mixed already: hashing them again would only cost time.
#[derive(Debug, Clone, Default)]
pub(super) struct Plain;

impl std::hash::BuildHasher for Plain {
    type Hasher = Same;
    fn build_hasher(&self) -> Same {
        Same(0)
    }
}

/// Hands a 32-bit key on, spread over both ends of the word as the table needs them.
#[derive(Debug, Clone, Default)]
pub(super) struct Same(u64);

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = self.0.rotate_left(8) ^ u64::from(*b));
    }
    fn write_u32(&mut self, key: u32) {
        self.0 = u64::from(key) | (u64::from(key) << 32);
    }
}
