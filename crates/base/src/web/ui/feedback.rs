//! What a page says when there is nothing, not yet anything, or something went wrong; toasts and confirmations.
//!
//! An error is never a toast: it stands where it happened, says what failed, what still works, what to do, and the
//! number to quote. A toast reports success and leaves after six seconds.

use super::Tone;
use super::button::{Button, Weight};
use super::icon::sized;
use super::light::shape;
use super::when;
use crate::i18n::T;
use kernel::light::Light;
use kernel::{Day, Instant, Refuse};
use maud::{Markup, Render, html};

/// Nothing here: one sentence what that means, and at most one act. `good` only where empty is good.
pub fn empty(icon: &str, title: &str, text: &str, good: bool, act: Option<&Markup>) -> Markup {
    let class = if good { "st-e is-g" } else { "st-e" };
    html! {
        div class=(class) {
            (sized(icon, 30)) b { (title) } p { (text) }
            @if let Some(act) = act { div.row-f { (act) } }
        }
    }
}

/// Grey blocks of the final size, for a part that htmx brings later.
pub fn loading(t: T, lines: u8) -> Markup {
    html! {
        div.sk role="status" aria-busy="true" aria-label=(t.s("state.loading")) { @for _ in 0..lines { i {} } }
    }
}

/// A part of a page that could not be had: what failed, what is unaffected, retry, number.
pub fn failed(t: T, title: &str, text: &str, retry: &str, trace: &str) -> Markup {
    html! {
        div.st-e.is-r role="alert" {
            (sized("cloud-off", 30)) b { (title) } p { (text) }
            div.row-f {
                (Button::link(t.s("state.retry"), retry).small().icon("refresh"))
                span.muted.xs { (t.f("state.trace", &[("n", &trace)])) }
            }
        }
    }
}

/// A standing remark; at most one in a card.
pub fn note(tone: Tone, body: impl Render) -> Markup {
    let (class, icon) = match tone {
        Tone::Good => ("note is-g", "circle-check"),
        Tone::Warn => ("note is-y", "alert-triangle"),
        Tone::Bad => ("note is-r", "alert-circle"),
        Tone::Plain | Tone::Time => ("note", "info-circle"),
    };
    html! { div class=(class) { (sized(icon, 16)) div { (body) } } }
}

/// A refusal in its place: reason, next step, the number to quote where there is one.
pub fn refusal(t: T, no: &dyn Refuse, trace: Option<&str>) -> Markup {
    let gap = t.s("word.gap");
    html! {
        div.note.is-r role="alert" {
            (sized("alert-circle", 16))
            div {
                b { (super::form::sentence(t, &no.reason(t.lang()))) }
                @if let Some(value) = no.value().filter(|v| !v.is_empty()) { (gap) (t.f("state.given", &[("value", &value)])) }
                (gap) (super::form::sentence(t, &no.next(t.lang())))
                @if let Some(trace) = trace { span.ref { (t.f("state.trace", &[("n", &trace)])) " · " (no.code()) } }
            }
        }
    }
}

/// All refusals of a form above it, each a link to its field.
pub fn refusals(t: T, all: &[&dyn Refuse]) -> Markup {
    html! {
        @if !all.is_empty() {
            div.note.is-r role="alert" tabindex="-1" autofocus-error {
                (sized("alert-circle", 16))
                div {
                    b { (t.f("state.form_refused", &[("n", &all.len())])) }
                    ul {
                        @for no in all {
                            li {
                                @match no.field() {
                                    Some(field) => a href={ "#" (field) } { (super::form::message(t, *no)) },
                                    None => (super::form::message(t, *no)),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The figures are older than the page: says as of when.
pub fn stale(t: T, as_of: Instant, today: Day) -> Markup {
    note(Tone::Warn, html! { (t.f("state.stale", &[("at", &when::moment(t.lang(), as_of, today))])) })
}

/// The page shows a past day.
pub fn past(t: T, day: Day, now: &str) -> Markup {
    note(
        Tone::Warn,
        html! {
            (t.f("state.past", &[("day", &when::day_full(t.lang(), day))])) (t.s("word.gap"))
            a href=(now) { (t.s("state.past_back")) }
        },
    )
}

/// A success in the corner: what was done, one line more, and 撤销 or 查看 where there is such a thing.
pub fn toast(t: T, title: &str, text: &str, link: Option<(&str, &str)>) -> Markup {
    html! {
        div.to.is-g role="status" {
            (shape(Light::Green, 16))
            div { b { (title) } @if !text.is_empty() { small { (text) } } }
            @if let Some((word, href)) = link { a href=(href) { (word) } }
            button type="button" data-gone aria-label=(t.s("state.close")) { (sized("x", 14)) }
        }
    }
}

/// A confirmation, only for acts that bind others or cannot be undone.
#[derive(Debug, Clone, Default)]
pub struct Dialog<'a> {
    /// What a button names to open it.
    pub id: &'a str,
    /// The act as a question.
    pub title: &'a str,
    /// Who is affected and which clock starts.
    pub text: Option<Markup>,
    /// Fields, such as the reason that the act needs.
    pub fields: Option<Markup>,
    /// Where the form goes.
    pub action: &'a str,
    /// Form token.
    pub csrf: &'a str,
    /// The act's verb.
    pub verb: &'a str,
    /// It cannot be undone.
    pub dangerous: bool,
}

/// Draws the dialog. Without a script the opening button cannot open it, so an act that must work there has a page
/// of its own with the same fields.
pub fn dialog(t: T, d: &Dialog) -> Markup {
    let title = format!("{}-t", d.id);
    let weight = if d.dangerous { Weight::DangerSolid } else { Weight::Primary };
    html! {
        dialog.dlg id=(d.id) aria-labelledby=(title) {
            h2 id=(title) { (d.title) }
            @if let Some(text) = &d.text { p { (text) } }
            form.frm.w method="post" action=(d.action) {
                (super::form::token(d.csrf))
                @if let Some(fields) = &d.fields { (fields) }
                footer {
                    button.btn type="button" data-close data-safe { (t.s("act.cancel")) }
                    (Button::new(d.verb).weight(weight).submit())
                }
            }
        }
    }
}
