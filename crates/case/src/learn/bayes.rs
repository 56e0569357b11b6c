//! Complement naive Bayes: a class is judged by what is missing from the texts of all others, which keeps large classes from
//! swallowing small ones (J. Rennie et al., "Tackling the Poor Assumptions of Naive Bayes Text Classifiers", ICML 2003).
//!
//! It looks at fragments one at a time and errs differently from the support vector machine, so that the two together are better than either
//! when there are few texts. Both are linear in the same vectors and fold into one table of weights.

use super::space::Row;

/// Weight given to a fragment that was never seen, in units of one average occurrence.
const SMOOTH: f64 = 2.0;

/// Weights of every class, each with a constant of zero at the end.
pub(super) fn learn(rows: &[Row], labels: &[usize], classes: usize, width: usize) -> Vec<Vec<f64>> {
    let mut own = vec![vec![0.0_f64; width]; classes];
    let mut all = vec![0.0_f64; width];
    for (row, label) in rows.iter().zip(labels) {
        let Some(mine) = own.get_mut(*label) else {
            continue;
        };
        for (at, x) in row {
            let Ok(at) = usize::try_from(*at) else {
                continue;
            };
            if let (Some(a), Some(m)) = (all.get_mut(at), mine.get_mut(at)) {
                *a += f64::from(*x);
                *m += f64::from(*x);
            }
        }
    }
    let filled: f64 = rows.iter().map(|row| row.iter().map(|(_, x)| f64::from(*x)).sum::<f64>()).sum();
    let entries: usize = rows.iter().map(Vec::len).sum();
    let smooth = SMOOTH * filled / super::num::count(entries.max(1));
    for mine in &mut own {
        let total: f64 = all.iter().zip(mine.iter()).map(|(a, m)| a - m + smooth).sum();
        for (weight, a) in mine.iter_mut().zip(&all) {
            *weight = -(((a - *weight).max(0.0) + smooth) / total).ln();
        }
    }
    centre(&mut own);
    own.iter_mut().for_each(|mine| mine.push(0.0));
    own
}

/// Takes from every fragment what all classes share: it cannot tell them apart and would spoil the explanation.
fn centre(own: &mut [Vec<f64>]) {
    let width = own.first().map_or(0, Vec::len);
    let classes = super::num::count(own.len().max(1));
    let mut mean = vec![0.0_f64; width];
    for mine in own.iter() {
        mean.iter_mut().zip(mine).for_each(|(m, x)| *m += x / classes);
    }
    for mine in own.iter_mut() {
        mine.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
    }
}
