//! `verify`, `verify-receipt`, `rebuild`.

use super::{Data, FOUND, OK, open, out};
use base::core::App;
use base::sealer::{self, Verified};
use base::{Fault, Outcome};
use kernel::ledger::{Receipt, Verifier, verify_receipt};
use kernel::{DistrictCode, Lang, Refuse};
use std::path::Path;

/// Every district that has events, also one whose playbook no longer loads.
async fn districts(app: &App) -> Outcome<Vec<DistrictCode>> {
    let sql = "select distinct district from event order by district";
    let found = app.db.report(move |tx| tx.query(sql, &[], |row| row.int(0))).await?;
    Ok(found.into_iter().filter_map(|n| i32::try_from(n).ok()).map(DistrictCode::from_number).collect())
}

/// Checks every district's ledger.
pub(super) async fn verify(data: Data, json: bool) -> Outcome<u8> {
    let app = open(&data).await?;
    let mut good = true;
    for district in districts(&app).await? {
        let key = app.signer.of(district)?.verifier();
        let bar = out::bar(0, "verify");
        let seen = bar.clone();
        let found: Verified = app
            .db
            .report(move |tx| {
                sealer::verify(tx, district, &key, &mut |done, all| {
                    seen.set_length(all);
                    seen.set_position(done);
                })
            })
            .await?;
        bar.finish_and_clear();
        good &= found.faults.is_empty();
        print(district, &found, json);
    }
    app.db.close().await;
    Ok(if good { OK } else { FOUND })
}

fn print(district: DistrictCode, found: &Verified, json: bool) {
    if json {
        let text = serde_json::json!({
            "district": district.to_string(), "sealed": found.sealed, "waiting": found.waiting,
            "size": found.size, "faults": found.faults,
        });
        out::line(text.to_string());
        return;
    }
    let (sealed, waiting, size) = (found.sealed, found.waiting, found.size);
    out::line(format!(
        "{district}: {sealed} events sealed of {size}, {waiting} waiting, {} faults",
        found.faults.len()
    ));
    found.faults.iter().for_each(|fault| out::line(format!("  {fault}")));
}

/// Checks a receipt without the service.
pub(super) fn receipt(file: &Path, key: &str) -> Outcome<u8> {
    let text = std::fs::read_to_string(file)?;
    let key = std::fs::read_to_string(key).unwrap_or_else(|_| key.to_owned());
    let refused = |no: &dyn Refuse| {
        out::line(format!("{}  {}", no.reason(Lang::Zh), no.next(Lang::Zh)));
        out::line(format!("{}  {}", no.reason(Lang::En), no.next(Lang::En)));
        FOUND
    };
    let key = match Verifier::parse(&key) {
        Ok(key) => key,
        Err(no) => return Ok(refused(&no)),
    };
    match Receipt::from_json(&text).and_then(|receipt| verify_receipt(&receipt, &key)) {
        Ok(verdict) => {
            let words = verdict.words();
            out::line(words.get(Lang::Zh));
            out::line(words.get(Lang::En));
            Ok(OK)
        }
        Err(no) => Ok(refused(&no)),
    }
}

/// Replays every event and compares with the rows.
pub(super) async fn rebuild(data: Data, check: bool) -> Outcome<u8> {
    if !check {
        return Err(Fault::broken("rebuild writes nothing yet: run `guandu rebuild --check`"));
    }
    let app = open(&data).await?;
    let mut good = true;
    for district in districts(&app).await? {
        let bar = out::bar(0, "replay");
        let seen = bar.clone();
        let found = app
            .db
            .report(move |tx| duty::replay::check(tx, district, &mut |done| seen.set_position(done)))
            .await?;
        bar.finish_and_clear();
        good &= found.faults.is_empty();
        out::line(format!(
            "{district}: {} duties from {} events, {} differ",
            found.duties,
            found.events,
            found.faults.len()
        ));
        found.faults.iter().for_each(|fault| out::line(format!("  {fault}")));
    }
    app.db.close().await;
    Ok(if good { OK } else { FOUND })
}
