//! `/whistles`: the board. A street sees its whistles, a department those that call it, the district all; the policy says
//! which, and the filters narrow further.

use super::look::{Look, kind_icon, light_of, light_word};
use crate::whistle::store::{self, Filter, Summary};
use crate::whistle::vocab::Stage;
use axum::extract::RawQuery;
use axum::response::Response;
use base::op::Op;
use base::web::query::Params;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::feedback::empty;
use base::web::ui::form::hidden;
use base::web::ui::light::light_icon;
use base::web::ui::list::{Col, Pager, Seg, Table, filtered, pager, segments, table, title_cell};
use base::web::ui::{Markup, html, mark};
use base::web::{Ctx, Page};
use base::{Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::{Malformed, UnitCode, Words};
use std::collections::BTreeMap;

/// Parameters of the board.
pub(super) const PARAMS: [&str; 9] =
    ["stage", "street", "unit", "kind", "all", "missed", "escalated", "after", "limit"];
/// Rows of a page.
const PAGE: u32 = 30;
/// The stages that the segment offers, in the order of the road.
const STAGES: [Stage; 8] = [
    Stage::Need,
    Stage::Sounded,
    Stage::Arbitrating,
    Stage::Acked,
    Stage::Mustered,
    Stage::Working,
    Stage::Checking,
    Stage::Scored,
];

fn not_listed(name: &str, given: &str) -> Malformed {
    Malformed::new(
        "query.choice",
        name,
        given,
        Words::new("不在可选范围内", "It is not on the list"),
        Words::new("请改正后重试", "Correct it and try again"),
    )
}

/// The filter that a query asks for.
pub(super) fn filter(params: &Params) -> Outcome<Filter> {
    let stage = params
        .get("stage")
        .map(|given| Stage::from_code(given).ok_or_else(|| not_listed("stage", given)))
        .transpose()?;
    let flag = |name: &str| match params.get(name) {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(other) => Err(not_listed(name, other)),
    };
    Ok(Filter {
        open_only: !flag("all")? && stage.is_none_or(Stage::is_open),
        street: params.get("street").map(|given| UnitCode::parse("street", given)).transpose()?,
        unit: params.get("unit").map(|given| UnitCode::parse("unit", given)).transpose()?,
        stage,
        kind: params.get("kind").map(str::to_owned),
        escalated: flag("escalated")?,
        missed: flag("missed")?,
        since: None,
    })
}

/// Judges the list and loads one page of it.
pub(super) fn load(
    op: &mut Op<'_, '_>,
    filter: &Filter,
    params: &Params,
    usual: u32,
) -> Outcome<(Vec<Summary>, Option<kernel::DutyId>)> {
    let actor = op.actor();
    let mine = Resource::new().unit(&actor.unit).lead(&actor.unit).place(&actor.unit).registrar(&actor.post);
    op.judge(Action::WhistleList, &mine)?;
    let scope = op.scope(Action::WhistleList);
    store::page(
        op.tx,
        op.district(),
        &scope,
        filter,
        params.after(|given| kernel::DutyId::parse("after", given))?,
        params.limit(usual, 200)?,
    )
}

struct Found {
    rows: Vec<Summary>,
    next: Option<kernel::DutyId>,
    stages: BTreeMap<Stage, u64>,
    may_raise: bool,
}

/// `GET /whistles`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &PARAMS)?;
    let wanted = filter(&params)?;
    let asked = params.clone();
    let found = ctx
        .app
        .read(&ctx.who, move |op| {
            let (rows, next) = load(op, &wanted, &asked, PAGE)?;
            let scope = op.scope(Action::WhistleList);
            let counted = Filter { stage: None, open_only: true, ..wanted.clone() };
            let stages = store::stages(op.tx, op.district(), &scope, &counted)?;
            let actor = op.actor();
            let thing = Resource::new().unit(&actor.unit);
            let may_raise = op.judge(Action::WhistleRaise, &thing).is_ok();
            Ok(Found { rows, next, stages, may_raise })
        })
        .await?;
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now() };
    let title = ctx.t().s("wh.title").to_owned();
    let body = page(look, &params, &found);
    Ok::<_, Fault>(Page::new(title, body).class("p-work").marks(false, ctx.app.simulated, true).draw(&ctx))
}

fn page(look: Look<'_>, params: &Params, found: &Found) -> Markup {
    let t = look.t;
    let acts = html! {
        @if found.may_raise { (Button::link(t.s("wh.list.new"), "/whistles/new").primary().icon("plus")) }
        (Button::link(t.s("wh.board.title"), "/whistles/board").icon("chart-bar"))
    };
    html! {
        (page_head(&PageHead { title: t.s("wh.title"), sub: t.s("wh.list.sub"), acts: Some(acts), ..PageHead::default() }))
        section.card.wk aria-label=(t.s("wh.list.card")) {
            (filters(look, params, found))
            (filtered(t, &named(look, params).iter().map(String::as_str).collect::<Vec<_>>(), "/whistles"))
            @if found.rows.is_empty() {
                (empty("speakerphone", t.s("wh.list.none"), t.s("wh.list.none_text"), !params.narrows(), None))
            } @else {
                (rows(look, &found.rows))
                (pager(t, &Pager {
                    prev: params.get("after").map(|_| params.with("/whistles", "after", None)),
                    next: found.next.map(|id| with_after(params, &id.to_string())),
                    ..Pager::default()
                }))
            }
        }
    }
}

