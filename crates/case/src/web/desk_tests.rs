//! The desk's pages through the router, as named posts, on both databases.

use crate::model::Stage;
use crate::tests::world::{D, World, both, new};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::i18n::keys_in;
use base::session::{self, New, Terms};
use base::web::encode;
use kernel::duty::Command as Duty;
use kernel::{DutyId, PostCode};
use tower::ServiceExt;

/// Somebody who is signed in.
struct Desk {
    router: Router,
    cookie: String,
    csrf: String,
}

struct Page {
    status: u16,
    to: String,
    text: String,
}

async fn sign_in(w: &World, post: &str) -> Desk {
    let code = PostCode::parse("post", post).unwrap();
    let core = w.app.clone();
    let login = post.replace('.', "-");
    let (cookie, csrf) = w
        .system(move |op| {
            let new = org::act::NewPerson {
                login: org::model::Login::parse("login", &login)?,
                name: login.clone(),
                email: format!("{login}@example.org"),
                password_hash: String::new(),
                must_change: false,
            };
            let person = org::act::add_unjudged(op, &new)?;
            org::act::appoint_unjudged(op, person, &code)?;
            let csrf: [u8; 32] = core.ids.bytes();
            let new = New { token: core.ids.bytes(), csrf, person, post: code.clone(), second_factor: false };
            let terms = Terms::of(&core.config.security);
            let (session, cookie) = session::create(op.tx, D, &new, terms, op.now())?;
            Ok((cookie, session.csrf))
        })
        .await
        .unwrap();
    Desk { router: base::web::finish(crate::web::routes(), w.app.clone()), cookie, csrf }
}

