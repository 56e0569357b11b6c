//! How whistles say no: every refusal with its reason and next step, Chinese and English, in one `match`.

use super::vocab::{Act, Sheet, Side, Stage};
use kernel::money::Decimal;
use kernel::text::Lang;
use kernel::{Day, Instant, Kind, Refuse, Slug, UnitCode};

/// Why something about a whistle is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the values that the words below name")]
pub enum WhistleRefusal {
    /// The district's playbook has no whistles.
    NoRules {},
    /// The place belongs to no street of the district.
    OutsideDistrict { given: UnitCode },
    /// The place is a whole street: a community's secretary must be near enough to ask the resident.
    PlaceTooWide { given: UnitCode },
    /// More photos than a need may carry.
    TooManyPhotos { n: usize, max: usize },
    /// A photo that is no picture.
    NotAPicture { name: String },
    /// The page is out of date.
    Stale { given: u64, now: u64 },
    /// The stage does not admit the act.
    WrongStage { act: Act, stage: Stage },
    /// Only the street's secretary may.
    StreetOnly { act: Act, street: UnitCode },
    /// The acting unit was not called.
    NotCalled { unit: UnitCode },
    /// Nobody asked the resident.
    ResidentNotAsked {},
    /// No such type.
    UnknownType { given: Slug },
    /// No department was named.
    NoCalls {},
    /// More departments than one whistle may call.
    TooManyCalls { n: usize, max: usize },
    /// The unit is no department of the district.
    NotADepartment { unit: UnitCode },
    /// The same department twice.
    CalledTwice { unit: UnitCode },
    /// A department without an entry of the duty lists.
    NoEntry { unit: UnitCode },
    /// No such entry.
    UnknownEntry { given: Slug },
    /// By the entry the matter is another unit's.
    EntryElsewhere { entry: Slug, unit: UnitCode, owner: Option<UnitCode> },
    /// Acknowledged already.
    AckedAlready {},
    /// Not acknowledged yet.
    NotAcked {},
    /// Its dispute waits for a ruling.
    Disputed {},
    /// It disputed once already; a ruling binds.
    DisputeSpent {},
    /// In an emergency one comes first and disputes then.
    DisputeBeforeArrival {},
    /// After arrival it is too late to dispute.
    DisputeLate {},
    /// The cited entry is the one that is disputed.
    SameEntry { entry: Slug },
    /// No dispute waits.
    NothingToRule { unit: UnitCode },
    /// The cited entry names no other unit.
    NoTarget { entry: Slug },
    /// Somebody came already who may decide.
    MusteredAlready {},
    /// The post belongs to another unit.
    PostElsewhere { unit: UnitCode },
    /// A post without the power to decide says that it may, and not by whom.
    AuthorityNeeded {},
    /// Nobody of the department came who may decide.
    NotMustered {},
    /// A plan without tasks.
    NoTasks {},
    /// More tasks than a plan may have.
    TooManyTasks { n: usize, max: usize },
    /// A task for a unit that was not called.
    TaskElsewhere { unit: UnitCode },
    /// A task's day has passed.
    TaskPast { due: Day },
    /// There is a plan already.
    PlannedAlready {},
    /// No plan yet.
    NoPlan {},
    /// Reported already.
    DoneAlready {},
    /// The lead cannot be released.
    ReleaseLead {},
    /// This side gave its word already.
    WordGiven { side: Side },
    /// Street's and resident's word by one post.
    OneHand {},
    /// A sheet that is filled in already.
    ScoredAlready { sheet: Sheet },
    /// An item that is not on the sheet.
    UnknownItem { given: Slug },
    /// An item that is computed from what happened.
    ComputedItem { item: Slug },
    /// An item without points.
    ItemMissing { item: Slug },
    /// Points outside nought and the full points.
    PointsOutside { item: Slug, most: Decimal },
    /// No sheet yet.
    NotScored {},
    /// Contested already.
    ContestedAlready {},
    /// No contest waits.
    NothingToSettle {},
    /// The act is done on the whistle's page, not on the duty's.
    UseWhistlePage { act: Act },
    /// A dispute must be ruled on by when; shown when a release would go round it.
    RulingPending { until: Instant },
}
base::refusals!(WhistleRefusal);

use WhistleRefusal as W;

