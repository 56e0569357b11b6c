//! One topic: why, the duties of its owners, the effect with its counts, and closing it.

use super::scope;
use crate::topic::{self, Effect, Stretch, Topic};
use crate::web::boards::place_cases;
use crate::web::boards::rows::Rows;
use crate::web::rates::month_text;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::i18n::T;
use base::web::form::Fields;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, Explain, PageHead, explain, facts, page_head};
use base::web::ui::form::{Field, Input, acts, field, post};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::meter::{Size, bullet, percent};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::Refuse;
use kernel::access::{Action, Resource};
use kernel::duty::Duty;
use kernel::text::Remark;

/// What the page shows.
struct Shown {
    topic: Topic,
    duties: Vec<Duty>,
    effect: Effect,
    may: bool,
}

pub(super) async fn page(ctx: Ctx, Path(no): Path<String>) -> Outcome<Response> {
    draw(&ctx, no, None).await
}

pub(super) async fn close(Path(no): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    match closed(&ctx, &no, &fields).await {
        Ok(topic) => Ok(after(&format!("/topics/{}", topic.no), "topics.close")),
        Err(Fault::Refused(refused)) if !is_absent(&*refused) => {
            let status = base::web::problem::status(refused.kind());
            let page = draw(&ctx, no, Some((&fields, &*refused))).await?;
            Ok((status, page).into_response())
        }
        Err(fault) => Err(fault),
    }
}

/// A page cannot be drawn again for whom it does not exist.
fn is_absent(no: &dyn Refuse) -> bool {
    matches!(no.kind(), kernel::Kind::NotFound | kernel::Kind::Forbidden)
}

async fn closed(ctx: &Ctx, no: &str, fields: &Fields) -> Outcome<Topic> {
    fields.only(&["note"])?;
    let (no, note) = (no.to_owned(), Remark::parse("note", fields.text("note"))?);
    ctx.app.write(&ctx.who, move |op| topic::close(op, &no, &note)).await
}

async fn draw(ctx: &Ctx, no: String, typed: Option<(&Fields, &dyn Refuse)>) -> Outcome<Response> {
    let shown = ctx
        .app
        .read(&ctx.who, move |op| {
            let (topic, duties) = topic::read(op, &no)?;
            let may = op.judge(Action::TopicOpen, &Resource::new()).is_ok();
            Ok(Shown { effect: topic::effect(op, &topic)?, topic, duties, may })
        })
        .await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let look = Rows::new(ctx, &book)?;
    let (t, topic) = (ctx.t(), &shown.topic);
    let head = PageHead {
        title: topic.title.as_str(),
        sub: topic.why.as_str(),
        eyebrow: Some(html! { (t.s("topics.title")) " " (mark::tag_strong(&topic.no)) }),
        ..PageHead::default()
    };
    let body = html! {
        (page_head(&head))
        (about(&look, topic))
        (duties(&look, &shown.duties))
        (effect(&look, &shown))
        @if shown.may && topic.closing.is_none() { (close_form(ctx, t, topic, typed)) }
    };
    let page = Page::new(topic.title.as_str(), body).class("p-topics").crumb(t.s("topics.title"), "/topics");
    Ok(page.draw(ctx))
}

fn about(look: &Rows<'_>, topic: &Topic) -> Markup {
    let t = look.t;
    let day = |at: kernel::Instant| when::day_full(t.lang(), at.day());
    let category = look.category(topic.category.as_str());
    let link = topic.place.as_ref().map(|place| place_cases(place, topic.category.as_str()));
    let mut pairs = vec![
        (
            t.s("boards.category"),
            html! { @match &link { Some(href) => a href=(href) { (category) }, None => (category) } },
        ),
        (t.s("topics.scope"), html! { (scope(look, topic)) }),
        (t.s("topics.opened"), html! { (day(topic.opened_at)) }),
    ];
    match &topic.closing {
        Some(closing) => {
            pairs.push((t.s("topics.closed"), html! { (day(closing.at)) }));
            pairs.push((t.s("topics.note"), html! { (closing.note.as_str()) }));
        }
        None => pairs.push((t.s("topics.state"), html! { b { (t.s("topics.open")) } })),
    }
    Card::new(t.s("topics.about")).body(facts(&pairs)).into()
}

