//! 群众门户: the public side of cases. Phone first, without a session, without JavaScript, in large type.
//!
//! | file | owns |
//! |---|---|
//! | `portal/caller.rs` | who asks: nobody in particular, in a district; forms of our own pages only |
//! | `portal/draft.rs` | what was typed, sealed into the form |
//! | `portal/file.rs`, `steps.rs` | the three steps and filing once |
//! | `portal/danger.rs` | words that show 110, 119, 120, 122 first |
//! | `portal/suggest.rs` | which category the words may belong to |
//! | `portal/map.rs` | the drawn streets |
//! | `portal/photos.rs` | photographs before there is a case |
//! | `receipt.rs`, `track.rs`, `public.rs` | what comes after filing, and what is public |

pub(in crate::web) mod caller;
mod danger;
mod draft;
pub(in crate::web) mod file;
pub(in crate::web) mod frame;
mod home;
mod map;
pub(in crate::web) mod photos;
mod steps;
pub mod suggest;

#[cfg(test)]
mod tests;

pub(in crate::web) use danger::{lines as danger_lines, note as danger_note};

use axum::Router;
use axum::routing::get;
use base::core::App;
use base::web::RouteInfo;

/// Routes of the portal.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new().route("/portal", get(home::home)).merge(file::routes())
}

const fn open(method: &'static str, path: &'static str) -> RouteInfo {
    RouteInfo { method, path, needs: "open" }
}

/// The same as a list.
pub(in crate::web) const ROUTES: &[RouteInfo] = &[
    open("GET", "/portal"),
    open("GET", "/portal/file"),
    open("POST", "/portal/file"),
    open("POST", "/portal/suggest"),
];
