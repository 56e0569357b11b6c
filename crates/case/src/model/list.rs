//! What lists of cases are made of: rows without bodies, filters, cursors; and what a page offers.

use super::CaseId;
use super::vocab::{Act, Stage};
use kernel::cases::{CaseKind, Channel, Grade, Urgency};
use kernel::{DutyId, Instant, Malformed, UnitCode, Words};

/// A case as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Identity.
    pub id: CaseId,
    /// Number.
    pub no: String,
    /// Title.
    pub title: String,
    /// Channel.
    pub channel: Channel,
    /// Kind.
    pub kind: CaseKind,
    /// Category's code.
    pub category: Option<String>,
    /// Urgency.
    pub urgency: Urgency,
    /// Community or street.
    pub place: Option<UnitCode>,
    /// Address.
    pub address: Option<String>,
    /// Lead unit.
    pub unit: Option<UnitCode>,
    /// Stage.
    pub stage: Stage,
    /// Somebody still owes something.
    pub open: bool,
    /// When it was received.
    pub received_at: Instant,
    /// What its holder must meet next.
    pub due: Option<Instant>,
    /// When it was answered.
    pub replied_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Since when it is deferred.
    pub deferred_at: Option<Instant>,
    /// Grade of the present round.
    pub grade: Option<Grade>,
    /// Class of its exclusion.
    pub excluded: Option<String>,
    /// Confidential petitioner.
    pub confidential: bool,
    /// Many people, one matter.
    pub hot: bool,
    /// The case that it is linked to.
    pub parent: Option<CaseId>,
    /// Linked cases.
    pub links: u32,
    /// Round.
    pub round: u32,
    /// Revision.
    pub rev: u64,
}

impl Summary {
    /// Whether the moment `now` is past what the holder must meet.
    pub fn is_late(&self, now: Instant) -> bool {
        self.open && self.due.is_some_and(|due| now > due)
    }
}

/// What a list keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these; empty means all.
    pub ids: Vec<CaseId>,
    /// Stages; empty means all.
    pub stages: Vec<Stage>,
    /// Only what is open.
    pub open_only: bool,
    /// Lead unit.
    pub unit: Option<UnitCode>,
    /// Place, exactly.
    pub place: Option<UnitCode>,
    /// Category's code, with those below it when their codes begin with it.
    pub category: Option<String>,
    /// Channel.
    pub channel: Option<Channel>,
    /// Kind.
    pub kind: Option<CaseKind>,
    /// Urgency.
    pub urgency: Option<Urgency>,
    /// Received from.
    pub from: Option<Instant>,
    /// Received before.
    pub until: Option<Instant>,
    /// Due before this moment.
    pub due_before: Option<Instant>,
    /// Only hot ones.
    pub hot: bool,
    /// Linked to this case.
    pub parent: Option<CaseId>,
    /// Scored in this month, such as 201908.
    pub month: Option<u32>,
    /// A figure of the board of rates: only the cases that it counts; with `month`.
    pub figure: Option<crate::rates::Figure>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// What is due first, first; only for open cases of one unit or of the queue.
    Due,
}

/// Where a page of a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Due moment in microseconds; 0 in lists by age.
    pub due: i64,
    /// Id.
    pub id: DutyId,
}

impl Cursor {
    /// The text of links: `{due}_{id}`.
    pub fn text(self) -> String {
        format!("{}_{}", self.due, self.id)
    }
    /// Reads the text of a link.
    ///
    /// # Errors
    /// When it is not one of ours.
    pub fn parse(given: &str) -> Result<Cursor, Malformed> {
        let bad = || {
            Malformed::new(
                "page.cursor",
                "after",
                given,
                Words::new("翻页位置无效", "The page position is not valid"),
                Words::new("请从第一页重新打开", "Open the first page again"),
            )
        };
        let (due, id) = given.split_once('_').ok_or_else(bad)?;
        Ok(Cursor { due: due.parse().map_err(|_| bad())?, id: id.parse().map_err(|_| bad())? })
    }
}

/// What a board counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Unit.
    Unit,
    /// Category.
    Category,
    /// Month.
    Month,
}

/// One act as a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The act.
    pub act: Act,
    /// Why not now: reason and next step; none when it is open.
    pub blocked: Option<(Words, Words)>,
}
