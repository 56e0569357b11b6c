//! The fields of each act's form, and their way into a command.

use super::detail::Seen;
use super::detail_view::View;
use crate::model::{
    Act, Attachment, CaseId, ContactWay, Element, EmergencyLine, MessageKind, PlaceRef, RefusalGround,
};
use crate::rules::Command;
use crate::{act, store};
use base::files::{Admitted, FileRefusal, admit};
use base::op::Op;
use base::web::Ctx;
use base::web::form::Fields;
use base::web::ui::form::Choice;
use base::{Common, Fault, Outcome};
use kernel::cases::{CaseKind, Grade, Urgency};
use kernel::duty::{OutcomeClass, ReopenReason, Sha256Hex, Solved};
use kernel::playbook::UnitKind;
use kernel::text::{Body, Remark};
use kernel::{Day, FileId, Malformed, Slug, UnitCode, Words};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Take {
    /// One line.
    Line(usize),
    /// Some lines.
    Remark,
    /// A text.
    Body,
    /// A day.
    Day,
    /// One of a list.
    One,
    /// Any of a list.
    Checks,
    /// A tick.
    Tick,
    /// Files.
    Files,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Ask {
    /// Its name, as refusals call it.
    pub(in crate::web) name: &'static str,
    /// Key of its label.
    pub(in crate::web) label: &'static str,
    /// What it takes.
    pub(in crate::web) take: Take,
    /// May stay empty.
    pub(in crate::web) optional: bool,
}

const fn need(name: &'static str, label: &'static str, take: Take) -> Ask {
    Ask { name, label, take, optional: false }
}
const fn may(name: &'static str, label: &'static str, take: Take) -> Ask {
    Ask { name, label, take, optional: true }
}

/// The fields of an act, in order.
pub(in crate::web) fn asks(act: Act) -> Vec<Ask> {
    use Take::{Body, Checks, Day, Files, Line, One, Remark, Tick};
    match act {
        Act::Classify => vec![
            need("kind", "desk.kind", One),
            need("category", "desk.category", One),
            may("urgency", "desk.urgency", One),
            may("place", "desk.place", One),
            may("why", "desk.ask.why", Remark),
        ],
        Act::Dispatch => {
            vec![may("unit", "desk.ask.unit", One), may("note", "desk.ask.dispatch_note", Remark)]
        }
        Act::Answer => {
            vec![need("text", "desk.ask.answer", Body), may("article", "desk.ask.article", Line(200))]
        }
        Act::HandOver => vec![need("line", "desk.ask.line", One), need("note", "desk.ask.hand_note", Remark)],
        Act::Refuse => vec![
            need("ground", "desk.ask.ground", One),
            need("reason", "desk.ask.reason", Remark),
            need("route", "desk.ask.route", Remark),
        ],
        Act::Link => vec![need("to", "desk.ask.to", Line(40)), need("why", "desk.ask.same_why", Remark)],
        Act::Unlink | Act::Withdraw => vec![need("why", "desk.ask.why", Remark)],
        Act::Message => {
            vec![need("kind", "desk.ask.message_kind", One), need("text", "desk.ask.message", Remark)]
        }
        Act::Contact => vec![
            need("way", "desk.ask.way", One),
            need("reached", "desk.ask.reached", One),
            need("note", "desk.ask.contact_note", Remark),
        ],
        Act::Reply => vec![
            need("outcome", "desk.ask.outcome", One),
            need("public", "desk.ask.public", Body),
            may("elements", "desk.ask.elements", Checks),
            may("internal", "desk.ask.internal", Body),
            may("planned", "desk.ask.planned", Day),
            may("legal", "desk.ask.legal", Remark),
        ],
        Act::Audit => vec![
            need("passed", "desk.ask.passed", One),
            may("defects", "desk.ask.defects", Checks),
            may("more", "desk.ask.defects_more", Remark),
        ],
        Act::CallBack => vec![
            need("reached", "desk.ask.reached", One),
            may("contacted", "desk.ask.contacted", One),
            may("solved", "desk.ask.solved", One),
            may("grade", "desk.ask.grade", One),
            may("note", "desk.ask.note", Remark),
        ],
        Act::Reopen => vec![need("why", "desk.ask.reopen", One), need("note", "desk.ask.note", Remark)],
        Act::Endorse | Act::Object | Act::DecideExclusion => {
            vec![need("granted", "desk.ask.granted", One), need("ground", "desk.ask.ground_text", Remark)]
        }
        Act::ProposeExclusion => vec![
            need("class", "desk.ask.class", One),
            need("evidence", "desk.ask.evidence", Remark),
            may("files", "desk.ask.files", Files),
        ],
        Act::AppealExclusion => vec![need("ground", "desk.ask.ground_text", Remark)],
        Act::LookBack => vec![need("solved", "desk.ask.found", One), need("note", "desk.ask.note", Remark)],
        Act::Reveal => vec![need("reason", "desk.ask.reveal", One), may("words", "desk.ask.note", Remark)],
        Act::Erase => {
            vec![need("ground", "desk.ask.ground_text", Remark), may("text", "desk.ask.erase_text", Tick)]
        }
        Act::Rate | Act::ExportPersonal => Vec::new(),
    }
}

/// What a field holds before anything is typed.
pub(in crate::web) fn suggested(seen: &Seen, act: Act, ask: &Ask) -> String {
    let filing = &seen.case.filing;
    match (act, ask.name) {
        (Act::Classify, "kind") => filing.kind.code().to_owned(),
        (Act::Classify, "category") => filing.category.as_ref().map(ToString::to_string).unwrap_or_default(),
        (Act::Link, "to") => seen.twin.as_ref().map(|(row, _)| row.no.clone()).unwrap_or_default(),
        (Act::Link, "why") => seen.twin.as_ref().map(|(_, why)| why.join("，")).unwrap_or_default(),
        _ => String::new(),
    }
}

fn coded<T: Serialize + Copy>(all: &[T], say: impl Fn(T) -> &'static str) -> Vec<Choice> {
    let code = |value: T| serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned));
    all.iter().filter_map(|value| Some(Choice::new(code(*value)?, say(*value)))).collect()
}

