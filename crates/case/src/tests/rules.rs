//! The rules by themselves: no database, no clock. Tables of D§B.1: which act at which stage.

use super::world::{playbook, remark, slug};
use crate::event::{Event, samples};
use crate::model::{Act, Case, LeftOut, Mark, Meta, Stage, fold};
use crate::rules::{self, Context, counters, counts_well};
use kernel::access::{Actor, Role, RoleSet};
use kernel::calendar::Calendars;
use kernel::cases::Grade;
use kernel::duty::{self as kd, Duty, Solved};
use kernel::{Day, Instant, PostCode, UnitCode};

fn now() -> Instant {
    Day::new(2019, 8, 12).unwrap().at(10, 0)
}

fn meta(post: &str) -> Meta {
    Meta { at: now(), actor: PostCode::parse("p", post).unwrap() }
}

fn sample(kind: &str) -> Event {
    samples().unwrap().into_iter().find(|event| event.kind() == kind).unwrap()
}

/// A case with the named events after its filing.
fn case(kinds: &[&str]) -> Case {
    let mut case = Case::born(&sample("case.filed"), &meta("gd.resident")).unwrap();
    for kind in kinds {
        case.apply(&sample(kind), &meta("zwj.operator"));
    }
    case
}

/// A duty in a state, as the lifecycle would leave it.
fn duty(state: kd::State) -> Duty {
    let form = kd::NewDuty {
        kind: slug("case"),
        title: kernel::text::Title::parse("t", "路面破损").unwrap(),
        ground: vec![],
        criterion: remark("答复"),
        priority: kd::Priority::General,
        visibility: kd::Visibility::Petitioner,
        superintendent: None,
        patron: None,
        parent: None,
        relations: Default::default(),
        place: None,
        planned_due: None,
        marks: Default::default(),
    };
    let unit = UnitCode::parse("u", "zwj").unwrap();
    let id = kernel::DutyId::parse("i", "0190f0f0-0000-7000-8000-000000000001").unwrap();
    let born = kd::Event::Registered { id, no: "1".into(), unit, form: Box::new(form), clock: None };
    let mut duty = Duty::born(&born, &kd::Meta { at: now(), actor: meta("gd.resident").actor }).unwrap();
    duty.lead = Some(UnitCode::parse("u", "cgj").unwrap());
    duty.state = state;
    duty
}

fn by() -> PostCode {
    PostCode::parse("p", "cgj.handler").unwrap()
}

fn states() -> Vec<(&'static str, kd::State)> {
    let at = now();
    let review = Day::new(2019, 9, 1).unwrap();
    let reason = kd::DeferralReason::Funding;
    vec![
        ("registered", kd::State::Registered { at }),
        ("assigned", kd::State::Assigned { at, by: by() }),
        ("accepted", kd::State::Accepted { at, by: by() }),
        ("in_progress", kd::State::InProgress { since: at }),
        (
            "arbitrating",
            kd::State::Arbitrating {
                by: by(),
                at,
                reason: kd::ReturnReason::NotMyDuty,
                ground: remark("依据"),
            },
        ),
        ("suspend_asked", kd::State::SuspendAsked { by: by(), at, reason, review, plan: remark("计划") }),
        ("suspended", kd::State::Suspended { by: by(), since: at, reason, review }),
        ("submitted", kd::State::Submitted { by: by(), at, outcome: kd::OutcomeClass::Resolved }),
        ("verified", kd::State::Verified { by: by(), at, kind: kd::VerificationKind::CallBack }),
        ("closed", kd::State::Closed { by: by(), at }),
        ("archived", kd::State::Archived { by: by(), at, closed: at, retention: kd::Retention::Years10 }),
        (
            "merged",
            kd::State::Merged {
                into: kernel::DutyId::parse("i", "0190f0f0-0000-7000-8000-000000000002").unwrap(),
                by: by(),
                at,
            },
        ),
        ("cancelled", kd::State::Cancelled { by: by(), at, reason: remark("撤") }),
    ]
}

