//! The receipt (回执): what a person takes home, so that a filed request cannot be altered or dropped unseen.
//!
//! It is given twice. At once, when the event is durable, with a **promise**: the log's signature over the text below.
//! And after sealing, with the **seal**: the place in the tree, an inclusion proof and the signed checkpoint. Both are
//! checked offline with nothing but the log's public key. A promise that never turns into a seal is evidence too: the
//! log signed that it would hold the event.
//!
//! Text of the promise, one value a line, each line ended by a line break:
//!
//! ```text
//! guandu-receipt/v1
//! <origin of the log, which is the name of the signing key>
//! <district, six digits>
//! <event id>
//! <moment, microseconds since 1970-01-01T00:00Z>
//! <D in base64>
//! ```
//!
//! Its first line can never be the origin of a log, so a promise never passes for a checkpoint.
//!
//! Promises that became durable in one commit are signed together ([`Group`](super::Group)): the text then begins with
//! `guandu-receipt/v2`, its leaf hash is a leaf of the commit's tree, the receipt carries its [`Place`] in it, and the
//! signature is over the root. Both forms are checked, and always will be: receipts are kept for years.

use super::checkpoint::Checkpoint;
use super::entry::Entry;
use super::group::Place;
use super::hash::{Hash, Hasher, Sha256};
use super::note::{NoteSigner, NoteVerifier, Signature, Verifier};
use super::refusal::{NoteRefusal, ProofRefusal};
use super::tree::verify_inclusion;
use crate::id::{DistrictCode, EventId};
use crate::refusal::{Kind, Refuse};
use crate::text::{Lang, Words};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Format of a receipt that is signed alone, and first line of its promise.
pub const RECEIPT_FORMAT: &str = "guandu-receipt/v1";
/// Format of a receipt that is signed with the others of its commit, and first line of its promise.
pub const GROUPED_FORMAT: &str = "guandu-receipt/v2";

/// What a receipt is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// District of the event.
    pub district: DistrictCode,
    /// The event.
    pub event: EventId,
    /// When it was recorded.
    pub at: Instant,
    /// D of the event ([`Entry::digest`]).
    pub digest: Hash,
}

/// Where the event hangs in the sealed tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Number of the leaf, from 0.
    pub index: u64,
    /// Inclusion proof, from the leaf upwards.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, as served.
    pub checkpoint: String,
}

/// A receipt; serialised it is a small JSON file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`] or [`GROUPED_FORMAT`].
    pub format: String,
    /// Name of the log.
    pub origin: String,
    /// District of the event.
    pub district: DistrictCode,
    /// The event.
    pub event: EventId,
    /// When it was recorded, in microseconds since 1970.
    pub at: Instant,
    /// D of the event.
    pub digest: Hash,
    /// Leaf hash: that of D, given for those who look the leaf up in the tiles.
    pub leaf: Hash,
    /// Signature line over the promise, or over the root of its group.
    pub promise: String,
    /// Present when all promises of the commit were signed together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Place>,
    /// Present once the event is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
}

impl Claim {
    /// The text of the promise; see the head of this module.
    fn text(&self, format: &str, origin: &str) -> String {
        let Claim { district, event, at, digest } = self;
        format!("{format}\n{origin}\n{district}\n{event}\n{}\n{}\n", at.micros(), digest.base64())
    }
    /// The promise as a leaf of its commit's tree, for the log named `origin`.
    pub fn leaf(&self, origin: &str) -> Hash {
        Sha256.leaf(self.text(GROUPED_FORMAT, origin).as_bytes())
    }
    fn receipt(&self, format: &str, origin: &str) -> Receipt {
        Receipt {
            format: format.to_owned(),
            origin: origin.to_owned(),
            district: self.district,
            event: self.event,
            at: self.at,
            digest: self.digest,
            leaf: Sha256.leaf(&self.digest.0),
            promise: String::new(),
            group: None,
            seal: None,
        }
    }
}

