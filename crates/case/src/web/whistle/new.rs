//! `/whistles/new`: grid and community write down a need with what they tried; the street's secretary may whistle in the
//! same breath. One column, no script, photos from the phone's camera.

use super::acts::{key, new_key};
use super::asks::{MUST, Sheetful, may, must, places, sounding};
use super::look::Look;
use super::parse::{self, CALLS};
use crate::whistle::act::{self, MAX_PHOTOS, NewNeed, NewSound};
use crate::whistle::model::{Need, Photo};
use crate::whistle::refusal::WhistleRefusal as No;
use crate::whistle::vocab::Found;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use base::core::Reply;
use base::files::{self, Admitted, admit};
use base::web::form::{Fields, not_listed, required};
use base::web::query::Params;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::{note, refusal};
use base::web::ui::form::{self, Choice, Input, hidden};
use base::web::ui::{Markup, Tone, html};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::access::{Action, Resource, Role};
use kernel::duty::Mark;
use kernel::playbook::Playbook;
use kernel::text::{Body, Remark, Title};
use kernel::{DutyId, FileId, Kind, Refuse, UnitCode};
use std::collections::BTreeSet;

const FIELDS: [&str; 13] =
    ["do", "rev", "key", "title", "place", "text", "tried", "found", "spot", "photos", "case", "kind", "ask"];

/// `GET /whistles/new`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["case"])?;
    let case = params.get("case").map(|case| ("case".to_owned(), case.to_owned()));
    let thing = Resource::new().unit(&ctx.who.actor.unit);
    ctx.app.policy.judge(&ctx.who.actor, Action::WhistleRaise, &thing)?;
    page(&ctx, &Fields::from_pairs(case.into_iter().collect()), None)
}

fn page(ctx: &Ctx, typed: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let t = ctx.t();
    let now = ctx.now();
    let (book, cal) =
        (ctx.app.book(ctx.district(), now.day())?, ctx.app.calendar(ctx.district(), now.day())?);
    let look = Look { t, book: &book, cal: &cal, now };
    let sheet = Sheetful { look, typed, no };
    let title = t.s("wh.new.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("wh.new.sub"), ..PageHead::default() }))
        @if let Some(no) = no { (refusal(t, no, None)) }
        (note(Tone::Warn, html! { (t.s("wh.new.danger")) }))
        (Card::new(t.s("wh.new.card")).body(form::post("/whistles/new", &ctx.session.csrf, true, inputs(ctx, &sheet))))
    };
    let page = Page::new(title, body).class("p-wst").crumb(t.s("wh.title"), "/whistles").draw(ctx);
    Ok(match no {
        Some(no) => (base::web::problem::status(no.kind()), page).into_response(),
        None => page,
    })
}

fn inputs(ctx: &Ctx, s: &Sheetful<'_>) -> Markup {
    let t = s.look.t;
    let actor = &ctx.who.actor;
    let secretary = actor.has(Role::StreetSecretary);
    let places = places(s.look.book, actor, t.lang());
    let found: Vec<Choice> =
        Found::ALL.iter().map(|found| Choice::new(found.code(), found.say(t.lang()))).collect();
    let usual = if actor.has(Role::GridWorker) { "patrol" } else { "resident" };
    html! {
        (hidden("key", &new_key(ctx)))
        @if let Some(case) = s.typed.given("case") { (hidden("case", case)) }
        (s.one("title", t.s("wh.new.what"), "", must(t.s("wh.new.what_hint")), &Input::Text(120)))
        (s.one("place", t.s("wh.place"), actor.unit.as_str(), MUST, &Input::Select(&places)))
        (s.one("spot", t.s("wh.new.spot"), "", may(t.s("wh.new.spot_hint")), &Input::Text(200)))
        (s.one("text", t.s("wh.new.text"), "", MUST, &Input::Area(4, 20_000)))
        (s.one("tried", t.s("wh.new.tried"), "", must(t.s("wh.new.tried_hint")), &Input::Area(3, 2_000)))
        (s.one("found", t.s("wh.new.found"), usual, MUST, &Input::Radio(&found)))
        (s.one("photos", t.s("wh.new.photos"), "", may(&t.f("wh.new.photos_hint", &[("n", &MAX_PHOTOS)])), &Input::File("image/jpeg,image/png,image/webp", true)))
        @if secretary {
            fieldset.fld {
                legend.lb { (t.s("wh.new.sound")) }
                p.muted.mb-3 { (t.s("wh.new.sound_hint")) }
                (sounding(s, None))
            }
        }
        (form::acts(html! {
            @if secretary {
                (Button::new(t.s("wh.new.do_sound")).primary().sends("do", "sound").icon("speakerphone"))
                (Button::new(t.s("wh.new.do_need")).sends("do", "need"))
            } @else {
                (Button::new(t.s("wh.new.do_need")).primary().sends("do", "need"))
            }
            (Button::link(t.s("act.back"), "/whistles"))
        }))
    }
}

