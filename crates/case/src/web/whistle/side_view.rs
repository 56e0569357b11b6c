//! The cards beside the record: place and photos, receipt, evidence, scores, ties; and the joint plan.

use super::detail_view::{View, card, told};
use super::look::share;
use super::time_view::timely;
use crate::whistle::TASK_KIND;
use crate::whistle::model::{Call, Scores};
use crate::whistle::score;
use crate::whistle::vocab::Sheet;
use base::qr::qr;
use base::web::ui::card::facts;
use base::web::ui::feedback::empty;
use base::web::ui::icon::sized;
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::meter::{Size, bullet};
use base::web::ui::{Markup, Tone, html, mark, when};
use kernel::duty::{Duty, EvidenceKind, EvidenceRef};
use kernel::light::Light;

/// 联合方案: tasks with their leads and days.
pub(super) fn plan(v: &View<'_>) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let Some(plan) = &v.seen.whistle.plan else { return html! {} };
    let state = |id| {
        let child = v.seen.children.iter().find(|child| child.id == id && child.kind == TASK_KIND);
        match child {
            None => html! { "—" },
            Some(child) if !child.open || child.state == "submitted" => {
                told(Light::Done, t.s("wh.plan.done"))
            }
            Some(child) => {
                let light = child.light(look.now);
                html! { (base::web::ui::light::light_icon(t, light, None)) }
            }
        }
    };
    let rows = plan
        .tasks
        .iter()
        .map(|task| {
            vec![
                title_cell(&format!("/d/{}", task.duty), &t.say(task.what.as_str()), ""),
                html! { (look.unit(&task.unit)) },
                html! { (when::day_near(t.lang(), task.due, look.now.day())) },
                state(task.duty),
            ]
        })
        .collect();
    let list = Table {
        caption: t.s("wh.plan.title"),
        cols: vec![
            Col::text(t.s("wh.plan.task")),
            Col::text(t.s("duty.lead")),
            Col::text(t.s("wh.plan.due")),
            Col::text(t.s("wh.units.state")),
        ],
        rows,
        tight: false,
        stacked: true,
    };
    let sub = t.f("wh.plan.sub", &[("who", &look.post(&plan.by)), ("at", &look.moment(plan.at))]);
    let note = html! { @if let Some(note) = &plan.note { div.card-body { p { (t.say(note.as_str())) } } } };
    card(v, t.s("wh.plan.title"), "plan").measure(&sub).flush(html! { (table(&list)) (note) }).into()
}

/// 地点与照片: the spot in words, what was found and tried, the photos.
pub(super) fn place(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let at = match (&w.need.spot, w.place == w.street) {
        (Some(spot), _) => format!("{} · {spot}", look.unit(&w.place)),
        (None, _) => look.unit(&w.place),
    };
    let pairs = [
        (t.s("wh.place"), html! { (t.say(&at)) }),
        (t.s("wh.new.text"), html! { (t.say(w.need.text.as_str())) }),
        (t.s("wh.new.tried"), html! { (t.say(w.need.tried.as_str())) }),
        (
            t.s("wh.new.found"),
            html! { (w.need.found.say(t.lang())) " · " (look.post(&w.raised.by)) " " span.muted { (look.moment(w.raised.at)) } },
        ),
    ];
    let body = html! {
        div.card-body { (facts(&pairs)) }
        @if w.need.photos.is_empty() { div.card-body { p.muted.xs { (t.s("wh.place_card.none")) } } }
        @else {
            ul.ph3 {
                @for (photo, n) in w.need.photos.iter().zip(1_u8..) {
                    @let taken = v.seen.files.get(&photo.file).and_then(|row| row.taken_at);
                    li {
                        a href={ "/w/" (w.id) "/photo/" (photo.file) } {
                            img.wh-ph src={ "/w/" (w.id) "/photo/" (photo.file) } loading="lazy" width="160" height="120" alt=(t.f("wh.place_card.photo", &[("n", &n)]));
                        }
                        @if let Some(taken) = taken { small { (look.moment(taken)) } }
                    }
                }
            }
        }
    };
    card(v, t.s("wh.place_card.title"), "place").flush(body).into()
}

