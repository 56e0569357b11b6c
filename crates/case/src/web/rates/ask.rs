//! What the address of a board asks for, parsed once; and the addresses of other views of it.

use crate::model::By;
use crate::rates::{Figure, Query, months};
use crate::topic::month_of;
use base::i18n::T;
use base::web::encode;
use base::web::form::pairs;
use kernel::playbook::{Playbook, UnitKind};
use kernel::{Day, Malformed, Slug, UnitCode, Words};

/// Most months of one board.
const MOST: usize = 36;

/// The kinds of unit that take cases, with their names in addresses.
pub(super) const KINDS: [(&str, UnitKind); 6] = [
    ("street", UnitKind::Street),
    ("community", UnitKind::Community),
    ("department", UnitKind::Department),
    ("committee_office", UnitKind::CommitteeOffice),
    ("platform", UnitKind::Platform),
    ("other", UnitKind::Organ),
];

/// The name of a kind in addresses; what seldom takes cases is `other`.
pub(super) fn kind_code(kind: UnitKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("other", |(code, _)| code)
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Ask {
    /// First month: 201908.
    pub(super) from: u32,
    /// Last month.
    pub(super) until: u32,
    /// What the rows are.
    pub(super) by: By,
    /// Only units of this kind.
    pub(super) kind: Option<UnitKind>,
    /// Only this unit.
    pub(super) unit: Option<UnitCode>,
    /// Only this category and those below it.
    pub(super) category: Option<Slug>,
    /// The figure whose cases are asked for.
    pub(super) figure: Figure,
    /// The month whose cases are asked for.
    pub(super) month: Option<u32>,
    /// Where a page of cases begins.
    pub(super) after: Option<String>,
}

/// `2019-08` of 201908: the form of a month's field.
pub(in crate::web) fn month_text(month: u32) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

fn month(field: &'static str, given: &str) -> Result<u32, Malformed> {
    let digits: String = given.chars().filter(|c| *c != '-').collect();
    let read = digits.parse::<u32>().ok().filter(|m| digits.len() == 6 && (1..=12).contains(&(m % 100)));
    read.filter(|m| (2000..2100).contains(&(m / 100))).ok_or_else(|| {
        wrong(
            "rates.month",
            field,
            given,
            ("月份看不懂", "The month cannot be read"),
            ("请写成2019-08的样子", "Write it like 2019-08"),
        )
    })
}

fn wrong(
    code: &'static str,
    field: &'static str,
    given: &str,
    reason: (&str, &str),
    next: (&str, &str),
) -> Malformed {
    Malformed::new(code, field, given, Words::new(reason.0, reason.1), Words::new(next.0, next.1))
}

fn unknown(field: &'static str, given: &str) -> Malformed {
    wrong(
        "rates.unknown",
        field,
        given,
        ("没有这一项", "There is no such entry"),
        ("请从页面的列表中选", "Choose from the lists of the page"),
    )
}

impl Ask {
    /// The last three months by unit.
    pub(super) fn of(today: Day) -> Ask {
        Ask {
            from: month_of(today.plus_months(-2)),
            until: month_of(today),
            by: By::Unit,
            kind: None,
            unit: None,
            category: None,
            figure: Figure::All,
            month: None,
            after: None,
        }
    }
    /// Reads the query; empty values mean that nothing was chosen.
    ///
    /// # Errors
    /// When a month, unit, category, kind or figure is none, the months are turned round or too many.
    pub(super) fn parse(query: &str, today: Day, book: &Playbook) -> Result<Ask, Malformed> {
        let mut ask = Ask::of(today);
        for (name, value) in pairs(query).into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            let value = value.trim();
            match name.as_str() {
                "from" => ask.from = month("from", value)?,
                "until" => ask.until = month("until", value)?,
                "by" => {
                    ask.by = match value {
                        "unit" => By::Unit,
                        "category" => By::Category,
                        "month" => By::Month,
                        _ => return Err(unknown("by", value)),
                    }
                }
                "kind" => {
                    let kind = KINDS.iter().find(|(code, _)| *code == value);
                    ask.kind = Some(kind.ok_or_else(|| unknown("kind", value))?.1);
                }
                "unit" => {
                    let code = UnitCode::parse("unit", value)?;
                    book.unit(&code).ok_or_else(|| unknown("unit", value))?;
                    ask.unit = Some(code);
                }
                "category" => {
                    let found = book.category(value).ok_or_else(|| unknown("category", value))?;
                    ask.category = Some(found.code.clone());
                }
                "figure" => ask.figure = Figure::from_code(value).ok_or_else(|| unknown("figure", value))?,
                "month" => ask.month = Some(month("month", value)?),
                "after" => ask.after = Some(value.to_owned()),
                _ => {}
            }
        }
        ask.in_order()
    }
    fn in_order(self) -> Result<Ask, Malformed> {
        if self.from > self.until {
            return Err(wrong(
                "rates.turned",
                "until",
                &month_text(self.until),
                ("止月早于起月", "The last month is before the first"),
                ("请把起止月份对调", "Exchange the two months"),
            ));
        }
        if months(self.from, self.until).len() > MOST {
            return Err(wrong(
                "rates.long",
                "from",
                &month_text(self.from),
                ("一次最多看36个月", "At most 36 months at a time"),
                ("请缩短期间，或分次导出", "Choose a shorter period, or export in parts"),
            ));
        }
        Ok(self)
    }
    pub(super) fn is_by_unit(&self) -> bool {
        self.by == By::Unit
    }
    /// The board.
    pub(super) fn query(&self) -> Query {
        Query {
            from: self.from,
            until: self.until,
            by: self.by,
            unit: self.unit.clone(),
            category: self.category.clone(),
            kind: self.kind,
        }
    }
    /// The board inside one unit: by month or by category.
    pub(super) fn inside(&self, by_month: bool) -> Query {
        Query { by: if by_month { By::Month } else { By::Category }, ..self.query() }
    }
    /// The unit's name; empty without one.
    pub(super) fn unit_name(&self, t: T<'_>, book: &Playbook) -> String {
        let unit = self.unit.as_ref().and_then(|code| book.unit(code));
        unit.map(|unit| t.words(&unit.name).into_owned()).unwrap_or_default()
    }
    /// The query of an address, without what the path adds.
    pub(super) fn text(&self) -> String {
        let by = match self.by {
            By::Unit => "unit",
            By::Category => "category",
            By::Month => "month",
        };
        let mut out = format!("from={}&until={}&by={by}", month_text(self.from), month_text(self.until));
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                out.push_str(&format!("&{name}={}", encode(value)));
            }
        };
        add("kind", self.kind.map(kind_code));
        add("unit", self.unit.as_ref().map(UnitCode::as_str));
        add("category", self.category.as_ref().map(Slug::as_str));
        out
    }
    /// The address of the view of one row.
    pub(super) fn of_row(&self, key: &str) -> String {
        self.narrowed(key).map_or_else(|| "/rates".to_owned(), |ask| format!("/rates?{}", ask.text()))
    }
    /// The address of the cases behind a figure of a row; none where a list could not say exactly those: of one kind.
    pub(super) fn cases(&self, key: &str, figure: Figure) -> Option<String> {
        if key.is_empty() && self.kind.is_some() && self.unit.is_none() {
            return None;
        }
        let ask = if key.is_empty() { self.clone() } else { self.narrowed(key)? };
        Some(format!("/rates/cases?{}&figure={}", ask.text(), figure.code()))
    }
    fn narrowed(&self, key: &str) -> Option<Ask> {
        let mut ask = self.clone();
        match self.by {
            By::Unit => {
                ask.unit = UnitCode::parse("unit", key).ok();
                ask.unit.as_ref()?;
            }
            By::Category => {
                ask.category = Slug::parse("category", key).ok();
                ask.category.as_ref()?;
            }
            By::Month => {
                let month = key.parse().ok()?;
                (ask.from, ask.until) = (month, month);
            }
        }
        Some(ask)
    }
    /// The same for the board inside a unit.
    pub(super) fn as_inside(&self, by_month: bool) -> Ask {
        Ask { by: if by_month { By::Month } else { By::Category }, ..self.clone() }
    }
}
