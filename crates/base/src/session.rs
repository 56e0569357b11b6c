//! Sessions: a random token in a cookie, its hash in a row.
//!
//! The cookie says `530111.<token>`: the district comes first so that the look-up stays inside one tenant (DESIGN §5).
//! The row's id is the SHA-256 of the token: who reads the database cannot sign in with what it holds. A session ends
//! after a time without requests and after a time in any case ([`Terms`]), and at once when it is revoked.
//!
//! ```ignore
//! let (session, cookie) = session::create(tx, district, &new, terms, now)?;     // after the password
//! let session = session::load(tx, &cookie, now)?.ok_or(Common::SignInFirst)?;   // on every request
//! ```

#[cfg(test)]
mod tests;

use crate::config::Security;
use crate::db::{Row, Tx};
use crate::fault::{Common, Outcome};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kernel::{DistrictCode, Instant, PersonId, PostCode};
use sha2::{Digest, Sha256};

/// A row is touched at most this often: a request that only reads should not cause a write.
const TOUCH_SECONDS: i64 = 60;

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Seconds without a request.
    pub idle: i64,
    /// Seconds in any case.
    pub absolute: i64,
}

impl Terms {
    /// From the configuration.
    pub fn of(security: &Security) -> Terms {
        Terms {
            idle: i64::from(security.session_minutes) * 60,
            absolute: i64::from(security.absolute_hours) * 3600,
        }
    }
    /// When a session made at `created` and seen at `seen` ends.
    fn ends(self, created: Instant, seen: Instant) -> Instant {
        created.plus_seconds(self.absolute).min(seen.plus_seconds(self.idle))
    }
}

/// A signed-in session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The tenant.
    pub district: DistrictCode,
    /// SHA-256 of the token in hexadecimal: the row's id, safe to show on the list of one's own sessions.
    pub id: String,
    /// Who signed in.
    pub person: PersonId,
    /// The post that the person acts as.
    pub post: PostCode,
    /// Token that forms must carry.
    pub csrf: String,
    /// Whether the second factor was given.
    pub second_factor: bool,
    /// When the person signed in.
    pub created_at: Instant,
    /// The last request, to a minute.
    pub seen_at: Instant,
    /// When it ends without another request.
    pub expires_at: Instant,
}

/// What makes a session; the random bytes come from `base::op`.
#[derive(Clone)]
pub struct New {
    /// Becomes the cookie.
    pub token: [u8; 32],
    /// Becomes the form token.
    pub csrf: [u8; 32],
    /// Who signed in.
    pub person: PersonId,
    /// The post to act as.
    pub post: PostCode,
    /// Whether the second factor was given already.
    pub second_factor: bool,
}

const COLUMNS: &str = "id, person, post, csrf, second_factor, created_at, seen_at, expires_at";

fn read(district: DistrictCode, row: &Row<'_>) -> Outcome<Session> {
    Ok(Session {
        district,
        id: row.text(0)?,
        person: row.parsed(1)?,
        post: row.parsed(2)?,
        csrf: row.text(3)?,
        second_factor: row.flag(4)?,
        created_at: row.instant(5)?,
        seen_at: row.instant(6)?,
        expires_at: row.instant(7)?,
    })
}

/// The cookie's value for a token.
pub fn cookie_value(district: DistrictCode, token: &[u8; 32]) -> String {
    format!("{district}.{}", BASE64_URL_SAFE_NO_PAD.encode(token))
}

/// The tenant and the row's id that a cookie points at; `None` for anything that we did not make.
pub fn parse_cookie(value: &str) -> Option<(DistrictCode, String)> {
    let (district, token) = value.split_once('.')?;
    let token = BASE64_URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 32)?;
    Some((DistrictCode::parse("district", district).ok()?, id_of(&token)))
}

fn id_of(token: &[u8]) -> String {
    crate::hex(&Sha256::digest(token))
}

/// Makes a session and returns it with the cookie's value.
pub fn create(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    new: &New,
    terms: Terms,
    now: Instant,
) -> Outcome<(Session, String)> {
    let session = Session {
        district,
        id: id_of(&new.token),
        person: new.person,
        post: new.post.clone(),
        csrf: BASE64_URL_SAFE_NO_PAD.encode(new.csrf),
        second_factor: new.second_factor,
        created_at: now,
        seen_at: now,
        expires_at: terms.ends(now, now),
    };
    insert(tx, &session)?;
    Ok((session, cookie_value(district, &new.token)))
}

