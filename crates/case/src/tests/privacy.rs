//! Who asked stays between the petitioner and those who need it (issue item 9, D§15.24).

use super::world::{D, both, code, new, rate, remark, slug};
use crate::act;
use crate::model::{Case, Contact, Stage};
use crate::rules::Command;
use kernel::cases::{CaseKind, Grade};
use kernel::duty::Solved;
use kernel::{DutyId, UnitCode};

/// Nothing that identifies the petitioner is in the ledger, in the row in clear, or in the search index.
#[test]
fn the_ledger_has_no_contact_in_clear() {
    both("ledger_clear", async |w| {
        let mut n = new("020101", "路面有坑，请打13812345678或邮箱someone@example.org找王某", "13812345678");
        n.contact.id_no = "530111199001011234".into();
        let filed = w.file("gd.resident", n).await?;
        w.petition(
            &filed,
            Command::Message {
                kind: crate::model::MessageKind::More,
                text: remark("我的电话是13812345678"),
                attachments: vec![],
            },
        )
        .await?;
        for table in ["event", "case_item", "duty", "search_queue"] {
            let sql = match table {
                "event" => "select body from event where district = $1",
                "case_item" => {
                    "select body || coalesce(contact, '') || title from case_item where district = $1"
                }
                "duty" => "select body from duty where district = $1",
                _ => "select text from search_queue where district = $1",
            };
            let all =
                w.app.db.read(move |tx| tx.query(sql, &[D.into()], |row| row.text(0))).await?.join("\n");
            for secret in ["13812345678", "someone@example", "530111199001011234", "某居民"] {
                assert!(!all.contains(secret), "{secret} in {table}");
            }
        }
        let (no, query) = (filed.no.clone(), filed.code.clone().unwrap());
        let mine =
            w.app.write(&w.who("gd.resident"), move |op| act::export_personal(op, &no, &query)).await?;
        assert!(mine["text"].as_str().unwrap().contains("13812345678"), "the person gets the own words");
        assert_eq!(mine["contact"]["phone"], "13812345678");
        w.sound().await;
        Ok(())
    });
}

#[test]
fn the_contact_is_masked_and_revealed_with_a_logged_reason() {
    both("reveal", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        let handler = w.post_of("handler", &unit);
        w.duty_does(&handler, id, kernel::duty::Command::Accept { handler: None }).await?;
        let masked =
            async |post: &str| w.app.write(&w.who(post), move |op| act::masked_contact(op, id)).await;
        assert_eq!(masked(&handler).await?.phone, "138****5678");
        assert_eq!(masked(&handler).await?.name, "某*");
        let reveal = async |post: &str, why: &str| {
            let why = slug(why);
            w.app.write(&w.who(post), move |op| act::reveal(op, id, &why, None)).await
        };
        assert_eq!(code(reveal(&handler, "curiosity").await), "case.unknown_reason");
        let (contact, case) = reveal(&handler, "contact").await?;
        assert_eq!((contact.phone.as_str(), case.reveals), ("13812345678", 1));
        let other = w.post_of("handler", "hbj");
        assert_eq!(code(masked(&other).await), "access.not_found");
        // Who looked and why is told to the person.
        let (no, query) = (filed.no.clone(), filed.code.clone().unwrap());
        let mine =
            w.app.write(&w.who("gd.resident"), move |op| act::export_personal(op, &no, &query)).await?;
        assert_eq!(mine["opened"][0]["post"], handler.as_str());
        assert_eq!(mine["opened"][0]["reason"], "联系诉求人");
        // A post has a limit a day.
        for _ in 1..act::personal::REVEALS_A_DAY {
            reveal(&handler, "contact").await?;
        }
        assert_eq!(code(reveal(&handler, "contact").await), "case.reveals_spent");
        w.sound().await;
        Ok(())
    });
}

/// A confidential complaint: not for the unit that it is about, no contact for the handler, nothing on the duty's page.
#[test]
fn a_confidential_case_is_walled_off() {
    both("confidential", async |w| {
        let mut n = new("020101", "城管中队处理不公", "13812345678");
        (n.confidential, n.against, n.kind) = (true, "cgj".into(), Some(CaseKind::Complaint));
        let filed = w.file("gd.resident", n).await?;
        let id = filed.case;
        let dispatch = |unit: &str| Command::Dispatch {
            unit: Some(UnitCode::parse("u", unit).unwrap()),
            mandate: Some(slug("S-019")),
            handler: None,
            note: Some(remark("由主管部门核查")),
        };
        assert_eq!(code(w.does("zwj.dispatcher", id, dispatch("cgj")).await), "case.against_itself");
        w.does("zwj.dispatcher", id, dispatch("zjj")).await?;
        let duty = w.duty(id).await;
        assert_eq!(duty.title.as_str(), "保密诉求");
        let reads = async |post: &str| -> base::Outcome<Case> {
            w.app.read(&w.who(post), move |op| act::read(op, id).map(|(case, _)| case)).await
        };
        let (there, lead) = (w.post_of("unit_chief", "cgj"), w.post_of("handler", "zjj"));
        assert_eq!(code(reads(&there).await), "access.not_found");
        assert_eq!(reads(&lead).await?.filing.text.as_str(), "城管中队处理不公");
        let masked = w.app.write(&w.who(&lead), move |op| act::masked_contact(op, id)).await;
        assert_ne!(code(masked), "");
        let seen = w.app.write(&w.who("zwj.operator"), move |op| act::masked_contact(op, id)).await?;
        assert_eq!(seen.phone, "138****5678");
        // Lists agree.
        let listed = async |post: &str| {
            w.app
                .read(&w.who(post), |op| {
                    let filter = crate::model::Filter::default();
                    Ok(act::list(op, &filter, Default::default(), None, 10)?.0.len())
                })
                .await
        };
        assert_eq!((listed(&there).await?, listed(&lead).await?, listed("zwj.operator").await?), (0, 1, 1));
        w.sound().await;
        Ok(())
    });
}

