//! What helps to dispatch one case: the recommender's guesses with their words, where its category leads and on which entry of
//! the duty lists, and an earlier case that may be the same matter.

use crate::advise::hint;
use crate::model::{Case, CaseId, Summary};
use crate::same::{Item, Rules, similarity};
use crate::store;
use base::Outcome;
use base::op::Op;
use kernel::{Slug, UnitCode};

/// What helps to dispatch one case.
pub(super) struct Help {
    /// Guessed categories with their words, best first; empty when the case has one.
    pub(super) guesses: Vec<(Slug, Vec<String>)>,
    /// The recommender would rather not say.
    pub(super) unsure: bool,
    /// Where its own category leads: unit, mandate entry, by which rule.
    pub(super) route: Option<(UnitCode, Option<String>, String)>,
    /// An earlier case that may be the same matter, and why.
    pub(super) twin: Option<(Summary, Vec<String>)>,
}

/// What is known of one undispatched case.
pub(super) fn help(op: &mut Op<'_, '_>, row: &Summary) -> Outcome<Help> {
    let district = op.district();
    let case = store::find(op.tx, district, row.id)?.ok_or_else(|| store::absent(row.id))?;
    let book = op.core().book(district, op.today())?;
    // A case that has its category needs no guess.
    let sought = case.filing.category.is_none();
    let hint = sought.then(|| hint(op.core(), district, case.filing.text.as_str())).flatten();
    let unsure = hint.as_ref().is_some_and(|hint| !hint.sure);
    let guesses = hint.map(|hint| hint.guesses).unwrap_or_default();
    let category = case.filing.category.clone();
    let found = category.as_ref().and_then(|code| book.category(code.as_str()));
    let route = found.and_then(|category| {
        let routed = book.route(category, case.place())?;
        let mandate = routed.mandate.or_else(|| category.mandate.clone());
        Some((routed.unit, mandate.map(|m| m.to_string()), routed.by.say(kernel::Lang::Zh).to_owned()))
    });
    let likely = category.or_else(|| guesses.first().filter(|_| !unsure).map(|guess| guess.0.clone()));
    let twin = twin(op, &case, likely.as_ref())?;
    Ok(Help { guesses, unsure, route, twin })
}

/// The earlier case that is most like this one, with reasons; a person confirms.
pub(super) fn twin(
    op: &mut Op<'_, '_>,
    case: &Case,
    category: Option<&Slug>,
) -> Outcome<Option<(Summary, Vec<String>)>> {
    let district = op.district();
    let days = crate::facts::rules_of(&*op.core().book(district, op.today())?)?.duplicate_days;
    let since = op.today().plus(-i32::try_from(days).unwrap_or(30)).start();
    let hash = store::secrets(op.tx, district, case.id)?.contact_hash;
    let of = (case.id, hash.as_deref(), case.place(), category);
    let near = store::alike(op.tx, district, of, since, 6)?;
    let item = |id: CaseId, at, text: &str, place: Option<&str>| {
        Item::new(&id.to_string(), Some(at), text, place.unwrap_or_default())
    };
    let own = case.filing.place.address.as_ref().map(kernel::text::Title::as_str);
    let mine = item(case.id, case.received_at, case.filing.text.as_str(), own);
    let rules = Rules { days, ..Rules::default() };
    let mut best: Option<(f64, Summary, Vec<String>)> = None;
    for other in near {
        if other.case.received_at > case.received_at || !other.case.open {
            continue;
        }
        let item = item(other.case.id, other.case.received_at, &other.text, other.case.address.as_deref());
        let Some(like) = similarity(&mine, &item, &rules) else { continue };
        if best.as_ref().is_none_or(|(score, ..)| like.score > *score) {
            let lang = kernel::Lang::Zh;
            best = Some((like.score, other.case, like.reasons(lang)));
        }
    }
    Ok(best.map(|(_, case, why)| (case, why)))
}
