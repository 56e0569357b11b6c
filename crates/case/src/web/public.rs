//! What is public without a name: rates with their intervals, the ageing list of deferrals, exclusions by class, hot
//! issues, and how promises are computed. No page here shows words, address, number or contact of a petitioner.

mod about;
pub(super) mod figures;
mod lists;

use axum::Router;
use axum::routing::get;
use base::core::App;
use base::web::RouteInfo;

/// Routes of the public lists.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/portal/public/rates", get(figures::rates))
        .route("/portal/public/exclusions", get(figures::exclusions))
        .route("/portal/public/deferred", get(lists::deferred))
        .route("/portal/public/hot", get(lists::hot))
        .route("/portal/about", get(about::about))
}

const fn open(path: &'static str) -> RouteInfo {
    RouteInfo { method: "GET", path, needs: "open" }
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] = &[
    open("/portal/public/rates"),
    open("/portal/public/exclusions"),
    open("/portal/public/deferred"),
    open("/portal/public/hot"),
    open("/portal/about"),
];
