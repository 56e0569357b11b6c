//! `/cases`: for dispatchers the queue with what the recommender, the duty lists and the duplicate finder say of each
//! case; for everybody else the list of what the post may see.
//!
//! Nothing is dispatched by a guess. One key sends a case where the dispatcher sees it would go; the same key for many
//! asks for one category that the dispatcher names.

use super::desk::{Desk, Look, does, query};
use super::portal::file::refused;
use super::portal::suggest::path;
use super::queue_help::{Help, help};
use crate::act;
use crate::model::{Case, CaseId, Cursor, Filter, Order, Stage, Summary};
use crate::rules::Command;
use crate::store;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use base::core::App;
use base::feed::{self, Topic};
use base::op::Op;
use base::web::form::Fields;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::due::Length;
use base::web::ui::form::{Choice, Field, Input, field, hidden, token};
use base::web::ui::list::{Col, Pager, Seg, Table, pager, segments, table, title_cell};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use base::web::{Ctx, Form, Page, after, encode};
use base::{Fault, Outcome};
use kernel::access::Action;
use kernel::cases::{CaseKind, Channel, Urgency};
use kernel::text::Remark;
use kernel::{Refused, Slug, UnitCode};

/// Rows of a page.
const ROWS: u32 = 25;
/// Most cases that one key dispatches or links.
const BULK: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/cases", get(show))
        .route("/cases/dispatch", post(dispatch))
        .route("/cases/link", post(link))
}

/// What the page shows.
struct Seen {
    rows: Vec<(Summary, Option<Help>)>,
    next: Option<String>,
    counts: Vec<(Stage, u64)>,
    dispatches: bool,
    records: bool,
}

/// What is asked for.
struct Asked {
    queue: bool,
    filter: Filter,
    after: Option<String>,
    words: String,
    given: Fields,
}

const KEYS: &[&str] = &["view", "stage", "channel", "kind", "urgency", "category", "unit", "q", "after"];

fn asked(raw: Option<&str>) -> Outcome<Asked> {
    let given = query(raw, KEYS)?;
    let code = |name: &str| given.given(name).map(str::trim);
    let mut filter = Filter {
        channel: code("channel").map(|c| Channel::parse("channel", c)).transpose()?,
        kind: code("kind").map(|c| CaseKind::parse("kind", c)).transpose()?,
        urgency: code("urgency").map(|c| Urgency::parse("urgency", c)).transpose()?,
        category: code("category").map(|c| Slug::parse("category", c)).transpose()?.map(|c| c.to_string()),
        unit: code("unit").map(|c| UnitCode::parse("unit", c)).transpose()?,
        ..Filter::default()
    };
    filter.stages.extend(code("stage").and_then(Stage::from_code));
    let words = given.text("q").trim().to_owned();
    let queue = given.text("view") != "all" && filter.stages.is_empty() && words.is_empty();
    let after = given.given("after").map(str::to_owned);
    Ok(Asked { queue, filter, after, words, given })
}

async fn show(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let asked = asked(raw.as_deref())?;
    draw(&ctx, asked, &[], None).await
}

async fn draw(ctx: &Ctx, asked: Asked, no: &[(String, Refused)], done: Option<String>) -> Outcome<Response> {
    let desk = Desk::of(ctx)?;
    let look = desk.look(ctx);
    let (queue, words) = (asked.queue, asked.words.clone());
    let (mut filter, after) = (asked.filter.clone(), asked.after.clone());
    let seen = ctx
        .app
        .read(&ctx.who, move |op| {
            let dispatches = does(op, Action::CaseDispatch);
            let queue = queue && dispatches;
            if queue {
                filter.stages = vec![Stage::Received];
                filter.open_only = true;
            }
            let (rows, next) = page(op, &filter, queue, &words, after.as_deref())?;
            let mut out = Vec::new();
            for row in rows {
                let help = if queue && dispatches { Some(help(op, &row)?) } else { None };
                out.push((row, help));
            }
            let counts =
                if dispatches { store::count_by_stage(op.tx, op.district(), None)? } else { Vec::new() };
            let records = does(op, Action::CaseRecord);
            Ok(Seen { rows: out, next, counts, dispatches, records })
        })
        .await?;
    let body = view(ctx, look, &asked, &seen, no, done.as_deref());
    let mut page = Page::new(look.t.s("desk.queue.title"), body).class("p-desk").marks(false, false, true);
    page.query = asked.words;
    Ok(page.draw(ctx))
}

