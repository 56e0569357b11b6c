//! Acts on requests of one moment, each as its own post and in its own write, handed over in order.

use crate::deed::{Cast, TOGETHER, in_order};
use base::core::App;
use base::op::Op;
use base::{Fault, Outcome, files};
use case::act::{self, intake};
use case::model::{Case, CaseId, Filed, Prepared, Stage};
use case::rules::{Command, stage};
use duty::act::With;
use kernel::duty::{self as kd, Duty};
use kernel::{FileId, PostCode};
use std::pin::Pin;
use std::sync::Arc;

/// What a post does to a request.
#[derive(Clone)]
pub(super) enum What {
    /// Files it.
    File(Box<Prepared>),
    /// An act of the case.
    Case(Box<Command>),
    /// An act of its duty.
    Duty(Box<kd::Command>),
    /// A file as evidence.
    Evidence(Arc<files::Admitted>, FileId, Box<kd::Command>),
    /// The petitioner's own act, with number and query code.
    Petition(String, String, Box<Command>),
}

/// A deed with the post that does it; nothing happens when the request stands elsewhere by then.
#[derive(Clone)]
pub(super) struct Bid {
    pub(super) post: PostCode,
    pub(super) id: Option<CaseId>,
    pub(super) expects: &'static [Stage],
    pub(super) what: What,
}

/// What came of it.
pub(super) enum Done {
    Filed { filed: Box<Filed>, case: Box<Case>, duty: Box<Duty> },
    Did { case: Box<Case>, duty: Box<Duty> },
    Past,
}

fn pair(op: &mut Op<'_, '_>, id: CaseId) -> Outcome<(Box<Case>, Box<Duty>)> {
    let case = case::store::find(op.tx, op.district(), id)?;
    let duty = duty::store::find(op.tx, op.district(), id)?;
    match (case, duty) {
        (Some(case), Some(duty)) => Ok((Box::new(case), Box::new(duty))),
        _ => Err(Fault::broken(format!("request {id} has no row"))),
    }
}

impl Bid {
    fn run(&self, op: &mut Op<'_, '_>) -> Outcome<Done> {
        if let What::File(ready) = &self.what {
            let filed = Box::new(intake::file_prepared(op, ready)?);
            let (case, duty) = pair(op, filed.case)?;
            return Ok(Done::Filed { filed, case, duty });
        }
        let id = self.id.ok_or_else(|| Fault::broken("an act on no request"))?;
        let (case, duty) = pair(op, id)?;
        if !self.expects.contains(&stage(&case, &duty)) {
            return Ok(Done::Past);
        }
        match &self.what {
            What::File(_) => {}
            What::Case(command) => {
                act::perform(op, id, command, None)?;
            }
            What::Duty(command) => {
                duty::act::perform(op, id, command, &With::default())?;
            }
            What::Evidence(admitted, file, command) => {
                let post = op.actor().post.clone();
                files::insert(op.tx, op.district(), *file, admitted, &post, op.now())?;
                duty::act::perform(op, id, command, &With::default())?;
            }
            What::Petition(no, code, command) => {
                act::petition::act(op, no, code, command)?;
            }
        }
        let (case, duty) = pair(op, id)?;
        Ok(Done::Did { case, duty })
    }
}

/// Does every deed in order and gives the outcomes in that order.
pub(super) async fn all(app: &App, cast: &mut Cast, bids: &[Bid]) -> Outcome<Vec<Outcome<Done>>> {
    type Waiting = Pin<Box<dyn Future<Output = Outcome<Done>> + Send>>;
    let mut out = Vec::with_capacity(bids.len());
    let together = if app.db.is_shared() { 1 } else { TOGETHER };
    for group in bids.chunks(together) {
        let mut waiting: Vec<Waiting> = Vec::with_capacity(group.len());
        for bid in group {
            let (app, who, bid) = (app.clone(), cast.who(&bid.post)?, bid.clone());
            waiting.push(Box::pin(async move { app.write(&who, move |op| bid.run(op)).await }));
        }
        out.extend(in_order(waiting).await);
    }
    Ok(out)
}
