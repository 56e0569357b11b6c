//! Escalation of many overdue duties, with a kill in the middle: every rung once, none left out.

use super::bed::{Place, number, round};
use base::core::App;
use base::{Fault, Outcome};
use kernel::DistrictCode;
use serde_json::{Value, json};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Runs the bench.
pub(super) async fn run(place: &Place, duties: u64) -> Outcome<Value> {
    let app = place.open_standing().await?;
    sim::load::overdue(&app, duties).await?;
    app.db.close().await;
    drop(app);
    let began = Instant::now();
    let mut child = start(place)?;
    let app = place.open().await?;
    // Killed once about a third is done.
    while rungs(&app).await?.0 < duties / 3 {
        if child.try_wait()?.is_some() {
            return Err(Fault::broken("the sweep ended before it could be killed: use more duties"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill()?;
    child.wait()?;
    let at_kill = rungs(&app).await?.0;
    app.db.close().await;
    drop(app);
    let status = start(place)?.wait()?;
    let took = began.elapsed().as_secs_f64();
    let app = place.open().await?;
    let (climbed, events, doubled) = rungs(&app).await?;
    app.db.close().await;
    Ok(json!({
        "bench": "escalate", "backend": place.backend(), "duties": duties, "seconds_with_kill": round(took),
        "done_when_killed": at_kill, "second_run_ended_well": status.success(), "rungs": climbed,
        "escalated_events": events, "rungs_twice": doubled,
        "exactly_once": climbed == duties && events == duties && doubled == 0,
        "rungs_per_second": round(number(usize::try_from(climbed).unwrap_or(0)) / took),
    }))
}

fn start(place: &Place) -> Outcome<Child> {
    let program = std::env::current_exe()?;
    Ok(Command::new(program)
        .args(["bench", "escalate-child"])
        .args(place.arguments())
        .stdout(std::process::Stdio::null())
        .spawn()?)
}

/// The sweep alone.
pub(super) async fn child(place: &Place) -> Outcome<Value> {
    let app = place.open().await?;
    let who = duty::sweep::system(DistrictCode::GUANDU)?;
    let climbed = duty::sweep::run(&app, &who).await?;
    app.db.close().await;
    Ok(json!({ "climbed": climbed }))
}

/// First rungs climbed, escalation events, and duties with two events for one rung.
async fn rungs(app: &App) -> Outcome<(u64, u64, u64)> {
    app.db
        .read(|tx| {
            let d = [DistrictCode::GUANDU.into()];
            let one = |tx: &mut base::Tx<'_>, sql: &str| Ok::<_, Fault>(tx.one(sql, &d, |row| row.count(0))?.unwrap_or(0));
            let climbed = one(tx, "select count(*) from duty_rung where district = $1 and rung = 1")?;
            let events = one(tx, "select count(*) from event where district = $1 and kind = 'duty.escalated'")?;
            let doubled = one(
                tx,
                "select count(*) from (select subject from event where district = $1 and kind = 'duty.escalated' \
                 group by subject having count(*) > 1) twice",
            )?;
            Ok((climbed, events, doubled))
        })
        .await
}
