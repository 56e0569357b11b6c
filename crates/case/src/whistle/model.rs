//! What a whistle is (D§4.26, D§B.2). Build it with [`Whistle::born`], change it with [`Whistle::apply`].

use super::vocab::{Found, How, MissKind, Outcome, Sheet, Side, Stage};
use kernel::money::Decimal;
use kernel::text::{Body, Remark, Title};
use kernel::{Day, DutyId, FileId, Instant, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of a whistle is the id of its duty.
pub type WhistleId = DutyId;

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// The post.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// A photo of the need; the bytes lie in the store of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// The file.
    pub file: FileId,
    /// SHA-256 of the bytes as handed in.
    pub sha256: String,
}

/// What was found, and what was tried on the spot before anybody was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What is the matter.
    pub text: Body,
    /// What grid and community tried.
    pub tried: Remark,
    /// How it came to be known.
    pub found: Found,
    /// The spot in words: lane, building, crossing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spot: Option<Remark>,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// The resident's request that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<DutyId>,
}

/// One department that is to be called, as the secretary writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallAsk {
    /// The department.
    pub unit: UnitCode,
    /// The entry of the duty lists that makes the matter the department's.
    pub entry: Slug,
    /// What is asked of it, when that differs from the whistle's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Remark>,
}

/// An act of a department that has a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Met {
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Whether the limit was met; `None` when the rule has no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// Somebody came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// The post that came.
    pub post: PostCode,
    /// When it was written down.
    pub at: Instant,
    /// Whether it may decide for its unit; if not, it is an onlooker and counts as no muster (D§15.16).
    pub decides: bool,
    /// Who gave it the power to decide, when its post does not carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Remark>,
}

/// How a dispute was ruled on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// What came of it.
    pub outcome: Outcome,
    /// The unit that has it from here on.
    pub to: UnitCode,
    /// Ground.
    pub ground: Remark,
    /// Who ruled.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Whether the ruling came within its limit.
    pub in_time: bool,
}

/// A department's dispute: by another entry the matter is somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The department that disputes.
    pub unit: UnitCode,
    /// The other entry.
    pub cited: Slug,
    /// Why.
    pub ground: Remark,
    /// Who disputes.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// When the ruling is due.
    pub due: Instant,
    /// The ruling, once made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
}

/// A limit that a department let pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Miss {
    /// What it failed to do.
    pub kind: MissKind,
    /// The moment that passed.
    pub due: Instant,
    /// When it was written down.
    pub at: Instant,
}

/// What a department reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// In words.
    pub text: Body,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Whether the main limit was met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

/// A sheet's contest and how it was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Why.
    pub why: Remark,
    /// Who contests.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The organisation department's answer: its ground, who and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<(Remark, Stamp)>,
}

/// A filled-in score sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// Points by item, those that were computed included.
    pub points: BTreeMap<Slug, Decimal>,
    /// Items whose points were computed from what happened.
    pub computed: Vec<Slug>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// Who gave them.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The contest, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contest>,
}

impl Scores {
    /// The sum.
    pub fn total(&self) -> Decimal {
        self.points.values().copied().sum()
    }
    /// Whether a contest waits to be settled.
    pub fn is_contested(&self) -> bool {
        self.contest.as_ref().is_some_and(|contest| contest.settled.is_none())
    }
}

/// One department's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The department.
    pub unit: UnitCode,
    /// Its duty: the whistle's own for the lead, a supporting one for the others.
    pub duty: DutyId,
    /// Whether it leads; exactly one call does.
    pub lead: bool,
    /// The entry that makes the matter its own.
    pub entry: Slug,
    /// What is asked of it, when that differs from the whistle's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Remark>,
    /// When it was called.
    pub called: Instant,
    /// When it acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ack: Option<Met>,
    /// Who came, in order, onlookers included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrivals: Vec<Arrival>,
    /// When somebody came who may decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muster: Option<Met>,
    /// Its dispute: one at most, a ruling binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<Dispute>,
    /// Limits that it let pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// What it reported; taken back when street or resident say that it is not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Report>,
    /// Why it was released before the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<(Remark, Stamp)>,
    /// The street's scores for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Scores>,
    /// Its scores for the whistle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Scores>,
}

impl Call {
    /// Whether the department still has a part.
    pub fn is_active(&self) -> bool {
        self.released.is_none()
    }
    /// Whether a dispute waits for its ruling.
    pub fn is_disputed(&self) -> bool {
        self.dispute.as_ref().is_some_and(|dispute| dispute.ruling.is_none())
    }
    /// The sheet of a kind.
    pub fn sheet(&self, sheet: Sheet) -> Option<&Scores> {
        match sheet {
            Sheet::Department => self.score.as_ref(),
            Sheet::Street => self.back.as_ref(),
        }
    }
}

/// A task of the joint plan: a duty of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its duty.
    pub duty: DutyId,
    /// Who leads it.
    pub unit: UnitCode,
    /// What is to be done.
    pub what: Remark,
    /// By when.
    pub due: Day,
}

