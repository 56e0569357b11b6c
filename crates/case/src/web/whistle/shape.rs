//! The JSON of whistles: what programs read and send. Moments are RFC 3339 with the district's offset.

use crate::whistle::act::Offer;
use crate::whistle::band::{Basis, Measure};
use crate::whistle::board::Board;
use crate::whistle::command::Command;
use crate::whistle::model::{CallAsk, Whistle};
use crate::whistle::store::Summary;
use crate::whistle::vocab::{Found, Level, Stage};
use kernel::text::{Body, Remark, Title};
use kernel::{DutyId, Refuse, Slug, UnitCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A whistle as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhistleLine {
    /// Id; also the id of its duty.
    id: String,
    /// Human number.
    no: String,
    /// Title.
    title: String,
    /// Stage.
    stage: Stage,
    /// Whether somebody still owes something.
    open: bool,
    /// Type of the playbook, once sounded.
    kind: Option<String>,
    /// Street.
    street: String,
    /// Community, or the street itself.
    place: String,
    /// Leading department.
    lead: Option<String>,
    /// Departments called.
    calls: i64,
    /// Limits that departments let pass.
    misses: i64,
    /// With the leader in charge.
    escalated: bool,
    /// On the list of the quarterly session since.
    quarterly: Option<String>,
    /// When the need was raised.
    raised_at: String,
    /// When it was sounded.
    sounded_at: Option<String>,
}

impl From<&Summary> for WhistleLine {
    fn from(row: &Summary) -> WhistleLine {
        WhistleLine {
            id: row.id.to_string(),
            no: row.no.clone(),
            title: row.title.clone(),
            stage: row.stage,
            open: row.stage.is_open(),
            kind: row.kind.clone(),
            street: row.street.to_string(),
            place: row.place.to_string(),
            lead: row.lead.as_ref().map(ToString::to_string),
            calls: row.calls,
            misses: row.misses,
            escalated: row.escalated,
            quarterly: row.quarterly.map(kernel::Instant::rfc3339),
            raised_at: row.raised.rfc3339(),
            sounded_at: row.sounded.map(kernel::Instant::rfc3339),
        }
    }
}

/// A page of whistles, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhistlePage {
    /// Rows.
    pub(super) items: Vec<WhistleLine>,
    /// `after` of the next page.
    pub(super) next: Option<String>,
}

/// An act that is open, or why it is not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferOut {
    /// The act.
    act: &'static str,
    /// Why it is not open now; a stable code.
    blocked: Option<&'static str>,
}

/// A whistle whole.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WhistleFull {
    /// Stage.
    stage: Stage,
    /// Revision, for `rev` of the next command.
    rev: u64,
    /// Need, calls with acknowledgements, arrivals, disputes, misses, scores; plan, words, escalation, end. Moments in it
    /// are microseconds since 1970; `calls[].duty` and `plan.tasks[].duty` are ids of duties.
    #[schema(value_type = Object)]
    whistle: Value,
    /// What the asking post may do.
    offers: Vec<OfferOut>,
}

impl WhistleFull {
    /// Of a whistle and what may be done to it.
    pub(super) fn of(whistle: &Whistle, offers: &[Offer]) -> Result<WhistleFull, serde_json::Error> {
        let offers = offers
            .iter()
            .map(|offer| OfferOut {
                act: offer.act.code(),
                blocked: offer.blocked.as_ref().map(Refuse::code),
            })
            .collect();
        let (stage, rev) = (whistle.stage(), whistle.rev);
        Ok(WhistleFull { stage, rev, whistle: serde_json::to_value(whistle)?, offers })
    }
}

/// What an act left behind; `receipts` are added when it is answered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Acted {
    /// Id.
    pub(super) id: String,
    /// Human number.
    pub(super) no: String,
    /// Stage.
    pub(super) stage: Stage,
    /// Revision.
    pub(super) rev: u64,
}

impl From<&Whistle> for Acted {
    fn from(whistle: &Whistle) -> Acted {
        let (id, no) = (whistle.id.to_string(), whistle.no.clone());
        Acted { id, no, stage: whistle.stage(), rev: whistle.rev }
    }
}

