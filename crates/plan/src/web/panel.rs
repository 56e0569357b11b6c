//! Sections about one item that the side panel and the item's own page share.

use super::query::View;
use super::words::{Names, badge, fraction, source};
use crate::board::{ItemView, Mark, Origin, TaskKind};
use crate::check::Finding;
use crate::detail::{Detail, Proof};
use base::Outcome;
use base::i18n::T;
use base::web::Ctx;
use base::web::ui::button::Button;
use base::web::ui::light::light_icon;
use base::web::ui::meter::{Part, Size, bullet, decomposition, number};
use base::web::ui::{Tone, mark, when};
use kernel::light::Light;
use maud::{Markup, html};

/// Files that the panel names before it says how many more there are.
const FEW: usize = 5;

/// The side panel.
pub(super) fn aside(ctx: &Ctx, n: &Names<'_>, view: &View, d: &Detail) -> Outcome<Markup> {
    let t = n.t;
    let item = d.view()?;
    let close = view.with(|v| {
        v.item = None;
        v.open = None;
    });
    let page =
        format!("/plan/{}{}", item.code, view.as_of.map(|day| format!("?as_of={day}")).unwrap_or_default());
    let change = format!("/plan/{}#changes", item.code);
    let problems = item.findings.iter().filter(|f| f.light != Light::Green).count();
    Ok(html! {
        aside.card.pd #detail aria-label=(t.s("plan.selected")) tabindex="-1" {
            header {
                div.row-f {
                    (mark::tag_strong(&item.code)) (mark::tag(&n.list(&item.list))) (source(t, &item.source)) span.sp {}
                    (Button::link(t.s("plan.close"), &close.href()).icon_only("x").small().weight(base::web::ui::button::Weight::Ghost))
                }
                h2 { a href=(page) { (t.words(&item.title)) } }
                div.row-f { (badge(t, item.light, item.behind)) span.muted.xs { (t.words(&item.light_why)) } }
            }
            section { h3 { (t.s("plan.progress_time")) } (progress(n, item)) }
            section { h3 { (t.s("plan.who_does")) } (who(n, d, item)) }
            @if !item.findings.is_empty() {
                section {
                    h3 { (t.s("plan.checks")) @if problems > 0 { " " (mark::tag(&t.f("plan.to_mend", &[("n", &problems)]))) }
                        @if ctx.app.simulated { (mark::sim(t, None)) } }
                    (checks(n, item))
                }
            }
            section {
                h3 { (t.s("plan.evidence")) " " b { (item.evidence) } @if ctx.app.simulated { (mark::sim(t, None)) } }
                (proofs(n, d, FEW))
            }
            footer {
                (Button::link(t.s("plan.open_item"), &page).primary())
                @if let Some(id) = item.duty { (Button::link(t.s("plan.open_duty"), &format!("/d/{id}"))) }
                @if !d.may.ask.is_empty() { (Button::link(t.s("plan.ask"), &change)) }
            }
        }
    })
}

/// The two bars and the sentence below them.
pub(super) fn progress(n: &Names<'_>, item: &ItemView) -> Markup {
    let t = n.t;
    let mark_word = match item.against {
        Mark::Time => t.s("plan.time"),
        Mark::Target => t.s("plan.target"),
    };
    let shown = item.percent.map(|p| p.text(1));
    html! {
        div.pt {
            span { (t.s("plan.done")) }
            @match (&shown, item.percent) {
                (Some(text), Some(p)) => {
                    (bullet(number(p), None, Tone::from(item.light), Size::Usual, &format!("{}{text}%", t.s("plan.done"))))
                    b { (text) "%" }
                },
                _ => { (bullet(0.0, None, Tone::Time, Size::Usual, t.s("plan.no_percent"))) b.muted { (t.s("plan.no_percent")) } },
            }
            span { (mark_word) }
            (bullet(number(item.mark), None, Tone::Time, Size::Usual, &format!("{mark_word}{}%", item.mark.text(1))))
            b { (item.mark.text(1)) "%" }
        }
        p.xs.ink2 { (told(t, item)) }
    }
}

/// What the bars say, in a sentence: how much is done, by how much it leads or lags, and where the figure comes from.
fn told(t: T, item: &ItemView) -> Markup {
    let amount = fraction(t, item.value, item.target, item.unit.as_ref());
    let gap = item.difference.map(|d| (d.raw() < 0, d.text(1).trim_start_matches('−').to_owned()));
    let class = match item.light {
        Light::Red => Some("c-r"),
        Light::Yellow => Some("c-y"),
        _ => None,
    };
    html! {
        @if item.value.is_some() { (t.s("mark.reported")) " " (amount) (t.s("word.comma")) }
        @if let Some((late, points)) = gap {
            @let key = match (item.against, late) {
                (Mark::Time, true) => "plan.behind_time",
                (Mark::Time, false) => "plan.ahead_time",
                (Mark::Target, true) => "plan.behind_target",
                (Mark::Target, false) => "plan.ahead_target",
            };
            b class=[class] { (t.f(key, &[("n", &points)])) } (t.s("word.full_stop")) (t.s("word.gap"))
        }
        (origin(t, item.origin))
    }
}

