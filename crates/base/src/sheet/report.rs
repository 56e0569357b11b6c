//! Why a file is not taken, and the list of faults by cell.

use kernel::refusal::clip;
use kernel::{Kind, Lang, Refuse, Words};
use serde::Serialize;

/// Most faults that a report keeps; it counts the rest.
const KEPT: usize = 500;

/// A fault of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellFault {
    /// Name of the sheet.
    pub sheet: String,
    /// Address such as `B7`, or a region such as `A3:A9`.
    pub cell: String,
    /// Header of its column; empty where there is none.
    pub column: String,
    /// What is in it, cut to a length that is safe to show.
    pub value: String,
    /// Stable code.
    pub code: String,
    /// Why.
    pub reason: Words,
    /// What to do.
    pub next: Words,
}

/// Every fault of a sheet. Nothing of the sheet was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Name of the file.
    pub file: String,
    /// The faults in the order of the sheet, the first 500.
    pub faults: Vec<CellFault>,
    /// How many there are.
    pub total: usize,
}

impl Report {
    pub(super) fn add(&mut self, fault: CellFault) {
        self.total += 1;
        if self.faults.len() < KEPT {
            self.faults.push(fault);
        }
    }
}

/// A file that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetRefusal {
    /// No bytes, or no row with anything in it.
    Empty {
        /// Given name.
        file: String,
    },
    /// More bytes than the cap.
    TooLarge {
        /// Given name.
        file: String,
        /// Bytes.
        size: usize,
        /// Most bytes.
        cap: usize,
    },
    /// Would unpack to more than is sane.
    Swells {
        /// Given name.
        file: String,
        /// Most bytes.
        cap: u64,
    },
    /// The old binary format, or locked with a password: the two look alike from outside.
    OldOrLocked {
        /// Given name.
        file: String,
    },
    /// Holds a program.
    Macros {
        /// Given name.
        file: String,
    },
    /// A ZIP that is not a workbook.
    NotASheet {
        /// Given name.
        file: String,
    },
    /// Breaks off or contradicts itself.
    Damaged {
        /// Given name.
        file: String,
        /// Where, for the person who looks into it.
        detail: String,
    },
    /// No sheet of the wanted name.
    NoSuchSheet {
        /// The wanted name.
        wanted: String,
        /// The names there are.
        there: Vec<String>,
    },
    /// More rows than are taken at once.
    TooManyRows {
        /// Name of the sheet.
        sheet: String,
        /// Rows, as far as they were counted.
        rows: usize,
        /// Most rows.
        cap: usize,
    },
    /// A cell beyond the last column that is taken.
    TooManyColumns {
        /// Address of the cell.
        cell: String,
        /// Most columns.
        cap: u32,
    },
    /// Text in an encoding that is not read.
    Encoding {
        /// Given name.
        file: String,
    },
    /// A quotation mark that is never closed.
    OpenQuote {
        /// Given name.
        file: String,
        /// Row in which it opens, from 1.
        row: u32,
    },
    /// Faults of headers or cells.
    Cells(Box<Report>),
}

crate::refusals!(SheetRefusal);

impl SheetRefusal {
    /// The report, when it is about cells.
    pub fn report(&self) -> Option<&Report> {
        match self {
            SheetRefusal::Cells(report) => Some(report),
            _ => None,
        }
    }

    fn words(&self) -> (String, String) {
        match self {
            SheetRefusal::Empty { .. } => ("表格里没有内容".into(), "The sheet is empty".into()),
            SheetRefusal::TooLarge { size, cap, .. } => (
                format!("文件有{}，上限是{}", mb(*size), mb(*cap)),
                format!("The file has {}, the cap is {}", mb(*size), mb(*cap)),
            ),
            SheetRefusal::Swells { cap, .. } => (
                format!("文件解压后超过{} MB，疑似异常", cap >> 20),
                format!("The file would unpack to more than {} MB, which is not plausible", cap >> 20),
            ),
            SheetRefusal::OldOrLocked { .. } => (
                "文件是旧版XLS格式，或设了打开密码".into(),
                "The file is in the old XLS format or locked with a password".into(),
            ),
            SheetRefusal::Macros { .. } => {
                ("文件含有宏程序".into(), "The file holds a program (macros)".into())
            }
            SheetRefusal::NotASheet { .. } => {
                ("文件是压缩包，不是表格".into(), "The file is an archive and not a workbook".into())
            }
            SheetRefusal::Damaged { detail, .. } => {
                (format!("文件不完整或已损坏（{detail}）"), format!("The file is damaged ({detail})"))
            }
            SheetRefusal::NoSuchSheet { wanted, there } => (
                format!("没有名为“{}”的工作表，现有：{}", clip(wanted), there.join("、")),
                format!("There is no sheet {}; there are: {}", clip(wanted), there.join(", ")),
            ),
            SheetRefusal::TooManyRows { rows, cap, .. } => (
                format!("表格有{rows}行以上，一次最多{cap}行"),
                format!("The sheet has {rows} rows or more; at most {cap} are taken at once"),
            ),
            SheetRefusal::TooManyColumns { cell, cap } => {
                (format!("单元格{cell}超出第{cap}列"), format!("Cell {cell} lies beyond column {cap}"))
            }
            SheetRefusal::Encoding { .. } => (
                "文字编码不是UTF-8、UTF-16或GB18030".into(),
                "The text is in none of UTF-8, UTF-16 and GB18030".into(),
            ),
            SheetRefusal::OpenQuote { row, .. } => (
                format!("第{row}行的引号没有配对"),
                format!("A quotation mark opened in row {row} is never closed"),
            ),
            SheetRefusal::Cells(report) => {
                let first = report.faults.first();
                let told = |lang: Lang| {
                    first.map_or_else(String::new, |f| format!("{} {}", f.cell, f.reason.get(lang)))
                };
                (
                    format!("表格有{}处问题，未导入任何一行。首处：{}", report.total, told(Lang::Zh)),
                    format!(
                        "The sheet has {} faults and no row was taken. The first: {}",
                        report.total,
                        told(Lang::En)
                    ),
                )
            }
        }
    }
}

