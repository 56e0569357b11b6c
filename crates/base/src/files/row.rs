//! Rows of evidence files.

use super::admit::Admitted;
use super::picture::Spot;
use crate::db::{Row, Tx};
use crate::fault::Outcome;
use kernel::{DistrictCode, FileId, Instant, PostCode};

/// A stored file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileRow {
    /// Id.
    pub id: FileId,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Bytes of the original.
    pub size: u64,
    /// Media type.
    pub mime: String,
    /// Cleaned name.
    pub name: String,
    /// SHA-256 of the copy that is shown.
    pub shown_sha256: String,
    /// When the photograph was taken, by the camera.
    pub taken_at: Option<Instant>,
    /// Where, by the camera; as sensitive as the person who took it.
    pub spot: Option<Spot>,
    /// The post that handed it in.
    pub by_post: PostCode,
    /// When it was handed in.
    pub at: Instant,
}

const COLUMNS: &str = "id, sha256, size, mime, name, shown_sha256, taken_at, lat, lon, by_post, at";

fn read(row: &Row<'_>) -> Outcome<FileRow> {
    let spot = match (row.real_opt(7)?, row.real_opt(8)?) {
        (Some(lat), Some(lon)) => Some(Spot { lat, lon }),
        _ => None,
    };
    Ok(FileRow {
        id: row.parsed(0)?,
        sha256: row.text(1)?,
        size: row.count(2)?,
        mime: row.text(3)?,
        name: row.text(4)?,
        shown_sha256: row.text(5)?,
        taken_at: row.instant_opt(6)?,
        spot,
        by_post: row.parsed(9)?,
        at: row.instant(10)?,
    })
}

/// Inserts the row of a file that was put already, in the transaction of the act that it proves.
pub fn insert(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: FileId,
    admitted: &Admitted,
    by: &PostCode,
    now: Instant,
) -> Outcome<()> {
    let sql = "insert into file (district, id, sha256, size, mime, name, shown_sha256, taken_at, lat, lon, by_post, at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let args = [
        district.into(),
        id.into(),
        (&admitted.sha256).into(),
        admitted.original.len().into(),
        admitted.kind.mime().into(),
        (&admitted.name).into(),
        (&admitted.shown_sha256).into(),
        admitted.taken_at.into(),
        admitted.spot.map(|s| s.lat).into(),
        admitted.spot.map(|s| s.lon).into(),
        by.into(),
        now.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// One file's row. Whether the asker may see it is the business of what it is evidence for.
pub fn load(tx: &mut Tx<'_>, district: DistrictCode, id: FileId) -> Outcome<Option<FileRow>> {
    let sql = format!("select {COLUMNS} from file where district = $1 and id = $2");
    tx.one(&sql, &[district.into(), id.into()], read)
}

/// Rows in the order of their ids, after `after`: `guandu verify` walks all of them this way.
pub fn page(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    after: Option<FileId>,
    limit: u32,
) -> Outcome<Vec<FileRow>> {
    let sql = format!("select {COLUMNS} from file where district = $1 and id > $2 order by id limit $3");
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    tx.query(&sql, &[district.into(), after.into(), limit.into()], read)
}

/// True when a row names this hash, as original or as shown copy.
pub(super) fn is_named(tx: &mut Tx<'_>, district: DistrictCode, sha256: &str) -> Outcome<bool> {
    let original = "select 1 from file where district = $1 and sha256 = $2 limit 1";
    let shown = "select 1 from file where district = $1 and shown_sha256 = $2 limit 1";
    let args = [district.into(), sha256.into()];
    Ok(tx.one(original, &args, |_| Ok(()))?.is_some() || tx.one(shown, &args, |_| Ok(()))?.is_some())
}
