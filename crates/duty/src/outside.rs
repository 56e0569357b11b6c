//! The outside of a notice: mail and webhooks, put into the outbox in the same transaction.
//!
//! A mail goes to whoever holds the post now and has an address; in the quiet hours of the playbook it waits for their
//! end, unless the duty is exempt (D§4.34). A webhook goes to every receiver that asked for `duty.notice`; it carries
//! ids and the link, never the text: what leaves the district is asked for with rights.

use base::Outcome;
use base::notice::Notice;
use base::op::Op;
use base::outbox::{self, Channel, Message};
use kernel::playbook::Notices;
use kernel::{Instant, Lang, PostCode};

/// Kind of the message, for receivers that choose.
pub const KIND: &str = "duty.notice";

/// Queues what a notice causes outside the program. `exempt` ignores the quiet hours.
pub fn send(op: &mut Op<'_, '_>, post: &PostCode, notice: &Notice<'_>, exempt: bool) -> Outcome<()> {
    if op.core().config.mail.enabled {
        mail(op, post, notice, exempt)?;
    }
    let (core, district, now) = (op.core(), op.district(), op.now());
    let data = serde_json::json!({
        "subject": notice.subject,
        "stage": notice.stage,
        "post": post.as_str(),
        "link": format!("{}{}", core.config.server.public_url, notice.link),
    });
    outbox::hooks::publish(op.tx, district, &mut || core.ids.next(now), KIND, &data, now).map(|_| ())
}

fn mail(op: &mut Op<'_, '_>, post: &PostCode, notice: &Notice<'_>, exempt: bool) -> Outcome<()> {
    let (core, district, now) = (op.core(), op.district(), op.now());
    let quiet = &core.book(district, op.today())?.notices;
    let at = if exempt { now } else { after_quiet(quiet, now) };
    for (_, _, address) in org::store::holders(op.tx, district, post)? {
        if address.is_empty() {
            continue;
        }
        let words = notice.words.get(Lang::Zh);
        let text = format!("{words}\n\n{}{}\n", core.config.server.public_url, notice.link);
        let body = outbox::mail_body(words, &text);
        let id = core.ids.next(now);
        let message = Message { id, channel: Channel::Email, target: &address, kind: KIND, body: &body };
        outbox::enqueue(op.tx, district, &message, at)?;
    }
    Ok(())
}

/// The end of the quiet hours when `now` lies in them, else `now`.
pub fn after_quiet(quiet: &Notices, now: Instant) -> Instant {
    let (hour, minute) = now.hour_minute();
    let (hour, minute) = (u8::try_from(hour).unwrap_or(0), u8::try_from(minute).unwrap_or(0));
    if !quiet.is_quiet(hour, minute) {
        return now;
    }
    let end = quiet.quiet_until;
    let today = now.day().at(end.hour, end.minute);
    if today > now { today } else { now.day().plus(1).at(end.hour, end.minute) }
}
