//! What comes after an act.

use super::draft::Draft;
use super::{Ask, Move, Sorting, minutes};
use crate::world::World;
use base::Fault;
use case::model::{Case, CaseId, Filed, Stage};
use kernel::cases::{Grade, Urgency};
use kernel::duty::{Duty, Solved, State};

/// Minutes of a day.
const DAY: i32 = 1_440;

impl World {
    /// A request was filed: the desk looks at it within the hour, at once when it is urgent.
    pub(super) fn request_filed(&mut self, draft: &Draft, filed: &Filed, case: &Case, duty: Duty) {
        let now = self.app.now();
        let id = filed.case;
        let stage = case::rules::stage(case, &duty);
        let Some(category) = case.filing.category.clone() else { return };
        let ask = Ask {
            no: filed.no.clone(),
            code: filed.code.clone().unwrap_or_default(),
            category,
            place: draft.place.clone(),
            road: draft.road.clone(),
            what: draft.what.clone(),
            done: draft.done.clone(),
            urgency: case.filing.urgency,
            script: draft.script.clone(),
            shy: case.filing.confidential,
            children: 0,
            duty,
            stage,
            tries: 0,
            sent: now,
        };
        let (urgency, more, withdraws) = (ask.urgency, ask.script.more, ask.script.withdraws);
        let dispatch = matches!(ask.script.sorting, Sorting::Dispatch);
        if let Some(requests) = &mut self.requests {
            let key = ask.place.clone().map(|place| (ask.category.clone(), place, ask.road.clone()));
            let open = |id: &CaseId| requests.asks.get(id).is_some_and(|other| other.duty.is_open());
            if let Some(key) = key.filter(|key| dispatch && !requests.matters.get(key).is_some_and(open)) {
                requests.matters.insert(key, id);
            }
            requests.asks.insert(id, ask);
        }
        let wait = match urgency {
            Urgency::Urgent => 10,
            Urgency::Quick => self.roll(10, 50),
            _ => self.roll(15, 170),
        };
        let (hour, _) = now.hour_minute();
        // At night the hotline passes on what cannot wait; the rest lies until the morning.
        let night = !(8..21).contains(&hour) && matches!(urgency, Urgency::General | Urgency::Complex);
        let at = if night {
            self.request_time(Urgency::Quick, wait.max(660))
        } else {
            now.plus_seconds(minutes(wait))
        };
        self.request_at(at, id, Move::Sort);
        if stage == Stage::Dispatched {
            self.request_sent(id);
        }
        if more {
            let wait = self.roll(60, 900);
            self.request_soon(id, wait, Move::More);
        }
        if withdraws {
            let wait = self.roll(60, 600);
            self.request_at(now.plus_seconds(minutes(wait)), id, Move::Withdraw);
        }
    }

    /// It lies with a unit: signed or sent back.
    fn request_sent(&mut self, id: CaseId) {
        let now = self.app.now();
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        ask.sent = now;
        let (urgency, bounces) = (ask.urgency, ask.script.bounces && ask.urgency != Urgency::Urgent);
        ask.script.bounces = false;
        let wait = match urgency {
            Urgency::Urgent => 10,
            Urgency::Quick => self.roll(20, 140),
            _ => self.roll(30, 330),
        };
        self.request_soon(id, wait, if bounces { Move::Bounce } else { Move::Sign });
    }

