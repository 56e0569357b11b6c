//! A small district for tests: the real playbook, a clock that is set by hand, ids from a seed, files in memory.

use crate::act::{self, intake};
use crate::model::{Case, Contact, ContactWay, Filed, NewCase, PlaceForm, Track};
use crate::rules::Command;
use base::config::{Config, Env};
use base::core::{App, Core, Extras, Parts};
use base::db::{Db, Place};
use base::files::{Files, admit};
use base::i18n::Catalogue;
use base::op::{Ids, Time, Who};
use base::sealer::Signer;
use base::{Fault, Outcome};
use duty::act::With;
use duty::follow::Followers;
use kernel::access::Policy;
use kernel::cases::{Channel, Grade};
use kernel::duty::{self as kd, Duty, EvidenceKind, OutcomeClass, Sha256Hex, Solved};
use kernel::playbook::Playbook;
use kernel::text::{Body, Remark};
use kernel::{Day, DistrictCode, DutyId, FileId, Instant, Lang, PostCode, Slug, UnitCode};
use org::directory::{OrgDirectory, actor_of};
use std::path::Path;
use std::sync::Arc;

pub(crate) const D: DistrictCode = DistrictCode::GUANDU;

/// 2019-08-12 09:58, a Monday.
pub(crate) fn start() -> Instant {
    Day::new(2019, 8, 12).unwrap().at(9, 58)
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) book: Arc<Playbook>,
}

/// Runs `body` on a world of its own over each backend; PostgreSQL when `GUANDU_TEST_PG` names a server.
pub(crate) fn both(name: &str, body: impl AsyncFn(World) -> Outcome<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        body(World::new(db).await).await.unwrap();
        match std::env::var("GUANDU_TEST_PG") {
            Ok(url) => body(World::new(schema(&url, name).await).await).await.unwrap(),
            Err(_) => eprintln!("{name}: PostgreSQL half skipped, GUANDU_TEST_PG is not set"),
        }
    });
}

async fn schema(url: &str, name: &str) -> Db {
    let admin = Db::open(&Place::Url(url.to_owned())).await.unwrap();
    for sql in [format!("drop schema if exists case_{name} cascade"), format!("create schema case_{name}")] {
        admin.write(move |tx| tx.exec(&sql, &[])).await.unwrap();
    }
    let search = format!("options=-c%20search_path%3Dcase_{name}");
    let url = match url.contains("://") {
        true => format!("{url}{}{search}", if url.contains('?') { '&' } else { '?' }),
        false => format!("{url} options='-c search_path=case_{name}'"),
    };
    Db::open(&Place::Url(url)).await.unwrap()
}

pub(crate) fn playbook() -> Playbook {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    kernel::playbook::load(&base::books::from_folder(&root).unwrap()).unwrap()
}

impl World {
    pub(crate) async fn new(db: Db) -> World {
        let steps =
            [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, crate::MIGRATIONS].concat();
        base::migrate::run(&db, &steps, start()).await.unwrap();
        let directory = OrgDirectory::new();
        let mut extras = Extras::default();
        extras.insert(Followers::new(&[(crate::KIND, crate::follow::FOLLOWER)]));
        let parts = Parts {
            db,
            time: Time::set_at(start()),
            ids: Ids::seeded([7; 32]),
            policy: Policy::builtin(),
            signer: Signer::new([7; 32], "test.example/log"),
            vault: base::vault::Vault::of([7; 32], &[]),
            texts: Catalogue::with(&[duty::TEXTS, crate::TEXTS]).unwrap(),
            files: Files::memory(),
            config: Config::load(None, Path::new("/nowhere"), &Env::new()).unwrap(),
            directory: Box::new(directory.clone()),
            nav: Vec::new(),
            node: "test".to_owned(),
            simulated: true,
            scrape: base::metrics::recorder().unwrap().1,
        };
        let app = Core::with(parts, extras);
        directory.bind(&app);
        let book = Arc::new(playbook());
        app.install(book.clone());
        World { app, book }
    }

    pub(crate) fn who(&self, post: &str) -> Who {
        let post = PostCode::parse("post", post).unwrap();
        let actor = actor_of(&self.book, &post).unwrap_or_else(|| panic!("no post {post}"));
        Who { district: D, actor: Arc::new(actor), trace: Arc::from("test") }
    }

    pub(crate) fn post_of(&self, role: &str, unit: &str) -> String {
        let unit = UnitCode::parse("unit", unit).unwrap();
        self.book
            .org
            .post_with_role(&unit, role)
            .unwrap_or_else(|| panic!("no {role} in {unit}"))
            .code
            .to_string()
    }

    pub(crate) fn post_with(&self, role: &str) -> String {
        let has = |p: &&kernel::playbook::Post| p.roles.iter().any(|r| r.as_str() == role);
        self.book.org.posts.values().find(has).unwrap().code.to_string()
    }

    pub(crate) fn at(&self, day: (i16, i8, i8), hour: u8, minute: u8) {
        self.app.time.set(Day::new(day.0, day.1, day.2).unwrap().at(hour, minute));
    }

    pub(crate) async fn file(&self, post: &str, new: NewCase) -> Outcome<Filed> {
        self.app.write(&self.who(post), move |op| intake::file(op, &new)).await
    }

    pub(crate) async fn does(&self, post: &str, id: DutyId, command: Command) -> Outcome<Case> {
        self.app.write(&self.who(post), move |op| act::perform(op, id, &command, None)).await
    }

    pub(crate) async fn duty_does(&self, post: &str, id: DutyId, command: kd::Command) -> Outcome<Duty> {
        self.app
            .write(&self.who(post), move |op| duty::act::perform(op, id, &command, &With::default()))
            .await
    }

