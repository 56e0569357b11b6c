//! The ledger's sealing and checking side: events → Merkle tree → signed checkpoints, receipts, verification.
//!
//! A job seals every second what has been recorded since: it numbers the new events, grows the stored tiles and signs a
//! checkpoint, all in one transaction. Numbers are given at sealing and not at writing, so that writers on PostgreSQL
//! do not queue behind one counter.

use crate::db::{Arg, Tx};
use crate::fault::{Common, Fault, Outcome};
use crate::journal::entry;
use crate::op::Stub;
use kernel::ledger::{
    Audit, Checkpoint, Claim, Fault as LedgerFault, Hash, Hasher, MemoryTiles, NoteSigner, Reader, Receipt,
    Seal, Sha256, Signature, Tile, TileSource, Verifier, grow,
};
use kernel::{DistrictCode, EventId, Instant, Refuse};
use parking_lot::RwLock;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Events sealed in one transaction: bounds how long the writer is busy with it.
const BATCH: i64 = 4096;
/// Events read at a time by a check.
const CHUNK: u64 = 65_536;

/// The installation's signing key, and the name of its logs.
pub struct Signer {
    secret: [u8; 32],
    origin: String,
    /// Keys by district: unfolding one takes longer than signing with it.
    keys: RwLock<BTreeMap<DistrictCode, Arc<kernel::ledger::Signer>>>,
}

impl Signer {
    /// From 32 secret bytes and the base name of the logs, such as `guandu.example/ledger`.
    pub fn new(secret: [u8; 32], origin: impl Into<String>) -> Signer {
        Signer { secret, origin: origin.into(), keys: RwLock::new(BTreeMap::new()) }
    }
    /// The name of a district's log.
    pub fn origin(&self, district: DistrictCode) -> String {
        format!("{}/{district}", self.origin)
    }
    /// The key of a district's log.
    pub fn of(&self, district: DistrictCode) -> Outcome<Arc<kernel::ledger::Signer>> {
        if let Some(key) = self.keys.read().get(&district) {
            return Ok(key.clone());
        }
        let key =
            kernel::ledger::Signer::new(&self.origin(district), &self.secret).map_err(|no| refused(&no))?;
        let key = Arc::new(key);
        self.keys.write().insert(district, key.clone());
        Ok(key)
    }
}

fn refused(no: &dyn Refuse) -> Fault {
    Fault::broken(format!("ledger: {no}"))
}

/// Tiles as the database keeps them.
struct DbTiles<'a, 'c> {
    tx: RefCell<&'a mut Tx<'c>>,
    district: DistrictCode,
}

impl TileSource for DbTiles<'_, '_> {
    fn tile(&self, level: u8, index: u64, _width: u16) -> Option<Vec<u8>> {
        let sql = "select data from tile where district = $1 and level = $2 and idx = $3";
        let args = [self.district.into(), i64::from(level).into(), index.into()];
        self.tx.borrow_mut().one(sql, &args, |row| row.bytes(0)).ok().flatten()
    }
}

