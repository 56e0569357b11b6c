//! One duty: everything that is known of it, loaded in one snapshot.

use super::detail_view;
use super::inbox::{no_such, seen};
use super::look::{Look, rule_of};
use crate::act::{self, With};
use crate::facts::{Loaded, handler_line, resource_of};
use crate::model::Summary;
use crate::store;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use base::files::{self, FileRow};
use base::journal::{self, Stored};
use base::op::Op;
use base::web::query::Params;
use base::web::{Ctx, Page};
use base::{Fault, Outcome};
use kernel::access::Action;
use kernel::duty::{Command, Duty, Event, Mark, Meta, Offer, RelationKind, fold};
use kernel::{DutyId, FileId, Instant, PostCode};
use std::collections::BTreeMap;

/// One entry of a duty's history.
pub(super) struct Entry {
    /// As the ledger has it.
    pub(super) stored: Stored,
    /// What happened.
    pub(super) event: Event,
    /// Where the duty stood after it.
    pub(super) stage: Option<u8>,
    /// The round that it belongs to.
    pub(super) round: u32,
}

/// A tie to another duty; without a summary when this post may not see it.
pub(super) struct Tie {
    /// How they relate; none for the parent.
    pub(super) kind: Option<RelationKind>,
    /// The other one.
    pub(super) to: Option<Summary>,
}

/// Everything that the page shows.
pub(super) struct Seen {
    /// The duty, as it stands or as it stood on the asked day.
    pub(super) duty: Duty,
    /// As lists have it.
    pub(super) s: Summary,
    /// Oldest first.
    pub(super) history: Vec<Entry>,
    /// Supporting units' duties.
    pub(super) children: Vec<Summary>,
    /// Parent and relations.
    pub(super) ties: Vec<Tie>,
    /// What this post may do, and why not the rest; nothing on a past day.
    pub(super) offers: Vec<Offer>,
    /// Rows of its evidence.
    pub(super) files: BTreeMap<FileId, FileRow>,
    /// The next rung of the ladder and its moment.
    pub(super) rung: Option<(u8, Instant)>,
    /// May see what cameras wrote into pictures.
    pub(super) personal: bool,
}

/// Loads a duty that this post may see. `at` is a past moment to go back to.
pub(super) fn load(op: &mut Op<'_, '_>, id: DutyId, at: Option<Instant>) -> Outcome<Seen> {
    let mut duty = act::read(op, id)?;
    let mut s = store::glance(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
    let mut history = history(op, id)?;
    if let Some(at) = at {
        history.retain(|entry| entry.stored.at <= at);
        duty = replayed(&history)?.ok_or_else(|| store::absent(id))?;
        s = went_back(s, &duty);
    }
    let offers = if at.is_some() { Vec::new() } else { act::offers(op, &duty)? };
    let children = store::children(op.tx, op.district(), id)?;
    let ties = ties(op, &duty)?;
    let mut rows = BTreeMap::new();
    for evidence in &duty.evidence {
        if let Some(row) = files::load(op.tx, op.district(), evidence.file)? {
            rows.insert(evidence.file, row);
        }
    }
    let book = op.core().book(op.district(), op.today())?;
    let line = handler_line(&book, &duty);
    let personal = op.judge(Action::DutyReadPersonal, &resource_of(&duty, &line)).is_ok();
    let rung = if at.is_some() { None } else { next_rung(op, &duty)? };
    Ok(Seen { duty, s, history, children, ties, offers, files: rows, rung, personal })
}

/// The history with the stage after each event.
pub(super) fn history(op: &mut Op<'_, '_>, id: DutyId) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut duty: Option<Duty> = None;
    for stored in journal::history(op.tx, op.district(), &id.to_string())? {
        let event: Event = serde_json::from_str(&stored.body)?;
        let meta = meta(&stored)?;
        match &mut duty {
            Some(duty) => duty.apply(&event, &meta),
            None => {
                let born =
                    Duty::born(&event, &meta).map_err(|e| Fault::broken(format!("duty {id}: {e:?}")))?;
                duty = Some(born);
            }
        }
        let (stage, round) = duty.as_ref().map_or((None, 1), |d| (d.state.name().stage(), d.round));
        entries.push(Entry { stored, event, stage, round });
    }
    Ok(entries)
}

fn meta(stored: &Stored) -> Outcome<Meta> {
    Ok(Meta { at: stored.at, actor: PostCode::parse("actor", &stored.actor)? })
}

