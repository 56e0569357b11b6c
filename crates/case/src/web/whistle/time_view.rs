//! Whose time it was, who came, which limits run, what happened.

use super::detail::{Entry, What};
use super::detail_view::{View, card, told};
use super::look::share;
use crate::whistle::event::Event;
use crate::whistle::model::Call;
use crate::whistle::vocab::MissKind;
use base::web::ui::card::Card;
use base::web::ui::icon::sized;
use base::web::ui::light::shape;
use base::web::ui::list::{Seg, segments};
use base::web::ui::mark;
use base::web::ui::story::{Held, Holders, holder_bar};
use base::web::ui::{Markup, Tone, html, when};
use kernel::Instant;
use kernel::duty::{HeldShare, StateName};
use kernel::light::Light;

/// 谁持有了多久: the bar, and the table whose sum is the whole.
pub(super) fn holders(v: &View<'_>) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let shares = v.seen.duty.held(look.now, look.cal);
    let whole: i64 = shares.iter().map(|s| s.natural_minutes).sum();
    let office: i64 = shares.iter().map(|s| s.office_minutes).sum();
    let first = shares.iter().flat_map(|s| &s.spans).map(|s| s.from).min();
    let last = shares.iter().flat_map(|s| &s.spans).map(|s| s.until).max();
    let (Some(first), Some(last)) = (first, last) else { return html! {} };
    let body = html! {
        @if whole > 0 { (holder_bar(&bar(v, &shares, first, last))) }
        table.tb.tight.ht {
            caption.visually-hidden { (t.s("wh.holders.title")) }
            thead { tr {
                th scope="col" { (t.s("wh.holders.holder")) } th scope="col" { (t.s("wh.holders.spans")) }
                th.r scope="col" { (t.s("wh.holders.natural")) } th.r scope="col" { (t.s("wh.holders.office")) }
                th.r scope="col" { (t.s("wh.holders.share")) }
            } }
            tbody {
                @for (s, n) in shares.iter().zip(0_u8..) { (holder(v, s, n, whole)) }
                tr.sum {
                    td { b { (t.s("word.total")) } }
                    td.muted.xs { (t.f("wh.holders.from_to", &[("from", &look.moment(first)), ("to", &look.moment(last))])) }
                    td.r { b { (look.exact(whole)) } }
                    td.r { b { (when::span(t, office)) } }
                    td.r { "100.0%" }
                }
            }
        }
    };
    card(v, t.s("wh.holders.title"), "holders").measure(t.s("wh.holders.sub")).class("hd").flush(body).into()
}

/// Which colour of the series the n-th holder has in the bar: the palest is too pale for white words, so it comes last.
fn series(n: u8) -> u8 {
    match n % 4 {
        2 => 3,
        3 => 2,
        other => other,
    }
}

/// The same colour as the stylesheet names it.
fn colour(n: u8) -> u8 {
    match n % 4 {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => 5,
    }
}

fn holder(v: &View<'_>, s: &HeldShare, n: u8, whole: i64) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let duty = &v.seen.duty;
    let holding = duty.is_open() && duty.holder.hold.unit == s.unit;
    let spans: Vec<String> = s
        .spans
        .iter()
        .map(|span| format!("{} · {}", look.moment(span.from), span.hold.why.say(t.lang())))
        .collect();
    html! {
        tr {
            td {
                i class={ "sw k-c" (colour(n)) } {} b { (look.unit(&s.unit)) }
                @if holding { " " (mark::tag_strong(t.s("wh.holders.now"))) }
            }
            td.muted.xs { (spans.join(t.s("wh.holders.semicolon"))) }
            td.r { (look.exact(s.natural_minutes)) }
            td.r { (when::span(t, s.office_minutes)) }
            td.r { (format!("{:.1}%", share(s.natural_minutes, whole))) }
        }
    }
}

