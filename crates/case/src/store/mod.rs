//! SQL over `case_item` and `case_mark`: one row a case, columns for lists, the whole as JSON in `body`.

mod list;
mod marks;

pub(crate) use list::words;
pub use list::{
    Alike, Callable, HotSpot, Learn, ageing, alike, by_contact, call_list, count_by_stage, find_by_source,
    history, hot_spots, id_floor, list, queue,
};
pub use marks::{figures, mark_rows, put_mark, twin};

use crate::model::{Case, CaseId, Prepared, Stage};
use base::{Arg, Common, Fault, Outcome, Tx};
use kernel::cases::Grade;
use kernel::duty::{Duty, Solved, State};
use kernel::{DistrictCode, Instant};

/// Stands for "no due moment", so that keyset paging needs no null.
pub const NEVER: i64 = duty::store::NEVER;

/// The columns that need the playbook, the calendar or the vault: computed by whoever saves the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Stage.
    pub stage: Stage,
    /// Many people, one matter.
    pub hot: bool,
    /// Drawn for a second call. In the row only: whoever handles the case never reads it (D§15.6).
    pub sampled: bool,
    /// From when on somebody may call.
    pub call_at: Option<Instant>,
    /// When the round is scored or closed.
    pub score_at: Option<Instant>,
    /// When the next look-back is due.
    pub look_at: Option<Instant>,
}

/// A case for reading; `None` when there is none.
pub fn find(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId) -> Outcome<Option<Case>> {
    let sql = "select body from case_item where district = $1 and id = $2";
    tx.one(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// A case with the lock that a change needs.
pub fn locked(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId) -> Outcome<Option<Case>> {
    let sql = "select body from case_item where district = $1 and id = $2";
    tx.one_locked(sql, &[district.into(), id.into()], |row| row.json(0))
}

/// Id and hashed query code of a number.
pub fn by_number(tx: &mut Tx<'_>, district: DistrictCode, no: &str) -> Outcome<Option<(CaseId, Vec<u8>)>> {
    let sql = "select id, secret from case_item where district = $1 and no = $2";
    tx.one(sql, &[district.into(), no.into()], |row| Ok((row.parsed(0)?, row.bytes(1)?)))
}

/// What is sealed in a row: the contact, the key of the petitioner, the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    /// The sealed contact.
    pub contact: Option<String>,
    /// The keyed hash of the petitioner's phone.
    pub contact_hash: Option<String>,
    /// The signature of category, place and words.
    pub sig: String,
    /// The exact place.
    pub spot: Option<String>,
    /// Drawn for a second call.
    pub sampled: bool,
}

/// What the row keeps beside the body.
pub fn secrets(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId) -> Outcome<Secrets> {
    let sql =
        "select contact, contact_hash, sig, spot, sampled from case_item where district = $1 and id = $2";
    let found = tx.one(sql, &[district.into(), id.into()], |row| {
        Ok(Secrets {
            contact: row.text_opt(0)?,
            contact_hash: row.text_opt(1)?,
            sig: row.text(2)?,
            spot: row.text_opt(3)?,
            sampled: row.flag(4)?,
        })
    })?;
    found.ok_or_else(|| absent(id))
}

/// Columns that follow from case, duty and derived facts, in the order of [`SET`].
fn columns<'c>(case: &'c Case, duty: &'c Duty, derived: &Derived, body: &'c str) -> Vec<Arg<'c>> {
    let filing = &case.filing;
    let (solved, grade) = result(case, duty);
    let closed = match &duty.state {
        State::Closed { at, .. } | State::Merged { at, .. } | State::Cancelled { at, .. } => Some(*at),
        State::Archived { closed, .. } => Some(*closed),
        _ => None,
    };
    let deferred = match &duty.state {
        State::Suspended { since, .. } => Some(*since),
        _ => None,
    };
    let excluded = case.exclusion.as_ref().filter(|e| e.granted()).map(|e| &e.class);
    vec![
        filing.kind.code().into(),
        filing.category.as_ref().into(),
        filing.urgency.code().into(),
        filing.place.unit.as_ref().into(),
        filing.place.address.as_ref().map(kernel::text::Title::as_str).into(),
        filing.title.as_str().into(),
        duty.lead.as_ref().into(),
        filing.against.as_ref().into(),
        derived.stage.code().into(),
        duty.state.name().code().into(),
        duty.is_open().into(),
        duty.due().map_or(NEVER, Instant::micros).into(),
        case.reply().map(|reply| reply.at.micros()).into(),
        closed.map(Instant::micros).into(),
        deferred.map(Instant::micros).into(),
        solved.map(solved_code).into(),
        grade.map(Grade::code).into(),
        excluded.into(),
        case.is_staff().into(),
        case.parent.into(),
        case.links.len().into(),
        derived.hot.into(),
        derived.sampled.into(),
        derived.call_at.map(Instant::micros).into(),
        derived.score_at.map(Instant::micros).into(),
        derived.look_at.map(Instant::micros).into(),
        case.round.into(),
        case.rev.into(),
        case.updated_at.into(),
        body.into(),
    ]
}

