//! Numbers on papers: the document number (发文字号) and Kunming's index number of public information (索引号).
//! Sources: D§10.5, D§8.1, D§1.2.

use super::{Doubt, OrgCode, all_digits, misshapen, part, serde_text};
use crate::refusal::Malformed;
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A document number such as 官政办发〔2019〕12号: mark of the organ, year, serial without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocNumber {
    organ: String,
    year: u16,
    serial: u32,
}
serde_text!(DocNumber);

impl DocNumber {
    /// From its parts, as the number allocator has them; `None` for an organ mark that is empty, longer than 12
    /// characters or has brackets, a year outside 1900 to 2099, or serial 0.
    pub fn new(organ: &str, year: u16, serial: u32) -> Option<DocNumber> {
        let n = organ.chars().count();
        let plain = !organ.contains(|c: char| c.is_control() || c.is_whitespace() || c == '〔' || c == '〕');
        let sound = (1..=12).contains(&n) && plain && (1900..2100).contains(&year) && serial > 0;
        sound.then(|| DocNumber { organ: organ.to_owned(), year, serial })
    }

    /// Parses 官政办发〔2019〕12号 strictly: six-corner brackets (U+3014, U+3015), no 第, no leading zero.
    ///
    /// # Errors
    /// Any other form; where brackets or zeros are all that is wrong, the refusal says how it should be written.
    pub fn parse(field: &str, given: &str) -> Result<DocNumber, Malformed> {
        let text = given.trim();
        let read = DocNumber::read(text);
        read.filter(|number| number.to_string() == text).ok_or_else(|| DocNumber::refusal(field, given, text))
    }

    fn read(text: &str) -> Option<DocNumber> {
        let (organ, rest) = text.split_once('〔')?;
        let (year, rest) = rest.split_once('〕')?;
        let serial = rest.strip_suffix('号')?;
        if year.len() != 4 || !all_digits(year) || !all_digits(serial) {
            return None;
        }
        DocNumber::new(organ, year.parse().ok()?, serial.parse().ok()?)
    }

    fn refusal(field: &str, given: &str, text: &str) -> Malformed {
        let brackets = |c: char| match c {
            '[' | '(' | '\u{FF08}' | '【' | '\u{FF3B}' | '﹝' => '〔',
            ']' | ')' | '\u{FF09}' | '】' | '\u{FF3D}' | '﹞' => '〕',
            c => c,
        };
        let mended: String = text.chars().filter(|c| !c.is_whitespace()).map(brackets).collect();
        let meant = DocNumber::read(&mended.replace("〕第", "〕"));
        let example = meant.map_or_else(|| "官政办发〔2019〕12号".to_owned(), |number| number.to_string());
        Malformed::new(
            "doc_number.malformed",
            field,
            given,
            Words::new(
                "发文字号应为机关代字、六角括号年份、序号和“号”,不加“第”,序号不以0开头",
                "A document number has the organ's mark, the year in six-corner brackets, a serial without leading zeros, and 号",
            ),
            Words::new(format!("请写成:{example}"), format!("Write it as: {example}")),
        )
    }

    /// Mark of the organ: 官政办发.
    pub fn organ(&self) -> &str {
        &self.organ
    }
    /// Year.
    pub const fn year(&self) -> u16 {
        self.year
    }
    /// Serial, from 1, gap-free per organ and year.
    pub const fn serial(&self) -> u32 {
        self.serial
    }
}

impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.organ, self.year, self.serial)
    }
}

/// An index number as Kunming's public pages carry it: `015115177-202201-501651`, that is organisation code, year and
/// month, six-digit serial.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IndexNumber {
    organ: OrgCode,
    year: u16,
    month: u8,
    serial: u32,
}
serde_text!(IndexNumber);

impl IndexNumber {
    /// From its parts; `None` for a year outside 1900 to 2099, no month, or a serial of more than six digits.
    pub fn new(organ: OrgCode, year: u16, month: u8, serial: u32) -> Option<IndexNumber> {
        let sound = (1900..2100).contains(&year) && (1..=12).contains(&month) && serial < 1_000_000;
        sound.then_some(IndexNumber { organ, year, month, serial })
    }
    /// Parses what was given for `field`.
    ///
    /// # Errors
    /// Not nine characters, six digits with a real month, and six digits.
    pub fn parse(field: &str, given: &str) -> Result<IndexNumber, Malformed> {
        IndexNumber::read(given.trim()).ok_or_else(|| {
            misshapen(
                "index_number.malformed",
                field,
                given,
                "索引号应为9位机构代码-6位年月-6位流水号",
                "An index number has a nine-character organisation code, year and month, and a six-digit serial",
                "015115177-202201-501651",
            )
        })
    }
    fn read(text: &str) -> Option<IndexNumber> {
        let mut groups = text.split('-');
        let (organ, month, serial) = (groups.next()?, groups.next()?, groups.next()?);
        let shaped = organ.len() == 9 && month.len() == 6 && serial.len() == 6;
        if groups.next().is_some() || !shaped || !all_digits(month) || !all_digits(serial) {
            return None;
        }
        let organ = OrgCode::parse("index_number", organ).ok()?;
        let year = part(month, 0, 4).parse().ok()?;
        IndexNumber::new(organ, year, part(month, 4, 6).parse().ok()?, serial.parse().ok()?)
    }
    /// The organ that published.
    pub const fn organ(&self) -> &OrgCode {
        &self.organ
    }
    /// What arithmetic finds odd: one of two observed organ codes fails its check digit (D§1.2).
    pub fn doubts(&self) -> Vec<Doubt> {
        let inner = |doubt| match doubt {
            Doubt::CheckDigit { expected, found } => Doubt::OrgCheckDigit { expected, found },
            other => other,
        };
        self.organ.doubts().into_iter().map(inner).collect()
    }
}

impl fmt::Display for IndexNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}{:02}-{:06}", self.organ, self.year, self.month, self.serial)
    }
}
