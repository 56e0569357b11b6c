//! `user`: accounts from the machine itself, for the first administrator and for emergencies.

use super::{Data, OK, open, out};
use crate::assemble::owner;
use base::core::App;
use base::password::{self, Password};
use base::{Fault, Outcome};
use clap::Subcommand;
use kernel::{DistrictCode, PostCode};
use org::act::{self, NewPerson};
use org::model::Login;
use org::store;
use std::io::BufRead;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Make an account and give it a post; the password is read from standard input or made up
    Add {
        #[command(flatten)]
        data: Data,
        /// Login: 3 to 32 lower-case letters, digits, dots, hyphens
        #[arg(long)]
        login: String,
        /// Working name
        #[arg(long)]
        name: String,
        /// Post of the playbook, such as zfb.supervision; may be given several times
        #[arg(long)]
        post: Vec<String>,
        /// Read the password from standard input instead of making one up
        #[arg(long)]
        password_stdin: bool,
        /// District, when the database holds several
        #[arg(long)]
        district: Option<String>,
    },
    /// List accounts with the posts that they hold
    List {
        #[command(flatten)]
        data: Data,
    },
}

/// Runs one of them.
pub(super) async fn run(act: User) -> Outcome<u8> {
    match act {
        User::Add { data, login, name, post, password_stdin, district } => {
            let app = open(&data).await?;
            add(&app, &login, &name, &post, password_stdin, district).await?;
            app.db.close().await;
        }
        User::List { data } => {
            let app = open(&data).await?;
            list(&app).await?;
            app.db.close().await;
        }
    }
    Ok(OK)
}

/// The district that a command is about: the one that is named, or the only one.
pub(super) fn chosen(app: &App, given: Option<&str>) -> Outcome<DistrictCode> {
    let all = app.districts();
    match (given, all.as_slice()) {
        (Some(text), _) => Ok(DistrictCode::parse("district", text)?),
        (None, [only]) => Ok(*only),
        (None, []) => Err(Fault::broken("no playbook is loaded: run `guandu load` first")),
        (None, _) => Err(Fault::broken("several districts: name one with --district")),
    }
}

async fn add(
    app: &App,
    login: &str,
    name: &str,
    posts: &[String],
    from_stdin: bool,
    district: Option<String>,
) -> Outcome<()> {
    let district = chosen(app, district.as_deref())?;
    let login = Login::parse("login", login)?;
    let posts = posts.iter().map(|p| PostCode::parse("post", p)).collect::<Result<Vec<_>, _>>()?;
    let made: [u8; 9] = app.ids.bytes();
    let given = if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        base::hex(&made)
    };
    let parsed = Password::parse(login.as_str(), &given)?;
    let new = NewPerson {
        login: login.clone(),
        name: name.to_owned(),
        email: String::new(),
        password_hash: password::hash(&parsed, &app.ids.bytes())?,
        must_change: !from_stdin,
    };
    app.write(&owner(district)?, move |op| {
        let id = act::add_unjudged(op, &new)?;
        posts.iter().try_for_each(|post| act::appoint_unjudged(op, id, post))
    })
    .await?;
    out::line(format!("made {login}"));
    if !from_stdin {
        out::line(format!("password {given} (must be changed at the first sign-in)"));
    }
    Ok(())
}

async fn list(app: &App) -> Outcome<()> {
    for district in app.districts() {
        let mut after = String::new();
        loop {
            let from = after.clone();
            let page = app
                .db
                .read(move |tx| {
                    let people = store::list(tx, district, &from, 200)?;
                    people
                        .into_iter()
                        .map(|p| Ok((store::posts(tx, district, p.id)?, p)))
                        .collect::<Outcome<Vec<_>>>()
                })
                .await?;
            let Some((_, last)) = page.last() else { break };
            after = last.login.to_string();
            for (posts, p) in &page {
                let codes: Vec<&str> = posts.iter().map(PostCode::as_str).collect();
                let state = if p.active { "" } else { " (disabled)" };
                out::line(format!("{district} {} {} {}{state}", p.login, p.name, codes.join(",")));
            }
        }
    }
    Ok(())
}
