//! `erase`: personal text goes from the ledger and the rows by law, and the ledger still verifies.

use super::{Data, OK, open, out};
use crate::assemble::owner;
use base::erase::{Erasure, MARK};
use base::op::Op;
use base::{Fault, Outcome};
use clap::Args;

/// What to erase and why.
#[derive(Debug, Args)]
pub(super) struct Erase {
    #[command(flatten)]
    data: Data,
    /// Id of the duty or the account; `case:ID` for a resident's request
    #[arg(long, value_name = "ID")]
    subject: String,
    /// The law or the decision that asks for it; it is recorded and must name nobody
    #[arg(long, value_name = "TEXT")]
    ground: String,
    /// District, when the database holds several
    #[arg(long)]
    district: Option<String>,
    /// Do it; without this the command says what it would do
    #[arg(long)]
    yes: bool,
}

/// Erases, or says what would be erased.
pub(super) async fn run(given: Erase) -> Outcome<u8> {
    let app = open(&given.data).await?;
    let district = super::user::chosen(&app, given.district.as_deref())?;
    let subject = given.subject.clone();
    if !given.yes {
        let events = app.db.read(move |tx| base::journal::history(tx, district, &subject)).await?;
        for event in &events {
            out::line(format!("{} {} {} {}", event.at.rfc3339(), event.kind, event.actor, event.id));
        }
        out::note(format!(
            "{} events would lose their text, for good. Nothing was changed; add --yes to do it.",
            events.len()
        ));
        app.db.close().await;
        return Ok(OK);
    }
    let ground = given.ground.clone();
    let done = app.write(&owner(district)?, move |op| erase(op, &subject, &ground)).await;
    app.db.close().await;
    let erasure = done?;
    out::line(format!(
        "erased the text of {} events of {} {}",
        erasure.events.len(),
        erasure.subject_kind,
        erasure.subject
    ));
    out::note(
        "Copies of the database made before hold the text still, and so may free pages of the file until it is compacted. \
         Files of evidence are not touched.",
    );
    Ok(OK)
}

fn erase(op: &mut Op<'_, '_>, subject: &str, ground: &str) -> Outcome<Erasure> {
    let district = op.district();
    let erasure = base::erase::subject(op, subject, ground)?;
    match erasure.subject_kind.as_str() {
        // The row is made of what is left of the events, so that it replays as before.
        "duty" => {
            duty::replay::rebuild::one(op, subject, duty::replay::rebuild::Moments::Keep)?;
        }
        "case" => {
            // The duty's title quotes the request, so it goes too, and first: the case's row is made beside it.
            let bare = subject.strip_prefix("case:").unwrap_or(subject);
            erase(op, bare, ground)?;
            case::replay::rebuild::one(op, subject)?;
        }
        "person" => org::store::erase(op.tx, district, subject, MARK)?,
        "session" | "login" | "webhook" => {}
        other => {
            return Err(Fault::broken(format!(
                "{subject} is a {other}: this command erases duties, requests and accounts; {other} has a row that it does not know"
            )));
        }
    }
    let notices = "update notice set zh = $1, en = $2 where district = $3 and subject = $4";
    op.tx.exec(notices, &[MARK.into(), MARK.into(), district.into(), subject.into()])?;
    base::search::forget(op.tx, district, &erasure.subject_kind, subject)?;
    let mails = "delete from outbox where district = $1 and body like $2";
    op.tx.exec(mails, &[district.into(), format!("%{subject}%").into()])?;
    Ok(erasure)
}
