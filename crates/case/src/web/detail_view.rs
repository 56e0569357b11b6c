//! The page of a case: what stands, what to do next, the words, whose time it was, what was answered.

use super::desk::Look;
use super::detail::Seen;
use super::{detail_acts, detail_side};
use crate::model::{Act, Contact, Stage};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, facts, headline, page_head};
use base::web::ui::due::{Due, Length, chip};
use base::web::ui::icon::sized;
use base::web::ui::list::title_cell;
use base::web::ui::story::{Step, StepState, stepper};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use kernel::Instant;

/// What the page is drawn from.
pub(in crate::web) struct View<'a> {
    /// Words and rules.
    pub(in crate::web) look: Look<'a>,
    /// What was loaded.
    pub(in crate::web) seen: &'a Seen,
    /// Form token.
    pub(in crate::web) csrf: &'a str,
    /// The contact in clear.
    pub(in crate::web) revealed: Option<&'a Contact>,
}

/// The whole page.
pub(in crate::web) fn page(v: &View<'_>) -> Markup {
    html! {
        (head(v))
        (state(v))
        (steps(v))
        div.gd-net {
            div.stack {
                (detail_acts::next(v))
                (words(v))
                (detail_side::exchange(v))
                (detail_side::judgements(v))
                (detail_side::ledger(v))
            }
            div.stack {
                (contact(v))
                (detail_side::clocks(v))
                (detail_side::holders(v))
                (detail_side::links(v))
            }
        }
    }
}

fn head(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let (case, lang) = (&v.seen.case, v.look.lang());
    let due = match v.seen.duty.due().filter(|_| v.seen.duty.is_open()) {
        Some(at) => Due::at(v.look.now, at, v.look.cal.workdays_between(v.look.now.day(), at.day())),
        None => Due::Done(v.seen.stage.say(lang).to_owned()),
    };
    let meta = html! {
        (mark::tag_strong(v.seen.stage.say(lang)))
        (mark::tag(case.filing.urgency.say(lang)))
        @if case.filing.confidential { (mark::tag_strong(t.s("desk.confidential"))) }
        @if case.is_staff() { (mark::tag(t.s("desk.staff"))) }
        @if case.round > 1 { (mark::tag(&t.f("desk.round", &[("n", &case.round)]))) }
        (chip(t, &due, Length::Full))
    };
    let eyebrow = html! {
        (case.no) " · " (case.filing.channel.say(lang)) " · " (case.filing.kind.say(lang)) " · "
        (v.look.category(case.filing.category.as_ref().map(kernel::Slug::as_str)))
    };
    page_head(&PageHead {
        title: case.filing.title.as_str(),
        eyebrow: Some(eyebrow),
        meta: Some(meta),
        acts: Some(detail_acts::buttons(v)),
        ..PageHead::default()
    })
}

/// One sentence by rule: who holds it, since when, what must happen by when.
fn state(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let promise = &v.seen.promise;
    let sentence = html! {
        @if v.seen.duty.is_open() {
            (t.f("desk.head.held", &[("unit", &promise.unit_name.get(v.look.lang())), ("stage", &v.seen.stage.say(v.look.lang())), ("span", &v.look.ago(v.seen.case.received_at))]))
            @if let Some(by) = promise.by { (by_when(v, by)) }
        } @else {
            (t.f("desk.head.ended", &[("stage", &v.seen.stage.say(v.look.lang()))]))
        }
        @if v.seen.case.owed() > 1 { (t.s("word.gap")) (t.f("desk.head.owed", &[("n", &v.seen.case.owed())])) }
    };
    headline(t.s("desk.head.key"), t.s("desk.head.how"), sentence, None)
}

fn by_when(v: &View<'_>, by: Instant) -> Markup {
    let t = v.look.t;
    let late = v.look.now > by;
    let key = if late { "desk.head.late" } else { "desk.head.by" };
    html! { (t.s("word.gap")) a href="#clocks" class=[late.then_some("c-r")] { (t.f(key, &[("at", &v.look.moment(by))])) } }
}

