//! The deadline chip and the reason behind it.
//!
//! The unit is the working day of the State Council's calendar. A chip never says only "late": it says how late and
//! when it was due, and opens to why the date is what it is (rule, start, days counted, pauses).

use super::icon::sized;
use super::when;
use crate::i18n::T;
use kernel::{Day, Instant};
use maud::{Markup, Render, html};

/// What a deadline chip says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Working days are left; 0 when only rest days lie between.
    Left {
        /// Working days after today up to the due day.
        workdays: i32,
        /// The due day.
        on: Day,
    },
    /// Due today, still ahead.
    Today {
        /// The moment.
        at: Instant,
    },
    /// The moment has passed.
    Overdue {
        /// Working days since the due day; 0 on the same day or before the next working day.
        workdays: i32,
        /// The moment that was missed.
        at: Instant,
    },
    /// Done, in words: `8月9日按期办结`.
    Done(String),
    /// The clock stands still, in words: `暂停 · 9月2日复核`.
    Paused(String),
    /// No clock runs.
    None,
}

impl Due {
    /// Judges `due` at `now`. `workdays` is the calendar's signed count of working days from today to the due day
    /// (`Calendar::workdays_between(now.day(), due.day())`).
    pub fn at(now: Instant, due: Instant, workdays: i32) -> Due {
        if now > due {
            Due::Overdue { workdays: workdays.min(0).saturating_neg(), at: due }
        } else if now.day() == due.day() {
            Due::Today { at: due }
        } else {
            Due::Left { workdays: workdays.max(0), on: due.day() }
        }
    }
}

/// How much a chip shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Length {
    /// Count and date.
    #[default]
    Full,
    /// The count alone, in narrow columns.
    Short,
}

/// The chip.
pub fn chip(t: T, due: &Due, length: Length) -> Markup {
    let full = length == Length::Full;
    let part = |class: &str, icon: &str, head: String, tail: Option<String>| {
        html! {
            span class={ "gd-due " (class) } {
                (sized(icon, 13)) b { (head) }
                @if let Some(tail) = tail { span.w { (tail) } }
            }
        }
    };
    match due {
        Due::Overdue { workdays, at } => {
            let head = match workdays {
                0 => t.s("due.overdue").to_owned(),
                n => t.f("due.overdue_by", &[("n", n)]),
            };
            let was = match workdays {
                0 => format!("{} {}", when::day_short(t.lang(), at.day()), when::clock(*at)),
                _ => when::day_week(t.lang(), at.day()),
            };
            part("is-r", "alert-triangle", head, full.then(|| t.f("due.was", &[("day", &was)])))
        }
        Due::Today { at } => part("is-t", "clock", t.f("due.today", &[("time", &when::clock(*at))]), None),
        Due::Left { workdays, on } => {
            let class = if *workdays <= 2 { "is-y" } else { "is-n" };
            let day = when::day_week(t.lang(), *on);
            match workdays {
                0 => part(class, "clock", t.f("due.on", &[("day", &day)]), None),
                n => part(class, "clock", t.f("due.left", &[("n", n)]), full.then_some(day)),
            }
        }
        Due::Done(say) => html! { span.gd-due.is-d { (sized("check", 13)) (say) } },
        Due::Paused(say) => html! { span.gd-due.is-d { (sized("player-pause", 13)) (say) } },
        Due::None => html! { span.gd-due.is-d { (t.s("due.none")) } },
    }
}

/// Why something is as it is: what a popover says.
#[derive(Debug, Clone)]
pub struct Why<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// The question it answers: `为什么是8月8日18:00`.
    pub title: String,
    /// The steps of the answer.
    pub lines: Vec<String>,
    /// The calendar or rule version it stands on.
    pub foot: Option<String>,
}

/// Puts the reason behind `inner` (a chip, a light, a figure): shown on hover and focus, pinned by a click, and
/// closed with Escape; on a phone it is a sheet at the foot of the screen.
pub fn why(why: &Why, inner: impl Render) -> Markup {
    html! {
        span.why {
            button.why-b type="button" aria-expanded="false" aria-describedby=(why.id) { (inner) }
            span.why-p role="tooltip" id=(why.id) {
                b { (why.title) }
                @for line in &why.lines { span { (line) } }
                @if let Some(foot) = &why.foot { i { (foot) } }
            }
        }
    }
}
