//! Use-cases on duties: load, decide, record — the one road of every act (DESIGN §4).

use crate::effects;
use crate::facts::{Loaded, resource_of};
use crate::model::Summary;
use crate::store::{self, Derived};
use base::journal::Fact;
use base::op::Op;
use base::{Fault, Outcome};
use kernel::access::{Action, Denied, Resource};
use kernel::clock::ClockRule;
use kernel::duty::{Act, Command, Context, Duty, Event, Meta, NewDuty, VERSION, child_forms, decide};
use kernel::playbook::Playbook;
use kernel::{DutyId, Instant, Slug, UnitCode};

/// What comes with a command besides its words.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// The revision that the person saw; a different one now is refused.
    pub expected_rev: Option<u64>,
    /// The entry of the duty lists that is cited for the unit that the command names.
    pub mandate: Option<Slug>,
    /// A number that the plan fixes, in place of the counter's.
    pub number: Option<String>,
    /// The clock rule of a new duty in place of its kind's: urgency decides for requests, the type for whistles.
    pub clock: Option<Slug>,
    /// An id that was promised elsewhere, such as a supporting unit's child.
    pub id: Option<DutyId>,
    /// Follows from another act that was judged: the roles that the kind asks of registrars, assigners, verifiers and
    /// closers are lent, and a withdrawal is done in the registrar's stead.
    pub follows: bool,
    /// The unit on whose behalf it is registered, when that is not the actor's: residents file with the hotline.
    pub behalf: Option<UnitCode>,
    /// Without notices: who works from a queue is not told of each entry (D§15.26).
    pub quiet: bool,
}

/// The act of the policy that a command asks for.
pub fn action_of(act: Act) -> Action {
    match act {
        Act::Draft => Action::DutyPropose,
        Act::Register => Action::DutyRegister,
        Act::Assign | Act::Link => Action::DutyAssign,
        Act::Accept | Act::TakeLead | Act::DeclineLead => Action::DutyAccept,
        Act::Return | Act::OfferLead => Action::DutyReturn,
        Act::Rule => Action::DutyArbitrate,
        Act::Start => Action::DutyStart,
        Act::NoteProgress | Act::Raise => Action::DutyProgress,
        Act::AddSupport => Action::DutySupport,
        Act::AskSuspend => Action::DutyAskSuspend,
        Act::GrantSuspend | Act::RefuseSuspend => Action::DutyGrantSuspend,
        Act::Resume => Action::DutyResume,
        Act::AskExtend => Action::DutyAskExtend,
        Act::GrantExtend | Act::RefuseExtend => Action::DutyGrantExtend,
        Act::AddEvidence => Action::DutyEvidence,
        Act::VerifyEvidence => Action::DutyVerifyEvidence,
        Act::Submit => Action::DutySubmit,
        Act::Reject => Action::DutyReject,
        Act::Verify => Action::DutyVerify,
        Act::Close => Action::DutyClose,
        Act::Archive => Action::DutyArchive,
        Act::Reopen => Action::DutyReopen,
        Act::Split => Action::DutySplit,
        Act::Merge => Action::DutyMerge,
        Act::Cancel => Action::DutyCancel,
        Act::HandOver | Act::TakeOver => Action::DutyHandOver,
        Act::Urge => Action::DutyUrge,
        Act::Escalate => Action::DutyEscalate,
        Act::Recompute => Action::DutyRecompute,
        Act::SetPatron => Action::DutySetPatron,
    }
}

/// A duty as it was saved: with the columns that are not in its body, so that nobody reads the row again for them.
struct Saved {
    duty: Duty,
    derived: Derived,
}

/// Writes a duty down: as a draft, or numbered with its clock running.
pub fn register(op: &mut Op<'_, '_>, command: &Command, with: &With) -> Outcome<Duty> {
    judge_register(op, command)?;
    register_unjudged(op, command, with)
}

/// The same for whoever answers with the duty as lists show it.
pub fn register_seen(op: &mut Op<'_, '_>, command: &Command, with: &With) -> Outcome<Summary> {
    judge_register(op, command)?;
    register_on(op, command, with).map(|saved| Summary::of(&saved.duty, &saved.derived))
}

fn judge_register(op: &Op<'_, '_>, command: &Command) -> Outcome<()> {
    let mut thing = Resource::new().unit(&op.actor().unit);
    // Planners, operators and others may register some kinds only.
    if let Command::Register { form } | Command::Draft { form } = command {
        thing = thing.kind(&form.kind);
    }
    op.judge(action_of(command.act()), &thing)?;
    Ok(())
}

/// Registers what another act has already been allowed to cause: a supporting unit's duty, a part, a plan's line.
pub fn register_unjudged(op: &mut Op<'_, '_>, command: &Command, with: &With) -> Outcome<Duty> {
    register_on(op, command, with).map(|saved| saved.duty)
}

