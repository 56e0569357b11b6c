//! The cards beside the record: what it rests on, what came of it, what proves it, what it is tied to.

use super::detail::Tie;
use super::detail_view::View;
use super::look::kind_icon;
use super::time_view::{in_time, newest};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, facts};
use base::web::ui::due::Length;
use base::web::ui::feedback::empty;
use base::web::ui::icon::sized;
use base::web::ui::light::{light_icon, shape};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::mark;
use base::web::ui::{Markup, html, when};
use kernel::duty::{Act, EvidenceKind, EvidenceRef};
use kernel::light::Light;

/// 基本情况: ground, criterion, people, dates.
pub(super) fn facts_card(v: &View<'_>) -> Markup {
    let (t, d, look) = (v.look.t, &v.seen.duty, v.look);
    let day = |day| when::day_near(t.lang(), day, look.now.day());
    let grounds = html! {
        @for ground in &d.ground {
            div {
                (mark::tag(ground.kind.say(t.lang()))) " " (t.say(ground.text.as_str()))
                @if let Some(at) = ground.day { " " span.muted { (day(at)) } }
                @if ground.source == "example" { " " (mark::example(t, None)) }
                @if ground.source == "article" { " " (mark::src(t, None)) }
            }
        }
    };
    let mut pairs: Vec<(&str, Markup)> = vec![
        (t.s("du.facts.ground"), grounds),
        (t.s("du.duties.criterion"), html! { (t.say(d.criterion.as_str())) }),
        (t.s("du.facts.registrar"), html! { (look.post(&d.registrar)) }),
    ];
    if let Some(lead) = &d.lead {
        pairs.push((t.s("duty.lead"), html! { (look.unit(lead)) }));
    }
    if let Some(handler) = &d.handler {
        pairs.push((t.s("du.facts.handler"), html! { (look.post(handler)) }));
    }
    if let Some(post) = &d.superintendent {
        pairs.push((t.s("du.facts.superintendent"), html! { (look.post(post)) }));
    }
    if let Some(patron) = &d.patron {
        pairs.push((t.s("du.detail.patron"), html! { (look.post(patron)) }));
    }
    if let Some(place) = &d.place {
        pairs.push((t.s("du.facts.place"), html! { (look.unit(place)) }));
    }
    if let Some(entry) = d.entry.as_ref().and_then(|entry| look.book.mandate(entry.as_str())) {
        pairs.push((
            t.s("du.facts.mandate"),
            html! { (entry.title.get(t.lang())) " " span.muted { (entry.code) } },
        ));
    }
    if let Some(due) = d.planned_due {
        pairs.push((t.s("du.facts.planned"), html! { (day(due)) }));
    }
    if let Some(percent) = d.percent {
        pairs.push((t.s("du.facts.percent"), html! { (percent) "%" }));
    }
    Card::new(t.s("du.facts.title")).tools(v.marks()).body(facts(&pairs)).into()
}

/// 办理结果: what was claimed and what was found, apart from whether it was in time.
pub(super) fn result(v: &View<'_>) -> Markup {
    let (t, d, look) = (v.look.t, &v.seen.duty, v.look);
    let Some(outcome) = &d.outcome else { return html! {} };
    let timely = match in_time(d) {
        Some(true) => html! { span.gd-kind { (shape(Light::Green, 13)) (t.s("du.result.in_time")) } },
        Some(false) => html! { span.gd-kind { (shape(Light::Red, 13)) (t.s("du.result.late")) } },
        None => html! { (t.s("due.none")) },
    };
    let mut pairs = vec![
        (t.s("du.result.claim"), html! { b { (outcome.class.say(t.lang())) } }),
        (t.s("du.result.reply"), html! { (t.say(outcome.reply.as_str())) }),
        (t.s("du.result.timely"), timely),
        (
            t.s("du.result.by"),
            html! { (look.post(&outcome.by)) " " span.muted { (look.moment(outcome.at)) } },
        ),
    ];
    if let Some(day) = outcome.planned {
        pairs.push((t.s("du.result.planned"), html! { (when::day_full(t.lang(), day)) }));
    }
    if let Some(legal) = &outcome.legal {
        pairs.push((t.s("du.result.legal"), html! { (t.say(legal.as_str())) }));
    }
    for found in d.verifications.iter().filter(|found| found.round == d.round) {
        let text = html! {
            b { (found.solved.say(t.lang())) } " · " (found.kind.say(t.lang())) (t.s("word.colon")) (t.say(found.note.as_str()))
            " " span.muted { (look.post(&found.by)) " " (look.moment(found.at)) }
        };
        pairs.push((t.s("du.result.found"), text));
    }
    Card::new(t.s("du.result.title"))
        .measure(t.s("du.result.sub"))
        .id("result")
        .tools(v.marks())
        .body(facts(&pairs))
        .into()
}

