//! The edge of the program: a mail that really travels, a webhook that is registered, tried out and received, and
//! requests that come too often.
//!
//! STYLE says that tests use no network. Two here open a socket on the loopback of this machine: what is tried is the
//! transport itself, and no packet leaves the host.

use crate::world::{D, World, both};
use axum::body::Body;
use axum::http::Request;
use base::config::{Config, Env};
use base::outbox::{self, Channel, Message, Net, Pump};
use http_body_util::BodyExt;
use kernel::Instant;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use tower::ServiceExt;

/// The password in the address of the mail server: it may be in no error and no row.
const SECRET: &str = "hunter2-smtp";

/// How the server answers the sender's receiver.
#[derive(Clone, Copy)]
enum Mood {
    /// 451: not now.
    Busy,
    /// 550: never.
    Refuses,
    /// 535 to the password.
    WrongPassword,
    /// Takes it.
    Takes,
}

/// A mail server for as many conversations as there are moods; returns what each was sent.
fn smtp(moods: &'static [Mood]) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let run = move || moods.iter().map(|mood| talk(listener.accept().unwrap().0, *mood)).collect();
    (port, std::thread::spawn(run))
}

fn talk(stream: TcpStream, mood: Mood) -> String {
    let mut out = stream.try_clone().unwrap();
    let mut say = move |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut heard = String::new();
    say("220 mail.example ready");
    let mut lines = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap() == 0 {
            return heard;
        }
        heard.push_str(&line);
        let verb = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        match (verb.as_str(), mood) {
            ("EHLO", _) => {
                say("250-mail.example");
                say("250 AUTH PLAIN");
            }
            ("AUTH", Mood::WrongPassword) => say("535 5.7.8 authentication failed"),
            ("AUTH", _) => say("235 ok"),
            ("RCPT", Mood::Busy) => say("451 4.3.0 try again later"),
            ("RCPT", Mood::Refuses) => say("550 5.1.1 no such user"),
            ("DATA", _) => {
                say("354 go on");
                loop {
                    let mut line = String::new();
                    lines.read_line(&mut line).unwrap();
                    if line == ".\r\n" {
                        break;
                    }
                    heard.push_str(&line);
                }
                say("250 taken");
            }
            ("QUIT", _) => {
                say("221 bye");
                return heard;
            }
            _ => say("250 ok"),
        }
    }
}

fn net(port: u16) -> Net {
    let env = [
        ("GUANDU__MAIL__ENABLED", "true".to_owned()),
        ("GUANDU__MAIL__FROM", "数字官渡 <duban@guandu.example>".to_owned()),
        ("GUANDU__MAIL__SMTP_URL", format!("smtp://duban:{SECRET}@127.0.0.1:{port}")),
        ("GUANDU__WEBHOOKS__ALLOW_PRIVATE", "true".to_owned()),
    ];
    let env: Env = env.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    Net::new(&Config::load(None, std::path::Path::new("/nowhere"), &env).unwrap())
}

async fn enqueue(w: &World, now: Instant) {
    let id = w.app.ids.next(now);
    let body = outbox::mail_body("催办：积水点整治", "请于8月15日前反馈。");
    let put = move |tx: &mut base::Tx<'_>| {
        let target = "lin@guandu.example";
        let message = Message { id, channel: Channel::Email, target, kind: "duty.notice", body: &body };
        outbox::enqueue(tx, D, &message, now)
    };
    w.app.db.write(put).await.unwrap();
}

async fn errors(w: &World) -> String {
    let sql = "select last_error from outbox where district = $1";
    w.app.db.read(move |tx| tx.query(sql, &[D.into()], |row| row.text(0))).await.unwrap().join("|")
}

#[test]
fn a_mail_travels_and_a_busy_server_is_asked_again() {
    both("smtp", async |w: World| {
        let (port, server) = smtp(&[Mood::Busy, Mood::Takes]);
        let pump = Pump::new(w.app.db.clone(), Arc::new(net(port)), "t", w.app.vault().clone());
        let now = w.app.now();
        enqueue(&w, now).await;
        assert_eq!(pump.run_due(D, now).await.unwrap().again, 1);
        let told = errors(&w).await;
        assert!(told.contains("4.3.0") && !told.contains(SECRET), "{told}");
        // Not before the five seconds of the schedule are over.
        assert_eq!(pump.run_due(D, now.plus_seconds(4)).await.unwrap().sent, 0);
        assert_eq!(pump.run_due(D, now.plus_seconds(5)).await.unwrap().sent, 1);
        let heard = server.join().unwrap();
        let (first, second) = (&heard[0], &heard[1]);
        assert!(first.contains("RCPT TO:<lin@guandu.example>") && !first.contains("Message-ID"), "{first}");
        assert!(second.contains("MAIL FROM:<duban@guandu.example>"), "{second}");
        let lower = second.to_lowercase();
        assert!(lower.contains("content-type: text/plain; charset=utf-8"), "{second}");
        assert!(lower.contains("message-id: <") && lower.contains("subject: =?utf-8?"), "{second}");
    });
}

