//! What may be asked of a case beside the acts of its duty. Every text in a command was parsed at the door.

use crate::model::{
    Act, Attachment, CaseId, ContactWay, Elements, EmergencyLine, MessageKind, PlaceRef, RefusalGround,
};
use kernel::cases::{CaseKind, Grade, Urgency};
use kernel::duty::{OutcomeClass, ReopenReason, Solved};
use kernel::text::{Body, Remark};
use kernel::{Day, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};

/// An act, with what the actor says. The serde tag `act` is the code of [`Act`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 分类: kind, category, urgency and place as the operator or dispatcher finds them.
    Classify {
        /// Kind.
        kind: CaseKind,
        /// Category.
        category: Slug,
        /// Urgency in place of the category's.
        #[serde(default)]
        urgency: Option<Urgency>,
        /// Place in place of the given one.
        #[serde(default)]
        place: Option<PlaceRef>,
        /// Why, when it differs from what was given.
        #[serde(default)]
        why: Option<Remark>,
    },
    /// 派单.
    Dispatch {
        /// The party; the playbook's route when absent.
        #[serde(default)]
        unit: Option<UnitCode>,
        /// The mandate entry that is cited; the category's when absent.
        #[serde(default)]
        mandate: Option<Slug>,
        /// A named handler.
        #[serde(default)]
        handler: Option<PostCode>,
        /// What the handler should know, or why it goes elsewhere than the route.
        #[serde(default)]
        note: Option<Remark>,
    },
    /// 当场答复 of a consultation.
    Answer {
        /// The knowledge article used.
        #[serde(default)]
        article: Option<Remark>,
        /// The answer.
        text: Body,
    },
    /// 转紧急热线.
    HandOver {
        /// The line.
        line: EmergencyLine,
        /// What was said there.
        note: Remark,
    },
    /// 不予受理.
    Refuse {
        /// Class.
        ground: RefusalGround,
        /// Why, for the petitioner.
        reason: Remark,
        /// The other route.
        route: Remark,
    },
    /// 关联重复件: a person has confirmed the match.
    Link {
        /// The case that is handled.
        to: CaseId,
        /// What makes them one matter.
        why: Remark,
    },
    /// 解除关联.
    Unlink {
        /// Why.
        why: Remark,
    },
    /// 撤回 by the petitioner.
    Withdraw {
        /// Why.
        why: Remark,
    },
    /// 补充说明 by the petitioner.
    Message {
        /// What sort.
        kind: MessageKind,
        /// The words.
        text: Remark,
        /// Files.
        #[serde(default)]
        attachments: Vec<Attachment>,
    },
    /// 记录联系: the first one that reaches starts the handling.
    Contact {
        /// How.
        way: ContactWay,
        /// Whether the petitioner was spoken to.
        reached: bool,
        /// What was said.
        note: Remark,
    },
    /// 答复.
    Reply {
        /// What came of it.
        outcome: OutcomeClass,
        /// What the petitioner reads.
        public: Body,
        /// What only staff reads.
        #[serde(default)]
        internal: Option<Body>,
        /// Elements that are in it.
        #[serde(default)]
        elements: Elements,
        /// The promised day, for a plan.
        #[serde(default)]
        planned: Option<Day>,
        /// The legal ground, for what cannot lawfully be solved.
        #[serde(default)]
        legal: Option<Remark>,
    },
    /// 审单.
    Audit {
        /// Whether the reply has its four elements.
        passed: bool,
        /// What is lacking, point by point.
        #[serde(default)]
        defects: Vec<Remark>,
    },
    /// 回访.
    CallBack {
        /// Whether the petitioner was reached.
        reached: bool,
        /// Whether somebody had spoken to the petitioner.
        #[serde(default)]
        contacted: Option<bool>,
        /// Whether it is solved; needed when reached.
        #[serde(default)]
        solved: Option<Solved>,
        /// The grade; needed when reached.
        #[serde(default)]
        grade: Option<Grade>,
        /// In words.
        #[serde(default)]
        note: Option<Remark>,
    },
    /// 评价 by the petitioner's own channel.
    Rate {
        /// Whether somebody had spoken to the petitioner.
        #[serde(default)]
        contacted: Option<bool>,
        /// Whether it is solved.
        solved: Solved,
        /// The grade; nothing is set beforehand.
        grade: Grade,
        /// In words.
        #[serde(default)]
        note: Option<Remark>,
    },
    /// 重新办理: the next round, the first one stays scored.
    Reopen {
        /// Class of reason.
        why: ReopenReason,
        /// In words.
        note: Remark,
    },
    /// 热线意见 on a deferral that was asked for; the district decides after it.
    Endorse {
        /// Yes or no.
        granted: bool,
        /// Ground.
        ground: Remark,
    },
    /// 裁定 the petitioner's objection to a deferral.
    Object {
        /// Whether it is upheld: then the handling goes on at once.
        upheld: bool,
        /// Ground.
        ground: Remark,
    },
    /// 申请剔除.
    ProposeExclusion {
        /// Class, as the playbook lists them.
        class: Slug,
        /// Why.
        evidence: Remark,
        /// Files that show it.
        #[serde(default)]
        files: Vec<Attachment>,
    },
    /// 评议剔除, or the decision on the appeal.
    DecideExclusion {
        /// Excluded or not.
        granted: bool,
        /// Ground.
        ground: Remark,
    },
    /// 对评议提出申诉.
    AppealExclusion {
        /// Why.
        ground: Remark,
    },
    /// 回头看.
    LookBack {
        /// What was found.
        solved: Solved,
        /// In words.
        note: Remark,
    },
}

impl Command {
    /// The act without its words.
    pub fn act(&self) -> Act {
        match self {
            Command::Classify { .. } => Act::Classify,
            Command::Dispatch { .. } => Act::Dispatch,
            Command::Answer { .. } => Act::Answer,
            Command::HandOver { .. } => Act::HandOver,
            Command::Refuse { .. } => Act::Refuse,
            Command::Link { .. } => Act::Link,
            Command::Unlink { .. } => Act::Unlink,
            Command::Withdraw { .. } => Act::Withdraw,
            Command::Message { .. } => Act::Message,
            Command::Contact { .. } => Act::Contact,
            Command::Reply { .. } => Act::Reply,
            Command::Audit { .. } => Act::Audit,
            Command::CallBack { .. } => Act::CallBack,
            Command::Rate { .. } => Act::Rate,
            Command::Reopen { .. } => Act::Reopen,
            Command::Endorse { .. } => Act::Endorse,
            Command::Object { .. } => Act::Object,
            Command::ProposeExclusion { .. } => Act::ProposeExclusion,
            Command::DecideExclusion { .. } => Act::DecideExclusion,
            Command::AppealExclusion { .. } => Act::AppealExclusion,
            Command::LookBack { .. } => Act::LookBack,
        }
    }
}
