//! The facts that a decision needs, loaded before it is made.

use crate::model::{Case, CaseId, Point, Stage, month_of, spot_of};
use crate::refusal::CaseRefusal;
use crate::rules::{self, Command, Context, Target};
use crate::store::{self, Derived, Secrets};
use base::op::Op;
use base::{Fault, Outcome};
use kernel::access::{Actor, Resource, Role, RoleSet};
use kernel::calendar::Calendar;
use kernel::duty::Duty;
use kernel::playbook::{CaseRules, Category, Playbook, Post, Routed, UnitKind};
use kernel::{DistrictCode, Slug, UnitCode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was loaded for one decision.
pub struct Loaded {
    /// The playbook in force.
    pub book: Arc<Playbook>,
    /// The calendar as it is known today.
    pub calendar: Calendar,
    /// The handler's unit and those above it.
    pub handler_line: Vec<UnitCode>,
    /// What the row keeps beside the body.
    pub secrets: Secrets,
    own_line: Vec<UnitCode>,
    target_line: Vec<UnitCode>,
    category: Option<Slug>,
    route: Option<Routed>,
    target: Option<Target>,
    sampled: bool,
    twin: bool,
}

impl Loaded {
    /// Loads what `command` needs; without one, what saving and offering need.
    pub fn new(op: &mut Op<'_, '_>, case: &Case, duty: &Duty, command: Option<&Command>) -> Outcome<Loaded> {
        let book = op.core().book(op.district(), op.today())?;
        if book.case_rules().is_none() {
            return Err(CaseRefusal::NoRules {}.into());
        }
        let category = match command {
            Some(Command::Classify { category, .. }) => Some(category.clone()),
            _ => case.filing.category.clone(),
        };
        let found = category.as_ref().and_then(|code| book.category(code.as_str()));
        let route = found.and_then(|category| book.route(category, case.place()));
        let unit = match command {
            Some(Command::Dispatch { unit, .. }) => unit.as_ref().or(route.as_ref().map(|r| &r.unit)),
            _ => None,
        };
        let target = match command {
            Some(Command::Link { to, .. }) => target(op, *to)?,
            _ => None,
        };
        let secrets = store::secrets(op.tx, op.district(), case.id)?;
        let sampled = secrets.sampled || draws(op, case, rules_of(&book)?);
        let twin = twin(op, case, duty, &secrets)?;
        Ok(Loaded {
            calendar: op.core().calendar(op.district(), op.today())?,
            handler_line: duty::facts::handler_line(&book, duty),
            own_line: line(&book, &op.actor().unit),
            target_line: unit.map(|unit| line(&book, unit)).unwrap_or_default(),
            category,
            route,
            target,
            sampled,
            twin,
            secrets,
            book,
        })
    }

    /// The district's rules.
    pub fn rules(&self) -> Outcome<&CaseRules> {
        rules_of(&self.book)
    }

    /// The context of the decision.
    pub fn context<'l>(&'l self, op: &Op<'l, '_>, expected_rev: Option<u64>) -> Outcome<Context<'l>> {
        Ok(Context {
            now: op.now(),
            actor: op.actor(),
            own_line: &self.own_line,
            handler_line: &self.handler_line,
            rules: self.rules()?,
            calendar: &self.calendar,
            category: self.category.as_ref().and_then(|code| self.book.category(code.as_str())),
            route: self.route.as_ref(),
            target_line: &self.target_line,
            target: self.target.as_ref(),
            sampled: self.sampled,
            twin: self.twin,
            expected_rev,
        })
    }

    /// The columns that follow from case and duty under the rules.
    pub fn derive(&self, case: &Case, duty: &Duty) -> Outcome<Derived> {
        let rules = self.rules()?;
        let people = usize::try_from(rules.hot.people).unwrap_or(usize::MAX);
        Ok(Derived {
            stage: rules::stage(case, duty),
            hot: case.owed() >= people,
            sampled: self.sampled,
            call_at: rules::call_at(case, duty, self.sampled),
            score_at: rules::score_at(case, duty, rules, &self.calendar),
            look_at: rules::next_look(case, duty, rules).map(|(_, day)| day.at(9, 0)),
        })
    }

    /// The category in force for the case.
    pub fn category(&self) -> Option<&Category> {
        self.category.as_ref().and_then(|code| self.book.category(code.as_str()))
    }

    /// Where the playbook sends it.
    pub fn route(&self) -> Option<&Routed> {
        self.route.as_ref()
    }

    /// The class of a case whose classification just changed.
    pub(crate) fn spot(case: &Case) -> Option<String> {
        spot_of(&case.filing.place)
    }
}

