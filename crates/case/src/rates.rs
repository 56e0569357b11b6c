//! The three rates (响应率, 解决率, 满意率) and their composite, from counters that are kept in the write (D§4.27).
//!
//! A mark adds one to a handful of counters, by unit and month, and again by unit, month and category; a board adds
//! counters up and never looks at cases, so it costs the same at any size. Every figure names the filter that lists its
//! cases. The formula, with numerator, denominator and what is left out, is printed with each board.

use crate::model::{By, Filter, Mark};
use crate::rules::counters;
use base::op::Op;
use base::{Outcome, Tx};
use kernel::access::{Action, Resource};
use kernel::cases::Grade;
use kernel::playbook::{CaseRules, Playbook};
use kernel::score::{Composite, Counts, Rank, Rates, Tally, ranks};
use kernel::{DistrictCode, Lang, Slug, UnitCode, Words};
use std::collections::BTreeMap;

/// A figure of a board, as a filter over marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Every scored round.
    All,
    /// In no base at all: staff's own easy orders, copies of a problem that was counted.
    LeftOut,
    /// Excluded by the panel.
    Excluded,
    /// The base of 响应率.
    Base,
    /// Spoken to in time.
    Responded,
    /// Not spoken to in time.
    NotResponded,
    /// Answered within the main limit.
    InTime,
    /// The base of 解决率 and 满意率.
    Valid,
    /// Solved.
    Solved,
    /// Partly solved.
    Partly,
    /// Not solved.
    NotSolved,
    /// The three upper grades.
    Satisfied,
    /// The two lower grades.
    Dissatisfied,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Figure; 13] = [
        Figure::All,
        Figure::LeftOut,
        Figure::Excluded,
        Figure::Base,
        Figure::Responded,
        Figure::NotResponded,
        Figure::InTime,
        Figure::Valid,
        Figure::Solved,
        Figure::Partly,
        Figure::NotSolved,
        Figure::Satisfied,
        Figure::Dissatisfied,
    ];
    /// The stable name in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Figure::All => "all",
            Figure::LeftOut => "left_out",
            Figure::Excluded => "excluded",
            Figure::Base => "base",
            Figure::Responded => "responded",
            Figure::NotResponded => "not_responded",
            Figure::InTime => "in_time",
            Figure::Valid => "valid",
            Figure::Solved => "solved",
            Figure::Partly => "partly",
            Figure::NotSolved => "not_solved",
            Figure::Satisfied => "satisfied",
            Figure::Dissatisfied => "dissatisfied",
        }
    }
    /// Reads the stable name.
    pub fn from_code(code: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| figure.code() == code)
    }
}

/// Scopes of the kept counts: over all categories, and by category.
const TOTAL: &str = "case.sum:";
const PART: &str = "case.cat:";

/// Moves the counters of a mark by `delta`.
pub(crate) fn count(op: &mut Op<'_, '_>, mark: &Mark, delta: i64) -> Outcome<()> {
    let month = i64::from(mark.month);
    let category = mark.category.as_ref().map_or("", Slug::as_str);
    for name in counters(mark) {
        op.tally(&format!("{TOTAL}{name}"), mark.unit.as_str(), month, delta)?;
        op.tally(&format!("{PART}{category}:{name}"), mark.unit.as_str(), month, delta)?;
    }
    Ok(())
}

/// What a board is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// First month: 201908.
    pub from: u32,
    /// Last month.
    pub until: u32,
    /// What its rows are.
    pub by: By,
    /// Only this unit.
    pub unit: Option<UnitCode>,
    /// Only this category and those whose codes begin with its code.
    pub category: Option<Slug>,
    /// Only units of this kind, so that like is compared with like (D§15.10).
    pub kind: Option<kernel::playbook::UnitKind>,
}

/// A row of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// Unit, category or month.
    pub key: String,
    /// Its name.
    pub name: Words,
    /// Figures without the excluded, and the excluded apart.
    pub tally: Tally,
    /// The rates, as they are published.
    pub rates: Rates,
    /// The rates with the excluded in them.
    pub with_excluded: Rates,
    /// Answered within the main limit, of those that had one; in none of the rates.
    pub in_time: (u64, u64),
    /// Every scored round, whatever it counts for.
    pub all: u64,
    /// Left out of every base.
    pub left_out: u64,
    /// Excluded, by class.
    pub classes: BTreeMap<String, u64>,
    /// Place by the lower bound; a range where the difference is inside the noise. None in boards by month.
    pub rank: Option<Rank>,
}

