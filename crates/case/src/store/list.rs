//! Lists: the queue, a unit's board, a caller's earlier cases, what may be the same matter.

use super::{NEVER, marks};
use crate::model::{CaseId, Cursor, Filter, Order, Stage, Summary};
use base::scope::{Columns, narrow};
use base::{Arg, Fault, Outcome, Row, Tx};
use kernel::access::{Actor, Scope};
use kernel::cases::{CaseKind, Channel, Grade, Urgency};
use kernel::{DistrictCode, Instant, Slug, UnitCode};

/// What the case table offers to a scope. Holder, handler and registrar are the duty's.
const COLUMNS: Columns = Columns {
    unit: Some("d.holder_unit"),
    lead: Some("d.lead"),
    support: Some(
        "exists (select 1 from duty s where s.district = d.district and s.parent = d.id and s.lead in ({}))",
    ),
    holder: Some("d.holder_post"),
    handler: Some("d.handler"),
    patron: Some("d.patron"),
    registrar: Some("d.registrar"),
    superintendent: Some("d.superintendent"),
    post: None,
    place: Some("c.place"),
    list: None,
    kind: None,
    compartment: None,
    public: None,
};

const SUMMARY: &str = "c.id, c.no, c.title, c.channel, c.kind, c.category, c.urgency, c.place, c.address, c.unit, c.stage, \
                       c.open, c.received_at, c.due, c.replied_at, c.closed_at, c.deferred_at, c.grade, c.excluded, \
                       c.confidential, c.hot, c.parent, c.links, c.round, c.rev";

fn word<T>(row: &Row<'_>, i: usize, read: impl Fn(&str) -> Option<T>) -> Outcome<T> {
    read(row.str(i)?).ok_or_else(|| Fault::broken(format!("column {i}: unknown word")))
}

fn summary(row: &Row<'_>) -> Outcome<Summary> {
    let due = row.int(13)?;
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Summary {
        id: row.parsed(0)?,
        no: row.text(1)?,
        title: row.text(2)?,
        channel: word(row, 3, Channel::from_code)?,
        kind: word(row, 4, CaseKind::from_code)?,
        category: row.text_opt(5)?,
        urgency: word(row, 6, Urgency::from_code)?,
        place: row.parsed_opt(7)?,
        address: row.text_opt(8)?,
        unit: row.parsed_opt(9)?,
        stage: word(row, 10, Stage::from_code)?,
        open: row.flag(11)?,
        received_at: row.instant(12)?,
        due: (due != NEVER).then_some(Instant::from_micros(due)),
        replied_at: row.instant_opt(14)?,
        closed_at: row.instant_opt(15)?,
        deferred_at: row.instant_opt(16)?,
        grade: row.text_opt(17)?.as_deref().and_then(Grade::from_code),
        excluded: row.text_opt(18)?,
        confidential: row.flag(19)?,
        hot: row.flag(20)?,
        parent: row.parsed_opt(21)?,
        links: narrow(row.count(22)?),
        round: narrow(row.count(23)?),
        rev: row.count(24)?,
    })
}

/// One page of a list within what the actor may see, and where the next begins.
pub fn list(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    within: (&Actor, &Scope),
    filter: &Filter,
    order: Order,
    after: Option<Cursor>,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<Cursor>)> {
    let (actor, scope) = within;
    if scope.is_nothing() {
        return Ok((Vec::new(), None));
    }
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut from = "case_item c".to_owned();
    let mut wheres = vec!["c.district = $1".to_owned()];
    if !matches!(scope, Scope::All) {
        from.push_str(" join duty d on d.district = c.district and d.id = c.id");
        wheres.push(narrow(scope, &COLUMNS, &mut args));
    }
    if filter.month.is_some() || filter.figure.is_some() {
        from.push_str(" join case_mark m on m.district = c.district and m.id = c.id");
    }
    shield(actor, &mut wheres, &mut args);
    conditions(filter, &mut wheres, &mut args);
    let (keys, cursor) = match order {
        Order::Newest => ("c.id desc", "c.id < "),
        Order::Due => ("c.due, c.id", "(c.due, c.id) > "),
    };
    if let Some(at) = after {
        let place = match order {
            Order::Newest => bind(at.id.to_string(), &mut args),
            Order::Due => {
                let due = bind(at.due, &mut args);
                format!("({due}, {})", bind(at.id.to_string(), &mut args))
            }
        };
        wheres.push(format!("{cursor}{place}"));
    }
    let limit_at = bind(i64::from(limit) + 1, &mut args);
    let sql = format!(
        "select {SUMMARY} from {from} where {} order by {keys} limit {limit_at}",
        wheres.join(" and ")
    );
    let mut rows = tx.query(&sql, &args, summary)?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| Cursor { due: row.due.map_or(NEVER, Instant::micros), id: row.id });
    Ok((rows, next))
}

