//! `/plan`: the tree of punches, items, parts and nodes, with the selected item beside it.

use super::panel;
use super::query::{View, light_code};
use super::words::{Names, badge, due_cell, fraction, item_bar, source, task_bar};
use crate::board::{Board, ItemView, PunchView, TaskView};
use crate::check::Finding;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::icon::sized;
use base::web::ui::light::{light_bar, light_counts, shape, word};
use base::web::ui::list::{Seg, filtered, segments};
use base::web::ui::meter::{Size, bullet, number};
use base::web::ui::{Tone, feedback, mark};
use base::web::{Ctx, Page};
use kernel::light::Light;
use maud::{Markup, html};

/// Items of a punch that are shown before one asks for all.
const FEW: usize = 10;

/// The tree.
pub(super) async fn tree(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let view = View::parse(&query.unwrap_or_default())?;
    let (at, item) = (ctx.shown_at(), view.item.clone());
    let (board, detail) = ctx
        .app
        .read(&ctx.who, move |op| {
            let detail = item.map(|code| crate::detail::load(op, &code, at)).transpose()?;
            let board = match &detail {
                Some(detail) => detail.board.clone(),
                None => std::sync::Arc::new(crate::board::load(op, at)?),
            };
            Ok((board, detail))
        })
        .await?;
    let names = Names::new(&ctx, &board.book, at.day())?;
    let t = names.t;
    let body = html! {
        (head(t, &view))
        @if let Some(day) = ctx.as_of.filter(|d| *d < ctx.now().day()) {
            (feedback::past(t, day, &view.with(|v| v.as_of = None).href()))
        }
        (overview(&ctx, t, &view, &board))
        div.g.gpl[detail.is_some()] {
            (rows(&names, &view, &board))
            @if let Some(detail) = &detail { (panel::aside(&ctx, &names, &view, detail)?) }
        }
    };
    Ok(Page::new(t.s("plan.title"), body).class("p-plan").marks(true, ctx.app.simulated, true).draw(&ctx))
}

fn head(t: T, view: &View) -> Markup {
    let export = view.at("/plan/export.csv");
    page_head(&PageHead {
        title: t.s("plan.title"),
        sub: t.s("plan.sub"),
        acts: Some(html! {
            (Button::new(t.s("act.print")).icon("printer").attr("data-print", ""))
            (Button::link(t.s("act.export"), &export).icon("download"))
            (Button::link(t.s("plan.changes"), "/plan/changes").icon("arrows-exchange"))
        }),
        ..PageHead::default()
    })
}

fn overview(ctx: &Ctx, t: T, view: &View, board: &Board) -> Markup {
    let sim = ctx.app.simulated;
    let clear = View { as_of: view.as_of, ..View::default() };
    let n = |code: &str| board.lists.iter().find(|(k, _)| k.as_str() == code).map_or(0, |(_, n)| *n);
    html! {
        section.card.pl-s aria-label=(t.s("plan.overview")) {
            div.card-body {
                div {
                    div.hl-k {
                        (sized("target-arrow", 15)) (t.s("plan.judged")) span.muted { (t.s("plan.judged_how")) }
                        @if sim { (mark::sim(t, None)) }
                    }
                    p.hl-s { (sentence(t, &clear, board)) }
                }
                dl.pl-k {
                    div { dt { (t.s("word.all")) " " (mark::src(t, None)) } dd { (board.lights.total()) small { (t.s("unit.items")) } } }
                    div { dt { (t.s("plan.city_short")) } dd { (n("city")) } }
                    div { dt { (t.s("plan.district_short")) } dd { (n("district")) } }
                    div.lb {
                        dt.visually-hidden { (t.s("word.all")) }
                        dd { (light_bar(t, board.lights, t.s("word.all"))) p { (light_counts(t, board.lights)) } }
                    }
                }
            }
        }
    }
}

