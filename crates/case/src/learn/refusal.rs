//! Why nothing can be learnt or read: one enum, its words in one `match`.

use kernel::refusal::{Kind, Refuse, clip};
use kernel::text::Lang;

/// A "no" of the recommender, the duplicate finder and their tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LearnRefusal {
    /// Bytes that are neither UTF-8, UTF-16 nor GB18030.
    Encoding {
        /// Line of the first bad byte.
        line: usize,
    },
    /// A file without a header line or without rows.
    EmptyTable,
    /// A column that is needed is absent.
    NoColumn {
        /// Names that would be taken.
        wanted: String,
        /// Names that are there.
        found: String,
    },
    /// A name of a column that stands twice.
    TwiceColumn {
        /// The name.
        name: String,
    },
    /// A row with another number of cells than the header.
    Ragged {
        /// Line on which the row begins.
        line: usize,
        /// Cells in the header.
        wanted: usize,
        /// Cells in the row.
        found: usize,
    },
    /// A quotation mark that is never closed.
    OpenQuote {
        /// Line on which it opens.
        line: usize,
    },
    /// A cell that must not be empty.
    EmptyCell {
        /// Line on which the row begins.
        line: usize,
        /// Column.
        name: String,
    },
    /// A time that cannot be read.
    BadTime {
        /// Line on which the row begins.
        line: usize,
        /// What is there.
        given: String,
    },
    /// An id that stands twice.
    TwiceId {
        /// Line of the second.
        line: usize,
        /// The id.
        given: String,
    },
    /// Fewer than two classes with text.
    OneClass {
        /// How many there are.
        classes: usize,
    },
    /// More classes than a model of the stated size can hold.
    ManyClasses {
        /// How many there are.
        classes: usize,
    },
    /// Bytes that are no model of this program.
    NoModel,
    /// A model of another version.
    OtherVersion {
        /// Its version.
        version: u16,
    },
    /// A model that was cut or changed.
    BrokenModel,
}

impl Refuse for LearnRefusal {
    fn code(&self) -> &'static str {
        match self {
            LearnRefusal::Encoding { .. } => "table.encoding",
            LearnRefusal::EmptyTable => "table.empty",
            LearnRefusal::NoColumn { .. } => "table.no_column",
            LearnRefusal::TwiceColumn { .. } => "table.twice_column",
            LearnRefusal::Ragged { .. } => "table.ragged",
            LearnRefusal::OpenQuote { .. } => "table.open_quote",
            LearnRefusal::EmptyCell { .. } => "table.empty_cell",
            LearnRefusal::BadTime { .. } => "table.bad_time",
            LearnRefusal::TwiceId { .. } => "table.twice_id",
            LearnRefusal::OneClass { .. } => "learn.one_class",
            LearnRefusal::ManyClasses { .. } => "learn.many_classes",
            LearnRefusal::NoModel => "learn.no_model",
            LearnRefusal::OtherVersion { .. } => "learn.other_version",
            LearnRefusal::BrokenModel => "learn.broken_model",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            LearnRefusal::OneClass { .. } | LearnRefusal::ManyClasses { .. } => Kind::Rule,
            _ => Kind::Invalid,
        }
    }
    fn value(&self) -> Option<String> {
        match self {
            LearnRefusal::BadTime { given, .. } | LearnRefusal::TwiceId { given, .. } => Some(clip(given)),
            LearnRefusal::NoColumn { found, .. } => Some(clip(found)),
            LearnRefusal::TwiceColumn { name } => Some(clip(name)),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = self.reasons();
        pick(lang, zh, en)
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = self.steps();
        pick(lang, zh, en)
    }
}

