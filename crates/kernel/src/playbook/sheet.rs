//! Files in, rows with places out.
//!
//! Every file of a playbook is parsed into its TOML document, whose top-level tables are *rows* of a *section*
//! (`[[unit]]`, `[[item]]` …). A district may spread its sections over files as it likes. Each row becomes its Rust
//! type on its own, so that one bad row never hides the faults of another, and keeps the byte where each of its
//! fields stands, so that any later check can point at the line and column.

use super::fault::{Fault, Level, What, nearest};
use super::flaw::{Flaw, PeopleFlaw, TextFlaw};
use crate::id::Slug;
use crate::refusal::clip;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// Where a row and its fields stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    file: usize,
    start: usize,
    /// Field path such as `nodes.2.due` to the first byte of its value.
    fields: BTreeMap<String, usize>,
}

/// A row and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Row<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// Collects findings and turns bytes into lines and columns.
pub(super) struct Faults<'a> {
    files: &'a [(String, String)],
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(files: &'a [(String, String)]) -> Self {
        Faults { files, found: Vec::new() }
    }
    /// A finding about the field `path` of a row; an unknown path points at the row itself.
    pub(super) fn add(&mut self, place: &Place, path: &str, flaw: impl Into<Flaw>) {
        let byte = place.fields.get(path).copied().unwrap_or(place.start);
        self.byte(place.file, byte, flaw);
    }
    /// A finding at a byte of a file.
    pub(super) fn byte(&mut self, file: usize, byte: usize, flaw: impl Into<Flaw>) {
        let (name, line, col) = self.locate(file, byte);
        self.found.push(flaw.into().at(name, line, col));
    }
    /// `file:line` of a row, for words that refer to another place.
    pub(super) fn whereabouts(&self, place: &Place) -> String {
        let (name, line, _) = self.locate(place.file, place.start);
        format!("{name}:{line}")
    }
    fn locate(&self, file: usize, byte: usize) -> (&'a str, usize, usize) {
        let Some((name, text)) = self.files.get(file) else { return ("", 1, 1) };
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let col = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (name, line, col)
    }
    /// All findings in the order of files and lines, split into what stops the load and what does not.
    pub(super) fn finish(mut self) -> (Vec<Fault>, bool) {
        self.found.sort();
        self.found.dedup();
        let grave = self.found.iter().any(|f| f.level == Level::Fault);
        (self.found, grave)
    }
    /// Reports a code that names nothing, with the nearest one that does.
    pub(super) fn unknown<'k>(
        &mut self,
        place: &Place,
        path: &str,
        what: What,
        code: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let near = nearest(code, known);
        self.add(place, path, TextFlaw::Unknown { what, code: clip(code), near });
    }
    /// Checks that `code` is one of `known`.
    pub(super) fn reference<T>(
        &mut self,
        row: &Row<T>,
        path: &str,
        what: What,
        code: &Slug,
        known: &BTreeSet<String>,
    ) {
        if !known.contains(code.as_str()) {
            self.unknown(&row.place, path, what, code.as_str(), known.iter().map(String::as_str));
        }
    }
}

struct Raw<'a> {
    section: String,
    file: usize,
    value: Spanned<DeValue<'a>>,
}

