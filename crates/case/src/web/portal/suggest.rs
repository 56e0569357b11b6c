//! Which category a text may belong to: what the district's recommender says, else the playbook's own words.

use kernel::playbook::{Category, Playbook};
use kernel::{Lang, Slug};

/// At most so many suggestions: a phone shows them without scrolling.
const MOST: usize = 3;

/// The categories that people may file into.
pub(in crate::web) fn leaves(book: &Playbook) -> impl Iterator<Item = &Category> {
    book.categories.values().filter(|category| category.leaf)
}

/// Up to three leaves for a text, best first: the `advised` ones, or those whose words it has.
pub(in crate::web) fn suggest<'b>(book: &'b Playbook, advised: &[Slug], text: &str) -> Vec<&'b Category> {
    let known: Vec<&Category> = advised
        .iter()
        .filter_map(|code| book.category(code.as_str()))
        .filter(|c| c.leaf)
        .take(MOST)
        .collect();
    if known.is_empty() { by_words(book, text) } else { known }
}

/// By the words that the playbook gives each category: longer words and more of them weigh more.
fn by_words<'b>(book: &'b Playbook, text: &str) -> Vec<&'b Category> {
    let text = text.to_lowercase();
    let weight = |category: &Category| -> usize {
        let hits = category.words.iter().filter(|word| text.contains(&word.to_lowercase()));
        let named =
            text.contains(category.name.zh.as_str()) || text.contains(&category.name.en.to_lowercase());
        hits.map(|word| word.chars().count()).sum::<usize>() + if named { 4 } else { 0 }
    };
    let mut found: Vec<(usize, &Category)> =
        leaves(book).map(|c| (weight(c), c)).filter(|(n, _)| *n > 0).collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.code.cmp(&b.1.code)));
    found.into_iter().take(MOST).map(|(_, category)| category).collect()
}

/// `市政设施 · 积水排水`: a category under the one above it.
pub(in crate::web) fn path(book: &Playbook, code: &Slug, lang: Lang) -> String {
    let names: Vec<&str> =
        book.category_path(code.as_str()).iter().map(|category| category.name.get(lang)).collect();
    let from = names.len().saturating_sub(2);
    names.get(from..).unwrap_or_default().join(" · ")
}
