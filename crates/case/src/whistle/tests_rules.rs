//! D§B.2 row by row, without a database: which act a stage admits, and each guard by its refusal.

use super::apply::{FoldFault, fold};
use super::command::{Command, TaskAsk};
use super::event::{Event, Meta, RECORDED};
use super::model::{CallAsk, Need, Whistle};
use super::rules::{Dues, Facts, decide, missed, open};
use super::testing::{COMMUNITY, STREET, at, body, call, playbook, remark, slug, unit};
use super::vocab::{Act, Found, Level, MissKind, Outcome, Side, Stage};
use super::{band, refusal::WhistleRefusal};
use kernel::calendar::{Calendar, Calendars};
use kernel::clock::{Limit, Unit};
use kernel::money::Decimal;
use kernel::playbook::{Band, Playbook};
use kernel::text::Title;
use kernel::{DutyId, Instant, Lang, PostCode, Refuse, UnitCode};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

fn book() -> &'static Playbook {
    static BOOK: OnceLock<Playbook> = OnceLock::new();
    BOOK.get_or_init(playbook)
}

fn calendar() -> Calendar {
    book().calendar(&Calendars::builtin().as_known(at(13, 0, 0).day()))
}

fn id(n: u8) -> DutyId {
    DutyId::parse("id", &format!("0198a000-0000-7000-8000-0000000000{n:02x}")).unwrap()
}

/// A bench for one decision.
struct Bench {
    post: PostCode,
    unit: UnitCode,
    now: Instant,
    dues: BTreeMap<DutyId, Dues>,
}

impl Bench {
    fn by(post: &str) -> Bench {
        let post = PostCode::parse("post", post).unwrap();
        let unit = book().post(&post).unwrap().unit.clone();
        let due = Dues {
            ack: Some(at(13, 22, 50)),
            arrival: Some(at(13, 23, 40)),
            arrival_length: Some(Limit::new(1, Unit::Hours)),
            main: Some(at(14, 22, 40)),
            warn: Some(Limit::new(1, Unit::Hours)),
        };
        let dues = [1, 2, 3].map(|n| (id(n), due)).into();
        Bench { post, unit, now: at(13, 22, 45), dues }
    }
    fn at(mut self, now: Instant) -> Bench {
        self.now = now;
        self
    }
    fn with<T>(&self, f: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (cal, ids) = (calendar(), [id(2), id(3), id(4), id(5)]);
        let leader = |_: &UnitCode| PostCode::parse("post", "ld.water").ok();
        f(&Facts {
            now: self.now,
            post: &self.post,
            unit: &self.unit,
            book: book(),
            rules: book().whistle_rules().unwrap(),
            cal: &cal,
            dues: &self.dues,
            ids: &ids,
            leader: &leader,
            rev: None,
        })
    }
    fn asks(&self, whistle: &Whistle, command: &Command) -> Result<Vec<Event>, &'static str> {
        self.with(|facts| decide(whistle, command, facts)).map_err(|no| no.code())
    }
    /// Decides and applies.
    fn does(&self, whistle: &mut Whistle, command: &Command) {
        let events = self.asks(whistle, command).unwrap();
        for event in &events {
            whistle.apply(event, &Meta { at: self.now, actor: self.post.clone() });
        }
    }
}

const SECRETARY: &str = "530111001.secretary";
const NEIGHBOUR: &str = "530111001001.secretary";

fn raised() -> Whistle {
    let need = Need {
        text: body("积水"),
        tried: remark("已抽排"),
        found: Found::Patrol,
        spot: None,
        photos: Vec::new(),
        case: None,
    };
    let event = Event::Raised {
        id: id(1),
        no: "哨-2019-0001".to_owned(),
        title: Title::parse("t", "隧道积水").unwrap(),
        street: unit(STREET),
        place: unit(COMMUNITY),
        need: Box::new(need),
    };
    let actor = PostCode::parse("post", "530111001001.grid").unwrap();
    Whistle::born(&event, &Meta { at: at(13, 22, 40), actor }).unwrap()
}

