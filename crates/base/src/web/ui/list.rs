//! Tables, paging, filters, tabs.
//!
//! State lives in the address: filters, sort and tabs are real links, so a view can be sent to a colleague and the
//! way back keeps its place. Paging is by key; a total is shown only where it is cheap.

use super::button::Button;
use super::icon::sized;
use super::light::shape;
use crate::i18n::T;
use kernel::light::Light;
use maud::{Markup, html};

/// Which way a column is sorted, and where a click leads.
#[derive(Debug, Clone)]
pub struct Sort<'a> {
    /// Address of this column sorted (the other way, when it is the current one).
    pub href: &'a str,
    /// `Some(true)` ascending, `Some(false)` descending, `None` not by this column.
    pub ascending: Option<bool>,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct Col<'a> {
    /// Its head; empty for a column of acts.
    pub title: &'a str,
    /// Numbers, to the right.
    pub number: bool,
    /// Left out on a phone.
    pub secondary: bool,
    /// Sortable.
    pub sort: Option<Sort<'a>>,
}

impl<'a> Col<'a> {
    /// A column of text.
    pub fn text(title: &'a str) -> Self {
        Col { title, ..Col::default() }
    }
    /// A column of numbers.
    pub fn number(title: &'a str) -> Self {
        Col { title, number: true, ..Col::default() }
    }
    /// Left out on a phone.
    pub fn secondary(mut self) -> Self {
        self.secondary = true;
        self
    }
    fn class(&self) -> Option<&'static str> {
        match (self.number, self.secondary) {
            (true, true) => Some("r sec"),
            (true, false) => Some("r"),
            (false, true) => Some("sec"),
            (false, false) => None,
        }
    }
}

/// A table. The first column is the link of its row.
#[derive(Debug, Clone, Default)]
pub struct Table<'a> {
    /// What it lists: read aloud, not shown.
    pub caption: &'a str,
    /// Its columns.
    pub cols: Vec<Col<'a>>,
    /// One row of cells each; a missing cell is empty.
    pub rows: Vec<Vec<Markup>>,
    /// Rows of 36 px.
    pub tight: bool,
    /// On a phone each row becomes a small block of label and value.
    pub stacked: bool,
}

/// Draws the table.
pub fn table(t: &Table) -> Markup {
    let class =
        super::classes(&["tb", if t.tight { "tight" } else { "" }, if t.stacked { "stk" } else { "" }]);
    html! {
        table class=(class) {
            caption.visually-hidden { (t.caption) }
            thead { tr { @for col in &t.cols { (head(col)) } } }
            tbody {
                @for row in &t.rows {
                    tr {
                        @for (i, (col, cell)) in t.cols.iter().zip(row).enumerate() {
                            td class=[col.class()] data-l=[(t.stacked && i > 0).then_some(col.title).filter(|l| !l.is_empty())] { (cell) }
                        }
                    }
                }
            }
        }
    }
}

fn head(col: &Col) -> Markup {
    let Some(sort) = &col.sort else {
        return html! { th scope="col" class=[col.class()] { (col.title) } };
    };
    let (aria, icon) = match sort.ascending {
        Some(true) => (Some("ascending"), Some("sort-ascending")),
        Some(false) => (Some("descending"), Some("sort-descending")),
        None => (None, None),
    };
    html! {
        th scope="col" class=[col.class()] aria-sort=[aria] {
            a href=(sort.href) { (col.title) @if let Some(icon) = icon { (sized(icon, 13)) } }
        }
    }
}

/// The first cell of a row: the link, and a line under it.
pub fn title_cell(href: &str, title: &str, under: &str) -> Markup {
    html! {
        span.t { a href=(href) { (title) } }
        @if !under.is_empty() { span.s { (under) } }
    }
}

/// Where a page of a list stands.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// Number of the first row shown, from 1; 0 when the position is not known (a jump by key).
    pub first: u64,
    /// Number of the last row shown.
    pub last: u64,
    /// All rows, where that is cheap.
    pub total: Option<u64>,
    /// Address of the page before.
    pub prev: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
}

/// Draws the pager: position, 上一页, 下一页.
pub fn pager(t: T, p: &Pager) -> Markup {
    let place = match (p.first, p.total) {
        (0, Some(all)) => t.f("pager.total", &[("n", &all)]),
        (0, None) => String::new(),
        (first, Some(all)) => t.f("pager.place_of", &[("from", &first), ("to", &p.last), ("n", &all)]),
        (first, None) => t.f("pager.place", &[("from", &first), ("to", &p.last)]),
    };
    let step = |word: &str, icon: &str, href: &Option<String>, none: &str| {
        html! {
            @match href {
                Some(href) => (Button::link(word, href).small().icon(icon)),
                None => (Button::new(word).small().icon(icon).off(none)),
            }
        }
    };
    html! {
        nav.pager aria-label=(t.s("pager.label")) {
            span { (place) }
            span.sp {}
            (step(t.s("pager.prev"), "chevron-left", &p.prev, t.s("pager.no_prev")))
            (step(t.s("pager.next"), "chevron-right", &p.next, t.s("pager.no_next")))
        }
    }
}

/// One choice of a segment.
#[derive(Debug, Clone, Default)]
pub struct Seg<'a> {
    /// Its word.
    pub label: &'a str,
    /// How many there are.
    pub count: Option<u64>,
    /// Its address.
    pub href: &'a str,
    /// Chosen.
    pub current: bool,
    /// A light before the word.
    pub light: Option<Light>,
}

/// A segment: counts first, so that one sees what a choice would show.
pub fn segments(label: &str, items: &[Seg]) -> Markup {
    html! {
        div.seg role="group" aria-label=(label) {
            @for item in items {
                a href=(item.href) aria-current=[item.current.then_some("true")] {
                    @if let Some(light) = item.light { (shape(light, 13)) }
                    (item.label) @if let Some(n) = item.count { " " b { (n) } }
                }
            }
        }
    }
}

/// A line that names the filter in force and offers to clear it; nothing when none is.
pub fn filtered(t: T, names: &[&str], clear: &str) -> Markup {
    html! {
        @if !names.is_empty() {
            p.fct {
                span { (t.s("filter.now")) " " b { (names.join(" · ")) } }
                a href=(clear) { (t.s("filter.clear")) }
            }
        }
    }
}

/// A tab: a real link to one facet of the object.
#[derive(Debug, Clone, Default)]
pub struct Tab<'a> {
    /// Its word.
    pub label: &'a str,
    /// Its address.
    pub href: &'a str,
    /// How many things are behind it.
    pub count: Option<u64>,
    /// Chosen.
    pub current: bool,
}

/// The tabs of an object: 概览 / … / 台账.
pub fn tabs(label: &str, items: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for item in items {
                a href=(item.href) aria-current=[item.current.then_some("page")] {
                    (item.label) @if let Some(n) = item.count { b { (n) } }
                }
            }
        }
    }
}
