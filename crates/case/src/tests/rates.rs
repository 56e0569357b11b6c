//! The three rates: what counts, what does not, and that every figure opens to its cases.

use super::world::{D, World, both, new, rate};
use crate::act::{jobs, note};
use crate::event::Event;
use crate::model::{By, CaseId, Filter, LeftOut, Mark};
use crate::rates::{self, Board, Figure, Query};
use base::Outcome;
use kernel::cases::{Channel, Grade};
use kernel::duty::Solved;
use kernel::{Slug, UnitCode};

fn query(by: By) -> Query {
    Query { from: 201_908, until: 201_908, by, unit: None, category: None, kind: None }
}

async fn board(w: &World, query: Query) -> Outcome<Board> {
    let director = w.post_with("supervision_director");
    w.app.read(&w.who(&director), move |op| rates::board(op, &query)).await
}

fn mark(unit: &str, month: u32, responded: bool, solved: Solved, grade: Grade) -> Mark {
    Mark {
        round: 1,
        month,
        unit: UnitCode::parse("u", unit).unwrap(),
        category: Some(Slug::parse("c", "020101").unwrap()),
        responded: Some(responded),
        in_time: Some(true),
        valid: true,
        solved,
        grade: Some(grade),
        own: false,
        excluded: None,
        left_out: None,
        reduced: false,
        at: super::world::start(),
    }
}

/// Marks without the work behind them: shortcuts that write counters only.
async fn db_marks(w: &World, marks: Vec<(Mark, u32)>) -> Outcome<()> {
    w.system(move |op| {
        for (mark, n) in &marks {
            for _ in 0..*n {
                rates::count(op, mark, 1)?;
            }
        }
        Ok(())
    })
    .await
}

/// D§4.27: 200 valid, 198 contacted, 170 solved, 160 satisfied → 99.0 / 85.0 / 80.0 → 87.45.
#[test]
fn the_known_answer() {
    both("kat", async |w| {
        let m = |responded, solved, grade| mark("cgj", 201_908, responded, solved, grade);
        db_marks(
            &w,
            vec![
                (m(true, Solved::Yes, Grade::Satisfied), 160),
                (m(true, Solved::Yes, Grade::Dissatisfied), 10),
                (m(true, Solved::No, Grade::Dissatisfied), 28),
                (m(false, Solved::No, Grade::Dissatisfied), 2),
            ],
        )
        .await?;
        let board = board(&w, query(By::Unit)).await?;
        let row = &board.rows[0];
        let percent = |rate: Option<kernel::score::Rate>| rate.unwrap().percent.text(1);
        let three = (percent(row.rates.response), percent(row.rates.solved), percent(row.rates.satisfied));
        assert_eq!((three.0.as_str(), three.1.as_str(), three.2.as_str()), ("99.0", "85.0", "80.0"));
        assert_eq!(row.rates.composite.unwrap().value.text(2), "87.45");
        assert_eq!(row.name.zh, w.book.unit(&UnitCode::parse("u", "cgj")?).unwrap().name.zh);
        assert_eq!(board.total.all, 200);
        assert!(board.formulas[1].zh.contains("部分解决×0.5"), "{:?}", board.formulas);
        Ok(())
    });
}

/// D§16.1 scenario 8: three of three does not outrank 950 of 1,000.
#[test]
fn three_of_three() {
    both("three_of_three", async |w| {
        let good = |unit: &str| mark(unit, 201_908, true, Solved::Yes, Grade::Satisfied);
        let bad = mark("530111002", 201_908, true, Solved::No, Grade::Dissatisfied);
        db_marks(&w, vec![(good("530111001"), 3), (good("530111002"), 950), (bad, 50)]).await?;
        let board = board(&w, query(By::Unit)).await?;
        let keys: Vec<&str> = board.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["530111002", "530111001"], "by the lower bound");
        let tiny = &board.rows[1];
        assert!(tiny.rank.unwrap().is_tied(), "its interval reaches over the other: {:?}", tiny.rank);
        let solved = tiny.rates.solved.unwrap();
        assert_eq!((solved.low.text(1), solved.high.text(1)), ("43.8".into(), "100.0".into()));
        Ok(())
    });
}

