//! How far an item is, how far it should be, and the light that follows. Pure.
//!
//! Time runs linearly over the item's slice (D§6.1): from the first day of its measure, or of the year, to its due day.
//! On 12 August 224 of 365 days have passed, which is 61.4 %; of a goal for the second half 43 of 184, which is 23.4 %.
//!
//! What is compared depends on the measure. Amounts and counts grow over the slice and are compared with time. A level
//! (a rate, a rank, an indicator that is met or not) does not, so it is compared with its target; time says nothing
//! about it. An item without a measure is as far as its unit noted, or else as its finished nodes weigh.

use kernel::calendar::Calendar;
use kernel::clock;
use kernel::duty::{Duty, StateName};
use kernel::light::{Light, LightPolicy, deadline_light, lag_points};
use kernel::money::Decimal;
use kernel::playbook::{Direction, Measure};
use kernel::{Day, Instant, Words};

/// Hundred per cent.
pub const FULL: Decimal = Decimal::whole(100);

/// What the black mark on a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Where time is.
    Time,
    /// The target itself, for levels.
    Target,
}

/// Where a percentage comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A reported figure over the target.
    Value,
    /// The unit's own note of progress.
    Noted,
    /// Weights of finished nodes.
    Nodes,
    /// Done.
    Done,
    /// Nothing was reported.
    Nothing,
}

/// How far something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is shown: per cent of the target, or the rate itself for a measure in per cent. None without data.
    pub percent: Option<Decimal>,
    /// What it is compared with, on the same scale.
    pub mark: Decimal,
    /// What that is.
    pub against: Mark,
    /// Linear time progress of the slice in per cent.
    pub time: Decimal,
    /// Where the percentage comes from.
    pub origin: Origin,
    /// Per cent of the target reached, 0 to 100: what a punch's weighted mean adds up.
    pub completion: Option<Decimal>,
}

impl Progress {
    /// Points ahead of the mark; negative when behind (欠进度).
    pub fn difference(&self) -> Option<Decimal> {
        self.percent.map(|p| p - self.mark)
    }
}

/// Linear time progress in per cent at the end of `on`, of the slice from `from` to `due`, both included: 0 before it,
/// 100 after it.
pub fn time_percent(from: Day, due: Day, on: Day) -> Decimal {
    let whole = i64::from(due.number() - from.number() + 1);
    let gone = i64::from(on.number() - from.number() + 1);
    match whole {
        ..=0 => FULL,
        whole => Decimal::percent(gone.clamp(0, whole), whole).unwrap_or(FULL),
    }
}

/// The published convention for monthly figures: months elapsed over twelve, in per cent (D§6.1).
pub fn month_percent(months: u8) -> Decimal {
    Decimal::percent(i64::from(months.min(12)), 12).unwrap_or_default()
}

/// The first day of a measure's slice; the year's first day when it names none.
pub fn slice_start(measure: Option<&Measure>, year: i16) -> Day {
    let named = measure.and_then(|m| m.from);
    named.or_else(|| Day::new(year, 1, 1)).unwrap_or_else(|| Day::from_number(0))
}

/// Per cent of the target that `value` reaches, from the measure's base where one is known. None when the measure gives
/// no way to say: no target, or a target that equals the base.
pub fn reached(measure: &Measure, target: Option<Decimal>, value: Decimal) -> Option<Decimal> {
    let target = target?;
    match (measure.direction, measure.base) {
        (_, Some(base)) => Decimal::percent((value - base).raw(), (target - base).raw()),
        (Direction::Higher, None) => Decimal::percent(value.raw(), target.raw()),
        // A ceiling without a base is met or it is not.
        (Direction::Lower, None) => Some(if value <= target { FULL } else { Decimal::ZERO }),
    }
}

/// What [`progress`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The measure, when there is one.
    pub measure: Option<&'a Measure>,
    /// The figure to reach, as changed.
    pub target: Option<Decimal>,
    /// The latest reported figure.
    pub value: Option<Decimal>,
    /// The latest noted percentage.
    pub noted: Option<u8>,
    /// Weights of finished nodes, in per cent.
    pub nodes_done: Decimal,
    /// It is done.
    pub done: bool,
    /// First day of the slice.
    pub from: Day,
    /// Due day.
    pub due: Day,
    /// The day that asks.
    pub on: Day,
}

/// How far it is.
pub fn progress(g: &Given<'_>) -> Progress {
    let time = time_percent(g.from, g.due, g.on);
    let capped = |p: Decimal| p.clamp(Decimal::ZERO, FULL);
    let by_value = g.measure.zip(g.value).and_then(|(m, v)| reached(m, g.target, v).map(|p| (m, v, p)));
    if let Some((measure, value, percent)) = by_value {
        let completion = Some(if g.done { FULL } else { capped(percent) });
        let (percent, mark, against) = match (measure.additive, measure.unit.zh == "%") {
            (true, _) => (percent, time, Mark::Time),
            (false, true) => (value, g.target.unwrap_or(FULL), Mark::Target),
            (false, false) => (percent, FULL, Mark::Target),
        };
        return Progress { percent: Some(percent), mark, against, time, origin: Origin::Value, completion };
    }
    let noted = g.noted.map(|n| Decimal::whole(i64::from(n)));
    let nodes = (g.nodes_done > Decimal::ZERO).then_some(g.nodes_done);
    let (percent, origin) = match (g.done, noted, nodes) {
        (true, _, _) => (Some(FULL), Origin::Done),
        (false, Some(p), _) => (Some(p), Origin::Noted),
        (false, None, Some(p)) => (Some(p), Origin::Nodes),
        (false, None, None) => (None, Origin::Nothing),
    };
    Progress { percent, mark: time, against: Mark::Time, time, origin, completion: percent.map(capped) }
}