impl RateRow {
    /// The list of cases behind one of its figures. A list is of one month; for several, open each.
    pub fn filter(&self, query: &Query, month: u32, figure: Figure) -> Filter {
        let unit = match query.by {
            By::Unit => UnitCode::parse("unit", &self.key).ok(),
            _ => query.unit.clone(),
        };
        let category = match query.by {
            By::Category => Some(self.key.clone()).filter(|key| !key.is_empty()),
            _ => query.category.as_ref().map(ToString::to_string),
        };
        Filter { unit, category, month: Some(month), figure: Some(figure), ..Filter::default() }
    }
}

/// A board of rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Rows, in the order of rank; by month in order of time.
    pub rows: Vec<RateRow>,
    /// All rows together.
    pub total: RateRow,
    /// Formula of each rate with numerator, denominator and what is left out, in words.
    pub formulas: Vec<Words>,
    /// The months that it covers.
    pub months: Vec<u32>,
}

/// The counters of one row while they are added up.
#[derive(Debug, Clone, Default)]
struct Sum {
    names: BTreeMap<String, u64>,
}

impl Sum {
    fn add(&mut self, name: &str, n: i64) {
        let n = u64::try_from(n).unwrap_or(0);
        let held = self.names.entry(name.to_owned()).or_default();
        *held = held.saturating_add(n);
    }
    fn get(&self, name: &str) -> u64 {
        self.names.get(name).copied().unwrap_or(0)
    }
    fn counts(&self, side: char) -> Counts {
        let get = |name: &str| self.get(&format!("{side}.{name}"));
        let grade = |g: &Grade| (*g, get(&format!("g.{}", g.code())));
        Counts {
            base: get("rb"),
            in_time: get("rn"),
            valid: get("vb"),
            solved: get("sn"),
            partly: get("sp"),
            grades: Grade::ALL.iter().map(grade).filter(|(_, n)| *n > 0).collect(),
        }
    }
    fn row(&self, key: String, name: Words, rules: &CaseRules) -> RateRow {
        let tally = Tally { counted: self.counts('i'), excluded: self.counts('x') };
        let under = |prefix: &'static str| {
            self.names.iter().filter_map(move |(name, n)| Some((name.strip_prefix(prefix)?.to_owned(), *n)))
        };
        let both = |name: &str| self.get(&format!("i.{name}")) + self.get(&format!("x.{name}"));
        RateRow {
            key,
            name,
            rates: tally.rates(rules),
            with_excluded: tally.rates_of_all(rules),
            in_time: (both("tn"), both("tb")),
            all: self.get("all"),
            left_out: under("left.").map(|(_, n)| n).sum(),
            classes: under("class.").filter(|(_, n)| *n > 0).collect(),
            rank: None,
            tally,
        }
    }
}

/// The board of rates.
///
/// # Errors
/// When the post may not read boards, or the district takes no cases.
pub fn board(op: &mut Op<'_, '_>, query: &Query) -> Outcome<Board> {
    op.judge(Action::CaseBoards, &Resource::new())?;
    let book = op.core().book(op.district(), op.today())?;
    let rules = crate::facts::rules_of(&book)?;
    let sums = sums(op.tx, op.district(), query, &book)?;
    let mut total = Sum::default();
    let mut rows = Vec::new();
    for (key, sum) in &sums {
        for (name, n) in &sum.names {
            total.add(name, i64::try_from(*n).unwrap_or(i64::MAX));
        }
        rows.push(sum.row(key.clone(), name_of(&book, query.by, key), rules));
    }
    if query.by != By::Month {
        rank(&mut rows);
    }
    let total = total.row(String::new(), Words::new("合计", "Total"), rules);
    Ok(Board { rows, total, formulas: formulas(rules), months: months(query.from, query.until) })
}

fn sums(
    tx: &mut Tx<'_>,
    district: DistrictCode,
    query: &Query,
    book: &Playbook,
) -> Outcome<BTreeMap<String, Sum>> {
    let parts = query.by == By::Category || query.category.is_some();
    let prefix = if parts { PART } else { TOTAL };
    // The end of the range of names that begin with the prefix; '~' is behind every sign of a code.
    let (low, high) = match &query.category {
        Some(category) => (format!("{PART}{category}"), format!("{PART}{category}~")),
        None => (prefix.to_owned(), format!("{prefix}~")),
    };
    let sql = "select scope, unit, bucket, n from tally where district = $1 and scope >= $2 and scope < $3 \
               and bucket >= $4 and bucket <= $5 and n <> 0";
    let args = [
        district.into(),
        low.into(),
        high.into(),
        i64::from(query.from).into(),
        i64::from(query.until).into(),
    ];
    let mut out: BTreeMap<String, Sum> = BTreeMap::new();
    tx.each(sql, &args, |row| {
        let (scope, unit) = (row.str(0)?, row.str(1)?);
        let Some(rest) = scope.strip_prefix(prefix) else { return Ok(()) };
        let (category, name) = if parts { rest.split_once(':').unwrap_or(("", rest)) } else { ("", rest) };
        if !keeps(query, book, unit) {
            return Ok(());
        }
        let key = match query.by {
            By::Unit => unit.to_owned(),
            By::Category => category.to_owned(),
            By::Month => row.int(2)?.to_string(),
        };
        let n = row.int(3)?;
        out.entry(key).or_default().add(name, n);
        Ok(())
    })?;
    Ok(out)
}

