//! A look into the directory of an Office file (a ZIP), without unpacking anything: what it is, how large it would
//! become, whether it holds a program. Signatures at fixed offsets are not enough: writers order the entries
//! differently.

use super::admit::FileType;

/// Most entries that are read; a document has a few dozen.
const ENTRIES: usize = 20_000;

/// What the directory says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// The Office type; none for any other archive.
    pub(super) kind: Option<FileType>,
    /// Sum of the unpacked sizes in bytes.
    pub(super) unpacked: u64,
    /// Whether a program is inside.
    pub(super) macros: bool,
}

/// Reads the directory; `None` when there is none that can be read.
pub(super) fn look(bytes: &[u8]) -> Option<Look> {
    let end = find_end(bytes)?;
    let count = usize::from(u16_at(bytes, end + 10)?).min(ENTRIES);
    let mut at = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
    let (mut types, mut word, mut sheet, mut macros) = (false, false, false, false);
    let mut unpacked = 0_u64;
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        unpacked = unpacked.saturating_add(u64::from(u32_at(bytes, at + 24)?));
        let name_len = usize::from(u16_at(bytes, at + 28)?);
        let rest = usize::from(u16_at(bytes, at + 30)?) + usize::from(u16_at(bytes, at + 32)?);
        let name = bytes.get(at + 46..at + 46 + name_len)?.to_ascii_lowercase();
        types |= name == b"[content_types].xml";
        word |= name == b"word/document.xml";
        sheet |= name == b"xl/workbook.xml";
        macros |= name.ends_with(b"vbaproject.bin");
        at = at + 46 + name_len + rest;
    }
    let kind = match (types, word, sheet) {
        (true, true, false) => Some(FileType::Docx),
        (true, false, true) => Some(FileType::Xlsx),
        _ => None,
    };
    Some(Look { kind, unpacked, macros })
}

/// The end-of-directory record: 22 bytes and a comment of at most 65,535, searched from behind.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(22)?;
    let first = last.saturating_sub(65_535);
    (first..=last).rev().find(|at| bytes.get(*at..*at + 4) == Some(b"PK\x05\x06"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
