//! Boards of units through the router, and the signed-in browser that the tests of boards share.

use crate::tests::world::{D, World, both, new};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base::Outcome;
use base::session::{self, New, Terms};
use base::web::encode;
use kernel::PostCode;
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use std::net::SocketAddr;
use tower::ServiceExt;

/// Somebody signed in as a post.
pub(in crate::web) struct Staff {
    router: Router,
    cookie: String,
    csrf: String,
    pub(in crate::web) lang: &'static str,
}

/// What was answered.
pub(in crate::web) struct Page {
    pub(in crate::web) status: u16,
    pub(in crate::web) to: String,
    pub(in crate::web) text: String,
}

impl Staff {
    pub(in crate::web) async fn new(w: &World, post: &str) -> Staff {
        let code = PostCode::parse("post", post).unwrap();
        let tag: [u8; 3] = w.app.ids.bytes();
        let login = Login::parse("login", &format!("p{}", base::hex(&tag))).unwrap();
        let person = NewPerson {
            login,
            name: post.to_owned(),
            email: String::new(),
            password_hash: "none".to_owned(),
            must_change: false,
        };
        let tokens: ([u8; 32], [u8; 32]) = (w.app.ids.bytes(), w.app.ids.bytes());
        let (session, cookie) = w
            .system(move |op| {
                let person = add_unjudged(op, &person)?;
                appoint_unjudged(op, person, &code)?;
                let new =
                    New { token: tokens.0, csrf: tokens.1, person, post: code.clone(), second_factor: true };
                let terms = Terms { idle: 36_000_000, absolute: 360_000_000 };
                session::create(op.tx, D, &new, terms, op.now())
            })
            .await
            .unwrap();
        let router = base::web::finish(crate::web::routes(), w.app.clone());
        Staff { router, cookie, csrf: session.csrf, lang: "zh-CN" }
    }
    async fn ask(&self, method: &str, path: &str, body: String) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", self.lang)
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("gd_session={}", self.cookie))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 9, 8, 7], 4000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let to =
            response.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Page { status, to, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
    pub(in crate::web) async fn get(&self, path: &str) -> Page {
        self.ask("GET", path, String::new()).await
    }
    pub(in crate::web) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = (base::web::ui::form::TOKEN, self.csrf.as_str());
        let all = fields.iter().chain([&token]);
        let body: Vec<String> = all.map(|(k, v)| format!("{k}={}", encode(v))).collect();
        self.ask("POST", path, body.join("&")).await
    }
}

impl Page {
    #[track_caller]
    pub(in crate::web) fn good(self) -> Page {
        assert!(self.status < 400, "{}: {}", self.status, self.text);
        self
    }
    #[track_caller]
    pub(in crate::web) fn has(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.text.contains(part), "{part} not in {}", self.text);
        }
    }
    #[track_caller]
    pub(in crate::web) fn lacks(&self, parts: &[&str]) {
        for part in parts {
            assert!(!self.text.contains(part), "{part} in {}", self.text);
        }
    }
    /// The row of a table that holds a text, without its tags.
    #[track_caller]
    pub(in crate::web) fn row(&self, with: &str) -> String {
        let rows = self.text.split("<tr").filter_map(|part| part.split("</tr>").next());
        let row = rows
            .into_iter()
            .find(|row| row.contains(with))
            .unwrap_or_else(|| panic!("{with}: {}", self.text));
        row.split('<')
            .filter_map(|part| part.split_once('>'))
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[test]
fn a_unit_sees_what_it_has_in_hand_and_others_only_how_much() {
    both("board_unit", async |w: World| -> Outcome<()> {
        for n in 1..=2_u32 {
            let mut one = new("020103", &format!("盲道被杂物占用第{n}处"), &format!("1380000{n:04}"));
            one.place.address = format!("关上中路{n}号");
            let filed = w.file("gd.resident", one).await?;
            w.dispatched(filed.case).await?;
        }
        let lead = w
            .app
            .db
            .read(|tx| {
                tx.one("select unit from case_item where district = $1 limit 1", &[D.into()], |row| {
                    row.text(0)
                })
            })
            .await?
            .unwrap();
        let own = Staff::new(&w, &w.post_of("handler", &lead)).await;
        let page = own.get("/cases/unit").await.good();
        page.has(&[
            &format!("data-live=\"unit:{lead}\""),
            "盲道被杂物占用第1处",
            "盲道被杂物占用第2处",
            "待签收",
        ]);
        assert!(
            page.row("530111001001").contains('2')
                || page.text.contains("/cases/hot/cases?place=530111001001"),
            "the place came back"
        );
        // Another unit's handler sees how much there is, not what.
        let other = if lead == "zjj" { "cgj" } else { "zjj" };
        let other = Staff::new(&w, &w.post_of("handler", other)).await;
        let page = other.get(&format!("/cases/unit?unit={lead}")).await.good();
        page.lacks(&["盲道被杂物占用第1处"]);
        assert_eq!(other.get("/cases/unit?unit=nowhere").await.status, 404);
        let admin = Staff::new(&w, "qwb.security-admin").await;
        assert_eq!(admin.get("/cases/unit").await.status, 403);
        Ok(())
    });
}
