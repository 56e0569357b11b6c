//! The recommender at work: one trained model a district, kept in memory, taught by what was dispatched.
//!
//! A district without history starts from the words that its playbook gives to each category; as dispatches come in,
//! the job [`teach`] learns them too. A node that starts has no model for the first seconds; then [`Shelf::advise`]
//! answers nothing, and pages show the list of categories without suggestions. Nothing is ever dispatched by a guess:
//! a dispatcher chooses, unless the playbook says `auto` for the category that the petitioner chose.

use crate::facts::rules_of;
use crate::learn::{Advice, Corpus, Model, Sample, Settings};
use crate::store;
use base::Outcome;
use base::core::{App, Core};
use base::op::Who;
use kernel::{DistrictCode, Slug};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most dispatched cases that are read for one training.
const ROWS: u32 = 40_000;

/// Trained models by district; hung on [`base::core::Core::extras`].
#[derive(Clone, Default)]
pub struct Shelf(Arc<RwLock<BTreeMap<DistrictCode, Taught>>>);

#[derive(Clone)]
struct Taught {
    model: Arc<Model>,
    top: usize,
    rows: usize,
}

impl Shelf {
    /// Where a text belongs, best first, with the words that decided; none while no model is taught. Labels are codes
    /// of categories. `sure` false means that it abstains.
    pub fn advise(&self, district: DistrictCode, text: &str) -> Option<Advice> {
        let taught = self.0.read().get(&district).cloned()?;
        Some(taught.model.predict(text, taught.top))
    }
}

/// What a page shows of an advice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hint {
    /// Categories, best first, each with the words that decided; at most three.
    pub guesses: Vec<(Slug, Vec<String>)>,
    /// False: the recommender abstains, and the guesses are only where a person may begin to look.
    pub sure: bool,
}

/// The recommender's hint for a text; none while the program has no taught model.
pub fn hint(core: &Core, district: DistrictCode, text: &str) -> Option<Hint> {
    let advice = core.extras.get::<Shelf>()?.advise(district, text)?;
    let guesses = advice.guesses.into_iter().take(3).filter_map(|guess| {
        let words = guess.words.into_iter().take(4).map(|word| word.text).collect();
        Slug::parse("category", &guess.label).ok().map(|code| (code, words))
    });
    Some(Hint { guesses: guesses.collect(), sure: advice.sure })
}

/// Teaches the district's model from the playbook's words and what was dispatched in the past year, when that has
/// grown; returns how many dispatched cases it knows now, none when nothing was taught.
///
/// # Errors
/// Faults of the machinery, or a playbook without rules of cases.
pub async fn teach(app: &App, who: &Who) -> Outcome<Option<usize>> {
    let Some(shelf) = app.extras.get::<Shelf>().cloned() else { return Ok(None) };
    let district = who.district;
    let book = app.book(district, app.now().day())?;
    let rules = rules_of(&book)?.recommender;
    let since = app.now().plus_seconds(-366 * 86_400);
    let rows = app
        .db
        .report(move |tx| {
            let mut rows = Vec::new();
            store::history(tx, district, since, ROWS, &mut |text, category, _unit, at| {
                if let Some(category) = category {
                    let when = Some(at.day());
                    rows.push(Sample { text: text.to_owned(), label: category.to_string(), when });
                }
                Ok(())
            })?;
            Ok(rows)
        })
        .await?;
    let known = shelf.0.read().get(&district).map(|taught| taught.rows);
    // A tenth more than last time is worth the work.
    if known.is_some_and(|known| rows.len() < known + known / 10 + 20) {
        return Ok(None);
    }
    let learnt = rows.len();
    let model = tokio::task::spawn_blocking(move || {
        let mut corpus = Corpus::new(Settings::default().most, Settings::default().seed);
        for category in book.categories.values().filter(|category| category.leaf) {
            let mut words = vec![category.name.zh.clone()];
            words.extend(category.words.iter().cloned());
            corpus.words(category.code.as_str(), &words);
        }
        if learnt >= usize::try_from(rules.min_rows).unwrap_or(usize::MAX) {
            rows.into_iter().for_each(|row| corpus.add(row));
        }
        corpus.train(&Settings::default())
    })
    .await
    .map_err(|e| base::Fault::broken(format!("the recommender's training: {e}")))?;
    let model = match model {
        Ok(model) => model.with_threshold(margin(rules.min_margin)),
        Err(no) => return Err(base::Fault::broken(format!("the recommender's training: {no:?}"))),
    };
    let top = usize::try_from(rules.top).unwrap_or(3).max(1);
    shelf.0.write().insert(district, Taught { model: Arc::new(model), top, rows: learnt });
    Ok(Some(learnt))
}

/// The playbook's margin as the model takes it.
fn margin(given: kernel::money::Decimal) -> f64 {
    given.to_string().parse().unwrap_or(0.2)
}
