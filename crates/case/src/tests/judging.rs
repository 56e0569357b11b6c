//! Deferral, exclusion, the sample: decisions by somebody else than who asks for them.

use super::world::{D, World, both, call, code, new, rate, remark, slug};
use crate::act::jobs;
use crate::model::{Attachment, MessageKind, Stage};
use crate::rules::Command;
use base::Outcome;
use kernel::cases::Grade;
use kernel::duty::{self as kd, DeferralReason, Sha256Hex, Solved};
use kernel::{Day, FileId};

async fn started(w: &World, n: u32) -> Outcome<(crate::model::Filed, String)> {
    let phone = format!("1381234{n:04}");
    let mut new = new("020101", &format!("第{n}处路面破损需要大修"), &phone);
    new.place.address = format!("关上中路{n}号");
    let filed = w.file("gd.resident", new).await?;
    let unit = w.dispatched(filed.case).await?;
    let handler = w.post_of("handler", &unit);
    w.duty_does(&handler, filed.case, kd::Command::Accept { handler: None }).await?;
    let contact =
        Command::Contact { way: crate::model::ContactWay::Phone, reached: true, note: remark("已联系") };
    w.does(&handler, filed.case, contact).await?;
    Ok((filed, handler))
}

fn ask() -> kd::Command {
    kd::Command::AskSuspend {
        reason: DeferralReason::Funding,
        review: Day::new(2019, 9, 10).unwrap(),
        plan: remark("列入明年大修计划，先行围挡和填补"),
    }
}

fn endorse(granted: bool) -> Command {
    Command::Endorse { granted, ground: remark("已告知诉求人，同意上报") }
}

/// Rows 13 to 15: the hotline and the district both consent, the share is capped, the list is public, the petitioner
/// objects.
#[test]
fn a_deferral_needs_two_consents_and_has_a_cap() {
    both("deferral", async |w| {
        let (filed, handler) = started(&w, 1).await?;
        let id = filed.case;
        let grant = || kd::Command::GrantSuspend;
        w.duty_does(&handler, id, ask()).await?;
        assert_eq!(w.stage(id).await, Stage::DeferralAsked);
        let director = w.post_with("supervision_director");
        assert_eq!(code(w.duty_does(&director, id, grant()).await), "case.not_endorsed");
        w.does("zwj.dispatcher", id, endorse(true)).await?;
        assert_eq!(code(w.does("zwj.dispatcher", id, endorse(true)).await), "case.nothing_to_endorse");
        w.duty_does(&director, id, grant()).await?;
        assert_eq!(w.stage(id).await, Stage::Deferred);
        let public = w.app.db.read(|tx| crate::store::ageing(tx, D, None, 10)).await?;
        assert_eq!((public.len(), public[0].id), (1, id));
        assert!(w.track(&filed).await?.deferred.is_some());
        // A second one of the same unit: five per cent of two open ones is none, and one is always allowed.
        let (second, handler) = started(&w, 2).await?;
        w.duty_does(&handler, second.case, ask()).await?;
        w.does("zwj.dispatcher", second.case, endorse(true)).await?;
        assert_eq!(code(w.duty_does(&director, second.case, grant()).await), "case.deferral_cap");
        // The petitioner objects; it comes back only when the objection is upheld.
        let objects = Command::Message {
            kind: MessageKind::Objection,
            text: remark("坑很深，等不到明年"),
            attachments: vec![],
        };
        w.petition(&filed, objects).await?;
        let decide = |upheld| Command::Object { upheld, ground: remark("先行修补，不必等大修") };
        assert_eq!(code(w.does(&handler, id, decide(true)).await), "case.own_line");
        w.does(&director, id, decide(true)).await?;
        assert_eq!(w.stage(id).await, Stage::Contacted);
        w.sound().await;
        Ok(())
    });
}

/// The review day brings a deferred case back by itself.
#[test]
fn the_review_day_brings_it_back() {
    both("review_day", async |w| {
        let (filed, handler) = started(&w, 3).await?;
        w.duty_does(&handler, filed.case, ask()).await?;
        w.does("zwj.dispatcher", filed.case, endorse(true)).await?;
        let director = w.post_with("supervision_director");
        w.duty_does(&director, filed.case, kd::Command::GrantSuspend).await?;
        assert_eq!(w.system(|op| jobs::resume_due(op, 10)).await?, 0);
        w.at((2019, 9, 10), 9, 0);
        assert_eq!(w.system(|op| jobs::resume_due(op, 10)).await?, 1);
        assert_eq!(w.stage(filed.case).await, Stage::Contacted);
        w.sound().await;
        Ok(())
    });
}

fn file(n: u8) -> Attachment {
    let id = format!("0190f0f0-0000-7000-8000-0000000000{n:02x}");
    Attachment {
        file: FileId::parse("f", &id).unwrap(),
        sha256: Sha256Hex::try_from(format!("{n:064x}")).unwrap(),
        mime: "application/pdf".into(),
    }
}

