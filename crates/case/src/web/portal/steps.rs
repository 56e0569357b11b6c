//! The three steps as pages.

use super::caller::Caller;
use super::draft::{Draft, Privacy, UNKNOWN};
use super::file::suggested;
use super::frame::Sheet;
use super::suggest::{leaves, path};
use super::{danger, map, photos};
use crate::model::{MAX_TEXT, Phone};
use axum::http::StatusCode;
use axum::response::Response;
use base::Outcome;
use base::i18n::T;
use base::web::ui::form::{Field, Input, field, hidden, message};
use base::web::ui::icon::sized;
use base::web::ui::{Markup, feedback, html};
use kernel::playbook::{Category, UnitKind};
use kernel::{Refuse, Slug, UnitCode};

/// Draws a step with what was typed and, when it was refused, why.
pub(super) fn page(
    caller: &Caller,
    step: u8,
    draft: &Draft,
    no: Option<&dyn Refuse>,
    code: StatusCode,
) -> Outcome<Response> {
    let t = caller.t();
    let (title, sub) = match step {
        1 => (t.s("portal.what.title"), t.s("portal.what.sub")),
        2 => (t.s("portal.where.title"), t.s("portal.where.sub")),
        _ => (t.s("portal.check.title"), t.s("portal.check.sub")),
    };
    let inner = match step {
        1 => what(caller, draft, no),
        2 => place_and_person(caller, draft, no),
        _ => check(caller, draft),
    };
    let own =
        no.and_then(Refuse::field).is_some_and(|name| matches!(name, "text" | "phone" | "address" | "name"));
    let state = draft.seal(caller)?;
    let body = html! {
        div.gp-nar {
            (ruler(t, step))
            form.ff method="post" action="/portal/file" enctype="multipart/form-data" novalidate data-once {
                (hidden("state", &state)) (hidden("step", &step.to_string()))
                header { h1 { (title) } p { (sub) } }
                @if let Some(no) = no.filter(|_| !own) { div #problem { (feedback::refusal(t, no, None)) } }
                (inner)
                (buttons(t, step))
            }
        }
    };
    Ok(Sheet::new(title, "/portal/file", body).class("gp-file").status(code).draw(caller))
}

fn ruler(t: T, step: u8) -> Markup {
    let names = [t.s("portal.step.what"), t.s("portal.step.where"), t.s("portal.step.check")];
    html! {
        div.fs { ol aria-label=(t.f("portal.step.of", &[("n", &step)])) {
            @for (i, name) in (1_u8..).zip(names) {
                li.done[i < step].now[i == step] aria-current=[(i == step).then_some("step")] {
                    span { @if i < step { (sized("check", 14)) } @else { (i) } } b { (name) }
                }
            }
        } }
    }
}

/// The way on comes first in the text, so that the Enter key goes on; the stylesheet puts it right.
fn buttons(t: T, step: u8) -> Markup {
    html! {
        div.fb.rev-b {
            @if step == 3 {
                button.btn.btn-primary type="submit" name="go" value="file" { (sized("send", 18)) span { (t.s("portal.check.file")) } }
            } @else {
                button.btn.btn-primary type="submit" name="go" value="next" { span { (t.s("portal.step.next")) } }
            }
            @if step > 1 { button.btn type="submit" name="go" value="back" { span { (t.s("portal.step.back")) } } }
        }
    }
}

fn what(caller: &Caller, draft: &Draft, no: Option<&dyn Refuse>) -> Markup {
    let t = caller.t();
    let text = Field::new("text", t.s("portal.what.text"))
        .value(&draft.text)
        .hint(t.s("portal.what.hint"))
        .refused(t, no);
    html! {
        div #danger aria-live="assertive" { (danger_of(caller, draft)) }
        div hx-post="/portal/suggest" hx-trigger="input delay:900ms from:#text"
            hx-include="#text" hx-target="#advice" hx-swap="innerHTML" { (field(t, &text, &Input::Area(5, MAX_TEXT))) }
        div #advice aria-live="polite" { (advice(caller, draft, &caller.asked("in"))) }
        (files(t, draft))
    }
}

/// What the words may mean: lines to call first.
fn danger_of(caller: &Caller, draft: &Draft) -> Markup {
    let found = suggested(caller, &draft.text);
    let chosen = caller.book.category(&draft.category).or(found.first().copied());
    let warn = chosen.and_then(|c| c.emergency.as_ref()).filter(|_| !draft.text.is_empty());
    danger::note(caller.t(), &danger::lines(&draft.text), warn)
}

/// Both parts that follow the words, for a page that is open already.
pub(super) fn live(caller: &Caller, draft: &Draft) -> Markup {
    html! {
        div #danger hx-swap-oob="true" aria-live="assertive" { (danger_of(caller, draft)) }
        (advice(caller, draft, ""))
    }
}

/// Suggested categories, the best chosen until somebody chose, and the list of all.
fn advice(caller: &Caller, draft: &Draft, top: &str) -> Markup {
    let t = caller.t();
    let found = suggested(caller, &draft.text);
    let within: Vec<&Category> =
        leaves(&caller.book).filter(|c| !top.is_empty() && c.code.as_str().starts_with(top)).collect();
    let listed = if found.is_empty() { within } else { found.clone() };
    let shown = !found.is_empty() || !danger::lines(&draft.text).is_empty();
    let (none, fresh) = (draft.category.is_empty(), !draft.seen);
    let best = |i: usize| i == 0 && !found.is_empty();
    let other = !none && !listed.iter().any(|c| c.code.as_str() == draft.category);
    html! {
        @if draft.seen || shown { (hidden("seen", "1")) }
        div.fld role="group" aria-labelledby="cat-l" {
            span.lb #cat-l { (t.s("portal.what.category")) }
            @if !listed.is_empty() {
                div.opt {
                    @for (i, category) in listed.iter().enumerate() {
                        (radio(caller, category, draft.category == category.code.as_str() || (none && fresh && best(i)), best(i)))
                    }
                    label { input.form-check-input type="radio" name="pick" value="none" checked[none && draft.seen]; span { b { (t.s("portal.what.unsure")) } } }
                    label { input.form-check-input type="radio" name="pick" value="list" checked[other]; span { b { (t.s("portal.what.other")) } } }
                }
            }
            label.visually-hidden[listed.is_empty()] for="category" { (t.s("portal.what.list")) }
            (categories(caller, &draft.category))
        }
    }
}

fn radio(caller: &Caller, category: &Category, on: bool, best: bool) -> Markup {
    let t = caller.t();
    html! {
        label {
            input.form-check-input type="radio" name="pick" value=(category.code) checked[on];
            span { b { (t.say(&path(&caller.book, &category.code, caller.lang()))) @if best { " " i.gd-tag.pri { (t.s("portal.what.suggested")) } } } }
        }
    }
}

/// Every leaf under the name of its top; the first choice leaves it to the staff.
fn categories(caller: &Caller, chosen: &str) -> Markup {
    let (t, book, lang) = (caller.t(), &caller.book, caller.lang());
    let below = |top: &Slug| -> Vec<&Category> {
        leaves(book)
            .filter(|c| book.category_path(c.code.as_str()).first().is_some_and(|up| up.code == *top))
            .collect()
    };
    html! {
        select.form-select #category name="category" {
            option value="" { (t.s("portal.what.unsure")) }
            @for top in book.categories_below(None) {
                optgroup label=(t.words(&top.name)) {
                    @for leaf in below(&top.code) {
                        option value=(leaf.code) selected[leaf.code.as_str() == chosen] { (t.say(&path(book, &leaf.code, lang))) }
                    }
                }
            }
        }
    }
}

