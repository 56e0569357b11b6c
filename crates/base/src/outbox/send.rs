//! The wire: SMTP by lettre, HTTP by ureq. Everything before and after is decided elsewhere and tested without it.

use super::guard::{self, Guarded};
use crate::config::{Config, Secret};
use kernel::{Day, Instant};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{SmtpTransport, Transport};
use std::time::{Duration, UNIX_EPOCH};
use ureq::Agent;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

/// A mail, ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailCall {
    /// Id of the message; the same on every try.
    pub id: String,
    /// Receiver.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// For the header `Date`.
    pub at: Instant,
}

/// A webhook, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookCall {
    /// Address.
    pub url: String,
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`, seconds since 1970.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// What the other side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Taken.
    Taken,
    /// Not now; try again, after so many seconds when it says so.
    Later {
        /// Why, for the list of failures.
        why: String,
        /// `Retry-After` in seconds.
        after: Option<i64>,
    },
    /// Never; trying again is of no use.
    Never {
        /// Why.
        why: String,
    },
    /// The receiver is gone and wants nothing more (410).
    Gone,
}

/// Carries messages out; blocking, called on the blocking pool. Tests put their own here.
pub trait Carrier: Send + Sync + 'static {
    /// Sends a mail.
    fn mail(&self, call: &MailCall) -> Reply;
    /// Calls a receiver.
    fn hook(&self, call: &HookCall, now: Instant) -> Reply;
    /// True when this address may be called at all.
    fn allows(&self, url: &str) -> bool;
}

/// The real carrier.
pub struct Net {
    mail: Option<(Secret, String)>,
    smtp: Option<SmtpTransport>,
    agent: Agent,
    allow_private: bool,
}

impl Net {
    /// From the configuration.
    pub fn new(config: &Config) -> Net {
        let timeout = Duration::from_secs(u64::from(config.webhooks.timeout));
        let allow_private = config.webhooks.allow_private;
        let http = Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // An environment's proxy would call the address for us, past the guard.
            .proxy(None)
            .max_idle_connections(0)
            .user_agent("guandu-webhooks")
            .build();
        let guarded = Guarded { allow_private, inner: DefaultResolver::default() };
        let agent = Agent::with_parts(http, DefaultConnector::default(), guarded);
        let mail = config.mail.enabled.then(|| (config.mail.smtp_url.clone(), config.mail.from.clone()));
        let smtp = mail.as_ref().and_then(|(url, _)| match SmtpTransport::from_url(url.expose()) {
            Ok(builder) => Some(builder.timeout(Some(Duration::from_secs(20))).build()),
            Err(e) => {
                tracing::error!(error = %e, "mail.smtp_url is unusable; no mail is sent");
                None
            }
        });
        Net { mail, smtp, agent, allow_private }
    }
}

impl Carrier for Net {
    fn mail(&self, call: &MailCall) -> Reply {
        let (Some((_, from)), Some(smtp)) = (&self.mail, &self.smtp) else {
            return Reply::Never { why: "mail is not configured".to_owned() };
        };
        let message = match message(call, from) {
            Ok(message) => message,
            Err(why) => return Reply::Never { why },
        };
        match smtp.send(&message) {
            Ok(_) => Reply::Taken,
            Err(e) if e.is_permanent() => Reply::Never { why: e.to_string() },
            Err(e) => Reply::Later { why: e.to_string(), after: None },
        }
    }

    fn hook(&self, call: &HookCall, now: Instant) -> Reply {
        let sent = self
            .agent
            .post(&call.url)
            .header("content-type", "application/json")
            .header("webhook-id", &call.id)
            .header("webhook-timestamp", call.timestamp.to_string())
            .header("webhook-signature", &call.signature)
            .send(&call.body);
        match sent {
            Ok(response) => {
                let after = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
                judged(response.status().as_u16(), after.and_then(|text| retry_after(text, now)))
            }
            Err(e) => Reply::Later { why: e.to_string(), after: None },
        }
    }

    fn allows(&self, url: &str) -> bool {
        guard::check_url(url, self.allow_private).is_ok()
    }
}

/// What a status means (Standard Webhooks: 2xx taken, 3xx a failure, 410 gone). The answer's body is never read: it
/// would let whoever registers a receiver look at pages that only we can reach.
pub(super) fn judged(status: u16, after: Option<i64>) -> Reply {
    match status {
        200..=299 => Reply::Taken,
        410 => Reply::Gone,
        other => Reply::Later { why: format!("HTTP {other}"), after },
    }
}

/// Seconds of a `Retry-After`, which is a number or a date such as `Wed, 21 Oct 2015 07:28:00 GMT`.
pub(super) fn retry_after(text: &str, now: Instant) -> Option<i64> {
    if let Ok(seconds) = text.trim().parse::<i64>() {
        return Some(seconds.max(0));
    }
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|m| *m == name)? + 1;
    let date = Day::new(parts.next()?.parse().ok()?, i8::try_from(month).ok()?, day)?;
    let mut clock = parts.next()?.split(':').map(|n| n.parse::<i64>().ok());
    let (h, m, s) = (clock.next()??, clock.next()??, clock.next()??);
    // A day begins in the district eight hours before it does in Greenwich.
    let at = date.start().plus_seconds(8 * 3600 + h * 3600 + m * 60 + s);
    Some((at.since(now) / 1_000_000).max(0))
}

/// Builds the mail; the id makes doubles recognisable.
pub(super) fn message(call: &MailCall, from: &str) -> Result<Message, String> {
    let from: Mailbox = from.parse().map_err(|e| format!("sender: {e}"))?;
    let to: Mailbox = call.to.parse().map_err(|e| format!("receiver: {e}"))?;
    let host = from.email.domain().to_owned();
    let seconds = u64::try_from(call.at.seconds()).unwrap_or(0);
    // One line, whatever the caller gives.
    let subject: String = call.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Message::builder()
        .from(from)
        .to(to)
        .subject(subject)
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{}@{host}>", call.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(call.text.clone())
        .map_err(|e| e.to_string())
}
