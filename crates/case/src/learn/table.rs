//! CSV of unknown origin: encoding, quotation marks, headers in any order, and the line of every fault.
//!
//! UTF-8 with or without a mark, UTF-16 with a mark, and GB18030 (which holds GBK) are told apart by their bytes. A fault refuses
//! the whole table: half a table would teach or judge something else than what was given.

use super::{LearnRefusal, Sample};
use encoding_rs::{Encoding, GB18030, UTF_8};
use kernel::time::{Day, Instant};

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Line>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Line of the file on which it begins; the header is on line 1.
    pub line: usize,
    /// Cells, as many as the header has.
    pub cells: Vec<String>,
}

impl Line {
    /// A cell without blanks around it.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |cell| cell.trim())
    }
}

impl Table {
    /// Reads a table. A header with tabulators and without commas means tabulators.
    pub fn parse(bytes: &[u8]) -> Result<Table, LearnRefusal> {
        let text = decode(bytes)?;
        let first = text.lines().next().unwrap_or_default();
        let comma = if first.contains('\t') && !first.contains(',') { '\t' } else { ',' };
        let mut lines = split(&text, comma)?.into_iter();
        let head = lines.next().ok_or(LearnRefusal::EmptyTable)?;
        let header: Vec<String> = head.cells.iter().map(|name| name.trim().to_lowercase()).collect();
        let mut sorted: Vec<&String> = header.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        if let Some([name, _]) = sorted.array_windows().find(|[a, b]| a == b) {
            return Err(LearnRefusal::TwiceColumn { name: (*name).clone() });
        }
        let rows: Vec<Line> = lines.collect();
        if rows.is_empty() {
            return Err(LearnRefusal::EmptyTable);
        }
        let wanted = header.len();
        match rows.iter().find(|row| row.cells.len() != wanted) {
            Some(row) => Err(LearnRefusal::Ragged { line: row.line, wanted, found: row.cells.len() }),
            None => Ok(Table { header, rows }),
        }
    }
    /// Position of a column under the first of these names that the header has.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.iter().position(|have| have == name))
    }
    /// Like [`Table::find`], refused with both lists when absent.
    pub fn need(&self, names: &[&str]) -> Result<usize, LearnRefusal> {
        self.find(names).ok_or_else(|| LearnRefusal::NoColumn {
            wanted: names.first().copied().unwrap_or_default().to_owned(),
            found: self.header.join(","),
        })
    }
    /// The rows.
    pub fn rows(&self) -> &[Line] {
        &self.rows
    }
}

const TEXT: &[&str] = &["text", "文本", "内容", "诉求内容", "留言详情", "content"];
const TITLE: &[&str] = &["title", "标题", "主题", "留言主题"];
const LABEL: &[&str] = &["label", "类别", "分类", "一级标签", "category"];
const WHEN: &[&str] = &["when", "time", "日期", "时间", "留言时间"];

/// Reads samples: columns `text` and `label`, optionally `title` and `when`, under these or the usual Chinese names.
pub fn samples(bytes: &[u8]) -> Result<Vec<Sample>, LearnRefusal> {
    let table = Table::parse(bytes)?;
    let title = table.find(TITLE);
    let text = match (table.find(TEXT), title) {
        (None, Some(title)) => title,
        (found, _) => found.map_or_else(|| table.need(TEXT), Ok)?,
    };
    let title = title.filter(|title| *title != text);
    let label = table.need(LABEL)?;
    let when = table.find(WHEN);
    let row = |row: &Line| {
        let empty = |name: &str| LearnRefusal::EmptyCell { line: row.line, name: name.to_owned() };
        let title = title.map_or("", |at| row.cell(at));
        let body = row.cell(text);
        if title.is_empty() && body.is_empty() {
            return Err(empty("text"));
        }
        if row.cell(label).is_empty() {
            return Err(empty("label"));
        }
        let words = if title.is_empty() { body.to_owned() } else { format!("{title}\n{body}") };
        let when = when.map(|at| row.cell(at)).filter(|given| !given.is_empty());
        let when = when.map(|given| moment(given).map(Instant::day).ok_or_else(|| bad_time(row.line, given)));
        Ok(Sample { text: words, label: row.cell(label).to_owned(), when: when.transpose()? })
    };
    table.rows().iter().map(row).collect()
}

