//! The page of a whistle, from top to bottom: what it is and where it stands, whose time it was, who came, which limits
//! run, what happened. The right-hand column holds what proves it.

use super::acts;
use super::detail::Seen;
use super::look::{Look, kind_icon};
use super::{clock_view, side_view, time_view};
use crate::whistle::facts::street_of;
use crate::whistle::model::{Call, End};
use crate::whistle::rules::Dues;
use crate::whistle::vocab::{MissKind, Side, Stage};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::icon::sized;
use base::web::ui::light::{light, shape};
use base::web::ui::mark;
use base::web::ui::story::{Step, StepState, stepper};
use base::web::ui::{Markup, html};
use kernel::clock::due_at;
use kernel::duty::{Duty, Mark};
use kernel::light::Light;
use kernel::{DistrictCode, Instant, UnitCode};

/// What the parts of the page share.
pub(super) struct View<'a> {
    /// How whistles look.
    pub(super) look: Look<'a>,
    /// What was loaded.
    pub(super) seen: &'a Seen,
    /// Form token.
    pub(super) csrf: &'a str,
    /// The tenant.
    pub(super) district: DistrictCode,
    /// History oldest first.
    pub(super) oldest: bool,
    /// Where this program is reached from outside, for the code on the receipt.
    pub(super) public: &'a str,
}

impl View<'_> {
    /// The limits of a part.
    pub(super) fn dues(&self, call: &Call) -> Dues {
        self.seen.loaded.dues().get(&call.duty).copied().unwrap_or_default()
    }
    /// The duty of a part.
    pub(super) fn duty(&self, call: &Call) -> Option<&Duty> {
        self.seen.loaded.duties.get(&call.duty)
    }
    /// The marks of where its text comes from.
    pub(super) fn marks(&self) -> Markup {
        let simulated = self.seen.duty.marks.contains(&Mark::Simulated);
        html! { @if simulated { (mark::sim(self.look.t, None)) } }
    }
    /// Its light: red when a limit that runs has passed or it was escalated, yellow when one was let pass before.
    pub(super) fn light(&self) -> Light {
        let w = &self.seen.whistle;
        let late = |due: Option<Instant>| due.is_some_and(|due| self.look.now > due);
        let passed = |call: &Call| {
            let dues = self.dues(call);
            let running = match (&call.ack, &call.muster) {
                (None, _) => dues.ack,
                (_, None) => dues.arrival,
                _ => dues.main,
            };
            call.done.is_none() && !call.is_disputed() && late(running)
        };
        match w.stage() {
            stage if !stage.is_open() => Light::Done,
            _ if w.active().any(passed) => Light::Red,
            _ if w.escalation.is_some() || w.misses() > 0 || w.not_done > 0 => Light::Yellow,
            Stage::Need => Light::Grey,
            _ => Light::Green,
        }
    }
    /// When street and resident are to say whether it is done.
    pub(super) fn word_due(&self, side: Side) -> Option<Instant> {
        let rules = self.look.book.whistle_rules()?;
        let since = self.seen.whistle.checking?;
        let limit = match side {
            Side::Street => rules.street_confirms,
            Side::Resident => rules.resident_confirms,
        };
        Some(due_at(since, limit, self.look.cal))
    }
}

/// The whole page.
pub(super) fn page(v: &View<'_>) -> Markup {
    html! {
        (head(v))
        (now(v))
        (time_view::holders(v))
        div.g.g84 {
            div.stack {
                (time_view::departments(v))
                (clock_view::clocks(v))
                (side_view::plan(v))
                (time_view::history(v))
            }
            div.stack {
                (side_view::place(v))
                (side_view::receipt(v))
                (side_view::evidence(v))
                (side_view::scores(v))
                (side_view::related(v))
            }
        }
    }
}

fn head(v: &View<'_>) -> Markup {
    let (t, w) = (v.look.t, &v.seen.whistle);
    let kind = w.kind.as_ref().map(kernel::Slug::as_str);
    let eyebrow = html! {
        (mark::kind(kind_icon(kind), &v.look.kind(kind)))
        span { (w.no) } span { (v.look.unit(&w.place)) }
        @if w.place != w.street { span { (v.look.unit(&w.street)) } }
        (v.marks())
    };
    let title = t.say(w.title.as_str());
    page_head(&PageHead {
        title: &title,
        sub: "",
        eyebrow: Some(eyebrow),
        meta: Some(meta(v)),
        acts: Some(acts::buttons(v.look, v.seen, v.csrf)),
    })
}