fn sound(kind: &str, calls: Vec<CallAsk>) -> Command {
    Command::Sound { kind: slug(kind), ask: remark("处置"), calls }
}

fn two() -> Vec<CallAsk> {
    vec![call("swu", "S-020"), call("cgj", "S-019")]
}

fn arrive() -> Command {
    Command::Muster { post: None, decides: true, authority: Some(remark("局领导授权")) }
}

fn report() -> Command {
    Command::Done { text: body("已排完"), outcome: kernel::duty::OutcomeClass::Resolved }
}

fn word(side: Side, done: bool) -> Command {
    Command::Confirm { side, done, note: remark("看过"), how: None, units: Vec::new() }
}

/// A whistle brought to a stage by the acts of D§B.2.
fn at_stage(stage: Stage) -> Whistle {
    let mut w = raised();
    let road: [(Stage, &str, Command); 8] = [
        (Stage::Sounded, SECRETARY, sound("emergency", two())),
        (Stage::Acked, "swu.duty", Command::Ack),
        (Stage::Acked, "cgj.duty", Command::Ack),
        (Stage::Mustered, "swu.duty", arrive()),
        (Stage::Mustered, "cgj.chief", arrive()),
        (
            Stage::Working,
            SECRETARY,
            Command::Plan {
                tasks: vec![TaskAsk { unit: unit("swu"), what: remark("抽排"), due: at(14, 0, 0).day() }],
                note: None,
            },
        ),
        (Stage::Working, "swu.handler", report()),
        (Stage::Checking, "cgj.handler", report()),
    ];
    for (reached, post, command) in road {
        if w.stage() == stage && stage != reached {
            return w;
        }
        Bench::by(post).does(&mut w, &command);
    }
    if matches!(stage, Stage::Scored | Stage::Closed) {
        Bench::by(SECRETARY).does(&mut w, &word(Side::Street, true));
        Bench::by(NEIGHBOUR).does(&mut w, &word(Side::Resident, true));
    }
    assert_eq!(w.stage(), stage);
    w
}

#[test]
fn the_road_of_b2() {
    for stage in [
        Stage::Need,
        Stage::Sounded,
        Stage::Acked,
        Stage::Mustered,
        Stage::Working,
        Stage::Checking,
        Stage::Scored,
    ] {
        assert_eq!(at_stage(stage).stage(), stage);
    }
}

/// Which acts each stage admits at all, whoever asks.
#[test]
fn every_stage_admits_its_acts_and_no_other() {
    use Act::*;
    let table: [(Stage, &[Act]); 7] = [
        (Stage::Need, &[Solve, Sound, Cancel]),
        (Stage::Sounded, &[Call, Ack, Dispute, Rule, Muster, Release, Cancel]),
        (Stage::Acked, &[Call, Ack, Dispute, Rule, Muster, Done, Release, Cancel]),
        (Stage::Mustered, &[Call, Ack, Dispute, Rule, Muster, Plan, Done, Release, Cancel]),
        (Stage::Working, &[Call, Ack, Dispute, Rule, Muster, Plan, Done, Release]),
        (Stage::Checking, &[Call, Ack, Dispute, Rule, Muster, Plan, Release, Confirm]),
        (Stage::Scored, &[Score, Contest, Settle]),
    ];
    for (stage, admitted) in table {
        let w = at_stage(stage);
        for act in Act::ALL {
            let found = Bench::by(SECRETARY).with(|facts| open(*act, &w, facts));
            let shut = matches!(found, Err(WhistleRefusal::WrongStage { .. }));
            assert_eq!(!shut, admitted.contains(act), "{stage:?} {act:?} {found:?}");
        }
    }
}

