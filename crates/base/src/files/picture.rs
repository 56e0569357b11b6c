//! Pictures: size from the header, place and time from what the camera wrote, and the copy without it.
//!
//! Nothing is decoded: a picture that unpacks to gigabytes costs us nothing. The copy keeps what is needed to show the
//! picture right (colour profile, orientation) and drops every other word of camera, editor and phone, including what
//! some phones hang behind the picture's end.

use super::admit::FileType;
use bytes::Bytes;
use exif::{Exif, In, Rational, Tag, Value};
use img_parts::png::Png;
use img_parts::webp::WebP;
use img_parts::{Bytes as PartBytes, ImageEXIF};
use kernel::{Day, Instant};
use std::io::Cursor;

/// A place on the earth, WGS 84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// What a picture tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) shown: Bytes,
    pub(super) taken_at: Option<Instant>,
    pub(super) spot: Option<Spot>,
}

/// Reads a picture; `None` when its structure is broken.
pub(super) fn read(kind: FileType, bytes: &Bytes) -> Option<Seen> {
    let exif = exif::Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(bytes.as_ref()))
        .or_else(|e| e.distill_partial_result(|_| {}))
        .ok();
    let ((width, height), shown) = match kind {
        FileType::Jpeg => jpeg(bytes, exif.as_ref().map_or(1, orientation))?,
        FileType::Png => png(bytes)?,
        FileType::Webp => webp(bytes)?,
        FileType::Pdf | FileType::Docx | FileType::Xlsx => return None,
    };
    Some(Seen {
        width,
        height,
        // Nothing to remove: one file serves as both.
        shown: if shown == *bytes { bytes.clone() } else { shown },
        taken_at: exif.as_ref().and_then(taken_at),
        spot: exif.as_ref().and_then(spot),
    })
}

fn orientation(exif: &Exif) -> u16 {
    let found = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|f| f.value.get_uint(0));
    found.and_then(|n| u16::try_from(n).ok()).filter(|n| (1..=8).contains(n)).unwrap_or(1)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}

/// The camera's time; without an offset it is taken as the district's.
fn taken_at(exif: &Exif) -> Option<Instant> {
    let text = ascii(exif, Tag::DateTimeOriginal).or_else(|| ascii(exif, Tag::DateTime))?;
    let mut t = exif::DateTime::from_ascii(text).ok()?;
    if let Some(offset) = ascii(exif, Tag::OffsetTimeOriginal) {
        // Absent, blank or malformed: the district's.
        let _offset = t.parse_offset(offset);
    }
    let day = Day::new(i16::try_from(t.year).ok()?, i8::try_from(t.month).ok()?, i8::try_from(t.day).ok()?)?;
    if t.hour > 23 || t.minute > 59 {
        return None;
    }
    let local = day.at(t.hour, t.minute).plus_seconds(i64::from(t.second));
    let shift = t.offset.map_or(0, |minutes| 8 * 60 - i64::from(minutes));
    Some(local.plus_seconds(shift * 60))
}

fn spot(exif: &Exif) -> Option<Spot> {
    let degrees = |tag, of, limit: f64, minus: u8| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let value = |r: &Rational| if r.denom == 0 { f64::NAN } else { r.to_f64() };
        let parts: Vec<f64> = parts.iter().map(value).collect();
        let [d, m, s] = parts.as_slice() else { return None };
        let size = d + m / 60.0 + s / 3600.0;
        let signed = if ascii(exif, of)?.first() == Some(&minus) { -size } else { size };
        (signed.is_finite() && signed.abs() <= limit).then_some(signed)
    };
    let lat = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, 90.0, b'S')?;
    let lon = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, 180.0, b'W')?;
    // Cameras without a fix write zeros.
    (lat != 0.0 || lon != 0.0).then_some(Spot { lat, lon })
}

/// A tiny EXIF block that says only how the picture is to be turned.
fn orientation_block(orientation: u16) -> Vec<u8> {
    let mut out = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    out.extend(orientation.to_be_bytes());
    out.extend([0; 6]);
    out
}

const SOS: u8 = 0xda;
const EOI: u8 = 0xd9;

/// Walks the segments of a JPEG and copies what a picture needs.
fn jpeg(bytes: &[u8], orientation: u16) -> Option<((u32, u32), Bytes)> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..2)?);
    let mut at = 2;
    let mut size = None;
    let mut turned = orientation == 1;
    loop {
        let marker = match next_marker(bytes, &mut at) {
            Some(marker) => marker,
            // Some cameras leave out the end; everything shown is there once a scan has begun.
            None if size.is_some() && out.len() > 4 => EOI,
            None => return None,
        };
        if marker == EOI {
            out.extend([0xff, EOI]);
            return Some((size?, out.into()));
        }
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            continue;
        }
        let len = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let body = bytes.get(at..at + len)?;
        at += len;
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let side = |i: usize| Some(u32::from(u16::from_be_bytes(body.get(i..i + 2)?.try_into().ok()?)));
            size = Some((side(5)?, side(3)?));
        }
        if !turned && marker != 0xe0 {
            out.extend(orientation_block(orientation));
            turned = true;
        }
        if is_kept(marker, body) {
            out.extend([0xff, marker]);
            out.extend(body);
        }
        if marker == SOS {
            let end = scan_end(bytes, at);
            out.extend(bytes.get(at..end)?);
            at = end;
        }
    }
}

/// JFIF, colour profile, Adobe's colour transform and everything that is not an APP or comment segment.
fn is_kept(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 | 0xee => true,
        0xe2 => body.get(2..).is_some_and(|b| b.starts_with(b"ICC_PROFILE\0")),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    if *bytes.get(*at)? != 0xff {
        return None;
    }
    while *bytes.get(*at)? == 0xff {
        *at += 1;
    }
    let marker = *bytes.get(*at)?;
    *at += 1;
    Some(marker)
}

/// Where the coded data of a scan end: at the next marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let stop =
        rest.windows(2).position(|pair| matches!(pair, [0xff, m] if !matches!(m, 0 | 0xff | 0xd0..=0xd7)));
    stop.map_or(bytes.len(), |i| from + i)
}

/// Chunks that a PNG needs to be shown, animation included.
const PNG_KEPT: [&[u8; 4]; 14] = [
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &Bytes) -> Option<((u32, u32), Bytes)> {
    let mut png = Png::from_bytes(PartBytes::copy_from_slice(bytes)).ok()?;
    let size = png.dimensions()?;
    png.chunks_mut().retain(|chunk| PNG_KEPT.iter().any(|kept| **kept == chunk.kind()));
    let end = png.chunks().iter().position(|chunk| chunk.kind() == *b"IEND")?;
    png.chunks_mut().truncate(end + 1);
    Some((size, png.encoder().bytes()))
}

/// Chunks that a WebP needs to be shown, animation included.
const WEBP_KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

fn webp(bytes: &Bytes) -> Option<((u32, u32), Bytes)> {
    let mut webp = WebP::from_bytes(PartBytes::copy_from_slice(bytes)).ok()?;
    let size = webp.dimensions()?;
    let had = webp.chunks().len();
    webp.chunks_mut().retain(|chunk| WEBP_KEPT.iter().any(|kept| **kept == chunk.id()));
    if webp.chunks().len() < had {
        // Also corrects the flags that announce the removed chunks.
        webp.set_exif(None);
    }
    Some((size, webp.encoder().bytes()))
}
