//! 我的待办: what waits for the post that acts, and what it waits for from others.

use super::look::Look;
use super::{handover_view, inbox_view};
use crate::act::{self, With};
use crate::facts::{handler_line, resource_of};
use crate::model::{Bounds, Cursor, Filter, InboxCount, Summary};
use crate::store;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use base::op::Op;
use base::web::query::Params;
use base::web::{Ctx, Form, Page, after};
use base::{Common, Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::duty::{Command, DueOwner, Duty};
use kernel::{DutyId, Malformed, PostCode, Refused, Words};
use std::collections::BTreeMap;

/// What narrows an inbox.
pub(super) const PARAMS: [&str; 6] = ["kind", "part", "unsigned", "from", "after", "limit"];
/// Rows on a page of the inbox: two weeks of an ordinary post.
const PAGE: u32 = 40;
/// Rows of what others hold.
const WAITS: u32 = 8;
/// Rows of a hand-over list, which is printed whole.
const HANDOVER: u32 = 500;
/// Most duties signed for at once.
pub(super) const BULK: usize = 100;

/// A row of the inbox.
pub(super) struct Row {
    /// As lists have it.
    pub(super) s: Summary,
    /// The whole, for the reasons of its date.
    pub(super) duty: Duty,
    /// What it supports, as far as this post may see it.
    pub(super) parent: Option<Summary>,
    /// This post may sign for it.
    pub(super) may_sign: bool,
    /// This post may ask for more time.
    pub(super) may_extend: bool,
    /// This post may call in support.
    pub(super) may_support: bool,
}

/// A row of what others hold.
pub(super) struct Wait {
    /// As lists have it.
    pub(super) s: Summary,
    /// The whole.
    pub(super) duty: Duty,
    /// This post may urge it now.
    pub(super) may_urge: bool,
}

/// Everything that the page shows.
pub(super) struct Inbox {
    pub(super) rows: Vec<Row>,
    pub(super) next: Option<Cursor>,
    pub(super) counts: Vec<InboxCount>,
    pub(super) sources: Vec<(PostCode, u64)>,
    pub(super) load: BTreeMap<i64, i64>,
    pub(super) waits: Vec<Wait>,
    pub(super) more_waits: bool,
}

/// The filter of an inbox.
pub(super) fn filter(op: &Op<'_, '_>, params: &Params) -> Outcome<Filter> {
    let part = params.choice("part", &["lead", "support"])?;
    Ok(Filter {
        open_only: true,
        holder_unit: Some(op.actor().unit.clone()),
        for_post: Some(op.actor().post.clone()),
        kind: params.owned("kind"),
        registrar: params.owned("from"),
        awaiting: params.choice("unsigned", &["1"])?.is_some(),
        supporting: part.map(|part| part == "support"),
        ..Filter::default()
    })
}

/// Judges that the post looks at its own inbox.
pub(super) fn judged(op: &Op<'_, '_>) -> Outcome<()> {
    let actor = op.actor();
    op.judge(Action::InboxRead, &Resource::new().post(&actor.post).unit(&actor.unit)).map(|_| ())
}

fn load(op: &mut Op<'_, '_>, params: &Params) -> Outcome<Inbox> {
    judged(op)?;
    let (district, actor) = (op.district(), op.actor());
    let filter = filter(op, params)?;
    let limit = params.limit(PAGE, 100)?;
    let scope = op.scope(Action::DutyRead);
    let (list, next) =
        store::page_full(op.tx, district, &scope, &filter, params.after(Cursor::parse)?, limit)?;
    let mut rows = Vec::with_capacity(list.len());
    for (s, duty) in list {
        rows.push(row(op, s, duty)?);
    }
    let bounds = Bounds::at(op.now());
    let counts = store::inbox_counts(op.tx, district, &actor.unit, &actor.post, bounds)?;
    let sources = store::inbox_sources(op.tx, district, &actor.unit, &actor.post)?;
    let load = store::load_by_day(op.tx, district, &actor.unit)?.into_iter().collect();
    let (waits, more_waits) = waits(op)?;
    Ok(Inbox { rows, next, counts, sources, load, waits, more_waits })
}

fn row(op: &mut Op<'_, '_>, s: Summary, duty: Duty) -> Outcome<Row> {
    let parent = match s.parent {
        Some(id) => seen(act::read(op, id))?.map(|_| id),
        None => None,
    };
    let parent = match parent {
        Some(id) => store::glance(op.tx, op.district(), id)?,
        None => None,
    };
    let book = op.core().book(op.district(), op.today())?;
    let line = handler_line(&book, &duty);
    let may = |action| op.judge(action, &resource_of(&duty, &line)).is_ok();
    let (may_sign, may_extend, may_support) =
        (may(Action::DutyAccept), may(Action::DutyAskExtend), may(Action::DutySupport));
    // A kind whose due day belongs to the plan is not offered an extension that would be refused.
    let own_due = book.kind(duty.kind.as_str()).is_none_or(|kind| kind.due_owner == DueOwner::Duty);
    let may_extend = may_extend && own_due;
    Ok(Row { s, parent, may_sign, may_extend, may_support, duty })
}

/// Turns "you may not see it" into nothing; other faults stay faults.
pub(super) fn seen<T>(found: Outcome<T>) -> Outcome<Option<T>> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What this post registered and another unit holds.
fn waits(op: &mut Op<'_, '_>) -> Outcome<(Vec<Wait>, bool)> {
    let filter = Filter {
        open_only: true,
        registrar: Some(op.actor().post.to_string()),
        not_held_by: Some(op.actor().unit.clone()),
        ..Filter::default()
    };
    let scope = op.scope(Action::DutyRead);
    let (list, next) = store::page_full(op.tx, op.district(), &scope, &filter, None, WAITS)?;
    let book = op.core().book(op.district(), op.today())?;
    let mut waits = Vec::with_capacity(list.len());
    for (s, duty) in list {
        let line = handler_line(&book, &duty);
        let today = op.today();
        let urged = duty.urgings.last().is_some_and(|last| last.at.day() == today);
        let may_urge = !urged && op.judge(Action::DutyUrge, &resource_of(&duty, &line)).is_ok();
        waits.push(Wait { s, duty, may_urge });
    }
    Ok((waits, next.is_some()))
}

/// The page. `refused` are signatures that did not go through.
async fn draw(ctx: &Ctx, params: Params, refused: &[(String, Refused)]) -> Outcome<Response> {
    let asked = params.clone();
    let inbox = ctx.app.read(&ctx.who, move |op| load(op, &asked)).await?;
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let body = inbox_view::page(look, &inbox, &params, &ctx.session.csrf, &ctx.who.actor.post, refused);
    let has = |mark| inbox.rows.iter().any(|row| row.duty.marks.contains(&mark));
    use kernel::duty::Mark;
    let (src, sim, example) = (has(Mark::Article), has(Mark::Simulated), has(Mark::Example));
    let t = ctx.t();
    Ok(Page::new(t.s("du.inbox.title"), body)
        .class("p-work")
        .crumb(look.unit(&ctx.who.actor.unit), "/inbox")
        .marks(src, sim, example)
        .draw(ctx))
}

/// `GET /inbox`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &PARAMS)?;
    draw(&ctx, params, &[]).await
}

