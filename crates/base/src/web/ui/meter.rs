//! Small marks drawn on the server: bullets, columns, sparklines, decomposition.
//!
//! Values are per cent of the mark's length (0 to 100) unless said otherwise; they are clamped, because a figure
//! over its scale must not leave the card. Each mark has a label that says in words what it shows.

use super::Tone;
use super::light::letter;
use crate::i18n::T;
use kernel::light::Light;
use kernel::money::Decimal;
use maud::{Markup, html};

/// A decimal as a number for drawing; beyond ±200,000 it is cut, which no mark can show anyway.
pub fn number(d: Decimal) -> f64 {
    let raw = d.raw().clamp(-2_000_000_000, 2_000_000_000);
    i32::try_from(raw).map_or(0.0, f64::from) / 10_000.0
}

/// `part` of `whole` in per cent; 0 when there is no whole.
pub fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}

pub(super) fn pc(x: f64) -> String {
    format!("{x:.2}%")
}

/// Lays weights side by side over 100: `(start, width)` each, none narrower than `least`.
pub(super) fn shares(weights: &[f64], least: f64) -> Vec<(f64, f64)> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return weights.iter().map(|_| (0.0, 0.0)).collect();
    }
    let raised: Vec<f64> = weights.iter().map(|w| (w / total * 100.0).max(least)).collect();
    let scale = 100.0 / raised.iter().sum::<f64>();
    let mut at = 0.0;
    raised
        .iter()
        .map(|w| {
            let start = at;
            at += w * scale;
            (start, w * scale)
        })
        .collect()
}

/// How thick a bullet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 6 px, in rows.
    Thin,
    /// 8 px.
    #[default]
    Usual,
    /// 10 px, where it is the card's answer.
    Big,
}

/// A bar of `value` with a black tick at `target`, both in per cent of the length. The label states both.
pub fn bullet(value: f64, target: Option<f64>, tone: Tone, size: Size, label: &str) -> Markup {
    let (class, h) = match size {
        Size::Thin => ("thin", 6),
        Size::Usual => ("", 8),
        Size::Big => ("big", 10),
    };
    let class = super::classes(&["gd-bullet", tone.class(), class]);
    let round = h / 2;
    html! {
        svg class=(class) role="img" aria-label=(label) {
            rect.bg width="100%" height=(h) rx=(round) {}
            rect.i width=(pc(value.clamp(0.0, 100.0))) height=(h) rx=(round) {}
            @if let Some(at) = target {
                rect.u x=(pc(at.clamp(0.0, 100.0))) y="-4" width="2" height=(h + 8) transform="translate(-1)" {}
            }
        }
    }
}

/// A standing column whose height is `value` per cent of its box; `class` is `h84`, `is-1`, `is-y` … of the sheet.
pub fn column(value: f64, class: &str) -> Markup {
    let value = value.clamp(0.0, 100.0);
    let class = super::classes(&["col", class]);
    html! {
        svg class=(class) aria-hidden="true" focusable="false" {
            rect y=(pc(100.0 - value)) width="100%" height=(pc(value)) rx="2" {}
        }
    }
}

/// One day of the load strip.
#[derive(Debug, Clone, Default)]
pub struct DayLoad {
    /// Day of the month.
    pub day: i8,
    /// The weekday in one character, or the word for a rest day.
    pub under: String,
    /// How many fall due; not shown on a rest day.
    pub n: u32,
    /// Not a working day.
    pub off: bool,
    /// Today.
    pub today: bool,
}

/// How many things fall due on each of the coming days. `label` says it in words.
pub fn day_load(days: &[DayLoad], label: &str) -> Markup {
    let most = days.iter().map(|d| d.n).max().unwrap_or(0).max(1);
    html! {
        div.wl role="img" aria-label=(label) {
            @for d in days {
                span class=[if d.today { Some("now") } else { d.off.then_some("off") }] {
                    em { @if !d.off && d.n > 0 { (d.n) } }
                    @if !d.off { (column(percent(f64::from(d.n), f64::from(most)).max(4.0), "")) }
                    b { (d.day) }
                    small { (d.under) }
                }
            }
        }
    }
}

