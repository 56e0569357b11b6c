//! Sheets out: what a list shows, as XLSX or CSV.
//!
//! Text is text in both: what begins with `=`, `+`, `-` or `@` never becomes a formula on the desk of whoever opens it. XLSX
//! says so by the type of the cell and the quote mark of its format; CSV has no types, so such text gets an apostrophe.

use crate::fault::{Fault, Outcome};
use kernel::money::Decimal;
use kernel::{Day, Instant};
use rust_xlsxwriter::{Color, Format as Style, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;

/// Rows that one sheet can hold, title and headers included.
const ROWS: u32 = 1_048_576;
/// Characters that one cell can hold.
const CELL: usize = 32_767;
/// Widest and narrowest column, in characters of the standard font.
const WIDTH: (usize, usize) = (6, 60);

/// How a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text.
    Text,
    /// Whole numbers with grouping.
    Integer,
    /// Numbers with so many decimals, at most four.
    Decimal(u8),
    /// A share: 0.125 is shown as 12.5 %.
    Percent,
    /// `2019-08-12`.
    Day,
    /// `2019-08-12 09:30`.
    Moment,
}

/// A value on its way out.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'v> {
    /// Nothing.
    Empty,
    /// Text.
    Text(Cow<'v, str>),
    /// A whole number.
    Integer(i64),
    /// A decimal.
    Decimal(Decimal),
    /// A day.
    Day(Day),
    /// A moment, in the district's time.
    Moment(Instant),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}
impl From<i64> for Value<'_> {
    fn from(n: i64) -> Self {
        Value::Integer(n)
    }
}
impl From<Decimal> for Value<'_> {
    fn from(d: Decimal) -> Self {
        Value::Decimal(d)
    }
}
impl From<Day> for Value<'_> {
    fn from(day: Day) -> Self {
        Value::Day(day)
    }
}
impl From<Instant> for Value<'_> {
    fn from(at: Instant) -> Self {
        Value::Moment(at)
    }
}
impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Empty, Into::into)
    }
}

/// What a sheet is called and which columns it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Out<'o> {
    /// Name of the sheet: characters that Excel refuses are left out.
    pub sheet: &'o str,
    /// Title above the headers, and what it counts, such as the day and the scope of the list; none for a bare table.
    pub title: Option<&'o str>,
    /// Headers with the way their column is shown.
    pub columns: Vec<(&'o str, Format)>,
}

fn broken(e: &XlsxError) -> Fault {
    Fault::broken(format!("xlsx: {e}"))
}

/// Columns as wide as their content: a Chinese character counts twice.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}

/// Makes an XLSX of the rows as they come; memory does not grow with their number, only the bytes that are returned do.
pub fn to_xlsx<'v>(out: &Out<'_>, rows: impl Iterator<Item = Outcome<Vec<Value<'v>>>>) -> Outcome<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().map_err(|e| broken(&e))?;
    let mut widths: Vec<usize> = out.columns.iter().map(|(name, _)| width(name) + 2).collect();
    fill(sheet, out, rows, &mut widths).map_err(|e| match e {
        Stop::Fault(fault) => fault,
        Stop::Xlsx(e) => broken(&e),
    })?;
    book.save_to_buffer().map_err(|e| broken(&e))
}

/// Why the writing stopped.
enum Stop {
    Fault(Fault),
    Xlsx(XlsxError),
}
impl From<XlsxError> for Stop {
    fn from(e: XlsxError) -> Self {
        Stop::Xlsx(e)
    }
}

fn fill<'v>(
    sheet: &mut Worksheet,
    out: &Out<'_>,
    rows: impl Iterator<Item = Outcome<Vec<Value<'v>>>>,
    widths: &mut [usize],
) -> Result<(), Stop> {
    sheet.set_name(sheet_name(out.sheet))?;
    let mut row = 0;
    if let Some(title) = out.title {
        sheet.write_string_with_format(0, 0, clipped(title), &Style::new().set_bold().set_font_size(14))?;
        row += 1;
    }
    let head = Style::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00EE_F2F7))
        .set_border_bottom(FormatBorder::Thin);
    for (column, (name, _)) in (0_u16..).zip(&out.columns) {
        sheet.write_string_with_format(row, column, clipped(name), &head)?;
    }
    row += 1;
    sheet.set_freeze_panes(row, 0)?;
    let styles: Vec<Style> = out.columns.iter().map(|(_, format)| style(*format)).collect();
    let quoted = Style::new().set_quote_prefix();
    for values in rows {
        let values = values.map_err(Stop::Fault)?;
        if row >= ROWS {
            let text = format!("a sheet holds {ROWS} rows; narrow the list");
            return Err(Stop::Fault(Fault::broken(text)));
        }
        for ((column, value), style) in (0_u16..).zip(&values).zip(&styles) {
            let wide = put(sheet, row, column, value, style, &quoted)?;
            if let Some(widest) = widths.get_mut(usize::from(column)) {
                *widest = (*widest).max(wide);
            }
        }
        row += 1;
    }
    for (column, wide) in (0_u16..).zip(widths.iter()) {
        let wide = u16::try_from((*wide).clamp(WIDTH.0, WIDTH.1)).unwrap_or(60);
        sheet.set_column_width(column, f64::from(wide) + 1.0)?;
    }
    Ok(())
}

