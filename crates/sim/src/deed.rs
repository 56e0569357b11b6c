//! Acts of one moment, each as its own post, done through the public use-cases and committed together.
//!
//! Every deed is its own write with its own savepoint, so a refusal takes back nothing of its neighbours'. They are
//! handed to the writer in order and share its group commit, which is what makes a simulated year affordable with a
//! database that flushes to disk. On a shared server their order would be the server's choice, and the ledger's root
//! with it, so there they go one by one.

use base::core::App;
use base::op::{Op, Who};
use base::{Fault, Outcome, files};
use duty::act::{self, With};
use kernel::duty::{Act, Command, Duty};
use kernel::playbook::Playbook;
use kernel::{DistrictCode, DutyId, FileId, PostCode};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

/// Deeds handed to the writer at once.
pub(crate) const TOGETHER: usize = 128;

/// What a post does.
#[derive(Clone)]
pub(crate) enum Deed {
    /// Writes a duty down.
    Register {
        /// Its registration.
        command: Box<Command>,
        /// Promised id and fixed number.
        with: With,
    },
    /// Acts on a duty.
    Perform {
        /// The duty.
        id: DutyId,
        /// The act.
        command: Box<Command>,
        /// The revision that was seen, for the deeds that must be refused.
        rev: Option<u64>,
    },
    /// Hands a file in and adds it as evidence.
    Evidence {
        /// The duty.
        id: DutyId,
        /// The file, already put.
        admitted: Arc<files::Admitted>,
        /// The file's id.
        file: FileId,
        /// The act.
        command: Box<Command>,
    },
}

impl Deed {
    /// An act on a duty.
    pub(crate) fn act(id: DutyId, command: Command) -> Deed {
        Deed::Perform { id, command: Box::new(command), rev: None }
    }
    /// The act.
    pub(crate) fn of(&self) -> Act {
        match self {
            Deed::Register { command, .. }
            | Deed::Perform { command, .. }
            | Deed::Evidence { command, .. } => command.act(),
        }
    }

    /// Does it.
    fn run(&self, op: &mut Op<'_, '_>) -> Outcome<Duty> {
        match self {
            Deed::Register { command, with } => act::register(op, command, with),
            Deed::Perform { id, command, rev: Some(rev) } => {
                let with = With { expected_rev: Some(*rev), ..With::default() };
                act::perform(op, *id, command, &with)
            }
            Deed::Perform { id, command, rev: None } => act::perform(op, *id, command, &With::default()),
            Deed::Evidence { id, admitted, file, command } => {
                let post = op.actor().post.clone();
                files::insert(op.tx, op.district(), *file, admitted, &post, op.now())?;
                act::perform(op, *id, command, &With::default())
            }
        }
    }
}

/// A deed with the post that does it.
#[derive(Clone)]
pub(crate) struct Bid {
    /// The post.
    pub(crate) post: PostCode,
    /// What it does.
    pub(crate) deed: Deed,
}

/// The posts of a district as actors, made once.
pub(crate) struct Cast {
    district: DistrictCode,
    book: Arc<Playbook>,
    known: BTreeMap<PostCode, Who>,
}

impl Cast {
    /// Nobody yet.
    pub(crate) fn new(district: DistrictCode, book: Arc<Playbook>) -> Cast {
        Cast { district, book, known: BTreeMap::new() }
    }
    /// A post as an actor.
    pub(crate) fn who(&mut self, post: &PostCode) -> Outcome<Who> {
        if let Some(who) = self.known.get(post) {
            return Ok(who.clone());
        }
        let actor = org::directory::actor_of(&self.book, post);
        let actor = actor.ok_or_else(|| Fault::broken(format!("the playbook has no post {post}")))?;
        let who = Who { district: self.district, actor: Arc::new(actor), trace: Arc::from("sim") };
        self.known.insert(post.clone(), who.clone());
        Ok(who)
    }
}

type Waiting = Pin<Box<dyn Future<Output = Outcome<Duty>> + Send>>;

/// Does every deed in order and gives their outcomes in that order.
pub(crate) async fn all(app: &App, cast: &mut Cast, bids: &[Bid]) -> Outcome<Vec<Outcome<Duty>>> {
    let mut out = Vec::with_capacity(bids.len());
    let together = if app.db.is_shared() { 1 } else { TOGETHER };
    for group in bids.chunks(together) {
        let mut waiting: Vec<Waiting> = Vec::with_capacity(group.len());
        for bid in group {
            let (app, who, deed) = (app.clone(), cast.who(&bid.post)?, bid.deed.clone());
            waiting.push(Box::pin(async move { app.write(&who, move |op| deed.run(op)).await }));
        }
        out.extend(in_order(waiting).await);
    }
    Ok(out)
}

/// Waits for all, having asked each for the first time in order: the first poll of a write puts it into the queue.
pub(crate) async fn in_order<T>(mut waiting: Vec<Pin<Box<dyn Future<Output = T> + Send>>>) -> Vec<T> {
    let mut slots: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut pending = false;
        for (future, slot) in waiting.iter_mut().zip(&mut slots) {
            if slot.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(value) => *slot = Some(value),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    slots.into_iter().flatten().collect()
}
