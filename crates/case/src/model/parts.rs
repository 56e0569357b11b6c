//! The parts of a case.

use super::CaseId;
use super::vocab::{ContactWay, Element, EmergencyLine, LeftOut, MessageKind, RefusalGround};
use kernel::cases::{CaseKind, Channel, Grade, Urgency};
use kernel::duty::{OutcomeClass, Sha256Hex, Solved};
use kernel::text::{Body, Remark, Title};
use kernel::{FileId, Instant, PostCode, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A point on the map in millionths of a degree (WGS 84), exact so that bodies compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude × 1,000,000.
    pub lat: i32,
    /// Longitude × 1,000,000.
    pub lon: i32,
}

impl Point {
    /// From degrees; `None` when they are no place on Earth.
    pub fn of(lat: f64, lon: f64) -> Option<Point> {
        let micro = |x: f64, most: f64| {
            let text = (x.is_finite() && x.abs() <= most).then(|| format!("{:.0}", x * 1e6))?;
            text.parse::<i32>().ok()
        };
        Some(Point { lat: micro(lat, 90.0)?, lon: micro(lon, 180.0)? })
    }
    /// Degrees of latitude and longitude.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat) / 1e6, f64::from(self.lon) / 1e6)
    }
}

/// Where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRef {
    /// Community or street; none when the petitioner does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// Road, number, estate, building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Title>,
    /// On the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
}

/// A file of the petitioner, admitted before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The stored file.
    pub file: FileId,
    /// Hash of its bytes.
    pub sha256: Sha256Hex,
    /// Media type as detected.
    pub mime: String,
}

/// What was asked: no contact data in clear, also not inside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// Channel.
    pub channel: Channel,
    /// Kind of appeal.
    pub kind: CaseKind,
    /// Category; none until somebody classifies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Slug>,
    /// Urgency: decides the clock.
    pub urgency: Urgency,
    /// Place.
    #[serde(default)]
    pub place: PlaceRef,
    /// One line, made of the text when none was given.
    pub title: Title,
    /// The words, with numbers that identify a person masked.
    pub text: Body,
    /// What the petitioner wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes: Option<Remark>,
    /// The unit complained about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<UnitCode>,
    /// Answers to the category's questions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// No name was given.
    #[serde(default, skip_serializing_if = "is_false")]
    pub anonymous: bool,
    /// The petitioner asked for confidential handling.
    #[serde(default, skip_serializing_if = "is_false")]
    pub confidential: bool,
    /// There is a sealed contact.
    #[serde(default, skip_serializing_if = "is_false")]
    pub contactable: bool,
    /// Made by staff or from an internal network (D§15.8).
    #[serde(default, skip_serializing_if = "is_false")]
    pub staff: bool,
    /// The number that it has elsewhere: source and key, for imports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_key: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(b: &bool) -> bool {
    !*b
}

/// How a case left the road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case", deny_unknown_fields)]
pub enum End {
    /// Answered at once; only consultations are (D§B.1 row 2).
    Answered {
        /// The knowledge article that was used.
        article: Option<Remark>,
        /// The answer.
        text: Body,
        /// When.
        at: Instant,
    },
    /// Life or property in danger: handed over at once.
    HandedOver {
        /// To which line.
        line: EmergencyLine,
        /// What was said there.
        note: Remark,
        /// When.
        at: Instant,
    },
    /// Not accepted.
    Refused {
        /// Class.
        ground: RefusalGround,
        /// Why, in words for the petitioner.
        reason: Remark,
        /// The other route that was told.
        route: Remark,
        /// When.
        at: Instant,
    },
    /// Withdrawn by the petitioner.
    Withdrawn {
        /// Why.
        why: Remark,
        /// When.
        at: Instant,
    },
}

/// A contact with the petitioner, or a try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactNote {
    /// How.
    pub way: ContactWay,
    /// Whether the petitioner was spoken to.
    pub reached: bool,
    /// What was said.
    pub note: Remark,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// The four elements, as the handler gave them.
pub type Elements = BTreeSet<Element>;

