//! From rows to records: the headers are found and checked, then every row is read, and either all of them are taken or
//! none is.

use super::cell::{Cell, EXACT, address, decimal, integer, moment};
use super::report::{CellFault, Report, SheetRefusal};
use super::{Row, Sheet};
use kernel::money::Decimal;
use kernel::refusal::clip;
use kernel::{Day, Instant, Lang, Refuse, Words};
use std::collections::BTreeMap;

/// Rows from the top in which the headers are looked for: a title and some lines of instruction stand above them.
const HEAD_ROWS: usize = 12;

/// A column that a table may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Name in the program.
    pub key: &'static str,
    /// Headers by which it is known: the Chinese one first, then English, then what older forms call it.
    pub names: &'static [&'static str],
    /// Whether the column must be there. Whether a cell may be empty is the reading's business.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn must(key: &'static str, names: &'static [&'static str]) -> Column {
        Column { key, names, required: true }
    }
    /// A column that may be missing.
    pub const fn may(key: &'static str, names: &'static [&'static str]) -> Column {
        Column { key, names, required: false }
    }
    fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or(self.key)
    }
}

/// A sheet whose headers are known.
#[derive(Debug)]
pub struct Table<'s> {
    sheet: &'s Sheet,
    columns: BTreeMap<&'static str, u32>,
    headers: BTreeMap<u32, String>,
    data: &'s [Row],
    report: Report,
}

/// One row while it is read.
pub struct Line<'t, 's> {
    table: &'t Table<'s>,
    row: &'s Row,
    faults: Vec<CellFault>,
}

/// A header without what people add to it: blanks, line breaks, stars, remarks in brackets, full-width forms.
fn header(text: &str) -> String {
    let text = text.split(['（', '(']).next().filter(|head| !head.trim().is_empty()).unwrap_or(text);
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '※'))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Sheet {
    /// Finds the row of headers and checks it: every required column once, none twice, none unknown. Merged cells at or
    /// below the headers are faults, and so are formulas unless [`super::Options::formulas`] took them.
    pub fn table(&self, columns: &[Column]) -> Result<Table<'_>, SheetRefusal> {
        let known: BTreeMap<String, &Column> =
            columns.iter().flat_map(|c| c.names.iter().map(move |n| (header(n), c))).collect();
        let score =
            |row: &Row| row.cells.iter().filter(|(_, c)| known.contains_key(&header(&c.text()))).count();
        let best =
            self.rows.iter().take(HEAD_ROWS).enumerate().max_by_key(|(i, row)| (score(row), HEAD_ROWS - i));
        let at = best.map_or(0, |(i, _)| i);
        let (head, data) = (self.rows.get(at), self.rows.get(at + 1..).unwrap_or_default());
        let mut report = Report { file: self.file.clone(), ..Report::default() };
        let Some(head) = head else { return Err(SheetRefusal::Empty { file: self.file.clone() }) };
        let mut found: BTreeMap<&'static str, u32> = BTreeMap::new();
        let mut headers = BTreeMap::new();
        for (column, cell) in &head.cells {
            let text = cell.text();
            headers.insert(*column, text.clone());
            match known.get(&header(&text)) {
                None => report.add(self.unknown(head, *column, &text, columns)),
                Some(c) if found.contains_key(c.key) => report.add(self.twice(head, *column, &text)),
                Some(c) => {
                    found.insert(c.key, *column);
                }
            }
        }
        for column in columns.iter().filter(|c| c.required && !found.contains_key(c.key)) {
            report.add(self.missing(head, column));
        }
        let first = head.number.saturating_sub(1);
        self.structure(first, &headers, &mut report);
        if report.total > 0 {
            return Err(SheetRefusal::Cells(Box::new(report)));
        }
        Ok(Table { sheet: self, columns: found, headers, data, report })
    }

    fn structure(&self, first: u32, headers: &BTreeMap<u32, String>, report: &mut Report) {
        for [top, left, bottom, right] in self.merged.iter().copied().filter(|m| m[2] >= first) {
            let cell = format!("{}:{}", address(top, left), address(bottom, right));
            let column = headers.get(&left).cloned().unwrap_or_default();
            report.add(self.fault(
                cell,
                column,
                "",
                "sheet.merged",
                (
                    "数据区有合并单元格，无法判断各行的值",
                    "Merged cells among the data: the value of each row is unclear",
                    "请取消合并，在每一行填写完整",
                    "Unmerge them and fill in every row",
                ),
            ));
        }
        for (row, column) in self.formulas.iter().filter(|(row, _)| *row >= first) {
            let name = headers.get(column).cloned().unwrap_or_default();
            report.add(self.fault(
                address(*row, *column),
                name,
                "",
                "sheet.formula",
                (
                    "单元格是公式，导入后会失去依据",
                    "The cell is a formula; its inputs would be lost",
                    "请复制后“选择性粘贴为数值”",
                    "Copy it and paste it as a value",
                ),
            ));
        }
    }

    fn fault(&self, cell: String, column: String, value: &str, code: &str, words: Four<'_>) -> CellFault {
        CellFault {
            sheet: self.name.clone(),
            cell,
            column,
            value: clip(value),
            code: code.to_owned(),
            reason: Words::new(words.0, words.1),
            next: Words::new(words.2, words.3),
        }
    }

    fn unknown(&self, head: &Row, column: u32, text: &str, columns: &[Column]) -> CellFault {
        let near = columns
            .iter()
            .flat_map(|c| c.names.iter())
            .map(|name| (distance(&header(name), &header(text)), *name))
            .filter(|(far, name)| *far <= name.chars().count().max(2) / 2)
            .min();
        let all: Vec<&str> = columns.iter().map(Column::name).collect();
        let (zh, en) = match near {
            Some((_, name)) => (
                format!("是否应为“{name}”？请改正或删去此列"),
                format!("Did you mean {name}? Correct it or remove the column"),
            ),
            None => (
                format!("可用的列：{}；请改正或删去此列", all.join("、")),
                format!("Columns that are known: {}. Correct it or remove the column", all.join(", ")),
            ),
        };
        let cell = address(head.number.saturating_sub(1), column);
        self.fault(
            cell,
            text.to_owned(),
            text,
            "sheet.unknown_column",
            ("不认识此列", "This column is not known", &zh, &en),
        )
    }

    fn twice(&self, head: &Row, column: u32, text: &str) -> CellFault {
        let cell = address(head.number.saturating_sub(1), column);
        self.fault(
            cell,
            text.to_owned(),
            text,
            "sheet.column_twice",
            ("同一列出现两次", "The same column is there twice", "请只保留一列", "Keep one of them"),
        )
    }

    fn missing(&self, head: &Row, column: &Column) -> CellFault {
        let name = column.name();
        self.fault(
            format!("{0}:{0}", head.number),
            name.to_owned(),
            "",
            "sheet.missing_column",
            (
                &format!("缺少“{name}”列"),
                &format!("The column {name} is missing"),
                "请在表头行补上此列，或下载模板填写",
                "Add it to the row of headers, or fill in the template",
            ),
        )
    }
}

