//! The page of a duty, from top to bottom: what it is, where it stands, whose time it was, which limits run, what
//! happened. The right-hand column holds what proves it.

use super::detail::Seen;
use super::look::{Look, capital, kind_icon};
use super::spans::with_exact;
use super::{acts, side_view, time_view};
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::feedback::past;
use base::web::ui::icon::sized;
use base::web::ui::light::light;
use base::web::ui::list::{Tab, tabs};
use base::web::ui::mark;
use base::web::ui::story::{Step, StepState, stepper};
use base::web::ui::{Markup, html, when};
use kernel::duty::{Duty, Mark, Priority, State};
use kernel::light::Light;
use kernel::{Day, DistrictCode, Instant};

/// What the parts of the page share.
pub(super) struct View<'a> {
    /// How duties look.
    pub(super) look: Look<'a>,
    /// What was loaded.
    pub(super) seen: &'a Seen,
    /// Form token.
    pub(super) csrf: &'a str,
    /// The tenant.
    pub(super) district: DistrictCode,
    /// The past day that is shown.
    pub(super) past: Option<Day>,
    /// History oldest first.
    pub(super) oldest: bool,
}

impl View<'_> {
    /// Its light at the moment shown.
    pub(super) fn light(&self) -> Light {
        self.seen.s.light(self.look.now)
    }
    /// The marks of where its text comes from.
    pub(super) fn marks(&self) -> Markup {
        let t = self.look.t;
        let has = |m| self.seen.duty.marks.contains(&m);
        html! {
            @if has(Mark::Article) { (mark::src(t, None)) }
            @if has(Mark::Simulated) { (mark::sim(t, None)) }
            @if has(Mark::Example) { (mark::example(t, None)) }
        }
    }
}

/// The whole page.
pub(super) fn page(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let tab = |label, href, count| Tab { label, href, count, current: false };
    let n = |n: usize| u64::try_from(n).ok();
    let list = [
        Tab { current: true, ..tab(t.s("du.detail.overview"), "#now", None) },
        tab(t.s("du.detail.evidence"), "#evidence", n(v.seen.duty.evidence.len())),
        tab(t.s("du.detail.ledger"), "#ledger", n(v.seen.history.len())),
    ];
    html! {
        @if let Some(day) = v.past { (past(t, day, &format!("/d/{}", v.seen.duty.id))) }
        (head(v))
        (tabs(t.s("du.detail.facets"), &list))
        (now(v))
        (time_view::holders(v))
        div.g.g84 {
            div.stack {
                (side_view::result(v))
                (time_view::clocks(v))
                (side_view::children(v))
                (time_view::ledger(v))
            }
            div.stack {
                (side_view::facts_card(v))
                (side_view::receipt(v))
                (side_view::evidence(v))
                (side_view::related(v))
            }
        }
        @if v.past.is_none() { (acts::dialogs(v)) }
    }
}

fn head(v: &View<'_>) -> Markup {
    let (t, d) = (v.look.t, &v.seen.duty);
    let urgent = matches!(d.priority, Priority::Top | Priority::Urgent);
    let eyebrow = html! {
        (mark::kind(kind_icon(d.kind.as_str()), &v.look.kind(d.kind.as_str())))
        @if !d.no.is_empty() { span { (d.no) } }
        @if urgent { (mark::tag_strong(d.priority.say(t.lang()))) } @else { (mark::tag(d.priority.say(t.lang()))) }
        @if let Some(place) = &d.place { span { (v.look.unit(place)) } }
        (mark::tag_outline(d.visibility.say(t.lang())))
        @if d.round > 1 { (mark::tag_outline(&t.f("du.detail.round", &[("n", &d.round)]))) }
        (v.marks())
    };
    let acts = html! { @if v.past.is_none() { (acts::buttons(v)) } };
    let title = t.say(d.title.as_str());
    page_head(&PageHead {
        title: &title,
        sub: "",
        eyebrow: Some(eyebrow),
        meta: Some(meta(v)),
        acts: Some(acts),
    })
}

