//! 文字目录 (i18n): every sentence of a page, in Chinese and English, under a dotted key.
//!
//! A catalogue file is TOML with nested keys; `{name}` is filled in by [`T::f`], and `{n|item|items}` picks the
//! first form when the value is 1 and the second otherwise (English needs it, Chinese does not). Base ships
//! `i18n/zh.toml` and `i18n/en.toml`; an area hands its own pair to [`Catalogue::with`] at start. Chinese texts
//! get their full-width punctuation when they are loaded, whatever was typed.
//!
//! ```
//! use base::i18n::Catalogue;
//! use kernel::Lang;
//! let all = Catalogue::with(&[("[inbox]\ncount = \"共{n}件\"", "[inbox]\ncount = \"{n} {n|item|items}\"")]).unwrap();
//! assert_eq!(all.t(Lang::Zh).f("inbox.count", &[("n", &5)]), "共5件");
//! assert_eq!(all.t(Lang::En).f("inbox.count", &[("n", &1)]), "1 item");
//! assert_eq!(all.t(Lang::En).s("no.such.key"), "no.such.key");
//! ```
//!
//! A missing key shows itself as the key; the test `every_key_in_the_source_exists` fails on it before that.

use crate::web::ui::zh::han;
use kernel::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

/// Base's own texts: the shell, the components, the words that all areas share.
const BASE: (&str, &str) = (include_str!("../i18n/zh.toml"), include_str!("../i18n/en.toml"));

/// Every text of the program in both languages.
#[derive(Debug, Clone)]
pub struct Catalogue {
    zh: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
}

/// What is wrong with the catalogue files; all faults at once, so that one run shows them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<String>);

impl Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
impl std::error::Error for Faults {}

impl Catalogue {
    /// Base's own texts with those of the areas, each a pair of (Chinese, English) TOML texts.
    ///
    /// Fails when a file does not parse, a key is in one language only, the placeholders of the two languages
    /// differ, or an area takes a key that is already there.
    pub fn with(areas: &[(&str, &str)]) -> Result<Catalogue, Faults> {
        let mut all = Catalogue { zh: BTreeMap::new(), en: BTreeMap::new() };
        let mut faults = Vec::new();
        for (zh, en) in std::iter::once(&BASE).chain(areas) {
            all.merge(Lang::Zh, zh, &mut faults);
            all.merge(Lang::En, en, &mut faults);
        }
        all.compare(&mut faults);
        if faults.is_empty() { Ok(all) } else { Err(Faults(faults)) }
    }
    /// Base's own texts alone, which a test holds to be free of faults.
    pub fn builtin() -> Catalogue {
        Catalogue::with(&[]).unwrap_or_else(|_| Catalogue { zh: BTreeMap::new(), en: BTreeMap::new() })
    }
    /// The handle with which one page speaks `lang`.
    pub fn t(&self, lang: Lang) -> T<'_> {
        T { lang, texts: self.texts(lang) }
    }
    /// Whether `key` has a text (in both languages, which [`Catalogue::with`] made sure of).
    pub fn has(&self, key: &str) -> bool {
        self.zh.contains_key(key)
    }
    fn texts(&self, lang: Lang) -> &BTreeMap<String, String> {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
    fn merge(&mut self, lang: Lang, text: &str, faults: &mut Vec<String>) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(e) => return faults.push(format!("{}: {e}", lang.tag())),
        };
        let mut flat = Vec::new();
        flatten("", &table, &mut flat, faults);
        let texts = match lang {
            Lang::Zh => &mut self.zh,
            Lang::En => &mut self.en,
        };
        for (key, text) in flat {
            let text = if lang == Lang::Zh { han(&text).into_owned() } else { text };
            if texts.contains_key(&key) {
                faults.push(format!("{}: {key} is defined twice", lang.tag()));
            }
            texts.insert(key, text);
        }
    }
    fn compare(&self, faults: &mut Vec<String>) {
        for key in self.zh.keys().chain(self.en.keys()).collect::<BTreeSet<_>>() {
            match (self.zh.get(key), self.en.get(key)) {
                (Some(zh), Some(en)) if holes(zh) != holes(en) => {
                    faults.push(format!("{key}: zh has {:?}, en has {:?}", holes(zh), holes(en)));
                }
                (Some(_), Some(_)) => {}
                (None, _) => faults.push(format!("{key}: not in zh")),
                (_, None) => faults.push(format!("{key}: not in en")),
            }
        }
    }
}

