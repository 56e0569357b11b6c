//! Stories of this area through the router.

use super::ROUTES;
use super::tests_world::{PASSWORD, World, story};
use base::config::SecondFactor;
use base::i18n::{Catalogue, keys_in};
use base::totp::Secret;
use std::path::Path;

fn code(secret: &str) -> String {
    Secret::from_base32(secret).unwrap().code_at(base::op::machine_now())
}

fn sources(dir: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_key_in_the_source_exists() {
    let texts = Catalogue::with(&[crate::TEXTS]).unwrap();
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let missing: Vec<&str> =
        all.iter().flat_map(|s| keys_in(s)).filter(|key| key.contains('.') && !texts.has(key)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_description_names_every_call() {
    let described = super::openapi();
    for route in ROUTES.iter().filter(|r| r.path.starts_with("/api/")) {
        assert!(described.paths.paths.contains_key(route.path), "{}", route.path);
    }
}

#[test]
fn every_route_asks_who_it_is() {
    story(SecondFactor::Optional, false, async |w: World| {
        for route in ROUTES {
            let path =
                route.path.replace("{id}", "x").replace("{code}", "fgj").replace("{post}", "fgj.chief");
            let kind = if path.starts_with("/api/") {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            let answer = w.ask(route.method, &path, &[("content-type", kind)], String::new()).await;
            assert!(!matches!(answer.status, 404 | 405 | 500), "{} {path}: {answer:?}", route.method);
            if route.needs != "open" {
                let sent_away = answer.status == 303 && answer.location.starts_with("/sign-in?next=");
                assert!(answer.status == 401 || sent_away, "{} {path}: {answer:?}", route.method);
            }
        }
    });
}

#[test]
fn a_wrong_password_and_an_unknown_login_get_one_answer_and_a_lock() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("fgj.chief", &["fgj.chief"], false).await;
        let try_as = async |login: &str, word: &str| {
            w.form("/sign-in", "", &[("login", login), ("password", word), ("next", "/units?q=a")]).await
        };
        let (wrong, unknown) =
            (try_as("fgj.chief", "nonsense").await, try_as("nobody.here", "nonsense").await);
        assert_eq!((wrong.status, unknown.status), (401, 401));
        assert_eq!(wrong.text.replace("fgj.chief", ""), unknown.text.replace("nobody.here", ""));
        assert!(wrong.text.contains("登录名或密码不正确") && wrong.text.contains("value=\"fgj.chief\""));
        assert!(!wrong.text.contains("nonsense"));
        assert_eq!(try_as("not a login", "nonsense").await.status, 401);
        let good = try_as("FGJ.chief ", PASSWORD).await;
        assert_eq!((good.status, good.location.as_str()), (303, "/units?q=a"));
        let line = good.cookies.iter().find(|c| c.starts_with("gd_session=")).unwrap();
        assert!(
            line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Secure"),
            "{line}"
        );
        for _ in 0..5 {
            try_as("fgj.chief", "nonsense").await;
        }
        let locked = try_as("fgj.chief", PASSWORD).await;
        assert_eq!(locked.status, 429, "{}", locked.text);
        assert!(locked.text.contains("秒后再试"));
        let away =
            w.form("/sign-in", "", &[("login", "x"), ("password", "y"), ("next", "https://evil.example")]);
        assert!(!away.await.text.contains("href=\"https://evil"));
    });
}

#[test]
fn another_site_cannot_sign_anybody_in() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("fgj.chief", &["fgj.chief"], false).await;
        let body = format!("login=fgj.chief&password={}", base::web::encode(PASSWORD));
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let foreign =
            w.ask("POST", "/sign-in", &[kind, ("origin", "https://evil.example")], body.clone()).await;
        assert_eq!(foreign.status, 403);
        let own = w.ask("POST", "/sign-in", &[kind, ("origin", "https://guandu.example")], body).await;
        assert_eq!((own.status, own.location.as_str()), (303, "/"));
    });
}

