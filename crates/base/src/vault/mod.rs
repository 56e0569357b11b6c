//! Secrets and personal data at rest: sealed before they reach the database, opened only where they are used.
//!
//! Who copies the database or a backup of it reads no webhook secret, no second factor and no petitioner's number: the
//! key lies in a file beside the ledger's key and not in the database.
//!
//! ```
//! use base::vault::{Spot, Vault};
//! use kernel::DistrictCode;
//! let vault = Vault::of([7; 32], &[]);
//! let spot = Spot::new("case.phone", DistrictCode::GUANDU, "0197-row-id");
//! let kept = vault.seal(&spot, "13800000000").unwrap();
//! assert!(!kept.contains("138"));
//! assert_eq!(vault.open(&spot, &kept).unwrap(), "13800000000");
//! // The same caller is found again without opening anything.
//! let print = |text| vault.fingerprint("case.phone", DistrictCode::GUANDU, text);
//! assert_eq!(print("13800000000"), print("13800000000"));
//! ```
//!
//! * Cipher: XChaCha20-Poly1305. The associated data are purpose, district and row, so a sealed value that is copied
//!   into another row, column or district does not open.
//! * The nonce is a keyed hash of the place and the text (a synthetic one). No chance is drawn, nothing can repeat a
//!   nonce for a different text, and the simulator stays repeatable. The same text sealed twice for the same place
//!   looks the same; that is all that a reader of the database learns.
//! * A sealed value names its key: `v1.<key id>.<base64url>`. New values use the first key of the file, old values
//!   open while their key is still in it, so keys rotate without a stop.
//! * Fingerprints use the oldest key, the last of the file, and stay the same while newer ones are put before it.

mod fault;
mod keys;
#[cfg(test)]
mod tests;

pub use fault::VaultFault;
pub use keys::{held, rotate};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key as AeadKey, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use kernel::DistrictCode;
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;

const VERSION: &str = "v1.";
const NONCE: usize = 24;

/// Where a sealed value lies. What was sealed for one place does not open at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot<'a> {
    purpose: &'a str,
    district: DistrictCode,
    row: &'a str,
}

impl<'a> Spot<'a> {
    /// `purpose` names table and column for good, such as `webhook.secret`; `row` is the row's id.
    pub fn new(purpose: &'a str, district: DistrictCode, row: &'a str) -> Spot<'a> {
        Spot { purpose, district, row }
    }
    /// The place as bytes in which no two places are alike: each part comes with its length.
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64);
        for part in [self.purpose, &self.district.to_string(), self.row] {
            out.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }
}

/// One key of the file with what is derived from it; `Debug` hides it.
struct Sealing {
    id: String,
    aead: [u8; 32],
    nonce: [u8; 32],
    print: [u8; 32],
}

impl Sealing {
    fn of(key: &[u8; 32]) -> Sealing {
        let id = mac(key, &[b"guandu vault 1 id"]);
        Sealing {
            id: crate::hex(id.get(..4).unwrap_or_default()),
            aead: mac(key, &[b"guandu vault 1 aead"]),
            nonce: mac(key, &[b"guandu vault 1 nonce"]),
            print: mac(key, &[b"guandu vault 1 fingerprint"]),
        }
    }
}

/// The installation's keys. Cheap to clone; holds no state beside the keys.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<Keys>,
}

struct Keys {
    /// Seals.
    newest: Sealing,
    /// Only open.
    older: Vec<Sealing>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({}, {} older)", self.keys.newest.id, self.keys.older.len())
    }
}

impl Vault {
    /// From the key that seals and the keys that only open, the newest of them first.
    pub fn of(newest: [u8; 32], older: &[[u8; 32]]) -> Vault {
        let older = older.iter().map(Sealing::of).collect();
        Vault { keys: Arc::new(Keys { newest: Sealing::of(&newest), older }) }
    }

    /// Ids of the keys, the newest first: what may be written down and shown.
    pub fn key_ids(&self) -> Vec<&str> {
        self.all().map(|key| key.id.as_str()).collect()
    }

