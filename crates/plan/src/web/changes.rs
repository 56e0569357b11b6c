//! Requests to change an item: the card on the item's page, the list of all, answering and carrying out.

use super::item::Typed;
use super::words::Names;
use crate::act::{self, Ruling};
use crate::board::ItemView;
use crate::detail::Detail;
use crate::model::{Change, ChangeState, What};
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use base::i18n::T;
use base::web::form::{Fields, pairs};
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::{Choice, Field, Input, acts, field, token};
use base::web::ui::list::{Seg, segments};
use base::web::ui::{feedback, mark, when};
use base::web::{Ctx, Form, Page, after};
use base::{Fault, Outcome};
use kernel::playbook::Playbook;
use kernel::{Day, Refuse};
use maud::{Markup, html};
use std::sync::Arc;

/// The word of a sort of change.
pub(super) fn what_word(t: T<'_>, what: What) -> &str {
    match what {
        What::Due => t.s("plan.what_due"),
        What::Criterion => t.s("plan.what_criterion"),
        What::Target => t.s("plan.what_target"),
        What::Cancel => t.s("plan.what_cancel"),
    }
}

fn state_word(t: T<'_>, state: ChangeState) -> &str {
    match state {
        ChangeState::Asked => t.s("plan.change_asked"),
        ChangeState::Approved => t.s("plan.change_approved"),
        ChangeState::Refused => t.s("plan.change_refused"),
        ChangeState::Applied => t.s("plan.change_applied"),
    }
}

/// What the form's own field for `what` holds.
pub(super) fn typed_ask(fields: &Fields, what: What) -> &str {
    match what {
        What::Due => fields.text("due"),
        What::Criterion => fields.text("criterion"),
        What::Target => fields.text("target"),
        What::Cancel => "",
    }
}

/// The card on the item's page: requests so far, and the form for a new one.
pub(super) fn change_card(
    ctx: &Ctx,
    n: &Names<'_>,
    d: &Detail,
    item: &ItemView,
    typed: Option<&Typed>,
) -> Markup {
    let t = n.t;
    let all = d.changes();
    let by =
        n.book.plan.lists.get(&item.list).map(|l| t.words(&l.change_by).into_owned()).unwrap_or_default();
    let body = html! {
        div.stack {
        @if all.is_empty() { p.muted { (t.s("plan.no_changes")) } }
        @for change in &all {
            (entry(n, change))
            @if d.may.decide.iter().any(|no| no == change.no.as_str()) { (decide_form(ctx, t, change, "item", typed)) }
            @if d.may.apply.iter().any(|no| no == change.no.as_str()) { (apply_form(ctx, t, change, "item")) }
        }
        @if !d.may.ask.is_empty() { (ask_form(ctx, n, d, item, typed)) }
        }
    };
    Card::new(t.s("plan.changes")).measure(&by).id("changes").body(body).into()
}

/// One request in words.
fn entry(n: &Names<'_>, c: &Change) -> Markup {
    let t = n.t;
    html! {
        div.frm.w id=(c.no) {
            p {
                (mark::tag_strong(c.no.as_str())) " " b { (what_word(t, c.what)) } " " (mark::tag(state_word(t, c.state())))
            }
            dl.gd-dl {
                @if c.what == What::Cancel { dt { (t.s("plan.item")) } dd { (t.say(&c.was)) } } @else {
                    dt { (t.s("plan.was")) } dd { (shown(t, c.what, &c.was)) }
                    dt { (t.s("plan.wish")) } dd { b { (shown(t, c.what, &c.wish)) } }
                }
                dt { (t.s("word.reason")) } dd { (t.say(&c.reason)) }
                dt { (t.s("plan.asked_by")) } dd { (n.actor(&c.asked_by)) " " span.muted.xs { (when::moment(t.lang(), c.asked_at, n.today)) } }
                @if let Some(answer) = &c.decision {
                    dt { (t.s("plan.decided_by")) }
                    dd {
                        (n.actor(&answer.by)) " " span.muted.xs { (when::moment(t.lang(), answer.at, n.today)) }
                        @if !answer.document.is_empty() { br; (t.f("plan.by_document", &[("no", &answer.document)])) }
                        @if !answer.why.is_empty() { br; (t.say(&answer.why)) }
                    }
                }
                @if let Some((by, at)) = &c.applied {
                    dt { (t.s("plan.applied_by")) } dd { (n.actor(by)) " " span.muted.xs { (when::moment(t.lang(), *at, n.today)) } }
                }
            }
        }
    }
}

fn shown(t: T, what: What, text: &str) -> String {
    match what {
        What::Due => {
            Day::parse("day", text).map_or_else(|_| text.to_owned(), |d| when::day_full(t.lang(), d))
        }
        _ => t.say(text).into_owned(),
    }
}

