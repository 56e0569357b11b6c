//! Stories of receivers of webhooks, recovery codes, and sessions in the ledger.

use super::tests_world::{Answer, D, PASSWORD, Session, World, story};
use base::config::SecondFactor;
use base::totp::Secret;
use kernel::PersonId;

const SYSTEM: &str = "zwj.system-admin";
const SECURITY: &str = "qwb.security-admin";

/// Kinds and bodies of the events of one sort of subject, in order.
async fn events(w: &World, sort: &'static str) -> Vec<(String, String)> {
    let sql = "select kind, body from event where district = $1 and subject_kind = $2 order by id";
    let read = move |tx: &mut base::Tx<'_>| {
        tx.query(sql, &[D.into(), sort.into()], |row| Ok((row.text(0)?, row.text(1)?)))
    };
    w.app.db.read(read).await.unwrap()
}

fn kinds(events: &[(String, String)]) -> Vec<&str> {
    events.iter().map(|(kind, _)| kind.as_str()).collect()
}

fn secret_in(page: &Answer) -> String {
    let at = page.text.find("whsec_").unwrap_or_else(|| panic!("no secret in {}", page.text));
    page.text[at..].split('<').next().unwrap().to_owned()
}

#[test]
fn a_receiver_is_registered_tried_out_given_a_new_secret_and_removed() {
    story(SecondFactor::Optional, false, async |w: World| {
        let system = w.signed_in("sys", &[SYSTEM]).await;
        assert!(system.get("/people").await.text.contains("href=\"/integrations\""));
        assert!(system.get("/integrations").await.text.contains("还没有接收方"));
        let url = "https://hooks.example/t0ken?key=abc";
        let none = system.form("/integrations", &[("url", url)]).await;
        assert!(none.status == 400 && none.text.contains("不是事件类型"), "{}", none.text);
        let inside = [("url", "https://192.168.1.9/x"), ("kinds", "*")];
        let inside = system.form("/integrations", &inside).await;
        assert!(inside.status == 422 && inside.text.contains("内部或保留网络"), "{}", inside.text);
        let made = system.form("/integrations", &[("url", url), ("pattern", "duty.*")]).await;
        let (first, id) = (secret_in(&made), made.text.split("/integrations/").nth(1).unwrap());
        let page = format!("/integrations/{}", &id[..36]);
        let again = system.get(&page).await;
        assert!(again.status == 200 && !again.text.contains("whsec_"), "shown once");
        assert!(again.text.contains("duty.*") && again.text.contains("还没有消息"));

        let tested = system.form(&format!("{page}/test"), &[]).await;
        assert_eq!(tested.location, format!("{page}?ok=org.hook_tested"));
        let log = system.english(&page).await;
        assert!(log.text.contains("Waiting") && log.text.contains("Send a test"), "{}", log.text);
        let turned = secret_in(&system.form(&format!("{page}/rotate"), &[]).await);
        assert_ne!(first, turned);
        system.form(&format!("{page}/disable"), &[]).await;
        let off = system.form(&format!("{page}/test"), &[]).await;
        assert!(off.status == 409 && off.text.contains("已停用"), "{}", off.text);
        system.form(&format!("{page}/enable"), &[]).await;
        let gone = system.form(&format!("{page}/remove"), &[]).await;
        assert_eq!(gone.location, "/integrations?ok=org.hook_removed");
        assert_eq!(system.get(&page).await.status, 404);
        assert_eq!(system.form(&format!("{page}/test"), &[]).await.status, 404);

        let told = events(&w, "webhook").await;
        let expected = ["added", "tested", "secret_rotated", "disabled", "enabled", "removed"]
            .map(|k| format!("webhook.{k}"));
        assert_eq!(kinds(&told), expected);
        let all = format!("{told:?}");
        assert!(all.contains("hooks.example") && !all.contains("t0ken") && !all.contains("whsec_"), "{all}");
        // Nobody else: not the security administrator, not an office.
        for (login, post) in [("sec", SECURITY), ("fgj", "fgj.chief")] {
            let other = w.signed_in(login, &[post]).await;
            assert_eq!(other.get("/integrations").await.status, 403, "{post}");
            assert_eq!(other.form("/integrations", &[("url", url), ("kinds", "*")]).await.status, 403);
        }
    });
}

