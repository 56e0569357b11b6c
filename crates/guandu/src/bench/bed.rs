//! A small district to measure on: a database, the article's playbook, signed-in posts.

use crate::assemble::{How, Where, assemble, configure, load_playbook};
use crate::cli::demo::guandu_2019;
use base::core::App;
use base::op::Time;
use base::session::{self, New, Terms};
use base::{Fault, Outcome};
use kernel::{DistrictCode, Instant, PostCode};
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// When every bench begins.
const MORNING: &str = "2019-08-12T10:00";

/// Where a bench keeps its data; a temporary folder goes with it.
pub(super) struct Place {
    dir: PathBuf,
    database: Option<String>,
    temporary: bool,
}

impl Place {
    /// The given folder, or a new temporary one.
    pub(super) fn new(dir: Option<PathBuf>, database: Option<String>) -> Outcome<Place> {
        let temporary = dir.is_none();
        let dir = dir.unwrap_or_else(|| {
            let mut name = [0_u8; 6];
            let _random = getrandom::fill(&mut name);
            std::env::temp_dir().join(format!("guandu-bench-{}", base::hex(&name)))
        });
        std::fs::create_dir_all(&dir)?;
        Ok(Place { dir, database, temporary })
    }
    /// The folder.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
    /// The same for the command line of a child process.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut list = vec!["--dir".to_owned(), self.dir.display().to_string()];
        if let Some(url) = &self.database {
            list.extend(["--database".to_owned(), url.clone()]);
        }
        list
    }
    /// Name of the backend for the report.
    pub(super) fn backend(&self) -> &'static str {
        if self.database.is_some() { "postgresql" } else { "sqlite" }
    }
    /// Opens a core on it whose clock starts on the morning of the article.
    pub(super) async fn open(&self) -> Outcome<App> {
        self.open_at(Time::starting_at(Instant::parse("start", MORNING)?)).await
    }
    /// The same with a clock that stands, for filling with a past.
    pub(super) async fn open_standing(&self) -> Outcome<App> {
        self.open_at(Time::set_at(Instant::parse("start", MORNING)?)).await
    }
    async fn open_at(&self, time: Time) -> Outcome<App> {
        let place = Where { dir: Some(self.dir.clone()), database: self.database.clone(), config: None };
        let mut config = configure(&place).map_err(|f| Fault::broken(f.join("\n")))?;
        // A bench is one session that asks as often as it can.
        config.limits.enabled = false;
        let scrape = base::metrics::recorder()?.1;
        let app = assemble(config, How { time, seed: None, simulated: true, scrape }).await?;
        if app.districts().is_empty() {
            load_playbook(&app, guandu_2019()).await?;
        }
        Ok(app)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            let _left_behind_at_worst = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// A bearer token for a post, with a person of its own.
pub(super) async fn token(app: &App, post: &str) -> Outcome<String> {
    let district = DistrictCode::GUANDU;
    let who = crate::assemble::owner(district)?;
    let post = PostCode::parse("post", post)?;
    let login = Login::parse("login", &format!("bench-{}", post.as_str().replace('.', "-")))?;
    let new = NewPerson {
        login,
        name: "bench".to_owned(),
        email: String::new(),
        password_hash: "none".to_owned(),
        must_change: false,
    };
    let tokens: ([u8; 32], [u8; 32]) = (app.ids.bytes(), app.ids.bytes());
    app.write(&who, move |op| {
        let person = add_unjudged(op, &new)?;
        appoint_unjudged(op, person, &post)?;
        let session =
            New { token: tokens.0, csrf: tokens.1, person, post: post.clone(), second_factor: true };
        let terms = Terms { idle: 36_000, absolute: 36_000 };
        Ok(session::create(op.tx, district, &session, terms, op.now())?.1)
    })
    .await
}

/// The whole service on a port of its own; ends when the handle is aborted.
pub(super) async fn listen(app: &App) -> Outcome<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = crate::server::service(app).into_make_service_with_connect_info::<SocketAddr>();
    let task = tokio::spawn(async move {
        let _ended = axum::serve(listener, service).await;
    });
    Ok((address, task))
}

/// Milliseconds below which a share of the sorted `micros` lies.
pub(super) fn percentile(micros: &mut [u64], share: f64) -> f64 {
    micros.sort_unstable();
    let last = micros.len().saturating_sub(1);
    let wanted = number(last) * share;
    let at = micros.iter().enumerate().find(|(i, _)| number(*i) >= wanted).map_or(0, |(_, m)| *m);
    (number(usize::try_from(at).unwrap_or(usize::MAX)) / 10.0).round() / 100.0
}

/// A count as a number to divide; exact up to 2^32, which is more than any bench counts.
pub(super) fn number(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// Rounded to one decimal.
pub(super) fn round(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}
