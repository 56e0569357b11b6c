//! Moments: when to call, to score, to look back.

use crate::model::Case;
use kernel::calendar::Calendar;
use kernel::clock::due;
use kernel::duty::{Duty, State};
use kernel::playbook::CaseRules;
use kernel::{Day, Instant};

/// Days after the call-back was due at which a case that nobody could be asked about is scored as not asked; an
/// example. Before that, the missing call-back is the hotline's lateness and not the handler's result.
const ASK_UNTIL: i32 = 7;

/// The next time of day after an attempt: morning, afternoon, evening (D§B.1 row 19 “at different times”).
pub(super) fn other_time_of_day(at: Instant) -> Instant {
    let (hour, _) = at.hour_minute();
    let day = at.day();
    match hour {
        ..12 => day.at(12, 0),
        12..18 => day.at(18, 0),
        _ => day.plus(1).at(9, 0),
    }
}

/// From when on somebody may call; `None` when nobody needs to.
pub fn call_at(case: &Case, duty: &Duty, sampled: bool) -> Option<Instant> {
    let open = matches!(duty.state, State::Submitted { .. } | State::Verified { .. });
    let audited = case.audit().filter(|audit| audit.passed && open)?;
    if case.gave_up() || case.end.is_some() || case.mark().is_some() || !case.filing.contactable {
        return None;
    }
    match (case.reached(), case.attempts().last()) {
        (Some(first), _) => (sampled && !first.second).then(|| other_time_of_day(first.at)),
        (None, Some(last)) => Some(other_time_of_day(last.at)),
        // Who rated by the own channel is asked again only in the sample.
        (None, None) => (case.rating().is_none() || sampled).then_some(audited.at),
    }
}

/// When the present result was said, by the petitioner's own channel or in a call; the last attempt when nobody was
/// reached.
pub fn rated_at(case: &Case) -> Option<Instant> {
    let own = case.rating().map(|rating| rating.at);
    let called = case.reached().map(|call| call.at);
    let gave_up = case.attempts().filter(|call| call.gave_up).map(|call| call.at).last();
    own.max(called).or(gave_up)
}

/// When the round is scored (before it has a mark) or closed (after it): the window of exclusion, then that of appeal.
pub fn score_at(case: &Case, duty: &Duty, rules: &CaseRules, calendar: &Calendar) -> Option<Instant> {
    if !matches!(duty.state, State::Submitted { .. } | State::Verified { .. }) {
        return None;
    }
    let audit = case.audit().filter(|audit| audit.passed)?;
    match &case.exclusion {
        Some(exclusion) if exclusion.pending() => return None,
        Some(exclusion) => {
            let decided = exclusion.appeal.as_ref().and_then(|a| a.decided.as_ref()).map(|r| r.at);
            let first = exclusion.decided.as_ref().map(|r| due(r.at, rules.appeal_within, calendar).at);
            return decided.or(first);
        }
        None => {}
    }
    Some(match rated_at(case) {
        Some(at) => due(at.max(audit.at), rules.exclusion_within, calendar).at,
        None => {
            let asked = due(audit.at, rules.callback_within, calendar).at;
            asked.day().plus(ASK_UNTIL).at(18, 0)
        }
    })
}

/// The day on which the look-back after `days` falls.
pub fn look_day(closed: Instant, days: u32) -> Day {
    closed.day().plus(i32::try_from(days).unwrap_or(i32::MAX))
}

/// The look-back that is due at `now`: its number of days. [`crate::store`] keeps the moment of the next in a column.
pub fn look_back_due(case: &Case, duty: &Duty, rules: &CaseRules, now: Instant) -> Option<u32> {
    next_look(case, duty, rules).filter(|(_, day)| *day <= now.day()).map(|(days, _)| days)
}

/// The next look-back of a finished case, and its day.
pub(crate) fn next_look(case: &Case, duty: &Duty, rules: &CaseRules) -> Option<(u32, Day)> {
    let (State::Closed { at: closed, .. } | State::Archived { closed, .. }) = &duty.state else {
        return None;
    };
    if case.end.is_some() {
        return None;
    }
    let done = |days: u32| case.look_backs.iter().any(|look| look.round == case.round && look.day == days);
    let days = rules.look_back_days.iter().copied().find(|days| !done(*days))?;
    Some((days, look_day(*closed, days)))
}
