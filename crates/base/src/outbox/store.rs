//! Rows of the outbox: enqueue, claim, settle, view, replay.

use super::refusal::OutboxRefusal;
use super::{Channel, LARGEST, SCHEDULE};
use crate::db::{Row, Tx};
use crate::fault::{Common, Fault, Outcome};
use kernel::{DistrictCode, Instant};
use uuid::Uuid;

/// A message to enqueue.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Id; the receiver sees it on every try.
    pub id: Uuid,
    /// How it travels.
    pub channel: Channel,
    /// Address or id of the receiver.
    pub target: &'a str,
    /// Kind of event, such as `duty.assigned`.
    pub kind: &'a str,
    /// [`super::mail_body`], or the JSON of the event.
    pub body: &'a str,
}

/// A message in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id.
    pub id: Uuid,
    /// How it travels.
    pub channel: Channel,
    /// Address or id of the receiver.
    pub target: String,
    /// Kind of event.
    pub kind: String,
    /// Body.
    pub body: String,
    /// Tries begun so far.
    pub attempts: u32,
    /// The last error; empty when there was none.
    pub last_error: String,
    /// When it was enqueued.
    pub created_at: Instant,
}

const COLUMNS: &str = "id, channel, target, kind, body, attempts, last_error, created_at";

fn read(row: &Row<'_>) -> Outcome<Item> {
    let channel = row.text(1)?;
    Ok(Item {
        id: row.parsed(0)?,
        channel: channel.parse().map_err(|()| Fault::broken(format!("outbox channel {channel}")))?,
        target: row.text(2)?,
        kind: row.text(3)?,
        body: row.text(4)?,
        attempts: u32::try_from(row.int(5)?).unwrap_or(u32::MAX),
        last_error: row.text(6)?,
        created_at: row.instant(7)?,
    })
}

/// Puts a message into the outbox, in the transaction of the act that causes it.
pub fn enqueue(tx: &mut Tx<'_>, district: DistrictCode, message: &Message<'_>, now: Instant) -> Outcome<()> {
    if message.body.len() > LARGEST {
        return Err(OutboxRefusal::TooLarge { size: message.body.len() }.into());
    }
    let sql = "insert into outbox (district, id, channel, target, kind, body, state, attempts, next_at, lease_until, \
               lease_by, last_error, created_at, done_at) \
               values ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, 0, '', '', $8, null)";
    let args = [
        district.into(),
        message.id.to_string().into(),
        message.channel.as_str().into(),
        message.target.into(),
        message.kind.into(),
        message.body.into(),
        now.into(),
        now.into(),
    ];
    tx.exec(sql, &args).map(|_| ())
}

/// Takes up to `limit` due messages for `worker` until `lease`. The try is counted now, so that a message that kills
/// its worker is given up in the end.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    worker: &str,
    now: Instant,
    lease: Instant,
    limit: u32,
) -> Outcome<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from outbox where district = $1 and state = 'waiting' and next_at <= $2 and lease_until <= $3 \
         order by next_at, id limit $4"
    );
    let mut items = tx.query_claim(&sql, &[district.into(), now.into(), now.into(), limit.into()], read)?;
    for item in &mut items {
        item.attempts += 1;
        let sql = "update outbox set lease_until = $1, lease_by = $2, attempts = $3 where district = $4 and id = $5";
        let id = item.id.to_string();
        tx.exec(sql, &[lease.into(), worker.into(), item.attempts.into(), district.into(), id.into()])?;
    }
    Ok(items)
}

/// True when at least one message is due: a read, cheaper than an empty claim.
pub(super) fn any_due(tx: &mut Tx<'_>, district: DistrictCode, now: Instant) -> Outcome<bool> {
    let sql = "select 1 from outbox where district = $1 and state = 'waiting' and next_at <= $2 and lease_until <= $3 limit 1";
    Ok(tx.one(sql, &[district.into(), now.into(), now.into()], |_| Ok(()))?.is_some())
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Delivered.
    Sent,
    /// To be tried again at this moment.
    Again(Instant, String),
    /// Given up.
    Failed(String),
}

/// When the try after the `attempts`th is, or none when that was the last. A receiver may ask for more time, up to a day.
pub(super) fn next_try(attempts: u32, now: Instant, asked: Option<i64>) -> Option<Instant> {
    let planned = SCHEDULE.get(usize::try_from(attempts).ok()?)?;
    let asked = asked.unwrap_or(0).clamp(0, 86_400);
    Some(now.plus_seconds(asked.max(*planned)))
}

