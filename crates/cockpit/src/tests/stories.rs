//! Stories over a fresh database: pages and API through the router, as posts of the shipped playbook.

use base::config::{Config, Env};
use base::core::{App, Core, Parts};
use base::db::{Db, Place};
use base::files::Files;
use base::i18n::Catalogue;
use base::op::{Ids, Time, Who};
use base::sealer::{self, Signer};
use kernel::access::Policy;
use kernel::playbook::Playbook;
use kernel::{Day, DistrictCode, PostCode};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const D: DistrictCode = DistrictCode::GUANDU;

fn day(month: i8, day: i8) -> Day {
    Day::new(2019, month, day).unwrap()
}

/// A core on an empty SQLite file with the shipped playbook in force and its plan loaded, on 12 August.
async fn core(dir: &Path) -> App {
    let db = Db::open(&Place::File(dir.join("t.db"))).await.unwrap();
    let steps = [base::migrate::MIGRATIONS, org::MIGRATIONS, duty::MIGRATIONS, plan::MIGRATIONS].concat();
    base::migrate::run(&db, &steps, day(1, 1).at(7, 0)).await.unwrap();
    let directory = org::directory::OrgDirectory::new();
    let app = Core::new(Parts {
        db,
        time: Time::set_at(day(1, 2).at(8, 0)),
        ids: Ids::seeded([9; 32]),
        policy: Policy::builtin(),
        signer: Signer::new([3; 32], "guandu.example/ledger"),
        vault: base::vault::Vault::of([7; 32], &[]),
        texts: Catalogue::with(&[crate::TEXTS]).unwrap(),
        files: Files::memory(),
        config: Config::load(None, dir, &Env::new()).unwrap(),
        directory: Box::new(directory.clone()),
        nav: Vec::new(),
        node: "test".to_owned(),
        simulated: true,
        scrape: base::metrics::recorder().unwrap().1,
    });
    directory.bind(&app);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    let sources = base::books::from_folder(&folder).unwrap();
    let who = duty::sweep::system(D).unwrap();
    let (book, _) = app.write(&who, move |op| base::books::store(op, &sources)).await.unwrap();
    app.install(book);
    plan::load::load_plan(&app, &who).await.unwrap();
    app.time.set(day(8, 12).at(9, 58));
    app
}

fn book(app: &App) -> Arc<Playbook> {
    app.book(D, day(8, 12)).unwrap()
}

/// A post of the playbook with a role.
fn post(app: &App, role: &str) -> PostCode {
    let book = book(app);
    let found = book.org.posts.values().find(|p| p.roles.iter().any(|r| r.as_str() == role));
    found.unwrap_or_else(|| panic!("no post is {role}")).code.clone()
}

fn who(app: &App, post: &PostCode) -> Who {
    let actor = org::directory::actor_of(&book(app), post).unwrap();
    Who { district: D, actor: Arc::new(actor), trace: Arc::from("test") }
}

fn run(body: impl AsyncFn(App)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let app = core(dir.path()).await;
        body(app.clone()).await;
        app.db.close().await;
    });
}