/// Turns nested tables into dotted keys; anything but text is a fault.
fn flatten(under: &str, table: &toml::Table, out: &mut Vec<(String, String)>, faults: &mut Vec<String>) {
    for (name, value) in table {
        let key = if under.is_empty() { name.clone() } else { format!("{under}.{name}") };
        match value {
            toml::Value::String(text) => out.push((key, text.clone())),
            toml::Value::Table(inner) => flatten(&key, inner, out, faults),
            _ => faults.push(format!("{key} is not text")),
        }
    }
}

/// The names between braces, without repeats.
fn holes(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((hole, tail)) = after.split_once('}') else { break };
        names.insert(hole.split_once('|').map_or(hole, |(name, _)| name));
        rest = tail;
    }
    names
}

/// Speaks one language: what a page's code holds while it is drawn. Copies are free.
#[derive(Debug, Clone, Copy)]
pub struct T<'a> {
    lang: Lang,
    texts: &'a BTreeMap<String, String>,
}

impl<'a> T<'a> {
    /// The language.
    pub fn lang(self) -> Lang {
        self.lang
    }
    /// Whether the page is Chinese: for the few places where the shape of a sentence differs.
    pub fn is_zh(self) -> bool {
        self.lang == Lang::Zh
    }
    /// The text under `key`; the key itself when there is none.
    pub fn s(self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }
    /// The text under `key` with its placeholders filled; an unknown placeholder stays visible.
    pub fn f(self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut out = String::new();
        let mut rest = self.texts.get(key).map_or(key, String::as_str);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((hole, tail)) = after.split_once('}') else {
                out.push('{');
                out.push_str(after);
                return out;
            };
            fill(&mut out, hole, values);
            rest = tail;
        }
        out.push_str(rest);
        out
    }
    /// Picks a text that is not in the catalogue, such as the two names a playbook gives.
    pub fn pick(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::En if !en.is_empty() => en,
            _ => zh,
        }
    }
    /// The words of a refusal or a playbook; Chinese with full-width punctuation.
    pub fn words(self, words: &'a kernel::Words) -> std::borrow::Cow<'a, str> {
        self.say(words.get(self.lang))
    }
    /// A text that came as data in this page's language; Chinese gets full-width punctuation.
    pub fn say(self, text: &str) -> std::borrow::Cow<'_, str> {
        if self.is_zh() { han(text) } else { text.into() }
    }
}

fn fill(out: &mut String, hole: &str, values: &[(&str, &dyn Display)]) {
    let mut forms = hole.split('|');
    let name = forms.next().unwrap_or_default();
    let Some((_, value)) = values.iter().find(|(given, _)| *given == name) else {
        out.push('{');
        out.push_str(hole);
        out.push('}');
        return;
    };
    let value = value.to_string();
    match (forms.next(), forms.next()) {
        (Some(one), _) if value == "1" => out.push_str(one),
        (Some(_), Some(many)) => out.push_str(many),
        _ => out.push_str(&value),
    }
}

/// The literal keys that a Rust source asks for through `.s("…")` and `.f("…"`: every area's test holds them
/// against its catalogue, so a missing text is a failing test and never a key on a page.
pub fn keys_in(source: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for call in [".s(\"", ".f(\""] {
        for part in source.split(call).skip(1) {
            if let Some((key, _)) = part.split_once('"') {
                keys.push(key);
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests;
