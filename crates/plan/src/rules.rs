//! What may be reported, asked and decided. Pure: facts in, fact or refusal out.

use crate::event::Event;
use crate::model::{Change, ChangeState, Value, What};
use crate::refusal::PlanRefusal as No;
use kernel::access::List;
use kernel::money::Decimal;
use kernel::playbook::{Item, Measure, UnitKind};
use kernel::text::{Body, Remark};
use kernel::{Day, Malformed, PostCode, Slug, UnitCode};

/// What a report is judged by.
#[derive(Debug, Clone, Copy)]
pub struct ReportFacts<'a> {
    /// Item or part that is reported on.
    pub code: &'a Slug,
    /// Its measure, when it has one.
    pub measure: Option<&'a Measure>,
    /// Who leads it.
    pub lead: &'a UnitCode,
    /// That unit's kind.
    pub lead_kind: Option<UnitKind>,
    /// Whether its duty is open; none when there is no duty.
    pub open: Option<bool>,
    /// First day of the slice.
    pub from: Day,
    /// Today.
    pub today: Day,
    /// The last figure of the same code.
    pub last: Option<&'a Value>,
}

/// A figure as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The figure.
    pub value: Decimal,
    /// The day up to which it counts; today when none is given.
    pub day: Option<Day>,
    /// Where it comes from; needed when a cumulative figure falls.
    pub note: Option<Remark>,
    /// The grade that was given, if any; only `R` is taken (D§4.1).
    pub grade: Option<String>,
}

/// Takes a figure.
pub fn report(f: &ReportFacts<'_>, entry: &Entry) -> Result<Event, No> {
    if entry.grade.as_deref().is_some_and(|grade| grade != "R") {
        return Err(No::Statistical);
    }
    let measure = f.measure.ok_or_else(|| No::NotMeasured(f.code.clone()))?;
    if f.lead_kind.is_some_and(UnitKind::is_respondent) {
        return Err(No::OnEnterprise(f.lead.clone()));
    }
    match f.open {
        None => return Err(No::NotLoaded(f.code.clone())),
        Some(false) => return Err(No::Closed(f.code.clone())),
        Some(true) => {}
    }
    let day = entry.day.unwrap_or(f.today);
    if day > f.today {
        return Err(No::FutureDay(day));
    }
    if day < f.from {
        return Err(No::BeforeSlice { day, from: f.from });
    }
    if let Some(last) = f.last.filter(|last| day < last.day) {
        return Err(No::BeforeLast { day, last: last.day });
    }
    if entry.value < Decimal::ZERO {
        return Err(No::Negative(entry.value));
    }
    if let Some(last) =
        f.last.filter(|last| measure.additive && entry.value < last.value && entry.note.is_none())
    {
        return Err(No::FallUnexplained { value: entry.value, last: last.value });
    }
    Ok(Event::Reported {
        code: f.code.clone(),
        rev: f.last.map_or(1, |last| last.rev + 1),
        day,
        value: entry.value,
        note: entry.note.as_ref().map(ToString::to_string).unwrap_or_default(),
    })
}

/// What a request is judged by.
#[derive(Debug, Clone, Copy)]
pub struct AskFacts<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its lead as it is now.
    pub lead: &'a UnitCode,
    /// Its due day as it is now.
    pub due: Day,
    /// Its target as it is now.
    pub target: Option<Decimal>,
    /// Its criterion as it is now.
    pub criterion: &'a str,
    /// Whether its duty is open; none when there is no duty.
    pub open: Option<bool>,
    /// The asking post's unit.
    pub unit: &'a UnitCode,
    /// The asking post plans targets.
    pub planner: bool,
    /// The item's requests so far.
    pub earlier: &'a [Change],
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Another due day.
    Due(Day),
    /// Another criterion.
    Criterion(Body),
    /// Another target.
    Target(Decimal),
    /// The item struck off.
    Cancel,
}

impl Wish {
    /// Parses what was given for `what` and `wish`.
    pub fn parse(what: What, given: &str) -> Result<Wish, Malformed> {
        Ok(match what {
            What::Due => Wish::Due(Day::parse("wish", given)?),
            What::Criterion => Wish::Criterion(Body::parse("wish", given)?),
            What::Target => Wish::Target(decimal("wish", given)?),
            What::Cancel => Wish::Cancel,
        })
    }
    /// What it is about.
    pub fn what(&self) -> What {
        match self {
            Wish::Due(_) => What::Due,
            Wish::Criterion(_) => What::Criterion,
            Wish::Target(_) => What::Target,
            Wish::Cancel => What::Cancel,
        }
    }
}