/// Writes down how a try ended; false when the lease was lost and somebody else has the message.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    id: Uuid,
    worker: &str,
    end: &End,
    now: Instant,
) -> Outcome<bool> {
    let id = id.to_string();
    let touched = match end {
        End::Sent => {
            let sql = "update outbox set state = 'sent', done_at = $1, last_error = '', lease_until = 0, lease_by = '' \
                       where district = $2 and id = $3 and lease_by = $4";
            tx.exec(sql, &[now.into(), district.into(), id.into(), worker.into()])?
        }
        End::Failed(error) => {
            let sql = "update outbox set state = 'failed', done_at = $1, last_error = $2, lease_until = 0, lease_by = '' \
                       where district = $3 and id = $4 and lease_by = $5";
            tx.exec(sql, &[now.into(), cut(error).into(), district.into(), id.into(), worker.into()])?
        }
        End::Again(at, error) => {
            let sql = "update outbox set next_at = $1, last_error = $2, lease_until = 0, lease_by = '' \
                       where district = $3 and id = $4 and lease_by = $5";
            tx.exec(sql, &[(*at).into(), cut(error).into(), district.into(), id.into(), worker.into()])?
        }
    };
    Ok(touched > 0)
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Messages that were given up, the newest first, older than `before` for the next page.
pub fn failures(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    before: Option<(Instant, Uuid)>,
    limit: u32,
) -> Outcome<Vec<Item>> {
    let (at, id) =
        before.map_or((Instant::from_micros(i64::MAX), String::new()), |(at, id)| (at, id.to_string()));
    let sql = format!(
        "select {COLUMNS} from outbox where district = $1 and state = 'failed' and (created_at, id) < ($2, $3) \
         order by created_at desc, id desc limit $4"
    );
    tx.query(&sql, &[district.into(), at.into(), id.into(), limit.into()], read)
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// To be tried at this moment.
    Waiting(Instant),
    /// Taken by its receiver at this moment.
    Sent(Instant),
    /// Given up at this moment.
    Failed(Instant),
}

/// A message to one receiver, with how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub item: Item,
    /// How it stands.
    pub stand: Stand,
}

/// The newest messages to one webhook, newest first.
pub fn deliveries(tx: &mut Tx<'_>, district: DistrictCode, hook: Uuid, limit: u32) -> Outcome<Vec<Delivery>> {
    let sql = format!(
        "select {COLUMNS}, state, next_at, done_at from outbox where district = $1 and target = $2 and channel = 'webhook' \
         order by created_at desc, id desc limit $3"
    );
    tx.query(&sql, &[district.into(), hook.to_string().into(), limit.into()], |row| {
        let done = row.instant_opt(10)?;
        let stand = match (row.str(8)?, done) {
            ("sent", Some(at)) => Stand::Sent(at),
            ("failed", Some(at)) => Stand::Failed(at),
            _ => Stand::Waiting(row.instant(9)?),
        };
        Ok(Delivery { item: read(row)?, stand })
    })
}

/// Puts a message that was given up (or sent: a receiver may have lost it) back to the start of the schedule.
pub fn replay(tx: &mut Tx<'_>, district: DistrictCode, id: Uuid, now: Instant) -> Outcome<()> {
    let sql = "update outbox set state = 'waiting', attempts = 0, next_at = $1, done_at = null \
               where district = $2 and id = $3 and state <> 'waiting'";
    let given = id.to_string();
    if tx.exec(sql, &[now.into(), district.into(), (&given).into()])? == 0 {
        return Err(Common::NotFound { what: "message", given }.into());
    }
    Ok(())
}

/// How many messages wait: a gauge, capped so that the count stays cheap.
pub fn waiting(tx: &mut Tx<'_>, district: DistrictCode) -> Outcome<u64> {
    let sql = "select count(*) from (select 1 from outbox where district = $1 and state = 'waiting' limit 100000) n";
    Ok(tx.one(sql, &[district.into()], |row| row.count(0))?.unwrap_or(0))
}

/// Deletes messages that were sent before `before`; returns how many. Failed ones stay until somebody has looked.
pub fn sweep(tx: &mut Tx<'_>, district: DistrictCode, before: Instant) -> Outcome<u64> {
    let sql = "delete from outbox where district = $1 and state = 'sent' and done_at < $2";
    tx.exec(sql, &[district.into(), before.into()])
}
