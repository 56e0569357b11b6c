//! Every page that the program draws, drawn: in both languages, by posts that may and may not see it, in a district without
//! anything, in one with some weeks behind it, and in one where everything is late.
//!
//! A page is drawn twice and must be the same; it has a title, one main heading and no text that lacks its translation.
//! A new route joins by itself. A route with parameters needs one line in [`SAMPLES`] that says which things to open; a
//! route that is no page needs one in [`NO_PAGE`].

use super::demo;
use super::source::root;
use crate::world::{Answer, D, Post, World};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// What to open under a route with parameters: a statement whose columns fill them in order. One row, one page.
const SAMPLES: [(&str, &str); 12] = [
    ("/topics/{no}", "select no from case_topic where district = $1 order by no limit 2"),
    ("/c/{id}", "select min(id) from case_item where district = $1 group by stage order by 1"),
    // The acts follow in the code.
    ("/c/{id}/{act}", "select min(id) from case_item where district = $1 group by stage order by 1 limit 6"),
    ("/d/{id}", "select min(id) from duty where district = $1 group by kind, state order by 1"),
    ("/d/no/{no}", "select no from duty where district = $1 order by id limit 1"),
    (
        "/plan/{code}",
        "select no from duty where district = $1 and kind = 'plan_item' and no in ('Q-01', 'Q-03', 'M-001') order by no",
    ),
    ("/people/{id}", "select id from person where district = $1 order by id limit 2"),
    ("/files/{id}", "select id from file where district = $1 order by id limit 1"),
    (
        "/units/{code}",
        "select distinct holder_unit from duty where district = $1 order by holder_unit limit 3",
    ),
    ("/integrations/{id}", "select id from webhook where district = $1 order by id"),
    // Both columns of a form's page: a duty in work and an act; the acts follow in the code.
    (
        "/d/{id}/{act}",
        "select min(id) from duty where district = $1 and state in ('in_progress', 'submitted', 'assigned') group by kind, state order by 1 limit 4",
    ),
    ("/log/{district}/receipt/{event}", "select id from event where district = $1 order by id limit 1"),
];

/// GET routes that answer with something else than a page: programs' data, files, redirects, steps of signing in that
/// stand only after the step before.
const NO_PAGE: [&str; 22] = [
    // The simulated district sounds no whistle yet; the whistles' own tests draw every page of theirs.
    "/w/",
    "/rates/export.",
    "/c/{id}/photo/",
    // A stream that does not end.
    "/live",
    // Opened by a sealed ticket or link that no row holds; the portal's own tests draw them.
    "/t/",
    "/portal/receipt/",
    "/api/",
    "/assets/",
    "/files/",
    "/log/",
    "/metrics",
    "/healthz",
    "/readyz",
    "/language/",
    "/theme/",
    "/act-as/",
    "/d/no/",
    "/duties/export",
    "/plan/export.csv",
    "/sign-in/code",
    "/sign-in/enrol",
    "/sign-in/password",
];

/// Pages that are new every time by their purpose.
const FRESH: [(&str, &str); 4] = [
    ("/account/second-factor", "shows a new secret until one is confirmed; the old one must not come back"),
    ("/cases/new", "carries a key of its own, so that a second tap files once"),
    ("/grid", "carries a key of its own, so that a report that is sent again files once"),
    ("/whistles/new", "carries a key of its own, so that a second tap sounds once"),
];

/// Pages for which the simulated district holds nothing yet, or that ask for a choice first; their areas' tests draw them.
const UNDRAWN: [&str; 6] =
    ["/topics/{no}", "/topics/new", "/whistles/new", "/rates/cases", "/cases/hot/cases", "/cases/unit"];

/// Posts that look: who sees nearly all, who works, who plans, the three administrators.
const POSTS: [&str; 10] = [
    "zfb.supervision",
    "zjj.handler",
    "fgj.planner",
    "zwj.system-admin",
    "qwb.security-admin",
    "jw.audit-admin",
    "zwj.operator",
    "zwj.dispatcher",
    "zwj.callback",
    "xfj.panel",
];

fn is_page(path: &str) -> bool {
    !NO_PAGE.iter().any(|head| path.starts_with(head))
}

/// The addresses of a route in this world.
async fn addresses(w: &World, route: &'static str) -> Vec<String> {
    if !route.contains('{') {
        return vec![route.to_owned()];
    }
    let (_, sql) = SAMPLES.iter().find(|(path, _)| *path == route).unwrap_or_else(|| {
        panic!("{route}: say in guard/pages.rs which things to open (SAMPLES), or that it is no page")
    });
    let rows = w.app.db.report(move |tx| tx.query(sql, &[D.into()], |row| row.text(0))).await.unwrap();
    let mut out = Vec::new();
    for row in rows {
        let (before, after) = route.split_once('{').unwrap();
        let (_, rest) = after.split_once('}').unwrap();
        let first = format!("{before}{row}");
        if rest.contains("{act}") && route.starts_with("/c/") {
            // The petitioner's own acts have no form at the desk.
            let own = |act: &&case::model::Act| {
                !matches!(act, case::model::Act::Rate | case::model::Act::ExportPersonal)
            };
            out.extend(case::model::Act::ALL.iter().filter(own).map(|act| format!("{first}/{}", act.code())));
        } else if rest.contains("{act}") {
            out.extend(kernel::duty::Act::ALL.iter().map(|act| {
                let code = serde_json::to_value(act).unwrap();
                format!("{first}/{}", code.as_str().unwrap())
            }));
        } else {
            out.push(format!("{first}{rest}"));
        }
    }
    out
}

