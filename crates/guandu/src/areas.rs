//! Every area on one screen: its schema, texts, routes and place in the navigation.

use axum::Router;
use base::core::{App, NavEntry};
use base::migrate::Migration;
use base::web::RouteInfo;

/// The schema: one linear history over all areas.
pub fn migrations() -> Vec<Migration> {
    [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, plan::MIGRATIONS, case::MIGRATIONS]
        .concat()
}

/// What every area writes into the ledger: its kinds of events with a sample of each.
pub fn recorded() -> Vec<kernel::sample::Recorded> {
    vec![
        base::books::RECORDED,
        base::erase::RECORDED,
        org::RECORDED,
        org::RECORDED_SESSIONS,
        org::RECORDED_HOOKS,
        duty::RECORDED,
        plan::RECORDED,
        case::event::RECORDED,
        case::whistle::RECORDED,
        case::topic::RECORDED,
        cockpit::RECORDED,
    ]
}

/// The program's own texts.
pub const TEXTS: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));

/// Catalogues of all areas, Chinese first.
pub fn texts() -> Vec<(&'static str, &'static str)> {
    vec![org::TEXTS, duty::TEXTS, plan::TEXTS, case::TEXTS, cockpit::TEXTS, TEXTS]
}

/// What webhooks tell, for the choices on the page of receivers.
pub fn webhook_kinds() -> base::outbox::hooks::Kinds {
    let words =
        kernel::Words::new("事项通知：交办、催办、升级等", "Notices of duties: assigned, urged, escalated …");
    base::outbox::hooks::Kinds(vec![(duty::outside::KIND, words)])
}

/// Areas that hear of every act on their kind of duty, in its transaction.
pub fn followers() -> duty::follow::Followers {
    duty::follow::Followers::new(&[
        (case::KIND, case::follow::FOLLOWER),
        (case::whistle::KIND, case::whistle::FOLLOWER),
    ])
}

/// Queues that pages may listen to, each with the act that it is open to.
pub fn queues() -> std::collections::BTreeMap<&'static str, kernel::access::Action> {
    use kernel::access::Action;
    [
        ("dispatch", Action::CaseDispatch),
        ("call_back", Action::CaseCallBack),
        ("exclusion", Action::CaseDecideExclusion),
    ]
    .into()
}

/// Routes of all areas.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(base::feed::routes())
        .merge(org::web::routes())
        .merge(duty::web::routes())
        .merge(plan::web::routes())
        .merge(case::web::routes())
        .merge(cockpit::web::routes())
        .merge(crate::server::routes())
}

/// Every route, for `/admin/routes` and for the guard that tries each without a session.
pub fn route_list() -> Vec<RouteInfo> {
    [
        base::web::open::ROUTES,
        base::feed::ROUTES,
        org::web::ROUTES,
        duty::web::ROUTES,
        plan::web::ROUTES,
        case::web::route_list().as_slice(),
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
        entry("nav.deliver", "nav.cases", "/cases", "message-circle"),
        entry("nav.deliver", "nav.whistle", "/whistles", "speakerphone"),
        entry("nav.deliver", "nav.rates", "/rates", "chart-bar"),
        entry("nav.trust", "nav.ledger", "/ledger", "shield-check"),
        entry("nav.trust", "nav.methods", "/methods", "calculator"),
        entry("nav.manage", "nav.people", "/units", "building"),
        entry("nav.manage", "nav.accounts", "/people", "users"),
        entry("nav.manage", "nav.policy", "/policy", "lock"),
    ]
}
