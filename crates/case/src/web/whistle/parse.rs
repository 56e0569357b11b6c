//! From what was typed to a command: each field is parsed at the door, with a refusal that names it.

use crate::whistle::command::{Command, TaskAsk};
use crate::whistle::model::CallAsk;
use crate::whistle::refusal::WhistleRefusal as No;
use crate::whistle::vocab::{Act, How, Outcome as Ruled, Sheet, Side};
use base::Outcome;
use base::web::form::{Fields, not_listed, required};
use kernel::duty::OutcomeClass;
use kernel::money::Decimal;
use kernel::playbook::Playbook;
use kernel::text::{Body, Remark};
use kernel::{Day, Malformed, PostCode, Slug, UnitCode, Words};
use std::collections::BTreeMap;

/// Rows of departments on a form; the API takes more.
pub(super) const CALLS: usize = 6;
/// Rows of tasks on a form; the API takes more.
pub(super) const TASKS: usize = 6;
/// The hidden fields that every form carries.
pub(super) const HIDDEN: [&str; 2] = ["rev", "key"];
/// Outcome classes that a department may claim here; the others need more than a sentence.
pub(super) const OUTCOMES: [OutcomeClass; 3] =
    [OutcomeClass::Resolved, OutcomeClass::Partial, OutcomeClass::Explained];

fn remark(fields: &Fields, name: &str) -> Result<Remark, Malformed> {
    match fields.given(name) {
        Some(given) => Remark::parse(name, given),
        None => Err(required(name)),
    }
}

fn maybe(fields: &Fields, name: &str) -> Result<Option<Remark>, Malformed> {
    fields.given(name).map(|given| Remark::parse(name, given)).transpose()
}

fn unit(fields: &Fields, name: &str) -> Result<UnitCode, Malformed> {
    UnitCode::parse(name, fields.given(name).ok_or_else(|| required(name))?)
}

fn yes(fields: &Fields, name: &str) -> Result<bool, Malformed> {
    match fields.given(name) {
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        Some(other) => Err(not_listed(name, other)),
        None => Err(required(name)),
    }
}

