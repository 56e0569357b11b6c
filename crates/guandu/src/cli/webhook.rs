//! `webhook`: receivers from the machine itself, for a first set-up without a browser and for emergencies.

use super::{Data, OK, open, out};
use crate::assemble::owner;
use base::core::App;
use base::outbox::hooks;
use base::{Fault, Outcome};
use clap::Subcommand;
use kernel::DistrictCode;
use org::act::hooks as act;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Webhook {
    /// List receivers: id, on or off, kinds, address
    List {
        #[command(flatten)]
        at: At,
    },
    /// Register a receiver and print its secret, this once
    Add {
        #[command(flatten)]
        at: At,
        /// A public https address
        url: String,
        /// Kinds wanted, such as duty.notice, duty.* or *; may be given several times
        #[arg(long = "kind", required = true)]
        kinds: Vec<String>,
    },
    /// Remove a receiver
    Remove {
        #[command(flatten)]
        at: At,
        /// Id, as `list` prints it
        id: String,
    },
    /// Give a receiver a new secret and print it, this once; the old one stays good until the next change
    Rotate {
        #[command(flatten)]
        at: At,
        /// Id, as `list` prints it
        id: String,
    },
    /// Put a test message into the outbox; the running service delivers it
    Test {
        #[command(flatten)]
        at: At,
        /// Id, as `list` prints it
        id: String,
    },
}

/// Which data and which district.
#[derive(Debug, clap::Args)]
pub(super) struct At {
    #[command(flatten)]
    data: Data,
    /// District, when the database holds several
    #[arg(long)]
    district: Option<String>,
}

impl At {
    async fn open(&self) -> Outcome<(App, DistrictCode)> {
        let app = open(&self.data).await?;
        let district = super::user::chosen(&app, self.district.as_deref())?;
        Ok((app, district))
    }
}

/// Runs one of them.
pub(super) async fn run(command: Webhook) -> Outcome<u8> {
    let at = match &command {
        Webhook::List { at }
        | Webhook::Add { at, .. }
        | Webhook::Remove { at, .. }
        | Webhook::Rotate { at, .. }
        | Webhook::Test { at, .. } => at,
    };
    let (app, district) = at.open().await?;
    let done = act_on(&app, district, command).await;
    app.db.close().await;
    done.map(|()| OK)
}

async fn act_on(app: &App, district: DistrictCode, command: Webhook) -> Outcome<()> {
    let who = owner(district)?;
    match command {
        Webhook::List { .. } => {
            for hook in app.db.read(move |tx| hooks::list(tx, district)).await? {
                let state = if hook.enabled { "on" } else { "off" };
                out::line(format!("{} {state} {} {}", hook.id, hook.kinds.join(","), hook.url));
            }
        }
        Webhook::Add { url, kinds, .. } => {
            let (id, secret) = app.write(&who, move |op| act::unjudged::add(op, url.trim(), &kinds)).await?;
            out::line(format!("id {id}\nsecret {secret}"));
        }
        Webhook::Remove { id, .. } => {
            let id = act::id(&id)?;
            app.write(&who, move |op| act::unjudged::remove(op, id)).await?;
            out::line(format!("removed {id}"));
        }
        Webhook::Rotate { id, .. } => {
            let id = act::id(&id)?;
            let secret = app.write(&who, move |op| act::unjudged::rotate(op, id)).await?;
            out::line(format!("secret {secret}"));
        }
        Webhook::Test { id, .. } => {
            let id = act::id(&id)?;
            let message = app.write(&who, move |op| act::unjudged::test(op, id)).await?;
            out::line(format!("message {message} waits in the outbox"));
        }
    }
    Ok::<(), Fault>(())
}
