//! From steps to commands, and what follows from each: the ordinary life of a duty, with its detours.

use crate::deed::{Bid, Deed};
use crate::words::remark;
use crate::world::{Step, World};
use base::Outcome;
use kernel::duty::{
    Command, DeferralReason, Duty, EvidenceKind, OutcomeClass, ReopenReason, ResumeTrigger, Retention,
    ReturnReason, Sha256Hex, Solved, StateName, VerificationKind,
};
use kernel::text::Body;
use kernel::{DutyId, FileId, PostCode, UnitCode};

impl World {
    /// The deed of a step; none when the duty is no longer where the step expects it.
    pub(crate) fn bid(&mut self, id: DutyId, step: Step) -> Outcome<Option<Bid>> {
        let Some(case) = self.cases.get(&id) else { return Ok(None) };
        let duty = case.duty.clone();
        let profile = self.book.kind(duty.kind.as_str());
        let most = profile.map_or(0, |p| usize::try_from(p.evidence.max).unwrap_or(0));
        // One file fewer than the kind takes: the last place is for what a verifier asks for.
        let full = duty.evidence.iter().filter(|e| e.round == duty.round).count() + 1 >= most.max(2);
        let spare = duty.rework == 0 && step == Step::Evidence && full;
        if !fits(step, &duty) || spare {
            return Ok(None);
        }
        let Some(lead) = duty.lead.clone() else { return Ok(None) };
        let notes = self.words.notes.clone();
        let handler = duty.handler.clone().or_else(|| self.handler(&lead));
        let made = match step {
            Step::Accept => self.accept(&lead),
            Step::Return => {
                let ground = remark(self.dice.word(&notes.returned))?;
                let post = self.post(&lead, &["unit_chief"]);
                post.map(|p| (p, Command::Return { reason: ReturnReason::NotMyDuty, ground }))
            }
            Step::Rule => self.rule(&duty, &lead)?,
            Step::Start => {
                let note = remark(self.dice.word(&notes.start))?;
                handler.map(|p| (p, Command::Start { note }))
            }
            Step::Note(percent) => {
                let behind = duty.is_late(self.app.now()) || case_is_behind(&duty);
                let list = if behind { &notes.behind } else { &notes.progress };
                let text = remark(self.dice.word(list))?;
                handler.map(|p| (p, Command::NoteProgress { percent, text }))
            }
            Step::Evidence => return self.evidence(id, handler),
            Step::AskExtend => self.ask_extend(&duty, handler)?,
            Step::AnswerExtend => {
                let post = self.approver(&duty)?;
                let why = remark(self.dice.word(&notes.refuse))?;
                let yes = self.dice.chance(70);
                Some((post, if yes { Command::GrantExtend } else { Command::RefuseExtend { why } }))
            }
            Step::AskSuspend => {
                let review = self.app.now().day().plus(self.dice.between(14, 60));
                let reasons =
                    [DeferralReason::Funding, DeferralReason::HistoricTitle, DeferralReason::Season];
                let reason = self.dice.pick(&reasons).copied().unwrap_or(DeferralReason::Funding);
                let plan = remark(self.dice.word(&notes.plan))?;
                handler.map(|p| (p, Command::AskSuspend { reason, review, plan }))
            }
            Step::AnswerSuspend => {
                let post = self.approver(&duty)?;
                let why = remark(self.dice.word(&notes.refuse))?;
                let yes = self.dice.chance(75);
                Some((post, if yes { Command::GrantSuspend } else { Command::RefuseSuspend { why } }))
            }
            Step::Resume => {
                let note = remark(self.dice.word(&notes.resume))?;
                handler.map(|p| (p, Command::Resume { trigger: ResumeTrigger::ReviewDay, note }))
            }
            Step::Submit => {
                let reply = Body::parse("reply", self.dice.word(&notes.reply))?;
                let outcome =
                    if self.dice.chance(90) { OutcomeClass::Resolved } else { OutcomeClass::Partial };
                handler.map(|p| (p, Command::Submit { outcome, reply, planned: None, legal: None }))
            }
            Step::Support => self.support(&lead, handler)?,
            Step::Verify | Step::Close | Step::Archive | Step::LookBack | Step::Reopen | Step::Urge => {
                self.judge(&duty, &lead, step)?
            }
        };
        Ok(made.map(|(post, command)| Bid { post, deed: Deed::act(id, command) }))
    }

