//! How this area says no: every refusal with its reason and next step, Chinese and English, in one `match`.

use crate::model::{Act, Stage};
use kernel::cases::CaseKind;
use kernel::{Instant, Kind, Lang, Refuse, UnitCode, Words};

/// Why something about a case is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the values that the words below name")]
pub enum CaseRefusal {
    /// No text.
    NoText {},
    /// Too long a text.
    TextTooLong { n: usize, max: usize },
    /// Too many files.
    TooManyFiles { n: usize, max: usize },
    /// A phone that is none.
    NotAPhone { given: String },
    /// A mail address that is none.
    NotAMail { given: String },
    /// Neither contact nor the wish to stay anonymous.
    NoContact {},
    /// No such category.
    UnknownCategory { given: String },
    /// The category is not for this kind.
    KindNotOffered { kind: CaseKind, category: String },
    /// The category asks no such question.
    UnknownQuestion { given: String },
    /// A question that the category needs is not answered.
    QuestionOpen { code: String, zh: String, en: String },
    /// No such unit.
    UnknownUnit { given: String },
    /// The place is not in this district.
    OutsideDistrict { given: String },
    /// Neither place nor “unknown”.
    NoPlace {},
    /// Received later than now.
    FromTheFuture {},
    /// A number or receipt of another district.
    OtherDistrict { given: String },
    /// Number and query code do not belong together, or there is no such number: one answer for both.
    NoSuchNumber {},
    /// The district's playbook takes no cases.
    NoRules {},
    /// The state does not admit it.
    WrongStage { act: Act, stage: Stage },
    /// It left the road already.
    Ended { stage: Stage },
    /// The page is out of date.
    Stale { given: u64, now: u64 },
    /// Only a consultation is answered at once.
    NotAConsultation { kind: CaseKind },
    /// Not classified.
    NotClassified {},
    /// The playbook names nobody, so the dispatcher must.
    NoRoute {},
    /// It goes elsewhere than the route, without a note.
    DetourNeedsNote { route: UnitCode, unit: UnitCode },
    /// A confidential case may not go to whom it is about.
    AgainstItself { unit: UnitCode },
    /// Linked to itself.
    LinkSelf {},
    /// The case to link to is itself linked, or shut.
    LinkTarget { no: String },
    /// It is not linked.
    NotLinked {},
    /// Others are linked to it: unlink or link them elsewhere first.
    HasLinks { n: usize },
    /// Of a confidential petitioner only the hotline knows the contact.
    Shielded {},
    /// There is no contact to reveal.
    NoSealedContact {},
    /// The reason is not one of the playbook's.
    UnknownReason { given: String },
    /// Revealed too often today.
    RevealsSpent { max: i64 },
    /// An audit that fails must say what is lacking.
    NoDefects {},
    /// A call-back that reached must say solved and grade.
    AnswerNeeded {},
    /// A call-back by somebody of the handler's line.
    OwnLine { unit: UnitCode },
    /// A further attempt too soon: another time of day is asked for.
    TooSoon { until: Instant },
    /// Attempts are used up.
    AttemptsSpent { max: u32 },
    /// Reached already, and not in the sample for a second call.
    CalledAlready {},
    /// The second call must be made by another post.
    SecondCaller {},
    /// Rated already in this round.
    RatedAlready {},
    /// Solved: nothing to take up again.
    NothingToReopen {},
    /// Not asked to be deferred, or endorsed already.
    NothingToEndorse {},
    /// The hotline has not consented to the deferral.
    NotEndorsed {},
    /// One post may not give both consents.
    BothConsents {},
    /// The unit's share of deferred cases is used up.
    DeferralCap { unit: UnitCode, deferred: i64, open: i64, percent: u32 },
    /// No objection waits.
    NoObjection {},
    /// The class is not one of the playbook's.
    UnknownClass { given: String },
    /// The class asks for files that show it.
    EvidenceShort { need: u32, have: usize },
    /// Too late to propose.
    ExclusionLate { until: Instant },
    /// Already proposed in this round.
    ExclusionTwice {},
    /// Nothing waits for the panel.
    NothingToDecide {},
    /// The appeal must be decided by somebody else.
    SameDecider {},
    /// Too late to appeal.
    AppealLate { until: Instant },
    /// Nothing to appeal against, or appealed already.
    NothingToAppeal {},
    /// No look-back is due.
    NotDue {},
    /// Personal data were erased already.
    ErasedAlready {},
    /// Still open: the data are needed to answer.
    StillOpen {},
}

