//! Source marks, tags, hashes: the small words that say what a thing is and where a figure comes from.

use super::icon::{classed, sized};
use crate::i18n::T;
use maud::{Markup, html};

/// Which marks a page uses; the footer explains exactly those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Something on the page is from the public report.
    pub src: bool,
    /// Something on the page is simulated.
    pub sim: bool,
    /// Something on the page is an example rule or text of the playbook.
    pub example: bool,
}

/// 报道: stated in the public news report of 2019-08-12. `say` narrows it, such as `目标：报道`.
pub fn src(t: T, say: Option<&str>) -> Markup {
    html! { span.gd-src title=(t.s("mark.src_why")) { (say.unwrap_or(t.s("mark.src"))) } }
}

/// 模拟数据: generated for demonstration.
pub fn sim(t: T, say: Option<&str>) -> Markup {
    html! { span.gd-sim title=(t.s("mark.sim_why")) { (say.unwrap_or(t.s("mark.sim"))) } }
}

/// 示例: a rule, limit or text that the sources do not give and the playbook offers as an example.
pub fn example(t: T, say: Option<&str>) -> Markup {
    html! { span.gd-exa title=(t.s("mark.example_why")) { (say.unwrap_or(t.s("mark.example"))) } }
}

/// Which book a figure stands in: written before the number, and never mixed in one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// 调度数: reported by those who do the work.
    Reported,
    /// 统计数: the statistical office's.
    Statistical,
    /// 支付: paid, from vouchers.
    Paid,
    /// 核验: verified on the spot.
    Verified,
}

/// The book's word before its number (the two books, D§4.1).
pub fn book(t: T, book: Book) -> Markup {
    let word = match book {
        Book::Reported => t.s("mark.reported"),
        Book::Statistical => t.s("mark.statistical"),
        Book::Paid => t.s("mark.paid"),
        Book::Verified => t.s("mark.verified"),
    };
    html! { span.muted.xs { (word) } }
}

/// A neutral tag.
pub fn tag(text: &str) -> Markup {
    html! { span.gd-tag { (text) } }
}

/// A tag in the action colour: a code, 牵头, 现持有.
pub fn tag_strong(text: &str) -> Markup {
    html! { span.gd-tag.pri { (text) } }
}

/// An outlined tag: 协办, a version.
pub fn tag_outline(text: &str) -> Markup {
    html! { span.gd-tag.out { (text) } }
}

/// A hash shortened to its ends; the whole value on hover and in the copy.
pub fn hash(hex: &str) -> Markup {
    let head: String = hex.chars().take(8).collect();
    let tail: Vec<char> = hex.chars().rev().take(6).collect();
    let tail: String = tail.into_iter().rev().collect();
    html! { code.gd-hash title=(hex) { @if hex.len() > 16 { (head) "…" (tail) } @else { (hex) } } }
}

/// The kind of a duty: icon and word.
pub fn kind(icon: &str, word: &str) -> Markup {
    html! { span.gd-kind { (sized(icon, 15)) (word) } }
}

/// One character for a unit or post, in a square.
pub fn avatar(character: &str) -> Markup {
    html! { span.gd-ava aria-hidden="true" { (character) } }
}

/// A signed difference with the minus of print: `+1.7`, `−3.6`, `±0.0`.
pub fn signed(value: kernel::money::Decimal, places: u32) -> String {
    let text = value.text(places);
    let zero = text.chars().all(|c| matches!(c, '0' | '.' | '−'));
    match (zero, value.raw() > 0) {
        (true, _) => format!("±{}", text.trim_start_matches('−')),
        (false, true) => format!("+{text}"),
        (false, false) => text,
    }
}

/// A line with a check icon: what was verified, and how it came out.
pub fn checked(good: bool, text: &str) -> Markup {
    let (name, class) = if good { ("circle-check", "c-g") } else { ("circle-x", "c-r") };
    html! { span.gd-kind { (classed(name, 15, class)) (text) } }
}
