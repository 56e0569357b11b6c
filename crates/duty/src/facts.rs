//! The facts that a decision needs, loaded before it is made.

use crate::act::With;
use base::op::Op;
use base::{Common, Outcome};
use kernel::access::Resource;
use kernel::calendar::Calendar;
use kernel::clock::ClockRule;
use kernel::duty::{Actor, Children, Command, Context, Duty, LeadFacts, MandateAnswer, MergeTarget, Profile};
use kernel::playbook::{self, Playbook};
use kernel::{DutyId, Instant, Slug, UnitCode};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was loaded for one decision.
pub struct Loaded {
    /// The playbook in force.
    pub book: Arc<Playbook>,
    /// The calendar as it is known today.
    pub calendar: Calendar,
    /// The handler's unit and those above it.
    pub handler_line: Vec<UnitCode>,
    kind: Slug,
    rule: Option<(Slug, String)>,
    actor: Actor,
    lead: Option<LeadFacts>,
    children: Children,
    ids: Vec<DutyId>,
    number: Option<String>,
    /// Nobody is told.
    pub(crate) quiet: bool,
    merge_target: Option<MergeTarget>,
    from_owner: bool,
}

impl Loaded {
    /// Loads what `command` needs. `duty` is the one acted on, none for a new one.
    pub fn new(
        op: &mut Op<'_, '_>,
        duty: Option<&Duty>,
        kind: &Slug,
        command: &Command,
        with: &With,
    ) -> Outcome<Loaded> {
        let book = op.core().book(op.district(), op.today())?;
        let unknown = || Common::NotFound { what: "kind", given: kind.to_string() };
        let profile = book.kinds.get(kind).ok_or_else(unknown)?;
        let rule = match &with.clock {
            Some(code) if duty.is_none() || matches!(command, Command::Assign { .. }) => {
                book.clock(code.as_str(), op.today())
            }
            _ => rule_for(&book, duty, profile, op.now()),
        };
        let rule = rule.map(|rule| (rule.code.clone(), rule.version.clone()));
        let lead = match command {
            Command::Assign { lead, .. } | Command::Rule { lead, .. } => Some(lead),
            Command::OfferLead { to, .. } => Some(to),
            Command::AddSupport { unit, .. } => Some(unit),
            Command::TakeLead => duty.and_then(|d| d.lead_offer.as_ref()).map(|offer| &offer.to),
            _ => None,
        };
        let lead = lead.map(|unit| lead_facts(&book, unit, with.mandate.as_ref())).transpose()?;
        let wanted = match command {
            Command::Split { parts } => parts.len(),
            _ => 1,
        };
        let mut ids: Vec<DutyId> = with.id.into_iter().collect();
        while ids.len() < wanted {
            ids.push(DutyId::new(op.id()));
        }
        let children = match duty {
            Some(duty) if !duty.children.is_empty() => count_children(op, duty.id)?,
            _ => Children::default(),
        };
        let merge_target = match command {
            Command::Merge { into, .. } => crate::store::find(op.tx, op.district(), *into)?
                .map(|target| MergeTarget { id: target.id, open: target.is_open() }),
            _ => None,
        };
        let mut actor = actor_of(op, &book, with.follows.then_some(profile));
        if let Some(unit) = &with.behalf {
            actor.unit = unit.clone();
        }
        if let (Command::Cancel { .. }, Some(duty), true) = (command, duty, with.follows) {
            actor.post = duty.registrar.clone();
        }
        let number = match (command, &with.number) {
            // A draft that is registered gets its number now, like a duty that is registered from nothing.
            (Command::Register { .. }, None) => Some(draw_number(op, profile)?),
            (Command::Register { .. }, Some(fixed)) => Some(fixed.clone()),
            _ => None,
        };
        Ok(Loaded {
            calendar: op.core().calendar(op.district(), op.today())?,
            handler_line: duty.map(|d| handler_line(&book, d)).unwrap_or_default(),
            actor,
            quiet: with.quiet,
            kind: kind.clone(),
            rule,
            lead,
            children,
            ids,
            number,
            merge_target,
            from_owner: with.follows,
            book,
        })
    }

    /// The context of the decision. Profile and rule are the playbook's own, not copies: this runs on the writer's
    /// thread for every command.
    pub fn context(&self, now: Instant, expected_rev: Option<u64>) -> Outcome<Context<'_>> {
        let unknown = || Common::NotFound { what: "kind", given: self.kind.to_string() };
        Ok(Context {
            now,
            actor: &self.actor,
            profile: self.book.kinds.get(&self.kind).ok_or_else(unknown)?,
            rule: self.named_rule(),
            calendar: &self.calendar,
            lead_facts: self.lead.as_ref(),
            children: self.children,
            ids: &self.ids,
            number: self.number.as_deref(),
            merge_target: self.merge_target,
            from_owner: self.from_owner,
            expected_rev,
        })
    }

    /// The entry that was cited for the unit that the command names.
    pub(crate) fn cited(&self) -> Option<Slug> {
        self.lead.as_ref().and_then(|facts| facts.mandate.as_ref()).map(|answer| answer.entry.clone())
    }

    /// The rule of the duty's clock after the act.
    pub fn rule(&self, duty: &Duty) -> Option<&ClockRule> {
        self.named_rule().filter(|_| duty.clock.is_some())
    }

    fn named_rule(&self) -> Option<&ClockRule> {
        let (code, version) = self.rule.as_ref()?;
        self.book.clocks.get(code)?.iter().find(|rule| rule.version == *version)
    }
}

