//! One row opened: each rate with its formula, the formula with its numbers, what went in, what was left out, and links
//! to the cases.

use super::Ask;
use crate::rates::{Board, Figure, RateRow};
use base::i18n::T;
use base::web::ui::card::{Explain, explain};
use base::web::ui::meter::number;
use base::web::ui::{Markup, html};
use kernel::cases::Grade;
use kernel::playbook::{CaseRules, Playbook};
use kernel::score::{Composite, Rate};
use kernel::{Slug, Words};

/// What all rates of a row are explained with.
pub(super) struct Opened<'a> {
    pub(super) t: T<'a>,
    pub(super) book: &'a Playbook,
    pub(super) rules: &'a CaseRules,
    pub(super) ask: &'a Ask,
    pub(super) board: &'a Board,
    pub(super) row: &'a RateRow,
}

impl Opened<'_> {
    /// The four rows.
    pub(super) fn draw(&self) -> Markup {
        html! { (self.response()) (self.solved()) (self.satisfied()) (self.composite()) }
    }
    fn formula(&self, n: usize) -> String {
        self.board.formulas.get(n).map(|words| self.t.words(words).into_owned()).unwrap_or_default()
    }
    /// A figure with the way to its cases.
    fn link(&self, name: &str, n: u64, figure: Figure) -> Markup {
        let text = self.t.f("rates.link", &[("name", &name), ("n", &n)]);
        html! { @match self.ask.cases(&self.row.key, figure) {
            Some(href) => a href=(href) { (text) },
            None => (text),
        } }
    }
    /// What was left out, class by class.
    fn exclusions(&self) -> Vec<String> {
        let name = |code: &str| {
            let rule = Slug::parse("class", code).ok().and_then(|slug| self.rules.exclusions.get(&slug));
            rule.map_or_else(|| code.to_owned(), |rule| self.t.words(&rule.name).into_owned())
        };
        let line =
            |(code, n): (&String, &u64)| self.t.f("rates.excluded_class", &[("name", &name(code)), ("n", n)]);
        let mut out: Vec<String> = self.row.classes.iter().map(line).collect();
        if self.row.left_out > 0 {
            out.push(self.t.f("rates.left_out_line", &[("n", &self.row.left_out)]));
        }
        out
    }
    fn interval(&self, rate: &Rate) -> (String, String, String) {
        let t = self.t;
        let both = t.f("rates.span", &[("low", &rate.low.text(1)), ("high", &rate.high.text(1))]);
        (t.s("rates.interval").to_owned(), both, t.s("rates.interval_note").to_owned())
    }
    fn with_excluded(&self, rate: Option<&Rate>) -> (String, String, String) {
        let t = self.t;
        let value = rate.map_or_else(|| "—".to_owned(), |rate| format!("{}%", rate.percent.text(1)));
        let n = rate.map_or(0, |rate| rate.of);
        (t.s("rates.with").to_owned(), value, t.f("rates.base_of", &[("n", &n)]))
    }
    fn one(
        &self,
        name: &str,
        rate: Option<&Rate>,
        formula: usize,
        sum: &str,
        other: (Option<&Rate>, Vec<Markup>),
    ) -> Markup {
        let t = self.t;
        let (with, evidence) = other;
        let Some(rate) = rate else {
            let none = t.s("rates.no_base");
            return explain(
                t,
                &Explain {
                    name,
                    short: none,
                    value: "—",
                    formula: &self.formula(formula),
                    substituted: none,
                    exclusions: self.exclusions(),
                    evidence,
                    ..Explain::default()
                },
            );
        };
        let value = rate.percent.text(1);
        let short =
            t.f("rates.short", &[("n", &rate.of), ("low", &rate.low.text(1)), ("high", &rate.high.text(1))]);
        let substituted = format!("{sum} ÷ {} = {value}%", rate.of);
        let x = Explain {
            name,
            short: &short,
            bar: Some(number(rate.percent)),
            value: &value,
            unit: "%",
            formula: &self.formula(formula),
            substituted: &substituted,
            inputs: vec![
                (t.s("rates.numerator").to_owned(), rate.points.text(1), sum.to_owned()),
                (t.s("rates.denominator").to_owned(), rate.of.to_string(), String::new()),
                self.interval(rate),
                self.with_excluded(with),
            ],
            exclusions: self.exclusions(),
            evidence,
        };
        explain(t, &x)
    }
    fn response(&self) -> Markup {
        let (t, counts) = (self.t, &self.row.tally.counted);
        let links = vec![
            self.link(t.s("rates.f.responded"), counts.in_time, Figure::Responded),
            self.link(
                t.s("rates.f.not_responded"),
                counts.base.saturating_sub(counts.in_time),
                Figure::NotResponded,
            ),
            self.link(t.s("rates.f.base"), counts.base, Figure::Base),
            self.link(t.s("rates.f.excluded"), self.row.tally.excluded.base, Figure::Excluded),
            self.link(t.s("rates.f.left_out"), self.row.left_out, Figure::LeftOut),
        ];
        let with = (self.row.with_excluded.response.as_ref(), links);
        self.one(
            t.s("rates.response"),
            self.row.rates.response.as_ref(),
            0,
            &counts.in_time.to_string(),
            with,
        )
    }
    fn solved(&self) -> Markup {
        let (t, counts) = (self.t, &self.row.tally.counted);
        let bad = counts.valid.saturating_sub(counts.solved).saturating_sub(counts.partly);
        let links = vec![
            self.link(t.s("rates.f.solved"), counts.solved, Figure::Solved),
            self.link(t.s("rates.f.partly"), counts.partly, Figure::Partly),
            self.link(t.s("rates.f.not_solved"), bad, Figure::NotSolved),
            self.link(t.s("rates.f.valid"), counts.valid, Figure::Valid),
        ];
        let sum = format!("({} + {}×{})", counts.solved, counts.partly, self.rules.partly);
        let with = (self.row.with_excluded.solved.as_ref(), links);
        self.one(t.s("rates.solved"), self.row.rates.solved.as_ref(), 1, &sum, with)
    }
    fn satisfied(&self) -> Markup {
        let (t, counts) = (self.t, &self.row.tally.counted);
        let of = |grade: &Grade| counts.grades.get(grade).copied().unwrap_or(0);
        let upper = of(&Grade::VerySatisfied) + of(&Grade::Satisfied) + of(&Grade::Basic);
        let links = vec![
            self.link(t.s("rates.f.satisfied"), upper, Figure::Satisfied),
            self.link(t.s("rates.f.dissatisfied"), counts.valid.saturating_sub(upper), Figure::Dissatisfied),
            self.link(t.s("rates.f.valid"), counts.valid, Figure::Valid),
        ];
        let mark = |grade: &Grade| self.rules.grades.get(grade).copied().unwrap_or_default();
        let parts: Vec<String> =
            counts.grades.iter().map(|(grade, n)| format!("{n}×{}", mark(grade))).collect();
        let sum = format!("({})", parts.join(" + "));
        let with = (self.row.with_excluded.satisfied.as_ref(), links);
        self.one(t.s("rates.satisfied"), self.row.rates.satisfied.as_ref(), 2, &sum, with)
    }
    fn composite(&self) -> Markup {
        let t = self.t;
        let name = t.s("rates.composite");
        let links = vec![self.link(t.s("rates.f.all"), self.row.all, Figure::All)];
        let (rates, Some(composite)) = (&self.row.rates, self.row.rates.composite) else {
            let none = t.s("rates.no_composite");
            return explain(
                t,
                &Explain {
                    name,
                    short: none,
                    value: "—",
                    formula: &self.formula(3),
                    substituted: none,
                    evidence: links,
                    ..Explain::default()
                },
            );
        };
        let w = self.rules.weights;
        let part = |rate: Option<&Rate>, weight| {
            rate.map_or_else(String::new, |rate| format!("{}×{weight}%", rate.percent.text(1)))
        };
        let parts = [
            part(rates.response.as_ref(), w.response),
            part(rates.solved.as_ref(), w.solved),
            part(rates.satisfied.as_ref(), w.satisfied),
        ];
        let value = composite.value.text(2);
        let with =
            self.row.with_excluded.composite.map_or_else(|| "—".to_owned(), |c: Composite| c.value.text(2));
        let span =
            t.f("rates.span_plain", &[("low", &composite.low.text(1)), ("high", &composite.high.text(1))]);
        let source = Words::new(self.rules.source.as_str(), self.rules.source.as_str());
        let x = Explain {
            name,
            short: &span,
            bar: Some(number(composite.value)),
            value: &value,
            unit: "",
            formula: &self.formula(3),
            substituted: &format!("{} = {value}", parts.join(" + ")),
            inputs: vec![
                (
                    t.s("rates.rules").to_owned(),
                    self.book.head.version.clone(),
                    t.words(&source).into_owned(),
                ),
                (t.s("rates.interval").to_owned(), span.clone(), self.formula(4)),
                (t.s("rates.with").to_owned(), with, String::new()),
            ],
            exclusions: self.exclusions(),
            evidence: links,
        };
        explain(t, &x)
    }
}
