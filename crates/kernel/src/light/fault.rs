//! What can be wrong with a light policy.

use super::range::End;
use super::{Light, LightPolicy};
use crate::id::Slug;
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};

/// What is wrong with a light policy.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Empty,
    /// Values between two bands have no light.
    Hole(String),
    /// Values have two lights.
    Overlap(String),
    NotOpenBelow,
    NotOpenAbove,
    /// A band or rule names a light that is not green, yellow or red.
    NotAColour(Light),
    ShortMemory,
    SoftMemory(Light),
    DeafMemory,
    HarshExcuse(Light),
}

/// A fault of a light policy, with the values or light that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LightFault {
    policy: Slug,
    what: What,
}

pub(super) fn check(policy: &LightPolicy) -> Vec<LightFault> {
    let mut found = bands(policy);
    let colours = policy.bands.iter().map(|band| band.light);
    let colours = colours.chain(policy.memory.iter().map(|m| m.light));
    found.extend(colours.filter(|light| light.severity() == 0).map(What::NotAColour));
    for memory in &policy.memory {
        if memory.periods < 2 {
            found.push(What::ShortMemory);
        }
        if memory.seen.iter().all(|light| light.severity() == 0) {
            found.push(What::DeafMemory);
        }
        let soft = memory.seen.iter().any(|light| light.severity() > memory.light.severity());
        if soft {
            found.push(What::SoftMemory(memory.light));
        }
    }
    if let Some(excuse) = &policy.excuse
        && excuse.from.iter().any(|light| light.severity() <= excuse.to.severity())
    {
        found.push(What::HarshExcuse(excuse.to));
    }
    found.into_iter().map(|what| LightFault { policy: policy.code.clone(), what }).collect()
}

fn bands(policy: &LightPolicy) -> Vec<What> {
    let mut found = Vec::new();
    let (Some(first), Some(last)) = (policy.bands.first(), policy.bands.last()) else {
        return vec![What::Empty];
    };
    if first.range.low.is_some() {
        found.push(What::NotOpenBelow);
    }
    if last.range.high.is_some() {
        found.push(What::NotOpenAbove);
    }
    for (below, above) in policy.bands.iter().zip(policy.bands.iter().skip(1)) {
        let pair = format!("{} {}", below.range, above.range);
        match (below.range.high, above.range.low) {
            (Some(a), Some(b)) => found.extend(seam(a, b, pair)),
            // An open end in the middle covers everything that follows or precedes.
            _ => found.push(What::Overlap(pair)),
        }
    }
    found
}

/// The seam of two neighbouring bands: the value must belong to exactly one of them.
fn seam(a: End, b: End, pair: String) -> Option<What> {
    match (a.value.cmp(&b.value), a.included, b.included) {
        (std::cmp::Ordering::Less, _, _) | (std::cmp::Ordering::Equal, false, false) => {
            Some(What::Hole(pair))
        }
        (std::cmp::Ordering::Greater, _, _) | (std::cmp::Ordering::Equal, true, true) => {
            Some(What::Overlap(pair))
        }
        (std::cmp::Ordering::Equal, _, _) => None,
    }
}

impl LightFault {
    fn words(&self) -> (&'static str, Words, Words) {
        let w = |zh: &str, en: &str| Words::new(zh, en);
        let join = w(
            "请让相邻两档首尾相接,交界值只归一档",
            "Let neighbours meet, and give the shared value to one of them",
        );
        match &self.what {
            What::Empty => (
                "light.empty",
                w("没有任何分档", "There are no bands"),
                w("请至少写一档(,)", "Write at least one band (,)"),
            ),
            What::Hole(_) => (
                "light.hole",
                w("两档之间有空档,其中的数值没有灯", "Values between two bands have no light"),
                join,
            ),
            What::Overlap(_) => {
                ("light.overlap", w("两档重叠或顺序颠倒", "Two bands overlap or are out of order"), join)
            }
            What::NotOpenBelow => (
                "light.low_end",
                w("最低一档没有向下敞开", "The lowest band is not open below"),
                w("第一档请写成(,x]或(,x)", "Write the first band as (,x] or (,x)"),
            ),
            What::NotOpenAbove => (
                "light.high_end",
                w("最高一档没有向上敞开", "The highest band is not open above"),
                w("最后一档请写成[x,)或(x,)", "Write the last band as [x,) or (x,)"),
            ),
            What::NotAColour(_) => (
                "light.not_a_colour",
                w("规则只能给出绿、黄、红", "A rule can give green, yellow or red only"),
                w("请改为green、yellow或red", "Write green, yellow or red"),
            ),
            What::ShortMemory => (
                "light.short_memory",
                w("“连续若干期”少于2期", "A run of periods is shorter than 2"),
                w("请写periods = 2或以上", "Write periods = 2 or more"),
            ),
            What::SoftMemory(_) => (
                "light.soft_memory",
                w("连续多期的结果比单期还轻", "A run of periods gives a milder light than one period"),
                w("请改为更重的灯", "Give a worse light"),
            ),
            What::DeafMemory => (
                "light.deaf_memory",
                w("“连续若干期”没有写明是哪些灯", "The run of periods names no colour"),
                w("请在seen中写yellow或red", "Write yellow or red into seen"),
            ),
            What::HarshExcuse(_) => (
                "light.harsh_excuse",
                w("正当理由没有减轻灯色", "An approved reason does not make the light milder"),
                w("请改为更轻的灯", "Give a milder light"),
            ),
        }
    }
}

impl Refuse for LightFault {
    fn code(&self) -> &'static str {
        self.words().0
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn field(&self) -> Option<&str> {
        Some(self.policy.as_str())
    }
    fn value(&self) -> Option<String> {
        match &self.what {
            What::Hole(pair) | What::Overlap(pair) => Some(pair.clone()),
            What::NotAColour(light) | What::SoftMemory(light) | What::HarshExcuse(light) => {
                Some(light.words().en)
            }
            What::Empty | What::NotOpenBelow | What::NotOpenAbove | What::ShortMemory | What::DeafMemory => {
                None
            }
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().2.get(lang).to_owned()
    }
}
