//! Lengths of time as people say them: days and hours, not 5302 hours; the exact length is in the tooltip.
//!
//! Natural time is counted in days of 24 hours, office time in working days of as many hours as the district's offices
//! are open (D§7.2). Below one day both stay hours and minutes.

use base::i18n::T;
use base::web::ui::{Markup, html, when};

/// Minutes of a natural day.
const DAY: i64 = 1_440;

/// `220天22小时` / `220 d 22 h`: natural time.
pub(super) fn natural(t: T<'_>, minutes: i64) -> String {
    said(t, minutes, DAY, "du.span.days", "du.span.days_hours")
}

/// `156个工作日3小时` / `156 working days 3 h`: office time, a day having `per_day` minutes.
pub(super) fn office(t: T<'_>, minutes: i64, per_day: i64) -> String {
    said(t, minutes, per_day, "du.span.workdays", "du.span.workdays_hours")
}

fn said(t: T<'_>, minutes: i64, day: i64, whole: &str, with_rest: &str) -> String {
    if day <= 0 || minutes < day {
        return when::span(t, minutes);
    }
    // To the hour: minutes beside days are noise, and the tooltip has them.
    let rounded = (minutes + 30) / 60 * 60;
    let (days, hours) =
        if rounded % day >= 60 { (rounded / day, rounded % day / 60) } else { (rounded / day, 0) };
    match hours {
        0 => t.f(whole, &[("d", &days)]),
        h => t.f(with_rest, &[("d", &days), ("h", &h)]),
    }
}

/// A length with its exact hours and minutes as the tooltip.
pub(super) fn with_exact(t: T<'_>, said: &str, minutes: i64) -> Markup {
    html! { span title=(when::span(t, minutes)) { (said) } }
}

#[cfg(test)]
mod tests {
    use super::{natural, office};
    use base::i18n::Catalogue;
    use kernel::Lang;

    #[test]
    fn long_spans_are_days_and_short_ones_hours() {
        let all = Catalogue::with(&[crate::TEXTS]).unwrap();
        let (zh, en) = (all.t(Lang::Zh), all.t(Lang::En));
        // 5302 hours 40 minutes: the length that a page once showed.
        assert_eq!(natural(zh, 5302 * 60 + 40), "220天23小时");
        assert_eq!(natural(en, 5302 * 60 + 40), "220 d 23 h");
        assert_eq!(natural(zh, 1440), "1天");
        assert_eq!(natural(zh, 1439), "23小时59分");
        assert_eq!(natural(zh, 1440 * 2 - 1), "2天");
        assert_eq!(natural(zh, 0), "0分");
        // Seven hours an office day.
        assert_eq!(office(zh, 7 * 60 * 3 + 130, 420), "3个工作日2小时");
        assert_eq!(office(en, 420, 420), "1 working day");
        assert_eq!(office(en, 420 * 2 + 60, 420), "2 working days 1 h");
        assert_eq!(office(zh, 419, 420), "6小时59分");
        assert_eq!(office(zh, 100, 0), "1小时40分");
    }
}
