//! Training: cross-validation chooses how hard to fit and how to mix the learners, then all samples are learnt.
//!
//! The effort is counted in operations, not seconds, so that the same samples give the same model on every machine: what is small
//! is tried in every way, what is large is tried on a part.

use super::bayes;
use super::corpus::thin;
use super::judge::{Verdict, judge};
use super::model::{Facts, Head, Model, shares};
use super::num::{Dice, count, narrow, step};
use super::space::{Chosen, Counted, Row, Space};
use super::svm::{Fit, dot, solve};
use super::{LearnRefusal, Sample, Settings};
use std::collections::BTreeMap;

/// Fewest texts that a pair of characters must occur in, and cost of an error, that are tried. The first is taken unless
/// another is clearly better, here and in [`BLENDS`].
const WAYS: [(u32, f64); 4] = [(1, 1.0), (2, 1.0), (2, 0.4), (1, 2.5)];
/// Shares of naive Bayes that are tried.
const BLENDS: [f64; 4] = [0.35, 0.2, 0.5, 0.0];
/// Loss by which another way must be better: less is chance.
const CLEAR: f64 = 0.004;
/// Values × classes × folds × ways that may be tried, about a second's work on one core.
const EFFORT: usize = 25_000_000;
/// Samples on which choices are tried at most.
const TRIED: usize = 2_000;
/// Most fragments × classes while training: 8 bytes each in two tables.
const CELLS: usize = 6_000_000;
/// Fewest fragments that a model is worth having with.
const FEWEST: usize = 2_000;

/// Learns from samples. Samples without text are left out.
///
/// Refused when fewer than two classes have text, or when there are more classes than a model of
/// [`Settings::bytes`] can hold.
pub fn train(samples: &[Sample], settings: &Settings) -> Result<Model, LearnRefusal> {
    let chosen = thin(samples, settings.most, settings.seed);
    let rows: Vec<&Sample> = chosen.iter().filter_map(|i| samples.get(*i)).collect();
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *classes.entry(row.label.clone()).or_insert(0) += 1);
    if classes.len() < 2 {
        return Err(LearnRefusal::OneClass { classes: classes.len() });
    }
    let room = settings.bytes.saturating_sub(4_096) / (8 + 2 * classes.len());
    if room < FEWEST {
        return Err(LearnRefusal::ManyClasses { classes: classes.len() });
    }
    let labels: Vec<String> = classes.keys().cloned().collect();
    let number: BTreeMap<&str, usize> = labels.iter().enumerate().map(|(i, l)| (l.as_str(), i)).collect();
    let truth: Vec<usize> =
        rows.iter().map(|row| number.get(row.label.as_str()).copied().unwrap_or(0)).collect();
    let chars = (4_000_000 / rows.len().max(1)).clamp(200, 1_500);
    let counted = Counted::of(rows.iter().map(|row| row.text.as_str()), chars);
    let task = Task { counted: &counted, truth: &truth, classes: labels.len(), seed: settings.seed };

    let choice = task.choose(&labels, settings.precision);
    let all: Vec<usize> = (0..rows.len()).collect();
    let (space, table) = task.fit(&all, choice.mix);
    let mut model = pack(&space, &table, labels.len(), room);
    model.head.heat = choice.heat;
    model.head.threshold = choice.threshold;
    model.head.chars = chars;
    model.head.labels = labels;
    model.head.facts = Facts {
        given: samples.len(),
        learnt: rows.len(),
        classes,
        fragments: model.space.hashes.len(),
        seed: settings.seed,
        ..choice.facts
    };
    Ok(model)
}

/// Samples as numbers.
struct Task<'a> {
    counted: &'a Counted,
    truth: &'a [usize],
    classes: usize,
    seed: u64,
}

/// How the learners are put together: `score = machine · svm + naive · bayes`.
#[derive(Debug, Clone, Copy)]
struct Mix {
    least: u32,
    cost: f64,
    machine: f64,
    naive: f64,
    blend: f64,
}

