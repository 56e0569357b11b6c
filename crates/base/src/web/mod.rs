//! Pages and the API: what every handler shares.
//!
//! | module | owns |
//! |---|---|
//! | [`ctx`] | who asks: [`Ctx`], [`Visitor`] |
//! | [`form`] | bodies: [`Form`], [`Call`], [`form::Fields`] |
//! | [`page`] | the frame around a page, redirects after an act, keyset paging |
//! | [`problem`] | faults as pages and as problem details |
//! | [`guard`] | trace number, security headers, metrics |
//! | [`limit`] | the general limit on requests |
//! | [`open`] | what needs no session: assets, language, theme, health, the public ledger |
//! | [`ui`] | components |

pub mod ctx;
pub mod form;
pub mod guard;
pub mod limit;
pub mod open;
pub mod page;
pub mod problem;
pub mod query;
pub mod ui;

pub use ctx::{Ctx, Visitor};
pub use form::{Call, Form};
pub use page::{Page, after, error_page};

use crate::core::App;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Puts the layers around the routes of all areas.
pub fn finish(routes: Router<App>, app: App) -> Router {
    let limiter = std::sync::Arc::new(crate::limits::Limiter::new(&app.config.limits));
    routes
        .merge(open::routes())
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn_with_state((app.clone(), limiter), limit::admit))
        .layer(from_fn_with_state(app.clone(), problem::render))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(app.clone(), guard::trace))
        .with_state(app)
}

/// One route, for the list on the screen of routes and for the guard that asks for a refusal test of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteInfo {
    /// HTTP method.
    pub method: &'static str,
    /// Path as the router takes it.
    pub path: &'static str,
    /// The act of the policy that it asks for, `session` for any signed-in person, or `open`.
    pub needs: &'static str,
}

/// Percent-encodes a value for a query.
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(b));
        } else {
            let _written = write!(out, "%{b:02X}");
        }
    }
    out
}
