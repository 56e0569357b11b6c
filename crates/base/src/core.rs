//! What every request and job shares: the database, the clock, the ids, the policy, the playbooks.

use crate::config::Config;
use crate::db::{Db, Tx};
use crate::fault::{Common, DbFault, Fault, Outcome};
use crate::files::Files;
use crate::i18n::Catalogue;
use crate::metrics::Scrape;
use crate::op::{Ids, Op, Stub, Time, Who};
use crate::sealer::Signer;
use crate::vault::Vault;
use kernel::access::{Actor, Policy};
use kernel::calendar::{Calendar, Calendars};
use kernel::playbook::Playbook;
use kernel::{Day, DistrictCode, Instant, PersonId, PostCode};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// Shared services of one running program: the [`Parts`] that it was made of, and the playbooks in force.
pub struct Core {
    parts: Parts,
    /// What areas hang on the program, by type: followers of duties, a trained model, live feeds.
    pub extras: Extras,
    books: RwLock<BTreeMap<DistrictCode, Vec<Arc<Playbook>>>>,
    calendars: RwLock<Vec<((DistrictCode, Day), Calendar)>>,
}

impl Deref for Core {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

/// What areas hang on the program for one another, found by its type. Base knows none of it.
pub type Extras = axum::http::Extensions;

/// Shared by handlers and jobs.
pub type App = Arc<Core>;

/// One entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavEntry {
    /// Key of the section's title in the catalogue, such as `nav.overview`.
    pub section: &'static str,
    /// Key of the entry's title.
    pub title: &'static str,
    /// Address.
    pub href: &'static str,
    /// Icon name.
    pub icon: &'static str,
    /// Counts work that waits for the post; shown beside the title.
    pub badge: Option<Badge>,
}

/// Counts what waits for a post, within one read.
pub type Badge = fn(&mut Tx<'_>, DistrictCode, &Actor, Instant) -> Outcome<u64>;

/// What base needs to know of people and posts.
pub trait Directory: Send + Sync {
    /// The actor of a person acting as `post` at `now`; `None` when the person does not hold it (any more).
    fn actor(
        &self,
        tx: &mut Tx<'_>,
        district: DistrictCode,
        person: PersonId,
        post: &PostCode,
        now: Instant,
    ) -> Outcome<Option<Actor>>;
    /// Words for the top bar: unit and post names, and the other posts that the person may act as.
    fn masthead(
        &self,
        tx: &mut Tx<'_>,
        district: DistrictCode,
        person: PersonId,
        post: &PostCode,
        now: Instant,
    ) -> Outcome<Masthead>;
}

/// Names for the top bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masthead {
    /// Unit name in the page's language.
    pub unit: kernel::Words,
    /// Post name.
    pub post: kernel::Words,
    /// Other posts of the same person: code and name.
    pub others: Vec<(PostCode, kernel::Words)>,
}

/// Everything that [`Core::new`] takes.
pub struct Parts {
    /// The database, already migrated.
    pub db: Db,
    /// Where "now" comes from.
    pub time: Time,
    /// Ids.
    pub ids: Ids,
    /// Policy.
    pub policy: &'static Policy,
    /// Signer.
    pub signer: Signer,
    /// Keys of what is sealed in the database.
    pub vault: Vault,
    /// Texts.
    pub texts: Catalogue,
    /// Evidence files.
    pub files: Files,
    /// Configuration.
    pub config: Config,
    /// People and posts.
    pub directory: Box<dyn Directory>,
    /// Navigation.
    pub nav: Vec<NavEntry>,
    /// Node name.
    pub node: String,
    /// True for a demo.
    pub simulated: bool,
    /// Figures for Prometheus.
    pub scrape: Scrape,
}

impl Core {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> App {
        Core::with(parts, Extras::default())
    }

    /// The same, with what the areas hang on it.
    pub fn with(parts: Parts, extras: Extras) -> App {
        Arc::new(Core {
            parts,
            extras,
            books: RwLock::new(BTreeMap::new()),
            calendars: RwLock::new(Vec::new()),
        })
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.time.now()
    }

    /// Seals and opens secrets and personal data.
    pub fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    /// Puts a playbook into force from its date; the newest that has begun applies (rules have dates).
    pub fn install(&self, book: Arc<Playbook>) {
        let mut books = self.books.write();
        let versions = books.entry(book.head.district).or_default();
        versions.retain(|old| old.head.from != book.head.from);
        versions.push(book);
        versions.sort_by_key(|b| b.head.from);
        self.calendars.write().clear();
    }

    /// The playbook in force on `day`.
    pub fn book(&self, district: DistrictCode, day: Day) -> Outcome<Arc<Playbook>> {
        let books = self.books.read();
        let versions = books.get(&district).map(Vec::as_slice).unwrap_or_default();
        let begun = versions.iter().rev().find(|b| b.head.from <= day).or_else(|| versions.first());
        begun
            .cloned()
            .ok_or_else(|| Common::NotFound { what: "playbook", given: district.to_string() }.into())
    }

