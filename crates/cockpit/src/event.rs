//! Facts of the administrator's two acts on the jobs page. The subject says which job or message; nothing else is told.

use kernel::sample::{Recorded, lines, read_as};
use serde::{Deserialize, Serialize};

/// Version of the event bodies; a changed shape is a new number and a reader for the old one.
pub const VERSION: u16 = 1;

/// What an administrator asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A job was made due at once.
    JobAsked,
    /// A message that was given up was put back to the start of its schedule.
    Replayed,
}

kernel::event_kinds! {
    Event;
    JobAsked = "job.asked";
    Replayed = "outbox.replayed";
}

/// The body of both: empty, and nothing else is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What this area records, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "cockpit",
    kinds: Event::KINDS,
    samples: || lines::<Nothing>("job.asked 1 {}\noutbox.replayed 1 {}", VERSION),
    reads: |_, _, body| read_as::<Nothing>(body),
};
