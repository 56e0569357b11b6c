//! The model as bytes: small, versioned, checked before anything is believed.
//!
//! ```text
//! "GDLEARN\0"  version u16  length of head u32  head (JSON)  heat f64  threshold f64  steps f64…  constants f64…
//! fragments u32  hashes u32…  idf f32…  weights i16…  check u64
//! ```
//!
//! Little endian. The check is over all bytes before it and finds damage; it is no signature. Hashes stand instead of fragments: reasons are
//! read from the text that is asked about, so the vocabulary itself, with names and addresses in it, is not in the file.

use super::LearnRefusal;
use super::model::{Head, Model};
use super::num::mix;
use super::space::Space;

/// Version of the bytes. A model of another version is trained again, never converted.
pub const VERSION: u16 = 1;

const MAGIC: &[u8; 8] = b"GDLEARN\0";

impl Model {
    /// The bytes of this model.
    pub fn encode(&self) -> Vec<u8> {
        let head = serde_json::to_vec(&self.head).unwrap_or_default();
        let mut out =
            Vec::with_capacity(head.len() + self.space.hashes.len() * 8 + self.weights.len() * 2 + 32);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&size(head.len()));
        out.extend_from_slice(&head);
        let numbers = [self.head.heat, self.head.threshold];
        let numbers = numbers.iter().chain(&self.head.steps).chain(&self.head.constants);
        numbers.for_each(|x| out.extend_from_slice(&x.to_le_bytes()));
        out.extend_from_slice(&size(self.space.hashes.len()));
        self.space.hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
        self.space.idf.iter().for_each(|idf| out.extend_from_slice(&idf.to_le_bytes()));
        self.weights.iter().for_each(|weight| out.extend_from_slice(&weight.to_le_bytes()));
        let check = check(&out);
        out.extend_from_slice(&check.to_le_bytes());
        out
    }

    /// Reads a model; everything is checked, so that hostile bytes are refused and never used.
    pub fn decode(bytes: &[u8]) -> Result<Model, LearnRefusal> {
        let mut reader = Reader(bytes);
        if reader.array::<8>().as_ref() != Some(MAGIC) {
            return Err(LearnRefusal::NoModel);
        }
        let version = reader.array().map(u16::from_le_bytes).ok_or(LearnRefusal::BrokenModel)?;
        if version != VERSION {
            return Err(LearnRefusal::OtherVersion { version });
        }
        let (body, sum) = bytes.split_last_chunk::<8>().ok_or(LearnRefusal::BrokenModel)?;
        if check(body) != u64::from_le_bytes(*sum) {
            return Err(LearnRefusal::BrokenModel);
        }
        read(reader).ok_or(LearnRefusal::BrokenModel)
    }
}

fn read(mut reader: Reader<'_>) -> Option<Model> {
    let length = reader.size()?;
    let mut head: Head = serde_json::from_slice(reader.take(length)?).ok()?;
    let classes = head.labels.len();
    head.heat = f64::from_le_bytes(reader.array()?);
    head.threshold = f64::from_le_bytes(reader.array()?);
    head.steps = reader.list(classes, f64::from_le_bytes)?;
    head.constants = reader.list(classes, f64::from_le_bytes)?;
    let n = reader.size()?;
    let hashes: Vec<u32> = reader.list(n, u32::from_le_bytes)?;
    let idf: Vec<f32> = reader.list(n, f32::from_le_bytes)?;
    let weights: Vec<i16> = reader.list(n.checked_mul(classes)?, i16::from_le_bytes)?;
    let ordered = hashes.array_windows().all(|[a, b]| a < b);
    let numbers = [head.heat, head.threshold];
    let mut numbers = numbers.iter().chain(&head.steps).chain(&head.constants);
    let finite = numbers.all(|x| x.is_finite()) && idf.iter().all(|x| x.is_finite());
    if !ordered || !finite || classes < 2 || reader.0.len() != 8 {
        return None;
    }
    let space = Space { hashes, idf };
    let index = space.index();
    Some(Model { head, space, index, weights })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
    fn size(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.array()?)).ok()
    }
    /// `n` numbers; the bytes must be there before memory is taken for them.
    fn list<const N: usize, T>(&mut self, n: usize, read: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let (chunks, _) = self.take(n.checked_mul(N)?)?.as_chunks::<N>();
        Some(chunks.iter().map(|chunk| read(*chunk)).collect())
    }
}

fn size(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

fn check(bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let whole =
        chunks.iter().fold(0_u64, |state, chunk| mix(state ^ u64::from_le_bytes(*chunk)).wrapping_add(1));
    rest.iter().fold(whole, |state, byte| mix(state ^ u64::from(*byte)).wrapping_add(3))
}
