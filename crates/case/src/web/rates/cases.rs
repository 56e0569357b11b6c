//! `/rates/cases`: the cases behind a figure, month by month, as far as this post may see cases.

use super::Ask;
use super::ask::month_text;
use crate::act;
use crate::model::{Cursor, Filter, Order};
use crate::rates::{Figure, months};
use crate::web::boards::rows::{Rows, case_table};
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Pager, Seg, pager, segments};
use base::web::ui::{feedback, html};
use base::web::{Ctx, Page};

/// Cases on a page.
const PAGE: u32 = 50;

/// The word of a figure.
pub(super) fn word(t: T<'_>, figure: Figure) -> &str {
    match figure {
        Figure::All => t.s("rates.f.all"),
        Figure::LeftOut => t.s("rates.f.left_out"),
        Figure::Excluded => t.s("rates.f.excluded"),
        Figure::Base => t.s("rates.f.base"),
        Figure::Responded => t.s("rates.f.responded"),
        Figure::NotResponded => t.s("rates.f.not_responded"),
        Figure::InTime => t.s("rates.f.in_time"),
        Figure::Valid => t.s("rates.f.valid"),
        Figure::Solved => t.s("rates.f.solved"),
        Figure::Partly => t.s("rates.f.partly"),
        Figure::NotSolved => t.s("rates.f.not_solved"),
        Figure::Satisfied => t.s("rates.f.satisfied"),
        Figure::Dissatisfied => t.s("rates.f.dissatisfied"),
    }
}

pub(super) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let today = ctx.now().day();
    let book = ctx.app.book(ctx.district(), today)?;
    let ask = Ask::parse(&query.unwrap_or_default(), today, &book)?;
    let after = ask.after.as_deref().map(Cursor::parse).transpose()?;
    let month = ask.month.filter(|m| (ask.from..=ask.until).contains(m)).unwrap_or(ask.until);
    let filter = Filter {
        unit: ask.unit.clone(),
        category: ask.category.as_ref().map(ToString::to_string),
        month: Some(month),
        figure: Some(ask.figure),
        ..Filter::default()
    };
    let (rows, next) =
        ctx.app.read(&ctx.who, move |op| act::list(op, &filter, Order::Newest, after, PAGE)).await?;
    let t = ctx.t();
    let here = |month: u32| {
        format!("/rates/cases?{}&figure={}&month={}", ask.text(), ask.figure.code(), month_text(month))
    };
    let links: Vec<(u32, String, String)> =
        months(ask.from, ask.until).into_iter().map(|m| (m, month_text(m), here(m))).collect();
    let segs: Vec<Seg> = links
        .iter()
        .map(|(m, label, href)| Seg { label, href, current: *m == month, ..Seg::default() })
        .collect();
    let title = t.f("rates.cases_title", &[("figure", &word(t, ask.figure)), ("month", &month_text(month))]);
    let category = ask.category.as_ref().and_then(|code| book.category(code.as_str()));
    let about: Vec<String> =
        [ask.unit_name(t, &book), category.map(|c| t.words(&c.name).into_owned()).unwrap_or_default()]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
    let sub = about.join(t.s("word.list"));
    let look = Rows::new(&ctx, &book)?;
    let foot =
        Pager { next: next.map(|c| format!("{}&after={}", here(month), c.text())), ..Pager::default() };
    let body = html! {
        (page_head(&PageHead { title: &title, sub: &sub, ..PageHead::default() }))
        div.wk-f { (segments(t.s("rates.month"), &segs)) }
        p.muted { (t.s("rates.cases_note")) }
        @if rows.is_empty() {
            section.card { (feedback::empty("clipboard-search", t.s("rates.cases_none"), t.s("rates.cases_none_text"), false, None)) }
        } @else { (Card::new(word(t, ask.figure)).flush(case_table(&look, &title, &rows)).foot(pager(t, &foot))) }
    };
    let back = format!("/rates?{}", ask.text());
    Ok(Page::new(title.clone(), body).class("p-rates").crumb(t.s("rates.title"), back).draw(&ctx))
}
