//! The inbox as people see it.

use super::inbox::{Inbox, Row, Wait};
use super::look::{Look, kind_icon};
use crate::model::{Bounds, Bucket, InboxCount};
use base::web::query::Params;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, facts, headline, page_head};
use base::web::ui::due::Length;
use base::web::ui::duty::{DutyRow, Group, Party, bulk_bar, duty_group, duty_head, duty_row};
use base::web::ui::feedback::{empty, note};
use base::web::ui::form::{act, hidden, message};
use base::web::ui::icon::sized;
use base::web::ui::list::{Col, Pager, Seg, Table, filtered, pager, segments, table, title_cell};
use base::web::ui::mark;
use base::web::ui::meter::{DayLoad, day_load};
use base::web::ui::{Markup, Tone, html, when};
use kernel::duty::{Duty, Mark};
use kernel::{PostCode, Refused};

/// Days of the load strip.
const STRIP: i32 = 12;

/// The page of an inbox.
pub(super) fn page(
    look: Look<'_>,
    inbox: &Inbox,
    params: &Params,
    csrf: &str,
    post: &PostCode,
    refused: &[(String, Refused)],
) -> Markup {
    let t = look.t;
    let acts = html! {
        (Button::link(t.s("du.inbox.handover"), "/inbox/handover").icon("transfer"))
        (Button::link(t.s("du.inbox.list"), "/duties").icon("table"))
    };
    let head = PageHead {
        title: t.s("du.inbox.title"),
        sub: t.s("du.inbox.sub"),
        acts: Some(acts),
        ..PageHead::default()
    };
    html! {
        (page_head(&head))
        @if !refused.is_empty() { (not_signed(look, refused)) }
        (first(look, inbox))
        (list(look, inbox, params, csrf))
        div.g.g75 {
            (waits(look, inbox, csrf))
            (own(look, inbox, post))
        }
    }
}

fn not_signed(look: Look<'_>, refused: &[(String, Refused)]) -> Markup {
    let t = look.t;
    note(
        Tone::Bad,
        html! {
            b { (t.f("du.inbox.not_signed", &[("n", &refused.len())])) }
            ul { @for (no, why) in refused { li { @if !no.is_empty() { (no) (t.s("word.colon")) } (message(t, &**why)) } } }
        },
    )
}

fn total<'c>(counts: impl Iterator<Item = &'c InboxCount>) -> u64 {
    counts.map(|c| c.n).sum()
}

/// The headline: how many wait, how many are late, due, unsigned; which one first. Each clause leads to its rows.
fn first(look: Look<'_>, inbox: &Inbox) -> Markup {
    let t = look.t;
    let of = |bucket| total(inbox.counts.iter().filter(move |c| c.bucket == bucket));
    let all = total(inbox.counts.iter());
    let (late, today) = (of(Bucket::Overdue), of(Bucket::Today));
    let unsigned = total(inbox.counts.iter().filter(|c| c.awaiting));
    let mut clauses: Vec<Markup> = Vec::new();
    if late > 0 {
        clauses.push(html! { a href="/inbox#g0" { b.c-r { (t.f("du.inbox.n_overdue", &[("n", &late)])) } } });
    }
    if today > 0 {
        clauses.push(html! { a href="/inbox#g1" { b { (t.f("du.inbox.n_today", &[("n", &today)])) } } });
    }
    if unsigned > 0 {
        clauses.push(
            html! { a href="/inbox?unsigned=1" { b { (t.f("du.inbox.n_unsigned", &[("n", &unsigned)])) } } },
        );
    }
    let sentence = html! {
        b { (t.f("du.inbox.n_all", &[("n", &all)])) }
        @for (i, clause) in clauses.iter().enumerate() {
            (if i == 0 { t.s("word.colon") } else { t.s("word.list") }) (clause)
        }
        (t.s("word.full_stop"))
        @if all == 0 { (t.s("word.gap")) (t.s("du.inbox.none")) }
        @if let Some(row) = inbox.rows.first() {
            (t.s("word.gap")) (t.s("du.inbox.first"))
            a href={ "/d/" (row.s.id) } { b { (row.s.no) } }
            (t.s("word.comma")) (t.say(&row.s.title)) (t.s("word.full_stop"))
        }
    };
    let strip = strip(look, inbox);
    headline(t.s("du.inbox.what_first"), t.s("du.inbox.rule"), sentence, Some(&strip))
}

