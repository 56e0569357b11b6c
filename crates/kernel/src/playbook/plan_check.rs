//! Reads the plan and checks it: one lead, dates in the year, weights that add up, targets that may be handed down.

use super::fault::What;
use super::flaw::{DateFlaw, FigureFlaw, PeopleFlaw, RuleFlaw, TextFlaw};
use super::kind::names;
use super::org::{OrgRows, by_code};
use super::plan::{Item, List, Node, Part, Plan, Punch, Terms};
use super::sheet::{Faults, Row, Sheet};
use crate::calendar::Calendar;
use crate::id::Slug;
use crate::money::Decimal;
use crate::text::Title;
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What the checks look up.
pub(super) struct Known<'a> {
    pub(super) org: &'a OrgRows,
    pub(super) calendar: &'a Calendar,
    /// None when the head did not parse: then no date is called out of its year.
    pub(super) year: Option<i16>,
    pub(super) clocks: BTreeSet<String>,
    pub(super) lights: BTreeSet<String>,
    pub(super) areas: BTreeSet<String>,
}

/// Reads and checks punches, lists and items.
pub(super) fn read(sheet: &mut Sheet<'_>, known: &Known<'_>, faults: &mut Faults<'_>) -> Option<Plan> {
    let terms: Option<Row<Terms>> = sheet.one("plan", faults);
    let punches: Vec<Row<Punch>> = sheet.take("punch", faults);
    let lists: Vec<Row<List>> = sheet.take("list", faults);
    let items: Vec<Row<Item>> = sheet.take("item", faults);
    let broken: BTreeSet<String> = sheet.broken("item").map(str::to_owned).collect();

    let by_punch = by_code(&punches, |p| p.code.clone(), faults);
    let by_list = by_code(&lists, |l| l.code.clone(), faults);
    let by_item = by_code(&items, |i| i.code.clone(), faults);
    let punch_names = names(sheet, "punch", by_punch.keys());
    let list_names = names(sheet, "list", by_list.keys());
    let item_names = names(sheet, "item", by_item.keys());
    inner_codes(&items, faults);
    for row in &items {
        let item = &row.value;
        faults.reference(row, "punch", What::Punch, &item.punch, &punch_names);
        faults.reference(row, "list", What::List, &item.list, &list_names);
        for (i, code) in item.after.iter().enumerate() {
            faults.reference(row, &format!("after.{i}"), What::Item, code, &item_names);
        }
        people(row, known, faults);
        dates(row, known, faults);
        measure(row, known, terms.as_ref().map(|t| t.value.pressure_line), faults);
    }
    let after =
        items.iter().map(|r| (r.value.code.to_string(), r.value.after.iter().map(ToString::to_string)));
    if let Some((at, path)) = super::graph::ring(after)
        && let Some(row) = items.iter().find(|r| r.value.code.as_str() == at)
    {
        faults.add(&row.place, "after", RuleFlaw::Cycle { path });
    }
    weights(&punches, &items, !broken.is_empty(), faults);
    counts(&punches, &lists, &items, broken.len(), faults);
    let terms = terms?;
    faults.reference(&terms, "clock", What::Clock, &terms.value.clock, &known.clocks);
    faults.reference(&terms, "light", What::Light, &terms.value.light, &known.lights);
    let punches = punches.into_iter().map(|r| r.value).collect();
    Some(Plan { terms: terms.value, punches, lists: by_list, items: by_item })
}

/// Codes of nodes and parts share one space with the items' codes.
fn inner_codes(items: &[Row<Item>], faults: &mut Faults<'_>) {
    let mut seen: BTreeMap<&Slug, String> =
        items.iter().map(|r| (&r.value.code, faults.whereabouts(&r.place))).collect();
    for row in items {
        let nodes = row.value.nodes.iter().enumerate().map(|(i, n)| (format!("nodes.{i}.code"), &n.code));
        let parts = row.value.parts.iter().enumerate().map(|(i, p)| (format!("parts.{i}.code"), &p.code));
        for (path, code) in nodes.chain(parts) {
            match seen.get(code) {
                Some(first) => {
                    let flaw = TextFlaw::Duplicate { code: code.to_string(), first: first.clone() };
                    faults.add(&row.place, &path, flaw);
                }
                None => {
                    seen.insert(code, faults.whereabouts(&row.place));
                }
            }
        }
    }
}

