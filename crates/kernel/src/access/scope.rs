//! Scopes: which rows of a list a post may see, as a small algebra that a store turns into SQL.
//!
//! How a store reads a term: a plain term is `column = $n` or `column in (…)`; a term for which its table has no
//! column is false, except [`Term::Cleared`], which is then true (nothing in that table is walled off). Write
//! [`Term::Not`] as `(…) is not true`, which SQLite and PostgreSQL both know, so that an empty column does not make
//! a row vanish.

use super::Action;
use super::policy::{Effect, Policy, Reach, Row};
use super::subject::{Actor, CompartmentSet, List, Resource};
use crate::id::{PersonId, PostCode, Slug, UnitCode};

/// The rows that a post may see under one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// No row: the store need not be asked.
    Nothing,
    /// Every row of the district.
    All,
    /// Rows that at least one term keeps.
    Any(Vec<Term>),
}

/// A test on a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// The unit it belongs to or that holds it now is this one.
    Unit(UnitCode),
    /// … is one of these.
    UnitLine(Vec<UnitCode>),
    /// The lead unit is this one.
    Lead(UnitCode),
    /// … is one of these.
    LeadLine(Vec<UnitCode>),
    /// This unit is among the supporting units.
    Support(UnitCode),
    /// One of these is among the supporting units.
    SupportLine(Vec<UnitCode>),
    /// The post that holds it now is this one.
    HolderPost(PostCode),
    /// The handler's post is this one.
    Handler(PostCode),
    /// The patron's post is this one.
    Patron(PostCode),
    /// The registrar's post is this one.
    Registrar(PostCode),
    /// The supervision post is this one.
    Superintendent(PostCode),
    /// The post that asked is this one.
    Requester(PostCode),
    /// It is about or addressed to this post.
    Post(PostCode),
    /// It is this person's own.
    Owner(PersonId),
    /// It lies in one of these streets or communities.
    Place(Vec<UnitCode>),
    /// It is public.
    Public,
    /// It is on this list of the plan.
    List(List),
    /// Its kind is one of these.
    Kind(Vec<Slug>),
    /// It asks for no more than the director of supervision may grant. Not a column of lists.
    Short,
    /// Neither handled by this post or person nor in its line (own unit first). Not a column of lists.
    Independent {
        /// The verifier's post.
        post: PostCode,
        /// The verifier.
        person: Option<PersonId>,
        /// The verifier's unit, then the units below it.
        line: Vec<UnitCode>,
    },
    /// Asked by somebody else than this post and person.
    NotRequester {
        /// The approver's post.
        post: PostCode,
        /// The approver.
        person: Option<PersonId>,
    },
    /// One of these units is complained about.
    Against(Vec<UnitCode>),
    /// A grant in which two of the three administrators would meet. Not a column of lists.
    AdministratorsClash,
    /// It is walled into one of these compartments.
    Within(CompartmentSet),
    /// It is in no compartment, or in one of these.
    Cleared(CompartmentSet),
    /// All of these.
    All(Vec<Term>),
    /// At least one of these.
    Any(Vec<Term>),
    /// Not this.
    Not(Box<Term>),
}

impl Term {
    /// Whether a store can answer it from columns. The acts that lists use never need another.
    pub fn is_column(&self) -> bool {
        match self {
            Term::Short | Term::Independent { .. } | Term::AdministratorsClash => false,
            Term::All(terms) | Term::Any(terms) => terms.iter().all(Term::is_column),
            Term::Not(term) => term.is_column(),
            _ => true,
        }
    }
    /// All of these, flattened; one alone stays itself.
    fn all(mut terms: Vec<Term>) -> Term {
        match (terms.len(), terms.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                terms.extend(last);
                Term::All(terms)
            }
        }
    }
    /// At least one of these, without doubles; one alone stays itself.
    fn any(mut terms: Vec<Term>) -> Term {
        terms.sort();
        terms.dedup();
        match (terms.len(), terms.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                terms.extend(last);
                Term::Any(terms)
            }
        }
    }
}

impl Scope {
    /// Whether a row with these facts is in the scope: what the store's SQL must mean.
    pub fn admits(&self, thing: &Resource<'_>) -> bool {
        match self {
            Scope::Nothing => false,
            Scope::All => true,
            Scope::Any(terms) => terms.iter().any(|t| t.admits(thing)),
        }
    }
    /// Whether the scope is known to keep no row, so that the store need not be asked.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Scope::Nothing)
    }
}

/// What the conditions of a row come to for one actor, before any thing is looked at.
enum Body {
    /// Cannot hold.
    Never,
    /// Holds for everything.
    Always,
    /// Holds for what the term keeps.
    When(Term),
}

