//! What is heard, by whom, and when a stream ends; on both databases.

use super::live::Listener;
use super::store::{Tail, missed, put};
use super::*;
use crate::config::{Config, Env};
use crate::core::{Directory, Extras, Masthead, Parts};
use crate::db::{Db, Tx};
use crate::files::Files;
use crate::i18n::Catalogue;
use crate::op::{Ids, Time, Who};
use crate::sealer::Signer;
use crate::session::{self, New, Terms};
use crate::testdb::{D, both, start};
use crate::vault::Vault;
use crate::web::Ctx;
use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::Request;
use http_body_util::BodyExt;
use kernel::access::{Policy, Role, RoleSet};
use tower::ServiceExt;

/// Everybody is a handler of the housing office at the post of the session, unless the office has been dissolved.
struct People;

impl Directory for People {
    fn actor(
        &self,
        _: &mut Tx<'_>,
        _: DistrictCode,
        person: PersonId,
        post: &PostCode,
        _: Instant,
    ) -> Outcome<Option<Actor>> {
        let unit = UnitCode::parse("unit", "zjj")?;
        let below = UnitCode::parse("unit", "zjj-station")?;
        let actor = Actor::new(post.clone(), unit, RoleSet::of(&[Role::Handler]));
        Ok(Some(actor.held_by(person).over(vec![below])))
    }
    fn masthead(
        &self,
        _: &mut Tx<'_>,
        _: DistrictCode,
        _: PersonId,
        _: &PostCode,
        _: Instant,
    ) -> Outcome<Masthead> {
        Ok(Masthead::default())
    }
}

struct Node {
    app: App,
    feed: Feed,
    _dir: tempfile::TempDir,
}

/// A program on the database, as one of several nodes.
fn node(db: &Db, seed: u8) -> Node {
    let dir = tempfile::tempdir().unwrap();
    let queues = BTreeMap::from([("work", Action::DutyAccept), ("people", Action::OrgManagePeople)]);
    let feed = Feed::new(queues);
    let mut extras = Extras::default();
    extras.insert(feed.clone());
    let parts = Parts {
        db: db.clone(),
        time: Time::set_at(start()),
        ids: Ids::seeded([seed; 32]),
        policy: Policy::builtin(),
        signer: Signer::new([7; 32], "test"),
        vault: Vault::of([9; 32], &[]),
        texts: Catalogue::builtin(),
        files: Files::memory(),
        config: Config::load(None, dir.path(), &Env::new()).unwrap(),
        directory: Box::new(People),
        nav: Vec::new(),
        node: "test".to_owned(),
        simulated: true,
        scrape: crate::metrics::recorder().unwrap().1,
    };
    Node { app: Core::with(parts, extras), feed, _dir: dir }
}

fn post(code: &str) -> PostCode {
    PostCode::parse("post", code).unwrap()
}

fn topic(text: &str) -> Topic {
    text.parse().unwrap()
}

/// A session of a person of its own; its bearer token.
async fn sign_in(node: &Node, n: u8) -> String {
    let person = PersonId::parse("person", &format!("00000000-0000-7000-8000-0000000000{n:02}")).unwrap();
    let new = New { token: [n; 32], csrf: [n; 32], person, post: post("zjj.handler"), second_factor: true };
    let terms = Terms { idle: 3_600, absolute: 36_000 };
    node.app.db.write(move |tx| Ok(session::create(tx, D, &new, terms, start())?.1)).await.unwrap()
}

async fn ctx(node: &Node, token: &str) -> Ctx {
    let request = Request::get("/live").header("authorization", format!("Bearer {token}")).body(()).unwrap();
    Ctx::from_request_parts(&mut request.into_parts().0, &node.app).await.unwrap()
}

async fn listener(node: &Node, token: &str, topics: &[&str], since: Option<i64>) -> Listener {
    let topics = topics.iter().map(|t| topic(t)).collect();
    let mut listener = Listener::open(&node.feed, &ctx(node, token).await, topics, since).unwrap();
    assert!(listener.next().await.unwrap().starts_with("retry:"));
    listener
}

