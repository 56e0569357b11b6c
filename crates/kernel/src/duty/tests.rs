//! What the lifecycle promises, told as it happens.

use super::tests_world::*;
use super::*;
use crate::text::Lang;

#[test]
fn a_duty_goes_the_whole_road() {
    let w = World::at_state(StateName::Archived);
    let duty = w.duty();
    assert_eq!(duty.no, "督-2019-0012");
    assert_eq!(duty.rev, 9);
    assert_eq!(duty.outcome.as_ref().unwrap().in_time, Some(true));
    assert_eq!(duty.solved(), Some(Solved::Yes));
    assert!(!duty.is_open() && duty.holder().until.is_some());
    assert_eq!(w.folded(), *duty);
    let told: Vec<String> = w.log.iter().map(|(event, _)| event.say(Lang::Zh)).collect();
    assert_eq!(told[0], "dcs立项，编号督-2019-0012");
    assert_eq!(told[1], "交zjj牵头办理");
    assert_eq!(told[5], "反馈：已解决");
    let named = w.log[1]
        .0
        .say_with(Lang::Zh, &|code| if code == "zjj" { "区住建局".into() } else { code.into() });
    assert_eq!(named, "交区住建局牵头办理");
    assert_eq!(w.log[1].0.kind(), "duty.assigned");
}

#[test]
fn lateness_is_judged_at_submission_and_is_never_a_state() {
    let mut w = World::at_state(StateName::InProgress);
    // Assigned on Monday the 12th, five working days: Monday the 19th, 17:00.
    assert_eq!(w.duty().due().unwrap().minute_text(), "2019-08-19 17:00");
    w.now = at("2019-08-19T17:01");
    assert!(w.duty().is_late(w.now));
    assert_eq!(w.duty().state.name(), StateName::InProgress);
    w.good(&housing(), submit(OutcomeClass::Explained));
    assert_eq!(w.log.last().unwrap().0.say(Lang::Zh), "逾期反馈：已解释说明");
    assert_eq!(w.duty().outcome.as_ref().unwrap().in_time, Some(false));

    // A slow verifier does not make a timely handler late, and "verified" does not mean "solved".
    let mut w = World::at_state(StateName::Submitted);
    w.now = at("2019-12-02T10:00");
    let found =
        Command::Verify { kind: VerificationKind::SiteCheck, solved: Solved::No, note: say("仍然渗水") };
    w.good(&director(), found);
    assert_eq!(w.duty().outcome.as_ref().unwrap().in_time, Some(true));
    assert_eq!(w.duty().outcome.as_ref().unwrap().class, OutcomeClass::Resolved);
    assert_eq!(w.duty().solved(), Some(Solved::No));
}

#[test]
fn bounced_time_adds_up_to_the_whole() {
    // D§15.4: bounce it three times; the holders' shares are the total.
    let mut w = World::new();
    w.profile.returns.max = 3;
    w.good(&clerk(), w.register());
    w.now = at("2019-08-12T09:20");
    w.good(&clerk(), assign("zjj"));
    for (officer, next) in [(housing(), "cgj"), (city(), "guanshang"), (street(), "zjj")] {
        w.later(61);
        w.good(&officer, send_back());
        w.later(47);
        w.good(&arbiter(), rule(next, false));
    }
    assert_eq!((w.duty().return_no, w.duty().returns.len()), (3, 3));
    // The acceptance limit ran on from the first assignment: 09:20 and four office hours.
    assert_eq!(w.duty().due().unwrap().minute_text(), "2019-08-12 14:20");
    // After the last return the ruling binds, whatever the arbiter meant.
    assert!(w.duty().bound);
    assert_eq!(w.no(&housing(), send_back()), DutyRefusal::Bound { lead: unit("zjj") });
    w.now = at("2019-08-13T10:00").plus_seconds(59);
    let shares = w.duty().held(w.now, &w.calendar);
    let units: Vec<(&str, i64)> = shares.iter().map(|s| (s.unit.as_str(), s.natural_minutes)).collect();
    assert_eq!(units, [("dcs", 20 + 3 * 47), ("zjj", 61 + 1156), ("cgj", 61), ("guanshang", 61)]);
    assert_eq!(shares.iter().map(|s| s.natural_minutes).sum::<i64>(), 25 * 60);
    let office = w.calendar.office_minutes_between(at("2019-08-12T09:00"), w.now);
    assert_eq!(shares.iter().map(|s| s.office_minutes).sum::<i64>(), office);
}

