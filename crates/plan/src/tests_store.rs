//! The plan on both backends: loading, boards of today and of past days, figures, changes.

use crate::act::{self, Entry, Ruling, Wish};
use crate::model::{ChangeState, What};
use crate::testing::{World, at, both, code};
use base::Outcome;
use kernel::Day;
use kernel::duty::Command;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::text::Remark;

fn remark(text: &str) -> Remark {
    Remark::parse("text", text).unwrap()
}
fn entry(value: &str) -> Entry {
    Entry { value: Decimal::parse(value).unwrap(), day: None, note: None, grade: None }
}

async fn report(w: &World, post: &str, code: &str, value: &str) -> Outcome<crate::model::Value> {
    let (code, entry) = (code.to_owned(), entry(value));
    w.act(post, move |op| act::report(op, &code, &entry)).await
}

#[test]
fn the_whole_plan_loads_once() {
    both("whole", async |w| {
        let who = duty::sweep::system(crate::testing::D)?;
        let first = act::load_plan(&w.app, &who).await?;
        assert_eq!((first.items, first.tasks, first.present, first.past.len()), (158, 648, 0, 0));
        let again = act::load_plan(&w.app, &who).await?;
        assert_eq!((again.items, again.tasks, again.present), (0, 0, 806));
        assert_eq!(code(act::load_plan(&w.app, &w.who("fgj.handler")).await), "access.denied".to_owned());

        let board = w.board(w.app.now()).await;
        assert_eq!((board.items.len(), board.lights.total()), (158, 158));
        let lists: Vec<(&str, u32)> = board.lists.iter().map(|(k, n)| (k.as_str(), *n)).collect();
        assert_eq!(lists, [("city", 137), ("district", 21)]);
        let of: Vec<u32> = board.punches.iter().map(|p| p.lights.total()).collect();
        assert_eq!(of, [62, 58, 38]);
        assert_eq!((board.no_data, board.percent), (158, None), "nothing was reported: no data is not green");
        assert!(board.items.iter().all(|i| i.duty.is_some() && i.light == Light::Grey));
        // Replaying the events gives the rows.
        let checked = w.app.db.read(|tx| duty::replay::check(tx, crate::testing::D, &mut |_| ())).await?;
        assert_eq!(checked.faults, Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn a_late_load_makes_nobody_late() {
    both("late", async |w| {
        w.go(at(8, 12, 9));
        let done = w.load(&["Q-01", "Q-02", "Q-03"]).await;
        // Q-03 was due on 15 July; two nodes of Q-02 lie in March and June.
        assert_eq!(done.items, 2);
        assert!(
            done.past.contains(&"Q-03".to_owned()) && done.past.contains(&"Q-02-N1".to_owned()),
            "{:?}",
            done.past
        );
        let board = w.board(w.app.now()).await;
        let item = board.items.iter().find(|i| i.code == "Q-03").unwrap();
        assert_eq!((item.light, item.duty), (Light::Grey, None));
        Ok(())
    });
}

#[test]
fn figures_make_progress_and_a_past_day_shows_what_was_known() {
    both("figures", async |w| {
        w.load(&["Q-01", "Q-03", "M-001"]).await;
        w.go(at(1, 3, 10));
        w.start("fgj.handler", "Q-01").await;
        w.start("bb.handler", "Q-03").await;
        w.go(at(7, 31, 16));
        report(&w, "wjb.handler", "Q-01-1", "18").await?;
        w.go(at(8, 12, 9));
        assert_eq!(code(report(&w, "swj.handler", "Q-01", "58.6").await), "access.denied".to_owned());
        assert_eq!(code(report(&w, "bb.handler", "Q-03", "1").await), "plan.not_measured".to_owned());
        report(&w, "wjb.handler", "Q-01-1", "20.5").await?;
        report(&w, "fgj.handler", "Q-01", "58.6").await?;
        w.on(
            "fgj.handler",
            "Q-01",
            Command::NoteProgress { percent: Some(20), text: remark("七月完成投资入库") },
        )
        .await?;
        let board = w.board(w.app.now()).await;
        let item = board.items.iter().find(|i| i.code == "Q-01").unwrap();
        assert_eq!(item.percent.unwrap().text(1), "19.5");
        assert_eq!((item.mark.text(1), item.time_percent.text(1)), ("23.4".into(), "23.4".into()));
        assert_eq!((item.light, item.behind), (Light::Green, false), "{}", item.light_why.zh);
        assert_eq!(item.last_note.as_ref().unwrap().1, "七月完成投资入库");
        let part = item.tasks.iter().find(|t| t.code == "Q-01-1").unwrap();
        assert_eq!(
            (part.percent.unwrap().text(1), part.difference.unwrap().text(1)),
            ("21.4".into(), "−2.0".into())
        );
        // 巫家坝片区管理机构组建 was due on 15 July: 20 working days ago.
        let late = board.items.iter().find(|i| i.code == "Q-03").unwrap();
        assert_eq!(
            (late.light, late.behind, late.overdue_workdays),
            (Light::Red, false, 20),
            "{}",
            late.light_why.zh
        );
        assert!(late.light_why.zh.contains("20个工作日"));

        // The same board as it was on 31 July, folded from events; and again from memory.
        let end = Day::new(2019, 8, 1).unwrap().start().plus_micros(-1);
        for _ in 0..2 {
            let then = w.board(end).await;
            let item = then.items.iter().find(|i| i.code == "Q-01").unwrap();
            assert_eq!(
                (item.value, item.last_note.clone()),
                (Some(Decimal::whole(18)), None),
                "its part had reported"
            );
            assert_eq!(then.items.iter().find(|i| i.code == "Q-03").unwrap().overdue_workdays, 12);
        }
        let before = w.board(at(1, 2, 8)).await;
        assert!(before.items.iter().all(|i| i.duty.is_none()), "nothing was loaded yet");
        // What was folded for the present moment equals the rows.
        let mayor = w.who("ld.mayor");
        let folded = w.app.read(&mayor, |op| {
            let now = op.now();
            let mut rows = crate::store::duties(op.tx, op.district())?;
            let mut folded = crate::store::duties_at(op.tx, op.district(), now)?;
            rows.sort_by_key(|d| d.id);
            folded.sort_by_key(|d| d.id);
            Ok(rows == folded)
        });
        assert!(folded.await?);
        Ok(())
    });
}

async fn propose(w: &World, post: &str, item: &str, wish: Wish) -> Outcome<crate::model::Change> {
    let item = item.to_owned();
    w.act(post, move |op| act::propose(op, &item, &wish, &remark("前期手续延迟"))).await
}

async fn decide(
    w: &World,
    post: &str,
    no: &str,
    document: &str,
    approve: bool,
) -> Outcome<crate::model::Change> {
    let no = no.to_owned();
    let ruling = Ruling { approve, document: document.to_owned(), why: "按程序办理".to_owned() };
    w.act(post, move |op| act::decide(op, &no, &ruling)).await
}

#[test]
fn a_change_goes_through_the_duty_and_keeps_the_original() {
    both("changes", async |w| {
        w.load(&["Q-01", "M-001", "M-002"]).await;
        let book = w.app.book(crate::testing::D, w.app.now().day())?;
        let lead = |code: &str| book.item(code).unwrap().lead.to_string();
        w.go(at(1, 3, 10));
        let handler = format!("{}.handler", lead("M-001"));
        let chief = format!("{}.chief", lead("M-001"));
        w.start(&handler, "M-001").await;
        let due = book.item("M-001").unwrap().due;
        let later = due.plus(20);
        // The duty's own page moves no date of the plan: that would pass by the city's document (D§4.19).
        let ask = Command::AskExtend { to: later, reason: remark("用地批复推迟") };
        assert_eq!(code(w.on(&handler, "M-001", ask).await), "duty.due_owned".to_owned());
        let asked = propose(&w, &chief, "M-001", Wish::Due(later)).await?;
        assert_eq!(
            code(w.on("ld.mayor", "M-001", Command::GrantExtend).await),
            "duty.due_owned".to_owned(),
            "nor is the plan's request answered on the duty's page"
        );
        assert_eq!((asked.no.as_str(), asked.state()), ("M-001-C1", ChangeState::Asked));
        assert_eq!(code(decide(&w, &chief, "M-001-C1", "x", true).await), "access.denied".to_owned());
        assert_eq!(
            code(decide(&w, "zfb.supervision", "M-001-C1", "", true).await),
            "plan.document_needed".to_owned()
        );
        w.go(at(1, 8, 10));
        decide(&w, "zfb.supervision", "M-001-C1", "昆督〔2019〕9号", true).await?;
        let board = w.board(w.app.now()).await;
        let item = board.items.iter().find(|i| i.code == "M-001").unwrap();
        assert_eq!((item.due, item.due_original), (later, Some(due)));
        let before = w.board(at(1, 7, 10)).await;
        let item = before.items.iter().find(|i| i.code == "M-001").unwrap();
        assert_eq!((item.due, item.due_original, item.asked), (due, None, 1));

        // The district's own items: its leaders approve a new target.
        let asked = propose(&w, "fgj.chief", "Q-01", Wish::Target(Decimal::whole(309))).await?;
        assert_eq!(asked.what, What::Target);
        assert_eq!(
            code(decide(&w, "zfb.supervision", "Q-01-C1", "", true).await),
            "access.denied".to_owned()
        );
        decide(&w, "ld.mayor", "Q-01-C1", "", true).await?;
        assert_eq!(code(decide(&w, "ld.mayor", "Q-01-C1", "", true).await), "plan.decided".to_owned());
        let board = w.board(w.app.now()).await;
        let item = board.items.iter().find(|i| i.code == "Q-01").unwrap();
        assert_eq!(item.target, Some(Decimal::whole(309)));
        assert!(item.findings.iter().any(|f| f.code == "plan.parts_equal"));

        // A cancellation is approved by one post and carried out by the registrar.
        propose(&w, "fgj.planner", "M-002", Wish::Cancel).await?;
        decide(&w, "zfb.supervision", "M-002-C1", "昆督〔2019〕10号", true).await?;
        let apply = |op: &mut base::op::Op<'_, '_>| act::apply(op, "M-002-C1");
        assert_eq!(code(w.act("zfb.supervision", apply).await), "access.denied".to_owned());
        assert_eq!(w.act("fgj.planner", apply).await?.state(), ChangeState::Applied);
        let board = w.board(w.app.now()).await;
        let item = board.items.iter().find(|i| i.code == "M-002").unwrap();
        assert_eq!((item.state.as_str(), item.light), ("cancelled", Light::Grey));
        assert_eq!(w.act("fgj.planner", act::changes).await?.len(), 3);
        Ok(())
    });
}

#[test]
fn one_item_in_full_says_what_a_post_may_do() {
    both("detail", async |w| {
        w.load(&["Q-01"]).await;
        let may = async |post: &str| {
            let who = w.who(post);
            w.app
                .read(&who, |op| {
                    let now = op.now();
                    crate::detail::load(op, "Q-01", now)
                })
                .await
                .unwrap()
                .may
        };
        assert_eq!(may("fgj.chief").await.report, ["Q-01", "Q-01-4"]);
        assert_eq!(may("wjb.handler").await.report, ["Q-01-1"]);
        assert!(may("wjb.handler").await.ask.is_empty());
        assert_eq!(may("fgj.chief").await.ask, What::ALL);
        assert_eq!(may("fgj.planner").await.ask, What::ALL);
        let chief = w.who("fgj.chief");
        let missing = w.app.read(&chief, |op| {
            let now = op.now();
            crate::detail::load(op, "Q-99", now)
        });
        assert_eq!(code(missing.await.map(|_| ())), "common.not_found".to_owned());
        Ok(())
    });
}
