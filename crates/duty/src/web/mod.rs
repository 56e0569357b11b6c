//! 待办与事项: the inbox, the page of a duty, lists, registration, search, and the same for programs.
//!
//! | module | shows |
//! |---|---|
//! | `inbox`, `inbox_view`, `handover_view` | 我的待办, bulk signing, the hand-over list |
//! | `detail`, `detail_view`, `time_view`, `side_view` | one duty: what, whose time, which limits, evidence, ledger |
//! | `acts`, `asks`, `parse` | a form for every act of the lifecycle, and its way into a command |
//! | `list`, `new`, `search` | supervision's list with export, registration, finding |
//! | `files` | evidence, judged by the duty that it proves |
//! | `api`, `api_view` | the same as JSON under `/api/v1` |
//! | `look`, `spans`, `query` | how duties look everywhere, lengths of time; query strings read strictly |

mod acts;
mod api;
mod api_view;
mod asks;
mod detail;
mod detail_view;
mod files;
mod handover_view;
mod inbox;
mod inbox_view;
mod list;
mod look;
mod new;
mod parse;
mod search;
mod side_view;
mod spans;
mod time_view;

pub use api::openapi;

use axum::Router;
use axum::routing::{get, post};
use base::core::App;
use base::web::RouteInfo;
use base::{Outcome, Tx};
use kernel::access::Actor;
use kernel::{DistrictCode, Instant};

/// Pages and API of this area.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/inbox", get(inbox::show))
        .route("/inbox/sign", post(inbox::sign))
        .route("/inbox/handover", get(inbox::handover))
        .route("/duties", get(list::show))
        .route("/duties/export", get(list::export))
        .route("/duties/new", get(new::show).post(new::submit))
        .route("/d/{id}", get(detail::show))
        .route("/d/no/{no}", get(detail::by_number))
        .route("/d/{id}/{act}", get(acts::show).post(acts::submit))
        .route("/files/{id}", get(files::page))
        .route("/search", get(search::show))
        .route("/api/v1/duties", get(api::list).post(api::register))
        .route("/api/v1/duties/{id}", get(api::read))
        .route("/api/v1/duties/{id}/commands", post(api::command))
        .route("/api/v1/duties/{id}/events", get(api::events))
        .route("/api/v1/duties/{id}/files", post(api::upload))
        .route("/api/v1/inbox", get(api::inbox))
        .route("/api/v1/inbox/sign", post(api::sign))
        .route("/api/v1/search", get(api::search))
        .route("/api/v1/files/{id}", get(files::api))
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// Every route of this area and the act that it asks for.
pub const ROUTES: &[RouteInfo] = &[
    route("GET", "/inbox", "inbox.read"),
    route("POST", "/inbox/sign", "duty.accept"),
    route("GET", "/inbox/handover", "inbox.read"),
    route("GET", "/duties", "duty.list"),
    route("GET", "/duties/export", "duty.export"),
    route("GET", "/duties/new", "duty.register"),
    route("POST", "/duties/new", "duty.register"),
    route("GET", "/d/{id}", "duty.read"),
    route("GET", "/d/no/{no}", "duty.read"),
    route("GET", "/d/{id}/{act}", "duty.read"),
    route("POST", "/d/{id}/{act}", "duty.read"),
    route("GET", "/files/{id}", "file.read"),
    route("GET", "/search", "search.use"),
    route("GET", "/api/v1/duties", "duty.list"),
    route("POST", "/api/v1/duties", "duty.register"),
    route("GET", "/api/v1/duties/{id}", "duty.read"),
    route("POST", "/api/v1/duties/{id}/commands", "duty.read"),
    route("GET", "/api/v1/duties/{id}/events", "duty.read"),
    route("POST", "/api/v1/duties/{id}/files", "duty.evidence"),
    route("GET", "/api/v1/inbox", "inbox.read"),
    route("POST", "/api/v1/inbox/sign", "duty.accept"),
    route("GET", "/api/v1/search", "search.use"),
    route("GET", "/api/v1/files/{id}", "file.read"),
];

/// Counts what waits for the post that acts, up to 100: the figure beside 我的待办.
pub fn badge(tx: &mut Tx<'_>, district: DistrictCode, actor: &Actor, _now: Instant) -> Outcome<u64> {
    crate::store::waiting(tx, district, &actor.unit, &actor.post)
}
