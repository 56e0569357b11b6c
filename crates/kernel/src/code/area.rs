//! Division codes of six, nine and twelve digits (D§10.3): 530111 官渡区, 530111001 a street, 530111001003 a community.
//!
//! Statistics write every code with twelve digits and fill up with zeros (`530111001000` is a street); such a code is
//! shortened when it is read, so that one place has one code.

use super::{all_digits, as_text, is_province, misshapen, part};
use crate::id::DistrictCode;
use crate::refusal::Malformed;
use crate::text::Words;
use serde::{Deserialize, Serialize};

/// How large an area a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AreaLevel {
    /// 省: `530000`.
    Province,
    /// 市: `530100`.
    City,
    /// 县、区: `530111`.
    County,
    /// 街道、乡镇: `530111001`.
    Street,
    /// 社区、村: `530111001003`.
    Community,
}

impl AreaLevel {
    /// The level in words.
    pub fn words(self) -> Words {
        match self {
            AreaLevel::Province => Words::new("省", "Province"),
            AreaLevel::City => Words::new("市", "City"),
            AreaLevel::County => Words::new("区县", "District or county"),
            AreaLevel::Street => Words::new("街道", "Street"),
            AreaLevel::Community => Words::new("社区", "Community"),
        }
    }
}

/// A division code in its shortest form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);
as_text!(AreaCode);

impl AreaCode {
    /// Parses six, nine or twelve digits.
    ///
    /// # Errors
    /// Another length, no digits, a first pair outside 11 to 82, or zeros in the middle (`530000001`).
    pub fn parse(field: &str, given: &str) -> Result<AreaCode, Malformed> {
        let mut code = given.trim();
        let shaped = matches!(code.len(), 6 | 9 | 12) && all_digits(code) && is_province(code);
        while code.len() > 6
            && let Some(short) = code.strip_suffix("000")
        {
            code = short;
        }
        let hollow =
            code.len() > 6 && part(code, 4, 6) == "00" || code.len() > 9 && part(code, 6, 9) == "000";
        let skips_city = part(code, 2, 4) == "00" && part(code, 4, 6) != "00";
        if !shaped || hollow || skips_city {
            return Err(misshapen(
                "area.malformed",
                field,
                given,
                "行政区划代码应为6位(区县)、9位(街道)或12位(社区)数字",
                "A division code has 6 digits (district), 9 (street) or 12 (community)",
                "530111001003",
            ));
        }
        Ok(AreaCode(code.to_owned()))
    }
    /// How large an area it names.
    pub fn level(&self) -> AreaLevel {
        match (self.0.len(), part(&self.0, 2, 4), part(&self.0, 4, 6)) {
            (12, ..) => AreaLevel::Community,
            (9, ..) => AreaLevel::Street,
            (_, "00", _) => AreaLevel::Province,
            (_, _, "00") => AreaLevel::City,
            _ => AreaLevel::County,
        }
    }
    /// The area that it lies in; `None` above a province.
    pub fn parent(&self) -> Option<AreaCode> {
        Some(AreaCode(match self.level() {
            AreaLevel::Community => part(&self.0, 0, 9).to_owned(),
            AreaLevel::Street => part(&self.0, 0, 6).to_owned(),
            AreaLevel::County => format!("{}00", part(&self.0, 0, 4)),
            AreaLevel::City => format!("{}0000", part(&self.0, 0, 2)),
            AreaLevel::Province => return None,
        }))
    }
    /// Whether it is `other` or lies in it.
    pub fn is_within(&self, other: &AreaCode) -> bool {
        let significant = match other.level() {
            AreaLevel::Province => part(&other.0, 0, 2),
            AreaLevel::City => part(&other.0, 0, 4),
            _ => other.as_str(),
        };
        self.0.starts_with(significant) && self.level() >= other.level()
    }
    /// The district or county that it lies in; `None` for a city or province.
    pub fn district(&self) -> Option<DistrictCode> {
        if self.level() < AreaLevel::County {
            return None;
        }
        DistrictCode::parse("area", part(&self.0, 0, 6)).ok()
    }
}
