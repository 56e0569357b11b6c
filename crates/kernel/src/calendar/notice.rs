//! The notices as data, and which of them were out on a given day.

use super::office::OfficePlan;
use super::{Calendar, Days, Why};
use crate::refusal::{Kind, Refuse, clip};
use crate::text::{Lang, Words};
use crate::time::Day;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

macro_rules! notices {
    ($($name:literal),* $(,)?) => {
        /// The embedded notices: file name and text.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../data/calendar/", $name, ".toml")))),*];
    };
}
notices!(
    "2004", "2005", "2006", "2007", "2008", "2009", "2010", "2011", "2012", "2013", "2014", "2015", "2015-2",
    "2016", "2017", "2018", "2019", "2019-2", "2020", "2020-2", "2021", "2022", "2023", "2024", "2025",
    "2026",
);

/// A span off, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    zh: String,
    en: String,
    from: Day,
    to: Day,
}

/// A make-up working day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    zh: String,
    en: String,
    day: Day,
}

/// One notice on the holidays of a year, as `crates/kernel/data/calendar/README.md` describes the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The year that it arranges.
    pub year: i16,
    /// Year and number of the paper, such as `2019-2`.
    pub version: String,
    /// When it was published; it is unknown to every calendar of an earlier day.
    pub published: Day,
    /// `false` marks a placeholder for the publication day (示例).
    pub published_known: bool,
    /// Its title.
    pub notice: String,
    /// Whether the document number is certain; while it is not, none is given.
    pub number_known: bool,
    /// Where the days come from.
    pub source: String,
    off: Vec<Off>,
    work: Vec<Work>,
}

impl Notice {
    /// Reads one notice from TOML; `name` is the file, for the message.
    ///
    /// # Errors
    /// When the text is not a notice, a span runs backwards or over 31 days, a day lies outside the year and the
    /// December before it, a make-up day is not a weekend day, or a day is both off and worked.
    pub fn parse(name: &str, text: &str) -> Result<Notice, NoticeFault> {
        let notice: Notice = toml::from_str(text)
            .map_err(|e| NoticeFault::Malformed { file: name.to_owned(), message: e.message().to_owned() })?;
        notice.check().map_err(|(day, what)| NoticeFault::Day { file: name.to_owned(), day, what })?;
        Ok(notice)
    }

    fn check(&self) -> Result<(), (Day, DayFault)> {
        let inside = |day: Day| day.year() == self.year || (day.year() + 1 == self.year && day.month() == 12);
        for off in &self.off {
            if off.to < off.from || off.to.number() - off.from.number() > 30 {
                return Err((off.from, DayFault::Span));
            }
            if !inside(off.from) || !inside(off.to) {
                return Err((off.from, DayFault::Year));
            }
        }
        for work in &self.work {
            if !inside(work.day) {
                return Err((work.day, DayFault::Year));
            }
            if work.day.weekday() <= 5 {
                return Err((work.day, DayFault::MakeUpOnWeekday));
            }
            if self.off.iter().any(|off| off.from <= work.day && work.day <= off.to) {
                return Err((work.day, DayFault::Both));
            }
        }
        Ok(())
    }

    fn exceptions(&self) -> BTreeMap<Day, (bool, Why)> {
        let mut out = BTreeMap::new();
        for off in &self.off {
            let name = Arc::new(Words::new(&off.zh, &off.en));
            for n in off.from.number()..=off.to.number() {
                out.insert(Day::from_number(n), (false, Why::Holiday(Arc::clone(&name))));
            }
        }
        for work in &self.work {
            let name = Arc::new(Words::new(&work.zh, &work.en));
            out.insert(work.day, (true, Why::MakeUp(name)));
        }
        out
    }
}

/// What is wrong with a day of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    /// The span runs backwards or over 31 days.
    Span,
    /// Outside the notice's year and the December before it.
    Year,
    /// A make-up day that is a Monday to Friday anyway.
    MakeUpOnWeekday,
    /// Both off and worked.
    Both,
}

/// Why a notice is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeFault {
    /// The TOML does not parse or lacks a field.
    Malformed {
        /// File.
        file: String,
        /// What the parser says.
        message: String,
    },
    /// A day of it cannot be.
    Day {
        /// File.
        file: String,
        /// The day.
        day: Day,
        /// What is wrong.
        what: DayFault,
    },
}