/// The petitioner's five steps.
fn steps(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let case = &v.seen.case;
    let Some(now) = v.seen.stage.step() else { return html! {} };
    let day = |at: Option<Instant>| at.map(|at| v.look.moment(at)).into_iter().collect::<Vec<_>>();
    let replied = case.reply().map(|reply| reply.at);
    let dispatched = v.seen.history.iter().rev().find(|e| e.kind == "case.dispatched").map(|e| e.at);
    let contacted = case.contacts.iter().find(|c| c.reached).map(|c| c.at);
    let rated = case.rating().map(|r| r.at).or_else(|| case.reached().map(|call| call.at));
    let names = [
        (t.s("desk.step.received"), day(Some(case.received_at))),
        (t.s("desk.step.dispatched"), day(dispatched)),
        (t.s("desk.step.handled"), day(contacted)),
        (t.s("desk.step.replied"), day(replied)),
        (t.s("desk.step.rated"), day(rated)),
    ];
    let finished = matches!(v.seen.stage, Stage::Closed | Stage::Archived | Stage::Scored);
    let steps: Vec<Step> = (1_u8..)
        .zip(names)
        .map(|(n, (name, lines))| {
            let state = match n.cmp(&now) {
                std::cmp::Ordering::Less => StepState::Done,
                std::cmp::Ordering::Equal if finished => StepState::Done,
                std::cmp::Ordering::Equal => StepState::Now,
                std::cmp::Ordering::Greater => StepState::Next,
            };
            Step { state, name: name.to_owned(), lines }
        })
        .collect();
    html! { section.card { div.card-body { (stepper(t, t.s("desk.step.label"), &steps)) } } }
}

/// What was asked, with photographs and answers to the category's questions.
fn words(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let case = &v.seen.case;
    let filing = &case.filing;
    let place = filing.place.unit.as_ref().map(|unit| v.look.unit(unit)).unwrap_or_default();
    let address = filing.place.address.as_ref().map(|a| a.as_str().to_owned()).unwrap_or_default();
    let mut pairs = vec![
        (
            t.s("desk.place"),
            html! { (place) " " (address) @if place.is_empty() && address.is_empty() { (t.s("desk.place_unknown")) } },
        ),
        (t.s("desk.received"), html! { (v.look.moment(case.received_at)) }),
        (t.s("desk.registrar"), html! { (v.look.post(&case.registrar)) }),
    ];
    if let Some(wishes) = &filing.wishes {
        pairs.push((t.s("desk.wishes"), html! { (wishes.as_str()) }));
    }
    if let Some(unit) = &filing.against {
        pairs.push((t.s("desk.against"), html! { (v.look.unit(unit)) }));
    }
    let questions = filing.category.as_ref().and_then(|code| v.look.book.category(code.as_str()));
    for (code, answer) in &filing.attributes {
        let name = questions.and_then(|c| c.attributes.iter().find(|a| a.code.as_str() == code));
        let label = name.map_or(code.as_str(), |a| a.name.get(v.look.lang()));
        pairs.push((label, html! { (answer) }));
    }
    let body = html! {
        p.hl-s { (filing.text.as_str()) }
        @if !v.seen.photos.is_empty() {
            div.row-f {
                @for (n, photo) in v.seen.photos.iter().enumerate() {
                    @let href = format!("/c/{}/photo/{}", case.id, photo.id);
                    a href=(href) { img src=(href) width="160" height="120" loading="lazy" alt=(t.f("desk.photo", &[("n", &(n + 1))])); }
                }
            }
        }
        (facts(&pairs))
        @for message in &case.messages {
            (feedback::note(Tone::Plain, html! { b { (message.kind.say(v.look.lang())) " · " (v.look.moment(message.at)) } " " (message.text.as_str()) }))
        }
    };
    Card::new(t.s("desk.words")).id("words").body(body).into()
}

/// The contact: masked, and in clear only as the answer to a reason.
fn contact(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let filing = &v.seen.case.filing;
    let may = v.seen.offers.iter().any(|offer| offer.act == Act::Reveal && offer.blocked.is_none());
    let shown = v.revealed.or(v.seen.contact.as_ref());
    let body = html! {
        @match shown {
            Some(contact) => {
                (facts(&[(t.s("desk.name"), html! { (contact.name) }), (t.s("desk.phone_no"), html! { span.mono { (contact.phone) } }), (t.s("desk.mail"), html! { (contact.email) })]))
                @if v.revealed.is_some() { (feedback::note(Tone::Warn, html! { (t.s("desk.revealed")) })) }
            }
            None if filing.anonymous => p.muted { (t.s("desk.anonymous")) },
            None if filing.confidential => p.muted { (t.s("desk.shielded")) },
            None => p.muted { (t.s("desk.no_contact")) },
        }
        @if may && v.revealed.is_none() {
            (Button::link(t.s("desk.reveal"), &format!("/c/{}/reveal", v.seen.case.id)).small().icon("eye"))
        }
        @if v.seen.case.reveals > 0 { p.muted { (t.f("desk.reveals", &[("n", &v.seen.case.reveals)])) } }
    };
    Card::new(t.s("desk.contact")).id("contact").body(body).into()
}

/// A line of a linked case.
pub(in crate::web) fn linked(v: &View<'_>, row: &crate::model::Summary) -> Markup {
    html! {
        div.row-f { (sized("link", 14)) (title_cell(&format!("/c/{}", row.id), &row.title, &row.no)) (mark::tag(row.stage.say(v.look.lang()))) }
    }
}
