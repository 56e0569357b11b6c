//! The portal through the router: filing, receipt, tracking, public pages, on both databases.

use crate::tests::world::{D, World, both};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use base::Outcome;
use base::web::encode;
use kernel::DutyId;
use std::net::SocketAddr;
use tower::ServiceExt;

/// A browser without cookies.
struct Browser {
    router: Router,
    lang: &'static str,
}

struct Page {
    status: u16,
    to: String,
    text: String,
}

impl Browser {
    fn new(w: &World) -> Browser {
        Browser { router: base::web::finish(crate::web::routes(), w.app.clone()), lang: "zh-CN" }
    }
    async fn ask(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", self.lang)
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind)
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
    async fn get(&self, path: &str) -> Page {
        self.ask("GET", path, "text/plain", Vec::new()).await
    }
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", encode(v))).collect();
        self.ask("POST", path, "application/x-www-form-urlencoded", body.join("&").into_bytes()).await
    }
}

impl Page {
    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {}", self.text)).1;
        rest.split('"').next().unwrap().to_owned()
    }
    /// The text behind a mark up to the next tag.
    fn after(&self, mark: &str) -> String {
        let rest = self.text.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {}", self.text)).1;
        rest.split('<').next().unwrap().trim().to_owned()
    }
}

const TEXT: &str = "关上中路路口积水，行人过不去，我的电话13812345678";

/// Through the three steps up to the last page.
async fn drafted(b: &Browser, text: &str) -> Page {
    let first = b.get("/portal/file").await;
    assert_eq!(first.status, 200, "{}", first.text);
    let one = b
        .post(
            "/portal/file",
            &[
                ("state", &first.hidden("state")),
                ("step", "1"),
                ("go", "next"),
                ("seen", "1"),
                ("text", text),
            ],
        )
        .await;
    assert!(one.text.contains("name=\"place\""), "{}", one.text);
    let two = b
        .post(
            "/portal/file",
            &[
                ("state", &one.hidden("state")),
                ("step", "2"),
                ("go", "next"),
                ("place", "530111001001"),
                ("address", "关上中路18号"),
                ("phone", "138 1234 5678"),
                ("privacy", "confidential"),
            ],
        )
        .await;
    assert!(two.text.contains("138****5678") && !two.text.contains("13812345678 "), "{}", two.text);
    two
}

