//! Opening a topic: what, where, why, who owns the policy, what counts as done.

use crate::topic::{self, NewTopic};
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use base::i18n::T;
use base::web::form::{Fields, pairs};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{Choice, Field, Input, acts, field, post};
use base::web::ui::{Markup, feedback, html};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::playbook::{Playbook, UnitKind};
use kernel::text::{Remark, Title};
use kernel::{Day, Refuse, Slug, UnitCode};

const FIELDS: [&str; 9] =
    ["title", "why", "category", "place", "owner1", "owner2", "owner3", "criterion", "due"];

pub(super) async fn page(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    ctx.app.read(&ctx.who, |op| op.judge(Action::TopicOpen, &Resource::new()).map(|_| ())).await?;
    draw(&ctx, &Fields::from_pairs(pairs(&query.unwrap_or_default())), None)
}

pub(super) async fn open(Form { ctx, fields }: Form) -> Outcome<Response> {
    let opened = match parse(&fields) {
        Ok(new) => ctx.app.write(&ctx.who, move |op| topic::open(op, &new)).await,
        Err(fault) => Err(fault),
    };
    match opened {
        Ok(topic) => Ok(after(&format!("/topics/{}", topic.no), "topics.open")),
        Err(Fault::Refused(no)) => {
            let status = base::web::problem::status(no.kind());
            Ok((status, draw(&ctx, &fields, Some(&*no))?).into_response())
        }
        Err(fault) => Err(fault),
    }
}

fn parse(fields: &Fields) -> Outcome<NewTopic> {
    fields.only(&FIELDS)?;
    let owners = ["owner1", "owner2", "owner3"].iter().filter_map(|name| Some((*name, fields.given(name)?)));
    Ok(NewTopic {
        title: Title::parse("title", fields.text("title"))?,
        why: Remark::parse("why", fields.text("why"))?,
        category: Slug::parse("category", fields.text("category"))?,
        place: fields.given("place").map(|code| UnitCode::parse("place", code)).transpose()?,
        owners: owners.map(|(name, code)| UnitCode::parse(name, code)).collect::<Result<_, _>>()?,
        criterion: Remark::parse("criterion", fields.text("criterion"))?,
        due: fields.given("due").map(|day| Day::parse("due", day)).transpose()?,
    })
}

fn units(t: T<'_>, book: &Playbook, keep: impl Fn(UnitKind) -> bool) -> Vec<Choice> {
    let kept = book.org.units.values().filter(|unit| keep(unit.kind));
    kept.map(|unit| Choice::new(unit.code.as_str(), t.words(&unit.name))).collect()
}

fn draw(ctx: &Ctx, fields: &Fields, no: Option<&dyn Refuse>) -> Outcome<Response> {
    let t = ctx.t();
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let head = PageHead { title: t.s("topics.new"), sub: t.s("topics.new_sub"), ..PageHead::default() };
    let body = html! {
        (page_head(&head))
        @if let Some(no) = no { (feedback::refusal(t, no, None)) }
        (Card::new(t.s("topics.new")).body(post("/topics", &ctx.session.csrf, false, inputs(t, &book, fields, no))))
    };
    let page = Page::new(t.s("topics.new"), body).class("p-topics").crumb(t.s("topics.title"), "/topics");
    Ok(page.draw(ctx))
}

fn inputs(t: T<'_>, book: &Playbook, fields: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let owner_kinds = |kind| {
        matches!(
            kind,
            UnitKind::CommitteeOffice | UnitKind::Department | UnitKind::Street | UnitKind::TaskForce
        )
    };
    let owners = units(t, book, owner_kinds);
    let places = units(t, book, |kind| matches!(kind, UnitKind::Street | UnitKind::Community));
    let categories: Vec<Choice> = book
        .categories
        .values()
        .map(|c| Choice::new(c.code.as_str(), format!("{} {}", c.code, t.words(&c.name))))
        .collect();
    let one = |name: &'static str, label| Field::new(name, label).value(fields.text(name)).refused(t, no);
    let maybe = |name: &'static str, label| one(name, label).optional();
    html! {
        (field(t, &one("title", t.s("topics.name")).hint(t.s("topics.name_hint")), &Input::Text(Title::MAX)))
        (field(t, &one("why", t.s("topics.why")), &Input::Area(3, Remark::MAX)))
        (field(t, &one("category", t.s("topics.category")).hint(t.s("topics.category_hint")), &Input::Select(&categories)))
        (field(t, &maybe("place", t.s("topics.place")).hint(t.s("topics.place_hint")), &Input::Select(&places)))
        (field(t, &one("owner1", t.s("topics.owner")), &Input::Select(&owners)))
        (field(t, &maybe("owner2", t.s("topics.owner2")), &Input::Select(&owners)))
        (field(t, &maybe("owner3", t.s("topics.owner3")), &Input::Select(&owners)))
        (field(t, &one("criterion", t.s("topics.criterion")).hint(t.s("topics.criterion_hint")), &Input::Area(3, Remark::MAX)))
        (field(t, &maybe("due", t.s("topics.due")).hint(t.s("topics.due_hint")), &Input::Date))
        (acts(html! { (Button::new(t.s("topics.submit")).primary().submit()) (Button::link(t.s("act.cancel"), "/topics")) }))
    }
}
