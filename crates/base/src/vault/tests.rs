use super::*;
use crate::config::Secret;
use crate::testdb::{D, both};
use kernel::Refuse;

fn spot(row: &str) -> Spot<'_> {
    Spot::new("webhook.secret", D, row)
}

#[test]
fn what_is_sealed_opens_at_its_place_and_nowhere_else() {
    let vault = Vault::of([7; 32], &[]);
    for plain in ["", "13800000000", "昆明市官渡区关上街道", &"x".repeat(5000)] {
        let sealed = vault.seal(&spot("a"), plain).unwrap();
        assert!(Vault::is_sealed(&sealed) && !Vault::is_sealed(plain));
        assert!(plain.is_empty() || !sealed.contains(plain));
        assert_eq!(vault.open(&spot("a"), &sealed).unwrap(), plain);
        for other in [
            spot("b"),
            Spot::new("person.totp", D, "a"),
            Spot::new("webhook.secret", DistrictCode::parse("district", "530112").unwrap(), "a"),
            // The parts may not flow into each other.
            Spot::new("webhook.secre", D, "ta"),
        ] {
            assert_eq!(vault.open(&other, &sealed).unwrap_err().code(), "vault.damaged");
        }
    }
}

#[test]
fn a_changed_value_does_not_open() {
    let vault = Vault::of([7; 32], &[]);
    let sealed = vault.seal(&spot("a"), "secret").unwrap();
    let (head, body) = sealed.rsplit_once('.').unwrap();
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(body).unwrap();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let bad = format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes));
        assert_eq!(vault.open(&spot("a"), &bad).unwrap_err().code(), "vault.damaged");
        bytes[at] ^= 1;
    }
    for bad in ["", "secret", "v1.", "v1.00000000.AAAA", "v2.x.y"] {
        assert!(vault.open(&spot("a"), bad).is_err(), "{bad}");
    }
}

#[test]
fn keys_rotate_and_fingerprints_stay() {
    let old = Vault::of([1; 32], &[]);
    let both = Vault::of([2; 32], &[[1; 32]]);
    let sealed = old.seal(&spot("a"), "secret").unwrap();
    assert_eq!(both.open(&spot("a"), &sealed).unwrap(), "secret");
    assert!(both.is_old(&sealed) && !old.is_old(&sealed));
    let anew = both.seal(&spot("a"), "secret").unwrap();
    assert!(!both.is_old(&anew));
    assert_eq!(old.open(&spot("a"), &anew).unwrap_err().code(), "vault.unknown_key");

    let print = |vault: &Vault, text| vault.fingerprint("case.phone", D, text);
    assert_eq!(print(&old, "138"), print(&both, "138"));
    assert_ne!(print(&old, "138"), print(&old, "139"));
    assert_ne!(print(&old, "138"), old.fingerprint("case.name", D, "138"));
    assert_ne!(print(&old, "138"), print(&Vault::of([2; 32], &[]), "138"));
    assert_eq!(format!("{both:?}"), format!("Vault({}, 1 older)", both.key_ids()[0]));
}

#[test]
fn the_key_file_is_made_once_kept_private_and_missed_when_it_is_gone() {
    both("vault_keys", async |db| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.key");
        let none = Secret::default();
        let vault = held(&db, &none, &path, [3; 32]).await?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let sealed = vault.seal(&spot("a"), "secret")?;
        assert_eq!(held(&db, &none, &path, [4; 32]).await?.open(&spot("a"), &sealed)?, "secret");

        let turned = rotate(&path, [5; 32])?;
        assert_eq!(turned.key_ids().len(), 2);
        let reread = held(&db, &none, &path, [4; 32]).await?;
        assert_eq!(reread.open(&spot("a"), &sealed)?, "secret");

        // By the environment instead of the file, the same keys.
        let text = std::fs::read_to_string(&path).unwrap();
        held(&db, &Secret::new(&text), &dir.path().join("absent"), [4; 32]).await?;

        let refused = async |given: &Secret| match held(&db, given, &path, [4; 32]).await {
            Err(crate::Fault::Refused(no)) => no.code(),
            other => panic!("{other:?}"),
        };
        // One of the two keys is not enough: it may have sealed something.
        std::fs::write(&path, crate::hex(&[5; 32])).unwrap();
        assert_eq!(refused(&none).await, "vault.other_key");
        std::fs::write(&path, "not a key").unwrap();
        assert_eq!(refused(&none).await, "vault.bad_key");
        std::fs::write(&path, "\n").unwrap();
        assert_eq!(refused(&none).await, "vault.bad_key");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(refused(&none).await, "vault.key_missing");
        assert_eq!(refused(&Secret::new(crate::hex(&[9; 32]))).await, "vault.other_key");
        assert!(!path.exists(), "no key may be made beside values of a lost one");
        Ok(())
    });
}
