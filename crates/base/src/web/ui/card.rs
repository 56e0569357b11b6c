//! Cards, page heads, headlines, stats: what a page is laid out with.

use super::icon::sized;
use super::meter::{Size, bullet};
use super::{Tone, mark};
use crate::i18n::T;
use maud::{Markup, Render, html};

/// A labelled section with a title. It renders itself.
#[derive(Debug, Clone, Default)]
pub struct Card<'a> {
    title: &'a str,
    sub: Option<&'a str>,
    tools: Option<Markup>,
    id: Option<&'a str>,
    class: &'a str,
    body: Option<Markup>,
    foot: Option<Markup>,
    flush: bool,
}

impl<'a> Card<'a> {
    /// A card whose title states the question it answers.
    pub fn new(title: &'a str) -> Self {
        Card { title, ..Card::default() }
    }
    /// The measure and period, under the title.
    pub fn measure(mut self, measure: &'a str) -> Self {
        self.sub = Some(measure);
        self
    }
    /// Right of the title: source marks, a segment, a link.
    pub fn tools(mut self, tools: impl Render) -> Self {
        self.tools = Some(tools.render());
        self
    }
    /// The anchor of the card.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }
    /// Classes of the stylesheet.
    pub fn class(mut self, class: &'a str) -> Self {
        self.class = class;
        self
    }
    /// The content, with the card's margins.
    pub fn body(mut self, body: impl Render) -> Self {
        self.body = Some(body.render());
        self
    }
    /// The content without margins: tables and lists that run to the edge.
    pub fn flush(mut self, body: impl Render) -> Self {
        self.body = Some(body.render());
        self.flush = true;
        self
    }
    /// The line at the foot.
    pub fn foot(mut self, foot: impl Render) -> Self {
        self.foot = Some(foot.render());
        self
    }
}

impl Render for Card<'_> {
    fn render(&self) -> Markup {
        let class = super::classes(&["card", self.class]);
        let inner = if self.flush { "card-body p-0" } else { "card-body" };
        html! {
            section class=(class) id=[self.id] aria-label=(self.title) {
                header.card-header {
                    div.gd-ch {
                        h2.card-title { (self.title) }
                        @if let Some(sub) = self.sub { p.gd-csub { (sub) } }
                    }
                    @if let Some(tools) = &self.tools { div.gd-ctools { (tools) } }
                }
                @if let Some(body) = &self.body { div class=(inner) { (body) } }
                @if let Some(foot) = &self.foot { footer.card-footer { (foot) } }
            }
        }
    }
}

impl From<Card<'_>> for Markup {
    fn from(card: Card<'_>) -> Markup {
        card.render()
    }
}

/// The top of a page: eyebrow, title, one line of explanation, status line, acts.
#[derive(Debug, Clone, Default)]
pub struct PageHead<'a> {
    /// The one h1.
    pub title: &'a str,
    /// What the page is for, in one line.
    pub sub: &'a str,
    /// Kind and code above the title.
    pub eyebrow: Option<Markup>,
    /// Status line below: light, due, lead.
    pub meta: Option<Markup>,
    /// At most one primary, then plain ones.
    pub acts: Option<Markup>,
}

/// Draws the head of a page.
pub fn page_head(head: &PageHead) -> Markup {
    html! {
        div.gd-ph {
            div.gd-pht {
                @if let Some(eyebrow) = &head.eyebrow { div.gd-eyebrow { (eyebrow) } }
                h1 { (head.title) }
                @if !head.sub.is_empty() { p { (head.sub) } }
                @if let Some(meta) = &head.meta { div.gd-phm { (meta) } }
            }
            @if let Some(acts) = &head.acts { div.gd-pha { (acts) } }
        }
    }
}

/// The headline: one paragraph made by rule, each clause a link to its proof; one ruler or chart beside it.
///
/// `key` is its name (今日研判, 先办什么), `how` says that a rule made it.
pub fn headline(key: &str, how: &str, sentence: impl Render, side: Option<&Markup>) -> Markup {
    html! {
        section.card.hl.one[side.is_none()] aria-label=(key) {
            div.card-body {
                div.hl-t {
                    div.hl-k { (sized("target-arrow", 15)) (key) span.muted { (how) } }
                    p.hl-s { (sentence) }
                }
                @if let Some(side) = side { div.hl-y { (side) } }
            }
        }
    }
}