fn register_on(op: &mut Op<'_, '_>, command: &Command, with: &With) -> Outcome<Saved> {
    let (Command::Register { form } | Command::Draft { form }) = command else {
        return Err(Fault::broken("only a draft or a registration makes a duty"));
    };
    let kind = form.kind.clone();
    let loaded = Loaded::new(op, None, &kind, command, with)?;
    let events = decide(None, command, &loaded.context(op.now(), with.expected_rev)?)?;
    apply(op, None, &events, &loaded)
}

/// Does an act on a duty: everything that follows from it is in this transaction.
pub fn perform(op: &mut Op<'_, '_>, id: DutyId, command: &Command, with: &With) -> Outcome<Duty> {
    perform_judged(op, id, command, with).map(|saved| saved.duty)
}

/// The same for whoever answers with the duty as lists show it.
pub fn perform_seen(op: &mut Op<'_, '_>, id: DutyId, command: &Command, with: &With) -> Outcome<Summary> {
    perform_judged(op, id, command, with).map(|saved| Summary::of(&saved.duty, &saved.derived))
}

fn perform_judged(op: &mut Op<'_, '_>, id: DutyId, command: &Command, with: &With) -> Outcome<Saved> {
    let duty = store::locked(op.tx, op.district(), id)?.ok_or_else(|| absent(op, command.act()))?;
    let loaded = Loaded::new(op, Some(&duty), &duty.kind, command, with)?;
    let offered = duty.lead_offer.as_ref().map(|offer| &offer.to);
    let facts = resource_of(&duty, &loaded.handler_line);
    let mut resource = facts;
    if let (Act::TakeLead | Act::DeclineLead, Some(unit)) = (command.act(), offered) {
        resource = resource.lead(unit).unit(unit);
    }
    op.judge(action_of(command.act()), &resource)?;
    perform_on(op, &duty, command, with, &loaded)
}

/// The same for whoever has judged already: jobs and acts that follow from another act.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a duty that was acted on is stale: taking it keeps callers from it"
)]
pub fn perform_unjudged(op: &mut Op<'_, '_>, duty: Duty, command: &Command, with: &With) -> Outcome<Duty> {
    let loaded = Loaded::new(op, Some(&duty), &duty.kind, command, with)?;
    perform_on(op, &duty, command, with, &loaded).map(|saved| saved.duty)
}

fn perform_on(
    op: &mut Op<'_, '_>,
    duty: &Duty,
    command: &Command,
    with: &With,
    loaded: &Loaded,
) -> Outcome<Saved> {
    let events = decide(Some(duty), command, &loaded.context(op.now(), with.expected_rev)?)?;
    apply(op, Some(duty), &events, loaded)
}

/// Records events, saves the row and does what follows: counts, children, notices.
fn apply(op: &mut Op<'_, '_>, old: Option<&Duty>, events: &[Event], loaded: &Loaded) -> Outcome<Saved> {
    let meta = Meta { at: op.now(), actor: op.actor().post.clone() };
    let mut duty = old.cloned();
    for event in events {
        let next = match duty.take() {
            None => Duty::born(event, &meta).map_err(|e| Fault::broken(format!("duty: {e:?}")))?,
            Some(mut duty) => {
                duty.apply(event, &meta);
                duty
            }
        };
        let body = serde_json::to_string(event)?;
        let subject = next.id.to_string();
        op.record(Fact {
            subject_kind: "duty",
            subject: &subject,
            rev: next.rev,
            kind: event.kind(),
            version: VERSION,
            body: &body,
        })?;
        duty = Some(next);
    }
    let Some(duty) = duty else { return Err(Fault::broken("an act caused no event and there was no duty")) };
    let derived = derive(&duty, &loaded.book, loaded.rule(&duty), loaded);
    if events.is_empty() {
        return Ok(Saved { duty, derived });
    }
    match old {
        None => store::insert(op.tx, op.district(), &duty, &derived)?,
        Some(old) => store::update(op.tx, op.district(), &duty, &derived, old.rev)?,
    }
    count(op, old, &duty)?;
    for event in events {
        let lead = match event {
            Event::SupportAdded { unit, .. } => Some(unit.clone()),
            _ => None,
        };
        for (id, form) in child_forms(&duty, event) {
            let clock = duty.clock.as_ref().map(|clock| clock.rule().0.clone());
            let (mandate, quiet) = (loaded.cited(), loaded.quiet);
            let with = With { id: Some(id), follows: true, clock, quiet, mandate, ..With::default() };
            bear(op, form, lead.clone(), with)?;
        }
    }
    if !loaded.quiet {
        effects::tell(op, old, &duty, events, &loaded.book)?;
    }
    crate::follow::tell(op, old, &duty, events)?;
    Ok(Saved { duty, derived })
}

