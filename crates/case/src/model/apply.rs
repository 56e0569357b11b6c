//! From events to state: `born`, `apply`, `fold`. Total and deterministic.

use super::parts::{
    Audit, CallBack, ContactNote, Deferral, End, Exclusion, ExclusionAppeal, LookBack, Mark, Message, Rating,
    Reply, Ruling,
};
use super::vocab::MessageKind;
use super::{Case, CaseId};
use crate::event::Event;
use kernel::text::{Body, Remark, Title};
use kernel::{Instant, PostCode};
use std::fmt;

/// When and by whom: carried by the ledger beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: PostCode,
}

/// A history that cannot be folded: rows were lost or mixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldFault {
    /// There is no event at all.
    Empty,
    /// The first event is not a filing; its kind is given.
    NotFiled(&'static str),
    /// A second filing.
    FiledTwice,
}

impl fmt::Display for FoldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FoldFault::Empty => f.write_str("no event to fold"),
            FoldFault::NotFiled(kind) => write!(f, "the history begins with {kind}"),
            FoldFault::FiledTwice => f.write_str("filed twice"),
        }
    }
}

/// The state that a history leads to.
///
/// # Errors
/// When the history is empty, does not begin with a filing, or has a second one.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a Event, &'a Meta)>) -> Result<Case, FoldFault> {
    let mut events = events.into_iter();
    let (first, meta) = events.next().ok_or(FoldFault::Empty)?;
    let mut case = Case::born(first, meta)?;
    for (event, meta) in events {
        if let Event::Filed { .. } = event {
            return Err(FoldFault::FiledTwice);
        }
        case.apply(event, meta);
    }
    Ok(case)
}

/// What stands in the place of words that were erased: the ledger's own mark.
const ERASED: &str = base::erase::MARK;

impl Case {
    /// The case that a filing brings into being.
    ///
    /// # Errors
    /// When the event is no filing.
    pub fn born(event: &Event, meta: &Meta) -> Result<Case, FoldFault> {
        let Event::Filed { id, no, filing, received } = event else {
            return Err(FoldFault::NotFiled(event.kind()));
        };
        Ok(Case {
            id: *id,
            no: no.clone(),
            filing: (**filing).clone(),
            registrar: meta.actor.clone(),
            received_at: *received,
            end: None,
            parent: None,
            links: Vec::new(),
            recurrences: Vec::new(),
            contacts: Vec::new(),
            replies: Vec::new(),
            audits: Vec::new(),
            call_backs: Vec::new(),
            ratings: Vec::new(),
            messages: Vec::new(),
            deferral: None,
            exclusion: None,
            marks: Vec::new(),
            look_backs: Vec::new(),
            reveals: 0,
            erased_at: None,
            round: 1,
            rev: 1,
            updated_at: meta.at,
        })
    }

    /// Takes one event in.
    pub fn apply(&mut self, event: &Event, meta: &Meta) {
        self.intake(event, meta);
        self.work(event, meta);
        self.judgement(event, meta);
        self.rev = self.rev.saturating_add(1);
        self.updated_at = meta.at;
    }

    /// Classification, ends, links.
    fn intake(&mut self, event: &Event, meta: &Meta) {
        let at = meta.at;
        match event {
            Event::Classified { kind, category, urgency, place, .. } => {
                self.filing.kind = *kind;
                self.filing.category = Some(category.clone());
                self.filing.urgency = *urgency;
                self.filing.place = place.clone();
            }
            Event::Answered { article, text } => {
                self.end = Some(End::Answered { article: article.clone(), text: text.clone(), at });
            }
            Event::HandedOver { line, note } => {
                self.end = Some(End::HandedOver { line: *line, note: note.clone(), at });
            }
            Event::Refused { ground, reason, route } => {
                let (reason, route) = (reason.clone(), route.clone());
                self.end = Some(End::Refused { ground: *ground, reason, route, at });
            }
            Event::Withdrawn { why } => self.end = Some(End::Withdrawn { why: why.clone(), at }),
            Event::Linked { to, .. } => self.parent = Some(*to),
            Event::Unlinked { .. } => self.parent = None,
            Event::Gathered { case } => self.links.push(*case),
            Event::Released { case } => self.links.retain(|linked| linked != case),
            Event::Revealed { .. } => self.reveals = self.reveals.saturating_add(1),
            Event::Erased { text, .. } => self.erase(*text, at),
            _ => {}
        }
    }

