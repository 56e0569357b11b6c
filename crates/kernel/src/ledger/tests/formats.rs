//! Bytes and texts: entries, hashes, tile paths, bundles, keys, notes, checkpoints, receipts.

use super::*;
use crate::refusal::Refuse;
use crate::text::Lang;
use proptest::prelude::*;

/// Public key of Go's checksum database, and a checkpoint that it signed: our reading of the formats against a real log.
const GO_KEY: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const GO_NOTE: &str = "go.sum database tree\n49189689\nftjbAOzaupaIvaPo/G+Dk63nxOZ2s1OPOKIaPtXs7S4=\n\n— sum.golang.org \
    Az3grlKZssqRoMNPpZfKt0TphbbcF+pzXqElURJKRNFKfaUAgqeI5k2AORH0QAhg/ebRwyIqD/OqP4oLtLnNumvOBAM=\n";

fn signer() -> Signer {
    Signer::new("guandu.example/ledger", &[42; 32]).unwrap()
}

#[test]
fn the_layout_of_an_entry_is_fixed() {
    let mut bytes = Vec::new();
    sample(b"{}").encode(&mut bytes);
    let mut expected = vec![1];
    expected.extend(530_111_i32.to_be_bytes());
    expected.extend(sample_id().uuid().as_bytes());
    expected.extend(sample(b"{}").at.micros().to_be_bytes());
    expected.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
    for text in ["gsjd.desk", "case", "530111-190812-0001", "case.filed", "{}"] {
        expected.extend([0, 0, 0, 0, 0, 0, 0, u8::try_from(text.len()).unwrap()]);
        expected.extend(text.as_bytes());
    }
    assert_eq!(bytes, expected);
    let mut scratch = vec![9; 3];
    let digest = sample(b"{}").digest(&mut scratch);
    assert_eq!(digest, Sha256.hash(&[&[7; 16], &expected]));
    assert_eq!(sample(b"{}").leaf_hash(&mut scratch), Sha256.hash(&[&[0], &digest.0]));
    // Golden: a changed line means a new ENCODING_VERSION, or every ledger in the field stops verifying.
    assert_eq!(digest.hex(), "56503e3e8e3a92b8858080dfdb35478c1a6e7dd936e148671e01cc6560a00e63");
}

#[test]
fn every_field_of_an_entry_counts() {
    let base = sample(b"{}");
    let other_id = EventId::new(Uuid::from_u128(1));
    let changed = [
        Entry { district: DistrictCode::from_number(530_112), ..base },
        Entry { id: other_id, ..base },
        Entry { at: base.at.plus_micros(1), ..base },
        Entry { actor: "gsjd.des", subject_kind: "kcase", ..base },
        Entry { subject_kind: "cas", subject: "e530111-190812-0001", ..base },
        Entry { rev: 2, ..base },
        Entry { kind: "case.file", body: b"d{}", ..base },
        Entry { version: 2, ..base },
        Entry { body: b"{ }", ..base },
        Entry { salt: [8; 16], ..base },
    ];
    let mut scratch = Vec::new();
    let mut seen: Vec<Hash> = changed.iter().map(|entry| entry.digest(&mut scratch)).collect();
    seen.push(base.digest(&mut scratch));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), changed.len() + 1);
}

#[test]
fn hashes_read_what_they_write() {
    let hash = Sha256.empty();
    assert_eq!(Hash::from_hex(&hash.hex()), Some(hash));
    assert_eq!(Hash::from_base64(&hash.base64()), Some(hash));
    assert_eq!(hash.base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    let json = serde_json::to_string(&hash).unwrap();
    assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
    for bad in ["", "e3", "e3b", "zz", "é"] {
        assert_eq!(Hash::from_hex(bad), None);
        assert_eq!(Hash::from_base64(bad), None);
    }
}

#[test]
fn tile_paths_follow_the_specification() {
    let path = |level, index, width| Tile { level, index, width }.path();
    assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(0, 1_234, 256), "tile/0/x001/234");
    assert_eq!(path(3, 0, 17), "tile/3/000.p/17");
    assert_eq!(path(0, 999, 256), "tile/0/999");
    assert_eq!(path(0, 1_000, 1), "tile/0/x001/000.p/1");
    let tile = Tile { level: 0, index: 1_234, width: 5 };
    assert_eq!(tile.entries_path(), "tile/entries/x001/234.p/5");
    assert_eq!(Resource::parse("tile/entries/x001/234.p/5"), Some(Resource::Entries(tile)));
    assert_eq!(Resource::parse("tile/0/x001/234.p/5"), Some(Resource::Hashes(tile)));
    let other_spellings = [
        "tile/0/1234",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p/+5",
        "tile/0/x001",
        "tile/0/001/234",
        "tile/0/",
        "tile/data/000",
        "tile/0/../000",
        "/tile/0/000",
        "",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ];
    for bad in other_spellings {
        assert_eq!(Resource::parse(bad), None, "{bad}");
    }
}