/// A line of values without axes, for a stat; the words beside it carry the meaning.
pub fn spark(values: &[f64], width: u16, height: u16) -> Markup {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    let (w, h, pad) = (f64::from(width), f64::from(height), 3.0);
    let steps = u32::try_from(values.len().saturating_sub(1)).unwrap_or(1).max(1);
    let points: Vec<String> = values
        .iter()
        .zip(0_u32..)
        .map(|(v, i)| {
            let x = pad + f64::from(i) * (w - 2.0 * pad) / f64::from(steps);
            format!("{x:.1},{:.1}", h - pad - (v - low) / range * (h - 2.0 * pad))
        })
        .collect();
    let line = points.join(" ");
    html! {
        @if points.len() > 1 {
            svg.gd-spark viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) preserveAspectRatio="none"
                aria-hidden="true" focusable="false" {
                path.a d={ "M" (line) " L" (format!("{:.1}", w - pad)) "," (height) " L3," (height) "Z" } {}
                polyline.l points=(line) vector-effect="non-scaling-stroke" {}
            }
        }
    }
}

/// A part of a target that was handed down.
#[derive(Debug, Clone)]
pub struct Part {
    /// Who carries it.
    pub name: String,
    /// Its size in the unit of the whole.
    pub value: f64,
    /// The size as it is written.
    pub text: String,
}

/// The upper target over the sum of its parts (D§4.1): where the parts exceed it, the tick stands inside the bar.
///
/// `whole_text` and `sum_text` are the two figures as written; `label` says the comparison in words.
pub fn decomposition(
    t: T,
    whole: f64,
    whole_text: &str,
    sum_text: &str,
    parts: &[Part],
    label: &str,
) -> Markup {
    let sum: f64 = parts.iter().map(|p| p.value).sum();
    let scale = whole.max(sum);
    let mut at = 0.0;
    let placed: Vec<(f64, f64, &Part, usize)> = parts
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let (x, w) = (percent(at, scale), percent(p.value, scale));
            at += p.value;
            (x, w, p, series(i))
        })
        .collect();
    html! {
        div.dcb role="img" aria-label=(label) {
            p { span { (t.s("decomposition.upper")) } b { (whole_text) } }
            svg.dcr.up { rect.bg width=(pc(percent(whole, scale))) height="14" rx="2" {} }
            p { span { (t.s("decomposition.sum")) } b { (sum_text) } }
            svg.dcr {
                @for (x, w, part, k) in &placed {
                    svg class={ "on-c" (k) } x=(pc(*x)) width=(pc(*w)) height="20" {
                        rect class={ "k-c" (k) } width="100%" height="20" rx="1" {}
                        text x="50%" y="14" { (part.text) }
                    }
                    @if *x > 0.0 { rect.gap x=(pc(*x)) width="1" height="20" {} }
                }
                rect.u x=(pc(percent(whole, scale))) y="-4" width="2" height="28" transform="translate(-1)" {}
            }
        }
        div.lgd {
            @for (_, _, part, k) in &placed { span { i class={ "sq k-c" (k) } {} (part.name) } }
        }
    }
}

/// The chart colour of the i-th part: actual, second, two extras, base, and around again.
fn series(i: usize) -> usize {
    [1, 2, 4, 5, 3].get(i % 5).copied().unwrap_or(1)
}

/// A small bar with a tick where the limit ends, coloured as a light. Both in per cent.
pub fn limit_bar(value: f64, tick: f64, light: Light, label: &str) -> Markup {
    let class = format!("gd-bullet thin my-2 is-{}", letter(light));
    let pc = |x: f64| format!("{:.2}%", x.clamp(0.0, 100.0));
    html! {
        svg class=(class) role="img" aria-label=(label) {
            rect.bg width="100%" height="6" rx="3" {}
            rect.i width=(pc(value)) height="6" rx="3" {}
            rect.u x=(pc(tick)) y="-4" width="2" height="14" transform="translate(-1)" {}
        }
    }
}