fn ask_form(ctx: &Ctx, n: &Names<'_>, d: &Detail, item: &ItemView, typed: Option<&Typed>) -> Markup {
    let t = n.t;
    let mine = typed.filter(|x| x.fields.names().any(|f| f == "what"));
    let no = mine.map(|x| &*x.no);
    let text = |name: &'static str| mine.map_or("", |x| x.fields.text(name));
    // The refusal names the wish; the form has a field for each sort.
    let field_of = |name: &'static str, label, what: What| {
        let about = no.filter(|no| no.field() == Some("wish") && text("what") == what.code());
        let f = Field::new(name, label).value(text(name)).optional();
        f.error(about.map(|no| base::web::ui::form::message(t, no)))
    };
    let choices: Vec<Choice> = d.may.ask.iter().map(|w| Choice::new(w.code(), what_word(t, *w))).collect();
    let unit = item.unit.as_ref().map(|u| t.words(u).into_owned()).unwrap_or_default();
    let has = |what| d.may.ask.contains(&what);
    html! {
        details open[mine.is_some()] {
            summary.btn { (t.s("plan.ask")) }
            form.frm.w method="post" action={ "/plan/" (item.code) "/change" } {
                (token(&ctx.session.csrf))
                @if let Some(no) = no { (feedback::refusal(t, no, None)) }
                (field(t, &Field::new("what", t.s("plan.what")).value(text("what")).refused(t, no), &Input::Radio(&choices)))
                div.frm-g {
                    @if has(What::Due) { (field(t, &field_of("due", t.s("plan.new_due"), What::Due), &Input::Date)) }
                    @if has(What::Target) { (field(t, &field_of("target", t.s("plan.new_target"), What::Target), &Input::Number(&unit))) }
                }
                (field(t, &field_of("criterion", t.s("plan.new_criterion"), What::Criterion), &Input::Area(2, 2000)))
                (field(t, &Field::new("reason", t.s("word.reason")).value(text("reason")).refused(t, no), &Input::Area(2, 2000)))
                (acts(Button::new(t.s("plan.ask")).primary().submit()))
            }
        }
    }
}

fn decide_form(ctx: &Ctx, t: T, c: &Change, back: &str, typed: Option<&Typed>) -> Markup {
    let mine = typed.filter(|x| x.fields.text("no") == c.no.as_str());
    let no = mine.map(|x| &*x.no);
    let text = |name: &'static str| mine.map_or("", |x| x.fields.text(name));
    let (document, why) = (format!("document-{}", c.no), format!("why-{}", c.no));
    html! {
        form.frm.w method="post" action={ "/plan/changes/" (c.no) "/decide" } {
            (token(&ctx.session.csrf))
            input type="hidden" name="no" value=(c.no);
            input type="hidden" name="back" value=(back);
            @if let Some(no) = no { (feedback::refusal(t, no, None)) }
            div.frm-g {
                div.fld {
                    label for=(document) { (t.s("plan.document")) }
                    input.form-control id=(document) name="document" maxlength="80" value=(text("document"));
                    span.hint { (t.s("plan.document_hint")) }
                }
                div.fld {
                    label for=(why) { (t.s("plan.ruling")) }
                    input.form-control id=(why) name="why" maxlength="500" value=(text("why"));
                    span.hint { (t.s("plan.ruling_hint")) }
                }
            }
            (acts(html! {
                (Button::new(t.s("plan.approve")).primary().sends("approve", "yes"))
                (Button::new(t.s("plan.refuse")).weight(Weight::Danger).sends("approve", "no"))
            }))
        }
    }
}

fn apply_form(ctx: &Ctx, t: T, c: &Change, back: &str) -> Markup {
    html! {
        form.frm.w method="post" action={ "/plan/changes/" (c.no) "/apply" } {
            (token(&ctx.session.csrf))
            input type="hidden" name="back" value=(back);
            (acts(Button::new(t.s("plan.apply")).weight(Weight::Danger).submit()))
        }
    }
}

/// Which requests the list shows.
fn wanted(query: &str) -> Outcome<Option<ChangeState>> {
    let mut state = None;
    for (key, value) in pairs(query).into_iter().filter(|(_, v)| !v.is_empty()) {
        match key.as_str() {
            "state" => state = Some(parse_state(&value)?),
            "ok" | "lang" => {}
            other => return Err(super::query::unknown(other).into()),
        }
    }
    Ok(state)
}

/// Reads the code of a state.
pub(super) fn parse_state(given: &str) -> Result<ChangeState, kernel::Malformed> {
    let all = [ChangeState::Asked, ChangeState::Approved, ChangeState::Refused, ChangeState::Applied];
    all.into_iter().find(|s| s.code() == given).ok_or_else(|| {
        kernel::Malformed::new(
            "plan.change_state",
            "state",
            given,
            kernel::Words::new("没有这种状态", "There is no such state"),
            kernel::Words::new(
                "请用asked、approved、refused或applied",
                "Use asked, approved, refused or applied",
            ),
        )
    })
}

/// `/plan/changes`.
pub(super) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Outcome<Response> {
    draw(&ctx, wanted(&query.unwrap_or_default())?, None).await
}

struct Row {
    change: Change,
    decide: bool,
    apply: bool,
}

