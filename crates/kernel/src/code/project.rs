//! Investment project codes (投资项目代码) of both generations. Sources: D§10.2.
//!
//! Both have five groups and 24 characters, hyphens counted:
//!
//! | generation | groups |
//! |---|---|
//! | old, 2015–2020 | `YYYY-AAAAAA-II-TT-NNNNNN` year, area, industry, type, serial |
//! | new, from 2020-11 | `YYMM-AAAAAA-DD-TT-RRRRRC` year and month, area, guiding department, type, random and check |
//!
//! They are told apart by the first group: 2015 to 2020 would be the months 15 to 20 of the year 2020. The new check digit
//! is not computed, because its algorithm is not published; compare with the platform instead.

use super::{AreaCode, Doubt, all_digits, as_text, misshapen, part};
use crate::refusal::Malformed;
use crate::text::Words;
use serde::{Deserialize, Serialize};

/// Which generation of the rule a code was given under, with the time in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectEra {
    /// Given from 2015 to 2020.
    Old {
        /// Year of the code.
        year: u16,
    },
    /// Given under 发改投资〔2020〕1439号.
    New {
        /// Year of the code, four digits.
        year: u16,
        /// Month, 1 to 12.
        month: u8,
    },
}

/// An investment project code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectCode(String);
as_text!(ProjectCode);

fn era(first: &str) -> Option<ProjectEra> {
    match first.parse::<u16>().ok()? {
        year @ 2015..=2020 => Some(ProjectEra::Old { year }),
        yymm => {
            let month = u8::try_from(yymm % 100).ok().filter(|m| (1..=12).contains(m))?;
            Some(ProjectEra::New { year: 2000 + yymm / 100, month })
        }
    }
}

impl ProjectCode {
    /// Parses what was given for `field`.
    ///
    /// # Errors
    /// Not five groups of 4, 6, 2, 2 and 6 digits, or the first is neither a year of the old rule nor a year and month.
    pub fn parse(field: &str, given: &str) -> Result<ProjectCode, Malformed> {
        let code = given.trim();
        let groups: Vec<&str> = code.split('-').collect();
        let shaped =
            groups.iter().map(|g| g.len()).eq([4, 6, 2, 2, 6]) && groups.iter().all(|g| all_digits(g));
        if !shaped || era(part(code, 0, 4)).is_none() {
            return Err(misshapen(
                "project_code.malformed",
                field,
                given,
                "项目代码应为五组数字(4-6-2-2-6),首组为年月,旧码首组为2015至2020年",
                "A project code has five groups of digits (4-6-2-2-6); the first is year and month, in old codes the year 2015 to 2020",
                "2604-530111-04-01-123456",
            ));
        }
        Ok(ProjectCode(code.to_owned()))
    }
    /// The generation, with its time.
    pub fn era(&self) -> ProjectEra {
        // A parsed code always has an era; the fallback only keeps this total.
        era(part(&self.0, 0, 4)).unwrap_or(ProjectEra::Old { year: 2015 })
    }
    /// Whether it is of the old rule, so that a new code is due when the project is approved anew.
    pub fn is_old(&self) -> bool {
        matches!(self.era(), ProjectEra::Old { .. })
    }
    /// Area of the project; `None` when it is no division code.
    pub fn area(&self) -> Option<AreaCode> {
        AreaCode::parse("project_code", part(&self.0, 5, 11)).ok()
    }
    /// Third group: two-digit industry in old codes, guiding department in new ones.
    pub fn third_group(&self) -> &str {
        part(&self.0, 12, 14)
    }
    /// Fourth group, the type, in words; `None` when it is not listed. The order of the new types is unconfirmed (D§10.2).
    pub fn type_words(&self) -> Option<Words> {
        let kind = part(&self.0, 15, 17);
        Some(match (self.is_old(), kind) {
            (true, "01") => Words::new("审批", "Approval"),
            (true, "02") => Words::new("核准", "Verification"),
            (true, "03") => Words::new("备案", "Filing"),
            (false, "01") => Words::new("基本建设", "Capital construction"),
            (false, "02") => Words::new("技术改造", "Technical renovation"),
            (false, "03") => Words::new("单纯购置", "Purchase only"),
            (false, "04") => Words::new("信息化", "Information technology"),
            (false, "05") => Words::new("其他", "Other"),
            _ => return None,
        })
    }
    /// What looks odd: an unknown area or type. Never the check digit (see the head of this module).
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if self.area().is_none() {
            doubts.push(Doubt::Area);
        }
        if self.type_words().is_none() {
            doubts.push(Doubt::Type);
        }
        doubts
    }
}
