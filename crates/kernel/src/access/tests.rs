//! The sketch of permissions of D§B.11 row by row, the guards that must never open, and the golden matrix.

use super::*;
use crate::id::{PersonId, PostCode, Slug, UnitCode};
use crate::refusal::{Kind, Refuse};
use crate::text::Lang;

pub(super) fn unit(code: &str) -> UnitCode {
    UnitCode::parse("unit", code).unwrap()
}
pub(super) fn post(code: &str) -> PostCode {
    PostCode::parse("post", code).unwrap()
}
pub(super) fn slug(code: &str) -> Slug {
    Slug::parse("kind", code).unwrap()
}
pub(super) fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}
/// A post with one role; its unit is the part before the dot.
fn who(code: &str, role: Role) -> Actor {
    let post = post(code);
    let unit = unit(post.unit_part());
    Actor::new(post, unit, RoleSet::of(&[role]))
}
fn may(actor: &Actor, action: Action, thing: &Resource<'_>) -> bool {
    Policy::builtin().judge(actor, action, thing).is_ok()
}

/// A duty handled in the construction bureau, asked for by its handler, raised by a resident.
struct Duty {
    zjj: UnitCode,
    handler: PostCode,
    dcs: PostCode,
    line: Vec<UnitCode>,
    kind: Slug,
}
impl Duty {
    fn new(kind: &str) -> Duty {
        let line = vec![unit("zjj")];
        Duty {
            zjj: unit("zjj"),
            handler: post("zjj.handler"),
            dcs: post("dcs.officer"),
            line,
            kind: slug(kind),
        }
    }
    fn facts(&self) -> Resource<'_> {
        Resource::new()
            .kind(&self.kind)
            .unit(&self.zjj)
            .lead(&self.zjj)
            .holder(&self.handler)
            .handler(&self.handler, Some(person(1)), &self.line)
            .requester(&self.handler, Some(person(1)))
            .superintendent(&self.dcs)
            .registrar(&self.dcs)
            .owner(person(9))
            .long(false)
    }
}

/// The eight columns of D§B.11 for the duty above.
fn columns() -> [Actor; 8] {
    [
        who("zjj.handler", Role::Handler).held_by(person(1)),
        who("zjj.chief", Role::UnitChief).held_by(person(2)),
        who("dcs.officer", Role::Supervisor).held_by(person(3)),
        who("dcs.director", Role::SupervisionDirector).held_by(person(4)),
        who("ld.economy", Role::Leader).held_by(person(5)).over(vec![unit("zjj")]),
        who("khb.officer", Role::Assessor).held_by(person(6)),
        who("public.resident", Role::Resident).held_by(person(9)),
        who("xxb.audit", Role::AuditAdmin).held_by(person(8)),
    ]
}

/// Asserts one row: `+` may, `-` may not, a column each.
fn row(action: Action, signs: &str, thing: &Resource<'_>) {
    let got: String = columns().iter().map(|a| if may(a, action, thing) { '+' } else { '-' }).collect();
    assert_eq!(got, signs, "{action}");
}

#[test]
fn b11_row_by_row() {
    let duty = Duty::new("supervision");
    let own = duty.facts();
    // 承办人 单位负责人 督办人员 督查主任 分管领导 考核办 群众 审计管理员
    row(Action::DutyPropose, "-++-+---", &own);
    row(Action::DutyRegister, "--++----", &own);
    row(Action::DutyInstruct, "----+---", &own);
    row(Action::DutyRaise, "------+-", &own);
    row(Action::DutyAssign, "---++---", &own);
    row(Action::DutyAccept, "+-------", &own);
    row(Action::DutyReturn, "-+------", &own);
    row(Action::DutyArbitrate, "---+----", &own);
    row(Action::DutySubmit, "+-------", &own);
    row(Action::DutyCountersign, "-+------", &own);
    row(Action::DutyVerify, "--++----", &own);
    row(Action::DutyConfirm, "------+-", &own);
    row(Action::DutyAskSuspend, "++------", &own);
    row(Action::DutyAskExtend, "++------", &own);
    row(Action::DutyGrantExtend, "---++---", &own);
    row(Action::DutyGrantExtend, "----+---", &own.long(true));
    row(Action::DutyObject, "------+-", &own);
    row(Action::MeasureWriteR, "++------", &own);
    row(Action::MeasureWriteS, "--------", &own);
    row(Action::MeasureImportS, "--------", &Resource::new());
    row(Action::AssessRun, "-----+--", &own);
    row(Action::AssessPublish, "-----+--", &own);
    row(Action::AssessApprove, "----+---", &own);
    row(Action::AssessAppeal, "-+------", &own);
    row(Action::DutyAppeal, "------+-", &own);
    row(Action::DutyReadPersonal, "++----+-", &own);
}