impl Refuse for WhistleRefusal {
    fn code(&self) -> &'static str {
        match self {
            W::NoRules {} => "whistle.no_rules",
            W::OutsideDistrict { .. } => "whistle.outside_district",
            W::PlaceTooWide { .. } => "whistle.place_too_wide",
            W::TooManyPhotos { .. } => "whistle.too_many_photos",
            W::NotAPicture { .. } => "whistle.not_a_picture",
            W::Stale { .. } => "whistle.stale",
            W::WrongStage { .. } => "whistle.wrong_stage",
            W::StreetOnly { .. } => "whistle.street_only",
            W::NotCalled { .. } => "whistle.not_called",
            W::ResidentNotAsked {} => "whistle.resident_not_asked",
            W::UnknownType { .. } => "whistle.unknown_type",
            W::NoCalls {} => "whistle.no_calls",
            W::TooManyCalls { .. } => "whistle.too_many_calls",
            W::NotADepartment { .. } => "whistle.not_a_department",
            W::CalledTwice { .. } => "whistle.called_twice",
            W::NoEntry { .. } => "whistle.no_entry",
            W::UnknownEntry { .. } => "whistle.unknown_entry",
            W::EntryElsewhere { .. } => "whistle.entry_elsewhere",
            W::AckedAlready {} => "whistle.acked_already",
            W::NotAcked {} => "whistle.not_acked",
            W::Disputed {} => "whistle.disputed",
            W::DisputeSpent {} => "whistle.dispute_spent",
            W::DisputeBeforeArrival {} => "whistle.dispute_before_arrival",
            W::DisputeLate {} => "whistle.dispute_late",
            W::SameEntry { .. } => "whistle.same_entry",
            W::NothingToRule { .. } => "whistle.nothing_to_rule",
            W::NoTarget { .. } => "whistle.no_target",
            W::MusteredAlready {} => "whistle.mustered_already",
            W::PostElsewhere { .. } => "whistle.post_elsewhere",
            W::AuthorityNeeded {} => "whistle.authority_needed",
            W::NotMustered {} => "whistle.not_mustered",
            W::NoTasks {} => "whistle.no_tasks",
            W::TooManyTasks { .. } => "whistle.too_many_tasks",
            W::TaskElsewhere { .. } => "whistle.task_elsewhere",
            W::TaskPast { .. } => "whistle.task_past",
            W::PlannedAlready {} => "whistle.planned_already",
            W::NoPlan {} => "whistle.no_plan",
            W::DoneAlready {} => "whistle.done_already",
            W::ReleaseLead {} => "whistle.release_lead",
            W::WordGiven { .. } => "whistle.word_given",
            W::OneHand {} => "whistle.one_hand",
            W::ScoredAlready { .. } => "whistle.scored_already",
            W::UnknownItem { .. } => "whistle.unknown_item",
            W::ComputedItem { .. } => "whistle.computed_item",
            W::ItemMissing { .. } => "whistle.item_missing",
            W::PointsOutside { .. } => "whistle.points_outside",
            W::NotScored {} => "whistle.not_scored",
            W::ContestedAlready {} => "whistle.contested_already",
            W::NothingToSettle {} => "whistle.nothing_to_settle",
            W::UseWhistlePage { .. } => "whistle.use_whistle_page",
            W::RulingPending { .. } => "whistle.ruling_pending",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            W::Stale { .. }
            | W::WrongStage { .. }
            | W::AckedAlready {}
            | W::MusteredAlready {}
            | W::PlannedAlready {}
            | W::DoneAlready {}
            | W::WordGiven { .. }
            | W::ScoredAlready { .. }
            | W::ContestedAlready {}
            | W::UseWhistlePage { .. } => Kind::Conflict,
            W::StreetOnly { .. } | W::NotCalled { .. } | W::OneHand {} => Kind::Forbidden,
            W::TooManyPhotos { .. } | W::TooManyCalls { .. } | W::TooManyTasks { .. } => Kind::Invalid,
            W::NotAPicture { .. } => Kind::Unsupported,
            _ => Kind::Rule,
        }
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            W::OutsideDistrict { .. } | W::PlaceTooWide { .. } => "place",
            W::TooManyPhotos { .. } | W::NotAPicture { .. } => "photos",
            W::Stale { .. } => "rev",
            W::ResidentNotAsked {} => "resident",
            W::UnknownType { .. } => "kind",
            W::NoCalls {} | W::TooManyCalls { .. } => "calls",
            W::NotADepartment { .. } | W::CalledTwice { .. } | W::TaskElsewhere { .. } => "unit",
            W::NoEntry { .. } | W::UnknownEntry { .. } | W::EntryElsewhere { .. } => "entry",
            W::SameEntry { .. } => "cited",
            W::NoTarget { .. } => "to",
            W::PostElsewhere { .. } => "post",
            W::AuthorityNeeded {} => "authority",
            W::NoTasks {} | W::TooManyTasks { .. } => "tasks",
            W::TaskPast { .. } => "due",
            W::OneHand {} | W::WordGiven { .. } => "side",
            W::UnknownItem { given: item }
            | W::ComputedItem { item }
            | W::ItemMissing { item }
            | W::PointsOutside { item, .. } => item.as_str(),
            _ => return None,
        })
    }
    fn value(&self) -> Option<String> {
        Some(match self {
            W::OutsideDistrict { given: unit }
            | W::PlaceTooWide { given: unit }
            | W::NotCalled { unit }
            | W::NotADepartment { unit }
            | W::CalledTwice { unit }
            | W::NoEntry { unit }
            | W::NothingToRule { unit }
            | W::PostElsewhere { unit }
            | W::TaskElsewhere { unit }
            | W::StreetOnly { street: unit, .. } => unit.to_string(),
            W::UnknownType { given }
            | W::UnknownEntry { given }
            | W::UnknownItem { given }
            | W::SameEntry { entry: given }
            | W::NoTarget { entry: given }
            | W::EntryElsewhere { entry: given, .. }
            | W::ComputedItem { item: given }
            | W::ItemMissing { item: given }
            | W::PointsOutside { item: given, .. } => given.to_string(),
            W::TooManyPhotos { n, .. } | W::TooManyCalls { n, .. } | W::TooManyTasks { n, .. } => {
                n.to_string()
            }
            W::NotAPicture { name } => kernel::refusal::clip(name),
            W::Stale { given, .. } => given.to_string(),
            W::TaskPast { due } => due.to_string(),
            W::RulingPending { until } => until.minute_text(),
            _ => return None,
        })
    }
    fn reason(&self, lang: Lang) -> String {
        super::words::reason(self, lang)
    }
    fn next(&self, lang: Lang) -> String {
        super::words::next(self, lang)
    }
}
