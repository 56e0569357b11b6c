//! Erasing personal text from the ledger by law, so that the tree still verifies.
//!
//! The tree holds a hash of salt and text, never the text (see `journal`). Erasing replaces the free text of a subject's
//! events by a mark and removes the salts. The stored leaves stay, so every root, checkpoint, proof and receipt stays
//! good; and without the salt nobody can find out by trying what a leaf was made of.
//!
//! What is left of an erased event (moment, post, kind, codes) is no longer held by its own leaf. It is held by the
//! erasure: an event of the kind `ledger.erased` that names the ground, each erased event, and a digest of what is left.
//! `guandu verify` counts erased events apart and names one that no erasure answers for, or whose remainder was changed.
//!
//! It cannot be undone. Copies made before hold the text still; see docs/decisions/0020.

use crate::db::Tx;
use crate::fault::{Common, Outcome};
use crate::journal::{Fact, entry};
use crate::op::Op;
use kernel::DistrictCode;
use kernel::sample::{Recorded, Sample, read_as};
use kernel::text::Title;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What stands in place of an erased text.
pub const MARK: &str = "（已依法删除）";
/// Kind of the event that answers for erased ones.
pub const KIND: &str = "ledger.erased";
const VERSION: u16 = 1;

/// What is recorded here: see [`kernel::sample`].
pub const RECORDED: Recorded = Recorded {
    area: "erase",
    kinds: &[KIND],
    samples: || {
        // A ground that parses: the sample must be what is recorded.
        let erasure = Title::parse("ground", "个人信息保护法第四十七条").map(|ground| Erasure {
            subject_kind: "duty".to_owned(),
            subject: "01980000-0000-7000-8000-000000000001".to_owned(),
            ground,
            events: BTreeMap::from([("01980000-0000-7000-8000-000000000002".to_owned(), "ab".repeat(32))]),
        });
        erasure.iter().map(|erasure| Sample::of(KIND, VERSION, erasure)).collect()
    },
    reads: |_kind, _version, body| read_as::<Erasure>(body),
};

/// An erasure as the ledger records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Sort of thing that the events were of.
    pub subject_kind: String,
    /// The thing.
    pub subject: String,
    /// The law or the decision that asks for it.
    pub ground: Title,
    /// Erased events: id, and the digest of what is left in hexadecimal.
    pub events: BTreeMap<String, String>,
}

/// Replaces free text in a JSON value: every text that is not a code. Codes, ids, days, numbers and human numbers
/// (`no`) stay, because lists and links stand on them; long rows of digits go, because telephone numbers are such.
/// The codes of the district's own streets and communities stay too.
pub fn redact(value: &mut Value, district: DistrictCode) {
    let own = district.to_string();
    let place = |text: &str| {
        matches!(text.len(), 9 | 12) && text.starts_with(&own) && text.bytes().all(|b| b.is_ascii_digit())
    };
    match value {
        Value::String(text) if !is_code(text) && !place(text) => MARK.clone_into(text),
        Value::Array(list) => list.iter_mut().for_each(|v| redact(v, district)),
        Value::Object(map) => {
            map.iter_mut().filter(|(key, _)| *key != "no").for_each(|(_, v)| redact(v, district));
        }
        _ => {}
    }
}

fn is_code(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:+*/".contains(&b));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // A row of digits is somebody's number, unless it has the form of a day or of an id, which may be all digits too.
    let number = digits >= 7 && text.bytes().all(|b| b.is_ascii_digit() || b"-+".contains(&b));
    plain && (!number || is_day(text) || text.parse::<uuid::Uuid>().is_ok_and(|_| text.len() == 36))
}

fn is_day(text: &str) -> bool {
    kernel::Day::parse("day", text).is_ok()
}

/// Erases the text of every event of `subject` that has not been erased before, and records the erasure. The caller
/// has judged, and makes the rows of the thing anew from what is left.
///
/// Refused: no ground, or nothing of this subject that could be erased.
pub fn subject(op: &mut Op<'_, '_>, subject: &str, ground: &str) -> Outcome<Erasure> {
    let ground = Title::parse("ground", ground)?;
    let district = op.district();
    let mut kind = String::new();
    let mut left = Vec::new();
    let sql = "select id, at, actor, subject_kind, subject, rev, kind, version, body, salt from event \
               where district = $1 and subject = $2 order by rev";
    op.tx.each(sql, &[district.into(), subject.into()], |row| {
        if row.blob(9)?.is_empty() || row.str(6)? == KIND {
            return Ok(());
        }
        row.str(3)?.clone_into(&mut kind);
        let mut value: Value = serde_json::from_str(row.str(8)?)?;
        redact(&mut value, district);
        let body = value.to_string();
        let entry = entry(row, district, &body, [0; 16])?;
        let digest = entry.digest(&mut Vec::with_capacity(512));
        left.push((entry.id.to_string(), body.clone(), crate::hex(&digest.0)));
        Ok(())
    })?;
    if left.is_empty() {
        return Err(Common::NotFound { what: "subject", given: subject.to_owned() }.into());
    }
    for (id, body, _) in &left {
        let sql = "update event set body = $1, salt = $2 where district = $3 and id = $4";
        op.tx.exec(sql, &[body.into(), crate::Arg::Blob(&[]), district.into(), id.into()])?;
    }
    let events = left.into_iter().map(|(id, _, digest)| (id, digest)).collect();
    let erasure = Erasure { subject_kind: kind, subject: subject.to_owned(), ground, events };
    let own = op.id().to_string();
    let body = serde_json::to_string(&erasure)?;
    op.record(Fact {
        subject_kind: "erasure",
        subject: &own,
        rev: 1,
        kind: KIND,
        version: VERSION,
        body: &body,
    })?;
    Ok(erasure)
}

/// Every erased event that an erasure answers for, with the digest of what is left.
pub(crate) fn answered(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    let sql = "select body from event where district = $1 and subject_kind = 'erasure' and kind = 'ledger.erased' order by id";
    tx.each(sql, &[district.into()], |row| {
        if let Ok(erasure) = serde_json::from_str::<Erasure>(row.str(0)?) {
            all.extend(erasure.events);
        }
        Ok(())
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn free_text_goes_and_codes_stay() {
        let mut value = json!({
            "is": "registered", "no": "督字〔2019〕12号", "title": "张某反映积水", "phone": "13800000000",
            "lead": "zjj", "due": "2019-09-27", "at": "2019-08-12T09:58", "file": "01980000-0000-7000-8000-000000000001",
            "place": "530111001001", "call": "087167176517",
            "n": 12, "open": true, "list": ["fgj.handler", "call 0871 6 or so", "+86-871-6000000"],
            "deep": { "note": "见附件", "sha": "0123456789abcdef0123456789abcdef" },
        });
        redact(&mut value, DistrictCode::GUANDU);
        assert_eq!(
            value,
            json!({
                "is": "registered", "no": "督字〔2019〕12号", "title": MARK, "phone": MARK,
                "lead": "zjj", "due": "2019-09-27", "at": "2019-08-12T09:58", "file": "01980000-0000-7000-8000-000000000001",
                "place": "530111001001", "call": MARK,
                "n": 12, "open": true, "list": ["fgj.handler", MARK, MARK],
                "deep": { "note": MARK, "sha": "0123456789abcdef0123456789abcdef" },
            })
        );
    }
}
