//! The clock of one duty: which limits run, what paused or extended them, when the holder's time was frozen.

use super::limit::{DayEnd, Limit, Unit};
use super::reckon::{Gap, Goal};
use super::refusal::ClockRefusal;
use super::rule::{ClockEvent, ClockRule};
use super::state::{DueChange, Extension, LimitState, Pause, PauseKind, Run, RunningLimit};
use super::story::why_moved;
use crate::calendar::{Calendar, OfficeHours};
use crate::id::Slug;
use crate::text::Words;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// The clock of one duty. Serializable; equal states compare equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    rule: Slug,
    rule_version: String,
    /// Empty until a calendar was used.
    calendar: String,
    limits: Vec<RunningLimit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pauses: Vec<Pause>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen: Option<Instant>,
}

impl Clock {
    /// A clock whose limits all wait for their events.
    pub fn new(rule: &ClockRule) -> Clock {
        let waiting = |l: &super::LimitRule| RunningLimit {
            name: l.name.clone(),
            limit: l.limit,
            main: l.main,
            counting: l.counting(),
            state: LimitState::Waiting,
        };
        Clock {
            rule: rule.code.clone(),
            rule_version: rule.version.clone(),
            calendar: String::new(),
            limits: rule.limits.iter().map(waiting).collect(),
            pauses: Vec::new(),
            extensions: Vec::new(),
            frozen: None,
        }
    }

    /// A clock whose main limit is due on a set day, as plan items have it. Until its start event brings the
    /// district's calendar, the usual office hours are taken.
    pub fn fixed(rule: &ClockRule, due: Day) -> Clock {
        let mut clock = Clock::new(rule);
        for limit in clock.limits.iter_mut().filter(|limit| limit.main) {
            let at = match limit.counting.day_end {
                DayEnd::OfficeClose => OfficeHours::default().closes(due),
                DayEnd::Midnight => due.plus(1).start().plus_seconds(-1),
            };
            let goal = Goal::Until { day: due, since: None };
            limit.state = LimitState::Running(Run {
                started: None,
                goal,
                due: at,
                due_original: at,
                provisional: false,
            });
        }
        clock
    }

    /// Takes an event: stops the limits that it stops and starts those that it starts. A limit starts and stops
    /// once, so a second assignment changes nothing. While frozen nothing starts, and a stop counts as of the freeze.
    pub fn on(&mut self, event: ClockEvent, at: Instant, rule: &ClockRule, cal: &Calendar) {
        let gaps = self.gaps(at);
        let frozen = self.frozen;
        let paused = self.is_paused();
        for limit in &mut self.limits {
            let Some(rule) = rule.limit(&limit.name) else { continue };
            if rule.stops == event && matches!(limit.state, LimitState::Running(_)) {
                if paused {
                    limit.settle(&gaps, cal);
                }
                if let LimitState::Running(run) = &limit.state {
                    let at = frozen.map_or(at, |frozen| frozen.min(at));
                    limit.state = LimitState::Stopped { run: run.clone(), at };
                }
            }
            if rule.starts == event && frozen.is_none() {
                let fresh = limit.run().is_none_or(|run| run.started.is_none());
                limit.start(at, cal);
                if fresh && !gaps.is_empty() {
                    limit.settle(&gaps, cal);
                }
            }
        }
        cal.version().clone_into(&mut self.calendar);
    }

    /// Excludes time from now on, on a stated ground. Nothing is due while paused. Without effect when already
    /// paused or frozen.
    pub fn pause(&mut self, at: Instant, reason: &str) {
        if self.is_paused() || self.frozen.is_some() {
            return;
        }
        self.pauses.push(Pause {
            from: self.after_last_pause(at),
            to: None,
            kind: PauseKind::Ground,
            reason: reason.to_owned(),
        });
    }

    /// Ends a pause and moves the due moments: by the time excluded for limits in hours and office hours; by each
    /// day that was paused for half or more of its time for limits in days and months.
    pub fn resume(&mut self, at: Instant, _rule: &ClockRule, cal: &Calendar) {
        self.close_pause(at);
        self.settle(cal);
    }