/// 协办: each supporting unit's own duty with its own light.
pub(super) fn children(v: &View<'_>) -> Markup {
    let (t, d, look) = (v.look.t, &v.seen.duty, v.look);
    if v.seen.children.is_empty() {
        return html! {};
    }
    let asked = |id| {
        d.children.iter().find(|child| child.id == id).map(|child| child.ask.as_str()).unwrap_or_default()
    };
    let rows = v
        .seen
        .children
        .iter()
        .map(|child| {
            let unit = child.lead.as_ref().unwrap_or(&child.holder_unit);
            vec![
                title_cell(&format!("/d/{}", child.id), &look.unit(unit), &child.no),
                html! { (t.say(asked(child.id))) },
                html! { (light_icon(t, child.light(look.now), None)) " " (look.state(&child.state)) },
                look.chip(child, None, Length::Short),
            ]
        })
        .collect();
    let list = Table {
        caption: t.s("du.children.title"),
        cols: vec![
            Col::text(t.s("du.children.unit")),
            Col::text(t.s("du.children.ask")).secondary(),
            Col::text(t.s("du.duties.state")),
            Col::text(t.s("du.duties.due")),
        ],
        rows,
        tight: false,
        stacked: false,
    };
    Card::new(t.s("du.children.title"))
        .measure(t.s("du.children.sub"))
        .id("children")
        .tools(v.marks())
        .flush(table(&list))
        .into()
}

/// 可核验回执: the newest entry's commitment, and where to fetch the proof.
pub(super) fn receipt(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let Some(entry) = newest(v) else { return html! {} };
    let href = format!("/log/{}/receipt/{}", v.district, entry.stored.id);
    let hash = base::hex(&entry.stored.commitment);
    let place = match entry.stored.seq {
        Some(seq) => {
            html! { span.gd-kind { (shape(Light::Green, 13)) (t.f("du.receipt.sealed", &[("n", &seq)])) } }
        }
        None => html! { span.gd-kind { (shape(Light::Paused, 13)) (t.s("du.receipt.waiting")) } },
    };
    let pairs = [
        (t.s("du.receipt.number"), html! { span.mono { (entry.stored.id) } }),
        (t.s("du.receipt.hash"), mark::hash(&hash)),
        (t.s("du.receipt.at"), html! { (v.look.moment(entry.stored.at)) }),
        (t.s("du.receipt.place"), place),
    ];
    let foot = html! {
        a href=(href) { (sized("download", 14)) " " (t.s("du.receipt.fetch")) }
        span.sp {}
        (Button::new(t.s("act.print")).small().attr("data-print", ""))
    };
    let body = html! { (facts(&pairs)) p.muted.xs { (t.s("du.receipt.what")) } };
    Card::new(t.s("du.receipt.title")).class("rc").body(body).foot(foot).into()
}

fn evidence_icon(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Photo | EvidenceKind::Video => "photo",
        EvidenceKind::Certificate | EvidenceKind::Confirmation => "file-certificate",
        EvidenceKind::Measurement => "chart-line",
        EvidenceKind::BankVoucher | EvidenceKind::Invoice => "receipt",
        EvidenceKind::CallRecording => "phone",
        EvidenceKind::SystemLog => "server",
        EvidenceKind::Document | EvidenceKind::Minutes => "file-text",
    }
}

