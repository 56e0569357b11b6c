//! The second half of the sample page: what happened, lists, remarks, explanations.

use super::card::{Card, Explain, explain};
use super::feedback::{Dialog, dialog, note, past, refusal, refusals, stale};
use super::form::{Field, Input, field};
use super::list::{Col, Pager, Sort, Table, pager, table, title_cell};
use super::samples::{day, no};
use super::story::{Event, Held, Holders, Step, StepState, holder_bar, stepper, timeline};
use super::{Tone, when};
use crate::i18n::T;
use kernel::{Malformed, Refuse, Words};
use maud::{Markup, html};

pub(super) fn whistle(t: T) -> Markup {
    let step =
        |state, name: &str| Step { state, name: name.to_owned(), lines: vec!["8月5日 08:12".into()] };
    let held = |name: &str, span: &str, from: f64, to: f64, series| Held {
        name: name.into(),
        span: span.into(),
        from,
        to,
        series,
    };
    let bar = Holders {
        held: vec![
            held("网格与社区", "58分", 0.0, 0.6, 3),
            held("区住建局", "49小时5分", 0.6, 29.6, 0),
            held("区委编办", "6小时15分", 29.6, 33.3, 2),
            held("区住建局", "47小时50分", 33.3, 61.3, 0),
            held("太和街道", "64小时40分", 61.3, 99.4, 1),
        ],
        rest: vec![(70.0, 92.0)],
        due: Some((48.0, t.pick("处置期限8月8日18:00", "Due 8 Aug 18:00").into())),
        days: vec![(9.4, "8月6日".into()), (23.5, "8月7日".into()), (94.0, "8月12日".into())],
        label: t
            .pick("区住建局96小时55分，太和街道64小时40分", "Housing 96 h 55 min, Taihe 64 h 40 min")
            .into(),
    };
    html! {
        section.card.wnow { div.card-body { (stepper(t, "x", &[
            step(StepState::Done, t.pick("需要", "Need")), step(StepState::Late, t.pick("报到", "Muster")),
            step(StepState::Now, t.pick("处置", "Handle")), step(StepState::Next, t.pick("评价", "Rate")),
        ])) } }
        (Card::new(t.pick("谁持有了多久", "Who held it how long")).flush(holder_bar(&bar)))
    }
}

pub(super) fn events(t: T) -> Markup {
    let event = |tone, icon: &str, what: &str| Event {
        tone,
        icon: icon.into(),
        at: when::moment(t.lang(), day(8, 12).at(9, 0), day(8, 12)),
        machine: day(8, 12).at(9, 0).rfc3339(),
        what: what.into(),
        text: t.pick("48户中41户同意（85.4%）。", "41 of 48 agreed (85.4%).").into(),
        who: t.pick("街道值守岗", "Street duty post").into(),
        hash: Some("4c6ffb7733c8bc5aa".into()),
    };
    let list = [
        event(Tone::Time, "file-text", t.pick("表决材料上传", "Vote uploaded")),
        event(Tone::Bad, "clock-exclamation", t.pick("处置钟到期", "Clock ran out")),
        event(Tone::Warn, "scale", t.pick("提出职责争议", "Dispute")),
        event(Tone::Good, "check", t.pick("险情解除", "Danger over")),
        event(Tone::Plain, "message-circle", t.pick("居民反映", "Resident asked")),
    ];
    Card::new(t.pick("经过", "What happened")).body(timeline(&list)).into()
}

pub(super) fn listing(t: T) -> Markup {
    let sample = Table {
        caption: t.pick("事项", "Items"),
        cols: vec![
            Col {
                sort: Some(Sort { href: "#", ascending: Some(true) }),
                ..Col::text(t.pick("事项", "Item"))
            },
            Col::text(t.s("word.unit")).secondary(),
            Col::number(t.pick("逾期工作日", "wd late")),
        ],
        rows: vec![
            vec![
                title_cell("#", "巫家坝片区管理机构组建", "Q-03 · 三定方案待批"),
                html! { "区委编办" },
                html! { "20" },
            ],
            vec![title_cell("#", "海河整治管网接驳段", ""), html! { "区水务局" }, html! { "16" }],
        ],
        tight: true,
        stacked: true,
    };
    let at = Pager { first: 21, last: 40, total: Some(156), prev: None, next: Some("?after=x".into()) };
    let jump = Pager { first: 0, last: 0, total: None, prev: Some("?".into()), next: None };
    Card::new(t.pick("红灯清单", "Red list")).flush(html! { (table(&sample)) (pager(t, &at)) (pager(t, &jump)) (pager(t, &Pager { first: 1, last: 20, ..Pager::default() })) (pager(t, &Pager { total: Some(3), ..Pager::default() })) }).into()
}

pub(super) fn notes(t: T) -> Markup {
    let (a, b) = (
        no("share", "130"),
        Malformed::new(
            "sample.state",
            "",
            "",
            Words::new("本事项已办结", "It is done"),
            Words::new("请到台账查看", "See the ledger"),
        ),
    );
    let all: [&dyn Refuse; 2] = [&a, &b];
    html! {
        div.stack {
            @for tone in [Tone::Plain, Tone::Good, Tone::Warn, Tone::Bad] { (note(tone, html! { (t.pick("一条说明。", "A remark.")) })) }
            (refusal(t, &a, Some("T-01")))
            (refusals(t, &all))
            (stale(t, day(8, 12).at(8, 0), day(8, 12)))
            (past(t, day(7, 31), "?"))
        }
        (dialog(t, &Dialog {
            id: "dlg-1",
            title: t.pick("办结并送群众评价？", "Finish and ask for a rating?"),
            text: Some(html! { (t.pick("办结后不能再修改。", "It cannot be changed afterwards.")) }),
            fields: Some(field(t, &Field::new("why", t.s("word.reason")), &Input::Text(120))),
            action: "/x",
            csrf: "token-1",
            verb: t.pick("办结并送评", "Finish"),
            dangerous: true,
        }))
    }
}

pub(super) fn explained(t: T) -> Markup {
    let x = Explain {
        name: t.pick("固定资产投资", "Investment"),
        short: "20 × min(x / 100, 1.1)",
        bar: Some(92.0),
        value: "18.40",
        unit: "/20",
        formula: "20 × min(x / 100, 1.1)",
        substituted: "20 × 0.92 = 18.40",
        inputs: vec![("完成".into(), "92%".into(), "统计局8月8日".into())],
        exclusions: vec![],
        evidence: vec![html! { a href="#" { "入库清单" } }],
    };
    let plain =
        Explain { bar: None, exclusions: vec![t.pick("剔除1件", "1 left out").into()], ..x.clone() };
    Card::new(t.pick("得分", "Score")).flush(html! { (explain(t, &x)) (explain(t, &plain)) section.pd { (super::card::panel_head(t, "Q-01", "区级重点", "投资", true)) } }).into()
}