/// One row a text, one number a class.
type Scores = Vec<Vec<f64>>;

/// What cross-validation found.
struct Choice {
    mix: Mix,
    heat: f64,
    threshold: f64,
    facts: Facts,
}

impl Task<'_> {
    fn part(&self, chosen: &[usize], least: u32) -> (Chosen, Vec<Row>, Vec<usize>) {
        let vocabulary = self.counted.choose(chosen, least, CELLS / self.classes);
        let rows = self.counted.rows(&vocabulary, chosen);
        let truth = chosen.iter().filter_map(|i| self.truth.get(*i)).copied().collect();
        (vocabulary, rows, truth)
    }

    fn machine(&self, rows: &[Row], truth: &[usize], width: usize, class: usize, cost: f64) -> Vec<f64> {
        let mine: Vec<bool> = truth.iter().map(|t| *t == class).collect();
        let own = mine.iter().filter(|m| **m).count();
        if own == 0 {
            return vec![0.0; width + 1];
        }
        let even = count(mine.len()) / count(own * self.classes);
        let passes = if rows.len() > 5_000 { 8 } else { 20 };
        let fit = Fit { c: cost, lift: even.sqrt().clamp(0.7, 3.0), passes, tolerance: 0.1 };
        solve(rows, &mine, width, fit, self.seed)
    }

    /// Weights of all classes, each with its constant at the end.
    fn fit(&self, chosen: &[usize], mix: Mix) -> (Space, Vec<Vec<f64>>) {
        let (vocabulary, rows, truth) = self.part(chosen, mix.least);
        let space = vocabulary.space;
        let width = space.hashes.len();
        let mut table = bayes::learn(&rows, &truth, self.classes, width);
        for (class, weights) in table.iter_mut().enumerate() {
            let machine = self.machine(&rows, &truth, width, class, mix.cost);
            weights.iter_mut().zip(machine).for_each(|(w, m)| *w = *w * mix.naive + m * mix.machine);
        }
        (space, table)
    }

    /// Ways that are worth trying: all when there are few texts; else what is known to be good with many.
    fn ways(&self) -> &'static [(u32, f64)] {
        let each = self.counted.values(TRIED) * self.classes * 5;
        match WAYS.get(1..) {
            Some(few) if self.truth.len() > 3_000 => few,
            _ if each * WAYS.len() <= EFFORT => &WAYS,
            _ => WAYS.get(..2).unwrap_or(&WAYS),
        }
    }

    /// Scores that the learners give to the held samples when they know only the rest: one table a way and learner.
    fn hold_back(&self, tried: &[usize], held: &[usize], ways: &[(u32, f64)]) -> Vec<(Scores, Scores)> {
        let rest: Vec<usize> = tried.iter().copied().filter(|i| held.binary_search(i).is_err()).collect();
        let way = |(least, cost): &(u32, f64)| {
            let (vocabulary, rows, truth) = self.part(&rest, *least);
            let asked = self.counted.rows(&vocabulary, held);
            let width = vocabulary.space.hashes.len();
            let naive = bayes::learn(&rows, &truth, self.classes, width);
            let machine: Scores =
                (0..self.classes).map(|c| self.machine(&rows, &truth, width, c, *cost)).collect();
            (ask(&asked, &machine), ask(&asked, &naive))
        };
        ways.iter().map(way).collect()
    }

    /// Tries every way on samples that were held back.
    fn choose(&self, labels: &[String], precision: f64) -> Choice {
        let folds = self.folds();
        let tried: Vec<usize> = folds.iter().flatten().copied().collect();
        let mut known = tried.clone();
        known.sort_unstable();
        let ways = self.ways();
        let parts = side_by_side(&folds, |held| self.hold_back(&known, held, ways));
        let truth: Vec<usize> = tried.iter().filter_map(|i| self.truth.get(*i)).copied().collect();
        let mut best: Option<(f64, Mix, f64, Scores)> = None;
        for (at, (least, cost)) in ways.iter().enumerate() {
            let one = |pick: fn(&(Scores, Scores)) -> &Scores| -> Scores {
                parts.iter().filter_map(|part| part.get(at)).flat_map(pick).cloned().collect()
            };
            let (machine, naive) = (one(|p| &p.0), one(|p| &p.1));
            for blend in BLENDS {
                let (m, n) = ((1.0 - blend) / spread(&machine), blend / spread(&naive));
                let mix = Mix { least: *least, cost: *cost, machine: m, naive: n, blend };
                let scores = join(&machine, &naive, mix);
                let (heat, loss) = warm(&scores, &truth);
                if best.as_ref().is_none_or(|b| loss < b.0 - CLEAR) {
                    best = Some((loss, mix, heat, scores));
                }
            }
        }
        let plain = Mix { least: 1, cost: 1.0, machine: 1.0, naive: 0.0, blend: 0.0 };
        let (_, mix, heat, scores) = best.unwrap_or((0.0, plain, 1.0, Vec::new()));
        self.calibrate(labels, precision, mix, heat, &scores, &truth)
    }

    /// Parts that are held back in turn: each class is spread over them evenly; each part ascending.
    fn folds(&self) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..self.truth.len()).collect();
        let mut dice = Dice::new(self.seed);
        dice.shuffle(&mut order);
        order.truncate(TRIED);
        order.sort_by_key(|i| self.truth.get(*i));
        let parts = if order.len() <= 600 { 5 } else { 3 };
        let mut folds = vec![Vec::new(); parts];
        for (i, fold) in order.iter().zip((0..parts).cycle()) {
            if let Some(fold) = folds.get_mut(fold) {
                fold.push(*i);
            }
        }
        folds.iter_mut().for_each(|fold| fold.sort_unstable());
        folds
    }

    /// Chooses the margin for the asked precision and says what the model is worth.
    fn calibrate(
        &self,
        labels: &[String],
        precision: f64,
        mix: Mix,
        heat: f64,
        scores: &[Vec<f64>],
        truth: &[usize],
    ) -> Choice {
        let mut seen: Vec<(f64, usize, usize, bool)> = Vec::new();
        for (row, truth) in scores.iter().zip(truth) {
            let mut order: Vec<(usize, f64)> = shares(row, heat).into_iter().enumerate().collect();
            order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let in_three = order.iter().take(3).any(|(c, _)| c == truth);
            if let [first, second, ..] = order.as_slice() {
                seen.push((first.1 - second.1, *truth, first.0, in_three));
            }
        }
        let threshold = threshold(&seen, precision);
        let name = |class: usize| labels.get(class).cloned().unwrap_or_default();
        let verdict = |(margin, truth, guess, in_three): &(f64, usize, usize, bool)| Verdict {
            truth: name(*truth),
            guess: name(*guess),
            in_three: *in_three,
            sure: *margin >= threshold,
        };
        let report = judge(&seen.iter().map(verdict).collect::<Vec<_>>(), labels);
        let facts = Facts {
            cost: mix.cost,
            bayes: mix.blend,
            macro_f1: six(report.macro_f1),
            accuracy: six(report.accuracy),
            precision,
            sure: six(1.0 - count(report.abstained) / count(report.texts.max(1))),
            sure_accuracy: six(report.sure_accuracy),
            seed: self.seed,
            ..Facts::default()
        };
        Choice { mix, heat, threshold, facts }
    }
}

