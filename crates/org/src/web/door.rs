//! The steps of signing in, without pages: password, then what is still wanted, then the session.
//!
//! Between two steps the browser holds a *pending* cookie. It names an ordinary row of the session table whose post is
//! one that nobody can hold ([`Step::post`]), so every other handler refuses it by itself, every node knows it, and
//! it ends after five minutes.

use super::caller::Caller;
use crate::act::{self, Candidate, SignIn, recovery, sessions};
use crate::model::{Login, OrgRefusal, Person};
use crate::store::{self, Secrets};
use base::config::SecondFactor;
use base::core::App;
use base::limits::{Tried, TryPolicy};
use base::session::{self, New, Session, Terms};
use base::totp::{self, Secret};
use base::{Common, Fault, Outcome, password};
use kernel::{DistrictCode, PersonId, PostCode};
use std::sync::Arc;

/// Seconds that a pending sign-in lasts.
pub(super) const PENDING_SECONDS: i64 = 300;

/// What is still wanted between the password and the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The code from the phone.
    Code,
    /// Setting up a second factor, which the installation asks for.
    Enrol,
    /// A new password in place of the one that an administrator made up.
    Password,
}

impl Step {
    /// The post that stands in the row: no playbook has it, so no actor can be made of it.
    fn post(self) -> &'static str {
        match self {
            Step::Code => "sign-in.code",
            Step::Enrol => "sign-in.enrol",
            Step::Password => "sign-in.password",
        }
    }
    /// The page of the step.
    pub(super) fn path(self) -> &'static str {
        match self {
            Step::Code => "/sign-in/code",
            Step::Enrol => "/sign-in/enrol",
            Step::Password => "/sign-in/password",
        }
    }
    fn of(post: &PostCode) -> Option<Step> {
        [Step::Code, Step::Enrol, Step::Password].into_iter().find(|step| step.post() == post.as_str())
    }
}

/// True for a row that is no session but a step of signing in: lists of sessions leave it out.
pub(crate) fn is_pending(session: &Session) -> bool {
    Step::of(&session.post).is_some()
}

/// Somebody whose password was right.
pub(super) struct Proved {
    /// The tenant.
    pub(super) district: DistrictCode,
    /// The person.
    pub(super) person: Person,
    /// Hash, second factor.
    pub(super) secrets: Secrets,
}

/// Checks login and password. The answer and its time are the same for a login that does not exist; a wrong one is
/// counted for login and address.
pub(super) async fn prove(
    app: &App,
    district: DistrictCode,
    login: &str,
    given: &str,
    whom: &[Tried],
) -> Outcome<Proved> {
    let now = app.now();
    let parsed = Login::parse("login", login).ok();
    let tried = whom.to_vec();
    let found = app
        .db
        .read(move |tx| match &parsed {
            Some(login) => act::candidate(tx, district, login, &tried, now),
            // Not a login at all: counted and answered like one that does not exist.
            None => base::limits::may_try(tx, district, &tried, now)
                .map(|()| Candidate { found: None, posts: Vec::new() }),
        })
        .await?
        .found;
    let known = found.as_ref().map(|(person, _)| person.id);
    let stored = found.as_ref().map(|(_, secrets)| secrets.password.clone());
    let given = given.to_owned();
    let good = blocking(move || match stored {
        Some(stored) => password::verify(&given, &stored),
        None => password::verify_absent(&given),
    })
    .await?;
    match found {
        Some((person, secrets)) if good => Ok(Proved { district, person, secrets }),
        _ => {
            count_failure(app, district, whom, known).await?;
            Err(OrgRefusal::SignIn.into())
        }
    }
}

/// Counts a wrong password or code, in a write of its own: the refusal must not undo it.
async fn count_failure(
    app: &App,
    district: DistrictCode,
    whom: &[Tried],
    person: Option<PersonId>,
) -> Outcome<()> {
    let whom = whom.to_vec();
    let policy = TryPolicy::of(&app.config.security);
    app.write(&at_door(district, person)?, move |op| sessions::failed(op, &whom, policy, person)).await
}

