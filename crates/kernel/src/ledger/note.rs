//! C2SP `signed-note`: a text, a blank line, and signature lines; and the Ed25519 keys that make and check them.
//!
//! ```text
//! guandu.example/ledger          ┐
//! 3                              │ text, signed up to and including its last line break
//! rrbL/icnS3ChT7Cl…              ┘
//!
//! — guandu.example/ledger x08go… ← name of the key, then base64(4 bytes key id ‖ signature)
//! ```

use super::hash::{Hasher, Sha256};
use super::refusal::NoteRefusal;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// Signature type of plain Ed25519 in key ids and key texts.
const ED25519: u8 = 1;
/// Longest note that is read, in bytes; ours have a few hundred.
const MAX_NOTE: usize = 64 * 1024;
/// Most signature lines that are read; the specification asks for at least 16.
const MAX_SIGNATURES: usize = 64;
/// Start of a signature line: em dash and space.
const MARK: &str = "— ";

/// Something that can sign notes: a key in memory here, a certified device elsewhere (D§13.3).
pub trait NoteSigner {
    /// Name of the key, for a log its origin.
    fn name(&self) -> &str;
    /// First four bytes of SHA-256 over name, line break, signature type and public key.
    fn key_id(&self) -> u32;
    /// Signature over `text`.
    fn sign(&self, text: &[u8]) -> Vec<u8>;
}

/// Something that can check a note's signature.
pub trait NoteVerifier {
    /// Name of the key.
    fn name(&self) -> &str;
    /// See [`NoteSigner::key_id`].
    fn key_id(&self) -> u32;
    /// Whether `signature` is this key's over `text`.
    fn verify(&self, text: &[u8], signature: &[u8]) -> bool;
}

fn key_id(name: &str, key: &[u8; 32]) -> u32 {
    let hash = Sha256.hash(&[name.as_bytes(), b"\n", &[ED25519], key]);
    let [a, b, c, d, ..] = hash.0;
    u32::from_be_bytes([a, b, c, d])
}

/// Key names have neither spaces nor plus signs, nor anything that could break a line.
fn check_name(name: &str) -> Result<(), NoteRefusal> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(bad) {
        return Err(NoteRefusal::KeyName(name.to_owned()));
    }
    Ok(())
}

/// An Ed25519 key that signs. Its secret is wiped from memory on drop and never printed.
pub struct Signer {
    name: String,
    id: u32,
    key: SigningKey,
}

impl Signer {
    /// From a key name (for a log: its origin) and the 32 secret bytes, which the caller read from its key store.
    ///
    /// # Errors
    /// The name is empty or has a space or plus sign.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Signer, NoteRefusal> {
        check_name(name)?;
        let key = SigningKey::from_bytes(secret);
        Ok(Signer { name: name.to_owned(), id: key_id(name, key.verifying_key().as_bytes()), key })
    }
    /// The public half, to be published.
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), id: self.id, key: self.key.verifying_key() }
    }
}

impl NoteSigner for Signer {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_id(&self) -> u32 {
        self.id
    }
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.key.sign(text).to_bytes().to_vec()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}+{:08x})", self.name, self.id)
    }
}

