//! How whistles look everywhere: names, moments, lengths of time, stages as lights.

use crate::whistle::store::Summary;
use crate::whistle::vocab::{Act, Stage};
use base::i18n::T;
use base::web::ui::{Markup, html, when};
use kernel::calendar::Calendar;
use kernel::light::Light;
use kernel::playbook::Playbook;
use kernel::{Instant, Lang, PostCode, Slug, UnitCode};

/// What a page needs to speak of whistles.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// Texts.
    pub(super) t: T<'a>,
    /// The playbook in force.
    pub(super) book: &'a Playbook,
    /// The calendar in force.
    pub(super) cal: &'a Calendar,
    /// The moment that the page shows.
    pub(super) now: Instant,
}

/// Minutes of a natural day.
const DAY: i64 = 1_440;

impl Look<'_> {
    pub(super) fn lang(&self) -> Lang {
        self.t.lang()
    }
    pub(super) fn unit(&self, code: &UnitCode) -> String {
        org::names::unit(self.book, code, self.lang())
    }
    /// Unit and post; jobs by what they are.
    pub(super) fn post(&self, code: &PostCode) -> String {
        if code.as_str() == "system" {
            return self.t.s("wh.system").to_owned();
        }
        org::names::unit_and_post(self.book, code, self.lang())
    }
    /// A post's title alone.
    pub(super) fn title(&self, code: &PostCode) -> String {
        org::names::post(self.book, code, self.lang())
    }
    /// A code of either kind, as sentences of the history have it.
    pub(super) fn any(&self, code: &str) -> String {
        match PostCode::parse("post", code) {
            Ok(post) if self.book.post(&post).is_some() || code == "system" => self.post(&post),
            _ => UnitCode::parse("unit", code).map_or_else(|_| code.to_owned(), |unit| self.unit(&unit)),
        }
    }
    /// What people call a type.
    pub(super) fn kind(&self, code: Option<&str>) -> String {
        let kind = code.and_then(|code| self.book.whistle(code));
        kind.map_or_else(|| self.t.s("wh.need").to_owned(), |kind| kind.name.get(self.lang()).to_owned())
    }
    /// An entry of the duty lists with its code.
    pub(super) fn entry(&self, code: &Slug) -> String {
        let title = self.book.mandate(code.as_str()).map(|entry| entry.title.get(self.lang()));
        title.map_or_else(|| code.to_string(), |title| format!("{code} {title}"))
    }
    /// `8月12日 09:58`.
    pub(super) fn moment(&self, at: Instant) -> String {
        when::moment(self.lang(), at, self.now.day())
    }
    /// The clock alone on the day that the page shows, else day and clock.
    pub(super) fn short(&self, at: Instant) -> String {
        if at.day() == self.now.day() { when::clock(at) } else { self.moment(at) }
    }
    /// Natural time: hours and minutes below two days, days and hours above.
    pub(super) fn natural(&self, minutes: i64) -> String {
        if minutes < 2 * DAY {
            return when::span(self.t, minutes.max(0));
        }
        let hours = (minutes + 30) / 60;
        self.t.f("wh.span_days", &[("d", &(hours / 24)), ("h", &(hours % 24))])
    }
    /// How far a moment is away or past, in working days where it is more than a day, else in hours.
    pub(super) fn distance(&self, due: Instant) -> String {
        let minutes = (due.since(self.now) / 60_000_000).abs();
        let days = i64::from(self.cal.workdays_between(self.now.day(), due.day())).abs();
        if minutes < DAY || days == 0 { self.natural(minutes) } else { when::workdays(self.t, days) }
    }
    /// Several names in one line.
    pub(super) fn names(&self, units: &[&UnitCode]) -> String {
        units.iter().map(|unit| self.unit(unit)).collect::<Vec<_>>().join(self.t.s("word.list"))
    }
    /// A length with its exact minutes as the tooltip.
    pub(super) fn exact(&self, minutes: i64) -> Markup {
        html! { span title=(when::span(self.t, minutes.max(0))) { (self.natural(minutes)) } }
    }
}

/// The light of a row: red once a department let a limit pass and it is still open.
pub(super) fn light_of(row: &Summary) -> Light {
    match row.stage {
        stage if !stage.is_open() => Light::Done,
        _ if row.escalated => Light::Red,
        _ if row.misses > 0 => Light::Yellow,
        Stage::Need => Light::Grey,
        _ => Light::Green,
    }
}

/// What a row's light says.
pub(super) fn light_word<'t>(t: T<'t>, row: &Summary) -> &'t str {
    match light_of(row) {
        Light::Done => t.s("light.done"),
        Light::Red => t.s("wh.light.escalated"),
        Light::Yellow => t.s("wh.light.missed"),
        Light::Grey => t.s("wh.light.need"),
        _ => t.s("light.green"),
    }
}

/// The icon of a type.
pub(super) fn kind_icon(kind: Option<&str>) -> &'static str {
    match kind {
        None => "eye",
        Some(_) => "speakerphone",
    }
}

/// The icon of an act.
pub(super) fn act_icon(act: Act) -> &'static str {
    match act {
        Act::Solve | Act::Done => "circle-check",
        Act::Sound => "speakerphone",
        Act::Call => "users-plus",
        Act::Ack => "bell",
        Act::Dispute => "scale",
        Act::Rule | Act::Settle => "gavel",
        Act::Muster => "map-pin",
        Act::Plan => "checklist",
        Act::Release => "logout",
        Act::Confirm => "check",
        Act::Score => "star",
        Act::Contest => "flag",
        Act::Cancel => "x",
    }
}

/// The text with its first letter as a capital; Chinese stays as it is.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An act as a button says it.
pub(super) fn verb(t: T<'_>, act: Act) -> String {
    capital(act.say(t.lang()))
}

/// A number for drawing.
pub(super) fn number(n: i64) -> f64 {
    i32::try_from(n).map_or_else(|_| if n < 0 { f64::from(i32::MIN) } else { f64::from(i32::MAX) }, f64::from)
}

/// `part` of `whole` in per cent.
pub(super) fn share(part: i64, whole: i64) -> f64 {
    if whole > 0 { (number(part) / number(whole) * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}
