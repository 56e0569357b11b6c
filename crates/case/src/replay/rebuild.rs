//! Makes a case's row anew from its events: `guandu rebuild`, and after text was erased from the ledger by law.

use super::replay;
use crate::act::intake::words_of;
use crate::event::SUBJECT_KIND;
use crate::facts::Loaded;
use crate::model::{CaseId, Prepared, signature_of, spot_of};
use crate::store;
use base::Outcome;
use base::op::Op;

/// Compares one case's row with its events and puts it right; returns what was wrong, or none when nothing was.
/// `subject` is the ledger's, `case:` and the id. The duty must be right already. A row that was gone comes back without
/// contact and query code, which no event holds.
///
/// # Errors
/// When the events do not fold, or the duty is missing.
pub fn one(op: &mut Op<'_, '_>, subject: &str) -> Outcome<Option<String>> {
    let district = op.district();
    let bare = subject.strip_prefix(SUBJECT_KIND).and_then(|rest| rest.strip_prefix(':')).unwrap_or(subject);
    let id = CaseId::parse("subject", bare)?;
    let case = replay(op.tx, district, id, &mut 0)?;
    let duty = duty::store::find(op.tx, district, id)?.ok_or_else(|| store::absent(id))?;
    let held = store::locked(op.tx, district, id)?;
    let Some(held) = held else {
        let ready = Prepared {
            id,
            district,
            filing: case.filing.clone(),
            code: String::new(),
            secret: [0; 32],
            contact: None,
            contact_hash: None,
            spot: spot_of(&case.filing.place),
            sig: signature_of(&case.filing),
            received_at: Some(case.received_at),
        };
        let blank = store::Derived {
            stage: crate::rules::stage(&case, &duty),
            hot: false,
            sampled: false,
            call_at: None,
            score_at: None,
            look_at: None,
        };
        store::insert(op.tx, district, &case, &duty, &ready, &blank)?;
        settle(op, &case, &duty, case.rev)?;
        return Ok(Some(format!(
            "case {id} ({}): its row was gone; contact and query code are lost",
            case.no
        )));
    };
    if held == case {
        return Ok(None);
    }
    settle(op, &case, &duty, held.rev)?;
    op.index("case", &id.to_string(), &words_of(&case))?;
    store::replace_keys(
        op.tx,
        district,
        id,
        spot_of(&case.filing.place).as_deref(),
        &signature_of(&case.filing),
    )?;
    Ok(Some(format!("case {id} ({}): the row differed from its events", case.no)))
}

fn settle(
    op: &mut Op<'_, '_>,
    case: &crate::model::Case,
    duty: &kernel::duty::Duty,
    from_rev: u64,
) -> Outcome<()> {
    let loaded = Loaded::new(op, case, duty, None)?;
    let derived = loaded.derive(case, duty)?;
    store::update(op.tx, op.district(), case, duty, &derived, from_rev)
}
