//! Pages and API through the router, as named posts.

use super::act::NewSound;
use super::model::WhistleId;
use super::testing::{COMMUNITY, D, SECRETARY, STREET, World, both, call, flood, hard};
use super::vocab::Act;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use base::i18n::{Catalogue, keys_in};
use base::session::{self, New, Terms};
use org::act::{NewPerson, add_unjudged, appoint_unjudged};
use org::model::Login;
use tower::ServiceExt;

/// A signed-in post.
pub(crate) struct Seat {
    router: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

pub(crate) fn router(w: &World) -> Router {
    let routes = crate::web::whistle::routes().merge(duty::web::routes());
    base::web::finish(routes, w.app.clone())
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
            session::create(op.tx, D, &new, Terms { idle: 360_000, absolute: 3_600_000 }, op.now())
        })
        .await
        .unwrap();
    Seat { router: router(w), cookie, csrf: session.csrf }
}

impl Seat {
    async fn send(
        &self,
        method: &str,
        path: &str,
        lang: &str,
        body: Option<(&str, Vec<u8>)>,
        key: Option<&str>,
    ) -> (u16, String, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", lang)
            .header("cookie", format!("gd_session={}", self.cookie))
            .header("x-csrf-token", &self.csrf);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = match body {
            Some((kind, bytes)) => request.header("content-type", kind).body(Body::from(bytes)),
            None => request.body(Body::empty()),
        };
        let answer = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let to = answer.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let bytes = axum::body::to_bytes(answer.into_body(), 8 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned(), to)
    }
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let (status, text, _) = self.send("GET", path, "zh-CN", None, None).await;
        (status, text)
    }
    /// Sends a form; returns status, text and where it leads.
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        let token = ("_token", self.csrf.as_str());
        let pairs: Vec<String> = fields
            .iter()
            .copied()
            .chain(std::iter::once(token))
            .map(|(k, v)| format!("{k}={}", base::web::encode(v)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        self.send("POST", path, "zh-CN", Some((kind, pairs.join("&").into_bytes())), None).await
    }
    /// Sends a form with one file.
    async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, mime, bytes): (&str, &str, &str, &[u8]),
    ) -> (u16, String, String) {
        let mut body = Vec::new();
        for (k, v) in fields.iter().copied().chain([("_token", self.csrf.as_str())]) {
            let part = format!("--XX\r\nContent-Disposition: form-data; name=\"{k}\"\r\n\r\n{v}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--XX--\r\n");
        self.send("POST", path, "zh-CN", Some(("multipart/form-data; boundary=XX", body)), None).await
    }
    async fn json(
        &self,
        path: &str,
        key: Option<&str>,
        body: &serde_json::Value,
    ) -> (u16, serde_json::Value) {
        let bytes = body.to_string().into_bytes();
        let (status, text, _) =
            self.send("POST", path, "zh-CN", Some(("application/json", bytes)), key).await;
        (status, serde_json::from_str(&text).unwrap())
    }
}

/// A picture of one grey pixel.
pub(crate) fn picture() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636800000082008177cd72b60000000049454e44ae426082";
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

fn sources() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/whistle");
    let read =
        |entry: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(entry.unwrap().path()).unwrap();
    std::fs::read_dir(folder).unwrap().map(read).collect()
}

#[test]
fn every_text_that_a_page_asks_for_exists_and_none_is_left_over() {
    let all = Catalogue::with(&[crate::TEXTS, duty::TEXTS]).unwrap();
    let sources = sources();
    for source in &sources {
        for key in keys_in(source) {
            assert!(all.has(key), "{key}");
        }
        for part in source.split("\"wh.").skip(1) {
            let key = format!("wh.{}", part.split('"').next().unwrap());
            assert!(key.contains('{') || all.has(&key), "{key}");
        }
    }
    for act in Act::ALL {
        assert!(all.has(&format!("wh.about.{}", act.code())), "{act:?}");
        assert!(all.has(&format!("done.whistle.{}", act.code())), "{act:?}");
    }
    let text = sources.concat();
    let mut section = String::new();
    for line in super::TEXTS.0.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if let Some((key, _)) = line.split_once(" = ") {
            let key = format!("{section}.{key}");
            let built = key.starts_with("wh.about.") || key.starts_with("done.whistle.");
            assert!(built || text.contains(&format!("\"{key}\"")), "nobody uses {key}");
        }
    }
}

