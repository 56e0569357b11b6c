use super::*;
use kernel::Refuse;
use std::path::Path;

fn load(text: &str, env: &[(&str, &str)]) -> Result<Config, Vec<ConfigFault>> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE_NAME), text).unwrap();
    let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Config::load(None, dir.path(), &env)
}

#[test]
fn defaults_are_complete_and_later_layers_win() {
    let config = Config::load(None, Path::new("/nowhere"), &Env::new()).unwrap();
    assert_eq!(config.server.listen.port(), 8080);
    assert_eq!(config.storage.place(), Place::File("/nowhere/guandu.db".into()));
    assert_eq!(config.ledger.origin, "127.0.0.1:8080/log");
    assert_eq!(config.security.second_factor, SecondFactor::Optional);

    let config = load(
        "[server]\nlisten = \"0.0.0.0:1\"\n[security]\nsession_minutes = 5",
        &[
            ("GUANDU__SERVER__LISTEN", "0.0.0.0:2"),
            ("GUANDU__MAIL__ENABLED", "false"),
            ("GUANDU_TEST_PG", "x"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.security.session_minutes, 5);
}

#[test]
fn every_fault_is_named_at_once_with_a_hint() {
    let faults = load("[server]\nlisen = \"x\"\nbody_limit = \"big\"\n", &[("GUANDU__LOGS__LEVLE", "info")])
        .unwrap_err();
    let codes: Vec<_> = faults.iter().map(Refuse::code).collect();
    assert_eq!(codes, ["config.wrong_type", "config.unknown_key", "config.unknown_key"]);
    assert_eq!(faults[1].field(), Some("server.lisen"));
    assert!(faults[1].next(Lang::En).contains("server.listen"));
    assert!(faults[2].next(Lang::Zh).contains("logs.level"));

    let faults =
        load("[webhooks]\ntimeout = 300\n[logs]\nformat = \"xml\"\n[storage]\nevidence = \"s3://b\"", &[]);
    let fields: Vec<_> = faults.unwrap_err().iter().map(|f| f.field().unwrap().to_owned()).collect();
    assert_eq!(fields, ["storage.evidence", "webhooks.timeout", "logs.format"]);

    assert_eq!(load("[server\n", &[]).unwrap_err()[0].code(), "config.syntax");
    let absent = Config::load(Some(Path::new("/nowhere/x.toml")), Path::new("/nowhere"), &Env::new());
    assert_eq!(absent.unwrap_err()[0].code(), "config.unreadable");
}

#[test]
fn secrets_are_read_from_files_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("url");
    std::fs::write(&secret, "postgres://u:hunter2@h/db\n").unwrap();
    let env = |v: &[(&str, &str)]| v.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Env>();
    let file = secret.display().to_string();
    let config =
        Config::load(None, dir.path(), &env(&[("GUANDU__STORAGE__DATABASE_URL_FILE", &file)])).unwrap();
    assert_eq!(config.storage.place(), Place::Url("postgres://u:hunter2@h/db".to_owned()));

    let both = env(&[
        ("GUANDU__STORAGE__DATABASE_URL_FILE", &file),
        ("GUANDU__STORAGE__DATABASE_URL", "postgres://x"),
    ]);
    assert_eq!(Config::load(None, dir.path(), &both).unwrap_err()[0].code(), "config.two_secrets");
    let gone = env(&[("GUANDU__SECURITY__METRICS_TOKEN_FILE", "/nowhere/t")]);
    assert_eq!(Config::load(None, dir.path(), &gone).unwrap_err()[0].code(), "config.secret_file");

    // A password of digits keeps its leading zero.
    let config =
        Config::load(None, dir.path(), &env(&[("GUANDU__SECURITY__METRICS_TOKEN", "0123")])).unwrap();
    assert_eq!(config.security.metrics_token.expose(), "0123");
    let shown = format!("{config:?}");
    assert!(!shown.contains("0123") && !shown.contains("hunter2"), "{shown}");
    let wrong = env(&[("GUANDU__STORAGE__DATABASE_URL", "mysql://u:hunter2@h")]);
    let fault = Config::load(None, dir.path(), &wrong).unwrap_err();
    assert!(!format!("{fault:?}{}", fault[0].reason(Lang::En)).contains("hunter2"));
}