/// Photos, judged by content: pictures only.
fn photos(ctx: &Ctx, fields: &Fields) -> Outcome<Vec<Admitted>> {
    let cap = ctx.app.config.server.body_limit;
    let given: Vec<_> = fields.files.iter().filter(|file| file.field == "photos").collect();
    if given.len() > MAX_PHOTOS {
        return Err(No::TooManyPhotos { n: given.len(), max: MAX_PHOTOS }.into());
    }
    given
        .into_iter()
        .map(|file| {
            let admitted = admit(file.bytes.clone(), &file.name, &file.declared, cap)
                .map_err(|no| Fault::Refused(Box::new(no)))?;
            if !admitted.kind.is_picture() {
                return Err(No::NotAPicture { name: admitted.name.clone() }.into());
            }
            Ok(admitted)
        })
        .collect()
}

fn need(fields: &Fields) -> Outcome<(NewNeed, bool)> {
    let mut known: Vec<String> = FIELDS.iter().map(|name| (*name).to_owned()).collect();
    known.extend((1..=CALLS).map(|n| format!("entry{n}")));
    fields.only(&known.iter().map(String::as_str).collect::<Vec<_>>())?;
    let text = |name: &str| fields.given(name).ok_or_else(|| required(name));
    let found = text("found")?;
    let need = Need {
        text: Body::parse("text", text("text")?)?,
        tried: Remark::parse("tried", text("tried")?)?,
        found: Found::from_code(found).ok_or_else(|| not_listed("found", found))?,
        spot: fields.given("spot").map(|spot| Remark::parse("spot", spot)).transpose()?,
        photos: Vec::new(),
        case: fields.given("case").map(|case| DutyId::parse("case", case)).transpose()?,
    };
    let new = NewNeed {
        title: Title::parse("title", text("title")?)?,
        place: UnitCode::parse("place", text("place")?)?,
        need,
        marks: BTreeSet::new(),
    };
    let sound = match fields.given("do") {
        Some("sound") => true,
        Some("need") | None => false,
        Some(other) => return Err(not_listed("do", other).into()),
    };
    Ok((new, sound))
}

fn sounded(book: &Playbook, fields: &Fields) -> Outcome<NewSound> {
    let (kind, ask) = parse::sound(fields)?;
    Ok(NewSound { kind, ask, calls: parse::calls(book, fields)? })
}

async fn raise(ctx: &Ctx, fields: &Fields) -> Outcome<String> {
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let (mut new, sound) = need(fields)?;
    if ctx.app.simulated {
        new.marks.insert(Mark::Simulated);
    }
    let sound = sound.then(|| sounded(&book, fields)).transpose()?;
    let pictures = photos(ctx, fields)?;
    let thing = Resource::new().unit(&ctx.who.actor.unit).place(&new.place);
    ctx.app.policy.judge(&ctx.who.actor, Action::WhistleRaise, &thing)?;
    for picture in &pictures {
        ctx.app.files.put(ctx.district(), picture).await?;
    }
    let reply = ctx
        .app
        .write_once(&ctx.who, key(fields)?, move |op| {
            let mut new = new.clone();
            for picture in &pictures {
                let file = FileId::new(op.id());
                files::insert(op.tx, op.district(), file, picture, &op.actor().post, op.now())?;
                new.need.photos.push(Photo { file, sha256: picture.sha256.clone() });
            }
            let whistle = act::raise(op, &new, sound.as_ref())?;
            Reply::json(201, &whistle.id.to_string())
        })
        .await?;
    Ok(serde_json::from_str(&reply.body)?)
}

/// `POST /whistles/new`
pub(super) async fn submit(Form { ctx, fields }: Form) -> Outcome<Response> {
    match raise(&ctx, &fields).await {
        Ok(id) => Ok(after(&format!("/w/{id}"), "whistle.raise")),
        Err(Fault::Refused(no)) if no.kind() != Kind::Unauthenticated => page(&ctx, &fields, Some(&*no)),
        Err(other) => Err(other),
    }
}
