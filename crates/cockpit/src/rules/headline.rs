//! 今日研判 (the headline): sentences made by rule from figures, each clause with a link to its proof.
//!
//! Nothing here words a judgement that is not in the figures: how many show which light, what was reported against
//! target and time, what changed since the day before. The words are in the catalogue, one key a clause.

use crate::model::{Changes, Item, Measured, Sight};
use kernel::light::Counts;
use kernel::light::Light;
use kernel::money::Decimal;

/// Where a clause leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Items of the plan with this light.
    Plan(Light),
    /// The plan.
    WholePlan,
    /// One item.
    Item(String),
    /// The card of changes on the same page.
    Changes,
}

/// A clause: a key of the catalogue, its values, its colour, its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Key in the catalogue.
    pub key: &'static str,
    /// Values of its placeholders.
    pub values: Vec<(&'static str, Value)>,
    /// The light that colours it.
    pub light: Option<Light>,
    /// Where it leads.
    pub proof: Option<Proof>,
}

/// A value of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A figure, as written.
    Figure(String),
    /// Words of the playbook.
    Words(kernel::Words),
}

/// What the headline speaks of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts<'a> {
    /// The year.
    pub year: i16,
    /// Items by light.
    pub counts: Counts,
    /// Of the red ones, those red by progress.
    pub behind: u32,
    /// The measured item.
    pub measured: Option<&'a Measured>,
    /// Changes since the day before.
    pub changes: Option<&'a Changes>,
}

impl<'a> Facts<'a> {
    /// Taken from a look at the district.
    pub fn of(sight: &'a Sight) -> Facts<'a> {
        let behind = |item: &&Item| item.light == Light::Red && item.behind;
        let behind = sight.items.iter().filter(behind).count();
        Facts {
            year: sight.year.year,
            counts: sight.counts(),
            behind: u32::try_from(behind).unwrap_or(u32::MAX),
            measured: sight.measured.as_ref(),
            changes: sight.changes.as_ref(),
        }
    }
}

fn figure(name: &'static str, n: &impl ToString) -> (&'static str, Value) {
    (name, Value::Figure(n.to_string()))
}

fn plain(key: &'static str) -> Clause {
    Clause { key, values: Vec::new(), light: None, proof: None }
}

fn counted(key: &'static str, n: u32, light: Light) -> Clause {
    let coloured = matches!(light, Light::Red | Light::Yellow).then_some(light);
    Clause { key, values: vec![figure("n", &n)], light: coloured, proof: Some(Proof::Plan(light)) }
}

/// The sentences as clauses in order; a page joins them without anything between.
pub fn clauses(facts: &Facts<'_>) -> Vec<Clause> {
    let total = facts.counts.total();
    if total == 0 {
        let values = vec![figure("year", &facts.year)];
        return vec![Clause { key: "cockpit.hl.empty", values, light: None, proof: Some(Proof::WholePlan) }];
    }
    let values = vec![figure("n", &total)];
    let mut out = vec![Clause { key: "cockpit.hl.of", values, light: None, proof: Some(Proof::WholePlan) }];
    join(&mut out, lights(facts));
    let calm = facts.counts.red == 0 && facts.counts.yellow == 0;
    out.push(plain(if calm { "cockpit.hl.calm" } else { "cockpit.hl.stop" }));
    if let Some(measured) = facts.measured {
        out.extend(measure(measured));
    }
    if let Some(changes) = facts.changes {
        changed(&mut out, changes);
    }
    out
}

/// Puts commas between clauses and the last one's joint before it.
fn join(out: &mut Vec<Clause>, list: Vec<Clause>) {
    let n = list.len();
    for (i, clause) in list.into_iter().enumerate() {
        if i > 0 {
            out.push(plain(if i + 1 == n { "cockpit.hl.last" } else { "cockpit.hl.sep" }));
        }
        out.push(clause);
    }
}

fn lights(facts: &Facts<'_>) -> Vec<Clause> {
    let c = facts.counts;
    let mut list = Vec::new();
    let mut add = |key, n: u32, light| {
        if n > 0 {
            list.push(counted(key, n, light));
        }
    };
    add("cockpit.hl.green", c.green, Light::Green);
    add("cockpit.hl.yellow", c.yellow, Light::Yellow);
    match (c.red, facts.behind) {
        (0, _) => {}
        (red, 0) => add("cockpit.hl.late", red, Light::Red),
        (red, behind) if behind >= red => add("cockpit.hl.behind", red, Light::Red),
        (red, behind) => {
            let mut clause = counted("cockpit.hl.red", red, Light::Red);
            clause.values.extend([figure("late", &(red - behind)), figure("behind", &behind)]);
            list.push(clause);
        }
    }
    let rest = [
        ("cockpit.hl.paused", c.paused, Light::Paused),
        ("cockpit.hl.grey", c.grey, Light::Grey),
        ("cockpit.hl.done", c.done, Light::Done),
    ];
    list.extend(rest.into_iter().filter(|(_, n, _)| *n > 0).map(|(key, n, light)| counted(key, n, light)));
    list
}

fn measure(m: &Measured) -> Vec<Clause> {
    let words = vec![
        ("name", Value::Words(m.name.clone())),
        ("unit", Value::Words(m.unit.clone())),
        figure("target", &m.target),
    ];
    let proof = Some(Proof::Item(m.code.clone()));
    let (Some(value), Some(percent)) = (m.value, m.percent) else {
        return vec![Clause { key: "cockpit.hl.unreported", values: words, light: None, proof }];
    };
    let mut values = words;
    values.extend([figure("value", &value), figure("percent", &percent.text(1))]);
    let said = Clause { key: "cockpit.hl.reported", values, light: None, proof: proof.clone() };
    let lead = percent - m.time_percent;
    let tenth = Decimal::from_raw(Decimal::ONE / 20);
    let key = match lead.raw() {
        d if d.abs() < tenth.raw() => "cockpit.hl.even",
        d if d > 0 => "cockpit.hl.ahead",
        _ => "cockpit.hl.lags",
    };
    let size = Decimal::from_raw(lead.raw().abs()).text(1);
    let values = vec![figure("points", &size), figure("time", &m.time_percent.text(1))];
    vec![said, Clause { key, values, light: None, proof }]
}

fn changed(out: &mut Vec<Clause>, changes: &Changes) {
    if changes.is_empty() {
        return out.push(plain("cockpit.hl.unchanged"));
    }
    out.push(plain("cockpit.hl.since"));
    let groups = [
        ("cockpit.hl.new_red", &changes.red, Some(Light::Red)),
        ("cockpit.hl.new_yellow", &changes.yellow, Some(Light::Yellow)),
        ("cockpit.hl.new_done", &changes.done, None),
        ("cockpit.hl.better", &changes.better, None),
    ];
    let some = groups.into_iter().filter(|(_, list, _)| !list.is_empty());
    let list = some.map(|(key, list, light)| Clause {
        key,
        values: vec![figure("n", &list.len())],
        light,
        proof: Some(Proof::Changes),
    });
    join(out, list.collect());
    out.push(plain("cockpit.hl.stop"));
}
