use super::*;
use std::path::Path;

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    if let Err(faults) = Catalogue::with(&[]) {
        panic!("{faults}");
    }
}

#[test]
fn faults_are_all_named() {
    let faults =
        Catalogue::with(&[("a = \"{x}\"\nb = 3\nc = \"中\"", "a = \"{y}\"\nb = 3\nd = \"e\"")]).unwrap_err();
    let text = faults.to_string();
    for part in ["a: zh has", "b is not text", "c: not in en", "d: not in zh"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let twice =
        Catalogue::with(&[("[light]\ngreen = \"绿\"", "[light]\ngreen = \"g\"")]).unwrap_err().to_string();
    assert!(twice.contains("light.green is defined twice"), "{twice}");
    assert!(Catalogue::with(&[("= broken", "")]).is_err());
}

#[test]
fn a_missing_key_shows_itself_and_a_missing_value_its_name() {
    let all = Catalogue::builtin();
    assert_eq!(all.t(Lang::Zh).s("no.such"), "no.such");
    let own =
        Catalogue::with(&[("x = \"共{n}件，{m}件逾期\"", "x = \"{n} {n|item|items}, {m} late\"")]).unwrap();
    assert_eq!(own.t(Lang::En).f("x", &[("n", &2)]), "2 items, {m} late");
    assert_eq!(own.t(Lang::Zh).f("x", &[("n", &2), ("m", &"两")]), "共2件，两件逾期");
    assert_eq!(own.t(Lang::En).f("x", &[("n", &1), ("m", &0)]), "1 item, 0 late");
}

#[test]
fn chinese_texts_carry_no_half_width_punctuation_beside_han() {
    for (key, text) in Catalogue::builtin().texts(Lang::Zh) {
        assert_eq!(han(text), text.as_str(), "{key}");
    }
    let typed = Catalogue::with(&[("x = \"已保存,请核对\"", "x = \"Saved, please check\"")]).unwrap();
    assert_eq!(typed.t(Lang::Zh).s("x"), "已保存，请核对");
}

#[test]
fn every_key_in_the_source_exists() {
    let all = Catalogue::builtin();
    let mut missing = Vec::new();
    scan(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |path, text| {
        for key in keys_in(text) {
            if !all.has(key) {
                missing.push(format!("{}: {key}", path.display()));
            }
        }
    });
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_key_is_used() {
    let mut sources = String::new();
    scan(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |_, text| sources.push_str(text));
    // Words that the areas share: they are offered here, and used where an area needs them.
    let shared = ["word.", "act.", "nav.", "unit.", "done.", "error.", "foot.", "shell."];
    let all = Catalogue::builtin();
    let idle: Vec<_> = all.zh.keys().filter(|key| !shared.iter().any(|s| key.starts_with(s))).collect();
    let idle: Vec<_> = idle.into_iter().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

/// Calls `see` with every Rust source under `dir` that is not a test.
fn scan(dir: &Path, see: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            scan(&path, see);
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "i18n.rs" {
            see(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
