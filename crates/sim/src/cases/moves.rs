//! From a move to an act, and who does it.

use super::deed::{Bid, What};
use super::words::filled;
use super::{Ask, Move, Requests, Sorting, draft::Draft};
use crate::words::remark;
use crate::world::World;
use base::Outcome;
use case::model::{CaseId, ContactWay, Element, EmergencyLine, MessageKind, RefusalGround, Stage};
use case::rules::Command;
use kernel::cases::Channel;
use kernel::duty::{
    self as kd, DeferralReason, EvidenceKind, OutcomeClass, ReopenReason, ReturnReason, Solved,
};
use kernel::text::Body;
use kernel::{FileId, PostCode, UnitCode};

use Stage as S;

/// Where a request must stand for a move; a move whose time has passed is simply not made.
fn expects(step: &Move) -> &'static [Stage] {
    match step {
        Move::File(_) => &[],
        Move::Sort => &[S::Received, S::Dispatched],
        Move::Sign => &[S::Dispatched],
        Move::Bounce => &[S::Dispatched, S::Signed],
        Move::Rule => &[S::Arbitrating],
        Move::Contact => &[S::Signed, S::Contacted, S::Handling],
        Move::Note | Move::Evidence | Move::Reply | Move::AskDefer | Move::AskExtend | Move::AnswerExtend => {
            &[S::Contacted, S::Handling]
        }
        Move::Endorse | Move::AnswerDefer => &[S::DeferralAsked],
        Move::Audit => &[S::Replied],
        Move::CallBack => &[S::Audited],
        Move::Rate => &[S::Replied, S::Audited, S::Linked],
        Move::Objects | Move::Settle => &[S::Deferred],
        Move::Coached => &[S::Replied, S::Audited, S::Rated],
        Move::More => &[S::Received, S::Dispatched, S::Signed, S::Contacted, S::Handling, S::Audited],
        Move::NotSolved | Move::Reopen => &[S::Rated, S::Unreached, S::Scored],
        Move::Withdraw => &[S::Received, S::Dispatched, S::Signed],
        Move::Propose => &[S::Rated, S::Unreached],
        Move::Decide | Move::Review => &[S::Exclusion],
        Move::Appeal => &[S::Scored, S::Rated, S::Unreached],
        Move::LookBack => &[S::Closed],
    }
}

type Made = Option<(PostCode, What)>;

impl World {
    /// The deed of a move; none when there is nobody to do it.
    pub(super) fn request_bid(&mut self, id: Option<CaseId>, step: &Move) -> Outcome<Option<Bid>> {
        if let Move::File(draft) = step {
            return self.request_file(draft);
        }
        let Some(id) = id else { return Ok(None) };
        let made = match step {
            Move::Sort => self.request_sort(id)?,
            Move::Sign
            | Move::Bounce
            | Move::Rule
            | Move::AskExtend
            | Move::AnswerExtend
            | Move::AskDefer
            | Move::AnswerDefer => self.request_duty(id, step)?,
            Move::Contact | Move::Note | Move::Evidence | Move::Reply => self.request_work(id, step)?,
            Move::Rate | Move::More | Move::Coached | Move::Objects | Move::NotSolved | Move::Withdraw => {
                self.request_petition(id, step)?
            }
            _ => self.request_judged(id, step)?,
        };
        Ok(made.map(|(post, what)| Bid { post, id: Some(id), expects: expects(step), what }))
    }

    fn request_file(&mut self, draft: &Draft) -> Outcome<Option<Bid>> {
        let grid =
            draft.place.as_ref().and_then(|place| self.post(place, &["grid_worker", "community_secretary"]));
        let requests = self.requests_mut()?;
        let post = match draft.new.channel {
            Channel::Portal => requests.staff.resident.clone(),
            Channel::Api => requests.staff.api.clone(),
            Channel::Grid => grid.unwrap_or_else(|| requests.staff.operator.clone()),
            _ => requests.staff.operator.clone(),
        };
        let ready = draft.new.prepare(&self.app, self.district)?;
        Ok(Some(Bid { post, id: None, expects: &[], what: What::File(Box::new(ready)) }))
    }

