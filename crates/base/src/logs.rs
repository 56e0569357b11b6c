//! The log: text for people or one JSON object a line, each with the trace number of the request or job.
//!
//! The trace number travels as the field `trace` of a span ([`span`]); what is logged inside carries it. No personal
//! data belongs in a log: fields are ids, codes, counts and times.

use crate::config::LogFormat;
use crate::fault::{Fault, Outcome};
use tracing::{Dispatch, Span};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// True for a level or filter that can be used.
pub fn is_level(level: &str) -> bool {
    !level.trim().is_empty() && filter(level).is_ok()
}

fn filter(level: &str) -> Outcome<EnvFilter> {
    EnvFilter::try_new(level).map_err(|e| Fault::broken(format!("log level: {e}")))
}

/// A log that writes to `writer`; tests use it without touching the global one.
pub fn dispatch<W>(format: LogFormat, level: &str, writer: W) -> Outcome<Dispatch>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt().with_env_filter(filter(level)?).with_writer(writer);
    Ok(match format {
        LogFormat::Json => Dispatch::new(
            builder.json().flatten_event(true).with_current_span(true).with_span_list(false).finish(),
        ),
        LogFormat::Text => Dispatch::new(builder.with_ansi(false).compact().finish()),
    })
}

/// Makes the log of the whole program, on standard error. A second call is a fault.
pub fn init(format: LogFormat, level: &str) -> Outcome<()> {
    let log = dispatch(format, level, std::io::stderr)?;
    tracing::dispatcher::set_global_default(log).map_err(|e| Fault::broken(format!("log: {e}")))
}

/// The span of one request or job: everything logged inside carries its trace number.
pub fn span(what: &'static str, trace: &str) -> Span {
    tracing::info_span!("act", what, trace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parking_lot::Mutex;
    use std::io::Write;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);
    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat) -> String {
        let page = Page::default();
        let made = page.clone();
        let log = dispatch(format, "info,quiet=off", move || made.clone()).unwrap();
        tracing::dispatcher::with_default(&log, || {
            let _inside = span("request", "9f3a").entered();
            tracing::info!(code = "duty.second_lead", "refused");
            tracing::debug!("not at this level");
        });
        let bytes = page.0.lock().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_lines_carry_the_trace_number() {
        let text = logged(LogFormat::Json);
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["span"]["trace"], "9f3a");
        assert_eq!(line["code"], "duty.second_lead");
    }

    #[test]
    fn text_lines_carry_it_too() {
        assert!(logged(LogFormat::Text).contains("9f3a"));
        assert!(is_level("debug") && is_level("info,base::outbox=debug"));
        assert!(!is_level("") && !is_level("info,=="));
    }
}
