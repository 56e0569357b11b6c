//! The store, the acts and the jobs, each on both backends.

use crate::act::{self, With};
use crate::model::{Bounds, Bucket, Cursor, Filter};
use crate::tests_world::{D, World, both, code, form, remark, start};
use crate::{outside, replay, store, sweep};
use base::db::{Db, Place};
use base::files::{self, admit};
use kernel::access::{Action, Scope};
use kernel::duty::{
    Command, Duty, EvidenceKind, OutcomeClass, Retention, Sha256Hex, Solved, StateName, VerificationKind,
};
use kernel::text::Body;
use kernel::{Day, FileId, Lang};

/// A PDF as small as content detection takes it.
fn pdf(mark: u8) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF ".to_vec();
    bytes.push(mark);
    bytes
}

async fn with_evidence(w: &World, post: &kernel::PostCode, duty: &Duty) -> Duty {
    let admitted = admit(pdf(1).into(), "会商纪要.pdf", "application/pdf", 1 << 20).unwrap();
    w.app.files.put(D, &admitted).await.unwrap();
    let id = duty.id;
    w.app
        .write(&w.who(post), move |op| {
            let file = FileId::new(op.id());
            files::insert(op.tx, D, file, &admitted, &op.actor().post, op.now())?;
            let sha256 = Sha256Hex::try_from(admitted.sha256.clone()).unwrap();
            let command = Command::AddEvidence { file, kind: EvidenceKind::Minutes, note: None, sha256 };
            act::perform(op, id, &command, &With::default())
        })
        .await
        .unwrap()
}

#[test]
fn a_duty_goes_the_whole_way_and_replays() {
    both("whole_way", async |w| {
        let lead = w.department(3);
        let (handler, director) = (w.post("handler", Some(&lead)), w.post("supervision_director", None));
        let verifier = w.post("supervisor", None);
        let duty = w.given(&lead, "老旧小区外墙脱落处置").await;
        assert_eq!(duty.no, "督-2019-0001");
        let duty = w.does(&handler, &duty, Command::Accept { handler: None }).await?;
        let duty = w.does(&handler, &duty, Command::Start { note: remark("已联系修缮单位") }).await?;
        assert_eq!(code(w.does(&handler, &duty, submit()).await), "duty.evidence_short");
        let duty = with_evidence(&w, &handler, &duty).await;
        w.set((2019, 8, 13), 10, 0);
        let duty = w.does(&handler, &duty, submit()).await?;
        let verify = Command::Verify {
            kind: VerificationKind::SiteCheck,
            solved: Solved::Yes,
            note: remark("现场查看，松动面砖已清除"),
        };
        assert_eq!(code(w.does(&handler, &duty, verify.clone()).await), "access.denied");
        let duty = w.does(&verifier, &duty, verify).await?;
        let duty = w.does(&director, &duty, Command::Close).await?;
        let duty = w.does(&director, &duty, Command::Archive { retention: Retention::Years10 }).await?;
        assert_eq!(duty.state.name(), StateName::Archived);
        assert_eq!(duty.outcome.as_ref().unwrap().in_time, Some(true));

        let found = w.app.db.report(|tx| replay::check(tx, D, &mut |_| ())).await?;
        assert_eq!((found.duties, found.events), (1, 9));
        assert!(found.faults.is_empty(), "{:?}", found.faults);
        Ok(())
    });
}

fn submit() -> Command {
    Command::Submit {
        outcome: OutcomeClass::Resolved,
        reply: Body::parse("reply", "外墙松动面砖已全部清除，通道恢复。").unwrap(),
        planned: None,
        legal: None,
    }
}

#[test]
fn a_changed_row_is_found_by_the_replay() {
    both("changed_row", async |w| {
        let duty = w.given(&w.department(3), "一").await;
        let id = duty.id;
        w.app
            .db
            .write(move |tx| {
                let sql = "update duty set holder_unit = 'gd' where district = $1 and id = $2";
                tx.exec(sql, &[D.into(), id.into()])
            })
            .await?;
        let found = w.app.db.report(|tx| replay::check(tx, D, &mut |_| ())).await?;
        assert!(found.faults.iter().any(|fault| fault.contains("columns")), "{:?}", found.faults);
        assert!(found.faults.iter().any(|fault| fault.contains("kept counts")), "{:?}", found.faults);
        Ok(())
    });
}

#[test]
fn a_stale_page_is_refused_and_changes_nothing() {
    both("stale", async |w| {
        let lead = w.department(3);
        let handler = w.post("handler", Some(&lead));
        let duty = w.given(&lead, "一").await;
        let id = duty.id;
        let old = With { expected_rev: Some(duty.rev - 1), ..With::default() };
        let found = w
            .app
            .write(&w.who(&handler), move |op| act::perform(op, id, &Command::Accept { handler: None }, &old))
            .await;
        assert_eq!(code(found), "duty.stale");
        let now = w.app.db.read(move |tx| store::find(tx, D, id)).await?.unwrap();
        assert_eq!(now, duty);
        Ok(())
    });
}