#[test]
fn bundles_round_trip() {
    let entries = digests(3);
    let bytes = encode_bundle(&entries);
    assert_eq!(bytes.len(), 3 * 34);
    assert_eq!(bytes[..2], [0, 32]);
    assert_eq!(decode_bundle(&bytes), Some(entries));
    assert_eq!(decode_bundle(&bytes[..67]), None);
    let mut wrong = bytes;
    wrong[1] = 31;
    assert_eq!(decode_bundle(&wrong), None);
}

#[test]
fn a_real_public_log_verifies() {
    let key = Verifier::parse(GO_KEY).unwrap();
    assert_eq!(key.to_string(), GO_KEY);
    let checkpoint = Checkpoint::open(GO_NOTE, "go.sum database tree", &[&key]).unwrap();
    assert_eq!(checkpoint.size, 49_189_689);
    assert_eq!(Note::parse(GO_NOTE).unwrap().to_string(), GO_NOTE);
    let forged = GO_NOTE.replace("49189689", "49189688");
    let no = Checkpoint::open(&forged, "go.sum database tree", &[&key]).unwrap_err();
    assert_eq!(no, NoteRefusal::BadSignature("sum.golang.org".to_owned()));
    let no = Checkpoint::open(GO_NOTE, "another log", &[&key]).unwrap_err();
    assert_eq!(no.code(), "note.origin");
}

#[test]
fn the_specifications_example_reads() {
    let note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let read = Note::parse(note).unwrap();
    assert_eq!(read.to_string(), note);
    assert_eq!(Checkpoint::parse(&read.text).unwrap().size, 20_852_163);
    assert_eq!(read.verify(&[&signer().verifier()]).unwrap_err().code(), "note.unknown_key");
}

#[test]
fn keys_of_another_form_are_refused() {
    let good = signer().verifier().to_string();
    assert_eq!(Verifier::parse(&good).unwrap(), signer().verifier());
    let bad = [
        "",
        "a+b",
        "guandu.example/ledger+00000000+AAAA",
        &good.replace("guandu", "guanda"),
        &good[..good.len() - 1],
        &good.replacen("ledger+", "ledger++", 1),
        &good.replace("guandu", "gu andu"),
    ];
    for text in bad {
        assert!(Verifier::parse(text).is_err(), "{text}");
    }
    assert!(Signer::new("with space", &[1; 32]).is_err());
    assert!(!format!("{:?}", signer()).contains("42"));
}

#[test]
fn checkpoints_round_trip_and_refuse_other_forms() {
    let (key, root) = (signer(), Sha256.empty());
    let checkpoint = Checkpoint { origin: key.name().to_owned(), size: 0, root };
    let note = checkpoint.sign(&[&key]).unwrap().to_string();
    let other = Signer::new("witness.example", &[1; 32]).unwrap();
    assert_eq!(Checkpoint::open(&note, key.name(), &[&key.verifier()]), Ok(checkpoint.clone()));
    // A witness's line beside ours changes nothing, and either key is enough.
    let both = checkpoint.sign(&[&other, &key]).unwrap();
    assert_eq!(both.verify(&[&key.verifier()]).unwrap(), [key.name()]);
    assert_eq!(both.verify(&[&key.verifier(), &other.verifier()]).unwrap().len(), 2);
    let root = root.base64();
    let bad = [
        "",
        "o\n",
        "o\n0\n",
        &format!("o\n00\n{root}\n"),
        &format!("o\n+1\n{root}\n"),
        &format!("o\n1\n{root}"),
    ];
    for text in bad {
        assert!(Checkpoint::parse(text).is_err(), "{text:?}");
    }
    assert!(Checkpoint::parse(&format!("o\n1\n{root}\n\nx\n")).is_err());
    assert!(Checkpoint::parse(&format!("o\n1\n{root}\nextension\n")).is_ok());
    let form = ["", "text", "text\n", "text\n\n", "text\n\n— a AAAAAAA=", "te\txt\n\n— a AAAAAAA=\n"];
    for text in form {
        assert!(Note::parse(text).is_err(), "{text:?}");
    }
    assert!(Note::sign("no end".to_owned(), &[&key]).is_err());
}

