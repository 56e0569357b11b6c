//! Every periodic job on one screen. Each is claimed under a lease, so two nodes never run one twice at once.

use base::core::App;
use base::outbox::{self, Carrier, Net, Pump};
use base::ticker::{Every, Job, JobCtx, TickSource, Ticker};
use base::{Outcome, Tx, books, feed, limits, sealer, search, session};
use futures_util::future::BoxFuture;
use kernel::{DistrictCode, Instant};
use std::sync::Arc;
use std::time::Duration;

/// The program's clock, which a demo moves.
struct Clock(App);

impl TickSource for Clock {
    fn now(&self) -> Instant {
        self.0.now()
    }
    fn wait(&self, seconds: u32) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_secs(u64::from(seconds))))
    }
}

/// The jobs of every district that this process serves.
pub fn ticker(app: &App) -> Ticker {
    let net: Arc<dyn Carrier> = Arc::new(Net::new(&app.config));
    ticker_with(app, &net)
}

/// The same with another way out for mails and webhooks, for tests.
pub fn ticker_with(app: &App, carrier: &Arc<dyn Carrier>) -> Ticker {
    let mut ticker = Ticker::new(app.db.clone(), Arc::new(Clock(app.clone())), &app.node);
    for district in app.districts() {
        ticker.register("ledger.seal", Every::Seconds(1), district, seal_job(app));
        ticker.register("duty.escalate", Every::Seconds(60), district, escalate_job(app));
        ticker.register("outbox.pump", Every::Seconds(2), district, pump_job(app, carrier.clone()));
        ticker.register("metrics.gauges", Every::Seconds(15), district, gauges_job(app));
        ticker.register("files.sweep", Every::Daily(3, 30), district, files_job(app));
        ticker.register("search.flush", Every::Seconds(2), district, search_job());
        ticker.register("search.compact", Every::Daily(3, 40), district, compact_job());
        ticker.register("case.score", Every::Seconds(300), district, case_job(app));
        ticker.register("case.hot", Every::Seconds(600), district, hot_job(app));
        ticker.register("whistle.watch", Every::Seconds(60), district, whistle_job(app));
        ticker.register("session.sweep", Every::Seconds(600), district, sweep_job());
    }
    ticker
}

/// A job that needs the program's services.
fn job<R>(app: &App, run: impl Fn(App, JobCtx) -> R + Send + Sync + 'static) -> Job
where
    R: Future<Output = Outcome<()>> + Send + 'static,
{
    let app = app.clone();
    Arc::new(move |ctx: JobCtx| Box::pin(run(app.clone(), ctx)))
}

fn seal_job(app: &App) -> Job {
    job(app, |app, ctx| async move { seal_all(&app, ctx.district).await.map(|_| ()) })
}

/// Seals everything that is recorded and returns how many events that were.
pub async fn seal_all(app: &App, district: DistrictCode) -> Outcome<usize> {
    let mut total = 0;
    loop {
        let core = app.clone();
        let sealed = app
            .db
            .write(move |tx| sealer::seal(tx, district, &*core.signer.of(district)?, core.now()))
            .await?;
        total += sealed;
        if sealed == 0 {
            return Ok(total);
        }
    }
}

fn escalate_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let who = duty::sweep::system(ctx.district)?;
        duty::sweep::run(&app, &who).await.map(|_| ())
    })
}

/// Mails and webhooks on their way out.
fn pump_job(app: &App, carrier: Arc<dyn Carrier>) -> Job {
    let pump = Arc::new(Pump::new(app.db.clone(), carrier, &app.node, app.vault().clone()));
    Arc::new(move |ctx: JobCtx| {
        let pump = pump.clone();
        Box::pin(async move {
            let report = pump.run_due(ctx.district, ctx.now).await?;
            for hook in report.disabled {
                tracing::warn!(%hook, "a webhook was disabled: its receiver is gone");
            }
            Ok(())
        })
    })
}

/// Figures that are states and not events: read now and then, from kept counts or bounded ones.
fn gauges_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let (district, now) = (ctx.district, ctx.now);
        let figures = app.db.read(move |tx| gauges(tx, district, now)).await?;
        for (name, value) in figures {
            metrics::gauge!(name, "district" => district.to_string()).set(value);
        }
        app.scrape.upkeep();
        Ok(())
    })
}

/// Counts stop here: past it a gauge says "many", which is all that an alarm needs.
const MANY: i64 = 100_000;