#[test]
fn b11_reading_the_log() {
    let duty = Duty::new("duty");
    row(Action::AuditRead, "++++--++", &duty.facts());
    // Somebody else's item: the officer of supervision loses it, the director keeps it.
    let (other, stranger) = (unit("shj"), post("shj.handler"));
    let far = Resource::new().kind(&duty.kind).unit(&other).holder(&stranger).owner(person(7));
    row(Action::AuditRead, "---+---+", &far);
    let run = slug("run");
    row(Action::AuditRead, "-----+-+", &Resource::new().kind(&run));
}

#[test]
fn the_verifier_is_never_in_the_handlers_line() {
    let duty = Duty::new("supervision");
    let facts = duty.facts();
    let officer = who("dcs.officer", Role::Supervisor).held_by(person(3));
    assert!(may(&officer, Action::DutyVerify, &facts));
    // The same person on another post, a colleague of the handler, a superior, a verifier above the handler.
    assert!(!may(&officer.clone().held_by(person(1)), Action::DutyVerify, &facts));
    assert!(!may(&who("zjj.inspector", Role::Supervisor).held_by(person(3)), Action::DutyVerify, &facts));
    let upward = vec![unit("zjj-yz"), unit("zjj")];
    let below = facts.handler(&duty.handler, None, &upward);
    assert!(!may(&who("zjj.inspector", Role::Supervisor), Action::DutyVerify, &below));
    assert!(!may(&officer.clone().over(vec![unit("zjj")]), Action::DutyVerify, &facts));
    // An unknown line proves nothing.
    assert!(!may(&officer, Action::DutyVerify, &facts.handler(&duty.handler, None, &[])));
}

#[test]
fn nobody_grants_what_he_asked_for() {
    let duty = Duty::new("supervision");
    let director = who("dcs.director", Role::SupervisionDirector).held_by(person(4));
    assert!(may(&director, Action::DutyGrantSuspend, &duty.facts()));
    let own = duty.facts().requester(&director.post, None);
    assert!(!may(&director, Action::DutyGrantSuspend, &own));
    let same_person = duty.facts().requester(&duty.handler, Some(person(4)));
    assert!(!may(&director, Action::DutyGrantSuspend, &same_person));
    let no_requester = Resource::new().long(false);
    assert!(!may(&director, Action::DutyGrantSuspend, &no_requester));
}

#[test]
fn the_two_lists_have_two_ways() {
    let asker = post("fgj.planner");
    let of = |list| Resource::new().list(list).requester(&asker, Some(person(1)));
    let director = who("dcs.director", Role::SupervisionDirector).held_by(person(4));
    let leader = who("ld.economy", Role::Leader).held_by(person(5));
    assert!(may(&director, Action::PlanApprove137, &of(List::City)));
    assert!(!may(&director, Action::PlanApprove137, &of(List::District)));
    assert!(!may(&director, Action::PlanApprove21, &of(List::District)));
    assert!(may(&leader, Action::PlanApprove21, &of(List::District)));
    assert!(!may(&leader, Action::PlanApprove137, &of(List::City)));
    assert!(!may(&leader, Action::PlanApprove21, &Resource::new().list(List::District)));
}

