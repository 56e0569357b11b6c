use super::samples::{day, page, shell};
use super::shell::{Shell, Theme};
use super::zh::han;
use super::*;
use crate::i18n::Catalogue;
use kernel::Lang;
use maud::html;
use scraper::{Html, Selector};
use std::collections::BTreeSet;
use std::path::Path;

fn drawn(lang: Lang) -> String {
    page(Catalogue::builtin().t(lang), Theme::Auto).into_string()
}

fn select(s: &str) -> Selector {
    Selector::parse(s).unwrap()
}

/// Rendered in both languages; written out for a person (and a browser) when `GUANDU_SAMPLES` names a folder.
#[test]
fn every_component_renders_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let html = drawn(lang);
        assert!(html.contains("</html>"));
        if let Ok(dir) = std::env::var("GUANDU_SAMPLES") {
            std::fs::write(Path::new(&dir).join(format!("sample-{}.html", lang.tag())), html).unwrap();
            let texts = Catalogue::builtin();
            let mut bare = shell(texts.t(lang), Theme::Auto);
            bare.body = html! { div { h1 { "登录" } section.card { div.card-body { (feedback::note(Tone::Warn, html! { "会话已过期,请重新登录。" })) } } } };
            std::fs::write(
                Path::new(&dir).join(format!("bare-{}.html", lang.tag())),
                bare.bare().into_string(),
            )
            .unwrap();
            bare.body = html! { div.gp-w { h1 { "门户" } } };
            std::fs::write(
                Path::new(&dir).join(format!("public-{}.html", lang.tag())),
                bare.public().into_string(),
            )
            .unwrap();
        }
    }
}

#[test]
fn no_page_shows_a_key_an_inline_style_or_an_inline_script() {
    for lang in [Lang::Zh, Lang::En] {
        let html = drawn(lang);
        let tree = Html::parse_document(&html);
        assert_eq!(tree.select(&select("[style]")).count(), 0);
        assert_eq!(tree.select(&select("style")).count(), 0);
        assert_eq!(tree.select(&select("script:not([src])")).count(), 0);
        for e in tree.select(&select("*")) {
            for (name, value) in e.value().attrs() {
                assert!(!name.starts_with("on"), "{name}={value}");
            }
        }
        let area = ["light.", "shell.", "due.", "state.", "duty.", "nav.", "act.", "word.", "mark.", "form."];
        let text: Vec<&str> = tree.root_element().text().collect();
        assert!(!text.iter().any(|s| area.iter().any(|a| s.starts_with(a))), "{text:?}");
    }
}