/// The status line: light, due, lead, support, who holds it.
fn meta(v: &View<'_>) -> Markup {
    let (t, d) = (v.look.t, &v.seen.duty);
    let say = light_words(v);
    let held = d.holder.until.unwrap_or(v.look.now).since(d.holder.from) / 60_000_000;
    html! {
        (light(t, v.light(), say.as_deref()))
        @if let Some(due) = v.seen.s.due { span { (t.f("du.detail.due_at", &[("at", &v.look.moment(due))])) } }
        span { (v.look.state(&v.seen.s.state)) }
        @if let Some(lead) = &d.lead { span { (t.s("duty.lead")) " " b { (v.look.unit(lead)) } } }
        @if !d.children.is_empty() { span { (t.f("du.detail.supporters", &[("n", &d.children.len())])) } }
        @if let Some(patron) = &d.patron { span { (t.s("du.detail.patron")) " " b { (v.look.post(patron)) } } }
        @if d.is_open() {
            span { (t.s("du.detail.held_by")) " " b { (v.look.unit(&d.holder.hold.unit)) } " " span.muted { (with_exact(t, &v.look.natural(held), held)) } }
        }
    }
}

/// What the light says beyond its colour.
fn light_words(v: &View<'_>) -> Option<String> {
    let t = v.look.t;
    let s = &v.seen.s;
    match (v.light(), s.due) {
        (Light::Red, Some(due)) => Some(late_words(v.look, due)),
        (Light::Done, _) => Some(v.look.state(&s.state).to_owned()),
        (Light::Grey, _) if matches!(s.state.as_str(), "submitted" | "verified") => {
            Some(t.s("du.detail.clock_frozen").to_owned())
        }
        (Light::Grey, _) => Some(t.s("due.none").to_owned()),
        _ => None,
    }
}

/// `逾期2个工作日`, or 已逾期 on the same day.
pub(super) fn late_words(look: Look<'_>, due: Instant) -> String {
    match look.workdays(due).min(0).saturating_neg() {
        0 => look.t.s("due.overdue").to_owned(),
        n => look.t.f("due.overdue_by", &[("n", &n)]),
    }
}

/// 眼下: the sentence that a rule makes, and the steps.
fn now(v: &View<'_>) -> Markup {
    let t = v.look.t;
    html! {
        section.card.wnow id="now" aria-label=(t.s("du.detail.now")) {
            div.card-body {
                div.hl-k { (sized("target-arrow", 15)) (t.s("du.detail.now")) span.muted { (t.s("du.detail.now_rule")) } }
                p.hl-s { (sentence(v)) }
                div.mt-3 { (stepper(t, t.s("du.detail.steps"), &steps(v))) }
            }
        }
    }
}

fn sentence(v: &View<'_>) -> Markup {
    let (t, d, look) = (v.look.t, &v.seen.duty, v.look);
    let stop = t.s("word.full_stop");
    let gap = t.s("word.gap");
    let held = look.now.since(d.holder.from) / 60_000_000;
    let why = d.holder.hold.why.say(t.lang());
    let unit = look.unit(&d.holder.hold.unit);
    let open = v.seen.children.iter().filter(|child| child.open).count();
    html! {
        @if d.is_open() {
            a href="#holders" { (t.f("du.detail.say_held", &[("unit", &unit), ("why", &why), ("span", &look.natural(held))])) } (stop)
        } @else {
            (t.f("du.detail.say_closed", &[("state", &look.state(&v.seen.s.state)), ("at", &look.moment(d.updated_at))])) (stop)
        }
        (due_sentence(v))
        @if let Some(ask) = pending(v) { (gap) b.c-y { (ask) } (stop) }
        @if !v.seen.children.is_empty() {
            (gap) a href="#children" { (t.f("du.detail.say_children", &[("n", &v.seen.children.len()), ("open", &open)])) } (stop)
        }
        @if d.is_open() && d.rung > 0 { (gap) b.c-r { (t.f("du.detail.say_rung", &[("n", &d.rung)])) } (stop) }
        @if let Some((rung, at)) = v.seen.rung {
            (gap) (t.f("du.detail.say_next_rung", &[("at", &look.moment(at)), ("n", &rung)])) (stop)
        }
        @if let (false, Some(outcome)) = (d.is_open(), &d.outcome) {
            (gap) a href="#result" { (outcome.class.say(t.lang())) }
            @if let Some(solved) = d.solved() { (t.s("word.comma")) (t.f("du.detail.say_solved", &[("word", &solved.say(t.lang()))])) }
            (stop)
        }
    }
}

