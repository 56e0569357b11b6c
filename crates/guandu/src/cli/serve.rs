//! `serve`: the service on an existing data folder.

use super::{Data, FOUND, OK, out};
use crate::assemble::{How, assemble, configure};
use crate::server;
use base::core::App;
use base::op::Time;
use base::{Outcome, logs};
use kernel::Instant;
use std::net::SocketAddr;

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(data: Data, listen: Option<SocketAddr>, now: Option<String>) -> Outcome<u8> {
    let mut config = match configure(&data.place()) {
        Ok(config) => config,
        Err(faults) => {
            faults.iter().for_each(out::note);
            return Ok(FOUND);
        }
    };
    if let Some(listen) = listen {
        config.server.listen = listen;
    }
    logs::init(config.logs.format, &config.logs.level)?;
    let listen = config.server.listen;
    let time = match now {
        Some(text) => Time::starting_at(Instant::parse("now", &text)?),
        None => Time::real(),
    };
    let app = assemble(config, How { time, seed: None, simulated: false, scrape: base::metrics::install()? })
        .await?;
    if app.districts().is_empty() {
        out::note(
            "No playbook is loaded yet: run `guandu load playbooks/guandu-2019`, then `guandu user add`.",
        );
    }
    announce(&app, listen);
    server::serve(app, listen, server::stop_signal()).await?;
    Ok(OK)
}

/// Says where the service is.
pub(super) fn announce(app: &App, listen: SocketAddr) {
    let names: Vec<String> = app.districts().iter().map(ToString::to_string).collect();
    out::note(format!("Guandu serves {} on http://{listen} — Ctrl-C stops it.", names.join(", ")));
}