impl Receipt {
    /// The receipt that is given at once. The name of `signer` is the origin of the log.
    pub fn promise(claim: &Claim, signer: &dyn NoteSigner) -> Receipt {
        let mut receipt = claim.receipt(RECEIPT_FORMAT, signer.name());
        receipt.promise = Signature::make(&receipt.promise_text(), signer).to_string();
        receipt
    }
    /// The same for one of several promises that were signed together: `line` is the signature over
    /// [`Place::text`] of the log named `origin`.
    pub fn grouped(claim: &Claim, origin: &str, place: Place, line: &str) -> Receipt {
        let receipt = claim.receipt(GROUPED_FORMAT, origin);
        Receipt { promise: line.to_owned(), group: Some(place), ..receipt }
    }
    fn claim(&self) -> Claim {
        Claim { district: self.district, event: self.event, at: self.at, digest: self.digest }
    }
    /// The same receipt with its place in the sealed tree.
    pub fn sealed(self, seal: Seal) -> Receipt {
        Receipt { seal: Some(seal), ..self }
    }
    /// The text of the promise; see the head of this module.
    pub fn promise_text(&self) -> String {
        self.claim().text(&self.format, &self.origin)
    }
    /// Whether the receipt is about exactly this event: for whoever still holds its words and salt.
    pub fn covers(&self, entry: &Entry<'_>, scratch: &mut Vec<u8>) -> bool {
        let same = self.district == entry.district && self.event == entry.id && self.at == entry.at;
        same && entry.digest(scratch) == self.digest
    }
    /// Reads the JSON text.
    ///
    /// # Errors
    /// Not the JSON of a receipt, or of a format that this program does not know.
    pub fn from_json(text: &str) -> Result<Receipt, ReceiptRefusal> {
        let receipt: Receipt = serde_json::from_str(text).map_err(|e| ReceiptRefusal::Json(e.to_string()))?;
        known_format(&receipt)?;
        Ok(receipt)
    }
    /// The JSON text, indented for people.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// What a good receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The log signed that it recorded the event at this time and will seal it.
    Promised {
        /// When it was recorded.
        at: Instant,
    },
    /// The event is in the signed tree.
    Sealed {
        /// When it was recorded.
        at: Instant,
        /// Number of the leaf, from 0.
        index: u64,
        /// The tree that the proof is about.
        checkpoint: Checkpoint,
    },
}

impl Verdict {
    /// The verdict in one sentence.
    pub fn words(&self) -> Words {
        match self {
            Verdict::Promised { at } => Words::new(
                format!("凭证有效:{}已登记,等待封存", at.minute_text()),
                format!("Good: recorded on {}, not yet sealed", at.minute_text()),
            ),
            Verdict::Sealed { at, index, checkpoint } => Words::new(
                format!(
                    "凭证有效:{}登记,为账本共{}条中的第{index}条(从0起)",
                    at.minute_text(),
                    checkpoint.size
                ),
                format!(
                    "Good: recorded on {}, entry {index} (from 0) of a ledger of {}",
                    at.minute_text(),
                    checkpoint.size
                ),
            ),
        }
    }
}

/// Checks a receipt offline with the log's public key.
///
/// # Errors
/// Says which part fails; see [`ReceiptRefusal`].
pub fn verify_receipt(receipt: &Receipt, key: &Verifier) -> Result<Verdict, ReceiptRefusal> {
    verify_receipt_with(receipt, key.name(), &[key])
}

/// As [`verify_receipt`] for a log named `origin` that has had several keys, or keys of another algorithm.
///
/// # Errors
/// As [`verify_receipt`].
pub fn verify_receipt_with(
    receipt: &Receipt,
    origin: &str,
    keys: &[&dyn NoteVerifier],
) -> Result<Verdict, ReceiptRefusal> {
    known_format(receipt)?;
    if receipt.origin != origin {
        let (expected, found) = (origin.to_owned(), crate::refusal::clip(&receipt.origin));
        return Err(ReceiptRefusal::Promise(NoteRefusal::Origin { expected, found }));
    }
    if receipt.leaf != Sha256.leaf(&receipt.digest.0) {
        return Err(ReceiptRefusal::Leaf);
    }
    let signed = signed_text(receipt)?;
    let promise = Signature::parse(&receipt.promise).map_err(ReceiptRefusal::Promise)?;
    if promise.check(&signed, keys).map_err(ReceiptRefusal::Promise)?.is_none() {
        return Err(ReceiptRefusal::Promise(NoteRefusal::UnknownKey(promise.name)));
    }
    let Some(seal) = &receipt.seal else {
        return Ok(Verdict::Promised { at: receipt.at });
    };
    let checkpoint = Checkpoint::open(&seal.checkpoint, origin, keys).map_err(ReceiptRefusal::Checkpoint)?;
    verify_inclusion(Sha256, &receipt.leaf, seal.index, checkpoint.size, &seal.proof, &checkpoint.root)
        .map_err(ReceiptRefusal::Proof)?;
    Ok(Verdict::Sealed { at: receipt.at, index: seal.index, checkpoint })
}

/// The format says whether there is a group; one without the other is neither form.
fn known_format(receipt: &Receipt) -> Result<(), ReceiptRefusal> {
    match (receipt.format.as_str(), &receipt.group) {
        (RECEIPT_FORMAT, None) | (GROUPED_FORMAT, Some(_)) => Ok(()),
        _ => Err(ReceiptRefusal::Format(crate::refusal::clip(&receipt.format))),
    }
}

