use super::send::{judged, message, retry_after};
use super::*;
use crate::config::{Config, Env};
use crate::db::{Db, Tx};
use crate::fault::{Fault, Outcome};
use crate::testdb::{D, both, start};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kernel::{Day, Instant};
use parking_lot::Mutex;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::Arc;
use uuid::Uuid;

/// Answers what it was told to, and remembers what it was given.
#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Reply>>,
    mails: Mutex<Vec<MailCall>>,
    hooks: Mutex<Vec<HookCall>>,
}

impl Script {
    fn says(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().extend(replies);
    }
    fn reply(&self) -> Reply {
        self.replies.lock().pop_front().unwrap_or(Reply::Taken)
    }
}

impl Carrier for Script {
    fn mail(&self, call: &MailCall) -> Reply {
        self.mails.lock().push(call.clone());
        self.reply()
    }
    fn hook(&self, call: &HookCall, _: Instant) -> Reply {
        self.hooks.lock().push(call.clone());
        self.reply()
    }
    fn allows(&self, _: &str) -> bool {
        true
    }
}

fn later(after: Option<i64>) -> Reply {
    Reply::Later { why: "HTTP 503".to_owned(), after }
}

fn mail(tx: &mut Tx<'_>, n: u128) -> Outcome<()> {
    let body = mail_body("新任务", "请于8月15日前办理");
    let id = Uuid::from_u128(n);
    let message = Message {
        id,
        channel: Channel::Email,
        target: "lin@example.org",
        kind: "duty.assigned",
        body: &body,
    };
    enqueue(tx, D, &message, start())
}

fn vault() -> crate::vault::Vault {
    crate::vault::Vault::of([7; 32], &[])
}

fn hook(tx: &mut Tx<'_>, n: u128, kinds: &[&str]) -> Outcome<String> {
    let new = hooks::NewHook {
        id: Uuid::from_u128(n),
        url: "https://example.org/hook",
        kinds,
        secret: [7; 32],
        allow_private: false,
    };
    hooks::add(tx, &vault(), D, &new, start())
}

fn pump(db: &Db, script: &Arc<Script>, node: &str) -> Pump {
    Pump::new(db.clone(), script.clone(), node, vault())
}

#[test]
fn a_mail_is_tried_along_the_schedule_given_up_seen_and_replayed() {
    both("outbox_schedule", async |db| {
        let script = Arc::new(Script::default());
        let pump = pump(&db, &script, "a");
        db.write(|tx| mail(tx, 1)).await?;
        let mut at = start();
        for (n, wait) in SCHEDULE.iter().enumerate() {
            at = at.plus_seconds(*wait);
            if *wait > 0 {
                let early = at.plus_micros(-1);
                assert_eq!(pump.run_due(D, early).await?, PumpReport::default(), "too early: try {n}");
            }
            script.says([later(None)]);
            let report = pump.run_due(D, at).await?;
            assert_eq!((report.again, report.failed), if n < 9 { (1, 0) } else { (0, 1) });
        }
        assert_eq!(at.since(start()) / 1_000_000, 75 * 3600 + 35 * 60 + 5);
        let failed = db.read(|tx| failures(tx, D, None, 10)).await?;
        assert_eq!((failed.len(), failed[0].attempts, failed[0].last_error.as_str()), (1, 10, "HTTP 503"));
        let next = (failed[0].created_at, failed[0].id);
        assert!(db.read(move |tx| failures(tx, D, Some(next), 10)).await?.is_empty());

        db.write(move |tx| replay(tx, D, Uuid::from_u128(1), at)).await?;
        assert_eq!(pump.run_due(D, at).await?.sent, 1);
        assert!(db.read(|tx| failures(tx, D, None, 10)).await?.is_empty());
        assert_eq!(script.mails.lock()[0].subject, "新任务");
        let ids: std::collections::BTreeSet<_> = script.mails.lock().iter().map(|m| m.id.clone()).collect();
        assert_eq!(ids.len(), 1, "the id stays the same over all tries");
        assert_eq!(db.write(move |tx| sweep(tx, D, at.plus_seconds(1))).await?, 1);
        assert!(db.write(move |tx| replay(tx, D, Uuid::from_u128(1), at)).await.is_err());

        db.write(|tx| mail(tx, 2)).await?;
        script.says([Reply::Never { why: "550 no such user".to_owned() }]);
        assert_eq!(pump.run_due(D, at).await?.failed, 1);
        Ok(())
    });
}