/// Stage of a duty's state, with what the case adds.
#[test]
fn stages() {
    let of = |kinds: &[&str], name: &str| {
        let state = states().into_iter().find(|(n, _)| *n == name).unwrap().1;
        rules::stage(&case(kinds), &duty(state))
    };
    for (kinds, state, stage) in [
        (&[][..], "registered", Stage::Received),
        (&[], "assigned", Stage::Dispatched),
        (&[], "accepted", Stage::Signed),
        (&[], "in_progress", Stage::Contacted),
        (&[], "arbitrating", Stage::Arbitrating),
        (&[], "suspend_asked", Stage::DeferralAsked),
        (&[], "suspended", Stage::Deferred),
        (&["case.replied"], "submitted", Stage::Replied),
        (&["case.replied", "case.rated"], "submitted", Stage::Replied),
        (&["case.replied", "case.audited"], "submitted", Stage::Audited),
        (&["case.replied", "case.audited", "case.rated"], "submitted", Stage::Rated),
        (&["case.replied", "case.audited", "case.called_back"], "verified", Stage::Rated),
        (
            &["case.replied", "case.audited", "case.rated", "case.exclusion_proposed"],
            "submitted",
            Stage::Exclusion,
        ),
        (
            &["case.replied", "case.audited", "case.called_back", "case.exclusion_proposed"],
            "verified",
            Stage::Exclusion,
        ),
        (&["case.replied", "case.audited", "case.called_back", "case.scored"], "verified", Stage::Scored),
        (&["case.scored"], "closed", Stage::Closed),
        (&[], "archived", Stage::Archived),
        (&["case.linked"], "merged", Stage::Linked),
        (&[], "cancelled", Stage::Cancelled),
        (&["case.answered"], "cancelled", Stage::Answered),
        (&["case.handed_over"], "cancelled", Stage::HandedOver),
        (&["case.refused"], "cancelled", Stage::Refused),
        (&["case.withdrawn"], "cancelled", Stage::Withdrawn),
        // Others still wait for an answer.
        (&["case.gathered", "case.withdrawn"], "in_progress", Stage::Contacted),
    ] {
        assert_eq!(of(kinds, state), stage, "{kinds:?} {state}");
    }
}

struct Facts {
    actor: Actor,
    book: kernel::playbook::Playbook,
    calendar: kernel::calendar::Calendar,
    line: Vec<UnitCode>,
    own: Vec<UnitCode>,
}

impl Facts {
    fn of(unit: &str, role: Role) -> Facts {
        let unit = UnitCode::parse("u", unit).unwrap();
        let post = PostCode::parse("p", &format!("{unit}.x")).unwrap();
        Facts {
            own: vec![unit.clone()],
            actor: Actor::new(post, unit, RoleSet::of(&[role])),
            book: playbook(),
            calendar: Calendars::builtin().latest(),
            line: vec![UnitCode::parse("u", "cgj").unwrap()],
        }
    }
    fn context(&self) -> Context<'_> {
        Context {
            now: now(),
            actor: &self.actor,
            own_line: &self.own,
            handler_line: &self.line,
            rules: self.book.case_rules().unwrap(),
            calendar: &self.calendar,
            category: self.book.category("020101"),
            route: None,
            target_line: &[],
            target: None,
            sampled: false,
            twin: false,
            expected_rev: None,
        }
    }
}