/// Draws the pages of a whistle for a seat in both languages and looks for keys and inline styles.
async fn draws(seat: &Seat, paths: &[String]) {
    for lang in ["zh-CN", "en"] {
        for path in paths {
            let (status, html, _) = seat.send("GET", path, lang, None, None).await;
            assert_eq!(status, 200, "{path}: {html}");
            for key in [">wh.", "\"wh.", ">duty.", ">word."] {
                assert!(!html.contains(key), "{path} {lang}: a key shows: {key}");
            }
            assert!(!html.contains("style=\"") && html.matches("<h1").count() == 1, "{path}");
        }
    }
}

fn paths(id: WhistleId) -> Vec<String> {
    vec!["/whistles".into(), "/whistles/board".into(), format!("/w/{id}"), format!("/w/{id}?order=oldest")]
}

/// The street's sheet, its contest and the ruling on it.
async fn marks_by_forms(w: &World, secretary: &Seat, id: WhistleId) {
    draws(secretary, &[format!("/w/{id}"), format!("/w/{id}/score")]).await;
    let (status, html, _) =
        secretary.form(&format!("/w/{id}/score"), &[("p-done", "41"), ("p-manner", "9")]).await;
    assert_eq!(status, 422);
    assert!(html.contains("得分应在0至40之间"));
    assert_eq!(
        secretary.form(&format!("/w/{id}/score"), &[("p-done", "38"), ("p-manner", "9")]).await.0,
        303
    );
    let chief = seat(w, "swu.chief").await;
    draws(&chief, &[format!("/w/{id}/contest"), format!("/w/{id}/score")]).await;
    assert_eq!(chief.form(&format!("/w/{id}/contest"), &[("why", "应为满分")]).await.0, 303);
    let cadre = seat(w, "zzb.cadre").await;
    draws(&cadre, &[format!("/w/{id}"), format!("/w/{id}/settle")]).await;
    let settle = [("unit", "swu"), ("sheet", "department"), ("p-done", "40"), ("ground", "凭据充分")];
    assert_eq!(cadre.form(&format!("/w/{id}/settle"), &settle).await.0, 303);
    assert_eq!(w.stored(id).await.calls[0].score.as_ref().unwrap().total().text(0), "99");
    draws(&cadre, &paths(id)).await;
}