/// The rule that a running clock names, else the one in force today for its kind.
pub fn rule_for<'b>(
    book: &'b Playbook,
    duty: Option<&Duty>,
    profile: &Profile,
    now: Instant,
) -> Option<&'b ClockRule> {
    if let Some(clock) = duty.and_then(|d| d.clock.as_ref()) {
        let (code, version) = clock.rule();
        if let Some(rule) = book.clock_version(code.as_str(), version) {
            return Some(rule);
        }
    }
    let code = profile.clock.as_ref()?;
    book.clock(code.as_str(), now.day())
}

fn draw_number(op: &mut Op<'_, '_>, profile: &Profile) -> Outcome<String> {
    let year = op.today().year();
    let n = op.number(&format!("duty:{}:{year}", profile.kind))?;
    Ok(profile.number(year, u32::try_from(n).unwrap_or(u32::MAX)))
}

fn count_children(op: &mut Op<'_, '_>, parent: DutyId) -> Outcome<Children> {
    let sql = "select cast(coalesce(sum(open), 0) as bigint), count(*) from duty where district = $1 and parent = $2";
    let found =
        op.tx.one(sql, &[op.district().into(), parent.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    let (open, all) = found.unwrap_or((0, 0));
    let narrow = |n: i64| u32::try_from(n).unwrap_or(0);
    Ok(Children { open: narrow(open), closed: narrow(all - open) })
}

fn actor_of(op: &Op<'_, '_>, book: &Playbook, lent: Option<&Profile>) -> Actor {
    let actor = op.actor();
    let mut unit_line = vec![actor.unit.clone()];
    unit_line.extend(above(book, &actor.unit));
    unit_line.extend(actor.line.iter().cloned());
    let mut roles: BTreeSet<Slug> =
        actor.roles.iter().filter_map(|role| Slug::parse("role", role.code()).ok()).collect();
    if let Some(profile) = lent {
        let offices = profile.registrar.iter().chain(&profile.assigner);
        roles.extend(offices.chain(&profile.verifier.roles).chain(&profile.closer).cloned());
    }
    Actor { post: actor.post.clone(), unit: actor.unit.clone(), unit_line, roles }
}

/// The units above one, the district left out: in its line everybody would be, and nobody could verify.
fn above(book: &Playbook, unit: &UnitCode) -> Vec<UnitCode> {
    let is_district = |u: &&playbook::Unit| u.kind == playbook::UnitKind::District;
    book.org.above(unit).into_iter().filter(|u| !is_district(u)).map(|u| u.code.clone()).collect()
}

/// The handler's unit first, then those above it.
pub fn handler_line(book: &Playbook, duty: &Duty) -> Vec<UnitCode> {
    let Some(lead) = &duty.lead else { return Vec::new() };
    std::iter::once(lead.clone()).chain(above(book, lead)).collect()
}

fn lead_facts(book: &Playbook, unit: &UnitCode, entry: Option<&Slug>) -> Outcome<LeadFacts> {
    let absent = || Common::NotFound { what: "unit", given: unit.to_string() };
    let found = book.unit(unit).ok_or_else(absent)?;
    // An entry without a lead of its own is answered by whoever it is cited for.
    let mandate = entry.and_then(|code| book.mandate(code.as_str())).map(|m| MandateAnswer {
        entry: m.code.clone(),
        list: m.list,
        lead: m.lead.clone().unwrap_or_else(|| unit.clone()),
    });
    Ok(LeadFacts { unit: unit.clone(), kind: found.kind.for_duty(), mandate })
}

/// A duty as the policy sees it.
pub fn resource_of<'a>(duty: &'a Duty, handler_line: &'a [UnitCode]) -> Resource<'a> {
    let mut thing = Resource::new()
        .kind(&duty.kind)
        .unit(&duty.holder.hold.unit)
        .registrar(&duty.registrar)
        .public(crate::model::is_public(duty));
    thing.lead = duty.lead.as_ref();
    thing.holder = duty.holder.hold.post.as_ref();
    thing.handler = duty.handler.as_ref();
    thing.handler_line = handler_line;
    thing.patron = duty.patron.as_ref();
    thing.superintendent = duty.superintendent.as_ref();
    thing.place = duty.place.as_ref();
    thing.requester = requester(duty);
    thing.long = long(duty);
    thing
}

/// The post that asked for what is to be decided next.
fn requester(duty: &Duty) -> Option<&kernel::PostCode> {
    match (&duty.state, &duty.extension_ask) {
        (kernel::duty::State::SuspendAsked { by, .. }, _) => Some(by),
        (_, Some(ask)) => Some(&ask.by),
        _ => None,
    }
}

/// Longest suspension or extension in natural days that the director of supervision grants alone (D§B.11: short and
/// long; where the line runs is an example).
const SHORT_DAYS: i32 = 30;

/// Whether what is asked for is longer than that; `None` when nothing is asked.
fn long(duty: &Duty) -> Option<bool> {
    let (from, to) = match (&duty.state, &duty.extension_ask) {
        (kernel::duty::State::SuspendAsked { at, review, .. }, _) => (at.day(), *review),
        (_, Some(ask)) => (duty.due().map_or(ask.at, |due| due).day(), ask.to),
        _ => return None,
    };
    Some(to.number() - from.number() > SHORT_DAYS)
}
