//! The general limit on requests: what one session, one address and the public pages may take.
//!
//! Every request takes from its address's bucket first, so that made-up session cookies gain nothing; then from the
//! bucket of its session (writes and reads apart) or, without one, from the address's bucket of public pages. Wrong
//! passwords have a stricter count of their own in the database ([`super::may_try`]).

use super::{Buckets, subscriber};
use crate::config::Limits;
use crate::fault::Common;
use kernel::Instant;
use std::net::IpAddr;

/// Keys that each set of buckets remembers: about 100 bytes each.
const KEYS: usize = 20_000;

/// What a request is, as far as limits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Where it comes from; none for a call inside the process.
    pub address: Option<IpAddr>,
    /// The session that it names, whether or not there is such a one.
    pub session: Option<&'a str>,
    /// Whether it may change something.
    pub writes: bool,
}

/// The buckets of one node.
#[derive(Debug)]
pub struct Limiter {
    on: bool,
    address: Buckets,
    public: Buckets,
    reads: Buckets,
    writes: Buckets,
}

impl Limiter {
    /// From the configuration.
    pub fn new(limits: &Limits) -> Limiter {
        let buckets = |rate: crate::config::Rate| Buckets::new(rate.per_second, rate.burst, KEYS);
        Limiter {
            on: limits.enabled,
            address: buckets(limits.address),
            public: buckets(limits.public),
            reads: buckets(limits.reads),
            writes: buckets(limits.writes),
        }
    }

    /// Lets a request in, or refuses it with the seconds to wait.
    pub fn admit(&self, ask: &Ask<'_>, now: Instant) -> Result<(), Common> {
        if !self.on {
            return Ok(());
        }
        let address = ask.address.map(subscriber);
        if let Some(address) = &address {
            self.address.take(address, now)?;
        }
        match (ask.session, address) {
            (Some(session), _) if ask.writes => self.writes.take(session, now),
            (Some(session), _) => self.reads.take(session, now),
            (None, Some(address)) => self.public.take(&address, now),
            (None, None) => Ok(()),
        }
    }
}