/// Files and gives number and query code.
async fn filed(b: &Browser, text: &str) -> (String, String, Page) {
    let last = drafted(b, text).await;
    let sent =
        b.post("/portal/file", &[("state", &last.hidden("state")), ("step", "3"), ("go", "file")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let receipt = b.get(&sent.to).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    (receipt.after("<dd class=\"mono\">"), receipt.after("<dd class=\"mono code\">"), receipt)
}

async fn opened(b: &Browser, no: &str, code: &str) -> String {
    let found = b.post("/portal/track", &[("no", no), ("code", code)]).await;
    assert_eq!(found.status, 303, "{}", found.text);
    found.to
}

async fn cases(w: &World) -> Vec<DutyId> {
    w.app
        .db
        .read(|tx| {
            tx.query("select id from case_item where district = $1 order by id", &[D.into()], |row| {
                row.parsed(0)
            })
        })
        .await
        .unwrap()
}

#[test]
fn a_double_tap_files_once_and_the_receipt_tells_everything() {
    both("portal_file", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let last = drafted(&b, TEXT).await;
        let state = last.hidden("state");
        assert!(!state.contains("138") && !last.text.contains("13812345678\""), "the draft is sealed");
        let send = [("state", state.as_str()), ("step", "3"), ("go", "file")];
        let (one, two) = (b.post("/portal/file", &send).await, b.post("/portal/file", &send).await);
        assert_eq!((one.status, &one.to), (303, &two.to));
        let all = cases(&w).await;
        assert_eq!(all.len(), 1);
        let case = w.case(all[0]).await;
        assert!(
            case.filing.confidential
                && case.filing.contactable
                && !case.filing.text.as_str().contains("13812345678")
        );
        let receipt = b.get(&one.to).await;
        for part in ["<svg class=\"gd-qr\"", "/log/530111/receipt/", "查询码只在这里显示", case.no.as_str()]
        {
            assert!(receipt.text.contains(part), "{part}: {}", receipt.text);
        }
        // Half an hour later the code is gone.
        w.at((2019, 8, 12), 11, 0);
        let late = b.get(&one.to).await;
        assert_eq!(late.status, 410);
        assert!(!late.text.contains(&receipt.after("<dd class=\"mono code\">")));
        w.sound().await;
        Ok(())
    });
}

#[test]
fn errors_keep_what_was_typed_and_danger_is_shown_first() {
    both("portal_errors", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let empty = b.post("/portal/file", &[("step", "1"), ("go", "next"), ("text", " ")]).await;
        assert_eq!(empty.status, 400);
        assert!(empty.text.contains("aria-invalid=\"true\""));
        let fire = b
            .post("/portal/file", &[("step", "1"), ("go", "next"), ("text", "楼道里起火了，有人受伤")])
            .await;
        assert_eq!(fire.status, 200);
        let (at119, at) = (fire.text.find("tel:119").unwrap(), fire.text.find("name=\"category\"").unwrap());
        assert!(at119 < at && fire.text.contains("tel:120") && fire.text.contains("楼道里起火了"));
        let on = b
            .post(
                "/portal/file",
                &[
                    ("state", &fire.hidden("state")),
                    ("step", "1"),
                    ("go", "next"),
                    ("seen", "1"),
                    ("pick", "none"),
                    ("text", "楼道里起火了，有人受伤"),
                ],
            )
            .await;
        assert!(on.text.contains("name=\"place\""), "one may still file: {}", on.text);
        let wrong = b
            .post(
                "/portal/file",
                &[
                    ("state", &on.hidden("state")),
                    ("step", "2"),
                    ("go", "next"),
                    ("place", "530111001"),
                    ("address", "北门外"),
                    ("phone", "123"),
                    ("privacy", "open"),
                ],
            )
            .await;
        assert_eq!(wrong.status, 400);
        for kept in
            ["value=\"123\"", "value=\"北门外\"", "value=\"open\" checked", "value=\"530111001\" selected"]
        {
            assert!(wrong.text.contains(kept), "{kept}: {}", wrong.text);
        }
        // The words are asked for only once: going back they are there.
        let back = b
            .post(
                "/portal/file",
                &[
                    ("state", &wrong.hidden("state")),
                    ("step", "2"),
                    ("go", "back"),
                    ("place", "unknown"),
                    ("phone", ""),
                    ("privacy", "anonymous"),
                ],
            )
            .await;
        assert!(back.text.contains("楼道里起火了"));
        let suggested = b.post("/portal/suggest", &[("text", "晚上路灯不亮")]).await;
        assert!(suggested.text.contains("系统建议"), "{}", suggested.text);
        assert!(!suggested.text.contains("tel:"));
        Ok(())
    });
}

#[test]
fn another_site_cannot_file() {
    both("portal_foreign", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let request = Request::post("/portal/file")
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("step=1&text=x"))
            .unwrap();
        assert_eq!(b.router.clone().oneshot(request).await.unwrap().status(), 403);
        let bent =
            b.post("/portal/file", &[("state", "v1.00000000.AAAA"), ("step", "3"), ("go", "file")]).await;
        assert_eq!(bent.status, 400, "a state that is not ours is an empty draft: {}", bent.text);
        assert!(cases(&w).await.is_empty());
        Ok(())
    });
}