    /// Moves the main limit to the end of `to`. The original due moment is kept.
    ///
    /// # Errors
    /// When the main limit is not running, frozen, paused or past; when the rule's count is used up; when `to` is
    /// not later than the due day or further from it than the rule allows.
    pub fn extend(
        &mut self,
        to: Day,
        at: Instant,
        reason: &str,
        rule: &ClockRule,
        cal: &Calendar,
    ) -> Result<(), ClockRefusal> {
        if self.frozen.is_some() {
            return Err(ClockRefusal::Frozen);
        }
        if self.is_paused() {
            return Err(ClockRefusal::Paused);
        }
        let gaps = self.gaps(at);
        let used = u32::try_from(self.extensions.len()).unwrap_or(u32::MAX);
        let Some(limit) = self.limits.iter_mut().find(|limit| limit.main) else {
            return Err(ClockRefusal::NotRunning);
        };
        let LimitState::Running(run) = &limit.state else {
            return Err(ClockRefusal::NotRunning);
        };
        let was = run.due;
        if at > was {
            return Err(ClockRefusal::Late { due: was });
        }
        if used >= rule.extension.max_count {
            return Err(ClockRefusal::Count { max: rule.extension.max_count });
        }
        if to <= was.day() {
            return Err(ClockRefusal::NotLater { to, due: was });
        }
        let latest = furthest(was, rule.extension.max_len, cal);
        if to > latest {
            return Err(ClockRefusal::Length { to, latest });
        }
        limit.state =
            LimitState::Running(Run { goal: Goal::Until { day: to, since: Some(at) }, ..run.clone() });
        limit.settle(&gaps, cal);
        self.extensions.push(Extension { to, was, at, reason: reason.to_owned() });
        cal.version().clone_into(&mut self.calendar);
        Ok(())
    }

    /// Fixes the holder's time at submission: from here on somebody else has the duty. An open pause ends.
    pub fn freeze(&mut self, at: Instant) {
        if self.frozen.is_none() {
            self.close_pause(at);
            self.frozen = Some(at);
        }
    }

    /// The result was rejected: the holder has the duty again. The time under verification is excluded, and the
    /// limits that the submission stopped run on.
    pub fn unfreeze(&mut self, at: Instant, _rule: &ClockRule, cal: &Calendar) {
        let Some(frozen) = self.frozen.take() else { return };
        for limit in &mut self.limits {
            if let LimitState::Stopped { run, at } = &limit.state
                && *at >= frozen
            {
                limit.state = LimitState::Running(run.clone());
            }
        }
        if at > frozen {
            let from = self.after_last_pause(frozen);
            let kind = PauseKind::Verifying;
            self.pauses.push(Pause { from, to: Some(at.max(from)), kind, reason: String::new() });
        }
        self.settle(cal);
    }

    /// What the holder must meet next: the earliest due moment among running limits. `None` when all wait or have
    /// stopped, and while the clock is paused or frozen.
    pub fn due(&self) -> Option<Instant> {
        self.next().map(|(_, run)| run.due)
    }

    /// The main limit's due moment, also when it has stopped; while paused, as it stood when the pause began.
    pub fn main_due(&self) -> Option<Instant> {
        self.main().and_then(RunningLimit::run).map(|run| run.due)
    }

    /// The main limit's first due moment, before extensions, pauses and changes of calendar.
    pub fn main_original_due(&self) -> Option<Instant> {
        self.main().and_then(RunningLimit::run).map(|run| run.due_original)
    }

    /// When the light of [`Clock::due`] turns yellow: the rule's `warn` before it, on the same time of day for days.
    pub fn warn_at(&self, rule: &ClockRule, cal: &Calendar) -> Option<Instant> {
        let (limit, run) = self.next()?;
        let warn = rule.limit(&limit.name).and_then(|l| l.warn).unwrap_or(rule.warn);
        let at = before(run.due, warn, cal);
        Some(run.started.map_or(at, |started| at.max(started)))
    }

    /// Whether a pause is open.
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// Whether a running limit depends on a notice that is not out yet.
    pub fn provisional(&self) -> bool {
        self.limits.iter().any(|limit| matches!(&limit.state, LimitState::Running(run) if run.provisional))
    }

    /// Whether the main limit was met, judged by the freeze moment, else by its stop event. `None` while it is open.
    pub fn met(&self) -> Option<bool> {
        let main = self.main()?;
        let run = main.run()?;
        let stopped = match &main.state {
            LimitState::Stopped { at, .. } => Some(*at),
            LimitState::Waiting | LimitState::Running(_) => None,
        };
        let at = match (self.frozen, stopped) {
            (Some(frozen), Some(stopped)) => frozen.min(stopped),
            (frozen, stopped) => frozen.or(stopped)?,
        };
        // Who submits out of a pause that began in time is in time, whatever the clock on the wall says.
        let stood_still = |p: &Pause| p.from <= run.due && p.from <= at && p.to.is_none_or(|to| at <= to);
        Some(at <= run.due || self.pauses.iter().any(stood_still))
    }