fn page(
    op: &mut Op<'_, '_>,
    filter: &Filter,
    queue: bool,
    words: &str,
    after: Option<&str>,
) -> Outcome<(Vec<Summary>, Option<String>)> {
    if !words.is_empty() {
        let (rows, _) = act::search(op, words, None, ROWS)?;
        return Ok((rows, None));
    }
    let order = if queue { Order::Due } else { Order::Newest };
    let after = after.map(Cursor::parse).transpose()?;
    let (rows, next) = act::list(op, filter, order, after, ROWS)?;
    Ok((rows, next.map(Cursor::text)))
}

/// Sends cases to the party that their category leads to: one with a category that the dispatcher picked, or many with one.
async fn dispatch(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["go", "id", "category"])?;
    let category = match fields.text("go").split_once('|') {
        Some((_, category)) => Some(category.to_owned()),
        None => fields.given("category").map(str::to_owned),
    };
    let category = category.filter(|c| !c.is_empty()).map(|c| Slug::parse("category", &c)).transpose()?;
    let one = fields.text("go").split('|').next().unwrap_or_default();
    let ids: Vec<String> =
        if one.is_empty() || one == "all" { fields.all("id").to_vec() } else { vec![one.to_owned()] };
    let mut failed = Vec::new();
    let mut sent = 0_u32;
    for id in ids.iter().take(BULK) {
        let Ok(id) = id.parse::<CaseId>() else { continue };
        let category = category.clone();
        match ctx.app.write(&ctx.who, move |op| send(op, id, category.as_ref())).await {
            Ok(_) => sent += 1,
            Err(fault) => failed.push((id.to_string(), refused(fault)?)),
        }
    }
    finish(&ctx, sent, failed, "case.dispatched").await
}

async fn finish(ctx: &Ctx, done: u32, failed: Vec<(String, Refused)>, key: &str) -> Outcome<Response> {
    if failed.is_empty() && done > 0 {
        return Ok(after("/cases", key));
    }
    let said = ctx.t().f("desk.queue.did", &[("n", &done)]);
    let mut response = draw(ctx, asked(None)?, &failed, Some(said)).await?;
    if let Some((_, no)) = failed.first() {
        *response.status_mut() = base::web::problem::status(no.kind());
    }
    Ok(response)
}

/// Classifies when a category is named, then dispatches by the playbook's route, in one transaction.
fn send(op: &mut Op<'_, '_>, id: CaseId, category: Option<&Slug>) -> Outcome<Case> {
    if let Some(category) = category {
        let (case, _) = act::read(op, id)?;
        if case.filing.category.as_ref() != Some(category) {
            let book = op.core().book(op.district(), op.today())?;
            let kinds = book.category(category.as_str()).map(|c| c.kinds.clone()).unwrap_or_default();
            let own = case.filing.kind;
            let kind = if kinds.contains(&own) { own } else { kinds.first().copied().unwrap_or(own) };
            let classify =
                Command::Classify { kind, category: category.clone(), urgency: None, place: None, why: None };
            act::perform(op, id, &classify, None)?;
        }
    }
    let dispatch = Command::Dispatch { unit: None, mandate: None, handler: None, note: None };
    act::perform(op, id, &dispatch, None)
}