/// Whoever stands at the door: what is recorded there is recorded as no post of the playbook.
fn at_door(district: DistrictCode, person: Option<PersonId>) -> Outcome<base::op::Who> {
    let (post, unit) =
        (PostCode::parse("post", "sign-in.door")?, kernel::UnitCode::parse("unit", "sign-in")?);
    let actor = kernel::access::Actor::new(post, unit, kernel::access::RoleSet::EMPTY);
    let actor = match person {
        Some(person) => actor.held_by(person),
        None => actor,
    };
    Ok(base::op::Who { district, actor: Arc::new(actor), trace: Arc::from("-") })
}

/// Runs slow arithmetic off the request threads.
pub(super) async fn blocking<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(run).await.map_err(|e| Fault::broken(format!("blocking: {e}")))
}

/// Hashes a password that keeps the rules.
pub(super) async fn hashed(app: &App, login: &str, given: &str) -> Outcome<String> {
    let parsed = password::Password::parse(login, given)?;
    let salt: [u8; 16] = app.ids.bytes();
    blocking(move || password::hash(&parsed, &salt)).await?
}

/// Checks a code against the stored secret and uses it up, or a recovery code in its place. The phone's clock is the real one, whatever day the
/// program's clock shows.
pub(super) async fn check_code(app: &App, proved: &Proved, code: &str, whom: &[Tried]) -> Outcome<()> {
    let (district, now, tried) = (proved.district, app.now(), whom.to_vec());
    app.db.read(move |tx| base::limits::may_try(tx, district, &tried, now)).await?;
    let (id, code_given) = (proved.person.id, code.to_owned());
    if recovery::looks_like(code) {
        let spent =
            app.write(&at_door(district, Some(id))?, move |op| recovery::spend(op, id, &code_given)).await?;
        if spent {
            return Ok(());
        }
        count_failure(app, district, whom, Some(id)).await?;
        return Err(OrgRefusal::RecoveryCode.into());
    }
    let secret = proved.secrets.second_factor(app.vault(), district, id)?.ok_or(OrgRefusal::SecondFactor)?;
    match totp::check(&secret, code, base::op::machine_now(), proved.secrets.totp_step) {
        Ok(step) => app.db.write(move |tx| act::spend_code(tx, district, id, step)).await,
        Err(no) => {
            count_failure(app, district, whom, Some(id)).await?;
            Err(no.into())
        }
    }
}

/// What is wanted next of somebody whose password was right; `coded` when the second factor has been given.
pub(super) fn next_step(app: &App, person: &Person, secrets: &Secrets, coded: bool) -> Option<Step> {
    let has = !secrets.totp.is_empty();
    if has && !coded {
        return Some(Step::Code);
    }
    if !has && app.config.security.second_factor == SecondFactor::Required {
        return Some(Step::Enrol);
    }
    person.must_change.then_some(Step::Password)
}

/// Makes the row and the cookie of a step that is still wanted.
pub(super) async fn begin(app: &App, proved: &Proved, step: Step, coded: bool) -> Outcome<String> {
    let (district, now) = (proved.district, app.now());
    let new = New {
        token: app.ids.bytes(),
        csrf: app.ids.bytes(),
        person: proved.person.id,
        post: PostCode::parse("post", step.post())?,
        second_factor: coded,
    };
    let terms = Terms { idle: PENDING_SECONDS, absolute: PENDING_SECONDS };
    app.db.write(move |tx| session::create(tx, district, &new, terms, now).map(|(_, cookie)| cookie)).await
}

/// A sign-in that waits for its next step.
pub(super) struct Waiting {
    /// Its row.
    pub(super) session: Session,
    /// The step that it waits for.
    pub(super) step: Step,
    /// Who it is.
    pub(super) proved: Proved,
}

