//! Reads categories, the rules of cases and whistles, and checks them against units, duty lists and clocks.
//!
//! A row of `category` says only what differs from the row above it; [`resolve`] fills in the rest. Route and mandate
//! go together: a row that gives a route of its own does not take over the mandate of the row above.

use super::case::{
    Attribute, CaseRules, Category, ExclusionRule, Route, ScoreItem, WhistleRules, WhistleType,
};
use super::case_flaw::CaseFlaw;
use super::fault::What;
use super::flaw::{FigureFlaw, RuleFlaw, TextFlaw};
use super::graph;
use super::kind::names;
use super::org::{OrgRows, UnitKind, by_code};
use super::rules::Mandate;
use super::sheet::{Faults, Row, Sheet};
use super::source::Source;
use crate::cases::{CaseKind, Grade, Urgency};
use crate::clock::{ClockEvent, ClockRule};
use crate::duty::MandateList;
use crate::id::{Slug, UnitCode};
use crate::money::Decimal;
use crate::text::Words;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is read here.
pub(super) struct Cases {
    pub(super) categories: BTreeMap<Slug, Category>,
    pub(super) rules: Option<CaseRules>,
    pub(super) whistles: BTreeMap<Slug, WhistleType>,
    pub(super) whistle_rules: Option<WhistleRules>,
}

/// What the checks look things up in.
pub(super) struct Around<'a> {
    pub(super) org: &'a OrgRows,
    pub(super) mandates: &'a BTreeMap<Slug, Mandate>,
    pub(super) mandate_names: BTreeSet<String>,
    pub(super) clocks: &'a BTreeMap<Slug, Vec<ClockRule>>,
    pub(super) clock_names: &'a BTreeSet<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteLine {
    #[serde(default)]
    unit: Option<UnitCode>,
    #[serde(default)]
    by_place: bool,
    #[serde(default)]
    exceptions: BTreeMap<UnitCode, UnitCode>,
    /// Whether streets that somebody else runs go to whom they are run by.
    #[serde(default = "yes")]
    managed: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: Slug,
    name: Words,
    #[serde(default)]
    parent: Option<Slug>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    kinds: Option<BTreeSet<CaseKind>>,
    #[serde(default)]
    urgency: Option<Urgency>,
    #[serde(default)]
    mandate: Option<Slug>,
    #[serde(default)]
    route: Option<RouteLine>,
    #[serde(default)]
    auto: Option<bool>,
    #[serde(default)]
    counts: Option<bool>,
    #[serde(default)]
    open311: Option<bool>,
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default)]
    emergency: Option<Words>,
    source: Source,
}

fn yes() -> bool {
    true
}

pub(super) fn read(sheet: &mut Sheet<'_>, around: &Around<'_>, faults: &mut Faults<'_>) -> Cases {
    let lines: Vec<Row<Line>> = sheet.take("category", faults);
    let rules = optional::<CaseRules>(sheet, "case_rules", !lines.is_empty(), faults);
    if let Some(row) = &rules {
        check_rules(row, around, faults);
    }
    let rules = rules.map(|row| row.value);
    let categories = categories(sheet, &lines, rules.as_ref(), around, faults);
    let whistles: Vec<Row<WhistleType>> = sheet.take("whistle", faults);
    for row in &whistles {
        clock(row, "clock", &row.value.clock, &[ClockEvent::Accept, ClockEvent::Contact], around, faults);
    }
    let whistle_rules = optional::<WhistleRules>(sheet, "whistle_rules", !whistles.is_empty(), faults);
    if let Some(row) = &whistle_rules {
        check_whistle_rules(row, faults);
    }
    Cases {
        categories,
        rules,
        whistles: by_code(&whistles, |w| w.code.clone(), faults),
        whistle_rules: whistle_rules.map(|row| row.value),
    }
}

