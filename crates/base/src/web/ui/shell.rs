//! The frame of a page: side bar, top bar, phone bar, footer, print line.
//!
//! [`Shell::full`] is the frame of everybody who works here; [`Shell::bare`] that of sign-in, refusals and notices;
//! [`Shell::public`] that of the public portal, phone first. A handler fills in what it knows; everything has a
//! default, and a part that is not given is left out. Links are given, never built here.

use super::asset::asset_url;
use super::icon::{classed, logo, patterns, sized};
use super::mark::{self, Marks};
use super::when;
use crate::i18n::T;
use kernel::{Day, Instant};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Light or dark; `Auto` follows the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Follows the device.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// One entry of the navigation.
#[derive(Debug, Clone, Default)]
pub struct NavItem {
    /// Its word.
    pub label: String,
    /// Its icon.
    pub icon: &'static str,
    /// Its address.
    pub href: String,
    /// Work that waits for this post; never a total.
    pub count: Option<u64>,
    /// The page shown is under it.
    pub current: bool,
}

/// A group of the navigation: 总览, 推进, 评价, 公开, 管理.
#[derive(Debug, Clone, Default)]
pub struct NavSection {
    /// Its word.
    pub label: String,
    /// Its entries.
    pub items: Vec<NavItem>,
}

/// A step of the way to this page; the last has no link.
#[derive(Debug, Clone, Default)]
pub struct Crumb {
    /// Its word.
    pub label: String,
    /// Its address.
    pub href: Option<String>,
}

/// Who acts: a unit and a post, never a name.
#[derive(Debug, Clone, Default)]
pub struct PostBox {
    /// The unit.
    pub unit: String,
    /// The post.
    pub post: String,
    /// Other posts of this person: words and where the form of the change goes (it changes the session, so it is
    /// posted with the token).
    pub others: Vec<(String, String)>,
    /// Further entries: icon, words, address.
    pub links: Vec<(&'static str, String, String)>,
    /// Where the form to sign out goes; empty leaves it out.
    pub sign_out: String,
}

/// A page in the making.
#[derive(Debug, Clone)]
pub struct Shell<'a> {
    /// Texts in the page's language.
    pub t: T<'a>,
    /// Title of the page and of the browser's tab.
    pub title: &'a str,
    /// Class of the body for page-bound styles, such as `p-work`.
    pub page: &'a str,
    /// Light or dark.
    pub theme: Theme,
    /// District or city whose system this is; shown in the brand.
    pub place: &'a str,
    /// The way to this page.
    pub crumbs: Vec<Crumb>,
    /// The navigation.
    pub nav: Vec<NavSection>,
    /// Up to four entries of the phone bar; the fifth opens the whole navigation.
    pub bar: Vec<NavItem>,
    /// Who acts; nobody on public pages.
    pub post: Option<PostBox>,
    /// The figures' day or moment, as shown in the footer.
    pub as_of: Option<Day>,
    /// When the page was drawn.
    pub drawn: Option<Instant>,
    /// Source marks in use, which the footer explains.
    pub marks: Marks,
    /// A demonstration: the mark stands in the side bar and the top bar.
    pub demo: bool,
    /// Unread notices and where they are; `None` leaves the bell out.
    pub notices: Option<(u64, &'a str)>,
    /// Where the search form goes; empty leaves it out.
    pub search: &'a str,
    /// What was searched for.
    pub query: &'a str,
    /// This page in the other language.
    pub other_lang: &'a str,
    /// Form token, for htmx and for signing out.
    pub csrf: &'a str,
    /// Large type (public pages).
    pub large: bool,
    /// Draws charts: loads ECharts.
    pub charts: bool,
    /// Swaps parts: loads htmx.
    pub live: bool,
    /// More style sheets by file name.
    pub styles: &'a [&'a str],
    /// More scripts by file name.
    pub scripts: &'a [&'a str],
    /// Links of the footer: words and address.
    pub links: Vec<(String, String)>,
    /// Successes to report.
    pub toasts: Vec<Markup>,
    /// Hash of what the page shows, for the printed footer.
    pub print_hash: Option<&'a str>,
    /// The page itself.
    pub body: Markup,
}

