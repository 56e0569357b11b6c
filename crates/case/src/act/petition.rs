//! The petitioner: number and query code open one case and nothing else.
//!
//! A wrong code and an unknown number get the same answer after the same work, so that trying tells nothing. [`ask`]
//! counts failures by number and by address and makes whoever tries wait.

use super::{action_of, load, perform_unjudged};
use crate::facts::Loaded;
use crate::model::{Act, Case, CaseId, End, Track, TrackReply, secret_of};
use crate::refusal::CaseRefusal as No;
use crate::rules::{self, Command};
use crate::store;
use base::core::App;
use base::limits::{self, Tried, TryPolicy};
use base::op::{Op, Who};
use base::{Fault, Outcome};
use kernel::cases::Channel;
use kernel::duty::{Duty, Held, State};
use kernel::playbook::Playbook;
use kernel::{DutyId, Instant, Lang, UnitCode, Words};
use std::net::IpAddr;

/// Finds the case that number and code open; a read, so that the page of a petitioner waits for no writer.
pub(super) fn authenticate(op: &mut Op<'_, '_>, no: &str, code: &str) -> Outcome<CaseId> {
    let no = no.trim();
    let own = op.district().to_string();
    let head = no.get(..6).filter(|head| head.bytes().all(|b| b.is_ascii_digit()));
    if head.is_some_and(|head| head != own) && no.get(6..7) == Some("-") {
        return Err(No::OtherDistrict { given: kernel::refusal::clip(no) }.into());
    }
    let found = store::by_number(op.tx, op.district(), no)?;
    // The same hash is made for a number that does not exist, over an id that nobody has.
    let nobody = DutyId::parse("id", "00000000-0000-0000-0000-000000000000")?;
    let (id, kept): (CaseId, Vec<u8>) = found.unwrap_or((nobody, Vec::new()));
    let given = secret_of(op.core(), op.district(), id, code);
    let kept = if kept.is_empty() { vec![0; given.len()] } else { kept };
    if !base::same(&base::hex(&given), &base::hex(&kept)) {
        return Err(No::NoSuchNumber {}.into());
    }
    Ok(id)
}

/// The petitioner's page, within one transaction and without throttling: [`ask`] is for strangers.
///
/// # Errors
/// [`No::OtherDistrict`] for a number that names another district; [`No::NoSuchNumber`] for every other mismatch.
pub fn track(op: &mut Op<'_, '_>, no: &str, code: &str) -> Outcome<Track> {
    let id = authenticate(op, no, code)?;
    let duty = duty::store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
    let case = store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
    show(op, &case, &duty)
}

/// The petitioner's page for whoever comes from `address`: wrong tries are counted, and after a few the next has to wait.
///
/// # Errors
/// As [`track`], and “too often” with the seconds to wait.
pub async fn ask(app: &App, who: &Who, no: &str, code: &str, address: Option<IpAddr>) -> Outcome<Track> {
    let (number, code) = (no.to_owned(), code.to_owned());
    let whom = tried(no, address);
    let tries = whom.clone();
    let found = app
        .read(who, move |op| {
            limits::may_try(op.tx, op.district(), &tries, op.now())?;
            track(op, &number, &code)
        })
        .await;
    missed(app, who, whom, found).await
}

/// What the petitioner does: rates, withdraws, says more. Throttled like [`ask`].
///
/// # Errors
/// As [`ask`]; when the command is not the petitioner's; what the rules refuse.
pub async fn petition(
    app: &App,
    who: &Who,
    no: &str,
    code: &str,
    command: Command,
    address: Option<IpAddr>,
) -> Outcome<Track> {
    let (number, code) = (no.to_owned(), code.to_owned());
    let whom = tried(no, address);
    let tries = whom.clone();
    let found = app
        .write(who, move |op| {
            limits::may_try(op.tx, op.district(), &tries, op.now())?;
            act(op, &number, &code, &command)
        })
        .await;
    missed(app, who, whom, found).await
}

/// The petitioner's act within one transaction.
///
/// # Errors
/// As [`petition`], without throttling.
pub fn act(op: &mut Op<'_, '_>, no: &str, code: &str, command: &Command) -> Outcome<Track> {
    let id = authenticate(op, no, code)?;
    let (case, duty) = load(op, id, action_of(command.act()))?;
    let own = matches!(command.act(), Act::Rate | Act::Withdraw | Act::Message);
    if !own {
        let stage = rules::stage(&case, &duty);
        return Err(No::WrongStage { act: command.act(), stage }.into());
    }
    let case = perform_unjudged(op, case, duty, command, None)?;
    let duty = duty::store::find(op.tx, op.district(), case.id)?.ok_or_else(|| store::absent(case.id))?;
    show(op, &case, &duty)
}

/// Whose tries are counted: the number's and the address's.
fn tried(no: &str, address: Option<IpAddr>) -> Vec<Tried> {
    let mut whom = vec![Tried::login(&format!("case:{}", no.trim()))];
    whom.extend(address.map(Tried::address));
    whom
}

/// Counts a miss in a transaction of its own: the one that found it is undone.
async fn missed<T>(app: &App, who: &Who, whom: Vec<Tried>, found: Outcome<T>) -> Outcome<T> {
    let wrong = matches!(&found, Err(Fault::Refused(refused)) if refused.code() == "case.no_such_number");
    if wrong {
        let policy = TryPolicy::of(&app.config.security);
        app.write(who, move |op| limits::failed(op.tx, op.district(), &whom, policy, op.now())).await?;
    }
    found
}

