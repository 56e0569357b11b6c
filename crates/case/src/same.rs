//! 重复 (duplicates): which requests may be about one matter. It suggests with reasons; a person confirms, and every petitioner keeps
//! an answer of their own (D§4.26).
//!
//! Precision comes first: a wrong merge hides somebody's need, a missed one costs a second look. So a known difference ends the
//! question: another place, or more days apart than the playbook allows (`duplicate_days`). What is left is scored by what the texts
//! share, place words not counted, and by place, category and contact. Pure, like [`crate::learn`].
//!
//! | file | owns |
//! |---|---|
//! | `place.rs` | addresses as people write them: road, number, estate, building |
//! | `print.rs` | what is compared of a text, and how rare each fragment is |
//! | `pair.rs` | two requests: score and reasons |
//! | `near.rs` | which pairs are worth comparing among 100,000 |
//! | `cluster.rs` | groups without chains |
//! | `table.rs` | requests from a CSV |
//!
//! ```
//! use case::same::{Item, Rules, similarity};
//! use kernel::Day;
//! let at = |day| Day::new(2019, 8, day).map(|d| d.at(9, 0));
//! let a = Item::new("1", at(1), "3栋楼下烧烤店油烟直排,开窗呛人", "春江花园");
//! let b = Item::new("2", at(4), "楼下烧烤店的油烟直排进窗户,很呛人", "官渡区春江花园小区");
//! let c = Item::new("3", at(4), "3栋楼下烧烤店油烟直排,开窗呛人", "关上中路12号");
//! assert!(similarity(&a, &b, &Rules::default()).is_some());
//! assert!(similarity(&a, &c, &Rules::default()).is_none());
//! ```

mod cluster;
mod near;
mod pair;
mod place;
mod print;
pub mod table;

#[cfg(test)]
mod tests;

pub use cluster::{Cluster, Link, cluster};
pub use pair::{Likeness, similarity};
pub use place::{Place, Relation};

use kernel::time::Instant;

/// A request, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number; only handed back.
    pub id: String,
    /// When it came in; without it, time is no ground and no hindrance.
    pub at: Option<Instant>,
    /// What was said.
    pub text: String,
    /// Where, as written; may be empty. Then the text is searched for an address.
    pub place: String,
    /// Category code, when classified.
    pub category: Option<String>,
    /// Fingerprint of the petitioner's contact (`contact_hash`), never the contact itself.
    pub contact: Option<[u8; 32]>,
}

impl Item {
    /// A request without category and contact.
    pub fn new(id: &str, at: Option<Instant>, text: &str, place: &str) -> Item {
        let (id, text, place) = (id.to_owned(), text.to_owned(), place.to_owned());
        Item { id, at, text, place, category: None, contact: None }
    }
}

/// When two requests are suggested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Most days between two requests (`CaseRules.duplicate_days`).
    pub days: u32,
    /// Least score, 0 to 1, of a suggestion.
    pub bar: f64,
}

impl Default for Rules {
    /// Thirty days and 0.5: at one place, texts that share a third. The bar was set on example requests
    /// (testdata/requests.csv) so that no near miss among them is suggested; others are kept apart to check it.
    fn default() -> Rules {
        Rules { days: 30, bar: 0.5 }
    }
}
