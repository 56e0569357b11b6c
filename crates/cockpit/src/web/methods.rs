//! `/methods`: how every figure is computed, from the playbook's own rules, with versions and sources.

use super::query;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::light::{light, light_icon};
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, html, mark, when};
use base::web::{Ctx, Page};
use kernel::access::{Action, Resource};
use kernel::calendar::Calendar;
use kernel::clock::ClockRule;
use kernel::light::{LightPolicy, Quantity};
use kernel::playbook::{Ladder, Playbook, Recur};

/// What is defined in words, in the order of the page: key of the definition, anchor.
pub(crate) const DEFINED: &[&str] = &[
    "year",
    "workdays",
    "item_light",
    "deadline_light",
    "punch",
    "reported",
    "headline",
    "changes",
    "red",
    "load",
    "holders",
    "rank",
    "rungs",
    "burden",
    "dates",
    "past",
];

/// The page.
pub(super) async fn page(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &[])?;
    let today = ctx.now().day();
    ctx.app.policy.judge(&ctx.who.actor, Action::PlaybookRead, &Resource::new())?;
    let book = ctx.app.book(ctx.district(), today)?;
    let calendar = ctx.app.calendar(ctx.district(), today)?;
    let t = ctx.t();
    let body = html! {
        (page_head(&PageHead { title: t.s("methods.title"), sub: t.s("methods.sub"), ..PageHead::default() }))
        div.g.g75 { (defined(t)) div.stack { (versions(t, &book, &calendar)) (plan(t, &book)) } }
        (lights(t, &book))
        (clocks(t, &book))
        div.g.g75 { (ladders(t, &book)) (cadences(t, &book)) }
    };
    Ok(Page::new(t.s("methods.title"), body).class("p-methods").marks(true, false, true).draw(&ctx))
}

/// How the source of a rule reads: the report, an example, or its place.
fn source(t: T<'_>, source: &str) -> Markup {
    match source {
        "article" => mark::src(t, None),
        "example" => mark::example(t, None),
        other => mark::tag_outline(other),
    }
}

fn defined(t: T<'_>) -> Markup {
    let body = html! {
        dl.gd-dl {
            @for key in DEFINED {
                @let (name, text) = (format!("methods.name.{key}"), format!("methods.def.{key}"));
                dt id=(key) { (t.f(&name, &[])) } dd { (t.f(&text, &[])) }
            }
        }
    };
    Card::new(t.s("methods.figures")).measure(t.s("methods.figures_sub")).body(body).into()
}

fn versions(t: T<'_>, book: &Playbook, calendar: &Calendar) -> Markup {
    let lang = t.lang();
    let until =
        book.head.until.map_or_else(|| t.s("methods.open_end").to_owned(), |day| when::day_full(lang, day));
    let office = book.office.last().map(|o| String::from(o.hours.clone())).unwrap_or_default();
    let body = facts(&[
        (t.s("methods.playbook"), html! { (book.head.code) " " (book.head.version) }),
        (t.s("methods.in_force"), html! { (when::day_full(lang, book.head.from)) " — " (until) }),
        (t.s("methods.digest"), mark::hash(&book.digest)),
        (t.s("methods.calendar"), html! { (calendar.version()) }),
        (t.s("methods.office"), html! { (office) }),
        (t.s("methods.policy"), html! { a href="/policy" { (kernel::access::Policy::builtin().version()) } }),
    ]);
    Card::new(t.s("methods.versions")).measure(t.s("methods.versions_sub")).body(body).into()
}

fn plan(t: T<'_>, book: &Playbook) -> Markup {
    let terms = &book.plan.terms;
    let rows = book
        .plan
        .punches
        .iter()
        .map(|punch| {
            let counts: usize = punch.counts.values().sum();
            vec![
                html! { (punch.mark) " " (t.words(&punch.title)) " " (source(t, punch.source.as_str())) },
                html! { (counts) },
                html! { (punch.weight) },
                source(t, terms.detail_source.as_str()),
            ]
        })
        .collect();
    let cols = vec![
        Col::text(t.s("methods.punch")),
        Col::number(t.s("methods.items")),
        Col::number(t.s("methods.weight")),
        Col::text(t.s("methods.detail_source")),
    ];
    let body = html! {
        (table(&Table { caption: t.s("methods.plan"), cols, rows, tight: true, stacked: false }))
        p.muted.xs.ck-p { (t.f("methods.pressure", &[("n", &terms.pressure_line)])) " " (source(t, terms.source.as_str())) }
    };
    Card::new(t.s("methods.plan")).measure(t.s("methods.plan_sub")).flush(body).into()
}

