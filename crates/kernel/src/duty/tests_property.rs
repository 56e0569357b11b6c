//! Random histories: nothing panics, no invariant breaks, replay gives the same state.

use super::tests_world::*;
use super::*;
use crate::refusal::Refuse;
use crate::text::Lang;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One random step: who, which act, a small number that varies what is said, minutes that pass before it.
type Step = (usize, usize, u8, u32);

fn actors() -> Vec<Actor> {
    vec![
        clerk(),
        director(),
        housing(),
        housing_chief(),
        housing_station(),
        city(),
        street(),
        arbiter(),
        leader(),
        system(),
    ]
}

/// A command of the given act; some are well formed, some are not.
fn command(act: Act, n: u8, w: &mut World) -> Command {
    let unit_code = ["zjj", "cgj", "guanshang", "firm"][usize::from(n) % 4];
    let officer = ["zjj.officer", "cgj.officer", "zjj.chief", "guanshang.officer"][usize::from(n) % 4];
    let soon = w.now.day().plus(i32::from(n) - 3);
    let note = say("备注");
    let form = Box::new(w.form());
    match act {
        Act::Draft => Command::Draft { form },
        Act::Register => Command::Register { form },
        Act::Assign => {
            let due = (n.is_multiple_of(3)).then_some(soon);
            let patron = (n.is_multiple_of(2)).then(|| post("ld.economy"));
            Command::Assign { lead: unit(unit_code), handler: None, superintendent: None, patron, due }
        }
        Act::Accept => Command::Accept { handler: (n % 4 == 1).then(|| post(officer)) },
        Act::Return => send_back(),
        Act::Rule => rule(unit_code, n.is_multiple_of(3)),
        Act::OfferLead => Command::OfferLead { to: unit(unit_code), reason: note },
        Act::TakeLead => Command::TakeLead,
        Act::DeclineLead => Command::DeclineLead { why: note },
        Act::Start => Command::Start { note },
        Act::NoteProgress => Command::NoteProgress { percent: Some(n.saturating_mul(9)), text: note },
        Act::AddSupport => Command::AddSupport { unit: unit(unit_code), ask: note, due: None },
        Act::AskSuspend => {
            Command::AskSuspend { reason: DeferralReason::Season, review: soon.plus(7), plan: note }
        }
        Act::GrantSuspend => Command::GrantSuspend,
        Act::RefuseSuspend => Command::RefuseSuspend { why: note },
        Act::Resume => Command::Resume { trigger: ResumeTrigger::ReviewDay, note },
        Act::AskExtend => Command::AskExtend { to: soon, reason: note },
        Act::GrantExtend => Command::GrantExtend,
        Act::RefuseExtend => Command::RefuseExtend { why: note },
        Act::AddEvidence => w.evidence(),
        Act::VerifyEvidence => {
            let file = crate::id::FileId::new(uuid::Uuid::from_u128(u128::from(n % 4)));
            Command::VerifyEvidence { file, good: n.is_multiple_of(2), note }
        }
        Act::Submit => submit(OutcomeClass::ALL[usize::from(n) % OutcomeClass::ALL.len()]),
        Act::Reject => reject(),
        Act::Verify => {
            verify(if n.is_multiple_of(4) { VerificationKind::LookBack } else { VerificationKind::CallBack })
        }
        Act::Close => Command::Close,
        Act::Archive => Command::Archive { retention: Retention::Years30 },
        Act::Reopen => {
            Command::Reopen { why: ReopenReason::NewFact, note, due: (n.is_multiple_of(2)).then_some(soon) }
        }
        Act::Split => {
            let part = |grounds: [u32; 1]| SplitPart {
                title: form.title.clone(),
                criterion: say("不漏"),
                grounds: grounds.into(),
            };
            Command::Split { parts: vec![part([0]), part([u32::from(n) % 2])] }
        }
        Act::Merge => Command::Merge { into: duty_id(u128::from(n % 3) + 6), reason: note },
        Act::Cancel => Command::Cancel { reason: note },
        Act::HandOver => Command::HandOver { to: post(officer), note },
        Act::TakeOver => Command::TakeOver,
        Act::Urge => Command::Urge { note },
        Act::Escalate => Command::Escalate { rung: n % 5, asked: None, note },
        Act::Recompute => Command::Recompute,
        Act::SetPatron => Command::SetPatron { patron: (n.is_multiple_of(2)).then(|| post("ld.economy")) },
        Act::Raise => Command::Raise { block: BlockKind::Funds, ask: note },
        Act::Link => Command::Link {
            relation: Relation { kind: RelationKind::OriginatesFrom, to: duty_id(u128::from(n % 3) + 1) },
        },
    }
}