    /// Signed for by the registry clerk, who names the handler; a unit without one signs as the handler.
    pub(crate) fn accept(&self, lead: &UnitCode) -> Option<(PostCode, Command)> {
        let handler = self.handler(lead)?;
        let clerk = self.post(lead, &["clerk"]).unwrap_or_else(|| handler.clone());
        Some((clerk, Command::Accept { handler: Some(handler) }))
    }

    fn rule(&mut self, duty: &Duty, lead: &UnitCode) -> Outcome<Option<(PostCode, Command)>> {
        let arbiter = self.outside("arbiter", Some(lead));
        let ground = remark(self.dice.word(&self.words.notes.ruling.clone()))?;
        // Two of five go to whoever handles such matters elsewhere: another department of the same branch.
        let apart = |u: &&UnitCode| *u != lead && **u != duty.registrar_unit && u.as_str() != "bb";
        let others: Vec<UnitCode> = self.temper.keys().filter(apart).cloned().collect();
        let other = self.dice.pick(&others).cloned();
        let moves =
            self.dice.chance(40) && duty.parent.is_none() && !lead.as_str().starts_with(char::is_numeric);
        let to = if moves { other.unwrap_or_else(|| lead.clone()) } else { lead.clone() };
        Ok(arbiter.map(|post| (post, Command::Rule { lead: to, binds: true, ground })))
    }

    fn ask_extend(&mut self, duty: &Duty, handler: Option<PostCode>) -> Outcome<Option<(PostCode, Command)>> {
        let Some(due) = duty.clock.as_ref().and_then(kernel::clock::Clock::main_due) else { return Ok(None) };
        let days = self.dice.between(3, 8);
        let to = self.after(due.day(), days);
        let reason = remark(self.dice.word(&self.words.notes.extend.clone()))?;
        Ok(handler.map(|post| (post, Command::AskExtend { to, reason })))
    }

    fn support(
        &mut self,
        lead: &UnitCode,
        handler: Option<PostCode>,
    ) -> Outcome<Option<(PostCode, Command)>> {
        let others: Vec<UnitCode> = self.temper.keys().filter(|u| *u != lead).cloned().collect();
        let Some(unit) = self.dice.pick(&others).cloned() else { return Ok(None) };
        let ask = remark(self.dice.word(&self.words.notes.support.clone()))?;
        Ok(handler.map(|post| (post, Command::AddSupport { unit, ask, due: None })))
    }