/// A reply to the petitioner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// What came of it; apart from whether it was in time.
    pub outcome: OutcomeClass,
    /// What the petitioner reads.
    pub public: Body,
    /// What only staff reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal: Option<Body>,
    /// Elements that the handler says are in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub elements: Elements,
    /// The case whose reply this repeats, for a linked one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<CaseId>,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// An audit of a reply (审单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Whether it passed.
    pub passed: bool,
    /// What is lacking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Remark>,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// An attempt to call back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallBack {
    /// Whether the petitioner was reached.
    pub reached: bool,
    /// Whether this was the last attempt that the rules ask for.
    #[serde(default, skip_serializing_if = "is_false")]
    pub gave_up: bool,
    /// A blind second call by another post, to a case of the sample (D§15.6).
    #[serde(default, skip_serializing_if = "is_false")]
    pub second: bool,
    /// Whether the petitioner says that somebody had spoken to him or her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Whether it is solved, in the petitioner's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// The grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// What the petitioner says by the own channel, without a default (D§15.19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Whether somebody had spoken to him or her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Whether it is solved.
    pub solved: Solved,
    /// The grade.
    pub grade: Grade,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Remark>,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// Further words of the petitioner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What sort.
    pub kind: MessageKind,
    /// The words, masked like the filing's.
    pub text: Remark,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// When.
    pub at: Instant,
    /// The round.
    pub round: u32,
}

/// What the case adds to a deferral (挂账) of its duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deferral {
    /// The hotline's consent; the district's is the duty's grant (D§B.1 row 14).
    pub endorsed: Ruling,
    /// The petitioner's objection, waiting for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Instant>,
    /// The round.
    pub round: u32,
}

/// A decision in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// Yes or no.
    pub granted: bool,
    /// Ground.
    pub ground: Remark,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
}

/// An exclusion (剔除) from the rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Class, as the playbook lists them.
    pub class: Slug,
    /// Why, with the ground.
    pub evidence: Remark,
    /// Files that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Who proposes.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The panel's decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Ruling>,
    /// The appeal against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<ExclusionAppeal>,
    /// The round.
    pub round: u32,
}

/// An appeal against the panel's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionAppeal {
    /// Why.
    pub ground: Remark,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The final decision, by somebody else than the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Ruling>,
}

impl Exclusion {
    /// Whether it waits for the panel.
    pub fn pending(&self) -> bool {
        match (&self.decided, &self.appeal) {
            (None, _) => true,
            (Some(_), Some(appeal)) => appeal.decided.is_none(),
            (Some(_), None) => false,
        }
    }
    /// Whether it is excluded as things stand; the first decision holds until an appeal overturns it.
    pub fn granted(&self) -> bool {
        let last = self.appeal.as_ref().and_then(|appeal| appeal.decided.as_ref()).or(self.decided.as_ref());
        last.is_some_and(|ruling| ruling.granted)
    }
}

/// A look at a finished case (回头看).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookBack {
    /// Which of the playbook's days, such as 30 or 90.
    pub day: u32,
    /// What was found.
    pub solved: Solved,
    /// In words.
    pub note: Remark,
    /// Who.
    pub by: PostCode,
    /// When.
    pub at: Instant,
    /// The round that was looked at.
    pub round: u32,
}

/// What a finished round counts for in the three rates. It carries every fact that the counters need, so that a rate
/// can be added up again from marks alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The round.
    pub round: u32,
    /// The month in which the call-back closed: 201908.
    pub month: u32,
    /// The unit that answered.
    pub unit: UnitCode,
    /// Category at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Slug>,
    /// Whether the petitioner was spoken to in time; `None` when no contact limit applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responded: Option<bool>,
    /// Whether the reply met the main limit; shown beside, in none of the three rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
    /// Whether it is in the base of solved and satisfied: reached, and of a kind and category that count.
    pub valid: bool,
    /// Whether it is solved.
    pub solved: Solved,
    /// The grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// By the petitioner's own channel.
    pub own: bool,
    /// The class of its exclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Slug>,
    /// Why it is in no base at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
    /// A later look-back or recurrence found it not solved (D§15.7).
    #[serde(default, skip_serializing_if = "is_false")]
    pub reduced: bool,
    /// When it was scored.
    pub at: Instant,
}
