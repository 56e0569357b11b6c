//! Why a moment is due, in sentences: every date on a page opens to this (G20 of the comparison with peers).

use super::limit::{Counting, Limit, Roll, Unit};
use super::reckon::{Found, Goal, reckon};
use super::rule::{ClockEvent, ClockRule, LimitRule};
use super::running::Clock;
use super::state::{LimitState, PauseKind, Run, RunningLimit};
use super::wording::{day_en, day_zh, days, moment_en, moment_zh, range, span};
use crate::calendar::{Calendar, Calendars, Why, weekday_words};
use crate::id::Slug;
use crate::text::Words;
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest count whose days are all named.
const NAMED: u32 = 10;

/// Where a limit stands, for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryState {
    /// Its start event has not come.
    Waiting,
    /// It runs and is not past.
    Running,
    /// It runs and is past.
    Overdue,
    /// The clock is paused.
    Paused,
    /// The result is with the verifier.
    Frozen,
    /// It stopped in time.
    Met,
    /// It stopped late.
    Late,
}

/// One limit's due moment with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitStory {
    /// Its name in the rule.
    pub name: Slug,
    /// What people read for it.
    pub title: Words,
    /// When it is due; `None` while it waits.
    pub due: Option<Instant>,
    /// Where it stands.
    pub state: StoryState,
    /// The reckoning in sentences.
    pub text: Words,
}

impl Clock {
    /// Explains every limit of the clock: what started it, which days counted, what moved it, how it stands at `now`.
    pub fn explain(&self, rule: &ClockRule, cal: &Calendar, now: Instant) -> Vec<LimitStory> {
        self.limits().iter().map(|limit| self.story(limit, rule.limit(&limit.name), cal, now)).collect()
    }

    fn story(
        &self,
        limit: &RunningLimit,
        rule: Option<&LimitRule>,
        cal: &Calendar,
        now: Instant,
    ) -> LimitStory {
        let title = rule.map_or_else(|| Words::new(limit.name.as_str(), ""), LimitRule::title);
        let event = rule.map(|rule| rule.starts);
        let (state, mut text) = match limit.run() {
            None => (StoryState::Waiting, vec![waiting(limit.limit, event)]),
            Some(run) => {
                let mut text = self.reckoning(limit, run, event, cal);
                let (state, last) = self.standing(limit, run, now);
                text.push(last);
                (state, text)
            }
        };
        if limit.run().is_some_and(|run| run.provisional) {
            text.push(provisional());
        }
        LimitStory {
            name: limit.name.clone(),
            title,
            due: limit.run().map(|run| run.due),
            state,
            text: join(&text),
        }
    }

    /// The sentences on how the due moment came about.
    fn reckoning(
        &self,
        limit: &RunningLimit,
        run: &Run,
        event: Option<ClockEvent>,
        cal: &Calendar,
    ) -> Vec<Words> {
        let base = run.started.map(|at| at.day().year());
        let gaps = self.gaps(run.started.unwrap_or(run.due));
        let found = |goal: &Goal| reckon(goal, limit.limit.unit, limit.counting, &gaps, cal);
        let mut text = match (&run.goal, run.started) {
            (Goal::Count { limit: length, from }, _) => {
                let opening = opening(*from, event, base);
                let mut found = found(&run.goal);
                // The stored moment is what people are held to, also when a newer calendar would say otherwise.
                found.at = run.due;
                tell_counted(&opening, *from, *length, limit.counting, &found, cal)
            }
            (Goal::Until { day, since: None }, _) => vec![Words::new(
                format!("定于{}完成,应于{}前完成。", day_zh(*day, base), moment_zh(run.due, base)),
                format!("Set for {}. Due by {}.", day_en(*day, base), moment_en(run.due, base)),
            )],
            (Goal::Until { .. }, started) => {
                let from = started.unwrap_or(run.due_original);
                let opening = opening(from, event.filter(|_| started.is_some()), base);
                vec![Words::new(
                    format!(
                        "{},{},原应于{}前完成。",
                        opening.zh,
                        limit.limit.words().zh,
                        moment_zh(run.due_original, base)
                    ),
                    format!(
                        "{}. {}, at first due by {}.",
                        opening.en,
                        limit.limit.words().en,
                        moment_en(run.due_original, base)
                    ),
                )]
            }
        };
        if limit.main {
            text.extend(self.extensions().iter().map(|e| {
                let (at, was) = (moment_zh(e.at, base), moment_zh(e.was, base));
                Words::new(
                    format!("{at}批准延期,由{was}延至{}。理由:{}。", day_zh(e.to, base), e.reason),
                    format!(
                        "Extended on {} from {} to {}. Reason: {}.",
                        moment_en(e.at, base),
                        moment_en(e.was, base),
                        day_en(e.to, base),
                        e.reason
                    ),
                )
            }));
        }
        text.extend(self.paused_times(run, base));
        if matches!(&run.goal, Goal::Until { since: Some(_), .. }) {
            text.push(Words::new(
                format!("现应于{}前完成。", moment_zh(run.due, base)),
                format!("Now due by {}.", moment_en(run.due, base)),
            ));
        }
        text
    }

