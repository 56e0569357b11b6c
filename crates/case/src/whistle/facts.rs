//! What a decision needs, loaded before it is made; and a whistle as the policy sees it.

use super::model::{Call, Whistle};
use super::refusal::WhistleRefusal as No;
use super::rules::{Dues, Facts};
use base::Outcome;
use base::op::Op;
use duty::facts::{handler_line, resource_of as duty_resource};
use kernel::access::Resource;
use kernel::calendar::Calendar;
use kernel::clock::{ClockEvent, ClockRule};
use kernel::duty::Duty;
use kernel::playbook::{Playbook, UnitKind, WhistleRules};
use kernel::{DutyId, PostCode, UnitCode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was loaded for one decision.
pub struct Loaded {
    /// The playbook in force.
    pub book: Arc<Playbook>,
    /// The calendar as it is known today.
    pub cal: Calendar,
    /// The parts' duties, by id.
    pub duties: BTreeMap<DutyId, Duty>,
    /// The lead's unit and those above it.
    pub line: Vec<UnitCode>,
    /// Units of supporting parts.
    pub supports: Vec<UnitCode>,
    street: UnitCode,
    dues: BTreeMap<DutyId, Dues>,
    ids: Vec<DutyId>,
}

impl Loaded {
    /// Loads what an act on `whistle` may need; `duty` is the whistle's own. `fresh` is how many duties it may bring forth.
    pub fn new(op: &mut Op<'_, '_>, whistle: &Whistle, duty: &Duty, fresh: usize) -> Outcome<Loaded> {
        let book = op.core().book(op.district(), op.today())?;
        let mut duties = BTreeMap::from([(duty.id, duty.clone())]);
        for call in whistle.calls.iter().filter(|call| call.duty != duty.id) {
            if let Some(part) = duty::store::find(op.tx, op.district(), call.duty)? {
                duties.insert(call.duty, part);
            }
        }
        let dues = duties.iter().map(|(id, duty)| (*id, dues(&book, duty))).collect();
        let ids = (0..fresh).map(|_| DutyId::new(op.id())).collect();
        Ok(Loaded {
            cal: op.core().calendar(op.district(), op.today())?,
            line: handler_line(&book, duty),
            supports: whistle.supports(),
            street: whistle.street.clone(),
            duties,
            dues,
            ids,
            book,
        })
    }

    /// What all whistles have in common.
    ///
    /// # Errors
    /// The playbook has no whistles.
    pub fn rules(&self) -> Result<&WhistleRules, No> {
        self.book.whistle_rules().ok_or(No::NoRules {})
    }

    /// Limits by duty.
    pub fn dues(&self) -> &BTreeMap<DutyId, Dues> {
        &self.dues
    }

    /// Runs `f` with the facts of a decision by the acting post.
    ///
    /// # Errors
    /// The playbook has no whistles, or what `f` says.
    pub fn with<T>(
        &self,
        op: &Op<'_, '_>,
        rev: Option<u64>,
        f: impl FnOnce(&Facts<'_>) -> Result<T, No>,
    ) -> Result<T, No> {
        // Where the playbook does not say who is in charge of a department, the street's leader takes it up.
        let leader =
            |unit: &UnitCode| leader_of(&self.book, unit).or_else(|| leader_of(&self.book, &self.street));
        f(&Facts {
            now: op.now(),
            post: &op.actor().post,
            unit: &op.actor().unit,
            book: &self.book,
            rules: self.rules()?,
            cal: &self.cal,
            dues: &self.dues,
            ids: &self.ids,
            leader: &leader,
            rev,
        })
    }
}

/// The limits of a part's duty: by which event each stops says what it is.
pub fn dues(book: &Playbook, duty: &Duty) -> Dues {
    let Some(clock) = &duty.clock else { return Dues::default() };
    let (code, version) = clock.rule();
    let Some(rule) = book.clock_version(code.as_str(), version) else { return Dues::default() };
    let due = |event: ClockEvent| {
        let name = &limit(rule, event)?.name;
        clock.limits().iter().find(|limit| limit.name == *name)?.run().map(|run| run.due)
    };
    Dues {
        ack: due(ClockEvent::Accept),
        arrival: due(ClockEvent::Contact),
        arrival_length: limit(rule, ClockEvent::Contact).map(|limit| limit.limit),
        main: clock.limits().iter().find(|limit| limit.main).and_then(|limit| limit.run()).map(|run| run.due),
        warn: Some(rule.warn),
    }
}

/// The limit of a rule that an event stops.
pub fn limit(rule: &ClockRule, event: ClockEvent) -> Option<&kernel::clock::LimitRule> {
    rule.limits.iter().find(|limit| limit.stops == event && !limit.main)
}

/// A whistle as the policy sees it: the duty's facts, with the street as the unit that it belongs to.
pub fn resource_of<'a>(whistle: &'a Whistle, duty: &'a Duty, loaded: &'a Loaded) -> Resource<'a> {
    let mut thing = duty_resource(duty, &loaded.line)
        .unit(&whistle.street)
        .registrar(&whistle.raised.by)
        .place(&whistle.place)
        .support(&loaded.supports);
    thing.lead = whistle.lead().map(|call| &call.unit);
    thing.requester = requester(whistle);
    thing
}

/// The post that waits for a ruling: on a dispute, else on a contested score.
fn requester(whistle: &Whistle) -> Option<&PostCode> {
    let disputes = |call: &'_ Call| call.is_disputed();
    let dispute = whistle.active().find(|call| disputes(call)).and_then(|call| call.dispute.as_ref());
    let contests = whistle.active().flat_map(|call| [&call.score, &call.back]).flatten();
    let contest = contests.filter(|scores| scores.is_contested()).find_map(|scores| scores.contest.as_ref());
    dispute.map(|dispute| &dispute.by).or(contest.map(|contest| &contest.by))
}

/// The street of a place: the place itself, or the street above a community or grid.
pub fn street_of(book: &Playbook, place: &UnitCode) -> Option<UnitCode> {
    let own = book.unit(place).filter(|unit| unit.kind == UnitKind::Street);
    let above = || book.org.above(place).into_iter().find(|unit| unit.kind == UnitKind::Street);
    own.or_else(above).map(|unit| unit.code.clone())
}

/// The leader in charge of a unit: the leader whose line holds it and is the shortest, else its patron.
pub fn leader_of(book: &Playbook, unit: &UnitCode) -> Option<PostCode> {
    let lines = book.org.posts_with_role("leader").filter_map(|post| {
        let actor = org::directory::actor_of(book, &post.code)?;
        actor.line.contains(unit).then(|| (actor.line.len(), post.code.clone()))
    });
    let patron = || book.org.patronage.iter().find(|p| p.unit == *unit).map(|p| p.patron.clone());
    lines.min().map(|(_, post)| post).or_else(patron)
}
