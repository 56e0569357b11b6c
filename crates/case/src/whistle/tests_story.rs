//! Whole lives of whistles on both databases: D§16.1 scenario 1, no-shows, disputes, withdrawal.

use super::command::{Command, TaskAsk};
use super::model::WhistleId;
use super::testing::{
    COMMUNITY, D, GRID, NEIGHBOUR, SECRETARY, STREET, World, at, body, both, call, code, flood, hard, remark,
    slug, unit,
};
use super::vocab::{How, MissKind, Outcome, Sheet, Side, Stage};
use kernel::duty::{Command as DutyCommand, OutcomeClass, StateName};
use kernel::money::Decimal;
use kernel::{DutyId, Slug};
use std::collections::BTreeMap;

fn points(list: &[(&str, i64)]) -> BTreeMap<Slug, Decimal> {
    list.iter().map(|(item, n)| (slug(item), Decimal::whole(*n))).collect()
}

fn come(authority: Option<&str>) -> Command {
    Command::Muster { post: None, decides: true, authority: authority.map(remark) }
}

fn look() -> Command {
    Command::Muster { post: None, decides: false, authority: None }
}

fn task(code: &str, what: &str, day: i8) -> TaskAsk {
    TaskAsk { unit: unit(code), what: remark(what), due: at(day, 0, 0).day() }
}

fn report(text: &str) -> Command {
    Command::Done { text: body(text), outcome: OutcomeClass::Resolved }
}

fn yes(side: Side, note: &str) -> Command {
    let how = (side == Side::Resident).then_some(How::Phone);
    Command::Confirm { side, done: true, note: remark(note), how, units: Vec::new() }
}

fn no(side: Side, note: &str) -> Command {
    Command::Confirm { side, done: false, note: remark(note), how: None, units: Vec::new() }
}

async fn state(w: &World, id: DutyId) -> StateName {
    let duty = w.app.db.read(move |tx| duty::store::find(tx, D, id)).await.unwrap().unwrap();
    duty.state.name()
}

