//! Use-cases about people: load, decide, record.
//!
//! Hashing a password takes tens of milliseconds on purpose, so callers hash and verify before they open the
//! transaction ([`base::password`]) and hand in the result.

pub mod hooks;
pub mod recovery;
pub mod sessions;

use crate::event::{Event, VERSION};
use crate::model::{Login, OrgRefusal, Person};
use crate::rules::{self, Facts};
use crate::store::{self, Secrets};
use base::journal::Fact;
use base::limits::{self, Tried};
use base::op::Op;
use base::session::{self, New, Terms};
use base::totp::{self, Secret};
use base::{Common, Fault, Outcome, Tx};
use kernel::access::{Action, Resource, Role, RoleSet};
use kernel::playbook::Playbook;
use kernel::{DistrictCode, Instant, PersonId, PostCode};
use std::sync::Arc;

/// A new account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Login.
    pub login: Login,
    /// Working name, 1 to 40 characters.
    pub name: String,
    /// Where mails go; empty for none.
    pub email: String,
    /// Argon2 string.
    pub password_hash: String,
    /// Must choose a new password at the next sign-in.
    pub must_change: bool,
}

fn book(op: &Op<'_, '_>) -> Outcome<Arc<Playbook>> {
    op.core().book(op.district(), op.today())
}

fn record(op: &mut Op<'_, '_>, person: PersonId, rev: u64, event: &Event) -> Outcome<()> {
    let body = serde_json::to_string(event)?;
    let subject = person.to_string();
    op.record(Fact {
        subject_kind: "person",
        subject: &subject,
        rev,
        kind: event.kind(),
        version: VERSION,
        body: &body,
    })?;
    if rev > 1 {
        store::set_rev(op.tx, op.district(), person, rev)?;
    }
    Ok(())
}

/// Makes an account.
pub fn add(op: &mut Op<'_, '_>, new: &NewPerson) -> Outcome<PersonId> {
    op.judge(Action::AccountCreate, &Resource::new())?;
    add_unjudged(op, new)
}

/// Makes an account without asking whose act it is: the command line of whoever owns the machine.
pub fn add_unjudged(op: &mut Op<'_, '_>, new: &NewPerson) -> Outcome<PersonId> {
    let id = PersonId::new(op.id());
    let person = Person {
        id,
        login: new.login.clone(),
        name: new.name.clone(),
        email: new.email.clone(),
        active: true,
        must_change: new.must_change,
        second_factor: false,
        rev: 1,
        created_at: op.now(),
    };
    store::insert(op.tx, op.district(), &person, &new.password_hash)?;
    record(op, id, 1, &Event::Added { login: new.login.clone(), name: new.name.clone() })?;
    Ok(id)
}

fn facts(op: &mut Op<'_, '_>, book: &Playbook, person: PersonId) -> Outcome<Facts> {
    let district = op.district();
    let posts = store::posts(op.tx, district, person)?;
    let roles_at = |code: &PostCode| book.post(code).map_or(RoleSet::EMPTY, kernel::playbook::Post::role_set);
    let roles = posts.iter().fold(RoleSet::EMPTY, |all, code| all.union(roles_at(code)));
    let is_security = |p: &&kernel::playbook::Post| p.role_set().contains(Role::SecurityAdmin);
    let security: Vec<PostCode> =
        book.org.posts.values().filter(is_security).map(|p| p.code.clone()).collect();
    let security_administrators = store::count_holders(op.tx, district, &security)?;
    Ok(Facts { person, posts, roles, security_administrators })
}

/// Gives a person a post.
pub fn appoint(op: &mut Op<'_, '_>, person: PersonId, post: &PostCode) -> Outcome<()> {
    let book = book(op)?;
    let unit = book.post(post).map(|p| p.unit.clone()).ok_or_else(|| OrgRefusal::NoSuchPost(post.clone()))?;
    let roles = book.post(post).map_or(RoleSet::EMPTY, kernel::playbook::Post::role_set);
    let held = facts(op, &book, person)?;
    let resource = Resource::new().post(post).unit(&unit).owner(person).roles_after(held.roles.union(roles));
    op.judge(Action::OrgAppoint, &resource)?;
    let event = rules::appoint(&held, op.actor().person, post, roles)?;
    appointed(op, person, post, &event)
}

/// Gives a post without asking whose act it is: the command line, the demo, the simulator.
pub fn appoint_unjudged(op: &mut Op<'_, '_>, person: PersonId, post: &PostCode) -> Outcome<()> {
    let book = book(op)?;
    let roles = book
        .post(post)
        .map(kernel::playbook::Post::role_set)
        .ok_or_else(|| OrgRefusal::NoSuchPost(post.clone()))?;
    let held = facts(op, &book, person)?;
    let event = rules::appoint(&held, None, post, roles)?;
    appointed(op, person, post, &event)
}

