//! What the plan adds to duties and playbook: reported figures and requests to change an item.

use kernel::money::Decimal;
use kernel::{Day, Instant, Malformed, PostCode, Slug, Words};
use serde::{Deserialize, Serialize};

/// A reported figure (调度数): what those who do the work say has been reached by the end of a day.
///
/// It is never a statutory figure: that is another book, which nobody in the chain of a target can write (D§4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Code of the item or of the part that it is about.
    pub code: Slug,
    /// Number of this figure among those of its code, from 1.
    pub rev: u64,
    /// The day up to which it counts.
    pub day: Day,
    /// When it was entered.
    pub at: Instant,
    /// The figure, in the unit of the item's measure; cumulative for amounts and counts.
    pub value: Decimal,
    /// The post that entered it.
    pub by: PostCode,
    /// Where it comes from, in words; empty for none.
    pub note: String,
}

/// What a change of an item is about (申请调整).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The due day.
    Due,
    /// What counts as done.
    Criterion,
    /// The figure to reach.
    Target,
    /// The item itself is to be struck off.
    Cancel,
}

impl What {
    /// Every sort, in the order of forms.
    pub const ALL: [What; 4] = [What::Due, What::Criterion, What::Target, What::Cancel];
    /// The code of columns, forms and the API.
    pub fn code(self) -> &'static str {
        match self {
            What::Due => "due",
            What::Criterion => "criterion",
            What::Target => "target",
            What::Cancel => "cancel",
        }
    }
    /// Parses the code that was given for `field`.
    pub fn parse(field: &str, given: &str) -> Result<What, Malformed> {
        What::ALL.into_iter().find(|what| what.code() == given.trim()).ok_or_else(|| {
            Malformed::new(
                "plan.change_what",
                field,
                given,
                Words::new("没有这类调整", "There is no such sort of change"),
                Words::new("请填due、criterion、target或cancel", "Use due, criterion, target or cancel"),
            )
        })
    }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it was approved.
    pub approved: bool,
    /// Who decided, or recorded the city's word.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// Number of the approving document; needed for the city's 137 (D§4.19), empty when none was given.
    pub document: String,
    /// In words; needed for a refusal.
    pub why: String,
}

/// A request to change an item, with its answer and, for a cancellation, its execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Number such as `Q-01-C1`.
    pub no: Slug,
    /// The item.
    pub item: Slug,
    /// What it is about.
    pub what: What,
    /// What stood before: a day, a text or a figure.
    pub was: String,
    /// What is asked for; empty for a cancellation.
    pub wish: String,
    /// Why.
    pub reason: String,
    /// The post that asks.
    pub asked_by: PostCode,
    /// When.
    pub asked_at: Instant,
    /// The answer; none while it waits.
    pub decision: Option<Decision>,
    /// For a cancellation: who struck the item off, and when.
    pub applied: Option<(PostCode, Instant)>,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Waits for an answer.
    Asked,
    /// Approved; in force, except for a cancellation that has not been carried out yet.
    Approved,
    /// Refused.
    Refused,
    /// A cancellation that was carried out.
    Applied,
}

impl ChangeState {
    /// The code of the column and the API.
    pub fn code(self) -> &'static str {
        match self {
            ChangeState::Asked => "asked",
            ChangeState::Approved => "approved",
            ChangeState::Refused => "refused",
            ChangeState::Applied => "applied",
        }
    }
}

impl Change {
    /// Where it stands.
    pub fn state(&self) -> ChangeState {
        match (&self.decision, &self.applied) {
            (_, Some(_)) => ChangeState::Applied,
            (None, None) => ChangeState::Asked,
            (Some(decision), None) if decision.approved => ChangeState::Approved,
            (Some(_), None) => ChangeState::Refused,
        }
    }
    /// The request as it stood at `at`; none when it had not been made.
    pub fn as_of(&self, at: Instant) -> Option<Change> {
        if self.asked_at > at {
            return None;
        }
        let mut then = self.clone();
        then.decision = then.decision.filter(|d| d.at <= at);
        then.applied = then.applied.filter(|(_, when)| *when <= at);
        Some(then)
    }
    /// What was granted, for a change of `what`.
    pub fn granted(&self, what: What) -> Option<&str> {
        let approved = self.decision.as_ref().is_some_and(|d| d.approved);
        (self.what == what && approved).then_some(self.wish.as_str())
    }
}
