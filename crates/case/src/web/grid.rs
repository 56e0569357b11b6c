//! `/grid`: the grid worker's screen on a phone: found, tried, reported. Without a network the script keeps the report in
//! the browser and sends it later under the same key, so nothing is filed twice; without the script it is a plain form.

use super::desk::{Desk, Look, only, query};
use super::detail_parse::Files;
use super::portal::file::refused;
use super::portal::{danger_lines, danger_note};
use crate::act::{self, intake};
use crate::model::{CaseId, Contact, Filter, NewCase, Order, PlaceForm, Summary};
use crate::refusal::CaseRefusal as No;
use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::Outcome;
use base::core::{App, Reply};
use base::web::form::Fields;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::due::Length;
use base::web::ui::form::{self, Field, Input, field, hidden, tick};
use base::web::ui::{Markup, feedback, html, mark};
use base::web::{Ctx, Form, Page, after};
use kernel::access::Action;
use kernel::cases::Channel;
use kernel::ledger::{Hasher, Sha256};
use kernel::{Refuse, UnitCode};
use serde::{Deserialize, Serialize};

const FIELDS: &[&str] = &["key", "what", "tried", "settled", "place", "address", "phone", "photo"];
/// Photographs of one report.
const MOST: usize = 3;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/grid", get(show).post(submit))
}

/// The answer to the script: what became of a report that waited.
#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    id: CaseId,
    no: String,
}

async fn show(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    page(&ctx, &Fields::default(), None).await
}

async fn submit(headers: HeaderMap, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(FIELDS)?;
    let script = headers.get("x-grid-queue").is_some();
    match file(&ctx, &fields).await {
        Ok(reply) if script => {
            let code = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::CREATED);
            Ok((code, [(header::CONTENT_TYPE, "application/json")], reply.body).into_response())
        }
        Ok(_) => Ok(after("/grid", "case.filed")),
        Err(fault) if script => Err(fault),
        Err(fault) => {
            let no = refused(fault)?;
            let mut response = page(&ctx, &fields, Some(&*no)).await?;
            *response.status_mut() = base::web::problem::status(no.kind());
            Ok(response)
        }
    }
}

/// Files once under the report's key, however often and from wherever it is sent.
async fn file(ctx: &Ctx, fields: &Fields) -> Outcome<Reply> {
    ctx.app.read(&ctx.who, |op| only(op, Action::CaseRecord)).await?;
    if fields.files.len() > MOST {
        return Err(No::TooManyFiles { n: fields.files.len(), max: MOST }.into());
    }
    let text = |name: &str| fields.text(name).trim().to_owned();
    let (phone, unit, address) = (text("phone"), text("place"), text("address"));
    let mut words = text("what");
    if let Some(tried) = fields.given("tried") {
        words.push_str(&format!("\n现场处置：{}", tried.trim()));
    }
    if fields.text("settled") == "1" {
        words.push_str("\n现场已处理完");
    }
    let photos = Files::take(ctx, fields, true).await?;
    let new = NewCase {
        anonymous: phone.is_empty(),
        staff: phone.is_empty(),
        place: PlaceForm {
            unknown: unit.is_empty() && address.is_empty(),
            unit,
            address,
            ..PlaceForm::default()
        },
        contact: Contact { phone, ..Contact::default() },
        attachments: photos.attachments()?,
        ..NewCase::new(Channel::Grid, &words)
    };
    let shown: Vec<&str> = new.attachments.iter().map(|a| a.mime.as_str()).collect();
    let said = format!("{words}|{:?}|{:?}|{shown:?}", new.place, new.contact.phone);
    let ready = new.prepare(&ctx.app, ctx.district())?;
    let digest = Sha256.leaf(said.as_bytes()).hex();
    let key =
        fields.given("key").map(|key| base::web::form::key(&format!("grid:{key}"), digest)).transpose()?;
    ctx.app
        .write_once(&ctx.who, key, move |op| {
            photos.insert(op)?;
            let filed = intake::file_prepared(op, &ready)?;
            Reply::json(201, &Sent { id: filed.case, no: filed.no })
        })
        .await
}

