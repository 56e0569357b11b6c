//! The duty table: one row a duty, columns for lists, the whole as JSON in `body`.

use crate::model::{Bounds, Bucket, Cursor, Filter, InboxCount, Summary};
use base::scope::{Columns, narrow};
use base::{Arg, Common, Fault, Outcome, Row, Tx};
use kernel::access::Scope;
use kernel::duty::Duty;
use kernel::{DistrictCode, DutyId, Instant, PostCode, UnitCode};

/// Stands for "no due moment" in columns, so that keyset paging needs no null.
pub const NEVER: i64 = i64::MAX;

/// What the duty table offers to a scope.
pub const COLUMNS: Columns = Columns {
    unit: Some("holder_unit"),
    lead: Some("lead"),
    support: Some(
        "exists (select 1 from duty c where c.district = duty.district and c.parent = duty.id and c.lead in ({}))",
    ),
    holder: Some("holder_post"),
    handler: Some("handler"),
    patron: Some("patron"),
    registrar: Some("registrar"),
    superintendent: Some("superintendent"),
    post: None,
    place: Some("place"),
    list: Some("list"),
    kind: Some("kind"),
    compartment: None,
    public: Some("public"),
};

const SUMMARY: &str = "id, no, kind, title, state, lead, handler, holder_unit, holder_post, patron, registrar, parent, place, \
                       priority, due, warn_at, paused, awaiting, percent, round, rung, open, updated_at, rev";

fn summary(row: &Row<'_>) -> Outcome<Summary> {
    let due = row.int(14)?;
    let warn_at = row.int(15)?;
    Ok(Summary {
        id: row.parsed(0)?,
        no: row.text(1)?,
        kind: row.text(2)?,
        title: row.text(3)?,
        state: row.text(4)?,
        lead: row.parsed_opt(5)?,
        handler: row.parsed_opt(6)?,
        holder_unit: row.parsed(7)?,
        holder_post: row.parsed_opt(8)?,
        patron: row.parsed_opt(9)?,
        registrar: row.parsed(10)?,
        parent: row.parsed_opt(11)?,
        place: row.parsed_opt(12)?,
        priority: row.int(13)?,
        due: (due != NEVER).then_some(Instant::from_micros(due)),
        warn_at: (warn_at != NEVER).then_some(Instant::from_micros(warn_at)),
        paused: row.flag(16)?,
        awaiting: row.flag(17)?,
        percent: row.int_opt(18)?,
        round: row.int(19)?,
        rung: row.int(20)?,
        open: row.flag(21)?,
        updated_at: row.instant(22)?,
        rev: row.count(23)?,
    })
}

/// The columns of a duty that need more than its body: computed by whoever saves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// When its light turns yellow.
    pub warn_at: Option<Instant>,
    /// When the next rung of its ladder is climbed.
    pub rung_at: Option<Instant>,
    /// `137` or `21` for items of the plan.
    pub list: Option<&'static str>,
}

