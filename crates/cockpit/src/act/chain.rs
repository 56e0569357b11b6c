//! The ledger for people: newest checkpoint, events that a post may see, receipts checked.

use crate::store::{self, Line, LineFilter, Point, Seen};
use base::op::Op;
use base::{Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::ledger::{Receipt, ReceiptRefusal, Verdict, verify_receipt};

base::refusals!(Checked);

/// A receipt that does not hold; a type of this area, so that it can be told from other refusals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(pub ReceiptRefusal);

impl kernel::Refuse for Checked {
    fn code(&self) -> &'static str {
        self.0.code()
    }
    fn kind(&self) -> kernel::Kind {
        self.0.kind()
    }
    fn field(&self) -> Option<&str> {
        Some("receipt")
    }
    fn reason(&self, lang: kernel::Lang) -> String {
        self.0.reason(lang)
    }
    fn next(&self, lang: kernel::Lang) -> String {
        self.0.next(lang)
    }
}

/// What anybody may know of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Name of the log.
    pub origin: String,
    /// Public key, in the vkey form.
    pub key: String,
    /// The newest checkpoint; none before the first event was sealed.
    pub point: Option<Point>,
    /// Events that wait to be sealed.
    pub waiting: u64,
}

/// The newest checkpoint with the key that it is checked with. Judges `ledger.verify`, which everybody may.
pub fn chain(op: &mut Op<'_, '_>) -> Outcome<Chain> {
    op.judge(Action::LedgerVerify, &Resource::new())?;
    let signer = op.core().signer.of(op.district())?;
    Ok(Chain {
        origin: op.core().signer.origin(op.district()),
        key: signer.verifier().to_string(),
        point: store::newest_point(op.tx, op.district())?,
        waiting: store::unsealed(op.tx, op.district())?,
    })
}

/// Events for a page: those that the post may read in the ledger or in the log.
pub fn lines(op: &mut Op<'_, '_>, filter: &LineFilter, limit: u32) -> Outcome<(Vec<Line>, Option<String>)> {
    let seen = seen(op);
    if seen.ledger.is_nothing() && seen.audit.is_nothing() {
        return Ok((Vec::new(), None));
    }
    store::lines(op.tx, op.district(), &seen, filter, limit)
}

/// Whose events the post may see.
pub fn seen(op: &Op<'_, '_>) -> Seen {
    Seen { ledger: op.scope(Action::LedgerRead), audit: op.scope(Action::AuditRead) }
}

/// Checks a receipt as its holder pasted it. Judges `ledger.verify`.
///
/// # Errors
/// The text is no receipt, or it proves nothing: says which part fails.
pub fn verify(op: &Op<'_, '_>, text: &str) -> Outcome<Verdict> {
    op.judge(Action::LedgerVerify, &Resource::new())?;
    let receipt = Receipt::from_json(text.trim()).map_err(|no| Fault::from(Checked(no)))?;
    let signer = op.core().signer.of(op.district())?;
    verify_receipt(&receipt, &signer.verifier()).map_err(|no| Checked(no).into())
}
