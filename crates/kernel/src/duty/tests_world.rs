//! A small district for the tests: named posts, one profile, one rule, a history.

use super::*;
use crate::calendar::{Calendar, Calendars};
use crate::clock::ClockRule;
use crate::id::{DutyId, FileId, PostCode, Slug, UnitCode};
use crate::text::{Body, Remark, Title};
use crate::time::{Day, Instant};
use std::collections::BTreeSet;
use uuid::Uuid;

pub(super) const PROFILE: &str = r#"
kind = "request"
title = { zh = "协办请求", en = "request" }
clock = "case.general"
number = "督-{year}-{seq:4}"
evidence = { min = 1, max = 3 }
returns = { window = "4oh", max = 2 }
reopen_days = 90
source = "example"
"#;

pub(super) const RULE: &str = r#"
code = "case.general"
version = "1"
from = "2019-01-01"
title = { zh = "一般诉求", en = "general request" }
warn = "1wd"
ladder = "standard"
source = "example"
extension = { max_count = 1, max_len = "5wd" }
[[limits]]
name = "sign"
limit = "4oh"
starts = "assign"
stops = "accept"
[[limits]]
name = "contact"
limit = "24h"
starts = "assign"
stops = "contact"
[[limits]]
name = "reply"
limit = "5wd"
starts = "assign"
stops = "submit"
main = true
"#;

pub(super) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}
pub(super) fn unit(text: &str) -> UnitCode {
    text.parse().unwrap()
}
pub(super) fn post(text: &str) -> PostCode {
    text.parse().unwrap()
}
pub(super) fn say(text: &str) -> Remark {
    Remark::parse("text", text).unwrap()
}
pub(super) fn body(text: &str) -> Body {
    Body::parse("reply", text).unwrap()
}
pub(super) fn day(text: &str) -> Day {
    Day::parse("day", text).unwrap()
}
pub(super) fn at(text: &str) -> Instant {
    Instant::parse("at", text).unwrap()
}
pub(super) fn duty_id(n: u128) -> DutyId {
    DutyId::new(Uuid::from_u128(n))
}

/// A post with its unit, line and roles.
pub(super) fn actor(code: &str, line: &[&str], roles: &[&str]) -> Actor {
    let post = post(code);
    Actor {
        unit: unit(post.unit_part()),
        unit_line: line.iter().map(|code| unit(code)).collect(),
        roles: roles.iter().map(|role| slug(role)).collect(),
        post,
    }
}

/// The posts of the tests. `dcs` supervises, `zjj` and `cgj` are departments, `guanshang` is a street with a community.
pub(super) fn clerk() -> Actor {
    actor("dcs.clerk", &[], &["supervisor"])
}
pub(super) fn director() -> Actor {
    actor("dcs.director", &[], &["supervision_director"])
}
pub(super) fn housing() -> Actor {
    actor("zjj.officer", &["zjz"], &["handler"])
}
pub(super) fn housing_chief() -> Actor {
    actor("zjj.chief", &["zjz"], &["unit_chief"])
}
/// In the line of `zjj` and a verifier by role: must stand aside for its matters.
pub(super) fn housing_station() -> Actor {
    let roles = &["verifier", "arbiter", "supervision_director"];
    actor("zjz.head", &["zjj"], roles)
}
pub(super) fn city() -> Actor {
    actor("cgj.officer", &[], &["handler"])
}
pub(super) fn street() -> Actor {
    actor("guanshang.officer", &[], &["handler"])
}
pub(super) fn arbiter() -> Actor {
    actor("bb.arbiter", &[], &["arbiter"])
}
pub(super) fn leader() -> Actor {
    actor("ld.economy", &[], &["leader"])
}
pub(super) fn system() -> Actor {
    actor("system.jobs", &[], &["system"])
}

