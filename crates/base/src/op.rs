//! A use-case in flight: who acts, when, in which transaction.
//!
//! [`Op`] is what an area's `act.rs` works with: it judges access, makes ids and numbers, and records facts in the
//! same transaction as the rows that they change. This file is the only place (beside `main`) that reads the clock
//! or draws random numbers, so that a test or the simulator can replace both.

use crate::core::Core;
use crate::db::Tx;
use crate::fault::Outcome;
use kernel::access::{Action, Actor, Grant, Resource, Scope};
use kernel::{Day, DistrictCode, EventId, Instant};
use parking_lot::Mutex;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// Where "now" comes from.
#[derive(Debug)]
pub enum Time {
    /// The machine's clock, moved by a fixed offset (0 in production; the demo lives in August 2019).
    Real {
        /// Microseconds added to the machine's clock.
        offset: i64,
    },
    /// Set by hand: tests and the simulator.
    Set(AtomicI64),
}

impl Time {
    /// The machine's clock as it is.
    pub fn real() -> Time {
        Time::Real { offset: 0 }
    }
    /// The machine's clock moved so that it starts at `start`.
    pub fn starting_at(start: Instant) -> Time {
        Time::Real { offset: start.since(machine_now()) }
    }
    /// A clock that stands at `at` until it is set again.
    pub fn set_at(at: Instant) -> Time {
        Time::Set(AtomicI64::new(at.micros()))
    }
    /// Now.
    pub fn now(&self) -> Instant {
        match self {
            Time::Real { offset } => machine_now().plus_micros(*offset),
            Time::Set(at) => Instant::from_micros(at.load(Ordering::Relaxed)),
        }
    }
    /// Moves a clock that is set by hand; does nothing to a real one.
    pub fn set(&self, now: Instant) {
        if let Time::Set(at) = self {
            at.store(now.micros(), Ordering::Relaxed);
        }
    }
}

/// The machine's clock in microseconds.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub fn machine_now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Makes UUIDv7 ids that grow strictly within a process, salts and tokens.
pub struct Ids {
    state: Mutex<IdState>,
}

struct IdState {
    millis: i64,
    count: u32,
    rng: ChaCha20Rng,
}

/// Ids within one millisecond: 12 + 14 bits.
const COUNT_MAX: u32 = (1 << 26) - 1;

impl Ids {
    /// Seeded by the operating system.
    pub fn real() -> Outcome<Ids> {
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed).map_err(|e| crate::Fault::broken(format!("random: {e}")))?;
        Ok(Ids::seeded(seed))
    }
    /// The same seed gives the same ids: tests and the simulator.
    pub fn seeded(seed: [u8; 32]) -> Ids {
        let rng = ChaCha20Rng::from_seed(seed);
        Ids { state: Mutex::new(IdState { millis: 0, count: 0, rng }) }
    }
    /// The next id, larger than every id before it.
    pub fn next(&self, now: Instant) -> Uuid {
        let mut state = self.state.lock();
        let millis = now.micros().div_euclid(1000);
        if millis > state.millis {
            state.millis = millis;
            state.count = 0;
        } else if state.count < COUNT_MAX {
            state.count += 1;
        } else {
            state.millis += 1;
            state.count = 0;
        }
        let count = state.count.to_be_bytes();
        let high = (state.count >> 14).to_be_bytes();
        let mut tail = [0_u8; 6];
        state.rng.fill_bytes(&mut tail);
        let [t0, t1, t2, t3, t4, t5] = tail;
        let low = [count[2] & 0x3f, count[3]];
        let bytes = [high[2], high[3], low[0], low[1], t0, t1, t2, t3, t4, t5];
        let millis = u64::try_from(state.millis).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
    /// Random bytes for salts and tokens.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0_u8; N];
        self.state.lock().rng.fill_bytes(&mut out);
        out
    }
}

/// Who asks, on whose behalf the transaction runs.
#[derive(Debug, Clone)]
pub struct Who {
    /// The tenant.
    pub district: DistrictCode,
    /// The post that acts, with its roles and scope.
    pub actor: Arc<Actor>,
    /// The request's trace number, for the log and for the person who reports a fault.
    pub trace: Arc<str>,
}

/// A use-case in flight.
pub struct Op<'a, 'c> {
    /// The open transaction.
    pub tx: &'a mut Tx<'c>,
    pub(crate) core: &'a Core,
    who: &'a Who,
    now: Instant,
    stubs: Vec<Stub>,
}

/// What is known of an event before it is sealed: enough for a signed promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stub {
    /// The event.
    pub event: EventId,
    /// When it was recorded.
    pub at: Instant,
    /// The ledger's commitment to salt and text: the tree's entry.
    pub commitment: kernel::ledger::Hash,
    /// Its seat in the group commit; none for a call that may be repeated, whose receipts are signed one by one.
    #[serde(skip)]
    pub seat: Option<crate::db::Seat>,
}

impl<'a, 'c> Op<'a, 'c> {
    pub(crate) fn open(tx: &'a mut Tx<'c>, core: &'a Core, who: &'a Who, now: Instant) -> Self {
        Op { tx, core, who, now, stubs: Vec::new() }
    }
    /// The tenant.
    pub fn district(&self) -> DistrictCode {
        self.who.district
    }
    /// The post that acts.
    pub fn actor(&self) -> &'a Actor {
        &self.who.actor
    }
    /// The moment of this use-case; the same for everything that it writes.
    pub fn now(&self) -> Instant {
        self.now
    }
    /// The district's day.
    pub fn today(&self) -> Day {
        self.now.day()
    }
    /// Shared services.
    pub fn core(&self) -> &'a Core {
        self.core
    }
    /// Seals and opens secrets and personal data.
    pub fn vault(&self) -> &'a crate::vault::Vault {
        self.core.vault()
    }
    /// May this post do `action` to `resource`?
    pub fn judge(&self, action: Action, resource: &Resource) -> Outcome<Grant> {
        Ok(self.core.policy.judge(self.actor(), action, resource)?)
    }
    /// What this post may see in lists of `action`.
    pub fn scope(&self, action: Action) -> Scope {
        self.core.policy.scope(self.actor(), action)
    }
    /// A new id.
    pub fn id(&self) -> Uuid {
        self.core.ids.next(self.now)
    }
    /// The next number of a gap-free series, such as `督字2019`; taken in this transaction, so a failure gives it back.
    pub fn number(&mut self, series: &str) -> Outcome<i64> {
        let sql = "insert into counter (district, name, n) values ($1, $2, 1) \
                   on conflict (district, name) do update set n = counter.n + 1 returning n";
        let n = self.tx.one(sql, &[self.district().into(), series.into()], |row| row.int(0))?;
        n.ok_or_else(|| crate::Fault::broken("a counter gave no number"))
    }
    /// Adds to a kept count. `bucket` is what the scope counts by, such as a due day's number.
    pub fn tally(&mut self, scope: &str, unit: &str, bucket: i64, delta: i64) -> Outcome<()> {
        let sql = "insert into tally (district, scope, unit, bucket, n) values ($1, $2, $3, $4, $5) \
                   on conflict (district, scope, unit, bucket) do update set n = tally.n + excluded.n";
        let args = [self.district().into(), scope.into(), unit.into(), bucket.into(), delta.into()];
        self.tx.exec(sql, &args).map(|_| ())
    }
    /// What this use-case has recorded so far.
    pub fn stubs(&self) -> &[Stub] {
        &self.stubs
    }
    pub(crate) fn push_stub(&mut self, stub: Stub) {
        self.stubs.push(stub);
    }
}
