//! Tables of unknown origin.

use super::LearnRefusal;
use super::table::{Table, moment, samples};
use kernel::{Day, Lang, Refuse};

fn fault(bytes: &[u8]) -> LearnRefusal {
    samples(bytes).unwrap_err()
}

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn encodings_are_told_apart() {
    let text = "label,text\n照明,路灯不亮\n水,河水发臭\n";
    let plain = samples(text.as_bytes()).unwrap();
    assert_eq!(plain[1].text, "河水发臭");
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    assert_eq!(samples(&marked).unwrap(), plain);
    assert_eq!(samples(&gb(text)).unwrap(), plain);
    let wide: Vec<u8> =
        [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(samples(&wide).unwrap(), plain);
}

#[test]
fn damage_is_named_with_its_line() {
    let mut damaged = "label,text\n照明,路灯不亮了\n水,河水".as_bytes().to_vec();
    damaged.extend([0xE6, 0xFF, b'\n']);
    assert_eq!(fault(&damaged), LearnRefusal::Encoding { line: 3 });
    // A UTF-8 mark promises UTF-8: no guessing.
    let mixed = [b"\xEF\xBB\xBFlabel,text\n".as_slice(), &gb("照明,路灯\n")].concat();
    assert_eq!(fault(&mixed), LearnRefusal::Encoding { line: 2 });
    assert_eq!(fault(b"label,text\n\xFF\xFF,\x81\n"), LearnRefusal::Encoding { line: 2 });
}

#[test]
fn quotation_line_breaks_and_order_of_columns() {
    let text =
        "source,TEXT ,Label\r\nexample,\"第一行\n第二行,还有\"\"引号\"\"\",照明\r\n\r\nexample,路灯,照明";
    let rows = samples(text.as_bytes()).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].text, "第一行\n第二行,还有\"引号\"");
    let titled = "留言主题,留言详情,一级标签,留言时间\n路灯,晚上不亮,城乡建设,2019/8/12 9:58\n";
    let rows = samples(titled.as_bytes()).unwrap();
    assert_eq!(rows[0].text, "路灯\n晚上不亮");
    assert_eq!(rows[0].when, Day::new(2019, 8, 12));
    assert_eq!(samples("text\tlabel\n一,二\t三\n".as_bytes()).unwrap()[0].text, "一,二");
}

#[test]
fn faults_have_lines_and_words() {
    let cases: [(&str, LearnRefusal); 8] = [
        ("", LearnRefusal::EmptyTable),
        ("text,label\n", LearnRefusal::EmptyTable),
        ("text,label\n一,二,三\n", LearnRefusal::Ragged { line: 2, wanted: 2, found: 3 }),
        ("text,label\n\"一\n一\",二\n三\n", LearnRefusal::Ragged { line: 4, wanted: 2, found: 1 }),
        ("text,label\n\"一,二\n", LearnRefusal::OpenQuote { line: 2 }),
        ("text,label\n一,\n", LearnRefusal::EmptyCell { line: 2, name: "label".to_owned() }),
        ("text,label\n \t,二\n", LearnRefusal::EmptyCell { line: 2, name: "text".to_owned() }),
        ("text,text,label\n一,一,二\n", LearnRefusal::TwiceColumn { name: "text".to_owned() }),
    ];
    for (text, want) in cases {
        let got = fault(text.as_bytes());
        assert_eq!(got, want, "{text:?}");
        for lang in [Lang::Zh, Lang::En] {
            assert!(!got.reason(lang).is_empty() && !got.next(lang).is_empty());
        }
    }
    let absent = fault("content_x,label\n一,二\n".as_bytes());
    assert!(absent.reason(Lang::En).contains("content_x"), "{}", absent.reason(Lang::En));
}

#[test]
fn times_as_hotlines_write_them() {
    let noon = Day::new(2019, 8, 12).map(|d| d.at(12, 5));
    for given in ["2019-08-12 12:05", "2019/8/12 12:05", "2019年8月12日 12:05", "2019-08-12T12:05:00+08:00"]
    {
        assert_eq!(moment(given), noon, "{given}");
    }
    assert_eq!(moment("2019.8.12"), Day::new(2019, 8, 12).map(Day::start));
    for given in ["", "昨天", "2019-13-01", "2019-02-30", "12/8/2019", "2019-08-12 25:00", "2019-08", "43689"]
    {
        assert_eq!(moment(given), None, "{given}");
    }
}

#[test]
fn no_bytes_make_it_fail_badly() {
    // Any cut and any changed byte of a table gives rows or a named refusal.
    let text = "label,text\n照明,\"路灯\n不亮\"\n水,河水发臭\n".as_bytes();
    for cut in 0..text.len() {
        let _ = Table::parse(&text[..cut]);
        let mut changed = text.to_vec();
        changed[cut] ^= 0xA5;
        let _ = samples(&changed);
    }
}
