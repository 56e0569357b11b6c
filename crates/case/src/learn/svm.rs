//! A linear support vector machine for one class against the rest: squared hinge loss, solved in the dual one coordinate at a
//! time, after C.-J. Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008.
//!
//! Each text has one multiplier, never negative. A step solves the problem of one multiplier exactly and moves the weights along that
//! text's vector. Texts that stay at zero with a comfortable gradient leave the working set, which is what makes one-against-rest with
//! many classes cheap: most texts are never in doubt.

use super::num::Dice;
use super::space::Row;

/// How hard to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    /// Cost of an error.
    pub c: f64,
    /// Factor on the cost of errors inside the class: a rare class must not be argued away.
    pub lift: f64,
    /// Most passes.
    pub passes: usize,
    /// Spread of the gradient at which it is done.
    pub tolerance: f64,
}

/// Weights of one class; the last is the constant.
pub(super) fn solve(rows: &[Row], mine: &[bool], width: usize, fit: Fit, seed: u64) -> Vec<f64> {
    let mut w = vec![0.0_f64; width + 1];
    let mut dice = Dice::new(seed);
    let mut points: Vec<Point<'_>> = rows
        .iter()
        .zip(mine)
        .map(|(row, mine)| {
            let cost = if *mine { fit.c * fit.lift } else { fit.c };
            let square: f64 = row.iter().map(|(_, x)| f64::from(*x) * f64::from(*x)).sum();
            let slack = 0.5 / cost;
            Point {
                row,
                side: if *mine { 1.0 } else { -1.0 },
                slack,
                curve: square + 1.0 + slack,
                alpha: 0.0,
            }
        })
        .collect();
    let mut active: Vec<usize> = (0..points.len()).collect();
    let mut ceiling = f64::INFINITY;
    for _ in 0..fit.passes {
        dice.shuffle(&mut active);
        let (mut highest, mut lowest) = (f64::NEG_INFINITY, f64::INFINITY);
        active.retain(|i| {
            let Some(point) = points.get_mut(*i) else {
                return false;
            };
            let slope = point.slope(&w);
            if point.alpha == 0.0 && slope > ceiling {
                return false;
            }
            let pull = if point.alpha == 0.0 { slope.min(0.0) } else { slope };
            highest = highest.max(pull);
            lowest = lowest.min(pull);
            if pull.abs() > 1e-12 {
                point.step(slope, &mut w);
            }
            true
        });
        if highest - lowest <= fit.tolerance {
            if active.len() == points.len() {
                break;
            }
            // Everybody is asked once more before it is called done.
            active = (0..points.len()).collect();
            ceiling = f64::INFINITY;
            continue;
        }
        ceiling = if highest <= 0.0 { f64::INFINITY } else { highest };
    }
    w
}

struct Point<'a> {
    row: &'a Row,
    side: f64,
    slack: f64,
    curve: f64,
    alpha: f64,
}

impl Point<'_> {
    fn slope(&self, w: &[f64]) -> f64 {
        self.side * dot(self.row, w) - 1.0 + self.slack * self.alpha
    }
    fn step(&mut self, slope: f64, w: &mut [f64]) {
        let before = self.alpha;
        self.alpha = (before - slope / self.curve).max(0.0);
        let move_by = (self.alpha - before) * self.side;
        for (at, x) in self.row {
            if let Some(weight) = usize::try_from(*at).ok().and_then(|at| w.get_mut(at)) {
                *weight += move_by * f64::from(*x);
            }
        }
        if let Some(constant) = w.last_mut() {
            *constant += move_by;
        }
    }
}

/// The score of a vector, with the constant.
pub(super) fn dot(row: &Row, w: &[f64]) -> f64 {
    let products = row.iter().map(|(at, x)| {
        let weight = usize::try_from(*at).ok().and_then(|at| w.get(at)).copied().unwrap_or(0.0);
        weight * f64::from(*x)
    });
    products.sum::<f64>() + w.last().copied().unwrap_or(0.0)
}
