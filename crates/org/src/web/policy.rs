//! 权限表: the access policy as an auditor reads it, row by row and as a matrix of acts and roles.

use super::words;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Tab, Table, filtered, table, tabs};
use base::web::ui::{Markup, feedback, html, mark};
use base::web::{Ctx, Page};
use kernel::access::{Action, Cell, Condition, Effect, Policy, Reach, Resource, Role, Row};

/// Rows that speak of a role and of an act; empty means every.
pub(super) fn asked<'p>(policy: &'p Policy, role: &str, action: &str) -> Vec<&'p Row> {
    let fits = |row: &&Row| {
        (role.is_empty() || row.roles.iter().any(|r| r.code() == role))
            && (action.is_empty() || row.actions.iter().any(|a| a.code() == action))
    };
    policy.rows().iter().filter(fits).collect()
}

pub(super) async fn show(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["role", "action", "view"])?;
    ctx.app.read(&ctx.who, |op| op.judge(Action::PolicyRead, &Resource::new()).map(|_| ())).await?;
    let (policy, t) = (ctx.app.policy, ctx.t());
    let as_matrix = fields.text("view") == "matrix";
    let title = t.s("org.policy.title");
    let sub = t.f("org.policy.sub", &[("version", &policy.version()), ("n", &policy.rows().len())]);
    let views = [
        Tab { label: t.s("org.policy.rows"), href: "/policy", count: None, current: !as_matrix },
        Tab { label: t.s("org.policy.matrix"), href: "/policy?view=matrix", count: None, current: as_matrix },
    ];
    let body = html! {
        (page_head(&PageHead { title, sub: &sub, ..PageHead::default() }))
        (tabs(t.s("org.policy.views"), &views))
        @if as_matrix { (matrix(t, policy)) } @else { (rows(t, policy, fields.text("role"), fields.text("action"))) }
    };
    Ok(Page::new(title, body).crumb(t.s("org.units.title"), "/units").marks(false, false, true).draw(&ctx))
}

fn rows(t: T, policy: &Policy, role: &str, action: &str) -> Markup {
    let lang = t.lang();
    let roles: Vec<(String, String)> =
        Role::ALL.iter().map(|r| (r.code().to_owned(), r.name(lang).to_owned())).collect();
    let actions: Vec<(String, String)> = Action::ALL
        .iter()
        .map(|a| (a.code().to_owned(), format!("{} · {}", a.name(lang), a.code())))
        .collect();
    let named = |list: &[(String, String)], code: &str| {
        list.iter().find(|(known, _)| known == code).map(|(_, name)| name.clone())
    };
    let names: Vec<String> = [named(&roles, role), named(&actions, action)].into_iter().flatten().collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = asked(policy, role, action);
    let shown = Table {
        caption: t.s("org.policy.title"),
        cols: vec![
            Col::text(t.s("org.policy.who")),
            Col::text(t.s("org.policy.acts")),
            Col::text(t.s("org.policy.when")),
            Col::text(t.s("org.policy.why")).secondary(),
        ],
        rows: found.iter().map(|row| line(t, row)).collect(),
        ..Table::default()
    };
    html! {
        section.card aria-label=(t.s("org.policy.rows")) {
            div.card-body {
                form.filters method="get" action="/policy" {
                    (words::choose("role", t.s("org.word.role"), t.s("org.policy.all_roles"), role, &roles))
                    (words::choose("action", t.s("org.policy.act"), t.s("org.policy.all_acts"), action, &actions))
                    (Button::new(t.s("org.word.filter")).small().icon("filter").submit())
                }
            }
            (filtered(t, &names, "/policy"))
            @if found.is_empty() { (feedback::empty("shield-check", t.s("org.policy.none"), t.s("org.policy.none_text"), false, None)) }
            @else { (table(&shown)) }
            footer.card-footer { span.muted { (t.s("org.policy.rule")) } }
        }
    }
}

/// The effect in words.
pub(super) fn effect(t: T<'_>, effect: Effect) -> &str {
    match effect {
        Effect::Allow => t.s("org.policy.allow"),
        Effect::Deny => t.s("org.policy.deny"),
    }
}

