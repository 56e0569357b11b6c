//! Exclusions for the panel, deferrals by age, and who opened contacts for those who watch over it.

use super::desk::{Desk, Look, does, only, query};
use crate::act;
use crate::model::{Case, Cursor, Filter, Order, Stage, Summary};
use crate::store;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::get;
use base::core::App;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::list::{Col, Pager, Table, pager, table, title_cell};
use base::web::ui::{Markup, feedback, html, mark};
use base::web::{Ctx, Page, encode};
use base::{Fault, Outcome};
use kernel::PostCode;
use kernel::access::{Action, Denied};

/// Rows of a page.
const ROWS: u32 = 50;
/// Lines of the log of reveals.
const LINES: u32 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/exclusions", get(exclusions))
        .route("/deferrals", get(deferrals))
        .route("/reveals", get(reveals))
}

async fn exclusions(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let given = query(raw.as_deref(), &["after"])?;
    let after = given.given("after").map(Cursor::parse).transpose()?;
    let (rows, next, decides) = ctx
        .app
        .read(&ctx.who, move |op| {
            let part =
                [Action::CaseDecideExclusion, Action::CaseProposeExclusion, Action::CaseAppealExclusion];
            if !part.into_iter().any(|action| does(op, action)) {
                return Err(Fault::from(Denied::absent(op.actor(), Action::CaseDecideExclusion)));
            }
            let filter = Filter { stages: vec![Stage::Exclusion], ..Filter::default() };
            let (rows, next) = act::list(op, &filter, Order::Newest, after, ROWS)?;
            let mut out: Vec<(Summary, Option<Case>)> = Vec::new();
            for row in rows {
                let case = store::find(op.tx, op.district(), row.id)?;
                out.push((row, case));
            }
            Ok((out, next, does(op, Action::CaseDecideExclusion)))
        })
        .await?;
    let desk = Desk::of(&ctx)?;
    let look = desk.look(&ctx);
    let t = look.t;
    let lines = rows.iter().filter_map(|(row, case)| {
        let x = case.as_ref()?.exclusion.as_ref()?;
        let rule = look.book.case_rules().and_then(|rules| rules.exclusions.get(&x.class));
        let class = rule.map_or(x.class.as_str(), |rule| rule.name.get(look.lang()));
        let step = if x.appeal.is_some() { "desk.excl.appealed" } else { "desk.excl.proposed" };
        Some(vec![
            title_cell(&format!("/c/{}", row.id), &row.title, &row.no),
            html! { (class) },
            html! { (x.evidence.as_str()) " " small.muted { (t.f("desk.excl.files", &[("n", &x.files.len())])) } },
            html! { (look.post(&x.by)) " " small.muted { (look.moment(x.at)) } },
            html! { (mark::tag(t.s(step))) @if decides { " " a href=(format!("/c/{}/decide_exclusion", row.id)) { (t.s("desk.excl.decide")) } } },
        ])
    });
    let shown = Table {
        caption: t.s("desk.excl.title"),
        cols: vec![
            Col::text(t.s("desk.matter")),
            Col::text(t.s("desk.ask.class")),
            Col::text(t.s("desk.ask.evidence")),
            Col::text(t.s("desk.excl.by")),
            Col::text(t.s("desk.stage")),
        ],
        rows: lines.collect(),
        tight: false,
        stacked: true,
    };
    let none = (t.s("desk.excl.none"), t.s("desk.excl.none_text"));
    let body = list(
        look,
        (t.s("desk.excl.title"), t.s("desk.excl.sub")),
        &shown,
        none,
        next.map(|c| at("/exclusions", c)),
    );
    Ok(Page::new(t.s("desk.excl.title"), body).class("p-desk").marks(false, false, true).draw(&ctx))
}

fn at(path: &str, cursor: Cursor) -> String {
    format!("{path}?after={}", encode(&cursor.text()))
}

fn list(
    look: Look<'_>,
    head: (&str, &str),
    shown: &Table<'_>,
    none: (&str, &str),
    next: Option<String>,
) -> Markup {
    html! {
        (page_head(&PageHead { title: head.0, sub: head.1, ..PageHead::default() }))
        @if shown.rows.is_empty() { (feedback::empty("clipboard-check", none.0, none.1, true, None)) }
        @else { section.card { (table(shown)) } }
        (pager(look.t, &Pager { next, ..Pager::default() }))
    }
}

