//! Ids that carry their kind.
//!
//! Rows that the program makes have UUIDv7 ids ([`DutyId`] …); things that a playbook names (units, posts, items,
//! rules) have short codes ([`UnitCode`], [`PostCode`], [`Slug`]), so that a playbook can point at them and two
//! districts' data can be compared.

use crate::refusal::Malformed;
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);
        impl $name {
            /// From an id made by `base::op`.
            pub const fn new(uuid: Uuid) -> Self {
                $name(uuid)
            }
            /// The bare UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
            /// Parses what was given for `field`.
            pub fn parse(field: &str, given: &str) -> Result<Self, Malformed> {
                Uuid::from_str(given.trim()).map($name).map_err(|_| {
                    Malformed::new(
                        "id.malformed",
                        field,
                        given,
                        Words::new("不是有效的编号", "This is not a valid id"),
                        Words::new("请从列表或链接中重新打开", "Open it again from a list or a link"),
                    )
                })
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }
        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(given: &str) -> Result<Self, Malformed> {
                $name::parse("id", given)
            }
        }
    };
}

uuid_type!(
    /// A duty (责任事项).
    DutyId
);
uuid_type!(
    /// An event of the ledger.
    EventId
);
uuid_type!(
    /// A file of evidence.
    FileId
);
uuid_type!(
    /// A person with an account.
    PersonId
);
uuid_type!(
    /// A signed-in session.
    SessionId
);

macro_rules! code_type {
    ($(#[$doc:meta])* $name:ident, $max:expr, $ok:expr, $zh:expr, $en:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            /// Parses what was given for `field`.
            pub fn parse(field: &str, given: &str) -> Result<Self, Malformed> {
                let ok: fn(char) -> bool = $ok;
                let text = given.trim();
                if text.is_empty() || text.chars().count() > $max || !text.chars().all(ok) {
                    return Err(Malformed::new(
                        "code.malformed",
                        field,
                        given,
                        Words::new($zh, $en),
                        Words::new("请从列表中选择", "Choose one from the list"),
                    ));
                }
                Ok($name(text.to_owned()))
            }
            /// The code.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(given: &str) -> Result<Self, Malformed> {
                $name::parse("code", given)
            }
        }
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(given: String) -> Result<Self, String> {
                $name::parse("code", &given).map_err(|_| format!("not a code: {}", crate::refusal::clip(&given)))
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

code_type!(
    /// A unit: a department such as `fgj` (区发改局), a street `530111001`, a community `530111001001`, a firm.
    UnitCode, 40,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
    "单位代码只能含小写字母、数字和连字符", "A unit code has lower-case letters, digits and hyphens only"
);
code_type!(
    /// A post in a unit, such as `fgj.chief`; acts are done as a post, so the memory stays when people change.
    PostCode, 64,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.',
    "岗位代码只能含小写字母、数字、点和连字符", "A post code has lower-case letters, digits, dots and hyphens only"
);
code_type!(
    /// A code of the playbook: an item `M-097`, a rule `plan.item`, a kind `decision`.
    Slug, 64,
    |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'),
    "代码只能含字母、数字、点、连字符和下划线", "A code has letters, digits, dots, hyphens and underscores only"
);

impl PostCode {
    /// The unit part: `fgj` of `fgj.chief`.
    pub fn unit_part(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(unit, _)| unit)
    }
}

/// A county-level division of GB/T 2260, such as 530111 (官渡区): the tenant of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DistrictCode(i32);

impl DistrictCode {
    /// 官渡区, Kunming.
    pub const GUANDU: DistrictCode = DistrictCode(530_111);
    /// Parses six digits.
    pub fn parse(field: &str, given: &str) -> Result<Self, Malformed> {
        let text = given.trim();
        match (text.len(), text.parse::<i32>()) {
            (6, Ok(n)) if n >= 110_000 => Ok(DistrictCode(n)),
            _ => Err(Malformed::new(
                "district.malformed",
                field,
                given,
                Words::new("不是六位行政区划代码", "This is not a six-digit division code"),
                Words::new("请使用GB/T 2260代码,如530111", "Use a GB/T 2260 code such as 530111"),
            )),
        }
    }
    /// From the database's number.
    pub const fn from_number(number: i32) -> Self {
        DistrictCode(number)
    }
    /// For the database.
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl fmt::Display for DistrictCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}