fn gauges(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<Vec<(&'static str, f64)>> {
    let mut one = |sql: &str, args: &[base::Arg<'_>]| -> Outcome<f64> {
        let n = tx.one(sql, args, |row| row.int(0))?.unwrap_or(0);
        Ok(i32::try_from(n.max(0)).map_or(f64::from(i32::MAX), f64::from))
    };
    let (d, today) = (district.into(), i64::from(now.day().number()).into());
    let unsealed =
        "select count(*) from (select 1 from event where district = $1 and seq is null limit $2) n";
    let size = "select coalesce(max(size), 0) from checkpoint where district = $1";
    let waiting =
        "select count(*) from (select 1 from outbox where district = $1 and state = 'waiting' limit $2) n";
    let sessions =
        "select count(*) from (select 1 from session where district = $1 and expires_at > $2 limit $3) n";
    let overdue = "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1 and scope = 'due' and bucket < $2";
    Ok(vec![
        ("guandu_ledger_unsealed", one(unsealed, &[district.into(), MANY.into()])?),
        ("guandu_ledger_size", one(size, &[district.into()])?),
        ("guandu_outbox_waiting", one(waiting, &[district.into(), MANY.into()])?),
        ("guandu_sessions", one(sessions, &[district.into(), now.into(), MANY.into()])?),
        ("guandu_duties_overdue", one(overdue, &[d, today])?),
    ])
}

/// Evidence that no row names, a day after it was put there.
fn files_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let before = ctx.now.plus_seconds(-86_400);
        app.files.sweep(&app.db, ctx.district, before).await.map(|_| ())
    })
}

/// What waits to be searchable goes into the index, up to about 1,000 documents a second: more would slow the writes.
fn search_job() -> Job {
    Arc::new(|ctx: JobCtx| {
        Box::pin(async move { search::flush_all(&ctx.db, ctx.district, 8).await.map(|_| ()) })
    })
}

/// The index is merged at night, so that nothing of a forgotten document stays in the file.
fn compact_job() -> Job {
    Arc::new(|ctx: JobCtx| {
        Box::pin(async move {
            ctx.db.write(|tx| search::compact(tx, -500)).await?;
            for _ in 0..400 {
                ctx.db.write(|tx| search::compact(tx, 500)).await?;
            }
            Ok(())
        })
    })
}

/// Requests whose window is over are scored and closed, deferred ones come back, kept contacts go when their time is up.
fn case_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let who = duty::sweep::system(ctx.district)?;
        for batch in CASE_BATCHES {
            while app.write(&who, move |op| batch(op, 64)).await? > 0 {}
        }
        Ok(())
    })
}

/// Many people with one matter become a hot issue.
fn hot_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let who = duty::sweep::system(ctx.district)?;
        app.write(&who, case::hot::look_unjudged).await.map(|_| ())
    })
}

/// Limits of whistles that departments let pass, and whistles that wait to be closed.
fn whistle_job(app: &App) -> Job {
    job(app, |app, ctx| async move {
        let who = duty::sweep::system(ctx.district)?;
        case::whistle::jobs::run(&app, &who).await.map(|_| ())
    })
}

/// A batch of a case's periodic work; returns how many it touched.
type CaseBatch = fn(&mut base::op::Op<'_, '_>, u32) -> Outcome<u64>;

const CASE_BATCHES: [CaseBatch; 3] =
    [case::act::jobs::score_due, case::act::jobs::resume_due, case::act::jobs::erase_due];

fn sweep_job() -> Job {
    Arc::new(|ctx: JobCtx| {
        Box::pin(async move {
            ctx.db
                .write(move |tx| {
                    session::sweep(tx, ctx.district, ctx.now)?;
                    limits::sweep(tx, ctx.district, ctx.now)?;
                    feed::sweep(tx, ctx.district, ctx.now)?;
                    outbox::sweep(tx, ctx.district, ctx.now.plus_seconds(-90 * 86_400))?;
                    let day_ago = ctx.now.plus_seconds(-86_400);
                    let sql = "delete from idem where district = $1 and at < $2";
                    tx.exec(sql, &[ctx.district.into(), day_ago.into()]).map(|_| ())
                })
                .await
        })
    })
}

/// What every node does for itself until `stop` turns true, because it keeps the result in its own memory: putting
/// playbooks into force that another node loaded, and teaching the recommender.
pub async fn keep_up(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut seen = Vec::new();
    let mut beat = 0_u32;
    while !*stop.borrow() {
        if let Err(fault) = watch(&app, &mut seen).await {
            tracing::warn!(error = %fault, "stored playbooks could not be read; asked again in a moment");
        }
        if beat.is_multiple_of(TEACH_BEATS) {
            for district in app.districts() {
                if let Err(fault) = teach(&app, district).await {
                    tracing::warn!(error = %fault, %district, "the recommender was not taught; asked again in an hour");
                }
            }
        }
        beat = beat.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(WATCH) => {}
            _ = stop.changed() => {}
        }
    }
}

/// How often a node looks for playbooks of other nodes.
const WATCH: Duration = Duration::from_secs(5);
/// The recommender is taught each hour.
const TEACH_BEATS: u32 = 720;

async fn watch(app: &App, seen: &mut Vec<String>) -> Outcome<()> {
    let stored = app.db.read(books::digests).await?;
    if *seen != stored {
        books::install_all(app).await?;
        *seen = stored;
    }
    Ok(())
}

/// A district whose playbook has no rules of cases needs no recommender.
async fn teach(app: &App, district: DistrictCode) -> Outcome<()> {
    if app.book(district, app.now().day())?.case_rules().is_none() {
        return Ok(());
    }
    let who = duty::sweep::system(district)?;
    case::advise::teach(app, &who).await.map(|_| ())
}
