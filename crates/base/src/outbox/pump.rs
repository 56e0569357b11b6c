//! The pump: claims what is due, carries it out side by side, writes down how it went.

use super::send::{Carrier, HookCall, MailCall, Reply};
use super::store::{self, End, Item};
use super::{Channel, hooks, sign};
use crate::db::Db;
use crate::fault::{Fault, Outcome};
use crate::vault::Vault;
use futures_util::future::join_all;
use kernel::{DistrictCode, Instant};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Messages of one round; each takes a thread of the blocking pool while it is on its way.
const ROUND: u32 = 16;
/// Seconds of a lease: longer than the longest time-out of a try, with room for a slow database.
const LEASE: i64 = 120;

/// Delivers the messages of the outbox. One for each node.
pub struct Pump {
    db: Db,
    carrier: Arc<dyn Carrier>,
    node: Arc<str>,
    vault: Vault,
    rounds: AtomicU64,
}

/// What a run of the pump did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PumpReport {
    /// Delivered.
    pub sent: usize,
    /// To be tried again.
    pub again: usize,
    /// Given up.
    pub failed: usize,
    /// Receivers that were switched off: their owners should be told.
    pub disabled: Vec<Uuid>,
}

#[derive(Deserialize)]
struct MailBody {
    subject: String,
    text: String,
}

impl Pump {
    /// A pump; `node` must differ between nodes on one database.
    pub fn new(db: Db, carrier: Arc<dyn Carrier>, node: &str, vault: Vault) -> Pump {
        Pump { db, carrier, node: Arc::from(node), vault, rounds: AtomicU64::new(0) }
    }

    /// Delivers everything that is due at `now`, round by round.
    pub async fn run_due(&self, district: DistrictCode, now: Instant) -> Outcome<PumpReport> {
        let mut report = PumpReport::default();
        loop {
            if !self.db.read(move |tx| store::any_due(tx, district, now)).await? {
                return Ok(report);
            }
            let round = self.rounds.fetch_add(1, Ordering::Relaxed);
            let worker: Arc<str> = Arc::from(format!("{}#{round}", self.node));
            let (by, lease) = (worker.clone(), now.plus_seconds(LEASE));
            let items = self.db.write(move |tx| store::claim(tx, district, &by, now, lease, ROUND)).await?;
            if items.is_empty() {
                return Ok(report);
            }
            let ways = items.into_iter().map(|item| self.deliver(district, item, worker.clone(), now));
            for settled in join_all(ways).await {
                settled?.add_to(&mut report);
            }
        }
    }

    async fn deliver(
        &self,
        district: DistrictCode,
        item: Item,
        worker: Arc<str>,
        now: Instant,
    ) -> Outcome<Settled> {
        let reply = match item.channel {
            Channel::Email => self.mail(&item, now).await?,
            Channel::Webhook => self.hook(district, &item, now).await?,
        };
        let end = match &reply {
            Reply::Taken => End::Sent,
            Reply::Never { why } => End::Failed(why.clone()),
            Reply::Gone => End::Failed("HTTP 410: the receiver is gone".to_owned()),
            Reply::Later { why, after } => match store::next_try(item.attempts, now, *after) {
                Some(at) => End::Again(at, why.clone()),
                None => End::Failed(why.clone()),
            },
        };
        let name = match &end {
            End::Sent => "guandu_outbox_sent_total",
            End::Again(..) => "guandu_outbox_retries_total",
            End::Failed(_) => "guandu_outbox_failed_total",
        };
        metrics::counter!(name, "channel" => item.channel.as_str()).increment(1);
        self.db
            .write(move |tx| {
                if !store::settle(tx, district, item.id, &worker, &end, now)? {
                    tracing::warn!(message = %item.id, "lease lost; delivered perhaps twice");
                }
                let mut disabled = None;
                if item.channel == Channel::Webhook {
                    match &reply {
                        Reply::Taken => hooks::went_well(tx, district, &item.target)?,
                        // A receiver that is absent or switched off has not failed.
                        Reply::Never { .. } => {}
                        Reply::Gone | Reply::Later { .. } => {
                            let gone = reply == Reply::Gone;
                            if hooks::went_wrong(tx, district, &item.target, gone, now)? {
                                disabled = item.target.parse().ok();
                            }
                        }
                    }
                }
                Ok(Settled { end: end.clone(), disabled })
            })
            .await
    }

    async fn mail(&self, item: &Item, now: Instant) -> Outcome<Reply> {
        let Ok(body) = serde_json::from_str::<MailBody>(&item.body) else {
            return Ok(Reply::Never { why: "the body is not a mail".to_owned() });
        };
        let call = MailCall {
            id: item.id.to_string(),
            to: item.target.clone(),
            subject: body.subject,
            text: body.text,
            at: now,
        };
        self.blocking(move |carrier| carrier.mail(&call)).await
    }

    async fn hook(&self, district: DistrictCode, item: &Item, now: Instant) -> Outcome<Reply> {
        let target = item.target.clone();
        let hook = self.db.read(move |tx| hooks::load(tx, district, &target)).await?;
        let Some(hook) = hook.filter(|hook| hook.enabled) else {
            return Ok(Reply::Never { why: "the receiver is switched off or removed".to_owned() });
        };
        // Looked at again: the configuration may have become stricter since the receiver was added.
        if !self.carrier.allows(&hook.url) {
            return Ok(Reply::Never { why: "the receiver's address is not allowed".to_owned() });
        }
        // Only the message's own secret is opened, and only now.
        let secrets = match hook.secrets(&self.vault, district) {
            Ok(secrets) => secrets,
            Err(Fault::Refused(no)) => {
                // The key may come back; the schedule is long enough for somebody to look.
                return Ok(Reply::Later { why: no.reason(kernel::Lang::En), after: None });
            }
            Err(other) => return Err(other),
        };
        let id = item.id.to_string();
        let timestamp = now.seconds();
        let call = HookCall {
            signature: sign::signature(&secrets, &id, timestamp, &item.body),
            url: hook.url,
            id,
            timestamp,
            body: item.body.clone(),
        };
        self.blocking(move |carrier| carrier.hook(&call, now)).await
    }

    async fn blocking(&self, f: impl FnOnce(&dyn Carrier) -> Reply + Send + 'static) -> Outcome<Reply> {
        let carrier = self.carrier.clone();
        let joined = tokio::task::spawn_blocking(move || f(&*carrier)).await;
        joined.map_err(|e| Fault::broken(format!("carrier: {e}")))
    }
}

struct Settled {
    end: End,
    disabled: Option<Uuid>,
}

impl Settled {
    fn add_to(self, report: &mut PumpReport) {
        match self.end {
            End::Sent => report.sent += 1,
            End::Again(..) => report.again += 1,
            End::Failed(_) => report.failed += 1,
        }
        report.disabled.extend(self.disabled);
    }
}
