//! What a playbook may set for a kind of duty (`kinds.toml`): roles, caps, windows and acts that are off.
//!
//! The order of states is never a setting: a district chooses who verifies and how long a return may take, not
//! whether the handler may verify the own work.

use super::vocab::{Act, DueOwner, EvidenceKind, OutcomeClass, VerificationKind};
use crate::clock::{Limit, Unit};
use crate::id::Slug;
use crate::text::{Lang, Words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much evidence a submission needs and may have (D§15.2: small, fixed, more is refused).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRule {
    /// Least number of files in the round.
    pub min: u32,
    /// Most; a further file is refused.
    pub max: u32,
    /// Kinds that count towards the minimum; empty means all.
    #[serde(default)]
    pub kinds: BTreeSet<EvidenceKind>,
}

/// When a unit may send a duty back (D§4.27, D§B.1 row 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnRule {
    /// Window from the moment at which the lead got it.
    pub window: Limit,
    /// Most returns in one round.
    pub max: u32,
}

/// Who verifies and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifierRule {
    /// Roles that may verify; empty means nobody.
    pub roles: BTreeSet<Slug>,
    /// Ways that are accepted; empty means all.
    #[serde(default)]
    pub kinds: BTreeSet<VerificationKind>,
}

/// Who grants deferrals and how long one may last (D§B.1 row 14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspendRule {
    /// Roles that approve; never who asks, nor anybody in the lead's line.
    pub roles: BTreeSet<Slug>,
    /// Most natural days until the review.
    pub review_days: u32,
}

/// What open supporting duties stand in the way of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildrenRule {
    /// Nothing.
    Free,
    /// Closing: the lead may report in time although a supporter dawdles, who is charged on the own duty.
    #[default]
    BeforeClose,
    /// Submitting already.
    BeforeSubmit,
}

/// A kind of duty, as the playbook sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its code, such as `plan_item`, `supervision`, `decision`.
    pub kind: Slug,
    /// What people read.
    pub title: Words,
    /// The clock rule; without one the kind has no limits.
    #[serde(default)]
    pub clock: Option<Slug>,
    /// Number format: `{year}` and `{seq}` or `{seq:4}` (zero-padded) are filled in, such as `督-{year}-{seq:4}`.
    pub number: String,
    /// Whether the lead must sign before working.
    #[serde(default = "yes")]
    pub acceptance: bool,
    /// Whether the start (a plan, the first contact) must be recorded before submitting.
    #[serde(default = "yes")]
    pub start: bool,
    /// Whether somebody must verify before closing.
    #[serde(default = "yes")]
    pub verification: bool,
    /// Acts that this kind does not know.
    #[serde(default)]
    pub off: BTreeSet<Act>,
    /// Evidence.
    pub evidence: EvidenceRule,
    /// Returns.
    #[serde(default = "returns")]
    pub returns: ReturnRule,
    /// Deferrals.
    #[serde(default = "suspend")]
    pub suspend: SuspendRule,
    /// Verification.
    #[serde(default = "verifier")]
    pub verifier: VerifierRule,
    /// Roles that may register; empty means any post.
    #[serde(default)]
    pub registrar: BTreeSet<Slug>,
    /// Roles that may assign, urge, split and merge, beside the registrar and the superintendent.
    #[serde(default = "assigner")]
    pub assigner: BTreeSet<Slug>,
    /// Roles that rule on returned duties.
    #[serde(default = "arbiter")]
    pub arbiter: BTreeSet<Slug>,
    /// Roles that answer requests for more time.
    #[serde(default = "approver")]
    pub extension_approver: BTreeSet<Slug>,
    /// Roles that close, archive and reopen.
    #[serde(default = "closer")]
    pub closer: BTreeSet<Slug>,
    /// Natural days after closing within which it may be reopened; without a number, always.
    #[serde(default)]
    pub reopen_days: Option<u32>,
    /// Outcome classes on offer; empty means all.
    #[serde(default)]
    pub outcomes: BTreeSet<OutcomeClass>,
    /// What open supporting duties stand in the way of.
    #[serde(default)]
    pub children: ChildrenRule,
    /// Whether the assignment must cite a mandate entry (D§4.26 guard).
    #[serde(default)]
    pub mandate_needed: bool,
    /// Whether an enterprise may lead; a target may never be handed down to one (D§4.1).
    #[serde(default)]
    pub enterprise_may_lead: bool,
    /// Who moves its due day once it is set.
    #[serde(default)]
    pub due_owner: DueOwner,
    /// Furthest due day, in natural days from today.
    #[serde(default = "five_years")]
    pub max_due_days: u32,
    /// Labels of the eight steps where this kind says them otherwise; empty means the usual ones.
    #[serde(default)]
    pub stepper: Vec<Words>,
    /// Where the setting comes from; `example` when the sources do not give it.
    pub source: String,
}

