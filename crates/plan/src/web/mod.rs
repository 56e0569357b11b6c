//! Pages and API of the plan.
//!
//! | address | what |
//! |---|---|
//! | `/plan` | the tree; `list`, `light`, `punch`, `unit`, `issues`, `item`, `open`, `all`, `as_of` |
//! | `/plan/{code}` | one item |
//! | `/plan/changes` | requests to change an item |
//! | `/plan/export.csv` | the tree's items as a table |

mod api;
mod changes;
mod export;
mod item;
mod panel;
mod query;
pub mod shape;
mod tree;
mod words;

use axum::Router;
use axum::routing::{get, post};
use base::core::App;
use base::web::RouteInfo;
use utoipa::OpenApi;

/// Routes of the plan.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plan", get(tree::tree))
        .route("/plan/export.csv", get(export::csv))
        .route("/plan/changes", get(changes::list))
        .route("/plan/changes/{no}/decide", post(changes::decide))
        .route("/plan/changes/{no}/apply", post(changes::apply))
        .route("/plan/{code}", get(item::show))
        .route("/plan/{code}/value", post(item::value))
        .route("/plan/{code}/change", post(item::ask))
        .route("/api/v1/plan", get(api::items))
        .route("/api/v1/plan/changes", get(api::changes))
        .route("/api/v1/plan/changes/{no}/decide", post(api::decide))
        .route("/api/v1/plan/changes/{no}/apply", post(api::apply))
        .route("/api/v1/plan/{code}", get(api::item))
        .route("/api/v1/plan/{code}/values", post(api::value))
        .route("/api/v1/plan/{code}/changes", post(api::ask))
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// The same as a list.
pub const ROUTES: &[RouteInfo] = &[
    route("GET", "/plan", "plan.read"),
    route("GET", "/plan/export.csv", "plan.read"),
    route("GET", "/plan/changes", "plan.read"),
    route("POST", "/plan/changes/{no}/decide", "plan.approve_137"),
    route("POST", "/plan/changes/{no}/apply", "plan.change_137"),
    route("GET", "/plan/{code}", "plan.read"),
    route("POST", "/plan/{code}/value", "measure.write_r"),
    route("POST", "/plan/{code}/change", "plan.propose"),
    route("GET", "/api/v1/plan", "plan.read"),
    route("GET", "/api/v1/plan/changes", "plan.read"),
    route("POST", "/api/v1/plan/changes/{no}/decide", "plan.approve_137"),
    route("POST", "/api/v1/plan/changes/{no}/apply", "plan.change_137"),
    route("GET", "/api/v1/plan/{code}", "plan.read"),
    route("POST", "/api/v1/plan/{code}/values", "measure.write_r"),
    route("POST", "/api/v1/plan/{code}/changes", "plan.propose"),
];

#[derive(OpenApi)]
#[openapi(
    paths(api::items, api::item, api::value, api::ask, api::changes, api::decide, api::apply),
    components(schemas(
        shape::Text,
        shape::TaskOut,
        shape::FindingOut,
        shape::ItemOut,
        shape::ItemsOut,
        shape::ValueOut,
        shape::ChangeOut,
        shape::DetailOut,
        shape::ChangesOut,
        shape::ValueBody,
        shape::AskBody,
        shape::DecideBody,
        shape::EmptyBody,
        crate::model::What,
        crate::model::ChangeState,
    )),
    tags((name = "plan", description = "The year's plan: items, figures, changes"))
)]
struct Doc;

/// The description of the plan's API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
