//! An interval of decimals, written as mathematicians do: `[` and `]` include the end, `(` and `)` leave it out, an
//! absent number is open.

use crate::money::Decimal;
use crate::refusal::clip;
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) value: Decimal,
    pub(super) included: bool,
}

/// A range such as `(,0]`, `(0,30]`, `(30,)`; in TOML and JSON it is that text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Range {
    pub(super) low: Option<End>,
    pub(super) high: Option<End>,
}

impl Range {
    /// Whether `value` lies in it.
    pub fn holds(&self, value: Decimal) -> bool {
        let above = |end: End| value > end.value || (end.included && value == end.value);
        let below = |end: End| value < end.value || (end.included && value == end.value);
        self.low.is_none_or(above) && self.high.is_none_or(below)
    }

    /// `0至30个百分点(不含0,含30)`, `over 0 up to 30 points`.
    pub(super) fn words(&self, unit: &Words) -> Words {
        let low = self.low.map(|end| (end.value.to_string(), end.included));
        let high = self.high.map(|end| (end.value.to_string(), end.included));
        let (zh, en) = match (low, high) {
            (None, None) => ("任何数值".to_owned(), "any value".to_owned()),
            (Some((a, true)), None) => (format!("{a}{}及以上", unit.zh), format!("{a}{} or more", unit.en)),
            (Some((a, false)), None) => (format!("超过{a}{}", unit.zh), format!("over {a}{}", unit.en)),
            (None, Some((b, true))) => (format!("{b}{}及以下", unit.zh), format!("{b}{} or less", unit.en)),
            (None, Some((b, false))) => (format!("低于{b}{}", unit.zh), format!("under {b}{}", unit.en)),
            (Some((a, low)), Some((b, high))) => {
                let has = |included| if included { "含" } else { "不含" };
                (
                    format!("{a}至{b}{}({}{a},{}{b})", unit.zh, has(low), has(high)),
                    format!(
                        "{} {a} {} {b}{}",
                        if low { "from" } else { "over" },
                        if high { "up to" } else { "to under" },
                        unit.en
                    ),
                )
            }
        };
        Words::new(zh, en)
    }
}

impl FromStr for Range {
    type Err = String;
    fn from_str(given: &str) -> Result<Range, String> {
        let wrong = || format!("not a range like (,0] or (0,30] or (30,): {}", clip(given));
        let text = given.trim();
        let open = text.strip_prefix('(').map(|rest| (false, rest));
        let (low_in, rest) =
            open.or_else(|| text.strip_prefix('[').map(|rest| (true, rest))).ok_or_else(wrong)?;
        let open = rest.strip_suffix(')').map(|rest| (false, rest));
        let (high_in, rest) =
            open.or_else(|| rest.strip_suffix(']').map(|rest| (true, rest))).ok_or_else(wrong)?;
        let (low, high) = rest.split_once(',').ok_or_else(wrong)?;
        let end = |text: &str, included: bool| match text.trim() {
            // An open end has no value to include.
            "" if included => Err(wrong()),
            "" => Ok(None),
            number => Ok(Some(End { value: Decimal::parse(number).ok_or_else(wrong)?, included })),
        };
        let range = Range { low: end(low, low_in)?, high: end(high, high_in)? };
        let empty = match (range.low, range.high) {
            (Some(a), Some(b)) => a.value > b.value || (a.value == b.value && !(a.included && b.included)),
            _ => false,
        };
        if empty { Err(wrong()) } else { Ok(range) }
    }
}
impl TryFrom<String> for Range {
    type Error = String;
    fn try_from(given: String) -> Result<Range, String> {
        given.parse()
    }
}
impl From<Range> for String {
    fn from(range: Range) -> String {
        range.to_string()
    }
}
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.low.is_some_and(|end| end.included) { "[" } else { "(" })?;
        if let Some(end) = self.low {
            write!(f, "{}", end.value)?;
        }
        f.write_str(",")?;
        if let Some(end) = self.high {
            write!(f, "{}", end.value)?;
        }
        f.write_str(if self.high.is_some_and(|end| end.included) { "]" } else { ")" })
    }
}
