//! CSV and TSV: which encoding, which separator, quotes as RFC 4180 has them.
//!
//! Parsed here and not by a library, because rows must carry the numbers that a spreadsheet shows: empty lines count, and a
//! quoted line break does not begin a row.

use super::cell::{Cell, address};
use super::report::SheetRefusal;
use super::{Options, Row, Sheet};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

/// Reads the whole file.
pub(super) fn read(name: &str, bytes: &[u8], options: &Options<'_>) -> Result<Sheet, SheetRefusal> {
    let (text, encoding) = decode(bytes).ok_or_else(|| SheetRefusal::Encoding { file: name.to_owned() })?;
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let (separator, skip) = separator(&text);
    let mut sheet = Sheet { file: name.to_owned(), name: stem.to_owned(), encoding, ..Sheet::default() };
    let mut parser = Parser { sheet: &mut sheet, options, row: 0, column: 0, cells: Vec::new() };
    parser.run(&text, separator)?;
    if skip {
        sheet.rows.retain(|row| row.number != 1);
    }
    Ok(sheet)
}

/// The text and the name of its encoding; none when no encoding fits.
fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return std::str::from_utf8(rest).ok().map(|text| (text.to_owned(), "utf-8"));
    }
    let wide = match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => guess_wide(bytes),
    };
    if let Some(encoding) = wide {
        let (text, _, broken) = encoding.decode(bytes);
        return (!broken).then(|| (text.into_owned(), "utf-16"));
    }
    // A zero byte is in no text of the encodings that are left.
    if bytes.contains(&0) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((text.to_owned(), "utf-8"));
    }
    let (text, broken) = GB18030.decode_without_bom_handling(bytes);
    (!broken && plausible(bytes)).then(|| (text.into_owned(), "gb18030"))
}

/// UTF-16 without a mark: separators and digits leave a zero at every second place.
fn guess_wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if odd > 2 && even == 0 => Some(UTF_16LE),
        () if even > 2 && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// Almost any bytes are something in GB18030. Text that people wrote in it uses the plane of GB 2312 for nine characters
/// in ten and more; Big5 and Latin bytes read as GB18030 do not.
fn plausible(bytes: &[u8]) -> bool {
    let (mut common, mut all, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(lead) = bytes.get(at).copied() {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let trail = bytes.get(at + 1).copied().unwrap_or(0);
        all += 1;
        if (0xA1..=0xF7).contains(&lead) && trail >= 0xA1 {
            common += 1;
        }
        at += if trail.is_ascii_digit() { 4 } else { 2 };
    }
    common * 10 >= all * 8
}

/// The separator of the first line that has one, and whether that line only says so (`sep=;`).
fn separator(text: &str) -> (char, bool) {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if let Some(said) = text.lines().next().and_then(|line| line.trim().strip_prefix("sep="))
        && let Some(c) = said.chars().next()
    {
        return (c, true);
    }
    let mut quoted = false;
    let mut counts = [0_usize; 3];
    for c in first.chars() {
        match c {
            '"' => quoted = !quoted,
            '\t' if !quoted => counts[0] += 1,
            ',' if !quoted => counts[1] += 1,
            ';' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let [tabs, commas, semicolons] = counts;
    if tabs > commas && tabs >= semicolons {
        ('\t', false)
    } else if semicolons > commas {
        (';', false)
    } else {
        (',', false)
    }
}

struct Parser<'p, 'o> {
    sheet: &'p mut Sheet,
    options: &'p Options<'o>,
    row: u32,
    column: u32,
    cells: Vec<(u32, Cell)>,
}

impl Parser<'_, '_> {
    fn run(&mut self, text: &str, separator: char) -> Result<(), SheetRefusal> {
        let mut chars = text.chars().peekable();
        let mut field = String::new();
        // A quote opens only at the beginning of a field; inside one it is a character like others.
        let mut opened: Option<u32> = None;
        let mut fresh = true;
        while let Some(c) = chars.next() {
            match c {
                '"' if opened.is_some() => {
                    if chars.peek() == Some(&'"') {
                        chars.next();
                        field.push('"');
                    } else {
                        opened = None;
                    }
                }
                _ if opened.is_some() => field.push(c),
                '"' if fresh => {
                    opened = Some(self.row);
                    fresh = false;
                }
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => {
                    self.field(&mut field)?;
                    self.line()?;
                    fresh = true;
                }
                _ if c == separator => {
                    self.field(&mut field)?;
                    self.column += 1;
                    fresh = true;
                }
                _ => {
                    field.push(c);
                    fresh = false;
                }
            }
        }
        if let Some(row) = opened {
            return Err(SheetRefusal::OpenQuote { file: self.sheet.file.clone(), row: row + 1 });
        }
        self.field(&mut field)?;
        self.line()
    }

    fn field(&mut self, field: &mut String) -> Result<(), SheetRefusal> {
        let cell = Cell::of_text(field);
        field.clear();
        if cell.is_empty() {
            return Ok(());
        }
        if self.column >= self.options.columns {
            let cell = address(self.row, self.column);
            return Err(SheetRefusal::TooManyColumns { cell, cap: self.options.columns });
        }
        self.cells.push((self.column, cell));
        Ok(())
    }

    fn line(&mut self) -> Result<(), SheetRefusal> {
        self.row += 1;
        self.column = 0;
        if self.cells.is_empty() {
            return Ok(());
        }
        if self.sheet.rows.len() >= self.options.rows {
            return Err(SheetRefusal::TooManyRows {
                sheet: self.sheet.name.clone(),
                rows: self.sheet.rows.len() + 1,
                cap: self.options.rows,
            });
        }
        self.sheet.rows.push(Row { number: self.row, cells: std::mem::take(&mut self.cells) });
        Ok(())
    }
}