#[test]
fn every_rung_is_climbed_once() {
    both("rungs", async |w| {
        let duty = w.given(&w.department(3), "一").await;
        let system = sweep::system(D)?;
        assert_eq!(sweep::run(&w.app, &system).await?, 0);
        // The clock for signing runs out on the 13th; a working day later the first rung is due.
        w.set((2019, 8, 15), 9, 0);
        assert_eq!(sweep::run(&w.app, &system).await?, 1);
        assert_eq!(sweep::run(&w.app, &system).await?, 0);
        w.set((2019, 9, 30), 9, 0);
        assert_eq!(sweep::run(&w.app, &system).await?, 2);
        assert_eq!(sweep::run(&w.app, &system).await?, 0);
        let id = duty.id;
        let (now, rungs) = w
            .app
            .db
            .read(move |tx| {
                let sql = "select count(*) from duty_rung where district = $1 and duty = $2";
                let rungs = tx.one(sql, &[D.into(), id.into()], |row| row.int(0))?;
                Ok((store::find(tx, D, id)?, rungs))
            })
            .await?;
        assert_eq!((now.unwrap().rung, rungs), (3, Some(3)));
        let found = w.app.db.report(|tx| replay::check(tx, D, &mut |_| ())).await?;
        assert!(found.faults.is_empty(), "{:?}", found.faults);
        Ok(())
    });
}

#[test]
fn an_inbox_is_counted_paged_and_narrowed() {
    both("inbox", async |w| {
        let (lead, other) = (w.department(3), w.department(4));
        let (handler, stranger) = (w.post("handler", Some(&lead)), w.post("handler", Some(&other)));
        let mut last = None;
        for n in 0..5 {
            last = Some(w.given(&lead, &format!("事项{n}")).await);
        }
        let last = last.unwrap();
        w.does(&handler, &last, Command::Accept { handler: None }).await?;
        let filter = Filter {
            open_only: true,
            holder_unit: Some(lead.clone()),
            for_post: Some(handler.clone()),
            ..Filter::default()
        };
        let (unit, post) = (lead.clone(), handler.clone());
        w.app
            .read(&w.who(&handler), move |op| {
                let scope = op.scope(Action::DutyRead);
                let (first, next) = store::page(op.tx, D, &scope, &filter, None, 2)?;
                let cursor = Cursor::parse(&next.unwrap().text())?;
                let (rest, end) = store::page_full(op.tx, D, &scope, &filter, Some(cursor), 10)?;
                assert_eq!((first.len(), rest.len(), end), (2, 3, None));
                assert!(rest.iter().all(|(s, d)| s.id == d.id && !first.iter().any(|f| f.id == s.id)));
                let unsigned = Filter { awaiting: true, supporting: Some(false), ..filter.clone() };
                assert_eq!(store::page(op.tx, D, &scope, &unsigned, None, 10)?.0.len(), 4);
                let helping = Filter { supporting: Some(true), ..filter.clone() };
                assert!(store::page(op.tx, D, &scope, &helping, None, 10)?.0.is_empty());
                let counts = store::inbox_counts(op.tx, D, &unit, &post, Bounds::at(op.now()))?;
                assert_eq!(counts.iter().map(|c| c.n).sum::<u64>(), 5);
                assert_eq!(counts.iter().filter(|c| c.awaiting).map(|c| c.n).sum::<u64>(), 4);
                assert!(
                    counts
                        .iter()
                        .all(|c| c.kind == "supervision" && !c.supporting && c.bucket > Bucket::Today)
                );
                assert_eq!(crate::web::badge(op.tx, D, op.actor(), op.now())?, 5);
                let load = store::load_by_day(op.tx, D, &unit)?;
                assert_eq!(load.iter().map(|(_, n)| n).sum::<i64>(), 5);
                assert_eq!(store::inbox_sources(op.tx, D, &unit, &post)?.len(), 1);
                Ok(())
            })
            .await?;
        let id = last.id;
        w.app
            .read(&w.who(&stranger), move |op| {
                assert_eq!(code(act::read(op, id)), "access.not_found");
                let scope = op.scope(Action::DutyList);
                assert!(store::page(op.tx, D, &scope, &Filter::default(), None, 10)?.0.is_empty());
                assert!(store::search(op.tx, D, &scope, "事项", 10)?.is_empty());
                Ok(())
            })
            .await?;
        Ok(())
    });
}

#[test]
fn lists_know_late_and_nearly_late() {
    both("lights", async |w| {
        let lead = w.department(3);
        let handler = w.post("handler", Some(&lead));
        let duty = w.given(&lead, "甲").await;
        w.does(&handler, &duty, Command::Accept { handler: None }).await?;
        let find = async |filter: Filter| -> base::Outcome<usize> {
            w.app
                .db
                .read(move |tx| store::page(tx, D, &Scope::All, &filter, None, 10))
                .await
                .map(|p| p.0.len())
        };
        let late = |now| Filter { open_only: true, due_before: Some(now), ..Filter::default() };
        let warned = |now| Filter { open_only: true, warned_at: Some(now), ..Filter::default() };
        let day = |d: i8| Day::new(2019, 8, d).unwrap().at(9, 0);
        // Ten working days from 12 August end on the 26th; the warning begins two working days before.
        assert_eq!((find(late(day(20))).await?, find(warned(day(20))).await?), (0, 0));
        assert_eq!((find(late(day(26))).await?, find(warned(day(26))).await?), (0, 1));
        assert_eq!((find(late(day(27))).await?, find(warned(day(27))).await?), (1, 0));
        Ok(())
    });
}