fn bind(value: impl Into<Arg<'static>>, args: &mut Vec<Arg<'static>>) -> String {
    args.push(value.into());
    format!("${}", args.len())
}

/// A confidential case is never shown to the unit that it is about, nor to those above it (D§2.3.14).
fn shield(actor: &Actor, wheres: &mut Vec<String>, args: &mut Vec<Arg<'static>>) {
    let line: Vec<String> =
        std::iter::once(&actor.unit).chain(&actor.line).map(|unit| bind(unit.to_string(), args)).collect();
    wheres
        .push(format!("(c.confidential = 0 or c.against is null or c.against not in ({}))", line.join(", ")));
}

fn conditions(filter: &Filter, wheres: &mut Vec<String>, args: &mut Vec<Arg<'static>>) {
    let mut equal = |column: &str, value: Option<String>| {
        if let Some(value) = value {
            let at = bind(value, args);
            wheres.push(format!("{column} = {at}"));
        }
    };
    equal("c.unit", filter.unit.as_ref().map(ToString::to_string).filter(|_| filter.month.is_none()));
    equal("m.unit", filter.unit.as_ref().map(ToString::to_string).filter(|_| filter.month.is_some()));
    equal("c.place", filter.place.as_ref().map(ToString::to_string));
    equal("c.channel", filter.channel.map(|c| c.code().to_owned()));
    equal("c.kind", filter.kind.map(|k| k.code().to_owned()));
    equal("c.urgency", filter.urgency.map(|u| u.code().to_owned()));
    equal("c.parent", filter.parent.map(|p| p.to_string()));
    if let Some(category) = &filter.category {
        let low = bind(category.clone(), args);
        let high = bind(format!("{category}~"), args);
        wheres.push(format!("c.category >= {low} and c.category < {high}"));
    }
    if !filter.stages.is_empty() {
        let list: Vec<String> =
            filter.stages.iter().map(|stage| bind(stage.code().to_owned(), args)).collect();
        wheres.push(format!("c.stage in ({})", list.join(", ")));
    }
    for (clause, at) in [
        ("c.received_at >= ", filter.from),
        ("c.received_at < ", filter.until),
        ("c.due < ", filter.due_before),
    ] {
        if let Some(at) = at {
            wheres.push(format!("{clause}{}", bind(at.micros(), args)));
        }
    }
    if !filter.ids.is_empty() {
        let list: Vec<String> = filter.ids.iter().map(|id| bind(id.to_string(), args)).collect();
        wheres.push(format!("c.id in ({})", list.join(", ")));
    }
    if filter.open_only {
        wheres.push("c.open = 1".to_owned());
    }
    if filter.hot {
        wheres.push("c.hot = 1".to_owned());
    }
    if let Some(month) = filter.month {
        wheres.push(format!("m.month = {}", bind(i64::from(month), args)));
    }
    if let Some(figure) = filter.figure {
        wheres.push(marks::figures(figure).to_owned());
    }
}

/// The dispatcher's queue: received and not dispatched, oldest first.
pub fn queue(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    after: Option<CaseId>,
    limit: u32,
) -> Outcome<Vec<Summary>> {
    let sql = format!(
        "select {SUMMARY} from case_item c where c.district = $1 and c.stage = 'received' and c.open = 1 \
         and c.id > $2 order by c.id limit $3"
    );
    let after = after.map_or_else(String::new, |id| id.to_string());
    tx.query(&sql, &[district.into(), after.into(), limit.into()], summary)
}