#[test]
fn a_night_by_forms_alone() {
    both("web_night", async |w: World| {
        let secretary = seat(&w, SECRETARY).await;
        let (officer, handler) = (seat(&w, "swu.duty").await, seat(&w, "swu.handler").await);
        let neighbour = seat(&w, super::testing::NEIGHBOUR).await;
        draws(&secretary, &["/whistles".into(), "/whistles/new".into(), "/whistles/board".into()]).await;
        let base = [
            ("do", "sound"),
            ("key", "k1"),
            ("title", "下穿隧道积水"),
            ("place", COMMUNITY),
            ("text", "水深40厘米"),
            ("tried", "已抽排"),
            ("found", "patrol"),
            ("kind", "emergency"),
            ("ask", "抽排、疏导"),
        ];
        // Without an entry nobody can be called; what was typed is still there.
        let (status, html, _) = secretary.form("/whistles/new", &base).await;
        assert_eq!(status, 422);
        assert!(html.contains("没有点名部门") && html.contains("水深40厘米"));
        let wide: Vec<(&str, &str)> =
            base.iter().map(|(k, v)| (*k, if *k == "place" { STREET } else { *v })).collect();
        let wide = [&wide[..], &[("entry1", "S-020")]].concat();
        assert!(secretary.form("/whistles/new", &wide).await.1.contains("没有到社区"));
        let whole = [&base[..], &[("entry1", "S-020"), ("entry3", "T-023")]].concat();
        let (status, _, to) =
            secretary.upload("/whistles/new", &whole, ("photos", "现场.png", "image/png", &picture())).await;
        assert_eq!(status, 303);
        let id = to.trim_start_matches("/w/").split('?').next().unwrap().to_owned();
        // A second tap of the same form gets the first one's answer.
        let (_, _, again) =
            secretary.upload("/whistles/new", &whole, ("photos", "现场.png", "image/png", &picture())).await;
        assert!(again.contains(&id), "{again}");
        let id = WhistleId::parse("id", &id).unwrap();
        let whistle = w.stored(id).await;
        assert_eq!((whistle.calls.len(), whistle.need.photos.len()), (2, 1));
        let photo = format!("/w/{id}/photo/{}", whistle.need.photos[0].file);
        assert_eq!(officer.get(&photo).await.0, 200);
        draws(&secretary, &paths(id)).await;
        draws(&officer, &paths(id)).await;
        let page = officer.get(&format!("/w/{id}")).await.1;
        for text in ["点名2家", "应于22:50前", "应哨钟", "S-020", "可核验回执"] {
            assert!(page.contains(text), "{text}");
        }
        w.go(13, 22, 45);
        let rev = whistle.rev.to_string();
        assert_eq!(officer.form(&format!("/w/{id}/ack"), &[("rev", &rev)]).await.0, 303);
        assert_eq!(officer.form(&format!("/w/{id}/ack"), &[("rev", &rev)]).await.0, 409, "the page is stale");
        w.go(13, 23, 5);
        let come = [("post", "swu.duty"), ("decides", "yes")];
        let (status, html, _) = officer.form(&format!("/w/{id}/muster"), &come).await;
        assert_eq!(status, 422);
        assert!(html.contains("没有写明谁授权"));
        let come = [&come[..], &[("authority", "局领导授权")]].concat();
        assert_eq!(officer.form(&format!("/w/{id}/muster"), &come).await.0, 303);
        draws(&officer, &paths(id)).await;
        let plan = [("unit1", "swu"), ("what1", "抽排"), ("due1", "2019-08-14")];
        draws(&secretary, &[format!("/w/{id}/plan")]).await;
        assert_eq!(secretary.form(&format!("/w/{id}/plan"), &plan).await.0, 303);
        assert_eq!(
            secretary.form(&format!("/w/{id}/release"), &[("unit", "gaj"), ("why", "无需绕行")]).await.0,
            303
        );
        draws(&handler, &[format!("/w/{id}/done")]).await;
        let done = [("text", "积水排完"), ("outcome", "resolved")];
        let (status, html, _) = handler.form(&format!("/w/{id}/done"), &done).await;
        assert_eq!(status, 422, "without evidence");
        assert!(html.contains("积水排完"));
        let file = ("files", "完工.png", "image/png", &picture()[..]);
        assert_eq!(handler.upload(&format!("/w/{id}/done"), &done, file).await.0, 303);
        draws(&secretary, &[format!("/w/{id}"), format!("/w/{id}/confirm")]).await;
        let word = |side, note| [("side", side), ("done", "yes"), ("note", note)];
        assert_eq!(secretary.form(&format!("/w/{id}/confirm"), &word("street", "看过")).await.0, 303);
        assert_eq!(neighbour.form(&format!("/w/{id}/confirm"), &word("resident", "通了")).await.0, 303);
        marks_by_forms(&w, &secretary, id).await;
        w.sound().await;
        Ok(())
    });
}