/// The refusal of a time.
pub fn bad_time(line: usize, given: &str) -> LearnRefusal {
    LearnRefusal::BadTime { line, given: given.to_owned() }
}

/// Reads a time as hotline tables write it: `2019-08-12 09:58:30`, `2019/8/12 9:58`, `2019年8月12日`, or RFC 3339. Without
/// an offset it is the district's time, without a time of day its midnight.
pub fn moment(given: &str) -> Option<Instant> {
    let given = given.trim();
    if let Ok(exact) = Instant::parse("time", given) {
        return Some(exact);
    }
    let mut numbers: Vec<i64> = Vec::new();
    for part in given.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()) {
        numbers.push(part.parse().ok()?);
    }
    let plain = |c: char| c.is_ascii_digit() || c.is_whitespace() || "-/.:年月日时分秒T".contains(c);
    if !given.chars().all(plain) || !matches!(numbers.len(), 3 | 5 | 6 | 7) {
        return None;
    }
    let at = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let small = |i: usize, bound: i64| Some(at(i)).filter(|n| *n < bound).and_then(|n| u8::try_from(n).ok());
    let day = Day::new(i16::try_from(at(0)).ok()?, i8::try_from(at(1)).ok()?, i8::try_from(at(2)).ok()?)?;
    let year_first = at(0) >= 1900;
    let second = small(5, 61)?;
    year_first.then_some(day.at(small(3, 24)?, small(4, 60)?).plus_seconds(i64::from(second)))
}

/// Bytes to text.
fn decode(bytes: &[u8]) -> Result<String, LearnRefusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        return text.map(Into::into).ok_or_else(|| LearnRefusal::Encoding { line: bad_line(rest) });
    }
    let fault = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(fault) => fault,
    };
    // Text in GB18030 hardly ever looks like UTF-8 for long; a UTF-8 file with one damaged byte does.
    let (good, _) = bytes.split_at_checked(fault.valid_up_to()).unwrap_or_default();
    let wide = UTF_8.decode(good).0.chars().filter(|c| !c.is_ascii()).count();
    let gb = if wide < 4 { GB18030.decode_without_bom_handling_and_without_replacement(bytes) } else { None };
    gb.map(Into::into).ok_or_else(|| LearnRefusal::Encoding { line: bad_line(bytes) })
}

/// Line of the first byte that is no UTF-8.
fn bad_line(bytes: &[u8]) -> usize {
    let good = std::str::from_utf8(bytes).map_or_else(|fault| fault.valid_up_to(), str::len);
    1 + bytes.iter().take(good).filter(|byte| **byte == b'\n').count()
}

/// Splits into rows and cells after RFC 4180; blank lines are left out, line breaks inside quotation marks are kept.
fn split(text: &str, comma: char) -> Result<Vec<Line>, LearnRefusal> {
    let mut rows = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut cell = String::new();
    let (mut line, mut began, mut opened) = (1_usize, 1_usize, 0_usize);
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => quoted = false,
            _ if quoted => cell.push(c),
            '"' if cell.trim().is_empty() && !was_quoted => {
                cell.clear();
                (quoted, was_quoted, opened) = (true, true, line);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                cells.push(std::mem::take(&mut cell));
                close(&mut rows, &mut cells, began, was_quoted);
                (began, was_quoted) = (line, false);
            }
            _ if c == comma => {
                cells.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            _ => cell.push(c),
        }
    }
    if quoted {
        return Err(LearnRefusal::OpenQuote { line: opened });
    }
    cells.push(cell);
    close(&mut rows, &mut cells, began, was_quoted);
    Ok(rows)
}

fn close(rows: &mut Vec<Line>, cells: &mut Vec<String>, line: usize, quoted: bool) {
    let cells = std::mem::take(cells);
    let blank = !quoted && cells.iter().all(|cell| cell.trim().is_empty()) && cells.len() <= 1;
    if !blank {
        rows.push(Line { line, cells });
    }
}