#[test]
fn calling_needs_an_entry_by_which_the_department_leads() {
    let w = raised();
    let secretary = Bench::by(SECRETARY);
    let ask = |calls| secretary.asks(&w, &sound("emergency", calls)).map(|events| events.len());
    assert_eq!(ask(two()), Ok(3));
    assert_eq!(ask(vec![]), Err("whistle.no_calls"));
    assert_eq!(ask(vec![call("swu", "X-999")]), Err("whistle.unknown_entry"));
    // Taken back by another department, supported under another lead, and the street's own basic duty.
    assert_eq!(ask(vec![call("swu", "T-013")]), Err("whistle.entry_elsewhere"));
    assert_eq!(ask(vec![call("swu", "S-011")]), Err("whistle.entry_elsewhere"));
    assert_eq!(ask(vec![call("swu", "B-001")]), Err("whistle.entry_elsewhere"));
    assert_eq!(ask(vec![call(COMMUNITY, "S-020")]), Err("whistle.not_a_department"));
    assert_eq!(ask(vec![call("nobody", "S-020")]), Err("whistle.not_a_department"));
    assert_eq!(ask(vec![call("swu", "S-020"), call("swu", "T-014")]), Err("whistle.called_twice"));
    assert_eq!(ask(vec![call("swu", "S-020"); 13]), Err("whistle.too_many_calls"));
    assert_eq!(secretary.asks(&w, &sound("festive", two())), Err("whistle.unknown_type"));
    assert_eq!(Bench::by(NEIGHBOUR).asks(&w, &sound("emergency", two())), Err("whistle.street_only"));
    let solve = Command::Solve { text: remark("疏通"), resident: None };
    assert_eq!(secretary.asks(&w, &solve), Err("whistle.resident_not_asked"));
}

#[test]
fn acknowledging_and_arriving_are_judged_by_their_limits() {
    let mut w = at_stage(Stage::Sounded);
    assert_eq!(Bench::by("jyj.chief").asks(&w, &Command::Ack), Err("whistle.not_called"));
    assert_eq!(Bench::by("swu.duty").asks(&w, &arrive()), Err("whistle.not_acked"));
    let on = Bench::by("swu.duty").at(at(13, 22, 50));
    assert_eq!(on.asks(&w, &Command::Ack), Ok(vec![Event::Acked { unit: unit("swu"), in_time: Some(true) }]));
    let late = Bench::by("swu.duty").at(at(13, 22, 51));
    assert_eq!(
        late.asks(&w, &Command::Ack),
        Ok(vec![Event::Acked { unit: unit("swu"), in_time: Some(false) }])
    );
    on.does(&mut w, &Command::Ack);
    assert_eq!(on.asks(&w, &Command::Ack), Err("whistle.acked_already"));
    // A duty officer decides only by somebody's word; a chief by the post.
    let bare = Command::Muster { post: None, decides: true, authority: None };
    assert_eq!(on.asks(&w, &bare), Err("whistle.authority_needed"));
    assert!(Bench::by("swu.chief").asks(&w, &bare).is_ok());
    let elsewhere = Command::Muster {
        post: Some(PostCode::parse("p", "cgj.chief").unwrap()),
        decides: true,
        authority: None,
    };
    assert_eq!(on.asks(&w, &elsewhere), Err("whistle.post_elsewhere"));
    let watch = Command::Muster { post: None, decides: false, authority: None };
    on.does(&mut w, &watch);
    assert_eq!(w.stage(), Stage::Acked, "an onlooker is no muster");
    on.does(&mut w, &arrive());
    assert_eq!(w.stage(), Stage::Mustered);
    assert_eq!(on.asks(&w, &arrive()), Err("whistle.mustered_already"));
}

