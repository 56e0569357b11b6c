//! The job of whistles: limits that departments let pass, and duties that wait to be closed. Every pass is a small
//! transaction; run again it finds nothing that was done.

use super::effect::{Deed, carry_out, wind_up};
use super::facts::Loaded;
use super::model::WhistleId;
use super::{rules, store};
use base::core::App;
use base::op::{Op, Who};
use base::{Fault, Outcome};

/// Whistles in one transaction.
const BATCH: u32 = 64;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Limits that were written down as missed.
    pub missed: u64,
    /// Whistles whose duties were closed.
    pub wound_up: u64,
}

/// Runs to the end: misses first, then what is to be closed.
///
/// # Errors
/// Faults of the machinery.
pub async fn run(app: &App, who: &Who) -> Outcome<Swept> {
    let mut all = Swept::default();
    loop {
        let (missed, wound_up) = app.write(who, |op| Ok((watch(op, BATCH)?, close(op, BATCH)?))).await?;
        all.missed += missed;
        all.wound_up += wound_up;
        if missed + wound_up == 0 {
            return Ok(all);
        }
    }
}

/// Writes down the misses of one batch.
///
/// # Errors
/// Faults of the machinery.
pub fn watch(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let mut ids: Vec<WhistleId> = store::watched(op.tx, op.district(), op.now(), limit)?;
    ids.dedup();
    let mut missed = 0;
    for id in ids {
        let duty = duty::store::locked(op.tx, op.district(), id)?;
        let whistle = store::locked(op.tx, op.district(), id)?;
        let (Some(whistle), Some(duty)) = (whistle, duty) else {
            return Err(Fault::broken(format!("whistle {id} has no duty or no row")));
        };
        let loaded = Loaded::new(op, &whistle, &duty, 0)?;
        // One part at a time: a miss of one may escalate the whistle, and the next must see that.
        let events = loaded.with(op, None, |facts| {
            let all = whistle.active().map(|call| rules::missed(&whistle, call, facts));
            Ok(all.into_iter().find(|events| !events.is_empty()).unwrap_or_default())
        })?;
        if events.is_empty() {
            // The moment moved on (a limit was extended): the row is computed anew.
            let derived = super::effect::derive(&whistle, &loaded)?;
            store::update(op.tx, op.district(), &whistle, &derived, whistle.rev)?;
            continue;
        }
        missed += 1;
        carry_out(op, whistle, duty.id, &Deed { command: None, events, files: &[] }, &loaded)?;
    }
    Ok(missed)
}

/// Closes the duties of one batch of confirmed whistles, and the whistles that are scored.
///
/// # Errors
/// Faults of the machinery, or a refusal of the duty that names what stands in the way.
pub fn close(op: &mut Op<'_, '_>, limit: u32) -> Outcome<u64> {
    let ids = store::ripe(op.tx, op.district(), limit)?;
    let n = u64::try_from(ids.len()).unwrap_or(0);
    for id in ids {
        let duty = duty::store::locked(op.tx, op.district(), id)?;
        let whistle = store::locked(op.tx, op.district(), id)?;
        match (whistle, duty) {
            (Some(whistle), Some(_)) => wind_up(op, whistle)?,
            _ => return Err(Fault::broken(format!("whistle {id} has no duty or no row"))),
        }
    }
    Ok(n)
}
