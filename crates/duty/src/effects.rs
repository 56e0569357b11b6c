//! What follows from an act besides the rows: notices to whoever holds the duty next, to the posts that must answer,
//! and to the outside.

use base::Outcome;
use base::notice::Notice;
use base::op::Op;
use kernel::duty::{Duty, Event};
use kernel::playbook::{Playbook, Post};
use kernel::{PostCode, UnitCode, Words};

/// The list that an item of the plan stands on: `137` or `21`.
pub fn list_of(book: &Playbook, duty: &Duty) -> Option<&'static str> {
    if duty.kind.as_str() != "plan_item" {
        return None;
    }
    match book.item(&duty.no)?.list.as_str() {
        "city" => Some("137"),
        _ => Some("21"),
    }
}

/// The post of a unit that gets what is addressed to the unit: its desk, else a handler, else its chief.
pub fn desk<'b>(book: &'b Playbook, unit: &'b UnitCode) -> Option<&'b Post> {
    let by_role = |role| book.org.post_with_role(unit, role);
    by_role("clerk").or_else(|| by_role("handler")).or_else(|| by_role("unit_chief")).or_else(|| {
        let mut posts = book.org.posts_of(unit);
        posts.next()
    })
}

/// Tells the posts that an act concerns, once for each stage.
pub fn tell(
    op: &mut Op<'_, '_>,
    old: Option<&Duty>,
    duty: &Duty,
    events: &[Event],
    book: &Playbook,
) -> Outcome<()> {
    let link = format!("/d/{}", duty.id);
    let subject = duty.id.to_string();
    let held_before = old.map(|d| &d.holder.hold);
    let hold = &duty.holder.hold;
    let own = op.actor().post.clone();
    if duty.is_open() && held_before != Some(hold) {
        let post = hold.post.clone().or_else(|| desk(book, &hold.unit).map(|p| p.code.clone()));
        if let Some(post) = post.filter(|post| *post != own) {
            let stage = format!("held:{}:{}:{}", duty.round, duty.rev, hold.unit);
            let words = held_words(duty);
            give(op, &post, &subject, &stage, &words, &link, exempt(duty, events, book))?;
        }
    }
    for event in events {
        for post in concerned(duty, event, book) {
            if post != own {
                let stage = format!("{}:{}:{}", event.kind(), duty.round, duty.rev);
                let words = event_words(duty, event);
                give(op, &post, &subject, &stage, &words, &link, exempt(duty, events, book))?;
            }
        }
    }
    Ok(())
}

/// Whether it may disturb people in the quiet hours: by the duty's priority, or by the rung of its ladder (D§4.34).
fn exempt(duty: &Duty, events: &[Event], book: &Playbook) -> bool {
    let priority = crate::model::priority_code(duty.priority);
    if book.notices.exempt.iter().any(|code| code.as_str() == priority) {
        return true;
    }
    let rule = duty.clock.as_ref().and_then(|clock| {
        let (code, version) = clock.rule();
        book.clock_version(code.as_str(), version)
    });
    let ladder = rule.and_then(|rule| book.ladder(rule.ladder.as_str()));
    events.iter().any(|event| match (event, ladder) {
        (Event::Escalated { rung, .. }, Some(ladder)) => {
            ladder.rungs.iter().any(|step| step.rung == *rung && step.exempt_quiet)
        }
        _ => false,
    })
}

fn give(
    op: &mut Op<'_, '_>,
    post: &PostCode,
    subject: &str,
    stage: &str,
    words: &Words,
    link: &str,
    exempt: bool,
) -> Outcome<()> {
    let notice = Notice { post: post.as_str(), subject, stage, words, link };
    if op.notify(&notice)? {
        crate::outside::send(op, post, &notice, exempt)?;
    }
    Ok(())
}

/// Posts that must hear of an event although they do not hold the duty.
fn concerned(duty: &Duty, event: &Event, book: &Playbook) -> Vec<PostCode> {
    let watcher = duty.superintendent.clone().unwrap_or_else(|| duty.registrar.clone());
    match event {
        Event::SuspendAsked { .. } | Event::ExtendAsked { .. } | Event::Raised { .. } => vec![watcher],
        Event::Extended { .. }
        | Event::ExtendRefused { .. }
        | Event::SuspendRefused { .. }
        | Event::Suspended { .. }
        | Event::Closed { .. } => duty.handler.clone().into_iter().collect(),
        Event::Urged { .. } => {
            let hold = &duty.holder.hold;
            hold.post.clone().or_else(|| desk(book, &hold.unit).map(|p| p.code.clone())).into_iter().collect()
        }
        Event::Escalated { asked, .. } => asked.clone().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn held_words(duty: &Duty) -> Words {
    let why = duty.holder.hold.why;
    let (zh, en) = (why.say(kernel::Lang::Zh), why.say(kernel::Lang::En));
    Words::new(format!("{zh}：{} {}", duty.no, duty.title), format!("{en}: {} {}", duty.no, duty.title))
}

fn event_words(duty: &Duty, event: &Event) -> Words {
    let zh = event.say(kernel::Lang::Zh);
    let en = event.say(kernel::Lang::En);
    Words::new(format!("{} {}：{zh}", duty.no, duty.title), format!("{} {}: {en}", duty.no, duty.title))
}
