//! The records of a case: clocks in words, who held it, links, what passed between the two sides, judgements, ledger.

use super::detail_view::{View, linked};
use crate::model::{Case, Mark};
use base::web::ui::card::Card;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::story::{Event, Held, Holders, holder_bar, timeline};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use kernel::clock::StoryState;
use kernel::duty::Solved;

/// Each limit of the clock with its reckoning.
pub(in crate::web) fn clocks(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let lang = v.look.lang();
    let running = v.seen.duty.clock.as_ref().and_then(|clock| {
        let (code, version) = clock.rule();
        let rule = v.look.book.clock_version(code.as_str(), version)?;
        Some((rule, clock.explain(rule, v.look.cal, v.look.now)))
    });
    let body = html! {
        @match &running {
            Some((rule, stories)) => {
                @for story in stories {
                    @let (key, bad) = state_of(story.state);
                    details.ck open[matches!(story.state, StoryState::Running | StoryState::Overdue)] {
                        summary {
                            b { (t.words(&story.title)) } " "
                            span class=[bad.then_some("c-r")] { (t.s(key)) }
                            @if let Some(due) = story.due { " · " (v.look.moment(due)) }
                        }
                        p { (t.words(&story.text)) }
                    }
                }
                p.muted.xs { (rule.title.get(lang)) " · " (rule.version) }
            }
            None => p.muted { (t.s("desk.clocks.none")) },
        }
    };
    Card::new(t.s("desk.clocks.title")).id("clocks").body(body).into()
}

fn state_of(state: StoryState) -> (&'static str, bool) {
    match state {
        StoryState::Waiting => ("desk.clocks.waiting", false),
        StoryState::Running => ("desk.clocks.running", false),
        StoryState::Overdue => ("desk.clocks.overdue", true),
        StoryState::Paused => ("desk.clocks.paused", false),
        StoryState::Frozen => ("desk.clocks.frozen", false),
        StoryState::Met => ("desk.clocks.met", false),
        StoryState::Late => ("desk.clocks.late", true),
    }
}

/// Whose hands it was in, and for how long.
pub(in crate::web) fn holders(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let shares = v.seen.duty.held(v.look.now, v.look.cal);
    let whole: i64 = shares.iter().map(|s| s.natural_minutes).sum();
    let rows: Vec<Vec<Markup>> = shares
        .iter()
        .map(|s| {
            vec![
                html! { (v.look.unit(&s.unit)) },
                html! { (v.look.span(s.natural_minutes)) },
                html! { (v.look.span(s.office_minutes)) },
            ]
        })
        .collect();
    let body = html! {
        @if whole > 0 { (holder_bar(&bar(v, &shares))) }
        (table(&Table {
            caption: t.s("desk.holders.title"),
            cols: vec![Col::text(t.s("word.unit")), Col::number(t.s("desk.holders.natural")), Col::number(t.s("desk.holders.office"))],
            rows,
            tight: true,
            stacked: false,
        }))
    };
    Card::new(t.s("desk.holders.title")).id("holders").class("hd").flush(body).into()
}

fn bar(v: &View<'_>, shares: &[kernel::duty::HeldShare]) -> Holders {
    let spans = || shares.iter().flat_map(|s| &s.spans);
    let (Some(first), Some(last)) = (spans().map(|s| s.from).min(), spans().map(|s| s.until).max()) else {
        return Holders::default();
    };
    let minutes = |at: kernel::Instant| i32::try_from(at.since(first) / 60_000_000).map_or(0.0, f64::from);
    let whole = minutes(last).max(1.0);
    let mut held: Vec<Held> = Vec::new();
    let mut said = Vec::new();
    for (share, n) in shares.iter().zip(0_u8..) {
        said.push(format!("{} {}", v.look.unit(&share.unit), v.look.span(share.natural_minutes)));
        for span in &share.spans {
            held.push(Held {
                name: v.look.unit(&share.unit),
                span: v.look.span(span.natural_minutes),
                from: minutes(span.from) / whole * 100.0,
                to: minutes(span.until) / whole * 100.0,
                series: n % 4,
            });
        }
    }
    held.sort_by(|a, b| a.from.total_cmp(&b.from));
    Holders { held, label: said.join(v.look.t.s("word.comma")), ..Holders::default() }
}

