//! Lights: shape, colour and word, always together.
//!
//! ● tick on track, ▲ at risk, ◆ overdue or behind, ○ tick done, ▢ paused, dashed ring no data. No data is grey
//! and never green. A light that is red by progress says 滞后 (behind), red by date says 逾期 (overdue): the caller
//! passes that word, since only the rule knows which it was.

use crate::i18n::T;
use kernel::light::{Counts, Light};
use maud::{Markup, html};

/// The letter that the stylesheet knows the light by.
pub fn letter(light: Light) -> &'static str {
    match light {
        Light::Green => "g",
        Light::Yellow => "y",
        Light::Red => "r",
        Light::Grey => "n",
        Light::Done => "d",
        Light::Paused => "p",
    }
}

/// `正常 预警 逾期 无数据 办结 暂停` / `On track …`.
pub fn word(t: T<'_>, light: Light) -> &str {
    match light {
        Light::Green => t.s("light.green"),
        Light::Yellow => t.s("light.yellow"),
        Light::Red => t.s("light.red"),
        Light::Grey => t.s("light.grey"),
        Light::Done => t.s("light.done"),
        Light::Paused => t.s("light.paused"),
    }
}

/// The bare shape at `size` px, hidden from screen readers: only beside a word.
pub fn shape(light: Light, size: u8) -> Markup {
    let class = format!("gd-l gd-l-{}", letter(light));
    html! {
        svg class=(class) width=(size) height=(size) viewBox="0 0 16 16" aria-hidden="true" focusable="false" {
            @match light {
                Light::Green => { circle.f cx="8" cy="8" r="6.5" {} path.k d="M5 8.2 7.1 10.3 11 6.2" {} }
                Light::Yellow => { path.f d="M8 1.6 15 14H1Z" stroke-linejoin="round" {} path.k d="M8 6v3.6M8 11.8v.2" {} }
                Light::Red => { path.f d="M8 .9 15.1 8 8 15.1.9 8Z" {} path.k d="M8 4.7v4M8 11v.3" {} }
                Light::Done => { circle.o cx="8" cy="8" r="6" {} path.ok d="M5.2 8.2 7.2 10.2 10.9 6.3" {} }
                Light::Grey => { circle.o cx="8" cy="8" r="6" stroke-dasharray="2.2 2.1" {} path.ok d="M5.6 8h4.8" {} }
                Light::Paused => {
                    rect.o x="2" y="2" width="12" height="12" rx="2.5" {}
                    path.ok d="M6.2 5.6v4.8M9.8 5.6v4.8" {}
                }
            }
        }
    }
}

/// The badge: shape and word on the light's ground; `say` replaces the usual word.
pub fn light(t: T, light: Light, say: Option<&str>) -> Markup {
    let class = format!("gd-light is-{}", letter(light));
    html! { span class=(class) { (shape(light, 14)) span { (say.unwrap_or(word(t, light))) } } }
}

/// The icon form for dense rows: the word is there for screen readers and on hover.
pub fn light_icon(t: T, light: Light, say: Option<&str>) -> Markup {
    let say = say.unwrap_or(word(t, light));
    html! { span.gd-lighti title=(say) { (shape(light, 15)) span.visually-hidden { (say) } } }
}

/// Shape, number and word: one cell of a light count.
pub fn light_count(t: T, light: Light, n: u32) -> Markup {
    html! { span.gd-lcount { (shape(light, 14)) b { (n) } span { (word(t, light)) } } }
}

/// The row of counts under a bar: overdue, at risk, on track, done (zeros shown), and the rest where there are any.
pub fn light_counts(t: T, counts: Counts) -> Markup {
    html! {
        (light_count(t, Light::Red, counts.red))
        (light_count(t, Light::Yellow, counts.yellow))
        (light_count(t, Light::Green, counts.green))
        (light_count(t, Light::Done, counts.done))
        @if counts.paused > 0 { (light_count(t, Light::Paused, counts.paused)) }
        @if counts.grey > 0 { (light_count(t, Light::Grey, counts.grey)) }
    }
}

/// The bar of counts. `what` names the thing counted and opens the bar's spoken label.
pub fn light_bar(t: T, counts: Counts, what: &str) -> Markup {
    let listed = counts.listed();
    let said: Vec<String> =
        listed.iter().map(|(l, n)| t.f("light.said", &[("word", &word(t, *l)), ("n", n)])).collect();
    let label = format!(
        "{}{}",
        what,
        if said.is_empty() {
            String::new()
        } else {
            format!("{}{}", t.s("word.colon"), said.join(t.s("word.list")))
        }
    );
    let weights: Vec<f64> = listed.iter().map(|(_, n)| f64::from(*n)).collect();
    let spans = super::meter::shares(&weights, 1.6);
    let last = spans.len();
    html! {
        svg.gd-lbar role="img" aria-label=(label) {
            @for (i, ((light, _), (x, w))) in listed.iter().zip(spans).enumerate() {
                rect class={ "is-" (letter(*light)) } x={ (format!("{x:.2}%")) } width={ (format!("{w:.2}%")) } height="100%"
                    fill=[(*light == Light::Yellow).then_some("url(#gd-hy)")] {}
                @if i + 1 < last { rect.gap x={ (format!("{:.2}%", x + w)) } width="2" height="100%" transform="translate(-1)" {} }
            }
        }
    }
}
