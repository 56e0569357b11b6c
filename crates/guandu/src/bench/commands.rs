//! Durable commands over HTTP beside the same statements run raw.

use super::bed::{self, Place, number, round};
use super::client::Client;
use super::raw;
use base::db::record;
use base::{Fault, Outcome};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seconds of recording for the raw limit.
const TAPE_SECONDS: u64 = 4;

struct Tokens {
    registrar: String,
    handler: String,
}

/// Runs the bench.
pub(super) async fn run(place: &Place, clients: usize, seconds: u64) -> Outcome<Value> {
    let app = place.open().await?;
    let tokens = Arc::new(Tokens {
        registrar: bed::token(&app, "zfb.supervision").await?,
        handler: bed::token(&app, "zjj.handler").await?,
    });
    let (address, server) = bed::listen(&app).await?;
    // Warm caches and statements; also a first look that every command is taken.
    load(address, &tokens, clients, 1).await?;
    let before = app.db.write_stats();
    let mut done = load(address, &tokens, clients, seconds).await?;
    let after = app.db.write_stats();
    let rate = number(done.micros.len()) / done.seconds;
    let (writes, commits) = (after.writes - before.writes, (after.commits - before.commits).max(1));
    let batch = number(usize::try_from(writes).unwrap_or(0)) / number(usize::try_from(commits).unwrap_or(1));
    let per_commit = usize::try_from((writes + commits / 2) / commits).unwrap_or(1).max(1);
    let p50 = bed::percentile(&mut done.micros, 0.50);
    let p99 = bed::percentile(&mut done.micros, 0.99);
    let raw = if app.db.is_shared() {
        None
    } else {
        Some(raw_rate(place, &app, address, &tokens, clients, per_commit).await?)
    };
    server.abort();
    app.db.close().await;
    Ok(json!({
        "bench": "commands", "backend": place.backend(), "clients": clients, "seconds": round(done.seconds),
        "commands_per_second": round(rate), "p50_ms": p50, "p99_ms": p99, "refused": done.refused,
        "writes_per_commit": round(batch),
        "raw_same_statements_per_second": raw.map(round),
        "share_of_raw_percent": raw.map(|raw| round(rate / raw * 100.0)),
    }))
}

async fn raw_rate(
    place: &Place,
    app: &base::core::App,
    address: SocketAddr,
    tokens: &Arc<Tokens>,
    clients: usize,
    batch: usize,
) -> Outcome<f64> {
    let copy = place.dir().join("raw.db");
    let _absent = std::fs::remove_file(&copy);
    app.db.backup_to(&copy).await?;
    let start = |_: &mut base::Tx<'_>| {
        record::start();
        Ok(())
    };
    app.db.write(start).await?;
    load(address, tokens, clients, TAPE_SECONDS).await?;
    let tape = app.db.write(|_| Ok(record::take())).await?;
    let writes = raw::writes(tape);
    raw::rate(&copy, &writes, batch)
}

struct Load {
    micros: Vec<u64>,
    refused: u64,
    seconds: f64,
}

/// Drives the four-command cycle from every client until the time is over.
async fn load(address: SocketAddr, tokens: &Arc<Tokens>, clients: usize, seconds: u64) -> Outcome<Load> {
    let stop = Arc::new(AtomicBool::new(false));
    let refused = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let (tokens, stop, refused) = (tokens.clone(), stop.clone(), refused.clone());
        tasks.push(tokio::spawn(async move {
            let mut micros = Vec::new();
            let mut registrar = Client::connect(address, &tokens.registrar).await?;
            let mut handler = Client::connect(address, &tokens.handler).await?;
            while !stop.load(Ordering::Relaxed) {
                cycle(&mut registrar, &mut handler, &mut micros, &refused).await?;
            }
            Ok::<_, Fault>(micros)
        }));
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await.map_err(|e| Fault::broken(format!("client: {e}")))??);
    }
    Ok(Load { micros, refused: refused.load(Ordering::Relaxed), seconds: began.elapsed().as_secs_f64() })
}

async fn cycle(
    registrar: &mut Client,
    handler: &mut Client,
    micros: &mut Vec<u64>,
    refused: &AtomicU64,
) -> Outcome<()> {
    let form = json!({
        "kind": "supervision", "title": "督办：老旧小区外墙脱落隐患排查", "criterion": "隐患清零并附前后照片",
        "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议议定事项" }],
        "priority": "general", "visibility": "internal",
    });
    let register = json!({ "form": form }).to_string();
    let began = Instant::now();
    let answer = registrar.post("/api/v1/duties", &register).await?;
    micros.push(took(began));
    let made: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let id = made.pointer("/duty/id").or_else(|| made.get("id")).and_then(Value::as_str).map(str::to_owned);
    let Some(id) = id else {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(Fault::broken(format!("register answered {}: {text}", answer.status)));
    };
    let path = format!("/api/v1/duties/{id}/commands");
    let assign = json!({ "command": { "act": "assign", "lead": "zjj" } }).to_string();
    step(registrar, &path, &assign, micros, refused).await?;
    let accept = json!({ "command": { "act": "accept" } }).to_string();
    step(handler, &path, &accept, micros, refused).await?;
    let start = json!({ "command": { "act": "start", "note": "已联系社区，周三到场查看" } }).to_string();
    step(handler, &path, &start, micros, refused).await
}

async fn step(
    client: &mut Client,
    path: &str,
    body: &str,
    micros: &mut Vec<u64>,
    refused: &AtomicU64,
) -> Outcome<()> {
    let began = Instant::now();
    let answer = client.post(path, body).await?;
    micros.push(took(began));
    if answer.status >= 300 && refused.fetch_add(1, Ordering::Relaxed) == 0 {
        tracing::warn!(status = answer.status, body = %String::from_utf8_lossy(&answer.body), "refused");
    }
    Ok(())
}

fn took(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
