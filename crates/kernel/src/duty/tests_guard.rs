//! Every refusal once, with words in both languages.

use super::tests_world::*;
use super::*;
use crate::id::FileId;
use crate::refusal::Refuse;
use crate::text::Lang;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A world in `state` with one thing different.
fn but(state: StateName, change: impl FnOnce(&mut World)) -> World {
    let mut w = World::at_state(state);
    change(&mut w);
    w
}
/// A world without a duty, with one thing different.
fn before(change: impl FnOnce(&mut World)) -> World {
    let mut w = World::new();
    change(&mut w);
    w
}
fn after(state: StateName, actor: &Actor, command: Command) -> World {
    but(state, |w| {
        w.good(actor, command);
    })
}

fn general() -> Vec<DutyRefusal> {
    let w = World::at_state(StateName::InProgress);
    let kind = |w: &World| {
        let mut form = w.form();
        form.kind = slug("case");
        Command::Register { form: Box::new(form) }
    };
    let due = |text: &str| {
        let mut form = World::new().form();
        form.planned_due = Some(day(text));
        Command::Register { form: Box::new(form) }
    };
    let groundless = || {
        let mut form = World::new().form();
        form.ground.clear();
        Command::Register { form: Box::new(form) }
    };
    vec![
        but(StateName::InProgress, |w| {
            w.profile.off.insert(Act::Raise);
        })
        .no(&housing(), Command::Raise { block: BlockKind::Funds, ask: say("请协调资金") }),
        World::new().no(&clerk(), Command::Close),
        w.no(&housing(), Command::Accept { handler: None }),
        but(StateName::InProgress, |w| w.seen = Some(1)).no(&housing(), submit(OutcomeClass::Resolved)),
        but(StateName::InProgress, |w| w.now = at("2019-08-12T08:00"))
            .no(&housing(), submit(OutcomeClass::Resolved)),
        w.no(&city(), submit(OutcomeClass::Resolved)),
        before(|w| w.number = None).no(&clerk(), World::new().register()),
        before(|w| w.rule = None).no(&clerk(), World::new().register()),
        before(|w| w.ids.clear()).no(&clerk(), World::new().register()),
        World::new().no(&clerk(), kind(&w)),
        World::new().no(&clerk(), groundless()),
        World::new().no(&clerk(), due("2019-08-11")),
        World::new().no(&clerk(), due("2109-08-12")),
        w.no(
            &director(),
            Command::Link { relation: Relation { kind: RelationKind::Blocks, to: w.duty().id } },
        ),
    ]
}

fn leading() -> Vec<DutyRefusal> {
    let mandate = |list, lead: &str| {
        let answer = MandateAnswer { entry: slug("L-042"), list, lead: unit(lead) };
        but(StateName::Registered, |w| w.facts[2].mandate = Some(answer))
    };
    let named = Command::Assign {
        lead: unit("zjj"),
        handler: Some(post("cgj.officer")),
        superintendent: None,
        patron: None,
        due: None,
    };
    let registered = World::at_state(StateName::Registered);
    let assigned = World::at_state(StateName::Assigned);
    let working = World::at_state(StateName::InProgress);
    let offer = Command::OfferLead { to: unit("zjj"), reason: say("无") };
    let offered = after(
        StateName::InProgress,
        &housing(),
        Command::OfferLead { to: unit("cgj"), reason: say("涉及占道") },
    );
    let support = |code: &str| Command::AddSupport { unit: unit(code), ask: say("清运"), due: None };
    vec![
        assigned.no(&clerk(), assign("cgj")),
        assigned.no(&clerk(), assign("zjj")),
        working.no(&housing(), offer),
        offered.no(&housing(), Command::OfferLead { to: unit("guanshang"), reason: say("属地") }),
        working.no(&city(), Command::TakeLead),
        mandate(MandateList::TakenBack, "zjj").no(&clerk(), assign("guanshang")),
        mandate(MandateList::Support, "zjj").no(&clerk(), assign("guanshang")),
        but(StateName::Registered, |w| w.profile.mandate_needed = true).no(&clerk(), assign("zjj")),
        registered.no(&clerk(), assign("firm")),
        registered.no(&clerk(), named),
        but(StateName::Registered, |w| w.facts.clear()).no(&clerk(), assign("zjj")),
        working.no(&housing_station(), rule("cgj", true)),
        working.no(&arbiter(), rule("zjj", true)),
        working.no(&housing(), support("zjj")),
        after(StateName::InProgress, &housing(), support("cgj")).no(&housing(), support("cgj")),
        working.no(&housing(), Command::HandOver { to: post("zjj.officer"), note: say("无") }),
    ]
}