#[test]
fn disputes_follow_the_type() {
    let dispute = Command::Dispute { cited: slug("S-019"), ground: remark("市政设施") };
    let same = Command::Dispute { cited: slug("S-020"), ground: remark("同一条") };
    let unknown = Command::Dispute { cited: slug("X-1"), ground: remark("没有") };
    // An emergency: not before arrival.
    let w = at_stage(Stage::Acked);
    assert_eq!(Bench::by("swu.chief").asks(&w, &dispute), Err("whistle.dispute_before_arrival"));
    let mut w = at_stage(Stage::Mustered);
    assert_eq!(Bench::by("swu.chief").asks(&w, &same), Err("whistle.same_entry"));
    assert_eq!(Bench::by("swu.chief").asks(&w, &unknown), Err("whistle.unknown_entry"));
    Bench::by("swu.chief").does(&mut w, &dispute);
    assert_eq!(w.stage(), Stage::Arbitrating);
    assert_eq!(Bench::by("swu.chief").asks(&w, &dispute), Err("whistle.disputed"));
    // The entry that was cited leads to a department that is called already.
    let rule = |outcome, to: Option<&str>| Command::Rule {
        unit: unit("swu"),
        outcome,
        to: to.map(unit),
        ground: remark("三定方案"),
    };
    let arbiter = Bench::by("zzb.cadre");
    assert_eq!(arbiter.asks(&w, &rule(Outcome::Move, None)), Err("whistle.called_twice"));
    assert_eq!(arbiter.asks(&w, &rule(Outcome::Move, Some("zjj"))), Err("whistle.entry_elsewhere"));
    let cgj = Command::Rule { unit: unit("cgj"), outcome: Outcome::Keep, to: None, ground: remark("无") };
    assert_eq!(arbiter.asks(&w, &cgj), Err("whistle.nothing_to_rule"));
    arbiter.does(&mut w, &rule(Outcome::Keep, None));
    assert_eq!(w.stage(), Stage::Mustered);
    assert_eq!(Bench::by("swu.chief").asks(&w, &dispute), Err("whistle.dispute_spent"));
    // Other types: before arrival only.
    let mut w = raised();
    Bench::by(SECRETARY).does(&mut w, &sound("hard", two()));
    assert!(Bench::by("swu.chief").asks(&w, &dispute).is_ok());
    Bench::by("swu.chief").does(&mut w, &Command::Ack);
    Bench::by("swu.chief").does(&mut w, &arrive());
    assert_eq!(Bench::by("swu.chief").asks(&w, &dispute), Err("whistle.dispute_late"));
}

#[test]
fn planning_reporting_and_confirming_have_their_guards() {
    let day = at(14, 0, 0).day();
    let plan = |tasks: Vec<TaskAsk>| Command::Plan { tasks, note: None };
    let task = |code: &str, due| TaskAsk { unit: unit(code), what: remark("抽排"), due };
    let w = at_stage(Stage::Mustered);
    let secretary = Bench::by(SECRETARY);
    assert_eq!(secretary.asks(&w, &plan(vec![])), Err("whistle.no_tasks"));
    assert_eq!(secretary.asks(&w, &plan(vec![task("jyj", day)])), Err("whistle.task_elsewhere"));
    let past = at(12, 0, 0).day();
    assert_eq!(secretary.asks(&w, &plan(vec![task("swu", past)])), Err("whistle.task_past"));
    assert_eq!(secretary.asks(&w, &plan(vec![task("swu", day); 21])), Err("whistle.too_many_tasks"));
    assert!(secretary.asks(&w, &plan(vec![task(STREET, day)])).is_ok());
    assert_eq!(Bench::by("swu.handler").asks(&w, &report()), Err("whistle.no_plan"));
    let w = at_stage(Stage::Working);
    assert_eq!(secretary.asks(&w, &plan(vec![task("swu", day)])), Err("whistle.planned_already"));
    let mut w = at_stage(Stage::Checking);
    let neighbour = Bench::by(NEIGHBOUR);
    assert_eq!(neighbour.asks(&w, &word(Side::Street, true)), Err("whistle.street_only"));
    secretary.does(&mut w, &word(Side::Street, true));
    assert_eq!(w.stage(), Stage::Checking, "one word is not two");
    assert_eq!(secretary.asks(&w, &word(Side::Street, true)), Err("whistle.word_given"));
    assert_eq!(secretary.asks(&w, &word(Side::Resident, true)), Err("whistle.one_hand"));
    // Not done: back to work, and the second time to the leader in charge.
    let events = neighbour.asks(&w, &word(Side::Resident, false)).unwrap();
    assert!(matches!(events.as_slice(), [Event::NotDone { .. }]));
    neighbour.does(&mut w, &word(Side::Resident, false));
    assert_eq!(w.stage(), Stage::Working);
    assert!(w.street_word.is_none() && w.call(&unit("swu")).unwrap().done.is_none());
    assert!(
        w.call(&unit("cgj")).unwrap().done.is_some(),
        "only the lead's part goes back when none is named"
    );
    Bench::by("swu.handler").does(&mut w, &report());
    let events = secretary.asks(&w, &word(Side::Street, false)).unwrap();
    assert!(matches!(
        events.as_slice(),
        [Event::NotDone { .. }, Event::Escalated { kind: MissKind::Stall, .. }]
    ));
}