/// A section that may stand once, and must when `needed`.
fn optional<T: serde::de::DeserializeOwned>(
    sheet: &mut Sheet<'_>,
    section: &'static str,
    needed: bool,
    faults: &mut Faults<'_>,
) -> Option<Row<T>> {
    if needed || sheet.has(section) { sheet.one(section, faults) } else { None }
}

fn categories(
    sheet: &Sheet<'_>,
    lines: &[Row<Line>],
    rules: Option<&CaseRules>,
    around: &Around<'_>,
    faults: &mut Faults<'_>,
) -> BTreeMap<Slug, Category> {
    let by = by_code(lines, |l| l.code.clone(), faults);
    let known = names(sheet, "category", by.keys());
    for row in lines {
        if let Some(parent) = &row.value.parent {
            faults.reference(row, "parent", What::Category, parent, &known);
        }
    }
    let parents =
        lines.iter().map(|r| (r.value.code.to_string(), r.value.parent.iter().map(ToString::to_string)));
    if let Some((at, path)) = graph::ring(parents) {
        if let Some(row) = lines.iter().find(|r| r.value.code.as_str() == at) {
            faults.add(&row.place, "parent", RuleFlaw::Cycle { path });
        }
        return BTreeMap::new();
    }
    let above: BTreeSet<&Slug> = lines.iter().filter_map(|r| r.value.parent.as_ref()).collect();
    let mut out = BTreeMap::new();
    for row in lines {
        let line = path(&by, &row.value);
        let category = resolve(&row.value, &line, !above.contains(&row.value.code), rules);
        check(row, &category, &line, around, faults);
        out.entry(category.code.clone()).or_insert(category);
    }
    out
}

/// The rows from one up to the top, itself first. The tree has no ring when this is asked.
fn path<'l>(by: &'l BTreeMap<Slug, Line>, line: &'l Line) -> Vec<&'l Line> {
    let mut out = vec![line];
    let mut next = line.parent.as_ref();
    while let Some(line) = next.and_then(|up| by.get(up)) {
        out.push(line);
        next = line.parent.as_ref();
    }
    out
}

/// Fills in from the rows above what a row does not say.
fn resolve(line: &Line, path: &[&Line], leaf: bool, rules: Option<&CaseRules>) -> Category {
    fn nearest<'l, T>(path: &[&'l Line], pick: impl Fn(&'l Line) -> Option<T>) -> Option<T> {
        path.iter().copied().find_map(pick)
    }
    let routed = nearest(path, |l| l.route.as_ref().map(|_| l));
    let route = routed.and_then(|l| l.route.clone()).unwrap_or(RouteLine {
        unit: None,
        by_place: false,
        exceptions: BTreeMap::new(),
        managed: false,
    });
    // From the row itself up to the one that gives the route.
    let upto = routed.and_then(|l| path.iter().position(|p| p.code == l.code)).map_or(path.len(), |i| i + 1);
    let mandate = path.iter().take(upto).find_map(|l| l.mandate.clone());
    let mut exceptions = route.exceptions;
    if let (Some(unit), false, true, Some(rules)) = (&route.unit, route.by_place, route.managed, rules) {
        for (place, taker) in rules.managed_places.iter().filter(|(_, taker)| *taker != unit) {
            exceptions.entry(place.clone()).or_insert_with(|| taker.clone());
        }
    }
    Category {
        code: line.code.clone(),
        name: line.name.clone(),
        parent: line.parent.clone(),
        level: u8::try_from(path.len()).unwrap_or(u8::MAX),
        leaf,
        words: line.words.clone(),
        kinds: nearest(path, |l| l.kinds.clone()).unwrap_or_else(|| CaseKind::ALL.iter().copied().collect()),
        urgency: nearest(path, |l| l.urgency).unwrap_or(Urgency::General),
        mandate,
        route: Route { unit: route.unit, by_place: route.by_place, exceptions },
        auto: nearest(path, |l| l.auto).unwrap_or(false),
        counts: nearest(path, |l| l.counts).unwrap_or(true),
        open311: nearest(path, |l| l.open311).unwrap_or(true),
        attributes: path.iter().rev().flat_map(|l| l.attributes.iter().cloned()).collect(),
        emergency: nearest(path, |l| l.emergency.clone()),
        source: line.source.clone(),
    }
}