fn show(op: &mut Op<'_, '_>, case: &Case, duty: &Duty) -> Outcome<Track> {
    let book = op.core().book(op.district(), op.today())?;
    let (leading, leading_duty) = handled(op, case, duty)?;
    let open = leading_duty.is_open() && case.end.is_none();
    let promise = if open { Some(super::intake::promise(op, &book, &leading, &leading_duty)?) } else { None };
    let loaded = Loaded::new(op, case, duty, None)?;
    let context = loaded.context(op, None)?;
    let may = |act: &&Act| rules::open(**act, case, duty, &context).is_ok();
    let can = [Act::Rate, Act::Message, Act::Withdraw].iter().filter(may).copied().collect();
    let deferred = match &leading_duty.state {
        State::Suspended { reason, review, .. } => {
            Some((Words::new(reason.say(Lang::Zh), reason.say(Lang::En)), *review))
        }
        _ => None,
    };
    let unit = leading_duty.lead.as_ref().map(|unit| name(&book, unit));
    let stage = if case.parent.is_some() && case.end.is_none() {
        rules::stage(&leading, &leading_duty)
    } else {
        rules::stage(case, duty)
    };
    Ok(Track {
        case: case.id,
        no: case.no.clone(),
        title: case.filing.title.to_string(),
        text: case.filing.text.to_string(),
        received_at: case.received_at,
        stage,
        together: case.parent.is_some(),
        promise,
        deferred,
        story: story(&book, case, &leading_duty),
        replies: case
            .replies
            .iter()
            .map(|reply| TrackReply {
                outcome: reply.outcome,
                text: reply.public.clone(),
                unit: unit.clone(),
                at: reply.at,
                round: reply.round,
            })
            .collect(),
        end: case.end.as_ref().map(end_words),
        rating: case.ratings.last().map(|rating| (rating.solved, rating.grade, rating.at)),
        messages: case.messages.iter().map(|m| (m.kind, m.text.to_string(), m.at)).collect(),
        can,
        reveals: case.reveals,
        rev: case.rev,
    })
}

/// The case that is handled: itself, or the one that it was linked to, and so on.
fn handled(op: &mut Op<'_, '_>, case: &Case, duty: &Duty) -> Outcome<(Case, Duty)> {
    let (mut case, mut duty) = (case.clone(), duty.clone());
    // Chains are short: only a case that stands by itself takes others in, and an unlinked one adds a step.
    for _ in 0..8 {
        let Some(parent) = case.parent else { break };
        let next =
            (store::find(op.tx, op.district(), parent)?, duty::store::find(op.tx, op.district(), parent)?);
        let (Some(found), Some(found_duty)) = next else { break };
        (case, duty) = (found, found_duty);
    }
    Ok((case, duty))
}

fn name(book: &Playbook, unit: &UnitCode) -> Words {
    book.unit(unit).map_or_else(|| Words::new(unit.as_str(), unit.as_str()), |found| found.name.clone())
}

/// What happened, in words without persons: who held it and what for, contacts, replies, ratings.
fn story(book: &Playbook, case: &Case, duty: &Duty) -> Vec<(Instant, Words)> {
    let say = |channel: Channel| {
        Words::new(
            format!("已受理（{}）", channel.say(Lang::Zh)),
            format!("received by {}", channel.say(Lang::En)),
        )
    };
    let held = |held: &Held| {
        let unit = name(book, &held.hold.unit);
        let why = held.hold.why;
        let words = Words::new(
            format!("{}：{}", unit.zh, why.say(Lang::Zh)),
            format!("{}: {}", unit.get(Lang::En), why.say(Lang::En)),
        );
        (held.from, words)
    };
    let mut out = vec![(case.received_at, say(case.filing.channel))];
    out.extend(duty.past.iter().chain(Some(&duty.holder).filter(|_| duty.is_open())).map(held));
    out.extend(case.contacts.iter().filter(|c| c.reached).map(|contact| {
        let way = contact.way;
        (
            contact.at,
            Words::new(
                format!("承办单位已联系您（{}）", way.say(Lang::Zh)),
                format!("the unit spoke to you ({})", way.say(Lang::En)),
            ),
        )
    }));
    out.extend(case.replies.iter().map(|reply| {
        let class = reply.outcome;
        (
            reply.at,
            Words::new(
                format!("已答复：{}", class.say(Lang::Zh)),
                format!("answered: {}", class.say(Lang::En)),
            ),
        )
    }));
    out.extend(case.ratings.iter().map(|rating| {
        let grade = rating.grade;
        (
            rating.at,
            Words::new(
                format!("您评价：{}", grade.say(Lang::Zh)),
                format!("you rated: {}", grade.say(Lang::En)),
            ),
        )
    }));
    out.sort_by_key(|(at, _)| *at);
    out
}

/// How a case left the road, in words for the petitioner.
fn end_words(end: &End) -> Words {
    match end {
        End::Answered { text, .. } => Words::new(text.as_str(), text.as_str()),
        End::HandedOver { line, .. } => Words::new(
            format!("已转{}处置，紧急情况请直接拨打", line.say(Lang::Zh)),
            format!("Handed to {}; in an emergency call it yourself", line.say(Lang::En)),
        ),
        End::Refused { ground, reason, route, .. } => Words::new(
            format!("不予受理（{}）：{reason}。其他途径：{route}", ground.say(Lang::Zh)),
            format!("Not accepted ({}): {reason}. Other route: {route}", ground.say(Lang::En)),
        ),
        End::Withdrawn { .. } => Words::new("您已撤回", "You withdrew it"),
    }
}
