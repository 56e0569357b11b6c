//! 32 bytes, and the function that makes them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::fmt;

/// The result of a [`Hasher`]: 32 bytes, written as 64 hexadecimal digits (in JSON too) or as base64 in checkpoints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Lower-case hexadecimal.
    pub fn hex(&self) -> String {
        let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        let mut text = String::with_capacity(64);
        for b in self.0 {
            text.push(digit(b >> 4));
            text.push(digit(b & 15));
        }
        text
    }
    /// Reads exactly 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Hash> {
        let digits: Vec<u8> = text.chars().map(nibble).collect::<Option<_>>()?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        if !rest.is_empty() {
            return None;
        }
        Hash::from_slice(&bytes)
    }
    /// Standard base64 with padding, as RFC 4648 §4.
    pub fn base64(&self) -> String {
        BASE64_STANDARD.encode(self.0)
    }
    /// Reads standard base64 of exactly 32 bytes.
    pub fn from_base64(text: &str) -> Option<Hash> {
        BASE64_STANDARD.decode(text).ok().and_then(|bytes| Hash::from_slice(&bytes))
    }
    /// Reads exactly 32 bytes, as a database column or a tile holds them.
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }
    /// For the database.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn nibble(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|n| u8::try_from(n).ok())
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}
impl TryFrom<String> for Hash {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        Hash::from_hex(&given)
            .ok_or_else(|| format!("not 64 hexadecimal digits: {}", crate::refusal::clip(&given)))
    }
}
impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.hex()
    }
}

/// A hash function with RFC 6962's domain separation, so that a leaf can never pass for an inner node.
///
/// It is a value (`Sha256`), not only a type, so that calls read `verify_inclusion(Sha256, …)` and no type has to be
/// spelt out.
pub trait Hasher: Copy {
    /// Name as documents and configuration write it.
    const NAME: &'static str;
    /// Hash of the parts, one after the other.
    fn hash(self, parts: &[&[u8]]) -> Hash;
    /// RFC 6962 §2.1: hash of `0x00 ‖ data`.
    fn leaf(self, data: &[u8]) -> Hash {
        self.hash(&[&[0], data])
    }
    /// RFC 6962 §2.1: hash of `0x01 ‖ left ‖ right`.
    fn node(self, left: &Hash, right: &Hash) -> Hash {
        self.hash(&[&[1], &left.0, &right.0])
    }
    /// The root of an empty tree.
    fn empty(self) -> Hash {
        self.hash(&[])
    }
}

/// SHA-256, the default; it uses the processor's instructions where there are any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sha256;

impl Hasher for Sha256 {
    const NAME: &'static str = "SHA-256";
    fn hash(self, parts: &[&[u8]]) -> Hash {
        let mut state = sha2::Sha256::new();
        for part in parts {
            state.update(part);
        }
        Hash(state.finalize().into())
    }
}
