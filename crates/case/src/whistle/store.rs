//! SQL over `whistle_item` and `whistle_call`.

use super::model::{Whistle, WhistleId};
use super::vocab::Stage;
use base::scope::{Columns, narrow};
use base::{Arg, Common, Outcome, Row, Tx};
use kernel::access::Scope;
use kernel::{DistrictCode, DutyId, Instant, PostCode, UnitCode};
use std::collections::BTreeMap;

/// What the table offers to a scope.
pub const COLUMNS: Columns = Columns {
    unit: Some("street"),
    lead: Some("lead"),
    support: Some(
        "exists (select 1 from whistle_call c where c.district = whistle_item.district and c.whistle = whistle_item.id \
         and c.active = 1 and c.unit in ({}))",
    ),
    holder: None,
    handler: None,
    patron: Some("patron"),
    registrar: Some("registrar"),
    superintendent: None,
    post: None,
    place: Some("place"),
    list: None,
    kind: None,
    compartment: None,
    public: None,
};

/// A whistle as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Identity.
    pub id: WhistleId,
    /// Human number.
    pub no: String,
    /// Title.
    pub title: String,
    /// Stage.
    pub stage: Stage,
    /// Type of the playbook, once sounded.
    pub kind: Option<String>,
    /// Street.
    pub street: UnitCode,
    /// Community, or the street itself.
    pub place: UnitCode,
    /// Leading department, once sounded.
    pub lead: Option<UnitCode>,
    /// Departments called.
    pub calls: i64,
    /// Limits that departments let pass.
    pub misses: i64,
    /// With the leader in charge.
    pub escalated: bool,
    /// On the list of the quarterly session since.
    pub quarterly: Option<Instant>,
    /// When the need was raised.
    pub raised: Instant,
    /// When it was sounded.
    pub sounded: Option<Instant>,
    /// Moment of the last event.
    pub updated: Instant,
}

const SUMMARY: &str = "id, no, title, stage, kind, street, place, lead, calls, misses, escalated, quarterly, raised_at, \
                       sounded_at, updated_at";

fn summary(row: &Row<'_>) -> Outcome<Summary> {
    let stage = row.text(3)?;
    Ok(Summary {
        id: row.parsed(0)?,
        no: row.text(1)?,
        title: row.text(2)?,
        stage: Stage::from_code(&stage)
            .ok_or_else(|| base::Fault::broken(format!("a whistle's stage {stage}")))?,
        kind: row.text_opt(4)?,
        street: row.parsed(5)?,
        place: row.parsed(6)?,
        lead: row.parsed_opt(7)?,
        calls: row.int(8)?,
        misses: row.int(9)?,
        escalated: row.flag(10)?,
        quarterly: row.instant_opt(11)?,
        raised: row.instant(12)?,
        sounded: row.instant_opt(13)?,
        updated: row.instant(14)?,
    })
}

/// What a board keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what is open.
    pub open_only: bool,
    /// Street.
    pub street: Option<UnitCode>,
    /// A department that was called.
    pub unit: Option<UnitCode>,
    /// Stage.
    pub stage: Option<Stage>,
    /// Type.
    pub kind: Option<String>,
    /// With the leader in charge.
    pub escalated: bool,
    /// A department let a limit pass.
    pub missed: bool,
    /// Raised at or after this moment.
    pub since: Option<Instant>,
}

