//! Lights: one value, a stated rule, and the rule's words beside the colour (D§6.3).
//!
//! A [`LightPolicy`] is data: ordered bands over one typed quantity, *memory* rules ("three periods running") and an
//! *excuse* rule (正当理由). Published policies have holes, so [`LightPolicy::check`] refuses any that leaves a value
//! without a light or gives it two. An object has several lights (start, progress, money); they are never merged.
//! No data is grey, never green.
//!
//! ```
//! use kernel::{light::{Light, LightPolicy, lag_points}, money::Decimal};
//! let policy: LightPolicy = toml::from_str(r#"
//!     code = "progress"
//!     title = { zh = "进度灯", en = "Progress" }
//!     quantity = "lag_points"
//!     source = "example"
//!     bands = [
//!         { light = "green", range = "(,0]" },
//!         { light = "yellow", range = "(0,30]" },
//!         { light = "red", range = "(30,)" },
//!     ]
//! "#).unwrap();
//! assert!(policy.check().is_empty());
//! let lag = lag_points(Decimal::whole(50), Decimal::whole(36));
//! assert_eq!(policy.judge(Some(lag), &[], false).light, Light::Yellow);
//! ```

mod counts;
mod fault;
mod range;

#[cfg(test)]
mod tests;

pub use counts::Counts;
pub use fault::LightFault;
pub use range::Range;

use crate::id::Slug;
use crate::money::Decimal;
use crate::text::{Lang, Words};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A colour on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// As it should be.
    Green,
    /// A warning.
    Yellow,
    /// Late, or far behind.
    Red,
    /// No data, or nothing due.
    Grey,
    /// Done.
    Done,
    /// Time is excluded for now.
    Paused,
}

impl Light {
    /// The name of the light.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Light::Green => ("绿灯", "green"),
            Light::Yellow => ("黄灯", "yellow"),
            Light::Red => ("红灯", "red"),
            Light::Grey => ("无数据", "no data"),
            Light::Done => ("已完成", "done"),
            Light::Paused => ("已暂停", "paused"),
        };
        Words::new(zh, en)
    }
    /// How bad it is: green 1, yellow 2, red 3; the others, which say nothing about performance, 0.
    fn severity(self) -> u8 {
        match self {
            Light::Green => 1,
            Light::Yellow => 2,
            Light::Red => 3,
            Light::Grey | Light::Done | Light::Paused => 0,
        }
    }
}

/// What a policy's value is. Points and per cent are different things (D§6.3, consequence 3), so a policy names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Percentage points behind plan: see [`lag_points`].
    LagPoints,
    /// Per cent of the plan that is missing: see [`shortfall_percent`].
    ShortfallPercent,
    /// A rate in per cent.
    Percent,
    /// Growth in per cent, negative when it shrinks.
    GrowthPercent,
    /// Calendar days past a date; negative before it.
    DaysLate,
    /// Months past a date; negative before it.
    MonthsLate,
    /// A number of things.
    Count,
}

impl Quantity {
    /// Name and unit, as `name` and suffix of a value.
    fn words(self) -> (Words, Words) {
        let (zh, en, unit_zh, unit_en) = match self {
            Quantity::LagPoints => ("落后计划", "behind plan by", "个百分点", " points"),
            Quantity::ShortfallPercent => ("比计划少", "short of plan by", "%", "%"),
            Quantity::Percent => ("比率", "rate", "%", "%"),
            Quantity::GrowthPercent => ("增长", "growth", "%", "%"),
            Quantity::DaysLate => ("超期", "late by", "天", " days"),
            Quantity::MonthsLate => ("超期", "late by", "个月", " months"),
            Quantity::Count => ("数量", "number", "", ""),
        };
        (Words::new(zh, en), Words::new(unit_zh, unit_en))
    }
}

/// How many percentage points `actual` lies behind `plan`; negative when it is ahead.
pub fn lag_points(plan: Decimal, actual: Decimal) -> Decimal {
    plan - actual
}

/// How many per cent of `plan` are missing, both in the same unit; negative when `actual` exceeds it. `None` without a
/// plan.
pub fn shortfall_percent(plan: i64, actual: i64) -> Option<Decimal> {
    if plan <= 0 {
        return None;
    }
    Decimal::percent(plan.saturating_sub(actual), plan)
}

/// Values in `range` have `light`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The light.
    pub light: Light,
    /// The values, such as `(10,30]`.
    pub range: Range,
    /// What follows from it, such as an interview of the person in charge (约谈).
    #[serde(default)]
    pub consequence: Option<Words>,
}

/// "`periods` periods running in one of `seen`, the present one included, is `light`."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// The lights that count.
    pub seen: Vec<Light>,
    /// How many in a row, at least 2.
    pub periods: u32,
    /// The light that follows; it must be worse than each of `seen` but itself.
    pub light: Light,
    /// What follows from it.
    #[serde(default)]
    pub consequence: Option<Words>,
}

/// "An approved reason turns each light of `from` into `to`."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excuse {
    /// Lights that can be excused.
    pub from: Vec<Light>,
    /// What they become.
    pub to: Light,
}

