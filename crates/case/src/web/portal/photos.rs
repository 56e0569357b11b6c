//! Photographs of a visitor: judged by content, stored at once, given their row when the case is filed. What never
//! becomes part of a case is swept after a day.

use super::caller::Caller;
use crate::model::Attachment;
use crate::refusal::CaseRefusal as No;
use base::files::{Admitted, FileRefusal, admit};
use base::op::Op;
use base::web::form::Upload;
use base::{Fault, Outcome};
use kernel::FileId;
use kernel::duty::Sha256Hex;
use serde::{Deserialize, Serialize};

/// Most photographs of one filing or message on the portal.
pub(in crate::web) const MOST: usize = 3;
/// Most bytes of one.
const CAP: usize = 10 * 1_048_576;
/// What a phone's chooser offers; the content decides.
pub(in crate::web) const ACCEPT: &str = "image/jpeg,image/png,image/webp";

/// A photograph that lies in the store without a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::web) struct Photo {
    /// Its bytes.
    pub sha256: String,
    /// Cleaned name.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: usize,
}

/// Judges and stores what was uploaded; the count includes what is there already.
///
/// # Errors
/// Too many, or the refusal of the file by name.
pub(in crate::web) async fn take(caller: &Caller, files: &[Upload], have: usize) -> Outcome<Vec<Photo>> {
    let n = files.len().saturating_add(have);
    if n > MOST {
        return Err(No::TooManyFiles { n, max: MOST }.into());
    }
    let mut out = Vec::new();
    for file in files {
        let admitted = picture(file.bytes.clone(), &file.name, &file.declared)?;
        caller.app.files.put(caller.district, &admitted).await?;
        let (sha256, name, size) = (admitted.sha256.clone(), admitted.name.clone(), admitted.original.len());
        out.push(Photo { sha256, name, size });
    }
    Ok(out)
}

fn picture(bytes: axum::body::Bytes, name: &str, declared: &str) -> Outcome<Admitted> {
    let refused = |no: FileRefusal| Fault::Refused(Box::new(no));
    let admitted = admit(bytes, name, declared, CAP).map_err(refused)?;
    if !admitted.kind.is_picture() {
        let found = Some(admitted.kind.mime());
        return Err(refused(FileRefusal::NotTaken { name: name.to_owned(), found }));
    }
    Ok(admitted)
}

/// Photographs with the ids that their rows will have.
pub(in crate::web) struct Ready {
    files: Vec<(FileId, Admitted)>,
}

/// Reads stored photographs again for the transaction that gives them their rows.
pub(in crate::web) async fn ready(caller: &Caller, photos: &[Photo]) -> Outcome<Ready> {
    let mut files = Vec::new();
    for photo in photos {
        let bytes = caller.app.files.get(caller.district, &photo.sha256).await?;
        let admitted = picture(bytes, &photo.name, "")?;
        // Renews its age, so that a sweep between now and the row leaves it alone.
        caller.app.files.put(caller.district, &admitted).await?;
        files.push((FileId::new(caller.app.ids.next(caller.app.now())), admitted));
    }
    Ok(Ready { files })
}

impl Ready {
    /// What a case names.
    pub(crate) fn attachments(&self) -> Outcome<Vec<Attachment>> {
        let named = |(file, admitted): &(FileId, Admitted)| {
            let sha256 = Sha256Hex::try_from(admitted.sha256.clone()).map_err(Fault::broken)?;
            Ok(Attachment { file: *file, sha256, mime: admitted.kind.mime().to_owned() })
        };
        self.files.iter().map(named).collect()
    }
    /// The rows.
    pub(crate) fn insert(&self, op: &mut Op<'_, '_>) -> Outcome<()> {
        for (id, admitted) in &self.files {
            base::files::insert(op.tx, op.district(), *id, admitted, &op.actor().post, op.now())?;
        }
        Ok(())
    }
}
