//! Cases and whistles: who takes in, works, audits, calls back, excludes; and who must not.

use super::tests::{person, post, slug, unit};
use super::*;
use crate::id::{PostCode, Slug, UnitCode};

fn who(code: &str, role: Role, n: u128) -> Actor {
    let post = post(code);
    let unit = unit(post.unit_part());
    Actor::new(post, unit, RoleSet::of(&[role])).held_by(person(n))
}

fn may(actor: &Actor, action: Action, thing: &Resource<'_>) -> bool {
    Policy::builtin().judge(actor, action, thing).is_ok()
}

/// A case of the construction bureau at Guanshang: handled by zjj, filed by person 9.
struct World {
    lead: UnitCode,
    handler: PostCode,
    operator: PostCode,
    line: Vec<UnitCode>,
    kind: Slug,
    street: UnitCode,
}

impl World {
    fn new(kind: &str, lead: &str) -> World {
        World {
            lead: unit(lead),
            handler: post(&format!("{lead}.handler")),
            operator: post("zwj.operator"),
            line: vec![unit(lead)],
            kind: slug(kind),
            street: unit("530111001"),
        }
    }
    fn facts(&self) -> Resource<'_> {
        Resource::new()
            .kind(&self.kind)
            .unit(&self.lead)
            .lead(&self.lead)
            .holder(&self.handler)
            .handler(&self.handler, Some(person(1)), &self.line)
            .registrar(&self.operator)
            .requester(&self.handler, Some(person(1)))
            .place(&self.street)
            .owner(person(9))
            .long(false)
    }
}

/// Who the tests speak of, in one order.
fn cast() -> [Actor; 10] {
    [
        who("zjj.handler", Role::Handler, 1),
        who("zjj.chief", Role::UnitChief, 2),
        who("zjj.duty", Role::DutyOfficer, 3),
        who("zwj.operator", Role::Operator, 4),
        who("zwj.dispatcher", Role::Dispatcher, 5),
        who("zwj.callback", Role::CallBack, 6),
        who("xfj.panel", Role::Panel, 7),
        who("530111001.secretary", Role::StreetSecretary, 8),
        who("gd.resident", Role::Resident, 9),
        who("zfb.supervision", Role::SupervisionDirector, 10),
    ]
}

/// Asserts one line: `+` may, `-` may not; handler, chief, duty officer, operator, dispatcher, caller, panel, street
/// secretary, petitioner, director of supervision.
fn row(action: Action, signs: &str, thing: &Resource<'_>) {
    let got: String = cast().iter().map(|a| if may(a, action, thing) { '+' } else { '-' }).collect();
    assert_eq!(got, signs, "{action}");
}

#[test]
fn a_case_from_the_first_word_to_the_last() {
    let world = World::new("case", "zjj");
    let case = world.facts();
    row(Action::CaseRead, "++++++++++", &case);
    row(Action::CaseRecord, "---++--++-", &Resource::new());
    row(Action::CaseClassify, "---++-----", &case);
    row(Action::CaseDispatch, "---++-----", &case);
    row(Action::CaseRefuse, "----+-----", &case);
    row(Action::CaseContact, "+-+-------", &case);
    row(Action::CaseReply, "+---------", &case);
    row(Action::CaseAudit, "---++-----", &case);
    row(Action::CaseSample, "-----+----", &case);
    row(Action::CaseCallBack, "-----+----", &case);
    row(Action::CaseRate, "--------+-", &case);
    row(Action::CaseWithdraw, "---+----+-", &case);
    row(Action::CaseProposeExclusion, "++--------", &case);
    row(Action::CaseDecideExclusion, "------+--+", &case);
    row(Action::CaseAppealExclusion, "-+------+-", &case);
    row(Action::CaseAssentDeferral, "----+-----", &case);
    row(Action::DutyGrantSuspend, "---------+", &case);
    row(Action::DutyGrantExtend, "----+----+", &case);
    row(Action::CaseReveal, "++-+++----", &case);
    row(Action::CaseLookBack, "-----+---+", &case);
    row(Action::CaseExportPersonal, "--------+-", &case);
    row(Action::CaseErase, "---------+", &case);
    row(Action::CaseBoards, "++++++++++", &case);
}

