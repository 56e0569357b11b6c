use super::*;
use crate::testdb::{D, both, start};
use kernel::text::Lang;
use kernel::{Day, FileId, PostCode, Refuse};
use uuid::Uuid;

const CAP: usize = 1_000_000;

fn seg(marker: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len() + 2).unwrap();
    [&[0xff, marker][..], &len.to_be_bytes(), body].concat()
}

/// One big-endian IFD entry.
fn entry(tag: u16, kind: u16, count: u32, value: u32) -> Vec<u8> {
    [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
}

/// EXIF with orientation 6, a time with offset, and 25°01′30″N 102°45′36″E.
fn exif_block() -> Vec<u8> {
    let mut t = b"MM\0*\0\0\0\x08".to_vec();
    t.extend(3_u16.to_be_bytes());
    t.extend(entry(0x0112, 3, 1, 6 << 16));
    t.extend(entry(0x8769, 4, 1, 50));
    t.extend(entry(0x8825, 4, 1, 110));
    t.extend([0; 4]);
    assert_eq!(t.len(), 50);
    t.extend(2_u16.to_be_bytes());
    t.extend(entry(0x9003, 2, 20, 80));
    t.extend(entry(0x9011, 2, 7, 100));
    t.extend([0; 4]);
    t.extend(b"2019:08:12 09:58:30\0+08:00\0\0\0\0");
    assert_eq!(t.len(), 110);
    t.extend(4_u16.to_be_bytes());
    t.extend(entry(1, 2, 2, u32::from_be_bytes(*b"N\0\0\0")));
    t.extend(entry(2, 5, 3, 164));
    t.extend(entry(3, 2, 2, u32::from_be_bytes(*b"E\0\0\0")));
    t.extend(entry(4, 5, 3, 188));
    t.extend([0; 4]);
    assert_eq!(t.len(), 164);
    for n in [25_u32, 1, 1, 1, 30, 1, 102, 1, 45, 1, 36, 1] {
        t.extend(n.to_be_bytes());
    }
    [b"Exif\0\0".as_slice(), &t].concat()
}

/// A JPEG skeleton of `width` × 8 with everything that a phone hangs on.
fn photo(width: u16) -> Bytes {
    let mut out = vec![0xff, 0xd8];
    out.extend(seg(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    out.extend(seg(0xe1, &exif_block()));
    out.extend(seg(0xe1, b"http://ns.adobe.com/xap/1.0/\0<secret/>"));
    out.extend(seg(0xe2, b"ICC_PROFILE\0\x01\x01colours"));
    out.extend(seg(0xe2, b"MPF\0secret"));
    out.extend(seg(0xed, b"Photoshop 3.0\0secret"));
    out.extend(seg(0xfe, b"secret comment"));
    let [w1, w2] = width.to_be_bytes();
    out.extend(seg(0xc2, &[8, 0, 8, w1, w2, 1, 1, 0x11, 0]));
    out.extend(seg(0xda, b"\x01\x01\0\0?\0"));
    out.extend(b"pix\xff\x00els\xff\xd0more");
    // A second scan, as progressive pictures have, with a table in between that contains what looks like an end.
    out.extend(seg(0xc4, b"\x00tab\xff\xd9le"));
    out.extend(seg(0xda, b"\x01\x01\0\0?\0"));
    out.extend(b"scan two\xff\xd9");
    out.extend(b"secret film behind the picture");
    out.into()
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|w| w == what)
}

/// A ZIP directory that claims `sizes` for its entries; no content is ever unpacked.
fn archive(entries: &[(&str, u32)]) -> Bytes {
    let mut out = b"PK\x03\x04local part".to_vec();
    let start = u32::try_from(out.len()).unwrap();
    for (name, size) in entries {
        let mut e = b"PK\x01\x02".to_vec();
        e.resize(46, 0);
        e[24..28].copy_from_slice(&size.to_le_bytes());
        e[28..30].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        e.extend(name.as_bytes());
        out.extend(e);
    }
    let mut end = b"PK\x05\x06".to_vec();
    end.resize(22, 0);
    end[10..12].copy_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
    end[16..20].copy_from_slice(&start.to_le_bytes());
    out.extend(end);
    out.into()
}

fn refused(bytes: impl Into<Bytes>, name: &str, declared: &str) -> FileRefusal {
    admit(bytes.into(), name, declared, CAP).unwrap_err()
}

#[test]
fn a_photograph_keeps_its_proof_and_is_shown_without_it() {
    let given = photo(640);
    let a = admit(given.clone(), "现场.JPEG", "image/jpeg", CAP).unwrap();
    assert_eq!(a.original, given, "the original is untouched");
    assert_eq!(a.name, "现场.jpg");
    assert_eq!(a.taken_at, Some(Day::new(2019, 8, 12).unwrap().at(9, 58).plus_seconds(30)));
    let spot = a.spot.unwrap();
    assert!((spot.lat - 25.025).abs() < 1e-9 && (spot.lon - 102.76).abs() < 1e-9, "{spot:?}");

    assert_ne!(a.sha256, a.shown_sha256);
    assert!(contains(&given, b"secret") && !contains(&a.shown, b"secret"));
    assert!(contains(&a.shown, b"ICC_PROFILE") && contains(&a.shown, b"scan two"));
    let again = admit(a.shown.clone(), "x.jpg", "image/jpeg", CAP).unwrap();
    assert_eq!((again.spot, again.taken_at), (None, None));
    assert_eq!(again.shown, a.shown, "nothing is left to remove, the turn is kept");
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&a.shown)).unwrap();
    assert_eq!(exif.fields().len(), 1);
    assert_eq!(exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap().value.get_uint(0), Some(6));
}