/// A supporting unit's duty or a part of a split: registered and, when it names a unit, given to it at once.
///
/// A part runs under its parent's rule: an urgent request's support is as urgent. The entry that was cited for the
/// supporting unit goes into its assignment, and who is not told of the parent's act is not told of this one.
fn bear(op: &mut Op<'_, '_>, form: NewDuty, lead: Option<UnitCode>, with: With) -> Outcome<()> {
    let due = form.planned_due;
    let born = register_unjudged(op, &Command::Register { form: Box::new(form) }, &with)?;
    let Some(lead) = lead else { return Ok(()) };
    let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due };
    let given = With { follows: true, mandate: with.mandate, quiet: with.quiet, ..With::default() };
    perform_unjudged(op, born, &assign, &given).map(|_| ())
}

/// The columns that need the playbook and the calendar.
pub(crate) fn derive(duty: &Duty, book: &Playbook, rule: Option<&ClockRule>, loaded: &Loaded) -> Derived {
    let list = effects::list_of(book, duty);
    let (Some(rule), Some(clock), true) = (rule, &duty.clock, duty.is_open()) else {
        return Derived { list, ..Derived::default() };
    };
    let warn_at = clock.warn_at(rule, &loaded.calendar);
    let rung_at = next_rung(duty, book, rule, loaded);
    Derived { warn_at, rung_at, list }
}

/// When the next rung is climbed: counted from what the holder must meet, so nothing open is skipped, whether a
/// person, a post or only a unit holds it (PEERS G5).
fn next_rung(duty: &Duty, book: &Playbook, rule: &ClockRule, loaded: &Loaded) -> Option<Instant> {
    let due = duty.due()?;
    let ladder = book.ladder(rule.ladder.as_str())?;
    let rung = ladder.rungs.get(usize::from(duty.rung))?;
    Some(kernel::clock::due_at(due, rung.after, &loaded.calendar))
}

/// Keeps the counts of open duties by holding unit and due day.
fn count(op: &mut Op<'_, '_>, old: Option<&Duty>, new: &Duty) -> Outcome<()> {
    let before = old.filter(|d| d.is_open()).map(|d| (d.holder.hold.unit.clone(), due_day(d)));
    let after = new.is_open().then(|| (new.holder.hold.unit.clone(), due_day(new)));
    if before == after {
        return Ok(());
    }
    if let Some((unit, day)) = before {
        op.tally("due", unit.as_str(), day, -1)?;
    }
    if let Some((unit, day)) = after {
        op.tally("due", unit.as_str(), day, 1)?;
    }
    Ok(())
}

/// Bucket of duties without a due moment.
pub const NO_DAY: i64 = 99_999_999;

fn due_day(duty: &Duty) -> i64 {
    duty.due().map_or(NO_DAY, |due| i64::from(due.day().number()))
}

/// What can be done to a duty by this post now, and why not the rest.
pub fn offers(op: &mut Op<'_, '_>, duty: &Duty) -> Outcome<Vec<kernel::duty::Offer>> {
    let loaded = Loaded::new(op, Some(duty), &duty.kind, &Command::Recompute, &With::default())?;
    let context: Context<'_> = loaded.context(op.now(), None)?;
    let mut offers = kernel::duty::actions(Some(duty), &context);
    let resource = resource_of(duty, &loaded.handler_line);
    // The policy has the last word: what it forbids is not offered at all.
    offers.retain(|offer| {
        let mut thing = resource;
        if let (Act::TakeLead | Act::DeclineLead, Some(ask)) = (offer.act, &duty.lead_offer) {
            thing = thing.lead(&ask.to).unit(&ask.to);
        }
        op.judge(action_of(offer.act), &thing).is_ok()
    });
    Ok(offers)
}

/// A duty for reading, when the post may see it.
pub fn read(op: &mut Op<'_, '_>, id: DutyId) -> Outcome<Duty> {
    let duty =
        store::find(op.tx, op.district(), id)?.ok_or_else(|| Denied::absent(op.actor(), Action::DutyRead))?;
    let line = crate::facts::handler_line(&*op.core().book(op.district(), op.today())?, &duty);
    let resource = resource_of(&duty, &line);
    let supports: Vec<_> = duty.children.iter().map(|child| child.unit.clone()).collect();
    let resource = resource.support(&supports);
    op.judge(Action::DutyRead, &resource)?;
    Ok(duty)
}

/// The answer about a duty that does not exist: the very one that somebody outside its scope gets.
fn absent(op: &Op<'_, '_>, act: Act) -> Denied {
    Denied::absent(op.actor(), action_of(act))
}
