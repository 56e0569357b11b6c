//! Who acts, and what is acted on: the facts that conditions look at.

use super::role::{Role, RoleSet};
use crate::id::{PersonId, PostCode, Slug, UnitCode};
use crate::text::Lang;
use serde::{Deserialize, Serialize};

/// A walled part: rows in it are seen only by posts that are cleared for it, whatever their roles (D§13.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Compartment {
    /// 保密信访人: a petitioner or whistle-blower whose identity is confidential.
    Petitioner,
    /// 干部考核: assessment of cadres, the organisation department only (D§4.33).
    Cadre,
    /// 巡察整改: rectification after inspection (D§4.35).
    Rectification,
}

impl Compartment {
    /// Every compartment.
    pub const ALL: [Compartment; 3] =
        [Compartment::Petitioner, Compartment::Cadre, Compartment::Rectification];
    /// The code of `policy.toml` and of the column.
    pub const fn code(self) -> &'static str {
        match self {
            Compartment::Petitioner => "petitioner",
            Compartment::Cadre => "cadre",
            Compartment::Rectification => "rectification",
        }
    }
    /// The name that people read.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Compartment::Petitioner, Lang::Zh) => "保密信访人",
            (Compartment::Petitioner, Lang::En) => "confidential petitioner",
            (Compartment::Cadre, Lang::Zh) => "干部考核",
            (Compartment::Cadre, Lang::En) => "cadre assessment",
            (Compartment::Rectification, Lang::Zh) => "巡察整改",
            (Compartment::Rectification, Lang::En) => "inspection rectification",
        }
    }
    /// Reads the code; `None` when there is no such compartment.
    pub fn from_code(code: &str) -> Option<Compartment> {
        Compartment::ALL.into_iter().find(|c| c.code() == code)
    }
    const fn bit(self) -> u8 {
        match self {
            Compartment::Petitioner => 1,
            Compartment::Cadre => 2,
            Compartment::Rectification => 4,
        }
    }
}

/// A set of compartments: the clearance of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Compartment>", into = "Vec<Compartment>")]
pub struct CompartmentSet(u8);

impl CompartmentSet {
    /// Cleared for none, as most posts are.
    pub const EMPTY: CompartmentSet = CompartmentSet(0);
    /// Every compartment.
    pub const ALL: CompartmentSet = CompartmentSet(7);
    /// The set of the given compartments.
    pub fn of(list: &[Compartment]) -> Self {
        CompartmentSet(list.iter().fold(0, |bits, c| bits | c.bit()))
    }
    /// Whether the compartment is in the set.
    pub const fn contains(self, compartment: Compartment) -> bool {
        self.0 & compartment.bit() != 0
    }
    /// The compartments of both.
    #[must_use]
    pub const fn common(self, other: CompartmentSet) -> CompartmentSet {
        CompartmentSet(self.0 & other.0)
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The members, in their order.
    pub fn iter(self) -> impl Iterator<Item = Compartment> {
        Compartment::ALL.into_iter().filter(move |c| self.contains(*c))
    }
}
impl From<Vec<Compartment>> for CompartmentSet {
    fn from(list: Vec<Compartment>) -> Self {
        CompartmentSet::of(&list)
    }
}
impl From<CompartmentSet> for Vec<Compartment> {
    fn from(set: CompartmentSet) -> Self {
        set.iter().collect()
    }
}

/// Which list a plan item is on: the 137 handed down by the city or the district's own 21 (D§4.19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum List {
    /// 市级137项.
    #[serde(rename = "137")]
    City,
    /// 区级21项.
    #[serde(rename = "21")]
    District,
}

/// Who acts: always one post at a time, so that the memory stays when people change (D§13.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person signed in; `None` for jobs and machine clients.
    pub person: Option<PersonId>,
    /// The post acted as.
    pub post: PostCode,
    /// The unit of that post.
    pub unit: UnitCode,
    /// The units below it that report to it (for a leader: the units in charge of); its own unit need not be here.
    pub line: Vec<UnitCode>,
    /// The roles of the post.
    pub roles: RoleSet,
    /// The compartments that the post is cleared for.
    pub compartments: CompartmentSet,
}

impl Actor {
    /// A post in a unit with its roles: no person, no line, no clearance yet.
    pub fn new(post: PostCode, unit: UnitCode, roles: RoleSet) -> Self {
        Actor { person: None, post, unit, line: Vec::new(), roles, compartments: CompartmentSet::EMPTY }
    }
    /// The same, held by a person.
    #[must_use]
    pub fn held_by(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }
    /// The same, with the units below it.
    #[must_use]
    pub fn over(mut self, line: Vec<UnitCode>) -> Self {
        self.line = line;
        self
    }
    /// The same, cleared for compartments.
    #[must_use]
    pub fn cleared(mut self, compartments: CompartmentSet) -> Self {
        self.compartments = compartments;
        self
    }
    /// Whether the post has the role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(role)
    }
    /// Whether the unit is the actor's own or below it.
    pub(super) fn covers(&self, unit: &UnitCode) -> bool {
        self.unit == *unit || self.line.contains(unit)
    }
    /// Own unit first, then the line, without doubles.
    pub(super) fn whole_line(&self) -> Vec<UnitCode> {
        let below = self.line.iter().filter(|u| **u != self.unit).cloned();
        std::iter::once(self.unit.clone()).chain(below).collect()
    }
}

