//! From what was typed to a command: each field is parsed at the door, with a refusal that names it.

use super::asks::{Ask, MANDATE, Take, Vocab, act_code, asks, vocab};
use super::inbox::no_such;
use crate::store;
use base::op::Op;
use base::web::form::{Fields, not_listed, required};
use base::{Fault, Outcome};
use kernel::duty::{Act, Command};
use kernel::text::{Body, Remark, Title};
use kernel::{Day, DutyId, FileId, Lang, Malformed, PostCode, Slug, UnitCode, Words};
use serde_json::{Map, Value, json};

/// Hidden fields beside those of the act.
pub(super) const REV: &str = "rev";
/// Where to go after the act.
pub(super) const BACK: &str = "back";
/// Most parts of a split on a form; the API takes more.
pub(super) const PARTS: usize = 6;

/// A form on its way to a command: another duty that it names is looked up inside the transaction.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    act: Act,
    map: Map<String, Value>,
    other: Option<(&'static str, String)>,
    /// The entry that is cited.
    pub(super) mandate: Option<Slug>,
    /// The revision that the person saw.
    pub(super) rev: Option<u64>,
}

/// The field's name on a page.
pub(super) fn on_page(act: Act, name: &str) -> String {
    format!("{}-{name}", act_code(act))
}

/// Reads the form of an act.
pub(super) fn draft(act: Act, fields: &Fields) -> Result<Draft, Malformed> {
    let mut read = Draft { act, map: Map::new(), other: None, mandate: None, rev: rev(fields)? };
    match asks(act) {
        Some(list) => {
            let names: Vec<String> = list.iter().map(|ask| on_page(act, ask.name)).collect();
            let mut known: Vec<&str> = names.iter().map(String::as_str).collect();
            known.extend([REV, BACK]);
            fields.only(&known)?;
            for ask in &list {
                one(&mut read, ask, fields)?;
            }
        }
        None => {
            let parts = parts(fields)?;
            read.map.insert("parts".to_owned(), Value::Array(parts));
        }
    }
    Ok(read)
}

fn rev(fields: &Fields) -> Result<Option<u64>, Malformed> {
    let Some(given) = fields.given(REV) else { return Ok(None) };
    given.parse().map(Some).map_err(|_| {
        Malformed::new(
            "form.rev",
            REV,
            given,
            Words::new("页面版本号无效", "The page's revision is not valid"),
            Words::new("请刷新页面后重试", "Reload the page and try again"),
        )
    })
}

fn one(read: &mut Draft, ask: &Ask, fields: &Fields) -> Result<(), Malformed> {
    let name = on_page(read.act, ask.name);
    let Some(given) = fields.given(&name) else {
        return if ask.optional || ask.take == Take::Upload { Ok(()) } else { Err(required(ask.name)) };
    };
    match ask.take {
        Take::Duty => read.other = Some((ask.name, given.trim().to_owned())),
        Take::Mandate if ask.name == MANDATE => read.mandate = Some(Slug::parse(ask.name, given)?),
        _ => {
            let value = value(ask, given)?;
            read.map.insert(ask.name.to_owned(), value);
        }
    }
    Ok(())
}

fn value(ask: &Ask, given: &str) -> Result<Value, Malformed> {
    let name = ask.name;
    Ok(match ask.take {
        Take::Unit => json!(UnitCode::parse(name, given)?),
        Take::PostInside | Take::PostWith(_) => json!(PostCode::parse(name, given)?),
        Take::Mandate => json!(Slug::parse(name, given)?),
        Take::Remark => json!(Remark::parse(name, given)?),
        Take::Body => json!(Body::parse(name, given)?),
        Take::Lines => {
            let lines = given.lines().map(str::trim).filter(|line| !line.is_empty());
            json!(lines.map(|line| Remark::parse(name, line)).collect::<Result<Vec<_>, _>>()?)
        }
        Take::Day => json!(Day::parse(name, given)?),
        Take::Percent => json!(whole(name, given, 0, 100)?),
        Take::Rung => json!(whole(name, given, 1, 20)?),
        Take::YesNo(..) => match given {
            "yes" => json!(true),
            "no" => json!(false),
            _ => return Err(not_listed(name, given)),
        },
        Take::Word(list) => {
            if !vocab(list, Lang::Zh).iter().any(|choice| choice.value == given) {
                return Err(not_listed(name, given));
            }
            json!(given)
        }
        Take::OwnFile => json!(FileId::parse(name, given)?),
        Take::Duty | Take::Upload => json!(given),
    })
}

