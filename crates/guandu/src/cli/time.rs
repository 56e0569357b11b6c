//! `workdays` and `due`: the calendar for anybody's check.

use super::{OK, out};
use base::Outcome;
use kernel::calendar::{Calendar, Calendars};
use kernel::clock::{Limit, due as reckon};
use kernel::{Day, Instant, Lang};

fn calendar(known: Option<&str>) -> Outcome<Calendar> {
    let calendars = Calendars::builtin();
    Ok(match known {
        Some(day) => calendars.as_known(Day::parse("known", day)?),
        None => calendars.latest(),
    })
}

/// Prints `date,0|1,provisional` for every day from one to another.
pub(super) fn workdays(from: &str, to: &str, known: Option<&str>) -> Outcome<u8> {
    let (from, to) = (Day::parse("from", from)?, Day::parse("to", to)?);
    let calendar = calendar(known)?;
    let mut text = String::new();
    for number in from.number()..=to.number() {
        let day = Day::from_number(number);
        let work = u8::from(calendar.is_workday(day));
        let provisional = u8::from(calendar.is_provisional(day));
        text.push_str(&format!("{day},{work},{provisional}\n"));
    }
    out::line(text.trim_end());
    Ok(OK)
}

/// Prints the due moment and every step that led to it.
pub(super) fn due(start: &str, limit: &str, known: Option<&str>) -> Outcome<u8> {
    let start = Instant::parse("start", start)?;
    let limit = Limit::parse("limit", limit)?;
    let due = reckon(start, limit, &calendar(known)?);
    out::line(format!("{}{}", due.at.rfc3339(), if due.provisional { " (provisional 暂定)" } else { "" }));
    for step in &due.steps {
        out::line(format!("  {}", step.get(Lang::Zh)));
        out::line(format!("  {}", step.get(Lang::En)));
    }
    Ok(OK)
}