fn due_sentence(v: &View<'_>) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let stop = t.s("word.full_stop");
    let gap = t.s("word.gap");
    let Some(due) = v.seen.s.due else { return html! {} };
    let at = look.moment(due);
    if look.now <= due {
        let left = look.workdays(due).max(0);
        let words = if due.day() == look.now.day() {
            t.f("du.detail.say_today", &[("at", &at)])
        } else {
            t.f("du.detail.say_left", &[("at", &at), ("n", &left)])
        };
        return html! { (gap) a href="#clocks" { (words) } (stop) };
    }
    let shares = time_view::since(v, due);
    let parts: Vec<String> = shares
        .iter()
        .map(|(unit, minutes)| {
            t.f("du.detail.say_share", &[("unit", unit), ("span", &look.office(*minutes))])
        })
        .collect();
    html! {
        (gap) a href="#clocks" { b.c-r { (late_words(look, due)) } } (t.s("word.comma")) (t.f("du.detail.say_was_due", &[("at", &at)]))
        @if !parts.is_empty() { (t.s("word.comma")) (t.f("du.detail.say_since", &[("parts", &parts.join(t.s("word.list")))])) }
        (stop)
    }
}

/// A request that waits for an answer.
fn pending(v: &View<'_>) -> Option<String> {
    let (t, d, look) = (v.look.t, &v.seen.duty, v.look);
    let day = |day: Day| when::day_near(t.lang(), day, look.now.day());
    if let Some(ask) = &d.extension_ask {
        return Some(t.f("du.detail.wait_extend", &[("to", &day(ask.to))]));
    }
    if let State::SuspendAsked { reason, review, .. } = &d.state {
        return Some(t.f("du.detail.wait_suspend", &[("why", &reason.say(t.lang())), ("to", &day(*review))]));
    }
    if let State::Suspended { reason, review, .. } = &d.state {
        return Some(t.f("du.detail.suspended", &[("why", &reason.say(t.lang())), ("to", &day(*review))]));
    }
    if let Some(offer) = &d.lead_offer {
        return Some(t.f("du.detail.wait_lead", &[("unit", &look.unit(&offer.to))]));
    }
    d.hand_over.as_ref().map(|ask| t.f("du.detail.wait_hand_over", &[("post", &look.post(&ask.to))]))
}

/// The steps of its kind with the moment of each in this round.
fn steps(v: &View<'_>) -> Vec<Step> {
    let (t, d) = (v.look.t, &v.seen.duty);
    let Some(profile) = v.look.book.kind(d.kind.as_str()) else { return Vec::new() };
    // When it last came to a stage, not when it last stirred in it.
    let before = std::iter::once(None).chain(v.seen.history.iter().map(|entry| entry.stage));
    let arrivals: Vec<_> = v.seen.history.iter().zip(before).filter(|(e, last)| e.stage != *last).collect();
    let reached = |stage: u8| {
        let mut here =
            arrivals.iter().filter(|(e, _)| e.stage == Some(stage) && (e.round == d.round || stage <= 3));
        here.next_back().map(|(e, _)| e.stored.at)
    };
    let current = d.state.name().stage();
    let furthest = current.or_else(|| v.seen.history.iter().filter_map(|e| e.stage).max()).unwrap_or(1);
    profile
        .steps(t.lang())
        .into_iter()
        .map(|(stage, name)| {
            let finished = stage == 8 && current == Some(8);
            let state = match stage {
                _ if stage < furthest || finished => done(d, stage),
                _ if Some(stage) == current => StepState::Now,
                _ if stage == furthest => StepState::Done,
                _ => StepState::Next,
            };
            let mut lines: Vec<String> = Vec::new();
            if let Some(at) = reached(stage).filter(|_| stage <= furthest) {
                lines.push(v.look.moment(at));
            }
            if state == StepState::Now
                && v.light() == Light::Red
                && let Some(due) = v.seen.s.due
            {
                lines.push(late_words(v.look, due));
            }
            Step { state, name: capital(&name), lines }
        })
        .collect()
}

fn done(d: &Duty, stage: u8) -> StepState {
    let late = stage == 5 && d.outcome.as_ref().is_some_and(|outcome| outcome.in_time == Some(false));
    if late { StepState::Late } else { StepState::Done }
}
