//! The three rates and the exclusions, from kept counters.

use super::lists::tabs;
use crate::model::By;
use crate::rates::{Board, Query, RateRow, board};
use crate::web::portal::caller::Caller;
use crate::web::portal::frame::Sheet;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::op::Who;
use base::web::ui::icon::sized;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, feedback, html};
use kernel::score::Rate;
use kernel::{Day, Slug};

/// Months of a board, this one included.
const MONTHS: i32 = 3;

fn month_of(day: Day) -> u32 {
    u32::try_from(i32::from(day.year()) * 100 + i32::from(day.month())).unwrap_or(0)
}

async fn query(caller: &Caller, who: &Who, by: By, months: i32) -> Outcome<Board> {
    let today = caller.today();
    let query = Query {
        from: month_of(today.plus_months(1 - months)),
        until: month_of(today),
        by,
        unit: None,
        category: None,
        kind: None,
    };
    caller.app.read(who, move |op| board(op, &query)).await
}

/// The figures of the first page.
pub(in crate::web) async fn this_month(caller: &Caller, who: &Who) -> Outcome<Markup> {
    let board = query(caller, who, By::Unit, MONTHS).await?;
    let t = caller.t();
    Ok(html! {
        section.gp-w.gp-s aria-labelledby="month" {
            header { h2 #month { (t.f("public.rates.last", &[("n", &MONTHS)])) } span.sp {} a href="/portal/public/rates" { (t.s("public.rates.all")) } }
            @if board.total.all == 0 { (feedback::empty("chart-bar", t.s("public.none"), t.s("public.none_text"), false, None)) }
            @else { (three(t, &board.total)) }
        }
    })
}

/// One rate as large figure with its interval.
fn three(t: T, row: &RateRow) -> Markup {
    let tile = |name: &str, rate: Option<&Rate>| {
        html! { div { dt { (name) } @match rate {
            Some(rate) => { dd { (rate.percent.text(1)) small { "%" } } dd.n { (interval(t, rate)) } }
            None => { dd { "—" } dd.n { (t.s("public.rates.no_base")) } }
        } } }
    };
    let (met, of) = row.in_time;
    html! {
        dl.gp-k {
            (tile(t.s("public.rates.response"), row.rates.response.as_ref()))
            (tile(t.s("public.rates.solved"), row.rates.solved.as_ref()))
            (tile(t.s("public.rates.satisfied"), row.rates.satisfied.as_ref()))
            div { dt { (t.s("public.rates.in_time")) } dd { (met) small { " / " (of) } } dd.n { (t.s("public.rates.in_time_text")) } }
        }
    }
}

/// `412件，81.4%—88.3%`.
fn interval(t: T, rate: &Rate) -> String {
    t.f("public.rates.interval", &[("n", &rate.of), ("low", &rate.low.text(1)), ("high", &rate.high.text(1))])
}

fn cell(t: T, rate: Option<&Rate>) -> Markup {
    html! { @match rate { Some(rate) => { b { (rate.percent.text(1)) "%" } br; small.sub { (interval(t, rate)) } } None => "—" } }
}

pub(super) async fn rates(caller: Caller) -> Outcome<Response> {
    let who = caller.who()?;
    let board = query(&caller, &who, By::Unit, MONTHS).await?;
    let t = caller.t();
    let rows = board.rows.iter().filter(|row| row.all > 0).map(|row| {
        vec![
            html! { (t.words(&row.name)) },
            html! { (row.all) },
            cell(t, row.rates.response.as_ref()),
            cell(t, row.rates.solved.as_ref()),
            cell(t, row.rates.satisfied.as_ref()),
        ]
    });
    let shown = Table {
        caption: t.s("public.rates.by_unit"),
        cols: vec![
            Col::text(t.s("word.unit")),
            Col::number(t.s("public.rates.scored")),
            Col::number(t.s("public.rates.response")),
            Col::number(t.s("public.rates.solved")),
            Col::number(t.s("public.rates.satisfied")),
        ],
        rows: rows.collect(),
        tight: false,
        stacked: true,
    };
    let body = html! {
        div.gp-w.pub {
            (tabs(t, "/portal/public/rates"))
            h1 { (t.s("public.rates.title")) } p.sub { (t.f("public.rates.sub", &[("n", &MONTHS)])) }
            @if board.total.all == 0 { (feedback::empty("chart-bar", t.s("public.none"), t.s("public.none_text"), false, None)) }
            @else { (three(t, &board.total)) section.card { (table(&shown)) } }
            section.card.pad { h2 { (t.s("public.rates.how")) } ul.dots { @for words in &board.formulas { li { (t.words(words)) } } } }
        }
    };
    Ok(Sheet::new(t.s("public.rates.title"), "/portal/public/rates", body).draw(&caller))
}

pub(super) async fn exclusions(caller: Caller) -> Outcome<Response> {
    let who = caller.who()?;
    let board = query(&caller, &who, By::Unit, MONTHS).await?;
    let (t, rules) = (caller.t(), caller.book.case_rules());
    let n = |code: &Slug| board.total.classes.get(code.as_str()).copied().unwrap_or(0);
    let rows = rules.into_iter().flat_map(|rules| &rules.exclusions).map(|(code, rule)| {
        vec![
            html! { (t.words(&rule.name)) },
            html! { (t.words(&rule.evidence_needed)) },
            html! { b { (n(code)) } },
        ]
    });
    let total: u64 = board.total.classes.values().sum();
    let shown = Table {
        caption: t.s("public.exclusions.title"),
        cols: vec![
            Col::text(t.s("public.exclusions.class")),
            Col::text(t.s("public.exclusions.needs")),
            Col::number(t.s("public.exclusions.n")),
        ],
        rows: rows.collect(),
        tight: false,
        stacked: true,
    };
    let body = html! {
        div.gp-w.pub {
            (tabs(t, "/portal/public/exclusions"))
            h1 { (t.s("public.exclusions.title")) } p.sub { (t.f("public.exclusions.sub", &[("n", &MONTHS)])) }
            p.big { (sized("filter", 20)) (t.f("public.exclusions.total", &[("n", &total), ("all", &board.total.all)])) }
            section.card { (table(&shown)) }
            section.card.pad { h2 { (t.s("public.exclusions.both")) } (both(t, &board.total)) p.sub { (t.s("public.exclusions.why")) } }
        }
    };
    Ok(Sheet::new(t.s("public.exclusions.title"), "/portal/public/rates", body).draw(&caller))
}

/// With and without the excluded, side by side: an exclusion must not hide anything.
fn both(t: T, row: &RateRow) -> Markup {
    let (without, with) = (&row.rates, &row.with_excluded);
    let line =
        |name: &str, a: Option<&Rate>, b: Option<&Rate>| vec![html! { (name) }, cell(t, a), cell(t, b)];
    let shown = Table {
        caption: t.s("public.exclusions.both"),
        cols: vec![
            Col::text(t.s("public.rates.rate")),
            Col::number(t.s("public.exclusions.without")),
            Col::number(t.s("public.exclusions.with")),
        ],
        rows: vec![
            line(t.s("public.rates.response"), without.response.as_ref(), with.response.as_ref()),
            line(t.s("public.rates.solved"), without.solved.as_ref(), with.solved.as_ref()),
            line(t.s("public.rates.satisfied"), without.satisfied.as_ref(), with.satisfied.as_ref()),
        ],
        tight: false,
        stacked: true,
    };
    table(&shown)
}
