//! What happened to a case beside its duty: versioned, in the past tense, each with only the facts that replay needs.
//!
//! No event carries a name, a telephone number or an address of the petitioner in clear: the contact is sealed in the
//! row, and numbers inside texts were masked before they came here. So the ledger may be published and still keeps
//! nobody's secret, and erasing the row's contact leaves every event as it is.

use crate::model::{
    Attachment, CaseId, ContactWay, Elements, EmergencyLine, Filing, Mark, MessageKind, PlaceRef,
    RefusalGround,
};
use kernel::cases::{CaseKind, Grade, Urgency};
use kernel::duty::{OutcomeClass, ReopenReason, Solved};
use kernel::sample::{Recorded, Sample, read_as};
use kernel::text::{Body, Remark};
use kernel::{Instant, Slug, UnitCode, Words};
use serde::{Deserialize, Serialize};

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// What cases record, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "case",
    kinds: Event::KINDS,
    samples: || {
        let all = samples().unwrap_or_default();
        all.iter().map(|event| Sample::of(event.kind(), VERSION, event)).collect()
    },
    reads: |_, _, body| read_as::<Event>(body),
};

/// Kind of thing in the ledger.
pub const SUBJECT_KIND: &str = "case";

/// The subject under which a case's own events stand: the duty's are under the bare id.
pub fn subject(id: CaseId) -> String {
    format!("case:{id}")
}

/// A fact about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields repeat those of the model and of Command, where they are explained"
)]
pub enum Event {
    /// Filed; `received` is earlier than the event for imports.
    Filed { id: CaseId, no: String, filing: Box<Filing>, received: Instant },
    /// Classified.
    Classified { kind: CaseKind, category: Slug, urgency: Urgency, place: PlaceRef, why: Option<Remark> },
    /// Sent to its party, and on which ground.
    Dispatched { unit: UnitCode, mandate: Option<Slug>, by_rule: bool, note: Option<Remark> },
    /// Answered at once.
    Answered { article: Option<Remark>, text: Body },
    /// Handed to an emergency line.
    HandedOver { line: EmergencyLine, note: Remark },
    /// Not accepted.
    Refused { ground: RefusalGround, reason: Remark, route: Remark },
    /// Linked to the case that is handled.
    Linked { to: CaseId, why: Remark },
    /// Another case was linked to this one.
    Gathered { case: CaseId },
    /// No longer linked.
    Unlinked { why: Remark },
    /// A case that was linked to this one stands by itself again.
    Released { case: CaseId },
    /// Withdrawn by the petitioner.
    Withdrawn { why: Remark },
    /// The petitioner said more.
    Said { kind: MessageKind, text: Remark, attachments: Vec<Attachment> },
    /// The handler spoke to the petitioner, or tried.
    Contacted { way: ContactWay, reached: bool, note: Remark },
    /// Answered.
    Replied {
        outcome: OutcomeClass,
        public: Body,
        internal: Option<Body>,
        elements: Elements,
        of: Option<CaseId>,
    },
    /// The reply was audited.
    Audited { passed: bool, defects: Vec<Remark> },
    /// A call-back was tried.
    CalledBack {
        reached: bool,
        gave_up: bool,
        second: bool,
        contacted: Option<bool>,
        solved: Option<Solved>,
        grade: Option<Grade>,
        note: Option<Remark>,
    },
    /// The petitioner rated by the own channel.
    Rated { contacted: Option<bool>, solved: Solved, grade: Grade, note: Option<Remark> },
    /// The hotline's opinion on a deferral.
    Endorsed { granted: bool, ground: Remark },
    /// The petitioner's objection to a deferral was decided.
    ObjectionDecided { upheld: bool, ground: Remark },
    /// An exclusion was proposed.
    ExclusionProposed { class: Slug, evidence: Remark, files: Vec<Attachment> },
    /// The panel decided, first or on the appeal.
    ExclusionDecided { granted: bool, ground: Remark },
    /// The decision was appealed against.
    ExclusionAppealed { ground: Remark },
    /// The round was scored, or scored anew for the reason given.
    Scored { mark: Box<Mark>, why: Option<Words> },
    /// The next round began; `by` is the later case about the same matter.
    Reopened { why: ReopenReason, note: Remark, by: Option<CaseId> },
    /// A finished case was looked at again.
    LookedBack { day: u32, solved: Solved, note: Remark },
    /// The contact was shown to the acting post.
    Revealed { reason: Slug, note: Option<Remark> },
    /// The person concerned was given the own data.
    Exported {},
    /// Personal data were erased; `text` also the words.
    Erased { ground: Remark, text: bool },
}

kernel::event_kinds! {
    Event;
    Filed = "case.filed";
    Classified = "case.classified";
    Dispatched = "case.dispatched";
    Answered = "case.answered";
    HandedOver = "case.handed_over";
    Refused = "case.refused";
    Linked = "case.linked";
    Gathered = "case.gathered";
    Unlinked = "case.unlinked";
    Released = "case.released";
    Withdrawn = "case.withdrawn";
    Said = "case.said";
    Contacted = "case.contacted";
    Replied = "case.replied";
    Audited = "case.audited";
    CalledBack = "case.called_back";
    Rated = "case.rated";
    Endorsed = "case.endorsed";
    ObjectionDecided = "case.objection_decided";
    ExclusionProposed = "case.exclusion_proposed";
    ExclusionDecided = "case.exclusion_decided";
    ExclusionAppealed = "case.exclusion_appealed";
    Scored = "case.scored";
    Reopened = "case.reopened";
    LookedBack = "case.looked_back";
    Revealed = "case.revealed";
    Exported = "case.exported";
    Erased = "case.erased";
}

