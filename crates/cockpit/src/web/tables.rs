//! Tables of the cockpit: red list, units, holders, the measured item.

use super::cards::{Pane, progress};
use super::{OVERDUE, code};
use crate::model::{Measured, Ranked, Red, What};
use base::web::ui::card::{Card, Stat, stats};
use base::web::ui::light::light_icon;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::meter::{Part, Size, bullet, decomposition, number};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use kernel::Words;
use kernel::light::Light;
use kernel::money::Decimal;

/// 红灯清单: what is red, who answers for it, on whose desk it lies.
pub(super) fn red_list(p: Pane<'_>, most: usize) -> Markup {
    let t = p.t;
    let items = p.sight.counts().red;
    let overdue = p.sight.live.as_ref().map(|live| live.all.overdue);
    let sub = match overdue {
        Some(n) => t.f("cockpit.red_sub", &[("items", &items), ("n", &n)]),
        None => t.f("cockpit.red_sub_past", &[("items", &items)]),
    };
    let rows: Vec<Vec<Markup>> = p.sight.red.iter().take(most).map(|red| red_row(p, red)).collect();
    let body = if rows.is_empty() {
        feedback::empty("circle-check", t.s("cockpit.red_none"), t.s("cockpit.red_none_why"), true, None)
    } else {
        let mut cols = vec![Col::text(t.s("cockpit.item"))];
        if !p.wall {
            cols.push(Col::text(t.s("cockpit.who")));
        }
        cols.extend([Col::text(t.s("cockpit.desk")).secondary(), Col::number(t.s("cockpit.days_late"))]);
        table(&Table { caption: t.s("cockpit.red"), cols, rows, tight: true, stacked: false })
    };
    let tools = p.tools(&html! {
        a href=(p.links.plan_light(Light::Red)) { (t.f("cockpit.red_items", &[("n", &items)])) }
        @if overdue.is_some() { a href=(OVERDUE) { (t.s("cockpit.red_all")) } }
    });
    Card::new(t.s("cockpit.red")).measure(&sub).class("redl").tools(tools).flush(body).into()
}

fn red_row<'a>(p: Pane<'a>, red: &'a Red) -> Vec<Markup> {
    let t = p.t;
    let (href, why) = match &red.what {
        What::Item => (p.links.item(&red.code), item_why(p, red)),
        What::Duty(id, kind) => {
            let kind = p.book.kind(kind).map_or_else(|| kind.clone(), |k| t.words(&k.title).into_owned());
            let due = when::day_week(t.lang(), red.due);
            (format!("/d/{id}"), t.f("cockpit.kind_due", &[("kind", &kind), ("day", &due)]))
        }
    };
    let say = if red.behind { t.s("word.behind") } else { t.s("light.red") };
    let title = t.words(&red.title);
    let first = html! {
        div.ri {
            (light_icon(t, Light::Red, Some(say)))
            div { span.t { a href=(href) { (title) } } span.s title=(t.words(&red.why)) { (red.code) " · " (why) } }
        }
    };
    let who = html! {
        @if let Some(lead) = &red.lead { span { (p.unit(lead)) } }
        @if let Some(patron) = &red.patron { span.s { (p.post(patron)) } }
    };
    let desk = html! {
        @match &red.desk {
            Some(desk) => {
                span { (p.unit(&desk.unit)) }
                span.s {
                    @if let Some(post) = &desk.post { (p.post(post)) " · " }
                    (t.f("cockpit.since_day", &[("day", &when::day_near(t.lang(), desk.since.day(), p.sight.day()))]))
                }
            }
            None => span.muted { "—" },
        }
    };
    let days = html! { @if red.overdue > 0 { b.c-r { (red.overdue) } } @else { span.c-r { (say) } } };
    if p.wall { vec![first, desk, days] } else { vec![first, who, desk, days] }
}

/// Why an item is red, short; the whole sentence with rule and value is the title of the line.
fn item_why(p: Pane<'_>, red: &Red) -> String {
    let t = p.t;
    match red.points {
        Some(points) if red.behind => t.f("cockpit.behind_by", &[("n", &points.text(1))]),
        _ => t.f("cockpit.was_due", &[("day", &when::day_week(t.lang(), red.due))]),
    }
}

/// Lead units in the order of need; those that cannot be told apart share a rank.
pub(super) fn units(p: Pane<'_>, most: usize, fold: bool) -> Markup {
    let t = p.t;
    let live = p.sight.live.is_some();
    let draw = |list: &[Ranked]| {
        let mut cols = vec![
            Col::text(t.s("word.unit")),
            Col::number(t.s("cockpit.red_light")),
            Col::number(t.s("light.yellow")),
            Col::number(t.s("light.green")).secondary(),
            Col::number(t.s("light.done")).secondary(),
            Col::number(t.s("cockpit.items")).secondary(),
        ];
        if live {
            cols.push(Col::number(t.s("cockpit.held_overdue")));
        }
        cols.push(Col::number(t.s("cockpit.rank")));
        let rows = list.iter().map(|r| unit_row(p, r, live)).collect();
        table(&Table { caption: t.s("cockpit.units"), cols, rows, tight: true, stacked: false })
    };
    let all = &p.sight.units;
    let (head, rest) = all.split_at(most.min(all.len()));
    let body = html! {
        @if all.is_empty() {
            (feedback::empty("building", t.s("cockpit.units_none"), t.s("cockpit.units_none_why"), false, None))
        } @else { (draw(head)) }
        @if fold && !rest.is_empty() {
            details.ck-m { summary { (t.f("cockpit.other_units", &[("n", &rest.len())])) } (draw(rest)) }
        }
    };
    let tools = p.tools(&html! { a href="/methods#rank" { (t.s("cockpit.how")) } });
    Card::new(t.s("cockpit.units")).measure(t.s("cockpit.units_sub")).tools(tools).flush(body).into()
}

