//! Query strings, read strictly: a parameter that a page does not have is refused by name, never ignored.
//!
//! ```
//! use base::web::query::Params;
//! let params = Params::page(Some("state=open&after=".to_owned()), &["state", "after"]).unwrap();
//! assert_eq!(params.get("state"), Some("open"));
//! assert_eq!(params.with("/duties", "state", None), "/duties");
//! assert!(Params::page(Some("stat=open".to_owned()), &["state"]).is_err());
//! ```

use super::form::pairs;
use crate::fault::{Fault, Outcome};
use kernel::{Malformed, Words};

/// Parameters that every page takes: language, the toast of an act, the past day.
const COMMON: [&str; 3] = ["lang", "ok", "as_of"];

/// The filled-in parameters of a request, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a page's query; `known` are its own parameters.
    pub fn page(query: Option<String>, known: &[&str]) -> Outcome<Params> {
        Params::read(query, known, &COMMON)
    }
    /// Reads an API call's query.
    pub fn api(query: Option<String>, known: &[&str]) -> Outcome<Params> {
        Params::read(query, known, &["lang"])
    }
    fn read(query: Option<String>, known: &[&str], common: &[&str]) -> Outcome<Params> {
        let mut kept = Vec::new();
        for (name, value) in pairs(&query.unwrap_or_default()) {
            if common.contains(&name.as_str()) {
                continue;
            }
            if !known.contains(&name.as_str()) {
                return Err(unknown(&name, known).into());
            }
            if !value.trim().is_empty() {
                kept.push((name, value.trim().to_owned()));
            }
        }
        Ok(Params(kept))
    }
    /// The value of a parameter that was filled in.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// The same as an owned text.
    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }
    /// True when something narrows the list.
    pub fn narrows(&self) -> bool {
        self.0.iter().any(|(name, _)| name != "after" && name != "limit")
    }
    /// Where the page begins, as the list reads its own cursors.
    pub fn after<T, E: Into<Fault>>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Outcome<Option<T>> {
        self.get("after").map(read).transpose().map_err(Into::into)
    }
    /// How many rows: 1 to `most`, `usual` when not given.
    pub fn limit(&self, usual: u32, most: u32) -> Outcome<u32> {
        let Some(given) = self.get("limit") else { return Ok(usual) };
        match given.parse::<u32>() {
            Ok(n) if (1..=most).contains(&n) => Ok(n),
            _ => Err(Malformed::new(
                "page.limit",
                "limit",
                given,
                Words::new(format!("每页条数应为1至{most}"), format!("A page has 1 to {most} rows")),
                Words::new("请改正limit", "Correct limit"),
            )
            .into()),
        }
    }
    /// One of the words that a parameter takes.
    pub fn choice(&self, name: &str, words: &[&'static str]) -> Outcome<Option<&'static str>> {
        let Some(given) = self.get(name) else { return Ok(None) };
        let found = words.iter().copied().find(|word| *word == given);
        found.map(Some).ok_or_else(|| {
            let list = words.join(", ");
            Malformed::new(
                "query.choice",
                name,
                given,
                Words::new(format!("可选值：{list}"), format!("It takes: {list}")),
                Words::new("请改正后重试", "Correct it and try again"),
            )
            .into()
        })
    }
    /// The address with one parameter set or taken away; the page position goes, because the list is another.
    pub fn with(&self, path: &str, name: &str, value: Option<&str>) -> String {
        let kept = self.0.iter().filter(|(key, _)| key != name && key != "after");
        let mut list: Vec<(&str, &str)> = kept.map(|(k, v)| (k.as_str(), v.as_str())).collect();
        if let Some(value) = value {
            list.push((name, value));
        }
        address(path, &list)
    }
    /// The other parameters, for the hidden fields of a filter's form.
    pub fn without<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a (String, String)> {
        self.0.iter().filter(move |(key, _)| !names.contains(&key.as_str()) && key != "after")
    }
    /// This address as it is.
    pub fn here(&self, path: &str) -> String {
        let list: Vec<(&str, &str)> = self.0.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        address(path, &list)
    }
}

fn address(path: &str, list: &[(&str, &str)]) -> String {
    let parts: Vec<String> = list.iter().map(|(k, v)| format!("{k}={}", super::encode(v))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

fn unknown(name: &str, known: &[&str]) -> Malformed {
    let list = known.join(", ");
    Malformed::new(
        "query.unknown",
        name,
        name,
        Words::new(
            format!("没有这个查询参数；可用：{list}"),
            format!("There is no such parameter; known: {list}"),
        ),
        Words::new("请删除或改正该参数", "Remove or correct it"),
    )
}