#[test]
fn the_lead_stays_and_a_supporter_may_be_released() {
    let mut w = at_stage(Stage::Acked);
    let release = |code: &str| Command::Release { unit: unit(code), why: remark("已不需要") };
    assert_eq!(Bench::by(SECRETARY).asks(&w, &release("swu")), Err("whistle.release_lead"));
    assert_eq!(Bench::by(SECRETARY).asks(&w, &release("jyj")), Err("whistle.not_called"));
    assert_eq!(Bench::by("swu.chief").asks(&w, &release("cgj")), Err("whistle.street_only"));
    Bench::by(SECRETARY).does(&mut w, &release("cgj"));
    assert_eq!(w.active().count(), 1);
    // Called again later, it begins anew.
    let again = Command::Call { call: call("cgj", "S-019") };
    Bench::by(SECRETARY).does(&mut w, &again);
    assert_eq!(Bench::by(SECRETARY).asks(&w, &again), Err("whistle.called_twice"));
    assert!(w.call(&unit("cgj")).unwrap().ack.is_none());
}

#[test]
fn misses_count_once_for_each_length_and_end_before_the_quarterly_session() {
    let mut w = at_stage(Stage::Acked);
    let bench = |now| Bench::by("swu.duty").at(now);
    let step = |w: &mut Whistle, now: Instant| {
        let call = w.call(&unit("swu")).unwrap().clone();
        let events = bench(now).with(|facts| missed(w, &call, facts));
        for event in &events {
            w.apply(event, &Meta { at: now, actor: PostCode::parse("p", "gd.system").unwrap() });
        }
        events.iter().map(Event::kind).collect::<Vec<_>>()
    };
    assert_eq!(step(&mut w, at(13, 23, 40)), [""; 0], "the last minute is in time");
    assert_eq!(step(&mut w, at(13, 23, 41)), ["whistle.missed"]);
    assert_eq!(step(&mut w, at(14, 0, 40)), [""; 0]);
    assert_eq!(step(&mut w, at(14, 0, 41)), ["whistle.missed", "whistle.escalated"]);
    assert_eq!(step(&mut w, at(14, 1, 41)), ["whistle.missed", "whistle.listed"]);
    assert_eq!(step(&mut w, at(15, 9, 0)), [""; 0], "three are enough");
    assert_eq!(w.misses(), 3);
    // Who came is watched by the main limit: a stall.
    let mut w = at_stage(Stage::Working);
    let now = at(14, 22, 41);
    w.calls[0].done = None;
    let call = w.calls[0].clone();
    let events = bench(now).with(|facts| missed(&w, &call, facts));
    assert!(matches!(events.as_slice(), [Event::Missed { kind: MissKind::Stall, .. }]));
    // Nothing is missed while a dispute waits.
    let mut call = at_stage(Stage::Acked).calls[0].clone();
    call.dispute = Some(super::model::Dispute {
        unit: unit("swu"),
        cited: slug("S-019"),
        ground: remark("x"),
        by: PostCode::parse("p", "swu.chief").unwrap(),
        at: now,
        due: now,
        ruling: None,
    });
    let w = at_stage(Stage::Acked);
    assert!(bench(now).with(|facts| missed(&w, &call, facts)).is_empty());
}