async fn bearer(w: &World, login: &str) -> String {
    let body = format!(r#"{{"login":"{login}","password":"{PASSWORD}"}}"#);
    w.call("POST", "/api/v1/session", "", &body).await.json()["token"].as_str().unwrap().to_owned()
}

#[test]
fn programs_register_receivers_too() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("sys", &[SYSTEM], false).await;
        let token = bearer(&w, "sys").await;
        let bad = r#"{"url":"http://hooks.example/","kinds":["duty.notice"]}"#;
        let refused = w.call("POST", "/api/v1/webhooks", &token, bad).await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (400, Some("webhook.not_https")));
        let body = r#"{"url":"https://hooks.example/","kinds":["duty.notice"]}"#;
        let heads = |key| {
            [
                ("authorization", format!("Bearer {token}")),
                ("content-type", "application/json".to_owned()),
                ("idempotency-key", key),
            ]
        };
        let send = async |key: &str| {
            let heads = heads(key.to_owned());
            let heads: Vec<(&str, &str)> = heads.iter().map(|(k, v)| (*k, v.as_str())).collect();
            w.ask("POST", "/api/v1/webhooks", &heads, body.to_owned()).await
        };
        let made = send("k1").await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert!(made.json()["secret"].as_str().unwrap().starts_with("whsec_"));
        let same = send("k1").await;
        assert_eq!((same.json()["id"].as_str(), same.json().get("secret")), (Some(id.as_str()), None));

        let path = format!("/api/v1/webhooks/{id}");
        let sent = w.call("POST", &format!("{path}/test"), &token, "{}").await;
        assert_eq!(sent.status, 202, "{}", sent.text);
        let full = w.call("GET", &path, &token, "").await.json();
        assert_eq!(full["deliveries"][0]["state"], "waiting");
        assert_eq!(full["deliveries"][0]["id"], sent.json()["message"]);
        let turned = w.call("POST", &format!("{path}/rotate"), &token, "{}").await.json();
        assert_ne!(turned["secret"], made.json()["secret"]);
        let list = w.call("GET", "/api/v1/webhooks", &token, "").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert!(!list.to_string().contains("whsec_"));
        let retry = format!("{path}/deliveries/{}/retry", sent.json()["message"].as_str().unwrap());
        assert_eq!(w.call("POST", &retry, &token, "{}").await.status, 404, "it has not been given up");
        assert_eq!(w.call("DELETE", &path, &token, "").await.status, 204);
        assert_eq!(w.call("DELETE", &path, &token, "").await.status, 404);
        assert_eq!(w.call("DELETE", "/api/v1/webhooks/nonsense", &token, "").await.status, 404);
    });
}

