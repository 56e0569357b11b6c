//! How access says no.

use super::action::Action;
use super::condition::Condition;
use super::role::RoleSet;
use super::subject::Actor;
use crate::id::{PostCode, Slug};
use crate::refusal::{Kind, Refuse};
use crate::text::Lang;

/// What an act failed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// No role of the post carries the act.
    Role,
    /// A role carries it, but not for this thing; these conditions did not hold (none when a compartment is closed).
    Facts(Vec<Condition>),
    /// A row of the policy takes it away.
    Row {
        /// The row.
        id: Slug,
        /// Its reason, in Chinese as the policy has it.
        why: String,
        /// Whether it takes the act away for every thing alike.
        plain: bool,
    },
    /// Two of the three administrators meet in the post, so it may do nothing at all (D§13.2).
    Administrators,
}

/// A refused act: who, which act, why, and who could do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    post: PostCode,
    action: Action,
    cause: Cause,
    may: RoleSet,
    hidden: bool,
}

impl Denied {
    pub(super) fn new(actor: &Actor, action: Action, cause: Cause, may: RoleSet, hidden: bool) -> Self {
        Denied { post: actor.post.clone(), action, cause, may, hidden }
    }
    /// The refusal for a row that is not there, word for word the one for a row outside the scope. Areas use it
    /// when a look-up finds nothing, so that the two cannot be told apart.
    pub fn absent(actor: &Actor, action: Action) -> Self {
        Denied::new(actor, action, Cause::Facts(Vec::new()), RoleSet::EMPTY, true)
    }
    /// The act refused.
    pub fn action(&self) -> Action {
        self.action
    }
    /// The true cause, for the log; pages show [`Refuse::reason`], which may hide it.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }
    /// Roles that have the act under some condition.
    pub fn may(&self) -> RoleSet {
        self.may
    }
}

impl Refuse for Denied {
    fn code(&self) -> &'static str {
        if self.hidden { "access.not_found" } else { "access.denied" }
    }
    fn kind(&self) -> Kind {
        if self.hidden { Kind::NotFound } else { Kind::Forbidden }
    }
    fn value(&self) -> Option<String> {
        (!self.hidden).then(|| self.action.code().to_owned())
    }
    fn reason(&self, lang: Lang) -> String {
        let (post, act) = (&self.post, self.action.name(lang));
        if self.hidden {
            return lang
                .pick(
                    "没有找到,或不在本岗位可见范围",
                    "It does not exist, or is outside what this post may see",
                )
                .to_owned();
        }
        match (&self.cause, lang) {
            (Cause::Role, Lang::Zh) => format!("岗位{post}不能“{act}”:该岗位的角色没有这项权限"),
            (Cause::Role, Lang::En) => {
                format!("Post {post} may not {act}: none of its roles carries this act")
            }
            (Cause::Facts(unmet), Lang::Zh) if unmet.is_empty() => {
                format!("岗位{post}不能对此“{act}”:不在授权范围")
            }
            (Cause::Facts(unmet), Lang::En) if unmet.is_empty() => {
                format!("Post {post} may not {act} here: it lies outside what the post is cleared for")
            }
            (Cause::Facts(unmet), Lang::Zh) => {
                format!("岗位{post}不能对此“{act}”,不满足:{}", clauses(unmet, lang))
            }
            (Cause::Facts(unmet), Lang::En) => {
                format!("Post {post} may not {act} here; not so: {}", clauses(unmet, lang))
            }
            (Cause::Row { id, why, .. }, Lang::Zh) => format!("岗位{post}不能“{act}”:{why}(权限表{id})"),
            (Cause::Row { id, .. }, Lang::En) => {
                format!("Post {post} may not {act}: row {id} of the policy forbids it")
            }
            (Cause::Administrators, Lang::Zh) => format!("岗位{post}兼任三员中的两员,不能办理任何事项"),
            (Cause::Administrators, Lang::En) => {
                format!("Post {post} is two of the three administrators at once, so it may do nothing")
            }
        }
    }
    fn next(&self, lang: Lang) -> String {
        if self.hidden {
            return lang
                .pick(
                    "请核对编号,或换用有权限的岗位",
                    "Check the number, or act as a post that is allowed to see it",
                )
                .to_owned();
        }
        let may = self.may.names(lang);
        match (&self.cause, lang) {
            (Cause::Administrators, Lang::Zh) => "请安全管理员收回其中一个角色".to_owned(),
            (Cause::Administrators, Lang::En) => {
                "Ask the security administrator to take one role back".to_owned()
            }
            (_, Lang::Zh) if may.is_empty() => "按制度任何岗位都不能办理".to_owned(),
            (_, Lang::En) if may.is_empty() => "By the rules no post may do this".to_owned(),
            (_, Lang::Zh) => format!("可由{may}办理;确需授权请联系安全管理员"),
            (_, Lang::En) => format!("It can be done by: {may}; for a grant ask the security administrator"),
        }
    }
}

/// The clauses, joined as "or": any of them would have helped some row.
fn clauses(unmet: &[Condition], lang: Lang) -> String {
    let names: Vec<&str> = unmet.iter().map(|c| c.name(lang)).collect();
    names.join(lang.pick("、", "; "))
}
