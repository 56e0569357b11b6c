//! Pages and API through the router, as named posts.

use crate::tests_world::{World, both, form};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::i18n::keys_in;
use kernel::duty::{Act, Command};
use serde_json::{Value, json};

/// Texts of this area, both languages.
fn texts() -> base::i18n::Catalogue {
    base::i18n::Catalogue::with(&[crate::TEXTS]).unwrap()
}

#[test]
fn every_text_that_a_page_asks_for_exists() {
    let all = texts();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for key in keys_in(&source) {
            assert!(all.has(key), "{key}");
        }
        for part in source.split("\"du.").skip(1) {
            let key = format!("du.{}", part.split('"').next().unwrap());
            assert!(key.contains('{') || all.has(&key), "{key}");
        }
    }
    for act in Act::ALL {
        let code = serde_json::to_value(act).unwrap();
        let code = code.as_str().unwrap();
        assert!(all.has(&format!("du.about.{code}")), "{code}");
        assert!(all.has(&format!("done.duty.{code}")), "{code}");
    }
    let events = include_str!("../../kernel/src/duty/event.rs");
    for part in events.split("=> \"duty.").skip(1) {
        let kind = part.split('"').next().unwrap();
        assert!(all.has(&format!("du.event.{kind}")), "{kind}");
    }
}