fn windows() -> Vec<DutyRefusal> {
    let bound = but(StateName::Assigned, |w| {
        w.good(&housing(), send_back());
        w.good(&arbiter(), rule("zjj", true));
    });
    let spent = but(StateName::Assigned, |w| w.profile.returns.max = 0);
    let late = but(StateName::Assigned, |w| w.now = at("2019-08-12T14:11"));
    let working = World::at_state(StateName::InProgress);
    let asked = but(StateName::InProgress, |w| {
        w.profile.suspend.roles.insert(slug("handler"));
        w.good(&housing(), ask_suspend("2019-09-30"));
    });
    let extended = but(StateName::InProgress, |w| {
        w.good(&housing(), ask_extend("2019-08-22"));
        w.good(&leader(), Command::GrantExtend);
    });
    let urge = || Command::Urge { note: say("请抓紧") };
    let climb = |rung| Command::Escalate { rung, asked: Some(post("ld.economy")), note: say("逾期") };
    vec![
        bound.no(&housing(), send_back()),
        spent.no(&housing(), send_back()),
        late.no(&housing(), send_back()),
        asked.no(&housing(), Command::GrantSuspend),
        asked.no(&housing_station(), Command::GrantSuspend),
        working.no(&housing(), ask_suspend("2019-08-12")),
        working.no(&housing(), ask_suspend("2019-11-11")),
        but(StateName::InProgress, |w| w.duty.as_mut().unwrap().clock = None)
            .no(&housing(), ask_extend("2019-08-22")),
        but(StateName::InProgress, |w| w.now = at("2019-08-19T17:01"))
            .no(&housing(), ask_extend("2019-08-22")),
        extended.no(&housing(), ask_extend("2019-08-26")),
        working.no(&housing(), ask_extend("2019-08-27")),
        working.no(&leader(), Command::GrantExtend),
        but(StateName::InProgress, |w| w.profile.due_owner = DueOwner::Plan)
            .no(&housing(), ask_extend("2019-08-22")),
        after(StateName::InProgress, &clerk(), urge()).no(&clerk(), urge()),
        after(StateName::InProgress, &system(), climb(2)).no(&system(), climb(2)),
        but(StateName::Closed, |w| w.now = at("2019-11-11T09:00")).no(&director(), reopen()),
    ]
}

fn results() -> Vec<DutyRefusal> {
    let working = World::at_state(StateName::InProgress);
    let submitted = World::at_state(StateName::Submitted);
    let full = but(StateName::InProgress, |w| {
        for _ in 0..2 {
            let evidence = w.evidence();
            w.good(&housing(), evidence);
        }
    });
    let mut twice = working.clone();
    twice.files = 0;
    let again = twice.evidence();
    let file = FileId::new(Uuid::from_u128(99));
    let part = |grounds: &[u32]| SplitPart {
        title: working.form().title,
        criterion: say("不漏"),
        grounds: grounds.iter().copied().collect(),
    };
    let split =
        |parts: &[&[u32]]| Command::Split { parts: parts.iter().map(|grounds| part(grounds)).collect() };
    let merge = |n| Command::Merge { into: duty_id(n), reason: say("同一事项") };
    let own = but(StateName::Submitted, |w| {
        assert!(w.profile.verifier.roles.insert(slug("handler")));
    });
    let mut outcomes = working.clone();
    outcomes.profile.outcomes = BTreeSet::from([OutcomeClass::Resolved]);
    let mut children = World::at_state(StateName::Verified);
    children.children.open = 2;
    vec![
        own.no(&housing(), verify(VerificationKind::CallBack)),
        submitted.no(&housing_station(), verify(VerificationKind::CallBack)),
        submitted.no(&director(), verify(VerificationKind::LookBack)),
        but(StateName::InProgress, |w| w.profile.evidence.min = 2)
            .no(&housing(), submit(OutcomeClass::Resolved)),
        full.no(&housing(), again.clone()),
        twice.no(&housing(), again),
        submitted.no(&director(), Command::VerifyEvidence { file, good: true, note: say("属实") }),
        outcomes.no(&housing(), submit(OutcomeClass::Partial)),
        working.no(&housing(), submit(OutcomeClass::PlannedWithDate)),
        working.no(&housing(), submit(OutcomeClass::NotSolvedLawful)),
        submitted.no(&director(), Command::Reject { defects: vec![] }),
        children.no(&director(), Command::Close),
        working.no(&housing(), Command::NoteProgress { percent: Some(101), text: say("超额") }),
        working.no(&clerk(), merge(1)),
        but(StateName::InProgress, |w| w.target = Some(MergeTarget { id: duty_id(7), open: false }))
            .no(&clerk(), merge(7)),
        working.no(&clerk(), merge(7)),
        working.no(&clerk(), split(&[&[0, 1]])),
        working.no(&clerk(), split(&[&[0], &[0]])),
        working.no(&clerk(), split(&[&[0], &[1, 2]])),
        working.no(&director(), Command::Cancel { reason: say("无需办理") }),
    ]
}