/// A wrong code and an unknown number are told in the very same words, and trying on makes one wait.
#[test]
fn strangers_learn_nothing_and_are_throttled() {
    both("strangers", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        let who = w.who("gd.resident");
        let ask = async |no: &str, code: &str| act::ask(&w.app, &who, no, code, None).await;
        let wrong = ask(&filed.no, "AAAAAAAA").await.unwrap_err().to_string();
        let absent = ask("530111-2019-999999", "AAAAAAAA").await.unwrap_err().to_string();
        assert_eq!(wrong, absent);
        assert_eq!(code(ask("530102-2019-000001", "AAAAAAAA").await), "case.other_district");
        for _ in 0..20 {
            let _ = ask(&filed.no, "AAAAAAAA").await;
        }
        assert_eq!(code(ask(&filed.no, "AAAAAAAA").await), "common.too_often");
        // An unknown number is counted in the same way.
        for _ in 0..20 {
            let _ = ask("530111-2019-999998", "AAAAAAAA").await;
        }
        assert_eq!(code(ask("530111-2019-999998", "AAAAAAAA").await), "common.too_often");
        // Small letters and blanks around are the owner's, not a stranger's.
        w.at((2019, 8, 14), 10, 0);
        let mine = format!(" {} ", filed.code.clone().unwrap().to_lowercase());
        assert_eq!(ask(&filed.no, &mine).await?.stage, Stage::Received);
        Ok(())
    });
}

#[test]
fn erasure_leaves_the_ledger_and_the_replay_sound() {
    both("erasure", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        let id: DutyId = filed.case;
        let director = w.post_with("supervision_director");
        let erase = async |text| {
            let ground = remark("本人申请，个人信息保护");
            w.app.write(&w.who(&director), move |op| act::erase(op, id, &ground, text)).await
        };
        assert_eq!(code(erase(true).await), "case.still_open");
        let unit = w.dispatched(id).await?;
        w.worked(id, &unit).await?;
        w.petition(&filed, rate(Solved::Yes, Grade::Satisfied)).await?;
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| act::jobs::score_due(op, 10)).await?;
        let case = erase(true).await?;
        assert_eq!(case.filing.text.as_str(), "（已依法删除）");
        let left = w.app.db.read(move |tx| crate::store::secrets(tx, D, id)).await?;
        assert_eq!((left.contact, left.contact_hash), (None, None));
        assert_eq!(code(erase(true).await), "case.erased_already");
        assert_eq!(w.track(&filed).await?.stage, Stage::Closed, "number and code still open the page");
        w.sound().await;
        // The job of retention does the same after three years.
        let second = w.file("gd.resident", new("020103", "盲道被占", "13812345679")).await?;
        w.petition(&second, Command::Withdraw { why: remark("不用了") }).await?;
        assert_eq!(w.system(|op| act::jobs::erase_due(op, 10)).await?, 0);
        w.at((2022, 8, 25), 9, 0);
        assert_eq!(w.system(|op| act::jobs::erase_due(op, 10)).await?, 1);
        assert_eq!(w.system(|op| act::jobs::erase_due(op, 10)).await?, 0);
        assert!(Contact::default().is_empty());
        w.sound().await;
        Ok(())
    });
}

/// Text erased from the ledger by law: what is left folds, the row is made of it, and nobody's words remain.
#[test]
fn text_erased_from_the_ledger_is_gone_from_the_row() {
    both("ledger_erased", async |w| {
        let filed = w.file("gd.resident", new("020101", "王家门口的路面有坑", "13812345678")).await?;
        let id = filed.case;
        let wrong = w
            .system(move |op| {
                let subject = crate::event::subject(id);
                base::erase::subject(op, &subject, "个人信息保护法第四十七条")?;
                crate::replay::rebuild::one(op, &subject)
            })
            .await?;
        assert!(wrong.unwrap().contains("differed"));
        let case = w.case(id).await;
        assert_eq!(case.filing.text.as_str(), base::erase::MARK);
        assert_eq!(case.filing.category, Some(slug("020101")), "codes stay");
        let again = w.system(move |op| crate::replay::rebuild::one(op, &crate::event::subject(id))).await?;
        assert_eq!(again, None);
        w.sound().await;
        Ok(())
    });
}