impl CaseRefusal {
    /// Stable code, sort, field.
    fn head(&self) -> (&'static str, Kind, Option<&'static str>) {
        use CaseRefusal as R;
        match self {
            R::NoText {} => ("case.no_text", Kind::Invalid, Some("text")),
            R::TextTooLong { .. } => ("case.text_too_long", Kind::TooLarge, Some("text")),
            R::TooManyFiles { .. } => ("case.too_many_files", Kind::Invalid, Some("attachments")),
            R::NotAPhone { .. } => ("case.not_a_phone", Kind::Invalid, Some("phone")),
            R::NotAMail { .. } => ("case.not_a_mail", Kind::Invalid, Some("email")),
            R::NoContact {} => ("case.no_contact", Kind::Invalid, Some("phone")),
            R::UnknownCategory { .. } => ("case.unknown_category", Kind::Invalid, Some("category")),
            R::KindNotOffered { .. } => ("case.kind_not_offered", Kind::Invalid, Some("kind")),
            R::UnknownQuestion { .. } => ("case.unknown_question", Kind::Invalid, Some("attributes")),
            R::QuestionOpen { .. } => ("case.question_open", Kind::Invalid, Some("attributes")),
            R::UnknownUnit { .. } => ("case.unknown_unit", Kind::Invalid, Some("against")),
            R::OutsideDistrict { .. } => ("case.outside_district", Kind::Rule, Some("place")),
            R::NoPlace {} => ("case.no_place", Kind::Invalid, Some("place")),
            R::FromTheFuture {} => ("case.from_the_future", Kind::Invalid, Some("received_at")),
            R::OtherDistrict { .. } => ("case.other_district", Kind::Rule, Some("no")),
            R::NoSuchNumber {} => ("case.no_such_number", Kind::NotFound, Some("no")),
            R::NoRules {} => ("case.no_rules", Kind::Unavailable, None),
            R::WrongStage { .. } => ("case.wrong_stage", Kind::Conflict, None),
            R::Ended { .. } => ("case.ended", Kind::Conflict, None),
            R::Stale { .. } => ("case.stale", Kind::Conflict, Some("rev")),
            R::NotAConsultation { .. } => ("case.not_a_consultation", Kind::Rule, Some("kind")),
            R::NotClassified {} => ("case.not_classified", Kind::Rule, Some("category")),
            R::NoRoute {} => ("case.no_route", Kind::Rule, Some("unit")),
            R::DetourNeedsNote { .. } => ("case.detour_needs_note", Kind::Rule, Some("note")),
            R::AgainstItself { .. } => ("case.against_itself", Kind::Rule, Some("unit")),
            R::LinkSelf {} => ("case.link_self", Kind::Rule, Some("to")),
            R::LinkTarget { .. } => ("case.link_target", Kind::Conflict, Some("to")),
            R::NotLinked {} => ("case.not_linked", Kind::Conflict, None),
            R::HasLinks { .. } => ("case.has_links", Kind::Conflict, Some("to")),
            R::Shielded {} => ("case.shielded", Kind::Forbidden, None),
            R::NoSealedContact {} => ("case.no_sealed_contact", Kind::Conflict, None),
            R::UnknownReason { .. } => ("case.unknown_reason", Kind::Invalid, Some("reason")),
            R::RevealsSpent { .. } => ("case.reveals_spent", Kind::TooMany, None),
            R::NoDefects {} => ("case.no_defects", Kind::Invalid, Some("defects")),
            R::AnswerNeeded {} => ("case.answer_needed", Kind::Invalid, Some("solved")),
            R::OwnLine { .. } => ("case.own_line", Kind::Forbidden, None),
            R::TooSoon { .. } => ("case.too_soon", Kind::Rule, None),
            R::AttemptsSpent { .. } => ("case.attempts_spent", Kind::Rule, None),
            R::CalledAlready {} => ("case.called_already", Kind::Conflict, None),
            R::SecondCaller {} => ("case.second_caller", Kind::Forbidden, None),
            R::RatedAlready {} => ("case.rated_already", Kind::Conflict, Some("grade")),
            R::NothingToReopen {} => ("case.nothing_to_reopen", Kind::Rule, None),
            R::NothingToEndorse {} => ("case.nothing_to_endorse", Kind::Conflict, None),
            R::NotEndorsed {} => ("case.not_endorsed", Kind::Rule, None),
            R::BothConsents {} => ("case.both_consents", Kind::Forbidden, None),
            R::DeferralCap { .. } => ("case.deferral_cap", Kind::Rule, None),
            R::NoObjection {} => ("case.no_objection", Kind::Conflict, None),
            R::UnknownClass { .. } => ("case.unknown_class", Kind::Invalid, Some("class")),
            R::EvidenceShort { .. } => ("case.evidence_short", Kind::Rule, Some("files")),
            R::ExclusionLate { .. } => ("case.exclusion_late", Kind::Rule, None),
            R::ExclusionTwice {} => ("case.exclusion_twice", Kind::Conflict, None),
            R::NothingToDecide {} => ("case.nothing_to_decide", Kind::Conflict, None),
            R::SameDecider {} => ("case.same_decider", Kind::Forbidden, None),
            R::AppealLate { .. } => ("case.appeal_late", Kind::Rule, None),
            R::NothingToAppeal {} => ("case.nothing_to_appeal", Kind::Conflict, None),
            R::NotDue {} => ("case.not_due", Kind::Conflict, None),
            R::ErasedAlready {} => ("case.erased_already", Kind::Conflict, None),
            R::StillOpen {} => ("case.still_open", Kind::Conflict, None),
        }
    }

    /// Reason and next step.
    fn words(&self) -> (Words, Words) {
        crate::refusal_words::words(self)
    }
}

impl Refuse for CaseRefusal {
    fn code(&self) -> &'static str {
        self.head().0
    }
    fn kind(&self) -> Kind {
        self.head().1
    }
    fn field(&self) -> Option<&str> {
        self.head().2
    }
    fn value(&self) -> Option<String> {
        use CaseRefusal as R;
        match self {
            R::NotAPhone { given }
            | R::NotAMail { given }
            | R::UnknownCategory { given }
            | R::UnknownUnit { given }
            | R::UnknownQuestion { given }
            | R::OutsideDistrict { given }
            | R::OtherDistrict { given }
            | R::UnknownReason { given }
            | R::UnknownClass { given } => Some(given.clone()),
            R::TextTooLong { n, .. } | R::TooManyFiles { n, .. } | R::HasLinks { n } => Some(n.to_string()),
            R::AgainstItself { unit } | R::OwnLine { unit } | R::DetourNeedsNote { unit, .. } => {
                Some(unit.to_string())
            }
            R::LinkTarget { no } => Some(no.clone()),
            R::QuestionOpen { code, .. } => Some(code.clone()),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().0.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
}

base::refusals!(CaseRefusal);