fn check(row: &Row<Line>, category: &Category, path: &[&Line], around: &Around<'_>, faults: &mut Faults<'_>) {
    let code = || category.code.to_string();
    if path.len() > 3 {
        faults.add(&row.place, "parent", CaseFlaw::Depth { code: code() });
    }
    // Below a row that does not exist nothing is known, and that was told of already.
    let whole = path.last().is_some_and(|top| top.parent.is_none());
    if whole && category.leaf && category.route.is_open() {
        faults.add(&row.place, "route", CaseFlaw::Unrouted { code: code() });
    }
    if category.kinds.is_empty() {
        faults.add(&row.place, "kinds", CaseFlaw::NoKind { code: code() });
    }
    attributes(row, category, faults);
    if let Some(route) = &row.value.route {
        if let Some(unit) = &route.unit {
            taker(row, "route.unit", unit, around, faults);
        }
        for (place, to) in &route.exceptions {
            exception(row, "route.exceptions", (place, to), around, faults);
        }
    }
    // What was taken over from above was told of there.
    if row.value.route.is_some() || row.value.mandate.is_some() {
        mandate(row, category, around, faults);
    }
}

/// Who may be sent cases: a unit that exists, is no enterprise, and has somebody who can sign for them.
fn taker<T>(row: &Row<T>, path: &str, unit: &UnitCode, around: &Around<'_>, faults: &mut Faults<'_>) {
    const SIGN: [&str; 5] = ["handler", "clerk", "unit_chief", "community_secretary", "grid_worker"];
    around.org.unit(row, path, unit, faults);
    if around.org.is_respondent(unit) {
        return faults.add(&row.place, path, CaseFlaw::Enterprise { unit: unit.to_string() });
    }
    let org = &around.org.org;
    let signs = SIGN.iter().any(|role| org.post_with_role(unit, role).is_some());
    if org.units.contains_key(unit) && !signs {
        faults.add(&row.place, path, CaseFlaw::Nobody { unit: unit.to_string() });
    }
}

fn exception<T>(
    row: &Row<T>,
    path: &str,
    (place, to): (&UnitCode, &UnitCode),
    around: &Around<'_>,
    faults: &mut Faults<'_>,
) {
    around.org.unit(row, path, place, faults);
    if around.org.org.units.get(place).is_some_and(|u| !u.kind.is_grassroots()) {
        faults.add(&row.place, path, CaseFlaw::NoPlace { unit: place.to_string() });
    }
    taker(row, path, to, around, faults);
}

/// Holds the route against the duty lists (D§4.28): a matter taken back may not go to a street, one that a department
/// leads goes to that department, and one that is a street's own does not go to a department.
fn mandate(row: &Row<Line>, category: &Category, around: &Around<'_>, faults: &mut Faults<'_>) {
    let Some(code) = &category.mandate else { return };
    if row.value.mandate.is_some() {
        faults.reference(row, "mandate", What::Mandate, code, &around.mandate_names);
    }
    let Some(entry) = around.mandates.get(code) else { return };
    let route = &category.route;
    let grassroots = |unit: &UnitCode| {
        around
            .org
            .org
            .units
            .get(unit)
            .is_some_and(|u| u.kind.is_grassroots() || u.kind == UnitKind::TaskForce)
    };
    let at = if row.value.mandate.is_some() { "mandate" } else { "route" };
    let mandate = || code.to_string();
    match entry.list {
        MandateList::TakenBack => {
            let street = route.exceptions.values().chain(&route.unit).find(|u| grassroots(u));
            if route.by_place || street.is_some() {
                let unit = street.map_or_else(|| "by_place".to_owned(), ToString::to_string);
                return faults.add(&row.place, at, CaseFlaw::TakenBack { mandate: mandate(), unit });
            }
        }
        MandateList::Support if route.by_place => {
            let lead = entry.lead.as_ref().map(ToString::to_string).unwrap_or_default();
            return faults.add(&row.place, at, CaseFlaw::NotLead { mandate: mandate(), lead });
        }
        MandateList::Support => {}
        MandateList::Basic => {
            if !route.by_place
                && let Some(unit) =
                    route.unit.as_ref().filter(|u| !grassroots(u) && entry.lead.as_ref() != Some(u))
            {
                let unit = unit.to_string();
                return faults.add(&row.place, at, CaseFlaw::StreetsOwn { mandate: mandate(), unit });
            }
        }
    }
    if let (Some(lead), Some(unit)) = (&entry.lead, &route.unit)
        && lead != unit
        && around.org.org.units.contains_key(unit)
        && !route.by_place
    {
        faults.add(&row.place, at, CaseFlaw::NotLead { mandate: mandate(), lead: lead.to_string() });
    }
}