/// An Ed25519 key that checks. Its text is the `vkey` form `name+hhhhhhhh+base64(0x01 ‖ key)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a `vkey`.
    ///
    /// # Errors
    /// The text is not of that form, is of another algorithm, its id does not belong to its key, or the key is one of
    /// the few under which signatures prove nothing.
    pub fn parse(vkey: &str) -> Result<Verifier, NoteRefusal> {
        let bad = || NoteRefusal::Key(crate::refusal::clip(vkey));
        let mut parts = vkey.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        check_name(name)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| bad())?;
        let (kind, bytes) = bytes.split_first().ok_or_else(bad)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| bad())?;
        let written = u32::from_str_radix(id, 16).ok().filter(|_| id.len() == 8).ok_or_else(bad)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| bad())?;
        if *kind != ED25519 || written != key_id(name, &bytes) || key.is_weak() {
            return Err(bad());
        }
        Ok(Verifier { name: name.to_owned(), id: written, key })
    }
    /// Name of the key, for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl NoteVerifier for Verifier {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_id(&self) -> u32 {
        self.id
    }
    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature.is_ok_and(|s| self.key.verify_strict(text, &s).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, BASE64_STANDARD.encode(bytes))
    }
}
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key, as the line states it.
    pub name: String,
    /// Id of the key.
    pub key_id: u32,
    /// What the key's algorithm made.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// Signs `text`.
    pub fn make(text: &str, signer: &dyn NoteSigner) -> Signature {
        Signature {
            name: signer.name().to_owned(),
            key_id: signer.key_id(),
            bytes: signer.sign(text.as_bytes()),
        }
    }
    /// Reads `— name base64`, without the line break.
    ///
    /// # Errors
    /// The line has another form.
    pub fn parse(line: &str) -> Result<Signature, NoteRefusal> {
        let bad = || NoteRefusal::SignatureLine(crate::refusal::clip(line));
        let (name, encoded) =
            line.strip_prefix(MARK).and_then(|rest| rest.split_once(' ')).ok_or_else(bad)?;
        check_name(name).map_err(|_| bad())?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| bad())?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(bad)?;
        if bytes.is_empty() {
            return Err(bad());
        }
        Ok(Signature { name: name.to_owned(), key_id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
    /// Whether one of `keys` made it over `text`: the key's name, `None` when no key is known.
    ///
    /// # Errors
    /// The key is known and the signature is not its own.
    pub fn check<'k>(
        &self,
        text: &str,
        keys: &[&'k dyn NoteVerifier],
    ) -> Result<Option<&'k str>, NoteRefusal> {
        let Some(key) = keys.iter().find(|k| k.name() == self.name && k.key_id() == self.key_id) else {
            return Ok(None);
        };
        match key.verify(text.as_bytes(), &self.bytes) {
            true => Ok(Some(key.name())),
            false => Err(NoteRefusal::BadSignature(self.name.clone())),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "{MARK}{} {}", self.name, BASE64_STANDARD.encode(bytes))
    }
}

/// A text with signatures. Its `Display` is the form that is stored and served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The signed text; it ends with a line break.
    pub text: String,
    /// Signature lines, known and unknown.
    pub signatures: Vec<Signature>,
}

impl Note {
    /// Signs `text`, which must end with a line break.
    ///
    /// # Errors
    /// The text is empty, does not end with a line break, or has other control characters.
    pub fn sign(text: String, signers: &[&dyn NoteSigner]) -> Result<Note, NoteRefusal> {
        if !text.ends_with('\n') || text.contains(|c: char| c < ' ' && c != '\n') {
            return Err(NoteRefusal::Form);
        }
        let signatures = signers.iter().map(|signer| Signature::make(&text, *signer)).collect();
        Ok(Note { text, signatures })
    }

    /// Reads a note. Nothing is trusted until [`Note::verify`] said so.
    ///
    /// # Errors
    /// Not the form of a signed note.
    pub fn parse(given: &str) -> Result<Note, NoteRefusal> {
        if given.len() > MAX_NOTE || given.contains(|c: char| c < ' ' && c != '\n') {
            return Err(NoteRefusal::Form);
        }
        let (text, lines) = given.rsplit_once("\n\n").ok_or(NoteRefusal::Form)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteRefusal::Form)?;
        let signatures: Vec<_> = lines.split('\n').take(MAX_SIGNATURES + 1).collect();
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteRefusal::Form);
        }
        let signatures = signatures.into_iter().map(Signature::parse).collect::<Result<_, _>>()?;
        Ok(Note { text: format!("{text}\n"), signatures })
    }

    /// Names of the trusted `keys` that signed; signatures of unknown keys are passed over, as the specification asks.
    ///
    /// # Errors
    /// A trusted key's signature is wrong, or no trusted key signed at all.
    pub fn verify<'k>(&self, keys: &[&'k dyn NoteVerifier]) -> Result<Vec<&'k str>, NoteRefusal> {
        let mut names = Vec::new();
        for signature in &self.signatures {
            names.extend(signature.check(&self.text, keys)?);
        }
        if names.is_empty() {
            let signed_by = self.signatures.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(NoteRefusal::UnknownKey(signed_by));
        }
        Ok(names)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