#[test]
fn a_recovery_code_stands_in_for_a_lost_phone_once() {
    story(SecondFactor::Optional, false, async |w: World| {
        let mut chief = w.signed_in("fgj.chief", &["fgj.chief"]).await;
        let page = chief.get("/account/recovery-codes").await;
        assert!(page.text.contains("尚未启用动态码"), "{}", page.text);
        let early = chief.form("/account/recovery-codes", &[("password", PASSWORD)]).await;
        assert_eq!(early.status, 422);
        let secret = chief.get("/account/second-factor").await.hidden("secret");
        let phone = Secret::from_base32(&secret).unwrap();
        let code = phone.code_at(base::op::machine_now());
        let set = chief.form("/account/second-factor", &[("secret", &secret), ("code", &code)]).await;
        assert_eq!(set.location, "/account/recovery-codes?ok=org.factor_set");
        chief.cookie = format!("gd_session={}", set.cookie("gd_session").unwrap());
        chief.token = chief.get("/account").await.token();
        // The secret lies in the database only sealed.
        let sql = "select totp from person where district = $1 and login = 'fgj.chief'";
        let stored = w.app.db.read(move |tx| tx.one(sql, &[D.into()], |row| row.text(0))).await.unwrap();
        assert!(base::vault::Vault::is_sealed(&stored.unwrap()));

        let wrong = chief.form("/account/recovery-codes", &[("password", "nonsense")]).await;
        assert!(wrong.text.contains("原密码不正确"), "{}", wrong.text);
        let made = chief.form("/account/recovery-codes", &[("password", PASSWORD)]).await;
        let codes: Vec<String> = made
            .text
            .split("<li><code>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(codes.len(), 10, "{}", made.text);
        let sql = "select print from recovery_code where district = $1";
        let prints = w.app.db.read(move |tx| tx.query(sql, &[D.into()], |row| row.text(0))).await.unwrap();
        assert!(prints.len() == 10 && codes.iter().all(|c| !prints.contains(c)));

        let enter = async |given: &str| {
            let asked = w.form("/sign-in", "", &[("login", "fgj.chief"), ("password", PASSWORD)]).await;
            let pending = format!("gd_pending={}", asked.cookie("gd_pending").unwrap());
            let page = w.get("/sign-in/code", &pending).await;
            let fields = [("_token", page.token()), ("code", String::new()), ("recovery", given.to_owned())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            w.form("/sign-in/code", &pending, &fields).await
        };
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert!(enter(&typed).await.cookie("gd_session").is_some(), "case, blanks and hyphens do not matter");
        let again = enter(&codes[3]).await;
        assert!(again.status == 401 && again.text.contains("恢复码不正确或已用过"), "{}", again.text);
        assert_eq!(enter("aaaaa-aaaaa").await.status, 401);
        assert!(chief.get("/account").await.text.contains("还有9个恢复码可用"));
        // For programs, in the same field as the phone's code.
        let body = format!(r#"{{"login":"fgj.chief","password":"{PASSWORD}","code":"{}"}}"#, codes[0]);
        assert_eq!(w.call("POST", "/api/v1/session", "", &body).await.status, 201);
        // A new set ends the old one; taking the factor off ends all.
        let token = chief.cookie.trim_start_matches("gd_session=").to_owned();
        let again = format!(r#"{{"password":"{PASSWORD}"}}"#);
        let again = w.call("POST", "/api/v1/me/recovery-codes", &token, &again).await;
        assert_eq!(again.json()["codes"].as_array().unwrap().len(), 10, "{}", again.text);
        assert_eq!(enter(&codes[5]).await.status, 401);
        chief.form("/account/second-factor/remove", &[("password", PASSWORD)]).await;
        let left = w.app.db.read(move |tx| tx.query(sql, &[D.into()], |row| row.text(0))).await.unwrap();
        assert!(left.is_empty());
        let told = format!("{:?}", events(&w, "person").await);
        assert!(told.contains("recovery_codes_made") && told.contains("recovery_code_used"), "{told}");
        assert!(codes.iter().all(|code| !told.contains(code.as_str())));
    });
}

#[test]
fn sessions_are_in_the_ledger_and_pages_are_not() {
    story(SecondFactor::Optional, false, async |w: World| {
        let one = w.signed_in("two.posts", &["fgj.chief", "fgj.clerk"]).await;
        one.get("/account").await;
        one.get("/notices").await;
        assert_eq!(kinds(&events(&w, "session").await), ["org.session.begun"], "reading records nothing");
        let heads = [("_token", one.token.as_str())];
        let switched = w.form("/act-as/fgj.clerk", &one.cookie, &heads).await;
        let two = Session {
            world: &w,
            cookie: format!("gd_session={}", switched.cookie("gd_session").unwrap()),
            token: String::new(),
        };
        let token = two.get("/account").await.token();
        let three = w.enter("two.posts", PASSWORD).await;
        three.form("/account/sessions/end-others", &[]).await;
        assert_eq!(two.get("/account").await.status, 303);
        assert!(!token.is_empty());
        three.form("/sign-out", &[]).await;
        let told = events(&w, "session").await;
        let expected = ["begun", "switched", "begun", "revoked", "ended"].map(|k| format!("org.session.{k}"));
        assert_eq!(kinds(&told), expected, "{told:?}");

        // A burst of wrong passwords is one event, whoever's login it is; the password and the login are in none.
        for login in ["two.posts", "nobody.here"] {
            for _ in 0..9 {
                w.form("/sign-in", "", &[("login", login), ("password", "hunter2 hunter2")]).await;
            }
        }
        let told = events(&w, "login").await;
        assert_eq!(kinds(&told), ["org.session.locked"; 2], "{told:?}");
        let all = format!("{told:?}");
        assert!(!all.contains("hunter2") && !all.contains("nobody.here"), "{all}");
        let known: Vec<bool> = told.iter().map(|(_, body)| !body.contains("\"person\":null")).collect();
        assert_eq!(known, [true, false]);
        let sql = "select id from person where district = $1 and login = 'two.posts'";
        let id: Option<PersonId> =
            w.app.db.read(move |tx| tx.one(sql, &[D.into()], |row| row.parsed(0))).await.unwrap();
        assert!(told[0].1.contains(&id.unwrap().to_string()));
    });
}
