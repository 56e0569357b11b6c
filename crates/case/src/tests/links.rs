//! Linked cases: one handling, an own answer for everybody (D§2.3.11, the merged calls of D§16.1 scenario 1).

use super::world::{World, both, call, code, new, rate, remark};
use crate::act::jobs;
use crate::model::{Filed, Stage};
use crate::rules::Command;
use base::Outcome;
use kernel::cases::Grade;
use kernel::duty::Solved;

async fn flood(w: &World, n: u32) -> Outcome<Filed> {
    let text = format!("金江路下穿隧道积水很深，车过不去，第{n}个电话");
    let mut new = new("020401", &text, &format!("1390000{n:04}"));
    new.place.address = "金江路下穿隧道".into();
    w.file("gd.resident", new).await
}

fn link(to: &Filed) -> Command {
    Command::Link { to: to.case, why: remark("同一隧道、同一晚") }
}

/// Four calls about one underpass: one order, four numbers, four replies, four ratings.
#[test]
fn four_calls_one_order_four_replies() {
    both("four_calls", async |w| {
        w.at((2019, 8, 13), 22, 40);
        let mut calls = Vec::new();
        for n in 1..=4 {
            calls.push(flood(&w, n).await?);
        }
        let first = &calls[0];
        let unit = w.dispatched(first.case).await?;
        assert_eq!(unit, "swu");
        assert!(first.emergency.is_some(), "119 is named first");
        for other in &calls[1..] {
            w.does("zwj.dispatcher", other.case, link(first)).await?;
            assert_eq!(w.stage(other.case).await, Stage::Linked);
        }
        assert_eq!(w.case(first.case).await.owed(), 4);
        assert_eq!(code(w.does("zwj.dispatcher", first.case, link(&calls[1])).await), "case.has_links");
        // A linked petitioner sees the truth: where the matter stands, under the own number.
        let track = w.track(&calls[2]).await?;
        assert_eq!(
            (track.stage, track.together, track.no.as_str()),
            (Stage::Dispatched, true, calls[2].no.as_str())
        );
        assert_eq!(
            code(w.petition(&calls[2], rate(Solved::Yes, Grade::Satisfied)).await),
            "case.wrong_stage"
        );
        w.at((2019, 8, 14), 0, 20);
        w.worked(first.case, &unit).await?;
        for other in &calls[1..] {
            let case = w.case(other.case).await;
            assert_eq!(case.replies.len(), 1, "an own reply");
            assert!(case.replies[0].internal.is_none() && case.replies[0].of == Some(first.case));
            w.petition(other, rate(Solved::Yes, Grade::Satisfied)).await?;
        }
        w.does("zwj.callback", first.case, call(Solved::Yes, Grade::VerySatisfied)).await?;
        w.at((2019, 8, 19), 9, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 10)).await?, 1, "one problem, one mark");
        assert_eq!(w.case(calls[1].case).await.marks.len(), 0);
        w.sound().await;
        Ok(())
    });
}

/// Only what is being handled and stands by itself takes others in.
#[test]
fn what_cannot_be_linked() {
    both("link_guards", async |w| {
        let (a, b, c) = (flood(&w, 1).await?, flood(&w, 2).await?, flood(&w, 3).await?);
        assert_eq!(code(w.does("zwj.dispatcher", a.case, link(&a)).await), "case.link_self");
        w.does("zwj.dispatcher", b.case, link(&a)).await?;
        assert_eq!(code(w.does("zwj.dispatcher", c.case, link(&b)).await), "case.link_target");
        assert_eq!(
            code(w.does("zwj.dispatcher", c.case, Command::Unlink { why: remark("误") }).await),
            "case.wrong_stage"
        );
        // Its petitioner may withdraw while others wait: it goes on for them.
        let why = Command::Withdraw { why: remark("我不需要了") };
        w.petition(&a, why).await?;
        assert_eq!(w.stage(a.case).await, Stage::Received);
        w.sound().await;
        Ok(())
    });
}

/// A link made by mistake is undone: the matter gets an order of its own, the petitioner keeps number and code.
#[test]
fn unlinking_gives_an_order_of_its_own_and_keeps_the_number() {
    both("unlink", async |w| {
        let (a, b) = (flood(&w, 1).await?, flood(&w, 2).await?);
        w.does("zwj.dispatcher", b.case, link(&a)).await?;
        w.does("zwj.dispatcher", b.case, Command::Unlink { why: remark("不是同一处") }).await?;
        assert!(w.case(a.case).await.links.is_empty());
        let new = w.case(b.case).await.parent.unwrap();
        assert_ne!(new, a.case);
        assert_eq!(w.stage(new).await, Stage::Received);
        let unit = w.dispatched(new).await?;
        w.worked(new, &unit).await?;
        let track = w.track(&b).await?;
        assert_eq!((track.no, track.replies.len()), (b.no.clone(), 1));
        w.sound().await;
        Ok(())
    });
}

/// D§15.7: the same category at the same place within ninety days takes the earlier case up again.
#[test]
fn a_recurrence_takes_the_earlier_case_up_again() {
    both("recurrence", async |w| {
        let first = flood(&w, 1).await?;
        let unit = w.dispatched(first.case).await?;
        w.worked(first.case, &unit).await?;
        w.does("zwj.callback", first.case, call(Solved::Yes, Grade::Satisfied)).await?;
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| jobs::score_due(op, 10)).await?;
        assert_eq!(w.stage(first.case).await, Stage::Closed);
        w.at((2019, 9, 2), 8, 0);
        let again = flood(&w, 2).await?;
        let dispatch = Command::Dispatch { unit: None, mandate: None, handler: None, note: None };
        w.does("zwj.dispatcher", again.case, dispatch).await?;
        let old = w.case(first.case).await;
        assert_eq!(
            (old.round, old.links.as_slice(), old.recurrences.as_slice()),
            (2, &[again.case][..], &[again.case][..])
        );
        assert_eq!((old.marks[0].solved, old.marks[0].reduced), (Solved::No, true));
        assert_eq!(w.stage(first.case).await, Stage::Handling);
        assert_eq!(
            (w.stage(again.case).await, w.case(again.case).await.parent),
            (Stage::Linked, Some(first.case))
        );
        assert_eq!(w.duty(first.case).await.rounds.len(), 1);
        w.sound().await;
        Ok(())
    });
}

/// Another address of the same community is another matter.
#[test]
fn another_address_is_no_recurrence() {
    both("no_recurrence", async |w| {
        let first = flood(&w, 1).await?;
        let unit = w.dispatched(first.case).await?;
        w.worked(first.case, &unit).await?;
        w.petition(&first, rate(Solved::Yes, Grade::Satisfied)).await?;
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| jobs::score_due(op, 10)).await?;
        let mut other = new("020401", "路边积水", "13900000009");
        other.place.address = "金江路99号".into();
        let other = w.file("gd.resident", other).await?;
        w.dispatched(other.case).await?;
        assert_eq!(w.case(first.case).await.round, 1);
        Ok(())
    });
}
