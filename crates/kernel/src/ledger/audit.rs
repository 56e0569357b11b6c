//! A whole ledger against its tiles and against every root that was ever signed; each broken event is named.
//!
//! Rows are fed in the order of their numbers. Each is compared with the sealed leaf of its number, so that a changed,
//! dropped, swapped or inserted row is located exactly. The sealed leaves themselves are hashed upwards and compared
//! with every higher tile and with every known root ([`Audit::mark`]), so that rows and tiles rewritten together are
//! found too, and narrowed down to the block of 256 (or 65,536 …) or to the stretch between two checkpoints.

use super::hash::{Hash, Hasher};
use super::proof::Reader;
use super::refusal::ProofRefusal;
use super::tile::TileSource;
use super::tree::Frontier;
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};
use std::collections::BTreeMap;

/// Something in the ledger that is not as it was sealed. Numbers count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The row is not what was sealed under its number: changed, swapped, or moved up by a dropped or inserted one.
    Changed {
        /// Number of the event.
        seq: u64,
    },
    /// Rows are missing.
    Missing {
        /// First that is missing.
        from: u64,
        /// First that is there again, or the size of the sealed tree.
        to: u64,
    },
    /// A row that was not sealed under any free number: repeated, out of order, or beyond the sealed tree.
    Extra {
        /// Number that the row claims.
        seq: u64,
    },
    /// Rows and leaves agree with each other, but not with what was sealed above them.
    Rewritten {
        /// First event of the stretch in which the change lies.
        from: u64,
        /// One past the last.
        to: u64,
    },
    /// A tile cannot be read.
    Tile(ProofRefusal),
}

/// A running check.
pub struct Audit<'a, H: Hasher> {
    reader: Reader<'a, H>,
    hasher: H,
    tree: Frontier<H>,
    marks: BTreeMap<u64, Hash>,
    /// Size at the last root that agreed: everything before it is beyond doubt.
    sure: u64,
    faults: Vec<Fault>,
}

impl<'a, H: Hasher> Audit<'a, H> {
    /// Starts the check of the first `size` events against their tiles.
    pub fn new(hasher: H, source: &'a dyn TileSource, size: u64) -> Self {
        Audit {
            reader: Reader::new(hasher, source, size),
            hasher,
            tree: Frontier::new(hasher),
            marks: BTreeMap::new(),
            sure: 0,
            faults: Vec::new(),
        }
    }

    /// Adds a signed root that must come out at `size`: the latest checkpoint, and any older one that is at hand, also
    /// out of receipts. Marks must be set before the rows are fed.
    pub fn mark(&mut self, size: u64, root: Hash) {
        match self.marks.insert(size, root) {
            Some(other) if other != root => self.faults.push(Fault::Rewritten { from: 0, to: size }),
            _ => {}
        }
    }

    /// Feeds the D of the next row ([`super::Entry::digest`], or the kept D of an erased event).
    pub fn feed(&mut self, seq: u64, digest: &Hash) {
        if seq < self.tree.size() || seq >= self.reader.size() {
            return self.faults.push(Fault::Extra { seq });
        }
        if seq > self.tree.size() {
            self.faults.push(Fault::Missing { from: self.tree.size(), to: seq });
            self.pass_until(seq);
        }
        let sealed = self.next_leaf();
        if sealed.is_some_and(|leaf| leaf != self.hasher.leaf(&digest.0)) {
            self.faults.push(Fault::Changed { seq });
        }
    }

    /// Faults so far, in the order in which they were met; empty when all is well.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Ends the check: rows that are still missing are reported, and the rest of the tiles is checked.
    pub fn finish(mut self) -> Vec<Fault> {
        let size = self.reader.size();
        if self.tree.size() < size {
            self.faults.push(Fault::Missing { from: self.tree.size(), to: size });
            self.pass_until(size);
        }
        let empty = self.hasher.empty();
        if self.marks.get(&0).is_some_and(|root| *root != empty) {
            self.faults.push(Fault::Rewritten { from: 0, to: 0 });
        }
        // A root was signed over more events than the tiles hold.
        if let Some((&beyond, _)) = self.marks.range(size + 1..).next_back() {
            self.faults.push(Fault::Missing { from: size, to: beyond });
        }
        self.faults
    }