/// The status line: light and stage, due, lead, support, who holds it.
fn meta(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let duty = &v.seen.duty;
    let held = duty.holder.until.unwrap_or(look.now).since(duty.holder.from) / 60_000_000;
    let word = w.stage().say(t.lang());
    html! {
        (light(t, v.light(), Some(word)))
        @if let (true, Some(due)) = (w.stage().is_open(), duty.due()) {
            span { (t.f("wh.due_at", &[("at", &look.moment(due))])) }
        }
        @if let Some(lead) = w.lead() { span { (t.s("duty.lead")) " " b { (look.unit(&lead.unit)) } } }
        @if w.active().count() > 1 { span { (t.f("wh.supporters", &[("n", &(w.active().count() - 1))])) } }
        @if duty.is_open() {
            span { (t.s("wh.held_by")) " " b { (look.unit(&duty.holder.hold.unit)) } " " span.muted { (look.exact(held)) } }
        }
    }
}

/// 眼下: the sentence that a rule makes, and the five steps.
fn now(v: &View<'_>) -> Markup {
    let t = v.look.t;
    html! {
        section.card.wnow id="now" aria-label=(t.s("wh.now")) {
            div.card-body {
                div.hl-k { (sized("target-arrow", 15)) (t.s("wh.now")) span.muted { (t.s("wh.now_rule")) } }
                p.hl-s { (sentence(v)) }
                div.mt-3 { (stepper(t, t.s("wh.steps"), &steps(v))) }
            }
        }
    }
}

fn sentence(v: &View<'_>) -> Markup {
    let (t, w) = (v.look.t, &v.seen.whistle);
    let (stop, gap) = (t.s("word.full_stop"), t.s("word.gap"));
    let parts = match w.stage() {
        Stage::Need => vec![need(v)],
        Stage::Sounded | Stage::Acked | Stage::Mustered => reporting(v),
        Stage::Arbitrating => arbitrating(v),
        Stage::Working => working(v),
        Stage::Checking => vec![checking(v)],
        Stage::Scored => vec![scoring(v)],
        Stage::Closed | Stage::Solved | Stage::Misused | Stage::Cancelled => vec![ended(v)],
    };
    html! {
        @for (part, n) in parts.iter().zip(0_u8..) { @if n > 0 { (gap) } (part) (stop) }
        @if let Some(text) = escalated(v) { (gap) b.c-r { (text) } (stop) }
    }
}

fn need(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let minutes = look.now.since(w.raised.at) / 60_000_000;
    let street = street_of(look.book, &w.place).map(|street| look.unit(&street)).unwrap_or_default();
    html! {
        a href="#history" { (t.f("wh.say.tried", &[("who", &look.post(&w.raised.by)), ("span", &look.natural(minutes))])) }
        (t.s("word.comma")) (t.f("wh.say.street_decides", &[("street", &street)]))
    }
}

/// Sounded, acknowledged or mustered: who is still awaited, and by when.
fn reporting(v: &View<'_>) -> Vec<Markup> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let all = w.active().count();
    let acked = w.active().filter(|call| call.ack.is_some()).count();
    let came = w.active().filter(|call| call.muster.is_some()).count();
    let mut parts = vec![html! {
        a href="#departments" { (t.f("wh.say.called", &[("n", &all), ("acked", &acked), ("came", &came)])) }
    }];
    let silent: Vec<&UnitCode> =
        w.active().filter(|call| call.ack.is_none()).map(|call| &call.unit).collect();
    let away: Vec<&UnitCode> = w
        .active()
        .filter(|call| call.ack.is_some() && call.muster.is_none())
        .map(|call| &call.unit)
        .collect();
    let soonest = |pick: fn(&Dues) -> Option<Instant>, units: &[&UnitCode]| {
        w.active().filter(|call| units.contains(&&call.unit)).filter_map(|call| pick(&v.dues(call))).min()
    };
    if let (false, Some(due)) = (silent.is_empty(), soonest(|dues| dues.ack, &silent)) {
        parts.push(awaited(look, "wh.say.silent", "wh.say.silent_late", &silent, due));
    }
    if let (false, Some(due)) = (away.is_empty(), soonest(|dues| dues.arrival, &away)) {
        parts.push(awaited(look, "wh.say.away", "wh.say.away_late", &away, due));
    }
    if w.stage() == Stage::Mustered {
        parts.push(html! { (t.s("wh.say.plan_next")) });
    }
    parts
}

