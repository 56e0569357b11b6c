//! What the door takes and refuses.

use super::world::{D, both, code, new, slug};
use crate::model::{Contact, NewCase, Phone, PlaceForm, Stage, masked_text};
use kernel::Day;
use kernel::cases::Channel;

#[test]
fn a_filing_gets_number_code_and_a_promise_that_the_clock_computed() {
    both("filing", async |w| {
        let filed = w.file("gd.resident", new("020101", "路面有大坑，电动车摔倒", "13812345678")).await?;
        assert_eq!(filed.no, "530111-2019-000001");
        let secret = filed.code.clone().unwrap();
        assert_eq!(secret.len(), 8);
        assert!(!secret.contains(['0', 'O', '1', 'I']));
        assert!(filed.stub.is_some() && !filed.again);
        let promise = &filed.promise;
        assert_eq!(promise.unit.as_str(), "zwj", "the hotline holds what nobody has yet");
        assert_eq!(promise.dispatched_by.unwrap().minute_text(), "2019-08-12 14:58", "four office hours");
        assert_eq!(promise.by.unwrap().minute_text(), "2019-08-19 17:00", "seven days after the dispatch");
        assert_eq!(promise.steps.len(), 4);
        assert!(promise.steps[0].zh.contains("派单"), "{:?}", promise.steps[0]);
        assert_eq!(w.stage(filed.case).await, Stage::Received);
        let track = w.track(&filed).await?;
        assert_eq!((track.stage, track.no.as_str()), (Stage::Received, "530111-2019-000001"));
        assert_eq!(track.promise.unwrap().by, promise.by);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn what_is_wrong_is_named() {
    both("door", async |w| {
        let good = || new("020101", "路面有大坑", "13812345678");
        let with = |change: fn(&mut NewCase)| {
            let mut new = good();
            change(&mut new);
            new
        };
        let cases: Vec<(NewCase, &str)> = vec![
            (with(|n| n.category = "999999".into()), "case.unknown_category"),
            (with(|n| n.text = " ".into()), "case.no_text"),
            (with(|n| n.text = "长".repeat(5_001)), "case.text_too_long"),
            (with(|n| n.contact.phone = "12345".into()), "case.not_a_phone"),
            (with(|n| n.contact.phone = "11111111111".into()), "case.not_a_phone"),
            (
                with(|n| n.contact = Contact { email: "nobody".into(), ..Contact::default() }),
                "case.not_a_mail",
            ),
            (with(|n| n.contact = Contact::default()), "case.no_contact"),
            (with(|n| n.place.unit = "530102001".into()), "case.outside_district"),
            (with(|n| n.place.unit = "zwj".into()), "case.outside_district"),
            (with(|n| n.place.address = "昆明市呈贡区春融街1号".into()), "case.outside_district"),
            (with(|n| (n.place.lat, n.place.lon) = (Some(48.85), Some(2.35))), "case.outside_district"),
            (with(|n| n.place = PlaceForm::default()), "case.no_place"),
            (with(|n| n.against = "no-such".into()), "case.unknown_unit"),
            (
                with(|n| (n.category, n.kind) = ("2001".into(), Some(kernel::cases::CaseKind::Report))),
                "case.kind_not_offered",
            ),
            (with(|n| drop(n.attributes.insert("nothing".into(), "x".into()))), "case.unknown_question"),
            (with(|n| n.received_at = Some(Day::new(2020, 1, 1).unwrap().start())), "case.from_the_future"),
        ];
        for (bad, expected) in cases {
            let got = w.file("gd.resident", bad.clone()).await;
            assert!(got.is_err(), "{expected}: {bad:?}");
            assert_eq!(code(got), expected);
        }
        // Nothing was half written: the next number is the first.
        let filed = w.file("gd.resident", good()).await?;
        assert!(filed.no.ends_with("000001"));
        assert_eq!(code(w.file("xfj.panel", good()).await), "access.denied");
        Ok(())
    });
}

#[test]
fn own_addresses_are_no_other_district() {
    both("addresses", async |w| {
        for address in ["昆明市官渡区关上中路", "金江小区3栋", "东一区5栋", "云南省昆明市官渡区世纪城"]
        {
            let mut n = new("020101", "路面有大坑", "13812345678");
            n.place.address = address.into();
            w.file("gd.resident", n).await.unwrap_or_else(|e| panic!("{address}: {e}"));
        }
        Ok(())
    });
}

#[test]
fn a_second_filing_with_the_same_source_number_is_the_first() {
    both("source", async |w| {
        let mut n = new("020101", "路面有大坑", "13812345678");
        (n.channel, n.source_key) = (Channel::Import, "12345:KM1".into());
        let first = w.file("zwj.operator", n.clone()).await?;
        let again = w.file("zwj.operator", n).await?;
        assert_eq!((again.case, again.again, again.code), (first.case, true, None));
        Ok(())
    });
}

#[test]
fn a_category_that_the_playbook_names_is_dispatched_by_itself() {
    both("auto", async |w| {
        let filed = w.file("gd.resident", new("020201", "路灯不亮", "13812345678")).await?;
        assert_eq!(w.stage(filed.case).await, Stage::Dispatched);
        assert_eq!(filed.promise.unit, w.duty(filed.case).await.lead.unwrap());
        assert!(filed.promise.dispatched_by.is_none());
        // Never a confidential one.
        let mut n = new("020201", "路灯不亮", "13812345679");
        n.confidential = true;
        let filed = w.file("gd.resident", n).await?;
        assert_eq!(w.stage(filed.case).await, Stage::Received);
        w.sound().await;
        Ok(())
    });
}

#[test]
fn repeat_callers_and_like_cases_are_found() {
    both("alike", async |w| {
        let first = w.file("gd.resident", new("020101", "路面有大坑", "138 1234 5678")).await?;
        let second = w.file("gd.resident", new("020101", "路中间有坑", "+86-13812345678")).await?;
        let other = w.file("gd.resident", new("020101", "大坑没人修", "13987654321")).await?;
        let hash = crate::model::contact_hash(&w.app, D, "13812345678");
        let mine = w.app.db.read({
            let hash = hash.clone();
            move |tx| crate::store::by_contact(tx, D, &hash, 10)
        });
        let mine: Vec<_> = mine.await?.into_iter().map(|row| row.id).collect();
        assert_eq!(mine, [second.case, first.case]);
        let place = kernel::UnitCode::parse("p", "530111001001").unwrap();
        let alike = w
            .app
            .db
            .read(move |tx| {
                let of = (first.case, Some(hash.as_str()), Some(&place), Some(&slug("020101")));
                crate::store::alike(tx, D, of, Day::new(2019, 7, 1).unwrap().start(), 10)
            })
            .await?;
        let ids: Vec<_> = alike.iter().map(|a| (a.case.id, a.same_contact)).collect();
        assert_eq!(ids, [(second.case, true), (other.case, false)]);
        let find = async |post: &str, words: &'static str| {
            w.app.read(&w.who(post), move |op| crate::act::search(op, words, None, 10)).await.unwrap().0
        };
        let hits = find("zwj.operator", "大坑没人修").await;
        assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [other.case]);
        assert_eq!(find("zwj.operator", "关上中路").await.len(), 3);
        let elsewhere = w.post_of("handler", "hbj");
        assert!(find(&elsewhere, "大坑没人修").await.is_empty(), "outside the scope it does not exist");
        Ok(())
    });
}

#[test]
fn numbers_that_identify_a_person_are_masked() {
    for (given, masked) in [
        ("请打13812345678找我", "请打138****5678找我"),
        ("请打138-1234-5678找我", "请打138-****-5678找我"),
        ("座机0871-67176517。", "座机087*-****6517。"),
        ("身份证53011119900101123X，", "身份证530***********123X，"),
        ("邮箱a.person@example.org谢谢", "邮箱a.*********************g谢谢"),
        ("８月12日20190812001号工单", "８月12日20190812001号工单"),
        ("2019-08-12 09:58在18号楼", "2019-08-12 09:58在18号楼"),
    ] {
        let got = masked_text(given);
        if given.contains('@') {
            assert!(!got.contains("person@example"), "{got}");
        } else {
            assert_eq!(got, masked);
        }
    }
    assert_eq!(Phone::parse("１３８ 1234 5678").unwrap().masked(), "138****5678");
    for bad in ["", "110", "23812345678", "1381234567", "abc", "138123456789"] {
        assert!(Phone::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn many_people_one_matter_is_a_hot_spot() {
    both("hot_spot", async |w| {
        for n in 0..5_u32 {
            w.file("gd.resident", new("040101", "工地半夜还在施工", &format!("1381000{n:04}"))).await?;
        }
        // One person five times is one person.
        for _ in 0..5 {
            w.file("gd.resident", new("040102", "白天打桩太吵", "13812345678")).await?;
        }
        let since = Day::new(2019, 8, 1).unwrap().start();
        let found = w.app.db.read(move |tx| crate::store::hot_spots(tx, D, since, 5, 10)).await?;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].category.as_str(), found[0].cases, found[0].people), ("040101", 5, 5));
        let later = Day::new(2019, 8, 13).unwrap().start();
        assert!(w.app.db.read(move |tx| crate::store::hot_spots(tx, D, later, 5, 10)).await?.is_empty());
        Ok(())
    });
}
