//! Pages and API of this area: signing in, one's own account, people, units, duty lists, policy, notices.
//!
//! | file | owns |
//! |---|---|
//! | `caller.rs`, `door.rs` | unsigned requests and the steps of signing in, without pages |
//! | `sign_in.rs`, `sign_in_page.rs` | the pages of signing in, of acting as another post |
//! | `account.rs` | one's own password, second factor, sessions |
//! | `recovery.rs` | recovery codes for the second factor |
//! | `hooks.rs`, `hooks_view.rs` | 对外接口: receivers of webhooks and their deliveries |
//! | `reading.rs` | what pages and API read of people, judged |
//! | `people.rs`, `person.rs` | accounts |
//! | `units.rs`, `mandates.rs`, `policy.rs`, `notices.rs` | what everybody looks up |
//! | `api.rs`, `api_people.rs`, `api_org.rs`, `api_hooks.rs` | the same for programs |

mod account;
mod api;
mod api_hooks;
mod api_org;
mod api_people;
mod caller;
mod door;
mod hooks;
mod hooks_view;
mod mandates;
mod notices;
mod people;
mod person;
mod policy;
mod reading;
mod recovery;
mod sign_in;
mod sign_in_page;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hooks;
#[cfg(test)]
mod tests_people;
#[cfg(test)]
mod tests_world;
mod units;
mod words;

pub use sign_in_page::DEMO_PASSWORD;

use axum::Router;
use axum::routing::{get, post};
use base::core::App;
use base::web::RouteInfo;
use utoipa::OpenApi;

/// Every page and API call of this area.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(recovery::routes())
        .merge(hooks::routes())
        .route("/people", get(people::list))
        .route("/people/new", get(people::show_new).post(people::submit_new))
        .route("/people/{id}", get(person::show))
        .route("/people/{id}/appoint", post(person::appoint))
        .route("/people/{id}/relieve", post(person::relieve))
        .route("/people/{id}/disable", post(person::disable))
        .route("/people/{id}/enable", post(person::enable))
        .route("/people/{id}/reset-password", post(person::reset))
        .route("/people/{id}/unlock", post(person::unlock))
        .route("/people/{id}/sign-out", post(person::sign_out))
        .route("/units", get(units::list))
        .route("/units/{code}", get(units::show))
        .route("/mandates", get(mandates::list))
        .route("/policy", get(policy::show))
        .route("/notices", get(notices::list))
        .route("/notices/read", post(notices::read))
        .merge(api::routes())
        .merge(api_people::routes())
        .merge(api_org::routes())
        .merge(api_hooks::routes())
}