/// What the log has signed: the promise itself, or the root of the group that the promise is proved to be in.
fn signed_text(receipt: &Receipt) -> Result<String, ReceiptRefusal> {
    let Some(place) = &receipt.group else { return Ok(receipt.promise_text()) };
    let leaf = receipt.claim().leaf(&receipt.origin);
    verify_inclusion(Sha256, &leaf, place.index, place.size, &place.path, &place.root)
        .map_err(ReceiptRefusal::Group)?;
    Ok(place.text(&receipt.origin, receipt.district))
}

/// A receipt that proves nothing, and which part of it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptRefusal {
    /// Not the JSON of a receipt; what the reader stumbled over.
    Json(String),
    /// A format that this program does not know.
    Format(String),
    /// The leaf hash is not that of D.
    Leaf,
    /// The promise is not signed by the log over these values.
    Promise(NoteRefusal),
    /// The promise is not at that place of its commit.
    Group(ProofRefusal),
    /// The checkpoint cannot be trusted.
    Checkpoint(NoteRefusal),
    /// The event is not at that place of the signed tree.
    Proof(ProofRefusal),
}

impl Refuse for ReceiptRefusal {
    fn code(&self) -> &'static str {
        match self {
            ReceiptRefusal::Json(_) => "receipt.json",
            ReceiptRefusal::Format(_) => "receipt.format",
            ReceiptRefusal::Leaf => "receipt.leaf",
            ReceiptRefusal::Promise(_) => "receipt.promise",
            ReceiptRefusal::Group(_) => "receipt.group",
            ReceiptRefusal::Checkpoint(_) => "receipt.checkpoint",
            ReceiptRefusal::Proof(_) => "receipt.proof",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            ReceiptRefusal::Json(_) | ReceiptRefusal::Format(_) => Kind::Invalid,
            _ => Kind::Rule,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            ReceiptRefusal::Json(_) => None,
            ReceiptRefusal::Format(_) => Some("format"),
            ReceiptRefusal::Leaf => Some("leaf"),
            ReceiptRefusal::Promise(_) => Some("promise"),
            ReceiptRefusal::Group(_) => Some("group.path"),
            ReceiptRefusal::Checkpoint(_) => Some("seal.checkpoint"),
            ReceiptRefusal::Proof(_) => Some("seal.proof"),
        }
    }
    fn reason(&self, lang: Lang) -> String {
        match self {
            ReceiptRefusal::Json(why) => match lang {
                Lang::Zh => format!("不是有效的凭证文件:{why}"),
                Lang::En => format!("Not a receipt file: {why}"),
            },
            ReceiptRefusal::Format(found) => match lang {
                Lang::Zh => {
                    format!("凭证格式是“{found}”,本程序只认{RECEIPT_FORMAT}和{GROUPED_FORMAT}(须带同批证明)")
                }
                Lang::En => format!(
                    "The receipt has format “{found}”; this program knows {RECEIPT_FORMAT}, and {GROUPED_FORMAT} with its group"
                ),
            },
            ReceiptRefusal::Leaf => {
                lang.pick("叶散列与摘要不符", "The leaf hash is not that of the digest").to_owned()
            }
            ReceiptRefusal::Promise(why) => match lang {
                Lang::Zh => format!("登记承诺不成立:{}", why.reason(lang)),
                Lang::En => format!("The promise does not hold: {}", why.reason(lang)),
            },
            ReceiptRefusal::Group(why) => match lang {
                Lang::Zh => format!("同批登记的证明不成立:{}", why.reason(lang)),
                Lang::En => format!("The proof within its commit does not hold: {}", why.reason(lang)),
            },
            ReceiptRefusal::Checkpoint(why) => match lang {
                Lang::Zh => format!("检查点不可信:{}", why.reason(lang)),
                Lang::En => format!("The checkpoint cannot be trusted: {}", why.reason(lang)),
            },
            ReceiptRefusal::Proof(why) => match lang {
                Lang::Zh => format!("收录证明不成立:{}", why.reason(lang)),
                Lang::En => format!("The inclusion proof does not hold: {}", why.reason(lang)),
            },
        }
    }
    fn next(&self, lang: Lang) -> String {
        match self {
            ReceiptRefusal::Json(_) | ReceiptRefusal::Leaf => {
                lang.pick("请重新下载凭证文件", "Download the receipt file again").to_owned()
            }
            ReceiptRefusal::Format(_) => {
                lang.pick("请使用更新版本的程序核验", "Check it with a newer program").to_owned()
            }
            ReceiptRefusal::Promise(why) | ReceiptRefusal::Checkpoint(why) => why.next(lang),
            ReceiptRefusal::Group(why) | ReceiptRefusal::Proof(why) => why.next(lang),
        }
    }
}