/// A person confirms that cases are one matter: each keeps its own number, reply and rating.
async fn link(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["id", "to", "why"])?;
    let to: CaseId = fields.text("to").parse().map_err(|_| not_one(fields.text("to")))?;
    let why = Remark::parse("why", fields.text("why"))?;
    let mut failed = Vec::new();
    let mut done = 0_u32;
    for id in fields.all("id").iter().take(BULK) {
        let Ok(id) = id.parse::<CaseId>() else { continue };
        let command = Command::Link { to, why: why.clone() };
        match ctx.app.write(&ctx.who, move |op| act::perform(op, id, &command, None)).await {
            Ok(_) => done += 1,
            Err(fault) => failed.push((id.to_string(), refused(fault)?)),
        }
    }
    finish(&ctx, done, failed, "case.linked").await
}

fn not_one(given: &str) -> Fault {
    base::Common::NotFound { what: "case", given: kernel::refusal::clip(given) }.into()
}

fn view(
    ctx: &Ctx,
    look: Look<'_>,
    asked: &Asked,
    seen: &Seen,
    no: &[(String, Refused)],
    done: Option<&str>,
) -> Markup {
    let t = look.t;
    let queue = asked.queue && seen.dispatches;
    let sub = if queue { t.s("desk.queue.sub") } else { t.s("desk.queue.sub_all") };
    let acts = html! {
        @if seen.records { (Button::link(t.s("desk.phone.title"), "/cases/new").primary().icon("phone")) }
    };
    let list = html! {
        @if queue { (queue_rows(ctx, look, seen)) } @else { (rows(look, seen)) }
    };
    let topics: Vec<Topic> = if queue {
        Topic::queue("dispatch").into_iter().collect()
    } else {
        vec![Topic::Unit(ctx.who.actor.unit.clone())]
    };
    html! {
        (page_head(&PageHead { title: t.s("desk.queue.title"), sub, acts: Some(acts), ..PageHead::default() }))
        @if let Some(done) = done.filter(|_| !no.is_empty()) {
            (feedback::note(Tone::Bad, html! {
                b { (done) }
                ul { @for (_, no) in no { li { (t.say(&no.reason(look.lang()))) (t.s("word.gap")) (t.say(&no.next(look.lang()))) } } }
            }))
        }
        (tabs(look, asked, seen))
        (filters(look, asked))
        @if seen.rows.is_empty() {
            (feedback::empty("inbox", t.s("desk.queue.none"), t.s("desk.queue.none_text"), queue, None))
        } @else {
            (feed::region("queue", &topics, None, look.now, &list))
        }
        (pager(t, &Pager { next: seen.next.as_ref().map(|at| again(asked, Some(at))), ..Pager::default() }))
    }
}

/// The address of this view, on another page.
fn again(asked: &Asked, after: Option<&str>) -> String {
    let mut out = String::from("/cases?");
    for name in KEYS.iter().filter(|name| **name != "after") {
        if let Some(value) = asked.given.given(name) {
            out.push_str(&format!("{name}={}&", encode(value)));
        }
    }
    if let Some(at) = after {
        out.push_str(&format!("after={}", encode(at)));
    }
    out
}

fn tabs(look: Look<'_>, asked: &Asked, seen: &Seen) -> Markup {
    let t = look.t;
    let count = |stage: Stage| seen.counts.iter().find(|(s, _)| *s == stage).map(|(_, n)| *n);
    let stage = asked.filter.stages.first().copied().filter(|_| !asked.queue);
    let hrefs: Vec<(String, &str, Option<u64>, bool)> = [
        (Stage::Received, t.s("desk.queue.received")),
        (Stage::Arbitrating, t.s("desk.queue.returned")),
        (Stage::DeferralAsked, t.s("desk.queue.deferral")),
        (Stage::Replied, t.s("desk.queue.audit")),
    ]
    .into_iter()
    .map(|(s, word)| {
        let (href, on) = if s == Stage::Received && seen.dispatches {
            ("/cases".to_owned(), asked.queue)
        } else {
            (format!("/cases?stage={}", s.code()), stage == Some(s))
        };
        (href, word, count(s), on)
    })
    .chain([(
        "/cases?view=all".to_owned(),
        t.s("desk.queue.all"),
        None,
        stage.is_none() && !(asked.queue && seen.dispatches),
    )])
    .collect();
    let items: Vec<Seg<'_>> = hrefs
        .iter()
        .map(|(href, label, count, current)| Seg {
            label,
            count: *count,
            href,
            current: *current,
            light: None,
        })
        .collect();
    segments(t.s("desk.queue.views"), &items)
}

