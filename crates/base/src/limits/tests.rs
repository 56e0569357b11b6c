use super::*;
use crate::fault::Fault;
use crate::testdb::{D, both, start};

const POLICY: TryPolicy = TryPolicy { tries: 3, lock: 60 };

#[test]
fn the_wait_grows_and_a_good_sign_in_clears_the_login_only() {
    both("limits_grow", async |db| {
        db.write(|tx| {
            let t0 = start();
            let login = Tried::login(" Lin ");
            assert_eq!(login, Tried::login("lin"));
            let address = Tried::address("203.0.113.9".parse().unwrap());
            let whom = [login.clone(), address.clone()];
            may_try(tx, D, &whom, t0)?;
            let waits: Vec<i64> = (0..6)
                .map(|_| failed(tx, D, std::slice::from_ref(&login), POLICY, t0))
                .collect::<Outcome<_>>()?;
            assert_eq!(waits, [0, 0, 60, 120, 240, 480]);
            match may_try(tx, D, &whom, t0.plus_seconds(479)) {
                Err(Fault::Refused(no)) => {
                    assert_eq!(no.code(), "common.too_often");
                    assert!(no.next(kernel::Lang::Zh).contains("1秒"));
                }
                other => panic!("{other:?}"),
            }
            may_try(tx, D, &whom, t0.plus_seconds(480))?;
            succeeded(tx, D, &login)?;
            may_try(tx, D, &whom, t0)?;
            assert_eq!(failed(tx, D, &whom, POLICY, t0)?, 0);

            // The address is locked at ten times the tries, whatever logins were tried.
            for n in 0..28 {
                failed(tx, D, &[Tried::login(&format!("u{n}")), address.clone()], POLICY, t0)?;
            }
            may_try(tx, D, std::slice::from_ref(&address), t0)?;
            assert_eq!(failed(tx, D, &whom, POLICY, t0)?, 60);
            assert!(may_try(tx, D, &[Tried::login("fresh"), address.clone()], t0).is_err());

            // A day later everything is forgotten.
            let later = t0.plus_seconds(86_401);
            assert_eq!(failed(tx, D, std::slice::from_ref(&address), POLICY, later)?, 0);
            assert!(sweep(tx, D, later)? >= 28);
            Ok(())
        })
        .await
    });
}

#[test]
fn the_wait_never_passes_a_day() {
    assert_eq!(POLICY.wait(1_000, 1), 86_400);
    assert_eq!(POLICY.wait(i64::MAX, 1), 86_400);
}

#[test]
fn buckets_refill_and_stay_bounded() {
    let buckets = Buckets::new(2, 5, 100);
    let t0 = start();
    for _ in 0..5 {
        buckets.take("a", t0).unwrap();
    }
    assert_eq!(buckets.take("a", t0), Err(Common::TooOften { wait: 1 }));
    buckets.take("b", t0).unwrap();
    buckets.take("a", t0.plus_micros(500_000)).unwrap();
    assert!(buckets.take("a", t0.plus_micros(500_000)).is_err());
    assert!(buckets.take("a", t0).is_err(), "a clock that goes back gives nothing");
    for n in 0..10_000 {
        let _taken = buckets.take(&format!("k{n}"), t0);
        let held = buckets.held.lock();
        assert!(held.young.len() <= 100 && held.old.len() <= 100);
    }
}

#[test]
fn one_subscriber_is_one_key() {
    let key = |ip: &str| subscriber(ip.parse().unwrap());
    assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
}

#[test]
fn sessions_addresses_and_public_pages_have_limits_of_their_own() {
    let rate = |per_second, burst| crate::config::Rate { per_second, burst };
    let limits = crate::config::Limits {
        enabled: true,
        writes: rate(1, 2),
        reads: rate(1, 3),
        public: rate(1, 2),
        address: rate(1, 9),
    };
    let limiter = Limiter::new(&limits);
    let now = start();
    let ip = |last| Some(IpAddr::from([203, 0, 113, last]));
    let ask = |address, session, writes| Ask { address, session, writes };
    let taken = |ask: &Ask<'_>, tries: u32| (0..tries).filter(|_| limiter.admit(ask, now).is_ok()).count();
    assert_eq!(taken(&ask(None, Some("a"), true), 5), 2);
    assert_eq!(taken(&ask(None, Some("a"), false), 5), 3, "reads do not use up writes");
    assert_eq!(taken(&ask(None, Some("b"), true), 5), 2, "another session has its own");
    assert_eq!(taken(&ask(ip(1), None, false), 5), 2);
    // Made-up cookies: each is a session of its own, and the address ends it. Five tries went to the public pages.
    let made_up: Vec<String> = (0..20).map(|i| format!("m{i}")).collect();
    let passed = made_up.iter().filter(|m| limiter.admit(&ask(ip(1), Some(m), true), now).is_ok()).count();
    assert_eq!(passed, 4);
    assert_eq!(limiter.admit(&ask(ip(1), None, false), now), Err(Common::TooOften { wait: 1 }));
    assert!(limiter.admit(&ask(ip(2), None, false), now).is_ok());
    assert!(limiter.admit(&ask(None, Some("a"), true), now.plus_seconds(1)).is_ok());
    let off = Limiter::new(&crate::config::Limits { enabled: false, ..limits });
    assert!((0..100).all(|_| off.admit(&ask(ip(1), None, true), now).is_ok()));
}
