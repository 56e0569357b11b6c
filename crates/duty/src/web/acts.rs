//! A form for every act: as a dialog on the duty's page, and as a page of its own that works without a script.

use super::asks::{Ask, Take, act_code, act_of, asks, vocab};
use super::detail::{Seen, id_of, load};
use super::detail_view::View;
use super::inbox::no_such;
use super::look::{Look, verb};
use super::parse::{self, BACK, PARTS, REV, on_page};
use super::{files, new};
use crate::act::{self, With};
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use base::web::form::Fields;
use base::web::page::inside;
use base::web::query::Params;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::feedback::{Dialog, dialog, note, refusal};
use base::web::ui::form::{self, Choice, Field, Input, acts as act_line, field, hidden, message};
use base::web::ui::icon::sized;
use base::web::ui::{Markup, Tone, html};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::duty::{Act, DueOwner, Duty, DutyRefusal, Offer, StateName};
use kernel::playbook::UnitKind;
use kernel::{Kind, Refuse};

/// Acts shown as buttons before the rest goes into the menu, the most wanted first.
const WANTED: [Act; 16] = [
    Act::Submit,
    Act::Accept,
    Act::GrantExtend,
    Act::GrantSuspend,
    Act::TakeLead,
    Act::TakeOver,
    Act::Verify,
    Act::Reject,
    Act::NoteProgress,
    Act::AddSupport,
    Act::AskExtend,
    Act::Assign,
    Act::Urge,
    Act::Close,
    Act::Raise,
    Act::Return,
];
/// Buttons beside the primary one.
const BUTTONS: usize = 2;

/// What cannot be undone.
fn is_dangerous(act: Act) -> bool {
    matches!(act, Act::Return | Act::Cancel | Act::Reject | Act::Merge | Act::Split)
}

/// Acts with a page but no dialog: a file, or a form as long as a page.
fn needs_page(act: Act) -> bool {
    matches!(act, Act::AddEvidence | Act::Split | Act::Register | Act::Draft)
}

fn icon_of(act: Act) -> &'static str {
    match act {
        Act::Submit => "circle-check",
        Act::Accept | Act::TakeLead | Act::TakeOver | Act::GrantExtend | Act::GrantSuspend => "check",
        Act::AddSupport => "users-plus",
        Act::AskExtend => "clock-plus",
        Act::AskSuspend => "clock-pause",
        Act::Resume => "clock-play",
        Act::AddEvidence => "upload",
        Act::Verify | Act::VerifyEvidence => "zoom-check",
        Act::NoteProgress => "trending-up",
        Act::Urge => "bell",
        Act::Raise => "hand-stop",
        Act::Return | Act::Reject => "arrow-back-up",
        Act::Assign => "send",
        Act::Rule => "gavel",
        Act::HandOver => "transfer",
        Act::OfferLead => "arrows-exchange",
        Act::Start => "player-play",
        Act::Close | Act::Archive => "archive",
        Act::Reopen => "refresh",
        Act::Split => "git-fork",
        Act::Merge => "git-branch",
        Act::Link => "link",
        Act::SetPatron => "star",
        Act::Recompute => "calculator",
        Act::Register | Act::Draft => "edit",
        Act::DeclineLead | Act::RefuseSuspend | Act::RefuseExtend | Act::Cancel | Act::Escalate => "x",
    }
}

