//! A form for every act that this post may do to a case, on a page of its own that needs no script; the most wanted one
//! stands open on the case's page.

use super::desk::{Desk, query};
use super::detail::{self, Seen, id_of, load};
use super::detail_parse::{self, Ask, Take, asks};
use super::detail_view::View;
use super::portal::file::refused;
use crate::act;
use crate::model::{Act, CaseId};
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use base::web::form::Fields;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{self, Choice, Field, Input, field, hidden, tick};
use base::web::ui::icon::sized;
use base::web::ui::{Markup, feedback, html};
use base::web::{Ctx, Form, Page, after};
use base::{Common, Outcome};
use kernel::{Kind, Refuse};

/// The act that waits for this post, the most urgent first.
const NEXT: [Act; 11] = [
    Act::Audit,
    Act::CallBack,
    Act::Object,
    Act::Endorse,
    Act::DecideExclusion,
    Act::LookBack,
    Act::Dispatch,
    Act::Classify,
    Act::Reply,
    Act::Contact,
    Act::Answer,
];

fn grave(act: Act) -> bool {
    matches!(act, Act::Refuse | Act::Withdraw | Act::Erase | Act::HandOver)
}

/// The act of an address, when it has a form here.
fn act_of(code: &str) -> Outcome<Act> {
    let known = Act::from_code(code).filter(|act| !matches!(act, Act::Rate | Act::ExportPersonal));
    known.ok_or_else(|| Common::NotFound { what: "act", given: kernel::refusal::clip(code) }.into())
}

fn open(seen: &Seen, act: Act) -> bool {
    seen.offers.iter().any(|offer| offer.act == act && offer.blocked.is_none())
}

/// Buttons of the page's head: acts of the case, acts of its duty, and what is shut with its reason.
pub(in crate::web) fn buttons(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let lang = v.look.lang();
    let id = v.seen.case.id;
    let first = NEXT.into_iter().find(|act| open(v.seen, *act));
    let usable = |act: Act| !matches!(act, Act::Rate | Act::ExportPersonal | Act::Reveal);
    let rest: Vec<Act> = v
        .seen
        .offers
        .iter()
        .filter(|o| o.blocked.is_none() && Some(o.act) != first && usable(o.act))
        .map(|o| o.act)
        .collect();
    let shut: Vec<_> = v
        .seen
        .offers
        .iter()
        .filter(|o| usable(o.act))
        .filter_map(|o| Some((o.act, o.blocked.as_ref()?)))
        .collect();
    html! {
        @for act in &v.seen.duties {
            @let code = duty_code(*act);
            (Button::link(act.say(lang), &format!("/d/{id}/{code}")))
        }
        @for act in rest.iter().take(2) { (Button::link(act.say(lang), &format!("/c/{id}/{}", act.code()))) }
        @if rest.len() > 2 || !shut.is_empty() {
            details.mnu {
                summary.btn.btn-icon aria-label=(t.s("desk.act.more")) title=(t.s("desk.act.more")) { (sized("dots", 16)) }
                div.mnu-p {
                    @for act in rest.iter().skip(2) { a href=(format!("/c/{id}/{}", act.code())) { span { (act.say(lang)) } } }
                    @if !shut.is_empty() { p.k { (t.s("desk.act.not_now")) } }
                    @for (act, (reason, _)) in &shut {
                        a aria-disabled="true" href=(format!("/c/{id}/{}", act.code())) { (sized("lock", 16)) span { (act.say(lang)) small { (t.words(reason)) } } }
                    }
                }
            }
        }
    }
}