fn replayed(history: &[Entry]) -> Outcome<Option<Duty>> {
    if history.is_empty() {
        return Ok(None);
    }
    let metas = history.iter().map(|entry| meta(&entry.stored)).collect::<Outcome<Vec<_>>>()?;
    let pairs = history.iter().zip(&metas).map(|(entry, meta)| (&entry.event, meta));
    fold(pairs).map(Some).map_err(|e| Fault::broken(format!("{e:?}")))
}

/// The row as it would have been.
fn went_back(s: Summary, duty: &Duty) -> Summary {
    Summary {
        state: duty.state.name().code().to_owned(),
        lead: duty.lead.clone(),
        handler: duty.handler.clone(),
        holder_unit: duty.holder.hold.unit.clone(),
        holder_post: duty.holder.hold.post.clone(),
        due: duty.due(),
        warn_at: None,
        paused: duty.clock.as_ref().is_some_and(kernel::clock::Clock::is_paused),
        open: duty.is_open(),
        rev: duty.rev,
        ..s
    }
}

fn ties(op: &mut Op<'_, '_>, duty: &Duty) -> Outcome<Vec<Tie>> {
    let parent = duty.parent.map(|id| (None, id));
    let others = duty.relations.iter().map(|relation| (Some(relation.kind), relation.to));
    let mut ties = Vec::new();
    for (kind, id) in parent.into_iter().chain(others) {
        let to = match seen(act::read(op, id))? {
            Some(_) => store::glance(op.tx, op.district(), id)?,
            None => None,
        };
        ties.push(Tie { kind, to });
    }
    Ok(ties)
}

fn next_rung(op: &mut Op<'_, '_>, duty: &Duty) -> Outcome<Option<(u8, Instant)>> {
    if !duty.is_open() || duty.clock.is_none() {
        return Ok(None);
    }
    let loaded = Loaded::new(op, Some(duty), &duty.kind, &Command::Recompute, &With::default())?;
    let derived = act::derive(duty, &loaded.book, loaded.rule(duty), &loaded);
    let Some(at) = derived.rung_at else { return Ok(None) };
    let ladder = rule_of(&loaded.book, duty).and_then(|rule| loaded.book.ladder(rule.ladder.as_str()));
    let rung = ladder.and_then(|ladder| ladder.rungs.get(usize::from(duty.rung)));
    Ok(rung.map(|rung| (rung.rung, at)))
}

/// Reads an id of an address; a malformed one is as absent as an unknown one.
pub(super) fn id_of(given: &str) -> Outcome<DutyId> {
    DutyId::parse("duty", given).map_err(|_| no_such(given))
}

/// `GET /d/{id}`
pub(super) async fn show(ctx: Ctx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["order"])?;
    let oldest = params.choice("order", &["oldest"])?.is_some();
    let id = id_of(&id)?;
    let shown = ctx.shown_at();
    let past = ctx.as_of.filter(|day| *day < ctx.now().day());
    let at = past.map(|_| shown);
    let found = ctx.app.read(&ctx.who, move |op| load(op, id, at)).await?;
    let book = ctx.app.book(ctx.district(), shown.day())?;
    let cal = ctx.app.calendar(ctx.district(), shown.day())?;
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: shown, own: &ctx.who.actor.unit };
    let view = detail_view::View {
        look,
        seen: &found,
        csrf: &ctx.session.csrf,
        district: ctx.district(),
        past,
        oldest,
    };
    // The number alone: the crumbs stay short, and the title is the page's heading anyway.
    let title = if found.duty.no.is_empty() { found.duty.title.to_string() } else { found.duty.no.clone() };
    let has = |mark| found.duty.marks.contains(&mark);
    let body = detail_view::page(&view);
    Ok(Page::new(title, body)
        .class("p-wst")
        .crumb(ctx.t().s("du.inbox.title"), "/inbox")
        .marks(has(Mark::Article), has(Mark::Simulated), true)
        .draw(&ctx))
}

/// `GET /d/no/{no}`: the duty with a human number.
pub(super) async fn by_number(ctx: Ctx, Path(no): Path<String>) -> Outcome<Response> {
    let given = no.clone();
    let id = ctx
        .app
        .read(&ctx.who, move |op| {
            let id = store::by_number(op.tx, op.district(), &no)?.ok_or_else(|| no_such(&no))?;
            act::read(op, id).map_err(|fault| match fault {
                Fault::Refused(_) => no_such(&given),
                other => other,
            })
        })
        .await?
        .id;
    Ok(Redirect::to(&format!("/d/{id}")).into_response())
}
