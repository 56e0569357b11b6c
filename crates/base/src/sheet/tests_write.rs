//! Sheets out, and out and in again.

use super::*;
use crate::fault::{Fault, Outcome};
use kernel::money::Decimal;
use kernel::{Day, Instant};
use proptest::prelude::*;
use std::io::{Cursor, Read};

const COLUMNS: [(&str, Format); 6] = [
    ("标题", Format::Text),
    ("数量", Format::Integer),
    ("得分", Format::Decimal(2)),
    ("占比", Format::Percent),
    ("期限", Format::Day),
    ("时间", Format::Moment),
];

fn out(title: Option<&'static str>) -> Out<'static> {
    Out { sheet: "清单", title, columns: COLUMNS.to_vec() }
}

fn row(title: &str) -> Vec<Value<'_>> {
    let day = Day::new(2019, 8, 12).unwrap();
    vec![
        title.into(),
        1234_i64.into(),
        Decimal::parse("87.45").unwrap().into(),
        Decimal::parse("0.125").unwrap().into(),
        day.into(),
        day.at(9, 30).into(),
    ]
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_written_is_read_again() {
    let rows = ["修路", "=1+1", "@SUM(A1)", "-2+3", "'quoted"];
    let bytes = to_xlsx(&out(Some("任务清单（2019年8月）")), rows.iter().map(|t| Ok(row(t)))).unwrap();
    let sheet = read("a.xlsx", &bytes, &Options::default()).unwrap();
    assert!(sheet.formulas.is_empty() && sheet.merged.is_empty());
    let columns: Vec<Column> = COLUMNS
        .iter()
        .map(|(name, _)| Column { key: name, names: std::slice::from_ref(name), required: true })
        .collect();
    let got = sheet
        .table(&columns)
        .unwrap()
        .rows(|line| {
            Some((
                line.text("标题")?,
                line.integer("数量")?,
                line.decimal("得分")?,
                line.decimal("占比")?,
                line.day("期限")?,
                line.moment("时间")?,
            ))
        })
        .unwrap();
    let day = Day::new(2019, 8, 12).unwrap();
    let decimal = |text| Decimal::parse(text).unwrap();
    for (line, title) in got.iter().zip(rows) {
        assert_eq!(*line, (title.to_owned(), 1234, decimal("87.45"), decimal("0.125"), day, day.at(9, 30)));
    }
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>"), "text became a formula");
    assert!(xml.contains("state=\"frozen\""));
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn csv_says_its_encoding_and_disarms_formulas() {
    let texts = ["修路,\"关上\"", "=cmd|' /C calc'!A0", "+1", "-2+3", "@x", "\tx"];
    let bytes = to_csv(&out(Some("不写进CSV")), texts.iter().map(|t| Ok(vec![(*t).into()]))).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert!(text.starts_with('\u{feff}'));
    assert_eq!(lines[0], "标题,数量,得分,占比,期限,时间");
    let want = ["\"修路,\"\"关上\"\"\"", "\"'=cmd|' /C calc'!A0\"", "+1", "\"'-2+3\"", "\"'@x\"", "\"'\tx\""];
    assert_eq!(lines[1..7], want);
    let whole = to_csv(&out(None), std::iter::once(Ok(row("修路")))).unwrap();
    let whole = String::from_utf8(whole).unwrap();
    assert!(whole.ends_with("修路,1234,87.4500,0.1250,2019-08-12,2019-08-12 09:30\r\n"), "{whole}");
}

#[test]
fn odd_names_long_texts_and_faults() {
    let odd = Out {
        sheet: "a/b[c]:*?一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
        title: None,
        columns: vec![("x", Format::Text)],
    };
    let long = "长".repeat(40_000);
    let huge = vec![vec![Value::from(long.as_str())], vec![Value::Integer(i64::MAX)], vec![Value::Empty]];
    let bytes = to_xlsx(&odd, huge.into_iter().map(Ok)).unwrap();
    let sheet = read("a.xlsx", &bytes, &Options::default()).unwrap();
    assert!(sheet.name.starts_with("abc一二三") && sheet.name.chars().count() == 31);
    assert_eq!(sheet.rows[1].cell(0).text().chars().count(), 32_767);
    assert_eq!(sheet.rows[2].cell(0).text(), i64::MAX.to_string());
    let rows = [Ok(vec![Value::Empty]), Err(Fault::broken("away"))];
    assert!(to_xlsx(&out(None), rows.into_iter()).is_err());
}

#[test]
fn columns_are_as_wide_as_chinese_is() {
    let bytes = to_xlsx(&out(None), std::iter::once(Ok(row("官渡区关上街道办事处道路积水整治")))).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    let first = xml.split("<col min=\"1\" max=\"1\" width=\"").nth(1).unwrap();
    let width: f64 = first.split('"').next().unwrap().parse().unwrap();
    assert!((32.0..36.0).contains(&width), "{width}");
}

/// Ten thousand rows of twenty columns; the bound is generous because tests are not optimised.
#[test]
fn ten_thousand_rows_go_out_and_come_in() {
    let names: Vec<String> = (0..20).map(|i| format!("列{i}")).collect();
    let columns =
        names.iter().map(|n| (n.as_str(), if n.ends_with('1') { Format::Integer } else { Format::Text }));
    let wide = Out { sheet: "大表", title: Some("大表"), columns: columns.collect() };
    let made = |r: i64| -> Outcome<Vec<Value<'static>>> {
        Ok((0..20)
            .map(|c| if c % 10 == 1 { Value::Integer(r) } else { format!("第{r}行第{c}列的内容").into() })
            .collect())
    };
    let began = std::time::Instant::now();
    let bytes = to_xlsx(&wide, (0..10_000).map(made)).unwrap();
    let written = began.elapsed();
    let began = std::time::Instant::now();
    let sheet = read("a.xlsx", &bytes, &Options::default()).unwrap();
    let known: Vec<Column> = vec![Column::must("a", &["列1"]), Column::may("b", &["列2"])];
    assert_eq!(sheet.rows.len(), 10_002);
    assert!(sheet.table(&known).is_err());
    eprintln!("written in {written:?}, read in {:?}, {} bytes", began.elapsed(), bytes.len());
    assert!(written.as_secs() < 30 && began.elapsed().as_secs() < 30);
}

proptest! {
    #[test]
    fn any_text_survives_xlsx_and_csv(texts in proptest::collection::vec("[\\PC\n\"]{1,20}", 1..6)) {
        let one = Out { sheet: "s", title: None, columns: vec![("x", Format::Text)] };
        let rows = || texts.iter().map(|t| Ok(vec![Value::from(t.as_str())]));
        let wanted: Vec<String> = texts.iter().map(|t| Cell::of_text(t).text()).filter(|t| !t.is_empty()).collect();
        let sheet = read("a.xlsx", &to_xlsx(&one, rows()).unwrap(), &Options::default()).unwrap();
        let got: Vec<String> = sheet.rows[1..].iter().map(|r| r.cell(0).text()).collect();
        prop_assert_eq!(&got, &wanted);
        let sheet = read("a.csv", &to_csv(&one, rows()).unwrap(), &Options::default()).unwrap();
        let got: Vec<String> = sheet.rows[1..].iter().map(|r| r.cell(0).text()).collect();
        for (got, want) in got.iter().zip(&wanted) {
            // As it was, or behind the one apostrophe that keeps it text.
            let kept = got == want || got.strip_prefix('\'').map(str::trim) == Some(want);
            prop_assert!(kept, "{got:?} for {want:?}");
        }
    }

    #[test]
    fn any_moment_survives(minutes in 1_000_000i64..60_000_000) {
        let at = Instant::from_micros(minutes * 60_000_000);
        let one = Out { sheet: "s", title: None, columns: vec![("x", Format::Moment)] };
        let bytes = to_xlsx(&one, std::iter::once(Ok(vec![Value::Moment(at)]))).unwrap();
        let sheet = read("a.xlsx", &bytes, &Options::default()).unwrap();
        let known = [Column::must("x", &["x"])];
        let got = sheet.table(&known).unwrap().rows(|line| line.moment("x")).unwrap();
        prop_assert_eq!(got, vec![at]);
    }
}
