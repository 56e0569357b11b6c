//! Roles, and sets of them that fit into one word.

use crate::id::Slug;
use crate::refusal::{Kind, Malformed, Refuse};
use crate::text::{Lang, Words};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! roles {
    ($($variant:ident $code:literal $zh:literal $en:literal;)+) => {
        /// What a post is for. A playbook gives roles to posts; the policy gives acts to roles (D§13.4).
        ///
        /// The order is the order of the columns of the golden matrix: append, never reorder.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Role {
            $(#[doc = concat!($zh, ": ", $en, ".")] #[serde(rename = $code)] $variant,)+
        }
        impl Role {
            /// Every role, in the order of the matrix.
            pub const ALL: &'static [Role] = &[$(Role::$variant),+];
            /// The code that playbooks and `policy.toml` use.
            pub const fn code(self) -> &'static str {
                match self { $(Role::$variant => $code,)+ }
            }
            /// The name that people read.
            pub const fn name(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Role::$variant, Lang::Zh) => $zh, (Role::$variant, Lang::En) => $en,)+ }
            }
        }
    };
}

roles! {
    Handler "handler" "承办人" "handler";
    UnitChief "unit_chief" "单位负责人" "head of unit";
    Clerk "clerk" "综合岗(收发)" "registry clerk";
    Supervisor "supervisor" "督办人员" "supervision officer";
    SupervisionDirector "supervision_director" "督查主任" "director of supervision";
    Leader "leader" "分管领导" "leader in charge";
    Chief "chief" "区委书记/区长" "head of the district";
    Patron "patron" "包保领导" "patron";
    Arbiter "arbiter" "编办仲裁" "arbiter of mandates";
    Verifier "verifier" "核验人员" "verifier";
    Assessor "assessor" "考核办" "assessment office";
    Organisation "organisation" "组织部" "organisation department";
    Discipline "discipline" "纪检" "discipline inspection";
    Statistics "statistics" "统计" "statistics bureau";
    Planner "planner" "发改(目标)" "planner of targets";
    StreetSecretary "street_secretary" "街道书记" "street secretary";
    CommunitySecretary "community_secretary" "社区书记" "community secretary";
    GridWorker "grid_worker" "网格员" "grid worker";
    Operator "operator" "12345话务" "hotline operator";
    Panel "panel" "剔除评议" "exclusion panel";
    Resident "resident" "群众/企业" "resident or firm";
    SystemAdmin "system_admin" "系统管理员" "system administrator";
    SecurityAdmin "security_admin" "安全管理员" "security administrator";
    AuditAdmin "audit_admin" "审计管理员" "audit administrator";
    Auditor "auditor" "审计" "auditor";
    Api "api" "接口" "machine client";
    System "system" "系统任务" "system job";
    Dispatcher "dispatcher" "12345派单" "hotline dispatcher";
    CallBack "call_back" "12345回访" "call-back officer";
    DutyOfficer "duty_officer" "值班岗" "duty officer";
}

impl Role {
    /// Parses the code that a playbook gave for `field`.
    pub fn parse(field: &str, given: &str) -> Result<Role, Malformed> {
        let text = given.trim();
        Role::ALL.iter().copied().find(|role| role.code() == text).ok_or_else(|| {
            Malformed::new(
                "role.unknown",
                field,
                given,
                Words::new("没有这个角色", "There is no such role"),
                Words::new(
                    "请使用policy.toml所列角色代码,如handler",
                    "Use a role code of policy.toml, such as handler",
                ),
            )
        })
    }
    /// The bit of this role in a [`RoleSet`].
    #[expect(
        clippy::as_conversions,
        reason = "the discriminant of a fieldless repr(u8) enum, in const context"
    )]
    const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The roles of one post: a bit set, so that "has any of" is one instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct RoleSet(u32);

impl RoleSet {
    /// No role.
    pub const EMPTY: RoleSet = RoleSet(0);
    /// 三员: system, security and audit administrators, at most one of which a post may be (D§13.2).
    pub const ADMINISTRATORS: RoleSet =
        RoleSet(Role::SystemAdmin.bit() | Role::SecurityAdmin.bit() | Role::AuditAdmin.bit());

    /// The set of the given roles. It does not check the three administrators; [`RoleSet::grant`] does.
    pub fn of(roles: &[Role]) -> Self {
        roles.iter().copied().collect()
    }
    /// Parses codes as a playbook lists them for a post; refuses an unknown code and a second administrator.
    pub fn parse(field: &str, codes: &[Slug]) -> Result<Self, Box<dyn Refuse>> {
        let mut set = RoleSet::EMPTY;
        for code in codes {
            set = set.grant(Role::parse(field, code.as_str())?)?;
        }
        Ok(set)
    }
    /// This set and one role more, refused when two of the three administrators would meet in it.
    pub fn grant(self, role: Role) -> Result<Self, AdministratorsClash> {
        let next = self.union(RoleSet(role.bit()));
        if next.clashes() { Err(AdministratorsClash { held: self, asked: role }) } else { Ok(next) }
    }
    /// Whether two of the three administrators meet in this set.
    pub const fn clashes(self) -> bool {
        (self.0 & RoleSet::ADMINISTRATORS.0).count_ones() > 1
    }
    /// Whether the role is in the set.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }
    /// Whether the two sets share a role.
    pub const fn meets(self, other: RoleSet) -> bool {
        self.0 & other.0 != 0
    }
    /// The roles of either.
    #[must_use]
    pub const fn union(self, other: RoleSet) -> RoleSet {
        RoleSet(self.0 | other.0)
    }
    /// Whether there is no role.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The roles in the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.contains(*role))
    }
    /// The names, joined as the language joins them.
    pub fn names(self, lang: Lang) -> String {
        let names: Vec<&str> = self.iter().map(|role| role.name(lang)).collect();
        names.join(lang.pick("、", ", "))
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        RoleSet(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}
impl From<Vec<Role>> for RoleSet {
    fn from(roles: Vec<Role>) -> Self {
        roles.into_iter().collect()
    }
}
impl From<RoleSet> for Vec<Role> {
    fn from(set: RoleSet) -> Self {
        set.iter().collect()
    }
}

/// Two of the three administrators would meet in one post: refused by D§13.2 (等保 separation of 三员).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdministratorsClash {
    held: RoleSet,
    asked: Role,
}

impl Refuse for AdministratorsClash {
    fn code(&self) -> &'static str {
        "access.administrators"
    }
    fn kind(&self) -> Kind {
        Kind::Rule
    }
    fn field(&self) -> Option<&str> {
        Some("role")
    }
    fn value(&self) -> Option<String> {
        Some(self.asked.code().to_owned())
    }
    fn reason(&self, lang: Lang) -> String {
        let held: RoleSet = self.held.iter().filter(|r| RoleSet::ADMINISTRATORS.contains(*r)).collect();
        let (held, asked) = (held.names(lang), self.asked.name(lang));
        match lang {
            Lang::Zh => format!("系统、安全、审计三员不得兼任:已是{held},不能再任{asked}"),
            Lang::En => format!(
                "System, security and audit administrators are kept apart: the post is {held} and cannot also be {asked}"
            ),
        }
    }
    fn next(&self, lang: Lang) -> String {
        lang.pick(
            "请先收回原管理员角色,或改授另一岗位",
            "Take the other role back first, or give it to another post",
        )
        .to_owned()
    }
}
