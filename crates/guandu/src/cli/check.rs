//! `check` and `load`: playbooks.

use super::{Data, FOUND, OK, open, out};
use crate::assemble::load_playbook;
use base::{Outcome, books};
use kernel::playbook;
use std::path::{Path, PathBuf};

/// Prints every fault; exit code 1 when there is one.
pub(super) fn check(dir: &Path, json: bool) -> Outcome<u8> {
    let files = books::from_folder(dir)?;
    let (faults, summary) = match playbook::load(&files) {
        Ok(book) => {
            let plan = &book.plan;
            let summary = format!(
                "{} {}: {} units, {} posts, {} items, {} kinds, digest {}",
                book.head.code,
                book.head.version,
                book.org.units.len(),
                book.org.posts.len(),
                plan.items.len(),
                book.kinds.len(),
                book.digest
            );
            (book.warnings.clone(), Some(summary))
        }
        Err(faults) => (faults, None),
    };
    if json {
        let list: Vec<_> = faults.iter().map(ToString::to_string).collect();
        out::line(
            serde_json::json!({ "ok": summary.is_some(), "faults": list, "summary": summary }).to_string(),
        );
    } else {
        faults.iter().for_each(|fault| out::line(fault.to_string()));
        match &summary {
            Some(text) => out::line(format!("ok: {text}")),
            None => out::line(format!("{} faults; nothing would be loaded", faults.len())),
        }
    }
    Ok(if summary.is_some() { OK } else { FOUND })
}

/// Loads a playbook and its plan.
pub(super) async fn load(data: Data, dir: PathBuf) -> Outcome<u8> {
    let app = open(&data).await?;
    let (book, fresh) = load_playbook(&app, books::from_folder(&dir)?).await?;
    let who = crate::assemble::owner(book.head.district)?;
    let report = plan::act::load_plan(&app, &who).await?;
    out::line(format!(
        "{} {} {}; {report}",
        book.head.code,
        book.head.version,
        if fresh { "loaded" } else { "was loaded already" }
    ));
    app.db.close().await;
    Ok(OK)
}
