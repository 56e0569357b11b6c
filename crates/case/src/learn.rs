//! 推荐 (recommender): which category or unit a text belongs to, learnt from the district's own dispatched history.
//!
//! Pure: no I/O, no clock, no chance but the seed that is passed in. The same samples, settings and seed give the same
//! [`Model`], byte for byte. The method, what it was measured against and what was considered instead are in
//! docs/decisions/0030-dispatch-recommender.md. A recommender proposes; only a category that the playbook marks
//! `auto` may be dispatched without a person (D§4.26).
//!
//! | file | owns |
//! |---|---|
//! | `grams.rs` | text → runs of characters → n-grams with their places |
//! | `space.rs` | vocabulary and weighted vectors |
//! | `svm.rs`, `bayes.rs` | the two linear learners |
//! | `train.rs` | cross-validation, choice of strength, calibration |
//! | `model.rs`, `format.rs` | answers with reasons; the model as bytes |
//! | `corpus.rs` | which part of a long history is learnt |
//! | `judge.rs` | precision, recall, F1 |
//! | `table.rs` | CSV of unknown origin: encoding, headers, line numbers |
//!
//! ```
//! use case::learn::{Sample, Settings, train};
//! let rows: Vec<Sample> = [("路灯不亮,晚上看不清路", "照明"), ("小区门口路灯坏了", "照明"), ("河水发臭有死鱼", "水环境"),
//!     ("污水直排入河,臭味大", "水环境")].iter().map(|(text, label)| Sample::new(text, label)).collect();
//! let model = train(&rows, &Settings::default()).unwrap();
//! assert_eq!(model.predict("村口的路灯一直不亮", 3).guesses[0].label, "照明");
//! ```

mod bayes;
mod corpus;
mod format;
mod grams;
pub mod judge;
mod model;
mod num;
mod refusal;
mod space;
mod svm;
pub mod table;
mod train;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_table;

pub use corpus::Corpus;
pub use format::VERSION;
pub use grams::plain;
pub use model::{Advice, Facts, Guess, Model, Word};
pub(crate) use num::{count, mix, narrow};
pub use refusal::LearnRefusal;
pub use train::train;

use kernel::time::Day;

/// One text whose right answer is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// What was said. A first line counts as the title and weighs more.
    pub text: String,
    /// Category or unit code that the text was finally dispatched to.
    pub label: String,
    /// Day of the dispatch, when known: a long history is thinned in favour of what is recent.
    pub when: Option<Day>,
}

impl Sample {
    /// A sample without a day.
    pub fn new(text: &str, label: &str) -> Sample {
        Sample { text: text.to_owned(), label: label.to_owned(), when: None }
    }
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Order of samples in folds and in the solver; the same seed gives the same model.
    pub seed: u64,
    /// Share of advice that must be right when the model does not abstain (0 to 1). The threshold is chosen for it on
    /// samples that the judged model had not seen.
    pub precision: f64,
    /// Most samples that are learnt; a longer history is thinned to this.
    pub most: usize,
    /// Bytes that the encoded model may take; the weakest fragments are dropped until it fits.
    pub bytes: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { seed: 2019, precision: 0.9, most: 20_000, bytes: 4_500_000 }
    }
}