fn appointed(op: &mut Op<'_, '_>, person: PersonId, post: &PostCode, event: &Event) -> Outcome<()> {
    let at = store::locked(op.tx, op.district(), person)?;
    store::hold(op.tx, op.district(), person, post, op.now())?;
    record(op, person, at.rev + 1, event)
}

/// Takes a post from a person. Sessions that act as it end with the next request.
pub fn relieve(op: &mut Op<'_, '_>, person: PersonId, post: &PostCode) -> Outcome<()> {
    let book = book(op)?;
    let held = facts(op, &book, person)?;
    let unit = book.post(post).map(|p| p.unit.clone());
    let mut resource = Resource::new().post(post).owner(person).roles_after(held.roles);
    resource.unit = unit.as_ref();
    op.judge(Action::OrgAppoint, &resource)?;
    let roles = book.post(post).map_or(RoleSet::EMPTY, kernel::playbook::Post::role_set);
    let event = rules::relieve(&held, op.actor().person, post, roles)?;
    let at = store::locked(op.tx, op.district(), person)?;
    store::release(op.tx, op.district(), person, post, op.now())?;
    record(op, person, at.rev + 1, &event)
}

/// Stops an account from signing in and ends its sessions.
pub fn disable(op: &mut Op<'_, '_>, person: PersonId) -> Outcome<()> {
    op.judge(Action::AccountDisable, &Resource::new().owner(person))?;
    let book = book(op)?;
    let held = facts(op, &book, person)?;
    let event = rules::disable(&held, op.actor().person)?;
    let at = store::locked(op.tx, op.district(), person)?;
    if !at.active {
        return Ok(());
    }
    store::set_state(op.tx, op.district(), person, false)?;
    sessions::revoke_all(op, person, None, "account_disabled")?;
    record(op, person, at.rev + 1, &event)
}

/// Lets an account sign in again.
pub fn enable(op: &mut Op<'_, '_>, person: PersonId) -> Outcome<()> {
    op.judge(Action::AccountDisable, &Resource::new().owner(person))?;
    let at = store::locked(op.tx, op.district(), person)?;
    if at.active {
        return Ok(());
    }
    store::set_state(op.tx, op.district(), person, true)?;
    record(op, person, at.rev + 1, &Event::Enabled)
}

/// Ends every session of a person but `keep`, the one that asks when it is the person's own.
pub fn sign_out_everywhere(op: &mut Op<'_, '_>, person: PersonId, keep: Option<&str>) -> Outcome<()> {
    if op.actor().person != Some(person) {
        op.judge(Action::AccountRevokeSessions, &Resource::new().owner(person))?;
    }
    let at = store::locked(op.tx, op.district(), person)?;
    sessions::revoke_all(op, person, keep, "signed_out_everywhere")?;
    record(op, person, at.rev + 1, &Event::SignedOutEverywhere)
}

/// Ends one of the actor's own sessions; absent when it is somebody else's.
pub fn end_session(op: &mut Op<'_, '_>, id: &str) -> Outcome<()> {
    let absent = || Fault::from(Common::NotFound { what: "session", given: id.to_owned() });
    let person = op.actor().person.ok_or_else(absent)?;
    let own = session::of_person(op.tx, op.district(), person, op.now())?;
    let ended = own.iter().find(|s| s.id == id).ok_or_else(absent)?;
    sessions::revoke(op, ended, "ended_by_owner")
}

/// Lifts the lock after wrong passwords. The address's own count stays: it may be somebody guessing at many logins.
pub fn unlock(op: &mut Op<'_, '_>, person: PersonId) -> Outcome<()> {
    op.judge(Action::AccountUnlock, &Resource::new().owner(person))?;
    let at = store::locked(op.tx, op.district(), person)?;
    limits::succeeded(op.tx, op.district(), &Tried::login(at.login.as_str()))?;
    record(op, person, at.rev + 1, &Event::Unlocked)
}

/// Sets a password that an administrator made up; it must be changed at the next sign-in, and the lock is lifted.
pub fn reset_password(op: &mut Op<'_, '_>, person: PersonId, hash: &str) -> Outcome<()> {
    op.judge(Action::AccountResetPassword, &Resource::new().owner(person))?;
    let at = store::locked(op.tx, op.district(), person)?;
    store::set_password(op.tx, op.district(), person, hash, true)?;
    store::clear_totp(op.tx, op.district(), person)?;
    sessions::revoke_all(op, person, None, "password_reset")?;
    limits::succeeded(op.tx, op.district(), &Tried::login(at.login.as_str()))?;
    record(op, person, at.rev + 1, &Event::PasswordSet { by_administrator: true })?;
    if at.second_factor { record(op, person, at.rev + 2, &Event::SecondFactorCleared) } else { Ok(()) }
}