fn people(row: &Row<Item>, known: &Known<'_>, faults: &mut Faults<'_>) {
    let item = &row.value;
    if let Err(no) = Title::parse("title", &item.title.zh) {
        use crate::refusal::Refuse;
        let given = no.value().unwrap_or_default();
        let flaw = TextFlaw::Value { field: "title".into(), given, why: no.reason(crate::text::Lang::En) };
        faults.add(&row.place, "title", flaw);
    }
    known.org.unit(row, "lead", &item.lead, faults);
    known.org.post(row, "patron", &item.patron, faults);
    let mut seen = BTreeSet::new();
    for (i, unit) in item.support.iter().enumerate() {
        let path = format!("support.{i}");
        known.org.unit(row, &path, unit, faults);
        if *unit == item.lead {
            faults.add(&row.place, &path, PeopleFlaw::LeadSupports { unit: unit.to_string() });
        } else if !seen.insert(unit) {
            let first = faults.whereabouts(&row.place);
            faults.add(&row.place, &path, TextFlaw::Duplicate { code: unit.to_string(), first });
        }
    }
    for (i, node) in item.nodes.iter().enumerate() {
        if let Some(lead) = &node.lead {
            known.org.unit(row, &format!("nodes.{i}.lead"), lead, faults);
        }
    }
    for (i, part) in item.parts.iter().enumerate() {
        known.org.unit(row, &format!("parts.{i}.lead"), &part.lead, faults);
        known.org.post(row, &format!("parts.{i}.patron"), &part.patron, faults);
        if let Some(area) = &part.area {
            faults.reference(row, &format!("parts.{i}.area"), What::Area, area, &known.areas);
        }
    }
}

fn dates(row: &Row<Item>, known: &Known<'_>, faults: &mut Faults<'_>) {
    let item = &row.value;
    let mut check = |path: &str, due: Day, inner: bool| {
        let text = due.to_string();
        if let Some(year) = known.year.filter(|year| *year != due.year()) {
            faults.add(&row.place, path, DateFlaw::OutOfYear { due: text, year });
        } else if known.calendar.is_provisional(due) {
            faults.add(&row.place, path, DateFlaw::Provisional { due: text });
        } else if inner && due > item.due {
            faults.add(&row.place, path, DateFlaw::AfterItem { due: text, item: item.due.to_string() });
        } else if !known.calendar.is_workday(due) {
            faults.add(&row.place, path, DateFlaw::RestDay { due: text });
        }
    };
    check("due", item.due, false);
    for (i, Node { due, .. }) in item.nodes.iter().enumerate() {
        check(&format!("nodes.{i}.due"), *due, true);
    }
    for (i, Part { due, .. }) in item.parts.iter().enumerate() {
        check(&format!("parts.{i}.due"), *due, true);
    }
}