    /// The dispatcher's desk: a repeated matter is linked, the rest goes where the playbook says.
    fn request_sort(&mut self, id: CaseId) -> Outcome<Made> {
        let requests = self.requests_mut()?;
        let Some(ask) = requests.asks.get(&id) else { return Ok(None) };
        let (operator, dispatcher) = (requests.staff.operator.clone(), requests.staff.dispatcher.clone());
        if let Some(parent) = requests.twin(id, ask) {
            let why = remark("同一地点、同一问题，经核对为同一事项")?;
            return Ok(Some((dispatcher, case(Command::Link { to: parent, why }))));
        }
        if ask.stage != S::Received {
            return Ok(None);
        }
        Ok(Some(match ask.script.sorting {
            Sorting::Answer(n) => {
                let text = requests.words.consult.get(n).map(|c| c.a.clone()).unwrap_or_default();
                let article = Some(remark(requests.dice.word(&requests.words.article))?);
                (operator, case(Command::Answer { article, text: Body::parse("text", &text)? }))
            }
            Sorting::HandOver => {
                let note = remark("现场有人身危险，已转接并通知就近处置力量（模拟）")?;
                (operator, case(Command::HandOver { line: EmergencyLine::Police, note }))
            }
            Sorting::Refuse => {
                let command = Command::Refuse {
                    ground: RefusalGround::InCourt,
                    reason: remark("该事项已由法院受理，政府不能代替裁判（模拟）")?,
                    route: remark("请在诉讼程序中提出")?,
                };
                (dispatcher, case(command))
            }
            Sorting::Dispatch => {
                let confidential = ask.stage == S::Received && ask.against_street();
                let unit = confidential.then(|| UnitCode::parse("unit", "cgj")).transpose()?;
                let note = confidential.then(|| remark("反映对象为属地，改由条线部门核查")).transpose()?;
                (dispatcher, case(Command::Dispatch { unit, mandate: None, handler: None, note }))
            }
        }))
    }

    /// Acts of the duty: signing, bouncing, more time, deferral.
    fn request_duty(&mut self, id: CaseId, step: &Move) -> Outcome<Made> {
        let Some((duty, defers)) = self.ask(id).map(|ask| (ask.duty.clone(), ask.script.defers)) else {
            return Ok(None);
        };
        let Some(lead) = duty.lead.clone() else { return Ok(None) };
        let handler = duty.handler.clone().or_else(|| self.handler(&lead));
        let today = self.app.now().day();
        let mayor = if *step == Move::AnswerDefer { Some(self.approver(&duty)?) } else { None };
        let to =
            duty.clock.as_ref().and_then(kernel::clock::Clock::main_due).map(|due| self.after(due.day(), 3));
        let chief = self.post(&lead, &["unit_chief"]);
        let sign = if *step == Move::Sign { self.accept(&lead) } else { None };
        let requests = self.requests_mut()?;
        let (dice, words) = (&mut requests.dice, &requests.words);
        let act = |command: kd::Command| What::Duty(Box::new(command));
        Ok(match step {
            Move::Sign => sign.map(|(post, command)| (post, act(command))),
            Move::Bounce => {
                let ground = remark(dice.word(&words.bounce))?;
                chief.map(|p| (p, act(kd::Command::Return { reason: ReturnReason::NotMyDuty, ground })))
            }
            Move::Rule => {
                let ground = remark(dice.word(&words.ruling))?;
                let rule = kd::Command::Rule { lead, binds: true, ground };
                Some((requests.staff.arbiter.clone(), act(rule)))
            }
            Move::AskExtend => {
                let reason = remark(dice.word(&words.extend))?;
                handler.zip(to).map(|(p, to)| (p, act(kd::Command::AskExtend { to, reason })))
            }
            Move::AnswerExtend if duty.extension_ask.is_none() => None,
            Move::AnswerExtend => Some((requests.staff.dispatcher.clone(), act(kd::Command::GrantExtend))),
            Move::AskDefer => {
                let (review, plan) =
                    (today.plus(dice.between(20, 80)), remark(dice.word(&words.defer_plan))?);
                let reason = DeferralReason::Funding;
                handler.map(|p| (p, act(kd::Command::AskSuspend { reason, review, plan })))
            }
            _ if defers => mayor.map(|p| (p, act(kd::Command::GrantSuspend))),
            _ => {
                let why = remark("挂账额度已满，请先行办理")?;
                mayor.map(|p| (p, act(kd::Command::RefuseSuspend { why })))
            }
        })
    }

