//! A small district for tests: the real playbook, a clock that is set by hand, ids from a seed, files in memory.

use crate::act::{self, With};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::config::{Config, Env};
use base::core::{App, Core, Parts};
use base::db::{Db, Place};
use base::files::Files;
use base::i18n::Catalogue;
use base::op::{Ids, Op, Time, Who};
use base::sealer::Signer;
use base::session::{self, New, Terms};
use base::{Fault, Outcome};
use http_body_util::BodyExt;
use kernel::access::Policy;
use kernel::duty::{Command, Duty, Ground, GroundKind, NewDuty, Priority, Visibility};
use kernel::playbook::Playbook;
use kernel::text::{Remark, Title};
use kernel::{Day, DistrictCode, Instant, PostCode, Slug, UnitCode};
use org::directory::{OrgDirectory, actor_of};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

pub(crate) const D: DistrictCode = DistrictCode::GUANDU;

/// 2019-08-12 09:58, a Monday.
pub(crate) fn start() -> Instant {
    Day::new(2019, 8, 12).unwrap().at(9, 58)
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) book: Arc<Playbook>,
    router: Router,
}

/// Runs `body` on a world of its own over each backend; PostgreSQL when `GUANDU_TEST_PG` names a server.
pub(crate) fn both(name: &str, body: impl AsyncFn(World) -> Outcome<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        body(World::new(db, false).await).await.unwrap();
        match std::env::var("GUANDU_TEST_PG") {
            Ok(url) => body(World::new(schema(&url, name).await, false).await).await.unwrap(),
            Err(_) => eprintln!("{name}: PostgreSQL half skipped, GUANDU_TEST_PG is not set"),
        }
    });
}

async fn schema(url: &str, name: &str) -> Db {
    let admin = Db::open(&Place::Url(url.to_owned())).await.unwrap();
    for sql in [format!("drop schema if exists duty_{name} cascade"), format!("create schema duty_{name}")] {
        admin.write(move |tx| tx.exec(&sql, &[])).await.unwrap();
    }
    let search = format!("options=-c%20search_path%3Dduty_{name}");
    let url = match url.contains("://") {
        true => format!("{url}{}{search}", if url.contains('?') { '&' } else { '?' }),
        false => format!("{url} options='-c search_path=duty_{name}'"),
    };
    Db::open(&Place::Url(url)).await.unwrap()
}

