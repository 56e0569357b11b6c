//! The stream: `GET /live?topics=unit:zjj,post:zjj.handler&since=…`.
//!
//! | event | meaning |
//! |---|---|
//! | `change` | the topics in `data`, separated by commas, have changed |
//! | `resync` | too much happened: fetch everything |
//! | `end` | session, post or topic is gone: do not come back |
//!
//! The id of an event is the moment up to which the stream has told; a browser that reconnects sends it, and hears what it
//! missed. A comment every 15 seconds keeps proxies from closing the connection.

use super::{Batch, Feed, Seat, TOPICS, Topic, store};
use crate::core::App;
use crate::fault::{Common, Fault, Outcome};
use crate::web::Ctx;
use crate::web::ctx::query_value;
use axum::Router;
use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream;
use kernel::{DistrictCode, PersonId, PostCode};
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// Time between heartbeats, and the longest that a revoked session still has a stream: it carries nothing meanwhile.
const BEAT: Duration = Duration::from_secs(15);

/// The same as a list.
pub const ROUTES: &[crate::web::RouteInfo] =
    &[crate::web::RouteInfo { method: "GET", path: "/live", needs: "session" }];

/// The stream's route.
pub fn routes() -> Router<App> {
    Router::new().route("/live", get(live))
}

async fn live(ctx: Ctx, RawQuery(query): RawQuery, headers: HeaderMap) -> Outcome<Response> {
    let feed = ctx.app.extras.get::<Feed>().cloned().ok_or(Common::Away)?;
    let query = query.unwrap_or_default();
    let mut topics = BTreeSet::new();
    let asked = query_value(&query, "topics").unwrap_or_default();
    for text in asked.split(',').filter(|text| !text.is_empty()).take(TOPICS + 1) {
        topics.insert(text.parse::<Topic>()?);
    }
    let absent = |given: String| Fault::from(Common::NotFound { what: "topics", given });
    if topics.is_empty() || topics.len() > TOPICS {
        return Err(absent(asked));
    }
    if let Some(topic) = topics.iter().find(|topic| !feed.admits(&ctx.app, &ctx.who.actor, topic)) {
        return Err(absent(topic.to_string()));
    }
    let told = headers.get("last-event-id").and_then(|v| v.to_str().ok().map(str::to_owned));
    let since = told.or_else(|| query_value(&query, "since")).and_then(|text| text.parse::<i64>().ok());
    let listener = Listener::open(&feed, &ctx, topics, since)?;
    let frames = stream::unfold(listener, |mut listener| async move {
        let frame = listener.next().await?;
        Some((Ok::<Bytes, Infallible>(Bytes::from(frame)), listener))
    });
    let head = [
        (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        // A proxy that gathers answers before it passes them on would keep everything back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((head, Body::from_stream(frames)).into_response())
}

/// Who listens, and to what.
pub(super) struct Listener {
    app: App,
    feed: Feed,
    district: DistrictCode,
    session: String,
    person: PersonId,
    post: PostCode,
    topics: BTreeSet<Topic>,
    since: Option<i64>,
    news: broadcast::Receiver<Arc<Batch>>,
    closed: watch::Receiver<bool>,
    ready: VecDeque<String>,
    over: bool,
    _seat: Seat,
}

/// Why a stream goes on.
enum Woke {
    Closed,
    Heard(Arc<Batch>),
    Behind,
    Beat,
}

impl Listener {
    /// Takes a seat and begins to hear before it looks at what was missed, so that nothing falls between.
    pub(super) fn open(
        feed: &Feed,
        ctx: &Ctx,
        topics: BTreeSet<Topic>,
        since: Option<i64>,
    ) -> Outcome<Listener> {
        let seat = feed.sit(ctx.person)?;
        Ok(Listener {
            app: ctx.app.clone(),
            feed: feed.clone(),
            district: ctx.district(),
            session: ctx.session.id.clone(),
            person: ctx.person,
            post: ctx.session.post.clone(),
            topics,
            since,
            news: feed.listen(&ctx.app, ctx.district()),
            closed: feed.shared.closed.subscribe(),
            // Comes back after three seconds when the connection breaks.
            ready: VecDeque::from(["retry: 3000\n\n".to_owned()]),
            over: false,
            _seat: seat,
        })
    }

    /// The next frame; none when the stream is over.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Some(frame);
            }
            if self.over {
                return None;
            }
            if let Some(since) = self.since.take() {
                let (district, now) = (self.district, self.app.now());
                match self.app.db.read(move |tx| store::missed(tx, district, since, now)).await {
                    Ok(batch) => self.tell(&batch).await,
                    Err(_) => self.tell(&Batch::Everything(now.micros())).await,
                }
                continue;
            }
            let mut closed = self.closed.clone();
            let woke = tokio::select! {
                ended = closed.wait_for(|closed| *closed) => { drop(ended); Woke::Closed }
                heard = self.news.recv() => match heard {
                    Ok(batch) => Woke::Heard(batch),
                    Err(RecvError::Lagged(_)) => Woke::Behind,
                    Err(RecvError::Closed) => Woke::Closed,
                },
                () = tokio::time::sleep(BEAT) => Woke::Beat,
            };
            match woke {
                Woke::Closed => self.over = true,
                Woke::Heard(batch) => self.tell(&batch).await,
                Woke::Behind => self.tell(&Batch::Everything(self.app.now().micros())).await,
                Woke::Beat if self.admitted().await => self.ready.push_back(": beat\n\n".to_owned()),
                Woke::Beat => self.end(),
            }
        }
    }

    async fn tell(&mut self, batch: &Batch) {
        let frame = match batch {
            Batch::Everything(at) => format!("event: resync\nid: {at}\ndata: all\n\n"),
            Batch::Changed(changed, at) => {
                let mine: Vec<String> = changed.intersection(&self.topics).map(ToString::to_string).collect();
                if mine.is_empty() {
                    return;
                }
                format!("event: change\nid: {at}\ndata: {}\n\n", mine.join(","))
            }
        };
        if self.admitted().await {
            self.ready.push_back(frame);
        } else {
            self.end();
        }
    }

    fn end(&mut self) {
        self.over = true;
        self.ready.push_back("event: end\ndata: session\n\n".to_owned());
    }

    /// Whether the session still stands, the person still holds the post, and the post may still hear every topic. A
    /// database that is away admits nobody: the browser comes back by itself.
    async fn admitted(&self) -> bool {
        let (district, session, now) = (self.district, self.session.clone(), self.app.now());
        let (core, person, post) = (self.app.clone(), self.person, self.post.clone());
        let actor = self.app.db.read(move |tx| {
            let sql = "select post from session where district = $1 and id = $2 and expires_at > $3";
            let args = [district.into(), (&session).into(), now.into()];
            match tx.one(sql, &args, |row| row.parsed::<PostCode>(0))? {
                Some(held) if held == post => core.directory.actor(tx, district, person, &post, now),
                _ => Ok(None),
            }
        });
        match actor.await {
            Ok(Some(actor)) => self.topics.iter().all(|topic| self.feed.admits(&self.app, &actor, topic)),
            Ok(None) | Err(_) => false,
        }
    }
}
