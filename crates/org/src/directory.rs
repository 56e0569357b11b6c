//! The actor of a request: the playbook's post, the table's holding.

use crate::store;
use base::core::{Core, Directory, Masthead};
use base::{Outcome, Tx};
use kernel::access::Actor;
use kernel::playbook::{Playbook, Post};
use kernel::{DistrictCode, Instant, PersonId, PostCode, UnitCode};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, Weak};

/// Answers for people and posts. It is made before the core that holds it, and bound to it afterwards.
#[derive(Default, Clone)]
pub struct OrgDirectory {
    core: Arc<OnceLock<Weak<Core>>>,
    /// Actors by playbook and post: walking the units of a leader's line takes longer than the rest of a request.
    actors: Arc<RwLock<BTreeMap<(String, PostCode), Actor>>>,
}

impl OrgDirectory {
    /// Not yet bound.
    pub fn new() -> Self {
        OrgDirectory::default()
    }
    /// Binds it to the core whose playbooks it reads.
    pub fn bind(&self, core: &Arc<Core>) {
        let _first_binding_stands = self.core.set(Arc::downgrade(core));
    }
    fn book(&self, district: DistrictCode, now: Instant) -> Outcome<Arc<Playbook>> {
        let core = self.core.get().and_then(Weak::upgrade);
        core.ok_or_else(|| base::Fault::broken("the directory is not bound"))?.book(district, now.day())
    }
}

/// The actor of a post, without a person.
pub fn actor_of(book: &Playbook, code: &PostCode) -> Option<Actor> {
    let post = book.post(code)?;
    Some(Actor::new(code.clone(), post.unit.clone(), post.role_set()).over(line_of(book, post)))
}

/// The units below a post: its unit's descendants, and for a leader the units in charge of with theirs.
fn line_of(book: &Playbook, post: &Post) -> Vec<UnitCode> {
    let mut line = Vec::new();
    let charges = book.org.patronage.iter().filter(|p| p.patron == post.code).map(|p| &p.unit);
    for unit in charges {
        line.push(unit.clone());
        descend(book, unit, &mut line);
    }
    descend(book, &post.unit, &mut line);
    line.sort();
    line.dedup();
    line
}

fn descend(book: &Playbook, unit: &UnitCode, line: &mut Vec<UnitCode>) {
    for child in book.org.children_of(unit) {
        line.push(child.code.clone());
        descend(book, &child.code, line);
    }
}

impl Directory for OrgDirectory {
    fn actor(
        &self,
        tx: &mut Tx<'_>,
        district: DistrictCode,
        person: PersonId,
        post: &PostCode,
        now: Instant,
    ) -> Outcome<Option<Actor>> {
        if !store::holds(tx, district, person, post)? {
            return Ok(None);
        }
        let book = self.book(district, now)?;
        let key = (book.digest.clone(), post.clone());
        if let Some(actor) = self.actors.read().get(&key) {
            return Ok(Some(actor.clone().held_by(person)));
        }
        let Some(actor) = actor_of(&book, post) else { return Ok(None) };
        self.actors.write().insert(key, actor.clone());
        Ok(Some(actor.held_by(person)))
    }

    fn masthead(
        &self,
        tx: &mut Tx<'_>,
        district: DistrictCode,
        person: PersonId,
        post: &PostCode,
        now: Instant,
    ) -> Outcome<Masthead> {
        let book = self.book(district, now)?;
        let name = |code: &PostCode| book.post(code).map(|p| p.title.clone()).unwrap_or_default();
        let unit =
            book.post(post).and_then(|p| book.unit(&p.unit)).map(|u| u.name.clone()).unwrap_or_default();
        let mut others = Vec::new();
        for code in store::posts(tx, district, person)?.into_iter().filter(|code| code != post) {
            // Two posts of one person are often called the same (承办人): the unit tells them apart.
            let words = kernel::Words::new(
                crate::names::unit_and_post(&book, &code, kernel::Lang::Zh),
                crate::names::unit_and_post(&book, &code, kernel::Lang::En),
            );
            others.push((code, words));
        }
        Ok(Masthead { unit, post: name(post), others })
    }
}
