//! Addresses as people write them.
//!
//! Only what decides whether two places differ is read: names that end in a known word (路, 小区, 公园…), the number at the road, the
//! building, the unit. Names are compared by their ends, because people write the district before them or leave it out.

use std::collections::BTreeSet;

/// Ends of names of roads.
const ROADS: &[&str] = &["大道", "大街", "公路", "路", "街", "巷"];
/// Ends of names of things that have a site.
const SITES: &[&str] = &[
    "小区",
    "花园",
    "家园",
    "公寓",
    "名苑",
    "苑",
    "府",
    "广场",
    "市场",
    "幼儿园",
    "小学",
    "中学",
    "学校",
    "医院",
    "公园",
    "工地",
    "大厦",
    "新村",
    "村",
    "社区",
    "车站",
    "地铁站",
    "工业园",
    "工厂",
    "水库",
    "河",
    "桥",
    "城",
];
/// Ends of names of areas: what stands before belongs to no smaller name.
const AREAS: &[&str] = &["街道", "省", "市", "区", "县", "镇", "乡"];

/// Characters of a name that is found in a text.
const TEXT_NAME: usize = 4;
/// What shows that a found name names nothing.
const VAGUE: &[&str] =
    &["我", "你", "他", "这", "那", "附近", "旁边", "门口", "楼下", "一条", "整条", "马路", "的"];

/// What is known of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    plain: String,
    roads: BTreeSet<String>,
    sites: BTreeSet<String>,
    door: Option<u32>,
    building: Option<u32>,
    unit: Option<u32>,
}

/// How two places stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// They differ in something that both name.
    Apart,
    /// Nothing to compare.
    Unknown,
    /// They share a name; one of the two says more than the other.
    Near,
    /// They agree in everything that both name.
    Same,
}

impl Place {
    /// Reads an address.
    ///
    /// ```
    /// use case::same::{Place, Relation};
    /// let a = Place::parse("昆明市官渡区春江花园三栋");
    /// assert_eq!(a.relation(&Place::parse("春江花园小区3幢")), Relation::Same);
    /// assert_eq!(a.relation(&Place::parse("春江花园5栋")), Relation::Apart);
    /// ```
    pub fn parse(text: &str) -> Place {
        let chars = fold(text);
        let mut place =
            Place { plain: chars.iter().filter(|c| c.is_alphanumeric()).collect(), ..Place::default() };
        let mut name = String::new();
        let mut rest = chars.as_slice();
        while let Some((c, tail)) = rest.split_first() {
            if c.is_ascii_digit() {
                let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
                rest = rest.get(digits.len()..).unwrap_or_default();
                place.number(digits.parse().ok(), rest);
                name.clear();
                continue;
            }
            rest = tail;
            if !c.is_alphanumeric() {
                name.clear();
                continue;
            }
            name.push(*c);
            // 春江花园小区 is one name: a longer end may still follow.
            let next: String = rest.iter().take(2).collect();
            place.end_of(&mut name, &next);
        }
        place
    }

    fn number(&mut self, number: Option<u32>, after: &[char]) {
        let starts = |word: &str| word.chars().eq(after.iter().take(word.chars().count()).copied());
        if ["栋", "幢", "号楼", "座"].iter().any(|w| starts(w)) {
            self.building = self.building.or(number);
        } else if starts("单元") {
            self.unit = self.unit.or(number);
        } else if starts("号") {
            self.door = self.door.or(number);
        }
    }

    fn end_of(&mut self, name: &mut String, next: &str) {
        let ends = |list: &[&str]| {
            list.iter().any(|end| name.ends_with(end) && name.chars().count() > end.chars().count())
        };
        let goes_on = |list: &[&str]| {
            list.iter().any(|end| {
                let joined = format!("{name}{next}");
                let follows = end.chars().count() > 1 || next.starts_with(end);
                follows && joined.contains(end) && !name.contains(end)
            })
        };
        if ends(AREAS) && !name.ends_with("小区") && !name.ends_with("社区") && !goes_on(ROADS) {
            name.clear();
        } else if ends(ROADS) && !goes_on(AREAS) && !goes_on(SITES) {
            self.roads.insert(std::mem::take(name));
        } else if ends(SITES) && !goes_on(SITES) {
            let whole = std::mem::take(name);
            let core = whole.strip_suffix("小区").filter(|core| core.chars().count() >= 2);
            self.sites.insert(core.unwrap_or(&whole).to_owned());
        }
    }