/// The headline: clauses that a rule made, each a link to what proves it.
fn sentence(t: T, clear: &View, board: &Board) -> Markup {
    let n = |code: &str| board.lists.iter().find(|(k, _)| k.as_str() == code).map_or(0, |(_, n)| *n);
    let behind = board.percent.map(|p| p - board.time_percent);
    let unsigned = board.items.iter().filter(|i| i.light == Light::Red && i.state == "assigned").count();
    let by_light = |light| clear.with(|v| v.light = Some(light)).href();
    let issues = clear.with(|v| v.issues = true).href();
    html! {
        (t.f("plan.hl_counts", &[("city", &n("city")), ("district", &n("district"))]))
        @if let (Some(percent), Some(gap)) = (board.percent, behind) {
            (t.s("word.comma")) (t.s("plan.hl_progress")) b { (percent.text(1)) "%" } (t.s("word.comma"))
            @if gap.raw() < 0 {
                b.c-y { (t.f("plan.hl_slower", &[("n", &gap.text(1).trim_start_matches('−'))])) }
            } @else { b.c-g { (t.f("plan.hl_faster", &[("n", &gap.text(1))])) } }
        }
        (t.s("word.full_stop")) (t.s("word.gap"))
        a href=(by_light(Light::Red)) { b.c-r { (t.f("plan.hl_red", &[("n", &board.lights.red)])) } }
        @if unsigned > 0 { (t.s("word.comma")) (t.f("plan.hl_unsigned", &[("n", &unsigned)])) }
        (t.s("word.comma"))
        a href=(by_light(Light::Yellow)) { b.c-y { (t.f("plan.hl_yellow", &[("n", &board.lights.yellow)])) } }
        @if board.findings > 0 {
            (t.s("word.comma")) a href=(issues) { b { (t.f("plan.hl_findings", &[("n", &board.findings)])) } }
        }
        @if board.no_data > 0 { (t.s("word.comma")) (t.f("plan.hl_no_data", &[("n", &board.no_data)])) }
        @if board.asked > 0 {
            (t.s("word.comma")) a href="/plan/changes" { (t.f("plan.hl_asked", &[("n", &board.asked)])) }
        }
        (t.s("word.full_stop"))
    }
}

fn rows(n: &Names<'_>, view: &View, board: &Board) -> Markup {
    let t = n.t;
    let kept = view.pick(board);
    html! {
        section.card.ptree #tree aria-label=(t.s("plan.tree")) {
            (filters(n, view, board))
            (row_heads(t))
            div.ptb role="treegrid" aria-label=(t.s("plan.tree_label")) {
                @for punch in &board.punches {
                    @let own: Vec<&ItemView> = kept.iter().copied().filter(|i| i.punch == punch.code).collect();
                    @if !own.is_empty() || !view.filters() { (punch_rows(n, view, punch, &own)) }
                }
            }
            @if kept.is_empty() { (feedback::empty("filter", t.s("plan.none"), t.s("plan.none_text"), false, None)) }
            p.pt-n {
                (sized("info-circle", 14))
                span { (t.f("plan.legend", &[("year", &year_time(board))])) " " a href="/methods" { (t.s("plan.methods")) } }
            }
        }
    }
}

/// The heads of the columns, for wide screens.
pub(super) fn row_heads(t: T) -> Markup {
    html! {
        div.pt-h aria-hidden="true" {
            span { (t.s("plan.name")) } span { (t.s("plan.light")) } span { (t.s("plan.progress")) }
            span { (t.s("plan.who")) } span { (t.s("plan.due")) } span { (t.s("plan.files")) }
        }
    }
}

/// Time progress of the whole year on the board's day.
fn year_time(board: &Board) -> String {
    let day = |m, d| kernel::Day::new(board.year, m, d).unwrap_or_else(|| board.at.day());
    crate::progress::time_percent(day(1, 1), day(12, 31), board.at.day()).text(1)
}

fn filters(n: &Names<'_>, view: &View, board: &Board) -> Markup {
    let t = n.t;
    let still = view.with(|v| v.all = None);
    let in_list = |list: Option<&str>| {
        let other = view.with(|v| v.list = list.map(str::to_owned));
        u64::try_from(board.items.iter().filter(|i| other.keeps(i)).filter(|i| lit(view, i)).count())
            .unwrap_or(0)
    };
    let list_href = |list: Option<&str>| still.with(|v| v.list = list.map(str::to_owned)).href();
    let hrefs = [list_href(None), list_href(Some("city")), list_href(Some("district"))];
    let [all, city, district] = &hrefs;
    let lists = [
        Seg {
            label: t.s("word.all"),
            count: Some(in_list(None)),
            href: all,
            current: view.list.is_none(),
            light: None,
        },
        Seg {
            label: t.s("plan.city_short"),
            count: Some(in_list(Some("city"))),
            href: city,
            current: view.list.as_deref() == Some("city"),
            light: None,
        },
        Seg {
            label: t.s("plan.district_short"),
            count: Some(in_list(Some("district"))),
            href: district,
            current: view.list.as_deref() == Some("district"),
            light: None,
        },
    ];
    let issues = still.with(|v| v.issues = !v.issues).href();
    let word = t.f("plan.issues", &[("n", &board.findings)]);
    html! {
        div.wk-f {
            (segments(t.s("plan.lists"), &lists))
            (light_filter(t, &still, view, board))
            span.sp {}
            a.btn.btn-sm href=(issues) aria-current=[view.issues.then_some("true")] { (sized("git-fork", 14)) span { (word) } }
        }
        @if view.filters() { div.wk-f { (names_of(n, view)) } }
    }
}

