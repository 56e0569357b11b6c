//! Whole runs on a fresh database: same seed, same root.

use crate::{Plan, Report, invariants, load};
use base::config::{Config, Env};
use base::core::{App, Core, Parts};
use base::db::{Db, Place};
use base::files::{self, Files};
use base::i18n::Catalogue;
use base::op::{Ids, Time};
use base::sealer::Signer;
use kernel::access::Policy;
use kernel::{Day, DistrictCode};
use std::path::{Path, PathBuf};

const D: DistrictCode = DistrictCode::GUANDU;

fn day(month: i8, day: i8) -> Day {
    Day::new(2019, month, day).unwrap()
}

/// A core on an empty SQLite file in `dir`, with the shipped playbook in force and ids seeded by `seed`.
async fn core(dir: &Path, seed: u64, files: Files) -> App {
    let db = Db::open(&Place::File(dir.join("t.db"))).await.unwrap();
    let start = day(1, 1).at(7, 0);
    let steps: Vec<_> = base::migrate::MIGRATIONS
        .iter()
        .chain(org::MIGRATIONS)
        .chain(duty::MIGRATIONS)
        .chain(plan::MIGRATIONS)
        .chain(case::MIGRATIONS)
        .copied()
        .collect();
    base::migrate::run(&db, &steps, start).await.unwrap();
    let mut bytes = [7_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let directory = org::directory::OrgDirectory::new();
    let mut extras = base::core::Extras::new();
    extras.insert(duty::follow::Followers::new(&[(case::KIND, case::follow::FOLLOWER)]));
    let parts = Parts {
        db,
        time: Time::set_at(start),
        ids: Ids::seeded(bytes),
        policy: Policy::builtin(),
        signer: Signer::new([3; 32], "guandu.example/ledger"),
        vault: base::vault::Vault::of([7; 32], &[]),
        texts: Catalogue::builtin(),
        files,
        config: Config::load(None, dir, &Env::new()).unwrap(),
        directory: Box::new(directory.clone()),
        nav: Vec::new(),
        node: "test".to_owned(),
        simulated: true,
        scrape: base::metrics::recorder().unwrap().1,
    };
    let app = Core::with(parts, extras);
    directory.bind(&app);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/guandu-2019");
    let sources = base::books::from_folder(&folder).unwrap();
    let who = duty::sweep::system(D).unwrap();
    let (book, _) = app.write(&who, move |op| base::books::store(op, &sources)).await.unwrap();
    app.install(book);
    app
}

fn plan(seed: u64, to: Day) -> Plan {
    Plan::new(seed, day(1, 1), to)
}

/// Plays on a database of its own; `GUANDU_SIM_KEEP` names a folder to keep it in, for looking at it.
fn play(seed: u64, to: Day) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let kept = std::env::var_os("GUANDU_SIM_KEEP").map(PathBuf::from);
        let app = core(kept.as_deref().unwrap_or(dir.path()), seed, Files::memory()).await;
        let report = crate::run(&app, D, &plan(seed, to), |_| {}).await.unwrap();
        look(&app).await;
        app.db.close().await;
        report
    })
}

/// The board as the pages show it; on the horizon day it is the picture that was asked for.
async fn look(app: &App) {
    let who = duty::sweep::system(D).unwrap();
    let now = app.now();
    let board = app.read(&who, move |op| plan::board::load(op, now)).await.unwrap();
    eprintln!("{:?} {:?}", board.lights, app.db.write_stats());
    if now.day() != day(8, 12) {
        return;
    }
    let near = |n: u32, wanted: u32| n.abs_diff(wanted) <= 4;
    let lights = board.lights;
    assert!(near(lights.green, 115) && near(lights.yellow, 22), "{lights:?}");
    assert!(near(lights.red, 11) && near(lights.done, 10), "{lights:?}");
    let late = board.items.iter().find(|i| i.code == "Q-03").unwrap();
    assert_eq!(late.overdue_workdays, 20);
}

#[test]
fn same_seed_same_root() {
    let first = play(7, day(1, 20));
    assert_eq!(first, play(7, day(1, 20)));
    assert_ne!(first.root, play(8, day(1, 20)).root);
    assert!(first.events > 2_000 && first.sealed == first.events, "{first:?}");
    assert!(first.accounts.len() >= 12, "{:?}", first.accounts);
    assert!(first.faults > 0);
    assert!(first.denied.is_empty(), "{:?}", first.denied);
}

/// Two dense weeks with the night of storm in them: everybody in the hotline's story does what is theirs to do.
#[test]
fn a_night_of_storm() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let report = runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let app = core(dir.path(), 5, Files::memory()).await;
        let report = crate::run(&app, D, &Plan::new(5, day(7, 24), day(8, 6)), |_| {}).await.unwrap();
        let merged = app.db.report(|tx| {
            let sql = "select count(*) from case_item where district = $1 and stage = 'linked'";
            tx.one(sql, &[D.into()], |row| row.int(0))
        });
        let merged = merged.await.unwrap().unwrap_or(0);
        eprintln!("{merged} linked; {report} refused {:?}", report.refused);
        assert!(merged >= 10, "calls about one matter are linked");
        app.db.close().await;
        report
    });
    assert!(report.requests > 350, "{report}");
    assert!(report.denied.is_empty(), "the access table and the story disagree: {:?}", report.denied);
}

/// The demo's own run, to its last day: the picture of the horizon is met, and the access table gives everybody in the
/// story what the lifecycle gives them. About half a minute in a debug build, and worth it: the gaps of the table that
/// were ever found showed only after weeks of a simulated year.
#[test]
fn whole_year() {
    let report = play(2019, day(8, 12));
    eprintln!("{:#?}\n{report}", Report { accounts: Vec::new(), ..report.clone() });
    assert!(report.duties > 2_500, "{report:?}");
    assert!(report.denied.is_empty(), "the access table and the story disagree: {:?}", report.denied);
}

#[test]
fn pictures_and_documents_are_admitted() {
    let mut dice = crate::dice::Dice::new(1);
    let png = crate::picture::png(&mut dice);
    assert!(png.len() < 12_000, "{} bytes", png.len());
    files::admit(png.into(), "a.png", "image/png", 1_000_000).unwrap();
    files::admit(crate::picture::pdf(3).into(), "a.pdf", "application/pdf", 1_000_000).unwrap();
}

#[test]
fn bulk_duties_are_sound_and_overdue_ones_climb() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let app = core(dir.path(), 1, Files::memory()).await;
        app.time.set(day(6, 3).at(9, 0));
        load::overdue(&app, 150).await.unwrap();
        load::fill_duties(&app, 150).await.unwrap();
        let who = duty::sweep::system(D).unwrap();
        assert_eq!(duty::sweep::run(&app, &who).await.unwrap(), 150);
        let seen = invariants::of_day(&app, D, &mut invariants::Cursor::default(), true).await.unwrap();
        assert_eq!(seen.touched, 300);
    });
}
