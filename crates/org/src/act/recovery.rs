//! Recovery codes: ten one-time codes on paper for the day on which the phone is lost.
//!
//! The codes are shown once. What is kept is a keyed hash ([`base::vault::Vault::fingerprint`]): fifty bits would not
//! stand against guessing if the database alone were enough to try them.

use super::record;
use crate::event::Event;
use crate::model::OrgRefusal;
use crate::store::{self, recovery};
use base::Outcome;
use base::op::Op;
use kernel::PersonId;

/// Codes of one set.
pub const CODES: usize = 10;
/// Letters and digits of one code.
const LENGTH: usize = 10;
/// 31 that cannot be mistaken for each other and one of them again, so that five bits choose one.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";

/// Whether what was typed is meant as a recovery code and not as six digits from a phone.
pub fn looks_like(given: &str) -> bool {
    bare(given).len() == LENGTH
}

/// The code as it is compared: lower case, without the hyphen and blanks.
fn bare(given: &str) -> String {
    given.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn print(op: &Op<'_, '_>, person: PersonId, code: &str) -> String {
    base::hex(&op.vault().fingerprint("person.recovery", op.district(), &format!("{person} {}", bare(code))))
}

/// Makes a new set in place of the old one and returns it for the one time that it is shown. Refused for somebody
/// without a second factor: there is nothing to stand in for.
pub fn make(op: &mut Op<'_, '_>, person: PersonId) -> Outcome<Vec<String>> {
    let at = store::locked(op.tx, op.district(), person)?;
    if !at.second_factor {
        return Err(OrgRefusal::NoSecondFactor.into());
    }
    let codes: Vec<String> = (0..CODES).map(|_| made_up(op.core().ids.bytes())).collect();
    let prints: Vec<String> = codes.iter().map(|code| print(op, person, code)).collect();
    recovery::replace(op.tx, op.district(), person, &prints, op.now())?;
    record(op, person, at.rev + 1, &Event::RecoveryCodesMade)?;
    Ok(codes)
}

fn made_up(bytes: [u8; LENGTH]) -> String {
    let letter = |b: &u8| LETTERS.get(usize::from(b & 31)).map_or('x', |l| char::from(*l));
    let groups: Vec<String> = bytes.chunks(5).map(|five| five.iter().map(letter).collect()).collect();
    groups.join("-")
}

/// Uses a code up; false when it is none of the person's or was used before.
pub fn spend(op: &mut Op<'_, '_>, person: PersonId, code: &str) -> Outcome<bool> {
    let at = store::locked(op.tx, op.district(), person)?;
    let print = print(op, person, code);
    if !recovery::spend(op.tx, op.district(), person, &print, op.now())? {
        return Ok(false);
    }
    let (left, _) = recovery::left(op.tx, op.district(), person)?;
    record(op, person, at.rev + 1, &Event::RecoveryCodeUsed { left })?;
    Ok(true)
}
