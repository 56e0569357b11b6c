//! Markup of 对外接口.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::outbox::hooks::{Hook, Kinds, TEST};
use base::outbox::{Delivery, Stand};
use base::web::form::Fields;
use base::web::problem::status;
use base::web::ui::button::{Button, Weight};
use base::web::ui::card::{Card, PageHead, facts, page_head};
use base::web::ui::form::{self, Choice, Field, Input};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::{Markup, Tone, feedback, html, mark, when};
use base::web::{Ctx, Page};
use kernel::Refuse;

/// What the page of a receiver shows.
pub(super) struct Shown<'a> {
    /// The receiver.
    pub(super) hook: &'a Hook,
    /// Its newest deliveries.
    pub(super) deliveries: &'a [Delivery],
    /// A secret that is shown this once.
    pub(super) secret: Option<&'a str>,
}

/// The list and the form for a new one.
pub(super) fn list(ctx: &Ctx, found: &[Hook], typed: &Fields, no: Option<&dyn Refuse>) -> Response {
    let t = ctx.t();
    let title = t.s("org.hook.title");
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.hook.sub"), ..PageHead::default() }))
        div.g.g75 {
            (Card::new(t.s("org.hook.list")).measure(t.s("org.hook.list_sub")).flush(html! {
                @if found.is_empty() { (feedback::empty("link", t.s("org.hook.none"), t.s("org.hook.none_text"), false, None)) }
                @else { (rows(ctx, found)) }
            }))
            (Card::new(t.s("org.hook.new")).measure(t.s("org.hook.new_sub")).body(new_form(ctx, typed, no)))
        }
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    (code, Page::new(title, body).crumb(t.s("org.people.title"), "/people").draw(ctx)).into_response()
}

fn rows(ctx: &Ctx, found: &[Hook]) -> Markup {
    let t = ctx.t();
    let row = |hook: &Hook| {
        vec![
            title_cell(&format!("/integrations/{}", hook.id), &hook.url, &hook.kinds.join(" ")),
            state(ctx, hook),
            html! { span.nowrap { (when::day_full(ctx.lang(), hook.created_at.day())) } },
        ]
    };
    table(&Table {
        caption: t.s("org.hook.list"),
        cols: vec![
            Col::text(t.s("org.hook.receiver")),
            Col::text(t.s("org.word.state")),
            Col::text(t.s("org.hook.since")).secondary(),
        ],
        rows: found.iter().map(row).collect(),
        stacked: true,
        ..Table::default()
    })
}

fn state(ctx: &Ctx, hook: &Hook) -> Markup {
    let (t, today) = (ctx.t(), ctx.now().day());
    html! {
        span.row-f {
            @if hook.enabled { (mark::tag(t.s("org.hook.on"))) } @else { (mark::tag_outline(t.s("org.hook.off"))) }
            @if let Some(since) = hook.failing_since {
                span.c-r.sm { (t.f("org.hook.failing", &[("since", &when::moment(ctx.lang(), since, today))])) }
            }
        }
    }
}

fn new_form(ctx: &Ctx, typed: &Fields, no: Option<&dyn Refuse>) -> Markup {
    let t = ctx.t();
    let known = ctx.app.extras.get::<Kinds>().cloned().unwrap_or_default();
    let kind = |(code, words): &(&'static str, kernel::Words)| Choice {
        value: (*code).to_owned(),
        label: words.get(ctx.lang()).to_owned(),
        note: (*code).to_owned(),
    };
    let mut choices: Vec<Choice> = known.0.iter().map(kind).collect();
    choices.push(Choice { note: "*".to_owned(), ..Choice::new("*", t.s("org.hook.all")) });
    form::post(
        "/integrations",
        &ctx.session.csrf,
        false,
        html! {
            @if let Some(no) = no { (feedback::refusals(t, &[no])) }
            (form::field(t, &Field::new("url", t.s("org.hook.url")).hint(t.s("org.hook.url_hint")).value(typed.text("url")).refused(t, no), &Input::Text(2000)))
            (form::field(t, &Field::new("kinds", t.s("org.hook.kinds")).chosen(typed.all("kinds")).refused(t, no), &Input::Checks(&choices)))
            (form::field(t, &Field::new("pattern", t.s("org.hook.pattern")).optional().hint(t.s("org.hook.pattern_hint")).value(typed.text("pattern")), &Input::Text(200)))
            (form::acts(html! { (Button::new(t.s("org.hook.add")).primary().submit()) }))
        },
    )
}

