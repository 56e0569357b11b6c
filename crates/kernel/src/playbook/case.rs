//! What residents and firms may ask for, who gets it, under which rules; and the types of whistle (D§4.26–4.28).

use super::Playbook;
use super::source::Source;
use crate::cases::{Card, CaseKind, Datatype, ExclusionClass, Grade, RoutedBy, Urgency};
use crate::clock::Limit;
use crate::id::{Slug, UnitCode};
use crate::money::Decimal;
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A choice of an attribute's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The key that is stored and that Open311 sends.
    pub key: Slug,
    /// What people read.
    pub name: Words,
}

/// A question that a category asks beside the text; in Open311 an attribute of the service definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Code, unique in the category.
    pub code: Slug,
    /// The question.
    pub name: Words,
    /// What is answered.
    pub datatype: Datatype,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// How to answer, where the question needs it.
    #[serde(default)]
    pub help: Option<Words>,
    /// The list, for the two list types only.
    #[serde(default)]
    pub values: Vec<Choice>,
}

/// Where a category goes. `by_place` comes first; `unit` takes what has no place, or everything when `by_place` is
/// false; an exception of the place comes before both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The department.
    pub unit: Option<UnitCode>,
    /// Whether the street of the place takes it.
    pub by_place: bool,
    /// Place (street or community) → who takes it there. For a department's matter this holds, unless the file says
    /// otherwise, [`CaseRules::managed_places`] too (D§1.2: 空港 and 经开区 run streets on the district's behalf).
    pub exceptions: BTreeMap<UnitCode, UnitCode>,
}

impl Route {
    /// Whether it names nobody, so that a dispatcher must decide.
    pub fn is_open(&self) -> bool {
        self.unit.is_none() && !self.by_place
    }
}

/// A category of the tree (three levels), with everything that it takes over from the levels above already filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Code, such as `03`, `0302`, `030201`.
    pub code: Slug,
    /// Name.
    pub name: Words,
    /// The category above; none at the top.
    pub parent: Option<Slug>,
    /// 1 to 3.
    pub level: u8,
    /// Whether nothing is below it. Pages file into leaves; a category above them goes to the dispatcher.
    pub leaf: bool,
    /// Words that lead people and the recommender to it, Chinese, as residents say them.
    pub words: Vec<String>,
    /// Kinds that may be filed in it.
    pub kinds: BTreeSet<CaseKind>,
    /// How urgent such a case is.
    pub urgency: Urgency,
    /// The entry of the duty lists that makes it somebody's.
    pub mandate: Option<Slug>,
    /// Where it goes.
    pub route: Route,
    /// Whether the program may dispatch it by itself.
    pub auto: bool,
    /// Whether it is in the base of the solved and satisfied rates.
    pub counts: bool,
    /// Whether Open311 offers it.
    pub open311: bool,
    /// Questions that it asks.
    pub attributes: Vec<Attribute>,
    /// What to do first when it may be an emergency (110, 119, 120, 122 …), shown before filing.
    pub emergency: Option<Words>,
    /// Where the line comes from.
    pub source: Source,
}

/// Who takes a case, on which ground, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// The unit.
    pub unit: UnitCode,
    /// The entry of the duty lists.
    pub mandate: Option<Slug>,
    /// Why this unit.
    pub by: RoutedBy,
}

/// Weights of the three rates in per cent; they add up to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// 响应率.
    pub response: Decimal,
    /// 解决率.
    pub solved: Decimal,
    /// 满意率.
    pub satisfied: Decimal,
}

/// A reason for which a rated case may be left out of the rates (D§4.27).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRule {
    /// The class under which it is counted and published.
    pub class: ExclusionClass,
    /// Name.
    pub name: Words,
    /// What the proposal must show; without files of evidence it is refused when `files` is above zero.
    pub evidence_needed: Words,
    /// Least number of files.
    #[serde(default = "one")]
    pub files: u32,
    /// Where the line comes from.
    pub source: Source,
}

/// When the recommender speaks, and when it keeps silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommender {
    /// Least lead of the first guess over the second, 0 to 1; below it the recommender abstains.
    pub min_margin: Decimal,
    /// How many guesses it shows.
    pub top: u32,
    /// Least number of dispatched cases to learn from; below it only the categories' own words speak.
    pub min_rows: u32,
}

/// When cases of many people are one hot issue (集中诉求).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hot {
    /// Least number of different petitioners.
    pub people: u32,
    /// Within so many natural days.
    pub days: u32,
}

/// The rules of cases: clocks, call-back, duplicates, rates, exclusions, deferrals, privacy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRules {
    /// The clock rule of each urgency.
    pub clocks: BTreeMap<Urgency, Slug>,
    /// Most attempts of a call-back, at different times (D§B.1 row 19).
    pub callback_attempts: u32,
    /// How long after the reply passed its audit the call-back is due (D§B.1 row 18).
    pub callback_within: Limit,
    /// Natural days within which a similar case is suggested as a duplicate.
    pub duplicate_days: u32,
    /// Least similarity of the text for that suggestion, 0 to 1.
    pub duplicate_similarity: Decimal,
    /// When cases of many people are one hot issue.
    pub hot: Hot,
    /// Natural days after closing at which somebody looks again, rising.
    pub look_back_days: Vec<u32>,
    /// Natural days within which the same category at the same place re-opens the chain.
    pub recurrence_days: u32,
    /// Weights of the three rates.
    pub weights: Weights,
    /// Kinds in the base of the solved and satisfied rates; questions and suggestions are usually out (D§4.27).
    pub counted_kinds: BTreeSet<CaseKind>,
    /// What "partly solved" counts, 0 to 1.
    pub partly: Decimal,
    /// What each grade counts, 0 to 1, never rising from the best to the worst.
    pub grades: BTreeMap<Grade, Decimal>,
    /// Reasons of exclusion by code.
    pub exclusions: BTreeMap<Slug, ExclusionRule>,
    /// How long after rating an exclusion may be proposed.
    pub exclusion_within: Limit,
    /// How long after a decision it may be appealed against.
    pub appeal_within: Limit,
    /// Most deferred cases of a unit in per cent of its open ones (D§15(18)).
    pub deferral_cap_percent: u32,
    /// What a reply must tell (D§B.1 row 17), in the order of the form.
    pub audit_elements: Vec<Words>,
    /// Share of audited replies that is drawn for a second, blind call-back, in per cent.
    pub sample_percent: u32,
    /// Reasons for which a masked contact may be shown, by code.
    pub reveal_reasons: BTreeMap<Slug, Words>,
    /// Years after closing for which personal data is kept.
    pub retention_years: u32,
    /// The recommender.
    pub recommender: Recommender,
    /// Streets that somebody else runs → who takes a department's matter there (D§1.2).
    #[serde(default)]
    pub managed_places: BTreeMap<UnitCode, UnitCode>,
    /// Where the rules come from.
    pub source: Source,
}

