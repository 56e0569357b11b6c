//! A district for tests: the playbook guandu-2019 on SQLite and, when `GUANDU_TEST_PG` names a server, on PostgreSQL.

use super::act::{self, NewNeed, NewSound};
use super::command::Command;
use super::model::{CallAsk, Need, Whistle, WhistleId};
use super::vocab::Found;
use base::config::{Config, Env};
use base::core::{App, Core, Extras, Parts};
use base::db::{Db, Place};
use base::files::Files;
use base::i18n::Catalogue;
use base::op::{Ids, Op, Time, Who};
use base::sealer::Signer;
use base::{Outcome, books};
use duty::follow::Followers;
use kernel::access::Policy;
use kernel::duty::EvidenceKind;
use kernel::playbook::Playbook;
use kernel::text::{Body, Remark, Title};
use kernel::{Day, DistrictCode, Instant, PostCode, Slug, UnitCode};
use std::path::Path;
use std::sync::Arc;

/// The tenant.
pub(crate) const D: DistrictCode = DistrictCode::GUANDU;
/// A street, its community's and its own posts.
pub(crate) const STREET: &str = "530111001";
pub(crate) const SECRETARY: &str = "530111001.secretary";
pub(crate) const COMMUNITY: &str = "530111001001";
pub(crate) const NEIGHBOUR: &str = "530111001001.secretary";
pub(crate) const GRID: &str = "530111001001.grid";

/// A moment of August 2019.
pub(crate) fn at(day: i8, hour: u8, minute: u8) -> Instant {
    Day::new(2019, 8, day).unwrap().at(hour, minute)
}

/// The playbook, read from its folder.
pub(crate) fn playbook() -> Playbook {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    kernel::playbook::load(&books::from_folder(&dir).unwrap()).unwrap()
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
    for sql in [format!("drop schema if exists wh_{name} cascade"), format!("create schema wh_{name}")] {
        admin.write(move |tx| tx.exec(&sql, &[]).map(|_| ())).await.unwrap();
    }
    let join = if url.contains('?') { '&' } else { '?' };
    Db::open(&Place::Url(format!("{url}{join}options=-c%20search_path%3Dwh_{name}"))).await.unwrap()
}

/// The district in a test.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) book: Arc<Playbook>,
}

async fn world(db: Db, name: &str, dir: &Path) -> World {
    let own = [super::MIGRATION];
    let steps = [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, &own].concat();
    base::migrate::run(&db, &steps, at(1, 8, 0)).await.unwrap();
    let directory = org::directory::OrgDirectory::new();
    let mut extras = Extras::default();
    extras.insert(Followers::new(&[(super::KIND, super::FOLLOWER)]));
    let parts = Parts {
        db,
        time: Time::set_at(at(13, 22, 40)),
        ids: Ids::seeded([7; 32]),
        policy: Policy::builtin(),
        signer: Signer::new([9; 32], "test/log"),
        vault: base::vault::Vault::of([7; 32], &[]),
        texts: Catalogue::with(&[crate::TEXTS, duty::TEXTS]).unwrap(),
        files: Files::memory(),
        config: Config::load(None, dir, &Env::new()).unwrap(),
        directory: Box::new(directory.clone()),
        nav: Vec::new(),
        node: name.to_owned(),
        simulated: true,
        scrape: base::metrics::recorder().unwrap().1,
    };
    let app = Core::with(parts, extras);
    directory.bind(&app);
    let book = Arc::new(playbook());
    app.install(book.clone());
    World { app, book }
}

