//! A whole program for a story: a database of its own, the article's playbook, a clock that stands, named posts.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::config::{Config, Env, Secret};
use base::core::App;
use base::db::{Db, Place};
use base::op::Time;
use base::session::{self, New, Terms};
use guandu::assemble::{How, assemble_on, load_playbook, owner};
use guandu::cli::demo::guandu_2019;
use http_body_util::BodyExt;
use kernel::{Day, DistrictCode, DutyId, Instant, PostCode};
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// The smallest picture: one grey dot.
pub(crate) const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0,
    1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0,
    0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// The tenant of stories.
pub(crate) const D: DistrictCode = DistrictCode::GUANDU;

/// The program under test.
pub(crate) struct World {
    pub(crate) app: App,
    router: Router,
    dir: TempDir,
}

/// Somebody who asks: a post with a session, or nobody.
pub(crate) struct Post<'w> {
    world: &'w World,
    cookie: Option<String>,
    pub(crate) csrf: String,
    lang: &'static str,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// Runs a story on SQLite and, when a server is named, on PostgreSQL.
pub(crate) fn both<F>(name: &str, story: F)
where
    F: AsyncFn(World),
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        story(World::on(db, dir).await).await;
        match std::env::var("GUANDU_TEST_PG") {
            Ok(url) => {
                let dir = tempfile::tempdir().unwrap();
                story(World::on(schema(&url, name).await, dir).await).await;
            }
            Err(_) => eprintln!("{name}: PostgreSQL half skipped, GUANDU_TEST_PG is not set"),
        }
    });
}

/// A schema of its own, emptied first: leftovers of a failed run are bounded by the number of stories.
pub(crate) async fn schema(url: &str, name: &str) -> Db {
    let admin = Db::open(&Place::Url(url.to_owned())).await.unwrap();
    for sql in [format!("drop schema if exists s_{name} cascade"), format!("create schema s_{name}")] {
        admin.write(move |tx| tx.exec(&sql, &[]).map(|_| ())).await.unwrap();
    }
    let join = if url.contains('?') { '&' } else { '?' };
    Db::open(&Place::Url(format!("{url}{join}options=-c%20search_path%3Ds_{name}"))).await.unwrap()
}

impl World {
    async fn on(db: Db, dir: TempDir) -> World {
        World::seeded(db, dir, 7).await
    }

    /// The program on a database that may already hold a district; `seed` keeps its ids apart from those made before.
    pub(crate) async fn seeded(db: Db, dir: TempDir, seed: u8) -> World {
        World::configured(db, dir, seed, |_| ()).await
    }

    /// The same with something else configured.
    pub(crate) async fn configured(
        db: Db,
        dir: TempDir,
        seed: u8,
        change: impl FnOnce(&mut Config),
    ) -> World {
        let start = Day::new(2019, 8, 12).unwrap().at(9, 58);
        base::migrate::run(&db, &guandu::areas::migrations(), start).await.unwrap();
        let mut config = Config::load(None, dir.path(), &Env::new()).unwrap();
        config.server.public_url = "https://guandu.example".to_owned();
        config.ledger.origin = "guandu.example/log".to_owned();
        config.security.metrics_token = Secret::new("metrics-token");
        change(&mut config);
        let how = How {
            time: Time::set_at(start),
            seed: Some([seed; 32]),
            simulated: true,
            scrape: base::metrics::recorder().unwrap().1,
        };
        let app = assemble_on(db, config, how).await.unwrap();
        load_playbook(&app, guandu_2019()).await.unwrap();
        World { router: guandu::server::service(&app), app, dir }
    }

    /// The folder of its database and keys.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Ends the program and keeps its folder.
    pub(crate) fn into_folder(self) -> TempDir {
        self.dir
    }