/// Reason and next step, Chinese and English.
type Four<'w> = (&'w str, &'w str, &'w str, &'w str);

/// Edit distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut diagonal = row.first().copied().unwrap_or(0);
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(0);
            let left = row.get(j).copied().unwrap_or(0);
            let best = (diagonal + usize::from(x != *y)).min(above + 1).min(left + 1);
            diagonal = above;
            if let Some(slot) = row.get_mut(j + 1) {
                *slot = best;
            }
        }
    }
    row.last().copied().unwrap_or(0)
}

impl<'s> Table<'s> {
    /// Reads every row that has something in it. All are returned, or a report of every fault and nothing else. A row for
    /// which `read` gives nothing and notes no fault is left out.
    pub fn rows<T>(
        mut self,
        mut read: impl FnMut(&mut Line<'_, 's>) -> Option<T>,
    ) -> Result<Vec<T>, SheetRefusal> {
        let mut out = Vec::with_capacity(self.data.len().min(65_536));
        let mut faults = Vec::new();
        for row in self.data {
            let mut line = Line { table: &self, row, faults: Vec::new() };
            let made = read(&mut line);
            if line.faults.is_empty() {
                out.extend(made);
            }
            faults.append(&mut line.faults);
        }
        faults.into_iter().for_each(|fault| self.report.add(fault));
        if self.report.total == 0 { Ok(out) } else { Err(SheetRefusal::Cells(Box::new(self.report))) }
    }

    /// Whether the sheet has the column.
    pub fn has(&self, key: &str) -> bool {
        self.columns.contains_key(key)
    }
}

impl Line<'_, '_> {
    /// Number of the row as the file shows it, from 1.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// The cell of a column; empty when the sheet does not have it.
    pub fn cell(&self, key: &str) -> &Cell {
        self.table.columns.get(key).map_or(&Cell::Empty, |column| self.row.cell(*column))
    }

    /// Notes a fault of a column's cell in one's own words.
    pub fn fault(&mut self, key: &str, code: &str, reason: Words, next: Words) {
        let column = self.table.columns.get(key).copied();
        let at = self.row.number.saturating_sub(1);
        let fault = CellFault {
            sheet: self.table.sheet.name.clone(),
            cell: column.map_or_else(|| format!("{0}:{0}", self.row.number), |c| address(at, c)),
            column: column
                .and_then(|c| self.table.headers.get(&c).cloned())
                .unwrap_or_else(|| key.to_owned()),
            value: clip(&self.cell(key).text()),
            code: code.to_owned(),
            reason,
            next,
        };
        self.faults.push(fault);
    }

    fn no(&mut self, key: &str, code: &str, words: Four<'_>) {
        self.fault(key, code, Words::new(words.0, words.1), Words::new(words.2, words.3));
    }

