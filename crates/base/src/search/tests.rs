//! Known answers on both databases; properties of folding and cutting.

use super::token::{Space, Token, fold, tokens};
use super::*;
use crate::db::{Db, Tx};
use crate::testdb::{D, both, start};
use proptest::prelude::*;
use std::collections::BTreeSet;

const TEXTS: [(&str, &str); 6] = [
    ("a", "小区道路积水严重，车辆无法通行"),
    ("b", "积水已经退去，道路恢复通行"),
    ("c", "Ａ１２号楼３单元水管漏水，请联系13800000000"),
    ("d", "垃圾清运不及时 WiFi 信号差"),
    ("e", "道路积水"),
    ("f", "“引号” OR NEAR(水) * ^ \" ' 百分号% 下划线_"),
];

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

fn text_of(_: &mut Tx<'_>, ids: &[String]) -> Outcome<Vec<(String, String)>> {
    let known = TEXTS.iter().filter(|(id, _)| ids.iter().any(|i| i == id));
    Ok(known.map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect())
}

async fn ids(db: &Db, text: &str, before: Option<Cursor>, limit: u32) -> (Vec<String>, Option<Cursor>) {
    let query = query(text);
    db.read(move |tx| {
        let found = find_checked(tx, D, "case", &query, before.as_ref(), limit, &mut text_of)?;
        Ok((found.hits.into_iter().map(|hit| hit.id).collect(), found.next))
    })
    .await
    .unwrap()
}

async fn put_all(db: &Db) {
    db.write(|tx| {
        for (at, (id, text)) in (0..).zip(TEXTS) {
            put(tx, D, "case", id, start().plus_seconds(at), text)?;
        }
        put(tx, D, "duty", "x", start(), "道路积水")
    })
    .await
    .unwrap();
}

async fn flush_some(db: &Db, limit: u32) -> Flushed {
    db.write(move |tx| flush(tx, D, limit)).await.unwrap()
}

const KNOWN: [(&str, &str); 16] = [
    ("道路积水", "ea"),
    ("积水 道路", "eba"),
    ("水", "fecba"),
    ("道", "eba"),
    ("漏水", "c"),
    ("a12", "c"),
    ("ａ１２号楼", "c"),
    ("12号楼", ""),
    ("3单元", "c"),
    ("13800000000", "c"),
    ("wifi", "d"),
    ("WIFI信号", "d"),
    ("路积", "ea"),
    ("水道", ""),
    ("没有的话", ""),
    ("\"道路\" OR *积水*", ""),
];

#[test]
fn known_queries_have_known_answers_before_while_and_after_flushing() {
    both("search_known", async |db| {
        put_all(&db).await;
        for limit in [0, 3, 100] {
            let flushed = flush_some(&db, limit).await;
            assert!(flushed.taken <= 7 && flushed.indexed == flushed.taken);
            for (text, want) in KNOWN {
                let (got, next) = ids(&db, text, None, 50).await;
                assert_eq!(got.concat(), want, "{text} after {limit}");
                assert_eq!(next, None);
            }
        }
        assert_eq!(db.read(|tx| waiting(tx, D, 10)).await?, 0);
        // The tenant next door and the other kind see nothing of it.
        let query = query("道路积水");
        let elsewhere = db
            .read(move |tx| {
                let other = kernel::DistrictCode::parse("district", "530112").unwrap();
                let none = find(tx, other, "case", &query, None, 9)?.hits.len();
                Ok((none, find(tx, D, "duty", &query, None, 9)?.hits.len()))
            })
            .await?;
        assert_eq!(elsewhere, (0, 1));
        Ok(())
    });
}

#[test]
fn the_index_alone_cannot_tell_neighbours_and_the_check_can() {
    both("search_check", async |db| {
        put_all(&db).await;
        db.write(|tx| put(tx, D, "case", "g", start(), "道路，路积，积水")).await?;
        flush_some(&db, 100).await;
        let query = query("道路积水");
        assert!(query.needs_check());
        let loose = db.read(move |tx| find(tx, D, "case", &query, None, 9)).await?;
        let loose: Vec<String> = loose.hits.into_iter().map(|hit| hit.id).collect();
        assert_eq!(loose.concat(), "ega".chars().filter(|c| loose.concat().contains(*c)).collect::<String>());
        assert!(loose.contains(&"g".to_owned()));
        assert_eq!(ids(&db, "道路积水", None, 9).await.0.concat(), "ea");
        Ok(())
    });
}

