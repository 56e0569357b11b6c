//! The shapes of the plan's API.

use super::query::light_code;
use crate::board::{ItemView, Mark, TaskKind, TaskView};
use crate::detail::Detail;
use crate::model::{Change, ChangeState, Value, What};
use base::Outcome;
use kernel::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

pub(super) fn text(words: &Words) -> Text {
    Text { zh: words.zh.clone(), en: words.get(kernel::Lang::En).to_owned() }
}

/// A part or a node of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskOut {
    /// Code.
    pub code: String,
    /// `part` or `node`.
    pub kind: &'static str,
    /// Its duty; absent before it was loaded.
    pub duty: Option<String>,
    /// Title.
    pub title: Text,
    /// Lead unit's code.
    pub lead: String,
    /// Patron's post.
    pub patron: String,
    /// Due day.
    pub due: String,
    /// `green`, `yellow`, `red`, `grey`, `done` or `paused`.
    pub light: &'static str,
    /// Rule and value behind the light.
    pub why: Text,
    /// Per cent done.
    pub percent: Option<String>,
    /// Latest reported figure of a part.
    pub value: Option<String>,
    /// Share of the target, for parts.
    pub target: Option<String>,
    /// Share of the item in per cent, for nodes.
    pub weight: Option<String>,
    /// State of the duty.
    pub state: &'static str,
}

/// A finding of the decomposition checks.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingOut {
    /// Stable name.
    pub code: &'static str,
    /// `green` passed, `yellow` a reminder, `red` to be mended.
    pub light: &'static str,
    /// In words.
    pub text: Text,
}

/// An item of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemOut {
    /// Code such as `Q-01`.
    pub code: String,
    /// Its duty; absent before it was loaded.
    pub duty: Option<String>,
    /// Title.
    pub title: Text,
    /// Punch.
    pub punch: String,
    /// `city` or `district`.
    pub list: String,
    /// Lead unit's code.
    pub lead: String,
    /// Supporting units' codes.
    pub support: Vec<String>,
    /// Patron's post.
    pub patron: String,
    /// Due day, as extended.
    pub due: String,
    /// Due day as first set, when an extension moved it.
    pub due_first: Option<String>,
    /// `green`, `yellow`, `red`, `grey`, `done` or `paused`.
    pub light: &'static str,
    /// Red by progress rather than by date.
    pub behind: bool,
    /// Rule and value behind the light.
    pub why: Text,
    /// Per cent, as shown.
    pub percent: Option<String>,
    /// What it is compared with: time progress, or the target of a level.
    pub mark: String,
    /// `time` or `target`.
    pub against: &'static str,
    /// Linear time progress of the item's slice in per cent.
    pub time: String,
    /// Points ahead of the mark; negative when behind.
    pub difference: Option<String>,
    /// Working days overdue.
    pub overdue_workdays: i32,
    /// Latest reported figure (grade R).
    pub value: Option<String>,
    /// Figure to reach.
    pub target: Option<String>,
    /// Unit of the figures.
    pub unit: Option<Text>,
    /// State of the duty.
    pub state: String,
    /// Files of evidence.
    pub evidence: u32,
    /// Requests for a change that wait for an answer.
    pub asked: u32,
    /// Where the item's content comes from: `article`, `example` or a source.
    pub source: String,
}

/// One page of items.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemsOut {
    /// Items.
    pub items: Vec<ItemOut>,
    /// What to give as `after` for the next page; absent at the end.
    pub next: Option<String>,
}

/// A reported figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueOut {
    /// Item or part.
    pub code: String,
    /// Number among the figures of its code.
    pub rev: u64,
    /// The day up to which it counts.
    pub day: String,
    /// The figure.
    pub value: String,
    /// Always `R`: a reported figure, never a statutory one.
    pub grade: &'static str,
    /// The post that entered it.
    pub by: String,
    /// When.
    pub at: String,
    /// Where it comes from.
    pub note: String,
}

/// A request to change an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeOut {
    /// Number.
    pub no: String,
    /// The item.
    pub item: String,
    /// What it is about.
    pub what: What,
    /// What stood before.
    pub was: String,
    /// What is asked for.
    pub wish: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: ChangeState,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<String>,
    /// Number of the approving document.
    pub document: Option<String>,
    /// The answer in words.
    pub why: Option<String>,
}

/// An item in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetailOut {
    /// The item.
    pub item: ItemOut,
    /// What counts as done.
    pub criterion: Text,
    /// On what ground.
    pub basis: Text,
    /// Parts and nodes.
    pub tasks: Vec<TaskOut>,
    /// Findings of the decomposition checks.
    pub findings: Vec<FindingOut>,
    /// Reported figures, oldest first.
    pub values: Vec<ValueOut>,
    /// Requests for a change, newest first.
    pub changes: Vec<ChangeOut>,
}