/// The buttons of the page's head: the one primary act, two more, the rest in a menu; what is not open says why.
pub(super) fn buttons(v: &View<'_>) -> Markup {
    let t = v.look.t;
    let open: Vec<&Offer> = v.seen.offers.iter().filter(|offer| offer.allowed.is_ok()).collect();
    let primary = open.iter().find(|offer| offer.primary).map(|offer| offer.act);
    let wanted =
        WANTED.iter().copied().filter(|act| Some(*act) != primary && open.iter().any(|o| o.act == *act));
    let few: Vec<Act> = wanted.take(BUTTONS).collect();
    let rest = open.iter().map(|offer| offer.act).filter(|act| Some(*act) != primary && !few.contains(act));
    let rest: Vec<Act> = rest.collect();
    let shut: Vec<(Act, &DutyRefusal)> =
        v.seen.offers.iter().filter_map(|offer| Some((offer.act, offer.allowed.as_ref().err()?))).collect();
    html! {
        @if let Some(act) = primary { (opener(v, act, true)) }
        @for act in &few { (opener(v, *act, false)) }
        @if !rest.is_empty() || !shut.is_empty() {
            details.mnu {
                summary.btn.btn-icon aria-label=(t.s("du.acts.more")) title=(t.s("du.acts.more")) { (sized("dots", 16)) }
                div.mnu-p {
                    @for act in &rest { (menu_item(v, *act)) }
                    @if !shut.is_empty() { p.k { (t.s("du.acts.not_now")) } }
                    @for (act, why) in &shut {
                        a aria-disabled="true" href=(owner_page(Some(why), &v.seen.duty).unwrap_or_else(|| address(v, *act))) {
                            (sized("lock", 16)) span { (verb(t, *act)) small { (t.say(&why.reason(t.lang()))) } }
                        }
                    }
                }
            }
        }
    }
}

/// Where the due day is changed when its kind leaves that to another area. The address is the area's own; this crate
/// stands left of it and knows no more than the number, which is the item's code.
fn owner_page(shut: Option<&DutyRefusal>, duty: &Duty) -> Option<String> {
    match shut {
        Some(DutyRefusal::DueOwned { owner: DueOwner::Plan, .. }) => {
            Some(format!("/plan/{}#changes", base::web::encode(&duty.no)))
        }
        _ => None,
    }
}

fn address(v: &View<'_>, act: Act) -> String {
    format!("/d/{}/{}", v.seen.duty.id, act_code(act))
}

fn dialog_id(act: Act) -> String {
    format!("dlg-{}", act_code(act))
}

/// A link to the act's page that opens its dialog where there is a script.
fn opener(v: &View<'_>, act: Act, primary: bool) -> Markup {
    let class = match (primary, is_dangerous(act)) {
        (true, _) => "btn btn-primary",
        (false, true) => "btn btn-danger",
        (false, false) => "btn",
    };
    let dialog = (!needs_page(act)).then(|| dialog_id(act));
    html! { a class=(class) href=(address(v, act)) data-dialog=[dialog] { (sized(icon_of(act), 16)) span { (verb(v.look.t, act)) } } }
}

fn menu_item(v: &View<'_>, act: Act) -> Markup {
    let dialog = (!needs_page(act)).then(|| dialog_id(act));
    html! { a href=(address(v, act)) data-dialog=[dialog] { (sized(icon_of(act), 16)) span { (verb(v.look.t, act)) } } }
}

/// The dialogs of all acts that are open.
pub(super) fn dialogs(v: &View<'_>) -> Markup {
    let t = v.look.t;
    html! {
        @for offer in v.seen.offers.iter().filter(|o| o.allowed.is_ok() && !needs_page(o.act)) {
            @let act = offer.act;
            @let id = dialog_id(act);
            @let title = t.f("du.acts.title", &[("act", &verb(t, act)), ("no", &v.seen.duty.no)]);
            (dialog(t, &Dialog {
                id: &id,
                title: &title,
                text: Some(about(v.look, act, &v.seen.duty)),
                fields: Some(inputs(v.look, act, &v.seen.duty, &Fields::default(), None)),
                action: &address(v, act),
                csrf: v.csrf,
                verb: &verb(t, act),
                dangerous: is_dangerous(act),
            }))
        }
    }
}

/// Who is affected and what starts or stops: one sentence for each act.
fn about(look: Look<'_>, act: Act, duty: &Duty) -> Markup {
    let t = look.t;
    let text = t.f(&format!("du.about.{}", act_code(act)), &[]);
    html! {
        (text)
        @if act == Act::GrantExtend || act == Act::RefuseExtend {
            @if let Some(ask) = &duty.extension_ask { (t.s("word.gap")) b { (t.f("du.acts.asked_until", &[("to", &ask.to), ("why", &ask.reason)])) } }
        }
    }
}

/// The fields of an act, with what was typed and the message of what was refused.
fn inputs(look: Look<'_>, act: Act, duty: &Duty, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    html! {
        (hidden(REV, &duty.rev.to_string()))
        @if let Some(back) = typed.given(BACK) { (hidden(BACK, back)) }
        @match asks(act) {
            Some(list) => @for ask in &list { (input(look, act, ask, duty, typed, no)) },
            None => (split(look, duty, typed, no)),
        }
    }
}

