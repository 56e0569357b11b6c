//! SQL over people and holdings.

pub mod recovery;

use crate::model::{Holding, Login, Person, Seat};
use base::totp::Secret;
use base::vault::{Spot, Vault};
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
    /// Secret of the second factor as the database holds it: sealed; empty for none.
    pub totp: String,
    /// The last time step that was used.
    pub totp_step: Option<i64>,
}

/// Purpose of the sealed column.
const TOTP: &str = "person.totp";

impl Secrets {
    /// The secret of the second factor in the clear, for the moment of checking a code.
    pub fn second_factor(
        &self,
        vault: &Vault,
        district: DistrictCode,
        person: PersonId,
    ) -> Outcome<Option<Secret>> {
        if self.totp.is_empty() {
            return Ok(None);
        }
        let text = vault.open_or_plain(&Spot::new(TOTP, district, &person.to_string()), &self.totp)?;
        Ok(Secret::from_base32(&text))
    }
}

/// Seals what lies in the clear or under an older key; returns how many rows that were. Run at every start.
pub fn reseal(tx: &mut Tx<'_>, vault: &Vault, district: DistrictCode) -> Outcome<u64> {
    let sql = "select id, totp from person where district = $1 and totp <> ''";
    let rows = tx.query(sql, &[district.into()], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let mut done = 0;
    for (id, stored) in rows {
        let Some(new) = vault.renewed(&Spot::new(TOTP, district, &id), &stored)? else { continue };
        let sql = "update person set totp = $1 where district = $2 and id = $3 and totp = $4";
        done += tx.exec(sql, &[new.into(), district.into(), id.into(), stored.into()])?;
    }
    Ok(done)
}

/// Puts a mark in place of a person's name and takes the mail address away; the login stays, it is a code.
pub fn erase(tx: &mut Tx<'_>, district: DistrictCode, id: &str, mark: &str) -> Outcome<()> {
    let sql = "update person set name = $1, email = '' where district = $2 and id = $3";
    tx.exec(sql, &[mark.into(), district.into(), id.into()]).map(|_| ())
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

/// A person by id.
pub fn by_id(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<Option<Person>> {
    let sql = "select id, login, name, email, state, must_change, case when totp <> '' then 1 else 0 end, rev, created_at \
               from person where district = $1 and id = $2";
    tx.one(sql, &[district.into(), id.into()], person)
}

/// One page of people by login whose login or name contains `text` (no wildcards in it); when `posts` is given, only
/// those who hold one of them now.
pub fn search(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    (after, text): (&str, &str),
    posts: Option<&[PostCode]>,
    limit: u32,
) -> Outcome<Vec<Person>> {
    let like = format!("%{text}%");
    let mut args = vec![district.into(), after.into(), (&like).into(), (&like).into()];
    let within = match posts {
        None => String::new(),
        Some([]) => return Ok(Vec::new()),
        Some(posts) => {
            args.push(district.into());
            let mut marks = Vec::new();
            for post in posts {
                args.push(post.into());
                marks.push(format!("${}", args.len()));
            }
            let list = marks.join(", ");
            format!(
                " and id in (select person from holding where district = $5 and until is null and post in ({list}))"
            )
        }
    };
    args.push(limit.into());
    let sql = format!(
        "select id, login, name, email, state, must_change, case when totp <> '' then 1 else 0 end, rev, created_at \
         from person where district = $1 and login > $2 and (login like $3 or name like $4){within} \
         order by login limit ${}",
        args.len()
    );
    tx.query(&sql, &args, person)
}

/// Who holds what now: post, login, working name and id, by post; active accounts only.
pub fn seats(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Vec<Seat>> {
    let sql = "select h.post, p.login, p.name, p.id from holding h, person p where h.district = $1 and h.until is null \
               and p.district = h.district and p.id = h.person and p.state = 'active' order by h.post, p.login";
    tx.query(sql, &[district.into()], |row| {
        let login = row.text(1)?;
        Ok(Seat {
            post: row.parsed(0)?,
            login: Login::parse("login", &login)?,
            name: row.text(2)?,
            person: row.parsed(3)?,
        })
    })
}

/// The logins that a demonstration's first page lists, in its order; none when nobody simulated this district. The
/// simulator keeps them under this name as a JSON list of objects.
pub fn demo_logins(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Vec<Login>> {
    #[derive(serde::Deserialize)]
    struct Account {
        login: Login,
    }
    let sql = "select value from setting where district = $1 and name = $2";
    let found = tx.one(sql, &[district.into(), "demo_accounts".into()], |row| row.text(0))?;
    let accounts: Vec<Account> =
        found.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    Ok(accounts.into_iter().map(|a| a.login).collect())
}

/// A page of a post's notices, newest first: those before the id `before` (empty: from the newest).
pub fn notices(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    post: &PostCode,
    before: &str,
    limit: u32,
) -> Outcome<Vec<base::notice::Given>> {
    // Larger than every id, which are lower-case hexadecimal.
    let before = if before.is_empty() { "g" } else { before };
    let sql = "select id, zh, en, link, at, read_at from notice where district = $1 and post = $2 and id < $3 \
               order by id desc limit $4";
    tx.query(sql, &[district.into(), post.into(), before.into(), limit.into()], |row| {
        Ok(base::notice::Given {
            id: row.text(0)?,
            words: kernel::Words::new(row.text(1)?, row.text(2)?),
            link: row.text(3)?,
            at: row.instant(4)?,
            read_at: row.instant_opt(5)?,
        })
    })
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

/// Sets the second factor's secret, sealed.
pub fn set_totp(
    tx: &mut Tx<'_>,
    vault: &Vault,
    district: DistrictCode,
    id: PersonId,
    secret: &Secret,
    step: i64,
) -> Outcome<()> {
    let sealed = vault.seal(&Spot::new(TOTP, district, &id.to_string()), &secret.base32())?;
    put_totp(tx, district, id, &sealed, Some(step))
}

/// Takes the second factor off, and the recovery codes that stood in for it.
pub fn clear_totp(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId) -> Outcome<()> {
    put_totp(tx, district, id, "", None)?;
    recovery::clear(tx, district, id)
}

fn put_totp(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: PersonId,
    secret: &str,
    step: Option<i64>,
) -> Outcome<()> {
    let sql = "update person set totp = $1, totp_step = $2 where district = $3 and id = $4";
    tx.exec(sql, &[secret.into(), step.into(), district.into(), id.into()]).map(|_| ())
}

/// Notes the time step of a code that was used; false when it or a later one was used before.
pub fn spend_totp(tx: &mut Tx<'_>, district: DistrictCode, id: PersonId, step: i64) -> Outcome<bool> {
    let sql = "update person set totp_step = $1 where district = $2 and id = $3 and (totp_step is null or totp_step < $4)";
    Ok(tx.exec(sql, &[step.into(), district.into(), id.into(), step.into()])? == 1)
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