#[test]
fn statutory_figures_come_in_by_import_of_the_statistics_bureau_only() {
    let policy = Policy::builtin();
    for role in Role::ALL {
        assert_eq!(policy.cell(*role, Action::MeasureWriteS), Cell::Never, "{role}");
        let import = policy.cell(*role, Action::MeasureImportS);
        assert_eq!(import != Cell::Never, *role == Role::Statistics, "{role}");
    }
    let mut statistician = who("tjj.entry", Role::Statistics);
    assert!(may(&statistician, Action::MeasureImportS, &Resource::new()));
    // Its own bureau leads a target on that measure, or the post has a role in the chain of targets.
    assert!(!may(&statistician, Action::MeasureImportS, &Resource::new().lead(&unit("tjj"))));
    statistician.roles = RoleSet::of(&[Role::Statistics, Role::Handler]);
    assert!(!may(&statistician, Action::MeasureImportS, &Resource::new()));
}

#[test]
fn the_three_administrators_are_kept_apart() {
    let pairs = [
        [Role::SystemAdmin, Role::SecurityAdmin],
        [Role::SystemAdmin, Role::AuditAdmin],
        [Role::SecurityAdmin, Role::AuditAdmin],
    ];
    for [one, two] in pairs {
        let refused = RoleSet::of(&[one]).grant(two).unwrap_err();
        assert_eq!(refused.code(), "access.administrators");
        // Should such a post exist all the same, it may do nothing, not even what everybody may.
        let mut both = who("xxb.admin", one);
        both.roles = RoleSet::of(&[one, two]);
        for action in Action::ALL {
            assert!(!may(&both, *action, &Resource::new()), "{one} {two} {action}");
            assert!(Policy::builtin().scope(&both, *action).is_nothing());
        }
    }
    assert_eq!(RoleSet::of(&[Role::Handler]).grant(Role::AuditAdmin).unwrap().iter().count(), 2);
    let codes = [slug("system_admin"), slug("audit_admin")];
    assert_eq!(RoleSet::parse("roles", &codes).unwrap_err().code(), "access.administrators");
}

#[test]
fn administrators_see_no_business_data_whatever_else_they_are() {
    // Areas that are not business: the rest, also an area to come, must be denied by a row, not by default.
    let technical = ["org", "account", "ledger", "playbook", "system", "policy", "audit", "notice"];
    let duty = Duty::new("supervision");
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        for action in Action::ALL.iter().filter(|a| !technical.contains(&a.area())) {
            let mut actor = who("zjj.handler", role).held_by(person(1));
            actor.roles = RoleSet::of(&[role, Role::Handler, Role::Chief, Role::SupervisionDirector]);
            assert!(!may(&actor, *action, &duty.facts()), "{role} {action}");
            assert!(Policy::builtin().scope(&actor, *action).is_nothing(), "{role} {action}");
        }
    }
}

#[test]
fn the_security_administrator_grants_but_not_to_himself() {
    let sec = who("xxb.security", Role::SecurityAdmin).held_by(person(3));
    let target = post("zjj.handler");
    let fine = RoleSet::of(&[Role::Handler]);
    let grant = |p| Resource::new().post(p).owner(person(1)).roles_after(fine);
    assert!(may(&sec, Action::OrgGrantRole, &grant(&target)));
    assert!(!may(&sec, Action::OrgGrantRole, &grant(&sec.post)));
    assert!(!may(&sec, Action::OrgGrantRole, &grant(&target).owner(person(3))));
    let clash = RoleSet::of(&[Role::SystemAdmin, Role::AuditAdmin]);
    assert!(!may(&sec, Action::OrgGrantRole, &grant(&target).roles_after(clash)));
    assert!(!may(&who("xxb.system", Role::SystemAdmin), Action::OrgGrantRole, &grant(&target)));
}

#[test]
fn default_is_deny() {
    let nobody = Actor::new(post("zjj.new"), unit("zjj"), RoleSet::EMPTY);
    let duty = Duty::new("supervision");
    for action in Action::ALL {
        assert!(!may(&nobody, *action, &duty.facts()), "{action}");
    }
    let empty = Policy::parse("version = 'none'").unwrap();
    assert!(
        empty
            .judge(&who("dcs.director", Role::SupervisionDirector), Action::DutyRead, &duty.facts())
            .is_err()
    );
    assert!(Role::parse("role", "emperor").is_err());
    assert!(Action::parse("action", "duty.abolish").is_err());
}