    fn paused_times(&self, run: &Run, base: Option<i16>) -> Vec<Words> {
        let own = self.pauses().iter().filter(|p| run.started.is_none_or(|s| p.to.is_none_or(|to| to > s)));
        own.filter_map(|p| {
            let to = p.to?;
            let (zh, en) = match p.kind {
                PauseKind::Verifying => ("核实期间不计时", "Not counted while it was verified".to_owned()),
                PauseKind::Ground => ("暂停计时", format!("Paused ({})", p.reason)),
            };
            let why = if p.kind == PauseKind::Ground { format!("({})", p.reason) } else { String::new() };
            Some(Words::new(
                format!("{}至{}{zh}{why}。", moment_zh(p.from, base), moment_zh(to, base)),
                format!("{en} from {} to {}.", moment_en(p.from, base), moment_en(to, base)),
            ))
        })
        .collect()
    }

    /// How the limit stands at `now`.
    fn standing(&self, limit: &RunningLimit, run: &Run, now: Instant) -> (StoryState, Words) {
        let base = run.started.map(|at| at.day().year());
        if let LimitState::Stopped { at, .. } = &limit.state {
            return ended(*at, run.due, base, limit.main && self.met() == Some(true));
        }
        if let Some(at) = self.frozen_at() {
            let words = Words::new(
                format!("{}已提交,时限冻结,等待核实。", moment_zh(at, base)),
                format!("Submitted {}; the clock is frozen until it is verified.", moment_en(at, base)),
            );
            return (StoryState::Frozen, words);
        }
        if let Some(pause) = self.pauses().last().filter(|pause| pause.to.is_none()) {
            let words = Words::new(
                format!("自{}起暂停计时({}),恢复后重新计算。", moment_zh(pause.from, base), pause.reason),
                format!(
                    "Paused since {} ({}); reckoned anew when it resumes.",
                    moment_en(pause.from, base),
                    pause.reason
                ),
            );
            return (StoryState::Paused, words);
        }
        let left = span(run.due.since(now));
        if now <= run.due {
            let words = Words::new(format!("距到期还有{}。", left.zh), format!("{} left.", left.en));
            return (StoryState::Running, words);
        }
        (StoryState::Overdue, Words::new(format!("已逾期{}。", left.zh), format!("Overdue by {}.", left.en)))
    }
}

fn ended(at: Instant, due: Instant, base: Option<i16>, met: bool) -> (StoryState, Words) {
    let (zh, en) = (moment_zh(at, base), moment_en(at, base));
    if met || at <= due {
        return (StoryState::Met, Words::new(format!("{zh}完成,按时。"), format!("Done {en}, in time.")));
    }
    let late = span(at.since(due));
    let words = Words::new(format!("{zh}完成,逾期{}。", late.zh), format!("Done {en}, {} late.", late.en));
    (StoryState::Late, words)
}

fn waiting(limit: Limit, event: Option<ClockEvent>) -> Words {
    let event = event.map_or_else(Words::default, ClockEvent::words);
    let limit = limit.words();
    Words::new(
        format!("尚未起算,{}后{}。", event.zh, limit.zh),
        format!("Not started: {} once {}.", limit.en, event.en),
    )
}

