//! One item in full: its view, figures, requests, evidence, and what this post may do with it.

use crate::act;
use crate::board::{self, Board, ItemView};
use crate::facts::Facts;
use crate::model::{Change, ChangeState, What};
use crate::rules::list_of;
use base::op::Op;
use base::{Common, Fault, Outcome};
use kernel::access::{Action, Resource};
use kernel::duty::{EvidenceKind, Ground};
use kernel::playbook::Item;
use kernel::{DutyId, FileId, Instant, PostCode, UnitCode, Words};
use std::sync::Arc;

/// A file of evidence.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The stored file.
    pub file: FileId,
    /// The duty that it was added to.
    pub duty: DutyId,
    /// Code of the item, node or part that it is about.
    pub code: String,
    /// Class.
    pub kind: EvidenceKind,
    /// Caption; empty for none.
    pub caption: String,
    /// Who added it.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// What the check found; none before it was checked.
    pub good: Option<bool>,
}

/// What a post may do with an item.
#[derive(Debug, Clone, Default)]
pub struct May {
    /// Codes that it may report figures of.
    pub report: Vec<String>,
    /// Sorts of change that it may ask for.
    pub ask: Vec<What>,
    /// Numbers of requests that it may answer.
    pub decide: Vec<String>,
    /// Numbers of approved cancellations that it may carry out.
    pub apply: Vec<String>,
}

/// One item in full.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The board that it stands on.
    pub board: Arc<Board>,
    /// Its place in [`Board::items`].
    pub place: usize,
    /// Figures and requests of the moment.
    pub facts: Arc<Facts>,
    /// Criterion in force, and the first one when it was changed.
    pub criterion: (Words, Option<Words>),
    /// Target as first set, when it was changed.
    pub first_target: Option<kernel::money::Decimal>,
    /// Grounds of its duty.
    pub ground: Vec<Ground>,
    /// Evidence of the item, its nodes and parts, newest first.
    pub proofs: Vec<Proof>,
    /// What this post may do.
    pub may: May,
}

impl Detail {
    /// Its view.
    pub fn view(&self) -> Outcome<&ItemView> {
        self.board.items.get(self.place).ok_or_else(|| Fault::broken("an item left its board"))
    }
    /// Its line of the playbook.
    pub fn item(&self) -> Outcome<&Item> {
        let code = &self.view()?.code;
        self.board.book.item(code).ok_or_else(|| Fault::broken("an item left its playbook"))
    }
    /// Its requests, newest first.
    pub fn changes(&self) -> Vec<&Change> {
        let code = self.board.items.get(self.place).map_or("", |v| v.code.as_str());
        self.facts.changes.iter().rev().filter(|c| c.item.as_str() == code).collect()
    }
}

/// An item as it was at `at`; a moment that is not past means now. Judges `plan.read`.
pub fn load(op: &mut Op<'_, '_>, code: &str, at: Instant) -> Outcome<Detail> {
    op.judge(Action::PlanRead, &Resource::new())?;
    let now = op.now();
    let (board, facts) = board::load_with_facts(op, at.min(now))?;
    let absent = || Common::NotFound { what: "item", given: code.to_owned() };
    let place = board.items.iter().position(|i| i.code == code).ok_or_else(absent)?;
    let item = board.book.item(code).ok_or_else(absent)?.clone();
    let view = board.items.get(place).ok_or_else(absent)?.clone();
    let changes: Vec<Change> = facts.changes_of(&item.code).cloned().collect();
    let (target, criterion) = act::in_force(&item, &changes);
    let first = item.measure.as_ref().and_then(|m| m.target);
    let may = if at < now { May::default() } else { may(op, &item, &view, &changes) };
    Ok(Detail {
        criterion: (criterion.clone(), (criterion != item.criterion).then(|| item.criterion.clone())),
        first_target: first.filter(|f| target != Some(*f)),
        ground: facts.duty(&item.code).map(|d| d.ground.clone()).unwrap_or_default(),
        proofs: proofs(&facts, &item),
        may,
        board: Arc::new(board),
        place,
        facts,
    })
}

fn proofs(facts: &Facts, item: &Item) -> Vec<Proof> {
    let codes = std::iter::once(&item.code)
        .chain(item.parts.iter().map(|p| &p.code))
        .chain(item.nodes.iter().map(|n| &n.code));
    let mut out: Vec<Proof> = codes
        .filter_map(|code| facts.duty(code))
        .flat_map(|duty| {
            duty.evidence.iter().map(|e| Proof {
                file: e.file,
                duty: duty.id,
                code: duty.no.clone(),
                kind: e.kind,
                caption: e.note.as_ref().map(ToString::to_string).unwrap_or_default(),
                by: e.by.clone(),
                at: e.at,
                good: e.check.as_ref().map(|c| c.good),
            })
        })
        .collect();
    out.sort_by_key(|p| std::cmp::Reverse((p.at, p.file)));
    out
}

fn may(op: &Op<'_, '_>, item: &Item, view: &ItemView, changes: &[Change]) -> May {
    let writes =
        |unit: &UnitCode| op.judge(Action::MeasureWriteR, &Resource::new().unit(unit).lead(unit)).is_ok();
    let open = |stage: kernel::duty::StateName| stage.is_open() && stage != kernel::duty::StateName::Draft;
    let mut may = May::default();
    if item.measure.is_some() {
        if open(view.stage) && writes(&view.lead) {
            may.report.push(view.code.clone());
        }
        let parts = view.tasks.iter().filter(|t| t.kind == board::TaskKind::Part);
        may.report.extend(parts.filter(|t| open(t.state) && writes(&t.lead)).map(|t| t.code.clone()));
    }
    let resource = Resource::new().list(list_of(item)).lead(&view.lead).unit(&view.lead);
    let own = op.actor().unit == view.lead;
    let planner = op.actor().has(kernel::access::Role::Planner);
    if open(view.stage) && (own || planner) && op.judge(Action::PlanPropose, &resource).is_ok() {
        let fits = |what: &What| match what {
            What::Due => own,
            What::Target => view.target.is_some(),
            What::Criterion | What::Cancel => true,
        };
        may.ask = What::ALL.into_iter().filter(fits).collect();
    }
    for change in changes {
        match change.state() {
            ChangeState::Asked if act::may_decide(op, item, change) => may.decide.push(change.no.to_string()),
            ChangeState::Approved if change.what == What::Cancel && act::may_apply(op, item) => {
                may.apply.push(change.no.to_string());
            }
            _ => {}
        }
    }
    may
}