impl Refuse for NoticeFault {
    fn code(&self) -> &'static str {
        match self {
            NoticeFault::Malformed { .. } => "calendar.malformed",
            NoticeFault::Day { .. } => "calendar.day",
        }
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        let (NoticeFault::Malformed { file, .. } | NoticeFault::Day { file, .. }) = self;
        Some(file)
    }
    fn value(&self) -> Option<String> {
        match self {
            NoticeFault::Malformed { message, .. } => Some(clip(message)),
            NoticeFault::Day { day, .. } => Some(day.to_string()),
        }
    }
    fn reason(&self, lang: Lang) -> String {
        match self {
            NoticeFault::Malformed { file, message } => match lang {
                Lang::Zh => format!("放假安排文件{file}无法读取:{message}"),
                Lang::En => format!("The notice file {file} cannot be read: {message}"),
            },
            NoticeFault::Day { file, day, what } => {
                let why = match what {
                    DayFault::Span => {
                        lang.pick("放假区间有误", "is in a span that runs backwards or too long")
                    }
                    DayFault::Year => lang.pick("不在该年度内", "is outside the year of the notice"),
                    DayFault::MakeUpOnWeekday => {
                        lang.pick("本是工作日,不能调休上班", "works anyway, so cannot make up")
                    }
                    DayFault::Both => lang.pick("既放假又上班", "is both off and worked"),
                };
                match lang {
                    Lang::Zh => format!("{file}中{day}{why}"),
                    Lang::En => format!("In {file}, {day} {why}"),
                }
            }
        }
    }
    fn next(&self, lang: Lang) -> String {
        lang.pick(
            "请对照国务院办公厅通知原文改正后重新导入",
            "Correct it from the text of the notice and import it again",
        )
        .to_owned()
    }
}

/// All published notices, versions kept.
#[derive(Debug, Clone)]
pub struct Calendars {
    notices: Vec<Notice>,
    /// The state of knowledge from each publication day on, oldest first.
    states: Vec<(Day, Calendar)>,
    /// Before any notice.
    blank: Calendar,
}

static BUILTIN: LazyLock<Calendars> = LazyLock::new(|| {
    // A broken embedded file cannot reach a release: `builtin_has_every_notice` reads each of them.
    Calendars::new(FILES.iter().filter_map(|(name, text)| Notice::parse(name, text).ok()).collect())
});

impl Calendars {
    /// The notices that the program carries, 2004 to 2026.
    pub fn builtin() -> &'static Calendars {
        &BUILTIN
    }

    /// From notices in any order.
    pub fn new(mut notices: Vec<Notice>) -> Calendars {
        notices.sort_by(|a, b| (a.published, &a.version).cmp(&(b.published, &b.version)));
        let office = Arc::new(OfficePlan::default());
        let calendar = |version: String, newest: &BTreeMap<i16, &Notice>| {
            let exceptions = newest.values().flat_map(|notice| notice.exceptions()).collect();
            let years: BTreeSet<i16> = newest.keys().copied().collect();
            Calendar { days: Arc::new(Days::build(version, exceptions, years)), office: Arc::clone(&office) }
        };
        let mut newest = BTreeMap::new();
        let blank = calendar("cn-none".to_owned(), &newest);
        let mut states: Vec<(Day, Calendar)> = Vec::new();
        for notice in &notices {
            newest.insert(notice.year, notice);
            if states.last().is_some_and(|(day, _)| *day == notice.published) {
                states.pop();
            }
            states.push((notice.published, calendar(format!("cn-{}", notice.published), &newest)));
        }
        Calendars { notices, states, blank }
    }

    /// These and `more`, such as next year's notice imported before a new release of the program.
    pub fn extended(&self, more: &[Notice]) -> Calendars {
        Calendars::new(self.notices.iter().chain(more).cloned().collect())
    }

    /// Every notice, by publication.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Everything that is known.
    pub fn latest(&self) -> Calendar {
        self.states.last().map_or(&self.blank, |(_, calendar)| calendar).clone()
    }

    /// What was known on `on`: of each year the newest notice published on or before that day.
    pub fn as_known(&self, on: Day) -> Calendar {
        let n = self.states.partition_point(|(published, _)| *published <= on);
        let last = n.checked_sub(1).and_then(|i| self.states.get(i));
        last.map_or(&self.blank, |(_, calendar)| calendar).clone()
    }

    /// The state of knowledge that [`Calendar::version`] named; an area's suffix is ignored. `None` when there is
    /// none of that name.
    pub fn by_version(&self, version: &str) -> Option<Calendar> {
        let bare = version.split('+').next().unwrap_or(version);
        let known = self.states.iter().map(|(_, calendar)| calendar).chain([&self.blank]);
        known.into_iter().find(|calendar| calendar.version() == bare).cloned()
    }
}