fn bar(v: &View<'_>, shares: &[HeldShare], first: Instant, last: Instant) -> Holders {
    let look = v.look;
    let minutes = |at: Instant| at.since(first) / 60_000_000;
    let whole = minutes(last).max(1);
    let at = |moment: Instant| share(minutes(moment).max(0), whole);
    let mut held: Vec<(Instant, Held)> = Vec::new();
    for (s, n) in shares.iter().zip(0_u8..) {
        for span in &s.spans {
            let piece = Held {
                name: look.unit(&s.unit),
                span: look.natural(span.natural_minutes),
                from: at(span.from),
                to: at(span.until),
                series: series(n),
            };
            held.push((span.from, piece));
        }
    }
    held.sort_by_key(|(from, _)| *from);
    let due = v.seen.duty.clock.as_ref().and_then(kernel::clock::Clock::main_due);
    let due = due.filter(|due| first < *due && *due < last);
    let said: Vec<String> = shares
        .iter()
        .map(|s| format!("{} {}", look.unit(&s.unit), look.natural(s.natural_minutes)))
        .collect();
    let (from, to) = (first.day().number(), last.day().number());
    let step = ((to - from) / 5).max(1);
    let days = (from + 1..=to)
        .filter(|n| (n - from) % step == 0)
        .map(|n| {
            let day = kernel::Day::from_number(n);
            (at(day.start()), when::day_short(look.lang(), day))
        })
        .collect();
    Holders {
        held: held.into_iter().map(|(_, piece)| piece).collect(),
        rest: Vec::new(),
        due: due.map(|due| (at(due), look.t.f("wh.holders.due", &[("at", &look.moment(due))]))),
        days,
        label: said.join(look.t.s("word.comma")),
    }
}

/// 报到单位: each department with what it did and when, and whether who came could decide.
pub(super) fn departments(v: &View<'_>) -> Markup {
    let (t, w) = (v.look.t, &v.seen.whistle);
    if w.calls.is_empty() {
        return html! {};
    }
    let sub = w.kind.as_ref().and_then(|kind| v.look.book.whistle(kind.as_str())).map(|kind| {
        let rule = v.look.book.clock(kind.clock.as_str(), v.look.now.day());
        let limit = |event| {
            let limit = rule.and_then(|rule| crate::whistle::facts::limit(rule, event));
            limit.map_or_else(|| "—".to_owned(), |limit| limit.limit.words().get(t.lang()).to_owned())
        };
        let (ack, arrival) =
            (limit(kernel::clock::ClockEvent::Accept), limit(kernel::clock::ClockEvent::Contact));
        t.f("wh.units.sub", &[("kind", &kind.name.get(t.lang())), ("ack", &ack), ("arrival", &arrival)])
    });
    let body = html! {
        table.tb.dpt {
            caption.visually-hidden { (t.s("wh.units.title")) }
            thead { tr {
                th scope="col" { (t.s("wh.department")) } th scope="col" { (t.s("wh.units.ack")) }
                th scope="col" { (t.s("wh.units.arrival")) } th scope="col" { (t.s("wh.units.power")) }
                th scope="col" { (t.s("wh.units.state")) }
            } }
            tbody { @for call in &w.calls { (department(v, call)) } }
        }
    };
    card(v, t.s("wh.units.title"), "departments")
        .measure(&sub.unwrap_or_default())
        .class("dp")
        .flush(body)
        .into()
}

fn department(v: &View<'_>, call: &Call) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let dues = v.dues(call);
    let (light, word) = state(v, call);
    let role =
        if call.lead { mark::tag_strong(t.s("duty.lead")) } else { mark::tag_outline(t.s("duty.support")) };
    let who = call.muster.as_ref().map(|m| &m.by).or(call.ack.as_ref().map(|ack| &ack.by));
    let entry = look.book.mandate(call.entry.as_str()).map_or("", |entry| entry.title.get(t.lang()));
    let power = match (call.arrivals.last(), &call.muster) {
        (_, Some(muster)) => {
            let authority = call.arrivals.iter().find(|a| a.decides).and_then(|a| a.authority.as_ref());
            html! { (t.s("wh.units.decides")) @if let Some(by) = authority { small.d-block.muted { (t.say(by.as_str())) } } @else { " " span.muted { (look.title(&muster.by)) } } }
        }
        (Some(_), None) => html! { span.c-y { (t.s("wh.units.onlooker")) } },
        (None, None) => html! { span.muted { "—" } },
    };
    html! {
        tr {
            td {
                span.t { (look.unit(&call.unit)) " " (role) }
                span.s title=(look.entry(&call.entry)) { @if let Some(who) = who { (look.title(who)) " · " } (call.entry) " " (entry) }
            }
            td data-l=(t.s("wh.units.ack")) { (moment(v, call.called, call.ack.as_ref().map(|ack| (ack.at, ack.in_time)), dues.ack)) }
            td data-l=(t.s("wh.units.arrival")) { (moment(v, call.called, call.muster.as_ref().map(|m| (m.at, m.in_time)), dues.arrival)) }
            td data-l=(t.s("wh.units.power")) { (power) }
            td { (base::web::ui::light::light(t, light, Some(&word))) }
        }
    }
}