fn lit(view: &View, item: &ItemView) -> bool {
    view.light.is_none_or(|l| item.light == l)
}

fn light_filter(t: T, still: &View, view: &View, board: &Board) -> Markup {
    let count = |light| board.items.iter().filter(|i| view.keeps(i) && i.light == light).count();
    let shown = [Light::Red, Light::Yellow, Light::Green, Light::Done, Light::Paused, Light::Grey];
    html! {
        div.seg.sl role="group" aria-label=(t.s("plan.light")) {
            @for light in shown {
                @let n = count(light);
                @let current = view.light == Some(light);
                @if n > 0 || current {
                    // A second click on the light in force takes it off.
                    @let href = still.with(|v| v.light = (!current).then_some(light)).href();
                    a href=(href) aria-current=[current.then_some("true")] data-l=(light_code(light)) {
                        (shape(light, 13)) (if light == Light::Red { t.s("plan.red") } else { word(t, light) }) " " b { (n) }
                    }
                }
            }
        }
    }
}

fn names_of(n: &Names<'_>, view: &View) -> Markup {
    let t = n.t;
    let mut said: Vec<String> = Vec::new();
    let slug = |code: &String| kernel::Slug::parse("code", code).ok();
    said.extend(view.list.as_ref().and_then(slug).map(|l| n.list(&l)));
    said.extend(view.light.map(|l| word(t, l).to_owned()));
    let punch = view.punch.as_deref().and_then(|p| n.book.plan.punches.iter().find(|x| x.code.as_str() == p));
    said.extend(punch.map(|p| t.words(&p.title).into_owned()));
    said.extend(
        view.unit.as_deref().and_then(|u| kernel::UnitCode::parse("unit", u).ok()).map(|u| n.unit(&u)),
    );
    said.extend(view.issues.then(|| t.s("plan.issues_only").to_owned()));
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let clear = View { as_of: view.as_of, item: view.item.clone(), ..View::default() }.href();
    filtered(t, &said, &clear)
}

fn punch_rows(n: &Names<'_>, view: &View, punch: &PunchView, own: &[&ItemView]) -> Markup {
    let t = n.t;
    let whole = view.filters() || view.all.as_deref() == Some(punch.code.as_str());
    let selected = |i: &&&ItemView| view.item.as_deref() == Some(i.code.as_str());
    let few: Vec<&&ItemView> = own
        .iter()
        .enumerate()
        .filter(|(place, i)| whole || *place < FEW || selected(i))
        .map(|(_, i)| i)
        .collect();
    let more = own.len() - few.len();
    html! {
        (punch_row(n, view, punch))
        @for item in few { (item_rows(n, view, item)) }
        @if more > 0 {
            div.ptr.mo role="row" aria-level="2" {
                div role="gridcell" {
                    a.btn.btn-ghost.btn-sm href={ (view.with(|v| v.all = Some(punch.code.to_string())).href()) "#p-" (punch.code) } {
                        (sized("chevron-down", 14)) span { (t.f("plan.more", &[("n", &more)])) }
                    }
                }
            }
        }
    }
}

fn punch_row(n: &Names<'_>, view: &View, punch: &PunchView) -> Markup {
    let t = n.t;
    let title = t.words(&punch.title);
    let count = |code: &str| punch.lists.iter().find(|(k, _)| k.as_str() == code).map_or(0, |(_, n)| *n);
    let only = view.with(|v| v.punch = Some(punch.code.to_string())).href();
    let (all, city, district) = (punch.lights.total(), count("city"), count("district"));
    let sums: [(&str, &dyn std::fmt::Display); 3] = [("all", &all), ("city", &city), ("district", &district)];
    html! {
        div.ptr.lv1 role="row" aria-level="1" aria-expanded="true" id={ "p-" (punch.code) } {
            div.c.n role="gridcell" {
                button.tg type="button" data-tg data-js aria-label=(t.f("plan.fold", &[("name", &title)])) { (sized("chevron-right", 15)) }
                span.pn aria-hidden="true" { (punch.mark) }
                div { b { a href=(only) { (title) } } small { span { (t.f("plan.punch_counts", &sums)) } } }
            }
            div.c.lb role="gridcell" { (light_bar(t, punch.lights, &title)) span { (light_counts_short(t, punch)) } }
            div.c.p role="gridcell" { (punch_bar(t, punch)) }
            div.c.e role="gridcell" { (evidence(t, punch.evidence)) }
        }
    }
}

fn light_counts_short(t: T, punch: &PunchView) -> Markup {
    html! {
        @for light in [Light::Red, Light::Yellow, Light::Green, Light::Done] {
            span.gd-lcount { (shape(light, 12)) b { (punch.lights.of(light)) } span.visually-hidden { (word(t, light)) } }
        }
    }
}