fn input(
    look: Look<'_>,
    act: Act,
    ask: &Ask,
    duty: &Duty,
    typed: &Fields,
    no: Option<&dyn Refuse>,
) -> Markup {
    let t = look.t;
    let name = on_page(act, ask.name);
    let label = t.f(ask.label, &[]);
    let suggested = suggestion(look, act, ask, duty);
    let value = typed.given(&name).map_or(suggested, str::to_owned);
    let error = no.filter(|no| no.field() == Some(ask.name)).map(|no| message(t, no));
    let mut f = Field::new(&name, &label).value(&value).error(error);
    if ask.optional {
        f = f.optional();
    }
    let hint = hint(look, act, ask, duty);
    if let Some(hint) = &hint {
        f = f.hint(hint);
    }
    let choices = choices(look, ask, duty);
    let kind = match ask.take {
        Take::Unit | Take::PostInside | Take::PostWith(_) | Take::Mandate | Take::OwnFile => {
            Input::Select(&choices)
        }
        Take::Word(list) if parse::is_long(list) => Input::Select(&choices),
        Take::Word(_) | Take::YesNo(..) => Input::Radio(&choices),
        Take::Remark => Input::Area(3, 2_000),
        Take::Lines => Input::Area(4, 20_000),
        Take::Body => Input::Area(6, 20_000),
        Take::Day => Input::Date,
        Take::Percent => Input::Number("%"),
        Take::Rung | Take::Duty => Input::Text(64),
        Take::Upload => Input::File(".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx", false),
    };
    field(t, &f, &kind)
}