/// 可核验回执: the newest entry's commitment, as a code that anybody's phone can follow.
pub(super) fn receipt(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let Some(entry) = v.seen.history.last() else { return html! {} };
    let path = format!("/log/{}/receipt/{}", v.district, entry.stored.id);
    let full = format!("{}{path}", v.public);
    let hash = base::hex(&entry.stored.commitment);
    let sealed = match entry.stored.seq {
        Some(seq) => told(Light::Green, &t.f("wh.receipt.sealed", &[("n", &seq)])),
        None => told(Light::Paused, t.s("wh.receipt.waiting")),
    };
    let pairs = [
        (t.s("wh.receipt.number"), html! { span.mono { (v.seen.whistle.no) } }),
        (t.s("wh.receipt.hash"), mark::hash(&hash)),
        (t.s("wh.receipt.at"), html! { (v.look.moment(entry.stored.at)) }),
        (t.s("wh.receipt.place"), sealed),
    ];
    let body = html! {
        div.rcw { (qr(&full, t.s("wh.receipt.code"))) (facts(&pairs)) }
        p.muted.xs { (t.s("wh.receipt.what")) }
    };
    let foot = html! { a href=(path) { (sized("download", 14)) " " (t.s("wh.receipt.fetch")) } };
    card(v, t.s("wh.receipt.title"), "receipt").class("rc").body(body).foot(foot).into()
}

fn evidence_icon(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Photo | EvidenceKind::Video => "photo",
        _ => "file-text",
    }
}

/// 办理凭据: what each department reported, and the files that show it.
pub(super) fn evidence(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let reports: Vec<&Call> = w.calls.iter().filter(|call| call.done.is_some()).collect();
    let files: Vec<(&Duty, &EvidenceRef)> =
        v.seen.loaded.duties.values().flat_map(|duty| duty.evidence.iter().map(move |e| (duty, e))).collect();
    let rule = look.book.kind(crate::whistle::KIND).map(|profile| &profile.evidence);
    let sub = rule
        .map(|rule| t.f("wh.evidence.rule", &[("min", &rule.min), ("max", &rule.max)]))
        .unwrap_or_default();
    let body = html! {
        @if reports.is_empty() && files.is_empty() { (empty("paperclip", t.s("wh.evidence.none"), t.s("wh.evidence.none_text"), false, None)) }
        @else {
            ul.ev {
                @for call in &reports {
                    @if let Some(done) = &call.done {
                        li {
                            (sized("circle-check", 18))
                            div { b { (look.unit(&call.unit)) } small { (t.say(done.text.as_str())) } }
                            span.v { (look.moment(done.at)) " " (timely(v, done.in_time)) }
                        }
                    }
                }
                @for (duty, file) in &files { (one_file(v, duty, file)) }
            }
        }
    };
    card(v, t.s("wh.evidence.title"), "evidence").measure(&sub).class("evd").flush(body).into()
}

fn one_file(v: &View<'_>, duty: &Duty, e: &EvidenceRef) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let name = match (&e.note, v.seen.files.get(&e.file)) {
        (Some(note), _) => note.to_string(),
        (None, Some(row)) => row.name.clone(),
        (None, None) => e.kind.say(t.lang()).to_owned(),
    };
    let (light, word) = match &e.check {
        Some(check) if check.good => (Light::Green, t.s("wh.evidence.good")),
        Some(_) => (Light::Red, t.s("wh.evidence.bad")),
        None => (Light::Paused, t.s("wh.evidence.unchecked")),
    };
    html! {
        li {
            (sized(evidence_icon(e.kind), 18))
            div {
                b { a href={ "/files/" (e.file) "?of=" (duty.id) } { (t.say(&name)) } }
                small { (e.kind.say(t.lang())) " · " (look.post(&e.by)) " · " (look.moment(e.at)) }
            }
            span.v { (told(light, word)) " " (mark::hash(e.sha256.as_str())) }
        }
    }
}

