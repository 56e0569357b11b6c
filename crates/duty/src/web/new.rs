//! 立项: writing a duty down, as a draft or numbered, and giving it to its lead in the same breath.

use super::acts::{mandates, posts_with, units};
use super::look::Look;
use crate::act::{self, With};
use crate::store;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use base::core::Core;
use base::op::Op;
use base::web::form::{Fields, not_listed, required};
use base::web::query::Params;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::refusal;
use base::web::ui::form::{self, Choice, Field, Input, acts, field, hidden, pair};
use base::web::ui::{Markup, html, mark};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::access::{Action, Actor, Resource};
use kernel::duty::{Act, Command, Duty, Ground, GroundKind, NewDuty, Priority, Visibility};
use kernel::playbook::Playbook;
use kernel::text::{Remark, Title};
use kernel::{Day, DutyId, Malformed, PostCode, Refuse, Slug, UnitCode};

const FIELDS: [&str; 21] = [
    "do",
    "rev",
    "back",
    "kind",
    "title",
    "criterion",
    "priority",
    "visibility",
    "ground_kind",
    "ground",
    "ground_day",
    "ground2_kind",
    "ground2",
    "ground2_day",
    "place",
    "planned_due",
    "superintendent",
    "patron",
    "lead",
    "mandate",
    "handler",
];
/// Visibilities that a form offers; the others belong to cases.
const SEEN_BY: [Visibility; 2] = [Visibility::Internal, Visibility::Public];

/// Kinds that a post may write down, with their names.
pub(super) fn kinds(core: &Core, actor: &Actor, book: &Playbook, lang: kernel::Lang) -> Vec<Choice> {
    let may = |kind: &Slug| {
        let thing = Resource::new().unit(&actor.unit).kind(kind);
        core.policy.allows(actor, Action::DutyRegister, &thing)
            || core.policy.allows(actor, Action::DutyPropose, &thing)
    };
    let holds = |roles: &std::collections::BTreeSet<Slug>| {
        roles.is_empty() || actor.roles.iter().any(|role| roles.iter().any(|r| r.as_str() == role.code()))
    };
    let open = book.kinds.values().filter(|profile| holds(&profile.registrar) && may(&profile.kind));
    open.map(|profile| Choice::new(profile.kind.to_string(), profile.title.get(lang))).collect()
}

/// `GET /duties/new`
pub(super) async fn show(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    let params = Params::page(query, &["kind"])?;
    let typed = params.get("kind").map(|kind| vec![("kind".to_owned(), kind.to_owned())]).unwrap_or_default();
    page(&ctx, None, &Fields::from_pairs(typed), None)
}

/// The form: empty, filled from a draft, or as it was typed with what was refused.
pub(super) fn page(
    ctx: &Ctx,
    draft: Option<&Duty>,
    typed: &Fields,
    no: Option<&dyn Refuse>,
) -> Outcome<Response> {
    let t = ctx.t();
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let actor = &ctx.who.actor;
    let look = Look { t, book: &book, cal: &cal, now: ctx.now(), own: &actor.unit };
    let kinds = kinds(&ctx.app, actor, &book, t.lang());
    if kinds.is_empty() {
        // Nothing to offer: the policy's own words say who could.
        ctx.app.policy.judge(actor, Action::DutyRegister, &Resource::new())?;
    }
    let drafts = ctx.app.policy.allows(actor, Action::DutyPropose, &Resource::new().unit(&actor.unit));
    let action = draft.map_or_else(|| "/duties/new".to_owned(), |duty| format!("/d/{}/register", duty.id));
    let title = t.s("du.new.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("du.new.sub"), ..PageHead::default() }))
        @if let Some(no) = no { (refusal(t, no, None)) }
        (Card::new(t.s("du.new.card")).body(form::post(&action, &ctx.session.csrf, false, inputs(look, (&kinds, drafts), draft, typed, no))))
    };
    let page = Page::new(title, body).class("p-wst").crumb(t.s("du.list.title"), "/duties").draw(ctx);
    Ok(match no {
        Some(no) => (base::web::problem::status(no.kind()), page).into_response(),
        None => page,
    })
}

/// What a field holds: what was typed, else what the draft has.
fn held(typed: &Fields, draft: Option<&Duty>, name: &str) -> String {
    if typed.given("title").is_some() || draft.is_none() {
        return typed.text(name).to_owned();
    }
    let Some(d) = draft else { return String::new() };
    let ground = |n: usize| d.ground.get(n);
    let text = |value: Option<String>| value.unwrap_or_default();
    match name {
        "kind" => d.kind.to_string(),
        "title" => d.title.to_string(),
        "criterion" => d.criterion.to_string(),
        "priority" => super::asks::code(d.priority),
        "visibility" => super::asks::code(d.visibility),
        "ground_kind" => text(ground(0).map(|g| super::asks::code(g.kind))),
        "ground" => text(ground(0).map(|g| g.text.to_string())),
        "ground_day" => text(ground(0).and_then(|g| g.day).map(|day| day.to_string())),
        "ground2_kind" => text(ground(1).map(|g| super::asks::code(g.kind))),
        "ground2" => text(ground(1).map(|g| g.text.to_string())),
        "ground2_day" => text(ground(1).and_then(|g| g.day).map(|day| day.to_string())),
        "place" => text(d.place.as_ref().map(ToString::to_string)),
        "planned_due" => text(d.planned_due.map(|day| day.to_string())),
        "superintendent" => text(d.superintendent.as_ref().map(ToString::to_string)),
        "patron" => text(d.patron.as_ref().map(ToString::to_string)),
        _ => String::new(),
    }
}

