//! The course of a case, row by row of D§B.1.

use super::world::{D, both, call, code, missed, new, rate, remark, reply, slug};
use crate::act::jobs;
use crate::model::{EmergencyLine, MessageKind, RefusalGround, Stage};
use crate::rules::Command;
use kernel::UnitCode;
use kernel::cases::{CaseKind, Grade, Urgency};
use kernel::duty::{self as kd, ReopenReason, ReturnReason, Solved};
use kernel::text::Body;

/// Rows 1, 6, 7, 10, 16, 18, 19, 23 and 24, with the reply that only staff reads.
#[test]
fn a_case_goes_the_whole_way_and_replays() {
    both("whole", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        assert_eq!((unit.as_str(), w.stage(id).await), ("cgj", Stage::Dispatched));
        let handler = w.post_of("handler", &unit);
        assert_eq!(code(w.does(&handler, id, reply("已修好")).await), "access.denied", "nobody has signed");
        w.worked(id, &unit).await?;
        assert_eq!(w.stage(id).await, Stage::Audited);
        let track = w.track(&filed).await?;
        assert_eq!(track.replies[0].text.as_str(), "已于今日修好，欢迎监督。");
        assert!(!format!("{track:?}").contains("内部"), "the internal text stays inside");
        assert_eq!(code(w.does(&handler, id, call(Solved::Yes, Grade::Satisfied)).await), "access.denied");
        w.does("zwj.callback", id, call(Solved::Yes, Grade::Satisfied)).await?;
        assert_eq!(w.stage(id).await, Stage::Rated);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 0, "the window of exclusion is open");
        w.at((2019, 8, 15), 9, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 1);
        assert_eq!(w.stage(id).await, Stage::Closed);
        let mark = w.case(id).await.marks[0].clone();
        assert_eq!((mark.month, mark.unit.as_str(), mark.valid, mark.own), (201_908, "cgj", true, false));
        assert_eq!((mark.responded, mark.in_time, mark.solved), (Some(true), Some(true), Solved::Yes));
        w.sound().await;
        Ok(())
    });
}

/// Rows 2, 3 and 5, and that nothing else is possible afterwards.
#[test]
fn what_is_not_dispatched_ends_with_words_for_the_petitioner() {
    both("aside", async |w| {
        let mut n = new("", "医保怎么转移", "13812345678");
        n.kind = Some(CaseKind::Consult);
        let consult = w.file("gd.resident", n).await?;
        let text = Body::parse("t", "请持身份证到政务服务中心办理").unwrap();
        let answer = Command::Answer { article: Some(remark("知识库第12条")), text };
        w.does("zwj.operator", consult.case, answer.clone()).await?;
        assert_eq!(w.stage(consult.case).await, Stage::Answered);
        let help = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        assert_eq!(code(w.does("zwj.operator", help.case, answer).await), "case.not_a_consultation");
        let hand = Command::HandOver { line: EmergencyLine::Fire, note: remark("已转119，出警中") };
        w.does("zwj.operator", help.case, hand).await?;
        assert_eq!(w.stage(help.case).await, Stage::HandedOver);
        let lawsuit = w.file("gd.resident", new("020101", "不服判决", "13812345678")).await?;
        let refuse = Command::Refuse {
            ground: RefusalGround::InCourt,
            reason: remark("已由法院立案"),
            route: remark("请向法院提出"),
        };
        assert_eq!(code(w.does("zwj.operator", lawsuit.case, refuse.clone()).await), "access.denied");
        w.does("zwj.dispatcher", lawsuit.case, refuse).await?;
        let track = w.track(&lawsuit).await?;
        assert!(track.end.unwrap().zh.contains("请向法院提出"));
        let dispatch = Command::Dispatch { unit: None, mandate: None, handler: None, note: None };
        assert_eq!(code(w.does("zwj.dispatcher", lawsuit.case, dispatch).await), "case.ended");
        w.sound().await;
        Ok(())
    });
}

