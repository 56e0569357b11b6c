//! Receivers of webhooks: who wants which kinds of events, with which secret.
//!
//! Secrets lie in the database only sealed ([`crate::vault`]); they are opened at the moment of signing.

use super::refusal::OutboxRefusal;
use super::sign::secret_text;
use super::store::{Message, enqueue};
use super::{Channel, guard};
use crate::db::{Row, Tx};
use crate::fault::{Common, Outcome};
use crate::vault::{Spot, Vault};
use kernel::{DistrictCode, Instant};
use serde_json::{Value, json};
use std::fmt;
use uuid::Uuid;

/// A receiver that fails for so many seconds is switched off: five days, longer than all tries of one message.
pub(super) const DISABLE_AFTER: i64 = 5 * 86_400;

/// One receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct Hook {
    /// Id.
    pub id: Uuid,
    /// Address.
    pub url: String,
    /// Secrets in use as the database holds them: sealed.
    sealed: String,
    /// Kinds wanted: `duty.assigned`, `duty.*` or `*`.
    pub kinds: Vec<String>,
    /// False after 410, after long failure, or by hand.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Instant,
    /// Since when every try has failed.
    pub failing_since: Option<Instant>,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({}, {}, enabled: {})", self.id, self.url, self.enabled)
    }
}

const COLUMNS: &str = "id, url, secret, kinds, enabled, created_at, failing_since";

fn read(row: &Row<'_>) -> Outcome<Hook> {
    Ok(Hook {
        id: row.parsed(0)?,
        url: row.text(1)?,
        sealed: row.text(2)?,
        kinds: row.text(3)?.split_whitespace().map(str::to_owned).collect(),
        enabled: row.flag(4)?,
        created_at: row.instant(5)?,
        failing_since: row.instant_opt(6)?,
    })
}

/// Purpose of the sealed column.
const PURPOSE: &str = "webhook.secret";

impl Hook {
    /// The secrets in use in the clear, the newest first, separated by blanks: for signing only.
    pub(super) fn secrets(&self, vault: &Vault, district: DistrictCode) -> Outcome<String> {
        let id = self.id.to_string();
        Ok(vault.open_or_plain(&Spot::new(PURPOSE, district, &id), &self.sealed)?)
    }
}

fn sealed(vault: &Vault, district: DistrictCode, id: Uuid, secrets: &str) -> Outcome<String> {
    Ok(vault.seal(&Spot::new(PURPOSE, district, &id.to_string()), secrets)?)
}

/// A kind of event that this program sends, with what it tells: the choices of the page. Areas name theirs where the
/// program is put together.
#[derive(Debug, Clone, Default)]
pub struct Kinds(pub Vec<(&'static str, kernel::Words)>);

/// Kind of the message that only tries a receiver out; it goes to the one that was asked for, whatever it wants.
pub const TEST: &str = "webhook.test";

/// What makes a receiver.
#[derive(Clone)]
pub struct NewHook<'a> {
    /// Id.
    pub id: Uuid,
    /// Address.
    pub url: &'a str,
    /// Kinds wanted.
    pub kinds: &'a [&'a str],
    /// Random bytes of the secret.
    pub secret: [u8; 32],
    /// From the configuration.
    pub allow_private: bool,
}

/// Adds a receiver and returns its secret for the one time that it is shown.
pub fn add(
    tx: &mut Tx<'_>,
    vault: &Vault,
    district: DistrictCode,
    new: &NewHook<'_>,
    now: Instant,
) -> Outcome<String> {
    guard::check_url(new.url, new.allow_private)?;
    if let Some(bad) = new.kinds.iter().find(|kind| !is_pattern(kind)) {
        return Err(OutboxRefusal::BadKind { kind: (*bad).to_owned() }.into());
    }
    if new.kinds.is_empty() {
        return Err(OutboxRefusal::BadKind { kind: String::new() }.into());
    }
    if list(tx, district)?.len() >= MOST {
        return Err(OutboxRefusal::TooMany { url: new.url.to_owned() }.into());
    }
    let secret = secret_text(&new.secret);
    let sql = "insert into webhook (district, id, url, secret, kinds, enabled, created_at, failing_since) \
               values ($1, $2, $3, $4, $5, 1, $6, null)";
    let args = [
        district.into(),
        new.id.to_string().into(),
        new.url.into(),
        sealed(vault, district, new.id, &secret)?.into(),
        new.kinds.join(" ").into(),
        now.into(),
    ];
    tx.exec(sql, &args)?;
    Ok(secret)
}

/// A district may have so many receivers: each event is written once for each of them.
pub const MOST: usize = 20;

fn is_pattern(kind: &str) -> bool {
    let stem = kind.strip_suffix(".*").unwrap_or(kind);
    kind == "*" || is_kind(stem)
}

fn is_kind(kind: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    kind.len() <= 100 && kind.split('.').all(part)
}

fn wants(hook: &Hook, kind: &str) -> bool {
    hook.kinds.iter().any(|want| match want.strip_suffix('*') {
        Some(stem) => kind.starts_with(stem),
        None => want == kind,
    })
}

