//! `verify`, `rebuild`.

use super::{Data, FOUND, OK, open, open_at, out};
use base::core::App;
use base::files::Audited;
use base::journal;
use base::op::{Op, Time, machine_now};
use base::sealer::{self, Verified};
use base::{Outcome, Tx};
use duty::replay::rebuild::{self, Moments};
use kernel::DistrictCode;

/// Every district that has events, also one whose playbook no longer loads.
async fn districts(app: &App) -> Outcome<Vec<DistrictCode>> {
    let sql = "select distinct district from event order by district";
    let found = app.db.report(move |tx| tx.query(sql, &[], |row| row.int(0))).await?;
    Ok(found.into_iter().filter_map(|n| i32::try_from(n).ok()).map(DistrictCode::from_number).collect())
}

/// Checks every district's ledger and, unless told otherwise, reads its files of evidence through.
pub(super) async fn verify(data: Data, files: bool, json: bool) -> Outcome<u8> {
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
        let read = match files {
            true => Some(audit(&app, district).await?),
            false => None,
        };
        let sound = |a: &Audited| a.missing.is_empty() && a.changed.is_empty();
        good &= found.faults.is_empty() && read.as_ref().is_none_or(sound);
        print(district, &found, read.as_ref(), json);
    }
    app.db.close().await;
    Ok(if good { OK } else { FOUND })
}

async fn audit(app: &App, district: DistrictCode) -> Outcome<Audited> {
    let bar = out::bar(0, "files");
    let seen = bar.clone();
    let found = app.files.audit(&app.db, district, &mut |done| seen.set_position(done)).await;
    bar.finish_and_clear();
    found
}

fn print(district: DistrictCode, found: &Verified, files: Option<&Audited>, json: bool) {
    if json {
        let files = files.map(|f| {
            serde_json::json!({ "read": f.read, "missing": f.missing, "changed": f.changed, "extra": f.extra })
        });
        let text = serde_json::json!({
            "district": district.to_string(), "sealed": found.sealed, "waiting": found.waiting,
            "size": found.size, "erased": found.erased, "faults": found.faults, "files": files,
        });
        out::line(text.to_string());
        return;
    }
    let (sealed, waiting, size) = (found.sealed, found.waiting, found.size);
    out::line(format!(
        "{district}: {sealed} events sealed of {size}, {waiting} waiting, {} erased by law, {} faults",
        found.erased,
        found.faults.len()
    ));
    found.faults.iter().for_each(|fault| out::line(format!("  {fault}")));
    let Some(files) = files else { return };
    let (missing, changed, extra) = (files.missing.len(), files.changed.len(), files.extra.len());
    out::line(format!(
        "{district}: {} files read, {missing} missing, {changed} changed, {extra} that no row names",
        files.read
    ));
    files.missing.iter().for_each(|text| out::line(format!("  missing: {text}")));
    files.changed.iter().for_each(|text| out::line(format!("  changed: {text}")));
    files.extra.iter().for_each(|text| out::line(format!("  no row names: {text}")));
}

/// Replays every event and compares with the rows; unless it only checks, puts the rows right, one duty a transaction.
pub(super) async fn rebuild(data: Data, check: bool) -> Outcome<u8> {
    let app = open_at(&data, Time::set_at(machine_now())).await?;
    let mut good = true;
    for district in districts(&app).await? {
        if !check {
            mend(&app, district).await?;
        }
        good &= replayed(&app, district, "duties", move |tx, done| {
            let found = duty::replay::check(tx, district, done)?;
            Ok((found.duties, found.events, found.faults))
        })
        .await?;
        good &= replayed(&app, district, "cases", move |tx, done| {
            let found = case::replay::check(tx, district, done)?;
            Ok((found.cases, found.events, found.faults))
        })
        .await?;
    }
    app.db.close().await;
    Ok(if good { OK } else { FOUND })
}

/// How many things, from how many events, and what is wrong with which.
type Replayed = (u64, u64, Vec<String>);

/// Replays every thing of a kind and says what differs; true when nothing does.
async fn replayed(
    app: &App,
    district: DistrictCode,
    what: &str,
    check: impl FnOnce(&mut Tx<'_>, &mut dyn FnMut(u64)) -> Outcome<Replayed> + Send + 'static,
) -> Outcome<bool> {
    let bar = out::bar(0, "replay");
    let seen = bar.clone();
    let (things, events, faults) =
        app.db.report(move |tx| check(tx, &mut |done| seen.set_position(done))).await?;
    bar.finish_and_clear();
    out::line(format!("{district}: {things} {what} from {events} events, {} differ", faults.len()));
    faults.iter().for_each(|fault| out::line(format!("  {fault}")));
    Ok(faults.is_empty())
}

/// Puts every row right: the duties first, because a case is made beside its duty; then the kept counts.
async fn mend(app: &App, district: DistrictCode) -> Outcome<()> {
    let duties = rows(app, district, "duty", |op, id| rebuild::one(op, id, Moments::Anew)).await?;
    let cases = rows(app, district, "case", case::replay::rebuild::one).await?;
    let counts = app.write(&crate::assemble::owner(district)?, rebuild::tallies).await?;
    out::line(format!("{district}: {} rows and {counts} kept counts were put right", duties + cases));
    Ok(())
}

/// Puts the row of every thing of a kind right and says what was wrong; returns how many were.
async fn rows(app: &App, district: DistrictCode, kind: &'static str, one: One) -> Outcome<u64> {
    let who = crate::assemble::owner(district)?;
    let bar = out::bar(0, "rebuild");
    let (mut after, mut mended) = (String::new(), 0_u64);
    loop {
        let from = after.clone();
        let page = app.db.read(move |tx| journal::subjects(tx, district, kind, &from, 500)).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.0);
        for (id, at) in page {
            bar.inc(1);
            // With what was known when it last changed.
            app.time.set(at);
            let named = id.clone();
            match app.write(&who, move |op| one(op, &id)).await {
                Ok(None) => {}
                Ok(Some(text)) => {
                    mended += 1;
                    out::line(format!("  mended {text}"));
                }
                // One that cannot be replayed must not keep the others from it; the check afterwards names it again.
                Err(fault) => out::line(format!("  {kind} {named} was left as it is: {fault}")),
            }
        }
    }
    bar.finish_and_clear();
    Ok(mended)
}

/// Puts one row right and says what was wrong with it.
type One = fn(&mut Op<'_, '_>, &str) -> Outcome<Option<String>>;