    /// What the handler does.
    fn request_work(&mut self, id: CaseId, step: &Move) -> Outcome<Made> {
        let Some(ask) = self.ask(id) else { return Ok(None) };
        let Some(lead) = ask.duty.lead.clone() else { return Ok(None) };
        let (unreached, first) = (ask.tries > 0, ask.duty.evidence.iter().all(|e| e.round != ask.duty.round));
        let Some(post) = ask.duty.handler.clone().or_else(|| self.handler(&lead)) else { return Ok(None) };
        if *step == Move::Evidence {
            return Ok(self.request_evidence()?.map(|what| (post, what)));
        }
        let requests = self.requests_mut()?;
        let Some(ask) = requests.asks.get(&id) else { return Ok(None) };
        let (dice, words) = (&mut requests.dice, &requests.words);
        Ok(Some(match step {
            Move::Contact if unreached => {
                let note = remark(dice.word(&words.missed))?;
                (post, case(Command::Contact { way: ContactWay::Phone, reached: false, note }))
            }
            Move::Contact => {
                let way = if dice.chance(80) { ContactWay::Phone } else { ContactWay::Meeting };
                let note = remark(dice.word(&words.contacts))?;
                (post, case(Command::Contact { way, reached: true, note }))
            }
            Move::Note => {
                let text = remark(dice.word(&words.notes))?;
                (post, What::Duty(Box::new(kd::Command::NoteProgress { percent: None, text })))
            }
            // Nothing is reported without something to show.
            _ if first => return Ok(None),
            _ => (post, case(reply(ask, dice, words)?)),
        }))
    }

    fn request_evidence(&mut self) -> Outcome<Option<What>> {
        let size = self.pool.len();
        let at = self.requests_mut()?.dice.below(size);
        let Some(admitted) = self.pool.get(at).cloned() else { return Ok(None) };
        let kind = if admitted.kind.is_picture() { EvidenceKind::Photo } else { EvidenceKind::Document };
        let sha256 = kd::Sha256Hex::try_from(admitted.sha256.clone()).map_err(base::Fault::broken)?;
        let file = FileId::new(self.app.ids.next(self.app.now()));
        let note = Some(remark("现场照片（模拟）")?);
        Ok(Some(What::Evidence(
            admitted,
            file,
            Box::new(kd::Command::AddEvidence { file, kind, note, sha256 }),
        )))
    }

    /// What the petitioner does on the tracking page.
    fn request_petition(&mut self, id: CaseId, step: &Move) -> Outcome<Made> {
        let requests = self.requests_mut()?;
        let Some(ask) = requests.asks.get(&id) else { return Ok(None) };
        let (dice, words) = (&mut requests.dice, &requests.words);
        let said = |kind, list: &[String], dice: &mut crate::dice::Dice| -> Outcome<Command> {
            let text = filled(dice.word(list), &ask.road, "", dice);
            Ok(Command::Message { kind, text: remark(&text)?, attachments: Vec::new() })
        };
        let command = match step {
            Move::Rate => {
                let note = if dice.chance(30) { Some(remark(dice.word(&words.call_notes))?) } else { None };
                let (solved, grade) = (ask.script.solved, ask.script.grade);
                Command::Rate { contacted: Some(!ask.script.fake), solved, grade, note }
            }
            Move::More => said(MessageKind::More, &words.more, dice)?,
            Move::Objects => said(MessageKind::Objection, &words.object, dice)?,
            Move::Coached => said(MessageKind::Coached, &words.coached, dice)?,
            Move::NotSolved => said(MessageKind::NotSolved, &words.again, dice)?,
            _ => Command::Withdraw { why: remark(dice.word(&words.withdraw))? },
        };
        let what = What::Petition(ask.no.clone(), ask.code.clone(), Box::new(command));
        Ok(Some((requests.staff.resident.clone(), what)))
    }

