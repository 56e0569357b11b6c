//! 搜索: by number or by words of the title, within what the post may see.

use super::list::listing;
use super::look::Look;
use crate::act;
use crate::model::Summary;
use crate::store;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::op::Op;
use base::web::query::Params;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::empty;
use base::web::ui::html;
use base::web::ui::list::table;
use base::web::{Ctx, Page};
use kernel::access::{Action, Resource};
use kernel::text::Title;

/// Most rows found.
pub(super) const FOUND: u32 = 50;

/// Looks for a text of 1 to 120 characters.
pub(super) fn find(op: &mut Op<'_, '_>, text: &str) -> Outcome<Vec<Summary>> {
    op.judge(Action::SearchUse, &Resource::new().post(&op.actor().post).unit(&op.actor().unit))?;
    let text = Title::parse("q", text)?;
    let scope = op.scope(Action::DutyRead);
    let mut rows = store::search(op.tx, op.district(), &scope, text.as_str(), FOUND)?;
    if let Some(id) = store::by_number(op.tx, op.district(), text.as_str())?
        && !rows.iter().any(|row| row.id == id)
        && super::inbox::seen(act::read(op, id))?.is_some()
        && let Some(exact) = store::glance(op.tx, op.district(), id)?
    {
        rows.insert(0, exact);
    }
    Ok(rows)
}

/// `GET /search`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["q"])?;
    let asked = params.owned("q");
    let text = asked.clone().unwrap_or_default();
    let rows = match asked {
        Some(text) => ctx.app.read(&ctx.who, move |op| find(op, &text)).await?,
        None => Vec::new(),
    };
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t: ctx.t(), book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let t = ctx.t();
    let found = t.f("du.search.found", &[("n", &rows.len()), ("text", &text)]);
    let body = html! {
        (page_head(&PageHead { title: t.s("du.search.title"), sub: t.s("du.search.sub"), ..PageHead::default() }))
        @if rows.is_empty() {
            (Card::new(t.s("du.search.title")).body(empty("search", t.s("du.search.none"), t.s("du.search.none_text"), false, None)))
        } @else {
            (Card::new(&found).flush(table(&listing(look, &rows))).foot(html! { (t.f("du.search.bound", &[("n", &store::SEARCHED)])) }))
        }
    };
    let mut page =
        Page::new(t.s("du.search.title"), body).class("p-work").marks(false, ctx.app.simulated, false);
    page.query = text;
    Ok(page.draw(&ctx))
}