#[test]
fn a_mail_that_nobody_takes_is_given_up_and_the_password_is_in_no_word() {
    both("smtp_never", async |w: World| {
        let (port, server) = smtp(&[Mood::Refuses, Mood::WrongPassword]);
        let pump = Pump::new(w.app.db.clone(), Arc::new(net(port)), "t", w.app.vault().clone());
        let now = w.app.now();
        enqueue(&w, now).await;
        assert_eq!(pump.run_due(D, now).await.unwrap().failed, 1);
        enqueue(&w, now).await;
        pump.run_due(D, now).await.unwrap();
        let told = errors(&w).await;
        assert!(told.contains("5.1.1") && told.contains("5.7.8") && !told.contains(SECRET), "{told}");
        drop(server.join().unwrap());
    });
}

/// A receiver of webhooks for one message: its head and body.
fn receiver() -> (u16, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let run = move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            head.push_str(&line.to_lowercase());
        }
        let length = head.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        lines.read_exact(&mut body).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n").unwrap();
        (head, String::from_utf8(body).unwrap())
    };
    (port, std::thread::spawn(run))
}

#[test]
fn a_registered_receiver_gets_a_test_that_its_secret_verifies() {
    both("hook_travels", async |w: World| {
        let (port, server) = receiver();
        let system = w.post("zwj.system-admin").await;
        // The guard stays: this address lies inside, so the API refuses it, and the row is put there behind its back.
        let url = format!("http://127.0.0.1:{port}/in");
        let body = json!({ "url": url, "kinds": ["*"] });
        system.json("/api/v1/webhooks", &body).await.refused(400, "webhook.not_https");
        let body = json!({ "url": "https://hooks.example/in", "kinds": ["*"] });
        let made = system.json("/api/v1/webhooks", &body).await.good().value();
        let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let sql = "update webhook set url = $1 where district = $2";
        let target = url.clone();
        w.app.db.write(move |tx| tx.exec(sql, &[(&target).into(), D.into()]).map(|_| ())).await.unwrap();

        system.json(&format!("/api/v1/webhooks/{id}/test"), &json!({})).await.good();
        let pump = Pump::new(w.app.db.clone(), Arc::new(net(1)), "t", w.app.vault().clone());
        assert_eq!(pump.run_due(D, w.app.now()).await.unwrap().sent, 1);
        let (head, body) = server.join().unwrap();
        let field = |name: &str| {
            let rest = head.split(&format!("{name}: ")).nth(1).unwrap_or_else(|| panic!("{name} in {head}"));
            rest.split('\r').next().unwrap().to_owned()
        };
        let (message, at) = (field("webhook-id"), field("webhook-timestamp").parse().unwrap());
        let expected = outbox::sign::signature(secret, &message, at, &body);
        assert_eq!(field("webhook-signature"), expected.to_lowercase());
        let told: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(told["type"], "webhook.test");
        let seen = system.get(&format!("/api/v1/webhooks/{id}")).await.good().value();
        assert_eq!(seen["deliveries"][0]["state"], "sent");
        let page = system.english().get(&format!("/integrations/{id}")).await.good().text;
        assert!(page.contains("Delivered") && page.contains(&url), "{page}");
        w.sound().await;
    });
}

#[test]
fn who_asks_too_often_is_told_how_long_to_wait() {
    both("too_often", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let other = w.post("zjj.handler").await;
        let mut refused = None;
        for _ in 0..2_000 {
            let answer = post.json("/api/v1/notices/read", &json!({})).await;
            if answer.status == 429 {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("two thousand writes at once were all taken");
        refused.refused(429, "common.too_often");
        // Reads of the same session and writes of another go on.
        post.get("/api/v1/me").await.good();
        other.json("/api/v1/notices/read", &json!({})).await.good();
        // The page for a person, with the header for its browser.
        let token = post.csrf.clone();
        let form = |cookie: String| {
            Request::post("/notices/read")
                .header("cookie", format!("gd_session={cookie}"))
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(format!("_token={token}")))
                .unwrap()
        };
        let service = guandu::server::service(&w.app);
        let cookie = post.cookie().to_owned();
        let mut last = None;
        for _ in 0..2_000 {
            let answer = service.clone().oneshot(form(cookie.clone())).await.unwrap();
            let stop = answer.status() == 429;
            last = Some(answer);
            if stop {
                break;
            }
        }
        let answer = last.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (429, &"1".parse().unwrap())
        );
        let page = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&page).contains("请求过于频繁"));
    });
}