fn word<T>(fields: &Fields, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Malformed> {
    let given = fields.given(name).ok_or_else(|| required(name))?;
    read(given).ok_or_else(|| not_listed(name, given))
}

/// A department by the entry that was chosen for it: an entry has one leading department, so one choice names both.
pub(super) fn call(book: &Playbook, name: &str, given: &str) -> Outcome<CallAsk> {
    let entry = Slug::parse(name, given)?;
    let found = book.mandate(entry.as_str()).ok_or_else(|| No::UnknownEntry { given: entry.clone() })?;
    // A basic duty is the street's own: no department stands behind it.
    let none = || No::UnknownEntry { given: entry.clone() };
    Ok(CallAsk { unit: found.lead.clone().ok_or_else(none)?, entry: entry.clone(), ask: None })
}

/// The departments of a form, the lead first.
pub(super) fn calls(book: &Playbook, fields: &Fields) -> Outcome<Vec<CallAsk>> {
    let mut calls = Vec::new();
    for n in 1..=CALLS {
        let name = format!("entry{n}");
        if let Some(given) = fields.given(&name) {
            calls.push(call(book, &name, given)?);
        }
    }
    Ok(calls)
}

/// The type and the ask of a form.
pub(super) fn sound(fields: &Fields) -> Result<(Slug, Remark), Malformed> {
    let kind = Slug::parse("kind", fields.given("kind").ok_or_else(|| required("kind"))?)?;
    Ok((kind, remark(fields, "ask")?))
}

/// Points of a sheet's items: fields `p-…`.
fn points(fields: &Fields) -> Result<BTreeMap<Slug, Decimal>, Malformed> {
    let mut points = BTreeMap::new();
    let names: Vec<String> = fields.names().filter(|n| n.starts_with("p-")).map(str::to_owned).collect();
    for name in names {
        let Some(given) = fields.given(&name) else { continue };
        let item = name.trim_start_matches("p-");
        let value = Decimal::parse(given.trim()).ok_or_else(|| {
            Malformed::new(
                "form.number",
                item,
                given,
                Words::new("应为数字,最多四位小数", "A number with at most four decimals is needed"),
                Words::new("请改正后重新提交", "Correct it and submit again"),
            )
        })?;
        points.insert(Slug::parse(item, item)?, value);
    }
    Ok(points)
}

/// The revision that the person saw.
pub(super) fn rev(fields: &Fields) -> Result<Option<u64>, Malformed> {
    let Some(given) = fields.given("rev") else { return Ok(None) };
    given.parse().map(Some).map_err(|_| not_listed("rev", given))
}

/// The names that the form of an act has, beside the hidden ones.
fn known(act: Act, fields: &Fields) -> Vec<String> {
    let fixed: &[&str] = match act {
        Act::Solve => &["text", "resident"],
        Act::Sound => &["kind", "ask"],
        Act::Call => &["entry1", "ask"],
        Act::Ack => &[],
        Act::Dispute => &["cited", "ground"],
        Act::Rule => &["unit", "outcome", "to", "ground"],
        Act::Muster => &["post", "decides", "authority"],
        Act::Plan => &["note"],
        Act::Done => &["text", "outcome", "files"],
        Act::Release | Act::Contest => &["unit", "why"],
        Act::Confirm => &["side", "done", "note", "how", "units"],
        Act::Score => &["unit", "note"],
        Act::Settle => &["unit", "sheet", "ground"],
        Act::Cancel => &["why"],
    };
    let rows: Vec<String> = match act {
        Act::Sound => (1..=CALLS).map(|n| format!("entry{n}")).collect(),
        Act::Plan => (1..=TASKS).flat_map(|n| ["unit", "what", "due"].map(|f| format!("{f}{n}"))).collect(),
        // Items are the playbook's; the decision names the one that a sheet does not have.
        Act::Score | Act::Settle => {
            fields.names().filter(|n| n.starts_with("p-")).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    fixed.iter().map(|name| (*name).to_owned()).chain(HIDDEN.map(str::to_owned)).chain(rows).collect()
}

/// Reads the form of an act.
pub(super) fn command(book: &Playbook, act: Act, fields: &Fields) -> Outcome<Command> {
    let names = known(act, fields);
    fields.only(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(match act {
        Act::Sound => {
            let (kind, ask) = sound(fields)?;
            Command::Sound { kind, ask, calls: calls(book, fields)? }
        }
        Act::Call => {
            let given = fields.given("entry1").ok_or_else(|| required("entry1"))?;
            let ask = maybe(fields, "ask")?;
            Command::Call { call: CallAsk { ask, ..call(book, "entry1", given)? } }
        }
        Act::Plan => Command::Plan { tasks: tasks(fields)?, note: maybe(fields, "note")? },
        other => simple(other, fields)?,
    })
}

fn simple(act: Act, fields: &Fields) -> Result<Command, Malformed> {
    Ok(match act {
        Act::Solve => Command::Solve { text: remark(fields, "text")?, resident: maybe(fields, "resident")? },
        Act::Dispute => {
            let cited = fields.given("cited").ok_or_else(|| required("cited"))?;
            Command::Dispute { cited: Slug::parse("cited", cited)?, ground: remark(fields, "ground")? }
        }
        Act::Rule => Command::Rule {
            unit: unit(fields, "unit")?,
            outcome: word(fields, "outcome", Ruled::from_code)?,
            to: fields.given("to").map(|to| UnitCode::parse("to", to)).transpose()?,
            ground: remark(fields, "ground")?,
        },
        Act::Muster => Command::Muster {
            post: fields.given("post").map(|post| PostCode::parse("post", post)).transpose()?,
            decides: yes(fields, "decides")?,
            authority: maybe(fields, "authority")?,
        },
        Act::Done => {
            let text = Body::parse("text", fields.given("text").ok_or_else(|| required("text"))?)?;
            let read = |given: &str| OUTCOMES.into_iter().find(|class| code(*class) == given);
            Command::Done { text, outcome: word(fields, "outcome", read)? }
        }
        Act::Release => Command::Release { unit: unit(fields, "unit")?, why: remark(fields, "why")? },
        Act::Confirm => {
            let units = fields.all("units").iter().map(|given| UnitCode::parse("units", given));
            Command::Confirm {
                side: word(fields, "side", Side::from_code)?,
                done: yes(fields, "done")?,
                note: remark(fields, "note")?,
                how: fields.given("how").map(|_| word(fields, "how", How::from_code)).transpose()?,
                units: units.collect::<Result<_, _>>()?,
            }
        }
        Act::Score => Command::Score {
            unit: fields.given("unit").map(|given| UnitCode::parse("unit", given)).transpose()?,
            points: points(fields)?,
            note: maybe(fields, "note")?,
        },
        Act::Contest => Command::Contest {
            unit: fields.given("unit").map(|given| UnitCode::parse("unit", given)).transpose()?,
            why: remark(fields, "why")?,
        },
        Act::Settle => Command::Settle {
            unit: unit(fields, "unit")?,
            sheet: word(fields, "sheet", Sheet::from_code)?,
            points: points(fields)?,
            ground: remark(fields, "ground")?,
        },
        Act::Cancel => Command::Cancel { why: remark(fields, "why")? },
        Act::Ack | Act::Sound | Act::Call | Act::Plan => Command::Ack,
    })
}

/// Tasks whose words are filled in.
fn tasks(fields: &Fields) -> Result<Vec<TaskAsk>, Malformed> {
    let mut tasks = Vec::new();
    for n in 1..=TASKS {
        let (u, what, due) = (format!("unit{n}"), format!("what{n}"), format!("due{n}"));
        if fields.given(&what).is_none() && fields.given(&u).is_none() {
            continue;
        }
        let day = fields.given(&due).ok_or_else(|| required(&due))?;
        tasks.push(TaskAsk {
            unit: unit(fields, &u)?,
            what: remark(fields, &what)?,
            due: Day::parse(&due, day)?,
        });
    }
    Ok(tasks)
}

/// The code of an outcome class on forms.
pub(super) fn code(class: OutcomeClass) -> &'static str {
    match class {
        OutcomeClass::Partial => "partial",
        OutcomeClass::Explained => "explained",
        _ => "resolved",
    }
}