/// D§16.1 scenario 1: 22:40 found, three departments at 22:46, solved 00:20; the quiet hours do not hold it up.
#[test]
fn a_storm_night() {
    both("storm", async |w: World| {
        let need = w.raise(GRID, None).await?;
        assert_eq!((need.stage(), need.street.as_str()), (Stage::Need, STREET));
        assert!(w.notices(SECRETARY).await[0].contains("发现问题"));
        w.go(13, 22, 46);
        let sound = flood();
        let id = need.id;
        let command = Command::Sound { kind: sound.kind, ask: sound.ask, calls: sound.calls };
        // The community asks; only the street's secretary whistles.
        assert_eq!(code(w.does(NEIGHBOUR, id, command.clone()).await), "access.denied");
        let whistle = w.does(SECRETARY, id, command).await?;
        assert_eq!(whistle.stage(), Stage::Sounded);
        assert_eq!(whistle.calls.len(), 3);
        for officer in ["swu.duty", "cgj.duty", "gaj.110"] {
            assert!(w.notices(officer).await[0].contains("点名"), "{officer}");
        }
        let limits = w.op(SECRETARY, move |op| Ok(super::act::read(op, id)?.2.dues().clone())).await?;
        for call in &whistle.calls {
            let dues = limits[&call.duty];
            assert_eq!(dues.ack, Some(at(13, 22, 56)), "ten minutes for each department");
            assert_eq!(dues.arrival, Some(at(13, 23, 46)), "an hour for each department");
        }
        w.go(13, 22, 50);
        let whistle = w.does("swu.duty", id, Command::Ack).await?;
        assert_eq!(whistle.stage(), Stage::Acked);
        // Signing on the duty's own page is as good.
        let part = whistle.call(&unit("cgj")).unwrap().duty;
        w.op("cgj.duty", move |op| {
            let accept = DutyCommand::Accept { handler: None };
            duty::act::perform(op, part, &accept, &duty::act::With::default())
        })
        .await?;
        w.go(13, 22, 59);
        let whistle = w.does("gaj.110", id, Command::Ack).await?;
        let acks: Vec<_> = whistle.calls.iter().map(|call| call.ack.as_ref().unwrap().in_time).collect();
        assert_eq!(acks, [Some(true), Some(true), Some(false)]);
        w.go(13, 23, 5);
        assert_eq!(code(w.does("swu.duty", id, come(None)).await), "whistle.authority_needed");
        let whistle = w.does("swu.duty", id, come(Some("局领导电话授权现场处置"))).await?;
        assert_eq!(whistle.stage(), Stage::Mustered);
        w.does("cgj.chief", id, come(None)).await?;
        w.go(13, 23, 10);
        w.does("gaj.110", id, come(Some("大队值班领导授权"))).await?;
        // A start on the duty's page would leave open who came.
        let part = whistle.call(&unit("swu")).unwrap().duty;
        assert_eq!(state(&w, part).await, StateName::InProgress);
        let tasks = vec![
            task("swu", "三台泵车抽排", 14),
            task("cgj", "围挡和清淤", 14),
            task("gaj", "封闭路口、绕行疏导", 14),
        ];
        let whistle = w.does(SECRETARY, id, Command::Plan { tasks, note: None }).await?;
        assert_eq!(whistle.stage(), Stage::Working);
        w.go(14, 0, 20);
        assert_eq!(code(w.does("swu.handler", id, report("积水排完")).await), "duty.evidence_short");
        w.shows("swu.handler", id, report("积水排完，道路恢复通行。")).await?;
        w.shows("cgj.handler", id, report("淤泥清完，围挡撤除。")).await?;
        let whistle = w.shows("gaj.handler", id, report("交通恢复。")).await?;
        assert_eq!(whistle.stage(), Stage::Checking);
        assert_eq!(whistle.checking, Some(at(14, 0, 20)));
        w.go(14, 8, 40);
        w.does(SECRETARY, id, yes(Side::Street, "现场看过，隧道无积水")).await?;
        assert_eq!(code(w.does(SECRETARY, id, yes(Side::Resident, "代填")).await), "whistle.one_hand");
        let whistle = w.does(NEIGHBOUR, id, yes(Side::Resident, "周边住户说夜里就通了")).await?;
        assert_eq!(whistle.stage(), Stage::Scored);
        w.sweep().await;
        for call in &whistle.calls {
            let want = if call.lead { StateName::Verified } else { StateName::Closed };
            assert_eq!(state(&w, call.duty).await, want);
        }
        scored_and_closed(&w, id).await?;
        w.sound().await;
        Ok(())
    });
}

/// Both sides rate each other, and the whistle closes by itself.
async fn scored_and_closed(w: &World, id: WhistleId) -> base::Outcome<()> {
    score_all(w, id).await?;
    let whistle = w.stored(id).await;
    // D§B.2: 20 + 20 + 10 + 40 + 10; the police acknowledged three minutes late.
    let of = |code: &str| whistle.call(&unit(code)).unwrap().score.as_ref().unwrap().total().text(0);
    assert_eq!([of("swu"), of("cgj"), of("gaj")], ["100", "100", "80"]);
    w.sweep().await;
    let whistle = w.stored(id).await;
    assert_eq!(whistle.stage(), Stage::Closed);
    assert_eq!(state(w, id).await, StateName::Closed);
    Ok(())
}

async fn score_all(w: &World, id: WhistleId) -> base::Outcome<()> {
    for code in ["swu", "cgj", "gaj"] {
        let by_street = Command::Score {
            unit: Some(unit(code)),
            points: points(&[("done", 40), ("manner", 10)]),
            note: None,
        };
        w.does(SECRETARY, id, by_street).await?;
        let by_department = Command::Score {
            unit: None,
            points: points(&[("duty", 40), ("information", 30), ("tried", 20), ("presence", 10)]),
            note: None,
        };
        let chief = match code {
            "swu" => "swu.chief",
            "cgj" => "cgj.chief",
            _ => "gaj.chief",
        };
        w.does(chief, id, by_department).await?;
    }
    Ok(())
}

