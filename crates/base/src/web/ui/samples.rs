//! One page with every component in its states: the tests render it in both languages, and a person looks at it.

use super::button::{Button, Weight};
use super::card::{Card, PageHead, Stat, facts, headline, kpi, page_head, stats, text_class};
use super::chart::{Chart, Height, Key, Role, Series, legend};
use super::due::{Due, Length, Why, chip, why};
use super::duty::{DutyRow, Group, Party, bulk_bar, duty_group, duty_head, duty_row};
use super::feedback::{empty, failed, loading, toast};
use super::form::{Choice, Field, Input, act, acts, field, hidden, pair, post, tick};
use super::light::{light, light_bar, light_counts, light_icon};
use super::list::{Seg, Tab, filtered, segments, tabs};
use super::mark::{self, Marks};
use super::meter::{DayLoad, Part, Size, bullet, column, day_load, decomposition, percent, spark};
use super::ruler::{Mark, year_ruler};
use super::samples_more::{events, explained, listing, notes, whistle};
use super::shell::{Crumb, NavItem, NavSection, PostBox, Shell, Theme};
use super::{Tone, when};
use crate::i18n::T;
use kernel::light::{Counts, Light};
use kernel::{Day, Malformed, Words};
use maud::{Markup, html};

pub(super) fn day(m: i8, d: i8) -> Day {
    Day::new(2019, m, d).unwrap()
}

pub(super) fn no(field: &str, value: &str) -> Malformed {
    Malformed::new(
        "sample.range",
        field,
        value,
        Words::new("完成比例应为0到100", "The share must lie between 0 and 100"),
        Words::new("请改正后重新提交", "Correct it and submit again"),
    )
}

pub(super) fn shell<'a>(t: T<'a>, theme: Theme) -> Shell<'a> {
    let item = |label: &str, icon: &'static str, count: Option<u64>, current: bool| NavItem {
        label: label.to_owned(),
        icon,
        href: "#".into(),
        count,
        current,
    };
    let section = |label: &str, items: Vec<NavItem>| NavSection { label: label.to_owned(), items };
    let mut page = Shell::new(t, t.pick("组件与状态", "Components and states"));
    page.page = "p-comp";
    page.theme = theme;
    page.place = t.pick("区级执行平台", "District execution");
    page.crumbs = vec![
        Crumb { label: t.pick("官渡区", "Guandu District").into(), href: Some("/".into()) },
        Crumb { label: t.pick("组件与状态", "Components").into(), href: None },
    ];
    page.nav = vec![
        section(
            t.s("nav.overview"),
            vec![
                item(t.s("nav.cockpit"), "layout-dashboard", None, true),
                item(t.s("nav.work"), "checklist", Some(26), false),
            ],
        ),
        section(
            t.s("nav.deliver"),
            vec![
                item(t.s("nav.plan"), "list-tree", None, false),
                item(t.s("nav.project"), "building-community", None, false),
                item(t.s("nav.whistle"), "speakerphone", Some(190), false),
                item(t.s("nav.meeting"), "presentation", Some(0), false),
            ],
        ),
    ];
    page.bar = vec![
        item(t.s("nav.cockpit"), "layout-dashboard", None, true),
        item(t.s("nav.work_short"), "checklist", Some(26), false),
        item(t.s("nav.whistle_short"), "speakerphone", None, false),
        item(t.s("nav.project"), "building-community", None, false),
    ];
    page.post = Some(PostBox {
        unit: t.pick("区住建局", "Housing Bureau").into(),
        post: t.pick("综合岗", "General post").into(),
        others: vec![(t.pick("区住建局 · 房屋安全岗", "Housing Bureau, safety post").into(), "#".into())],
        links: vec![("settings", t.pick("设置", "Settings").into(), "#".into())],
        sign_out: "/sign-out".into(),
    });
    page.as_of = Some(day(8, 12));
    page.drawn = Some(day(8, 12).at(9, 58));
    page.marks = Marks { src: true, sim: true, example: true };
    page.demo = true;
    page.notices = Some((3, "/notices"));
    page.search = "/search";
    page.other_lang = "?lang=en";
    page.csrf = "token-1";
    page.charts = true;
    page.links = vec![(t.pick("方法与口径", "Methods").into(), "#".into())];
    page.print_hash = Some("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    page
}

