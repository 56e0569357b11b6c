//! Small pieces that all pages of the plan share: names, bars, dates.

use crate::board::{ItemView, Mark, TaskView};
use crate::check::amount;
use base::i18n::T;
use base::web::Ctx;
use base::web::ui::meter::{Size, bullet, number};
use base::web::ui::{Tone, light, mark, when};
use kernel::calendar::Calendar;
use kernel::light::Light;
use kernel::money::Decimal;
use kernel::playbook::{Playbook, Source};
use kernel::{Day, PostCode, UnitCode};
use maud::{Markup, html};
use std::sync::Arc;

/// What a page looks names and days up in.
pub(crate) struct Names<'a> {
    pub(crate) t: T<'a>,
    pub(crate) book: Arc<Playbook>,
    pub(crate) cal: Calendar,
    pub(crate) today: Day,
}

impl<'a> Names<'a> {
    /// For the playbook and day that the page shows.
    pub(crate) fn new(ctx: &'a Ctx, book: &Arc<Playbook>, today: Day) -> base::Outcome<Names<'a>> {
        Ok(Names { t: ctx.t(), book: book.clone(), cal: ctx.app.calendar(ctx.district(), today)?, today })
    }
    /// Name of a unit; its code when the playbook no longer has it.
    pub(crate) fn unit(&self, code: &UnitCode) -> String {
        self.book.unit(code).map_or_else(|| code.to_string(), |u| self.t.words(&u.name).into_owned())
    }
    /// Title of a post.
    pub(crate) fn post(&self, code: &PostCode) -> String {
        self.book.post(code).map_or_else(|| code.to_string(), |p| self.t.words(&p.title).into_owned())
    }
    /// Unit and title of a post, for histories.
    pub(crate) fn actor(&self, code: &PostCode) -> String {
        match self.book.post(code) {
            Some(p) => format!("{} · {}", self.unit(&p.unit), self.t.words(&p.title)),
            None => code.to_string(),
        }
    }
    /// Names of units in a row.
    pub(crate) fn units(&self, codes: &[UnitCode]) -> String {
        let names: Vec<String> = codes.iter().map(|u| self.unit(u)).collect();
        names.join(self.t.s("word.list"))
    }
    /// Name of a list of the plan.
    pub(crate) fn list(&self, code: &kernel::Slug) -> String {
        self.book
            .plan
            .lists
            .get(code)
            .map_or_else(|| code.to_string(), |l| self.t.words(&l.title).into_owned())
    }
    /// Working days after today up to `day`; negative when it has passed.
    pub(crate) fn workdays(&self, day: Day) -> i32 {
        self.cal.workdays_between(self.today, day)
    }
}

/// 报道 or 示例, by where a line comes from; nothing for other sources, which the item's page names.
pub(crate) fn source(t: T, source: &Source) -> Markup {
    html! {
        @if source.is_article() { (mark::src(t, None)) }
        @else if source.is_example() { (mark::example(t, None)) }
    }
}

/// The badge of a light: 滞后 when progress made it red.
pub(crate) fn badge(t: T, shown: Light, behind: bool) -> Markup {
    light::light(t, shown, (behind && shown == Light::Red).then(|| t.s("word.behind")))
}

/// The class of a difference: coloured only when the light says so.
fn tinted(light: Light) -> Option<&'static str> {
    match light {
        Light::Red => Some("c-r"),
        Light::Yellow => Some("c-y"),
        _ => None,
    }
}

/// A bar with the mark it is compared with, and its figures below.
pub(crate) fn bar(t: T, percent: Option<Decimal>, mark_at: Decimal, against: Mark, light: Light) -> Markup {
    let Some(percent) = percent else {
        let label = t.f("plan.no_percent_label", &[("mark", &mark_at.text(1))]);
        return html! {
            (bullet(0.0, Some(number(mark_at)), Tone::Time, Size::Thin, &label))
            span.pv { span.muted { (t.s("plan.no_percent")) } }
        };
    };
    let key = match against {
        Mark::Time => "plan.bar_label",
        Mark::Target => "plan.bar_label_target",
    };
    let label = t.f(key, &[("percent", &percent.text(1)), ("mark", &mark_at.text(1))]);
    html! {
        (bullet(number(percent), Some(number(mark_at)), Tone::from(light), Size::Thin, &label))
        span.pv { b { (percent.text(1)) "%" } small class=[tinted(light)] { (mark::signed(percent - mark_at, 1)) } }
    }
}

/// An item's bar.
pub(crate) fn item_bar(t: T, item: &ItemView) -> Markup {
    bar(t, item.percent, item.mark, item.against, item.light)
}

/// A part's bar; a node has none, it is done or not.
pub(crate) fn task_bar(t: T, task: &TaskView) -> Markup {
    match (&task.weight, task.target) {
        (Some(weight), None) => {
            html! { span.muted.xs { (t.f("plan.node_weight", &[("n", &weight.text(0))])) } }
        }
        _ => bar(t, task.percent, task.mark, Mark::Time, task.light),
    }
}

/// The due cell of a row: how late in red, or the day and how many working days are left.
pub(crate) fn due_cell(n: &Names<'_>, due: Day, overdue: i32, done: bool) -> Markup {
    let t = n.t;
    let day = when::day_near(t.lang(), due, n.today);
    if overdue > 0 {
        return html! { b.c-r title=(t.s("plan.by_workdays")) { (t.f("plan.late", &[("n", &overdue)])) } small { (day) } };
    }
    let left = n.workdays(due);
    html! {
        span { (day) }
        @if !done && left > 0 { small title=(t.s("plan.by_workdays")) { (t.f("plan.left", &[("n", &left)])) } }
        @else if !done && left == 0 && due == n.today { small { (t.s("word.today")) } }
    }
}

/// A figure over its target with the unit: `58.6/300亿元`.
pub(crate) fn fraction(
    t: T,
    value: Option<Decimal>,
    target: Option<Decimal>,
    unit: Option<&kernel::Words>,
) -> String {
    let none = kernel::Words::default();
    let unit = unit.unwrap_or(&none);
    let with = |d: Decimal| t.words(&amount(d, unit)).trim_end().to_owned();
    match (value, target) {
        (Some(v), Some(goal)) if unit.zh == "%" => t.f("plan.rate_of", &[("value", &v), ("target", &goal)]),
        (Some(v), Some(goal)) => format!("{v}/{}", with(goal)),
        (Some(v), None) => with(v),
        (None, Some(goal)) => t.f("plan.target_is", &[("target", &with(goal))]),
        (None, None) => String::new(),
    }
}
