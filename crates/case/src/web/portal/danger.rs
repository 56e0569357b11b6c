//! Words that may mean danger to life: the emergency lines are shown first, and the person may still file.
//!
//! A false alarm costs one line on the page, a missed one may cost a life; so the list is generous. It is an example,
//! not an official one; what a category says of itself (`emergency` in the playbook) is shown beside it.

use crate::model::EmergencyLine as Line;
use base::i18n::T;
use base::web::ui::icon::sized;
use base::web::ui::{Markup, html};
use kernel::Words;

const WORDS: &[(&[Line], &[&str])] = &[
    (
        &[Line::Fire],
        &[
            "起火",
            "着火",
            "失火",
            "火灾",
            "火情",
            "冒烟",
            "浓烟",
            "爆炸",
            "煤气",
            "燃气味",
            "漏气",
            "燃气泄漏",
            "触电",
            "坍塌",
            "倒塌",
            "被困",
            "on fire",
            "smoke",
            "gas leak",
            "smell gas",
            "smell of gas",
            "explosion",
            "collapsed",
            "trapped",
        ],
    ),
    (
        &[Line::Fire, Line::Police, Line::Medical],
        &["落水", "溺水", "掉进河", "掉河里", "drowning", "fell into the"],
    ),
    (
        &[Line::Medical],
        &[
            "受伤",
            "昏迷",
            "晕倒",
            "流血",
            "没有呼吸",
            "中毒",
            "突发疾病",
            "心脏病",
            "难产",
            "injured",
            "unconscious",
            "bleeding",
            "poisoned",
            "heart attack",
        ],
    ),
    (
        &[Line::Police],
        &[
            "抢劫",
            "行凶",
            "持刀",
            "打人",
            "打架",
            "斗殴",
            "家暴",
            "绑架",
            "拐走",
            "跳楼",
            "轻生",
            "自杀",
            "入室",
            "robbed",
            "robbery",
            "knife",
            "being beaten",
            "kidnapped",
            "suicide",
            "domestic violence",
        ],
    ),
    (
        &[Line::Traffic, Line::Medical],
        &["车祸", "撞人", "撞车", "交通事故", "追尾", "car crash", "road accident", "run over"],
    ),
];

/// The lines that the words of a text ask for, in the order of their numbers.
pub(in crate::web) fn lines(text: &str) -> Vec<Line> {
    let text = text.to_lowercase();
    let hit = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let found: Vec<Line> =
        WORDS.iter().filter(|(_, words)| hit(words)).flat_map(|(lines, _)| lines.iter().copied()).collect();
    Line::ALL.iter().copied().filter(|line| found.contains(line)).collect()
}

/// The lines as large links that a phone dials, and that filing goes on.
pub(in crate::web) fn note(t: T, lines: &[Line], words: Option<&Words>) -> Markup {
    html! {
        @if !lines.is_empty() || words.is_some() {
            div.sosb role="alert" {
                p { (sized("alert-triangle", 20)) b { (t.s("portal.danger.title")) } }
                @if let Some(words) = words { p { (t.words(words)) } }
                (numbers(t, if lines.is_empty() { Line::ALL } else { lines }))
                p.sub { (t.s("portal.danger.still")) }
            }
        }
    }
}

/// Numbers to dial.
pub(in crate::web) fn numbers(t: T, lines: &[Line]) -> Markup {
    html! {
        ul.sosn { @for line in lines {
            li { a href={ "tel:" (line.code()) } { b { (line.code()) } span { (t.say(said(t, *line))) } } }
        } }
    }
}

/// What a line is for, without its number.
fn said(t: T<'_>, line: Line) -> &str {
    match line {
        Line::Police => t.s("portal.danger.police"),
        Line::Fire => t.s("portal.danger.fire"),
        Line::Medical => t.s("portal.danger.medical"),
        Line::Traffic => t.s("portal.danger.traffic"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_is_seen_in_both_languages_and_harmless_words_are_not() {
        assert_eq!(lines("楼下垃圾桶起火了"), [Line::Fire]);
        assert_eq!(lines("屋里有煤气味"), [Line::Fire]);
        assert_eq!(lines("盘龙江有人落水"), [Line::Police, Line::Fire, Line::Medical]);
        assert_eq!(lines("路口车祸，有人受伤"), [Line::Medical, Line::Traffic]);
        assert_eq!(lines("A car is ON FIRE"), [Line::Fire]);
        assert_eq!(lines("路灯不亮，晚上看不清"), []);
        assert_eq!(lines("河水发臭"), []);
    }
}