/// Row 6 with its guards: category, place and the duty lists decide (D§15.5).
#[test]
fn dispatch_follows_the_playbook_and_the_duty_lists() {
    both("dispatch", async |w| {
        let open = w.file("gd.resident", new("", "有问题要反映", "13812345678")).await?;
        let to = |unit: &str, mandate: Option<&str>, note: Option<&str>| Command::Dispatch {
            unit: Some(UnitCode::parse("u", unit).unwrap()),
            mandate: mandate.map(slug),
            handler: None,
            note: note.map(remark),
        };
        let dispatcher = "zwj.dispatcher";
        assert_eq!(code(w.does(dispatcher, open.case, to("cgj", None, None)).await), "case.not_classified");
        let classify = |category: &str, urgency| Command::Classify {
            kind: CaseKind::Complaint,
            category: slug(category),
            urgency,
            place: None,
            why: None,
        };
        w.does(dispatcher, open.case, classify("020101", Some(Urgency::Urgent))).await?;
        assert_eq!(
            code(w.does(dispatcher, open.case, to("zjj", None, None)).await),
            "case.detour_needs_note"
        );
        // A matter that departments took back cannot be sent to a street.
        let street = "530111001";
        let back = w.book.mandates.values().find(|m| m.list == kd::MandateList::TakenBack).unwrap();
        let wrong = to(street, Some(back.code.as_str()), Some("请街道处理"));
        assert_eq!(code(w.does(dispatcher, open.case, wrong).await), "duty.taken_back");
        w.does(dispatcher, open.case, to("zjj", Some("S-019"), Some("权属在住建"))).await?;
        // The clock is the urgency's, counted from the filing: two hours.
        let duty = w.duty(open.case).await;
        assert_eq!(duty.clock.as_ref().unwrap().rule().0.as_str(), "case.urgent");
        assert_eq!(duty.clock.unwrap().main_due().unwrap().minute_text(), "2019-08-12 11:58");
        w.sound().await;
        Ok(())
    });
}

/// Rows 8 and 9, D§16.1 scenario 7: the clock never stops, the last ruling binds, the holders' time adds up.
#[test]
fn a_bounced_order_is_ruled_on_and_every_minute_has_a_holder() {
    both("bounced", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        let id = filed.case;
        let street = UnitCode::parse("u", "530111001").unwrap();
        let to_street = Command::Dispatch {
            unit: Some(street.clone()),
            mandate: Some(slug("B-010")),
            handler: None,
            note: Some(remark("请街道先行处置")),
        };
        w.does("zwj.dispatcher", id, to_street).await?;
        let bounce = |why| kd::Command::Return {
            reason: why,
            ground: remark("三定方案：市政道路由城管维护"),
        };
        let ruled = |unit: &str| kd::Command::Rule {
            lead: UnitCode::parse("u", unit).unwrap(),
            binds: false,
            ground: remark("履职清单S-019"),
        };
        w.at((2019, 8, 12), 11, 0);
        w.duty_does(&w.post_of("unit_chief", street.as_str()), id, bounce(ReturnReason::NotMyDuty)).await?;
        assert_eq!(w.stage(id).await, Stage::Arbitrating);
        w.at((2019, 8, 12), 14, 30);
        w.duty_does("bb.arbiter", id, ruled("zjj")).await?;
        w.at((2019, 8, 12), 16, 0);
        w.duty_does(&w.post_of("unit_chief", "zjj"), id, bounce(ReturnReason::OwnershipUnclear)).await?;
        w.at((2019, 8, 13), 9, 30);
        w.duty_does("bb.arbiter", id, ruled("cgj")).await?;
        w.at((2019, 8, 13), 10, 0);
        let spent = w.duty_does(&w.post_of("unit_chief", "cgj"), id, bounce(ReturnReason::NotMyDuty)).await;
        assert!(matches!(code(spent).as_str(), "duty.bound" | "duty.returns_spent"));
        let duty = w.duty(id).await;
        assert_eq!(w.stage(id).await, Stage::Dispatched);
        assert_eq!(
            duty.clock.as_ref().unwrap().main_due().map(kernel::Instant::minute_text),
            Some("2019-08-19 17:00".into())
        );
        let spans: i64 = duty.past.iter().map(|h| h.until.unwrap().since(h.from)).sum();
        let whole = duty.holder.from.since(duty.past[0].from);
        assert_eq!(spans, whole, "no minute without a holder");
        let units: Vec<&str> = duty.past.iter().map(|h| h.hold.unit.as_str()).collect();
        assert!(
            units.contains(&"530111001") && units.contains(&"zjj") && units.contains(&"zwj"),
            "{units:?}"
        );
        // The petitioner is told the truth at this stage too.
        let track = w.track(&filed).await?;
        assert_eq!(track.promise.unwrap().unit.as_str(), "cgj");
        w.sound().await;
        Ok(())
    });
}

