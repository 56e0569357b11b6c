//! C2SP `tlog-checkpoint`: the log's name, size and root, as the text of a signed note.

use super::hash::Hash;
use super::note::{Note, NoteSigner, NoteVerifier};
use super::refusal::NoteRefusal;
use std::fmt;

/// What a log states about itself at one size. Its `Display` is the note text, unsigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, a URL without scheme such as `guandu.example/ledger`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The signed note, as it is served at `<prefix>/checkpoint`.
    ///
    /// # Errors
    /// The origin is empty or has control characters.
    pub fn sign(&self, signers: &[&dyn NoteSigner]) -> Result<Note, NoteRefusal> {
        if self.origin.is_empty() || self.origin.contains('\n') {
            return Err(NoteRefusal::Origin { expected: String::new(), found: self.origin.clone() });
        }
        Note::sign(self.to_string(), signers)
    }

    /// Reads the text of a note. Extension lines, which nobody can audit, are accepted and dropped.
    ///
    /// # Errors
    /// Fewer than three lines, an empty line, a size with leading zeros, or a root that is not 32 bytes of base64.
    pub fn parse(text: &str) -> Result<Checkpoint, NoteRefusal> {
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or_default().split('\n').collect();
        let [origin, size, root, ..] = lines.as_slice() else {
            return Err(NoteRefusal::Checkpoint("lines"));
        };
        if lines.iter().any(|line| line.is_empty()) {
            return Err(NoteRefusal::Checkpoint("lines"));
        }
        let size = size.parse::<u64>().ok().filter(|n| n.to_string() == *size);
        Ok(Checkpoint {
            origin: (*origin).to_owned(),
            size: size.ok_or(NoteRefusal::Checkpoint("size"))?,
            root: Hash::from_base64(root).ok_or(NoteRefusal::Checkpoint("root"))?,
        })
    }

    /// Reads a signed checkpoint and trusts it only if one of `keys` signed it for the log named `origin`.
    ///
    /// # Errors
    /// Everything of [`Note::parse`], [`Note::verify`] and [`Checkpoint::parse`]; `Origin` for another log's.
    pub fn open(note: &str, origin: &str, keys: &[&dyn NoteVerifier]) -> Result<Checkpoint, NoteRefusal> {
        let note = Note::parse(note)?;
        note.verify(keys)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin != origin {
            return Err(NoteRefusal::Origin { expected: origin.to_owned(), found: checkpoint.origin });
        }
        Ok(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.base64())
    }
}
