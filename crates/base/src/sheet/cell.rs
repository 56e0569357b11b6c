//! What a cell holds, its address, and days and numbers in the ways that people write them.

use kernel::money::Decimal;
use kernel::{Day, Instant};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing, or blanks.
    #[default]
    Empty,
    /// Text, with blanks at both ends removed.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that the file shows as a date: days since its epoch, the time of day behind the point.
    Serial(f64),
    /// True or false.
    Flag(bool),
    /// An error of the program that made the file, such as `#REF!`.
    Error(String),
}

/// Largest whole number that Excel keeps exactly: it has 15 digits.
pub(super) const EXACT: f64 = 1e15;

impl Cell {
    /// Text of what the cell holds, as it would be typed.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Error(text) => text.clone(),
            Cell::Number(x) | Cell::Serial(x) => number_text(*x),
            Cell::Flag(true) => "是".to_owned(),
            Cell::Flag(false) => "否".to_owned(),
        }
    }
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
    pub(super) fn of_text(text: &str) -> Cell {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

/// A number in at most 15 digits, which is what the program that wrote it showed.
fn number_text(x: f64) -> String {
    let rounded = format!("{x:.14e}").parse::<f64>().unwrap_or(x);
    format!("{rounded}")
}

/// `A1` of a column and a row from 0.
pub fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    let name: String = letters.iter().rev().collect();
    format!("{name}{}", u64::from(row) + 1)
}

/// Full-width digits and signs as half-width ones, without the blanks, grouping commas and currency signs.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            0x2212 => '-',
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '¥' | '￥'))
        .collect()
}

/// A whole number.
pub(super) fn integer(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Number(x) if x.fract() == 0.0 && x.abs() < EXACT => number_text(*x).parse().ok(),
        Cell::Text(text) => {
            let text = plain(text);
            let text = text.strip_prefix('+').unwrap_or(&text);
            text.strip_suffix(".00").or_else(|| text.strip_suffix(".0")).unwrap_or(text).parse().ok()
        }
        _ => None,
    }
}

/// A decimal with at most four places, as scores and amounts are; `12.5%` is 0.125.
pub(super) fn decimal(cell: &Cell) -> Option<Decimal> {
    let text = match cell {
        Cell::Number(x) if x.abs() < EXACT => number_text(*x),
        Cell::Text(text) => plain(text),
        _ => return None,
    };
    match text.strip_suffix('%') {
        None => Decimal::parse(text.strip_prefix('+').unwrap_or(&text)),
        Some(percent) => {
            let raw = Decimal::parse(percent)?.raw();
            (raw % 100 == 0).then(|| Decimal::from_raw(raw / 100))
        }
    }
}

/// Days between which a bare number in a column of dates is taken for a date: 1927 to 2119.
const SERIALS: std::ops::Range<f64> = 10_000.0..80_000.0;

/// A moment: from a serial number of either epoch, or from text.
pub(super) fn moment(cell: &Cell, epoch_1904: bool) -> Option<Instant> {
    match cell {
        Cell::Serial(x) => serial(*x, epoch_1904),
        Cell::Number(x) if SERIALS.contains(x) => serial(*x, epoch_1904),
        // 20190812 typed as a number.
        Cell::Number(x) if x.fract() == 0.0 && (1e7..1e8).contains(x) => written(&number_text(*x)),
        Cell::Text(text) => written(text),
        _ => None,
    }
}

/// Excel holds 1900 for a leap year, so its day 60 never was, and days before it are off by one.
fn serial(x: f64, epoch_1904: bool) -> Option<Instant> {
    if !(0.0..2_958_466.0).contains(&x) {
        return None;
    }
    let days: i32 = format!("{:.0}", x.floor()).parse().ok()?;
    let base = if epoch_1904 {
        Day::new(1904, 1, 1)?
    } else if days < 60 {
        Day::new(1899, 12, 31)?
    } else if days == 60 {
        return None;
    } else {
        Day::new(1899, 12, 30)?
    };
    let seconds: i64 = format!("{:.0}", (x.fract() * 86_400.0).round()).parse().ok()?;
    Some(base.plus(days).start().plus_seconds(seconds))
}

/// `2019-8-12`, `2019/8/12`, `2019.8.12`, `2019年8月12日`, `20190812`, each with or without a time.
fn written(text: &str) -> Option<Instant> {
    let text: String = text
        .chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    let text = text.trim();
    // The time begins after the day: at a blank, a T, or right after 日.
    let (day, time) = match text.split_once(['日', '号']) {
        Some((day, time)) => (day, time),
        None => text.split_once([' ', 'T', '\u{3000}']).unwrap_or((text, "")),
    };
    let day = day_of(day.trim())?;
    let time = time.trim().trim_end_matches(['Z', 'z']);
    if time.is_empty() {
        return Some(day.start());
    }
    let time = time.replace(['时', '点', '分'], ":").replace('秒', "");
    let mut parts = time.trim_end_matches(':').splitn(3, ':');
    let hour = bounded(parts.next()?, 24)?;
    let minute = parts.next().map_or(Some(0), |m| bounded(m, 60))?;
    let second = parts.next().map_or(Some(0), |s| bounded(s.split('.').next()?, 60))?;
    Some(day.start().plus_seconds(hour * 3600 + minute * 60 + second))
}

fn bounded(text: &str, below: i64) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && *n < below)
}

fn day_of(text: &str) -> Option<Day> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = if digits && text.len() == 8 {
        (text.get(..4)?, text.get(4..6)?, text.get(6..)?)
    } else {
        let mut parts = text.splitn(3, ['-', '/', '.', '年', '月']);
        (parts.next()?, parts.next()?, parts.next()?)
    };
    let whole = |part: &str, most: usize| {
        let part = part.trim();
        (!part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.to_owned())
    };
    let year = whole(year, 4).filter(|y| y.len() == 4)?;
    let day = Day::new(year.parse().ok()?, whole(month, 2)?.parse().ok()?, whole(day, 2)?.parse().ok()?)?;
    (1900..=2200).contains(&day.year()).then_some(day)
}
