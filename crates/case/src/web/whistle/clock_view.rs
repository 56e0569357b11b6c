//! The clocks of a whistle, each with its rule in words: whose, from when, until when.

use super::detail_view::{View, card};
use super::look::{number, share};
use crate::whistle::model::Call;
use crate::whistle::vocab::Side;
use base::web::ui::icon::sized;
use base::web::ui::light::{letter, shape};
use base::web::ui::mark;
use base::web::ui::meter::limit_bar;
use base::web::ui::{Markup, html};
use kernel::Instant;
use kernel::clock::due_at;
use kernel::light::Light;

/// One clock of the card.
struct Clock {
    name: String,
    icon: &'static str,
    light: Light,
    word: String,
    text: String,
    /// How far it ran and where it ends, in per cent of its bar; none while it waits.
    bar: Option<(f64, f64)>,
}

/// The clocks of a whistle: acknowledging, arriving, handling, ruling, planning, confirming.
pub(super) fn clocks(v: &View<'_>) -> Markup {
    let t = v.look.t;
    if v.seen.whistle.calls.is_empty() {
        return html! {};
    }
    let list = all_clocks(v);
    let title = t.f("wh.clocks.title", &[("n", &list.len())]);
    let rule = v.seen.duty.clock.as_ref().map(kernel::clock::Clock::rule);
    let named = rule.and_then(|(code, version)| v.look.book.clock_version(code.as_str(), version));
    let rows = html! {
        ul.ck6 {
            @for clock in &list {
                li {
                    div.h { (sized(clock.icon, 16)) b { (clock.name) } span class={ "st is-" (letter(clock.light)) } { (shape(clock.light, 13)) (clock.word) } }
                    @if let Some((value, tick)) = clock.bar { (limit_bar(value, tick, clock.light, &format!("{}{}{}", clock.name, t.s("word.colon"), clock.word))) }
                    p { (clock.text) }
                }
            }
        }
    };
    let foot = html! {
        @if let Some(rule) = named {
            (sized("calendar", 14)) span { (t.f("wh.clocks.rule", &[("rule", &rule.title.get(t.lang())), ("version", &rule.version)])) }
            @if rule.source == "example" { " " (mark::example(t, None)) }
        }
    };
    card(v, &title, "clocks").measure(t.s("wh.clocks.sub")).class("ck-c").flush(rows).foot(foot).into()
}

fn all_clocks(v: &View<'_>) -> Vec<Clock> {
    let (t, w) = (v.look.t, &v.seen.whistle);
    let acks: Vec<Part> = w
        .active()
        .map(|call| (call, call.ack.as_ref().map(|ack| (ack.at, ack.in_time)), v.dues(call).ack))
        .collect();
    let arrivals: Vec<Part> = w
        .active()
        .map(|call| (call, call.muster.as_ref().map(|m| (m.at, m.in_time)), v.dues(call).arrival))
        .collect();
    let reports: Vec<Part> = w
        .active()
        .map(|call| (call, call.done.as_ref().map(|done| (done.at, done.in_time)), v.dues(call).main))
        .collect();
    let mut list = vec![
        shared(v, t.s("wh.clocks.ack"), "bell", &acks),
        shared(v, t.s("wh.clocks.arrival"), "map-pin", &arrivals),
        shared(v, t.s("wh.clocks.handling"), "clipboard-check", &reports),
    ];
    list.push(ruling(v));
    if let Some(plan) = planning(v) {
        list.push(plan);
    }
    list.push(confirming(v));
    list
}

type Part<'w> = (&'w Call, Option<(Instant, Option<bool>)>, Option<Instant>);

