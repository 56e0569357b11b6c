//! SQL over people and holdings.

use crate::model::{Holding, Login, Person};
use base::{Common, DbFault, Fault, Outcome, Row, Tx};
use kernel::{DistrictCode, Instant, PersonId, PostCode};

fn person(row: &Row<'_>) -> Outcome<Person> {
    let login = row.text(1)?;
    Ok(Person {
        id: row.parsed(0)?,
        login: Login::parse("login", &login)?,
        name: row.text(2)?,
        email: row.text(3)?,
        active: row.str(4)? == "active",
        must_change: row.flag(5)?,
        second_factor: row.flag(6)?,
        rev: row.count(7)?,
        created_at: row.instant(8)?,
    })
}

/// What signing in needs.
#[derive(Clone)]
pub struct Secrets {
    /// Argon2 string.
    pub password: String,
    /// Base32 secret of the second factor; empty for none.
    pub totp: String,
    /// The last time step that was used.
    pub totp_step: Option<i64>,
}

/// A person by id, held until the transaction ends.
pub fn locked(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<Person> {
    let sql = "select id, login, name, email, state, must_change, case when totp <> '' then 1 else 0 end, rev, created_at \
               from person where district = $1 and id = $2";
    let found = tx.one_locked(sql, &[district.into(), id.into()], person)?;
    found.ok_or_else(|| Common::NotFound { what: "person", given: id.to_string() }.into())
}

/// A person by login, with the secrets.
pub fn by_login(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    login: &Login,
) -> Outcome<Option<(Person, Secrets)>> {
    let sql = "select id, login, name, email, state, must_change, case when totp <> '' then 1 else 0 end, rev, created_at, \
               password, totp, totp_step from person where district = $1 and login = $2";
    tx.one(sql, &[district.into(), login.as_str().into()], |row| {
        Ok((
            person(row)?,
            Secrets { password: row.text(9)?, totp: row.text(10)?, totp_step: row.int_opt(11)? },
        ))
    })
}

/// The secrets of a person.
pub fn secrets(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<Secrets> {
    let sql = "select password, totp, totp_step from person where district = $1 and id = $2";
    let found = tx.one(sql, &[district.into(), id.into()], |row| {
        Ok(Secrets { password: row.text(0)?, totp: row.text(1)?, totp_step: row.int_opt(2)? })
    })?;
    found.ok_or_else(|| Common::NotFound { what: "person", given: id.to_string() }.into())
}

/// One page of people by login.
pub fn list(tx: &mut Tx<'_>, district: DistrictCode, after: &str, limit: u32) -> Outcome<Vec<Person>> {
    let sql = "select id, login, name, email, state, must_change, case when totp <> '' then 1 else 0 end, rev, created_at \
               from person where district = $1 and login > $2 order by login limit $3";
    tx.query(sql, &[district.into(), after.into(), limit.into()], person)
}

/// Puts a new person.
pub fn insert(tx: &mut Tx<'_>, district: DistrictCode, p: &Person, password: &str) -> Outcome<()> {
    let sql = "insert into person (district, id, login, name, email, state, password, must_change, totp, totp_step, rev, created_at) \
               values ($1, $2, $3, $4, $5, 'active', $6, $7, '', null, $8, $9)";
    let args = [
        district.into(),
        p.id.into(),
        p.login.as_str().into(),
        (&p.name).into(),
        (&p.email).into(),
        password.into(),
        p.must_change.into(),
        p.rev.into(),
        p.created_at.into(),
    ];
    match tx.exec(sql, &args) {
        Err(Fault::Db(DbFault::Duplicate(_))) => {
            Err(crate::model::OrgRefusal::LoginTaken(p.login.clone()).into())
        }
        other => other.map(|_| ()),
    }
}

/// Moves the count of events on.
pub fn set_rev(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId, rev: u64) -> Outcome<()> {
    let sql = "update person set rev = $1 where district = $2 and id = $3 and rev = $4";
    match tx.exec(sql, &[rev.into(), district.into(), id.into(), (rev.saturating_sub(1)).into()])? {
        1 => Ok(()),
        _ => Err(Common::Stale { what: "person" }.into()),
    }
}

/// Sets whether the account may sign in.
pub fn set_state(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId, active: bool) -> Outcome<()> {
    let state = if active { "active" } else { "disabled" };
    let sql = "update person set state = $1 where district = $2 and id = $3";
    tx.exec(sql, &[state.into(), district.into(), id.into()]).map(|_| ())
}

/// Sets a password's hash.
pub fn set_password(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: PersonId,
    hash: &str,
    must_change: bool,
) -> Outcome<()> {
    let sql = "update person set password = $1, must_change = $2 where district = $3 and id = $4";
    tx.exec(sql, &[hash.into(), must_change.into(), district.into(), id.into()]).map(|_| ())
}

/// Sets the second factor's secret; empty takes it off.
pub fn set_totp(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: PersonId,
    secret: &str,
    step: Option<i64>,
) -> Outcome<()> {
    let sql = "update person set totp = $1, totp_step = $2 where district = $3 and id = $4";
    tx.exec(sql, &[secret.into(), step.into(), district.into(), id.into()]).map(|_| ())
}

/// Posts held now by a person, by code.
pub fn posts(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<Vec<PostCode>> {
    let sql = "select post from holding where district = $1 and person = $2 and until is null order by post";
    tx.query(sql, &[district.into(), id.into()], |row| row.parsed(0))
}

/// Whether a person holds a post now and may sign in.
pub fn holds(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId, post: &PostCode) -> Outcome<bool> {
    let sql = "select 1 from holding h, person p where h.district = $1 and h.person = $2 and h.post = $3 and h.until is null \
               and p.district = h.district and p.id = h.person and p.state = 'active'";
    Ok(tx.one(sql, &[district.into(), id.into(), post.into()], |row| row.int(0))?.is_some())
}

/// Every holding of a person, newest first.
pub fn holdings(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<Vec<Holding>> {
    let sql = "select post, since, until from holding where district = $1 and person = $2 order by since desc, post";
    tx.query(sql, &[district.into(), id.into()], |row| {
        Ok(Holding { post: row.parsed(0)?, since: row.instant(1)?, until: row.instant_opt(2)? })
    })
}

/// Who holds a post now.
pub fn holders(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    post: &PostCode,
) -> Outcome<Vec<(PersonId, String, String)>> {
    let sql = "select p.id, p.name, p.email from holding h, person p where h.district = $1 and h.post = $2 \
               and h.until is null and p.district = h.district and p.id = h.person and p.state = 'active' order by p.login";
    tx.query(sql, &[district.into(), post.into()], |row| Ok((row.parsed(0)?, row.text(1)?, row.text(2)?)))
}

/// Begins a holding.
pub fn hold(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: PersonId,
    post: &PostCode,
    since: Instant,
) -> Outcome<()> {
    let sql = "insert into holding (district, person, post, since) values ($1, $2, $3, $4)";
    match tx.exec(sql, &[district.into(), id.into(), post.into(), since.into()]) {
        Err(Fault::Db(DbFault::Duplicate(_))) => {
            Err(crate::model::OrgRefusal::HeldAlready(post.clone()).into())
        }
        other => other.map(|_| ()),
    }
}

/// Ends a holding.
pub fn release(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: PersonId,
    post: &PostCode,
    until: Instant,
) -> Outcome<u64> {
    let sql =
        "update holding set until = $1 where district = $2 and person = $3 and post = $4 and until is null";
    tx.exec(sql, &[until.into(), district.into(), id.into(), post.into()])
}

/// How many active people hold one of `posts`.
pub fn count_holders(tx: &mut Tx<'_>, district: DistrictCode, posts: &[PostCode]) -> Outcome<u64> {
    let mut people = std::collections::BTreeSet::new();
    for post in posts {
        people.extend(holders(tx, district, post)?.into_iter().map(|(id, _, _)| id));
    }
    Ok(u64::try_from(people.len()).unwrap_or(u64::MAX))
}
