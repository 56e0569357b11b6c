//! What pages and API read of people, judged: who may see whom, and what of it.
//!
//! Three doors lead to a person: accounts (`account.read`, the system and security administrators), people of one's
//! own line (`org.manage_people`), and the log (`audit.read`, auditors and the audit administrator). The history of an
//! account is the log's: who opens accounts does not read what was done with them (D§13.2).

use super::door::is_pending;
use crate::model::{Holding, Person};
use crate::store;
use base::journal::{self, Stored};
use base::op::Op;
use base::{Common, Outcome, session};
use kernel::access::{Action, Denied, Resource};
use kernel::playbook::Playbook;
use kernel::{Kind, PersonId, PostCode, Slug};

/// Whom a post may see.
enum Reach {
    /// Everybody.
    All,
    /// Who holds one of these now.
    Posts(Vec<PostCode>),
}

fn reach(op: &Op<'_, '_>, book: &Playbook) -> Outcome<Reach> {
    let allows = |action, thing: &Resource<'_>| op.core().policy.allows(op.actor(), action, thing);
    let account = Slug::parse("kind", "account")?;
    let open = Resource::new();
    if allows(Action::AccountRead, &open)
        || allows(Action::OrgManagePeople, &open)
        || allows(Action::AuditRead, &Resource::new().kind(&account))
    {
        return Ok(Reach::All);
    }
    let within = |unit| allows(Action::OrgManagePeople, &Resource::new().unit(unit));
    let posts = book.org.posts.values().filter(|p| within(&p.unit)).map(|p| p.code.clone());
    Ok(Reach::Posts(posts.collect()))
}

/// A person in a list, with the posts held now.
pub(super) struct Listed {
    /// The account.
    pub(super) person: Person,
    /// Posts by code.
    pub(super) posts: Vec<PostCode>,
}

/// A page of people by login, whose login or name contains `text`.
pub(super) fn people(
    op: &mut Op<'_, '_>,
    book: &Playbook,
    after: &str,
    text: &str,
    limit: u32,
) -> Outcome<Vec<Listed>> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).take(40).collect();
    let posts = match reach(op, book)? {
        Reach::All => None,
        Reach::Posts(posts) if posts.is_empty() => {
            op.judge(Action::OrgManagePeople, &Resource::new())?;
            Some(posts)
        }
        Reach::Posts(posts) => Some(posts),
    };
    let district = op.district();
    let found = store::search(op.tx, district, (after, &text), posts.as_deref(), limit)?;
    found
        .into_iter()
        .map(|person| Ok(Listed { posts: store::posts(op.tx, district, person.id)?, person }))
        .collect()
}

/// What the acting post may do to an account: which buttons the page has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct May {
    /// Appoint and relieve.
    pub(super) appoint: bool,
    /// Disable and enable.
    pub(super) disable: bool,
    /// Reset the password.
    pub(super) reset: bool,
    /// Lift the lock.
    pub(super) unlock: bool,
    /// End sessions.
    pub(super) revoke: bool,
}

/// A person as a page shows one.
pub(super) struct Seen {
    /// The account.
    pub(super) person: Person,
    /// Posts, newest first.
    pub(super) holdings: Vec<Holding>,
    /// How many sessions there are.
    pub(super) sessions: usize,
    /// Seconds until a locked login may try again; 0 when it is not locked.
    pub(super) locked: i64,
    /// The account's life in the ledger; none when the log is closed to the post.
    pub(super) history: Option<Vec<Stored>>,
    /// Posts that nobody holds.
    pub(super) vacant: Vec<PostCode>,
    /// What the post may do.
    pub(super) may: May,
}