fn punch_bar(t: T, punch: &PunchView) -> Markup {
    let Some(percent) = punch.percent else {
        return html! { span.pv { span.muted { (t.s("plan.no_percent")) } } };
    };
    let label =
        t.f("plan.bar_label", &[("percent", &percent.text(1)), ("mark", &punch.time_percent.text(1))]);
    let gap = percent - punch.time_percent;
    let class = if gap.raw() < 0 { "c-y" } else { "c-g" };
    html! {
        (bullet(number(percent), Some(number(punch.time_percent)), Tone::Plain, Size::Thin, &label))
        span.pv { b { (percent.text(1)) "%" } small class=(class) { (mark::signed(gap, 1)) } }
    }
}

fn evidence(t: T, n: u32) -> Markup {
    html! { span title=(t.s("plan.evidence_count")) { (sized("paperclip", 13)) (n) span.visually-hidden { (t.s("plan.evidence_unit")) } } }
}

/// The flag of the gravest finding that a row should say.
fn flag(t: T, findings: &[Finding]) -> Markup {
    let first = findings.iter().find(|f| !f.short.zh.is_empty());
    html! {
        @if let Some(f) = first {
            @let class = if f.light == Light::Red { "ckf is-r" } else { "ckf is-y" };
            span class=(class) title=(t.words(&f.words)) { (sized("git-fork", 12)) (t.words(&f.short)) }
        }
    }
}

fn item_rows(n: &Names<'_>, view: &View, item: &ItemView) -> Markup {
    let t = n.t;
    let selected = view.item.as_deref() == Some(item.code.as_str());
    let open = view.open.as_deref() == Some(item.code.as_str()) || (selected && view.open.is_none());
    let toggled = view.with(|v| v.open = Some(if open { "none".to_owned() } else { item.code.clone() }));
    let panel = view.with(|v| {
        v.item = Some(item.code.clone());
        v.open = None;
    });
    let class = if selected { "ptr lv2 is-sel" } else { "ptr lv2" };
    let word = if open { "plan.fold" } else { "plan.unfold" };
    html! {
        div class=(class) role="row" aria-level="2" aria-expanded=[(!item.tasks.is_empty()).then_some(if open { "true" } else { "false" })]
            aria-selected=[selected.then_some("true")] id={ "i-" (item.code) } {
            div.c.n role="gridcell" {
                @if item.tasks.is_empty() { span.tg {} } @else {
                    a.tg href={ (toggled.href()) "#i-" (item.code) } aria-label=(t.f(word, &[("name", &item.code)])) { (sized("chevron-right", 15)) }
                }
                div {
                    a href={ (panel.href()) "#i-" (item.code) } title=(t.words(&item.title)) { (t.words(&item.title)) }
                    small {
                        span.mono { (item.code) } (source(t, &item.source))
                        span { (fraction(t, item.value, item.target.filter(|_| item.value.is_some()), item.unit.as_ref())) }
                        (flag(t, &item.findings))
                    }
                }
            }
            div.c.l role="gridcell" { span title=(t.words(&item.light_why)) { (badge(t, item.light, item.behind)) } }
            div.c.p role="gridcell" { (item_bar(t, item)) }
            div.c.u role="gridcell" { span { (n.unit(&item.lead)) } small { (n.post(&item.patron)) } }
            div.c.d role="gridcell" { (due_cell(n, item.due, item.overdue_workdays, item.done)) }
            div.c.e role="gridcell" { (evidence(t, item.evidence)) }
        }
        @if open { @for task in &item.tasks { (task_row(n, task, 3)) } }
    }
}

/// A part or node; level 3 below its item, 2 on the item's own page.
pub(super) fn task_row(n: &Names<'_>, task: &TaskView, level: u8) -> Markup {
    let t = n.t;
    let title = t.words(&task.title);
    html! {
        div class={ "ptr lv" (level) } role="row" aria-level=(level) {
            div.c.n role="gridcell" {
                span.tg {}
                div {
                    @match task.duty {
                        Some(id) => a href={ "/d/" (id) } title=(title) { (title) },
                        None => span title=(t.s("plan.not_loaded")) { (title) },
                    }
                    small {
                        span.mono { (task.code) }
                        @if task.target.is_some() { span { (fraction(t, task.value, task.target, None)) } }
                    }
                }
            }
            div.c.l role="gridcell" { span title=(t.words(&task.light_why)) { (badge(t, task.light, task.behind)) } }
            div.c.p role="gridcell" { (task_bar(t, task)) }
            div.c.u role="gridcell" { span { (n.unit(&task.lead)) } small { (n.post(&task.patron)) } }
            div.c.d role="gridcell" { (due_cell(n, task.due, task.overdue_workdays, task.done)) }
            div.c.e role="gridcell" { (evidence(t, task.evidence)) }
        }
    }
}
