//! The fold: events into state. It needs neither calendar nor playbook, so `fold(events)` is the row on every machine.

use super::event::{Event, Meta};
use super::model::{
    Arrival, Call, Contest, Dispute, End, Escalation, Met, Miss, Plan, Report, Ruling, Scores, Stamp,
    Whistle, Word,
};
use super::vocab::{Outcome, Sheet, Side};
use kernel::UnitCode;

/// Why a list of events is no whistle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldFault {
    /// There are no events.
    Empty,
    /// The first event raises nothing.
    NotRaised,
    /// A need is raised a second time.
    RaisedTwice,
}

/// Folds a whole life.
///
/// # Errors
/// [`FoldFault`] when the events do not begin with a need, or begin twice.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a Event, &'a Meta)>) -> Result<Whistle, FoldFault> {
    let mut events = events.into_iter();
    let (first, meta) = events.next().ok_or(FoldFault::Empty)?;
    let mut whistle = Whistle::born(first, meta)?;
    for (event, meta) in events {
        if matches!(event, Event::Raised { .. }) {
            return Err(FoldFault::RaisedTwice);
        }
        whistle.apply(event, meta);
    }
    Ok(whistle)
}

impl Whistle {
    /// The whistle that an event brings into being.
    ///
    /// # Errors
    /// [`FoldFault::NotRaised`] for every event but the raising of a need.
    pub fn born(event: &Event, meta: &Meta) -> Result<Whistle, FoldFault> {
        let Event::Raised { id, no, title, street, place, need } = event else {
            return Err(FoldFault::NotRaised);
        };
        Ok(Whistle {
            id: *id,
            no: no.clone(),
            title: title.clone(),
            street: street.clone(),
            place: place.clone(),
            need: (**need).clone(),
            raised: stamp(meta),
            kind: None,
            ask: None,
            sounded: None,
            calls: Vec::new(),
            plan: None,
            checking: None,
            street_word: None,
            resident_word: None,
            not_done: 0,
            escalation: None,
            quarterly: None,
            end: None,
            rev: 1,
            updated: meta.at,
        })
    }

    /// Applies one event.
    pub fn apply(&mut self, event: &Event, meta: &Meta) {
        self.rev += 1;
        self.updated = meta.at;
        match event {
            Event::Raised { .. } => {}
            Event::SolvedLocally { text, resident } => {
                let (text, resident) = (text.clone(), resident.clone());
                self.end = Some(End::Solved { text, resident, stamp: stamp(meta) });
            }
            Event::Sounded { kind, ask } => {
                self.kind = Some(kind.clone());
                self.ask = Some(ask.clone());
                self.sounded = Some(stamp(meta));
            }
            Event::Planned { tasks, note } => {
                let (by, at) = (meta.actor.clone(), meta.at);
                self.plan = Some(Plan { tasks: tasks.clone(), note: note.clone(), by, at });
            }
            // Of several departments the first one brought it there; the ledger has all.
            Event::Escalated { .. } if self.escalation.is_some() => {}
            Event::Escalated { unit, kind, leader } => {
                let (unit, leader) = (unit.clone(), leader.clone());
                self.escalation = Some(Escalation { unit, kind: *kind, leader, at: meta.at });
            }
            Event::Listed { .. } => self.quarterly = Some(meta.at),
            Event::Closed {} => self.end = Some(End::Closed { at: meta.at }),
            Event::Cancelled { why } => {
                self.end = Some(End::Cancelled { why: why.clone(), stamp: stamp(meta) });
            }
            Event::Confirmed { .. } | Event::NotDone { .. } => self.checked(event, meta),
            _ => self.on_call(event, meta),
        }
    }

