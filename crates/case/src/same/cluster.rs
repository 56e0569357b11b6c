//! Groups without chains.
//!
//! Pairs join from the strongest down. Before two groups become one, their members are compared across, and none may be far from any: A like
//! B and B like C does not make A like C. Large groups are compared by representatives spread over time, first and last
//! among them, so that a group never spans more days than a pair may.

use super::pair::{Likeness, likeness};
use super::print::{Print, weigh};
use super::{Item, Rules, near};
use serde::Serialize;

/// Requests that may be one matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cluster {
    /// Positions in the list that was given, earliest first.
    pub items: Vec<usize>,
    /// Score of the weakest join.
    pub score: f64,
    /// The pairs that joined the group, strongest first.
    pub links: Vec<Link>,
}

/// A pair that joined a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// Position of one.
    pub a: usize,
    /// Position of the other.
    pub b: usize,
    /// Why.
    #[serde(flatten)]
    pub why: Likeness,
}

/// How much weaker than the bar members that did not join directly may be.
const SLACK: f64 = 0.12;
/// Members of a group that stand for it.
const VOICES: usize = 8;

/// Groups of two and more, strongest first.
pub fn cluster(items: &[Item], rules: &Rules) -> Vec<Cluster> {
    let mut prints: Vec<Print> = items.iter().map(Print::of).collect();
    weigh(&mut prints);
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|i| (items.get(*i).and_then(|item| item.at), *i));
    let one = |place: u32| {
        let at = *order.get(usize::try_from(place).ok()?)?;
        Some((at, items.get(at)?, prints.get(at)?))
    };
    let compare = |a: u32, b: u32| {
        let ((a, item_a, print_a), (b, item_b, print_b)) = (one(a)?, one(b)?);
        Some(Link { a, b, why: likeness((item_a, print_a), (item_b, print_b), rules)? })
    };
    let mut joins: Vec<(u32, u32, Link)> = near::pairs(items, &prints, &order, Some(rules.days))
        .into_iter()
        .filter_map(|(a, b)| {
            compare(a, b).filter(|link| link.why.score >= rules.bar).map(|link| (a, b, link))
        })
        .collect();
    joins.sort_by(|x, y| y.2.why.score.total_cmp(&x.2.why.score).then((x.0, x.1).cmp(&(y.0, y.1))));

    let mut groups = Groups::new(order.len());
    for (a, b, link) in joins {
        let fits = |x: u32, y: u32| compare(x, y).is_some_and(|l| l.why.score >= rules.bar - SLACK);
        groups.join(a, b, link, fits);
    }
    let place = |place: &u32| usize::try_from(*place).ok().and_then(|p| order.get(p)).copied();
    let mut out: Vec<Cluster> = groups
        .members
        .iter()
        .zip(groups.links)
        .filter(|(members, _)| members.len() > 1)
        .map(|(members, links)| {
            let score = links.iter().map(|l| l.why.score).fold(1.0, f64::min);
            Cluster { items: members.iter().filter_map(place).collect(), score, links }
        })
        .collect();
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.items.cmp(&b.items)));
    out
}

/// Disjoint groups; an emptied one was joined to another.
struct Groups {
    of: Vec<usize>,
    members: Vec<Vec<u32>>,
    links: Vec<Vec<Link>>,
}

impl Groups {
    fn new(n: usize) -> Groups {
        Groups {
            of: (0..n).collect(),
            members: (0_u32..).take(n).map(|i| vec![i]).collect(),
            links: vec![Vec::new(); n],
        }
    }

    fn group(&self, one: u32) -> Option<usize> {
        self.of.get(usize::try_from(one).ok()?).copied()
    }

    fn join(&mut self, a: u32, b: u32, link: Link, fits: impl Fn(u32, u32) -> bool) {
        let (Some(a), Some(b)) = (self.group(a), self.group(b)) else {
            return;
        };
        if a == b {
            return;
        }
        let (Some(left), Some(right)) = (self.members.get(a), self.members.get(b)) else {
            return;
        };
        let across = |x: u32| voices(right).all(|y| fits(x.min(y), x.max(y)));
        if !voices(left).all(across) {
            return;
        }
        let (into, from) = if left.len() >= right.len() { (a, b) } else { (b, a) };
        let moved = self.members.get_mut(from).map(std::mem::take).unwrap_or_default();
        let ties = self.links.get_mut(from).map(std::mem::take).unwrap_or_default();
        for one in &moved {
            if let Some(of) = usize::try_from(*one).ok().and_then(|one| self.of.get_mut(one)) {
                *of = into;
            }
        }
        if let (Some(members), Some(links)) = (self.members.get_mut(into), self.links.get_mut(into)) {
            members.extend(moved);
            members.sort_unstable();
            links.extend(ties);
            links.push(link);
            links.sort_by(|x, y| y.why.score.total_cmp(&x.why.score));
        }
    }
}

/// The members of a small group, or some of a large one, first and last included.
fn voices(members: &[u32]) -> impl Iterator<Item = u32> {
    let last = members.len().saturating_sub(1);
    let few = members.len().min(VOICES);
    let at = move |n: usize| if few < 2 { 0 } else { n * last / (few - 1) };
    (0..few).filter_map(move |n| members.get(at(n)).copied())
}