/// The community that the worker's grid lies in, else the worker's own unit when it is a place.
fn home(look: Look<'_>, unit: &UnitCode) -> String {
    use kernel::playbook::UnitKind as K;
    let mut at = look.book.unit(unit);
    while let Some(found) = at {
        if matches!(found.kind, K::Community | K::Street) {
            return found.code.to_string();
        }
        at = found.parent.as_ref().and_then(|parent| look.book.unit(parent));
    }
    String::new()
}

async fn page(ctx: &Ctx, typed: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let desk = Desk::of(ctx)?;
    let look = desk.look(ctx);
    let t = look.t;
    let mine = ctx
        .app
        .read(&ctx.who, |op| {
            only(op, Action::CaseRecord)?;
            let filter = Filter { channel: Some(Channel::Grid), ..Filter::default() };
            Ok(act::list(op, &filter, Order::Newest, None, 10)?.0)
        })
        .await?;
    let body = html! {
        (page_head(&PageHead { title: t.s("desk.grid.title"), sub: t.s("desk.grid.sub"), ..PageHead::default() }))
        (report(ctx, look, typed, no))
        section.card #grid-queue hidden data-grid-none=(t.s("desk.grid.queue_none")) data-grid-send=(t.s("desk.grid.queue_send"))
            data-grid-drop=(t.s("desk.grid.queue_drop")) data-grid-refused=(t.s("desk.grid.queue_refused")) data-grid-done=(t.s("desk.grid.queue_done")) {
            div.card-header { h2.card-title { (t.s("desk.grid.queue")) } }
            div.card-body { p.muted { (t.s("desk.grid.queue_text")) } ul data-grid-list {} p role="status" data-grid-status {} }
        }
        (recent(look, &mine))
    };
    Ok(Page::new(t.s("desk.grid.title"), body).class("p-grid").scripts(&["grid.js"]).draw(ctx))
}

fn report(ctx: &Ctx, look: Look<'_>, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = look.t;
    let key = typed.given("key").map_or_else(|| base::hex(&ctx.app.ids.bytes::<12>()), str::to_owned);
    let own = home(look, &ctx.who.actor.unit);
    let place = typed.given("place").map_or(own, str::to_owned);
    let places = look.places();
    let message = no.filter(|no| no.field() == Some("text")).map(|no| form::message(t, no));
    let listed = no.and_then(Refuse::field).is_some_and(|name| FIELDS.contains(&name) || name == "text");
    let line = |name: &'static str, label: &'static str, input: &Input<'_>| {
        let f = Field::new(name, t.s(label)).value(typed.text(name)).optional().refused(t, no);
        field(t, &f, input)
    };
    html! {
        @if let Some(no) = no.filter(|_| !listed) { (feedback::refusal(t, no, None)) }
        (danger_note(t, &danger_lines(typed.text("what")), None))
        section.card { div.card-body {
            form.frm.w method="post" action="/grid" enctype="multipart/form-data" novalidate data-grid {
                (form::token(&ctx.session.csrf)) (hidden("key", &key))
                (field(t, &Field::new("what", t.s("desk.grid.what")).value(typed.text("what")).error(message), &Input::Area(3, 3_000)))
                (field(t, &Field::new("place", t.s("desk.place")).value(&place).refused(t, no), &Input::Select(&places)))
                (line("address", "desk.phone.address", &Input::Text(100)))
                (line("photo", "desk.grid.photo", &Input::File("image/jpeg,image/png,image/webp", true)))
                (line("tried", "desk.grid.tried", &Input::Area(2, 500)))
                (tick("settled", t.s("desk.grid.settled"), typed.text("settled") == "1"))
                (line("phone", "desk.grid.phone", &Input::Phone))
                (form::acts(html! { button.btn.btn-primary type="submit" { (t.s("desk.grid.send")) } }))
            }
        } }
    }
}

fn recent(look: Look<'_>, rows: &[Summary]) -> Markup {
    let t = look.t;
    let body = html! {
        @if rows.is_empty() { p.muted { (t.s("desk.grid.recent_none")) } }
        ul.stack { @for row in rows { li { a href=(format!("/c/{}", row.id)) { (row.no) " " (row.title) } " " (mark::tag(row.stage.say(look.lang()))) " " (look.chip(row, Length::Short)) } } }
    };
    Card::new(t.s("desk.grid.recent")).body(body).into()
}