fn awaited(look: Look<'_>, usual: &str, late: &str, units: &[&UnitCode], due: Instant) -> Markup {
    let passed = look.now > due;
    let text = look.t.f(
        if passed { late } else { usual },
        &[("units", &look.names(units)), ("at", &look.short(due)), ("span", &look.distance(due))],
    );
    html! { a href="#clocks" { @if passed { b.c-r { (text) } } @else { (text) } } }
}

fn arbitrating(v: &View<'_>) -> Vec<Markup> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let waiting = w.active().filter(|call| call.is_disputed());
    waiting
        .filter_map(|call| {
            let dispute = call.dispute.as_ref()?;
            let text = t.f(
                "wh.say.disputed",
                &[
                    ("unit", &look.unit(&call.unit)),
                    ("cited", &look.entry(&dispute.cited)),
                    ("at", &look.moment(dispute.due)),
                ],
            );
            Some(html! { a href="#clocks" { (text) } })
        })
        .collect()
}

fn working(v: &View<'_>) -> Vec<Markup> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let tasks = w.plan.as_ref().map_or(0, |plan| plan.tasks.len());
    let open =
        v.seen.children.iter().filter(|child| child.kind == crate::whistle::TASK_KIND && child.awaiting);
    let reported = tasks.saturating_sub(open.count());
    let waiting: Vec<&UnitCode> =
        w.active().filter(|call| call.done.is_none()).map(|call| &call.unit).collect();
    let mut parts = vec![html! {
        a href="#plan" { (t.f("wh.say.tasks", &[("n", &tasks), ("done", &reported)])) }
        (t.s("word.comma")) (t.f("wh.say.not_reported", &[("units", &look.names(&waiting))]))
    }];
    if let Some(due) = w.lead().and_then(|call| v.dues(call).main) {
        let late = look.now > due;
        let key = if late { "wh.say.handling_late" } else { "wh.say.handling" };
        let text = t.f(key, &[("at", &look.moment(due)), ("span", &look.distance(due))]);
        parts.push(html! { a href="#clocks" { @if late { b.c-r { (text) } } @else { (text) } } });
    }
    if w.not_done > 0 {
        parts.push(html! { b.c-y { (t.f("wh.say.redone", &[("n", &w.not_done)])) } });
    }
    parts
}

fn checking(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let waits: Vec<String> = Side::ALL
        .iter()
        .filter(|side| w.word(**side).is_none())
        .filter_map(|side| {
            let due = v.word_due(*side)?;
            Some(t.f("wh.say.word_due", &[("side", &side.say(t.lang())), ("at", &look.moment(due))]))
        })
        .collect();
    html! {
        a href="#evidence" { (t.s("wh.say.reported")) } (t.s("word.comma"))
        a href="#clocks" { (t.f("wh.say.waiting", &[("sides", &waits.join(t.s("word.list")))])) }
    }
}

fn scoring(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let street = w.active().filter(|call| call.score.is_none()).count();
    let departments: Vec<&UnitCode> =
        w.active().filter(|call| call.back.is_none()).map(|call| &call.unit).collect();
    html! {
        (t.s("wh.say.confirmed"))
        @if street > 0 { (t.s("word.comma")) a href="#scores" { (t.f("wh.say.street_scores", &[("n", &street)])) } }
        @if !departments.is_empty() { (t.s("word.comma")) a href="#scores" { (t.f("wh.say.departments_score", &[("units", &look.names(&departments))])) } }
    }
}

fn ended(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let text = match &w.end {
        Some(End::Solved { resident, stamp, .. }) => {
            t.f("wh.say.solved", &[("at", &look.moment(stamp.at)), ("resident", resident)])
        }
        Some(End::Misused { at }) => t.f("wh.say.misused", &[("at", &look.moment(*at))]),
        Some(End::Cancelled { why, stamp }) => {
            t.f("wh.say.cancelled", &[("at", &look.moment(stamp.at)), ("why", why)])
        }
        Some(End::Closed { at }) => {
            let whole = at.since(w.sounded.as_ref().map_or(w.raised.at, |s| s.at)) / 60_000_000;
            t.f("wh.say.closed", &[("at", &look.moment(*at)), ("span", &look.natural(whole))])
        }
        None => String::new(),
    };
    html! { a href="#history" { (text) } }
}

