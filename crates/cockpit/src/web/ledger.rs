//! `/ledger`: what anybody may know of the ledger, the events that the post may see, receipts checked.

use super::query;
use crate::act::chain::{self, Chain};
use crate::store::{Line, LineFilter, WINDOW};
use axum::extract::RawQuery;
use axum::response::Response;
use base::Fault;
use base::Outcome;
use base::i18n::T;
use base::web::form::Fields;
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::form::{Choice, Field, Input, acts, field, post};
use base::web::ui::list::{Col, Pager, Table, filtered, pager, table};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, encode};
use kernel::duty::Event;
use kernel::ledger::{Checkpoint, Verdict};
use kernel::playbook::Playbook;
use kernel::{Day, PostCode, Refused, UnitCode};

/// Events on a page.
const SHOWN: u32 = 30;
/// Sorts of things that the filter offers.
const SORTS: [&str; 6] = ["duty", "plan", "playbook", "person", "outbox", "job"];

/// What the page shows besides the events.
#[derive(Default)]
struct Check {
    typed: String,
    good: Option<Verdict>,
    no: Option<Refused>,
}

/// The page.
pub(super) async fn page(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    let fields = query(q.as_deref(), &["sort", "kind", "actor", "day", "before"])?;
    draw(&ctx, &fields, &Check::default()).await
}