/// What the field holds before anything is typed.
fn suggestion(look: Look<'_>, act: Act, ask: &Ask, duty: &Duty) -> String {
    match (act, ask.name) {
        (Act::Urge, "note") => look.t.s("du.inbox.urge_note").to_owned(),
        (Act::Rule, "final") | (Act::VerifyEvidence, "good") => "yes".to_owned(),
        (Act::Assign, "due") => duty.planned_due.map(|day| day.to_string()).unwrap_or_default(),
        (Act::NoteProgress, "percent") => duty.percent.map(|p| p.to_string()).unwrap_or_default(),
        (Act::Rule, "lead") => duty.lead.as_ref().map(ToString::to_string).unwrap_or_default(),
        (Act::SetPatron | Act::Assign, "patron") => {
            duty.patron.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The rule behind a field, where the playbook sets one.
fn hint(look: Look<'_>, act: Act, ask: &Ask, duty: &Duty) -> Option<String> {
    let t = look.t;
    let profile = look.book.kind(duty.kind.as_str())?;
    let rule = super::look::rule_of(look.book, duty);
    match (act, ask.name) {
        (Act::AskExtend, "to") => {
            let rule = rule?;
            let length = rule.extension.max_len.words();
            Some(t.f("du.hint.extend", &[("n", &rule.extension.max_count), ("len", &length.get(t.lang()))]))
        }
        (Act::AskSuspend, "review") => Some(t.f("du.hint.review", &[("n", &profile.suspend.review_days)])),
        (Act::Return, "ground") => {
            let window = profile.returns.window.words();
            Some(t.f("du.hint.return", &[("window", &window.get(t.lang())), ("n", &profile.returns.max)]))
        }
        (Act::AddEvidence, "file") => {
            Some(t.f("du.hint.evidence", &[("min", &profile.evidence.min), ("max", &profile.evidence.max)]))
        }
        (Act::Reject, "defects") => Some(t.s("du.hint.lines").to_owned()),
        (Act::Merge | Act::Link, "into" | "to") => Some(t.s("du.hint.number").to_owned()),
        (Act::Submit, "planned") => Some(t.s("du.hint.planned").to_owned()),
        (Act::Submit, "legal") => Some(t.s("du.hint.legal").to_owned()),
        (Act::Assign | Act::AddSupport | Act::Reopen, "due") => Some(t.s("du.hint.due").to_owned()),
        (_, "mandate") if profile.mandate_needed => Some(t.s("du.hint.mandate_needed").to_owned()),
        _ => None,
    }
}

fn choices(look: Look<'_>, ask: &Ask, duty: &Duty) -> Vec<Choice> {
    let t = look.t;
    match ask.take {
        Take::Word(list) => vocab(list, t.lang()),
        Take::YesNo(yes, no) => vec![Choice::new("yes", t.f(yes, &[])), Choice::new("no", t.f(no, &[]))],
        Take::Unit => units(look),
        Take::PostInside => {
            let unit = duty.lead.as_ref().unwrap_or(look.own);
            let posts = look.book.org.posts_of(unit);
            posts.map(|post| Choice::new(post.code.to_string(), post.title.get(t.lang()))).collect()
        }
        Take::PostWith(roles) => posts_with(look, roles),
        Take::Mandate => mandates(look),
        Take::OwnFile => {
            let open = duty.evidence.iter().filter(|e| e.check.is_none());
            open.map(|e| {
                let note = e.note.as_ref().map(ToString::to_string).unwrap_or_default();
                let label = format!("{} {} {note}", e.kind.say(t.lang()), look.moment(e.at));
                Choice::new(e.file.to_string(), label.trim().to_owned())
            })
            .collect()
        }
        _ => Vec::new(),
    }
}

/// Units that may be given work, departments first.
pub(super) fn units(look: Look<'_>) -> Vec<Choice> {
    let mut all: Vec<_> =
        look.book.org.units.values().filter(|u| !matches!(u.kind, UnitKind::District)).collect();
    all.sort_by_key(|unit| unit.kind);
    let name = |unit: &kernel::playbook::Unit| unit.name.get(look.lang()).to_owned();
    all.into_iter().map(|unit| Choice::new(unit.code.to_string(), name(unit))).collect()
}

/// Posts with one of the roles.
pub(super) fn posts_with(look: Look<'_>, roles: &[&str]) -> Vec<Choice> {
    let has = |post: &&kernel::playbook::Post| post.roles.iter().any(|role| roles.contains(&role.as_str()));
    let posts = look.book.org.posts.values().filter(has);
    posts.map(|post| Choice::new(post.code.to_string(), look.post(&post.code))).collect()
}

/// Entries of the duty lists.
pub(super) fn mandates(look: Look<'_>) -> Vec<Choice> {
    let all = look.book.mandates.values();
    all.map(|m| Choice::new(m.code.to_string(), format!("{} {}", m.code, m.title.get(look.lang())))).collect()
}

fn split(look: Look<'_>, duty: &Duty, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = look.t;
    let grounds: Vec<Choice> = (0_u32..)
        .zip(&duty.ground)
        .map(|(n, g)| Choice::new(n.to_string(), format!("{} {}", g.kind.say(t.lang()), g.text)))
        .collect();
    html! {
        @for n in 1..=PARTS {
            @let (title, criterion, answers) = (format!("title{n}"), format!("criterion{n}"), format!("grounds{n}"));
            @let heading = t.f("du.split.part", &[("n", &n)]);
            (field(t, &part(&title, &heading, n).value(typed.text(&title)).refused(t, no), &Input::Text(120)))
            (field(t, &Field::new(&criterion, t.s("du.duties.criterion")).value(typed.text(&criterion)).refused(t, no).optional(), &Input::Area(2, 2_000)))
            (field(t, &Field::new(&answers, t.s("du.split.grounds")).chosen(typed.all(&answers)).refused(t, no).optional(), &Input::Checks(&grounds)))
        }
    }
}

/// Two parts are needed; more may be given.
fn part<'f>(name: &'f str, label: &'f str, n: usize) -> Field<'f> {
    let f = Field::new(name, label);
    if n > 2 { f.optional() } else { f }
}

/// The page of an act: the same form, for browsers without scripts, for files, and after a refusal.
fn page(ctx: &Ctx, act: Act, seen: &Seen, typed: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let t = ctx.t();
    let (book, cal) =
        (ctx.app.book(ctx.district(), ctx.now().day())?, ctx.app.calendar(ctx.district(), ctx.now().day())?);
    let look = Look { t, book: &book, cal: &cal, now: ctx.now(), own: &ctx.who.actor.unit };
    let d = &seen.duty;
    let here = format!("/d/{}", d.id);
    let verb = verb(t, act);
    let shut =
        seen.offers.iter().find(|offer| offer.act == act).and_then(|offer| offer.allowed.as_ref().err());
    let known = seen.offers.iter().any(|offer| offer.act == act);
    let weight = if is_dangerous(act) { Weight::DangerSolid } else { Weight::Primary };
    let form = html! {
        (inputs(look, act, d, typed, no))
        (act_line(html! { (Button::new(&verb).weight(weight).submit()) (Button::link(t.s("act.back"), &here)) }))
    };
    let title = t.f("du.acts.title", &[("act", &verb), ("no", &d.no)]);
    let sub = t.say(d.title.as_str());
    let action = format!("{here}/{}", act_code(act));
    let body = html! {
        (page_head(&PageHead { title: &title, sub: &sub, ..PageHead::default() }))
        @if let Some(no) = no { (refusal(t, no, None)) }
        @if let (None, Some(why)) = (no, shut) { (refusal(t, why, None)) }
        @if let Some(href) = owner_page(shut, d) { p.mb-3 { (Button::link(t.s("du.acts.to_plan"), &href).icon("list-tree")) } }
        @if no.is_none() && shut.is_none() && !known { (note(Tone::Warn, html! { (t.s("du.acts.not_offered")) })) }
        (Card::new(&verb).body(html! {
            p.muted.mb-3 { (about(look, act, d)) }
            (form::post(&action, &ctx.session.csrf, act == Act::AddEvidence, form))
        }))
    };
    let page = Page::new(title, body).class("p-wst").crumb(d.no.clone(), here).draw(ctx);
    let status = no.map(|no| base::web::problem::status(no.kind()));
    Ok(match status {
        Some(status) => (status, page).into_response(),
        None => page,
    })
}

fn known_act(given: &str) -> Outcome<Act> {
    act_of(given).ok_or_else(|| no_such(given))
}

/// `GET /d/{id}/{act}`
pub(super) async fn show(
    ctx: Ctx,
    Path((id, act)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Outcome<Response> {
    Params::page(query, &[])?;
    let (id, act) = (id_of(&id)?, known_act(&act)?);
    let seen = ctx.app.read(&ctx.who, move |op| load(op, id, None)).await?;
    if matches!(act, Act::Register | Act::Draft) {
        let state = seen.duty.state.name();
        if state != StateName::Draft {
            return Err(DutyRefusal::WrongState { act, state }.into());
        }
        return new::page(&ctx, Some(&seen.duty), &Fields::default(), None);
    }
    page(&ctx, act, &seen, &Fields::default(), None)
}

/// `POST /d/{id}/{act}`: does the act, or shows its form again with what was typed.
pub(super) async fn submit(
    Path((id, act)): Path<(String, String)>,
    Form { ctx, fields }: Form,
) -> Outcome<Response> {
    let (id, act) = (id_of(&id)?, known_act(&act)?);
    let done = match act {
        Act::Register | Act::Draft => new::rewrite(&ctx, id, act, &fields).await,
        Act::AddEvidence => files::add(&ctx, id, &fields).await.map(|_| ()),
        _ => perform(&ctx, id, act, &fields).await,
    };
    match done {
        Ok(()) => {
            let back = fields.given(BACK).map_or_else(|| format!("/d/{id}"), |back| inside(back).to_owned());
            Ok(after(&back, &format!("duty.{}", act_code(act))))
        }
        // Who may not see it learns nothing here either.
        Err(Fault::Refused(no)) if no.kind() != Kind::Unauthenticated => {
            let seen = ctx.app.read(&ctx.who, move |op| load(op, id, None)).await?;
            match act {
                Act::Register | Act::Draft => new::page(&ctx, Some(&seen.duty), &fields, Some(&*no)),
                _ => page(&ctx, act, &seen, &fields, Some(&*no)),
            }
        }
        Err(other) => Err(other),
    }
}

async fn perform(ctx: &Ctx, id: kernel::DutyId, act: Act, fields: &Fields) -> Outcome<()> {
    let draft = parse::draft(act, fields)?;
    ctx.app
        .write(&ctx.who, move |op| {
            let command = draft.command(op)?;
            let with = With { expected_rev: draft.rev, mandate: draft.mandate.clone(), ..With::default() };
            act::perform(op, id, &command, &with).map(|_| ())
        })
        .await
}