/// Reads a person; absent when outside what the post may see.
pub(super) fn person(op: &mut Op<'_, '_>, book: &Playbook, id: PersonId) -> Outcome<Seen> {
    let district = op.district();
    let absent = || Denied::absent(op.actor(), Action::AccountRead);
    let absent = absent();
    let Some(person) = store::by_id(op.tx, district, id)? else { return Err(absent.into()) };
    let holdings = store::holdings(op.tx, district, id)?;
    let own = op.actor().person == Some(id);
    let now = |post: &PostCode| holdings.iter().any(|h| h.until.is_none() && h.post == *post);
    let visible = match reach(op, book)? {
        Reach::All => true,
        Reach::Posts(posts) => own || posts.iter().any(now),
    };
    if !visible {
        return Err(absent.into());
    }
    let sessions =
        session::of_person(op.tx, district, id, op.now())?.iter().filter(|s| !is_pending(s)).count();
    let tried = base::limits::Tried::login(person.login.as_str());
    let locked = match base::limits::may_try(op.tx, district, &[tried], op.now()) {
        Err(base::Fault::Refused(no)) if no.kind() == Kind::TooMany => wait_of(&*no),
        other => other.map(|()| 0)?,
    };
    let seen_in_log = own || may_read_log(op, book, &holdings)?;
    let history = seen_in_log.then(|| journal::history(op.tx, district, &id.to_string())).transpose()?;
    let may = may(op, id);
    let mut vacant = Vec::new();
    if may.appoint {
        let held: std::collections::BTreeSet<PostCode> =
            store::seats(op.tx, district)?.into_iter().map(|s| s.post).collect();
        vacant = book.org.posts.keys().filter(|code| !held.contains(*code)).cloned().collect();
    }
    Ok(Seen { person, holdings, sessions, locked, history, vacant, may })
}

/// The seconds that a refusal of trying too often names; 1 when it names none.
fn wait_of(no: &dyn kernel::Refuse) -> i64 {
    let digits: String = no.next(kernel::Lang::En).chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(1)
}

fn may_read_log(op: &Op<'_, '_>, book: &Playbook, holdings: &[Holding]) -> Outcome<bool> {
    let account = Slug::parse("kind", "account")?;
    let allows = |thing: &Resource<'_>| op.core().policy.allows(op.actor(), Action::AuditRead, thing);
    let units =
        holdings.iter().filter(|h| h.until.is_none()).filter_map(|h| book.post(&h.post)).map(|p| &p.unit);
    Ok(allows(&Resource::new().kind(&account))
        || units.into_iter().any(|unit| allows(&Resource::new().kind(&account).unit(unit))))
}

fn may(op: &Op<'_, '_>, id: PersonId) -> May {
    let thing = Resource::new().owner(id);
    let allows = |action| op.core().policy.allows(op.actor(), action, &thing);
    let other = op.actor().person != Some(id);
    May {
        appoint: allows(Action::OrgAppoint),
        disable: other && allows(Action::AccountDisable),
        reset: other && allows(Action::AccountResetPassword),
        unlock: other && allows(Action::AccountUnlock),
        revoke: other && allows(Action::AccountRevokeSessions),
    }
}

/// Whether the post may make accounts.
pub(super) fn may_create(op: &Op<'_, '_>) -> bool {
    op.core().policy.allows(op.actor(), Action::AccountCreate, &Resource::new())
}

/// Whether the post may register receivers of webhooks.
pub(super) fn may_integrate(op: &Op<'_, '_>) -> bool {
    op.core().policy.allows(op.actor(), Action::SystemWebhooks, &Resource::new())
}

/// Refused unless the post may look at units and posts.
pub(super) fn units(op: &Op<'_, '_>) -> Outcome<()> {
    op.judge(Action::OrgRead, &Resource::new()).map(|_| ())
}

/// Who holds what now, for those who may look at units and posts.
pub(super) fn seats(op: &mut Op<'_, '_>) -> Outcome<Vec<crate::model::Seat>> {
    units(op)?;
    store::seats(op.tx, op.district())
}

/// A page of the acting post's notices, newest first.
pub(super) fn notices(op: &mut Op<'_, '_>, before: &str, limit: u32) -> Outcome<Vec<base::notice::Given>> {
    let post = &op.actor().post;
    op.judge(Action::NoticeRead, &Resource::new().post(post))?;
    store::notices(op.tx, op.district(), post, before, limit)
}

/// Marks the acting post's notices as read; returns how many were not.
pub(super) fn read_notices(op: &mut Op<'_, '_>) -> Outcome<u64> {
    let post = &op.actor().post;
    op.judge(Action::NoticeRead, &Resource::new().post(post))?;
    base::notice::read_all(op.tx, op.district(), post.as_str(), op.now())
}

/// Parses the id in an address; what is no id is absent.
pub(super) fn person_id(given: &str) -> Outcome<PersonId> {
    PersonId::parse("person", given)
        .map_err(|_| Common::NotFound { what: "person", given: given.to_owned() }.into())
}