/// How many fall due on each of the coming days, from kept counts.
fn strip(look: Look<'_>, inbox: &Inbox) -> Markup {
    let t = look.t;
    let today = look.now.day();
    let days: Vec<DayLoad> = (0..STRIP)
        .map(|i| {
            let day = today.plus(i);
            let off = !look.cal.is_workday(day);
            let n = inbox.load.get(&i64::from(day.number())).copied().unwrap_or(0);
            let word = when::weekday(look.lang(), day);
            let short: String = if t.is_zh() { word.chars().skip(1).collect() } else { word.to_owned() };
            let under = if off { t.s("du.inbox.off").to_owned() } else { short };
            DayLoad { day: day.day(), under, n: u32::try_from(n).unwrap_or(0), off, today: i == 0 }
        })
        .collect();
    let said: Vec<String> = (0..STRIP)
        .zip(&days)
        .filter(|(_, load)| load.n > 0)
        .map(|(i, load)| {
            t.f("du.inbox.day_n", &[("day", &when::day_short(look.lang(), today.plus(i))), ("n", &load.n)])
        })
        .collect();
    let said = if said.is_empty() { t.s("du.inbox.no_load").to_owned() } else { said.join(t.s("word.list")) };
    let until = t.f("du.inbox.until", &[("day", &when::day_short(look.lang(), today.plus(STRIP - 1)))]);
    html! {
        div.wl-b {
            p { span { (t.s("du.inbox.per_day")) } span.muted { (until) } }
            (day_load(&days, &format!("{}{}{said}", t.s("du.inbox.per_day"), t.s("word.colon"))))
        }
    }
}

fn filters(look: Look<'_>, inbox: &Inbox, params: &Params) -> Markup {
    let t = look.t;
    let mut kinds: Vec<(&str, u64)> = Vec::new();
    for count in &inbox.counts {
        match kinds.iter_mut().find(|(kind, _)| *kind == count.kind) {
            Some((_, n)) => *n += count.n,
            None => kinds.push((&count.kind, count.n)),
        }
    }
    let chosen = params.get("kind");
    let all = params.with("/inbox", "kind", None);
    let named: Vec<(String, String, u64, bool)> = kinds
        .iter()
        .map(|(kind, n)| {
            (look.kind(kind), params.with("/inbox", "kind", Some(kind)), *n, chosen == Some(kind))
        })
        .collect();
    let mut segs = vec![Seg {
        label: t.s("word.all"),
        count: Some(total(inbox.counts.iter())),
        href: &all,
        current: chosen.is_none(),
        light: None,
    }];
    segs.extend(named.iter().map(|(label, href, n, current)| Seg {
        label,
        count: Some(*n),
        href,
        current: *current,
        light: None,
    }));
    let part = params.get("part");
    let parts: Vec<(&str, String, u64, bool)> =
        [("lead", t.s("duty.lead"), false), ("support", t.s("duty.support"), true)]
            .into_iter()
            .map(|(code, label, support)| {
                let on = part == Some(code);
                let n = total(inbox.counts.iter().filter(|c| c.supporting == support));
                (label, params.with("/inbox", "part", (!on).then_some(code)), n, on)
            })
            .collect();
    let parts: Vec<Seg> = parts
        .iter()
        .map(|(label, href, n, on)| Seg { label, count: Some(*n), href, current: *on, light: None })
        .collect();
    let unsigned = total(inbox.counts.iter().filter(|c| c.awaiting));
    let only = params.get("unsigned").is_some();
    let toggle = params.with("/inbox", "unsigned", (!only).then_some("1"));
    let only_seg = [Seg {
        label: t.s("du.inbox.only_unsigned"),
        count: Some(unsigned),
        href: &toggle,
        current: only,
        light: None,
    }];
    html! {
        div.wk-f {
            (segments(t.s("duty.kind"), &segs))
            (segments(t.s("du.inbox.part"), &parts))
            (segments(t.s("duty.unsigned"), &only_seg))
            span.sp {}
            (sources(look, inbox, params))
            @if inbox.rows.iter().any(|row| row.duty.marks.contains(&Mark::Simulated)) { (mark::sim(t, None)) }
        }
    }
}