impl World {
    /// Moves the clock.
    pub(crate) fn go(&self, day: i8, hour: u8, minute: u8) {
        self.app.time.set(at(day, hour, minute));
    }
    /// Whoever holds a post.
    pub(crate) fn who(&self, post: &str) -> Who {
        let post = PostCode::parse("post", post).unwrap();
        let actor = org::directory::actor_of(&self.book, &post).unwrap_or_else(|| panic!("no post {post}"));
        Who { district: D, actor: Arc::new(actor), trace: Arc::from("test") }
    }
    /// Does something as a post.
    pub(crate) async fn op<T: Send + 'static>(
        &self,
        post: &str,
        f: impl FnMut(&mut Op<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.app.write(&self.who(post), f).await
    }
    /// Raises a need, and whistles when `sound` says how.
    pub(crate) async fn raise(&self, post: &str, sound: Option<NewSound>) -> Outcome<Whistle> {
        let new = need("金江路下穿隧道积水，车辆熄火");
        self.op(post, move |op| act::raise(op, &new, sound.as_ref())).await
    }
    /// Does an act.
    pub(crate) async fn does(&self, post: &str, id: WhistleId, command: Command) -> Outcome<Whistle> {
        self.op(post, move |op| act::perform(op, id, &command, None, &[])).await
    }
    /// Does an act with a photo as evidence.
    pub(crate) async fn shows(&self, post: &str, id: WhistleId, command: Command) -> Outcome<Whistle> {
        let mut pdf = b"%PDF-1.4\n".to_vec();
        let salt: [u8; 8] = self.app.ids.bytes();
        pdf.extend_from_slice(base::hex(&salt).as_bytes());
        pdf.extend_from_slice(b"\n%%EOF\n");
        let file = base::files::admit(pdf.into(), "现场.pdf", "application/pdf", 1 << 20).unwrap();
        self.app.files.put(D, &file).await.unwrap();
        self.op(post, move |op| act::perform(op, id, &command, None, &[(file.clone(), EvidenceKind::Photo)]))
            .await
    }
    /// Runs the job.
    pub(crate) async fn sweep(&self) -> super::jobs::Swept {
        super::jobs::run(&self.app, &duty::sweep::system(D).unwrap()).await.unwrap()
    }
    /// A whistle as stored.
    pub(crate) async fn stored(&self, id: WhistleId) -> Whistle {
        self.app.db.read(move |tx| super::store::find(tx, D, id)).await.unwrap().unwrap()
    }
    /// Rows agree with events.
    pub(crate) async fn sound(&self) {
        let found = self.app.db.read(|tx| super::replay::check(tx, D)).await.unwrap();
        assert_eq!(found.faults, Vec::<String>::new());
        let duties = self.app.db.read(|tx| duty::replay::check(tx, D, &mut |_| {})).await.unwrap();
        assert_eq!(duties.faults, Vec::<String>::new());
    }
    /// Notices of a post, the newest first.
    pub(crate) async fn notices(&self, post: &'static str) -> Vec<String> {
        let list = self.app.db.read(move |tx| base::notice::newest(tx, D, post, 20)).await.unwrap();
        list.into_iter().map(|notice| notice.words.zh).collect()
    }
}

pub(crate) fn remark(text: &str) -> Remark {
    Remark::parse("t", text).unwrap()
}

pub(crate) fn body(text: &str) -> Body {
    Body::parse("t", text).unwrap()
}

pub(crate) fn unit(code: &str) -> UnitCode {
    UnitCode::parse("unit", code).unwrap()
}

pub(crate) fn slug(code: &str) -> Slug {
    Slug::parse("code", code).unwrap()
}

pub(crate) fn need(title: &str) -> NewNeed {
    NewNeed {
        title: Title::parse("title", title).unwrap(),
        place: unit(COMMUNITY),
        need: Need {
            text: body("积水约40厘米，两辆车熄火，无人被困。"),
            tried: remark("已拉警戒线，用社区水泵抽排，水位仍在上升。"),
            found: Found::Patrol,
            spot: Some(remark("下穿隧道北口")),
            photos: Vec::new(),
            case: None,
        },
        marks: Default::default(),
    }
}

pub(crate) fn call(unit_code: &str, entry: &str) -> CallAsk {
    CallAsk { unit: unit(unit_code), entry: slug(entry), ask: None }
}

/// An emergency whistle to water, urban management and the police.
pub(crate) fn flood() -> NewSound {
    NewSound {
        kind: slug("emergency"),
        ask: remark("抽排积水、封闭路口、疏导交通。"),
        calls: vec![call("swu", "S-020"), call("cgj", "S-019"), call("gaj", "T-023")],
    }
}

/// A hard case to housing and fire.
pub(crate) fn hard() -> NewSound {
    NewSound {
        kind: slug("hard"),
        ask: remark("外墙脱落，会商修缮。"),
        calls: vec![call("zjj", "T-008"), call("xfd", "S-006")],
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(result: Outcome<T>) -> String {
    match result {
        Err(base::Fault::Refused(no)) => no.code().to_owned(),
        other => format!("{other:?}"),
    }
}
