//! A page for every act: it works on a phone and without scripts, shows what was refused beside what was typed, and a
//! second tap of the same form gets the first one's answer.

use super::asks::{Sheetful, inputs};
use super::detail::{Seen, load};
use super::look::{Look, act_icon, capital, verb};
use super::parse;
use super::query::{absent, id_of};
use crate::whistle::act::{self, Offer};
use crate::whistle::command::Command;
use crate::whistle::model::{Whistle, WhistleId};
use crate::whistle::vocab::Act;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use base::core::{Key, Reply};
use base::files::{Admitted, FileType, admit};
use base::web::form::Fields;
use base::web::query::Params;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::{note, refusal};
use base::web::ui::form::{self, hidden};
use base::web::ui::icon::sized;
use base::web::ui::{Markup, Tone, html};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::duty::EvidenceKind;
use kernel::{Kind, Refuse};

/// Buttons beside the primary one.
const BUTTONS: usize = 2;
/// The act that brings a whistle forward, the most wanted first.
const WANTED: [Act; 12] = [
    Act::Ack,
    Act::Muster,
    Act::Sound,
    Act::Rule,
    Act::Plan,
    Act::Done,
    Act::Confirm,
    Act::Score,
    Act::Settle,
    Act::Solve,
    Act::Dispute,
    Act::Call,
];

fn is_dangerous(act: Act) -> bool {
    matches!(act, Act::Cancel | Act::Release | Act::Dispute)
}

