//! Guards: what must stay true of the source tree and of the program's surfaces.

mod routes;
mod schema;
mod source;
mod sql;
mod tidy;
