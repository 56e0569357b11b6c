//! What must hold after every simulated day (D§2.3), as far as rows and events can show it.
//!
//! Each day looks at the duties that it touched: [`kernel::duty::check`] (one lead, no gap between holders, handler ≠
//! verifier, approver ≠ asker, clock and state agree), the columns against the body, the shares of time against the
//! whole, the rungs against the events, and for a sample the row against the fold of its events. Once a month and at the
//! end every duty is replayed and every kept count is counted; at the end the whole ledger is verified.

use base::core::App;
use base::{Fault, Outcome, Tx, journal};
use kernel::duty::{Duty, Event, Meta, check, fold};
use kernel::{DistrictCode, DutyId, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// Every so many touched duties one is folded anew.
const SAMPLE: usize = 12;

/// How far the checks have read the ledger.
#[derive(Debug, Clone, Default)]
pub struct Cursor {
    /// The last event seen.
    after: String,
    /// Events seen in all.
    pub events: u64,
}

/// What a day's check has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Events since the check before.
    pub events: u64,
    /// Duties that they touched.
    pub touched: u64,
}

/// What the check of everything has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whole {
    /// Duties replayed.
    pub duties: u64,
    /// Events that the newest checkpoint covers.
    pub sealed: u64,
    /// Its root in base64.
    pub root: String,
}

/// Checks what has happened since `cursor`; `all` replays every duty as well.
///
/// # Errors
/// The first broken invariant, with day, duty and last event.
pub async fn of_day(app: &App, district: DistrictCode, cursor: &mut Cursor, all: bool) -> Outcome<Seen> {
    let (from, now) = (cursor.clone(), app.now());
    let calendar = app.calendar(district, now.day())?;
    let (after, seen) = app
        .db
        .report(move |tx| {
            let day = Touched::since(tx, district, &from.after)?;
            for (n, id) in day.duties.iter().enumerate() {
                let duty = one(tx, district, *id, now, &calendar)?;
                rungs(tx, district, &duty, now)?;
                if n % SAMPLE == 0 {
                    folded(tx, district, &duty, now)?;
                }
            }
            counts(tx, district, now)?;
            if all {
                replay(tx, district, now)?;
            }
            let touched = u64::try_from(day.duties.len()).unwrap_or(0);
            Ok((day.last, Seen { events: day.events, touched }))
        })
        .await?;
    if !after.is_empty() {
        cursor.after = after;
    }
    cursor.events += seen.events;
    Ok(seen)
}

/// Checks everything: every duty against its events, every count, the whole ledger.
///
/// # Errors
/// The first fault, named.
pub async fn of_all(app: &App, district: DistrictCode) -> Outcome<Whole> {
    let now = app.now();
    let verifier = app.signer.of(district)?.verifier();
    app.db
        .report(move |tx| {
            let duties = replay(tx, district, now)?;
            let ledger = base::sealer::verify(tx, district, &verifier, &mut |_, _| {})?;
            if let Some(fault) = ledger.faults.first() {
                return Err(Fault::broken(format!("{}: ledger: {fault}", now.day())));
            }
            let newest = base::sealer::newest(tx, district)?;
            let root =
                newest.and_then(|(_, note)| note.lines().nth(2).map(str::to_owned)).unwrap_or_default();
            Ok(Whole { duties, sealed: ledger.size, root })
        })
        .await
}

/// What the events since a point are about.
struct Touched {
    duties: BTreeSet<DutyId>,
    events: u64,
    last: String,
}

impl Touched {
    fn since(tx: &mut Tx<'_>, district: DistrictCode, after: &str) -> Outcome<Touched> {
        let mut out = Touched { duties: BTreeSet::new(), events: 0, last: String::new() };
        let sql = "select id, subject_kind, subject from event where district = $1 and id > $2 order by id";
        tx.each(sql, &[district.into(), after.into()], |row| {
            out.events += 1;
            out.last = row.text(0)?;
            if row.str(1)? == "duty" {
                out.duties.insert(row.parsed(2)?);
            }
            Ok(())
        })?;
        Ok(out)
    }
}

fn broken(now: Instant, duty: &Duty, what: &str) -> Fault {
    let (day, no, id, rev) = (now.day(), &duty.no, duty.id, duty.rev);
    Fault::broken(format!("{day}: duty {no} ({id}), event {rev}: {what}"))
}

