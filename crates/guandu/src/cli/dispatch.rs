//! `train-dispatch` and `eval-dispatch`: the recommender on anyone's table, so that it can be judged before it is trusted.

use super::{FOUND, OK, out};
use base::{Fault, Outcome};
use case::learn::judge::{Report, Verdict, judge};
use case::learn::{LearnRefusal, Model, Sample, Settings, table, train};
use kernel::Refused;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The area's refusal as the command line shows it.
pub(super) fn refused(no: LearnRefusal) -> Fault {
    Fault::from(Refused::from(no))
}

/// How to learn.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct How {
    /// Same table and seed, same model
    #[arg(long, default_value_t = 2019)]
    seed: u64,
    /// Share of advice that must be right; below it the model abstains
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    precision: f64,
}

impl How {
    fn settings(self) -> Settings {
        Settings { seed: self.seed, precision: self.precision.clamp(0.0, 1.0), ..Settings::default() }
    }
}

/// Learns a table and writes the model.
pub(super) fn learn(file: &Path, to: Option<PathBuf>, how: How) -> Outcome<u8> {
    let rows = samples(file)?;
    let settings = how.settings();
    let start = Instant::now();
    let model = train(&rows, &settings).map_err(refused)?;
    let took = start.elapsed();
    let bytes = model.encode();
    let to = to.unwrap_or_else(|| file.with_extension("model"));
    std::fs::write(&to, &bytes)?;
    let facts = model.facts();
    out::line(format!(
        "{} samples, {} learnt, {} classes, {} fragments, {} bytes, {} ms",
        facts.given,
        facts.learnt,
        facts.classes.len(),
        facts.fragments,
        bytes.len(),
        took.as_millis()
    ));
    out::line(format!(
        "cross-validation: macro-F1 {:.3}, accuracy {:.3}; advises on {:.1} % with {:.3} right (asked for {:.2})",
        facts.macro_f1,
        facts.accuracy,
        facts.sure * 100.0,
        facts.sure_accuracy,
        facts.precision
    ));
    for (label, n) in facts.classes.iter().filter(|(_, n)| **n < 5) {
        out::note(format!("guandu: class {label} has {n} samples; five are too few to be learnt from"));
    }
    if facts.sure == 0.0 {
        out::note(
            "guandu: no margin reaches the precision that was asked for; the model will always abstain",
        );
    }
    out::line(to.display().to_string());
    Ok(OK)
}

/// Where the judged model comes from.
pub(super) struct From {
    /// A table to learn first.
    pub train: Option<PathBuf>,
    /// A model that was learnt before.
    pub model: Option<PathBuf>,
    /// How to learn it.
    pub how: How,
}

/// Judges a model on a table. Without model and training table, four fifths of the table are learnt and one fifth is
/// judged, five times over. Exit code 1 when the table has classes that the model does not know.
pub(super) fn eval(file: &Path, from: From, json: bool) -> Outcome<u8> {
    let rows = samples(file)?;
    let settings = from.how.settings();
    let mut run = Run::default();
    match (from.model, from.train) {
        (Some(path), _) => {
            let model = Model::decode(&std::fs::read(path)?).map_err(refused)?;
            run.ask(&model, &rows);
        }
        (None, Some(path)) => {
            let model = run.learn(&samples(&path)?, &settings)?;
            run.ask(&model, &rows);
        }
        (None, None) => {
            for fold in 0..5_usize {
                let (held, rest): (Vec<_>, Vec<_>) =
                    rows.iter().cloned().enumerate().partition(|(i, _)| i % 5 == fold);
                let rest: Vec<Sample> = rest.into_iter().map(|(_, row)| row).collect();
                let held: Vec<Sample> = held.into_iter().map(|(_, row)| row).collect();
                let model = run.learn(&rest, &settings)?;
                run.ask(&model, &held);
            }
        }
    }
    let report = judge(&run.verdicts, &run.labels);
    if json {
        run.as_json(&report);
    } else {
        run.as_text(&report);
    }
    Ok(if report.unseen.is_empty() { OK } else { FOUND })
}

/// Reads a table of samples.
fn samples(file: &Path) -> Outcome<Vec<Sample>> {
    table::samples(&std::fs::read(file)?).map_err(refused)
}

/// What one evaluation gathers.
#[derive(Default)]
struct Run {
    verdicts: Vec<Verdict>,
    labels: Vec<String>,
    trained: Option<Duration>,
    asked: Duration,
}

impl Run {
    fn learn(&mut self, rows: &[Sample], settings: &Settings) -> Outcome<Model> {
        let start = Instant::now();
        let model = train(rows, settings).map_err(refused)?;
        let took = start.elapsed();
        self.trained = Some(self.trained.map_or(took, |most| most.max(took)));
        Ok(model)
    }

    fn ask(&mut self, model: &Model, rows: &[Sample]) {
        self.labels.extend(model.labels().iter().cloned());
        let start = Instant::now();
        for row in rows {
            let advice = model.predict(&row.text, 3);
            let guess = advice.guesses.first().map(|g| g.label.clone()).unwrap_or_default();
            let in_three = advice.guesses.iter().any(|g| g.label == row.label);
            self.verdicts.push(Verdict { truth: row.label.clone(), guess, in_three, sure: advice.sure });
        }
        self.asked += start.elapsed();
    }

    /// Microseconds for one text, with reasons.
    fn each(&self) -> u128 {
        let texts = u128::try_from(self.verdicts.len()).unwrap_or(1).max(1);
        self.asked.as_micros() / texts
    }

    fn as_json(&self, report: &Report) {
        let mut value = serde_json::json!(report);
        if let Some(map) = value.as_object_mut() {
            map.insert("train_ms".to_owned(), serde_json::json!(self.trained.map(|t| t.as_millis())));
            map.insert("predict_us".to_owned(), serde_json::json!(self.each()));
        }
        out::line(value.to_string());
    }

    fn as_text(&self, report: &Report) {
        out::line(format!("macro-F1  {:.4}", report.macro_f1));
        out::line(format!(
            "accuracy  {:.4}   right class among three {:.4}",
            report.accuracy, report.top_three
        ));
        out::line(format!(
            "abstained {} of {}; of the rest {:.4} right",
            report.abstained, report.texts, report.sure_accuracy
        ));
        let trained = self.trained.map_or_else(|| "-".to_owned(), |t| format!("{} ms", t.as_millis()));
        out::line(format!("training  {trained}   one text {} µs", self.each()));
        out::line("precision recall f1     support guessed class");
        for c in &report.classes {
            out::line(format!(
                "{:9.4} {:6.4} {:6.4} {:7} {:7} {}{}",
                c.precision,
                c.recall,
                c.f1,
                c.support,
                c.guessed,
                c.label,
                if c.known { "" } else { "   not in the model" }
            ));
        }
    }
}
