//! Files as they come in: good ones, odd ones and hostile ones.

use super::*;
use kernel::text::Title;
use kernel::{Day, Lang, Refuse};
use proptest::prelude::*;
use std::io::{Cursor, Write};

const COLUMNS: &[Column] = &[
    Column::must("title", &["标题", "Title", "事项名称"]),
    Column::must("due", &["期限", "Due"]),
    Column::may("count", &["数量", "Count"]),
    Column::may("share", &["占比"]),
    Column::may("phone", &["联系电话"]),
    Column::may("open", &["是否公开"]),
];

type Item = (String, Day, Option<i64>);

fn items(sheet: &Sheet) -> Result<Vec<Item>, SheetRefusal> {
    sheet.table(COLUMNS)?.rows(|row| {
        let title = row.parsed("title", |text| Title::parse("title", text));
        let (due, count) = (row.day("due"), row.integer_opt("count"));
        row.decimal_opt("share");
        row.text_opt("phone");
        row.flag("open");
        Some((title?.as_str().to_owned(), due?, count?))
    })
}

fn csv(text: &str) -> Sheet {
    read("表.csv", text.as_bytes(), &Options::default()).unwrap()
}

fn faults(result: Result<Vec<Item>, SheetRefusal>) -> Vec<(String, String, String)> {
    let no = result.unwrap_err();
    let report = no.report().unwrap();
    assert_eq!(report.total, report.faults.len());
    for fault in &report.faults {
        assert!(!fault.reason.zh.is_empty() && !fault.reason.en.is_empty());
        assert!(!fault.next.zh.is_empty() && !fault.next.en.is_empty());
    }
    report.faults.iter().map(|f| (f.cell.clone(), f.code.clone(), f.value.clone())).collect()
}

/// A ZIP of these parts.
pub(super) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELS: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELS: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const STYLES: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

fn workbook(old: bool) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="{old}"/><sheets><sheet name="清单" sheetId="1" r:id="r1"/></sheets></workbook>"#
    )
    .into_bytes()
}

/// A workbook whose sheet has this inside, with more parts.
fn by_hand(sheet: &str, old: bool, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet}</worksheet>"#
    );
    let book = workbook(old);
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend(more);
    zipped(&parts)
}

fn text_cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// `标题` and `期限` in row 1, the given rows below.
fn listed(rows: &str) -> String {
    format!(
        "<sheetData><row r=\"1\">{}{}</row>{rows}</sheetData>",
        text_cell("A1", "标题"),
        text_cell("B1", "期限")
    )
}

fn code(bytes: &[u8]) -> &'static str {
    code_with(bytes, &Options::default())
}