/// Checks a pasted receipt and shows the page again with the verdict; nothing is stored.
pub(super) async fn verify(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["receipt"])?;
    let typed = fields.text("receipt").to_owned();
    let given = typed.clone();
    let checked = ctx.app.read(&ctx.who, move |op| chain::verify(op, &given)).await;
    let none = Fields::default();
    match checked {
        Ok(verdict) => draw(&ctx, &none, &Check { typed, good: Some(verdict), no: None }).await,
        Err(Fault::Refused(no)) => {
            let code = status(no.kind());
            let mut response = draw(&ctx, &none, &Check { typed, good: None, no: Some(no) }).await?;
            *response.status_mut() = code;
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

fn filter_of(fields: &Fields) -> Outcome<LineFilter> {
    let given = |name: &str| fields.given(name).map(|v| v.trim().to_owned());
    Ok(LineFilter {
        subject_kind: given("sort"),
        kind: given("kind"),
        actor: given("actor").map(|v| PostCode::parse("actor", &v)).transpose()?.map(|p| p.to_string()),
        day: given("day").map(|v| Day::parse("day", &v)).transpose()?,
        before: given("before"),
    })
}

async fn draw(ctx: &Ctx, fields: &Fields, check: &Check) -> Outcome<Response> {
    let filter = filter_of(fields)?;
    let wanted = filter.clone();
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (known, (lines, next)) =
        ctx.app.read(&ctx.who, move |op| Ok((chain::chain(op)?, chain::lines(op, &wanted, SHOWN)?))).await?;
    let t = ctx.t();
    let body = html! {
        (page_head(&PageHead { title: t.s("chain.title"), sub: t.s("chain.sub"), ..PageHead::default() }))
        div.g.g75 { (checkpoint(ctx, &known)) (receipts(ctx, check)) }
        (events(ctx, &book, &filter, &lines, next))
    };
    Ok(Page::new(t.s("chain.title"), body).class("p-ledger").marks(false, ctx.app.simulated, false).draw(ctx))
}

fn checkpoint(ctx: &Ctx, known: &Chain) -> Markup {
    let t = ctx.t();
    let log = format!("/log/{}", ctx.district());
    let body = match &known.point {
        None => feedback::empty("shield-check", t.s("chain.none"), t.s("chain.none_why"), false, None),
        Some(point) => {
            let root = point.note.lines().nth(2).unwrap_or_default();
            html! {
                (facts(&[
                    (t.s("chain.size"), html! { b { (point.size) } " " span.muted { (t.f("chain.waiting", &[("n", &known.waiting)])) } }),
                    (t.s("chain.signed"), html! { (when::moment(t.lang(), point.at, ctx.now().day())) }),
                    (t.s("chain.root"), mark::hash(root)),
                    (t.s("chain.origin"), html! { code { (known.origin) } }),
                    (t.s("chain.key"), html! { code { (known.key) } }),
                ]))
                details.ck-m { summary { (t.s("chain.note")) } pre { (point.note) } }
            }
        }
    };
    let tools = html! {
        a href={ (log) "/checkpoint" } { (t.s("chain.get_point")) } a href={ (log) "/key" } { (t.s("chain.get_key")) }
    };
    Card::new(t.s("chain.newest")).measure(t.s("chain.newest_sub")).tools(tools).body(body).into()
}

fn receipts(ctx: &Ctx, check: &Check) -> Markup {
    let t = ctx.t();
    let input =
        Field::new("receipt", t.s("chain.receipt")).value(&check.typed).hint(t.s("chain.receipt_hint"));
    let form = html! {
        (field(t, &input, &Input::Area(7, 20_000)))
        (acts(Button::new(t.s("act.verify")).primary().submit()))
    };
    let body = html! {
        @if let Some(good) = &check.good { (feedback::note(Tone::Good, html! { b { (t.words(&good.words())) } (sealed(t, good)) })) }
        @if let Some(no) = &check.no { (feedback::refusal(t, &**no, None)) }
        (post("/ledger/verify", &ctx.session.csrf, false, form))
        details.ck-m { summary { (t.s("chain.how")) } ol.ck-o { @for step in ["chain.how1", "chain.how2", "chain.how3", "chain.how4"] { li { (t.f(step, &[])) } } } }
    };
    Card::new(t.s("chain.check")).measure(t.s("chain.check_sub")).id("check").body(body).into()
}

fn sealed(t: T<'_>, verdict: &Verdict) -> Markup {
    html! {
        @match verdict {
            Verdict::Sealed { checkpoint: Checkpoint { size, root, .. }, .. } => {
                p.xs { (t.f("chain.in_tree", &[("n", size)])) " " (mark::hash(&root.base64())) }
            }
            Verdict::Promised { .. } => p.xs { (t.s("chain.not_sealed")) },
        }
    }
}

fn address(filter: &LineFilter, before: Option<&str>) -> String {
    let day = filter.day.map(|d| d.to_string());
    let parts = [
        ("sort", filter.subject_kind.as_deref()),
        ("kind", filter.kind.as_deref()),
        ("actor", filter.actor.as_deref()),
        ("day", day.as_deref()),
        ("before", before),
    ];
    let given: Vec<String> =
        parts.iter().filter_map(|(name, v)| v.map(|v| format!("{name}={}", encode(v)))).collect();
    if given.is_empty() { "/ledger".to_owned() } else { format!("/ledger?{}", given.join("&")) }
}

fn events(ctx: &Ctx, book: &Playbook, filter: &LineFilter, lines: &[Line], next: Option<String>) -> Markup {
    let t = ctx.t();
    let rows: Vec<Vec<Markup>> = lines.iter().map(|line| row(ctx, book, line)).collect();
    let cols = vec![
        Col::number(t.s("chain.seq")),
        Col::text(t.s("word.time")),
        Col::text(t.s("word.post")),
        Col::text(t.s("chain.what")),
        Col::text(t.s("chain.thing")).secondary(),
        Col::text(t.s("chain.mark")).secondary(),
    ];
    let named: Vec<String> = [filter.subject_kind.clone(), filter.kind.clone(), filter.actor.clone()]
        .into_iter()
        .flatten()
        .chain(filter.day.map(|d| when::day_full(t.lang(), d)))
        .collect();
    let names: Vec<&str> = named.iter().map(String::as_str).collect();
    let paging = Pager {
        prev: filter.before.as_ref().map(|_| address(filter, None)),
        next: next.map(|id| address(filter, Some(&id))),
        ..Pager::default()
    };
    let body = html! {
        (filters(t, filter))
        (filtered(t, &names, "/ledger"))
        @if rows.is_empty() {
            (feedback::empty("history", t.s("chain.empty"), &t.f("chain.empty_why", &[("n", &WINDOW)]), false, None))
        } @else { (table(&Table { caption: t.s("chain.events"), cols, rows, tight: true, stacked: true })) }
        (pager(t, &paging))
    };
    Card::new(t.s("chain.events")).measure(t.s("chain.events_sub")).id("events").flush(body).into()
}

fn filters(t: T<'_>, filter: &LineFilter) -> Markup {
    let sorts: Vec<Choice> =
        SORTS.iter().map(|sort| Choice::new(*sort, t.f(&format!("chain.sort.{sort}"), &[]))).collect();
    let day = filter.day.map(|d| d.to_string()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (sort, kind, actor) = (text(&filter.subject_kind), text(&filter.kind), text(&filter.actor));
    html! {
        form.filters.ck-f method="get" action="/ledger" {
            (field(t, &Field::new("sort", t.s("chain.sort.label")).value(&sort).optional(), &Input::Select(&sorts)))
            (field(t, &Field::new("kind", t.s("chain.kind")).value(&kind).optional(), &Input::Text(60)))
            (field(t, &Field::new("actor", t.s("chain.actor")).value(&actor).optional(), &Input::Text(60)))
            (field(t, &Field::new("day", t.s("chain.day")).value(&day).optional(), &Input::Date))
            (Button::new(t.s("act.search")).icon("filter").submit())
        }
    }
}

fn row(ctx: &Ctx, book: &Playbook, line: &Line) -> Vec<Markup> {
    let t = ctx.t();
    let names = |code: &str| name(book, code, t);
    let said = (line.subject_kind == "duty")
        .then(|| serde_json::from_str::<Event>(&line.body).ok())
        .flatten()
        .map(|event| event.say_with(t.lang(), &names));
    let place = line.seq.map_or_else(|| t.s("chain.unsealed").to_owned(), |seq| seq.to_string());
    let receipt = format!("/log/{}/receipt/{}", ctx.district(), line.id);
    vec![
        html! { (place) },
        html! { (when::moment(t.lang(), line.at, ctx.now().day())) },
        html! { (names(&line.actor)) },
        html! { @if let Some(said) = said { span { (t.say(&said)) } } span.s { code { (line.kind) } } },
        html! { @if line.subject_kind == "duty" { a href={ "/d/" (line.subject) } { (t.s("act.open")) } } @else { code.xs { (line.subject) } } },
        html! { (mark::hash(&line.digest)) " " a href=(receipt) { (t.s("chain.get_receipt")) } },
    ]
}

/// What people call a unit or a post; anything else as it stands.
fn name(book: &Playbook, code: &str, t: T<'_>) -> String {
    let post = PostCode::parse("code", code).ok().filter(|c| book.post(c).is_some());
    if let Some(post) = post {
        return org::names::unit_and_post(book, &post, t.lang());
    }
    UnitCode::parse("code", code)
        .map_or_else(|_| code.to_owned(), |unit| org::names::unit(book, &unit, t.lang()))
}
