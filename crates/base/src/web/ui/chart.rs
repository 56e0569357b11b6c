//! Charts with axes: described in Rust, drawn by ECharts in the browser, readable as a table without it.
//!
//! The description travels as JSON in `data-chart`; colours, fonts and the light or dark theme belong to `gd.js`.
//! Every chart has its conclusion as label and the same numbers as a table, so nothing depends on the drawing.
//! There is no pie, no gauge and no 3D, and a bar starts at zero.

use super::icon::sized;
use crate::i18n::T;
use maud::{Markup, html};
use serde::Serialize;

/// What a series means; the theme draws it accordingly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What happened: the strong line or bar.
    Actual,
    /// What was planned.
    Plan,
    /// What is expected: dashed.
    Forecast,
    /// Linear time progress: dotted.
    Time,
    /// A second measure.
    Second,
    /// The pale base of a stacked bar.
    Base,
    /// Late or failed: red and hatched.
    Late,
    /// A further measure.
    Extra,
    /// An interval between `low` and `data`.
    Band,
}

/// Line or bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A line.
    Line,
    /// A bar from zero.
    Bar,
}

/// One series.
#[derive(Debug, Clone, Serialize)]
pub struct Series {
    name: String,
    role: Role,
    kind: Form,
    data: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    low: Vec<Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    right: bool,
    #[serde(skip_serializing_if = "is_false")]
    dots: bool,
    #[serde(skip_serializing_if = "is_false")]
    wide: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_at: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(b: &bool) -> bool {
    !*b
}

impl Series {
    /// A line; `None` where there is no figure, which draws a gap and never a zero.
    pub fn line(name: impl Into<String>, role: Role, data: Vec<Option<f64>>) -> Self {
        Series {
            name: name.into(),
            role,
            kind: Form::Line,
            data,
            low: Vec::new(),
            stack: None,
            right: false,
            dots: false,
            wide: false,
            label: None,
            label_at: None,
            unit: None,
        }
    }
    /// Bars.
    pub fn bar(name: impl Into<String>, role: Role, data: Vec<Option<f64>>) -> Self {
        Series { kind: Form::Bar, ..Series::line(name, role, data) }
    }
    /// The area between two lines, such as P10 to P90; `wide` is the paler, outer one.
    pub fn band(name: impl Into<String>, low: Vec<Option<f64>>, high: Vec<Option<f64>>, wide: bool) -> Self {
        Series { low, wide, ..Series::line(name, Role::Band, high) }
    }
    /// Stands on the other bars of this chart.
    pub fn stacked(mut self) -> Self {
        self.stack = Some("a");
        self
    }
    /// Belongs to the right-hand axis, in `unit`.
    pub fn on_right(mut self, unit: &str) -> Self {
        self.right = true;
        self.unit = Some(unit.to_owned());
        self
    }
    /// Marks each point.
    pub fn dotted(mut self) -> Self {
        self.dots = true;
        self
    }
    /// Writes `text` at the end of the line, instead of a legend.
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }
    /// Writes `text` at the i-th point.
    pub fn labelled_at(mut self, at: usize, text: impl Into<String>) -> Self {
        self.label_at = Some(at);
        self.labelled(text)
    }
}

/// A horizontal line at a value.
#[derive(Debug, Clone, Serialize)]
struct Target {
    value: f64,
    label: String,
}

/// A vertical line at the i-th point.
#[derive(Debug, Clone, Serialize)]
struct Now {
    at: usize,
    label: String,
}

/// The right-hand axis.
#[derive(Debug, Clone, Serialize)]
struct Right {
    min: f64,
    max: f64,
    step: f64,
    unit: String,
}

/// How tall the chart's box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Height {
    /// 176 px.
    Small,
    /// 252 px.
    #[default]
    Usual,
    /// 320 px.
    Large,
}

/// A chart in the making.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    #[serde(skip)]
    label: String,
    #[serde(skip)]
    height: Height,
    #[serde(skip)]
    x_name: String,
    x: Vec<String>,
    unit: String,
    unit_name: String,
    series: Vec<Series>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Right>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Now>,
}

