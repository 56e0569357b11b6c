//! Cards of the cockpit and the big screen: values in, markup out.

use super::{Links, OVERDUE};
use crate::model::{Coming, Item, Mine, Punch, Sight};
use crate::rules::headline::{Clause, Facts, Proof, Value, clauses};
use base::i18n::T;
use base::web::ui::card::{Card, Stat, headline, kpi, stats};
use base::web::ui::due::{Due, Length, chip};
use base::web::ui::icon::sized;
use base::web::ui::light::{light, light_bar, light_counts, light_icon, shape};
use base::web::ui::meter::{DayLoad, day_load};
use base::web::ui::ruler::{Mark, year_ruler};
use base::web::ui::{Markup, feedback, html, mark, when};
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::playbook::Playbook;
use kernel::{Day, PostCode, UnitCode};
use std::fmt::Display;

/// What every card needs.
#[derive(Clone, Copy)]
pub(super) struct Pane<'a> {
    pub t: T<'a>,
    pub book: &'a Playbook,
    pub sight: &'a Sight,
    pub links: Links,
    pub simulated: bool,
    /// On a wall: nobody clicks there, and its head carries the marks once for all cards.
    pub wall: bool,
}

impl<'a> Pane<'a> {
    pub(super) fn unit(&self, code: &UnitCode) -> String {
        self.t.say(&org::names::unit(self.book, code, self.t.lang())).into_owned()
    }
    pub(super) fn post(&self, code: &PostCode) -> String {
        self.t.say(&org::names::post(self.book, code, self.t.lang())).into_owned()
    }
    /// The right side of a card's head: the mark of generated figures, then links.
    pub(super) fn tools(&self, links: &Markup) -> Markup {
        html! { @if !self.wall { @if self.simulated { (mark::sim(self.t, None)) } (links) } }
    }
    fn words(&self, words: &'a kernel::Words) -> std::borrow::Cow<'a, str> {
        self.t.words(words)
    }
}

/// 今日研判 with the year beside it.
pub(super) fn summary(p: Pane<'_>) -> Markup {
    let list = clauses(&Facts::of(p.sight));
    let sentence = html! { @for clause in &list { (said(p, clause)) } };
    let side = html! { (year_stats(p)) (ruler(p)) };
    headline(p.t.s("cockpit.hl.key"), p.t.s("cockpit.hl.how"), sentence, Some(&side))
}

/// A clause in words.
pub(super) fn words_of(t: T<'_>, clause: &Clause) -> String {
    let values: Vec<(&str, String)> = clause
        .values
        .iter()
        .map(|(name, value)| match value {
            Value::Figure(text) => (*name, text.clone()),
            Value::Words(words) => (*name, t.words(words).into_owned()),
        })
        .collect();
    let shown: Vec<(&str, &dyn Display)> =
        values.iter().map(|(name, v)| -> (&str, &dyn Display) { (*name, v) }).collect();
    t.f(clause.key, &shown)
}

fn said(p: Pane<'_>, clause: &Clause) -> Markup {
    let text = words_of(p.t, clause);
    let class = match clause.light {
        Some(Light::Red) => Some("c-r"),
        Some(Light::Yellow) => Some("c-y"),
        _ => None,
    };
    html! {
        @match &clause.proof {
            Some(proof @ (Proof::Plan(_) | Proof::Changes)) => { a href=(p.links.proof(proof)) { b class=[class] { (text) } } }
            Some(proof) => a href=(p.links.proof(proof)) { (text) },
            None => (text),
        }
    }
}

fn year_stats(p: Pane<'_>) -> Markup {
    let (t, year) = (p.t, &p.sight.year);
    let half = if year.half == 1 { t.s("cockpit.first_half") } else { t.s("cockpit.second_half") };
    let of = t.f("cockpit.of_workdays", &[("n", &year.workdays)]);
    stats(&[
        Stat {
            label: t.s("cockpit.year_elapsed"),
            value: &year.elapsed.text(1),
            unit: "%",
            ..Stat::default()
        },
        Stat { label: half, value: &year.half_elapsed.text(1), unit: "%", ..Stat::default() },
        Stat {
            label: t.s("cockpit.workdays_left"),
            value: &year.workdays_left.to_string(),
            unit: &of,
            ..Stat::default()
        },
    ])
}

fn ruler(p: Pane<'_>) -> Markup {
    let (t, year, day) = (p.t, &p.sight.year, p.sight.day());
    let quarter = p.sight.dates.iter().find_map(|date| match &date.what {
        Coming::Session { code, .. } if code == "quarter" => {
            let name = t.f("cockpit.quarter_mark", &[("m", &date.day.month()), ("d", &date.day.day())]);
            Some(Mark { day: date.day, name })
        }
        _ => None,
    });
    let end = Day::new(day.year(), 12, 31).map(|day| Mark { day, name: t.s("cockpit.year_end").to_owned() });
    // Two names that stand close to each other would run together.
    let apart = |m: &Mark| m.day.number() - day.number() > 45 && m.day.month() < 12;
    let marks: Vec<Mark> = quarter.filter(apart).into_iter().chain(end).collect();
    let label = t.f(
        "cockpit.ruler",
        &[("year", &year.elapsed.text(1)), ("half", &year.half_elapsed.text(1)), ("n", &year.workdays_left)],
    );
    year_ruler(t, day, &marks, &label)
}

/// One punch: counts, split by list, progress against time, the worst item.
pub(super) fn punch(p: Pane<'_>, punch: &Punch) -> Markup {
    let t = p.t;
    let name = p.words(&punch.title);
    let total = punch.counts.total();
    let worst = punch.worst.as_deref().and_then(|code| p.sight.item(code));
    html! {
        section.card.pu aria-label=(name) {
            div.card-body {
                header {
                    span.pn aria-hidden="true" { (punch.mark) }
                    div { h2 { a href=(p.links.punch(&punch.code)) { (name) } } p title=(p.words(&punch.slogan)) { (p.words(&punch.slogan)) } }
                    (mark::src(t, Some(t.s("cockpit.punch_src"))))
                }
                div.pr {
                    a.c-ink href=(p.links.punch(&punch.code)) { (kpi(&total.to_string(), t.s("unit.items"))) }
                    dl {
                        (split(p, punch, "city", punch.city, t.s("cockpit.city")))
                        (split(p, punch, "district", punch.district, t.s("cockpit.own")))
                        div { dt { (t.s("cockpit.progress")) } dd { (progress(t, punch.percent, punch.time_percent)) } }
                    }
                }
                (light_bar(t, punch.counts, &name))
                div.pc { (light_counts(t, punch.counts)) }
                div.pw { @match worst { Some(item) => (worst_line(p, item)), None => { (shape(Light::Green, 13)) span { (t.s("cockpit.no_worst")) } } } }
            }
        }
    }
}

fn split(p: Pane<'_>, punch: &Punch, list: &str, n: usize, label: &str) -> Markup {
    html! { div { dt { (label) } dd { a.c-ink href=(p.links.list(&punch.code, list)) { (n) } } } }
}

/// Progress with its difference to time, in points.
pub(super) fn progress(t: T<'_>, percent: Option<Decimal>, time: Decimal) -> Markup {
    let Some(percent) = percent else { return html! { span.muted { (t.s("light.grey")) } } };
    let ahead = percent - time;
    let class = if ahead.raw() < 0 { "c-y" } else { "c-g" };
    html! { (percent.text(1)) "% " span class=(class) { (mark::signed(ahead, 1)) } }
}

fn worst_line<'a>(p: Pane<'a>, item: &'a Item) -> Markup {
    html! {
        (shape(item.light, 13))
        a href=(p.links.item(&item.code)) title=(p.words(&item.title)) { (p.words(&item.title)) }
        (state(p, item, Length::Short))
    }
}