fn with_after(params: &Params, id: &str) -> String {
    params.with("/whistles", "after", Some(id))
}

fn filters(look: Look<'_>, params: &Params, found: &Found) -> Markup {
    let t = look.t;
    let total: u64 = found.stages.values().sum();
    let link = |value: Option<&str>| params.with("/whistles", "stage", value);
    let all = link(None);
    let links: Vec<(Stage, String)> = STAGES.iter().map(|stage| (*stage, link(Some(stage.code())))).collect();
    let mut segs = vec![Seg {
        label: t.s("wh.list.open"),
        count: Some(total),
        href: &all,
        current: params.get("stage").is_none() && params.get("all").is_none(),
        light: None,
    }];
    for (stage, href) in &links {
        segs.push(Seg {
            label: stage.say(t.lang()),
            count: Some(found.stages.get(stage).copied().unwrap_or(0)),
            href,
            current: params.get("stage") == Some(stage.code()),
            light: None,
        });
    }
    let flags = [
        ("missed", t.s("wh.list.missed")),
        ("escalated", t.s("wh.list.escalated")),
        ("all", t.s("wh.list.all")),
    ];
    let on = |name: &str| params.get(name) == Some("1");
    let hrefs: Vec<String> =
        flags.iter().map(|(name, _)| params.with("/whistles", name, (!on(name)).then_some("1"))).collect();
    let toggles: Vec<Seg> = flags
        .iter()
        .zip(&hrefs)
        .map(|((name, label), href)| Seg { label, count: None, href, current: on(name), light: None })
        .collect();
    let streets = crate::whistle::board::streets(look.book);
    html! {
        div.wk-f {
            (segments(t.s("wh.list.stage"), &segs))
            (segments(t.s("wh.list.show"), &toggles))
            form.row-f method="get" action="/whistles" {
                @for (name, value) in params.without(&["street", "kind"]) { (hidden(name, value)) }
                select.form-select.sm.w-auto name="street" aria-label=(t.s("wh.street")) data-autosubmit {
                    option value="" { (t.s("wh.list.any_street")) }
                    @for street in &streets {
                        option value=(street) selected[params.get("street") == Some(street.as_str())] { (look.unit(street)) }
                    }
                }
                select.form-select.sm.w-auto name="kind" aria-label=(t.s("wh.kind")) data-autosubmit {
                    option value="" { (t.s("wh.list.any_kind")) }
                    @for kind in look.book.whistles.values() {
                        option value=(kind.code) selected[params.get("kind") == Some(kind.code.as_str())] { (kind.name.get(t.lang())) }
                    }
                }
                noscript { button.btn.btn-sm type="submit" { (t.s("act.view")) } }
            }
        }
    }
}

/// The filters in force, in words.
fn named(look: Look<'_>, params: &Params) -> Vec<String> {
    let t = look.t;
    let mut names = Vec::new();
    if let Some(stage) = params.get("stage").and_then(Stage::from_code) {
        names.push(stage.say(t.lang()).to_owned());
    }
    for name in ["street", "unit"] {
        if let Some(unit) = params.get(name).and_then(|given| UnitCode::parse(name, given).ok()) {
            names.push(look.unit(&unit));
        }
    }
    if let Some(kind) = params.get("kind") {
        names.push(look.kind(Some(kind)));
    }
    for (name, word) in [
        ("missed", t.s("wh.list.missed")),
        ("escalated", t.s("wh.list.escalated")),
        ("all", t.s("wh.list.all")),
    ] {
        if params.get(name).is_some() {
            names.push(word.to_owned());
        }
    }
    names
}

/// The rows of a board.
pub(super) fn rows(look: Look<'_>, rows: &[Summary]) -> Markup {
    let t = look.t;
    let cells = rows
        .iter()
        .map(|row| {
            let held = look.now.since(row.sounded.unwrap_or(row.raised)) / 60_000_000;
            vec![
                title_cell(&format!("/w/{}", row.id), &t.say(&row.title), &row.no),
                html! { (light_icon(t, light_of(row), Some(light_word(t, row)))) " " (row.stage.say(t.lang())) },
                html! { (mark::kind(kind_icon(row.kind.as_deref()), &look.kind(row.kind.as_deref()))) },
                html! { (look.unit(&row.place)) },
                html! {
                    @match &row.lead {
                        Some(lead) => { (look.unit(lead)) @if row.calls > 1 { " " span.muted { (t.f("wh.list.more", &[("n", &(row.calls - 1))])) } } }
                        None => { span.muted { (t.s("wh.list.not_called")) } }
                    }
                },
                html! { (look.moment(row.sounded.unwrap_or(row.raised))) @if row.stage.is_open() { " " span.muted { (look.exact(held)) } } },
            ]
        })
        .collect();
    table(&Table {
        caption: t.s("wh.list.card"),
        cols: vec![
            Col::text(t.s("wh.list.col_title")),
            Col::text(t.s("wh.list.stage")),
            Col::text(t.s("wh.kind")),
            Col::text(t.s("wh.place")),
            Col::text(t.s("wh.departments")),
            Col::text(t.s("wh.list.col_since")),
        ],
        rows: cells,
        tight: false,
        stacked: true,
    })
}
