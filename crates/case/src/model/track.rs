//! What the petitioner is told: the receipt of a filing, and the truth at every stage after it.

use super::CaseId;
use super::vocab::{Act, MessageKind, Stage};
use base::op::Stub;
use kernel::cases::Grade;
use kernel::duty::{OutcomeClass, Solved};
use kernel::text::Body;
use kernel::{Day, Instant, UnitCode, Words};

/// Who holds it, until when, and why: computed from the clock's rule, never promised by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The unit that holds it now.
    pub unit: UnitCode,
    /// Its name.
    pub unit_name: Words,
    /// Answered at the latest; none when its rule has no main limit.
    pub by: Option<Instant>,
    /// Dispatched at the latest, while it is not.
    pub dispatched_by: Option<Instant>,
    /// Each step in words: who does what until when, by which rule.
    pub steps: Vec<Words>,
}

/// A filing that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The case.
    pub case: CaseId,
    /// Its number, with the district's code.
    pub no: String,
    /// The query code, told here and never again; none when the filing had been made before.
    pub code: Option<String>,
    /// The promise.
    pub promise: Promise,
    /// What a receipt is signed over; none when the filing had been made before.
    pub stub: Option<Stub>,
    /// What to do first when life or property is in danger, for categories that may mean it.
    pub emergency: Option<Words>,
    /// The same source and number had been filed before; this is that case.
    pub again: bool,
}

/// A reply as the petitioner reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackReply {
    /// What came of it.
    pub outcome: OutcomeClass,
    /// The words.
    pub text: Body,
    /// The unit that answered.
    pub unit: Option<Words>,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// The petitioner's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub no: String,
    /// What was asked, masked.
    pub title: String,
    /// The words, masked.
    pub text: String,
    /// When it was received.
    pub received_at: Instant,
    /// The stage; for a linked case that of the one that is handled.
    pub stage: Stage,
    /// True when it is handled together with another; its number is not told.
    pub together: bool,
    /// Who holds it, until when, and why; none when it is finished.
    pub promise: Option<Promise>,
    /// Why it waits, for a deferral: reason, plan and day of review.
    pub deferred: Option<(Words, Day)>,
    /// What happened, oldest first: in words without names of persons.
    pub story: Vec<(Instant, Words)>,
    /// Replies, oldest first.
    pub replies: Vec<TrackReply>,
    /// Where it left the road, in words.
    pub end: Option<Words>,
    /// The petitioner's own rating.
    pub rating: Option<(Solved, Grade, Instant)>,
    /// Own further words.
    pub messages: Vec<(MessageKind, String, Instant)>,
    /// What the petitioner can do now.
    pub can: Vec<Act>,
    /// How often the contact was revealed to staff.
    pub reveals: u32,
    /// The revision, for forms.
    pub rev: u64,
}