fn measure(row: &Row<Item>, known: &Known<'_>, line: Option<Decimal>, faults: &mut Faults<'_>) {
    let item = &row.value;
    let Some(measure) = &item.measure else {
        if !item.parts.is_empty() {
            faults.add(&row.place, "parts", FigureFlaw::NotAdditive { item: item.code.to_string() });
        }
        return;
    };
    let mut on_enterprise = |path: &str, unit: &crate::id::UnitCode| {
        if known.org.is_respondent(unit) {
            faults.add(&row.place, path, PeopleFlaw::OnEnterprise { unit: unit.to_string() });
        }
    };
    on_enterprise("lead", &item.lead);
    for (i, part) in item.parts.iter().enumerate() {
        on_enterprise(&format!("parts.{i}.lead"), &part.lead);
    }
    for (i, node) in item.nodes.iter().enumerate() {
        if let Some(lead) = &node.lead {
            on_enterprise(&format!("nodes.{i}.lead"), lead);
        }
    }
    let Some(target) = measure.target.filter(|_| !item.parts.is_empty()) else { return };
    if !measure.additive {
        return faults.add(&row.place, "parts", FigureFlaw::NotAdditive { item: item.code.to_string() });
    }
    let (sum, ratio) = (item.parts_sum(), item.pressure().unwrap_or_default());
    if sum < target {
        let flaw = FigureFlaw::PartsShort { sum: sum.to_string(), target: target.to_string() };
        faults.add(&row.place, "parts", flaw);
    } else if let Some(line) = line.filter(|l| ratio > *l) {
        let (sum, target) = (sum.to_string(), target.to_string());
        let flaw = FigureFlaw::PartsHeavy { sum, target, ratio: ratio.text(2), line: line.text(2) };
        faults.add(&row.place, "parts", flaw);
    }
}

fn weights(punches: &[Row<Punch>], items: &[Row<Item>], partial: bool, faults: &mut Faults<'_>) {
    let hundred = Decimal::whole(100);
    for row in items {
        let sum: Decimal = row.value.nodes.iter().map(|n| n.weight).sum();
        if !row.value.nodes.is_empty() && sum != hundred {
            let of = row.value.code.to_string();
            let flaw = FigureFlaw::Weights { of, sum: sum.to_string(), want: hundred.to_string() };
            faults.add(&row.place, "nodes", flaw);
        }
    }
    let sum: Decimal = punches.iter().map(|p| p.value.weight).sum();
    if let Some(last) = punches.last().filter(|_| sum != hundred) {
        let flaw = FigureFlaw::Weights { of: "plan".into(), sum: sum.to_string(), want: hundred.to_string() };
        faults.add(&last.place, "weight", flaw);
    }
    // An item that did not parse would make its punch's sum look wrong: say that fault first.
    for punch in punches.iter().filter(|_| !partial) {
        let code = &punch.value.code;
        let sum: Decimal = items.iter().filter(|i| i.value.punch == *code).map(|i| i.value.weight).sum();
        if sum != punch.value.weight {
            let (sum, want) = (sum.to_string(), punch.value.weight.to_string());
            faults.add(&punch.place, "weight", FigureFlaw::Weights { of: code.to_string(), sum, want });
        }
    }
}

fn counts(
    punches: &[Row<Punch>],
    lists: &[Row<List>],
    items: &[Row<Item>],
    broken: usize,
    faults: &mut Faults<'_>,
) {
    for list in lists {
        let List { code, count, prefix, .. } = &list.value;
        let mine = || items.iter().filter(|i| i.value.list == *code);
        let found = mine().count();
        if found != *count && found + broken != *count {
            faults.add(
                &list.place,
                "count",
                FigureFlaw::Count { of: code.to_string(), declared: *count, found },
            );
        }
        for row in mine().filter(|i| !i.value.code.as_str().starts_with(prefix.as_str())) {
            let (given, why) =
                (row.value.code.to_string(), format!("codes of this list begin with {prefix}"));
            faults.add(&row.place, "code", TextFlaw::Value { field: "code".into(), given, why });
        }
    }
    for punch in punches {
        for (list, declared) in &punch.value.counts {
            let mine = |i: &&Row<Item>| i.value.punch == punch.value.code && i.value.list == *list;
            let found = items.iter().filter(mine).count();
            if found != *declared && broken == 0 {
                let of = format!("{}·{list}", punch.value.code);
                faults.add(
                    &punch.place,
                    &format!("counts.{list}"),
                    FigureFlaw::Count { of, declared: *declared, found },
                );
            }
        }
    }
}
