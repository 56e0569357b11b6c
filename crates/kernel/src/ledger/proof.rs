//! Roots and proofs computed from stored tiles: a log that serves tiles never has to keep its whole tree in memory.

use super::hash::{Hash, Hasher};
use super::refusal::ProofRefusal;
use super::tile::{Tile, TileSource, complete, read};
use super::tree::{Frontier, fold_right};
use std::collections::BTreeMap;

/// Reads one tree, of one size, out of tiles. Every tile is fetched once and kept for as long as the reader lives.
///
/// A proof of a million leaves touches three or four tiles.
pub struct Reader<'a, H: Hasher> {
    hasher: H,
    source: &'a dyn TileSource,
    size: u64,
    tiles: BTreeMap<Tile, Vec<Hash>>,
}

impl<'a, H: Hasher> Reader<'a, H> {
    /// A reader of the tree with `size` leaves. Older sizes than the stored one are fine; larger ones miss tiles.
    pub const fn new(hasher: H, source: &'a dyn TileSource, size: u64) -> Self {
        Reader { hasher, source, size, tiles: BTreeMap::new() }
    }
    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hash at `position` of tile level `level`.
    fn stored(&mut self, level: u8, position: u64) -> Result<Hash, ProofRefusal> {
        self.span(level, position, 1).map(|hashes| hashes.first().copied().unwrap_or_default())
    }

    /// Adjacent hashes of one tile.
    fn span(&mut self, level: u8, position: u64, count: usize) -> Result<&[Hash], ProofRefusal> {
        let none = ProofRefusal::Index { index: position, size: self.size };
        let tile = Tile::holding(level, position, self.size).ok_or(none.clone())?;
        let hashes = match self.tiles.entry(tile) {
            std::collections::btree_map::Entry::Occupied(kept) => kept.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => place.insert(read(self.source, tile)?),
        };
        let from = usize::try_from(position % 256).unwrap_or_default();
        hashes.get(from..from + count).ok_or(none)
    }

    /// Root of the complete subtree of 2^`height` leaves that starts at leaf `start`.
    fn subtree(&mut self, start: u64, height: u32) -> Result<Hash, ProofRefusal> {
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let hasher = self.hasher;
        let hashes = self.span(level, start >> (height - height % 8), 1 << (height % 8))?;
        Ok(complete(hasher, hashes).unwrap_or_default())
    }

    /// Roots of the complete subtrees that make up leaves `from..to`, the widest first.
    fn parts(&mut self, from: u64, to: u64) -> Result<Vec<Hash>, ProofRefusal> {
        let (mut at, mut out) = (from, Vec::new());
        while let Some(height) = (to - at).checked_ilog2() {
            out.push(self.subtree(at, height)?);
            at += 1 << height;
        }
        Ok(out)
    }

    fn range(&mut self, from: u64, to: u64) -> Result<Hash, ProofRefusal> {
        let parts = self.parts(from, to)?;
        Ok(fold_right(self.hasher, &parts).unwrap_or_else(|| self.hasher.empty()))
    }

    /// Root of the tree.
    ///
    /// # Errors
    /// A tile that this size needs is missing or damaged; so for all that follow.
    pub fn root(&mut self) -> Result<Hash, ProofRefusal> {
        self.range(0, self.size)
    }

    /// The frontier of the tree, to go on appending after a restart.
    pub fn frontier(&mut self) -> Result<Frontier<H>, ProofRefusal> {
        let peaks = self.parts(0, self.size)?;
        let index = ProofRefusal::Index { index: self.size, size: self.size };
        Frontier::from_parts(self.hasher, self.size, peaks).ok_or(index)
    }

    /// Leaf hash number `index`.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, ProofRefusal> {
        self.stored(0, index)
    }

    /// Root of complete subtree number `position` of height 8 × `level`, as the tiles hold it.
    pub(super) fn tile_hash(&mut self, level: u8, position: u64) -> Result<Hash, ProofRefusal> {
        self.stored(level, position)
    }

    /// Lets go of cached level-0 tiles; a walk over the whole ledger would otherwise keep all of them.
    pub(super) fn forget_leaves(&mut self) {
        self.tiles.retain(|tile, _| tile.level > 0);
    }

    /// Proof that leaf `index` is in this tree, for [`super::verify_inclusion`].
    ///
    /// # Errors
    /// Also `Index` when there is no such leaf.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, ProofRefusal> {
        if index >= self.size {
            return Err(ProofRefusal::Index { index, size: self.size });
        }
        let (mut from, mut to, mut proof) = (0, self.size, Vec::new());
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                proof.push(self.range(middle, to)?);
                to = middle;
            } else {
                proof.push(self.range(from, middle)?);
                from = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// Proof that this tree starts with the tree of `first` leaves, for [`super::verify_consistency`].
    ///
    /// # Errors
    /// Also `Index` when `first` is larger than this tree.
    pub fn consistency(&mut self, first: u64) -> Result<Vec<Hash>, ProofRefusal> {
        if first > self.size {
            return Err(ProofRefusal::Index { index: first, size: self.size });
        }
        if first == 0 || first == self.size {
            return Ok(Vec::new());
        }
        let (mut from, mut to, mut proof) = (0, self.size, Vec::new());
        while first != to {
            let middle = from + split(to - from);
            if first <= middle {
                proof.push(self.range(middle, to)?);
                to = middle;
            } else {
                proof.push(self.range(from, middle)?);
                from = middle;
            }
        }
        // From the left edge the old tree is this very subtree, whose root the verifier already holds.
        if from != 0 {
            proof.push(self.range(from, to)?);
        }
        proof.reverse();
        Ok(proof)
    }
}

/// RFC 6962's split: the largest power of two below `n`, for `n` of at least 2.
fn split(n: u64) -> u64 {
    (n - 1).checked_ilog2().map_or(0, |height| 1 << height)
}
