//! 实时更新 (feed): pages that are open hear that something has changed, and fetch it again under their own rights.
//!
//! ```ignore
//! op.publish(&Topic::Unit(unit))?;                                     // in the write: one insert
//! feed::region("queue", &[Topic::queue("dispatch")?], None, ctx.now(), &list)  // on the page: a part that refreshes
//! ```
//!
//! A message says which topic changed and nothing else: no text, no id. What the page then shows is judged like every other
//! request, so a message cannot tell more than a reload would.
//!
//! The write leaves a row in `feed`, in its own transaction. Each node reads the rows of the last seconds once a second
//! while somebody listens, so nodes that share a PostgreSQL hear of each other's writes, and a write that failed is never
//! heard of. `GET /live?topics=…` is the stream (server-sent events): every topic is judged when the stream opens, and
//! session and topics again before each delivery and at every heartbeat. A listener that falls behind is told to fetch
//! everything (`resync`) and is never waited for.

mod live;
mod store;
#[cfg(test)]
mod tests;

pub use live::{ROUTES, routes};
pub use store::sweep;

use crate::core::{App, Core};
use crate::fault::{Common, Outcome};
use crate::op::Op;
use kernel::access::{Action, Actor, Scope};
use kernel::{DistrictCode, Instant, Malformed, PersonId, PostCode, Slug, UnitCode, Words};
use maud::{Markup, html};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// Batches that a listener may be behind before it is told to fetch everything.
const BEHIND: usize = 64;
/// Time between two looks at the table; tests do not wait for it.
const POLL: Duration = Duration::from_millis(if cfg!(test) { 10 } else { 1_000 });
/// Streams of one person on one node.
const STREAMS_EACH: usize = 12;
/// Streams of all on one node.
const STREAMS: usize = 4_000;
/// Topics of one stream.
const TOPICS: usize = 24;

/// What one may listen to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What a unit has in hand: heard by posts of the unit and of units above it.
    Unit(UnitCode),
    /// What waits for a post: heard by that post.
    Post(PostCode),
    /// A queue that several posts work on, such as `dispatch`: heard by posts that may do its act.
    Queue(Slug),
}

impl Topic {
    /// A queue by its name.
    pub fn queue(name: &str) -> Outcome<Topic> {
        Ok(Topic::Queue(Slug::parse("topic", name)?))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Topic::Unit(unit) => write!(f, "unit:{}", unit.as_str()),
            Topic::Post(post) => write!(f, "post:{}", post.as_str()),
            Topic::Queue(name) => write!(f, "queue:{}", name.as_str()),
        }
    }
}

impl FromStr for Topic {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Topic, Malformed> {
        match text.split_once(':') {
            Some(("unit", code)) => UnitCode::parse("topics", code).map(Topic::Unit),
            Some(("post", code)) => PostCode::parse("topics", code).map(Topic::Post),
            Some(("queue", name)) => Slug::parse("topics", name).map(Topic::Queue),
            _ => Err(Malformed::new(
                "feed.topic",
                "topics",
                text,
                Words::new("没有这种主题", "There is no such sort of topic"),
                Words::new("请用unit:、post:或queue:开头", "Begin with unit:, post: or queue:"),
            )),
        }
    }
}

impl Op<'_, '_> {
    /// Says that a topic has changed: one insert in this transaction; twice in one use-case is once.
    pub fn publish(&mut self, topic: &Topic) -> Outcome<()> {
        let (district, now) = (self.district(), self.now());
        store::put(self.tx, district, now, topic)
    }
}

/// A part of a page that is fetched again when one of its topics changes. `src` is where from; the page's own address
/// without it. The answer must hold an element of the same id. Without JavaScript it is an element like any other.
pub fn region(id: &str, topics: &[Topic], src: Option<&str>, now: Instant, inner: &Markup) -> Markup {
    let list: Vec<String> = topics.iter().map(ToString::to_string).collect();
    html! { div id=(id) data-live=(list.join(",")) data-live-at=(now.micros()) data-live-src=[src] { (inner) } }
}

/// What a look at the table brought.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Batch {
    /// These topics changed; the newest moment among them.
    Changed(BTreeSet<Topic>, i64),
    /// More than could be read.
    Everything(i64),
}