fn playbook() -> Playbook {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    let mut files = Vec::new();
    for folder in [root.clone(), root.join("data")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    kernel::playbook::load(&files).unwrap()
}

impl World {
    pub(crate) async fn new(db: Db, mails: bool) -> World {
        let steps = [base::migrate::MIGRATIONS, org::MIGRATIONS, crate::MIGRATIONS].concat();
        base::migrate::run(&db, &steps, start()).await.unwrap();
        let mut config = Config::load(None, Path::new("/nowhere"), &Env::new()).unwrap();
        config.mail.enabled = mails;
        let directory = OrgDirectory::new();
        let app = Core::new(Parts {
            db,
            time: Time::set_at(start()),
            ids: Ids::seeded([7; 32]),
            policy: Policy::builtin(),
            signer: Signer::new([7; 32], "test.example/log"),
            vault: base::vault::Vault::of([7; 32], &[]),
            texts: Catalogue::with(&[crate::TEXTS]).unwrap(),
            files: Files::memory(),
            config,
            directory: Box::new(directory.clone()),
            nav: Vec::new(),
            node: "test".to_owned(),
            simulated: true,
            scrape: base::metrics::recorder().unwrap().1,
        });
        directory.bind(&app);
        let book = Arc::new(playbook());
        app.install(book.clone());
        let router = base::web::finish(crate::web::routes(), app.clone());
        World { app, book, router }
    }

    /// The first post with a role, in a unit when one is named.
    pub(crate) fn post(&self, role: &str, unit: Option<&UnitCode>) -> PostCode {
        let has = |p: &&kernel::playbook::Post| p.roles.iter().any(|r| r.as_str() == role);
        let fits = |p: &&kernel::playbook::Post| unit.is_none_or(|unit| p.unit == *unit);
        self.book.org.posts.values().filter(fits).find(has).unwrap().code.clone()
    }

    /// A department with a handler and a chief.
    pub(crate) fn department(&self, n: usize) -> UnitCode {
        let kind = kernel::playbook::UnitKind::Department;
        self.book.org.units.values().filter(|u| u.kind == kind).nth(n).unwrap().code.clone()
    }

    pub(crate) fn who(&self, post: &PostCode) -> Who {
        Who { district: D, actor: Arc::new(actor_of(&self.book, post).unwrap()), trace: Arc::from("test") }
    }

    pub(crate) fn set(&self, day: (i16, i8, i8), hour: u8, minute: u8) {
        self.app.time.set(Day::new(day.0, day.1, day.2).unwrap().at(hour, minute));
    }

    pub(crate) async fn does(&self, post: &PostCode, duty: &Duty, command: Command) -> Outcome<Duty> {
        let id = duty.id;
        self.app.write(&self.who(post), move |op| act::perform(op, id, &command, &With::default())).await
    }

    /// A supervision that is given to a department, registered by the director.
    pub(crate) async fn given(&self, lead: &UnitCode, title: &str) -> Duty {
        let director = self.post("supervision_director", None);
        let form = form("supervision", title);
        let made = self
            .app
            .write(&self.who(&director), move |op: &mut Op<'_, '_>| {
                act::register(op, &Command::Register { form: Box::new(form.clone()) }, &With::default())
            })
            .await
            .unwrap();
        let lead = lead.clone();
        let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
        self.does(&director, &made, assign).await.unwrap()
    }

    /// Signs a person in as a post: the cookie and the form token.
    pub(crate) async fn sign_in(&self, post: &PostCode, login: &str) -> (String, String) {
        let (post, login) = (post.clone(), login.to_owned());
        let core = self.app.clone();
        let who = crate::sweep::system(D).unwrap();
        self.app
            .write(&who, move |op| {
                let new = org::act::NewPerson {
                    login: org::model::Login::parse("login", &login)?,
                    name: login.clone(),
                    email: format!("{login}@example.org"),
                    password_hash: String::new(),
                    must_change: false,
                };
                let person = org::act::add_unjudged(op, &new)?;
                org::act::appoint_unjudged(op, person, &post)?;
                let csrf: [u8; 32] = core.ids.bytes();
                let new =
                    New { token: core.ids.bytes(), csrf, person, post: post.clone(), second_factor: false };
                let terms = Terms::of(&core.config.security);
                let (session, cookie) = session::create(op.tx, D, &new, terms, op.now())?;
                Ok((cookie, session.csrf))
            })
            .await
            .unwrap()
    }

    /// Asks the router; returns status, headers' location and text.
    pub(crate) async fn ask(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, location, String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) async fn get(&self, cookie: &str, path: &str) -> (StatusCode, String, String) {
        let request = Request::get(path).header(header::COOKIE, format!("gd_session={cookie}"));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_form(
        &self,
        (cookie, csrf): &(String, String),
        path: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String, String) {
        let mut body = format!("_token={}", base::web::encode(csrf));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", base::web::encode(value)));
        }
        let request = Request::post(path)
            .header(header::COOKIE, format!("gd_session={cookie}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn call(
        &self,
        (cookie, csrf): &(String, String),
        path: &str,
        key: Option<&str>,
        body: &serde_json::Value,
    ) -> (StatusCode, String, String) {
        let mut request = Request::post(path)
            .header(header::COOKIE, format!("gd_session={cookie}"))
            .header("x-csrf-token", csrf)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

pub(crate) fn remark(text: &str) -> Remark {
    Remark::parse("t", text).unwrap()
}

pub(crate) fn form(kind: &str, title: &str) -> NewDuty {
    NewDuty {
        kind: Slug::parse("kind", kind).unwrap(),
        title: Title::parse("title", title).unwrap(),
        ground: vec![Ground {
            kind: GroundKind::MeetingDecision,
            text: remark("第32周调度会议定事项第3条"),
            day: None,
            source: String::new(),
        }],
        criterion: remark("完成整改并经核实"),
        priority: Priority::General,
        visibility: Visibility::Internal,
        superintendent: None,
        patron: None,
        parent: None,
        relations: Default::default(),
        place: None,
        planned_due: None,
        marks: Default::default(),
    }
}

/// The code of a refusal.
pub(crate) fn code<T>(found: Outcome<T>) -> String {
    match found {
        Err(Fault::Refused(no)) => no.code().to_owned(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}