fn inputs(
    look: Look<'_>,
    (kinds, drafts): (&[Choice], bool),
    draft: Option<&Duty>,
    typed: &Fields,
    no: Option<&dyn Refuse>,
) -> Markup {
    let (t, lang) = (look.t, look.t.lang());
    let value = |name: &str, usual: &str| {
        let held = held(typed, draft, name);
        if held.is_empty() { usual.to_owned() } else { held }
    };
    let one =
        |name: &str, label: &str, usual: &str, optional: bool, hint: Option<&str>, input: &Input<'_>| {
            let value = value(name, usual);
            let mut f = Field::new(name, label).value(&value).refused(t, no);
            if optional {
                f = f.optional();
            }
            if let Some(hint) = hint {
                f = f.hint(hint);
            }
            field(t, &f, input)
        };
    let grounds: Vec<Choice> =
        GroundKind::ALL.iter().map(|kind| Choice::new(super::asks::code(*kind), kind.say(lang))).collect();
    let priorities: Vec<Choice> =
        Priority::ALL.iter().map(|p| Choice::new(super::asks::code(*p), p.say(lang))).collect();
    let seen_by: Vec<Choice> =
        SEEN_BY.iter().map(|v| Choice::new(super::asks::code(*v), v.say(lang))).collect();
    let streets = places(look);
    let (units, mandates) = (units(look), mandates(look));
    let patrons = posts_with(look, &["patron"]);
    let supervisors = posts_with(look, &["supervisor", "supervision_director"]);
    let ground = |n: &str, optional: bool| {
        let (kind, text, day) = (format!("{n}_kind"), n.to_owned(), format!("{n}_day"));
        html! {
            (pair(
                one(&kind, t.s("du.new.ground_kind"), "", optional, None, &Input::Select(&grounds)),
                one(&day, t.s("du.new.ground_day"), "", true, None, &Input::Date),
            ))
            (one(&text, t.s("du.new.ground"), "", optional, Some(t.s("du.new.ground_hint")), &Input::Area(2, 2_000)))
        }
    };
    html! {
        @if let Some(duty) = draft { (hidden("rev", &duty.rev.to_string())) }
        (pair(
            one("kind", t.s("duty.kind"), "", false, None, &Input::Select(kinds)),
            one("priority", t.s("du.new.priority"), "general", false, None, &Input::Select(&priorities)),
        ))
        (one("title", t.s("du.new.name"), "", false, None, &Input::Text(120)))
        (one("criterion", t.s("du.duties.criterion"), "", false, Some(t.s("du.new.criterion_hint")), &Input::Area(3, 2_000)))
        (ground("ground", false))
        details open[!value("ground2", "").is_empty()] { summary { (t.s("du.new.second_ground")) } (ground("ground2", true)) }
        (pair(
            one("place", t.s("du.facts.place"), "", true, Some(t.s("du.new.place_hint")), &Input::Select(&streets)),
            one("planned_due", t.s("du.facts.planned"), "", true, Some(t.s("du.hint.due")), &Input::Date),
        ))
        (pair(
            one("superintendent", t.s("du.facts.superintendent"), "", true, None, &Input::Select(&supervisors)),
            one("patron", t.s("du.detail.patron"), "", true, None, &Input::Select(&patrons)),
        ))
        (one("visibility", t.s("du.new.visibility"), "internal", false, None, &Input::Radio(&seen_by)))
        (pair(
            one("lead", t.s("du.ask.lead"), "", true, Some(t.s("du.new.lead_hint")), &Input::Select(&units)),
            one("mandate", t.s("du.ask.mandate"), "", true, Some(t.s("du.new.mandate_hint")), &Input::Select(&mandates)),
        ))
        (acts(html! {
            (Button::new(t.s("du.new.register")).primary().icon("flag").sends("do", "register"))
            @if drafts { (Button::new(t.s("du.new.draft")).sends("do", "draft")) }
            (mark::tag_outline(t.s("du.new.receipt")))
        }))
    }
}

/// Streets and communities.
fn places(look: Look<'_>) -> Vec<Choice> {
    let all = look.book.org.units.values().filter(|unit| unit.kind.is_grassroots());
    all.map(|unit| Choice::new(unit.code.to_string(), unit.name.get(look.lang()))).collect()
}