/// The description of the API's part that this area owns.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = api::Doc::openapi();
    all.merge(api_people::Doc::openapi());
    all.merge(api_org::Doc::openapi());
    all.merge(api_hooks::Doc::openapi());
    all.merge(recovery::Doc::openapi());
    all
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// Every route with the act of the policy that it asks for.
pub const ROUTES: &[RouteInfo] = &[
    route("GET", "/sign-in", "open"),
    route("POST", "/sign-in", "open"),
    route("GET", "/sign-in/code", "open"),
    route("POST", "/sign-in/code", "open"),
    route("GET", "/sign-in/enrol", "open"),
    route("POST", "/sign-in/enrol", "open"),
    route("GET", "/sign-in/password", "open"),
    route("POST", "/sign-in/password", "open"),
    route("POST", "/sign-out", "session"),
    route("GET", "/act-as/{post}", "session"),
    route("POST", "/act-as/{post}", "session"),
    route("GET", "/account", "session"),
    route("GET", "/account/password", "session"),
    route("POST", "/account/password", "session"),
    route("GET", "/account/second-factor", "session"),
    route("POST", "/account/second-factor", "session"),
    route("POST", "/account/second-factor/remove", "session"),
    route("GET", "/account/recovery-codes", "session"),
    route("POST", "/account/recovery-codes", "session"),
    route("POST", "/account/sessions/end", "session"),
    route("POST", "/account/sessions/end-others", "session"),
    route("GET", "/people", "account.read"),
    route("GET", "/people/new", "account.create"),
    route("POST", "/people/new", "account.create"),
    route("GET", "/people/{id}", "account.read"),
    route("POST", "/people/{id}/appoint", "org.appoint"),
    route("POST", "/people/{id}/relieve", "org.appoint"),
    route("POST", "/people/{id}/disable", "account.disable"),
    route("POST", "/people/{id}/enable", "account.disable"),
    route("POST", "/people/{id}/reset-password", "account.reset_password"),
    route("POST", "/people/{id}/unlock", "account.unlock"),
    route("POST", "/people/{id}/sign-out", "account.revoke_sessions"),
    route("GET", "/integrations", "system.webhooks"),
    route("POST", "/integrations", "system.webhooks"),
    route("GET", "/integrations/{id}", "system.webhooks"),
    route("POST", "/integrations/{id}/enable", "system.webhooks"),
    route("POST", "/integrations/{id}/disable", "system.webhooks"),
    route("POST", "/integrations/{id}/rotate", "system.webhooks"),
    route("POST", "/integrations/{id}/test", "system.webhooks"),
    route("POST", "/integrations/{id}/retry", "system.webhooks"),
    route("POST", "/integrations/{id}/remove", "system.webhooks"),
    route("GET", "/units", "org.read"),
    route("GET", "/units/{code}", "org.read"),
    route("GET", "/mandates", "playbook.read"),
    route("GET", "/policy", "policy.read"),
    route("GET", "/notices", "notice.read"),
    route("POST", "/notices/read", "notice.read"),
    route("POST", "/api/v1/session", "open"),
    route("DELETE", "/api/v1/session", "session"),
    route("POST", "/api/v1/session/post", "session"),
    route("GET", "/api/v1/me", "session"),
    route("POST", "/api/v1/me/password", "session"),
    route("POST", "/api/v1/me/second-factor", "session"),
    route("POST", "/api/v1/me/second-factor/remove", "session"),
    route("POST", "/api/v1/me/recovery-codes", "session"),
    route("GET", "/api/v1/me/sessions", "session"),
    route("DELETE", "/api/v1/me/sessions/{id}", "session"),
    route("GET", "/api/v1/people", "account.read"),
    route("POST", "/api/v1/people", "account.create"),
    route("GET", "/api/v1/people/{id}", "account.read"),
    route("POST", "/api/v1/people/{id}/appoint", "org.appoint"),
    route("POST", "/api/v1/people/{id}/relieve", "org.appoint"),
    route("POST", "/api/v1/people/{id}/disable", "account.disable"),
    route("POST", "/api/v1/people/{id}/enable", "account.disable"),
    route("POST", "/api/v1/people/{id}/reset-password", "account.reset_password"),
    route("POST", "/api/v1/people/{id}/unlock", "account.unlock"),
    route("POST", "/api/v1/people/{id}/sign-out", "account.revoke_sessions"),
    route("GET", "/api/v1/webhooks", "system.webhooks"),
    route("POST", "/api/v1/webhooks", "system.webhooks"),
    route("GET", "/api/v1/webhooks/{id}", "system.webhooks"),
    route("DELETE", "/api/v1/webhooks/{id}", "system.webhooks"),
    route("POST", "/api/v1/webhooks/{id}/enable", "system.webhooks"),
    route("POST", "/api/v1/webhooks/{id}/disable", "system.webhooks"),
    route("POST", "/api/v1/webhooks/{id}/rotate", "system.webhooks"),
    route("POST", "/api/v1/webhooks/{id}/test", "system.webhooks"),
    route("POST", "/api/v1/webhooks/{id}/deliveries/{message}/retry", "system.webhooks"),
    route("GET", "/api/v1/units", "org.read"),
    route("GET", "/api/v1/units/{code}", "org.read"),
    route("GET", "/api/v1/posts", "org.read"),
    route("GET", "/api/v1/mandates", "playbook.read"),
    route("GET", "/api/v1/policy", "policy.read"),
    route("GET", "/api/v1/notices", "notice.read"),
    route("POST", "/api/v1/notices/read", "notice.read"),
];