fn filters(look: Look<'_>, asked: &Asked) -> Markup {
    let t = look.t;
    let lang = look.lang();
    let pick = |name: &str, label: &str, list: &[Choice]| {
        html! {
            select.form-select name=(name) aria-label=(label) data-autosubmit {
                option value="" { (label) }
                @for c in list { option value=(c.value) selected[asked.given.text(name) == c.value] { (c.label) } }
            }
        }
    };
    let channels: Vec<Choice> = Channel::ALL.iter().map(|c| Choice::new(c.code(), c.say(lang))).collect();
    let kinds: Vec<Choice> = CaseKind::ALL.iter().map(|c| Choice::new(c.code(), c.say(lang))).collect();
    let urgency: Vec<Choice> = Urgency::ALL.iter().map(|c| Choice::new(c.code(), c.say(lang))).collect();
    html! {
        form.filters method="get" action="/cases" aria-label=(t.s("desk.queue.filters")) {
            @if let Some(view) = asked.given.given("view") { (hidden("view", view)) }
            @if let Some(stage) = asked.given.given("stage") { (hidden("stage", stage)) }
            input.form-control type="search" name="q" value=(asked.words) placeholder=(t.s("desk.queue.find")) aria-label=(t.s("desk.queue.find"));
            (pick("channel", t.s("desk.channel"), &channels))
            (pick("kind", t.s("desk.kind"), &kinds))
            (pick("urgency", t.s("desk.urgency"), &urgency))
            (pick("category", t.s("desk.category"), &look.categories()))
            (Button::new(t.s("desk.queue.filter")).small().icon("filter").submit())
        }
    }
}

fn rows(look: Look<'_>, seen: &Seen) -> Markup {
    let t = look.t;
    let rows = seen.rows.iter().map(|(row, _)| {
        let under = format!(
            "{} · {} · {}",
            row.no,
            row.channel.say(look.lang()),
            look.category(row.category.as_deref())
        );
        vec![
            html! { (title_cell(&format!("/c/{}", row.id), &row.title, &under)) " " (look.marks(row)) },
            html! { (row.unit.as_ref().map_or_else(|| "—".to_owned(), |unit| look.unit(unit))) },
            html! { (row.stage.say(look.lang())) },
            html! { (look.moment(row.received_at)) },
            look.chip(row, Length::Short),
        ]
    });
    let shown = Table {
        caption: t.s("desk.queue.title"),
        cols: vec![
            Col::text(t.s("desk.matter")),
            Col::text(t.s("word.unit")),
            Col::text(t.s("desk.stage")),
            Col::text(t.s("desk.received")).secondary(),
            Col::text(t.s("desk.due")),
        ],
        rows: rows.collect(),
        tight: false,
        stacked: true,
    };
    html! { section.card { (table(&shown)) } }
}

/// The queue: a form around all rows, so that ticked ones and a single one go by the same button.
fn queue_rows(ctx: &Ctx, look: Look<'_>, seen: &Seen) -> Markup {
    let t = look.t;
    html! {
        form.frm.w method="post" action="/cases/dispatch" {
            (token(&ctx.session.csrf))
            ol.stack {
                @for (row, help) in &seen.rows { li.card { div.card-body { (entry(look, row, help.as_ref())) } } }
            }
            section.card { div.card-body {
                (field(t, &Field::new("category", t.s("desk.queue.bulk_category")).optional().hint(t.s("desk.queue.bulk_hint")), &Input::Select(&look.categories())))
                (Button::new(t.s("desk.queue.bulk")).icon("send").sends("go", "all"))
            } }
        }
        @for (row, help) in &seen.rows {
            @if let Some((other, why)) = help.as_ref().and_then(|h| h.twin.as_ref()) {
                form id=(format!("same-{}", row.id)) method="post" action="/cases/link" {
                    (token(&ctx.session.csrf)) (hidden("id", &row.id.to_string())) (hidden("to", &other.id.to_string())) (hidden("why", &why.join("、")))
                }
            }
        }
    }
}