fn unit_row(p: Pane<'_>, ranked: &Ranked, live: bool) -> Vec<Markup> {
    let (t, row) = (p.t, &ranked.row);
    let unit = row.unit.as_str();
    let cell = |light: Light, n: u32, class: Option<&str>| {
        html! { @if n > 0 { a class=[class] href=(p.links.unit_light(unit, light)) data-light=(code(light)) { (n) } } @else { span.muted { "0" } } }
    };
    let rank = if ranked.rank == ranked.last {
        ranked.rank.to_string()
    } else {
        t.f("cockpit.tied", &[("a", &ranked.rank), ("b", &ranked.last)])
    };
    let mut cells = vec![
        html! { span.t { a href=(p.links.unit(unit)) { (p.unit(&row.unit)) } } },
        cell(Light::Red, row.counts.red, Some("c-r")),
        cell(Light::Yellow, row.counts.yellow, Some("c-y")),
        cell(Light::Green, row.counts.green, Some("c-ink")),
        cell(Light::Done, row.counts.done, Some("c-ink")),
        html! { (row.counts.total()) },
    ];
    if live {
        cells.push(html! { (row.overdue) });
    }
    cells.push(html! { span.muted { (rank) } });
    cells
}

/// Units that hold overdue duties: how many, since when, of how many open ones.
pub(super) fn holders(p: Pane<'_>, most: usize) -> Markup {
    let t = p.t;
    let Some(live) = &p.sight.live else { return html! {} };
    let rows: Vec<Vec<Markup>> = live
        .holders
        .iter()
        .take(most)
        .map(|load| {
            let oldest =
                load.sum.oldest.map(|day| when::day_near(t.lang(), day, p.sight.day())).unwrap_or_default();
            vec![
                html! { span.t { a href={ (OVERDUE) "&holder=" (load.unit) } { (p.unit(&load.unit)) } } },
                html! { b.c-r { (load.sum.overdue) } },
                html! { (oldest) },
                html! { (load.sum.open) },
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        feedback::empty(
            "circle-check",
            t.s("cockpit.holders_none"),
            t.s("cockpit.holders_none_why"),
            true,
            None,
        )
    } else {
        let cols = vec![
            Col::text(t.s("cockpit.holder")),
            Col::number(t.s("cockpit.overdue")),
            Col::number(t.s("cockpit.oldest")),
            Col::number(t.s("cockpit.open")),
        ];
        table(&Table { caption: t.s("cockpit.holders"), cols, rows, tight: true, stacked: false })
    };
    let tools = p.tools(&html! { a href=(OVERDUE) { (t.s("cockpit.red_all")) } });
    Card::new(t.s("cockpit.holders")).measure(t.s("cockpit.holders_sub")).tools(tools).flush(body).into()
}

/// The measured item: reported against target and time, and what was handed down.
pub(super) fn measured(p: Pane<'_>, parts: bool) -> Markup {
    let t = p.t;
    let Some(m) = &p.sight.measured else { return html! {} };
    let name = t.words(&m.name);
    let unit = t.words(&m.unit);
    let small = t.f("cockpit.unit_small", &[("unit", &unit)]);
    let value = m.value.map_or_else(|| t.s("light.grey").to_owned(), |v| v.to_string());
    let target = m.target.to_string();
    let time = m.time_percent.text(1);
    let shown = m.percent.map(|p| p.text(1)).unwrap_or_default();
    let label = t.f("cockpit.bullet", &[("percent", &shown), ("time", &time)]);
    let lags = m.percent.is_some_and(|percent| percent < m.time_percent);
    let body = html! {
        (stats(&[
            Stat { label: t.s("cockpit.reported"), value: &value, unit: &small, ..Stat::default() },
            Stat { label: t.s("cockpit.target"), value: &target, unit: &small, ..Stat::default() },
            Stat { label: t.s("cockpit.time"), value: &time, unit: "%", ..Stat::default() },
        ]))
        div.cv {
            (bullet(m.percent.map_or(0.0, number), Some(number(m.time_percent)), if lags { Tone::Warn } else { Tone::Good }, Size::Big, &label))
            p.muted.xs { (progress(t, m.percent, m.time_percent)) " · " (t.s("cockpit.bullet_how")) }
        }
        @if parts && !m.parts.is_empty() { (handed_down(p, m, &unit)) }
    };
    let link = html! { a href=(p.links.item(&m.code)) { (m.code) } };
    let tools = html! { (mark::src(t, Some(t.s("cockpit.target_src")))) (p.tools(&link)) };
    Card::new(&name).measure(t.s("cockpit.measured_sub")).tools(tools).body(body).into()
}

fn handed_down(p: Pane<'_>, m: &Measured, unit: &str) -> Markup {
    let t = p.t;
    let sum: Decimal = m.parts.iter().map(|(_, _, target)| *target).sum();
    let parts: Vec<Part> = m
        .parts
        .iter()
        .map(|(lead, _, target): &(_, Words, _)| Part {
            name: p.unit(lead),
            value: number(*target),
            text: target.to_string(),
        })
        .collect();
    let sized = |n: Decimal| t.f("cockpit.with_unit", &[("n", &n), ("unit", &unit)]);
    let (whole, all) = (sized(m.target), sized(sum));
    let label = t.f("cockpit.parts_said", &[("target", &whole), ("sum", &all)]);
    html! { div.cv { (decomposition(t, number(m.target), &whole, &all, &parts, &label)) } }
}
