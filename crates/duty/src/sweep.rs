//! The escalation sweep: every open duty whose next rung is due climbs it, exactly once, and nothing is skipped.
//!
//! One index holds the moment of the next rung of every open duty, whoever holds it, so there is no list of states to
//! forget and no batch that starves (PEERS G5). A batch is one transaction: the rung's row, the event, the duty's row
//! with the moment of the rung after it, and the notices. Killed in the middle, nothing of the batch happened; run
//! again, the rung's key refuses a second climb.

use crate::act::{With, derive};
use crate::effects::desk;
use crate::facts::Loaded;
use crate::store;
use base::core::App;
use base::op::{Op, Who};
use base::{Fault, Outcome};
use kernel::duty::{Command, Duty};
use kernel::playbook::{Playbook, Reach, Rung};
use kernel::text::Remark;
use kernel::{DistrictCode, PostCode};

/// Duties in one transaction: short enough that other writes get their turn.
const BATCH: u32 = 256;

/// Runs the sweep to its end and returns how many rungs were climbed.
pub async fn run(app: &App, who: &Who) -> Outcome<u64> {
    let mut climbed = 0;
    loop {
        let done = app.write(who, |op| batch(op, BATCH)).await?;
        climbed += done;
        if done == 0 {
            return Ok(climbed);
        }
    }
}

/// Climbs the rungs of one batch.
pub fn batch(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let due = store::rungs_due(op.tx, op.district(), op.now(), limit)?;
    let mut climbed = 0;
    for id in due {
        let duty = store::locked(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
        climb(op, duty)?;
        climbed += 1;
    }
    Ok(climbed)
}

fn climb(op: &mut Op<'_, '_>, duty: Duty) -> Outcome<()> {
    let book = op.core().book(op.district(), op.today())?;
    let Some(rung) = next(&book, &duty) else { return settle(op, &duty) };
    let asked = asked_post(&book, &duty, &rung);
    let posts = asked.as_ref().map_or("", PostCode::as_str).to_owned();
    if !store::climb(op.tx, op.district(), &duty, rung.rung, &posts, op.now())? {
        return settle(op, &duty);
    }
    let late = duty.due().map_or_else(String::new, kernel::Instant::minute_text);
    let note = format!("应于{late}完成，尚未完成，按规则升至第{}级", rung.rung);
    let note = Remark::parse("note", &note).map_err(Fault::from)?;
    let command = Command::Escalate { rung: rung.rung, asked, note };
    crate::act::perform_unjudged(op, duty, &command, &With::default()).map(|_| ())
}

/// A row whose column is out of date (no rung left, or a rung of an earlier crash): its next moment is computed anew.
fn settle(op: &mut Op<'_, '_>, duty: &Duty) -> Outcome<()> {
    let loaded = Loaded::new(op, Some(duty), &duty.kind, &Command::Recompute, &With::default())?;
    let derived = derive(duty, &loaded.book, loaded.rule(duty), &loaded);
    let later = derived.rung_at.filter(|at| *at > op.now());
    let sql = "update duty set rung_at = $1 where district = $2 and id = $3";
    let args = [later.map(kernel::Instant::micros).into(), op.district().into(), duty.id.into()];
    op.tx.exec(sql, &args).map(|_| ())
}

fn next(book: &Playbook, duty: &Duty) -> Option<Rung> {
    let clock = duty.clock.as_ref()?;
    let (code, version) = clock.rule();
    let rule = book.clock_version(code.as_str(), version)?;
    let ladder = book.ladder(rule.ladder.as_str())?;
    ladder.rungs.get(usize::from(duty.rung)).cloned()
}

/// Whom a rung asks; the unit's desk stands in for a role that nobody holds there.
fn asked_post(book: &Playbook, duty: &Duty, rung: &Rung) -> Option<PostCode> {
    let unit = &duty.holder.hold.unit;
    let in_unit =
        |unit: &kernel::UnitCode| book.org.post_with_role(unit, rung.role.as_str()).map(|p| p.code.clone());
    let found = match rung.reach {
        Reach::Holder => in_unit(unit),
        Reach::Above => book.org.above(unit).first().and_then(|u| in_unit(&u.code)),
        Reach::Patron => duty.patron.clone(),
        Reach::District => {
            let has = |p: &&kernel::playbook::Post| p.roles.contains(&rung.role);
            book.org.posts.values().find(has).map(|p| p.code.clone())
        }
    };
    found.or_else(|| desk(book, unit).map(|p| p.code.clone()))
}

/// The jobs' own actor: holds the role `system` and nothing else.
pub fn system_actor() -> Outcome<kernel::access::Actor> {
    use kernel::access::{Actor, Role, RoleSet};
    let post = PostCode::parse("post", "system")?;
    let unit = kernel::UnitCode::parse("unit", "system")?;
    Ok(Actor::new(post, unit, RoleSet::of(&[Role::System])))
}

/// Who the jobs are.
pub fn system(district: DistrictCode) -> Outcome<Who> {
    Ok(Who { district, actor: std::sync::Arc::new(system_actor()?), trace: std::sync::Arc::from("job") })
}
