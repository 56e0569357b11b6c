//! From many filings to a hot issue, from a hot issue to the form of a topic.

use crate::tests::world::{World, both, new};
use crate::web::boards::tests::Staff;
use base::Outcome;

/// Many people, one matter: filings of different phones at one place.
pub(in crate::web) async fn db_crowd(w: &World) -> Outcome<()> {
    let says = [
        "楼下烧烤店油烟直排，开窗呛人",
        "烧烤店的油烟直排进窗户，很呛人",
        "每天晚上烧烤店油烟直排，没法开窗",
        "楼下烧烤店油烟直排太呛，请管一管",
        "烧烤店油烟直排，孩子咳嗽，呛人",
        "油烟直排，烧烤店没装净化器，呛人",
    ];
    for (n, text) in says.iter().enumerate() {
        let mut one = new("020103", text, &format!("1370000{n:04}"));
        one.confidential = n == 0;
        w.file("gd.resident", one).await?;
    }
    // One person who files often is one person.
    for n in 0..6 {
        let mut one = new("020101", &format!("路面坑洼第{n}次反映"), "13600000000");
        one.place.unit = "530111001002".into();
        w.file("gd.resident", one).await?;
    }
    Ok(())
}

#[test]
fn a_crowd_is_found_and_one_busy_person_is_not() {
    both("hot_page", async |w: World| -> Outcome<()> {
        db_crowd(&w).await?;
        let director = Staff::new(&w, "zfb.supervision").await;
        director.get("/cases/hot").await.good().has(&["没有热点诉求", "重新汇总"]);
        let looked = director.post("/cases/hot/look", &[]).await;
        assert_eq!((looked.status, looked.to.as_str()), (303, "/cases/hot?ok=hot.look"), "{}", looked.text);
        let page = director.get("/cases/hot?ok=hot.look").await.good();
        let row = page.row("place=530111001001");
        assert!(row.contains("油烟直排（5人）") && row.contains("平常每周0.0"), "{row}");
        page.has(&["/topics/new?category=020103", "已重新汇总"]);
        page.lacks(&["530111001002", "坑洼"]);
        let cases = director.get("/cases/hot/cases?place=530111001001&category=020103").await.good();
        cases.has(&["烧烤店"]);
        // A handler reads the page, sees no case of others, and may not look again.
        let handler = Staff::new(&w, "zjj.handler").await;
        handler.get("/cases/hot").await.good().lacks(&["/topics/new?", "重新汇总"]);
        assert_eq!(handler.post("/cases/hot/look", &[]).await.status, 403);
        Ok(())
    });
}
