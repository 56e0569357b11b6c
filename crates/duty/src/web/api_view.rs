//! The JSON of duties: what programs read. Moments are RFC 3339 with the district's offset.

use super::asks::{act_code, code};
use super::detail::{Entry, Seen};
use super::look::rule_of;
use crate::model::Summary;
use kernel::calendar::Calendar;
use kernel::ledger::Receipt;
use kernel::playbook::Playbook;
use kernel::{Instant, Lang, Refuse, Words};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Text {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

impl From<&Words> for Text {
    fn from(words: &Words) -> Text {
        Text { zh: words.get(Lang::Zh).to_owned(), en: words.get(Lang::En).to_owned() }
    }
}

/// A duty as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DutySummary {
    /// Id.
    id: String,
    /// Human number; empty for a draft.
    no: String,
    /// Kind of the playbook.
    kind: String,
    /// Title.
    title: String,
    /// State, such as `in_progress`.
    state: String,
    /// Whether somebody still owes something.
    open: bool,
    /// Light by the deadline: green, yellow, red, grey, done, paused.
    light: String,
    /// Lead unit.
    lead: Option<String>,
    /// Handler's post.
    handler: Option<String>,
    /// Unit that holds it and is charged with the time.
    holder_unit: String,
    /// Post that holds it.
    holder_post: Option<String>,
    /// Patron's post.
    patron: Option<String>,
    /// Registrar's post.
    registrar: String,
    /// The duty that it supports.
    parent: Option<String>,
    /// Street or community.
    place: Option<String>,
    /// 0 (most urgent) to 3.
    priority: i64,
    /// What the holder must meet next.
    due: Option<String>,
    /// When its light turns yellow.
    warn_at: Option<String>,
    /// Excluded time is running.
    paused: bool,
    /// Waits to be signed for.
    awaiting: bool,
    /// Progress in per cent.
    percent: Option<i64>,
    /// Round, from 1.
    round: i64,
    /// Highest rung of the escalation ladder.
    rung: i64,
    /// Moment of the last event.
    updated_at: String,
    /// Revision: give it back as `rev` with a command.
    rev: u64,
}

impl DutySummary {
    /// As it is at `now`.
    pub(super) fn at(s: &Summary, now: Instant) -> DutySummary {
        let text = |code: &kernel::UnitCode| code.to_string();
        let post = |code: &kernel::PostCode| code.to_string();
        DutySummary {
            id: s.id.to_string(),
            no: s.no.clone(),
            kind: s.kind.clone(),
            title: s.title.clone(),
            state: s.state.clone(),
            open: s.open,
            light: code(s.light(now)),
            lead: s.lead.as_ref().map(text),
            handler: s.handler.as_ref().map(post),
            holder_unit: text(&s.holder_unit),
            holder_post: s.holder_post.as_ref().map(post),
            patron: s.patron.as_ref().map(post),
            registrar: post(&s.registrar),
            parent: s.parent.map(|id| id.to_string()),
            place: s.place.as_ref().map(text),
            priority: s.priority,
            due: s.due.map(Instant::rfc3339),
            warn_at: s.warn_at.map(Instant::rfc3339),
            paused: s.paused,
            awaiting: s.awaiting,
            percent: s.percent,
            round: s.round,
            rung: s.rung,
            updated_at: s.updated_at.rfc3339(),
            rev: s.rev,
        }
    }
}

/// A page of duties.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DutyPage {
    /// The duties, in the order of their due moments.
    pub(super) items: Vec<DutySummary>,
    /// `after` of the next page; absent on the last.
    pub(super) next: Option<String>,
}

/// A limit with its reasons.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockStory {
    /// Name in the rule.
    name: String,
    /// What people read for it.
    title: Text,
    /// When it is due.
    due: Option<String>,
    /// waiting, running, overdue, paused, frozen, met, late.
    state: String,
    /// The reckoning in sentences.
    text: Text,
}

/// A unit's share of the time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Holder {
    /// Unit.
    unit: String,
    /// Minutes of the wall clock.
    natural_minutes: i64,
    /// Minutes of office hours.
    office_minutes: i64,
    /// When and what for, oldest first.
    spans: Vec<HolderSpan>,
}

/// One stretch of holding.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HolderSpan {
    /// Post, when one is named.
    post: Option<String>,
    /// What for, such as `handling`.
    why: String,
    /// From.
    from: String,
    /// Until; now, for the present holder.
    until: String,
    /// Minutes of the wall clock.
    natural_minutes: i64,
    /// Minutes of office hours.
    office_minutes: i64,
}

/// An act that this post may do, or why not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Offer {
    /// The act, as commands name it.
    act: String,
    /// Open now.
    allowed: bool,
    /// The act that brings the duty forward.
    primary: bool,
    /// Code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Text>,
    /// What to do instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Text>,
}

/// Everything about a duty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DutyFull {
    /// As lists show it.
    summary: DutySummary,
    /// The whole as stored; moments in it are microseconds since 1970.
    #[schema(value_type = Object)]
    duty: Value,
    /// Its limits, explained.
    clocks: Vec<ClockStory>,
    /// Whose time it was; the shares add up to the whole.
    holders: Vec<Holder>,
    /// What this post may do.
    offers: Vec<Offer>,
    /// Supporting units' duties.
    children: Vec<DutySummary>,
}

fn both(say: impl Fn(Lang) -> String) -> Text {
    Text { zh: say(Lang::Zh), en: say(Lang::En) }
}