/// Every receiver of a district, the oldest first.
pub fn list(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Vec<Hook>> {
    tx.query(
        &format!("select {COLUMNS} from webhook where district = $1 order by created_at, id"),
        &[district.into()],
        read,
    )
}

/// One receiver.
pub fn load(tx: &mut Tx<'_>, district: DistrictCode, id: &str) -> Outcome<Option<Hook>> {
    let sql = format!("select {COLUMNS} from webhook where district = $1 and id = $2");
    tx.one(&sql, &[district.into(), id.into()], read)
}

fn found(tx: &mut Tx<'_>, district: DistrictCode, id: Uuid) -> Outcome<Hook> {
    let given = id.to_string();
    load(tx, district, &given)?.ok_or_else(|| Common::NotFound { what: "webhook", given }.into())
}

/// Switches a receiver on (clearing its failures) or off.
pub fn set_enabled(tx: &mut Tx<'_>, district: DistrictCode, id: Uuid, enabled: bool) -> Outcome<()> {
    found(tx, district, id)?;
    let sql = "update webhook set enabled = $1, failing_since = null where district = $2 and id = $3";
    tx.exec(sql, &[enabled.into(), district.into(), id.to_string().into()]).map(|_| ())
}

/// Removes a receiver; what still waits for it fails at its next try.
pub fn remove(tx: &mut Tx<'_>, district: DistrictCode, id: Uuid) -> Outcome<()> {
    found(tx, district, id)?;
    let sql = "delete from webhook where district = $1 and id = $2";
    tx.exec(sql, &[district.into(), id.to_string().into()]).map(|_| ())
}

/// Gives a receiver a new secret. Until the next change messages are signed with the old one too.
pub fn rotate_secret(
    tx: &mut Tx<'_>,
    vault: &Vault,
    district: DistrictCode,
    id: Uuid,
    bytes: &[u8; 32],
) -> Outcome<String> {
    let secrets = found(tx, district, id)?.secrets(vault, district)?;
    let new = secret_text(bytes);
    let old = secrets.split_whitespace().next().unwrap_or_default();
    let both = sealed(vault, district, id, &format!("{new} {old}"))?;
    let sql = "update webhook set secret = $1 where district = $2 and id = $3";
    tx.exec(sql, &[both.into(), district.into(), id.to_string().into()])?;
    Ok(new)
}

/// Enqueues an event for every receiver that wants its kind; returns for how many. `data` should be ids, not texts:
/// the body must stay under 20 kB, and what leaves the district should be asked for with rights.
pub fn publish(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    new_id: &mut dyn FnMut() -> Uuid,
    kind: &str,
    data: &Value,
    now: Instant,
) -> Outcome<usize> {
    if !is_kind(kind) {
        return Err(OutboxRefusal::BadKind { kind: kind.to_owned() }.into());
    }
    let body = json!({ "type": kind, "timestamp": now.rfc3339(), "data": data }).to_string();
    let hooks = list(tx, district)?;
    let mut sent = 0;
    for hook in hooks.iter().filter(|hook| hook.enabled && wants(hook, kind)) {
        let target = hook.id.to_string();
        let message = Message { id: new_id(), channel: Channel::Webhook, target: &target, kind, body: &body };
        enqueue(tx, district, &message, now)?;
        sent += 1;
    }
    Ok(sent)
}

/// Enqueues a message that tries one receiver out. Refused for one that is switched off: nothing is sent to it.
pub fn test(tx: &mut Tx<'_>, district: DistrictCode, id: Uuid, message: Uuid, now: Instant) -> Outcome<()> {
    let hook = found(tx, district, id)?;
    if !hook.enabled {
        return Err(OutboxRefusal::SwitchedOff { url: hook.url }.into());
    }
    let target = id.to_string();
    let body = json!({ "type": TEST, "timestamp": now.rfc3339(), "data": { "webhook": target } }).to_string();
    let message =
        Message { id: message, channel: Channel::Webhook, target: &target, kind: TEST, body: &body };
    enqueue(tx, district, &message, now)
}

/// Seals what lies in the clear or under an older key; returns how many rows that were. Run at every start.
pub fn reseal(tx: &mut Tx<'_>, vault: &Vault, district: DistrictCode) -> Outcome<u64> {
    let mut done = 0;
    for hook in list(tx, district)? {
        let id = hook.id.to_string();
        let Some(new) = vault.renewed(&Spot::new(PURPOSE, district, &id), &hook.sealed)? else { continue };
        let sql = "update webhook set secret = $1 where district = $2 and id = $3 and secret = $4";
        done += tx.exec(sql, &[new.into(), district.into(), (&id).into(), (&hook.sealed).into()])?;
    }
    Ok(done)
}

/// Notes a delivery, which ends a row of failures.
pub(super) fn went_well(tx: &mut Tx<'_>, district: DistrictCode, id: &str) -> Outcome<()> {
    let sql = "update webhook set failing_since = null where district = $1 and id = $2 and failing_since is not null";
    tx.exec(sql, &[district.into(), id.into()]).map(|_| ())
}

/// Notes a failure; returns true when the receiver is switched off by it: told to (`gone`), or after a long time.
pub(super) fn went_wrong(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: &str,
    gone: bool,
    now: Instant,
) -> Outcome<bool> {
    let Some(hook) = load(tx, district, id)? else { return Ok(false) };
    let since = hook.failing_since.unwrap_or(now);
    let off = gone || now.since(since) >= DISABLE_AFTER * 1_000_000;
    let sql = "update webhook set failing_since = $1, enabled = $2 where district = $3 and id = $4";
    let enabled = hook.enabled && !off;
    tx.exec(sql, &[since.into(), enabled.into(), district.into(), id.into()])?;
    Ok(off && hook.enabled)
}
