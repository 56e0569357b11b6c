//! The ledger: whoever holds the file cannot change it unnoticed, and a receipt stands by itself.

use crate::world::{D, World, both};
use kernel::ledger::{Receipt, Verdict, Verifier, verify_receipt};
use serde_json::json;

async fn some_duties(w: &World, n: usize) {
    let director = w.post("zfb.supervision").await;
    for i in 0..n {
        let form = json!({ "form": {
            "kind": "supervision", "title": format!("第{i}件督办事项"), "criterion": "按期反馈",
            "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议" }],
            "priority": "general", "visibility": "internal",
        }});
        director.json("/api/v1/duties", &form).await.good();
    }
}

/// What a check says after `sql` damaged the stored ledger.
async fn damage(w: &World, sql: &'static str) -> Vec<String> {
    w.app.db.write(move |tx| tx.exec(sql, &[D.into()]).map(|_| ())).await.unwrap();
    let key = w.app.signer.of(D).unwrap().verifier();
    w.app.db.report(move |tx| base::sealer::verify(tx, D, &key, &mut |_, _| {})).await.unwrap().faults
}

#[test]
fn one_changed_byte_anywhere_is_located() {
    let damages = [
        (
            "body",
            "update event set body = replace(body, '第3件', '第8件') where district = $1 and body like '%第3件%'",
        ),
        ("actor", "update event set actor = 'zfb.supervisor' where district = $1 and seq = 5"),
        ("moment", "update event set at = at + 1 where district = $1 and seq = 5"),
        ("kind", "update event set kind = 'duty.assigned' where district = $1 and seq = 5"),
        ("revision", "update event set rev = 7 where district = $1 and seq = 5"),
        ("dropped", "delete from event where district = $1 and seq = 5"),
    ];
    for (what, sql) in damages {
        both(&format!("flip_{what}"), async |w: World| {
            some_duties(&w, 12).await;
            w.sound().await;
            let faults = damage(&w, sql).await;
            assert!(!faults.is_empty(), "{what}: the change went unnoticed");
            let named = faults.iter().any(|f| f.contains("event ") || f.contains("5"));
            assert!(named, "{what}: the change is not located: {faults:?}");
        });
    }
}

#[test]
fn a_changed_checkpoint_or_tile_is_found() {
    both("flip_tile", async |w: World| {
        some_duties(&w, 12).await;
        w.sound().await;
        let sql = "update checkpoint set note = replace(note, 'guandu.example', 'guandu.examp1e') where district = $1";
        assert!(!damage(&w, sql).await.is_empty());
    });
    both("drop_tile", async |w: World| {
        some_duties(&w, 12).await;
        w.sound().await;
        assert!(!damage(&w, "delete from tile where district = $1 and level = 0").await.is_empty());
    });
}

#[test]
fn a_receipt_is_a_promise_at_once_and_a_proof_after_sealing() {
    both("receipt", async |w: World| {
        some_duties(&w, 3).await;
        let sql = "select id from event where district = $1 and kind = 'duty.registered' order by id limit 1";
        let event =
            w.app.db.read(move |tx| tx.one(sql, &[D.into()], |row| row.text(0))).await.unwrap().unwrap();
        let visitor = w.visitor();
        let key = visitor.get("/log/530111/key").await.good().text;
        let key = Verifier::parse(&key).unwrap();
        let path = format!("/log/530111/receipt/{event}");
        let early = Receipt::from_json(&visitor.get(&path).await.good().text).unwrap();
        assert!(matches!(verify_receipt(&early, &key), Ok(Verdict::Promised { .. })));
        w.sound().await;
        let late = Receipt::from_json(&visitor.get(&path).await.good().text).unwrap();
        assert!(matches!(verify_receipt(&late, &key), Ok(Verdict::Sealed { .. })));
        assert_eq!(early.digest, late.digest);
        let note = visitor.get("/log/530111/checkpoint").await.good().text;
        assert!(note.starts_with("guandu.example/log/530111\n"), "{note}");
    });
}

#[test]
fn receipts_given_with_an_act_verify_one_by_one() {
    both("receipts", async |w: World| {
        let post = w.post("zfb.supervision").await;
        // Registered and given to its lead in one call: two events in one commit.
        let body = json!({ "form": {
            "kind": "supervision", "title": "围挡整治", "criterion": "整改到位并经核验",
            "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议" }],
            "priority": "general", "visibility": "internal",
        }, "lead": "zjj" });
        let answer = post.json("/api/v1/duties", &body).await.good().value();
        let key = Verifier::parse(&w.visitor().get("/log/530111/key").await.good().text).unwrap();
        let receipts = answer["receipts"].as_array().unwrap();
        assert_eq!(receipts.len(), 2);
        for receipt in receipts {
            let read = Receipt::from_json(&receipt.to_string()).unwrap();
            assert!(matches!(verify_receipt(&read, &key), Ok(Verdict::Promised { .. })), "{receipt}");
            let other = Receipt { at: read.at.plus_micros(1), ..read };
            assert!(verify_receipt(&other, &key).is_err());
        }
        w.sound().await;
    });
}
