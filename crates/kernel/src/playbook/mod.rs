//! A district's local rules as data, and every check on them (DESIGN §8).
//!
//! A playbook is a folder of TOML files (and data files that they name). [`load`] takes their texts and gives either
//! a [`Playbook`] in which every reference resolves, every sum is right and every text has both languages, or *all*
//! faults at once, each with file, line, column and a hint. Nothing is loaded by halves.
//!
//! | section | what | file in guandu-2019 |
//! |---|---|---|
//! | `playbook` | code, version, district, year | playbook.toml |
//! | `unit` `post` `staffing` `area` `relation` `patronage` `communities` | who there is | org.toml |
//! | `plan` `punch` `list` `item` | what is promised | plan.toml, plan-1 … plan-3 |
//! | `kind` `clock` `light` `ladder` | how a duty runs | kinds, clocks, lights, ladders |
//! | `office` `notices` `cadence` `document` | hours, quiet hours, forums, numbers | calendar, notices, cadence, documents |
//! | `category` `case_rules` `whistle` `whistle_rules` | what is asked for, who gets it, whistles | cases, whistles |
//! | `mandate` `taxonomy` `industry` `gate` `veto` | duty lists, industries, gates, vetoes | mandates, industry, gates |
//!
//! Sections may be spread over files at will; the table shows where guandu-2019 keeps them. A district that starts
//! copies that folder and changes what is its own.
//!
//! ```
//! use kernel::playbook::load;
//! let faults = load(&[("x/playbook.toml".into(), "[playbok]\n".into())]).unwrap_err();
//! let first = faults.iter().find(|fault| fault.code == "file.section").unwrap();
//! assert_eq!(
//!     first.to_string(),
//!     "x/playbook.toml:1:2: [file.section] there is no section `playbok` — did you mean `playbook`?",
//! );
//! ```

mod case;
mod case_check;
mod case_flaw;
mod fault;
mod flaw;
mod graph;
mod kind;
mod org;
mod plan;
mod plan_check;
mod rules;
mod rules_check;
mod sheet;
mod source;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_case;
#[cfg(test)]
mod tests_case_faults;
#[cfg(test)]
mod tests_faults;
#[cfg(test)]
mod tests_rules;

pub use case::{
    Attribute, Band, CaseRules, Category, Choice, ExclusionRule, Hot, Recommender, Route, Routed, ScoreItem,
    Weights, WhistleRules, WhistleType,
};
pub use fault::{Fault, Level};
pub use org::{Area, Org, Patronage, Post, Relation, RelationKind, Staffing, Unit, UnitKind};
pub use plan::{Direction, Item, List, Measure, Node, Part, Plan, Punch, Terms};
pub use rules::{
    Cadence, Document, Gate, Industry, Ladder, Mandate, Notices, Office, Reach, Recur, Rung, Taxonomy, Tier,
    TimeOfDay, Veto, VetoEffect,
};
pub use source::Source;

use crate::calendar::{Calendar, Calendars};
use crate::clock::ClockRule;
use crate::duty::Profile;
use crate::id::{DistrictCode, PostCode, Slug, UnitCode};
use crate::light::LightPolicy;
use crate::text::Words;
use crate::time::Day;
use plan_check::Known;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sheet::{Faults, Row, Sheet};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Names of all sections.
const SECTIONS: [&str; 29] = [
    "playbook",
    "unit",
    "communities",
    "post",
    "staffing",
    "area",
    "relation",
    "patronage",
    "plan",
    "punch",
    "list",
    "item",
    "kind",
    "clock",
    "light",
    "ladder",
    "office",
    "notices",
    "cadence",
    "document",
    "mandate",
    "taxonomy",
    "industry",
    "gate",
    "veto",
    "category",
    "case_rules",
    "whistle",
    "whistle_rules",
];