#[test]
fn two_workers_deliver_each_message_once_and_a_dead_ones_are_taken_over() {
    both("outbox_workers", async |db| {
        let script = Arc::new(Script::default());
        db.write(|tx| (0..100).try_for_each(|n| mail(tx, n))).await?;
        let dead = start().plus_seconds(120);
        let held = db.write(move |tx| store::claim(tx, D, "dead#0", start(), dead, 10)).await?;
        assert_eq!(held.len(), 10);
        let (a, b) = (pump(&db, &script, "a"), pump(&db, &script, "b"));
        let (one, two) = tokio::join!(a.run_due(D, start()), b.run_due(D, start()));
        assert_eq!(one?.sent + two?.sent, 90);
        assert_eq!(a.run_due(D, dead.plus_micros(-1)).await?.sent, 0);
        assert_eq!(a.run_due(D, dead).await?.sent, 10);
        let mut ids: Vec<_> = script.mails.lock().iter().map(|m| m.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), script.mails.lock().len()), (100, 100));
        assert_eq!(db.read(|tx| waiting(tx, D)).await?, 0);
        // The dead worker comes back: its word no longer counts.
        let late = held[0].id;
        assert!(!db.write(move |tx| store::settle(tx, D, late, "dead#0", &store::End::Sent, dead)).await?);
        Ok(())
    });
}

#[test]
fn events_go_to_who_wants_them_signed_with_a_fresh_time() {
    both("outbox_events", async |db| {
        let script = Arc::new(Script::default());
        let pump = pump(&db, &script, "a");
        let secret = db
            .write(|tx| {
                hook(tx, 2, &["plan.*"])?;
                hook(tx, 3, &["duty.closed"])?;
                hook(tx, 1, &["duty.*"])
            })
            .await?;
        assert!(secret.starts_with("whsec_"));
        let sent = db
            .write(|tx| {
                hooks::publish(
                    tx,
                    D,
                    &mut || Uuid::from_u128(50),
                    "duty.assigned",
                    &json!({"id": 9}),
                    start(),
                )
            })
            .await?;
        assert_eq!(sent, 1);
        script.says([later(Some(600))]);
        assert_eq!(pump.run_due(D, start()).await?.again, 1);
        // Retry-After is longer than the schedule's five seconds.
        assert_eq!(pump.run_due(D, start().plus_seconds(599)).await?, PumpReport::default());
        let again = start().plus_seconds(600);
        assert_eq!(pump.run_due(D, again).await?.sent, 1);
        let calls = script.hooks.lock().clone();
        assert_eq!(calls[0].id, calls[1].id);
        assert_eq!((calls[0].timestamp, calls[1].timestamp), (start().seconds(), again.seconds()));
        for call in &calls {
            assert_eq!(call.signature, sign::signature(&secret, &call.id, call.timestamp, &call.body));
            let body: serde_json::Value = serde_json::from_str(&call.body)?;
            assert_eq!(
                body,
                json!({"type": "duty.assigned", "timestamp": start().rfc3339(), "data": {"id": 9}})
            );
        }
        assert_eq!(
            db.read(|tx| hooks::load(tx, D, &Uuid::from_u128(1).to_string())).await?.unwrap().failing_since,
            None
        );

        let large = json!({ "text": "x".repeat(20_000) });
        let no = db
            .write(move |tx| {
                hooks::publish(tx, D, &mut || Uuid::from_u128(51), "duty.closed", &large, start())
            })
            .await;
        assert!(matches!(no, Err(Fault::Refused(no)) if no.code() == "outbox.too_large"));
        Ok(())
    });
}

