//! The policy: rows of data, compiled to one short list of rows for each act.

use super::action::{Action, Nature};
use super::condition::Condition;
use super::denied::{Cause, Denied};
use super::role::RoleSet;
use super::subject::{Actor, Compartment, CompartmentSet, Resource};
use crate::id::Slug;

/// Whether a row gives or takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Gives the act.
    Allow,
    /// Takes the act away, whatever other rows give.
    Deny,
}

/// Which compartments a row reaches into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Things in no compartment or in one that the post is cleared for: what a row means when it says nothing.
    Cleared,
    /// Things in any compartment: for a person's own things, and for rows that deny.
    Any,
    /// Only things in these compartments; an allowing row asks for clearance as well.
    Only(CompartmentSet),
}

/// A row of the policy, as an auditor reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name, unique in the file.
    pub id: Slug,
    /// Allow or deny.
    pub effect: Effect,
    /// Posts with any of these roles.
    pub roles: RoleSet,
    /// These acts.
    pub actions: Vec<Action>,
    /// Only things of these kinds; empty means of every kind.
    pub kinds: Vec<Slug>,
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// At least one of these must hold, when there are any.
    pub any: Vec<Condition>,
    /// Into which compartments it reaches.
    pub reach: Reach,
    /// Why, in Chinese.
    pub why: String,
    /// The source: D§…, or `example` where the sources give nothing.
    pub source: String,
    /// The line in the file.
    pub line: u32,
}

impl Row {
    /// Whether it holds for whatever open thing: no kind, no condition, no compartment of its own.
    pub fn is_plain(&self) -> bool {
        self.kinds.is_empty()
            && self.when.is_empty()
            && self.any.is_empty()
            && !matches!(self.reach, Reach::Only(_))
    }
    /// Whether its compartments let it speak about this thing.
    fn reaches(&self, actor: &Actor, thing: &Resource<'_>) -> bool {
        let cleared = |c: Compartment| actor.compartments.contains(c);
        match (self.reach, self.effect, thing.compartment) {
            (Reach::Any, _, _) | (Reach::Cleared, Effect::Deny, _) | (Reach::Cleared, _, None) => true,
            (Reach::Cleared, Effect::Allow, Some(c)) => cleared(c),
            (Reach::Only(_), _, None) => false,
            (Reach::Only(set), Effect::Allow, Some(c)) => set.contains(c) && cleared(c),
            (Reach::Only(set), Effect::Deny, Some(c)) => set.contains(c),
        }
    }
    /// Whether kinds and conditions hold and the compartments are reached.
    fn holds(&self, actor: &Actor, thing: &Resource<'_>) -> bool {
        (self.kinds.is_empty() || thing.kind.is_some_and(|k| self.kinds.contains(k)))
            && self.when.iter().all(|c| c.holds(actor, thing))
            && (self.any.is_empty() || self.any.iter().any(|c| c.holds(actor, thing)))
            && self.reaches(actor, thing)
    }
    /// The conditions that keep it from holding: the failed ones, or all of "at least one of" when none holds.
    fn unmet(&self, actor: &Actor, thing: &Resource<'_>) -> Vec<Condition> {
        let mut unmet: Vec<Condition> =
            self.when.iter().copied().filter(|c| !c.holds(actor, thing)).collect();
        if !self.any.iter().any(|c| c.holds(actor, thing)) {
            unmet.extend(&self.any);
        }
        unmet
    }
}

/// An act allowed, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The place of the row in [`Policy::rows`].
    pub row: usize,
    /// The compartment that was opened: the caller writes it to the log (D§4.33 "log everything").
    pub opened: Option<Compartment>,
}

/// The whole policy, checked and compiled.
#[derive(Debug, Clone)]
pub struct Policy {
    version: String,
    rows: Vec<Row>,
    /// For each act, the places of its rows in `rows`, denials first.
    table: Vec<Vec<usize>>,
}