/// The live streams of one node: put into [`Core::extras`] when the program is assembled.
#[derive(Clone)]
pub struct Feed {
    shared: Arc<Shared>,
}

struct Shared {
    queues: BTreeMap<&'static str, Action>,
    hubs: Mutex<BTreeMap<DistrictCode, broadcast::Sender<Arc<Batch>>>>,
    open: Mutex<BTreeMap<PersonId, usize>>,
    closed: watch::Sender<bool>,
}

/// A place among the open streams; given back when the stream ends.
struct Seat {
    shared: Arc<Shared>,
    person: PersonId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.shared.open.lock();
        match open.get_mut(&self.person) {
            Some(n) if *n > 1 => *n -= 1,
            _ => {
                open.remove(&self.person);
            }
        }
    }
}

impl Feed {
    /// With the act that each queue is open to: who may do it to anything at all may listen.
    pub fn new(queues: BTreeMap<&'static str, Action>) -> Feed {
        let shared = Shared {
            queues,
            hubs: Mutex::new(BTreeMap::new()),
            open: Mutex::new(BTreeMap::new()),
            closed: watch::Sender::new(false),
        };
        Feed { shared: Arc::new(shared) }
    }

    /// Ends every stream, so that the program can stop: a stream never ends by itself.
    pub fn close(&self) {
        self.shared.closed.send_replace(true);
    }

    /// Streams that are open on this node.
    pub fn streams(&self) -> usize {
        self.shared.open.lock().values().sum()
    }

    /// Whether a post may listen to a topic.
    pub fn admits(&self, core: &Core, actor: &Actor, topic: &Topic) -> bool {
        match topic {
            Topic::Unit(unit) => actor.unit == *unit || actor.line.contains(unit),
            Topic::Post(post) => actor.post == *post,
            Topic::Queue(name) => self
                .shared
                .queues
                .get(name.as_str())
                .is_some_and(|action| !matches!(core.policy.scope(actor, *action), Scope::Nothing)),
        }
    }

    fn sit(&self, person: PersonId) -> Outcome<Seat> {
        let mut open = self.shared.open.lock();
        let all: usize = open.values().sum();
        let own = open.entry(person).or_default();
        if all >= STREAMS || *own >= STREAMS_EACH {
            return Err(Common::TooOften { wait: 30 }.into());
        }
        *own += 1;
        Ok(Seat { shared: self.shared.clone(), person })
    }

    /// Listens to a district; the first listener starts the reading, the last one's leaving ends it.
    fn listen(&self, app: &App, district: DistrictCode) -> broadcast::Receiver<Arc<Batch>> {
        let mut hubs = self.shared.hubs.lock();
        if let Some(hub) = hubs.get(&district) {
            return hub.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        hubs.insert(district, sender);
        let (feed, app) = (self.clone(), app.clone());
        tokio::spawn(async move { feed.read_on(app, district).await });
        receiver
    }

    async fn read_on(self, app: App, district: DistrictCode) {
        let mut closed = self.shared.closed.subscribe();
        let mut tail = store::Tail::from(app.now());
        loop {
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                _ = closed.wait_for(|closed| *closed) => {}
            }
            if *closed.borrow() || self.deserted(district) {
                return;
            }
            match self.look(&app, district, tail.clone()).await {
                Ok(next) => tail = next,
                // The next look begins where this one did: nothing is lost, it comes later.
                Err(fault) => tracing::warn!(%fault, "the feed was not read"),
            }
        }
    }

    /// One look at the table; what is new goes to whoever listens.
    async fn look(&self, app: &App, district: DistrictCode, tail: store::Tail) -> Outcome<store::Tail> {
        let (tail, batch) = app.db.read(move |tx| tail.read(tx, district)).await?;
        if let Some(batch) = batch
            && let Some(hub) = self.shared.hubs.lock().get(&district)
        {
            let _nobody_listens = hub.send(Arc::new(batch));
        }
        Ok(tail)
    }

    /// Takes the district's hub away when nobody listens any more.
    fn deserted(&self, district: DistrictCode) -> bool {
        let mut hubs = self.shared.hubs.lock();
        let empty = hubs.get(&district).is_none_or(|hub| hub.receiver_count() == 0);
        if empty {
            hubs.remove(&district);
        }
        empty
    }
}