#[test]
fn a_receiver_that_is_gone_or_fails_for_days_is_switched_off() {
    both("outbox_gone", async |db| {
        let script = Arc::new(Script::default());
        let pump = pump(&db, &script, "a");
        let one = Uuid::from_u128(1);
        let event = |n: u128, at: Instant| {
            db.write(move |tx| {
                hooks::publish(tx, D, &mut || Uuid::from_u128(n), "duty.closed", &json!({}), at)
            })
        };
        db.write(|tx| hook(tx, 1, &["*"])).await?;
        event(10, start()).await?;
        event(11, start()).await?;
        script.says([Reply::Gone, Reply::Taken]);
        let report = pump.run_due(D, start()).await?;
        assert!(report.disabled == [one] && report.failed >= 1, "{report:?}");
        assert_eq!(event(12, start()).await?, 0, "a receiver that is off is sent nothing");

        db.write(move |tx| hooks::set_enabled(tx, D, one, true)).await?;
        event(13, start()).await?;
        script.replies.lock().clear();
        script.says([later(None)]);
        assert!(pump.run_due(D, start()).await?.disabled.is_empty());
        let late = start().plus_seconds(5 * 86_400);
        script.says([later(None)]);
        assert_eq!(pump.run_due(D, late).await?.disabled, [one]);
        // Its waiting message is given up at the next try, without a call.
        let calls = script.hooks.lock().len();
        assert_eq!(pump.run_due(D, late.plus_seconds(300)).await?.failed, 1);
        assert_eq!(script.hooks.lock().len(), calls);

        let fresh = db.write(move |tx| hooks::rotate_secret(tx, &vault(), D, one, &[8; 32])).await?;
        let held = db.read(move |tx| hooks::load(tx, D, &one.to_string())).await?.expect("there");
        let secrets = held.secrets(&vault(), D)?;
        assert_eq!(secrets, format!("{fresh} {}", sign::secret_text(&[7; 32])));
        assert_eq!(sign::signature(&secrets, "m", 1, "{}").split(' ').count(), 2);
        let raw = "select secret from webhook where district = $1";
        let stored = db.read(move |tx| tx.query(raw, &[D.into()], |row| row.text(0))).await?;
        assert!(stored.iter().all(|text| crate::vault::Vault::is_sealed(text)), "{stored:?}");
        // A row from before the vault, and a key that has turned: both are sealed anew.
        let plain = sign::secret_text(&[9; 32]);
        let (set, text) = ("update webhook set secret = $1 where district = $2", plain.clone());
        db.write(move |tx| tx.exec(set, &[(&text).into(), D.into()])).await?;
        assert_eq!(db.write(|tx| hooks::reseal(tx, &vault(), D)).await?, 1);
        assert_eq!(db.write(|tx| hooks::reseal(tx, &vault(), D)).await?, 0);
        let turned = crate::vault::Vault::of([8; 32], &[[7; 32]]);
        let again = turned.clone();
        assert_eq!(db.write(move |tx| hooks::reseal(tx, &again, D)).await?, 1);
        let held = db.read(move |tx| hooks::load(tx, D, &one.to_string())).await?.unwrap();
        assert_eq!(held.secrets(&turned, D)?, plain);
        assert!(held.secrets(&vault(), D).is_err(), "the old key alone opens nothing new");
        assert!(!format!("{held:?}").contains("whsec_"));
        db.write(move |tx| hooks::remove(tx, D, one)).await?;
        assert!(db.write(move |tx| hooks::remove(tx, D, one)).await.is_err());
        Ok(())
    });
}

