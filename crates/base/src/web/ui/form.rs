//! Forms: a label that is tied to its field, a hint, the error beside it, and what was typed still there.
//!
//! The names match `web::form`: the token travels in `_token`. A field in error is marked by a bar, an icon and
//! words, is `aria-invalid`, and its message is in `aria-describedby` together with the hint.

use super::icon::sized;
use crate::i18n::T;
use kernel::Refuse;
use maud::{Markup, Render, html};

/// Name of the hidden field that carries the form token.
pub const TOKEN: &str = "_token";

/// One field.
#[derive(Debug, Clone, Default)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a str,
    hint: Option<&'a str>,
    error: Option<String>,
    optional: bool,
    chosen: &'a [String],
}

impl<'a> Field<'a> {
    /// A required field.
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Field { name, label, ..Field::default() }
    }
    /// What was typed, or the stored value.
    pub fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }
    /// The choices that are ticked, for [`Input::Checks`].
    pub fn chosen(mut self, chosen: &'a [String]) -> Self {
        self.chosen = chosen;
        self
    }
    /// How to fill it in.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }
    /// May stay empty; the label says so.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    /// The message of what is wrong with it.
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }
    /// Takes its message from a refusal that is about this field.
    pub fn refused(self, t: T, no: Option<&dyn Refuse>) -> Self {
        let mine = no.filter(|no| no.field() == Some(self.name)).map(|no| message(t, no));
        self.error(mine)
    }
    fn described(&self) -> Option<String> {
        let ids = [
            self.hint.map(|_| format!("{}-h", self.name)),
            self.error.as_ref().map(|_| format!("{}-e", self.name)),
        ];
        let ids: Vec<String> = ids.into_iter().flatten().collect();
        if ids.is_empty() { None } else { Some(ids.join(" ")) }
    }
    fn is_on(&self, value: &str) -> bool {
        self.value == value || self.chosen.iter().any(|c| c == value)
    }
}

/// Reason and next step of a refusal as one message.
pub fn message(t: T, no: &dyn Refuse) -> String {
    let gap = t.s("word.gap");
    format!("{}{gap}{}", sentence(t, &no.reason(t.lang())), sentence(t, &no.next(t.lang())))
}

/// The text as a sentence: closed with a full stop unless it already ends.
pub(super) fn sentence(t: T, text: &str) -> String {
    let text = t.say(text.trim());
    let ends = text.ends_with(['。', '.', '？', '?', '！', '!', '…', '：', ':']);
    if ends || text.is_empty() { text.into_owned() } else { format!("{text}{}", t.s("word.full_stop")) }
}

/// A choice of a list.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line under it.
    pub note: String,
}

impl Choice {
    /// A choice without a note.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into(), note: String::new() }
    }
}

