//! What must never be seen in a duty (D§2.3), as far as one duty can show it. The simulator asks after every day.

use super::model::{Duty, Held};
use super::state::State;
use super::vocab::StateName;
use crate::text::Words;
use crate::time::Instant;

/// A broken invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Stable code.
    pub code: &'static str,
    /// What was seen.
    pub words: Words,
}

/// Everything that is wrong with `duty` as seen at `now`; empty when it is sound.
pub fn check(duty: &Duty, now: Instant) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut say = |bad: bool, code, zh: &str, en: &str| {
        if bad {
            broken.push(Broken { code, words: Words::new(zh, en) });
        }
    };
    let name = duty.state.name();
    say(duty.updated_at > now, "future", "最后一条记录晚于现在", "the last event lies after now");
    say(duty.rev == 0, "no_event", "没有任何记录", "there is no event");
    let draft = matches!(name, StateName::Draft | StateName::Cancelled);
    say(!draft && duty.ground.is_empty(), "no_ground", "已立项却没有依据", "registered without a ground");
    say(!draft && duty.no.is_empty(), "no_number", "已立项却没有编号", "registered without a number");
    lead_is_one(duty, name, &mut say);
    held_without_gap(duty, now, &mut say);
    judged_by_others(duty, &mut say);
    clock_fits(duty, name, &mut say);
    let told = duty.outcome.as_ref().map(|outcome| outcome.class);
    let claims = match &duty.state {
        State::Submitted { outcome, .. } => told != Some(*outcome),
        State::Verified { .. } | State::Closed { .. } | State::Archived { .. } => told.is_none(),
        _ => false,
    };
    say(claims, "outcome", "已反馈却没有相符的结果", "submitted, but no such outcome is kept");
    say(duty.percent.is_some_and(|p| p > 100), "percent", "进度超过100%", "progress over 100 %");
    say(
        usize::try_from(duty.round).ok() != Some(duty.rounds.len() + 1),
        "rounds",
        "轮次与已结轮次不符",
        "the round does not follow the finished ones",
    );
    broken
}

/// From assignment on there is a lead, and while it works the time is charged to it (D§2.3.4).
fn lead_is_one(duty: &Duty, name: StateName, say: &mut impl FnMut(bool, &'static str, &str, &str)) {
    let before = matches!(name, StateName::Draft | StateName::Registered);
    let aside = matches!(name, StateName::Merged | StateName::Split | StateName::Cancelled);
    say(
        !before && !aside && duty.lead.is_none(),
        "no_lead",
        "已交办却没有牵头单位",
        "assigned without a lead",
    );
    say(before && duty.lead.is_some(), "early_lead", "未交办却有牵头单位", "a lead before assignment");
    let works = matches!(
        name,
        StateName::Assigned
            | StateName::Accepted
            | StateName::InProgress
            | StateName::SuspendAsked
            | StateName::Suspended
    );
    let charged = duty.lead.as_ref() == Some(&duty.holder.hold.unit);
    say(
        works && !charged,
        "holder",
        "办理时间没有记在牵头单位名下",
        "working time is not charged to the lead",
    );
    let supports = duty.children.iter().any(|child| child.id == duty.id);
    say(supports, "own_child", "事项是自己的子事项", "the duty is its own child");
}

/// Spans follow each other, and only a finished duty has nobody holding it (D§15.4).
fn held_without_gap(duty: &Duty, now: Instant, say: &mut impl FnMut(bool, &'static str, &str, &str)) {
    let all: Vec<&Held> = duty.past.iter().chain([&duty.holder]).collect();
    let backwards =
        all.iter().any(|held| held.until.is_some_and(|until| until < held.from) || held.from > now);
    say(backwards, "held_back", "持有时段倒置或晚于现在", "a span runs backwards or lies after now");
    say(
        duty.past.iter().any(|held| held.until.is_none()),
        "held_open",
        "以前的持有时段没有结束",
        "an earlier span is open",
    );
    let gaps = all.windows(2).filter(|pair| match pair {
        [a, b] => a.until != Some(b.from),
        _ => false,
    });
    // Between closing and reopening nobody holds it; elsewhere a gap is time that is charged to nobody.
    let reopened: Vec<Instant> = duty.rounds.iter().map(|round| round.reopened).collect();
    let lost = gaps.filter(|pair| pair.last().is_some_and(|b| !reopened.contains(&b.from))).count();
    say(lost > 0, "held_gap", "有一段时间无人持有", "some time is charged to nobody");
    say(
        duty.is_open() != duty.holder.until.is_none(),
        "held_end",
        "持有人与是否办结不符",
        "open without a holder, or finished with one",
    );
}

/// Handler ≠ verifier, verifier's unit ≠ lead, approver ≠ asker (D§2.3.5, D§2.2).
fn judged_by_others(duty: &Duty, say: &mut impl FnMut(bool, &'static str, &str, &str)) {
    let own = duty.verifications.iter().any(|v| v.by == v.submitter || v.unit == v.lead);
    say(own, "own_verdict", "自己核验自己", "somebody verified the own work");
    let own = duty.suspensions.iter().any(|s| s.by == s.asked_by)
        || duty.extensions.iter().any(|e| e.by == e.ask.by);
    say(own, "own_approval", "自己审批自己的申请", "somebody approved the own request");
}

/// Paused exactly while deferred, frozen exactly from submission on, original due kept (D§2.2, D§7.3).
fn clock_fits(duty: &Duty, name: StateName, say: &mut impl FnMut(bool, &'static str, &str, &str)) {
    let Some(clock) = &duty.clock else { return };
    let aside = !name.is_open() && !matches!(name, StateName::Closed | StateName::Archived);
    if aside {
        return;
    }
    let deferred = name == StateName::Suspended;
    say(
        clock.is_paused() != deferred,
        "pause",
        "挂账与暂停计时不符",
        "paused without deferral, or deferred without pause",
    );
    let told =
        matches!(name, StateName::Submitted | StateName::Verified | StateName::Closed | StateName::Archived);
    say(
        clock.frozen_at().is_some() != told,
        "frozen",
        "反馈与停止计时不符",
        "frozen without submission, or submitted without freeze",
    );
    let frozen_then = duty.outcome.as_ref().map(|outcome| outcome.at);
    say(
        told && clock.frozen_at() != frozen_then,
        "frozen_at",
        "停止计时不在反馈时刻",
        "the clock was not frozen at submission",
    );
    let moved = !clock.extensions().is_empty() && clock.main_due() < clock.main_original_due();
    say(moved, "original_due", "延期后的期限早于原期限", "an extended limit lies before its original");
    say(
        clock.extensions().len() != duty.granted_extensions(),
        "extensions",
        "同意延期次数与时限记录不符",
        "extensions granted and kept by the clock differ",
    );
}
