//! Looks at one item with the facts of one moment: playbook line and duty in, view out. Pure.

use crate::check::{Below, Decomposition, Finding, check};
use crate::facts::Facts;
use crate::model::{ChangeState, What};
use crate::progress::{
    Deadline, Given, Progress, Shown, deadline, progress, progress_light, slice_start, worst,
};
use crate::view::{ItemView, TaskKind, TaskView};
use kernel::calendar::Calendar;
use kernel::clock;
use kernel::duty::{Duty, StateName};
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::playbook::{Item, Measure, Node, Part, Playbook, Source};
use kernel::{Day, Instant, PostCode, Slug, UnitCode, Words};
use std::collections::BTreeMap;

/// Everything that one view needs beside its own line.
pub(crate) struct Look<'a> {
    book: &'a Playbook,
    cal: &'a Calendar,
    facts: &'a Facts,
    at: Instant,
    /// By clock rule and version: a duty due before this moment is in its period of warning.
    horizons: BTreeMap<(&'a Slug, &'a str), Instant>,
}

impl<'a> Look<'a> {
    /// Prepares to look at the items of `book` at `at`.
    pub(crate) fn new(book: &'a Playbook, cal: &'a Calendar, facts: &'a Facts, at: Instant) -> Look<'a> {
        let mut horizons = BTreeMap::new();
        for rule in facts.duties.values().filter_map(|d| d.clock.as_ref()).map(clock::Clock::rule) {
            if let Some(found) = book.clock_version(rule.0.as_str(), rule.1) {
                horizons.entry(rule).or_insert_with(|| clock::due(at, found.warn, cal).at);
            }
        }
        Look { book, cal, facts, at, horizons }
    }
    fn deadline(&self, duty: &Duty) -> Deadline {
        let horizon = duty.clock.as_ref().and_then(|c| self.horizons.get(&c.rule())).copied();
        deadline(duty, horizon, self.at, self.cal)
    }
    /// The figure to reach, as changed.
    pub(crate) fn target(&self, item: &Item) -> Option<Decimal> {
        let changed = self.facts.changes_of(&item.code).rev().find_map(|c| c.granted(What::Target));
        let own = item.measure.as_ref().and_then(|m| m.target);
        changed.and_then(Decimal::parse).or(own)
    }
    fn is_done(&self, code: &Slug) -> bool {
        self.facts.duty(code).is_some_and(|d| finished(d.state.name()))
    }
    fn parts_value(&self, item: &Item) -> Option<Decimal> {
        let told: Vec<Decimal> =
            item.parts.iter().filter_map(|p| self.facts.latest(&p.code)).map(|v| v.value).collect();
        (!told.is_empty()).then(|| told.into_iter().sum())
    }
    fn value(&self, item: &Item) -> Option<Decimal> {
        let additive = item.measure.as_ref().is_some_and(|m| m.additive);
        let own = self.facts.latest(&item.code).map(|v| v.value);
        own.or_else(|| self.parts_value(item).filter(|_| additive))
    }
    fn due(&self, item: &Item) -> Day {
        self.facts.duty(&item.code).and_then(main_due).unwrap_or(item.due)
    }
    fn progress(&self, item: &Item) -> Progress {
        let duty = self.facts.duty(&item.code);
        let nodes_done = item.nodes.iter().filter(|n| self.is_done(&n.code)).map(|n| n.weight).sum();
        progress(&Given {
            measure: item.measure.as_ref(),
            target: self.target(item),
            value: self.value(item),
            noted: duty.and_then(|d| d.percent),
            nodes_done,
            done: self.is_done(&item.code),
            from: slice_start(item.measure.as_ref(), self.book.head.year),
            due: self.due(item),
            on: self.at.day(),
        })
    }
    /// The light of progress by its band alone, for the memory of later periods.
    pub(crate) fn band(&self, item: &Item) -> Light {
        match self.facts.duty(&item.code) {
            Some(duty) if duty.is_open() => self.progress_light(&self.progress(item), &[]).0,
            _ => Light::Grey,
        }
    }
    fn progress_light(&self, p: &Progress, history: &[Light]) -> (Light, Words) {
        progress_light(p, self.book.light(self.book.plan.terms.light.as_str()), history)
    }

    /// An item.
    pub(crate) fn item(&self, item: &Item, history: &[Light]) -> ItemView {
        let duty = self.facts.duty(&item.code);
        let p = self.progress(item);
        let (shown, overdue) = self.shown(duty, &p, history);
        let tasks: Vec<TaskView> = item
            .parts
            .iter()
            .map(|part| self.part(item, part))
            .chain(item.nodes.iter().map(|node| self.node(item, node)))
            .collect();
        let target = self.target(item);
        let due = self.due(item);
        let first = duty.and_then(|d| d.clock.as_ref()?.main_original_due()).map(Instant::day);
        let stage = duty.map_or(StateName::Draft, |d| d.state.name());
        let nodes = tasks.iter().filter(|t| t.kind == TaskKind::Node);
        ItemView {
            duty: duty.map(|d| d.id),
            code: item.code.to_string(),
            title: item.title.clone(),
            punch: item.punch.clone(),
            list: item.list.clone(),
            lead: duty.and_then(|d| d.lead.clone()).unwrap_or_else(|| item.lead.clone()),
            support: item.support.clone(),
            patron: duty.and_then(|d| d.patron.clone()).unwrap_or_else(|| item.patron.clone()),
            due,
            due_original: first.filter(|first| *first != due),
            light: shown.light,
            light_why: shown.why,
            behind: shown.behind,
            percent: p.percent,
            mark: p.mark,
            against: p.against,
            origin: p.origin,
            time_percent: p.time,
            difference: p.difference(),
            completion: p.completion,
            overdue_workdays: overdue,
            evidence: duty.map_or(0, evidence) + tasks.iter().map(|t| t.evidence).sum::<u32>(),
            state: stage.code().to_owned(),
            stage,
            done: finished(stage),
            source: item.source.clone(),
            weight: item.weight,
            last_note: duty.and_then(|d| self.facts.notes.get(&d.id)).cloned(),
            value: self.value(item),
            target,
            unit: item.measure.as_ref().map(|m| m.unit.clone()),
            nodes_done: count(nodes.clone().filter(|t| t.done).count()),
            nodes: count(nodes.count()),
            parts: count(item.parts.len()),
            findings: self.findings(item, target, due),
            asked: count(
                self.facts.changes_of(&item.code).filter(|c| c.state() == ChangeState::Asked).count(),
            ),
            tasks,
        }
    }

    /// A duty that was not loaded shows no light but grey: nobody was told to do it.
    fn shown(&self, duty: Option<&Duty>, p: &Progress, history: &[Light]) -> (Shown, i32) {
        let Some(duty) = duty else {
            let why = Words::new("还没有载入为责任事项", "Not loaded as a duty yet");
            return (Shown { light: Light::Grey, why, behind: false }, 0);
        };
        let date = self.deadline(duty);
        (worst(duty, &date, self.progress_light(p, history)), date.overdue)
    }

    fn findings(&self, item: &Item, target: Option<Decimal>, due: Day) -> Vec<Finding> {
        let below = |code: &Slug, lead: &UnitCode, due: Day, is_part: bool| {
            let duty = self.facts.duty(code);
            Below {
                code: code.clone(),
                lead: duty.map_or_else(|| Some(lead.clone()), |d| d.lead.clone()),
                due: duty.map_or(Some(due), main_due),
                entry: duty.and_then(|d| d.entry.clone()),
                is_part,
            }
        };
        let parts = item.parts.iter().map(|p| below(&p.code, &p.lead, p.due, true));
        let nodes =
            item.nodes.iter().map(|n| below(&n.code, n.lead.as_ref().unwrap_or(&item.lead), n.due, false));
        let below: Vec<Below> = parts.chain(nodes).collect();
        let d = Decomposition {
            item,
            target,
            due,
            line: self.book.plan.terms.pressure_line,
            below: &below,
            value: self.facts.latest(&item.code).map(|v| v.value),
            parts_value: self.parts_value(item),
        };
        check(&d, self.book)
    }

    fn part(&self, item: &Item, part: &Part) -> TaskView {
        let value = self.facts.latest(&part.code).map(|v| v.value);
        let line = Line {
            kind: TaskKind::Part,
            code: &part.code,
            title: part.title.clone(),
            lead: &part.lead,
            patron: &part.patron,
            due: part.due,
            source: &part.source,
        };
        self.task(&line, item.measure.as_ref(), Some(part.target), value, None)
    }

    fn node(&self, item: &Item, node: &Node) -> TaskView {
        let line = Line {
            kind: TaskKind::Node,
            code: &node.code,
            title: node.title.clone(),
            lead: node.lead.as_ref().unwrap_or(&item.lead),
            patron: &item.patron,
            due: node.due,
            source: &node.source,
        };
        self.task(&line, None, None, None, Some(node.weight))
    }

    fn task(
        &self,
        line: &Line<'_>,
        measure: Option<&Measure>,
        target: Option<Decimal>,
        value: Option<Decimal>,
        weight: Option<Decimal>,
    ) -> TaskView {
        let duty = self.facts.duty(line.code);
        let due = duty.and_then(main_due).unwrap_or(line.due);
        let stage = duty.map_or(StateName::Draft, |d| d.state.name());
        let p = progress(&Given {
            measure,
            target,
            value,
            noted: duty.and_then(|d| d.percent),
            nodes_done: Decimal::ZERO,
            done: finished(stage),
            from: slice_start(measure, self.book.head.year),
            due,
            on: self.at.day(),
        });
        let (shown, overdue_workdays) = match (line.kind, duty) {
            // A step is done or it is not: only its date is judged.
            (TaskKind::Node, Some(duty)) => {
                let date = self.deadline(duty);
                let quiet = Words::new("未到提醒期", "Its period of warning has not begun");
                (worst(duty, &date, (date.light, quiet)), date.overdue)
            }
            _ => self.shown(duty, &p, &[]),
        };
        TaskView {
            kind: line.kind,
            duty: duty.map(|d| d.id),
            code: line.code.to_string(),
            title: line.title.clone(),
            lead: duty.and_then(|d| d.lead.clone()).unwrap_or_else(|| line.lead.clone()),
            patron: duty.and_then(|d| d.patron.clone()).unwrap_or_else(|| line.patron.clone()),
            due,
            light: shown.light,
            light_why: shown.why,
            behind: shown.behind,
            percent: p.percent,
            mark: p.mark,
            difference: p.difference(),
            overdue_workdays,
            evidence: duty.map_or(0, evidence),
            value,
            target,
            weight,
            state: stage,
            done: finished(stage),
            source: line.source.clone(),
        }
    }
}

struct Line<'a> {
    kind: TaskKind,
    code: &'a Slug,
    title: Words,
    lead: &'a UnitCode,
    patron: &'a PostCode,
    due: Day,
    source: &'a Source,
}

/// The day of the main limit, also after it has stopped.
pub(crate) fn main_due(duty: &Duty) -> Option<Day> {
    duty.clock.as_ref().and_then(clock::Clock::main_due).map(Instant::day)
}

/// Done and struck off, or about to be.
pub(crate) fn finished(state: StateName) -> bool {
    matches!(state, StateName::Closed | StateName::Archived)
}

fn evidence(duty: &Duty) -> u32 {
    count(duty.evidence.len())
}

/// A count that fits a page.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
