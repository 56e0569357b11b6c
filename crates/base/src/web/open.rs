//! What needs no session: assets, language and theme, health, the public ledger.

use super::ctx::{LANG_COOKIE, THEME_COOKIE, Visitor, query_value};
use super::ui::asset::asset;
use crate::core::App;
use crate::fault::{Common, Outcome};
use crate::sealer;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::ledger::{Resource, Tile, encode_bundle};
use kernel::{DistrictCode, EventId, Lang};

/// The same as a list.
pub const ROUTES: &[super::RouteInfo] = &[
    open("/assets/{hash}/{name}"),
    open("/language/{tag}"),
    open("/theme/{theme}"),
    open("/healthz"),
    open("/readyz"),
    open("/metrics"),
    open("/log/{district}/checkpoint"),
    open("/log/{district}/key"),
    open("/log/{district}/tile/{*path}"),
    open("/log/{district}/receipt/{event}"),
];

const fn open(path: &'static str) -> super::RouteInfo {
    super::RouteInfo { method: "GET", path, needs: "open" }
}

/// Routes that anybody may call.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/assets/{hash}/{name}", get(assets))
        .route("/language/{tag}", get(language))
        .route("/theme/{theme}", get(theme))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/log/{district}/checkpoint", get(checkpoint))
        .route("/log/{district}/key", get(key))
        .route("/log/{district}/tile/{*path}", get(tile))
        .route("/log/{district}/receipt/{event}", get(receipt))
}

async fn assets(Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = asset(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let fixed = [
        (CONTENT_TYPE, asset.mime.to_owned()),
        (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (VARY, "accept-encoding".to_owned()),
    ];
    match &asset.br {
        Some(br) if accepts.contains("br") => {
            let varied = [(CONTENT_ENCODING, "br".to_owned()), (ETAG, format!("\"{}-br\"", asset.etag))];
            (fixed, varied, &br[..]).into_response()
        }
        _ => (fixed, [(ETAG, format!("\"{}\"", asset.etag))], &asset.bytes[..]).into_response(),
    }
}

fn remember(name: &str, value: &str, next: &str) -> Response {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    ([(SET_COOKIE, cookie)], Redirect::to(super::page::inside(next))).into_response()
}

fn next_of(query: Option<String>) -> String {
    query_value(&query.unwrap_or_default(), "next").unwrap_or_else(|| "/".to_owned())
}

async fn language(Path(tag): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    let lang = Lang::from_tag(&tag).ok_or(Common::NotFound { what: "language", given: tag })?;
    Ok(remember(LANG_COOKIE, lang.tag(), &next_of(query)))
}

async fn theme(Path(theme): Path<String>, RawQuery(query): RawQuery) -> Outcome<Response> {
    match theme.as_str() {
        "light" | "dark" | "auto" => Ok(remember(THEME_COOKIE, &theme, &next_of(query))),
        _ => Err(Common::NotFound { what: "theme", given: theme }.into()),
    }
}

/// Ready when the database answers.
async fn ready(State(app): State<App>) -> Outcome<&'static str> {
    app.db.read(|tx| tx.one("select 1 as one", &[], |row| row.int(0)).map(|_| ())).await?;
    Ok("ready")
}

/// Figures for Prometheus: with the configured token, or without one from the machine itself.
async fn metrics(State(app): State<App>, headers: HeaderMap) -> Outcome<Response> {
    let wanted = app.config.security.metrics_token.expose();
    let given =
        headers.get(axum::http::header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let given = given.strip_prefix("Bearer ").unwrap_or_default();
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let allowed = if wanted.is_empty() {
        app.config.server.listen.ip().is_loopback() && !forwarded
    } else {
        crate::same(given, wanted)
    };
    if !allowed {
        return Err(Common::SignInFirst.into());
    }
    let stats = app.db.write_stats();
    metrics::counter!("guandu_db_commits_total").absolute(stats.commits);
    metrics::counter!("guandu_db_writes_total").absolute(stats.writes);
    let text = app.scrape.render();
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

fn served(app: &App, given: &str) -> Outcome<DistrictCode> {
    let district = DistrictCode::parse("district", given)?;
    if app.districts().contains(&district) {
        Ok(district)
    } else {
        Err(Common::NotFound { what: "district", given: given.to_owned() }.into())
    }
}

/// The newest signed checkpoint (C2SP tlog-checkpoint).
async fn checkpoint(State(app): State<App>, Path(district): Path<String>) -> Outcome<Response> {
    let code = served(&app, &district)?;
    let newest = app.db.read(move |tx| sealer::newest(tx, code)).await?;
    let (_, note) = newest.ok_or(Common::NotFound { what: "checkpoint", given: district })?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")], note).into_response())
}

/// The public key of a district's log, in the vkey form.
async fn key(State(app): State<App>, Path(district): Path<String>) -> Outcome<String> {
    let code = served(&app, &district)?;
    Ok(app.signer.of(code)?.verifier().to_string())
}

/// A tile or a bundle of entries (C2SP tlog-tiles).
async fn tile(State(app): State<App>, Path((district, path)): Path<(String, String)>) -> Outcome<Response> {
    let code = served(&app, &district)?;
    let absent = Common::NotFound { what: "tile", given: path.clone() };
    let resource = Resource::parse(&format!("tile/{path}")).ok_or(absent.clone())?;
    let full = |tile: Tile| {
        if tile.is_full() { "public, max-age=31536000, immutable" } else { "public, max-age=60" }
    };
    let (bytes, cache) = match resource {
        Resource::Hashes(tile) => {
            (app.db.read(move |tx| sealer::tile_bytes(tx, code, tile)).await?.ok_or(absent)?, full(tile))
        }
        Resource::Entries(tile) => {
            let entries = app.db.read(move |tx| sealer::entries(tx, code, tile)).await?;
            if entries.len() != usize::from(tile.width) {
                return Err(absent.into());
            }
            (encode_bundle(&entries), full(tile))
        }
    };
    Ok(([(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, cache)], bytes).into_response())
}

/// The receipt of an event. It proves that the event was recorded and says nothing of what is in it.
async fn receipt(
    State(app): State<App>,
    _visitor: Visitor,
    Path((district, event)): Path<(String, String)>,
) -> Outcome<Response> {
    let code = served(&app, &district)?;
    let event = EventId::parse("event", &event)?;
    let signer = app.signer.of(code)?;
    let receipt = app.db.read(move |tx| sealer::receipt(tx, code, event, &signer)).await?;
    let name = format!("attachment; filename=\"guandu-receipt-{event}.json\"");
    let fixed =
        [(CONTENT_TYPE, "application/json".to_owned()), (axum::http::header::CONTENT_DISPOSITION, name)];
    Ok((fixed, receipt.to_json()).into_response())
}