#[test]
fn a_first_ruling_may_leave_the_next_unit_its_say() {
    let mut w = World::at_state(StateName::Assigned);
    w.good(&housing(), send_back());
    assert_eq!(w.duty().holder().hold.why, HoldWhy::Arbitration);
    w.good(&arbiter(), rule("cgj", false));
    w.good(&city(), send_back());
    w.good(&arbiter(), rule("cgj", false));
    assert_eq!(w.log.last().unwrap().0.say(Lang::Zh), "裁定仍由cgj牵头：按三定规定");
    w.good(&city(), Command::Accept { handler: Some(post("cgj.clerk")) });
    assert_eq!(w.duty().handler, Some(post("cgj.clerk")));
}

#[test]
fn the_lead_changes_by_agreement_of_both_units() {
    let mut w = World::at_state(StateName::InProgress);
    let due = w.duty().due();
    w.good(&housing(), Command::OfferLead { to: unit("cgj"), reason: say("涉及占道") });
    assert_eq!(w.duty().lead, Some(unit("zjj")));
    w.good(&city(), Command::DeclineLead { why: say("证据不足") });
    w.good(&housing(), Command::OfferLead { to: unit("cgj"), reason: say("补充证据") });
    w.good(&city(), Command::TakeLead);
    assert_eq!(
        (w.duty().lead.clone(), w.duty().handler.clone()),
        (Some(unit("cgj")), Some(post("cgj.officer")))
    );
    assert_eq!(w.duty().due(), due);
    assert!(matches!(w.no(&city(), send_back()), DutyRefusal::Bound { .. }));
}

#[test]
fn deferral_pauses_and_more_time_keeps_the_original() {
    let mut w = World::at_state(StateName::InProgress);
    w.good(&housing(), ask_extend("2019-08-23"));
    // Answered after the due moment, asked before it: still good.
    w.now = at("2019-08-20T10:00");
    w.good(&leader(), Command::GrantExtend);
    let clock = w.duty().clock.clone().unwrap();
    assert_eq!(clock.main_due().unwrap().minute_text(), "2019-08-23 17:00");
    assert_eq!(clock.main_original_due().unwrap().minute_text(), "2019-08-19 17:00");
    w.good(&housing(), ask_suspend("2019-10-31"));
    w.good(&leader(), Command::GrantSuspend);
    assert_eq!(w.duty().due(), None);
    let noted = Command::NoteProgress { percent: Some(30), text: say("资金已批") };
    w.good(&housing(), noted);
    w.now = at("2019-09-10T10:00");
    w.good(&system(), Command::Resume { trigger: ResumeTrigger::Changed, note: say("资金到位") });
    assert!(w.duty().due().unwrap() > at("2019-09-10T10:00"));
    assert!(w.duty().suspensions[0].ended.is_some());
    let refused = Command::RefuseSuspend { why: say("可以先修") };
    w.good(&housing(), ask_suspend("2019-10-31"));
    w.good(&leader(), refused);
    assert_eq!(w.duty().state.name(), StateName::InProgress);
}

#[test]
fn rework_and_reopening() {
    let mut w = World::at_state(StateName::Submitted);
    let due = w.duty().clock.as_ref().unwrap().main_due();
    w.good(&director(), reject());
    assert_eq!((w.duty().rework, w.duty().due()), (1, due));
    w.good(&housing(), submit(OutcomeClass::Resolved));
    w.good(&director(), verify(VerificationKind::CallBack));
    w.good(&director(), Command::Close);
    w.now = at("2019-09-20T10:00");
    let looked =
        Command::Verify { kind: VerificationKind::LookBack, solved: Solved::No, note: say("雨后又漏") };
    w.good(&director(), looked);
    assert_eq!(w.duty().state.name(), StateName::Closed);
    w.good(&director(), reopen());
    let duty = w.duty();
    assert_eq!((duty.round, duty.rounds.len(), duty.return_no), (2, 1, 0));
    assert_eq!(duty.rounds[0].outcome.as_ref().unwrap().in_time, Some(true));
    assert_eq!(duty.due().unwrap().day(), day("2019-09-21"), "the contact limit of the new round");
    assert!(matches!(
        w.no(&housing(), submit(OutcomeClass::Resolved)),
        DutyRefusal::EvidenceShort { have: 0, .. }
    ));
    assert_eq!(w.folded(), *w.duty());
}

