//! What a case (群众诉求) is: the words of whoever asked, and everything that this area adds to its duty.
//!
//! Build a [`Case`] only with [`Case::born`] and change it only with [`Case::apply`]; the fields are public for reading.
//! What is sealed (contact, query code) is not in it: the row keeps it apart, so that erasing it changes no event.

mod apply;
mod input;
mod keys;
mod list;
mod mask;
mod parts;
mod track;
mod vocab;

pub use apply::{FoldFault, Meta, fold};
pub use input::{Contact, MAX_ATTACHMENTS, MAX_TEXT, NewCase, PlaceForm, Prepared};
pub use keys::contact_hash;
pub use keys::spot_of;
pub(crate) use keys::{month_of, secret_of, signature_of};
pub use list::{By, Cursor, Filter, Offer, Order, Summary};
pub use mask::{Phone, masked_text};
pub use parts::{
    Attachment, Audit, CallBack, ContactNote, Deferral, Elements, End, Exclusion, ExclusionAppeal, Filing,
    LookBack, Mark, Message, PlaceRef, Point, Rating, Reply, Ruling,
};
pub use track::{Filed, Promise, Track, TrackReply};
pub use vocab::{Act, ContactWay, Element, EmergencyLine, LeftOut, MessageKind, RefusalGround, Stage};

use kernel::cases::Channel;
use kernel::{DutyId, Instant, PostCode, UnitCode};
use serde::{Deserialize, Serialize};

/// A case has the id of its duty.
pub type CaseId = DutyId;

/// 群众诉求: stored as one JSON body plus columns, beside the duty of the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Identity, the duty's too.
    pub id: CaseId,
    /// The number that the petitioner knows: district, year, sequence.
    pub no: String,
    /// What was asked, as it stands after classification.
    pub filing: Filing,
    /// The post that took it in.
    pub registrar: PostCode,
    /// When it was received; every clock of the promise counts from here.
    pub received_at: Instant,
    /// Where it left the road, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// The case that it is linked to; its petitioner keeps an own number, reply and rating (D§2.3.11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// Cases that are linked to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<CaseId>,
    /// Later cases about the same matter at the same place that took this one up again (D§15.7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recurrences: Vec<CaseId>,
    /// Contacts of the handler with the petitioner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactNote>,
    /// Replies, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    /// Audits of replies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audits: Vec<Audit>,
    /// Attempts to call back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call_backs: Vec<CallBack>,
    /// What the petitioner said by the own channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<Rating>,
    /// What the petitioner added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    /// The deferral's second consent and the petitioner's objection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferral: Option<Deferral>,
    /// The exclusion of the present round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusion: Option<Exclusion>,
    /// The mark of each finished round, in order; a later decision replaces it in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Look-backs after closing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub look_backs: Vec<LookBack>,
    /// How often the contact was revealed; who and why is in the ledger.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reveals: u32,
    /// Personal data were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Instant>,
    /// Round, from 1; the same as the duty's.
    pub round: u32,
    /// Number of events applied.
    pub rev: u64,
    /// Moment of the last event.
    pub updated_at: Instant,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Case {
    /// The reply that counts in this round.
    pub fn reply(&self) -> Option<&Reply> {
        self.replies.last().filter(|reply| reply.round == self.round)
    }
    /// The last audit of the present reply.
    pub fn audit(&self) -> Option<&Audit> {
        let replied = self.reply()?.at;
        self.audits.last().filter(|audit| audit.round == self.round && audit.at >= replied)
    }
    /// The petitioner's own rating of the present reply: it counts before a call-back.
    pub fn rating(&self) -> Option<&Rating> {
        let replied = self.reply()?.at;
        self.ratings.last().filter(|rating| rating.round == self.round && rating.at >= replied)
    }
    /// Call-back attempts on the present reply.
    pub fn attempts(&self) -> impl Iterator<Item = &CallBack> {
        let replied = self.reply().map(|reply| reply.at);
        self.call_backs
            .iter()
            .filter(move |call| call.round == self.round && replied.is_some_and(|at| call.at >= at))
    }
    /// The call-back that reached the petitioner; of two the second, which nobody knew of beforehand.
    pub fn reached(&self) -> Option<&CallBack> {
        self.attempts().filter(|call| call.reached).last()
    }
    /// Whether the attempts to call back are used up.
    pub fn gave_up(&self) -> bool {
        self.attempts().any(|call| call.gave_up)
    }
    /// The mark of this round.
    pub fn mark(&self) -> Option<&Mark> {
        self.marks.last().filter(|mark| mark.round == self.round)
    }
    /// People who are owed an answer through this case: its petitioner and those of the linked ones.
    pub fn owed(&self) -> usize {
        self.links.len().saturating_add(1)
    }
    /// True when staff made it for themselves: marked so, or a grid worker's with no petitioner behind it (D§15.8).
    pub fn is_staff(&self) -> bool {
        self.filing.staff || (self.filing.channel == Channel::Grid && !self.filing.contactable)
    }
    /// The place's unit: street or community.
    pub fn place(&self) -> Option<&UnitCode> {
        self.filing.place.unit.as_ref()
    }
}
