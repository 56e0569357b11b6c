//! 页面构件 (ui): the frame of every page and the components it is made of.
//!
//! A component is a function that takes the page's [`T`](crate::i18n::T) and plain values and returns markup, so a
//! full page and an htmx fragment share it. Nothing here reads the database, decides a rule or knows a route: links
//! come in as text. The look and its reasons are in the design reference; the rules that code can hold are these:
//!
//! * a light is shape, colour and word together; a yellow or late fill is hatched as well;
//! * widths are SVG attributes, so no page needs a style attribute and [`CONTENT_SECURITY_POLICY`] allows none;
//! * what opens, opens without a script (`details`, CSS hover and focus); the script adds comfort;
//! * numbers show their minus as U+2212, Chinese its punctuation full-width ([`zh::han`]);
//! * every figure carries where it comes from: [`mark::src`], [`mark::sim`], [`mark::example`].
//!
//! ```
//! use base::i18n::Catalogue;
//! use base::web::ui::{card::Card, light::light, shell::Shell};
//! use kernel::{Lang, light::Light};
//! let texts = Catalogue::builtin();
//! let t = texts.t(Lang::Zh);
//! let mut page = Shell::new(t, "我的待办");
//! page.body = Card::new("状态").body(light(t, Light::Yellow, None)).into();
//! assert!(page.full().into_string().contains("预警"));
//! ```

pub mod asset;
pub mod button;
pub mod card;
pub mod chart;
pub mod due;
pub mod duty;
pub mod feedback;
pub mod form;
pub mod icon;
mod icon_data;
pub mod light;
pub mod list;
pub mod mark;
pub mod meter;
pub mod ruler;
pub mod shell;
pub mod story;
pub mod when;
pub mod zh;

pub use asset::{Asset, asset, asset_url};
pub use icon::icon;
pub use maud::{Markup, html};

/// The policy under which every page works: nothing from elsewhere, no inline script, no inline style, no eval.
///
/// `data:` images are the check marks and arrows inside the vendored stylesheet; `blob:` shows a photo before it is
/// sent. Frames are refused both ways; forms go only to this server.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'";

/// How a mark, a bar or a note is coloured when it is not a light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Neutral or plain data.
    #[default]
    Plain,
    /// Good.
    Good,
    /// Needs attention.
    Warn,
    /// Bad: overdue, refused, failed.
    Bad,
    /// Time elapsed, or a reference that is no result.
    Time,
}

impl Tone {
    /// The class of the stylesheet; empty for plain.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Good => "is-g",
            Tone::Warn => "is-y",
            Tone::Bad => "is-r",
            Tone::Time => "is-t",
        }
    }
}

impl From<kernel::light::Light> for Tone {
    fn from(light: kernel::light::Light) -> Tone {
        use kernel::light::Light;
        match light {
            Light::Green => Tone::Good,
            Light::Yellow => Tone::Warn,
            Light::Red => Tone::Bad,
            Light::Grey | Light::Done | Light::Paused => Tone::Time,
        }
    }
}

/// Joins class names, leaving out the empty ones.
pub(crate) fn classes(names: &[&str]) -> String {
    let named: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    named.join(" ")
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_more;
#[cfg(test)]
mod tests;
