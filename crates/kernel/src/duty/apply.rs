//! From events to state: `born`, `apply`, `fold`. Total and deterministic; no calendar, no profile, no clock on the
//! wall. What may happen was decided before; here it has happened.

use super::command::NewDuty;
use super::event::{Event, Meta};
use super::model::{
    Asked, Child, Duty, EvidenceCheck, EvidenceRef, Extension, ExtensionAsk, Held, Hold, Outcome, Raise,
    ReturnSlip, Round, Suspension, Urging, Verification,
};
use super::state::State;
use super::vocab::{HoldWhy, VerificationKind};
use crate::id::{DutyId, UnitCode};
use crate::time::Instant;
use std::fmt;

/// A history that cannot be folded. It means that rows were lost or mixed, so it is a fault, not a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldFault {
    /// There is no event at all.
    Empty,
    /// The first event is not a birth; its kind is given.
    NotBorn(&'static str),
    /// A second birth; its kind is given.
    BornTwice(&'static str),
}

impl fmt::Display for FoldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FoldFault::Empty => f.write_str("no event to fold"),
            FoldFault::NotBorn(kind) => write!(f, "the history begins with {kind}"),
            FoldFault::BornTwice(kind) => write!(f, "{kind} on a duty that exists already"),
        }
    }
}
impl std::error::Error for FoldFault {}

/// The state that a history leads to.
///
/// # Errors
/// When the history is empty, does not begin with a birth, or has a second one.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a Event, &'a Meta)>) -> Result<Duty, FoldFault> {
    let mut events = events.into_iter();
    let (first, meta) = events.next().ok_or(FoldFault::Empty)?;
    let mut duty = Duty::born(first, meta)?;
    for (event, meta) in events {
        let again = match event {
            Event::Drafted { .. } => true,
            Event::Registered { .. } => duty.state != State::Draft,
            _ => false,
        };
        if again {
            return Err(FoldFault::BornTwice(event.kind()));
        }
        duty.apply(event, meta);
    }
    Ok(duty)
}

impl Duty {
    /// The duty that a birth event brings into being.
    ///
    /// # Errors
    /// When the event is not a birth (drafted, registered).
    pub fn born(event: &Event, meta: &Meta) -> Result<Duty, FoldFault> {
        let (Event::Drafted { id, unit, form } | Event::Registered { id, unit, form, .. }) = event else {
            return Err(FoldFault::NotBorn(event.kind()));
        };
        let mut duty = blank(*id, unit, form, meta);
        duty.apply(event, meta);
        Ok(duty)
    }

    /// Takes one event in.
    pub fn apply(&mut self, event: &Event, meta: &Meta) {
        if let Event::Reopened { .. } = event {
            self.next_round(meta.at);
        }
        if let Some(clock) = event.clock() {
            self.clock = Some(clock.clone());
        }
        self.lead_changes(event, meta);
        self.facts(event, meta);
        self.requests(event, meta);
        if let Some(state) = self.next_state(event, meta) {
            self.state = state;
        }
        self.charge(event, meta.at);
        self.rev = self.rev.saturating_add(1);
        self.updated_at = meta.at;
    }

