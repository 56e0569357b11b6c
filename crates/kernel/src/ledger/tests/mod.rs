//! Known answers of RFC 6962's reference data and of a real public log; everything else against a naive oracle that
//! follows the definitions word by word.

mod formats;
mod trees;

use super::*;
use crate::id::{DistrictCode, EventId};
use crate::time::Day;
use uuid::Uuid;

/// MTH of RFC 6962 §2.1, as it is written there.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256.empty(),
        [leaf] => *leaf,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            Sha256.node(&naive_root(&leaves[..middle]), &naive_root(&leaves[middle..]))
        }
    }
}

/// PATH of RFC 6962 §2.1.1.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut path, sibling) = match index < middle {
        true => (naive_path(index, left), right),
        false => (naive_path(index - middle, right), left),
    };
    path.push(naive_root(sibling));
    path
}

/// SUBPROOF of RFC 6962 §2.1.2.
fn naive_subproof(first: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if first == leaves.len() {
        return if known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut proof, sibling) = match first <= middle {
        true => (naive_subproof(first, left, known), right),
        false => (naive_subproof(first - middle, right, false), left),
    };
    proof.push(naive_root(sibling));
    proof
}

fn digests(n: u64) -> Vec<Hash> {
    (0..n).map(|i| Sha256.hash(&[b"test entry", &i.to_be_bytes()])).collect()
}

fn leaves_of(digests: &[Hash]) -> Vec<Hash> {
    digests.iter().map(|d| Sha256.leaf(&d.0)).collect()
}

fn tree_of(leaves: &[Hash]) -> Frontier<Sha256> {
    let mut tree = Frontier::new(Sha256);
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

/// Tiles of a log that was sealed in batches of `step`.
fn tiles_of(leaves: &[Hash], step: usize) -> MemoryTiles {
    let (mut tiles, mut size) = (MemoryTiles::new(), 0);
    for batch in leaves.chunks(step) {
        for (tile, bytes) in grow(Sha256, &tiles, size, batch).unwrap() {
            tiles.put(tile, bytes);
        }
        size += u64::try_from(batch.len()).unwrap();
    }
    tiles
}

fn sample_id() -> EventId {
    EventId::new(Uuid::from_u128(0x016c_8383_1234_7abc_8def_0123_4567_89ab))
}

fn sample(body: &[u8]) -> Entry<'_> {
    Entry {
        district: DistrictCode::GUANDU,
        id: sample_id(),
        at: Day::new(2019, 8, 12).unwrap().at(9, 58),
        actor: "gsjd.desk",
        subject_kind: "case",
        subject: "530111-190812-0001",
        rev: 1,
        kind: "case.filed",
        version: 1,
        body,
        salt: [7; 16],
    }
}
