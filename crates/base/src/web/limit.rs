//! The layer of the general limit on requests: `429` with `Retry-After` and the named refusal before any work is done.

use super::ctx::{SESSION_COOKIE, cookie};
use crate::core::App;
use crate::fault::Fault;
use crate::limits::{Ask, Limiter};
use crate::op::machine_now;
use crate::session::parse_cookie;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The address that counts for limits. Behind a proxy of ours it is the last one in `X-Forwarded-For`: the one that our
/// proxy saw itself; everything before it is only what the client claims.
pub fn address(headers: &HeaderMap, peer: Option<IpAddr>, trust_proxy: bool) -> Option<IpAddr> {
    if !trust_proxy {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let last = lines.flat_map(|line| line.split(',')).last();
    last.and_then(|text| text.trim().parse().ok()).or(peer)
}

/// Files that a page pulls in by the dozen and that cost nothing, and what machines ask to see whether we live.
fn free(path: &str) -> bool {
    path.starts_with("/assets/") || path == "/healthz" || path == "/metrics"
}

/// Id of the session that a request names; the token itself is not kept.
fn session(headers: &HeaderMap) -> Option<String> {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let token = bearer.map(str::trim).or_else(|| cookie(headers, SESSION_COOKIE))?;
    parse_cookie(token).map(|(_, id)| id)
}

/// Refuses what comes too often. The machine's clock counts, whatever day a demo shows.
pub(super) async fn admit(
    State((app, limiter)): State<(App, Arc<Limiter>)>,
    req: Request,
    next: Next,
) -> Response {
    if free(req.uri().path()) {
        return next.run(req).await;
    }
    let peer = req.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let session = session(req.headers());
    let ask = Ask {
        address: address(req.headers(), peer, app.config.server.trust_proxy),
        session: session.as_deref(),
        writes: !matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS),
    };
    match limiter.admit(&ask, machine_now()) {
        Ok(()) => next.run(req).await,
        Err(no) => Fault::from(no).into_response(),
    }
}
