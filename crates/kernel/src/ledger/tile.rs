//! C2SP `tlog-tiles`: the tree cut into files of at most 256 hashes, and the entries beside them.
//!
//! A tile of level L holds the roots of complete subtrees of 256^L leaves; 256 of them make the one hash of the tile
//! above. A full tile never changes; the rightmost tile of each level is partial and is written anew as the tree grows.

use super::hash::{Hash, Hasher};
use super::refusal::ProofRefusal;
use std::collections::BTreeMap;

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;
const WIDTH: u64 = 256;

/// Which tile: level, index within the level, and number of hashes (1 to 256).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 holds leaf hashes.
    pub level: u8,
    /// Number of the tile in its level, from 0.
    pub index: u64,
    /// Hashes it holds; 256 when full.
    pub width: u16,
}

impl Tile {
    /// The tile that holds hash number `position` of `level` in a tree of `size` leaves; `None` when that tree has no
    /// such hash.
    pub fn holding(level: u8, position: u64, size: u64) -> Option<Tile> {
        let count = at_level(size, level);
        if position >= count {
            return None;
        }
        let index = position / WIDTH;
        let width = u16::try_from((count - index * WIDTH).min(WIDTH)).ok()?;
        Some(Tile { level, index, width })
    }
    /// Whether all 256 hashes are there, so that it never changes again.
    pub const fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }
    /// Path of the hashes: `tile/0/x001/234` or `tile/0/x001/234.p/17`.
    pub fn path(self) -> String {
        format!("tile/{}/{}", self.level, self.tail())
    }
    /// Path of the entries of a level-0 tile: `tile/entries/x001/234.p/17`.
    pub fn entries_path(self) -> String {
        format!("tile/entries/{}", self.tail())
    }
    fn tail(self) -> String {
        let mut rest = self.index;
        let mut out = format!("{:03}", rest % 1000);
        while rest >= 1000 {
            rest /= 1000;
            out = format!("x{:03}/{out}", rest % 1000);
        }
        if !self.is_full() {
            out.push_str(&format!(".p/{}", self.width));
        }
        out
    }
}

/// What a public path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Hashes.
    Hashes(Tile),
    /// Entries of a level-0 tile.
    Entries(Tile),
}

impl Resource {
    /// Reads exactly what [`Tile::path`] and [`Tile::entries_path`] write; every other spelling is `None`, so that a
    /// tile has one address and caches hold it once.
    pub fn parse(path: &str) -> Option<Resource> {
        let (kind, tail) = path.strip_prefix("tile/")?.split_once('/')?;
        let (index, width) = match tail.split_once(".p/") {
            Some((index, width)) => {
                (index, width.parse::<u16>().ok().filter(|w| (1..TILE_WIDTH).contains(w))?)
            }
            None => (tail, TILE_WIDTH),
        };
        let digits: String = index.split('/').map(|part| part.strip_prefix('x').unwrap_or(part)).collect();
        let index = digits.parse::<u64>().ok()?;
        let resource = match kind {
            "entries" => Resource::Entries(Tile { level: 0, index, width }),
            level => {
                let level = level.parse::<u8>().ok().filter(|l| *l < 64)?;
                Resource::Hashes(Tile { level, index, width })
            }
        };
        (resource.path() == path).then_some(resource)
    }
    /// The path it was read from.
    pub fn path(self) -> String {
        match self {
            Resource::Hashes(tile) => tile.path(),
            Resource::Entries(tile) => tile.entries_path(),
        }
    }
}

/// Where stored tiles come from: a table, a folder, or a map in memory.
pub trait TileSource {
    /// Bytes of the tile, 32 per hash. A source that kept only a wider version may answer with that: a wider tile
    /// starts with the narrower one. `None` when there is none; a shorter answer is refused by whoever reads.
    fn tile(&self, level: u8, index: u64, width: u16) -> Option<Vec<u8>>;
}

/// Tiles in memory, the newest version of each; for tests, simulations and checks of an exported ledger.
#[derive(Debug, Clone, Default)]
pub struct MemoryTiles {
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
}

