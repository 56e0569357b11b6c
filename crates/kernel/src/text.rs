//! Text parsed at the door: languages, bilingual words, titles and bodies with stated bounds.

use crate::refusal::Malformed;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The two languages of every page, message and document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// 简体中文, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The BCP 47 tag for `lang` attributes and cookies.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
    /// Reads a tag such as `en-GB` or `zh`; anything unknown is `None`.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }
    /// Picks the text of this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A text in both languages, as playbooks and refusals carry it. An absent English falls back to the Chinese.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English; empty when the playbook gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Words {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Words { zh: zh.into(), en: en.into() }
    }
    /// The text of `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            _ => &self.zh,
        }
    }
}

/// Counts characters, refuses control characters other than line breaks, trims the ends.
fn bounded(field: &str, given: &str, min: usize, max: usize, lines: bool) -> Result<String, Malformed> {
    let text = given.trim();
    let n = text.chars().count();
    let bad = |code, reason, next| Err(Malformed::new(code, field, given, reason, next));
    if n < min {
        return bad(
            "text.empty",
            Words::new("内容为空", "The text is empty"),
            Words::new(format!("请填写至少{min}个字"), format!("Enter at least {min} characters")),
        );
    }
    if n > max {
        return bad(
            "text.too_long",
            Words::new(
                format!("内容有{n}个字,上限是{max}个"),
                format!("The text has {n} characters, the cap is {max}"),
            ),
            Words::new("请缩短后重新提交", "Shorten it and submit again"),
        );
    }
    let allowed = |c: char| !c.is_control() || (lines && (c == '\n' || c == '\t' || c == '\r'));
    if !text.chars().all(allowed) {
        return bad(
            "text.control",
            Words::new("含有控制字符", "The text contains control characters"),
            Words::new("请删除不可见字符后重新提交", "Remove invisible characters and submit again"),
        );
    }
    Ok(text.to_owned())
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr, $lines:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            #[doc = concat!("Longest accepted text in characters: ", stringify!($max), ".")]
            pub const MAX: usize = $max;
            /// Parses what was given for `field`.
            pub fn parse(field: &str, given: &str) -> Result<Self, Malformed> {
                bounded(field, given, $min, $max, $lines).map($name)
            }
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(given: String) -> Result<Self, String> {
                use crate::refusal::Refuse;
                $name::parse(stringify!($name), &given).map_err(|no| no.reason(Lang::En))
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
    };
}

text_type!(
    /// A title: one line, 1 to 120 characters.
    Title, 1, 120, false
);
text_type!(
    /// A reason or a short remark: several lines, 1 to 2,000 characters.
    Remark, 1, 2000, true
);
text_type!(
    /// A long text (criterion, reply, minutes): several lines, 1 to 20,000 characters.
    Body, 1, 20_000, true
);
