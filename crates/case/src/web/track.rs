//! Tracking: number and query code, or the link, open one case and tell the truth about it at every stage.

mod acts;
mod data;
pub(super) mod link;
mod view;

use super::portal::caller::{Caller, PortalForm};
use super::portal::file::refused;
use super::portal::frame::Sheet;
use crate::act;
use crate::model::{Case, Track};
use crate::{event, store};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Outcome;
use base::core::App;
use base::op::Op;
use base::web::RouteInfo;
use base::web::problem::status;
use base::web::ui::button::Button;
use base::web::ui::form::{Field, Input, field};
use base::web::ui::{feedback, html};
use kernel::EventId;
use kernel::duty::Duty;
use kernel::{Kind, Refused};
use link::Link;

/// Routes of tracking.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/portal/track", get(ask).post(find))
        .route("/t/{token}", get(show))
        .route("/t/{token}/data", get(data::show))
        .route("/t/{token}/export", post(data::export))
        .route("/t/{token}/erase", post(data::erase))
        .route("/t/{token}/{act}", post(acts::submit))
}

const fn open(method: &'static str, path: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs: "open" }
}

/// The same as a list.
pub(super) const ROUTES: &[RouteInfo] = &[
    open("GET", "/portal/track"),
    open("POST", "/portal/track"),
    open("GET", "/t/{token}"),
    open("GET", "/t/{token}/data"),
    open("POST", "/t/{token}/export"),
    open("POST", "/t/{token}/erase"),
    open("POST", "/t/{token}/{act}"),
];

async fn ask(caller: Caller) -> Outcome<Response> {
    caller.who()?;
    let no = caller.asked("no");
    Ok(form(&caller, &no, None))
}

fn form(caller: &Caller, no: &str, why: Option<&Refused>) -> Response {
    let t = caller.t();
    let number = Field::new("no", t.s("track.no")).value(no).hint(t.s("track.no_hint"));
    // The code is never sent back: it would lie in the page of a shared computer.
    let code = Field::new("code", t.s("track.code")).hint(t.s("track.code_hint"));
    let body = html! {
        div.gp-nar {
            form.ff method="post" action="/portal/track" novalidate {
                header { h1 { (t.s("track.title")) } p { (t.s("track.sub")) } }
                @if let Some(no) = why { (feedback::refusal(t, &**no, None)) }
                (field(t, &number, &Input::Text(40)))
                (field(t, &code, &Input::Text(20)))
                div.fb.st { (Button::new(t.s("track.find")).primary().submit().icon("search")) }
                p.gp-n { (t.s("track.lost")) }
            }
        }
    };
    let code = why.map_or(StatusCode::OK, |no| status(no.kind()));
    let mut response = Sheet::new(t.s("track.title"), "/portal/track", body).status(code).draw(caller);
    if let Some(no) = why.filter(|no| no.kind() == Kind::TooMany) {
        let wait = no.value().and_then(|value| value.parse().ok());
        if let Some(wait) = wait {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, wait);
        }
    }
    response
}

/// Number and code; wrong tries are counted by number and by address, a wrong code and an unknown number are alike.
async fn find(PortalForm { mut caller, fields }: PortalForm) -> Outcome<Response> {
    fields.only(&["no", "code"])?;
    let (no, code) = (fields.text("no").trim().to_owned(), fields.text("code").trim().to_owned());
    // A number carries its district; that of a district which is not served is refused by name.
    let named = no.get(..6).and_then(|head| kernel::DistrictCode::parse("no", head).ok());
    if let Some(district) = named.filter(|district| caller.app.districts().contains(district)) {
        caller.district = district;
    }
    let found = act::ask(&caller.app, &caller.who()?, &no, &code, caller.address).await;
    match found {
        Ok(_) => {
            let token = Link { no, code }.seal(&caller)?;
            Ok(Redirect::to(&format!("/t/{token}")).into_response())
        }
        Err(fault) => Ok(form(&caller, &no, Some(&refused(fault)?))),
    }
}

/// A case as its petitioner may see it, with the rows that the page draws on.
pub(super) struct Seen {
    track: Track,
    case: Case,
    /// The duty that is handled: its own, or that of the case which it was linked to.
    duty: Duty,
    /// The last event of the case in the ledger, its leaf, and how many there are.
    last: Option<(EventId, Vec<u8>)>,
    events: usize,
}

fn look(op: &mut Op<'_, '_>, link: &Link) -> Outcome<Seen> {
    let track = act::track(op, &link.no, &link.code)?;
    let case = store::find(op.tx, op.district(), track.case)?.ok_or_else(|| store::absent(track.case))?;
    let mut held = case.clone();
    for _ in 0..8 {
        let Some(parent) = held.parent else { break };
        let Some(next) = store::find(op.tx, op.district(), parent)? else { break };
        held = next;
    }
    let duty = duty::store::find(op.tx, op.district(), held.id)?.ok_or_else(|| store::absent(held.id))?;
    let history = base::journal::history(op.tx, op.district(), &event::subject(track.case))?;
    let last = history.last().map(|stored| (stored.id, stored.commitment.clone()));
    Ok(Seen { track, case, duty, last, events: history.len() })
}

async fn show(mut caller: Caller, Path(token): Path<String>) -> Outcome<Response> {
    let link = Link::open(&mut caller, &token)?;
    page(&caller, &link, &token, None).await
}

/// The page, with the refusal of an act where one was refused.
async fn page(caller: &Caller, link: &Link, token: &str, no: Option<(&str, &Refused)>) -> Outcome<Response> {
    let link = link.clone();
    let seen = caller.app.write(&caller.who()?, move |op| look(op, &link)).await?;
    let title = caller.t().s("track.title");
    let body = view::draw(caller, &seen, token, no);
    let code = no.map_or(StatusCode::OK, |(_, no)| status(no.kind()));
    Ok(Sheet::new(title, "/portal/track", body).status(code).draw(caller))
}
