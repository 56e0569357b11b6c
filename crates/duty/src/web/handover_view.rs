//! The hand-over list as it is printed and signed.

use super::look::Look;
use crate::model::Summary;
use base::web::ui::button::Button;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::due::Length;
use base::web::ui::feedback::{empty, note};
use base::web::ui::list::{Col, Table, table, title_cell};
use base::web::ui::{Markup, Tone, html};
use kernel::PostCode;
use kernel::duty::Duty;

/// The hand-over list: everything open of a post, to be printed and signed.
pub(super) fn page(look: Look<'_>, rows: &[(Summary, Duty)], more: bool, post: &PostCode) -> Markup {
    let t = look.t;
    let line = |(s, duty): &(Summary, Duty)| {
        let latest = duty.percent.map(|p| format!("{p}%")).unwrap_or_default();
        vec![
            title_cell(&format!("/d/{}", s.id), &t.say(&s.title), &s.no),
            html! { (look.kind(&s.kind)) },
            html! { (look.state(&s.state)) " " (latest) },
            html! { (look.post(&s.registrar)) },
            look.chip(s, None, Length::Full),
            html! { (t.say(duty.criterion.as_str())) },
        ]
    };
    let list = Table {
        caption: t.s("du.handover.title"),
        cols: vec![
            Col::text(t.s("duty.what")),
            Col::text(t.s("duty.kind")).secondary(),
            Col::text(t.s("du.duties.state")),
            Col::text(t.s("duty.from")).secondary(),
            Col::text(t.s("du.duties.due")),
            Col::text(t.s("du.duties.criterion")).secondary(),
        ],
        rows: rows.iter().map(line).collect(),
        tight: false,
        stacked: false,
    };
    let acts = html! { (Button::new(t.s("act.print")).icon("printer").attr("data-print", "")) };
    let head = PageHead {
        title: t.s("du.handover.title"),
        sub: &t.f(
            "du.handover.sub",
            &[("post", &look.post(post)), ("n", &rows.len()), ("at", &look.moment(look.now))],
        ),
        acts: Some(acts),
        ..PageHead::default()
    };
    html! {
        (page_head(&head))
        @if more { (note(Tone::Warn, html! { (t.f("du.handover.more", &[("n", &rows.len())])) })) }
        @if rows.is_empty() {
            (Card::new(t.s("du.handover.title")).body(empty("checks", t.s("du.inbox.empty"), t.s("du.inbox.empty_text"), true, None)))
        } @else {
            (Card::new(t.s("du.handover.open")).flush(table(&list)).foot(html! { (t.s("du.handover.sign")) }))
        }
    }
}