fn keeps(query: &Query, book: &Playbook, unit: &str) -> bool {
    if query.unit.as_ref().is_some_and(|only| only.as_str() != unit) {
        return false;
    }
    query.kind.is_none_or(|kind| {
        UnitCode::parse("unit", unit).ok().and_then(|code| book.unit(&code).map(|u| u.kind)) == Some(kind)
    })
}

fn name_of(book: &Playbook, by: By, key: &str) -> Words {
    let found = match by {
        By::Unit => UnitCode::parse("unit", key).ok().and_then(|c| book.unit(&c).map(|u| u.name.clone())),
        By::Category if key.is_empty() => Some(Words::new("未分类", "not classified")),
        By::Category => book.category(key).map(|category| category.name.clone()),
        By::Month => None,
    };
    found.unwrap_or_else(|| Words::new(key, key))
}

/// Orders rows by the lower bound of the composite and gives tied ranges; rows without a composite stand last, unranked.
fn rank(rows: &mut [RateRow]) {
    let scored: Vec<(String, Composite)> =
        rows.iter().filter_map(|row| Some((row.key.clone(), row.rates.composite?))).collect();
    let ranked = ranks(scored);
    let place: BTreeMap<&str, (usize, Rank)> =
        ranked.iter().enumerate().map(|(i, r)| (r.key.as_str(), (i, r.rank))).collect();
    for row in rows.iter_mut() {
        row.rank = place.get(row.key.as_str()).map(|(_, rank)| *rank);
    }
    rows.sort_by_key(|row| place.get(row.key.as_str()).map_or(usize::MAX, |(i, _)| *i));
}

/// The months from one to another, at most ten years.
pub fn months(from: u32, until: u32) -> Vec<u32> {
    let mut out = Vec::new();
    let mut month = from;
    while month <= until && out.len() < 120 {
        out.push(month);
        month = if month % 100 >= 12 { month - month % 100 + 101 } else { month + 1 };
    }
    out
}

/// Formula of each rate in words.
fn formulas(rules: &CaseRules) -> Vec<Words> {
    let kinds = |lang: Lang| {
        let names: Vec<&str> = rules.counted_kinds.iter().map(|kind| kind.say(lang)).collect();
        names.join(lang.pick("、", ", "))
    };
    let marks = |lang: Lang| {
        let one = |(grade, mark): (&Grade, &kernel::money::Decimal)| format!("{} {mark}", grade.say(lang));
        rules.grades.iter().map(one).collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let w = rules.weights;
    vec![
        Words::new(
            "响应率＝按时联系诉求人的件数÷有联系时限的已计分件数，剔除件、工作人员自报件、同一问题的重复件不计",
            "Response = spoken to in time ÷ scored rounds with a contact limit; excluded, staff-made and copies of one problem left out",
        ),
        Words::new(
            format!(
                "解决率＝（已解决＋部分解决×{}）÷有效回访件数；有效回访限{}，且类别计入考核、联系上诉求人或本人评价",
                rules.partly,
                kinds(Lang::Zh)
            ),
            format!(
                "Solved = (solved + partly × {}) ÷ valid answers; valid: {}, in a category that counts, reached or rated by the petitioner",
                rules.partly,
                kinds(Lang::En)
            ),
        ),
        Words::new(
            format!("满意率＝各档得分之和÷有效回访件数（{}）", marks(Lang::Zh)),
            format!("Satisfied = marks of the grades ÷ valid answers ({})", marks(Lang::En)),
        ),
        Words::new(
            format!("综合＝响应率×{}%＋解决率×{}%＋满意率×{}%", w.response, w.solved, w.satisfied),
            format!(
                "Composite = response × {} % + solved × {} % + satisfied × {} %",
                w.response, w.solved, w.satisfied
            ),
        ),
        Words::new(
            "区间为95%威尔逊区间；区间重叠的单位名次相同，按区间下限排列",
            "Intervals are Wilson's at 95 %; units whose intervals overlap share a place and are ordered by the lower end",
        ),
    ]
}
