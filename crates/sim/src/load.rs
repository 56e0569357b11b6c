//! Duties in bulk for benches: registered and assigned through the same use-cases, many in one transaction.

use crate::words::remark;
use base::core::App;
use base::op::{Op, Time, Who};
use base::{Fault, Outcome};
use duty::act::{self, With};
use kernel::duty::{Command, Ground, GroundKind, Mark, NewDuty, Priority, Visibility};
use kernel::playbook::Playbook;
use kernel::text::Title;
use kernel::{Day, DistrictCode, PostCode, Slug, UnitCode};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Duties in one transaction.
const BATCH: u64 = 1_000;
/// Working days over which the due days are spread.
const SPREAD: u64 = 60;

/// Makes `n` open duties of the kind `supervision`, spread over the units that have people and over the next sixty
/// working days, in the first district that the process serves.
///
/// # Errors
/// When no playbook is in force, or it has no director of supervision or no unit that works.
pub async fn fill_duties(app: &App, n: u64) -> Outcome<()> {
    let filler = Arc::new(Filler::new(app)?);
    let who = filler.who.clone();
    let mut done = 0;
    while done < n {
        let size = BATCH.min(n - done);
        let (filler, first) = (filler.clone(), done);
        app.write(&who, move |op| (first..first + size).try_for_each(|at| filler.one(op, at))).await?;
        done += size;
    }
    Ok(())
}

/// Makes `n` duties whose first limit has passed: given four working days ago and not signed for, so that the next run
/// of the escalation sweep climbs exactly one rung of each. The clock goes back while they are made and then returns.
///
/// # Errors
/// As [`fill_duties`], and when the core runs on the machine's clock, which cannot go back.
pub async fn overdue(app: &App, n: u64) -> Outcome<()> {
    if !matches!(app.time, Time::Set(_)) {
        return Err(Fault::broken("overdue duties need a clock that is set by hand (Time::set_at)"));
    }
    let now = app.now();
    let given = app.calendar(district(app)?, now.day())?.sub_workdays(now.day(), 4);
    app.time.set(given.at(10, 0));
    let made = fill_duties(app, n).await;
    app.time.set(now);
    made
}

fn district(app: &App) -> Outcome<DistrictCode> {
    let first = app.districts().first().copied();
    first.ok_or_else(|| Fault::broken("no playbook is in force"))
}

/// What does not change from duty to duty.
struct Filler {
    who: Who,
    leads: Vec<UnitCode>,
    days: Vec<Day>,
    kind: Slug,
    ground: Ground,
}

impl Filler {
    fn new(app: &App) -> Outcome<Filler> {
        let district = district(app)?;
        let today = app.now().day();
        let book = app.book(district, today)?;
        let calendar = app.calendar(district, today)?;
        let post =
            director(&book).ok_or_else(|| Fault::broken("the playbook has no director of supervision"))?;
        let actor = org::directory::actor_of(&book, &post).ok_or_else(|| Fault::broken("no such post"))?;
        let works = |u: &&kernel::playbook::Unit| book.org.post_with_role(&u.code, "handler").is_some();
        let leads: Vec<UnitCode> = book.org.units.values().filter(works).map(|u| u.code.clone()).collect();
        if leads.is_empty() {
            return Err(Fault::broken("the playbook has no unit that works"));
        }
        let days =
            (1..=SPREAD).map(|n| calendar.add_workdays(today, u32::try_from(n).unwrap_or(1))).collect();
        Ok(Filler {
            who: Who { district, actor: Arc::new(actor), trace: Arc::from("load") },
            leads,
            days,
            kind: Slug::parse("kind", "supervision")?,
            ground: Ground {
                kind: GroundKind::Document,
                text: remark("压力测试（模拟）")?,
                day: None,
                source: "simulated".to_owned(),
            },
        })
    }

    fn one(&self, op: &mut Op<'_, '_>, at: u64) -> Outcome<()> {
        let place =
            |n: u64, len: usize| usize::try_from(n % u64::try_from(len.max(1)).unwrap_or(1)).unwrap_or(0);
        let lead = self.leads.get(place(at, self.leads.len())).cloned();
        let due = self.days.get(place(at / 7, self.days.len())).copied();
        let lead = lead.ok_or_else(|| Fault::broken("no unit"))?;
        let form = NewDuty {
            kind: self.kind.clone(),
            title: Title::parse("title", &format!("压力测试事项{at:07}"))?,
            ground: vec![self.ground.clone()],
            criterion: remark("反馈办理结果")?,
            priority: Priority::General,
            visibility: Visibility::Internal,
            superintendent: None,
            patron: None,
            parent: None,
            relations: BTreeSet::new(),
            place: None,
            planned_due: due,
            marks: BTreeSet::from([Mark::Simulated]),
        };
        let registered = act::register(op, &Command::Register { form: Box::new(form) }, &With::default())?;
        let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
        // The registering post is allowed to assign; judging it again would read every row once more.
        act::perform_unjudged(op, registered, &assign, &With::default()).map(|_| ())
    }
}

fn director(book: &Playbook) -> Option<PostCode> {
    book.org.posts_with_role("supervision_director").next().map(|p| p.code.clone())
}
