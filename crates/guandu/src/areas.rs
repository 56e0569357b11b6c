//! Every area on one screen: its schema, texts, routes and place in the navigation.

use axum::Router;
use base::core::{App, NavEntry};
use base::migrate::Migration;
use base::web::RouteInfo;

/// The schema: one linear history over all areas.
pub fn migrations() -> Vec<Migration> {
    [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, plan::MIGRATIONS].concat()
}

/// The program's own texts.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));

/// Catalogues of all areas, Chinese first.
pub fn texts() -> Vec<(&'static str, &'static str)> {
    vec![org::TEXTS, duty::TEXTS, plan::TEXTS, cockpit::TEXTS, TEXTS]
}

/// Routes of all areas.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(org::web::routes())
        .merge(duty::web::routes())
        .merge(plan::web::routes())
        .merge(cockpit::web::routes())
        .merge(crate::server::routes())
}

/// Every route, for `/admin/routes` and for the guard that tries each without a session.
pub fn route_list() -> Vec<RouteInfo> {
    [
        base::web::open::ROUTES,
        org::web::ROUTES,
        duty::web::ROUTES,
        plan::web::ROUTES,
        cockpit::web::ROUTES,
        crate::server::ROUTES,
    ]
    .concat()
}

/// The navigation, in order. A count is work that waits for the post.
pub fn navigation() -> Vec<NavEntry> {
    let entry = |section, title, href, icon| NavEntry { section, title, href, icon, badge: None };
    vec![
        entry("nav.overview", "nav.cockpit", "/", "layout-dashboard"),
        NavEntry {
            badge: Some(duty::web::badge),
            ..entry("nav.overview", "nav.work", "/inbox", "checklist")
        },
        entry("nav.deliver", "nav.plan", "/plan", "list-tree"),
        entry("nav.deliver", "nav.duties", "/duties", "clipboard-list"),
        entry("nav.trust", "nav.ledger", "/ledger", "shield-check"),
        entry("nav.trust", "nav.methods", "/methods", "calculator"),
        entry("nav.manage", "nav.people", "/units", "building"),
        entry("nav.manage", "nav.accounts", "/people", "users"),
        entry("nav.manage", "nav.policy", "/policy", "lock"),
    ]
}
