//! A topic from its form to its end.

use crate::tests::world::{D, World, both};
use crate::web::boards::tests::Staff;
use crate::web::hot::tests::db_crowd;
use base::Outcome;

const FORM: [(&str, &str); 6] = [
    ("title", "餐饮油烟扰民"),
    ("why", "关上街道近期集中反映"),
    ("category", "020103"),
    ("owner1", "cgj"),
    ("criterion", "修订餐饮油烟管理办法并经核验"),
    ("place", "530111001001"),
];

#[test]
fn a_topic_becomes_duties_and_closes_only_when_they_are_done() {
    both("topic_page", async |w: World| -> Outcome<()> {
        db_crowd(&w).await?;
        w.at((2019, 8, 13), 9, 0);
        let director = Staff::new(&w, "zfb.supervision").await;
        director
            .get("/topics/new?category=020103&place=530111001001&title=%E6%B2%B9%E7%83%9F")
            .await
            .good()
            .has(&["油烟", "selected"]);
        let twice: Vec<_> = FORM.into_iter().chain([("owner2", "cgj")]).collect();
        let page = director.post("/topics", &twice).await;
        assert_eq!(page.status, 400);
        page.has(&["餐饮油烟扰民", "不重复"]);
        let both_owners: Vec<_> = FORM.into_iter().chain([("owner2", "zjj")]).collect();
        let opened = director.post("/topics", &both_owners).await;
        assert_eq!(
            (opened.status, opened.to.as_str()),
            (303, "/topics/201908-01?ok=topics.open"),
            "{}",
            opened.text
        );
        let page = director.get("/topics/201908-01").await.good();
        page.has(&["餐饮油烟扰民", "销题满30天后才下结论", "90天6件"]);
        assert!(page.row(">2019-08<").contains('6'), "{}", page.row(">2019-08<"));
        let leads = w
            .app
            .db
            .read(|tx| {
                let sql = "select lead from duty where district = $1 and kind = 'supervision' order by lead";
                tx.query(sql, &[D.into()], |row| row.text(0))
            })
            .await?;
        assert_eq!(leads, ["cgj", "zjj"]);
        let early = director.post("/topics/201908-01/close", &[("note", "已完成")]).await;
        assert_eq!(early.status, 409);
        early.has(&["还有2项责任没有办结"]);
        // Others read; they neither open nor close.
        let handler = Staff::new(&w, "zjj.handler").await;
        handler.get("/topics").await.good().has(&["餐饮油烟扰民"]);
        handler.get("/topics/201908-01").await.good().lacks(&["topics/201908-01/close"]);
        assert_eq!(handler.get("/topics/new").await.status, 403);
        assert_eq!(handler.post("/topics", &FORM).await.status, 403);
        assert_eq!(handler.post("/topics/201908-01/close", &[("note", "已完成")]).await.status, 403);
        assert_eq!(director.get("/topics/201908-99").await.status, 404);
        w.sound().await;
        Ok(())
    });
}
