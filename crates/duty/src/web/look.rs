//! How duties look everywhere: names, icons, chips and the reasons behind dates.
//!
//! A [`Look`] holds what a page needs to speak of duties: the texts, the playbook and calendar in force, the moment that
//! the page shows and the reader's own unit. It draws nothing by itself beyond single marks.

use crate::model::Summary;
use base::i18n::T;
use base::web::ui::due::{Due, Length, Why, chip, why};
use base::web::ui::{Markup, when};
use kernel::calendar::Calendar;
use kernel::clock::{ClockRule, LimitStory};
use kernel::duty::{Act, Duty, StateName};
use kernel::playbook::Playbook;
use kernel::{Instant, Lang, PostCode, UnitCode};

/// What a page needs to speak of duties.
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
    /// The reader's unit.
    pub(super) own: &'a UnitCode,
}

/// The post under which jobs act.
const SYSTEM: &str = "system";

impl Look<'_> {
    pub(super) fn lang(&self) -> Lang {
        self.t.lang()
    }
    pub(super) fn unit(&self, code: &UnitCode) -> String {
        org::names::unit(self.book, code, self.lang())
    }
    /// Unit and post.
    pub(super) fn post(&self, code: &PostCode) -> String {
        if code.as_str() == SYSTEM {
            return self.t.s("du.duties.system").to_owned();
        }
        org::names::unit_and_post(self.book, code, self.lang())
    }
    /// The unit of a post: rows name units first.
    pub(super) fn unit_of(&self, code: &PostCode) -> String {
        match self.book.post(code) {
            Some(post) => self.unit(&post.unit),
            None => self.post(code),
        }
    }
    /// A code of either kind, as sentences of the history have it.
    pub(super) fn any(&self, code: &str) -> String {
        if let Ok(post) = PostCode::parse("post", code)
            && (self.book.post(&post).is_some() || code == SYSTEM)
        {
            return self.post(&post);
        }
        UnitCode::parse("unit", code).map_or_else(|_| code.to_owned(), |unit| self.unit(&unit))
    }
    /// What people call a kind.
    pub(super) fn kind(&self, code: &str) -> String {
        self.book.kind(code).map_or_else(|| code.to_owned(), |kind| kind.title.get(self.lang()).to_owned())
    }
    /// A state by its code.
    pub(super) fn state(&self, code: &str) -> &'static str {
        state_of(code).map_or("—", |name| name.say(self.lang()))
    }
    /// `8月12日 09:58`.
    pub(super) fn moment(&self, at: Instant) -> String {
        when::moment(self.lang(), at, self.now.day())
    }
    /// Natural time as days and hours.
    pub(super) fn natural(&self, minutes: i64) -> String {
        super::spans::natural(self.t, minutes)
    }
    /// Office time as working days and hours, by the office hours of the day that the page shows.
    pub(super) fn office(&self, minutes: i64) -> String {
        super::spans::office(self.t, minutes, i64::from(self.cal.office(self.now.day()).minutes()))
    }
    /// Working days from today to `due`, negative when it has passed.
    pub(super) fn workdays(&self, due: Instant) -> i32 {
        self.cal.workdays_between(self.now.day(), due.day())
    }
    /// What the deadline chip of a row says.
    pub(super) fn due(&self, s: &Summary) -> Due {
        match s.due {
            _ if !s.open => Due::Done(self.state(&s.state).to_owned()),
            _ if s.paused => Due::Paused(self.t.s("light.paused").to_owned()),
            Some(due) => Due::at(self.now, due, self.workdays(due)),
            None if matches!(s.state.as_str(), "submitted" | "verified") => {
                Due::Done(self.state(&s.state).to_owned())
            }
            None => Due::None,
        }
    }
    /// The chip of a row, behind its reason where there is one.
    pub(super) fn chip(&self, s: &Summary, duty: Option<&Duty>, length: Length) -> Markup {
        let inner = chip(self.t, &self.due(s), length);
        let reason = duty.filter(|_| s.open).and_then(|duty| self.why(duty));
        match reason {
            Some(reason) => {
                let id = format!("why-{}", s.id);
                why(&Why { id: &id, title: reason.0, lines: reason.1, foot: Some(reason.2) }, inner)
            }
            None => inner,
        }
    }
    /// Why the next due moment is what it is: title, sentences, what they stand on.
    fn why(&self, duty: &Duty) -> Option<(String, Vec<String>, String)> {
        let clock = duty.clock.as_ref()?;
        let rule = rule_of(self.book, duty)?;
        let due = clock.due().or_else(|| clock.main_due())?;
        let stories = clock.explain(rule, self.cal, self.now);
        let story = stories.iter().find(|story| story.due == Some(due))?;
        let title =
            self.t.f("du.duties.why", &[("what", &story.title.get(self.lang())), ("at", &self.moment(due))]);
        Some((title, sentences(self.t, story), self.stands_on(duty, rule)))
    }
    /// The rule and the calendar that a date stands on.
    pub(super) fn stands_on(&self, duty: &Duty, rule: &ClockRule) -> String {
        let calendar = duty.clock.as_ref().map_or("", |clock| clock.calendar_version());
        let calendar = if calendar.is_empty() { self.cal.version() } else { calendar };
        self.t.f(
            "du.duties.stands_on",
            &[("rule", &rule.title.get(self.lang())), ("version", &rule.version), ("calendar", &calendar)],
        )
    }
}

/// An act as a button says it: English begins with a capital letter.
pub(super) fn verb(t: T<'_>, act: Act) -> String {
    capital(act.say(t.lang()))
}

/// The text with its first letter as a capital; Chinese stays as it is.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The rule that a duty's clock names.
pub(super) fn rule_of<'b>(book: &'b Playbook, duty: &Duty) -> Option<&'b ClockRule> {
    let (code, version) = duty.clock.as_ref()?.rule();
    book.clock_version(code.as_str(), version)
}

/// The sentences of a story, one a line.
pub(super) fn sentences(t: T<'_>, story: &LimitStory) -> Vec<String> {
    let text = t.words(&story.text).into_owned();
    let parts: Vec<&str> = if t.is_zh() { text.split('。').collect() } else { text.split(". ").collect() };
    let clean = |part: &str| part.trim().trim_end_matches('.').to_owned();
    parts.into_iter().map(clean).filter(|part| !part.is_empty()).collect()
}

/// A state by its code.
pub(super) fn state_of(code: &str) -> Option<StateName> {
    StateName::ALL.iter().copied().find(|name| name.code() == code)
}

/// The icon of a kind; kinds of other districts' playbooks get the flag.
pub(super) fn kind_icon(code: &str) -> &'static str {
    match code {
        "plan_item" => "list-tree",
        "plan_task" => "checklist",
        "supervision" => "clipboard-search",
        "decision" => "presentation",
        "request" => "users-plus",
        "whistle" => "speakerphone",
        "case" => "message-circle",
        "project_node" => "building-community",
        "inspection" => "zoom-check",
        "permit" => "file-certificate",
        _ => "flag",
    }
}

/// A number for drawing; beyond what a mark can show it is cut.
pub(super) fn number(n: i64) -> f64 {
    i32::try_from(n).map_or_else(|_| if n < 0 { f64::from(i32::MIN) } else { f64::from(i32::MAX) }, f64::from)
}

/// `part` of `whole` in per cent.
pub(super) fn share(part: i64, whole: i64) -> f64 {
    if whole > 0 { (number(part) / number(whole) * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}
