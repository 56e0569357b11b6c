//! Filing in three steps: what, where and who, check. One address, one form each; every step keeps what was typed,
//! also when it is refused, and works without a script.

use super::caller::{Caller, PortalForm};
use super::draft::{Draft, step_of};
use super::suggest::suggest;
use super::{danger, photos, steps};
use crate::act::intake;
use crate::advise::hint;
use crate::web::receipt::Ticket;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::core::{App, Key, Reply};
use base::web::form::Fields;
use base::web::problem::status;
use base::{Fault, Outcome};
use kernel::ledger::{Hasher, Sha256};
use kernel::playbook::Category;
use kernel::{Refused, Slug};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/portal/file", get(start).post(submit)).route("/portal/suggest", post(suggestions))
}

const FIELDS: &[&str] = &[
    "state", "step", "go", "text", "pick", "category", "seen", "place", "address", "name", "phone",
    "privacy", "photo",
];

/// The first step, empty or within a top category.
async fn start(caller: Caller) -> Outcome<Response> {
    caller.who()?;
    let draft = Draft { text: caller.asked("text").chars().take(500).collect(), ..Draft::default() };
    show(&caller, 1, &draft, None)
}

fn show(caller: &Caller, step: u8, draft: &Draft, no: Option<&Refused>) -> Outcome<Response> {
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    steps::page(caller, step, draft, no.map(|no| &**no), code)
}

/// What a form of any step asks for: the next one, the one before, a photograph less, or to file.
async fn submit(PortalForm { caller, fields }: PortalForm) -> Outcome<Response> {
    fields.only(FIELDS)?;
    let step = fields.text("step").parse::<u8>().unwrap_or(1).clamp(1, 3);
    let mut draft = Draft::of(&caller, &fields);
    draft.take(&caller, step, &fields);
    if step == 1
        && let Err(fault) = upload(&caller, &mut draft, &fields).await
    {
        return show(&caller, 1, &draft, Some(&refused(fault)?));
    }
    match fields.text("go") {
        "back" => show(&caller, step.saturating_sub(1).max(1), &draft, None),
        "start" | "step1" => show(&caller, 1, &draft, None),
        "step2" => show(&caller, 2, &draft, None),
        "file" if step == 3 => file(&caller, &draft).await,
        other if other.starts_with("drop") => {
            let at = other.trim_start_matches("drop").parse::<usize>().unwrap_or(usize::MAX);
            if at < draft.photos.len() {
                draft.photos.remove(at);
            }
            show(&caller, 1, &draft, None)
        }
        _ => next(&caller, step, &draft),
    }
}

async fn upload(caller: &Caller, draft: &mut Draft, fields: &Fields) -> Outcome<()> {
    let new = photos::take(caller, &fields.files, draft.photos.len()).await?;
    draft.photos.extend(new);
    Ok(())
}

/// On to the next step, unless something of this or an earlier one is refused. Danger and suggestions are shown once.
fn next(caller: &Caller, step: u8, draft: &Draft) -> Outcome<Response> {
    if let Err(fault) = draft.case().prepare(&caller.app, caller.district) {
        let no = refused(fault)?;
        let at = step_of(no.field());
        if at <= step {
            return show(caller, at, draft, Some(&no));
        }
    }
    if step == 1 && !draft.seen {
        let chosen = !draft.category.is_empty();
        let unsure = !chosen && !suggested(caller, &draft.text).is_empty();
        if unsure || !danger::lines(&draft.text).is_empty() {
            return show(caller, 1, draft, None);
        }
    }
    show(caller, step.saturating_add(1).min(3), draft, None)
}

/// Categories for a text, best first: what the recommender is sure of, else by the playbook's own words.
pub(super) fn suggested<'c>(caller: &'c Caller, text: &str) -> Vec<&'c Category> {
    let sure = hint(&caller.app, caller.district, text).filter(|hint| hint.sure);
    let advised: Vec<Slug> = sure.into_iter().flat_map(|hint| hint.guesses).map(|(code, _)| code).collect();
    suggest(&caller.book, &advised, text)
}

/// Files it once however often it is sent: the key is the draft with its words.
async fn file(caller: &Caller, draft: &Draft) -> Outcome<Response> {
    let who = caller.who()?;
    let mut case = draft.case();
    let photos = photos::ready(caller, &draft.photos).await?;
    case.attachments = photos.attachments()?;
    let ready = match case.prepare(&caller.app, caller.district) {
        Ok(ready) => ready,
        Err(fault) => {
            let no = refused(fault)?;
            return show(caller, step_of(no.field()), draft, Some(&no));
        }
    };
    let digest = Sha256.leaf(serde_json::to_string(draft)?.as_bytes()).hex();
    let key =
        Key { name: format!("portal:{}:{}", draft.nonce, digest.get(..32).unwrap_or_default()), digest };
    let reply = caller
        .app
        .write_once(&who, Some(key), move |op| {
            photos.insert(op)?;
            let filed = intake::file_prepared(op, &ready)?;
            let ticket = Ticket::of(&filed, op.now());
            Reply::json(201, &ticket.seal(op.vault(), op.district())?)
        })
        .await?;
    let ticket: String = serde_json::from_str(&reply.body)?;
    Ok(Redirect::to(&format!("/portal/receipt/{ticket}")).into_response())
}

/// Takes the refusal out of a fault; a fault of the machinery goes on to the error page.
pub(in crate::web) fn refused(fault: Fault) -> Outcome<Refused> {
    match fault {
        Fault::Refused(no) => Ok(no),
        other => Err(other),
    }
}

/// The part of the first step that follows the words while they are typed (htmx).
async fn suggestions(PortalForm { caller, fields }: PortalForm) -> Outcome<Response> {
    fields.only(FIELDS)?;
    let draft = Draft { text: fields.text("text").trim().to_owned(), ..Draft::default() };
    Ok(steps::live(&caller, &draft).into_response())
}