/// Who acts and how: mostly an act that is open to somebody, each open act equally likely, so that histories get long
/// and odd; sometimes anything by anybody. Acts that end the duty are drawn rarely.
fn drawn(w: &World, who: usize, what: usize) -> (Actor, Act) {
    let all = actors();
    let anyone = (all[who % all.len()].clone(), Act::ALL[what / 8 % Act::ALL.len()]);
    if what.is_multiple_of(8) {
        return anyone;
    }
    let rare = |act: Act| matches!(act, Act::Cancel | Act::Merge | Act::Split) && !what.is_multiple_of(97);
    let mut open: BTreeMap<Act, Vec<(usize, bool)>> = BTreeMap::new();
    for (n, actor) in all.iter().enumerate() {
        for offer in actions(w.duty.as_ref(), &w.context(actor, None)) {
            if offer.allowed.is_ok() && !rare(offer.act) {
                open.entry(offer.act).or_default().push((n, offer.primary));
            }
        }
    }
    let forward =
        open.iter().find(|(_, who)| what.is_multiple_of(3) && who.iter().any(|(_, primary)| *primary));
    let chosen = forward.or_else(|| open.iter().nth(what / 8 % open.len().max(1)));
    chosen.map_or(anyone, |(act, able)| (all[able[who % able.len()].0].clone(), *act))
}

fn sound(w: &World) -> Result<(), TestCaseError> {
    let Some(duty) = &w.duty else { return Ok(()) };
    prop_assert_eq!(check(duty, w.now), vec![]);
    prop_assert_eq!(duty.rev, u64::try_from(w.log.len()).unwrap());
    // Shares add up to the whole: the stretches from birth or reopening to closing or now, both minutes floored alike.
    let shares = duty.held(w.now, &w.calendar);
    let spans: Vec<_> = shares.iter().flat_map(|share| &share.spans).collect();
    let sum: i64 = spans.iter().map(|span| span.natural_minutes).sum();
    prop_assert_eq!(sum, shares.iter().map(|share| share.natural_minutes).sum::<i64>());
    if duty.round == 1 {
        let born = w.log[0].1.at;
        let end = duty.holder.until.unwrap_or(w.now);
        prop_assert_eq!(sum, end.since(born).div_euclid(60_000_000));
        let office: i64 = shares.iter().map(|share| share.office_minutes).sum();
        prop_assert_eq!(office, w.calendar.office_minutes_between(born, end));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]
    #[test]
    fn random_histories_stay_sound(
        skip in 0u8..16,
        steps in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>(), 0u32..4_000), 1..120),
    ) {
        let mut w = World::new();
        (w.profile.acceptance, w.profile.start, w.profile.verification) =
            (skip & 1 == 0, skip & 2 == 0, skip & 4 == 0);
        w.profile.evidence.min = u32::from(skip >> 3);
        w.target = Some(MergeTarget { id: duty_id(7), open: true });
        for (who, what, n, minutes) in steps.into_iter().map(|step: Step| step) {
            w.now = w.now.plus_seconds(i64::from(if minutes.is_multiple_of(9) { minutes } else { minutes % 60 }) * 60 + 7);
            let (actor, act) = drawn(&w, who, what);
            let command = command(act, n % 24, &mut w);
            let before = w.duty.clone();
            match w.act(&actor, &command) {
                Ok(events) => {
                    for event in &events {
                        prop_assert!(event.kind().starts_with("duty."));
                        prop_assert!(!event.say(Lang::Zh).is_empty() && !event.say(Lang::En).is_empty());
                    }
                }
                Err(no) => {
                    prop_assert!(!no.reason(Lang::Zh).is_empty() && !no.next(Lang::En).is_empty());
                    prop_assert_eq!(&before, &w.duty);
                }
            }
            sound(&w)?;
            let primaries = actions(w.duty.as_ref(), &w.context(&actor, None)).iter().filter(|o| o.primary).count();
            prop_assert!(primaries <= 1);
        }
        if let Some(duty) = &w.duty {
            prop_assert_eq!(&w.folded(), duty);
            let text = serde_json::to_string(&w.log).unwrap();
            let log: Vec<(Event, Meta)> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&fold(log.iter().map(|(event, meta)| (event, meta))).unwrap(), duty);
        }
    }
}