/// Sets one's own new password; every session but `keep` ends, so that who knew the old one is out.
pub fn change_password(op: &mut Op<'_, '_>, person: PersonId, hash: &str, keep: Option<&str>) -> Outcome<()> {
    let at = store::locked(op.tx, op.district(), person)?;
    store::set_password(op.tx, op.district(), person, hash, false)?;
    sessions::revoke_all(op, person, keep, "password_changed")?;
    record(op, person, at.rev + 1, &Event::PasswordSet { by_administrator: false })
}

/// Sets up one's own second factor after a first good code.
pub fn set_second_factor(op: &mut Op<'_, '_>, person: PersonId, secret: &Secret, code: &str) -> Outcome<()> {
    let step = totp::check(secret, code, base::op::machine_now(), None)
        .map_err(|no| Fault::Refused(Box::new(no)))?;
    let at = store::locked(op.tx, op.district(), person)?;
    store::set_totp(op.tx, op.vault(), op.district(), person, secret, step)?;
    // Codes that stood in for another phone do not stand in for this one.
    store::recovery::clear(op.tx, op.district(), person)?;
    record(op, person, at.rev + 1, &Event::SecondFactorSet)
}

/// Takes one's own second factor off, unless the installation asks everybody for one.
pub fn clear_second_factor(op: &mut Op<'_, '_>, person: PersonId) -> Outcome<()> {
    if op.core().config.security.second_factor == base::config::SecondFactor::Required {
        return Err(OrgRefusal::SecondFactorWanted.into());
    }
    let at = store::locked(op.tx, op.district(), person)?;
    if !at.second_factor {
        return Ok(());
    }
    store::clear_totp(op.tx, op.district(), person)?;
    record(op, person, at.rev + 1, &Event::SecondFactorCleared)
}

/// What a sign-in found before the password was checked.
pub struct Candidate {
    /// The person, when the login exists and is active.
    pub found: Option<(Person, Secrets)>,
    /// The posts held.
    pub posts: Vec<PostCode>,
}

/// Looks a login up; refused while it or the address is locked.
pub fn candidate(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    login: &Login,
    whom: &[Tried],
    now: Instant,
) -> Outcome<Candidate> {
    limits::may_try(tx, district, whom, now)?;
    let found = store::by_login(tx, district, login)?.filter(|(person, _)| person.active);
    let posts = match &found {
        Some((person, _)) => store::posts(tx, district, person.id)?,
        None => Vec::new(),
    };
    Ok(Candidate { found, posts })
}

/// Uses a code up: of two sign-ins with one code, only the first goes through.
pub fn spend_code(tx: &mut Tx<'_>, district: DistrictCode, person: PersonId, step: i64) -> Outcome<()> {
    if store::spend_totp(tx, district, person, step)? { Ok(()) } else { Err(OrgRefusal::SecondFactor.into()) }
}

/// What signing in needs beside the password.
pub struct SignIn<'a> {
    /// The person.
    pub person: &'a Person,
    /// The first post to act as.
    pub post: PostCode,
    /// Bytes of the session and form tokens.
    pub tokens: ([u8; 32], [u8; 32]),
    /// Whether the second factor was given ([`spend_code`]).
    pub coded: bool,
    /// How long sessions last.
    pub terms: Terms,
}

/// Begins a session and returns the cookie's value.
pub fn sign_in(op: &mut Op<'_, '_>, given: &SignIn<'_>) -> Outcome<String> {
    let district = op.district();
    limits::succeeded(op.tx, district, &Tried::login(given.person.login.as_str()))?;
    let new = New {
        token: given.tokens.0,
        csrf: given.tokens.1,
        person: given.person.id,
        post: given.post.clone(),
        second_factor: given.coded,
    };
    let now = op.now();
    let (session, cookie) = session::create(op.tx, district, &new, given.terms, now)?;
    sessions::began(op, &session)?;
    Ok(cookie)
}

/// Replays a person's events: the posts held and whether the account is active.
pub fn fold(events: &[(Event, Instant)]) -> (Vec<PostCode>, bool) {
    let mut posts = std::collections::BTreeSet::new();
    let mut active = true;
    for (event, _) in events {
        match event {
            Event::Appointed { post } => {
                posts.insert(post.clone());
            }
            Event::Relieved { post } => {
                posts.remove(post);
            }
            Event::Disabled => active = false,
            Event::Enabled => active = true,
            _ => {}
        }
    }
    (posts.into_iter().collect(), active)
}
