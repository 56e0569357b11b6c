//! New work: what the supervision office, the sessions and the units ask of each other on a working day.

use crate::deed::{Bid, Deed};
use crate::people::shown_communities;
use crate::words::{Pattern, remark};
use crate::world::{SLOTS, Script, Step, World};
use base::{Fault, Outcome};
use duty::act::With;
use kernel::clock::Clock;
use kernel::duty::{Command, Duty, Ground, GroundKind, Mark, NewDuty, Priority, Visibility};
use kernel::playbook::UnitKind;
use kernel::{Day, DutyId, PostCode, Slug, UnitCode};
use std::collections::BTreeSet;

/// A duty about to be given: the two deeds.
pub(crate) struct Birth {
    pub(crate) script: Script,
    pub(crate) bids: [Bid; 2],
}

/// What a new duty is made of.
struct Idea {
    kind: &'static str,
    pattern: Pattern,
    lead: UnitCode,
    registrar: PostCode,
    assigner: PostCode,
    ground: Ground,
    due: Option<Day>,
    urgent: bool,
}

impl World {
    /// The duties that begin at a slot of today. `intensity` is in per cent of an ordinary year.
    pub(crate) fn births(&mut self, day: Day, slot: usize, intensity: u32) -> Outcome<Vec<Birth>> {
        let mut out = Vec::new();
        let scaled = |n: i32| -> i32 { n.saturating_mul(i32::try_from(intensity).unwrap_or(100)) / 100 };
        // A session decides things on its day; other days carry single decisions of ad-hoc meetings.
        if slot == 2 {
            let n = self.decisions_today(day);
            for _ in 0..scaled(n) {
                out.extend(self.decision(day)?);
            }
        }
        let (least, most) = match slot {
            0 | 3 => (1, 4),
            1 => (1, 3),
            4 => (0, 2),
            _ => (0, 1),
        };
        let n = self.dice.between(least, most);
        for _ in 0..scaled(n) {
            out.extend(self.supervision()?);
        }
        let n = self.dice.between(least, most + 1);
        for _ in 0..scaled(n) {
            out.extend(self.request()?);
        }
        Ok(out)
    }

    fn decisions_today(&mut self, day: Day) -> i32 {
        let (month, date) = (day.month(), day.day());
        let week = if day.weekday() == 2 { self.dice.between(4, 8) } else { 0 };
        let month_session = if date == 15 { self.dice.between(6, 10) } else { 0 };
        let quarter = if date == 10 && [1, 4, 7, 10].contains(&month) { self.dice.between(4, 7) } else { 0 };
        let half = if date == 9 && [1, 7].contains(&month) { self.dice.between(5, 8) } else { 0 };
        week + month_session + quarter + half
    }

    fn decision(&mut self, day: Day) -> Outcome<Option<Birth>> {
        let Some(pattern) = self.dice.pick(&self.words.decision.clone()).cloned() else { return Ok(None) };
        let session = match (day.day(), day.weekday()) {
            (15, _) => "月调度会",
            (10, _) => "季会办会",
            (9, _) => "半年综合研判会",
            _ => "周协调会",
        };
        let text = format!("{}月{}日{session}议定事项", day.month(), day.day());
        let days = self.dice.between(5, 18);
        let due = Some(self.after(day, days));
        self.given("decision", pattern, GroundKind::MeetingDecision, &text, due)
    }

    fn supervision(&mut self) -> Outcome<Option<Birth>> {
        let Some(pattern) = self.dice.pick(&self.words.supervision.clone()).cloned() else { return Ok(None) };
        let kinds = [
            (GroundKind::Instruction, "领导批示（模拟）"),
            (GroundKind::Document, "督查工作计划（模拟）"),
            (GroundKind::CitizenAppeal, "群众反映（模拟）"),
            (GroundKind::WorkReport, "政府工作报告任务分解"),
        ];
        let (kind, text) =
            self.dice.pick(&kinds).copied().unwrap_or((GroundKind::Document, "督查工作计划（模拟）"));
        self.given("supervision", pattern, kind, text, None)
    }