/// The whole sample page.
pub(super) fn page(t: T, theme: Theme) -> Markup {
    let mut page = shell(t, theme);
    page.toasts = vec![toast(
        t,
        t.pick("已报到", "Checked in"),
        t.pick("用时2小时27分", "after 2 h 27 min"),
        Some((t.s("act.undo"), "#")),
    )];
    let head = PageHead {
        title: t.pick("组件与状态", "Components and states"),
        sub: t.pick("每个组件的全部状态", "Every component in all its states"),
        eyebrow: Some(html! { (mark::tag_strong("Q-01")) (mark::src(t, None)) }),
        meta: Some(html! { (light(t, Light::Red, None)) span { (when::day_long(t.lang(), day(8, 12))) } }),
        acts: Some(html! {
            (Button::new(t.s("act.print")).icon("printer").attr("data-print", ""))
            (Button::new(t.s("act.add")).icon("plus").primary())
        }),
    };
    page.body = html! {
        (page_head(&head))
        (sample_headline(t))
        (tabs("x", &[
            Tab { label: t.pick("概览", "Overview"), href: "#a", count: None, current: true },
            Tab { label: t.s("nav.ledger"), href: "#b", count: Some(12), current: false },
        ]))
        div.g.g3 { (lights(t)) (chips(t)) (marks(t)) }
        (work_list(t))
        div.g.g2 { (buttons(t)) (fields(t)) }
        div.g.g3 { (states(t)) }
        div.g.g75 { (chart(t)) (decomposed(t)) }
        (whistle(t))
        div.g.g75 { (events(t)) (listing(t)) }
        (notes(t))
        (explained(t))
    };
    page.full()
}

fn sample_headline(t: T) -> Markup {
    let year = year_ruler(
        t,
        day(8, 12),
        &[
            Mark { day: day(10, 10), name: t.pick("10/10季会办", "Quarterly").into() },
            Mark { day: day(12, 31), name: t.pick("年末目标", "Target").into() },
        ],
        t.pick("全年进度61.4%，第224天", "Year 61.4% elapsed, day 224"),
    );
    headline(
        t.pick("今日研判", "Today’s reading"),
        t.pick("按规则自动生成，可逐句追溯", "made by rule; every clause traceable"),
        html! { a href="#" { b { (t.pick("115项正常", "115 on track")) } } (t.s("word.comma")) a href="#" { b class=[text_class(Tone::Bad)] { (t.pick("11项逾期", "11 overdue")) } } },
        Some(&html! {
            (stats(&[
                Stat { label: t.pick("全年时间进度", "Year elapsed"), value: "61.4", unit: "%", tone: Tone::Plain },
                Stat { label: t.pick("剩余工作日", "Working days left"), value: "97", unit: "/ 250", tone: Tone::Warn },
            ]))
            (year)
        }),
    )
}

fn lights(t: T) -> Markup {
    let counts = Counts { red: 5, yellow: 10, green: 44, done: 3, paused: 1, grey: 2 };
    let all = [Light::Green, Light::Yellow, Light::Red, Light::Done, Light::Paused, Light::Grey];
    Card::new(t.pick("状态灯", "Lights"))
        .measure(t.pick("形状、颜色、文字同时出现", "shape, colour and word together"))
        .body(html! {
            div.stack {
                div.row-f { @for l in all { (light(t, l, None)) } (light(t, Light::Red, Some(t.s("word.behind")))) }
                div.row-f { @for l in all { (light_icon(t, l, None)) } }
                div.row-f { (light_counts(t, counts)) }
                (light_bar(t, counts, t.pick("事项", "Items")))
                (light_bar(t, Counts::default(), t.pick("没有事项", "No items")))
                (kpi("646.2", t.s("unit.yi")))
            }
        })
        .into()
}

