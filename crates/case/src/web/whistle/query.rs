//! Ids of whistles in addresses.

use crate::whistle::model::WhistleId;
use base::{Common, Fault, Outcome};
use kernel::DutyId;

/// Reads an id of an address; a malformed one is as absent as an unknown one.
pub(super) fn id_of(given: &str) -> Outcome<WhistleId> {
    DutyId::parse("whistle", given).map_err(|_| absent(given))
}

/// The answer about a whistle that does not exist.
pub(super) fn absent(given: &str) -> Fault {
    Common::NotFound { what: "whistle", given: given.to_owned() }.into()
}
