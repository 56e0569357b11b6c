//! Who hears of an act: duty officers when they are called, whoever must answer next, and nobody twice (D§15.26).

use super::event::Event;
use super::model::Whistle;
use super::vocab::{MissKind, Outcome as Ruled, Sheet, Side};
use base::Outcome;
use base::notice::Notice;
use base::op::Op;
use duty::effects::desk;
use kernel::playbook::Playbook;
use kernel::{Day, Lang, PostCode, Slug, UnitCode, Words};
use std::collections::BTreeSet;

/// Whether notices of a type may disturb people in the quiet hours: when a rung of the ladder of its clock may (D§4.34).
pub(super) fn exempt(book: &Playbook, kind: Option<&Slug>, day: Day) -> bool {
    let kind = kind.and_then(|kind| book.whistle(kind.as_str()));
    let rule = kind.and_then(|kind| book.clock(kind.clock.as_str(), day));
    let ladder = rule.and_then(|rule| book.ladder(rule.ladder.as_str()));
    ladder.is_some_and(|ladder| ladder.rungs.iter().any(|rung| rung.exempt_quiet))
}

/// Tells everybody whom the events concern.
pub(super) fn tell(op: &mut Op<'_, '_>, w: &Whistle, events: &[Event], book: &Playbook) -> Outcome<()> {
    let exempt = exempt(book, w.kind.as_ref(), op.today());
    let link = format!("/w/{}", w.id);
    let subject = super::event::subject(w.id);
    let own = op.actor().post.clone();
    let names = |lang: Lang| {
        move |code: &str| {
            PostCode::parse("post", code).ok().filter(|post| book.post(post).is_some()).map_or_else(
                || {
                    UnitCode::parse("unit", code)
                        .map_or_else(|_| code.to_owned(), |u| org::names::unit(book, &u, lang))
                },
                |post| org::names::unit_and_post(book, &post, lang),
            )
        }
    };
    for event in events {
        let words = |lang: Lang| {
            let stop = lang.pick("：", ": ");
            format!("{} {}{stop}{} {}", w.no, w.title, event.title(lang), event.say_with(lang, &names(lang)))
        };
        let words = Words::new(clipped(&words(Lang::Zh)), clipped(&words(Lang::En)));
        for post in audience(w, event, book).into_iter().filter(|post| *post != own) {
            let stage = format!("{}:{}", event.kind(), w.rev);
            let notice =
                Notice { post: post.as_str(), subject: &subject, stage: &stage, words: &words, link: &link };
            if op.notify(&notice)? {
                duty::outside::send(op, &post, &notice, exempt)?;
            }
        }
    }
    Ok(())
}

fn clipped(text: &str) -> String {
    text.chars().take(240).collect()
}

fn with_role(book: &Playbook, unit: &UnitCode, role: &str) -> Option<PostCode> {
    book.org.post_with_role(unit, role).map(|post| post.code.clone())
}

/// Whoever answers for a department at any hour: its duty officers and its desk.
fn on_duty(book: &Playbook, unit: &UnitCode) -> Vec<PostCode> {
    let officers = book.org.posts_of(unit).filter(|p| p.has_role("duty_officer"));
    let mut posts: Vec<PostCode> = officers.map(|post| post.code.clone()).collect();
    posts.extend(desk(book, unit).map(|post| post.code.clone()));
    posts
}

/// The posts that an event concerns.
fn audience(w: &Whistle, event: &Event, book: &Playbook) -> BTreeSet<PostCode> {
    let street = || with_role(book, &w.street, "street_secretary").into_iter();
    let community = || with_role(book, &w.place, "community_secretary").into_iter();
    let chief = |unit: &UnitCode| with_role(book, unit, "unit_chief").into_iter();
    let organisation =
        || book.org.posts_with_role("organisation").map(|post| post.code.clone()).collect::<Vec<_>>();
    let raiser = || std::iter::once(w.raised.by.clone());
    match event {
        Event::Raised { .. } => street().chain(community()).collect(),
        Event::Called { call, .. } => on_duty(book, &call.unit).into_iter().collect(),
        Event::Disputed { .. } => street().chain(organisation()).collect(),
        Event::Ruled { unit, outcome, to, .. } => {
            let new = if *outcome == Ruled::Move { on_duty(book, to) } else { Vec::new() };
            street().chain(on_duty(book, unit)).chain(new).collect()
        }
        Event::Moved { to, .. } => street().chain(on_duty(book, to)).collect(),
        Event::Planned { .. } => w.active().flat_map(|call| on_duty(book, &call.unit)).collect(),
        Event::Done { .. } if w.checking.is_some() => street().chain(community()).collect(),
        Event::Acked { .. } | Event::Mustered { .. } | Event::Watched { .. } | Event::Done { .. } => {
            street().collect()
        }
        Event::Released { unit, .. } => on_duty(book, unit).into_iter().collect(),
        Event::Missed { unit, kind, .. } => {
            // Who did not come is told at the desk and at the head; the street knows to call again.
            let again = if *kind == MissKind::NoShow { on_duty(book, unit) } else { Vec::new() };
            street().chain(chief(unit)).chain(again).collect()
        }
        Event::Escalated { unit, leader, .. } => leader.iter().cloned().chain(chief(unit)).collect(),
        Event::Listed { unit } => {
            let leader = w.escalation.iter().filter_map(|escalation| escalation.leader.clone());
            leader.chain(chief(unit)).chain(street()).collect()
        }
        Event::Confirmed { side: Side::Street, .. } if !w.is_confirmed() => {
            community().chain(raiser()).collect()
        }
        Event::Confirmed { side: Side::Resident, .. } if !w.is_confirmed() => street().collect(),
        Event::Confirmed { .. } => {
            let heads = w.active().flat_map(|call| chief(&call.unit));
            street().chain(heads).chain(raiser()).collect()
        }
        Event::NotDone { units, .. } => units.iter().flat_map(|unit| on_duty(book, unit)).collect(),
        Event::Scored { unit, sheet, .. } | Event::Settled { unit, sheet, .. } => match sheet {
            Sheet::Department => chief(unit).collect(),
            Sheet::Street => street().collect(),
        },
        Event::Contested { .. } => organisation().into_iter().collect(),
        Event::SolvedLocally { .. } | Event::Cancelled { .. } => {
            let called = w.calls.iter().flat_map(|call| on_duty(book, &call.unit));
            raiser().chain(called).collect()
        }
        Event::Sounded { .. } | Event::Closed {} => raiser().collect(),
    }
}
