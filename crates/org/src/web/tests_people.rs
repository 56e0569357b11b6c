//! Stories of accounts, posts, units, policy and the API.

use super::tests_world::{PASSWORD, Session, World, story};
use base::config::SecondFactor;

/// The posts of the playbook that hold the roles of these stories.
const SYSTEM: &str = "zwj.system-admin";
const SECURITY: &str = "qwb.security-admin";
const AUDIT: &str = "jw.audit-admin";

/// A post with this role.
fn post_with(w: &World, role: &str) -> String {
    let book = w.app.book(super::tests_world::D, w.app.now().day()).unwrap();
    let has = |p: &&kernel::playbook::Post| p.roles.iter().any(|r| r.as_str() == role);
    book.org.posts.values().find(has).unwrap_or_else(|| panic!("no post has {role}")).code.to_string()
}

async fn made_up(s: &Session<'_>, login: &str) -> (String, String) {
    let page = s.form("/people/new", &[("login", login), ("name", "新来的承办人"), ("email", "")]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let word = page.text.split("<code class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let id = page.text.split("action=\"/people/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    (id, word)
}

#[test]
fn the_three_administrators_do_three_things() {
    story(SecondFactor::Optional, false, async |w: World| {
        let system = w.signed_in("sys", &[SYSTEM]).await;
        let security = w.signed_in("sec", &[SECURITY]).await;
        let audit = w.signed_in("aud", &[AUDIT]).await;
        let organisation = w.signed_in("orgdep", &[&post_with(&w, "organisation")]).await;
        let (id, word) = made_up(&system, "new.one").await;
        let page = format!("/people/{id}");
        assert!(!system.get(&page).await.text.contains(&word), "shown once");
        // Without a post nobody signs in, even with the right password.
        let idle = w.form("/sign-in", "", &[("login", "new.one"), ("password", &word)]).await;
        assert_eq!(idle.location, "/sign-in/password?next=/");
        // Who opens accounts does not give posts; who gives posts does not open accounts.
        let appoint = [("post", "fgj.handler")];
        assert_eq!(system.form(&format!("{page}/appoint"), &appoint).await.status, 403);
        assert_eq!(security.form(&format!("{page}/reset-password"), &[]).await.status, 403);
        assert_eq!(organisation.get("/people/new").await.status, 403);
        let done = organisation.form(&format!("{page}/appoint"), &appoint).await;
        assert_eq!(done.location, format!("{page}?ok=org.appointed"));
        assert_eq!(organisation.form(&format!("{page}/appoint"), &appoint).await.status, 409);
        assert_eq!(organisation.form(&format!("{page}/appoint"), &[("post", "no.such")]).await.status, 400);
        // The log is the audit administrator's.
        assert!(system.get(&page).await.text.contains("由审计管理员和审计人员查看"));
        let log = audit.get(&page).await;
        assert!(log.text.contains("任命为") && log.text.contains("开设账号"), "{}", log.text);
        assert_eq!(audit.form(&format!("{page}/disable"), &[]).await.status, 403);
        // Disabling ends sessions; the security administrator may do it.
        assert_eq!(
            security.form(&format!("{page}/disable"), &[]).await.location,
            format!("{page}?ok=org.disabled")
        );
        let refused = w.form("/sign-in", "", &[("login", "new.one"), ("password", &word)]).await;
        assert_eq!(refused.status, 401, "a disabled account is answered like an unknown one");
        assert_eq!(
            system.form(&format!("{page}/enable"), &[]).await.location,
            format!("{page}?ok=org.enabled")
        );
        let relieved = organisation.form(&format!("{page}/relieve"), &appoint).await;
        assert_eq!(relieved.location, format!("{page}?ok=org.relieved"));
    });
}

#[test]
fn locks_are_lifted_and_passwords_reset_by_the_system_administrator() {
    story(SecondFactor::Optional, false, async |w: World| {
        let system = w.signed_in("sys", &[SYSTEM]).await;
        let id = w.db_person("fgj.chief", &["fgj.chief"], false).await;
        for _ in 0..6 {
            w.form("/sign-in", "", &[("login", "fgj.chief"), ("password", "nonsense")]).await;
        }
        let page = system.get(&format!("/people/{id}")).await;
        assert!(page.text.contains("已锁定") && page.text.contains("/unlock"), "{}", page.text);
        let done = system.form(&format!("/people/{id}/unlock"), &[]).await;
        assert_eq!(done.location, format!("/people/{id}?ok=org.unlocked"));
        let chief = w.enter("fgj.chief", PASSWORD).await;
        let reset = system.form(&format!("/people/{id}/reset-password"), &[]).await;
        assert!(reset.status == 200 && reset.text.contains("只显示这一次"));
        assert_eq!(chief.get("/account").await.status, 303, "sessions have ended");
    });
}

#[test]
fn who_may_see_whom() {
    story(SecondFactor::Optional, false, async |w: World| {
        let id = w.db_person("fgj.handler", &["fgj.handler"], false).await;
        let foreign = w.db_person("zjj.handler", &["zjj.handler"], false).await;
        let chief = w.signed_in("fgj.chief", &["fgj.chief"]).await;
        let list = chief.get("/people").await;
        assert!(list.text.contains("fgj.handler") && !list.text.contains("zjj.handler"), "{}", list.text);
        assert_eq!(chief.get(&format!("/people/{id}")).await.status, 200);
        assert_eq!(chief.get(&format!("/people/{foreign}")).await.status, 404);
        assert_eq!(chief.get("/people/nonsense").await.status, 404);
        let handler = w.enter("fgj.handler", PASSWORD).await;
        assert_eq!(handler.get("/people").await.status, 403);
        assert_eq!(handler.get(&format!("/people/{id}")).await.status, 200, "one's own account");
        let system = w.signed_in("sys", &[SYSTEM]).await;
        let found = system.get("/people?q=zjj").await;
        assert!(found.text.contains("zjj.handler") && !found.text.contains("fgj.handler"));
        assert!(
            system.get("/people?q=%25").await.text.contains("没有符合的账号")
                || system.get("/people?q=%25").await.status == 200
        );
        assert_eq!(system.get("/people?nonsense=1").await.status, 400);
    });
}

#[test]
fn pages_render_in_both_languages_without_a_bare_key() {
    story(SecondFactor::Optional, false, async |w: World| {
        let chief = w.signed_in("fgj.chief", &["fgj.chief"]).await;
        let system = w.signed_in("sys", &[SYSTEM]).await;
        let person = w.db_person("zjj.handler", &["zjj.handler"], false).await;
        let own = [
            "/account",
            "/account/password",
            "/account/second-factor",
            "/units",
            "/units?q=%E8%A1%97",
            "/units/fgj",
            "/units/530111009",
            "/mandates",
            "/mandates?list=taken_back",
            "/mandates?unit=street",
            "/policy",
            "/policy?role=handler",
            "/policy?view=matrix",
            "/policy?action=measure.write_s",
            "/notices",
            "/people",
            "/act-as/fgj.chief",
        ];
        let theirs = [
            "/people".to_owned(),
            "/people/new".to_owned(),
            format!("/people/{person}"),
            "/units/zwj".to_owned(),
        ];
        for (who, paths) in [(&chief, own.map(str::to_owned).to_vec()), (&system, theirs.to_vec())] {
            for path in paths {
                for page in [who.get(&path).await, who.english(&path).await] {
                    assert_eq!(page.status, 200, "{path}: {}", page.text);
                    assert!(!page.text.contains(">org.") && !page.text.contains("> org."), "{path}");
                    assert!(!page.text.contains(" style=\""), "{path}");
                }
            }
        }
        assert_eq!(chief.get("/units/no-such").await.status, 404);
        assert!(chief.get("/units").await.text.contains("托管"));
        assert!(chief.english("/units/fgj").await.text.contains("Vacant"));
        assert!(
            chief
                .get("/policy?role=handler&action=measure.write_s")
                .await
                .text
                .contains("统计数不得手工填写")
        );
    });
}

#[test]
fn programs_sign_in_and_work_with_a_token() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("sys", &[SYSTEM], false).await;
        w.db_person("orgdep", &[&post_with(&w, "organisation")], false).await;
        let begin = async |login: &str| {
            let body = format!(r#"{{"login":"{login}","password":"{PASSWORD}"}}"#);
            let answer = w.call("POST", "/api/v1/session", "", &body).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            answer.json()["token"].as_str().unwrap().to_owned()
        };
        let (system, organisation) = (begin("sys").await, begin("orgdep").await);
        w.db_person("sec", &[SECURITY], false).await;
        let me = w.call("GET", "/api/v1/me", &system, "").await.json();
        assert_eq!(me["post"]["code"], SYSTEM);
        let bearer = format!("Bearer {system}");
        let heads = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", "k-1"),
        ];
        let body = r#"{"login":"api.one","name":"接口开设"}"#;
        let first = w.ask("POST", "/api/v1/people", &heads, body.to_owned()).await;
        assert_eq!(first.status, 201, "{}", first.text);
        assert!(first.json()["password"].is_string());
        let again = w.ask("POST", "/api/v1/people", &heads, body.to_owned()).await;
        assert_eq!(again.json()["id"], first.json()["id"]);
        assert!(again.json()["password"].is_null(), "a stored answer has no password");
        let id = first.json()["id"].as_str().unwrap().to_owned();
        let appoint = |post: &str| format!(r#"{{"post":"{post}"}}"#);
        let path = format!("/api/v1/people/{id}/appoint");
        assert_eq!(w.call("POST", &path, &system, &appoint("fgj.handler")).await.status, 403);
        assert_eq!(w.call("POST", &path, &organisation, &appoint("fgj.handler")).await.status, 200);
        let clash = w.call("POST", &path, &organisation, &appoint(SECURITY)).await;
        assert_eq!(clash.status, 200, "{}", clash.text);
        let clash = w.call("POST", &path, &organisation, &appoint(AUDIT)).await;
        assert!(clash.status == 403 || clash.status == 422, "{}", clash.text);
        let full = w.call("GET", &format!("/api/v1/people/{id}"), &organisation, "").await.json();
        assert_eq!(full["posts"].as_array().unwrap().len(), 2);
        assert!(full["history"].is_null());
        for verb in ["disable", "enable", "unlock", "sign-out"] {
            let answer = w.call("POST", &format!("/api/v1/people/{id}/{verb}"), &system, "{}").await;
            assert_eq!(answer.status, 200, "{verb}: {}", answer.text);
        }
        let reset =
            w.call("POST", &format!("/api/v1/people/{id}/reset-password"), &system, "{}").await.json();
        let word = reset["password"].as_str().unwrap();
        let refused = w
            .call("POST", "/api/v1/session", "", &format!(r#"{{"login":"api.one","password":"{word}"}}"#))
            .await;
        assert_eq!(refused.json()["code"], "org.password_change_first");
        assert_eq!(w.call("DELETE", "/api/v1/session", &system, "").await.status, 204);
        assert_eq!(w.call("GET", "/api/v1/me", &system, "").await.status, 401);
    });
}

#[test]
fn lists_of_the_api_are_paged_by_key() {
    story(SecondFactor::Optional, false, async |w: World| {
        w.db_person("fgj.chief", &["fgj.chief"], false).await;
        let body = format!(r#"{{"login":"fgj.chief","password":"{PASSWORD}","post":"fgj.chief"}}"#);
        let token =
            w.call("POST", "/api/v1/session", "", &body).await.json()["token"].as_str().unwrap().to_owned();
        let get = async |path: &str| w.call("GET", path, &token, "").await;
        for (path, key) in
            [("/api/v1/units", "code"), ("/api/v1/posts", "code"), ("/api/v1/mandates", "code")]
        {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = get(&format!("{path}?limit=37&after={after}")).await.json();
                seen.extend(
                    page["items"].as_array().unwrap().iter().map(|i| i[key].as_str().unwrap().to_owned()),
                );
                match page["next"].as_str() {
                    Some(next) => after = next.to_owned(),
                    None => break,
                }
            }
            let mut sorted = seen.clone();
            sorted.sort();
            sorted.dedup();
            assert!(sorted == seen && seen.len() > 50, "{path}: {}", seen.len());
        }
        let unit = get("/api/v1/units/530111009").await.json();
        assert_eq!(unit["managed_by"], "kg");
        assert!(unit["children"].as_array().unwrap().len() > 1);
        assert!(get("/api/v1/policy?role=statistics").await.json()["items"].as_array().unwrap().len() > 3);
        assert_eq!(get("/api/v1/notices").await.json()["items"].as_array().unwrap().len(), 0);
        assert_eq!(w.call("POST", "/api/v1/notices/read", &token, "{}").await.json()["marked"], 0);
        for bad in ["/api/v1/units?limit=0", "/api/v1/units?limit=999", "/api/v1/units?colour=red"] {
            assert_eq!(get(bad).await.status, 400, "{bad}");
        }
        assert_eq!(get("/api/v1/units/none").await.status, 404);
        assert_eq!(get("/api/v1/people").await.status, 200, "a head sees the own unit's people");
    });
}