#[test]
fn a_made_up_password_is_replaced_before_there_is_a_session() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("fgj.clerk", &["fgj.clerk"], true).await;
        let first = w
            .form("/sign-in", "", &[("login", "fgj.clerk"), ("password", PASSWORD), ("next", "/units")])
            .await;
        assert_eq!((first.status, first.location.as_str()), (303, "/sign-in/password?next=/units"));
        assert_eq!(first.cookie("gd_session"), None);
        let pending = format!("gd_pending={}", first.cookie("gd_pending").unwrap());
        // The pending value opens nothing else, in whatever clothes.
        let value = first.cookie("gd_pending").unwrap();
        assert_eq!(w.get("/account", &format!("gd_session={value}")).await.status, 303);
        assert_eq!(w.call("GET", "/api/v1/me", &value, "").await.status, 401);
        let page = w.get("/sign-in/password?next=/units", &pending).await;
        let token = page.token();
        let send = async |new: &str, repeat: &str| {
            let fields = [("_token", token.as_str()), ("new", new), ("repeat", repeat), ("next", "/units")];
            w.form("/sign-in/password", &pending, &fields).await
        };
        assert!(send("two white egrets", "two grey egrets").await.text.contains("两次输入的新密码不一致"));
        assert!(send(PASSWORD, PASSWORD).await.text.contains("新密码与原密码相同"));
        assert!(send("short", "short").await.text.contains("密码太短"));
        let done = send("two white egrets", "two white egrets").await;
        assert_eq!((done.status, done.location.as_str()), (303, "/units"));
        assert!(done.cookie("gd_session").is_some());
        assert_eq!(send("two white egrets!", "two white egrets!").await.location, "/sign-in?next=/");
        w.enter("fgj.clerk", "two white egrets").await;
    });
}

#[test]
fn a_second_factor_is_set_up_asked_for_and_good_once() {
    story(SecondFactor::Optional, false, async |w: World| {
        let mut chief = w.signed_in("fgj.chief", &["fgj.chief"]).await;
        let page = chief.get("/account/second-factor").await;
        assert!(page.text.contains("<svg class=\"gd-qr\""));
        let secret = page.hidden("secret");
        let wrong = chief.form("/account/second-factor", &[("secret", &secret), ("code", "000000")]).await;
        assert!(wrong.status == 401 && wrong.hidden("secret") == secret, "{wrong:?}");
        let set =
            chief.form("/account/second-factor", &[("secret", &secret), ("code", &code(&secret))]).await;
        assert_eq!(set.location, "/account/recovery-codes?ok=org.factor_set");
        assert_eq!(chief.get("/account").await.status, 303, "the old cookie has ended");
        chief.cookie = format!("gd_session={}", set.cookie("gd_session").unwrap());
        chief.token = chief.get("/account").await.token();
        let asked = w.form("/sign-in", "", &[("login", "fgj.chief"), ("password", PASSWORD)]).await;
        assert_eq!(asked.location, "/sign-in/code?next=/");
        let pending = format!("gd_pending={}", asked.cookie("gd_pending").unwrap());
        let token = w.get("/sign-in/code", &pending).await.token();
        let send =
            async |code: &str| w.form("/sign-in/code", &pending, &[("_token", &token), ("code", code)]).await;
        assert!(send("123").await.text.contains("6位数字"));
        // The code that set it up is used already; the next step's is good.
        assert_eq!(send(&code(&secret)).await.status, 401);
        let next = Secret::from_base32(&secret).unwrap().code_at(base::op::machine_now().plus_seconds(30));
        assert!(send(&next).await.cookie("gd_session").is_some());
        let off = chief.form("/account/second-factor/remove", &[("password", "nonsense")]).await;
        assert!(off.text.contains("原密码不正确"));
        let off = chief.form("/account/second-factor/remove", &[("password", PASSWORD)]).await;
        assert_eq!(off.location, "/account?ok=org.factor_removed");
    });
}

