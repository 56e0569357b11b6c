//! Who asks: the extractors that every handler starts with.
//!
//! [`Ctx`] is a signed-in person acting as a post; [`Visitor`] is anybody. Both carry the language, the theme and the
//! trace number. A session is looked up on every request, so a revoked one ends at once.

use crate::core::{App, Masthead};
use crate::fault::{Common, Fault, Outcome};
use crate::op::Who;
use crate::session::{self, Session};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use kernel::{Day, DistrictCode, Instant, Lang, PersonId};
use std::sync::Arc;

/// The trace number of a request, put into its extensions by the outermost layer.
#[derive(Debug, Clone)]
pub struct Trace(pub Arc<str>);

pub use super::ui::shell::Theme;

/// Anybody: language, theme, trace number.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Language of the answer.
    pub lang: Lang,
    /// Theme of the page.
    pub theme: Theme,
    /// Trace number.
    pub trace: Arc<str>,
    /// Path and query as asked.
    pub path: String,
    /// Code of an act that has just succeeded, for the toast (`?ok=`).
    pub done: Option<String>,
}

/// How a request proved its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The browser's cookie: unsafe methods need the form token as well.
    Cookie,
    /// `Authorization: Bearer`: a machine.
    Bearer,
}

/// A signed-in person acting as a post.
#[derive(Clone)]
pub struct Ctx {
    /// Shared services.
    pub app: App,
    /// Who acts.
    pub who: Who,
    /// The person behind the post.
    pub person: PersonId,
    /// The session.
    pub session: Session,
    /// How it was proved.
    pub via: Via,
    /// Language, theme, trace number.
    pub visitor: Visitor,
    /// Names for the top bar.
    pub masthead: Masthead,
    /// Counts for the navigation, in the order of its entries.
    pub badges: Vec<Option<u64>>,
    /// Unread notices.
    pub unread: u64,
    /// The past day that the page is asked for (`?as_of=`).
    pub as_of: Option<Day>,
}

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "gd_session";
/// Name of the language cookie.
pub const LANG_COOKIE: &str = "gd_lang";
/// Name of the theme cookie.
pub const THEME_COOKIE: &str = "gd_theme";

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The first value of a query parameter, percent-decoded.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    super::form::pairs(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl Visitor {
    /// Reads what any request carries.
    pub fn of(parts: &Parts) -> Visitor {
        let query = parts.uri.query().unwrap_or_default();
        let headers = &parts.headers;
        let asked = query_value(query, "lang").as_deref().and_then(Lang::from_tag);
        let chosen = cookie(headers, LANG_COOKIE).and_then(Lang::from_tag);
        let accepted = || {
            let line = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
            line.split(',').find_map(|tag| Lang::from_tag(tag.trim()))
        };
        let theme = match cookie(headers, THEME_COOKIE) {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        };
        Visitor {
            lang: asked.or(chosen).or_else(accepted).unwrap_or_default(),
            theme,
            trace: parts.extensions.get::<Trace>().map_or_else(|| Arc::from("-"), |t| t.0.clone()),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            done: query_value(query, "ok"),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Visitor::of(parts))
    }
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let visitor = Visitor::of(parts);
        let query = parts.uri.query().unwrap_or_default();
        let as_of = query_value(query, "as_of").filter(|v| !v.is_empty());
        let as_of = as_of.map(|v| Day::parse("as_of", &v)).transpose()?;
        let (token, via) = credentials(&parts.headers).ok_or(Common::SignInFirst)?;
        let wants_page = via == Via::Cookie && !visitor.path.starts_with("/api/");
        let loaded = load(app, token, wants_page).await?;
        if session::needs_touch(&loaded.session, app.now()) {
            touch(app, loaded.session.clone());
        }
        let who = Who {
            district: loaded.session.district,
            actor: Arc::new(loaded.actor),
            trace: visitor.trace.clone(),
        };
        Ok(Ctx {
            app: app.clone(),
            who,
            person: loaded.session.person,
            session: loaded.session,
            via,
            visitor,
            masthead: loaded.masthead,
            badges: loaded.badges,
            unread: loaded.unread,
            as_of,
        })
    }
}

fn credentials(headers: &HeaderMap) -> Option<(String, Via)> {
    let bearer =
        headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        return Some((token.trim().to_owned(), Via::Bearer));
    }
    cookie(headers, SESSION_COOKIE).map(|token| (token.to_owned(), Via::Cookie))
}

struct Loaded {
    session: Session,
    actor: kernel::access::Actor,
    masthead: Masthead,
    badges: Vec<Option<u64>>,
    unread: u64,
}

/// Notes that the session is in use; the request does not wait for it.
fn touch(app: &App, session: Session) {
    let app = app.clone();
    tokio::spawn(async move {
        let (terms, now) = (session::Terms::of(&app.config.security), app.now());
        let touched = app.db.write(move |tx| session::touch(tx, &session, terms, now)).await;
        if let Err(fault) = touched {
            tracing::warn!(%fault, "a session was not extended");
        }
    });
}

/// One snapshot answers everything that a request needs to know of who asks.
async fn load(app: &App, token: String, wants_page: bool) -> Outcome<Loaded> {
    let core = app.clone();
    let now = app.now();
    app.db
        .read(move |tx| {
            let session = session::load(tx, &token, now)?.ok_or(Common::SignInFirst)?;
            let (district, person, post) = (session.district, session.person, &session.post);
            let actor = core.directory.actor(tx, district, person, post, now)?.ok_or(Common::SignInFirst)?;
            let mut loaded =
                Loaded { masthead: Masthead::default(), badges: Vec::new(), unread: 0, actor, session };
            if wants_page {
                loaded.masthead = core.directory.masthead(tx, district, person, &loaded.session.post, now)?;
                for entry in &core.nav {
                    let count =
                        entry.badge.map(|count| count(tx, district, &loaded.actor, now)).transpose()?;
                    loaded.badges.push(count);
                }
                loaded.unread = unread(tx, district, loaded.actor.post.as_str())?;
            }
            Ok(loaded)
        })
        .await
}

fn unread(tx: &mut crate::Tx<'_>, district: DistrictCode, post: &str) -> Outcome<u64> {
    let sql = "select count(*) from (select 1 from notice where district = $1 and post = $2 and read_at is null limit 100) n";
    Ok(tx.one(sql, &[district.into(), post.into()], |row| row.count(0))?.unwrap_or(0))
}

impl Ctx {
    /// Language of the answer.
    pub fn lang(&self) -> Lang {
        self.visitor.lang
    }
    /// The tenant.
    pub fn district(&self) -> DistrictCode {
        self.who.district
    }
    /// Now, by the program's clock.
    pub fn now(&self) -> Instant {
        self.app.now()
    }
    /// The moment that the page shows: the end of the asked past day, or now.
    pub fn shown_at(&self) -> Instant {
        match self.as_of {
            Some(day) if day < self.now().day() => day.plus(1).start().plus_micros(-1),
            _ => self.now(),
        }
    }
    /// Texts in the page's language.
    pub fn t(&self) -> crate::i18n::T<'_> {
        self.app.texts.t(self.lang())
    }
}
