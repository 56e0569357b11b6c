//! Reading `policy.toml`: every fault at once, each with its line.

use super::action::Action;
use super::condition::Condition;
use super::policy::{Effect, Policy, Reach, Row};
use super::role::{Role, RoleSet};
use super::subject::{Compartment, CompartmentSet};
use crate::id::Slug;
use crate::refusal::clip;
use crate::text::{Lang, Words};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;
use toml::Spanned;

/// A fault of the policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: Words,
    /// What to write instead.
    pub hint: Words,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policy.toml:{}: {} — {}", self.line, self.message.get(Lang::En), self.hint.get(Lang::En))
    }
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    version: String,
    #[serde(default)]
    groups: BTreeMap<String, Vec<Text>>,
    #[serde(default)]
    row: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    id: Text,
    effect: Option<Text>,
    roles: Vec<Text>,
    actions: Vec<Text>,
    #[serde(default)]
    resource: Vec<Text>,
    #[serde(default)]
    when: Vec<Text>,
    #[serde(default)]
    any: Vec<Text>,
    #[serde(default)]
    compartment: Vec<Text>,
    why: Text,
    source: Text,
}

/// Reads while gathering faults, so that an editor sees all of them in one go.
struct Reader<'t> {
    text: &'t str,
    groups: BTreeMap<String, RoleSet>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> u32 {
        let before = self.text.get(..offset).unwrap_or(self.text);
        u32::try_from(before.matches('\n').count()).map_or(u32::MAX, |n| n.saturating_add(1))
    }
    fn fault(&mut self, at: &Text, message: (&str, &str), hint: (&str, &str)) {
        let (line, given) = (self.line(at.span().start), clip(at.get_ref()));
        let message = Words::new(format!("{}“{given}”", message.0), format!("{} `{given}`", message.1));
        self.faults.push(Fault { line, message, hint: Words::new(hint.0, hint.1) });
    }

    /// Reads role codes, `@group` and `*`.
    fn roles(&mut self, at: &Text, given: &[Text]) -> RoleSet {
        let mut set = RoleSet::EMPTY;
        for word in given {
            let text = word.get_ref().as_str();
            let found = match text.strip_prefix('@') {
                Some(group) => self.groups.get(group).copied(),
                None if text == "*" => Some(RoleSet::of(Role::ALL)),
                None => Role::parse("roles", text).ok().map(|role| RoleSet::of(&[role])),
            };
            match found {
                Some(more) => set = set.union(more),
                None => self.fault(
                    word,
                    ("没有这个角色或角色组", "unknown role or group"),
                    ("请使用角色代码,或@加[groups]中的名称", "use a role code, or @ and a name of [groups]"),
                ),
            }
        }
        if given.is_empty() {
            self.fault(at, ("没有写角色:", "no role in"), ("请写明角色", "name at least one role"));
        }
        set
    }

    /// Reads `area.verb` and `area.*`.
    fn actions(&mut self, at: &Text, given: &[Text]) -> Vec<Action> {
        let mut acts: BTreeSet<Action> = BTreeSet::new();
        for word in given {
            let text = word.get_ref().as_str();
            let before = acts.len();
            match text.strip_suffix(".*") {
                Some(area) => acts.extend(Action::ALL.iter().filter(|a| a.area() == area)),
                None => acts.extend(Action::parse("actions", text).ok()),
            }
            if acts.len() == before {
                self.fault(
                    word,
                    ("没有这项权限,或本行已写过:", "unknown act, or one that the row already has:"),
                    ("请使用如duty.read或duty.*", "write one such as duty.read, or duty.* for an area"),
                );
            }
        }
        if given.is_empty() {
            self.fault(at, ("没有写权限:", "no act in"), ("请写明权限", "name at least one act"));
        }
        acts.into_iter().collect()
    }

    fn conditions(&mut self, given: &[Text]) -> Vec<Condition> {
        let mut out = Vec::new();
        for word in given {
            match Condition::from_code(word.get_ref()) {
                Some(condition) => out.push(condition),
                None => self.fault(
                    word,
                    ("没有这个条件", "unknown condition"),
                    ("条件见kernel::access::Condition", "see kernel::access::Condition for the list"),
                ),
            }
        }
        out
    }

    fn slugs(&mut self, given: &[Text]) -> Vec<Slug> {
        let mut out = Vec::new();
        for word in given {
            match Slug::parse("resource", word.get_ref()) {
                Ok(slug) => out.push(slug),
                Err(_) => self.fault(
                    word,
                    ("不是有效代码", "not a code"),
                    (
                        "只用字母、数字、点、连字符和下划线",
                        "use letters, digits, dots, hyphens and underscores",
                    ),
                ),
            }
        }
        out
    }

    fn effect(&mut self, given: Option<&Text>) -> Effect {
        match given.map(|text| (text, text.get_ref().as_str())) {
            None | Some((_, "allow")) => Effect::Allow,
            Some((_, "deny")) => Effect::Deny,
            Some((text, _)) => {
                self.fault(
                    text,
                    ("没有这种效力", "unknown effect"),
                    ("请写allow或deny", "write allow or deny"),
                );
                Effect::Deny
            }
        }
    }

    fn reach(&mut self, effect: Effect, given: &[Text]) -> Reach {
        let words: Vec<&str> = given.iter().map(|text| text.get_ref().as_str()).collect();
        match words.as_slice() {
            [] if effect == Effect::Deny => return Reach::Any,
            [] | ["cleared"] => return Reach::Cleared,
            ["any"] => return Reach::Any,
            _ => {}
        }
        let mut list = Vec::new();
        for word in given {
            match Compartment::from_code(word.get_ref()) {
                Some(compartment) => list.push(compartment),
                None => self.fault(
                    word,
                    ("没有这个保密分区", "unknown compartment"),
                    (
                        "请写petitioner、cadre、rectification,或单独写any、cleared",
                        "write petitioner, cadre, rectification, or any or cleared alone",
                    ),
                ),
            }
        }
        Reach::Only(CompartmentSet::of(&list))
    }

    fn row(&mut self, raw: &RawRow) -> Option<Row> {
        let effect = self.effect(raw.effect.as_ref());
        let roles = self.roles(&raw.id, &raw.roles);
        let actions = self.actions(&raw.id, &raw.actions);
        let kinds = self.slugs(&raw.resource);
        let when = self.conditions(&raw.when);
        let any = self.conditions(&raw.any);
        let reach = self.reach(effect, &raw.compartment);
        for text in [&raw.why, &raw.source] {
            if text.get_ref().trim().is_empty() {
                self.fault(
                    text,
                    ("理由或出处为空", "empty why or source"),
                    ("每行都要写理由和出处", "each row says both"),
                );
            }
        }
        if effect == Effect::Allow && reach == Reach::Any && !when.contains(&Condition::Owner) {
            self.fault(
                &raw.id,
                (
                    "越过保密分区的允许行只能用于本人的事:",
                    "a row that passes every wall is for a person's own things:",
                ),
                ("请在when中写owner,或去掉compartment", "put owner into when, or drop compartment"),
            );
        }
        let id = self.slugs(std::slice::from_ref(&raw.id)).pop()?;
        let (why, source) = (raw.why.get_ref().clone(), raw.source.get_ref().clone());
        let line = self.line(raw.id.span().start);
        Some(Row { id, effect, roles, actions, kinds, when, any, reach, why, source, line })
    }
}

