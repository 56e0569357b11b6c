//! Evidence: handed in with a duty, shown to whoever may see the duty that it proves.
//!
//! A file has no rights of its own. Its address names the duty (`?of=`), and the duty's evidence must name the file;
//! without a duty only the unit that handed it in may see it. What a camera wrote into a picture (place, time) stays in
//! the original, which asks for the right to personal information (D§13.1).

use super::detail::id_of;
use super::inbox::no_such;
use super::parse;
use crate::act::{self, With};
use crate::facts::{handler_line, resource_of};
use crate::store;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use base::files::{self, Admitted, FileRow, FileType, admit};
use base::op::{Op, Stub};
use base::web::Ctx;
use base::web::form::{Fields, Upload};
use base::web::query::Params;
use base::{Common, Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::duty::{Act, Command, Duty};
use kernel::{DutyId, FileId};

fn absent(given: &str) -> Fault {
    Common::NotFound { what: "file", given: given.to_owned() }.into()
}

/// A file that this post may see, and whether it may have the original.
fn judged(op: &mut Op<'_, '_>, id: FileId, of: Option<DutyId>) -> Outcome<(FileRow, bool)> {
    let row = files::load(op.tx, op.district(), id)?.ok_or_else(|| absent(&id.to_string()))?;
    let mine = row.by_post == op.actor().post;
    let Some(of) = of else {
        let book = op.core().book(op.district(), op.today())?;
        let unit = book.post(&row.by_post).map(|post| post.unit.clone());
        let mut thing = Resource::new().registrar(&row.by_post);
        thing.unit = unit.as_ref();
        thing.holder = Some(&row.by_post);
        op.judge(Action::FileRead, &thing)?;
        return Ok((row, mine));
    };
    let duty = act::read(op, of)?;
    if !duty.evidence.iter().any(|e| e.file == id) {
        return Err(absent(&id.to_string()));
    }
    let book = op.core().book(op.district(), op.today())?;
    let line = handler_line(&book, &duty);
    let units: Vec<_> = duty.children.iter().map(|child| child.unit.clone()).collect();
    op.judge(Action::FileRead, &resource_of(&duty, &line).support(&units))?;
    let personal = op.judge(Action::DutyReadPersonal, &resource_of(&duty, &line)).is_ok();
    Ok((row, personal || mine))
}

async fn send(ctx: &Ctx, id: &str, params: &Params) -> Outcome<Response> {
    let file = FileId::parse("file", id).map_err(|_| absent(id))?;
    let of = params.get("of").map(id_of).transpose()?;
    let original = params.choice("original", &["1"])?.is_some();
    let (row, may_original) = ctx.app.read(&ctx.who, move |op| judged(op, file, of)).await?;
    if original && !may_original {
        return Err(absent(id));
    }
    let sha256 = if original { &row.sha256 } else { &row.shown_sha256 };
    let bytes = ctx.app.files.get(ctx.district(), sha256).await?;
    let picture = FileType::ALL.iter().any(|kind| kind.mime() == row.mime && kind.is_picture());
    let how = if picture { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename=\"{file}\"; filename*=UTF-8''{}", star(&row.name));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let fixed = [
        (CONTENT_TYPE, row.mime.clone()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "private, max-age=600".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (ETAG, format!("\"{sha256}\"")),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

/// Percent-encodes a name for `filename*` (RFC 8187): a slash is no part of a name.
fn star(name: &str) -> String {
    base::web::encode(name).replace('/', "%2F")
}

/// `GET /files/{id}`
pub(super) async fn page(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["of", "original"])?;
    send(&ctx, &id, &params).await
}

/// Fetches an evidence file: the copy without what the camera wrote, or with `original=1` the bytes as handed in.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files", params(
    ("id" = String, Path, description = "File id"),
    ("of" = Option<String>, Query, description = "Id of the duty that it proves; needed unless the own unit handed it in"),
    ("original" = Option<String>, Query, description = "1 for the bytes as handed in; needs the right to personal information"),
), responses(
    (status = 200, description = "The bytes, with their media type"),
    (status = 404, description = "Absent, or outside what this post may see", body = base::web::problem::Problem),
))]
pub(super) async fn api(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::api(query, &["of", "original"])?;
    send(&ctx, &id, &params).await
}

/// What came with a form of evidence: the command but for the file, and the file itself, judged by content.
pub(super) struct Evidence {
    draft: parse::Draft,
    /// The file.
    pub(super) file: Admitted,
}

/// Reads a form of evidence.
pub(super) fn evidence(ctx: &Ctx, fields: &Fields) -> Outcome<Evidence> {
    let draft = parse::draft(Act::AddEvidence, fields)?;
    let name = parse::on_page(Act::AddEvidence, "file");
    let Some(Upload { name, declared, bytes, .. }) = fields.files.iter().find(|file| file.field == name)
    else {
        return Err(base::web::form::required("file").into());
    };
    let cap = ctx.app.config.server.body_limit;
    let file = admit(bytes.clone(), name, declared, cap).map_err(|no| Fault::Refused(Box::new(no)))?;
    Ok(Evidence { draft, file })
}

/// Stores the bytes, when this post may add evidence to the duty at all: nothing is kept of what would be refused.
pub(super) async fn put(ctx: &Ctx, id: DutyId, given: &Evidence) -> Outcome<()> {
    ctx.app
        .read(&ctx.who, move |op| {
            let duty = act::read(op, id)?;
            let book = op.core().book(op.district(), op.today())?;
            let line = handler_line(&book, &duty);
            op.judge(Action::DutyEvidence, &resource_of(&duty, &line)).map(|_| ())
        })
        .await?;
    ctx.app.files.put(ctx.district(), &given.file).await
}

/// The row of the file and the event of the duty, in one transaction.
pub(super) fn record(op: &mut Op<'_, '_>, id: DutyId, given: &Evidence) -> Outcome<(Duty, Vec<Stub>)> {
    let duty = store::locked(op.tx, op.district(), id)?.ok_or_else(|| no_such(&id.to_string()))?;
    let file = FileId::new(op.id());
    files::insert(op.tx, op.district(), file, &given.file, &op.actor().post, op.now())?;
    let mut draft = given.draft.clone();
    draft.set("file", serde_json::json!(file));
    draft.set("sha256", serde_json::json!(given.file.sha256));
    let command: Command = draft.command(op)?;
    let with = With { expected_rev: draft.rev, ..With::default() };
    let duty = act::perform(op, duty.id, &command, &with)?;
    Ok((duty, op.stubs().to_vec()))
}

/// Adds evidence from a page's form.
pub(super) async fn add(ctx: &Ctx, id: DutyId, fields: &Fields) -> Outcome<Duty> {
    let given = evidence(ctx, fields)?;
    put(ctx, id, &given).await?;
    ctx.app.write(&ctx.who, move |op| record(op, id, &given).map(|(duty, _)| duty)).await
}
