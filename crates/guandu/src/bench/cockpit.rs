//! The cockpit with few and with many duties in one file: what it shows is kept, not counted, so it must cost the same.

use super::bed::{self, Place};
use super::client::Client;
use super::cpu::{Cpu, micros_each};
use base::core::App;
use base::{Fault, Outcome};
use kernel::DistrictCode;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Instant;

/// Posts whose cockpits are read in turn: the supervision office and a department.
const POSTS: [&str; 2] = ["zfb.supervision", "zjj.handler"];
/// What is read: the page and its figures as JSON.
const PATHS: [&str; 2] = ["/", "/api/v1/cockpit"];

/// Runs the bench.
pub(super) async fn run(place: &Place, few: u64, many: u64, pages: usize) -> Outcome<Value> {
    let app = place.open().await?;
    plan::act::load_plan(&app, &duty::sweep::system(DistrictCode::GUANDU)?).await?;
    let (address, server) = bed::listen(&app).await?;
    let mut tokens = Vec::new();
    for post in POSTS {
        tokens.push(bed::token(&app, post).await?);
    }
    fill(&app, few).await?;
    let small = look(address, &tokens, pages).await?;
    fill(&app, many.saturating_sub(few)).await?;
    let large = look(address, &tokens, pages).await?;
    server.abort();
    app.db.close().await;
    let times = |a: f64, b: f64| (a / b * 100.0).round() / 100.0;
    Ok(json!({
        "bench": "cockpit", "backend": place.backend(), "pages": small.pages + large.pages, "page_bytes": large.bytes,
        "few_duties": few, "few_p50_ms": small.p50, "few_p95_ms": small.p95, "few_cpu_micros": small.cpu,
        "many_duties": many, "many_p50_ms": large.p50, "many_p95_ms": large.p95, "many_cpu_micros": large.cpu,
        "times_p50": times(large.p50, small.p50),
        "times_cpu": small.cpu.zip(large.cpu).map(|(small, large)| times(large, small)),
    }))
}

async fn fill(app: &App, n: u64) -> Outcome<()> {
    sim::load::fill_duties(app, n).await?;
    crate::jobs::seal_all(app, DistrictCode::GUANDU).await.map(|_| ())
}

struct Look {
    pages: usize,
    bytes: usize,
    p50: f64,
    p95: f64,
    cpu: Option<f64>,
}

async fn look(address: SocketAddr, tokens: &[String], pages: usize) -> Outcome<Look> {
    let mut clients = Vec::new();
    for token in tokens {
        clients.push(Client::connect(address, token).await?);
    }
    // A first round fills caches; what is measured is a page among many.
    read(&mut clients, tokens.len() * PATHS.len() * 3).await?;
    let before = Cpu::now();
    let (mut micros, bytes) = read(&mut clients, pages).await?;
    let spent = Cpu::now().since(before);
    Ok(Look {
        pages: micros.len(),
        bytes,
        p50: bed::percentile(&mut micros, 0.50),
        p95: bed::percentile(&mut micros, 0.95),
        cpu: micros_each(spent.service, micros.len()),
    })
}

async fn read(clients: &mut [Client], pages: usize) -> Outcome<(Vec<u64>, usize)> {
    let (mut micros, mut bytes) = (Vec::new(), 0);
    'all: loop {
        for path in PATHS {
            for client in clients.iter_mut() {
                if micros.len() >= pages {
                    break 'all;
                }
                let began = Instant::now();
                let answer = client.page(path).await?;
                micros.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
                if answer.status != 200 {
                    return Err(Fault::broken(format!("{path} answered {}", answer.status)));
                }
                bytes = bytes.max(answer.body.len());
            }
        }
    }
    Ok((micros, bytes))
}