fn attributes(row: &Row<Line>, category: &Category, faults: &mut Faults<'_>) {
    let mut seen = BTreeSet::new();
    for attribute in &category.attributes {
        let mine = row.value.attributes.iter().position(|a| a == attribute);
        let Some(path) = mine.map(|i| format!("attributes.{i}")) else {
            seen.insert(&attribute.code);
            continue;
        };
        if !seen.insert(&attribute.code) {
            let first = format!("{}.attributes", category.code);
            faults.add(&row.place, &path, TextFlaw::Duplicate { code: attribute.code.to_string(), first });
        }
        let keys: BTreeSet<&Slug> = attribute.values.iter().map(|v| &v.key).collect();
        let choices = keys.len() == attribute.values.len()
            && attribute.values.is_empty() != attribute.datatype.is_list();
        if !choices {
            faults.add(&row.place, &path, CaseFlaw::Choices { attribute: attribute.code.to_string() });
        }
    }
}

/// Checks that a clock rule exists and that all its versions have a limit which each of `stops` stops.
fn clock<T>(
    row: &Row<T>,
    path: &str,
    code: &Slug,
    stops: &[ClockEvent],
    around: &Around<'_>,
    faults: &mut Faults<'_>,
) {
    faults.reference(row, path, What::Clock, code, around.clock_names);
    for rule in around.clocks.get(code).into_iter().flatten() {
        for event in stops {
            if !rule.limits.iter().any(|limit| limit.stops == *event) {
                let (clock, event) = (format!("{} {}", rule.code, rule.version), event.words());
                faults.add(&row.place, path, CaseFlaw::ClockLacks { clock, event });
            }
        }
    }
}

fn check_rules(row: &Row<CaseRules>, around: &Around<'_>, faults: &mut Faults<'_>) {
    let rules = &row.value;
    let mut seen = BTreeSet::new();
    for urgency in Urgency::ALL {
        match rules.clocks.get(urgency) {
            Some(code) if !seen.insert(code) => {}
            Some(code) => {
                let path = format!("clocks.{urgency}");
                clock(row, &path, code, &[ClockEvent::Accept, ClockEvent::Submit], around, faults);
            }
            None => faults.add(&row.place, "clocks", CaseFlaw::NoClock { urgency: *urgency }),
        }
    }
    let weights = rules.weights;
    weigh(row, "weights", "case_rules", [weights.response, weights.solved, weights.satisfied], faults);
    grades(row, faults);
    for (path, share) in [
        ("partly", rules.partly),
        ("duplicate_similarity", rules.duplicate_similarity),
        ("recommender.min_margin", rules.recommender.min_margin),
    ] {
        if !is_share(share) {
            faults.add(
                &row.place,
                path,
                CaseFlaw::Share { field: path.to_owned(), given: share.to_string() },
            );
        }
    }
    for (path, percent) in
        [("deferral_cap_percent", rules.deferral_cap_percent), ("sample_percent", rules.sample_percent)]
    {
        if percent > 100 {
            faults.add(&row.place, path, CaseFlaw::Percent { field: path.to_owned(), given: percent });
        }
    }
    for (path, count) in [
        ("callback_attempts", rules.callback_attempts),
        ("recommender.top", rules.recommender.top),
        ("hot.people", rules.hot.people),
        ("retention_years", rules.retention_years),
    ] {
        if count == 0 {
            faults.add(&row.place, path, CaseFlaw::Zero { field: path.to_owned() });
        }
    }
    let rising = rules.look_back_days.windows(2).all(|pair| pair.first() < pair.last());
    if !rising || rules.look_back_days.contains(&0) {
        faults.add(&row.place, "look_back_days", CaseFlaw::LookBack);
    }
    if rules.counted_kinds.is_empty() {
        faults.add(&row.place, "counted_kinds", CaseFlaw::Zero { field: "counted_kinds".to_owned() });
    }
    if rules.audit_elements.is_empty() {
        faults.add(&row.place, "audit_elements", CaseFlaw::Zero { field: "audit_elements".to_owned() });
    }
    for (code, rule) in &rules.exclusions {
        exclusion(row, code, rule, faults);
    }
    for pair in &rules.managed_places {
        exception(row, &format!("managed_places.{}", pair.0), pair, around, faults);
    }
}

