//! Bad input: a named refusal in both languages, the next step, and no partial effect.

use crate::world::{D, World, both};
use serde_json::{Value, json};

fn form() -> Value {
    json!({
        "kind": "supervision", "title": "积水点整治", "criterion": "雨后半小时无积水",
        "ground": [{ "kind": "meeting_decision", "text": "区政府常务会议" }],
        "priority": "general", "visibility": "internal",
    })
}

async fn events(w: &World) -> u64 {
    let sql = "select count(*) from event where district = $1 and subject_kind = 'duty'";
    w.app.db.read(move |tx| tx.one(sql, &[D.into()], |row| row.count(0))).await.unwrap().unwrap()
}

#[test]
fn a_malformed_form_is_refused_and_leaves_nothing() {
    both("bad_form", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let mut bad: Vec<(&str, Value)> = Vec::new();
        for (field, value) in [
            ("title", json!("")),
            ("title", json!("长".repeat(121))),
            ("title", json!("有\u{0007}控制字符")),
            ("kind", json!("no such kind!")),
            ("planned_due", json!("2019-02-30")),
            ("priority", json!("very")),
            ("unknown_field", json!(1)),
        ] {
            let mut form = form();
            form[field] = value;
            bad.push((field, json!({ "form": form })));
        }
        for (field, body) in bad {
            let answer = post.json("/api/v1/duties", &body).await;
            assert!(matches!(answer.status, 400 | 422), "{field}: {} {}", answer.status, answer.text);
            let problem = answer.value();
            assert!(
                problem["code"].is_string() && problem["other"]["title"].is_string(),
                "{field}: {problem}"
            );
        }
        assert_eq!(events(&w).await, 0);
    });
}

#[test]
fn bodies_that_are_no_json_are_refused_by_name() {
    both("bad_body", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let send = async |kind: &str, text: &str| {
            post.send("POST", "/api/v1/duties", Some((kind, text.to_owned()))).await
        };
        send("application/json", "{").await.refused(400, "request.json");
        send("text/plain", "{}").await.refused(415, "request.media_type");
        send("application/json", &format!("\"{}\"", "x".repeat(40 << 20)))
            .await
            .refused(413, "request.too_large");
        assert_eq!(events(&w).await, 0);
    });
}

#[test]
fn a_past_due_day_is_refused() {
    both("past_due", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let mut late = form();
        late["planned_due"] = json!("2019-08-01");
        let answer = post.json("/api/v1/duties", &json!({ "form": late })).await;
        answer.refused(400, "duty.due_past");
        assert_eq!(events(&w).await, 0);
    });
}

#[test]
fn a_stale_version_and_a_second_lead_are_refused() {
    both("stale", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let id = post.json("/api/v1/duties", &json!({ "form": form() })).await.good().duty();
        let path = format!("/api/v1/duties/{id}/commands");
        let assign =
            |lead: &str, rev: u64| json!({ "command": { "act": "assign", "lead": lead }, "rev": rev });
        post.json(&path, &assign("zjj", 1)).await.good();
        let stale = post.json(&path, &assign("swu", 1)).await;
        assert_eq!(stale.status, 409, "{}", stale.text);
        let second = post.json(&path, &assign("swu", 2)).await;
        assert!(matches!(second.status, 409 | 422), "a second lead: {}", second.text);
        let read = post.get(&format!("/api/v1/duties/{id}")).await.good().value();
        let lead = read.pointer("/duty/lead").or_else(|| read.get("lead")).cloned();
        assert_eq!(lead, Some(json!("zjj")));
        w.sound().await;
    });
}

#[test]
fn an_idempotency_key_makes_one_of_two() {
    both("idem", async |w: World| {
        let post = w.post("zfb.supervision").await;
        let body = json!({ "form": form() }).to_string();
        let once = async |body: &str| post.keyed("/api/v1/duties", "key-1", body).await;
        let first = once(&body).await.good().duty();
        let again = once(&body).await.good().duty();
        assert_eq!(first, again);
        let mut other = form();
        other["title"] = json!("另一件事");
        once(&json!({ "form": other }).to_string()).await.refused(409, "common.idempotency_key_reused");
        assert_eq!(events(&w).await, 1);
    });
}

#[test]
fn a_form_without_its_token_is_refused() {
    both("csrf", async |w: World| {
        let mut post = w.post("zfb.supervision").await;
        post.csrf = "forged".to_owned();
        let answer = post.json("/api/v1/duties", &json!({ "form": form() })).await;
        answer.refused(403, "auth.bad_form_token");
        assert_eq!(events(&w).await, 0);
    });
}

#[test]
fn english_comes_first_for_an_english_reader() {
    both("english", async |w: World| {
        let post = w.post("zfb.supervision").await.english();
        let answer = post.get("/api/v1/duties/00000000-0000-7000-8000-000000000000").await;
        assert_eq!(answer.status, 404);
        let problem = answer.value();
        assert!(problem["title"].as_str().unwrap().is_ascii(), "{problem}");
        assert_eq!(problem["other"]["lang"], "zh-CN");
    });
}