/// The head of a playbook: whose it is and since when it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Code of the playbook, such as `guandu-2019`.
    pub code: Slug,
    /// Version of its text.
    pub version: String,
    /// First day on which it holds.
    pub from: Day,
    /// Last day; none while it holds.
    #[serde(default)]
    pub until: Option<Day>,
    /// The year of its plan.
    pub year: i16,
    /// The district.
    pub district: DistrictCode,
    /// The district's name.
    pub name: Words,
    /// Where it comes from.
    pub source: Source,
}

/// A whole playbook, sound: every reference in it resolves.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// Its head.
    pub head: Head,
    /// SHA-256 over its sorted files in lower-case hex; two playbooks with one digest are the same.
    pub digest: String,
    /// What is worth a look and did not stop the load.
    pub warnings: Vec<Fault>,
    /// Units, posts, areas, relations, patronage.
    pub org: Org,
    /// Punches, lists, items.
    pub plan: Plan,
    /// Duty kinds by code.
    pub kinds: BTreeMap<Slug, Profile>,
    /// Clock rules by code, oldest version first.
    pub clocks: BTreeMap<Slug, Vec<ClockRule>>,
    /// Light policies by code.
    pub lights: BTreeMap<Slug, LightPolicy>,
    /// Escalation ladders by code.
    pub ladders: BTreeMap<Slug, Ladder>,
    /// Quiet hours and the digest.
    pub notices: Notices,
    /// Forums in the order of the file.
    pub cadences: Vec<Cadence>,
    /// Document kinds by code.
    pub documents: BTreeMap<Slug, Document>,
    /// Duty lists by code of entry.
    pub mandates: BTreeMap<Slug, Mandate>,
    /// Industry taxonomies by code.
    pub taxonomies: BTreeMap<Slug, Taxonomy>,
    /// Industries by code.
    pub industries: BTreeMap<Slug, Industry>,
    /// Project gates by code.
    pub gates: BTreeMap<Slug, Gate>,
    /// Vetoes by code.
    pub vetoes: BTreeMap<Slug, Veto>,
    /// Office hours, oldest first.
    pub office: Vec<Office>,
    /// Categories of cases by code.
    pub categories: BTreeMap<Slug, Category>,
    /// The rules of cases, when the district takes any.
    pub case_rules: Option<CaseRules>,
    /// Types of whistle by code.
    pub whistles: BTreeMap<Slug, WhistleType>,
    /// What all whistles have in common, when there are any.
    pub whistle_rules: Option<WhistleRules>,
}

impl Playbook {
    /// A unit.
    pub fn unit(&self, code: &UnitCode) -> Option<&Unit> {
        self.org.units.get(code)
    }
    /// A post.
    pub fn post(&self, code: &PostCode) -> Option<&Post> {
        self.org.posts.get(code)
    }
    /// A plan item.
    pub fn item(&self, code: &str) -> Option<&Item> {
        find(&self.plan.items, code)
    }
    /// A duty kind.
    pub fn kind(&self, code: &str) -> Option<&Profile> {
        find(&self.kinds, code)
    }
    /// The version of a clock rule that applies to something that starts on `day` (rule 2 of DESIGN §2).
    pub fn clock(&self, code: &str, day: Day) -> Option<&ClockRule> {
        find(&self.clocks, code)?.iter().rev().find(|rule| rule.applies_on(day))
    }
    /// A clock rule by the version that a running clock names.
    pub fn clock_version(&self, code: &str, version: &str) -> Option<&ClockRule> {
        find(&self.clocks, code)?.iter().find(|rule| rule.version == version)
    }
    /// A light policy.
    pub fn light(&self, code: &str) -> Option<&LightPolicy> {
        find(&self.lights, code)
    }
    /// A ladder.
    pub fn ladder(&self, code: &str) -> Option<&Ladder> {
        find(&self.ladders, code)
    }
    /// An entry of the duty lists.
    pub fn mandate(&self, code: &str) -> Option<&Mandate> {
        find(&self.mandates, code)
    }
    /// A document kind.
    pub fn document(&self, code: &str) -> Option<&Document> {
        find(&self.documents, code)
    }
    /// A forum.
    pub fn cadence(&self, code: &str) -> Option<&Cadence> {
        self.cadences.iter().find(|c| c.code.as_str() == code)
    }
    /// The district's calendar: `national` with the office hours of this playbook.
    pub fn calendar(&self, national: &Calendar) -> Calendar {
        let far = Day::from_number(i32::MAX / 4);
        let mut calendar = national.clone();
        let mut later = self.office.iter().skip(1).map(|o| o.from.plus(-1));
        for (i, office) in self.office.iter().enumerate() {
            let last = later.next().unwrap_or(far);
            calendar = match i {
                0 => calendar.with_office(office.hours.clone()),
                _ => calendar.with_shift(office.from, last, office.hours.clone()),
            };
        }
        calendar
    }
}

