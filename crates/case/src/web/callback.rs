//! `/callbacks`: who is to be called back now, for the call-back desk alone. Nobody in a handler's line gets that handler's
//! cases here, so nobody sees what of the own work was drawn for a second call.

use super::desk::{Desk, only, query};
use crate::act;
use crate::model::Case;
use crate::store::{self, Callable};
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::get;
use base::Outcome;
use base::core::App;
use base::feed::{self, Topic};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::{feedback, html, mark};
use base::web::{Ctx, Page};
use kernel::access::Action;
use kernel::cases::Grade;

/// Calls of one page.
const CALLS: u32 = 40;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/callbacks", get(show))
}

async fn show(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    let rows: Vec<(Callable, Option<Case>)> = ctx
        .app
        .read(&ctx.who, |op| {
            only(op, Action::CaseCallBack)?;
            let mut out = Vec::new();
            for call in act::work_list(op, CALLS)? {
                let case = store::find(op.tx, op.district(), call.case.id)?;
                out.push((call, case));
            }
            Ok(out)
        })
        .await?;
    let desk = Desk::of(&ctx)?;
    let look = desk.look(&ctx);
    let t = look.t;
    let most = look.book.case_rules().map_or(0, |rules| rules.callback_attempts);
    let lines = rows.iter().map(|(call, case)| {
        let tries = case.as_ref().map_or(0, |case| case.attempts().filter(|c| !c.reached).count());
        vec![
            title_cell(&format!("/c/{}", call.case.id), &call.case.title, &call.case.no),
            html! { (call.case.unit.as_ref().map_or_else(|| "—".to_owned(), |unit| look.unit(unit))) },
            html! { (look.moment(call.call_at)) },
            html! { (t.f("desk.call.tries", &[("n", &tries), ("most", &most)])) @if call.sampled { " " (mark::tag_strong(t.s("desk.call.second"))) } },
            html! { (Button::link(t.s("desk.call.call"), &format!("/c/{}/call_back", call.case.id)).small().icon("phone")) },
        ]
    });
    let shown = Table {
        caption: t.s("desk.call.title"),
        cols: vec![
            Col::text(t.s("desk.matter")),
            Col::text(t.s("word.unit")),
            Col::text(t.s("desk.call.from")),
            Col::text(t.s("desk.call.attempts")),
            Col::text(""),
        ],
        rows: lines.collect(),
        tight: false,
        stacked: true,
    };
    let script = html! {
        ol { li { (t.s("desk.call.script_1")) } li { (t.s("desk.call.script_2")) } li { (t.s("desk.call.script_3")) } li { (t.s("desk.call.script_4")) } }
        p { @for grade in Grade::ALL { (mark::tag(grade.say(look.lang()))) " " } }
        p.muted { (t.s("desk.call.script_rule")) }
    };
    let list = html! {
        @if rows.is_empty() { (feedback::empty("phone", t.s("desk.call.none"), t.s("desk.call.none_text"), true, None)) }
        @else { section.card { (table(&shown)) } }
    };
    let topics: Vec<Topic> = Topic::queue("call_back").into_iter().collect();
    let body = html! {
        (page_head(&PageHead { title: t.s("desk.call.title"), sub: t.s("desk.call.sub"), ..PageHead::default() }))
        (feed::region("callbacks", &topics, None, look.now, &list))
        (Card::new(t.s("desk.call.script")).body(script))
    };
    Ok(Page::new(t.s("desk.call.title"), body).class("p-desk").marks(false, false, true).draw(&ctx))
}
