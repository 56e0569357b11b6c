//! Killed under load: nothing that was acknowledged is lost, and the ledger and the rows agree.

use crate::world::D;
use base::op::Time;
use base::session::{self, New, Terms};
use guandu::assemble::{How, Where, assemble, configure, load_playbook, owner};
use guandu::cli::demo::guandu_2019;
use kernel::{Instant, PostCode};
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Acknowledged writes before the kill.
const ENOUGH: usize = 300;

async fn prepare(dir: &Path) -> String {
    let place = Where { dir: Some(dir.to_path_buf()), database: None, config: None };
    let how = How {
        time: Time::set_at(Instant::parse("t", "2019-08-12T10:00").unwrap()),
        seed: None,
        simulated: true,
        scrape: base::metrics::recorder().unwrap().1,
    };
    let app = assemble(configure(&place).unwrap(), how).await.unwrap();
    load_playbook(&app, guandu_2019()).await.unwrap();
    let new = NewPerson {
        login: Login::parse("login", "registrar").unwrap(),
        name: "督查室".to_owned(),
        email: String::new(),
        password_hash: "none".to_owned(),
        must_change: false,
    };
    let post = PostCode::parse("post", "zfb.supervision").unwrap();
    let tokens: ([u8; 32], [u8; 32]) = (app.ids.bytes(), app.ids.bytes());
    let cookie = app
        .write(&owner(D).unwrap(), move |op| {
            let person = add_unjudged(op, &new)?;
            appoint_unjudged(op, person, &post)?;
            let new =
                New { token: tokens.0, csrf: tokens.1, person, post: post.clone(), second_factor: true };
            let terms = Terms { idle: 36_000, absolute: 36_000 };
            Ok(session::create(op.tx, D, &new, terms, op.now())?.1)
        })
        .await
        .unwrap();
    app.db.close().await;
    cookie
}

fn guandu(arguments: &[&str], dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guandu"));
    // The load is the point here: one session writes as fast as it can.
    command.env("GUANDU__LIMITS__ENABLED", "false");
    command.args(arguments).arg("--dir").arg(dir).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn serve(dir: &Path, address: SocketAddr) -> Child {
    let listen = address.to_string();
    guandu(&["serve", "--listen", &listen, "--now", "2019-08-12T10:00"], dir).spawn().unwrap()
}

async fn post(address: SocketAddr, token: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let text = format!(
        "POST /api/v1/duties HTTP/1.1\r\nhost: t\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.get(9..12)?.parse().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some((status, body.to_owned()))
}

#[test]
fn killed_under_load_nothing_acknowledged_is_lost() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let token = prepare(dir.path()).await;
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut child = serve(dir.path(), address);
        let acknowledged = Arc::new(Mutex::new(Vec::<String>::new()));
        let body = json!({ "form": {
            "kind": "supervision", "title": "断电前的最后一件事", "criterion": "有回执即有记录",
            "ground": [{ "kind": "meeting_decision", "text": "常务会议议定事项" }],
            "priority": "general", "visibility": "internal",
        }})
        .to_string();
        let mut clients = Vec::new();
        for _ in 0..8 {
            let (acknowledged, token, body) = (acknowledged.clone(), token.clone(), body.clone());
            clients.push(tokio::spawn(async move {
                let mut missed = 0;
                // The service needs a moment to start; after the kill nobody answers any more.
                while missed < 2_000 {
                    match post(address, &token, &body).await {
                        Some((status, text)) if status < 300 => {
                            missed = 1_900;
                            let value: Value = serde_json::from_str(&text).unwrap();
                            let id = value.pointer("/duty/id").or_else(|| value.get("id")).unwrap();
                            acknowledged.lock().unwrap().push(id.as_str().unwrap().to_owned());
                        }
                        Some((status, text)) => panic!("{status}: {text}"),
                        None => {
                            missed += 1;
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                    }
                }
            }));
        }
        while acknowledged.lock().unwrap().len() < ENOUGH {
            assert!(child.try_wait().unwrap().is_none(), "the service ended by itself");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for client in clients {
            client.await.unwrap();
        }
        let verified = guandu(&["verify"], dir.path()).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        let replayed = guandu(&["rebuild", "--check"], dir.path()).output().unwrap();
        assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stdout));
        let db = base::Db::open(&base::db::Place::File(dir.path().join("guandu.db"))).await.unwrap();
        let ids = acknowledged.lock().unwrap().clone();
        for id in ids {
            let sql = "select count(*) from event where district = $1 and subject = $2";
            let asked = id.clone();
            let found = db
                .read(move |tx| tx.one(sql, &[D.into(), (&asked).into()], |row| row.count(0)))
                .await
                .unwrap();
            assert!(found >= Some(1), "{id} was acknowledged and is lost");
        }
        db.close().await;
    });
}
