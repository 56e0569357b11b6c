//! From configuration to a running core.

use crate::areas;
use base::config::{Config, Env, FILE_NAME};
use base::core::{App, Core, Parts};
use base::db::Db;
use base::files::Files;
use base::i18n::Catalogue;
use base::metrics::Scrape;
use base::op::{Ids, Time, Who};
use base::sealer::Signer;
use base::{Fault, Outcome, books};
use kernel::DistrictCode;
use kernel::access::Policy;
use org::directory::OrgDirectory;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the data are, as the command line says it.
#[derive(Debug, Clone, Default)]
pub struct Where {
    /// Data folder.
    pub dir: Option<PathBuf>,
    /// PostgreSQL address.
    pub database: Option<String>,
    /// Configuration file.
    pub config: Option<PathBuf>,
}

/// How the core is put together beside what the configuration says.
pub struct How {
    /// Where "now" comes from.
    pub time: Time,
    /// Seed of ids and salts; none for the operating system's.
    pub seed: Option<[u8; 32]>,
    /// True for a demo.
    pub simulated: bool,
    /// Figures for Prometheus.
    pub scrape: Scrape,
}

/// Reads the configuration; what the command line says goes before the file.
pub fn configure(place: &Where) -> Result<Config, Vec<String>> {
    let env: Env = std::env::vars().collect();
    let dir = place.dir.clone().unwrap_or_else(|| PathBuf::from("data"));
    let mut config = Config::load(place.config.as_deref(), &dir, &env)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    if place.dir.is_some() {
        config.storage.dir.clone_from(&dir);
    }
    if let Some(url) = &place.database {
        config.storage.database_url = base::config::Secret::new(url);
    }
    Ok(config)
}

/// Opens everything: folder, database, schema, key, playbooks.
pub async fn assemble(config: Config, how: How) -> Outcome<App> {
    std::fs::create_dir_all(&config.storage.dir)?;
    let db = Db::open(&config.storage.place()).await?;
    base::migrate::run(&db, &areas::migrations(), base::op::machine_now()).await?;
    assemble_on(db, config, how).await
}

/// The same on a database that is open and migrated.
pub async fn assemble_on(db: Db, config: Config, how: How) -> Outcome<App> {
    let directory = OrgDirectory::new();
    let signer = Signer::new(secret(&config)?, origin(&config));
    let texts = Catalogue::with(&areas::texts()).map_err(|faults| Fault::broken(faults.to_string()))?;
    let files = Files::folder(&config.storage.evidence)?;
    let ids = match how.seed {
        Some(seed) => Ids::seeded(seed),
        None => Ids::real()?,
    };
    let node: [u8; 6] = ids.bytes();
    let core = Core::new(Parts {
        db,
        time: how.time,
        ids,
        policy: Policy::builtin(),
        signer,
        texts,
        files,
        config,
        directory: Box::new(directory.clone()),
        nav: areas::navigation(),
        node: base::hex(&node),
        simulated: how.simulated,
        scrape: how.scrape,
    });
    directory.bind(&core);
    books::install_all(&core).await?;
    Ok(core)
}

/// The key that signs checkpoints and receipts; made at the first start.
fn secret(config: &Config) -> Outcome<[u8; 32]> {
    let path = in_dir(config, &config.ledger.key_file);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return parse_key(text.trim()).ok_or_else(|| {
            Fault::broken(format!("{}: the ledger key is not 64 hexadecimal digits", path.display()))
        });
    }
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|e| Fault::broken(format!("random: {e}")))?;
    write_private(&path, &base::hex(&secret))?;
    Ok(secret)
}

fn parse_key(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut out = [0_u8; 32];
    for (byte, pair) in out.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> Outcome<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> Outcome<()> {
    Ok(std::fs::write(path, text)?)
}

fn in_dir(config: &Config, path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_path_buf() } else { config.storage.dir.join(path) }
}

/// The base name of the logs: as configured, else the host that people type.
fn origin(config: &Config) -> String {
    if !config.ledger.origin.is_empty() {
        return config.ledger.origin.clone();
    }
    let host = config.server.public_url.split("://").nth(1).unwrap_or("localhost");
    format!("{}/log", host.split('/').next().unwrap_or("localhost"))
}

/// Where the configuration file would be.
pub fn config_path(place: &Where) -> PathBuf {
    place.config.clone().unwrap_or_else(|| place.dir.clone().unwrap_or_else(|| PathBuf::from("data")).join(FILE_NAME))
}

/// The command line's own actor: whoever owns the machine owns the data. It holds the system's role.
pub fn owner(district: DistrictCode) -> Outcome<Who> {
    duty::sweep::system(district)
}

/// Stores a playbook and puts it into force.
pub async fn load_playbook(app: &App, files: books::Sources) -> Outcome<(Arc<kernel::playbook::Playbook>, bool)> {
    let district = books::district_of(&files)?;
    let who = owner(district)?;
    let (book, fresh) = app.write(&who, move |op| books::store(op, &files)).await?;
    app.install(book.clone());
    Ok((book, fresh))
}
