//! Durable commands over HTTP beside the same statements run raw.

use super::bed::{self, Place, number, round};
use super::client::Client;
use super::cpu::{self, Cpu, micros_each};
use super::raw::{self, Raw};
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
    let n = done.micros.len();
    let rate = number(n) / done.seconds;
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
        "cpu_micros_writer": micros_each(done.cpu.writer, n),
        "cpu_micros_service": micros_each(done.cpu.service, n),
        "cpu_micros_clients": micros_each(done.cpu.clients, n),
        "raw_cpu_micros": raw.as_ref().and_then(|raw| micros_each(raw.cpu, raw.writes)),
        "raw_statements_per_write": raw.as_ref().map(|raw| round(raw.statements)),
        "raw_same_statements_per_second": raw.as_ref().map(|raw| round(raw.rate)),
        "share_of_raw_percent": raw.as_ref().map(|raw| round(rate / raw.rate * 100.0)),
    }))
}

async fn raw_rate(
    place: &Place,
    app: &base::core::App,
    address: SocketAddr,
    tokens: &Arc<Tokens>,
    clients: usize,
    batch: usize,
) -> Outcome<Raw> {
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
    cpu: Cpu,
}

/// Drives the four-command cycle from every client until the time is over. The clients have a thread of their own, so
/// that what they cost is told apart from the service.
async fn load(address: SocketAddr, tokens: &Arc<Tokens>, clients: usize, seconds: u64) -> Outcome<Load> {
    let tokens = tokens.clone();
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name(cpu::CLIENTS.to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let loaded = match runtime {
            Ok(runtime) => runtime.block_on(drive(address, &tokens, clients, seconds)),
            Err(e) => Err(e.into()),
        };
        let _nobody_waits = tell.send(loaded);
    })?;
    told.await.map_err(|_| Fault::broken("the clients' thread ended"))?
}

async fn drive(address: SocketAddr, tokens: &Arc<Tokens>, clients: usize, seconds: u64) -> Outcome<Load> {
    let stop = Arc::new(AtomicBool::new(false));
    let refused = Arc::new(AtomicU64::new(0));
    let (cpu, began) = (Cpu::now(), Instant::now());
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let (tokens, stop, refused) = (tokens.clone(), stop.clone(), refused.clone());
        tasks.push(tokio::spawn(async move {
            let mut micros = Vec::with_capacity(8192);
            let mut registrar = Client::connect(address, &tokens.registrar).await?;
            let mut handler = Client::connect(address, &tokens.handler).await?;
            let bodies = Bodies::new();
            while !stop.load(Ordering::Relaxed) {
                cycle(&mut registrar, &mut handler, &bodies, &mut micros, &refused).await?;
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
    let (seconds, cpu) = (began.elapsed().as_secs_f64(), Cpu::now().since(cpu));
    Ok(Load { micros, refused: refused.load(Ordering::Relaxed), seconds, cpu })
}

/// What the clients send, made once.
struct Bodies {
    register: String,
    assign: String,
    accept: String,
    start: String,
}

impl Bodies {
    fn new() -> Bodies {
        let form = json!({
            "kind": "supervision", "title": "督办：老旧小区外墙脱落隐患排查", "criterion": "隐患清零并附前后照片",
            "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议议定事项" }],
            "priority": "general", "visibility": "internal",
        });
        let start = json!({ "act": "start", "note": "已联系社区，周三到场查看" });
        Bodies {
            register: json!({ "form": form }).to_string(),
            assign: json!({ "command": { "act": "assign", "lead": "zjj" } }).to_string(),
            accept: json!({ "command": { "act": "accept" } }).to_string(),
            start: json!({ "command": start }).to_string(),
        }
    }
}

async fn cycle(
    registrar: &mut Client,
    handler: &mut Client,
    bodies: &Bodies,
    micros: &mut Vec<u64>,
    refused: &AtomicU64,
) -> Outcome<()> {
    let began = Instant::now();
    let answer = registrar.post("/api/v1/duties", &bodies.register).await?;
    micros.push(took(began));
    let text = std::str::from_utf8(answer.body).unwrap_or_default();
    let Some(id) = text.split_once("\"id\":\"").and_then(|(_, rest)| rest.get(..36)) else {
        return Err(Fault::broken(format!("register answered {}: {text}", answer.status)));
    };
    let path = format!("/api/v1/duties/{id}/commands");
    step(registrar, &path, &bodies.assign, micros, refused).await?;
    step(handler, &path, &bodies.accept, micros, refused).await?;
    step(handler, &path, &bodies.start, micros, refused).await
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
        tracing::warn!(status = answer.status, body = %String::from_utf8_lossy(answer.body), "refused");
    }
    Ok(())
}

fn took(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
