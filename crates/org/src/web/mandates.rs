//! 履职事项清单: what the district, its departments and its streets must do, may be asked for, or had taken from them.

use super::words;
use crate::names;
use axum::extract::RawQuery;
use axum::response::Response;
use base::Outcome;
use base::web::form::Fields;
use base::web::ui::button::Button;
use base::web::ui::card::{PageHead, page_head};
use base::web::ui::list::{Col, Seg, Table, filtered, segments, table};
use base::web::ui::{Markup, feedback, html, when};
use base::web::{Ctx, Page, encode};
use kernel::access::{Action, Resource};
use kernel::duty::MandateList;
use kernel::playbook::{Mandate, Playbook};
use std::collections::BTreeSet;

/// The three lists in their order.
const LISTS: [MandateList; 3] = [MandateList::Basic, MandateList::Support, MandateList::TakenBack];

/// What a page or a call asks for; empty means every.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// `basic`, `support` or `taken_back`.
    pub(super) list: String,
    /// Domain in Chinese, as the playbook writes it.
    pub(super) domain: String,
    /// Code of the leading unit; `street` for what each street leads itself.
    pub(super) unit: String,
    /// Words of the title or the code.
    pub(super) text: String,
}

impl Filter {
    /// From a query.
    pub(super) fn of(fields: &Fields) -> Filter {
        let text = |name: &str| fields.text(name).trim().to_owned();
        Filter { list: text("list"), domain: text("domain"), unit: text("unit"), text: text("q") }
    }
    fn admits_but_list(&self, m: &Mandate) -> bool {
        let lead = m.lead.as_ref().map_or("street", |unit| unit.as_str());
        let wanted = self.text.to_lowercase();
        let words = [m.code.as_str(), &m.title.zh, &m.title.en];
        (self.domain.is_empty() || m.domain.zh == self.domain)
            && (self.unit.is_empty() || lead == self.unit)
            && (wanted.is_empty() || words.iter().any(|text| text.to_lowercase().contains(&wanted)))
    }
    /// Whether an entry is asked for.
    pub(super) fn admits(&self, m: &Mandate) -> bool {
        (self.list.is_empty() || words::list_code(m.list) == self.list) && self.admits_but_list(m)
    }
    fn address(&self, list: &str) -> String {
        let (domain, unit, text) = (encode(&self.domain), encode(&self.unit), encode(&self.text));
        format!("/mandates?list={list}&domain={domain}&unit={unit}&q={text}")
    }
}

pub(super) async fn list(ctx: Ctx, RawQuery(raw): RawQuery) -> Outcome<Response> {
    let fields = words::query(raw, &["list", "domain", "unit", "q"])?;
    ctx.app.read(&ctx.who, |op| op.judge(Action::PlaybookRead, &Resource::new()).map(|_| ())).await?;
    let filter = Filter::of(&fields);
    let book = ctx.app.book(ctx.district(), ctx.now().day())?;
    let t = ctx.t();
    let title = t.s("org.mandate.title");
    let shown: Vec<&Mandate> = book.mandates.values().filter(|m| filter.admits(m)).collect();
    let names = named(&ctx, &book, &filter);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let body = html! {
        (page_head(&PageHead { title, sub: t.s("org.mandate.sub"), ..PageHead::default() }))
        section.card aria-label=(title) {
            div.card-body { (filters(&ctx, &book, &filter)) }
            (filtered(t, &names, "/mandates"))
            @if shown.is_empty() { (feedback::empty("clipboard-list", t.s("org.mandate.none"), t.s("org.mandate.none_text"), false, None)) }
            @else { (rows(&ctx, &book, &shown)) }
            footer.card-footer { span.muted { (t.f("org.mandate.version", &[("version", &book.head.version)])) } }
        }
    };
    Ok(Page::new(title, body).crumb(t.s("org.units.title"), "/units").marks(false, false, true).draw(&ctx))
}