/// A district with one duty and its history.
#[derive(Clone)]
pub(super) struct World {
    pub(super) profile: Profile,
    pub(super) rule: Option<ClockRule>,
    pub(super) calendar: Calendar,
    pub(super) now: Instant,
    pub(super) duty: Option<Duty>,
    pub(super) log: Vec<(Event, Meta)>,
    pub(super) facts: Vec<LeadFacts>,
    pub(super) children: Children,
    pub(super) ids: Vec<DutyId>,
    pub(super) number: Option<String>,
    pub(super) target: Option<MergeTarget>,
    pub(super) seen: Option<u64>,
    pub(super) files: u128,
    pub(super) from_owner: bool,
}

impl World {
    /// Monday 2019-08-12, 09:00.
    pub(super) fn new() -> World {
        let facts = |code: &str, kind| LeadFacts { unit: unit(code), kind, mandate: None };
        World {
            profile: toml::from_str(PROFILE).unwrap(),
            rule: Some(toml::from_str(RULE).unwrap()),
            calendar: Calendars::builtin().latest(),
            now: at("2019-08-12T09:00"),
            duty: None,
            log: Vec::new(),
            facts: vec![
                facts("zjj", UnitKind::Department),
                facts("cgj", UnitKind::Department),
                facts("guanshang", UnitKind::Street),
                facts("firm", UnitKind::Enterprise),
            ],
            children: Children::default(),
            ids: (1..=3).map(duty_id).collect(),
            number: Some("督-2019-0012".to_owned()),
            target: None,
            seen: None,
            files: 0,
            from_owner: false,
        }
    }
    /// Up to `state`, with the lead `zjj`.
    pub(super) fn at_state(state: StateName) -> World {
        let mut w = World::new();
        let path: [(StateName, Actor, Command); 9] = [
            (StateName::Registered, clerk(), w.register()),
            (StateName::Assigned, clerk(), assign("zjj")),
            (StateName::Accepted, housing(), Command::Accept { handler: None }),
            (StateName::InProgress, housing(), Command::Start { note: say("已联系诉求人") }),
            (StateName::InProgress, housing(), w.evidence()),
            (StateName::Submitted, housing(), submit(OutcomeClass::Resolved)),
            (StateName::Verified, director(), verify(VerificationKind::CallBack)),
            (StateName::Closed, director(), Command::Close),
            (StateName::Archived, director(), Command::Archive { retention: Retention::Years10 }),
        ];
        for (reached, actor, command) in path {
            w.good(&actor, command);
            w.later(10);
            if reached == state && reached != StateName::InProgress {
                break;
            }
            if reached == state && w.duty().evidence.len() == 1 {
                break;
            }
        }
        assert_eq!(w.duty().state.name(), state);
        w
    }
    pub(super) fn duty(&self) -> &Duty {
        self.duty.as_ref().unwrap()
    }
    pub(super) fn later(&mut self, minutes: i64) {
        self.now = self.now.plus_seconds(minutes * 60);
    }
    pub(super) fn form(&self) -> NewDuty {
        let ground = |text: &str| Ground {
            kind: GroundKind::CitizenAppeal,
            text: say(text),
            day: Some(day("2019-08-11")),
            source: "example".to_owned(),
        };
        NewDuty {
            kind: slug("request"),
            title: Title::parse("title", "老旧小区屋面漏水").unwrap(),
            ground: vec![ground("12345来电反映三栋屋面漏水"), ground("网格员上报积水")],
            criterion: say("雨后两次复查不漏"),
            priority: Priority::General,
            visibility: Visibility::Petitioner,
            superintendent: Some(post("dcs.director")),
            patron: None,
            parent: None,
            relations: BTreeSet::new(),
            place: Some(unit("guanshang")),
            planned_due: None,
            marks: BTreeSet::from([Mark::Example]),
        }
    }
    pub(super) fn register(&self) -> Command {
        Command::Register { form: Box::new(self.form()) }
    }
    /// A fresh file.
    pub(super) fn evidence(&mut self) -> Command {
        self.files += 1;
        Command::AddEvidence {
            file: FileId::new(Uuid::from_u128(self.files)),
            kind: EvidenceKind::Photo,
            note: None,
            sha256: Sha256Hex::try_from(format!("{:064x}", self.files)).unwrap(),
        }
    }
    pub(super) fn ask(&self, actor: &Actor, command: &Command) -> Result<Vec<Event>, DutyRefusal> {
        let named = match command {
            Command::Assign { lead, .. } | Command::Rule { lead, .. } => Some(lead),
            Command::OfferLead { to, .. } => Some(to),
            Command::TakeLead => Some(&actor.unit),
            _ => None,
        };
        let facts = named.and_then(|unit| self.facts.iter().find(|facts| facts.unit == *unit));
        decide(self.duty.as_ref(), command, &self.context(actor, facts))
    }
    pub(super) fn context<'a>(&'a self, actor: &'a Actor, lead_facts: Option<&'a LeadFacts>) -> Context<'a> {
        Context {
            now: self.now,
            actor,
            profile: &self.profile,
            rule: self.rule.as_ref(),
            calendar: &self.calendar,
            lead_facts,
            children: self.children,
            ids: &self.ids,
            number: self.number.as_deref(),
            merge_target: self.target,
            from_owner: self.from_owner,
            expected_rev: self.seen,
        }
    }
    /// Decides and applies.
    pub(super) fn act(&mut self, actor: &Actor, command: &Command) -> Result<Vec<Event>, DutyRefusal> {
        let events = self.ask(actor, command)?;
        let meta = Meta { at: self.now, actor: actor.post.clone() };
        for event in &events {
            match &mut self.duty {
                Some(duty) => duty.apply(event, &meta),
                none => *none = Some(Duty::born(event, &meta).unwrap()),
            }
            self.log.push((event.clone(), meta.clone()));
        }
        let n = u128::try_from(self.log.len()).unwrap() * 100;
        self.ids = (n + 1..=n + 3).map(duty_id).collect();
        Ok(events)
    }
    #[expect(clippy::needless_pass_by_value, reason = "tests read better without a borrow at every call")]
    pub(super) fn good(&mut self, actor: &Actor, command: Command) -> Vec<Event> {
        let events = self.act(actor, &command).unwrap_or_else(|no| panic!("{command:?}: {no:?}"));
        assert_eq!(check(self.duty(), self.now), vec![], "after {command:?}");
        events
    }
    #[expect(clippy::needless_pass_by_value, reason = "tests read better without a borrow at every call")]
    pub(super) fn no(&self, actor: &Actor, command: Command) -> DutyRefusal {
        match self.ask(actor, &command) {
            Ok(events) => panic!("{command:?} was taken: {events:?}"),
            Err(no) => no,
        }
    }
    pub(super) fn folded(&self) -> Duty {
        fold(self.log.iter().map(|(event, meta)| (event, meta))).unwrap()
    }
}

