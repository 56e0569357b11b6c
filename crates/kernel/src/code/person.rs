//! People: resident id (公民身份号码, GB 11643-1999) and mobile number. Sources: D§10.5.
//!
//! Neither prints in full: `Display` and `Debug` are masked, and there is no `Serialize`, so that a number reaches a log,
//! a page or an export only where somebody wrote `reveal`.

use super::{AreaCode, Doubt, all_digits, is_province, letter, part, weighted};
use crate::refusal::Malformed;
use crate::text::Words;
use crate::time::Day;
use std::fmt;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &str = "10X98765432";

/// A refusal that tells the length of what was given and nothing else.
fn hidden(code: &'static str, field: &str, given: &str, reason: Words, next: Words) -> Malformed {
    let n = given.trim().chars().count();
    Malformed::new(code, field, &format!("*({n})"), reason, next)
}

/// Sex as the resident id states it: odd or even 17th digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// A resident id of 18 characters. Stored encrypted by whoever stores it; shown with its last four only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId(String);

impl ResidentId {
    /// Parses what was given for `field`; a small `x` is made a capital.
    ///
    /// # Errors
    /// Not 17 digits followed by a digit or X. The refusal does not repeat what was given.
    pub fn parse(field: &str, given: &str) -> Result<ResidentId, Malformed> {
        let code = given.trim().to_ascii_uppercase();
        let ends_well = matches!(code.chars().last(), Some('0'..='9' | 'X'));
        if code.len() != 18 || !ends_well || !all_digits(part(&code, 0, 17)) {
            return Err(hidden(
                "resident_id.malformed",
                field,
                given,
                Words::new(
                    "公民身份号码应为17位数字加1位数字或X",
                    "A resident id has 17 digits followed by a digit or X",
                ),
                Words::new(
                    "请按证件填写18位号码,15位旧号请先换新号",
                    "Enter the 18 characters of the card; a 15-digit number must be renewed first",
                ),
            ));
        }
        Ok(ResidentId(code))
    }
    /// What arithmetic finds odd.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let sum = weighted(self.0.chars().filter_map(|c| c.to_digit(10)), &WEIGHTS);
        let (expected, found) =
            (letter(CHECKS, usize::try_from(sum % 11).unwrap_or_default()), letter(&self.0, 17));
        if expected != found {
            doubts.push(Doubt::CheckDigit { expected, found });
        }
        if self.birth().is_none() {
            doubts.push(Doubt::BirthDate);
        }
        if !is_province(&self.0) {
            doubts.push(Doubt::Area);
        }
        doubts
    }
    /// Date of birth; `None` when the digits are no day.
    pub fn birth(&self) -> Option<Day> {
        let number = |from, to| part(&self.0, from, to).parse::<i16>().ok();
        let small = |from, to| number(from, to).and_then(|n| i8::try_from(n).ok());
        Day::new(number(6, 10)?, small(10, 12)?, small(12, 14)?)
    }
    /// Sex.
    pub fn sex(&self) -> Sex {
        let odd = letter(&self.0, 16).to_digit(10).is_some_and(|n| n % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }
    /// County where the number was first given; `None` when it is no division code.
    pub fn area(&self) -> Option<AreaCode> {
        AreaCode::parse("resident_id", part(&self.0, 0, 6)).ok()
    }
    /// All stars but the last four.
    pub fn masked(&self) -> String {
        format!("**************{}", part(&self.0, 14, 18))
    }
    /// The whole number, for encryption and for the forms that the law demands.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}
impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

/// A mobile number of mainland China: eleven digits, kept without separators and country code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile(String);

impl Mobile {
    /// Parses `13800138000`, also with spaces, hyphens, full-width digits, or `+86`, `0086`, `86` before it.
    ///
    /// # Errors
    /// What remains is not 1, then 3 to 9, then nine digits. The refusal does not repeat what was given.
    pub fn parse(field: &str, given: &str) -> Result<Mobile, Malformed> {
        let plain: String = given
            .chars()
            .filter(|c| !c.is_whitespace() && !"-()\u{2010}\u{FF0D}\u{FF08}\u{FF09}".contains(*c))
            .map(narrow)
            .collect();
        let bare = ["+86", "0086", "86"].iter().find_map(|code| plain.strip_prefix(code)).unwrap_or(&plain);
        let shaped = bare.len() == 11 && all_digits(bare) && bare.starts_with('1');
        if !shaped || !matches!(letter(bare, 1), '3'..='9') {
            return Err(hidden(
                "mobile.malformed",
                field,
                given,
                Words::new(
                    "手机号应为11位数字,以13至19开头",
                    "A mobile number has eleven digits and starts with 13 to 19",
                ),
                Words::new(
                    "请填写11位手机号;固定电话请填在“其他联系方式”",
                    "Enter eleven digits; put a landline into the other contact field",
                ),
            ));
        }
        Ok(Mobile(bare.to_owned()))
    }
    /// `138****8000`.
    pub fn masked(&self) -> String {
        format!("{}****{}", part(&self.0, 0, 3), part(&self.0, 7, 11))
    }
    /// The whole number, for encryption, keyed hashing and calling back.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Full-width digits and plus sign to the ordinary ones.
fn narrow(c: char) -> char {
    match c {
        '\u{FF0B}' => '+',
        '\u{FF10}'..='\u{FF19}' => char::from_digit(u32::from(c) - 0xFF10, 10).unwrap_or(c),
        _ => c,
    }
}

impl fmt::Display for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}
impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile({})", self.masked())
    }
}