/// Two no-shows go to the leader in charge, a third to the quarterly session; an onlooker stops nothing.
#[test]
fn nobody_comes() {
    both("no_show", async |w: World| {
        let whistle = w.raise(SECRETARY, Some(flood())).await?;
        let id = whistle.id;
        w.go(13, 22, 45);
        w.does("swu.duty", id, Command::Ack).await?;
        w.go(13, 23, 20);
        let whistle = w.does("swu.duty", id, look()).await?;
        assert_eq!(whistle.stage(), Stage::Acked, "an onlooker is no muster");
        w.go(13, 23, 40);
        assert_eq!(w.sweep().await.missed, 0, "the limit itself is still in time");
        w.go(13, 23, 41);
        assert_eq!(w.sweep().await.missed, 3, "none of the three came");
        assert_eq!(w.sweep().await.missed, 0, "each miss is written down once");
        let whistle = w.stored(id).await;
        assert!(whistle.escalation.is_none());
        let miss = &whistle.call(&unit("swu")).unwrap().misses[0];
        assert_eq!((miss.kind, miss.due), (MissKind::NoShow, at(13, 23, 40)));
        // Two come now, the third does not: the same length again from the moment that passed.
        for (post, again) in [("cgj.duty", true), ("gaj.110", true), ("swu.duty", false)] {
            if again {
                w.does(post, id, Command::Ack).await?;
                w.does(post, id, come(Some("值班领导授权"))).await?;
            }
        }
        w.go(14, 0, 41);
        assert_eq!(w.sweep().await.missed, 1);
        let whistle = w.stored(id).await;
        let escalation = whistle.escalation.clone().unwrap();
        assert_eq!(escalation.unit, unit("swu"));
        let leader = escalation.leader.unwrap();
        assert!(leader.as_str().starts_with("ld."), "{leader}");
        let parent = w.app.db.read(move |tx| duty::store::find(tx, D, id)).await?.unwrap();
        assert_eq!(parent.patron, Some(leader));
        assert!(whistle.quarterly.is_none());
        w.go(14, 1, 41);
        w.sweep().await;
        let whistle = w.stored(id).await;
        assert_eq!(whistle.quarterly, Some(at(14, 1, 41)));
        w.go(16, 9, 0);
        let before = w.stored(id).await.calls[0].misses.len();
        w.sweep().await;
        assert_eq!(w.stored(id).await.calls[0].misses.len(), before, "three are enough");
        let board = w.op("ld.mayor", |op| super::board::load(op, op.today())).await?;
        assert_eq!(board.quarterly.len(), 1);
        assert!(board.no_shows.iter().any(|line| line.unit == unit("swu") && line.misses == 3));
        w.sound().await;
        Ok(())
    });
}

