//! Conditions of the policy: each is one fact about who acts and what is acted on.
//!
//! A condition can be asked in two ways that must agree (a property test holds them together): [`Condition::holds`]
//! looks at one thing, [`Condition::term`] says which rows of a list it would hold for.

use super::scope::Term;
use super::subject::{Actor, List, Resource};
use crate::id::{PersonId, PostCode};
use crate::text::Lang;

macro_rules! conditions {
    ($($variant:ident $code:literal $zh:literal $en:literal;)+) => {
        /// A condition of a row of the policy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Condition {
            $(#[doc = concat!("`", $code, "` ", $zh, ": ", $en, ".")] $variant,)+
        }
        impl Condition {
            /// Every condition.
            pub const ALL: &'static [Condition] = &[$(Condition::$variant),+];
            /// The word that `policy.toml` uses.
            pub const fn code(self) -> &'static str {
                match self { $(Condition::$variant => $code,)+ }
            }
            /// The clause that people read.
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Condition::$variant, Lang::Zh) => $zh, (Condition::$variant, Lang::En) => $en,)+
                }
            }
        }
    };
}

conditions! {
    OwnUnit "own_unit" "属于本单位或现由本单位持有" "it belongs to or is now held by the own unit";
    UnitLine "unit_line" "属于本单位及所辖(分管)单位" "it belongs to the own unit or a unit below it";
    Lead "lead" "由本单位牵头" "the own unit leads it";
    LeadLine "lead_line" "由本单位及所辖(分管)单位牵头" "the own unit or a unit below it leads it";
    Support "support" "由本单位配合" "the own unit supports it";
    SupportLine "support_line" "由本单位及所辖(分管)单位配合" "the own unit or a unit below it supports it";
    Holder "holder" "现由本岗位持有" "the post holds it now";
    Handler "handler" "由本岗位承办" "the post handles it";
    Patron "patron" "由本岗位包保" "the post is its patron";
    Registrar "registrar" "由本岗位登记" "the post registered it";
    Superintendent "superintendent" "由本岗位督办" "the post supervises it";
    Requester "requester" "由本岗位申请" "the post asked for it";
    OwnPost "own_post" "对象是本岗位" "it is about or addressed to the own post";
    Owner "owner" "本人的" "it is the person's own";
    StreetOfPlace "street_of_place" "地点在本街道(社区)" "it lies in the own street or community";
    Public "public" "已公开" "it is public";
    List137 "list_137" "属于市级137项" "it is one of the city's 137 items";
    List21 "list_21" "属于区级21项" "it is one of the district's 21 items";
    Short "short" "在督查主任审批时长以内" "it is within what the director of supervision may grant";
    VerifierIndependent "verifier_independent" "核验人不是承办人且不在承办线" "the verifier is neither the handler nor in the handler's line";
    ApproverNotRequester "approver_not_requester" "审批人不是申请人" "the approver is not who asked";
    ComplainedAbout "complained_about" "本单位是被反映对象" "the own unit is complained about";
    AdministratorsClash "administrators_clash" "三员将由同一岗位兼任" "two of the three administrators would meet in one post";
}

/// Whether two optional people are known to be the same person.
fn same(a: Option<PersonId>, b: Option<PersonId>) -> bool {
    a.is_some() && a == b
}

/// Whether the fact is the actor's post.
fn is_post(fact: Option<&PostCode>, actor: &Actor) -> bool {
    fact == Some(&actor.post)
}

/// The verifier's independence (D§2.2, D§2.3 no. 5): not the handler's post, not the handler's person on another
/// post, not in a unit of the handler's line, and not above the handler. An unknown line proves nothing.
pub(super) fn independent(
    post: &PostCode,
    person: Option<PersonId>,
    line: &[crate::UnitCode],
    thing: &Resource<'_>,
) -> bool {
    !thing.handler_line.is_empty()
        && thing.handler != Some(post)
        && !same(thing.handler_person, person)
        && line.first().is_none_or(|own| !thing.handler_line.contains(own))
        && thing.handler_line.first().is_none_or(|unit| !line.contains(unit))
}

impl Condition {
    /// Reads the word of `policy.toml`.
    pub fn from_code(code: &str) -> Option<Condition> {
        Condition::ALL.iter().copied().find(|c| c.code() == code)
    }

