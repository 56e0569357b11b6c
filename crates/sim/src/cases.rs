//! The hotline's days: residents ask, operators sort, units work, others check; all of it through `case::act`.
//!
//! Requests come at any hour, so they have an agenda of their own, in steps of ten minutes, beside the six moments of the
//! offices' day. They also draw from a stream of chance of their own: the picture of the plan stays what it was when
//! residents ask more or less.
//!
//! | file | owns |
//! |---|---|
//! | `words.rs` | phrase tables by category, texts made of them |
//! | `draft.rs` | who asks what, where, by which channel |
//! | `moves.rs` | from a move to an act, with the post that does it |
//! | `follow.rs` | what comes after an act |
//! | `deed.rs` | acts of one moment, each in its own write |
//! | `check.rs` | what must hold of requests after every day |

pub(crate) mod check;
mod deed;
mod draft;
mod follow;
mod moves;
mod words;

use crate::dice::Dice;
use crate::world::World;
use base::{Fault, Outcome};
use case::model::{CaseId, Stage};
use deed::Done;
use kernel::cases::{Grade, Urgency};
use kernel::duty::{Duty, Solved};
use kernel::{Day, Instant, PostCode, Slug, UnitCode};
use std::collections::BTreeMap;

/// Seconds of the grid on which things happen.
const GRID: i64 = 600;
/// Cases touched by one run of a periodic job.
const JOB: u32 = 400;
/// Look-backs that people find time for in a day.
const LOOKS: usize = 5;

/// Something that is to happen to a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Move {
    File(Box<draft::Draft>),
    Sort,
    Sign,
    Bounce,
    Rule,
    Contact,
    Note,
    AskExtend,
    AnswerExtend,
    AskDefer,
    Endorse,
    AnswerDefer,
    Objects,
    Settle,
    Evidence,
    Reply,
    Audit,
    CallBack,
    Rate,
    More,
    Coached,
    NotSolved,
    Reopen,
    Withdraw,
    Propose,
    Decide,
    Appeal,
    Review,
    LookBack,
}

impl Move {
    /// The move without what it carries, for counts of refusals.
    fn name(&self) -> String {
        match self {
            Move::File(_) => "File".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

/// What the dispatcher or operator does with a new request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sorting {
    #[default]
    Dispatch,
    Answer(usize),
    HandOver,
    Refuse,
}

/// What will become of a request, drawn when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) sorting: Sorting,
    /// Late by its clock.
    pub(crate) late: bool,
    pub(crate) bounces: bool,
    pub(crate) extends: bool,
    pub(crate) defers: bool,
    /// Reported done although nothing was.
    pub(crate) fake: bool,
    pub(crate) audit_fails: bool,
    /// Calls that nobody answers.
    pub(crate) misses: u8,
    /// The petitioner rates without being called.
    pub(crate) rates: bool,
    pub(crate) solved: Solved,
    pub(crate) grade: Grade,
    pub(crate) insists: bool,
    pub(crate) excludes: bool,
    pub(crate) withdraws: bool,
    pub(crate) more: bool,
    pub(crate) look_bad: bool,
}

/// A request in play.
pub(crate) struct Ask {
    pub(crate) no: String,
    /// The petitioner's query code.
    pub(crate) code: String,
    pub(crate) category: Slug,
    pub(crate) place: Option<UnitCode>,
    pub(crate) road: String,
    pub(crate) what: String,
    pub(crate) done: String,
    pub(crate) urgency: Urgency,
    pub(crate) script: Script,
    /// Confidential.
    pub(crate) shy: bool,
    /// How many were linked to it.
    pub(crate) children: usize,
    pub(crate) duty: Duty,
    pub(crate) stage: Stage,
    pub(crate) tries: u8,
    /// When it was dispatched, for the limits of its clock.
    pub(crate) sent: Instant,
}

/// A step that is due, of a request that exists or of one that is about to.
type Due = (Option<CaseId>, Move);

/// Everything that the hotline's days need.
pub(crate) struct Requests {
    pub(crate) dice: Dice,
    words: words::Phrases,
    pub(crate) asks: BTreeMap<CaseId, Ask>,
    agenda: BTreeMap<Instant, Vec<Due>>,
    /// The newest open request of a matter at a place, which later ones are linked to.
    matters: BTreeMap<(Slug, UnitCode, String), CaseId>,
    /// Communities that people ask from, with what is usual there.
    places: Vec<UnitCode>,
    staff: Staff,
    checked: check::Checked,
}

/// The posts of the hotline and of those who judge.
struct Staff {
    operator: PostCode,
    dispatcher: PostCode,
    call_back: PostCode,
    panel: PostCode,
    director: PostCode,
    arbiter: PostCode,
    verifier: PostCode,
    resident: PostCode,
    api: PostCode,
}

impl Staff {
    fn of(book: &kernel::playbook::Playbook) -> Option<Staff> {
        let post = |role: &str| book.org.posts_with_role(role).next().map(|p| p.code.clone());
        let last = |role: &str| book.org.posts_with_role(role).next_back().map(|p| p.code.clone());
        Some(Staff {
            operator: post("operator")?,
            dispatcher: post("dispatcher")?,
            call_back: post("call_back")?,
            panel: post("panel")?,
            director: last("supervision_director")?,
            arbiter: post("arbiter")?,
            verifier: last("verifier")?,
            resident: post("resident")?,
            api: post("api")?,
        })
    }
}

impl Requests {
    /// Nothing asked yet; none when the playbook takes no requests.
    pub(crate) fn open(book: &kernel::playbook::Playbook, seed: u64) -> Outcome<Option<Requests>> {
        if book.case_rules().is_none() {
            return Ok(None);
        }
        let Some(staff) = Staff::of(book) else { return Ok(None) };
        Ok(Some(Requests {
            dice: Dice::new(seed ^ 0x6361_7365),
            words: words::Phrases::load(book)?,
            asks: BTreeMap::new(),
            agenda: BTreeMap::new(),
            matters: BTreeMap::new(),
            places: crate::people::shown_communities(&book.org).into_iter().cloned().collect(),
            staff,
            checked: check::Checked::default(),
        }))
    }