fn exclusion(row: &Row<CaseRules>, code: &Slug, rule: &ExclusionRule, faults: &mut Faults<'_>) {
    if rule.evidence_needed.zh.trim().is_empty() {
        let path = format!("exclusions.{code}.evidence_needed");
        faults.add(&row.place, &path, CaseFlaw::NoEvidence { exclusion: code.to_string() });
    }
}

fn is_share(share: Decimal) -> bool {
    (0..=Decimal::ONE).contains(&share.raw())
}

fn grades(row: &Row<CaseRules>, faults: &mut Faults<'_>) {
    let mut last = Decimal::whole(1);
    for grade in Grade::ALL {
        let Some(mark) = row.value.grades.get(grade).copied() else {
            faults.add(&row.place, "grades", CaseFlaw::NoGrade { grade: *grade });
            continue;
        };
        let path = format!("grades.{grade}");
        if !is_share(mark) {
            faults.add(&row.place, &path, CaseFlaw::Share { field: path.clone(), given: mark.to_string() });
        } else if mark > last {
            faults.add(&row.place, &path, CaseFlaw::GradesRise { grade: *grade });
        }
        last = mark;
    }
}

fn weigh<T>(
    row: &Row<T>,
    path: &str,
    of: &str,
    weights: impl IntoIterator<Item = Decimal>,
    faults: &mut Faults<'_>,
) {
    let mut sum = Decimal::ZERO;
    let mut below = false;
    for weight in weights {
        below |= weight < Decimal::ZERO;
        sum = sum + weight;
    }
    if below || sum != Decimal::whole(100) {
        let (of, sum, want) = (of.to_owned(), sum.to_string(), "100".to_owned());
        faults.add(&row.place, path, FigureFlaw::Weights { of, sum, want });
    }
}

fn check_whistle_rules(row: &Row<WhistleRules>, faults: &mut Faults<'_>) {
    let rules = &row.value;
    for (path, items) in [("department", &rules.department), ("street", &rules.street)] {
        weigh(row, path, path, items.iter().map(|i: &ScoreItem| i.points), faults);
        let mut seen = BTreeSet::new();
        for (i, item) in items.iter().enumerate().filter(|(_, item)| !seen.insert(&item.code)) {
            let first = format!("whistle_rules.{path}");
            let flaw = TextFlaw::Duplicate { code: item.code.to_string(), first };
            faults.add(&row.place, &format!("{path}.{i}"), flaw);
        }
    }
    if rules.no_show_max == 0 {
        faults.add(&row.place, "no_show_max", CaseFlaw::Zero { field: "no_show_max".to_owned() });
    }
    if rules.band.low > rules.band.high {
        faults.add(&row.place, "band", CaseFlaw::Band);
    }
}
