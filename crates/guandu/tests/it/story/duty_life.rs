//! A duty's whole life over the public routes, by the posts that the policy names.

use crate::world::{Answer, Post, World, both};
use kernel::DutyId;
use serde_json::{Value, json};

async fn register(post: &Post<'_>, title: &str) -> DutyId {
    let form = json!({ "form": {
        "kind": "supervision", "title": title, "criterion": "整改到位并经核验",
        "ground": [{ "kind": "meeting_decision", "text": "区委十一届九次全会任务分解" }],
        "priority": "general", "visibility": "internal",
    }});
    post.json("/api/v1/duties", &form).await.good().duty()
}

async fn act(post: &Post<'_>, id: DutyId, command: Value) -> Answer {
    post.json(&format!("/api/v1/duties/{id}/commands"), &json!({ "command": command })).await
}

async fn state(post: &Post<'_>, id: DutyId) -> String {
    let value = post.get(&format!("/api/v1/duties/{id}")).await.good().value();
    let duty = value.get("duty").unwrap_or(&value);
    duty.pointer("/state/name").or_else(|| duty.get("state")).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn from_registration_to_the_archive() {
    both("life", async |w: World| {
        let director = w.post("zfb.supervision").await;
        let handler = w.post("zjj.handler").await;
        let verifier = w.post("zfb.verifier").await;
        let id = register(&director, "巫家坝片区施工扬尘整治").await;
        act(&director, id, json!({ "act": "assign", "lead": "zjj" })).await.good();
        let inbox = handler.get("/inbox").await.good();
        assert!(inbox.text.contains("巫家坝片区施工扬尘整治"), "the inbox does not show it");
        act(&handler, id, json!({ "act": "accept" })).await.good();
        act(&handler, id, json!({ "act": "start", "note": "已到场勘查，制定整改清单" })).await.good();
        act(&handler, id, json!({ "act": "note_progress", "percent": 60, "text": "围挡喷淋已安装" }))
            .await
            .good();
        handler.upload(&format!("/api/v1/duties/{id}/files"), "photo.png").await.good();
        let submit =
            json!({ "act": "submit", "outcome": "resolved", "reply": "12处裸土全部覆盖，喷淋正常运行。" });
        act(&handler, id, submit).await.good();
        let own = act(
            &handler,
            id,
            json!({ "act": "verify", "kind": "site_check", "solved": "yes", "note": "自查" }),
        )
        .await;
        assert!(own.status >= 400, "the handler verified the own work");
        let verify =
            json!({ "act": "verify", "kind": "site_check", "solved": "yes", "note": "现场抽查3处，属实" });
        act(&verifier, id, verify).await.good();
        act(&director, id, json!({ "act": "close" })).await.good();
        assert_eq!(state(&director, id).await, "closed");
        act(&director, id, json!({ "act": "archive", "retention": "years30" })).await.good();
        let page = director.get(&format!("/d/{id}")).await.good();
        assert!(page.text.contains("巫家坝片区施工扬尘整治"));
        w.sound().await;
    });
}

#[test]
fn time_is_charged_to_whoever_holds_it() {
    both("bounce", async |w: World| {
        let director = w.post("zfb.supervision").await;
        let housing = w.post("zjj.chief").await;
        let arbiter = w.post("bb.arbiter").await;
        let id = register(&director, "跨部门管线权属不清").await;
        act(&director, id, json!({ "act": "assign", "lead": "zjj" })).await.good();
        w.at("2019-08-12T10:30");
        let back =
            json!({ "act": "return", "reason": "not_my_duty", "ground": "三定方案第五条，权属管理在城管局" });
        act(&housing, id, back).await.good();
        w.at("2019-08-12T15:00");
        let ruling =
            json!({ "act": "rule", "lead": "cgj", "ground": "编办裁定：按履职清单由城市管理局牵头" });
        act(&arbiter, id, ruling).await.good();
        assert_eq!(state(&director, id).await, "assigned");
        w.sound().await;
    });
}

#[test]
fn a_rung_is_climbed_once_and_tells_once() {
    both("ladder", async |w: World| {
        let director = w.post("zfb.supervision").await;
        let id = register(&director, "逾期升级").await;
        act(&director, id, json!({ "act": "assign", "lead": "swu", "due": "2019-08-14" })).await.good();
        w.at("2019-09-30T09:00");
        let who = duty::sweep::system(crate::world::D).unwrap();
        let first = duty::sweep::run(&w.app, &who).await.unwrap();
        let again = duty::sweep::run(&w.app, &who).await.unwrap();
        assert!(first >= 1, "nothing was escalated");
        assert_eq!(again, 0, "a rung was climbed twice");
        w.sound().await;
    });
}

#[test]
fn somebody_outside_sees_nothing_and_learns_nothing() {
    both("outside", async |w: World| {
        let director = w.post("zfb.supervision").await;
        let id = register(&director, "内部督办事项").await;
        act(&director, id, json!({ "act": "assign", "lead": "zjj" })).await.good();
        let stranger = w.post("swu.handler").await;
        let hidden = stranger.get(&format!("/api/v1/duties/{id}")).await;
        let absent = stranger.get("/api/v1/duties/00000000-0000-7000-8000-000000000000").await;
        assert_eq!((hidden.status, absent.status), (404, 404));
        assert_eq!(hidden.value()["code"], absent.value()["code"]);
    });
}
