//! Query strings, read strictly: a parameter that a page does not have is refused by name, never ignored.

use crate::whistle::model::WhistleId;
use base::web::form::pairs;
use base::{Common, Fault, Outcome};
use kernel::{DutyId, Malformed, Words};

/// Parameters that every page takes: language, the toast of an act, the past day.
const COMMON: [&str; 3] = ["lang", "ok", "as_of"];

/// The filled-in parameters of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a query; `known` are the page's own parameters.
    pub(super) fn read(query: Option<String>, known: &[&str]) -> Outcome<Params> {
        let mut kept = Vec::new();
        for (name, value) in pairs(&query.unwrap_or_default()) {
            if COMMON.contains(&name.as_str()) {
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
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// True when something narrows the list.
    pub(super) fn narrows(&self) -> bool {
        self.0.iter().any(|(name, _)| name != "after" && name != "limit" && name != "view")
    }
    /// Where the page begins.
    pub(super) fn after(&self) -> Outcome<Option<WhistleId>> {
        Ok(self.get("after").map(|given| DutyId::parse("after", given)).transpose()?)
    }
    /// How many rows.
    pub(super) fn limit(&self, usual: u32, most: u32) -> Outcome<u32> {
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
    /// The other parameters, for the hidden fields of a filter's form.
    pub(super) fn without<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a (String, String)> {
        self.0.iter().filter(move |(key, _)| !names.contains(&key.as_str()) && key != "after")
    }
    /// The address with one parameter set or taken away; the page position goes, because the list is another.
    pub(super) fn with(&self, path: &str, name: &str, value: Option<&str>) -> String {
        let kept = self.0.iter().filter(|(key, _)| key != name && key != "after");
        let mut list: Vec<(&str, &str)> = kept.map(|(k, v)| (k.as_str(), v.as_str())).collect();
        if let Some(value) = value {
            list.push((name, value));
        }
        let parts: Vec<String> = list.iter().map(|(k, v)| format!("{k}={}", base::web::encode(v))).collect();
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }
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

/// Reads an id of an address; a malformed one is as absent as an unknown one.
pub(super) fn id_of(given: &str) -> Outcome<WhistleId> {
    DutyId::parse("whistle", given).map_err(|_| absent(given))
}

/// The answer about a whistle that does not exist.
pub(super) fn absent(given: &str) -> Fault {
    Common::NotFound { what: "whistle", given: given.to_owned() }.into()
}