fn duties(look: &Rows<'_>, all: &[Duty]) -> Markup {
    let t = look.t;
    let line = |duty: &Duty| {
        vec![
            title_cell(&format!("/d/{}", duty.id), duty.title.as_str(), ""),
            html! { (duty.lead.as_ref().map(|unit| look.unit(unit)).unwrap_or_default()) },
            html! { (duty.due().map_or_else(|| "—".to_owned(), |at| when::day_full(t.lang(), at.day()))) },
            html! { (duty.state.name().say(t.lang())) },
        ]
    };
    let cols = vec![
        Col::text(t.s("topics.duty")),
        Col::text(t.s("topics.owner")),
        Col::text(t.s("boards.due")),
        Col::text(t.s("topics.state")),
    ];
    let shown = Table {
        caption: t.s("topics.duties"),
        cols,
        rows: all.iter().map(line).collect(),
        tight: false,
        stacked: true,
    };
    Card::new(t.s("topics.duties")).measure(t.s("topics.duties_text")).flush(table(&shown)).into()
}

/// `123件，90天，每30天41.0件`.
fn stretch(t: T<'_>, s: Stretch) -> String {
    let rate = s.per_month().map_or_else(|| "—".to_owned(), |rate| rate.text(1));
    t.f("topics.stretch", &[("n", &s.cases), ("days", &s.days), ("rate", &rate)])
}

fn effect(look: &Rows<'_>, shown: &Shown) -> Markup {
    let (t, e) = (look.t, &shown.effect);
    let dropped = e.drop();
    let value = dropped.map_or_else(|| "—".to_owned(), |d| d.text(1));
    let rate = |s: Stretch| s.per_month().map_or_else(|| "—".to_owned(), |rate| rate.text(1));
    let after = e.after.map_or_else(|| t.s("topics.not_yet").to_owned(), |s| stretch(t, s));
    let substituted = match (dropped, e.after) {
        (Some(_), Some(after)) => {
            format!("({} − {}) ÷ {} = {value}%", rate(e.before), rate(after), rate(e.before))
        }
        _ => t.s("topics.not_yet").to_owned(),
    };
    let x = Explain {
        name: t.s("topics.drop"),
        short: &after,
        value: &value,
        unit: "%",
        formula: t.s("topics.formula"),
        substituted: &substituted,
        inputs: vec![
            (t.s("topics.before").to_owned(), e.before.cases.to_string(), stretch(t, e.before)),
            (
                t.s("topics.after").to_owned(),
                e.after.map_or_else(|| "—".to_owned(), |s| s.cases.to_string()),
                after.clone(),
            ),
        ],
        exclusions: vec![t.s("topics.counted").to_owned()],
        ..Explain::default()
    };
    let most = e.months.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let wide = |n: u64| percent(share(n), share(most));
    let line = |(month, n): &(u32, u64)| {
        let label = t.f("topics.month_label", &[("month", &month_text(*month)), ("n", n)]);
        vec![
            html! { (month_text(*month)) },
            html! { (bullet(wide(*n), None, Tone::Plain, Size::Thin, &label)) },
            html! { (n) },
        ]
    };
    let cols =
        vec![Col::text(t.s("rates.month")), Col::text(t.s("topics.bar")), Col::number(t.s("hot.cases"))];
    let months = Table {
        caption: t.s("topics.months"),
        cols,
        rows: e.months.iter().map(line).collect(),
        tight: true,
        stacked: false,
    };
    Card::new(t.s("topics.effect"))
        .measure(t.s("topics.effect_text"))
        .flush(html! { (explain(t, &x)) (table(&months)) })
        .into()
}

fn share(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

fn close_form(ctx: &Ctx, t: T<'_>, topic: &Topic, typed: Option<(&Fields, &dyn Refuse)>) -> Markup {
    let no = typed.map(|(_, no)| no);
    let value = typed.map_or("", |(fields, _)| fields.text("note"));
    let inner = html! {
        @if let Some(no) = no { (feedback::refusal(t, no, None)) }
        (field(t, &Field::new("note", t.s("topics.note")).hint(t.s("topics.note_hint")).value(value).refused(t, no), &Input::Area(3, Remark::MAX)))
        (acts(Button::new(t.s("topics.close")).primary().submit()))
    };
    let action = format!("/topics/{}/close", topic.no);
    Card::new(t.s("topics.close")).id("close").body(post(&action, &ctx.session.csrf, false, inner)).into()
}