fn origin(t: T<'_>, origin: Origin) -> &str {
    match origin {
        Origin::Value => t.s("plan.origin_value"),
        Origin::Noted => t.s("plan.origin_noted"),
        Origin::Nodes => t.s("plan.origin_nodes"),
        Origin::Done => t.s("plan.origin_done"),
        Origin::Nothing => t.s("plan.origin_nothing"),
    }
}

/// Lead, support, patron, ground, sessions.
pub(super) fn who(n: &Names<'_>, d: &Detail, item: &ItemView) -> Markup {
    let t = n.t;
    let support = n.units(&item.support);
    let basis = d.item().map(|i| t.words(&i.basis).into_owned()).unwrap_or_default();
    let forums: Vec<String> = n.book.cadences.iter().map(|c| t.words(&c.title).into_owned()).collect();
    let next = n
        .book
        .cadences
        .iter()
        .map(|c| (c.next(n.today, |day| n.cal.is_workday(day)), c))
        .min_by_key(|(day, _)| *day);
    html! {
        dl.gd-dl {
            dt { (t.s("plan.lead")) } dd { (n.unit(&item.lead)) }
            @if !support.is_empty() { dt { (t.s("plan.support")) } dd { (support) } }
            dt { (t.s("plan.patron")) } dd { (n.post(&item.patron)) }
            dt { (t.s("plan.basis")) } dd { (basis) " " (source(t, &item.source)) }
            @if !forums.is_empty() {
                dt { (t.s("plan.forums")) } dd { (forums.join(t.s("word.list"))) }
                @if let Some((day, cadence)) = next {
                    dt { (t.s("plan.next")) } dd { (when::day_week(t.lang(), day)) " " (t.words(&cadence.title)) }
                }
            }
        }
    }
}

/// The decomposition as a bar, and every check with its result.
pub(super) fn checks(n: &Names<'_>, item: &ItemView) -> Markup {
    let t = n.t;
    html! { div.dc { (split(n, item)) (findings(t, &item.findings)) } }
}

/// The upper target over its parts; nothing without parts or target.
fn split(n: &Names<'_>, item: &ItemView) -> Markup {
    let t = n.t;
    let parts: Vec<Part> = item
        .tasks
        .iter()
        .filter(|task| task.kind == TaskKind::Part)
        .filter_map(|task| {
            let target = task.target?;
            Some(Part {
                name: t.words(&task.title).into_owned(),
                value: number(target),
                text: target.to_string(),
            })
        })
        .collect();
    let Some(target) = item.target.filter(|_| !parts.is_empty()) else { return html! {} };
    let sum: kernel::money::Decimal = item.tasks.iter().filter_map(|task| task.target).sum();
    let (whole, sum_text) = (target.to_string(), sum.to_string());
    let label = t.f("plan.split_label", &[("target", &whole), ("n", &parts.len()), ("sum", &sum_text)]);
    decomposition(t, number(target), &whole, &sum_text, &parts, &label)
}

fn findings(t: T, all: &[Finding]) -> Markup {
    html! {
        ul.dck {
            @for f in all {
                @let say = match f.light {
                    Light::Red => t.s("plan.failed"),
                    Light::Yellow => t.s("plan.reminder"),
                    _ => t.s("plan.passed"),
                };
                li { (light_icon(t, f.light, Some(say))) span { (t.words(&f.words)) } }
            }
        }
    }
}

/// The newest files of evidence, each a link to its duty.
pub(super) fn proofs(n: &Names<'_>, d: &Detail, few: usize) -> Markup {
    let t = n.t;
    if d.proofs.is_empty() {
        return html! { p.muted.xs { (t.s("plan.no_evidence")) } };
    }
    let more = d.proofs.len().saturating_sub(few);
    html! {
        ul.pe { @for proof in d.proofs.iter().take(few) { (proof_line(n, proof)) } }
        @if more > 0 { p.muted.xs { (t.f("plan.more_evidence", &[("n", &more)])) } }
    }
}

fn proof_line(n: &Names<'_>, proof: &Proof) -> Markup {
    let t = n.t;
    let caption = if proof.caption.is_empty() {
        proof.kind.say(t.lang()).to_owned()
    } else {
        t.say(&proof.caption).into_owned()
    };
    let (light, word) = match proof.good {
        Some(true) => (Light::Green, t.s("plan.proof_good")),
        Some(false) => (Light::Red, t.s("plan.proof_bad")),
        None => (Light::Grey, t.s("plan.proof_open")),
    };
    let class = match light {
        Light::Green => "v is-g",
        Light::Red => "v is-r",
        _ => "v",
    };
    html! {
        li {
            span { a href={ "/d/" (proof.duty) } { (caption) } small { (proof.code) " · " (when::day_near(t.lang(), proof.at.day(), n.today)) } }
            span class=(class) { (base::web::ui::light::shape(light, 12)) (word) }
        }
    }
}

/// The figure to reach, and the first one when it was changed.
pub(super) fn target_line(t: T, d: &Detail, item: &ItemView) -> Markup {
    html! {
        @if let Some(target) = item.target {
            (fraction(t, Some(target), None, item.unit.as_ref()))
            @if let Some(first) = d.first_target { " " span.muted.xs { (t.f("plan.first_was", &[("value", &first)])) } }
        } @else { span.muted { (t.s("plan.no_target")) } }
    }
}