impl Desk {
    async fn ask(&self, request: axum::http::request::Builder, body: String) -> Page {
        let request =
            request.header("cookie", format!("gd_session={}", self.cookie)).header("accept", "text/html");
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let to =
            response.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Page { status, to, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
    async fn get(&self, path: &str) -> Page {
        let page = self.ask(Request::get(path), String::new()).await;
        for untold in [">desk.", "\"desk.", ">done."] {
            assert!(!page.text.contains(untold), "{path} shows a key: {}", page.text);
        }
        page
    }
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("_token={}", encode(&self.csrf));
        for (k, v) in fields {
            body.push_str(&format!("&{k}={}", encode(v)));
        }
        self.ask(Request::post(path).header("content-type", "application/x-www-form-urlencoded"), body).await
    }
    async fn does(&self, id: DutyId, act: &str, fields: &[(&str, &str)]) {
        let done = self.post(&format!("/c/{id}/{act}"), fields).await;
        assert_eq!((done.status, done.to), (303, format!("/c/{id}?ok=case.{act}")), "{}", done.text);
    }
}

async fn cases(w: &World) -> Vec<DutyId> {
    let sql = "select id from case_item where district = $1 order by id";
    w.app.db.read(move |tx| tx.query(sql, &[D.into()], |row| row.parsed(0))).await.unwrap()
}

#[test]
fn every_text_that_the_desk_asks_for_exists() {
    let all = base::i18n::Catalogue::with(&[duty::TEXTS, crate::TEXTS]).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    for name in [
        "desk",
        "phone",
        "grid",
        "queue",
        "queue_help",
        "callback",
        "panel",
        "detail",
        "detail_acts",
        "detail_parse",
        "detail_side",
        "detail_view",
    ] {
        let source = std::fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
        for key in keys_in(&source) {
            assert!(all.has(key), "{name}: {key}");
        }
        for part in source.split("\"desk.").skip(1) {
            let key = format!("desk.{}", part.split('"').next().unwrap());
            assert!(key.contains('{') || key == "desk.filed" || all.has(&key), "{name}: {key}");
        }
    }
    for act in crate::model::Act::ALL {
        use crate::model::Act as A;
        let own = matches!(act, A::Rate | A::Reveal | A::ExportPersonal);
        assert!(own || all.has(&format!("done.case.{}", act.code())), "{act:?}");
    }
    for kind in crate::event::Event::KINDS {
        let kind = kind.trim_start_matches("case.");
        assert!(all.has(&format!("desk.event.{kind}")), "{kind}");
    }
}

#[test]
fn an_operator_files_once_and_sees_who_called_before() {
    both("desk_phone", async |w: World| {
        let op = sign_in(&w, "zwj.operator").await;
        let blank = op.get("/cases/new").await;
        assert_eq!(blank.status, 200, "{}", blank.text);
        let no = op.post("/cases/new", &[("go", "file"), ("what", "路灯不亮，晚上看不见路")]).await;
        assert_eq!(no.status, 400, "{}", no.text);
        assert!(no.text.contains("路灯不亮，晚上看不见路"), "what was typed is gone");
        let call = [
            ("go", "file"),
            ("key", "k1"),
            ("phone", "13812345678"),
            ("what", "路灯不亮，晚上看不见路"),
            ("when", "昨晚八点"),
            ("place", "530111001001"),
            ("address", "关上中路18号"),
        ];
        let one = op.post("/cases/new", &call).await;
        assert_eq!(one.status, 200, "{}", one.text);
        let two = op.post("/cases/new", &call).await;
        assert_eq!(two.status, 200, "{}", two.text);
        let all = cases(&w).await;
        assert_eq!(all.len(), 1, "a second send filed again");
        let case = w.case(all[0]).await;
        assert!(one.text.contains(&case.no) && two.text.contains(&case.no));
        assert!(case.filing.text.as_str().contains("时间：昨晚八点"), "{}", case.filing.text.as_str());
        let hints =
            op.post("/cases/new/hints", &[("phone", "138 1234 5678"), ("what", "路灯还是不亮")]).await;
        assert_eq!(hints.status, 200, "{}", hints.text);
        assert!(hints.text.contains("138****5678") && hints.text.contains(&case.no), "{}", hints.text);
        assert!(!hints.text.contains("13812345678"));
        let answer = op
            .post(
                "/cases/new",
                &[
                    ("go", "answer"),
                    ("key", "k2"),
                    ("anonymous", "1"),
                    ("what", "医保怎么转移"),
                    ("answer", "请带身份证到街道窗口办理。"),
                ],
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let last = *cases(&w).await.last().unwrap();
        assert_eq!(w.stage(last).await, Stage::Answered);
        let handler = sign_in(&w, &w.post_with("handler")).await;
        assert_eq!(handler.get("/cases/new").await.status, 404);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn one_case_goes_through_every_desk() {
    both("desk_course", async |w: World| {
        let filed = w.file("gd.resident", new("", "关上中路路口积水，行人过不去", "13812345678")).await?;
        let id = filed.case;
        let dispatcher = sign_in(&w, "zwj.dispatcher").await;
        let queue = dispatcher.get("/cases").await;
        assert_eq!(queue.status, 200, "{}", queue.text);
        assert!(queue.text.contains(&filed.no), "{}", queue.text);
        let leaf = w.book.categories.values().find(|c| {
            c.leaf
                && c.kinds.contains(&kernel::cases::CaseKind::Help)
                && w.book.route(c, w.book.org.units.keys().find(|u| u.as_str() == "530111001001")).is_some()
        });
        let category = leaf.unwrap().code.to_string();
        let sent = dispatcher.post("/cases/dispatch", &[("go", &format!("{id}|{category}"))]).await;
        assert_eq!((sent.status, sent.to.as_str()), (303, "/cases?ok=case.dispatched"), "{}", sent.text);
        let lead = w.duty(id).await.lead.unwrap().to_string();
        let post = w.post_of("handler", &lead);
        let handler = sign_in(&w, &post).await;
        w.duty_does(&post, id, Duty::Accept { handler: None }).await?;
        let seen = handler.get(&format!("/c/{id}")).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        assert!(seen.text.contains("138****5678") && !seen.text.contains("13812345678"), "{}", seen.text);
        let shown = handler.post(&format!("/c/{id}/reveal"), &[("reason", "nothing")]).await;
        assert_eq!(shown.status, 400, "{}", shown.text);
        let reason = w.book.case_rules().unwrap().reveal_reasons.keys().next().unwrap().to_string();
        let shown = handler.post(&format!("/c/{id}/reveal"), &[("reason", &reason)]).await;
        assert!(shown.status == 200 && shown.text.contains("13812345678"), "{}", shown.text);
        let bad =
            handler.post(&format!("/c/{id}/contact"), &[("way", "phone"), ("note", "说好下午到")]).await;
        assert!(bad.status == 400 && bad.text.contains("说好下午到"), "{}", bad.text);
        handler.does(id, "contact", &[("way", "phone"), ("reached", "yes"), ("note", "说好下午到")]).await;
        w.evidence(&post, id).await?;
        handler
            .does(
                id,
                "reply",
                &[
                    ("outcome", "resolved"),
                    ("public", "已抽排积水，欢迎监督。"),
                    ("elements", "accepted"),
                    ("elements", "spoken"),
                    ("elements", "measures"),
                    ("elements", "limit"),
                ],
            )
            .await;
        let operator = sign_in(&w, "zwj.operator").await;
        assert!(operator.get(&format!("/c/{id}")).await.text.contains("name=\"passed\""));
        operator.does(id, "audit", &[("passed", "yes")]).await;
        assert_eq!(handler.get("/callbacks").await.status, 404);
        w.at((2019, 8, 20), 10, 0);
        let caller = sign_in(&w, "zwj.callback").await;
        let list = caller.get("/callbacks").await;
        assert!(list.status == 200 && list.text.contains(&filed.no), "{}", list.text);
        caller
            .does(
                id,
                "call_back",
                &[("reached", "yes"), ("contacted", "yes"), ("solved", "no"), ("grade", "dissatisfied")],
            )
            .await;
        let class = w.book.case_rules().unwrap().exclusions.iter().find(|(_, r)| r.files == 0);
        if let Some((class, _)) = class {
            handler
                .does(id, "propose_exclusion", &[("class", class.as_str()), ("evidence", "情况见说明")])
                .await;
            let panel = sign_in(&w, "xfj.panel").await;
            let waiting = panel.get("/exclusions").await;
            assert!(waiting.text.contains(&filed.no), "{}", waiting.text);
            panel.does(id, "decide_exclusion", &[("granted", "no"), ("ground", "不符合情形")]).await;
        }
        w.sound().await;
        Ok(())
    });
}

#[test]
fn the_page_of_a_case_offers_nothing_that_the_policy_forbids() {
    both("desk_offers", async |w: World| {
        let filed = w.file("gd.resident", new("", "关上中路路口积水，行人过不去", "13812345678")).await?;
        let stranger = sign_in(&w, &w.post_with("handler")).await;
        assert_eq!(stranger.get(&format!("/c/{}", filed.case)).await.status, 404);
        let sent = stranger.post(&format!("/c/{}/dispatch", filed.case), &[]).await;
        assert_eq!(sent.status, 404);
        let operator = sign_in(&w, "zwj.operator").await;
        let page = operator.get(&format!("/c/{}", filed.case)).await;
        assert!(!page.text.contains("/refuse\"") && page.text.contains("/classify\""), "{}", page.text);
        let shut = operator.get(&format!("/c/{}/refuse", filed.case)).await;
        assert!(shut.status == 200 && !shut.text.contains("name=\"route\""), "{}", shut.text);
        let watcher = sign_in(&w, "jw.audit-admin").await;
        assert_eq!(watcher.get(&format!("/c/{}", filed.case)).await.status, 403);
        assert_eq!(watcher.get("/reveals").await.status, 200);
        assert_eq!(operator.get("/reveals").await.status, 404);
        assert_eq!(operator.get("/deferrals").await.status, 200);
        Ok(())
    });
}

#[test]
fn a_grid_report_that_is_sent_twice_is_one() {
    both("desk_grid", async |w: World| {
        let worker = sign_in(&w, &w.post_with("grid_worker")).await;
        let page = worker.get("/grid").await;
        assert!(page.status == 200 && page.text.contains("grid.js"), "{}", page.text);
        let report =
            [("key", "g1"), ("what", "单元门口堆放杂物"), ("tried", "已劝离"), ("place", "530111001001")];
        for _ in 0..2 {
            let sent = worker.post("/grid", &report).await;
            assert_eq!((sent.status, sent.to.as_str()), (303, "/grid?ok=case.filed"), "{}", sent.text);
        }
        let all = cases(&w).await;
        assert_eq!(all.len(), 1);
        assert!(w.case(all[0]).await.is_staff());
        let other =
            worker.post("/grid", &[("key", "g1"), ("what", "另一件事"), ("place", "530111001001")]).await;
        assert!(other.status >= 400, "a used key took another report");
        Ok(())
    });
}
