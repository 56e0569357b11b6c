//! What may be asked of a duty. Every text in a command was parsed at the door.

use super::model::{Ground, Relation, Sha256Hex};
use super::vocab::{
    Act, BlockKind, DeferralReason, EvidenceKind, Mark, OutcomeClass, Priority, ReopenReason, ResumeTrigger,
    Retention, ReturnReason, Solved, VerificationKind, Visibility,
};
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::text::{Body, Remark, Title};
use crate::time::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a registrar writes down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDuty {
    /// Kind: must be the kind of the profile that is passed along.
    pub kind: Slug,
    /// Title.
    pub title: Title,
    /// Grounds; at least one to register.
    pub ground: Vec<Ground>,
    /// What counts as done.
    pub criterion: Remark,
    /// Priority.
    pub priority: Priority,
    /// Visibility.
    pub visibility: Visibility,
    /// 督办人.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superintendent: Option<PostCode>,
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
    /// A set due day, not before today; without it the rule's limits decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_due: Option<Day>,
    /// Where the text comes from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub marks: BTreeSet<Mark>,
}

/// One part of a duty that is split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitPart {
    /// Its title.
    pub title: Title,
    /// What counts as done for it.
    pub criterion: Remark,
    /// Positions (from 0) of the grounds that it answers; together the parts answer all (D§2.2).
    pub grounds: BTreeSet<u32>,
}

fn yes() -> bool {
    true
}

/// An act, with what the actor says. The serde tag `act` is the snake-case name of [`Act`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 拟办: writes a draft down, or replaces the text of one.
    Draft {
        /// The text.
        form: Box<NewDuty>,
    },
    /// 立项: numbers it and starts its clock; from nothing or from a draft.
    Register {
        /// The text as it is registered.
        form: Box<NewDuty>,
    },
    /// 交办: gives it to its one lead.
    Assign {
        /// 牵头单位.
        lead: UnitCode,
        /// A named handler in that unit.
        #[serde(default)]
        handler: Option<PostCode>,
        /// 督办人, when not set at registration.
        #[serde(default)]
        superintendent: Option<PostCode>,
        /// 包保领导, when not set at registration.
        #[serde(default)]
        patron: Option<PostCode>,
        /// A set due day that replaces the rule's main limit.
        #[serde(default)]
        due: Option<Day>,
    },
    /// 签收: the lead signs and names who handles it.
    Accept {
        /// The handler; the signing post when absent.
        #[serde(default)]
        handler: Option<PostCode>,
    },
    /// 退回: sends it back with a legal ground; limits keep running.
    Return {
        /// Class of reason.
        reason: ReturnReason,
        /// The legal ground or mandate entry.
        ground: Remark,
    },
    /// 裁定: keeps the lead or moves it.
    Rule {
        /// Who leads from here on.
        lead: UnitCode,
        /// 终审: whoever it names may not send it back. So unless the arbiter says otherwise, and always once the
        /// returns of the round are used up (D§B.1 row 9).
        #[serde(default = "yes", rename = "final")]
        binds: bool,
        /// Ground of the ruling.
        ground: Remark,
    },
    /// 协商移交牵头: the lead asks another unit to take over.
    OfferLead {
        /// The unit that is asked.
        to: UnitCode,
        /// Why.
        reason: Remark,
    },
    /// 同意牵头: the asked unit takes the lead; its post becomes handler.
    TakeLead,
    /// 谢绝牵头.
    DeclineLead {
        /// Why.
        why: Remark,
    },
    /// 开始办理: records the plan or the first contact.
    Start {
        /// The plan, or whom one spoke to and when.
        note: Remark,
    },
    /// 填报进展.
    NoteProgress {
        /// Done so far, 0 to 100.
        #[serde(default)]
        percent: Option<u8>,
        /// In words.
        text: Remark,
    },
    /// 加派配合: a supporting unit gets a duty of its own with its own clock.
    AddSupport {
        /// The supporting unit.
        unit: UnitCode,
        /// What is asked of it.
        ask: Remark,
        /// A set due day.
        #[serde(default)]
        due: Option<Day>,
    },
    /// 申请挂账.
    AskSuspend {
        /// Class of reason.
        reason: DeferralReason,
        /// Day of review.
        review: Day,
        /// What will be done until then.
        plan: Remark,
    },
    /// 同意挂账.
    GrantSuspend,
    /// 不同意挂账.
    RefuseSuspend {
        /// Why.
        why: Remark,
    },
    /// 恢复办理.
    Resume {
        /// What brings it back.
        trigger: ResumeTrigger,
        /// In words.
        note: Remark,
    },
    /// 申请延期: before the due moment.
    AskExtend {
        /// New due day.
        to: Day,
        /// Why.
        reason: Remark,
    },
    /// 同意延期.
    GrantExtend,
    /// 不同意延期.
    RefuseExtend {
        /// Why.
        why: Remark,
    },
    /// 添加佐证.
    AddEvidence {
        /// The stored file.
        file: FileId,
        /// Class.
        kind: EvidenceKind,
        /// Caption.
        #[serde(default)]
        note: Option<Remark>,
        /// Hash of its bytes.
        sha256: Sha256Hex,
    },
    /// 核对佐证.
    VerifyEvidence {
        /// The file.
        file: FileId,
        /// Whether it proves what it should.
        good: bool,
        /// In words.
        note: Remark,
    },
    /// 反馈: reports the result; the clock freezes.
    Submit {
        /// What is claimed.
        outcome: OutcomeClass,
        /// The reply that the asker will read.
        reply: Body,
        /// The promised day, for [`OutcomeClass::PlannedWithDate`].
        #[serde(default)]
        planned: Option<Day>,
        /// The legal ground, for [`OutcomeClass::NotSolvedLawful`].
        #[serde(default)]
        legal: Option<Remark>,
    },
    /// 退回重办.
    Reject {
        /// What is lacking, point by point.
        defects: Vec<Remark>,
    },
    /// 核验; after closing, a look-back (回头看).
    Verify {
        /// How.
        kind: VerificationKind,
        /// What was found.
        solved: Solved,
        /// The sample or the call-back in words.
        note: Remark,
    },
    /// 办结.
    Close,
    /// 销号.
    Archive {
        /// How long the record is kept.
        retention: Retention,
    },
    /// 重启: the next round, with a new clock.
    Reopen {
        /// Class of reason.
        why: ReopenReason,
        /// In words.
        note: Remark,
        /// A set due day for the new round.
        #[serde(default)]
        due: Option<Day>,
    },
    /// 拆单.
    Split {
        /// Two or more parts.
        parts: Vec<SplitPart>,
    },
    /// 并单.
    Merge {
        /// The open duty that takes it in.
        into: DutyId,
        /// Why.
        reason: Remark,
    },
    /// 撤销.
    Cancel {
        /// Why.
        reason: Remark,
    },
    /// 移交岗位: to another post of the same unit; the next holder takes it over (D§15.22).
    HandOver {
        /// The next handler.
        to: PostCode,
        /// What the next handler must know.
        note: Remark,
    },
    /// 接手.
    TakeOver,
    /// 催办.
    Urge {
        /// In words.
        note: Remark,
    },
    /// 升级 by a system job: each rung once (D§5.3).
    Escalate {
        /// The rung of the ladder, from 1.
        rung: u8,
        /// Who is asked there.
        #[serde(default)]
        asked: Option<PostCode>,
        /// Why.
        note: Remark,
    },
    /// 重算期限 after a change of calendar; causes no event when nothing moves.
    Recompute,
    /// 确定包保领导, or relieves.
    SetPatron {
        /// The patron.
        #[serde(default)]
        patron: Option<PostCode>,
    },
    /// 提请: asks for help from above.
    Raise {
        /// What stands in the way.
        block: BlockKind,
        /// What is asked.
        ask: Remark,
    },
    /// 关联: ties it to another duty.
    Link {
        /// The tie.
        relation: Relation,
    },
}

