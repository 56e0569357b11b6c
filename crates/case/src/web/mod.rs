//! Pages, API and Open311 of cases and whistles. Each group of pages is a file with `routes()`, `ROUTES` and, when it
//! has an API, `openapi()`; this file joins them.

mod boards;
mod callback;
mod desk;
#[cfg(test)]
mod desk_tests;
mod detail;
mod detail_acts;
mod detail_parse;
mod detail_side;
mod detail_view;
mod grid;
mod hot;
mod panel;
mod phone;
pub mod portal;
pub mod public;
mod queue;
mod queue_help;
mod rates;
pub mod receipt;
mod topics;
pub mod track;
pub mod whistle;

use axum::Router;
use base::core::App;
use base::web::RouteInfo;

/// Routes of every group.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(portal::routes())
        .merge(receipt::routes())
        .merge(track::routes())
        .merge(public::routes())
        .merge(rates::routes())
        .merge(boards::routes())
        .merge(hot::routes())
        .merge(topics::routes())
        .merge(desk::routes())
        .merge(whistle::routes())
}

/// Every route, for the list of routes and its guard.
pub fn route_list() -> Vec<RouteInfo> {
    let groups: &[&[RouteInfo]] = &[
        portal::ROUTES,
        receipt::ROUTES,
        track::ROUTES,
        public::ROUTES,
        rates::ROUTES,
        boards::ROUTES,
        hot::ROUTES,
        topics::ROUTES,
        desk::ROUTES,
        whistle::ROUTES,
    ];
    groups.concat()
}

/// The API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    whistle::openapi()
}