fn one(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: DutyId,
    now: Instant,
    calendar: &kernel::calendar::Calendar,
) -> Outcome<Duty> {
    let sql =
        "select body, due, open, holder_unit, rev, lead, state from duty where district = $1 and id = $2";
    let found = tx.one(sql, &[district.into(), id.into()], |row| {
        let columns =
            (row.int(1)?, row.flag(2)?, row.text(3)?, row.count(4)?, row.text_opt(5)?, row.text(6)?);
        Ok((row.json::<Duty>(0)?, columns))
    })?;
    let (duty, columns) = found.ok_or_else(|| Fault::broken(format!("duty {id} has events and no row")))?;
    if let Some(fault) = check(&duty, now).first() {
        return Err(broken(now, &duty, &format!("{}: {}", fault.code, fault.words.en)));
    }
    let expected = (
        duty::store::due_column(&duty),
        duty.is_open(),
        duty.holder.hold.unit.to_string(),
        duty.rev,
        duty.lead.as_ref().map(ToString::to_string),
        duty.state.name().code().to_owned(),
    );
    if expected != columns {
        return Err(broken(now, &duty, &format!("columns {columns:?} are not {expected:?}")));
    }
    shares(&duty, now, calendar)?;
    Ok(duty)
}

/// The shares of all holders add up to the whole, in both measures (D§15.4). Rounds leave gaps by design.
fn shares(duty: &Duty, now: Instant, calendar: &kernel::calendar::Calendar) -> Outcome<()> {
    if duty.round > 1 {
        return Ok(());
    }
    let from = duty.past.first().map_or(duty.holder.from, |held| held.from);
    let until = duty.holder.until.unwrap_or(now);
    let held = duty.held(now, calendar);
    let natural: i64 = held.iter().map(|share| share.natural_minutes).sum();
    let office: i64 = held.iter().map(|share| share.office_minutes).sum();
    let whole = (until.since(from).div_euclid(60_000_000), calendar.office_minutes_between(from, until));
    if (natural, office) != whole {
        return Err(broken(now, duty, &format!("held {natural} and {office} minutes of {whole:?}")));
    }
    Ok(())
}

/// Each rung of a round once, from the first on, and as many events as rungs.
fn rungs(tx: &mut Tx<'_>, district: DistrictCode, duty: &Duty, now: Instant) -> Outcome<()> {
    if duty.rung == 0 {
        return Ok(());
    }
    let sql = "select round, rung from duty_rung where district = $1 and duty = $2 order by round, rung";
    let rows = tx.query(sql, &[district.into(), duty.id.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    let mut by_round: BTreeMap<i64, i64> = BTreeMap::new();
    for (round, rung) in &rows {
        let reached = by_round.entry(*round).or_insert(0);
        if *rung != *reached + 1 {
            return Err(broken(now, duty, &format!("rung {rung} of round {round} after rung {reached}")));
        }
        *reached = *rung;
    }
    let sql = "select count(*) from event where district = $1 and subject = $2 and kind = 'duty.escalated'";
    let told = tx.one(sql, &[district.into(), duty.id.into()], |row| row.count(0))?.unwrap_or(0);
    let reached = by_round.get(&i64::from(duty.round)).copied().unwrap_or(0);
    if told != u64::try_from(rows.len()).unwrap_or(0) || reached != i64::from(duty.rung) {
        return Err(broken(now, duty, &format!("rung {}, rows {rows:?}, {told} events", duty.rung)));
    }
    Ok(())
}

/// The row is the fold of its events.
fn folded(tx: &mut Tx<'_>, district: DistrictCode, duty: &Duty, now: Instant) -> Outcome<()> {
    let mut events: Vec<(Event, Meta)> = Vec::new();
    for stored in journal::history(tx, district, &duty.id.to_string())? {
        let actor = kernel::PostCode::parse("actor", &stored.actor)?;
        events.push((serde_json::from_str(&stored.body)?, Meta { at: stored.at, actor }));
    }
    let again = fold(events.iter().map(|(event, meta)| (event, meta)));
    match again {
        Ok(again) if again == *duty => Ok(()),
        Ok(_) => Err(broken(now, duty, "the row is not the fold of its events")),
        Err(fault) => Err(broken(now, duty, &fault.to_string())),
    }
}

/// Kept counts against open rows, in sum; the months compare unit by unit.
fn counts(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<()> {
    let kept = "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1 and scope = 'due'";
    let rows = "select count(*) from duty where district = $1 and open = 1";
    let kept = tx.one(kept, &[district.into()], |row| row.int(0))?;
    let rows = tx.one(rows, &[district.into()], |row| row.int(0))?;
    if kept == rows {
        return Ok(());
    }
    Err(Fault::broken(format!("{}: kept count {kept:?}, open rows {rows:?}", now.day())))
}

fn replay(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<u64> {
    let found = duty::replay::check(tx, district, &mut |_| {})?;
    match found.faults.first() {
        None => Ok(found.duties),
        Some(fault) => Err(Fault::broken(format!("{}: {fault}", now.day()))),
    }
}
