//! What a duty is (D§2.1): the fields that every kind carries.

use super::state::State;
use super::vocab::{
    BlockKind, DeferralReason, EvidenceKind, GroundKind, HoldWhy, Mark, OutcomeClass, Priority, RelationKind,
    ResumeTrigger, ReturnReason, Solved, VerificationKind, Visibility,
};
use crate::clock::Clock;
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::text::{Body, Remark, Title};
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One ground of a duty: at least one is needed before it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Class.
    pub kind: GroundKind,
    /// Document number, meeting and item, or the words of the instruction or appeal.
    pub text: Remark,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Where it can be looked up; `article` or `example` for a playbook's own lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// A tie to another duty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// How they relate, read from this duty.
    pub kind: RelationKind,
    /// The other duty.
    pub to: DutyId,
}

/// Who is to hold the duty from an event on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The unit that is charged with the time.
    pub unit: UnitCode,
    /// The post in it, when one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostCode>,
    /// What for.
    pub why: HoldWhy,
}

/// A span during which one unit held the duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Who and what for.
    pub hold: Hold,
    /// From this moment.
    pub from: Instant,
    /// Until this moment (not included); `None` while it still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// SHA-256 of a file in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl TryFrom<String> for Sha256Hex {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if given.len() == 64 && given.bytes().all(hex) {
            Ok(Sha256Hex(given))
        } else {
            Err("not a SHA-256 in 64 lower-case hexadecimal digits".to_owned())
        }
    }
}
impl From<Sha256Hex> for String {
    fn from(hash: Sha256Hex) -> String {
        hash.0
    }
}

/// What a verifier found about one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceCheck {
    /// Who checked.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Whether it proves what it is meant to; a file that does not no longer counts towards the minimum.
    pub good: bool,
    /// In words.
    pub note: Remark,
}

/// A file that shows that the work was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRef {
    /// The stored file.
    pub file: FileId,
    /// Class.
    pub kind: EvidenceKind,
    /// Caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// Who added it.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Hash of the bytes; the same bytes are taken once.
    pub sha256: Sha256Hex,
    /// The round in which it was added; minimum and maximum count per round.
    pub round: u32,
    /// The check, once made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<EvidenceCheck>,
}

/// A verification. It names who was verified, so that 回避 can be audited later (D§2.3.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// How.
    pub kind: VerificationKind,
    /// What was found, whatever the handler claimed and whether or not it was in time.
    pub solved: Solved,
    /// The sample or call-back in words.
    pub note: Remark,
    /// Who verified.
    pub by: PostCode,
    /// The verifier's unit.
    pub unit: UnitCode,
    /// When.
    pub at: Instant,
    /// Who had submitted.
    pub submitter: PostCode,
    /// The lead at that time.
    pub lead: UnitCode,
    /// The round.
    pub round: u32,
}

/// What the handler reported; lateness is fixed here, apart from whether it is solved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The claim.
    pub class: OutcomeClass,
    /// The reply, in the words that the asker will read.
    pub reply: Body,
    /// The day by which it is promised, for [`OutcomeClass::PlannedWithDate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Day>,
    /// The legal ground, for [`OutcomeClass::NotSolvedLawful`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal: Option<Remark>,
    /// Who submitted.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Whether the main limit was met at submission; `None` for a duty without a main limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// A finished round: what was so when the duty was reopened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Number, from 1.
    pub no: u32,
    /// Its clock; the first round stays scored (D§B.1 row 20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// Its result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// When it was taken up again.
    pub reopened: Instant,
}

/// A pending request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionAsk {
    /// New due day.
    pub to: Day,
    /// Why.
    pub reason: Remark,
    /// Who asked.
    pub by: PostCode,
    /// When; it must lie before the due moment, the answer may come later.
    pub at: Instant,
}

/// An answered request for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// What was asked.
    pub ask: ExtensionAsk,
    /// Whether it was granted.
    pub granted: bool,
    /// Who answered.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// A stretch of deferral (挂账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Class of reason.
    pub reason: DeferralReason,
    /// Day of review.
    pub review: Day,
    /// Who asked.
    pub asked_by: PostCode,
    /// Who granted.
    pub by: PostCode,
    /// From.
    pub from: Instant,
    /// Until, once resumed, and what brought it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Instant, ResumeTrigger)>,
}

/// A slip with which a unit sent the duty back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnSlip {
    /// Class of reason.
    pub reason: ReturnReason,
    /// The legal ground.
    pub ground: Remark,
    /// The unit that sent it back.
    pub unit: UnitCode,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// Something asked of somebody, waiting for an answer: the lead offered, or the desk handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked<T> {
    /// Of whom.
    pub to: T,
    /// Why.
    pub note: Remark,
    /// Who asks.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// A supporting unit's own duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Child {
    /// The child duty, with its own clock.
    pub id: DutyId,
    /// The supporting unit.
    pub unit: UnitCode,
    /// What is asked of it.
    pub ask: Remark,
}

/// An urging (催办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Urging {
    /// Who urged.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// In words.
    pub note: Remark,
}