/// A duty with the lock that a change needs; `None` when there is none.
pub fn locked(tx: &mut Tx<'_>, district: DistrictCode, id: DutyId) -> Outcome<Option<Duty>> {
    let sql = "select body from duty where district = $1 and id = $2";
    tx.one_locked(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// A duty for reading; `None` when there is none.
pub fn find(tx: &mut Tx<'_>, district: DistrictCode, id: DutyId) -> Outcome<Option<Duty>> {
    let sql = "select body from duty where district = $1 and id = $2";
    tx.one(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// The id of a human number.
pub fn by_number(tx: &mut Tx<'_>, district: DistrictCode, no: &str) -> Outcome<Option<DutyId>> {
    let sql = "select id from duty where district = $1 and no = $2";
    tx.one(sql, &[district.into(), no.into()], |row| row.parsed(0))
}

/// Supporting units' duties and parts, in the order of their due moments.
pub fn children(tx: &mut Tx<'_>, district: DistrictCode, parent: DutyId) -> Outcome<Vec<Summary>> {
    let sql = format!("select {SUMMARY} from duty where district = $1 and parent = $2 order by due, id");
    tx.query(&sql, &[district.into(), parent.into()], summary)
}

fn columns<'d>(duty: &'d Duty, derived: &Derived, body: &'d str) -> Vec<Arg<'d>> {
    let clock = duty.clock.as_ref();
    vec![
        duty.no.as_str().into(),
        duty.kind.as_str().into(),
        duty.title.as_str().into(),
        duty.state.name().code().into(),
        duty.is_open().into(),
        duty.lead.as_ref().into(),
        duty.handler.as_ref().into(),
        (&duty.holder.hold.unit).into(),
        duty.holder.hold.post.as_ref().into(),
        duty.patron.as_ref().into(),
        (&duty.registrar).into(),
        duty.superintendent.as_ref().into(),
        duty.parent.into(),
        duty.place.as_ref().into(),
        derived.list.into(),
        crate::model::is_public(duty).into(),
        crate::model::priority_rank(duty.priority).into(),
        due_column(duty).into(),
        derived.warn_at.map_or(NEVER, Instant::micros).into(),
        clock.is_some_and(kernel::clock::Clock::is_paused).into(),
        crate::model::awaits_signature(duty).into(),
        duty.percent.map(i64::from).into(),
        duty.round.into(),
        i64::from(duty.rung).into(),
        derived.rung_at.map(Instant::micros).into(),
        duty.rev.into(),
        duty.updated_at.into(),
        body.into(),
    ]
}

impl Summary {
    /// What lists will show of a duty once it is saved with these columns: the very values of its row.
    pub fn of(duty: &Duty, derived: &Derived) -> Summary {
        Summary {
            id: duty.id,
            no: duty.no.clone(),
            kind: duty.kind.to_string(),
            title: duty.title.to_string(),
            state: duty.state.name().code().to_owned(),
            lead: duty.lead.clone(),
            handler: duty.handler.clone(),
            holder_unit: duty.holder.hold.unit.clone(),
            holder_post: duty.holder.hold.post.clone(),
            patron: duty.patron.clone(),
            registrar: duty.registrar.clone(),
            parent: duty.parent,
            place: duty.place.clone(),
            priority: crate::model::priority_rank(duty.priority),
            due: duty.due(),
            warn_at: derived.warn_at,
            paused: duty.clock.as_ref().is_some_and(kernel::clock::Clock::is_paused),
            awaiting: crate::model::awaits_signature(duty),
            percent: duty.percent.map(i64::from),
            round: i64::from(duty.round),
            rung: i64::from(duty.rung),
            open: duty.is_open(),
            updated_at: duty.updated_at,
            rev: duty.rev,
        }
    }
}

/// The due moment as lists order by it.
pub fn due_column(duty: &Duty) -> i64 {
    duty.due().map_or(NEVER, Instant::micros)
}

/// Puts a new duty's row.
pub fn insert(tx: &mut Tx<'_>, district: DistrictCode, duty: &Duty, derived: &Derived) -> Outcome<()> {
    let sql = "insert into duty (no, kind, title, state, open, lead, handler, holder_unit, holder_post, patron, registrar, \
               superintendent, parent, place, list, public, priority, due, warn_at, paused, awaiting, percent, round, rung, \
               rung_at, rev, updated_at, body, district, id, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
               $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)";
    let body = serde_json::to_string(duty)?;
    let mut args = columns(duty, derived, &body);
    args.extend([district.into(), duty.id.into(), duty.updated_at.into()]);
    tx.exec(sql, &args).map(|_| ())
}

/// Replaces a duty's row; refused when it is not at the revision that the change was decided on.
pub fn update(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    duty: &Duty,
    derived: &Derived,
    from_rev: u64,
) -> Outcome<()> {
    let sql = "update duty set no = $1, kind = $2, title = $3, state = $4, open = $5, lead = $6, handler = $7, \
               holder_unit = $8, holder_post = $9, patron = $10, registrar = $11, superintendent = $12, parent = $13, \
               place = $14, list = $15, public = $16, priority = $17, due = $18, warn_at = $19, paused = $20, \
               awaiting = $21, percent = $22, round = $23, rung = $24, rung_at = $25, rev = $26, updated_at = $27, \
               body = $28 where district = $29 and id = $30 and rev = $31";
    let body = serde_json::to_string(duty)?;
    let mut args = columns(duty, derived, &body);
    args.extend([district.into(), duty.id.into(), from_rev.into()]);
    match tx.exec(sql, &args)? {
        1 => Ok(()),
        _ => Err(Common::Stale { what: "duty" }.into()),
    }
}

/// One page of a list in the order of due moments, and where the next begins.
pub fn page(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    filter: &Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<Cursor>)> {
    paged(tx, district, scope, filter, after, limit, SUMMARY, summary, |row| row)
}

/// Rows with their whole duties, and where the next page begins.
pub type FullPage = (Vec<(Summary, Duty)>, Option<Cursor>);

/// The same with the whole duties, for pages that explain each date.
pub fn page_full(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    filter: &Filter,
    after: Option<Cursor>,
    limit: u32,
) -> Outcome<FullPage> {
    let columns = format!("{SUMMARY}, body");
    let both = |row: &Row<'_>| Ok((summary(row)?, row.json(24)?));
    paged(tx, district, scope, filter, after, limit, &columns, both, |(row, _)| row)
}

#[expect(clippy::too_many_arguments, reason = "the one query behind both kinds of page")]
fn paged<T>(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    filter: &Filter,
    after: Option<Cursor>,
    limit: u32,
    columns: &str,
    map: impl FnMut(&Row<'_>) -> Outcome<T>,
    key: impl Fn(&T) -> &Summary,
) -> Outcome<(Vec<T>, Option<Cursor>)> {
    if scope.is_nothing() {
        return Ok((Vec::new(), None));
    }
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut sql = format!("select {columns} from duty where district = $1");
    conditions(&mut sql, filter, &mut args);
    if !matches!(scope, Scope::All) {
        let within = narrow(scope, &COLUMNS, &mut args);
        sql.push_str(&format!(" and {within}"));
    }
    if let Some(cursor) = after {
        args.push(cursor.due.into());
        args.push(cursor.id.into());
        sql.push_str(&format!(" and (due, id) > (${}, ${})", args.len() - 1, args.len()));
    }
    args.push((limit + 1).into());
    sql.push_str(&format!(" order by due, id limit ${}", args.len()));
    let mut rows = tx.query(&sql, &args, map)?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= full {
        return Ok((rows, None));
    }
    rows.truncate(full);
    let end = |last: &Summary| Cursor { due: last.due.map_or(NEVER, Instant::micros), id: last.id };
    let next = rows.last().map(|last| end(key(last)));
    Ok((rows, next))
}

fn conditions(sql: &mut String, filter: &Filter, args: &mut Vec<Arg<'static>>) {
    if filter.open_only {
        sql.push_str(" and open = 1");
    }
    if let Some(unit) = &filter.holder_unit {
        args.push(unit.to_string().into());
        sql.push_str(&format!(" and holder_unit = ${}", args.len()));
    }
    if let Some(post) = &filter.for_post {
        args.push(post.to_string().into());
        sql.push_str(&format!(" and (holder_post is null or holder_post = ${})", args.len()));
    }
    let texts = [
        ("kind", &filter.kind),
        ("lead", &filter.lead),
        ("registrar", &filter.registrar),
        ("patron", &filter.patron),
        ("state", &filter.state),
        ("list", &filter.list),
        ("place", &filter.place),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            args.push(value.clone().into());
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    if let Some(unit) = &filter.not_held_by {
        args.push(unit.to_string().into());
        sql.push_str(&format!(" and holder_unit <> ${}", args.len()));
    }
    if filter.awaiting {
        sql.push_str(" and awaiting = 1");
    }
    if let Some(before) = filter.due_before {
        args.push(before.into());
        sql.push_str(&format!(" and due < ${}", args.len()));
    }
    if let Some(at) = filter.warned_at {
        args.push(at.into());
        args.push(at.into());
        sql.push_str(&format!(
            " and due >= ${} and warn_at <= ${} and paused = 0",
            args.len() - 1,
            args.len()
        ));
    }
    match filter.supporting {
        Some(true) => sql.push_str(" and parent is not null"),
        Some(false) => sql.push_str(" and parent is null"),
        None => {}
    }
}

/// One duty as lists show it.
pub fn glance(tx: &mut Tx<'_>, district: DistrictCode, id: DutyId) -> Outcome<Option<Summary>> {
    let sql = format!("select {SUMMARY} from duty where district = $1 and id = $2");
    tx.one(&sql, &[district.into(), id.into()], summary)
}

/// Most duties of one inbox that are counted; a post with more has other worries than the exact number.
pub const COUNTED: i64 = 2_000;

/// Counts an inbox by what its page shows: kind, signed or not, lead or support, when due.
pub fn inbox_counts(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    unit: &UnitCode,
    post: &PostCode,
    bounds: Bounds,
) -> Outcome<Vec<InboxCount>> {
    let sql = "select kind, awaiting, part, bucket, count(*) from (select kind, awaiting, \
               case when parent is null then 0 else 1 end as part, \
               case when due < $1 then 0 when due < $2 then 1 when due < $3 then 2 else 3 end as bucket \
               from duty where district = $4 and holder_unit = $5 and open = 1 \
               and (holder_post is null or holder_post = $6) limit $7) n \
               group by kind, awaiting, part, bucket order by kind, awaiting, part, bucket";
    let Bounds { now, tomorrow, next_week } = bounds;
    let args = [
        now.into(),
        tomorrow.into(),
        next_week.into(),
        district.into(),
        unit.into(),
        post.into(),
        COUNTED.into(),
    ];
    tx.query(sql, &args, |row| {
        let bucket = match row.int(3)? {
            0 => Bucket::Overdue,
            1 => Bucket::Today,
            2 => Bucket::Week,
            _ => Bucket::Later,
        };
        Ok(InboxCount {
            kind: row.text(0)?,
            awaiting: row.flag(1)?,
            supporting: row.flag(2)?,
            bucket,
            n: row.count(4)?,
        })
    })
}

/// Who registered what waits in an inbox, the busiest first.
pub fn inbox_sources(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    unit: &UnitCode,
    post: &PostCode,
) -> Outcome<Vec<(PostCode, u64)>> {
    let sql = "select registrar, count(*) as n from (select registrar from duty where district = $1 and holder_unit = $2 \
               and open = 1 and (holder_post is null or holder_post = $3) limit $4) s \
               group by registrar order by n desc, registrar limit 40";
    let args = [district.into(), unit.into(), post.into(), COUNTED.into()];
    tx.query(sql, &args, |row| Ok((row.parsed(0)?, row.count(1)?)))
}

/// How many of the newest duties a search by words looks through: it costs the same in a full table.
pub const SEARCHED: i64 = 10_000;

/// Duties whose number begins with, or whose title contains, `text`; the newest first, among the [`SEARCHED`] newest.
/// An exact number is found whatever its age.
pub fn search(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    text: &str,
    limit: u32,
) -> Outcome<Vec<Summary>> {
    if scope.is_nothing() {
        return Ok(Vec::new());
    }
    let part: String = text
        .chars()
        .flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] })
        .collect();
    let mut args: Vec<Arg<'static>> =
        vec![district.into(), SEARCHED.into(), format!("{part}%").into(), format!("%{part}%").into()];
    let mut sql = format!(
        "select {SUMMARY} from (select district, superintendent, list, public, {SUMMARY} from duty where district = $1 \
         order by id desc limit $2) duty where (no like $3 escape '\\' or title like $4 escape '\\')"
    );
    if !matches!(scope, Scope::All) {
        let within = narrow(scope, &COLUMNS, &mut args);
        sql.push_str(&format!(" and {within}"));
    }
    args.push(limit.into());
    sql.push_str(&format!(" order by id desc limit ${}", args.len()));
    tx.query(&sql, &args, summary)
}

/// Counts the open duties of a unit by due day, from kept counts; days without a due moment are at the end.
pub fn load_by_day(tx: &mut Tx<'_>, district: DistrictCode, unit: &UnitCode) -> Outcome<Vec<(i64, i64)>> {
    let sql = "select bucket, n from tally where district = $1 and scope = 'due' and unit = $2 and n <> 0 order by bucket";
    tx.query(sql, &[district.into(), unit.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// How many open duties wait for a post, up to 100: its own and what its unit has not handed to anybody.
pub fn waiting(tx: &mut Tx<'_>, district: DistrictCode, unit: &UnitCode, post: &PostCode) -> Outcome<u64> {
    let sql = "select count(*) from (select 1 from duty where district = $1 and holder_unit = $2 and open = 1 \
               and (holder_post is null or holder_post = $3) limit 100) waiting";
    let args = [district.into(), unit.into(), post.into()];
    Ok(tx.one(sql, &args, |row| row.count(0))?.unwrap_or(0))
}

/// Duties whose next rung is due, oldest first.
pub fn rungs_due(tx: &mut Tx<'_>, district: DistrictCode, now: Instant, limit: u32) -> Outcome<Vec<DutyId>> {
    let sql = "select id from duty where district = $1 and rung_at is not null and rung_at <= $2 order by rung_at, id limit $3";
    tx.query_claim(sql, &[district.into(), now.into(), limit.into()], |row| row.parsed(0))
}

/// Marks a rung as climbed; false when it was already.
pub fn climb(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    duty: &Duty,
    rung: u8,
    posts: &str,
    now: Instant,
) -> Outcome<bool> {
    let sql = "insert into duty_rung (district, duty, round, rung, at, posts) values ($1, $2, $3, $4, $5, $6) \
               on conflict (district, duty, round, rung) do nothing";
    let args = [
        district.into(),
        duty.id.into(),
        duty.round.into(),
        i64::from(rung).into(),
        now.into(),
        posts.into(),
    ];
    Ok(tx.exec(sql, &args)? == 1)
}

/// Every duty's id and body, for the check of a rebuild.
pub fn each_body(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    visit: &mut dyn FnMut(Duty) -> Outcome<()>,
) -> Outcome<()> {
    tx.each("select body from duty where district = $1 order by id", &[district.into()], |row| {
        visit(row.json(0)?)
    })
}

/// A refusal for a duty that is absent or out of scope.
pub fn absent(id: DutyId) -> Fault {
    Common::NotFound { what: "duty", given: id.to_string() }.into()
}

/// Who in a unit holds its open duties that are due first, up to `cap` of them: post, waits to be signed for, how many.
pub fn holders(tx: &mut Tx<'_>, district: DistrictCode, unit: &UnitCode, cap: u32) -> Outcome<Vec<Held>> {
    let sql = "select holder_post, awaiting, count(*) from (select holder_post, awaiting from duty where district = $1 \
               and holder_unit = $2 and open = 1 order by due, id limit $3) n group by holder_post, awaiting";
    let args = [district.into(), unit.into(), cap.into()];
    tx.query(sql, &args, |row| Ok((row.parsed_opt(0)?, row.flag(1)?, row.count(2)?)))
}

/// A post (none: nobody has taken them), whether they wait to be signed for, and how many.
pub type Held = (Option<PostCode>, bool, u64);
