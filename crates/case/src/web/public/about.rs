//! How promises are computed, how a receipt is checked, what becomes of personal data, and where the rules come from.

use crate::web::portal::caller::Caller;
use crate::web::portal::frame::Sheet;
use axum::response::Response;
use base::Outcome;
use base::web::ui::{Markup, html, mark};
use kernel::cases::Urgency;

pub(super) async fn about(caller: Caller) -> Outcome<Response> {
    let t = caller.t();
    let body = html! {
        div.gp-w.pub.prose {
            h1 { (t.s("public.about.title")) }
            section.card.pad #promise {
                h2 { (t.s("public.about.promise")) } p { (t.s("public.about.promise_text")) }
                @for urgency in Urgency::ALL { (clock(&caller, *urgency)) }
                p { (t.s("public.about.calendar")) }
                p { (t.s("public.about.late")) }
            }
            section.card.pad #verify {
                h2 { (t.s("public.about.verify")) } p { (t.s("public.about.verify_text")) }
                pre { code { "guandu verify-receipt guandu-receipt.json --key vkey.txt" } }
                ul.dots {
                    li { (t.s("public.about.key")) " " a href={ "/log/" (caller.district) "/key" } { "/log/" (caller.district) "/key" } }
                    li { (t.s("public.about.checkpoint")) " " a href={ "/log/" (caller.district) "/checkpoint" } { "/log/" (caller.district) "/checkpoint" } }
                    li { (t.s("public.about.promise_proof")) }
                    li { (t.s("public.about.seal_proof")) }
                }
            }
            section.card.pad #privacy {
                h2 { (t.s("public.about.privacy")) }
                ul.dots {
                    li { (t.s("public.about.privacy_1")) } li { (t.s("public.about.privacy_2")) } li { (t.s("public.about.privacy_3")) }
                    li { (t.f("public.about.privacy_4", &[("n", &caller.book.case_rules().map_or(0, |rules| rules.retention_years))])) }
                }
            }
            section.card.pad #access { h2 { (t.s("public.about.access")) } p { (t.s("public.about.access_text")) } }
            section.card.pad #sources { h2 { (t.s("public.about.sources")) } p { (t.s("public.about.sources_text")) } }
        }
    };
    Ok(Sheet::new(t.s("public.about.title"), "/portal/about", body).draw(&caller))
}

/// The limits of an urgency with the version and the source of their rule.
fn clock(caller: &Caller, urgency: Urgency) -> Markup {
    let t = caller.t();
    let code = caller.book.case_rules().and_then(|rules| rules.clocks.get(&urgency));
    let Some(rule) = code.and_then(|code| caller.book.clock(code.as_str(), caller.today())) else {
        return html! {};
    };
    html! {
        h3 { (t.say(urgency.say(caller.lang()))) " " small.sub { (t.words(&rule.title)) " " code { (rule.version) } }
            @if rule.source == "example" { " " (mark::example(t, None)) } }
        ol.prom { @for limit in &rule.limits {
            li { b { (t.f("portal.check.within", &[("limit", &t.words(&limit.limit.words()))])) } span { (t.words(&limit.title())) " · " (t.f("public.about.from", &[("start", &t.words(&limit.starts.words())), ("stop", &t.words(&limit.stops.words()))])) } }
        } }
    }
}
