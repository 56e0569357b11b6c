//! Things that go wrong: each must be refused with a reason and leave no trace, or change nothing when done twice.

use crate::deed::{Bid, Deed};
use crate::words::remark;
use crate::world::World;
use base::{Fault, Outcome};
use kernel::duty::{Command, Solved, StateName, VerificationKind};
use kernel::{DutyId, UnitCode};

/// What a write would have left behind: the newest event, the kept counts, the notices, the numbers given.
type Trace = (Option<String>, i64, i64, i64);

/// Tries what a day's chance brings and returns how many acts were refused as they must be.
///
/// # Errors
/// When one of them went through, left a trace, or a job that ran twice did something the second time.
pub(crate) async fn of_day(world: &mut World) -> Outcome<u64> {
    let open = |c: &&crate::world::Case| c.duty.state.name() == StateName::InProgress && c.duty.rev > 2;
    let ids: Vec<DutyId> = world.cases.values().filter(open).map(|c| c.duty.id).collect();
    let Some(id) = world.dice.pick(&ids).copied() else { return Ok(0) };
    refresh(world, id).await?;
    let which = world.dice.below(5);
    let bids = match which {
        0 => stale(world, id)?,
        1 => second_lead(world, id)?,
        2 => own_verdict(world, id)?,
        3 => twice(world, id)?,
        _ => return jobs_twice(world).await,
    };
    let before = trace(world).await?;
    let outcomes = world.run(&bids).await?;
    // Of two that are the same, the first is good and the second refused.
    let good = usize::from(which == 3);
    let refused = outcomes.iter().filter(|o| matches!(o, Err(Fault::Refused(_)))).count();
    let after = trace(world).await?;
    let untouched = before == after || which == 3;
    if refused + good != bids.len() || !untouched {
        let day = world.app.now().day();
        let what = bids.first().map(|b| b.deed.of());
        return Err(Fault::broken(format!("{day}: duty {id}: {what:?} had to be refused without a trace")));
    }
    if which == 3
        && let Some(Ok(duty)) = outcomes.into_iter().next()
        && let Some(case) = world.cases.get_mut(&id)
    {
        case.duty = duty;
    }
    Ok(u64::try_from(refused).unwrap_or(0))
}

/// Opens the page anew: an escalation may have moved the revision since the last deed.
async fn refresh(world: &mut World, id: DutyId) -> Outcome<()> {
    let district = world.district;
    let found = world.app.db.read(move |tx| duty::store::find(tx, district, id)).await?;
    if let (Some(duty), Some(case)) = (found, world.cases.get_mut(&id)) {
        case.duty = duty;
    }
    Ok(())
}

fn of(world: &World, id: DutyId) -> Outcome<(UnitCode, kernel::PostCode, u64)> {
    let case = world.cases.get(&id).ok_or_else(|| Fault::broken("no such case"))?;
    let lead = case.duty.lead.clone().ok_or_else(|| Fault::broken("work in progress without a lead"))?;
    let handler = case.duty.handler.clone().or_else(|| world.handler(&lead));
    Ok((lead, handler.ok_or_else(|| Fault::broken("work in progress without a handler"))?, case.duty.rev))
}

/// A command on a page that was opened before the last change.
fn stale(world: &World, id: DutyId) -> Outcome<Vec<Bid>> {
    let (_, post, rev) = of(world, id)?;
    let command = Box::new(Command::NoteProgress { percent: Some(1), text: remark("重复提交")? });
    Ok(vec![Bid { post, deed: Deed::Perform { id, command, rev: Some(rev.saturating_sub(1)) } }])
}

/// The same command sent twice at once by an impatient hand; both saw the same revision.
fn twice(world: &World, id: DutyId) -> Outcome<Vec<Bid>> {
    let (_, post, rev) = of(world, id)?;
    let command =
        Box::new(Command::NoteProgress { percent: None, text: remark("现场工作正常推进")? });
    let bid = Bid { post, deed: Deed::Perform { id, command, rev: Some(rev) } };
    Ok(vec![bid.clone(), bid])
}

/// Two assignments: the second lead is refused whoever it is.
fn second_lead(world: &mut World, id: DutyId) -> Outcome<Vec<Bid>> {
    let (lead, ..) = of(world, id)?;
    let others: Vec<UnitCode> = world.temper.keys().filter(|u| **u != lead).cloned().collect();
    let Some(post) = world.outside("supervision_director", None) else { return Ok(Vec::new()) };
    let to = [world.dice.pick(&others).cloned(), Some(lead)];
    let assign =
        |lead| Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
    Ok(to
        .into_iter()
        .flatten()
        .map(|lead| Bid { post: post.clone(), deed: Deed::act(id, assign(lead)) })
        .collect())
}

/// Who handles it verifies it, before it is even reported.
fn own_verdict(world: &World, id: DutyId) -> Outcome<Vec<Bid>> {
    let (_, post, _) = of(world, id)?;
    let note = remark("自行核验")?;
    let command = Command::Verify { kind: VerificationKind::SiteCheck, solved: Solved::Yes, note };
    Ok(vec![Bid { post, deed: Deed::act(id, command) }])
}

/// The sweep and the sealer run again at the same moment and find nothing to do.
async fn jobs_twice(world: &mut World) -> Outcome<u64> {
    duty::sweep::run(&world.app, &world.jobs).await?;
    crate::days::seal(&world.app, world.district).await?;
    let again = duty::sweep::run(&world.app, &world.jobs).await?;
    let sealed = crate::days::seal(&world.app, world.district).await?;
    if again > 0 || sealed > 0 {
        let day = world.app.now().day();
        return Err(Fault::broken(format!(
            "{day}: run twice, the jobs climbed {again} and sealed {sealed} again"
        )));
    }
    Ok(1)
}

async fn trace(world: &World) -> Outcome<Trace> {
    let district = world.district;
    let read = move |tx: &mut base::Tx<'_>| {
        let newest = "select id from event where district = $1 order by id desc limit 1";
        let newest = tx.one(newest, &[district.into()], |row| row.text(0))?;
        let mut sums = [0_i64; 3];
        let all = [
            "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1",
            "select count(*) from notice where district = $1",
            "select cast(coalesce(sum(n), 0) as bigint) from counter where district = $1",
        ];
        for (sum, sql) in sums.iter_mut().zip(all) {
            *sum = tx.one(sql, &[district.into()], |row| row.int(0))?.unwrap_or(0);
        }
        let [tallies, notices, numbers] = sums;
        Ok((newest, tallies, notices, numbers))
    };
    world.app.db.read(read).await
}