    /// What is done by somebody outside the lead's line.
    fn judge(&mut self, duty: &Duty, lead: &UnitCode, step: Step) -> Outcome<Option<(PostCode, Command)>> {
        let notes = self.words.notes.clone();
        let supervisor = self.outside("supervisor", Some(lead));
        let rejects = self.cases.get(&duty.id).is_some_and(|c| c.script.rejected) && duty.rework == 0;
        Ok(match step {
            Step::Verify if rejects => {
                let defects = vec![remark(self.dice.word(&notes.defect))?];
                supervisor.map(|p| (p, Command::Reject { defects }))
            }
            Step::Verify => {
                let own = self.outside("verifier", Some(lead));
                let turn =
                    own.filter(|p| p.unit_part() == duty.holder.hold.unit.as_str() && self.dice.chance(60));
                let kinds = [
                    VerificationKind::SiteCheck,
                    VerificationKind::DocumentCheck,
                    VerificationKind::SampleAudit,
                ];
                let kind = self.dice.pick(&kinds).copied().unwrap_or(VerificationKind::DocumentCheck);
                let solved = if self.dice.chance(88) { Solved::Yes } else { Solved::Partly };
                let note = remark(self.dice.word(&notes.good))?;
                turn.or(supervisor).map(|p| (p, Command::Verify { kind, solved, note }))
            }
            Step::Close if duty.kind.as_str() == "request" => Some((duty.registrar.clone(), Command::Close)),
            Step::Close => self.outside("supervision_director", Some(lead)).map(|p| (p, Command::Close)),
            Step::Archive => {
                let retention = if duty.kind.as_str().starts_with("plan") {
                    Retention::Years30
                } else {
                    Retention::Years10
                };
                supervisor.map(|p| (p, Command::Archive { retention }))
            }
            Step::LookBack => {
                let note = remark(self.dice.word(&notes.bad))?;
                supervisor.map(|p| {
                    (p, Command::Verify { kind: VerificationKind::LookBack, solved: Solved::No, note })
                })
            }
            Step::Reopen => {
                let note = remark(self.dice.word(&notes.bad))?;
                supervisor
                    .map(|p| (p, Command::Reopen { why: ReopenReason::LookBackFailed, note, due: None }))
            }
            _ => {
                let note = remark(self.dice.word(&notes.urge))?;
                supervisor.map(|p| (p, Command::Urge { note }))
            }
        })
    }

    /// A file of the pool that this duty does not have yet.
    fn evidence(&mut self, id: DutyId, handler: Option<PostCode>) -> Outcome<Option<Bid>> {
        let first = self.dice.below(self.pool.len());
        let caption = remark(self.dice.word(&self.words.notes.caption.clone()))?;
        let size = self.pool.len();
        let Some(case) = self.cases.get_mut(&id) else { return Ok(None) };
        let free = (0..size).map(|n| (first + n) % size.max(1)).find(|n| !case.given.contains(n));
        let (Some(at), Some(post)) = (free, handler) else { return Ok(None) };
        let Some(admitted) = self.pool.get(at).cloned() else { return Ok(None) };
        case.given.push(at);
        let kind = if admitted.kind.is_picture() { EvidenceKind::Photo } else { EvidenceKind::Document };
        let sha256 = Sha256Hex::try_from(admitted.sha256.clone()).map_err(base::Fault::broken)?;
        let file = FileId::new(self.app.ids.next(self.app.now()));
        let command = Box::new(Command::AddEvidence { file, kind, note: Some(caption), sha256 });
        Ok(Some(Bid { post, deed: Deed::Evidence { id, admitted, file, command } }))
    }

    /// Takes a deed's result in and lays out what follows.
    pub(crate) async fn follow(&mut self, id: DutyId, step: Step, duty: Duty) -> Outcome<()> {
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        case.duty = duty;
        let script = case.script;
        let kind = case.duty.kind.clone();
        let profile = self.book.kind(kind.as_str()).cloned();
        let verifies = profile.as_ref().is_none_or(|p| p.verification);
        match step {
            Step::Accept if script.planned => {}
            Step::Accept if profile.is_none_or(|p| p.start) => self.soon(0, id, Step::Start),
            Step::Accept | Step::Start if !script.planned => self.lay_work(id),
            Step::Return => {
                let days = self.dice.between(1, 2);
                self.soon(days, id, Step::Rule);
            }
            Step::Rule => self.lay_again(id)?,
            Step::AskExtend => self.soon_in(1, 3, id, Step::AnswerExtend),
            Step::AskSuspend => self.soon_in(1, 2, id, Step::AnswerSuspend),
            Step::AnswerSuspend => self.after_suspend(id),
            Step::Resume => {
                self.soon_in(2, 5, id, Step::Evidence);
                self.soon_in(5, 8, id, Step::Submit);
            }
            Step::Submit if verifies => self.soon_in(1, 2, id, Step::Verify),
            Step::Submit => self.soon_in(0, 1, id, Step::Close),
            Step::Verify if self.state(id) == Some(StateName::InProgress) => {
                self.soon_in(1, 3, id, Step::Evidence);
                self.soon_in(4, 5, id, Step::Submit);
            }
            Step::Verify => self.soon_in(0, 2, id, Step::Close),
            Step::Close if script.reopens => self.soon_in(5, 20, id, Step::LookBack),
            Step::Close => self.soon_in(5, 12, id, Step::Archive),
            Step::LookBack => self.soon(0, id, Step::Reopen),
            Step::Reopen => {
                if let Some(case) = self.cases.get_mut(&id) {
                    case.script.reopens = false;
                    case.script.rejected = false;
                }
                self.soon_in(1, 3, id, Step::Evidence);
                self.soon_in(4, 9, id, Step::Submit);
            }
            Step::Support => self.adopt(id).await?,
            Step::Urge if !script.pinned && self.dice.chance(45) => {
                self.soon_in(0, 1, id, Step::Evidence);
                self.soon_in(2, 3, id, Step::Submit);
            }
            _ => {}
        }
        Ok(())
    }

