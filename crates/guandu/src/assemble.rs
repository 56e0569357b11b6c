//! From configuration to a running core.

use crate::areas;
use base::config::{Config, ConfigFault, Env};
use base::core::{App, Core, Parts};
use base::db::Db;
use base::files::Files;
use base::i18n::Catalogue;
use base::keyfile;
use base::metrics::Scrape;
use base::op::{Ids, Time, Who};
use base::sealer::Signer;
use base::{Fault, Outcome, books};
use kernel::access::Policy;
use kernel::{DistrictCode, Instant, Lang, Refuse};
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
        .map_err(|faults| faults.iter().map(worded).collect::<Vec<_>>())?;
    if place.dir.is_some() {
        config.storage.dir.clone_from(&dir);
    }
    if let Some(url) = &place.database {
        config.storage.database_url = base::config::Secret::new(url);
    }
    Ok(config)
}

/// A configuration fault in both languages: which key, which value, why, what to do.
fn worded(fault: &ConfigFault) -> String {
    let field = fault.field().unwrap_or_default();
    let value = fault.value().map_or_else(String::new, |v| format!(" = {v}"));
    let say = |lang| format!("{} {}", fault.reason(lang), fault.next(lang));
    format!("{field}{value}: [{}] {} / {}", fault.code(), say(Lang::Zh), say(Lang::En))
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
    let lived = if how.simulated { None } else { simulated_until(&db).await? };
    let time = match (lived, how.time) {
        // A simulated district goes on from where the simulation ended, not from today.
        (Some(last), Time::Real { offset: 0 }) => Time::starting_at(last),
        (_, given) => given,
    };
    let directory = OrgDirectory::new();
    let key_file = in_dir(&config, &config.vault.key_file);
    let vault = base::vault::held(&db, &config.vault.key, &key_file, random()?).await?;
    let secret = secret(&db, &config).await?;
    let signer = Signer::new(secret, config.ledger.origin.clone());
    let texts = Catalogue::with(&areas::texts()).map_err(|faults| Fault::broken(faults.to_string()))?;
    let files = Files::folder(&config.storage.evidence)?;
    let ids = match how.seed {
        Some(seed) => Ids::seeded(seed),
        None => Ids::real()?,
    };
    let node: [u8; 6] = ids.bytes();
    let parts = Parts {
        db,
        time,
        ids,
        policy: Policy::builtin(),
        signer,
        vault,
        texts,
        files,
        config,
        directory: Box::new(directory.clone()),
        nav: areas::navigation(),
        node: base::hex(&node),
        simulated: how.simulated || lived.is_some(),
        scrape: how.scrape,
    };
    let mut extras = base::core::Extras::new();
    extras.insert(areas::webhook_kinds());
    extras.insert(areas::followers());
    extras.insert(case::advise::Shelf::default());
    extras.insert(base::feed::Feed::new(areas::queues()));
    let core = Core::with(parts, extras);
    directory.bind(&core);
    books::install_all(&core).await?;
    reseal(&core).await?;
    Ok(core)
}

/// Seals what lies in the clear from before the vault, or under a key that has turned since.
async fn reseal(core: &App) -> Outcome<()> {
    for district in core.districts() {
        let vault = core.vault().clone();
        let done = core
            .db
            .write(move |tx| {
                let hooks = base::outbox::hooks::reseal(tx, &vault, district)?;
                Ok(hooks + org::store::reseal(tx, &vault, district)?)
            })
            .await?;
        if done > 0 {
            tracing::info!(%district, rows = done, "secrets were sealed with the newest key");
        }
    }
    Ok(())
}

/// The key that signs checkpoints and receipts; made at the first start and never beside checkpoints of a lost one.
async fn secret(db: &Db, config: &Config) -> Outcome<[u8; 32]> {
    let path = in_dir(config, &config.ledger.key_file);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return keyfile::parse(text.trim()).ok_or_else(|| {
            Fault::broken(format!("{}: the ledger key is not 64 hexadecimal digits", path.display()))
        });
    }
    let sealed = db.read(|tx| tx.one("select count(*) from checkpoint", &[], |row| row.count(0))).await?;
    if sealed.unwrap_or(0) > 0 {
        return Err(Fault::broken(format!(
            "{}: the ledger key is missing, and the ledger was signed with it; put the copy of the key back",
            path.display()
        )));
    }
    let secret = random()?;
    keyfile::write_private(&path, &base::hex(&secret))?;
    Ok(secret)
}

/// 32 bytes that nobody can foretell, for a key.
pub fn random() -> Outcome<[u8; 32]> {
    let mut out = [0_u8; 32];
    getrandom::fill(&mut out).map_err(|e| Fault::broken(format!("random: {e}")))?;
    Ok(out)
}

/// Name of the setting that marks a district's data as simulated.
pub const SIMULATED: &str = "simulated";

/// Marks the data as simulated, for good: every page and every later start shows it.
pub async fn mark_simulated(app: &App, district: DistrictCode) -> Outcome<()> {
    let sql = "insert into setting (district, name, value) values ($1, $2, '1') on conflict (district, name) do nothing";
    app.db.write(move |tx| tx.exec(sql, &[district.into(), SIMULATED.into()]).map(|_| ())).await
}

/// The last simulated moment, or none when the data are real.
async fn simulated_until(db: &Db) -> Outcome<Option<Instant>> {
    db.read(|tx| {
        let marked =
            tx.one("select district from setting where name = $1", &[SIMULATED.into()], |row| row.int(0))?;
        let Some(district) = marked else { return Ok(None) };
        let sql = "select max(at) from event where district = $1";
        let last = tx.one(sql, &[district.into()], |row| row.instant_opt(0))?.flatten();
        let opening = Instant::parse("opening", OPENING)?;
        Ok(Some(last.unwrap_or(opening).max(opening)))
    })
    .await
}

/// When the demo begins: the morning on which the article appeared.
pub const OPENING: &str = "2019-08-12T09:58";

/// A path of the configuration; relative ones lie in the data folder.
pub fn in_dir(config: &Config, path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_path_buf() } else { config.storage.dir.join(path) }
}

/// The command line's own actor: whoever owns the machine owns the data. It holds the system's role.
pub fn owner(district: DistrictCode) -> Outcome<Who> {
    duty::sweep::system(district)
}

/// Stores a playbook and puts it into force.
pub async fn load_playbook(
    app: &App,
    files: books::Sources,
) -> Outcome<(Arc<kernel::playbook::Playbook>, bool)> {
    let district = books::district_of(&files)?;
    let who = owner(district)?;
    let (book, fresh) = app.write(&who, move |op| books::store(op, &files)).await?;
    app.install(book.clone());
    Ok((book, fresh))
}