fn yes() -> bool {
    true
}
fn five_years() -> u32 {
    1_830
}
fn roles(names: &[&str]) -> BTreeSet<Slug> {
    names.iter().filter_map(|name| Slug::parse("role", name).ok()).collect()
}
fn assigner() -> BTreeSet<Slug> {
    roles(&["supervisor", "supervision_director", "leader", "operator"])
}
fn arbiter() -> BTreeSet<Slug> {
    roles(&["arbiter"])
}
fn approver() -> BTreeSet<Slug> {
    roles(&["supervision_director", "leader"])
}
fn closer() -> BTreeSet<Slug> {
    roles(&["supervision_director"])
}
fn returns() -> ReturnRule {
    ReturnRule { window: Limit::new(4, Unit::OfficeHours), max: 2 }
}
fn suspend() -> SuspendRule {
    SuspendRule { roles: approver(), review_days: 90 }
}
fn verifier() -> VerifierRule {
    VerifierRule { roles: roles(&["verifier", "supervisor", "supervision_director"]), kinds: BTreeSet::new() }
}

/// Something wrong with a profile: a stable code and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFault {
    /// Stable code.
    pub code: &'static str,
    /// The field of the TOML table.
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub words: Words,
}

/// The usual eight steps.
const STEPS: [(&str, &str); 8] = [
    ("立项", "registered"),
    ("交办", "assigned"),
    ("签收", "accepted"),
    ("办理", "in progress"),
    ("反馈", "submitted"),
    ("核验", "verified"),
    ("办结", "closed"),
    ("销号", "archived"),
];

impl Profile {
    /// The labels of the steps that this kind has, with their stage number: 3 is absent without acceptance, 6
    /// without verification.
    pub fn steps(&self, lang: Lang) -> Vec<(u8, String)> {
        let absent = |stage: u8| (stage == 3 && !self.acceptance) || (stage == 6 && !self.verification);
        (1u8..)
            .zip(STEPS)
            .filter(|(stage, _)| !absent(*stage))
            .map(|(stage, (zh, en))| {
                let own = self.stepper.get(usize::from(stage).saturating_sub(1));
                (stage, own.map_or_else(|| lang.pick(zh, en).to_owned(), |words| words.get(lang).to_owned()))
            })
            .collect()
    }

    /// The human number for a counter value; the caller draws `seq` from the counter row of the same transaction.
    pub fn number(&self, year: i16, seq: u32) -> String {
        let mut out = String::new();
        let mut rest = self.number.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else { break };
            match name.split_once(':') {
                Some(("seq", width)) => {
                    let width = width.parse().unwrap_or(0);
                    out.push_str(&format!("{seq:0width$}"));
                }
                _ if name == "seq" => out.push_str(&seq.to_string()),
                _ => out.push_str(&year.to_string()),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// Everything that is wrong with the profile by itself; references to rules and roles are the playbook's to check.
    pub fn check(&self) -> Vec<ProfileFault> {
        let mut faults = Vec::new();
        let mut say = |bad: bool, code, field, zh: &str, en: &str| {
            if bad {
                faults.push(ProfileFault { code, field, words: Words::new(zh, en) });
            }
        };
        let on = |act: Act| !self.off.contains(&act);
        say(
            !number_is_good(&self.number),
            "profile.number",
            "number",
            "编号格式只能用{year}、{seq}或{seq:位数},且必须有{seq}",
            "A number format uses {year}, {seq} or {seq:width}, and must have {seq}",
        );
        say(
            self.evidence.min > self.evidence.max,
            "profile.evidence",
            "evidence",
            "佐证下限高于上限",
            "The least evidence exceeds the most",
        );
        say(
            on(Act::Return) && self.arbiter.is_empty(),
            "profile.arbiter",
            "arbiter",
            "可以退回却没有裁定角色",
            "It may be returned, but no role rules on it",
        );
        say(
            self.verification && self.verifier.roles.is_empty(),
            "profile.verifier",
            "verifier",
            "需要核验却没有核验角色",
            "It needs verification, but no role verifies",
        );
        say(
            self.verification && self.verifier.kinds.iter().eq([&VerificationKind::LookBack]),
            "profile.look_back",
            "verifier",
            "“回头看”只用于办结之后,不能是唯一的核验方式",
            "A look-back comes after closing and cannot be the only way to verify",
        );
        say(
            self.closer.is_empty(),
            "profile.closer",
            "closer",
            "没有办结角色,事项无法办结",
            "No role closes, so no duty would ever be closed",
        );
        say(
            on(Act::AskSuspend) && !(1..=90).contains(&self.suspend.review_days),
            "profile.review",
            "suspend",
            "挂账复核应在1至90日内",
            "A deferral is reviewed within 1 to 90 days",
        );
        say(
            !self.stepper.is_empty() && self.stepper.len() != STEPS.len(),
            "profile.stepper",
            "stepper",
            "步骤名称应为8个,或不写",
            "Give eight step labels, or none",
        );
        let essential = [Act::Register, Act::Assign, Act::Submit, Act::Close, Act::Cancel];
        say(
            essential.iter().any(|act| self.off.contains(act)),
            "profile.off",
            "off",
            "立项、交办、反馈、办结、撤销不能关闭",
            "Register, assign, submit, close and cancel cannot be off",
        );
        faults
    }
}

/// Only known placeholders, `{seq}` among them, braces closed, width one digit.
fn number_is_good(format: &str) -> bool {
    let mut rest = format;
    let mut has_seq = false;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { return false };
        let padded =
            name.strip_prefix("seq:").is_some_and(|w| w.len() == 1 && w.bytes().all(|b| b.is_ascii_digit()));
        if before.contains('}') || !(name == "year" || name == "seq" || padded) {
            return false;
        }
        has_seq |= name != "year";
        rest = tail;
    }
    has_seq && !rest.contains('}')
}
