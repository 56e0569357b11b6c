//! Judging a file by its content.

use super::office;
use super::picture::{self, Spot};
use super::refusal::FileRefusal;
use super::sha256_of;
use bytes::Bytes;
use kernel::Instant;

/// Most pixels of a picture: the largest phone cameras make 200 million.
const PIXELS: u64 = 210_000_000;
/// Most bytes of an Office file when unpacked.
const UNPACKED: u64 = 300 * 1_048_576;
/// Longest kept name in characters, ending included.
const NAME: usize = 120;

/// The types that are taken. Video is not: its place and time cannot be removed here yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileType {
    /// Photograph.
    Jpeg,
    /// Picture or screenshot.
    Png,
    /// Picture.
    Webp,
    /// Document.
    Pdf,
    /// Text document.
    Docx,
    /// Table.
    Xlsx,
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl FileType {
    /// All of them.
    pub const ALL: [FileType; 6] =
        [FileType::Jpeg, FileType::Png, FileType::Webp, FileType::Pdf, FileType::Docx, FileType::Xlsx];
    /// Media type, as it is stored and served.
    pub fn mime(self) -> &'static str {
        match self {
            FileType::Jpeg => "image/jpeg",
            FileType::Png => "image/png",
            FileType::Webp => "image/webp",
            FileType::Pdf => "application/pdf",
            FileType::Docx => DOCX,
            FileType::Xlsx => XLSX,
        }
    }
    /// Ending of a name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            FileType::Jpeg => "jpg",
            FileType::Png => "png",
            FileType::Webp => "webp",
            FileType::Pdf => "pdf",
            FileType::Docx => "docx",
            FileType::Xlsx => "xlsx",
        }
    }
    /// True for types that a page may show inside itself; everything else is only for download.
    pub fn is_picture(self) -> bool {
        matches!(self, FileType::Jpeg | FileType::Png | FileType::Webp)
    }
    /// True when `declared` is a media type under which browsers send this type, or says nothing.
    fn goes_as(self, declared: &str) -> bool {
        let vague = ["", "application/octet-stream", "binary/octet-stream"].contains(&declared);
        let zipped = matches!(self, FileType::Docx | FileType::Xlsx)
            && ["application/zip", "application/x-zip-compressed"].contains(&declared);
        let jpeg = self == FileType::Jpeg && ["image/jpg", "image/pjpeg"].contains(&declared);
        vague || zipped || jpeg || declared == self.mime()
    }
}

/// A file that may be stored: original, shown copy and what was found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    /// Type by content.
    pub kind: FileType,
    /// Cleaned name with the right ending.
    pub name: String,
    /// The bytes as given: the evidence.
    pub original: Bytes,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
    /// The copy that is shown: a picture without what its camera wrote into it; otherwise the original.
    pub shown: Bytes,
    /// Its SHA-256 in hexadecimal.
    pub shown_sha256: String,
    /// When the photograph was taken, by the camera's clock.
    pub taken_at: Option<Instant>,
    /// Where it was taken, by the camera.
    pub spot: Option<Spot>,
}

/// Judges a file that somebody hands in: by content, against what is declared, within `cap` bytes.
pub fn admit(bytes: Bytes, given_name: &str, declared: &str, cap: usize) -> Result<Admitted, FileRefusal> {
    let name = given_name.to_owned();
    if bytes.is_empty() {
        return Err(FileRefusal::Empty { name });
    }
    if bytes.len() > cap {
        return Err(FileRefusal::TooLarge { name, size: bytes.len(), cap });
    }
    let kind = kind_of(&bytes, given_name)?;
    agrees(kind, given_name, declared)?;
    let found = kind.mime();
    let mut admitted = Admitted {
        kind,
        name: clean_name(given_name, kind),
        sha256: sha256_of(&bytes),
        shown: bytes.clone(),
        shown_sha256: String::new(),
        taken_at: None,
        spot: None,
        original: bytes,
    };
    if kind.is_picture() {
        let Some(seen) = picture::read(kind, &admitted.original) else {
            return Err(FileRefusal::Damaged { name, found });
        };
        let (width, height) = (seen.width, seen.height);
        if u64::from(width) * u64::from(height) > PIXELS {
            return Err(FileRefusal::TooManyPixels { name, width, height });
        }
        admitted.shown = seen.shown;
        admitted.taken_at = seen.taken_at;
        admitted.spot = seen.spot;
    }
    admitted.shown_sha256 = sha256_of(&admitted.shown);
    Ok(admitted)
}

fn kind_of(bytes: &[u8], name: &str) -> Result<FileType, FileRefusal> {
    let name = name.to_owned();
    if bytes.starts_with(b"PK\x03\x04") {
        let Some(look) = office::look(bytes) else {
            return Err(FileRefusal::NotTaken { name, found: Some("application/zip") });
        };
        if look.macros {
            return Err(FileRefusal::Macros { name });
        }
        if look.unpacked > UNPACKED {
            return Err(FileRefusal::Swells { name, size: look.unpacked });
        }
        return look.kind.ok_or(FileRefusal::NotTaken { name, found: Some("application/zip") });
    }
    let found = infer::get(bytes).map(|t| t.mime_type());
    match found {
        Some("image/jpeg") => Ok(FileType::Jpeg),
        Some("image/png") => Ok(FileType::Png),
        Some("image/webp") => Ok(FileType::Webp),
        Some("application/pdf") => Ok(FileType::Pdf),
        found => Err(FileRefusal::NotTaken { name, found }),
    }
}

/// Compares the content with the declared media type and with the ending of the name.
fn agrees(kind: FileType, name: &str, declared: &str) -> Result<(), FileRefusal> {
    let bare = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mismatch =
        |declared: String| FileRefusal::Mismatch { name: name.to_owned(), declared, found: kind.mime() };
    if !kind.goes_as(&bare) {
        return Err(mismatch(bare));
    }
    let ending = ending(name);
    let says = match ending.as_str() {
        "jpeg" | "jpe" | "jfif" => Some(FileType::Jpeg),
        other => FileType::ALL.into_iter().find(|t| t.extension() == other),
    };
    match says {
        Some(says) if says != kind => Err(mismatch(says.mime().to_owned())),
        _ => Ok(()),
    }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase()).unwrap_or_default()
}

/// A name without folders, control and direction characters and what file systems refuse, with the ending of its type.
pub(super) fn clean_name(given: &str, kind: FileType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    // Direction marks can make "gpj.exe" look like "exe.jpg".
    let marks = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !marks(*c))
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let stem = match kept.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && ending.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            stem
        }
        _ => &kept,
    };
    let stem: String =
        stem.trim_matches(|c: char| c == '.' || c.is_whitespace()).chars().take(NAME - 5).collect();
    let stem = if stem.is_empty() { "file" } else { stem.trim_end() };
    format!("{stem}.{}", kind.extension())
}
