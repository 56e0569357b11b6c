//! The ageing list of deferrals and the hot issues.

use crate::model::{Filter, Order, Summary};
use crate::store;
use crate::web::portal::caller::Caller;
use crate::web::portal::frame::Sheet;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::op::Op;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, feedback, html, when};
use kernel::access::Scope;
use kernel::duty::State;
use kernel::playbook::UnitKind;
use kernel::{Day, Instant, Lang, UnitCode, Words};

/// Most rows of a list: what is longest deferred and newest hot; the whole is the desk's.
const MOST: u32 = 100;

/// The way between the lists.
pub(super) fn tabs(t: T, at: &str) -> Markup {
    let tab = |href: &str, word: &str| html! { a href=(href) aria-current=[(href == at).then_some("page")] { (word) } };
    html! {
        nav.ptabs aria-label=(t.s("public.lists")) {
            (tab("/portal/public/rates", t.s("public.rates.title")))
            (tab("/portal/public/deferred", t.s("public.deferred.title")))
            (tab("/portal/public/exclusions", t.s("public.exclusions.title")))
            (tab("/portal/public/hot", t.s("public.hot.title")))
        }
    }
}

/// What a row may tell: the matter and its street. Of a confidential case not even that.
fn matter(caller: &Caller, row: &Summary) -> (String, String) {
    let t = caller.t();
    if row.confidential {
        return (t.s("public.confidential").to_owned(), "—".to_owned());
    }
    let category = row.category.as_deref().and_then(|code| caller.book.category(code));
    let name =
        category.map_or_else(|| t.s("public.unclassified").to_owned(), |c| t.words(&c.name).into_owned());
    (name, row.place.as_ref().map_or_else(|| "—".to_owned(), |place| street(caller, place)))
}

/// The street of a place: a community of a few hundred households would point at people.
fn street(caller: &Caller, place: &UnitCode) -> String {
    let above = caller.book.org.above(place).into_iter().find(|unit| unit.kind == UnitKind::Street);
    caller.unit(above.map_or(place, |unit| &unit.code))
}

/// A deferred case with its reason and day of review.
struct Waiting {
    row: Summary,
    why: Option<(Words, Day)>,
}

fn waiting(op: &mut Op<'_, '_>) -> Outcome<Vec<Waiting>> {
    let mut out = Vec::new();
    for row in store::ageing(op.tx, op.district(), None, MOST)? {
        let duty = duty::store::find(op.tx, op.district(), row.id)?;
        let why = duty.and_then(|duty| match duty.state {
            State::Suspended { reason, review, .. } => {
                Some((Words::new(reason.say(Lang::Zh), reason.say(Lang::En)), review))
            }
            _ => None,
        });
        out.push(Waiting { row, why });
    }
    Ok(out)
}

fn days(since: Instant, today: Day) -> i32 {
    today.number().saturating_sub(since.day().number())
}

pub(super) async fn deferred(caller: Caller) -> Outcome<Response> {
    let list = caller.app.read(&caller.who()?, waiting).await?;
    let t = caller.t();
    let rows = list.iter().map(|one| {
        let (what, place) = matter(&caller, &one.row);
        let (why, review) = match &one.why {
            Some((why, day)) => {
                (t.words(why).into_owned(), when::day_near(caller.lang(), *day, caller.today()))
            }
            None => ("—".to_owned(), "—".to_owned()),
        };
        let age = one.row.deferred_at.map_or(0, |at| days(at, caller.today()));
        vec![
            html! { (what) },
            html! { (place) },
            html! { (one.row.unit.as_ref().map_or_else(|| "—".to_owned(), |unit| caller.unit(unit))) },
            html! { b { (t.f("public.deferred.days", &[("n", &age)])) } },
            html! { (why) },
            html! { (review) },
        ]
    });
    let shown = Table {
        caption: t.s("public.deferred.title"),
        cols: vec![
            Col::text(t.s("public.matter")),
            Col::text(t.s("public.street")),
            Col::text(t.s("word.unit")),
            Col::number(t.s("public.deferred.since")),
            Col::text(t.s("word.reason")),
            Col::text(t.s("public.deferred.review")),
        ],
        rows: rows.collect(),
        tight: false,
        stacked: true,
    };
    let cap = caller.book.case_rules().map_or(0, |rules| rules.deferral_cap_percent);
    let body = html! {
        div.gp-w.pub {
            (tabs(t, "/portal/public/deferred"))
            h1 { (t.s("public.deferred.title")) } p.sub { (t.f("public.deferred.sub", &[("cap", &cap)])) }
            @if list.is_empty() { (feedback::empty("clock-pause", t.s("public.deferred.none"), t.s("public.deferred.none_text"), true, None)) }
            @else { section.card { (table(&shown)) } @if list.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) { p.sub { (t.f("public.most", &[("n", &MOST)])) } } }
        }
    };
    Ok(Sheet::new(t.s("public.deferred.title"), "/portal/public/rates", body).draw(&caller))
}

fn hot_rows(op: &mut Op<'_, '_>) -> Outcome<Vec<Summary>> {
    let filter = Filter { hot: true, ..Filter::default() };
    // Everybody may read this list; what of a row is shown is decided by `matter`.
    let found =
        store::list(op.tx, op.district(), (op.actor(), &Scope::All), &filter, Order::Newest, None, MOST)?;
    Ok(found.0)
}

pub(super) async fn hot(caller: Caller) -> Outcome<Response> {
    let list = caller.app.read(&caller.who()?, hot_rows).await?;
    let t = caller.t();
    let rows = list.iter().map(|row| {
        let (what, place) = matter(&caller, row);
        vec![
            html! { (what) },
            html! { (place) },
            html! { (row.unit.as_ref().map_or_else(|| "—".to_owned(), |unit| caller.unit(unit))) },
            html! { b { (row.links.saturating_add(1)) } },
            html! { (t.say(row.stage.say(caller.lang()))) },
            html! { (when::day_near(caller.lang(), row.received_at.day(), caller.today())) },
        ]
    });
    let shown = Table {
        caption: t.s("public.hot.title"),
        cols: vec![
            Col::text(t.s("public.matter")),
            Col::text(t.s("public.street")),
            Col::text(t.s("word.unit")),
            Col::number(t.s("public.hot.people")),
            Col::text(t.s("public.hot.stage")),
            Col::text(t.s("public.hot.first")),
        ],
        rows: rows.collect(),
        tight: false,
        stacked: true,
    };
    let people = caller.book.case_rules().map_or(0, |rules| rules.hot.people);
    let body = html! {
        div.gp-w.pub {
            (tabs(t, "/portal/public/hot"))
            h1 { (t.s("public.hot.title")) } p.sub { (t.f("public.hot.sub", &[("n", &people)])) }
            @if list.is_empty() { (feedback::empty("users-group", t.s("public.hot.none"), t.s("public.hot.none_text"), true, None)) }
            @else { section.card { (table(&shown)) } }
        }
    };
    Ok(Sheet::new(t.s("public.hot.title"), "/portal/public/rates", body).draw(&caller))
}