/// The buttons of the page's head: one primary, two more, the rest in a menu; what is not open says why.
pub(super) fn buttons(look: Look<'_>, seen: &Seen, csrf: &str) -> Markup {
    let t = look.t;
    let open: Vec<Act> = seen.offers.iter().filter(|o| o.blocked.is_none()).map(|o| o.act).collect();
    let mut order: Vec<Act> = WANTED.iter().copied().filter(|act| open.contains(act)).collect();
    order.extend(open.iter().copied().filter(|act| !WANTED.contains(act)));
    let shut: Vec<&Offer> = seen.offers.iter().filter(|offer| offer.blocked.is_some()).collect();
    let id = seen.whistle.id;
    let (few, rest) = order.split_at(order.len().min(BUTTONS + 1));
    html! {
        @for (act, n) in few.iter().zip(0_u8..) { (button(look, &seen.whistle, *act, n == 0, csrf)) }
        @if !rest.is_empty() || !shut.is_empty() {
            details.mnu {
                summary.btn.btn-icon aria-label=(t.s("wh.more")) title=(t.s("wh.more")) { (sized("dots", 16)) }
                div {
                    @for act in rest { a href={ "/w/" (id) "/" (act.code()) } { (sized(act_icon(*act), 16)) span { (verb(t, *act)) } } }
                    @if !shut.is_empty() { p.k { (t.s("wh.not_now")) } }
                    @for offer in &shut {
                        @if let Some(no) = &offer.blocked {
                            a aria-disabled="true" href={ "/w/" (id) "/" (offer.act.code()) } {
                                (sized("lock", 16)) span { (verb(t, offer.act)) small { (t.say(&no.reason(t.lang()))) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn button(look: Look<'_>, w: &Whistle, act: Act, primary: bool, csrf: &str) -> Markup {
    let weight = match (primary, is_dangerous(act)) {
        (true, false) => Weight::Primary,
        (_, true) => Weight::Danger,
        _ => Weight::Plain,
    };
    let (word, href) = (verb(look.t, act), format!("/w/{}/{}", w.id, act.code()));
    if act == Act::Ack {
        // One tap in the night: nothing to fill in.
        let inner = html! {
            (hidden("rev", &w.rev.to_string()))
            (Button::new(&word).weight(weight).icon(act_icon(act)).submit())
        };
        return form::act(&href, csrf, inner);
    }
    html! { (Button::link(&word, &href).weight(weight).icon(act_icon(act))) }
}

fn act_of(given: &str) -> Outcome<Act> {
    Act::from_code(given).ok_or_else(|| absent(given))
}

/// `GET /w/{id}/{act}`
pub(super) async fn show(
    ctx: Ctx,
    Path((id, act)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Outcome<Response> {
    let params = Params::page(query, &["unit"])?;
    let (id, act) = (id_of(&id)?, act_of(&act)?);
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
    let typed = params.get("unit").map(|unit| ("unit".to_owned(), unit.to_owned()));
    page(&ctx, act, &seen, &Fields::from_pairs(typed.into_iter().collect()), None)
}

/// Files of a report, judged by content.
fn evidence(ctx: &Ctx, fields: &Fields) -> Outcome<Vec<(Admitted, EvidenceKind)>> {
    let cap = ctx.app.config.server.body_limit;
    let given = fields.files.iter().filter(|file| file.field == "files");
    given
        .map(|file| {
            let admitted = admit(file.bytes.clone(), &file.name, &file.declared, cap)
                .map_err(|no| Fault::Refused(Box::new(no)))?;
            let picture = FileType::ALL.iter().any(|kind| *kind == admitted.kind && kind.is_picture());
            let kind = if picture { EvidenceKind::Photo } else { EvidenceKind::Document };
            Ok((admitted, kind))
        })
        .collect()
}

/// Keeps the bytes only when this post could report at all.
async fn put(ctx: &Ctx, id: WhistleId, files: &[(Admitted, EvidenceKind)]) -> Outcome<()> {
    if files.is_empty() {
        return Ok(());
    }
    ctx.app
        .read(&ctx.who, move |op| {
            let (whistle, duty, loaded) = act::read(op, id)?;
            let thing = crate::whistle::facts::resource_of(&whistle, &duty, &loaded);
            op.judge(kernel::access::Action::WhistleDone, &thing).map(|_| ())
        })
        .await?;
    for (file, _) in files {
        ctx.app.files.put(ctx.district(), file).await?;
    }
    Ok(())
}

/// The key of a form: a second tap gets the first one's answer.
pub(super) fn key(fields: &Fields) -> Outcome<Option<Key>> {
    let Some(given) = fields.given("key") else { return Ok(None) };
    Ok(Some(base::web::form::key(&format!("form:{given}"), format!("form {given}"))?))
}

/// A new key for a form.
pub(super) fn new_key(ctx: &Ctx) -> String {
    let bytes: [u8; 12] = ctx.app.ids.bytes();
    base::hex(&bytes)
}

async fn perform(ctx: &Ctx, id: WhistleId, act: Act, fields: &Fields) -> Outcome<()> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let command: Command = parse::command(&book, act, fields)?;
    let rev = parse::rev(fields)?;
    let files = evidence(ctx, fields)?;
    put(ctx, id, &files).await?;
    let done = move |op: &mut base::op::Op<'_, '_>| {
        let whistle = act::perform(op, id, &command, rev, &files)?;
        Reply::json(200, &serde_json::json!({ "rev": whistle.rev }))
    };
    ctx.app.write_once(&ctx.who, key(fields)?, done).await.map(|_| ())
}

/// `POST /w/{id}/{act}`: does the act, or shows its form again with what was typed.
pub(super) async fn submit(
    Path((id, act)): Path<(String, String)>,
    Form { ctx, fields }: Form,
) -> Outcome<Response> {
    let (id, act) = (id_of(&id)?, act_of(&act)?);
    match perform(&ctx, id, act, &fields).await {
        Ok(()) => Ok(after(&format!("/w/{id}"), &format!("whistle.{}", act.code()))),
        Err(Fault::Refused(no)) if no.kind() != Kind::Unauthenticated => {
            // Who may not see it learns nothing here either.
            let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
            page(&ctx, act, &seen, &fields, Some(&*no))
        }
        Err(other) => Err(other),
    }
}

fn page(ctx: &Ctx, act: Act, seen: &Seen, typed: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let t = ctx.t();
    let now = ctx.now();
    let (book, cal) =
        (ctx.app.book(ctx.district(), now.day())?, ctx.app.calendar(ctx.district(), now.day())?);
    let look = Look { t, book: &book, cal: &cal, now };
    let w = &seen.whistle;
    let offer = seen.offers.iter().find(|offer| offer.act == act);
    let shut = offer.and_then(|offer| offer.blocked.as_ref());
    let here = format!("/w/{}", w.id);
    let word = verb(t, act);
    let weight = if is_dangerous(act) { Weight::DangerSolid } else { Weight::Primary };
    let sheet = Sheetful { look, typed, no };
    let fields = html! {
        (hidden("rev", &w.rev.to_string()))
        (hidden("key", &new_key(ctx)))
        (inputs(&sheet, act, w, &ctx.who.actor))
        (form::acts(html! { (Button::new(&word).weight(weight).submit()) (Button::link(t.s("act.back"), &here)) }))
    };
    let title = t.f("wh.act_title", &[("act", &word), ("no", &w.no)]);
    let sub = t.say(w.title.as_str());
    let about = t.f(&format!("wh.about.{}", act.code()), &[]);
    let body = html! {
        (page_head(&PageHead { title: &title, sub: &sub, ..PageHead::default() }))
        @if let Some(no) = no { (refusal(t, no, None)) }
        @if let (None, Some(why)) = (no, shut) { (refusal(t, why, None)) }
        @if no.is_none() && offer.is_none() { (note(Tone::Warn, html! { (t.s("wh.not_offered")) })) }
        (Card::new(&capital(&word)).body(html! {
            p.muted.mb-3 { (about) }
            (form::post(&format!("{here}/{}", act.code()), &ctx.session.csrf, act == Act::Done, fields))
        }))
    };
    let page = Page::new(title.clone(), body)
        .class("p-wst")
        .crumb(t.s("wh.title"), "/whistles")
        .crumb(w.no.clone(), here)
        .draw(ctx);
    Ok(match no {
        Some(no) => (base::web::problem::status(no.kind()), page).into_response(),
        None => page,
    })
}
