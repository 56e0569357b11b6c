//! Chinese punctuation is full-width, whatever was typed.
//!
//! Officials type `,` and `:` beside Han characters all day long; a printed page must not show it. [`han`] turns
//! `, ; : ? !` and brackets into their full-width forms where they stand beside Chinese, and leaves numbers
//! (`1,234`), times (`09:30`), codes and English alone. It never touches what a person typed into a form.

use std::borrow::Cow;

/// Han characters and the full-width marks that count as Chinese neighbours.
fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '、' | '。' | '“' | '”' | '《' | '》' | '—' | '●' | '≠' | '≥' | '≤')
}

fn full(c: char) -> Option<char> {
    match c {
        ',' => Some('，'),
        ';' => Some('；'),
        ':' => Some('：'),
        '?' => Some('？'),
        '!' => Some('！'),
        _ => None,
    }
}

/// The text with full-width punctuation beside Chinese; borrowed when there is nothing to change.
///
/// ```
/// use base::web::ui::zh::han;
/// assert_eq!(han("已转化27个,基数62个(年初)"), "已转化27个，基数62个（年初）");
/// assert_eq!(han("09:30 1,234"), "09:30 1,234");
/// ```
pub fn han(text: &str) -> Cow<'_, str> {
    let candidate = |b: u8| matches!(b, b',' | b';' | b':' | b'?' | b'!' | b'(');
    if text.is_ascii() || !text.bytes().any(candidate) {
        return Cow::Borrowed(text);
    }
    let chars = brackets(text.chars().collect());
    let at = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied();
    let out: String = chars
        .iter()
        .enumerate()
        .map(|(i, c)| match full(*c) {
            Some(wide) if widens(*c, at(i.checked_sub(1)), at(i.checked_add(1))) => wide,
            _ => *c,
        })
        .collect();
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// Whether the mark `c` between two neighbours belongs to Chinese text.
fn widens(c: char, left: Option<char>, right: Option<char>) -> bool {
    let han = |c: Option<char>| c.is_some_and(is_han);
    let beside = |c: Option<char>| c.is_some_and(|c| is_han(c) || c == '（' || c == '）');
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if right.is_some_and(char::is_whitespace) && !han(left) {
        return false;
    }
    if c == ':' && digit(left) && digit(right) {
        return false;
    }
    let latin = left.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '%' | '#' | ']'));
    beside(left) || (beside(right) && latin)
}

/// Widens each pair of brackets that holds Chinese or follows it.
fn brackets(mut chars: Vec<char>) -> Vec<char> {
    let mut open: Vec<usize> = Vec::new();
    for i in 0..chars.len() {
        match chars.get(i) {
            Some('(') => open.push(i),
            Some(')') => {
                let Some(start) = open.pop() else { continue };
                let inside = chars.get(start..i).is_some_and(|part| part.iter().copied().any(is_han));
                let before = start.checked_sub(1).and_then(|b| chars.get(b)).copied().is_some_and(is_han);
                if inside || before {
                    for (at, mark) in [(start, '（'), (i, '）')] {
                        if let Some(slot) = chars.get_mut(at) {
                            *slot = mark;
                        }
                    }
                }
            }
            _ => {}
        }
    }
    chars
}