impl<'a> Shell<'a> {
    /// A page with a title and nothing else.
    pub fn new(t: T<'a>, title: &'a str) -> Self {
        Shell {
            t,
            title,
            page: "",
            theme: Theme::Auto,
            place: "",
            crumbs: Vec::new(),
            nav: Vec::new(),
            bar: Vec::new(),
            post: None,
            as_of: None,
            drawn: None,
            marks: Marks::default(),
            demo: false,
            notices: None,
            search: "",
            query: "",
            other_lang: "?",
            csrf: "",
            large: false,
            charts: false,
            live: true,
            styles: &[],
            scripts: &[],
            links: Vec::new(),
            toasts: Vec::new(),
            print_hash: None,
            body: PreEscaped(String::new()),
        }
    }
    /// The frame of everybody who works here.
    pub fn full(&self) -> Markup {
        let t = self.t;
        let class = super::classes(&["gd-app", self.page]);
        self.document(
            &class,
            &html! {
                (self.side())
                div.gd-main {
                    (self.top())
                    main #main.gd-page tabindex="-1" { (self.body) }
                    (self.foot())
                    (self.printed())
                }
                @if !self.bar.is_empty() {
                    nav.gd-tabbar aria-label=(t.s("shell.bottom")) {
                        @for item in self.bar.iter().take(4) { (bar_item(item)) }
                        details.mnu {
                            summary { (sized("menu-2", 21)) span { (t.s("shell.more")) } }
                            div.mnu-p { (self.menu_of_everything()) }
                        }
                    }
                }
            },
        )
    }
    /// The frame of sign-in, refusals and notices: brand, language, theme, one column.
    pub fn bare(&self) -> Markup {
        let class = super::classes(&["gd-bare", self.page]);
        self.document(
            &class,
            &html! {
                header { (self.brand("/")) div.gd-tools { (self.lang_and_theme()) } }
                main #main tabindex="-1" { (self.body) }
                (self.foot())
            },
        )
    }
    /// The frame of the public portal: larger type, navigation on top, bar at the foot of a phone.
    pub fn public(&self) -> Markup {
        let t = self.t;
        let class = super::classes(&["gp", self.page]);
        let entries: Vec<&NavItem> = self.nav.iter().flat_map(|s| &s.items).collect();
        self.document(
            &class,
            &html! {
                header.gp-h {
                    div.gp-w {
                        (self.brand("/portal"))
                        nav aria-label=(t.s("shell.nav")) {
                            ul { @for item in &entries { li { a href=(item.href) aria-current=[item.current.then_some("page")] { (item.label) } } } }
                        }
                        div.gp-t {
                            @if self.demo { (mark::sim(t, None)) }
                            button.gd-tool type="button" data-gd-big data-js aria-pressed=(self.large.to_string()) { (t.s("shell.large")) }
                            (self.lang_and_theme())
                        }
                    }
                }
                main #main tabindex="-1" { (self.body) }
                footer.gp-f { div.gp-w { (self.explained()) (self.footer_links()) } }
                @if !self.bar.is_empty() {
                    nav.gp-tab aria-label=(t.s("shell.bottom")) { @for item in self.bar.iter().take(5) { (bar_item(item)) } }
                }
            },
        )
    }
    fn document(&self, class: &str, body: &Markup) -> Markup {
        let t = self.t;
        let (shown, mode) = match self.theme {
            Theme::Auto => ("light", "auto"),
            Theme::Light => ("light", "light"),
            Theme::Dark => ("dark", "dark"),
        };
        let portal = class.starts_with("gp");
        html! {
            (DOCTYPE)
            html.no-js lang=(t.lang().tag()) data-bs-theme=(shown) data-gd-mode=(mode) data-gd-big[self.large] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    title { (self.title) " · " (t.s("shell.name")) }
                    meta name="theme-color" content="#14497f";
                    meta name="htmx-config" content=r#"{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0}"#;
                    script src=(asset_url("theme.js")) {}
                    link rel="stylesheet" href=(asset_url("tabler.min.css"));
                    link rel="stylesheet" href=(asset_url("gd.css"));
                    @if portal { link rel="stylesheet" href=(asset_url("portal.css")); }
                    @for name in self.styles { link rel="stylesheet" href=(asset_url(name)); }
                    link rel="icon" type="image/svg+xml" href=(asset_url("icon.svg"));
                    @if self.live { script src=(asset_url("htmx.min.js")) defer {} }
                    @if self.charts { script src=(asset_url("echarts.min.js")) defer {} }
                    script src=(asset_url("gd.js")) defer {}
                    @for name in self.scripts { script src=(asset_url(name)) defer {} }
                }
                body class=(class) hx-headers=[self.htmx_headers()] {
                    a.gd-skip href="#main" { (t.s("shell.skip")) }
                    (patterns())
                    (body)
                    div.gd-toasts aria-live="polite" { @for toast in &self.toasts { (toast) } }
                }
            }
        }
    }
    fn htmx_headers(&self) -> Option<String> {
        let token = (!self.csrf.is_empty()).then_some(self.csrf)?;
        Some(serde_json::json!({ "x-csrf-token": token }).to_string())
    }
    fn brand(&self, home: &str) -> Markup {
        html! {
            a.gd-brand href=(home) {
                (logo(30)) span { b { (self.t.s("shell.name")) } @if !self.place.is_empty() { small { (self.place) } } }
            }
        }
    }
    fn side(&self) -> Markup {
        let t = self.t;
        html! {
            aside.gd-side aria-label=(t.s("shell.nav")) {
                div {
                    (self.brand("/"))
                    nav aria-label=(t.s("shell.nav")) { ul.gd-nav { @for section in &self.nav { (nav_section(section)) } } }
                    @if self.demo { div.gd-side-foot { (mark::sim(t, Some(t.s("shell.demo")))) } }
                }
            }
        }
    }
    fn top(&self) -> Markup {
        let t = self.t;
        html! {
            header.gd-top {
                a class="gd-brand gd-brand-m" href="/" { (logo(30)) b { (t.s("shell.name")) } }
                nav.gd-crumb aria-label=(t.s("shell.crumbs")) {
                    ol {
                        @for (i, crumb) in self.crumbs.iter().enumerate() {
                            li aria-current=[(i + 1 == self.crumbs.len()).then_some("page")] {
                                @match &crumb.href { Some(href) => a href=(href) { (crumb.label) }, None => (crumb.label) }
                            }
                        }
                    }
                }
                @if self.search.is_empty() { span.sp {} } @else { (self.search_form()) }
                div.gd-tools {
                    @if self.demo { (mark::sim(t, None)) }
                    (self.lang_and_theme())
                    @if let Some((n, href)) = self.notices { (bell(t, n, href)) }
                    @if let Some(post) = &self.post { (self.post_menu(post)) }
                }
            }
        }
    }
    fn search_form(&self) -> Markup {
        let label = self.t.s("shell.search");
        html! {
            form.gd-search role="search" action=(self.search) {
                label for="gd-q" title=(label) { (sized("search", 15)) span.visually-hidden { (label) } }
                input #gd-q name="q" type="search" value=(self.query) placeholder=(label) maxlength="80" autocomplete="off";
                kbd aria-hidden="true" { "/" }
            }
        }
    }
    fn lang_and_theme(&self) -> Markup {
        let t = self.t;
        let (tag, word) = if t.is_zh() { ("en", "EN") } else { ("zh-CN", "中文") };
        html! {
            a.gd-tool.gd-lang href=(self.other_lang) lang=(tag) hreflang=(tag) { (word) }
            button.gd-tool type="button" data-gd-theme aria-label=(t.s("shell.theme")) title=(t.s("shell.theme")) {
                (classed("moon", 17, "is-moon")) (classed("sun", 17, "is-sun"))
            }
        }
    }
    fn post_menu(&self, post: &PostBox) -> Markup {
        let t = self.t;
        let initial: String =
            post.unit.chars().find(|c| !matches!(c, '区' | '市' | '县')).into_iter().collect();
        html! {
            details.mnu {
                summary.gd-user {
                    (mark::avatar(&initial))
                    span.n { b { (post.unit) } small { (post.post) } }
                    (sized("chevron-down", 14))
                }
                div.mnu-p {
                    p.k { (t.s("shell.acting_as")) }
                    a aria-current="true" href="#main" { (sized("id-badge-2", 16)) span { (post.unit) small { (post.post) } } }
                    @for (words, href) in &post.others {
                        form method="post" action=(href) {
                            (super::form::token(self.csrf))
                            button type="submit" { (sized("arrows-exchange", 16)) span { (words) } }
                        }
                    }
                    @if !post.links.is_empty() { hr; }
                    @for (icon, words, href) in &post.links { a href=(href) { (sized(icon, 16)) span { (words) } } }
                    @if !post.sign_out.is_empty() {
                        hr;
                        form method="post" action=(post.sign_out) {
                            (super::form::token(self.csrf))
                            button type="submit" { (sized("logout", 16)) span { (t.s("shell.sign_out")) } }
                        }
                    }
                }
            }
        }
    }
    fn menu_of_everything(&self) -> Markup {
        html! {
            @for section in &self.nav {
                p.k { (section.label) }
                @for item in &section.items {
                    a href=(item.href) aria-current=[item.current.then_some("page")] { (sized(item.icon, 17)) span { (item.label) } }
                }
            }
        }
    }
    /// Explains the source marks in use; a page without figures needs none.
    fn explained(&self) -> Markup {
        let (t, m) = (self.t, self.marks);
        html! {
            @if m.src || m.sim || m.example {
                p {
                    b { (t.s("foot.about")) } " "
                    @if m.src { (t.s("foot.src")) (t.s("word.gap")) }
                    @if m.sim { (t.s("foot.sim")) (t.s("word.gap")) }
                    @if m.example { (t.s("foot.example")) }
                }
            }
        }
    }
    fn footer_links(&self) -> Markup {
        let (t, dot) = (self.t, " · ");
        let as_of = self.as_of.map(|day| t.f("foot.as_of", &[("day", &when::day_full(t.lang(), day))]));
        let drawn = self.drawn.map(|at| t.f("foot.drawn", &[("at", &when::clock(at))]));
        let said: Vec<String> = [as_of, drawn].into_iter().flatten().collect();
        html! {
            p.r {
                (said.join(dot))
                @for (i, (words, href)) in self.links.iter().enumerate() {
                    @if i > 0 || !said.is_empty() { (dot) }
                    a href=(href) { (words) }
                }
            }
        }
    }
    fn foot(&self) -> Markup {
        html! { footer.gd-foot { div { (self.explained()) } (self.footer_links()) } }
    }
    /// The line that only paper shows: as of, printed at, hash.
    fn printed(&self) -> Markup {
        let t = self.t;
        html! {
            div.gd-prf aria-hidden="true" {
                span { (t.s("shell.name")) " · " (self.title) }
                @if let Some(at) = self.drawn { span { (t.f("foot.printed", &[("at", &at.minute_text())])) } }
                @if let Some(hex) = self.print_hash { (mark::hash(hex)) }
            }
        }
    }
}

