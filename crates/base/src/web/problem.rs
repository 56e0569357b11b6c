//! How a fault is answered: a page for people, `application/problem+json` (RFC 9457) for programs.
//!
//! A handler returns its [`Fault`]; the layer [`render`] knows the language and whether a page or JSON is wanted.

use super::ctx::Visitor;
use crate::core::App;
use crate::fault::{Common, DbFault, Fault};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Kind, Lang, Refuse};
use serde::Serialize;
use std::sync::Arc;

/// A fault on its way to the layer that words it.
#[derive(Clone)]
struct Pending(Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Pending(Arc::new(self)));
        response
    }
}

/// RFC 9457 problem details, with Guandu's members.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Address of the refusal's description.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to do next.
    pub detail: String,
    /// Stable code.
    pub code: String,
    /// The field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Trace number for the administrator.
    pub trace: String,
    /// The same words in the other language.
    pub other: Other,
}

/// Words in the other language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Other {
    /// Language tag.
    pub lang: String,
    /// Why.
    pub title: String,
    /// What to do next.
    pub detail: String,
}

/// The HTTP status of a sort of refusal.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The refusal that a person sees for a fault; machinery faults are logged here, once.
pub fn worded<R>(fault: &Fault, trace: &str, with: impl FnOnce(&dyn Refuse, StatusCode) -> R) -> R {
    let common = match fault {
        Fault::Refused(no) => {
            metrics::counter!("guandu_refusals_total", "code" => no.code()).increment(1);
            if no.kind() == Kind::TooMany {
                metrics::counter!("guandu_rate_limited_total").increment(1);
            }
            return with(&**no, status(no.kind()));
        }
        Fault::Db(DbFault::Full(text)) => (Common::StorageFull, text.clone()),
        Fault::Db(DbFault::Away(text)) => (Common::Away, text.clone()),
        Fault::Db(DbFault::Overloaded) => (Common::Overloaded, "write queue is full".to_owned()),
        Fault::Db(DbFault::Raced(text)) => (Common::Stale { what: "row" }, text.clone()),
        other => (Common::Defect, other.to_string()),
    };
    tracing::error!(trace, cause = common.1, code = common.0.code(), "request failed");
    let code = match common.0 {
        Common::Defect => StatusCode::INTERNAL_SERVER_ERROR,
        ref other => status(other.kind()),
    };
    with(&common.0, code)
}

/// Problem details of a refusal.
pub fn problem(no: &dyn Refuse, code: StatusCode, lang: Lang, trace: &str) -> Problem {
    let other = match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    Problem {
        kind: format!("/api/v1/problems/{}", no.code()),
        title: no.reason(lang),
        status: code.as_u16(),
        detail: no.next(lang),
        code: no.code().to_owned(),
        field: no.field().map(str::to_owned),
        value: no.value(),
        trace: trace.to_owned(),
        other: Other { lang: other.tag().to_owned(), title: no.reason(other), detail: no.next(other) },
    }
}

fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    path.starts_with("/api/") || (accept.contains("json") && !accept.contains("html"))
}

/// Words every fault that a handler returned, and the router's own 404 and 405.
pub async fn render(State(app): State<App>, req: Request, next: Next) -> Response {
    let (parts, body) = req.into_parts();
    let visitor = Visitor::of(&parts);
    let json = wants_json(parts.uri.path(), &parts.headers);
    let is_page = parts.method == axum::http::Method::GET && !json;
    let bearer = parts.headers.contains_key(axum::http::header::AUTHORIZATION);
    let path = visitor.path.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let pending = response.extensions().get::<Pending>().cloned();
    let bare = response.headers().get(CONTENT_TYPE).is_none();
    let fault = match (pending, response.status()) {
        (Some(Pending(fault)), _) => fault,
        (None, StatusCode::NOT_FOUND) if bare => {
            Arc::new(Common::NotFound { what: "page", given: path.clone() }.into())
        }
        (None, StatusCode::METHOD_NOT_ALLOWED) if bare => {
            let mut refused = answer(&app, &Common::NoSuchMethod.into(), &visitor, json);
            *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            if let Some(allow) = response.headers().get(axum::http::header::ALLOW) {
                refused.headers_mut().insert(axum::http::header::ALLOW, allow.clone());
            }
            return refused;
        }
        _ => return response,
    };
    let signed_out = matches!(&*fault, Fault::Refused(no) if no.kind() == Kind::Unauthenticated);
    if signed_out && is_page && !bearer {
        return Redirect::to(&format!("/sign-in?next={}", super::encode(&path))).into_response();
    }
    answer(&app, &fault, &visitor, json)
}

fn answer(app: &App, fault: &Fault, visitor: &Visitor, json: bool) -> Response {
    worded(fault, &visitor.trace, |no, code| {
        let mut response = if json {
            let body =
                serde_json::to_string(&problem(no, code, visitor.lang, &visitor.trace)).unwrap_or_default();
            (code, [(CONTENT_TYPE, "application/problem+json")], body).into_response()
        } else {
            (code, super::error_page(app, visitor, no, code)).into_response()
        };
        let wait = match fault {
            Fault::Refused(_) if no.kind() == Kind::TooMany => {
                Some(no.value().unwrap_or_else(|| "60".to_owned()))
            }
            _ if code == StatusCode::SERVICE_UNAVAILABLE => Some("2".to_owned()),
            _ => None,
        };
        if let Some(value) = wait.and_then(|w| HeaderValue::from_str(&w).ok()) {
            response.headers_mut().insert(RETRY_AFTER, value);
        }
        if code == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"guandu\"");
            response.headers_mut().insert(axum::http::header::WWW_AUTHENTICATE, scheme);
        }
        response
    })
}
