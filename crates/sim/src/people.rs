//! One working person for every post that acts, named by the post: never by a person's name.

use base::core::App;
use base::op::{Op, Who};
use base::password::Password;
use base::{Fault, Outcome};
use kernel::playbook::{Org, Playbook, Post, Unit, UnitKind};
use kernel::{PostCode, UnitCode};
use org::act::NewPerson;
use org::model::Login;
use org::web::DEMO_PASSWORD;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Name of the setting that holds the accounts of the demo's sign-in page, a JSON list of [`Account`].
pub const ACCOUNTS: &str = "demo_accounts";
/// Communities with people, in each street.
const COMMUNITIES: usize = 2;

/// An account of the demo's sign-in page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What is typed to sign in.
    pub login: String,
    /// The post that it acts as.
    pub post: PostCode,
    /// The post's unit.
    pub unit: UnitCode,
    /// Unit and post in Chinese.
    pub title: String,
    /// Unit and post in English.
    pub title_en: String,
}

/// Salt of the demo's one password. A salt protects people who chose the same password; here all have the same one by
/// design, and a fixed salt keeps two runs alike.
const SALT: [u8; 16] = *b"guandu-demo-2019";

/// Posts of the sign-in page in its order; a post that the playbook does not have is left out.
const KEY_POSTS: [&str; 17] = [
    "zfb.supervision",
    "zfb.supervisor",
    "zfb.verifier",
    "ld.secretary",
    "ld.mayor",
    "ld.urban",
    "fgj.clerk",
    "fgj.chief",
    "fgj.planner",
    "zjj.handler",
    "swu.handler",
    "530111001.secretary",
    "530111001001.secretary",
    "bb.arbiter",
    "tjj.statistician",
    "zwj.system-admin",
    "qwb.security-admin",
];
/// The third of the three administrators, apart from the list only because the list is long.
const AUDIT: &str = "jw.audit-admin";

/// The posts that get a person: all but jobs, machines and the public, and of the communities the first few of a street.
pub(crate) fn posts(book: &Playbook) -> Vec<&Post> {
    let shown = shown_communities(&book.org);
    let works = |post: &&Post| {
        let kind = book.unit(&post.unit).map(|u| u.kind);
        let in_use = kind != Some(UnitKind::Community) || shown.contains(&&post.unit);
        in_use && !post.has_role("system") && !post.has_role("api") && !post.has_role("resident")
    };
    book.org.posts.values().filter(works).collect()
}

/// The communities that take part.
pub(crate) fn shown_communities(org: &Org) -> Vec<&UnitCode> {
    let streets = org.units.values().filter(|u| u.kind == UnitKind::Street && u.managed_by.is_none());
    let of = |street: &Unit| {
        let children = org.units.values().filter(|u| u.parent.as_ref() == Some(&street.code));
        children
            .filter(|u| u.kind == UnitKind::Community)
            .take(COMMUNITIES)
            .map(|u| &u.code)
            .collect::<Vec<_>>()
    };
    streets.flat_map(of).collect()
}

/// Makes the people, appoints them and stores the accounts of the sign-in page, which are returned. Hashing
/// the one password takes tens of milliseconds on purpose, so it is done once. Posts that somebody holds already are left alone, so it may run again.
pub(crate) async fn settle(app: &App, who: &Who, book: &Arc<Playbook>) -> Outcome<Vec<Account>> {
    let password = Password::parse("demo", DEMO_PASSWORD)?;
    let (book, hash) = (book.clone(), base::password::hash(&password, &SALT)?);
    app.write(who, move |op| {
        for post in posts(&book) {
            hire(op, &book, post, &hash)?;
        }
        let keys = KEY_POSTS.iter().chain([&AUDIT]);
        let accounts: Vec<Account> = keys.filter_map(|key| account(&book, key)).collect();
        let value = serde_json::to_string(&accounts)?;
        let sql = "insert into setting (district, name, value) values ($1, $2, $3) \
                   on conflict (district, name) do update set value = excluded.value";
        op.tx.exec(sql, &[op.district().into(), ACCOUNTS.into(), (&value).into()])?;
        Ok(accounts)
    })
    .await
}

fn hire(op: &mut Op<'_, '_>, book: &Playbook, post: &Post, hash: &str) -> Outcome<()> {
    if !org::store::holders(op.tx, op.district(), &post.code)?.is_empty() {
        return Ok(());
    }
    let new = NewPerson {
        login: login_of(book, post)?,
        name: title(book, post).0.chars().take(40).collect(),
        email: String::new(),
        password_hash: hash.to_owned(),
        must_change: false,
    };
    let person = org::act::add_unjudged(op, &new)?;
    org::act::appoint_unjudged(op, person, &post.code)
}

/// The post's code, with a street's name in place of its digits: `guanshang.secretary`.
fn login_of(book: &Playbook, post: &Post) -> Outcome<Login> {
    let code = post.code.as_str();
    let suffix = code.split_once('.').map_or("post", |(_, suffix)| suffix);
    let street = book.unit(&post.unit).filter(|u| u.kind == UnitKind::Street);
    let name = street.and_then(|u| u.name.en.split_whitespace().next()).map(str::to_lowercase);
    let text = match name {
        Some(name) if name.bytes().all(|b| b.is_ascii_lowercase()) && name != "kunming" => {
            format!("{name}.{suffix}")
        }
        _ => code.to_owned(),
    };
    Login::parse("login", &text).map_err(Fault::from)
}

fn title(book: &Playbook, post: &Post) -> (String, String) {
    let unit = book.unit(&post.unit).map(|u| u.name.clone()).unwrap_or_default();
    let space = |a: &str, b: &str| format!("{a} · {b}");
    let lang = kernel::Lang::En;
    (format!("{}{}", unit.zh, post.title.zh), space(unit.get(lang), post.title.get(lang)))
}

fn account(book: &Playbook, key: &str) -> Option<Account> {
    let code = PostCode::parse("post", key).ok()?;
    let post = book.post(&code)?;
    let (title, title_en) = title(book, post);
    let login = login_of(book, post).ok()?.to_string();
    Some(Account { login, post: code, unit: post.unit.clone(), title, title_en })
}
