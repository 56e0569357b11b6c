//! `verify-receipt`: checks a receipt offline and says in words what it proves. Nothing is asked of the service.

use super::{FOUND, OK, out};
use base::Outcome;
use kernel::ledger::{
    Checkpoint, Hasher, Note, Receipt, Sha256, Verdict, Verifier, verify_inclusion, verify_receipt,
};
use kernel::{Lang, Refuse, Words};
use std::path::Path;

/// Checks the file, with the log's public key when there is one: the text of the key, or a file that holds it.
///
/// # Errors
/// When the file cannot be read; a receipt that proves nothing is an answer, not an error.
pub(super) fn verify(file: &Path, key: Option<&str>) -> Outcome<u8> {
    let text = std::fs::read_to_string(file)?;
    let given = key.map(|key| std::fs::read_to_string(key).unwrap_or_else(|_| key.to_owned()));
    let (code, lines) = judge(&text, given.as_deref());
    for words in lines {
        out::line(words.get(Lang::Zh));
        out::line(words.get(Lang::En));
    }
    Ok(code)
}

/// The verdict and every sentence of it.
fn judge(text: &str, key: Option<&str>) -> (u8, Vec<Words>) {
    let receipt = match Receipt::from_json(text) {
        Ok(receipt) => receipt,
        Err(no) => return refused(&no),
    };
    let Some(key) = key else { return (FOUND, unsigned(&receipt)) };
    let key = match Verifier::parse(key.trim()) {
        Ok(key) => key,
        Err(no) => return refused(&no),
    };
    if let Some(words) = elsewhere(&receipt, &key) {
        return (FOUND, vec![words]);
    }
    match verify_receipt(&receipt, &key) {
        Ok(verdict) => (OK, proven(&receipt, &verdict)),
        Err(no) => refused(&no),
    }
}

fn refused(no: &dyn Refuse) -> (u8, Vec<Words>) {
    let say = |lang| format!("{}  {}", no.reason(lang), no.next(lang));
    (FOUND, vec![Words::new(say(Lang::Zh), say(Lang::En))])
}

/// A receipt of another district than the key's: both are named, so that the right key can be fetched.
fn elsewhere(receipt: &Receipt, key: &Verifier) -> Option<Words> {
    let (ours, theirs) = (key.name().rsplit('/').next()?, receipt.district.to_string());
    (ours != theirs).then(|| {
        let origin = kernel::refusal::clip(&receipt.origin);
        Words::new(
            format!("这是{theirs}的回执（台账{origin}），给的是{ours}的公钥，不能互相核验。请用/log/{theirs}/key的公钥"),
            format!("This is a receipt of district {theirs} (log {origin}); the key is that of {ours}. Fetch /log/{theirs}/key"),
        )
    })
}

/// What a good receipt proves, point by point.
fn proven(receipt: &Receipt, verdict: &Verdict) -> Vec<Words> {
    let (district, leaf) = (receipt.district, receipt.leaf.hex());
    let at = receipt.at.minute_text();
    let mut out = vec![
        verdict.words(),
        Words::new(
            format!("签名有效：{district}的台账签名承诺，{at}收到指纹为{leaf}的记录，之后不能改时间或内容"),
            format!(
                "Signature good: the log of {district} signed that it received the record with fingerprint {leaf} on {at}; time and content cannot be changed after"
            ),
        ),
    ];
    out.push(match verdict {
        Verdict::Sealed { index, checkpoint, .. } => Words::new(
            format!("收录证明有效：它是检查点（共{}条）中的第{index}条，拿掉它检查点就对不上", checkpoint.size),
            format!("Inclusion proof good: it is entry {index} under the checkpoint of {}; without it the checkpoint would not fit", checkpoint.size),
        ),
        Verdict::Promised { .. } => Words::new(
            "还没有收录证明：几秒后重新下载这份回执再核验",
            "No inclusion proof yet: download the receipt again in a few seconds",
        ),
    });
    out
}

/// Without a key only what the file says of itself can be compared, and that proves nothing of who wrote it.
fn unsigned(receipt: &Receipt) -> Vec<Words> {
    let mut out = Vec::new();
    if receipt.leaf == Sha256.leaf(&receipt.digest.0) {
        out.push(Words::new("叶散列与摘要相符", "The leaf hash is that of the digest"));
    } else {
        out.push(Words::new(
            "叶散列与摘要不符：这份回执无效",
            "The leaf hash is not that of the digest: the receipt is void",
        ));
    }
    if let Some(seal) = &receipt.seal {
        let fits =
            Note::parse(&seal.checkpoint).and_then(|note| Checkpoint::parse(&note.text)).is_ok_and(|point| {
                verify_inclusion(Sha256, &receipt.leaf, seal.index, point.size, &seal.proof, &point.root)
                    .is_ok()
            });
        out.push(if fits {
            Words::new("收录证明与文件里的检查点相符", "The inclusion proof fits the checkpoint in the file")
        } else {
            Words::new(
                "收录证明与文件里的检查点不符：这份回执无效",
                "The inclusion proof does not fit the checkpoint in the file: the receipt is void",
            )
        });
    }
    let district = receipt.district;
    out.push(Words::new(
        format!("没有给公钥，签名没有核验，不能证明是谁签的。请加--key，公钥在/log/{district}/key"),
        format!("Without a key the signature is not checked and nothing is proven of who signed. Add --key; it is at /log/{district}/key"),
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ledger::{Claim, Hash, Signer};
    use kernel::{DistrictCode, EventId, Instant};

    fn signer(district: DistrictCode) -> Signer {
        Signer::new(&format!("guandu.example/log/{district}"), &[7; 32]).unwrap()
    }

    fn receipt(district: DistrictCode) -> Receipt {
        let claim = Claim {
            district,
            event: EventId::parse("event", "01934b5a-0000-7000-8000-000000000001").unwrap(),
            at: Instant::parse("at", "2019-08-12T09:58").unwrap(),
            digest: Hash([3; 32]),
        };
        Receipt::promise(&claim, &signer(district))
    }

    fn said(found: &(u8, Vec<Words>)) -> String {
        found.1.iter().map(|words| format!("{}\n{}\n", words.zh, words.en)).collect()
    }

    #[test]
    fn a_receipt_says_what_it_proves() {
        let key = signer(DistrictCode::GUANDU).verifier().to_string();
        let good = judge(&receipt(DistrictCode::GUANDU).to_json(), Some(&key));
        assert_eq!(good.0, OK);
        assert!(said(&good).contains("2019-08-12 09:58") && said(&good).contains("还没有收录证明"));
        let mut bent = receipt(DistrictCode::GUANDU);
        bent.at = bent.at.plus_seconds(60);
        assert_eq!(judge(&bent.to_json(), Some(&key)).0, FOUND);
        let bare = judge(&receipt(DistrictCode::GUANDU).to_json(), None);
        assert!(bare.0 == FOUND && said(&bare).contains("--key"));
        assert_eq!(judge("{}", Some(&key)).0, FOUND);
    }

    #[test]
    fn another_district_is_refused_by_name() {
        let other = DistrictCode::parse("d", "530102").unwrap();
        let key = signer(DistrictCode::GUANDU).verifier().to_string();
        let found = judge(&receipt(other).to_json(), Some(&key));
        assert_eq!(found.0, FOUND);
        assert!(said(&found).contains("530102") && said(&found).contains("530111"), "{}", said(&found));
    }
}