    /// Lays a move out for a moment, at the next step of the grid.
    fn at(&mut self, moment: Instant, id: Option<CaseId>, step: Move) {
        let over = moment.micros().div_euclid(1_000_000).rem_euclid(GRID);
        let ahead = if over == 0 { 0 } else { GRID - over };
        let moment = Instant::from_micros(moment.micros().div_euclid(1_000_000) * 1_000_000);
        self.agenda.entry(moment.plus_seconds(ahead)).or_default().push((id, step));
    }
}

/// Minutes as seconds.
pub(crate) fn minutes(n: i32) -> i64 {
    i64::from(n) * 60
}

impl World {
    /// Plays the requests up to a moment, which is not played itself; the clock ends wherever the last of them was.
    pub(crate) async fn requests_until(&mut self, end: Instant) -> Outcome<()> {
        loop {
            let Some(requests) = &mut self.requests else { return Ok(()) };
            let Some(entry) = requests.agenda.first_entry().filter(|e| *e.key() < end) else { return Ok(()) };
            let (at, due) = entry.remove_entry();
            self.app.time.set(at.max(self.app.now()));
            self.requests_now(due).await?;
        }
    }

    /// The moves of one moment, in one go.
    async fn requests_now(&mut self, due: Vec<Due>) -> Outcome<()> {
        let mut bids = Vec::new();
        let mut steps = Vec::new();
        for (id, step) in due {
            if let Some(bid) = self.request_bid(id, &step)? {
                bids.push(bid);
                steps.push((id, step));
            }
        }
        let outcomes = deed::all(&self.app, &mut self.cast, &bids).await?;
        for ((id, step), outcome) in steps.into_iter().zip(outcomes) {
            match outcome {
                Ok(Done::Past) => {}
                Ok(Done::Filed { filed, case, duty }) => {
                    self.deeds += 1;
                    if let Move::File(draft) = step {
                        self.request_filed(&draft, &filed, &case, *duty);
                    }
                }
                Ok(Done::Did { case, duty }) => {
                    self.deeds += 1;
                    if let Some(id) = id {
                        self.request_did(id, &step, &case, *duty);
                    }
                }
                Err(no) => {
                    let lead = id.and_then(|id| self.ask(id)).and_then(|ask| ask.duty.lead.clone());
                    let what = format!(
                        "case {} ({})",
                        step.name(),
                        lead.map_or_else(|| "-".into(), |l| l.to_string())
                    );
                    self.refusal(&no, &what)?;
                    if let Some(id) = id {
                        self.request_refused(id, &step, &no);
                    }
                }
            }
        }
        Ok(())
    }