fn provisional() -> Words {
    Words::new(
        "该年度放假安排尚未公布,日期为暂定,公布后重新计算。",
        "The holidays of that year are not published yet; the date is provisional and will be reckoned anew.",
    )
}

fn opening(from: Instant, event: Option<ClockEvent>, base: Option<i16>) -> Words {
    let event = event.map_or_else(|| Words::new("起", "from"), ClockEvent::words);
    let mut letters = event.en.chars();
    let en: String = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
    Words::new(format!("{}{}", moment_zh(from, base), event.zh), format!("{en} {}", moment_en(from, base)))
}

fn join(text: &[Words]) -> Words {
    Words::new(
        text.iter().map(|w| w.zh.as_str()).collect::<String>(),
        text.iter().map(|w| w.en.as_str()).collect::<Vec<_>>().join(" "),
    )
}

/// The reckoning of a count, with the remark on an unpublished year.
pub(super) fn tell(
    opening: &Words,
    from: Instant,
    limit: Limit,
    counting: Counting,
    found: &Found,
    cal: &Calendar,
) -> Vec<Words> {
    let mut text = tell_counted(opening, from, limit, counting, found, cal);
    if found.provisional {
        text.push(provisional());
    }
    text
}

fn tell_counted(
    opening: &Words,
    from: Instant,
    limit: Limit,
    counting: Counting,
    found: &Found,
    cal: &Calendar,
) -> Vec<Words> {
    let base = Some(from.day().year());
    let last = found.rolled_from.unwrap_or_else(|| found.at.day());
    let how = how_counted(from.day(), last, limit, found, cal, base);
    let length = limit.words();
    let end = Words::new(
        format!("应于{}前完成。", moment_zh(found.at, base)),
        format!("Due by {}.", moment_en(found.at, base)),
    );
    let mut text = Vec::new();
    let rest_day = !cal.is_workday(last) && matches!(limit.unit, Unit::Days | Unit::Months);
    if rest_day || found.rolled_from.is_some() {
        text.push(Words::new(
            format!("{},{}{}。", opening.zh, length.zh, how.zh),
            format!("{}. {}{}.", opening.en, length.en, how.en),
        ));
        text.push(rest(last, counting, found, cal, base));
        text.push(end);
    } else {
        text.push(Words::new(
            format!("{},{}{},{}", opening.zh, length.zh, how.zh, end.zh),
            format!("{}. {}{}. {}", opening.en, length.en, how.en, end.en),
        ));
    }
    if limit.unit == Unit::WorkDays {
        text.extend(special_days(from.day(), last, cal, base));
    }
    text
}

/// The middle of the first sentence: which days were counted.
fn how_counted(
    start: Day,
    last: Day,
    limit: Limit,
    found: &Found,
    cal: &Calendar,
    base: Option<i16>,
) -> Words {
    let w = |zh: String, en: String| Words::new(zh, en);
    let (zh, en) = (day_zh(last, base), day_en(last, base));
    match limit.unit {
        Unit::Minutes | Unit::Hours => {
            w(",连续计算".to_owned(), ", nights and rest days included".to_owned())
        }
        Unit::OfficeHours => {
            let hours = cal.office(start).to_string();
            w(format!(",只计办公时间({})", hours.replace(',', "、")), format!(", office time only ({hours})"))
        }
        Unit::WorkDays | Unit::Days if limit.n == 0 => Words::default(),
        Unit::WorkDays if limit.n <= NAMED => {
            let counted: Vec<Day> = (start.number() + 1..=last.number())
                .map(Day::from_number)
                .filter(|day| cal.is_workday(*day) && !found.out.contains(day))
                .collect();
            let named = days(&counted, base);
            w(format!(",次日起算:{}", named.zh), format!(", counted from the next day: {}", named.en))
        }
        Unit::WorkDays => w(
            format!(",次日起算,第{}个工作日为{zh}", limit.n),
            format!(", counted from the next day; number {} is {en}", limit.n),
        ),
        Unit::Days => w(
            format!(",次日起算,含休息日,第{}天为{zh}", limit.n),
            format!(", counted from the next day, rest days included; number {} is {en}", limit.n),
        ),
        Unit::Months => w(format!(",期满日为{zh}"), format!(", ending on {en}")),
    }
}