#[test]
fn pages_follow_one_another_without_gap_or_repetition_while_the_queue_empties() {
    both("search_pages", async |db| {
        db.write(|tx| {
            for i in 0..40_i64 {
                put(tx, D, "case", &format!("{i:02}"), start().plus_seconds(i / 3), "噪音扰民")?;
            }
            Ok(())
        })
        .await?;
        flush_some(&db, 15).await;
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let text = query("噪音");
            let at = before.clone();
            let found = db.read(move |tx| find(tx, D, "case", &text, at.as_ref(), 7)).await?;
            all.extend(found.hits.iter().map(|hit| hit.id.clone()));
            before = found.next;
            if before.is_none() {
                break;
            }
            let told = before.as_ref().unwrap().to_string();
            assert_eq!(told.parse::<Cursor>().unwrap(), before.clone().unwrap());
            flush_some(&db, 9).await;
        }
        let want: Vec<String> = (0..40).rev().map(|i| format!("{i:02}")).collect();
        assert_eq!(all, want);
        Ok(())
    });
}

#[test]
fn a_new_text_replaces_the_old_and_forgetting_forgets() {
    both("search_change", async |db| {
        put_all(&db).await;
        flush_some(&db, 100).await;
        db.write(|tx| put(tx, D, "case", "a", start().plus_seconds(60), "改为路灯不亮")).await?;
        let look = async |text: &str| {
            let query = query(text);
            let found = db.read(move |tx| find(tx, D, "case", &query, None, 9)).await.unwrap();
            found.hits.into_iter().map(|hit| hit.id).collect::<String>()
        };
        for _ in 0..2 {
            assert_eq!((look("车辆").await, look("路灯").await), (String::new(), "a".to_owned()));
            flush_some(&db, 100).await;
        }
        // Twice in the queue: the last one counts. Empty: gone.
        db.write(|tx| {
            put(tx, D, "case", "b", start().plus_seconds(70), "第一稿")?;
            put(tx, D, "case", "b", start().plus_seconds(71), "第二稿")?;
            put(tx, D, "case", "d", start().plus_seconds(72), "")
        })
        .await?;
        for _ in 0..2 {
            assert_eq!((look("一稿").await, look("二稿").await), (String::new(), "b".to_owned()));
            assert_eq!(look("垃圾").await, "");
            flush_some(&db, 100).await;
        }
        let forgotten = db.write(|tx| {
            put(tx, D, "case", "e", start().plus_seconds(80), "又来一遍")?;
            let there = forget(tx, D, "case", "e")?;
            let gone = forget(tx, D, "case", "e")?;
            compact(tx, 100)?;
            Ok((there, gone))
        });
        assert_eq!(forgotten.await?, (true, false));
        assert_eq!((look("积水").await, look("一遍").await), (String::new(), String::new()));
        db.write(|tx| (0..600).try_for_each(|i| put(tx, D, "many", &format!("{i}"), start(), "许多")))
            .await?;
        assert_eq!((flush_all(&db, D, 2).await?, flush_all(&db, D, 9).await?), (512, 88));
        assert_eq!(db.write(|tx| clear(tx, D, "case", 100)).await?, 4);
        assert_eq!(look("水").await, "");
        Ok(())
    });
}

#[test]
fn rare_words_are_found_across_many_stretches() {
    both("search_far", async |db| {
        db.write(|tx| {
            // As if three million documents had been indexed between them.
            for (n, id) in [(0, "oldest"), (40_000, "older"), (600_000, "old"), (3_000_000, "new")] {
                let sql = "insert into counter (district, name, n) values ($1, 'search', $2) \
                           on conflict (district, name) do update set n = excluded.n";
                tx.exec(sql, &[D.into(), i64::from(n).into()])?;
                put(tx, D, "case", id, start(), "罕见词")?;
                flush(tx, D, 9)?;
            }
            Ok(())
        })
        .await?;
        let (all, end) = ids_loose(&db, None, 9).await;
        assert_eq!(
            (all, end),
            (vec!["new", "old", "older", "oldest"].into_iter().map(str::to_owned).collect(), None)
        );
        let (first, next) = ids_loose(&db, None, 2).await;
        let (second, end) = ids_loose(&db, next, 2).await;
        assert_eq!((first.concat(), second.concat(), end), ("newold".into(), "olderoldest".into(), None));
        Ok(())
    });
}

