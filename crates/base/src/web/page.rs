//! The frame around a page.

use super::ctx::{Ctx, Visitor};
use super::ui::feedback;
use super::ui::mark::Marks;
use super::ui::shell::{Crumb, NavItem, NavSection, PostBox, Shell};
use crate::core::App;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Day, Refuse};
use maud::{Markup, html};

/// A page in the making: what a handler knows of it.
pub struct Page {
    /// Title of the page and of the browser's tab.
    pub title: String,
    /// Class of the body for page-bound styles.
    pub class: &'static str,
    /// The way to this page, after the district: words and addresses; the page itself is added.
    pub crumbs: Vec<(String, Option<String>)>,
    /// Source marks in use.
    pub marks: Marks,
    /// The figures' day, as shown in the footer.
    pub as_of: Option<Day>,
    /// Draws charts.
    pub charts: bool,
    /// Scripts of this page alone, by file name.
    pub scripts: &'static [&'static str],
    /// What was searched for.
    pub query: String,
    /// The page itself.
    pub body: Markup,
}

impl Page {
    /// A page with a title and a body.
    pub fn new(title: impl Into<String>, body: Markup) -> Page {
        Page {
            title: title.into(),
            class: "",
            crumbs: Vec::new(),
            marks: Marks::default(),
            as_of: None,
            charts: false,
            scripts: &[],
            query: String::new(),
            body,
        }
    }
    /// Sets the class of the body.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Page {
        self.class = class;
        self
    }
    /// Adds a step of the way.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Page {
        self.crumbs.push((label.into(), Some(href.into())));
        self
    }
    /// Sets the source marks.
    #[must_use]
    pub fn marks(mut self, src: bool, sim: bool, example: bool) -> Page {
        self.marks = Marks { src, sim, example };
        self
    }
    /// Loads the chart library.
    #[must_use]
    pub fn charts(mut self) -> Page {
        self.charts = true;
        self
    }
    /// Loads scripts of this page alone.
    #[must_use]
    pub fn scripts(mut self, names: &'static [&'static str]) -> Page {
        self.scripts = names;
        self
    }
    /// Sets the figures' day.
    #[must_use]
    pub fn as_of(mut self, day: Day) -> Page {
        self.as_of = Some(day);
        self
    }
    /// Draws it for a signed-in person.
    pub fn draw(self, ctx: &Ctx) -> Response {
        let t = ctx.t();
        let path = ctx.visitor.path.split('?').next().unwrap_or("/").to_owned();
        let (nav, bar) = navigation(ctx, &path);
        let place = district_name(ctx);
        let other = other_lang(&ctx.visitor);
        let mut shell = Shell::new(t, &self.title);
        shell.page = self.class;
        shell.theme = ctx.visitor.theme;
        shell.place = t.s("shell.place");
        shell.crumbs = std::iter::once((place, Some("/".to_owned())))
            .chain(self.crumbs)
            .chain(std::iter::once((self.title.clone(), None)))
            .map(|(label, href)| Crumb { label, href })
            .collect();
        shell.nav = nav;
        shell.bar = bar;
        shell.post = Some(post_box(ctx));
        shell.as_of = self.as_of.or(Some(ctx.shown_at().day()));
        shell.drawn = Some(ctx.now());
        shell.marks = self.marks;
        shell.demo = ctx.app.simulated;
        shell.notices = Some((ctx.unread, "/notices"));
        shell.search = "/search";
        shell.query = &self.query;
        shell.other_lang = &other;
        shell.csrf = &ctx.session.csrf;
        shell.charts = self.charts;
        shell.scripts = self.scripts;
        shell.links = vec![
            (t.s("foot.methods").to_owned(), "/methods".to_owned()),
            (t.s("foot.ledger").to_owned(), "/ledger".to_owned()),
        ];
        shell.toasts = toast(ctx);
        shell.body = self.body;
        shell.full().into_response()
    }
}

fn toast(ctx: &Ctx) -> Vec<Markup> {
    let Some(done) = &ctx.visitor.done else { return Vec::new() };
    let key = format!("done.{done}");
    let known = ctx.app.texts.has(&key);
    let t = ctx.t();
    if known { vec![feedback::toast(t, &t.f(&key, &[]), "", None)] } else { Vec::new() }
}