/// How an item stands, in the form that its light asks for: overdue by date, behind by progress, or due when.
pub(super) fn state(p: Pane<'_>, item: &Item, length: Length) -> Markup {
    let at = item.due.at(17, 0);
    if item.overdue > 0 {
        return chip(p.t, &Due::Overdue { workdays: item.overdue, at }, length);
    }
    match (item.light, item.behind, item.percent) {
        (Light::Red, true, Some(percent)) => {
            let points = (item.time_percent - percent).text(1);
            light(p.t, Light::Red, Some(&p.t.f("cockpit.behind_by", &[("n", &points)])))
        }
        (shown, _, _) => light(p.t, shown, None),
    }
}

/// 我的单位: what the post's own unit holds.
pub(super) fn mine(p: Pane<'_>, mine: &Mine, unit: &UnitCode) -> Markup {
    let t = p.t;
    let name = p.unit(unit);
    let n = |label, value: i64, href: &str, bad: bool| {
        html! { div { dt { (label) } dd class=[(bad && value > 0).then_some("c-r")] { a.c-ink href=(href) { (value) } } } }
    };
    let awaiting = i64::try_from(mine.awaiting).unwrap_or(i64::MAX);
    let body = html! {
        dl.gd-stat.row-st {
            (n(t.s("cockpit.open"), mine.sum.open, "/inbox", false))
            (n(t.s("cockpit.overdue"), mine.sum.overdue, "/inbox", true))
            (n(t.s("cockpit.week"), mine.sum.week, "/inbox", false))
            (n(t.s("cockpit.awaiting"), awaiting, "/inbox", false))
        }
        @if mine.held.is_empty() {
            p.muted.xs { (t.s("cockpit.mine_none")) }
        } @else {
            dl.gd-dl {
                @for (post, count) in mine.held.iter().take(4) {
                    dt { @match post { Some(post) => (p.post(post)), None => (t.s("cockpit.unclaimed")) } }
                    dd { (t.f("cockpit.pieces", &[("n", count)])) }
                }
            }
            @if mine.capped { p.muted.xs { (t.f("cockpit.capped", &[("n", &crate::model::HELD_CAP)])) } }
        }
    };
    let tools = p.tools(&html! { a href="/inbox" { (t.s("cockpit.to_inbox")) } });
    Card::new(t.s("cockpit.mine")).measure(&name).tools(tools).body(body).into()
}

