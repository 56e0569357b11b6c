//! The receipt: number, query code once, the promise in words, and what proves that it was filed.
//!
//! The page is opened by a `Ticket`, sealed into its address for half an hour: long enough for a second tap and for
//! printing, too short to be found in an old browser. After that the query code is known to its owner alone; the
//! tracking link goes on.

use super::portal::caller::Caller;
use super::portal::frame::Sheet;
use super::portal::{danger_lines, danger_note};
use super::track::link::Link;
use crate::act;
use crate::model::{Filed, Promise, Track};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use base::core::App;
use base::vault::{Spot, Vault};
use base::web::RouteInfo;
use base::web::ui::button::Button;
use base::web::ui::icon::sized;
use base::web::ui::{Markup, feedback, html, mark, when};
use base::{Common, Fault, Outcome};
use kernel::ledger::{Hash, Hasher, Sha256};
use kernel::{DistrictCode, EventId, Instant, Words};
use serde::{Deserialize, Serialize};

/// Seconds for which the query code can be seen again.
const SHOWN: i64 = 1_800;

/// Routes of the receipt.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/portal/receipt/{ticket}", get(show))
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] =
    &[RouteInfo { method: "GET", path: "/portal/receipt/{ticket}", needs: "open" }];

/// What opens a receipt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ticket {
    no: String,
    code: String,
    event: Option<EventId>,
    digest: Option<Hash>,
    emergency: Option<Words>,
    until: Instant,
}

fn spot(district: DistrictCode) -> Spot<'static> {
    Spot::new("portal.ticket", district, "url")
}

impl Ticket {
    /// Of a filing just made.
    pub(crate) fn of(filed: &Filed, now: Instant) -> Ticket {
        Ticket {
            no: filed.no.clone(),
            code: filed.code.clone().unwrap_or_default(),
            event: filed.stub.as_ref().map(|stub| stub.event),
            digest: filed.stub.as_ref().map(|stub| stub.commitment),
            emergency: filed.emergency.clone(),
            until: now.plus_seconds(SHOWN),
        }
    }
    /// As part of an address.
    pub(crate) fn seal(&self, vault: &Vault, district: DistrictCode) -> Outcome<String> {
        vault.seal(&spot(district), &serde_json::to_string(self)?).map_err(Fault::from)
    }
    fn open(caller: &Caller, sealed: &str) -> Outcome<(DistrictCode, Ticket)> {
        for district in caller.app.districts() {
            if let Ok(plain) = caller.app.vault().open(&spot(district), sealed) {
                return Ok((district, serde_json::from_str(&plain)?));
            }
        }
        Err(Common::NotFound { what: "receipt", given: kernel::refusal::clip(sealed) }.into())
    }
}

async fn show(mut caller: Caller, Path(sealed): Path<String>) -> Outcome<Response> {
    let (district, ticket) = Ticket::open(&caller, &sealed)?;
    caller.district = district;
    caller.book = caller.app.book(district, caller.today())?;
    if caller.app.now() > ticket.until {
        return Ok(gone(&caller, &ticket.no));
    }
    let (no, code) = (ticket.no.clone(), ticket.code.clone());
    let track = caller.app.write(&caller.who()?, move |op| act::track(op, &no, &code)).await?;
    let link = Link { no: ticket.no.clone(), code: ticket.code.clone() }.seal(&caller)?;
    let title = caller.t().s("receipt.title");
    let body = draw(&caller, &ticket, &track, &format!("/t/{link}"));
    Ok(Sheet::new(title, "/portal/file", body).class("gp-rec").draw(&caller))
}

/// The half hour is over.
fn gone(caller: &Caller, no: &str) -> Response {
    let t = caller.t();
    let href = format!("/portal/track?no={}", base::web::encode(no));
    let act = html! { (Button::link(t.s("portal.nav.track"), &href).primary()) };
    let body = html! {
        div.gp-nar { h1.gp-t1 { (t.s("receipt.title")) }
            (feedback::empty("lock", t.s("receipt.gone"), t.s("receipt.gone_text"), false, Some(&act))) }
    };
    Sheet::new(t.s("receipt.title"), "/portal/file", body).status(StatusCode::GONE).draw(caller)
}

fn draw(caller: &Caller, ticket: &Ticket, track: &Track, link: &str) -> Markup {
    let t = caller.t();
    html! {
        div.gp-nar {
            (danger_note(t, &danger_lines(&track.text), ticket.emergency.as_ref()))
            section.card.rec {
                div.ok { (sized("circle-check", 44)) h1 { (t.s("receipt.title")) } p { (when::moment(caller.lang(), track.received_at, caller.today())) } }
                dl.num2 {
                    div { dt { (t.s("receipt.no")) } dd.mono { (ticket.no) } (copy(t.s("receipt.copy_no"), &ticket.no)) }
                    div { dt { (t.s("receipt.code")) } dd.mono.code { (ticket.code) } (copy(t.s("receipt.copy_code"), &ticket.code)) }
                }
                p.once { (sized("key", 18)) span { (t.s("receipt.once")) } }
                div.bd { h2 { (t.s("receipt.promise")) } (promise(caller, track.promise.as_ref())) }
                (proof(caller, ticket, link))
            }
            div.fb.st.noprint {
                (Button::link(t.s("receipt.track"), link).primary().icon("search"))
                @if let Some(event) = &ticket.event {
                    (Button::link(t.s("receipt.file"), &file_of(caller.district, *event)).icon("download"))
                }
                (Button::new(t.s("receipt.print")).icon("printer").attr("data-print", ""))
            }
            p.gp-n { (t.s("receipt.keep")) }
        }
    }
}

fn copy(word: &str, value: &str) -> Markup {
    html! { dd.cp { (Button::new(word).small().icon("copy").attr("data-copy", value)) } }
}

/// Who holds it, by when, and each step with its rule.
fn promise(caller: &Caller, promise: Option<&Promise>) -> Markup {
    let t = caller.t();
    html! {
        @if let Some(promise) = promise {
            p.who { (sized("user-check", 20)) span { (t.s("receipt.held")) b { (t.words(&promise.unit_name)) } }
                @if let Some(by) = promise.by { span { (t.f("receipt.by", &[("at", &when::moment(caller.lang(), by, caller.today()))])) } } }
            (steps(caller, promise))
        } @else {
            p { (t.s("receipt.no_promise")) }
        }
    }
}

/// Each step that is still owed, with its moment and its rule.
pub(super) fn steps(caller: &Caller, promise: &Promise) -> Markup {
    let t = caller.t();
    html! { ol.prom1 { @for step in &promise.steps { li { (t.words(step)) } } } }
}

/// Where the log tells of an event.
pub(super) fn file_of(district: DistrictCode, event: EventId) -> String {
    format!("/log/{district}/receipt/{event}")
}

fn proof(caller: &Caller, ticket: &Ticket, link: &str) -> Markup {
    let t = caller.t();
    html! {
        div.vf {
            (base::qr::qr(&caller.url(link), t.s("receipt.qr")))
            div {
                b { (t.s("receipt.verify")) } p { (t.s("receipt.verify_text")) }
                @if let Some(digest) = &ticket.digest { p { (t.s("receipt.leaf")) " " (mark::hash(&Sha256.leaf(&digest.0).hex())) } }
                @if let Some(event) = &ticket.event { p { a href=(file_of(caller.district, *event)) { (t.s("receipt.ledger")) } " · " a href="/portal/about#verify" { (t.s("receipt.how")) } } }
                small { (t.s("receipt.qr_text")) }
            }
        }
    }
}