pub(super) fn assign(lead: &str) -> Command {
    Command::Assign { lead: unit(lead), handler: None, superintendent: None, patron: None, due: None }
}
pub(super) fn send_back() -> Command {
    Command::Return { reason: ReturnReason::NotMyDuty, ground: say("权责清单未列入") }
}
pub(super) fn rule(lead: &str, binds: bool) -> Command {
    Command::Rule { lead: unit(lead), binds, ground: say("按三定规定") }
}
pub(super) fn submit(outcome: OutcomeClass) -> Command {
    Command::Submit { outcome, reply: body("屋面已重做防水"), planned: None, legal: None }
}
pub(super) fn verify(kind: VerificationKind) -> Command {
    Command::Verify { kind, solved: Solved::Yes, note: say("电话回访,诉求人确认不漏") }
}
pub(super) fn ask_suspend(review: &str) -> Command {
    Command::AskSuspend {
        reason: DeferralReason::Funding, review: day(review), plan: say("申请维修资金")
    }
}
pub(super) fn ask_extend(to: &str) -> Command {
    Command::AskExtend { to: day(to), reason: say("连续降雨") }
}
pub(super) fn reject() -> Command {
    Command::Reject { defects: vec![say("缺雨后复查记录")] }
}
pub(super) fn reopen() -> Command {
    Command::Reopen { why: ReopenReason::LookBackFailed, note: say("雨后又漏"), due: None }
}