#[test]
fn other_pictures_lose_their_texts() {
    use img_parts::png::{Png, PngChunk};
    use img_parts::riff::{RiffChunk, RiffContent};
    let png_start = b"\x89PNG\r\n\x1a\n";
    let chunk = |kind: &[u8; 4], body: &[u8]| PngChunk::new(*kind, body.to_vec().into());
    let mut out = png_start.to_vec();
    out.extend(chunk(b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 3, 8, 2, 0, 0, 0]).encoder().bytes());
    out.extend(chunk(b"tEXt", b"Location\0secret").encoder().bytes());
    out.extend(chunk(b"IDAT", b"pixels").encoder().bytes());
    out.extend(chunk(b"IEND", b"").encoder().bytes());
    let a = admit(out.clone().into(), "截图.png", "", CAP).unwrap();
    assert!(!contains(&a.shown, b"secret") && contains(&a.shown, b"pixels"));
    assert!(Png::from_bytes(a.shown.to_vec().into()).is_ok());
    assert_eq!(refused(out[..30].to_vec(), "截图.png", "").code(), "file.damaged");

    let data = |id: &[u8; 4], body: &[u8]| RiffChunk::new(*id, RiffContent::Data(body.to_vec().into()));
    let list = vec![
        data(b"VP8X", &[0x0c, 0, 0, 0, 9, 0, 0, 4, 0, 0]),
        data(b"VP8L", &[0x2f, 9, 0, 1, 0]),
        data(b"EXIF", b"secret"),
        data(b"XMP ", b"secret"),
    ];
    let webp = RiffChunk::new(*b"RIFF", RiffContent::List { kind: Some(*b"WEBP"), subchunks: list });
    let a = admit(webp.encoder().bytes().to_vec().into(), "x.webp", "image/webp", CAP).unwrap();
    assert!(!contains(&a.shown, b"secret") && contains(&a.shown, b"VP8L"));
}