fn find<'a, T>(map: &'a BTreeMap<Slug, T>, code: &str) -> Option<&'a T> {
    map.get(&Slug::parse("code", code).ok()?)
}

/// Loads a playbook from its files, given as (path, text). Files that end in `.toml` are read; others are read when
/// a section names them.
///
/// # Errors
/// All faults and warnings in the order of files and lines, when there is at least one fault. While a file is not
/// TOML, only that is told of all files: what such a file holds is unknown, and so is whether references to it resolve.
pub fn load(files: &[(String, String)]) -> Result<Playbook, Vec<Fault>> {
    let mut faults = Faults::new(files);
    let book = build(files, &mut faults);
    let (found, grave) = faults.finish();
    match book {
        Some(mut book) if !grave => {
            book.warnings = found;
            Ok(book)
        }
        _ => Err(found),
    }
}

fn build(files: &[(String, String)], faults: &mut Faults<'_>) -> Option<Playbook> {
    let mut sheet = Sheet::parse(files, &SECTIONS, faults)?;
    let head: Option<Row<Head>> = sheet.one("playbook", faults);
    if let Some(row) = &head {
        source::span(row, row.value.from, row.value.until, faults);
    }
    let org = org::read(&mut sheet, files, faults);
    let rules = rules_check::read(&mut sheet, &org, faults);
    let lights = kind::lights(&mut sheet, faults);
    let clocks = kind::clocks(&mut sheet, &rules.ladders, faults);
    let clock_names = kind::names(&sheet, "clock", clocks.keys());
    let kinds = kind::kinds(&mut sheet, &clock_names, faults);
    let around = case_check::Around {
        org: &org,
        mandates: &rules.mandates,
        mandate_names: kind::names(&sheet, "mandate", rules.mandates.keys()),
        clocks: &clocks,
        clock_names: &clock_names,
    };
    let cases = case_check::read(&mut sheet, &around, faults);
    let calendar = Calendars::builtin().latest();
    let known = Known {
        org: &org,
        calendar: &calendar,
        year: head.as_ref().map(|h| h.value.year),
        clocks: clock_names,
        lights: kind::names(&sheet, "light", lights.keys()),
        areas: kind::names(&sheet, "area", org.org.areas.keys()),
    };
    let plan = plan_check::read(&mut sheet, &known, faults);
    Some(Playbook {
        head: head?.value,
        digest: digest(files),
        warnings: Vec::new(),
        org: org.org,
        plan: plan?,
        kinds,
        clocks,
        lights,
        ladders: rules.ladders,
        notices: rules.notices?,
        cadences: rules.cadences,
        documents: rules.documents,
        mandates: rules.mandates,
        taxonomies: rules.taxonomies,
        industries: rules.industries,
        gates: rules.gates,
        vetoes: rules.vetoes,
        office: rules.office,
        categories: cases.categories,
        case_rules: cases.rules,
        whistles: cases.whistles,
        whistle_rules: cases.whistle_rules,
    })
}

/// SHA-256 over the files in the order of their paths; each is its path, a zero byte, its length in bytes as eight
/// big-endian bytes, and its text, so that no two sets of files run together to the same bytes.
fn digest(files: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = files.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for (path, text) in sorted {
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
