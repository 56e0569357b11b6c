//! What an act does: events of the case, acts on its duty, and what it means for linked cases.

use super::change::{note, save};
use super::intake;
use crate::event::Event;
use crate::facts::Loaded;
use crate::model::{Act, Case, CaseId, End, MessageKind};
use crate::rules::{self, Command};
use crate::store;
use base::notice::Notice;
use base::op::Op;
use base::{Fault, Outcome};
use duty::act::With;
use kernel::duty::{self as kd, Duty, ReopenReason, Solved, State, VerificationKind};
use kernel::text::Remark;
use kernel::{Lang, PostCode, Words};

/// Decides and does it. `case` and `duty` are locked.
pub(super) fn carry_out(
    op: &mut Op<'_, '_>,
    mut case: Case,
    duty: Duty,
    command: &Command,
    loaded: &Loaded,
    expected_rev: Option<u64>,
) -> Outcome<Case> {
    let (from, parent) = (case.rev, case.parent);
    let events = rules::decide(&case, &duty, command, &loaded.context(op, expected_rev)?)?;
    if let Command::Dispatch { .. } = command
        && let Some(earlier) = recurs(op, &case, loaded)?
    {
        return take_up_again(op, case, &duty, earlier, loaded);
    }
    if let (Command::Reopen { .. }, None) = (command, case.mark()) {
        score(op, &mut case, &duty, loaded)?;
    }
    for event in &events {
        note(op, &mut case, event, &loaded.secrets.sig)?;
    }
    match command {
        // The first round stays scored; a decision or a second call corrects a mark where it stood.
        Command::DecideExclusion { .. } if case.mark().is_none() => score(op, &mut case, &duty, loaded)?,
        Command::DecideExclusion { .. } => {
            correct(op, &mut case, &duty, loaded, ("剔除评议", "exclusion decided"))?;
        }
        Command::CallBack { reached: true, .. } if case.mark().is_some() => {
            correct(op, &mut case, &duty, loaded, ("抽样复核", "second call"))?;
        }
        Command::LookBack { solved, .. } if *solved == Solved::No => {
            look_failed(op, &mut case, loaded)?;
        }
        _ => {}
    }
    save(op, &case, &duty, loaded, from)?;
    rekey(op, &case, command)?;
    let id = case.id;
    on_duty(op, &case, duty, command, &events, loaded)?;
    on_links(op, &case, parent, command, loaded)?;
    tell(op, &case, command, loaded)?;
    store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))
}

/// Scores the present round.
pub(super) fn score(op: &mut Op<'_, '_>, case: &mut Case, duty: &Duty, loaded: &Loaded) -> Outcome<()> {
    match rules::score(case, duty, &loaded.context(op, None)?) {
        Some(event) => note(op, case, &event, &loaded.secrets.sig),
        None => Ok(()),
    }
}

fn correct(
    op: &mut Op<'_, '_>,
    case: &mut Case,
    duty: &Duty,
    loaded: &Loaded,
    why: (&str, &str),
) -> Outcome<()> {
    let why = Words::new(why.0, why.1);
    match rules::rescore(case, duty, &loaded.context(op, None)?, why) {
        Some(event) => note(op, case, &event, &loaded.secrets.sig),
        None => Ok(()),
    }
}

fn look_failed(op: &mut Op<'_, '_>, case: &mut Case, loaded: &Loaded) -> Outcome<()> {
    let why = Words::new("回头看未解决", "a look-back found it not solved");
    if let Some(event) = rules::reduce(case, &loaded.context(op, None)?, why) {
        note(op, case, &event, &loaded.secrets.sig)?;
    }
    let words = remark("回头看发现没有解决，重新办理")?;
    let again = Event::Reopened { why: ReopenReason::LookBackFailed, note: words, by: None };
    note(op, case, &again, &loaded.secrets.sig)
}

/// The finished case of the same category at the very same place, inside the window of recurrence (D§15.7).
fn recurs(op: &mut Op<'_, '_>, case: &Case, loaded: &Loaded) -> Outcome<Option<CaseId>> {
    let (Some(category), Some(spot)) = (&case.filing.category, &loaded.secrets.spot) else { return Ok(None) };
    // Never longer than the duty itself may be taken up again.
    let window = loaded.book.kind(crate::KIND).and_then(|kind| kind.reopen_days).unwrap_or(u32::MAX);
    let days = i32::try_from(loaded.rules()?.recurrence_days.min(window)).unwrap_or(i32::MAX);
    let since = op.today().plus(-days).start();
    let found = store::last_at(op.tx, op.district(), case.place(), category, spot, since)?;
    Ok(found.filter(|id| *id != case.id))
}