fn chips(t: T) -> Markup {
    let now = day(8, 12).at(9, 58);
    let all = [
        Due::at(now, day(8, 30).at(18, 0), 14),
        Due::at(now, day(8, 14).at(18, 0), 2),
        Due::at(now, day(8, 12).at(17, 30), 0),
        Due::at(now, day(7, 26).at(18, 0), -11),
        Due::at(now, day(8, 12).at(9, 0), 0),
        Due::Done(t.pick("8月9日按期办结", "Done in time on 9 Aug").into()),
        Due::Paused(t.pick("暂停 · 9月2日复核", "Paused · review 2 Sep").into()),
        Due::None,
    ];
    Card::new(t.pick("期限标签", "Deadline chips"))
        .measure(t.pick("一律以工作日计", "always in working days"))
        .body(html! { div.row-f {
            @for d in &all { (chip(t, d, Length::Full)) }
            @if let Some(first) = all.first() { (chip(t, first, Length::Short)) }
        } })
        .into()
}

fn marks(t: T) -> Markup {
    Card::new(t.pick("来源与标签", "Marks and tags"))
        .body(html! {
            div.stack {
                div.row-f { (mark::src(t, None)) (mark::sim(t, None)) (mark::example(t, None)) (mark::tag("R-02")) (mark::tag_strong(t.s("duty.lead"))) (mark::tag_outline(t.s("duty.support"))) }
                div.row-f { (mark::hash("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")) (mark::kind("speakerphone", t.s("nav.whistle"))) }
                div.row-f { @for b in [mark::Book::Reported, mark::Book::Statistical, mark::Book::Paid, mark::Book::Verified] { (mark::book(t, b)) } (mark::checked(true, t.s("act.verify"))) (mark::checked(false, t.s("act.return"))) }
                (bullet(43.5, Some(50.0), Tone::Warn, Size::Usual, "43.5 / 50"))
                (bullet(72.0, Some(61.0), Tone::Plain, Size::Thin, "72 / 61"))
                (bullet(140.0, Some(100.0), Tone::Bad, Size::Big, "140 / 100"))
                (spark(&[3.0, 4.0, 3.5, 6.0], 84, 30))
            }
        })
        .into()
}

fn work_list(t: T) -> Markup {
    let now = day(8, 12).at(9, 58);
    let row = |i: usize, l: Light, due: Due, unsigned: bool| {
        let id = format!("why-{i}");
        let reason = Why {
            id: &id,
            title: t.pick("为什么是8月8日18:00", "Why 8 Aug 18:00").into(),
            lines: vec![
                t.pick("应急哨，处置时限3个工作日", "Urgent: 3 working days").into(),
                t.pick("8月5日吹哨，次日起算：6日、7日、8日", "Blown 5 Aug; counted 6, 7, 8 Aug").into(),
            ],
            foot: Some(t.pick("工作日历：国务院2019年放假安排", "Calendar: State Council, 2019").into()),
        };
        let late = t.pick("已逾期，不能再申请延期", "Overdue: no more time can be asked for");
        let more = Button::new(t.s("act.extend")).icon_only("clock-plus").small().weight(Weight::Ghost);
        duty_row(
            t,
            &DutyRow {
                pick: Some("0190"),
                light: (l, None),
                kind: ("speakerphone", t.s("nav.whistle")),
                href: "#",
                title: t.pick("老旧小区外墙脱落处置", "Falling facade of an old estate"),
                code: "哨-0871",
                note: t.pick("今早转回本单位", "returned this morning"),
                from: t.pick("太和街道党工委", "Taihe Street"),
                lead: Party { name: "", own: true },
                support: Party {
                    name: if unsigned { "" } else { t.pick("城管、消防", "City management, fire") },
                    own: false,
                },
                due: why(&reason, chip(t, &due, Length::Full)),
                acts: html! {
                    @if unsigned { (act("/x", "token-1", html! { (Button::new(t.s("act.accept")).small().primary().submit()) })) }
                    @else { (Button::link(t.s("act.handle"), "#").small()) }
                    (if l == Light::Red { more.off(late) } else { more })
                    (Button::new(t.s("act.transfer")).icon_only("users-plus").small().weight(Weight::Ghost))
                },
                unsigned,
            },
        )
    };
    let rows = [
        row(0, Light::Red, Due::at(now, day(8, 8).at(18, 0), -2), false),
        row(1, Light::Yellow, Due::at(now, day(8, 12).at(17, 30), 0), true),
    ];
    let days: Vec<DayLoad> = (12..24)
        .map(|d| DayLoad {
            day: d,
            under: "一".into(),
            n: u32::try_from(24 - d).unwrap_or(0) / 3,
            off: d == 17 || d == 18,
            today: d == 12,
        })
        .collect();
    html! {
        section.card.wk data-bulk aria-label=(t.s("nav.work")) {
            div.wk-f {
                (segments(t.s("duty.kind"), &[
                    Seg { label: t.s("word.all"), count: Some(26), href: "#", current: true, light: None },
                    Seg { label: t.s("light.red"), count: Some(4), href: "#", current: false, light: Some(Light::Red) },
                ]))
                span.sp {} (mark::sim(t, None))
            }
            (filtered(t, &[t.s("nav.whistle"), t.s("duty.unsigned")], "#"))
            (duty_head(t))
            (duty_group(t, Group::Overdue, 1, t.pick("逾期时间记在持有人名下", "time is charged to the holder"), rows.get(..1).unwrap_or_default()))
            (duty_group(t, Group::Today, 1, "", rows.get(1..).unwrap_or_default()))
            (duty_group(t, Group::Later, 0, "", &[]))
            (bulk_bar(t, "/bulk", "token-1", t.pick("签收只停签收钟", "Accepting stops only the first clock"), html! { (Button::new(t.s("act.accept")).primary().submit()) }))
        }
        (Card::new(t.pick("每天到期件数", "Due per day")).body(day_load(&days, t.pick("未来两周", "The next two weeks"))))
    }
}

