//! Stories: promises to users, one function each.

mod duty_life;
mod refusals;
mod trust;