/// D§15.8: fifty near-identical easy orders change no rate, whoever makes them; a bad one among them still counts.
#[test]
fn fifty_easy_orders_change_no_rate() {
    both("fifty", async |w| {
        let real = w.file("gd.resident", new("020103", "盲道被杂物占用", "13800000001")).await?;
        finish(&w, real.case).await?;
        w.petition(&real, rate(Solved::No, Grade::Dissatisfied)).await?;
        let easy = w.file("gd.resident", new("020103", "请清扫地砖1号", "13800000002")).await?;
        finish(&w, easy.case).await?;
        w.petition(&easy, rate(Solved::Yes, Grade::VerySatisfied)).await?;
        w.at((2019, 8, 20), 9, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 100)).await?, 2);
        let before = board(&w, query(By::Unit)).await?;
        for n in 2..8_u32 {
            // Near-identical: another number in the text, another phone, another house.
            let mut more = new("020103", &format!("请清扫地砖{n}号"), &format!("1380000{n:04}"));
            more.place.address = format!("关上中路{n}号");
            if n % 2 == 0 {
                (more.channel, more.staff) = (Channel::Phone, true);
            }
            let post = if n % 2 == 0 { "zwj.operator" } else { "gd.resident" };
            let filed = w.file(post, more).await?;
            finish(&w, filed.case).await?;
            w.petition(&filed, rate(Solved::Yes, Grade::VerySatisfied)).await?;
        }
        w.at((2019, 8, 27), 9, 0);
        assert_eq!(w.system(|op| jobs::score_due(op, 100)).await?, 6);
        let after = board(&w, query(By::Unit)).await?;
        assert_eq!(before.rows[0].rates, after.rows[0].rates);
        assert_eq!((after.rows[0].all, after.rows[0].left_out), (8, 6));
        // A copy that is worse is no copy: it counts.
        let mut bad = new("020103", "请清扫地砖9号", "13800000099");
        bad.place.address = "关上中路99号".into();
        let bad = w.file("gd.resident", bad).await?;
        let unit = w.dispatched(bad.case).await?;
        w.worked(bad.case, &unit).await?;
        w.petition(&bad, rate(Solved::No, Grade::VeryDissatisfied)).await?;
        w.at((2019, 8, 31), 9, 0);
        w.system(|op| jobs::score_due(op, 100)).await?;
        assert_eq!(w.case(bad.case).await.marks[0].left_out, None);
        w.sound().await;
        Ok(())
    });
}

/// Handled to the end without recurrence: each case stands at its own address or waits for the same round.
async fn finish(w: &World, id: CaseId) -> Outcome<()> {
    let unit = w.dispatched(id).await?;
    w.worked(id, &unit).await
}

/// Every figure opens to exactly the cases that it counts.
#[test]
fn every_figure_opens_to_its_cases() {
    both("figures", async |w| {
        let mut ids = Vec::new();
        for (n, solved, grade) in [
            (1_u32, Solved::Yes, Grade::Satisfied),
            (2, Solved::Partly, Grade::Basic),
            (3, Solved::No, Grade::Dissatisfied),
        ] {
            let mut one = new(
                "020101",
                ["坑洼", "塌陷", "井沿破碎"].get(usize::try_from(n - 1).unwrap()).unwrap(),
                &format!("1380000{n:04}"),
            );
            one.place.address = format!("关上中路{n}号");
            let filed = w.file("gd.resident", one).await?;
            finish(&w, filed.case).await?;
            w.petition(&filed, rate(solved, grade)).await?;
            ids.push(filed.case);
        }
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| jobs::score_due(op, 100)).await?;
        let q = query(By::Unit);
        let board = board(&w, q.clone()).await?;
        let row = board.rows[0].clone();
        let open = async |figure: Figure| {
            let filter: Filter = row.filter(&q, 201_908, figure);
            w.app
                .read(&w.who("zwj.operator"), move |op| {
                    let page = crate::act::list(op, &filter, Default::default(), None, 50)?;
                    Ok(u64::try_from(page.0.len()).unwrap())
                })
                .await
                .unwrap()
        };
        let counted = &row.tally.counted;
        assert_eq!(open(Figure::All).await, row.all);
        assert_eq!(open(Figure::Base).await, counted.base);
        assert_eq!(open(Figure::Responded).await, counted.in_time);
        assert_eq!(open(Figure::Valid).await, counted.valid);
        assert_eq!(
            (open(Figure::Solved).await, open(Figure::Partly).await),
            (counted.solved, counted.partly)
        );
        assert_eq!((open(Figure::NotSolved).await, open(Figure::Dissatisfied).await), (1, 1));
        assert_eq!((row.all, counted.valid, open(Figure::LeftOut).await), (3, 3, 0));
        let by_category = self::board(&w, query(By::Category)).await?;
        assert_eq!((by_category.rows.len(), by_category.rows[0].key.as_str()), (1, "020101"));
        w.sound().await;
        Ok(())
    });
}

/// A mark that is decided anew moves the counters from where it stood.
#[test]
fn a_corrected_mark_moves_the_counters() {
    both("corrected", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有坑", "13812345678")).await?;
        finish(&w, filed.case).await?;
        w.petition(&filed, rate(Solved::Yes, Grade::Satisfied)).await?;
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| jobs::score_due(op, 10)).await?;
        let id = filed.case;
        w.system(move |op| {
            let mut case = crate::store::locked(op.tx, D, id)?.unwrap();
            let duty = duty::store::find(op.tx, D, id)?.unwrap();
            let mark = Mark { left_out: Some(LeftOut::Staff), ..case.marks[0].clone() };
            let (sig, from) = (crate::store::secrets(op.tx, D, id)?.sig, case.rev);
            note(op, &mut case, &Event::Scored { mark: Box::new(mark), why: None }, &sig)?;
            let loaded = crate::facts::Loaded::new(op, &case, &duty, None)?;
            let derived = loaded.derive(&case, &duty)?;
            crate::store::update(op.tx, D, &case, &duty, &derived, from)
        })
        .await?;
        let board = board(&w, query(By::Unit)).await?;
        assert_eq!((board.rows[0].all, board.rows[0].left_out, board.rows[0].rates.solved), (1, 1, None));
        w.sound().await;
        Ok(())
    });
}

#[test]
fn months_go_over_the_year() {
    assert_eq!(rates::months(201_911, 202_002), [201_911, 201_912, 202_001, 202_002]);
    assert!(rates::months(201_901, 209_912).len() <= 120);
}