impl Policy {
    /// Compiles rows that were checked.
    pub(super) fn compile(version: String, rows: Vec<Row>) -> Policy {
        let places = |action: Action, effect: Effect| {
            let speaks = move |row: &Row| row.effect == effect && row.actions.contains(&action);
            rows.iter().enumerate().filter(move |(_, row)| speaks(row)).map(|(place, _)| place)
        };
        let line =
            |action: Action| places(action, Effect::Deny).chain(places(action, Effect::Allow)).collect();
        let table = Action::ALL.iter().map(|action| line(*action)).collect();
        Policy { version, rows, table }
    }
    /// The version that the file states.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// Every row in the order of the file, for the page that shows the policy.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    /// The row that a [`Grant`] names.
    pub fn row(&self, grant: Grant) -> Option<&Row> {
        self.rows.get(grant.row)
    }
    /// The rows of an act, denials first.
    pub(super) fn rows_for(&self, action: Action) -> impl Iterator<Item = &Row> {
        self.places(action).iter().filter_map(|place| self.rows.get(*place))
    }
    fn places(&self, action: Action) -> &[usize] {
        self.table.get(action.index()).map_or(&[], Vec::as_slice)
    }

    /// Judges whether `actor` may do `action` to `thing`.
    ///
    /// Denials come first, then the first row that allows; nothing allows by default. The refusal says "not found"
    /// where the post may not know that the thing exists.
    pub fn judge(&self, actor: &Actor, action: Action, thing: &Resource<'_>) -> Result<Grant, Denied> {
        self.decide(actor, action, thing).map_err(|cause| {
            let hidden = self.hides(actor, action, thing, &cause);
            let may: RoleSet = self
                .rows_for(action)
                .filter(|row| row.effect == Effect::Allow)
                .fold(RoleSet::EMPTY, |set, row| set.union(row.roles));
            Denied::new(actor, action, cause, may, hidden)
        })
    }

    /// The judgement without words: what pages use to leave buttons out.
    pub fn allows(&self, actor: &Actor, action: Action, thing: &Resource<'_>) -> bool {
        self.quick(actor, action, thing).is_some()
    }

    /// The grant, or nothing; allocates nothing.
    fn quick(&self, actor: &Actor, action: Action, thing: &Resource<'_>) -> Option<Grant> {
        if actor.roles.clashes() {
            return None;
        }
        for place in self.places(action) {
            let row = self.rows.get(*place)?;
            if row.roles.meets(actor.roles) && row.holds(actor, thing) {
                return match row.effect {
                    Effect::Deny => None,
                    Effect::Allow => Some(Grant { row: *place, opened: thing.compartment }),
                };
            }
        }
        None
    }

    fn decide(&self, actor: &Actor, action: Action, thing: &Resource<'_>) -> Result<Grant, Cause> {
        if let Some(grant) = self.quick(actor, action, thing) {
            return Ok(grant);
        }
        if actor.roles.clashes() {
            return Err(Cause::Administrators);
        }
        let mut with_role = false;
        let mut unmet = Vec::new();
        for row in self.rows_for(action).filter(|row| row.roles.meets(actor.roles)) {
            if row.effect == Effect::Deny {
                if row.holds(actor, thing) {
                    let (id, why) = (row.id.clone(), row.why.clone());
                    return Err(Cause::Row { id, why, plain: row.is_plain() });
                }
                continue;
            }
            with_role = true;
            unmet.extend(row.unmet(actor, thing));
        }
        unmet.sort();
        unmet.dedup();
        Err(if with_role { Cause::Facts(unmet) } else { Cause::Role })
    }

    /// Whether the refusal must look like absence: a thing outside the reader's scope and a thing that is not there
    /// are never told apart. A role that never has the act learns nothing from being told so.
    fn hides(&self, actor: &Actor, action: Action, thing: &Resource<'_>, cause: &Cause) -> bool {
        let about_thing = match cause {
            Cause::Facts(_) => true,
            Cause::Row { plain, .. } => !plain,
            Cause::Role | Cause::Administrators => false,
        };
        about_thing
            && match action.nature() {
                Nature::Read => true,
                Nature::Make => false,
                Nature::Act => action.reader().is_some_and(|read| self.quick(actor, read, thing).is_none()),
            }
    }
}