/// Six decimals: what is written down reads back the same.
fn six(x: f64) -> f64 {
    (x * 1e6).round() / 1e6
}

/// The smallest margin above which the asked share of first guesses is right; out of reach when there is none.
fn threshold(seen: &[(f64, usize, usize, bool)], precision: f64) -> f64 {
    let mut order: Vec<(f64, bool)> = seen.iter().map(|(m, truth, guess, _)| (*m, truth == guess)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0_usize;
    let mut best = 1.01;
    for (n, (margin, hit)) in order.iter().enumerate() {
        right += usize::from(*hit);
        if count(right) >= precision * count(n + 1) {
            best = *margin;
        }
    }
    best
}

/// Does the work for each part on two threads; the order of the answers is that of the parts.
fn side_by_side<A: Sync, B: Send>(parts: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let (left, right) = parts.split_at(parts.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| right.iter().map(&work).collect::<Vec<B>>());
        let mut out: Vec<B> = left.iter().map(&work).collect();
        out.extend(other.join().unwrap_or_default());
        out
    })
}

fn ask(rows: &[Row], table: &[Vec<f64>]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| table.iter().map(|w| dot(row, w)).collect()).collect()
}

/// How far apart a learner puts the classes of a text, on average: what makes two learners comparable.
fn spread(scores: &[Vec<f64>]) -> f64 {
    let one = |row: &Vec<f64>| {
        let n = count(row.len().max(1));
        let mean = row.iter().sum::<f64>() / n;
        (row.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / n).sqrt()
    };
    let sum: f64 = scores.iter().map(one).sum();
    (sum / count(scores.len().max(1))).max(1e-9)
}