impl DutyFull {
    /// As it is at `now`.
    pub(super) fn at(seen: &Seen, book: &Playbook, cal: &Calendar, now: Instant) -> DutyFull {
        let d = &seen.duty;
        let stories = match (&d.clock, rule_of(book, d)) {
            (Some(clock), Some(rule)) => clock.explain(rule, cal, now),
            _ => Vec::new(),
        };
        let clocks = stories.iter().map(|story| ClockStory {
            name: story.name.to_string(),
            title: Text::from(&story.title),
            due: story.due.map(Instant::rfc3339),
            state: code(story.state),
            text: Text::from(&story.text),
        });
        let span = |span: &kernel::duty::Span| HolderSpan {
            post: span.hold.post.as_ref().map(ToString::to_string),
            why: code(span.hold.why),
            from: span.from.rfc3339(),
            until: span.until.rfc3339(),
            natural_minutes: span.natural_minutes,
            office_minutes: span.office_minutes,
        };
        let holders = d.held(now, cal).into_iter().map(|share| Holder {
            unit: share.unit.to_string(),
            natural_minutes: share.natural_minutes,
            office_minutes: share.office_minutes,
            spans: share.spans.iter().map(span).collect(),
        });
        let offers = seen.offers.iter().map(|offer| {
            let no = offer.allowed.as_ref().err();
            Offer {
                act: act_code(offer.act),
                allowed: no.is_none(),
                primary: offer.primary,
                code: no.map(|no| no.code().to_owned()),
                reason: no.map(|no| both(|lang| no.reason(lang))),
                next: no.map(|no| both(|lang| no.next(lang))),
            }
        });
        DutyFull {
            summary: DutySummary::at(&seen.s, now),
            duty: serde_json::to_value(d).unwrap_or(Value::Null),
            clocks: clocks.collect(),
            holders: holders.collect(),
            offers: offers.collect(),
            children: seen.children.iter().map(|child| DutySummary::at(child, now)).collect(),
        }
    }
}

/// One entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventView {
    /// Event id; its receipt is at `/log/{district}/receipt/{id}`.
    id: String,
    /// Number within the duty's life, from 1.
    rev: u64,
    /// Position in the tree; absent before it is sealed.
    seq: Option<u64>,
    /// When.
    at: String,
    /// The post that acted.
    actor: String,
    /// Kind, such as `duty.assigned`.
    kind: String,
    /// Version of the body's form.
    version: u16,
    /// What happened, with codes for units and posts.
    says: Text,
    /// The event as recorded.
    #[schema(value_type = Object)]
    body: Value,
    /// Commitment under which it is sealed, in hexadecimal.
    commitment: String,
}

impl From<&Entry> for EventView {
    fn from(entry: &Entry) -> EventView {
        let stored = &entry.stored;
        EventView {
            id: stored.id.to_string(),
            rev: stored.rev,
            seq: stored.seq,
            at: stored.at.rfc3339(),
            actor: stored.actor.clone(),
            kind: stored.kind.clone(),
            version: stored.version,
            says: both(|lang| entry.event.say(lang)),
            body: serde_json::from_str(&stored.body).unwrap_or(Value::Null),
            commitment: base::hex(&stored.commitment),
        }
    }
}

/// The history of a duty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventList {
    /// Oldest first.
    pub(super) items: Vec<EventView>,
}

/// What an act gives back.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the answer, which is put together after the commit")]
pub(super) struct Done {
    /// The duty after it.
    pub(super) duty: DutySummary,
    /// Signed promises for the events, in their order: keep them, they prove that the act was recorded.
    #[schema(value_type = Vec<Object>)]
    pub(super) receipts: Vec<Receipt>,
}

/// The same before its receipts are signed.
#[derive(Debug, Serialize)]
pub(super) struct Acted {
    pub(super) duty: DutySummary,
}

/// A command on a duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandBody {
    /// The command, tagged by `act`: `{"act":"accept"}`, `{"act":"ask_extend","to":"2019-08-20","reason":"…"}`.
    #[schema(value_type = Object)]
    pub(super) command: kernel::duty::Command,
    /// The revision that was seen; another one now is refused.
    #[serde(default)]
    pub(super) rev: Option<u64>,
    /// The entry of the duty lists that is cited.
    #[serde(default)]
    pub(super) mandate: Option<String>,
}

/// A new duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterBody {
    /// Its text: kind, title, ground, criterion, priority, visibility and what is optional.
    #[schema(value_type = Object)]
    pub(super) form: kernel::duty::NewDuty,
    /// Write it down as a draft only.
    #[serde(default)]
    pub(super) draft: bool,
    /// Give it to this lead at once.
    #[serde(default)]
    pub(super) lead: Option<String>,
    /// The entry of the duty lists that makes it the lead's.
    #[serde(default)]
    pub(super) mandate: Option<String>,
}

/// Duties to sign for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignBody {
    /// Ids, 1 to 100.
    pub(super) ids: Vec<String>,
}

/// What was signed for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignDone {
    /// Ids signed for.
    pub(super) signed: Vec<String>,
    /// The others, each with its reason.
    pub(super) refused: Vec<Unsigned>,
    /// Signed promises for the events, put in after the commit.
    #[schema(value_type = Vec<Object>)]
    #[serde(skip)]
    #[expect(dead_code, reason = "describes the answer, which is put together after the commit")]
    pub(super) receipts: Vec<Receipt>,
}

/// A duty that was not signed for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Unsigned {
    /// Its number.
    no: String,
    /// Code of the refusal.
    code: String,
    /// Why.
    reason: Text,
    /// What to do.
    next: Text,
}

impl Unsigned {
    /// From a refusal.
    pub(super) fn of(no: &str, why: &dyn Refuse) -> Unsigned {
        Unsigned {
            no: no.to_owned(),
            code: why.code().to_owned(),
            reason: both(|lang| why.reason(lang)),
            next: both(|lang| why.next(lang)),
        }
    }
}
