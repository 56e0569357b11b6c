//! What a command prints: results to standard output, everything else to standard error.

use base::Fault;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Lang;
use std::io::Write;

/// A line of the result. A reader that has gone away (`| head`) is no fault.
pub fn line(text: impl AsRef<str>) {
    let _closed = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

/// A line about the work.
pub(super) fn note(text: impl AsRef<str>) {
    let _closed = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// A fault: what, why, what to do next, in both languages.
pub(super) fn error(fault: &Fault) {
    match fault {
        Fault::Refused(no) => {
            let field = no.field().map_or_else(String::new, |f| format!(" {f}"));
            let value = no.value().map_or_else(String::new, |v| format!(" = {v}"));
            note(format!("guandu: [{}]{field}{value}", no.code()));
            for lang in [Lang::Zh, Lang::En] {
                note(format!("  {}  {}", no.reason(lang), no.next(lang)));
            }
        }
        other => note(format!("guandu: {other}")),
    }
}

/// A progress bar on standard error; it draws nothing where that is not a terminal.
pub(super) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{msg:20} {bar:40} {pos}/{len} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}
