//! The inbox page with many duties in the file, beside its own statement run raw.

use super::bed::{self, Place, number, round};
use super::client::Client;
use base::{Fault, Outcome};
use serde_json::{Value, json};
use std::time::Instant;

/// Posts whose inboxes are read in turn.
const POSTS: [&str; 4] = ["zjj.handler", "swu.handler", "fgj.handler", "cgj.handler"];

/// Runs the bench.
pub(super) async fn run(place: &Place, duties: u64, pages: usize) -> Outcome<Value> {
    let app = place.open().await?;
    let began = Instant::now();
    sim::load::fill_duties(&app, duties).await?;
    let filled = began.elapsed().as_secs_f64();
    let mut clients = Vec::new();
    let (address, server) = bed::listen(&app).await?;
    for post in POSTS {
        clients.push(Client::connect(address, &bed::token(&app, post).await?).await?);
    }
    let mut micros = Vec::new();
    let mut bytes = 0;
    let mut turn = 0;
    while micros.len() < pages {
        let at = turn % clients.len();
        turn += 1;
        let Some(client) = clients.get_mut(at) else { break };
        let began = Instant::now();
        let answer = client.page("/inbox").await?;
        micros.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
        if answer.status != 200 {
            return Err(Fault::broken(format!("the inbox answered {}", answer.status)));
        }
        bytes = answer.body.len();
    }
    let raw = raw_page(&app, pages).await?;
    server.abort();
    app.db.close().await;
    Ok(json!({
        "bench": "inbox", "backend": place.backend(), "duties": duties, "pages": micros.len(), "page_bytes": bytes,
        "p50_ms": bed::percentile(&mut micros, 0.50), "p95_ms": bed::percentile(&mut micros, 0.95),
        "p99_ms": bed::percentile(&mut micros, 0.99), "raw_list_statement_ms": raw,
        "filled_per_second": round(number(usize::try_from(duties).unwrap_or(0)) / filled),
    }))
}

/// Mean milliseconds of the list's statement alone.
async fn raw_page(app: &base::core::App, times: usize) -> Outcome<f64> {
    let began = Instant::now();
    for _ in 0..times {
        app.db
            .read(|tx| {
                let sql = "select id, no, title, due from duty where district = $1 and open = 1 and holder_unit = $2 \
                           order by due, id limit 51";
                tx.query(sql, &[530_111_i64.into(), "zjj".into()], |row| row.text(0))
            })
            .await?;
    }
    Ok((began.elapsed().as_secs_f64() * 1e5 / number(times)).round() / 100.0)
}
