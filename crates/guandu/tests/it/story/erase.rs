//! Erasing by law: the text goes, the tree still verifies, and nobody can hide an event that way.

use crate::world::{D, World, both};
use base::erase::MARK;
use guandu::assemble::owner;
use kernel::ledger::{Receipt, Verdict, Verifier, verify_receipt};
use serde_json::json;

const NAME: &str = "张某某反映其住处积水";

async fn verified(w: &World) -> base::sealer::Verified {
    guandu::jobs::seal_all(&w.app, D).await.unwrap();
    let key = w.app.signer.of(D).unwrap().verifier();
    w.app.db.report(move |tx| base::sealer::verify(tx, D, &key, &mut |_, _| {})).await.unwrap()
}

async fn erase(w: &World, id: String) {
    w.app
        .write(&owner(D).unwrap(), move |op| {
            base::erase::subject(op, &id, "个人信息保护法第四十七条")?;
            duty::replay::rebuild::one(op, &id, duty::replay::rebuild::Moments::Keep).map(|_| ())
        })
        .await
        .unwrap();
}

#[test]
fn erased_text_is_gone_and_the_ledger_still_verifies() {
    both("erase_law", async |w: World| {
        let director = w.post("zfb.supervision").await;
        let form = json!({ "form": {
            "kind": "supervision", "title": NAME, "criterion": "雨后半小时无积水",
            "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议" }],
            "priority": "general", "visibility": "internal",
        }});
        let made = director.json("/api/v1/duties", &form).await.good();
        let id = made.duty().to_string();
        let act = json!({ "command": { "act": "assign", "lead": "zjj" } });
        director.json(&format!("/api/v1/duties/{id}/commands"), &act).await.good();
        let other = director.json("/api/v1/duties", &form).await.good().duty().to_string();
        w.sound().await;
        let sql = "select id from event where district = $1 and subject = $2 order by rev limit 1";
        let (subject, keep) = (id.clone(), other.clone());
        let first = w.app.db.read(move |tx| tx.one(sql, &[D.into(), (&subject).into()], |row| row.text(0)));
        let first = first.await.unwrap().unwrap();
        let path = format!("/log/530111/receipt/{first}");
        let receipt = w.visitor().get(&path).await.good().text;

        erase(&w, id.clone()).await;
        // Rows and events agree, the tree verifies, and the receipt of before and of after are good.
        w.sound().await;
        let found = verified(&w).await;
        assert!(found.erased >= 2 && found.faults.is_empty(), "{found:?}");
        let key = Verifier::parse(&w.visitor().get("/log/530111/key").await.good().text).unwrap();
        for text in [receipt, w.visitor().get(&path).await.good().text] {
            let receipt = Receipt::from_json(&text).unwrap();
            assert!(matches!(verify_receipt(&receipt, &key), Ok(Verdict::Sealed { .. })));
        }
        // The page and its timeline show the mark and not the text; the other duty is as it was.
        let page = director.get(&format!("/d/{id}")).await.good().text;
        assert!(page.contains(MARK) && !page.contains("张某某"), "{page}");
        assert!(director.get(&format!("/d/{keep}")).await.good().text.contains("张某某"));
        let sql = "select count(*) from event where district = $1 and subject = $2 and body like '%张某某%'";
        let left = w.app.db.read(move |tx| tx.one(sql, &[D.into(), (&id).into()], |row| row.count(0)));
        assert_eq!(left.await.unwrap(), Some(0));

        // What the erasure left is held by the erasure.
        let changed = "update event set actor = 'zjj.handler' where district = $1 and id = $2";
        w.app.db.write(move |tx| tx.exec(changed, &[D.into(), (&first).into()]).map(|_| ())).await.unwrap();
        let faults = verified(&w).await.faults;
        assert!(faults.len() == 1 && faults[0].contains("what its erasure left was changed"), "{faults:?}");
        // Taking salts away by hand erases nothing that verifies.
        let hidden = "update event set body = '{}', salt = $1 where district = $2 and subject = $3";
        w.app
            .db
            .write(move |tx| tx.exec(hidden, &[base::Arg::Blob(&[]), D.into(), (&keep).into()]).map(|_| ()))
            .await
            .unwrap();
        let faults = verified(&w).await.faults;
        assert!(faults.iter().any(|f| f.contains("no erasure answers for it")), "{faults:?}");
    });
}

#[test]
fn an_erasure_needs_a_ground_and_a_subject() {
    both("erase_refused", async |w: World| {
        let code = async |subject: &'static str, ground: &'static str| {
            let run =
                w.app.write(&owner(D).unwrap(), move |op| base::erase::subject(op, subject, ground)).await;
            match run {
                Err(base::Fault::Refused(no)) => no.code(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(code("nothing", "").await, "text.empty");
        assert_eq!(code("nothing", "个人信息保护法第四十七条").await, "common.not_found");
    });
}