async fn deferrals(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let given = query(raw.as_deref(), &["after"])?;
    let after = given.given("after").map(Cursor::parse).transpose()?;
    let (mut rows, next) = ctx
        .app
        .read(&ctx.who, move |op| {
            only(op, Action::CaseList)?;
            let stages = vec![Stage::Deferred, Stage::DeferralAsked];
            act::list(op, &Filter { stages, ..Filter::default() }, Order::Newest, after, ROWS)
        })
        .await?;
    // Within a page the longest wait stands first.
    rows.sort_by_key(|row| row.deferred_at.unwrap_or(row.received_at));
    let desk = Desk::of(&ctx)?;
    let look = desk.look(&ctx);
    let t = look.t;
    let lines = rows.iter().map(|row| {
        vec![
            title_cell(&format!("/c/{}", row.id), &row.title, &row.no),
            html! { (row.unit.as_ref().map_or_else(|| "—".to_owned(), |unit| look.unit(unit))) },
            html! { (row.stage.say(look.lang())) },
            html! { (row.deferred_at.map_or_else(|| "—".to_owned(), |at| look.ago(at))) },
            html! { (look.ago(row.received_at)) },
        ]
    });
    let shown = Table {
        caption: t.s("desk.defer.title"),
        cols: vec![
            Col::text(t.s("desk.matter")),
            Col::text(t.s("word.unit")),
            Col::text(t.s("desk.stage")),
            Col::text(t.s("desk.defer.since")),
            Col::text(t.s("desk.defer.age")),
        ],
        rows: lines.collect(),
        tight: false,
        stacked: true,
    };
    let cap = look.book.case_rules().map_or(0, |rules| rules.deferral_cap_percent);
    let sub = t.f("desk.defer.sub", &[("cap", &cap)]);
    let none = (t.s("desk.defer.none"), t.s("desk.defer.none_text"));
    let body = list(look, (t.s("desk.defer.title"), &sub), &shown, none, next.map(|c| at("/deferrals", c)));
    Ok(Page::new(t.s("desk.defer.title"), body).class("p-desk").marks(false, false, true).draw(&ctx))
}

/// Kept counts by post and day; no case, no petitioner, no contact is told here.
async fn reveals(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    let rows: Vec<(String, i64, i64)> = ctx
        .app
        .read(&ctx.who, |op| {
            only(op, Action::AuditRead)?;
            let sql = "select unit, bucket, n from tally where district = $1 and scope = $2 order by bucket desc, n desc limit $3";
            let args = [op.district().into(), "case.reveal".into(), LINES.into()];
            op.tx.query(sql, &args, |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))
        })
        .await?;
    let desk = Desk::of(&ctx)?;
    let look = desk.look(&ctx);
    let t = look.t;
    let lines = rows.iter().map(|(post, day, n)| {
        let name = PostCode::parse("post", post).map_or_else(|_| post.clone(), |code| look.post(&code));
        let day = kernel::Day::from_number(i32::try_from(*day).unwrap_or_default());
        vec![
            html! { (name) },
            html! { (base::web::ui::when::day_full(look.lang(), day)) },
            html! { (n) @if *n >= act::personal::REVEALS_A_DAY { " " (mark::tag_strong(t.s("desk.reveal_log.spent"))) } },
        ]
    });
    let shown = Table {
        caption: t.s("desk.reveal_log.title"),
        cols: vec![
            Col::text(t.s("desk.reveal_log.post")),
            Col::text(t.s("desk.reveal_log.day")),
            Col::number(t.s("desk.reveal_log.n")),
        ],
        rows: lines.collect(),
        tight: true,
        stacked: false,
    };
    let none = (t.s("desk.reveal_log.none"), t.s("desk.reveal_log.none_text"));
    let body = list(look, (t.s("desk.reveal_log.title"), t.s("desk.reveal_log.sub")), &shown, none, None);
    Ok(Page::new(t.s("desk.reveal_log.title"), body).class("p-desk").draw(&ctx))
}
