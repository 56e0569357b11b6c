//! Files that hold keys: 64 hexadecimal digits, readable by their owner only, never written over.

use std::path::Path;

/// A key of 32 bytes from its 64 hexadecimal digits; none when it is anything else.
///
/// ```
/// assert_eq!(base::keyfile::parse(&"0a".repeat(32)), Some([10; 32]));
/// assert_eq!(base::keyfile::parse("0a"), None);
/// ```
pub fn parse(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut out = [0_u8; 32];
    for (byte, pair) in out.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

/// Writes a new file that only its owner may read, and flushes it.
///
/// # Errors
/// When the file exists already, because it may hold the only copy of a key; or when the disk refuses.
#[cfg(unix)]
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes the file; the rights are those of the folder.
///
/// # Errors
/// When the disk refuses.
#[cfg(not(unix))]
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