fn code_with(bytes: &[u8], options: &Options<'_>) -> &'static str {
    let no = read("x.xlsx", bytes, options).unwrap_err();
    for lang in [Lang::Zh, Lang::En] {
        assert!(!no.reason(lang).is_empty() && !no.next(lang).is_empty());
    }
    no.code()
}

#[test]
fn dates_and_numbers_are_read_as_people_write_them() {
    let rows = [
        ("2019-08-12", "1,234"),
        ("2019/8/12", "１２３４"),
        ("2019.8.12 09:30", "1234.00"),
        ("2019年8月12日", " 1234 "),
        ("2019年8月12日9时30分", "+1234"),
        ("20190812", "￥1，234"),
        ("43689", "1234"),
        ("2019-08-12T09:30:00", "1234"),
    ];
    for (due, count) in rows {
        let count = count.replace('，', ",");
        let sheet = csv(&format!("标题,期限,数量\n修路,{due},\"{count}\"\n"));
        let got = items(&sheet);
        if due == "43689" {
            // In CSV everything is text: a bare serial number is no date there.
            assert_eq!(faults(got), vec![("B2".into(), "sheet.date".into(), "43689".into())]);
            continue;
        }
        let want = ("修路".to_owned(), Day::new(2019, 8, 12).unwrap(), Some(1234));
        assert_eq!(got.unwrap(), vec![want], "{due} {count}");
    }
    for bad in ["12/8/2019", "19-8-12", "2019-02-30", "明天", "2019-8", "2019-08-12 25:00", "-1-1-1"] {
        let got = items(&csv(&format!("标题,期限\n修路,{bad}\n")));
        assert_eq!(faults(got), vec![("B2".into(), "sheet.date".into(), bad.into())]);
    }
}

#[test]
fn serial_numbers_follow_their_epoch() {
    let rows = |serial: &str| {
        listed(&format!(
            "<row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>{serial}</v></c></row>",
            text_cell("A2", "修路")
        ))
    };
    // Known answers: Excel shows 43689 as 2019-08-12; with the 1904 epoch the same day is 42227.
    for (serial, old, want) in [
        ("43689", false, "2019-08-12"),
        ("42227", true, "2019-08-12"),
        ("43689.75", false, "2019-08-12"),
        ("61", false, "1900-03-01"),
        ("59", false, "1900-02-28"),
    ] {
        let sheet = read("a.xlsx", &by_hand(&rows(serial), old, &[]), &Options::default()).unwrap();
        assert_eq!(items(&sheet).unwrap()[0].1.to_string(), want, "{serial} {old}");
    }
    for never in ["60", "-1", "2958466"] {
        let sheet = read("a.xlsx", &by_hand(&rows(never), false, &[]), &Options::default()).unwrap();
        assert_eq!(faults(items(&sheet))[0].1, "sheet.date");
    }
}

#[test]
fn every_fault_has_its_cell_and_one_fault_takes_nothing() {
    let text = "项目清单,,\n标题*,期限（必填）,数量\n修路,2019-08-12,3\n,2019-8-1,4\n架桥,后天,五\n\n=1+1,2019-08-12,2.5\n";
    let got = faults(items(&csv(text)));
    let want = [
        ("A4", "sheet.blank", ""),
        ("B5", "sheet.date", "后天"),
        ("C5", "sheet.integer", "五"),
        ("C7", "sheet.integer", "2.5"),
    ];
    let got: Vec<(&str, &str, &str)> =
        got.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(got, want);
    let no = items(&csv(text)).unwrap_err();
    assert!(no.reason(Lang::Zh).contains("4处") && no.reason(Lang::En).contains("A4"));
    let long = format!("标题,期限\n{},2019-08-12\n", "长".repeat(4_000));
    assert_eq!(faults(items(&csv(&long)))[0].0, "A2");
}

#[test]
fn headers_are_checked_with_hints() {
    let got = faults(items(&csv("标题,期线,数量,数量,颜色\n修路,2019-08-12,1,2,红\n")));
    let got: Vec<(&str, &str)> = got.iter().map(|(cell, code, _)| (cell.as_str(), code.as_str())).collect();
    assert_eq!(
        got,
        [
            ("B1", "sheet.unknown_column"),
            ("D1", "sheet.column_twice"),
            ("E1", "sheet.unknown_column"),
            ("1:1", "sheet.missing_column")
        ]
    );
    let no = items(&csv("标题,期线\n修路,2019-08-12\n")).unwrap_err();
    assert!(no.report().unwrap().faults[0].next.zh.contains("是否应为“期限”"));
    // English and older headers, blanks and remarks in them.
    let sheet = csv("TITLE, due \n修路,2019-08-12\n");
    assert_eq!(items(&sheet).unwrap().len(), 1);
    let sheet = csv("\"事项\n名称\",期限(年月日)\n修路,2019-08-12\n");
    assert_eq!(items(&sheet).unwrap().len(), 1);
}

#[test]
fn encodings_are_told_apart() {
    let text = "标题,期限\n道路积水整治，关上街道,2019-08-12\n";
    let wide = |big: bool, mark: bool| -> Vec<u8> {
        let head = if mark { "\u{feff}" } else { "" };
        let units = format!("{head}{text}").encode_utf16().collect::<Vec<u16>>();
        units.into_iter().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let chinese = encoding_rs::GB18030.encode(text).0.into_owned();
    let marked = format!("\u{feff}{text}").into_bytes();
    let all = [
        (text.as_bytes().to_vec(), "utf-8"),
        (marked, "utf-8"),
        (chinese, "gb18030"),
        (wide(false, true), "utf-16"),
        (wide(true, true), "utf-16"),
        (wide(false, false), "utf-16"),
        (wide(true, false), "utf-16"),
    ];
    for (bytes, encoding) in all {
        let sheet = read("a.csv", &bytes, &Options::default()).unwrap();
        assert_eq!(sheet.encoding, encoding);
        assert_eq!(items(&sheet).unwrap()[0].0, "道路积水整治，关上街道");
    }
    let big5 = encoding_rs::BIG5
        .encode("標題,期限\n道路積水整治，關上街道辦事處應於期限內完成,2019-08-12\n")
        .0
        .into_owned();
    let latin = encoding_rs::WINDOWS_1252.encode("Résumé,Dürfen,Größe\nàéîõü,ñandú,çaça\n").0.into_owned();
    for bytes in [big5, latin, vec![0xFF, 0xFF, 0xFF], b"a,b\0c\n".to_vec()] {
        assert_eq!(code(&bytes), "sheet.encoding");
    }
}

#[test]
fn separators_quotes_and_line_ends() {
    let rows = |text: &str| -> Vec<(u32, Vec<String>)> {
        let sheet = csv(text);
        sheet.rows.iter().map(|r| (r.number, r.cells.iter().map(|(_, c)| c.text()).collect())).collect()
    };
    let want =
        vec![(1, vec!["a".to_owned(), "b,\"c\"\nd".to_owned()]), (3, vec!["e".to_owned(), "f".to_owned()])];
    assert_eq!(rows("a,\"b,\"\"c\"\"\nd\"\n\ne,f"), want);
    assert_eq!(rows("a,\"b,\"\"c\"\"\nd\"\r\n\r\ne,f\r\n"), want);
    assert_eq!(rows("a\tb\nc\td\n"), rows("a;b\nc;d\n"));
    assert_eq!(rows("sep=;\na;b\n"), vec![(2, vec!["a".to_owned(), "b".to_owned()])]);
    let no = read("a.csv", b"a,b\nc,\"d\ne,f\n", &Options::default()).unwrap_err();
    assert_eq!((no.code(), no.reason(Lang::Zh).contains('2')), ("sheet.open_quote", true));
}

#[test]
fn caps_hold_for_bytes_rows_and_columns() {
    let options = Options { bytes: 100_000, rows: 100, columns: 5, ..Options::default() };
    let rows: String = (0..101).map(|i| format!("{i},x\n")).collect();
    assert_eq!(code_with(rows.as_bytes(), &options), "sheet.too_many_rows");
    assert_eq!(code_with(b"a,b,c,d,e,f\n", &options), "sheet.too_many_columns");
    assert_eq!(code_with(&vec![b'a'; 100_001], &options), "sheet.too_large");
    for empty in [&b""[..], b"\n\n", b" , ,\n", "\u{feff}".as_bytes()] {
        assert_eq!(code(empty), "sheet.empty");
    }
    // Half a million rows are refused without being held.
    let mut big = String::from("<dimension ref=\"A1:B500000\"/><sheetData>");
    for row in 1..=500_000_u32 {
        big.push_str(&format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>"));
    }
    big.push_str("</sheetData>");
    let bytes = by_hand(&big, false, &[]);
    let began = std::time::Instant::now();
    let no = read("big.xlsx", &bytes, &Options::default()).unwrap_err();
    assert_eq!(no.code(), "sheet.too_many_rows");
    assert!(
        no.reason(Lang::Zh).contains("500000") || no.reason(Lang::Zh).contains("499999"),
        "{}",
        no.reason(Lang::Zh)
    );
    assert!(began.elapsed().as_secs() < 20);
    let wide = by_hand("<sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData>", false, &[]);
    assert_eq!(code(&wide), "sheet.too_many_columns");
}

#[test]
fn hostile_workbooks_are_refused_by_name() {
    let plain = listed("");
    assert_eq!(code(&by_hand(&plain, false, &[("xl/vbaProject.bin", b"x")])), "sheet.macros");
    assert_eq!(code(&zipped(&[("a.txt", b"x")])), "sheet.not_a_sheet");
    assert_eq!(code(b"PK\x03\x04 and then nothing of a ZIP"), "sheet.damaged");
    assert_eq!(code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "sheet.old_or_locked");
    let bomb = vec![b' '; 30 << 20];
    let options = Options { unpacked: 10 << 20, ..Options::default() };
    assert_eq!(code_with(&by_hand(&plain, false, &[("xl/media/a.xml", &bomb)]), &options), "sheet.swells");
    // A count of shared strings that would make a reader reserve a quarter of a terabyte.
    let lie = br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount = "9999999999"><si><t>a</t></si></sst>"#;
    assert_eq!(code(&by_hand(&plain, false, &[("xl/sharedStrings.xml", lie)])), "sheet.damaged");
    assert_eq!(
        code(&by_hand(
            "<sheetData><row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>",
            false,
            &[]
        )),
        "sheet.damaged"
    );
    assert_eq!(
        code(&by_hand("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c>", false, &[])),
        "sheet.damaged"
    );
    let no =
        read("a.xlsx", &by_hand(&plain, false, &[]), &Options { sheet: Some("别的"), ..Options::default() });
    assert!(no.unwrap_err().reason(Lang::Zh).contains("清单"));
}

#[test]
fn merged_cells_and_formulas_are_faults_where_data_are() {
    let row = format!(
        "<row r=\"2\">{}<c r=\"B2\" s=\"1\"><f>TODAY()</f><v>43689</v></c></row>",
        text_cell("A2", "修路")
    );
    let sheet = format!("{}<mergeCells count=\"1\"><mergeCell ref=\"A2:A5\"/></mergeCells>", listed(&row));
    let bytes = by_hand(&sheet, false, &[]);
    let strict = read("a.xlsx", &bytes, &Options::default()).unwrap();
    let got = faults(items(&strict));
    assert_eq!((got[0].0.as_str(), got[0].1.as_str()), ("A2:A5", "sheet.merged"));
    assert_eq!((got[1].0.as_str(), got[1].1.as_str()), ("B2", "sheet.formula"));
    // A merged title above the headers harms nobody, and formulas may be asked for.
    let title = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"2\">{}{}</row><row r=\"3\">{}<c r=\"B3\" s=\"1\"><f>TODAY()</f><v>43689</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:F1\"/></mergeCells>",
        text_cell("A1", "任务清单"),
        text_cell("A2", "标题"),
        text_cell("B2", "期限"),
        text_cell("A3", "修路")
    );
    let options = Options { formulas: true, ..Options::default() };
    let mild = read("a.xlsx", &by_hand(&title, false, &[]), &options).unwrap();
    assert_eq!(items(&mild).unwrap().len(), 1);
}

#[test]
fn lost_digits_and_error_cells_are_told() {
    let columns = format!(
        "<sheetData><row r=\"1\">{}{}{}</row><row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>43689</v></c><c r=\"C2\"><v>530111201901010011</v></c></row><row r=\"3\"><c r=\"A3\" t=\"e\"><v>#REF!</v></c><c r=\"B3\" s=\"1\"><v>43689</v></c><c r=\"C3\"><v>13800000000</v></c></row></sheetData>",
        text_cell("A1", "标题"),
        text_cell("B1", "期限"),
        text_cell("C1", "联系电话"),
        text_cell("A2", "修路")
    );
    let sheet = read("a.xlsx", &by_hand(&columns, false, &[]), &Options::default()).unwrap();
    let got = faults(items(&sheet));
    assert_eq!((got[0].0.as_str(), got[0].1.as_str()), ("C2", "sheet.lost_digits"));
    assert_eq!(
        (got[1].0.as_str(), got[1].1.as_str(), got[1].2.as_str()),
        ("A3", "sheet.error_cell", "#REF!")
    );
    assert_eq!(sheet.rows[2].cell(2).text(), "13800000000");
}

#[test]
fn addresses_are_those_of_spreadsheets() {
    for (row, column, want) in [
        (0, 0, "A1"),
        (6, 25, "Z7"),
        (0, 26, "AA1"),
        (0, 701, "ZZ1"),
        (0, 702, "AAA1"),
        (1_048_575, 16_383, "XFD1048576"),
    ] {
        assert_eq!(address(row, column), want);
    }
}

proptest! {
    #[test]
    fn csv_takes_anything_without_falling_over(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let options = Options { rows: 50, ..Options::default() };
        if let Ok(sheet) = read("x.csv", &bytes, &options) {
            let _refused_or_not = items(&sheet);
        }
    }

    #[test]
    fn a_workbook_with_changed_bytes_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let row = format!("<row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>43689</v></c></row>", text_cell("A2", "修路"));
        let mut bytes = by_hand(&listed(&row), false, &[]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(sheet) = read("x.xlsx", &bytes, &Options::default()) {
            let _refused_or_not = items(&sheet);
        }
    }

    #[test]
    fn a_sheet_with_changed_text_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/=\"a-z0-9&;]{0,3}"), 1..6),
    ) {
        let row = format!("<row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>43689</v></c></row>", text_cell("A2", "road"));
        let mut text = listed(&row);
        for (at, piece) in changes {
            let mut at = at.index(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.insert_str(at, &piece);
        }
        if let Ok(sheet) = read("x.xlsx", &by_hand(&text, false, &[]), &Options::default()) {
            let _refused_or_not = items(&sheet);
        }
    }
}