fn sources(look: Look<'_>, inbox: &Inbox, params: &Params) -> Markup {
    let t = look.t;
    let chosen = params.get("from");
    html! {
        form.wk-o method="get" action="/inbox" {
            @for (name, value) in params.without(&["from"]) { (hidden(name, value)) }
            select.form-select.sm.w-auto name="from" aria-label=(t.s("duty.from")) data-autosubmit {
                option value="" { (t.s("du.inbox.all_sources")) }
                @for (post, n) in &inbox.sources {
                    option value=(post) selected[chosen == Some(post.as_str())] { (look.post(post)) " " (n) }
                }
            }
            noscript { button.btn.btn-sm type="submit" { (t.s("act.view")) } }
        }
    }
}

fn list(look: Look<'_>, inbox: &Inbox, params: &Params, csrf: &str) -> Markup {
    let t = look.t;
    let kind = params.get("kind").map(|kind| look.kind(kind));
    let from =
        params.get("from").and_then(|code| PostCode::parse("from", code).ok()).map(|post| look.post(&post));
    let part =
        params.get("part").map(|part| if part == "lead" { t.s("duty.lead") } else { t.s("duty.support") });
    let unsigned = params.get("unsigned").map(|_| t.s("duty.unsigned"));
    let names: Vec<&str> = [kind.as_deref(), part, unsigned, from.as_deref()].into_iter().flatten().collect();
    let next = inbox.next.map(|cursor| params_at(params, &cursor.text()));
    let back = params.get("after").map(|_| params.with("/inbox", "after", None));
    html! {
        section.card.wk data-bulk aria-label=(t.s("du.inbox.rows")) {
            (filters(look, inbox, params))
            (filtered(t, &names, "/inbox"))
            @if inbox.rows.is_empty() {
                @if params.narrows() {
                    (empty("filter", t.s("du.inbox.empty_filter"), t.s("du.inbox.empty_filter_text"), false, Some(&html! { (Button::link(t.s("filter.clear"), "/inbox").primary()) })))
                } @else {
                    (empty("checks", t.s("du.inbox.empty"), t.s("du.inbox.empty_text"), true, Some(&html! { (Button::link(t.s("du.inbox.see_waits"), "#wait")) })))
                }
            } @else {
                (duty_head(t))
                (groups(look, inbox, params, csrf))
                @if next.is_some() || back.is_some() {
                    (pager(t, &Pager { first: 0, last: 0, total: None, prev: back, next }))
                }
                (bulk_bar(t, "/inbox/sign", csrf, t.s("du.inbox.bulk_note"), html! { (Button::new(t.s("du.inbox.bulk_sign")).primary().icon("checks").submit()) }))
            }
        }
    }
}

fn params_at(params: &Params, cursor: &str) -> String {
    let base = params.with("/inbox", "after", None);
    let join = if base.contains('?') { '&' } else { '?' };
    format!("{base}{join}after={cursor}")
}