    /// Events about one department.
    fn on_call(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Called { call, duty, lead } => self.calls.push(Call {
                unit: call.unit.clone(),
                duty: *duty,
                lead: *lead,
                entry: call.entry.clone(),
                ask: call.ask.clone(),
                called: meta.at,
                ack: None,
                arrivals: Vec::new(),
                muster: None,
                dispute: None,
                misses: Vec::new(),
                done: None,
                released: None,
                score: None,
                back: None,
            }),
            Event::Acked { unit, in_time } => {
                self.at(unit, |call| call.ack = Some(met(meta, *in_time)));
            }
            Event::Disputed { unit, cited, ground, due } => self.at(unit, |call| {
                let (by, at) = (meta.actor.clone(), meta.at);
                call.dispute = Some(Dispute {
                    unit: unit.clone(),
                    cited: cited.clone(),
                    ground: ground.clone(),
                    by,
                    at,
                    due: *due,
                    ruling: None,
                });
            }),
            Event::Ruled { .. } | Event::Moved { .. } => self.moved(event, meta),
            Event::Mustered { unit, post, authority, in_time } => self.at(unit, |call| {
                let (post, authority) = (post.clone(), authority.clone());
                let by = post.clone();
                call.arrivals.push(Arrival { post, at: meta.at, decides: true, authority });
                call.muster = Some(Met { by, at: meta.at, in_time: *in_time });
            }),
            Event::Watched { unit, post } => self.at(unit, |call| {
                let post = post.clone();
                call.arrivals.push(Arrival { post, at: meta.at, decides: false, authority: None });
            }),
            Event::Done { unit, text, in_time } => {
                let (by, at) = (meta.actor.clone(), meta.at);
                let report = Report { text: text.clone(), by, at, in_time: *in_time };
                self.at(unit, |call| call.done = Some(report));
                self.settle_checking(meta);
            }
            Event::Released { unit, why } => {
                self.at(unit, |call| call.released = Some((why.clone(), stamp(meta))));
                self.settle_checking(meta);
            }
            Event::Missed { unit, kind, due } => self.at(unit, |call| {
                call.misses.push(Miss { kind: *kind, due: *due, at: meta.at });
            }),
            _ => self.on_score(event, meta),
        }
    }

    /// A part that stays, goes to another department, or falls.
    fn moved(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Ruled { unit, outcome, to, entry, ground, in_time } => {
                let (by, at) = (meta.actor.clone(), meta.at);
                let ruling = Ruling {
                    outcome: *outcome,
                    to: to.clone(),
                    ground: ground.clone(),
                    by,
                    at,
                    in_time: *in_time,
                };
                let mut led = false;
                self.at(unit, |call| {
                    led = call.lead;
                    if let Some(dispute) = &mut call.dispute {
                        dispute.ruling = Some(ruling);
                    }
                    match outcome {
                        Outcome::Keep => {}
                        Outcome::Move => {
                            call.unit = to.clone();
                            call.entry = entry.clone();
                            afresh(call);
                        }
                        Outcome::Misuse => call.released = Some((ground.clone(), stamp(meta))),
                    }
                });
                match (outcome, led) {
                    (Outcome::Misuse, true) => self.end = Some(End::Misused { at: meta.at }),
                    (Outcome::Misuse, false) => self.settle_checking(meta),
                    _ => {}
                }
            }
            Event::Moved { from, to, entry } => self.at(from, |call| {
                call.unit = to.clone();
                if let Some(entry) = entry {
                    call.entry = entry.clone();
                }
                afresh(call);
                // Who agrees has signed.
                call.ack = Some(met(meta, None));
            }),
            _ => {}
        }
    }

    fn on_score(&mut self, event: &Event, meta: &Meta) {
        let (by, at) = (meta.actor.clone(), meta.at);
        match event {
            Event::Scored { unit, sheet, points, computed, note } => self.at(unit, |call| {
                let scores = Scores {
                    points: points.clone(),
                    computed: computed.clone(),
                    note: note.clone(),
                    by,
                    at,
                    contest: None,
                };
                *slot(call, *sheet) = Some(scores);
            }),
            Event::Contested { unit, sheet, why } => self.at(unit, |call| {
                if let Some(scores) = slot(call, *sheet) {
                    scores.contest = Some(Contest { why: why.clone(), by, at, settled: None });
                }
            }),
            Event::Settled { unit, sheet, points, ground } => self.at(unit, |call| {
                if let Some(scores) = slot(call, *sheet) {
                    scores.points.extend(points.iter().map(|(item, n)| (item.clone(), *n)));
                    if let Some(contest) = &mut scores.contest {
                        contest.settled = Some((ground.clone(), Stamp { by, at }));
                    }
                }
            }),
            _ => {}
        }
    }

    /// The words of street and resident.
    fn checked(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Confirmed { side, note, how } => {
                let word = Word { note: note.clone(), how: *how, by: meta.actor.clone(), at: meta.at };
                match side {
                    Side::Street => self.street_word = Some(word),
                    Side::Resident => self.resident_word = Some(word),
                }
            }
            Event::NotDone { units, .. } => {
                self.not_done += 1;
                self.street_word = None;
                self.resident_word = None;
                self.checking = None;
                for unit in units {
                    self.at(unit, |call| call.done = None);
                }
            }
            _ => {}
        }
    }

    /// Checking begins when the last department has reported.
    fn settle_checking(&mut self, meta: &Meta) {
        let all = self.lead().is_some() && self.active().all(|call| call.done.is_some());
        if all && self.checking.is_none() {
            self.checking = Some(meta.at);
        }
    }

    fn at(&mut self, unit: &UnitCode, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.unit == *unit && call.is_active()) {
            change(call);
        }
    }
}

/// Another department begins anew: what the first one did is not its doing.
fn afresh(call: &mut Call) {
    call.ack = None;
    call.arrivals.clear();
    call.muster = None;
    call.misses.clear();
    call.done = None;
}

fn slot(call: &mut Call, sheet: Sheet) -> &mut Option<Scores> {
    match sheet {
        Sheet::Department => &mut call.score,
        Sheet::Street => &mut call.back,
    }
}

fn stamp(meta: &Meta) -> Stamp {
    Stamp { by: meta.actor.clone(), at: meta.at }
}

fn met(meta: &Meta, in_time: Option<bool>) -> Met {
    Met { by: meta.actor.clone(), at: meta.at, in_time }
}
