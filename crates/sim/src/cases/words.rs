//! Phrase tables of simulated requests (`data/cases.toml`) and texts made of them.

use crate::dice::Dice;
use base::{Fault, Outcome};
use kernel::playbook::Playbook;
use serde::Deserialize;

/// A matter that people ask about.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Matter {
    pub(crate) category: String,
    /// How often, beside the others.
    pub(crate) weight: u32,
    /// How often on a night of storm.
    #[serde(default)]
    pub(crate) wet: u32,
    /// The matter in a few words.
    pub(crate) what: String,
    /// What is done about it.
    pub(crate) done: String,
    pub(crate) texts: Vec<String>,
}

/// A question with its answer.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Consult {
    pub(crate) q: String,
    pub(crate) a: String,
    pub(crate) category: String,
}

/// Everything of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrases {
    pub(crate) roads: Vec<String>,
    pub(crate) estates: Vec<String>,
    openings: Vec<String>,
    details: Vec<String>,
    wishes: Vec<String>,
    pub(crate) contacts: Vec<String>,
    pub(crate) missed: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) replies: Vec<String>,
    pub(crate) partly: Vec<String>,
    pub(crate) explained: Vec<String>,
    pub(crate) fake: Vec<String>,
    pub(crate) internal: Vec<String>,
    pub(crate) defects: Vec<String>,
    pub(crate) extend: Vec<String>,
    pub(crate) bounce: Vec<String>,
    pub(crate) ruling: Vec<String>,
    pub(crate) defer_plan: Vec<String>,
    pub(crate) endorse: Vec<String>,
    pub(crate) object: Vec<String>,
    pub(crate) again: Vec<String>,
    pub(crate) reopen: Vec<String>,
    pub(crate) call_notes: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) panel: Vec<String>,
    pub(crate) appeal: Vec<String>,
    pub(crate) look_good: Vec<String>,
    pub(crate) look_bad: Vec<String>,
    pub(crate) withdraw: Vec<String>,
    pub(crate) more: Vec<String>,
    pub(crate) coached: Vec<String>,
    pub(crate) article: Vec<String>,
    pub(crate) consult: Vec<Consult>,
    #[serde(rename = "matter")]
    pub(crate) matters: Vec<Matter>,
}

impl Phrases {
    /// The tables, without the matters that a playbook has no category for.
    pub(crate) fn load(book: &Playbook) -> Outcome<Phrases> {
        let text = include_str!("../../data/cases.toml");
        let mut all: Phrases = toml::from_str(text).map_err(|e| Fault::broken(format!("cases.toml: {e}")))?;
        all.matters.retain(|m| book.category(&m.category).is_some());
        all.consult.retain(|c| book.category(&c.category).is_some());
        Ok(all)
    }

    /// A matter, by its weight.
    pub(crate) fn matter(&self, dice: &mut Dice, wet: bool) -> Option<Matter> {
        let weight = |m: &Matter| usize::try_from(if wet { m.wet } else { m.weight }).unwrap_or(0);
        let sum = self.matters.iter().map(weight).sum();
        let mut at = dice.below(sum);
        for matter in &self.matters {
            match at.checked_sub(weight(matter)) {
                Some(rest) => at = rest,
                None => return Some(matter.clone()),
            }
        }
        None
    }

    /// What somebody says about a matter. It says itself that it is made up.
    pub(crate) fn say(&self, matter: &Matter, road: &str, estate: &str, dice: &mut Dice) -> String {
        let core = dice.word(&matter.texts).to_owned();
        let opening = dice.word(&self.openings).to_owned();
        let (detail, wish) = (dice.word(&self.details).to_owned(), dice.word(&self.wishes).to_owned());
        let text = format!("{opening}{core}，{detail}。{wish}（模拟）");
        filled(&text, road, estate, dice)
    }
}

/// A text with its places filled in.
pub(crate) fn filled(text: &str, road: &str, estate: &str, dice: &mut Dice) -> String {
    let (n, h) = (dice.between(2, 9), dice.between(0, 4));
    let hour = if h == 0 { 11 } else { h };
    text.replace("{road}", road)
        .replace("{estate}", estate)
        .replace("{n}", &n.to_string())
        .replace("{h}", &hour.to_string())
}