/// 较前一日: what changed, item by item.
pub(super) fn changes(p: Pane<'_>, most: usize) -> Markup {
    let t = p.t;
    let Some(changes) = &p.sight.changes else { return html! {} };
    let groups = [
        (t.s("cockpit.turned_red"), &changes.red),
        (t.s("cockpit.turned_yellow"), &changes.yellow),
        (t.s("cockpit.turned_done"), &changes.done),
        (t.s("cockpit.turned_better"), &changes.better),
    ];
    let lines: Vec<(&str, &Item)> = groups
        .iter()
        .flat_map(|(word, codes)| codes.iter().map(move |code| (*word, code)))
        .filter_map(|(word, code)| p.sight.item(code).map(|item| (word, item)))
        .collect();
    let rest = lines.len().saturating_sub(most);
    let body = html! {
        @if lines.is_empty() {
            (feedback::empty("history", t.s("cockpit.no_change"), t.s("cockpit.no_change_why"), false, None))
        } @else {
            ul.ck-l {
                @for (word, item) in lines.iter().take(most) {
                    li.pw { (light_icon(t, item.light, None)) a href=(p.links.item(&item.code)) title=(p.words(&item.title)) { (p.words(&item.title)) } span.muted.xs { (word) } }
                }
            }
            @if rest > 0 { p.muted.xs { (t.f("cockpit.more_lines", &[("n", &rest)])) } }
        }
    };
    let since = when::day_week(t.lang(), p.sight.day().plus(-1));
    let sub = t.f("cockpit.since", &[("day", &since)]);
    Card::new(t.s("cockpit.changes")).measure(&sub).id("changes").tools(p.tools(&html! {})).body(body).into()
}

/// Escalations of the week by rung.
pub(super) fn rungs(p: Pane<'_>) -> Markup {
    let (t, rungs) = (p.t, &p.sight.rungs);
    let total = rungs.total();
    let said = if rungs.capped { format!("{total}+") } else { total.to_string() };
    let body = html! {
        (kpi(&said, t.s("cockpit.times")))
        @if total == 0 { p.muted.xs { (t.s("cockpit.no_rungs")) } } @else {
            dl.gd-dl {
                @for (rung, n) in &rungs.by_rung {
                    dt { (t.f("cockpit.rung", &[("n", rung)])) } dd { (t.f("cockpit.times_n", &[("n", n)])) }
                }
            }
        }
        p.muted.xs { a href="/methods#ladders" { (t.s("cockpit.ladders")) } }
    };
    let from = rungs.from.map(|day| when::day_week(t.lang(), day)).unwrap_or_default();
    let sub = t.f("cockpit.since_day", &[("day", &from)]);
    let tools = p.tools(&html! { a href="/ledger?kind=duty.escalated" { (t.s("cockpit.to_ledger")) } });
    Card::new(t.s("cockpit.rungs")).measure(&sub).tools(tools).body(body).into()
}

