//! A district for tests: the playbook guandu-2019 on SQLite and, when `GUANDU_TEST_PG` names a server, on PostgreSQL.

use base::config::{Config, Env};
use base::core::{App, Core, Parts};
use base::db::{Db, Place};
use base::files::Files;
use base::i18n::Catalogue;
use base::op::{Ids, Op, Time, Who};
use base::sealer::Signer;
use base::{Outcome, books};
use kernel::access::Policy;
use kernel::duty::{Command, Duty};
use kernel::{DistrictCode, Instant, PostCode, Slug};
use std::path::Path;
use std::sync::Arc;

/// The tenant.
pub(crate) const D: DistrictCode = DistrictCode::GUANDU;

/// The playbook's files. The director of supervision may extend a plan item, so that a change of the city's 137 can be
/// carried through; a playbook that says so already is left alone.
pub(crate) fn sources() -> books::Sources {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    let mut files = books::from_folder(&dir).unwrap();
    let kinds = files.iter_mut().find(|(name, _)| name == "kinds.toml").unwrap();
    let item = r#"extension_approver = ["leader", "chief"]"#;
    kinds.1 = kinds.1.replace(item, r#"extension_approver = ["leader", "chief", "supervision_director"]"#);
    files
}

/// A moment of 2019.
pub(crate) fn at(month: i8, day: i8, hour: u8) -> Instant {
    kernel::Day::new(2019, month, day).unwrap().at(hour, 0)
}

/// Runs `body` on an empty district of each backend; `name` must be unique among the tests.
pub(crate) fn both(name: &str, body: impl AsyncFn(World) -> Outcome<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        body(world(db, name, dir.path()).await).await.unwrap();
        match std::env::var("GUANDU_TEST_PG") {
            Ok(url) => {
                body(world(schema(&url, name).await, &format!("{name}-pg"), dir.path()).await).await.unwrap();
            }
            Err(_) => eprintln!("{name}: PostgreSQL half skipped, GUANDU_TEST_PG is not set"),
        }
    });
}

async fn schema(url: &str, name: &str) -> Db {
    let admin = Db::open(&Place::Url(url.to_owned())).await.unwrap();
    for sql in [format!("drop schema if exists plan_{name} cascade"), format!("create schema plan_{name}")] {
        admin.write(move |tx| tx.exec(&sql, &[]).map(|_| ())).await.unwrap();
    }
    let join = if url.contains('?') { '&' } else { '?' };
    Db::open(&Place::Url(format!("{url}{join}options=-c%20search_path%3Dplan_{name}"))).await.unwrap()
}

async fn world(db: Db, name: &str, dir: &Path) -> World {
    let steps = [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, crate::MIGRATIONS].concat();
    base::migrate::run(&db, &steps, at(1, 2, 8)).await.unwrap();
    let directory = org::directory::OrgDirectory::new();
    let app = Core::new(Parts {
        db,
        time: Time::set_at(at(1, 2, 9)),
        ids: Ids::seeded([7; 32]),
        policy: Policy::builtin(),
        signer: Signer::new([9; 32], "test/log"),
        vault: base::vault::Vault::of([7; 32], &[]),
        texts: Catalogue::with(&[crate::TEXTS]).unwrap(),
        files: Files::memory(),
        config: Config::load(None, dir, &Env::new()).unwrap(),
        directory: Box::new(directory.clone()),
        nav: Vec::new(),
        node: name.to_owned(),
        simulated: true,
        scrape: base::metrics::recorder().unwrap().1,
    });
    directory.bind(&app);
    let files = sources();
    let who = duty::sweep::system(D).unwrap();
    let (book, _) = app.write(&who, move |op| books::store(op, &files)).await.unwrap();
    app.install(book);
    World { app }
}

/// The district in a test.
pub(crate) struct World {
    pub(crate) app: App,
}

impl World {
    /// Moves the clock.
    pub(crate) fn go(&self, now: Instant) {
        self.app.time.set(now);
    }
    /// Whoever holds a post.
    pub(crate) fn who(&self, post: &str) -> Who {
        let book = self.app.book(D, self.app.now().day()).unwrap();
        let post = PostCode::parse("post", post).unwrap();
        let actor = org::directory::actor_of(&book, &post).unwrap_or_else(|| panic!("no post {post}"));
        Who { district: D, actor: Arc::new(actor), trace: Arc::from("test") }
    }
    /// Loads some items.
    pub(crate) async fn load(&self, codes: &[&str]) -> crate::act::LoadReport {
        let book = self.app.book(D, self.app.now().day()).unwrap();
        let codes: Vec<Slug> = codes.iter().map(|c| Slug::parse("code", c).unwrap()).collect();
        let planner = self.who("fgj.planner");
        self.app.write(&planner, move |op| crate::load::load_batch(op, &book, &codes)).await.unwrap()
    }
    /// Does something as a post.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        post: &str,
        f: impl FnMut(&mut Op<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.app.write(&self.who(post), f).await
    }
    /// Does an act on the duty of a code.
    pub(crate) async fn on(&self, post: &str, code: &str, command: Command) -> Outcome<Duty> {
        let code = code.to_owned();
        self.act(post, move |op| {
            let id = duty::store::by_number(op.tx, D, &code)?.unwrap();
            duty::act::perform(op, id, &command, &duty::act::With::default())
        })
        .await
    }
    /// Accepts and starts.
    pub(crate) async fn start(&self, post: &str, code: &str) {
        self.on(post, code, Command::Accept { handler: None }).await.unwrap();
        let note = kernel::text::Remark::parse("note", "已排定计划").unwrap();
        self.on(post, code, Command::Start { note }).await.unwrap();
    }
    /// The board at a moment.
    pub(crate) async fn board(&self, at: Instant) -> crate::board::Board {
        self.app.read(&self.who("ld.mayor"), move |op| crate::board::load(op, at)).await.unwrap()
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(result: Outcome<T>) -> String {
    match result {
        Err(base::Fault::Refused(no)) => no.code().to_owned(),
        other => format!("{other:?}"),
    }
}
