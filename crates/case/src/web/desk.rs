//! 受理、派单、核实的工作台: what the pages of operators, dispatchers, handlers, callers-back and the panel share.
//!
//! | module | shows |
//! |---|---|
//! | `phone` | `/cases/new`: the telephone operator's screen |
//! | `grid` | `/grid`: the grid worker's screen, also without a network |
//! | `queue` | `/cases`: the dispatcher's queue, lists with filters |
//! | `detail`, `detail_view`, `detail_side`, `detail_acts`, `detail_parse` | `/c/{id}`: one case and every act on it |
//! | `callback`, `panel` | call-backs, exclusions, deferrals, who opened contacts |

use super::portal::suggest::{leaves, path};
use super::{callback, detail, grid, panel, phone, queue};
use crate::model::Summary;
use axum::Router;
use base::core::App;
use base::i18n::T;
use base::op::Op;
use base::web::form::Fields;
use base::web::ui::due::{Due, Length, chip};
use base::web::ui::form::Choice;
use base::web::ui::{Markup, html, mark, when};
use base::web::{Ctx, RouteInfo};
use base::{Fault, Outcome};
use kernel::access::{Action, Denied};
use kernel::calendar::Calendar;
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Instant, Lang, PostCode, Slug, UnitCode};
use std::sync::Arc;

/// Routes of the desk.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .merge(queue::routes())
        .merge(phone::routes())
        .merge(grid::routes())
        .merge(detail::routes())
        .merge(callback::routes())
        .merge(panel::routes())
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// The same as a list.
pub(in crate::web) const ROUTES: &[RouteInfo] = &[
    route("GET", "/cases", "case.list"),
    route("POST", "/cases/dispatch", "case.dispatch"),
    route("POST", "/cases/link", "case.link"),
    route("GET", "/cases/new", "case.record"),
    route("POST", "/cases/new", "case.record"),
    route("POST", "/cases/new/hints", "case.record"),
    route("GET", "/grid", "case.record"),
    route("POST", "/grid", "case.record"),
    route("GET", "/c/{id}", "case.read"),
    route("GET", "/c/{id}/{act}", "case.read"),
    route("POST", "/c/{id}/{act}", "case.read"),
    route("GET", "/c/{id}/photo/{file}", "case.read"),
    route("GET", "/callbacks", "case.call_back"),
    route("GET", "/exclusions", "case.list"),
    route("GET", "/deferrals", "case.list"),
    route("GET", "/reveals", "audit.read"),
];

/// What a page needs to speak of cases, owned: playbook and calendar in force.
pub(in crate::web) struct Desk {
    /// The playbook.
    pub(in crate::web) book: Arc<Playbook>,
    /// The calendar.
    pub(in crate::web) cal: Calendar,
}

impl Desk {
    /// Of the person who asks, today.
    pub(in crate::web) fn of(ctx: &Ctx) -> Outcome<Desk> {
        let today = ctx.now().day();
        Ok(Desk { book: ctx.app.book(ctx.district(), today)?, cal: ctx.app.calendar(ctx.district(), today)? })
    }
    /// With texts and the moment.
    pub(in crate::web) fn look<'a>(&'a self, ctx: &'a Ctx) -> Look<'a> {
        Look { t: ctx.t(), book: &self.book, cal: &self.cal, now: ctx.now() }
    }
}

/// The same for drawing.
#[derive(Clone, Copy)]
pub(in crate::web) struct Look<'a> {
    /// Texts.
    pub(in crate::web) t: T<'a>,
    /// The playbook.
    pub(in crate::web) book: &'a Playbook,
    /// The calendar.
    pub(in crate::web) cal: &'a Calendar,
    /// Now.
    pub(in crate::web) now: Instant,
}

