//! What a petitioner does to the own case: rates, says that it is not solved, adds words and photographs, objects to a
//! deferral, withdraws. Each form carries the revision that was seen, so that a double tap acts once.

use super::link::Link;
use super::page;
use crate::act::petition;
use crate::model::MessageKind;
use crate::rules::Command;
use crate::web::portal::caller::{Caller, PortalForm};
use crate::web::portal::file::refused;
use crate::web::portal::photos;
use axum::extract::Path;
use axum::response::Response;
use base::core::{Key, Reply};
use base::web::after;
use base::web::form::Fields;
use base::{Common, Outcome};
use kernel::Malformed;
use kernel::Words;
use kernel::cases::Grade;
use kernel::duty::Solved;
use kernel::ledger::{Hasher, Sha256};
use kernel::text::Remark;

pub(super) async fn submit(
    Path((token, act)): Path<(String, String)>,
    PortalForm { mut caller, fields }: PortalForm,
) -> Outcome<Response> {
    let link = Link::open(&mut caller, &token)?;
    let done = match act.as_str() {
        "rate" => "rated",
        "not-solved" => "not_solved",
        "say" => "said",
        "object" => "objected",
        "coached" => "coached",
        "withdraw" => "withdrawn",
        _ => return Err(Common::NotFound { what: "act", given: act }.into()),
    };
    match perform(&caller, &link, &act, &fields).await {
        Ok(()) => Ok(after(&format!("/t/{token}"), done)),
        Err(fault) => {
            let no = refused(fault)?;
            page(&caller, &link, &token, Some((&act, &no))).await
        }
    }
}

async fn perform(caller: &Caller, link: &Link, act: &str, fields: &Fields) -> Outcome<()> {
    fields.only(&["rev", "contacted", "solved", "grade", "text", "photo"])?;
    let command = command(act, fields)?;
    let taken = photos::take(caller, &fields.files, 0).await?;
    let said = serde_json::to_string(&(&link.no, fields.text("rev"), &command, &taken))?;
    let digest = Sha256.leaf(said.as_bytes()).hex();
    let key = Key { name: format!("track:{digest}"), digest };
    let files = photos::ready(caller, &taken).await?;
    let command = with_files(command, files.attachments()?);
    let link = link.clone();
    let who = caller.who()?;
    let once = caller.app.write_once(&who, Some(key), move |op| {
        files.insert(op)?;
        petition::act(op, &link.no, &link.code, &command)?;
        Reply::json(200, &())
    });
    once.await.map(|_| ())
}

fn with_files(command: Command, files: Vec<crate::model::Attachment>) -> Command {
    match command {
        Command::Message { kind, text, .. } => Command::Message { kind, text, attachments: files },
        other => other,
    }
}

fn command(act: &str, fields: &Fields) -> Outcome<Command> {
    let text = || Remark::parse("text", fields.text("text"));
    let message = |kind| Ok(Command::Message { kind, text: text()?, attachments: Vec::new() });
    match act {
        "not-solved" => message(MessageKind::NotSolved),
        "object" => message(MessageKind::Objection),
        "coached" => message(MessageKind::Coached),
        "withdraw" => Ok(Command::Withdraw { why: text()? }),
        "rate" => rate(fields),
        _ => message(MessageKind::More),
    }
}

/// Nothing is chosen beforehand; each answer must be somebody's.
fn rate(fields: &Fields) -> Outcome<Command> {
    let solved = match fields.text("solved") {
        "yes" => Solved::Yes,
        "partly" => Solved::Partly,
        "no" => Solved::No,
        other => return Err(unanswered("solved", other).into()),
    };
    let given = fields.text("grade");
    let grade = Grade::from_code(given).ok_or_else(|| unanswered("grade", given))?;
    let contacted = match fields.text("contacted") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let note = fields.given("text").map(|text| Remark::parse("text", text)).transpose()?;
    Ok(Command::Rate { contacted, solved, grade, note })
}

fn unanswered(field: &str, given: &str) -> Malformed {
    Malformed::new(
        "portal.unanswered",
        field,
        given,
        Words::new("还有一题没有选", "One question has no answer yet"),
        Words::new(
            "请选好“解决了吗”和“满意吗”再提交",
            "Choose an answer to “is it solved” and “how satisfied”, then send",
        ),
    )
}
