//! Two nodes on one PostgreSQL (DESIGN §5 no. 10): commands through both, jobs on both, each thing once, and when one goes the
//! other takes over. Only with `GUANDU_TEST_PG`; a SQLite file has one program.

use crate::world::{D, Post, World, schema};
use base::db::{Db, Place};
use base::outbox::{Carrier, HookCall, MailCall, Reply};
use base::ticker::{Every, JobCtx, Ran, TickSource, Ticker};
use futures_util::future::{BoxFuture, join_all};
use kernel::{Day, Instant};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Duties of the story.
const N: usize = 24;

/// Two programs with pools, ids, node names and clocks of their own.
struct Pair {
    a: World,
    b: World,
}

/// Counts what would have left the house, by node.
#[derive(Default)]
struct Sent {
    sent: Mutex<Vec<(char, MailCall)>>,
}

struct Way {
    node: char,
    post: Arc<Sent>,
}

impl Carrier for Way {
    fn mail(&self, call: &MailCall) -> Reply {
        self.post.sent.lock().unwrap().push((self.node, call.clone()));
        Reply::Taken
    }
    fn hook(&self, _: &HookCall, _: Instant) -> Reply {
        Reply::Taken
    }
    fn allows(&self, _: &str) -> bool {
        true
    }
}

/// A carrier that says when a mail is on its way and then waits until it is let go: the moment in which a node dies.
struct Stuck {
    entered: Sender<MailCall>,
    released: Mutex<Receiver<()>>,
}

impl Carrier for Stuck {
    fn mail(&self, call: &MailCall) -> Reply {
        self.entered.send(call.clone()).unwrap();
        let _ended = self.released.lock().unwrap().recv();
        Reply::Taken
    }
    fn hook(&self, _: &HookCall, _: Instant) -> Reply {
        Reply::Taken
    }
    fn allows(&self, _: &str) -> bool {
        true
    }
}

async fn node(url: &str, name: &str, seed: u8, key: Option<&World>) -> World {
    let dir = tempfile::tempdir().unwrap();
    // Nodes share the installation's keys, as an administrator copies them.
    if let Some(first) = key {
        for entry in std::fs::read_dir(first.folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let db = match key {
        None => schema(url, name).await,
        Some(_) => {
            let join = if url.contains('?') { '&' } else { '?' };
            let url = format!("{url}{join}options=-c%20search_path%3Ds_{name}");
            Db::open(&Place::Url(url)).await.unwrap()
        }
    };
    World::configured(db, dir, seed, |config| config.mail.enabled = true).await
}

fn run<F: AsyncFn(Pair)>(name: &str, story: F) {
    let Ok(url) = std::env::var("GUANDU_TEST_PG") else {
        eprintln!("{name}: skipped, GUANDU_TEST_PG is not set; two nodes need a server");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let a = node(&url, name, 21, None).await;
        let b = node(&url, name, 22, Some(&a)).await;
        assert_ne!(a.app.node, b.app.node);
        story(Pair { a, b }).await;
    });
}

impl Pair {
    fn at(&self, text: &str) -> Instant {
        self.a.at(text);
        self.b.at(text);
        self.a.app.now()
    }

    /// One figure of the database, by a statement over the district.
    async fn count(&self, sql: &'static str) -> i64 {
        count(&self.b, sql).await
    }
}

async fn count(w: &World, sql: &'static str) -> i64 {
    w.app.db.read(move |tx| tx.one(sql, &[D.into()], |row| row.int(0))).await.unwrap().unwrap()
}

async fn give(director: &Post<'_>, n: usize, lead: &str) -> String {
    let form = json!({ "form": {
        "kind": "supervision", "title": format!("第{n}件督办事项"), "criterion": "按期反馈",
        "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议" }],
        "priority": "general", "visibility": "internal",
    }});
    let id = director.json("/api/v1/duties", &form).await.good().duty().to_string();
    let act = format!("/api/v1/duties/{id}/commands");
    director.json(&act, &json!({ "command": { "act": "assign", "lead": lead } })).await.good();
    id
}

/// How often each job ran, over both nodes; none may have failed.
fn runs(both: &[Vec<Ran>]) -> BTreeMap<&'static str, u32> {
    let mut out = BTreeMap::new();
    for ran in both.iter().flatten() {
        assert_eq!(ran.error, None, "{}", ran.name);
        *out.entry(ran.name).or_default() += 1;
    }
    out
}

