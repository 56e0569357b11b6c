//! What the source cites is explained: `docs/SOURCES.md` has a line for every place.

use super::source::{files, root};
use std::collections::{BTreeMap, BTreeSet};

/// The places that a text cites: `D§4.19`, `DESIGN §5`, `PEERS G5`. Rows in brackets belong to their place.
fn cited(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (mark, spaced) in [("D§", "D§"), ("DESIGN §", "DESIGN §"), ("PEERS G", "PEERS G")] {
        for part in text.split(mark).skip(1) {
            let place: String = part
                .chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.' || c.is_ascii_uppercase())
                .collect();
            let place = place.trim_end_matches('.');
            if place.starts_with(|c: char| c.is_ascii_digit() || c == 'B') {
                out.insert(format!("{spaced}{place}"));
            }
        }
    }
    out
}

/// A place is explained by itself or, when it is an item of a list, by the list: `D§2.3.3` by `D§2.3`. D§15 is one list.
fn explained(place: &str, key: &BTreeSet<String>) -> bool {
    let is_list = |head: &str| head.contains('.') || head == "D§15";
    let list = place.rsplit_once('.').map(|(head, _)| head).filter(|head| is_list(head));
    key.contains(place) || list.is_some_and(|list| key.contains(list))
}

#[test]
fn every_cited_place_is_explained() {
    let key = cited(&std::fs::read_to_string(root().join("docs/SOURCES.md")).unwrap());
    assert!(key.len() > 60, "{key:?}");
    let mut lost: BTreeMap<String, String> = BTreeMap::new();
    let mut texts: Vec<(String, String)> =
        [".rs", ".toml", ".sql"].iter().flat_map(|ending| files(ending)).collect();
    for entry in std::fs::read_dir(root().join("playbooks/guandu-2019")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    for (name, text) in texts.iter().filter(|(name, _)| !name.ends_with("guard/sources.rs")) {
        for place in cited(text).into_iter().filter(|place| !explained(place, &key)) {
            lost.entry(place).or_insert_with(|| name.clone());
        }
    }
    assert!(lost.is_empty(), "not in docs/SOURCES.md: {lost:#?}");
}

#[test]
fn citations_are_read_as_written() {
    let text = "limits (D§7.2, D§B.1(8)); see D§15.22. DESIGN §11: 200 MB, PEERS G5). D§A is none";
    let found: Vec<String> = cited(text).into_iter().collect();
    assert_eq!(found, ["DESIGN §11", "D§15.22", "D§7.2", "D§B.1", "PEERS G5"]);
}