    /// Takes what an act brought in and lays out what follows.
    pub(super) fn request_did(&mut self, id: CaseId, step: &Move, case: &Case, duty: Duty) {
        let stage = case::rules::stage(case, &duty);
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        ask.stage = stage;
        ask.duty = duty;
        ask.children = case.links.len();
        match step {
            Move::Sort => self.request_sorted(id, case, stage),
            Move::Sign => self.request_signed(id),
            Move::Bounce => {
                let wait = self.roll(120, 480);
                self.request_soon(id, wait, Move::Rule);
            }
            Move::Rule => self.request_sent(id),
            Move::Contact => self.request_contacted(id, stage),
            Move::AskExtend => self.request_soon(id, 90, Move::AnswerExtend),
            Move::AskDefer => self.request_soon(id, 120, Move::Endorse),
            Move::Endorse => self.request_soon(id, 240, Move::AnswerDefer),
            Move::AnswerDefer => self.request_deferred(id),
            Move::Objects => self.request_soon(id, 300, Move::Settle),
            Move::Settle if stage != Stage::Deferred => self.request_work_out(id, DAY),
            Move::Reply => self.request_replied(id, case),
            Move::Audit => self.request_audited(id, stage),
            Move::CallBack => self.request_called(id, stage),
            Move::Rate => self.request_rated(id, stage),
            Move::NotSolved => {
                let wait = self.roll(60, 600);
                self.request_soon(id, wait, Move::Reopen);
            }
            Move::Propose => self.request_soon(id, 400, Move::Decide),
            Move::Decide if case.exclusion.as_ref().is_some_and(|e| !e.granted()) && self.luck(50) => {
                self.request_soon(id, 420, Move::Appeal);
            }
            Move::Appeal => self.request_soon(id, 400, Move::Review),
            Move::Reopen => self.request_again(id),
            Move::LookBack if stage != Stage::Closed => self.request_again(id),
            _ => {}
        }
    }