/// The choices of a field.
pub(in crate::web) fn choices(v: &View<'_>, act: Act, ask: &Ask) -> Vec<Choice> {
    let (t, lang) = (v.look.t, v.look.lang());
    let rules = v.look.book.case_rules();
    let yes_no = || vec![Choice::new("yes", t.s("desk.yes")), Choice::new("no", t.s("desk.no"))];
    let solved = [Solved::Yes, Solved::Partly, Solved::No];
    match (act, ask.name) {
        (Act::Message, "kind") => coded(MessageKind::ALL, |k| k.say(lang)),
        (_, "kind") => coded(CaseKind::ALL, |k| k.say(lang)),
        (_, "category") => v.look.categories(),
        (_, "urgency") => coded(Urgency::ALL, |u| u.say(lang)),
        (_, "place") => v.look.places(),
        (_, "unit") => v.look.units(&[
            UnitKind::Department,
            UnitKind::Street,
            UnitKind::CommitteeOffice,
            UnitKind::Platform,
            UnitKind::TaskForce,
        ]),
        (_, "line") => coded(EmergencyLine::ALL, |l| l.say(lang)),
        (Act::Refuse, "ground") => coded(RefusalGround::ALL, |g| g.say(lang)),
        (_, "way") => coded(ContactWay::ALL, |w| w.say(lang)),
        (_, "outcome") => coded(OutcomeClass::ALL, |o| o.say(lang)),
        (_, "elements") => coded(Element::ALL, |e| e.say(lang)),
        (_, "solved") => coded(&solved, |s| s.say(lang)),
        (_, "grade") => coded(Grade::ALL, |g| g.say(lang)),
        (Act::Reopen, "why") => coded(ReopenReason::ALL, |r| r.say(lang)),
        (_, "reached" | "contacted" | "passed" | "granted") => yes_no(),
        (_, "defects") => {
            let all = rules.map(|r| r.audit_elements.as_slice()).unwrap_or_default();
            all.iter().map(|words| Choice::new(words.zh.as_str(), words.get(lang))).collect()
        }
        (_, "class") => {
            let all = rules.into_iter().flat_map(|r| &r.exclusions);
            all.map(|(code, rule)| Choice {
                value: code.to_string(),
                label: rule.name.get(lang).to_owned(),
                note: rule.evidence_needed.get(lang).to_owned(),
            })
            .collect()
        }
        (_, "reason") => {
            let all = rules.into_iter().flat_map(|r| &r.reveal_reasons);
            all.map(|(code, words)| Choice::new(code.as_str(), words.get(lang))).collect()
        }
        _ => Vec::new(),
    }
}

fn missing(name: &str) -> Malformed {
    Malformed::new(
        "form.required",
        name,
        "",
        Words::new("此项必填", "This is needed"),
        Words::new("请填写或选择后再提交", "Fill it in or choose one, then send"),
    )
}

fn unknown(name: &str, given: &str) -> Malformed {
    Malformed::new(
        "form.choice",
        name,
        given,
        Words::new("没有这个选项", "There is no such choice"),
        Words::new("请从列表中选择", "Choose one of the list"),
    )
}

