//! Inlined outline icons (Tabler Icons, MIT).
//!
//! An icon never carries meaning alone: it is hidden from screen readers, and text stands beside it or, for a
//! button that shows only an icon, in the button's label.

use super::icon_data::ICONS;
use maud::{Markup, PreEscaped, html};

/// The icon at 16 px; an unknown name draws an empty frame (and fails the test `icons_exist`).
pub fn icon(name: &str) -> Markup {
    sized(name, 16)
}

/// The icon at `size` px.
pub fn sized(name: &str, size: u8) -> Markup {
    classed(name, size, "")
}

/// The icon at `size` px with a class more.
pub fn classed(name: &str, size: u8, class: &str) -> Markup {
    let class = super::classes(&["gd-i", class]);
    html! {
        svg class=(class) width=(size) height=(size) viewBox="0 0 24 24" fill="none" stroke="currentColor"
            stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            (PreEscaped(inner(name).unwrap_or("")))
        }
    }
}

/// Whether there is such an icon.
pub fn exists(name: &str) -> bool {
    inner(name).is_some()
}

fn inner(name: &str) -> Option<&'static str> {
    let at = ICONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    ICONS.get(at).map(|(_, svg)| *svg)
}

/// The mark of the program: a river between two banks with a light on it.
pub fn logo(size: u8) -> Markup {
    html! {
        svg.gd-logo width=(size) height=(size) viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            rect.bg width="32" height="32" rx="7" {}
            path.bank d="M7 10.5h18M7 22.5h18" {}
            path.wave d="M8 16.5c2.2-2.1 4.2-2.1 6.2-.2s4 1.9 6 0 3-1.6 3.8-.9" {}
            circle.dot cx="22.6" cy="10.5" r="2.6" {}
        }
    }
}

/// Hatches that bars refer to by id; the page frame draws them once, out of sight.
pub(super) fn patterns() -> Markup {
    let hatch = |id: &str, step: &str, ground: bool| {
        html! {
            pattern id=(id) class=(id) width=(step) height=(step) patternUnits="userSpaceOnUse"
                patternTransform="rotate(-45)" {
                @if ground { rect.a width="12" height="12" {} }
                path.b d="M0 0v12" {}
            }
        }
    };
    html! {
        svg width="0" height="0" aria-hidden="true" focusable="false" class="visually-hidden" {
            defs { (hatch("gd-hy", "4.5", true)) (hatch("gd-ho", "7", false)) (hatch("gd-hf", "6", true)) }
        }
    }
}