#[test]
fn every_refusal_is_reached_and_has_words() {
    let all: Vec<DutyRefusal> = [general(), leading(), windows(), results()].concat();
    let reached: BTreeSet<&str> = all.iter().map(Refuse::code).collect();
    let missing: Vec<&&str> = DutyRefusal::CODES.iter().filter(|code| !reached.contains(*code)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
    for no in &all {
        for lang in [Lang::Zh, Lang::En] {
            let (reason, next) = (no.reason(lang), no.next(lang));
            assert!(!reason.is_empty() && !next.is_empty(), "{no:?}");
            assert!(!format!("{reason}{next}").contains(['{', '}']), "{reason} {next}");
            let chinese = reason.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, lang == Lang::Zh, "{reason}");
        }
        assert!(no.code().starts_with("duty."));
    }
}

#[test]
fn refusals_name_field_value_reason_and_next_step() {
    let no = World::at_state(StateName::Assigned).no(&clerk(), assign("cgj"));
    assert_eq!(no, DutyRefusal::SecondLead { lead: unit("zjj"), asked: unit("cgj") });
    assert_eq!((no.field(), no.value().as_deref()), (Some("lead"), Some("cgj")));
    assert_eq!(no.reason(Lang::Zh), "事项已由zjj牵头，不能再交cgj牵头");
    assert_eq!(no.next(Lang::En), "Add it as support, or change the lead by agreement or ruling");
    let no = World::at_state(StateName::InProgress).no(&housing(), ask_extend("2019-08-27"));
    assert_eq!(no.code(), "duty.clock");
    assert!(no.reason(Lang::Zh).contains("2019-08-26"), "{}", no.reason(Lang::Zh));
}

#[test]
fn the_registrar_alone_cancels_and_others_stand_aside() {
    let w = World::at_state(StateName::Submitted);
    for actor in [housing(), city(), director(), leader(), system()] {
        assert!(matches!(w.no(&actor, Command::Cancel { reason: say("无") }), DutyRefusal::NotYours { .. }));
    }
    for actor in [housing(), housing_chief(), city(), leader()] {
        assert!(matches!(w.no(&actor, verify(VerificationKind::CallBack)), DutyRefusal::NotYours { .. }));
    }
    // A closer who submitted may not close the own result.
    let mut w = World::at_state(StateName::Verified);
    w.profile.closer.insert(slug("handler"));
    assert!(matches!(w.no(&housing(), Command::Close), DutyRefusal::OwnWork { .. }));
}

#[test]
fn a_due_day_that_the_plan_owns_is_moved_by_the_plan_only() {
    let owned = || DutyRefusal::DueOwned { act: Act::AskExtend, owner: DueOwner::Plan };
    let mut w = but(StateName::InProgress, |w| w.profile.due_owner = DueOwner::Plan);
    assert_eq!(w.no(&housing(), ask_extend("2019-08-22")), owned());
    // The page shows the act with the reason and where to go; it is not hidden.
    let housing = housing();
    let offers = actions(Some(w.duty()), &w.context(&housing, None));
    let offer = offers.iter().find(|o| o.act == Act::AskExtend).unwrap();
    assert_eq!(offer.allowed, Err(owned()));
    // Whoever is not the lead hears that first.
    assert!(matches!(w.no(&city(), ask_extend("2019-08-22")), DutyRefusal::NotYours { .. }));
    // The plan's own request goes through, and only the plan answers it.
    w.from_owner = true;
    w.good(&housing, ask_extend("2019-08-22"));
    w.from_owner = false;
    assert!(matches!(w.no(&leader(), Command::GrantExtend), DutyRefusal::DueOwned { .. }));
    w.from_owner = true;
    w.good(&leader(), Command::GrantExtend);
    assert_eq!(w.duty().due().unwrap().day(), day("2019-08-22"));
    // A new round may not carry a date of its own past the plan either.
    let mut w = but(StateName::Closed, |w| w.profile.due_owner = DueOwner::Plan);
    let again = |due| Command::Reopen { why: ReopenReason::NewFact, note: say("又漏"), due };
    assert!(matches!(
        w.no(&director(), again(Some(day("2019-08-30")))),
        DutyRefusal::DueOwned { act: Act::Reopen, .. }
    ));
    w.good(&director(), again(None));
}
