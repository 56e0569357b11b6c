//! Pages and API of whistles.
//!
//! | module | shows |
//! |---|---|
//! | `list` | `/whistles`: the board of a street, of a department, of the district |
//! | `new` | `/whistles/new`: a need by grid and community, a whistle by the street |
//! | `detail`, `detail_view`, `time_view`, `clock_view`, `side_view` | `/w/{id}`: what, who came, whose time, which limits, what proves it |
//! | `acts`, `asks`, `parse` | a form for every act, and its way into a command |
//! | `board` | `/whistles/board`: the band, who did not come, the quarterly session |
//! | `api`, `shape` | the same as JSON under `/api/v1/whistles` |
//! | `look`, `query` | how whistles look everywhere; query strings read strictly |

mod acts;
mod api;
mod asks;
mod board;
mod clock_view;
mod detail;
mod detail_view;
mod list;
mod look;
mod new;
mod parse;
mod query;
mod shape;
mod side_view;
mod time_view;

pub use api::openapi;

use axum::Router;
use axum::routing::{get, post};
use base::core::App;
use base::web::RouteInfo;

/// Routes of whistles.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/whistles", get(list::show))
        .route("/whistles/new", get(new::show).post(new::submit))
        .route("/whistles/board", get(board::show))
        .route("/w/{id}", get(detail::show))
        .route("/w/{id}/photo/{file}", get(detail::photo))
        .route("/w/{id}/{act}", get(acts::show).post(acts::submit))
        .route("/api/v1/whistles", get(api::list).post(api::raise))
        .route("/api/v1/whistles/board", get(api::board))
        .route("/api/v1/whistles/{id}", get(api::read))
        .route("/api/v1/whistles/{id}/commands", post(api::command))
        .route("/api/v1/whistles/{id}/events", get(api::events))
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// The same as a list.
pub const ROUTES: &[RouteInfo] = &[
    route("GET", "/whistles", "whistle.list"),
    route("GET", "/whistles/new", "whistle.raise"),
    route("POST", "/whistles/new", "whistle.raise"),
    route("GET", "/whistles/board", "whistle.list"),
    route("GET", "/w/{id}", "whistle.read"),
    route("GET", "/w/{id}/photo/{file}", "whistle.read"),
    route("GET", "/w/{id}/{act}", "whistle.read"),
    route("POST", "/w/{id}/{act}", "whistle.read"),
    route("GET", "/api/v1/whistles", "whistle.list"),
    route("POST", "/api/v1/whistles", "whistle.raise"),
    route("GET", "/api/v1/whistles/board", "whistle.list"),
    route("GET", "/api/v1/whistles/{id}", "whistle.read"),
    route("POST", "/api/v1/whistles/{id}/commands", "whistle.read"),
    route("GET", "/api/v1/whistles/{id}/events", "whistle.read"),
];
