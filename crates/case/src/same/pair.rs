//! Two requests: score and reasons.

use super::print::Print;
use super::{Item, Relation, Rules};
use crate::learn::count;
use kernel::text::Lang;
use serde::Serialize;

/// Why two requests may be one matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Likeness {
    /// 0 to 1: how much speaks for it. It orders suggestions; it is no probability.
    pub score: f64,
    /// What the texts share, 0 to 1.
    pub text: f64,
    /// How the places stand to each other; never apart in a suggestion.
    #[serde(skip)]
    pub place: Relation,
    /// Whether the categories agree, when both are classified.
    pub category: Option<bool>,
    /// Whether both came from one contact.
    pub contact: bool,
    /// Whole days between them, when both times are known.
    pub days: Option<u64>,
}

impl Likeness {
    /// The reasons in words, strongest ground first.
    pub fn reasons(&self, lang: Lang) -> Vec<String> {
        let zh = lang == Lang::Zh;
        let say = |a: &str, b: &str| if zh { a.to_owned() } else { b.to_owned() };
        let place = match self.place {
            Relation::Same => Some(say("同一地点", "same place")),
            Relation::Near => Some(say("地点相近", "place close by")),
            Relation::Unknown | Relation::Apart => None,
        };
        let category = self.category.map(|same| match same {
            true => say("同一类别", "same category"),
            false => say("类别不同", "other category"),
        });
        let contact = self.contact.then(|| say("同一联系人", "same contact"));
        let text = Some(format!("{}{:.2}", say("文字相似", "text alike "), self.text));
        let days = self.days.map(|n| match (zh, n) {
            (true, 0) => "同一天".to_owned(),
            (true, n) => format!("相隔{n}天"),
            (false, 0) => "same day".to_owned(),
            (false, 1) => "1 day apart".to_owned(),
            (false, n) => format!("{n} days apart"),
        });
        [place, category, contact, text, days].into_iter().flatten().collect()
    }
}

/// Compares two requests; `None` when they are not suggested.
///
/// With two texts alone nothing is known of how rare a word is; [`super::cluster`] weighs by rarity.
pub fn similarity(a: &Item, b: &Item, rules: &Rules) -> Option<Likeness> {
    let likeness = likeness((a, &Print::of(a)), (b, &Print::of(b)), rules)?;
    (likeness.score >= rules.bar).then_some(likeness)
}

/// Least that texts must share, whatever else agrees: the same place has more than one matter.
const FLOOR: f64 = 0.25;
/// Distinct pairs of characters from which on a text is taken at its word without a place.
const TELLING: f64 = 24.0;

/// Like [`similarity`] with texts prepared, and without the bar.
pub(super) fn likeness(a: (&Item, &Print), b: (&Item, &Print), rules: &Rules) -> Option<Likeness> {
    let days = days(a.0, b.0);
    if days.is_some_and(|days| days > u64::from(rules.days)) {
        return None;
    }
    let place = a.1.place.relation(&b.1.place);
    if place == Relation::Apart {
        return None;
    }
    let text = a.1.text(b.1);
    if text < FLOOR {
        return None;
    }
    let category = a.0.category.as_ref().zip(b.0.category.as_ref()).map(|(a, b)| a == b);
    let contact = a.0.contact.is_some() && a.0.contact == b.0.contact;
    let telling = (count(a.1.pairs.len().min(b.1.pairs.len())) / TELLING).min(1.0);
    let ground = match place {
        Relation::Same => 0.75 * text + 0.25,
        Relation::Near => 0.8 * text + 0.1,
        // The same few words fit every street; only a text that tells much may stand alone.
        Relation::Unknown | Relation::Apart => 0.8 * text * if contact { 1.0 } else { telling },
    };
    let kind = match category {
        Some(true) => 0.06,
        Some(false) => -0.15,
        None => 0.0,
    };
    let who = if contact { 0.12 } else { 0.0 };
    Some(Likeness { score: (ground + kind + who).clamp(0.0, 1.0), text, place, category, contact, days })
}

fn days(a: &Item, b: &Item) -> Option<u64> {
    const DAY: u64 = 86_400_000_000;
    a.at.zip(b.at).map(|(a, b)| a.micros().abs_diff(b.micros()) / DAY)
}
