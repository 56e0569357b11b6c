//! The check of a whole ledger beside reading and hashing the same rows raw.

use super::bed::{Place, number, round};
use base::{Arg, Fault, Outcome, sealer};
use kernel::DistrictCode;
use kernel::ledger::{Hasher, Sha256};
use serde_json::{Value, json};
use std::time::Instant;

/// Runs the bench.
pub(super) async fn run(place: &Place, events: u64) -> Outcome<Value> {
    let app = place.open().await?;
    let district = DistrictCode::GUANDU;
    let began = Instant::now();
    fill(&app, events).await?;
    let filled = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let sealed = crate::jobs::seal_all(&app, district).await?;
    let sealing = began.elapsed().as_secs_f64();
    let key = app.signer.of(district)?.verifier();
    let began = Instant::now();
    let found = app.db.report(move |tx| sealer::verify(tx, district, &key, &mut |_, _| {})).await?;
    let took = began.elapsed().as_secs_f64();
    let raw = raw(&app).await?;
    app.db.close().await;
    if !found.faults.is_empty() {
        return Err(Fault::broken(format!("{:?}", found.faults.first())));
    }
    let n = number(usize::try_from(found.sealed).unwrap_or(0));
    Ok(json!({
        "bench": "verify", "backend": place.backend(), "events": found.sealed, "seconds": round(took),
        "events_per_second": round(n / took), "raw_read_and_hash_per_second": round(raw),
        "share_of_raw_percent": round(n / took / raw * 100.0),
        "sealed_per_second": round(number(sealed) / sealing), "recorded_per_second": round(n / filled),
    }))
}

async fn fill(app: &base::core::App, events: u64) -> Outcome<()> {
    let who = crate::assemble::owner(DistrictCode::GUANDU)?;
    let body = r#"{"type":"progressed","percent":40,"text":"已完成管线迁改协议签订，下一步进场施工，计划九月底前完成主体工程。"}"#;
    let mut done = 0;
    while done < events {
        let from = done;
        let to = (done + 5_000).min(events);
        app.write(&who, move |op| {
            for n in from..to {
                let subject = format!("bench-{n}");
                op.record(base::journal::Fact {
                    subject_kind: "bench",
                    subject: &subject,
                    rev: 1,
                    kind: "bench.noted",
                    version: 1,
                    body,
                })?;
            }
            Ok(())
        })
        .await?;
        done = to;
    }
    Ok(())
}

/// Reads the columns that are hashed and hashes them twice, with no check of anything.
async fn raw(app: &base::core::App) -> Outcome<f64> {
    let began = Instant::now();
    let n = app
        .db
        .report(|tx| {
            let sql = "select id, at, actor, subject_kind, subject, rev, kind, version, body, salt, leaf from event \
                       where district = $1 and seq >= 0 order by seq";
            let mut n = 0_usize;
            let mut sum = 0_u8;
            tx.each(sql, &[Arg::Int(530_111)], |row| {
                let digest = Sha256.hash(&[row.str(0)?.as_bytes(), row.str(8)?.as_bytes(), row.blob(9)?, row.str(4)?.as_bytes()]);
                let leaf = Sha256.leaf(&digest.0);
                sum ^= leaf.0.first().copied().unwrap_or(0);
                n += 1;
                Ok(())
            })?;
            std::hint::black_box(sum);
            Ok(n)
        })
        .await?;
    Ok(number(n) / began.elapsed().as_secs_f64())
}
