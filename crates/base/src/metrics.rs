//! Prometheus metrics: one table of every `guandu_…` name with its meaning, and the page that is scraped.
//!
//! Code counts with the `metrics` crate's macros, and only names of [`ALL`]; labels are routes, codes, kinds, job
//! names: things of a bounded number, never ids or people.

use crate::fault::{Fault, Outcome};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Spread of durations in seconds.
    Seconds,
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Name.
    pub name: &'static str,
    /// How it behaves.
    pub sort: Sort,
    /// What it means.
    pub help: &'static str,
}

const fn metric(name: &'static str, sort: Sort, help: &'static str) -> Metric {
    Metric { name, sort, help }
}

/// Every metric of the program.
pub const ALL: &[Metric] = &[
    metric("guandu_http_requests_total", Sort::Counter, "Requests by route and status"),
    metric("guandu_http_seconds", Sort::Seconds, "Server time of requests by route"),
    metric("guandu_refusals_total", Sort::Counter, "Acts that a rule refused, by code"),
    metric("guandu_sign_in_failures_total", Sort::Counter, "Wrong passwords and codes"),
    metric("guandu_rate_limited_total", Sort::Counter, "Requests refused because they came too often"),
    metric("guandu_db_commits_total", Sort::Counter, "Transactions committed"),
    metric("guandu_db_writes_total", Sort::Counter, "Writes that the transactions carried"),
    metric("guandu_ledger_unsealed", Sort::Gauge, "Events that wait for the next checkpoint"),
    metric("guandu_ledger_size", Sort::Gauge, "Leaves of the newest checkpoint"),
    metric("guandu_outbox_sent_total", Sort::Counter, "Messages delivered, by channel"),
    metric(
        "guandu_outbox_retries_total",
        Sort::Counter,
        "Deliveries that failed and will be tried again, by channel",
    ),
    metric("guandu_outbox_failed_total", Sort::Counter, "Messages given up, by channel"),
    metric("guandu_outbox_waiting", Sort::Gauge, "Messages that wait"),
    metric("guandu_job_runs_total", Sort::Counter, "Runs of periodic jobs, by name and outcome"),
    metric("guandu_job_seconds", Sort::Seconds, "Duration of periodic jobs by name"),
    metric("guandu_files_admitted_total", Sort::Counter, "Evidence files taken, by type"),
    metric("guandu_files_bytes_total", Sort::Counter, "Bytes of evidence files taken"),
    metric("guandu_duties_overdue", Sort::Gauge, "Duties past their due moment"),
    metric("guandu_sessions", Sort::Gauge, "Sessions that have not ended"),
];

/// Bounds of the histograms in seconds: the promise is a page in 20 ms (DESIGN §11).
const BOUNDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The page that Prometheus reads.
#[derive(Clone)]
pub struct Scrape {
    handle: PrometheusHandle,
}

impl Scrape {
    /// The text, in the exposition format; serve it as [`Scrape::TYPE`].
    pub fn render(&self) -> String {
        self.handle.render()
    }
    /// Folds what has gathered in the histograms; call it every few seconds (a periodic job).
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
    /// Content type of the text.
    pub const TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";
}

/// A recorder that is not yet anybody's: tests use it with `metrics::with_local_recorder`.
pub fn recorder() -> Outcome<(PrometheusRecorder, Scrape)> {
    let mut builder = PrometheusBuilder::new();
    for m in ALL.iter().filter(|m| m.sort == Sort::Seconds) {
        builder = builder
            .set_buckets_for_metric(Matcher::Full(m.name.to_owned()), BOUNDS)
            .map_err(|e| Fault::broken(format!("metrics: {e}")))?;
    }
    let recorder = builder.build_recorder();
    let scrape = Scrape { handle: recorder.handle() };
    Ok((recorder, scrape))
}

/// Makes the recorder of the whole program and describes every metric. A second call is a fault.
pub fn install() -> Outcome<Scrape> {
    let (recorder, scrape) = recorder()?;
    ::metrics::set_global_recorder(recorder).map_err(|e| Fault::broken(format!("metrics: {e}")))?;
    describe();
    Ok(scrape)
}

/// Gives the current recorder the meaning of every metric.
pub fn describe() {
    for m in ALL {
        match m.sort {
            Sort::Counter => ::metrics::describe_counter!(m.name, m.help),
            Sort::Gauge => ::metrics::describe_gauge!(m.name, m.help),
            Sort::Seconds => ::metrics::describe_histogram!(m.name, ::metrics::Unit::Seconds, m.help),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_help_and_values() {
        let (recorder, scrape) = recorder().unwrap();
        ::metrics::with_local_recorder(&recorder, || {
            describe();
            ::metrics::counter!("guandu_refusals_total", "code" => "duty.second_lead").increment(2);
            ::metrics::histogram!("guandu_http_seconds", "route" => "/").record(0.015);
        });
        let text = scrape.render();
        assert!(text.contains("guandu_refusals_total{code=\"duty.second_lead\"} 2"), "{text}");
        assert!(text.contains("# HELP guandu_refusals_total Acts that a rule refused"), "{text}");
        assert!(text.contains("guandu_http_seconds_bucket{route=\"/\",le=\"0.02\"} 1"), "{text}");
    }

    #[test]
    fn names_are_ours_and_differ() {
        let mut names: Vec<_> = ALL.iter().map(|m| m.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for m in ALL {
            assert!(m.name.starts_with("guandu_"));
            assert_eq!(m.sort == Sort::Counter, m.name.ends_with("_total"), "{}", m.name);
        }
    }
}
