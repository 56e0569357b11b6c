//! The year as a ruler: twelve months to scale, how much has passed, and the dates that matter.

use super::meter::{pc, percent};
use super::when;
use crate::i18n::T;
use kernel::{Day, Lang};
use maud::{Markup, html};

/// A date on the ruler with its short name.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The date.
    pub day: Day,
    /// Its name, such as `10/10季会办`.
    pub name: String,
}

/// Days of the year of `day` before it, and in the whole year.
fn place(day: Day) -> (i32, i32) {
    let first = |year: i16| Day::new(year, 1, 1).map_or(0, Day::number);
    let start = first(day.year());
    (day.number() - start, first(day.year().saturating_add(1)) - start)
}

/// How much of the year has passed at the end of `today`, in per cent.
pub fn year_elapsed(today: Day) -> f64 {
    let (before, all) = place(today);
    percent(f64::from(before + 1), f64::from(all))
}

/// The ruler of the year of `today`. Marks of other years are left out; `label` says the position in words.
pub fn year_ruler(t: T, today: Day, marks: &[Mark], label: &str) -> Markup {
    let year = today.year();
    let elapsed = year_elapsed(today);
    let months: Vec<(f64, f64, String)> = (1..=12).filter_map(|m| month(t, year, m)).collect();
    let now = t.f("ruler.today", &[("day", &when::day_short(t.lang(), today))]);
    html! {
        svg.yr role="img" aria-label=(label) {
            rect.bg width="100%" height="18" rx="3" {}
            rect.el width=(pc(elapsed)) height="18" rx="3" {}
            @for (x, w, name) in &months {
                @if *x > 0.0 { rect.gap x=(pc(*x)) width="2" height="18" transform="translate(-1)" {} }
                text.mo x=(pc(x + w / 2.0)) y="13" { (name) }
            }
            @for m in marks.iter().filter(|m| m.day.year() == year) {
                (tick(year_elapsed(m.day), &m.name, ""))
            }
            (tick(elapsed, &now, "now"))
        }
    }
}

fn month(t: T, year: i16, m: i8) -> Option<(f64, f64, String)> {
    let first = Day::new(year, m, 1)?;
    let (before, all) = place(first);
    let days = first.plus_months(1).number() - first.number();
    let name = match t.lang() {
        Lang::Zh => m.to_string(),
        Lang::En => when::day_short(Lang::En, first).chars().nth(2).map(String::from).unwrap_or_default(),
    };
    Some((percent(f64::from(before), f64::from(all)), percent(f64::from(days), f64::from(all)), name))
}

/// A tick with its name below, kept inside the ruler at both ends.
///
/// The name of today leans back over the time that has passed, so that it leaves room for the next date; on a phone
/// only today and the end of the year keep their names (class `mid`).
fn tick(at: f64, name: &str, class: &str) -> Markup {
    let today = class == "now";
    let anchor = match at {
        _ if at > 88.0 || (today && at > 30.0) => "end",
        _ if at < 12.0 => "start",
        _ => "middle",
    };
    let lean = (today && anchor == "end" && at < 97.0).then_some("14");
    let class = super::classes(&[class, if anchor == "middle" { "mid" } else { "" }]);
    html! {
        g class=(class) {
            rect.tk x=(pc(at)) y="-3" width="2" height="29" transform="translate(-1)" {}
            text x=(pc(at)) y="39" text-anchor=(anchor) dx=[lean] { (name) }
        }
    }
}