/// When something was done and how long it took, or by when it is awaited.
fn moment(
    v: &View<'_>,
    called: Instant,
    done: Option<(Instant, Option<bool>)>,
    due: Option<Instant>,
) -> Markup {
    let (t, look) = (v.look.t, v.look);
    // The clock alone on the day of the call.
    let short = |at: Instant| if at.day() == called.day() { when::clock(at) } else { look.moment(at) };
    let took = |at: Instant| look.natural(at.since(called) / 60_000_000);
    match (done, due) {
        (Some((at, Some(false))), Some(due)) => {
            let late = look.natural(at.since(due) / 60_000_000);
            html! { span.tc.late { b { (short(at)) } (shape(Light::Yellow, 12)) small { (t.f("wh.units.late", &[("span", &took(at)), ("late", &late)])) } } }
        }
        (Some((at, _)), _) => {
            html! { span.tc { b { (short(at)) } (shape(Light::Green, 12)) small { (took(at)) } } }
        }
        (None, Some(due)) if look.now > due => {
            html! { span.tc.late { (shape(Light::Red, 12)) small { (t.f("wh.units.was_due", &[("at", &short(due))])) } } }
        }
        (None, Some(due)) => {
            html! { span.tc { small { (t.f("wh.units.due", &[("at", &short(due))])) } } }
        }
        (None, None) => html! { span.muted { "—" } },
    }
}

/// Where a department stands.
fn state(v: &View<'_>, call: &Call) -> (Light, String) {
    let t = v.look.t;
    let shows = call.misses.iter().filter(|miss| miss.kind == MissKind::NoShow).count();
    let late = v.dues(call).main.is_some_and(|due| v.look.now > due);
    let is = |name: StateName| v.duty(call).is_some_and(|duty| duty.state.name() == name);
    let word = |key: &str| t.f(key, &[]);
    if !call.is_active() {
        (Light::Paused, word("wh.units.released"))
    } else if call.is_disputed() {
        (Light::Paused, word("wh.units.disputed"))
    } else if is(StateName::Closed) || is(StateName::Verified) {
        (Light::Done, word("wh.units.confirmed"))
    } else if call.done.is_some() {
        (Light::Done, word("wh.units.reported"))
    } else if call.muster.is_none() && shows > 0 {
        (Light::Red, t.f("wh.units.no_show", &[("n", &shows)]))
    } else if call.muster.is_some() && late {
        (Light::Red, word("light.red"))
    } else if call.muster.is_some() {
        (Light::Green, word("wh.units.working"))
    } else if call.ack.is_some() {
        (Light::Green, word("wh.units.on_the_way"))
    } else {
        (Light::Grey, word("wh.units.silent"))
    }
}

/// 经过: the ledger of the whistle, each row with the mark under which it is sealed.
pub(super) fn history(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let here = format!("/w/{}", v.seen.whistle.id);
    let (newest, oldest) = (format!("{here}#history"), format!("{here}?order=oldest#history"));
    let order = [
        Seg { label: t.s("wh.history.newest"), href: &newest, current: !v.oldest, ..Seg::default() },
        Seg { label: t.s("wh.history.oldest"), href: &oldest, current: v.oldest, ..Seg::default() },
    ];
    let entries: Vec<&Entry> =
        if v.oldest { v.seen.history.iter().collect() } else { v.seen.history.iter().rev().collect() };
    let sealed = v.seen.history.iter().filter(|entry| entry.stored.seq.is_some()).count();
    let list = html! { ol.tl { @for entry in entries { (one_event(v, entry)) } } };
    let foot = html! {
        (sized("link", 14)) span { (t.f("wh.history.count", &[("n", &v.seen.history.len()), ("sealed", &sealed)])) }
        span.sp {}
        a href="/ledger" { (t.s("wh.history.verify")) }
    };
    Card::new(t.s("wh.history.title"))
        .measure(t.s("wh.history.sub"))
        .id("history")
        .class("tlc")
        .tools(html! { (v.marks()) (segments(t.s("wh.history.order"), &order)) })
        .body(list)
        .foot(foot)
        .into()
}

