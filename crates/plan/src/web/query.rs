//! What a page of the plan keeps and shows, as its address says it.

use crate::board::{Board, ItemView, severity};
use crate::check::is_open;
use base::web::form::pairs;
use kernel::light::Light;
use kernel::{Day, Malformed, Words};

/// The view that an address asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// `city` or `district`.
    pub(crate) list: Option<String>,
    /// Light.
    pub(crate) light: Option<Light>,
    /// Punch.
    pub(crate) punch: Option<String>,
    /// Lead or supporting unit.
    pub(crate) unit: Option<String>,
    /// Only items whose decomposition asks for something.
    pub(crate) issues: bool,
    /// The item in the side panel.
    pub(crate) item: Option<String>,
    /// The item whose parts and nodes are shown.
    pub(crate) open: Option<String>,
    /// The punch of which every item is shown.
    pub(crate) all: Option<String>,
    /// A past day.
    pub(crate) as_of: Option<Day>,
}

/// The word of a light in addresses.
pub(crate) fn light_code(light: Light) -> &'static str {
    match light {
        Light::Red => "red",
        Light::Yellow => "yellow",
        Light::Green => "green",
        Light::Grey => "grey",
        Light::Done => "done",
        Light::Paused => "paused",
    }
}

const LIGHTS: [Light; 6] = [Light::Red, Light::Yellow, Light::Green, Light::Done, Light::Paused, Light::Grey];

/// Reads the word of a light.
pub(crate) fn parse_light(given: &str) -> Result<Light, Malformed> {
    LIGHTS.into_iter().find(|l| light_code(*l) == given).ok_or_else(|| {
        Malformed::new(
            "plan.light",
            "light",
            given,
            Words::new("没有这种灯", "There is no such light"),
            Words::new(
                "请用red、yellow、green、done、paused或grey",
                "Use red, yellow, green, done, paused or grey",
            ),
        )
    })
}

/// A query parameter that the address does not know.
pub(crate) fn unknown(name: &str) -> Malformed {
    Malformed::new(
        "query.unknown",
        name,
        name,
        Words::new("没有这个查询参数", "There is no such query parameter"),
        Words::new("请去掉该参数", "Leave it out"),
    )
}

impl View {
    /// Reads the query of a page; what belongs to the shell (`ok`, `lang`) is left alone.
    pub(crate) fn parse(query: &str) -> Result<View, Malformed> {
        let mut view = View::default();
        for (key, value) in pairs(query).into_iter().filter(|(_, v)| !v.is_empty()) {
            match key.as_str() {
                "list" => view.list = Some(value),
                "light" => view.light = Some(parse_light(&value)?),
                "punch" => view.punch = Some(value),
                "unit" => view.unit = Some(value),
                "issues" => view.issues = value == "1",
                "item" => view.item = Some(value),
                "open" => view.open = Some(value),
                "all" => view.all = Some(value),
                "as_of" => view.as_of = Some(Day::parse("as_of", &value)?),
                "ok" | "lang" => {}
                other => return Err(unknown(other)),
            }
        }
        Ok(view)
    }
    /// The address of this view.
    pub(crate) fn href(&self) -> String {
        self.at("/plan")
    }
    /// The same view at another address, such as the export's.
    pub(crate) fn at(&self, path: &str) -> String {
        let day = self.as_of.map(|d| d.to_string());
        let fields = [
            ("list", self.list.as_deref()),
            ("light", self.light.map(light_code)),
            ("punch", self.punch.as_deref()),
            ("unit", self.unit.as_deref()),
            ("issues", self.issues.then_some("1")),
            ("item", self.item.as_deref()),
            ("open", self.open.as_deref()),
            ("all", self.all.as_deref()),
            ("as_of", day.as_deref()),
        ];
        let given: Vec<String> =
            fields.iter().filter_map(|(k, v)| v.map(|v| format!("{k}={}", base::web::encode(v)))).collect();
        if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
    }
    /// The same with a change.
    pub(crate) fn with(&self, change: impl FnOnce(&mut View)) -> View {
        let mut view = self.clone();
        change(&mut view);
        view
    }
    /// Whether something is left out on purpose.
    pub(crate) fn filters(&self) -> bool {
        self.list.is_some()
            || self.light.is_some()
            || self.punch.is_some()
            || self.unit.is_some()
            || self.issues
    }
    /// Whether an item belongs to the view, its light apart.
    pub(crate) fn keeps(&self, item: &ItemView) -> bool {
        let has = |filter: &Option<String>, value: &str| filter.as_deref().is_none_or(|f| f == value);
        let unit = self
            .unit
            .as_deref()
            .is_none_or(|u| item.lead.as_str() == u || item.support.iter().any(|s| s.as_str() == u));
        has(&self.list, item.list.as_str())
            && has(&self.punch, item.punch.as_str())
            && unit
            && (!self.issues || is_open(&item.findings))
    }
    /// The items of the view with their places, the worst first, then what the article names, then by code.
    pub(crate) fn pick<'b>(&self, board: &'b Board) -> Vec<&'b ItemView> {
        let lit = |i: &&ItemView| self.light.is_none_or(|l| i.light == l);
        let mut kept: Vec<&ItemView> = board.items.iter().filter(|i| self.keeps(i)).filter(lit).collect();
        kept.sort_by_key(|i| {
            let late = std::cmp::Reverse((severity(i.light), i.overdue_workdays));
            (late, !i.source.is_article(), i.list.as_str() == "city", i.code.clone())
        });
        kept
    }
}
