//! A district with some weeks behind it: simulated once for all guards, copied for each.

use crate::world::{D, World};
use base::db::{Db, Place};
use kernel::Day;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// The last simulated day.
pub(crate) const LAST: &str = "2019-01-18";

struct Filled {
    dir: TempDir,
}

static FILLED: LazyLock<Filled> = LazyLock::new(|| {
    // A runtime of its own on a thread of its own: whoever asks first may stand inside another.
    // Its end closes the last connection, so that the folder holds the whole and stands still.
    std::thread::spawn(|| runtime().block_on(fill())).join().unwrap()
});

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

async fn fill() -> Filled {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
    let w = World::seeded(db, dir, 5).await;
    let plan = sim::Plan {
        faults: false,
        ..sim::Plan::new(2019, Day::new(2019, 1, 1).unwrap(), Day::parse("last", LAST).unwrap())
    };
    let report = sim::run(&w.app, D, &plan, |_| {}).await.unwrap();
    assert!(report.denied.is_empty(), "the access table and the story disagree: {:?}", report.denied);
    w.app.db.close().await;
    Filled { dir: w.into_folder() }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Guards open more pages in a second than any person may.
async fn unlimited(db: Db, dir: TempDir) -> World {
    World::configured(db, dir, 7, |config| config.limits.enabled = false).await
}

/// Runs a story in a copy of the filled district, on the morning after its last day.
pub(crate) fn with<F: AsyncFn(World)>(story: F) {
    let dir = tempfile::tempdir().unwrap();
    copy(FILLED.dir.path(), dir.path());
    runtime().block_on(async {
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        let w = unlimited(db, dir).await;
        w.at("2019-01-19T09:30");
        story(w).await;
    });
}

/// Runs a story in a district without anything but its playbook.
pub(crate) fn empty<F: AsyncFn(World)>(story: F) {
    runtime().block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        story(unlimited(db, dir).await).await;
    });
}