/// Row 17: a reply without its elements goes back, and the clock goes on.
#[test]
fn a_failed_audit_sends_the_reply_back() {
    both("audit", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        let handler = w.post_of("handler", &unit);
        w.duty_does(&handler, id, kd::Command::Accept { handler: None }).await?;
        let contact = |reached| Command::Contact {
            way: crate::model::ContactWay::Phone,
            reached,
            note: remark("电话联系"),
        };
        w.does(&handler, id, contact(false)).await?;
        assert_eq!(w.stage(id).await, Stage::Signed, "a try is no contact");
        w.does(&handler, id, contact(true)).await?;
        assert_eq!(w.stage(id).await, Stage::Contacted);
        assert_eq!(code(w.does(&handler, id, reply("好")).await), "duty.evidence_short");
        w.evidence(&handler, id).await?;
        w.does(&handler, id, reply("好")).await?;
        assert_eq!(w.stage(id).await, Stage::Replied);
        let fail = |defects: Vec<_>| Command::Audit { passed: false, defects };
        assert_eq!(code(w.does("zwj.operator", id, fail(vec![])).await), "case.no_defects");
        w.does("zwj.operator", id, fail(vec![remark("没有写明采取的措施")])).await?;
        assert_eq!(w.stage(id).await, Stage::Handling);
        assert!(w.duty(id).await.due().is_some(), "the clock runs again");
        w.does(&handler, id, reply("已于8月12日填补坑洞")).await?;
        w.does("zwj.operator", id, Command::Audit { passed: true, defects: vec![] }).await?;
        assert_eq!(w.case(id).await.replies.len(), 2);
        w.sound().await;
        Ok(())
    });
}

/// Row 19: attempts at different times of day, then “not reached”; the petitioner may still rate.
#[test]
fn three_attempts_at_different_times() {
    both("attempts", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        w.worked(id, &unit).await?;
        let list = async |w: &super::world::World| {
            let now = w.app.now();
            w.app.db.read(move |tx| crate::store::call_list(tx, D, now, 10)).await.unwrap().len()
        };
        assert_eq!(list(&w).await, 1);
        w.does("zwj.callback", id, missed()).await?;
        assert_eq!(code(w.does("zwj.callback", id, missed()).await), "case.too_soon");
        assert_eq!(list(&w).await, 0, "not before another time of day");
        w.at((2019, 8, 12), 15, 0);
        assert_eq!(list(&w).await, 1);
        w.does("zwj.callback", id, missed()).await?;
        w.at((2019, 8, 12), 19, 0);
        w.does("zwj.callback", id, missed()).await?;
        assert_eq!(w.stage(id).await, Stage::Unreached);
        w.at((2019, 8, 13), 10, 0);
        assert_ne!(code(w.does("zwj.callback", id, missed()).await), "");
        w.petition(&filed, rate(Solved::Partly, Grade::Basic)).await?;
        assert_eq!(w.stage(id).await, Stage::Rated);
        assert_eq!(code(w.petition(&filed, rate(Solved::Yes, Grade::Satisfied)).await), "case.rated_already");
        w.at((2019, 8, 20), 10, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 1);
        let mark = w.case(id).await.marks[0].clone();
        assert_eq!((mark.own, mark.solved, mark.grade), (true, Solved::Partly, Some(Grade::Basic)));
        w.sound().await;
        Ok(())
    });
}