/// 双向评分: the street on each department, each department on the whistle; what the record gives is there from the start.
pub(super) fn scores(v: &View<'_>) -> Markup {
    let (t, w) = (v.look.t, &v.seen.whistle);
    if w.sounded.is_none() {
        return html! {};
    }
    let sub = if w.is_confirmed() { t.s("wh.scores.sub") } else { t.s("wh.scores.sub_open") };
    let body = html! {
        @for call in w.active() { @for sheet in Sheet::ALL { (one_sheet(v, call, *sheet)) } }
    };
    card(v, t.s("wh.scores.title"), "scores").measure(sub).class("sc2").body(body).into()
}

fn one_sheet(v: &View<'_>, call: &Call, sheet: Sheet) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let Some(rules) = look.book.whistle_rules() else { return html! {} };
    let (rows, have, of) = score::so_far(rules, call, sheet);
    let filled = call.sheet(sheet);
    let title = match sheet {
        Sheet::Department => t.f("wh.scores.of_department", &[("unit", &look.unit(&call.unit))]),
        Sheet::Street => t.f("wh.scores.of_whistle", &[("unit", &look.unit(&call.unit))]),
    };
    html! {
        div {
            h3 { (title) }
            ul {
                @for (item, n, by_record) in &rows {
                    @let full = item.points;
                    li {
                        span title=[by_record.then(|| t.s("wh.form.by_record"))] { (item.name.get(t.lang())) }
                        @match n {
                            Some(n) => {
                                @let label = t.f("wh.scores.said", &[("item", &item.name.get(t.lang())), ("n", &n.text(0)), ("of", &full.text(0))]);
                                @let tone = if *n < full { Tone::Warn } else { Tone::Plain };
                                (bullet(share(n.raw(), full.raw()), None, tone, Size::Thin, &label))
                                b { (n.text(0)) small { "/" (full.text(0)) } }
                            }
                            None => { em aria-hidden="true" {} b { "—" small { "/" (full.text(0)) } } }
                        }
                    }
                }
            }
            p { b { (have.text(0)) small { "/" (of.text(0)) } } span { (state(v, filled)) } }
        }
    }
}

fn state(v: &View<'_>, filled: Option<&Scores>) -> String {
    let (t, look) = (v.look.t, v.look);
    let Some(scores) = filled else { return t.s("wh.scores.open").to_owned() };
    match &scores.contest {
        None => t.f("wh.scores.given", &[("who", &look.post(&scores.by)), ("at", &look.moment(scores.at))]),
        Some(contest) => match &contest.settled {
            None => t.f("wh.scores.contested", &[("why", &contest.why)]),
            Some((ground, stamp)) => {
                t.f("wh.scores.settled", &[("who", &look.post(&stamp.by)), ("ground", ground)])
            }
        },
    }
}

/// 关联: the request that it came from, its duty, the parts.
pub(super) fn related(v: &View<'_>) -> Markup {
    let (t, w, look) = (v.look.t, &v.seen.whistle, v.look);
    let row = |icon: &'static str, href: String, title: String, small: String| {
        html! { li { (sized(icon, 18)) div { b { a href=(href) { (title) } } small { (small) } } } }
    };
    let body = html! {
        ul.ev {
            @match &v.seen.case {
                Some((id, Some(no))) => { (row("message-circle", format!("/c/{id}"), no.clone(), t.s("wh.related.case").to_owned())) }
                Some((_, None)) => { li { (sized("lock", 18)) div { b { (t.s("wh.related.hidden")) } small { (t.s("wh.related.case")) } } } }
                None => {}
            }
            (row("clipboard-list", format!("/d/{}", w.id), w.no.clone(), t.s("wh.related.duty").to_owned()))
            @for call in w.calls.iter().filter(|call| !call.lead) {
                @if let Some(duty) = v.duty(call) { (row("users-plus", format!("/d/{}", call.duty), duty.no.clone(), look.unit(&call.unit))) }
            }
            @if w.quarterly.is_some() { (row("presentation", "/whistles/board#quarterly".to_owned(), t.s("wh.board.quarterly").to_owned(), t.s("wh.related.listed").to_owned())) }
            (row("list-tree", format!("/whistles?street={}&all=1", w.street), t.f("wh.related.street", &[("street", &look.unit(&w.street))]), t.s("wh.related.street_text").to_owned()))
        }
    };
    card(v, t.s("wh.related.title"), "related").class("rel").flush(body).into()
}
