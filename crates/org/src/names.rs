//! Names of units and posts for pages: what the playbook calls them, or the code when it does not know it.
//!
//! A code may outlive its line in the playbook (a unit that was merged, a post that was abolished), and a page of
//! last year must still say something; so none of these fails.

use kernel::playbook::Playbook;
use kernel::{Lang, PostCode, UnitCode};

/// The name of a unit, such as 区发改局; the code when the playbook has no such unit.
pub fn unit(book: &Playbook, code: &UnitCode, lang: Lang) -> String {
    book.unit(code).map_or_else(|| code.to_string(), |unit| unit.name.get(lang).to_owned())
}

/// The title of a post without its unit, such as 局长; the code when the playbook has no such post.
pub fn post(book: &Playbook, code: &PostCode, lang: Lang) -> String {
    book.post(code).map_or_else(|| code.to_string(), |post| post.title.get(lang).to_owned())
}

/// Unit and post together, such as `区发改局 局长`: what stands beside an act. The unit is left out when the title
/// begins with its name.
pub fn unit_and_post(book: &Playbook, code: &PostCode, lang: Lang) -> String {
    let Some(found) = book.post(code) else { return code.to_string() };
    let title = found.title.get(lang);
    let place = unit(book, &found.unit, lang);
    if title.starts_with(&place) { title.to_owned() } else { format!("{place} {title}") }
}
