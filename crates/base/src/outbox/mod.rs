//! Effects outside the database: mails and webhooks.
//!
//! An act enqueues in its own transaction, so that a notice exists exactly when the act does; a pump delivers
//! afterwards, at least once. A worker claims due messages under a lease (`for update skip locked` on PostgreSQL), so
//! two nodes never deliver one message at the same time; a worker that dies lets its lease run out. The receiver sees
//! the same id on every try and can drop doubles.
//!
//! Webhooks follow Standard Webhooks 1.0: see [`sign`], [`SCHEDULE`], [`hooks`]. What fails for good stays in view
//! ([`failures`]) and can be replayed ([`replay`]).
//!
//! ```ignore
//! outbox::enqueue(tx, district, &Message { id, channel: Channel::Email, target: "a@b.cn", kind: "duty.assigned",
//!     body: &outbox::mail_body("新任务", "您有一项新任务…") }, now)?;
//! outbox::hooks::publish(tx, district, &mut || op.new_id(), "duty.assigned", &json!({"duty": id}), now)?;
//! ```

pub mod guard;
pub mod hooks;
mod pump;
mod refusal;
mod send;
pub mod sign;
mod store;
#[cfg(test)]
mod tests;

pub use pump::{Pump, PumpReport};
pub use refusal::OutboxRefusal;
pub use send::{Carrier, HookCall, MailCall, Net, Reply};
pub use store::{Delivery, Item, Message, Stand, deliveries, enqueue, failures, replay, sweep, waiting};

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Mail; the target is an address.
    Email,
    /// Webhook; the target is the id of a row of `webhook`.
    Webhook,
}

impl Channel {
    /// As it is stored and as metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Webhook => "webhook",
        }
    }
}

impl std::str::FromStr for Channel {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "email" => Ok(Channel::Email),
            "webhook" => Ok(Channel::Webhook),
            _ => Err(()),
        }
    }
}

/// Seconds before each try, counted from the one before: 0, 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
/// After the last try, three days and three and a half hours in all, the message has failed.
pub const SCHEDULE: [i64; 10] = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Largest body in bytes, both channels: Standard Webhooks asks for less than 20 kB.
pub const LARGEST: usize = 20_000;

/// The body of a mail.
pub fn mail_body(subject: &str, text: &str) -> String {
    serde_json::json!({ "subject": subject, "text": text }).to_string()
}
