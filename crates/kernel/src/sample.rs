//! What an area writes into the ledger, said by the area itself: the kinds of its events and a sample of each.
//!
//! An event that was recorded once must be readable for as long as the ledger is kept. So every area exports one
//! [`Recorded`]; a guard test holds the samples against a snapshot, where a changed line means that a version number was
//! forgotten, and reads every line of that snapshot back through the area's own reader.
//!
//! To join, an area lists its kinds with [`event_kinds!`](crate::event_kinds), which makes the list and the names of one
//! text, so that a variant cannot be left out of the list, and adds its `RECORDED` to the program's areas.
//!
//! ```
//! use kernel::sample::{Recorded, Sample, read_as};
//! #[derive(serde::Serialize, serde::Deserialize)]
//! #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
//! pub enum Event { Opened { by: String }, Shut }
//! kernel::event_kinds! { Event; Opened = "door.opened"; Shut = "door.shut"; }
//! pub const RECORDED: Recorded = Recorded {
//!     area: "door",
//!     kinds: Event::KINDS,
//!     samples: || [Event::Opened { by: "a".to_owned() }, Event::Shut].iter().map(|e| Sample::of(e.kind(), 1, e)).collect(),
//!     reads: |_kind, _version, body| read_as::<Event>(body),
//! };
//! assert_eq!((RECORDED.samples)()[0].body, r#"{"type":"opened","by":"a"}"#);
//! assert_eq!((RECORDED.reads)("door.shut", 1, r#"{"type":"shut"}"#).unwrap(), r#"{"type":"shut"}"#);
//! ```

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The body of one event kind in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Kind in the ledger, such as `duty.accepted`.
    pub kind: &'static str,
    /// Version of the body's form.
    pub version: u16,
    /// JSON text, as it would be recorded.
    pub body: String,
}

impl Sample {
    /// A sample of an event in its present form. What cannot be written as JSON has an empty body, which no reader takes.
    pub fn of<E: Serialize>(kind: &'static str, version: u16, event: &E) -> Sample {
        Sample { kind, version, body: serde_json::to_string(event).unwrap_or_default() }
    }
    /// A sample of a form that is no longer written: its text as it was recorded then.
    pub fn old(kind: &'static str, version: u16, body: &str) -> Sample {
        Sample { kind, version, body: body.to_owned() }
    }
}

/// Reads a body of a kind and a version and gives it back as it would be written today, or says why it cannot be read.
pub type Reader = fn(kind: &str, version: u16, body: &str) -> Result<String, String>;

/// What an area records.
#[derive(Debug, Clone, Copy)]
pub struct Recorded {
    /// The area's name.
    pub area: &'static str,
    /// Every kind that it can record.
    pub kinds: &'static [&'static str],
    /// One sample, or more, of every kind in every version that was ever recorded.
    pub samples: fn() -> Vec<Sample>,
    /// The reader that replay and timelines use.
    pub reads: Reader,
}

/// Reads a body as `E` and writes it again.
///
/// # Errors
/// The parser's own words.
pub fn read_as<E: Serialize + DeserializeOwned>(body: &str) -> Result<String, String> {
    let event: E = serde_json::from_str(body).map_err(|e| e.to_string())?;
    serde_json::to_string(&event).map_err(|e| e.to_string())
}

/// Samples kept as text, one a line: kind, version, body. Bodies of the present `version` go through the type `E`, so
/// that what is shown is what would be recorded now; older ones stay as they were recorded. A line that cannot be read
/// keeps its text, and the guard that reads every sample names it.
pub fn lines<E: Serialize + DeserializeOwned>(text: &'static str, version: u16) -> Vec<Sample> {
    let line = |line: &'static str| {
        let mut words = line.splitn(3, ' ');
        let (kind, given) = (words.next()?, words.next()?.parse().ok()?);
        let body = words.next()?;
        let now = if given == version { read_as::<E>(body).ok() } else { None };
        Some(Sample { kind, version: given, body: now.unwrap_or_else(|| body.to_owned()) })
    };
    text.lines().filter_map(line).collect()
}

/// Gives an event enum its stable kinds in the ledger: `kind()` of a value and `KINDS`, the list of all. The match is
/// exhaustive, so a new variant without a kind does not compile.
#[macro_export]
macro_rules! event_kinds {
    ($event:ident; $($variant:ident = $kind:literal;)+) => {
        impl $event {
            /// Every kind, in the order of the variants.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];
            /// The stable kind in the ledger.
            pub fn kind(&self) -> &'static str {
                match self {
                    $($event::$variant { .. } => $kind,)+
                }
            }
        }
    };
}