/// A type of whistle (D§4.26, D§B.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhistleType {
    /// Code, such as `emergency`.
    pub code: Slug,
    /// Name.
    pub name: Words,
    /// When to use it.
    pub when: Words,
    /// The colour of its card.
    pub card: Card,
    /// Its clock rule: a limit that acceptance stops (应哨), one that contact stops (到场), and the main one.
    pub clock: Slug,
    /// How soon after it was sounded the joint plan stands, where the type needs one (D§4.26: hard case 10 wd). No event of
    /// a duty's clock says that a plan was made, so this limit is the whistle's own.
    #[serde(default)]
    pub plan_within: Option<Limit>,
    /// Whether a department may dispute it before it has come; an emergency may not (D§B.2).
    pub dispute_before_arrival: bool,
    /// Where the line comes from.
    pub source: Source,
}

/// One item of a score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreItem {
    /// Code.
    pub code: Slug,
    /// What is judged.
    pub name: Words,
    /// Full points.
    pub points: Decimal,
}

/// What all whistles have in common: scores in both directions, escalation, the band (D§B.2, D§4.26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhistleRules {
    /// How the street rates a department; points add up to 100.
    pub department: Vec<ScoreItem>,
    /// How a department rates the whistle; points add up to 100.
    pub street: Vec<ScoreItem>,
    /// How soon a dispute is ruled on.
    pub ruling: Limit,
    /// How soon the street confirms what was done.
    pub street_confirms: Limit,
    /// How soon the resident is asked.
    pub resident_confirms: Limit,
    /// So many no-shows or stalls go to the leader in charge.
    pub no_show_max: u32,
    /// Whistles a month and 10,000 residents: below it the whistle is unused, above it routine is broken. A band is
    /// shown and never rewarded (D§15(17)).
    pub band: Band,
    /// Where the rules come from.
    pub source: Source,
}

/// A band with both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Low end.
    pub low: Decimal,
    /// High end.
    pub high: Decimal,
}

fn one() -> u32 {
    1
}

impl Playbook {
    /// A category.
    pub fn category(&self, code: &str) -> Option<&Category> {
        super::find(&self.categories, code)
    }
    /// The categories directly below one, in the order of codes; with `None` those of the top.
    pub fn categories_below<'a>(&'a self, parent: Option<&'a Slug>) -> impl Iterator<Item = &'a Category> {
        self.categories.values().filter(move |c| c.parent.as_ref() == parent)
    }
    /// A category and those above it, the top first; empty when there is none of that code.
    pub fn category_path(&self, code: &str) -> Vec<&Category> {
        let mut path = Vec::new();
        let mut next = self.category(code);
        // The check refuses rings and more than three levels; the bound only keeps this loop finite by itself.
        while let Some(category) = next.filter(|_| path.len() < 3) {
            path.push(category);
            next = category.parent.as_ref().and_then(|up| self.categories.get(up));
        }
        path.reverse();
        path
    }
    /// The rules of cases; `None` when the district takes none.
    pub fn case_rules(&self) -> Option<&CaseRules> {
        self.case_rules.as_ref()
    }
    /// A type of whistle.
    pub fn whistle(&self, code: &str) -> Option<&WhistleType> {
        super::find(&self.whistles, code)
    }
    /// What all whistles have in common; `None` when the district has no whistles.
    pub fn whistle_rules(&self) -> Option<&WhistleRules> {
        self.whistle_rules.as_ref()
    }
    /// Who takes a case of `category` at `place` (a street, a community or a grid); `None` when a dispatcher must
    /// decide: the category names nobody, or the place that decides is unknown.
    pub fn route(&self, category: &Category, place: Option<&UnitCode>) -> Option<Routed> {
        let route = &category.route;
        let to = |unit: &UnitCode, by| Routed { unit: unit.clone(), mandate: category.mandate.clone(), by };
        let mut at = place.and_then(|code| self.org.units.get(code));
        let mut street = None;
        // A place is at most a grid in a community in a street in the district.
        for _ in 0..5 {
            let Some(unit) = at else { break };
            if let Some(taker) = route.exceptions.get(&unit.code) {
                return Some(to(taker, RoutedBy::Manager));
            }
            if unit.kind == super::UnitKind::Street {
                street = Some(&unit.code);
            }
            at = unit.parent.as_ref().and_then(|up| self.org.units.get(up));
        }
        match (street, &route.unit) {
            (Some(street), _) if route.by_place => Some(to(street, RoutedBy::Place)),
            (_, Some(unit)) => Some(to(unit, RoutedBy::Department)),
            _ => None,
        }
    }
}