    /// The state that an event leads to; `None` when it leaves the state alone.
    fn next_state(&self, event: &Event, meta: &Meta) -> Option<State> {
        let at = meta.at;
        let by = meta.actor.clone();
        Some(match event {
            Event::Registered { .. } => State::Registered { at },
            Event::Assigned { .. } | Event::Ruled { .. } => State::Assigned { at, by },
            Event::Accepted { .. } | Event::LeadTaken { .. } => State::Accepted { at, by },
            Event::Returned { reason, ground, .. } => {
                State::Arbitrating { by, at, reason: *reason, ground: ground.clone() }
            }
            Event::Started { .. }
            | Event::SuspendRefused { .. }
            | Event::Resumed { .. }
            | Event::Rejected { .. }
            | Event::Reopened { .. } => State::InProgress { since: at },
            Event::SuspendAsked { reason, review, plan } => {
                State::SuspendAsked { by, at, reason: *reason, review: *review, plan: plan.clone() }
            }
            Event::Suspended { reason, review, .. } => {
                State::Suspended { by, since: at, reason: *reason, review: *review }
            }
            Event::Submitted { outcome, .. } => State::Submitted { by, at, outcome: *outcome },
            Event::Verified { kind, .. } => State::Verified { by, at, kind: *kind },
            Event::Closed { .. } => State::Closed { by, at },
            Event::Archived { retention } => {
                let closed = match self.state {
                    State::Closed { at, .. } => at,
                    _ => at,
                };
                State::Archived { by, at, closed, retention: *retention }
            }
            Event::Merged { into, .. } => State::Merged { into: *into, by, at },
            Event::Split { parts } => {
                State::Split { into: parts.iter().map(|part| part.id).collect(), by, at }
            }
            Event::Cancelled { reason } => State::Cancelled { by, at, reason: reason.clone() },
            _ => return None,
        })
    }