fn one_of<T: DeserializeOwned>(fields: &Fields, name: &str) -> Result<T, Malformed> {
    optional(fields, name)?.ok_or_else(|| missing(name))
}

fn optional<T: DeserializeOwned>(fields: &Fields, name: &str) -> Result<Option<T>, Malformed> {
    let Some(given) = fields.given(name) else { return Ok(None) };
    serde_json::from_value(serde_json::Value::from(given.trim())).map(Some).map_err(|_| unknown(name, given))
}

fn flag(fields: &Fields, name: &str) -> Result<Option<bool>, Malformed> {
    match fields.given(name) {
        None => Ok(None),
        Some("yes") => Ok(Some(true)),
        Some("no") => Ok(Some(false)),
        Some(other) => Err(unknown(name, other)),
    }
}

fn sure(fields: &Fields, name: &str) -> Result<bool, Malformed> {
    flag(fields, name)?.ok_or_else(|| missing(name))
}

/// A remark that must be there.
pub(in crate::web) fn remark(fields: &Fields, name: &str) -> Result<Remark, Malformed> {
    Remark::parse(name, fields.given(name).ok_or_else(|| missing(name))?)
}

fn some_remark(fields: &Fields, name: &str) -> Result<Option<Remark>, Malformed> {
    fields.given(name).map(|text| Remark::parse(name, text)).transpose()
}

fn body(fields: &Fields, name: &str) -> Result<Body, Malformed> {
    Body::parse(name, fields.given(name).ok_or_else(|| missing(name))?)
}

/// Reason and words of a reveal.
pub(in crate::web) fn reveal(fields: &Fields) -> Result<(Slug, Option<Remark>), Malformed> {
    let given = fields.given("reason").ok_or_else(|| missing("reason"))?;
    Ok((Slug::parse("reason", given)?, some_remark(fields, "words")?))
}

/// The command of a form; none for acts that are no command.
pub(in crate::web) fn command(
    act: Act,
    fields: &Fields,
    seen: &Seen,
    files: &Files,
) -> Outcome<Option<Command>> {
    Ok(Some(match act {
        Act::Classify => Command::Classify {
            kind: one_of(fields, "kind")?,
            category: one_of(fields, "category")?,
            urgency: optional(fields, "urgency")?,
            place: place(fields, seen)?,
            why: some_remark(fields, "why")?,
        },
        Act::Dispatch => Command::Dispatch {
            unit: fields.given("unit").map(|code| UnitCode::parse("unit", code)).transpose()?,
            mandate: None,
            handler: None,
            note: some_remark(fields, "note")?,
        },
        Act::Answer => {
            Command::Answer { article: some_remark(fields, "article")?, text: body(fields, "text")? }
        }
        Act::HandOver => Command::HandOver { line: one_of(fields, "line")?, note: remark(fields, "note")? },
        Act::Refuse => Command::Refuse {
            ground: one_of(fields, "ground")?,
            reason: remark(fields, "reason")?,
            route: remark(fields, "route")?,
        },
        Act::Unlink => Command::Unlink { why: remark(fields, "why")? },
        Act::Withdraw => Command::Withdraw { why: remark(fields, "why")? },
        Act::Message => Command::Message {
            kind: one_of(fields, "kind")?,
            text: remark(fields, "text")?,
            attachments: Vec::new(),
        },
        Act::Contact => Command::Contact {
            way: one_of(fields, "way")?,
            reached: sure(fields, "reached")?,
            note: remark(fields, "note")?,
        },
        _ => return judgement(act, fields, files),
    }))
}