fn whole(name: &str, given: &str, least: u8, most: u8) -> Result<u8, Malformed> {
    match given.trim().trim_end_matches('%').parse::<u8>() {
        Ok(n) if (least..=most).contains(&n) => Ok(n),
        _ => Err(Malformed::new(
            "form.whole",
            name,
            given,
            Words::new(
                format!("应为{least}至{most}的整数"),
                format!("A whole number from {least} to {most} is needed"),
            ),
            Words::new("请改正后重新提交", "Correct it and submit again"),
        )),
    }
}

/// The parts of a split: those whose title is filled in.
fn parts(fields: &Fields) -> Result<Vec<Value>, Malformed> {
    let names: Vec<String> =
        (1..=PARTS).flat_map(|n| ["title", "criterion", "grounds"].map(|f| format!("{f}{n}"))).collect();
    let mut known: Vec<&str> = names.iter().map(String::as_str).collect();
    known.extend([REV, BACK]);
    fields.only(&known)?;
    let mut parts = Vec::new();
    for n in 1..=PARTS {
        let (title, criterion, grounds) =
            (format!("title{n}"), format!("criterion{n}"), format!("grounds{n}"));
        if fields.given(&title).is_none() && fields.given(&criterion).is_none() {
            continue;
        }
        let answers =
            fields.all(&grounds).iter().map(|g| g.parse::<u32>().map_err(|_| not_listed(&grounds, g)));
        parts.push(json!({
            "title": Title::parse(&title, fields.text(&title))?,
            "criterion": Remark::parse(&criterion, fields.text(&criterion))?,
            "grounds": answers.collect::<Result<Vec<_>, _>>()?,
        }));
    }
    if parts.is_empty() { Err(required("title1")) } else { Ok(parts) }
}

impl Draft {
    /// Adds a value that the form cannot give, such as the id of a stored file.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.map.insert(name.to_owned(), value);
    }
    /// The command. Looks up the other duty that it names.
    pub(super) fn command(&self, op: &mut Op<'_, '_>) -> Outcome<Command> {
        let mut map = self.map.clone();
        map.insert("act".to_owned(), json!(act_code(self.act)));
        if let Some((name, given)) = &self.other {
            let id = other(op, given)?;
            let value = json!(id);
            if self.act == Act::Link {
                let kind = map.remove("kind").unwrap_or(Value::Null);
                map.insert("relation".to_owned(), json!({ "kind": kind, "to": value }));
            } else {
                map.insert((*name).to_owned(), value);
            }
        }
        serde_json::from_value(Value::Object(map))
            .map_err(|e| Fault::broken(format!("form of {:?}: {e}", self.act)))
    }
}

/// A duty by its number or id.
fn other(op: &mut Op<'_, '_>, given: &str) -> Outcome<DutyId> {
    if let Ok(id) = DutyId::parse("duty", given) {
        return Ok(id);
    }
    store::by_number(op.tx, op.district(), given)?.ok_or_else(|| no_such(given))
}

/// Whether the reasons of a list need a word at all; kept beside [`Vocab`] so that a new list is a compile error here.
pub(super) fn is_long(list: Vocab) -> bool {
    matches!(list, Vocab::Block | Vocab::Evidence | Vocab::Verification | Vocab::Relation)
}
