//! `/whistles/board`: how many whistles each street sounds, as a band; who did not come; what goes before the quarterly
//! session. Streets stand in the order of their codes: there is no rank, and nothing here is a reward (D§15.17).

use super::list;
use super::look::Look;
use crate::whistle::band::{Basis, Measure};
use crate::whistle::board::{self, Board};
use crate::whistle::vocab::Level;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::web::query::Params;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::{empty, note};
use base::web::ui::list::{Col, Seg, Table, segments, table, title_cell};
use base::web::ui::{Markup, Tone, html, mark, when};
use base::web::{Ctx, Page};
use kernel::Day;

/// `GET /whistles/board`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["month"])?;
    let today = ctx.now().day();
    let day = month(&params, today)?;
    let board = ctx.app.read(&ctx.who, move |op| board::load(op, day)).await?;
    let (book, cal) = (ctx.app.book(ctx.district(), today)?, ctx.app.calendar(ctx.district(), today)?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now() };
    let title = ctx.t().s("wh.board.title").to_owned();
    Ok(Page::new(title, page(look, &board, today))
        .class("p-wst")
        .crumb(ctx.t().s("wh.title"), "/whistles")
        .marks(false, ctx.app.simulated, true)
        .draw(&ctx))
}

/// The month asked for, `2019-08`; the running one when none is.
pub(super) fn month(params: &Params, today: Day) -> Outcome<Day> {
    let Some(given) = params.get("month") else { return Ok(today) };
    Ok(Day::parse("month", &format!("{given}-01"))?.min(today))
}

fn month_code(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn page(look: Look<'_>, board: &Board, today: Day) -> Markup {
    let t = look.t;
    let before = board.month.plus(-1);
    let this = Day::new(today.year(), today.month(), 1).unwrap_or(today);
    let (now, last) = (
        format!("/whistles/board?month={}", month_code(this)),
        format!("/whistles/board?month={}", month_code(before)),
    );
    let label = |day: Day| t.f("wh.board.month", &[("y", &day.year()), ("m", &day.month())]);
    let (shown, earlier, current) = (label(board.month), label(before), label(this));
    let mut segs = vec![Seg { label: &earlier, href: &last, ..Seg::default() }];
    segs.push(Seg { label: &shown, href: "#streets", current: true, ..Seg::default() });
    if this > board.month {
        segs.push(Seg { label: &current, href: &now, ..Seg::default() });
    }
    html! {
        (page_head(&PageHead { title: t.s("wh.board.title"), sub: t.s("wh.board.sub"), ..PageHead::default() }))
        div.filters { (segments(t.s("wh.board.months"), &segs)) }
        (Card::new(t.s("wh.board.band")).measure(t.s("wh.board.band_sub")).id("streets").tools(mark::example(t, None)).flush(html! {
            div.card-body { (note(Tone::Plain, html! { (t.s("wh.board.no_rank")) })) }
            (streets(look, board))
        }))
        (Card::new(t.s("wh.board.no_shows")).measure(t.s("wh.board.no_shows_sub")).id("no-shows").flush(no_shows(look, board)))
        (Card::new(t.s("wh.board.quarterly")).measure(&t.f("wh.board.quarterly_sub", &[("from", &when::day_full(t.lang(), board.quarter))])).id("quarterly").flush(quarterly(look, board)))
    }
}

fn streets(look: Look<'_>, board: &Board) -> Markup {
    let t = look.t;
    let rows = board
        .streets
        .iter()
        .map(|measure| {
            let href = format!("/whistles?street={}&all=1", measure.street);
            vec![
                title_cell(&href, &look.unit(&measure.street), ""),
                html! { (measure.n) },
                level(look, measure, board.running),
                html! { span.muted { (basis(look, measure)) } },
            ]
        })
        .collect();
    table(&Table {
        caption: t.s("wh.board.band"),
        cols: vec![
            Col::text(t.s("wh.street")),
            Col::number(t.s("wh.board.n")),
            Col::text(t.s("wh.board.level")),
            Col::text(t.s("wh.board.basis")).secondary(),
        ],
        rows,
        tight: true,
        stacked: false,
    })
}

fn level(look: Look<'_>, measure: &Measure, running: bool) -> Markup {
    let t = look.t;
    let word = measure.level.say(t.lang());
    html! {
        @match measure.level {
            Level::Usual => { (mark::tag_outline(word)) }
            Level::Low | Level::High => { (mark::tag_strong(word)) }
            Level::Unknown => { span.muted { (word) } }
        }
        @if running && measure.level != Level::Unknown { " " span.muted.xs { (t.s("wh.board.running")) } }
    }
}

fn basis(look: Look<'_>, measure: &Measure) -> String {
    match measure.basis {
        Basis::Residents { rate, band } => look.t.f(
            "wh.board.by_residents",
            &[("rate", &rate.text(1)), ("low", &band.low.text(1)), ("high", &band.high.text(1))],
        ),
        Basis::Quartiles { low, high } => {
            look.t.f("wh.board.by_quartiles", &[("low", &low.text(1)), ("high", &high.text(1))])
        }
    }
}

fn no_shows(look: Look<'_>, board: &Board) -> Markup {
    let t = look.t;
    if board.no_shows.is_empty() {
        return empty("circle-check", t.s("wh.board.all_came"), t.s("wh.board.all_came_text"), true, None);
    }
    let rows = board
        .no_shows
        .iter()
        .map(|line| {
            vec![
                title_cell(&format!("/w/{}", line.whistle.id), &t.say(&line.whistle.title), &line.whistle.no),
                html! { (look.unit(&line.unit)) },
                html! { (line.misses) },
                html! { (look.moment(line.at)) },
                html! { (look.unit(&line.whistle.street)) },
            ]
        })
        .collect();
    table(&Table {
        caption: t.s("wh.board.no_shows"),
        cols: vec![
            Col::text(t.s("wh.list.col_title")),
            Col::text(t.s("wh.department")),
            Col::number(t.s("wh.board.times")),
            Col::text(t.s("wh.board.last")),
            Col::text(t.s("wh.street")),
        ],
        rows,
        tight: false,
        stacked: true,
    })
}

fn quarterly(look: Look<'_>, board: &Board) -> Markup {
    let t = look.t;
    if board.quarterly.is_empty() {
        return empty(
            "presentation",
            t.s("wh.board.none_listed"),
            t.s("wh.board.none_listed_text"),
            true,
            None,
        );
    }
    list::rows(look, &board.quarterly)
}
