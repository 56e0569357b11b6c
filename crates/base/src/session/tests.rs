use super::*;
use crate::testdb::{D, both, start};
use uuid::Uuid;

const TERMS: Terms = Terms { idle: 600, absolute: 3600 };

fn person(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(n))
}
fn new(n: u8) -> New {
    let post = PostCode::parse("post", "fgj.chief").unwrap();
    New { token: [n; 32], csrf: [n ^ 0xff; 32], person: person(1), post, second_factor: false }
}

#[test]
fn a_session_lives_and_ends() {
    both("session_life", async |db| {
        db.write(|tx| {
            let t0 = start();
            let (session, cookie) = create(tx, D, &new(7), TERMS, t0)?;
            assert!(cookie.starts_with("530111."));
            let held = crate::hex(&[7; 32]);
            assert!(!session.id.contains(&held), "the row must not hold the token");
            assert_eq!(load(tx, &cookie, t0)?, Some(session.clone()));
            assert_eq!(load(tx, &cookie.replace("530111", "530102"), t0)?, None, "another tenant");

            // Idle end, moved by a touch, bounded by the absolute end.
            assert!(load(tx, &cookie, t0.plus_seconds(600))?.is_none());
            assert!(!needs_touch(&session, t0.plus_seconds(59)));
            let mut seen = session;
            for minute in (5..60).step_by(5) {
                let at = t0.plus_seconds(minute * 60);
                seen = load(tx, &cookie, at)?.expect("still alive");
                assert!(needs_touch(&seen, at));
                touch(tx, &seen, TERMS, at)?;
            }
            assert_eq!(seen.created_at, t0);
            assert!(load(tx, &cookie, t0.plus_seconds(3599))?.is_some());
            assert!(load(tx, &cookie, t0.plus_seconds(3600))?.is_none());
            // A late touch does not revive it.
            touch(tx, &seen, TERMS, t0.plus_seconds(3601))?;
            assert!(load(tx, &cookie, t0.plus_seconds(3601))?.is_none());
            assert_eq!(sweep(tx, D, t0.plus_seconds(3600))?, 1);
            Ok(())
        })
        .await
    });
}

#[test]
fn gaining_power_changes_the_token_and_revoking_ends_at_once() {
    both("session_power", async |db| {
        db.write(|tx| {
            let t0 = start();
            let (one, first) = create(tx, D, &new(1), TERMS, t0)?;
            let (two, second) = pass_second_factor(tx, &one, &[2; 32], &[9; 32])?;
            assert!(two.second_factor && two.csrf != one.csrf && two.created_at == t0);
            assert!(load(tx, &first, t0)?.is_none());
            let chief = PostCode::parse("post", "zwdb.chief").unwrap();
            let (three, third) = switch_post(tx, &two, &chief, &[3; 32], &[8; 32])?;
            assert_eq!(load(tx, &third, t0)?.map(|s| s.post), Some(chief.clone()));
            assert!(load(tx, &second, t0)?.is_none());
            assert!(
                switch_post(tx, &two, &chief, &[4; 32], &[8; 32]).is_err(),
                "a dead session gains nothing"
            );

            create(tx, D, &new(5), TERMS, t0)?;
            create(tx, D, &New { person: person(2), ..new(6) }, TERMS, t0)?;
            assert_eq!(of_person(tx, D, person(1), t0)?.len(), 2);
            assert_eq!(revoke_all_of_person(tx, D, person(1), Some(&three.id))?, 1);
            assert!(load(tx, &third, t0)?.is_some());
            assert_eq!(revoke_all_of_person(tx, D, person(1), None)?, 1);
            assert!(load(tx, &third, t0)?.is_none());
            assert!(!revoke(tx, D, &three.id)?);
            Ok(())
        })
        .await
    });
}

#[test]
fn foreign_cookies_are_nobody() {
    for bad in ["", ".", "530111.", "530111.AAAA", "abc.AAAA", "530111.!!!", "530111"] {
        assert!(parse_cookie(bad).is_none(), "{bad}");
    }
}
