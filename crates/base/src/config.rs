//! Configuration: the embedded defaults, then one TOML file, then the environment; later wins.
//!
//! [`DEFAULT_TOML`] is both the documentation that `guandu config dump` prints and the list of keys that exist: a key
//! that is not in it is a fault that names the nearest one, so that a misspelt setting never silently does nothing.
//! All faults are found in one go.
//!
//! ```
//! use base::config::{Config, Env};
//! let env = Env::from([("GUANDU__SERVER__LISTEN".to_owned(), "127.0.0.1:9000".to_owned())]);
//! let config = Config::load(None, std::path::Path::new("/nowhere"), &env).unwrap();
//! assert_eq!(config.server.listen.port(), 9000);
//! ```

mod fault;
mod read;
#[cfg(test)]
mod tests;

pub use fault::ConfigFault;

use crate::db::Place;
use kernel::Lang;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The documented defaults.
pub const DEFAULT_TOML: &str = include_str!("../config/default.toml");
/// Name of the file that is read from the data folder when none is given.
pub const FILE_NAME: &str = "guandu.toml";

/// Environment variables by name; the caller passes the real ones, so that a test can pass its own.
pub type Env = BTreeMap<String, String>;

/// A text that must not reach a log: `Debug` hides it, only [`Secret::expose`] shows it.
#[derive(Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }
    /// The secret itself; only for the call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
    /// True when none is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(hidden)" })
    }
}

/// The whole configuration, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Listening and addresses.
    pub server: Server,
    /// Where the data are.
    pub storage: Storage,
    /// Sessions and signing in.
    pub security: Security,
    /// General limits on requests.
    pub limits: Limits,
    /// Outgoing mail.
    pub mail: Mail,
    /// Outgoing webhooks.
    pub webhooks: Webhooks,
    /// Logging.
    pub logs: Logs,
    /// Signing of the ledger.
    pub ledger: Ledger,
    /// Sealing of secrets and personal data.
    pub vault: VaultKeys,
    /// Language of somebody who has not chosen.
    pub language: Lang,
    /// Every key with the value in force, secrets hidden, for `guandu config show` and `doctor`.
    pub effective: BTreeMap<String, String>,
}

/// Listening and addresses.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// The address that people type, without a slash at the end.
    pub public_url: String,
    /// Whether `X-Forwarded-For` is believed.
    pub trust_proxy: bool,
    /// Largest request in bytes.
    pub body_limit: usize,
}

/// Where the data are.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Folder of the database and the evidence.
    pub dir: PathBuf,
    /// PostgreSQL address; empty for SQLite.
    pub database_url: Secret,
    /// Folder under which `evidence/` lies.
    pub evidence: PathBuf,
}

impl Storage {
    /// The database to open.
    pub fn place(&self) -> Place {
        if self.database_url.is_empty() {
            Place::File(self.dir.join("guandu.db"))
        } else {
            Place::Url(self.database_url.expose().to_owned())
        }
    }
}

/// Who needs a code from a phone as well as a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nobody.
    Off,
    /// Each person decides.
    Optional,
    /// Everybody.
    Required,
}

/// Sessions and signing in.
#[derive(Debug, Clone)]
pub struct Security {
    /// Minutes without a request after which a session ends.
    pub session_minutes: u32,
    /// Hours after which a session ends in any case.
    pub absolute_hours: u32,
    /// Second factor.
    pub second_factor: SecondFactor,
    /// Wrong passwords in a row before a login is locked.
    pub sign_in_tries: u32,
    /// Minutes of the first lock.
    pub lock_minutes: u32,
    /// Bearer token of `/metrics`; empty: only from the machine itself.
    pub metrics_token: Secret,
}

/// Outgoing mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whether mails are sent at all.
    pub enabled: bool,
    /// Server, with user and password.
    pub smtp_url: Secret,
    /// Sender.
    pub from: String,
}

/// Outgoing webhooks.
#[derive(Debug, Clone, Copy)]
pub struct Webhooks {
    /// Allows http and private receivers.
    pub allow_private: bool,
    /// Seconds that a receiver has.
    pub timeout: u32,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Logging.
#[derive(Debug, Clone)]
pub struct Logs {
    /// Form.
    pub format: LogFormat,
    /// Level or filter.
    pub level: String,
}

/// Signing of the ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// File of the signing key.
    pub key_file: PathBuf,
    /// Name of the log in its checkpoints.
    pub origin: String,
}

/// Sealing of secrets and personal data.
#[derive(Debug, Clone)]
pub struct VaultKeys {
    /// File of the keys.
    pub key_file: PathBuf,
    /// The keys themselves; empty: those of the file.
    pub key: Secret,
}

/// How often in the long run and how often at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests in a second over time, at least 1.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

/// General limits on requests.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Whether they are counted at all.
    pub enabled: bool,
    /// Of one session: what changes something.
    pub writes: Rate,
    /// Of one session: pages and reads.
    pub reads: Rate,
    /// Of one address without a session.
    pub public: Rate,
    /// Of one address in all.
    pub address: Rate,
}
