//! `/cases/new`: the telephone operator's screen. Everything is reached with the keyboard; the five elements guide and never
//! block; while the operator types, the page says who called before, what it may be, where it would go and whether the
//! matter is known already.

use super::desk::{Desk, Look, does, only, query};
use super::portal::file::refused;
use super::portal::suggest::{path, suggest};
use super::portal::{danger_lines, danger_note};
use crate::act::{self, intake};
use crate::advise;
use crate::model::{
    CaseId, Contact, EmergencyLine, Filed, Filter, NewCase, Order, Phone, PlaceForm, Summary, contact_hash,
};
use crate::rules::Command;
use crate::same::{Item, Rules, similarity};
use crate::store;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::core::{App, Reply};
use base::op::Op;
use base::vault::Spot;
use base::web::form::Fields;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{self, Choice, Field, Input, field, hidden, tick};
use base::web::ui::{Markup, Tone, feedback, html, mark};
use base::web::{Ctx, Form, Page};
use base::{Fault, Outcome};
use kernel::access::Action;
use kernel::cases::{CaseKind, Channel, Urgency};
use kernel::ledger::{Hasher, Sha256};
use kernel::text::{Body, Remark};
use kernel::{Lang, Refuse, Slug, UnitCode};
use serde::{Deserialize, Serialize};

const FIELDS: &[&str] = &[
    "key",
    "phone",
    "name",
    "when",
    "place",
    "address",
    "who",
    "what",
    "course",
    "wishes",
    "kind",
    "category",
    "urgency",
    "anonymous",
    "confidential",
    "article",
    "answer",
    "line",
    "hand_note",
    "go",
];
/// Earlier cases of a caller that are shown.
const EARLIER: u32 = 8;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/cases/new", get(show).post(submit)).route("/cases/new/hints", post(hints))
}

async fn show(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    query(raw.as_deref(), &[])?;
    ctx.app.read(&ctx.who, |op| only(op, Action::CaseRecord)).await?;
    page(&ctx, &Fields::default(), None, None).await
}

/// What was filed, sealed where it is kept for a second send: the query code is told once.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Done {
    id: CaseId,
    no: String,
    code: Option<String>,
    unit: String,
    by: Option<kernel::Instant>,
}

impl Done {
    fn of(filed: &Filed) -> Done {
        let promise = &filed.promise;
        Done {
            id: filed.case,
            no: filed.no.clone(),
            code: filed.code.clone(),
            unit: promise.unit_name.zh.clone(),
            by: promise.by,
        }
    }
}

/// The words of a filing, from the elements that were given: what happened comes first, because lists show it.
fn text_of(fields: &Fields) -> String {
    let mut out = fields.text("what").trim().to_owned();
    for (name, label) in [("when", "时间"), ("who", "人物"), ("course", "经过")] {
        if let Some(value) = fields.given(name) {
            out.push_str(&format!("\n{label}：{}", value.trim()));
        }
    }
    out
}

fn case_of(fields: &Fields) -> Outcome<NewCase> {
    let text = |name: &str| fields.text(name).trim().to_owned();
    let phone = text("phone");
    let unit = text("place");
    let address = text("address");
    let parsed = |name: &str| fields.given(name).map(str::trim);
    Ok(NewCase {
        kind: parsed("kind").map(|k| CaseKind::parse("kind", k)).transpose()?,
        category: text("category"),
        wishes: text("wishes"),
        place: PlaceForm {
            unknown: unit.is_empty() && address.is_empty(),
            unit,
            address,
            ..PlaceForm::default()
        },
        contact: Contact { name: text("name"), phone, ..Contact::default() },
        anonymous: fields.text("anonymous") == "1",
        confidential: fields.text("confidential") == "1",
        urgency: parsed("urgency").map(|u| Urgency::parse("urgency", u)).transpose()?,
        ..NewCase::new(Channel::Phone, &text_of(fields))
    })
}

