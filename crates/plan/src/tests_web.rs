//! Pages and API through the router, as named posts.

use crate::testing::{D, World, at, both};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::session::{self, New, Terms};
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use tower::ServiceExt;

pub(crate) struct Seat {
    router: Router,
    cookie: String,
    pub(crate) csrf: String,
}

pub(crate) async fn seat(w: &World, post: &str) -> Seat {
    let code = kernel::PostCode::parse("post", post).unwrap();
    let tag: [u8; 3] = w.app.ids.bytes();
    let new = NewPerson {
        login: Login::parse("login", &format!("p{}", base::hex(&tag))).unwrap(),
        name: post.to_owned(),
        email: String::new(),
        password_hash: "none".to_owned(),
        must_change: false,
    };
    let tokens: ([u8; 32], [u8; 32]) = (w.app.ids.bytes(), w.app.ids.bytes());
    let who = duty::sweep::system(D).unwrap();
    let (session, cookie) = w
        .app
        .write(&who, move |op| {
            let person = add_unjudged(op, &new)?;
            appoint_unjudged(op, person, &code)?;
            let new =
                New { token: tokens.0, csrf: tokens.1, person, post: code.clone(), second_factor: true };
            session::create(op.tx, D, &new, Terms { idle: 36_000, absolute: 360_000 }, op.now())
        })
        .await
        .unwrap();
    Seat { router: base::web::finish(crate::web::routes(), w.app.clone()), cookie, csrf: session.csrf }
}

impl Seat {
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        lang: &str,
        body: Option<(&str, String)>,
    ) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", lang)
            .header("cookie", format!("gd_session={}", self.cookie))
            .header("x-csrf-token", &self.csrf);
        let request = match body {
            Some((kind, text)) => request.header("content-type", kind).body(Body::from(text)),
            None => request.body(Body::empty()),
        };
        let answer = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), 4 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        self.send("GET", path, "zh-CN", None).await
    }
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let token = ("_token", self.csrf.as_str());
        let pairs: Vec<String> = fields
            .iter()
            .copied()
            .chain(std::iter::once(token))
            .map(|(k, v)| format!("{k}={}", base::web::encode(v)))
            .collect();
        self.send("POST", path, "zh-CN", Some(("application/x-www-form-urlencoded", pairs.join("&")))).await
    }
    async fn json(&self, path: &str, body: &str) -> (u16, String) {
        self.send("POST", path, "zh-CN", Some(("application/json", body.to_owned()))).await
    }
}

#[test]
fn pages_draw_in_both_languages() {
    both("pages", async |w| {
        w.load(&["Q-01", "Q-02", "Q-03", "M-088", "M-001"]).await;
        w.go(at(8, 12, 9));
        let mayor = seat(&w, "ld.mayor").await;
        for lang in ["zh-CN", "en"] {
            for path in [
                "/plan",
                "/plan?item=Q-01",
                "/plan?item=Q-03&list=district&light=red",
                "/plan?open=M-088&all=environment&unit=cgj",
                "/plan?issues=1&as_of=2019-03-29",
                "/plan/Q-01",
                "/plan/M-001?as_of=2019-03-29",
                "/plan/changes",
                "/plan/changes?state=asked",
            ] {
                let (status, html) = mayor.send("GET", path, lang, None).await;
                assert_eq!(status, 200, "{path}: {html}");
                assert!(!html.contains(">plan.") && !html.contains("\"plan."), "{path}: a key shows");
                assert!(!html.contains("style=\"") && html.matches("<h1").count() == 1, "{path}");
            }
        }
        let (_, tree) = mayor.get("/plan?item=Q-01").await;
        for text in [
            "137项市级工作要点与21项区级重点事项",
            "加码3.0%",
            "合计比上级多9亿元",
            "id=\"detail\"",
            "Q-01-3",
        ] {
            assert!(tree.contains(text), "{text}");
        }
        let (status, csv) = mayor.get("/plan/export.csv?list=district").await;
        assert_eq!((status, csv.lines().count()), (200, 22));
        assert_eq!(mayor.get("/plan?light=blue").await.0, 400);
        assert_eq!(mayor.get("/plan?sort=x").await.0, 400);
        assert_eq!(mayor.get("/plan/Q-99").await.0, 404);
        Ok(())
    });
}

#[test]
fn forms_and_api_take_figures_and_changes() {
    both("forms", async |w| {
        w.load(&["Q-01"]).await;
        w.go(at(8, 12, 9));
        let (chief, mayor) = (seat(&w, "fgj.chief").await, seat(&w, "ld.mayor").await);
        let other = seat(&w, "swj.handler").await;
        let figure =
            |value| [("code", "Q-01"), ("value", value), ("day", "2019-08-12"), ("note", "七月入库清单")];
        let (status, html) = chief.form("/plan/Q-01/value", &figure("-3")).await;
        assert_eq!(status, 400);
        assert!(html.contains("数值不能小于0") && html.contains("七月入库清单"), "what was typed stays");
        assert_eq!(chief.form("/plan/Q-01/value", &figure("58.6")).await.0, 303);
        assert_eq!(other.form("/plan/Q-01/value", &figure("60")).await.0, 403);
        let (status, body) = chief.json("/api/v1/plan/Q-01/values", r#"{"value":"59","grade":"S"}"#).await;
        assert!(status == 422 && body.contains("plan.statistical"), "{body}");
        assert_eq!(chief.json("/api/v1/plan/Q-01/values", r#"{"value":"59","grade":"R"}"#).await.0, 201);
        assert_eq!(chief.json("/api/v1/plan/Q-01/values", r#"{"value":"59","book":"s"}"#).await.0, 400);

        let ask = [
            ("what", "target"),
            ("target", "309"),
            ("reason", "与分解合计一致"),
            ("due", ""),
            ("criterion", ""),
        ];
        assert_eq!(chief.form("/plan/Q-01/change", &ask).await.0, 303);
        let (status, html) = chief.form("/plan/Q-01/change", &ask).await;
        assert!(status == 409 && html.contains("同类申请正在等待审批"));
        let (_, html) = mayor.get("/plan/changes").await;
        assert!(html.contains("Q-01-C1") && html.contains("/plan/changes/Q-01-C1/decide"));
        assert!(!chief.get("/plan/changes").await.1.contains("/plan/changes/Q-01-C1/decide"));
        let no = [("no", "Q-01-C1"), ("back", "list"), ("approve", "no"), ("document", ""), ("why", "")];
        let (status, html) = mayor.form("/plan/changes/Q-01-C1/decide", &no).await;
        assert!(status == 422 && html.contains("不同意须说明理由"));
        let (status, body) = mayor.json("/api/v1/plan/changes/Q-01-C1/decide", r#"{"approve":true}"#).await;
        assert!(status == 200 && body.contains("\"approved\""), "{body}");

        let (status, body) = mayor.get("/api/v1/plan?list=district&limit=2").await;
        assert!(status == 200 && body.contains("\"next\":\"Q-02\""), "{body}");
        assert!(
            mayor.get("/api/v1/plan?list=district&limit=50&after=Q-20").await.1.contains("\"code\":\"Q-21\"")
        );
        assert_eq!(mayor.get("/api/v1/plan?sort=1").await.0, 400);
        let (status, body) = mayor.get("/api/v1/plan/Q-01").await;
        assert!(
            status == 200 && body.contains("\"target\":\"309\"") && body.contains("\"value\":\"59\""),
            "{body}"
        );
        assert!(mayor.get("/api/v1/plan/changes").await.1.contains("Q-01-C1"));
        assert!(crate::web::openapi().paths.paths.len() >= 6);
        Ok(())
    });
}
