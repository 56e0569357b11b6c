//! Trees, proofs, tiles and audits.

use super::*;
use proptest::prelude::*;

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// The inputs and roots of the reference data that implementations of RFC 6962 share.
const INPUTS: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn reference_roots() {
    let mut tree = Frontier::new(Sha256);
    assert_eq!(tree.root().hex(), ROOTS[0]);
    for (input, root) in INPUTS.iter().zip(&ROOTS[1..]) {
        tree.push(Sha256.leaf(&unhex(input)));
        assert_eq!(tree.root().hex(), *root, "size {}", tree.size());
    }
}

#[test]
fn sizes_around_tile_edges_match_the_definitions() {
    let leaves = leaves_of(&digests(600));
    let tiles = tiles_of(&leaves, 37);
    for size in [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 600_usize] {
        let known = &leaves[..size];
        let count = u64::try_from(size).unwrap();
        let mut reader = Reader::new(Sha256, &tiles, count);
        let root = reader.root().unwrap();
        assert_eq!(root, naive_root(known));
        assert_eq!(reader.frontier().unwrap(), tree_of(known));
        for index in [0, size / 2, size - 1] {
            let proof = reader.inclusion(u64::try_from(index).unwrap()).unwrap();
            assert_eq!(proof, naive_path(index, known), "{index} of {size}");
        }
        for first in [1, size / 3, size / 2, size - 1, size] {
            let proof = reader.consistency(u64::try_from(first).unwrap()).unwrap();
            let naive = if first == 0 { Vec::new() } else { naive_subproof(first, known, true) };
            assert_eq!(proof, naive, "{first} of {size}");
        }
    }
}

#[test]
fn a_tree_of_three_levels_of_tiles_proves() {
    let leaves = leaves_of(&digests(66_000));
    let tiles = tiles_of(&leaves, 9_001);
    let mut reader = Reader::new(Sha256, &tiles, 66_000);
    let root = reader.root().unwrap();
    assert_eq!(root, tree_of(&leaves).root());
    for index in [0, 1, 255, 256, 40_000, 65_535, 65_536, 65_999] {
        let proof = reader.inclusion(index).unwrap();
        let leaf = leaves[usize::try_from(index).unwrap()];
        assert_eq!(verify_inclusion(Sha256, &leaf, index, 66_000, &proof, &root), Ok(()));
        assert_eq!(
            verify_inclusion(Sha256, &leaf, index ^ 1, 66_000, &proof, &root),
            Err(ProofRefusal::Root)
        );
    }
    for first in [1, 256, 300, 65_536, 65_537, 65_999] {
        let old = Reader::new(Sha256, &tiles, first).root().unwrap();
        let proof = reader.consistency(first).unwrap();
        assert_eq!(verify_consistency(Sha256, first, 66_000, &old, &root, &proof), Ok(()));
    }
}

#[test]
fn the_specification_counts_its_tiles_so() {
    // C2SP tlog-tiles: size 70,000 has 273 full and one 112-wide tile, one full and one 17-wide, one 1-wide.
    let tiles = tiles_between(0, 70_000);
    let count = |level, width| tiles.iter().filter(|t| t.level == level && t.width == width).count();
    assert_eq!((count(0, 256), count(0, 112), count(1, 256), count(1, 17), count(2, 1)), (273, 1, 1, 1, 1));
    assert_eq!(tiles.len(), 277);
    let paths: Vec<_> = tiles_between(0, 256).into_iter().map(Tile::path).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(tiles_between(256, 256), []);
    let paths: Vec<_> = tiles_between(250, 260).into_iter().map(Tile::path).collect();
    assert_eq!(paths, ["tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1"]);
}

#[test]
fn growing_reads_no_more_than_it_needs_and_refuses_damage() {
    let leaves = leaves_of(&digests(300));
    let mut tiles = tiles_of(&leaves[..290], 290);
    tiles.get_mut(0, 1).unwrap().truncate(33 * 32);
    let tile = Tile { level: 0, index: 1, width: 34 };
    assert_eq!(grow(Sha256, &tiles, 290, &leaves[290..]), Err(ProofRefusal::TileDamaged(tile)));
    let none = MemoryTiles::new();
    assert_eq!(grow(Sha256, &none, 290, &leaves[290..]), Err(ProofRefusal::TileMissing(tile)));
    // At a full tile's edge nothing of level 0 has to be read.
    assert_eq!(grow(Sha256, &none, 256, &[]), Ok(Vec::new()));
}