/// The act that closes it on the line, when one was chosen.
fn at_once(fields: &Fields) -> Outcome<Option<Command>> {
    Ok(match fields.text("go") {
        "answer" => Some(Command::Answer {
            article: fields.given("article").map(|a| Remark::parse("article", a)).transpose()?,
            text: Body::parse("answer", fields.text("answer"))?,
        }),
        "hand_over" => {
            let given = fields.text("line");
            let line = EmergencyLine::from_code(given).ok_or_else(|| {
                Fault::from(crate::refusal::CaseRefusal::UnknownReason { given: given.to_owned() })
            })?;
            Some(Command::HandOver { line, note: Remark::parse("hand_note", fields.text("hand_note"))? })
        }
        _ => None,
    })
}

async fn submit(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(FIELDS)?;
    match file(&ctx, &fields).await {
        Ok(done) => page(&ctx, &Fields::default(), None, Some(&done)).await,
        Err(fault) => {
            let no = refused(fault)?;
            let mut response = page(&ctx, &fields, Some(&*no), None).await?;
            *response.status_mut() = base::web::problem::status(no.kind());
            Ok(response)
        }
    }
}

async fn file(ctx: &Ctx, fields: &Fields) -> Outcome<Done> {
    ctx.app.read(&ctx.who, |op| only(op, Action::CaseRecord)).await?;
    let mut new = case_of(fields)?;
    let then = at_once(fields)?;
    if matches!(then, Some(Command::Answer { .. })) {
        new.kind = Some(CaseKind::Consult);
    }
    // A caller without a number asked for must say so: the elements never block, this one answers to the petitioner.
    if new.contact.phone.is_empty() && !new.anonymous {
        return Err(crate::refusal::CaseRefusal::NoContact {}.into());
    }
    let ready = new.prepare(&ctx.app, ctx.district())?;
    let digest = Sha256.leaf(format!("{new:?}{then:?}").as_bytes()).hex();
    let key =
        fields.given("key").map(|key| base::web::form::key(&format!("phone:{key}"), digest)).transpose()?;
    let reply = ctx
        .app
        .write_once(&ctx.who, key, move |op| {
            let filed = intake::file_prepared(op, &ready)?;
            if let Some(command) = &then {
                act::perform(op, filed.case, command, None)?;
            }
            let plain = serde_json::to_string(&Done::of(&filed))?;
            let spot = Spot::new("desk.filed", op.district(), "reply");
            Reply::json(201, &op.vault().seal(&spot, &plain).map_err(Fault::from)?)
        })
        .await?;
    let sealed: String = serde_json::from_str(&reply.body)?;
    let plain = ctx.app.vault().open(&Spot::new("desk.filed", ctx.district(), "reply"), &sealed)?;
    Ok(serde_json::from_str(&plain)?)
}

/// What is known while the operator types.
#[derive(Default)]
struct Hints {
    phone: Option<String>,
    earlier: Vec<Summary>,
    guesses: Vec<(Slug, Vec<String>)>,
    sure: bool,
    twins: Vec<(Summary, Vec<String>)>,
}

async fn hints(Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(FIELDS)?;
    let desk = Desk::of(&ctx)?;
    Ok(hint(&ctx, desk.look(&ctx), &fields).await?.into_response())
}

async fn hint(ctx: &Ctx, look: Look<'_>, fields: &Fields) -> Outcome<Markup> {
    let found = gather(ctx, look, fields).await?;
    let text = text_of(fields);
    Ok(hints_view(look, &found, fields, &text))
}