async fn ids_loose(db: &Db, before: Option<Cursor>, limit: u32) -> (Vec<String>, Option<Cursor>) {
    let query = query("罕见");
    let found = db.read(move |tx| find(tx, D, "case", &query, before.as_ref(), limit)).await.unwrap();
    (found.hits.into_iter().map(|hit| hit.id).collect(), found.next)
}

#[test]
fn a_whole_merge_leaves_nothing_of_what_was_forgotten() {
    both("search_erase", async |db| {
        if db.is_shared() {
            return Ok(());
        }
        for (id, text) in [("keep", "道路积水"), ("erase", "某某人的电话")] {
            db.write(move |tx| put(tx, D, "case", id, start(), text)).await?;
            flush_some(&db, 9).await;
        }
        let terms = async || {
            let sql = "select count(*) from search_vocab";
            db.read(move |tx| tx.one(sql, &[], |row| row.int(0))).await.unwrap().unwrap()
        };
        db.write(|tx| tx.script("create virtual table search_vocab using fts5vocab(search_fts, 'row')"))
            .await?;
        assert_eq!(terms().await, 7 + 10);
        db.write(|tx| forget(tx, D, "case", "erase")).await?;
        db.write(|tx| compact(tx, -500)).await?;
        db.write(|tx| compact(tx, 500)).await?;
        assert_eq!(terms().await, 7);
        Ok(())
    });
}

#[test]
fn hostile_queries_are_only_words() {
    both("search_hostile", async |db| {
        put_all(&db).await;
        db.write(|tx| put(tx, D, "case", "z", start(), "零\0字节")).await?;
        flush_some(&db, 100).await;
        let long = "积水".repeat(5_000);
        let hostile = [
            "'; drop table search_doc; --",
            "NEAR(a b)",
            "\" OR \"1\"",
            "a:*",
            "\\ & | ! <-> ()",
            &long,
            "\u{1}水\u{1}",
        ];
        for text in hostile {
            let Some(query) = Query::parse(text) else { continue };
            db.read(move |tx| find(tx, D, "case", &query, None, 9)).await?;
        }
        assert_eq!(ids(&db, "百分号%", None, 9).await.0.concat(), "f");
        assert_eq!(ids(&db, "字节 零", None, 9).await.0.concat(), "z");
        for empty in ["", "   ", "%%%", "\"\"", "\u{1}"] {
            assert_eq!(Query::parse(empty), None);
        }
        for bad in ["", "x1", "n-1", "n", "w1", "w.a", "nn", "水"] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
        Ok(())
    });
}

fn set(text: &str) -> BTreeSet<Token> {
    tokens(Space::new(530_111, "case"), text)
}

proptest! {
    #[test]
    fn folding_is_stable_and_keeps_no_capitals(text in ".{0,80}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn what_the_check_accepts_the_index_finds(
        text in "[道路积水电 ，A-Ca-c0-2Ａ１\"]{0,40}",
        words in proptest::collection::vec("[道路积水电，A-Ca-c0-2Ａ１]{1,6}", 1..3),
    ) {
        let Some(query) = Query::parse(&words.join(" ")) else { return Ok(()) };
        let have = set(&text);
        let all = query.tokens(Space::new(530_111, "case")).iter().all(|t| have.contains(t));
        if query.matches(&text) {
            prop_assert!(all);
        }
        if !query.needs_check() {
            prop_assert_eq!(all, query.matches(&text));
        }
    }

    #[test]
    fn every_piece_of_a_text_finds_it(text in "[\u{4e00}-\u{9fff}]{1,30}", from in 0usize..30, len in 1usize..30) {
        let piece: String = text.chars().skip(from).take(len).collect();
        if let Some(query) = Query::parse(&piece) {
            prop_assert!(query.matches(&text));
        }
    }

    #[test]
    fn any_input_is_harmless(typed in any::<String>()) {
        if let Some(query) = Query::parse(&typed) {
            let list = query.tokens(Space::new(1, "k"));
            prop_assert!(!list.is_empty() && list.len() <= 24);
            let mut out = String::new();
            list.iter().for_each(|t| t.push_to(&mut out));
            prop_assert!(out.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)));
        }
    }
}
