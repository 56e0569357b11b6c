//! The word lists of simulated duties (`data/words.toml`) and titles made of them.

use crate::dice::Dice;
use base::{Fault, Outcome};
use kernel::playbook::Playbook;
use kernel::text::{Remark, Title};
use serde::Deserialize;

/// A pattern of duties.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Pattern {
    /// Title with placeholders.
    pub(crate) title: String,
    /// What counts as done.
    pub(crate) criterion: String,
    /// Units that such a matter belongs to; `street` stands for any street.
    #[serde(default)]
    pub(crate) leads: Vec<String>,
}

/// Sentences by use.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Notes {
    pub(crate) start: Vec<String>,
    pub(crate) progress: Vec<String>,
    pub(crate) behind: Vec<String>,
    pub(crate) reply: Vec<String>,
    pub(crate) caption: Vec<String>,
    pub(crate) defect: Vec<String>,
    pub(crate) good: Vec<String>,
    pub(crate) bad: Vec<String>,
    pub(crate) urge: Vec<String>,
    pub(crate) returned: Vec<String>,
    pub(crate) ruling: Vec<String>,
    pub(crate) extend: Vec<String>,
    pub(crate) refuse: Vec<String>,
    pub(crate) plan: Vec<String>,
    pub(crate) resume: Vec<String>,
    pub(crate) support: Vec<String>,
}

/// Everything of the file.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Words {
    places_extra: Vec<String>,
    projects: Vec<String>,
    pub(crate) supervision: Vec<Pattern>,
    pub(crate) decision: Vec<Pattern>,
    pub(crate) request: Vec<Pattern>,
    pub(crate) notes: Notes,
    /// Streets and communities of the playbook.
    #[serde(skip)]
    places: Vec<String>,
}

impl Words {
    /// The lists, with the places of a playbook.
    pub(crate) fn load(book: &Playbook) -> Outcome<Words> {
        let text = include_str!("../data/words.toml");
        let mut words: Words = toml::from_str(text).map_err(|e| Fault::broken(format!("words.toml: {e}")))?;
        words.places =
            book.org.units.values().filter(|u| u.kind.is_grassroots()).map(|u| short(&u.name.zh)).collect();
        words.places.extend(words.places_extra.iter().cloned());
        Ok(words)
    }
    /// A title of a pattern.
    pub(crate) fn title(&self, pattern: &str, dice: &mut Dice) -> Outcome<Title> {
        let place = dice.word(&self.places);
        let project = dice.word(&self.projects);
        let n = dice.between(2, 9).to_string();
        let text = pattern.replace("{place}", place).replace("{project}", project).replace("{n}", &n);
        Ok(Title::parse("title", &text)?)
    }
}

/// A community's name without the words that every community's has.
fn short(name: &str) -> String {
    name.replace("居民委员会", "").replace("村民委员会", "村")
}

/// A remark of a sentence.
pub(crate) fn remark(text: &str) -> Outcome<Remark> {
    Ok(Remark::parse("text", text)?)
}