impl Command {
    /// The act without its words.
    pub fn act(&self) -> Act {
        match self {
            Command::Draft { .. } => Act::Draft,
            Command::Register { .. } => Act::Register,
            Command::Assign { .. } => Act::Assign,
            Command::Accept { .. } => Act::Accept,
            Command::Return { .. } => Act::Return,
            Command::Rule { .. } => Act::Rule,
            Command::OfferLead { .. } => Act::OfferLead,
            Command::TakeLead => Act::TakeLead,
            Command::DeclineLead { .. } => Act::DeclineLead,
            Command::Start { .. } => Act::Start,
            Command::NoteProgress { .. } => Act::NoteProgress,
            Command::AddSupport { .. } => Act::AddSupport,
            Command::AskSuspend { .. } => Act::AskSuspend,
            Command::GrantSuspend => Act::GrantSuspend,
            Command::RefuseSuspend { .. } => Act::RefuseSuspend,
            Command::Resume { .. } => Act::Resume,
            Command::AskExtend { .. } => Act::AskExtend,
            Command::GrantExtend => Act::GrantExtend,
            Command::RefuseExtend { .. } => Act::RefuseExtend,
            Command::AddEvidence { .. } => Act::AddEvidence,
            Command::VerifyEvidence { .. } => Act::VerifyEvidence,
            Command::Submit { .. } => Act::Submit,
            Command::Reject { .. } => Act::Reject,
            Command::Verify { .. } => Act::Verify,
            Command::Close => Act::Close,
            Command::Archive { .. } => Act::Archive,
            Command::Reopen { .. } => Act::Reopen,
            Command::Split { .. } => Act::Split,
            Command::Merge { .. } => Act::Merge,
            Command::Cancel { .. } => Act::Cancel,
            Command::HandOver { .. } => Act::HandOver,
            Command::TakeOver => Act::TakeOver,
            Command::Urge { .. } => Act::Urge,
            Command::Escalate { .. } => Act::Escalate,
            Command::Recompute => Act::Recompute,
            Command::SetPatron { .. } => Act::SetPatron,
            Command::Raise { .. } => Act::Raise,
            Command::Link { .. } => Act::Link,
        }
    }
}