/// A recurrence: the earlier case is taken up again by its unit, its first round loses its “solved”, and the new
/// petitioner is linked to it with an own number, reply and rating.
pub(super) fn take_up_again(
    op: &mut Op<'_, '_>,
    mut case: Case,
    duty: &Duty,
    earlier: CaseId,
    loaded: &Loaded,
) -> Outcome<Case> {
    let action = kernel::access::Action::CaseDispatch;
    let (mut old, old_duty) = super::load(op, earlier, action)?;
    let old_loaded = Loaded::new(op, &old, &old_duty, None)?;
    let (from, old_from) = (case.rev, old.rev);
    let why = Words::new("同一地点同类问题再次发生", "the same matter recurred at the same place");
    if let Some(event) = rules::reduce(&old, &old_loaded.context(op, None)?, why) {
        note(op, &mut old, &event, &old_loaded.secrets.sig)?;
    }
    let words = remark(&format!("{}反映同一地点同类问题再次发生", case.no))?;
    let again = Event::Reopened { why: ReopenReason::Recurrence, note: words.clone(), by: Some(case.id) };
    note(op, &mut old, &again, &old_loaded.secrets.sig)?;
    note(op, &mut old, &Event::Gathered { case: case.id }, &old_loaded.secrets.sig)?;
    save(op, &old, &old_duty, &old_loaded, old_from)?;
    let reopen = kd::Command::Reopen { why: ReopenReason::Recurrence, note: words, due: None };
    duty::act::perform_unjudged(op, old_duty, &reopen, &follows())?;
    let why = remark("与已办结的诉求地点、类别相同，并入该件继续办理")?;
    note(op, &mut case, &Event::Linked { to: earlier, why: why.clone() }, &loaded.secrets.sig)?;
    save(op, &case, duty, loaded, from)?;
    let merge = kd::Command::Merge { into: earlier, reason: why };
    duty::act::perform_unjudged(op, duty.clone(), &merge, &follows())?;
    store::find(op.tx, op.district(), case.id)?.ok_or_else(|| store::absent(case.id))
}

/// Follows from an act that was judged as the case's.
pub(super) fn follows() -> With {
    With { follows: true, ..With::default() }
}

/// A remark that the program itself writes.
pub(crate) fn remark(text: &str) -> Outcome<Remark> {
    Remark::parse("note", text).map_err(Fault::from)
}

/// The act's part on the duty.
fn on_duty(
    op: &mut Op<'_, '_>,
    case: &Case,
    duty: Duty,
    command: &Command,
    events: &[Event],
    loaded: &Loaded,
) -> Outcome<()> {
    let mut with = follows();
    let command = match command {
        Command::Dispatch { handler, .. } => {
            let Some(Event::Dispatched { unit, mandate, .. }) = events.first() else { return Ok(()) };
            with.mandate.clone_from(mandate);
            with.clock = loaded.rules()?.clocks.get(&case.filing.urgency).cloned();
            let (lead, handler) = (unit.clone(), handler.clone());
            kd::Command::Assign { lead, handler, superintendent: None, patron: None, due: None }
        }
        Command::Answer { .. } | Command::HandOver { .. } | Command::Refuse { .. } => {
            kd::Command::Cancel { reason: end_words(case)? }
        }
        // Others still wait for its answer.
        Command::Withdraw { .. } if !case.links.is_empty() || !duty.is_open() => return Ok(()),
        Command::Withdraw { why } => kd::Command::Cancel { reason: why.clone() },
        Command::Link { to, why } => kd::Command::Merge { into: *to, reason: why.clone() },
        Command::Contact { reached: true, note, .. } if matches!(duty.state, State::Accepted { .. }) => {
            kd::Command::Start { note: note.clone() }
        }
        Command::Reply { outcome, public, planned, legal, .. } => kd::Command::Submit {
            outcome: *outcome,
            reply: public.clone(),
            planned: *planned,
            legal: legal.clone(),
        },
        Command::Audit { passed: false, defects } => kd::Command::Reject { defects: defects.clone() },
        Command::CallBack { .. } => match verdict(case, &duty)? {
            Some(verify) => verify,
            None => return Ok(()),
        },
        Command::Object { upheld: true, ground } => {
            kd::Command::Resume { trigger: kd::ResumeTrigger::Objection, note: ground.clone() }
        }
        Command::Reopen { why, note } => return reopen(op, case, duty, *why, note),
        Command::LookBack { solved, note } => return look_back(op, duty, *solved, note),
        _ => return Ok(()),
    };
    duty::act::perform_unjudged(op, duty, &command, &with).map(|_| ())
}

/// Why a duty was cancelled, in the words of the case's end.
fn end_words(case: &Case) -> Outcome<Remark> {
    let words = match &case.end {
        Some(End::Answered { .. }) => "咨询已当场答复",
        Some(End::HandedOver { line, .. }) => line.say(Lang::Zh),
        Some(End::Refused { ground, .. }) => ground.say(Lang::Zh),
        _ => "诉求人撤回",
    };
    remark(words)
}

