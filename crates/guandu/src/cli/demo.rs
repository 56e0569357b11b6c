//! `demo`: a simulated year up to 12 August 2019, then the service.

use super::{Data, OK, out};
use crate::assemble::{How, OPENING, assemble, assemble_on, configure, load_playbook, mark_simulated};
use crate::server;
use base::core::App;
use base::op::Time;
use base::{Fault, Outcome, books, logs};
use kernel::{Day, Instant};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;

/// The article's playbook, so that the program alone can show a district.
#[derive(RustEmbed)]
#[folder = "../../playbooks/guandu-2019"]
struct Guandu2019;

/// The embedded playbook's files.
pub fn guandu_2019() -> books::Sources {
    let mut files: books::Sources = Guandu2019::iter()
        .filter(|name| name.ends_with(".toml") || name.ends_with(".csv"))
        .filter_map(|name| {
            let file = Guandu2019::get(&name)?;
            Some((name.to_string(), String::from_utf8(file.data.into_owned()).ok()?))
        })
        .collect();
    files.sort();
    files
}

/// Fills the data folder when it is empty, then serves it.
pub async fn demo(data: Data, listen: SocketAddr, no_serve: bool, seed: u64, until: String) -> Outcome<u8> {
    let until = Day::parse("until", &until)?;
    let mut config = configure(&data.place()).map_err(|f| Fault::broken(f.join("\n")))?;
    config.server.listen = listen;
    config.server.public_url = format!("http://{listen}");
    logs::init(config.logs.format, "warn")?;
    let scrape = base::metrics::install()?;
    let began = std::time::Instant::now();
    let opening = Instant::parse("start", OPENING)?;
    let how = How {
        time: Time::set_at(opening),
        seed: Some(seed_bytes(seed)),
        simulated: true,
        scrape: scrape.clone(),
    };
    let app = assemble(config.clone(), how).await?;
    if app.districts().is_empty() {
        fill(&app, seed, until).await?;
        out::note(format!(
            "Filled in {:.1} s: {}",
            began.elapsed().as_secs_f64(),
            config.storage.dir.display()
        ));
    }
    if no_serve {
        app.db.close().await;
        return Ok(OK);
    }
    // The same data with a clock that runs on from the last simulated moment, and ids that nobody can foretell.
    let app =
        assemble_on(app.db.clone(), config, How { time: Time::real(), seed: None, simulated: false, scrape })
            .await?;
    super::serve::announce(&app, listen);
    out::note("Sign in as any of the posts on the first page; all figures are simulated (模拟数据).");
    server::serve(app, listen, server::stop_signal()).await?;
    Ok(OK)
}

/// Seeds ids and salts: the same seed gives the same ledger root.
pub fn seed_bytes(seed: u64) -> [u8; 32] {
    Sha256::digest(format!("guandu demo {seed}").as_bytes()).into()
}

async fn fill(app: &App, seed: u64, until: Day) -> Outcome<()> {
    let from = Day::parse("from", "2019-01-01")?;
    app.time.set(from.at(8, 0));
    let (book, _) = load_playbook(app, guandu_2019()).await?;
    mark_simulated(app, book.head.district).await?;
    let plan = sim::Plan::new(seed, from, until);
    let days = u64::try_from(until.number() - from.number() + 1).unwrap_or(0);
    let bar = out::bar(days, "simulating 2019");
    let report = sim::run(app, book.head.district, &plan, |day| {
        bar.inc(1);
        bar.set_message(format!("{}", day.day));
    })
    .await?;
    bar.finish_and_clear();
    out::note(format!("{report}"));
    Ok(())
}