/// The newest checkpoint: size and note.
pub fn newest(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<Option<(u64, String)>> {
    let sql = "select size, note from checkpoint where district = $1 order by size desc limit 1";
    tx.one(sql, &[district.into()], |row| Ok((row.count(0)?, row.text(1)?)))
}

/// Seals up to one batch of recorded events and returns how many.
pub fn seal(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    signer: &kernel::ledger::Signer,
    now: Instant,
) -> Outcome<usize> {
    let sql = "select id, leaf from event where district = $1 and seq is null order by id limit $2";
    let fresh =
        tx.query(sql, &[district.into(), BATCH.into()], |row| Ok((row.text(0)?, hash(row.blob(1)?)?)))?;
    if fresh.is_empty() {
        return Ok(0);
    }
    let size = newest(tx, district)?.map_or(0, |(size, _)| size);
    let leaves: Vec<Hash> = fresh.iter().map(|(_, digest)| Sha256.leaf(&digest.0)).collect();
    let tiles = DbTiles { tx: RefCell::new(&mut *tx), district };
    let grown = grow(Sha256, &tiles, size, &leaves).map_err(|no| refused(&no))?;
    for (tile, data) in &grown {
        put_tile(tx, district, *tile, data)?;
    }
    let mut seq = size;
    for (id, _) in &fresh {
        let sql = "update event set seq = $1 where district = $2 and id = $3 and seq is null";
        if tx.exec(sql, &[seq.into(), district.into(), id.into()])? != 1 {
            return Err(Fault::Db(crate::DbFault::Raced("event sealed twice".to_owned())));
        }
        seq += 1;
    }
    let tiles = DbTiles { tx: RefCell::new(&mut *tx), district };
    let root = Reader::new(Sha256, &tiles, seq).root().map_err(|no| refused(&no))?;
    let checkpoint = Checkpoint { origin: signer.name().to_owned(), size: seq, root };
    let note = checkpoint.sign(&[signer]).map_err(|no| refused(&no))?.to_string();
    let sql = "insert into checkpoint (district, size, at, note) values ($1, $2, $3, $4)";
    tx.exec(sql, &[district.into(), seq.into(), now.into(), (&note).into()])?;
    Ok(fresh.len())
}

fn put_tile(tx: &mut Tx<'_>, district: DistrictCode, tile: Tile, data: &[u8]) -> Outcome<()> {
    let sql = "insert into tile (district, level, idx, width, data) values ($1, $2, $3, $4, $5) \
               on conflict (district, level, idx) do update set width = excluded.width, data = excluded.data";
    let (level, width) = (i64::from(tile.level), i64::from(tile.width));
    tx.exec(sql, &[district.into(), level.into(), tile.index.into(), width.into(), Arg::Blob(data)])
        .map(|_| ())
}

fn hash(bytes: &[u8]) -> Outcome<Hash> {
    Hash::from_slice(bytes).ok_or_else(|| Fault::broken("a stored hash is not 32 bytes"))
}

/// The signed promise for an event that was just recorded. Those of one group commit share a signature: whoever answers
/// first makes it.
pub fn promise(signer: &kernel::ledger::Signer, district: DistrictCode, stub: &Stub) -> Receipt {
    let claim = Claim { district, event: stub.event, at: stub.at, digest: stub.commitment };
    let place = stub.seat.as_ref().and_then(|seat| Some((seat, seat.place()?)));
    let Some((seat, place)) = place.filter(|(_, place)| place.size > 1) else {
        return Receipt::promise(&claim, signer);
    };
    let origin = signer.name();
    let line = seat.line(origin, || Signature::make(&place.text(origin, district), signer).to_string());
    Receipt::grouped(&claim, origin, place, &line)
}

/// The receipt of an event as it stands now: the promise, and its place in the tree once it is sealed.
pub fn receipt(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    event: EventId,
    signer: &kernel::ledger::Signer,
) -> Outcome<Receipt> {
    let sql = "select at, leaf, seq from event where district = $1 and id = $2";
    let found = tx.one(sql, &[district.into(), event.into()], |row| {
        Ok((row.instant(0)?, hash(row.blob(1)?)?, row.int_opt(2)?.and_then(|n| u64::try_from(n).ok())))
    })?;
    let (at, digest, seq) =
        found.ok_or_else(|| Common::NotFound { what: "event", given: event.to_string() })?;
    let receipt = Receipt::promise(&Claim { district, event, at, digest }, signer);
    let (Some(index), Some((size, note))) = (seq, newest(tx, district)?) else { return Ok(receipt) };
    let tiles = DbTiles { tx: RefCell::new(tx), district };
    let proof = Reader::new(Sha256, &tiles, size).inclusion(index).map_err(|no| refused(&no))?;
    Ok(receipt.sealed(Seal { index, proof, checkpoint: note }))
}

/// A stored tile's hashes, cut to `width`.
pub fn tile_bytes(tx: &mut Tx<'_>, district: DistrictCode, tile: Tile) -> Outcome<Option<Vec<u8>>> {
    let tiles = DbTiles { tx: RefCell::new(tx), district };
    let data = tiles.tile(tile.level, tile.index, tile.width);
    Ok(data.and_then(|bytes| bytes.get(..usize::from(tile.width) * 32).map(<[u8]>::to_vec)))
}

/// The entries (commitments) of a level-0 tile.
pub fn entries(tx: &mut Tx<'_>, district: DistrictCode, tile: Tile) -> Outcome<Vec<Hash>> {
    let from = tile.index * 256;
    let to = from + u64::from(tile.width);
    let sql = "select leaf from event where district = $1 and seq >= $2 and seq < $3 order by seq";
    tx.query(sql, &[district.into(), from.into(), to.into()], |row| hash(row.blob(0)?))
}

/// What a check of a ledger found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Sealed events that were read.
    pub sealed: u64,
    /// Events recorded and not yet sealed.
    pub waiting: u64,
    /// Events whose text was erased by law, with an erasure that answers for each ([`crate::erase`]).
    pub erased: u64,
    /// Size of the newest checkpoint.
    pub size: u64,
    /// What is not as it was sealed, worded with event ids.
    pub faults: Vec<String>,
}

