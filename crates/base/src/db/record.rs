//! Records the statements of writes, so that a bench can run the very same ones raw and show what the program adds.
//!
//! Recording belongs to the thread that runs the transaction: [`start`] and [`take`] are called inside a write. Off,
//! it costs one look at a thread-local flag.

use super::Arg;
use std::cell::RefCell;

/// A statement as it was run.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its text.
    pub sql: String,
    /// Its values.
    pub args: Vec<Arg<'static>>,
}

thread_local! {
    static TAPE: RefCell<Option<Vec<Statement>>> = const { RefCell::new(None) };
}

/// Starts recording on this thread.
pub fn start() {
    TAPE.with(|tape| *tape.borrow_mut() = Some(Vec::new()));
}

/// Ends recording and gives what was recorded since [`start`].
pub fn take() -> Vec<Statement> {
    TAPE.with(|tape| tape.borrow_mut().take()).unwrap_or_default()
}

pub(super) fn note(sql: &str, args: &[Arg<'_>]) {
    TAPE.with(|tape| {
        if let Some(list) = tape.borrow_mut().as_mut() {
            list.push(Statement { sql: sql.to_owned(), args: args.iter().map(Arg::to_static).collect() });
        }
    });
}
