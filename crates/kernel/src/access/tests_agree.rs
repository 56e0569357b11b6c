//! `judge` about one thing and `scope` about a list say the same of every thing, under every row and role.

use super::tests::{person, post, slug, unit};
use super::*;
use crate::id::{PersonId, PostCode, Slug, UnitCode};
use proptest::prelude::*;

const UNITS: [&str; 4] = ["zjj", "fgj", "dcs", "530111001"];
const POSTS: [&str; 4] = ["zjj.handler", "zjj.chief", "dcs.officer", "fgj.planner"];
const KINDS: [&str; 6] = ["case", "plan_item", "rectification", "whistle", "duty", "run"];

/// A thing that owns its facts, so that it can be made at random.
#[derive(Debug, Clone)]
struct Thing {
    kind: Option<Slug>,
    units: [Option<UnitCode>; 4],
    support: Vec<UnitCode>,
    posts: [Option<PostCode>; 7],
    people: [Option<PersonId>; 3],
    handler_line: Vec<UnitCode>,
    list: Option<List>,
    compartment: Option<Compartment>,
    public: bool,
    long: Option<bool>,
    roles_after: Option<RoleSet>,
}

impl Thing {
    fn facts(&self) -> Resource<'_> {
        let ([u, lead, place, against], posts) = (&self.units, self.posts.each_ref().map(Option::as_ref));
        Resource {
            kind: self.kind.as_ref(),
            unit: u.as_ref(),
            lead: lead.as_ref(),
            support: &self.support,
            holder: posts[0],
            handler: posts[1],
            handler_person: self.people[0],
            handler_line: &self.handler_line,
            patron: posts[2],
            registrar: posts[3],
            superintendent: posts[4],
            requester: posts[5],
            requester_person: self.people[1],
            post: posts[6],
            owner: self.people[2],
            place: place.as_ref(),
            list: self.list,
            compartment: self.compartment,
            against: against.as_ref(),
            public: self.public,
            long: self.long,
            roles_after: self.roles_after,
        }
    }
}

fn one_unit() -> impl Strategy<Value = UnitCode> {
    prop::sample::select(&UNITS[..]).prop_map(unit)
}
fn one_post() -> impl Strategy<Value = PostCode> {
    prop::sample::select(&POSTS[..]).prop_map(post)
}
fn one_person() -> impl Strategy<Value = PersonId> {
    (1..4_u128).prop_map(person)
}
fn units() -> impl Strategy<Value = Vec<UnitCode>> {
    prop::collection::vec(one_unit(), 0..3)
}
fn roles(most: usize) -> impl Strategy<Value = RoleSet> {
    prop::collection::vec(prop::sample::select(Role::ALL), 0..=most).prop_map(|list| RoleSet::of(&list))
}
fn clearance() -> impl Strategy<Value = CompartmentSet> {
    prop::collection::vec(prop::sample::select(&Compartment::ALL[..]), 0..4)
        .prop_map(|c| CompartmentSet::of(&c))
}