impl Chart {
    /// A chart over the points `x`, whose `label` is its conclusion in words; `x_name` heads the table's first column.
    pub fn new(label: impl Into<String>, x_name: impl Into<String>, x: Vec<String>) -> Self {
        Chart {
            label: label.into(),
            height: Height::Usual,
            x_name: x_name.into(),
            x,
            unit: String::new(),
            unit_name: String::new(),
            series: Vec::new(),
            min: None,
            max: None,
            step: None,
            right: None,
            target: None,
            now: None,
        }
    }
    /// The unit after each figure, and the axis title (`累计 亿元`).
    pub fn unit(mut self, unit: &str, axis: &str) -> Self {
        self.unit = unit.to_owned();
        self.unit_name = axis.to_owned();
        self
    }
    /// Fixes the value axis.
    pub fn axis(mut self, min: f64, max: f64, step: f64) -> Self {
        (self.min, self.max, self.step) = (Some(min), Some(max), Some(step));
        self
    }
    /// Adds a right-hand axis.
    pub fn right(mut self, min: f64, max: f64, step: f64, unit: &str) -> Self {
        self.right = Some(Right { min, max, step, unit: unit.to_owned() });
        self
    }
    /// Adds a series.
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }
    /// A target line.
    pub fn target(mut self, value: f64, label: impl Into<String>) -> Self {
        self.target = Some(Target { value, label: label.into() });
        self
    }
    /// The line of today at the i-th point.
    pub fn now(mut self, at: usize, label: impl Into<String>) -> Self {
        self.now = Some(Now { at, label: label.into() });
        self
    }
    /// The height of the box.
    pub fn height(mut self, height: Height) -> Self {
        self.height = height;
        self
    }
    /// The box, and under it the same numbers as a table.
    pub fn draw(&self, t: T) -> Markup {
        let class = match self.height {
            Height::Small => "chart s",
            Height::Usual => "chart",
            Height::Large => "chart l",
        };
        let spec = serde_json::to_string(self).unwrap_or_default();
        html! {
            div class=(class) role="img" aria-label=(self.label) data-chart=(spec) {}
            details.chart-alt {
                summary { (sized("table", 14)) (t.s("chart.as_table")) }
                div.tb-w role="region" tabindex="0" aria-label=(self.label) { (self.table()) }
            }
        }
    }
    fn table(&self) -> Markup {
        let cell = |value: Option<&Option<f64>>| match value.copied().flatten() {
            Some(v) => figure(v),
            None => "—".to_owned(),
        };
        html! {
            table.tb.tight {
                caption.visually-hidden { (self.label) }
                thead {
                    tr {
                        th scope="col" { (self.x_name) }
                        @for s in &self.series { th.r scope="col" { (s.name) } }
                    }
                }
                tbody {
                    @for (i, x) in self.x.iter().enumerate() {
                        tr {
                            th scope="row" { (x) }
                            @for s in &self.series {
                                td.r {
                                    @if s.role == Role::Band { (cell(s.low.get(i))) "–" }
                                    (cell(s.data.get(i)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A figure as written: at most four decimals, none that say nothing, and the minus of print.
fn figure(v: f64) -> String {
    let text = format!("{v:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace('-', "−")
}

/// What a legend entry looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A filled square in the base colour.
    Base,
    /// A filled square in the late colour.
    Late,
    /// A strong line.
    Actual,
    /// A thin grey line.
    Plan,
    /// A dashed line.
    Forecast,
}

/// The legend, only where direct labels will not do.
pub fn legend(items: &[(Key, &str)]) -> Markup {
    html! {
        div.lgd {
            @for (key, name) in items {
                span {
                    i class=(match key {
                        Key::Base => "sq k-c3",
                        Key::Late => "sq k-lr",
                        Key::Actual => "ln-1",
                        Key::Plan => "ln-p",
                        Key::Forecast => "ln-1 dash",
                    }) {}
                    (name)
                }
            }
        }
    }
}