impl LearnRefusal {
    fn reasons(&self) -> (String, String) {
        match self {
            LearnRefusal::Encoding { line } => (
                format!("第{line}行的字节不是UTF-8、UTF-16或GB18030文字。"),
                format!("Line {line} has bytes that are neither UTF-8, UTF-16 nor GB18030."),
            ),
            LearnRefusal::EmptyTable => ("表中没有数据行。".to_owned(), "The table has no rows.".to_owned()),
            LearnRefusal::NoColumn { wanted, found } => (
                format!("表头缺少“{wanted}”列,现有:{found}。"),
                format!("The header lacks the column {wanted}; it has: {found}."),
            ),
            LearnRefusal::TwiceColumn { name } => {
                (format!("表头中“{name}”出现两次。"), format!("The header names {name} twice."))
            }
            LearnRefusal::Ragged { line, wanted, found } => (
                format!("第{line}行有{found}格,表头有{wanted}格。"),
                format!("Line {line} has {found} cells, the header has {wanted}."),
            ),
            LearnRefusal::OpenQuote { line } => (
                format!("第{line}行的引号没有结束。"),
                format!("The quotation mark on line {line} is never closed."),
            ),
            LearnRefusal::EmptyCell { line, name } => {
                (format!("第{line}行的“{name}”为空。"), format!("Line {line}: {name} is empty."))
            }
            LearnRefusal::BadTime { line, given } => (
                format!("第{line}行的时间“{}”无法识别。", clip(given)),
                format!("Line {line}: the time {} cannot be read.", clip(given)),
            ),
            LearnRefusal::TwiceId { line, given } => (
                format!("第{line}行的编号“{}”已出现过。", clip(given)),
                format!("Line {line}: the id {} stood before.", clip(given)),
            ),
            LearnRefusal::OneClass { classes } => (
                format!("有文字的类别只有{classes}个,至少需要2个。"),
                format!("There are {classes} classes with text; two are needed."),
            ),
            LearnRefusal::ManyClasses { classes } => (
                format!("类别有{classes}个,超出模型容量。"),
                format!("There are {classes} classes, more than the model can hold."),
            ),
            LearnRefusal::NoModel => {
                ("这不是推荐模型文件。".to_owned(), "This is no model of the recommender.".to_owned())
            }
            LearnRefusal::OtherVersion { version } => (
                format!("模型版本为{version},本程序使用{}。", super::VERSION),
                format!("The model has version {version}; this program uses {}.", super::VERSION),
            ),
            LearnRefusal::BrokenModel => {
                ("模型文件被截断或改动过。".to_owned(), "The model was cut short or changed.".to_owned())
            }
        }
    }

    fn steps(&self) -> (String, String) {
        let (zh, en) = match self {
            LearnRefusal::Encoding { .. } => {
                ("请另存为“CSV UTF-8”后再试。", "Save it as CSV UTF-8 and try again.")
            }
            LearnRefusal::EmptyTable => (
                "请确认首行是表头,其下至少有一行数据。",
                "The first line must be the header, with at least one row below.",
            ),
            LearnRefusal::NoColumn { .. } | LearnRefusal::TwiceColumn { .. } => {
                ("请改正首行的列名,次序不限。", "Correct the names in the first line; their order is free.")
            }
            LearnRefusal::Ragged { .. } => (
                "请检查该行的逗号;内容含逗号或换行时须加引号。",
                "Check the commas; a cell with a comma or a line break needs quotation marks.",
            ),
            LearnRefusal::OpenQuote { .. } => {
                ("请补上引号;内容里的引号写成两个。", "Close it; a mark inside a cell is written twice.")
            }
            LearnRefusal::EmptyCell { .. } => ("请补填该格,或删去该行。", "Fill the cell or remove the row."),
            LearnRefusal::BadTime { .. } => ("请写成2019-08-12 09:58。", "Write it as 2019-08-12 09:58."),
            LearnRefusal::TwiceId { .. } => ("请使编号唯一。", "Make the ids unique."),
            LearnRefusal::OneClass { .. } => ("请加入其他类别的样本。", "Add samples of another class."),
            LearnRefusal::ManyClasses { .. } => {
                ("请按上一级类别训练。", "Train on the level of categories above.")
            }
            LearnRefusal::NoModel | LearnRefusal::OtherVersion { .. } | LearnRefusal::BrokenModel => {
                ("请用train-dispatch重新训练。", "Train again with train-dispatch.")
            }
        };
        (zh.to_owned(), en.to_owned())
    }
}

fn pick(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
