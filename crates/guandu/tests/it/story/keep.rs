//! Keeping the data: a copy without keys, keys apart, evidence read through, rows made anew from the ledger.

use base::db::{Db, Place};
use base::op::Time;
use guandu::assemble::{How, Where, assemble, configure, load_playbook, owner};
use guandu::cli::demo::guandu_2019;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const D: i64 = 530_111;

fn guandu(arguments: &[&str], dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guandu")).args(arguments).arg("--dir").arg(dir).output().unwrap()
}

#[track_caller]
fn ran(code: i32, output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{text}{wrong}");
    text + &wrong
}

fn playbook() -> PathBuf {
    crate::guard::root().join("playbooks/guandu-2019")
}

/// A file of evidence and its row; returns where it lies.
async fn evidence(dir: &Path, db: &Db) -> PathBuf {
    let files = base::files::Files::folder(dir).unwrap();
    let bytes = bytes::Bytes::from_static(crate::world::PNG);
    let admitted = base::files::admit(bytes, "现场.png", "image/png", 1 << 20).unwrap();
    let district = kernel::DistrictCode::GUANDU;
    files.put(district, &admitted).await.unwrap();
    let sha = admitted.sha256.clone();
    db.write(move |tx| {
        let id = kernel::FileId::new(uuid::Uuid::from_u128(7));
        let post = kernel::PostCode::parse("post", "zjj.handler")?;
        let now = kernel::Instant::parse("t", "2019-08-12T10:00")?;
        base::files::insert(tx, district, id, &admitted, &post, now)
    })
    .await
    .unwrap();
    dir.join(format!("evidence/530111/{}/{sha}", &sha[..2]))
}

