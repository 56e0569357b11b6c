//! `/c/{id}`: one case as this post may see it, loaded in one snapshot.

use super::desk::{Desk, query};
use super::detail_view::View;
use super::{detail_acts, detail_view};
use crate::act::{self, intake};
use crate::model::{Case, CaseId, Contact, Filter, Offer, Order, Promise, Stage, Summary};
use crate::rules;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::core::App;
use base::files::{self, FileRow};
use base::journal::{self, Stored};
use base::op::Op;
use base::web::{Ctx, Page};
use base::{Common, Fault, Outcome};
use kernel::FileId;
use kernel::duty::Duty;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/c/{id}", get(show))
        .route("/c/{id}/{act}", get(detail_acts::show).post(detail_acts::submit))
        .route("/c/{id}/photo/{file}", get(photo))
}

/// Cases of the list of linked ones.
const LINKED: u32 = 50;

/// Everything that the page shows.
pub(in crate::web) struct Seen {
    /// The case.
    pub(in crate::web) case: Case,
    /// Its duty.
    pub(in crate::web) duty: Duty,
    /// Stage.
    pub(in crate::web) stage: Stage,
    /// What this post may do to the case.
    pub(in crate::web) offers: Vec<Offer>,
    /// What it may do on the duty, beside what the case's own acts do there.
    pub(in crate::web) duties: Vec<kernel::duty::Act>,
    /// Who holds it, by when, why.
    pub(in crate::web) promise: Promise,
    /// The contact, masked; none when this post may not see it or there is none.
    pub(in crate::web) contact: Option<Contact>,
    /// Cases linked to it, each with its own answer.
    pub(in crate::web) linked: Vec<Summary>,
    /// The case that it is linked to.
    pub(in crate::web) parent: Option<Summary>,
    /// An open earlier case that may be the same matter.
    pub(in crate::web) twin: Option<(Summary, Vec<String>)>,
    /// Ledger entries of case and duty, newest first.
    pub(in crate::web) history: Vec<Stored>,
    /// Rows of the petitioner's photographs.
    pub(in crate::web) photos: Vec<FileRow>,
}

/// Acts of the duty that the case's own acts stand for.
fn covered(act: kernel::duty::Act) -> bool {
    use kernel::duty::Act as A;
    matches!(
        act,
        A::Draft
            | A::Register
            | A::Assign
            | A::Submit
            | A::Merge
            | A::Reopen
            | A::Start
            | A::Split
            | A::Recompute
    )
}

/// The id of an address.
pub(in crate::web) fn id_of(given: &str) -> Outcome<CaseId> {
    let missing = |_| Fault::from(Common::NotFound { what: "case", given: kernel::refusal::clip(given) });
    given.parse().map_err(missing)
}

/// Loads a case that this post may see.
pub(in crate::web) fn load(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<Seen> {
    let (case, duty) = act::read(op, id)?;
    let district = op.district();
    let stage = rules::stage(&case, &duty);
    let offers = act::offers(op, &case, &duty)?;
    // The duty's own page has rights of its own; who may not see it gets no acts of it.
    let duties = match duty::act::read(op, id) {
        Ok(_) => duty::act::offers(op, &duty)?
            .into_iter()
            .filter(|offer| offer.allowed.is_ok() && !covered(offer.act))
            .map(|offer| offer.act)
            .collect(),
        Err(_) => Vec::new(),
    };
    let book = op.core().book(district, op.today())?;
    let promise = intake::promise(op, &book, &case, &duty)?;
    let contact = act::masked_contact(op, id).ok();
    let children = Filter { parent: Some(id), ..Filter::default() };
    let linked = if case.links.is_empty() {
        Vec::new()
    } else {
        act::list(op, &children, Order::Newest, None, LINKED)?.0
    };
    let parent = match case.parent {
        Some(to) => {
            let only = Filter { ids: vec![to], ..Filter::default() };
            act::list(op, &only, Order::Newest, None, 1)?.0.into_iter().next()
        }
        None => None,
    };
    let may_link = offers.iter().any(|o| o.act == crate::model::Act::Link && o.blocked.is_none());
    let category = case.filing.category.clone();
    let twin = if may_link { super::queue_help::twin(op, &case, category.as_ref())? } else { None };
    let mut history = journal::history(op.tx, district, &crate::event::subject(id))?;
    history.extend(journal::history(op.tx, district, &id.to_string())?);
    history.sort_by(|a, b| b.at.cmp(&a.at).then(b.id.cmp(&a.id)));
    let mut photos = Vec::new();
    for attachment in &case.filing.attachments {
        photos.extend(files::load(op.tx, district, attachment.file)?);
    }
    Ok(Seen { case, duty, stage, offers, duties, promise, contact, linked, parent, twin, history, photos })
}

async fn show(ctx: Ctx, Path(id): Path<String>, RawQuery(raw): RawQuery) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    let id = id_of(&id)?;
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
    draw(&ctx, &seen, None)
}

/// Draws the page; with the contact in clear right after it was revealed for a reason.
pub(in crate::web) fn draw(ctx: &Ctx, seen: &Seen, revealed: Option<&Contact>) -> Outcome<Response> {
    let desk = Desk::of(ctx)?;
    let view = View { look: desk.look(ctx), seen, csrf: &ctx.session.csrf, revealed };
    let title = seen.case.filing.title.as_str().to_owned();
    let mut response = Page::new(title, detail_view::page(&view))
        .crumb(view.look.t.s("desk.queue.title"), "/cases")
        .class("p-case")
        .marks(false, false, true)
        .draw(ctx);
    if revealed.is_some() {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// A photograph of the petitioner, without what the camera wrote into it, for whoever may see the case.
async fn photo(ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Outcome<Response> {
    let id = id_of(&id)?;
    let absent = || Fault::from(Common::NotFound { what: "file", given: kernel::refusal::clip(&file) });
    let wanted = FileId::parse("file", &file).map_err(|_| absent())?;
    let row = ctx
        .app
        .read(&ctx.who, move |op| {
            let (case, _) = act::read(op, id)?;
            let told = case.messages.iter().flat_map(|message| &message.attachments);
            let named = case.filing.attachments.iter().chain(told).any(|a| a.file == wanted);
            if named { files::load(op.tx, op.district(), wanted) } else { Ok(None) }
        })
        .await?
        .ok_or_else(absent)?;
    let bytes = ctx.app.files.get(ctx.district(), &row.shown_sha256).await?;
    let mut response = bytes.into_response();
    for (name, value) in [
        (CONTENT_TYPE, row.mime.as_str()),
        (CONTENT_DISPOSITION, "inline"),
        (CACHE_CONTROL, "private, max-age=600"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}