    fn erase(&mut self, text: bool, at: Instant) {
        self.erased_at = Some(at);
        self.filing.contactable = false;
        if !text {
            return;
        }
        // The constant parses; were it changed so that it does not, the words would stay rather than panic.
        if let (Ok(body), Ok(title), Ok(remark)) =
            (Body::parse("text", ERASED), Title::parse("title", ERASED), Remark::parse("text", ERASED))
        {
            self.filing.text = body;
            self.filing.title = title;
            self.filing.place.address = None;
            self.filing.place.point = None;
            self.filing.wishes = None;
            self.filing.attributes.clear();
            self.filing.attachments.clear();
            for message in &mut self.messages {
                message.text = remark.clone();
                message.attachments.clear();
            }
        }
    }

    /// What passes between handler and petitioner.
    fn work(&mut self, event: &Event, meta: &Meta) {
        let (at, by, round) = (meta.at, meta.actor.clone(), self.round);
        match event {
            Event::Said { kind, text, attachments } => {
                let (text, attachments) = (text.clone(), attachments.clone());
                self.messages.push(Message { kind: *kind, text, attachments, at, round });
                if let (MessageKind::Objection, Some(deferral)) = (kind, &mut self.deferral) {
                    deferral.objection = Some(at);
                }
            }
            Event::Contacted { way, reached, note } => {
                let note = note.clone();
                self.contacts.push(ContactNote { way: *way, reached: *reached, note, by, at, round });
            }
            Event::Replied { outcome, public, internal, elements, of } => self.replies.push(Reply {
                outcome: *outcome,
                public: public.clone(),
                internal: internal.clone(),
                elements: elements.clone(),
                of: *of,
                by,
                at,
                round,
            }),
            Event::Audited { passed, defects } => {
                self.audits.push(Audit { passed: *passed, defects: defects.clone(), by, at, round });
            }
            Event::CalledBack { reached, gave_up, second, contacted, solved, grade, note } => {
                self.call_backs.push(CallBack {
                    reached: *reached,
                    gave_up: *gave_up,
                    second: *second,
                    contacted: *contacted,
                    solved: *solved,
                    grade: *grade,
                    note: note.clone(),
                    by,
                    at,
                    round,
                });
            }
            Event::Rated { contacted, solved, grade, note } => self.ratings.push(Rating {
                contacted: *contacted,
                solved: *solved,
                grade: *grade,
                note: note.clone(),
                at,
                round,
            }),
            _ => {}
        }
    }

    /// Deferral, exclusion, marks, rounds.
    fn judgement(&mut self, event: &Event, meta: &Meta) {
        let (at, by, round) = (meta.at, meta.actor.clone(), self.round);
        let ruling =
            |granted: bool, ground: &Remark| Ruling { granted, ground: ground.clone(), by: by.clone(), at };
        match event {
            Event::Endorsed { granted, ground } => {
                self.deferral = Some(Deferral { endorsed: ruling(*granted, ground), objection: None, round });
            }
            Event::ObjectionDecided { .. } => {
                if let Some(deferral) = &mut self.deferral {
                    deferral.objection = None;
                }
            }
            Event::ExclusionProposed { class, evidence, files } => {
                self.exclusion = Some(Exclusion {
                    class: class.clone(),
                    evidence: evidence.clone(),
                    files: files.clone(),
                    by,
                    at,
                    decided: None,
                    appeal: None,
                    round,
                });
            }
            Event::ExclusionDecided { granted, ground } => {
                let ruling = ruling(*granted, ground);
                match &mut self.exclusion {
                    Some(Exclusion { appeal: Some(appeal), .. }) => appeal.decided = Some(ruling),
                    Some(exclusion) => exclusion.decided = Some(ruling),
                    None => {}
                }
            }
            Event::ExclusionAppealed { ground } => {
                if let Some(exclusion) = &mut self.exclusion {
                    exclusion.appeal =
                        Some(ExclusionAppeal { ground: ground.clone(), by, at, decided: None });
                }
            }
            Event::Scored { mark, .. } => self.set_mark(mark),
            Event::Reopened { by: from, .. } => {
                self.round = self.round.saturating_add(1);
                self.exclusion = None;
                self.deferral = None;
                self.recurrences.extend(*from);
            }
            Event::LookedBack { day, solved, note } => {
                let note = note.clone();
                self.look_backs.push(LookBack { day: *day, solved: *solved, note, by, at, round });
            }
            _ => {}
        }
    }

    fn set_mark(&mut self, mark: &Mark) {
        match self.marks.iter_mut().find(|old| old.round == mark.round) {
            Some(old) => *old = mark.clone(),
            None => self.marks.push(mark.clone()),
        }
    }

    /// The cases that this one was linked to or gathered; for tests of the invariant that nobody loses an answer.
    pub fn family(&self) -> impl Iterator<Item = CaseId> + '_ {
        self.parent.into_iter().chain(self.links.iter().copied())
    }
}
