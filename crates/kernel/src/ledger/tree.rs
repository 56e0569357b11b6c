//! Appending to a tree while keeping only its peaks, and checking proofs with nothing but hashes (RFC 6962 §2.1,
//! RFC 9162 §2.1.3 and §2.1.4).

use super::hash::{Hash, Hasher};
use super::refusal::ProofRefusal;

/// A tree that can grow and tell its root, holding one hash per set bit of its size (at most 64).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier<H: Hasher> {
    hasher: H,
    size: u64,
    peaks: Vec<Hash>,
}

impl<H: Hasher> Frontier<H> {
    /// The empty tree.
    pub const fn new(hasher: H) -> Self {
        Frontier { hasher, size: 0, peaks: Vec::new() }
    }
    /// From what [`Frontier::size`] and [`Frontier::peaks`] gave; `None` when the two cannot belong together.
    pub fn from_parts(hasher: H, size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let wanted = usize::try_from(size.count_ones()).ok()?;
        (peaks.len() == wanted).then_some(Frontier { hasher, size, peaks })
    }
    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }
    /// Roots of the complete subtrees, the widest (leftmost) first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }
    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_seen(leaf, |_, _| {});
    }
    /// Appends a leaf hash and shows each subtree that became complete: its height (a leaf has 0) and root.
    pub(super) fn push_seen(&mut self, leaf: Hash, mut seen: impl FnMut(u32, &Hash)) {
        let mut node = leaf;
        for height in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            node = self.hasher.node(&left, &node);
            seen(height + 1, &node);
        }
        self.peaks.push(node);
        self.size += 1;
    }
    /// Root over all leaves; that of the empty tree is the hash of nothing.
    pub fn root(&self) -> Hash {
        fold_right(self.hasher, &self.peaks).unwrap_or_else(|| self.hasher.empty())
    }
}

/// Joins adjacent subtrees, the widest first, into the root over all of them; `None` when there are none.
pub(super) fn fold_right<H: Hasher>(hasher: H, parts: &[Hash]) -> Option<Hash> {
    let (last, rest) = parts.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| hasher.node(left, &right)))
}

/// Checks that `leaf` is leaf number `index` (from 0) of the tree with `size` leaves and this `root`.
///
/// # Errors
/// Says which way it fails: no such leaf, a proof of the wrong length, or a root that differs.
pub fn verify_inclusion<H: Hasher>(
    hasher: H,
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofRefusal> {
    if index >= size {
        return Err(ProofRefusal::Index { index, size });
    }
    let (mut at, mut last, mut node) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofRefusal::Length);
        }
        if at & 1 == 1 || at == last {
            node = hasher.node(sibling, &node);
            let up = if at & 1 == 1 { 0 } else { at.trailing_zeros().min(63) };
            (at, last) = (at >> up, last >> up);
        } else {
            node = hasher.node(&node, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofRefusal::Length);
    }
    if node != *root { Err(ProofRefusal::Root) } else { Ok(()) }
}

/// Checks that the tree of `second` leaves starts with exactly the tree of `first` leaves: nothing before was altered,
/// dropped or put in between.
///
/// # Errors
/// As [`verify_inclusion`]; `Index` when `first` is larger than `second`.
pub fn verify_consistency<H: Hasher>(
    hasher: H,
    first: u64,
    second: u64,
    first_root: &Hash,
    second_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefusal> {
    if first > second {
        return Err(ProofRefusal::Index { index: first, size: second });
    }
    if first == second || first == 0 {
        let expected = if first == 0 { hasher.empty() } else { *second_root };
        let same = *first_root == expected && (second != 0 || *second_root == expected);
        return match (proof.is_empty(), same) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofRefusal::Root),
            (false, _) => Err(ProofRefusal::Length),
        };
    }
    let (seed, rest) = if first.is_power_of_two() {
        (*first_root, proof)
    } else {
        let (seed, rest) = proof.split_first().ok_or(ProofRefusal::Length)?;
        (*seed, rest)
    };
    let up = (first - 1).trailing_ones().min(63);
    let (mut at, mut last) = ((first - 1) >> up, (second - 1) >> up);
    let (mut old, mut new) = (seed, seed);
    for sibling in rest {
        if last == 0 {
            return Err(ProofRefusal::Length);
        }
        if at & 1 == 1 || at == last {
            old = hasher.node(sibling, &old);
            new = hasher.node(sibling, &new);
            let up = if at & 1 == 1 { 0 } else { at.trailing_zeros().min(63) };
            (at, last) = (at >> up, last >> up);
        } else {
            new = hasher.node(&new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofRefusal::Length);
    }
    if old != *first_root || new != *second_root { Err(ProofRefusal::Root) } else { Ok(()) }
}
