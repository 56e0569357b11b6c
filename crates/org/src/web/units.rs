//! 单位与岗位: the tree of units, and one unit with its posts, relations and duties of the lists.

use super::reading;
use super::words;
use crate::model::Seat;
use crate::names;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::list::{Col, Table, filtered, table};
use base::web::ui::{Markup, feedback, html, when};
use base::web::{Ctx, Page};
use base::{Common, Outcome};
use kernel::playbook::{Playbook, Relation, RelationKind, Unit, UnitKind};
use kernel::{PersonId, UnitCode};
use std::collections::BTreeMap;

/// The kinds of units that stand beside the departments, in their order.
const BESIDE: [UnitKind; 7] = [
    UnitKind::District,
    UnitKind::Organ,
    UnitKind::CommitteeOffice,
    UnitKind::LeadingGroup,
    UnitKind::TaskForce,
    UnitKind::Platform,
    UnitKind::Enterprise,
];

/// Units whose name or code contains `text`.
pub(super) fn found<'b>(book: &'b Playbook, text: &str) -> Vec<&'b Unit> {
    let wanted = text.to_lowercase();
    let fits = |unit: &&Unit| {
        [unit.name.zh.as_str(), unit.name.en.as_str(), unit.code.as_str()]
            .iter()
            .any(|t| t.to_lowercase().contains(&wanted))
    };
    book.org.units.values().filter(fits).collect()
}

pub(super) async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["q"])?;
    let text = fields.text("q").trim().to_owned();
    ctx.app.read(&ctx.who, |op| reading::units(op)).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let t = ctx.t();
    let title = t.s("org.units.title");
    let shown = if text.is_empty() { book.org.units.values().collect() } else { found(&book, &text) };
    let search = html! {
        form.filters role="search" method="get" action="/units" {
            input.form-control.form-control-sm.w-auto name="q" type="search" value=(text) maxlength="40" aria-label=(t.s("org.units.find")) placeholder=(t.s("org.units.find"));
            (Button::new(t.s("act.search")).small().submit())
        }
    };
    let acts = html! {
        (search)
        (Button::link(t.s("org.mandate.title"), "/mandates").icon("clipboard-list"))
        (Button::link(t.s("org.policy.title"), "/policy").icon("shield-check"))
    };
    let sub = t.f("org.units.sub", &[("units", &book.org.units.len()), ("posts", &book.org.posts.len())]);
    let body = html! {
        (page_head(&PageHead { title, sub: &sub, acts: Some(acts), ..PageHead::default() }))
        @if text.is_empty() { (tree(&ctx, &book)) }
        @else {
            (Card::new(t.s("org.units.found")).flush(html! {
                (filtered(t, &[&text], "/units"))
                @if shown.is_empty() { (feedback::empty("sitemap", t.s("org.units.none"), t.s("org.units.none_text"), false, None)) }
                @else { (rows(&ctx, &book, &shown, true)) }
            }))
        }
    };
    Ok(Page::new(title, body).marks(true, false, true).draw(&ctx))
}

/// A card for each kind; communities stand under their streets. Departments, the longest list, stand beside the rest.
fn tree(ctx: &Ctx, book: &Playbook) -> Markup {
    let t = ctx.t();
    let of = |kind: UnitKind| -> Vec<&Unit> {
        let nested = |u: &&Unit| matches!(u.kind, UnitKind::Community | UnitKind::Grid) && u.parent.is_some();
        book.org.units.values().filter(|u| u.kind == kind && !nested(u)).collect()
    };
    let card = |kind: UnitKind| {
        let units = of(kind);
        html! {
            @if !units.is_empty() {
                (Card::new(&words::kind(t, kind)).measure(&t.f("org.units.count", &[("n", &units.len())])).flush(
                    if kind == UnitKind::Street { streets(ctx, book, &units) } else { rows(ctx, book, &units, false) }
                ))
            }
        }
    };
    html! {
        div.g.g2 {
            div.stack { @for kind in BESIDE { (card(kind)) } }
            div.stack { (card(UnitKind::Department)) }
        }
        (card(UnitKind::Street))
        @for kind in [UnitKind::Community, UnitKind::Grid] { (card(kind)) }
    }
}

fn rows(ctx: &Ctx, book: &Playbook, units: &[&Unit], with_kind: bool) -> Markup {
    let t = ctx.t();
    let row = |unit: &&Unit| {
        let name = html! {
            span.t { a href={ "/units/" (unit.code) } { (unit.name.get(ctx.lang())) } }
            @if with_kind { span.s { (words::kind(t, unit.kind)) } }
        };
        vec![
            name,
            html! { span.mono.muted { (unit.code) } },
            html! { @match &unit.parent { Some(parent) => (link(ctx, book, parent)), None => span.muted { (t.s("word.none")) } } (managed(ctx, book, unit)) },
            html! { (book.org.posts_of(&unit.code).count()) },
            words::source(t, &unit.source),
        ]
    };
    let cols = vec![
        Col::text(t.s("word.unit")),
        Col::text(t.s("org.word.code")).secondary(),
        Col::text(t.s("org.word.parent")),
        Col::number(t.s("org.word.posts")),
        Col::text(t.s("word.source")).secondary(),
    ];
    table(&Table {
        caption: t.s("org.units.title"),
        cols,
        rows: units.iter().map(row).collect(),
        tight: true,
        stacked: false,
    })
}