/// How many open cases stand at each stage, up to 10,000 in all: for headlines.
pub fn count_by_stage(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    unit: Option<&UnitCode>,
) -> Outcome<Vec<(Stage, u64)>> {
    let pairs = |row: &Row<'_>| Ok((word(row, 0, Stage::from_code)?, row.count(1)?));
    match unit {
        Some(unit) => {
            let sql = "select stage, count(*) from (select stage from case_item where district = $1 and unit = $2 \
                       and open = 1 limit 10000) s group by stage order by stage";
            tx.query(sql, &[district.into(), unit.into()], pairs)
        }
        None => {
            let sql = "select stage, count(*) from (select stage from case_item where district = $1 and open = 1 \
                       limit 10000) s group by stage order by stage";
            tx.query(sql, &[district.into()], pairs)
        }
    }
}

/// A petitioner's cases, newest first, by the keyed hash of the phone.
pub fn by_contact(tx: &mut Tx<'_>, district: DistrictCode, hash: &str, limit: u32) -> Outcome<Vec<Summary>> {
    let sql = format!(
        "select {SUMMARY} from case_item c where c.district = $1 and c.contact_hash = $2 order by c.id desc limit $3"
    );
    tx.query(&sql, &[district.into(), hash.into(), limit.into()], summary)
}

/// The case of a source and number, with its number.
pub fn find_by_source(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    key: &str,
) -> Outcome<Option<(CaseId, String)>> {
    let sql = "select id, no from case_item where district = $1 and source_key = $2";
    tx.one(sql, &[district.into(), key.into()], |row| Ok((row.parsed(0)?, row.text(1)?)))
}

/// The public list of deferred cases, the longest deferred first: no words of the petitioner, no address.
pub fn ageing(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    unit: Option<&UnitCode>,
    limit: u32,
) -> Outcome<Vec<Summary>> {
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let within =
        unit.map_or_else(String::new, |unit| format!(" and c.unit = {}", bind(unit.to_string(), &mut args)));
    let limit = bind(i64::from(limit), &mut args);
    let sql = format!(
        "select {SUMMARY} from case_item c where c.district = $1 and c.deferred_at is not null{within} \
         order by c.deferred_at, c.id limit {limit}"
    );
    tx.query(&sql, &args, summary)
}

/// A case to call back, and whether for the second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callable {
    /// The case.
    pub case: Summary,
    /// From when on.
    pub call_at: Instant,
    /// Drawn for a blind second call.
    pub sampled: bool,
}

/// The work-list of call-backs. Only for whoever may see the sample: judge `case.sample` before.
pub fn call_list(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    now: Instant,
    limit: u32,
) -> Outcome<Vec<Callable>> {
    let sql = format!(
        "select {SUMMARY}, c.call_at, c.sampled from case_item c where c.district = $1 and c.call_at is not null \
         and c.call_at <= $2 order by c.call_at, c.id limit $3"
    );
    tx.query(&sql, &[district.into(), now.into(), limit.into()], |row| {
        Ok(Callable { case: summary(row)?, call_at: row.instant(25)?, sampled: row.flag(26)? })
    })
}

/// What may be the same matter: the rows that similarity is reckoned over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The case.
    pub case: Summary,
    /// Its words, masked.
    pub text: String,
    /// The same petitioner.
    pub same_contact: bool,
}