#[test]
fn every_stage_and_every_form_draws() {
    both("web_stages", async |w: World| {
        w.go(12, 9, 30);
        let secretary = seat(&w, SECRETARY).await;
        let chief = seat(&w, "zjj.chief").await;
        let need = w.raise(super::testing::GRID, None).await?.id;
        let forms = |id: WhistleId, acts: &[&str]| {
            acts.iter().map(|act| format!("/w/{id}/{act}")).collect::<Vec<_>>()
        };
        draws(&secretary, &paths(need)).await;
        draws(&secretary, &forms(need, &["solve", "sound", "cancel"])).await;
        let id = w.raise(SECRETARY, Some(hard())).await?.id;
        draws(&secretary, &forms(id, &["call", "release", "cancel"])).await;
        draws(&chief, &forms(id, &["ack", "dispute", "muster"])).await;
        // An act that is not open says why.
        let page = chief.get(&format!("/w/{id}/done")).await.1;
        assert!(page.contains("这一步现在不需要"));
        let dispute = [("cited", "S-011"), ("ground", "由城管牵头")];
        assert_eq!(chief.form(&format!("/w/{id}/dispute"), &dispute).await.0, 303);
        let cadre = seat(&w, "zzb.cadre").await;
        draws(&cadre, &paths(id)).await;
        draws(&cadre, &forms(id, &["rule"])).await;
        let page = cadre.get(&format!("/w/{id}")).await.1;
        assert!(page.contains("提出职责异议") && page.contains("裁定钟"));
        let ruling = [("unit", "zjj"), ("outcome", "misuse"), ("ground", "基本履职")];
        assert_eq!(cadre.form(&format!("/w/{id}/rule"), &ruling).await.0, 303);
        draws(&cadre, &paths(id)).await;
        assert!(cadre.get(&format!("/w/{id}")).await.1.contains("不应吹哨"));
        // A night with no-shows: the red sentence, the lists of the board.
        w.go(13, 22, 40);
        let one = NewSound { calls: vec![call("swu", "S-020")], ..flood() };
        let late = w.raise(SECRETARY, Some(one)).await?.id;
        for (hour, minute) in [(23, 41), (0, 41), (1, 41)] {
            w.go(if hour == 23 { 13 } else { 14 }, hour, minute);
            w.sweep().await;
        }
        let mayor = seat(&w, "ld.mayor").await;
        let page = mayor.get(&format!("/w/{late}")).await.1;
        assert!(page.contains("已升级至") && page.contains("列入季会办"), "{page}");
        draws(&mayor, &paths(late)).await;
        let board = mayor.get("/whistles/board").await.1;
        assert!(board.contains("不作考核加分") && board.contains(&late.to_string()));
        for path in [
            "/whistles?stage=need",
            "/whistles?escalated=1",
            "/whistles?missed=1&all=1",
            "/whistles?unit=swu",
            "/whistles/board?month=2019-07",
        ] {
            draws(&mayor, &[path.to_owned()]).await;
        }
        assert_eq!(mayor.get("/whistles?stage=lost").await.0, 400);
        assert_eq!(mayor.get("/whistles?rank=1").await.0, 400);
        assert_eq!(mayor.get("/w/x").await.0, 404);
        // Who has nothing to do with it finds nothing.
        let stranger = seat(&w, "jyj.handler").await;
        assert_eq!(stranger.get(&format!("/w/{late}")).await.0, 404);
        assert_eq!(stranger.form(&format!("/w/{late}/ack"), &[]).await.0, 404);
        assert!(!stranger.get("/whistles").await.1.contains(&late.to_string()));
        Ok(())
    });
}

#[test]
fn the_api_does_every_act_and_repeats_nothing() {
    both("web_api", async |w: World| {
        let secretary = seat(&w, SECRETARY).await;
        let officer = seat(&w, "swu.duty").await;
        let body = serde_json::json!({
            "title": "隧道积水", "place": COMMUNITY, "text": "水深40厘米", "tried": "已抽排", "found": "patrol",
            "sound": { "kind": "emergency", "ask": "抽排", "calls": [{ "unit": "swu", "entry": "S-020" }] },
        });
        let (status, made) = secretary.json("/api/v1/whistles", Some("a"), &body).await;
        assert_eq!((status, made["stage"].as_str()), (201, Some("sounded")));
        assert!(made["receipts"].as_array().is_some_and(|list| list.len() > 3));
        let again = secretary.json("/api/v1/whistles", Some("a"), &body).await.1;
        assert_eq!(again["id"], made["id"]);
        let id = made["id"].as_str().unwrap().to_owned();
        let act = format!("/api/v1/whistles/{id}/commands");
        let ack = serde_json::json!({ "command": { "act": "ack" } });
        let (status, _) = officer.json(&act, Some("b"), &ack).await;
        assert_eq!(status, 200);
        assert_eq!(officer.json(&act, Some("b"), &ack).await.0, 200, "the same key, the same answer");
        let (status, no) = officer.json(&act, None, &ack).await;
        assert_eq!((status, no["code"].as_str()), (409, Some("whistle.acked_already")));
        let wrong = serde_json::json!({ "command": { "act": "muster", "decides": true, "rank": 1 } });
        assert_eq!(officer.json(&act, None, &wrong).await.0, 400);
        let (status, text) = officer.get(&format!("/api/v1/whistles/{id}")).await;
        assert_eq!(status, 200);
        let full: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(full["stage"], "acked");
        assert!(full["offers"].as_array().unwrap().iter().any(|offer| offer["act"] == "muster"));
        for path in ["", "?stage=acked", "/board", &format!("/{id}/events")] {
            let (status, text) = secretary.get(&format!("/api/v1/whistles{path}")).await;
            assert_eq!(status, 200, "{path} {text}");
        }
        let stranger = seat(&w, "jyj.handler").await;
        assert_eq!(stranger.get(&format!("/api/v1/whistles/{id}")).await.0, 404);
        let api = serde_json::to_value(crate::web::whistle::openapi()).unwrap();
        for (_, methods) in api["paths"].as_object().unwrap() {
            assert!(methods.as_object().unwrap().values().all(|m| m["summary"].is_string()));
        }
        Ok(())
    });
}
