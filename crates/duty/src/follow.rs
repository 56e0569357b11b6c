//! Areas to the right that must hear of every act on their kind of duty, in the transaction of the act.
//!
//! A resident's request is a duty and a row of its own. Whoever signs for the duty on its page changes both, and the
//! counters with them; so the area hangs a [`Follower`] on the program when it is assembled, and this crate, which
//! cannot know the area, calls it. A follower that refuses undoes the act.

use base::Outcome;
use base::op::Op;
use kernel::duty::{Duty, Event};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Hears of an act: the duty before it (none for a new one), the duty after it, and what happened.
pub type Follower = fn(&mut Op<'_, '_>, Option<&Duty>, &Duty, &[Event]) -> Outcome<()>;

/// The followers by kind of duty; hung on [`base::core::Core::extras`].
#[derive(Clone, Default)]
pub struct Followers(Arc<BTreeMap<&'static str, Follower>>);

impl Followers {
    /// One follower for each kind.
    pub fn new(list: &[(&'static str, Follower)]) -> Followers {
        Followers(Arc::new(list.iter().copied().collect()))
    }
}

/// Tells the follower of the duty's kind, if there is one.
pub(crate) fn tell(op: &mut Op<'_, '_>, old: Option<&Duty>, new: &Duty, events: &[Event]) -> Outcome<()> {
    let core = op.core();
    let follower = core.extras.get::<Followers>().and_then(|all| all.0.get(new.kind.as_str()));
    follower.map_or(Ok(()), |follower| follower(op, old, new, events))
}
