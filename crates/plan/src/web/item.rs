//! `/plan/{code}`: one item in full, with the forms for a figure and for a change.

use super::changes::{change_card, typed_ask};
use super::panel;
use super::query::View;
use super::tree::{row_heads, task_row};
use super::words::{Names, badge, source};
use crate::act::{self, Entry, Wish};
use crate::board::{ItemView, TaskKind, TaskView};
use crate::detail::Detail;
use crate::model::{Value, What};
use crate::rules::decimal;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use base::i18n::T;
use base::web::form::Fields;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::form::{Choice, Field, Input, acts, field, token};
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Tone, feedback, mark, when};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::text::Remark;
use kernel::{Day, Refuse};
use maud::{Markup, html};

/// What was typed into a form that was refused, and why.
pub(super) struct Typed {
    pub(super) fields: Fields,
    pub(super) no: Box<dyn Refuse>,
}

/// The page.
pub(super) async fn show(ctx: Ctx, Path(code): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let view = View::parse(&query.unwrap_or_default())?;
    draw(&ctx, &code, &view, None).await
}

/// Takes a figure; a refused one shows the page again with what was typed.
pub(super) async fn value(Path(code): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    match report(&ctx, fields.clone()).await {
        Ok(()) => Ok(after(&format!("/plan/{code}#values"), "plan.value")),
        Err(Fault::Refused(no)) => again(&ctx, &code, fields, no).await,
        Err(fault) => Err(fault),
    }
}

async fn report(ctx: &Ctx, fields: Fields) -> Outcome<()> {
    fields.only(&["code", "value", "day", "note"])?;
    let code = fields.text("code").to_owned();
    let entry = Entry {
        value: decimal("value", fields.text("value"))?,
        day: fields.given("day").map(|d| Day::parse("day", d)).transpose()?,
        note: fields.given("note").map(|n| Remark::parse("note", n)).transpose()?,
        grade: None,
    };
    ctx.app.write(&ctx.who, move |op| act::report(op, &code, &entry).map(|_| ())).await
}

/// Takes a request for a change.
pub(super) async fn ask(Path(code): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    match propose(&ctx, &code, fields.clone()).await {
        Ok(()) => Ok(after(&format!("/plan/{code}#changes"), "plan.change")),
        Err(Fault::Refused(no)) => again(&ctx, &code, fields, no).await,
        Err(fault) => Err(fault),
    }
}

async fn propose(ctx: &Ctx, code: &str, fields: Fields) -> Outcome<()> {
    fields.only(&["what", "due", "target", "criterion", "reason"])?;
    let what = What::parse("what", fields.text("what"))?;
    let wish = Wish::parse(what, typed_ask(&fields, what))?;
    let reason = Remark::parse("reason", fields.text("reason"))?;
    let code = code.to_owned();
    ctx.app.write(&ctx.who, move |op| act::propose(op, &code, &wish, &reason).map(|_| ())).await
}

async fn again(ctx: &Ctx, code: &str, fields: Fields, no: Box<dyn Refuse>) -> Outcome<Response> {
    let status = base::web::problem::status(no.kind());
    let page = draw(ctx, code, &View::default(), Some(Typed { fields, no })).await?;
    Ok((status, page).into_response())
}

async fn draw(ctx: &Ctx, code: &str, view: &View, typed: Option<Typed>) -> Outcome<Response> {
    let (at, wanted) = (ctx.shown_at(), code.to_owned());
    let detail = ctx.app.read(&ctx.who, move |op| crate::detail::load(op, &wanted, at)).await?;
    let n = Names::new(ctx, &detail.board.book, at.day())?;
    let item = detail.view()?;
    let t = n.t;
    let title = format!("{} {}", item.code, t.words(&item.title));
    let body = html! {
        (head(&n, item))
        @if let Some(day) = ctx.as_of.filter(|d| *d < ctx.now().day()) {
            (feedback::past(t, day, &view.with(|v| v.as_of = None).at(&format!("/plan/{code}"))))
        }
        div.g.gpl {
            div.stack {
                (standing(&n, &detail, item)?)
                @if item.parts > 0 { (tasks(&n, item, TaskKind::Part)) }
                @if item.nodes > 0 { (tasks(&n, item, TaskKind::Node)) }
                @if item.unit.is_some() { (values(ctx, &n, &detail, item, typed.as_ref())) }
                (change_card(ctx, &n, &detail, item, typed.as_ref()))
            }
            div.stack { (side(ctx, &n, &detail, item)) }
        }
    };
    Ok(Page::new(title, body)
        .class("p-plan")
        .crumb(t.s("plan.title"), "/plan")
        .marks(true, ctx.app.simulated, true)
        .draw(ctx))
}