/// One event of each kind, for the golden list of forms: a changed line there means a new version.
///
/// # Errors
/// None in a program that is whole: the constants parse.
pub fn samples() -> Result<Vec<Event>, kernel::Malformed> {
    let mut all = samples_of_intake()?;
    all.extend(samples_of_work()?);
    Ok(all)
}

fn samples_of_intake() -> Result<Vec<Event>, kernel::Malformed> {
    let remark = |text: &str| Remark::parse("sample", text);
    let body = |text: &str| Body::parse("sample", text);
    let id = CaseId::parse("sample", "0190f0f0-0000-7000-8000-000000000001")?;
    let at = Instant::from_micros(1_565_575_080_000_000);
    let slug = |text: &str| Slug::parse("sample", text);
    let unit = UnitCode::parse("sample", "cgj")?;
    let filing = Filing {
        channel: kernel::cases::Channel::Portal,
        kind: CaseKind::Help,
        category: Some(slug("020101")?),
        urgency: Urgency::General,
        place: PlaceRef::default(),
        title: kernel::text::Title::parse("sample", "路面破损")?,
        text: body("路面破损，请修补")?,
        wishes: None,
        against: None,
        attributes: Default::default(),
        attachments: Vec::new(),
        anonymous: false,
        confidential: false,
        contactable: true,
        staff: false,
        source_key: None,
    };
    Ok(vec![
        Event::Filed { id, no: "530111-2019-000001".to_owned(), filing: Box::new(filing), received: at },
        Event::Classified {
            kind: CaseKind::Help,
            category: slug("020101")?,
            urgency: Urgency::General,
            place: PlaceRef::default(),
            why: None,
        },
        Event::Dispatched { unit, mandate: Some(slug("S-019")?), by_rule: true, note: None },
        Event::Answered { article: None, text: body("答复")? },
        Event::HandedOver { line: EmergencyLine::Fire, note: remark("已转")? },
        Event::Refused {
            ground: RefusalGround::InCourt, reason: remark("理由")?, route: remark("途径")?
        },
        Event::Linked { to: id, why: remark("同一事")? },
        Event::Gathered { case: id },
        Event::Unlinked { why: remark("误关联")? },
        Event::Released { case: id },
        Event::Withdrawn { why: remark("已解决")? },
        Event::Said { kind: MessageKind::More, text: remark("补充")?, attachments: Vec::new() },
    ])
}

fn samples_of_work() -> Result<Vec<Event>, kernel::Malformed> {
    let remark = |text: &str| Remark::parse("sample", text);
    let body = |text: &str| Body::parse("sample", text);
    let slug = |text: &str| Slug::parse("sample", text);
    let at = Instant::from_micros(1_565_575_080_000_000);
    let mark = Mark {
        round: 1,
        month: 201_908,
        unit: UnitCode::parse("sample", "cgj")?,
        category: Some(slug("020101")?),
        responded: Some(true),
        in_time: Some(true),
        valid: true,
        solved: Solved::Yes,
        grade: Some(Grade::Satisfied),
        own: true,
        excluded: None,
        left_out: None,
        reduced: false,
        at,
    };
    Ok(vec![
        Event::Contacted { way: ContactWay::Phone, reached: true, note: remark("已联系")? },
        Event::Replied {
            outcome: OutcomeClass::Resolved,
            public: body("已修好")?,
            internal: None,
            elements: Elements::default(),
            of: None,
        },
        Event::Audited { passed: true, defects: Vec::new() },
        Event::CalledBack {
            reached: true,
            gave_up: false,
            second: false,
            contacted: Some(true),
            solved: Some(Solved::Yes),
            grade: Some(Grade::Satisfied),
            note: None,
        },
        Event::Rated { contacted: None, solved: Solved::Yes, grade: Grade::Satisfied, note: None },
        Event::Endorsed { granted: true, ground: remark("同意")? },
        Event::ObjectionDecided { upheld: false, ground: remark("理由")? },
        Event::ExclusionProposed {
            class: slug("unreasonable")?,
            evidence: remark("佐证")?,
            files: Vec::new(),
        },
        Event::ExclusionDecided { granted: true, ground: remark("意见")? },
        Event::ExclusionAppealed { ground: remark("理由")? },
        Event::Scored { mark: Box::new(mark), why: None },
        Event::Reopened { why: ReopenReason::Petitioner, note: remark("没有解决")?, by: None },
        Event::LookedBack { day: 30, solved: Solved::Yes, note: remark("查看")? },
        Event::Revealed { reason: slug("contact")?, note: None },
        Event::Exported {},
        Event::Erased { ground: remark("本人申请")?, text: true },
    ])
}
