//! 事项列表: what supervision looks through, narrowed by filters that live in the address, and its export.

use super::acts::units;
use super::look::{Look, kind_icon, state_of};
use crate::model::{Cursor, Filter, Summary};
use crate::store;
use axum::extract::RawQuery;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::op::Op;
use base::web::query::Params;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::due::Length;
use base::web::ui::feedback::empty;
use base::web::ui::form::hidden;
use base::web::ui::light::light_icon;
use base::web::ui::list::{Col, Pager, Seg, Table, filtered, pager, segments, table, title_cell};
use base::web::ui::{Markup, html, mark};
use base::web::{Ctx, Page};
use kernel::access::{Action, Resource};
use kernel::duty::StateName;
use kernel::light::Light;

/// What narrows a list of duties.
pub(super) const PARAMS: [&str; 12] = [
    "kind",
    "state",
    "lead",
    "holder",
    "light",
    "registrar",
    "patron",
    "place",
    "list",
    "all",
    "after",
    "limit",
];
/// Rows of a page.
const PAGE: u32 = 50;
/// Rows of an export at most: what a spreadsheet is still pleasant with.
const EXPORT: usize = 10_000;

/// The filter of a list, from its parameters.
pub(super) fn filter(op: &Op<'_, '_>, params: &Params) -> Outcome<Filter> {
    let state = params.get("state");
    if let Some(state) = state
        && state_of(state).is_none()
    {
        let words: Vec<&'static str> = StateName::ALL.iter().map(|name| name.code()).collect();
        params.choice("state", &words)?;
    }
    let light = params.choice("light", &["overdue", "warn"])?;
    let closed = state.and_then(state_of).is_some_and(|name| !name.is_open());
    let all = params.choice("all", &["1"])?.is_some();
    let list = params.choice("list", &["137", "21"])?;
    let holder = params.get("holder").map(|unit| kernel::UnitCode::parse("holder", unit)).transpose()?;
    let mine = params.get("mine").is_some();
    let own = op.actor();
    Ok(Filter {
        open_only: light.is_some() || mine || !(all || closed),
        kind: params.owned("kind"),
        state: state.map(str::to_owned),
        lead: params.owned("lead"),
        holder_unit: holder,
        registrar: if mine { Some(own.post.to_string()) } else { params.owned("registrar") },
        not_held_by: mine.then(|| own.unit.clone()),
        patron: params.owned("patron"),
        place: params.owned("place"),
        list: list.map(str::to_owned),
        due_before: (light == Some("overdue")).then(|| op.now()),
        warned_at: (light == Some("warn")).then(|| op.now()),
        ..Filter::default()
    })
}

/// One page of the list as this post may see it.
pub(super) fn load(
    op: &mut Op<'_, '_>,
    params: &Params,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<Cursor>)> {
    let filter = filter(op, params)?;
    let scope = op.scope(Action::DutyList);
    if scope.is_nothing() {
        op.judge(Action::DutyList, &Resource::new())?;
    }
    store::page(op.tx, op.district(), &scope, &filter, params.after(Cursor::parse)?, limit)
}

fn page_params() -> Vec<&'static str> {
    PARAMS.iter().copied().chain(["mine"]).collect()
}

/// `GET /duties`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &page_params())?;
    let limit = params.limit(PAGE, 200)?;
    let asked = params.clone();
    let (rows, next) = ctx.app.read(&ctx.who, move |op| load(op, &asked, limit)).await?;
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let t = ctx.t();
    let may_export = !ctx.app.policy.scope(&ctx.who.actor, Action::DutyExport).is_nothing();
    let may_register = !super::new::kinds(&ctx.app, &ctx.who.actor, &book, t.lang()).is_empty();
    let export = params.here("/duties/export");
    let acts = html! {
        @if may_register { (Button::link(t.s("du.list.new"), "/duties/new").primary().icon("plus")) }
        @if may_export { (Button::link(t.s("du.list.export"), &export).icon("download")) }
    };
    let head = PageHead {
        title: t.s("du.list.title"),
        sub: t.s("du.list.sub"),
        acts: Some(acts),
        ..PageHead::default()
    };
    let body = html! { (page_head(&head)) (card(look, &params, &rows, next)) };
    Ok(Page::new(t.s("du.list.title"), body)
        .class("p-work")
        .marks(false, ctx.app.simulated, false)
        .draw(&ctx))
}