fn entry(look: Look<'_>, row: &Summary, help: Option<&Help>) -> Markup {
    let t = look.t;
    let place = row.place.as_ref().map(|unit| look.unit(unit)).unwrap_or_default();
    let address = row.address.clone().unwrap_or_default();
    html! {
        div.row-f {
            label.ck { input.form-check-input type="checkbox" name="id" value=(row.id) aria-label=(t.f("desk.queue.pick", &[("no", &row.no)])); }
            b { a href=(format!("/c/{}", row.id)) { (row.title) } }
            (look.marks(row))
            (look.chip(row, Length::Full))
        }
        p.muted { (row.no) " · " (row.channel.say(look.lang())) " · " (row.kind.say(look.lang())) " · " (place) (address) " · " (t.f("desk.queue.waits", &[("span", &look.ago(row.received_at))])) }
        @if let Some(help) = help {
            @if let Some((unit, mandate, by)) = &help.route {
                p {
                    (mark::checked(true, &t.f("desk.queue.route", &[("category", &look.category(row.category.as_deref())), ("unit", &look.unit(unit))])))
                    " " small.muted { (routed(look, mandate.as_deref(), by)) }
                }
                (Button::new(t.s("desk.queue.send")).small().primary().icon("send").sends("go", &row.id.to_string()))
            } @else if row.category.is_some() {
                p { (mark::checked(false, t.s("desk.queue.no_route"))) }
                (Button::link(t.s("desk.queue.choose"), &format!("/c/{}/dispatch", row.id)).small())
            } @else {
                (guesses(look, row, help))
            }
            @if let Some((other, why)) = &help.twin {
                p { (t.s("desk.queue.twin")) " " a href=(format!("/c/{}", other.id)) { (other.no) " " (other.title) } " " small.muted { (why.join("，")) } }
                (Button::new(t.s("desk.queue.same")).small().icon("link").form(&format!("same-{}", row.id)))
            }
        }
    }
}

/// Which rule named the party and which entry of the duty lists stands behind it.
fn routed(look: Look<'_>, mandate: Option<&str>, by: &str) -> String {
    match mandate.and_then(|code| look.book.mandate(code)) {
        Some(found) => {
            look.t.f("desk.queue.mandate", &[("by", &by), ("title", &found.title.get(look.lang()))])
        }
        None => look.t.f("desk.queue.no_mandate", &[("by", &by)]),
    }
}

fn guesses(look: Look<'_>, row: &Summary, help: &Help) -> Markup {
    let t = look.t;
    html! {
        @if help.guesses.is_empty() {
            p.muted { (t.s("desk.queue.no_guess")) }
            (Button::link(t.s("desk.queue.classify"), &format!("/c/{}/classify", row.id)).small())
        } @else {
            p.muted { @if help.unsure { (t.s("desk.queue.unsure")) } @else { (t.s("desk.queue.guess")) } }
            ul.stack {
                @for (code, words) in &help.guesses {
                    @let unit = look.book.category(code.as_str()).and_then(|c| look.book.route(c, row.place.as_ref())).map(|r| look.unit(&r.unit));
                    li {
                        button.btn.btn-sm type="submit" name="go" value=(format!("{}|{code}", row.id)) disabled[unit.is_none()] {
                            (path(look.book, code, look.lang())) @if let Some(unit) = &unit { " → " (unit) }
                        }
                        @if !words.is_empty() { " " small.muted { (t.f("desk.queue.words", &[("words", &words.join(t.s("desk.sep")))])) } }
                    }
                }
            }
            a href=(format!("/c/{}/classify", row.id)) { (t.s("desk.queue.other")) }
        }
    }
}