fn district_name(ctx: &Ctx) -> String {
    let book = ctx.app.book(ctx.district(), ctx.now().day());
    book.map_or_else(|_| ctx.district().to_string(), |b| b.head.name.get(ctx.lang()).to_owned())
}

fn navigation(ctx: &Ctx, path: &str) -> (Vec<NavSection>, Vec<NavItem>) {
    let t = ctx.t();
    let current = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let mut sections: Vec<NavSection> = Vec::new();
    let mut bar = Vec::new();
    for (i, entry) in ctx.app.nav.iter().enumerate() {
        let item = NavItem {
            label: t.s(entry.title).to_owned(),
            icon: entry.icon,
            href: entry.href.to_owned(),
            count: ctx.badges.get(i).copied().flatten().filter(|n| *n > 0),
            current: current(entry.href),
        };
        if bar.len() < 4 {
            bar.push(item.clone());
        }
        let label = t.s(entry.section).to_owned();
        match sections.last_mut() {
            Some(last) if last.label == label => last.items.push(item),
            _ => sections.push(NavSection { label, items: vec![item] }),
        }
    }
    (sections, bar)
}

fn post_box(ctx: &Ctx) -> PostBox {
    let t = ctx.t();
    let name = |words: &kernel::Words| words.get(ctx.lang()).to_owned();
    PostBox {
        unit: name(&ctx.masthead.unit),
        post: name(&ctx.masthead.post),
        others: ctx
            .masthead
            .others
            .iter()
            .map(|(code, words)| (name(words), format!("/act-as/{code}")))
            .collect(),
        links: vec![("settings", t.s("shell.account").to_owned(), "/account".to_owned())],
        sign_out: "/sign-out".to_owned(),
    }
}

/// The address of this page in the other language.
pub fn other_lang(visitor: &Visitor) -> String {
    let tag = match visitor.lang {
        kernel::Lang::Zh => "en",
        kernel::Lang::En => "zh-CN",
    };
    format!("/language/{tag}?next={}", super::encode(&visitor.path))
}

/// Draws a page without the navigation: sign-in, refusals, public pages.
pub fn bare(app: &App, visitor: &Visitor, title: &str, class: &str, body: Markup) -> Markup {
    let other = other_lang(visitor);
    let mut shell = Shell::new(app.texts.t(visitor.lang), title);
    shell.page = class;
    shell.theme = visitor.theme;
    shell.other_lang = &other;
    shell.demo = app.simulated;
    shell.place = shell.t.s("shell.place");
    shell.body = body;
    shell.bare()
}

/// The page of a refusal: what happened, what to do next, the trace number.
pub fn error_page(app: &App, visitor: &Visitor, no: &dyn Refuse, code: StatusCode) -> Markup {
    let t = app.texts.t(visitor.lang);
    let trace = (code.is_server_error()).then_some(&*visitor.trace);
    let body = html! {
        div.gd-narrow {
            h1 { (no.reason(visitor.lang)) }
            (feedback::refusal(t, no, trace))
            p { a.btn href="/" { (t.s("error.home")) } " " a.btn href=(back(visitor)) { (t.s("error.again")) } }
        }
    };
    bare(app, visitor, &no.reason(visitor.lang), "p-error", body)
}

fn back(visitor: &Visitor) -> &str {
    if visitor.path.starts_with('/') { &visitor.path } else { "/" }
}

/// After an act: back to a page, which says that it was done.
pub fn after(path: &str, done: &str) -> Response {
    let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
    let join = if path.contains('?') { '&' } else { '?' };
    let hash = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    Redirect::to(&format!("{path}{join}ok={done}{hash}")).into_response()
}

/// An address inside this program: anything else would let a link lead people away after signing in.
pub fn inside(given: &str) -> &str {
    let safe =
        given.starts_with('/') && !given.starts_with("//") && !given.contains('\\') && !given.contains("://");
    if safe { given } else { "/" }
}