    /// Whether it names anything.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }
    /// The address inside a text, which begins anywhere: names are cut to their last characters, and 我们小区 is no name.
    pub(super) fn from_text(text: &str) -> Place {
        let found = Place::parse(text);
        let name = |name: &String| {
            let skip = name.chars().count().checked_sub(TEXT_NAME)?;
            let tail: String = name.chars().skip(skip).collect();
            (!VAGUE.iter().any(|word| tail.contains(word))).then_some(tail)
        };
        let roads: BTreeSet<String> = found.roads.iter().filter_map(name).collect();
        let sites: BTreeSet<String> = found.sites.iter().filter_map(name).collect();
        if roads.is_empty() && sites.is_empty() {
            return Place::default();
        }
        let plain = roads.iter().chain(&sites).map(String::as_str).collect();
        Place { plain, roads, sites, ..found }
    }
    /// Names with the characters before the end cut to what an address has in common with the same address in other words.
    pub(super) fn keys(&self) -> impl Iterator<Item = String> {
        let tail = |name: &String| {
            let skip = name.chars().count().saturating_sub(4);
            name.chars().skip(skip).collect::<String>()
        };
        self.roads.iter().chain(&self.sites).map(tail)
    }
    /// The address without marks and blanks.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// Compares two places.
    pub fn relation(&self, other: &Place) -> Relation {
        if self.is_empty() || other.is_empty() {
            return Relation::Unknown;
        }
        let differ = |a: Option<u32>, b: Option<u32>| matches!((a, b), (Some(a), Some(b)) if a != b);
        let roads = meet(&self.roads, &other.roads);
        let sites = meet(&self.sites, &other.sites);
        if differ(self.building, other.building)
            || differ(self.unit, other.unit)
            || (differ(self.door, other.door) && sites != Some(true))
        {
            return Relation::Apart;
        }
        let as_exact = self.building == other.building && self.unit == other.unit;
        let at_door = as_exact && self.door.is_some() && self.door == other.door;
        match (roads, sites) {
            _ if self.plain == other.plain => Relation::Same,
            (None | Some(true), Some(true)) if as_exact => Relation::Same,
            (Some(true), None) if at_door => Relation::Same,
            (_, Some(true)) | (Some(true), None) => Relation::Near,
            (Some(_), _) | (_, Some(false)) => Relation::Apart,
            (None, None) if contains(&self.plain, &other.plain) => Relation::Near,
            // Two ways of naming one spot may share nothing, but a wrong merge is worse than a missed one.
            (None, None) if strangers(&self.plain, &other.plain) => Relation::Apart,
            (None, None) => Relation::Unknown,
        }
    }
}

/// Whether two sets of names have one in common; `None` when one of them is empty.
fn meet(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<bool> {
    let one = |x: &String| b.iter().any(|y| x.ends_with(y.as_str()) || y.ends_with(x.as_str()));
    (!a.is_empty() && !b.is_empty()).then(|| a.iter().any(one))
}

fn contains(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.chars().count() >= 3 && long.contains(short)
}

/// Whether two addresses have no two neighbouring characters in common.
fn strangers(a: &str, b: &str) -> bool {
    let chars: Vec<char> = a.chars().collect();
    !chars.array_windows().any(|[x, y]| b.contains(&format!("{x}{y}")))
}

/// Full width to half, Latin to lower case, Chinese numerals before a counter word to digits.
fn fold(text: &str) -> Vec<char> {
    let half = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c).to_ascii_lowercase(),
        _ => c.to_ascii_lowercase(),
    };
    let chars: Vec<char> = text.chars().map(half).collect();
    let mut out = Vec::with_capacity(chars.len());
    let mut rest = chars.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        let run = rest.iter().take_while(|c| numeral(**c).is_some()).count();
        let (numerals, after) = rest.split_at(run);
        if run > 0 && after.first().is_some_and(|c| "号栋幢座单".contains(*c)) {
            out.extend(value(numerals).to_string().chars());
            rest = after;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

fn numeral(c: char) -> Option<u32> {
    "〇一二三四五六七八九十".chars().position(|n| n == c).and_then(|n| u32::try_from(n).ok())
}

/// 三 → 3, 十二 → 12, 二十三 → 23, 一二 → 12.
fn value(numerals: &[char]) -> u32 {
    let mut sum = 0_u32;
    let mut last = 0_u32;
    for n in numerals.iter().filter_map(|c| numeral(*c)) {
        if n == 10 {
            sum = sum.saturating_add(last.max(1).saturating_mul(10));
            last = 0;
        } else {
            last = last.saturating_mul(10).saturating_add(n);
        }
    }
    sum.saturating_add(last)
}