/// First parts of dotted keys in every catalogue.
fn namespaces() -> BTreeSet<String> {
    let base = std::fs::read_to_string(root().join("crates/base/i18n/zh.toml")).unwrap();
    let areas = guandu::areas::texts();
    let mut out = BTreeSet::new();
    for text in areas.iter().map(|(zh, _)| *zh).chain([base.as_str()]) {
        for line in text.lines() {
            if let Some(table) = line.strip_prefix('[') {
                out.insert(table.split(['.', ']']).next().unwrap().to_owned());
            }
        }
    }
    assert!(out.len() > 20, "{out:?}");
    out
}

/// Dotted words that are codes by themselves and are shown as such: acts of the policy, rules of the playbook, jobs,
/// events, posts.
fn codes(w: &World) -> BTreeSet<String> {
    let book = w.app.book(D, w.app.now().day()).unwrap();
    let mut out: BTreeSet<String> = kernel::access::Action::ALL.iter().map(|a| a.code().to_owned()).collect();
    out.extend(book.clocks.keys().map(ToString::to_string));
    out.extend(book.lights.keys().map(ToString::to_string));
    out.extend(book.org.posts.keys().map(ToString::to_string));
    out.extend(guandu::areas::recorded().iter().flat_map(|a| a.kinds.iter().map(|k| (*k).to_owned())));
    out.extend(guandu::areas::webhook_kinds().0.iter().map(|(kind, _)| (*kind).to_owned()));
    out.extend(guandu::jobs::ticker(&w.app).jobs().map(|(name, ..)| name.to_owned()));
    out
}

/// Holds what every page must have; gives the faults.
struct Rules {
    namespaces: BTreeSet<String>,
    codes: BTreeSet<String>,
}

impl Rules {
    fn of(w: &World) -> Rules {
        Rules { namespaces: namespaces(), codes: codes(w) }
    }

    fn check(&self, text: &str, lang: &str) -> Vec<String> {
        let page = Html::parse_document(text);
        let select = |css: &str| Selector::parse(css).unwrap();
        let mut faults = Vec::new();
        let titles: Vec<String> =
            page.select(&select("head > title")).map(|e| e.text().collect::<String>()).collect();
        if titles.len() != 1 || titles.iter().any(|t| t.trim().is_empty()) {
            faults.push(format!("titles {titles:?}"));
        }
        let heads: Vec<String> = page.select(&select("h1")).map(|e| e.text().collect::<String>()).collect();
        if heads.len() != 1 || heads.iter().any(|t| t.trim().is_empty()) {
            faults.push(format!("main headings {heads:?}"));
        }
        let langs: Vec<_> = page.select(&select("html")).filter_map(|e| e.attr("lang")).collect();
        if langs != [lang] {
            faults.push(format!("lang {langs:?}, not {lang}"));
        }
        let mut ids = BTreeMap::<&str, u32>::new();
        for element in page.select(&select("[id]")) {
            *ids.entry(element.attr("id").unwrap()).or_default() += 1;
        }
        faults.extend(ids.iter().filter(|(_, n)| **n > 1).map(|(id, n)| format!("id {id} stands {n} times")));
        for element in page.select(&select("body *")).chain(page.select(&select("title"))) {
            self.texts(element, &mut faults);
        }
        faults.sort();
        faults.dedup();
        faults
    }

    fn texts(&self, element: ElementRef<'_>, faults: &mut Vec<String>) {
        if matches!(element.value().name(), "script" | "style" | "code") {
            return;
        }
        let own = element.children().filter_map(|node| node.value().as_text().map(|t| t.to_string()));
        let said = ["title", "aria-label", "placeholder", "alt"].iter().filter_map(|a| element.attr(a));
        for text in own.chain(said.map(str::to_owned)) {
            for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))) {
                let word = word.trim_matches('.');
                let head = word.split('.').next().unwrap_or_default();
                if word.contains('.') && self.namespaces.contains(head) && !self.codes.contains(word) {
                    faults.push(format!("untranslated {word} in {:?}", text.trim()));
                }
            }
            // A placeholder that nothing filled.
            if let Some((_, rest)) = text.split_once('{')
                && let Some((name, _)) = rest.split_once('}')
                && !name.is_empty()
                && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '|')
            {
                faults.push(format!("unfilled {{{name}}} in {:?}", text.trim()));
            }
        }
    }
}

fn is_html(answer: &Answer) -> bool {
    answer.text.get(..15).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype html>"))
}

