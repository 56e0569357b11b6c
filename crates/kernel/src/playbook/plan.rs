//! What is promised: punches, lists, items, their nodes, targets and parts (D§4.1, 4.19).
//!
//! A *node* is a step of an item with a share of its weight; a *part* is a share of its target that somebody else
//! leads. Nodes add up to 100 % of the item; parts add up to at least the target, and how far above is the pressure
//! coefficient (压力系数): 309 against 300 is 1.03.

use super::source::Source;
use crate::id::{PostCode, Slug, UnitCode};
use crate::money::Decimal;
use crate::text::Words;
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A punch (组合拳): the first level of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Punch {
    /// Code such as `economy`.
    pub code: Slug,
    /// The numeral that pages show: 壹, 贰, 叁.
    pub mark: String,
    /// Name.
    pub title: Words,
    /// The line below it.
    pub slogan: Words,
    /// Points of the plan's 100 that its items share.
    pub weight: Decimal,
    /// Declared number of items by list code.
    pub counts: BTreeMap<Slug, usize>,
    /// Where the line comes from.
    pub source: Source,
}

/// A list of items (清单): the 137 and the 21.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Code: `city` or `district`.
    pub code: Slug,
    /// Name.
    pub title: Words,
    /// What its items' codes begin with, such as `M-`.
    pub prefix: String,
    /// Declared number of items.
    pub count: usize,
    /// Who approves a change of an item; the city's items need the assigning level's word (D§4.19).
    pub change_by: Words,
    /// Where the line comes from.
    pub source: Source,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The more the better; the target is a floor.
    Higher,
    /// The less the better; the target is a ceiling.
    Lower,
}

/// What an item is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is measured.
    pub name: Words,
    /// Unit such as 亿元, %, 条.
    pub unit: Words,
    /// Which way is good.
    pub direction: Direction,
    /// The figure to reach; none when the source gives none.
    #[serde(default)]
    pub target: Option<Decimal>,
    /// The figure at the start, where one is known.
    #[serde(default)]
    pub base: Option<Decimal>,
    /// Whether parts may be summed: amounts and counts yes, rates and growth no (D§4.1).
    pub additive: bool,
    /// First day of the slice that the target is for; the year's first day when none is given.
    #[serde(default)]
    pub from: Option<Day>,
    /// Where the target comes from, when that differs from the item.
    #[serde(default)]
    pub source: Option<Source>,
}

/// A step of an item (任务节点).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Code such as `M-088-N1`.
    pub code: Slug,
    /// What is to be done.
    pub title: Words,
    /// By when, at office close.
    pub due: Day,
    /// Who leads it when that is not the item's lead.
    #[serde(default)]
    pub lead: Option<UnitCode>,
    /// Its share of the item in per cent.
    pub weight: Decimal,
    /// Where the line comes from.
    pub source: Source,
}

/// A share of an item's target (分解).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Code such as `Q-01-1`.
    pub code: Slug,
    /// What is to be reached.
    pub title: Words,
    /// Who leads it.
    pub lead: UnitCode,
    /// The leader who answers for it.
    pub patron: PostCode,
    /// By when, at office close.
    pub due: Day,
    /// Its share, in the unit of the item's measure.
    pub target: Decimal,
    /// The development area it is about.
    #[serde(default)]
    pub area: Option<Slug>,
    /// Where the line comes from.
    pub source: Source,
}

/// An item (事项): one row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code such as `M-097`, `Q-01`.
    pub code: Slug,
    /// Title, at most 120 characters.
    pub title: Words,
    /// The punch it belongs to.
    pub punch: Slug,
    /// The list it stands on.
    pub list: Slug,
    /// Who leads it, exactly one (D§2.1).
    pub lead: UnitCode,
    /// Who supports.
    #[serde(default)]
    pub support: Vec<UnitCode>,
    /// The leader who answers for it.
    pub patron: PostCode,
    /// By when, at office close.
    pub due: Day,
    /// Points of its punch.
    pub weight: Decimal,
    /// What counts as done.
    pub criterion: Words,
    /// On what ground (依据).
    pub basis: Words,
    /// What it is measured by.
    #[serde(default)]
    pub measure: Option<Measure>,
    /// Steps, in order.
    #[serde(default)]
    pub nodes: Vec<Node>,
    /// Shares of the target.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Items that must be done first.
    #[serde(default)]
    pub after: Vec<Slug>,
    /// Where the item comes from.
    pub source: Source,
}

impl Item {
    /// How a node reads away from its item, in an inbox or a letter: the item's title, a colon, the node's.
    pub fn node_title(&self, node: &Node) -> Words {
        let joined = |a: &str, colon: &str, b: &str| format!("{a}{colon}{b}");
        Words::new(joined(&self.title.zh, ":", &node.title.zh), joined(&self.title.en, ": ", &node.title.en))
    }
    /// The sum of the parts.
    pub fn parts_sum(&self) -> Decimal {
        self.parts.iter().map(|p| p.target).sum()
    }
    /// The pressure coefficient: what the parts sum to over the target; none without parts or target.
    pub fn pressure(&self) -> Option<Decimal> {
        let target = self.measure.as_ref()?.target?;
        if self.parts.is_empty() { None } else { Decimal::ratio(self.parts_sum().raw(), target.raw()) }
    }
}

/// Settings of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Pressure above which a decomposition is warned of.
    pub pressure_line: Decimal,
    /// The clock rule of items and nodes.
    pub clock: Slug,
    /// The light policy of progress.
    pub light: Slug,
    /// Where the items' numbers, lists, leads, patrons, dates and weights come from, which an item's own `source`
    /// (about its content) does not cover.
    pub detail_source: Source,
    /// Where they come from.
    pub source: Source,
}

/// The whole plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Settings.
    pub terms: Terms,
    /// Punches in the order of the file.
    pub punches: Vec<Punch>,
    /// Lists by code.
    pub lists: BTreeMap<Slug, List>,
    /// Items by code.
    pub items: BTreeMap<Slug, Item>,
}

impl Plan {
    /// Items of a punch and a list, in the order of their codes.
    pub fn of<'a>(&'a self, punch: &'a str, list: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.values().filter(move |i| i.punch.as_str() == punch && i.list.as_str() == list)
    }
}
