//! The page of rates: known answers, scenario 8 of D§16.1, D§15.8, exports, refusals.

use crate::model::{Mark, NewCase};
use crate::rates;
use crate::tests::world::{World, both, new, rate, start};
use crate::web::boards::tests::Staff;
use base::Outcome;
use kernel::cases::{Channel, Grade};
use kernel::duty::Solved;
use kernel::{Slug, UnitCode};

fn mark(unit: &str, responded: bool, solved: Solved, grade: Grade) -> Mark {
    Mark {
        round: 1,
        month: 201_908,
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
        at: start(),
    }
}

/// Counters without the work behind them.
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

/// D§4.27: 200 valid, 198 contacted, 170 solved, 160 satisfied: 99.0, 85.0, 80.0, 87.45, with the numbers put in.
#[test]
fn the_known_answer_explains_itself() {
    both("rates_page", async |w: World| -> Outcome<()> {
        let m = |responded, solved, grade| mark("cgj", responded, solved, grade);
        let excluded = Mark {
            excluded: Some(Slug::parse("c", "beyond_duty").unwrap()),
            ..m(true, Solved::No, Grade::Dissatisfied)
        };
        db_marks(
            &w,
            vec![
                (m(true, Solved::Yes, Grade::Satisfied), 160),
                (m(true, Solved::Yes, Grade::Dissatisfied), 10),
                (m(true, Solved::No, Grade::Dissatisfied), 28),
                (m(false, Solved::No, Grade::Dissatisfied), 2),
                (excluded, 5),
            ],
        )
        .await?;
        let mut staff = Staff::new(&w, "zjj.handler").await;
        let page = staff.get("/rates?from=2019-08&until=2019-08").await.good();
        page.has(&[
            "198 ÷ 200 = 99.0%",
            "(170 + 0×0.5) ÷ 200 = 85.0%",
            "÷ 200 = 80.0%",
            "= 87.45",
            "其中剔除5件",
            "figure=solved",
            "/rates/export.xlsx?from=2019-08",
        ]);
        let unit = page.row("unit=cgj");
        assert!(unit.contains("87.45") && unit.contains("198/200件"), "{unit}");
        // Five bad ones were excluded: with them the composite is lower, and the page says so beside it.
        let with = page
            .row("unit=cgj")
            .split_whitespace()
            .filter(|part| part.contains('.'))
            .map(str::to_owned)
            .collect::<Vec<_>>();
        assert!(
            with.iter().any(|n| n != "87.45" && n.parse::<f64>().is_ok_and(|n| n < 87.45 && n > 80.0)),
            "{with:?}"
        );
        let one = staff.get("/rates?unit=cgj&from=2019-08&until=2019-08").await.good();
        one.has(&["按类别", "按月", "2019-08"]);
        staff.lang = "en";
        staff.get("/rates?from=2019-08&until=2019-08").await.good().has(&["Three rates", "198 of 200"]);
        let csv = staff.get("/rates/export.csv?from=2019-08&until=2019-08").await.good();
        assert!(csv.text.contains("87.45") && csv.text.contains(",198,200,"), "{}", csv.text);
        assert!(
            staff.get("/rates/export.xlsx?from=2019-08&until=2019-08").await.good().text.starts_with("PK")
        );
        Ok(())
    });
}

/// D§16.1 scenario 8: on the page, three of three stands below 950 of 1,000, and both share their places.
#[test]
fn three_of_three_stands_below() {
    both("rates_three", async |w: World| -> Outcome<()> {
        let good = |unit: &str| mark(unit, true, Solved::Yes, Grade::Satisfied);
        let bad = mark("530111002", true, Solved::No, Grade::Dissatisfied);
        db_marks(&w, vec![(good("530111001"), 3), (good("530111002"), 950), (bad, 50), (good("cgj"), 20)])
            .await?;
        let page =
            Staff::new(&w, "zfb.supervision").await.get("/rates?from=2019-08&until=2019-08").await.good();
        let at = |unit: &str| {
            page.text.find(&format!("unit={unit}\">")).unwrap_or_else(|| panic!("{unit}: {}", page.text))
        };
        assert!(at("530111002") < at("530111001"), "by the lower end");
        assert!(
            page.row("unit=530111001\"").contains("第1—2，差异在误差内"),
            "{}",
            page.row("unit=530111001\"")
        );
        // Streets with streets: the department has a place of its own group.
        assert!(page.row("unit=cgj\"").contains("第1 "), "{}", page.row("unit=cgj\""));
        assert!(at("530111001") < at("cgj"));
        Ok(())
    });
}

