//! What may be asked of a whistle. Every text in a command was parsed at the door.

use super::model::CallAsk;
use super::vocab::{Act, How, Outcome, Sheet, Side};
use kernel::duty::OutcomeClass;
use kernel::money::Decimal;
use kernel::text::{Body, Remark};
use kernel::{Day, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A task, as the joint plan writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskAsk {
    /// Who leads it: a department that was called, or the street.
    pub unit: UnitCode,
    /// What is to be done.
    pub what: Remark,
    /// By when.
    pub due: Day,
}

fn resolved() -> OutcomeClass {
    OutcomeClass::Resolved
}

/// An act, with what the actor says. The serde tag `act` is the code of [`Act`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 就地解决: the need is met without a whistle, and the resident says so.
    Solve {
        /// How.
        text: Remark,
        /// What the resident said; without it nothing is solved.
        #[serde(default)]
        resident: Option<Remark>,
    },
    /// 吹哨: by the street secretary.
    Sound {
        /// Type of the playbook.
        kind: Slug,
        /// What is asked of all.
        ask: Remark,
        /// Departments with the entry cited for each; the first one leads.
        calls: Vec<CallAsk>,
    },
    /// 加派部门.
    Call {
        /// The department and its entry.
        call: CallAsk,
    },
    /// 应哨: by the department's duty officer.
    Ack,
    /// 提出职责异议.
    Dispute {
        /// The other entry.
        cited: Slug,
        /// Why.
        ground: Remark,
    },
    /// 裁定 a dispute.
    Rule {
        /// Whose dispute.
        unit: UnitCode,
        /// What comes of it.
        outcome: Outcome,
        /// The unit that gets it, for [`Outcome::Move`]; the owner of the cited entry when absent.
        #[serde(default)]
        to: Option<UnitCode>,
        /// Ground.
        ground: Remark,
    },
    /// 到场报到.
    Muster {
        /// The post that came; the acting one when absent.
        #[serde(default)]
        post: Option<PostCode>,
        /// Whether it may decide for its unit.
        decides: bool,
        /// Who gave it that power, when its post does not carry it.
        #[serde(default)]
        authority: Option<Remark>,
    },
    /// 制定联合方案.
    Plan {
        /// Tasks.
        tasks: Vec<TaskAsk>,
        /// What else was agreed.
        #[serde(default)]
        note: Option<Remark>,
    },
    /// 报告处置结果: a department's own part.
    Done {
        /// In words that the resident may read.
        text: Body,
        /// What is claimed.
        #[serde(default = "resolved")]
        outcome: OutcomeClass,
    },
    /// 请部门退出.
    Release {
        /// Which.
        unit: UnitCode,
        /// Why.
        why: Remark,
    },
    /// 确认结果.
    Confirm {
        /// Whose word.
        side: Side,
        /// Whether it is done.
        done: bool,
        /// In words.
        note: Remark,
        /// How the resident was asked.
        #[serde(default)]
        how: Option<How>,
        /// Departments whose part is not done; the lead when empty.
        #[serde(default)]
        units: Vec<UnitCode>,
    },
    /// 评分: the street on a department, or a department on the whistle.
    Score {
        /// The department that is judged, or that judges; one's own when absent.
        #[serde(default)]
        unit: Option<UnitCode>,
        /// Points of the items that are judged by hand.
        points: BTreeMap<Slug, Decimal>,
        /// In words.
        #[serde(default)]
        note: Option<Remark>,
    },
    /// 对评分提出异议: by whoever is judged.
    Contest {
        /// The department of the sheet.
        #[serde(default)]
        unit: Option<UnitCode>,
        /// Why.
        why: Remark,
    },
    /// 裁定评分.
    Settle {
        /// The department of the sheet.
        unit: UnitCode,
        /// Which sheet.
        sheet: Sheet,
        /// Points that change; empty leaves all as they are.
        #[serde(default)]
        points: BTreeMap<Slug, Decimal>,
        /// Ground.
        ground: Remark,
    },
    /// 撤销.
    Cancel {
        /// Why.
        why: Remark,
    },
}

impl Command {
    /// The act without its words.
    pub fn act(&self) -> Act {
        match self {
            Command::Solve { .. } => Act::Solve,
            Command::Sound { .. } => Act::Sound,
            Command::Call { .. } => Act::Call,
            Command::Ack => Act::Ack,
            Command::Dispute { .. } => Act::Dispute,
            Command::Rule { .. } => Act::Rule,
            Command::Muster { .. } => Act::Muster,
            Command::Plan { .. } => Act::Plan,
            Command::Done { .. } => Act::Done,
            Command::Release { .. } => Act::Release,
            Command::Confirm { .. } => Act::Confirm,
            Command::Score { .. } => Act::Score,
            Command::Contest { .. } => Act::Contest,
            Command::Settle { .. } => Act::Settle,
            Command::Cancel { .. } => Act::Cancel,
        }
    }
}