/// Opens every page as one post in one language; gives the routes that drew for it.
async fn tour(
    w: &World,
    who: &Post<'_>,
    name: &str,
    lang: &str,
    faults: &mut Vec<String>,
) -> BTreeSet<&'static str> {
    let rules = Rules::of(w);
    let mut drawn = BTreeSet::new();
    for route in guandu::areas::route_list().into_iter().filter(|r| r.method == "GET" && is_page(r.path)) {
        for path in addresses(w, route.path).await {
            let (first, second) = (who.get(&path).await, who.get(&path).await);
            let told = format!("{name} {lang} {path} ({})", first.status);
            if first.status >= 500 {
                faults.push(format!("{told}: {}", first.text));
            }
            if !is_html(&first) {
                continue;
            }
            let fresh = FRESH.iter().any(|(page, _)| *page == route.path);
            if first.text != second.text && !fresh {
                faults.push(format!(
                    "{told}: the second time it differs: {}",
                    differs(&first.text, &second.text)
                ));
            }
            faults.extend(rules.check(&first.text, lang).into_iter().map(|fault| format!("{told}: {fault}")));
            if first.status == 200 {
                drawn.insert(route.path);
            }
        }
    }
    drawn
}

/// The first line that differs.
fn differs(a: &str, b: &str) -> String {
    let at = a.bytes().zip(b.bytes()).position(|(x, y)| x != y).unwrap_or_default();
    let around = |text: &str| {
        let part = &text.as_bytes()[at.saturating_sub(60)..(at + 60).min(text.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("{:?} / {:?}", around(a), around(b))
}

async fn all_posts(w: &World, posts: &[&str]) -> BTreeSet<&'static str> {
    let mut faults = Vec::new();
    let mut drawn = BTreeSet::new();
    for code in posts {
        let zh = w.post(code).await;
        drawn.extend(tour(w, &zh, code, "zh-CN", &mut faults).await);
        let en = zh.english();
        drawn.extend(tour(w, &en, code, "en", &mut faults).await);
    }
    drawn.extend(tour(w, &w.visitor(), "nobody", "zh-CN", &mut faults).await);
    drawn.extend(tour(w, &w.visitor().english(), "nobody", "en", &mut faults).await);
    let shown = faults.len().min(40);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..shown].join("\n"));
    drawn
}

#[test]
fn an_empty_district_draws() {
    demo::empty(async |w| {
        all_posts(&w, &POSTS).await;
    });
}

#[test]
fn a_district_at_work_draws_every_page() {
    demo::with(async |w| {
        longest(&w).await;
        receiver(&w).await;
        let drawn = all_posts(&w, &POSTS).await;
        let lost: Vec<&str> = guandu::areas::route_list()
            .iter()
            .filter(|r| r.method == "GET" && is_page(r.path) && !drawn.contains(r.path))
            .filter(|r| !UNDRAWN.contains(&r.path))
            .map(|r| r.path)
            .collect();
        assert!(lost.is_empty(), "no post of this test was shown {lost:?}");
    });
}

#[test]
fn a_district_where_everything_is_late_draws() {
    demo::with(async |w| {
        w.at("2019-08-12T09:58");
        guandu::jobs::seal_all(&w.app, D).await.unwrap();
        all_posts(&w, &["zfb.supervision", "zjj.handler"]).await;
    });
}

/// A duty whose every text is as long as it may be.
async fn longest(w: &World) {
    let director = w.post("zfb.supervision").await;
    let long = |n: usize| "督办事项名称很长".chars().cycle().take(n).collect::<String>();
    let form = json!({ "form": {
        "kind": "supervision", "title": long(100), "criterion": long(400),
        "ground": [{ "kind": "meeting_decision", "text": long(400) }],
        "priority": "top", "visibility": "internal",
    }});
    let id = director.json("/api/v1/duties", &form).await.good().duty();
    let act = format!("/api/v1/duties/{id}/commands");
    director.json(&act, &json!({ "command": { "act": "assign", "lead": "zjj" } })).await.good();
}

/// A receiver of webhooks, which a simulated district does not have.
async fn receiver(w: &World) {
    let admin = w.post("zwj.system-admin").await;
    let new = json!({ "url": "https://hooks.example.com/guandu", "kinds": ["duty.notice"] });
    admin.json("/api/v1/webhooks", &new).await.good();
}

#[test]
fn the_rules_see_what_they_look_for() {
    demo::empty(async |w| {
        let rules = Rules::of(&w);
        let page = |title: &str, body: &str| {
            format!(
                "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title></head><body>{body}</body></html>"
            )
        };
        assert_eq!(
            rules.check(&page("A", "<h1>B</h1><code>du.x</code> zfb.supervision"), "en"),
            Vec::<String>::new()
        );
        let bad = rules.check(
            &page(" ", "<h1>B</h1><h1>C</h1><p id=a title=\"du.no.text\">{name}</p><p id=a>"),
            "zh-CN",
        );
        for sign in ["titles", "main headings", "lang", "id a", "untranslated du.no.text", "unfilled {name}"]
        {
            assert!(bad.iter().any(|fault| fault.contains(sign)), "{sign}: {bad:?}");
        }
    });
}