async fn gather(ctx: &Ctx, look: Look<'_>, fields: &Fields) -> Outcome<Hints> {
    let text = text_of(fields);
    let phone = Phone::parse(fields.text("phone")).ok();
    let hash = phone.as_ref().map(|phone| contact_hash(&ctx.app, ctx.district(), phone.as_str()));
    let mut found = Hints { phone: phone.map(|phone| phone.masked()), ..Hints::default() };
    if text.chars().count() >= 4 {
        if let Some(hint) = advise::hint(&ctx.app, ctx.district(), &text) {
            (found.guesses, found.sure) = (hint.guesses, hint.sure);
        } else {
            found.guesses =
                suggest(look.book, &[], &text).iter().map(|c| (c.code.clone(), Vec::new())).collect();
        }
    }
    let category = fields.given("category").and_then(|c| Slug::parse("category", c).ok());
    let category = category.or_else(|| found.guesses.first().map(|(code, _)| code.clone()));
    let place = fields.given("place").and_then(|c| UnitCode::parse("place", c).ok());
    let address = fields.text("address").trim().to_owned();
    let (earlier, twins) = ctx
        .app
        .read(&ctx.who, move |op| {
            only(op, Action::CaseRecord)?;
            let earlier = match &hash {
                Some(hash) => {
                    let rows = store::by_contact(op.tx, op.district(), hash, EARLIER)?;
                    visible(op, rows)?
                }
                None => Vec::new(),
            };
            let near = alike(op, &text, &address, (hash.as_deref(), place.as_ref(), category.as_ref()))?;
            Ok((earlier, near))
        })
        .await?;
    found.earlier = earlier;
    found.twins = twins;
    Ok(found)
}

/// Those of some rows that this post may see.
fn visible(op: &mut Op<'_, '_>, rows: Vec<Summary>) -> Outcome<Vec<Summary>> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let filter = Filter { ids: rows.iter().map(|row| row.id).collect(), ..Filter::default() };
    Ok(act::list(op, &filter, Order::Newest, None, EARLIER)?.0)
}

type Near<'a> = (Option<&'a str>, Option<&'a UnitCode>, Option<&'a Slug>);

/// Open cases that may be the same matter, the likeliest first, with reasons.
fn alike(
    op: &mut Op<'_, '_>,
    text: &str,
    address: &str,
    near: Near<'_>,
) -> Outcome<Vec<(Summary, Vec<String>)>> {
    if text.chars().count() < 6 || !does(op, Action::CaseLink) {
        return Ok(Vec::new());
    }
    let days = crate::facts::rules_of(&*op.core().book(op.district(), op.today())?)?.duplicate_days;
    let since = op.today().plus(-i32::try_from(days).unwrap_or(30)).start();
    let none = CaseId::new(op.core().ids.next(op.now()));
    let rows = store::alike(op.tx, op.district(), (none, near.0, near.1, near.2), since, 8)?;
    let mine = Item::new("new", Some(op.now()), text, address);
    let rules = Rules { days, ..Rules::default() };
    let mut out: Vec<(f64, Summary, Vec<String>)> = Vec::new();
    for row in rows.into_iter().filter(|row| row.case.open) {
        let place = row.case.address.clone().unwrap_or_default();
        let item = Item::new(&row.case.no, Some(row.case.received_at), &row.text, &place);
        if let Some(like) = similarity(&mine, &item, &rules) {
            out.push((like.score, row.case, like.reasons(Lang::Zh)));
        }
    }
    out.sort_by(|a, b| b.0.total_cmp(&a.0));
    out.truncate(3);
    let seen = visible(op, out.iter().map(|(_, row, _)| row.clone()).collect())?;
    out.retain(|(_, row, _)| seen.iter().any(|s| s.id == row.id));
    Ok(out.into_iter().map(|(_, row, why)| (row, why)).collect())
}

