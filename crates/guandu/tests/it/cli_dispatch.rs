//! `train-dispatch`, `eval-dispatch` and `dedup` as a person types them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../case/testdata").join(name)
}

fn guandu(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guandu")).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_model_is_trained_and_judged() {
    let dir = tempfile::tempdir().unwrap();
    let all = std::fs::read_to_string(data("messages.csv")).unwrap();
    let (mut known, mut asked) = (String::new(), String::new());
    for (i, line) in all.lines().enumerate() {
        let to = match i % 4 {
            _ if i == 0 => [&mut known, &mut asked].into_iter().collect::<Vec<_>>(),
            1 => vec![&mut asked],
            _ => vec![&mut known],
        };
        to.into_iter().for_each(|file| file.push_str(&format!("{line}\n")));
    }
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("known.csv"), &known).unwrap();
    std::fs::write(path("asked.csv"), &asked).unwrap();

    let out = guandu(&["train-dispatch", &path("known.csv")]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(text(&out.stdout).contains("macro-F1"), "{}", text(&out.stdout));
    let bytes = std::fs::read(path("known.model")).unwrap();
    assert!(bytes.len() < 5_000_000);

    let by_model = guandu(&["eval-dispatch", &path("asked.csv"), "--model", &path("known.model"), "--json"]);
    assert_eq!(by_model.status.code(), Some(0), "{}", text(&by_model.stderr));
    let report: serde_json::Value = serde_json::from_slice(&by_model.stdout).unwrap();
    assert!(report["macro_f1"].as_f64().unwrap() > 0.45, "{report}");
    assert_eq!(report["classes"].as_array().unwrap().len(), 7);
    assert!(report["predict_us"].is_u64());

    let by_table = guandu(&["eval-dispatch", &path("asked.csv"), "--train", &path("known.csv"), "--json"]);
    let again: serde_json::Value = serde_json::from_slice(&by_table.stdout).unwrap();
    assert_eq!(again["macro_f1"], report["macro_f1"], "the same table gives the same model");

    let folds = guandu(&["eval-dispatch", &path("known.csv")]);
    assert_eq!(folds.status.code(), Some(0));
    assert!(text(&folds.stdout).contains("precision recall f1"), "{}", text(&folds.stdout));

    // A class that the model never saw is a fault that was found, not a crash.
    std::fs::write(path("asked.csv"), format!("{asked}\n公安,身份证在哪里办,example\n")).unwrap();
    let unseen = guandu(&["eval-dispatch", &path("asked.csv"), "--model", &path("known.model")]);
    assert_eq!(unseen.status.code(), Some(1));
    assert!(text(&unseen.stdout).contains("公安   not in the model"), "{}", text(&unseen.stdout));
}

#[test]
fn a_faulty_table_is_refused_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("t.csv");
    let path = file.to_str().unwrap();
    for (bytes, code, line) in [
        ("text,label\n路灯,照明\n河水\n".as_bytes(), "table.ragged", "第3行"),
        (b"text,label\n\xE8\xB7\xAF\xE7\x81\xAF\xE8\xB7\xAF\xE7\x81\xAF\xFF,a\n", "table.encoding", "第2行"),
        ("text,label\n路灯,照明\n".as_bytes(), "learn.one_class", "至少需要2个"),
        ("text\n路灯\n".as_bytes(), "table.no_column", "label"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let out = guandu(&["train-dispatch", path]);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(4), "{said}");
        assert!(said.contains(code) && said.contains(line), "{said}");
        assert!(!dir.path().join("t.model").exists(), "nothing half made");
    }
    std::fs::write(&file, "no model").unwrap();
    let table = data("messages.csv");
    let out = guandu(&["eval-dispatch", table.to_str().unwrap(), "--model", path]);
    assert_eq!(out.status.code(), Some(4));
    assert!(text(&out.stderr).contains("learn.no_model"));
}

#[test]
fn requests_that_may_be_one_matter_are_printed() {
    let file = data("requests.csv");
    let out = guandu(&["dedup", file.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    let line = said.lines().find(|line| line.contains("R14")).unwrap();
    assert!(line.contains("R15") && line.contains("R16") && line.contains("文字相似"), "{line}");
    assert!(!said.contains("R18"), "the same words at another site: {said}");
    let json = guandu(&["dedup", file.to_str().unwrap(), "--json", "--days", "1"]);
    for line in text(&json.stdout).lines() {
        let group: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(group["ids"].as_array().unwrap().len() > 1);
        assert!(group["links"][0]["days"].as_u64().unwrap() <= 1);
    }
}
