//! Money in fen and decimals for scores: never binary floats (D§0: a real scoring table sums to 2.95, and floats
//! give 2.9499999999999997).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount in fen (分, 0.01 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// From 亿元 with up to ten decimals, such as `300` or `58.6`.
    pub fn from_yi(text: &str) -> Option<Fen> {
        scaled(text, 10).map(Fen)
    }
    /// From 万元 with up to six decimals.
    pub fn from_wan(text: &str) -> Option<Fen> {
        scaled(text, 6).map(Fen)
    }
    /// In 亿元 with at most one decimal, rounded half away from zero: `58.6`.
    pub fn yi_text(self) -> String {
        let tenths = rounded(self.0, 1_000_000_000);
        let sign = if tenths < 0 { "−" } else { "" };
        match tenths.abs() % 10 {
            0 => format!("{sign}{}", tenths.abs() / 10),
            d => format!("{sign}{}.{d}", tenths.abs() / 10),
        }
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }
}
impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }
}
impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(iter: I) -> Fen {
        iter.fold(Fen(0), Add::add)
    }
}

/// A decimal with four places, for scores, weights, rates and percentages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(i64);

impl Decimal {
    /// Ten-thousandths that make one.
    pub const ONE: i64 = 10_000;
    /// Zero.
    pub const ZERO: Decimal = Decimal(0);
    /// From ten-thousandths.
    pub const fn from_raw(raw: i64) -> Decimal {
        Decimal(raw)
    }
    /// Ten-thousandths.
    pub const fn raw(self) -> i64 {
        self.0
    }
    /// A whole number.
    pub const fn whole(n: i64) -> Decimal {
        Decimal(n.saturating_mul(Self::ONE))
    }
    /// Parses `2.95`; more than four places is refused rather than rounded.
    pub fn parse(text: &str) -> Option<Decimal> {
        scaled(text, 4).map(Decimal)
    }
    /// `part / whole`, rounded half away from zero; `None` when `whole` is zero.
    pub fn ratio(part: i64, whole: i64) -> Option<Decimal> {
        if whole == 0 {
            return None;
        }
        let raw = div_round(i128::from(part) * i128::from(Self::ONE), i128::from(whole));
        i64::try_from(raw).ok().map(Decimal)
    }
    /// `part / whole` in per cent; `None` when `whole` is zero.
    pub fn percent(part: i64, whole: i64) -> Option<Decimal> {
        if whole == 0 {
            return None;
        }
        let raw = div_round(i128::from(part) * 100 * i128::from(Self::ONE), i128::from(whole));
        i64::try_from(raw).ok().map(Decimal)
    }
    /// Product, rounded half away from zero.
    pub fn times(self, other: Decimal) -> Decimal {
        let raw = div_round(i128::from(self.0) * i128::from(other.0), i128::from(Self::ONE));
        Decimal(i64::try_from(raw).unwrap_or(i64::MAX))
    }
    /// Text with `places` decimals, rounded half away from zero; the minus is U+2212.
    pub fn text(self, places: u32) -> String {
        let places = places.min(4);
        let unit = 10_i64.pow(4 - places);
        let n = rounded(self.0, unit);
        let sign = if n < 0 { "−" } else { "" };
        let scale = 10_i64.pow(places);
        let width = usize::try_from(places).unwrap_or(0);
        match places {
            0 => format!("{sign}{}", n.abs()),
            _ => format!("{sign}{}.{:0width$}", n.abs() / scale, n.abs() % scale),
        }
    }
}

impl Add for Decimal {
    type Output = Decimal;
    fn add(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }
}
impl Sub for Decimal {
    type Output = Decimal;
    fn sub(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_sub(other.0))
    }
}
impl Sum for Decimal {
    fn sum<I: Iterator<Item = Decimal>>(iter: I) -> Decimal {
        iter.fold(Decimal::ZERO, Add::add)
    }
}
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.abs() / Self::ONE, self.0.abs() % Self::ONE);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{part:04}").trim_end_matches('0'))
    }
}
impl TryFrom<String> for Decimal {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        Decimal::parse(&given).ok_or_else(|| format!("not a decimal with at most four places: {given}"))
    }
}
impl From<Decimal> for String {
    fn from(d: Decimal) -> String {
        d.to_string()
    }
}

/// Division rounded half away from zero.
fn div_round(n: i128, d: i128) -> i128 {
    let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
    let half = d / 2;
    if n >= 0 { (n + half) / d } else { -((-n + half) / d) }
}

fn rounded(n: i64, unit: i64) -> i64 {
    i64::try_from(div_round(i128::from(n), i128::from(unit.max(1)))).unwrap_or_default()
}

/// Reads a decimal text as an integer scaled by `10^places`.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > places || !numeric(whole) || !numeric(part) {
        return None;
    }
    let joined = format!("{whole}{part:0<places$}");
    let n = joined.parse::<i64>().ok()?;
    Some(if negative { -n } else { n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_and_writes_yi() {
        assert_eq!(Fen::from_yi("300"), Some(Fen(3_000_000_000_000)));
        assert_eq!(Fen::from_yi("58.6").unwrap().yi_text(), "58.6");
        assert_eq!(Fen::from_yi("-5.45").unwrap().yi_text(), "−5.5");
        assert_eq!(Fen::from_wan("5000"), Some(Fen(5_000_000_000)));
        assert_eq!(Fen::from_yi("1e3"), None);
        assert_eq!(Fen::from_yi(""), None);
    }

    #[test]
    fn decimals_do_not_drift() {
        let parts = ["0.5", "0.75", "0.9", "0.8"];
        let sum: Decimal = parts.iter().map(|p| Decimal::parse(p).unwrap()).sum();
        assert_eq!(sum.to_string(), "2.95");
    }

    #[test]
    fn published_figures_reproduce() {
        // D§6.1: 629.0 / 647.4 = 97.2 %, 13.8 points ahead of 10/12.
        let done = Decimal::percent(6290, 6474).unwrap();
        let time = Decimal::percent(10, 12).unwrap();
        assert_eq!(done.text(1), "97.2");
        assert_eq!((done - time).text(1), "13.8");
        assert_eq!(Decimal::percent(206, 255).unwrap().text(1), "80.8");
    }
}
