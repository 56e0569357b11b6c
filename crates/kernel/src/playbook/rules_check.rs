//! Reads and checks what [`super::rules`] describes.

use super::fault::What;
use super::flaw::{PeopleFlaw, RuleFlaw, TextFlaw};
use super::graph;
use super::kind::names;
use super::org::{OrgRows, by_code};
use super::rules::{Cadence, Document, Gate, Industry, Ladder, Mandate, Notices, Office, Taxonomy, Veto};
use super::sheet::{Faults, Row, Sheet};
use super::source::{role, span};
use crate::duty::MandateList;
use crate::id::Slug;
use crate::text::Words;
use std::collections::BTreeMap;

/// Everything that is read here.
pub(super) struct Rules {
    pub(super) office: Vec<Office>,
    pub(super) ladders: BTreeMap<Slug, Ladder>,
    pub(super) notices: Option<Notices>,
    pub(super) cadences: Vec<Cadence>,
    pub(super) documents: BTreeMap<Slug, Document>,
    pub(super) gates: BTreeMap<Slug, Gate>,
    pub(super) vetoes: BTreeMap<Slug, Veto>,
    pub(super) mandates: BTreeMap<Slug, Mandate>,
    pub(super) taxonomies: BTreeMap<Slug, Taxonomy>,
    pub(super) industries: BTreeMap<Slug, Industry>,
}

pub(super) fn read(sheet: &mut Sheet<'_>, org: &OrgRows, faults: &mut Faults<'_>) -> Rules {
    let mut office: Vec<Office> = sheet.take("office", faults).into_iter().map(|r| r.value).collect();
    office.sort_by_key(|o| o.from);
    let notices: Option<Row<Notices>> = sheet.one("notices", faults);
    let (taxonomies, industries) = industry(sheet, faults);
    Rules {
        office,
        ladders: ladders(sheet, faults),
        notices: notices.map(|r| r.value),
        cadences: cadences(sheet, org, faults),
        documents: documents(sheet, org, faults),
        gates: gates(sheet, org, faults),
        vetoes: vetoes(sheet, faults),
        mandates: mandates(sheet, org, faults),
        taxonomies,
        industries,
    }
}

fn ladders(sheet: &mut Sheet<'_>, faults: &mut Faults<'_>) -> BTreeMap<Slug, Ladder> {
    let rows: Vec<Row<Ladder>> = sheet.take("ladder", faults);
    for row in &rows {
        let mut last = None;
        for (i, (rung, want)) in row.value.rungs.iter().zip(1_u8..).enumerate() {
            role(row, &format!("rungs.{i}.role"), &rung.role, faults);
            // Limits of two units cannot be compared in the abstract: only like with like is.
            let slower = last.is_none_or(|(n, unit)| unit != rung.after.unit || n < rung.after.n);
            if rung.rung != want || !slower {
                faults.add(
                    &row.place,
                    &format!("rungs.{i}"),
                    RuleFlaw::Rungs { ladder: row.value.code.to_string() },
                );
            }
            last = Some((rung.after.n, rung.after.unit));
        }
        if row.value.rungs.is_empty() {
            faults.add(&row.place, "rungs", RuleFlaw::Rungs { ladder: row.value.code.to_string() });
        }
    }
    by_code(&rows, |l| l.code.clone(), faults)
}

fn cadences(sheet: &mut Sheet<'_>, org: &OrgRows, faults: &mut Faults<'_>) -> Vec<Cadence> {
    let rows: Vec<Row<Cadence>> = sheet.take("cadence", faults);
    for row in &rows {
        org.post(row, "chair", &row.value.chair, faults);
        if !row.value.recur.is_sound() {
            let why = "a weekday is 1 to 7, a day of the month is 1 to 28".to_owned();
            let flaw =
                TextFlaw::Value { field: "recur".into(), given: format!("{:?}", row.value.recur), why };
            faults.add(&row.place, "recur", flaw);
        }
    }
    by_code(&rows, |c| c.code.clone(), faults);
    rows.into_iter().map(|r| r.value).collect()
}

fn documents(sheet: &mut Sheet<'_>, org: &OrgRows, faults: &mut Faults<'_>) -> BTreeMap<Slug, Document> {
    let rows: Vec<Row<Document>> = sheet.take("document", faults);
    for row in &rows {
        org.unit(row, "organ", &row.value.organ, faults);
        if let Some(why) = number_flaw(&row.value.number) {
            faults.add(&row.place, "number", RuleFlaw::Number { given: row.value.number.clone(), why });
        }
    }
    by_code(&rows, |d| d.code.clone(), faults)
}

