//! Pure: what may change about a person's posts.

use crate::event::Event;
use crate::model::OrgRefusal;
use kernel::access::RoleSet;
use kernel::{PersonId, PostCode};

/// What a decision about a person needs to know.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The person.
    pub person: PersonId,
    /// The posts held now.
    pub posts: Vec<PostCode>,
    /// The roles of all posts held now.
    pub roles: RoleSet,
    /// How many active people are security administrators, this one included.
    pub security_administrators: u64,
}

/// May `post` with `roles` be given to the person?
pub fn appoint(
    facts: &Facts,
    by: Option<PersonId>,
    post: &PostCode,
    roles: RoleSet,
) -> Result<Event, OrgRefusal> {
    if by == Some(facts.person) {
        return Err(OrgRefusal::OwnPost);
    }
    if facts.posts.contains(post) {
        return Err(OrgRefusal::HeldAlready(post.clone()));
    }
    if facts.roles.union(roles).clashes() {
        return Err(OrgRefusal::Administrators(post.clone()));
    }
    Ok(Event::Appointed { post: post.clone() })
}

/// May `post` with `roles` be taken from the person?
pub fn relieve(
    facts: &Facts,
    by: Option<PersonId>,
    post: &PostCode,
    roles: RoleSet,
) -> Result<Event, OrgRefusal> {
    if by == Some(facts.person) {
        return Err(OrgRefusal::OwnPost);
    }
    if !facts.posts.contains(post) {
        return Err(OrgRefusal::NotHeld(post.clone()));
    }
    if roles.contains(kernel::access::Role::SecurityAdmin) && facts.security_administrators <= 1 {
        return Err(OrgRefusal::LastAdministrator);
    }
    Ok(Event::Relieved { post: post.clone() })
}

/// May the account be disabled?
pub fn disable(facts: &Facts, by: Option<PersonId>) -> Result<Event, OrgRefusal> {
    if by == Some(facts.person) {
        return Err(OrgRefusal::OwnPost);
    }
    if facts.roles.contains(kernel::access::Role::SecurityAdmin) && facts.security_administrators <= 1 {
        return Err(OrgRefusal::LastAdministrator);
    }
    Ok(Event::Disabled)
}
