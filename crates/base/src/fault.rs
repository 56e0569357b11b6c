//! What can go wrong outside the rules of the business, and the one error type of use-cases.

use kernel::text::Lang;
use kernel::{Kind, Refuse, Refused};
use std::fmt;

/// Every use-case returns either its value, a refusal with words, or a fault of the machinery.
pub type Outcome<T> = Result<T, Fault>;

/// Why a use-case did not happen.
#[derive(Debug)]
pub enum Fault {
    /// A rule said no; the words are for the person who asked.
    Refused(Refused),
    /// The database said no.
    Db(DbFault),
    /// A defect or a broken part; the text is for the log, the person sees the trace number.
    Broken(String),
}

/// What the database's error means to the program, mapped from SQLSTATE or SQLite's code (DESIGN §5 rule 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbFault {
    /// A unique key is taken.
    Duplicate(String),
    /// A reference or a check is broken.
    Constraint(String),
    /// Another transaction came first (40001, 40P01, SQLITE_BUSY); retried before anybody sees it.
    Raced(String),
    /// The server or this tenant's node is away.
    Away(String),
    /// No space left on the device.
    Full(String),
    /// The file is not a database or is damaged.
    Damaged(String),
    /// The queue of writes is full.
    Overloaded,
    /// Anything else.
    Other(String),
}

impl Fault {
    /// A defect with a text for the log.
    pub fn broken(text: impl Into<String>) -> Fault {
        Fault::Broken(text.into())
    }
    /// True when trying the same transaction again may succeed.
    pub fn is_race(&self) -> bool {
        matches!(self, Fault::Db(DbFault::Raced(_)))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Refused(no) => write!(f, "refused: {no}"),
            Fault::Db(db) => write!(f, "database: {db:?}"),
            Fault::Broken(text) => write!(f, "broken: {text}"),
        }
    }
}
impl std::error::Error for Fault {}

/// Makes `?` turn an area's refusals into a [`Fault`]: `base::refusals!(PlanRefusal);`
#[macro_export]
macro_rules! refusals {
    ($($name:ty),+ $(,)?) => { $(
        impl From<$name> for $crate::Fault {
            fn from(no: $name) -> Self {
                $crate::Fault::Refused(::std::boxed::Box::new(no))
            }
        }
    )+ };
}
refusals!(
    kernel::Malformed,
    kernel::access::Denied,
    kernel::clock::ClockRefusal,
    kernel::duty::DutyRefusal,
    Common
);

impl From<Refused> for Fault {
    fn from(no: Refused) -> Fault {
        Fault::Refused(no)
    }
}
impl From<DbFault> for Fault {
    fn from(db: DbFault) -> Fault {
        Fault::Db(db)
    }
}
impl From<serde_json::Error> for Fault {
    fn from(e: serde_json::Error) -> Fault {
        Fault::Broken(format!("json: {e}"))
    }
}
impl From<std::io::Error> for Fault {
    fn from(e: std::io::Error) -> Fault {
        match e.kind() {
            std::io::ErrorKind::StorageFull => Fault::Db(DbFault::Full(e.to_string())),
            _ => Fault::Broken(format!("io: {e}")),
        }
    }
}

/// The refusals that belong to no area: absent things, stale pages, machinery that is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Common {
    /// Absent, or outside the scope of who asks.
    NotFound {
        /// What was looked for, such as `duty`.
        what: &'static str,
        /// The given id.
        given: String,
    },
    /// The row has changed since the page was loaded.
    Stale {
        /// What changed.
        what: &'static str,
    },
    /// No session, or it has ended.
    SignInFirst,
    /// The form's token is missing or not ours.
    BadToken,
    /// Storage is full.
    StorageFull,
    /// A part that is needed is away.
    Away,
    /// Too many writes are waiting.
    Overloaded,
    /// Asked too often.
    TooOften {
        /// Seconds to wait.
        wait: i64,
    },
    /// The same key was used for a different request.
    KeyReused,
    /// A method that the address does not have.
    NoSuchMethod,
    /// The trace number is all that we can tell.
    Defect,
}