/// Cases of the last days that may be the same matter: of the same petitioner, or of the same category in the same
/// community. Open or not; those that are linked themselves are left out.
pub fn alike(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    of: (CaseId, Option<&str>, Option<&UnitCode>, Option<&Slug>),
    since: Instant,
    limit: u32,
) -> Outcome<Vec<Alike>> {
    let (id, contact, place, category) = of;
    let mut out: Vec<Alike> = Vec::new();
    let mut keep = |row: &Row<'_>, same_contact: bool| {
        let case = summary(row)?;
        let body: crate::model::Case = row.json(25)?;
        if case.id != id && case.parent.is_none() && !out.iter().any(|known| known.case.id == case.id) {
            out.push(Alike { text: body.filing.text.as_str().to_owned(), case, same_contact });
        }
        Ok(())
    };
    if let Some(contact) = contact {
        let sql = format!(
            "select {SUMMARY}, c.body from case_item c where c.district = $1 and c.contact_hash = $2 \
             and c.received_at >= $3 order by c.id desc limit $4"
        );
        let args = [district.into(), contact.into(), since.into(), limit.into()];
        tx.each(&sql, &args, |row| keep(row, true))?;
    }
    if let (Some(place), Some(category)) = (place, category) {
        let sql = format!(
            "select {SUMMARY}, c.body from case_item c where c.district = $1 and c.place = $2 and c.category = $3 \
             and c.received_at >= $4 order by c.id desc limit $5"
        );
        let args = [district.into(), place.into(), category.into(), since.into(), limit.into()];
        tx.each(&sql, &args, |row| keep(row, false))?;
    }
    Ok(out)
}

/// Takes a dispatched case: words, category, unit, when it was received.
pub type Learn<'f> = &'f mut dyn FnMut(&str, Option<&Slug>, &UnitCode, Instant) -> Outcome<()>;

/// Dispatched cases since `since`, newest first, as the recommender learns them: words, category, unit, when.
pub fn history(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    since: Instant,
    limit: u32,
    visit: Learn<'_>,
) -> Outcome<()> {
    let sql = "select body, unit from case_item where district = $1 and id >= $2 and unit is not null \
               and staff = 0 and parent is null order by id desc limit $3";
    let args = [district.into(), id_floor(since).into(), limit.into()];
    tx.each(sql, &args, |row| {
        let case: crate::model::Case = row.json(0)?;
        let unit: UnitCode = row.parsed(1)?;
        visit(case.filing.text.as_str(), case.filing.category.as_ref(), &unit, case.received_at)
    })
}

/// What a search compares with, by id.
pub(crate) fn words(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    ids: &[String],
    said: &dyn Fn(&crate::model::Case) -> String,
) -> Outcome<Vec<(String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let list: Vec<String> = ids.iter().map(|id| bind(id.clone(), &mut args)).collect();
    let sql = format!("select id, body from case_item where district = $1 and id in ({})", list.join(", "));
    tx.query(&sql, &args, |row| {
        let case: crate::model::Case = row.json(1)?;
        Ok((row.text(0)?, said(&case)))
    })
}

/// The smallest id that the program can make at a moment: ids grow with time, so this bounds a range by age.
pub fn id_floor(at: Instant) -> String {
    let millis = u64::try_from(at.micros().div_euclid(1_000)).unwrap_or(0);
    let hex = format!("{millis:012x}");
    let (high, low) = hex.split_at(hex.len().saturating_sub(4));
    format!("{high}-{low}-7000-8000-000000000000")
}

/// Many people, one place, one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HotSpot {
    /// Community or street.
    pub place: UnitCode,
    /// Category's code.
    pub category: String,
    /// Cases.
    pub cases: u64,
    /// Different petitioners; filings without a contact count once together.
    pub people: u64,
}

/// Places where many different people asked for the same since `since` (集中诉求), most people first. It reads every case
/// of that time: for a report, not for each page.
pub fn hot_spots(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    since: Instant,
    people: u32,
    limit: u32,
) -> Outcome<Vec<HotSpot>> {
    let sql = "select place, category, count(*), count(distinct coalesce(contact_hash, '')) as people from case_item \
               where district = $1 and id >= $2 and place is not null and category is not null and staff = 0 \
               group by place, category having count(distinct coalesce(contact_hash, '')) >= $3 \
               order by people desc, place, category limit $4";
    let args = [district.into(), id_floor(since).into(), people.into(), limit.into()];
    tx.query(sql, &args, |row| {
        Ok(HotSpot {
            place: row.parsed(0)?,
            category: row.text(1)?,
            cases: row.count(2)?,
            people: row.count(3)?,
        })
    })
}
