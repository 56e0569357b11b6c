//! What every row has in common: where it comes from, from when to when it holds, which roles there are.

use super::fault::What;
use super::flaw::{DateFlaw, TextFlaw};
use super::sheet::{Faults, Row};
use crate::access::Role;
use crate::id::Slug;
use crate::refusal::clip;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a line of a playbook comes from: `article`, `example`, `D§4.26`, `S143`, `gk` (general knowledge, to check).
///
/// What no source gives is an example and is shown as 示例, never as a fact (DESIGN §8).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

impl Source {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether the article says so.
    pub fn is_article(&self) -> bool {
        self.0 == "article"
    }
    /// Whether it is made up to show how the thing works.
    pub fn is_example(&self) -> bool {
        self.0 == "example"
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Source {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        let text = given.trim();
        let known = matches!(text, "article" | "example" | "gk")
            || text.starts_with("D§")
            || text.strip_prefix('S').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            || text.starts_with("http");
        if known && text.chars().count() <= 120 {
            Ok(Source(text.to_owned()))
        } else {
            Err("a source is article, example, gk, D§…, S… or an address".to_owned())
        }
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.0
    }
}

/// Checks that `until` is not before `from`; the row's field is named `until`.
pub(super) fn span<T>(row: &Row<T>, from: Day, until: Option<Day>, faults: &mut Faults<'_>) {
    if let Some(until) = until.filter(|u| *u < from) {
        faults.add(
            &row.place,
            "until",
            DateFlaw::Backwards { from: from.to_string(), until: until.to_string() },
        );
    }
}

/// Checks the source of a row whose type is not the playbook's own and keeps it as plain text.
pub(super) fn text<T>(row: &Row<T>, source: &str, faults: &mut Faults<'_>) {
    if let Err(why) = Source::try_from(source.to_owned()) {
        let given = clip(source);
        faults.add(&row.place, "source", TextFlaw::Value { field: "source".to_owned(), given, why });
    }
}

/// Checks that a role is one of the access policy's.
pub(super) fn role<T>(row: &Row<T>, path: &str, role: &Slug, faults: &mut Faults<'_>) {
    if Role::parse(path, role.as_str()).is_err() {
        let known = Role::ALL.iter().copied().map(Role::code);
        faults.unknown(&row.place, path, What::Role, role.as_str(), known);
    }
}
