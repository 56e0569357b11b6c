//! What the simulator remembers: the duties in play, what is to happen to each, and who does it.

use crate::deed::Cast;
use crate::dice::Dice;
use crate::figures::Entry;
use crate::words::Words;
use base::core::App;
use base::op::Who;
use base::{Fault, Outcome, files};
use kernel::calendar::Calendar;
use kernel::duty::Duty;
use kernel::playbook::Playbook;
use kernel::{Day, DistrictCode, DutyId, Instant, PostCode, UnitCode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Moments of a working day at which things happen, as hour and minute.
pub(crate) const SLOTS: [(u8, u8); 6] = [(9, 12), (10, 35), (11, 20), (13, 40), (15, 5), (16, 20)];

/// Something that is to happen to a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Accept,
    Return,
    Rule,
    Start,
    Note(Option<u8>),
    Evidence,
    AskExtend,
    AnswerExtend,
    AskSuspend,
    AnswerSuspend,
    Resume,
    Submit,
    Verify,
    Close,
    Archive,
    LookBack,
    Reopen,
    Support,
    Urge,
}

/// What will become of a duty, drawn when it is born.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Script {
    /// The day on which it is reported; none when it stays open.
    pub(crate) finish: Option<Day>,
    /// Sent back by its lead.
    pub(crate) returns: bool,
    /// More time is asked for.
    pub(crate) extends: bool,
    /// It is deferred for a while.
    pub(crate) suspends: bool,
    /// The first report is rejected.
    pub(crate) rejected: bool,
    /// It is taken up again after closing.
    pub(crate) reopens: bool,
    /// Another unit is called in.
    pub(crate) supports: bool,
    /// It stays open until the end of the picture, whatever is urged.
    pub(crate) pinned: bool,
    /// A line of the plan: its steps are laid out when the plan is loaded.
    pub(crate) planned: bool,
}

/// A duty in play.
pub(crate) struct Case {
    /// As it was after the last deed.
    pub(crate) duty: Duty,
    /// What will become of it.
    pub(crate) script: Script,
    /// Places in the pool of the files handed in so far.
    pub(crate) given: Vec<usize>,
}

/// Everything that a simulated day needs.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) district: DistrictCode,
    pub(crate) book: Arc<Playbook>,
    pub(crate) calendar: Calendar,
    pub(crate) dice: Dice,
    pub(crate) words: Words,
    pub(crate) cast: Cast,
    pub(crate) jobs: Who,
    /// Files to hand in, already put: each is handed in many times under its own id and caption.
    pub(crate) pool: Vec<Arc<files::Admitted>>,
    pub(crate) cases: BTreeMap<DutyId, Case>,
    /// Steps by moment, in the order in which they were laid out.
    pub(crate) agenda: BTreeMap<i64, Vec<(DutyId, Step)>>,
    /// Figures and requests of the plan by moment.
    pub(crate) figures: BTreeMap<i64, Vec<Entry>>,
    /// How often in a hundred a unit is in time.
    pub(crate) temper: BTreeMap<UnitCode, u32>,
    /// The leader whom a unit's matters are put before.
    pub(crate) patrons: BTreeMap<UnitCode, PostCode>,
    /// Refusals by code.
    pub(crate) refused: BTreeMap<String, u64>,
    /// Deeds of the story that the access table refused, by kind and step.
    pub(crate) denied: BTreeMap<String, u64>,
    pub(crate) deeds: u64,
    /// The hotline; none when the playbook takes no requests.
    pub(crate) requests: Option<crate::cases::Requests>,
}

/// The agenda's key of a slot.
pub(crate) fn key(day: Day, slot: usize) -> i64 {
    i64::from(day.number()) * 8 + i64::try_from(slot.min(SLOTS.len() - 1)).unwrap_or(0)
}

/// The moment of a slot.
pub(crate) fn moment(day: Day, slot: usize) -> Instant {
    let (hour, minute) = SLOTS.get(slot).copied().unwrap_or((16, 20));
    day.at(hour, minute)
}