/// What kind of field it is.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// One line, at most so many characters.
    Text(usize),
    /// A phone number.
    Phone,
    /// A password; `true` for a new one.
    Password(bool),
    /// A day.
    Date,
    /// A day and a time of the district.
    Moment,
    /// A number with unit; any decimal.
    Number(&'a str),
    /// Several lines: rows shown, most characters.
    Area(u8, usize),
    /// One of many; the first entry is the empty choice when the field is optional.
    Select(&'a [Choice]),
    /// One of few.
    Radio(&'a [Choice]),
    /// Any of few.
    Checks(&'a [Choice]),
    /// Files: accepted types, several or one.
    File(&'a str, bool),
}

/// Draws a field.
pub fn field(t: T, f: &Field, input: &Input) -> Markup {
    let class = if f.error.is_some() { "fld err" } else { "fld" };
    let group = matches!(input, Input::Radio(_) | Input::Checks(_));
    let label = html! { (f.label) @if f.optional { small { (t.s("form.optional")) } } };
    html! {
        div class=(class) role=[group.then_some("group")] aria-labelledby=[group.then(|| format!("{}-l", f.name))]
            aria-describedby=[if group { f.described() } else { None }] {
            @if group { span.lb id={ (f.name) "-l" } { (label) } } @else { label for=(f.name) { (label) } }
            (control(t, f, input))
            @if let Some(hint) = f.hint { span.hint id={ (f.name) "-h" } { (hint) } }
            @if let Some(error) = &f.error { span.em id={ (f.name) "-e" } { (sized("alert-triangle", 14)) span { (error) } } }
        }
    }
}

fn control(t: T, f: &Field, input: &Input) -> Markup {
    let invalid = f.error.is_some().then_some("true");
    let required = !f.optional;
    let line = |kind: &str, max: Option<usize>, mode: Option<&str>, complete: Option<&str>| {
        html! {
            input.form-control id=(f.name) name=(f.name) type=(kind) value=[(kind != "password").then_some(f.value)]
                maxlength=[max] inputmode=[mode] autocomplete=[complete] required[required] aria-invalid=[invalid]
                aria-describedby=[f.described()];
        }
    };
    match input {
        Input::Text(max) => line("text", Some(*max), None, None),
        Input::Phone => line("tel", Some(20), Some("tel"), Some("tel")),
        Input::Password(new) => {
            line("password", Some(200), None, Some(if *new { "new-password" } else { "current-password" }))
        }
        Input::Date => line("date", None, None, None),
        Input::Moment => line("datetime-local", None, None, None),
        Input::Number(unit) => {
            html! { div.unit { (line("text", Some(20), Some("decimal"), None)) span { (unit) } } }
        }
        Input::Area(rows, max) => html! {
            textarea.form-control id=(f.name) name=(f.name) rows=(rows) maxlength=(max) required[required]
                aria-invalid=[invalid] aria-describedby=[f.described()] { (f.value) }
        },
        Input::Select(choices) => html! {
            select.form-select id=(f.name) name=(f.name) required[required] aria-invalid=[invalid]
                aria-describedby=[f.described()] {
                option value="" { (t.s("form.choose")) }
                @for c in *choices { option value=(c.value) selected[f.value == c.value] { (c.label) } }
            }
        },
        Input::Radio(choices) => options(f, "radio", choices),
        Input::Checks(choices) => options(f, "checkbox", choices),
        Input::File(accept, many) => html! {
            input.form-control id=(f.name) name=(f.name) type="file" accept=(accept) multiple[*many] required[required]
                aria-invalid=[invalid] aria-describedby=[f.described()];
        },
    }
}

fn options(f: &Field, kind: &str, choices: &[Choice]) -> Markup {
    html! {
        @for c in choices {
            label.ck {
                input.form-check-input type=(kind) name=(f.name) value=(c.value) checked[f.is_on(&c.value)];
                span { (c.label) @if !c.note.is_empty() { small { (c.note) } } }
            }
        }
    }
}

/// A single tick box with its words.
pub fn tick(name: &str, label: &str, on: bool) -> Markup {
    html! {
        div.fld { label.ck { input.form-check-input type="checkbox" name=(name) value="1" checked[on]; span { (label) } } }
    }
}

/// The hidden form token.
pub fn token(csrf: &str) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(csrf); }
}

/// A hidden value, such as the version that the page showed.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A form that changes something: posts to `action` with the token. `files` when it carries any.
pub fn post(action: &str, csrf: &str, files: bool, body: impl Render) -> Markup {
    html! {
        form.frm method="post" action=(action) enctype=[files.then_some("multipart/form-data")] novalidate {
            (token(csrf)) (body)
        }
    }
}

/// A form of one button inside a row or a head.
pub fn act(action: &str, csrf: &str, button: impl Render) -> Markup {
    html! { form.ctx-act method="post" action=(action) { (token(csrf)) (button) } }
}

/// The line of buttons at a form's foot.
pub fn acts(buttons: impl Render) -> Markup {
    html! { div.frm-a { (buttons) } }
}

/// Two fields side by side on a wide screen.
pub fn pair(left: impl Render, right: impl Render) -> Markup {
    html! { div.frm-g { (left) (right) } }
}
