//! The ledger's arithmetic: how an event becomes 32 bytes, how those bytes become a tree, and how anybody can check it.
//!
//! ```text
//! Entry ──canonical bytes──▶ D = SHA-256(salt ‖ canonical) ──▶ leaf = SHA-256(0x00 ‖ D) ──▶ RFC 6962 tree
//!                             │ kept for ever                                               │ tiles, checkpoint
//!                             └ text and salt may be erased by law; D and the tree stay ────┘
//! ```
//!
//! | file | owns |
//! |---|---|
//! | [`struct@Hash`], [`Hasher`] | 32 bytes and the function that makes them; SM3 can come later behind the same trait |
//! | [`Entry`] | the byte layout of an event |
//! | [`Frontier`], [`verify_inclusion`], [`verify_consistency`] | appending, and checking proofs without any storage |
//! | [`Tile`], [`grow`], [`Reader`] | C2SP `tlog-tiles`: what to store, and proofs computed from what is stored |
//! | [`Signer`], [`Verifier`], [`Note`], [`Checkpoint`] | C2SP `signed-note` and `tlog-checkpoint` |
//! | [`Receipt`], [`verify_receipt`] | what a person takes home, and how it is checked offline |
//! | [`Group`] | one signature for all receipts of one commit |
//! | [`Audit`] | a whole ledger against its tiles and every root ever signed; names each broken event |
//!
//! Nothing here stores or sends; `base` keeps the rows and calls [`grow`] once a second.
//!
//! ```
//! use kernel::ledger::{Frontier, Hasher, Sha256, verify_inclusion};
//! let leaves: Vec<_> = (0..5_u8).map(|n| Sha256.leaf(&[n])).collect();
//! let mut tree = Frontier::new(Sha256);
//! leaves.iter().for_each(|leaf| tree.push(*leaf));
//! // The last of five leaves hangs beside the root of the first four.
//! let left = Sha256.node(&Sha256.node(&leaves[0], &leaves[1]), &Sha256.node(&leaves[2], &leaves[3]));
//! assert!(verify_inclusion(Sha256, &leaves[4], 4, 5, &[left], &tree.root()).is_ok());
//! ```

mod audit;
mod checkpoint;
mod entry;
mod group;
mod hash;
mod note;
mod proof;
mod receipt;
mod refusal;
#[cfg(test)]
mod tests;
mod tile;
mod tree;

pub use audit::{Audit, Fault};
pub use checkpoint::Checkpoint;
pub use entry::{ENCODING_VERSION, Entry};
pub use group::{GROUP_FORMAT, Group, Place};
pub use hash::{Hash, Hasher, Sha256};
pub use note::{Note, NoteSigner, NoteVerifier, Signature, Signer, Verifier};
pub use proof::Reader;
pub use receipt::{
    Claim, GROUPED_FORMAT, RECEIPT_FORMAT, Receipt, ReceiptRefusal, Seal, Verdict, verify_receipt,
    verify_receipt_with,
};
pub use refusal::{NoteRefusal, ProofRefusal};
pub use tile::{
    MemoryTiles, Resource, TILE_WIDTH, Tile, TileSource, decode_bundle, encode_bundle, grow, tiles_between,
};
pub use tree::{Frontier, verify_consistency, verify_inclusion};
