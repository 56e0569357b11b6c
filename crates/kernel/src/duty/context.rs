//! The facts that a decision needs: the shell loads them, `decide` only reads.

use super::profile::Profile;
use crate::calendar::Calendar;
use crate::clock::ClockRule;
use crate::id::{DutyId, PostCode, Slug, UnitCode};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The post that acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The post.
    pub post: PostCode,
    /// Its unit.
    pub unit: UnitCode,
    /// Its line: the own unit, its superiors and subordinates. Leave the district itself out, or everybody would be
    /// in everybody's line and nobody could verify.
    pub unit_line: Vec<UnitCode>,
    /// Its roles.
    pub roles: BTreeSet<Slug>,
}

impl Actor {
    /// Whether it has one of `roles`; an empty set is held by nobody.
    pub fn has(&self, roles: &BTreeSet<Slug>) -> bool {
        !self.roles.is_disjoint(roles)
    }
    /// Whether `unit` is the own unit or in the own line.
    pub fn in_line(&self, unit: &UnitCode) -> bool {
        self.unit == *unit || self.unit_line.contains(unit)
    }
}

/// Kinds of units, as far as leading a duty depends on them (D§2.1 `Party`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 区.
    District,
    /// 区委工作机关.
    CommitteeOffice,
    /// 部门.
    Department,
    /// 街道.
    Street,
    /// 社区.
    Community,
    /// 网格.
    Grid,
    /// 领导小组.
    LeadingGroup,
    /// 专班.
    TaskForce,
    /// 国有平台.
    Platform,
    /// 企业.
    Enterprise,
}

impl UnitKind {
    /// 街道 and below: where a matter that was taken back may not be sent (D§15.5).
    pub fn is_grassroots(self) -> bool {
        matches!(self, UnitKind::Street | UnitKind::Community | UnitKind::Grid)
    }
}

/// Which list of the mandates (履职事项清单) a matter stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MandateList {
    /// 基本履职.
    Basic,
    /// 配合履职: another unit leads, the street supports.
    Support,
    /// 上级收回.
    TakenBack,
}

/// What the mandates say about this matter at the target unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateAnswer {
    /// The entry.
    pub entry: Slug,
    /// Its list.
    pub list: MandateList,
    /// The unit that leads by that entry.
    pub lead: UnitCode,
}

/// Facts of the unit that is to lead or support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadFacts {
    /// The unit.
    pub unit: UnitCode,
    /// Its kind.
    pub kind: UnitKind,
    /// The mandates' answer; `None` when no entry fits.
    pub mandate: Option<MandateAnswer>,
}

/// How many supporting duties are open and closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Children {
    /// Still open.
    pub open: u32,
    /// No longer open.
    pub closed: u32,
}

/// The duty that another is to go into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeTarget {
    /// Its id.
    pub id: DutyId,
    /// Whether it is open.
    pub open: bool,
}

/// Everything beside the duty and the command that a decision may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Now; never before the duty's last event.
    pub now: Instant,
    /// Who acts.
    pub actor: &'a Actor,
    /// The profile of the duty's kind, in force for it.
    pub profile: &'a Profile,
    /// The rule of its clock, in the version that the clock names; `None` for kinds without limits.
    pub rule: Option<&'a ClockRule>,
    /// The calendar in force.
    pub calendar: &'a Calendar,
    /// Facts of the unit that the command names (assign, rule, take lead, add support).
    pub lead_facts: Option<&'a LeadFacts>,
    /// Its supporting duties.
    pub children: Children,
    /// Fresh ids: one for a new duty, one for a supporting duty, one per part of a split.
    pub ids: &'a [DutyId],
    /// The human number that the counter gave, for registering.
    pub number: Option<&'a str>,
    /// Facts of the merge target.
    pub merge_target: Option<MergeTarget>,
    /// Whether the act follows from one of the due day's owner, such as the plan's request to change an item.
    pub from_owner: bool,
    /// The revision that the person saw; a different one now is refused.
    pub expected_rev: Option<u64>,
}
