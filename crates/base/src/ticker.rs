//! Periodic jobs, each run by exactly one node at a time.
//!
//! A job is a row of `tick`. A node claims a due row by a conditional update, holds it under a lease that it renews
//! while the job runs, and writes down when the job is due next. Two nodes on one PostgreSQL never run one job twice at
//! once; when a node dies, its lease runs out and another takes over, so a job must stand being started again.
//!
//! The clock is a [`TickSource`]: tests call [`Ticker::run_due`] with a moment of their own and never wait.
//!
//! ```ignore
//! let mut ticker = Ticker::new(db, source, node);
//! ticker.register("session.sweep", Every::Seconds(600), district, Arc::new(|ctx| Box::pin(async move {
//!     ctx.db.write(move |tx| session::sweep(tx, ctx.district, ctx.now).map(|_| ())).await
//! })));
//! ticker.run(stop).await;
//! ```

mod lease;
mod row;
#[cfg(test)]
mod tests;

pub use row::{TickRow, list, run_now};

use crate::db::Db;
use crate::fault::{Fault, Outcome};
use futures_util::future::{BoxFuture, join_all};
use kernel::{DistrictCode, Instant};
use lease::Claim;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Seconds of a lease; renewed at a third of it.
const LEASE: u32 = 60;
/// Seconds between looks at the list.
const BEAT: u32 = 1;
/// Seconds that running jobs have to end when the program stops.
const GRACE: u32 = 20;

/// Time for the ticker: the real one sleeps, a test's is moved by hand.
pub trait TickSource: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Instant;
    /// Ends after `seconds`.
    fn wait(&self, seconds: u32) -> BoxFuture<'static, ()>;
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Every so many seconds, kept on the same beat; missed beats are not made up.
    Seconds(u32),
    /// Every day at this hour and minute of the district's clock.
    Daily(u8, u8),
}

impl Every {
    /// The first moment after `now` on the beat of `planned`.
    pub fn next(self, planned: Instant, now: Instant) -> Instant {
        match self {
            Every::Seconds(seconds) => {
                let step = i64::from(seconds.max(1)) * 1_000_000;
                let missed = now.since(planned).max(0).div_euclid(step);
                planned.plus_micros(step.saturating_mul(missed + 1))
            }
            Every::Daily(hour, minute) => {
                let today = now.day().at(hour, minute);
                if today > now { today } else { now.day().plus(1).at(hour, minute) }
            }
        }
    }
    /// When a job that has never run is due: at once, or at its time of the day.
    fn first(self, now: Instant) -> Instant {
        match self {
            Every::Seconds(_) => now,
            Every::Daily(..) => self.next(now, now),
        }
    }
}

/// What a job is given.
#[derive(Clone)]
pub struct JobCtx {
    /// The database.
    pub db: Db,
    /// The tenant.
    pub district: DistrictCode,
    /// Name of the job.
    pub name: &'static str,
    /// When it was started.
    pub now: Instant,
}

/// A job. It may be started again after a crash, so what it does must be safe to do twice.
pub type Job = Arc<dyn Fn(JobCtx) -> BoxFuture<'static, Outcome<()>> + Send + Sync>;

#[derive(Clone)]
struct Entry {
    name: &'static str,
    every: Every,
    district: DistrictCode,
    job: Job,
}

/// What one run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Name of the job.
    pub name: &'static str,
    /// The tenant.
    pub district: DistrictCode,
    /// The error's text, or none.
    pub error: Option<String>,
}

/// The jobs of this node.
pub struct Ticker {
    shared: Shared,
    entries: Vec<Entry>,
}

/// What a running job needs; cheap to clone.
#[derive(Clone)]
struct Shared {
    db: Db,
    source: Arc<dyn TickSource>,
    node: Arc<str>,
    runs: Arc<AtomicU64>,
}

impl Ticker {
    /// A ticker without jobs; `node` must differ between nodes on one database.
    pub fn new(db: Db, source: Arc<dyn TickSource>, node: &str) -> Ticker {
        let shared = Shared { db, source, node: Arc::from(node), runs: Arc::default() };
        Ticker { shared, entries: Vec::new() }
    }

    /// Adds a job of one district.
    pub fn register(&mut self, name: &'static str, every: Every, district: DistrictCode, job: Job) {
        self.entries.push(Entry { name, every, district, job });
    }

