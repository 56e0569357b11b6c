//! Caps and arrows: files, functions, layers.

use super::source::{files, root};

/// Longest file in lines.
const FILE_CAP: usize = 500;
/// Longest function in lines.
const FUNCTION_CAP: usize = 80;

#[test]
fn files_stay_under_the_cap() {
    let long: Vec<String> = files(".rs")
        .iter()
        .filter(|(_, text)| text.lines().count() > FILE_CAP)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "over {FILE_CAP} lines:\n{}", long.join("\n"));
}

#[test]
fn functions_stay_under_the_cap() {
    let mut long = Vec::new();
    for (name, text) in files(".rs") {
        let lines: Vec<&str> = text.lines().collect();
        for (i, line) in lines.iter().enumerate() {
            let bare = line.trim_start();
            let begins = [
                "fn ",
                "pub fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
                "async fn ",
                "pub async fn ",
                "const fn ",
                "pub const fn ",
            ]
            .iter()
            .any(|head| bare.starts_with(head));
            if !begins {
                continue;
            }
            let opened = lines[i..].iter().find(|l| l.contains('{') || l.trim_end().ends_with(';'));
            if !opened.is_some_and(|l| l.contains('{')) {
                continue;
            }
            let indent = &line[..line.len() - bare.len()];
            let close = format!("{indent}}}");
            let length = lines[i..].iter().position(|l| *l == close).map_or(1, |n| n + 1);
            if length > FUNCTION_CAP {
                long.push(format!("{name}:{}: {length} lines", i + 1));
            }
        }
    }
    assert!(long.is_empty(), "functions over {FUNCTION_CAP} lines:\n{}", long.join("\n"));
}

#[test]
fn pure_files_know_no_machinery() {
    let machinery = [
        "axum::",
        "tokio::",
        "rusqlite",
        "std::fs",
        "std::net",
        "SystemTime",
        "base::db",
        "base::web",
        "async fn",
    ];
    let pure = |name: &str| {
        name.starts_with("crates/kernel/src")
            || name.ends_with("/rules.rs")
            || name.contains("/rules/")
            || name.ends_with("/event.rs")
    };
    let mut found = Vec::new();
    for (name, text) in files(".rs").iter().filter(|(name, _)| pure(name) && !name.contains("tests")) {
        for (i, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if machinery.iter().any(|word| code.contains(word)) {
                found.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "machinery in pure files:\n{}", found.join("\n"));
}

#[test]
fn arrows_run_left_only() {
    let order = [
        "kernel", "base", "org", "duty", "measure", "plan", "project", "case", "service", "cadence",
        "assess", "cockpit", "sim", "guandu",
    ];
    let siblings = ["case", "service", "cadence"];
    let place = |name: &str| order.iter().position(|n| *n == name);
    let mut wrong = Vec::new();
    for (file, text) in files("Cargo.toml") {
        let own = file.split('/').nth(1).unwrap_or_default().to_owned();
        let needs = text.lines().filter_map(|line| line.strip_suffix(".workspace = true"));
        for need in needs {
            let both_siblings = siblings.contains(&own.as_str()) && siblings.contains(&need);
            if let (Some(from), Some(to)) = (place(&own), place(need))
                && (to >= from || both_siblings)
            {
                wrong.push(format!("{own} → {need}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against the graph: {wrong:?}");
}

#[test]
fn backends_are_named_in_base_db_only() {
    let allowed = ["crates/base/src/db/", "crates/guandu/src/bench/", "crates/guandu/tests/"];
    let named = ["rusqlite::", "tokio_postgres::", "deadpool_postgres"];
    let found: Vec<String> = files(".rs")
        .iter()
        .filter(|(name, _)| !allowed.iter().any(|head| name.starts_with(head)))
        .filter(|(_, text)| named.iter().any(|word| text.contains(word)))
        .map(|(name, _)| name.clone())
        .collect();
    assert!(found.is_empty(), "a backend is named outside base::db: {found:?}");
}

#[test]
fn nothing_marks_itself_unfinished() {
    let words = ["todo!(", "unimplemented!(", "FIXME", "coming soon", "not implemented"];
    let mut found = Vec::new();
    for (name, text) in files(".rs").iter().filter(|(name, _)| !name.ends_with("guard/tidy.rs")) {
        for (i, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn vendored_assets_are_declared() {
    let vendor = std::fs::read_to_string(root().join("crates/base/assets/VENDOR.md")).unwrap();
    for name in ["tabler", "htmx", "echarts", "Inter"] {
        assert!(vendor.to_lowercase().contains(&name.to_lowercase()), "VENDOR.md does not name {name}");
    }
}