#[test]
fn search_takes_numbers_words_and_wild_signs_literally() {
    both("search", async |w| {
        w.given(&w.department(3), "供水100%恢复").await;
        w.given(&w.department(3), "路灯_修复").await;
        let find = async |text: &'static str| -> base::Outcome<usize> {
            w.app.db.read(move |tx| store::search(tx, D, &Scope::All, text, 10)).await.map(|rows| rows.len())
        };
        assert_eq!(find("督-2019-000").await?, 2);
        assert_eq!(find("督-2019-0002").await?, 1);
        assert_eq!(find("供水").await?, 1);
        assert_eq!(find("%").await?, 1);
        assert_eq!(find("_").await?, 1);
        assert_eq!(find("不存在").await?, 0);
        Ok(())
    });
}

#[test]
fn support_is_a_duty_of_its_own_under_its_parent() {
    both("support", async |w| {
        let (lead, helper) = (w.department(3), w.department(4));
        let handler = w.post("handler", Some(&lead));
        let duty = w.given(&lead, "甲").await;
        let duty = w.does(&handler, &duty, Command::Accept { handler: None }).await?;
        let support =
            Command::AddSupport { unit: helper.clone(), ask: remark("提供产权资料"), due: None };
        let duty = w.does(&handler, &duty, support).await?;
        let id = duty.id;
        let children = w.app.db.read(move |tx| store::children(tx, D, id)).await?;
        assert_eq!(children.len(), 1);
        assert_eq!((children[0].lead.as_ref(), children[0].awaiting), (Some(&helper), true));
        // The helper sees the parent because it supports it.
        let who = w.who(&w.post("handler", Some(&helper)));
        let seen = w
            .app
            .read(&who, move |op| {
                let scope = op.scope(Action::DutyRead);
                store::page(
                    op.tx,
                    D,
                    &scope,
                    &Filter { supporting: Some(false), ..Filter::default() },
                    None,
                    10,
                )
            })
            .await?;
        assert_eq!(seen.0.iter().map(|s| s.id).collect::<Vec<_>>(), [id]);
        assert_eq!(w.app.read(&who, move |op| act::read(op, id)).await?.id, id);
        Ok(())
    });
}

#[test]
fn a_planner_registers_items_of_the_plan_and_nothing_else() {
    both("planner", async |w| {
        let planner = w.post("planner", None);
        let register = async |kind: &str| {
            let form = form(kind, "全年固定资产投资");
            w.app
                .write(&w.who(&planner), move |op| {
                    act::register(op, &Command::Register { form: Box::new(form.clone()) }, &With::default())
                })
                .await
        };
        assert!(register("plan_item").await.is_ok());
        assert_eq!(code(register("supervision").await), "access.denied");
        Ok(())
    });
}

#[test]
fn mails_wait_for_the_end_of_the_quiet_hours() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Place::File(dir.path().join("t.db"))).await.unwrap();
        let w = World::new(db, true).await;
        let lead = w.department(3);
        let clerk = w.post("clerk", Some(&lead));
        w.sign_in(&clerk, "clerk").await;
        w.set((2019, 8, 12), 21, 0);
        w.given(&lead, "夜间交办").await;
        let sql = "select target, next_at, body from outbox where district = $1 and channel = 'email'";
        let rows = w
            .app
            .db
            .read(move |tx| {
                tx.query(sql, &[D.into()], |row| Ok((row.text(0)?, row.instant(1)?, row.text(2)?)))
            })
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].0, "clerk@example.org");
        assert_eq!(rows[0].1, Day::new(2019, 8, 13).unwrap().at(7, 30));
        assert!(rows[0].2.contains("/d/"), "{}", rows[0].2);
        let quiet = &w.book.notices;
        assert_eq!(outside::after_quiet(quiet, start()), start());
        let early = Day::new(2019, 8, 12).unwrap().at(6, 0);
        assert_eq!(outside::after_quiet(quiet, early), Day::new(2019, 8, 12).unwrap().at(7, 30));
    });
}

#[test]
fn weeks_end_on_sunday() {
    let bounds = Bounds::at(start());
    let day = |d: i8| Some(Day::new(2019, 8, d).unwrap().at(12, 0));
    assert_eq!(bounds.bucket(day(11)), Bucket::Overdue);
    assert_eq!(bounds.bucket(day(12)), Bucket::Today);
    assert_eq!(bounds.bucket(day(18)), Bucket::Week);
    assert_eq!(bounds.bucket(day(19)), Bucket::Later);
    assert_eq!(bounds.bucket(None), Bucket::Later);
    let sunday = Bounds::at(Day::new(2019, 8, 18).unwrap().at(8, 0));
    assert_eq!(sunday.bucket(day(19)), Bucket::Later);
    assert_eq!(Lang::Zh.tag(), "zh-CN");
}
