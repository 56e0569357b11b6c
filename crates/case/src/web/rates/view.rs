//! The page of rates: who is asked about, the total opened, groups of units with their places, and one unit from inside.

use super::ask::{KINDS, kind_code, month_text};
use super::explain::Opened;
use super::{Ask, Shown};
use crate::model::By;
use crate::rates::{Figure, RateRow};
use base::i18n::T;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Seg, Table, segments, table};
use base::web::ui::meter::{Size, bullet, number};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use kernel::playbook::{Playbook, UnitKind};
use kernel::score::{Composite, Rate};

/// The page below its frame.
pub(super) fn body(t: T<'_>, book: &Playbook, ask: &Ask, shown: &Shown) -> Markup {
    let unit = ask.unit_name(t, book);
    let title = if unit.is_empty() {
        t.s("rates.title").to_owned()
    } else {
        t.f("rates.title_of", &[("unit", &unit)])
    };
    let period = t.f("rates.period", &[("from", &month_text(ask.from)), ("until", &month_text(ask.until))]);
    let acts = html! {
        (Button::link(t.s("rates.csv"), &format!("/rates/export.csv?{}", ask.text())).icon("download"))
        (Button::link(t.s("rates.xlsx"), &format!("/rates/export.xlsx?{}", ask.text())).icon("table"))
    };
    let head = PageHead { title: &title, sub: &period, acts: Some(acts), ..PageHead::default() };
    html! {
        (page_head(&head))
        (filters(t, book, ask))
        @if shown.board.total.all == 0 {
            section.card { (feedback::empty("chart-bar", t.s("rates.none"), t.s("rates.none_text"), false, None)) }
        } @else {
            (opened(t, book, ask, shown))
            @if ask.unit.is_none() { @for (kind, rows) in &shown.groups { (group(t, ask, *kind, rows)) } }
            @if let Some((by_category, by_month)) = &shown.inside {
                (plain(t, &ask.as_inside(false), t.s("rates.by_category"), &by_category.rows))
                (plain(t, &ask.as_inside(true), t.s("rates.by_month"), &by_month.rows))
            }
        }
        (how(t, shown))
    }
}

fn filters(t: T<'_>, book: &Playbook, ask: &Ask) -> Markup {
    let by = |by: By| format!("/rates?{}", Ask { by, unit: None, ..ask.clone() }.text());
    let (unit, category, month) = (by(By::Unit), by(By::Category), by(By::Month));
    let seg = |label, href, is: By| Seg { label, href, current: ask.by == is, ..Seg::default() };
    let segs = [
        seg(t.s("rates.by_unit"), unit.as_str(), By::Unit),
        seg(t.s("rates.by_category"), category.as_str(), By::Category),
        seg(t.s("rates.by_month"), month.as_str(), By::Month),
    ];
    let code = match ask.by {
        By::Unit => "unit",
        By::Category => "category",
        By::Month => "month",
    };
    html! {
        div.wk-f {
            (segments(t.s("rates.rows"), &segs))
            form.row-f method="get" action="/rates" {
                input type="hidden" name="by" value=(code);
                @if let Some(unit) = &ask.unit { input type="hidden" name="unit" value=(unit); }
                input.form-control.sm.w-auto type="month" name="from" value=(month_text(ask.from)) aria-label=(t.s("rates.from"));
                input.form-control.sm.w-auto type="month" name="until" value=(month_text(ask.until)) aria-label=(t.s("rates.until"));
                select.form-select.sm.w-auto name="kind" aria-label=(t.s("rates.kind")) {
                    option value="" { (t.s("rates.all_kinds")) }
                    @for (code, kind) in KINDS.iter().filter(|(code, _)| *code != "other") {
                        option value=(code) selected[ask.kind == Some(*kind)] { (kind_name(t, Some(*kind))) }
                    }
                }
                select.form-select.sm.w-auto name="category" aria-label=(t.s("rates.category")) {
                    option value="" { (t.s("rates.all_categories")) }
                    @for category in book.categories.values() {
                        option value=(category.code) selected[ask.category.as_ref() == Some(&category.code)] {
                            (indent(category.code.as_str())) (t.words(&category.name))
                        }
                    }
                }
                button.btn.btn-sm type="submit" { (t.s("act.view")) }
            }
        }
    }
}

/// Deeper categories stand further in.
fn indent(code: &str) -> &'static str {
    match code.len() {
        0..=2 => "",
        3..=4 => "　",
        _ => "　　",
    }
}

fn kind_name(t: T<'_>, kind: Option<UnitKind>) -> String {
    match kind {
        Some(kind) if kind_code(kind) != "other" => t.words(&kind.words()).into_owned(),
        _ => t.s("rates.kind_other").to_owned(),
    }
}

/// The total, or the one unit, opened.
fn opened(t: T<'_>, book: &Playbook, ask: &Ask, shown: &Shown) -> Markup {
    let Some(rules) = book.case_rules() else { return Markup::default() };
    let inner = Opened { t, book, rules, ask, board: &shown.board, row: &shown.board.total };
    let title = if ask.unit.is_some() { t.s("rates.this_unit") } else { t.s("rates.total") };
    let measure = t.f(
        "rates.measure",
        &[
            ("n", &shown.board.total.all),
            ("excluded", &shown.board.total.tally.excluded.base),
            ("left", &shown.board.total.left_out),
        ],
    );
    let tools = html! { @if rules.source.is_example() { (mark::example(t, Some(t.s("rates.example")))) } };
    Card::new(title).measure(&measure).tools(tools).id("opened").flush(inner.draw()).into()
}

