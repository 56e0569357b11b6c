//! One signature for all promises of one commit: they are the leaves of a small tree, and the log signs its root.
//!
//! A group commit makes dozens of events durable at once. To sign each promise costs more than to write it; a tree costs
//! two hashes for each. Everybody still gets a receipt that stands alone: it carries the way from its promise to the root.
//! The tree has the form of RFC 6962, so the same check serves it as serves the ledger.
//!
//! Text that is signed, one value a line, each line ended by a line break:
//!
//! ```text
//! guandu-receipts/v2
//! <origin of the log>
//! <district, six digits>
//! <promises in the commit>
//! <root in base64>
//! ```
//!
//! A commit may hold promises of several districts. Each log signs the root for its own; the leaf of a promise names
//! origin and district too, so no promise passes under another log's signature.

use super::hash::{Hash, Hasher, Sha256};
use crate::id::DistrictCode;
use serde::{Deserialize, Serialize};

/// First line of the signed text of a group.
pub const GROUP_FORMAT: &str = "guandu-receipts/v2";

/// The tree over the promises of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Leaves first, the root last. A node without a neighbour moves up as it is: the form of RFC 6962.
    levels: Vec<Vec<Hash>>,
}

/// The way from one promise to the signed root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Which promise of the commit, from 0.
    pub index: u64,
    /// Promises in the commit.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Inclusion proof, from the leaf upwards.
    pub path: Vec<Hash>,
}

impl Group {
    /// Over leaves in the order of their recording.
    pub fn new(leaves: Vec<Hash>) -> Group {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above = below.chunks(2).filter_map(|pair| match pair {
                [left, right] => Some(Sha256.node(left, right)),
                [alone] => Some(*alone),
                _ => None,
            });
            let above = above.collect();
            levels.push(above);
        }
        Group { levels }
    }
    /// How many promises.
    pub fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }
    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The way of one promise; `None` when there is no such promise.
    pub fn place(&self, index: usize) -> Option<Place> {
        if index >= self.len() {
            return None;
        }
        let mut at = index;
        let mut path = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            path.extend(level.get(at ^ 1).filter(|_| level.len() > 1));
            at /= 2;
        }
        let root = *self.levels.last()?.first()?;
        Some(Place { index: u64::try_from(index).ok()?, size: u64::try_from(self.len()).ok()?, root, path })
    }
}

impl Place {
    /// The text that the log signs; see the head of this module.
    pub fn text(&self, origin: &str, district: DistrictCode) -> String {
        format!("{GROUP_FORMAT}\n{origin}\n{district}\n{}\n{}\n", self.size, self.root.base64())
    }
}
