//! `/admin/jobs`: periodic jobs and messages that could not be delivered, for the system administrator.

use super::query;
use crate::event::{Event, Nothing, VERSION};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use base::journal::{Fact, history};
use base::op::Op;
use base::outbox::{self, Item};
use base::ticker::{self, TickRow};
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::form::act;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, feedback, html, mark, when};
use base::web::{Ctx, Form, Page, after, encode};
use base::{Common, Outcome};
use kernel::access::{Action, Resource};
use uuid::Uuid;

/// Failed messages on the page.
const SHOWN: u32 = 50;

/// The page.
pub(super) async fn page(ctx: Ctx, RawQuery(q): RawQuery) -> Outcome<Response> {
    query(q.as_deref(), &[])?;
    let (jobs, failed, waiting) = ctx
        .app
        .read(&ctx.who, |op| {
            op.judge(Action::SystemJobs, &Resource::new())?;
            let district = op.district();
            let jobs = ticker::list(op.tx, district)?;
            Ok((jobs, outbox::failures(op.tx, district, None, SHOWN)?, outbox::waiting(op.tx, district)?))
        })
        .await?;
    let t = ctx.t();
    let body = html! {
        (page_head(&PageHead { title: t.s("jobs.title"), sub: t.s("jobs.sub"), ..PageHead::default() }))
        (list(&ctx, &jobs))
        (failures(&ctx, &failed, waiting))
    };
    Ok(Page::new(t.s("jobs.title"), body).class("p-jobs").draw(&ctx))
}

/// Makes a job due at once; the ticker starts it within a second.
pub(super) async fn run(Path(name): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&[])?;
    ctx.app
        .write(&ctx.who, move |op| {
            op.judge(Action::SystemJobs, &Resource::new())?;
            if !ticker::run_now(op.tx, op.district(), &name, op.now())? {
                return Err(Common::NotFound { what: "job", given: name.clone() }.into());
            }
            note(op, "job", &format!("job:{name}"), Event::JobAsked)
        })
        .await?;
    Ok(after("/admin/jobs", "jobs.run"))
}

/// Puts a message that was given up back to the start of its schedule.
pub(super) async fn replay(Path(id): Path<String>, Form { ctx, fields }: Form) -> Outcome<Response> {
    fields.only(&[])?;
    let id = parse(&id)?;
    ctx.app
        .write(&ctx.who, move |op| {
            op.judge(Action::SystemJobs, &Resource::new())?;
            outbox::replay(op.tx, op.district(), id, op.now())?;
            note(op, "outbox", &format!("outbox:{id}"), Event::Replayed)
        })
        .await?;
    Ok(after("/admin/jobs", "jobs.replay"))
}

fn parse(given: &str) -> Result<Uuid, Common> {
    Uuid::try_parse(given)
        .map_err(|_: uuid::Error| Common::NotFound { what: "message", given: kernel::refusal::clip(given) })
}

/// An administrator's act leaves an event like any other; its number follows those of the same thing.
fn note(op: &mut Op<'_, '_>, kind: &str, subject: &str, event: Event) -> Outcome<()> {
    let rev = history(op.tx, op.district(), subject)?.last().map_or(1, |last| last.rev + 1);
    let body = serde_json::to_string(&Nothing {})?;
    let fact = Fact { subject_kind: kind, subject, rev, kind: event.kind(), version: VERSION, body: &body };
    op.record(fact).map(|_| ())
}

fn list(ctx: &Ctx, jobs: &[TickRow]) -> Markup {
    let t = ctx.t();
    let today = ctx.now().day();
    let rows: Vec<Vec<Markup>> = jobs
        .iter()
        .map(|job| {
            let action = format!("/admin/jobs/{}/run", encode(&job.name));
            let last = job.last_ok.map_or_else(|| "—".to_owned(), |at| when::moment(t.lang(), at, today));
            vec![
                html! { span.t { (job.name) } span.s { @if job.lease_by.is_empty() { (t.s("jobs.idle")) } @else { (t.f("jobs.running", &[("node", &job.lease_by)])) } } },
                html! { (when::moment(t.lang(), job.next_at, today)) },
                html! { (last) },
                html! { (job.runs) },
                html! { @if job.last_error.is_empty() { (mark::checked(true, t.s("jobs.good"))) } @else { (mark::checked(false, &job.last_error)) } },
                act(&action, &ctx.session.csrf, Button::new(t.s("jobs.run")).small().icon("player-play").submit()),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        feedback::empty("clock", t.s("jobs.none"), t.s("jobs.none_why"), false, None)
    } else {
        let cols = vec![
            Col::text(t.s("jobs.job")),
            Col::text(t.s("jobs.next")),
            Col::text(t.s("jobs.last")),
            Col::number(t.s("jobs.runs")),
            Col::text(t.s("word.result")),
            Col::text(""),
        ];
        table(&Table { caption: t.s("jobs.jobs"), cols, rows, tight: true, stacked: true })
    };
    Card::new(t.s("jobs.jobs")).measure(t.s("jobs.jobs_sub")).flush(body).into()
}

fn failures(ctx: &Ctx, failed: &[Item], waiting: u64) -> Markup {
    let t = ctx.t();
    let today = ctx.now().day();
    let rows: Vec<Vec<Markup>> = failed
        .iter()
        .map(|item| {
            let action = format!("/admin/outbox/{}/replay", item.id);
            vec![
                html! { span.t { (item.kind) } span.s { (item.channel.as_str()) " · " (item.target) } },
                html! { (when::moment(t.lang(), item.created_at, today)) },
                html! { (item.attempts) },
                html! { (item.last_error) },
                act(
                    &action,
                    &ctx.session.csrf,
                    Button::new(t.s("jobs.replay")).small().icon("refresh").submit(),
                ),
            ]
        })
        .collect();
    let body = if rows.is_empty() {
        feedback::empty("mail", t.s("jobs.no_failures"), t.s("jobs.no_failures_why"), true, None)
    } else {
        let cols = vec![
            Col::text(t.s("jobs.message")),
            Col::text(t.s("jobs.made")),
            Col::number(t.s("jobs.tries")),
            Col::text(t.s("word.reason")),
            Col::text(""),
        ];
        table(&Table { caption: t.s("jobs.failures"), cols, rows, tight: true, stacked: true })
    };
    let sub = t.f("jobs.failures_sub", &[("n", &waiting)]);
    Card::new(t.s("jobs.failures")).measure(&sub).id("outbox").flush(body).into()
}
