//! Cases as rows of a table, for every board: number and title, stage, place, holder, when it is due.

use crate::model::Summary;
use base::Outcome;
use base::i18n::T;
use base::web::Ctx;
use base::web::ui::due::{Due, Length, chip};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::{Markup, html, mark, when};
use kernel::calendar::Calendar;
use kernel::playbook::Playbook;
use kernel::{Instant, UnitCode};

/// What rows look names and days up in.
pub(in crate::web) struct Rows<'a> {
    pub(in crate::web) t: T<'a>,
    pub(in crate::web) book: &'a Playbook,
    cal: Calendar,
    now: Instant,
}

impl<'a> Rows<'a> {
    /// For this page.
    pub(in crate::web) fn new(ctx: &'a Ctx, book: &'a Playbook) -> Outcome<Rows<'a>> {
        let now = ctx.now();
        Ok(Rows { t: ctx.t(), book, cal: ctx.app.calendar(ctx.district(), now.day())?, now })
    }
    /// Name of a unit; its code when the playbook no longer has it.
    pub(in crate::web) fn unit(&self, code: &UnitCode) -> String {
        self.book.unit(code).map_or_else(|| code.to_string(), |u| self.t.words(&u.name).into_owned())
    }
    /// Name of a category; its code likewise.
    pub(in crate::web) fn category(&self, code: &str) -> String {
        self.book.category(code).map_or_else(|| code.to_owned(), |c| self.t.words(&c.name).into_owned())
    }
    fn due(&self, row: &Summary) -> Markup {
        let stage = || row.stage.say(self.t.lang()).to_owned();
        let due = match row.due {
            _ if row.deferred_at.is_some() && row.open => Due::Paused(stage()),
            Some(at) if row.open => {
                Due::at(self.now, at, self.cal.workdays_between(self.now.day(), at.day()))
            }
            _ => Due::Done(stage()),
        };
        chip(self.t, &due, Length::Short)
    }
    fn line(&self, row: &Summary) -> Vec<Markup> {
        let (t, today) = (self.t, self.now.day());
        let lang = t.lang();
        let place = row.place.as_ref().map(|code| self.unit(code)).unwrap_or_default();
        let unit = row.unit.as_ref().map(|code| self.unit(code)).unwrap_or_default();
        vec![
            html! {
                (title_cell(&format!("/c/{}", row.id), &row.title, &row.no))
                @if row.hot { (mark::tag(t.s("boards.hot_mark"))) }
                @if row.links > 0 { (mark::tag(&t.f("boards.links", &[("n", &row.links)]))) }
                @if row.round > 1 { (mark::tag(&t.f("boards.round", &[("n", &row.round)]))) }
            },
            html! { (row.stage.say(lang)) br; small.sub { (row.urgency.say(lang)) } },
            html! { (row.category.as_deref().map(|c| self.category(c)).unwrap_or_default()) br; small.sub { (place) } },
            html! { (unit) },
            self.due(row),
            html! { (when::moment(lang, row.received_at, today)) },
        ]
    }
}

/// The table.
pub(in crate::web) fn case_table(look: &Rows<'_>, caption: &str, rows: &[Summary]) -> Markup {
    let t = look.t;
    let cols = vec![
        Col::text(t.s("boards.case")),
        Col::text(t.s("boards.stage")),
        Col::text(t.s("boards.category")),
        Col::text(t.s("boards.holder")).secondary(),
        Col::text(t.s("boards.due")),
        Col::text(t.s("boards.received")).secondary(),
    ];
    table(&Table {
        caption,
        cols,
        rows: rows.iter().map(|row| look.line(row)).collect(),
        tight: false,
        stacked: false,
    })
}