fn line(t: T, row: &Row) -> Vec<Markup> {
    let lang = t.lang();
    let denies = row.effect == Effect::Deny;
    let everyone = row.roles.iter().count() == Role::ALL.len();
    let acts: Vec<&str> = row.actions.iter().map(|a| a.name(lang)).collect();
    let roles: Vec<&str> = row.roles.iter().map(|r| r.name(lang)).collect();
    vec![
        html! {
            @if denies { b.c-r { (effect(t, row.effect)) } } @else { span.muted { (effect(t, row.effect)) } }
            div.t { @if everyone { (t.s("org.policy.everyone")) } @else { (several(t, &roles)) } }
            span.s.mono id=(row.id) { (row.id) }
        },
        several(t, &acts),
        conditions(t, row),
        html! {
            span lang="zh-CN" { (row.why) } " "
            @if row.source == "example" { (mark::example(t, None)) } @else { span.muted.xs { (row.source) } }
        },
    ]
}

/// A short list as it is; a long one behind its first two, so that a row stays a row.
fn several(t: T, names: &[&str]) -> Markup {
    let all = names.join(t.s("word.list"));
    match names {
        [first, second, _, _, _, _, ..] => {
            let some = [*first, *second].join(t.s("word.list"));
            html! {
                details { summary { (t.f("org.policy.several", &[("some", &some), ("n", &names.len())])) } p.sm { (all) } }
            }
        }
        _ => html! { (all) },
    }
}

/// Kinds, conditions and compartments of a row, in words.
fn conditions(t: T, row: &Row) -> Markup {
    let lang = t.lang();
    let names = |list: &[Condition], by: &str| list.iter().map(|c| c.name(lang)).collect::<Vec<_>>().join(by);
    let kinds: Vec<&str> = row.kinds.iter().map(kernel::Slug::as_str).collect();
    let walls = match row.reach {
        Reach::Cleared => None,
        Reach::Any if row.effect == Effect::Deny => None,
        Reach::Any => Some(t.s("org.policy.any_wall").to_owned()),
        Reach::Only(set) => {
            let list: Vec<&str> = set.iter().map(|c| c.name(lang)).collect();
            Some(t.f("org.policy.walls", &[("list", &list.join(t.s("word.list")))]))
        }
    };
    html! {
        @if row.is_plain() { span.muted { (t.s("org.policy.always")) } }
        @if !kinds.is_empty() { div { (t.f("org.policy.kinds", &[("list", &kinds.join(t.s("word.list")))])) } }
        @if !row.when.is_empty() { div { (names(&row.when, t.s("org.policy.and"))) } }
        @if !row.any.is_empty() { div { (names(&row.any, t.s("org.policy.or"))) } }
        @if let Some(walls) = walls { div.muted { (walls) } }
    }
}

/// The sign of a cell with its word for those who hear it.
fn cell(t: T, cell: Cell) -> Markup {
    let (class, word) = match cell {
        Cell::Always => ("c-g", t.s("org.policy.cell_always")),
        Cell::Sometimes => ("c-y", t.s("org.policy.cell_sometimes")),
        Cell::Never => ("muted", t.s("org.policy.cell_never")),
    };
    let sign = if cell == Cell::Never { '·' } else { cell.sign() };
    html! { span class=(class) title=(word) { span aria-hidden="true" { (sign) } span.visually-hidden { (word) } } }
}

fn matrix(t: T, policy: &Policy) -> Markup {
    let lang = t.lang();
    let title = t.s("org.policy.matrix");
    let body = html! {
        p.fct {
            span.c-g { "✔ " (t.s("org.policy.cell_always")) } span.c-y { "! " (t.s("org.policy.cell_sometimes")) } span.muted { "· " (t.s("org.policy.cell_never")) }
        }
        p.fct {
            @for (n, role) in Role::ALL.iter().enumerate() { span.nowrap { b { (n + 1) } " " (role.name(lang)) } }
        }
        div.tb-w tabindex="0" role="region" aria-label=(title) {
            table.tb.tight {
                caption.visually-hidden { (title) }
                thead { tr {
                    th scope="col" { (t.s("org.policy.act")) }
                    @for (n, role) in Role::ALL.iter().enumerate() { th scope="col" { abbr title=(role.name(lang)) { (n + 1) } } }
                } }
                tbody {
                    @for action in Action::ALL {
                        tr {
                            th scope="row" { span.nowrap { a href={ "/policy?action=" (action.code()) } { (action.name(lang)) } } }
                            @for role in Role::ALL { td { (cell(t, policy.cell(*role, *action))) } }
                        }
                    }
                }
            }
        }
    };
    // The table scrolls inside its region; without the class its width would be the page's.
    Card::new(title).class("overflow-hidden").measure(t.s("org.policy.matrix_sub")).flush(body).into()
}