/// Cases that are one matter; each petitioner keeps number, reply and rating.
pub(in crate::web) fn links(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let seen = v.seen;
    if seen.parent.is_none()
        && seen.case.links.is_empty()
        && seen.twin.is_none()
        && seen.case.recurrences.is_empty()
    {
        return html! {};
    }
    let hidden = seen.case.links.len().saturating_sub(seen.linked.len());
    let body = html! {
        @if let Some(parent) = &seen.parent { p { (t.s("desk.links.parent")) } (linked(v, parent)) }
        @if !seen.linked.is_empty() { p { (t.f("desk.links.children", &[("n", &seen.case.links.len())])) } }
        @for row in &seen.linked { (linked(v, row)) }
        @if hidden > 0 { p.muted { (t.f("desk.links.hidden", &[("n", &hidden)])) } }
        @if !seen.case.recurrences.is_empty() { p { (t.f("desk.links.again", &[("n", &seen.case.recurrences.len())])) } }
        @if let Some((row, why)) = &seen.twin {
            p { (t.s("desk.queue.twin")) " " small.muted { (why.join("，")) } }
            (linked(v, row))
        }
    };
    Card::new(t.s("desk.links.title")).id("links").body(body).into()
}

/// Contacts, replies (public and internal), audits, call-backs and ratings, oldest first.
pub(in crate::web) fn exchange(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let mut rows = entries(v);
    rows.sort_by_key(|(at, _)| *at);
    let body = html! {
        @if rows.is_empty() { p.muted { (t.s("desk.exchange.none")) } }
        @for (_, row) in &rows { (row) }
    };
    Card::new(t.s("desk.exchange.title")).id("exchange").body(body).into()
}

fn entry(v: &View<'_>, tone: Tone, at: kernel::Instant, what: &str, who: &str, text: &Markup) -> Markup {
    feedback::note(
        tone,
        html! { b { (what) } " " small.muted { (v.look.moment(at)) " · " (who) } div { (text) } },
    )
}

fn entries(v: &View<'_>) -> Vec<(kernel::Instant, Markup)> {
    let t = v.look.t;
    let (case, lang) = (&v.seen.case, v.look.lang());
    let mut out = Vec::new();
    for c in &case.contacts {
        let what = t.f(
            if c.reached { "desk.exchange.contact" } else { "desk.exchange.tried" },
            &[("way", &c.way.say(lang))],
        );
        let text = html! { (c.note.as_str()) };
        out.push((c.at, entry(v, Tone::Plain, c.at, &what, &v.look.post(&c.by), &text)));
    }
    for r in &case.replies {
        let text = html! {
            (r.public.as_str())
            p.muted.xs { @for element in crate::model::Element::ALL { (mark::checked(r.elements.contains(element), element.say(lang))) " " } }
            @if let Some(internal) = &r.internal { p { (mark::tag(t.s("desk.exchange.internal"))) " " (internal.as_str()) } }
        };
        let what = t.f("desk.exchange.reply", &[("outcome", &r.outcome.say(lang))]);
        out.push((r.at, entry(v, Tone::Plain, r.at, &what, &v.look.post(&r.by), &text)));
    }
    for a in &case.audits {
        let tone = if a.passed { Tone::Good } else { Tone::Bad };
        let what = t.s(if a.passed { "desk.exchange.passed" } else { "desk.exchange.failed" });
        let text =
            html! { @if !a.defects.is_empty() { ul { @for d in &a.defects { li { (d.as_str()) } } } } };
        out.push((a.at, entry(v, tone, a.at, what, &v.look.post(&a.by), &text)));
    }
    for c in &case.call_backs {
        let what = t.s(if c.reached { "desk.exchange.called" } else { "desk.exchange.missed" });
        let text =
            html! { (said(v, c.solved, c.grade)) @if let Some(note) = &c.note { " " (note.as_str()) } };
        out.push((c.at, entry(v, Tone::Plain, c.at, what, &v.look.post(&c.by), &text)));
    }
    for r in &case.ratings {
        let text = html! { (said(v, Some(r.solved), Some(r.grade))) @if let Some(note) = &r.note { " " (note.as_str()) } };
        out.push((
            r.at,
            entry(v, Tone::Plain, r.at, t.s("desk.exchange.rated"), t.s("desk.petitioner"), &text),
        ));
    }
    out
}

fn said(v: &View<'_>, solved: Option<Solved>, grade: Option<kernel::cases::Grade>) -> String {
    let words = [solved.map(|s| s.say(v.look.lang())), grade.map(|g| g.say(v.look.lang()))];
    words.into_iter().flatten().collect::<Vec<_>>().join(v.look.t.s("desk.sep"))
}

