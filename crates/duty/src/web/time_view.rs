//! Whose time it was, which limits ran, what happened: the three records of a duty.

use super::detail::Entry;
use super::detail_view::View;
use super::look::{rule_of, share};
use super::spans::with_exact;
use base::web::ui::card::Card;
use base::web::ui::icon::sized;
use base::web::ui::light::{letter, shape};
use base::web::ui::list::{Seg, segments};
use base::web::ui::mark;
use base::web::ui::meter::limit_bar;
use base::web::ui::story::{Held, Holders, holder_bar};
use base::web::ui::{Markup, Tone, html, when};
use kernel::clock::{Clock, LimitState, LimitStory, RunningLimit, StoryState};
use kernel::duty::{Duty, Event, HeldShare, Solved, Span};
use kernel::light::Light;
use kernel::{Day, Instant};

/// Days under the bar that are named at most.
const NAMED_DAYS: i32 = 5;
/// Longest span whose rest days are hatched one by one.
const HATCHED_DAYS: i32 = 62;

fn shares(v: &View<'_>) -> Vec<HeldShare> {
    v.seen.duty.held(v.look.now, v.look.cal)
}

/// Office minutes of each holder since `from`, for the sentence about lateness; units without any are left out.
pub(super) fn since(v: &View<'_>, from: Instant) -> Vec<(String, i64)> {
    let office = |span: &Span| {
        let begin = span.from.max(from);
        if begin < span.until { v.look.cal.office_minutes_between(begin, span.until) } else { 0 }
    };
    let sums = shares(v).into_iter().map(|s| (v.look.unit(&s.unit), s.spans.iter().map(office).sum::<i64>()));
    sums.filter(|(_, minutes)| *minutes > 0).collect()
}

/// 谁持有了多久: the bar, and the table whose sum is the whole.
pub(super) fn holders(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let shares = shares(v);
    let whole: i64 = shares.iter().map(|s| s.natural_minutes).sum();
    let office: i64 = shares.iter().map(|s| s.office_minutes).sum();
    let first = shares.iter().flat_map(|s| &s.spans).map(|s| s.from).min();
    let last = shares.iter().flat_map(|s| &s.spans).map(|s| s.until).max();
    let (Some(first), Some(last)) = (first, last) else { return html! {} };
    let body = html! {
        @if whole > 0 { (holder_bar(&bar(v, &shares, first, last))) }
        table.tb.tight.ht {
            caption.visually-hidden { (t.s("du.holders.caption")) }
            thead {
                tr {
                    th scope="col" { (t.s("du.holders.holder")) }
                    th scope="col" { (t.s("du.holders.spans")) }
                    th.r scope="col" { (t.s("du.holders.natural")) }
                    th.r scope="col" { (t.s("du.holders.office")) }
                    th.r scope="col" { (t.s("du.holders.share")) }
                }
            }
            tbody {
                @for (s, n) in shares.iter().zip(0_u8..) { (holder_row(v, s, n, whole)) }
                tr.sum {
                    td { b { (t.s("word.total")) } }
                    td.muted.xs { (t.f("du.holders.from_to", &[("from", &v.look.moment(first)), ("to", &v.look.moment(last))])) }
                    td.r { b { (with_exact(t, &v.look.natural(whole), whole)) } }
                    td.r { b { (with_exact(t, &v.look.office(office), office)) } }
                    td.r { "100.0%" }
                }
            }
        }
    };
    Card::new(t.s("du.holders.title"))
        .measure(t.s("du.holders.sub"))
        .id("holders")
        .class("hd")
        .tools(v.marks())
        .flush(body)
        .into()
}

/// Which colour of the series the n-th holder has, as the stylesheet names it.
fn colour(n: u8) -> u8 {
    match n % 4 {
        0 => 1,
        1 => 2,
        2 => 5,
        _ => 4,
    }
}

fn holder_row(v: &View<'_>, s: &HeldShare, n: u8, whole: i64) -> Markup {
    let t = v.look.t;
    let d = &v.seen.duty;
    let holding = d.is_open() && d.holder.hold.unit == s.unit;
    let spans: Vec<String> = s
        .spans
        .iter()
        .map(|span| {
            let post = span.hold.post.as_ref().map(|p| org::names::post(v.look.book, p, v.look.lang()));
            let who = post.map(|post| format!("（{post}）")).filter(|_| t.is_zh()).unwrap_or_default();
            format!("{} · {}{who}", v.look.moment(span.from), span.hold.why.say(t.lang()))
        })
        .collect();
    html! {
        tr {
            td {
                i class={ "sw k-c" (colour(n)) } {} b { (v.look.unit(&s.unit)) }
                @if holding { " " (mark::tag_strong(t.s("du.holders.now"))) }
            }
            td.muted.xs { (spans.join(t.s("du.holders.semicolon"))) }
            td.r { (with_exact(t, &v.look.natural(s.natural_minutes), s.natural_minutes)) }
            td.r { (with_exact(t, &v.look.office(s.office_minutes), s.office_minutes)) }
            td.r { (format!("{:.1}%", share(s.natural_minutes, whole))) }
        }
    }
}