    /// Somebody without a session.
    pub(crate) fn visitor(&self) -> Post<'_> {
        Post { world: self, cookie: None, csrf: String::new(), lang: "zh-CN" }
    }

    /// A person of its own on a post of the playbook, signed in.
    pub(crate) async fn post(&self, code: &str) -> Post<'_> {
        self.post_with_mail(code, "").await
    }

    /// The same with a mail address.
    pub(crate) async fn post_with_mail(&self, code: &str, email: &str) -> Post<'_> {
        let post = PostCode::parse("post", code).unwrap();
        let app = &self.app;
        let tag: [u8; 3] = app.ids.bytes();
        let login = Login::parse("login", &format!("p{}", base::hex(&tag))).unwrap();
        let new = NewPerson {
            login,
            name: code.to_owned(),
            email: email.to_owned(),
            password_hash: "none".to_owned(),
            must_change: false,
        };
        let tokens: ([u8; 32], [u8; 32]) = (app.ids.bytes(), app.ids.bytes());
        let (session, cookie) = app
            .write(&owner(D).unwrap(), move |op| {
                let person = add_unjudged(op, &new)?;
                appoint_unjudged(op, person, &post)?;
                let new =
                    New { token: tokens.0, csrf: tokens.1, person, post: post.clone(), second_factor: true };
                session::create(op.tx, D, &new, Terms { idle: 36_000, absolute: 360_000 }, op.now())
            })
            .await
            .unwrap();
        Post { world: self, cookie: Some(cookie), csrf: session.csrf, lang: "zh-CN" }
    }

    /// Moves the clock.
    pub(crate) fn at(&self, text: &str) {
        self.app.time.set(Instant::parse("t", text).unwrap());
    }

    /// Seals the ledger and asserts that all of it verifies and replays.
    pub(crate) async fn sound(&self) {
        guandu::jobs::seal_all(&self.app, D).await.unwrap();
        let key = self.app.signer.of(D).unwrap().verifier();
        let verified =
            self.app.db.report(move |tx| base::sealer::verify(tx, D, &key, &mut |_, _| {})).await.unwrap();
        assert_eq!(verified.faults, Vec::<String>::new());
        assert_eq!(verified.waiting, 0);
        let replayed = self.app.db.report(move |tx| duty::replay::check(tx, D, &mut |_| {})).await.unwrap();
        assert_eq!(replayed.faults, Vec::<String>::new());
    }
}

impl Post<'_> {
    /// The same session on another node of the same database.
    pub(crate) fn on<'o>(&self, other: &'o World) -> Post<'o> {
        Post { world: other, cookie: self.cookie.clone(), csrf: self.csrf.clone(), lang: self.lang }
    }
    /// The value of the session's cookie; empty for a visitor.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }
    /// The same post reading English.
    pub(crate) fn english(mut self) -> Self {
        self.lang = "en";
        self
    }
    /// Opens a page or an API address.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }
    /// Calls the API.
    pub(crate) async fn json(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(("application/json", body.to_string()))).await
    }
    /// Calls the API with an idempotency key.
    pub(crate) async fn keyed(&self, path: &str, key: &str, body: &str) -> Answer {
        self.ask("POST", path, Some(("application/json", body.as_bytes().to_vec())), Some(key)).await
    }
    /// Adds a photo as evidence.
    pub(crate) async fn upload(&self, path: &str, name: &str) -> Answer {
        let mut body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\nphoto\r\n--b\r\ncontent-disposition: form-data; \
             name=\"file\"; filename=\"{name}\"\r\ncontent-type: image/png\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(PNG);
        body.extend_from_slice(b"\r\n--b--\r\n");
        self.ask("POST", path, Some(("multipart/form-data; boundary=b", body)), None).await
    }
    /// Sends anything.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<(&str, String)>) -> Answer {
        self.ask(method, path, body.map(|(kind, text)| (kind, text.into_bytes())), None).await
    }
    async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
        key: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("accept-language", self.lang);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("gd_session={cookie}"));
            if path.starts_with("/api/") {
                request = request.header("x-csrf-token", &self.csrf);
            }
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header("content-type", kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let response = self.world.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

impl Answer {
    /// Asserts a status of 2xx or a redirect after a form.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert!(self.status < 400, "{}: {}", self.status, self.text);
        self
    }
    /// Asserts a refusal by its code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        let problem = self.value();
        assert_eq!(problem["code"], code, "{}", self.text);
        for text in ["title", "detail"] {
            assert!(problem[text].as_str().is_some_and(|t| !t.is_empty()));
            assert!(problem["other"][text].as_str().is_some_and(|t| !t.is_empty()));
        }
        self
    }
    /// The JSON body.
    #[track_caller]
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
    /// The id of a duty that was made.
    #[track_caller]
    pub(crate) fn duty(&self) -> DutyId {
        let value = self.value();
        let id = value.pointer("/duty/id").or_else(|| value.get("id")).and_then(Value::as_str);
        id.and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no duty in {}", self.text))
    }
}
