//! Organisations: the unified social credit code (统一社会信用代码, GB 32100-2015) and the organisation code inside it
//! (组织机构代码, GB 11714-1997). Sources: D§10.1.

use super::{AreaCode, Doubt, all_digits, as_text, base36, is_province, letter, misshapen, part, weighted};
use crate::refusal::Malformed;
use crate::text::Words;
use serde::{Deserialize, Serialize};

/// Alphabet of the unified code: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i−1) mod 31.
const USCC_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

fn alphabet_value(c: char) -> Option<u32> {
    ALPHABET.chars().position(|known| known == c).and_then(|n| u32::try_from(n).ok())
}

/// GB 11714: 11 − Σ mod 11, with X for 10 and 0 for 11.
fn org_check(body: &str) -> char {
    let sum = weighted(body.chars().filter_map(base36), &ORG_WEIGHTS);
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        n => char::from_digit(n, 10).unwrap_or('?'),
    }
}

/// A unified social credit code: 18 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);
as_text!(Uscc);

impl Uscc {
    /// Parses what was given for `field`; small letters are made capitals.
    ///
    /// # Errors
    /// Not 18 characters of the code's alphabet (which lacks I, O, S, V, Z), or characters 3 to 8 are no digits.
    pub fn parse(field: &str, given: &str) -> Result<Uscc, Malformed> {
        let code = given.trim().to_ascii_uppercase();
        let known = code.chars().all(|c| alphabet_value(c).is_some());
        if code.len() != 18 || !known || !all_digits(part(&code, 2, 8)) {
            return Err(misshapen(
                "uscc.malformed",
                field,
                given,
                "统一社会信用代码应为18位数字或大写字母(不含I、O、S、V、Z),第3至8位为数字",
                "A unified social credit code has 18 digits or capitals (no I, O, S, V, Z), characters 3 to 8 are digits",
                "11530111015115177Y",
            ));
        }
        Ok(Uscc(code))
    }
    /// What arithmetic finds odd; empty for a code that checks out.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let sum = weighted(self.0.chars().filter_map(alphabet_value), &USCC_WEIGHTS);
        let value = usize::try_from((31 - sum % 31) % 31).unwrap_or_default();
        let (expected, found) = (letter(ALPHABET, value), letter(&self.0, 17));
        if expected != found {
            doubts.push(Doubt::CheckDigit { expected, found });
        }
        let (expected, found) = (org_check(part(&self.0, 8, 16)), letter(&self.0, 16));
        if expected != found {
            doubts.push(Doubt::OrgCheckDigit { expected, found });
        }
        if !is_province(part(&self.0, 2, 8)) && part(&self.0, 2, 8) != "100000" {
            doubts.push(Doubt::Area);
        }
        doubts
    }
    /// The registering authority, by the first character; `None` for one whose meaning the sources do not give.
    pub fn authority(&self) -> Option<Words> {
        Some(match letter(&self.0, 0) {
            '1' => Words::new("机构编制", "Establishment office"),
            '5' => Words::new("民政", "Civil affairs"),
            '9' => Words::new("工商", "Market regulation"),
            'Y' => Words::new("其他", "Other"),
            _ => return None,
        })
    }
    /// The category, by the first two characters; `None` where the sources do not give it.
    pub fn category(&self) -> Option<Words> {
        Some(match part(&self.0, 0, 2) {
            "11" => Words::new("机关", "State organ"),
            "12" => Words::new("事业单位", "Public institution"),
            "13" => Words::new("编办直接管理的群众团体", "Mass organisation under the establishment office"),
            "19" => Words::new("机构编制其他", "Other of the establishment office"),
            "91" => Words::new("企业", "Enterprise"),
            "92" => Words::new("个体工商户", "Self-employed household"),
            "93" => Words::new("农民专业合作社", "Farmers' cooperative"),
            _ => return None,
        })
    }
    /// Area of the registering authority, characters 3 to 8; `None` for the national ones (100000) and unknown areas.
    pub fn area(&self) -> Option<AreaCode> {
        AreaCode::parse("uscc", part(&self.0, 2, 8)).ok()
    }
    /// The organisation code, characters 9 to 17; `None` when its last character can be no check character.
    pub fn org_code(&self) -> Option<OrgCode> {
        OrgCode::parse("uscc", part(&self.0, 8, 17)).ok()
    }
}

/// An organisation code: eight characters and a check character, kept without the hyphen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgCode(String);
as_text!(OrgCode);

impl OrgCode {
    /// Parses `015115177` or `01511517-7`; small letters are made capitals.
    ///
    /// # Errors
    /// Not eight digits or capitals followed by a digit or X.
    pub fn parse(field: &str, given: &str) -> Result<OrgCode, Malformed> {
        let text = given.trim().to_ascii_uppercase();
        let code = match text.split_once('-') {
            Some((body, check)) if body.len() == 8 => format!("{body}{check}"),
            _ => text,
        };
        let known = code.chars().all(|c| base36(c).is_some());
        if code.len() != 9 || !known || !matches!(letter(&code, 8), '0'..='9' | 'X') {
            return Err(misshapen(
                "org_code.malformed",
                field,
                given,
                "组织机构代码应为8位数字或大写字母加1位校验码",
                "An organisation code has eight digits or capitals and a check character",
                "01511517-7",
            ));
        }
        Ok(OrgCode(code))
    }
    /// What arithmetic finds odd.
    pub fn doubts(&self) -> Vec<Doubt> {
        let (expected, found) = (org_check(part(&self.0, 0, 8)), letter(&self.0, 8));
        if expected == found { Vec::new() } else { vec![Doubt::CheckDigit { expected, found }] }
    }
    /// As printed on certificates: `01511517-7`.
    pub fn hyphened(&self) -> String {
        format!("{}-{}", part(&self.0, 0, 8), letter(&self.0, 8))
    }
}