#[test]
fn what_is_not_taken_is_named() {
    assert_eq!(refused(Bytes::new(), "a.jpg", "image/jpeg").code(), "file.empty");
    let large = admit(photo(640), "a.jpg", "image/jpeg", 10).unwrap_err();
    assert!(large.reason(Lang::Zh).contains("0.0 MB"), "{}", large.reason(Lang::Zh));
    let others: [(&[u8], &str); 7] = [
        (b"MZ\x90\0program", "setup.jpg"),
        (b"\x7fELF\x02\x01\x01\0", "photo.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "x.svg"),
        (b"<?xml version='1.0'?><svg/>", "x.svg"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "x.pdf"),
        (b"#!/bin/sh\nrm -r /", "x.pdf"),
        (b"plain words", "x.txt"),
    ];
    for (bytes, name) in others {
        assert_eq!(refused(bytes.to_vec(), name, "").code(), "file.type_not_taken", "{name}");
    }
    let swapped = refused(photo(640), "会议纪要.pdf", "image/jpeg");
    assert_eq!(swapped.code(), "file.type_mismatch");
    let text = swapped.reason(Lang::Zh);
    assert!(text.contains("application/pdf") && text.contains("image/jpeg"), "{text}");
    assert_eq!(refused(b"%PDF-1.7 x".as_slice(), "a", "image/png").code(), "file.type_mismatch");
    assert_eq!(refused(photo(640)[..60].to_vec(), "a.jpg", "").code(), "file.damaged");
    for refusal in [swapped, refused(Bytes::new(), "a", "")] {
        assert!(!refusal.next(Lang::En).is_empty() && !refusal.next(Lang::Zh).is_empty());
    }
}

#[test]
fn bombs_are_seen_from_their_headers() {
    let mut huge = photo(60_000).to_vec();
    let sof = huge.windows(2).position(|w| w == [0xff, 0xc2]).unwrap();
    huge[sof + 5] = 0xff;
    let no = refused(huge, "a.jpg", "image/jpeg");
    assert!(matches!(no, FileRefusal::TooManyPixels { width: 60_000, .. }), "{no:?}");

    let doc = [("[Content_Types].xml", 10), ("word/document.xml", 1000)];
    let a = admit(archive(&doc), "报告.docx", "application/octet-stream", CAP).unwrap();
    assert_eq!((a.kind, a.shown_sha256 == a.sha256), (FileType::Docx, true));
    let table = [("xl/workbook.xml", 1), ("_rels/.rels", 1), ("[Content_Types].xml", 10)];
    assert_eq!(admit(archive(&table), "表.xlsx", "application/zip", CAP).unwrap().kind, FileType::Xlsx);
    assert_eq!(refused(archive(&table), "表.docx", "").code(), "file.type_mismatch");
    let swollen = [("[Content_Types].xml", 10), ("word/document.xml", 4_000_000_000)];
    assert_eq!(refused(archive(&swollen), "a.docx", "").code(), "file.swells");
    let program = [("[Content_Types].xml", 1), ("word/document.xml", 1), ("word/vbaProject.bin", 1)];
    assert_eq!(refused(archive(&program), "a.docx", "").code(), "file.macros");
    assert_eq!(refused(archive(&[("a.txt", 1)]), "a.zip", "").code(), "file.type_not_taken");
    assert_eq!(refused(b"PK\x03\x04".as_slice(), "a.docx", "").code(), "file.type_not_taken");
}

#[test]
fn names_are_cleaned() {
    let clean = |name: &str| admit::clean_name(name, FileType::Jpeg);
    assert_eq!(clean("C:\\Users\\lin\\现场 照片.JPG"), "现场 照片.jpg");
    assert_eq!(clean("../../etc/passwd"), "passwd.jpg");
    assert_eq!(clean("a\u{202e}gpj.exe"), "agpj.jpg");
    assert_eq!(clean("..."), "file.jpg");
    assert_eq!(clean("第1.5期说明"), "第1.5期说明.jpg");
    assert_eq!(clean("a<b>:\"c|?*\0.png"), "a_b___c___.jpg");
    assert!(clean(&"长".repeat(500)).chars().count() <= 120);
}

#[test]
fn stored_files_are_proved_and_orphans_are_swept() {
    both("files_store", async |db| {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::folder(dir.path())?;
        let kept = admit(photo(640), "a.jpg", "image/jpeg", CAP).unwrap();
        let orphan = admit(photo(320), "b.jpg", "image/jpeg", CAP).unwrap();
        files.put(D, &kept).await?;
        files.put(D, &kept).await?;
        files.put(D, &orphan).await?;
        let id = FileId::new(Uuid::from_u128(7));
        let row = kept.clone();
        db.write(move |tx| insert(tx, D, id, &row, &PostCode::parse("post", "fgj.chief").unwrap(), start()))
            .await?;
        let row = db.read(move |tx| load(tx, D, id)).await?.expect("stored");
        assert_eq!(
            (row.spot, row.taken_at, row.size),
            (kept.spot, kept.taken_at, u64::try_from(kept.original.len()).unwrap())
        );
        assert_eq!(db.read(|tx| page(tx, D, None, 10)).await?, std::slice::from_ref(&row));
        assert!(db.read(move |tx| page(tx, D, Some(id), 10)).await?.is_empty());

        assert_eq!(files.get(D, &row.shown_sha256).await?, kept.shown);
        assert_eq!(files.verify(D, &row.sha256).await?, Check::Good);
        // Young files are left alone; old ones without a row go, both copies.
        assert_eq!(files.sweep(&db, D, Instant::from_micros(0)).await?, 0);
        assert_eq!(files.sweep(&db, D, Instant::from_micros(i64::MAX)).await?, 2);
        assert_eq!(files.verify(D, &orphan.sha256).await?, Check::Missing);
        assert_eq!(files.verify(D, &row.shown_sha256).await?, Check::Good);
        let path = dir.path().join(format!("evidence/{D}/{}/{}", &row.sha256[..2], row.sha256));
        std::fs::write(path, b"changed").unwrap();
        assert!(matches!(files.verify(D, &row.sha256).await?, Check::Differs { .. }));
        assert!(files.get(D, "absent").await.is_err());
        Ok(())
    });
}