static BUILTIN: LazyLock<Policy> = LazyLock::new(|| {
    // A broken table allows nothing; the test `builtin_is_whole` keeps it from being broken.
    Policy::parse(include_str!("../../data/policy.toml"))
        .unwrap_or_else(|_| Policy::compile("broken".to_owned(), Vec::new()))
});

impl Policy {
    /// The policy that is built in, parsed once.
    pub fn builtin() -> &'static Policy {
        &BUILTIN
    }

    /// Parses and checks a policy file, all or nothing; every fault is reported with its line.
    pub fn parse(text: &str) -> Result<Policy, Vec<Fault>> {
        let mut reader = Reader { text, groups: BTreeMap::new(), faults: Vec::new() };
        let raw: RawFile = toml::from_str(text).map_err(|error| {
            let line = reader.line(error.span().map_or(0, |span| span.start));
            let message = Words::new(
                format!("读不懂:{}", error.message()),
                format!("cannot read: {}", error.message()),
            );
            let hint = Words::new("请检查该行写法", "check how that line is written");
            vec![Fault { line, message, hint }]
        })?;
        for (name, words) in &raw.groups {
            // Groups name roles only: a group of groups would have to be read in an order.
            let roles = words.first().map_or(RoleSet::EMPTY, |first| reader.roles(first, words));
            reader.groups.insert(name.clone(), roles);
        }
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for row in &raw.row {
            if !seen.insert(row.id.get_ref().as_str()) {
                reader.fault(
                    &row.id,
                    ("行名重复", "second row named"),
                    ("请换一个行名", "choose another id"),
                );
            }
            rows.extend(reader.row(row));
        }
        if reader.faults.is_empty() { Ok(Policy::compile(raw.version, rows)) } else { Err(reader.faults) }
    }
}