fn hints_view(look: Look<'_>, found: &Hints, fields: &Fields, text: &str) -> Markup {
    let t = look.t;
    let open = found.earlier.iter().filter(|row| row.open).count();
    let warn = found.guesses.first().and_then(|(code, _)| look.book.category(code.as_str()));
    let warn = warn.and_then(|c| c.emergency.as_ref()).filter(|_| !text.is_empty());
    let chosen = fields.given("category").and_then(|c| Slug::parse("category", c).ok());
    let caller = html! {
        @match &found.phone {
            None => p.muted { (t.s("desk.phone.caller_none")) },
            Some(phone) => {
                p { b.mono { (phone) } " " (t.f("desk.phone.caller_n", &[("n", &found.earlier.len()), ("open", &open)])) }
                ul { @for row in &found.earlier {
                    li { a href=(format!("/c/{}", row.id)) target="_blank" { (row.no) " " (row.title) } " " (mark::tag(row.stage.say(look.lang()))) @if row.open { " " small.muted { (t.s("desk.phone.same_hint")) } } }
                } }
            }
        }
    };
    html! {
        (danger_note(t, &danger_lines(text), warn))
        (Card::new(t.s("desk.phone.caller")).body(caller))
        (Card::new(t.s("desk.phone.route")).body(html! {
            @if found.guesses.is_empty() { p.muted { (t.s("desk.phone.route_none")) } }
            @if !found.guesses.is_empty() && !found.sure { p.muted { (t.s("desk.queue.unsure")) } }
            ol { @for (code, words) in &found.guesses {
                @let unit = look.book.category(code.as_str()).and_then(|c| look.book.route(c, place_of(fields).as_ref())).map(|r| look.unit(&r.unit));
                li {
                    @if chosen.as_ref() == Some(code) { b { (path(look.book, code, look.lang())) } } @else { (path(look.book, code, look.lang())) }
                    @if let Some(unit) = unit { " → " (unit) }
                    @if !words.is_empty() { " " small.muted { (t.f("desk.queue.words", &[("words", &words.join(t.s("desk.sep")))])) } }
                }
            } }
        }))
        @if !found.twins.is_empty() {
            (Card::new(t.s("desk.phone.twins")).body(html! {
                ul { @for (row, why) in &found.twins { li { a href=(format!("/c/{}", row.id)) target="_blank" { (row.no) " " (row.title) } " " small.muted { (why.join("，")) } } } }
                p.muted { (t.s("desk.phone.twins_text")) }
            }))
        }
    }
}

fn place_of(fields: &Fields) -> Option<UnitCode> {
    fields.given("place").and_then(|code| UnitCode::parse("place", code).ok())
}

async fn page(ctx: &Ctx, typed: &Fields, no: Option<&dyn Refuse>, done: Option<&Done>) -> Outcome<Response> {
    let desk = Desk::of(ctx)?;
    let look = desk.look(ctx);
    let t = look.t;
    let side = hint(ctx, look, typed).await?;
    let answers = ctx.app.read(&ctx.who, |op| Ok(does(op, Action::CaseAnswer))).await?;
    let key = typed.given("key").map_or_else(|| base::hex(&ctx.app.ids.bytes::<12>()), str::to_owned);
    let inner = html! {
        div.gd-net {
            div.stack { (elements(look, typed, no)) (more(look, typed, no)) @if answers { (at_line(look, typed, no)) } }
            aside.stack #hints aria-live="polite" aria-label=(t.s("desk.phone.hints")) { (side) }
        }
    };
    let listed = no.and_then(Refuse::field).is_some_and(|name| FIELDS.contains(&name));
    let body = html! {
        (page_head(&PageHead { title: t.s("desk.phone.title"), sub: t.s("desk.phone.sub"), ..PageHead::default() }))
        @if let Some(done) = done { (filed(look, done)) }
        @if let Some(no) = no.filter(|_| !listed) { (feedback::refusal(t, no, None)) }
        form.frm.w method="post" action="/cases/new" novalidate
            hx-post="/cases/new/hints" hx-trigger="keyup changed delay:600ms, change" hx-target="#hints" hx-swap="innerHTML" hx-sync="this:replace" {
            // The first button is the one that Enter presses.
            button.visually-hidden type="submit" name="go" value="file" tabindex="-1" aria-hidden="true" {}
            (form::token(&ctx.session.csrf)) (hidden("key", &key))
            (inner)
        }
    };
    Ok(Page::new(t.s("desk.phone.title"), body)
        .crumb(t.s("desk.queue.title"), "/cases")
        .class("p-desk")
        .marks(false, false, true)
        .draw(ctx))
}

/// What the operator reads to the caller.
fn filed(look: Look<'_>, done: &Done) -> Markup {
    let t = look.t;
    feedback::note(
        Tone::Good,
        html! {
            b { (t.f("desk.phone.filed", &[("no", &done.no)])) }
            @if let Some(code) = &done.code { " " (t.s("desk.phone.code")) " " b.mono { (code) } }
            p { (t.f("desk.phone.tell", &[("unit", &done.unit)])) @if let Some(by) = done.by { (t.s("word.gap")) (t.f("desk.phone.tell_by", &[("at", &look.moment(by))])) } }
            a href=(format!("/c/{}", done.id)) { (t.s("desk.phone.open")) }
        },
    )
}