#[test]
fn posts_change_and_the_next_holder_takes_over() {
    let mut w = World::at_state(StateName::InProgress);
    w.good(&housing(), Command::HandOver { to: post("zjj.chief"), note: say("调离") });
    assert_eq!(w.duty().handler, Some(post("zjj.officer")));
    w.good(&housing_chief(), Command::TakeOver);
    assert_eq!(w.duty().handler, Some(post("zjj.chief")));
    assert_eq!(w.duty().holder().hold.post, Some(post("zjj.chief")));
    // Taking it oneself is an acceptance.
    w.good(&housing(), Command::HandOver { to: post("zjj.officer"), note: say("调回") });
    assert_eq!((w.duty().handler.clone(), w.duty().hand_over.clone()), (Some(post("zjj.officer")), None));
}

#[test]
fn support_and_parts_are_duties_of_their_own() {
    let mut w = World::at_state(StateName::InProgress);
    let events =
        w.good(&housing(), Command::AddSupport { unit: unit("cgj"), ask: say("清运建渣"), due: None });
    let forms = child_forms(w.duty(), &events[0]);
    assert_eq!((forms.len(), forms[0].1.parent), (1, Some(w.duty().id)));
    assert_eq!(forms[0].1.ground.len(), 2);
    let part = |grounds: &[u32]| SplitPart {
        title: w.form().title,
        criterion: say("不漏"),
        grounds: grounds.iter().copied().collect(),
    };
    let parts = vec![part(&[0]), part(&[1])];
    let events = w.good(&clerk(), Command::Split { parts });
    let forms = child_forms(w.duty(), &events[0]);
    assert_eq!(forms.iter().map(|(_, form)| form.ground.len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(w.duty().state.name().stage(), None);
    assert!(w.duty().holder().until.is_some());
}

#[test]
fn short_kinds_skip_steps() {
    let mut w = World::new();
    (w.profile.acceptance, w.profile.start, w.profile.verification) = (false, false, false);
    w.profile.evidence.min = 0;
    w.good(&clerk(), w.register());
    w.good(&clerk(), assign("guanshang"));
    w.good(&street(), submit(OutcomeClass::Explained));
    assert_eq!(w.duty().handler, Some(post("guanshang.officer")));
    w.good(&director(), Command::Close);
    let steps: Vec<u8> = w.profile.steps(Lang::Zh).into_iter().map(|(stage, _)| stage).collect();
    assert_eq!(steps, [1, 2, 4, 5, 7, 8]);
}

#[test]
fn a_set_day_replaces_the_main_limit() {
    let mut w = World::new();
    w.good(&clerk(), w.register());
    let due = Some(day("2019-08-30"));
    w.good(
        &clerk(),
        Command::Assign {
            lead: unit("zjj"),
            handler: Some(post("zjj.officer")),
            superintendent: None,
            patron: None,
            due,
        },
    );
    assert_eq!(w.duty().clock.as_ref().unwrap().main_due().unwrap().minute_text(), "2019-08-30 17:00");
    assert_eq!(w.log[1].0.say(Lang::Zh), "交zjj牵头办理，2019-08-30前完成");
}

#[test]
fn a_draft_is_rewritten_then_registered() {
    let mut w = World::new();
    let mut form = w.form();
    form.ground.clear();
    w.good(&clerk(), Command::Draft { form: Box::new(form.clone()) });
    assert_eq!(w.no(&clerk(), Command::Register { form: Box::new(form) }), DutyRefusal::NoGround {});
    w.good(&clerk(), Command::Draft { form: Box::new(w.form()) });
    w.good(&clerk(), w.register());
    assert_eq!((w.duty().rev, w.duty().id), (3, duty_id(1)));
    w.good(&clerk(), Command::Cancel { reason: say("重复立项") });
    assert_eq!(w.duty().state.name(), StateName::Cancelled);
}

#[test]
fn a_change_of_calendar_is_logged_and_explains_itself() {
    // D§7.1: the notice of 2019-03-22 made 28 April and 5 May working days and 2 and 3 May rest days.
    let calendars = crate::calendar::Calendars::builtin();
    let mut w = World::new();
    w.now = at("2019-03-20T09:00");
    w.calendar = calendars.as_known(day("2019-03-20"));
    w.rule.as_mut().unwrap().limits[2].limit = "30wd".parse().unwrap();
    w.good(&clerk(), w.register());
    w.good(&clerk(), assign("zjj"));
    w.good(&housing(), Command::Accept { handler: None });
    let before = w.duty().clock.as_ref().unwrap().main_due().unwrap();
    assert_eq!(w.ask(&system(), &Command::Recompute), Ok(vec![]));
    w.calendar = calendars.latest();
    w.later(1);
    let events = w.good(&system(), Command::Recompute);
    assert!(matches!(&events[..], [Event::Recomputed { why, .. }] if why.len() == 1));
    assert_ne!(w.duty().clock.as_ref().unwrap().main_due().unwrap(), before);
}

#[test]
fn a_page_offers_what_decide_would_take() {
    let w = World::at_state(StateName::Submitted);
    let offers = |actor: &Actor| actions(Some(w.duty()), &w.context(actor, None));
    let find = |actor: &Actor, act: Act| offers(actor).into_iter().find(|offer| offer.act == act);
    let verify = find(&director(), Act::Verify).unwrap();
    assert!(verify.primary && verify.allowed.is_ok());
    let own = find(&housing_station(), Act::Verify).unwrap();
    assert!(!own.primary && matches!(own.allowed, Err(DutyRefusal::OwnLine { .. })));
    assert_eq!(find(&housing(), Act::Submit), None);
    assert_eq!(find(&housing(), Act::TakeOver), None);
    let w = World::new();
    assert_eq!(
        actions(None, &w.context(&clerk(), None)).into_iter().filter(|offer| offer.primary).count(),
        1
    );
}

#[test]
fn bodies_of_events_and_commands_read_back() {
    let w = World::at_state(StateName::Archived);
    for (event, _) in &w.log {
        let text = serde_json::to_string(event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), *event, "{text}");
    }
    let text = serde_json::to_string(w.duty()).unwrap();
    assert_eq!(serde_json::from_str::<Duty>(&text).unwrap(), *w.duty());
    let said: Command = serde_json::from_str(r#"{"act":"rule","lead":"zjj","ground":"按三定规定"}"#).unwrap();
    assert_eq!(said, rule("zjj", true));
    assert!(
        serde_json::from_str::<Command>(r#"{"act":"archive","retention":"permanent","rung":1}"#).is_err()
    );
}

#[test]
fn histories_that_cannot_be_folded_are_named() {
    let w = World::at_state(StateName::Assigned);
    let pairs = |log: &[usize]| fold(log.iter().map(|n| (&w.log[*n].0, &w.log[*n].1))).map(|duty| duty.rev);
    assert_eq!(pairs(&[]), Err(FoldFault::Empty));
    assert_eq!(pairs(&[1, 0]), Err(FoldFault::NotBorn("duty.assigned")));
    assert_eq!(pairs(&[0, 1, 0]), Err(FoldFault::BornTwice("duty.registered")));
    assert_eq!(pairs(&[0, 1]), Ok(2));
}

#[test]
fn profiles_are_checked() {
    let w = World::new();
    assert_eq!(w.profile.check(), vec![]);
    assert_eq!(w.profile.number(2019, 12), "督-2019-0012");
    let mut bad = w.profile.clone();
    bad.number = "督-{year}-{no}".to_owned();
    (bad.evidence.min, bad.suspend.review_days) = (4, 91);
    bad.arbiter.clear();
    bad.verifier.roles.clear();
    bad.closer.clear();
    bad.off.insert(Act::Submit);
    bad.stepper = vec![crate::text::Words::new("立项", "registered")];
    let codes: Vec<&str> = bad.check().iter().map(|fault| fault.code).collect();
    let all = ["number", "evidence", "arbiter", "verifier", "closer", "review", "stepper", "off"];
    assert_eq!(codes, all.map(|name| format!("profile.{name}")));
    for (format, good) in
        [("{seq", false), ("}{seq}", false), ("M-{seq:3}", true), ("{year}", false), ("{seq:x}", false)]
    {
        bad.number = format.to_owned();
        assert_eq!(bad.check().iter().all(|fault| fault.code != "profile.number"), good, "{format}");
    }
}