fn lights(t: T<'_>, book: &Playbook) -> Markup {
    let rows = book.lights.values().map(|policy| light_row(t, policy)).collect();
    let cols = vec![
        Col::text(t.s("methods.light")),
        Col::text(t.s("methods.quantity")),
        Col::text(t.s("methods.bands")),
        Col::text(t.s("methods.memory")),
        Col::text(t.s("word.source")),
    ];
    let list = table(&Table { caption: t.s("methods.lights"), cols, rows, tight: false, stacked: true });
    Card::new(t.s("methods.lights")).measure(t.s("methods.lights_sub")).id("lights").flush(list).into()
}

fn light_row(t: T<'_>, policy: &LightPolicy) -> Vec<Markup> {
    let bands = html! {
        @for band in &policy.bands {
            div.row-f {
                (light(t, band.light, None)) code { (span(&String::from(band.range))) }
                @if let Some(words) = &band.consequence { span.muted.xs { (t.words(words)) } }
            }
        }
    };
    let memory = html! {
        @for rule in &policy.memory {
            div.row-f {
                (light_icon(t, rule.light, None))
                span { (t.f("methods.running", &[("n", &rule.periods)])) @for seen in &rule.seen { " " (light_icon(t, *seen, None)) } }
                @if let Some(words) = &rule.consequence { span.muted.xs { (t.words(words)) } }
            }
        }
        @if let Some(excuse) = &policy.excuse {
            div.row-f {
                span { (t.s("methods.excuse")) } @for from in &excuse.from { (light_icon(t, *from, None)) } " → " (light_icon(t, excuse.to, None))
            }
        }
        @if policy.memory.is_empty() && policy.excuse.is_none() { span.muted { "—" } }
    };
    vec![
        html! { span.t { (t.words(&policy.title)) } span.s { (policy.code) } },
        html! { (quantity(t, policy.quantity)) },
        bands,
        memory,
        source(t, &policy.source),
    ]
}

fn quantity(t: T<'_>, quantity: Quantity) -> &str {
    match quantity {
        Quantity::LagPoints => t.s("methods.q.lag_points"),
        Quantity::ShortfallPercent => t.s("methods.q.shortfall_percent"),
        Quantity::Percent => t.s("methods.q.percent"),
        Quantity::GrowthPercent => t.s("methods.q.growth_percent"),
        Quantity::DaysLate => t.s("methods.q.days_late"),
        Quantity::MonthsLate => t.s("methods.q.months_late"),
        Quantity::Count => t.s("methods.q.count"),
    }
}

/// `(,10)` as `x < 10`, `[10,30]` as `10 ≤ x ≤ 30`: read alike in both languages.
pub(crate) fn span(range: &str) -> String {
    let sign = |included: bool| if included { "≤" } else { "<" };
    let (closed_low, closed_high) = (range.starts_with('['), range.ends_with(']'));
    let inner = range.trim_matches(['(', ')', '[', ']']);
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    match (low.trim(), high.trim()) {
        ("", "") => "x".to_owned(),
        ("", high) => format!("x {} {high}", sign(closed_high)),
        (low, "") => format!("x {} {low}", if closed_low { "≥" } else { ">" }),
        (low, high) => format!("{low} {} x {} {high}", sign(closed_low), sign(closed_high)),
    }
}

fn clocks(t: T<'_>, book: &Playbook) -> Markup {
    let rules: Vec<&ClockRule> = book.clocks.values().flatten().collect();
    let rows = rules.iter().map(|rule| clock_row(t, book, rule)).collect();
    let cols = vec![
        Col::text(t.s("word.rule")),
        Col::text(t.s("methods.limits")),
        Col::text(t.s("methods.extension")),
        Col::text(t.s("methods.warn")),
        Col::text(t.s("methods.ladder")),
        Col::text(t.s("word.source")),
    ];
    let list = table(&Table { caption: t.s("methods.clocks"), cols, rows, tight: false, stacked: true });
    Card::new(t.s("methods.clocks")).measure(t.s("methods.clocks_sub")).id("clocks").flush(list).into()
}