fn card(look: Look<'_>, params: &Params, rows: &[Summary], next: Option<Cursor>) -> Markup {
    let t = look.t;
    let next = next.map(|cursor| {
        let base = params.with("/duties", "after", None);
        let join = if base.contains('?') { '&' } else { '?' };
        format!("{base}{join}after={}", cursor.text())
    });
    let back = params.get("after").map(|_| params.with("/duties", "after", None));
    let names = names(look, params);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    html! {
        section.card.wk aria-label=(t.s("du.list.title")) {
            (filters(look, params))
            (filtered(t, &names, "/duties"))
            @if rows.is_empty() {
                (empty("filter", t.s("du.list.empty"), t.s("du.list.empty_text"), false, None))
            } @else {
                (table(&listing(look, rows)))
                (pager(t, &Pager { first: 0, last: 0, total: None, prev: back, next }))
            }
        }
    }
}

/// The filters in force, in words.
fn names(look: Look<'_>, params: &Params) -> Vec<String> {
    let t = look.t;
    let unit = |name: &str| params.get(name).map(|code| look.any(code));
    let light =
        params.get("light").map(|l| if l == "overdue" { t.s("light.red") } else { t.s("light.yellow") });
    let all = params.get("all").map(|_| t.s("du.list.with_closed").to_owned());
    [
        params.get("kind").map(|kind| look.kind(kind)),
        params.get("state").map(|state| look.state(state).to_owned()),
        light.map(str::to_owned),
        unit("lead"),
        unit("holder"),
        unit("registrar"),
        unit("patron"),
        unit("place"),
        params.owned("list"),
        params.get("mine").map(|_| t.s("du.inbox.waits").to_owned()),
        all,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn filters(look: Look<'_>, params: &Params) -> Markup {
    let t = look.t;
    let chosen = params.get("light");
    let lights: Vec<(&str, String, bool, Option<Light>)> = [
        (t.s("du.list.open"), None, None),
        (t.s("light.red"), Some("overdue"), Some(Light::Red)),
        (t.s("light.yellow"), Some("warn"), Some(Light::Yellow)),
    ]
    .into_iter()
    .map(|(label, code, light)| (label, params.with("/duties", "light", code), chosen == code, light))
    .collect();
    let segs: Vec<Seg> = lights
        .iter()
        .map(|(label, href, current, light)| Seg {
            label,
            count: None,
            href,
            current: *current,
            light: *light,
        })
        .collect();
    let all = params.get("all").is_some();
    let toggle = params.with("/duties", "all", (!all).then_some("1"));
    let closed =
        [Seg { label: t.s("du.list.with_closed"), count: None, href: &toggle, current: all, light: None }];
    let picked = ["kind", "state", "lead"];
    html! {
        div.wk-f {
            (segments(t.s("du.list.light"), &segs))
            (segments(t.s("du.list.with_closed"), &closed))
            form.row-f method="get" action="/duties" {
                @for (name, value) in params.without(&picked) { (hidden(name, value)) }
                select.form-select.sm.w-auto name="kind" aria-label=(t.s("duty.kind")) data-autosubmit {
                    option value="" { (t.s("du.list.all_kinds")) }
                    @for profile in look.book.kinds.values() {
                        option value=(profile.kind) selected[params.get("kind") == Some(profile.kind.as_str())] { (profile.title.get(t.lang())) }
                    }
                }
                select.form-select.sm.w-auto name="state" aria-label=(t.s("du.duties.state")) data-autosubmit {
                    option value="" { (t.s("du.list.all_states")) }
                    @for name in StateName::ALL {
                        option value=(name.code()) selected[params.get("state") == Some(name.code())] { (name.say(t.lang())) }
                    }
                }
                select.form-select.sm.w-auto name="lead" aria-label=(t.s("duty.lead")) data-autosubmit {
                    option value="" { (t.s("du.list.all_leads")) }
                    @for unit in units(look) {
                        option value=(unit.value) selected[params.get("lead") == Some(unit.value.as_str())] { (unit.label) }
                    }
                }
                noscript { button.btn.btn-sm type="submit" { (t.s("act.view")) } }
            }
        }
    }
}

/// The table of a list, shared with the search.
pub(super) fn listing<'a>(look: Look<'a>, rows: &[Summary]) -> Table<'a> {
    let t = look.t;
    let line = |s: &Summary| {
        vec![
            html! { (light_icon(t, s.light(look.now), None)) },
            title_cell(&format!("/d/{}", s.id), &t.say(&s.title), &s.no),
            html! { (mark::kind(kind_icon(&s.kind), &look.kind(&s.kind))) },
            html! { @if let Some(lead) = &s.lead { (look.unit(lead)) } @else { "—" } },
            html! { (look.unit(&s.holder_unit)) },
            html! { (look.state(&s.state)) },
            look.chip(s, None, Length::Full),
        ]
    };
    Table {
        caption: t.s("du.list.title"),
        cols: vec![
            Col::text(""),
            Col::text(t.s("duty.what")),
            Col::text(t.s("duty.kind")).secondary(),
            Col::text(t.s("duty.lead")).secondary(),
            Col::text(t.s("du.inbox.held_by")).secondary(),
            Col::text(t.s("du.duties.state")).secondary(),
            Col::text(t.s("du.duties.due")),
        ],
        rows: rows.iter().map(line).collect(),
        tight: true,
        stacked: false,
    }
}