const RUNGS: &str = "select count(*) from duty_rung where district = $1";
const CLIMBED: &str = "select count(*) from event where district = $1 and kind = 'duty.escalated'";
const LATE: &str = "select count(*) from duty where district = $1 and open = 1 and rung_at is not null";

/// Commands through both at once: all of them are there, numbers are dealt once, and of two who act on one revision one
/// is told so.
async fn commands(p: &Pair) {
    let director = p.a.post("zfb.supervision").await;
    let there = director.on(&p.b);
    let handler = p.a.post_with_mail("zjj.handler", "handler@example.org").await;
    let chief = p.b.post_with_mail("zjj.chief", "chief@example.org").await;
    drop(chief);
    let ids = join_all((0..N).map(|n| give(if n % 2 == 0 { &director } else { &there }, n, "zjj"))).await;
    let numbers = "select count(distinct no) from duty where district = $1 and kind = 'supervision'";
    assert_eq!(p.count(numbers).await, i64::try_from(N).unwrap());
    for id in &ids {
        let act = format!("/api/v1/duties/{id}/commands");
        let sign = json!({ "command": { "act": "accept" } });
        let other = handler.on(&p.b);
        let (one, two) = tokio::join!(handler.json(&act, &sign), other.json(&act, &sign));
        let good = [&one, &two].iter().filter(|answer| answer.status < 300).count();
        assert_eq!(good, 1, "{} {}\n{} {}", one.status, one.text, two.status, two.text);
        let late = if one.status < 300 { two } else { one };
        assert_eq!(late.status, 409, "{}", late.text);
    }
}

#[test]
fn two_nodes_do_each_thing_once() {
    run("two_nodes", async |p: Pair| {
        let post = Arc::new(Sent::default());
        let way = |node| -> Arc<dyn Carrier> { Arc::new(Way { node, post: post.clone() }) };
        let ta = guandu::jobs::ticker_with(&p.a.app, &way('a'));
        let tb = guandu::jobs::ticker_with(&p.b.app, &way('b'));
        commands(&p).await;

        // Past the due day and two rungs, in working hours: mail does not wait for the morning.
        let mut now = p.at("2019-09-05T10:00");
        assert!(p.count(LATE).await >= i64::try_from(N).unwrap());
        for beat in 0..6 {
            let (a, b) = tokio::join!(ta.run_due(now), tb.run_due(now));
            let ran = runs(&[a.unwrap(), b.unwrap()]);
            for job in ["ledger.seal", "duty.escalate", "outbox.pump"] {
                assert_eq!(ran.get(job), Some(&1), "beat {beat}: {job} {ran:?}");
            }
            now = now.plus_seconds(60);
            p.a.app.time.set(now);
            p.b.app.time.set(now);
        }
        // The same without the lease between them: the work itself is safe to do twice at once.
        let who = duty::sweep::system(D).unwrap();
        let later = p.at("2019-09-25T10:00");
        let (a, b) = tokio::join!(duty::sweep::run(&p.a.app, &who), duty::sweep::run(&p.b.app, &who));
        assert!(a.unwrap() + b.unwrap() > 0);
        let (a, b) = tokio::join!(guandu::jobs::seal_all(&p.a.app, D), guandu::jobs::seal_all(&p.b.app, D));
        assert!(a.unwrap() + b.unwrap() > 0);
        let (a, b) = tokio::join!(ta.run_due(later), tb.run_due(later));
        assert_eq!(runs(&[a.unwrap(), b.unwrap()]).get("outbox.pump"), Some(&1));

        once(&p, &post).await;
        p.a.sound().await;
        p.b.sound().await;
    });
}

/// Each rung has one row, one event and its notices; each mail left once; checkpoints are one chain.
async fn once(p: &Pair, post: &Sent) {
    let rungs = p.count(RUNGS).await;
    assert!(rungs >= i64::try_from(N * 2).unwrap(), "only {rungs} rungs");
    assert_eq!(p.count(CLIMBED).await, rungs);
    let highest = "select cast(sum(n - r) as bigint) from (select count(*) as n, max(rung) as r from duty_rung \
                   where district = $1 group by duty, round) x";
    assert_eq!(p.count(highest).await, 0, "a rung was left out or climbed twice");
    let sizes = "select count(*) - count(distinct size) from checkpoint where district = $1";
    assert_eq!(p.count(sizes).await, 0, "two checkpoints of one size");
    let queued = "select count(*) from outbox where district = $1 and channel = 'email'";
    let all = p.count(queued).await;
    assert!(all > 0);
    let sent = post.sent.lock().unwrap();
    assert_eq!(i64::try_from(sent.len()).unwrap(), all, "mails left more or less than once");
    let mut ids: Vec<&str> = sent.iter().map(|(_, call)| call.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), sent.len());
}