async fn draw(ctx: &Ctx, state: Option<ChangeState>, typed: Option<Typed>) -> Outcome<Response> {
    let book: Arc<Playbook> = ctx.app.book(ctx.district(), ctx.now().day())?;
    let inner = book.clone();
    let rows: Vec<Row> = ctx
        .app
        .read(&ctx.who, move |op| {
            let mut all = act::changes(op)?;
            all.reverse();
            let row = |change: Change| {
                let item = inner.item(change.item.as_str());
                let decide = change.state() == ChangeState::Asked
                    && item.is_some_and(|i| act::may_decide(op, i, &change));
                let ready = change.state() == ChangeState::Approved && change.what == What::Cancel;
                let apply = ready && item.is_some_and(|i| act::may_apply(op, i));
                Row { change, decide, apply }
            };
            Ok(all.into_iter().map(row).collect())
        })
        .await?;
    let n = Names::new(ctx, &book, ctx.now().day())?;
    let t = n.t;
    let kept: Vec<&Row> = rows.iter().filter(|r| state.is_none_or(|s| r.change.state() == s)).collect();
    let body = html! {
        (page_head(&PageHead { title: t.s("plan.changes"), sub: t.s("plan.changes_sub"), ..PageHead::default() }))
        div.row-f { (states(t, &rows, state)) }
        @if kept.is_empty() { (feedback::empty("arrows-exchange", t.s("plan.no_changes"), t.s("plan.no_changes_text"), true, None)) }
        @for row in kept { (card(ctx, &n, row, typed.as_ref())) }
    };
    let page = Page::new(t.s("plan.changes"), body).class("p-plan").crumb(t.s("plan.title"), "/plan");
    Ok(page.marks(false, ctx.app.simulated, true).draw(ctx))
}

fn states(t: T, rows: &[Row], now: Option<ChangeState>) -> Markup {
    let all = [ChangeState::Asked, ChangeState::Approved, ChangeState::Refused, ChangeState::Applied];
    let count =
        |s: ChangeState| u64::try_from(rows.iter().filter(|r| r.change.state() == s).count()).unwrap_or(0);
    let hrefs: Vec<String> = all.iter().map(|s| format!("/plan/changes?state={}", s.code())).collect();
    let mut segs = vec![Seg {
        label: t.s("word.all"),
        count: u64::try_from(rows.len()).ok(),
        href: "/plan/changes",
        current: now.is_none(),
        light: None,
    }];
    segs.extend(all.iter().zip(&hrefs).map(|(s, href)| Seg {
        label: state_word(t, *s),
        count: Some(count(*s)),
        href,
        current: now == Some(*s),
        light: None,
    }));
    segments(t.s("plan.state"), &segs)
}

fn card(ctx: &Ctx, n: &Names<'_>, row: &Row, typed: Option<&Typed>) -> Markup {
    let t = n.t;
    let c = &row.change;
    let item = n.book.item(c.item.as_str());
    let title = item.map_or_else(|| c.item.to_string(), |i| format!("{} {}", i.code, t.words(&i.title)));
    let unit = item.map(|i| n.unit(&i.lead)).unwrap_or_default();
    let tools = html! { a href={ "/plan/" (c.item) } { (t.s("plan.open_item")) } };
    let body = html! { div.stack {
        (entry(n, c))
        @if row.decide { (decide_form(ctx, t, c, "list", typed)) }
        @if row.apply { (apply_form(ctx, t, c, "list")) }
    } };
    Card::new(&title).measure(&unit).tools(tools).body(body).into()
}

/// Answers a request.
pub(super) async fn decide(Path(no): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    match ruled(&ctx, &no, &fields).await {
        Ok(change) => Ok(after(&back(&fields, &change), "plan.decide")),
        Err(Fault::Refused(refused)) => again(&ctx, fields, refused).await,
        Err(fault) => Err(fault),
    }
}

async fn ruled(ctx: &Ctx, no: &str, fields: &Fields) -> Outcome<Change> {
    fields.only(&["no", "back", "document", "why", "approve"])?;
    let text = |name: &str| -> String { fields.text(name).chars().take(500).collect() };
    let ruling =
        Ruling { approve: fields.text("approve") == "yes", document: text("document"), why: text("why") };
    let no = no.to_owned();
    ctx.app.write(&ctx.who, move |op| act::decide(op, &no, &ruling)).await
}

/// Carries out an approved cancellation.
pub(super) async fn apply(Path(no): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&["back"])?;
    let wanted = no.clone();
    let change = ctx.app.write(&ctx.who, move |op| act::apply(op, &wanted)).await?;
    Ok(after(&back(&fields, &change), "plan.apply"))
}

fn back(fields: &Fields, change: &Change) -> String {
    match fields.text("back") {
        "item" => format!("/plan/{}#changes", change.item),
        _ => "/plan/changes".to_owned(),
    }
}

async fn again(ctx: &Ctx, fields: Fields, no: Box<dyn Refuse>) -> Outcome<Response> {
    let status = base::web::problem::status(no.kind());
    let page = draw(ctx, None, Some(Typed { fields, no })).await?;
    Ok((status, page).into_response())
}
