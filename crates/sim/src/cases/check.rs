//! What must hold of requests after every day (D§2.3).
//!
//! Of every request that the day touched: its columns say what its body and its duty say; everybody linked to it who is
//! owed an answer has it (11); a confidential one does not exist for the unit that it is about (14). Every day the
//! kept numbers of requests and of marks are counted anew; once a month and at the end everything is folded from its
//! events. The shares of time of its holders are checked with its duty.

use crate::world::World;
use base::{Fault, Outcome, Tx};
use case::model::{Case, CaseId};
use case::rules::stage;
use kernel::duty::Duty;
use kernel::{DistrictCode, Instant};
use std::collections::BTreeSet;

/// How far the checks have read the ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Checked {
    after: String,
}

impl World {
    /// Checks the requests that were touched since the last time; `all` folds every one of them.
    ///
    /// # Errors
    /// The first broken invariant, with day and number.
    pub(crate) async fn check_requests(&mut self, all: bool) -> Outcome<()> {
        let Some(requests) = &self.requests else { return Ok(()) };
        let (district, now, after) = (self.district, self.app.now(), requests.checked.after.clone());
        let (last, shy) = self
            .app
            .db
            .report(move |tx| {
                let (last, touched) = touched(tx, district, &after)?;
                let mut shy = Vec::new();
                for id in touched {
                    let case = one(tx, district, id, now)?;
                    if case.filing.confidential {
                        shy.push(case);
                    }
                }
                counts(tx, district, now)?;
                if all {
                    let found = case::replay::check(tx, district, &mut |_| {})?;
                    if let Some(fault) = found.faults.first() {
                        return Err(Fault::broken(format!("{}: {fault}", now.day())));
                    }
                }
                Ok((last, shy))
            })
            .await?;
        for case in shy {
            self.hidden(&case).await?;
        }
        if let Some(requests) = &mut self.requests
            && !last.is_empty()
        {
            requests.checked.after = last;
        }
        Ok(())
    }

    /// For the unit that it is about a confidential request does not exist.
    async fn hidden(&mut self, case: &Case) -> Outcome<()> {
        let Some(about) = case.filing.against.clone() else { return Ok(()) };
        for role in ["unit_chief", "handler", "clerk"] {
            let Some(post) = self.post(&about, &[role]) else { continue };
            let (who, id) = (self.cast.who(&post)?, case.id);
            let seen = self.app.read(&who, move |op| case::act::read(op, id).map(|_| ())).await;
            if !matches!(seen, Err(Fault::Refused(_))) {
                let day = self.app.now().day();
                return Err(Fault::broken(format!(
                    "{day}: {post} sees the confidential request {}",
                    case.no
                )));
            }
        }
        Ok(())
    }
}

/// The requests of events since a point, and where the ledger ends.
fn touched(tx: &mut Tx<'_>, district: DistrictCode, after: &str) -> Outcome<(String, BTreeSet<CaseId>)> {
    let (mut last, mut out) = (String::new(), BTreeSet::new());
    let sql = "select id, subject_kind, subject from event where district = $1 and id > $2 order by id";
    tx.each(sql, &[district.into(), after.into()], |row| {
        last = row.text(0)?;
        if row.str(1)? == case::event::SUBJECT_KIND {
            let subject = row.text(2)?;
            let id = subject.rsplit(':').next().unwrap_or_default();
            out.insert(id.parse()?);
        }
        Ok(())
    })?;
    Ok((last, out))
}

fn broken(now: Instant, case: &Case, what: &str) -> Fault {
    Fault::broken(format!("{}: request {}, event {}: {what}", now.day(), case.no, case.rev))
}

fn pair(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId) -> Outcome<(Case, Duty)> {
    match (case::store::find(tx, district, id)?, duty::store::find(tx, district, id)?) {
        (Some(case), Some(duty)) => Ok((case, duty)),
        _ => Err(Fault::broken(format!("request {id} has events and no row"))),
    }
}

fn one(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId, now: Instant) -> Outcome<Case> {
    let (case, duty) = pair(tx, district, id)?;
    let sql = "select stage, unit, open, rev from case_item where district = $1 and id = $2";
    let columns = tx
        .one(sql, &[district.into(), id.into()], |row| {
            Ok((row.text(0)?, row.text_opt(1)?, row.flag(2)?, row.count(3)?))
        })?
        .unwrap_or_default();
    let lead = duty.lead.as_ref().map(ToString::to_string);
    let expected = (stage(&case, &duty).code().to_owned(), lead, duty.is_open(), case.rev);
    if columns != expected {
        return Err(broken(now, &case, &format!("columns {columns:?} are not {expected:?}")));
    }
    owed(tx, district, &case, now)?;
    Ok(case)
}

/// Merging never reduces the number of people who are owed an answer: each link stands on both sides, and when there
/// is a reply everybody who waits for it has a copy.
fn owed(tx: &mut Tx<'_>, district: DistrictCode, case: &Case, now: Instant) -> Outcome<()> {
    if let Some(parent) = case.parent.filter(|_| case.end.is_none()) {
        let (leading, _) = pair(tx, district, parent)?;
        if !leading.links.contains(&case.id) {
            return Err(broken(now, case, &format!("linked to {}, which does not know of it", leading.no)));
        }
    }
    for link in &case.links {
        let (linked, _) = pair(tx, district, *link)?;
        if linked.parent != Some(case.id) {
            return Err(broken(now, case, &format!("{} is in its links and elsewhere", linked.no)));
        }
        let has =
            |at: Instant| linked.replies.iter().any(|reply| reply.of == Some(case.id) && reply.at == at);
        let since = linked.updated_at;
        let owing = case.replies.iter().filter(|reply| reply.of.is_none()).map(|reply| reply.at);
        // A reply from before it was linked is not owed to it.
        let linked_at = case_linked_at(tx, district, &linked)?.unwrap_or(since);
        if linked.end.is_none() && owing.filter(|at| *at >= linked_at).any(|at| !has(at)) {
            return Err(broken(now, case, &format!("{} was not told the reply", linked.no)));
        }
    }
    Ok(())
}

/// When it was linked, by its own event.
fn case_linked_at(tx: &mut Tx<'_>, district: DistrictCode, case: &Case) -> Outcome<Option<Instant>> {
    let sql = "select at from event where district = $1 and subject = $2 and kind = 'case.linked' order by rev desc limit 1";
    let subject = case::event::subject(case.id);
    tx.one(sql, &[district.into(), subject.as_str().into()], |row| row.instant(0))
}

/// Kept numbers against rows: requests that came in, requests that are open, rounds that were scored.
fn counts(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<()> {
    let pairs = [
        (
            "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1 and scope = 'case.in'",
            "select count(*) from case_item where district = $1",
        ),
        (
            "select cast(coalesce(sum(n), 0) as bigint) from tally where district = $1 and scope = 'case.open'",
            "select count(*) from case_item where district = $1 and open = 1 and unit is not null",
        ),
    ];
    for (kept, rows) in pairs {
        let kept = tx.one(kept, &[district.into()], |row| row.int(0))?;
        let rows = tx.one(rows, &[district.into()], |row| row.int(0))?;
        if kept != rows {
            return Err(Fault::broken(format!("{}: kept {kept:?}, rows {rows:?}", now.day())));
        }
    }
    Ok(())
}