#[test]
fn a_copy_holds_no_key_and_comes_back_with_the_keys_kept_apart() {
    let room = tempfile::tempdir().unwrap();
    let (data, copy, back) = (room.path().join("data"), room.path().join("copy"), room.path().join("back"));
    let keys = room.path().join("keys.txt");
    ran(0, &guandu(&["load", &playbook().display().to_string()], &data));
    let added = ran(0, &guandu(&["webhook", "add", "https://hooks.example/in", "--kind", "duty.*"], &data));
    let secret = added.split("secret ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"), "{added}");
    let id = added.split("id ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    ran(0, &guandu(&["webhook", "test", &id], &data));
    assert!(ran(0, &guandu(&["webhook", "list"], &data)).contains("on duty.* https://hooks.example/in"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(Db::open(&Place::File(data.join("guandu.db")))).unwrap();
    let file = runtime.block_on(evidence(&data, &db));
    runtime.block_on(db.close());
    drop(db);

    // Inside the copy there may be no keys, not even when they are asked for.
    let inside = copy.join("k").display().to_string();
    ran(3, &guandu(&["backup", &copy.display().to_string(), "--keys", &inside], &data));
    let told = ran(0, &guandu(&["backup", &copy.display().to_string()], &data));
    assert!(told.contains("vault.key") && told.contains("--keys"), "{told}");
    assert!(!copy.join("ledger.key").exists() && !copy.join("vault.key").exists());
    let database = std::fs::read(copy.join("guandu.db")).unwrap();
    let holds = |needle: &str| database.windows(needle.len()).any(|part| part == needle.as_bytes());
    assert!(!holds(&secret) && holds("hooks.example"), "the secret lies in the copy in the clear");
    let second = room.path().join("copy2");
    let (to, at) = (second.display().to_string(), keys.display().to_string());
    ran(0, &guandu(&["backup", &to, "--keys", &at], &data));
    assert_eq!(std::fs::read_to_string(&keys).unwrap().lines().count(), 3, "a word of warning and two keys");

    // Without the keys the restored data are refused by name; with them everything verifies.
    let from = second.display().to_string();
    ran(0, &guandu(&["restore", &from], &back));
    assert!(ran(4, &guandu(&["verify"], &back)).contains("vault.key_missing"));
    assert!(!back.join("ledger.key").exists(), "no new key beside the data of an old one");
    let again = room.path().join("again");
    // A configuration in the copy decides where the evidence goes.
    let elsewhere = room.path().join("evidence-store");
    let own = format!("[storage]\nevidence = \"{}\"\n", elsewhere.display());
    std::fs::write(second.join("guandu.toml"), own).unwrap();
    ran(0, &guandu(&["restore", &from, "--keys", &at], &again));
    assert!(elsewhere.join("evidence/530111").exists() && !again.join("evidence").exists());
    let verified = ran(0, &guandu(&["verify"], &again));
    assert!(verified.contains("1 files read, 0 missing, 0 changed, 0 that no row names"), "{verified}");
    assert!(ran(0, &guandu(&["webhook", "list"], &again)).contains("hooks.example"));
    ran(0, &guandu(&["webhook", "rotate", &id], &again));

    // Evidence that was changed, lost, or that nothing names.
    std::fs::write(file.with_file_name("stray"), "x").unwrap();
    std::fs::write(&file, "another text").unwrap();
    let told = ran(1, &guandu(&["verify"], &data));
    assert!(
        told.contains("changed: file ") && told.contains("现场.png") && told.contains("no row names: "),
        "{told}"
    );
    std::fs::remove_file(&file).unwrap();
    assert!(ran(1, &guandu(&["verify", "--json"], &data)).contains("\"missing\":[\"file "));
    ran(0, &guandu(&["verify", "--no-files"], &data));
}

/// A data folder with the duties of the plan, registered on the day of the article.
async fn with_duties(dir: &Path) {
    let place = Where { dir: Some(dir.to_path_buf()), database: None, config: None };
    let how = How {
        time: Time::set_at(kernel::Instant::parse("t", "2019-08-12T10:00").unwrap()),
        seed: None,
        simulated: false,
        scrape: base::metrics::recorder().unwrap().1,
    };
    let app = assemble(configure(&place).unwrap(), how).await.unwrap();
    let (book, _) = load_playbook(&app, guandu_2019()).await.unwrap();
    plan::act::load_plan(&app, &owner(book.head.district).unwrap()).await.unwrap();
    app.db.close().await;
}

#[test]
fn rows_are_made_anew_from_the_ledger() {
    let room = tempfile::tempdir().unwrap();
    let data = room.path().join("data");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(with_duties(&data));
    ran(0, &guandu(&["rebuild", "--check"], &data));
    let damage = |statements: &'static [&'static str]| {
        runtime.block_on(async {
            let db = Db::open(&Place::File(data.join("guandu.db"))).await.unwrap();
            let run = move |tx: &mut base::Tx<'_>| {
                statements.iter().try_for_each(|sql| tx.exec(sql, &[D.into()]).map(|_| ()))
            };
            db.write(run).await.unwrap();
            db.close().await;
        });
    };
    damage(&[
        "update duty set body = replace(body, '年', '月'), title = 'x' where district = $1 and id = (select min(id) from duty)",
        "update duty set rung_at = 5, warn_at = 5 where district = $1 and open = 1 and id = (select max(id) from duty where open = 1)",
        "delete from duty where district = $1 and id = (select min(id) from duty where open = 1 and id > (select min(id) from duty))",
        "update tally set n = n + 3 where district = $1 and scope = 'due'",
    ]);
    let told = ran(1, &guandu(&["rebuild", "--check"], &data));
    assert!(told.contains("it has events and no row") && told.contains("differ"), "{told}");
    let mended = ran(0, &guandu(&["rebuild"], &data));
    for word in ["its text", "its row was gone", "warning and escalation", "3 rows"] {
        assert!(mended.contains(word), "{word} in {mended}");
    }
    assert!(ran(0, &guandu(&["rebuild"], &data)).contains("0 rows and 0 kept counts"));
    // Erasing says first what it would do, and does it when told.
    let id = runtime.block_on(async {
        let db = Db::open(&Place::File(data.join("guandu.db"))).await.unwrap();
        let sql = "select max(id) from duty where district = $1";
        let id = db.read(move |tx| tx.one(sql, &[D.into()], |row| row.text(0))).await.unwrap().unwrap();
        db.close().await;
        id
    });
    let ground = ["--ground", "个人信息保护法第四十七条"];
    let mut erase = vec!["erase", "--subject", &id, ground[0], ground[1]];
    assert!(ran(0, &guandu(&erase, &data)).contains("Nothing was changed"));
    assert!(ran(0, &guandu(&["verify"], &data)).contains(" 0 erased by law, 0 faults"));
    erase.push("--yes");
    assert!(ran(0, &guandu(&erase, &data)).contains("erased the text of"));
    assert!(!ran(0, &guandu(&["verify"], &data)).contains(" 0 erased by law"));
    ran(4, &guandu(&erase, &data));
    ran(0, &guandu(&["rebuild", "--check"], &data));
}