fn groups(look: Look<'_>, inbox: &Inbox, params: &Params, csrf: &str) -> Markup {
    let t = look.t;
    let bounds = Bounds::at(look.now);
    let last = bounds.next_week.day().plus(-1);
    let short = |day| when::day_short(look.lang(), day);
    let week = if look.now.day() < last {
        t.f("du.inbox.note_week", &[("from", &short(look.now.day().plus(1))), ("to", &short(last))])
    } else {
        String::new()
    };
    let later = t.f("du.inbox.note_later", &[("from", &short(bounds.next_week.day()))]);
    let order = [
        (Bucket::Overdue, Group::Overdue, t.s("du.inbox.note_overdue").to_owned()),
        (Bucket::Today, Group::Today, t.s("du.inbox.note_today").to_owned()),
        (Bucket::Week, Group::Week, week),
        (Bucket::Later, Group::Later, later),
    ];
    let wanted = |c: &&InboxCount| {
        params.get("kind").is_none_or(|kind| c.kind == kind)
            && params.get("part").is_none_or(|part| c.supporting == (part == "support"))
            && (params.get("unsigned").is_none() || c.awaiting)
    };
    let here = here(params);
    html! {
        @for (bucket, group, note) in order {
            @let rows: Vec<&Row> = inbox.rows.iter().filter(|row| bounds.bucket(row.s.due) == bucket).collect();
            @let drawn: Vec<Markup> = rows.iter().map(|row| one(look, row, csrf, &here)).collect();
            @let kept = total(inbox.counts.iter().filter(|c| c.bucket == bucket).filter(wanted));
            @let n = if params.get("from").is_some() { u64::try_from(drawn.len()).unwrap_or(0) } else { kept };
            (duty_group(t, group, n, &note, &drawn))
        }
    }
}

fn here(params: &Params) -> String {
    params.here("/inbox")
}

fn one(look: Look<'_>, row: &Row, csrf: &str, here: &str) -> Markup {
    let t = look.t;
    let (s, duty) = (&row.s, &row.duty);
    let kind = look.kind(&s.kind);
    let from = look.unit_of(&s.registrar);
    let href = format!("/d/{}", s.id);
    let code = s.no.as_str();
    let note = how_it_came(look, duty);
    let own = |unit: Option<&kernel::UnitCode>| unit == Some(look.own);
    let lead = match &row.parent {
        Some(parent) => parent.lead.clone(),
        None => s.lead.clone().or_else(|| Some(s.holder_unit.clone())),
    };
    let lead_name = lead.as_ref().map(|unit| look.unit(unit)).unwrap_or_default();
    let supporting = s.parent.is_some();
    let helpers: Vec<String> = duty.children.iter().map(|child| look.unit(&child.unit)).collect();
    let helpers = helpers.join(t.s("word.list"));
    let title = t.say(&s.title);
    let pick = s.id.to_string();
    let signable = s.awaiting && row.may_sign;
    duty_row(
        t,
        &DutyRow {
            pick: signable.then_some(pick.as_str()),
            light: (s.light(look.now), None),
            kind: (kind_icon(&s.kind), &kind),
            href: &href,
            title: &title,
            code,
            note: &note,
            from: &from,
            lead: Party { name: &lead_name, own: own(lead.as_ref()) },
            support: Party { name: &helpers, own: supporting },
            due: look.chip(s, Some(duty), Length::Full),
            acts: acts(look, row, csrf, here, &href),
            unsigned: s.awaiting,
        },
    )
}

/// When and from where it came to its holder.
fn how_it_came(look: Look<'_>, duty: &Duty) -> String {
    let t = look.t;
    let at = look.moment(duty.holder.from);
    match duty.past.iter().rev().find(|held| held.hold.unit != duty.holder.hold.unit) {
        Some(last) => t.f("du.inbox.came_from", &[("at", &at), ("unit", &look.unit(&last.hold.unit))]),
        None => t.f("du.inbox.came", &[("at", &at)]),
    }
}

fn acts(look: Look<'_>, row: &Row, csrf: &str, here: &str, href: &str) -> Markup {
    let t = look.t;
    let s = &row.s;
    let sign = format!("{href}/accept");
    let late = s.due.is_some_and(|due| due < look.now);
    let word = if late || !matches!(s.state.as_str(), "in_progress") {
        t.s("act.handle")
    } else {
        t.s("act.report")
    };
    let extend = format!("{href}/ask_extend");
    let support = format!("{href}/add_support");
    let works = matches!(s.state.as_str(), "accepted" | "in_progress" | "suspend_asked");
    html! {
        @if s.awaiting && row.may_sign {
            (act(&sign, csrf, html! {
                (hidden("rev", &s.rev.to_string())) (hidden("back", here))
                (Button::new(t.s("act.accept")).small().primary().submit())
            }))
        } @else {
            (Button::link(word, href).small())
        }
        @if late {
            (Button::new(t.s("act.extend")).icon_only("clock-plus").small().weight(Weight::Ghost).off(t.s("du.inbox.too_late")))
        } @else if works && row.may_extend {
            (Button::link(t.s("act.extend"), &extend).icon_only("clock-plus").small().weight(Weight::Ghost))
        }
        @if works && row.may_support {
            (Button::link(t.s("act.support"), &support).icon_only("users-plus").small().weight(Weight::Ghost))
        }
    }
}