/// What was found of the present round, for columns: the mark, else what was said, else the duty's verdict.
pub(crate) fn result(case: &Case, duty: &Duty) -> (Option<Solved>, Option<Grade>) {
    if let Some(mark) = case.mark() {
        return (Some(mark.solved), mark.grade);
    }
    if let Some(rating) = case.rating() {
        return (Some(rating.solved), Some(rating.grade));
    }
    match case.reached() {
        Some(call) => (call.solved, call.grade),
        None => (duty.solved(), None),
    }
}

/// The stable name of what was found.
pub fn solved_code(solved: Solved) -> &'static str {
    match solved {
        Solved::Yes => "yes",
        Solved::Partly => "partly",
        Solved::No => "no",
        Solved::NotAsked => "not_asked",
        Solved::Unreached => "unreached",
    }
}

/// Puts a new case's row.
pub fn insert(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    case: &Case,
    duty: &Duty,
    ready: &Prepared,
    derived: &Derived,
) -> Outcome<()> {
    let sql = "insert into case_item (kind, category, urgency, place, address, title, unit, against, stage, duty_state, open, \
               due, replied_at, closed_at, deferred_at, solved, grade, excluded, staff, parent, links, hot, sampled, call_at, \
               score_at, look_at, round, rev, updated_at, body, district, id, no, secret, contact, contact_hash, source_key, \
               channel, spot, sig, received_at, confidential, anonymous) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
               $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, \
               $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43)";
    let body = serde_json::to_string(case)?;
    let mut args = columns(case, duty, derived, &body);
    args.extend([
        district.into(),
        case.id.into(),
        case.no.as_str().into(),
        Arg::Blob(&ready.secret),
        ready.contact.as_deref().into(),
        ready.contact_hash.as_deref().into(),
        case.filing.source_key.as_deref().into(),
        case.filing.channel.code().into(),
        ready.spot.as_deref().into(),
        ready.sig.as_str().into(),
        case.received_at.into(),
        case.filing.confidential.into(),
        case.filing.anonymous.into(),
    ]);
    tx.exec(sql, &args).map(|_| ())
}

/// Replaces what follows from case and duty; refused when the row is not at the revision that the change was decided on.
pub fn update(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    case: &Case,
    duty: &Duty,
    derived: &Derived,
    from_rev: u64,
) -> Outcome<()> {
    let sql = "update case_item set kind = $1, category = $2, urgency = $3, place = $4, address = $5, title = $6, unit = $7, \
               against = $8, stage = $9, duty_state = $10, open = $11, due = $12, replied_at = $13, closed_at = $14, \
               deferred_at = $15, solved = $16, grade = $17, excluded = $18, staff = $19, parent = $20, links = $21, \
               hot = $22, sampled = $23, call_at = $24, score_at = $25, look_at = $26, round = $27, rev = $28, \
               updated_at = $29, body = $30 where district = $31 and id = $32 and rev = $33";
    let body = serde_json::to_string(case)?;
    let mut args = columns(case, duty, derived, &body);
    args.extend([district.into(), case.id.into(), from_rev.into()]);
    match tx.exec(sql, &args)? {
        1 => Ok(()),
        _ => Err(Common::Stale { what: "case" }.into()),
    }
}

