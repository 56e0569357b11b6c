//! `/`: the cockpit of whoever is signed in.

use super::cards::{self, Pane};
use super::{Links, query, tables};
use crate::act;
use crate::model::Sight;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::{Markup, feedback, html};
use base::web::{Ctx, Page};
use base::{Fault, Outcome};
use kernel::access::{Action, Resource, Role};
use kernel::playbook::Playbook;
use kernel::{Day, Refused};
use std::sync::Arc;

/// The page. A day that is refused leaves the present on the page, with the reason above it.
pub(super) async fn page(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &["as_of"])?;
    if let Some(desk) = administrator(&ctx) {
        return Ok(Redirect::to(desk).into_response());
    }
    match look(&ctx, ctx.as_of).await {
        Ok(seen) => draw(&ctx, &seen, None),
        Err(Fault::Refused(no)) if ctx.as_of.is_some() && may_look(&ctx) => {
            let code = status(no.kind());
            let seen = look(&ctx, None).await?;
            let mut response = draw(&ctx, &seen, Some(&no))?;
            *response.status_mut() = code;
            Ok(response)
        }
        Err(other) => Err(other),
    }
}

/// Administrators are kept away from the business (D§13.2): their first page is their own work.
fn administrator(ctx: &Ctx) -> Option<&'static str> {
    let actor = &ctx.who.actor;
    let desks =
        [(Role::SystemAdmin, "/admin/jobs"), (Role::SecurityAdmin, "/people"), (Role::AuditAdmin, "/ledger")];
    if may_look(ctx) {
        return None;
    }
    desks.into_iter().find(|(role, _)| actor.has(*role)).map(|(_, desk)| desk)
}

fn may_look(ctx: &Ctx) -> bool {
    ctx.app.policy.allows(&ctx.who.actor, Action::CockpitRead, &Resource::new())
}

/// One look, with the playbook whose names it is shown in.
pub(super) async fn look(ctx: &Ctx, day: Option<Day>) -> Outcome<(Sight, Arc<Playbook>)> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let sight = ctx.app.read(&ctx.who, move |op| act::look(op, day)).await?;
    Ok((sight, book))
}

fn draw(ctx: &Ctx, (sight, book): &(Sight, Arc<Playbook>), no: Option<&Refused>) -> Outcome<Response> {
    let t = ctx.t();
    let links = Links { past: sight.is_past().then_some(sight.day()) };
    let pane = Pane { t, book, sight, links, simulated: ctx.app.simulated, wall: false };
    let body = html! {
        (head(pane))
        @if let Some(no) = no { (feedback::refusal(t, &**no, None)) }
        @if sight.is_past() {
            (feedback::past(t, sight.day(), "/"))
        }
        (cards::summary(pane))
        div.g.g3 { @for punch in &sight.punches { (cards::punch(pane, punch)) } }
        div.g.g75 {
            (tables::red_list(pane, act::RED))
            div.stack {
                (cards::dates(pane, 6))
                @if let Some(live) = &sight.live { (cards::mine(pane, &live.mine, &ctx.who.actor.unit)) }
            }
        }
        div.g.g75 {
            div.stack { (tables::units(pane, 12, true)) div.g.g2 { (cards::changes(pane, 6)) (cards::rungs(pane)) } }
            div.stack { (tables::measured(pane, true)) (cards::load(pane)) (tables::holders(pane, 6)) }
        }
        @if sight.is_past() { p.muted.xs { (t.s("cockpit.past_without")) } }
    };
    let page = Page::new(t.s("cockpit.title"), body)
        .class("p-cockpit")
        .marks(true, ctx.app.simulated, true)
        .as_of(sight.day());
    Ok(page.draw(ctx))
}

fn head(p: Pane<'_>) -> Markup {
    let t = p.t;
    let acts = html! {
        (cards::as_of(p, p.book.head.from))
        (Button::link(t.s("cockpit.screen"), "/screen").icon("maximize"))
        (Button::new(t.s("act.print")).icon("printer").attr("data-print", ""))
    };
    page_head(&PageHead {
        title: t.s("cockpit.title"),
        sub: t.s("cockpit.slogan"),
        acts: Some(acts),
        ..PageHead::default()
    })
}
