//! The frame of every page of the portal.

use super::caller::Caller;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::web::page::other_lang;
use base::web::ui::mark::Marks;
use base::web::ui::shell::{NavItem, NavSection, Shell};
use base::web::ui::{Markup, html};

/// A page of the portal in the making.
pub(in crate::web) struct Sheet<'a> {
    /// Title of page and tab.
    pub(crate) title: &'a str,
    /// Class of the body.
    pub(crate) class: &'a str,
    /// The entry of the navigation that it is under.
    pub(crate) at: &'a str,
    /// Status of the answer.
    pub(crate) status: StatusCode,
    /// The page itself.
    pub(crate) body: Markup,
}

impl<'a> Sheet<'a> {
    /// A page that went well.
    pub(crate) fn new(title: &'a str, at: &'a str, body: Markup) -> Sheet<'a> {
        Sheet { title, class: "", at, status: StatusCode::OK, body }
    }
    /// Sets the class of the body.
    pub(crate) fn class(self, class: &'a str) -> Sheet<'a> {
        Sheet { class, ..self }
    }
    /// Sets the status.
    pub(crate) fn status(self, status: StatusCode) -> Sheet<'a> {
        Sheet { status, ..self }
    }
    /// Draws it.
    pub(crate) fn draw(self, caller: &Caller) -> Response {
        let t = caller.t();
        let other = other_lang(&caller.visitor);
        let mut shell = Shell::new(t, self.title);
        let items = entries(caller, self.at);
        // While filing, the foot of a phone belongs to the way on.
        if self.class != "gp-file" {
            shell.bar.clone_from(&items);
        }
        shell.nav = vec![NavSection { label: String::new(), items }];
        shell.page = self.class;
        shell.theme = caller.visitor.theme;
        shell.place = t.s("portal.name");
        shell.other_lang = &other;
        shell.large = caller.large;
        shell.demo = caller.app.simulated;
        shell.marks = Marks { src: false, sim: caller.app.simulated, example: true };
        shell.scripts = &["portal.js"];
        shell.links = vec![
            (t.s("portal.nav.about").to_owned(), "/portal/about".to_owned()),
            (t.s("portal.nav.privacy").to_owned(), "/portal/about#privacy".to_owned()),
            (t.s("portal.nav.staff").to_owned(), "/sign-in".to_owned()),
        ];
        shell.body = html! {
            (self.body)
            div.gp-w { p.gp-n.gp-else { b { (t.s("portal.else.title")) } " " (t.s("portal.else.text")) } }
        };
        (self.status, shell.public()).into_response()
    }
}

fn entries(caller: &Caller, at: &str) -> Vec<NavItem> {
    let t = caller.t();
    let entry = |label: &str, icon, href: &str| NavItem {
        label: label.to_owned(),
        icon,
        href: href.to_owned(),
        count: None,
        current: href == at,
    };
    vec![
        entry(t.s("portal.nav.home"), "home", "/portal"),
        entry(t.s("portal.nav.file"), "message-report", "/portal/file"),
        entry(t.s("portal.nav.track"), "search", "/portal/track"),
        entry(t.s("portal.nav.public"), "chart-bar", "/portal/public/rates"),
        entry(t.s("portal.nav.about"), "info-circle", "/portal/about"),
    ]
}