/// What is wrong with a number format: `^.{1,12}〔{year}〕{n}号$` (D§10.5), no 第, no leading zero (D§8.1).
fn number_flaw(format: &str) -> Option<Words> {
    let Some((organ, rest)) = format.split_once('〔') else {
        return Some(Words::new("缺少六角括号〔〕", "the corner brackets 〔〕 are missing"));
    };
    if organ.is_empty() || organ.chars().count() > 12 {
        return Some(Words::new("机关代字应为1至12个字", "the organ's name is 1 to 12 characters"));
    }
    if organ.contains(['第', '{', '}', '〔']) {
        return Some(Words::new(
            "机关代字中不用“第”和占位符",
            "the organ's name has no 第 and no placeholder",
        ));
    }
    match rest {
        "{year}〕{n}号" => None,
        _ => Some(Words::new(
            "括号内应为{year},其后为{n}号,不编虚位",
            "the brackets hold {year} and {n}号 follows, without leading zeros",
        )),
    }
}

fn gates(sheet: &mut Sheet<'_>, org: &OrgRows, faults: &mut Faults<'_>) -> BTreeMap<Slug, Gate> {
    let rows: Vec<Row<Gate>> = sheet.take("gate", faults);
    let gates = by_code(&rows, |g| g.code.clone(), faults);
    let known = names(sheet, "gate", gates.keys());
    for row in &rows {
        org.unit(row, "authority", &row.value.authority, faults);
        for (i, code) in row.value.after.iter().enumerate() {
            faults.reference(row, &format!("after.{i}"), What::Gate, code, &known);
        }
    }
    let after =
        rows.iter().map(|r| (r.value.code.to_string(), r.value.after.iter().map(ToString::to_string)));
    if let Some((at, path)) = graph::ring(after)
        && let Some(row) = rows.iter().find(|r| r.value.code.as_str() == at)
    {
        faults.add(&row.place, "after", RuleFlaw::Cycle { path });
    }
    gates
}

fn vetoes(sheet: &mut Sheet<'_>, faults: &mut Faults<'_>) -> BTreeMap<Slug, Veto> {
    let rows: Vec<Row<Veto>> = sheet.take("veto", faults);
    for row in &rows {
        if row.value.ground.as_ref().is_none_or(|g| g.zh.trim().is_empty()) {
            faults.add(&row.place, "ground", RuleFlaw::Groundless { veto: row.value.code.to_string() });
        }
    }
    by_code(&rows, |v| v.code.clone(), faults)
}

fn mandates(sheet: &mut Sheet<'_>, org: &OrgRows, faults: &mut Faults<'_>) -> BTreeMap<Slug, Mandate> {
    let rows: Vec<Row<Mandate>> = sheet.take("mandate", faults);
    for row in &rows {
        match (&row.value.lead, row.value.list) {
            (Some(lead), _) => org.unit(row, "lead", lead, faults),
            // What a department leads or took back must say which (D§4.28).
            (None, MandateList::Support | MandateList::TakenBack) => {
                faults.add(&row.place, "", PeopleFlaw::NoLead);
            }
            (None, MandateList::Basic) => {}
        }
        span(row, row.value.from, row.value.until, faults);
    }
    by_code(&rows, |m| m.code.clone(), faults)
}

fn industry(
    sheet: &mut Sheet<'_>,
    faults: &mut Faults<'_>,
) -> (BTreeMap<Slug, Taxonomy>, BTreeMap<Slug, Industry>) {
    let taxonomies: Vec<Row<Taxonomy>> = sheet.take("taxonomy", faults);
    let industries: Vec<Row<Industry>> = sheet.take("industry", faults);
    let by_taxonomy = by_code(&taxonomies, |t| t.code.clone(), faults);
    let known = names(sheet, "taxonomy", by_taxonomy.keys());
    for row in &taxonomies {
        if let Some(older) = &row.value.replaces {
            faults.reference(row, "replaces", What::Taxonomy, older, &known);
        }
    }
    for row in &industries {
        faults.reference(row, "taxonomy", What::Taxonomy, &row.value.taxonomy, &known);
    }
    (by_taxonomy, by_code(&industries, |i| i.code.clone(), faults))
}
