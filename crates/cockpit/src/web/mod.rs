//! Pages of the cockpit and its API.

mod api;
mod cards;
mod home;
mod jobs;
mod json;
mod ledger;
pub(crate) mod methods;
mod screen;
mod tables;

pub use api::openapi;

use crate::rules::headline::Proof;
use axum::Router;
use axum::routing::{get, post};
use base::core::App;
use base::web::RouteInfo;
use base::web::form::{Fields, pairs};
use base::web::ui::light::letter;
use kernel::light::Light;
use kernel::{Day, Malformed};

/// Routes of this area.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/screen", get(screen::page))
        .route("/methods", get(methods::page))
        .route("/ledger", get(ledger::page))
        .route("/ledger/verify", post(ledger::verify))
        .route("/admin/jobs", get(jobs::page))
        .route("/admin/jobs/{name}/run", post(jobs::run))
        .route("/admin/outbox/{id}/replay", post(jobs::replay))
        .route("/api/v1/cockpit", get(api::cockpit))
        .route("/api/v1/next-dates", get(api::next_dates))
        .route("/api/v1/ledger/checkpoint", get(api::checkpoint))
        .route("/api/v1/receipts/verify", post(api::verify))
}

const fn route(method: &'static str, path: &'static str, needs: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs }
}

/// The same as a list.
pub const ROUTES: &[RouteInfo] = &[
    route("GET", "/", "cockpit.read"),
    route("GET", "/screen", "cockpit.read"),
    route("GET", "/methods", "playbook.read"),
    route("GET", "/ledger", "ledger.verify"),
    route("POST", "/ledger/verify", "ledger.verify"),
    route("GET", "/admin/jobs", "system.jobs"),
    route("POST", "/admin/jobs/{name}/run", "system.jobs"),
    route("POST", "/admin/outbox/{id}/replay", "system.jobs"),
    route("GET", "/api/v1/cockpit", "cockpit.read"),
    route("GET", "/api/v1/next-dates", "cockpit.read"),
    route("GET", "/api/v1/ledger/checkpoint", "ledger.verify"),
    route("POST", "/api/v1/receipts/verify", "ledger.verify"),
];

/// Refuses a query parameter that the address does not have, and reads the others.
fn query(given: Option<&str>, known: &[&str]) -> Result<Fields, Malformed> {
    let fields = Fields::from_pairs(pairs(given.unwrap_or_default()));
    let always = ["lang", "ok"];
    let all: Vec<&str> = known.iter().chain(&always).copied().collect();
    fields.only(&all)?;
    Ok(fields)
}

/// Addresses of the lists that prove a figure; a past day travels along.
#[derive(Debug, Clone, Copy)]
struct Links {
    past: Option<Day>,
}

impl Links {
    fn dated(self, path: &str) -> String {
        let join = if path.contains('?') { '&' } else { '?' };
        self.past.map_or_else(|| path.to_owned(), |day| format!("{path}{join}as_of={day}"))
    }
    fn plan(self) -> String {
        self.dated("/plan")
    }
    fn plan_light(self, light: Light) -> String {
        self.dated(&format!("/plan?light={}", code(light)))
    }
    fn punch(self, punch: &str) -> String {
        self.dated(&format!("/plan?punch={punch}"))
    }
    fn list(self, punch: &str, list: &str) -> String {
        self.dated(&format!("/plan?punch={punch}&list={list}"))
    }
    fn unit(self, unit: &str) -> String {
        self.dated(&format!("/plan?unit={unit}"))
    }
    fn unit_light(self, unit: &str, light: Light) -> String {
        self.dated(&format!("/plan?unit={unit}&light={}", code(light)))
    }
    fn item(self, item: &str) -> String {
        self.dated(&format!("/plan/{item}"))
    }
    fn proof(self, proof: &Proof) -> String {
        match proof {
            Proof::Plan(light) => self.plan_light(*light),
            Proof::WholePlan => self.plan(),
            Proof::Item(code) => self.item(code),
            Proof::Changes => "#changes".to_owned(),
        }
    }
}

/// All overdue duties that the post may see.
const OVERDUE: &str = "/duties?light=overdue";

/// The code of a light in addresses and the API.
fn code(light: Light) -> &'static str {
    match letter(light) {
        "g" => "green",
        "y" => "yellow",
        "r" => "red",
        "d" => "done",
        "p" => "paused",
        _ => "grey",
    }
}