fn join(machine: &[Vec<f64>], naive: &[Vec<f64>], mix: Mix) -> Vec<Vec<f64>> {
    let row = |(m, n): (&Vec<f64>, &Vec<f64>)| {
        m.iter().zip(n).map(|(m, n)| m * mix.machine + n * mix.naive).collect()
    };
    machine.iter().zip(naive).map(row).collect()
}

/// The factor that makes shares honest, and what is lost with it: mean −ln of the share of the right class.
fn warm(scores: &[Vec<f64>], truth: &[usize]) -> (f64, f64) {
    let loss = |heat: f64| {
        let one = |(row, truth): (&Vec<f64>, &usize)| {
            -shares(row, heat).get(*truth).copied().unwrap_or(0.0).max(1e-9).ln()
        };
        scores.iter().zip(truth).map(one).sum::<f64>() / count(scores.len().max(1))
    };
    let heats = std::iter::successors(Some(0.25), |h| Some(h * 1.25)).take(18);
    heats.map(|h| (h, loss(h))).fold(
        (1.0, f64::INFINITY),
        |best, new| {
            if new.1 < best.1 { new } else { best }
        },
    )
}

/// Keeps the strongest fragments that fit, and rounds weights to steps.
fn pack(space: &Space, table: &[Vec<f64>], classes: usize, room: usize) -> Model {
    let mut energy: Vec<(f64, usize)> = (0..space.hashes.len())
        .map(|at| (table.iter().map(|w| w.get(at).map_or(0.0, |x| x * x)).sum(), at))
        .collect();
    energy.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = energy.into_iter().take(room).map(|(_, at)| at).collect();
    kept.sort_unstable();
    let largest =
        |w: &Vec<f64>| w.split_last().map_or(0.0, |(_, w)| w.iter().fold(0.0, |m: f64, x| m.max(x.abs())));
    let steps: Vec<f64> = table.iter().map(|w| (largest(w) / 32_000.0).max(1e-12)).collect();
    let constants = table.iter().map(|w| w.last().copied().unwrap_or(0.0)).collect();
    let mut weights = Vec::with_capacity(kept.len() * classes);
    for at in &kept {
        let row = table.iter().zip(&steps).map(|(w, size)| step(w.get(*at).copied().unwrap_or(0.0) / size));
        weights.extend(row);
    }
    let pick = |list: &[f32], at: &usize| list.get(*at).copied().unwrap_or(narrow(1.0));
    let space = Space {
        hashes: kept.iter().filter_map(|at| space.hashes.get(*at)).copied().collect(),
        idf: kept.iter().map(|at| pick(&space.idf, at)).collect(),
    };
    let index = space.index();
    let head = Head {
        labels: Vec::new(),
        steps,
        constants,
        heat: 1.0,
        threshold: 0.0,
        chars: 0,
        facts: Facts::default(),
    };
    Model { head, space, index, weights }
}