#[test]
fn the_hotline_does_not_audit_or_call_back_its_own_cases() {
    let world = World::new("case", "zwj");
    let case = world.facts();
    for action in [Action::CaseSample, Action::CaseCallBack, Action::CaseAudit, Action::CaseAssentDeferral] {
        row(action, "----------", &case);
    }
    // A verifier of another unit takes over.
    let verifier = who("zfb.verifier", Role::Verifier, 20);
    assert!(may(&verifier, Action::CaseCallBack, &case));
    assert!(may(&verifier, Action::CaseSample, &case));
}

#[test]
fn sampling_is_hidden_from_the_line_whatever_its_other_roles() {
    let world = World::new("case", "zjj");
    for (code, n) in [("zjj.handler", 1), ("zjj.chief", 2), ("zjj.inspector", 30)] {
        let mut actor = who(code, Role::CallBack, n);
        actor.roles = RoleSet::of(&[Role::CallBack, Role::Verifier, Role::Handler]);
        assert!(!may(&actor, Action::CaseSample, &world.facts()), "{code}");
        assert!(!may(&actor, Action::CaseCallBack, &world.facts()), "{code}");
    }
    // The same person on a post of another unit is still the handler.
    assert!(!may(&who("zwj.callback", Role::CallBack, 1), Action::CaseSample, &world.facts()));
    // Without the line of the handler nothing is proved.
    assert!(!may(&who("zwj.callback", Role::CallBack, 6), Action::CaseSample, &Resource::new()));
}

#[test]
fn a_confidential_petitioner_is_hidden_from_the_unit_complained_about() {
    let world = World::new("case", "zjj");
    let about = unit("zjj");
    let case = world.facts().compartment(Compartment::Petitioner).against(&about);
    for mut actor in cast() {
        let own = actor.has(Role::Resident);
        assert_eq!(may(&actor, Action::CaseRead, &case), own, "{}", actor.post);
        actor.compartments = CompartmentSet::ALL;
        let line = actor.unit == about;
        assert_eq!(may(&actor, Action::CaseRead, &case), !line, "{}", actor.post);
        if line {
            assert!(!may(&actor, Action::CaseReveal, &case));
            assert!(!may(&actor, Action::CaseReadPersonal, &world.facts().against(&about)));
        }
    }
}

#[test]
fn a_stranger_is_told_nothing() {
    let world = World::new("case", "zjj");
    let policy = Policy::builtin();
    for actor in [who("shj.handler", Role::Handler, 40), who("gd.resident", Role::Resident, 41)] {
        for action in [Action::CaseRead, Action::CaseReadPersonal, Action::CaseSample] {
            assert!(policy.judge(&actor, action, &world.facts()).is_err(), "{action}");
        }
        let no = policy.judge(&actor, Action::CaseRead, &world.facts()).unwrap_err();
        assert_eq!(crate::Refuse::kind(&no), crate::Kind::NotFound);
    }
}

#[test]
fn a_whistle_from_need_to_score() {
    let world = World::new("whistle", "zjj");
    let secretary = post("530111001.secretary");
    let whistle = world.facts().registrar(&secretary);
    row(Action::WhistleRaise, "-------+--", &Resource::new());
    row(Action::WhistleSound, "-------+--", &whistle);
    row(Action::WhistleAck, "+++-------", &whistle);
    row(Action::WhistleMuster, "+++-------", &whistle);
    row(Action::WhistleDispute, "-++-------", &whistle);
    row(Action::WhistlePlan, "++-----+--", &whistle);
    row(Action::WhistleDone, "++--------", &whistle);
    row(Action::WhistleConfirm, "-------++-", &whistle);
    row(Action::WhistleScore, "-+-----+--", &whistle);
    row(Action::DutyAccept, "+-+-------", &whistle);
    row(Action::DutyAssign, "-------+-+", &whistle);
    row(Action::DutyVerify, "-------+-+", &whistle);
    // A dispute goes to a third party, never to who raised it.
    for (code, role) in [("zzb.cadre", Role::Organisation), ("bb.arbiter", Role::Arbiter)] {
        assert!(may(&who(code, role, 50), Action::WhistleSettle, &whistle));
        assert!(may(&who(code, role, 50), Action::DutyArbitrate, &whistle));
        assert!(!may(&who(code, role, 1), Action::WhistleSettle, &whistle));
    }
    // A street that does the work itself does not confirm it.
    let own = World::new("whistle", "530111001");
    row(Action::WhistleConfirm, "--------+-", &own.facts().registrar(&secretary));
}
