//! Keys derived from a filing: who asked (keyed hash), where exactly, and what it says without its numbers.

use super::input::Contact;
use super::mask::{Phone, folded, mail};
use super::parts::{Filing, PlaceRef};
use super::{CaseId, Stage};
use crate::refusal::CaseRefusal as No;
use base::core::Core;
use kernel::{Day, DistrictCode, Slug, UnitCode};

/// What a repeat caller is found by: the digits of the phone, else the mail address.
pub(super) fn contact_key(contact: &Contact) -> Result<Option<String>, No> {
    if !contact.phone.trim().is_empty() {
        return Phone::parse(&contact.phone).map(|phone| Some(phone.as_str().to_owned()));
    }
    let email = contact.email.trim().to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    let chars: Vec<char> = email.chars().collect();
    if mail(&chars, 0) == Some(chars.len()) {
        Ok(Some(email))
    } else {
        Err(No::NotAMail { given: kernel::refusal::clip(&email) })
    }
}

/// The keyed hash by which a repeat caller is found without opening anything; half of it is plenty for a key.
pub fn contact_hash(core: &Core, district: DistrictCode, key: &str) -> String {
    let print = core.vault().fingerprint("case.contact", district, key);
    base::hex(print.get(..16).unwrap_or(&print))
}

/// The keyed hash of a query code; the id salts it.
pub(crate) fn secret_of(core: &Core, district: DistrictCode, id: CaseId, code: &str) -> [u8; 32] {
    let code = code.trim().to_uppercase();
    core.vault().fingerprint("case.code", district, &format!("{id}:{code}"))
}

/// The first line of a text, at most forty characters.
pub(super) fn headline(text: &str) -> String {
    let stop = |c: char| matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '\r' | '；' | ';');
    let first = text.split(stop).map(str::trim).find(|part| !part.is_empty()).unwrap_or(text);
    let mut out: String = first.chars().filter(|c| !c.is_control()).take(40).collect();
    if first.chars().nth(40).is_some() {
        out.push('…');
    }
    if out.trim().is_empty() { Stage::Received.say(kernel::Lang::Zh).to_owned() } else { out }
}

/// The other district that an address names after its city or province. Only then: “东一区” and “某某小区” are no districts.
pub(super) fn other_district(address: &str, own: &str) -> Option<String> {
    let at = address.find('市').map(|i| i + '市'.len_utf8())?;
    let (city, rest) = address.split_at_checked(at)?;
    if city.chars().count() > 8 {
        return None;
    }
    let end = rest.find(['区', '县'])?;
    let name: String = rest.get(..end)?.chars().chain(rest.get(end..)?.chars().take(1)).collect();
    let n = name.chars().count();
    let inner =
        ["小区", "社区", "片区", "园区", "城区", "街区", "校区"].iter().any(|tail| name.ends_with(tail));
    (name != own && (3..=4).contains(&n) && !inner).then_some(name)
}

/// The exact place in one text: community and address, else community and a square of about fifty metres.
pub fn spot_of(place: &PlaceRef) -> Option<String> {
    let unit = place.unit.as_ref().map_or("", UnitCode::as_str);
    let address: String = place
        .address
        .iter()
        .flat_map(|a| a.as_str().chars())
        .map(folded)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if !address.is_empty() {
        return Some(format!("{unit}|{address}"));
    }
    let point = place.point?;
    Some(format!("{unit}|{},{}", point.lat.div_euclid(500), point.lon.div_euclid(500)))
}

/// One hash of category, place and words without numbers and marks.
pub(crate) fn signature_of(filing: &Filing) -> String {
    let category = filing.category.as_ref().map_or("", Slug::as_str);
    let unit = filing.place.unit.as_ref().map_or("", UnitCode::as_str);
    let words = filing.text.as_str().chars().map(folded).filter(|c| c.is_alphabetic()).take(80);
    let head = format!("{category}|{unit}|");
    // FNV-1a: it only has to be the same on every machine.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut buffer = [0_u8; 4];
    let mut hash = head.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    for c in words {
        hash = c.encode_utf8(&mut buffer).bytes().fold(hash, step);
    }
    format!("{hash:016x}")
}

/// The month of a day: 201908.
pub(crate) fn month_of(day: Day) -> u32 {
    u32::try_from(i32::from(day.year()) * 100 + i32::from(day.month())).unwrap_or(0)
}