impl World {
    /// Lays a step out for a slot of a day; a rest day moves it to the next working day.
    pub(crate) fn at(&mut self, day: Day, slot: usize, id: DutyId, step: Step) {
        let now = self.app.now();
        let mut day = self.calendar.next_workday(day);
        // What would lie before now happens at the next moment.
        if moment(day, slot) <= now {
            let later = SLOTS.iter().enumerate().map(|(n, _)| n).find(|n| moment(now.day(), *n) > now);
            match later {
                Some(slot) if self.calendar.is_workday(now.day()) => {
                    return self.agenda.entry(key(now.day(), slot)).or_default().push((id, step));
                }
                _ => day = self.calendar.add_workdays(now.day(), 1),
            }
        }
        self.agenda.entry(key(day, slot)).or_default().push((id, step));
    }
    /// Lays a step out some working days from today, at a slot of chance.
    pub(crate) fn soon(&mut self, days: i32, id: DutyId, step: Step) {
        let slot = self.dice.below(SLOTS.len());
        let today = self.app.now().day();
        let day = self.calendar.add_workdays(today, u32::try_from(days).unwrap_or(0));
        self.at(day, slot, id, step);
    }
    /// A working day some working days before another.
    pub(crate) fn before(&self, day: Day, days: i32) -> Day {
        self.calendar.sub_workdays(day, u32::try_from(days).unwrap_or(0))
    }
    /// A working day some working days after another.
    pub(crate) fn after(&self, day: Day, days: i32) -> Day {
        self.calendar.add_workdays(day, u32::try_from(days).unwrap_or(0))
    }
    /// How often in a hundred a unit is in time.
    pub(crate) fn temper_of(&self, unit: &UnitCode) -> u32 {
        self.temper.get(unit).copied().unwrap_or(88)
    }

    /// The post of a unit with a role.
    pub(crate) fn post(&self, unit: &UnitCode, roles: &[&str]) -> Option<PostCode> {
        roles.iter().find_map(|role| self.book.org.post_with_role(unit, role)).map(|post| post.code.clone())
    }
    /// Who does a unit's work.
    pub(crate) fn handler(&self, unit: &UnitCode) -> Option<PostCode> {
        self.post(unit, &["handler", "community_secretary"])
    }
    /// Some post of the district with a role whose unit is not `unit`, so that it need not stand aside.
    pub(crate) fn outside(&self, role: &str, unit: Option<&UnitCode>) -> Option<PostCode> {
        // The government's own office before the committee's: the codes are in the other order.
        self.book.org.posts_with_role(role).rev().find(|p| Some(&p.unit) != unit).map(|p| p.code.clone())
    }
    /// The leader who answers requests about a duty: its patron, or the head of the district for a unit in the
    /// patron's own line.
    pub(crate) fn approver(&mut self, duty: &Duty) -> Outcome<PostCode> {
        let mayor = PostCode::parse("post", "ld.mayor")?;
        let Some(patron) = duty.patron.clone() else { return Ok(mayor) };
        let who = self.cast.who(&patron)?;
        let own = duty.lead.as_ref().is_some_and(|lead| who.actor.line.contains(lead));
        Ok(if own { mayor } else { patron })
    }
    /// The leader of a unit, the executive vice head when nobody is named.
    pub(crate) fn patron(&self, unit: &UnitCode) -> Outcome<PostCode> {
        match self.patrons.get(unit) {
            Some(post) => Ok(post.clone()),
            None => Ok(PostCode::parse("post", "ld.exec")?),
        }
    }

    /// Remembers a duty's new state.
    pub(crate) fn keep(&mut self, duty: Duty, script: Script) -> DutyId {
        let id = duty.id;
        self.cases.insert(id, Case { duty, script, given: Vec::new() });
        id
    }
    /// Counts a refusal of `what`. People do what is theirs to do, so a refusal by the access table is counted apart.
    pub(crate) fn refusal(&mut self, no: &Fault, what: &str) -> Outcome<()> {
        match no {
            Fault::Refused(no) => {
                if no.code().starts_with("access.") {
                    *self.denied.entry(what.to_owned()).or_insert(0) += 1;
                }
                *self.refused.entry(no.code().to_owned()).or_insert(0) += 1;
                Ok(())
            }
            other => Err(Fault::broken(format!("a deed failed: {other}"))),
        }
    }
}
