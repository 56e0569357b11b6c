//! What identifies the petitioner: masked for screens, opened with a reason, exported for the person, erased by law.
//!
//! The contact is sealed with the case's id as associated data and is in no event. Opening it is an act: judged, with a
//! reason from the playbook's list, limited a day and post, and recorded, so that the petitioner can be told who looked.

use super::change::{note, save};
use super::petition::authenticate;
use super::{judge, load};
use crate::event::Event;
use crate::facts::{Loaded, hotline};
use crate::model::{Act, Case, CaseId, Contact};
use crate::refusal::CaseRefusal as No;
use crate::rules;
use crate::store;
use base::Outcome;
use base::op::Op;
use base::vault::Spot;
use kernel::access::{Action, Denied};
use kernel::duty::Duty;
use kernel::text::Remark;
use kernel::{Lang, Slug};

/// Times a day that one post may open contacts; an example. A handler has a handful of cases a day, an operator calls
/// back forty.
pub const REVEALS_A_DAY: i64 = 60;

/// The contact as screens show it.
///
/// # Errors
/// When the post may not see it, or the petitioner asked for confidential handling and the post is not the hotline's.
pub fn masked_contact(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<Contact> {
    let action = Action::CaseReadPersonal;
    let found = (store::find(op.tx, op.district(), id)?, duty::store::find(op.tx, op.district(), id)?);
    let (Some(case), Some(duty)) = found else { return Err(Denied::absent(op.actor(), action).into()) };
    let loaded = admitted(op, action, &case, &duty)?;
    Ok(open(op, &case, &loaded)?.masked())
}

/// Opens the contact for a reason and records that it was opened.
///
/// # Errors
/// As [`masked_contact`]; when the reason is not one of the playbook's; when the post opened too many today.
pub fn reveal(
    op: &mut Op<'_, '_>,
    id: CaseId,
    reason: &Slug,
    words: Option<Remark>,
) -> Outcome<(Contact, Case)> {
    let (mut case, duty) = load(op, id, Action::CaseReveal)?;
    let loaded = admitted(op, Action::CaseReveal, &case, &duty)?;
    rules::open(Act::Reveal, &case, &duty, &loaded.context(op, None)?)?;
    if !loaded.rules()?.reveal_reasons.contains_key(reason) {
        return Err(No::UnknownReason { given: reason.to_string() }.into());
    }
    let (post, day) = (op.actor().post.clone(), i64::from(op.today().number()));
    let today = store::tally(op.tx, op.district(), "case.reveal", post.as_str(), day)?;
    if today >= REVEALS_A_DAY {
        return Err(No::RevealsSpent { max: REVEALS_A_DAY }.into());
    }
    let contact = open(op, &case, &loaded)?;
    let from = case.rev;
    let event = Event::Revealed { reason: reason.clone(), note: words };
    note(op, &mut case, &event, &loaded.secrets.sig)?;
    save(op, &case, &duty, &loaded, from)?;
    op.tally("case.reveal", post.as_str(), day, 1)?;
    Ok((Contact { original: String::new(), ..contact }, case))
}

fn admitted(op: &mut Op<'_, '_>, action: Action, case: &Case, duty: &Duty) -> Outcome<Loaded> {
    let loaded = Loaded::new(op, case, duty, None)?;
    judge(op, action, case, duty, &loaded)?;
    if case.filing.confidential && !op.actor().roles.meets(hotline()) {
        return Err(No::Shielded {}.into());
    }
    Ok(loaded)
}

fn open(op: &Op<'_, '_>, case: &Case, loaded: &Loaded) -> Outcome<Contact> {
    let Some(sealed) = &loaded.secrets.contact else { return Err(No::NoSealedContact {}.into()) };
    let row = case.id.to_string();
    let plain = op.vault().open(&Spot::new("case.contact", op.district(), &row), sealed)?;
    Ok(serde_json::from_str(&plain)?)
}

/// Everything that is stored about the person of a case, for whoever has its query code: the words as they were
/// written, the contact, messages, replies, ratings, and each time that staff opened the contact, by post and reason.
///
/// # Errors
/// As [`super::track`].
pub fn export_personal(op: &mut Op<'_, '_>, no: &str, code: &str) -> Outcome<serde_json::Value> {
    let id = authenticate(op, no, code)?;
    let (mut case, duty) = load(op, id, Action::CaseExportPersonal)?;
    let loaded = Loaded::new(op, &case, &duty, None)?;
    let contact = match loaded.secrets.contact {
        Some(_) => open(op, &case, &loaded)?,
        None => Contact::default(),
    };
    let history = base::journal::history(op.tx, op.district(), &crate::event::subject(case.id))?;
    let mut opened = Vec::new();
    for stored in history.iter().filter(|stored| stored.kind == "case.revealed") {
        let Ok(Event::Revealed { reason, .. }) = serde_json::from_str(&stored.body) else { continue };
        let words = loaded.rules()?.reveal_reasons.get(&reason);
        opened.push(serde_json::json!({
            "at": stored.at.rfc3339(),
            "post": stored.actor,
            "reason": words.map_or(reason.as_str(), |words| words.get(Lang::Zh)),
        }));
    }
    let written = if contact.original.is_empty() { case.filing.text.as_str() } else { &contact.original };
    let out = serde_json::json!({
        "no": case.no,
        "received_at": case.received_at.rfc3339(),
        "contact": { "name": contact.name, "phone": contact.phone, "email": contact.email, "id_no": contact.id_no },
        "text": written,
        "wishes": case.filing.wishes,
        "place": case.filing.place,
        "attributes": case.filing.attributes,
        "attachments": case.filing.attachments,
        "anonymous": case.filing.anonymous,
        "confidential": case.filing.confidential,
        "messages": case.messages,
        "replies": case.replies.iter().map(|reply| serde_json::json!({
            "at": reply.at.rfc3339(), "outcome": reply.outcome, "text": reply.public,
        })).collect::<Vec<_>>(),
        "ratings": case.ratings,
        "opened": opened,
    });
    let from = case.rev;
    note(op, &mut case, &Event::Exported {}, &loaded.secrets.sig)?;
    save(op, &case, &duty, &loaded, from)?;
    Ok(out)
}

/// Erases the contact of a finished case, and with `text` its words too; the events stay and the ledger verifies. What
/// was typed into the words is in the ledger's body of the filing: `guandu erase` takes that body out.
///
/// # Errors
/// When the post may not, the case is still open, or it was erased before.
pub fn erase(op: &mut Op<'_, '_>, id: CaseId, ground: &Remark, text: bool) -> Outcome<Case> {
    let action = Action::CaseErase;
    let (case, duty) = load(op, id, action)?;
    let loaded = Loaded::new(op, &case, &duty, None)?;
    judge(op, action, &case, &duty, &loaded)?;
    erase_unjudged(op, case, &duty, &loaded, ground, text)
}

/// The same for the job of retention.
pub(super) fn erase_unjudged(
    op: &mut Op<'_, '_>,
    mut case: Case,
    duty: &Duty,
    loaded: &Loaded,
    ground: &Remark,
    text: bool,
) -> Outcome<Case> {
    rules::open(Act::Erase, &case, duty, &loaded.context(op, None)?)?;
    let from = case.rev;
    note(op, &mut case, &Event::Erased { ground: ground.clone(), text }, &loaded.secrets.sig)?;
    save(op, &case, duty, loaded, from)?;
    store::forget_contact(op.tx, op.district(), case.id)?;
    if text {
        base::search::forget(op.tx, op.district(), "case", &case.id.to_string())?;
    }
    Ok(case)
}