    /// Given by the supervision office.
    fn given(
        &mut self,
        kind: &'static str,
        pattern: Pattern,
        ground: GroundKind,
        text: &str,
        due: Option<Day>,
    ) -> Outcome<Option<Birth>> {
        let Some(lead) = self.lead(&pattern) else { return Ok(None) };
        // A lead is watched from the other of the two offices, so that whoever verifies need not stand aside.
        let offices =
            [self.outside("supervisor", Some(&lead)), self.outside("supervision_director", Some(&lead))];
        let [Some(registrar), director] = offices else { return Ok(None) };
        let Some(assigner) = director.or_else(|| self.outside("supervision_director", None)) else {
            return Ok(None);
        };
        let ground = Ground { kind: ground, text: remark(text)?, day: None, source: "simulated".to_owned() };
        let urgent = self.dice.chance(12);
        self.bear(Idea { kind, pattern, lead, registrar, assigner, ground, due, urgent }).map(Some)
    }

    /// Asked by one unit of another.
    fn request(&mut self) -> Outcome<Option<Birth>> {
        let Some(pattern) = self.dice.pick(&self.words.request.clone()).cloned() else { return Ok(None) };
        let units: Vec<UnitCode> = self.temper.keys().cloned().collect();
        let (Some(asker), Some(lead)) = (self.dice.pick(&units).cloned(), self.dice.pick(&units).cloned())
        else {
            return Ok(None);
        };
        let Some(registrar) = self.handler(&asker).filter(|_| asker != lead) else { return Ok(None) };
        let text = remark("职责分工需要配合（模拟）")?;
        let ground = Ground { kind: GroundKind::Promise, text, day: None, source: "simulated".to_owned() };
        let assigner = registrar.clone();
        let idea =
            Idea { kind: "request", pattern, lead, registrar, assigner, ground, due: None, urgent: false };
        self.bear(idea).map(Some)
    }

    /// The unit of a pattern; `street` is any street, now and then a community of it.
    fn lead(&mut self, pattern: &Pattern) -> Option<UnitCode> {
        let code = self.dice.pick(&pattern.leads)?.clone();
        if code != "street" {
            return UnitCode::parse("lead", &code).ok().filter(|u| self.book.unit(u).is_some());
        }
        let book = self.book.clone();
        if self.dice.chance(15) {
            let communities = shown_communities(&book.org);
            return self.dice.pick(&communities).map(|u| (*u).clone());
        }
        let streets: Vec<&UnitCode> = self.temper.keys().filter(|u| is_street(&book, u)).collect();
        self.dice.pick(&streets).map(|u| (*u).clone())
    }

    fn bear(&mut self, idea: Idea) -> Outcome<Birth> {
        let id = DutyId::new(self.app.ids.next(self.app.now()));
        let title = self.words.title(&idea.pattern.title, &mut self.dice)?;
        let place = self.book.unit(&idea.lead).filter(|u| u.kind.is_grassroots()).map(|u| u.code.clone());
        let patron = if idea.kind == "request" { None } else { Some(self.patron(&idea.lead)?) };
        let form = NewDuty {
            kind: Slug::parse("kind", idea.kind)?,
            title,
            ground: vec![idea.ground],
            criterion: remark(&idea.pattern.criterion)?,
            priority: if idea.urgent { Priority::Urgent } else { Priority::General },
            visibility: Visibility::Internal,
            superintendent: None,
            patron,
            parent: None,
            relations: BTreeSet::new(),
            place,
            planned_due: idea.due,
            marks: BTreeSet::from([Mark::Simulated]),
        };
        let command = Box::new(Command::Register { form: Box::new(form) });
        let with = With { id: Some(id), ..With::default() };
        let register = Bid { post: idea.registrar, deed: Deed::Register { command, with } };
        let lead = idea.lead.clone();
        let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
        let assign = Bid { post: idea.assigner, deed: Deed::act(id, assign) };
        Ok(Birth { script: self.script(&idea.lead), bids: [register, assign] })
    }

    /// Draws what will become of a duty of this unit.
    fn script(&mut self, lead: &UnitCode) -> Script {
        let department = !lead.as_str().starts_with(char::is_numeric);
        Script {
            finish: None,
            returns: self.dice.chance(if department { 4 } else { 2 }),
            extends: self.dice.chance(8),
            suspends: self.dice.chance(4),
            rejected: self.dice.chance(8),
            reopens: self.dice.chance(2),
            supports: self.dice.chance(5),
            pinned: false,
            planned: false,
        }
    }

