//! XLSX: first the archive is looked through without keeping anything, then the sheet is read cell by cell.
//!
//! The directory of an archive may lie about sizes, so every part is unpacked once against a cap before a parser sees it.
//! That pass also refuses programs and a count of shared strings that would make the parser reserve more memory than
//! the file could fill.

use super::cell::{Cell, address};
use super::report::SheetRefusal;
use super::{Options, Row, Sheet};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most parts of an archive; a workbook has a few dozen.
const PARTS: usize = 5_000;
/// Most bytes of the shared strings, which the parser holds in memory as a whole.
const STRINGS: u64 = 100 << 20;

/// Reads the wanted sheet.
pub(super) fn read(name: &str, bytes: &[u8], options: &Options<'_>) -> Result<Sheet, SheetRefusal> {
    admit(name, bytes, options)?;
    // The parser is well kept and still a parser of what strangers send: its panic is a damaged file, not a fault of ours.
    catch_unwind(AssertUnwindSafe(|| sheet(name, bytes, options)))
        .unwrap_or_else(|_| Err(damaged(name, "parser")))
}

fn damaged(name: &str, detail: impl std::fmt::Display) -> SheetRefusal {
    let detail = kernel::refusal::clip(&detail.to_string());
    SheetRefusal::Damaged { file: name.to_owned(), detail }
}

/// Everything that can be known without parsing a sheet.
fn admit(name: &str, bytes: &[u8], options: &Options<'_>) -> Result<(), SheetRefusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(name, e))?;
    if archive.len() > PARTS {
        return Err(SheetRefusal::Swells { file: name.to_owned(), cap: options.unpacked });
    }
    let names: Result<Vec<String>, _> =
        archive.file_names().map(|part| part.map(|part| part.to_ascii_lowercase())).collect();
    let names = names.map_err(|e| damaged(name, e))?;
    if names.iter().any(|part| part.ends_with("vbaproject.bin") || part.contains("/macrosheets/")) {
        return Err(SheetRefusal::Macros { file: name.to_owned() });
    }
    if !names.iter().any(|part| part.ends_with("workbook.xml")) {
        return Err(SheetRefusal::NotASheet { file: name.to_owned() });
    }
    let mut left = options.unpacked;
    let mut buffer = vec![0_u8; 64 << 10];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|e| damaged(name, e))?;
        if part.encrypted() {
            return Err(SheetRefusal::OldOrLocked { file: name.to_owned() });
        }
        let called = part.name().map_err(|e| damaged(name, e))?.to_ascii_lowercase();
        let strings = called.ends_with("sharedstrings.xml");
        let mut kept = Vec::new();
        loop {
            let n = part.read(&mut buffer).map_err(|e| damaged(name, e))?;
            if n == 0 {
                break;
            }
            let size = u64::try_from(n).unwrap_or(u64::MAX);
            if size > left {
                return Err(SheetRefusal::Swells { file: name.to_owned(), cap: options.unpacked });
            }
            left -= size;
            if strings {
                kept.extend_from_slice(buffer.get(..n).unwrap_or_default());
                if u64::try_from(kept.len()).unwrap_or(u64::MAX) > STRINGS {
                    return Err(SheetRefusal::Swells { file: name.to_owned(), cap: STRINGS });
                }
            }
        }
        if strings && !honest(&kept) {
            return Err(damaged(name, "sharedStrings.xml"));
        }
    }
    Ok(())
}

/// Whether the counts that shared strings give for themselves can be true: a string takes at least four bytes.
fn honest(part: &[u8]) -> bool {
    // Another encoding would hide the counts from this look, and no program writes one.
    if part.contains(&0) {
        return false;
    }
    const WORD: &[u8] = b"Count";
    part.windows(WORD.len()).enumerate().filter(|(_, w)| *w == WORD).all(|(at, _)| {
        let after = part.get(at + WORD.len()..).unwrap_or_default();
        let digits =
            after.iter().skip_while(|b| matches!(b, b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n'));
        let mut claimed = 0_usize;
        for digit in digits.take_while(|b| b.is_ascii_digit()) {
            claimed = claimed.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
        }
        claimed <= part.len() / 4 + 16
    })
}

fn sheet(name: &str, bytes: &[u8], options: &Options<'_>) -> Result<Sheet, SheetRefusal> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|e: calamine::XlsxError| damaged(name, e))?;
    let wanted = choose(&book, options)?.ok_or_else(|| SheetRefusal::Empty { file: name.to_owned() })?;
    let merged = book.merge_cells_by_sheet_name(&wanted).map_err(|e| damaged(name, e))?;
    let mut out = Sheet {
        file: name.to_owned(),
        name: wanted.clone(),
        encoding: "xlsx",
        epoch_1904: book.has_1904_epoch(),
        merged: merged.iter().map(|d| [d.start.0, d.start.1, d.end.0, d.end.1]).collect(),
        ..Sheet::default()
    };
    let mut cells = book.worksheet_cells_reader(&wanted).map_err(|e| damaged(name, e))?;
    // What the sheet says of its own size is used to refuse early, never to reserve memory.
    let told = usize::try_from(cells.dimensions().end.0).unwrap_or(usize::MAX);
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(|e| damaged(name, e))? {
        let (row, column) = record.pos;
        if record.formula.is_some() && !options.formulas {
            out.formulas.push((row, column));
        }
        let cell = value(record.value);
        if cell.is_empty() {
            continue;
        }
        if column >= options.columns {
            let cell = address(row, column);
            return Err(SheetRefusal::TooManyColumns { cell, cap: options.columns });
        }
        place(&mut out, row, column, cell).ok_or_else(|| damaged(name, address(row, column)))?;
        if out.rows.len() > options.rows {
            let rows = out.rows.len().max(told);
            return Err(SheetRefusal::TooManyRows { sheet: wanted, rows, cap: options.rows });
        }
    }
    Ok(out)
}

/// Cells come from left to right and from top to bottom; a file in which they do not contradicts the format.
fn place(out: &mut Sheet, row: u32, column: u32, cell: Cell) -> Option<()> {
    let number = row.checked_add(1)?;
    match out.rows.last_mut() {
        Some(last) if last.number == number => {
            if last.cells.last().is_some_and(|(before, _)| *before >= column) {
                return None;
            }
            last.cells.push((column, cell));
        }
        Some(last) if last.number > number => return None,
        _ => out.rows.push(Row { number, cells: vec![(column, cell)] }),
    }
    Some(())
}

fn choose<R: Read + std::io::Seek>(
    book: &Xlsx<R>,
    options: &Options<'_>,
) -> Result<Option<String>, SheetRefusal> {
    let sheets: Vec<&calamine::Sheet> =
        book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet).collect();
    if let Some(wanted) = options.sheet {
        let there = || sheets.iter().map(|s| s.name.clone()).collect();
        return match sheets.iter().find(|s| s.name == wanted) {
            Some(found) => Ok(Some(found.name.clone())),
            None => Err(SheetRefusal::NoSuchSheet { wanted: wanted.to_owned(), there: there() }),
        };
    }
    Ok(sheets.iter().find(|s| s.visible == SheetVisible::Visible).map(|s| s.name.clone()))
}

fn value(data: DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(n) => n.to_string().parse().map_or(Cell::Empty, Cell::Number),
        DataRef::Float(x) => Cell::Number(x),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::of_text(&text)
        }
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Bool(flag) => Cell::Flag(flag),
        DataRef::DateTime(at) if at.is_datetime() => Cell::Serial(at.as_f64()),
        DataRef::DateTime(span) => Cell::Number(span.as_f64()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}