/// What a form says: the duty and, when it is given at once, to whom.
#[derive(Debug, Clone)]
pub(super) struct Said {
    form: NewDuty,
    lead: Option<UnitCode>,
    mandate: Option<Slug>,
    rev: Option<u64>,
    register: bool,
}

fn word<T: serde::de::DeserializeOwned>(fields: &Fields, name: &str) -> Result<T, Malformed> {
    let given = fields.given(name).ok_or_else(|| required(name))?;
    serde_json::from_value(serde_json::json!(given)).map_err(|_| not_listed(name, given))
}

fn read(fields: &Fields, act: Option<Act>) -> Result<Said, Malformed> {
    fields.only(&FIELDS)?;
    let mut ground = Vec::new();
    for n in ["ground", "ground2"] {
        let (kind, day) = (format!("{n}_kind"), format!("{n}_day"));
        if n == "ground" || fields.given(n).is_some() {
            let text = fields.given(n).ok_or_else(|| required(n))?;
            ground.push(Ground {
                kind: word(fields, &kind)?,
                text: Remark::parse(n, text)?,
                day: fields.given(&day).map(|given| Day::parse(&day, given)).transpose()?,
                source: String::new(),
            });
        }
    }
    let post = |name: &str| fields.given(name).map(|given| PostCode::parse(name, given)).transpose();
    let unit = |name: &str| fields.given(name).map(|given| UnitCode::parse(name, given)).transpose();
    let asked = match fields.text("do") {
        "" => act != Some(Act::Draft),
        "register" => true,
        "draft" => false,
        other => return Err(not_listed("do", other)),
    };
    Ok(Said {
        form: NewDuty {
            kind: Slug::parse("kind", fields.text("kind"))?,
            title: Title::parse("title", fields.text("title"))?,
            ground,
            criterion: Remark::parse("criterion", fields.text("criterion"))?,
            priority: word(fields, "priority")?,
            visibility: word(fields, "visibility")?,
            superintendent: post("superintendent")?,
            patron: post("patron")?,
            parent: None,
            relations: Default::default(),
            place: unit("place")?,
            planned_due: fields.given("planned_due").map(|d| Day::parse("planned_due", d)).transpose()?,
            marks: Default::default(),
        },
        lead: unit("lead")?,
        mandate: fields.given("mandate").map(|m| Slug::parse("mandate", m)).transpose()?,
        rev: fields.given("rev").and_then(|rev| rev.parse().ok()),
        register: asked,
    })
}

/// Gives a registered duty to its lead.
pub(super) fn assign(
    op: &mut Op<'_, '_>,
    id: DutyId,
    lead: UnitCode,
    mandate: Option<Slug>,
) -> Outcome<Duty> {
    let command = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
    act::perform(op, id, &command, &With { mandate, ..With::default() })
}

fn command(said: &Said) -> Command {
    let form = Box::new(said.form.clone());
    if said.register { Command::Register { form } } else { Command::Draft { form } }
}

/// `POST /duties/new`
pub(super) async fn submit(Form { ctx, fields }: Form) -> Outcome<Response> {
    let done = match read(&fields, None) {
        Ok(said) => register(&ctx, said).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok((duty, given)) => {
            let what = match (duty.no.is_empty(), given) {
                (true, _) => "duty.draft",
                (false, true) => "duty.register_assign",
                (false, false) => "duty.register",
            };
            Ok(after(&format!("/d/{}", duty.id), what))
        }
        Err(Fault::Refused(no)) => page(&ctx, None, &fields, Some(&*no)),
        Err(other) => Err(other),
    }
}

async fn register(ctx: &Ctx, said: Said) -> Outcome<(Duty, bool)> {
    ctx.app
        .write(&ctx.who, move |op| {
            let duty = act::register(op, &command(&said), &With::default())?;
            match (&said.lead, said.register) {
                (Some(lead), true) => Ok((assign(op, duty.id, lead.clone(), said.mandate.clone())?, true)),
                _ => Ok((duty, false)),
            }
        })
        .await
}

/// Rewrites or registers a draft.
pub(super) async fn rewrite(ctx: &Ctx, id: DutyId, act: Act, fields: &Fields) -> Outcome<()> {
    let said = read(fields, Some(act))?;
    ctx.app
        .write(&ctx.who, move |op| {
            let old = store::find(op.tx, op.district(), id)?.ok_or_else(|| store::absent(id))?;
            let mut said = said.clone();
            // What the form does not show stays as the draft has it.
            (said.form.parent, said.form.relations, said.form.marks) = (old.parent, old.relations, old.marks);
            let with = With { expected_rev: said.rev, ..With::default() };
            let duty = act::perform(op, id, &command(&said), &with)?;
            if let (Some(lead), true) = (&said.lead, said.register) {
                assign(op, duty.id, lead.clone(), said.mandate.clone())?;
            }
            Ok(())
        })
        .await
}