/// The facts of the thing acted on, borrowed from its row. **A fact that is not given satisfies no condition**, so
/// forgetting one refuses too much and never allows too much.
///
/// ```
/// use kernel::{UnitCode, access::Resource};
/// let lead = UnitCode::parse("lead", "fgj")?;
/// let duty = Resource::new().lead(&lead).public(false);
/// assert!(duty.patron.is_none());
/// # Ok::<(), kernel::Malformed>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resource<'a> {
    /// For duties the profile (`whistle`, `case` …); for `audit.*`, `file.*` and `search.*` the sort of thing that
    /// the line, file or hit is about (`duty`, `run`, `account` …).
    pub kind: Option<&'a Slug>,
    /// The unit it belongs to; for a duty the unit that holds it now.
    pub unit: Option<&'a UnitCode>,
    /// The lead unit.
    pub lead: Option<&'a UnitCode>,
    /// Supporting units.
    pub support: &'a [UnitCode],
    /// The post that holds it now.
    pub holder: Option<&'a PostCode>,
    /// The handler's post.
    pub handler: Option<&'a PostCode>,
    /// The person on the handler's post, so that a second post of the same person cannot verify.
    pub handler_person: Option<PersonId>,
    /// The handler's unit first, then the units above it up to, not including, the district.
    pub handler_line: &'a [UnitCode],
    /// The patron's post.
    pub patron: Option<&'a PostCode>,
    /// The post that registered it.
    pub registrar: Option<&'a PostCode>,
    /// The supervision post that watches it.
    pub superintendent: Option<&'a PostCode>,
    /// The post that asked for what is now to be decided.
    pub requester: Option<&'a PostCode>,
    /// The person who asked, on whatever post.
    pub requester_person: Option<PersonId>,
    /// The post that it is about or addressed to: an inbox, a grant, a notice.
    pub post: Option<&'a PostCode>,
    /// The person whose own it is: a resident's request, an account, the person of a grant.
    pub owner: Option<PersonId>,
    /// The street or community where it lies.
    pub place: Option<&'a UnitCode>,
    /// The list of a plan item.
    pub list: Option<List>,
    /// The compartment that it is walled into.
    pub compartment: Option<Compartment>,
    /// The unit complained about.
    pub against: Option<&'a UnitCode>,
    /// Whether everybody may see it.
    pub public: bool,
    /// For suspensions and extensions: longer than the profile lets the director of supervision grant.
    pub long: Option<bool>,
    /// For a grant of a role: all roles that the post would have afterwards.
    pub roles_after: Option<RoleSet>,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)+) => {
        $($(#[$doc])* #[must_use] pub const fn $name(mut self, $name: $type) -> Self {
            self.$name = Some($name);
            self
        })+
    };
}

impl<'a> Resource<'a> {
    /// Nothing known: what an act on no particular thing is judged against.
    pub fn new() -> Self {
        Resource::default()
    }
    setters! {
        /// Sets the kind.
        kind: &'a Slug;
        /// Sets the unit it belongs to or that holds it now.
        unit: &'a UnitCode;
        /// Sets the lead unit.
        lead: &'a UnitCode;
        /// Sets the post that holds it now.
        holder: &'a PostCode;
        /// Sets the patron's post.
        patron: &'a PostCode;
        /// Sets the registrar's post.
        registrar: &'a PostCode;
        /// Sets the supervision post.
        superintendent: &'a PostCode;
        /// Sets the post it is about.
        post: &'a PostCode;
        /// Sets the person whose own it is.
        owner: PersonId;
        /// Sets the street or community.
        place: &'a UnitCode;
        /// Sets the list of a plan item.
        list: List;
        /// Walls it into a compartment.
        compartment: Compartment;
        /// Sets the unit complained about.
        against: &'a UnitCode;
        /// Says whether a suspension or extension is a long one.
        long: bool;
        /// Sets the roles that a grant would lead to.
        roles_after: RoleSet;
    }
    /// Sets the supporting units.
    #[must_use]
    pub const fn support(mut self, units: &'a [UnitCode]) -> Self {
        self.support = units;
        self
    }
    /// Sets the handler: post, person where known, and the unit with those above it.
    #[must_use]
    pub const fn handler(
        mut self,
        post: &'a PostCode,
        person: Option<PersonId>,
        line: &'a [UnitCode],
    ) -> Self {
        self.handler = Some(post);
        self.handler_person = person;
        self.handler_line = line;
        self
    }
    /// Sets who asked for what is to be decided.
    #[must_use]
    pub const fn requester(mut self, post: &'a PostCode, person: Option<PersonId>) -> Self {
        self.requester = Some(post);
        self.requester_person = person;
        self
    }
    /// Says whether everybody may see it.
    #[must_use]
    pub const fn public(mut self, public: bool) -> Self {
        self.public = public;
        self
    }
}