/// Rows 21 and 22: proposed with evidence in time, decided by the panel, appealed to somebody else, counted by class.
#[test]
fn an_exclusion_is_decided_by_the_panel_and_appealed_elsewhere() {
    both("exclusion", async |w| {
        let filed = w.file("gd.resident", new("020101", "要求在自家门口修路", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        w.worked(id, &unit).await?;
        w.does("zwj.callback", id, call(Solved::No, Grade::VeryDissatisfied)).await?;
        let handler = w.post_of("handler", &unit);
        let propose = |class: &str, files: Vec<Attachment>| Command::ProposeExclusion {
            class: slug(class),
            evidence: remark("诉求人要求占用公共绿地，不符合规划"),
            files,
        };
        assert_eq!(code(w.does(&handler, id, propose("no-such", vec![])).await), "case.unknown_class");
        assert_eq!(code(w.does(&handler, id, propose("unreasonable", vec![])).await), "case.evidence_short");
        w.does(&handler, id, propose("unreasonable", vec![file(1)])).await?;
        assert_eq!(w.stage(id).await, Stage::Exclusion);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 0);
        let decide = |granted| Command::DecideExclusion { granted, ground: remark("评议组意见") };
        assert_eq!(code(w.does(&handler, id, decide(true)).await), "access.denied");
        w.does("xfj.panel", id, decide(false)).await?;
        assert_eq!(w.stage(id).await, Stage::Scored);
        let mark = w.case(id).await.marks[0].clone();
        assert_eq!((mark.excluded, mark.valid), (None, true));
        let chief = w.post_of("unit_chief", &unit);
        w.does(&chief, id, Command::AppealExclusion { ground: remark("规划条文见附件") }).await?;
        assert_ne!(code(w.does("xfj.panel", id, decide(true)).await), "");
        let director = w.post_with("supervision_director");
        w.does(&director, id, decide(true)).await?;
        let mark = w.case(id).await.marks[0].clone();
        assert_eq!(mark.excluded, Some(slug("unreasonable")));
        w.at((2019, 8, 20), 9, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 1);
        assert_eq!(w.stage(id).await, Stage::Closed);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn too_late_to_exclude() {
    both("late_exclusion", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        let unit = w.dispatched(filed.case).await?;
        w.worked(filed.case, &unit).await?;
        w.petition(&filed, rate(Solved::No, Grade::Dissatisfied)).await?;
        w.at((2019, 8, 15), 9, 0);
        let propose = Command::ProposeExclusion {
            class: slug("unreasonable"),
            evidence: remark("说明"),
            files: vec![file(2)],
        };
        let handler = w.post_of("handler", &unit);
        assert_eq!(code(w.does(&handler, filed.case, propose).await), "case.exclusion_late");
        Ok(())
    });
}

/// The sample is drawn by a keyed hash: about its share, the same every time, and not in what a handler reads.
#[test]
fn the_sample_is_drawn_and_hidden() {
    let mut drawn = 0;
    for n in 0..10_000_u32 {
        let mut print = [0_u8; 32];
        print[..4].copy_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
        drawn += u32::from(crate::rules::sampled(print, 10));
    }
    assert!((900..1_100).contains(&drawn), "{drawn}");
    assert!(crate::rules::sampled([255; 32], 100) && !crate::rules::sampled([0; 32], 0));
    both("sample", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        let unit = w.dispatched(filed.case).await?;
        w.worked(filed.case, &unit).await?;
        let body = serde_json::to_string(&w.case(filed.case).await).unwrap();
        assert!(!body.contains("sampled"), "a handler who reads the case must not see it");
        Ok(())
    });
}

/// A blind second call, by another post: whoever disagrees is heard, and the mark is corrected where it stood.
#[test]
fn the_second_call_corrects_the_mark() {
    both("second_call", async |w| {
        // One in ten is drawn: file until one is.
        for n in 0..80_u32 {
            let mut one = new(
                "020101",
                &format!("路面破损{}", "坑".repeat(usize::try_from(n).unwrap() + 1)),
                &format!("1381000{n:04}"),
            );
            one.place.address = format!("关上中路{n}号");
            let filed = w.file("gd.resident", one).await?;
            let id = filed.case;
            let unit = w.dispatched(id).await?;
            w.worked(id, &unit).await?;
            w.does("zwj.callback", id, call(Solved::Yes, Grade::VerySatisfied)).await?;
            let drawn = w.app.db.read(move |tx| crate::store::secrets(tx, D, id)).await?.sampled;
            let again = w.does("zwj.callback", id, call(Solved::Yes, Grade::VerySatisfied)).await;
            if !drawn {
                assert_eq!(code(again), "case.called_already");
                continue;
            }
            assert_eq!(code(again), "case.second_caller");
            w.at((2019, 8, 12), 15, 0);
            let list = w.app.read(&w.who("zfb.verifier"), |op| crate::act::work_list(op, 50)).await?;
            assert!(list.iter().any(|row| row.case.id == id && row.sampled));
            let own = w.post_of("handler", &unit);
            assert!(w.app.read(&w.who(&own), |op| crate::act::work_list(op, 50)).await?.is_empty());
            w.does("zfb.verifier", id, call(Solved::No, Grade::Dissatisfied)).await?;
            w.at((2019, 8, 20), 9, 0);
            w.system(|op| jobs::score_due(op, 200)).await?;
            let mark = w.case(id).await.marks[0].clone();
            assert_eq!((mark.solved, mark.grade), (Solved::No, Some(Grade::Dissatisfied)));
            w.sound().await;
            return Ok(());
        }
        panic!("none of eighty was drawn");
    });
}