fn files(t: T, draft: &Draft) -> Markup {
    let room = photos::MOST.saturating_sub(draft.photos.len());
    html! {
        div.fld role="group" aria-labelledby="pic-l" {
            span.lb #pic-l { (t.s("portal.what.photos")) small { (t.f("portal.what.photos_n", &[("n", &photos::MOST)])) } }
            @if !draft.photos.is_empty() {
                ul.picl { @for (i, photo) in draft.photos.iter().enumerate() {
                    li { (sized("photo", 18)) span { (photo.name) small { " " (photo.size.div_ceil(1024)) " KiB" } }
                        button.btn.btn-sm type="submit" name="go" value={ "drop" (i) } { (t.s("portal.what.drop")) span.visually-hidden { " " (photo.name) } } }
                } }
            }
            @if room > 0 {
                label.visually-hidden for="photo" { (t.s("portal.what.add_photo")) }
                input.form-control #photo type="file" name="photo" accept=(photos::ACCEPT) multiple aria-describedby="pic-h";
                span.hint #pic-h { (t.s("portal.what.photos_hint")) }
            }
        }
    }
}

fn place_and_person(caller: &Caller, draft: &Draft, no: Option<&dyn Refuse>) -> Markup {
    let t = caller.t();
    let wrong = no.filter(|no| no.field() == Some("place")).map(|no| message(t, no));
    let address = Field::new("address", t.s("portal.where.address"))
        .value(&draft.address)
        .hint(t.s("portal.where.address_hint"))
        .optional()
        .refused(t, no);
    let phone = Field::new("phone", t.s("portal.who.phone"))
        .value(&draft.phone)
        .hint(t.s("portal.who.phone_hint"))
        .refused(t, no);
    let name = Field::new("name", t.s("portal.who.name")).value(&draft.name).optional().refused(t, no);
    html! {
        div.fld.err[wrong.is_some()] {
            label for="place" { (t.s("portal.where.place")) }
            (map::draw(caller, &draft.place))
            (places(caller, &draft.place, wrong.is_some()))
            span.hint #place-h { (t.s("portal.where.place_hint")) }
            @if let Some(words) = &wrong { span.em #place-e { (sized("alert-triangle", 14)) span { (words) } } }
        }
        (field(t, &address, &Input::Text(120)))
        div.fld role="group" aria-labelledby="priv-l" {
            span.lb #priv-l { (t.s("portal.who.privacy")) }
            div.opt {
                @for privacy in Privacy::ALL {
                    @let (word, means) = meaning(t, privacy);
                    label { input.form-check-input type="radio" name="privacy" value=(privacy.code()) checked[draft.privacy == privacy]; span { b { (word) } small { (means) } } }
                }
            }
        }
        div.phones { (field(t, &phone, &Input::Phone)) (field(t, &name, &Input::Text(40))) }
    }
}

fn meaning(t: T<'_>, privacy: Privacy) -> (&str, &str) {
    match privacy {
        Privacy::Confidential => (t.s("portal.who.confidential"), t.s("portal.who.confidential_means")),
        Privacy::Open => (t.s("portal.who.open"), t.s("portal.who.open_means")),
        Privacy::Anonymous => (t.s("portal.who.anonymous"), t.s("portal.who.anonymous_means")),
    }
}

/// Streets with their communities.
fn places(caller: &Caller, chosen: &str, wrong: bool) -> Markup {
    let (t, org) = (caller.t(), &caller.book.org);
    let streets = org.units.values().filter(|unit| unit.kind == UnitKind::Street);
    let described = if wrong { "place-h place-e" } else { "place-h" };
    html! {
        select.form-select #place name="place" aria-describedby=(described) aria-invalid=[wrong.then_some("true")] {
            option value="" { (t.s("portal.where.choose")) }
            option value=(UNKNOWN) selected[chosen == UNKNOWN] { (t.s("portal.where.unknown")) }
            @for street in streets {
                optgroup label=(t.words(&street.name)) {
                    option value=(street.code) selected[chosen == street.code.as_str()] { (t.f("portal.where.somewhere", &[("street", &t.words(&street.name))])) }
                    @for community in org.children_of(&street.code).filter(|unit| unit.kind == UnitKind::Community) {
                        option value=(community.code) selected[chosen == community.code.as_str()] { (t.words(&community.name)) }
                    }
                }
            }
        }
    }
}

