//! Small pieces of markup and words that the pages of this area share.

use crate::event::Event;
use crate::names;
use base::i18n::T;
use base::journal::Stored;
use base::web::form::{Fields, pairs};
use base::web::ui::{Markup, html, mark, when};
use base::{Fault, Outcome};
use kernel::access::RoleSet;
use kernel::duty::MandateList;
use kernel::playbook::{Playbook, Source, UnitKind};
use kernel::{Instant, PostCode};

/// Reads a query and refuses parameters that the address does not have; `ok`, `lang` and `as_of` belong to every page.
pub(super) fn query(raw: Option<String>, known: &[&str]) -> Outcome<Fields> {
    let fields = Fields::from_pairs(pairs(&raw.unwrap_or_default()));
    let mut all = vec!["ok", "lang", "as_of"];
    all.extend(known);
    fields.only(&all)?;
    Ok(fields)
}

/// The rows of a page of the API: `?limit=`, 1 to 200, 50 when it is not given.
pub(super) fn limit(fields: &Fields) -> Outcome<u32> {
    let Some(text) = fields.given("limit") else { return Ok(50) };
    let number = text.trim().parse::<u32>().ok().filter(|n| (1..=200).contains(n));
    number.ok_or_else(|| {
        Fault::from(kernel::Malformed::new(
            "request.limit",
            "limit",
            text,
            kernel::Words::new("每页条数须为1至200", "A page has 1 to 200 rows"),
            kernel::Words::new("请改为1至200之间的整数", "Give a whole number from 1 to 200"),
        ))
    })
}

/// `2019年8月1日起` or from when to when.
pub(super) fn span(t: T, since: Instant, until: Option<Instant>) -> Markup {
    let day = |at: Instant| when::day_full(t.lang(), at.day());
    let text = match until {
        None => t.f("org.word.from", &[("day", &day(since))]),
        Some(until) => t.f("org.word.from_to", &[("from", &day(since)), ("to", &day(until))]),
    };
    html! { span.nowrap { (text) } }
}

/// Where a line of the playbook comes from: 报道, 示例, or the reference itself.
pub(super) fn source(t: T, source: &Source) -> Markup {
    html! {
        @if source.is_article() { (mark::src(t, None)) }
        @else if source.is_example() { (mark::example(t, None)) }
        @else { span.muted.xs { (source) } }
    }
}

/// The names of roles as tags.
pub(super) fn roles(t: T, set: RoleSet) -> Markup {
    html! { span.row-f { @for role in set.iter() { (mark::tag(role.name(t.lang()))) } } }
}

/// The sort of a unit.
pub(super) fn kind(t: T, kind: UnitKind) -> String {
    kind.words().get(t.lang()).to_owned()
}

/// Code of a duty list in addresses.
pub(super) fn list_code(list: MandateList) -> &'static str {
    match list {
        MandateList::Basic => "basic",
        MandateList::Support => "support",
        MandateList::TakenBack => "taken_back",
    }
}

/// Name of a duty list.
pub(super) fn list_name(t: T<'_>, list: MandateList) -> &str {
    match list {
        MandateList::Basic => t.s("org.mandate.basic"),
        MandateList::Support => t.s("org.mandate.support"),
        MandateList::TakenBack => t.s("org.mandate.taken_back"),
    }
}

/// An event of a person's account in words.
pub(super) fn event(t: T, book: &Playbook, stored: &Stored) -> String {
    let name = |post: &PostCode| names::unit_and_post(book, post, t.lang());
    match serde_json::from_str::<Event>(&stored.body) {
        Ok(Event::Added { .. }) => t.s("org.event.added").to_owned(),
        Ok(Event::Appointed { post }) => t.f("org.event.appointed", &[("post", &name(&post))]),
        Ok(Event::Relieved { post }) => t.f("org.event.relieved", &[("post", &name(&post))]),
        Ok(Event::Disabled) => t.s("org.event.disabled").to_owned(),
        Ok(Event::Enabled) => t.s("org.event.enabled").to_owned(),
        Ok(Event::PasswordSet { by_administrator: true }) => t.s("org.event.password_reset").to_owned(),
        Ok(Event::PasswordSet { by_administrator: false }) => t.s("org.event.password_changed").to_owned(),
        Ok(Event::SecondFactorSet) => t.s("org.event.factor_set").to_owned(),
        Ok(Event::SecondFactorCleared) => t.s("org.event.factor_cleared").to_owned(),
        Ok(Event::RecoveryCodesMade) => t.s("org.event.recovery_made").to_owned(),
        Ok(Event::RecoveryCodeUsed { left }) => t.f("org.event.recovery_used", &[("n", &left.to_string())]),
        Ok(Event::SignedOutEverywhere) => t.s("org.event.signed_out").to_owned(),
        Ok(Event::Unlocked) => t.s("org.event.unlocked").to_owned(),
        // An event of a later version: the kind says more than nothing.
        Err(_) => stored.kind.clone(),
    }
}

/// Who acted, in words: the post, or the person in the middle of signing in.
pub(super) fn actor(t: T, book: &Playbook, post: &str) -> String {
    if post.starts_with("sign-in.") {
        return t.s("org.event.self").to_owned();
    }
    PostCode::parse("post", post)
        .map_or_else(|_| post.to_owned(), |code| names::unit_and_post(book, &code, t.lang()))
}

/// A select inside a filter form, without a label of its own.
pub(super) fn choose(
    name: &str,
    label: &str,
    all: &str,
    current: &str,
    choices: &[(String, String)],
) -> Markup {
    html! {
        select.form-select.form-select-sm.w-auto.mw-100 name=(name) aria-label=(label) {
            option value="" { (all) }
            @for (value, words) in choices { option value=(value) selected[value == current] { (words) } }
        }
    }
}
