//! The ledger's writing side: one event for every change, in the transaction of the change.

use crate::fault::Outcome;
use crate::op::{Op, Stub};
use kernel::ledger::{Claim, Entry, NoteSigner};
use kernel::{DistrictCode, EventId, Instant};

/// Something that happened, about to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'a> {
    /// Kind of thing, such as `duty`.
    pub subject_kind: &'a str,
    /// Id of the thing.
    pub subject: &'a str,
    /// Number of this event within the thing's life, from 1: replay follows it.
    pub rev: u64,
    /// Kind of event, such as `duty.assigned`.
    pub kind: &'a str,
    /// Version of the event's form.
    pub version: u16,
    /// The event as JSON text.
    pub body: &'a str,
}

impl Op<'_, '_> {
    /// Records a fact. A second event with the same subject and number is refused by the unique key: of two
    /// writers that saw the same state only one goes through.
    pub fn record(&mut self, fact: Fact<'_>) -> Outcome<EventId> {
        let id = EventId::new(self.id());
        let salt: [u8; 16] = self.core.ids.bytes();
        let actor = self.actor().post.as_str();
        let entry = Entry {
            district: self.district(),
            id,
            at: self.now(),
            actor,
            subject_kind: fact.subject_kind,
            subject: fact.subject,
            rev: fact.rev,
            kind: fact.kind,
            version: fact.version,
            body: fact.body.as_bytes(),
            salt,
        };
        let commitment = entry.digest(&mut Vec::with_capacity(512));
        let sql = "insert into event (district, id, at, actor, subject_kind, subject, rev, kind, version, body, salt, leaf) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let args = [
            self.district().into(),
            id.into(),
            self.now().into(),
            actor.into(),
            fact.subject_kind.into(),
            fact.subject.into(),
            fact.rev.into(),
            fact.kind.into(),
            i64::from(fact.version).into(),
            fact.body.into(),
            crate::Arg::Blob(&salt),
            crate::Arg::Blob(&commitment.0),
        ];
        self.tx.exec(sql, &args)?;
        let claim = Claim { district: self.district(), event: id, at: self.now(), digest: commitment };
        let seat = self.tx.take_seat(claim.leaf(self.core.signer.of(self.district())?.name()));
        self.push_stub(Stub { event: id, at: self.now(), commitment, seat });
        Ok(id)
    }
}

/// An event as stored, for timelines and replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The event.
    pub id: EventId,
    /// Position in the tree; none before it is sealed.
    pub seq: Option<u64>,
    /// When.
    pub at: Instant,
    /// The post that acted.
    pub actor: String,
    /// Number within the subject's life.
    pub rev: u64,
    /// Kind of event.
    pub kind: String,
    /// Version of the event's form.
    pub version: u16,
    /// JSON text.
    pub body: String,
    /// The tree's entry, for the short mark on pages.
    pub commitment: Vec<u8>,
}

/// The life of one thing in order.
pub fn history(tx: &mut crate::Tx<'_>, district: DistrictCode, subject: &str) -> Outcome<Vec<Stored>> {
    let sql = "select id, seq, at, actor, rev, kind, version, body, leaf from event \
               where district = $1 and subject = $2 order by rev";
    tx.query(sql, &[district.into(), subject.into()], |row| {
        Ok(Stored {
            id: row.parsed(0)?,
            seq: row.int_opt(1)?.and_then(|n| u64::try_from(n).ok()),
            at: row.instant(2)?,
            actor: row.text(3)?,
            rev: row.count(4)?,
            kind: row.text(5)?,
            version: u16::try_from(row.int(6)?).unwrap_or(0),
            body: row.text(7)?,
            commitment: row.bytes(8)?,
        })
    })
}

/// Things of one kind that have events, by subject, after `after`, with the moment of the last event: also those whose
/// row is gone. For rebuilding rows.
pub fn subjects(
    tx: &mut crate::Tx<'_>,
    district: DistrictCode,
    kind: &str,
    after: &str,
    limit: u32,
) -> Outcome<Vec<(String, Instant)>> {
    let sql = "select subject, max(at) from event where district = $1 and subject > $2 and subject_kind = $3 \
               group by subject order by subject limit $4";
    let args = [district.into(), after.into(), kind.into(), limit.into()];
    tx.query(sql, &args, |row| Ok((row.text(0)?, row.instant(1)?)))
}

/// What the ledger commits to, from a row that begins with id, at, actor, subject_kind, subject, rev, kind, version;
/// `body` and `salt` as stored, or as they would be.
pub(crate) fn entry<'r>(
    row: &'r crate::Row<'_>,
    district: DistrictCode,
    body: &'r str,
    salt: [u8; 16],
) -> Outcome<Entry<'r>> {
    Ok(Entry {
        district,
        id: row.parsed(0)?,
        at: row.instant(1)?,
        actor: row.str(2)?,
        subject_kind: row.str(3)?,
        subject: row.str(4)?,
        rev: row.count(5)?,
        kind: row.str(6)?,
        version: u16::try_from(row.int(7)?).unwrap_or(u16::MAX),
        body: body.as_bytes(),
        salt,
    })
}