    /// What others do about a handler's work.
    fn request_judged(&mut self, id: CaseId, step: &Move) -> Outcome<Made> {
        let Some(lead) = self.ask(id).and_then(|ask| ask.duty.lead.clone()) else { return Ok(None) };
        let chief = self.post(&lead, &["unit_chief"]);
        let class = self.book.case_rules().and_then(|rules| {
            let free = rules.exclusions.iter().find(|(_, rule)| rule.files == 0);
            free.map(|(code, _)| code.clone())
        });
        let requests = self.requests_mut()?;
        let Some(ask) = requests.asks.get(&id) else { return Ok(None) };
        let (dice, words, staff) = (&mut requests.dice, &requests.words, &requests.staff);
        let handler = ask.duty.handler.clone();
        Ok(match step {
            Move::Audit => {
                let passed = !ask.script.audit_fails;
                let defects = if passed { Vec::new() } else { vec![remark(dice.word(&words.defects))?] };
                Some((staff.operator.clone(), case(Command::Audit { passed, defects })))
            }
            Move::CallBack => Some((staff.call_back.clone(), case(call(ask, dice, &words.call_notes)?))),
            Move::Endorse => {
                let ground = remark(dice.word(&words.endorse))?;
                Some((staff.dispatcher.clone(), case(Command::Endorse { granted: true, ground })))
            }
            Move::Settle => {
                let upheld = dice.chance(50);
                let ground = remark(if upheld {
                    "影响面大，立即恢复办理"
                } else {
                    "挂账依据充分，按期复核"
                })?;
                Some((staff.director.clone(), case(Command::Object { upheld, ground })))
            }
            Move::Reopen => {
                let note = remark(dice.word(&words.reopen))?;
                let why = ReopenReason::Petitioner;
                Some((staff.dispatcher.clone(), case(Command::Reopen { why, note })))
            }
            Move::Propose => {
                let evidence = remark(dice.word(&words.exclude))?;
                let files = Vec::new();
                handler
                    .zip(class)
                    .map(|(post, class)| (post, case(Command::ProposeExclusion { class, evidence, files })))
            }
            Move::Decide | Move::Review => {
                let granted = dice.chance(55);
                let ground = words.panel.get(usize::from(!granted)).map_or("评议", String::as_str);
                let post = if *step == Move::Decide { &staff.panel } else { &staff.director };
                Some((post.clone(), case(Command::DecideExclusion { granted, ground: remark(ground)? })))
            }
            Move::Appeal => {
                let ground = remark(dice.word(&words.appeal))?;
                chief.map(|post| (post, case(Command::AppealExclusion { ground })))
            }
            Move::LookBack => {
                let bad = ask.script.look_bad;
                let note = remark(dice.word(if bad { &words.look_bad } else { &words.look_good }))?;
                let solved = if bad { Solved::No } else { Solved::Yes };
                Some((staff.verifier.clone(), case(Command::LookBack { solved, note })))
            }
            _ => None,
        })
    }
}

fn case(command: Command) -> What {
    What::Case(Box::new(command))
}

/// The reply as the script has it: good, partly, explained, or hollow.
fn reply(ask: &Ask, dice: &mut crate::dice::Dice, words: &super::words::Phrases) -> Outcome<Command> {
    let (list, outcome) = match ask.script.solved {
        _ if ask.script.fake => (&words.fake, OutcomeClass::Resolved),
        Solved::Yes => (&words.replies, OutcomeClass::Resolved),
        Solved::Partly => (&words.partly, OutcomeClass::Partial),
        _ => (&words.explained, OutcomeClass::Explained),
    };
    let text = dice.word(list).replace("{what}", &ask.what).replace("{done}", &ask.done);
    let public = Body::parse("reply", &filled(&text, &ask.road, "", dice))?;
    let internal =
        if dice.chance(30) { Some(Body::parse("internal", dice.word(&words.internal))?) } else { None };
    let elements = Element::ALL.iter().copied().filter(|_| !ask.script.audit_fails).collect();
    Ok(Command::Reply { outcome, public, internal, elements, planned: None, legal: None })
}

/// What is heard on the telephone.
fn call(ask: &Ask, dice: &mut crate::dice::Dice, notes: &[String]) -> Outcome<Command> {
    if ask.tries < ask.script.misses {
        return Ok(Command::CallBack {
            reached: false,
            contacted: None,
            solved: None,
            grade: None,
            note: None,
        });
    }
    let note = if dice.chance(35) { Some(remark(dice.word(notes))?) } else { None };
    Ok(Command::CallBack {
        reached: true,
        contacted: Some(!ask.script.fake),
        solved: Some(ask.script.solved),
        grade: Some(ask.script.grade),
        note,
    })
}

impl Ask {
    /// Whether it is a confidential complaint about the unit that the playbook would send it to.
    fn against_street(&self) -> bool {
        self.shy
    }
}

impl Requests {
    /// The request that this one repeats: the same matter, community and road, still being handled.
    fn twin(&self, id: CaseId, ask: &Ask) -> Option<CaseId> {
        let key = (ask.category.clone(), ask.place.clone()?, ask.road.clone());
        let parent = self.matters.get(&key).copied().filter(|parent| *parent != id)?;
        let other = self.asks.get(&parent)?;
        let works = matches!(
            other.stage,
            S::Received | S::Dispatched | S::Signed | S::Contacted | S::Handling | S::Arbitrating
        );
        (works && !other.shy && !ask.shy && ask.children == 0).then_some(parent)
    }
}
