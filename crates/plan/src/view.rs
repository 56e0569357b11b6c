//! What the board is made of: plain values that pages, the API and the cockpit draw.

use crate::check::Finding;
use crate::progress::{Mark, Origin};
use kernel::duty::StateName;
use kernel::light::{Counts, Light};
use kernel::money::Decimal;
use kernel::playbook::{Playbook, Source};
use kernel::{Day, DutyId, Instant, PostCode, Slug, UnitCode, Words};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a line is a part of the target or a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskKind {
    /// A share of the target (分解).
    Part,
    /// A step (节点).
    Node,
}

/// A part or a node of an item.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// Part or node.
    pub kind: TaskKind,
    /// Its duty; none before it was loaded.
    pub duty: Option<DutyId>,
    /// Code such as `Q-01-1`, `M-088-N1`.
    pub code: String,
    /// Title.
    pub title: Words,
    /// Who leads it.
    pub lead: UnitCode,
    /// Patron.
    pub patron: PostCode,
    /// Due day, as extended.
    pub due: Day,
    /// Light.
    pub light: Light,
    /// Rule and value.
    pub light_why: Words,
    /// Red by progress (滞后) rather than by date (逾期).
    pub behind: bool,
    /// Per cent; none without data.
    pub percent: Option<Decimal>,
    /// What it is compared with.
    pub mark: Decimal,
    /// Points ahead; negative when behind.
    pub difference: Option<Decimal>,
    /// Working days overdue.
    pub overdue_workdays: i32,
    /// Files of evidence.
    pub evidence: u32,
    /// Latest figure of a part.
    pub value: Option<Decimal>,
    /// Share of the target, for parts.
    pub target: Option<Decimal>,
    /// Share of the item in per cent, for nodes.
    pub weight: Option<Decimal>,
    /// State.
    pub state: StateName,
    /// Finished.
    pub done: bool,
    /// Where the line comes from.
    pub source: Source,
}

/// An item as boards show it.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// Its duty; none before the plan was loaded, or when it could not be.
    pub duty: Option<DutyId>,
    /// Code such as `Q-01`.
    pub code: String,
    /// Title.
    pub title: Words,
    /// Punch.
    pub punch: Slug,
    /// List: `city` or `district`.
    pub list: Slug,
    /// Lead unit, as the duty has it now.
    pub lead: UnitCode,
    /// Supporting units.
    pub support: Vec<UnitCode>,
    /// Patron.
    pub patron: PostCode,
    /// Due day, as extended.
    pub due: Day,
    /// Due day as first set, when an extension moved it.
    pub due_original: Option<Day>,
    /// The worse light of deadline and progress.
    pub light: Light,
    /// Rule and value behind it.
    pub light_why: Words,
    /// Red by progress: the light says 滞后; red by date says 逾期.
    pub behind: bool,
    /// What is shown as progress: per cent of the target, or the rate itself. None without data.
    pub percent: Option<Decimal>,
    /// What it is compared with, on the same scale: time, or the target for levels.
    pub mark: Decimal,
    /// Which of the two.
    pub against: Mark,
    /// Where the percentage comes from.
    pub origin: Origin,
    /// Linear time progress of the item's slice, in per cent.
    pub time_percent: Decimal,
    /// Points ahead of the mark; negative when behind.
    pub difference: Option<Decimal>,
    /// Per cent of the target reached, 0 to 100.
    pub completion: Option<Decimal>,
    /// Working days overdue; 0 when it is not.
    pub overdue_workdays: i32,
    /// Files of evidence, those of its parts and nodes included.
    pub evidence: u32,
    /// State's code, such as `in_progress`.
    pub state: String,
    /// State.
    pub stage: StateName,
    /// Finished.
    pub done: bool,
    /// Where the item's content comes from.
    pub source: Source,
    /// Points of its punch.
    pub weight: Decimal,
    /// Latest progress note.
    pub last_note: Option<(Instant, String)>,
    /// Latest figure: its own, else the sum of its parts' figures.
    pub value: Option<Decimal>,
    /// Figure to reach, as changed.
    pub target: Option<Decimal>,
    /// Unit of the measure.
    pub unit: Option<Words>,
    /// Parts and nodes, in order.
    pub tasks: Vec<TaskView>,
    /// Nodes finished.
    pub nodes_done: u32,
    /// Nodes in all.
    pub nodes: u32,
    /// Parts in all.
    pub parts: u32,
    /// Findings of the decomposition checks, gravest first.
    pub findings: Vec<Finding>,
    /// Requests that wait for an answer.
    pub asked: u32,
}

/// A punch as boards show it.
#[derive(Debug, Clone)]
pub struct PunchView {
    /// Code.
    pub code: Slug,
    /// The numeral: 壹, 贰, 叁.
    pub mark: String,
    /// Name.
    pub title: Words,
    /// The line below it.
    pub slogan: Words,
    /// Its items by light.
    pub lights: Counts,
    /// Its items by list code.
    pub lists: BTreeMap<Slug, u32>,
    /// Weighted completion of its items in per cent; an item without data counts as 0.
    pub percent: Option<Decimal>,
    /// Weighted time progress of its items.
    pub time_percent: Decimal,
    /// Place in [`Board::items`] of its worst item; none when nothing is red or yellow.
    pub worst: Option<usize>,
    /// Files of evidence.
    pub evidence: u32,
    /// Where the line comes from.
    pub source: Source,
}

/// The plan at one moment.
#[derive(Debug, Clone)]
pub struct Board {
    /// The moment.
    pub at: Instant,
    /// The year of the plan.
    pub year: i16,
    /// The playbook in force then.
    pub book: Arc<Playbook>,
    /// Items in the order of their codes.
    pub items: Vec<ItemView>,
    /// Punches in the order of the playbook.
    pub punches: Vec<PunchView>,
    /// All items by light.
    pub lights: Counts,
    /// All items by list code.
    pub lists: BTreeMap<Slug, u32>,
    /// Weighted completion of the whole plan.
    pub percent: Option<Decimal>,
    /// Weighted time progress of the whole plan.
    pub time_percent: Decimal,
    /// Items whose decomposition asks for something.
    pub findings: u32,
    /// Requests that wait for an answer.
    pub asked: u32,
    /// Items without any data on progress, which count as 0.
    pub no_data: u32,
}