/// `GET /duties/export`: the list as CSV, as far as this post may take it along.
pub(super) async fn export(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &page_params())?;
    let rows = ctx
        .app
        .read(&ctx.who, move |op| {
            let filter = filter(op, &params)?;
            let scope = op.scope(Action::DutyExport);
            if scope.is_nothing() {
                op.judge(Action::DutyExport, &Resource::new())?;
            }
            let mut rows: Vec<Summary> = Vec::new();
            let mut after = None;
            while rows.len() < EXPORT {
                let (more, next) = store::page(op.tx, op.district(), &scope, &filter, after, 500)?;
                rows.extend(more);
                after = next;
                if after.is_none() {
                    break;
                }
            }
            Ok(rows)
        })
        .await?;
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let name = format!("attachment; filename=\"guandu-duties-{}.csv\"", ctx.now().day());
    let fixed = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((fixed, csv(look, &rows)).into_response())
}

/// The table as CSV with a byte-order mark, which office programs need to see UTF-8.
fn csv(look: Look<'_>, rows: &[Summary]) -> String {
    let t = look.t;
    let heads = [
        t.s("du.list.no"),
        t.s("duty.kind"),
        t.s("duty.what"),
        t.s("du.duties.state"),
        t.s("du.list.light"),
        t.s("duty.lead"),
        t.s("du.inbox.held_by"),
        t.s("du.duties.due"),
        t.s("du.facts.percent"),
        t.s("du.facts.registrar"),
    ];
    let mut out = String::from("\u{feff}");
    out.push_str(&heads.map(cell).join(","));
    out.push_str("\r\n");
    for s in rows {
        let light = base::web::ui::light::word(t, s.light(look.now)).to_owned();
        let lead = s.lead.as_ref().map(|unit| look.unit(unit)).unwrap_or_default();
        let due = s.due.map(kernel::Instant::minute_text).unwrap_or_default();
        let percent = s.percent.map(|p| p.to_string()).unwrap_or_default();
        let cells = [
            s.no.clone(),
            look.kind(&s.kind),
            s.title.clone(),
            look.state(&s.state).to_owned(),
            light,
            lead,
            look.unit(&s.holder_unit),
            due,
            percent,
            look.post(&s.registrar),
        ];
        out.push_str(&cells.each_ref().map(|text| cell(text)).join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell. What a spreadsheet would take for a formula is made text: titles come from outside.
fn cell(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if risky { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_are_never_formulas() {
        assert_eq!(cell("督-2019-0012"), "督-2019-0012");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