fn head(n: &Names<'_>, item: &ItemView) -> Markup {
    let t = n.t;
    let title = t.words(&item.title).into_owned();
    let duty = item.duty.map(|id| format!("/d/{id}"));
    page_head(&PageHead {
        title: &title,
        sub: "",
        eyebrow: Some(html! {
            (mark::tag_strong(&item.code)) " " (mark::tag(&n.list(&item.list))) " " (source(t, &item.source))
        }),
        meta: Some(html! {
            (badge(t, item.light, item.behind)) span.muted.xs { (t.words(&item.light_why)) }
        }),
        acts: Some(html! {
            (Button::new(t.s("act.print")).icon("printer").attr("data-print", ""))
            @if let Some(href) = &duty { (Button::link(t.s("plan.open_duty"), href).icon("clipboard-list").primary()) }
        }),
    })
}

/// Where it stands: bars, due day, target, criterion, last note.
fn standing(n: &Names<'_>, d: &Detail, item: &ItemView) -> Outcome<Markup> {
    let t = n.t;
    let state = item.stage.say(t.lang());
    let due = html! {
        (when::day_full(t.lang(), item.due))
        @if let Some(first) = item.due_original { " " span.muted.xs { (t.f("plan.first_was", &[("value", &when::day_full(t.lang(), first))])) } }
        @if item.overdue_workdays > 0 { " " b.c-r { (t.f("plan.late_full", &[("n", &item.overdue_workdays)])) } }
    };
    let criterion = html! {
        (t.words(&d.criterion.0))
        @if let Some(first) = &d.criterion.1 { " " span.muted.xs { (t.f("plan.first_was", &[("value", &t.words(first))])) } }
    };
    let mut pairs = vec![(t.s("plan.state"), html! { (state) }), (t.s("plan.due"), due)];
    if let Some(measure) = &d.item()?.measure {
        pairs.push((t.s("plan.measure"), html! { (t.words(&measure.name)) }));
        pairs.push((t.s("plan.target"), panel::target_line(t, d, item)));
    }
    pairs.push((t.s("plan.criterion"), criterion));
    if let Some((at, note)) = &item.last_note {
        let said = html! { (t.say(note)) " " span.muted.xs { (when::moment(t.lang(), *at, n.today)) } };
        pairs.push((t.s("plan.last_note"), said));
    }
    let body = html! { div.stack { div.pd { (panel::progress(n, item)) } (facts(&pairs)) } };
    Ok(Card::new(t.s("plan.progress_time")).body(body).into())
}

/// Parts or nodes, in the rows of the tree.
fn tasks(n: &Names<'_>, item: &ItemView, kind: TaskKind) -> Markup {
    let t = n.t;
    let own: Vec<&TaskView> = item.tasks.iter().filter(|task| task.kind == kind).collect();
    let title = match kind {
        TaskKind::Part => t.s("plan.parts"),
        TaskKind::Node => t.s("plan.nodes"),
    };
    let done = own.iter().filter(|task| task.done).count();
    let measure = t.f("plan.tasks_sub", &[("done", &done), ("n", &own.len())]);
    let rows = html! {
        (row_heads(t))
        div.ptb role="treegrid" aria-label=(title) { @for task in &own { (task_row(n, task, 2)) } }
    };
    Card::new(title).measure(&measure).class("ptree").flush(rows).into()
}

/// Reported figures with who entered them, and the form.
fn values(ctx: &Ctx, n: &Names<'_>, d: &Detail, item: &ItemView, typed: Option<&Typed>) -> Markup {
    let t = n.t;
    let codes = std::iter::once(item.code.as_str())
        .chain(item.tasks.iter().filter(|task| task.kind == TaskKind::Part).map(|task| task.code.as_str()));
    let mut all: Vec<&Value> = codes
        .filter_map(|code| kernel::Slug::parse("code", code).ok())
        .filter_map(|code| d.facts.values.get(&code))
        .flatten()
        .collect();
    all.sort_by_key(|v| std::cmp::Reverse((v.at, v.code.clone())));
    let unit = item.unit.as_ref().map(|u| t.words(u).into_owned()).unwrap_or_default();
    let head = format!("{} {unit}", t.s("plan.figure"));
    let rows = all.iter().take(60).map(|v| value_cells(n, v)).collect();
    let list = Table {
        caption: t.s("plan.values"),
        cols: vec![
            Col::text(t.s("plan.up_to")),
            Col::text(t.s("plan.code")),
            Col::number(&head),
            Col::text(t.s("plan.note")),
            Col::text(t.s("plan.entered_by")).secondary(),
        ],
        rows,
        tight: true,
        stacked: true,
    };
    let body = html! {
        @if all.is_empty() { div.card-body { p.muted { (t.s("plan.no_values")) } } } @else { (table(&list)) }
        @if !d.may.report.is_empty() { div.card-body { (value_form(ctx, n, d, item, typed)) } }
        div.card-body { (feedback::note(Tone::Plain, html! { (t.s("plan.two_books")) })) }
    };
    let tools =
        html! { (mark::book(t, mark::Book::Reported)) @if ctx.app.simulated { " " (mark::sim(t, None)) } };
    Card::new(t.s("plan.values")).id("values").tools(tools).flush(body).into()
}