fn one_event(v: &View<'_>, entry: &Entry) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let names = |code: &str| look.any(code);
    let (icon, tone, what, text) = match &entry.what {
        What::Own(event) => {
            let (icon, tone) = event_mark(event);
            (icon, tone, event.title(t.lang()).to_owned(), event.say_with(t.lang(), &names))
        }
        What::Duty(event) => {
            let what = t.f(&format!("du.event.{}", event.kind().trim_start_matches("duty.")), &[]);
            ("dots", Tone::Plain, what, event.say_with(t.lang(), &names))
        }
    };
    let at = entry.stored.at;
    let who = kernel::PostCode::parse("actor", &entry.stored.actor)
        .map_or_else(|_| entry.stored.actor.clone(), |post| look.post(&post));
    let hash = base::hex(&entry.stored.commitment);
    let href = format!("/log/{}/receipt/{}", v.district, entry.stored.id);
    let point = match tone {
        Tone::Plain => "pt",
        Tone::Time => "pt is-b",
        Tone::Good => "pt is-g",
        Tone::Warn => "pt is-y",
        Tone::Bad => "pt is-r",
    };
    html! {
        li {
            span class=(point) aria-hidden="true" { (sized(icon, 11)) }
            div.h { time datetime=(at.rfc3339()) { (look.moment(at)) } b { (what) } }
            @if !text.is_empty() && text != what { p { (t.say(&text)) } }
            div.m { span { (who) } a href=(href) title=(t.s("wh.history.receipt_of")) { (mark::hash(&hash)) } }
        }
    }
}

fn event_mark(event: &Event) -> (&'static str, Tone) {
    match event {
        Event::Raised { .. } => ("eye", Tone::Plain),
        Event::Sounded { .. } => ("speakerphone", Tone::Time),
        Event::Called { .. } => ("send", Tone::Time),
        Event::Acked { in_time: Some(false), .. } => ("bell", Tone::Warn),
        Event::Acked { .. } => ("bell", Tone::Good),
        Event::Disputed { .. } | Event::Contested { .. } => ("flag", Tone::Warn),
        Event::Ruled { .. } | Event::Settled { .. } => ("gavel", Tone::Plain),
        Event::Moved { .. } => ("arrows-exchange", Tone::Plain),
        Event::Mustered { in_time: Some(false), .. } | Event::Watched { .. } => ("map-pin", Tone::Warn),
        Event::Mustered { .. } => ("map-pin", Tone::Good),
        Event::Planned { .. } => ("checklist", Tone::Plain),
        Event::Done { in_time: Some(false), .. } => ("circle-check", Tone::Warn),
        Event::Done { .. } | Event::Confirmed { .. } | Event::SolvedLocally { .. } => {
            ("circle-check", Tone::Good)
        }
        Event::Released { .. } => ("logout", Tone::Plain),
        Event::Missed { .. } | Event::Escalated { .. } | Event::Listed { .. } => {
            ("alert-triangle", Tone::Bad)
        }
        Event::NotDone { .. } => ("arrow-back-up", Tone::Warn),
        Event::Scored { .. } => ("star", Tone::Plain),
        Event::Closed {} => ("archive", Tone::Good),
        Event::Cancelled { .. } => ("x", Tone::Plain),
    }
}

/// Whether a light says something that a shape alone would not.
pub(super) fn timely(v: &View<'_>, in_time: Option<bool>) -> Markup {
    let t = v.look.t;
    match in_time {
        Some(true) => told(Light::Green, t.s("wh.in_time")),
        Some(false) => told(Light::Yellow, t.s("wh.late")),
        None => html! {},
    }
}