impl MemoryTiles {
    /// Nothing yet.
    pub fn new() -> Self {
        MemoryTiles::default()
    }
    /// Keeps a tile; a partial one of the same place is replaced.
    pub fn put(&mut self, tile: Tile, bytes: Vec<u8>) {
        self.tiles.insert((tile.level, tile.index), bytes);
    }
    /// The stored bytes of a place, to be looked at or damaged by a test.
    pub fn get_mut(&mut self, level: u8, index: u64) -> Option<&mut Vec<u8>> {
        self.tiles.get_mut(&(level, index))
    }
}

impl TileSource for MemoryTiles {
    fn tile(&self, level: u8, index: u64, _width: u16) -> Option<Vec<u8>> {
        self.tiles.get(&(level, index)).cloned()
    }
}

/// Complete hashes at `level` in a tree of `size` leaves.
pub(super) fn at_level(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * 8).unwrap_or(0)
}

/// Which tiles are new or wider in a tree of `new` leaves compared with one of `old`, level by level: exactly what a
/// sealer has to write (and [`grow`] does).
pub fn tiles_between(old: u64, new: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for level in 0..8 {
        let (before, after) = (at_level(old, level), at_level(new, level));
        if before >= after {
            continue;
        }
        for index in before / WIDTH..=(after - 1) / WIDTH {
            tiles.extend(Tile::holding(level, index * WIDTH, new));
        }
    }
    tiles
}

/// Reads the first `tile.width` hashes of a stored tile.
pub(super) fn read(source: &dyn TileSource, tile: Tile) -> Result<Vec<Hash>, ProofRefusal> {
    let bytes = source.tile(tile.level, tile.index, tile.width).ok_or(ProofRefusal::TileMissing(tile))?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    match hashes.get(..usize::from(tile.width)) {
        Some(wanted) if rest.is_empty() && hashes.len() <= usize::from(TILE_WIDTH) => {
            Ok(wanted.iter().copied().map(Hash).collect())
        }
        _ => Err(ProofRefusal::TileDamaged(tile)),
    }
}

/// Root of a complete subtree over `hashes`, whose number must be a power of two; `None` for no hashes.
pub(super) fn complete<H: Hasher>(hasher: H, hashes: &[Hash]) -> Option<Hash> {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| hasher.node(left, right)).collect();
    }
    row.pop()
}

/// Appends `leaves` (leaf hashes) to the stored tree of `size` leaves and returns every tile to write, with its bytes,
/// in the order of [`tiles_between`]. Reads at most one partial tile per level.
///
/// # Errors
/// `TileMissing` or `TileDamaged` when a partial tile that the tree of `size` must have cannot be read.
pub fn grow<H: Hasher>(
    hasher: H,
    source: &dyn TileSource,
    size: u64,
    leaves: &[Hash],
) -> Result<Vec<(Tile, Vec<u8>)>, ProofRefusal> {
    let mut written = Vec::new();
    let mut added = leaves.to_vec();
    for level in 0..8 {
        if added.is_empty() {
            break;
        }
        let before = at_level(size, level);
        let mut row = match Tile::holding(level, before.saturating_sub(1), size) {
            Some(tile) if !tile.is_full() => read(source, tile)?,
            _ => Vec::new(),
        };
        row.append(&mut added);
        for (index, hashes) in (before / WIDTH..).zip(row.chunks(usize::from(TILE_WIDTH))) {
            let width = u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH);
            let tile = Tile { level, index, width };
            written.push((tile, hashes.iter().flat_map(|h| h.0).collect()));
            if tile.is_full() {
                added.extend(complete(hasher, hashes));
            }
        }
    }
    Ok(written)
}

/// An entry bundle: each 32-byte entry behind its length as a big-endian 16-bit number.
pub fn encode_bundle(digests: &[Hash]) -> Vec<u8> {
    digests.iter().flat_map(|d| [0_u8, 32].into_iter().chain(d.0)).collect()
}

/// Reads an entry bundle of this log; `None` when an entry is not 32 bytes long or the bundle is cut short.
pub fn decode_bundle(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (entries, rest) = bytes.as_chunks::<34>();
    if !rest.is_empty() {
        return None;
    }
    entries.iter().map(|entry| entry.strip_prefix(&[0, 32]).and_then(Hash::from_slice)).collect()
}
