//! Identity codes (D§10): organisations, projects, people, places, documents.
//!
//! Two things can be wrong with a code, and they are answered differently:
//!
//! * its **shape** (length, alphabet, groups): refused at the door with a [`Malformed`];
//! * its **check digit**, or another part that only arithmetic can question: accepted, with a [`Doubt`] beside it. Real
//!   certificates of the pilot years fail their own check digit (D§10.1), and a firm must not be turned away for that.
//!
//! ```
//! use kernel::code::{Doubt, Uscc};
//! let pilot = Uscc::parse("uscc", "91350203M0001FUE2P").unwrap();
//! assert_eq!(pilot.doubts().first(), Some(&Doubt::CheckDigit { expected: 'J', found: 'P' }));
//! ```
//!
//! Resident ids and mobile numbers are personal: they print masked, also under `{:?}` and in refusals, and they cannot be
//! serialised by accident; [`ResidentId::reveal`] and [`Mobile::reveal`] are the only ways to the whole number.

mod area;
mod document;
mod org;
mod person;
mod project;
#[cfg(test)]
mod tests;

pub use area::{AreaCode, AreaLevel};
pub use document::{DocNumber, IndexNumber};
pub use org::{OrgCode, Uscc};
pub use person::{Mobile, ResidentId, Sex};
pub use project::{ProjectCode, ProjectEra};

use crate::refusal::Malformed;
use crate::text::Words;

/// A reason to look twice at a code that has the right shape; shown beside the value, never a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The code's own check character differs from the computed one.
    CheckDigit {
        /// Computed.
        expected: char,
        /// Given.
        found: char,
    },
    /// The check character of the organisation code inside a longer code differs (GB 11714).
    OrgCheckDigit {
        /// Computed.
        expected: char,
        /// Given.
        found: char,
    },
    /// The date of birth inside a resident id is no day of the calendar.
    BirthDate,
    /// The code names an area outside the provinces of GB/T 2260.
    Area,
    /// The code's type is none of those that the rule lists.
    Type,
}

impl Doubt {
    /// Stable name for tests and API clients.
    pub const fn code(self) -> &'static str {
        match self {
            Doubt::CheckDigit { .. } => "doubt.check_digit",
            Doubt::OrgCheckDigit { .. } => "doubt.org_check_digit",
            Doubt::BirthDate => "doubt.birth_date",
            Doubt::Area => "doubt.area",
            Doubt::Type => "doubt.type",
        }
    }
    /// What to look at, in one sentence.
    pub fn words(self) -> Words {
        match self {
            Doubt::CheckDigit { expected, found } => Words::new(
                format!("校验码应为{expected},填的是{found},请与证照核对"),
                format!(
                    "The check character should be {expected}, not {found}; compare it with the certificate"
                ),
            ),
            Doubt::OrgCheckDigit { expected, found } => Words::new(
                format!("其中组织机构代码的校验码应为{expected},填的是{found},请与证照核对"),
                format!(
                    "The organisation code inside should end in {expected}, not {found}; compare it with the certificate"
                ),
            ),
            Doubt::BirthDate => Words::new(
                "出生日期不存在,请与证件核对",
                "There is no such date of birth; compare it with the card",
            ),
            Doubt::Area => {
                Words::new("行政区划代码不存在,请核对", "There is no such division code; check it")
            }
            Doubt::Type => {
                Words::new("类型代码不在规定之列,请核对", "The type is not one of those listed; check it")
            }
        }
    }
}

/// Value of a character in base 36: digits, then capitals.
fn base36(c: char) -> Option<u32> {
    if c.is_ascii_lowercase() { None } else { c.to_digit(36) }
}

/// Sum of value × weight.
fn weighted(values: impl Iterator<Item = u32>, weights: &[u32]) -> u32 {
    values.zip(weights).map(|(value, weight)| value * weight).sum()
}

/// Characters `from..to` of an ASCII code whose length was checked.
fn part(code: &str, from: usize, to: usize) -> &str {
    code.get(from..to).unwrap_or_default()
}

/// The character at `place` of an ASCII code whose length was checked.
fn letter(code: &str, place: usize) -> char {
    code.chars().nth(place).unwrap_or('?')
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The first two digits of a division code of a province, a municipality or a special region.
fn is_province(code: &str) -> bool {
    part(code, 0, 2).parse::<u8>().is_ok_and(|n| (11..=82).contains(&n))
}

/// A refusal about the shape of a code: what it should look like, in both languages, with an example.
fn misshapen(code: &'static str, field: &str, given: &str, zh: &str, en: &str, example: &str) -> Malformed {
    let next = Words::new(format!("请按此格式填写:{example}"), format!("Write it like this: {example}"));
    Malformed::new(code, field, given, Words::new(zh, en), next)
}

/// The traits that every code kept as one string shares.
macro_rules! as_text {
    ($name:ident) => {
        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        crate::code::serde_text!($name);
    };
}

/// Serialised as the text that `parse` reads.
macro_rules! serde_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(given: String) -> Result<Self, String> {
                use crate::refusal::Refuse;
                $name::parse(stringify!($name), &given).map_err(|no| no.reason(crate::text::Lang::En))
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.to_string()
            }
        }
    };
}
pub(crate) use {as_text, serde_text};