fn receipts() -> (Receipt, Receipt) {
    let key = signer();
    let entry = sample(b"{\"words\":\"x\"}");
    let mut scratch = Vec::new();
    let digest = entry.digest(&mut scratch);
    let claim = Claim { district: entry.district, event: entry.id, at: entry.at, digest };
    let mut all = digests(300);
    all[123] = digest;
    let leaves = leaves_of(&all);
    let tiles = tiles_of(&leaves, 100);
    let mut reader = Reader::new(Sha256, &tiles, 300);
    let checkpoint = Checkpoint { origin: key.name().to_owned(), size: 300, root: reader.root().unwrap() };
    let checkpoint = checkpoint.sign(&[&key]).unwrap().to_string();
    let promised = Receipt::promise(&claim, &key);
    let sealed =
        promised.clone().sealed(Seal { index: 123, proof: reader.inclusion(123).unwrap(), checkpoint });
    assert!(promised.covers(&entry, &mut scratch));
    assert!(!promised.covers(&sample(b"{\"words\":\"y\"}"), &mut scratch));
    (promised, sealed)
}

#[test]
fn receipts_verify_offline() {
    let key = Verifier::parse(&signer().verifier().to_string()).unwrap();
    let (promised, sealed) = receipts();
    let read = Receipt::from_json(&promised.to_json()).unwrap();
    let verdict = verify_receipt(&read, &key).unwrap();
    assert!(verdict.words().zh.contains("2019-08-12 09:58"), "{verdict:?}");
    assert!(matches!(verdict, Verdict::Promised { .. }));
    let read = Receipt::from_json(&sealed.to_json()).unwrap();
    let Verdict::Sealed { index, checkpoint, .. } = verify_receipt(&read, &key).unwrap() else {
        panic!("unsealed")
    };
    assert_eq!((index, checkpoint.size), (123, 300));
}

#[test]
fn altered_receipts_say_which_part_fails() {
    let key = signer().verifier();
    let (promised, sealed) = receipts();
    let code = |receipt: &Receipt| verify_receipt(receipt, &key).unwrap_err().code();
    assert_eq!(code(&Receipt { at: promised.at.plus_micros(1), ..promised.clone() }), "receipt.promise");
    assert_eq!(
        code(&Receipt { district: DistrictCode::from_number(530_112), ..promised.clone() }),
        "receipt.promise"
    );
    assert_eq!(code(&Receipt { origin: "other.example".to_owned(), ..promised.clone() }), "receipt.promise");
    assert_eq!(code(&Receipt { digest: Sha256.empty(), ..promised.clone() }), "receipt.leaf");
    assert_eq!(code(&Receipt { format: "v0".to_owned(), ..promised.clone() }), "receipt.format");
    let seal = sealed.seal.clone().unwrap();
    let with = |seal: Seal| sealed.clone().sealed(seal);
    assert_eq!(code(&with(Seal { index: 122, ..seal.clone() })), "receipt.proof");
    assert_eq!(code(&with(Seal { proof: seal.proof[1..].to_vec(), ..seal.clone() })), "receipt.proof");
    assert_eq!(
        code(&with(Seal { checkpoint: seal.checkpoint.replace("300", "301"), ..seal })),
        "receipt.checkpoint"
    );
    let stranger = Signer::new("guandu.example/ledger", &[43; 32]).unwrap().verifier();
    let no = verify_receipt(&promised, &stranger).unwrap_err();
    assert_eq!(no, ReceiptRefusal::Promise(NoteRefusal::UnknownKey("guandu.example/ledger".to_owned())));
    assert!(!no.reason(Lang::Zh).is_empty() && !no.next(Lang::En).is_empty());
    assert_eq!(Receipt::from_json("{}").unwrap_err().code(), "receipt.json");
}

