//! `dedup`: the groups of requests that would be suggested as one matter, on anyone's table. Nothing is merged.

use super::dispatch::refused;
use super::{OK, out};
use base::Outcome;
use case::same::{Cluster, Item, Rules, cluster, table};
use kernel::Lang;
use std::path::Path;

/// Prints one line a group: score, number, ids, why.
pub(super) fn dedup(file: &Path, days: u32, bar: f64, json: bool) -> Outcome<u8> {
    let items = table::items(&std::fs::read(file)?).map_err(refused)?;
    let groups = cluster(&items, &Rules { days, bar });
    for group in &groups {
        out::line(if json { as_json(&items, group) } else { as_text(&items, group) });
    }
    let inside: usize = groups.iter().map(|g| g.items.len()).sum();
    out::note(format!("{} requests, {} groups, {inside} requests in groups", items.len(), groups.len()));
    Ok(OK)
}

fn id(items: &[Item], at: usize) -> &str {
    items.get(at).map_or("", |item| item.id.as_str())
}

fn as_text(items: &[Item], group: &Cluster) -> String {
    let ids: Vec<&str> = group.items.iter().map(|at| id(items, *at)).collect();
    // The weakest join is what a person should doubt first.
    let why = group.links.last().map(|link| link.why.reasons(Lang::Zh).join("、")).unwrap_or_default();
    format!("{:.2}\t{}\t{}\t{why}", group.score, ids.len(), ids.join(" "))
}

fn as_json(items: &[Item], group: &Cluster) -> String {
    let ids: Vec<&str> = group.items.iter().map(|at| id(items, *at)).collect();
    let link = |link: &case::same::Link| {
        serde_json::json!({
            "a": id(items, link.a), "b": id(items, link.b), "score": link.why.score, "text": link.why.text,
            "days": link.why.days, "reasons": link.why.reasons(Lang::Zh),
        })
    };
    let links: Vec<_> = group.links.iter().map(link).collect();
    serde_json::json!({ "score": group.score, "ids": ids, "links": links }).to_string()
}