#[test]
fn every_act_but_one_can_be_done_by_somebody() {
    let policy = Policy::builtin();
    let dead = |a: &&Action| Role::ALL.iter().all(|r| policy.cell(*r, **a) == Cell::Never);
    let dead: Vec<&Action> = Action::ALL.iter().filter(dead).collect();
    assert_eq!(dead, [&Action::MeasureWriteS]);
}

#[test]
fn compartments_wall_off_every_role() {
    let duty = Duty::new("rectification");
    let walled = duty.facts().compartment(Compartment::Rectification);
    let chief = who("ld.chief", Role::Chief);
    assert!(!may(&chief, Action::DutyRead, &walled));
    let cleared = chief.cleared(CompartmentSet::of(&[Compartment::Rectification]));
    let grant = Policy::builtin().judge(&cleared, Action::DutyRead, &walled).unwrap();
    assert_eq!(grant.opened, Some(Compartment::Rectification));
    assert_eq!(Policy::builtin().row(grant).unwrap().id.as_str(), "read-whole-district");
    // The petitioner sees his own confidential request; the unit complained about does not, cleared or not.
    let mine = duty.facts().compartment(Compartment::Petitioner).against(&duty.zjj);
    assert!(may(&who("public.resident", Role::Resident).held_by(person(9)), Action::DutyReadPersonal, &mine));
    let handler = who("zjj.handler", Role::Handler).cleared(CompartmentSet::ALL);
    assert!(!may(&handler, Action::DutyRead, &mine));
    assert!(!may(&handler, Action::DutyReadPersonal, &duty.facts().against(&duty.zjj)));
}

#[test]
fn a_refusal_hides_what_may_not_be_seen_and_says_who_could() {
    let duty = Duty::new("supervision");
    let policy = Policy::builtin();
    let stranger = who("shj.handler", Role::Handler);
    for action in [Action::DutyRead, Action::DutySubmit] {
        let no = policy.judge(&stranger, action, &duty.facts()).unwrap_err();
        assert_eq!((no.kind(), no.code()), (Kind::NotFound, "access.not_found"), "{action}");
        let absent = Denied::absent(&stranger, action);
        assert_eq!((no.kind(), no.code(), no.value()), (absent.kind(), absent.code(), absent.value()));
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!((no.reason(lang), no.next(lang)), (absent.reason(lang), absent.next(lang)));
        }
    }
    let no = policy.judge(&who("zjj.handler", Role::Handler), Action::DutyVerify, &duty.facts()).unwrap_err();
    assert_eq!((no.kind(), no.code()), (Kind::Forbidden, "access.denied"));
    insta::assert_snapshot!(no.reason(Lang::Zh), @"岗位zjj.handler不能“核验”:该岗位的角色没有这项权限");
    insta::assert_snapshot!(no.next(Lang::Zh), @"可由督办人员、督查主任、核验人员、组织部、街道书记、12345话务、12345回访办理;确需授权请联系安全管理员");
    insta::assert_snapshot!(no.next(Lang::En), @"It can be done by: supervision officer, director of supervision, verifier, organisation department, street secretary, hotline operator, call-back officer; for a grant ask the security administrator");
    // Readable but not under these facts: the clauses are named.
    let director = who("dcs.director", Role::SupervisionDirector);
    let no = policy.judge(&director, Action::DutyGrantExtend, &duty.facts().long(true)).unwrap_err();
    insta::assert_snapshot!(no.reason(Lang::Zh), @"岗位dcs.director不能对此“审批延期”,不满足:在督查主任审批时长以内");
    insta::assert_snapshot!(no.reason(Lang::En), @"Post dcs.director may not decide on an extension here; not so: it is within what the director of supervision may grant");
    let no = policy
        .judge(&who("tjj.entry", Role::Statistics), Action::MeasureWriteS, &Resource::new())
        .unwrap_err();
    insta::assert_snapshot!(no.reason(Lang::Zh), @"岗位tjj.entry不能“手工填写统计数”:统计数不得手工填写,只能由统计部门从直报结果导入(权限表deny-write-s)");
    insta::assert_snapshot!(no.next(Lang::Zh), @"按制度任何岗位都不能办理");
}

#[test]
fn golden_matrix() {
    insta::assert_snapshot!("matrix", matrix());
}
