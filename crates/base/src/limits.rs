//! Too often: wrong passwords (in the database, so that two nodes count together) and general requests (in memory).
//!
//! Wrong passwords are counted for the login and for the address. After the allowed number the next try has to wait,
//! and each further wrong one doubles the wait up to a day. A good sign-in clears the login's count but not the
//! address's: otherwise one own account would wash an address clean.
//!
//! A failure is a fact to keep: record it in a write of its own that returns `Ok`, then answer with the refusal.

mod general;
#[cfg(test)]
mod tests;

pub use general::{Ask, Limiter};

use crate::config::Security;
use crate::db::Tx;
use crate::fault::{Common, Outcome};
use kernel::{DistrictCode, Instant};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;

/// A wait is never longer than a day.
const LONGEST: i64 = 86_400;
/// Wrong tries are forgotten after a day without another.
const MEMORY: i64 = 86_400;
/// An address may be an office's gateway with many people behind it: it gets this many times the tries.
const ADDRESS_FACTOR: u32 = 10;

/// Whose tries are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tried {
    key: String,
    factor: u32,
}

impl Tried {
    /// A login as it was typed. Only a hash is stored: people type passwords into the wrong field.
    pub fn login(given: &str) -> Tried {
        let hash = crate::hex(&Sha256::digest(given.trim().to_lowercase()));
        Tried { key: format!("login:{}", hash.get(..32).unwrap_or(&hash)), factor: 1 }
    }
    /// What stands for it in the database and the ledger.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// An address; of IPv6 the first 64 bits, which is what one subscriber has.
    pub fn address(ip: IpAddr) -> Tried {
        Tried { key: format!("addr:{}", subscriber(ip)), factor: ADDRESS_FACTOR }
    }
}

/// The text that stands for one subscriber: an IPv4 address, or the first half of an IPv6 address.
pub fn subscriber(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// How many tries, how long a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryPolicy {
    /// Wrong tries in a row before the first lock.
    pub tries: u32,
    /// Seconds of the first lock.
    pub lock: i64,
}

impl TryPolicy {
    /// From the configuration.
    pub fn of(security: &Security) -> TryPolicy {
        TryPolicy { tries: security.sign_in_tries, lock: i64::from(security.lock_minutes) * 60 }
    }
    /// Seconds to wait after the `n`th wrong try in a row.
    fn wait(self, n: i64, factor: u32) -> i64 {
        let over = n - i64::from(self.tries) * i64::from(factor);
        if over < 0 {
            return 0;
        }
        let doubled =
            u32::try_from(over).ok().and_then(|over| 1_i64.checked_shl(over.min(30))).unwrap_or(LONGEST);
        self.lock.saturating_mul(doubled).min(LONGEST)
    }
}

/// Refuses with the seconds to wait when any of `whom` is locked.
pub fn may_try(tx: &mut Tx<'_>, district: DistrictCode, whom: &[Tried], now: Instant) -> Outcome<()> {
    let mut until = now;
    for who in whom {
        let sql = "select blocked_until from attempt where district = $1 and who = $2";
        let blocked = tx.one(sql, &[district.into(), (&who.key).into()], |row| row.instant(0))?;
        until = until.max(blocked.unwrap_or(now));
    }
    if until > now {
        // Rounded up: who waits as told must not be told again.
        let wait = (until.since(now) + 999_999) / 1_000_000;
        return Err(Common::TooOften { wait }.into());
    }
    Ok(())
}

/// Counts a wrong try; returns the seconds until the next is taken (0: at once).
pub fn failed(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    whom: &[Tried],
    policy: TryPolicy,
    now: Instant,
) -> Outcome<i64> {
    let mut longest = 0;
    // In one order, so that two tries at once do not wait for each other.
    let mut whom = whom.to_vec();
    whom.sort();
    for who in whom {
        let insert = "insert into attempt (district, who, n, since, blocked_until) values ($1, $2, 0, $3, 0) \
                      on conflict (district, who) do nothing";
        tx.exec(insert, &[district.into(), (&who.key).into(), now.into()])?;
        let select = "select n, since from attempt where district = $1 and who = $2";
        let key = [district.into(), (&who.key).into()];
        let held = tx.one_locked(select, &key, |row| Ok((row.int(0)?, row.instant(1)?)))?;
        let (before, since) = held.unwrap_or((0, now));
        let n = if now.since(since) > MEMORY * 1_000_000 { 1 } else { before + 1 };
        let wait = policy.wait(n, who.factor);
        let update =
            "update attempt set n = $1, since = $2, blocked_until = $3 where district = $4 and who = $5";
        let until = now.plus_seconds(wait);
        tx.exec(update, &[n.into(), now.into(), until.into(), district.into(), (&who.key).into()])?;
        longest = longest.max(wait);
    }
    Ok(longest)
}

/// Forgets the wrong tries of a login after a good sign-in, or when an administrator unlocks it.
pub fn succeeded(tx: &mut Tx<'_>, district: DistrictCode, login: &Tried) -> Outcome<()> {
    tx.exec("delete from attempt where district = $1 and who = $2", &[district.into(), (&login.key).into()])
        .map(|_| ())
}

/// Deletes counts that no longer matter; returns how many. A periodic job.
pub fn sweep(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<u64> {
    let sql = "delete from attempt where district = $1 and since < $2 and blocked_until < $3";
    tx.exec(sql, &[district.into(), now.plus_seconds(-MEMORY).into(), now.into()])
}

/// Token buckets in memory, one for each key (session, or [`subscriber`] of an address). Each node has its own.
///
/// Memory is bounded without a sweep: keys live in two generations, and when the young one is full it becomes the old
/// one. A key that is in use moves back to the young.
#[derive(Debug)]
pub struct Buckets {
    per_second: f64,
    burst: f64,
    keys: usize,
    held: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, Bucket>,
    old: HashMap<String, Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Buckets {
    /// `per_second` requests in the long run, `burst` at once, at most about twice `keys` keys remembered.
    pub fn new(per_second: u32, burst: u32, keys: usize) -> Buckets {
        Buckets {
            per_second: f64::from(per_second.max(1)),
            burst: f64::from(burst.max(1)),
            keys: keys.max(1),
            held: Mutex::default(),
        }
    }

    /// Takes one token of `key`, or refuses with the seconds to wait.
    pub fn take(&self, key: &str, now: Instant) -> Result<(), Common> {
        let mut held = self.held.lock();
        let known = held.young.get(key).copied();
        let full = Bucket { tokens: self.burst, at: now };
        let mut bucket = known.or_else(|| held.old.remove(key)).unwrap_or(full);
        // A clock that goes back gives nothing and takes nothing.
        let micros = u32::try_from(now.since(bucket.at).clamp(0, i64::from(u32::MAX))).unwrap_or(u32::MAX);
        bucket.tokens = (bucket.tokens + f64::from(micros) / 1e6 * self.per_second).min(self.burst);
        bucket.at = bucket.at.max(now);
        let enough = bucket.tokens >= 1.0;
        if enough {
            bucket.tokens -= 1.0;
        }
        if known.is_none() && held.young.len() >= self.keys {
            held.old = std::mem::take(&mut held.young);
        }
        held.young.insert(key.to_owned(), bucket);
        // With at least one token a second the next one is there within a second.
        if enough { Ok(()) } else { Err(Common::TooOften { wait: 1 }) }
    }
}