    /// The first steps of a duty that has just been given.
    pub(crate) fn lay_first(&mut self, id: DutyId) {
        let Some(case) = self.cases.get(&id) else { return };
        let script = case.script;
        let lead = case.duty.lead.clone();
        let temper = lead.map_or(88, |lead| self.temper_of(&lead));
        let now = self.app.now();
        let later = SLOTS.iter().position(|(h, m)| now.day().at(*h, *m) > now).unwrap_or(0);
        if script.returns {
            return self.at(now.day(), later, id, Step::Return);
        }
        if self.dice.chance(temper.saturating_add(6)) {
            // Within one working day: later today, or tomorrow before this time.
            let tomorrow = self.dice.chance(40);
            let day = if tomorrow { self.after(now.day(), 1) } else { now.day() };
            let slot = if tomorrow { self.dice.below(later.max(1)) } else { later };
            self.at(day, slot, id, Step::Accept);
        } else {
            let days = self.dice.between(2, 4);
            self.soon(days, id, Step::Accept);
        }
    }

    /// The steps of the work itself, from now to the day on which it is reported.
    pub(crate) fn lay_work(&mut self, id: DutyId) {
        let Some(case) = self.cases.get(&id) else { return };
        let (script, duty) = (case.script, case.duty.clone());
        let Some(due) = duty.clock.as_ref().and_then(Clock::main_due) else { return };
        let temper = duty.lead.as_ref().map_or(88, |lead| self.temper_of(lead));
        let today = self.app.now().day();
        let due = due.day();
        let room = self.calendar.workdays_between(today, due).max(1);
        let in_time = self.dice.chance(temper);
        let finish = if in_time {
            let early = self.dice.between(1, room.max(2) / 2 + 1);
            self.before(due, early).max(self.after(today, 1))
        } else {
            let late = self.dice.between(1, 7);
            self.after(due, late)
        };
        if let Some(case) = self.cases.get_mut(&id) {
            case.script.finish = Some(finish);
        }
        if room > 4 {
            let days = self.dice.between(1, room / 2);
            self.soon(days, id, Step::Note(Some(30)));
        }
        if script.supports {
            self.soon(1, id, Step::Support);
        }
        if script.suspends && room > 3 && duty.kind.as_str() != "request" {
            return self.soon(2, id, Step::AskSuspend);
        }
        if script.extends && duty.kind.as_str() != "request" {
            self.at(self.before(due.min(finish), 2).max(today), 1, id, Step::AskExtend);
        }
        let day = self.before(finish, 1).max(today);
        if duty.kind.as_str() != "request" || self.dice.chance(40) {
            self.at(day, 3, id, Step::Evidence);
            if self.dice.chance(30) {
                self.at(day, 4, id, Step::Evidence);
            }
        }
        let slot = self.dice.between(1, 4);
        self.at(finish, usize::try_from(slot).unwrap_or(1), id, Step::Submit);
    }

    /// After a ruling the lead, old or new, has it to sign.
    pub(crate) fn lay_again(&mut self, id: DutyId) -> Outcome<()> {
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        case.script.returns = false;
        self.soon(1, id, Step::Accept);
        Ok(())
    }

    /// Takes a supporting unit's duty into play.
    pub(crate) async fn adopt(&mut self, parent: DutyId) -> Outcome<()> {
        let child = self.cases.get(&parent).and_then(|c| c.duty.children.last()).map(|c| c.id);
        let Some(child) = child else { return Ok(()) };
        let district = self.district;
        let found = self.app.db.read(move |tx| duty::store::find(tx, district, child)).await?;
        let duty: Duty = found.ok_or_else(|| Fault::broken("a supporting duty was not stored"))?;
        let lead = duty.lead.clone().unwrap_or_else(|| duty.registrar_unit.clone());
        let script = Script { supports: false, returns: false, suspends: false, ..self.script(&lead) };
        let id = self.keep(duty, script);
        self.lay_first(id);
        Ok(())
    }
}

fn is_street(book: &kernel::playbook::Playbook, unit: &UnitCode) -> bool {
    book.unit(unit).is_some_and(|u| u.kind == UnitKind::Street)
}