    /// Names, periods and districts of the jobs, for the page that shows them beside [`list`].
    pub fn jobs(&self) -> impl Iterator<Item = (&'static str, Every, DistrictCode)> + '_ {
        self.entries.iter().map(|e| (e.name, e.every, e.district))
    }

    /// Runs every job that is due at `now` and that nobody else holds, side by side; returns when all have ended.
    pub async fn run_due(&self, now: Instant) -> Outcome<Vec<Ran>> {
        let mut running = Vec::new();
        for entry in &self.entries {
            if let Some(claim) = self.shared.claim(entry, now).await? {
                running.push(self.shared.clone().execute(entry.clone(), claim));
            }
        }
        Ok(join_all(running).await)
    }

    /// Runs until `stop` turns true or its sender is dropped; then waits a while for running jobs and gives back the leases of the rest.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        loop {
            let now = self.shared.source.now();
            for entry in &self.entries {
                match self.shared.claim(entry, now).await {
                    Ok(Some(claim)) => {
                        running.spawn(self.shared.clone().execute(entry.clone(), claim));
                    }
                    Ok(None) => {}
                    // The database is away: the next beat tries again.
                    Err(e) => tracing::warn!(job = entry.name, error = %e, "cannot look for due jobs"),
                }
            }
            while running.try_join_next().is_some() {}
            tokio::select! {
                changed = stop.wait_for(|stopped| *stopped) => {
                    drop(changed);
                    break;
                }
                () = self.shared.source.wait(BEAT) => {}
            }
        }
        let ended = async { while running.join_next().await.is_some() {} };
        tokio::select! {
            () = ended => {}
            () = self.shared.source.wait(GRACE) => tracing::warn!("jobs cut off at stop"),
        }
        running.shutdown().await;
        for entry in &self.entries {
            let (node, district, name) = (self.shared.node.to_string(), entry.district, entry.name);
            let given = self.shared.db.write(move |tx| lease::give_back(tx, district, name, &node)).await;
            if let Err(e) = given {
                tracing::warn!(job = name, error = %e, "lease not given back; it runs out by itself");
            }
        }
    }
}

impl Shared {
    async fn claim(&self, entry: &Entry, now: Instant) -> Outcome<Option<Claim>> {
        let (district, name, first) = (entry.district, entry.name, entry.every.first(now));
        // A read first: most looks find nothing due, and a write costs a flush to disk.
        let due = self.db.read(move |tx| lease::is_due(tx, district, name, now)).await?;
        if due == Some(false) {
            return Ok(None);
        }
        // One owner for each run, so that a run that lost its lease cannot end its successor's.
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        let owner = format!("{}#{run}", self.node);
        self.db
            .write(move |tx| {
                if due.is_none() {
                    lease::ensure(tx, district, name, first)?;
                }
                lease::claim(tx, district, name, &owner, now, LEASE)
            })
            .await
    }

    /// Runs a claimed job, renewing its lease, and writes down how it ended.
    async fn execute(self, entry: Entry, claim: Claim) -> Ran {
        let ctx = JobCtx { db: self.db.clone(), district: entry.district, name: entry.name, now: claim.at };
        let began = self.source.now();
        // On a task of its own: a panic becomes an error of this job, and a lost lease can cut it off.
        let mut task = AbortOnDrop(tokio::spawn((entry.job)(ctx)));
        let outcome = loop {
            tokio::select! {
                joined = &mut task.0 => {
                    break joined.unwrap_or_else(|e| Err(Fault::broken(format!("the job broke: {e}"))));
                }
                () = self.source.wait(LEASE / 3) => {
                    match self.renew(&entry, &claim).await {
                        Ok(true) => {}
                        Ok(false) => break Err(Fault::broken("lease lost: another node runs it")),
                        // The database is away for a moment; the lease may still hold.
                        Err(e) => tracing::warn!(job = entry.name, error = %e, "lease not renewed"),
                    }
                }
            }
        };
        drop(task);
        let error = outcome.err().map(|e| e.to_string());
        let label = if error.is_none() { "ok" } else { "error" };
        metrics::counter!("guandu_job_runs_total", "job" => entry.name, "outcome" => label).increment(1);
        let millis = u32::try_from(self.source.now().since(began).max(0) / 1000).unwrap_or(u32::MAX);
        metrics::histogram!("guandu_job_seconds", "job" => entry.name).record(f64::from(millis) / 1000.0);
        if let Some(error) = &error {
            tracing::error!(job = entry.name, district = %entry.district, error, "job failed");
        }
        let ended = self.source.now().max(claim.at);
        let next = entry.every.next(claim.planned, ended);
        let (district, name, told) = (entry.district, entry.name, error.clone());
        let write = move |tx: &mut crate::Tx<'_>| {
            lease::finish(tx, district, name, &claim, next, ended, told.as_deref())
        };
        if let Err(e) = self.db.write(write).await {
            tracing::error!(job = name, error = %e, "end of job not noted; its lease runs out");
        }
        Ran { name, district, error }
    }

    async fn renew(&self, entry: &Entry, claim: &Claim) -> Outcome<bool> {
        let (district, name, owner) = (entry.district, entry.name, claim.owner.clone());
        let until = self.source.now().plus_seconds(i64::from(LEASE));
        self.db.write(move |tx| lease::renew(tx, district, name, &owner, until)).await
    }
}

/// A task that does not outlive whoever waits for it.
struct AbortOnDrop(tokio::task::JoinHandle<Outcome<()>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