/// One page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesOut {
    /// Requests, newest first.
    pub items: Vec<ChangeOut>,
    /// What to give as `after` for the next page; absent at the end.
    pub next: Option<String>,
}

/// A figure to report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueBody {
    /// The figure as a decimal text with at most four places.
    pub value: String,
    /// The day up to which it counts; today when absent.
    #[serde(default)]
    pub day: Option<String>,
    /// Where it comes from; needed when a cumulative figure falls.
    #[serde(default)]
    pub note: Option<String>,
    /// Grade; only `R` is taken.
    #[serde(default)]
    pub grade: Option<String>,
}

/// A change to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    /// What it is about.
    pub what: What,
    /// The new due day, criterion or target; left out for a cancellation.
    #[serde(default)]
    pub wish: String,
    /// Why.
    pub reason: String,
}

/// An answer to a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideBody {
    /// Approve, or refuse.
    pub approve: bool,
    /// Number of the approving document; the city's items need it.
    #[serde(default)]
    pub document: String,
    /// In words; a refusal needs them.
    #[serde(default)]
    pub why: String,
}

pub(super) fn figure(d: Option<kernel::money::Decimal>) -> Option<String> {
    d.map(|d| d.to_string())
}

pub(super) fn item_out(i: &ItemView) -> ItemOut {
    ItemOut {
        code: i.code.clone(),
        duty: i.duty.map(|id| id.to_string()),
        title: text(&i.title),
        punch: i.punch.to_string(),
        list: i.list.to_string(),
        lead: i.lead.to_string(),
        support: i.support.iter().map(ToString::to_string).collect(),
        patron: i.patron.to_string(),
        due: i.due.to_string(),
        due_first: i.due_original.map(|d| d.to_string()),
        light: light_code(i.light),
        behind: i.behind,
        why: text(&i.light_why),
        percent: figure(i.percent),
        mark: i.mark.to_string(),
        against: if i.against == Mark::Time { "time" } else { "target" },
        time: i.time_percent.to_string(),
        difference: figure(i.difference),
        overdue_workdays: i.overdue_workdays,
        value: figure(i.value),
        target: figure(i.target),
        unit: i.unit.as_ref().map(text),
        state: i.state.clone(),
        evidence: i.evidence,
        asked: i.asked,
        source: i.source.to_string(),
    }
}

pub(super) fn task_out(t: &TaskView) -> TaskOut {
    TaskOut {
        code: t.code.clone(),
        kind: if t.kind == TaskKind::Part { "part" } else { "node" },
        duty: t.duty.map(|id| id.to_string()),
        title: text(&t.title),
        lead: t.lead.to_string(),
        patron: t.patron.to_string(),
        due: t.due.to_string(),
        light: light_code(t.light),
        why: text(&t.light_why),
        percent: figure(t.percent),
        value: figure(t.value),
        target: figure(t.target),
        weight: figure(t.weight),
        state: t.state.code(),
    }
}

pub(super) fn value_out(v: &Value) -> ValueOut {
    ValueOut {
        code: v.code.to_string(),
        rev: v.rev,
        day: v.day.to_string(),
        value: v.value.to_string(),
        grade: "R",
        by: v.by.to_string(),
        at: v.at.rfc3339(),
        note: v.note.clone(),
    }
}

pub(super) fn change_out(c: &Change) -> ChangeOut {
    let decision = c.decision.as_ref();
    ChangeOut {
        no: c.no.to_string(),
        item: c.item.to_string(),
        what: c.what,
        was: c.was.clone(),
        wish: c.wish.clone(),
        reason: c.reason.clone(),
        state: c.state(),
        asked_by: c.asked_by.to_string(),
        asked_at: c.asked_at.rfc3339(),
        decided_by: decision.map(|d| d.by.to_string()),
        decided_at: decision.map(|d| d.at.rfc3339()),
        document: decision.map(|d| d.document.clone()).filter(|d| !d.is_empty()),
        why: decision.map(|d| d.why.clone()).filter(|w| !w.is_empty()),
    }
}

pub(super) fn detail_out(d: &Detail) -> Outcome<DetailOut> {
    let (view, item) = (d.view()?, d.item()?);
    let codes = std::iter::once(&item.code).chain(item.parts.iter().map(|p| &p.code));
    Ok(DetailOut {
        item: item_out(view),
        criterion: text(&d.criterion.0),
        basis: text(&item.basis),
        tasks: view.tasks.iter().map(task_out).collect(),
        findings: view
            .findings
            .iter()
            .map(|f| FindingOut { code: f.code, light: light_code(f.light), text: text(&f.words) })
            .collect(),
        values: codes.filter_map(|c| d.facts.values.get(c)).flatten().map(value_out).collect(),
        changes: d.changes().into_iter().map(change_out).collect(),
    })
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyBody {}
