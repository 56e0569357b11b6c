//! Checks of a decomposition (分解检查): may the target be handed down like this, and does it add up? Pure.
//!
//! A target splits only when it can be added: amounts and counts can, rates and growth cannot (D§4.1). Parts that sum
//! to more than the target put pressure on those below; the playbook's line says how much is warned of. A target on an
//! enterprise is against statistics law (D§4.1, S143) and a matter that departments took back may not go to a street
//! or community (D§4.28).

use kernel::duty::MandateList;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::playbook::{Item, Playbook, UnitKind};
use kernel::{Day, Slug, UnitCode, Words};

/// One result of the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name such as `plan.parts_over`.
    pub code: &'static str,
    /// Green is a check that passed, yellow a reminder, red something that must be mended.
    pub light: Light,
    /// In words.
    pub words: Words,
    /// In a few words, for a row; empty when the row need not say it.
    pub short: Words,
}

/// What the checks know of a part, a node or a supporting unit's share beyond the playbook.
#[derive(Debug, Clone)]
pub struct Below {
    /// Its code.
    pub code: Slug,
    /// Who leads it now; none while nobody does.
    pub lead: Option<UnitCode>,
    /// Its due day; none when it has none.
    pub due: Option<Day>,
    /// The entry of the duty lists that was cited for its lead.
    pub entry: Option<Slug>,
    /// It carries a share of the target.
    pub is_part: bool,
}

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Decomposition<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its target as changed.
    pub target: Option<Decimal>,
    /// Its due day as changed.
    pub due: Day,
    /// Pressure above which one is warned.
    pub line: Decimal,
    /// Parts and nodes.
    pub below: &'a [Below],
    /// The item's own latest figure.
    pub value: Option<Decimal>,
    /// The sum of the parts' latest figures; none when no part has reported.
    pub parts_value: Option<Decimal>,
}

/// Every finding, gravest first. An item without parts, whose nodes are in order, has none.
pub fn check(d: &Decomposition<'_>, book: &Playbook) -> Vec<Finding> {
    let mut found = Vec::new();
    sums(d, &mut found);
    carriers(d, book, &mut found);
    figures(d, &mut found);
    found.sort_by_key(|f| match f.light {
        Light::Red => 0,
        Light::Yellow => 1,
        _ => 2,
    });
    found
}

/// Whether any finding asks for something.
pub fn is_open(findings: &[Finding]) -> bool {
    findings.iter().any(|f| matches!(f.light, Light::Red | Light::Yellow))
}

/// A figure with its unit; English puts a sign before a unit that is itself a number, as in `9 × 100 million yuan`.
pub fn amount(value: Decimal, unit: &Words) -> Words {
    let sign = if unit.en.starts_with(|c: char| c.is_ascii_digit()) { "× " } else { "" };
    let gap = if unit.en == "%" { "" } else { " " };
    Words::new(format!("{value}{}", unit.zh), format!("{value}{gap}{sign}{}", unit.get(kernel::Lang::En)))
}

fn finding(code: &'static str, light: Light, words: Words, short: Words) -> Finding {
    Finding { code, light, words, short }
}

/// The sum of the parts against the target.
fn sums(d: &Decomposition<'_>, found: &mut Vec<Finding>) {
    let Some(measure) = d.item.measure.as_ref().filter(|_| !d.item.parts.is_empty()) else { return };
    if !measure.additive {
        let words = Words::new(
            format!("{}是比率或水平指标，不能按数值相加分解", measure.name.zh),
            format!("{} is a rate or a level and cannot be split into a sum", measure.name.en),
        );
        let short = Words::new("指标不可加", "not additive");
        return found.push(finding("plan.not_additive", Light::Red, words, short));
    }
    let Some(target) = d.target else { return };
    let sum = d.item.parts_sum();
    let unit = &measure.unit;
    let (over, ratio) = (sum - target, Decimal::ratio(sum.raw(), target.raw()).unwrap_or_default());
    let extra = Decimal::percent(over.raw(), target.raw()).unwrap_or_default();
    if sum < target {
        let (all, gap) = (amount(sum, unit), amount(target - sum, unit));
        let words = Words::new(
            format!("子项合计{}，比上级少{}", all.zh, gap.zh),
            format!("The parts add up to {}, {} short of the target", all.en, gap.en),
        );
        let short = Words::new(format!("少{}", gap.zh), format!("{} short", target - sum));
        found.push(finding("plan.parts_short", Light::Red, words, short));
    } else if sum == target {
        let words = Words::new("子项合计与上级一致", "The parts add up to the target");
        found.push(finding("plan.parts_equal", Light::Green, words, Words::default()));
    } else {
        let (pressure, line, more) = (ratio.text(2), d.line.text(2), amount(over, unit));
        let extra_text = extra.text(1);
        let words = Words::new(
            format!("合计比上级多{}，加码{extra_text}%，压力系数{pressure}，警戒线{line}", more.zh),
            format!(
                "The parts exceed the target by {} ({extra_text} %), pressure {pressure}, line {line}",
                more.en
            ),
        );
        let short = Words::new(format!("加码{}%", extra.text(1)), format!("{} % on top", extra.text(1)));
        let light = if ratio > d.line { Light::Red } else { Light::Yellow };
        found.push(finding("plan.parts_over", light, words, short));
    }
}