/// What becomes of a last day that is a rest day.
fn rest(last: Day, counting: Counting, found: &Found, cal: &Calendar, base: Option<i16>) -> Words {
    let kind = cal.day_kind(last);
    let weekday = weekday_words(last.weekday());
    let name = match &kind.why {
        Why::Holiday(name) | Why::Local(name) => (**name).clone(),
        Why::Weekday | Why::Weekend | Why::MakeUp(_) => weekday,
    };
    let (zh, en) = (day_zh(last, base), day_en(last, base));
    if counting.roll == Roll::None {
        return Words::new(
            format!("{zh}为{},规则不顺延。", name.zh),
            format!("{en} is a rest day ({}); the rule does not move it.", name.en),
        );
    }
    let (to_zh, to_en) = (day_zh(found.at.day(), base), day_en(found.at.day(), base));
    Words::new(
        format!("{zh}为{},顺延至{to_zh}。", name.zh),
        format!("{en} is a rest day ({}), moved to {to_en}.", name.en),
    )
}

/// The holidays that were skipped and the make-up days that were counted on the way.
fn special_days(start: Day, last: Day, cal: &Calendar, base: Option<i16>) -> Vec<Words> {
    let mut spans: Vec<(Day, Day, Words, bool)> = Vec::new();
    for (day, kind) in cal.exceptions(start.plus(1), last) {
        let (Why::Holiday(name) | Why::MakeUp(name) | Why::Local(name)) = &kind.why else { continue };
        match spans.last_mut() {
            Some((_, to, before, work)) if to.plus(1) == day && *before == **name && *work == kind.work => {
                *to = day;
            }
            _ => spans.push((day, day, (**name).clone(), kind.work)),
        }
    }
    let say = |(a, b, name, work): (Day, Day, Words, bool)| {
        let when = range(a, b, base);
        if work {
            return Words::new(
                format!("{}{}调休上班,计入。", when.zh, name.zh),
                format!("{} counted: worked to make up for {}.", when.en, name.en),
            );
        }
        Words::new(
            format!("{}{}放假,不计。", when.zh, name.zh),
            format!("{} not counted: {}.", when.en, name.en),
        )
    };
    spans.into_iter().map(say).collect()
}

/// Why a recomputation moved a due moment: the days on which the two calendars differ.
pub(super) fn why_moved(title: &Words, before: &Run, after: &Run, old: &str, new: &Calendar) -> Words {
    let from = before.started.map_or_else(|| before.due.day(), Instant::day);
    let to = before.due.max(after.due).day();
    let base = Some(from.year());
    let mut worked = Vec::new();
    let mut off = Vec::new();
    if let Some(was) = Calendars::builtin().by_version(old) {
        for day in (from.number()..=to.number()).map(Day::from_number) {
            match (was.is_workday(day), new.is_workday(day)) {
                (false, true) => worked.push(day),
                (true, false) => off.push(day),
                _ => {}
            }
        }
    }
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for (list, say_zh, say_en) in [(&worked, "改为上班", "now worked"), (&off, "改为放假", "now off")]
    {
        if !list.is_empty() {
            let named = days(list, base);
            zh.push(format!("{}{say_zh}", named.zh));
            en.push(format!("{} {say_en}", named.en));
        }
    }
    let ground = if zh.is_empty() {
        Words::new("办公时间或扣除时间有变化", "the office hours or the excluded time changed")
    } else {
        Words::new(
            format!("放假安排由{old}更新为{}:{}", new.version(), zh.join(",")),
            format!("the calendar changed from {old} to {}: {}", new.version(), en.join(", ")),
        )
    };
    Words::new(
        format!(
            "{}:{}。应完成时间由{}改为{}。",
            title.zh,
            ground.zh,
            moment_zh(before.due, base),
            moment_zh(after.due, base)
        ),
        format!(
            "{}: {}. Due moved from {} to {}.",
            if title.en.is_empty() { &title.zh } else { &title.en },
            ground.en,
            moment_en(before.due, base),
            moment_en(after.due, base)
        ),
    )
}
