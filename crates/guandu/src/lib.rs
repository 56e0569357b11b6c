//! 数字官渡 (guandu): the program. It puts the areas together and gives them a command line, a server and jobs.
//!
//! | file | owns |
//! |---|---|
//! | `areas.rs` | every area's schema, texts, routes, navigation: a new area is added here |
//! | `assemble.rs` | configuration → database → playbooks → core |
//! | `jobs.rs` | every periodic job on one screen |
//! | `server.rs` | listening and stopping |
//! | `cli/` | one file a command |
//! | `bench/` | the figures of DESIGN §11, each beside its raw limit |

pub mod areas;
pub mod assemble;
pub mod bench;
pub mod cli;
pub mod jobs;
pub mod server;