#[test]
fn photographs_are_judged_by_content() {
    both("portal_photo", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let part = |name: &str, bytes: &[u8]| {
            let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"step\"\r\n\r\n1\r\n--b\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n路灯\r\n--b\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\ncontent-type: image/png\r\n\r\n").into_bytes();
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n--b--\r\n");
            body
        };
        let bad = b
            .ask(
                "POST",
                "/portal/file",
                "multipart/form-data; boundary=b",
                part("a.png", b"%PDF-1.4 not a picture"),
            )
            .await;
        assert!(
            bad.status >= 400 && bad.text.contains("a.png") && bad.text.contains("路灯"),
            "{}: {}",
            bad.status,
            bad.text
        );
        let good = b.ask("POST", "/portal/file", "multipart/form-data; boundary=b", part("a.png", PNG)).await;
        assert_eq!(good.status, 200);
        let two = b
            .post(
                "/portal/file",
                &[
                    ("state", &good.hidden("state")),
                    ("step", "1"),
                    ("go", "next"),
                    ("seen", "1"),
                    ("pick", "none"),
                    ("text", "路灯不亮"),
                ],
            )
            .await;
        let three = b
            .post(
                "/portal/file",
                &[
                    ("state", &two.hidden("state")),
                    ("step", "2"),
                    ("go", "next"),
                    ("place", "530111001"),
                    ("privacy", "anonymous"),
                ],
            )
            .await;
        let sent =
            b.post("/portal/file", &[("state", &three.hidden("state")), ("step", "3"), ("go", "file")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let case = w.case(cases(&w).await[0]).await;
        assert_eq!(case.filing.attachments.len(), 1);
        assert!(case.filing.anonymous && !case.filing.contactable);
        Ok(())
    });
}

/// One grey dot.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0,
    1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0,
    0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn the_petitioner_sees_the_truth_and_acts() {
    both("portal_track", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let (no, code, _) = filed(&b, TEXT).await;
        let link = opened(&b, &no, &code).await;
        let page = b.get(&link).await;
        assert!(page.text.contains("等12345派给承办单位") && page.text.contains(&no), "{}", page.text);
        assert!(!page.text.contains("/not-solved\""), "nothing was answered yet");
        let id = cases(&w).await[0];
        w.does("zwj.dispatcher", id, classify()).await?;
        let unit = w.dispatched(id).await?;
        w.worked(id, &unit).await?;
        let answered = b.get(&link).await;
        for part in ["已于今日修好", "/rate\"", "/not-solved\""] {
            assert!(answered.text.contains(part), "{part}: {}", answered.text);
        }
        assert!(!answered.text.contains("内部：维修单位"), "internal words stay inside");
        assert!(!answered.text.contains("checked"), "no grade is chosen beforehand");
        let half =
            b.post(&format!("{link}/rate"), &[("rev", &answered.hidden("rev")), ("solved", "yes")]).await;
        assert_eq!(half.status, 400);
        let rate =
            [("rev", answered.hidden("rev")), ("solved", "no".into()), ("grade", "dissatisfied".into())];
        let rate: Vec<(&str, &str)> = rate.iter().map(|(k, v)| (*k, v.as_str())).collect();
        for _ in 0..2 {
            assert_eq!(b.post(&format!("{link}/rate"), &rate).await.status, 303, "a second tap is the first");
        }
        assert_eq!(w.case(id).await.ratings.len(), 1);
        let say = b.post(&format!("{link}/not-solved"), &[("rev", "9"), ("text", "还是积水")]).await;
        assert_eq!(say.status, 303, "{}", say.text);
        assert!(b.get(&say.to).await.text.contains("还是积水"));
        w.sound().await;
        Ok(())
    });
}

fn classify() -> crate::rules::Command {
    crate::rules::Command::Classify {
        kind: kernel::cases::CaseKind::Help,
        category: crate::tests::world::slug("010102"),
        urgency: None,
        place: None,
        why: None,
    }
}