#[test]
fn proofs_of_the_edge_cases() {
    let empty = Sha256.empty();
    let one = leaves_of(&digests(1))[0];
    assert_eq!(verify_consistency(Sha256, 0, 0, &empty, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(Sha256, 0, 1, &empty, &one, &[]), Ok(()));
    assert_eq!(verify_consistency(Sha256, 0, 1, &one, &one, &[]), Err(ProofRefusal::Root));
    assert_eq!(verify_consistency(Sha256, 0, 0, &empty, &one, &[]), Err(ProofRefusal::Root));
    assert_eq!(verify_consistency(Sha256, 1, 1, &one, &one, &[one]), Err(ProofRefusal::Length));
    assert_eq!(verify_consistency(Sha256, 3, 7, &one, &one, &[]), Err(ProofRefusal::Length));
    assert!(verify_consistency(Sha256, 2, 1, &one, &one, &[]).is_err());
    assert_eq!(verify_inclusion(Sha256, &one, 0, 1, &[], &one), Ok(()));
    assert_eq!(verify_inclusion(Sha256, &one, 0, 1, &[one], &one), Err(ProofRefusal::Length));
    assert_eq!(
        verify_inclusion(Sha256, &one, 0, 0, &[], &empty),
        Err(ProofRefusal::Index { index: 0, size: 0 })
    );
    let huge = verify_inclusion(Sha256, &one, u64::MAX - 1, u64::MAX, &[one; 70], &one);
    assert_eq!(huge, Err(ProofRefusal::Length));
    let none = MemoryTiles::new();
    assert_eq!(Reader::new(Sha256, &none, 0).root(), Ok(empty));
    assert!(Frontier::from_parts(Sha256, 3, vec![one]).is_none());
}

/// Runs a whole audit of `rows` against the tiles and root of the untouched `digests`.
fn audit(rows: &[(u64, Hash)], tiles: &MemoryTiles, size: u64, marks: &[(u64, Hash)]) -> Vec<Fault> {
    let mut audit = Audit::new(Sha256, tiles, size);
    marks.iter().for_each(|(size, root)| audit.mark(*size, *root));
    rows.iter().for_each(|(seq, digest)| audit.feed(*seq, digest));
    audit.finish()
}

#[test]
fn rows_and_tiles_rewritten_together_are_narrowed_down() {
    let good = digests(1_000);
    let old_root = tree_of(&leaves_of(&good[..600])).root();
    let root = tree_of(&leaves_of(&good)).root();
    let mut forged = good.clone();
    forged[700] = Sha256.hash(&[b"forged"]);
    let rows: Vec<(u64, Hash)> = (0..).zip(forged.iter().copied()).collect();
    // All tiles made anew over the forged row: only signed roots can tell, and the older one narrows it down.
    let tiles = tiles_of(&leaves_of(&forged), 1_000);
    let faults = audit(&rows, &tiles, 1_000, &[(600, old_root), (1_000, root)]);
    assert_eq!(faults, [Fault::Rewritten { from: 600, to: 1_000 }]);
    // Only the leaf tile made anew: the tile above still knows the block of 256.
    let mut tiles = tiles_of(&leaves_of(&good), 1_000);
    let leaf = Sha256.leaf(&forged[700].0);
    tiles.get_mut(0, 2).unwrap()[(700 - 512) * 32..(701 - 512) * 32].copy_from_slice(&leaf.0);
    let faults = audit(&rows, &tiles, 1_000, &[(1_000, root)]);
    assert_eq!(faults, [Fault::Rewritten { from: 512, to: 768 }, Fault::Rewritten { from: 0, to: 1_000 }]);
}

#[test]
fn a_log_cut_short_is_noticed_through_an_old_root() {
    let good = digests(10);
    let root = tree_of(&leaves_of(&good)).root();
    let cut = &good[..8];
    let rows: Vec<(u64, Hash)> = (0..).zip(cut.iter().copied()).collect();
    let faults = audit(&rows, &tiles_of(&leaves_of(cut), 8), 8, &[(10, root)]);
    assert_eq!(faults, [Fault::Missing { from: 8, to: 10 }]);
}

#[test]
fn a_missing_tile_is_reported_once() {
    let good = digests(20);
    let rows: Vec<(u64, Hash)> = (0..).zip(good.iter().copied()).collect();
    let faults = audit(&rows, &MemoryTiles::new(), 20, &[]);
    assert_eq!(faults, [Fault::Tile(ProofRefusal::TileMissing(Tile { level: 0, index: 0, width: 20 }))]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Every proof of every chain verifies, whatever the batches it was sealed in.
    #[test]
    fn every_proof_verifies(size in 1_u64..700, step in 1_usize..400, a in any::<u64>(), b in any::<u64>()) {
        let leaves = leaves_of(&digests(size));
        let tiles = tiles_of(&leaves, step);
        let mut reader = Reader::new(Sha256, &tiles, size);
        let root = reader.root().unwrap();
        prop_assert_eq!(root, tree_of(&leaves).root());
        let (index, first) = (a % size, 1 + b % size);
        let proof = reader.inclusion(index).unwrap();
        let leaf = leaves[usize::try_from(index).unwrap()];
        prop_assert_eq!(verify_inclusion(Sha256, &leaf, index, size, &proof, &root), Ok(()));
        let old = Reader::new(Sha256, &tiles, first).root().unwrap();
        let chain = reader.consistency(first).unwrap();
        prop_assert_eq!(verify_consistency(Sha256, first, size, &old, &root, &chain), Ok(()));
        // The same proofs prove nothing else.
        prop_assert!(verify_inclusion(Sha256, &root, index, size, &proof, &root).is_err() || size == 1);
        for flip in 0..chain.len() {
            let mut bad = chain.clone();
            bad[flip].0[0] ^= 1;
            prop_assert!(verify_consistency(Sha256, first, size, &old, &root, &bad).is_err());
        }
        for flip in 0..proof.len() {
            let mut bad = proof.clone();
            bad[flip].0[31] ^= 128;
            prop_assert!(verify_inclusion(Sha256, &leaf, index, size, &bad, &root).is_err());
        }
    }

    #[test]
    fn growing_writes_exactly_the_tiles_between(old in 0_u64..900, more in 0_u64..900) {
        let leaves = leaves_of(&digests(old + more));
        let at = usize::try_from(old).unwrap();
        let tiles = tiles_of(&leaves[..at], 300);
        let written = grow(Sha256, &tiles, old, &leaves[at..]).unwrap();
        let names: Vec<Tile> = written.iter().map(|(tile, _)| *tile).collect();
        prop_assert_eq!(names, tiles_between(old, old + more));
        for (tile, bytes) in written {
            prop_assert_eq!(bytes.len(), usize::from(tile.width) * 32);
        }
    }

    /// A changed byte, a dropped, swapped or inserted entry: found, and named at the first place where it shows.
    #[test]
    fn tampering_is_located(size in 2_u64..600, place in any::<prop::sample::Index>(), bit in 0_usize..256, how in 0..5) {
        let good = digests(size);
        let tiles = tiles_of(&leaves_of(&good), 250);
        let marks = [(size, tree_of(&leaves_of(&good)).root())];
        let at = place.index(good.len() - 1);
        let seq = u64::try_from(at).unwrap();
        let mut rows: Vec<(u64, Hash)> = (0..).zip(good.iter().copied()).collect();
        prop_assert_eq!(audit(&rows, &tiles, size, &marks), []);
        let renumber = |rows: &mut Vec<(u64, Hash)>| (0..).zip(rows).for_each(|(n, row)| row.0 = n);
        let first = match how {
            0 => {
                rows[at].1.0[bit / 8] ^= 1 << (bit % 8);
                Fault::Changed { seq }
            }
            1 => {
                rows.remove(at);
                Fault::Missing { from: seq, to: seq + 1 }
            }
            2 => {
                rows.remove(at);
                renumber(&mut rows);
                Fault::Changed { seq }
            }
            3 => {
                let (a, b) = (rows[at].1, rows[at + 1].1);
                (rows[at].1, rows[at + 1].1) = (b, a);
                Fault::Changed { seq }
            }
            _ => {
                rows.insert(at, (0, Sha256.hash(&[b"inserted"])));
                renumber(&mut rows);
                Fault::Changed { seq }
            }
        };
        let faults = audit(&rows, &tiles, size, &marks);
        prop_assert_eq!(faults.first(), Some(&first));
        if how < 2 {
            prop_assert_eq!(faults.len(), 1);
        }
        if how == 4 {
            prop_assert_eq!(faults.last(), Some(&Fault::Extra { seq: size }));
        }
    }
}