/// A whistle sounded together with its need.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SoundBody {
    /// Type of the playbook.
    #[schema(value_type = String)]
    pub(super) kind: Slug,
    /// What is asked of all.
    #[schema(value_type = String)]
    pub(super) ask: Remark,
    /// `{"unit":"swu","entry":"S-020"}`; the first one leads.
    #[schema(value_type = Vec<Object>)]
    pub(super) calls: Vec<CallAsk>,
}

/// A need, or a need and its whistle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RaiseBody {
    /// Title.
    #[schema(value_type = String)]
    pub(super) title: Title,
    /// Street or community.
    #[schema(value_type = String)]
    pub(super) place: UnitCode,
    /// The spot in words.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) spot: Option<Remark>,
    /// What is the matter.
    #[schema(value_type = String)]
    pub(super) text: Body,
    /// What was tried on the spot.
    #[schema(value_type = String)]
    pub(super) tried: Remark,
    /// How it came to be known.
    pub(super) found: Found,
    /// The request that it came from.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) case: Option<DutyId>,
    /// Sounds it at once: the street's secretary only.
    #[serde(default)]
    pub(super) sound: Option<SoundBody>,
}

/// A command on a whistle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandBody {
    /// The command, tagged by `act`: `{"act":"ack"}`, `{"act":"muster","decides":true}`. Evidence for `done` is added to the
    /// part's duty first, by `/api/v1/duties/{id}/files`.
    #[schema(value_type = Object)]
    pub(super) command: Command,
    /// The revision that was seen; another one now is refused.
    #[serde(default)]
    pub(super) rev: Option<u64>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventOut {
    /// Event id.
    pub(super) id: String,
    /// Kind, such as `whistle.mustered`.
    pub(super) kind: String,
    /// When.
    pub(super) at: String,
    /// The post that acted.
    pub(super) actor: String,
    /// The body.
    #[schema(value_type = Object)]
    pub(super) body: Value,
    /// The ledger's commitment, in hexadecimal.
    pub(super) commitment: String,
}

/// A whistle's events, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventsOut {
    /// Rows.
    pub(super) items: Vec<EventOut>,
}

/// One street's measure.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MeasureOut {
    /// Street.
    street: String,
    /// Whistles in the month.
    n: u32,
    /// Too low, usual, too high; a measure and no rank.
    level: Level,
    /// `residents` or `quartiles`.
    basis: &'static str,
    /// Low end of the band.
    low: String,
    /// High end of the band.
    high: String,
}

impl From<&Measure> for MeasureOut {
    fn from(measure: &Measure) -> MeasureOut {
        let (basis, low, high) = match measure.basis {
            Basis::Residents { band, .. } => ("residents", band.low, band.high),
            Basis::Quartiles { low, high } => ("quartiles", low, high),
        };
        let (street, n, level) = (measure.street.to_string(), measure.n, measure.level);
        MeasureOut { street, n, level, basis, low: low.to_string(), high: high.to_string() }
    }
}

/// A department that did not come or stalled.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoShowOut {
    whistle: String,
    no: String,
    unit: String,
    misses: i64,
    at: String,
}

/// The board of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BoardOut {
    /// First day of the month.
    month: String,
    /// The month is not over.
    running: bool,
    /// Streets in the order of their codes.
    streets: Vec<MeasureOut>,
    /// Departments that did not come or stalled, the latest first.
    no_shows: Vec<NoShowOut>,
    /// First day of the quarter.
    quarter: String,
    /// What goes before the quarterly session.
    quarterly: Vec<WhistleLine>,
}

impl From<&Board> for BoardOut {
    fn from(board: &Board) -> BoardOut {
        let no_shows = board.no_shows.iter().map(|line| NoShowOut {
            whistle: line.whistle.id.to_string(),
            no: line.whistle.no.clone(),
            unit: line.unit.to_string(),
            misses: line.misses,
            at: line.at.rfc3339(),
        });
        BoardOut {
            month: board.month.to_string(),
            running: board.running,
            streets: board.streets.iter().map(MeasureOut::from).collect(),
            no_shows: no_shows.collect(),
            quarter: board.quarter.to_string(),
            quarterly: board.quarterly.iter().map(WhistleLine::from).collect(),
        }
    }
}