/// The duty's verification that follows from a call: once reached, or once given up.
fn verdict(case: &Case, duty: &Duty) -> Outcome<Option<kd::Command>> {
    if !matches!(duty.state, State::Submitted { .. }) {
        return Ok(None);
    }
    let solved = match case.reached() {
        Some(call) => call.solved.unwrap_or(Solved::NotAsked),
        None if case.gave_up() => Solved::Unreached,
        None => return Ok(None),
    };
    let note = remark(&format!("回访：{}", solved.say(Lang::Zh)))?;
    Ok(Some(kd::Command::Verify { kind: VerificationKind::CallBack, solved, note }))
}

/// What was said last, as the duty's verification before it is closed.
pub(super) fn settle(op: &mut Op<'_, '_>, case: &Case, duty: Duty) -> Outcome<Duty> {
    if !matches!(duty.state, State::Submitted { .. }) {
        return Ok(duty);
    }
    let said = case.mark().map(|mark| mark.solved).or_else(|| store::result(case, &duty).0);
    let solved = said.unwrap_or(Solved::NotAsked);
    let kind = if case.rating().is_some() {
        VerificationKind::PetitionerConfirm
    } else {
        VerificationKind::CallBack
    };
    let note = remark(&format!("诉求人评价：{}", solved.say(Lang::Zh)))?;
    duty::act::perform_unjudged(op, duty, &kd::Command::Verify { kind, solved, note }, &follows())
}

fn reopen(op: &mut Op<'_, '_>, case: &Case, duty: Duty, why: ReopenReason, note: &Remark) -> Outcome<()> {
    let duty = settle(op, case, duty)?;
    let duty = match duty.state {
        State::Verified { .. } => duty::act::perform_unjudged(op, duty, &kd::Command::Close, &follows())?,
        _ => duty,
    };
    let again = kd::Command::Reopen { why, note: note.clone(), due: None };
    duty::act::perform_unjudged(op, duty, &again, &follows()).map(|_| ())
}

fn look_back(op: &mut Op<'_, '_>, duty: Duty, solved: Solved, note: &Remark) -> Outcome<()> {
    let look = kd::Command::Verify { kind: VerificationKind::LookBack, solved, note: note.clone() };
    let duty = duty::act::perform_unjudged(op, duty, &look, &follows())?;
    if solved != Solved::No {
        return Ok(());
    }
    let again = kd::Command::Reopen { why: ReopenReason::LookBackFailed, note: note.clone(), due: None };
    duty::act::perform_unjudged(op, duty, &again, &follows()).map(|_| ())
}

/// What an act means for the case at the other end of a link.
fn on_links(
    op: &mut Op<'_, '_>,
    case: &Case,
    parent: Option<CaseId>,
    command: &Command,
    loaded: &Loaded,
) -> Outcome<()> {
    match (command, parent) {
        (Command::Link { to, .. }, _) => with_other(op, *to, &Event::Gathered { case: case.id }),
        (Command::Withdraw { .. }, Some(parent)) => {
            with_other(op, parent, &Event::Released { case: case.id })
        }
        (Command::Unlink { why }, Some(parent)) => intake::stand_alone(op, case, parent, why, loaded),
        _ => Ok(()),
    }
}

/// Records one event on another case and saves it.
pub(super) fn with_other(op: &mut Op<'_, '_>, id: CaseId, event: &Event) -> Outcome<()> {
    let (mut other, duty) = super::load(op, id, super::action_of(Act::Link))?;
    let loaded = Loaded::new(op, &other, &duty, None)?;
    let from = other.rev;
    note(op, &mut other, event, &loaded.secrets.sig)?;
    save(op, &other, &duty, &loaded, from)
}

/// A new classification may change the exact place and what counts as the same words.
fn rekey(op: &mut Op<'_, '_>, case: &Case, command: &Command) -> Outcome<()> {
    let Command::Classify { .. } = command else { return Ok(()) };
    let spot = Loaded::spot(case);
    let sig = crate::model::signature_of(&case.filing);
    store::replace_keys(op.tx, op.district(), case.id, spot.as_deref(), &sig)
}

/// Words of the petitioner that somebody must answer reach the desk; everything else is a list.
fn tell(op: &mut Op<'_, '_>, case: &Case, command: &Command, loaded: &Loaded) -> Outcome<()> {
    let Command::Message { kind, .. } = command else { return Ok(()) };
    if *kind == MessageKind::More {
        return Ok(());
    }
    let Some(desk) = crate::facts::desk(&loaded.book) else { return Ok(()) };
    let post: PostCode = desk.code.clone();
    let words = Words::new(
        format!("{}：{}", case.no, kind.say(Lang::Zh)),
        format!("{}: {}", case.no, kind.say(Lang::En)),
    );
    let (subject, link) = (case.id.to_string(), format!("/c/{}", case.id));
    let stage = format!("said:{}:{}", kind.code(), case.rev);
    let notice = Notice { post: post.as_str(), subject: &subject, stage: &stage, words: &words, link: &link };
    op.notify(&notice).map(|_| ())
}