/// Misses and where they led.
fn escalated(v: &View<'_>) -> Option<String> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let rules = look.book.whistle_rules()?;
    if let Some(escalation) = &w.escalation {
        let leader = escalation.leader.as_ref().map(|post| look.post(post)).unwrap_or_default();
        let listed = w.quarterly.map(|at| t.f("wh.say.listed", &[("at", &look.moment(at))]));
        let text = t.f(
            "wh.say.escalated",
            &[
                ("unit", &look.unit(&escalation.unit)),
                ("kind", &escalation.kind.say(t.lang())),
                ("leader", &leader),
            ],
        );
        return Some(match listed {
            Some(listed) => format!("{text}{}{listed}", t.s("word.comma")),
            None => text,
        });
    }
    if matches!(w.stage(), Stage::Checking | Stage::Scored) || !w.stage().is_open() {
        return None;
    }
    let call = w.active().max_by_key(|call| call.misses.len()).filter(|call| !call.misses.is_empty())?;
    let (n, max) = (call.misses.len(), rules.no_show_max);
    Some(t.f("wh.say.missed", &[("unit", &look.unit(&call.unit)), ("n", &n), ("max", &max)]))
}

/// Need, whistle, report, handling, score: each with its moment.
fn steps(v: &View<'_>) -> Vec<Step> {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let stage = w.stage();
    let current = stage.step();
    let over = !stage.is_open();
    let all = w.active().count();
    let in_time =
        w.active().filter(|call| call.muster.as_ref().is_some_and(|m| m.in_time != Some(false))).count();
    let last = w.active().filter_map(|call| call.muster.as_ref()).map(|muster| muster.at).max();
    let done = w.active().filter_map(|call| call.done.as_ref()).map(|done| done.at).max();
    let late_arrival = w.active().any(|call| {
        let late = call.muster.as_ref().is_some_and(|muster| muster.in_time == Some(false));
        late || call.misses.iter().any(|miss| miss.kind == MissKind::NoShow)
    });
    let late_done =
        w.active().filter_map(|call| call.done.as_ref()).any(|report| report.in_time == Some(false));
    let lines = |n: u8| -> Vec<String> {
        match n {
            1 => vec![look.moment(w.raised.at), t.s("wh.step.tried").to_owned()],
            2 => w
                .sounded
                .as_ref()
                .map_or_else(Vec::new, |s| vec![look.moment(s.at), t.f("wh.step.called", &[("n", &all)])]),
            3 => last.map_or_else(Vec::new, |at| {
                vec![look.moment(at), t.f("wh.step.in_time", &[("n", &in_time), ("all", &all)])]
            }),
            4 => done.map_or_else(Vec::new, |at| vec![look.moment(at)]),
            _ => match &w.end {
                Some(End::Closed { at }) => vec![look.moment(*at)],
                _ => vec![t.s("wh.step.both").to_owned()],
            },
        }
    };
    let names = [
        t.s("wh.step.need"),
        t.s("wh.step.whistle"),
        t.s("wh.step.report"),
        t.s("wh.step.handle"),
        t.s("wh.step.score"),
    ];
    (1_u8..)
        .zip(names)
        .map(|(n, name)| {
            let late = (n == 3 && late_arrival) || (n == 4 && late_done);
            let state = match n {
                n if n < current || (n == current && over) => {
                    if late {
                        StepState::Late
                    } else {
                        StepState::Done
                    }
                }
                n if n == current => StepState::Now,
                _ => StepState::Next,
            };
            Step { state, name: name.to_owned(), lines: lines(n) }
        })
        .collect()
}

/// A card that stands only when it has something to show.
pub(super) fn card<'c>(v: &View<'_>, title: &'c str, id: &'c str) -> Card<'c> {
    Card::new(title).id(id).tools(v.marks())
}

/// A shape beside its word.
pub(super) fn told(light: Light, word: &str) -> Markup {
    html! { span.gd-kind { (shape(light, 13)) (word) } }
}