fn waits(look: Look<'_>, inbox: &Inbox, csrf: &str) -> Markup {
    let t = look.t;
    let rows: Vec<Vec<Markup>> = inbox.waits.iter().map(|wait| wait_row(look, wait, csrf)).collect();
    let list = Table {
        caption: t.s("du.inbox.waits"),
        cols: vec![
            Col::text(t.s("duty.what")),
            Col::text(t.s("du.inbox.held_by")),
            Col::text(t.s("du.inbox.passed_on")).secondary(),
            Col::text(t.s("du.inbox.their_due")),
            Col::text(""),
        ],
        rows,
        tight: true,
        stacked: false,
    };
    let card = Card::new(t.s("du.inbox.waits")).measure(t.s("du.inbox.waits_sub")).id("wait").class("wk-w");
    if inbox.waits.is_empty() {
        let nothing =
            empty("circle-check", t.s("du.inbox.no_waits"), t.s("du.inbox.no_waits_text"), true, None);
        return html! { (card.body(nothing)) };
    }
    let card = card.flush(table(&list));
    if inbox.more_waits {
        let href = "/duties?mine=1";
        return html! { (card.foot(html! { a href=(href) { (t.s("du.inbox.more_waits")) } })) };
    }
    html! { (card) }
}

fn wait_row(look: Look<'_>, wait: &Wait, csrf: &str) -> Vec<Markup> {
    let t = look.t;
    let s = &wait.s;
    let href = format!("/d/{}", s.id);
    let urge = format!("{href}/urge");
    vec![
        title_cell(&href, &t.say(&s.title), &s.no),
        html! { (look.unit(&s.holder_unit)) },
        html! { span.muted.nowrap { (look.moment(wait.duty.holder.from)) } },
        look.chip(s, None, Length::Short),
        html! {
            @if wait.may_urge {
                (act(&urge, csrf, html! {
                    (hidden("rev", &s.rev.to_string())) (hidden("back", "/inbox#wait"))
                    (hidden("urge-note", t.s("du.inbox.urge_note")))
                    (Button::new(t.s("act.urge")).small().submit())
                }))
            }
        },
    ]
}

fn own(look: Look<'_>, inbox: &Inbox, post: &PostCode) -> Markup {
    let t = look.t;
    let notices = &look.book.notices;
    let time = |at: kernel::playbook::TimeOfDay| String::from(at);
    let quiet = t.f(
        "du.inbox.quiet_hours",
        &[("from", &time(notices.quiet_from)), ("to", &time(notices.quiet_until))],
    );
    let all = total(inbox.counts.iter());
    let foot = html! {
        a href="/inbox/handover" { (sized("arrows-exchange", 14)) " " (t.s("du.inbox.make_handover")) }
        span.sp {}
        span.muted { (t.f("du.inbox.open_n", &[("n", &all)])) }
    };
    let example = notices.source.is_example();
    let pairs = [
        (t.s("word.post"), html! { (look.post(post)) }),
        (t.s("du.inbox.quiet"), html! { (quiet) @if example { " " (mark::example(t, None)) } }),
        (t.s("du.inbox.digest"), html! { (t.f("du.inbox.digest_at", &[("at", &time(notices.digest))])) }),
        (t.s("du.inbox.moves"), html! { (t.s("du.inbox.moves_text")) }),
    ];
    html! { (Card::new(t.s("du.inbox.own")).measure(t.s("du.inbox.own_sub")).body(facts(&pairs)).foot(foot)) }
}
