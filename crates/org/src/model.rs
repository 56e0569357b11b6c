//! People and holdings.

use kernel::text::Lang;
use kernel::{Instant, Kind, Malformed, PersonId, PostCode, Refuse, Words};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person types to sign in: 3 to 32 lower-case letters, digits, dots, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    /// Parses what was given for `field`; capitals are taken as small letters.
    pub fn parse(field: &str, given: &str) -> Result<Login, Malformed> {
        let text = given.trim().to_ascii_lowercase();
        let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
        if (3..=32).contains(&text.len()) && text.chars().all(ok) {
            return Ok(Login(text));
        }
        Err(Malformed::new(
            "org.login",
            field,
            given,
            Words::new(
                "登录名须为3至32位小写字母、数字、点或连字符",
                "A login has 3 to 32 lower-case letters, digits, dots or hyphens",
            ),
            Words::new("请换一个登录名", "Choose another login"),
        ))
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Login {
    type Error = String;
    fn try_from(given: String) -> Result<Self, String> {
        Login::parse("login", &given).map_err(|no| no.reason(Lang::En))
    }
}
impl From<Login> for String {
    fn from(login: Login) -> String {
        login.0
    }
}

/// A person with an account. No column holds more than the work needs: a working name, which may be that of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// What is typed to sign in.
    pub login: Login,
    /// Name as colleagues know it; roles in the demo.
    pub name: String,
    /// Where mails go; empty for none.
    pub email: String,
    /// May sign in.
    pub active: bool,
    /// Must choose a new password at the next sign-in.
    pub must_change: bool,
    /// Has a second factor.
    pub second_factor: bool,
    /// Number of events.
    pub rev: u64,
    /// When the account was made.
    pub created_at: Instant,
}

/// A post that a person holds or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The post.
    pub post: PostCode,
    /// Since when.
    pub since: Instant,
    /// Until when; none while it is held.
    pub until: Option<Instant>,
}

/// A post with one of those who hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The post.
    pub post: PostCode,
    /// The holder's login.
    pub login: Login,
    /// The holder's working name.
    pub name: String,
    /// The holder.
    pub person: PersonId,
}

/// Why this area says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrgRefusal {
    /// Login or password is wrong; the two are never told apart.
    SignIn,
    /// The code of the second factor is wrong or used.
    SecondFactor,
    /// The login is taken.
    LoginTaken(Login),
    /// The playbook has no such post.
    NoSuchPost(PostCode),
    /// The person holds the post already.
    HeldAlready(PostCode),
    /// The person does not hold the post.
    NotHeld(PostCode),
    /// The last security administrator cannot be relieved or disabled.
    LastAdministrator,
    /// One person may not hold two of the three administrators' posts (三员).
    Administrators(PostCode),
    /// Nobody grants a post to oneself.
    OwnPost,
    /// The account is disabled.
    Disabled,
    /// The old password is wrong.
    OldPassword,
    /// The two new passwords differ.
    Repeat,
    /// The account has no post, so there is nothing to act as.
    NoPost,
    /// The new password is the old one.
    SamePassword,
    /// A code is asked for: the account has a second factor (an API client sends it with the password).
    CodeWanted,
    /// The installation asks everybody for a second factor and this account has none yet.
    SecondFactorWanted,
    /// The password was made up by an administrator and must be replaced first.
    PasswordChangeFirst,
    /// The form came from another site.
    ForeignOrigin,
    /// The recovery code is wrong or was used.
    RecoveryCode,
    /// There is no second factor that a recovery code could stand in for.
    NoSecondFactor,
}
base::refusals!(OrgRefusal);

