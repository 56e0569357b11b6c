//! Whoever stands at the door: an unsigned request, where it comes from, and cookies.
//!
//! Signing in has no session and so no form token. What it has instead is the browser's own word on where a form
//! comes from ([`same_site`]): `Sec-Fetch-Site` where the browser sends it, `Origin` otherwise. Every browser that
//! this program supports sends `Origin` with a POST from another site, so a foreign form is always seen; a program
//! that sends neither carries no cookies of a victim. A double-submit cookie would add a state that gets lost on
//! shared computers and protect no better.

use crate::model::OrgRefusal;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::{HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base::core::App;
use base::limits::Tried;
use base::web::Visitor;
use base::web::ctx::SESSION_COOKIE;
use base::web::form::{self, Fields};
use base::{Fault, Outcome};
use kernel::DistrictCode;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// Name of the cookie between the password and the code: worth nothing but the next step, for five minutes.
pub(super) const PENDING_COOKIE: &str = "gd_pending";

/// An unsigned request.
pub(super) struct Caller {
    /// Shared services.
    pub(super) app: App,
    /// Language, theme, trace number.
    pub(super) visitor: Visitor,
    /// Headers.
    pub(super) headers: HeaderMap,
    /// The query as it came.
    pub(super) query: String,
    /// The address that counts for limits; none in tests without sockets.
    pub(super) address: Option<IpAddr>,
}

/// An unsigned form from one of our own pages.
pub(super) struct DoorForm {
    /// Who stands there.
    pub(super) caller: Caller,
    /// What was typed.
    pub(super) fields: Fields,
}

impl Caller {
    /// A parameter of the query.
    pub(super) fn asked(&self, name: &str) -> String {
        base::web::ctx::query_value(&self.query, name).unwrap_or_default()
    }
    /// Whose wrong tries are counted: the login as typed, and the address.
    pub(super) fn tried(&self, login: &str) -> Vec<Tried> {
        std::iter::once(Tried::login(login)).chain(self.address.map(Tried::address)).collect()
    }
    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        base::web::ctx::cookie(&self.headers, name)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Caller {
            app: app.clone(),
            visitor: Visitor::of(parts),
            headers: parts.headers.clone(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            address: address(&parts.headers, peer, app.config.server.trust_proxy),
        })
    }
}

impl FromRequest<App> for DoorForm {
    type Rejection = Fault;
    async fn from_request(req: Request, app: &App) -> Outcome<Self> {
        let (mut parts, body) = req.into_parts();
        let Ok(caller) = Caller::from_request_parts(&mut parts, app).await;
        same_site(&caller.headers, &app.config.server.public_url)?;
        let fields = form::read_fields(Request::from_parts(parts, body), app).await?;
        Ok(DoorForm { caller, fields })
    }
}

/// The address of who asks. Behind a proxy of ours it is the last one in `X-Forwarded-For`: the one that our proxy
/// saw itself; everything before it is only what the client claims.
fn address(headers: &HeaderMap, peer: Option<IpAddr>, trust_proxy: bool) -> Option<IpAddr> {
    if !trust_proxy {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let last = lines.flat_map(|line| line.split(',')).last();
    last.and_then(|text| text.trim().parse().ok()).or(peer)
}

/// Refuses a form that another site sent.
pub(super) fn same_site(headers: &HeaderMap, public_url: &str) -> Result<(), OrgRefusal> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(OrgRefusal::ForeignOrigin),
        None => {}
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return Ok(()) };
    let host = text(HOST.as_str()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| !host.is_empty() && rest == host);
    if own || origin == public_url { Ok(()) } else { Err(OrgRefusal::ForeignOrigin) }
}

/// Whether a link of our own page was followed by a person in this window: the browser says so, and a page of another
/// site, an image tag or a prefetch cannot.
pub(super) fn followed_own_link(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v == value);
    is("sec-fetch-site", "same-origin")
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
        && !headers.contains_key("sec-purpose")
        && !headers.contains_key("purpose")
}

/// Puts the session cookie on an answer.
pub(super) fn with_session(app: &App, response: Response, value: &str) -> Response {
    with_cookie(app, response, SESSION_COOKIE, value, None)
}

/// Takes the session cookie off.
pub(super) fn without_session(app: &App, response: Response) -> Response {
    with_cookie(app, response, SESSION_COOKIE, "", Some(0))
}

/// Puts the cookie of the next step on an answer; an empty value takes it off.
pub(super) fn with_pending(app: &App, response: Response, value: &str, seconds: i64) -> Response {
    with_cookie(app, response, PENDING_COOKIE, value, Some(if value.is_empty() { 0 } else { seconds }))
}

fn with_cookie(app: &App, mut response: Response, name: &str, value: &str, age: Option<i64>) -> Response {
    let secure = if app.config.server.public_url.starts_with("https://") { "; Secure" } else { "" };
    let age = age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The district that a form names, or the only one that is served.
pub(super) fn district(app: &App, given: &str) -> Outcome<DistrictCode> {
    let served = app.districts();
    match (given, served.as_slice()) {
        ("", [only]) => Ok(*only),
        _ => {
            let code = DistrictCode::parse("district", given)?;
            if served.contains(&code) {
                return Ok(code);
            }
            Err(base::Common::NotFound { what: "district", given: given.to_owned() }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn foreign_forms_are_seen() {
        let url = "https://guandu.example";
        let ok = |pairs: &[(&'static str, &str)]| same_site(&headers(pairs), url).is_ok();
        assert!(ok(&[]));
        assert!(ok(&[("sec-fetch-site", "same-origin")]));
        assert!(ok(&[("origin", "https://guandu.example"), ("host", "10.0.0.7:8080")]));
        assert!(ok(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!ok(&[("sec-fetch-site", "cross-site"), ("origin", "https://guandu.example")]));
        assert!(!ok(&[("sec-fetch-site", "same-site")]));
        assert!(!ok(&[("origin", "https://evil.example"), ("host", "guandu.example")]));
        assert!(!ok(&[("origin", "null"), ("host", "guandu.example")]));
    }

    #[test]
    fn the_last_forwarded_address_counts_and_only_behind_a_proxy() {
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        let given = headers(&[("x-forwarded-for", "1.2.3.4, 10.9.8.7")]);
        assert_eq!(address(&given, Some(peer), false), Some(peer));
        assert_eq!(address(&given, Some(peer), true), "10.9.8.7".parse().ok());
        assert_eq!(address(&headers(&[("x-forwarded-for", "unknown")]), Some(peer), true), Some(peer));
    }

    #[test]
    fn a_followed_link_is_told_from_a_fetched_one() {
        let own = [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert!(followed_own_link(&headers(&own)));
        assert!(!followed_own_link(&headers(&own[..2])));
        let mut early = own.to_vec();
        early.push(("sec-purpose", "prefetch"));
        assert!(!followed_own_link(&headers(&early)));
    }
}
