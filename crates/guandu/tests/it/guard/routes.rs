//! Every route is on the list, and none that needs a session answers without one.

use crate::world::{World, both};
use std::collections::BTreeSet;

/// A path with its parameters filled in.
fn example(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap();
        out.push_str(match name {
            "district" => "530111",
            "tag" => "en",
            "theme" => "dark",
            "hash" => "x",
            "name" => "gd.css",
            "no" => "M-001",
            "*path" => "0/000.p/1",
            _ => "00000000-0000-7000-8000-000000000000",
        });
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[test]
fn the_list_is_the_snapshot() {
    let mut lines: Vec<String> = guandu::areas::route_list()
        .iter()
        .map(|r| format!("{:6} {:48} {}", r.method, r.path, r.needs))
        .collect();
    lines.sort();
    insta::assert_snapshot!("routes", lines.join("\n"));
}

#[test]
fn no_route_is_twice_on_the_list() {
    let list = guandu::areas::route_list();
    let set: BTreeSet<_> = list.iter().map(|r| (r.method, r.path)).collect();
    assert_eq!(set.len(), list.len());
}

#[test]
fn routes_ask_for_a_session() {
    both("route_guard", async |w: World| {
        for route in guandu::areas::route_list() {
            let path = example(route.path);
            let answer = w.visitor().send(route.method, &path, None).await;
            let told = format!("{} {path} answered {}", route.method, answer.status);
            assert_ne!(answer.status, 405, "{told}: it is not in the router with this method");
            if route.needs == "open" {
                assert!(answer.status < 500, "{told}");
                continue;
            }
            let page = route.method == "GET" && !path.starts_with("/api/");
            let refused =
                if page { answer.status == 303 } else { matches!(answer.status, 400 | 401 | 403 | 415) };
            assert!(refused, "{told} to somebody without a session");
        }
    });
}

#[test]
fn the_api_is_described() {
    let described = guandu::server::openapi();
    let paths: BTreeSet<String> = described.paths.paths.keys().cloned().collect();
    let missing: Vec<&str> = guandu::areas::route_list()
        .iter()
        .filter(|r| r.path.starts_with("/api/v1/") && !paths.contains(r.path))
        .filter(|r| r.path != "/api/v1/openapi.json")
        .map(|r| r.path)
        .collect();
    assert!(missing.is_empty(), "not in OpenAPI: {missing:?}");
}
