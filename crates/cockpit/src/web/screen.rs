//! `/screen`: the same facts for a wall, 1920 × 1080, nothing to scroll, renewed every minute.

use super::cards::{self, Pane};
use super::{Links, home, query, tables};
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use base::Outcome;
use base::web::Ctx;
use base::web::ctx::Theme;
use base::web::ui::icon::logo;
use base::web::ui::{Markup, asset_url, html, mark, when};
use maud::DOCTYPE;

/// Seconds after which the browser loads the page again; no script is needed for it.
const RENEW: u32 = 60;

/// The big screen.
pub(super) async fn page(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &[])?;
    let (sight, book) = home::look(&ctx, None).await?;
    let pane = Pane {
        t: ctx.t(),
        book: &book,
        sight: &sight,
        links: Links { past: None },
        simulated: ctx.app.simulated,
        wall: true,
    };
    Ok(document(pane, ctx.visitor.theme).into_response())
}

fn document(p: Pane<'_>, theme: Theme) -> Markup {
    let t = p.t;
    let (shown, mode) = match theme {
        Theme::Auto => ("light", "auto"),
        Theme::Light => ("light", "light"),
        Theme::Dark => ("dark", "dark"),
    };
    html! {
        (DOCTYPE)
        html.no-js lang=(t.lang().tag()) data-bs-theme=(shown) data-gd-mode=(mode) data-gd-renew=(RENEW) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=1920";
                noscript { meta http-equiv="refresh" content=(RENEW); }
                title { (t.s("cockpit.screen_title")) " · " (t.s("shell.name")) }
                script src=(asset_url("theme.js")) {}
                link rel="stylesheet" href=(asset_url("tabler.min.css"));
                link rel="stylesheet" href=(asset_url("gd.css"));
                link rel="icon" type="image/svg+xml" href=(asset_url("icon.svg"));
            }
            body.gd-screen { (hatches()) (top(p)) (grid(p)) }
        }
    }
}

fn top(p: Pane<'_>) -> Markup {
    let t = p.t;
    html! {
        header.sc-h {
            a.gd-brand href="/" { (logo(30)) span { b { (t.s("shell.name")) } small { (t.words(&p.book.head.name)) " " (t.s("cockpit.title")) } } }
            p { (t.s("cockpit.slogan")) }
            div.sc-r {
                @if p.simulated { (mark::sim(t, Some(t.s("shell.demo")))) }
                span { (t.s("cockpit.as_of")) " " b { (when::day_long(t.lang(), p.sight.day())) } }
                span.clk { (when::clock(p.sight.now)) }
            }
        }
    }
}

fn grid(p: Pane<'_>) -> Markup {
    html! {
        main #main.sc-g {
            h1.visually-hidden { (p.t.s("cockpit.screen_title")) }
            div.a-hl { (cards::summary(p)) }
            div.a-pu { @for punch in &p.sight.punches { (cards::punch(p, punch)) } }
            div.a-in { (tables::measured(p, false)) }
            div.a-bu { (tables::units(p, 6, false)) }
            div.a-pi { (tables::holders(p, 5)) }
            div.a-re { (tables::red_list(p, if p.t.is_zh() { 8 } else { 6 })) }
            div.a-ma.sc-2 { (cards::load(p)) (cards::rungs(p)) }
            div.a-wh { (cards::changes(p, 5)) }
            div.a-me { (cards::dates(p, 4)) }
        }
    }
}

/// The hatch that yellow segments refer to by id.
fn hatches() -> Markup {
    html! {
        svg.visually-hidden width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #gd-hy.gd-hy width="4.5" height="4.5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)" {
                    rect.a width="12" height="12" {}
                    path.b d="M0 0v12" {}
                }
            }
        }
    }
}
