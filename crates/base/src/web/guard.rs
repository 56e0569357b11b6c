//! The layers around every handler: trace number, headers, metrics.

use super::ctx::Trace;
use super::ui::CONTENT_SECURITY_POLICY;
use crate::core::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Gives every request a trace number and puts it into the answer and the log.
pub async fn trace(State(app): State<App>, mut req: Request, next: Next) -> Response {
    let id: [u8; 8] = app.ids.bytes();
    let trace: Arc<str> = Arc::from(crate::hex(&id));
    req.extensions_mut().insert(Trace(trace.clone()));
    let method = req.method().clone();
    let route = req
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let began = std::time::Instant::now();
    let mut response = next.run(req).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    metrics::counter!("guandu_http_requests_total", "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("guandu_http_seconds", "route" => route.clone()).record(took.as_secs_f64());
    tracing::info!(trace = &*trace, method = %method, route, status, micros = took.as_micros(), "request");
    if let Ok(value) = HeaderValue::from_str(&trace) {
        response.headers_mut().insert(HeaderName::from_static("x-trace"), value);
    }
    response
}

/// Puts the security headers on every answer.
pub async fn headers(req: Request, next: Next) -> Response {
    let mut response = next.run(req).await;
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(self), microphone=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    let answer = response.headers_mut();
    for (name, value) in fixed {
        answer.entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