fn buttons(t: T) -> Markup {
    Card::new(t.pick("按钮", "Buttons"))
        .body(html! { div.row-f {
            (Button::new(t.s("act.submit")).primary().icon("check").sends("do", "go"))
            (Button::link(t.s("act.view"), "#"))
            (Button::new(t.s("act.back")).weight(Weight::Ghost))
            (Button::new(t.s("act.return")).weight(Weight::Danger))
            (Button::new(t.s("act.extend")).off(t.s("due.overdue")))
            (Button::new(t.s("word.more")).icon_only("dots"))
            (Button::new(t.s("act.delete")).weight(Weight::DangerSolid).opens("dlg-1"))
        } })
        .foot(html! { (facts(&[(t.s("duty.lead"), html! { "区发改局" }), (t.s("word.time"), html! { (when::span(t, 2945)) " " (when::workdays(t, 3)) })])) })
        .into()
}

fn fields(t: T) -> Markup {
    let refused = no("share", "130");
    let pick = [
        Choice::new("a", t.pick("城建", "Building")),
        Choice {
            note: t.pick("须附理由", "needs a reason").into(),
            ..Choice::new("b", t.pick("水务", "Water"))
        },
    ];
    let chosen = ["b".to_owned()];
    let body = html! {
        (hidden("version", "3"))
        (pair(
            field(t, &Field::new("until", t.pick("期限", "Due")).value("2019-08-20").hint(t.pick("默认5个工作日", "5 working days by default")), &Input::Date),
            field(t, &Field::new("share", t.pick("完成比例", "Share done")).value("130").hint(t.pick("到本月末", "to the end of the month")).refused(t, Some(&refused)), &Input::Number("%")),
        ))
        (field(t, &Field::new("note", t.s("word.reason")).value("<b>原样</b>, 保留").optional(), &Input::Area(2, 2000)))
        (field(t, &Field::new("line", t.pick("分口", "Line")).value("b"), &Input::Select(&pick)))
        (field(t, &Field::new("kind", t.s("duty.kind")).value("a"), &Input::Radio(&pick)))
        (field(t, &Field::new("who", t.s("duty.support")).chosen(&chosen), &Input::Checks(&pick)))
        (field(t, &Field::new("secret", t.pick("密码", "Password")).value("never shown"), &Input::Password(false)))
        (field(t, &Field::new("file", t.pick("凭据", "Evidence")).optional(), &Input::File("image/*", true)))
        (tick("anon", t.pick("不公开姓名", "Keep my name private"), true))
        (acts(html! { (Button::new(t.s("act.submit")).primary().submit()) }))
    };
    Card::new(t.pick("字段与校验", "Fields")).body(post("/x", "token-1", true, body)).into()
}