    pub(crate) async fn system<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut base::op::Op<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        self.app.write(&duty::sweep::system(D).unwrap(), f).await
    }

    pub(crate) async fn case(&self, id: DutyId) -> Case {
        self.app.db.read(move |tx| crate::store::find(tx, D, id)).await.unwrap().unwrap()
    }

    pub(crate) async fn duty(&self, id: DutyId) -> Duty {
        self.app.db.read(move |tx| duty::store::find(tx, D, id)).await.unwrap().unwrap()
    }

    pub(crate) async fn stage(&self, id: DutyId) -> crate::model::Stage {
        crate::rules::stage(&self.case(id).await, &self.duty(id).await)
    }

    /// The whole course up to the point where it waits for the call-back.
    pub(crate) async fn worked(&self, id: DutyId, unit: &str) -> Outcome<()> {
        let handler = self.post_of("handler", unit);
        self.duty_does(&handler, id, kd::Command::Accept { handler: None }).await?;
        let note = remark("已电话联系，约定今天到场");
        self.does(&handler, id, Command::Contact { way: ContactWay::Phone, reached: true, note }).await?;
        self.evidence(&handler, id).await?;
        self.does(&handler, id, reply("已于今日修好，欢迎监督。")).await?;
        self.does("zwj.operator", id, Command::Audit { passed: true, defects: vec![] }).await.map(|_| ())
    }

    pub(crate) async fn dispatched(&self, id: DutyId) -> Outcome<String> {
        let dispatch = Command::Dispatch { unit: None, mandate: None, handler: None, note: None };
        self.does("zwj.dispatcher", id, dispatch).await?;
        Ok(self.duty(id).await.lead.unwrap().to_string())
    }

    pub(crate) async fn evidence(&self, post: &str, id: DutyId) -> Outcome<()> {
        let mut bytes = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF ".to_vec();
        bytes.extend(id.to_string().bytes());
        bytes.extend(self.app.ids.bytes::<8>());
        let admitted = admit(bytes.into(), "现场.pdf", "application/pdf", 1 << 20).unwrap();
        self.app.files.put(D, &admitted).await.unwrap();
        self.app
            .write(&self.who(post), move |op| {
                let file = FileId::new(op.id());
                base::files::insert(op.tx, D, file, &admitted, &op.actor().post, op.now())?;
                let sha256 = Sha256Hex::try_from(admitted.sha256.clone()).unwrap();
                let command =
                    kd::Command::AddEvidence { file, kind: EvidenceKind::Document, note: None, sha256 };
                duty::act::perform(op, id, &command, &With::default()).map(|_| ())
            })
            .await
    }

    pub(crate) async fn track(&self, filed: &Filed) -> Outcome<Track> {
        let (no, code) = (filed.no.clone(), filed.code.clone().unwrap());
        self.app.write(&self.who("gd.resident"), move |op| act::track(op, &no, &code)).await
    }

    pub(crate) async fn petition(&self, filed: &Filed, command: Command) -> Outcome<Track> {
        let code = filed.code.clone().unwrap();
        act::petition::petition(&self.app, &self.who("gd.resident"), &filed.no, &code, command, None).await
    }

    /// The rows of cases and duties are what their events say.
    pub(crate) async fn sound(&self) {
        let found = self.app.db.report(|tx| crate::replay::check(tx, D, &mut |_| ())).await.unwrap();
        assert!(found.faults.is_empty(), "{:#?}", found.faults);
        let duties = self.app.db.report(|tx| duty::replay::check(tx, D, &mut |_| ())).await.unwrap();
        assert!(duties.faults.is_empty(), "{:#?}", duties.faults);
    }
}

pub(crate) fn remark(text: &str) -> Remark {
    Remark::parse("t", text).unwrap()
}

pub(crate) fn slug(text: &str) -> Slug {
    Slug::parse("t", text).unwrap()
}

/// A filing on the portal with a phone and a place.
pub(crate) fn new(category: &str, text: &str, phone: &str) -> NewCase {
    NewCase {
        category: category.to_owned(),
        place: PlaceForm {
            unit: "530111001001".into(),
            address: "关上中路18号".into(),
            ..PlaceForm::default()
        },
        contact: Contact { name: "某居民".into(), phone: phone.into(), ..Contact::default() },
        ..NewCase::new(Channel::Portal, text)
    }
}

pub(crate) fn reply(text: &str) -> Command {
    Command::Reply {
        outcome: OutcomeClass::Resolved,
        public: Body::parse("reply", text).unwrap(),
        internal: Some(Body::parse("internal", "内部：维修单位由市政集团出").unwrap()),
        elements: crate::model::Element::ALL.iter().copied().collect(),
        planned: None,
        legal: None,
    }
}

pub(crate) fn rate(solved: Solved, grade: Grade) -> Command {
    Command::Rate { contacted: None, solved, grade, note: None }
}

pub(crate) fn call(solved: Solved, grade: Grade) -> Command {
    Command::CallBack {
        reached: true,
        contacted: Some(true),
        solved: Some(solved),
        grade: Some(grade),
        note: None,
    }
}

pub(crate) fn missed() -> Command {
    Command::CallBack { reached: false, contacted: None, solved: None, grade: None, note: None }
}

/// The code of a refusal, with words in both languages that differ.
pub(crate) fn code<T>(found: Outcome<T>) -> String {
    match found {
        Err(Fault::Refused(no)) => {
            assert_ne!(no.reason(Lang::Zh), no.reason(Lang::En), "{no}");
            assert!(!no.next(Lang::Zh).is_empty() && !no.next(Lang::En).is_empty(), "{no}");
            no.code().to_owned()
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}