    /// The requests of a new day.
    pub(crate) fn requests_of(&mut self, day: Day, intensity: u32) {
        let works = self.calendar.is_workday(day);
        let Some(requests) = &mut self.requests else { return };
        for (moment, draft) in requests.drafts(day, works, intensity) {
            requests.at(moment, None, Move::File(Box::new(draft)));
        }
    }

    /// What runs by itself in the evening: scores, deferrals whose day has come, look-backs to make.
    pub(crate) async fn requests_evening(&mut self) -> Outcome<()> {
        if self.requests.is_none() {
            return Ok(());
        }
        let due = self
            .app
            .write(&self.jobs, |op| {
                case::act::jobs::score_due(op, JOB)?;
                case::act::jobs::resume_due(op, JOB)?;
                case::act::jobs::look_back_due(op, 60)
            })
            .await?;
        let tomorrow = self.app.now().day().plus(1);
        let Some(requests) = &mut self.requests else { return Ok(()) };
        let mut due: Vec<CaseId> = due.into_iter().filter(|id| requests.asks.contains_key(id)).collect();
        // Where somebody has doubts is looked at first.
        due.sort_by_key(|id| requests.asks.get(id).is_none_or(|ask| !ask.script.look_bad));
        for (n, id) in due.into_iter().take(LOOKS).enumerate() {
            let minute = i32::try_from(n).unwrap_or(0) * 20;
            requests.at(tomorrow.at(10, 0).plus_seconds(minutes(minute)), Some(id), Move::LookBack);
        }
        Ok(())
    }

    pub(crate) fn ask(&self, id: CaseId) -> Option<&Ask> {
        self.requests.as_ref().and_then(|r| r.asks.get(&id))
    }

    /// How many requests were made.
    pub(crate) fn asked(&self) -> u64 {
        self.requests.as_ref().map_or(0, |r| u64::try_from(r.asks.len()).unwrap_or(0))
    }

    /// A moment at which a unit works on matters this urgent, `wait` minutes from now.
    fn request_time(&self, urgency: Urgency, wait: i32) -> Instant {
        let then = self.app.now().plus_seconds(minutes(wait.max(10)));
        let (hour, _) = then.hour_minute();
        let day = then.day();
        match urgency {
            Urgency::Urgent => then,
            Urgency::Quick if (7..22).contains(&hour) => then,
            Urgency::Quick if hour >= 22 => day.plus(1).at(8, 10),
            Urgency::Quick => day.at(8, 10),
            _ if !self.calendar.is_workday(day) || hour >= 17 => {
                let next = self.calendar.next_workday(day.plus(1));
                let spare = then.micros().rem_euclid(7) * 600;
                next.at(9, 10).plus_seconds(spare)
            }
            _ if hour < 9 => day.at(9, 10),
            _ if hour == 12 => day.at(13, 10),
            _ => then,
        }
    }

    /// Lays a move of a request out for `wait` minutes from now, when somebody works on it.
    fn request_soon(&mut self, id: CaseId, wait: i32, step: Move) {
        let urgency = self.ask(id).map_or(Urgency::General, |ask| ask.urgency);
        let at = self.request_time(urgency, wait);
        self.request_at(at, id, step);
    }

    fn request_at(&mut self, at: Instant, id: CaseId, step: Move) {
        let at = at.max(self.app.now().plus_seconds(GRID));
        if let Some(requests) = &mut self.requests {
            requests.at(at, Some(id), step);
        }
    }

    fn roll(&mut self, a: i32, b: i32) -> i32 {
        self.requests.as_mut().map_or(a, |r| r.dice.between(a, b))
    }

    fn luck(&mut self, percent: u32) -> bool {
        self.requests.as_mut().is_some_and(|r| r.dice.chance(percent))
    }

    fn requests_mut(&mut self) -> Outcome<&mut Requests> {
        self.requests.as_mut().ok_or_else(|| Fault::broken("the playbook takes no requests"))
    }
}