fn line(
    look: Look<'_>,
    typed: &Fields,
    no: Option<&dyn Refuse>,
    name: &str,
    label: &str,
    input: &Input<'_>,
) -> Markup {
    let f = Field::new(name, label).value(typed.text(name)).optional().refused(look.t, no);
    field(look.t, &f, input)
}

/// Caller and the five elements.
fn elements(look: Look<'_>, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = look.t;
    let what = Field::new("what", t.s("desk.phone.what")).value(typed.text("what"));
    let message = no.filter(|no| no.field() == Some("text")).map(|no| form::message(t, no));
    let places = look.places();
    let body = html! {
        (form::pair(
            html! { (line(look, typed, no, "phone", t.s("desk.phone.number"), &Input::Phone)) },
            html! { (line(look, typed, no, "name", t.s("desk.phone.name"), &Input::Text(40))) }))
        (tick("anonymous", t.s("desk.phone.anonymous"), typed.text("anonymous") == "1"))
        (field(t, &what.error(message), &Input::Area(3, 3_000)))
        (form::pair(
            html! { (line(look, typed, no, "place", t.s("desk.phone.where"), &Input::Select(&places))) },
            html! { (line(look, typed, no, "address", t.s("desk.phone.address"), &Input::Text(100))) }))
        (form::pair(
            html! { (line(look, typed, no, "when", t.s("desk.phone.when"), &Input::Text(60))) },
            html! { (line(look, typed, no, "who", t.s("desk.phone.who"), &Input::Text(100))) }))
        (line(look, typed, no, "course", t.s("desk.phone.course"), &Input::Area(2, 1_500)))
        (form::acts(html! {
            button.btn.btn-primary type="submit" name="go" value="file" accesskey="s" { (t.s("desk.phone.file")) }
            span.muted.xs { (t.s("desk.phone.keys")) }
        }))
    };
    Card::new(t.s("desk.phone.elements")).body(body).into()
}

fn more(look: Look<'_>, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = look.t;
    let lang = look.lang();
    let kinds: Vec<Choice> = CaseKind::ALL.iter().map(|k| Choice::new(k.code(), k.say(lang))).collect();
    let urgency: Vec<Choice> = Urgency::ALL.iter().map(|u| Choice::new(u.code(), u.say(lang))).collect();
    let body = html! {
        (line(look, typed, no, "category", t.s("desk.category"), &Input::Select(&look.categories())))
        (form::pair(
            html! { (line(look, typed, no, "kind", t.s("desk.kind"), &Input::Select(&kinds))) },
            html! { (line(look, typed, no, "urgency", t.s("desk.urgency"), &Input::Select(&urgency))) }))
        (line(look, typed, no, "wishes", t.s("desk.wishes"), &Input::Text(200)))
        (tick("confidential", t.s("desk.phone.confidential"), typed.text("confidential") == "1"))
    };
    Card::new(t.s("desk.phone.more")).body(body).into()
}

/// What ends on the line: a consultation that is answered, danger that is handed over.
fn at_line(look: Look<'_>, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = look.t;
    let lines: Vec<Choice> =
        EmergencyLine::ALL.iter().map(|l| Choice::new(l.code(), l.say(look.lang()))).collect();
    let body = html! {
        (line(look, typed, no, "answer", t.s("desk.phone.answer"), &Input::Area(3, 5_000)))
        (line(look, typed, no, "article", t.s("desk.ask.article"), &Input::Text(200)))
        (Button::new(t.s("desk.phone.close")).icon("message-circle").sends("go", "answer"))
        (form::pair(
            html! { (line(look, typed, no, "line", t.s("desk.ask.line"), &Input::Select(&lines))) },
            html! { (line(look, typed, no, "hand_note", t.s("desk.ask.hand_note"), &Input::Text(200))) }))
        (Button::new(t.s("desk.phone.hand")).weight(Weight::Danger).icon("alert-triangle").sends("go", "hand_over"))
    };
    Card::new(t.s("desk.phone.at_line")).body(body).into()
}
