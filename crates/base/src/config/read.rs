//! Reading: layers are checked against the keys of the defaults, merged, and parsed into the section structs.

use super::{
    Config, ConfigFault, DEFAULT_TOML, Env, FILE_NAME, Ledger, Limits, LogFormat, Logs, Mail, Rate,
    SecondFactor, Secret, Security, Server, Storage, VaultKeys, Webhooks,
};
use ::config::{Environment, File, FileFormat};
use kernel::Lang;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const PREFIX: &str = "GUANDU__";
/// Keys whose values are never shown.
const SECRETS: [&str; 4] = ["storage.database_url", "security.metrics_token", "mail.smtp_url", "vault.key"];

impl Config {
    /// Reads the defaults, then `file` (which must exist) or else `data_dir/guandu.toml` (which may be absent), then
    /// the `GUANDU__…` variables of `env`. Returns every fault that it finds, not only the first.
    pub fn load(file: Option<&Path>, data_dir: &Path, env: &Env) -> Result<Config, Vec<ConfigFault>> {
        let known = leaves(DEFAULT_TOML, "default").map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let text = own_text(file, data_dir).map_err(|fault| vec![fault])?;
        let path = file.map_or_else(|| data_dir.join(FILE_NAME), Path::to_path_buf).display().to_string();
        match leaves(&text, &path) {
            Ok(given) => check_keys(&given, &known, &mut faults),
            Err(fault) => return Err(vec![fault]),
        }
        let vars: BTreeMap<String, String> = env
            .iter()
            .filter(|(name, _)| name.starts_with(PREFIX))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        for name in vars.keys() {
            let key = name.trim_start_matches(PREFIX).to_ascii_lowercase().replace("__", ".");
            if !known.contains_key(&key) {
                faults.push(ConfigFault::UnknownKey { nearest: nearest(&key, &known), key });
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let source = Environment::with_prefix("GUANDU").prefix_separator("__").separator("__");
        let merged = ::config::Config::builder()
            .add_source(File::from_str(DEFAULT_TOML, FileFormat::Toml))
            .add_source(File::from_str(&text, FileFormat::Toml))
            .add_source(source.source(Some(vars.into_iter().collect())))
            .build()
            .map_err(|e| vec![ConfigFault::Syntax { path, text: e.to_string() }])?;
        let mut reader = Reader { merged, faults, data_dir: data_dir.to_path_buf() };
        let config = reader.config(&known);
        if reader.faults.is_empty() { Ok(config) } else { Err(reader.faults) }
    }
}

fn own_text(file: Option<&Path>, data_dir: &Path) -> Result<String, ConfigFault> {
    let (path, optional) = match file {
        Some(path) => (path.to_path_buf(), false),
        None => (data_dir.join(FILE_NAME), true),
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(e) if optional && e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(ConfigFault::Unreadable { path: path.display().to_string(), cause: e.to_string() }),
    }
}

/// Every `section.key` of a TOML text with its value; a section that is not a table counts as a key itself.
fn leaves(text: &str, path: &str) -> Result<BTreeMap<String, toml::Value>, ConfigFault> {
    // Line and message only: the parser's own text quotes the line, which may hold a password.
    let table: toml::Table = toml::from_str(text).map_err(|e: toml::de::Error| {
        let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigFault::Syntax { path: path.to_owned(), text: format!("{line}: {}", e.message()) }
    })?;
    let mut out = BTreeMap::new();
    for (section, value) in table {
        match value {
            toml::Value::Table(inner) => {
                out.extend(inner.into_iter().map(|(key, value)| (format!("{section}.{key}"), value)));
            }
            other => {
                out.insert(section, other);
            }
        }
    }
    Ok(out)
}

fn check_keys(
    given: &BTreeMap<String, toml::Value>,
    known: &BTreeMap<String, toml::Value>,
    faults: &mut Vec<ConfigFault>,
) {
    for (key, value) in given {
        match known.get(key) {
            None => faults.push(ConfigFault::UnknownKey { key: key.clone(), nearest: nearest(key, known) }),
            Some(default) if default.type_str() != value.type_str() => {
                let secret = SECRETS.iter().any(|s| key.starts_with(s));
                let given = if secret { String::new() } else { value.to_string() };
                faults.push(ConfigFault::WrongType { key: key.clone(), given, needs: needs(default) });
            }
            Some(_) => {}
        }
    }
}

fn needs(default: &toml::Value) -> (&'static str, &'static str) {
    match default {
        toml::Value::Integer(_) => ("整数，不加引号", "a whole number without quotes"),
        toml::Value::Boolean(_) => ("true或false，不加引号", "true or false without quotes"),
        _ => ("加引号的文字", "a text in quotes"),
    }
}

/// The known key with the fewest edits, when it is near enough to be a slip.
fn nearest(key: &str, known: &BTreeMap<String, toml::Value>) -> Option<String> {
    let cap = 2 + key.len() / 6;
    known.keys().map(|k| (edits(key, k), k)).min().filter(|(n, _)| *n <= cap).map(|(_, k)| k.clone())
}

/// Edit distance (insert, delete, replace).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((y, above_left), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or_default();
            let replace = above_left + usize::from(x != *y);
            next.push(replace.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

struct Reader {
    merged: ::config::Config,
    faults: Vec<ConfigFault>,
    data_dir: PathBuf,
}

impl Reader {
    fn text(&self, key: &str) -> String {
        self.merged.get_string(key).unwrap_or_default().trim().to_owned()
    }
    fn bad(&mut self, key: &'static str, needs: (&'static str, &'static str)) {
        let given = if SECRETS.contains(&key) { String::new() } else { self.text(key) };
        self.faults.push(ConfigFault::BadValue { key, given, needs });
    }
    fn flag(&mut self, key: &'static str) -> bool {
        self.merged.get_bool(key).unwrap_or_else(|_| {
            self.bad(key, ("true或false", "true or false"));
            false
        })
    }
    /// A whole number within bounds that `needs` words.
    fn number(&mut self, key: &'static str, min: u32, max: u32, needs: (&'static str, &'static str)) -> u32 {
        let found = self.merged.get_int(key).ok().and_then(|n| u32::try_from(n).ok());
        match found.filter(|n| (min..=max).contains(n)) {
            Some(n) => n,
            None => {
                self.bad(key, needs);
                min
            }
        }
    }
    /// One of the words of `choices`.
    fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        or: T,
        needs: (&'static str, &'static str),
    ) -> T {
        let given = self.text(key);
        match choices.iter().find(|(word, _)| *word == given) {
            Some((_, value)) => *value,
            None => {
                self.bad(key, needs);
                or
            }
        }
    }
    /// A path; relative ones start at `base`.
    fn path(&self, key: &str, base: &Path) -> PathBuf {
        base.join(self.text(key))
    }
    /// A secret, given itself or by the file that holds it.
    fn secret(&mut self, key: &str) -> Secret {
        let (given, file) = (self.text(key), self.text(&format!("{key}_file")));
        match (given.is_empty(), file.is_empty()) {
            (_, true) => Secret::new(given),
            (false, false) => {
                self.faults.push(ConfigFault::TwoSecrets { key: key.to_owned() });
                Secret::default()
            }
            (true, false) => {
                let path = self.data_dir.join(&file);
                let read = std::fs::read_to_string(&path).map_err(|e| e.to_string());
                match read.map(|text| text.trim().to_owned()) {
                    Ok(text) if !text.is_empty() => Secret::new(text),
                    other => {
                        let cause = other.err().unwrap_or_else(|| "empty".to_owned());
                        let key = format!("{key}_file");
                        self.faults.push(ConfigFault::SecretFile {
                            key,
                            path: path.display().to_string(),
                            cause,
                        });
                        Secret::default()
                    }
                }
            }
        }
    }

    fn config(&mut self, known: &BTreeMap<String, toml::Value>) -> Config {
        let server = self.server();
        let storage = self.storage();
        let security = self.security();
        let limits = self.limits();
        let mail = self.mail();
        let timeout = self.number("webhooks.timeout", 1, 30, ("1至30秒", "1 to 30 seconds"));
        let webhooks = Webhooks { allow_private: self.flag("webhooks.allow_private"), timeout };
        let logs = self.logs();
        let ledger = self.ledger(&storage.dir, &server.public_url);
        let key = Secret::new(self.text("vault.key"));
        let vault = VaultKeys { key_file: self.path("vault.key_file", &storage.dir), key };
        let languages = [("zh-CN", Lang::Zh), ("en", Lang::En)];
        let language = self.choice("language.default", &languages, Lang::Zh, ("zh-CN或en", "zh-CN or en"));
        let effective = known.keys().map(|key| (key.clone(), self.shown(key))).collect();
        Config { server, storage, security, limits, mail, webhooks, logs, ledger, vault, language, effective }
    }
    fn shown(&self, key: &str) -> String {
        let value = self.text(key);
        if SECRETS.contains(&key) && !value.is_empty() { "(hidden)".to_owned() } else { value }
    }
    fn server(&mut self) -> Server {
        let listen = self.text("server.listen").parse().unwrap_or_else(|_| {
            self.bad(
                "server.listen",
                ("地址和端口，如127.0.0.1:8080", "an address and port such as 127.0.0.1:8080"),
            );
            std::net::SocketAddr::from(([127, 0, 0, 1], 8080))
        });
        let public_url = self.text("server.public_url");
        let bare = public_url.strip_prefix("https://").or_else(|| public_url.strip_prefix("http://"));
        if bare
            .is_none_or(|host| host.is_empty() || host.ends_with('/') || host.contains([' ', '@', '?', '#']))
        {
            let needs = (
                "网址，末尾不带斜杠，如https://example.org",
                "an address without a slash at the end, such as https://example.org",
            );
            self.bad("server.public_url", needs);
        }
        let needs = ("65536至268435456字节", "65536 to 268435456 bytes");
        let body_limit = self.number("server.body_limit", 65_536, 268_435_456, needs);
        Server {
            listen,
            public_url,
            trust_proxy: self.flag("server.trust_proxy"),
            body_limit: usize::try_from(body_limit).unwrap_or(usize::MAX),
        }
    }
    fn storage(&mut self) -> Storage {
        let dir = self.path("storage.dir", &self.data_dir);
        let database_url = self.secret("storage.database_url");
        let url = database_url.expose();
        if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            self.bad(
                "storage.database_url",
                ("postgres://开头的地址", "an address that begins with postgres://"),
            );
        }
        if self.text("storage.evidence").contains("://") {
            let needs = ("文件夹；此程序未包含S3支持", "a folder; this program was built without S3");
            self.bad("storage.evidence", needs);
        }
        let evidence = self.path("storage.evidence", &dir);
        Storage { dir, database_url, evidence }
    }
    fn security(&mut self) -> Security {
        let factors = [
            ("off", SecondFactor::Off),
            ("optional", SecondFactor::Optional),
            ("required", SecondFactor::Required),
        ];
        let needs = ("off、optional或required", "off, optional or required");
        let second_factor = self.choice("security.second_factor", &factors, SecondFactor::Required, needs);
        let day = ("1至1440分钟", "1 to 1440 minutes");
        Security {
            session_minutes: self.number("security.session_minutes", 1, 1440, day),
            absolute_hours: self.number("security.absolute_hours", 1, 720, ("1至720小时", "1 to 720 hours")),
            second_factor,
            sign_in_tries: self.number("security.sign_in_tries", 3, 100, ("3至100次", "3 to 100 tries")),
            lock_minutes: self.number("security.lock_minutes", 1, 1440, day),
            metrics_token: self.secret("security.metrics_token"),
        }
    }
    fn rate(&mut self, per_second: &'static str, burst: &'static str) -> Rate {
        let needs = ("1至1000000次", "1 to 1000000 requests");
        Rate {
            per_second: self.number(per_second, 1, 1_000_000, needs),
            burst: self.number(burst, 1, 1_000_000, needs),
        }
    }
    fn limits(&mut self) -> Limits {
        Limits {
            enabled: self.flag("limits.enabled"),
            writes: self.rate("limits.writes_per_second", "limits.writes_burst"),
            reads: self.rate("limits.reads_per_second", "limits.reads_burst"),
            public: self.rate("limits.public_per_second", "limits.public_burst"),
            address: self.rate("limits.address_per_second", "limits.address_burst"),
        }
    }
    fn mail(&mut self) -> Mail {
        let (enabled, smtp_url, from) =
            (self.flag("mail.enabled"), self.secret("mail.smtp_url"), self.text("mail.from"));
        let smtp = ["smtp://", "smtps://"].iter().any(|scheme| smtp_url.expose().starts_with(scheme));
        if enabled && !smtp {
            self.bad(
                "mail.smtp_url",
                ("smtp://或smtps://开头的地址", "an address that begins with smtp:// or smtps://"),
            );
        }
        if enabled && from.parse::<lettre::message::Mailbox>().is_err() {
            self.bad(
                "mail.from",
                (
                    "邮箱地址，如“数字官渡 <duban@example.org>”",
                    "an address such as Guandu <duban@example.org>",
                ),
            );
        }
        Mail { enabled, smtp_url, from }
    }
    fn logs(&mut self) -> Logs {
        let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
        let format = self.choice("logs.format", &formats, LogFormat::Text, ("text或json", "text or json"));
        let level = self.text("logs.level");
        if !crate::logs::is_level(&level) {
            self.bad("logs.level", ("error、warn、info、debug或trace", "error, warn, info, debug or trace"));
        }
        Logs { format, level }
    }
    fn ledger(&mut self, dir: &Path, public_url: &str) -> Ledger {
        let given = self.text("ledger.origin");
        let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
        let origin = if given.is_empty() { format!("{host}/log") } else { given };
        // A checkpoint's first line; a plus or a blank would break the signature's key name (C2SP signed-note).
        if origin.contains(['+', ' ', '\n']) {
            self.bad("ledger.origin", ("不含空格和加号的名称", "a name without blanks and plus signs"));
        }
        Ledger { key_file: self.path("ledger.key_file", dir), origin }
    }
}