/// What became of a signature.
pub(super) struct Signed {
    /// Signed for.
    pub(super) done: Vec<DutyId>,
    /// Not signed for: number or id, and why.
    pub(super) refused: Vec<(String, Refused)>,
}

/// Signs for several duties. A refused one leaves the others alone: a refusal comes before anything is written.
pub(super) fn sign_all(op: &mut Op<'_, '_>, ids: &[DutyId]) -> Outcome<Signed> {
    let mut signed = Signed { done: Vec::new(), refused: Vec::new() };
    for id in ids {
        let no = store::glance(op.tx, op.district(), *id)?.map_or_else(|| id.to_string(), |s| s.no);
        match act::perform(op, *id, &Command::Accept { handler: None }, &With::default()) {
            Ok(_) => signed.done.push(*id),
            // A stale row shows only after its event was written: then nothing of this may stay.
            Err(Fault::Refused(why)) if why.code() != "common.stale" => signed.refused.push((no, why)),
            Err(other) => return Err(other),
        }
    }
    Ok(signed)
}

/// Reads the ids of a bulk act.
pub(super) fn ids(given: &[String]) -> Outcome<Vec<DutyId>> {
    if given.is_empty() || given.len() > BULK {
        return Err(Malformed::new(
            "duty.bulk",
            "id",
            &given.len().to_string(),
            Words::new(format!("一次可选1至{BULK}件"), format!("Choose 1 to {BULK} at once")),
            Words::new("请重新勾选", "Tick again"),
        )
        .into());
    }
    Ok(given.iter().map(|id| DutyId::parse("id", id)).collect::<Result<_, _>>()?)
}

/// `POST /inbox/sign`
pub(super) async fn sign(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["id"])?;
    let ids = match ids(fields.all("id")) {
        Ok(ids) => ids,
        Err(Fault::Refused(no)) => return refused(&ctx, vec![(String::new(), no)]).await,
        Err(other) => return Err(other),
    };
    let signed = ctx.app.write(&ctx.who, move |op| sign_all(op, &ids)).await?;
    if signed.refused.is_empty() {
        Ok(after("/inbox", "duty.sign"))
    } else {
        refused(&ctx, signed.refused).await
    }
}

async fn refused(ctx: &Ctx, list: Vec<(String, Refused)>) -> Outcome<Response> {
    let status = list.first().map(|(_, no)| base::web::problem::status(no.kind()));
    let page = draw(ctx, Params::default(), &list).await?;
    Ok((status.unwrap_or_default(), page).into_response())
}

/// `GET /inbox/handover`: everything open of the post on one printed list.
pub(super) async fn handover(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    Params::page(query, &[])?;
    let (rows, more) = ctx
        .app
        .read(&ctx.who, |op| {
            judged(op)?;
            let filter = filter(op, &Params::default())?;
            let scope = op.scope(Action::DutyRead);
            let (rows, next) = store::page_full(op.tx, op.district(), &scope, &filter, None, HANDOVER)?;
            Ok((rows, next.is_some()))
        })
        .await?;
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let t = ctx.t();
    let body = handover_view::page(look, &rows, more, &ctx.who.actor.post);
    Ok(Page::new(t.s("du.handover.title"), body)
        .class("p-work")
        .crumb(t.s("du.inbox.title"), "/inbox")
        .draw(&ctx))
}

/// A refusal for a duty that a number does not lead to.
pub(super) fn no_such(what: &str) -> Fault {
    Common::NotFound { what: "duty", given: what.to_owned() }.into()
}