#[test]
fn the_inbox_shows_signs_and_says_what_was_refused() {
    both("web_inbox", async |w| {
        let lead = w.department(3);
        let handler = w.post("handler", Some(&lead));
        let me = w.sign_in(&handler, "handler").await;
        let (status, _, text) = w.get(&me.0, "/inbox").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("没有等本岗办的事"), "{text}");
        let duty = w.given(&lead, "小区二次供水水压不足").await;
        for path in
            ["/inbox", "/inbox?unsigned=1&part=lead&kind=supervision", "/inbox?lang=en", "/inbox/handover"]
        {
            let (status, _, text) = w.get(&me.0, path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(text.contains("小区二次供水水压不足"), "{path}: {text}");
            assert!(!text.contains("du."), "{path} shows a key");
        }
        let (status, _, _) = w.get(&me.0, "/inbox?colour=red").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let id = duty.id.to_string();
        let (status, to, _) = w.post_form(&me, "/inbox/sign", &[("id", &id)]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/inbox?ok=duty.sign"));
        let (status, _, text) = w.post_form(&me, "/inbox/sign", &[("id", &id)]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(text.contains(&duty.no) && text.contains("有1件没有签收"), "{text}");
        let (status, _, _) = w.post_form(&me, "/inbox/sign", &[]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        Ok(())
    });
}

#[test]
fn a_duty_has_a_page_for_everything() {
    both("web_duty", async |w| {
        let lead = w.department(3);
        let handler = w.post("handler", Some(&lead));
        let me = w.sign_in(&handler, "handler").await;
        let duty = w.given(&lead, "老旧小区外墙脱落处置").await;
        let path = format!("/d/{}", duty.id);
        for query in ["", "?lang=en", "?order=oldest", "?as_of=2019-08-12"] {
            let (status, _, text) = w.get(&me.0, &format!("{path}{query}")).await;
            assert_eq!(status, StatusCode::OK, "{query}");
            assert!(text.contains("老旧小区外墙脱落处置") && text.contains("gd-hash"), "{query}");
            assert!(!text.contains("du."), "{query} shows a key");
        }
        let (status, to, _) = w.get(&me.0, &format!("/d/no/{}", base::web::encode(&duty.no))).await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, path.clone()));
        for act in Act::ALL {
            let code = serde_json::to_value(act).unwrap();
            let (status, _, text) = w.get(&me.0, &format!("{path}/{}", code.as_str().unwrap())).await;
            let own = matches!(act, Act::Register | Act::Draft);
            let expected = if own { StatusCode::CONFLICT } else { StatusCode::OK };
            assert_eq!(status, expected, "{act:?}");
            assert!(own || !text.contains("du."), "{act:?} shows a key");
        }
        let stranger = w.sign_in(&w.post("handler", Some(&w.department(4))), "stranger").await;
        assert_eq!(w.get(&stranger.0, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&stranger.0, "/d/none").await.0, StatusCode::NOT_FOUND);
        let (status, _, _) = w.post_form(&stranger, &format!("{path}/accept"), &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        Ok(())
    });
}

#[test]
fn a_refused_form_keeps_what_was_typed() {
    both("web_form", async |w| {
        let lead = w.department(3);
        let handler = w.post("handler", Some(&lead));
        let me = w.sign_in(&handler, "handler").await;
        let duty = w.given(&lead, "甲").await;
        let path = |act: &str| format!("/d/{}/{act}", duty.id);
        let rev = duty.rev.to_string();
        let (status, to, text) =
            w.post_form(&me, &path("accept"), &[("rev", &rev), ("back", "/inbox")]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/inbox?ok=duty.accept"), "{text}");
        let (status, _, text) =
            w.post_form(&me, &path("start"), &[("rev", &rev), ("start-note", "联系了物业")]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(text.contains("联系了物业"), "{text}");
        let now = (duty.rev + 1).to_string();
        let start = [("rev", now.as_str()), ("start-note", "联系了物业")];
        assert_eq!(w.post_form(&me, &path("start"), &start).await.0, StatusCode::SEE_OTHER);
        let (status, _, text) = w
            .post_form(
                &me,
                &path("ask_extend"),
                &[("ask_extend-to", "2019-2-30"), ("ask_extend-reason", "修缮单位未进场")],
            )
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains("修缮单位未进场") && text.contains("aria-invalid=\"true\""), "{text}");
        let (status, _, _) = w.post_form(&me, &path("ask_extend"), &[("ask_extend-until", "x")]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let ask = [("ask_extend-to", "2019-09-02"), ("ask_extend-reason", "修缮单位未进场")];
        let (status, to, text) = w.post_form(&me, &path("ask_extend"), &ask).await;
        assert_eq!((status, to.ends_with("ok=duty.ask_extend")), (StatusCode::SEE_OTHER, true), "{text}");
        // Without the form token nothing happens.
        let (status, _, _) = w.post_form(&(me.0.clone(), "x".to_owned()), &path("ask_extend"), &ask).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        Ok(())
    });
}

#[test]
fn supervision_registers_lists_searches_and_exports() {
    both("web_list", async |w| {
        let director = w.post("supervision_director", None);
        let me = w.sign_in(&director, "director").await;
        let lead = w.department(3).to_string();
        let (status, _, text) = w.get(&me.0, "/duties/new").await;
        assert!(status == StatusCode::OK && text.contains("督查督办"), "{text}");
        let fields = [
            ("kind", "supervision"),
            ("title", "=在建工地扬尘防治"),
            ("criterion", "三处全部整改并复查"),
            ("priority", "general"),
            ("visibility", "internal"),
            ("ground_kind", "instruction"),
            ("ground", "主要领导批示"),
            ("lead", lead.as_str()),
            ("do", "register"),
        ];
        let (status, _, text) = w.post_form(&me, "/duties/new", &fields[..6]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(text.contains("三处全部整改并复查"));
        let (status, to, text) = w.post_form(&me, "/duties/new", &fields).await;
        assert_eq!((status, to.contains("register_assign")), (StatusCode::SEE_OTHER, true), "{text}");
        for path in
            ["/duties", "/duties?light=warn&all=1", "/search?q=%E6%89%AC%E5%B0%98", "/duties?lang=en&mine=1"]
        {
            let (status, _, text) = w.get(&me.0, path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(path.contains("warn") || text.contains("在建工地扬尘防治"), "{path}");
            assert!(!text.contains("du."), "{path} shows a key");
        }
        let (status, _, text) = w.get(&me.0, "/duties/export").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.starts_with('\u{feff}') && text.contains("'=在建工地扬尘防治"), "{text}");
        let handler = w.sign_in(&w.post("handler", Some(&w.department(4))), "handler").await;
        assert_eq!(w.get(&handler.0, "/duties/export").await.0, StatusCode::FORBIDDEN);
        let (status, _, text) = w.get(&handler.0, "/duties/new").await;
        assert!(status == StatusCode::OK && text.contains("value=\"request\""));
        assert!(!text.contains("value=\"supervision\""));
        let auditor = w.sign_in(&w.post("auditor", None), "auditor").await;
        assert_eq!(w.get(&auditor.0, "/duties/new").await.0, StatusCode::FORBIDDEN);
        assert_eq!(w.get(&me.0, "/duties?state=lost").await.0, StatusCode::BAD_REQUEST);
        Ok(())
    });
}

fn multipart(fields: &[(&str, &str)], file: &[u8]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"纪要.pdf\"\r\nContent-Type: application/pdf\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--b--\r\n");
    ("multipart/form-data; boundary=b".to_owned(), body)
}

async fn upload(
    w: &World,
    me: &(String, String),
    path: &str,
    key: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
    let token = [("_token", me.1.as_str())];
    let (kind, body) =
        multipart(&[&token, fields].concat(), b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF");
    let request = Request::post(path)
        .header(header::COOKIE, format!("gd_session={}", me.0))
        .header(header::CONTENT_TYPE, kind)
        .header("idempotency-key", key);
    let (status, _, text) = w.ask(request.body(Body::from(body)).unwrap()).await;
    (status, text)
}

#[test]
fn programs_do_what_people_do() {
    both("api", async |w| {
        let lead = w.department(3);
        let director = w.sign_in(&w.post("supervision_director", None), "director").await;
        let me = w.sign_in(&w.post("handler", Some(&lead)), "handler").await;
        let body = json!({ "form": form("supervision", "深基坑监测资料补正"), "lead": lead });
        let (status, _, first) = w.call(&director, "/api/v1/duties", Some("k1"), &body).await;
        assert_eq!(status, StatusCode::CREATED, "{first}");
        let (_, _, again) = w.call(&director, "/api/v1/duties", Some("k1"), &body).await;
        assert_eq!(first, again);
        let made: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(made["receipts"].as_array().unwrap().len(), 2);
        let id = made["duty"]["id"].as_str().unwrap().to_owned();
        let inbox: Value = serde_json::from_str(&w.get(&me.0, "/api/v1/inbox?unsigned=1").await.2).unwrap();
        assert_eq!(inbox["items"][0]["id"], json!(id));
        let (_, _, signed) = w.call(&me, "/api/v1/inbox/sign", None, &json!({ "ids": [id] })).await;
        let signed: Value = serde_json::from_str(&signed).unwrap();
        assert_eq!((&signed["signed"][0], signed["refused"].as_array().unwrap().len()), (&json!(id), 0));
        let path = format!("/api/v1/duties/{id}");
        let commands = format!("{path}/commands");
        let start = json!({ "command": { "act": "start", "note": "已到现场" }, "rev": 2 });
        assert_eq!(w.call(&me, &commands, None, &start).await.0, StatusCode::CONFLICT);
        let start = json!({ "command": { "act": "start", "note": "已到现场" }, "rev": 3 });
        assert_eq!(w.call(&me, &commands, Some("k2"), &start).await.0, StatusCode::OK);
        let wrong = json!({ "command": { "act": "start", "note": "x", "colour": "red" } });
        assert_eq!(w.call(&me, &commands, None, &wrong).await.0, StatusCode::BAD_REQUEST);

        let files = format!("{path}/files");
        let (status, text) =
            upload(&w, &me, &files, "k3", &[("kind", "minutes"), ("note", "会商纪要")]).await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
        assert_eq!(upload(&w, &me, &files, "k3", &[("kind", "minutes"), ("note", "会商纪要")]).await.1, text);
        assert_eq!(upload(&w, &me, &files, "k4", &[("kind", "secret")]).await.0, StatusCode::BAD_REQUEST);
        let full: Value = serde_json::from_str(&w.get(&me.0, &path).await.2).unwrap();
        assert_eq!(full["duty"]["evidence"].as_array().unwrap().len(), 1);
        assert!(!full["clocks"][0]["text"]["zh"].as_str().unwrap().is_empty());
        let sum = |field: &str| {
            full["holders"].as_array().unwrap().iter().map(|h| h[field].as_i64().unwrap()).sum::<i64>()
        };
        assert_eq!((sum("natural_minutes"), sum("office_minutes")), (0, 0));
        assert!(
            full["offers"].as_array().unwrap().iter().any(|o| o["act"] == "submit" && o["primary"] == true)
        );
        let events: Value = serde_json::from_str(&w.get(&me.0, &format!("{path}/events")).await.2).unwrap();
        assert_eq!(events["items"].as_array().unwrap().len(), 5);

        let file = full["duty"]["evidence"][0]["file"].as_str().unwrap().to_owned();
        let address = format!("/files/{file}?of={id}");
        assert_eq!(w.get(&me.0, &address).await.0, StatusCode::OK);
        assert_eq!(w.get(&director.0, &address).await.0, StatusCode::OK);
        assert_eq!(
            w.get(&director.0, &format!("/files/{file}?of={}", kernel::DutyId::parse("x", &file)?)).await.0,
            StatusCode::NOT_FOUND
        );
        let stranger = w.sign_in(&w.post("handler", Some(&w.department(4))), "stranger").await;
        assert_eq!(w.get(&stranger.0, &address).await.0, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&stranger.0, &format!("/files/{file}")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(w.get(&stranger.0, &path).await.0, StatusCode::NOT_FOUND);
        let page = w.get(&me.0, &format!("/d/{id}")).await.2;
        assert!(page.contains("会商纪要") && page.contains("未核对"), "{page}");
        Ok(())
    });
}

#[test]
fn the_api_is_described_and_every_route_is_listed() {
    let doc = serde_json::to_value(crate::web::openapi()).unwrap();
    let listed: Vec<&str> =
        crate::web::ROUTES.iter().map(|r| r.path).filter(|p| p.starts_with("/api/")).collect();
    for path in &listed {
        assert!(doc["paths"].get(*path).is_some(), "{path} is not described");
    }
    let described = doc["paths"].as_object().unwrap().len();
    let distinct: std::collections::BTreeSet<_> = listed.iter().collect();
    assert_eq!(described, distinct.len());
    assert_eq!(serde_json::to_value(Command::Close).unwrap(), json!({ "act": "close" }));
}