impl Refuse for OrgRefusal {
    fn code(&self) -> &'static str {
        match self {
            OrgRefusal::SignIn => "org.sign_in",
            OrgRefusal::SecondFactor => "org.second_factor",
            OrgRefusal::LoginTaken(_) => "org.login_taken",
            OrgRefusal::NoSuchPost(_) => "org.no_such_post",
            OrgRefusal::HeldAlready(_) => "org.held_already",
            OrgRefusal::NotHeld(_) => "org.not_held",
            OrgRefusal::LastAdministrator => "org.last_administrator",
            OrgRefusal::Administrators(_) => "org.administrators",
            OrgRefusal::OwnPost => "org.own_post",
            OrgRefusal::Disabled => "org.disabled",
            OrgRefusal::OldPassword => "org.old_password",
            OrgRefusal::Repeat => "org.password_repeat",
            OrgRefusal::NoPost => "org.no_post",
            OrgRefusal::SamePassword => "org.same_password",
            OrgRefusal::CodeWanted => "org.code_wanted",
            OrgRefusal::SecondFactorWanted => "org.second_factor_wanted",
            OrgRefusal::PasswordChangeFirst => "org.password_change_first",
            OrgRefusal::ForeignOrigin => "org.foreign_origin",
            OrgRefusal::RecoveryCode => "org.recovery_code",
            OrgRefusal::NoSecondFactor => "org.no_second_factor",
        }
    }
    fn kind(&self) -> Kind {
        match self {
            OrgRefusal::SignIn
            | OrgRefusal::SecondFactor
            | OrgRefusal::CodeWanted
            | OrgRefusal::RecoveryCode => Kind::Unauthenticated,
            OrgRefusal::ForeignOrigin => Kind::Forbidden,
            OrgRefusal::LoginTaken(_) | OrgRefusal::HeldAlready(_) | OrgRefusal::NotHeld(_) => Kind::Conflict,
            OrgRefusal::NoSuchPost(_) => Kind::Invalid,
            _ => Kind::Rule,
        }
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            OrgRefusal::SignIn | OrgRefusal::OldPassword => "password",
            OrgRefusal::SecondFactor
            | OrgRefusal::CodeWanted
            | OrgRefusal::SecondFactorWanted
            | OrgRefusal::NoSecondFactor => "code",
            OrgRefusal::LoginTaken(_) | OrgRefusal::Disabled | OrgRefusal::NoPost => "login",
            OrgRefusal::RecoveryCode => "recovery",
            OrgRefusal::Repeat => "repeat",
            OrgRefusal::SamePassword | OrgRefusal::PasswordChangeFirst => "new",
            OrgRefusal::ForeignOrigin => "Origin",
            _ => "post",
        })
    }
    fn value(&self) -> Option<String> {
        match self {
            OrgRefusal::LoginTaken(login) => Some(login.to_string()),
            OrgRefusal::NoSuchPost(post)
            | OrgRefusal::HeldAlready(post)
            | OrgRefusal::NotHeld(post)
            | OrgRefusal::Administrators(post) => Some(post.to_string()),
            _ => None,
        }
    }
    fn reason(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            OrgRefusal::SignIn => ("登录名或密码不正确", "The login or the password is wrong"),
            OrgRefusal::SecondFactor => ("动态码不正确或已使用", "The code is wrong or was used already"),
            OrgRefusal::LoginTaken(_) => ("登录名已被使用", "The login is taken"),
            OrgRefusal::NoSuchPost(_) => ("规则库中没有这个岗位", "The playbook has no such post"),
            OrgRefusal::HeldAlready(_) => ("该人员已在此岗位", "The person holds this post already"),
            OrgRefusal::NotHeld(_) => ("该人员不在此岗位", "The person does not hold this post"),
            OrgRefusal::LastAdministrator => {
                ("这是最后一名安全管理员", "This is the last security administrator")
            }
            OrgRefusal::Administrators(_) => (
                "系统、安全、审计三员不得由一人兼任",
                "One person may not hold two of the system, security and audit administrators' posts",
            ),
            OrgRefusal::OwnPost => ("不得为本人任免岗位", "Nobody appoints or relieves oneself"),
            OrgRefusal::Disabled => ("账号已停用", "The account is disabled"),
            OrgRefusal::OldPassword => ("原密码不正确", "The old password is wrong"),
            OrgRefusal::Repeat => ("两次输入的新密码不一致", "The two new passwords differ"),
            OrgRefusal::NoPost => ("该账号没有在任岗位", "The account holds no post"),
            OrgRefusal::SamePassword => ("新密码与原密码相同", "The new password is the old one"),
            OrgRefusal::CodeWanted => ("该账号已启用动态码", "The account has a second factor"),
            OrgRefusal::SecondFactorWanted => {
                ("本系统要求所有账号启用动态码", "This installation asks every account for a second factor")
            }
            OrgRefusal::PasswordChangeFirst => (
                "该密码由管理员设定，须先修改",
                "An administrator set this password; it must be replaced first",
            ),
            OrgRefusal::ForeignOrigin => ("表单来自其他网站", "The form came from another site"),
            OrgRefusal::RecoveryCode => {
                ("恢复码不正确或已用过", "The recovery code is wrong or was used already")
            }
            OrgRefusal::NoSecondFactor => ("该账号没有启用动态码", "The account has no second factor"),
        };
        lang.pick(zh, en).to_owned()
    }
    fn next(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            OrgRefusal::SignIn => (
                "请检查后重试；忘记密码请联系系统管理员",
                "Check and try again, or ask the system administrator",
            ),
            OrgRefusal::SecondFactor => ("请等待下一个动态码", "Wait for the next code"),
            OrgRefusal::LoginTaken(_) => ("请换一个登录名", "Choose another login"),
            OrgRefusal::NoSuchPost(_) => ("请从岗位列表中选择", "Choose a post from the list"),
            OrgRefusal::HeldAlready(_) | OrgRefusal::NotHeld(_) => ("请刷新后核对", "Reload and check"),
            OrgRefusal::LastAdministrator => ("请先任命另一名安全管理员", "Appoint another one first"),
            OrgRefusal::Administrators(_) => ("请改由另一人担任", "Appoint somebody else"),
            OrgRefusal::OwnPost => ("请由另一名安全管理员办理", "Ask another security administrator"),
            OrgRefusal::Disabled => ("请联系系统管理员", "Ask the system administrator"),
            OrgRefusal::OldPassword | OrgRefusal::Repeat => ("请重新输入", "Type it again"),
            OrgRefusal::NoPost => ("请联系组织部门任命岗位", "Ask the organisation department for a post"),
            OrgRefusal::SamePassword => ("请换一个新密码", "Choose another password"),
            OrgRefusal::CodeWanted => ("请输入手机上的6位动态码", "Send the six digits that the phone shows"),
            OrgRefusal::SecondFactorWanted => {
                ("请先在网页登录并启用动态码", "Sign in on the page first and set it up")
            }
            OrgRefusal::PasswordChangeFirst => {
                ("请先在网页登录并修改密码", "Sign in on the page first and choose a new one")
            }
            OrgRefusal::RecoveryCode => (
                "请换一个没有用过的恢复码，或请系统管理员重置",
                "Use another one, or ask the system administrator for a reset",
            ),
            OrgRefusal::NoSecondFactor => ("请先启用动态码", "Set the second factor up first"),
            OrgRefusal::ForeignOrigin => {
                ("请从本系统的登录页重新提交", "Submit it again from this system's own page")
            }
        };
        lang.pick(zh, en).to_owned()
    }
}