/// Five promises of one commit with their one signature, the odd one of them last.
fn grouped() -> Vec<Receipt> {
    let key = signer();
    let entry = sample(b"{\"words\":\"x\"}");
    let claims: Vec<Claim> = digests(5)
        .into_iter()
        .zip(0..)
        .map(|(digest, n)| Claim {
            district: entry.district,
            event: entry.id,
            at: entry.at.plus_micros(n),
            digest,
        })
        .collect();
    let group = Group::new(claims.iter().map(|claim| claim.leaf(key.name())).collect());
    let line = Signature::make(&group.place(0).unwrap().text(key.name(), entry.district), &key).to_string();
    let place = |n: usize| group.place(n).unwrap();
    claims.iter().enumerate().map(|(n, claim)| Receipt::grouped(claim, key.name(), place(n), &line)).collect()
}

#[test]
fn receipts_of_one_commit_share_a_signature_and_stand_alone() {
    let key = signer().verifier();
    let all = grouped();
    for (n, receipt) in all.iter().enumerate() {
        let read = Receipt::from_json(&receipt.to_json()).unwrap();
        assert_eq!(verify_receipt(&read, &key).unwrap(), Verdict::Promised { at: receipt.at }, "{n}");
        assert_eq!(read.promise, all[0].promise);
    }
    let code = |receipt: &Receipt| verify_receipt(receipt, &key).unwrap_err().code();
    let good = all[1].clone();
    let with = |place: Place| Receipt { group: Some(place), ..good.clone() };
    let place = good.group.clone().unwrap();
    assert_eq!(code(&Receipt { at: good.at.plus_micros(1), ..good.clone() }), "receipt.group");
    assert_eq!(code(&Receipt { event: EventId::new(Uuid::nil()), ..good.clone() }), "receipt.group");
    assert_eq!(code(&with(Place { index: 2, ..place.clone() })), "receipt.group");
    assert_eq!(code(&with(Place { path: place.path[1..].to_vec(), ..place.clone() })), "receipt.group");
    // A tree that somebody made up proves the leaf but is not what was signed.
    let forged = Group::new(vec![good_leaf(&good), Sha256.empty()]).place(0).unwrap();
    assert_eq!(code(&with(forged)), "receipt.promise");
    // A promise of another district under this log's signature of the same root.
    let other = Receipt { district: DistrictCode::from_number(530_112), ..good.clone() };
    assert_eq!(code(&other), "receipt.group");
    // Neither form is taken for the other.
    assert_eq!(code(&Receipt { group: None, ..good.clone() }), "receipt.format");
    assert_eq!(code(&Receipt { format: RECEIPT_FORMAT.to_owned(), ..good.clone() }), "receipt.format");
    assert_eq!(
        code(&Receipt { format: RECEIPT_FORMAT.to_owned(), group: None, ..good.clone() }),
        "receipt.promise"
    );
    assert_eq!(code(&Receipt { group: Some(place), ..receipts().0 }), "receipt.format");
}

fn good_leaf(receipt: &Receipt) -> Hash {
    let Receipt { district, event, at, digest, .. } = receipt.clone();
    Claim { district, event, at, digest }.leaf(&receipt.origin)
}

#[test]
fn a_group_has_the_form_of_rfc_6962() {
    for n in 1..40 {
        let leaves = leaves_of(&digests(n));
        let group = Group::new(leaves.clone());
        for index in 0..leaves.len() {
            let place = group.place(index).unwrap();
            assert_eq!(place.root, naive_root(&leaves), "{index} of {n}");
            assert_eq!(place.path, naive_path(index, &leaves), "{index} of {n}");
        }
        assert_eq!(group.place(leaves.len()), None);
    }
    assert_eq!(Group::new(Vec::new()).place(0), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_in_a_note_is_refused(place in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let key = signer();
        let checkpoint = Checkpoint { origin: key.name().to_owned(), size: 300, root: Sha256.empty() };
        let mut bytes = checkpoint.sign(&[&key]).unwrap().to_string().into_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        // Bytes that are no UTF-8 any more never reach the parser.
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(Checkpoint::open(&text, key.name(), &[&key.verifier()]).is_err(), "{}", text);
        }
    }

    #[test]
    fn tile_paths_round_trip(level in 0_u8..64, index in any::<u64>(), width in 1_u16..=256) {
        let tile = Tile { level, index, width };
        prop_assert_eq!(Resource::parse(&tile.path()), Some(Resource::Hashes(tile)));
    }

    #[test]
    fn nothing_panics(text in any::<String>()) {
        let _ = (Note::parse(&text), Verifier::parse(&text), Checkpoint::parse(&text), Resource::parse(&text));
        let _ = (Receipt::from_json(&text), Signature::parse(&text), decode_bundle(text.as_bytes()));
    }
}
