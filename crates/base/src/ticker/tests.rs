use super::*;
use crate::testdb::{D, both, start};
use parking_lot::Mutex;
use std::sync::atomic::AtomicI64;
use tokio::sync::Notify;

/// Time that stands until a test moves it; a wait ends when the test rings.
struct Hand {
    at: AtomicI64,
    ring: Arc<Notify>,
}

impl Hand {
    fn new() -> Arc<Hand> {
        Arc::new(Hand { at: AtomicI64::new(start().micros()), ring: Arc::default() })
    }
    fn forward(&self, seconds: i64) {
        self.at.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl TickSource for Hand {
    fn now(&self) -> Instant {
        Instant::from_micros(self.at.load(Ordering::SeqCst))
    }
    fn wait(&self, _: u32) -> BoxFuture<'static, ()> {
        let ring = self.ring.clone();
        Box::pin(async move { ring.notified().await })
    }
}

fn counting() -> (Job, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    let job: Job = Arc::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    });
    (job, count)
}

#[test]
fn next_keeps_the_beat_and_makes_up_nothing() {
    let t0 = start();
    let every = Every::Seconds(10);
    assert_eq!(every.next(t0, t0), t0.plus_seconds(10));
    assert_eq!(every.next(t0, t0.plus_seconds(3)), t0.plus_seconds(10));
    assert_eq!(every.next(t0, t0.plus_seconds(47)), t0.plus_seconds(50));
    let daily = Every::Daily(18, 0);
    assert_eq!(daily.next(t0, t0), t0.day().at(18, 0));
    assert_eq!(daily.next(t0, t0.day().at(18, 0)), t0.day().plus(1).at(18, 0));
}

#[test]
fn two_nodes_never_run_one_job_twice() {
    both("ticker_two", async |db| {
        let (job, count) = counting();
        let hand = Hand::new();
        let mut nodes = Vec::new();
        for node in ["a", "b", "c"] {
            let mut ticker = Ticker::new(db.clone(), hand.clone(), node);
            ticker.register("demo", Every::Seconds(60), D, job.clone());
            nodes.push(ticker);
        }
        for beat in 1..=5_u64 {
            let now = hand.now();
            let ran = join_all(nodes.iter().map(|n| n.run_due(now))).await;
            let ran: usize = ran.into_iter().map(|r| r.unwrap().len()).sum();
            assert_eq!((ran, count.load(Ordering::SeqCst)), (1, beat));
            hand.forward(60);
        }
        let rows = db.read(|tx| list(tx, D)).await?;
        assert_eq!((rows.len(), rows[0].runs, rows[0].lease_by.as_str()), (1, 5, ""));
        assert!(rows[0].last_ok.is_some());
        Ok(())
    });
}

#[test]
fn errors_and_panics_are_kept_and_the_job_goes_on() {
    both("ticker_errors", async |db| {
        let hand = Hand::new();
        let mut ticker = Ticker::new(db.clone(), hand.clone(), "a");
        let turns = Arc::new(Mutex::new(0));
        let job: Job = Arc::new(move |_| {
            let mut turn = turns.lock();
            *turn += 1;
            let n = *turn;
            Box::pin(async move {
                match n {
                    1 => Err(Fault::broken("no such table")),
                    2 => panic!("a defect"),
                    _ => Ok(()),
                }
            })
        });
        ticker.register("weak", Every::Seconds(10), D, job);
        let mut errors = Vec::new();
        for _ in 0..3 {
            ticker.run_due(hand.now()).await?;
            errors.push(db.read(|tx| list(tx, D)).await?.remove(0).last_error);
            hand.forward(10);
        }
        assert!(errors[0].contains("no such table") && errors[1].contains("broke") && errors[2].is_empty());
        assert!(db.write(move |tx| run_now(tx, D, "weak", start())).await?);
        assert_eq!(ticker.run_due(hand.now().plus_seconds(-9)).await?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_dead_nodes_job_is_taken_over_and_its_late_end_changes_nothing() {
    both("ticker_dead", async |db| {
        let t0 = start();
        let first = db
            .write(move |tx| {
                lease::ensure(tx, D, "j", t0)?;
                lease::claim(tx, D, "j", "a#0", t0, 60)
            })
            .await?
            .expect("claimed");
        let take = |owner: &'static str, at| db.write(move |tx| lease::claim(tx, D, "j", owner, at, 60));
        assert_eq!(take("b#0", t0.plus_seconds(59)).await?, None);
        assert!(take("b#0", t0.plus_seconds(60)).await?.is_some());
        let late = t0.plus_seconds(61);
        assert!(!db.write(move |tx| lease::renew(tx, D, "j", "a#0", late)).await?);
        db.write(move |tx| lease::finish(tx, D, "j", &first, late, late, None)).await?;
        let row = db.read(|tx| list(tx, D)).await?.remove(0);
        assert_eq!((row.lease_by.as_str(), row.last_ok), ("b#0", None));
        db.write(|tx| lease::give_back(tx, D, "j", "a")).await?;
        assert_eq!(db.read(|tx| list(tx, D)).await?[0].lease_by, "b#0");
        db.write(|tx| lease::give_back(tx, D, "j", "b")).await?;
        assert_eq!(db.read(|tx| list(tx, D)).await?[0].lease_by, "");
        Ok(())
    });
}

#[test]
fn a_long_job_keeps_its_lease_and_stops_when_it_is_lost() {
    both("ticker_long", async |db| {
        let hand = Hand::new();
        let mut ticker = Ticker::new(db.clone(), hand.clone(), "a");
        let begun = Arc::new(Notify::new());
        let told = begun.clone();
        let job: Job = Arc::new(move |_| {
            told.notify_one();
            Box::pin(std::future::pending())
        });
        ticker.register("long", Every::Seconds(10), D, job);
        let ticker = Arc::new(ticker);
        let running = tokio::spawn({
            let (ticker, now) = (ticker.clone(), hand.now());
            async move { ticker.run_due(now).await }
        });
        begun.notified().await;
        // Renewed at 20 s: at 70 s it is still held.
        hand.forward(20);
        hand.ring.notify_one();
        let until = start().plus_seconds(80);
        loop {
            let sql = "select lease_until from tick where district = $1";
            let held = db.read(move |tx| tx.one(sql, &[D.into()], |row| row.instant(0))).await?;
            if held == Some(until) {
                break;
            }
            tokio::task::yield_now().await;
        }
        let sql = "update tick set lease_by = 'b#0' where district = $1";
        db.write(move |tx| tx.exec(sql, &[D.into()])).await?;
        hand.ring.notify_one();
        let ran = running.await.expect("no panic")?;
        assert!(ran[0].error.as_deref().is_some_and(|e| e.contains("lease lost")));
        Ok(())
    });
}

#[test]
fn run_stops_when_told() {
    both("ticker_stop", async |db| {
        let (job, count) = counting();
        let hand = Hand::new();
        let mut ticker = Ticker::new(db.clone(), hand.clone(), "a");
        ticker.register("demo", Every::Seconds(1), D, job);
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(async move { ticker.run(stopped).await });
        while count.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        stop.send(true).expect("still listening");
        running.await.expect("no panic");
        Ok(())
    });
}