fn nav_section(section: &NavSection) -> Markup {
    html! {
        li.gd-navg {
            span { (section.label) }
            ul {
                @for item in &section.items {
                    li {
                        a href=(item.href) aria-current=[item.current.then_some("page")] {
                            (sized(item.icon, 17)) span { (item.label) }
                            @if let Some(n) = item.count.filter(|n| *n > 0) { b { (many(n)) } }
                        }
                    }
                }
            }
        }
    }
}

fn bar_item(item: &NavItem) -> Markup {
    html! {
        a href=(item.href) aria-current=[item.current.then_some("page")] {
            (sized(item.icon, 21)) span { (item.label) }
            @if let Some(n) = item.count.filter(|n| *n > 0) { b { (many(n)) } }
        }
    }
}

fn bell(t: T, n: u64, href: &str) -> Markup {
    html! {
        a.gd-tool.gd-bell href=(href) title=(t.f("shell.notices", &[("n", &n)])) {
            (sized("bell", 17))
            span.visually-hidden { (t.f("shell.notices", &[("n", &n)])) }
            @if n > 0 { b aria-hidden="true" { (many(n)) } }
        }
    }
}

/// A count that fits its badge: the counters stop at a hundred.
fn many(n: u64) -> String {
    if n > 99 { "99+".to_owned() } else { n.to_string() }
}
