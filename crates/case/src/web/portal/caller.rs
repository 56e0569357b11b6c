//! Whoever opens the portal: nobody in particular, in one district, acting as the playbook's post of residents.
//!
//! There is no session, so there is no form token. What stands in for it is the browser's own word on where a form
//! comes from, as at the door of signing in: `Sec-Fetch-Site` where it is sent, `Origin` otherwise. A form carries
//! everything that it does in itself (a sealed draft, a sealed link); no cookie of a visitor gives any right.

use crate::refusal::CaseRefusal as No;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use base::core::App;
use base::i18n::T;
use base::op::Who;
use base::web::Visitor;
use base::web::ctx::{cookie, query_value};
use base::web::form::{self, Fields};
use base::{Common, Fault, Outcome};
use kernel::playbook::Playbook;
use kernel::{Day, DistrictCode, Lang};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// A visitor of the portal.
#[derive(Clone)]
pub(in crate::web) struct Caller {
    /// Shared services.
    pub(crate) app: App,
    /// Language, theme, trace number.
    pub(crate) visitor: Visitor,
    /// The address that counts for limits; none inside the process.
    pub(crate) address: Option<IpAddr>,
    /// The query as it came.
    pub(crate) query: String,
    /// Large type was chosen.
    pub(crate) large: bool,
    /// The district.
    pub(crate) district: DistrictCode,
    /// Its playbook.
    pub(crate) book: Arc<Playbook>,
}

/// A form from one of our own pages.
pub(in crate::web) struct PortalForm {
    /// Who sends it.
    pub(crate) caller: Caller,
    /// What was typed.
    pub(crate) fields: Fields,
}

impl Caller {
    /// Texts in the page's language.
    pub(crate) fn t(&self) -> T<'_> {
        self.app.texts.t(self.visitor.lang)
    }
    /// Language of the page.
    pub(crate) fn lang(&self) -> Lang {
        self.visitor.lang
    }
    /// The district's day.
    pub(crate) fn today(&self) -> Day {
        self.app.now().day()
    }
    /// A parameter of the query.
    pub(crate) fn asked(&self, name: &str) -> String {
        query_value(&self.query, name).unwrap_or_default()
    }
    /// The post as which residents and firms act.
    ///
    /// # Errors
    /// When the playbook has none: then the district takes no cases here.
    pub(crate) fn who(&self) -> Outcome<Who> {
        let post = self.book.org.posts_with_role("resident").next().ok_or(No::NoRules {})?;
        let actor = org::directory::actor_of(&self.book, &post.code).ok_or(No::NoRules {})?;
        Ok(Who { district: self.district, actor: Arc::new(actor), trace: self.visitor.trace.clone() })
    }
    /// The name of a unit in the page's language.
    pub(crate) fn unit(&self, code: &kernel::UnitCode) -> String {
        self.t().say(&org::names::unit(&self.book, code, self.lang())).into_owned()
    }
    /// The address that people type, before a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.config.server.public_url.trim_end_matches('/'))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Outcome<Self> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let district = district(app, &query_value(&query, "district").unwrap_or_default())?;
        Ok(Caller {
            app: app.clone(),
            visitor: Visitor::of(parts),
            address: base::web::limit::address(&parts.headers, peer, app.config.server.trust_proxy),
            large: cookie(&parts.headers, "gd_big") == Some("1"),
            book: app.book(district, app.now().day())?,
            district,
            query,
        })
    }
}

impl FromRequest<App> for PortalForm {
    type Rejection = Fault;
    async fn from_request(req: Request, app: &App) -> Outcome<Self> {
        let (mut parts, body) = req.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        if !same_site(&parts.headers, &app.config.server.public_url) {
            return Err(Common::BadToken.into());
        }
        let fields = form::read_fields(Request::from_parts(parts, body), app).await?;
        Ok(PortalForm { caller, fields })
    }
}

/// The district that is named, or the first that is served.
fn district(app: &App, given: &str) -> Outcome<DistrictCode> {
    let absent = || Fault::from(Common::NotFound { what: "district", given: given.to_owned() });
    let served = app.districts();
    if given.is_empty() {
        return served.first().copied().ok_or_else(absent);
    }
    let code = DistrictCode::parse("district", given)?;
    served.contains(&code).then_some(code).ok_or_else(absent)
}

/// Whether a form comes from a page of ours; a program that says nothing carries nobody's rights.
fn same_site(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(from) = text("sec-fetch-site") {
        return matches!(from, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = text(HOST.as_str()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| !host.is_empty() && rest == host);
    own || origin == public_url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_seen() {
        let of = |pairs: &[(&'static str, &str)]| {
            let headers = pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect();
            same_site(&headers, "https://guandu.example")
        };
        assert!(of(&[]));
        assert!(of(&[("sec-fetch-site", "same-origin")]));
        assert!(of(&[("origin", "http://10.0.0.7:8080"), ("host", "10.0.0.7:8080")]));
        assert!(!of(&[("sec-fetch-site", "cross-site")]));
        assert!(!of(&[("sec-fetch-site", "same-site")]));
        assert!(!of(&[("origin", "https://elsewhere.example"), ("host", "10.0.0.7:8080")]));
        assert!(!of(&[("origin", "null"), ("host", "10.0.0.7:8080")]));
    }
}