#[test]
fn a_dispute_moves_the_lead_and_a_misuse_ends_the_whistle() {
    both("dispute", async |w: World| {
        w.go(12, 9, 30);
        let id = w.raise(SECRETARY, Some(hard())).await?.id;
        w.does("zjj.duty", id, Command::Ack).await?;
        let dispute = Command::Dispute {
            cited: slug("S-011"), ground: remark("属违法建设查处，由城管牵头")
        };
        w.go(12, 10, 0);
        let whistle = w.does("zjj.chief", id, dispute.clone()).await?;
        assert_eq!(whistle.stage(), Stage::Arbitrating);
        assert_eq!(state(&w, id).await, StateName::Arbitrating);
        let due = whistle.calls[0].dispute.as_ref().unwrap().due;
        assert_eq!(due, at(12, 15, 0), "four office hours, noon left out");
        assert_eq!(code(w.does("zjj.duty", id, come(Some("授权"))).await), "whistle.disputed");
        w.go(12, 14, 30);
        let ruling =
            Command::Rule {
                unit: unit("zjj"), outcome: Outcome::Move, to: None, ground: remark("三定方案")
            };
        assert_eq!(code(w.does(SECRETARY, id, ruling.clone()).await), "access.denied");
        let whistle = w.does("zzb.cadre", id, ruling).await?;
        assert_eq!(whistle.lead().unwrap().unit, unit("cgj"));
        assert!(whistle.calls[0].dispute.as_ref().unwrap().ruling.as_ref().unwrap().in_time);
        assert_eq!(whistle.stage(), Stage::Sounded, "the new lead has to acknowledge");
        w.does("cgj.duty", id, Command::Ack).await?;
        let again = Command::Dispute { cited: slug("T-008"), ground: remark("不属本局") };
        assert_eq!(code(w.does("cgj.chief", id, again).await), "whistle.dispute_spent");
        // A supporting department's call that should not have been made falls; the whistle goes on.
        let dispute = Command::Dispute { cited: slug("B-018"), ground: remark("属街道日常巡查") };
        w.does("xfd.chief", id, dispute).await?;
        let ruling = Command::Rule {
            unit: unit("xfd"),
            outcome: Outcome::Misuse,
            to: None,
            ground: remark("基本履职"),
        };
        let whistle = w.does("zzb.cadre", id, ruling).await?;
        assert_eq!(whistle.active().count(), 1);
        // Of another whistle the only call should not have been made: it ends.
        let other = super::act::NewSound { calls: vec![call("zjj", "T-008")], ..hard() };
        let id = w.raise(SECRETARY, Some(other)).await?.id;
        let dispute = Command::Dispute { cited: slug("B-017"), ground: remark("属物业纠纷调解") };
        w.does("zjj.chief", id, dispute).await?;
        let ruling = Command::Rule {
            unit: unit("zjj"),
            outcome: Outcome::Misuse,
            to: None,
            ground: remark("基本履职"),
        };
        let whistle = w.does("zzb.cadre", id, ruling).await?;
        assert_eq!(whistle.stage(), Stage::Misused);
        assert_eq!(state(&w, id).await, StateName::Cancelled);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn an_emergency_is_disputed_on_site_and_not_before() {
    both("late_dispute", async |w: World| {
        let id = w.raise(SECRETARY, Some(flood())).await?.id;
        w.does("swu.duty", id, Command::Ack).await?;
        let dispute = Command::Dispute { cited: slug("S-019"), ground: remark("属市政设施管护") };
        assert_eq!(code(w.does("swu.duty", id, dispute.clone()).await), "whistle.dispute_before_arrival");
        w.does("swu.duty", id, come(Some("局领导授权"))).await?;
        w.does("swu.duty", id, dispute).await?;
        assert_eq!(state(&w, id).await, StateName::InProgress, "the work goes on");
        let keep = Command::Rule {
            unit: unit("swu"),
            outcome: Outcome::Keep,
            to: None,
            ground: remark("由水务牵头"),
        };
        let whistle = w.does("zzb.cadre", id, keep).await?;
        assert_eq!(whistle.stage(), Stage::Mustered);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn what_is_not_done_goes_back_and_the_second_time_to_the_leader() {
    both("not_done", async |w: World| {
        w.go(12, 9, 30);
        let one = super::act::NewSound { calls: vec![call("zjj", "T-008")], ..hard() };
        let id = w.raise(SECRETARY, Some(one)).await?.id;
        w.does("zjj.duty", id, Command::Ack).await?;
        w.does("zjj.chief", id, come(None)).await?;
        let tasks = vec![task("zjj", "修缮单位进场", 20), task(STREET, "组织居民表决", 16)];
        let whistle = w.does(SECRETARY, id, Command::Plan { tasks, note: None }).await?;
        assert_eq!(whistle.plan.as_ref().unwrap().tasks.len(), 2);
        for round in 0..2 {
            w.shows("zjj.handler", id, report("已修缮")).await?;
            assert_eq!(w.stored(id).await.stage(), Stage::Checking);
            w.does(SECRETARY, id, yes(Side::Street, "看过")).await?;
            let whistle = w.does(NEIGHBOUR, id, no(Side::Resident, "住户说还在掉")).await?;
            assert_eq!(whistle.stage(), Stage::Working);
            assert_eq!(whistle.escalation.is_some(), round == 1);
            assert_eq!(state(&w, id).await, StateName::InProgress);
        }
        w.shows("zjj.handler", id, report("重做完成")).await?;
        w.does(SECRETARY, id, yes(Side::Street, "看过")).await?;
        w.does(NEIGHBOUR, id, yes(Side::Resident, "住户满意")).await?;
        w.sweep().await;
        let tasks = w.stored(id).await.plan.unwrap().tasks;
        assert_eq!(state(&w, tasks[0].duty).await, StateName::Closed, "reported with the part");
        assert_eq!(state(&w, tasks[1].duty).await, StateName::Cancelled, "nobody reported the street's task");
        // Scores, a contest and its settlement by the organisation department.
        let marks = points(&[("done", 20), ("manner", 5)]);
        w.does(SECRETARY, id, Command::Score { unit: None, points: marks, note: None }).await?;
        let marks = points(&[("duty", 40), ("information", 24), ("tried", 20), ("presence", 10)]);
        let whistle =
            w.does("zjj.chief", id, Command::Score { unit: None, points: marks, note: None }).await?;
        let call = whistle.lead().unwrap();
        assert_eq!(call.score.as_ref().unwrap().total().text(0), "75");
        assert_eq!(call.back.as_ref().unwrap().total().text(0), "94");
        w.does("zjj.chief", id, Command::Contest { unit: None, why: remark("第三次已办成") }).await?;
        w.sweep().await;
        assert_eq!(w.stored(id).await.stage(), Stage::Scored, "a contested score keeps it open");
        let points = points(&[("done", 40)]);
        let settle =
            Command::Settle {
                unit: unit("zjj"), sheet: Sheet::Department, points, ground: remark("已办成")
            };
        assert_eq!(code(w.does(SECRETARY, id, settle.clone()).await), "access.denied");
        let whistle = w.does("zzb.cadre", id, settle).await?;
        assert_eq!(whistle.lead().unwrap().score.as_ref().unwrap().total().text(0), "95");
        w.sweep().await;
        assert_eq!(w.stored(id).await.stage(), Stage::Closed);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn solved_on_the_spot_and_acts_that_belong_to_the_whistles_page() {
    both("local", async |w: World| {
        w.go(12, 9, 30);
        let id = w.raise(GRID, None).await?.id;
        let solve = |resident: Option<&str>| Command::Solve {
            text: remark("疏通雨水口"),
            resident: resident.map(remark),
        };
        assert_eq!(code(w.does(NEIGHBOUR, id, solve(None)).await), "whistle.resident_not_asked");
        let whistle = w.does(NEIGHBOUR, id, solve(Some("水退了，谢谢"))).await?;
        assert_eq!(whistle.stage(), Stage::Solved);
        let id = w.raise(SECRETARY, Some(hard())).await?.id;
        w.does("zjj.duty", id, Command::Ack).await?;
        let start = DutyCommand::Start { note: remark("开工") };
        let started =
            w.op("zjj.duty", move |op| duty::act::perform(op, id, &start, &duty::act::With::default())).await;
        assert_eq!(code(started), "whistle.use_whistle_page");
        // Who is not called sees nothing of it.
        let read = w.op("jyj.handler", move |op| super::act::read(op, id).map(|_| ())).await;
        assert_eq!(code(read), "access.not_found");
        let seen = w.op("xfd.duty", move |op| super::act::read(op, id).map(|(w, ..)| w.no)).await?;
        assert!(seen.starts_with("哨-2019-"), "{seen}");
        assert_eq!(w.stored(id).await.place.as_str(), COMMUNITY);
        let gone = w.does(SECRETARY, id, Command::Cancel { why: remark("已自行消除") }).await?;
        assert_eq!(gone.stage(), Stage::Cancelled);
        for call in &gone.calls {
            assert_eq!(state(&w, call.duty).await, StateName::Cancelled);
        }
        w.sound().await;
        Ok(())
    });
}
