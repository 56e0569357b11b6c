//! What identifies a person: telephone numbers parsed at the door, and numbers and addresses masked inside texts.

use crate::refusal::CaseRefusal as No;

/// A telephone number of the mainland, digits only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Parses what was given; blanks, hyphens, brackets, full-width digits and the country code are taken.
    ///
    /// # Errors
    /// When it is neither a mobile number, nor a landline with or without its area code, nor a 400 or 800 number.
    pub fn parse(given: &str) -> Result<Phone, No> {
        let mut digits = String::new();
        for c in given.trim().chars().map(folded) {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() => {}
                ' ' | '-' | '(' | ')' | '—' | '–' => {}
                _ => return Err(No::NotAPhone { given: kernel::refusal::clip(given) }),
            }
        }
        for code in ["0086", "86"] {
            if let Some(rest) = digits.strip_prefix(code)
                && rest.len() == 11
                && rest.starts_with('1')
            {
                digits = rest.to_owned();
            }
        }
        let (n, bytes) = (digits.len(), digits.as_bytes());
        let second = bytes.get(1).copied().unwrap_or_default();
        let good = match bytes.first() {
            Some(b'1') => n == 11 && (b'3'..=b'9').contains(&second),
            Some(b'0') => (10..=12).contains(&n) && second != b'0',
            Some(b'4' | b'8') if digits.get(1..3) == Some("00") && n == 10 => true,
            Some(b'2'..=b'9') => n == 7 || n == 8,
            _ => false,
        };
        // A row of one digit is nobody's number.
        let one = digits.get(1..).is_some_and(|rest| rest.bytes().all(|b| Some(&b) == bytes.first()));
        if good && !one {
            Ok(Phone(digits))
        } else {
            Err(No::NotAPhone { given: kernel::refusal::clip(given) })
        }
    }
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// `138****1234`.
    pub fn masked(&self) -> String {
        masked_span(&self.0)
    }
}

/// Keeps the first three and the last four characters; digits between become stars.
fn masked_span(span: &str) -> String {
    let n = span.chars().count();
    let keep = if n < 9 { (1, 2) } else { (3, 4) };
    let hide = |i: usize, c: char| i >= keep.0 && i + keep.1 < n && c.is_ascii_alphanumeric();
    span.chars().enumerate().map(|(i, c)| if hide(i, c) { '*' } else { c }).collect()
}

/// Full-width digits and signs as half-width ones.
pub(super) fn folded(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// The text with phone numbers, identity numbers and mail addresses masked.
pub fn masked_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let plain: Vec<char> = chars.iter().map(|c| folded(*c)).collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(c) = plain.get(i) {
        let starts = c.is_ascii_digit()
            && !i.checked_sub(1).and_then(|p| plain.get(p)).is_some_and(char::is_ascii_digit);
        let found =
            if starts { personal_number(plain.get(i..).unwrap_or_default()) } else { mail(&plain, i) };
        match found {
            Some(n) => {
                let span: String = plain.get(i..i + n).unwrap_or_default().iter().collect();
                out.push_str(&masked_span(&span));
                i += n;
            }
            None => {
                out.extend(chars.get(i));
                i += 1;
            }
        }
    }
    out
}

/// Length of a telephone or identity number that begins here.
fn personal_number(rest: &[char]) -> Option<usize> {
    let ends = |n: usize| !rest.get(n).is_some_and(char::is_ascii_digit);
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits == 18 || (digits == 17 && matches!(rest.get(17), Some('x' | 'X'))) {
        return ends(18).then_some(18);
    }
    // Numbers are often written in groups: 138 1234 5678, 0871-67176517.
    let mut taken = String::new();
    let mut n = 0;
    let mut best = None;
    while let Some(c) = rest.get(n) {
        match c {
            '0'..='9' => taken.push(*c),
            '-' | ' ' if matches!(taken.len(), 3 | 4 | 7) => {}
            _ => break,
        }
        n += 1;
        let whole = taken.len() >= 10 && ends(n) && Phone::parse(&taken).is_ok();
        if whole && c.is_ascii_digit() {
            best = Some(n);
        }
        if taken.len() >= 12 {
            break;
        }
    }
    best
}

/// Length of a mail address that begins here.
pub(super) fn mail(plain: &[char], i: usize) -> Option<usize> {
    let word = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    if i.checked_sub(1).and_then(|p| plain.get(p)).is_some_and(word) {
        return None;
    }
    let rest = plain.get(i..)?;
    let name = rest.iter().take_while(|c| word(c)).count();
    if name == 0 || rest.get(name) != Some(&'@') {
        return None;
    }
    let host = rest.get(name + 1..)?.iter().take_while(|c| word(c)).count();
    (host >= 4).then_some(name + 1 + host)
}