#[test]
fn one_look_now_and_in_the_past() {
    run(async |app| {
        let chief = who(&app, &post(&app, "supervision_director"));
        let now = app.read(&chief, |op| crate::act::look(op, None)).await.unwrap();
        assert_eq!((now.items.len(), now.punches.len()), (158, 3));
        assert_eq!(now.counts().total(), 158);
        assert!(!now.is_past());
        let live = now.live.clone().unwrap();
        assert!(live.all.open >= 158 && live.load.len() == 10, "{live:?}");
        let units: u32 = now.units.iter().map(|u| u.row.counts.total()).sum();
        assert_eq!(units, 158);
        let overdue: Vec<i32> = now.red.iter().map(|r| r.overdue).collect();
        assert!(overdue.is_sorted_by(|a, b| a >= b), "{overdue:?}");
        assert!((1..=crate::act::RED).contains(&overdue.len()), "{overdue:?}");
        assert!(now.red.iter().all(|r| r.desk.is_some()));
        assert_eq!(now.measured.as_ref().map(|m| m.code.as_str()), Some("Q-01"));
        let sessions =
            now.dates.iter().filter(|d| matches!(d.what, crate::model::Coming::Session { .. })).count();
        assert_eq!(sessions, 4);
        // A past day is answered from the ledger; what is only kept as a present count is left out.
        let then = app.read(&chief, |op| crate::act::look(op, Some(day(3, 1)))).await.unwrap();
        assert!(then.is_past() && then.live.is_none() && then.items.len() == 158);
        assert!(then.counts().red <= now.counts().red);
        let refused = async |on: Day| {
            let no = app.read(&chief, move |op| crate::act::look(op, Some(on))).await.unwrap_err();
            let base::Fault::Refused(no) = no else { panic!("{no}") };
            no.code()
        };
        assert_eq!(refused(day(8, 13)).await, "cockpit.future");
        assert_eq!(refused(Day::new(2018, 12, 31).unwrap()).await, "cockpit.too_early");
        // A handler may look at today and not at other days; administrators not at all.
        let handler = who(&app, &post(&app, "handler"));
        assert!(app.read(&handler, |op| crate::act::look(op, None)).await.is_ok());
        assert!(app.read(&handler, |op| crate::act::look(op, Some(day(3, 1)))).await.is_err());
        let admin = who(&app, &post(&app, "system_admin"));
        assert!(app.read(&admin, |op| crate::act::look(op, None)).await.is_err());
    });
}

#[test]
fn the_ledger_is_narrowed_and_receipts_are_checked() {
    run(async |app| {
        use crate::act::chain;
        use crate::store::LineFilter;
        let auditor = who(&app, &post(&app, "audit_admin"));
        let handler = who(&app, &post(&app, "handler"));
        let all = LineFilter::default();
        let wanted = all.clone();
        let (lines, next) = app.read(&auditor, move |op| chain::lines(op, &wanted, 20)).await.unwrap();
        assert_eq!((lines.len(), next.is_some()), (20, true));
        let older = LineFilter { before: next, ..all.clone() };
        let (more, _) = app.read(&auditor, move |op| chain::lines(op, &older, 20)).await.unwrap();
        assert!(more.first().unwrap().id < lines.last().unwrap().id);
        let january =
            LineFilter { day: Some(day(1, 2)), kind: Some("duty.assigned".to_owned()), ..all.clone() };
        let (some, _) = app.read(&auditor, move |op| chain::lines(op, &january, 5)).await.unwrap();
        assert!(some.len() == 5 && some.iter().all(|l| l.kind == "duty.assigned"));
        let august = LineFilter { day: Some(day(8, 12)), ..all.clone() };
        assert!(app.read(&auditor, move |op| chain::lines(op, &august, 5)).await.unwrap().0.is_empty());
        // A handler who has done nothing and holds nothing sees nothing of it.
        assert!(app.read(&handler, move |op| chain::lines(op, &all, 20)).await.unwrap().0.is_empty());

        let id = lines.first().unwrap().id.clone();
        let core = app.clone();
        app.db.write(move |tx| sealer::seal(tx, D, &*core.signer.of(D)?, core.now())).await.unwrap();
        let known = app.read(&handler, chain::chain).await.unwrap();
        assert!(known.point.is_some_and(|p| p.size > 0));
        let core = app.clone();
        let event = kernel::EventId::parse("event", &id).unwrap();
        let receipt =
            app.db.read(move |tx| sealer::receipt(tx, D, event, &*core.signer.of(D)?)).await.unwrap();
        let text = receipt.to_json();
        let bent = text.replacen("\"at\": 1", "\"at\": 2", 1);
        assert_ne!(text, bent);
        assert!(app.read(&handler, move |op| chain::verify(op, &text)).await.is_ok());
        let no = app.read(&handler, move |op| chain::verify(op, &bent)).await.unwrap_err();
        assert!(no.to_string().contains("receipt") || matches!(no, base::Fault::Refused(_)));
    });
}
