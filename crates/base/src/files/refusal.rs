//! Why a file is not taken, naming the file and what is the matter with it.

use kernel::refusal::clip;
use kernel::text::Lang;
use kernel::{Kind, Refuse};

/// A file that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRefusal {
    /// No bytes.
    Empty {
        /// Given name.
        name: String,
    },
    /// More bytes than the cap.
    TooLarge {
        /// Given name.
        name: String,
        /// Bytes.
        size: usize,
        /// Most bytes.
        cap: usize,
    },
    /// Not one of the types that are taken.
    NotTaken {
        /// Given name.
        name: String,
        /// The type found in the content, when it is a known one.
        found: Option<&'static str>,
    },
    /// The content is not what the name or the browser says.
    Mismatch {
        /// Given name.
        name: String,
        /// What was declared.
        declared: String,
        /// What the content is.
        found: &'static str,
    },
    /// The content breaks off or contradicts itself.
    Damaged {
        /// Given name.
        name: String,
        /// What it should be.
        found: &'static str,
    },
    /// A picture that would fill the memory of whoever opens it.
    TooManyPixels {
        /// Given name.
        name: String,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// An Office file that would swell to more than is sane when opened.
    Swells {
        /// Given name.
        name: String,
        /// Bytes when unpacked, as its own directory says.
        size: u64,
    },
    /// An Office file with a program in it.
    Macros {
        /// Given name.
        name: String,
    },
}

impl FileRefusal {
    fn name(&self) -> &str {
        match self {
            FileRefusal::Empty { name }
            | FileRefusal::TooLarge { name, .. }
            | FileRefusal::NotTaken { name, .. }
            | FileRefusal::Mismatch { name, .. }
            | FileRefusal::Damaged { name, .. }
            | FileRefusal::TooManyPixels { name, .. }
            | FileRefusal::Swells { name, .. }
            | FileRefusal::Macros { name } => name,
        }
    }
}

fn mb(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
}

fn mb_of(bytes: usize) -> String {
    mb(u64::try_from(bytes).unwrap_or(u64::MAX))
}

impl Refuse for FileRefusal {
    fn code(&self) -> &'static str {
        match self {
            FileRefusal::Empty { .. } => "file.empty",
            FileRefusal::TooLarge { .. } => "file.too_large",
            FileRefusal::NotTaken { .. } => "file.type_not_taken",
            FileRefusal::Mismatch { .. } => "file.type_mismatch",
            FileRefusal::Damaged { .. } => "file.damaged",
            FileRefusal::TooManyPixels { .. } => "file.too_many_pixels",
            FileRefusal::Swells { .. } => "file.swells",
            FileRefusal::Macros { .. } => "file.macros",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            FileRefusal::Empty { .. } | FileRefusal::Damaged { .. } => Kind::Invalid,
            FileRefusal::TooLarge { .. } | FileRefusal::TooManyPixels { .. } | FileRefusal::Swells { .. } => {
                Kind::TooLarge
            }
            FileRefusal::NotTaken { .. } | FileRefusal::Mismatch { .. } | FileRefusal::Macros { .. } => {
                Kind::Unsupported
            }
        }
    }
    fn field(&self) -> Option<&str> {
        Some("file")
    }
    fn value(&self) -> Option<String> {
        Some(clip(self.name()))
    }
    fn reason(&self, lang: Lang) -> String {
        let name = clip(self.name());
        let (zh, en) = match self {
            FileRefusal::Empty { .. } => (format!("文件“{name}”是空的"), format!("The file {name} is empty")),
            FileRefusal::TooLarge { size, cap, .. } => (
                format!("文件“{name}”有{}，上限是{}", mb_of(*size), mb_of(*cap)),
                format!("The file {name} has {}, the cap is {}", mb_of(*size), mb_of(*cap)),
            ),
            FileRefusal::NotTaken { found: Some(found), .. } => (
                format!("不接收{found}类型的文件“{name}”"),
                format!("{name} is of a type that is not taken: {found}"),
            ),
            FileRefusal::NotTaken { found: None, .. } => {
                (format!("无法识别文件“{name}”的类型"), format!("The type of {name} is not recognised"))
            }
            FileRefusal::Mismatch { declared, found, .. } => {
                let declared = clip(declared);
                (
                    format!("文件“{name}”声明为{declared}，内容却是{found}"),
                    format!("{name} is declared as {declared}, but its content is {found}"),
                )
            }
            FileRefusal::Damaged { found, .. } => {
                (format!("文件“{name}”不是完整的{found}"), format!("{name} is not a whole {found}"))
            }
            FileRefusal::TooManyPixels { width, height, .. } => (
                format!("图片“{name}”有{width}×{height}像素，过大"),
                format!("The picture {name} has {width} × {height} pixels, which is too many"),
            ),
            FileRefusal::Swells { size, .. } => (
                format!("文件“{name}”解压后达{}，疑似异常", mb(*size)),
                format!("{name} would unpack to {}, which is not plausible", mb(*size)),
            ),
            FileRefusal::Macros { .. } => {
                (format!("文件“{name}”含有宏程序"), format!("{name} holds a program (macros)"))
            }
        };
        lang.pick(&zh, &en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            FileRefusal::Empty { .. } | FileRefusal::Damaged { .. } => {
                ("请确认文件能正常打开后重新上传", "Make sure that it opens, then upload it again")
            }
            FileRefusal::TooLarge { .. } | FileRefusal::TooManyPixels { .. } => {
                ("请压缩或缩小后重新上传", "Make it smaller and upload it again")
            }
            FileRefusal::NotTaken { .. } => (
                "可上传JPEG、PNG、WebP图片及PDF、DOCX、XLSX文件；压缩包请解开，旧版Office文件请另存为新格式",
                "JPEG, PNG and WebP pictures, PDF, DOCX and XLSX are taken; unpack archives, save old Office files in the new format",
            ),
            FileRefusal::Mismatch { .. } => {
                ("请改正扩展名，或重新导出后上传", "Correct the name's ending, or export it again and upload")
            }
            FileRefusal::Swells { .. } => {
                ("请重新导出，或另存为PDF后上传", "Export it again, or save it as PDF")
            }
            FileRefusal::Macros { .. } => {
                ("请另存为不含宏的文件后上传", "Save it without macros and upload it again")
            }
        };
        lang.pick(zh, en).to_owned()
    }
}
