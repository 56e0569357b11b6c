//! Listening and stopping, and the few pages that belong to the program as a whole.

use crate::{areas, jobs};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base::core::App;
use base::web::ui::card::{Card, PageHead, page_head};
use base::web::ui::list::{Col, Table, table};
use base::web::{Ctx, Page, RouteInfo};
use base::{Fault, Outcome};
use maud::html;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Content, Ref, ResponseBuilder};

/// Routes of the program itself.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/openapi.json", get(openapi_json)).route("/admin/routes", get(route_page))
}

/// The same as a list.
pub const ROUTES: &[RouteInfo] = &[
    RouteInfo { method: "GET", path: "/api/v1/openapi.json", needs: "open" },
    RouteInfo { method: "GET", path: "/admin/routes", needs: "session" },
];

/// The description of the whole API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = org::web::openapi();
    all.merge(duty::web::openapi());
    all.merge(plan::web::openapi());
    all.merge(case::web::openapi());
    all.merge(cockpit::web::openapi());
    all.info.title = "数字官渡 Guandu".to_owned();
    all.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let mut components = all.components.take().unwrap_or_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("bearer", bearer);
    all.components = Some(components);
    for item in all.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        operations.into_iter().flatten().for_each(describe_refusals);
    }
    all
}

/// What any operation may answer: refusals are worded by one layer for all of them (RFC 9457).
const REFUSALS: [(&str, &str); 11] = [
    ("400", "The input does not parse or breaks a stated bound"),
    ("401", "No valid session or token"),
    ("403", "The post may not do this"),
    ("404", "Absent, or outside what the post may see"),
    ("409", "The state does not admit it, or the version is stale"),
    ("413", "Larger than the cap"),
    ("415", "The media type is not taken"),
    ("422", "A rule of the business says no"),
    ("429", "Asked too often; see Retry-After"),
    ("500", "A defect; the trace number is for the administrator"),
    ("503", "A part that is needed is away; see Retry-After"),
];

fn describe_refusals(operation: &mut Operation) {
    for (status, words) in REFUSALS {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response =
            ResponseBuilder::new().description(words).content("application/problem+json", content).build();
        operation.responses.responses.insert(status.to_owned(), response.into());
    }
}

async fn openapi_json(State(_): State<App>) -> Response {
    Json(openapi()).into_response()
}

async fn route_page(ctx: Ctx) -> Outcome<Response> {
    let t = ctx.t();
    let rows = areas::route_list()
        .iter()
        .map(|r| {
            vec![html! { code { (r.method) } }, html! { code { (r.path) } }, html! { code { (r.needs) } }]
        })
        .collect();
    let list = Table {
        caption: t.s("routes.title"),
        cols: vec![
            Col::text(t.s("routes.method")),
            Col::text(t.s("routes.path")),
            Col::text(t.s("routes.needs")),
        ],
        rows,
        tight: true,
        stacked: false,
    };
    let card = Card::new(t.s("routes.title")).flush(table(&list));
    let head = page_head(&PageHead { title: t.s("routes.title"), ..PageHead::default() });
    Ok(Page::new(t.s("routes.title"), html! { (head) (card) }).draw(&ctx))
}

/// The whole web service.
pub fn service(app: &App) -> Router {
    base::web::finish(areas::routes(), app.clone())
}

/// Listens until `stop`, runs the jobs beside, and closes the database in order.
pub async fn serve(app: App, listen: SocketAddr, mut stop: watch::Receiver<bool>) -> Outcome<()> {
    let listener = TcpListener::bind(listen).await.map_err(|e| {
        Fault::broken(format!("cannot listen on {listen}: {e}; choose another with --listen"))
    })?;
    let ticker = jobs::ticker(&app);
    let ticking = {
        let stop = stop.clone();
        tokio::spawn(async move { ticker.run(stop).await })
    };
    let keeping = tokio::spawn(jobs::keep_up(app.clone(), stop.clone()));
    let service = service(&app).into_make_service_with_connect_info::<SocketAddr>();
    let live = app.extras.get::<base::feed::Feed>().cloned();
    let stopped = async move {
        let _ended = stop.wait_for(|ended| *ended).await;
        // Streams of live pages do not end by themselves.
        live.iter().for_each(base::feed::Feed::close);
    };
    axum::serve(listener, service).with_graceful_shutdown(stopped).await?;
    let _ended = ticking.await;
    let _ended = keeping.await;
    app.db.close().await;
    Ok(())
}

/// Becomes true on Ctrl-C or SIGTERM.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        wait_for_signal().await;
        let _nobody_listens = stop.send(true);
    });
    stopped
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    let _interrupted = tokio::signal::ctrl_c().await;
}