    /// Text, or `Some(None)` for an empty cell; `None` when the fault is noted.
    pub fn text_opt(&mut self, key: &str) -> Option<Option<String>> {
        match self.cell(key) {
            Cell::Empty => Some(None),
            Cell::Error(_) => {
                self.no(
                    key,
                    "sheet.error_cell",
                    (
                        "单元格是错误值",
                        "The cell holds an error",
                        "请改正公式或直接填写",
                        "Correct the formula or type the value",
                    ),
                );
                None
            }
            Cell::Number(x) if x.abs() >= EXACT => {
                self.no(
                    key,
                    "sheet.lost_digits",
                    (
                        "号码超过15位且为数值格式，末尾数字已丢失",
                        "A number of more than 15 digits has lost its last ones",
                        "请把此列设为文本格式后重新填写",
                        "Format the column as text and type it again",
                    ),
                );
                None
            }
            Cell::Serial(_) => match moment(self.cell(key), self.table.sheet.epoch_1904) {
                Some(at) if at.second_of_day() == 0 => Some(Some(at.day().to_string())),
                Some(at) => Some(Some(at.minute_text())),
                None => Some(Some(self.cell(key).text())),
            },
            other => Some(Some(other.text())),
        }
    }

    /// Text that must be there.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let read = self.text_opt(key)?;
        self.need(key, read)
    }

    fn need<T>(&mut self, key: &str, read: Option<T>) -> Option<T> {
        if read.is_none() {
            self.no(key, "sheet.blank", ("必填项为空", "A required cell is empty", "请填写", "Fill it in"));
        }
        read
    }

    fn typed<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Cell) -> Option<T>,
        code: &str,
        words: Four<'_>,
    ) -> Option<Option<T>> {
        if self.cell(key).is_empty() {
            return Some(None);
        }
        let value = read(self.cell(key));
        if value.is_none() {
            self.no(key, code, words);
        }
        value.map(Some)
    }

    /// A whole number, typed as a number or as text.
    pub fn integer_opt(&mut self, key: &str) -> Option<Option<i64>> {
        let words = ("不是整数", "Not a whole number", "请填写整数，如 12", "Type a whole number such as 12");
        self.typed(key, integer, "sheet.integer", words)
    }

    /// A whole number that must be there.
    pub fn integer(&mut self, key: &str) -> Option<i64> {
        let read = self.integer_opt(key)?;
        self.need(key, read)
    }

    /// A decimal of at most four places; `12.5%` is 0.125.
    pub fn decimal_opt(&mut self, key: &str) -> Option<Option<Decimal>> {
        let words = (
            "不是数，或小数超过四位",
            "Not a number, or more than four decimals",
            "请填写数值，如 12.5",
            "Type a number such as 12.5",
        );
        self.typed(key, decimal, "sheet.decimal", words)
    }

    /// A decimal that must be there.
    pub fn decimal(&mut self, key: &str) -> Option<Decimal> {
        let read = self.decimal_opt(key)?;
        self.need(key, read)
    }

    /// A moment: a date of the program that made the file, or text.
    pub fn moment_opt(&mut self, key: &str) -> Option<Option<Instant>> {
        let old = self.table.sheet.epoch_1904;
        let words = (
            "不是日期",
            "Not a date",
            "请按“2019-08-12”或“2019-08-12 09:30”填写",
            "Type it as 2019-08-12 or 2019-08-12 09:30",
        );
        self.typed(key, |cell| moment(cell, old), "sheet.date", words)
    }

    /// A moment that must be there.
    pub fn moment(&mut self, key: &str) -> Option<Instant> {
        let read = self.moment_opt(key)?;
        self.need(key, read)
    }

    /// A day; a time of day is dropped.
    pub fn day_opt(&mut self, key: &str) -> Option<Option<Day>> {
        Some(self.moment_opt(key)?.map(Instant::day))
    }

    /// A day that must be there.
    pub fn day(&mut self, key: &str) -> Option<Day> {
        Some(self.moment(key)?.day())
    }

    /// 是 or 否 and their kin; an empty cell is no.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let read = |cell: &Cell| match cell {
            Cell::Flag(flag) => Some(*flag),
            other => match other.text().to_lowercase().as_str() {
                "是" | "有" | "√" | "y" | "yes" | "true" | "1" => Some(true),
                "否" | "无" | "×" | "n" | "no" | "false" | "0" => Some(false),
                _ => None,
            },
        };
        let words = ("不是“是”或“否”", "Neither yes nor no", "请填写“是”或“否”", "Type yes or no");
        Some(self.typed(key, read, "sheet.flag", words)?.unwrap_or(false))
    }

    /// Text that must be there and that a parser of the domain accepts; its refusal becomes the cell's fault.
    pub fn parsed<T, R: Refuse>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, R>) -> Option<T> {
        let text = self.text(key)?;
        self.judged(key, parse(&text))
    }

    /// The same for a cell that may be empty.
    pub fn parsed_opt<T, R: Refuse>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, R>,
    ) -> Option<Option<T>> {
        match self.text_opt(key)? {
            None => Some(None),
            Some(text) => self.judged(key, parse(&text)).map(Some),
        }
    }

    fn judged<T, R: Refuse>(&mut self, key: &str, result: Result<T, R>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(no) => {
                let both = |say: &dyn Fn(Lang) -> String| Words::new(say(Lang::Zh), say(Lang::En));
                self.fault(key, no.code(), both(&|l| no.reason(l)), both(&|l| no.next(l)));
                None
            }
        }
    }
}
