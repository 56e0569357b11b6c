//! Why an extension is refused (D§7.3).

use super::wording::{moment_en, moment_zh};
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};
use crate::time::{Day, Instant};

/// Why an extension is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockRefusal {
    /// The main limit is not running: not started, or already stopped.
    NotRunning,
    /// The result is submitted and the clock stands still.
    Frozen,
    /// The clock is paused, so nobody knows yet what is to be extended.
    Paused,
    /// Asked after the due moment.
    Late {
        /// The due moment that has passed.
        due: Instant,
    },
    /// Extended as often as the rule allows.
    Count {
        /// Times allowed.
        max: u32,
    },
    /// Further than the rule allows.
    Length {
        /// The day asked for.
        to: Day,
        /// The furthest day allowed.
        latest: Day,
    },
    /// Not later than what already holds.
    NotLater {
        /// The day asked for.
        to: Day,
        /// The due moment that holds.
        due: Instant,
    },
}

impl ClockRefusal {
    fn words(&self) -> (&'static str, Words, Words) {
        let w = |zh: String, en: String| Words::new(zh, en);
        match self {
            ClockRefusal::NotRunning => (
                "clock.not_running",
                Words::new("主时限没有在计时", "The main limit is not running"),
                Words::new("只有在办事项可以申请延期", "Only work in hand can be extended"),
            ),
            ClockRefusal::Frozen => (
                "clock.frozen",
                Words::new("已提交核实,时限已冻结", "The result is submitted and the clock is frozen"),
                Words::new("如被退回,退回后再申请延期", "If it is sent back, ask again then"),
            ),
            ClockRefusal::Paused => (
                "clock.paused",
                Words::new("计时已暂停", "The clock is paused"),
                Words::new("请先恢复计时再申请延期", "Resume the clock first, then ask"),
            ),
            ClockRefusal::Late { due } => (
                "clock.late",
                w(
                    format!("时限{}已过", moment_zh(*due, None)),
                    format!("The limit {} has passed", moment_en(*due, None)),
                ),
                Words::new(
                    "延期须在到期前申请,请尽快办理并说明原因",
                    "Extensions are asked before the due time; finish now and explain",
                ),
            ),
            ClockRefusal::Count { max } => (
                "clock.extension_count",
                w(
                    format!("最多可延期{max}次,已用完"),
                    format!("At most {max} extensions are allowed and all are used"),
                ),
                Words::new(
                    "请按现有时限办理,或提请会议协调",
                    "Keep the present limit, or take it to a meeting",
                ),
            ),
            ClockRefusal::Length { latest, .. } => (
                "clock.extension_length",
                w(
                    format!("超出可延期的最长期限,最晚为{latest}"),
                    format!("That is longer than the rule allows; the last day is {latest}"),
                ),
                w(format!("请选择{latest}或更早的日期"), format!("Choose {latest} or an earlier day")),
            ),
            ClockRefusal::NotLater { due, .. } => (
                "clock.extension_not_later",
                w(
                    format!("不晚于现有时限{}", moment_zh(*due, None)),
                    format!("That is not later than the present limit {}", moment_en(*due, None)),
                ),
                Words::new("请选择更晚的日期", "Choose a later day"),
            ),
        }
    }
}

impl Refuse for ClockRefusal {
    fn code(&self) -> &'static str {
        self.words().0
    }
    fn kind(&self) -> Kind {
        match self {
            ClockRefusal::NotRunning | ClockRefusal::Frozen | ClockRefusal::Paused => Kind::Conflict,
            ClockRefusal::Late { .. }
            | ClockRefusal::Count { .. }
            | ClockRefusal::Length { .. }
            | ClockRefusal::NotLater { .. } => Kind::Rule,
        }
    }
    fn field(&self) -> Option<&str> {
        Some("extend_to")
    }
    fn value(&self) -> Option<String> {
        match self {
            ClockRefusal::Length { to, .. } | ClockRefusal::NotLater { to, .. } => Some(to.to_string()),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().2.get(lang).to_owned()
    }
}