#[test]
fn an_installation_may_ask_everybody_for_a_second_factor() {
    story(SecondFactor::Required, false, async |w: World| {
        w.db_person("fgj.chief", &["fgj.chief"], false).await;
        let asked = w.form("/sign-in", "", &[("login", "fgj.chief"), ("password", PASSWORD)]).await;
        assert_eq!(asked.location, "/sign-in/enrol?next=/");
        let pending = format!("gd_pending={}", asked.cookie("gd_pending").unwrap());
        let page = w.get("/sign-in/enrol", &pending).await;
        let (token, secret) = (page.token(), page.hidden("secret"));
        let fields = [("_token", token.as_str()), ("secret", &secret), ("code", &code(&secret))];
        let done = w.form("/sign-in/enrol", &pending, &fields).await;
        assert!(done.cookie("gd_session").is_some(), "{done:?}");
        let api = r#"{"login":"fgj.chief","password":"three green herons"}"#;
        assert_eq!(w.call("POST", "/api/v1/session", "", api).await.json()["code"], "org.code_wanted");
    });
}

#[test]
fn a_post_is_changed_by_a_form_or_by_a_followed_link_and_by_nothing_else() {
    story(SecondFactor::Optional, false, async |w: World| {
        let who = w.signed_in("both", &["fgj.chief", "fgj.clerk"]).await;
        let asked = who.get("/act-as/fgj.clerk").await;
        assert_eq!(asked.status, 200, "a page with a button");
        assert!(asked.text.contains("action=\"/act-as/fgj.clerk\""));
        let refused = who.form("/act-as/zjj.chief", &[]).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let heads = [
            ("cookie", who.cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let done = w.ask("GET", "/act-as/fgj.clerk", &heads, String::new()).await;
        assert_eq!(done.location, "/?ok=org.acting");
        assert_eq!(who.get("/account").await.status, 303, "the old cookie has ended");
        let cookie = format!("gd_session={}", done.cookie("gd_session").unwrap());
        assert!(w.get("/account", &cookie).await.text.contains("fgj.clerk"));
    });
}

#[test]
fn a_new_password_ends_other_sessions_and_sessions_can_be_ended() {
    story(SecondFactor::Optional, false, async |w: World| {
        let one = w.signed_in("fgj.chief", &["fgj.chief"]).await;
        let two = w.enter("fgj.chief", PASSWORD).await;
        let three = w.enter("fgj.chief", PASSWORD).await;
        let id = one.get("/account").await.hidden("session");
        assert_eq!(
            one.form("/account/sessions/end", &[("session", &id)]).await.location,
            "/account?ok=org.session_ended"
        );
        let alive = [two.get("/account").await.status, three.get("/account").await.status];
        assert!(alive.contains(&200) && alive.contains(&303), "{alive:?}");
        let other = w.signed_in("zjj.chief", &["zjj.chief"]).await;
        assert_eq!(other.form("/account/sessions/end", &[("session", &id)]).await.status, 404);
        let fields = [("old", "nonsense"), ("new", "two white egrets"), ("repeat", "two white egrets")];
        assert!(one.form("/account/password", &fields).await.text.contains("原密码不正确"));
        let fields = [("old", PASSWORD), ("new", "two white egrets"), ("repeat", "two white egrets")];
        assert_eq!(one.form("/account/password", &fields).await.location, "/account?ok=org.password_changed");
        assert_eq!(one.get("/account").await.status, 200);
        assert_eq!([two.get("/account").await.status, three.get("/account").await.status], [303, 303]);
        assert_eq!(one.form("/sign-out", &[]).await.location, "/sign-in?ok=org.signed_out");
        assert_eq!(one.get("/account").await.status, 303);
    });
}

#[test]
fn the_demonstration_lists_its_posts_and_a_real_installation_does_not() {
    for simulated in [true, false] {
        story(SecondFactor::Optional, simulated, async |w: World| {
            w.db_person("zjj.handler", &["zjj.handler"], false).await;
            let page = w.get("/sign-in", "").await.text;
            assert_eq!(page.contains("value=\"zjj.handler\""), simulated);
            assert_eq!(page.contains(super::DEMO_PASSWORD), simulated);
            assert_eq!(page.contains("演示环境"), simulated);
            if simulated {
                let none = w.get("/sign-in?q=zzzz", "").await.text;
                assert!(none.contains("没有符合的岗位"));
            }
        });
    }
}