impl Look<'_> {
    pub(in crate::web) fn lang(&self) -> Lang {
        self.t.lang()
    }
    pub(in crate::web) fn unit(&self, code: &UnitCode) -> String {
        org::names::unit(self.book, code, self.lang())
    }
    /// Unit and post; the program itself by its own name.
    pub(in crate::web) fn post(&self, code: &PostCode) -> String {
        match code.as_str() {
            "system" => self.t.s("desk.system").to_owned(),
            _ => org::names::unit_and_post(self.book, code, self.lang()),
        }
    }
    /// The category under the one above it; a word when there is none yet.
    pub(in crate::web) fn category(&self, code: Option<&str>) -> String {
        let known = code.and_then(|code| Slug::parse("category", code).ok());
        match known {
            Some(code) => path(self.book, &code, self.lang()),
            None => self.t.s("desk.unclassified").to_owned(),
        }
    }
    pub(in crate::web) fn moment(&self, at: Instant) -> String {
        when::moment(self.lang(), at, self.now.day())
    }
    /// How long ago, in hours and minutes, days from two days on.
    pub(in crate::web) fn ago(&self, at: Instant) -> String {
        self.span((self.now.since(at) / 60_000_000).max(0))
    }
    /// A span of natural minutes in words.
    pub(in crate::web) fn span(&self, minutes: i64) -> String {
        if minutes < 48 * 60 {
            return when::span(self.t, minutes);
        }
        self.t.f("desk.days", &[("n", &(minutes / 1_440))])
    }
    /// The deadline chip of a row.
    pub(in crate::web) fn chip(&self, row: &Summary, length: Length) -> Markup {
        let due = match row.due {
            _ if row.deferred_at.is_some() => Due::Paused(row.stage.say(self.lang()).to_owned()),
            _ if !row.open => Due::Done(row.stage.say(self.lang()).to_owned()),
            Some(due) => Due::at(self.now, due, self.cal.workdays_between(self.now.day(), due.day())),
            None => Due::None,
        };
        chip(self.t, &due, length)
    }
    /// Marks of a row: urgency, confidential, many people, rounds.
    pub(in crate::web) fn marks(&self, row: &Summary) -> Markup {
        let t = self.t;
        html! {
            @if row.urgency <= kernel::cases::Urgency::Quick { (mark::tag_strong(row.urgency.say(self.lang()))) " " }
            @if row.confidential { (mark::tag_strong(t.s("desk.confidential"))) " " }
            @if row.hot { (mark::tag_strong(t.s("desk.hot"))) " " }
            @if row.links > 0 { (mark::tag(&t.f("desk.linked_n", &[("n", &row.links)]))) " " }
            @if row.round > 1 { (mark::tag(&t.f("desk.round", &[("n", &row.round)]))) }
        }
    }
    /// Categories that a case may have, for a list.
    pub(in crate::web) fn categories(&self) -> Vec<Choice> {
        let leaf = |c: &kernel::playbook::Category| {
            Choice::new(c.code.as_str(), path(self.book, &c.code, self.lang()))
        };
        leaves(self.book).map(leaf).collect()
    }
    /// Units of some kinds, for a list.
    pub(in crate::web) fn units(&self, kinds: &[UnitKind]) -> Vec<Choice> {
        let fits = self.book.org.units.values().filter(|unit| kinds.contains(&unit.kind));
        fits.map(|unit| Choice::new(unit.code.as_str(), unit.name.get(self.lang()))).collect()
    }
    /// Communities with their street, then streets: where something is.
    pub(in crate::web) fn places(&self) -> Vec<Choice> {
        let mut out = Vec::new();
        for street in self.book.org.units.values().filter(|unit| unit.kind == UnitKind::Street) {
            let name = street.name.get(self.lang());
            out.push(Choice::new(street.code.as_str(), name));
            let inside = |unit: &&kernel::playbook::Unit| {
                unit.kind == UnitKind::Community && unit.parent.as_ref() == Some(&street.code)
            };
            for unit in self.book.org.units.values().filter(inside) {
                let label = format!("{name} · {}", unit.name.get(self.lang()));
                out.push(Choice::new(unit.code.as_str(), label));
            }
        }
        out
    }
}

/// The query of a page as fields; an unknown one is refused by name.
pub(in crate::web) fn query(raw: Option<&str>, known: &[&str]) -> Outcome<Fields> {
    let fields = Fields::from_pairs(base::web::form::pairs(raw.unwrap_or_default()));
    let all: Vec<&str> = known.iter().copied().chain(["ok", "lang", "as_of"]).collect();
    fields.only(&all)?;
    Ok(fields)
}

/// Whether this post does such acts at all, on whatever case.
pub(in crate::web) fn does(op: &Op<'_, '_>, action: Action) -> bool {
    !op.scope(action).is_nothing()
}

/// The page is not for this post: the answer is the one for what is not there.
pub(in crate::web) fn only(op: &Op<'_, '_>, action: Action) -> Outcome<()> {
    if does(op, action) { Ok(()) } else { Err(Fault::from(Denied::absent(op.actor(), action))) }
}