    /// Who leads and who handles.
    fn lead_changes(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Drafted { form, .. } | Event::Redrafted { form } => self.take_form(form),
            Event::Registered { no, form, .. } => {
                self.take_form(form);
                self.no.clone_from(no);
                self.registered_at = Some(meta.at);
            }
            Event::Assigned { lead, handler, superintendent, patron, due, entry, .. } => {
                self.new_lead(lead, meta.at);
                self.handler.clone_from(handler);
                self.entry.clone_from(entry);
                self.superintendent = superintendent.clone().or_else(|| self.superintendent.take());
                self.patron = patron.clone().or_else(|| self.patron.take());
                self.planned_due = due.or(self.planned_due);
            }
            Event::Ruled { lead, entry, binds, .. } => {
                self.new_lead(lead, meta.at);
                self.handler = None;
                self.entry.clone_from(entry);
                self.bound = *binds;
            }
            Event::LeadTaken { lead, handler, entry, .. } => {
                self.new_lead(lead, meta.at);
                self.handler = Some(handler.clone());
                self.entry.clone_from(entry);
                self.bound = true;
            }
            Event::Accepted { handler, .. }
            | Event::Started { handler, .. }
            | Event::HandedOver { to: handler } => {
                self.handler = Some(handler.clone());
                self.hand_over = None;
            }
            Event::PatronSet { patron } => self.patron.clone_from(patron),
            _ => {}
        }
    }

    fn take_form(&mut self, form: &NewDuty) {
        self.kind = form.kind.clone();
        self.title = form.title.clone();
        self.ground.clone_from(&form.ground);
        self.criterion = form.criterion.clone();
        self.priority = form.priority;
        self.visibility = form.visibility;
        self.superintendent.clone_from(&form.superintendent);
        self.patron.clone_from(&form.patron);
        self.parent = form.parent;
        self.relations.clone_from(&form.relations);
        self.place.clone_from(&form.place);
        self.planned_due = form.planned_due;
        self.marks.clone_from(&form.marks);
    }

    /// A lead of its own: what the former one asked lapses with it.
    fn new_lead(&mut self, lead: &UnitCode, at: Instant) {
        self.lead = Some(lead.clone());
        self.assigned_at = Some(at);
        self.lead_offer = None;
        self.hand_over = None;
        self.extension_ask = None;
    }

    /// Evidence, results and other lists that only grow.
    fn facts(&mut self, event: &Event, meta: &Meta) {
        let (at, by) = (meta.at, &meta.actor);
        match event {
            Event::Progressed { percent, .. } => {
                self.percent = percent.or(self.percent);
                self.noted_at = Some(at);
            }
            Event::SupportAdded { child, unit, ask, .. } => {
                self.children.push(Child { id: *child, unit: unit.clone(), ask: ask.clone() });
            }
            Event::EvidenceAdded { file, kind, note, sha256 } => self.evidence.push(EvidenceRef {
                file: *file,
                kind: *kind,
                note: note.clone(),
                by: by.clone(),
                at,
                sha256: sha256.clone(),
                round: self.round,
                check: None,
            }),
            Event::EvidenceVerified { file, good, note } => {
                for evidence in self.evidence.iter_mut().filter(|e| e.file == *file) {
                    evidence.check =
                        Some(EvidenceCheck { by: by.clone(), at, good: *good, note: note.clone() });
                }
            }
            Event::Submitted { outcome, reply, planned, legal, in_time, .. } => {
                self.handler.get_or_insert_with(|| by.clone());
                self.outcome = Some(Outcome {
                    class: *outcome,
                    reply: reply.clone(),
                    planned: *planned,
                    legal: legal.clone(),
                    by: by.clone(),
                    at,
                    in_time: *in_time,
                });
            }
            Event::Rejected { .. } => self.rework = self.rework.saturating_add(1),
            Event::Verified { kind, solved, note, unit, submitter, .. } => {
                let kind = *kind;
                self.verified(&Checked { kind, solved: *solved, note, unit, submitter }, meta);
            }
            Event::LookedBack { solved, note, unit, submitter } => {
                let kind = VerificationKind::LookBack;
                self.verified(&Checked { kind, solved: *solved, note, unit, submitter }, meta);
            }
            Event::Urged { note } => self.urgings.push(Urging { by: by.clone(), at, note: note.clone() }),
            Event::Escalated { rung, .. } => self.rung = self.rung.max(*rung),
            Event::Raised { block, ask } => {
                self.raises.push(Raise { block: *block, ask: ask.clone(), by: by.clone(), at });
            }
            Event::Linked { relation } => {
                self.relations.insert(relation.clone());
            }
            _ => {}
        }
    }

    fn verified(&mut self, checked: &Checked<'_>, meta: &Meta) {
        let Some(lead) = self.lead.clone() else { return };
        self.verifications.push(Verification {
            kind: checked.kind,
            solved: checked.solved,
            note: checked.note.clone(),
            by: meta.actor.clone(),
            unit: checked.unit.clone(),
            at: meta.at,
            submitter: checked.submitter.clone(),
            lead,
            round: self.round,
        });
    }

    /// Requests that wait for an answer, and their answers.
    fn requests(&mut self, event: &Event, meta: &Meta) {
        let (at, by) = (meta.at, meta.actor.clone());
        match event {
            Event::Returned { reason, ground, .. } => {
                self.return_no = self.return_no.saturating_add(1);
                (self.lead_offer, self.hand_over, self.extension_ask) = (None, None, None);
                if let Some(unit) = self.lead.clone() {
                    self.returns.push(ReturnSlip { reason: *reason, ground: ground.clone(), unit, by, at });
                }
            }
            Event::LeadOffered { to, reason } => {
                self.lead_offer = Some(Asked { to: to.clone(), note: reason.clone(), by, at });
            }
            Event::LeadDeclined { .. } => self.lead_offer = None,
            Event::HandOverAsked { to, note } => {
                self.hand_over = Some(Asked { to: to.clone(), note: note.clone(), by, at });
            }
            Event::ExtendAsked { to, reason } => {
                self.extension_ask = Some(ExtensionAsk { to: *to, reason: reason.clone(), by, at });
            }
            Event::Extended { .. } | Event::ExtendRefused { .. } => {
                let granted = matches!(event, Event::Extended { .. });
                if let Some(ask) = self.extension_ask.take() {
                    self.extensions.push(Extension { ask, granted, by, at, round: self.round });
                }
            }
            Event::Suspended { asked_by, reason, review, .. } => self.suspensions.push(Suspension {
                reason: *reason,
                review: *review,
                asked_by: asked_by.clone(),
                by,
                from: at,
                ended: None,
            }),
            Event::Resumed { trigger, .. } => self.end_suspension(at, *trigger),
            Event::Submitted { .. }
            | Event::Merged { .. }
            | Event::Split { .. }
            | Event::Cancelled { .. } => {
                (self.lead_offer, self.hand_over, self.extension_ask) = (None, None, None);
            }
            _ => {}
        }
    }

    fn end_suspension(&mut self, at: Instant, trigger: super::vocab::ResumeTrigger) {
        if let Some(last) = self.suspensions.last_mut().filter(|s| s.ended.is_none()) {
            last.ended = Some((at, trigger));
        }
    }

    /// Files the round that ended and makes ready for the next; evidence and verifications keep their round number.
    fn next_round(&mut self, at: Instant) {
        self.rounds.push(Round {
            no: self.round,
            clock: self.clock.take(),
            outcome: self.outcome.take(),
            reopened: at,
        });
        self.round = self.round.saturating_add(1);
        (self.return_no, self.rung, self.percent) = (0, 0, None);
        (self.registered_at, self.assigned_at) = (Some(at), Some(at));
    }

    /// Whom the time from here on is charged to.
    fn charge(&mut self, event: &Event, at: Instant) {
        let lead = |why| {
            let unit = self.lead.clone()?;
            Some(Hold { unit, post: self.handler.clone(), why })
        };
        let hold = match event {
            Event::Registered { .. } => {
                Some(Hold { unit: self.registrar_unit.clone(), post: None, why: HoldWhy::ToAssign })
            }
            Event::Assigned { .. } | Event::Ruled { .. } => lead(HoldWhy::ToAccept),
            Event::Accepted { .. }
            | Event::LeadTaken { .. }
            | Event::Started { .. }
            | Event::Rejected { .. }
            | Event::HandedOver { .. }
            | Event::Reopened { .. } => lead(HoldWhy::Handling),
            Event::Returned { hold, .. } | Event::Submitted { hold, .. } | Event::Verified { hold, .. } => {
                Some(hold.clone())
            }
            _ => None,
        };
        match hold {
            Some(hold) if hold != self.holder.hold || self.holder.until.is_some() => {
                let at = at.max(self.holder.from);
                let mut old = std::mem::replace(&mut self.holder, Held { hold, from: at, until: None });
                old.until = old.until.or(Some(at));
                // A span without length says nothing: registered and assigned in one breath.
                if old.until != Some(old.from) {
                    self.past.push(old);
                }
            }
            _ if !self.is_open() && self.holder.until.is_none() => {
                self.holder.until = Some(at.max(self.holder.from));
            }
            _ => {}
        }
    }
}

