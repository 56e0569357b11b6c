//! Webhooks: registering a receiver, turning it on and off, giving it another secret, trying it out.
//!
//! Each act is judged (`system.webhooks`) and recorded. The ledger holds the receiver's host and never its whole
//! address: providers put tokens into path and query. The command line of whoever owns the machine uses [`unjudged`].

use crate::event::{HOOK_VERSION, HookEvent};
use crate::store::recovery::next_rev;
use base::Outcome;
use base::journal::Fact;
use base::op::Op;
use base::outbox::hooks::{self, Hook};
use base::outbox::{self, Delivery};
use base::{Common, Fault};
use kernel::access::{Action, Resource};
use uuid::Uuid;

/// Deliveries that the page and the API show.
pub const SHOWN: u32 = 50;

fn judge(op: &Op<'_, '_>) -> Outcome<()> {
    op.judge(Action::SystemWebhooks, &Resource::new()).map(|_| ())
}

/// Parses an id as it stands in an address; what is none is as absent as one that nobody has.
pub fn id(given: &str) -> Outcome<Uuid> {
    given.parse().map_err(|_| Common::NotFound { what: "webhook", given: given.to_owned() }.into())
}

/// Every receiver, the oldest first.
pub fn list(op: &mut Op<'_, '_>) -> Outcome<Vec<Hook>> {
    judge(op)?;
    hooks::list(op.tx, op.district())
}

/// A receiver with its newest deliveries.
pub fn one(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<(Hook, Vec<Delivery>)> {
    judge(op)?;
    let given = id.to_string();
    let hook = hooks::load(op.tx, op.district(), &given)?;
    let hook = hook.ok_or(Common::NotFound { what: "webhook", given })?;
    Ok((hook, outbox::deliveries(op.tx, op.district(), id, SHOWN)?))
}

/// Adds a receiver; returns its id and the secret for the one time that it is shown.
pub fn add(op: &mut Op<'_, '_>, url: &str, kinds: &[String]) -> Outcome<(Uuid, String)> {
    judge(op)?;
    unjudged::add(op, url, kinds)
}

/// Switches a receiver on or off.
pub fn set_enabled(op: &mut Op<'_, '_>, id: Uuid, on: bool) -> Outcome<()> {
    judge(op)?;
    hooks::set_enabled(op.tx, op.district(), id, on)?;
    note(op, id, if on { &HookEvent::Enabled } else { &HookEvent::Disabled })
}

/// Gives a receiver a new secret and returns it.
pub fn rotate(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<String> {
    judge(op)?;
    unjudged::rotate(op, id)
}

/// Removes a receiver.
pub fn remove(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<()> {
    judge(op)?;
    unjudged::remove(op, id)
}

/// Sends a message that tries the receiver out; returns the message's id.
pub fn test(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<Uuid> {
    judge(op)?;
    unjudged::test(op, id)
}

/// Puts a message that was given up back to the start of its schedule; absent when it is not this receiver's.
pub fn retry(op: &mut Op<'_, '_>, id: Uuid, message: Uuid) -> Outcome<()> {
    let (_, deliveries) = one(op, id)?;
    if !deliveries.iter().any(|d| d.item.id == message) {
        return Err(Fault::from(Common::NotFound { what: "message", given: message.to_string() }));
    }
    outbox::replay(op.tx, op.district(), message, op.now())
}

fn note(op: &mut Op<'_, '_>, id: Uuid, event: &HookEvent) -> Outcome<()> {
    let subject = id.to_string();
    let rev = next_rev(op.tx, op.district(), &subject)?;
    let body = serde_json::to_string(event)?;
    let (kind, version) = (event.kind(), HOOK_VERSION);
    let fact = Fact { subject_kind: "webhook", subject: &subject, rev, kind, version, body: &body };
    op.record(fact).map(|_| ())
}

/// The host of an address, for the ledger.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// The same without asking whose act it is: the command line of whoever owns the machine.
pub mod unjudged {
    use super::{HookEvent, Op, Outcome, Uuid, hooks, host, note};

    /// Adds a receiver; returns its id and its secret.
    pub fn add(op: &mut Op<'_, '_>, url: &str, kinds: &[String]) -> Outcome<(Uuid, String)> {
        let (id, core) = (op.id(), op.core());
        let wanted: Vec<&str> = kinds.iter().map(String::as_str).collect();
        let allow_private = core.config.webhooks.allow_private;
        let new = hooks::NewHook { id, url, kinds: &wanted, secret: core.ids.bytes(), allow_private };
        let secret = hooks::add(op.tx, core.vault(), op.district(), &new, op.now())?;
        note(op, id, &HookEvent::Added { host: host(url), kinds: kinds.to_vec() })?;
        Ok((id, secret))
    }

    /// Gives a receiver a new secret and returns it.
    pub fn rotate(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<String> {
        let core = op.core();
        let fresh: [u8; 32] = core.ids.bytes();
        let secret = hooks::rotate_secret(op.tx, core.vault(), op.district(), id, &fresh)?;
        note(op, id, &HookEvent::SecretRotated)?;
        Ok(secret)
    }

    /// Removes a receiver.
    pub fn remove(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<()> {
        hooks::remove(op.tx, op.district(), id)?;
        note(op, id, &HookEvent::Removed)
    }

    /// Sends a message that tries the receiver out.
    pub fn test(op: &mut Op<'_, '_>, id: Uuid) -> Outcome<Uuid> {
        let message = op.id();
        hooks::test(op.tx, op.district(), id, message, op.now())?;
        note(op, id, &HookEvent::Tested)?;
        Ok(message)
    }
}