/// The place in one line.
fn place_words(caller: &Caller, draft: &Draft) -> String {
    let t = caller.t();
    let named = UnitCode::parse("place", &draft.place).ok().filter(|code| caller.book.unit(code).is_some());
    let unit = match named {
        Some(code) => {
            let street = caller
                .book
                .org
                .above(&code)
                .into_iter()
                .find(|unit| unit.kind == UnitKind::Street)
                .map(|unit| caller.unit(&unit.code));
            street.into_iter().chain([caller.unit(&code)]).collect::<Vec<_>>().join(" ")
        }
        None => t.s("portal.where.unknown").to_owned(),
    };
    format!("{unit} {}", draft.address).trim().to_owned()
}

fn check(caller: &Caller, draft: &Draft) -> Markup {
    let t = caller.t();
    let category = caller.book.category(&draft.category);
    let named = category.map_or_else(
        || t.s("portal.what.unsure").to_owned(),
        |c| t.say(&path(&caller.book, &c.code, caller.lang())).into_owned(),
    );
    let phone = Phone::parse(&draft.phone).map(|phone| phone.masked()).unwrap_or_default();
    let (privacy, means) = meaning(t, draft.privacy);
    let anonymous = draft.privacy == Privacy::Anonymous;
    let change = |step: &str, what: &str| {
        html! { dd.go { button.btn.btn-ghost.btn-sm type="submit" name="go" value=(step) { (t.s("portal.check.change")) span.visually-hidden { " " (what) } } } }
    };
    html! {
        (danger::note(t, &danger::lines(&draft.text), category.and_then(|c| c.emergency.as_ref())))
        dl.rev {
            div { dt { (t.s("portal.check.what")) } dd.pre { (draft.text) } (change("step1", t.s("portal.check.what"))) }
            div { dt { (t.s("portal.check.category")) } dd { (named) } (change("step1", t.s("portal.check.category"))) }
            div { dt { (t.s("portal.check.photos")) } dd { (t.f("portal.check.photos_n", &[("n", &draft.photos.len())])) } (change("step1", t.s("portal.check.photos"))) }
            div { dt { (t.s("portal.check.where")) } dd { (place_words(caller, draft)) } (change("step2", t.s("portal.check.where"))) }
            div { dt { (t.s("portal.check.who")) } dd { @if !anonymous { (phone) " " (draft.name) " · " } (privacy) small.sub { (means) } } (change("step2", t.s("portal.check.who"))) }
        }
        section.fld { span.lb { (t.s("portal.check.then")) } (limits(caller, category)) p.hint { (t.s("portal.check.then_hint")) } }
    }
}

/// What the clock of the matter promises, step by step; the exact moments stand on the receipt.
fn limits(caller: &Caller, category: Option<&Category>) -> Markup {
    let t = caller.t();
    let urgency = category.map_or(kernel::cases::Urgency::General, |c| c.urgency);
    let code = caller.book.case_rules().and_then(|rules| rules.clocks.get(&urgency));
    let rule = code.and_then(|code| caller.book.clock(code.as_str(), caller.today()));
    html! {
        ol.prom { @for limit in rule.into_iter().flat_map(|rule| &rule.limits) {
            li { b { (t.f("portal.check.within", &[("limit", &t.words(&limit.limit.words()))])) } span { (t.words(&limit.title())) } }
        } }
    }
}
