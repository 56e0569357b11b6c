//! A program with this area alone, the article's playbook, a clock that stands, and people on posts.

use crate::act::{NewPerson, add_unjudged, appoint_unjudged};
use crate::directory::OrgDirectory;
use crate::model::Login;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::config::{Config, Env, SecondFactor};
use base::core::{App, Core, Parts};
use base::db::{Db, Place};
use base::files::Files;
use base::i18n::Catalogue;
use base::op::{Ids, Time, Who};
use base::password::{self, Password};
use base::sealer::Signer;
use http_body_util::BodyExt;
use kernel::access::{Actor, Policy, Role, RoleSet};
use kernel::{Day, DistrictCode, PersonId, PostCode, UnitCode};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

/// The tenant.
pub(super) const D: DistrictCode = DistrictCode::GUANDU;
/// Everybody's password.
pub(super) const PASSWORD: &str = "three green herons";

/// The program under test.
pub(super) struct World {
    pub(super) app: App,
    pub(super) router: Router,
    _dir: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: String,
    pub(super) cookies: Vec<String>,
    pub(super) text: String,
}

impl Answer {
    /// The value that a cookie was set to.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        let line = self.cookies.iter().find(|line| line.starts_with(&start))?;
        line.strip_prefix(&start)?.split(';').next().map(str::to_owned).filter(|value| !value.is_empty())
    }
    /// The form token on the page.
    pub(super) fn token(&self) -> String {
        self.hidden("_token")
    }
    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest =
            self.text.split_once(&mark).unwrap_or_else(|| panic!("no field {name} in {}", self.text)).1;
        rest.split('"').next().unwrap().to_owned()
    }
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

/// Runs a story; `factor` is what the installation asks for.
pub(super) fn story(factor: SecondFactor, simulated: bool, story: impl AsyncFn(World)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { story(World::new(factor, simulated).await).await });
}

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    let mut out = Vec::new();
    for dir in [root.clone(), root.join("data")] {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if name.ends_with(".toml") || name.ends_with(".csv") {
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    out.sort();
    out
}

impl World {
    async fn new(factor: SecondFactor, simulated: bool) -> World {
        let dir = tempfile::tempdir().unwrap();
        let start = Day::new(2019, 8, 12).unwrap().at(9, 58);
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        let steps = [base::migrate::MIGRATIONS, crate::MIGRATIONS].concat();
        base::migrate::run(&db, &steps, start).await.unwrap();
        let mut config = Config::load(None, dir.path(), &Env::new()).unwrap();
        config.server.public_url = "https://guandu.example".to_owned();
        config.security.second_factor = factor;
        let directory = OrgDirectory::new();
        let app = Core::new(Parts {
            db,
            time: Time::set_at(start),
            ids: Ids::seeded([7; 32]),
            policy: Policy::builtin(),
            signer: Signer::new([7; 32], "guandu.example"),
            vault: base::vault::Vault::of([7; 32], &[]),
            texts: Catalogue::with(&[crate::TEXTS]).unwrap(),
            files: Files::memory(),
            config,
            directory: Box::new(directory.clone()),
            nav: Vec::new(),
            node: "t".to_owned(),
            simulated,
            scrape: base::metrics::recorder().unwrap().1,
        });
        directory.bind(&app);
        app.install(Arc::new(kernel::playbook::load(&files()).unwrap()));
        World { router: base::web::finish(super::routes(), app.clone()), app, _dir: dir }
    }

    fn owner(&self) -> Who {
        let post = PostCode::parse("post", "machine.owner").unwrap();
        let unit = UnitCode::parse("unit", "machine").unwrap();
        let actor = Actor::new(post, unit, RoleSet::of(&[Role::System]));
        Who { district: D, actor: Arc::new(actor), trace: Arc::from("t") }
    }

    /// A person with the usual password on posts of the playbook.
    pub(super) async fn db_person(&self, login: &str, posts: &[&str], must_change: bool) -> PersonId {
        let hash = password::hash(&Password::parse(login, PASSWORD).unwrap(), &[3; 16]).unwrap();
        let new = NewPerson {
            login: Login::parse("login", login).unwrap(),
            name: format!("name of {login}"),
            email: String::new(),
            password_hash: hash,
            must_change,
        };
        let posts: Vec<PostCode> = posts.iter().map(|p| PostCode::parse("post", p).unwrap()).collect();
        let owner = self.owner();
        let made = self.app.write(&owner, move |op| {
            let id = add_unjudged(op, &new)?;
            for post in &posts {
                appoint_unjudged(op, id, post)?;
            }
            Ok(id)
        });
        made.await.unwrap()
    }

    /// A person on a post, signed in through the page.
    pub(super) async fn signed_in(&self, login: &str, posts: &[&str]) -> Session<'_> {
        self.db_person(login, posts, false).await;
        self.enter(login, PASSWORD).await
    }

    /// Signs in through the page.
    pub(super) async fn enter(&self, login: &str, password: &str) -> Session<'_> {
        let answer = self
            .form("/sign-in", "", &[("login", login), ("password", password), ("next", "/account")])
            .await;
        let cookie = answer.cookie("gd_session").unwrap_or_else(|| panic!("{answer:?}"));
        let mut session =
            Session { world: self, cookie: format!("gd_session={cookie}"), token: String::new() };
        session.token = session.get("/account").await.token();
        session
    }

    /// A form without a session; `cookies` as a browser sends them.
    pub(super) async fn form(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Answer {
        let heads = [("cookie", cookies), ("content-type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &heads, encoded(fields)).await
    }
    /// A page without a session.
    pub(super) async fn get(&self, path: &str, cookies: &str) -> Answer {
        self.ask("GET", path, &[("cookie", cookies)], String::new()).await
    }
    /// A call with a token.
    pub(super) async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.ask(
            method,
            path,
            &[("authorization", &bearer), ("content-type", "application/json")],
            body.to_owned(),
        )
        .await
    }
    /// Anything.
    pub(super) async fn ask(&self, method: &str, path: &str, heads: &[(&str, &str)], body: String) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in heads.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let answer = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let text = |name: &str| {
            answer.headers().get_all(name).iter().map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (status, location, cookies) =
            (answer.status().as_u16(), text("location").join(""), text("set-cookie"));
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, cookies, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", base::web::encode(v))).collect();
    pairs.join("&")
}

/// A browser that is signed in.
pub(super) struct Session<'w> {
    pub(super) world: &'w World,
    pub(super) cookie: String,
    pub(super) token: String,
}

impl Session<'_> {
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.world.get(path, &self.cookie).await
    }
    pub(super) async fn english(&self, path: &str) -> Answer {
        self.world.get(path, &format!("{}; gd_lang=en", self.cookie)).await
    }
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_token", self.token.as_str())];
        all.extend(fields);
        self.world.form(path, &self.cookie, &all).await
    }
}
