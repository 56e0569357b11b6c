//! Facts about people in the ledger. A password, a secret or a mail address is never in them.

use crate::model::Login;
use kernel::PostCode;
use serde::{Deserialize, Serialize};

/// Version of the form below.
pub const VERSION: u16 = 1;

/// Something that happened to a person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Event {
    /// The account was made.
    Added {
        /// Login.
        login: Login,
        /// Working name.
        name: String,
    },
    /// A post was given.
    Appointed {
        /// The post.
        post: PostCode,
    },
    /// A post was taken back.
    Relieved {
        /// The post.
        post: PostCode,
    },
    /// The account may not sign in any more.
    Disabled,
    /// The account may sign in again.
    Enabled,
    /// A new password was set.
    PasswordSet {
        /// By an administrator, to be changed at the next sign-in.
        by_administrator: bool,
    },
    /// The second factor was set up.
    SecondFactorSet,
    /// The second factor was taken off.
    SecondFactorCleared,
    /// All sessions were ended.
    SignedOutEverywhere,
    /// The lock after wrong passwords was lifted by an administrator.
    Unlocked,
}

impl Event {
    /// The kind for the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Added { .. } => "person.added",
            Event::Appointed { .. } => "person.appointed",
            Event::Relieved { .. } => "person.relieved",
            Event::Disabled => "person.disabled",
            Event::Enabled => "person.enabled",
            Event::PasswordSet { .. } => "person.password_set",
            Event::SecondFactorSet => "person.second_factor_set",
            Event::SecondFactorCleared => "person.second_factor_cleared",
            Event::SignedOutEverywhere => "person.signed_out_everywhere",
            Event::Unlocked => "person.unlocked",
        }
    }
}