impl Refuse for Common {
    fn code(&self) -> &'static str {
        match self {
            Common::NotFound { .. } => "common.not_found",
            Common::Stale { .. } => "common.stale",
            Common::SignInFirst => "auth.sign_in_first",
            Common::BadToken => "auth.bad_form_token",
            Common::StorageFull => "storage.full",
            Common::Away => "storage.away",
            Common::Overloaded => "storage.overloaded",
            Common::TooOften { .. } => "common.too_often",
            Common::KeyReused => "common.idempotency_key_reused",
            Common::NoSuchMethod => "common.method",
            Common::Defect => "common.defect",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            Common::NotFound { .. } => Kind::NotFound,
            Common::Stale { .. } | Common::KeyReused => Kind::Conflict,
            Common::SignInFirst => Kind::Unauthenticated,
            Common::BadToken => Kind::Forbidden,
            Common::StorageFull | Common::Away | Common::Overloaded | Common::Defect => Kind::Unavailable,
            Common::TooOften { .. } => Kind::TooMany,
            Common::NoSuchMethod => Kind::Invalid,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Common::NotFound { what, .. } | Common::Stale { what } => Some(what),
            _ => None,
        }
    }
    fn value(&self) -> Option<String> {
        match self {
            Common::NotFound { given, .. } => Some(kernel::refusal::clip(given)),
            Common::TooOften { wait } => Some(wait.to_string()),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Common::NotFound { .. } => {
                pick("没有找到，或不在本岗位可见范围内", "Not found, or outside what this post may see")
            }
            Common::Stale { .. } => {
                pick("打开页面之后，内容已被他人更新", "Somebody changed this after the page was opened")
            }
            Common::SignInFirst => {
                pick("尚未登录，或登录已失效", "You are not signed in, or the session has ended")
            }
            Common::BadToken => pick("表单校验码缺失或已失效", "The form's token is missing or has expired"),
            Common::StorageFull => pick("磁盘空间已满，本次未写入", "The disk is full; nothing was written"),
            Common::Away => {
                pick("数据库暂时无法连接，本次未写入", "The database is away; nothing was written")
            }
            Common::Overloaded => pick("等待写入的请求过多", "Too many writes are waiting"),
            Common::TooOften { .. } => pick("请求过于频繁", "Asked too often"),
            Common::KeyReused => pick(
                "同一幂等键已用于另一项不同的请求",
                "This idempotency key was already used for a different request",
            ),
            Common::NoSuchMethod => pick("此地址不支持该方法", "This address does not take that method"),
            Common::Defect => pick("系统内部出错，本次操作未生效", "The system failed; nothing was changed"),
        }
    }
    fn next(&self, lang: Lang) -> String {
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        match self {
            Common::NotFound { .. } => {
                pick("请从列表重新打开，或换岗位再试", "Open it from a list, or act as another post")
            }
            Common::Stale { .. } => pick("请刷新后重新操作", "Reload and do it again"),
            Common::SignInFirst => pick("请重新登录", "Sign in again"),
            Common::BadToken => pick("请刷新页面后重新提交", "Reload the page and submit again"),
            Common::StorageFull => {
                pick("请管理员释放空间后重试", "Ask the administrator to free space, then retry")
            }
            Common::Away => pick("请稍后重试", "Try again shortly"),
            Common::Overloaded => pick("请几秒后重试", "Try again in a few seconds"),
            Common::TooOften { wait } => {
                lang.pick(&format!("请{wait}秒后再试"), &format!("Try again in {wait} seconds")).to_owned()
            }
            Common::KeyReused => pick("请为新请求换一个键", "Use a new key for a new request"),
            Common::NoSuchMethod => pick("请查阅接口说明", "See the API description"),
            Common::Defect => pick("请把跟踪号告诉管理员", "Give the trace number to the administrator"),
        }
    }
}
