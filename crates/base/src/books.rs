//! Playbooks as the database keeps them: each version whole, with the day from which it holds.

use crate::core::Core;
use crate::db::Tx;
use crate::fault::{Common, Fault, Outcome};
use crate::journal::Fact;
use crate::op::Op;
use kernel::playbook::{self, Playbook};
use kernel::sample::{Recorded, lines, read_as};
use kernel::{Day, DistrictCode, Kind, Lang, Refuse, Slug};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A version was stored; the fields stand in the order of their names, as they were always written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    code: Slug,
    digest: String,
    from: Day,
    version: String,
}

/// What is recorded about playbooks, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "playbook",
    kinds: &["playbook.loaded"],
    samples: || {
        let text = r#"playbook.loaded 1 {"code":"guandu-2019","digest":"9f86d081","from":"2019-01-01","version":"2019-1"}"#;
        lines::<Stored>(text, 1)
    },
    reads: |_, _, body| read_as::<Stored>(body),
};

/// A playbook's files as (path, text).
pub type Sources = Vec<(String, String)>;

/// A playbook with faults; nothing of it was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faulty {
    /// Every fault, worded with file, line and column.
    pub faults: Vec<String>,
}
crate::refusals!(Faulty);

impl Refuse for Faulty {
    fn code(&self) -> &'static str {
        "playbook.faulty"
    }
    fn kind(&self) -> Kind {
        Kind::Rule
    }
    fn field(&self) -> Option<&str> {
        Some("playbook")
    }
    fn reason(&self, lang: Lang) -> String {
        let n = self.faults.len();
        let first = self.faults.first().map_or("", String::as_str);
        lang.pick(
            &format!("规则库有{n}处错误，未载入：{first}"),
            &format!("The playbook has {n} faults and was not loaded: {first}"),
        )
        .to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        lang.pick("请运行guandu check查看全部错误", "Run guandu check to see every fault").to_owned()
    }
}

/// Reads and checks a playbook's files.
pub fn read(files: &Sources) -> Outcome<Playbook> {
    playbook::load(files)
        .map_err(|faults| Faulty { faults: faults.iter().map(ToString::to_string).collect() }.into())
}

/// Stores a version and puts its event into the ledger; true when it was not there yet. Whoever calls has judged.
pub fn store(op: &mut Op<'_, '_>, files: &Sources) -> Outcome<(Arc<Playbook>, bool)> {
    let book = Arc::new(read(files)?);
    let district = book.head.district;
    if district != op.district() {
        return Err(Common::NotFound { what: "district", given: district.to_string() }.into());
    }
    let sql = "insert into district (district, name, created_at) values ($1, $2, $3) on conflict (district) do nothing";
    op.tx.exec(sql, &[district.into(), (&book.head.name.zh).into(), op.now().into()])?;
    let sql = "insert into playbook (district, digest, version, from_day, loaded_at, files) values ($1, $2, $3, $4, $5, $6) \
               on conflict (district, from_day, digest) do nothing";
    let text = serde_json::to_string(files)?;
    let args = [
        district.into(),
        (&book.digest).into(),
        (&book.head.version).into(),
        book.head.from.into(),
        op.now().into(),
        (&text).into(),
    ];
    if op.tx.exec(sql, &args)? == 0 {
        return Ok((book, false));
    }
    let count = "select count(*) from playbook where district = $1";
    let rev = op.tx.one(count, &[district.into()], |row| row.count(0))?.unwrap_or(1);
    let body = serde_json::to_string(&Stored {
        code: book.head.code.clone(),
        digest: book.digest.clone(),
        from: book.head.from,
        version: book.head.version.clone(),
    })?;
    let fact = Fact {
        subject_kind: "playbook",
        subject: &format!("playbook:{district}"),
        rev,
        kind: "playbook.loaded",
        version: 1,
        body: &body,
    };
    op.record(fact)?;
    Ok((book, true))
}

/// Digests of the stored versions: cheap enough to ask every few seconds, so that a second node hears of a new one.
pub fn digests(tx: &mut Tx<'_>) -> Outcome<Vec<String>> {
    tx.query("select digest from playbook order by district, from_day, loaded_at", &[], |row| row.text(0))
}

/// Every stored version, oldest first.
pub fn all(tx: &mut Tx<'_>) -> Outcome<Vec<Sources>> {
    let sql = "select files from playbook order by district, from_day, loaded_at";
    tx.query(sql, &[], |row| row.json(0))
}

/// Puts every stored version into force in this process.
pub async fn install_all(core: &Core) -> Outcome<usize> {
    let stored = core.db.read(all).await?;
    let mut n = 0;
    for files in stored {
        // A version that an older program accepted may be faulty by newer checks: say so and go on with the others.
        match read(&files) {
            Ok(book) => {
                core.install(Arc::new(book));
                n += 1;
            }
            Err(fault) => tracing::error!(%fault, "a stored playbook no longer loads"),
        }
    }
    Ok(n)
}

/// The district of a playbook's files, before anything is opened for it.
pub fn district_of(files: &Sources) -> Outcome<DistrictCode> {
    Ok(read(files)?.head.district)
}

/// Faults of the machinery on the way from a folder to files.
pub fn from_folder(dir: &std::path::Path) -> Outcome<Sources> {
    let mut files = Vec::new();
    gather(dir, dir, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(Fault::broken(format!("no playbook files in {}", dir.display())));
    }
    Ok(files)
}

fn gather(root: &std::path::Path, dir: &std::path::Path, out: &mut Sources) -> Outcome<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(root, &path, out)?;
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("toml" | "csv")) {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let bytes = std::fs::read(&path)?;
            let text = String::from_utf8(bytes).map_err(|_| Faulty {
                faults: vec![format!("{name}:1:1: [encoding] the file is not UTF-8 — save it as UTF-8")],
            })?;
            out.push((name, text));
        }
    }
    Ok(())
}
