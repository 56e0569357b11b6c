//! Clock rules as the playbook gives them, and what can be wrong with one.

use super::limit::{Counting, DayEnd, Limit, Roll, Unit};
use crate::id::Slug;
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An event of a duty that starts or stops limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockEvent {
    /// It is registered (登记).
    Register,
    /// It is handed to a holder (交办).
    Assign,
    /// The holder accepts it (签收).
    Accept,
    /// The holder has contacted whoever asked (联系).
    Contact,
    /// The holder submits the result (提交).
    Submit,
    /// It is verified and closed (办结).
    Close,
    /// Complete materials are received (受理).
    Receipt,
    /// The task is given with a set date (下达).
    Given,
}

impl ClockEvent {
    /// The event in words: `交办`, `assigned`.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            ClockEvent::Register => ("登记", "registered"),
            ClockEvent::Assign => ("交办", "assigned"),
            ClockEvent::Accept => ("签收", "accepted"),
            ClockEvent::Contact => ("联系", "contacted"),
            ClockEvent::Submit => ("提交", "submitted"),
            ClockEvent::Close => ("办结", "closed"),
            ClockEvent::Receipt => ("受理", "materials received"),
            ClockEvent::Given => ("下达", "given"),
        };
        Words::new(zh, en)
    }
}

/// One limit of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitRule {
    /// Its name within the rule, such as `sign` or `reply`.
    pub name: Slug,
    /// What people read for it, such as 签收时限; the name when absent.
    #[serde(default)]
    pub title: Option<Words>,
    /// How long.
    pub limit: Limit,
    /// What starts it.
    pub starts: ClockEvent,
    /// What stops it.
    pub stops: ClockEvent,
    /// Whether timeliness is judged by it; exactly one limit of a rule is main.
    #[serde(default)]
    pub main: bool,
    /// When its last day ends.
    #[serde(default)]
    pub day_end: DayEnd,
    /// Whether it may end on a rest day.
    #[serde(default)]
    pub roll: Roll,
    /// Yellow this long before due, instead of the rule's own.
    #[serde(default)]
    pub warn: Option<Limit>,
}

impl LimitRule {
    /// How its last day is treated.
    pub fn counting(&self) -> Counting {
        Counting { day_end: self.day_end, roll: self.roll }
    }
    /// What people read for it.
    pub fn title(&self) -> Words {
        self.title.clone().unwrap_or_else(|| Words::new(self.name.as_str(), self.name.as_str()))
    }
}

/// How often and how far a main limit may be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRule {
    /// Times; zero allows none.
    pub max_count: u32,
    /// Longest single extension, counted from the due day that it moves.
    pub max_len: Limit,
}

impl Default for ExtensionRule {
    fn default() -> Self {
        ExtensionRule { max_count: 0, max_len: Limit::new(0, Unit::WorkDays) }
    }
}

/// A clock rule in force from a day on (D§7.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Its code, such as `case.hotline`.
    pub code: Slug,
    /// Its version; stored with every clock that runs under it.
    pub version: String,
    /// First day on which it applies.
    pub from: Day,
    /// Last day on which it applies; open when absent.
    #[serde(default)]
    pub until: Option<Day>,
    /// What people read.
    pub title: Words,
    /// The limits, in the order in which people meet them.
    pub limits: Vec<LimitRule>,
    /// Extensions of the main limit.
    #[serde(default)]
    pub extension: ExtensionRule,
    /// Yellow this long before due.
    pub warn: Limit,
    /// The escalation ladder that overdue limits climb (D§5.3).
    pub ladder: Slug,
    /// Where the rule comes from; `example` when the sources do not give it.
    pub source: String,
}

impl ClockRule {
    /// Whether it applies to something that starts on `day`.
    pub fn applies_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
    /// The limit called `name`.
    pub fn limit(&self, name: &Slug) -> Option<&LimitRule> {
        self.limits.iter().find(|limit| limit.name == *name)
    }
    /// Everything that is wrong with the rule; empty when it is good.
    pub fn check(&self) -> Vec<RuleFault> {
        let fault = |what| RuleFault { rule: self.code.clone(), limit: None, what };
        let mut faults = Vec::new();
        match self.limits.iter().filter(|limit| limit.main).count() {
            1 => {}
            0 => faults.push(fault(RuleFaultKind::NoMain)),
            _ => faults.push(fault(RuleFaultKind::ManyMain)),
        }
        if self.until.is_some_and(|until| until < self.from) {
            faults.push(fault(RuleFaultKind::Backwards));
        }
        let mut seen = BTreeSet::new();
        for limit in &self.limits {
            let here = |what| RuleFault { limit: Some(limit.name.clone()), ..fault(what) };
            if !seen.insert(&limit.name) {
                faults.push(here(RuleFaultKind::Twice));
            }
            if limit.starts == limit.stops {
                faults.push(here(RuleFaultKind::StartsWhereItStops));
            }
            if limit.limit.n == 0 && !matches!(limit.limit.unit, Unit::WorkDays | Unit::Days) {
                faults.push(here(RuleFaultKind::NoLength));
            }
            let by_hour = matches!(limit.limit.unit, Unit::Minutes | Unit::Hours | Unit::OfficeHours);
            if limit.roll == Roll::NextWorkday && by_hour {
                faults.push(here(RuleFaultKind::RollOfHours));
            }
        }
        faults
    }
}

/// What is wrong with a clock rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RuleFaultKind {
    NoMain,
    ManyMain,
    Backwards,
    Twice,
    StartsWhereItStops,
    NoLength,
    RollOfHours,
}

/// A fault of a clock rule, with the limit that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    rule: Slug,
    limit: Option<Slug>,
    what: RuleFaultKind,
}

impl RuleFault {
    fn words(&self) -> (&'static str, Words, Words) {
        let w = Words::new;
        match self.what {
            RuleFaultKind::NoMain => (
                "clock.no_main",
                w("没有主时限", "No limit is main"),
                w("请在一个时限上写main = true", "Write main = true on one limit"),
            ),
            RuleFaultKind::ManyMain => (
                "clock.many_main",
                w("主时限多于一个", "More than one limit is main"),
                w("请只保留一个main = true", "Keep main = true on one limit only"),
            ),
            RuleFaultKind::Backwards => (
                "clock.backwards",
                w("失效日期早于生效日期", "The rule ends before it begins"),
                w("请改正from或until", "Correct from or until"),
            ),
            RuleFaultKind::Twice => (
                "clock.twice",
                w("时限名称重复", "Two limits have this name"),
                w("请改用不同的名称", "Give each limit a name of its own"),
            ),
            RuleFaultKind::StartsWhereItStops => (
                "clock.no_span",
                w("起点与终点相同", "The limit stops where it starts"),
                w("请改正starts或stops", "Correct starts or stops"),
            ),
            RuleFaultKind::NoLength => (
                "clock.no_length",
                w("时限为零", "The limit is zero"),
                w("请填写至少1,“当日”请写0d", "Write at least 1; for “the same day” write 0d"),
            ),
            RuleFaultKind::RollOfHours => (
                "clock.roll_of_hours",
                w(
                    "按分钟、小时计的时限不能顺延到工作日",
                    "A limit in minutes or hours cannot roll to a working day",
                ),
                w("请删除roll,或改用天、工作日", "Remove roll, or count in days or working days"),
            ),
        }
    }
}

impl Refuse for RuleFault {
    fn code(&self) -> &'static str {
        self.words().0
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        Some(self.rule.as_str())
    }
    fn value(&self) -> Option<String> {
        self.limit.as_ref().map(ToString::to_string)
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().2.get(lang).to_owned()
    }
}