/// One receiver.
pub(super) fn one(ctx: &Ctx, shown: &Shown<'_>, no: Option<&dyn Refuse>) -> Response {
    let (t, hook) = (ctx.t(), shown.hook);
    let title = host(&hook.url);
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.hook.one_sub"), meta: Some(state(ctx, hook)), ..PageHead::default() }))
        @if let Some(no) = no { (feedback::refusal(t, no, None)) }
        @if let Some(secret) = shown.secret { (once(ctx, secret)) }
        div.g.g75 {
            (Card::new(t.s("org.hook.log")).measure(t.s("org.hook.log_sub")).flush(log(ctx, shown)))
            div.stack { (facts_card(ctx, hook)) (acts_card(ctx, hook)) }
        }
    };
    let code = no.map_or(StatusCode::OK, |no| status(no.kind()));
    let page = Page::new(title, body).crumb(t.s("org.hook.title"), "/integrations").draw(ctx);
    (code, page).into_response()
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The secret: in this answer only.
fn once(ctx: &Ctx, secret: &str) -> Markup {
    let t = ctx.t();
    feedback::note(
        Tone::Warn,
        html! {
            b { (t.s("org.hook.secret")) }
            p { code.mono.text-break { (secret) } }
            p { (t.s("org.hook.secret_text")) }
        },
    )
}

fn facts_card(ctx: &Ctx, hook: &Hook) -> Markup {
    let t = ctx.t();
    let lines = [
        (t.s("org.hook.url"), html! { span.mono.text-break { (hook.url) } }),
        (t.s("org.hook.kinds"), html! { @for kind in &hook.kinds { div { code { (kind) } } } }),
        (t.s("org.hook.id"), html! { span.mono.text-break { (hook.id) } }),
        (t.s("org.hook.since"), html! { (when::day_full(ctx.lang(), hook.created_at.day())) }),
    ];
    Card::new(t.s("org.hook.receiver")).body(facts(&lines)).into()
}

fn acts_card(ctx: &Ctx, hook: &Hook) -> Markup {
    let (t, csrf, path) = (ctx.t(), &ctx.session.csrf, format!("/integrations/{}", hook.id));
    let act = |verb: &str, button: Button<'_>, why: &str| {
        html! { div { (form::act(&format!("{path}/{verb}"), csrf, html! { (button.submit()) })) p.muted.xs { (why) } } }
    };
    Card::new(t.s("org.hook.acts"))
        .measure(t.s("org.person.acts_sub"))
        .body(html! { div.stack {
            @if hook.enabled {
                (act("test", Button::new(t.s("org.hook.test")).icon("send"), t.s("org.hook.test_why")))
            }
            (act("rotate", Button::new(t.s("org.hook.rotate")).icon("key"), t.s("org.hook.rotate_why")))
            @if hook.enabled { (act("disable", Button::new(t.s("org.hook.disable")), t.s("org.hook.disable_why"))) }
            @else { (act("enable", Button::new(t.s("org.hook.enable")), t.s("org.hook.enable_why"))) }
            details {
                summary { (t.s("org.hook.remove_open")) }
                (act("remove", Button::new(t.s("org.hook.remove")).weight(Weight::Danger), t.s("org.hook.remove_why")))
            }
        } })
        .into()
}

fn log(ctx: &Ctx, shown: &Shown<'_>) -> Markup {
    let (t, today) = (ctx.t(), ctx.now().day());
    if shown.deliveries.is_empty() {
        return feedback::empty("send", t.s("org.hook.log_none"), t.s("org.hook.log_none_text"), false, None);
    }
    let row = |d: &Delivery| {
        let kind = if d.item.kind == TEST { t.s("org.hook.is_test") } else { d.item.kind.as_str() };
        let again = html! {
            @if matches!(d.stand, Stand::Failed(_)) && shown.hook.enabled {
                form.ctx-act method="post" action={ "/integrations/" (shown.hook.id) "/retry" } {
                    (form::token(&ctx.session.csrf)) (form::hidden("message", &d.item.id.to_string()))
                    (Button::new(t.s("org.hook.again")).small().submit())
                }
            }
        };
        vec![
            html! { span.t { (kind) } span.s.nowrap { (when::moment(ctx.lang(), d.item.created_at, today)) } },
            stand(ctx, d),
            html! { (d.item.attempts) },
            again,
        ]
    };
    table(&Table {
        caption: t.s("org.hook.log"),
        cols: vec![
            Col::text(t.s("org.hook.message")),
            Col::text(t.s("org.word.state")),
            Col::number(t.s("org.hook.tries")),
            Col::text(""),
        ],
        rows: shown.deliveries.iter().map(row).collect(),
        stacked: true,
        ..Table::default()
    })
}

fn stand(ctx: &Ctx, d: &Delivery) -> Markup {
    let (t, today) = (ctx.t(), ctx.now().day());
    let at = |at| when::moment(ctx.lang(), at, today);
    html! {
        @match d.stand {
            Stand::Sent(when) => { (mark::checked(true, &t.f("org.hook.sent", &[("at", &at(when))]))) }
            Stand::Failed(when) => { (mark::checked(false, &t.f("org.hook.failed", &[("at", &at(when))]))) }
            Stand::Waiting(next) if d.item.attempts > 0 => { (t.f("org.hook.next", &[("at", &at(next))])) }
            Stand::Waiting(_) => { (t.s("org.hook.waiting")) }
        }
        @if !d.item.last_error.is_empty() { span.s.muted.text-break { (d.item.last_error) } }
    }
}