/// Who carries what was handed down.
fn carriers(d: &Decomposition<'_>, book: &Playbook, found: &mut Vec<Finding>) {
    let kind = |unit: &UnitCode| book.unit(unit).map(|u| u.kind);
    let name = |unit: &UnitCode| {
        book.unit(unit).map_or_else(|| Words::new(unit.as_str(), unit.as_str()), |u| u.name.clone())
    };
    let measured = d.item.measure.is_some();
    let carriers = std::iter::once((&d.item.code, Some(&d.item.lead)))
        .chain(d.below.iter().map(|b| (&b.code, b.lead.as_ref())));
    for (code, unit) in carriers.filter_map(|(code, unit)| unit.map(|u| (code, u))) {
        if measured && kind(unit).is_some_and(UnitKind::is_respondent) {
            let n = name(unit);
            let words = Words::new(
                format!("{code}的指标落到企业{}，违反统计法规定，必须收回", n.zh),
                format!(
                    "{code} puts the target on {}, a firm: this breaks statistics law and must be taken back",
                    n.en
                ),
            );
            found.push(finding("plan.on_enterprise", Light::Red, words, Words::new("落到企业", "on a firm")));
        }
    }
    lacking(d, found);
    pressed(d, book, found);
    for below in d.below.iter().filter(|b| b.due.is_some_and(|due| due > d.due)) {
        let code = &below.code;
        let words = Words::new(format!("{code}的期限晚于事项期限"), format!("{code} is due after the item"));
        found.push(finding(
            "plan.after_item",
            Light::Red,
            words,
            Words::new("子项晚于事项", "part after item"),
        ));
    }
}

/// Parts and nodes that nobody leads or that have no due day.
fn lacking(d: &Decomposition<'_>, found: &mut Vec<Finding>) {
    let no_lead = d.below.iter().filter(|b| b.lead.is_none()).count();
    let no_due = d.below.iter().filter(|b| b.due.is_none()).count();
    if no_lead > 0 {
        let words = Words::new(format!("{no_lead}个子项没有主办单位"), format!("{no_lead} without a lead"));
        let short = Words::new(format!("{no_lead}项无主办"), format!("{no_lead} without lead"));
        found.push(finding("plan.no_lead", Light::Red, words, short));
    }
    if no_due > 0 {
        let words = Words::new(format!("{no_due}个子项没有期限"), format!("{no_due} without a due day"));
        let short = Words::new(format!("{no_due}项无期限"), format!("{no_due} without due day"));
        found.push(finding("plan.no_due", Light::Yellow, words, short));
    }
    let parts = d.below.iter().filter(|b| b.is_part).count();
    if no_lead == 0 && no_due == 0 && parts > 0 {
        let words = Words::new(
            format!("{parts}个子项都有主办、包保、期限"),
            format!("All {parts} parts have a lead, a patron and a due day"),
        );
        found.push(finding("plan.carried", Light::Green, words, Words::default()));
    }
}

/// What was pressed down to streets and communities, against the duty lists.
fn pressed(d: &Decomposition<'_>, book: &Playbook, found: &mut Vec<Finding>) {
    let grassroots = |unit: &UnitCode| book.unit(unit).is_some_and(|u| u.kind.is_grassroots());
    let down: Vec<&Below> = d.below.iter().filter(|b| b.lead.as_ref().is_some_and(grassroots)).collect();
    let taken_back = |b: &&&Below| {
        let entry = b.entry.as_ref().and_then(|e| book.mandate(e.as_str()));
        entry.is_some_and(|m| m.list == MandateList::TakenBack)
    };
    let wrong = down.iter().filter(taken_back).count();
    let uncited = down.iter().filter(|b| b.entry.is_none()).count();
    if wrong > 0 {
        let words = Words::new(
            format!("{wrong}项属上级收回事项，却压到街道社区"),
            format!("{wrong} that departments took back were pressed down to a street or community"),
        );
        let short = Words::new(format!("{wrong}项压到社区"), format!("{wrong} pressed down"));
        found.push(finding("plan.pressed_down", Light::Red, words, short));
    }
    if uncited > 0 {
        let words = Words::new(
            format!("{uncited}项由街道社区主办，没有引用履职清单条目"),
            format!("{uncited} led by a street or community without citing its duty list"),
        );
        let short = Words::new(format!("{uncited}项未引清单"), format!("{uncited} uncited"));
        found.push(finding("plan.uncited", Light::Yellow, words, short));
    }
    if down.is_empty() && d.below.iter().any(|b| b.is_part) {
        let words = Words::new("没有压到街道社区", "Nothing was pressed down to streets or communities");
        found.push(finding("plan.not_pressed", Light::Green, words, Words::default()));
    }
}

/// The item's own figure against the sum of its parts' figures: the same work must not be told in two ways.
fn figures(d: &Decomposition<'_>, found: &mut Vec<Finding>) {
    let additive = d.item.measure.as_ref().is_some_and(|m| m.additive);
    if let (Some(own), Some(sum), true) = (d.value, d.parts_value, additive)
        && own != sum
    {
        let words = Words::new(
            format!("事项填报{own}，子项填报合计{sum}，两数不一致"),
            format!("The item reports {own}, its parts report {sum} in all: the two differ"),
        );
        found.push(finding(
            "plan.figures_differ",
            Light::Yellow,
            words,
            Words::new("两数不一致", "figures differ"),
        ));
    }
}