fn value_cells(n: &Names<'_>, v: &Value) -> Vec<Markup> {
    let t = n.t;
    vec![
        html! { (when::day_near(t.lang(), v.day, n.today)) },
        html! { span.mono { (v.code) } },
        html! { b { (v.value) } },
        html! { (t.say(&v.note)) },
        html! { (n.actor(&v.by)) br; span.muted.xs { (when::moment(t.lang(), v.at, n.today)) } },
    ]
}

fn value_form(ctx: &Ctx, n: &Names<'_>, d: &Detail, item: &ItemView, typed: Option<&Typed>) -> Markup {
    let t = n.t;
    let mine = typed.filter(|x| x.fields.given("what").is_none() && x.fields.names().any(|f| f == "value"));
    let no = mine.map(|x| &*x.no);
    let text = |name: &'static str| mine.map_or("", |x| x.fields.text(name));
    let name_of = |code: &str| {
        let part = item.tasks.iter().find(|task| task.code == code);
        part.map_or_else(|| t.words(&item.title).into_owned(), |p| t.words(&p.title).into_owned())
    };
    let choices: Vec<Choice> =
        d.may.report.iter().map(|code| Choice::new(code, format!("{code} {}", name_of(code)))).collect();
    let first = d.may.report.first().map_or("", String::as_str);
    let today = n.today.to_string();
    let unit = item.unit.as_ref().map(|u| t.words(u).into_owned()).unwrap_or_default();
    let (code, day) = (text("code"), text("day"));
    html! {
        form.frm.w method="post" action={ "/plan/" (item.code) "/value" } {
            (token(&ctx.session.csrf))
            @if let Some(no) = no { (feedback::refusal(t, no, None)) }
            (field(t, &Field::new("code", t.s("plan.which")).value(if code.is_empty() { first } else { code }).refused(t, no), &Input::Select(&choices)))
            div.frm-g {
                (field(t, &Field::new("value", t.s("plan.figure")).value(text("value")).hint(t.s("plan.figure_hint")).refused(t, no), &Input::Number(&unit)))
                (field(t, &Field::new("day", t.s("plan.up_to")).value(if day.is_empty() { &today } else { day }).refused(t, no), &Input::Date))
            }
            (field(t, &Field::new("note", t.s("plan.note")).value(text("note")).optional().hint(t.s("plan.note_hint")).refused(t, no), &Input::Text(200)))
            (acts(Button::new(t.s("plan.report")).primary().submit()))
        }
    }
}

fn side(ctx: &Ctx, n: &Names<'_>, d: &Detail, item: &ItemView) -> Markup {
    let t = n.t;
    let who = panel::who(n, d, item);
    let history = item.duty.map(|id| format!("/d/{id}"));
    html! {
        (Card::new(t.s("plan.who_does")).body(who))
        @if !item.findings.is_empty() { (Card::new(t.s("plan.checks")).body(panel::checks(n, item))) }
        (Card::new(t.s("plan.evidence"))
            .measure(&t.f("plan.evidence_sub", &[("n", &item.evidence)]))
            .tools(html! { @if ctx.app.simulated { (mark::sim(t, None)) } })
            .body(panel::proofs(n, d, 20)))
        (Card::new(t.s("plan.trace")).body(trace(t, n, item, history.as_deref())))
    }
}

/// Where the history of the item can be read, and how to see an earlier day.
fn trace(t: T, n: &Names<'_>, item: &ItemView, duty: Option<&str>) -> Markup {
    let first = Day::new(n.today.year(), n.today.month(), 1).unwrap_or(n.today);
    let before = [first.plus(-1), first.plus_months(-1).plus(-1), first.plus_months(-2).plus(-1)];
    html! {
        p { @if let Some(href) = duty { a href=(href) { (t.s("plan.duty_history")) } " · " } a href="/ledger" { (t.s("plan.ledger")) } }
        p.xs.ink2 {
            (t.s("plan.earlier"))
            @for day in before.iter().filter(|d| d.year() == n.today.year()) {
                " " a href={ "/plan/" (item.code) "?as_of=" (day) } { (when::day_near(t.lang(), *day, n.today)) }
            }
        }
    }
}