/// The load of the next ten working days, and the share that the grassroots carry.
pub(super) fn load(p: Pane<'_>) -> Markup {
    let t = p.t;
    let Some(live) = &p.sight.live else { return html! {} };
    let days: Vec<DayLoad> = live
        .load
        .iter()
        .map(|(day, n)| DayLoad {
            day: day.day(),
            under: when::weekday(t.lang(), *day).trim_start_matches('周').to_owned(),
            n: u32::try_from(*n).unwrap_or(0),
            off: false,
            today: *day == p.sight.day(),
        })
        .collect();
    let sum: i64 = live.load.iter().map(|(_, n)| n).sum();
    let label = t.f("cockpit.load_said", &[("n", &sum)]);
    let share = Decimal::percent(live.grassroots.open, live.all.open).unwrap_or_default().text(1);
    let body = html! {
        (day_load(&days, &label))
        p.muted.xs {
            (t.f("cockpit.burden", &[("n", &live.grassroots.open), ("share", &share), ("late", &live.grassroots.overdue)]))
            " " a href="/methods#burden" { (t.s("cockpit.how")) }
        }
    };
    let tools =
        p.tools(&html! { a href=(OVERDUE) { (t.f("cockpit.all_overdue", &[("n", &live.all.overdue)])) } });
    Card::new(t.s("cockpit.load"))
        .measure(t.s("cockpit.load_sub"))
        .class("wl-10")
        .tools(tools)
        .body(body)
        .into()
}

/// 近期节点: sessions of the cadences and items that fall due.
pub(super) fn dates(p: Pane<'_>, most: usize) -> Markup {
    let t = p.t;
    let body = html! {
        ol.mt {
            @for date in p.sight.dates.iter().take(most) {
                li.hot[date.day == p.sight.day()] { (coming(p, date)) }
            }
        }
    };
    let rest = p.sight.dates.len().saturating_sub(most);
    let tools = html! { @if !p.wall { (mark::src(t, Some(t.s("cockpit.scheme")))) } };
    let sub = if p.wall { t.s("cockpit.dates_wall") } else { t.s("cockpit.dates_sub") };
    let card = Card::new(t.s("cockpit.dates")).measure(sub).class("meetc").tools(tools).flush(body);
    if rest == 0 || p.wall {
        return card.into();
    }
    card.foot(html! { a href=(p.links.plan()) { (t.f("cockpit.more_dates", &[("n", &rest)])) } }).into()
}

fn coming<'a>(p: Pane<'a>, date: &'a crate::model::Date) -> Markup {
    let t = p.t;
    let month = if t.is_zh() {
        format!("{}月", date.day.month())
    } else {
        when::day_short(t.lang(), date.day).split(' ').nth(1).unwrap_or("").to_owned()
    };
    let (href, title, tag, note) = match &date.what {
        Coming::Session { title, time, chair, .. } => {
            let note = format!("{time} · {}", p.post(chair));
            ("/methods#cadences".to_owned(), p.words(title), t.s("cockpit.session"), note)
        }
        Coming::Item { code, title, lead, .. } => (
            p.links.item(code),
            p.words(title),
            t.s("cockpit.item_due"),
            format!("{code} · {}", p.unit(lead)),
        ),
    };
    html! {
        a href=(href) {
            span.dt { b { (date.day.day()) } small { (month) " " (when::weekday(t.lang(), date.day)) } }
            span.bd { b { (title) } small { (mark::tag(tag)) (note) } }
            @if let Coming::Item { light, .. } = &date.what { span.ag { (light_icon(t, *light, None)) } }
        }
    }
}

/// The as-of selector: earlier, a date, later; it works without a script.
pub(super) fn as_of(p: Pane<'_>, first: Day) -> Markup {
    let (t, day, today) = (p.t, p.sight.day(), p.sight.now.day());
    let step = |to: Day, icon: &str, word: &str, off: bool| {
        html! {
            form.ctx-act method="get" action="/" {
                button type="submit" name="as_of" value=(to) aria-label=(word) title=(word) disabled[off] { (sized(icon, 15)) }
            }
        }
    };
    html! {
        div.asof role="group" aria-label=(t.s("cockpit.as_of_label")) {
            (step(day.plus(-1), "chevron-left", t.s("cockpit.day_before"), day <= first))
            form.ctx-act method="get" action="/" {
                label {
                    (sized("calendar", 15)) span.k { (t.s("cockpit.as_of")) }
                    input type="date" name="as_of" value=(day) min=(first) max=(today) data-autosubmit aria-label=(t.s("cockpit.as_of_label"));
                    span.muted { (when::weekday(t.lang(), day)) }
                }
                button.go type="submit" aria-label=(t.s("cockpit.show_day")) title=(t.s("cockpit.show_day")) { (sized("check", 15)) }
            }
            (step(day.plus(1), "chevron-right", t.s("cockpit.day_after"), day >= today))
        }
    }
}
