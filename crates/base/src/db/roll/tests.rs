//! Marks of a commit: taken back with their write, unusable before it is durable, one signature for all.

use crate::db::{Db, Place, Seat};
use crate::fault::Fault;
use kernel::ledger::{Group, Hash, Hasher, Sha256};
use std::cell::Cell;

fn mark(n: u8) -> Hash {
    Sha256.leaf(&[n])
}

#[test]
fn a_seat_has_no_place_before_the_commit_and_one_signature_after_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let db = Db::open(&Place::File(dir.path().join("x.db"))).await.unwrap();
        let seats: Vec<Seat> = db
            .write(|tx| {
                let seats: Vec<Seat> = (0..3).filter_map(|n| tx.take_seat(mark(n))).collect();
                assert!(seats.iter().all(|seat| seat.place().is_none()), "not durable yet");
                Ok(seats)
            })
            .await
            .unwrap();
        let group = Group::new(vec![mark(0), mark(1), mark(2)]);
        let signed = Cell::new(0);
        for (n, seat) in seats.iter().enumerate() {
            assert_eq!(seat.place(), group.place(n));
            let line = seat.line("log", || {
                signed.set(signed.get() + 1);
                "signed".to_owned()
            });
            assert_eq!(&*line, "signed");
        }
        assert_eq!(signed.get(), 1);
        assert_eq!(&*seats[0].line("another log", || "other".to_owned()), "other");
        assert!(db.read(|tx| Ok(tx.take_seat(mark(9)))).await.unwrap().is_none(), "a read commits nothing");
        db.close().await;
    });
}

#[test]
fn a_write_that_fails_takes_its_marks_back() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let db = Db::open(&Place::File(dir.path().join("x.db"))).await.unwrap();
        // Many at once, so that some share a commit; every third fails after it left a mark.
        let writes = (0..60_u8).map(|n| {
            db.write(move |tx| match tx.take_seat(mark(n)) {
                Some(seat) if n % 3 != 0 => Ok((n, seat)),
                _ => Err(Fault::broken("on purpose")),
            })
        });
        let done = futures_util::future::join_all(writes).await;
        let kept: Vec<(u8, Seat)> = done.into_iter().flatten().collect();
        assert_eq!(kept.len(), 40);
        for (n, seat) in &kept {
            let place = seat.place().unwrap();
            let proved = kernel::ledger::verify_inclusion(
                Sha256,
                &mark(*n),
                place.index,
                place.size,
                &place.path,
                &place.root,
            );
            assert!(proved.is_ok(), "{n}");
            let sharing = kept.iter().filter(|(_, other)| other.place().unwrap().root == place.root).count();
            assert_eq!(u64::try_from(sharing).unwrap(), place.size, "only what stayed is in the tree");
        }
        db.close().await;
    });
}