/// A clock that every department has for itself, told together.
fn shared(v: &View<'_>, name: &str, icon: &'static str, parts: &[Part<'_>]) -> Clock {
    let (t, look) = (v.look.t, v.look);
    let all = parts.len();
    let done = parts.iter().filter(|(_, done, _)| done.is_some()).count();
    let good = parts.iter().filter(|(_, done, _)| done.is_some_and(|(_, met)| met != Some(false))).count();
    let due = parts.iter().filter_map(|(_, _, due)| *due).max();
    let open: Vec<&kernel::UnitCode> =
        parts.iter().filter(|(_, done, _)| done.is_none()).map(|(call, ..)| &call.unit).collect();
    let called = parts.iter().map(|(call, ..)| call.called).min();
    let (Some(due), Some(called)) = (due, called) else {
        return waiting(v, name, icon, t.s("wh.clocks.none").to_owned());
    };
    let end = if open.is_empty() {
        parts.iter().filter_map(|(_, done, _)| *done).map(|(at, _)| at).max().unwrap_or(look.now)
    } else {
        look.now
    };
    let late = look.now > due;
    let (light, word) = match (open.is_empty(), late) {
        (true, _) if good == all => (Light::Green, t.f("wh.clocks.met", &[("n", &good), ("all", &all)])),
        (true, _) => (Light::Yellow, t.f("wh.clocks.met", &[("n", &good), ("all", &all)])),
        (false, true) => (Light::Red, t.f("wh.clocks.past", &[("span", &look.distance(due))])),
        (false, false) => (Light::Green, t.f("wh.clocks.left", &[("span", &look.distance(due))])),
    };
    let mut text = t.f(
        "wh.clocks.shared",
        &[("from", &look.moment(called)), ("due", &look.moment(due)), ("n", &done), ("all", &all)],
    );
    if !open.is_empty() {
        text.push_str(&t.f("wh.clocks.open", &[("units", &look.names(&open))]));
    }
    Clock { name: name.to_owned(), icon, light, word, text, bar: Some(bars(called, end, due)) }
}

fn waiting(v: &View<'_>, name: &str, icon: &'static str, text: String) -> Clock {
    let word = v.look.t.s("wh.clocks.waiting").to_owned();
    Clock { name: name.to_owned(), icon, light: Light::Paused, word, text, bar: None }
}

/// Spent and allowed time on one bar that leaves room beyond the limit.
fn bars(begun: Instant, end: Instant, due: Instant) -> (f64, f64) {
    let (spent, allowed) = (end.since(begun).max(0) / 60_000_000, due.since(begun).max(1) / 60_000_000);
    let whole = spent.max(allowed).max(1) * 5 / 4 + 1;
    (share(spent, whole).max(1.0), number(allowed) / number(whole) * 100.0)
}

/// One span with a limit, running or ended.
fn single(
    v: &View<'_>,
    (name, icon): (&str, &'static str),
    (begun, ended, due): (Instant, Option<Instant>, Instant),
    text: String,
) -> Clock {
    let (t, look) = (v.look.t, v.look);
    let end = ended.unwrap_or(look.now);
    let (light, word) = match (ended, end > due) {
        (Some(_), false) => (Light::Green, t.s("wh.clocks.stopped").to_owned()),
        (Some(_), true) => {
            let late = look.natural(end.since(due) / 60_000_000);
            (Light::Yellow, t.f("wh.clocks.stopped_late", &[("span", &late)]))
        }
        (None, true) => (Light::Red, t.f("wh.clocks.past", &[("span", &look.distance(due))])),
        (None, false) => (Light::Green, t.f("wh.clocks.left", &[("span", &look.distance(due))])),
    };
    Clock { name: name.to_owned(), icon, light, word, text, bar: Some(bars(begun, end, due)) }
}

fn ruling(v: &View<'_>) -> Clock {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let name = t.s("wh.clocks.ruling");
    let limit = look.book.whistle_rules().map(|rules| rules.ruling.words().get(t.lang()).to_owned());
    let dispute = w.calls.iter().filter_map(|call| call.dispute.as_ref()).max_by_key(|dispute| dispute.at);
    let Some(dispute) = dispute else {
        let text = t.f("wh.clocks.ruling_none", &[("limit", &limit.unwrap_or_default())]);
        return waiting(v, name, "scale", text);
    };
    let ended = dispute.ruling.as_ref().map(|ruling| ruling.at);
    let mut text = t.f(
        "wh.clocks.disputed",
        &[
            ("unit", &look.unit(&dispute.unit)),
            ("at", &look.moment(dispute.at)),
            ("due", &look.moment(dispute.due)),
        ],
    );
    if let Some(ruling) = &dispute.ruling {
        text.push_str(&t.f(
            "wh.clocks.ruled",
            &[("at", &look.moment(ruling.at)), ("outcome", &ruling.outcome.say(t.lang()))],
        ));
    }
    single(v, (name, "scale"), (dispute.at, ended, dispute.due), text)
}

/// The plan's limit, for types that need a plan by a day (D§4.26: a hard case, ten working days).
fn planning(v: &View<'_>) -> Option<Clock> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let kind = w.kind.as_ref().and_then(|kind| look.book.whistle(kind.as_str()))?;
    let (limit, sounded) = (kind.plan_within?, w.sounded.as_ref()?.at);
    let due = due_at(sounded, limit, look.cal);
    let text =
        t.f("wh.clocks.plan_text", &[("limit", &limit.words().get(t.lang())), ("due", &look.moment(due))]);
    Some(single(v, (t.s("wh.clocks.plan"), "checklist"), (sounded, w.plan.as_ref().map(|p| p.at), due), text))
}

fn confirming(v: &View<'_>) -> Clock {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let name = t.s("wh.clocks.confirm");
    let (Some(since), Some(street), Some(resident)) =
        (w.checking, v.word_due(Side::Street), v.word_due(Side::Resident))
    else {
        let rules = look.book.whistle_rules();
        let say = |limit: Option<kernel::clock::Limit>| {
            limit.map(|limit| limit.words().get(t.lang()).to_owned()).unwrap_or_default()
        };
        let text = t.f(
            "wh.clocks.confirm_none",
            &[
                ("street", &say(rules.map(|r| r.street_confirms))),
                ("resident", &say(rules.map(|r| r.resident_confirms))),
            ],
        );
        return waiting(v, name, "check", text);
    };
    let said = |side: Side, due: Instant| match w.word(side) {
        Some(word) => t.f("wh.clocks.said", &[("side", &side.say(t.lang())), ("at", &look.moment(word.at))]),
        None => t.f("wh.say.word_due", &[("side", &side.say(t.lang())), ("at", &look.moment(due))]),
    };
    let text = format!(
        "{}{}{}{}",
        said(Side::Street, street),
        t.s("word.comma"),
        said(Side::Resident, resident),
        t.s("word.full_stop")
    );
    let ended = match (&w.street_word, &w.resident_word) {
        (Some(street), Some(resident)) => Some(street.at.max(resident.at)),
        _ => None,
    };
    let due = if w.street_word.is_some() { resident } else { street };
    single(v, (name, "check"), (since, ended, due), text)
}