#[test]
fn the_page_is_sound_for_a_screen_reader() {
    for lang in [Lang::Zh, Lang::En] {
        let html = drawn(lang);
        let tree = Html::parse_document(&html);
        assert_eq!(tree.select(&select("h1")).count(), 1);
        assert_eq!(tree.select(&select("main#main")).count(), 1);
        assert_eq!(tree.root_element().value().attr("lang"), Some(lang.tag()));
        let first = tree.select(&select("body a")).next().unwrap();
        assert_eq!(first.value().attr("href"), Some("#main"), "the skip link is first");
        for b in tree.select(&select("button, summary, a")) {
            let spoken = b.text().any(|s| !s.trim().is_empty()) || b.value().attr("aria-label").is_some();
            assert!(spoken, "{}", b.html());
        }
        for f in tree.select(&select("input:not([type=hidden]), select, textarea")) {
            let id = f.value().attr("id").unwrap_or_default();
            let labelled =
                tree.select(&select(&format!("label[for='{id}']"))).next().is_some() && !id.is_empty();
            let inside = f.ancestors().any(|n| n.value().as_element().is_some_and(|e| e.name() == "label"));
            assert!(labelled || inside || f.value().attr("aria-label").is_some(), "{}", f.html());
        }
        for graphic in tree.select(&select("[role=img]")) {
            assert!(graphic.value().attr("aria-label").is_some_and(|l| !l.is_empty()), "{}", graphic.html());
        }
        for table in tree.select(&select("table")) {
            assert!(table.select(&select("caption")).next().is_some());
            assert!(table.select(&select("thead th")).all(|th| th.value().attr("scope") == Some("col")));
        }
        let ids: Vec<&str> = tree.select(&select("[id]")).filter_map(|e| e.value().attr("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{ids:?}");
        for e in tree.select(&select("[aria-describedby], [aria-labelledby]")) {
            for attr in ["aria-describedby", "aria-labelledby"] {
                for id in e.value().attr(attr).unwrap_or_default().split_whitespace() {
                    assert!(unique.contains(id), "{attr}={id}");
                }
            }
        }
    }
}

#[test]
fn a_field_keeps_what_was_typed_and_says_what_is_wrong() {
    let html = drawn(Lang::Zh);
    let tree = Html::parse_document(&html);
    let share = tree.select(&select("#share")).next().unwrap();
    assert_eq!(share.value().attr("value"), Some("130"));
    assert_eq!(share.value().attr("aria-invalid"), Some("true"));
    assert_eq!(share.value().attr("aria-describedby"), Some("share-h share-e"));
    let error: String = tree.select(&select("#share-e")).next().unwrap().text().collect();
    assert_eq!(error, "完成比例应为0到100。请改正后重新提交。");
    let note: String = tree.select(&select("#note")).next().unwrap().text().collect();
    assert_eq!(note, "<b>原样</b>, 保留", "typed text is neither cut, rewritten nor executed");
    assert!(!html.contains("never shown"), "a password never comes back");
    assert_eq!(
        tree.select(&select("form[method=post] input[name=_token]")).count(),
        tree.select(&select("form[method=post]")).count()
    );
}

#[test]
fn what_cannot_be_done_says_why_and_does_nothing() {
    let html = drawn(Lang::Zh);
    let tree = Html::parse_document(&html);
    let off: Vec<_> = tree.select(&select(".wk-r [aria-disabled=true]")).collect();
    assert_eq!(off.len(), 1);
    for b in off {
        assert_eq!(b.value().attr("type"), Some("button"));
        assert_eq!(b.value().attr("aria-label"), Some("申请延期 · 已逾期，不能再申请延期"));
    }
}

#[test]
fn deadline_chips_name_the_working_day() {
    use due::{Due, Length, chip};
    let texts = Catalogue::builtin();
    let now = day(8, 12).at(9, 58);
    let say = |lang, due: &Due| {
        let html = chip(texts.t(lang), due, Length::Full).into_string();
        Html::parse_fragment(&html).root_element().text().collect::<Vec<_>>().join("|")
    };
    let late = Due::at(now, day(7, 26).at(18, 0), -11);
    assert_eq!(say(Lang::Zh, &late), "逾期11个工作日|应于7月26日周五");
    assert_eq!(say(Lang::En, &late), "11 wd overdue|due Fri 26 Jul");
    assert_eq!(say(Lang::Zh, &Due::at(now, day(8, 12).at(17, 30), 0)), "今天17:30截止");
    assert_eq!(say(Lang::Zh, &Due::at(now, day(8, 12).at(9, 0), 0)), "已逾期|应于8月12日 09:00");
    assert_eq!(say(Lang::Zh, &Due::at(now, day(8, 14).at(18, 0), 2)), "剩2个工作日|8月14日周三");
    assert_eq!(say(Lang::Zh, &Due::at(now, day(8, 18).at(18, 0), 0)), "8月18日周日截止");
}

#[test]
fn chinese_punctuation_is_full_width() {
    for (typed, shown) in [
        ("发展,全面", "发展，全面"),
        ("1,234 x", "1,234 x"),
        ("09:30 议题", "09:30 议题"),
        ("下半年:300亿", "下半年：300亿"),
        ("指标(总量)", "指标（总量）"),
        ("38%;储备", "38%；储备"),
        ("P50,预计", "P50，预计"),
        ("plain, english: text", "plain, english: text"),
        ("第(a)项", "第（a）项"),
        ("f(x)", "f(x)"),
        ("是吗?", "是吗？"),
        ("2019-08-12T09:58 起", "2019-08-12T09:58 起"),
        ("https://x.cn/官渡", "https://x.cn/官渡"),
        ("(甲(乙))丙", "（甲（乙））丙"),
    ] {
        assert_eq!(han(typed), shown);
        assert_eq!(han(shown), shown, "once is enough");
    }
}

#[test]
fn days_read_as_they_are_written() {
    use when::*;
    let (d, texts) = (day(8, 12), Catalogue::builtin());
    assert_eq!(day_long(Lang::Zh, d), "2019年8月12日 周一");
    assert_eq!(day_long(Lang::En, d), "Mon 12 Aug 2019");
    assert_eq!(day_week(Lang::Zh, d), "8月12日周一");
    assert_eq!(day_near(Lang::Zh, d, kernel::Day::new(2020, 1, 1).unwrap()), "2019年8月12日");
    assert_eq!(moment(Lang::En, d.at(9, 8), d), "12 Aug 09:08");
    assert_eq!(span(texts.t(Lang::Zh), 2945), "49小时5分");
    assert_eq!(span(texts.t(Lang::Zh), 58), "58分");
    assert_eq!(span(texts.t(Lang::En), 120), "2 h");
    assert_eq!(workdays(texts.t(Lang::En), 1), "1 working day");
}

#[test]
fn marks_stay_inside_their_card() {
    let shares = meter::shares(&[5.0, 10.0, 44.0, 0.001], 1.6);
    let (x, w) = shares.last().copied().unwrap();
    assert!((x + w - 100.0).abs() < 1e-9 && w > 1.0, "{shares:?}");
    assert_eq!(meter::shares(&[], 1.6), vec![]);
    assert_eq!(meter::shares(&[0.0], 1.6), vec![(0.0, 0.0)]);
    let over = meter::bullet(140.0, Some(-3.0), Tone::Bad, meter::Size::Thin, "x").into_string();
    assert!(over.contains("width=\"100.00%\"") && over.contains("x=\"0.00%\""), "{over}");
    assert!(meter::spark(&[1.0], 80, 20).into_string().is_empty());
    assert!((ruler::year_elapsed(day(8, 12)) - 61.37).abs() < 0.01);
}

#[test]
fn signs_are_printed_signs() {
    let d = |s: &str| kernel::money::Decimal::parse(s).unwrap();
    assert_eq!(mark::signed(d("1.66"), 1), "+1.7");
    assert_eq!(mark::signed(d("-3.6"), 1), "−3.6");
    assert_eq!(mark::signed(d("-0.04"), 1), "±0.0");
    assert!((meter::number(d("-43.5")) + 43.5).abs() < 1e-9);
}

#[test]
fn icons_exist() {
    assert!(icon_data::ICONS.is_sorted_by_key(|(name, _)| *name));
    let mut unknown = Vec::new();
    let known = |name: &str| icon::exists(name);
    walk(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |text| {
        for call in ["sized(\"", "icon(\"", "classed(\"", "icon_only(\"", "kind(\""] {
            unknown.extend(
                text.split(call)
                    .skip(1)
                    .filter_map(|p| p.split('"').next())
                    .filter(|n| !known(n))
                    .map(String::from),
            );
        }
    });
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn assets_that_pages_load_exist() {
    let mut urls = BTreeSet::new();
    let texts = Catalogue::builtin();
    for html in [drawn(Lang::Zh), Shell::new(texts.t(Lang::Zh), "x").public().into_string()] {
        let tree = Html::parse_document(&html);
        for e in tree.select(&select("script[src], link[href]")) {
            urls.insert(e.value().attr("src").or(e.value().attr("href")).unwrap().to_owned());
        }
    }
    assert!(urls.len() >= 8, "{urls:?}");
    for url in urls {
        let name = url.rsplit('/').next().unwrap();
        let found = asset(name).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(asset_url(name), url);
        assert!(found.br.as_ref().is_none_or(|br| br.len() < found.bytes.len()));
        assert!(found.etag.len() > 10 && found.mime != "application/octet-stream", "{name}");
    }
    assert!(asset("gd.css.br").is_none() && asset("../VENDOR.md").is_none() && asset("").is_none());
}

/// `build/dist.sha256` lists what each file was when its compressed copy was made.
#[test]
fn compressed_copies_are_of_these_files() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"));
    let list = std::fs::read_to_string(root.join("build/dist.sha256")).unwrap();
    for line in list.lines() {
        let (hex, name) = line.split_once("  ").unwrap();
        let etag = asset(name).unwrap().etag.as_str();
        assert!(hex.starts_with(etag), "{name} has changed: run `node build.mjs --ours` in assets/build");
        if let Ok(own) = std::fs::read(root.join("src").join(name)) {
            assert_eq!(own, asset(name).unwrap().bytes.as_ref(), "{name} differs between src and dist");
        }
    }
}

#[test]
fn the_policy_allows_nothing_inline() {
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe") && !CONTENT_SECURITY_POLICY.contains('*'));
    assert!(!CONTENT_SECURITY_POLICY.contains("  "), "{CONTENT_SECURITY_POLICY}");
}

fn walk(dir: &Path, see: &mut dyn FnMut(&str)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, see);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("ui/tests.rs") {
            see(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