/// D§15.8: fifty near-identical easy orders change no rate on the page, whoever makes them.
#[test]
fn fifty_easy_orders_change_nothing_on_the_page() {
    both("rates_fifty", async |w: World| -> Outcome<()> {
        let easy = |n: u32| {
            let mut one: NewCase = new("020103", &format!("请清扫地砖{n}号"), &format!("1380000{n:04}"));
            one.place.address = format!("关上北路{n}号");
            one
        };
        let done = async |post: &str, one: NewCase, solved, grade| -> Outcome<String> {
            let filed = w.file(post, one).await?;
            let unit = w.dispatched(filed.case).await?;
            w.worked(filed.case, &unit).await?;
            w.petition(&filed, rate(solved, grade)).await?;
            Ok(unit)
        };
        done("gd.resident", new("020103", "盲道被杂物占用", "13900000001"), Solved::No, Grade::Dissatisfied)
            .await?;
        let unit = done("gd.resident", easy(1), Solved::Yes, Grade::VerySatisfied).await?;
        w.at((2019, 8, 20), 9, 0);
        w.system(|op| crate::act::jobs::score_due(op, 100)).await?;
        let director = Staff::new(&w, "zfb.supervision").await;
        let path = "/rates?from=2019-08&until=2019-09";
        let before = director.get(path).await.good();
        for n in 2..=51_u32 {
            let mut one = easy(n);
            if n % 2 == 0 {
                (one.channel, one.staff) = (Channel::Phone, true);
            }
            let post = if n % 2 == 0 { "zwj.operator" } else { "gd.resident" };
            done(post, one, Solved::Yes, Grade::VerySatisfied).await?;
        }
        w.at((2019, 8, 27), 9, 0);
        assert_eq!(w.system(|op| crate::act::jobs::score_due(op, 100)).await?, 50);
        let after = director.get(path).await.good();
        let (was, is) = (before.row(&format!("unit={unit}\"")), after.row(&format!("unit={unit}\"")));
        // All but the last cell, the number of scored rounds, is the same.
        let rates = |row: &str| row.split_whitespace().rev().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rates(&was), rates(&is));
        assert!(was.trim().ends_with('2') && is.trim().ends_with("52"), "{was} / {is}");
        after.has(&["不计入50件"]);
        // And the left-out ones can be opened; by somebody else, because the director's session has run out by now.
        let list = Staff::new(&w, "zwj.operator")
            .await
            .get(&format!("/rates/cases?from=2019-08&until=2019-08&unit={unit}&figure=left_out"))
            .await
            .good();
        list.has(&["请清扫地砖51号"]);
        list.lacks(&["盲道被杂物占用"]);
        Ok(())
    });
}

#[test]
fn what_cannot_be_asked_is_named_and_strangers_are_refused() {
    both("rates_bad", async |w: World| -> Outcome<()> {
        let staff = Staff::new(&w, "zfb.supervision").await;
        for (query, says) in [
            ("from=augst", "月份看不懂"),
            ("from=2019-13", "月份看不懂"),
            ("from=2019-09&until=2019-08", "止月早于起月"),
            ("from=2001-01&until=2019-08", "最多看36个月"),
            ("unit=nowhere", "没有这一项"),
            ("category=999999", "没有这一项"),
            ("figure=x", "没有这一项"),
        ] {
            let page = staff.get(&format!("/rates?{query}")).await;
            assert_eq!(page.status, 400, "{query}: {}", page.text);
            page.has(&[says]);
        }
        staff.get("/rates").await.good().has(&["没有已计分的诉求"]);
        assert_eq!(Staff::new(&w, "qwb.security-admin").await.get("/rates").await.status, 403);
        Ok(())
    });
}