/// Checks a district's whole ledger: every row against its commitment, every commitment against the tiles, the tiles
/// against every signed checkpoint. `progress` hears how many rows are done.
pub fn verify(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    key: &Verifier,
    progress: &mut dyn FnMut(u64, u64),
) -> Outcome<Verified> {
    let mut report = Verified::default();
    let sql = "select size, note from checkpoint where district = $1 order by size";
    let notes = tx.query(sql, &[district.into()], |row| Ok((row.count(0)?, row.text(1)?)))?;
    let mut marks = Vec::new();
    for (size, note) in &notes {
        match Checkpoint::open(note, key.name(), &[key]) {
            Ok(open) if open.size == *size => marks.push((open.size, open.root)),
            Ok(_) => report.faults.push(format!("checkpoint {size}: its note states another size")),
            Err(no) => report.faults.push(format!("checkpoint {size}: {}", no.reason(kernel::Lang::En))),
        }
    }
    report.size = notes.last().map_or(0, |(size, _)| *size);
    let tiles = all_tiles(tx, district)?;
    let mut audit = Audit::new(Sha256, &tiles, report.size);
    for (size, root) in marks {
        audit.mark(size, root);
    }
    let mut gone = Gone { answered: crate::erase::answered(tx, district)?, found: Vec::new() };
    let mut from = 0;
    loop {
        let read = check_rows(tx, district, from, &mut audit, &mut report, &mut gone)?;
        from += CHUNK;
        progress(report.sealed, report.size);
        if read == 0 && from > report.size {
            break;
        }
    }
    let found = audit.finish();
    for fault in found {
        let named = name_fault(tx, district, &fault)?;
        report.faults.push(named);
    }
    check_waiting(tx, district, &mut report, &mut gone)?;
    gone.judge(&mut report);
    Ok(report)
}

/// Erased events on their way to be judged: what the erasures answer for, and what was found.
struct Gone {
    answered: BTreeMap<String, String>,
    found: Vec<(String, Hash)>,
}

impl Gone {
    /// The stored leaf of an erased row, whose text and salt are gone; none for a row that has its salt.
    fn leaf(&mut self, row: &crate::Row<'_>, digest: Hash) -> Outcome<Option<Hash>> {
        if !row.blob(9)?.is_empty() {
            return Ok(None);
        }
        self.found.push((row.text(0)?, digest));
        hash(row.blob(10)?).map(Some)
    }
    fn judge(self, report: &mut Verified) {
        for (id, digest) in self.found {
            match self.answered.get(&id) {
                Some(left) if *left == crate::hex(&digest.0) => report.erased += 1,
                Some(_) => report.faults.push(format!("event {id}: what its erasure left was changed")),
                None => {
                    report.faults.push(format!("event {id}: its text is gone and no erasure answers for it"));
                }
            }
        }
    }
}

