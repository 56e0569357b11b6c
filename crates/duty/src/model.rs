//! What lists of duties are made of: rows without bodies, filters, cursors.

use kernel::duty::{Duty, Priority, StateName, Visibility};
use kernel::light::{Light, deadline_light};
use kernel::{DutyId, Instant, Malformed, PostCode, UnitCode, Words};

/// A duty as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Identity.
    pub id: DutyId,
    /// Human number.
    pub no: String,
    /// Kind.
    pub kind: String,
    /// Title.
    pub title: String,
    /// State's code.
    pub state: String,
    /// Lead unit.
    pub lead: Option<UnitCode>,
    /// Handler's post.
    pub handler: Option<PostCode>,
    /// Unit that holds it.
    pub holder_unit: UnitCode,
    /// Post that holds it, when one is named.
    pub holder_post: Option<PostCode>,
    /// Patron.
    pub patron: Option<PostCode>,
    /// Registrar.
    pub registrar: PostCode,
    /// Parent.
    pub parent: Option<DutyId>,
    /// Place.
    pub place: Option<UnitCode>,
    /// 0 特急 to 3 一般.
    pub priority: i64,
    /// What the holder must meet next.
    pub due: Option<Instant>,
    /// When its light turns yellow.
    pub warn_at: Option<Instant>,
    /// Deferred or excluded time is running.
    pub paused: bool,
    /// Waits to be signed for.
    pub awaiting: bool,
    /// Latest reported progress in per cent.
    pub percent: Option<i64>,
    /// Round.
    pub round: i64,
    /// Highest rung reached.
    pub rung: i64,
    /// Somebody still owes something.
    pub open: bool,
    /// Moment of the last event.
    pub updated_at: Instant,
    /// Revision.
    pub rev: u64,
}

impl Summary {
    /// Its light at `now`, by the deadline policy.
    pub fn light(&self, now: Instant) -> Light {
        deadline_light(now, self.due, self.warn_at, self.paused, !self.open)
    }
}

/// What a list keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what is open.
    pub open_only: bool,
    /// Held by this unit.
    pub holder_unit: Option<UnitCode>,
    /// Of the unit's, only this post's and what nobody has taken.
    pub for_post: Option<PostCode>,
    /// Kind.
    pub kind: Option<String>,
    /// Lead unit.
    pub lead: Option<String>,
    /// Registrar.
    pub registrar: Option<String>,
    /// Patron.
    pub patron: Option<String>,
    /// State's code.
    pub state: Option<String>,
    /// `137` or `21`.
    pub list: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// Held by anybody but this unit.
    pub not_held_by: Option<UnitCode>,
    /// Waits to be signed for.
    pub awaiting: bool,
    /// Due before this moment.
    pub due_before: Option<Instant>,
    /// Its light is yellow at this moment: not yet due, but within the warning of its rule.
    pub warned_at: Option<Instant>,
    /// `true`: only supporting units' duties (协办); `false`: only what stands by itself (主办).
    pub supporting: Option<bool>,
}

/// How many duties of an inbox share these marks: one query counts what headline, segments and groups show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxCount {
    /// Kind.
    pub kind: String,
    /// Waits to be signed for.
    pub awaiting: bool,
    /// A supporting unit's duty.
    pub supporting: bool,
    /// When it is due.
    pub bucket: Bucket,
    /// How many.
    pub n: u64,
}

/// The groups of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// The moment has passed.
    Overdue,
    /// Later today.
    Today,
    /// Later this week, which ends on Sunday.
    Week,
    /// After this week, or without a due moment.
    Later,
}

/// The ends of the groups, as the district's calendar week has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Before it: overdue.
    pub now: Instant,
    /// Before it: today.
    pub tomorrow: Instant,
    /// Before it: this week.
    pub next_week: Instant,
}

impl Bounds {
    /// The bounds at `now`; weeks begin on Monday.
    pub fn at(now: Instant) -> Bounds {
        let today = now.day();
        let to_monday = 8 - i32::from(today.weekday());
        Bounds { now, tomorrow: today.plus(1).start(), next_week: today.plus(to_monday).start() }
    }
    /// The group of something due at `due`.
    pub fn bucket(&self, due: Option<Instant>) -> Bucket {
        match due {
            Some(due) if due < self.now => Bucket::Overdue,
            Some(due) if due < self.tomorrow => Bucket::Today,
            Some(due) if due < self.next_week => Bucket::Week,
            _ => Bucket::Later,
        }
    }
}

/// Where a page of a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Due moment in microseconds.
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

/// Whether everybody may see it.
pub fn is_public(duty: &Duty) -> bool {
    duty.visibility == Visibility::Public
}

/// The order of priorities in lists: 0 is the most urgent.
pub fn priority_rank(priority: Priority) -> i64 {
    match priority {
        Priority::Top => 0,
        Priority::Urgent => 1,
        Priority::Brisk => 2,
        Priority::General => 3,
    }
}

/// The stable name of a priority, as playbooks write it.
pub fn priority_code(priority: Priority) -> &'static str {
    match priority {
        Priority::Top => "top",
        Priority::Urgent => "urgent",
        Priority::Brisk => "brisk",
        Priority::General => "general",
    }
}

/// Whether it waits for its lead's signature.
pub fn awaits_signature(duty: &Duty) -> bool {
    duty.state.name() == StateName::Assigned
}
