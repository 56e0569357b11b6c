//! Makes the playbook's plan into duties: items, their nodes and their parts, each given to its lead.
//!
//! Loading twice adds only what is new. A line whose due day has passed cannot become a duty any more (nobody is made
//! late by a load); it is left out and named in the report.

use crate::act::record;
use crate::event::Event;
use base::core::App;
use base::op::{Op, Who};
use base::{Common, Outcome};
use duty::act::{With, perform_unjudged, register_unjudged};
use kernel::access::{Action, Actor, Resource};
use kernel::duty::{Command, Duty, Ground, GroundKind, Mark, NewDuty, Priority, Visibility};
use kernel::playbook::{Item, Playbook, Source};
use kernel::text::{Remark, Title};
use kernel::{Day, DutyId, Lang, PostCode, Slug, UnitCode, Words};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Items in one transaction: short enough that other writes get their turn.
const BATCH: usize = 16;

/// What a load did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Items that became duties now.
    pub items: usize,
    /// Nodes and parts that became duties now.
    pub tasks: usize,
    /// Lines that were duties already.
    pub present: usize,
    /// Codes of lines whose due day has passed: left out.
    pub past: Vec<String>,
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LoadReport { items, tasks, present, past } = self;
        write!(f, "plan: {items} items and {tasks} nodes and parts became duties, {present} were already")?;
        if past.is_empty() {
            Ok(())
        } else {
            write!(f, ", {} left out because their due day has passed", past.len())
        }
    }
}

/// Loads the plan of the playbook in force, batch by batch. `who` must have `plan.load`; the duties are registered by
/// the planner's post, because whoever loads from the command line holds no post that registers.
pub async fn load_plan(app: &App, who: &Who) -> Outcome<LoadReport> {
    let district = who.district;
    let book = app.book(district, app.now().day())?;
    let planner = planner(&book)?;
    let as_planner = Who { district, actor: Arc::new(planner), trace: who.trace.clone() };
    app.read(who, |op| op.judge(Action::PlanLoad, &Resource::new()).map(|_| ())).await?;
    let codes: Vec<Slug> = book.plan.items.keys().cloned().collect();
    let mut report = LoadReport::default();
    for batch in codes.chunks(BATCH) {
        let (batch, book) = (batch.to_vec(), book.clone());
        let done = app.write(&as_planner, move |op| load_batch(op, &book, &batch)).await?;
        report.items += done.items;
        report.tasks += done.tasks;
        report.present += done.present;
        report.past.extend(done.past);
    }
    Ok(report)
}

/// The actor that registers the plan: the first post with the role of the planner.
pub fn planner(book: &Playbook) -> Outcome<Actor> {
    let post = book.org.posts_with_role("planner").next();
    let actor = post.and_then(|p| org::directory::actor_of(book, &p.code));
    actor.ok_or_else(|| Common::NotFound { what: "post", given: "planner".to_owned() }.into())
}

/// Loads some items in this transaction.
pub fn load_batch(op: &mut Op<'_, '_>, book: &Playbook, codes: &[Slug]) -> Outcome<LoadReport> {
    op.judge(Action::PlanLoad, &Resource::new())?;
    let mut report = LoadReport::default();
    let mut fresh = Vec::new();
    for item in codes.iter().filter_map(|code| book.item(code.as_str())) {
        let before = report.items;
        load_item(op, book, item, &mut report)?;
        if report.items > before {
            fresh.push(item.code.to_string());
        }
    }
    if report.items + report.tasks > 0 {
        let tasks = u64::try_from(report.tasks).unwrap_or(u64::MAX);
        let event = Event::Loaded { digest: book.digest.clone(), items: fresh, tasks };
        record(op, &format!("plan:{}", book.head.year), &event)?;
    }
    Ok(report)
}

/// A line of the plan about to become a duty.
struct Line<'a> {
    kind: &'a str,
    code: &'a Slug,
    title: String,
    criterion: &'a str,
    source: &'a Source,
    lead: &'a UnitCode,
    patron: &'a PostCode,
    due: Day,
    parent: Option<DutyId>,
}