fn states(t: T) -> Markup {
    html! {
        (Card::new(t.pick("空状态", "Empty")).body(empty("circle-check", t.pick("没有逾期事项", "Nothing is overdue"), t.pick("本单位所有义务都在期限内。", "All duties of this unit are in time."), true, Some(&html! { (Button::link(t.s("act.view"), "#").small()) }))))
        (Card::new(t.pick("加载中", "Loading")).body(loading(t, 4)))
        (Card::new(t.pick("出错", "Failed")).body(failed(t, t.pick("投资数据没有取到", "Investment figures did not arrive"), t.pick("其余内容不受影响。", "The rest is unaffected."), "#", "E-7F21")))
    }
}

fn chart(t: T) -> Markup {
    let x: Vec<String> =
        (1..=12).map(|m| when::day_short(t.lang(), day(m, 1)).replace("1日", "").replace("1 ", "")).collect();
    let upto = |n: usize, k: f64| -> Vec<Option<f64>> {
        (1_u8..=12).map(|m| (usize::from(m) <= n).then_some(f64::from(m) * k)).collect()
    };
    let from = |n: usize, k: f64| -> Vec<Option<f64>> {
        (1_u8..=12).map(|m| (usize::from(m) >= n).then_some(f64::from(m) * k)).collect()
    };
    let c = Chart::new(
        t.pick("到8月完成58.6亿元，年末预计293亿元", "58.6 by August, 293 expected"),
        t.s("word.time"),
        x.clone(),
    )
    .unit(t.s("unit.yi"), t.pick("累计 亿元", "cumulative"))
    .axis(0.0, 350.0, 100.0)
    .series(Series::band("P10—P90", from(8, 22.0), from(8, 27.0), true))
    .series(
        Series::line(t.pick("计划", "Plan"), Role::Plan, upto(12, 25.0))
            .labelled_at(5, t.pick("计划", "Plan")),
    )
    .series(Series::line("P50", Role::Forecast, from(8, 24.4)).labelled("P50 293"))
    .series(
        Series::line(t.pick("实际", "Actual"), Role::Actual, upto(8, 24.4))
            .labelled_at(7, t.pick("实际 195", "Actual 195")),
    )
    .target(300.0, t.pick("目标300亿元", "Target 300"))
    .now(7, t.pick("8月12日", "12 Aug"));
    let b = Chart::new(t.pick("按时率逐周上升", "The on-time rate rises"), t.s("word.time"), x)
        .height(Height::Small)
        .right(70.0, 100.0, 10.0, "%")
        .series(Series::bar(t.pick("按时", "On time"), Role::Base, upto(12, 2.0)).stacked())
        .series(Series::bar(t.pick("超时", "Late"), Role::Late, upto(12, 0.5)).stacked())
        .series(
            Series::line(
                t.pick("按时率", "Rate"),
                Role::Actual,
                (0_u8..12).map(|m| Some(80.0 + f64::from(m))).collect(),
            )
            .on_right("%")
            .dotted(),
        );
    Card::new(t.pick("下半年投资：300亿元能否完成", "Will second-half investment reach the target?"))
        .measure(t.pick("累计完成与年末概率区间", "cumulative, with year-end interval"))
        .tools(html! { (mark::sim(t, None)) })
        .body(html! { (c.draw(t)) (legend(&[(Key::Base, t.pick("按时", "On time")), (Key::Late, t.pick("超时", "Late")), (Key::Actual, t.pick("按时率（右轴）", "Rate (right)")), (Key::Plan, t.pick("计划", "Plan")), (Key::Forecast, "P50")])) (b.draw(t)) })
        .into()
}

fn decomposed(t: T) -> Markup {
    let part = |name: &str, value: f64| Part { name: name.to_owned(), value, text: format!("{value}") };
    let parts = [part("巫家坝", 96.0), part("滇池会展", 84.0), part("金马—凉亭", 58.0), part("片区外", 71.0)];
    Card::new(t.pick("分解检查", "Decomposition"))
        .body(html! {
            (decomposition(t, 300.0, "300", "309", &parts, t.pick("上级300亿元，四个子项合计309亿元", "300 above, 309 in four parts")))
            div.pf { @for n in [34.0, 26.0, 58.0] { div { div.pcol { (column(percent(n, 74.0), "h84")) span { (n) } } } } }
        })
        .into()
}