/// HMAC written out from RFC 2104 over SHA-256, so that the check does not lean on the crate that it checks.
fn hmac_by_hand(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |x: u8| block.map(|b| b ^ x).to_vec();
    let inner = Sha256::digest([pad(0x36), text.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

#[test]
fn signatures_follow_the_specification() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
    let ours = sign::signature(secret, id, at, body);
    let key = BASE64_STANDARD.decode(&secret[6..]).unwrap();
    let by_hand = hmac_by_hand(&key, format!("{id}.{at}.{body}").as_bytes());
    assert_eq!(ours, format!("v1,{}", BASE64_STANDARD.encode(by_hand)));
    assert_eq!(ours, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_eq!(
        sign::signature("whsec_c2hvcnQ= nonsense", id, at, body),
        "",
        "keys under 24 bytes are not used"
    );
}

#[test]
fn addresses_inside_are_refused() {
    let public = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"];
    let inside = [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001::1",
    ];
    for ip in public {
        assert!(guard::is_public(ip.parse().unwrap()), "{ip}");
    }
    for ip in inside {
        assert!(!guard::is_public(ip.parse().unwrap()), "{ip}");
    }
    let code = |url: &str| guard::check_url(url, false).err().map(|no| kernel::Refuse::code(&no));
    assert_eq!(code("https://example.org:8443/x?y=1"), None);
    assert_eq!(code("http://example.org/"), Some("webhook.not_https"));
    for bad in ["", "example.org", "ftp://example.org", "https://u:p@example.org/", "https://"] {
        assert_eq!(code(bad), Some("webhook.bad_url"), "{bad}");
    }
    for inside in ["https://127.0.0.1/", "https://[::1]/", "https://LOCALHOST/", "https://10.0.0.1:8443/"] {
        assert_eq!(code(inside), Some("webhook.private_address"), "{inside}");
    }
    assert!(guard::check_url("http://127.0.0.1:9/", true).is_ok());
}

#[test]
fn answers_are_judged() {
    assert_eq!(judged(204, None), Reply::Taken);
    assert_eq!(judged(410, None), Reply::Gone);
    for status in [301, 307, 400, 404, 429, 500, 502, 504] {
        assert!(matches!(judged(status, Some(9)), Reply::Later { after: Some(9), .. }), "{status}");
    }
    let now = Day::new(2015, 10, 21).unwrap().at(15, 27);
    assert_eq!(retry_after("120", now), Some(120));
    assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(60));
    assert_eq!(retry_after("Wed, 21 Oct 2015 07:20:00 GMT", now), Some(0));
    assert_eq!(retry_after("soon", now), None);
    assert_eq!(store::next_try(1, start(), Some(1_000_000)), Some(start().plus_seconds(86_400)));
}

#[test]
fn mails_are_plain_and_cannot_be_split() {
    let call = MailCall {
        id: "0198".to_owned(),
        to: "林 <lin@example.org>".to_owned(),
        subject: "催办\r\nBcc: thief@example.org".to_owned(),
        text: "请于8月15日前办理".to_owned(),
        at: start(),
    };
    let text =
        String::from_utf8(message(&call, "数字官渡 <duban@example.org>").unwrap().formatted()).unwrap();
    assert!(text.contains("Message-ID: <0198@example.org>"), "{text}");
    assert!(text.contains("Date: Mon, 12 Aug 2019 01:00:00 +0000"), "{text}");
    assert!(text.to_lowercase().contains("content-type: text/plain; charset=utf-8"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
    let bad = MailCall { to: "nobody".to_owned(), ..call };
    assert!(message(&bad, "duban@example.org").is_err());
}

/// The real carrier against a socket of this machine: no name, no network.
#[test]
fn the_real_carrier_signs_follows_no_redirect_and_stays_out_of_our_network() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"{\"a\":1}") {
            let mut part = [0; 1024];
            let n = socket.read(&mut part).unwrap();
            assert!(n > 0, "closed early");
            seen.extend(&part[..n]);
        }
        let answer = format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{port}/two\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n"
        );
        socket.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(seen).unwrap().to_lowercase()
    });
    let call = HookCall {
        url: format!("http://localhost:{port}/one"),
        id: "m1".to_owned(),
        timestamp: 5,
        signature: "v1,abc".to_owned(),
        body: "{\"a\":1}".to_owned(),
    };
    let net = |allow: &str| {
        let env = Env::from([("GUANDU__WEBHOOKS__ALLOW_PRIVATE".to_owned(), allow.to_owned())]);
        Net::new(&Config::load(None, std::path::Path::new("/nowhere"), &env).unwrap())
    };
    // Through the resolver: a name that leads inside is refused before anything is sent.
    let Reply::Later { why, .. } = net("false").hook(&call, start()) else { panic!("must not be taken") };
    assert!(why.contains("private or reserved"), "{why}");
    let reply = net("true").hook(&HookCall { url: format!("http://127.0.0.1:{port}/one"), ..call }, start());
    assert_eq!(reply, Reply::Later { why: "HTTP 302".to_owned(), after: Some(7) });
    let seen = server.join().unwrap();
    for header in [
        "post /one",
        "webhook-id: m1",
        "webhook-timestamp: 5",
        "webhook-signature: v1,abc",
        "content-type: application/json",
    ] {
        assert!(seen.contains(header), "{header} in {seen}");
    }
    assert!(matches!(
        net("true").mail(&MailCall {
            id: String::new(),
            to: String::new(),
            subject: String::new(),
            text: String::new(),
            at: start()
        }),
        Reply::Never { .. }
    ));
}