/// 佐证: each file with who handed it in and whether somebody checked it.
pub(super) fn evidence(v: &View<'_>) -> Markup {
    let (t, d) = (v.look.t, &v.seen.duty);
    let rule = v.look.book.kind(d.kind.as_str()).map(|profile| &profile.evidence);
    let sub = rule
        .map(|rule| t.f("du.evidence.rule", &[("min", &rule.min), ("max", &rule.max)]))
        .unwrap_or_default();
    let have = d.evidence.iter().filter(|e| e.round == d.round).count();
    let room = rule.map_or(0, |rule| usize::try_from(rule.max).unwrap_or(0).saturating_sub(have));
    let may = v.seen.offers.iter().any(|offer| offer.act == Act::AddEvidence && offer.allowed.is_ok());
    let foot = html! {
        @if may && v.past.is_none() {
            (Button::link(t.s("du.evidence.add"), &format!("/d/{}/add_evidence", d.id)).small().icon("upload"))
        }
        span.sp {}
        span.muted { (t.f("du.evidence.have", &[("n", &have), ("room", &room)])) }
    };
    let list = html! {
        @if d.evidence.is_empty() { (empty("paperclip", t.s("du.evidence.none"), t.s("du.evidence.none_text"), false, None)) }
        @else { ul.ev { @for e in d.evidence.iter().rev() { (one_file(v, e)) } } }
    };
    Card::new(t.s("du.evidence.title"))
        .measure(&sub)
        .id("evidence")
        .class("evd")
        .tools(v.marks())
        .flush(list)
        .foot(foot)
        .into()
}

fn one_file(v: &View<'_>, e: &EvidenceRef) -> Markup {
    let (t, look) = (v.look.t, v.look);
    let href = format!("/files/{}?of={}", e.file, v.seen.duty.id);
    let row = v.seen.files.get(&e.file);
    let name = match (&e.note, row) {
        (Some(note), _) => note.to_string(),
        (None, Some(row)) => row.name.clone(),
        (None, None) => e.kind.say(t.lang()).to_owned(),
    };
    let size = row.map(|row| t.f("du.evidence.size", &[("n", &row.size.div_ceil(1024))])).unwrap_or_default();
    let taken =
        row.and_then(|row| row.taken_at).map(|at| t.f("du.evidence.taken", &[("at", &look.moment(at))]));
    let state = match &e.check {
        Some(check) if check.good => (
            Light::Green,
            t.f("du.evidence.good", &[("who", &look.post(&check.by)), ("at", &look.moment(check.at))]),
        ),
        Some(check) => {
            (Light::Red, t.f("du.evidence.bad", &[("who", &look.post(&check.by)), ("why", &check.note)]))
        }
        None => (Light::Paused, t.s("du.evidence.unchecked").to_owned()),
    };
    html! {
        li {
            (sized(evidence_icon(e.kind), 18))
            div {
                b { a href=(href) { (t.say(&name)) } }
                small {
                    (e.kind.say(t.lang())) " · " (look.post(&e.by)) " · " (look.moment(e.at))
                    @if !size.is_empty() { " · " (size) }
                    @if let Some(taken) = taken { " · " (taken) }
                    @if e.round != v.seen.duty.round { " · " (t.f("du.detail.round", &[("n", &e.round)])) }
                }
                @if v.seen.personal { small.d-block { a href={ (href) "&original=1" } { (t.s("du.evidence.original")) } } }
            }
            span.v { (shape(state.0, 13)) (state.1) " " (mark::hash(e.sha256.as_str())) }
        }
    }
}

/// 关联: parent and other ties; what this post may not see is named as such and no more.
pub(super) fn related(v: &View<'_>) -> Markup {
    let t = v.look.t;
    if v.seen.ties.is_empty() {
        return html! {};
    }
    let list = html! { ul.ev { @for tie in &v.seen.ties { (one_tie(v, tie)) } } };
    Card::new(t.s("du.related.title")).class("rel").tools(v.marks()).flush(list).into()
}

fn one_tie(v: &View<'_>, tie: &Tie) -> Markup {
    let t = v.look.t;
    let word = tie.kind.map_or(t.s("du.related.parent"), |kind| kind.say(t.lang()));
    html! {
        li {
            @match &tie.to {
                Some(to) => {
                    (sized(kind_icon(&to.kind), 18))
                    div { b { a href={ "/d/" (to.id) } { (to.no) " " (t.say(&to.title)) } } small { (word) " · " (v.look.state(&to.state)) } }
                }
                None => { (sized("lock", 18)) div { b { (t.s("du.related.hidden")) } small { (word) } } }
            }
        }
    }
}