/// Turns the conditions of a row (not its compartments) into a body.
fn body(row: &Row, actor: &Actor) -> Body {
    let mut terms = Vec::new();
    if !row.kinds.is_empty() {
        terms.push(Term::Kind(row.kinds.clone()));
    }
    for condition in &row.when {
        match condition.term(actor) {
            Some(term) => terms.push(term),
            None => return Body::Never,
        }
    }
    if !row.any.is_empty() {
        let any: Vec<Term> = row.any.iter().filter_map(|c| c.term(actor)).collect();
        if any.is_empty() {
            return Body::Never;
        }
        terms.push(Term::any(any));
    }
    if terms.is_empty() { Body::Always } else { Body::When(Term::all(terms)) }
}

/// The rows of one reach, gathered: everything, or what some of the terms keep.
#[derive(Default)]
struct Group {
    everything: bool,
    terms: Vec<Term>,
}

impl Group {
    fn add(&mut self, body: Body) {
        match body {
            Body::Never => {}
            Body::Always => self.everything = true,
            Body::When(Term::Any(more)) => self.terms.extend(more),
            Body::When(term) => self.terms.push(term),
        }
    }
    /// The group behind its wall; `None` when it keeps nothing, `Some(None)` when it keeps everything.
    fn behind(self, wall: Option<Term>) -> Option<Option<Term>> {
        if self.everything {
            return Some(wall);
        }
        if self.terms.is_empty() {
            return None;
        }
        let terms = Term::any(self.terms);
        Some(Some(match wall {
            Some(wall) => Term::all(vec![terms, wall]),
            None => terms,
        }))
    }
}

impl Policy {
    /// Returns which things `actor` may do `action` to, for lists that a store narrows in SQL. It agrees with
    /// [`Policy::judge`] on every single thing.
    pub fn scope(&self, actor: &Actor, action: Action) -> Scope {
        if actor.roles.clashes() {
            return Scope::Nothing;
        }
        let rows = self.rows_for(action).filter(|row| row.roles.meets(actor.roles));
        let (denies, allows): (Vec<&Row>, Vec<&Row>) = rows.partition(|row| row.effect == Effect::Deny);
        let mut nots = Vec::new();
        let beyond = allows.iter().any(|row| row.reach == Reach::Any);
        for row in denies {
            let wall = match row.reach {
                // Nothing in those compartments is kept anyway: no need to trouble the query.
                Reach::Only(set) if !beyond && set.common(actor.compartments).is_empty() => continue,
                Reach::Only(set) => Some(Term::Within(set)),
                Reach::Cleared | Reach::Any => None,
            };
            match (body(row, actor), wall) {
                (Body::Never, _) => {}
                (Body::Always, None) => return Scope::Nothing,
                (Body::Always, Some(wall)) => nots.push(wall),
                (Body::When(term), None) => nots.push(term),
                (Body::When(term), Some(wall)) => nots.push(Term::all(vec![wall, term])),
            }
        }
        let (mut open, mut cleared, mut terms) = (Group::default(), Group::default(), Vec::new());
        let mut everything = false;
        for row in allows {
            match row.reach {
                Reach::Any => open.add(body(row, actor)),
                Reach::Cleared => cleared.add(body(row, actor)),
                Reach::Only(set) => {
                    let own = set.common(actor.compartments);
                    if !own.is_empty() {
                        let mut one = Group::default();
                        one.add(body(row, actor));
                        terms.extend(one.behind(Some(Term::Within(own))).flatten());
                    }
                }
            }
        }
        let wall = (actor.compartments != CompartmentSet::ALL).then_some(Term::Cleared(actor.compartments));
        for kept in [open.behind(None), cleared.behind(wall)].into_iter().flatten() {
            match kept {
                None => everything = true,
                Some(Term::Any(more)) => terms.extend(more),
                Some(term) => terms.push(term),
            }
        }
        terms.sort();
        finish(everything, terms, nots)
    }
}

/// Puts what is kept and what is taken away together.
fn finish(everything: bool, terms: Vec<Term>, nots: Vec<Term>) -> Scope {
    let nots: Vec<Term> = nots.into_iter().map(|term| Term::Not(Box::new(term))).collect();
    match (everything, terms.is_empty(), nots.is_empty()) {
        (false, true, _) => Scope::Nothing,
        (true, _, true) => Scope::All,
        (false, false, true) => Scope::Any(terms),
        (true, _, false) => Scope::Any(vec![Term::all(nots)]),
        (false, false, false) => {
            let mut all = vec![Term::any(terms)];
            all.extend(nots);
            Scope::Any(vec![Term::All(all)])
        }
    }
}
