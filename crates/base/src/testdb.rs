//! Databases for tests: one body, run on SQLite and, when `GUANDU_TEST_PG` names a server, on PostgreSQL too.

use crate::db::{Db, Place};
use crate::fault::Outcome;
use kernel::{Day, DistrictCode, Instant};

/// The tenant of tests.
pub(crate) const D: DistrictCode = DistrictCode::GUANDU;

/// Where tests begin: 2019-08-12 09:00 in the district.
pub(crate) fn start() -> Instant {
    Day::new(2019, 8, 12).unwrap().at(9, 0)
}

/// Runs `body` on an empty migrated database of each backend; `name` must be unique among the tests.
pub(crate) fn both(name: &str, body: impl AsyncFn(Db) -> Outcome<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        run(db, &body).await;
        match std::env::var("GUANDU_TEST_PG") {
            Ok(url) => run(schema(&url, name).await, &body).await,
            Err(_) => eprintln!("{name}: PostgreSQL half skipped, GUANDU_TEST_PG is not set"),
        }
    });
}

async fn run(db: Db, body: &impl AsyncFn(Db) -> Outcome<()>) {
    crate::migrate::run(&db, crate::migrate::MIGRATIONS, start()).await.unwrap();
    body(db.clone()).await.unwrap();
    db.close().await;
}

/// A schema of its own, emptied first: leftovers of a failed run are bounded by the number of tests.
async fn schema(url: &str, name: &str) -> Db {
    let admin = Db::open(&Place::Url(url.to_owned())).await.unwrap();
    let sql = format!("drop schema if exists t_{name} cascade; create schema t_{name}");
    admin.write(move |tx| tx.script(&sql)).await.unwrap();
    let join = if url.contains('?') { '&' } else { '?' };
    Db::open(&Place::Url(format!("{url}{join}options=-c%20search_path%3Dt_{name}"))).await.unwrap()
}