#[test]
fn wrong_and_absent_are_alike_and_trying_ends() {
    both("portal_throttle", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let (no, _, _) = filed(&b, TEXT).await;
        let wrong = b.post("/portal/track", &[("no", &no), ("code", "AAAAAAAA")]).await;
        let absent = b.post("/portal/track", &[("no", "530111-2019-999999"), ("code", "AAAAAAAA")]).await;
        assert_eq!((wrong.status, absent.status), (404, 404));
        let bare = |page: &Page, no: &str| page.text.replace(no, "N");
        assert_eq!(bare(&wrong, &no), bare(&absent, "530111-2019-999999"));
        let other = b.post("/portal/track", &[("no", "110101-2019-000001"), ("code", "AAAAAAAA")]).await;
        assert!(other.status == 422 && other.text.contains("110101"), "{}: {}", other.status, other.text);
        assert_eq!(b.get("/t/v1.00000000.AAAA").await.status, 404);
        let mut refused = 0;
        for n in 0..1_000 {
            let given = format!("530111-2019-{:06}", 500_000 + n);
            if b.post("/portal/track", &[("no", &given), ("code", "AAAAAAAA")]).await.status == 429 {
                refused += 1;
            }
        }
        assert!(refused > 900, "{refused} of 1000 tries of one address were refused");
        // Not only the general limit on requests: the address itself is shut out for a while, in the database.
        let shut = "select count(*) from attempt where district = $1 and who = 'addr:10.9.8.7' and blocked_until > $2";
        let now = w.app.now();
        let found =
            w.app.db.read(move |tx| tx.one(shut, &[D.into(), now.into()], |row| row.count(0))).await?;
        assert_eq!(found, Some(1));
        Ok(())
    });
}

#[test]
fn ones_own_data_are_ones_own() {
    both("portal_data", async |w: World| -> Outcome<()> {
        let b = Browser::new(&w);
        let (no, code, _) = filed(&b, TEXT).await;
        let link = opened(&b, &no, &code).await;
        let none = b.get(&format!("{link}/data")).await;
        assert!(none.text.contains("没有人看过"), "{}", none.text);
        let id = cases(&w).await[0];
        let reason = crate::tests::world::slug("contact");
        w.app
            .write(&w.who("zwj.dispatcher"), move |op| crate::act::reveal(op, id, &reason, None).map(|_| ()))
            .await?;
        let seen = b.get(&format!("{link}/data")).await;
        assert!(seen.text.contains("联系诉求人") && !seen.text.contains("没有人看过"), "{}", seen.text);
        let file = b.post(&format!("{link}/export"), &[]).await;
        let value: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        assert_eq!(value["contact"]["phone"], "138 1234 5678");
        for _ in 0..2 {
            assert_eq!(b.post(&format!("{link}/erase"), &[]).await.status, 303);
        }
        let told = w
            .app
            .db
            .read(|tx| {
                tx.one(
                    "select count(*) from notice where district = $1 and stage = 'erase'",
                    &[D.into()],
                    |row| row.count(0),
                )
            })
            .await?;
        assert_eq!(told, Some(1));
        Ok(())
    });
}

#[test]
fn public_pages_tell_figures_and_nothing_of_persons() {
    both("portal_public", async |w: World| -> Outcome<()> {
        let mut b = Browser::new(&w);
        let paths = [
            "/portal",
            "/portal/file",
            "/portal/track",
            "/portal/public/rates",
            "/portal/public/exclusions",
            "/portal/public/deferred",
            "/portal/public/hot",
            "/portal/about",
        ];
        let (no, code, _) = filed(&b, TEXT).await;
        for lang in ["zh-CN", "en"] {
            b.lang = lang;
            for path in paths {
                let page = b.get(path).await;
                assert_eq!(page.status, 200, "{path}: {}", page.text);
                assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
                for secret in [no.as_str(), code.as_str(), "行人过不去", "13812345678", "关上中路18号"]
                {
                    assert!(!page.text.contains(secret), "{path} tells {secret}");
                }
                let raw = ["portal.", "public.", "track.", "receipt."];
                let shown = page.text.split('>').filter_map(|part| part.split('<').next());
                for text in shown {
                    assert!(!raw.iter().any(|key| text.trim().starts_with(key)), "{path} {lang}: {text}");
                }
            }
        }
        Ok(())
    });
}