/// A light policy of the playbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightPolicy {
    /// Its code.
    pub code: Slug,
    /// What people read.
    pub title: Words,
    /// What the value is.
    pub quantity: Quantity,
    /// The bands from the lowest values to the highest, touching each other, open at both ends.
    pub bands: Vec<Band>,
    /// Memory rules; the worst light that one gives wins over the band's.
    #[serde(default)]
    pub memory: Vec<Memory>,
    /// Approved reasons; applied last.
    #[serde(default)]
    pub excuse: Option<Excuse>,
    /// Where the policy comes from; `example` when the sources do not give it.
    pub source: String,
}

/// A light with the rule and the value that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The light.
    pub light: Light,
    /// The rule and the value, as one sentence; the value is rounded for reading.
    pub rule: Words,
    /// The value to its last place, for details; none without data.
    pub exact: Option<Decimal>,
    /// What follows from the light by the policy.
    pub consequence: Option<Words>,
}

impl LightPolicy {
    /// Everything that is wrong with the policy: holes, overlaps, an open end that is missing, a memory rule that
    /// cannot fire or softens. Empty when it is good.
    pub fn check(&self) -> Vec<LightFault> {
        fault::check(self)
    }

    /// The light of a value. `history` holds the lights of the periods before, newest last; `excused` says that a
    /// reason was approved for this period. Periods without data neither count for a memory rule nor break its run, so
    /// leaving out a report does not help.
    ///
    /// A value that no band covers, which [`LightPolicy::check`] rules out, is grey.
    pub fn judge(&self, value: Option<Decimal>, history: &[Light], excused: bool) -> Verdict {
        let Some(value) = value else {
            let rule = Words::new(
                format!("{}:没有数据,不判为绿灯。", self.title.zh),
                format!("{}: no data, which is not green.", self.title.get(Lang::En)),
            );
            return Verdict { light: Light::Grey, rule, exact: None, consequence: None };
        };
        let (name, unit) = self.quantity.words();
        let band = self.bands.iter().find(|band| band.range.holds(value));
        let said = reading(value, band);
        let Some(band) = band else {
            let rule = Words::new(
                format!("{}:{}{said}{},规则未规定。", self.title.zh, name.zh, unit.zh),
                format!(
                    "{}: {} {said}{}, which the rule does not cover.",
                    self.title.get(Lang::En),
                    name.en,
                    unit.en
                ),
            );
            return Verdict { light: Light::Grey, rule, exact: Some(value), consequence: None };
        };
        let range = band.range.words(&unit);
        let mut zh =
            format!("{}:{}{said}{},{}为{}", self.title.zh, name.zh, unit.zh, range.zh, band.light.words().zh);
        let mut en = format!(
            "{}: {} {said}{}; {} is {}",
            self.title.get(Lang::En),
            name.en,
            unit.en,
            range.en,
            band.light.words().en
        );
        let mut light = band.light;
        let mut consequence = band.consequence.clone();
        for memory in &self.memory {
            if memory.light.severity() > light.severity() && memory.fires(band.light, history) {
                light = memory.light;
                consequence.clone_from(&memory.consequence);
                zh.push_str(&format!(";连续{}期,为{}", memory.periods, light.words().zh));
                en.push_str(&format!("; {} periods running, which is {}", memory.periods, light.words().en));
            }
        }
        if let Some(excuse) = self.excuse.as_ref().filter(|e| excused && e.from.contains(&light)) {
            light = excuse.to;
            consequence = None;
            zh.push_str(&format!(";正当理由已批准,改为{}", light.words().zh));
            en.push_str(&format!("; an approved reason makes it {}", light.words().en));
        }
        let rule = Words::new(format!("{zh}。"), format!("{en}."));
        Verdict { light, rule, exact: Some(value), consequence }
    }
}

/// A value as a sentence says it: to one place, and to more only where the rounded figure would lie in another band and
/// the sentence would contradict itself (30.04 is "over 30" and must not read 30).
fn reading(value: Decimal, band: Option<&Band>) -> String {
    let says = |places: u32| {
        let text = value.text(places).replace('\u{2212}', "-");
        let rounded = Decimal::parse(&text)?;
        band.is_none_or(|band| band.range.holds(rounded)).then_some(rounded)
    };
    (1..4).find_map(says).unwrap_or(value).to_string()
}

impl Memory {
    fn fires(&self, now: Light, history: &[Light]) -> bool {
        let seen = |light: &Light| self.seen.contains(light) || *light == self.light;
        let with_data = history.iter().rev().filter(|light| light.severity() > 0);
        let run = std::iter::once(&now).chain(with_data).take_while(|light| seen(light)).count();
        u32::try_from(run).unwrap_or(u32::MAX) >= self.periods
    }
}

/// The light of a deadline: done, paused, grey when nothing is due, red after `due`, yellow from `warn_at` on.
pub fn deadline_light(
    now: Instant,
    due: Option<Instant>,
    warn_at: Option<Instant>,
    paused: bool,
    done: bool,
) -> Light {
    match due {
        _ if done => Light::Done,
        _ if paused => Light::Paused,
        None => Light::Grey,
        Some(due) if now > due => Light::Red,
        Some(_) if warn_at.is_some_and(|warn| now >= warn) => Light::Yellow,
        Some(_) => Light::Green,
    }
}
