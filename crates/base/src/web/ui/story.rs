//! What happened and who held it: stepper, timeline, holder bar.

use super::Tone;
use super::icon::sized;
use super::mark::hash;
use super::meter::pc;
use crate::i18n::T;
use maud::{Markup, html};

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Done in time.
    Done,
    /// Done, late.
    Late,
    /// Under way.
    Now,
    /// To come.
    Next,
}

/// One step, at most eight in a row.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where it stands.
    pub state: StepState,
    /// Its name.
    pub name: String,
    /// Date and one fact more.
    pub lines: Vec<String>,
}

/// The steps of a thing from left to right; on a phone from top to bottom.
pub fn stepper(t: T, label: &str, steps: &[Step]) -> Markup {
    html! {
        ol.stp.v aria-label=(label) {
            @for (step, n) in steps.iter().zip(1_u8..) {
                li class=[step_class(step.state)] aria-current=[(step.state == StepState::Now).then_some("step")] {
                    span.m aria-hidden="true" {
                        @if matches!(step.state, StepState::Done | StepState::Late) { (sized("check", 13)) } @else { (n) }
                    }
                    b { (step.name) span.visually-hidden { (t.s("word.comma")) (step_word(t, step.state)) } }
                    @for line in &step.lines { small { (line) } }
                }
            }
        }
    }
}

fn step_class(state: StepState) -> Option<&'static str> {
    match state {
        StepState::Done => Some("done"),
        StepState::Late => Some("done late"),
        StepState::Now => Some("now"),
        StepState::Next => None,
    }
}

fn step_word(t: T<'_>, state: StepState) -> &str {
    match state {
        StepState::Done => t.s("step.done"),
        StepState::Late => t.s("step.late"),
        StepState::Now => t.s("step.now"),
        StepState::Next => t.s("step.next"),
    }
}

/// One row of the ledger as people read it. There is no edit: a correction is a new event that names the old one.
#[derive(Debug, Clone)]
pub struct Event {
    /// Colour of the point, only where a light says so.
    pub tone: Tone,
    /// Icon of the point.
    pub icon: String,
    /// The moment as written.
    pub at: String,
    /// The moment for machines (RFC 3339).
    pub machine: String,
    /// What happened, in a few words.
    pub what: String,
    /// One sentence.
    pub text: String,
    /// Unit and post that did it.
    pub who: String,
    /// The ledger's leaf hash.
    pub hash: Option<String>,
}

/// The timeline, in the order given (newest first on pages).
pub fn timeline(events: &[Event]) -> Markup {
    html! {
        ol.tl {
            @for e in events {
                li {
                    span class=(super::classes(&["pt", point(e.tone)])) aria-hidden="true" { (sized(&e.icon, 11)) }
                    div.h { time datetime=(e.machine) { (e.at) } b { (e.what) } }
                    @if !e.text.is_empty() { p { (e.text) } }
                    div.m { span { (e.who) } @if let Some(h) = &e.hash { (hash(h)) } }
                }
            }
        }
    }
}

fn point(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Time => "is-b",
        Tone::Good | Tone::Warn | Tone::Bad => tone.class(),
    }
}

/// A stretch of time in one holder's hands.
#[derive(Debug, Clone)]
pub struct Held {
    /// The holder.
    pub name: String,
    /// How long, as written.
    pub span: String,
    /// From, in per cent of the whole.
    pub from: f64,
    /// To, in per cent of the whole.
    pub to: f64,
    /// Which colour of the series: the same holder has the same (0 to 3).
    pub series: u8,
}

/// Who held a thing for how long (time is charged to whoever holds it, D§7).
#[derive(Debug, Clone, Default)]
pub struct Holders {
    /// The stretches, in order, covering the whole.
    pub held: Vec<Held>,
    /// Rest days: hatched.
    pub rest: Vec<(f64, f64)>,
    /// The due moment and its words.
    pub due: Option<(f64, String)>,
    /// Where days begin, with their names.
    pub days: Vec<(f64, String)>,
    /// The whole in words.
    pub label: String,
}

/// The bar of holders. The table under it on the page says the same in numbers.
pub fn holder_bar(h: &Holders) -> Markup {
    let colour = |series: u8| match series % 4 {
        0 => 1,
        1 => 2,
        2 => 5,
        _ => 4,
    };
    html! {
        div.hb-w {
            svg.hb role="img" aria-label=(h.label) {
                @for held in &h.held {
                    @let k = colour(held.series);
                    @let width = held.to - held.from;
                    svg class={ "on-c" (k) } x=(pc(held.from)) y="16" width=(pc(width.max(0.4))) height="34" {
                        rect class={ "k-c" (k) } width="100%" height="34" rx="2" {}
                        @if width > 9.0 { text x="10" y="21" { tspan { (held.name) } @if width > 18.0 { tspan.sp { " " (held.span) } } } }
                    }
                    @if held.from > 0.0 { rect x=(pc(held.from)) y="16" width="1" height="34" fill="#fff" fill-opacity=".8" {} }
                }
                @for (from, to) in &h.rest { rect x=(pc(*from)) y="16" width=(pc(to - from)) height="34" fill="url(#gd-ho)" {} }
                @if let Some((at, words)) = &h.due {
                    g.dl {
                        rect x=(pc(*at)) y="8" width="2" height="47" {}
                        text x=(pc(*at)) y="11" dx=(if *at > 60.0 { "-6" } else { "6" }) text-anchor=(if *at > 60.0 { "end" } else { "start" }) { (words) }
                    }
                }
                g.ax {
                    @for (at, name) in &h.days {
                        rect x=(pc(*at)) y="55" width="1" height="14" {}
                        text x=(pc(*at)) dx=(if *at > 88.0 { "-5" } else { "5" }) y="66" text-anchor=[(*at > 88.0).then_some("end")] { (name) }
                    }
                }
            }
        }
    }
}
