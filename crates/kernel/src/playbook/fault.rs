//! A finding in a playbook: where it is, what is wrong, what to do about it.
//!
//! A fault stops the load (all or nothing, DESIGN §8); a warning does not. What can be wrong is in `flaw`.

use crate::text::{Lang, Words};
use std::fmt;

/// Whether a finding stops the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Stops the load.
    Fault,
    /// Shown, and loaded all the same.
    Warning,
}

/// One finding in a playbook, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Path of the file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub col: usize,
    /// Stable dotted code such as `plan.parts_short`.
    pub code: &'static str,
    /// Whether it stops the load.
    pub level: Level,
    /// What is wrong.
    pub message: Words,
    /// What to do.
    pub hint: Words,
}

impl Fault {
    /// The whole finding on one line in `lang`.
    pub fn say(&self, lang: Lang) -> String {
        let Fault { file, line, col, code, .. } = self;
        let warning = match self.level {
            Level::Fault => "",
            Level::Warning => lang.pick("提醒 ", "warning "),
        };
        format!("{file}:{line}:{col}: {warning}[{code}] {} — {}", self.message.get(lang), self.hint.get(lang))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

/// The kind of thing that a code should name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A unit (单位).
    Unit,
    /// A post (岗位).
    Post,
    /// A role (角色).
    Role,
    /// A clock rule (时限规则).
    Clock,
    /// A light policy (亮灯规则).
    Light,
    /// An escalation ladder (升级阶梯).
    Ladder,
    /// A plan item (事项).
    Item,
    /// A punch (组合拳).
    Punch,
    /// A list of items (清单).
    List,
    /// A development area (片区).
    Area,
    /// An industry taxonomy (产业体系).
    Taxonomy,
    /// A gate of a project (审批关口).
    Gate,
    /// An entry of the duty lists (履职事项).
    Mandate,
    /// A category of cases (诉求分类).
    Category,
    /// A data file of the playbook (数据文件).
    File,
}

impl What {
    /// The code of "there is no such thing", and the thing's name in Chinese and English.
    pub(super) fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            What::Unit => ("ref.unit", "单位", "unit"),
            What::Post => ("ref.post", "岗位", "post"),
            What::Role => ("ref.role", "角色", "role"),
            What::Clock => ("ref.clock", "时限规则", "clock rule"),
            What::Light => ("ref.light", "亮灯规则", "light policy"),
            What::Ladder => ("ref.ladder", "升级阶梯", "ladder"),
            What::Item => ("ref.item", "事项", "item"),
            What::Punch => ("ref.punch", "组合拳", "punch"),
            What::List => ("ref.list", "清单", "list"),
            What::Area => ("ref.area", "片区", "area"),
            What::Taxonomy => ("ref.taxonomy", "产业体系", "taxonomy"),
            What::Gate => ("ref.gate", "审批关口", "gate"),
            What::Mandate => ("ref.mandate", "履职事项", "entry of the duty lists"),
            What::Category => ("ref.category", "诉求分类", "category"),
            What::File => ("ref.file", "数据文件", "data file"),
        }
    }
}

/// The known name nearest to `given`, when it is near enough to be a slip of the hand.
pub(super) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let cap = 1 + given.chars().count() / 4;
    known
        .into_iter()
        .map(|name| (distance(given, name), name))
        .filter(|(d, _)| *d <= cap)
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Edits (insert, delete, replace) that make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (cb, pair) in b.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (left + 1).min(above + 1).min(diagonal + usize::from(ca != cb));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
