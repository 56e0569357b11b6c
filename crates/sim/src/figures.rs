//! Reported figures of measured items (调度数) and requests to change an item, as units and leaders hand them in.
//!
//! All of them are simulated. Statutory figures are another book and are never written here.

use crate::world::{World, key, moment};
use crate::yearly::horizon;
use base::{Fault, Outcome};
use kernel::money::Decimal;
use kernel::playbook::Item;
use kernel::text::{Body, Remark};
use kernel::{Day, PostCode, Slug};
use plan::act::{Ruling, Wish};

/// Something that is handed in about the plan.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A figure, by the handler of the line's lead.
    Figure {
        /// Item or part.
        code: Slug,
        /// The figure.
        value: Decimal,
    },
    /// A request, by the chief of the item's lead.
    Ask {
        /// Item.
        code: Slug,
        /// What is asked.
        wish: Wish,
        /// Why.
        reason: Remark,
    },
    /// The answer to an item's first request.
    Answer {
        /// Item.
        code: Slug,
        /// The answer.
        ruling: Ruling,
    },
}

/// Month, day and what belongs to it.
type Dated<T> = (i8, i8, T);
/// A request: list, place among its items, month and day of the request, the answer.
type Request = (&'static str, usize, (i8, i8), Option<Dated<bool>>);

/// Cumulative figures by month and day. Simulated.
const FIGURES: [(&str, &[Dated<&str>]); 11] = [
    (
        "Q-01",
        &[(7, 12, "9.8"), (7, 19, "21.4"), (7, 26, "34.0"), (8, 2, "44.9"), (8, 9, "53.7"), (8, 12, "58.6")],
    ),
    ("Q-01-1", &[(7, 31, "14.2"), (8, 9, "20.5")]),
    ("Q-01-2", &[(7, 31, "11.3"), (8, 9, "15.9")]),
    ("Q-01-3", &[(7, 31, "5.1"), (8, 9, "7.0")]),
    ("Q-01-4", &[(7, 31, "10.6"), (8, 9, "15.2")]),
    (
        "Q-02",
        &[
            (3, 29, "18.0"),
            (4, 30, "24.2"),
            (5, 31, "41.0"),
            (6, 28, "42.1"),
            (7, 31, "42.9"),
            (8, 9, "43.5"),
        ],
    ),
    ("M-071", &[(3, 29, "60"), (4, 30, "66"), (5, 31, "72"), (6, 28, "77"), (7, 26, "82")]),
    ("M-088", &[(3, 29, "2"), (4, 30, "4"), (5, 31, "5"), (6, 26, "6"), (7, 26, "7")]),
    ("M-095", &[(2, 28, "1"), (4, 26, "2"), (6, 26, "3"), (7, 26, "4")]),
    ("M-096", &[(4, 26, "1"), (6, 26, "2")]),
    ("M-099", &[(4, 30, "6"), (7, 31, "6")]),
];

/// Requests: which item of its list that is on track (by place), when asked, when answered and how. The city's word has
/// a document number, here a made-up one. Simulated.
const REQUESTS: [Request; 4] = [
    ("district", 3, (6, 11), Some((6, 18, true))),
    ("city", 20, (5, 14), Some((5, 22, true))),
    ("city", 61, (7, 3), Some((7, 10, false))),
    ("city", 90, (8, 7), None),
];

/// Lays everything out for its day.
pub(crate) fn lay_out(world: &mut World) -> Outcome<()> {
    let year = world.book.head.year;
    for (code, figures) in FIGURES {
        for (month, day, value) in figures {
            let value =
                Decimal::parse(value).ok_or_else(|| Fault::broken(format!("figure {value} of {code}")))?;
            lay(
                world,
                Day::new(year, *month, *day),
                Entry::Figure { code: Slug::parse("code", code)?, value },
            );
        }
    }
    let book = world.book.clone();
    for (list, place, asked, answer) in REQUESTS {
        let own = |i: &&Item| i.list.as_str() == list && i.measure.is_none() && i.due > horizon(year);
        let Some(item) = book.plan.items.values().filter(own).nth(place) else { continue };
        let text = format!("{}（第三方评估结论作为完成依据）", item.criterion.zh);
        let wish = Wish::Criterion(Body::parse("wish", &text)?);
        let reason = Remark::parse("reason", "上级考核口径调整，需要同步完成标准（模拟）")?;
        lay(world, Day::new(year, asked.0, asked.1), Entry::Ask { code: item.code.clone(), wish, reason });
        let Some((month, day, approve)) = answer else { continue };
        let document =
            if approve && list == "city" { "昆督示例〔2019〕1号".to_owned() } else { String::new() };
        let why =
            if approve { String::new() } else { "完成标准已经市级明确，不作调整".to_owned() };
        let ruling = Ruling { approve, document, why };
        lay(world, Day::new(year, month, day), Entry::Answer { code: item.code.clone(), ruling });
    }
    Ok(())
}

fn lay(world: &mut World, day: Option<Day>, entry: Entry) {
    let now = world.app.now();
    if let Some(day) = day.filter(|day| moment(*day, 0) >= now) {
        world.figures.entry(key(day, 0)).or_default().push(entry);
    }
}

impl World {
    /// Hands in what is due by this moment.
    pub(crate) async fn report(&mut self, until: i64) -> Outcome<()> {
        let mut due = Vec::new();
        while let Some(entry) = self.figures.first_entry().filter(|e| *e.key() <= until) {
            due.extend(entry.remove());
        }
        for entry in due {
            let what = format!("{entry:?}");
            match self.hand_in(entry).await {
                Ok(()) => self.deeds += 1,
                Err(no) => self.refusal(&no, &what)?,
            }
        }
        Ok(())
    }

    async fn hand_in(&mut self, entry: Entry) -> Outcome<()> {
        let app = self.app.clone();
        match entry {
            Entry::Figure { code, value } => {
                let Some(post) = self.of_line(&code, &["handler"]) else { return Ok(()) };
                let who = self.cast.who(&post)?;
                let given = plan::act::Entry { value, day: None, note: None, grade: None };
                app.write(&who, move |op| plan::act::report(op, code.as_str(), &given)).await.map(|_| ())
            }
            Entry::Ask { code, wish, reason } => {
                let Some(post) = self.of_line(&code, &["unit_chief"]) else { return Ok(()) };
                let who = self.cast.who(&post)?;
                app.write(&who, move |op| plan::act::propose(op, code.as_str(), &wish, &reason))
                    .await
                    .map(|_| ())
            }
            Entry::Answer { code, ruling } => {
                let city = self.book.item(code.as_str()).is_some_and(|i| i.list.as_str() == "city");
                let post = match city {
                    true => self.outside("supervision_director", None),
                    false => Some(PostCode::parse("post", "ld.mayor")?),
                };
                let Some(post) = post else { return Ok(()) };
                let who = self.cast.who(&post)?;
                let no = format!("{code}-C1");
                app.write(&who, move |op| plan::act::decide(op, &no, &ruling)).await.map(|_| ())
            }
        }
    }

    /// A post of the unit that leads a line.
    fn of_line(&self, code: &Slug, roles: &[&str]) -> Option<PostCode> {
        let lead = match self.book.item(code.as_str()) {
            Some(item) => item.lead.clone(),
            None => {
                let parts = self.book.plan.items.values().flat_map(|i| &i.parts);
                parts.filter(|p| p.code == *code).map(|p| p.lead.clone()).next()?
            }
        };
        self.post(&lead, roles)
    }
}