    /// The calendar as it was known on `day`, with the district's office hours.
    pub fn calendar(&self, district: DistrictCode, day: Day) -> Outcome<Calendar> {
        let key = (district, day);
        if let Some((_, calendar)) = self.calendars.read().iter().find(|(k, _)| *k == key) {
            return Ok(calendar.clone());
        }
        let calendar = self.book(district, day)?.calendar(&Calendars::builtin().as_known(day));
        let mut kept = self.calendars.write();
        // A handful of days is asked again and again; the simulator walks through many, each for a while.
        if kept.len() >= 16 {
            kept.remove(0);
        }
        kept.push((key, calendar.clone()));
        Ok(calendar)
    }

    /// Districts that this process serves.
    pub fn districts(&self) -> Vec<DistrictCode> {
        self.books.read().keys().copied().collect()
    }

    /// Runs a writing use-case: all of it is durable when this returns, or nothing of it happened.
    pub async fn write<T, F>(self: &Arc<Self>, who: &Who, mut f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Op<'_, '_>) -> Outcome<T> + Send + 'static,
    {
        let core = self.clone();
        let who = who.clone();
        self.db.write(move |tx| f(&mut Op::open(tx, &core, &who, core.now()))).await
    }

    /// Runs a reading use-case in one snapshot: points and pages, not reports.
    pub async fn read<T, F>(self: &Arc<Self>, who: &Who, f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Op<'_, '_>) -> Outcome<T> + Send + 'static,
    {
        let core = self.clone();
        let who = who.clone();
        self.db.read(move |tx| f(&mut Op::open(tx, &core, &who, core.now()))).await
    }

    /// Runs a writing use-case at most once for a caller's key. A repetition with the same request gets the stored
    /// answer; with a different request it is refused.
    pub async fn write_once<F>(self: &Arc<Self>, who: &Who, key: Option<Key>, mut f: F) -> Outcome<Reply>
    where
        F: FnMut(&mut Op<'_, '_>) -> Outcome<Reply> + Send + 'static,
    {
        let mut run = move |op: &mut Op<'_, '_>| {
            let mut reply = f(op)?;
            reply.stubs = op.stubs().to_vec();
            Ok(reply)
        };
        let Some(key) = key else { return self.write(who, run).await };
        self.write(who, move |op| {
            let args = [op.district().into(), op.actor().post.as_str().into(), (&key.name).into()];
            let sql =
                "select digest, status, body from idem where district = $1 and actor = $2 and name = $3";
            let found = op.tx.one(sql, &args, |row| Ok((row.text(0)?, row.int(1)?, row.text(2)?)))?;
            if let Some((digest, status, body)) = found {
                if digest != key.digest {
                    return Err(Common::KeyReused.into());
                }
                let status = u16::try_from(status).unwrap_or(200);
                let (body, stubs) = serde_json::from_str(&body)?;
                return Ok(Reply { status, body, replayed: true, stubs });
            }
            let mut reply = run(op)?;
            // A repetition is answered with the very same bytes, so its receipts cannot share a signature with others.
            reply.stubs.iter_mut().for_each(|stub| stub.seat = None);
            let kept = serde_json::to_string(&(&reply.body, &reply.stubs))?;
            let args = [
                op.district().into(),
                op.actor().post.as_str().into(),
                (&key.name).into(),
                (&key.digest).into(),
                i64::from(reply.status).into(),
                (&kept).into(),
                op.now().into(),
            ];
            let sql = "insert into idem (district, actor, name, digest, status, body, at) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
            match op.tx.exec(sql, &args) {
                // Two at once with one key (PostgreSQL): the loser runs again and finds the winner's answer.
                Err(Fault::Db(DbFault::Duplicate(text))) => Err(Fault::Db(DbFault::Raced(text))),
                Err(other) => Err(other),
                Ok(_) => Ok(reply),
            }
        })
        .await
    }
}

/// A caller's `Idempotency-Key` with the digest of the request that it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key as given, at most 200 characters.
    pub name: String,
    /// Hash of method, address and body.
    pub digest: String,
}

/// An API answer that can be stored and given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// JSON text.
    pub body: String,
    /// True when this is a stored answer.
    pub replayed: bool,
    /// The events that the use-case recorded: whoever answers signs a receipt for each, outside the transaction.
    pub stubs: Vec<Stub>,
}

impl Reply {
    /// An answer made of a value.
    pub fn json<T: serde::Serialize>(status: u16, value: &T) -> Outcome<Reply> {
        Ok(Reply { status, body: serde_json::to_string(value)?, replayed: false, stubs: Vec::new() })
    }
}