/// Deferral, exclusion, marks, look-backs.
pub(in crate::web) fn judgements(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let case = &v.seen.case;
    let empty = case.deferral.is_none()
        && case.exclusion.is_none()
        && case.marks.is_empty()
        && case.look_backs.is_empty();
    if empty {
        return html! {};
    }
    let ruling = |what: &str, r: &crate::model::Ruling| {
        let word = t.s(if r.granted { "desk.judge.yes" } else { "desk.judge.no" });
        entry(
            v,
            Tone::Plain,
            r.at,
            &format!("{what} · {word}"),
            &v.look.post(&r.by),
            &html! { (r.ground.as_str()) },
        )
    };
    let body = html! {
        @if let Some(d) = &case.deferral {
            (ruling(t.s("desk.judge.deferral"), &d.endorsed))
            @if let Some(at) = d.objection { (feedback::note(Tone::Warn, html! { (t.f("desk.judge.objection", &[("at", &v.look.moment(at))])) })) }
        }
        @if let Some(x) = &case.exclusion {
            @let class = v.look.book.case_rules().and_then(|r| r.exclusions.get(&x.class)).map_or(x.class.as_str(), |r| r.name.get(v.look.lang()));
            (entry(v, Tone::Plain, x.at, &t.f("desk.judge.exclusion", &[("class", &class)]), &v.look.post(&x.by), &html! { (x.evidence.as_str()) }))
            @if let Some(r) = &x.decided { (ruling(t.s("desk.judge.panel"), r)) }
            @if let Some(a) = &x.appeal {
                (entry(v, Tone::Plain, a.at, t.s("desk.judge.appeal"), &v.look.post(&a.by), &html! { (a.ground.as_str()) }))
                @if let Some(r) = &a.decided { (ruling(t.s("desk.judge.final"), r)) }
            }
        }
        @for m in &case.marks { (scored(v, case, m)) }
        @for l in &case.look_backs {
            (entry(v, Tone::Plain, l.at, &t.f("desk.judge.look_back", &[("n", &l.day), ("solved", &l.solved.say(v.look.lang()))]), &v.look.post(&l.by), &html! { (l.note.as_str()) }))
        }
    };
    Card::new(t.s("desk.judge.title")).id("judgements").body(body).into()
}

fn scored(v: &View<'_>, case: &Case, m: &Mark) -> Markup {
    let t = v.look.t;
    let yes = |b: Option<bool>| match b {
        Some(true) => t.s("desk.judge.met"),
        Some(false) => t.s("desk.judge.unmet"),
        None => "—",
    };
    let counted = if m.valid && m.excluded.is_none() { "desk.judge.counted" } else { "desk.judge.uncounted" };
    html! {
        p {
            (t.f("desk.judge.mark", &[("round", &m.round), ("month", &m.month), ("unit", &v.look.unit(&m.unit))])) " "
            (t.f("desk.judge.three", &[("response", &yes(m.responded)), ("solved", &m.solved.say(v.look.lang())), ("grade", &m.grade.map_or("—", |g| g.say(v.look.lang())))])) " "
            (mark::tag(t.s(counted)))
            @if m.round == case.round && m.reduced { " " (mark::tag_strong(t.s("desk.judge.reduced"))) }
        }
    }
}

/// Ledger entries of the case and its duty, newest first.
pub(in crate::web) fn ledger(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let events: Vec<Event> = v
        .seen
        .history
        .iter()
        .map(|e| {
            let key = match e.kind.split_once('.') {
                Some(("case", kind)) => format!("desk.event.{kind}"),
                Some((_, kind)) => format!("du.event.{kind}"),
                None => e.kind.clone(),
            };
            let who = kernel::PostCode::parse("actor", &e.actor)
                .map_or_else(|_| e.actor.clone(), |p| v.look.post(&p));
            Event {
                tone: Tone::Plain,
                icon: "check".to_owned(),
                at: v.look.moment(e.at),
                machine: e.at.rfc3339(),
                what: t.f(&key, &[]),
                text: String::new(),
                who,
                hash: Some(base::hex(&e.commitment)),
            }
        })
        .collect();
    let more = html! { a href=(format!("/d/{}", v.seen.case.id)) { (t.s("desk.ledger.duty")) } };
    let mut card = Card::new(t.s("desk.ledger.title")).id("ledger").body(timeline(&events));
    if !v.seen.duties.is_empty() {
        card = card.foot(more);
    }
    card.into()
}