fn duty_code(act: kernel::duty::Act) -> String {
    serde_json::to_value(act).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The open form of the act that waits, as a card of the page.
pub(in crate::web) fn next(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let Some(act) = NEXT.into_iter().find(|act| open(v.seen, *act)) else { return html! {} };
    let title = t.f("desk.act.next", &[("act", &act.say(v.look.lang()))]);
    Card::new(&title).id("next").body(form_of(v, act, &Fields::default(), None)).into()
}

fn form_of(v: &View<'_>, act: Act, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let list = asks(act);
    let files = list.iter().any(|ask| ask.take == Take::Files);
    let weight = if grave(act) { Weight::DangerSolid } else { Weight::Primary };
    let rev = v.seen.case.rev.to_string();
    let body = html! {
        (hidden("rev", &rev))
        @if act == Act::Link { @if let Some((row, _)) = &v.seen.twin { p.muted { (v.look.t.f("desk.act.link_hint", &[("no", &row.no), ("title", &row.title)])) } } }
        @for ask in &list { (input(v, act, ask, typed, no)) }
        (form::acts(html! { (Button::new(act.say(v.look.lang())).weight(weight).submit()) }))
    };
    form::post(&format!("/c/{}/{}", v.seen.case.id, act.code()), v.csrf, files, body)
}

fn input(v: &View<'_>, act: Act, ask: &Ask, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = v.look.t;
    let suggested = detail_parse::suggested(v.seen, act, ask);
    let value = typed.given(ask.name).map_or(suggested, str::to_owned);
    let label = t.s(ask.label);
    if ask.take == Take::Tick {
        return tick(ask.name, label, !value.is_empty());
    }
    let error = no.filter(|no| no.field() == Some(ask.name)).map(|no| form::message(t, no));
    let mut f = Field::new(ask.name, label).value(&value).chosen(typed.all(ask.name)).error(error);
    if ask.optional {
        f = f.optional();
    }
    let choices: Vec<Choice> = detail_parse::choices(v, act, ask);
    let kind = match ask.take {
        Take::Line(max) => Input::Text(max),
        Take::Remark => Input::Area(3, 2_000),
        Take::Body => Input::Area(6, 5_000),
        Take::Day => Input::Date,
        Take::Checks => Input::Checks(&choices),
        Take::Files => Input::File(".jpg,.jpeg,.png,.webp,.pdf", true),
        Take::One if choices.len() > 7 || ask.optional => Input::Select(&choices),
        Take::One | Take::Tick => Input::Radio(&choices),
    };
    field(t, &f, &kind)
}

/// `GET /c/{id}/{act}`: the form by itself.
pub(in crate::web) async fn show(
    ctx: Ctx,
    Path((id, code)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    let (id, act) = (id_of(&id)?, act_of(&code)?);
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
    page(&ctx, &seen, act, &Fields::default(), None)
}

fn page(ctx: &Ctx, seen: &Seen, act: Act, typed: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let desk = Desk::of(ctx)?;
    let v = View { look: desk.look(ctx), seen, csrf: &ctx.session.csrf, revealed: None };
    let t = v.look.t;
    let title = t.f("desk.act.title", &[("act", &act.say(v.look.lang())), ("no", &seen.case.no)]);
    let offer = seen.offers.iter().find(|offer| offer.act == act);
    let listed = no.and_then(Refuse::field).is_some_and(|name| asks(act).iter().any(|ask| ask.name == name));
    let body = html! {
        (page_head(&PageHead { title: &title, sub: seen.case.filing.title.as_str(), ..PageHead::default() }))
        @if let Some(no) = no.filter(|_| !listed) { (feedback::refusal(t, no, None)) }
        @match offer {
            None => { (feedback::empty("lock", t.s("desk.act.none"), t.s("desk.act.none_text"), false, None)) }
            Some(offer) => {
                @if let (Some((reason, next)), None) = (&offer.blocked, no) {
                    (feedback::empty("lock", &t.words(reason), &t.words(next), false, None))
                } @else {
                    section.card { div.card-body { (form_of(&v, act, typed, no)) } }
                }
            }
        }
        p { a href=(format!("/c/{}", seen.case.id)) { (t.s("desk.act.back")) } }
    };
    let mut response = Page::new(title, body)
        .crumb(t.s("desk.queue.title"), "/cases")
        .crumb(seen.case.no.clone(), format!("/c/{}", seen.case.id))
        .class("p-case")
        .draw(ctx);
    if let Some(no) = no {
        *response.status_mut() = base::web::problem::status(no.kind());
    }
    Ok(response.into_response())
}

/// `POST /c/{id}/{act}`: does it, or shows the form again with what was typed.
pub(in crate::web) async fn submit(
    Path((id, code)): Path<(String, String)>,
    Form { ctx, fields }: Form,
) -> Outcome<Response> {
    let (id, act) = (id_of(&id)?, act_of(&code)?);
    match done(&ctx, id, act, &fields).await {
        Ok(response) => Ok(response),
        Err(fault) => {
            let no = refused(fault)?;
            // Who may not see the case at all gets that answer, not a form.
            if no.kind() == Kind::NotFound && act != Act::Link {
                return Err(base::Fault::Refused(no));
            }
            let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
            page(&ctx, &seen, act, &fields, Some(&*no))
        }
    }
}

async fn done(ctx: &Ctx, id: CaseId, act: Act, fields: &Fields) -> Outcome<Response> {
    let known: Vec<&str> = asks(act).iter().map(|ask| ask.name).chain(["rev"]).collect();
    fields.only(&known)?;
    let rev = fields.given("rev").and_then(|text| text.parse::<u64>().ok());
    match act {
        Act::Reveal => {
            let (reason, words) = detail_parse::reveal(fields)?;
            let (contact, seen) = ctx
                .app
                .write(&ctx.who, move |op| {
                    let (contact, _) = act::reveal(op, id, &reason, words.clone())?;
                    Ok((contact, load(op, id)?))
                })
                .await?;
            return detail::draw(ctx, &seen, Some(&contact));
        }
        Act::Erase => {
            let ground = detail_parse::remark(fields, "ground")?;
            let text = fields.text("text") == "1";
            ctx.app.write(&ctx.who, move |op| act::erase(op, id, &ground, text)).await?;
        }
        _ => {
            let files = detail_parse::uploads(ctx, id, act, fields).await?;
            let seen = ctx.app.read(&ctx.who, move |op| load(op, id)).await?;
            let command = detail_parse::command(act, fields, &seen, &files)?;
            let command = match act {
                Act::Link => {
                    let given = fields.text("to").trim().to_owned();
                    let to = ctx.app.read(&ctx.who, move |op| detail_parse::numbered(op, &given)).await?;
                    detail_parse::linked(to, fields)?
                }
                _ => command.ok_or_else(|| {
                    base::Fault::from(Common::NotFound { what: "act", given: act.code().to_owned() })
                })?,
            };
            ctx.app
                .write(&ctx.who, move |op| {
                    files.insert(op)?;
                    act::perform(op, id, &command, rev)
                })
                .await?;
        }
    }
    Ok(after(&format!("/c/{id}"), &format!("case.{}", act.code())))
}