    fn request_sorted(&mut self, id: CaseId, case: &Case, stage: Stage) {
        match (stage, case.parent) {
            (Stage::Dispatched, _) => self.request_sent(id),
            (Stage::Linked, Some(parent)) => {
                let again = self.ask(parent).is_some_and(|ask| !ask.duty.is_open());
                if let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&parent)) {
                    ask.children += 1;
                }
                // The same place and matter as a finished one: that one is taken up again.
                if again {
                    self.request_again(parent);
                }
            }
            _ => {}
        }
    }

    fn request_signed(&mut self, id: CaseId) {
        let Some(urgency) = self.ask(id).map(|ask| ask.urgency) else { return };
        if self.luck(12)
            && let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id))
        {
            // The first try reaches nobody.
            ask.tries = 1;
        }
        let wait = match urgency {
            Urgency::Urgent => self.roll(10, 30),
            Urgency::Quick => self.roll(30, 300),
            _ => self.roll(40, 500),
        };
        self.request_soon(id, wait, Move::Contact);
    }

    fn request_contacted(&mut self, id: CaseId, stage: Stage) {
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        ask.tries = 0;
        if stage == Stage::Signed {
            return self.request_soon(id, 60, Move::Contact);
        }
        let (urgency, script) = (ask.urgency, ask.script.clone());
        let slow = matches!(urgency, Urgency::General | Urgency::Complex);
        if script.defers && urgency == Urgency::Complex {
            return self.request_soon(id, 500, Move::AskDefer);
        }
        if script.extends && slow {
            let wait = self.roll(2 * DAY, 4 * DAY);
            self.request_soon(id, wait, Move::AskExtend);
        }
        if self.luck(45) {
            let wait = self.roll(30, if slow { DAY } else { 60 });
            self.request_soon(id, wait, Move::Note);
        }
        let wait = match (urgency, script.late) {
            (Urgency::Urgent, false) => self.roll(20, 60),
            (Urgency::Urgent, true) => self.roll(120, 260),
            (Urgency::Quick, false) => self.roll(120, 1_000),
            (Urgency::Quick, true) => self.roll(1_500, 2_400),
            (Urgency::General, false) => self.roll(400, 4 * DAY),
            (Urgency::General, true) => self.roll(8 * DAY, 12 * DAY),
            (Urgency::Complex, false) => self.roll(3 * DAY, 11 * DAY),
            (Urgency::Complex, true) => self.roll(16 * DAY, 24 * DAY),
        };
        self.request_work_out(id, wait);
    }

    /// Evidence, then the reply, `wait` minutes from now.
    fn request_work_out(&mut self, id: CaseId, wait: i32) {
        self.request_soon(id, wait - 10, Move::Evidence);
        let urgency = self.ask(id).map_or(Urgency::General, |ask| ask.urgency);
        let shown = self.request_time(urgency, wait - 10);
        self.request_at(shown.plus_seconds(minutes(10)), id, Move::Reply);
    }

    fn request_deferred(&mut self, id: CaseId) {
        let Some(ask) = self.ask(id) else { return };
        match ask.duty.state {
            State::Suspended { review, .. } => {
                if self.luck(25) {
                    let wait = self.roll(DAY, 2 * DAY);
                    self.request_soon(id, wait, Move::Objects);
                }
                let day = self.calendar.next_workday(review.plus(1));
                self.request_at(day.at(9, 40), id, Move::Evidence);
                self.request_at(day.at(10, 40), id, Move::Reply);
            }
            _ => self.request_work_out(id, 2 * DAY),
        }
    }

    fn request_replied(&mut self, id: CaseId, case: &Case) {
        let wait = self.roll(20, 200);
        let at = self.request_time(Urgency::Quick, wait);
        self.request_at(at, id, Move::Audit);
        // Now and then somebody is told beforehand what to say (D§15.6).
        if self.luck(1) {
            self.request_at(at.plus_seconds(minutes(60)), id, Move::Coached);
        }
        for linked in case.links.clone() {
            if self.luck(45) {
                let wait = self.roll(200, 2 * DAY);
                let at = self.request_time(Urgency::Quick, wait);
                self.request_at(at, linked, Move::Rate);
            }
        }
    }

    fn request_audited(&mut self, id: CaseId, stage: Stage) {
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        if stage != Stage::Audited {
            ask.script.audit_fails = false;
            let wait = self.roll(60, 600);
            return self.request_soon(id, wait, Move::Reply);
        }
        ask.tries = 0;
        let rates = ask.script.rates;
        if rates {
            let wait = self.roll(30, 300);
            self.request_soon(id, wait, Move::Rate);
        }
        let wait = self.roll(120, 2 * DAY);
        let at = self.request_time(Urgency::Quick, wait);
        self.request_at(at, id, Move::CallBack);
    }

    fn request_called(&mut self, id: CaseId, stage: Stage) {
        if stage != Stage::Audited {
            return self.request_rated(id, stage);
        }
        let now = self.app.now();
        let (hour, _) = now.hour_minute();
        // Another time of day than the last.
        let next = match hour {
            0..12 => now.day().at(15, 0),
            12..18 => now.day().at(19, 0),
            _ => now.day().plus(1).at(9, 30),
        };
        if let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) {
            ask.tries = ask.tries.saturating_add(1);
        }
        self.request_at(next, id, Move::CallBack);
    }

    fn request_rated(&mut self, id: CaseId, stage: Stage) {
        let Some(ask) = self.ask(id) else { return };
        let bad = ask.script.solved != Solved::Yes || ask.script.grade > Grade::Basic;
        let (insists, excludes, unsolved) =
            (ask.script.insists, ask.script.excludes, ask.script.solved == Solved::No);
        if !matches!(stage, Stage::Rated | Stage::Unreached) {
            return;
        }
        if unsolved && insists && stage == Stage::Rated {
            return self.request_soon(id, 60, Move::NotSolved);
        }
        if (bad || stage == Stage::Unreached) && excludes {
            let wait = self.roll(60, 420);
            self.request_soon(id, wait, Move::Propose);
        }
    }

    /// The next round: this time it is done.
    fn request_again(&mut self, id: CaseId) {
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        ask.script.fake = false;
        ask.script.audit_fails = false;
        ask.script.solved = Solved::Yes;
        ask.script.grade = Grade::Satisfied;
        ask.script.look_bad = false;
        ask.script.misses = 0;
        let wait = self.roll(DAY, 3 * DAY);
        self.request_work_out(id, wait);
    }

    /// What people do about a refusal.
    pub(super) fn request_refused(&mut self, id: CaseId, step: &Move, no: &Fault) {
        let Some(ask) = self.requests.as_mut().and_then(|r| r.asks.get_mut(&id)) else { return };
        let code = match no {
            Fault::Refused(no) => no.code().to_owned(),
            _ => String::new(),
        };
        match step {
            // No room for another deferral: it is refused and worked on.
            Move::AnswerDefer if ask.script.defers => {
                ask.script.defers = false;
                self.request_soon(id, 60, Move::AnswerDefer);
            }
            Move::Bounce => self.request_soon(id, 30, Move::Sign),
            Move::CallBack if code == "case.too_soon" => self.request_soon(id, 240, Move::CallBack),
            Move::Sort if code == "case.link_target" => self.request_soon(id, 10, Move::Sort),
            _ => {}
        }
    }
}
