//! How a duty runs: its kinds, clock rules and lights.
//!
//! The types belong to [`crate::duty`], [`crate::clock`] and [`crate::light`], which also say what is wrong with a
//! value by itself; here it is put into its place in the file, and references between them are checked.

use super::fault::What;
use super::flaw::{RuleFlaw, TextFlaw};
use super::org::by_code;
use super::rules::Ladder;
use super::sheet::{Faults, Row, Sheet};
use super::source::{role, text};
use crate::clock::ClockRule;
use crate::duty::Profile;
use crate::id::Slug;
use crate::light::LightPolicy;
use crate::refusal::Refuse;
use crate::text::{Lang, Words};
use std::collections::{BTreeMap, BTreeSet};

/// The codes of a section, those of rows that did not parse included.
pub(super) fn names<'k>(
    sheet: &Sheet<'_>,
    section: &str,
    keys: impl Iterator<Item = &'k Slug>,
) -> BTreeSet<String> {
    keys.map(ToString::to_string).chain(sheet.broken(section).map(str::to_owned)).collect()
}

/// A refusal's reason, value and next step as one text.
fn told(no: &impl Refuse) -> Words {
    let say = |lang| {
        let value = no.value().map(|v| format!(" ({v})")).unwrap_or_default();
        format!("{}{value}; {}", no.reason(lang), no.next(lang))
    };
    Words::new(say(Lang::Zh), say(Lang::En))
}

pub(super) fn lights(sheet: &mut Sheet<'_>, faults: &mut Faults<'_>) -> BTreeMap<Slug, LightPolicy> {
    let rows: Vec<Row<LightPolicy>> = sheet.take("light", faults);
    for row in &rows {
        text(row, &row.value.source, faults);
        for no in row.value.check() {
            faults.add(
                &row.place,
                "bands",
                RuleFlaw::Bands { policy: row.value.code.to_string(), why: told(&no) },
            );
        }
    }
    by_code(&rows, |l| l.code.clone(), faults)
}

pub(super) fn clocks(
    sheet: &mut Sheet<'_>,
    ladders: &BTreeMap<Slug, Ladder>,
    faults: &mut Faults<'_>,
) -> BTreeMap<Slug, Vec<ClockRule>> {
    let rows: Vec<Row<ClockRule>> = sheet.take("clock", faults);
    let ladders = names(sheet, "ladder", ladders.keys());
    let mut out: BTreeMap<Slug, Vec<ClockRule>> = BTreeMap::new();
    for row in rows {
        let rule = &row.value;
        faults.reference(&row, "ladder", What::Ladder, &rule.ladder, &ladders);
        text(&row, &rule.source, faults);
        for no in rule.check() {
            let limit = no.value().and_then(|name| rule.limits.iter().position(|l| l.name.as_str() == name));
            let path = limit.map_or_else(|| "limits".to_owned(), |i| format!("limits.{i}"));
            faults.add(&row.place, &path, RuleFlaw::Clock { rule: rule.code.to_string(), why: told(&no) });
        }
        let versions = out.entry(rule.code.clone()).or_default();
        if let Some(older) = versions.iter().find(|r| r.version == rule.version || overlap(r, rule)) {
            let first = format!("{} {}", older.code, older.version);
            faults.add(&row.place, "version", TextFlaw::Duplicate { code: rule.version.clone(), first });
        }
        versions.push(row.value);
    }
    for versions in out.values_mut() {
        versions.sort_by_key(|r| r.from);
    }
    out
}

/// Whether two versions both claim some day. An open end gives way to a later version that begins.
fn overlap(a: &ClockRule, b: &ClockRule) -> bool {
    let (first, second) = if a.from <= b.from { (a, b) } else { (b, a) };
    first.from == second.from || first.until.is_some_and(|until| until >= second.from)
}

pub(super) fn kinds(
    sheet: &mut Sheet<'_>,
    clocks: &BTreeSet<String>,
    faults: &mut Faults<'_>,
) -> BTreeMap<Slug, Profile> {
    let rows: Vec<Row<Profile>> = sheet.take("kind", faults);
    for row in &rows {
        let profile = &row.value;
        if let Some(clock) = &profile.clock {
            faults.reference(row, "clock", What::Clock, clock, clocks);
        }
        for no in profile.check() {
            faults.add(
                &row.place,
                no.field,
                RuleFlaw::Profile { kind: profile.kind.to_string(), why: no.words },
            );
        }
        roles(row, faults);
        text(row, &profile.source, faults);
    }
    by_code(&rows, |p| p.kind.clone(), faults)
}

fn roles(row: &Row<Profile>, faults: &mut Faults<'_>) {
    let p = &row.value;
    for (path, roles) in [
        ("suspend.roles", &p.suspend.roles),
        ("verifier.roles", &p.verifier.roles),
        ("registrar", &p.registrar),
        ("assigner", &p.assigner),
        ("arbiter", &p.arbiter),
        ("extension_approver", &p.extension_approver),
        ("closer", &p.closer),
    ] {
        for code in roles {
            role(row, path, code, faults);
        }
    }
}