/// All rows of all files, by section.
pub(super) struct Sheet<'a> {
    rows: Vec<Raw<'a>>,
    /// Codes of rows that did not parse: they exist, so references to them are not faults.
    broken: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Sheet<'a> {
    /// Parses every `.toml` file; `known` are the names of all sections. None when a file is not TOML.
    pub(super) fn parse(
        files: &'a [(String, String)],
        known: &[&str],
        faults: &mut Faults<'_>,
    ) -> Option<Sheet<'a>> {
        let mut rows = Vec::new();
        let mut readable = true;
        for (file, (name, text)) in files.iter().enumerate() {
            if !name.ends_with(".toml") {
                continue;
            }
            let (document, errors) = DeTable::parse_recoverable(text);
            readable &= errors.is_empty();
            for error in &errors {
                let at = error.span().map_or(0, |s| s.start);
                faults.byte(file, at, TextFlaw::Syntax { why: first_line(error.message()) });
            }
            for (key, value) in document.into_inner() {
                let section = key.get_ref().to_string();
                if !known.contains(&section.as_str()) {
                    let near = nearest(&section, known.iter().copied());
                    faults.byte(file, key.span().start, TextFlaw::Section { name: clip(&section), near });
                    continue;
                }
                english(&value, file, faults);
                let span = value.span();
                match value.into_inner() {
                    DeValue::Array(array) => {
                        rows.extend(array.into_iter().map(|v| Raw {
                            section: section.clone(),
                            file,
                            value: v,
                        }));
                    }
                    other => rows.push(Raw { section, file, value: Spanned::new(span, other) }),
                }
            }
        }
        readable.then_some(Sheet { rows, broken: BTreeMap::new() })
    }

    /// The rows of a section as values of `T`; rows that do not fit are reported and left out.
    pub(super) fn take<T: DeserializeOwned>(
        &mut self,
        section: &str,
        faults: &mut Faults<'_>,
    ) -> Vec<Row<T>> {
        let (mine, rest) =
            std::mem::take(&mut self.rows).into_iter().partition(|r: &Raw<'_>| r.section == section);
        self.rows = rest;
        mine.into_iter().filter_map(|raw| self.row(section, raw, faults)).collect()
    }

    /// Whether a section has a row that was not taken yet.
    pub(super) fn has(&self, section: &str) -> bool {
        self.rows.iter().any(|r| r.section == section)
    }

    /// The one row of a section that may stand once only.
    pub(super) fn one<T: DeserializeOwned>(
        &mut self,
        section: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Row<T>> {
        if !self.has(section) {
            faults.byte(0, 0, TextFlaw::Absent { name: section });
        }
        let mut rows = self.take(section, faults).into_iter();
        let first = rows.next();
        for again in rows {
            faults.add(&again.place, "", TextFlaw::Again { name: section.to_owned() });
        }
        first
    }

    /// Codes of the rows of `section` that did not parse.
    pub(super) fn broken(&self, section: &str) -> impl Iterator<Item = &str> {
        self.broken.get(section).into_iter().flatten().map(String::as_str)
    }

    fn row<T: DeserializeOwned>(
        &mut self,
        section: &str,
        raw: Raw<'_>,
        faults: &mut Faults<'_>,
    ) -> Option<Row<T>> {
        let Raw { file, mut value, .. } = raw;
        let start = value.span().start;
        let mut places = BTreeMap::new();
        walk(value.get_ref(), "", &mut places);
        let named =
            |key: &str| value.get_ref().get(key).and_then(|c| c.get_ref().as_str()).map(str::to_owned);
        let code = named("code").or_else(|| named("kind"));
        let mut whole = true;
        // Each turn reports one field that is unknown and goes on without it, so that all of them are reported.
        for _ in 0..32 {
            let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(value) if whole => {
                    let fields = places.into_iter().map(|(k, s)| (k, s.start)).collect();
                    return Some(Row { value, place: Place { file, start, fields } });
                }
                Ok(_) => break,
                Err(error) => error,
            };
            whole = false;
            let span = error.span().unwrap_or(start..start);
            let flaw = classify(error.message(), &span, &places, faults.files.get(file).map_or("", |f| &f.1));
            let unknown = matches!(flaw, Flaw::Text(TextFlaw::Field { .. }));
            let at =
                if matches!(flaw, Flaw::Text(TextFlaw::Missing { .. }) | Flaw::People(PeopleFlaw::NoLead)) {
                    start.max(span.start)
                } else {
                    span.start
                };
            faults.byte(file, at, flaw);
            if !unknown || !prune(&mut value, &span) {
                break;
            }
        }
        self.broken.entry(section.to_owned()).or_default().extend(code);
        None
    }
}

fn first_line(text: &str) -> String {
    clip(text.lines().next().unwrap_or(""))
}

/// Reports every `{ zh = … }` without `en`, whatever it belongs to.
fn english(value: &Spanned<DeValue<'_>>, file: usize, faults: &mut Faults<'_>) {
    match value.get_ref() {
        DeValue::Array(array) => array.iter().for_each(|v| english(v, file, faults)),
        DeValue::Table(table) => {
            let text = |name: &str| table.get(name).and_then(|v| v.get_ref().as_str());
            if let Some(zh) = text("zh")
                && text("en").is_none_or(|en| en.trim().is_empty())
            {
                faults.byte(file, value.span().start, TextFlaw::English { zh: clip(zh) });
            }
            table.values().for_each(|v| english(v, file, faults));
        }
        _ => {}
    }
}

/// Notes the span of every value below `value` under its path.
fn walk(value: &DeValue<'_>, path: &str, out: &mut BTreeMap<String, Range<usize>>) {
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        DeValue::Array(array) => {
            for (i, v) in array.iter().enumerate() {
                let path = join(&i.to_string());
                walk(v.get_ref(), &path, out);
                out.insert(path, v.span());
            }
        }
        DeValue::Table(table) => {
            for (key, v) in table {
                let path = join(key.get_ref());
                walk(v.get_ref(), &path, out);
                out.insert(path, v.span());
            }
        }
        _ => {}
    }
}

/// Removes the field whose key or value stands at `span`; false when there is none.
fn prune(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Array(array) => array.iter_mut().any(|v| prune(v, span)),
        DeValue::Table(table) => {
            let key =
                table.iter().find(|(k, v)| k.span() == *span || v.span() == *span).map(|(k, _)| k.clone());
            match key {
                Some(key) => table.remove(&key).is_some(),
                None => table.iter_mut().any(|(_, v)| prune(v, span)),
            }
        }
        _ => false,
    }
}

/// Turns the words of serde into a flaw of ours.
fn classify(message: &str, span: &Range<usize>, places: &BTreeMap<String, Range<usize>>, text: &str) -> Flaw {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let first = quoted.next().unwrap_or("").to_owned();
    let path = places.iter().filter(|(_, s)| *s == span).map(|(path, _)| path.as_str()).next_back();
    let field = path.and_then(|p| p.rsplit('.').find(|part| part.parse::<usize>().is_err())).unwrap_or("");
    let given = clip(first_line(text.get(span.clone()).unwrap_or("")).as_str());
    if message.starts_with("unknown field") {
        let near = nearest(&first, quoted);
        return TextFlaw::Field { name: clip(&first), near }.into();
    }
    if message.starts_with("missing field") {
        return if first == "lead" {
            PeopleFlaw::NoLead.into()
        } else {
            TextFlaw::Missing { name: first }.into()
        };
    }
    if field == "lead" && message.starts_with("invalid type: sequence") {
        return PeopleFlaw::SecondLead { given }.into();
    }
    TextFlaw::Value { field: field.to_owned(), given, why: first_line(message) }.into()
}
