//! Buttons and links that act. The word is a verb (签收, 反馈, 提请); 确定 alone is never one.

use super::icon::sized;
use maud::{Markup, Render, html};

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// Bordered.
    #[default]
    Plain,
    /// Filled: at most one on a page's title line, one in a row.
    Primary,
    /// Without border.
    Ghost,
    /// Red text: leads to something that cannot be undone.
    Danger,
    /// Filled red: the act itself, in a confirm dialog only.
    DangerSolid,
}

/// A button in the making; it renders itself, so `(Button::new("签收").primary().submit())` is markup.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    word: &'a str,
    weight: Weight,
    icon: Option<&'a str>,
    href: Option<&'a str>,
    submit: bool,
    name: Option<(&'a str, &'a str)>,
    form: Option<&'a str>,
    attr: Option<(&'a str, &'a str)>,
    small: bool,
    icon_only: bool,
    off: Option<&'a str>,
}

impl<'a> Button<'a> {
    /// A plain button that says `word`.
    pub fn new(word: &'a str) -> Self {
        Button {
            word,
            weight: Weight::Plain,
            icon: None,
            href: None,
            submit: false,
            name: None,
            form: None,
            attr: None,
            small: false,
            icon_only: false,
            off: None,
        }
    }
    /// A link that looks like a button.
    pub fn link(word: &'a str, href: &'a str) -> Self {
        Button { href: Some(href), ..Button::new(word) }
    }
    /// Sets the weight.
    pub fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }
    /// The one act of this place.
    pub fn primary(self) -> Self {
        self.weight(Weight::Primary)
    }
    /// An icon before the word.
    pub fn icon(mut self, name: &'a str) -> Self {
        self.icon = Some(name);
        self
    }
    /// The icon alone; the word becomes its label.
    pub fn icon_only(mut self, name: &'a str) -> Self {
        self.icon = Some(name);
        self.icon_only = true;
        self
    }
    /// For rows and card heads.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }
    /// Sends the form it stands in.
    pub fn submit(mut self) -> Self {
        self.submit = true;
        self
    }
    /// Sends the form it stands in with this pair, so that one form can offer several acts.
    pub fn sends(mut self, name: &'a str, value: &'a str) -> Self {
        self.submit = true;
        self.name = Some((name, value));
        self
    }
    /// Sends the form with this id, from outside it.
    pub fn form(mut self, id: &'a str) -> Self {
        self.submit = true;
        self.form = Some(id);
        self
    }
    /// Opens the dialog with this id.
    pub fn opens(self, dialog: &'a str) -> Self {
        self.attr("data-dialog", dialog)
    }
    /// One attribute more; of several, the last holds. Prints the page: `attr("data-print", "")`.
    pub fn attr(mut self, name: &'a str, value: &'a str) -> Self {
        self.attr = Some((name, value));
        self
    }
    /// Not possible now; `why` is read aloud and shown on hover, and the button stays reachable to say it.
    pub fn off(mut self, why: &'a str) -> Self {
        self.off = Some(why);
        self
    }
    fn class(&self) -> String {
        let weight = match self.weight {
            Weight::Plain => "",
            Weight::Primary => "btn-primary",
            Weight::Ghost => "btn-ghost",
            Weight::Danger => "btn-danger",
            Weight::DangerSolid => "btn-danger-solid",
        };
        let small = if self.small { "btn-sm" } else { "" };
        super::classes(&["btn", weight, small, if self.icon_only { "btn-icon" } else { "" }])
    }
    fn data(&self, name: &str) -> Option<&'a str> {
        self.attr.filter(|(given, _)| *given == name).map(|(_, value)| value)
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let size = if self.small { 14 } else { 16 };
        let inner = html! {
            @if let Some(icon) = self.icon { (sized(icon, if self.icon_only { 16 } else { size })) }
            @if !self.icon_only { span { (self.word) } }
        };
        let label = match (self.icon_only, self.off) {
            (true, Some(why)) => Some(format!("{} · {why}", self.word)),
            (true, None) => Some(self.word.to_owned()),
            _ => None,
        };
        let title = self.off.or(self.icon_only.then_some(self.word));
        if let (Some(href), None) = (self.href, self.off) {
            return html! {
                a class=(self.class()) href=(href) aria-label=[label] title=[title]
                    hx-get=[self.data("hx-get")] hx-target=[self.data("hx-target")] { (inner) }
            };
        }
        let submit = self.submit && self.off.is_none();
        html! {
            button class=(self.class()) type=(if submit { "submit" } else { "button" })
                name=[self.name.map(|n| n.0)] value=[self.name.map(|n| n.1)] form=[self.form]
                aria-label=[label] title=[title] aria-disabled=[self.off.map(|_| "true")]
                data-dialog=[self.off.map_or_else(|| self.data("data-dialog"), |_| None)]
                data-print=[self.data("data-print")] data-close=[self.data("data-close")]
                data-copy=[self.data("data-copy")] data-none=[self.data("data-none")]
                data-safe=[self.data("data-safe")] { (inner) }
        }
    }
}