/// What a verification found.
struct Checked<'a> {
    kind: VerificationKind,
    solved: super::vocab::Solved,
    note: &'a crate::text::Remark,
    unit: &'a UnitCode,
    submitter: &'a crate::id::PostCode,
}

/// A duty before its first event.
fn blank(id: DutyId, unit: &UnitCode, form: &NewDuty, meta: &Meta) -> Duty {
    let hold = Hold { unit: unit.clone(), post: Some(meta.actor.clone()), why: HoldWhy::Drafting };
    Duty {
        id,
        no: String::new(),
        kind: form.kind.clone(),
        title: form.title.clone(),
        ground: Vec::new(),
        criterion: form.criterion.clone(),
        priority: form.priority,
        visibility: form.visibility,
        registrar: meta.actor.clone(),
        registrar_unit: unit.clone(),
        superintendent: None,
        lead: None,
        entry: None,
        handler: None,
        patron: None,
        parent: None,
        relations: Default::default(),
        place: None,
        planned_due: None,
        marks: Default::default(),
        clock: None,
        state: State::Draft,
        round: 1,
        return_no: 0,
        rework: 0,
        bound: false,
        rev: 0,
        assigned_at: None,
        registered_at: None,
        updated_at: meta.at,
        holder: Held { hold, from: meta.at, until: None },
        past: Vec::new(),
        percent: None,
        noted_at: None,
        evidence: Vec::new(),
        verifications: Vec::new(),
        extension_ask: None,
        extensions: Vec::new(),
        suspensions: Vec::new(),
        returns: Vec::new(),
        lead_offer: None,
        hand_over: None,
        children: Vec::new(),
        outcome: None,
        rounds: Vec::new(),
        urgings: Vec::new(),
        rung: 0,
        raises: Vec::new(),
    }
}
