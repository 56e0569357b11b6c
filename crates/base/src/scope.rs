//! A [`Scope`] as SQL: how a list shows only the rows that a post may see.
//!
//! `kernel::access` decides which rows in a small algebra; this turns it into a condition over the columns that a
//! table has. A term without a column is false, so a table that forgets one shows too little and never too much.

use crate::db::Arg;
use kernel::access::{List, Scope, Term};

/// The columns of one table, by what they mean; `None` where it has none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Columns {
    /// Unit that it belongs to or that holds it now.
    pub unit: Option<&'static str>,
    /// Lead unit.
    pub lead: Option<&'static str>,
    /// A condition that holds when the unit bound in place of `{}` supports it.
    pub support: Option<&'static str>,
    /// Post that holds it now.
    pub holder: Option<&'static str>,
    /// Handler's post.
    pub handler: Option<&'static str>,
    /// Patron's post.
    pub patron: Option<&'static str>,
    /// Registrar's post.
    pub registrar: Option<&'static str>,
    /// Supervision post.
    pub superintendent: Option<&'static str>,
    /// Post that it is addressed to.
    pub post: Option<&'static str>,
    /// Street or community.
    pub place: Option<&'static str>,
    /// `137` or `21`.
    pub list: Option<&'static str>,
    /// Kind.
    pub kind: Option<&'static str>,
    /// Compartment, null for none.
    pub compartment: Option<&'static str>,
    /// 1 when everybody may see it.
    pub public: Option<&'static str>,
}

/// The condition for `where … and (…)`, with its values appended to `args`.
pub fn narrow(scope: &Scope, columns: &Columns, args: &mut Vec<Arg<'static>>) -> String {
    match scope {
        Scope::Nothing => "1 = 0".to_owned(),
        Scope::All => "1 = 1".to_owned(),
        Scope::Any(terms) => joined(terms, " or ", "1 = 0", columns, args),
    }
}

fn joined(terms: &[Term], by: &str, empty: &str, columns: &Columns, args: &mut Vec<Arg<'static>>) -> String {
    let parts: Vec<String> = terms.iter().map(|t| term(t, columns, args)).collect();
    if parts.is_empty() { empty.to_owned() } else { format!("({})", parts.join(by)) }
}

fn term(t: &Term, c: &Columns, args: &mut Vec<Arg<'static>>) -> String {
    match t {
        Term::Unit(unit) => one(c.unit, unit.as_str(), args),
        Term::UnitLine(units) => many(c.unit, units.iter().map(AsRef::as_ref), args),
        Term::Lead(unit) => one(c.lead, unit.as_str(), args),
        Term::LeadLine(units) => many(c.lead, units.iter().map(AsRef::as_ref), args),
        Term::Support(unit) => supports(c.support, std::iter::once(unit.as_str()), args),
        Term::SupportLine(units) => supports(c.support, units.iter().map(AsRef::as_ref), args),
        Term::HolderPost(post) => one(c.holder, post.as_str(), args),
        Term::Handler(post) => one(c.handler, post.as_str(), args),
        Term::Patron(post) => one(c.patron, post.as_str(), args),
        Term::Registrar(post) => one(c.registrar, post.as_str(), args),
        Term::Superintendent(post) => one(c.superintendent, post.as_str(), args),
        Term::Post(post) => one(c.post, post.as_str(), args),
        Term::Place(units) => many(c.place, units.iter().map(AsRef::as_ref), args),
        Term::Public => c.public.map_or_else(never, |column| format!("{column} = 1")),
        Term::List(list) => one(c.list, list_code(*list), args),
        Term::Kind(kinds) => many(c.kind, kinds.iter().map(AsRef::as_ref), args),
        Term::Within(set) => many(c.compartment, set.iter().map(kernel::access::Compartment::code), args),
        Term::Cleared(set) => match c.compartment {
            None => "1 = 1".to_owned(),
            Some(column) => {
                let within = many(Some(column), set.iter().map(kernel::access::Compartment::code), args);
                format!("({column} is null or {within})")
            }
        },
        Term::All(terms) => joined(terms, " and ", "1 = 1", c, args),
        Term::Any(terms) => joined(terms, " or ", "1 = 0", c, args),
        Term::Not(inner) => format!("(({}) is not true)", term(inner, c, args)),
        Term::Requester(_)
        | Term::Owner(_)
        | Term::Short
        | Term::Independent { .. }
        | Term::NotRequester { .. }
        | Term::Against(_)
        | Term::AdministratorsClash => never(),
    }
}

/// The code of a list as columns hold it.
pub fn list_code(list: List) -> &'static str {
    match list {
        List::City => "137",
        List::District => "21",
    }
}

fn never() -> String {
    "1 = 0".to_owned()
}

fn bind(value: &str, args: &mut Vec<Arg<'static>>) -> String {
    args.push(Arg::Own(value.to_owned()));
    format!("${}", args.len())
}

fn one(column: Option<&str>, value: &str, args: &mut Vec<Arg<'static>>) -> String {
    column.map_or_else(never, |column| format!("{column} = {}", bind(value, args)))
}

fn many<'v>(
    column: Option<&str>,
    values: impl Iterator<Item = &'v str>,
    args: &mut Vec<Arg<'static>>,
) -> String {
    let Some(column) = column else { return never() };
    let list: Vec<String> = values.map(|v| bind(v, args)).collect();
    if list.is_empty() { never() } else { format!("{column} in ({})", list.join(", ")) }
}

fn supports<'v>(
    form: Option<&str>,
    units: impl Iterator<Item = &'v str>,
    args: &mut Vec<Arg<'static>>,
) -> String {
    let Some(form) = form else { return never() };
    let list: Vec<String> = units.map(|v| bind(v, args)).collect();
    if list.is_empty() { never() } else { form.replace("{}", &list.join(", ")) }
}
