//! The tracking link: number and query code sealed into an address, so that a code in a picture opens the page. Whoever
//! has the link is the petitioner, as whoever has number and code is.

use crate::web::portal::caller::Caller;
use base::vault::Spot;
use base::{Common, Fault, Outcome};
use kernel::DistrictCode;

/// Number and query code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Link {
    /// Number.
    pub(crate) no: String,
    /// Query code.
    pub(crate) code: String,
}

fn spot(district: DistrictCode) -> Spot<'static> {
    Spot::new("portal.link", district, "url")
}

impl Link {
    /// As the last part of `/t/…`.
    pub(crate) fn seal(&self, caller: &Caller) -> Outcome<String> {
        let plain = format!("{}\n{}", self.no, self.code);
        caller.app.vault().seal(&spot(caller.district), &plain).map_err(Fault::from)
    }
    /// Opens it; the caller then stands in the district of the link.
    ///
    /// # Errors
    /// “Not found” for whatever is not ours.
    pub(crate) fn open(caller: &mut Caller, sealed: &str) -> Outcome<Link> {
        for district in caller.app.districts() {
            let Ok(plain) = caller.app.vault().open(&spot(district), sealed) else { continue };
            if let Some((no, code)) = plain.split_once('\n') {
                caller.district = district;
                caller.book = caller.app.book(district, caller.today())?;
                return Ok(Link { no: no.to_owned(), code: code.to_owned() });
            }
        }
        Err(Common::NotFound { what: "link", given: kernel::refusal::clip(sealed) }.into())
    }
}