/// Forgets the sealed contact and the key of the petitioner.
pub fn forget_contact(tx: &mut Tx<'_>, district: DistrictCode, id: CaseId) -> Outcome<()> {
    let sql = "update case_item set contact = null, contact_hash = null where district = $1 and id = $2";
    tx.exec(sql, &[district.into(), id.into()]).map(|_| ())
}

/// Place and signature after a new classification.
pub fn replace_keys(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: CaseId,
    spot: Option<&str>,
    sig: &str,
) -> Outcome<()> {
    let sql = "update case_item set spot = $1, sig = $2 where district = $3 and id = $4";
    tx.exec(sql, &[spot.into(), sig.into(), district.into(), id.into()]).map(|_| ())
}

/// Cases whose moment has come, oldest first, held against other workers.
pub fn score_due(tx: &mut Tx<'_>, district: DistrictCode, now: Instant, limit: u32) -> Outcome<Vec<CaseId>> {
    let sql = "select id from case_item where district = $1 and score_at is not null and score_at <= $2 \
               order by score_at, id limit $3";
    tx.query_claim(sql, &[district.into(), now.into(), limit.into()], |row| row.parsed(0))
}

/// Finished cases whose look-back is due, oldest first.
pub fn look_due(tx: &mut Tx<'_>, district: DistrictCode, now: Instant, limit: u32) -> Outcome<Vec<CaseId>> {
    let sql = "select id from case_item where district = $1 and look_at is not null and look_at <= $2 \
               order by look_at, id limit $3";
    tx.query(sql, &[district.into(), now.into(), limit.into()], |row| row.parsed(0))
}

/// Finished cases that still keep a contact and were closed before `before`.
pub fn keep_due(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    before: Instant,
    limit: u32,
) -> Outcome<Vec<CaseId>> {
    let sql = "select id from case_item where district = $1 and contact_hash is not null and open = 0 \
               and closed_at < $2 order by id limit $3";
    tx.query(sql, &[district.into(), before.into(), limit.into()], |row| row.parsed(0))
}

/// The last finished case of a category at the very same place, closed since `since`.
pub fn last_at(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    place: Option<&kernel::UnitCode>,
    category: &kernel::Slug,
    spot: &str,
    since: Instant,
) -> Outcome<Option<CaseId>> {
    // Without a community the index has nothing to hold on to; such filings are compared by people only.
    let Some(place) = place else { return Ok(None) };
    let sql = "select id from case_item where district = $1 and place = $2 and category = $3 and spot = $4 \
               and stage in ('closed', 'archived') and closed_at >= $5 order by id desc limit 1";
    let args = [district.into(), place.into(), category.into(), spot.into(), since.into()];
    tx.one(sql, &args, |row| row.parsed(0))
}

/// A refusal for a case that is absent or out of scope.
pub fn absent(id: CaseId) -> Fault {
    Common::NotFound { what: "case", given: id.to_string() }.into()
}

/// A kept count.
pub fn tally(tx: &mut Tx<'_>, district: DistrictCode, scope: &str, unit: &str, bucket: i64) -> Outcome<i64> {
    let sql = "select n from tally where district = $1 and scope = $2 and unit = $3 and bucket = $4";
    let args = [district.into(), scope.into(), unit.into(), bucket.into()];
    Ok(tx.one(sql, &args, |row| row.int(0))?.unwrap_or(0))
}