/// A whistle for a change, with its lock; `None` when there is none.
pub fn locked(tx: &mut Tx<'_>, district: DistrictCode, id: WhistleId) -> Outcome<Option<Whistle>> {
    let sql = "select body from whistle_item where district = $1 and id = $2";
    tx.one_locked(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// A whistle for reading; `None` when there is none.
pub fn find(tx: &mut Tx<'_>, district: DistrictCode, id: WhistleId) -> Outcome<Option<Whistle>> {
    let sql = "select body from whistle_item where district = $1 and id = $2";
    tx.one(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// The whistle that a duty is, or is a part of.
pub fn of_duty(tx: &mut Tx<'_>, district: DistrictCode, duty: DutyId) -> Outcome<Option<WhistleId>> {
    let sql = "select whistle from whistle_call where district = $1 and duty = $2";
    tx.one(sql, &[district.into(), duty.into()], |row| row.parsed(0))
}

/// What the row holds beside the whistle: how far each part is watched, the leader in charge, whether the job has work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// The next moment at which a part misses something.
    pub watch: BTreeMap<DutyId, Instant>,
    /// The leader in charge, once it was escalated.
    pub patron: Option<PostCode>,
    /// Duties wait to be closed by the job.
    pub ripe: bool,
}

fn columns<'w>(w: &'w Whistle, derived: &'w Derived, body: &'w str) -> Vec<Arg<'w>> {
    use super::model::End;
    let stage = w.stage();
    let ended = w.end.as_ref().map(|end| match end {
        End::Solved { stamp, .. } | End::Cancelled { stamp, .. } => stamp.at,
        End::Misused { at } | End::Closed { at } => *at,
    });
    vec![
        w.no.as_str().into(),
        w.title.as_str().into(),
        stage.code().into(),
        stage.is_open().into(),
        w.kind.as_ref().map(kernel::Slug::as_str).into(),
        (&w.street).into(),
        (&w.place).into(),
        (&w.raised.by).into(),
        derived.patron.as_ref().into(),
        w.lead().map(|call| &call.unit).into(),
        w.active().count().into(),
        w.misses().into(),
        w.escalation.is_some().into(),
        w.quarterly.into(),
        derived.ripe.into(),
        w.raised.at.into(),
        w.sounded.as_ref().map(|stamp| stamp.at).into(),
        ended.into(),
        w.rev.into(),
        w.updated.into(),
        body.into(),
    ]
}

/// Puts a new whistle's row.
pub fn insert(tx: &mut Tx<'_>, district: DistrictCode, w: &Whistle, derived: &Derived) -> Outcome<()> {
    let sql = "insert into whistle_item (no, title, stage, open, kind, street, place, registrar, patron, lead, calls, misses, \
               escalated, quarterly, ripe, raised_at, sounded_at, ended_at, rev, updated_at, body, district, id) values ($1, \
               $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";
    let body = serde_json::to_string(w)?;
    let mut args = columns(w, derived, &body);
    args.extend([district.into(), w.id.into()]);
    tx.exec(sql, &args)?;
    save_calls(tx, district, w, derived)
}

/// Replaces a whistle's row; refused when it is not at the revision that the change was decided on.
pub fn update(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    w: &Whistle,
    derived: &Derived,
    from_rev: u64,
) -> Outcome<()> {
    let sql = "update whistle_item set no = $1, title = $2, stage = $3, open = $4, kind = $5, street = $6, place = $7, \
               registrar = $8, patron = $9, lead = $10, calls = $11, misses = $12, escalated = $13, quarterly = $14, \
               ripe = $15, raised_at = $16, sounded_at = $17, ended_at = $18, rev = $19, updated_at = $20, body = $21 \
               where district = $22 and id = $23 and rev = $24";
    let body = serde_json::to_string(w)?;
    let mut args = columns(w, derived, &body);
    args.extend([district.into(), w.id.into(), from_rev.into()]);
    match tx.exec(sql, &args)? {
        1 => save_calls(tx, district, w, derived),
        _ => Err(Common::Stale { what: "whistle" }.into()),
    }
}

fn save_calls(tx: &mut Tx<'_>, district: DistrictCode, w: &Whistle, derived: &Derived) -> Outcome<()> {
    let sql = "insert into whistle_call (district, duty, whistle, unit, lead, active, called_at, misses, missed_at, watch_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (district, duty) do update set \
               unit = excluded.unit, active = excluded.active, misses = excluded.misses, missed_at = excluded.missed_at, \
               watch_at = excluded.watch_at";
    for call in &w.calls {
        let args = [
            district.into(),
            call.duty.into(),
            w.id.into(),
            (&call.unit).into(),
            call.lead.into(),
            call.is_active().into(),
            call.called.into(),
            call.misses.len().into(),
            call.misses.last().map(|miss| miss.at).into(),
            derived.watch.get(&call.duty).copied().into(),
        ];
        tx.exec(sql, &args)?;
    }
    Ok(())
}

/// Says that the job has done what waited for it.
pub fn wound_up(tx: &mut Tx<'_>, district: DistrictCode, id: WhistleId) -> Outcome<()> {
    let sql = "update whistle_item set ripe = 0 where district = $1 and id = $2";
    tx.exec(sql, &[district.into(), id.into()]).map(|_| ())
}

/// Whistles of which a watched moment has passed, the longest passed first.
pub fn watched(tx: &mut Tx<'_>, district: DistrictCode, now: Instant, limit: u32) -> Outcome<Vec<WhistleId>> {
    let sql = "select whistle from whistle_call where district = $1 and watch_at is not null and watch_at < $2 \
               order by watch_at, whistle limit $3";
    tx.query(sql, &[district.into(), now.into(), limit.into()], |row| row.parsed(0))
}

/// Whistles whose duties wait to be closed.
pub fn ripe(tx: &mut Tx<'_>, district: DistrictCode, limit: u32) -> Outcome<Vec<WhistleId>> {
    let sql = "select id from whistle_item where district = $1 and ripe = 1 order by id limit $2";
    tx.query(sql, &[district.into(), limit.into()], |row| row.parsed(0))
}

/// One page of a board, the newest first, and where the next begins.
pub fn page(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    filter: &Filter,
    after: Option<WhistleId>,
    limit: u32,
) -> Outcome<(Vec<Summary>, Option<WhistleId>)> {
    if scope.is_nothing() {
        return Ok((Vec::new(), None));
    }
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut sql = format!("select {SUMMARY} from whistle_item where district = $1");
    conditions(&mut sql, scope, filter, &mut args);
    if let Some(after) = after {
        args.push(after.into());
        sql.push_str(&format!(" and id < ${}", args.len()));
    }
    args.push((limit + 1).into());
    sql.push_str(&format!(" order by id desc limit ${}", args.len()));
    let mut rows = tx.query(&sql, &args, summary)?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= full {
        return Ok((rows, None));
    }
    rows.truncate(full);
    let next = rows.last().map(|last| last.id);
    Ok((rows, next))
}

/// Most whistles that the counts of one board look through: they cost the same in a full table.
pub const COUNTED: i64 = 2_000;

/// How many of the newest whistles of a board stand at each stage.
pub fn stages(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    scope: &Scope,
    filter: &Filter,
) -> Outcome<BTreeMap<Stage, u64>> {
    let mut found = BTreeMap::new();
    if scope.is_nothing() {
        return Ok(found);
    }
    let mut args: Vec<Arg<'static>> = vec![district.into()];
    let mut inner = "select stage from whistle_item where district = $1".to_owned();
    conditions(&mut inner, scope, filter, &mut args);
    args.push(COUNTED.into());
    let sql = format!(
        "select stage, count(*) from ({inner} order by id desc limit ${}) n group by stage order by stage",
        args.len()
    );
    tx.each(&sql, &args, |row| {
        let n = row.count(1)?;
        if let Some(stage) = Stage::from_code(row.str(0)?) {
            found.insert(stage, n);
        }
        Ok(())
    })?;
    Ok(found)
}

fn conditions(sql: &mut String, scope: &Scope, filter: &Filter, args: &mut Vec<Arg<'static>>) {
    if filter.open_only {
        sql.push_str(" and open = 1");
    }
    let texts = [
        ("street", filter.street.as_ref().map(ToString::to_string)),
        ("stage", filter.stage.map(|stage| stage.code().to_owned())),
        ("kind", filter.kind.clone()),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            args.push(value.into());
            sql.push_str(&format!(" and {column} = ${}", args.len()));
        }
    }
    if let Some(unit) = &filter.unit {
        args.push(unit.to_string().into());
        sql.push_str(&format!(
            " and exists (select 1 from whistle_call c where c.district = whistle_item.district \
             and c.whistle = whistle_item.id and c.active = 1 and c.unit = ${})",
            args.len()
        ));
    }
    if filter.escalated {
        sql.push_str(" and escalated = 1");
    }
    if filter.missed {
        sql.push_str(" and misses > 0");
    }
    if let Some(since) = filter.since {
        args.push(since.into());
        sql.push_str(&format!(" and raised_at >= ${}", args.len()));
    }
    if !matches!(scope, Scope::All) {
        let within = narrow(scope, &COLUMNS, args);
        sql.push_str(&format!(" and {within}"));
    }
}

