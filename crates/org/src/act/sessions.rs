//! Sessions in the ledger: who signed in when and as which post, how it ended, and bursts of wrong passwords.
//!
//! The subject is the session's id, which is a hash of its token and worth nothing to who reads it. A password, a code,
//! an address or a login as it was typed is never recorded. Reading pages records nothing.

use crate::event::{SESSION_VERSION, SessionEvent};
use crate::store::recovery::next_rev;
use base::Outcome;
use base::journal::Fact;
use base::limits::{self, Tried, TryPolicy};
use base::op::Op;
use base::session::{self, Session};
use kernel::{PersonId, PostCode};

fn note(op: &mut Op<'_, '_>, (sort, subject): (&str, &str), event: &SessionEvent) -> Outcome<()> {
    let rev = next_rev(op.tx, op.district(), subject)?;
    let body = serde_json::to_string(event)?;
    let (kind, version) = (event.kind(), SESSION_VERSION);
    op.record(Fact { subject_kind: sort, subject, rev, kind, version, body: &body }).map(|_| ())
}

/// Records a session that has just begun.
pub fn began(op: &mut Op<'_, '_>, session: &Session) -> Outcome<()> {
    let event = SessionEvent::Begun {
        person: session.person,
        post: session.post.clone(),
        second_factor: session.second_factor,
    };
    note(op, ("session", &session.id), &event)
}

/// Records that a session goes on as another post, under a new id.
pub fn switched(op: &mut Op<'_, '_>, new: &Session, from: &PostCode) -> Outcome<()> {
    let event = SessionEvent::Switched { person: new.person, from: from.clone(), post: new.post.clone() };
    note(op, ("session", &new.id), &event)
}

/// Ends the session that asks.
pub fn sign_out(op: &mut Op<'_, '_>, session: &Session) -> Outcome<()> {
    if session::revoke(op.tx, op.district(), &session.id)? {
        note(op, ("session", &session.id), &SessionEvent::Ended { person: session.person })?;
    }
    Ok(())
}

/// A row that is no session but a step of signing in.
fn is_step(session: &Session) -> bool {
    session.post.as_str().starts_with("sign-in.")
}

/// Ends one session by id, whoever's it is; the caller has judged.
pub(super) fn revoke(op: &mut Op<'_, '_>, session: &Session, why: &str) -> Outcome<()> {
    session::revoke(op.tx, op.district(), &session.id)?;
    if is_step(session) {
        return Ok(());
    }
    let event = SessionEvent::Revoked { person: session.person, why: why.to_owned() };
    note(op, ("session", &session.id), &event)
}

/// Ends every session of a person but `keep`; `why` is a code such as `password_changed`.
pub fn revoke_all(op: &mut Op<'_, '_>, person: PersonId, keep: Option<&str>, why: &str) -> Outcome<()> {
    let held = session::of_person(op.tx, op.district(), person, op.now())?;
    session::revoke_all_of_person(op.tx, op.district(), person, keep)?;
    for ended in held.iter().filter(|s| Some(s.id.as_str()) != keep && !is_step(s)) {
        let event = SessionEvent::Revoked { person, why: why.to_owned() };
        note(op, ("session", &ended.id), &event)?;
    }
    Ok(())
}

/// Counts a wrong password or code. When it begins a lock, the burst is recorded once under the login's hash: who
/// guesses at a name that nobody has leaves the same trace.
pub fn failed(
    op: &mut Op<'_, '_>,
    whom: &[Tried],
    policy: TryPolicy,
    person: Option<PersonId>,
) -> Outcome<()> {
    metrics::counter!("guandu_sign_in_failures_total").increment(1);
    let wait = limits::failed(op.tx, op.district(), whom, policy, op.now())?;
    match whom.first() {
        Some(login) if wait > 0 => {
            note(op, ("login", login.key()), &SessionEvent::Locked { person, seconds: wait })
        }
        _ => Ok(()),
    }
}