/// What the deadline of a duty says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Its light.
    pub light: Light,
    /// The moment that must be met; none for a duty without a main limit.
    pub due: Option<Instant>,
    /// Working days past the due day while somebody still owes it; 0 when it is not late.
    pub overdue: i32,
}

/// The light of the main limit. What was submitted is judged at the moment of submission: a slow verifier makes nobody
/// late. `horizon` is where the clock rule's period of warning ends when it begins now: what is due before it, warns.
pub fn deadline(duty: &Duty, horizon: Option<Instant>, at: Instant, cal: &Calendar) -> Deadline {
    let clock = duty.clock.as_ref();
    let due = clock.and_then(clock::Clock::main_due);
    let judged = clock.and_then(clock::Clock::frozen_at).unwrap_or(at);
    let submitted = judged < at;
    let soon = |due: Instant| horizon.is_some_and(|horizon| horizon >= due);
    let warn_at = due.filter(|due| !submitted && soon(*due)).map(|_| judged);
    let paused = clock.is_some_and(clock::Clock::is_paused);
    let light = deadline_light(judged, due, warn_at, paused, !duty.is_open());
    let late = due.filter(|_| light == Light::Red);
    let overdue = late.map_or(0, |due| cal.workdays_between(due.day(), judged.day()));
    Deadline { light, due, overdue }
}

/// A light, the rule and value behind it, and whether progress (滞后) rather than the date (逾期) made it red.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The light.
    pub light: Light,
    /// Rule and value in words.
    pub why: Words,
    /// Red by progress.
    pub behind: bool,
}

/// The light of progress alone: how many points it lies behind its mark, by the policy in force. `history` holds the
/// lights of the periods before, newest last.
pub fn progress_light(p: &Progress, policy: Option<&LightPolicy>, history: &[Light]) -> (Light, Words) {
    let Some(policy) = policy else {
        return (Light::Grey, Words::new("规则本没有进度灯规则", "The playbook has no policy for progress"));
    };
    let lag = p.percent.map(|percent| rounded(lag_points(p.mark, percent)));
    let verdict = policy.judge(lag, history, false);
    (verdict.light, verdict.rule)
}

/// To a tenth of a point: what is judged is what is shown.
fn rounded(points: Decimal) -> Decimal {
    Decimal::parse(&points.text(1).replace('−', "-")).unwrap_or(points)
}

fn rank(light: Light) -> u8 {
    match light {
        Light::Red => 3,
        Light::Yellow => 2,
        Light::Green => 1,
        Light::Grey | Light::Done | Light::Paused => 0,
    }
}

/// The worse of deadline and progress. Done and paused are the duty's own word; no data is grey and never green, unless
/// the date already warns.
pub fn worst(duty: &Duty, deadline: &Deadline, progress: (Light, Words)) -> Shown {
    let state = duty.state.name();
    let shown = |light, why| Shown { light, why, behind: false };
    match state {
        StateName::Closed | StateName::Archived => return shown(Light::Done, done_words(state)),
        StateName::Cancelled | StateName::Merged | StateName::Split => {
            return shown(Light::Grey, done_words(state));
        }
        _ if deadline.light == Light::Paused => {
            let why =
                Words::new("挂账期间不计时限，也不判进度", "Deferred: neither date nor progress is judged");
            return shown(Light::Paused, why);
        }
        _ => {}
    }
    let (by_progress, rule) = progress;
    if rank(deadline.light) >= 2 && rank(deadline.light) >= rank(by_progress) {
        return shown(deadline.light, deadline_words(deadline));
    }
    Shown { light: by_progress, why: rule, behind: by_progress == Light::Red }
}

fn done_words(state: StateName) -> Words {
    let say = |lang| state.say(lang).to_owned();
    Words::new(say(kernel::Lang::Zh), say(kernel::Lang::En))
}

fn deadline_words(deadline: &Deadline) -> Words {
    let Some(due) = deadline.due.map(Instant::day) else { return Words::default() };
    let (m, d) = (due.month(), due.day());
    match (deadline.light, deadline.overdue) {
        (Light::Red, 0) => Words::new(
            format!("期限{m}月{d}日已过，为逾期"),
            format!("The due moment on {due} has passed, which is overdue"),
        ),
        (Light::Red, n) => Words::new(
            format!("期限{m}月{d}日，已过{n}个工作日，为逾期"),
            format!("Due {due}, {n} working days ago, which is overdue"),
        ),
        _ => Words::new(
            format!("期限{m}月{d}日，已进入到期前提醒期，为预警"),
            format!("Due {due}; the period of warning before it has begun"),
        ),
    }
}