/// The filter in force in words.
fn named(ctx: &Ctx, book: &Playbook, filter: &Filter) -> Vec<String> {
    let t = ctx.t();
    let list = LISTS
        .into_iter()
        .find(|l| words::list_code(*l) == filter.list)
        .map(|l| words::list_name(t, l).to_owned());
    let domain = book
        .mandates
        .values()
        .find(|m| m.domain.zh == filter.domain)
        .map(|m| m.domain.get(ctx.lang()).to_owned());
    let unit = match filter.unit.as_str() {
        "" => None,
        "street" => Some(t.s("org.mandate.each_street").to_owned()),
        code => kernel::UnitCode::parse("unit", code).ok().map(|code| names::unit(book, &code, ctx.lang())),
    };
    let text = Some(filter.text.clone()).filter(|text| !text.is_empty());
    [list, domain, unit, text].into_iter().flatten().collect()
}

fn filters(ctx: &Ctx, book: &Playbook, filter: &Filter) -> Markup {
    let t = ctx.t();
    let count = |list: Option<MandateList>| {
        let of = |m: &&Mandate| list.is_none_or(|l| m.list == l) && filter.admits_but_list(m);
        u64::try_from(book.mandates.values().filter(of).count()).unwrap_or(u64::MAX)
    };
    let addresses: Vec<String> =
        std::iter::once("").chain(LISTS.map(words::list_code)).map(|l| filter.address(l)).collect();
    let mut segs = Vec::new();
    for (list, href) in std::iter::once(None).chain(LISTS.map(Some)).zip(&addresses) {
        let code = list.map_or("", words::list_code);
        let label = list.map_or(t.s("word.all"), |l| words::list_name(t, l));
        segs.push(Seg { label, count: Some(count(list)), href, current: code == filter.list, light: None });
    }
    let domains: BTreeSet<(String, String)> =
        book.mandates.values().map(|m| (m.domain.zh.clone(), m.domain.get(ctx.lang()).to_owned())).collect();
    let domains: Vec<(String, String)> = domains.into_iter().collect();
    let leads: BTreeSet<&kernel::UnitCode> = book.mandates.values().filter_map(|m| m.lead.as_ref()).collect();
    let mut units = vec![("street".to_owned(), t.s("org.mandate.each_street").to_owned())];
    units.extend(leads.into_iter().map(|code| (code.to_string(), names::unit(book, code, ctx.lang()))));
    html! {
        form.filters method="get" action="/mandates" {
            (segments(t.s("org.mandate.list"), &segs))
            input type="hidden" name="list" value=(filter.list);
            (words::choose("domain", t.s("org.mandate.domain"), t.s("org.mandate.all_domains"), &filter.domain, &domains))
            (words::choose("unit", t.s("org.mandate.lead"), t.s("org.mandate.all_units"), &filter.unit, &units))
            input.form-control.form-control-sm.w-auto name="q" type="search" value=(filter.text) maxlength="40" aria-label=(t.s("org.mandate.find")) placeholder=(t.s("org.mandate.find"));
            (Button::new(t.s("org.word.filter")).small().icon("filter").submit())
        }
    }
}

fn rows(ctx: &Ctx, book: &Playbook, shown: &[&Mandate]) -> Markup {
    let t = ctx.t();
    let row = |m: &&Mandate| {
        let lead = match &m.lead {
            Some(unit) => html! { a href={ "/units/" (unit) } { (names::unit(book, unit, ctx.lang())) } },
            None => html! { (t.s("org.mandate.each_street")) },
        };
        let role = m.street_role.as_ref().map(|w| w.get(ctx.lang()).to_owned()).unwrap_or_default();
        let end = m.until.map(|d| d.plus(1).start().plus_micros(-1));
        vec![
            html! { span.t { (m.title.get(ctx.lang())) } span.s { span.mono { (m.code) } " · " (m.domain.get(ctx.lang())) } },
            html! { (words::list_name(t, m.list)) },
            lead,
            html! { (role) },
            html! { @if m.until.is_some() { (words::span(t, m.from.start(), end)) } @else { span.nowrap { (t.f("org.word.from", &[("day", &when::day_full(ctx.lang(), m.from))])) } } },
            words::source(t, &m.source),
        ]
    };
    table(&Table {
        caption: t.s("org.mandate.title"),
        cols: vec![
            Col::text(t.s("org.mandate.entry")),
            Col::text(t.s("org.mandate.list")),
            Col::text(t.s("org.mandate.lead")),
            Col::text(t.s("org.mandate.street_role")).secondary(),
            Col::text(t.s("org.word.in_force")).secondary(),
            Col::text(t.s("word.source")).secondary(),
        ],
        rows: shown.iter().map(row).collect(),
        stacked: true,
        ..Table::default()
    })
}
