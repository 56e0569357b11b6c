//! How one event becomes bytes, and the bytes a hash.
//!
//! Canonical layout, version 1; all numbers are big-endian:
//!
//! | bytes | field |
//! |---|---|
//! | 1 | layout version, `0x01` |
//! | 4 | district, signed |
//! | 16 | event id, as the UUID's bytes |
//! | 8 | moment, microseconds since 1970-01-01T00:00Z, signed |
//! | 8 | revision of the subject after the event |
//! | 2 | version of the event's kind |
//! | 8 + n | actor (post), length then UTF-8 bytes |
//! | 8 + n | kind of the subject |
//! | 8 + n | subject |
//! | 8 + n | kind of the event |
//! | 8 + n | body, the JSON text exactly as it is stored |
//!
//! Lengths come before texts and numbers have fixed widths, so two different events never share their bytes. The body
//! is hashed as text: nobody who checks has to agree with us about how JSON is ordered or spaced.

use super::hash::{Hash, Hasher, Sha256};
use crate::id::{DistrictCode, EventId};
use crate::time::Instant;

/// First byte of the canonical bytes; a new layout gets a new number, and old events keep theirs.
pub const ENCODING_VERSION: u8 = 1;

/// An event of the ledger, borrowed from wherever it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// District that the event belongs to.
    pub district: DistrictCode,
    /// Id of the event.
    pub id: EventId,
    /// When it was recorded.
    pub at: Instant,
    /// Post that acted, such as `gsjd.desk`, or the program's own actor.
    pub actor: &'a str,
    /// What sort of thing it happened to, such as `duty`.
    pub subject_kind: &'a str,
    /// Id of the thing it happened to.
    pub subject: &'a str,
    /// Revision of the subject after the event, from 1.
    pub rev: u64,
    /// Kind of event in the past tense, such as `duty.accepted`.
    pub kind: &'a str,
    /// Version of that kind's body.
    pub version: u16,
    /// The body: JSON text, byte for byte as stored.
    pub body: &'a [u8],
    /// 16 random bytes, so that a short body cannot be guessed from its hash after it was erased.
    pub salt: [u8; 16],
}

impl Entry<'_> {
    /// Appends the canonical bytes (without the salt) to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let texts = [self.actor, self.subject_kind, self.subject, self.kind];
        out.reserve(80 + self.body.len() + texts.iter().map(|t| t.len()).sum::<usize>());
        out.push(ENCODING_VERSION);
        out.extend_from_slice(&self.district.number().to_be_bytes());
        out.extend_from_slice(self.id.uuid().as_bytes());
        out.extend_from_slice(&self.at.micros().to_be_bytes());
        out.extend_from_slice(&self.rev.to_be_bytes());
        out.extend_from_slice(&self.version.to_be_bytes());
        for text in texts {
            prefixed(out, text.as_bytes());
        }
        prefixed(out, self.body);
    }

    /// `D = SHA-256(salt ‖ canonical bytes)`: the 32 bytes that the log publishes as its entry.
    ///
    /// `scratch` is overwritten; pass the same buffer again and nothing is allocated per event.
    pub fn digest(&self, scratch: &mut Vec<u8>) -> Hash {
        self.digest_with(Sha256, scratch)
    }

    /// [`Entry::digest`] under another hash function.
    pub fn digest_with<H: Hasher>(&self, hasher: H, scratch: &mut Vec<u8>) -> Hash {
        scratch.clear();
        scratch.extend_from_slice(&self.salt);
        self.encode(scratch);
        hasher.hash(&[scratch])
    }

    /// The RFC 6962 leaf hash `SHA-256(0x00 ‖ D)`: what hangs in the tree.
    pub fn leaf_hash(&self, scratch: &mut Vec<u8>) -> Hash {
        Sha256.leaf(&self.digest(scratch).0)
    }
}

fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    // `usize` is never wider than 64 bits where this runs; a length can therefore not saturate.
    out.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}