/// Parts that let a limit pass between two moments, the latest first: whistle, unit, misses, when.
pub fn no_shows(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    from: Instant,
    until: Instant,
    limit: u32,
) -> Outcome<Vec<(WhistleId, UnitCode, i64, Instant)>> {
    let sql = "select whistle, unit, misses, missed_at from whistle_call where district = $1 and missed_at >= $2 \
               and missed_at < $3 order by missed_at desc, duty limit $4";
    let args = [district.into(), from.into(), until.into(), limit.into()];
    tx.query(sql, &args, |row| Ok((row.parsed(0)?, row.parsed(1)?, row.int(2)?, row.instant(3)?)))
}

/// Whistles that were put on the quarterly session between two moments, the earliest first.
pub fn quarterly(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    from: Instant,
    until: Instant,
    limit: u32,
) -> Outcome<Vec<Summary>> {
    let sql = format!(
        "select {SUMMARY} from whistle_item where district = $1 and quarterly >= $2 and quarterly < $3 \
         order by quarterly, id limit $4"
    );
    tx.query(&sql, &[district.into(), from.into(), until.into(), limit.into()], summary)
}

/// A whistle as lists show it.
pub fn glance(tx: &mut Tx<'_>, district: DistrictCode, id: WhistleId) -> Outcome<Option<Summary>> {
    let sql = format!("select {SUMMARY} from whistle_item where district = $1 and id = $2");
    tx.one(&sql, &[district.into(), id.into()], summary)
}

/// Whistles sounded in a month by street, as kept.
pub fn sounded(tx: &mut Tx<'_>, district: DistrictCode, month: i64) -> Outcome<BTreeMap<String, i64>> {
    let sql = "select unit, n from tally where district = $1 and scope = $2 and bucket = $3 and n <> 0";
    let args = [district.into(), super::board::SOUNDED.into(), month.into()];
    Ok(tx.query(sql, &args, |row| Ok((row.text(0)?, row.int(1)?)))?.into_iter().collect())
}

/// A row for the replay check: id, body, stage, open, rev.
pub type Kept = (String, String, String, bool, u64);

/// One batch of whistles for the replay check.
pub fn rows(tx: &mut Tx<'_>, district: DistrictCode, after: &str, limit: u32) -> Outcome<Vec<Kept>> {
    let sql = "select id, body, stage, open, rev from whistle_item where district = $1 and id > $2 order by id limit $3";
    tx.query(sql, &[district.into(), after.into(), limit.into()], |row| {
        Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.flag(3)?, row.count(4)?))
    })
}