fn bar(v: &View<'_>, shares: &[HeldShare], first: Instant, last: Instant) -> Holders {
    let t = v.look.t;
    let minutes = |at: Instant| at.since(first) / 60_000_000;
    let whole = minutes(last).max(1);
    let at = |moment: Instant| share(minutes(moment).max(0), whole);
    let mut held: Vec<(Instant, Held)> = Vec::new();
    for (s, n) in shares.iter().zip(0_u8..) {
        for span in &s.spans {
            let piece = Held {
                name: v.look.unit(&s.unit),
                span: v.look.natural(span.natural_minutes),
                from: at(span.from),
                to: at(span.until),
                series: n % 4,
            };
            held.push((span.from, piece));
        }
    }
    held.sort_by_key(|(from, _)| *from);
    let (rest, days) = days(v, shares, first, last, &at);
    let due = v.seen.duty.clock.as_ref().and_then(Clock::main_due);
    let due = due.filter(|due| first < *due && *due < last);
    let said: Vec<String> = shares
        .iter()
        .map(|s| {
            t.f(
                "du.holders.said",
                &[("unit", &v.look.unit(&s.unit)), ("span", &v.look.natural(s.natural_minutes))],
            )
        })
        .collect();
    Holders {
        held: held.into_iter().map(|(_, piece)| piece).collect(),
        rest,
        due: due.map(|due| (at(due), t.f("du.holders.due", &[("at", &v.look.moment(due))]))),
        days,
        label: said.join(t.s("word.comma")),
    }
}

type Marks = Vec<(f64, String)>;

/// Rest days to hatch and day names below the bar.
fn days(
    v: &View<'_>,
    shares: &[HeldShare],
    first: Instant,
    last: Instant,
    at: &dyn Fn(Instant) -> f64,
) -> (Vec<(f64, f64)>, Marks) {
    let (from, to) = (first.day().number(), last.day().number());
    let total = to - from;
    let step = (total / NAMED_DAYS).max(1);
    let spans: Vec<&Span> = shares.iter().flat_map(|share| &share.spans).collect();
    let mut rest = Vec::new();
    let mut names = Vec::new();
    for n in from..=to {
        let day = Day::from_number(n);
        let off = !v.look.cal.is_workday(day);
        let (begin, end) = (day.start().max(first), day.plus(1).start().min(last));
        let held = spans.iter().any(|span| span.from < end && begin < span.until);
        if off && held && total <= HATCHED_DAYS {
            rest.push((at(begin), at(end)));
        }
        if n > from && (n - from) % step == 0 {
            let name = when::day_short(v.look.lang(), day);
            let off_word = if off && step == 1 { v.look.t.s("du.holders.off") } else { "" };
            names.push((at(day.start()), format!("{name}{off_word}")));
        }
    }
    (rest, names)
}

/// The clocks, each with its rule in words.
pub(super) fn clocks(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let d = &v.seen.duty;
    let (Some(clock), Some(rule)) = (&d.clock, rule_of(v.look.book, d)) else {
        let none = html! { p.muted { (t.s("du.clocks.none")) } };
        return Card::new(t.s("du.clocks.title")).id("clocks").class("ck-c").body(none).into();
    };
    let stories = clock.explain(rule, v.look.cal, v.look.now);
    let title = t.f("du.clocks.title_n", &[("n", &stories.len())]);
    let rows = html! {
        ul.ck6 {
            @for (story, limit) in stories.iter().zip(clock.limits()) { (one_clock(v, story, limit)) }
        }
    };
    let foot = html! {
        (sized("calendar", 14)) span { (v.look.stands_on(d, rule)) }
        @if rule.source == "example" { " " (mark::example(t, None)) }
        span.sp {}
        span.muted { (rounds(v)) }
    };
    Card::new(&title)
        .measure(t.s("du.clocks.sub"))
        .id("clocks")
        .class("ck-c")
        .tools(v.marks())
        .flush(rows)
        .foot(foot)
        .into()
}

