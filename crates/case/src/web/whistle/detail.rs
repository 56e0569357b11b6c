//! One whistle: everything that its page shows, loaded in one snapshot.

use super::detail_view;
use super::look::Look;
use super::query::{absent, id_of};
use crate::whistle::act::{self, Offer};
use crate::whistle::event::{Event, subject};
use crate::whistle::facts::Loaded;
use crate::whistle::model::{Whistle, WhistleId};
use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::files::{self, FileRow};
use base::journal::{self, Stored};
use base::op::Op;
use base::web::query::Params;
use base::web::{Ctx, Page};
use duty::model::Summary;
use kernel::duty::{Duty, Mark};
use kernel::{DutyId, FileId};
use std::collections::BTreeMap;

/// One entry of a whistle's history: its own event, or one of its duty that the whistle does not tell.
pub(super) struct Entry {
    /// As the ledger has it.
    pub(super) stored: Stored,
    /// What happened.
    pub(super) what: What,
}

/// An event of the whistle or of its duty.
pub(super) enum What {
    /// The whistle's.
    Own(Event),
    /// The duty's.
    Duty(kernel::duty::Event),
}

/// Everything that the page shows.
pub(super) struct Seen {
    /// The whistle.
    pub(super) whistle: Whistle,
    /// Its own duty.
    pub(super) duty: Duty,
    /// Parts' duties, limits, rules.
    pub(super) loaded: Loaded,
    /// Supporting parts and tasks as lists have them.
    pub(super) children: Vec<Summary>,
    /// Oldest first.
    pub(super) history: Vec<Entry>,
    /// What this post may do, and why not the rest.
    pub(super) offers: Vec<Offer>,
    /// Rows of photos and evidence.
    pub(super) files: BTreeMap<FileId, FileRow>,
    /// The request that it came from, when this post may see it: its number.
    pub(super) case: Option<(DutyId, Option<String>)>,
}

/// Events of a duty that a whistle's own events tell already, or that say nothing beside them.
fn told(event: &kernel::duty::Event) -> bool {
    use kernel::duty::Event as E;
    !matches!(
        event,
        E::Escalated { .. }
            | E::Urged { .. }
            | E::ExtendAsked { .. }
            | E::Extended { .. }
            | E::ExtendRefused { .. }
            | E::SuspendAsked { .. }
            | E::Suspended { .. }
            | E::Resumed { .. }
            | E::Progressed { .. }
            | E::EvidenceVerified { .. }
            | E::HandedOver { .. }
            | E::Raised { .. }
            | E::Recomputed { .. }
    )
}

/// Loads a whistle that this post may see.
pub(super) fn load(op: &mut Op<'_, '_>, id: WhistleId) -> Outcome<Seen> {
    let (whistle, duty, loaded) = act::read(op, id)?;
    let offers = act::offers(op, &whistle, &duty, &loaded)?;
    let children = duty::store::children(op.tx, op.district(), id)?;
    let mut rows = BTreeMap::new();
    let evidence = loaded.duties.values().flat_map(|duty| duty.evidence.iter().map(|e| e.file));
    let all: Vec<FileId> = evidence.chain(whistle.need.photos.iter().map(|photo| photo.file)).collect();
    for file in all {
        if let Some(row) = files::load(op.tx, op.district(), file)? {
            rows.insert(file, row);
        }
    }
    let case = match whistle.need.case {
        Some(case) => Some((case, number(op, case)?)),
        None => None,
    };
    let history = history(op, &whistle)?;
    Ok(Seen { whistle, duty, loaded, children, history, offers, files: rows, case })
}

fn number(op: &mut Op<'_, '_>, case: DutyId) -> Outcome<Option<String>> {
    match duty::act::read(op, case) {
        Ok(duty) => Ok(Some(duty.no)),
        Err(base::Fault::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The whistle's events and those of its parts that tell more, in the order of the ledger.
pub(super) fn history(op: &mut Op<'_, '_>, whistle: &Whistle) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for stored in journal::history(op.tx, op.district(), &subject(whistle.id))? {
        let event = serde_json::from_str(&stored.body)?;
        entries.push(Entry { stored, what: What::Own(event) });
    }
    let parts = whistle.calls.iter().map(|call| call.duty);
    let mut duties: Vec<DutyId> = std::iter::once(whistle.id).chain(parts).collect();
    duties.dedup();
    for id in duties {
        for stored in journal::history(op.tx, op.district(), &id.to_string())? {
            let event: kernel::duty::Event = serde_json::from_str(&stored.body)?;
            if !told(&event) {
                entries.push(Entry { stored, what: What::Duty(event) });
            }
        }
    }
    entries.sort_by_key(|entry| (entry.stored.at, entry.stored.id));
    Ok(entries)
}

/// `GET /w/{id}`
pub(super) async fn show(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["order"])?;
    let oldest = params.get("order") == Some("oldest");
    let id = id_of(&id)?;
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
    let now = ctx.now();
    let (book, cal) =
        (ctx.app.book(ctx.district(), now.day())?, ctx.app.calendar(ctx.district(), now.day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now };
    let public = &ctx.app.config.server.public_url;
    let view = detail_view::View {
        look,
        seen: &seen,
        csrf: &ctx.session.csrf,
        district: ctx.district(),
        oldest,
        public,
    };
    let simulated = seen.duty.marks.contains(&Mark::Simulated);
    let body = detail_view::page(&view);
    Ok(Page::new(seen.whistle.no.clone(), body)
        .class("p-wst")
        .crumb(ctx.t().s("wh.title"), "/whistles")
        .marks(false, simulated, true)
        .draw(&ctx))
}

/// `GET /w/{id}/photo/{file}`: a photo of the need, without what the camera wrote into it, for whoever may see the whistle.
pub(super) async fn photo(ctx: Ctx, Path((id, file)): Path<(String, String)>) -> Outcome<Response> {
    let (id, given) = (id_of(&id)?, file);
    let file = FileId::parse("file", &given).map_err(|_| absent(&given))?;
    let row = ctx
        .app
        .read(&ctx.who, move |op| {
            let (whistle, ..) = act::read(op, id)?;
            let known = whistle.need.photos.iter().any(|photo| photo.file == file);
            let row = if known { files::load(op.tx, op.district(), file)? } else { None };
            row.ok_or_else(|| absent(&given))
        })
        .await?;
    let bytes = ctx.app.files.get(ctx.district(), &row.shown_sha256).await?;
    let heads = [
        (CONTENT_TYPE, row.mime.as_str()),
        (CACHE_CONTROL, "private, max-age=600"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((heads, bytes).into_response())
}