    /// Reckons every running limit anew, after a notice or the area's office hours changed. Stopped limits and
    /// frozen clocks keep what they were judged by.
    pub fn recompute(&mut self, rule: &ClockRule, cal: &Calendar) -> Vec<DueChange> {
        if self.frozen.is_some() {
            return Vec::new();
        }
        let was = self.clone();
        self.settle(cal);
        let mut changes = Vec::new();
        for (old, new) in was.limits.iter().zip(&self.limits) {
            if let (Some(before), LimitState::Running(after)) = (old.run(), &new.state)
                && before.due != after.due
            {
                let title = rule
                    .limit(&new.name)
                    .map_or_else(|| Words::new(new.name.as_str(), ""), super::LimitRule::title);
                let why = why_moved(&title, before, after, &was.calendar, cal);
                changes.push(DueChange { limit: new.name.clone(), old: before.due, new: after.due, why });
            }
        }
        changes
    }

    /// The code and version of the rule it runs under.
    pub fn rule(&self) -> (&Slug, &str) {
        (&self.rule, &self.rule_version)
    }
    /// The version of the calendar last used; empty before the first event.
    pub fn calendar_version(&self) -> &str {
        &self.calendar
    }
    /// Its limits in the rule's order.
    pub fn limits(&self) -> &[RunningLimit] {
        &self.limits
    }
    /// Its pauses, oldest first.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }
    /// Its extensions, oldest first.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }
    /// When the holder's time was frozen.
    pub fn frozen_at(&self) -> Option<Instant> {
        self.frozen
    }

    fn main(&self) -> Option<&RunningLimit> {
        self.limits.iter().find(|limit| limit.main)
    }
    fn next(&self) -> Option<(&RunningLimit, &Run)> {
        if self.frozen.is_some() || self.is_paused() {
            return None;
        }
        let running = self.limits.iter().filter_map(|limit| match &limit.state {
            LimitState::Running(run) => Some((limit, run)),
            LimitState::Waiting | LimitState::Stopped { .. } => None,
        });
        running.min_by_key(|(_, run)| run.due)
    }
    fn settle(&mut self, cal: &Calendar) {
        let gaps: Vec<Gap> = self.pauses.iter().filter_map(|p| Some((p.from, p.to?))).collect();
        for limit in &mut self.limits {
            limit.settle(&gaps, cal);
        }
        cal.version().clone_into(&mut self.calendar);
    }
    /// The excluded stretches; one that is open ends at `now`.
    pub(super) fn gaps(&self, now: Instant) -> Vec<Gap> {
        self.pauses.iter().map(|p| (p.from, p.to.unwrap_or(now).max(p.from))).collect()
    }
    fn close_pause(&mut self, at: Instant) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            pause.to = Some(at.max(pause.from));
        }
    }
    /// Keeps pauses in order when two machines' clocks differ by a moment.
    fn after_last_pause(&self, at: Instant) -> Instant {
        self.pauses.last().and_then(|pause| pause.to).map_or(at, |to| to.max(at))
    }
}

/// The furthest day that an extension of `was` may reach.
fn furthest(was: Instant, len: Limit, cal: &Calendar) -> Day {
    let n = i32::try_from(len.n).unwrap_or(i32::MAX);
    match len.unit {
        Unit::Minutes => was.plus_seconds(i64::from(len.n) * 60).day(),
        Unit::Hours => was.plus_seconds(i64::from(len.n) * 3600).day(),
        Unit::OfficeHours => cal.add_office_minutes(was, len.n.saturating_mul(60)).day(),
        Unit::WorkDays => cal.add_workdays(was.day(), len.n),
        Unit::Days => was.day().plus(n),
        Unit::Months => was.day().plus_months(n),
    }
}

/// The moment `len` before `due`.
fn before(due: Instant, len: Limit, cal: &Calendar) -> Instant {
    let n = i32::try_from(len.n).unwrap_or(i32::MAX);
    let same_time = |day: Day| day.start().plus_micros(due.since(due.day().start()));
    match len.unit {
        Unit::Minutes => due.plus_seconds(-60 * i64::from(len.n)),
        Unit::Hours => due.plus_seconds(-3600 * i64::from(len.n)),
        Unit::OfficeHours => cal.sub_office_minutes(due, len.n.saturating_mul(60)),
        Unit::WorkDays => same_time(cal.sub_workdays(due.day(), len.n)),
        Unit::Days => same_time(due.day().plus(n.saturating_neg())),
        Unit::Months => same_time(due.day().plus_months(n.saturating_neg())),
    }
}