/// Replies and what is judged of them.
fn judgement(act: Act, fields: &Fields, files: &Files) -> Outcome<Option<Command>> {
    Ok(Some(match act {
        Act::Reply => Command::Reply {
            outcome: one_of(fields, "outcome")?,
            public: body(fields, "public")?,
            internal: fields.given("internal").map(|text| Body::parse("internal", text)).transpose()?,
            elements: fields.all("elements").iter().filter_map(|code| Element::from_code(code)).collect(),
            planned: fields.given("planned").map(|day| Day::parse("planned", day)).transpose()?,
            legal: some_remark(fields, "legal")?,
        },
        Act::Audit => {
            let mut defects = Vec::new();
            for text in fields.all("defects").iter().map(String::as_str).chain(fields.given("more")) {
                defects.push(Remark::parse("defects", text)?);
            }
            Command::Audit { passed: sure(fields, "passed")?, defects }
        }
        Act::CallBack => Command::CallBack {
            reached: sure(fields, "reached")?,
            contacted: flag(fields, "contacted")?,
            solved: optional(fields, "solved")?,
            grade: optional(fields, "grade")?,
            note: some_remark(fields, "note")?,
        },
        Act::Reopen => Command::Reopen { why: one_of(fields, "why")?, note: remark(fields, "note")? },
        Act::Endorse => {
            Command::Endorse { granted: sure(fields, "granted")?, ground: remark(fields, "ground")? }
        }
        Act::Object => {
            Command::Object { upheld: sure(fields, "granted")?, ground: remark(fields, "ground")? }
        }
        Act::ProposeExclusion => Command::ProposeExclusion {
            class: one_of(fields, "class")?,
            evidence: remark(fields, "evidence")?,
            files: files.attachments()?,
        },
        Act::DecideExclusion => {
            Command::DecideExclusion { granted: sure(fields, "granted")?, ground: remark(fields, "ground")? }
        }
        Act::AppealExclusion => Command::AppealExclusion { ground: remark(fields, "ground")? },
        Act::LookBack => {
            Command::LookBack { solved: one_of(fields, "solved")?, note: remark(fields, "note")? }
        }
        _ => return Ok(None),
    }))
}

/// Another community or street; address and point stay.
fn place(fields: &Fields, seen: &Seen) -> Result<Option<PlaceRef>, Malformed> {
    let Some(code) = fields.given("place") else { return Ok(None) };
    let unit = Some(UnitCode::parse("place", code)?);
    Ok(Some(PlaceRef { unit, ..seen.case.filing.place.clone() }))
}

/// The case of a number, when this post may see it.
pub(in crate::web) fn numbered(op: &mut Op<'_, '_>, no: &str) -> Outcome<CaseId> {
    let found = store::by_number(op.tx, op.district(), no)?;
    let absent = || Fault::from(Common::NotFound { what: "case", given: kernel::refusal::clip(no) });
    let (id, _) = found.ok_or_else(absent)?;
    act::read(op, id).map(|_| id)
}

/// The command that links.
pub(in crate::web) fn linked(to: CaseId, fields: &Fields) -> Outcome<Command> {
    Ok(Command::Link { to, why: remark(fields, "why")? })
}

/// Files of a form, stored; their rows come with the act.
#[derive(Clone, Default)]
pub(in crate::web) struct Files(Vec<(FileId, Admitted)>);

impl Files {
    /// Judges by content and stores; each gets the id that its row will have.
    pub(in crate::web) async fn take(ctx: &Ctx, fields: &Fields, pictures: bool) -> Outcome<Files> {
        let cap = ctx.app.config.server.body_limit;
        let mut out = Vec::new();
        for file in &fields.files {
            let refused = |no: FileRefusal| Fault::Refused(Box::new(no));
            let admitted = admit(file.bytes.clone(), &file.name, &file.declared, cap).map_err(refused)?;
            if pictures && !admitted.kind.is_picture() {
                let found = Some(admitted.kind.mime());
                return Err(refused(FileRefusal::NotTaken { name: file.name.clone(), found }));
            }
            ctx.app.files.put(ctx.district(), &admitted).await?;
            out.push((FileId::new(ctx.app.ids.next(ctx.now())), admitted));
        }
        Ok(Files(out))
    }
    /// What a case names.
    pub(in crate::web) fn attachments(&self) -> Outcome<Vec<Attachment>> {
        let named = |(file, admitted): &(FileId, Admitted)| {
            let sha256 = Sha256Hex::try_from(admitted.sha256.clone()).map_err(Fault::broken)?;
            Ok(Attachment { file: *file, sha256, mime: admitted.kind.mime().to_owned() })
        };
        self.0.iter().map(named).collect()
    }
    /// The rows.
    pub(in crate::web) fn insert(&self, op: &mut Op<'_, '_>) -> Outcome<()> {
        for (id, admitted) in &self.0 {
            base::files::insert(op.tx, op.district(), *id, admitted, &op.actor().post, op.now())?;
        }
        Ok(())
    }
}

/// Files of the acts that take some; only from who may do the act, so nothing is kept of what would be refused.
pub(in crate::web) async fn uploads(ctx: &Ctx, id: CaseId, act: Act, fields: &Fields) -> Outcome<Files> {
    if !asks(act).iter().any(|ask| ask.take == Take::Files) || fields.files.is_empty() {
        return Ok(Files::default());
    }
    ctx.app
        .read(&ctx.who, move |op| {
            let seen = super::detail::load(op, id)?;
            let may = seen.offers.iter().any(|offer| offer.act == act && offer.blocked.is_none());
            if may { Ok(()) } else { Err(store::absent(id)) }
        })
        .await?;
    Files::take(ctx, fields, false).await
}
