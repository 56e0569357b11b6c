//! PostgreSQL: pooled connections, retries of races, the same synchronous face as SQLite.

mod tls;

use super::{Arg, Row, Tx, WriteStats};
use crate::fault::{DbFault, Fault, Outcome};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

/// Connections to the server; each transaction in flight holds one and one blocking thread.
const POOL: usize = 16;
/// Times that a race is tried again before the asker hears of it.
const TRIES: u32 = 6;

pub(super) struct Pg {
    pool: Pool,
    commits: AtomicU64,
}

/// A PostgreSQL transaction that is open.
pub struct PgTx<'c> {
    client: &'c Object,
    handle: &'c Handle,
}

impl Pg {
    pub(super) async fn open(url: &str) -> Outcome<Pg> {
        let tls::Address { mut config, tls } = tls::address(url)?;
        config.application_name("guandu");
        let recycle = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls {
            Some(tls) => Manager::from_config(config, tls, recycle),
            None => Manager::from_config(config, NoTls, recycle),
        };
        let pool = Pool::builder(manager)
            .max_size(POOL)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| Fault::broken(format!("pool: {e}")))?;
        let pg = Pg { pool, commits: AtomicU64::new(0) };
        let _first = pg.client().await?;
        Ok(pg)
    }

    async fn client(&self) -> Outcome<Object> {
        self.pool.get().await.map_err(|e| Fault::Db(DbFault::Away(causes(&e))))
    }

    pub(super) async fn write<T, F>(&self, mut f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        let client = self.client().await?;
        let handle = Handle::current();
        let run = move || {
            let mut tried = 0;
            loop {
                tried += 1;
                let result = attempt(&client, &handle, "begin isolation level read committed", &mut f);
                match result {
                    Err(e) if e.is_race() && tried < TRIES => {}
                    other => return other,
                }
            }
        };
        let result =
            tokio::task::spawn_blocking(run).await.map_err(|e| Fault::broken(format!("write: {e}")))?;
        if result.is_ok() {
            self.commits.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    pub(super) async fn read<T, F>(&self, f: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        let client = self.client().await?;
        let handle = Handle::current();
        let run = move || {
            let mut f = Some(f);
            let mut once = |tx: &mut Tx<'_>| match f.take() {
                Some(f) => f(tx),
                None => Err(Fault::broken("read ran twice")),
            };
            attempt(&client, &handle, "begin isolation level repeatable read read only", &mut once)
        };
        tokio::task::spawn_blocking(run).await.map_err(|e| Fault::broken(format!("read: {e}")))?
    }

    pub(super) fn stats(&self) -> WriteStats {
        let commits = self.commits.load(Ordering::Relaxed);
        WriteStats { commits, writes: commits }
    }
}

/// An error with its causes: "error performing TLS handshake" alone helps nobody.
fn causes(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut next = e.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

fn attempt<T>(
    client: &Object,
    handle: &Handle,
    begin: &str,
    f: &mut impl FnMut(&mut Tx<'_>) -> Outcome<T>,
) -> Outcome<T> {
    handle.block_on(client.batch_execute(begin)).map_err(|e| fault(&e, begin))?;
    let result = f(&mut Tx::Pg(PgTx { client, handle }));
    let end = if result.is_ok() { "commit" } else { "rollback" };
    let ended = handle.block_on(client.batch_execute(end)).map_err(|e| fault(&e, end));
    // A failed use-case is told before a failed rollback: it is the cause.
    let value = result?;
    ended.map(|()| value)
}

impl PgTx<'_> {
    pub(super) fn exec(&mut self, sql: &str, args: &[Arg<'_>]) -> Outcome<u64> {
        let run = async {
            let stmt = self.client.prepare_cached(sql).await?;
            self.client.execute(&stmt, &refs(args)).await
        };
        self.handle.block_on(run).map_err(|e| fault(&e, sql))
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let run = async {
            let stmt = self.client.prepare_cached(sql).await?;
            self.client.query(&stmt, &refs(args)).await
        };
        let rows = self.handle.block_on(run).map_err(|e| fault(&e, sql))?;
        rows.iter().try_for_each(|row| visit(&Row::Pg(row)))
    }

    pub(super) fn prepare_only(&mut self, sql: &str) -> Outcome<()> {
        self.handle.block_on(self.client.prepare(sql)).map(|_| ()).map_err(|e| fault(&e, sql))
    }

    pub(super) fn script(&mut self, sql: &str) -> Outcome<()> {
        self.handle.block_on(self.client.batch_execute(sql)).map_err(|e| fault(&e, sql))
    }
}

fn refs<'a>(args: &'a [Arg<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|arg| -> &(dyn ToSql + Sync) { arg }).collect()
}

fn fault(e: &tokio_postgres::Error, sql: &str) -> Fault {
    let text = match e.as_db_error() {
        Some(db) => format!("{}: {}", db.code().code(), db.message()),
        None => e.to_string(),
    };
    let Some(code) = e.code() else {
        return Fault::Db(if e.is_closed() {
            DbFault::Away(text)
        } else {
            DbFault::Other(format!("{text} in: {sql}"))
        });
    };
    Fault::Db(match code {
        c if *c == SqlState::UNIQUE_VIOLATION => DbFault::Duplicate(text),
        c if c.code().starts_with("23") => DbFault::Constraint(text),
        c if *c == SqlState::T_R_SERIALIZATION_FAILURE || *c == SqlState::T_R_DEADLOCK_DETECTED => {
            DbFault::Raced(text)
        }
        c if c.code().starts_with("08") || c.code().starts_with("57P") => DbFault::Away(text),
        c if *c == SqlState::DISK_FULL => DbFault::Full(text),
        _ => DbFault::Other(format!("{text} in: {sql}")),
    })
}