fn link(ctx: &Ctx, book: &Playbook, code: &UnitCode) -> Markup {
    html! { a href={ "/units/" (code) } { (names::unit(book, code, ctx.lang())) } }
}

/// 托管: who runs it on the district's behalf, when that is somebody else than its parent (D§1.2).
fn managed(ctx: &Ctx, book: &Playbook, unit: &Unit) -> Markup {
    let t = ctx.t();
    html! {
        @if let Some(by) = &unit.managed_by {
            span.s { (t.f("org.units.managed", &[("unit", &names::unit(book, by, ctx.lang()))])) }
        }
    }
}

fn streets(ctx: &Ctx, book: &Playbook, units: &[&Unit]) -> Markup {
    let t = ctx.t();
    let row = |unit: &&Unit| {
        let under: Vec<&Unit> = book.org.children_of(&unit.code).collect();
        let communities = html! {
            @if under.is_empty() { span.muted { (t.s("word.none")) } }
            @else {
                details {
                    summary { (t.f("org.units.communities", &[("n", &under.len())])) }
                    p.row-f.sm { @for child in &under { a href={ "/units/" (child.code) } { (child.name.get(ctx.lang())) } } }
                }
            }
        };
        vec![
            html! { span.t { a href={ "/units/" (unit.code) } { (unit.name.get(ctx.lang())) } } (managed(ctx, book, unit)) },
            html! { span.mono { (unit.code) } },
            communities,
            html! { (book.org.posts_of(&unit.code).count()) },
            words::source(t, &unit.source),
        ]
    };
    table(&Table {
        caption: t.s("org.units.streets"),
        cols: vec![
            Col::text(t.s("org.units.street")),
            Col::text(t.s("org.word.code")).secondary(),
            Col::text(t.s("org.units.community")),
            Col::number(t.s("org.word.posts")),
            Col::text(t.s("word.source")).secondary(),
        ],
        rows: units.iter().map(row).collect(),
        stacked: true,
        ..Table::default()
    })
}

pub(super) async fn show(ctx: Ctx, Path(given): Path<String>) -> Outcome<Response> {
    let seats = ctx.app.read(&ctx.who, reading::seats).await?;
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let absent = || Common::NotFound { what: "unit", given: given.clone() };
    let code = UnitCode::parse("unit", &given).map_err(|_| absent())?;
    let unit = book.unit(&code).ok_or_else(absent)?;
    let t = ctx.t();
    let title = unit.name.get(ctx.lang()).to_owned();
    let body = html! {
        (page_head(&PageHead {
            title: &title,
            eyebrow: Some(html! { (words::kind(t, unit.kind)) " " span.mono { (unit.code) } }),
            meta: Some(html! { (managed(&ctx, &book, unit)) (words::source(t, &unit.source)) }),
            ..PageHead::default()
        }))
        div.g.g75 {
            div.stack { (posts_card(&ctx, &book, unit, &seats)) (mandates_card(&ctx, &book, unit)) }
            div.stack { (place_card(&ctx, &book, unit)) (relations_card(&ctx, &book, unit)) }
        }
    };
    Ok(Page::new(title, body).crumb(t.s("org.units.title"), "/units").marks(true, false, true).draw(&ctx))
}

fn posts_card(ctx: &Ctx, book: &Playbook, unit: &Unit, seats: &[Seat]) -> Markup {
    let t = ctx.t();
    let mut held: BTreeMap<&str, Vec<(PersonId, &str)>> = BTreeMap::new();
    for seat in seats {
        held.entry(seat.post.as_str()).or_default().push((seat.person, &seat.name));
    }
    let rows = book.org.posts_of(&unit.code).map(|post| {
        let holders = held.get(post.code.as_str()).map(Vec::as_slice).unwrap_or_default();
        vec![
            html! { span.t { (post.title.get(ctx.lang())) } span.s.mono { (post.code) } },
            words::roles(t, post.role_set()),
            html! {
                @if holders.is_empty() { span.muted { (t.s("org.units.vacant")) } }
                @for (_, name) in holders { div { (name) } }
            },
            words::source(t, &post.source),
        ]
    });
    let list = Table {
        caption: t.s("org.word.posts"),
        cols: vec![
            Col::text(t.s("org.word.post")),
            Col::text(t.s("org.word.roles")),
            Col::text(t.s("org.word.holder")),
            Col::text(t.s("word.source")).secondary(),
        ],
        rows: rows.collect(),
        stacked: true,
        ..Table::default()
    };
    let body = html! {
        @if list.rows.is_empty() { (feedback::empty("id-badge-2", t.s("org.units.no_posts"), t.s("org.units.no_posts_text"), false, None)) }
        @else { (table(&list)) }
    };
    Card::new(t.s("org.word.posts")).measure(t.s("org.units.posts_sub")).flush(body).into()
}