fn insert(tx: &mut Tx<'_>, s: &Session) -> Outcome<()> {
    let sql = "insert into session (district, id, person, post, csrf, second_factor, created_at, seen_at, expires_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let args = [
        s.district.into(),
        (&s.id).into(),
        s.person.into(),
        (&s.post).into(),
        (&s.csrf).into(),
        s.second_factor.into(),
        s.created_at.into(),
        s.seen_at.into(),
        s.expires_at.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// The session of a cookie; `None` when the cookie is not ours, or the session was revoked or has ended.
pub fn load(tx: &mut Tx<'_>, cookie: &str, now: Instant) -> Outcome<Option<Session>> {
    let Some((district, id)) = parse_cookie(cookie) else { return Ok(None) };
    let sql = format!("select {COLUMNS} from session where district = $1 and id = $2 and expires_at > $3");
    tx.one(&sql, &[district.into(), (&id).into(), now.into()], |row| read(district, row))
}

/// True when [`touch`] would move the end of the session: callers skip the write otherwise.
pub fn needs_touch(session: &Session, now: Instant) -> bool {
    now.since(session.seen_at) >= TOUCH_SECONDS * 1_000_000
}

/// Notes a request, which moves the idle end.
pub fn touch(tx: &mut Tx<'_>, session: &Session, terms: Terms, now: Instant) -> Outcome<()> {
    let sql = "update session set seen_at = $1, expires_at = $2 \
               where district = $3 and id = $4 and seen_at < $5 and expires_at > $6";
    let ends = terms.ends(session.created_at, now);
    let args = [
        now.into(),
        ends.into(),
        session.district.into(),
        (&session.id).into(),
        now.into(),
        // A request that was under way when the session ended does not bring it back.
        now.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// Replaces token and form token, as must be done when a session gains power, so that a token seen earlier is worth
/// nothing; returns the new session and cookie.
fn renew(tx: &mut Tx<'_>, old: &Session, token: &[u8; 32], csrf: &[u8; 32]) -> Outcome<(Session, String)> {
    if !revoke(tx, old.district, &old.id)? {
        return Err(Common::SignInFirst.into());
    }
    let session = Session { id: id_of(token), csrf: BASE64_URL_SAFE_NO_PAD.encode(csrf), ..old.clone() };
    insert(tx, &session)?;
    Ok((session, cookie_value(old.district, token)))
}

/// Notes that the second factor was given. The old cookie stops working.
pub fn pass_second_factor(
    tx: &mut Tx<'_>,
    session: &Session,
    token: &[u8; 32],
    csrf: &[u8; 32],
) -> Outcome<(Session, String)> {
    renew(tx, &Session { second_factor: true, ..session.clone() }, token, csrf)
}

/// Acts as another post from now on; the caller has checked that the person holds it. The old cookie stops working,
/// so that a page left open cannot act as the new post by mistake.
pub fn switch_post(
    tx: &mut Tx<'_>,
    session: &Session,
    post: &PostCode,
    token: &[u8; 32],
    csrf: &[u8; 32],
) -> Outcome<(Session, String)> {
    renew(tx, &Session { post: post.clone(), ..session.clone() }, token, csrf)
}

/// Ends one session; false when there was none.
pub fn revoke(tx: &mut Tx<'_>, district: DistrictCode, id: &str) -> Outcome<bool> {
    Ok(tx.exec("delete from session where district = $1 and id = $2", &[district.into(), id.into()])? > 0)
}

/// Ends every session of a person (new password, left the service, lost phone) except `keep`; returns how many.
pub fn revoke_all_of_person(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    person: PersonId,
    keep: Option<&str>,
) -> Outcome<u64> {
    let sql = "delete from session where district = $1 and person = $2 and id <> $3";
    tx.exec(sql, &[district.into(), person.into(), keep.unwrap_or_default().into()])
}

/// A person's sessions, the newest first, for the page "where am I signed in".
pub fn of_person(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    person: PersonId,
    now: Instant,
) -> Outcome<Vec<Session>> {
    let sql = format!(
        "select {COLUMNS} from session where district = $1 and person = $2 and expires_at > $3 order by created_at desc, id"
    );
    tx.query(&sql, &[district.into(), person.into(), now.into()], |row| read(district, row))
}

/// Deletes rows of sessions that have ended; returns how many. A periodic job.
pub fn sweep(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<u64> {
    tx.exec("delete from session where district = $1 and expires_at <= $2", &[district.into(), now.into()])
}