fn rounds(v: &View<'_>) -> String {
    let t = v.look.t;
    let granted = v.seen.duty.granted_extensions();
    if granted > 0 {
        t.f("du.clocks.extended", &[("n", &granted)])
    } else {
        t.s("du.clocks.not_extended").to_owned()
    }
}

fn one_clock(v: &View<'_>, story: &LimitStory, limit: &RunningLimit) -> Markup {
    let t = v.look.t;
    let light = match story.state {
        StoryState::Waiting | StoryState::Paused => Light::Paused,
        StoryState::Running => Light::Green,
        StoryState::Overdue => Light::Red,
        StoryState::Frozen | StoryState::Met | StoryState::Late => Light::Done,
    };
    let word = match story.state {
        StoryState::Waiting => t.s("du.clocks.waiting"),
        StoryState::Running => t.s("du.clocks.running"),
        StoryState::Overdue => t.s("du.clocks.overdue"),
        StoryState::Paused => t.s("du.clocks.paused"),
        StoryState::Frozen => t.s("du.clocks.frozen"),
        StoryState::Met => t.s("du.clocks.met"),
        StoryState::Late => t.s("du.clocks.late"),
    };
    let (value, tick) = elapsed(v, limit);
    let name = story.title.get(t.lang());
    let bar = match story.state {
        StoryState::Late => Light::Yellow,
        StoryState::Met | StoryState::Frozen => Light::Green,
        _ => light,
    };
    html! {
        li {
            div.h {
                (sized(clock_icon(story.name.as_str()), 16)) b { (t.f("du.clocks.name", &[("name", &name)])) }
                @if limit.main { (mark::tag(t.s("du.clocks.main"))) }
                span class={ "st is-" (letter(light)) } { (shape(light, 13)) (word) }
            }
            @if story.state != StoryState::Waiting {
                (limit_bar(value, tick, bar, &format!("{name}{}{word}", t.s("word.colon"))))
            }
            p { (t.words(&story.text)) }
        }
    }
}

fn clock_icon(name: &str) -> &'static str {
    match name {
        "sign" | "ack" | "accept" => "bell",
        "onsite" => "map-pin",
        "contact" | "meet" => "message-circle",
        "reply" | "final" | "done" => "clipboard-check",
        _ => "clock",
    }
}

/// How far a limit has run and where it ends, in per cent of its bar. The bar leaves room beyond the limit.
fn elapsed(v: &View<'_>, limit: &RunningLimit) -> (f64, f64) {
    let Some(run) = limit.run() else { return (0.0, 75.0) };
    let begun = run.started.or(v.seen.duty.registered_at).unwrap_or(run.due_original);
    let end = match (&limit.state, v.seen.duty.clock.as_ref().and_then(Clock::frozen_at)) {
        (LimitState::Stopped { at, .. }, _) => *at,
        (_, Some(frozen)) => frozen,
        _ => v.look.now,
    };
    let (spent, allowed) = (end.since(begun).max(0) / 60_000_000, run.due.since(begun).max(1) / 60_000_000);
    let whole = spent.max(allowed).max(1) * 5 / 4 + 1;
    (share(spent, whole).max(1.0), share(allowed, whole))
}

/// 经过: the ledger of the duty, each row with the mark under which it is sealed.
pub(super) fn ledger(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let here = format!("/d/{}", v.seen.duty.id);
    let order = [
        Seg {
            label: t.s("du.ledger.newest"),
            count: None,
            href: &format!("{here}#ledger"),
            current: !v.oldest,
            light: None,
        },
        Seg {
            label: t.s("du.ledger.oldest"),
            count: None,
            href: &format!("{here}?order=oldest#ledger"),
            current: v.oldest,
            light: None,
        },
    ];
    let tools = html! { (v.marks()) (segments(t.s("du.ledger.order"), &order)) };
    let entries: Vec<&Entry> =
        if v.oldest { v.seen.history.iter().collect() } else { v.seen.history.iter().rev().collect() };
    let sealed = v.seen.history.iter().filter(|entry| entry.stored.seq.is_some()).count();
    let list = html! { ol.tl { @for entry in entries { (one_event(v, entry)) } } };
    let foot = html! {
        (sized("link", 14)) span { (t.f("du.ledger.count", &[("n", &v.seen.history.len()), ("sealed", &sealed)])) }
        span.sp {}
        a href="/ledger" { (t.s("du.ledger.verify")) }
    };
    Card::new(t.s("du.ledger.title"))
        .measure(t.s("du.ledger.sub"))
        .id("ledger")
        .class("tlc")
        .tools(tools)
        .body(list)
        .foot(foot)
        .into()
}