async fn publish(node: &Node, topics: &'static [&'static str], fail: bool) {
    let actor = Actor::new(post("zjj.handler"), UnitCode::parse("unit", "zjj").unwrap(), RoleSet::of(&[]));
    let who = Who { district: D, actor: Arc::new(actor), trace: Arc::from("t") };
    let done = node.app.write(&who, move |op| {
        for text in topics {
            op.publish(&topic(text))?;
            op.publish(&topic(text))?;
        }
        if fail { Err(Common::Defect.into()) } else { Ok(()) }
    });
    assert_eq!(done.await.is_err(), fail);
}

/// The next frame, within a bound that only a defect reaches.
async fn next(listener: &mut Listener) -> Option<String> {
    tokio::time::timeout(Duration::from_secs(20), listener.next()).await.expect("nothing was heard")
}

fn data(frame: &str) -> &str {
    frame.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or_default()
}

#[test]
fn every_node_hears_every_write_that_was_committed_once() {
    both("feed_nodes", async |db| {
        let (here, there) = (node(&db, 1), node(&db, 2));
        let token = sign_in(&here, 1).await;
        let mut a = listener(&here, &token, &["unit:zjj", "post:zjj.handler"], None).await;
        let mut b = listener(&there, &token, &["unit:zjj", "unit:zjj-station"], None).await;
        publish(&here, &["unit:zjj"], true).await;
        here.app.time.set(start().plus_seconds(1));
        publish(&here, &["unit:zjj-station", "unit:zjj", "unit:fgj"], false).await;
        let (first, second) = (next(&mut a).await.unwrap(), next(&mut b).await.unwrap());
        assert_eq!((data(&first), data(&second)), ("unit:zjj", "unit:zjj,unit:zjj-station"));
        assert!(
            first.starts_with("event: change\n")
                && first.contains(&format!("id: {}", start().plus_seconds(1).micros()))
        );
        // The next thing heard is the next write: nothing is told twice.
        there.app.time.set(start().plus_seconds(2));
        publish(&there, &["post:zjj.handler"], false).await;
        assert_eq!(data(&next(&mut a).await.unwrap()), "post:zjj.handler");
        Ok(())
    });
}

#[test]
fn a_look_finds_what_came_late_and_tells_nothing_twice() {
    both("feed_tail", async |db| {
        let put_at = async |seconds: i64, name: &'static str| {
            db.write(move |tx| put(tx, D, start().plus_seconds(seconds), &topic(name))).await.unwrap();
        };
        let look = async |tail: Tail| db.read(move |tx| tail.read(tx, D)).await.unwrap();
        put_at(20, "unit:a").await;
        let (tail, batch) = look(Tail::from(start())).await;
        assert_eq!(batch, Some(Batch::Changed([topic("unit:a")].into(), start().plus_seconds(20).micros())));
        let (tail, batch) = look(tail).await;
        assert_eq!(batch, None);
        // Began eight seconds earlier, committed after the look.
        put_at(12, "unit:b").await;
        let (tail, batch) = look(tail).await;
        assert!(matches!(batch, Some(Batch::Changed(set, _)) if set == [topic("unit:b")].into()));
        let (tail, batch) = look(tail).await;
        assert_eq!(batch, None);
        db.write(|tx| {
            (0..2_100).try_for_each(|i| put(tx, D, start().plus_micros(25_000_000 + i), &topic("unit:c")))
        })
        .await?;
        let (tail, batch) = look(tail).await;
        assert_eq!(batch, Some(Batch::Everything(start().plus_micros(25_002_099).micros())));
        assert_eq!(look(tail).await.1, None);
        let since = |seconds: i64, now: i64| {
            let db = db.clone();
            async move {
                let (since, now) = (start().plus_seconds(seconds).micros(), start().plus_seconds(now));
                db.read(move |tx| missed(tx, D, since, now)).await.unwrap()
            }
        };
        assert!(matches!(since(26, 30).await, Batch::Everything(_)));
        assert!(matches!(since(60, 700).await, Batch::Everything(_)));
        assert!(matches!(since(60, 70).await, Batch::Changed(set, _) if set.is_empty()));
        assert_eq!(db.write(|tx| sweep(tx, D, start().plus_seconds(620))).await?, 1);
        Ok(())
    });
}

