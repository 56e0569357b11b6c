//! The first page: emergencies, what to file, how to track, how long things take, what is public.

use super::caller::Caller;
use super::danger;
use super::frame::Sheet;
use crate::model::EmergencyLine;
use crate::web::public::figures;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::form::hidden;
use base::web::ui::icon::sized;
use base::web::ui::{Markup, html, mark};
use kernel::cases::Urgency;

/// Most top categories as chips.
const CHIPS: usize = 10;

pub(super) async fn home(caller: Caller) -> Outcome<Response> {
    let who = caller.who()?;
    let month = figures::this_month(&caller, &who).await?;
    let t = caller.t();
    let body = html! {
        section.gp-hero { div.gp-w {
            div.l {
                div.sosb role="region" aria-label=(t.s("portal.danger.title")) {
                    p { (sized("alert-triangle", 20)) b { (t.s("portal.danger.first")) } }
                    (danger::numbers(t, EmergencyLine::ALL))
                }
                h1 { (t.s("portal.home.title")) } p { (t.s("portal.home.sub")) }
                (ask(&caller))
            }
            aside.r { (find(t)) (how_long(&caller)) }
        } }
        (month)
        (lists(t))
    };
    Ok(Sheet::new(t.s("portal.home.title"), "/portal", body).draw(&caller))
}

fn ask(caller: &Caller) -> Markup {
    let t = caller.t();
    html! {
        form.ask method="post" action="/portal/file" {
            (hidden("step", "1"))
            label for="text" { (t.s("portal.home.ask")) }
            textarea.form-control #text name="text" rows="3" maxlength="5000" placeholder=(t.s("portal.home.example")) {}
            div.row-f { span.sp {} button.btn.btn-primary type="submit" name="go" value="start" { span { (t.s("portal.home.start")) } (sized("arrow-right", 16)) } }
        }
        ul.chips aria-label=(t.s("portal.home.common")) {
            @for top in caller.book.categories_below(None).take(CHIPS) {
                li { a href={ "/portal/file?in=" (top.code) } { (t.words(&top.name)) } }
            }
        }
    }
}

fn find(t: T) -> Markup {
    html! {
        form.card.find action="/portal/track" {
            label for="no" { (t.s("portal.home.find")) }
            div.row-f {
                input.form-control #no name="no" autocomplete="off" maxlength="40" placeholder=(t.s("track.no_hint"));
                button.btn.btn-primary type="submit" { (t.s("portal.home.go")) }
            }
            p { (t.s("portal.home.find_hint")) }
        }
    }
}

/// How long things take by rule: the main limit of each urgency.
fn how_long(caller: &Caller) -> Markup {
    let t = caller.t();
    let rules = caller.book.case_rules();
    let clock = |urgency: &Urgency| {
        let code = rules?.clocks.get(urgency)?;
        let rule = caller.book.clock(code.as_str(), caller.today())?;
        rule.limits.iter().find(|limit| limit.main).map(|limit| limit.limit.words())
    };
    html! {
        section.card.long aria-labelledby="long" {
            h2 #long { (t.s("portal.home.long")) }
            dl { @for urgency in Urgency::ALL {
                @if let Some(words) = clock(urgency) { div { dt { (t.say(urgency.say(caller.lang()))) } dd { (t.words(&words)) } } }
            } }
            p.sub { (t.s("portal.home.long_hint")) " " (mark::example(t, None)) " " a href="/portal/about#promise" { (t.s("portal.home.long_why")) } }
        }
    }
}

fn lists(t: T) -> Markup {
    let entry = |href: &str, icon: &str, title: &str, text: &str| {
        html! { li { a.card href=(href) { (sized(icon, 24)) span { b { (title) } small { (text) } } (sized("chevron-right", 18)) } } }
    };
    html! {
        section.gp-w.gp-s aria-labelledby="lists" {
            header { h2 #lists { (t.s("portal.home.lists")) } }
            ul.gp-e.wide {
                (entry("/portal/public/rates", "chart-bar", t.s("public.rates.title"), t.s("public.rates.short")))
                (entry("/portal/public/deferred", "clock-pause", t.s("public.deferred.title"), t.s("public.deferred.short")))
                (entry("/portal/public/exclusions", "filter", t.s("public.exclusions.title"), t.s("public.exclusions.short")))
                (entry("/portal/public/hot", "users-group", t.s("public.hot.title"), t.s("public.hot.short")))
                (entry("/portal/about", "info-circle", t.s("public.about.title"), t.s("public.about.short")))
            }
        }
    }
}
