//! What is kept of a petitioner: who looked at the contact, all of it as a file, and the wish to have it erased.

use super::link::Link;
use super::{Seen, look};
use crate::act::{export_personal, petition};
use crate::event::{self, Event};
use crate::facts::desk;
use crate::model::MessageKind;
use crate::rules::Command;
use crate::web::portal::caller::{Caller, PortalForm};
use crate::web::portal::frame::Sheet;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::core::{Key, Reply};
use base::notice::Notice;
use base::op::Op;
use base::web::after;
use base::web::ui::button::Button;
use base::web::ui::list::{Col, Table, table};
use base::web::ui::{Markup, feedback, html, when};
use base::{Fault, Outcome};
use kernel::text::Remark;
use kernel::{Instant, PostCode, Slug, Words};

/// One time that staff opened the contact.
struct Opened {
    at: Instant,
    post: String,
    reason: Slug,
}

fn opened(op: &mut Op<'_, '_>, seen: &Seen) -> Outcome<Vec<Opened>> {
    let history = base::journal::history(op.tx, op.district(), &event::subject(seen.track.case))?;
    let mut out = Vec::new();
    for stored in history.into_iter().filter(|stored| stored.kind == "case.revealed") {
        if let Event::Revealed { reason, .. } = serde_json::from_str(&stored.body)? {
            out.push(Opened { at: stored.at, post: stored.actor, reason });
        }
    }
    Ok(out)
}

pub(super) async fn show(mut caller: Caller, Path(token): Path<String>) -> Outcome<Response> {
    let link = Link::open(&mut caller, &token)?;
    let read = move |op: &mut Op<'_, '_>| {
        let seen = look(op, &link)?;
        let list = opened(op, &seen)?;
        Ok((seen, list))
    };
    let (seen, list) = caller.app.write(&caller.who()?, read).await?;
    let body = draw(&caller, &seen, &list, &token);
    Ok(Sheet::new(caller.t().s("track.data.title"), "/portal/track", body).draw(&caller))
}

fn draw(caller: &Caller, seen: &Seen, list: &[Opened], token: &str) -> Markup {
    let t = caller.t();
    let rows = list.iter().map(|one| row(caller, one)).collect();
    let shown = Table {
        caption: t.s("track.data.looked"),
        cols: vec![Col::text(t.s("word.time")), Col::text(t.s("word.post")), Col::text(t.s("word.reason"))],
        rows,
        tight: false,
        stacked: true,
    };
    let form = |act: &str, word: &str, text: &str, icon: &str| {
        let button = Button::new(word).icon(icon).submit();
        html! { form.datf method="post" action={ "/t/" (token) "/" (act) } { (button) p.sub { (text) } } }
    };
    let years = caller.book.case_rules().map_or(0, |rules| rules.retention_years);
    html! {
        div.gp-nar.ff {
            header { h1 { (t.s("track.data.title")) } p.mono { (seen.track.no) } }
            section.card.pad { h2 { (t.s("track.data.looked")) }
                @if list.is_empty() { (feedback::empty("eye-off", t.s("track.data.nobody"), t.s("track.data.nobody_text"), true, None)) }
                @else { (table(&shown)) }
                p.sub { (t.s("track.data.rule")) }
            }
            section.card.pad { h2 { (t.s("track.data.yours")) }
                (form("export", t.s("track.data.export"), t.s("track.data.export_text"), "download"))
                (form("erase", t.s("track.data.erase"), &t.f("track.data.erase_text", &[("n", &years)]), "trash"))
            }
            p { a href={ "/t/" (token) } { (t.s("track.data.back")) } }
        }
    }
}

fn row(caller: &Caller, one: &Opened) -> Vec<Markup> {
    let t = caller.t();
    let post = PostCode::parse("post", &one.post).map_or_else(
        |_| one.post.clone(),
        |code| org::names::unit_and_post(&caller.book, &code, caller.lang()),
    );
    let words = caller.book.case_rules().and_then(|rules| rules.reveal_reasons.get(&one.reason));
    let reason = words.map_or_else(|| one.reason.to_string(), |words| t.words(words).into_owned());
    vec![
        html! { (when::moment(caller.lang(), one.at, caller.today())) },
        html! { (t.say(&post)) },
        html! { (reason) },
    ]
}

/// Everything that is stored, as a JSON file; that it was given is recorded.
pub(super) async fn export(
    Path(token): Path<String>,
    PortalForm { mut caller, fields }: PortalForm,
) -> Outcome<Response> {
    fields.only(&[])?;
    let link = Link::open(&mut caller, &token)?;
    let name = format!("attachment; filename=\"guandu-{}.json\"", link.no);
    let found = caller.app.write(&caller.who()?, move |op| export_personal(op, &link.no, &link.code)).await?;
    let text = serde_json::to_string_pretty(&found)?;
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}

/// The wish to be forgotten reaches the hotline's desk, which decides under the law; the case says so too while it can.
pub(super) async fn erase(
    Path(token): Path<String>,
    PortalForm { mut caller, fields }: PortalForm,
) -> Outcome<Response> {
    fields.only(&[])?;
    let link = Link::open(&mut caller, &token)?;
    // Asked twice is asked once.
    let key = Key { name: format!("erase:{}", link.no), digest: link.no.clone() };
    let who = caller.who()?;
    let once = caller.app.write_once(&who, Some(key), move |op| {
        let text = Remark::parse("text", "诉求人申请删除本人个人信息")?;
        let say = Command::Message { kind: MessageKind::More, text, attachments: Vec::new() };
        let id = match petition::act(op, &link.no, &link.code, &say) {
            Ok(track) => track.case,
            // A case that left the road takes no more words; the wish still counts.
            Err(Fault::Refused(no)) if matches!(no.code(), "case.ended" | "case.wrong_stage") => {
                look(op, &link)?.track.case
            }
            Err(fault) => return Err(fault),
        };
        let book = op.core().book(op.district(), op.today())?;
        if let Some(desk) = desk(&book) {
            let words = Words::new(
                format!("{}：诉求人申请删除个人信息", link.no),
                format!("{}: the petitioner asks to have personal data erased", link.no),
            );
            let (subject, href) = (id.to_string(), format!("/c/{id}"));
            let notice = Notice {
                post: desk.code.as_str(),
                subject: &subject,
                stage: "erase",
                words: &words,
                link: &href,
            };
            op.notify(&notice)?;
        }
        Reply::json(200, &())
    });
    once.await?;
    Ok(after(&format!("/t/{token}"), "erase"))
}
