//! Text → runs of characters → n-grams with their places.
//!
//! Chinese has no blanks between words, and a segmenter would bring a dictionary that knows nothing of local names. One to
//! three neighbouring characters carry nearly the same information. Punctuation and blanks end a run, so that no fragment joins two
//! sentences and every fragment can be shown to a person. Full width is folded, Latin is lower case, and every run of digits is one
//! `0`: a house number says nothing about the matter.

use super::num::mix;

/// Longest fragment in characters.
pub(super) const LONGEST: usize = 3;

/// One character of a run, and which bytes of the given text it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// The folded character.
    pub ch: char,
    /// First byte in the given text.
    pub from: usize,
    /// Byte after the last.
    pub to: usize,
    /// Whether a run begins here.
    pub first: bool,
    /// Whether it is in the title: the first of several lines, when that is short.
    pub title: bool,
}

/// A fragment: hash, first token, length in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gram {
    /// Hash of its characters; the last two bits are their number, see [`length`].
    pub hash: u32,
    /// Index of its first token.
    pub at: u32,
    /// Number of tokens.
    pub len: u32,
}

/// Longest first line that is a title, in characters.
const TITLE: usize = 40;

/// Folds one character: full width to half, upper case to lower. Simplified and traditional forms are left alone.
fn fold(ch: char) -> char {
    let half = match u32::from(ch) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(ch),
        0x3000 => ' ',
        _ => ch,
    };
    half.to_ascii_lowercase()
}

/// Splits a text into tokens; only the first `most` are read.
pub(super) fn tokens(text: &str, most: usize) -> Vec<Token> {
    let title_end = text.find('\n').filter(|end| {
        text.get(..*end).is_some_and(|line| (1..=TITLE).contains(&line.trim().chars().count()))
    });
    let mut out: Vec<Token> = Vec::with_capacity(text.len().div_ceil(3).min(most));
    let mut open = false;
    for (from, raw) in text.char_indices() {
        let ch = fold(raw);
        let to = from + raw.len_utf8();
        if !ch.is_alphanumeric() {
            open = false;
            continue;
        }
        let ch = if ch.is_ascii_digit() { '0' } else { ch };
        let full = out.len() == most;
        match out.last_mut() {
            Some(last) if open && ch == '0' && last.ch == '0' => last.to = to,
            _ if full => break,
            _ => {
                let title = title_end.is_some_and(|end| from < end);
                out.push(Token { ch, from, to, first: !open, title });
            }
        }
        open = true;
    }
    out
}

/// The text as it is compared: folded, digits as `0`, runs joined by one blank.
///
/// ```
/// assert_eq!(case::learn::plain("12345热线:  ABC路灯!"), "0热线 abc路灯");
/// ```
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, token) in tokens(text, usize::MAX).iter().enumerate() {
        if token.first && i > 0 {
            out.push(' ');
        }
        out.push(token.ch);
    }
    out
}

/// Every fragment of one to [`LONGEST`] characters inside a run.
pub(super) fn grams(tokens: &[Token]) -> Vec<Gram> {
    let mut out = Vec::with_capacity(tokens.len() * LONGEST);
    for start in 0..tokens.len() {
        let mut state = 0x51_7C_C1_B7_27_22_0A_95_u64;
        for (n, token) in tokens.iter().skip(start).take(LONGEST).enumerate() {
            if n > 0 && token.first {
                break;
            }
            state = mix(state ^ u64::from(u32::from(token.ch))).wrapping_add(0x9E37);
            let (Ok(at), Ok(len)) = (u32::try_from(start), u32::try_from(n + 1)) else {
                return out;
            };
            let hash = (u32::try_from(state >> 32).unwrap_or_default() & !3) | len;
            out.push(Gram { hash, at, len });
        }
    }
    out
}

/// Number of characters of the fragment with this hash.
pub(super) fn length(hash: u32) -> u32 {
    hash & 3
}

/// Fragments of a text with how often each occurs, by hash; those of the title count twice.
pub(super) fn counts(text: &str, most: usize) -> Vec<(u32, u32)> {
    let tokens = tokens(text, most);
    let mut all = grams(&tokens);
    all.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(all.len());
    for gram in all {
        let more = weight_at(&tokens, gram);
        match out.last_mut() {
            Some((hash, n)) if *hash == gram.hash => *n += more,
            _ => out.push((gram.hash, more)),
        }
    }
    out
}

/// How often an occurrence counts.
pub(super) fn weight_at(tokens: &[Token], gram: Gram) -> u32 {
    let title = usize::try_from(gram.at).ok().and_then(|at| tokens.get(at)).is_some_and(|t| t.title);
    if title { 2 } else { 1 }
}