fn mb(bytes: usize) -> String {
    format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
}

impl Refuse for SheetRefusal {
    fn code(&self) -> &'static str {
        match self {
            SheetRefusal::Empty { .. } => "sheet.empty",
            SheetRefusal::TooLarge { .. } => "sheet.too_large",
            SheetRefusal::Swells { .. } => "sheet.swells",
            SheetRefusal::OldOrLocked { .. } => "sheet.old_or_locked",
            SheetRefusal::Macros { .. } => "sheet.macros",
            SheetRefusal::NotASheet { .. } => "sheet.not_a_sheet",
            SheetRefusal::Damaged { .. } => "sheet.damaged",
            SheetRefusal::NoSuchSheet { .. } => "sheet.no_such_sheet",
            SheetRefusal::TooManyRows { .. } => "sheet.too_many_rows",
            SheetRefusal::TooManyColumns { .. } => "sheet.too_many_columns",
            SheetRefusal::Encoding { .. } => "sheet.encoding",
            SheetRefusal::OpenQuote { .. } => "sheet.open_quote",
            SheetRefusal::Cells(_) => "sheet.cells",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            SheetRefusal::TooLarge { .. }
            | SheetRefusal::Swells { .. }
            | SheetRefusal::TooManyRows { .. }
            | SheetRefusal::TooManyColumns { .. } => Kind::TooLarge,
            SheetRefusal::OldOrLocked { .. }
            | SheetRefusal::Macros { .. }
            | SheetRefusal::NotASheet { .. }
            | SheetRefusal::Encoding { .. } => Kind::Unsupported,
            SheetRefusal::Empty { .. }
            | SheetRefusal::Damaged { .. }
            | SheetRefusal::NoSuchSheet { .. }
            | SheetRefusal::OpenQuote { .. }
            | SheetRefusal::Cells(_) => Kind::Invalid,
        }
    }
    fn field(&self) -> Option<&str> {
        Some("file")
    }
    fn value(&self) -> Option<String> {
        let name = match self {
            SheetRefusal::Empty { file }
            | SheetRefusal::TooLarge { file, .. }
            | SheetRefusal::Swells { file, .. }
            | SheetRefusal::OldOrLocked { file }
            | SheetRefusal::Macros { file }
            | SheetRefusal::NotASheet { file }
            | SheetRefusal::Damaged { file, .. }
            | SheetRefusal::Encoding { file }
            | SheetRefusal::OpenQuote { file, .. } => file,
            SheetRefusal::NoSuchSheet { wanted, .. } => wanted,
            SheetRefusal::TooManyRows { sheet, .. } => sheet,
            SheetRefusal::TooManyColumns { cell, .. } => cell,
            SheetRefusal::Cells(report) => &report.file,
        };
        Some(clip(name))
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = self.words();
        lang.pick(&zh, &en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            SheetRefusal::Empty { .. } => ("请填写后重新上传", "Fill it in and upload it again"),
            SheetRefusal::TooLarge { .. } | SheetRefusal::TooManyRows { .. } => {
                ("请拆成几个文件分次导入", "Split it into several files")
            }
            SheetRefusal::Swells { .. } | SheetRefusal::Damaged { .. } => (
                "请用WPS或Excel打开后另存为新的XLSX文件再上传",
                "Open it in WPS or Excel, save it as a new XLSX file and upload that",
            ),
            SheetRefusal::OldOrLocked { .. } => {
                ("请去掉密码，另存为XLSX文件后上传", "Remove the password, save it as XLSX and upload that")
            }
            SheetRefusal::Macros { .. } => {
                ("请另存为不含宏的XLSX文件后上传", "Save it as XLSX without macros and upload that")
            }
            SheetRefusal::NotASheet { .. } => {
                ("请解开压缩包，上传其中的表格", "Unpack the archive and upload the workbook in it")
            }
            SheetRefusal::NoSuchSheet { .. } => {
                ("请改正工作表名称，或下载模板填写", "Rename the sheet, or fill in the template")
            }
            SheetRefusal::TooManyColumns { .. } => {
                ("请删去多余的列后上传", "Remove the columns that are not needed")
            }
            SheetRefusal::Encoding { .. } => {
                ("请另存为“CSV UTF-8”或XLSX后上传", "Save it as “CSV UTF-8” or XLSX and upload that")
            }
            SheetRefusal::OpenQuote { .. } => {
                ("请补齐引号，或另存为XLSX后上传", "Close the quotation mark, or save it as XLSX")
            }
            SheetRefusal::Cells(_) => {
                ("请按清单逐格改正后重新上传", "Correct the listed cells and upload the file again")
            }
        };
        lang.pick(zh, en).to_owned()
    }
}
