//! How the ledger's arithmetic says no: proofs and notes.

use super::tile::Tile;
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};

/// A proof does not hold, or the tiles to compute it from are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofRefusal {
    /// The tree of this size has no such leaf, or no such older tree.
    Index {
        /// Leaf or older size that was asked for.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// Too many or too few hashes for this leaf and size.
    Length,
    /// The hashes lead to another root.
    Root,
    /// A tile that the tree must have is not stored.
    TileMissing(Tile),
    /// A stored tile is shorter than it must be, or no whole number of hashes.
    TileDamaged(Tile),
}

impl ProofRefusal {
    fn words(&self) -> (Words, Words) {
        let again = || Words::new("请重新下载凭证后再核验", "Download the receipt again and check once more");
        let restore = || {
            Words::new(
                "请从备份恢复该瓦片,或用账本重建",
                "Restore the tile from a backup or rebuild it from the ledger",
            )
        };
        match self {
            ProofRefusal::Index { index, size } => (
                Words::new(
                    format!("账本共{size}条,没有第{index}条"),
                    format!("The ledger has {size} entries; there is no entry {index}"),
                ),
                Words::new("请核对序号", "Check the number"),
            ),
            ProofRefusal::Length => (Words::new("证明的长度不对", "The proof has the wrong length"), again()),
            ProofRefusal::Root => (
                Words::new(
                    "证明推出的根与签名的根不一致",
                    "The proof leads to another root than the signed one",
                ),
                Words::new("请保存凭证并联系监督部门", "Keep the receipt and contact the supervision office"),
            ),
            ProofRefusal::TileMissing(tile) => {
                (Words::new(format!("缺少{}", tile.path()), format!("{} is missing", tile.path())), restore())
            }
            ProofRefusal::TileDamaged(tile) => (
                Words::new(format!("{}已损坏", tile.path()), format!("{} is damaged", tile.path())),
                restore(),
            ),
        }
    }
}

impl Refuse for ProofRefusal {
    fn code(&self) -> &'static str {
        match self {
            ProofRefusal::Index { .. } => "ledger.no_such_entry",
            ProofRefusal::Length => "ledger.proof_length",
            ProofRefusal::Root => "ledger.proof_root",
            ProofRefusal::TileMissing(_) => "ledger.tile_missing",
            ProofRefusal::TileDamaged(_) => "ledger.tile_damaged",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            ProofRefusal::Index { .. } => Kind::NotFound,
            ProofRefusal::Length | ProofRefusal::Root => Kind::Rule,
            ProofRefusal::TileMissing(_) | ProofRefusal::TileDamaged(_) => Kind::Unavailable,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().0.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
}

/// A note or checkpoint cannot be read or trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteRefusal {
    /// Not a signed note: no blank line, control characters, no final line break, or too long.
    Form,
    /// A signature line of another form.
    SignatureLine(String),
    /// A key name that is empty or has a space or plus sign.
    KeyName(String),
    /// A text that is no Ed25519 verifier key, or whose id does not belong to its key.
    Key(String),
    /// None of the trusted keys signed; the names that did.
    UnknownKey(String),
    /// A trusted key's name stands beside a signature that it did not make over this text.
    BadSignature(String),
    /// The text is no checkpoint; which part: `lines`, `size` or `root`.
    Checkpoint(&'static str),
    /// A checkpoint of another log.
    Origin {
        /// The log that was asked about.
        expected: String,
        /// The log that the checkpoint names.
        found: String,
    },
}

impl NoteRefusal {
    fn words(&self) -> (Words, Words) {
        let again = || {
            Words::new(
                "请重新下载原文,不要改动任何字符",
                "Download the original again and change no character",
            )
        };
        let key = || Words::new("请使用公开的验证公钥", "Use the published verifier key");
        match self {
            NoteRefusal::Form => (Words::new("不是签名文本的格式", "This is not a signed note"), again()),
            NoteRefusal::SignatureLine(line) => (
                Words::new(format!("签名行格式不对:{line}"), format!("Malformed signature line: {line}")),
                again(),
            ),
            NoteRefusal::KeyName(name) => (
                Words::new(
                    format!("公钥名称“{name}”为空或含有空格、加号"),
                    format!("The key name “{name}” is empty or has a space or plus sign"),
                ),
                Words::new("请使用不带协议的网址作名称", "Use a URL without its scheme as the name"),
            ),
            NoteRefusal::Key(text) => (
                Words::new(format!("不是有效的验证公钥:{text}"), format!("Not a valid verifier key: {text}")),
                key(),
            ),
            NoteRefusal::UnknownKey(names) => (
                Words::new(
                    format!("没有可信公钥的签名(签名者:{names})"),
                    format!("No trusted key signed it (signed by: {names})"),
                ),
                key(),
            ),
            NoteRefusal::BadSignature(name) => (
                Words::new(
                    format!("“{name}”的签名与原文不符,原文被改动过"),
                    format!("The signature of “{name}” does not match: the text was altered"),
                ),
                again(),
            ),
            NoteRefusal::Checkpoint(part) => (
                Words::new(format!("不是有效的检查点({part})"), format!("Not a valid checkpoint ({part})")),
                again(),
            ),
            NoteRefusal::Origin { expected, found } => (
                Words::new(
                    format!("这是账本“{found}”的检查点,不是“{expected}”的"),
                    format!("This is a checkpoint of the log “{found}”, not of “{expected}”"),
                ),
                Words::new("请核对账本名称", "Check the name of the log"),
            ),
        }
    }
}

impl Refuse for NoteRefusal {
    fn code(&self) -> &'static str {
        match self {
            NoteRefusal::Form => "note.form",
            NoteRefusal::SignatureLine(_) => "note.signature_line",
            NoteRefusal::KeyName(_) => "note.key_name",
            NoteRefusal::Key(_) => "note.key",
            NoteRefusal::UnknownKey(_) => "note.unknown_key",
            NoteRefusal::BadSignature(_) => "note.bad_signature",
            NoteRefusal::Checkpoint(_) => "note.checkpoint",
            NoteRefusal::Origin { .. } => "note.origin",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            NoteRefusal::UnknownKey(_) | NoteRefusal::BadSignature(_) | NoteRefusal::Origin { .. } => {
                Kind::Rule
            }
            _ => Kind::Invalid,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        self.words().0.get(lang).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        self.words().1.get(lang).to_owned()
    }
}
