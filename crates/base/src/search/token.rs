//! Text made into what the index holds, and the same for a query: pure.
//!
//! Text is folded first: full-width forms become half-width, capitals small. Then it is cut into *runs*: a run of Han
//! (or kana, Hangul) characters, or a word of other letters and digits. Everything else separates. Traditional and
//! simplified characters stay what they are.
//!
//! | run | tokens |
//! |---|---|
//! | 道路积水 | 道路 路积 积水 (pairs) and 道 路 积 水 (for queries of one character) |
//! | A12 | a12 (whole) |
//!
//! The index keeps for each token only *which* documents have it, not where. [`Query::matches`] looks at the text itself
//! and settles whether the pairs stand side by side.

use std::collections::BTreeSet;

/// Longest text that is indexed, in bytes; the rest is not found.
pub const TEXT_CAP: usize = 65_536;
/// Most characters of a query that are read.
pub const QUERY_CAP: usize = 128;
/// Most tokens that one query asks the index for; the check of the text knows no such bound.
const TOKENS_CAP: usize = 24;
/// Stands between two runs of folded text; no input character folds to it.
const GAP: char = '\u{1}';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Written without blanks between words.
    Dense,
    /// Letters and digits of a word.
    Word,
    /// Separates.
    Other,
}

fn class(c: char) -> Class {
    match u32::from(c) {
        0x3005..=0x3007
        | 0x3040..=0x30FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7AF
        | 0xF900..=0xFAFF
        | 0x2_0000..=0x3_FFFF => Class::Dense,
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

/// Half-width for full-width.
fn narrow(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

/// The text folded: runs with a [`GAP`] before and after each.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut last = Class::Other;
    out.push(GAP);
    for c in text.chars().map(narrow).flat_map(char::to_lowercase) {
        let now = class(c);
        // One character alone may end a run: a combining dot that folding has split off stays with its letter.
        if now != last && !out.ends_with(GAP) {
            out.push(GAP);
        }
        if now != Class::Other {
            out.push(c);
        }
        last = now;
    }
    if !out.ends_with(GAP) {
        out.push(GAP);
    }
    out
}

fn runs(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(GAP).filter(|run| !run.is_empty())
}

fn is_dense(run: &str) -> bool {
    run.chars().next().is_some_and(|c| class(c) == Class::Dense)
}

/// A token as the index holds it: eight letters that tell the word to nobody, of equal length for every language and
/// harmless in the query language of either backend. District and kind go into it, so each has lists of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token([u8; 8]);

impl Token {
    /// The letters.
    pub(crate) fn push_to(self, out: &mut String) {
        out.extend(self.0.iter().map(|b| char::from(*b)));
    }
}

/// Where tokens are told apart: one kind of document in one district.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space(u64);

const LETTERS: [u8; 32] = *b"abcdefghijklmnopqrstuvwxyz234567";

impl Space {
    /// The space of a kind in a district.
    pub(crate) fn new(district: i32, kind: &str) -> Space {
        Space(fnv(fnv(0xcbf2_9ce4_8422_2325, &district.to_be_bytes()), kind.as_bytes()))
    }
    fn token(self, unit: &str) -> Token {
        // FNV-1a, then the finish of a good mixer: of the 64 bits 40 are kept, evenly spread. Two words that share a
        // token cost one look at a text more and nothing else.
        let mut hash = fnv(fnv(self.0, &[0]), unit.as_bytes());
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^= hash >> 31;
        let mut out = [b'a'; 8];
        for letter in &mut out {
            let at = usize::try_from(hash & 31).unwrap_or(0);
            *letter = LETTERS.get(at).copied().unwrap_or(b'a');
            hash >>= 5;
        }
        Token(out)
    }
}

fn fnv(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// Each character of a run with its neighbour; `single` says what to do with the characters by themselves.
fn cut<'r>(run: &'r str, mut pair: impl FnMut(&'r str), mut single: impl FnMut(&'r str)) {
    let mut before: Option<usize> = None;
    for (at, c) in run.char_indices() {
        let end = at + c.len_utf8();
        single(run.get(at..end).unwrap_or_default());
        if let Some(start) = before {
            pair(run.get(start..end).unwrap_or_default());
        }
        before = Some(at);
    }
}

/// Every token of a document, each once, in order.
pub(crate) fn tokens(space: Space, text: &str) -> BTreeSet<Token> {
    let folded = fold(clip(text, TEXT_CAP));
    let mut out = Vec::with_capacity(folded.len() / 2);
    for run in runs(&folded) {
        if is_dense(run) {
            let (mut pairs, mut singles) = (Vec::new(), Vec::new());
            cut(run, |pair| pairs.push(space.token(pair)), |single| singles.push(space.token(single)));
            out.extend(pairs.into_iter().chain(singles));
        } else {
            out.push(space.token(run));
        }
    }
    out.into_iter().collect()
}

fn clip(text: &str, cap: usize) -> &str {
    let mut end = text.len().min(cap);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// What somebody looks for: words that must all occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Folded words; a gap stands where a run of letters or digits must end.
    needles: Vec<String>,
    /// What the index is asked for.
    units: BTreeSet<String>,
    /// Whether a word is longer than what one token holds.
    long: bool,
}

impl Query {
    /// Reads what was typed, whatever it is: quotes, operators and signs separate words and mean nothing else. Of very
    /// long input the first 128 characters are read. `None` when nothing is left to look for.
    pub fn parse(typed: &str) -> Option<Query> {
        let typed: String = typed.chars().take(QUERY_CAP).collect();
        let mut query = Query { needles: Vec::new(), units: BTreeSet::new(), long: false };
        for word in typed.split(|c: char| c.is_whitespace() || c.is_control()) {
            query.word(word);
        }
        if query.needles.is_empty() { None } else { Some(query) }
    }
    fn word(&mut self, word: &str) {
        let folded = fold(word);
        let list: Vec<&str> = runs(&folded).collect();
        let (Some(first), Some(last)) = (list.first(), list.last()) else { return };
        let start = if is_dense(first) { GAP.len_utf8() } else { 0 };
        let end = folded.len() - if is_dense(last) { GAP.len_utf8() } else { 0 };
        let needle = folded.get(start..end).unwrap_or_default().to_owned();
        if self.needles.contains(&needle) {
            return;
        }
        for run in &list {
            let (mut pairs, mut singles) = (Vec::new(), Vec::new());
            if is_dense(run) {
                cut(run, |pair| pairs.push(pair), |single| singles.push(single));
            } else {
                pairs.push(run);
            }
            let units = if pairs.is_empty() { singles } else { pairs };
            self.long |= units.len() > 1 || list.len() > 1;
            let room = TOKENS_CAP.saturating_sub(self.units.len());
            self.long |= units.len() > room;
            self.units.extend(units.into_iter().take(room).map(str::to_owned));
        }
        self.needles.push(needle);
    }
    /// Whether a text has every word, with its characters side by side.
    pub fn matches(&self, text: &str) -> bool {
        let folded = fold(clip(text, TEXT_CAP));
        self.needles.iter().all(|needle| folded.contains(needle.as_str()))
    }
    /// Whether the index alone may answer too much: true as soon as a word is longer than one token.
    pub fn needs_check(&self) -> bool {
        self.long
    }
    /// What the index is asked for, never empty.
    pub(crate) fn tokens(&self, space: Space) -> Vec<Token> {
        self.units.iter().map(|unit| space.token(unit)).collect()
    }
}
