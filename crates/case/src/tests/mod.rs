//! Acts on both backends, with the real playbook.

mod course;
mod door;
mod judging;
mod links;
mod privacy;
mod rates;
mod rules;
pub(crate) mod world;