fn one_event(v: &View<'_>, entry: &Entry) -> Markup {
    let t = v.look.t;
    let (icon, tone) = event_mark(&entry.event);
    let names = |code: &str| v.look.any(code);
    let said = entry.event.say_with(t.lang(), &names);
    let text = t.say(&said);
    let what = t.f(&format!("du.event.{}", entry.event.kind().trim_start_matches("duty.")), &[]);
    let at = entry.stored.at;
    let who = kernel::PostCode::parse("actor", &entry.stored.actor)
        .map_or_else(|_| entry.stored.actor.clone(), |post| v.look.post(&post));
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
            div.h { time datetime=(at.rfc3339()) { (v.look.moment(at)) } b { (what) } }
            @if text != what { p { (text) } }
            div.m { span { (who) } a href=(href) title=(t.s("du.ledger.receipt_of")) { (mark::hash(&hash)) } }
        }
    }
}

/// Icon and colour of an event's point.
fn event_mark(event: &Event) -> (&'static str, Tone) {
    match event {
        Event::Drafted { .. } | Event::Redrafted { .. } => ("edit", Tone::Plain),
        Event::Registered { .. } => ("flag", Tone::Time),
        Event::Assigned { .. } => ("send", Tone::Time),
        Event::Accepted { .. } => ("check", Tone::Good),
        Event::Returned { .. } => ("arrow-back-up", Tone::Warn),
        Event::Ruled { .. } => ("gavel", Tone::Plain),
        Event::LeadOffered { .. } => ("arrows-exchange", Tone::Warn),
        Event::LeadTaken { .. } => ("user-check", Tone::Good),
        Event::LeadDeclined { .. } | Event::SuspendRefused { .. } | Event::ExtendRefused { .. } => {
            ("x", Tone::Plain)
        }
        Event::Started { .. } => ("player-play", Tone::Plain),
        Event::Progressed { .. } => ("trending-up", Tone::Plain),
        Event::SupportAdded { .. } => ("users-plus", Tone::Plain),
        Event::SuspendAsked { .. } => ("clock-pause", Tone::Warn),
        Event::Suspended { .. } => ("player-pause", Tone::Warn),
        Event::Resumed { .. } => ("clock-play", Tone::Plain),
        Event::ExtendAsked { .. } | Event::Extended { .. } => ("clock-plus", Tone::Warn),
        Event::EvidenceAdded { .. } => ("paperclip", Tone::Plain),
        Event::EvidenceVerified { good, .. } => ("shield-check", if *good { Tone::Good } else { Tone::Bad }),
        Event::Submitted { in_time, .. } => {
            ("upload", if *in_time == Some(false) { Tone::Bad } else { Tone::Time })
        }
        Event::Rejected { .. } => ("thumb-down", Tone::Bad),
        Event::Verified { solved, .. } | Event::LookedBack { solved, .. } => {
            ("zoom-check", if *solved == Solved::Yes { Tone::Good } else { Tone::Warn })
        }
        Event::Closed { .. } => ("circle-check", Tone::Good),
        Event::Archived { .. } => ("archive", Tone::Good),
        Event::Reopened { .. } => ("refresh", Tone::Warn),
        Event::Split { .. } => ("git-fork", Tone::Plain),
        Event::Merged { .. } => ("git-branch", Tone::Plain),
        Event::Cancelled { .. } => ("circle-x", Tone::Plain),
        Event::HandOverAsked { .. } | Event::HandedOver { .. } => ("transfer", Tone::Plain),
        Event::Urged { .. } => ("bell", Tone::Warn),
        Event::Escalated { .. } => ("arrow-up", Tone::Bad),
        Event::Recomputed { .. } => ("calculator", Tone::Plain),
        Event::PatronSet { .. } => ("star", Tone::Plain),
        Event::Raised { .. } => ("hand-stop", Tone::Warn),
        Event::Linked { .. } => ("link", Tone::Plain),
    }
}

/// The last entry of a duty that was sealed or waits to be: what its receipt is about.
pub(super) fn newest<'a>(v: &View<'a>) -> Option<&'a Entry> {
    v.seen.history.last()
}

/// Whether a duty's clock has met its main limit, for the result card.
pub(super) fn in_time(d: &Duty) -> Option<bool> {
    d.outcome.as_ref().and_then(|outcome| outcome.in_time).or_else(|| d.clock.as_ref().and_then(Clock::met))
}
