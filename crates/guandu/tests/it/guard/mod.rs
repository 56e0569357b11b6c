//! Guards: what must stay true of the source tree and of the program's surfaces.

mod demo;
mod events;
mod pages;
mod routes;
mod schema;
mod source;
mod sources;
mod sql;
mod tidy;

pub(crate) use source::root;