/// Reads a figure with at most four places.
pub fn decimal(field: &str, given: &str) -> Result<Decimal, Malformed> {
    Decimal::parse(given).ok_or_else(|| {
        Malformed::new(
            "plan.figure",
            field,
            given,
            kernel::Words::new("不是有效的数值", "Not a figure"),
            kernel::Words::new("请填数字，小数不超过4位", "Give a number with at most four places"),
        )
    })
}

/// Takes a request. `no` is the number that it gets.
pub fn ask(f: &AskFacts<'_>, no: Slug, wish: &Wish, reason: &Remark) -> Result<Event, No> {
    let what = wish.what();
    let code = || f.item.code.clone();
    match f.open {
        None => return Err(No::NotLoaded(code())),
        Some(false) => return Err(No::Closed(code())),
        Some(true) => {}
    }
    if f.unit != f.lead && !f.planner {
        return Err(No::OutsideLead(f.lead.clone()));
    }
    let pending = f.earlier.iter().find(|c| c.what == what && c.state() == ChangeState::Asked);
    if let Some(pending) = pending {
        return Err(No::Pending(pending.no.clone()));
    }
    let (was, wish) = match wish {
        // The duty's own clock is extended, and only its lead may ask for that.
        Wish::Due(_) if f.unit != f.lead => return Err(No::LeadAsks(f.lead.clone())),
        Wish::Due(day) if *day <= f.due => return Err(No::EarlierDue { wish: *day, due: f.due }),
        Wish::Due(day) => (f.due.to_string(), day.to_string()),
        Wish::Criterion(text) if text.as_str() == f.criterion => {
            return Err(No::Same(f.criterion.to_owned()));
        }
        Wish::Criterion(text) => (f.criterion.to_owned(), text.to_string()),
        Wish::Target(figure) => {
            let now = f.target.ok_or_else(|| No::NoTarget(code()))?;
            if *figure <= Decimal::ZERO {
                return Err(No::BadTarget(*figure));
            }
            if *figure == now {
                return Err(No::Same(now.to_string()));
            }
            (now.to_string(), figure.to_string())
        }
        Wish::Cancel => (f.item.title.zh.clone(), String::new()),
    };
    Ok(Event::ChangeAsked { no, what, was, wish, reason: reason.to_string() })
}

/// An answer as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Approve, or refuse.
    pub approve: bool,
    /// Number of the approving document; the city's items need it.
    pub document: String,
    /// In words; a refusal needs them.
    pub why: String,
}

/// Answers a request. For the city's 137 the director of supervision records the city's word, so it needs the number of
/// the document; the district's 21 are approved by its leaders (D§4.19). Who asked does not decide.
pub fn decide(change: &Change, list: List, by: &PostCode, ruling: &Ruling) -> Result<Event, No> {
    if change.state() != ChangeState::Asked {
        return Err(No::Decided(change.no.clone()));
    }
    if change.asked_by == *by {
        return Err(No::OwnRequest(change.no.clone()));
    }
    let (no, document, why) = (change.no.clone(), ruling.document.trim(), ruling.why.trim());
    match ruling.approve {
        false if why.is_empty() => Err(No::WhyNeeded),
        false => Ok(Event::ChangeRefused { no, why: why.to_owned() }),
        true if list == List::City && document.is_empty() => Err(No::DocumentNeeded(no)),
        true => Ok(Event::ChangeApproved { no, document: document.to_owned(), why: why.to_owned() }),
    }
}

/// Carries out an approved cancellation.
pub fn apply(change: &Change) -> Result<Event, No> {
    if change.what == What::Cancel && change.state() == ChangeState::Approved {
        Ok(Event::ChangeApplied { no: change.no.clone() })
    } else {
        Err(No::NotToApply(change.no.clone()))
    }
}

/// The list of an item, as the access policy names it.
pub fn list_of(item: &Item) -> List {
    if item.list.as_str() == "city" { List::City } else { List::District }
}
