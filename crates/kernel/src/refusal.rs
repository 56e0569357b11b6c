//! How Guandu says no.
//!
//! Every refusal names a stable code, the field and value it is about, the reason, and the next step, in Chinese
//! and English. An area enumerates its refusals and puts all their words into one `match`; [`Malformed`] serves
//! text that does not parse at the door.
//!
//! ```
//! use kernel::{Lang, Refuse, text::Title};
//! let no = Title::parse("title", "").unwrap_err();
//! assert_eq!(no.code(), "text.empty");
//! assert!(no.reason(Lang::En).contains("empty"));
//! ```

use crate::text::{Lang, Words};
use std::fmt;

/// What sort of "no" it is; the web layer maps it to an HTTP status and nothing else depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The input does not parse or breaks a stated bound (400).
    Invalid,
    /// No valid session or token (401).
    Unauthenticated,
    /// Known, understood and not allowed (403).
    Forbidden,
    /// Absent, or outside the scope of who asks; the two are never told apart (404).
    NotFound,
    /// The state of the thing does not admit the act, or the version is stale (409).
    Conflict,
    /// Larger than the stated cap (413).
    TooLarge,
    /// The media type is not one that is taken (415).
    Unsupported,
    /// A rule of the business says no (422).
    Rule,
    /// Asked too often (429).
    TooMany,
    /// A part that is needed is away for now (503).
    Unavailable,
}

/// A refusal with words: what an area's enum of refusals implements.
pub trait Refuse: fmt::Debug + Send + Sync + 'static {
    /// Stable dotted code, such as `duty.second_lead`; tests and API clients rely on it.
    fn code(&self) -> &'static str;
    /// The sort of refusal.
    fn kind(&self) -> Kind;
    /// The field it is about, as the form or JSON names it.
    fn field(&self) -> Option<&str> {
        None
    }
    /// The offending value as it was given, already cut to a length that is safe to show.
    fn value(&self) -> Option<String> {
        None
    }
    /// Why, in one sentence.
    fn reason(&self, lang: Lang) -> String;
    /// What to do next, in one sentence.
    fn next(&self, lang: Lang) -> String;
}

/// A boxed refusal: the error type of everything that can say no.
pub type Refused = Box<dyn Refuse>;

impl<R: Refuse> From<R> for Refused {
    fn from(refusal: R) -> Self {
        Box::new(refusal)
    }
}

impl fmt::Display for dyn Refuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {} {}", self.code(), self.reason(Lang::En), self.next(Lang::En))
    }
}

/// Input that does not parse: the general refusal of the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    code: &'static str,
    field: String,
    value: String,
    reason: Words,
    next: Words,
}

impl Malformed {
    /// Builds a refusal about `field` whose given text was `value`.
    pub fn new(code: &'static str, field: &str, value: &str, reason: Words, next: Words) -> Self {
        Malformed(Box::new(Parts { code, field: field.to_owned(), value: clip(value), reason, next }))
    }
}

impl Refuse for Malformed {
    fn code(&self) -> &'static str {
        self.0.code
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        Some(&self.0.field)
    }
    fn value(&self) -> Option<String> {
        Some(self.0.value.clone())
    }
    fn reason(&self, lang: Lang) -> String {
        self.0.reason.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.0.next.get(lang).to_owned()
    }
}

/// Cuts a given value to 64 characters and drops control characters, so that it is safe to show and to log.
pub fn clip(value: &str) -> String {
    let mut out: String = value.chars().filter(|c| !c.is_control()).take(64).collect();
    if value.chars().nth(64).is_some() {
        out.push('…');
    }
    out
}