fn style(format: Format) -> Style {
    let shown = match format {
        Format::Text => "@",
        Format::Integer => "#,##0",
        Format::Decimal(0) => "0",
        Format::Decimal(1) => "#,##0.0",
        Format::Decimal(2) => "#,##0.00",
        Format::Decimal(3) => "#,##0.000",
        Format::Decimal(_) => "#,##0.0000",
        Format::Percent => "0.0%",
        Format::Day => "yyyy-mm-dd",
        Format::Moment => "yyyy-mm-dd hh:mm",
    };
    Style::new().set_num_format(shown)
}

/// Writes one cell and returns how wide it is.
fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    style: &Style,
    quoted: &Style,
) -> Result<usize, XlsxError> {
    match value {
        Value::Empty => Ok(0),
        Value::Text(text) => {
            let text = clipped(text);
            if text.is_empty() {
                return Ok(0);
            }
            let style = if tempting(&text) { quoted } else { style };
            let longest = text.lines().map(width).max().unwrap_or(0);
            sheet.write_string_with_format(row, column, text.as_ref(), style)?;
            Ok(longest)
        }
        Value::Integer(n) => number(sheet, row, column, &n.to_string(), style),
        Value::Decimal(d) => number(sheet, row, column, &d.text(4).replace('\u{2212}', "-"), style),
        Value::Day(day) => number(sheet, row, column, &serial(day.start()), style).map(|_| 10),
        Value::Moment(at) => number(sheet, row, column, &serial(*at), style).map(|_| 16),
    }
}

/// A number in digits; those that Excel cannot hold exactly stay text.
fn number(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    digits: &str,
    style: &Style,
) -> Result<usize, XlsxError> {
    match digits.parse::<f64>() {
        Ok(x) if x.abs() < super::cell::EXACT => sheet.write_number_with_format(row, column, x, style)?,
        _ => sheet.write_string(row, column, digits)?,
    };
    Ok(digits.len() + digits.len() / 3)
}

/// Days since the last of 1899, the time of day behind the point: right for every day since March 1900.
fn serial(at: Instant) -> String {
    let base = Day::new(1899, 12, 30).map_or(0, Day::number);
    let days = i64::from(at.day().number() - base);
    // A hundred-thousandth of a day is less than a second, a billionth less than a thousandth of one.
    let part = at.second_of_day() * 1_000_000_000 / 86_400;
    format!("{days}.{part:09}")
}

/// Text at which a spreadsheet would reckon.
fn tempting(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

fn clipped(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL || text.chars().count() <= CELL {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(CELL - 1).chain(['…']).collect())
}

fn sheet_name(name: &str) -> String {
    let clean: String =
        name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).collect();
    let clean: String = clean.trim_matches('\'').chars().take(31).collect();
    if clean.is_empty() { "1".to_owned() } else { clean }
}

/// The same rows as CSV: UTF-8 with a byte order mark, by which Excel knows the encoding; lines end with CR LF.
pub fn to_csv<'v>(out: &Out<'_>, rows: impl Iterator<Item = Outcome<Vec<Value<'v>>>>) -> Outcome<Vec<u8>> {
    let mut text = String::from("\u{feff}");
    let heads = out.columns.iter().map(|(name, _)| quote(name));
    line(&mut text, heads);
    for values in rows {
        let values = values?;
        line(&mut text, values.iter().map(plain));
    }
    Ok(text.into_bytes())
}

fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            text.push(',');
        }
        text.push_str(&field);
    }
    text.push_str("\r\n");
}

fn plain(value: &Value<'_>) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => quote(text),
        Value::Integer(n) => n.to_string(),
        Value::Decimal(d) => d.text(4).replace('\u{2212}', "-"),
        Value::Day(day) => day.to_string(),
        Value::Moment(at) => at.minute_text(),
    }
}

fn quote(text: &str) -> String {
    // A signed number of one's own making is no danger and stays a number.
    let signed = text.starts_with(['+', '-']) && text.parse::<f64>().is_ok_and(f64::is_finite);
    let guard = if tempting(text) && !signed { "'" } else { "" };
    if guard.is_empty() && !text.contains(['"', ',', ';', '\t', '\r', '\n']) && text.trim() == text {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
