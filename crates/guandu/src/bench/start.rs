//! Start of the service on an existing file, the memory it takes, the size of the program.

use super::bed::Place;
use super::client::Client;
use base::{Fault, Outcome};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Times that the service is started.
const TIMES: usize = 5;

/// Runs the bench.
pub(super) async fn run(place: &Place, duties: u64) -> Outcome<Value> {
    let app = place.open().await?;
    sim::load::fill_duties(&app, duties).await?;
    app.db.close().await;
    drop(app);
    let mut seconds = Vec::new();
    let mut memory = 0;
    for _ in 0..TIMES {
        let address = free_port().await?;
        let began = Instant::now();
        let mut child = serve(place, address)?;
        let first = first_page(address, &mut child).await;
        seconds.push(began.elapsed().as_secs_f64());
        memory = resident(child.id()).max(memory);
        child.kill()?;
        child.wait()?;
        first?;
    }
    seconds.sort_by(f64::total_cmp);
    let binary = std::fs::metadata(std::env::current_exe()?)?.len();
    Ok(json!({
        "bench": "start", "backend": place.backend(), "duties": duties, "starts": TIMES,
        "seconds_to_first_page_median": seconds.get(TIMES / 2), "seconds_to_first_page_worst": seconds.last(),
        "resident_kib": memory, "binary_bytes": binary,
    }))
}

async fn free_port() -> Outcome<SocketAddr> {
    Ok(tokio::net::TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

fn serve(place: &Place, address: SocketAddr) -> Outcome<Child> {
    let program = std::env::current_exe()?;
    let mut command = Command::new(program);
    command.arg("serve").args(place.arguments()).args([
        "--listen",
        &address.to_string(),
        "--now",
        "2019-08-12T10:00",
    ]);
    Ok(command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()?)
}

/// Waits until the sign-in page answers, for ten seconds at most.
async fn first_page(address: SocketAddr, child: &mut Child) -> Outcome<()> {
    for _ in 0..2_000 {
        if let Ok(mut client) = Client::connect(address, "").await
            && client.get("/sign-in").await.is_ok_and(|answer| answer.status == 200)
        {
            return Ok(());
        }
        if child.try_wait()?.is_some() {
            return Err(Fault::broken("the service ended at once"));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(Fault::broken("no page within ten seconds"))
}

/// Resident memory in KiB, where the system tells it.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|text| text.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