fn place_card(ctx: &Ctx, book: &Playbook, unit: &Unit) -> Markup {
    let t = ctx.t();
    let above: Vec<&Unit> = book.org.above(&unit.code);
    let under: Vec<&Unit> = book.org.children_of(&unit.code).collect();
    let patrons: Vec<_> = book.org.patronage.iter().filter(|p| p.unit == unit.code).collect();
    let charges: Vec<_> = book
        .org
        .patronage
        .iter()
        .filter(|p| book.post(&p.patron).is_some_and(|x| x.unit == unit.code))
        .collect();
    let lines = [
        (
            t.s("org.word.parent"),
            html! {
                @if above.is_empty() { (t.s("word.none")) }
                @for (i, up) in above.iter().enumerate() { @if i > 0 { " / " } (link(ctx, book, &up.code)) }
            },
        ),
        (
            t.s("org.units.managed_by"),
            html! { @match &unit.managed_by { Some(by) => (link(ctx, book, by)), None => (t.s("word.none")) } },
        ),
        (
            t.s("org.units.under"),
            html! {
                @if under.is_empty() { (t.s("word.none")) }
                @else if under.len() <= 6 { span.row-f { @for child in &under { (link(ctx, book, &child.code)) } } }
                @else {
                    details {
                        summary { (t.f("org.units.count", &[("n", &under.len())])) }
                        p.row-f { @for child in &under { (link(ctx, book, &child.code)) } }
                    }
                }
            },
        ),
        (
            t.s("org.units.patron"),
            html! {
                @if patrons.is_empty() { (t.s("word.none")) }
                @for p in &patrons {
                    div { (names::post(book, &p.patron, ctx.lang())) " " span.muted.xs { (t.f("org.word.from", &[("day", &when::day_full(ctx.lang(), p.since))])) } " " (words::source(t, &p.source)) }
                }
            },
        ),
    ];
    html! {
        (Card::new(t.s("org.units.place")).body(facts(&lines)))
        @if !charges.is_empty() {
            (Card::new(t.s("org.units.charges")).measure(t.s("org.units.charges_sub")).body(html! {
                dl.gd-dl {
                    @for p in &charges { dt { (names::post(book, &p.patron, ctx.lang())) } dd { (link(ctx, book, &p.unit)) " " (words::source(t, &p.source)) } }
                }
            }))
        }
    }
}

/// The words of a relation, seen from `from` or from `to`.
fn relation(t: base::i18n::T<'_>, kind: RelationKind) -> &str {
    match kind {
        RelationKind::Stationed => t.s("org.relation.stationed"),
        RelationKind::Guides => t.s("org.relation.guides"),
        RelationKind::ManagesOnBehalf => t.s("org.relation.manages"),
        RelationKind::ConcurrentMember => t.s("org.relation.concurrent"),
        RelationKind::ActsWith => t.s("org.relation.acts_with"),
    }
}

fn relations_card(ctx: &Ctx, book: &Playbook, unit: &Unit) -> Markup {
    let t = ctx.t();
    let mine = |r: &&Relation| r.from == unit.code || r.to == unit.code;
    let rows: Vec<Vec<Markup>> = book
        .org
        .relations
        .iter()
        .filter(mine)
        .map(|r| {
            let end = r.until.map(|d| d.plus(1).start().plus_micros(-1));
            vec![
                html! { span.t { (link(ctx, book, &r.from)) } },
                html! { (relation(t, r.kind)) },
                link(ctx, book, &r.to),
                words::span(t, r.since.start(), end),
                words::source(t, &r.source),
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let list = Table {
        caption: t.s("org.units.relations"),
        cols: vec![
            Col::text(t.s("org.units.from")),
            Col::text(t.s("org.units.relation")),
            Col::text(t.s("org.units.to")),
            Col::text(t.s("org.word.in_force")).secondary(),
            Col::text(t.s("word.source")).secondary(),
        ],
        rows,
        tight: true,
        ..Table::default()
    };
    Card::new(t.s("org.units.relations")).measure(t.s("org.units.relations_sub")).flush(table(&list)).into()
}

fn mandates_card(ctx: &Ctx, book: &Playbook, unit: &Unit) -> Markup {
    let t = ctx.t();
    let rows: Vec<Vec<Markup>> = book
        .mandates
        .values()
        .filter(|m| m.lead.as_ref() == Some(&unit.code))
        .map(|m| {
            vec![
                html! { span.t { (m.title.get(ctx.lang())) } span.s { span.mono { (m.code) } " · " (m.domain.get(ctx.lang())) } },
                html! { (words::list_name(t, m.list)) },
                words::source(t, &m.source),
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let list = Table {
        caption: t.s("org.units.leads"),
        cols: vec![
            Col::text(t.s("org.mandate.entry")),
            Col::text(t.s("org.mandate.list")),
            Col::text(t.s("word.source")),
        ],
        rows,
        tight: true,
        ..Table::default()
    };
    let all = html! { (Button::link(t.s("org.mandate.title"), "/mandates").small()) };
    Card::new(t.s("org.units.leads"))
        .measure(t.s("org.units.leads_sub"))
        .tools(all)
        .flush(table(&list))
        .into()
}