/// Units of one kind with their places; categories and months without.
fn group(t: T<'_>, ask: &Ask, kind: Option<UnitKind>, rows: &[RateRow]) -> Markup {
    if ask.by == By::Month {
        return plain(t, ask, t.s("rates.by_month"), rows);
    }
    let title = match ask.by {
        By::Unit => kind_name(t, kind),
        _ => t.s("rates.by_category").to_owned(),
    };
    let caption = t.f("rates.caption", &[("kind", &title)]);
    let cols = vec![
        Col::text(t.s("rates.name")),
        Col::text(t.s("rates.place")),
        Col::number(t.s("rates.composite")),
        Col::text(t.s("rates.interval")),
        Col::number(t.s("rates.response")),
        Col::number(t.s("rates.solved")),
        Col::number(t.s("rates.satisfied")),
        Col::number(t.s("rates.with")),
        Col::number(t.s("rates.scored")),
    ];
    let line = |row: &RateRow| {
        vec![
            html! { a href=(ask.of_row(&row.key)) { (t.words(&row.name)) } },
            html! { span class="rk-p" { (place(t, row)) } },
            html! { @match row.rates.composite { Some(c) => b { (c.value.text(2)) }, None => "—" } },
            band(t, row),
            figure(t, ask, row, row.rates.response.as_ref(), Figure::Base),
            figure(t, ask, row, row.rates.solved.as_ref(), Figure::Valid),
            figure(t, ask, row, row.rates.satisfied.as_ref(), Figure::Valid),
            html! { (value(row.with_excluded.composite)) },
            count(ask, row, row.all, Figure::All),
        ]
    };
    let shown =
        Table { caption: &caption, cols, rows: rows.iter().map(line).collect(), tight: false, stacked: true };
    let measure = t.f("rates.group_measure", &[("n", &rows.len())]);
    Card::new(&title).measure(&measure).flush(table(&shown)).into()
}

/// Rows without places: by month, or inside a unit.
fn plain(t: T<'_>, ask: &Ask, title: &str, rows: &[RateRow]) -> Markup {
    let cols = vec![
        Col::text(if ask.by == By::Month { t.s("rates.month") } else { t.s("rates.category") }),
        Col::number(t.s("rates.composite")),
        Col::number(t.s("rates.response")),
        Col::number(t.s("rates.solved")),
        Col::number(t.s("rates.satisfied")),
        Col::number(t.s("rates.f.excluded")),
        Col::number(t.s("rates.scored")),
    ];
    let line = |row: &RateRow| {
        let name = match (ask.by, row.key.parse()) {
            (By::Month, Ok(month)) => month_text(month),
            _ => t.words(&row.name).into_owned(),
        };
        vec![
            html! { a href=(ask.of_row(&row.key)) { (name) } },
            html! { (value(row.rates.composite)) },
            figure(t, ask, row, row.rates.response.as_ref(), Figure::Base),
            figure(t, ask, row, row.rates.solved.as_ref(), Figure::Valid),
            figure(t, ask, row, row.rates.satisfied.as_ref(), Figure::Valid),
            count(ask, row, row.tally.excluded.base, Figure::Excluded),
            count(ask, row, row.all, Figure::All),
        ]
    };
    let kept = rows.iter().filter(|row| row.all > 0);
    let shown = Table { caption: title, cols, rows: kept.map(line).collect(), tight: true, stacked: true };
    Card::new(title).flush(table(&shown)).into()
}

fn value(composite: Option<Composite>) -> String {
    composite.map_or_else(|| "—".to_owned(), |c| c.value.text(2))
}

/// `第1`, or `第1—3` where the difference is inside the noise.
fn place(t: T<'_>, row: &RateRow) -> String {
    match row.rank {
        None => t.s("rates.unranked").to_owned(),
        Some(rank) if rank.is_tied() => {
            t.f("rates.rank_span", &[("best", &rank.best), ("worst", &rank.worst)])
        }
        Some(rank) => t.f("rates.rank", &[("n", &rank.best)]),
    }
}

/// The interval as a band on 0 to 100 with a tick at the value; the words beside it say the same.
fn band(t: T<'_>, row: &RateRow) -> Markup {
    let Some(c) = row.rates.composite else { return html! { "—" } };
    let text = t.f("rates.span_plain", &[("low", &c.low.text(1)), ("high", &c.high.text(1))]);
    let label =
        t.f("rates.band", &[("value", &c.value.text(2)), ("low", &c.low.text(1)), ("high", &c.high.text(1))]);
    html! { (bullet(number(c.low), Some(number(c.value)), Tone::Plain, Size::Thin, &label)) small.sub { (text) } }
}

/// A rate with its numerator and denominator; it opens to the cases of its base.
fn figure(t: T<'_>, ask: &Ask, row: &RateRow, rate: Option<&Rate>, base: Figure) -> Markup {
    let Some(rate) = rate else { return html! { "—" } };
    let text = t.f("rates.of", &[("points", &rate.points.text(1).trim_end_matches(".0")), ("n", &rate.of)]);
    let percent = html! { b { (rate.percent.text(1)) "%" } };
    html! {
        @match ask.cases(&row.key, base) { Some(href) => a href=(href) title=(text) { (percent) }, None => (percent) }
        br; small.sub { (text) }
    }
}

fn count(ask: &Ask, row: &RateRow, n: u64, figure: Figure) -> Markup {
    html! { @match ask.cases(&row.key, figure).filter(|_| n > 0) { Some(href) => a href=(href) { (n) }, None => (n) } }
}

/// How it is all reckoned.
fn how(t: T<'_>, shown: &Shown) -> Markup {
    let body = html! {
        ul.dots { @for words in &shown.board.formulas { li { (t.words(words)) } } li { (t.s("rates.no_people")) } li { (t.s("rates.kept")) } }
    };
    Card::new(t.s("rates.how")).id("how").body(body).into()
}
