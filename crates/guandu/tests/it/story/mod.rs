//! Stories: promises to users, one function each.

mod duty_life;
mod edge;
mod erase;
mod keep;
mod refusals;
mod trust;
