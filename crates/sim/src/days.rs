//! The loop of days.

use crate::deed::{Bid, Cast};
use crate::dice::Dice;
use crate::invariants::{self, Cursor};
use crate::words::Words;
use crate::work::Birth;
use crate::world::{SLOTS, Step, World, key, moment};
use crate::{DayReport, Plan, Report, faults, people, picture, yearly};
use base::core::App;
use base::op::{Op, Time};
use base::{Fault, Outcome, files};
use bytes::Bytes;
use duty::act::{self, With};
use kernel::duty::{Command, Duty, StateName};
use kernel::{Day, DistrictCode, DutyId, PostCode, UnitCode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pictures and documents that evidence is drawn from.
const POOL: (usize, usize) = (72, 32);
/// Largest file of the pool; they are a few kilobytes.
const CAP: usize = 1_048_576;
/// Duties recomputed in one transaction after a change of the calendar.
const BATCH: usize = 200;

/// Plays the days of a plan and checks the invariants after each. The core's time must be [`Time::Set`], and the
/// district's playbook must be in force; `progress` hears of every day.
///
/// # Errors
/// A broken invariant or a failed machine part stops the run, naming the day and the duty.
pub async fn run(
    app: &App,
    district: DistrictCode,
    plan: &Plan,
    mut progress: impl FnMut(DayReport),
) -> Outcome<Report> {
    if !matches!(app.time, Time::Set(_)) {
        return Err(Fault::broken("the simulator needs a clock that is set by hand"));
    }
    app.time.set(plan.from.at(8, 0));
    let mut world = open(app, district, plan).await?;
    let book = world.book.clone();
    let accounts = people::settle(app, &world.jobs, &book).await?;
    let mut cursor = Cursor::default();
    let total = u32::try_from(plan.to.number() - plan.from.number() + 1).unwrap_or(0);
    let mut day = plan.from;
    let (mut days, mut loaded, mut tried) = (0, false, 0);
    while day <= plan.to {
        days += 1;
        // The night's requests come before the offices open.
        world.requests_of(day, plan.intensity);
        world.requests_until(day.at(8, 0)).await?;
        world.turn(day).await?;
        let works = world.calendar.is_workday(day);
        let is_last = day == plan.to;
        if works {
            let slots = if is_last { 1 } else { SLOTS.len() };
            for slot in 0..slots {
                world.requests_until(moment(day, slot)).await?;
                app.time.set(moment(day, slot));
                if !loaded {
                    yearly::load(&mut world).await?;
                    loaded = true;
                }
                world.play(day, slot, plan.intensity).await?;
            }
        }
        let evening = if is_last { day.at(9, 40) } else { day.at(18, 0) };
        world.requests_until(evening).await?;
        app.time.set(evening);
        world.requests_evening().await?;
        if works && plan.faults {
            tried += faults::of_day(&mut world).await?;
        }
        let climbed = duty::sweep::run(app, &world.jobs).await?;
        seal(app, district).await?;
        let month_ends = day.plus(1).day() == 1;
        let seen = invariants::of_day(app, district, &mut cursor, month_ends).await?;
        world.check_requests(month_ends).await?;
        let (events, touched) = (seen.events, seen.touched);
        progress(DayReport { day, works, events, touched, climbed, done: (days, total) });
        day = day.plus(1);
    }
    world.check_requests(true).await?;
    let whole = invariants::of_all(app, district).await?;
    Ok(Report {
        days,
        duties: whole.duties,
        requests: world.asked(),
        events: cursor.events,
        deeds: world.deeds,
        faults: tried,
        refused: world.refused,
        denied: world.denied,
        root: whole.root,
        sealed: whole.sealed,
        accounts,
    })
}

async fn open(app: &App, district: DistrictCode, plan: &Plan) -> Outcome<World> {
    let book = app.book(district, plan.from)?;
    let mut dice = Dice::new(plan.seed);
    let pool = fill_pool(app, district, &mut dice).await?;
    let mut temper = BTreeMap::new();
    let units = book.org.units.values().filter(|u| u.managed_by.is_none());
    for unit in units.filter(|u| !matches!(u.kind, kernel::playbook::UnitKind::Community)) {
        if book.org.post_with_role(&unit.code, "handler").is_some() {
            let percent = dice.between(70, 96);
            temper.insert(unit.code.clone(), u32::try_from(percent).unwrap_or(88));
        }
    }
    Ok(World {
        app: app.clone(),
        district,
        calendar: app.calendar(district, plan.from)?,
        words: Words::load(&book)?,
        cast: Cast::new(district, book.clone()),
        patrons: patrons(&book),
        figures: BTreeMap::new(),
        jobs: duty::sweep::system(district)?,
        book,
        dice,
        pool,
        cases: BTreeMap::new(),
        agenda: BTreeMap::new(),
        temper,
        refused: BTreeMap::new(),
        denied: BTreeMap::new(),
        deeds: 0,
        requests: crate::cases::Requests::open(app.book(district, plan.from)?.as_ref(), plan.seed)?,
    })
}

async fn fill_pool(app: &App, district: DistrictCode, dice: &mut Dice) -> Outcome<Vec<Arc<files::Admitted>>> {
    let mut pool = Vec::new();
    for n in 0..POOL.0 + POOL.1 {
        let (bytes, name, mime) = if n < POOL.0 {
            (picture::png(dice), format!("现场照片-模拟-{n:03}.png"), "image/png")
        } else {
            (picture::pdf(n), format!("办理材料-模拟-{n:03}.pdf"), "application/pdf")
        };
        let admitted =
            files::admit(Bytes::from(bytes), &name, mime, CAP).map_err(|no| Fault::Refused(Box::new(no)))?;
        app.files.put(district, &admitted).await?;
        pool.push(Arc::new(admitted));
    }
    Ok(pool)
}

/// The leader of each unit: by standing patronage, else the patron of most of its lines of the plan.
fn patrons(book: &kernel::playbook::Playbook) -> BTreeMap<UnitCode, PostCode> {
    let mut counts: BTreeMap<UnitCode, BTreeMap<PostCode, u32>> = BTreeMap::new();
    for item in book.plan.items.values() {
        *counts.entry(item.lead.clone()).or_default().entry(item.patron.clone()).or_insert(0) += 1;
    }
    let most =
        |posts: BTreeMap<PostCode, u32>| posts.into_iter().max_by_key(|(_, n)| *n).map(|(post, _)| post);
    let mut out: BTreeMap<UnitCode, PostCode> =
        counts.into_iter().filter_map(|(unit, posts)| Some((unit, most(posts)?))).collect();
    out.extend(book.org.patronage.iter().map(|p| (p.unit.clone(), p.patron.clone())));
    out
}

/// Seals until nothing waits; returns how many events were sealed.
pub(crate) async fn seal(app: &App, district: DistrictCode) -> Outcome<usize> {
    let signer = Arc::new(app.signer.of(district)?);
    let mut sealed = 0;
    loop {
        let (signer, now) = (signer.clone(), app.now());
        let n = app.db.write(move |tx| base::sealer::seal(tx, district, &signer, now)).await?;
        sealed += n;
        if n == 0 {
            return Ok(sealed);
        }
    }
}

impl World {
    /// A new day: the calendar as it is known now. When a notice has changed it, every open limit is reckoned anew,
    /// which is an act of the jobs and leaves its event where something moved (D§2.3.3).
    async fn turn(&mut self, day: Day) -> Outcome<()> {
        let calendar = self.app.calendar(self.district, day)?;
        if calendar.version() == self.calendar.version() {
            return Ok(());
        }
        self.calendar = calendar;
        self.app.time.set(day.at(8, 30));
        let open: Vec<DutyId> = self
            .cases
            .values()
            .filter(|c| c.duty.is_open() && c.duty.clock.is_some())
            .map(|c| c.duty.id)
            .collect();
        for group in open.chunks(BATCH) {
            let group = group.to_vec();
            let duties = self.app.write(&self.jobs, move |op| recompute(op, &group)).await?;
            for duty in duties {
                if let Some(case) = self.cases.get_mut(&duty.id) {
                    case.duty = duty;
                }
            }
        }
        Ok(())
    }

    /// One moment of a working day: new duties and the steps that were laid out for now, in one go.
    async fn play(&mut self, day: Day, slot: usize, intensity: u32) -> Outcome<()> {
        let births = self.births(day, slot, intensity)?;
        if slot == 4 {
            self.lay_urging();
        }
        let mut steps = Vec::new();
        let mut bids: Vec<Bid> = births.iter().flat_map(|b| b.bids.iter().cloned()).collect();
        while let Some(entry) = self.agenda.first_entry().filter(|e| *e.key() <= key(day, slot)) {
            for (id, step) in entry.remove() {
                // Who reported a moment ago no longer waits for an answer, and whoever opens the page sees that.
                let reported = steps.iter().any(|(of, done)| *of == id && *done == Step::Submit);
                if step == Step::AnswerExtend && reported {
                    continue;
                }
                if let Some(bid) = self.bid(id, step)? {
                    steps.push((id, step));
                    bids.push(bid);
                }
            }
        }
        let mut outcomes = self.run(&bids).await?.into_iter();
        for birth in &births {
            let (Some(registered), Some(assigned)) = (outcomes.next(), outcomes.next()) else { break };
            self.born(birth, registered, assigned)?;
        }
        for ((id, step), outcome) in steps.into_iter().zip(outcomes) {
            self.stepped(id, step, outcome).await?;
        }
        self.report(key(day, slot)).await
    }

    fn born(&mut self, birth: &Birth, registered: Outcome<Duty>, assigned: Outcome<Duty>) -> Outcome<()> {
        match (registered, assigned) {
            (Ok(_), Ok(duty)) => {
                let id = self.keep(duty, birth.script);
                self.lay_first(id);
                Ok(())
            }
            (Err(no), _) => self.refusal(&no, "Register"),
            (_, Err(no)) => self.refusal(&no, "Assign"),
        }
    }

    async fn stepped(&mut self, id: DutyId, step: Step, outcome: Outcome<Duty>) -> Outcome<()> {
        match outcome {
            Ok(duty) => self.follow(id, step, duty).await?,
            Err(no) => {
                let kind = self.cases.get(&id).map(|c| c.duty.kind.to_string()).unwrap_or_default();
                self.refusal(&no, &format!("{kind} {step:?}"))?;
                self.again(id, step);
            }
        }
        // What is filed is not acted on again.
        if self.state(id) == Some(StateName::Archived) {
            self.cases.remove(&id);
        }
        Ok(())
    }

    /// Does deeds and counts those that were done.
    pub(crate) async fn run(&mut self, bids: &[Bid]) -> Outcome<Vec<Outcome<Duty>>> {
        let outcomes = crate::deed::all(&self.app, &mut self.cast, bids).await?;
        let done = outcomes.iter().filter(|o| o.is_ok()).count();
        self.deeds += u64::try_from(done).unwrap_or(0);
        Ok(outcomes)
    }

    /// A few of the overdue are urged each day.
    fn lay_urging(&mut self) {
        let now = self.app.now();
        let late: Vec<DutyId> =
            self.cases.values().filter(|c| c.duty.is_late(now)).map(|c| c.duty.id).collect();
        let mut picked = std::collections::BTreeSet::new();
        for _ in 0..self.dice.between(0, 4) {
            let id = self.dice.pick(&late).copied();
            if let Some(id) = id.filter(|id| picked.insert(*id)) {
                self.agenda.entry(key(now.day(), 4)).or_default().push((id, Step::Urge));
            }
        }
    }
}

fn recompute(op: &mut Op<'_, '_>, ids: &[DutyId]) -> Outcome<Vec<Duty>> {
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let found = duty::store::locked(op.tx, op.district(), *id)?;
        if let Some(found) = found.filter(Duty::is_open) {
            out.push(act::perform_unjudged(op, found, &Command::Recompute, &With::default())?);
        }
    }
    Ok(out)
}