#[test]
fn topics_are_judged_and_the_stream_is_a_stream() {
    both("feed_judge", async |db| {
        let node = node(&db, 1);
        let token = sign_in(&node, 1).await;
        let router: Router = Router::new().merge(routes()).with_state(node.app.clone());
        let ask = async |query: &str, token: Option<&str>| {
            let mut request = Request::get(format!("/live?topics={query}"));
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        };
        for open in ["unit:zjj", "unit:zjj-station,post:zjj.handler", "queue:work"] {
            let answer = ask(open, Some(&token)).await;
            assert_eq!(answer.status(), 200, "{open}");
            assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
            let first = answer.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
            assert!(first.starts_with(b"retry:"));
        }
        for shut in
            ["", "unit:fgj", "post:fgj.handler", "queue:people", "queue:none", "unit:zjj,unit:fgj", "x:y"]
        {
            assert_ne!(ask(shut, Some(&token)).await.status(), 200, "{shut}");
        }
        assert_ne!(ask("unit:zjj", None).await.status(), 200);
        assert_eq!(node.feed.streams(), 0, "a stream that was dropped keeps its seat");
        Ok(())
    });
}

#[test]
fn a_stream_ends_with_its_session_before_it_tells_anything_more() {
    both("feed_revoked", async |db| {
        let node = node(&db, 1);
        let token = sign_in(&node, 1).await;
        let mut listener = listener(&node, &token, &["unit:zjj"], None).await;
        let id = ctx(&node, &token).await.session.id;
        db.write(move |tx| session::revoke(tx, D, &id)).await?;
        publish(&node, &["unit:zjj"], false).await;
        assert!(next(&mut listener).await.unwrap().starts_with("event: end\n"));
        assert_eq!(next(&mut listener).await, None);
        Ok(())
    });
}

#[test]
fn whoever_falls_behind_is_told_to_fetch_everything() {
    both("feed_lag", async |db| {
        let node = node(&db, 1);
        let token = sign_in(&node, 1).await;
        let mut listener = listener(&node, &token, &["unit:zjj"], None).await;
        let hub = node.feed.shared.hubs.lock().get(&D).unwrap().clone();
        for at in 0..200 {
            hub.send(Arc::new(Batch::Changed([topic("unit:fgj")].into(), at))).unwrap();
        }
        assert!(next(&mut listener).await.unwrap().starts_with("event: resync\n"));
        Ok(())
    });
}

#[test]
fn what_was_missed_is_told_first_and_closing_ends_all() {
    both("feed_missed", async |db| {
        let node = node(&db, 1);
        let token = sign_in(&node, 1).await;
        publish(&node, &["unit:zjj", "unit:fgj"], false).await;
        let since = Some(start().plus_seconds(-5).micros());
        let mut stream = listener(&node, &token, &["unit:zjj"], since).await;
        assert_eq!(data(&next(&mut stream).await.unwrap()), "unit:zjj");
        let old = Some(start().plus_seconds(-86_400).micros());
        let mut late = listener(&node, &token, &["unit:zjj"], old).await;
        assert!(next(&mut late).await.unwrap().starts_with("event: resync"));
        node.feed.close();
        assert_eq!((next(&mut stream).await, next(&mut late).await), (None, None));
        Ok(())
    });
}

#[test]
fn one_person_has_so_many_streams() {
    both("feed_seats", async |db| {
        let node = node(&db, 1);
        let token = sign_in(&node, 1).await;
        let ctx = ctx(&node, &token).await;
        let open = || Listener::open(&node.feed, &ctx, [topic("unit:zjj")].into(), None);
        let all: Vec<Listener> = (0..STREAMS_EACH).map(|_| open().unwrap()).collect();
        assert!(matches!(open(), Err(crate::Fault::Refused(no)) if no.code() == "common.too_often"));
        drop(all);
        assert!(open().is_ok() && node.feed.streams() == 0);
        Ok(())
    });
}

#[test]
fn a_region_carries_what_the_script_needs() {
    let topics = [topic("unit:zjj"), topic("queue:work")];
    let drawn = region("list", &topics, Some("/inbox"), start(), &html! { p { "x" } }).into_string();
    for piece in ["id=\"list\"", "data-live=\"unit:zjj,queue:work\"", "data-live-src=\"/inbox\"", "<p>x</p>"]
    {
        assert!(drawn.contains(piece), "{drawn}");
    }
    assert!(!region("list", &topics, None, start(), &html! {}).into_string().contains("data-live-src"));
    for bad in ["", "unit", "unit:", "unit:ABC DEF", "file:x", "queue:水"] {
        assert!(bad.parse::<Topic>().is_err(), "{bad}");
    }
    assert_eq!(topic("post:zjj.handler").to_string(), "post:zjj.handler");
}
