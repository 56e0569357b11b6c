//! Facts about people in the ledger. A password, a secret or a mail address is never in them.

use crate::model::Login;
use kernel::sample::{Recorded, lines, read_as};
use kernel::{PersonId, PostCode};
use serde::{Deserialize, Serialize};

/// Version of the form below.
pub const VERSION: u16 = 1;

/// What is recorded about accounts, for the guard of event schemas.
pub const RECORDED: Recorded = Recorded {
    area: "org",
    kinds: Event::KINDS,
    samples: || lines::<Event>(include_str!("event_samples.txt"), VERSION),
    reads: |_, _, body| read_as::<Event>(body),
};

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
    /// A new set of recovery codes was made.
    RecoveryCodesMade,
    /// A recovery code stood in for the phone.
    RecoveryCodeUsed {
        /// Codes that are still good.
        left: u64,
    },
    /// All sessions were ended.
    SignedOutEverywhere,
    /// The lock after wrong passwords was lifted by an administrator.
    Unlocked,
}

kernel::event_kinds! {
    Event;
    Added = "person.added";
    Appointed = "person.appointed";
    Relieved = "person.relieved";
    Disabled = "person.disabled";
    Enabled = "person.enabled";
    PasswordSet = "person.password_set";
    SecondFactorSet = "person.second_factor_set";
    SecondFactorCleared = "person.second_factor_cleared";
    RecoveryCodesMade = "person.recovery_codes_made";
    RecoveryCodeUsed = "person.recovery_code_used";
    SignedOutEverywhere = "person.signed_out_everywhere";
    Unlocked = "person.unlocked";
}

/// Version of the form of [`SessionEvent`].
pub const SESSION_VERSION: u16 = 1;

/// What is recorded about sessions, for the guard of event schemas.
pub const RECORDED_SESSIONS: Recorded = Recorded {
    area: "org.session",
    kinds: SessionEvent::KINDS,
    samples: || lines::<SessionEvent>(include_str!("session_samples.txt"), SESSION_VERSION),
    reads: |_, _, body| read_as::<SessionEvent>(body),
};

/// Something that happened to a session, or a burst of wrong passwords before there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SessionEvent {
    /// Somebody signed in.
    Begun {
        /// Who.
        person: PersonId,
        /// The post acted as.
        post: PostCode,
        /// Whether a second factor was given.
        second_factor: bool,
    },
    /// The session goes on as another post of the same person, under this id.
    Switched {
        /// Who.
        person: PersonId,
        /// The post acted as until now.
        from: PostCode,
        /// The post acted as from now on.
        post: PostCode,
    },
    /// The person signed out.
    Ended {
        /// Who.
        person: PersonId,
    },
    /// The session was ended from outside it.
    Revoked {
        /// Whose it was.
        person: PersonId,
        /// Code of the cause, such as `password_changed`.
        why: String,
    },
    /// So many wrong passwords or codes that the login has to wait.
    Locked {
        /// Who has the login; none when nobody has it.
        person: Option<PersonId>,
        /// Seconds to wait.
        seconds: i64,
    },
}

kernel::event_kinds! {
    SessionEvent;
    Begun = "org.session.begun";
    Switched = "org.session.switched";
    Ended = "org.session.ended";
    Revoked = "org.session.revoked";
    Locked = "org.session.locked";
}

/// Version of the form of [`HookEvent`].
pub const HOOK_VERSION: u16 = 1;

/// What is recorded about receivers of webhooks, for the guard of event schemas.
pub const RECORDED_HOOKS: Recorded = Recorded {
    area: "org.webhook",
    kinds: HookEvent::KINDS,
    samples: || lines::<HookEvent>(include_str!("hook_samples.txt"), HOOK_VERSION),
    reads: |_, _, body| read_as::<HookEvent>(body),
};

/// Something that happened to a receiver of webhooks. Its secret and its whole address are never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum HookEvent {
    /// It was registered.
    Added {
        /// Host of the address.
        host: String,
        /// Kinds wanted.
        kinds: Vec<String>,
    },
    /// It was switched on.
    Enabled,
    /// It was switched off.
    Disabled,
    /// It was given a new secret.
    SecretRotated,
    /// A message was sent to try it out.
    Tested,
    /// It was removed.
    Removed,
}

kernel::event_kinds! {
    HookEvent;
    Added = "webhook.added";
    Enabled = "webhook.enabled";
    Disabled = "webhook.disabled";
    SecretRotated = "webhook.secret_rotated";
    Tested = "webhook.tested";
    Removed = "webhook.removed";
}