/// All tiles in memory: 33 MB for a million events, and the audit reads each many times.
fn all_tiles(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<MemoryTiles> {
    let mut tiles = MemoryTiles::new();
    tx.each("select level, idx, width, data from tile where district = $1", &[district.into()], |row| {
        let (level, width) = (u8::try_from(row.int(0)?), u16::try_from(row.int(2)?));
        if let (Ok(level), Ok(width)) = (level, width) {
            tiles.put(Tile { level, index: row.count(1)?, width }, row.bytes(3)?);
        }
        Ok(())
    })?;
    Ok(tiles)
}

const COLUMNS: &str =
    "select id, at, actor, subject_kind, subject, rev, kind, version, body, salt, leaf, seq from event";

/// The commitment of a row, made anew from its columns, beside the stored one.
fn recompute(row: &crate::Row<'_>, district: DistrictCode, scratch: &mut Vec<u8>) -> Outcome<(Hash, bool)> {
    let salt: [u8; 16] = row.blob(9)?.try_into().unwrap_or([0; 16]);
    let entry = entry(row, district, row.str(8)?, salt)?;
    let digest = entry.digest(scratch);
    Ok((digest, row.blob(10)? == digest.0))
}

fn check_rows(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    from: u64,
    audit: &mut Audit<'_, Sha256>,
    report: &mut Verified,
    gone: &mut Gone,
) -> Outcome<u64> {
    let sql = format!("{COLUMNS} where district = $1 and seq >= $2 and seq < $3 order by seq");
    let mut scratch = Vec::with_capacity(4096);
    let mut read = 0;
    tx.each(&sql, &[district.into(), from.into(), (from + CHUNK).into()], |row| {
        read += 1;
        let seq = row.count(11)?;
        match recompute(row, district, &mut scratch) {
            Ok((digest, same)) => {
                if let Some(leaf) = gone.leaf(row, digest)? {
                    audit.feed(seq, &leaf);
                    return Ok(());
                }
                audit.feed(seq, &digest);
                if !same {
                    report.faults.push(format!(
                        "event {} (no. {seq}): its stored commitment was changed",
                        row.str(0)?
                    ));
                }
            }
            Err(_) => report.faults.push(format!("event no. {seq}: the row cannot be read")),
        }
        Ok(())
    })?;
    report.sealed += read;
    Ok(read)
}

fn check_waiting(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    report: &mut Verified,
    gone: &mut Gone,
) -> Outcome<()> {
    let sql = format!("{COLUMNS} where district = $1 and seq is null order by id");
    let mut scratch = Vec::with_capacity(4096);
    tx.each(&sql, &[district.into()], |row| {
        report.waiting += 1;
        let found = recompute(row, district, &mut scratch);
        if let Ok((digest, _)) = &found
            && gone.leaf(row, *digest)?.is_some()
        {
            return Ok(());
        }
        if !found.is_ok_and(|(_, same)| same) {
            report
                .faults
                .push(format!("event {} (not yet sealed): differs from its commitment", row.str(0)?));
        }
        Ok(())
    })
}

fn name_fault(tx: &mut Tx<'_>, district: DistrictCode, fault: &LedgerFault) -> Outcome<String> {
    let words = fault.reason(kernel::Lang::En);
    let LedgerFault::Changed { seq } = fault else { return Ok(words) };
    let sql = "select id, kind, subject from event where district = $1 and seq = $2";
    let row =
        tx.one(sql, &[district.into(), (*seq).into()], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)));
    Ok(match row.ok().flatten() {
        Some((id, kind, subject)) => format!("event {id} (no. {seq}, {kind} of {subject}): {words}"),
        None => words,
    })
}