/// The district's rules of cases.
pub fn rules_of(book: &Playbook) -> Outcome<&CaseRules> {
    book.case_rules().ok_or_else(|| Fault::from(CaseRefusal::NoRules {}))
}

/// A unit and those above it, the district left out.
pub fn line(book: &Playbook, unit: &UnitCode) -> Vec<UnitCode> {
    let above = book.org.above(unit).into_iter().filter(|u| u.kind != UnitKind::District);
    std::iter::once(unit.clone()).chain(above.map(|u| u.code.clone())).collect()
}

/// The post that takes requests in and dispatches them; it holds what no unit holds yet, and whatever was answered.
pub fn desk(book: &Playbook) -> Option<&Post> {
    let first = |role| book.org.posts_with_role(role).next();
    first("dispatcher").or_else(|| first("operator"))
}

fn target(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<Option<Target>> {
    let Some(duty) = duty::store::locked(op.tx, op.district(), id)? else { return Ok(None) };
    let Some(case) = store::locked(op.tx, op.district(), id)? else { return Ok(None) };
    let stage = rules::stage(&case, &duty);
    let takes = case.parent.is_none()
        && matches!(
            stage,
            Stage::Received
                | Stage::Dispatched
                | Stage::Signed
                | Stage::Contacted
                | Stage::Handling
                | Stage::Arbitrating
                | Stage::DeferralAsked
                | Stage::Deferred
        );
    Ok(Some(Target { id, no: case.no, takes }))
}

/// Whether the case is drawn for a second call; known from the audit on, and the same whenever it is asked.
fn draws(op: &Op<'_, '_>, case: &Case, rules: &CaseRules) -> bool {
    let Some(audit) = case.audit().filter(|audit| audit.passed) else { return false };
    let month = month_of(audit.at.day());
    let print = op.vault().fingerprint("case.sample", op.district(), &format!("{month}:{}", case.id));
    rules::sampled(print, rules.sample_percent)
}

fn twin(op: &mut Op<'_, '_>, case: &Case, duty: &Duty, secrets: &Secrets) -> Outcome<bool> {
    let (Some(unit), Some(at)) = (&duty.lead, rules::rated_at(case)) else { return Ok(false) };
    store::twin(op.tx, op.district(), &secrets.sig, month_of(at.day()), unit, case.id)
}

/// A case as the policy sees it: its duty's facts, its place, and the unit that it is about.
pub fn resource_of<'a>(case: &'a Case, duty: &'a Duty, handler_line: &'a [UnitCode]) -> Resource<'a> {
    let mut thing = duty::facts::resource_of(duty, handler_line).public(false);
    if let Some(place) = case.place() {
        thing = thing.place(place);
    }
    if let Some(against) = &case.filing.against {
        thing = thing.against(against);
    }
    if let Some(exclusion) = case.exclusion.as_ref().filter(|e| e.pending()) {
        let by = exclusion.appeal.as_ref().map_or(&exclusion.by, |appeal| &appeal.by);
        thing = thing.requester(by, None);
    }
    thing
}

/// Whether a confidential case must not be seen by this post: it works in the unit that it is about, or above it.
pub fn shielded(case: &Case, actor: &Actor) -> bool {
    let about = case.filing.against.as_ref();
    case.filing.confidential && about.is_some_and(|unit| *unit == actor.unit || actor.line.contains(unit))
}

/// Who may open a confidential petitioner's contact: the hotline and those who call back; never the handler (D§15.24).
pub fn hotline() -> RoleSet {
    RoleSet::of(&[Role::Operator, Role::Dispatcher, Role::CallBack])
}

/// A generous frame around the country: a point outside is a mistake whatever the district.
pub(crate) fn in_china(point: Point) -> bool {
    (3_000_000..=54_000_000).contains(&point.lat) && (73_000_000..=136_000_000).contains(&point.lon)
}

/// The frame of a district on the map, hung on the program when it is known; without one only the country is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The south-west corner.
    pub south_west: Point,
    /// The north-east corner.
    pub north_east: Point,
}

impl Frame {
    /// Whether a point lies in it.
    pub fn holds(&self, point: Point) -> bool {
        (self.south_west.lat..=self.north_east.lat).contains(&point.lat)
            && (self.south_west.lon..=self.north_east.lon).contains(&point.lon)
    }
}

/// The frames of districts; hang it on the program's extras.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frames(pub BTreeMap<DistrictCode, Frame>);