/// A request for help from above (提请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raise {
    /// What stands in the way.
    pub block: BlockKind,
    /// What is asked.
    pub ask: Remark,
    /// Who asks.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// 责任事项: what somebody owes, to whom, by when, and how it came out.
///
/// Stored as one JSON body plus columns. Build it only with [`Duty::born`] and change it only with
/// [`Duty::apply`]; the fields are public for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Identity.
    pub id: DutyId,
    /// Human number such as `M-097` or `督-2019-0012`; empty while a draft.
    pub no: String,
    /// Kind: names the profile.
    pub kind: Slug,
    /// Title.
    pub title: Title,
    /// Grounds; at least one once registered.
    pub ground: Vec<Ground>,
    /// What counts as done.
    pub criterion: Remark,
    /// Priority.
    pub priority: Priority,
    /// Visibility.
    pub visibility: Visibility,
    /// The post that registered it: only it may cancel.
    pub registrar: PostCode,
    /// That post's unit: it holds what nobody else holds.
    pub registrar_unit: UnitCode,
    /// 督办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superintendent: Option<PostCode>,
    /// 牵头单位: exactly one from assignment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<UnitCode>,
    /// The mandate entry (履职事项) that made it the lead's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Slug>,
    /// 承办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<PostCode>,
    /// 包保领导.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patron: Option<PostCode>,
    /// The duty that this one supports or is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DutyId>,
    /// Other ties.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub relations: BTreeSet<Relation>,
    /// Street or community where the matter lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<UnitCode>,
    /// A due day that was set by plan or decision; without it the rule's limits decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_due: Option<Day>,
    /// Where the text comes from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub marks: BTreeSet<Mark>,
    /// The clock; `None` for kinds without limits and for drafts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// Where it stands.
    pub state: State,
    /// Round, from 1; reopening starts the next.
    pub round: u32,
    /// Times sent back in this round.
    pub return_no: u32,
    /// Times rejected after submission, all rounds (返工).
    pub rework: u32,
    /// A ruling or an agreed change bound the present lead: it may not send the duty back.
    pub bound: bool,
    /// Number of events applied.
    pub rev: u64,
    /// When the present lead got it; the return window counts from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<Instant>,
    /// When it was registered, or reopened for this round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<Instant>,
    /// Moment of the last event.
    pub updated_at: Instant,
    /// Who holds it now, or held it last.
    pub holder: Held,
    /// Who held it before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Held>,
    /// Latest reported progress in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// When progress was last noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted_at: Option<Instant>,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRef>,
    /// Verifications, look-backs included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verifications: Vec<Verification>,
    /// A pending request for more time: a facet beside the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_ask: Option<ExtensionAsk>,
    /// Answered requests for more time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// Deferrals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<Suspension>,
    /// Slips with which it was sent back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<ReturnSlip>,
    /// The lead offered to another unit, waiting for its word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_offer: Option<Asked<UnitCode>>,
    /// The desk handed to another post, waiting for its word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<Asked<PostCode>>,
    /// Supporting units' duties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// What was reported in this round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Finished rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// Urgings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urgings: Vec<Urging>,
    /// Highest rung of the escalation ladder reached in this round; 0 is none.
    pub rung: u8,
    /// Requests for help from above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raises: Vec<Raise>,
}

impl Duty {
    /// Who holds it now, or held it last when it is no longer open.
    pub fn holder(&self) -> &Held {
        &self.holder
    }
    /// True while somebody still owes something.
    pub fn is_open(&self) -> bool {
        self.state.name().is_open()
    }
    /// Every unit with a part in it, for lists and scopes: registrar's, lead, supporting, place, holder.
    pub fn parties(&self) -> BTreeSet<&UnitCode> {
        let fixed = [
            Some(&self.registrar_unit),
            self.lead.as_ref(),
            self.place.as_ref(),
            Some(&self.holder.hold.unit),
        ];
        fixed.into_iter().flatten().chain(self.children.iter().map(|child| &child.unit)).collect()
    }
    /// Files of this round that count: those not found wanting.
    pub fn counting_evidence(&self) -> impl Iterator<Item = &EvidenceRef> {
        self.evidence
            .iter()
            .filter(|e| e.round == self.round && e.check.as_ref().is_none_or(|check| check.good))
    }
    /// Extensions granted in this round.
    pub fn granted_extensions(&self) -> usize {
        self.extensions.iter().filter(|e| e.granted && e.round == self.round).count()
    }
    /// The verdict on the result of this round, latest first: `None` until somebody verified.
    pub fn solved(&self) -> Option<Solved> {
        self.verifications.iter().rev().find(|v| v.round == self.round).map(|v| v.solved)
    }
    /// What the holder must meet next; `None` without a clock or when it is frozen or paused for good.
    pub fn due(&self) -> Option<Instant> {
        self.clock.as_ref().and_then(Clock::due)
    }
    /// Whether the moment `now` is past what the holder must meet. Lateness is asked, never stored.
    pub fn is_late(&self, now: Instant) -> bool {
        self.is_open() && self.due().is_some_and(|due| now > due)
    }
}