/// The waiting sign-in of a pending cookie; refused when there is none or it has ended.
pub(super) async fn waiting(caller: &Caller) -> Outcome<Waiting> {
    let cookie = caller.cookie(super::caller::PENDING_COOKIE).ok_or(Common::SignInFirst)?.to_owned();
    let now = caller.app.now();
    caller
        .app
        .db
        .read(move |tx| {
            let session = session::load(tx, &cookie, now)?.ok_or(Common::SignInFirst)?;
            let step = Step::of(&session.post).ok_or(Common::SignInFirst)?;
            let district = session.district;
            let person = store::by_id(tx, district, session.person)?
                .filter(|p| p.active)
                .ok_or(Common::SignInFirst)?;
            let secrets = store::secrets(tx, district, session.person)?;
            Ok(Waiting { session, step, proved: Proved { district, person, secrets } })
        })
        .await
}

/// Ends the waiting row.
pub(super) async fn end(app: &App, session: &Session) -> Outcome<()> {
    let (district, id) = (session.district, session.id.clone());
    app.db.write(move |tx| session::revoke(tx, district, &id).map(|_| ())).await
}

/// A new session: the cookie's value, the post it acts as, and when it ends.
pub(super) struct Opened {
    /// Value of the cookie, token of the API.
    pub(super) cookie: String,
    /// The post.
    pub(super) post: PostCode,
}

/// Begins the session. The first post that the playbook in force knows is acted as; `wanted` comes before it when held.
pub(super) async fn open(app: &App, proved: &Proved, coded: bool, wanted: &str) -> Outcome<Opened> {
    let (district, person) = (proved.district, proved.person.clone());
    let book = app.book(district, app.now().day())?;
    let tokens = (app.ids.bytes(), app.ids.bytes());
    let terms = Terms::of(&app.config.security);
    let wanted = wanted.to_owned();
    let opened = app
        .write(&at_door(district, Some(person.id))?, move |op| {
            let mut posts = store::posts(op.tx, district, person.id)?;
            posts.retain(|code| book.post(code).is_some());
            let asked = posts.iter().find(|code| code.as_str() == wanted);
            let post = asked.or(posts.first()).cloned().ok_or(OrgRefusal::NoPost)?;
            let given = SignIn { person: &person, post: post.clone(), tokens, coded, terms };
            Ok(Opened { cookie: act::sign_in(op, &given)?, post })
        })
        .await?;
    tracing::info!(district = %district, person = %proved.person.id, post = %opened.post, "signed in");
    Ok(opened)
}

/// An operation of a person who is in the middle of signing in: acts on the own account only, as no post of the
/// playbook.
pub(super) fn own_op(session: &Session, trace: Arc<str>) -> Outcome<base::op::Who> {
    let unit = kernel::UnitCode::parse("unit", "sign-in")?;
    let actor = kernel::access::Actor::new(session.post.clone(), unit, kernel::access::RoleSet::EMPTY);
    let actor = Arc::new(actor.held_by(session.person));
    Ok(base::op::Who { district: session.district, actor, trace })
}

/// The password that an administrator gives out: four groups of four letters and digits without those that look alike.
pub(super) fn made_up(app: &App) -> String {
    // 31 that cannot be mistaken and one of them again, so that five bits choose one.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let bytes: [u8; 16] = app.ids.bytes();
    let letter = |b: &u8| LETTERS.get(usize::from(b & 31)).map_or('x', |l| char::from(*l));
    let groups: Vec<String> = bytes.chunks(4).map(|four| four.iter().map(letter).collect()).collect();
    groups.join("-")
}

/// A new secret for a second factor.
pub(super) fn new_secret(app: &App) -> Secret {
    Secret::new(app.ids.bytes())
}

/// Checks the person's own password again before something that only the person may do.
pub(super) async fn prove_own(
    ctx: &base::web::Ctx,
    id: PersonId,
    given: &str,
    whom: &[Tried],
) -> Outcome<()> {
    let (district, now, tried) = (ctx.district(), ctx.app.now(), whom.to_vec());
    let stored = ctx.app.db.read(move |tx| {
        base::limits::may_try(tx, district, &tried, now)?;
        store::secrets(tx, district, id)
    });
    let (stored, typed) = (stored.await?.password, given.to_owned());
    if blocking(move || password::verify(&typed, &stored)).await? {
        return Ok(());
    }
    count_failure(&ctx.app, district, whom, Some(id)).await?;
    Err(OrgRefusal::OldPassword.into())
}