/// A clock for a ticker that the test moves; waiting never ends, so a lease is not renewed behind its back.
struct Hand(Instant);

impl TickSource for Hand {
    fn now(&self) -> Instant {
        self.0
    }
    fn wait(&self, _: u32) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

/// Starts `name` on a node that dies in the middle of it.
async fn dies_in(w: &World, name: &'static str, now: Instant) {
    let mut ticker = Ticker::new(w.app.db.clone(), Arc::new(Hand(now)), &w.app.node);
    let (started, mut entered) = tokio::sync::mpsc::unbounded_channel::<()>();
    let job = move |_: JobCtx| -> BoxFuture<'static, base::Outcome<()>> {
        let started = started.clone();
        Box::pin(async move {
            started.send(()).unwrap();
            std::future::pending().await
        })
    };
    ticker.register(name, Every::Seconds(60), D, Arc::new(job));
    tokio::select! {
        ran = ticker.run_due(now) => panic!("it ended: {ran:?}"),
        got = entered.recv() => assert!(got.is_some()),
    }
}

#[test]
fn the_other_node_takes_over() {
    run("node_gone", async |p: Pair| {
        let post = Arc::new(Sent::default());
        let director = p.a.post("zfb.supervision").await;
        for code in ["zjj.clerk", "zjj.handler", "zjj.chief"] {
            p.b.post_with_mail(code, "zjj@example.org").await;
        }
        give(&director, 1, "zjj").await;
        let now = p.at("2019-09-05T10:00");
        dies_in(&p.a, "duty.escalate", now).await;

        // A mail is on its way when the node is cut off: nobody notes that it was taken.
        let (entered, seen) = channel();
        let (release, released) = channel();
        let stuck = Arc::new(Stuck { entered, released: Mutex::new(released) });
        let pump = base::outbox::Pump::new(p.a.app.db.clone(), stuck, &p.a.app.node, p.a.app.vault().clone());
        let task = tokio::spawn(async move { pump.run_due(D, now).await });
        let first = tokio::task::spawn_blocking(move || seen.recv().unwrap()).await.unwrap();
        task.abort();
        assert!(task.await.is_err());
        release.send(()).unwrap();
        let Pair { a, b } = p;
        a.app.db.close().await;
        drop(a);

        let way: Arc<dyn Carrier> = Arc::new(Way { node: 'b', post: post.clone() });
        let tb = guandu::jobs::ticker_with(&b.app, &way);
        let escalated = |ran: &[Ran]| ran.iter().filter(|r| r.name == "duty.escalate").count();
        // While the lease of the dead node runs, the job is not started a second time.
        let soon = now.plus_seconds(30);
        b.app.time.set(soon);
        assert_eq!(escalated(&tb.run_due(soon).await.unwrap()), 0);
        assert_eq!(count(&b, CLIMBED).await, 0);
        assert_eq!(post.sent.lock().unwrap().len(), 0, "the message is still held by the node that died");
        // When it has run out, the other node takes the job and the message.
        let later = now.plus_seconds(150);
        b.app.time.set(later);
        assert_eq!(escalated(&tb.run_due(later).await.unwrap()), 1);
        assert!(count(&b, CLIMBED).await > 0);
        b.app.time.set(later.plus_seconds(60));
        tb.run_due(later.plus_seconds(60)).await.unwrap();
        // At least once, by the same id: a receiver drops the double.
        let again = post.sent.lock().unwrap().iter().filter(|(_, call)| call.id == first.id).count();
        assert_eq!(again, 1);
        // And it goes on serving.
        let there = b.post("fgj.planner").await;
        there.get("/plan").await.good();
        let tomorrow = Day::new(2019, 9, 6).unwrap().at(10, 0);
        b.app.time.set(tomorrow);
        let ran = tb.run_due(tomorrow).await.unwrap();
        assert!(ran.iter().all(|r| r.error.is_none()), "{ran:?}");
        b.sound().await;
    });
}