fn clock_row<'a>(t: T<'a>, book: &'a Playbook, rule: &'a ClockRule) -> Vec<Markup> {
    let until = rule.until.map(|day| when::day_full(t.lang(), day)).unwrap_or_default();
    let held = format!("{} {} — {until}", rule.version, when::day_full(t.lang(), rule.from));
    let limits = html! {
        @for limit in &rule.limits {
            div {
                (t.words(&limit.title())) " " b { (t.words(&limit.limit.words())) }
                span.muted.xs {
                    " " (t.f("methods.from_to", &[("a", &t.words(&limit.starts.words())), ("b", &t.words(&limit.stops.words()))]))
                    @if limit.main { " · " (t.s("methods.main")) }
                }
            }
        }
    };
    let extension = if rule.extension.max_count == 0 {
        t.s("methods.no_extension").to_owned()
    } else {
        let (n, len) = (rule.extension.max_count, rule.extension.max_len.words());
        t.f("methods.extension_of", &[("n", &n), ("len", &t.words(&len))])
    };
    let ladder =
        book.ladder(rule.ladder.as_str()).map(|l| t.words(&l.title).into_owned()).unwrap_or_default();
    vec![
        html! { span.t { (t.words(&rule.title)) } span.s { (rule.code) " " (held) } },
        limits,
        html! { (extension) },
        html! { (t.words(&rule.warn.words())) },
        html! { a href="#ladders" { (ladder) } },
        source(t, &rule.source),
    ]
}

fn ladders(t: T<'_>, book: &Playbook) -> Markup {
    let rows = book.ladders.values().map(|ladder| ladder_row(t, ladder)).collect();
    let cols = vec![
        Col::text(t.s("methods.ladder")),
        Col::text(t.s("methods.rungs")),
        Col::text(t.s("word.source")),
    ];
    let list = table(&Table { caption: t.s("methods.ladders"), cols, rows, tight: false, stacked: true });
    Card::new(t.s("methods.ladders")).measure(t.s("methods.ladders_sub")).id("ladders").flush(list).into()
}

fn ladder_row(t: T<'_>, ladder: &Ladder) -> Vec<Markup> {
    let rungs = html! {
        @for rung in &ladder.rungs {
            @let role = kernel::access::Role::parse("role", rung.role.as_str()).map_or(rung.role.as_str(), |r| r.name(t.lang()));
            div { (t.f("methods.rung", &[("n", &rung.rung), ("after", &t.words(&rung.after.words())), ("role", &role)])) }
        }
    };
    vec![
        html! { span.t { (t.words(&ladder.title)) } span.s { (ladder.code) } },
        rungs,
        source(t, ladder.source.as_str()),
    ]
}

fn cadences(t: T<'_>, book: &Playbook) -> Markup {
    let rows = book
        .cadences
        .iter()
        .map(|c| {
            let when = match c.recur {
                Recur::Week { weekday } => t.f("methods.every_week", &[("day", &t.words(&kernel::calendar::weekday_words(weekday)))]),
                Recur::Month { day } => t.f("methods.every_month", &[("day", &day)]),
                Recur::Quarter { day } => t.f("methods.every_quarter", &[("day", &day)]),
                Recur::Half { day } => t.f("methods.every_half", &[("day", &day)]),
            };
            let chair = org::names::post(book, &c.chair, t.lang());
            vec![
                html! { span.t { (t.words(&c.title)) } (source(t, c.source.as_str())) },
                html! { (when) " " (String::from(c.at)) " · " (chair) " " (source(t, c.detail_source.as_str())) },
            ]
        })
        .collect();
    let cols = vec![Col::text(t.s("methods.forum")), Col::text(t.s("methods.when"))];
    let list = table(&Table { caption: t.s("methods.cadences"), cols, rows, tight: false, stacked: true });
    Card::new(t.s("methods.cadences")).measure(t.s("methods.cadences_sub")).id("cadences").flush(list).into()
}