    fn all(&self) -> impl Iterator<Item = &Sealing> {
        std::iter::once(&self.keys.newest).chain(&self.keys.older)
    }

    /// Seals a text for its place: one printable word, about 60 characters longer than four thirds of the text.
    pub fn seal(&self, spot: &Spot<'_>, plain: &str) -> Result<String, VaultFault> {
        let (place, key) = (spot.bytes(), &self.keys.newest);
        let full = mac(&key.nonce, &[&place, plain.as_bytes()]);
        let nonce: [u8; NONCE] =
            full.get(..NONCE).and_then(|n| n.try_into().ok()).ok_or_else(|| damaged(spot))?;
        let cipher = XChaCha20Poly1305::new(&AeadKey::from(key.aead));
        let payload = Payload { msg: plain.as_bytes(), aad: &place };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| damaged(spot))?;
        let body = BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), sealed.as_slice()].concat());
        Ok(format!("{VERSION}{}.{body}", key.id))
    }

    /// Opens what was sealed for this place. Refused: a value of a key that is not in the file any more, and one that
    /// was changed or moved here from elsewhere.
    pub fn open(&self, spot: &Spot<'_>, sealed: &str) -> Result<String, VaultFault> {
        let (id, body) = sealed
            .strip_prefix(VERSION)
            .and_then(|rest| rest.split_once('.'))
            .ok_or_else(|| damaged(spot))?;
        let key = self.all().find(|key| key.id == id).ok_or_else(|| VaultFault::UnknownKey {
            id: id.chars().take(8).collect(),
            purpose: spot.purpose.to_owned(),
        })?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| damaged(spot))?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE>().ok_or_else(|| damaged(spot))?;
        let cipher = XChaCha20Poly1305::new(&AeadKey::from(key.aead));
        let plain = cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg, aad: &spot.bytes() })
            .map_err(|_| damaged(spot))?;
        String::from_utf8(plain).map_err(|_| damaged(spot))
    }

    /// Whether a stored text is a sealed one (rows from before the vault are not).
    pub fn is_sealed(stored: &str) -> bool {
        stored
            .strip_prefix(VERSION)
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(id, _)| id.len() == 8)
    }

    /// Whether a sealed value uses an older key and should be sealed anew when its row is next written.
    pub fn is_old(&self, sealed: &str) -> bool {
        sealed.strip_prefix(VERSION).is_none_or(|rest| !rest.starts_with(&self.keys.newest.id))
    }

    /// Opens what may still lie there in the clear: a row from before the vault. [`Vault::renewed`] seals those.
    pub fn open_or_plain(&self, spot: &Spot<'_>, stored: &str) -> Result<String, VaultFault> {
        if Vault::is_sealed(stored) { self.open(spot, stored) } else { Ok(stored.to_owned()) }
    }

    /// The value sealed anew, when it lies in the clear or under an older key; none when it is well as it is.
    pub fn renewed(&self, spot: &Spot<'_>, stored: &str) -> Result<Option<String>, VaultFault> {
        if stored.is_empty() || (Vault::is_sealed(stored) && !self.is_old(stored)) {
            return Ok(None);
        }
        self.seal(spot, &self.open_or_plain(spot, stored)?).map(Some)
    }

    /// A keyed hash by which equal texts are found without opening any: within one purpose and one district, and not
    /// comparable across them. The caller brings the text into one form first (digits only, no blanks).
    pub fn fingerprint(&self, purpose: &str, district: DistrictCode, text: &str) -> [u8; 32] {
        let oldest = self.keys.older.last().unwrap_or(&self.keys.newest);
        mac(&oldest.print, &[&Spot::new(purpose, district, "").bytes(), text.as_bytes()])
    }
}

fn damaged(spot: &Spot<'_>) -> VaultFault {
    VaultFault::Damaged { purpose: spot.purpose.to_owned(), row: spot.row.to_owned() }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so there is no other case.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