/// One figure with its label.
#[derive(Debug, Clone, Default)]
pub struct Stat<'a> {
    /// What it is.
    pub label: &'a str,
    /// The figure as written.
    pub value: &'a str,
    /// Unit or base, small.
    pub unit: &'a str,
    /// Colour of the figure, only when a light says so.
    pub tone: Tone,
}

/// Several figures in a line.
pub fn stats(items: &[Stat]) -> Markup {
    html! {
        dl.gd-stat.row-st {
            @for item in items {
                div {
                    dt { (item.label) }
                    dd class=[text_class(item.tone)] {
                        (item.value) @if !item.unit.is_empty() { small { (item.unit) } }
                    }
                }
            }
        }
    }
}

/// The large figure of a card.
pub fn kpi(value: &str, unit: &str) -> Markup {
    html! { div.gd-kpi { (value) @if !unit.is_empty() { small { (unit) } } } }
}

/// The class that colours text as a light does.
pub fn text_class(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Good => Some("c-g"),
        Tone::Warn => Some("c-y"),
        Tone::Bad => Some("c-r"),
        Tone::Plain | Tone::Time => None,
    }
}

/// Label and value pairs: who, when, on what ground.
pub fn facts(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl.gd-dl { @for (label, value) in pairs { dt { (label) } dd { (value) } } } }
}

/// A score, rate or figure that opens to how it came about (rule 5: every number explains itself).
#[derive(Debug, Clone, Default)]
pub struct Explain<'a> {
    /// Its name.
    pub name: &'a str,
    /// The formula in short, on the closed row.
    pub short: &'a str,
    /// The mark as a bar, in per cent of its full score.
    pub bar: Option<f64>,
    /// The figure as written.
    pub value: &'a str,
    /// Unit or full score: `/10`.
    pub unit: &'a str,
    /// The formula.
    pub formula: &'a str,
    /// The formula with its numbers.
    pub substituted: &'a str,
    /// Inputs: name, value, vintage or source.
    pub inputs: Vec<(String, String, String)>,
    /// What was left out and why; empty means nothing was.
    pub exclusions: Vec<String>,
    /// Links to the evidence.
    pub evidence: Vec<Markup>,
}

/// Draws the row; it opens without a script.
pub fn explain(t: T, x: &Explain) -> Markup {
    html! {
        details.xp {
            summary {
                span.cv { (sized("chevron-right", 15)) }
                span.n { (x.name) }
                span.fn { (x.short) }
                @match x.bar {
                    Some(bar) => (bullet(bar, None, Tone::Plain, Size::Usual, &format!("{} {}{}", x.name, x.value, x.unit))),
                    None => span {},
                }
                span.sc { b { (x.value) } small { (x.unit) } }
            }
            div.xd {
                div { h4 { (t.s("explain.formula")) } p.fm { (x.formula) } p.fm.eq { (x.substituted) } }
                div {
                    h4 { (t.s("explain.inputs")) }
                    ul { @for (name, value, note) in &x.inputs { li { span { (name) } b { (value) } small { (note) } } } }
                }
                div {
                    h4 { (t.s("explain.exclusions")) }
                    @if x.exclusions.is_empty() { p { (t.s("explain.none")) } }
                    @for line in &x.exclusions { p { (line) } }
                }
                div {
                    h4 { (t.s("explain.evidence")) }
                    ul.ev { @for item in &x.evidence { li { (item) } } }
                }
            }
        }
    }
}

/// The head of a large card: title, code, marks in one line (used by side panels).
pub fn panel_head(t: T, code: &str, kind: &str, title: &str, from_report: bool) -> Markup {
    html! {
        header {
            div.row-f { (mark::tag_strong(code)) (mark::tag(kind)) @if from_report { (mark::src(t, None)) } }
            h2 { (title) }
        }
    }
}
