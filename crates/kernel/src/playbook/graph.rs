//! Rings in references: a unit above itself, an item or gate that waits for itself.

use std::collections::{BTreeMap, BTreeSet};

/// The first ring found among `node → the nodes it refers to`: a node in it, and the ring as text `a → b → a`.
pub(super) fn ring<I, T>(edges: I) -> Option<(String, String)>
where
    I: Iterator<Item = (String, T)>,
    T: Iterator<Item = String>,
{
    let graph: BTreeMap<String, Vec<String>> = edges.map(|(from, to)| (from, to.collect())).collect();
    let mut clear: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        // Each entry of the path is a node and how many of its references were followed.
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((node, followed)) = path.pop() {
            let Some(next) = graph.get(node).and_then(|to| to.get(followed)) else {
                clear.insert(node);
                continue;
            };
            path.push((node, followed + 1));
            if let Some(at) = path.iter().position(|(n, _)| *n == next) {
                let mut names: Vec<&str> = path.iter().skip(at).map(|(n, _)| *n).collect();
                names.push(next);
                return Some((next.clone(), names.join(" → ")));
            }
            if !clear.contains(next.as_str()) {
                path.push((next, 0));
            }
        }
    }
    None
}