fn load_item(op: &mut Op<'_, '_>, book: &Playbook, item: &Item, report: &mut LoadReport) -> Outcome<()> {
    let line = Line {
        kind: "plan_item",
        code: &item.code,
        title: zh(&item.title),
        criterion: &item.criterion.zh,
        source: &item.source,
        lead: &item.lead,
        patron: &item.patron,
        due: item.due,
        parent: None,
    };
    let parent = match load_line(op, book, item, &line, report)? {
        Became::Made(duty) => {
            report.items += 1;
            duty.id
        }
        Became::There(id) => id,
        Became::Past => {
            let below = item.nodes.iter().map(|n| &n.code).chain(item.parts.iter().map(|p| &p.code));
            report.past.extend(below.map(ToString::to_string));
            return Ok(());
        }
    };
    for node in &item.nodes {
        let line = Line {
            kind: "plan_task",
            code: &node.code,
            title: fitting(&item.node_title(node).zh, &node.title.zh),
            criterion: &node.title.zh,
            source: &node.source,
            lead: node.lead.as_ref().unwrap_or(&item.lead),
            patron: &item.patron,
            due: node.due,
            parent: Some(parent),
        };
        if matches!(load_line(op, book, item, &line, report)?, Became::Made(_)) {
            report.tasks += 1;
        }
    }
    for part in &item.parts {
        let line = Line {
            kind: "plan_task",
            code: &part.code,
            title: zh(&part.title),
            criterion: &part.title.zh,
            source: &part.source,
            lead: &part.lead,
            patron: &part.patron,
            due: part.due,
            parent: Some(parent),
        };
        if matches!(load_line(op, book, item, &line, report)?, Became::Made(_)) {
            report.tasks += 1;
        }
    }
    Ok(())
}

/// What became of a line.
enum Became {
    Made(Box<Duty>),
    There(DutyId),
    Past,
}

fn load_line(
    op: &mut Op<'_, '_>,
    book: &Playbook,
    item: &Item,
    line: &Line<'_>,
    report: &mut LoadReport,
) -> Outcome<Became> {
    if let Some(id) = duty::store::by_number(op.tx, op.district(), line.code.as_str())? {
        report.present += 1;
        return Ok(Became::There(id));
    }
    if line.due < op.today() {
        report.past.push(line.code.to_string());
        return Ok(Became::Past);
    }
    let form = form(book, item, line)?;
    let with = With { number: Some(line.code.to_string()), ..With::default() };
    let made = register_unjudged(op, &Command::Register { form: Box::new(form) }, &with)?;
    let lead = line.lead.clone();
    let assign = Command::Assign { lead, handler: None, superintendent: None, patron: None, due: None };
    Ok(Became::Made(Box::new(perform_unjudged(op, made, &assign, &With::default())?)))
}

fn form(book: &Playbook, item: &Item, line: &Line<'_>) -> Outcome<NewDuty> {
    let mark = if line.source.is_example() { Mark::Example } else { Mark::Article };
    let ground = Ground {
        kind: if item.list.as_str() == "city" { GroundKind::UpperList } else { GroundKind::MeetingDecision },
        text: Remark::parse("basis", &zh(&item.basis))?,
        day: None,
        source: line.source.as_str().to_owned(),
    };
    Ok(NewDuty {
        kind: Slug::parse("kind", line.kind)?,
        title: Title::parse("title", &line.title)?,
        ground: vec![ground],
        criterion: Remark::parse("criterion", &base::web::ui::zh::han(line.criterion))?,
        priority: Priority::General,
        visibility: Visibility::Internal,
        superintendent: superintendent(book),
        patron: Some(line.patron.clone()),
        parent: line.parent,
        relations: BTreeSet::new(),
        place: None,
        planned_due: Some(line.due),
        marks: BTreeSet::from([mark]),
    })
}

/// Who watches the plan: the supervision officer beside the director, else the director.
fn superintendent(book: &Playbook) -> Option<PostCode> {
    let director = book.org.posts_with_role("supervision_director").next()?;
    let officer = book.org.post_with_role(&director.unit, "supervisor");
    Some(officer.unwrap_or(director).code.clone())
}

fn zh(words: &Words) -> String {
    base::web::ui::zh::han(words.get(Lang::Zh)).into_owned()
}

/// The long title when it fits, else the short one.
fn fitting(long: &str, short: &str) -> String {
    let text = base::web::ui::zh::han(long);
    if text.chars().count() <= Title::MAX {
        text.into_owned()
    } else {
        base::web::ui::zh::han(short).into_owned()
    }
}