/// Row 20: not solved, so the next round; the first stays scored. Row 25: a look-back that fails reduces it.
#[test]
fn the_next_round_leaves_the_first_scored_and_a_failed_look_back_reduces() {
    both("rounds", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑", "13812345678")).await?;
        let id = filed.case;
        let unit = w.dispatched(id).await?;
        w.worked(id, &unit).await?;
        w.petition(&filed, rate(Solved::No, Grade::Dissatisfied)).await?;
        let more = Command::Message {
            kind: MessageKind::NotSolved,
            text: remark("坑还在，电话13812345678"),
            attachments: vec![],
        };
        let track = w.petition(&filed, more).await?;
        assert_eq!(track.messages[0].1, "坑还在，电话138****5678");
        let again =
            || Command::Reopen { why: ReopenReason::Petitioner, note: remark("诉求人反映坑还在") };
        w.does("zwj.dispatcher", id, again()).await?;
        let case = w.case(id).await;
        assert_eq!((case.round, case.marks.len(), case.marks[0].solved), (2, 1, Solved::No));
        assert_eq!(w.stage(id).await, Stage::Handling);
        let handler = w.post_of("handler", &unit);
        w.evidence(&handler, id).await?;
        w.does(&handler, id, reply("已重新铺设")).await?;
        w.does("zwj.operator", id, Command::Audit { passed: true, defects: vec![] }).await?;
        w.does("zwj.callback", id, call(Solved::Yes, Grade::VerySatisfied)).await?;
        assert_eq!(code(w.does("zwj.dispatcher", id, again()).await), "case.nothing_to_reopen");
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| jobs::score_due(op, 10)).await?;
        assert_eq!((w.stage(id).await, w.case(id).await.marks.len()), (Stage::Closed, 2));
        // Thirty days later somebody looks.
        let look = |solved| Command::LookBack { solved, note: remark("现场查看") };
        assert_eq!(code(w.does("zwj.callback", id, look(Solved::Yes)).await), "case.not_due");
        w.at((2019, 9, 20), 10, 0);
        assert_eq!(w.system(|op| jobs::look_back_due(op, 10)).await?, [id]);
        w.does("zwj.callback", id, look(Solved::No)).await?;
        let case = w.case(id).await;
        assert_eq!((case.round, case.marks[1].solved, case.marks[1].reduced), (3, Solved::No, true));
        assert_eq!(case.marks[1].grade, Some(Grade::VerySatisfied), "what was said stays said");
        assert_eq!(w.stage(id).await, Stage::Handling);
        w.sound().await;
        Ok(())
    });
}

/// The petitioner withdraws on the tracking page although an operator had taken the case in.
#[test]
fn a_petitioner_withdraws() {
    both("withdraw", async |w| {
        let mut n = new("020101", "路面有大坑", "13812345678");
        n.channel = kernel::cases::Channel::Phone;
        let filed = w.file("zwj.operator", n).await?;
        let why = Command::Withdraw { why: remark("已自行解决") };
        let track = w.petition(&filed, why.clone()).await?;
        assert_eq!((track.stage, track.can.len()), (Stage::Withdrawn, 0));
        assert_eq!(code(w.petition(&filed, why).await), "case.ended");
        let foreign = Command::Audit { passed: true, defects: vec![] };
        assert_eq!(code(w.petition(&filed, foreign).await), "case.wrong_stage");
        w.sound().await;
        Ok(())
    });
}