    /// Whether the condition holds for this thing. An absent fact never satisfies it.
    pub(super) fn holds(self, actor: &Actor, thing: &Resource<'_>) -> bool {
        match self {
            Condition::OwnUnit => thing.unit == Some(&actor.unit),
            Condition::UnitLine => thing.unit.is_some_and(|u| actor.covers(u)),
            Condition::Lead => thing.lead == Some(&actor.unit),
            Condition::LeadLine => thing.lead.is_some_and(|u| actor.covers(u)),
            Condition::Support => thing.support.contains(&actor.unit),
            Condition::SupportLine => thing.support.iter().any(|u| actor.covers(u)),
            Condition::Holder => is_post(thing.holder, actor),
            Condition::Handler => is_post(thing.handler, actor),
            Condition::Patron => is_post(thing.patron, actor),
            Condition::Registrar => is_post(thing.registrar, actor),
            Condition::Superintendent => is_post(thing.superintendent, actor),
            Condition::Requester => is_post(thing.requester, actor),
            Condition::OwnPost => is_post(thing.post, actor),
            Condition::Owner => same(thing.owner, actor.person),
            Condition::StreetOfPlace => thing.place.is_some_and(|u| actor.covers(u)),
            Condition::Public => thing.public,
            Condition::List137 => thing.list == Some(List::City),
            Condition::List21 => thing.list == Some(List::District),
            Condition::Short => thing.long == Some(false),
            Condition::VerifierIndependent => {
                // Without allocating: own unit and line are two pieces here, one list in the term.
                !thing.handler_line.is_empty()
                    && !is_post(thing.handler, actor)
                    && !same(thing.handler_person, actor.person)
                    && !thing.handler_line.contains(&actor.unit)
                    && thing.handler_line.first().is_none_or(|unit| !actor.covers(unit))
            }
            Condition::ApproverNotRequester => {
                thing.requester.is_some_and(|post| *post != actor.post)
                    && !same(thing.requester_person, actor.person)
            }
            Condition::ComplainedAbout => thing.against.is_some_and(|u| actor.covers(u)),
            Condition::AdministratorsClash => thing.roles_after.is_some_and(super::RoleSet::clashes),
        }
    }

    /// Which rows the condition holds for; `None` when it can hold for none.
    pub(super) fn term(self, actor: &Actor) -> Option<Term> {
        let (unit, post) = (|| actor.unit.clone(), || actor.post.clone());
        Some(match self {
            Condition::OwnUnit => Term::Unit(unit()),
            Condition::UnitLine => Term::UnitLine(actor.whole_line()),
            Condition::Lead => Term::Lead(unit()),
            Condition::LeadLine => Term::LeadLine(actor.whole_line()),
            Condition::Support => Term::Support(unit()),
            Condition::SupportLine => Term::SupportLine(actor.whole_line()),
            Condition::Holder => Term::HolderPost(post()),
            Condition::Handler => Term::Handler(post()),
            Condition::Patron => Term::Patron(post()),
            Condition::Registrar => Term::Registrar(post()),
            Condition::Superintendent => Term::Superintendent(post()),
            Condition::Requester => Term::Requester(post()),
            Condition::OwnPost => Term::Post(post()),
            Condition::Owner => Term::Owner(actor.person?),
            Condition::StreetOfPlace => Term::Place(actor.whole_line()),
            Condition::Public => Term::Public,
            Condition::List137 => Term::List(List::City),
            Condition::List21 => Term::List(List::District),
            Condition::Short => Term::Short,
            Condition::VerifierIndependent => {
                Term::Independent { post: post(), person: actor.person, line: actor.whole_line() }
            }
            Condition::ApproverNotRequester => Term::NotRequester { post: post(), person: actor.person },
            Condition::ComplainedAbout => Term::Against(actor.whole_line()),
            Condition::AdministratorsClash => Term::AdministratorsClash,
        })
    }
}

impl Term {
    /// Whether a row with these facts is one that the term keeps: what the store's SQL must mean.
    pub fn admits(&self, thing: &Resource<'_>) -> bool {
        match self {
            Term::Unit(u) => thing.unit == Some(u),
            Term::UnitLine(line) => thing.unit.is_some_and(|u| line.contains(u)),
            Term::Lead(u) => thing.lead == Some(u),
            Term::LeadLine(line) => thing.lead.is_some_and(|u| line.contains(u)),
            Term::Support(u) => thing.support.contains(u),
            Term::SupportLine(line) => thing.support.iter().any(|u| line.contains(u)),
            Term::HolderPost(p) => thing.holder == Some(p),
            Term::Handler(p) => thing.handler == Some(p),
            Term::Patron(p) => thing.patron == Some(p),
            Term::Registrar(p) => thing.registrar == Some(p),
            Term::Superintendent(p) => thing.superintendent == Some(p),
            Term::Requester(p) => thing.requester == Some(p),
            Term::Post(p) => thing.post == Some(p),
            Term::Owner(person) => thing.owner == Some(*person),
            Term::Place(line) => thing.place.is_some_and(|u| line.contains(u)),
            Term::Public => thing.public,
            Term::List(list) => thing.list == Some(*list),
            Term::Kind(kinds) => thing.kind.is_some_and(|k| kinds.contains(k)),
            Term::Short => thing.long == Some(false),
            Term::Independent { post, person, line } => independent(post, *person, line, thing),
            Term::NotRequester { post, person } => {
                thing.requester.is_some_and(|p| p != post) && !same(thing.requester_person, *person)
            }
            Term::Against(line) => thing.against.is_some_and(|u| line.contains(u)),
            Term::AdministratorsClash => thing.roles_after.is_some_and(super::RoleSet::clashes),
            Term::Within(set) => thing.compartment.is_some_and(|c| set.contains(c)),
            Term::Cleared(set) => thing.compartment.is_none_or(|c| set.contains(c)),
            Term::All(terms) => terms.iter().all(|t| t.admits(thing)),
            Term::Any(terms) => terms.iter().any(|t| t.admits(thing)),
            Term::Not(term) => !term.admits(thing),
        }
    }
}
