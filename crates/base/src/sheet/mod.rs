//! 表格 (sheet): XLSX, CSV and TSV in, with an address for every complaint; XLSX and CSV out.
//!
//! Officials live in Office files. What comes in is untrusted and often not quite what it says: every limit is checked
//! before memory is spent, and a fault names sheet, cell, value, reason and next step in both languages.
//!
//! ```ignore
//! const COLUMNS: &[Column] = &[
//!     Column::must("title", &["标题", "Title"]),
//!     Column::may("due", &["期限", "Due"]),
//! ];
//! let sheet = sheet::read("items.xlsx", &bytes, &Options::default())?;
//! let items = sheet.table(COLUMNS)?.rows(|row| {
//!     let title = row.parsed("title", |text| Title::parse("title", text));
//!     let due = row.day_opt("due");
//!     Some(Item { title: title?, due: due? })                     // first read all, then give up: one fault a cell
//! })?;                                                            // all rows, or a Report of every fault
//! ```
//!
//! | file | owns |
//! |---|---|
//! | `cell.rs` | values, addresses, days and numbers as people type them |
//! | `xlsx.rs` | the door for XLSX: size, bombs, programs, merged cells, formulas |
//! | `csv.rs` | the door for CSV and TSV: encoding, quotes |
//! | `table.rs` | headers found and checked, rows read all or nothing |
//! | `report.rs` | refusals of the file, faults of cells |
//! | `write.rs` | XLSX in constant memory, CSV with a byte order mark |

mod cell;
mod csv;
mod report;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_write;
mod write;
mod xlsx;

pub use cell::{Cell, address};
pub use report::{CellFault, Report, SheetRefusal};
pub use table::{Column, Line, Table};
pub use write::{Format, Out, Value, to_csv, to_xlsx};

/// What is taken at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of an XLSX when unpacked.
    pub unpacked: u64,
    /// Rows that have something in them, headers included.
    pub rows: usize,
    /// Columns.
    pub columns: u32,
    /// Takes what a formula came to when the file was saved; otherwise a formula among the data is a fault.
    pub formulas: bool,
    /// The sheet to read; the first visible one otherwise.
    pub sheet: Option<&'a str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            bytes: 20 << 20,
            unpacked: 200 << 20,
            rows: 20_000,
            columns: 200,
            formulas: false,
            sheet: None,
        }
    }
}

/// One sheet as it was in the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name of the file as it was given.
    pub file: String,
    /// Name of the sheet; of the file for CSV.
    pub name: String,
    /// Rows that have something in them.
    pub rows: Vec<Row>,
    /// `utf-8`, `utf-16`, `gb18030`, or `xlsx`.
    pub encoding: &'static str,
    /// Days count from 1904 instead of 1900.
    pub(crate) epoch_1904: bool,
    /// Merged regions: first row, first column, last row, last column, from 0.
    pub(crate) merged: Vec<[u32; 4]>,
    /// Cells with a formula: row, column, from 0.
    pub(crate) formulas: Vec<(u32, u32)>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Number as the program that made the file shows it, from 1.
    pub number: u32,
    /// Cells that have something in them, by column from 0.
    pub cells: Vec<(u32, Cell)>,
}

impl Row {
    /// The cell in a column from 0.
    pub fn cell(&self, column: u32) -> &Cell {
        let found = self.cells.binary_search_by_key(&column, |(at, _)| *at).ok();
        found.and_then(|i| self.cells.get(i)).map_or(&Cell::Empty, |(_, cell)| cell)
    }
}

/// Reads the sheet of a file: XLSX by its content, everything else as CSV or TSV.
///
/// This is work of tens of milliseconds for thousands of rows: call it outside transactions, on a blocking thread.
pub fn read(name: &str, bytes: &[u8], options: &Options<'_>) -> Result<Sheet, SheetRefusal> {
    if bytes.is_empty() {
        return Err(SheetRefusal::Empty { file: name.to_owned() });
    }
    if bytes.len() > options.bytes {
        return Err(SheetRefusal::TooLarge { file: name.to_owned(), size: bytes.len(), cap: options.bytes });
    }
    let sheet = if bytes.starts_with(b"PK\x03\x04") {
        xlsx::read(name, bytes, options)?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(SheetRefusal::OldOrLocked { file: name.to_owned() });
    } else {
        csv::read(name, bytes, options)?
    };
    if sheet.rows.is_empty() {
        return Err(SheetRefusal::Empty { file: name.to_owned() });
    }
    Ok(sheet)
}