#[test]
fn a_stale_page_is_refused() {
    let w = at_stage(Stage::Sounded);
    let found =
        Bench::by("swu.duty").with(|facts| decide(&w, &Command::Ack, &Facts { rev: Some(1), ..*facts }));
    assert_eq!(found.unwrap_err().code(), "whistle.stale");
}

#[test]
fn events_fold_and_every_kind_has_a_sample_in_words() {
    assert_eq!(fold([]), Err(FoldFault::Empty));
    let samples = (RECORDED.samples)();
    let shown: BTreeSet<&str> = samples.iter().map(|sample| sample.kind).collect();
    assert_eq!(shown, Event::KINDS.iter().copied().collect());
    for sample in &samples {
        assert_eq!((RECORDED.reads)(sample.kind, sample.version, &sample.body).as_ref(), Ok(&sample.body));
        let event: Event = serde_json::from_str(&sample.body).unwrap();
        assert_eq!(event.kind(), sample.kind);
        for lang in [Lang::Zh, Lang::En] {
            assert!(!event.title(lang).is_empty());
            let said = event.say_with(lang, &|code| format!("<{code}>"));
            assert!(!said.is_empty() || matches!(event, Event::Closed {}), "{}", sample.kind);
        }
    }
}

#[test]
fn every_refusal_has_words_in_both_languages() {
    let (act, stage, u) = (Act::Ack, Stage::Need, unit("swu"));
    let entry = slug("S-020");
    let all = [
        WhistleRefusal::WrongStage { act, stage },
        WhistleRefusal::StreetOnly { act, street: u.clone() },
        WhistleRefusal::NotCalled { unit: u.clone() },
        WhistleRefusal::EntryElsewhere { entry: entry.clone(), unit: u, owner: None },
        WhistleRefusal::PointsOutside { item: entry, most: Decimal::whole(40) },
        WhistleRefusal::RulingPending { until: at(13, 9, 0) },
        WhistleRefusal::TooManyTasks { n: 21, max: 20 },
        WhistleRefusal::UseWhistlePage { act },
        WhistleRefusal::WordGiven { side: Side::Street },
    ];
    for no in all {
        for lang in [Lang::Zh, Lang::En] {
            assert!(!no.reason(lang).is_empty() && !no.next(lang).is_empty(), "{}", no.code());
        }
    }
}

#[test]
fn the_band_is_a_measure_and_no_rank() {
    let band = Band { low: Decimal::parse("0.5").unwrap(), high: Decimal::whole(6) };
    let counts = |list: &[(&str, u32)]| list.iter().map(|(street, n)| (unit(street), *n)).collect();
    // By the playbook: whistles a month and 10,000 residents.
    let few: BTreeMap<UnitCode, u32> = counts(&[("s1", 1), ("s2", 20), ("s3", 70)]);
    let residents = counts(&[("s1", 80_000), ("s2", 80_000), ("s3", 80_000)]);
    let found = band::measures(&few, &residents, band);
    let levels: Vec<Level> = found.iter().map(|m| m.level).collect();
    assert_eq!(levels, [Level::Low, Level::Usual, Level::High]);
    // Without residents the middle half of the streets decides; three streets say nothing.
    assert!(band::measures(&few, &BTreeMap::new(), band).iter().all(|m| m.level == Level::Unknown));
    let many = counts(&[("s1", 0), ("s2", 4), ("s3", 5), ("s4", 6), ("s5", 30)]);
    let found = band::measures(&many, &BTreeMap::new(), band);
    let levels: Vec<Level> = found.iter().map(|m| m.level).collect();
    assert_eq!(levels, [Level::Low, Level::Usual, Level::Usual, Level::Usual, Level::High]);
    let order: Vec<&str> = found.iter().map(|m| m.street.as_str()).collect();
    assert_eq!(order, ["s1", "s2", "s3", "s4", "s5"], "by code, never by number");
    let none = counts(&[("s1", 0), ("s2", 0), ("s3", 0), ("s4", 9)]);
    assert!(band::measures(&none, &BTreeMap::new(), band).iter().all(|m| m.level == Level::Unknown));
}
