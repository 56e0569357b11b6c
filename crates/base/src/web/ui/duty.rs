//! The duty row: one line of everybody's work, the same for a key item, a node, a whistle, a decision, a permit.
//!
//! Unit first, post second, never a person's name; exactly one lead. An overdue row cannot ask for an extension and
//! says why. The row is a list item, so a screen reader says how many there are.

use super::icon::sized;
use super::light::{light_icon, shape};
use super::mark::kind;
use crate::i18n::T;
use kernel::light::Light;
use maud::{Markup, Render, html};

/// A unit in a role; `own` is the reader's own unit.
#[derive(Debug, Clone, Default)]
pub struct Party<'a> {
    /// Name of the unit, or several.
    pub name: &'a str,
    /// The reader's own.
    pub own: bool,
}

/// One row.
#[derive(Debug, Clone)]
pub struct DutyRow<'a> {
    /// What the tick box sends; `None` leaves the box out.
    pub pick: Option<&'a str>,
    /// Its light, and another word for it.
    pub light: (Light, Option<&'a str>),
    /// Icon and word of its kind.
    pub kind: (&'a str, &'a str),
    /// Address of the thing.
    pub href: &'a str,
    /// Title.
    pub title: &'a str,
    /// Human number.
    pub code: &'a str,
    /// Why it is here or what is missing.
    pub note: &'a str,
    /// Who asked.
    pub from: &'a str,
    /// Lead.
    pub lead: Party<'a>,
    /// Support; an empty name is shown as —.
    pub support: Party<'a>,
    /// The deadline chip, usually behind its reason.
    pub due: Markup,
    /// One primary act, then icon acts.
    pub acts: Markup,
    /// Not signed for yet.
    pub unsigned: bool,
}

/// Draws the row.
pub fn duty_row(t: T, r: &DutyRow) -> Markup {
    let (light, say) = r.light;
    let class = if r.unsigned { "wk-r is-new" } else { "wk-r" };
    let own = |p: &Party| if p.own { t.s("duty.own").to_owned() } else { p.name.to_owned() };
    let support =
        if r.support.name.is_empty() && !r.support.own { "—".to_owned() } else { own(&r.support) };
    html! {
        li class=(class) {
            @match r.pick {
                Some(value) => label.ck {
                    input.form-check-input type="checkbox" name="id" value=(value) form="bulk"
                        aria-label=(t.f("duty.pick", &[("code", &r.code)]));
                },
                None => span.ck {},
            }
            span.li { (light_icon(t, light, say)) }
            span.kd { (kind(r.kind.0, r.kind.1)) }
            div.ti {
                a href=(r.href) { (r.title) }
                small { (r.code) @if !r.note.is_empty() { " · " (r.note) } @if r.unsigned { span.visually-hidden { (t.s("word.comma")) (t.s("duty.unsigned")) } } }
            }
            div.fr { span.lb { (t.s("duty.from")) } span { (r.from) } }
            div.ld {
                span { i class=[r.lead.own.then_some("me")] title=(t.s("duty.lead")) { (t.s("duty.lead_mark")) } @if r.lead.own { b { (own(&r.lead)) } } @else { (own(&r.lead)) } }
                small { i class=[r.support.own.then_some("me")] title=(t.s("duty.support")) { (t.s("duty.support_mark")) } (support) }
            }
            div.du { (r.due) }
            div.ac { (r.acts) }
        }
    }
}

/// The head of the columns, for wide screens; hidden from screen readers, who hear the labels in the rows.
pub fn duty_head(t: T) -> Markup {
    html! {
        div.wk-h aria-hidden="true" {
            span {} span {}
            span { (t.s("duty.kind")) } span { (t.s("duty.what")) } span { (t.s("duty.from")) }
            span { (t.s("duty.who")) } span { (t.s("duty.due")) } span {}
        }
    }
}

/// What opens a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Overdue.
    Overdue,
    /// Due today.
    Today,
    /// Due this week.
    Week,
    /// Later, or without a date.
    Later,
}

/// A group of rows with its count and the rule of its order; nothing when it is empty.
pub fn duty_group(t: T, group: Group, count: u64, note: &str, rows: &[Markup]) -> Markup {
    let (class, id, title) = match group {
        Group::Overdue => ("wk-g is-r", "g0", t.s("duty.overdue")),
        Group::Today => ("wk-g is-t", "g1", t.s("duty.today")),
        Group::Week => ("wk-g is-w", "g2", t.s("duty.week")),
        Group::Later => ("wk-g is-l", "g3", t.s("duty.later")),
    };
    html! {
        @if !rows.is_empty() {
            section class=(class) id=(id) {
                h2 {
                    @match group {
                        Group::Overdue => (shape(Light::Red, 14)),
                        Group::Today => (sized("clock-exclamation", 15)),
                        Group::Week => (sized("calendar-week", 15)),
                        Group::Later => (sized("calendar-time", 15)),
                    }
                    span { (title) } b { (count) } small { (note) }
                }
                ol { @for row in rows { (row) } }
            }
        }
    }
}

/// The bar that appears while rows are ticked. Its form has the id `bulk`, which the boxes name, so that it works
/// without a script too (the bar is then always shown, at the end of the list).
pub fn bulk_bar(t: T, action: &str, csrf: &str, remark: &str, buttons: impl Render) -> Markup {
    html! {
        form.wk-bulk #bulk method="post" action=(action) aria-label=(t.s("duty.bulk")) {
            (super::form::token(csrf))
            span.c { b data-n {} (t.s("duty.picked")) }
            span.x { (remark) }
            span.sp {}
            (buttons)
            button.btn.btn-ghost.btn-icon type="button" data-none data-js aria-label=(t.s("duty.pick_none")) { (sized("x", 16)) }
        }
    }
}
