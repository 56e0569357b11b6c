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
    let steps: Vec<_> =
        base::migrate::MIGRATIONS.iter().chain(org::MIGRATIONS).chain(duty::MIGRATIONS).copied().collect();
    base::migrate::run(&db, &steps, start).await.unwrap();
    let mut bytes = [7_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let directory = org::directory::OrgDirectory::new();
    let app = Core::new(Parts {
        db,
        time: Time::set_at(start),
        ids: Ids::seeded(bytes),
        policy: Policy::builtin(),
        signer: Signer::new([3; 32], "guandu.example/ledger"),
        texts: Catalogue::builtin(),
        files,
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
    app
}

fn plan(seed: u64, to: Day) -> Plan {
    Plan { seed, from: day(1, 1), to, intensity: 100, password_hash: "$argon2id$none".to_owned(), faults: true }
}

fn play(seed: u64, to: Day) -> Report {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let app = core(dir.path(), seed, Files::memory()).await;
        let report = crate::run(&app, D, &plan(seed, to), |_| {}).await.unwrap();
        app.db.close().await;
        report
    })
}

#[test]
fn same_seed_same_root() {
    let first = play(7, day(1, 20));
    assert_eq!(first, play(7, day(1, 20)));
    assert_ne!(first.root, play(8, day(1, 20)).root);
    assert!(first.events > 2_000 && first.sealed == first.events, "{first:?}");
    assert!(first.accounts.len() >= 12, "{:?}", first.accounts);
    assert!(first.faults > 0);
}

/// The demo's whole year; several minutes without optimisation, so it runs by name: `--ignored whole_year`.
#[test]
#[ignore = "a whole year takes minutes in a debug build"]
fn whole_year() {
    let report = play(2019, day(8, 12));
    eprintln!("{report:#?}");
    assert!(report.duties > 2_500, "{report:?}");
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
        load::overdue(&app, D, 150, |_| {}).await.unwrap();
        load::fill_duties(&app, D, 150, |_| {}).await.unwrap();
        let who = duty::sweep::system(D).unwrap();
        assert!(duty::sweep::run(&app, &who).await.unwrap() >= 150);
        let seen = invariants::of_day(&app, D, &mut invariants::Cursor::default(), true).await.unwrap();
        assert_eq!(seen.touched, 300);
    });
}