    fn pass_until(&mut self, size: u64) {
        while self.tree.size() < size {
            self.next_leaf();
        }
    }

    /// Takes the next sealed leaf into the tree and checks all that it completes. The tree always gets a leaf, so that
    /// one unreadable tile does not hide the faults behind it.
    fn next_leaf(&mut self) -> Option<Hash> {
        let seq = self.tree.size();
        let leaf = match self.reader.leaf(seq) {
            Ok(leaf) => Some(leaf),
            Err(fault) => {
                self.report_tile(fault);
                None
            }
        };
        let mut done: Vec<(u8, Hash)> = Vec::new();
        self.tree.push_seen(leaf.unwrap_or_default(), |height, hash| {
            if let (0, Ok(level)) = (height % 8, u8::try_from(height / 8)) {
                done.push((level, *hash));
            }
        });
        let size = seq + 1;
        for (level, hash) in done {
            self.compare_block(level, size, &hash);
        }
        if size.is_multiple_of(256) {
            self.reader.forget_leaves();
        }
        if let Some(root) = self.marks.get(&size) {
            if *root == self.tree.root() {
                self.sure = size;
            } else {
                self.faults.push(Fault::Rewritten { from: self.sure, to: size });
            }
        }
        leaf
    }

    /// A block of 256^level leaves just ended at `size`: its root must be the hash that the tile above holds.
    fn compare_block(&mut self, level: u8, size: u64, hash: &Hash) {
        let width = u32::from(level) * 8;
        match self.reader.tile_hash(level, (size >> width) - 1) {
            Ok(kept) if kept == *hash => {}
            Ok(_) => self.faults.push(Fault::Rewritten { from: size - (1 << width), to: size }),
            Err(fault) => self.report_tile(fault),
        }
    }

    fn report_tile(&mut self, fault: ProofRefusal) {
        let fault = Fault::Tile(fault);
        if self.faults.last() != Some(&fault) {
            self.faults.push(fault);
        }
    }
}

impl Fault {
    fn words(&self) -> (Words, Words) {
        let keep = || {
            Words::new(
                "请封存现场,与备份逐条比对",
                "Preserve what is there and compare it with a backup, event by event",
            )
        };
        match self {
            Fault::Changed { seq } => (
                Words::new(format!("第{seq}条与封存内容不符"), format!("Event {seq} is not what was sealed")),
                keep(),
            ),
            Fault::Missing { from, to } => (
                Words::new(
                    format!("缺少第{from}条至第{to}条之前的记录"),
                    format!("Events {from} up to before {to} are missing"),
                ),
                keep(),
            ),
            Fault::Extra { seq } => (
                Words::new(
                    format!("多出第{seq}条,未曾封存"),
                    format!("There is an extra event {seq} that was never sealed"),
                ),
                keep(),
            ),
            Fault::Rewritten { from, to } => (
                Words::new(
                    format!("第{from}条至第{to}条之前与签名的根不符"),
                    format!("Events {from} up to before {to} do not lead to the root that was sealed"),
                ),
                keep(),
            ),
            Fault::Tile(why) => (
                Words::new(why.reason(Lang::Zh), why.reason(Lang::En)),
                Words::new(why.next(Lang::Zh), why.next(Lang::En)),
            ),
        }
    }
}

impl Refuse for Fault {
    fn code(&self) -> &'static str {
        match self {
            Fault::Changed { .. } => "ledger.changed",
            Fault::Missing { .. } => "ledger.missing",
            Fault::Extra { .. } => "ledger.extra",
            Fault::Rewritten { .. } => "ledger.rewritten",
            Fault::Tile(why) => why.code(),
        }
    }
    fn kind(&self) -> Kind {
        Kind::Rule
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().0.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
}