/// The joint plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Tasks, at least one.
    pub tasks: Vec<Task>,
    /// What was agreed beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// Who wrote it down.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// Street's or resident's word that it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// In words.
    pub note: Remark,
    /// How the resident was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<How>,
    /// Who wrote it down.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// Two misses: the matter is with the leader in charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The department that did not come or stalled.
    pub unit: UnitCode,
    /// Which.
    pub kind: MissKind,
    /// The leader in charge, when the playbook names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<PostCode>,
    /// When.
    pub at: Instant,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum End {
    /// Solved on the spot; the resident's own words.
    Solved {
        /// How.
        text: Remark,
        /// What the resident said.
        resident: Remark,
        /// Who and when.
        stamp: Stamp,
    },
    /// The whistle should not have been sounded, by ruling.
    Misused {
        /// When.
        at: Instant,
    },
    /// Withdrawn.
    Cancelled {
        /// Why.
        why: Remark,
        /// Who and when.
        stamp: Stamp,
    },
    /// Done, confirmed and scored.
    Closed {
        /// When.
        at: Instant,
    },
}

/// 吹哨: a need, the departments that were called to it, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whistle {
    /// Identity: that of its duty.
    pub id: WhistleId,
    /// Human number such as `哨-2019-0871`.
    pub no: String,
    /// Title.
    pub title: Title,
    /// The street whose secretary whistles.
    pub street: UnitCode,
    /// Community where it lies, or the street itself.
    pub place: UnitCode,
    /// What is the matter.
    pub need: Need,
    /// Who raised it.
    pub raised: Stamp,
    /// Type of the playbook, once sounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Slug>,
    /// What is asked of all, once sounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Remark>,
    /// Who sounded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sounded: Option<Stamp>,
    /// Departments, the lead first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// The joint plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Since when all departments have reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checking: Option<Instant>,
    /// The street's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_word: Option<Word>,
    /// The resident's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_word: Option<Word>,
    /// How often street or resident said that it is not done.
    #[serde(default)]
    pub not_done: u32,
    /// Two misses: with the leader in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// Missed again after that: stands on the list of the quarterly session (季会办).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarterly: Option<Instant>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Number of events applied.
    pub rev: u64,
    /// Moment of the last event.
    pub updated: Instant,
}

impl Whistle {
    /// Where it stands, from its facts alone.
    pub fn stage(&self) -> Stage {
        match &self.end {
            Some(End::Solved { .. }) => return Stage::Solved,
            Some(End::Misused { .. }) => return Stage::Misused,
            Some(End::Cancelled { .. }) => return Stage::Cancelled,
            Some(End::Closed { .. }) => return Stage::Closed,
            None => {}
        }
        let Some(lead) = self.lead().filter(|_| self.sounded.is_some()) else { return Stage::Need };
        if self.is_confirmed() {
            Stage::Scored
        } else if self.checking.is_some() {
            Stage::Checking
        } else if lead.is_disputed() {
            Stage::Arbitrating
        } else if self.plan.is_some() && lead.muster.is_some() {
            Stage::Working
        } else if lead.muster.is_some() {
            Stage::Mustered
        } else if lead.ack.is_some() {
            Stage::Acked
        } else {
            Stage::Sounded
        }
    }
    /// Whether street and resident both said that it is done.
    pub fn is_confirmed(&self) -> bool {
        self.street_word.is_some() && self.resident_word.is_some()
    }
    /// The leading department's part.
    pub fn lead(&self) -> Option<&Call> {
        self.calls.iter().find(|call| call.lead && call.is_active())
    }
    /// Parts of departments that were not released.
    pub fn active(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|call| call.is_active())
    }
    /// The part of a department that was not released.
    pub fn call(&self, unit: &UnitCode) -> Option<&Call> {
        self.active().find(|call| call.unit == *unit)
    }
    /// The part whose duty this is.
    pub fn call_of(&self, duty: DutyId) -> Option<&Call> {
        self.calls.iter().find(|call| call.duty == duty)
    }
    /// Units of the parts other than the lead's.
    pub fn supports(&self) -> Vec<UnitCode> {
        self.active().filter(|call| !call.lead).map(|call| call.unit.clone()).collect()
    }
    /// Whether every sheet of both directions is filled in and none is contested.
    pub fn is_scored(&self) -> bool {
        let whole = |scores: &Option<Scores>| scores.as_ref().is_some_and(|scores| !scores.is_contested());
        self.active().all(|call| whole(&call.score) && whole(&call.back))
    }
    /// How many limits departments let pass.
    pub fn misses(&self) -> usize {
        self.calls.iter().map(|call| call.misses.len()).sum()
    }
    /// The word of a side.
    pub fn word(&self, side: Side) -> Option<&Word> {
        match side {
            Side::Street => self.street_word.as_ref(),
            Side::Resident => self.resident_word.as_ref(),
        }
    }
}