prop_compose! {
    fn actors()(
        post in one_post(), unit in one_unit(), line in units(), person in prop::option::of(one_person()),
        roles in roles(3), compartments in clearance(),
    ) -> Actor {
        Actor { person, post, unit, line, roles, compartments }
    }
}
prop_compose! {
    fn things()(
        kind in prop::option::of(prop::sample::select(&KINDS[..]).prop_map(slug)),
        units in prop::array::uniform4(prop::option::of(one_unit())),
        support in units(),
        posts in prop::array::uniform7(prop::option::of(one_post())),
        people in prop::array::uniform3(prop::option::of(one_person())),
        handler_line in units(),
        list in prop::option::of(prop::sample::select(&[List::City, List::District][..])),
        compartment in prop::option::of(prop::sample::select(&Compartment::ALL[..])),
        public in any::<bool>(),
        long in any::<Option<bool>>(),
        roles_after in prop::option::of(roles(2)),
    ) -> Thing {
        Thing {
            kind, units, support, posts, people, handler_line, list, compartment, public, long, roles_after,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Every act at once for a random post and thing: 90 comparisons a case.
    #[test]
    fn judge_and_scope_agree(actor in actors(), thing in things()) {
        let (policy, facts) = (Policy::builtin(), thing.facts());
        for action in Action::ALL {
            let judged = policy.judge(&actor, *action, &facts);
            let listed = policy.scope(&actor, *action).admits(&facts);
            prop_assert_eq!(judged.is_ok(), listed, "{} {:?}", action, policy.scope(&actor, *action));
            prop_assert_eq!(judged.is_ok(), policy.allows(&actor, *action, &facts));
        }
    }

    /// A random table, so that shapes which the built-in policy does not use agree too.
    #[test]
    fn random_rows_agree(
        actor in actors(), thing in things(),
        rows in prop::collection::vec((
            any::<bool>(),
            prop::collection::vec(prop::sample::select(Condition::ALL), 0..3),
            prop::collection::vec(prop::sample::select(Condition::ALL), 0..3),
            prop::option::of(prop::sample::select(&KINDS[..])),
            prop_oneof![Just(Reach::Any), Just(Reach::Cleared), clearance().prop_map(Reach::Only)],
        ), 1..5),
    ) {
        let row = |(deny, when, any, kind, reach): (bool, Vec<Condition>, Vec<Condition>, Option<&str>, Reach)| Row {
            id: slug("row"),
            effect: if deny { Effect::Deny } else { Effect::Allow },
            roles: RoleSet::of(Role::ALL),
            actions: vec![Action::DutyRead],
            kinds: kind.map(slug).into_iter().collect(),
            when, any, reach,
            why: "试".to_owned(),
            source: "example".to_owned(),
            line: 1,
        };
        let policy = Policy::compile("random".to_owned(), rows.into_iter().map(row).collect());
        let facts = thing.facts();
        let scope = policy.scope(&actor, Action::DutyRead);
        let judged = policy.judge(&actor, Action::DutyRead, &facts).is_ok();
        prop_assert_eq!(judged, scope.admits(&facts), "{:?}", scope);
    }

    /// Clearing a post for more compartments never takes an act away from it.
    #[test]
    fn clearance_only_adds(actor in actors(), thing in things()) {
        let (policy, facts) = (Policy::builtin(), thing.facts());
        let cleared = actor.clone().cleared(CompartmentSet::ALL);
        for action in Action::ALL {
            if policy.allows(&actor, *action, &facts) {
                prop_assert!(policy.allows(&cleared, *action, &facts), "{}", action);
            }
        }
    }
}

#[test]
fn lists_need_columns_only() {
    let policy = Policy::builtin();
    let roles = Role::ALL.iter().map(|role| RoleSet::of(&[*role]));
    for roles in roles {
        let mut actor = Actor::new(post("zjj.handler"), unit("zjj"), roles).held_by(person(1));
        actor.compartments = CompartmentSet::of(&[Compartment::Petitioner]);
        for action in Action::ALL.iter().filter(|a| a.nature() == Nature::Read) {
            if let Scope::Any(terms) = policy.scope(&actor, *action) {
                assert!(terms.iter().all(Term::is_column), "{action}: {terms:?}");
            }
        }
    }
}

#[test]
fn scopes_are_as_short_as_can_be() {
    let policy = Policy::builtin();
    let actor = |role| Actor::new(post("dcs.officer"), unit("dcs"), RoleSet::of(&[role])).held_by(person(1));
    let wall = Term::Cleared(CompartmentSet::EMPTY);
    assert_eq!(policy.scope(&actor(Role::SystemAdmin), Action::DutyList), Scope::Nothing);
    assert_eq!(policy.scope(&actor(Role::Supervisor), Action::DutyList), Scope::Any(vec![wall.clone()]));
    let all = actor(Role::Supervisor).cleared(CompartmentSet::ALL);
    let not = Term::All(vec![
        Term::Within(CompartmentSet::of(&[Compartment::Petitioner])),
        Term::Against(vec![unit("dcs")]),
    ]);
    assert_eq!(policy.scope(&all, Action::DutyList), Scope::Any(vec![Term::Not(Box::new(not))]));
    let clerk = policy.scope(&actor(Role::Patron), Action::DutyList);
    assert_eq!(clerk, Scope::Any(vec![Term::All(vec![Term::Patron(post("dcs.officer")), wall])]));
    assert_eq!(policy.scope(&all, Action::PlaybookRead), Scope::All);
    let inbox = policy.scope(&actor(Role::Verifier).cleared(CompartmentSet::ALL), Action::InboxRead);
    assert_eq!(inbox, Scope::Any(vec![Term::Post(post("dcs.officer"))]));
}