/// Which acts each stage admits, whoever asks (the policy narrows further). A row is a stage of D§B.1.
#[test]
fn acts_by_stage() {
    let facts = Facts::of("zwj", Role::Dispatcher);
    let open = |kinds: &[&str], state: &str| -> String {
        let state = states().into_iter().find(|(n, _)| *n == state).unwrap().1;
        let (case, duty) = (case(kinds), duty(state));
        let ok = |act: &&Act| rules::open(**act, &case, &duty, &facts.context()).is_ok();
        let always = [Act::Reveal, Act::ExportPersonal];
        let list: Vec<&str> =
            Act::ALL.iter().filter(|a| !always.contains(a)).filter(ok).map(|act| act.code()).collect();
        list.join(" ")
    };
    let replied = ["case.replied", "case.audited", "case.called_back"];
    for (kinds, state, acts) in [
        (&[][..], "registered", "classify dispatch hand_over refuse link withdraw message"),
        (&[], "assigned", "link withdraw message"),
        (&[], "accepted", "link withdraw message contact"),
        (&[], "in_progress", "link withdraw message contact reply"),
        (&[], "arbitrating", "classify link withdraw message"),
        (&[], "suspend_asked", "withdraw message contact reply endorse"),
        (&[], "suspended", "withdraw message"),
        (&["case.endorsed"], "suspended", "withdraw message"),
        (&["case.replied"], "submitted", "message audit rate"),
        (&["case.replied", "case.audited"], "submitted", "message call_back rate"),
        (&replied, "verified", "message rate propose_exclusion"),
        (
            &["case.replied", "case.audited", "case.called_back", "case.exclusion_proposed"],
            "verified",
            "message decide_exclusion",
        ),
        (&["case.replied", "case.audited", "case.called_back", "case.scored"], "verified", "message"),
        (&["case.scored"], "closed", "message reopen erase"),
        (&["case.linked"], "merged", "unlink withdraw message erase"),
        (&["case.linked", "case.replied"], "merged", "unlink withdraw message rate erase"),
        (&["case.refused"], "cancelled", "erase"),
    ] {
        assert_eq!(open(kinds, state), acts, "{kinds:?} {state}");
    }
}

/// 回避: nobody of the handler's line judges its work.
#[test]
fn the_handlers_line_judges_nothing() {
    let facts = Facts::of("cgj", Role::Operator);
    let state = states().into_iter().find(|(n, _)| *n == "submitted").unwrap().1;
    let (case, duty) = (case(&["case.replied"]), duty(state));
    let no = rules::open(Act::Audit, &case, &duty, &facts.context()).unwrap_err();
    assert_eq!(kernel::Refuse::code(&no), "case.own_line");
}

#[test]
fn every_event_folds_and_reads_back() {
    let events = samples().unwrap();
    let metas: Vec<Meta> = events.iter().map(|_| meta("zwj.operator")).collect();
    let case = fold(events.iter().zip(&metas)).unwrap();
    assert_eq!(case.rev, u64::try_from(events.len()).unwrap());
    let kinds: std::collections::BTreeSet<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds.len(), events.len(), "one sample of each kind");
    for event in &events {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), *event, "{text}");
    }
    let text = serde_json::to_string(&case).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), case);
    assert!(fold(events[1..].iter().zip(&metas)).is_err(), "a history without its filing");
    assert!(fold([&events[0], &events[0]].into_iter().zip(&metas)).is_err(), "filed twice");
}

#[test]
fn what_a_mark_counts_for() {
    let Event::Scored { mark, .. } = sample("case.scored") else { panic!() };
    let plain = counters(&mark);
    assert_eq!(plain, ["all", "i.rb", "i.rn", "i.tb", "i.tn", "i.vb", "i.sn", "i.g.satisfied"]);
    let excluded = Mark { excluded: Some(slug("merit")), ..(*mark).clone() };
    assert_eq!(counters(&excluded)[..3], ["all", "class.merit", "x.rb"]);
    let left = Mark { left_out: Some(LeftOut::SameProblem), ..(*mark).clone() };
    assert_eq!(counters(&left), ["all", "left.same_problem"]);
    let consult = Mark { valid: false, responded: None, in_time: None, ..(*mark).clone() };
    assert_eq!(counters(&consult), ["all"], "in no base");
    assert!(counts_well(&mark));
    for worse in [
        Mark { solved: Solved::Partly, ..(*mark).clone() },
        Mark { grade: Some(Grade::Basic), ..(*mark).clone() },
        Mark { responded: Some(false), ..(*mark).clone() },
    ] {
        assert!(!counts_well(&worse), "a bad result is never a mere copy: {worse:?}");
    }
}