    /// What people do about a refusal: wait for a supporting unit, or bring what was lacking.
    pub(crate) fn again(&mut self, id: DutyId, step: Step) {
        match step {
            Step::Close => self.soon_in(2, 4, id, Step::Close),
            Step::Submit => {
                self.soon_in(0, 0, id, Step::Evidence);
                self.soon_in(1, 2, id, Step::Submit);
            }
            _ => {}
        }
    }

    fn soon_in(&mut self, a: i32, b: i32, id: DutyId, step: Step) {
        let days = self.dice.between(a, b);
        self.soon(days, id, step);
    }
    pub(crate) fn state(&self, id: DutyId) -> Option<StateName> {
        self.cases.get(&id).map(|c| c.duty.state.name())
    }

    fn after_suspend(&mut self, id: DutyId) {
        let Some(case) = self.cases.get(&id) else { return };
        if let kernel::duty::State::Suspended { review, .. } = case.duty.state {
            self.at(review, 1, id, Step::Resume);
        } else {
            self.soon_in(1, 3, id, Step::Evidence);
            self.soon_in(4, 6, id, Step::Submit);
        }
    }
}

/// Whether its last report said that it lags, as the next one then does too.
fn case_is_behind(duty: &Duty) -> bool {
    duty.rung > 0 || duty.urgings.len() > 1
}

/// Whether a duty is where a step expects it.
fn fits(step: Step, duty: &Duty) -> bool {
    use StateName as S;
    let name = duty.state.name();
    let works = matches!(name, S::Accepted | S::InProgress | S::SuspendAsked);
    match step {
        Step::Accept => name == S::Assigned,
        Step::Return => matches!(name, S::Assigned | S::Accepted) && !duty.bound,
        Step::Rule => name == S::Arbitrating,
        Step::Start => name == S::Accepted,
        Step::Note(_) | Step::Evidence => works,
        Step::Support => matches!(name, S::Accepted | S::InProgress),
        Step::AskExtend => works && duty.extension_ask.is_none(),
        Step::AnswerExtend => works && duty.extension_ask.is_some(),
        Step::AskSuspend => name == S::InProgress,
        Step::AnswerSuspend => name == S::SuspendAsked,
        Step::Resume => name == S::Suspended,
        Step::Submit => name == S::InProgress || (name == S::Accepted && duty.kind.as_str() == "request"),
        Step::Verify => name == S::Submitted,
        Step::Close => name == S::Verified || (name == S::Submitted && duty.kind.as_str() == "request"),
        Step::Archive | Step::LookBack | Step::Reopen => name == S::Closed,
        Step::Urge => matches!(name, S::Assigned | S::Accepted | S::InProgress | S::SuspendAsked),
    }
}
